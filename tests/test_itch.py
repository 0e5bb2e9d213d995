"""The itch series: the time to 50% relief, worked by hand, and what is told beside it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.itch import (
    MINUTES,
    Halved,
    ItchSeries,
    NotHalved,
    NothingToHalve,
    time_to_half,
    told,
)

SCORES = st.tuples(*[st.integers(0, 10)] * 4)
WORKED = {
    # Half of 8 is 4, between 6 at 30 and 2 at 60: 30 + 30 * (6 - 4) / (6 - 2) = 45.
    (8, 6, 2, 1): Fraction(45),
    # Half of 8 is 4, just reached at 30.
    (8, 4, 4, 4): Fraction(30),
    # Half of 10 is 5, between 10 at 0 and 0 at 30: 0 + 30 * 5 / 10 = 15.
    (10, 0, 0, 0): Fraction(15),
    # Half of 7 is 3.5, between 7 at 0 and 3 at 30: 30 * 3.5 / 4 = 26.25.
    (7, 3, 3, 3): Fraction(105, 4),
    # Half of 6 is 3, between 5 at 60 and 2 at 120: 60 + 60 * (5 - 3) / (5 - 2) = 100.
    (6, 6, 5, 2): Fraction(100),
    # Half of 9 is 4.5, between 8 at 30 and 1 at 60: 30 + 30 * 3.5 / 7 = 45.
    (9, 8, 1, 1): Fraction(45),
    # Half of 5 is 2.5, between 4 at 60 and 0 at 120: 60 + 60 * 1.5 / 4 = 82.5.
    (5, 5, 4, 0): Fraction(165, 2),
    # Half of 10 is 5, between 8 at 30 and 2 at 60: 45; that it rises to 9 again changes nothing.
    (10, 8, 2, 9): Fraction(45),
    # Half of 4 is 2; it first rises to 9, then 9 at 30 comes down to 2 just at 60.
    (4, 9, 2, 2): Fraction(60),
    # Half of 1 is 0.5, between 1 at 60 and 0 at 120: 60 + 60 * 0.5 / 1 = 90.
    (1, 1, 1, 0): Fraction(90),
    # Half of 8 is 4, between 7 at 60 and 3 at 120: 60 + 60 * 3 / 4 = 105.
    (8, 7, 7, 3): Fraction(105),
    # Half of 8 is 4, between 8 at 30 and 1 at 60: 30 + 30 * 4 / 7 = 47 1/7.
    (8, 8, 1, 1): Fraction(330, 7),
}


@pytest.mark.parametrize(("scores", "minutes"), WORKED.items(), ids=str)
def test_the_time_to_half_is_read_between_two_scores(
    scores: tuple[int, int, int, int], minutes: Fraction
) -> None:
    """Linear interpolation, exactly, at the first time that the itch is down to half."""
    assert time_to_half(ItchSeries(scores=scores)) == Halved(minutes)


@pytest.mark.parametrize("scores", [(8, 7, 6, 5), (8, 8, 8, 8), (1, 1, 1, 1), (3, 10, 10, 2)])
def test_a_half_that_is_not_reached_is_no_number(scores: tuple[int, int, int, int]) -> None:
    """It is censored at the last time that was watched."""
    found = time_to_half(ItchSeries(scores=scores))

    assert found == NotHalved()
    assert str(found) == "50% less itch was not reached by 120 minutes"


@pytest.mark.parametrize("scores", [(0, 0, 0, 0), (0, 5, 2, 0)])
def test_no_itch_has_no_half(scores: tuple[int, int, int, int]) -> None:
    """Where the score at 0 is 0 there is no time, and it is not called relief."""
    found = time_to_half(ItchSeries(scores=scores))

    assert found == NothingToHalve()
    assert "no itch at the start" in str(found)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(Fraction(45), "45"), (Fraction(330, 7), "47.1"), (Fraction(105, 4), "26.3")],
)
def test_minutes_are_told_to_a_tenth(minutes: Fraction, words: str) -> None:
    """47 1/7 is 47.1; 26.25 is 26.3; a whole number has no decimal."""
    assert str(Halved(minutes)) == f"{words} minutes to 50% less itch"


@pytest.mark.parametrize(
    "scores",
    [
        (8, 6, 2),
        (8, 6, 2, 1, 0),
        (8, 6, 2, 11),
        (8, 6, 2, -1),
        (8, 6, 2, 1.5),
        (8, 6, 2, True),
        (8, 6, 2, "1"),
        (8, 6, None, 1),
        (),
        None,
    ],
    ids=repr,
)
def test_only_four_whole_scores_are_a_series(scores: Any) -> None:
    """No gap is filled in, and no score is rounded."""
    with pytest.raises(LdnTitrateError):
        ItchSeries(scores=scores)


def test_a_series_is_read_back_from_its_text() -> None:
    """JSON in, JSON out."""
    series = ItchSeries(scores=(8, 6, 2, 1))

    assert ItchSeries.from_json(series.model_dump_json()) == series


@given(SCORES)
def test_a_time_is_told_just_where_a_score_comes_down_to_half(
    scores: tuple[int, int, int, int],
) -> None:
    """Whatever the scores: within the two hours, and after the last score above half."""
    found = time_to_half(ItchSeries(scores=scores))

    low = [minute for minute, score in zip(MINUTES, scores, strict=True) if 2 * score <= scores[0]]
    if scores[0] == 0:
        assert found == NothingToHalve()
    elif not low:
        assert found == NotHalved()
    else:
        assert isinstance(found, Halved)
        before = max(minute for minute in MINUTES if minute < low[0])
        assert before < found.minutes <= low[0]


@given(st.integers(1, 5), st.tuples(*[st.integers(0, 5)] * 3))
def test_twice_the_scores_have_the_same_time(first: int, later: tuple[int, int, int]) -> None:
    """Relief is relative."""
    once = ItchSeries(scores=(first, *later))
    twice = ItchSeries(scores=(2 * first, *(2 * score for score in later)))  # type: ignore[arg-type]

    assert time_to_half(once) == time_to_half(twice)


def test_the_published_times_come_together_and_with_their_limits() -> None:
    """46 minutes never stand without 74, and one person's series says that it has no control."""
    lines = told(ItchSeries(scores=(8, 6, 2, 1)))

    assert lines[0] == "45 minutes to 50% less itch."
    assert "no control group" in lines[1]
    assert "46 minutes (the median)" in lines[2]
    assert "74 minutes" in lines[2]
    assert "without the drug" in lines[2]
    assert "onset" not in " ".join(lines)
