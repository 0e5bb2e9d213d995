"""
The scores of some days: which of them count there, how many are missing, and their median.

Nothing is filled in, and nothing is compared. It must not know plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Final

from ldn_titrate.entry import Score
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.instrument import exact, in_text
from ldn_titrate.library import instruments
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from fractions import Fraction

    from ldn_titrate.instrument import Instrument
    from ldn_titrate.record import Record

_DAY: Final = timedelta(days=1)


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


def by_day(scores: Sequence[Score], instrument: Instrument) -> dict[date, Fraction]:
    """
    Give the score of each day; of two on one day, the one that was written last.

    Where several were written last, in the same second, and disagree, the day has none.
    """
    found = [one for one in scores if one.instrument == instrument.id and one.minutes is None]
    days = groupby(sorted(found, key=_about), key=_about)
    values = {day: _last_of(tuple(of_day)) for (day, _), of_day in days}
    return {day: value for day, value in values.items() if value is not None}


def _last_of(scores: tuple[Score, ...]) -> Fraction | None:
    last = max(one.written_at for one in scores)
    values = {exact(one.value) for one in scores if one.written_at == last}
    return values.pop() if len(values) == 1 else None


def summary_of(
    instrument: Instrument, scores: dict[date, Fraction], first: date, last: date
) -> Summary:
    """Sum up the scores, by their days, that are wholly about some days, both ends included."""
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
        InstrumentScores(one, summary_of(one, by_day(scores, one), first, last))
        for one in instruments().values()
        if one.id in used
    )


def check_scores(record: Record) -> tuple[Finding, ...]:
    """Say which days have several scores of one instrument, and which of these counts."""
    daily = [one for one in record.of_kind(Score) if one.minutes is None]
    found = groupby(sorted(daily, key=_about), key=_about)
    days = [tuple(of_day) for _, of_day in found]
    return tuple(_several(one) for one in days if len(one) > 1)


def _about(score: Score) -> tuple[date, str]:
    return score.day, score.instrument


def _several(scores: tuple[Score, ...]) -> Finding:
    one, counts = scores[0], "the one written last counts"
    if _last_of(scores) is None:
        counts = "the last ones were written in the same second and disagree, so none counts"
    name = instruments()[one.instrument].name
    return Finding(
        "response.two-scores",
        Severity.WARNING,
        f"{name} has {len(scores)} scores on {long_date(one.day)}; {counts}",
        f"score {one.instrument} on {one.day}",
    )
