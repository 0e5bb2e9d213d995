"""
The time-zone block of a calendar file: the clock changes of one zone, as rules.

The rules come from the last line of the zone's TZif file: one STANDARD and at most one DAYLIGHT,
each with one yearly RRULE. The block that icalendar generates instead (lists of RDATE, several
STANDARD, the spring change an hour late) moves doses by an hour in Thunderbird and in all that is
built on ical.js, and Outlook reads only the last STANDARD of it.

No rule is believed untried: from the first instant to the last, its changes must be those that
zoneinfo finds. Where they are not, or where no yearly rule can say them, the changes of these days
are listed one by one.

This module writes text. It must not know plans, events, findings or icalendar.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from ldn_titrate.errors import ExportError
from ldn_titrate.zones import load_zone, zone_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_LAST_WEEK = 5  # of a month, in the notation of POSIX, however many weeks the month has
_A_COMMON_YEAR = 2027

_NAME = r"<[^>]+>|[A-Za-z]+"
_SPAN = r"[-+]?\d+(?::\d+){0,2}"
_CHANGE = rf"M\d+\.\d\.\d(?:/{_SPAN})?"
_FOOTER = re.compile(
    rf"(?P<standard>{_NAME})(?P<standard_west>{_SPAN})"
    rf"(?:(?P<summer>{_NAME})(?P<summer_west>{_SPAN})?,(?P<begins>{_CHANGE}),(?P<ends>{_CHANGE}))?"
)


@dataclass(frozen=True, slots=True)
class TimezoneRules:
    """
    One VTIMEZONE.

    Attributes:
        lines: Its content lines in order, neither folded nor ended.
        exact: Whether the zone's own yearly rules are written. If not, its changes are listed one
            by one: right for every instant that was asked about, silent about later ones.
    """

    lines: tuple[str, ...]
    exact: bool


def vtimezone(name: str, instants: Iterable[datetime]) -> TimezoneRules:
    """
    Write the VTIMEZONE of a zone, right from the first of some instants to the last.

    Args:
        name: An IANA name such as ``Europe/Amsterdam``.
        instants: The aware times at which the calendar's events begin and end, in any order.

    Raises:
        ExportError: There is no instant, or one of them has no time zone.
        PlanError: No zone has this name; close names are suggested.
    """
    first, last = _bounds(instants)
    # Whole years first: nearly always right, and then the same for every plan of those years.
    since, until = first - _DAY, last + _DAY
    years = _written(name, _new_year(since.year), _new_year(until.year + 1))
    return years if years.exact else _written(name, datetime.combine(since, time(), UTC), until)


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


def _bounds(instants: Iterable[datetime]) -> tuple[datetime, datetime]:
    known = list(instants)
    if not known:
        raise ExportError("a time zone is written for at least one instant, and none is given")
    if any(instant.utcoffset() is None for instant in known):
        raise ExportError("a time zone is written for instants, and one of them has no time zone")
    # In UTC, since two times of one zone compare by the time on the wall, not by the instant.
    in_utc = [instant.astimezone(UTC) for instant in known]
    return min(in_utc), max(in_utc)


@lru_cache(maxsize=64)
def _written(name: str, since: datetime, until: datetime) -> TimezoneRules:
    zone = load_zone(name)
    real = tuple(_real_steps(zone, since, until))
    # From the year before, so that both halves of the year have begun before the first instant.
    yearly = _yearly(name, since.year - 1)
    exact = bool(yearly) and real == tuple(_ruled_steps(yearly, since, until))
    return TimezoneRules(tuple(_block(name, yearly if exact else _listed(zone, real))), exact)


# --- What the clocks do --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """
    The offset from UTC that holds from an instant on.

    Where the steps agree, every time on the wall agrees too, the skipped and the repeated ones
    included: RFC 5545 reads those from the offsets on both sides of the step.
    """

    at: datetime
    offset: timedelta


def _real_steps(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[_Step]:
    """Ask zoneinfo day by day."""
    day, offset = since, _offset(zone, since)
    yield _Step(since, offset)
    while day < until:
        if _offset(zone, day + _DAY) != offset:
            at = _change_between(zone, day, day + _DAY)
            offset = _offset(zone, at)
            yield _Step(at, offset)
        day += _DAY


def _change_between(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    before = _offset(zone, early)
    while late - early > _SECOND:
        middle = early + (late - early) // (2 * _SECOND) * _SECOND
        early, late = (middle, late) if _offset(zone, middle) == before else (early, middle)
    return late


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _ruled_steps(
    observances: tuple[_Observance, ...], since: datetime, until: datetime
) -> Iterator[_Step]:
    """Read the observances as a calendar program does."""
    years = range(since.year - 1, until.year + 2)
    unsorted = (step for observance in observances for step in observance.steps(years))
    steps = sorted(unsorted, key=lambda step: step.at)
    in_force = [step for step in steps if step.at <= since][-1]
    yield _Step(since, in_force.offset)
    yield from (step for step in steps if since < step.at <= until)


# --- What is written -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _YearlyChange:
    """
    When the clocks change every year, on the clock that still shows the offset before.

    The day is the one weekday among seven days: the second Sunday is the one from 8 to 14.

    Attributes:
        month: 1 to 12.
        weekday: 0 is Sunday.
        days: Seven days of the month, the same ones in every year.
        clock: How long after midnight.
    """

    month: int
    weekday: int
    days: range
    clock: timedelta

    def onset(self, year: int) -> datetime:
        """The time on the wall at which the clocks change in a year."""
        start = datetime(year, self.month, self.days[0])  # noqa: DTZ001 - a time on the wall
        return start + (self.weekday - start.isoweekday()) % 7 * _DAY + self.clock

    def rrule(self) -> str:
        """
        The recurrence rule.

        BYMONTHDAY stands only where no count of weeks says the day: Outlook cannot read it.
        """
        weekday = _WEEKDAYS[self.weekday]
        by_day = f"BYMONTHDAY={','.join(map(str, self.days))};BYDAY={weekday}"
        if self.days[0] % 7 == 1:
            by_day = f"BYDAY={self.days[-1] // 7}{weekday}"
        elif self.days[-1] == _length(self.month):
            by_day = f"BYDAY=-1{weekday}"
        return f"FREQ=YEARLY;BYMONTH={self.month};{by_day}"


@dataclass(frozen=True, slots=True)
class _Observance:
    """
    One STANDARD or DAYLIGHT: an offset, and when the clocks change to it.

    It is a DAYLIGHT when the clocks go forward to it, also in Dublin, where the law has it that
    winter is the exception: readers expect STANDARD to be the smaller offset.

    Attributes:
        name: What people call it, such as ``CEST``.
        before: The offset that the clocks still show when they change.
        offset: The offset from then on.
        onset: The first change, on the clock that still shows the offset before.
        yearly: How the change returns every year; None if it comes once.
    """

    name: str
    before: timedelta
    offset: timedelta
    onset: datetime
    yearly: _YearlyChange | None = None

    def steps(self, years: range) -> Iterator[_Step]:
        """The steps that the observance makes in these years."""
        onsets = [self.yearly.onset(year) for year in years] if self.yearly else [self.onset]
        return (_Step((onset - self.before).replace(tzinfo=UTC), self.offset) for onset in onsets)

    def lines(self) -> Iterator[str]:
        """The content lines of the observance."""
        kind = "DAYLIGHT" if self.offset > self.before else "STANDARD"
        yield f"BEGIN:{kind}"
        yield f"DTSTART:{self.onset:%Y%m%dT%H%M%S}"
        if self.yearly:
            yield f"RRULE:{self.yearly.rrule()}"
        yield f"TZNAME:{self.name}"
        yield f"TZOFFSETFROM:{_utc_offset(self.before)}"
        yield f"TZOFFSETTO:{_utc_offset(self.offset)}"
        yield f"END:{kind}"


def _block(name: str, observances: tuple[_Observance, ...]) -> Iterator[str]:
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{name}"
    for observance in observances:
        yield from observance.lines()
    yield "END:VTIMEZONE"


def _utc_offset(offset: timedelta) -> str:
    sign = "-" if offset < timedelta() else "+"
    minutes, seconds = divmod(abs(offset) // _SECOND, 60)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")


# --- From a zone to its observances --------------------------------------------------------------


def _listed(zone: ZoneInfo, steps: tuple[_Step, ...]) -> tuple[_Observance, ...]:
    """One observance for each step; the first step changes from its own offset."""
    return tuple(
        _Observance(
            name=step.at.astimezone(zone).tzname() or "",
            before=previous.offset,
            offset=step.offset,
            onset=(step.at + previous.offset).replace(tzinfo=None),
        )
        for previous, step in pairwise((steps[0], *steps))
    )


def _yearly(name: str, year: int) -> tuple[_Observance, ...]:
    """The observances that the footer of the zone's file asks for; none if they cannot be said."""
    footer = _FOOTER.fullmatch(_footer(name))
    if footer is None:
        return ()
    if footer["summer"] is None:
        offset = -_span(footer["standard_west"])
        new_year = datetime(year, 1, 1)  # noqa: DTZ001 - a time on the wall
        return (_Observance(footer["standard"].strip("<>"), offset, offset, new_year),)
    return _halves_of_the_year(footer, year)


def _footer(name: str) -> str:
    """The rule in POSIX notation that holds after the last change a TZif file lists (RFC 9636)."""
    return zone_data(name).splitlines()[-1].decode("ascii")


def _halves_of_the_year(footer: re.Match[str], year: int) -> tuple[_Observance, ...]:
    begins, ends = _change(footer["begins"]), _change(footer["ends"])
    if begins is None or ends is None:
        return ()
    standard = -_span(footer["standard_west"])
    summer = -_span(footer["summer_west"]) if footer["summer_west"] else standard + _HOUR
    return (
        _Observance(footer["summer"].strip("<>"), standard, summer, begins.onset(year), begins),
        _Observance(footer["standard"].strip("<>"), summer, standard, ends.onset(year), ends),
    )


def _change(text: str) -> _YearlyChange | None:
    """Read ``M3.2.0/2``; None if the day is in one month in some years, in another in others."""
    date, _, clock = text.partition("/")
    month, week, weekday = map(int, date.removeprefix("M").split("."))
    # The time may be a negative one, or one of the days after: 26:00 on a Thursday is on a Friday.
    shift, rest = divmod(_span(clock or "2"), _DAY)
    last = (_length(month) if week == _LAST_WEEK else 7 * week) + shift
    if last - 6 < 1 or last > _length(month):
        return None
    return _YearlyChange(month, (weekday + shift) % 7, range(last - 6, last + 1), rest)


def _span(text: str) -> timedelta:
    """Read ``-3`` or ``5:45:00``."""
    hours, minutes, seconds, *_ = [*map(int, text.lstrip("+-").split(":")), 0, 0]
    span = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -span if text.startswith("-") else span


def _length(month: int) -> int:
    return monthrange(_A_COMMON_YEAR, month)[1]
