"""
Judges of calendar files from PyPI.

`ical` and vobject say what they refuse. recurring-ical-events says when the events fall; it reads a
file by icalendar, which takes a zone that it knows by its name from the time zone database: what it
says is right whatever the file's own VTIMEZONE says.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING

from judges.answers import in_order

if TYPE_CHECKING:
    from judges.answers import Occurrence

# One database for the judged and the judge: the machine's own may be older than the package's.
zoneinfo.reset_tzpath(to=())

_MOST = 20_000  # so that a rule without end is seen rather than followed


def ical_faults(file: bytes) -> list[str]:
    """What `ical` refuses; of these judges the strictest about values."""
    from ical.calendar_stream import IcsCalendarStream  # noqa: PLC0415 - takes half a second
    from ical.exceptions import CalendarError  # noqa: PLC0415

    try:
        IcsCalendarStream.calendar_from_ics(file.decode())
    except (CalendarError, ValueError) as error:
        return [f"{type(error).__name__}: {error}"]
    return []


def vobject_faults(file: bytes) -> list[str]:
    """What vobject refuses."""
    import vobject  # noqa: PLC0415 - only where it is asked

    try:
        vobject.readOne(file.decode()).validate(raiseException=True)
    except (vobject.base.VObjectError, ValueError) as error:
        return [f"{type(error).__name__}: {error}"]
    return []


def recurring_occurrences(file: bytes) -> list[Occurrence]:
    """When the events of a file fall, by recurring-ical-events."""
    import icalendar  # noqa: PLC0415
    import recurring_ical_events  # noqa: PLC0415

    calendar = icalendar.Calendar.from_ical(file)
    events = islice(recurring_ical_events.of(calendar).all(), _MOST)
    return in_order([(str(event["UID"]), _in_utc(event["DTSTART"].dt)) for event in events])


def _in_utc(moment: date) -> date:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC)
    return moment
