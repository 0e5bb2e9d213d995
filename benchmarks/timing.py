"""
Times, taken side by side: every contender once a round, in one process, on the same cases.

A machine that is busy for a while slows all contenders of a round, so a ratio within a round says
more than two times far apart. What is reported is the median of those ratios and their quartiles.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LEAST_ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Contender:
    """
    One way to do the work of a group.

    Attributes:
        name: What the table calls it.
        seconds: Does the work for some cases and says how long that took.
        aim: The most that its ratio to the base should be; None where nothing is aimed at.
        size: The bytes of the file it makes; None where it makes none.
    """

    name: str
    seconds: Callable[[Sequence[Any]], float]
    aim: float | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """
    What was measured of one contender.

    Attributes:
        name: What the table calls it.
        ratio: The median over the rounds of its time over the base's; None where no base is.
        low: The lower quartile of the same.
        high: The upper quartile of the same.
        seconds: Its median time for one case.
        aim: The most that the ratio should be.
        size: The bytes of the file it makes.
    """

    name: str
    ratio: float | None
    low: float | None
    high: float | None
    seconds: float
    aim: float | None
    size: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of contenders that do the same work, and what a reader should know of them."""

    name: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def calls(work: Callable[[Any], object]) -> Callable[[Sequence[Any]], float]:
    """Time a function, called once for each case, while no garbage is collected."""

    def seconds(cases: Sequence[Any]) -> float:
        gc.collect()
        gc.disable()
        try:
            start = perf_counter()
            for case in cases:
                work(case)
            return perf_counter() - start
        finally:
            gc.enable()

    return seconds


def measure(
    contenders: Sequence[Contender], batches: Sequence[Sequence[Any]], *, has_base: bool = True
) -> tuple[Row, ...]:
    """
    Time every contender on every batch of cases, one batch a round; the first one is a warm-up.

    Args:
        contenders: The base first.
        batches: The cases of each round, all of them new, so that no answer is merely remembered.
        has_base: Whether the others are compared with the first one.
    """
    if len(batches) <= LEAST_ROUNDS:
        raise ValueError(f"at least {LEAST_ROUNDS} rounds and a warm-up are needed")
    rounds = [_one_round(contenders, batch, number) for number, batch in enumerate(batches)][1:]
    base = contenders[0].name if has_base else None
    return tuple(_row(contender, rounds, base) for contender in contenders)


def _one_round(
    contenders: Sequence[Contender], cases: Sequence[Any], number: int
) -> dict[str, float]:
    """Time each contender for one case, beginning with another one in each round."""
    first = number % len(contenders)
    in_turn = [*contenders[first:], *contenders[:first]]
    return {each.name: each.seconds(cases) / len(cases) for each in in_turn}


def _row(contender: Contender, rounds: Sequence[dict[str, float]], base: str | None) -> Row:
    name = contender.name
    seconds = median(each[name] for each in rounds)
    if base is None:
        return Row(name, None, None, None, seconds, contender.aim, contender.size)
    ratios = [each[name] / each[base] for each in rounds]
    low, middle, high = quantiles(ratios, n=4, method="inclusive")
    return Row(name, middle, low, high, seconds, contender.aim, contender.size)
