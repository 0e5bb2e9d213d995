"""
The itch series: how strong the itch is before the cream is put on and for two hours after it.

The randomised trial of the 1% cream compared the time to 50% relief (C7), so that is what is worked
out here, exactly. One person's series has no control, and nothing here says that the cream did it.
It must not know plans or how a series is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from ldn_titrate.base import Frozen
from ldn_titrate.library import sentences

MINUTES: Final = (0, 30, 60, 120)
_HALVES: Final = 2
_TENTHS: Final = 10

Score = Annotated[int, Field(ge=0, le=10)]


class ItchSeries(Frozen):
    """
    Four scores around one application of the cream.

    Attributes:
        scores: The itch at 0, 30, 60 and 120 minutes, each a whole number from 0, no itch, to 10.
            A series with a gap is no series: no score is ever filled in.
    """

    scores: tuple[Score, Score, Score, Score]


@dataclass(frozen=True, slots=True)
class Halved:
    """
    The itch came down to half.

    Attributes:
        minutes: How long after the application, exactly; at most 120.
    """

    minutes: Fraction

    def __str__(self) -> str:
        """Say it in minutes, rounded to a tenth: ``45 minutes``."""
        tenths = int(self.minutes * _TENTHS + Fraction(1, 2))  # halves go up
        whole, rest = divmod(tenths, _TENTHS)
        return f"{whole}{f'.{rest}' if rest else ''} minutes to 50% less itch"


@dataclass(frozen=True, slots=True)
class NotHalved:
    """The itch did not come down to half while it was watched; when it would have is not known."""

    watched: int = MINUTES[-1]

    def __str__(self) -> str:
        """Say until when it was watched."""
        return f"50% less itch was not reached by {self.watched} minutes"


@dataclass(frozen=True, slots=True)
class NothingToHalve:
    """There was no itch at the start, so there is no half of it."""

    def __str__(self) -> str:
        """Say why there is no time."""
        return "no time to 50% less itch: there was no itch at the start"


TimeToHalf: TypeAlias = Halved | NotHalved | NothingToHalve


def time_to_half(series: ItchSeries) -> TimeToHalf:
    """
    Work out the time to 50% relief.

    The itch is taken to change evenly between two scores. The first time that it is down to half of
    the score at 0 counts, also where it rises again later.

    Returns:
        The time in minutes; or that it was not reached by 120 minutes (a censored time); or that
        the series has none, since there was no itch at the start.
    """
    start = series.scores[0]
    if start == 0:
        return NothingToHalve()
    half = Fraction(start, _HALVES)
    points = zip(MINUTES, series.scores, strict=True)
    for (began, before), (ended, after) in pairwise(points):
        if after <= half:
            return Halved(began + (ended - began) * (before - half) / (before - after))
    return NotHalved()


def told(series: ItchSeries) -> tuple[str, ...]:
    """Say a series' time to 50% relief, and beside it the published ones with what limits them."""
    return (
        f"{time_to_half(series)}.",
        sentences()["cream.series-alone"].text,
        sentences()["cream.known-speed"].text,
    )
