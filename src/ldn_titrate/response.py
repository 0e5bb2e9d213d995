"""
How scores changed: in percent, and before a start beside now.

All of it describes one person without a control group, and says so. Nothing is filled in. It must
not know plans; the start and the days that are looked at are arguments.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ldn_titrate.entry import Score
from ldn_titrate.instrument import Better, exact, in_text
from ldn_titrate.library import Level
from ldn_titrate.scores import Summary, by_day, summary_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from ldn_titrate.instrument import Exact, Instrument
    from ldn_titrate.record import Record

NO_CONTROL: Final = Level.BEFORE_AFTER.value
"""What is said with every change: before and after, no control group."""
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_BASELINE: Final = timedelta(days=28)
_MINIMAL, _GAP, _MODERATE, _SUBSTANTIAL = 10, 20, 30, 50


@dataclass(frozen=True, slots=True)
class NoPercent:
    """There is no change in percent, since the baseline is 0."""

    def __str__(self) -> str:
        """Say why there is none."""
        return "no change in percent: the baseline is 0"


class PainChange(StrEnum):
    """How a change of pain in percent is called, by IMMPACT (M-immpact)."""

    WORSE = "worse"
    UNCHANGED = "unchanged"
    BELOW_MINIMAL = "less, below minimal"
    MINIMAL = "minimal"
    GAP = "at least minimal, below moderate"
    MODERATE = "moderate"
    SUBSTANTIAL = "substantial"
    UNDEFINED = "not defined"


def percent_change(baseline: Exact, now: Exact) -> Fraction | NoPercent:
    """Work out by how many percent a score is below the baseline; less than 0 where it is above."""
    before = exact(baseline)
    return 100 * (before - exact(now)) / before if before else NoPercent()


def pain_change(percent: Fraction | NoPercent) -> PainChange:
    """
    Say how a change of pain is called.

    From 10 to 20% is minimal, both included; 30% is moderate and 50% substantial. What lies between
    20 and 30% has no name at the source, and is told as what it is.
    """
    if isinstance(percent, NoPercent):
        return PainChange.UNDEFINED
    bands = (
        (percent < 0, PainChange.WORSE),
        (percent == 0, PainChange.UNCHANGED),
        (percent < _MINIMAL, PainChange.BELOW_MINIMAL),
        (percent <= _GAP, PainChange.MINIMAL),
        (percent < _MODERATE, PainChange.GAP),
        (percent < _SUBSTANTIAL, PainChange.MODERATE),
    )
    return next((name for fits, name in bands if fits), PainChange.SUBSTANTIAL)


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """
    The scores before a start beside those of now. It describes; it is no proof of an effect.

    Attributes:
        instrument: What was scored.
        before: The scores before the start.
        now: The last ones.
        least: How many scores before the start make a baseline.
    """

    instrument: Instrument
    before: Summary
    now: Summary
    least: int

    @property
    def baseline(self) -> Fraction | None:
        """The median before the start; None where the scores are too few."""
        return self.before.median if self.before.n >= self.least else None

    @property
    def change(self) -> Fraction | None:
        """The median of now minus the baseline, in points; None where one of them is missing."""
        if self.baseline is None or self.now.median is None:
            return None
        return self.now.median - self.baseline

    @property
    def percent(self) -> Fraction | NoPercent | None:
        """By how many percent it is lower; None where that is missing or means nothing."""
        if self.baseline is None or self.now.median is None or not self.instrument.percent:
            return None
        return percent_change(self.baseline, self.now.median)

    def __str__(self) -> str:
        """Say both, the change, and that there is no control group."""
        return (
            f"{self.instrument.name}: before {self.before}, now {self.now}; "
            f"{'; '.join(self._changes())}; {NO_CONTROL}"
        )

    def _changes(self) -> Iterator[str]:
        if self.change is not None:
            yield _in_points(self.change, self.instrument)
        elif self.baseline is None:
            scores = f"{self.before.n} of at least {self.least} scores"
            yield f"change not known: {scores} before the start"
        else:
            yield "change not known: no score now"
        if isinstance(self.percent, NoPercent):
            yield str(self.percent)
        elif self.percent:
            yield f"{in_text(abs(self.percent))}% {'less' if self.percent > 0 else 'more'}"


def _in_points(change: Fraction, instrument: Instrument) -> str:
    if change == 0:
        return "unchanged"
    way = Better.HIGHER if change > 0 else Better.LOWER
    judged = {Better.NEITHER: "", way: " (better)"}.get(instrument.better, " (worse)")
    return f"{in_text(abs(change))} {way}{judged}"


def before_after(
    record: Record, instrument: Instrument, start: date, as_of: date, least: int = 7
) -> BeforeAfter:
    """
    Put the scores before a start beside those of now.

    A score of each day: the baseline is the median of at least *least* scores in the 28 days before
    the start, and now is the median of the last 7 days. A score that looks back further: the last
    one wholly in the 28 days before the start, and the last one wholly after it. A score of the
    time since the start has no baseline.

    Args:
        record: The record.
        instrument: What is compared.
        start: The first dosing day.
        as_of: The last day that counts.
        least: How many daily scores make a baseline.
    """
    told = [one for one in record.of_kind(Score) if one.day <= as_of]
    scores = by_day(told, instrument)
    earliest, eve = start - _BASELINE, min(start - _DAY, as_of)
    if not instrument.daily:
        was = {} if instrument.recall_days is None else scores
        before = summary_of(instrument, was, earliest, eve)
        after = summary_of(instrument, scores, start, as_of)
        return BeforeAfter(instrument, _last_of(before), _last_of(after), 1)
    began = min((day for day in scores if earliest <= day <= eve), default=start)
    before = summary_of(instrument, scores, began, eve)
    now = summary_of(instrument, scores, max(start, as_of - _WEEK + _DAY), as_of)
    return BeforeAfter(instrument, before, now, least)


def _last_of(summary: Summary) -> Summary:
    return Summary(summary.first, summary.last, summary.values[-1:], summary.missing)
