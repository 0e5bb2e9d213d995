"""The scores of some days: which count there, what is missing, and which of two stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.entry import Score
from ldn_titrate.library import instruments
from ldn_titrate.record import Record
from ldn_titrate.scores import InstrumentScores, Summary, by_day, by_instrument, check_scores
from records import an_entry, on, record_of, scored

if TYPE_CHECKING:
    import random

PAIN, ITCH = (instruments()[one] for one in ("pain-nrs", "wi-nrs"))


def fractions(*numbers: int) -> tuple[Fraction, ...]:
    """Write whole scores as the exact numbers that they become."""
    return tuple(map(Fraction, numbers))


def over(record: Record, first: int, last: int) -> tuple[InstrumentScores, ...]:
    """Give the scores of some days of the course."""
    return by_instrument(record.of_kind(Score), on(first), on(last))


def test_the_last_of_two_scores_of_a_day_counts_and_is_told() -> None:
    """By when they were written."""
    (first,) = scored((9,), 1)
    (second,) = scored((2,), 1, number=1)
    later = an_entry(
        Score, 2, day=on(1), instrument="pain-nrs", value=Decimal(3), written_at=_after(second)
    )

    record = record_of(later, first)

    assert over(record, 1, 1)[0].summary.values == fractions(3)
    (found,) = check_scores(record)
    assert found.code == "response.two-scores"
    assert "has 2 scores on Sun 1 Mar 2026" in found.message
    assert check_scores(record_of(first)) == ()


def _after(score: Score) -> datetime:
    return score.written_at + timedelta(hours=1)


def test_the_scores_of_some_days_are_told_with_what_is_missing() -> None:
    """Both ends included."""
    record = record_of(*scored((6, 5, None, 4), 13))

    (first,) = over(record, 1, 14)

    assert (first.instrument, first.summary.values, first.summary.missing) == (
        PAIN,
        fractions(6, 5),
        12,
    )
    assert str(first) == (
        "Pain, numerical rating, average of the last 24 hours: median 5.5 (n = 2, 12 missing)"
    )


def test_an_instrument_without_a_score_on_these_days_is_told_as_missing() -> None:
    """Not left out; one that was never used is."""
    record = record_of(*scored((5,), -3, "wi-nrs"), *scored((6,), 20))

    found = over(record, 1, 7)

    assert [one.instrument for one in found] == [PAIN, ITCH]
    assert {str(one.summary) for one in found} == {"no score (n = 0, 7 missing)"}


def test_a_score_that_looks_back_on_other_days_is_not_counted() -> None:
    """A DLQI of day 15 is about days 8 to 14, one of day 18 about days 11 to 17."""
    record = record_of(*scored((10,), 15, "dlqi"), *scored((8,), 18, "dlqi"))

    (first,), (second,) = over(record, 1, 14), over(record, 15, 28)

    assert (first.summary.values, second.summary.values) == (fractions(10), ())
    assert str(second.summary) == "no score (n = 0)"


def test_a_score_that_looks_back_on_just_these_days_is_counted() -> None:
    """A DLQI of day 8 is about days 1 to 7; one day earlier or later it reaches out of them."""
    found = [over(record_of(*scored((10,), day, "dlqi")), 1, 7) for day in (7, 8, 9)]

    assert [one.summary.n for (one,) in found] == [0, 1, 0]


def test_scores_of_one_instrument_never_stand_for_another() -> None:
    """Nor does one that was taken minutes after a cream."""
    both = record_of(*scored((3,), 1, "pain-nrs"), *scored((9,), 1, "wi-nrs", number=1)).of_kind(
        Score
    )

    assert by_day(both, PAIN) == {on(1): Fraction(3)}
    assert by_day(both, ITCH) == {on(1): Fraction(9)}


def test_a_summary_without_scores_has_no_median() -> None:
    """It is not 0."""
    assert Summary(on(1), on(2), (), 2).median is None


def test_two_scores_of_one_second_that_disagree_count_for_nothing() -> None:
    """Which was written last is not known; which id is higher says nothing."""
    first, second = scored((9,), 1), scored((2,), 1, number=1)
    assert first[0].written_at == second[0].written_at

    record = record_of(*first, *second, *scored((4,), 2))

    assert over(record, 1, 2)[0].summary == Summary(on(1), on(2), fractions(4), 1)
    (told,) = check_scores(record)
    assert told.message.endswith(
        "the last ones were written in the same second and disagree, so none counts"
    )
    same = record_of(*first, *scored((9,), 1, number=1))
    assert over(same, 1, 1)[0].summary.values == fractions(9)


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 10), st.integers(0, 2)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_an_oracle_that_looks_for_the_last_score_of_each_day_agrees(
    told: list[tuple[int, int, int]], shuffled: random.Random
) -> None:
    """In whatever order the scores come in."""
    noon = scored((0,), 9)[0].written_at
    lines = [
        an_entry(
            Score,
            number,
            day=on(day),
            instrument="pain-nrs",
            value=Decimal(value),
            written_at=noon + timedelta(seconds=second),
        )
        for number, (day, value, second) in enumerate(told)
    ]
    shuffled.shuffle(lines)
    wanted = {}
    for day in {one[0] for one in told}:
        last = max(one[2] for one in told if one[0] == day)
        values = {one[1] for one in told if one[0] == day and one[2] == last}
        if len(values) == 1:
            wanted[on(day)] = values.pop()

    assert by_day(Record(tuple(lines)).of_kind(Score), PAIN) == wanted
    assert by_day(lines, PAIN) == wanted
