"""
The per-step view: beside each dose, in the order of time, what was logged while it was planned.

It counts and it orders; it compares nothing. A step that came later differs from an earlier one in
more than its dose, and there is no control group. It must not know proposals or outputs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Final, TypeVar

from ldn_titrate.adherence import USUAL, Conventions, Implementation, implementation
from ldn_titrate.days import day_by_day
from ldn_titrate.dose import exactly, plain
from ldn_titrate.entry import AdverseEvent, Score
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from ldn_titrate.days import DosingDay
    from ldn_titrate.dose import Dose
    from ldn_titrate.record import Record
    from ldn_titrate.schedule import Schedule

_Kind = TypeVar("_Kind", AdverseEvent, Score)
_WEEK: Final = 7


@dataclass(frozen=True, slots=True, order=True)
class EventCount:
    """
    How many adverse events of one grade began.

    Attributes:
        scale: Whose grades they are.
        scale_version: Which version of them.
        grade: The grade.
        count: How many.
    """

    scale: str
    scale_version: str
    grade: int
    count: int

    def __str__(self) -> str:
        """Say it: ``CTCAE 5.0 grade 1: 2``."""
        return f"{self.scale} {self.scale_version} grade {self.grade}: {self.count}"


@dataclass(frozen=True, slots=True)
class ScoreView:
    """
    The scores of one instrument.

    Attributes:
        instrument: The instrument's id.
        n: How many scores.
        median: The middle one, or the mean of the middle two; None without scores.
        weeks: Whole weeks, counted from the first day of the run.
        missing_weeks: How many of them have no score.
    """

    instrument: str
    n: int
    median: Decimal | None
    weeks: int
    missing_weeks: int

    def __str__(self) -> str:
        """Say it: ``pain-nrs: n 4, median 5.5, weeks without a score: 0 of 2``."""
        middle = "none" if self.median is None else plain(self.median)
        missing = f"weeks without a score: {self.missing_weeks} of {self.weeks}"
        return f"{self.instrument}: n {self.n}, median {middle}, {missing}"


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
        events: Adverse events that began in these days.
        scores: Each instrument that has a score in any of the runs.
    """

    dose: Dose | None
    first: date
    last: date
    days_due: int
    days_logged: int
    implementation: Implementation
    events: tuple[EventCount, ...]
    scores: tuple[ScoreView, ...]

    def told(self) -> tuple[str, ...]:
        """Say what was logged in these days, in plain words."""
        events = "; ".join(map(str, self.events)) or "none logged"
        span = f"{long_date(self.first)} to {long_date(self.last)}"
        at = f"at {self.dose}" if self.dose else "without a planned dose"
        return (
            f"{span}, {at}: dosing days {self.days_due}, logged {self.days_logged}.",
            f"Doses taken, of doses planned: {self.implementation.taking}.",
            f"Adverse events that began: {events}.",
            *(f"Scores, {one}." for one in self.scores),
        )


def by_step(
    schedule: Schedule, record: Record, as_of: date, *, conventions: Conventions = USUAL
) -> tuple[StepView, ...]:
    """
    Give each run of days with one planned dose, and each without, in the order of time.

    Each event and each score from the first dosing day to the last one that counts is in just one
    run. A score of an itch series, around one application of the cream, is in none.

    Args:
        schedule: What is planned, with every amendment so far.
        record: What happened.
        as_of: The day of asking; it counts as in `ldn_titrate.days.day_by_day`.
        conventions: Where the measures draw their lines.
    """
    days = day_by_day(schedule, record, as_of).days
    runs = [tuple(run) for _, run in groupby(days, key=lambda one: _dose(schedule, one.day))]
    scores = _within([one for one in record.of_kind(Score) if one.minutes is None], days)
    instruments = sorted({one.instrument for one in scores})
    events = record.of_kind(AdverseEvent)
    return tuple(
        StepView(
            dose=_dose(schedule, run[0].day),
            first=run[0].day,
            last=run[-1].day,
            days_due=(measured := implementation(run, conventions=conventions)).due,
            days_logged=measured.due - measured.not_logged,
            implementation=measured,
            events=_counted(_within(events, run)),
            scores=tuple(_view(one, _within(scores, run), run) for one in instruments),
        )
        for run in runs
    )


def _dose(schedule: Schedule, day: date) -> Dose | None:
    segment = schedule.segment_on(day)
    return segment.dose if segment else None


def _within(entries: Sequence[_Kind], days: Sequence[DosingDay]) -> list[_Kind]:
    return [one for one in entries if days and days[0].day <= one.day <= days[-1].day]


def _counted(events: list[AdverseEvent]) -> tuple[EventCount, ...]:
    counts = Counter((one.scale, one.scale_version, one.grade) for one in events)
    return tuple(sorted(EventCount(*kind, count) for kind, count in counts.items()))


def _view(instrument: str, scores: list[Score], run: Sequence[DosingDay]) -> ScoreView:
    found = [one for one in scores if one.instrument == instrument]
    weeks = len(run) // _WEEK
    scored = {(one.day - run[0].day).days // _WEEK for one in found} & set(range(weeks))
    with exactly():
        middle = median([one.value for one in found]) if found else None
    return ScoreView(instrument, len(found), middle, weeks, weeks - len(scored))
