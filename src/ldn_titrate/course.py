"""
The course: where a protocol leads from a day on, in dated segments, with its pauses.

Here is what a course is and how a protocol climbs; how amendments turn it is the business of
`ldn_titrate.turn`. It must not know amendments, plans or outputs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.dose import Dose
    from ldn_titrate.product import Product
    from ldn_titrate.protocol import Protocol, Step

_DAY: Final = timedelta(days=1)


class Gate(StrEnum):
    """How an increase comes into force."""

    CHECK = "check"  # it is on the calendar; the patient checks with the prescriber first
    SIGN = "sign"  # the schedule ends before it until the prescriber signs an Advance


@dataclass(frozen=True, slots=True)
class Setting:
    """When and from what the doses of a segment are taken."""

    bedtime: time
    timezone: str
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """
    A run of dosing days with the same dose, taken in the same way.

    Attributes:
        step: The number of the protocol's step, from 1; None for a dose that no step has.
        dose: The amount of each single dose.
        first: Its first dosing day.
        last: Its last dosing day, inclusive; None while it is open.
        setting: When and from what it is taken.
        every_days: 1 where each day is a dosing day.
        doses_per_day: Single doses on a dosing day.
    """

    step: int | None
    dose: Dose
    first: date
    last: date | None
    setting: Setting
    every_days: int = 1
    doses_per_day: int = 1

    def since(self, first: date) -> Segment | None:
        """Return the part of the segment from a day on; None if there is none."""
        skipped = max(0, -(-(first - self.first).days // self.every_days))
        begin = self.first + timedelta(days=skipped * self.every_days)
        return replace(self, first=begin) if self.last is None or begin <= self.last else None

    def within(self, first: date, last: date) -> Segment | None:
        """Return the part of the segment between two days, inclusive; None if there is none."""
        part = self.since(first)
        if part is None or part.first > last:
            return None
        return replace(part, last=last if part.last is None else min(last, part.last))

    def days(self, through: date) -> Iterator[date]:
        """Yield its dosing days up to *through*, inclusive."""
        for number in range(self.count(through)):
            yield self.first + timedelta(days=number * self.every_days)

    def count(self, through: date) -> int:
        """Count its dosing days up to *through*, inclusive."""
        end = through if self.last is None else min(through, self.last)
        return max(0, (end - self.first).days // self.every_days + 1)

    def goes_on_in(self, other: Segment) -> bool:
        """Say whether another segment is this one, continued."""
        return self.last is not None and other == replace(
            self, first=self.last + _DAY, last=other.last
        )


@dataclass(frozen=True, slots=True)
class Break:
    """
    Days without a dose that the prescriber ordered.

    Attributes:
        first: The first of them.
        last: The last of them; None until a Resume.
        opioid: The opioid that was the reason; it asks for a new screening.
    """

    first: date
    last: date | None
    opioid: str | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """
    Where a plan leads.

    Attributes:
        segments: In order, each dosing day exactly once.
        breaks: The pauses, in order.
        stopped: The first day after a Stop; None while the plan goes on.
        settled: Whether a Plateau has withdrawn the later increases.
        is_touched: Whether an amendment has changed the doses.
        waits_from: The first day without a dose where the next increase waits for a signature.
    """

    segments: tuple[Segment, ...]
    breaks: tuple[Break, ...] = ()
    stopped: date | None = None
    settled: bool = False
    is_touched: bool = False
    waits_from: date | None = None

    def pause_on(self, day: date) -> Break | None:
        """Return the pause that a day lies in."""
        return next(
            (one for one in self.breaks if one.first <= day and not (one.last and one.last < day)),
            None,
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """What stays the same for the whole course: the protocol and the gate of each increase."""

    protocol: Protocol
    gate: Gate

    def climb(self, step: int, first: date, setting: Setting) -> Iterator[Segment]:
        """Yield the segments from a step (from 1) on, until one is open or a gate is shut."""
        steps = self.protocol.steps
        for number in range(step, len(steps) + 1):
            segment = _on_step(steps[number - 1], number, first, setting)
            yield segment
            if segment.last is None or self._is_shut(steps[number - 1 : number + 1]):
                return
            first = segment.last + _DAY

    def _is_shut(self, neighbours: tuple[Step, ...]) -> bool:
        doses = [step.dose for step in neighbours]
        return self.gate is Gate.SIGN and max(doses) > doses[0]

    def step_of(self, dose: Dose) -> int | None:
        """Return the first step with just this dose."""
        doses = [step.dose for step in self.protocol.steps]
        return doses.index(dose) + 1 if dose in doses else None

    def step_after(self, segment: Segment) -> int | None:
        """Return the next step with a higher dose than a segment's."""
        numbered = enumerate(self.protocol.steps, start=1)
        return next(
            (n for n, one in numbered if n > (segment.step or 0) and one.dose > segment.dose), None
        )


def _on_step(step: Step, number: int, first: date, setting: Setting) -> Segment:
    last = step.lasts.after(first) - _DAY if step.lasts else None
    return Segment(number, step.dose, first, last, setting, step.every_days, step.doses_per_day)
