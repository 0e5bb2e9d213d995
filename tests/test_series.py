"""The itch around the cream: series that are whole, and scores that are never mixed."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest

from ldn_titrate.entry import Applied, Score
from ldn_titrate.itch import ItchSeries
from ldn_titrate.record import Record
from ldn_titrate.scores import by_instrument
from ldn_titrate.series import itch_series
from records import an_entry, on, record_of


def around_the_cream(
    day: int, *scores: tuple[int, int], number: int = 0, hour: int = 0
) -> tuple[Score, ...]:
    """Score the itch at some minutes, one written after the other."""
    return tuple(
        an_entry(
            Score,
            number + at,
            day=on(day),
            instrument="itch-now",
            value=Decimal(value),
            minutes=minutes,
            written_at=_noon(day) + timedelta(hours=hour, minutes=minutes),
        )
        for at, (minutes, value) in enumerate(scores)
    )


def _noon(day: int) -> datetime:
    return an_entry(Applied, day=on(day)).written_at


WHOLE: Final = ((0, 8), (30, 6), (60, 2), (120, 1))


def test_four_scores_around_the_cream_are_a_series() -> None:
    """In any order of arrival; another minute is left out."""
    record = Record(tuple(reversed(around_the_cream(1, *WHOLE, (90, 5)))))

    (found,) = itch_series(record)

    assert (found.day, found.series, found.why) == (on(1), ItchSeries(scores=(8, 6, 2, 1)), "")


def test_an_incomplete_series_is_told_and_never_filled_in() -> None:
    """What is missing is named."""
    (found,) = itch_series(record_of(*around_the_cream(1, (0, 8), (60, 2))))

    assert found.series is None
    assert found.why == "no score at 30, 120 minutes"


def test_two_applications_of_a_day_are_two_series() -> None:
    """Split at each 0, in the order of writing."""
    second = around_the_cream(1, (0, 6), (30, 3), (60, 3), number=10, hour=8)
    record = record_of(*around_the_cream(1, *WHOLE), *second, *around_the_cream(2, *WHOLE))

    found = itch_series(record)

    assert [one.day for one in found] == [on(1), on(1), on(2)]
    assert [bool(one.series) for one in found] == [True, False, True]
    assert found[1].why == "no score at 120 minutes"


def test_scores_of_two_applications_are_never_mixed() -> None:
    """Half a series of the morning and half of the evening are no series."""
    halves = (
        *around_the_cream(1, (0, 8), (30, 6)),
        *around_the_cream(1, (60, 2), (120, 1), number=10, hour=8),
    )
    twice = (an_entry(Applied, one, day=on(1)) for one in (0, 1))

    (found,) = itch_series(record_of(*halves, *twice))

    assert found.series is None
    assert found.why == "the scores cannot be told apart by application"


@pytest.mark.parametrize(
    "scores",
    [
        [(30, 6), (0, 8), (30, 5)],
        [(0, 8), (30, 6), (30, 5)],
        [(0, 8), (0, 8)],
    ],
    ids=repr,
)
def test_a_time_that_was_scored_twice_is_told_apart_by_nobody(
    scores: list[tuple[int, int]],
) -> None:
    """Minutes that do not rise, or scores written at one moment."""
    entries = around_the_cream(1, *scores)
    if scores[0] == (30, 6):
        moments = (0, 1, 2)
        entries = tuple(
            one.replace(written_at=_noon(1) + timedelta(hours=hour))
            for one, hour in zip(entries, moments, strict=True)
        )

    assert {one.series for one in itch_series(record_of(*entries))} == {None}


def test_the_scores_around_the_cream_are_no_scores_of_the_day() -> None:
    """They do not enter the daily values."""
    record = record_of(*around_the_cream(1, *WHOLE))

    assert by_instrument(record.of_kind(Score), on(1), on(1)) == ()
