"""
Reads calendar files with libical; run by the system's Python, asked and answering in JSON.

libical checks what an event must hold only under a METHOD. What is checked is therefore a copy
that is a publication: METHOD:PUBLISH and the ORGANIZER that it needs. What is expanded is the file.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from typing import TYPE_CHECKING, Any

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402 - only after the version is chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 20_000  # so that a rule without end is seen rather than followed


def main() -> None:
    """Answer the question on standard input."""
    files = [base64.b64decode(file) for file in json.load(sys.stdin)]
    json.dump([_answer(file) for file in files], sys.stdout)


def _answer(file: bytes) -> dict[str, Any]:
    publication, calendar = _parsed(_as_publication(file)), _parsed(file)
    if publication is None or calendar is None:
        return {"faults": ["cannot be read"], "occurrences": []}
    publication.check_restrictions()
    faults = list(dict.fromkeys(_errors(publication)))
    try:
        return {"faults": faults, "occurrences": list(_occurrences(calendar))}
    except TypeError as error:  # what introspection makes of libical's null
        return {"faults": [*faults, f"cannot be expanded: {error}"], "occurrences": []}


def _as_publication(file: bytes) -> bytes:
    if b"\nMETHOD:" in file:
        return file
    file = re.sub(rb"(BEGIN:VCALENDAR)(\r?\n)", rb"\1\2METHOD:PUBLISH\2", file)
    return re.sub(rb"(BEGIN:VEVENT)(\r?\n)", rb"\1\2ORGANIZER:mailto:nobody@example.com\2", file)


def _parsed(file: bytes) -> Any:
    try:
        text = file.decode()
    except UnicodeDecodeError:
        # Introspection takes text only; what is not UTF-8 is for other judges to find.
        text = file.decode("latin-1")
    try:
        return ICalGLib.Component.new_from_string(text)
    except TypeError:
        return None


def _errors(component: Any) -> Iterator[str]:
    kind = ICalGLib.PropertyKind.XLICERROR_PROPERTY
    error = component.get_first_property(kind)
    while error:
        yield error.get_xlicerror()
        error = component.get_next_property(kind)
    for child in _children(component, ICalGLib.ComponentKind.ANY_COMPONENT):
        yield from _errors(child)


def _children(component: Any, kind: Any) -> Iterator[Any]:
    child = component.get_first_component(kind)
    while child:
        yield child
        child = component.get_next_component(kind)


def _occurrences(calendar: Any) -> Iterator[tuple[str, str]]:
    for event in _children(calendar, ICalGLib.ComponentKind.VEVENT_COMPONENT):
        start = event.get_dtstart()
        for moment in _on_the_wall(event, start):
            yield event.get_uid() or "", _in_utc(moment, start).as_ical_string()


def _on_the_wall(event: Any, start: Any) -> Iterator[Any]:
    """
    The times that the rule makes, without their zone.

    With a zone, libical asks ICU for the day after, by the zone's name: that is not the file's
    VTIMEZONE, and a time that the clocks skip comes out an hour late on the next day too.
    """
    floating = ICalGLib.Time.new_from_string(start.as_ical_string().rstrip("Z"))
    rule = event.get_first_property(ICalGLib.PropertyKind.RRULE_PROPERTY)
    if not rule:
        yield floating
        return
    iterator = ICalGLib.RecurIterator.new(rule.get_rrule(), floating)
    for _ in range(_MOST):
        moment = iterator.next()
        if moment is None or moment.is_null_time():
            return
        yield moment


def _in_utc(moment: Any, start: Any) -> Any:
    zone = start.get_timezone()
    if start.is_date() or zone is None:
        return moment
    moment.set_timezone(zone)
    return moment.convert_to_zone(ICalGLib.Timezone.get_utc_timezone())


main()
