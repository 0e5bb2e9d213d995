"""
The per-step view: beside each dose, in the order of time, what was logged while it was planned.

It orders what the measures count; it counts nothing by itself and compares nothing. A step that
came later differs from an earlier one in more than its dose, and there is no control group. It must
not know proposals or outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from ldn_titrate.days import day_by_day
from ldn_titrate.entry import AdverseEvent, Score
from ldn_titrate.implementation import USUAL, Conventions, Implementation, implementation
from ldn_titrate.scores import InstrumentScores, by_instrument
from ldn_titrate.tolerability import Grades, by_grade, went_on
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ldn_titrate.days import DosingDay
    from ldn_titrate.dose import Dose
    from ldn_titrate.record import Record
    from ldn_titrate.schedule import Schedule


@dataclass(frozen=True, slots=True)
class StepView:
    """
    A run of days at one dose, or without one.

    Attributes:
        dose: The dose that was planned; None during a pause and after the end of the doses.
        first: The first day.
        last: The last day; for the last run the last day that was looked at.
        days_due: Days at the dose on which it was due.
        days_logged: How many of them are logged, as taken or not.
        implementation: The measures over these days.
        events: Adverse events that began in these days, each scale and version of its own.
        went_on: How many had begun before and are known to have lasted into these days.
        scores: Each instrument that has a score in the record, with its scores of these days.
    """

    dose: Dose | None
    first: date
    last: date
    days_due: int
    days_logged: int
    implementation: Implementation
    events: tuple[Grades, ...]
    went_on: int
    scores: tuple[InstrumentScores, ...]

    def told(self) -> tuple[str, ...]:
        """Say what was logged in these days, in plain words."""
        span = f"{long_date(self.first)} to {long_date(self.last)}"
        at = f"at {self.dose}" if self.dose else "without a planned dose"
        return (
            f"{span}, {at}: dosing days {self.days_due}, logged {self.days_logged}.",
            f"Doses taken, of doses planned: {self.implementation.taking}.",
            *self._told_events(),
            *(f"{one}." for one in self.scores),
        )

    def _told_events(self) -> Iterator[str]:
        began = "; ".join(map(str, self.events)) or "none logged"
        yield f"Adverse events that began: {began}."
        if self.went_on:
            yield f"Adverse events that went on from before: {self.went_on}."


def by_step(
    schedule: Schedule, record: Record, as_of: date, *, conventions: Conventions = USUAL
) -> tuple[StepView, ...]:
    """
    Give each run of days with one planned dose, and each without, in the order of time.

    Each event that began from the first dosing day to the last one that counts is in just one run,
    and so is each score about these days, but one that looks back on days of two runs: it is in
    none. A score of an itch series, around one application of the cream, is in none either.

    Args:
        schedule: What is planned, with every amendment so far.
        record: What happened.
        as_of: The day of asking; it counts as in `ldn_titrate.days.day_by_day`.
        conventions: Where the measures draw their lines.
    """
    days = day_by_day(schedule, record, as_of).days
    events = record.of_kind(AdverseEvent)
    scores = [one for one in record.of_kind(Score) if one.day <= as_of]
    return tuple(
        _view(_dose(schedule, run[0].day), run, events, scores, conventions)
        for _, of_dose in groupby(days, key=lambda one: _dose(schedule, one.day))
        for run in [tuple(of_dose)]
    )


def _dose(schedule: Schedule, day: date) -> Dose | None:
    segment = schedule.segment_on(day)
    return segment.dose if segment else None


def _view(
    dose: Dose | None,
    run: Sequence[DosingDay],
    events: Sequence[AdverseEvent],
    scores: Sequence[Score],
    conventions: Conventions,
) -> StepView:
    first, last = run[0].day, run[-1].day
    measured = implementation(run, conventions=conventions)
    return StepView(
        dose=dose,
        first=first,
        last=last,
        days_due=measured.due,
        days_logged=measured.due - measured.not_logged,
        implementation=measured,
        events=by_grade([one for one in events if first <= one.day <= last]),
        went_on=len(went_on(events, first)),
        scores=by_instrument(scores, first, last),
    )
