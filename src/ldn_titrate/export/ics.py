"""
How the events of a calendar file are written, whatever they remind of.

What programs really do with such files shaped it: a COUNT and never an UNTIL, one alarm at the
very time, own time-zone rules, nothing from the clock. icalendar is imported where it is used, so
that a schedule costs nothing of it. It must not know plans, schedules or why an entry is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from ldn_titrate.export.files import Export
from ldn_titrate.export.timezone import TimezoneRules, vtimezone
from ldn_titrate.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icalendar import Alarm, Calendar, Component, Event

PRODUCT_ID: Final = "-//reminders//plan export 1//EN"
_LENGTH = timedelta(minutes=15)  # some programs refuse an event without a length
_DAY = timedelta(days=1)
_NOON_BEFORE = "-PT12H"
_AT_ONCE = "PT0S"


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One event: a run of reminders, or a note for a day.

    Attributes:
        key: What its UID is made of: the same in each file in which it is the same event.
        title: What a lock screen shows.
        told: The lines of its description.
        begins: When it begins, as it is written: an instant, a floating time or a whole day.
        count: How often it repeats, day by day; None for a note.
        is_cancelled: Whether it was given out once and is withdrawn now.
    """

    key: str
    title: str
    told: tuple[str, ...]
    begins: date
    count: int | None = None
    is_cancelled: bool = False

    @property
    def ends(self) -> date:
        """When its first occurrence ends."""
        return self.begins + (_DAY if self.count is None else _LENGTH)


@dataclass(frozen=True, slots=True)
class Head:
    """
    What all entries of a file share.

    Attributes:
        id: What every UID of the file comes from.
        title: The name of the calendar, as a program shows it.
        written_at: When what the file shows was last touched, in UTC.
        sequence: The number of the revision; it rises with each change.
        with_alarm: Whether each entry rings.
    """

    id: UUID
    title: str
    written_at: datetime
    sequence: int
    with_alarm: bool = True


def write_entries(head: Head, entries: Sequence[Entry]) -> Export:
    """
    Write a calendar file.

    Returns:
        An RFC 5545 file, the same bytes for the same arguments, and a finding where a zone's rules
        had to be written change by change.
    """
    rules = _zones(entries)
    calendar = _begun(head, rules)
    for entry in entries:
        calendar.add_component(_event(head, entry))
    return Export(calendar.to_ical(sorted=False), _findings(rules))


def _zones(entries: Iterable[Entry]) -> tuple[TimezoneRules, ...]:
    instants: dict[str, list[datetime]] = {}
    for entry in entries:
        begins = entry.begins
        if isinstance(begins, datetime) and begins.tzinfo not in {None, UTC}:
            repeats = timedelta(days=entry.count or 0)
            instants.setdefault(str(begins.tzinfo), []).extend((begins, begins + repeats))
    return tuple(vtimezone(name, known) for name, known in instants.items())


def _findings(rules: Iterable[TimezoneRules]) -> tuple[Finding, ...]:
    if all(one.exact for one in rules):
        return ()
    words = (
        "this zone changes its clocks in a way that no yearly rule tells; the file lists each "
        "change up to its last reminder"
    )
    return (Finding("calendar.zone-listed", Severity.NOTE, words, "timezone"),)


def _begun(head: Head, rules: Iterable[TimezoneRules]) -> Calendar:
    """Begin the file: its head and its time zones."""
    from icalendar import Calendar, vText  # noqa: PLC0415

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT_ID)
    calendar.add("calscale", "GREGORIAN")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, vText(head.title))  # without its type icalendar would not escape it
    for zone in rules:
        calendar.add_component(_timezone(zone.lines))
    return calendar


def _event(head: Head, entry: Entry) -> Event:
    """Write one entry."""
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", str(uuid5(head.id, entry.key)))
    event.add("dtstamp", head.written_at)
    event.add("last-modified", head.written_at)
    event.add("sequence", head.sequence)
    event.add("summary", entry.title)
    event.add("description", "\n".join(entry.told))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add("dtstart", entry.begins)
    event.add("dtend", entry.ends)
    if entry.count:
        event.add("rrule", {"freq": "daily", "count": entry.count})
    # A cancelled reminder must not ring, and some programs keep the alarm of one that has one.
    if head.with_alarm and not entry.is_cancelled:
        event.add_component(_alarm(entry))
    return event


@cache
def _timezone(lines: tuple[str, ...]) -> Component:
    from icalendar import Component  # noqa: PLC0415

    return Component.from_ical("\r\n".join((*lines, "")))


def _alarm(entry: Entry) -> Alarm:
    from icalendar import Alarm, vText  # noqa: PLC0415

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    # As text, since icalendar writes no time at all as P0D, which some readers misread.
    alarm.add("trigger", vText(_AT_ONCE if entry.count else _NOON_BEFORE), encode=False)
    return alarm
