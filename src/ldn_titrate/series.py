"""
The itch series of a record: the scores around each application of the cream, joined.

A series with a gap is told and never filled in, and two applications are never mixed. What a series
shows is the business of `ldn_titrate.itch`. It must not know plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from ldn_titrate.entry import Applied, Score
from ldn_titrate.itch import MINUTES, ItchSeries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ldn_titrate.record import Record


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
