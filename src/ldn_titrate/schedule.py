"""
The schedule: a plan laid on the calendar, as segments and as one scheduled dose per dosing day.

A schedule speaks in dosing days. The instant of a dose is its dosing day plus the plan's time in
the plan's zone; a time that daylight saving skips is read with the offset before the gap, a
repeated one is its first occurrence (RFC 5545, section 3.3.5). It must not know any output.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from ldn_titrate.bedtime import is_after_midnight
from ldn_titrate.dose import exactly, milligrams
from ldn_titrate.errors import ScheduleError
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.product import Units, make_up
from ldn_titrate.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.course import Segment, Setting
    from ldn_titrate.dose import Dose
    from ldn_titrate.plan import Plan
    from ldn_titrate.product import Product

DEFAULT_WEEKS: Final = 12
MOST_YEARS: Final = 10
_DAY = timedelta(days=1)
_CLOSE_HOURS = 12


class ScheduledDose(NamedTuple):
    """
    The dose of one dosing day.

    Attributes:
        day: The dosing day.
        dose: The amount.
        at: The instant, in the plan's time zone.
        segment: The segment that it belongs to, with what it is made up from.
    """

    day: date
    dose: Dose
    at: datetime
    segment: Segment


class Change(NamedTuple):
    """A dosing day on which the dose differs from the one before."""

    day: date
    before: Dose
    after: Dose


class Difference(NamedTuple):
    """A run of days that two versions of a plan dose differently; None stands for no dose."""

    first: date
    last: date
    before: Dose | None
    after: Dose | None

    def goes_on(self, day: date, before: Dose | None, after: Dose | None) -> bool:
        """Say whether a day belongs to this run."""
        return (self.last + _DAY, self.before, self.after) == (day, before, after)


@dataclass(frozen=True, slots=True)
class Schedule:
    """
    A plan laid on the calendar.

    Attributes:
        plan: The plan that it was laid out from.
        segments: In order, each dosing day exactly once; days of a pause lie in none.
    """

    plan: Plan
    segments: tuple[Segment, ...]
    _firsts: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep the first days, to find a day's segment by halving."""
        object.__setattr__(self, "_firsts", tuple(one.first for one in self.segments))

    @property
    def first(self) -> date:
        """The first dosing day; the planned start where a plan was stopped before it."""
        return self._firsts[0] if self._firsts else self.plan.start

    @property
    def last(self) -> date | None:
        """The last dosing day that is planned; None while the last segment is open."""
        return self.segments[-1].last if self.segments else self.first - _DAY

    @property
    def in_force_from(self) -> date:
        """The first dosing day on which this version of the plan says anything new."""
        amendments = self.plan.amendments
        return max(self.first, amendments[-1].effective) if amendments else self.first

    def horizon(self, through: date | None = None) -> date:
        """
        Settle the last dosing day that a document covers, inclusive.

        Args:
            through: The day asked for; without one, 12 weeks from the day that this version is in
                force from, or the plan's end.

        Raises:
            ScheduleError: The day is before the start or more than 10 years after it.
        """
        last = through or self.in_force_from + timedelta(weeks=DEFAULT_WEEKS) - _DAY
        if not self.first <= last < _anniversary(self.first, MOST_YEARS):
            raise ScheduleError(
                f"{last} is no last day for a plan that starts on {self.first}; "
                f"give a day from then on, within {MOST_YEARS} years"
            )
        return last if self.last is None else min(last, self.last)

    def segment_on(self, day: date) -> Segment | None:
        """
        Return the segment that a day lies in, or None before the start and after the end.

        Raises:
            ScheduleError: It is no date, such as a text or a time.
        """
        try:
            place = bisect_right(self._firsts, day) - 1
        except TypeError:
            kind = type(day).__name__
            raise ScheduleError(f"a dosing day is a datetime.date, not of type {kind}") from None
        if place < 0:
            return None
        segment = self.segments[place]
        return None if segment.last is not None and day > segment.last else segment

    def setting_on(self, day: date) -> Setting:
        """Return when and from what a dose of this day would be taken."""
        begun = [one for one in self.segments if one.first <= day] or list(self.segments[:1])
        return begun[-1].setting if begun else self.plan.first_setting

    def dose_on(self, day: date) -> Dose | None:
        """
        Return the dose of a dosing day, or None where no dose is due.

        Raises:
            ScheduleError: The day is no date.
        """
        segment = self.segment_on(day)
        if segment is None or (day - segment.first).days % segment.every_days:
            return None
        return segment.dose

    def between(self, first: date, last: date) -> tuple[Segment, ...]:
        """Return the segments, cut to the days between two days, inclusive."""
        cut = (segment.within(first, last) for segment in self.segments)
        return tuple(segment for segment in cut if segment)

    def doses(self, first: date, last: date) -> Iterator[ScheduledDose]:
        """
        Yield the scheduled doses between two dosing days, inclusive, in order.

        Raises:
            ScheduleError: Doses are taken more than once a day, which one bedtime cannot time.
        """
        for segment in self.between(first, last):
            yield from timed(segment, last)

    def changes(self, last: date) -> tuple[Change, ...]:
        """Return the days up to *last*, inclusive, on which the dose changes."""
        return tuple(
            Change(after.first, before.dose, after.dose)
            for before, after in pairwise(self.between(self.first, last))
            if before.dose != after.dose
        )

    def total_mg(self, first: date, last: date) -> Decimal:
        """Add up the doses between two dosing days, inclusive, in mg."""
        micrograms = sum(
            segment.dose.micrograms * segment.doses_per_day * segment.count(last)
            for segment in self.between(first, last)
        )
        return milligrams(micrograms)

    def units(self, first: date, last: date) -> tuple[Units, ...]:
        """Count what the doses between two dosing days, inclusive, are made up from."""
        needed: dict[Product, Decimal] = {}
        with exactly():
            for segment in self.between(first, last):
                for one in make_up(segment.dose, segment.setting.products):
                    amount = one.amount * segment.doses_per_day * segment.count(last)
                    needed[one.product] = needed.get(one.product, Decimal(0)) + amount
        return tuple(Units(amount, product) for product, amount in needed.items())

    def differences(self, other: Schedule, last: date) -> tuple[Difference, ...]:
        """Return the runs of days up to *last*, inclusive, whose doses are not another's."""
        first = min(self.first, other.first)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        doses = ((day, other.dose_on(day), self.dose_on(day)) for day in days)
        found: list[Difference] = []
        for day, before, after in (one for one in doses if one[1] != one[2]):
            if found and found[-1].goes_on(day, before, after):
                found[-1] = found[-1]._replace(last=day)
            else:
                found.append(Difference(day, day, before, after))
        return tuple(found)


def check_times(schedule: Schedule) -> tuple[Finding, ...]:
    """
    Say where a change of time brings two doses closer than 12 hours.

    The doses stay on their dosing days; the hours between them are for the prescriber to look at.
    """
    found = []
    for before, after in pairwise(schedule.segments):
        if before.setting == after.setting or before.last is None:
            continue
        (last,), (first,) = (schedule.doses(day, day) for day in (before.last, after.first))
        hours = (first.at.astimezone(UTC) - last.at.astimezone(UTC)) / timedelta(hours=1)
        if hours < _CLOSE_HOURS:
            words = f"only {hours:g} hours lie between the doses of {last.day} and {first.day}"
            if hours <= 0:
                words = f"the dose of {first.day} would come before or with that of {last.day}"
            severity = Severity.WARNING if hours > 0 else Severity.ERROR
            found.append(Finding("schedule.close-doses", severity, words, "amendments"))
    return tuple(found)


def _anniversary(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap else day.day)


def timed(segment: Segment, last: date) -> Iterator[ScheduledDose]:
    """
    Yield the doses of one segment up to a dosing day, inclusive, each with its instant.

    Raises:
        ScheduleError: Doses are taken more than once a day, which one bedtime cannot time.
    """
    if segment.doses_per_day > 1:
        raise ScheduleError(f"one time of day cannot time {segment.doses_per_day} doses")
    clock, zone = segment.setting.bedtime, load_zone(segment.setting.timezone)
    late = _DAY if is_after_midnight(clock) else timedelta(0)
    day, round_ = segment.first, timedelta(days=segment.every_days)
    wall, every_day = datetime.combine(day + late, clock, zone), segment.every_days == 1
    offset = wall.utcoffset()
    for _ in range(segment.count(last)):
        # Only on the eve of another offset can a time be skipped; other days need no look.
        eve = wall + _DAY
        later = eve.utcoffset()
        at = wall if later == offset else as_shown(wall)
        yield ScheduledDose(day, segment.dose, at, segment)
        if every_day:
            day, wall, offset = day + _DAY, eve, later
        else:
            day, wall = day + round_, wall + round_
            offset = wall.utcoffset()


def as_shown(wall: datetime) -> datetime:
    """
    Return a wall-clock time as the zone's clocks show that instant.

    A skipped time is read with the offset before the gap and so shows later on the clock; a
    repeated one is its first occurrence.
    """
    return wall.astimezone(UTC).astimezone(wall.tzinfo)


def lay_out(plan: Plan) -> Schedule:
    """
    Lay a plan on the calendar, with all its amendments.

    Returns:
        The schedule, from the plan's start; its last segment is open where the plan's course is.
    """
    return Schedule(plan, plan.course.segments)
