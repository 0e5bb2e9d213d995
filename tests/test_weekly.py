"""The weekly itch: the worked numbers, days that are missing, and what is no response."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.library import instruments
from ldn_titrate.weekly import ItchResponse, Week, itch_change, itch_response, weeks
from plans import START
from records import on, record_of, scored

if TYPE_CHECKING:
    from collections.abc import Iterable

ITCH: Final = instruments()["wi-nrs"]
BASELINE_ITCH: Final = (8, 7, 9, 8, 7, 8, 9)
LATER_ITCH: Final = (4, 3, 4, 5, 3, 4, 4)


def itch_weeks(before: Iterable[int | None], later: Iterable[int | None]) -> tuple[Week, ...]:
    """Give the week before the start and the first one."""
    record = record_of(*scored(before, -6, "wi-nrs"), *scored(later, 1, "wi-nrs"))
    return weeks(record, ITCH, START, on(7))


def test_the_weekly_itch_is_the_worked_one() -> None:
    """8.00 and 3.857 are 4.143 less: a responder."""
    baseline, first = itch_weeks(BASELINE_ITCH, LATER_ITCH)

    assert (baseline.mean, first.mean) == (Fraction(8), Fraction(27, 7))
    assert itch_change(baseline, first) == Fraction(29, 7)
    assert itch_response(baseline, first) is ItchResponse.RESPONDER
    assert str(first) == "week 1: mean 3.857 (n = 7, 0 missing)"


def test_a_week_needs_four_days() -> None:
    """With three there is no mean, and no response."""
    baseline, three = itch_weeks(BASELINE_ITCH, (0, 0, 0))
    _, four = itch_weeks(BASELINE_ITCH, (0, 0, 0, 0))

    assert (three.mean, itch_change(baseline, three)) == (None, None)
    assert itch_response(baseline, three) is ItchResponse.TOO_FEW_DAYS
    assert str(three) == "week 1: too few days (n = 3, 4 missing)"
    assert itch_response(baseline, four) is ItchResponse.RESPONDER


def test_the_number_of_days_is_a_parameter() -> None:
    """But a week without any score never has a mean."""
    record = record_of(*scored((5, 5, 5), 1, "wi-nrs"))

    assert weeks(record, ITCH, START, on(7), least=3)[1].mean == 5
    assert weeks(record_of(), ITCH, START, on(7), least=0)[1].mean is None


def test_just_four_points_are_a_response_and_less_are_not() -> None:
    """Exactly: 3.857 points are none."""
    baseline, first = itch_weeks((8,) * 7, (4,) * 7)
    _, higher = itch_weeks((8,) * 7, (5, *(4,) * 6))

    assert itch_response(baseline, first) is ItchResponse.RESPONDER
    assert itch_response(baseline, higher) is ItchResponse.NOT


def test_a_baseline_below_four_has_no_response() -> None:
    """Four points less are not possible there."""
    assert itch_response(*itch_weeks((4, *(3,) * 6), (0,) * 7)) is ItchResponse.TOO_LOW
    assert itch_response(*itch_weeks((4,) * 7, (0,) * 7)) is ItchResponse.RESPONDER
    assert itch_response(*itch_weeks((9, 9, 9), (0,) * 7)) is ItchResponse.TOO_FEW_DAYS


def test_weeks_are_blocks_of_seven_days_from_the_start() -> None:
    """Only those that are over; the one before the start is number 0."""
    found = weeks(record_of(), ITCH, START, on(20))

    assert [(one.number, one.summary.first, one.summary.last) for one in found] == [
        (0, on(-6), on(0)),
        (1, on(1), on(7)),
        (2, on(8), on(14)),
    ]
    assert len(weeks(record_of(), ITCH, START, on(21))) == 4
    assert [one.number for one in weeks(record_of(), ITCH, START, on(0))] == [0]
    assert weeks(record_of(), ITCH, START, on(-1)) == ()


@given(st.lists(st.none() | st.integers(0, 10), max_size=40))
def test_each_day_of_a_week_is_scored_or_missing(values: list[int | None]) -> None:
    """And the scores of all weeks are those of the record."""
    found = weeks(record_of(*scored(values, 1, "wi-nrs")), ITCH, START, on(42))

    assert {one.summary.n + (one.summary.missing or 0) for one in found} == {7}
    assert sum(one.summary.n for one in found) == sum(one is not None for one in values)
