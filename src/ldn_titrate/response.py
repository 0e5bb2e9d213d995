"""
How scores changed: before and after, week by week, over any days.

All of it describes one person without a control group, and says so. Nothing is filled in: each
summary tells how many values it has and how many are missing. It must not know plans; the start and
the days that are looked at are arguments.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Final

from ldn_titrate.entry import Applied, Score
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.instrument import Better, exact, in_text
from ldn_titrate.itch import MINUTES, ItchSeries
from ldn_titrate.library import Level, instruments
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.instrument import Exact, Instrument
    from ldn_titrate.record import Record

NO_CONTROL: Final = Level.BEFORE_AFTER.value
"""What is said with every change: before and after, no control group."""
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_BASELINE: Final = timedelta(days=28)
_RESPONDER: Final = 4
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
class Summary:
    """
    The scores of some days.

    Attributes:
        first: The first of the days.
        last: The last of them, inclusive.
        values: The scores, by day.
        missing: How many of the days have no score; None where there is not one for each day.
    """

    first: date
    last: date
    values: tuple[Fraction, ...]
    missing: int | None

    @property
    def n(self) -> int:
        """How many scores there are."""
        return len(self.values)

    @property
    def median(self) -> Fraction | None:
        """The middle score, exactly; None without a score."""
        return median(self.values) if self.values else None

    def __str__(self) -> str:
        """Say the median, the number of scores and the missing ones."""
        told = "no score" if self.median is None else f"median {in_text(self.median)}"
        missing = "" if self.missing is None else f", {self.missing} missing"
        return f"{told} (n = {self.n}{missing})"


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
            yield f"no change: {self.before.n} of at least {self.least} scores before the start"
        else:
            yield "no change: no score now"
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
    one wholly before the start, and the last one wholly after it.

    Args:
        record: The record.
        instrument: What is compared.
        start: The first dosing day.
        as_of: The last day that counts.
        least: How many daily scores make a baseline.
    """
    scores = _by_day(record.of_kind(Score), instrument)
    earliest, eve = start - _BASELINE, min(start - _DAY, as_of)
    if not instrument.daily:
        before = _summary(instrument, scores, earliest, eve)
        after = _summary(instrument, scores, start, as_of)
        return BeforeAfter(instrument, _last_of(before), _last_of(after), 1)
    began = min((day for day in scores if earliest <= day <= eve), default=start)
    before = _summary(instrument, scores, began, eve)
    now = _summary(instrument, scores, max(start, as_of - _WEEK + _DAY), as_of)
    return BeforeAfter(instrument, before, now, least)


def _by_day(scores: Sequence[Score], instrument: Instrument) -> dict[date, Fraction]:
    """Give the score of each day; of two on one day, the one that was written last."""
    found = (one for one in scores if one.instrument == instrument.id)
    return {one.day: exact(one.value) for one in found if one.minutes is None}


def _summary(
    instrument: Instrument, scores: dict[date, Fraction], first: date, last: date
) -> Summary:
    values = tuple(
        value for day, value in scores.items() if _is_about(instrument, day, first, last)
    )
    days = max(0, (last - first) // _DAY + 1)
    return Summary(first, last, values, days - len(values) if instrument.daily else None)


def _is_about(instrument: Instrument, day: date, first: date, last: date) -> bool:
    """Say whether all that a score of a day looks back on lies in some days."""
    if instrument.daily or instrument.recall_days is None:
        return first <= day <= last
    return first <= day - timedelta(days=instrument.recall_days) and day - _DAY <= last


def _last_of(summary: Summary) -> Summary:
    return Summary(summary.first, summary.last, summary.values[-1:], summary.missing)


@dataclass(frozen=True, slots=True)
class InstrumentScores:
    """The scores of one instrument over some days."""

    instrument: Instrument
    summary: Summary

    def __str__(self) -> str:
        """Say what was scored, and the scores."""
        return f"{self.instrument.name}: {self.summary}"


def by_instrument(scores: Sequence[Score], first: date, last: date) -> tuple[InstrumentScores, ...]:
    """
    Give the scores of some days, of each instrument that was used, be it on other days.

    A score that looks back on a day outside of them is not counted. The scores around the cream
    are no scores of a day.

    Args:
        scores: The scores of a record, in its order.
        first: The first of the days.
        last: The last of them, inclusive.
    """
    used = {one.instrument for one in scores if one.minutes is None}
    return tuple(
        InstrumentScores(one, _summary(one, _by_day(scores, one), first, last))
        for one in instruments().values()
        if one.id in used
    )


@dataclass(frozen=True, slots=True)
class Week:
    """
    Seven days of a diary.

    Attributes:
        number: Its number: 1 begins with the first dosing day, and 0 is the week before it.
        summary: The scores.
        least: How many days it takes to evaluate it.
    """

    number: int
    summary: Summary
    least: int

    @property
    def mean(self) -> Fraction | None:
        """The mean score, exactly; None where too few days have one."""
        if self.summary.n < max(1, self.least):
            return None
        return sum(self.summary.values, Fraction(0)) / self.summary.n

    def __str__(self) -> str:
        """Say the mean, and how many days it rests on."""
        told = "too few days" if self.mean is None else f"mean {in_text(self.mean, 3)}"
        return f"week {self.number}: {told} (n = {self.summary.n}, {self.summary.missing} missing)"


class ItchResponse(StrEnum):
    """What a week's itch is, beside that of the week before the start."""

    RESPONDER = "at least 4 points less itch"
    NOT = "not 4 points less itch"
    TOO_LOW = "not possible: the baseline is below 4"
    TOO_FEW_DAYS = "not evaluable: too few diary days"


def weeks(
    record: Record, instrument: Instrument, start: date, as_of: date, least: int = 4
) -> tuple[Week, ...]:
    """
    Give the weeks of a diary that are over, from the one before the start on.

    Args:
        record: The record.
        instrument: What was scored on each day, such as ``wi-nrs``.
        start: The first dosing day; weeks are blocks of 7 days from it.
        as_of: The last day that counts.
        least: How many of the 7 days it takes to evaluate a week.
    """
    scores = _by_day(record.of_kind(Score), instrument)
    over = (as_of + _DAY - start) // _WEEK
    firsts = (start + (number - 1) * _WEEK for number in range(over + 1))
    return tuple(
        Week(number, _summary(instrument, scores, first, first + _WEEK - _DAY), least)
        for number, first in enumerate(firsts)
    )


def itch_change(baseline: Week, week: Week) -> Fraction | None:
    """Work out by how many points the mean is lower; None where a week has too few days."""
    if baseline.mean is None or week.mean is None:
        return None
    return baseline.mean - week.mean


def itch_response(baseline: Week, week: Week) -> ItchResponse:
    """Say whether the worst itch is at least 4 points less, by the exact means of both weeks."""
    change = itch_change(baseline, week)
    if baseline.mean is None or change is None:
        return ItchResponse.TOO_FEW_DAYS
    if baseline.mean < _RESPONDER:
        return ItchResponse.TOO_LOW
    return ItchResponse.RESPONDER if change >= _RESPONDER else ItchResponse.NOT


@dataclass(frozen=True, slots=True)
class ItchOfDay:
    """
    The itch scores around the cream on one day.

    Attributes:
        day: The dosing day.
        series: The series of one application; None where it is not whole.
        why: Why there is none; empty where there is one.
    """

    day: date
    series: ItchSeries | None
    why: str = ""


def itch_series(record: Record) -> tuple[ItchOfDay, ...]:
    """
    Join the scores with minutes to one series for each application of the cream.

    A day with one application is joined by its minutes. Where the cream was put on more often, or a
    time was scored twice, the scores are split in the order of writing, at each score at 0 minutes;
    where that does not fit, they are told apart from each other by nobody, and there is no series.
    """
    scores = (one for one in record.of_kind(Score) if one.minutes is not None)
    return tuple(
        found
        for day, of_day in groupby(scores, key=lambda one: one.day)
        for found in _series_of(day, list(of_day), _applications(record, day))
    )


def _applications(record: Record, day: date) -> int:
    return sum(one.day == day for one in record.of_kind(Applied))


def _series_of(day: date, scores: list[Score], applications: int) -> Iterator[ItchOfDay]:
    told_once = len({one.minutes for one in scores}) == len(scores)
    if told_once and applications <= 1:
        yield _joined(day, scores)
    elif (runs := _split(scores)) and len(runs) >= applications:
        yield from (_joined(day, run) for run in runs)
    else:
        yield ItchOfDay(day, None, "the scores cannot be told apart by application")


def _split(scores: list[Score]) -> list[list[Score]]:
    """Split scores at each 0, in the order of writing; nothing where the minutes do not rise."""
    runs: list[list[Score]] = []
    for one in scores:
        if one.minutes == 0:
            runs.append([])
        if not runs:
            return []
        runs[-1].append(one)
    written = {one.written_at for one in scores}
    rising = all(
        run == sorted(run, key=_minutes) and len({one.minutes for one in run}) == len(run)
        for run in runs
    )
    return runs if rising and len(written) == len(scores) else []


def _minutes(score: Score) -> int:
    return score.minutes or 0


def _joined(day: date, scores: list[Score]) -> ItchOfDay:
    by_minute = {_minutes(one): int(one.value) for one in scores}
    if missing := [str(one) for one in MINUTES if one not in by_minute]:
        return ItchOfDay(day, None, f"no score at {', '.join(missing)} minutes")
    first, second, third, last = (by_minute[one] for one in MINUTES)
    return ItchOfDay(day, ItchSeries(scores=(first, second, third, last)))


def check_scores(record: Record) -> tuple[Finding, ...]:
    """Say which days have two scores of one instrument; the one written last counts."""
    daily = (one for one in record.of_kind(Score) if one.minutes is None)
    seen = Counter((one.instrument, one.day) for one in daily)
    return tuple(
        Finding(
            "response.two-scores",
            Severity.WARNING,
            f"{instruments()[name].name} has {count} scores on {long_date(day)}; "
            "the one written last counts",
            f"score {name} on {day}",
        )
        for (name, day), count in seen.items()
        if count > 1
    )
