"""How scores changed: the worked numbers, what is missing, and what is never filled in."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.entry import Score, Void
from ldn_titrate.library import instruments
from ldn_titrate.record import Record
from ldn_titrate.response import NoPercent, PainChange, before_after, pain_change, percent_change
from ldn_titrate.scores import by_instrument
from plans import START
from records import an_entry, on, record_of, scored

PAIN, ITCH, DLQI = (instruments()[one] for one in ("pain-nrs", "wi-nrs", "dlqi"))
BASELINE_ITCH: Final = (8, 7, 9, 8, 7, 8, 9)
LATER_ITCH: Final = (4, 3, 4, 5, 3, 4, 4)


def fractions(*numbers: int) -> tuple[Fraction, ...]:
    """Write whole scores as the exact numbers that they become."""
    return tuple(map(Fraction, numbers))


@pytest.mark.parametrize(
    ("baseline", "now", "percent", "name"),
    [
        ("6", "3", Fraction(50), PainChange.SUBSTANTIAL),
        ("7", "4.9", Fraction(30), PainChange.MODERATE),
        ("7", "5", Fraction(200, 7), PainChange.GAP),
        ("5", "4", Fraction(20), PainChange.MINIMAL),
        ("10", "9", Fraction(10), PainChange.MINIMAL),
        ("10", "9.1", Fraction(9), PainChange.BELOW_MINIMAL),
        ("10", "7.1", Fraction(29), PainChange.GAP),
        ("10", "5.1", Fraction(49), PainChange.MODERATE),
        ("4", "4", Fraction(0), PainChange.UNCHANGED),
        ("4", "5", Fraction(-25), PainChange.WORSE),
        ("8", "0", Fraction(100), PainChange.SUBSTANTIAL),
    ],
)
def test_a_change_in_percent_is_exact_and_has_its_name(
    baseline: str, now: str, percent: Fraction, name: PainChange
) -> None:
    """(7 - 4.9) / 7 is just 30%; what lies between 20 and 30% is told as that."""
    found = percent_change(Decimal(baseline), Decimal(now))

    assert found == percent
    assert pain_change(found) == name


def test_the_gap_is_told_in_words() -> None:
    """Neither minimal nor moderate."""
    assert str(pain_change(percent_change(7, 5))) == "at least minimal, below moderate"


def test_a_baseline_of_0_has_no_percent() -> None:
    """It is a value that says so, whatever comes after."""
    assert percent_change(0, 0) == percent_change(0, 5) == NoPercent()
    assert str(NoPercent()) == "no change in percent: the baseline is 0"
    assert pain_change(NoPercent()) is PainChange.UNDEFINED


@given(st.integers(1, 10), st.integers(0, 10), st.integers(1, 9))
def test_a_percent_does_not_depend_on_the_scale(baseline: int, now: int, times: int) -> None:
    """Twice the scores have the same change."""
    assert percent_change(baseline, now) == percent_change(times * baseline, times * now)


def test_before_and_after_are_medians_with_what_is_missing() -> None:
    """7 of 7 days before, 6 of the last 7 now: 6 and 3 are 50% less."""
    record = record_of(*scored((6, 7, 6, 5, 6, 6, 8), -6), *scored((3, 2, None, 3, 4, 3, 2), 22))

    found = before_after(record, PAIN, START, on(28))

    assert (found.before.n, found.before.missing, found.baseline) == (7, 0, Fraction(6))
    assert (found.now.n, found.now.missing, found.now.median) == (6, 1, Fraction(3))
    assert (found.change, found.percent) == fractions(-3, 50)
    assert str(found) == (
        "Pain, numerical rating, average of the last 24 hours: before median 6 (n = 7, 0 missing), "
        "now median 3 (n = 6, 1 missing); 3 lower (better); 50% less; "
        "before and after, no control group"
    )


def test_an_even_number_of_scores_has_the_exact_median() -> None:
    """Half of 3 and 4."""
    record = record_of(*scored((6,) * 8, -7), *scored((3, 4), 6))

    assert before_after(record, PAIN, START, on(7)).now.median == Fraction(7, 2)


def test_too_few_scores_before_the_start_are_no_baseline() -> None:
    """Six days are told as six; there is no change, and no percent."""
    record = record_of(*scored((6,) * 6, -5), *scored((3,) * 7, 1))

    found = before_after(record, PAIN, START, on(7))

    assert (found.baseline, found.change, found.percent) == (None, None, None)
    assert "change not known: 6 of at least 7 scores before the start" in str(found)
    assert str(found).endswith("before and after, no control group")
    assert before_after(record, PAIN, START, on(7), least=6).baseline == 6


def test_nothing_scored_now_is_no_change() -> None:
    """An empty week is not a good one."""
    found = before_after(record_of(*scored((6,) * 7, -6)), PAIN, START, on(9))

    assert (found.now.n, found.now.missing, found.change) == (0, 7, None)
    assert "now no score (n = 0, 7 missing); change not known: no score now" in str(found)


def test_a_baseline_has_its_gaps_and_begins_with_its_first_score() -> None:
    """Eight scores on ten days; one older than 28 days is left out."""
    values = (6, None, 6, 6, 6, None, 6, 6, 6, 6)
    record = record_of(*scored(values, -9), *scored((1,), -28))

    found = before_after(record, PAIN, START, on(1))

    assert (found.before.first, found.before.n, found.before.missing) == (on(-9), 8, 2)


def test_a_score_on_the_first_dosing_day_is_no_baseline() -> None:
    """It may already be with the drug; and what is later than the last day does not count."""
    found = before_after(record_of(*scored((6,) * 7, -5), *scored((1,), 5)), PAIN, START, on(3))

    assert (found.before.n, found.now.values, found.now.missing) == (6, fractions(6), 2)


def test_a_baseline_of_0_is_told_without_a_percent() -> None:
    """The points are still told."""
    record = record_of(*scored((0,) * 7, -6), *scored((2,) * 7, 1))

    found = before_after(record, PAIN, START, on(7))

    assert (found.change, found.percent) == (Fraction(2), NoPercent())
    assert "2 higher (worse); no change in percent: the baseline is 0" in str(found)


def test_more_is_told_as_more() -> None:
    """Worse has its own words, and so has no change."""
    worse = record_of(*scored((4,) * 7, -6), *scored((5,) * 7, 1))
    same = record_of(*scored((4,) * 7, -6), *scored((4,) * 7, 1))

    assert "1 higher (worse); 25% more" in str(before_after(worse, PAIN, START, on(7)))
    assert "; unchanged; before and after" in str(before_after(same, PAIN, START, on(7)))


@pytest.mark.parametrize(
    ("instrument", "words"),
    [("sleep-quality", "3 lower (worse)"), ("sleep-hours", "3 lower;"), ("awakenings", "(better)")],
)
def test_lower_is_better_only_where_the_instrument_says_so(instrument: str, words: str) -> None:
    """Fewer hours of sleep are neither; none of these has a percent."""
    scores = (*scored((6,) * 7, -6, instrument), *scored((3,) * 7, 1, instrument))

    found = before_after(record_of(*scores), instruments()[instrument], START, on(7))

    assert words in str(found)
    assert found.percent is None


def test_a_score_that_looks_back_counts_where_all_of_its_days_lie() -> None:
    """A DLQI of day 1 is about the week before the start; one of day 5 is about both."""
    visits = ((1, 12), (5, 11), (8, 9), (29, 6), (36, 5))
    record = record_of(*(one for day, value in visits for one in scored((value,), day, "dlqi")))

    found = before_after(record, DLQI, START, on(30))

    assert (found.before.values, found.now.values) == (fractions(12), fractions(6))
    assert (found.before.missing, found.change, found.percent) == (None, *fractions(-6, 50))
    assert "before median 12 (n = 1), now median 6 (n = 1)" in str(found)


def test_what_was_voided_is_as_if_it_had_never_been() -> None:
    """And the order in which entries arrive changes nothing."""
    before, now = scored((6,) * 7, -6), scored((3,) * 7, 1)
    slip = scored((10,), 3, number=1)
    void = an_entry(Void, of=slip[0].id, reason="A slip")

    record = Record((*slip, void, *reversed(now), *before))

    assert before_after(record, PAIN, START, on(7)) == before_after(
        record_of(*before, *now), PAIN, START, on(7)
    )


def test_shifting_every_day_shifts_nothing_else() -> None:
    """A year later, the same."""
    year = timedelta(days=365)
    scores = (*scored((6, 7, 8, 6, 6, 5, 6), -6), *scored((3, 4), 3))
    later = [an_entry(Score, **_shifted(one, year)) for one in scores]

    first = before_after(record_of(*scores), PAIN, START, on(7))
    second = before_after(record_of(*later), PAIN, START + year, on(7) + year)

    assert str(first) == str(second)


def _shifted(score: Score, by: timedelta) -> dict[str, Any]:
    return {"day": score.day + by, "instrument": score.instrument, "value": score.value}


def test_an_impression_of_change_is_of_its_day() -> None:
    """It looks back to the start, so it has no baseline."""
    record = record_of(*scored((2,), 15, "pgic"))
    pgic = instruments()["pgic"]

    assert by_instrument(record.of_kind(Score), on(15), on(15))[0].summary.values == fractions(2)
    assert before_after(record, pgic, START, on(20)).change is None


def test_an_impression_of_change_before_the_start_is_no_baseline() -> None:
    """It is about the time since another start."""
    record = record_of(*scored((2,), -5, "pgic"), *scored((5,), 15, "pgic"))

    found = before_after(record, instruments()["pgic"], START, on(20))

    assert (found.before.n, found.now.n, found.change) == (0, 1, None)


def test_a_score_after_the_last_day_does_not_count() -> None:
    """A DLQI of day 9 looks back on days 2 to 8 only, but on day 8 nobody has told it yet."""
    record = record_of(*scored((6,), 9, "dlqi"))

    assert before_after(record, DLQI, START, on(8)).now.n == 0
    assert before_after(record, DLQI, START, on(9)).now.n == 1
