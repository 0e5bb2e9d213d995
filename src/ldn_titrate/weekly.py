"""
The weekly itch: the mean of a diary week by week, and whether a week is a response.

It describes one person without a control group. A week with too few days has no mean, and nothing
is filled in. It must not know plans; the start and the days that are looked at are arguments.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ldn_titrate.entry import Score
from ldn_titrate.instrument import in_text
from ldn_titrate.scores import by_day, summary_of

if TYPE_CHECKING:
    from datetime import date

    from ldn_titrate.instrument import Instrument
    from ldn_titrate.record import Record
    from ldn_titrate.scores import Summary

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_RESPONDER: Final = 4


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
    scores = by_day(record.of_kind(Score), instrument)
    over = (as_of + _DAY - start) // _WEEK
    firsts = (start + (number - 1) * _WEEK for number in range(over + 1))
    return tuple(
        Week(number, summary_of(instrument, scores, first, first + _WEEK - _DAY), least)
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
