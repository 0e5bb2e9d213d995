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

from ldn_titrate.errors import ScheduleError
from ldn_titrate.product import Units, make_up
from ldn_titrate.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.dose import Dose
    from ldn_titrate.plan import Plan

DEFAULT_WEEKS: Final = 12
MOST_YEARS: Final = 10
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Segment:
    """
    A run of dosing days with the same dose.

    Attributes:
        step: The number of the protocol's step, from 1.
        dose: The amount of each single dose.
        first: Its first dosing day.
        last: Its last dosing day, inclusive; None while it is open.
        every_days: 1 where each day is a dosing day.
        doses_per_day: Single doses on a dosing day.
    """

    step: int
    dose: Dose
    first: date
    last: date | None
    every_days: int = 1
    doses_per_day: int = 1

    def within(self, first: date, last: date) -> Segment | None:
        """Return the part of the segment between two days, inclusive; None if there is none."""
        skipped = max(0, -(-(first - self.first).days // self.every_days))
        begin = self.first + timedelta(days=skipped * self.every_days)
        end = last if self.last is None else min(last, self.last)
        if begin > end:
            return None
        return Segment(self.step, self.dose, begin, end, self.every_days, self.doses_per_day)

    def days(self, through: date) -> Iterator[date]:
        """Yield its dosing days up to *through*, inclusive."""
        end = through if self.last is None else min(through, self.last)
        for number in range(0, (end - self.first).days + 1, self.every_days):
            yield self.first + timedelta(days=number)

    def count(self, through: date) -> int:
        """Count its dosing days up to *through*, inclusive."""
        end = through if self.last is None else min(through, self.last)
        return max(0, (end - self.first).days // self.every_days + 1)


class ScheduledDose(NamedTuple):
    """
    The dose of one dosing day.

    Attributes:
        day: The dosing day.
        dose: The amount.
        at: The instant, in the plan's time zone.
        step: The number of the protocol's step, from 1.
    """

    day: date
    dose: Dose
    at: datetime
    step: int


class Change(NamedTuple):
    """A dosing day on which the dose differs from the one before."""

    day: date
    before: Dose
    after: Dose


@dataclass(frozen=True, slots=True)
class Schedule:
    """
    A plan laid on the calendar.

    Attributes:
        plan: The plan that it was laid out from.
        segments: In order, each dosing day from the start on exactly once.
    """

    plan: Plan
    segments: tuple[Segment, ...]
    _firsts: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep the first days, to find a day's segment by halving."""
        object.__setattr__(self, "_firsts", tuple(one.first for one in self.segments))

    @property
    def first(self) -> date:
        """The first dosing day."""
        return self._firsts[0]

    @property
    def last(self) -> date | None:
        """The last dosing day; None while the last segment is open."""
        return self.segments[-1].last

    def horizon(self, through: date | None = None) -> date:
        """
        Settle the last dosing day that a document covers, inclusive.

        Args:
            through: The day asked for; without one, 12 weeks from the start or the plan's end.

        Raises:
            ScheduleError: The day is before the start or more than 10 years after it.
        """
        last = through or self.first + timedelta(weeks=DEFAULT_WEEKS) - _DAY
        if not self.first <= last < self.first.replace(day=1, year=self.first.year + MOST_YEARS):
            raise ScheduleError(
                f"{last} is no last day for a plan that starts on {self.first}; "
                f"give a day from then on, within {MOST_YEARS} years"
            )
        return last if self.last is None else min(last, self.last)

    def segment_on(self, day: date) -> Segment | None:
        """Return the segment that a day lies in, or None before the start and after the end."""
        place = bisect_right(self._firsts, day) - 1
        if place < 0:
            return None
        segment = self.segments[place]
        return None if segment.last is not None and day > segment.last else segment

    def dose_on(self, day: date) -> Dose | None:
        """Return the dose of a dosing day, or None where no dose is due."""
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
            if segment.doses_per_day > 1:
                raise ScheduleError(f"one time of day cannot time {segment.doses_per_day} doses")
            yield from self._timed(segment, segment.count(last))

    def _timed(self, segment: Segment, count: int) -> Iterator[ScheduledDose]:
        late = _DAY if self.plan.bedtime_is_after_midnight else timedelta(0)
        day, round_ = segment.first, timedelta(days=segment.every_days)
        wall = datetime.combine(day + late, self.plan.bedtime, load_zone(self.plan.timezone))
        for _ in range(count):
            # Only on the eve of another offset can a time be skipped; other days need no look.
            clocks_change = wall.utcoffset() != (wall + _DAY).utcoffset()
            at = as_shown(wall) if clocks_change else wall
            yield ScheduledDose(day, segment.dose, at, segment.step)
            day, wall = day + round_, wall + round_

    def changes(self, last: date) -> tuple[Change, ...]:
        """Return the days up to *last*, inclusive, on which the dose changes."""
        return tuple(
            Change(after.first, before.dose, after.dose)
            for before, after in pairwise(self.between(self.first, last))
            if before.dose != after.dose
        )

    def total_mg(self, first: date, last: date) -> Decimal:
        """Add up the doses between two dosing days, inclusive, in mg."""
        amounts = (
            segment.dose.mg * segment.doses_per_day * segment.count(last)
            for segment in self.between(first, last)
        )
        return sum(amounts, Decimal(0))

    def units(self, first: date, last: date) -> tuple[Units, ...]:
        """Count what the doses between two dosing days, inclusive, are made up from."""
        needed = dict.fromkeys(self.plan.products, Decimal(0))
        for segment in self.between(first, last):
            for one in make_up(segment.dose, self.plan.products):
                needed[one.product] += one.amount * segment.doses_per_day * segment.count(last)
        return tuple(Units(amount, product) for product, amount in needed.items() if amount)


def as_shown(wall: datetime) -> datetime:
    """
    Return a wall-clock time as the zone's clocks show that instant.

    A skipped time is read with the offset before the gap and so shows later on the clock; a
    repeated one is its first occurrence.
    """
    return wall.astimezone(UTC).astimezone(wall.tzinfo)


def lay_out(plan: Plan) -> Schedule:
    """
    Lay a plan on the calendar.

    Returns:
        The schedule, from the plan's start; its last segment is open where the protocol's is.
    """
    segments, first = [], plan.start
    for number, step in enumerate(plan.protocol.steps, start=1):
        after = step.lasts.after(first) if step.lasts else None
        last = after - _DAY if after else None
        segments.append(
            Segment(number, step.dose, first, last, step.every_days, step.doses_per_day)
        )
        if after is None:
            break
        first = after
    return Schedule(plan, tuple(segments))
