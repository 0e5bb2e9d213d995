"""How scores changed: the worked numbers, what is missing, and what is never filled in."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.entry import Applied, Score, Void
from ldn_titrate.itch import ItchSeries
from ldn_titrate.library import instruments
from ldn_titrate.record import Record
from ldn_titrate.response import (
    InstrumentScores,
    ItchResponse,
    NoPercent,
    PainChange,
    Summary,
    Week,
    before_after,
    by_instrument,
    check_scores,
    itch_change,
    itch_response,
    itch_series,
    pain_change,
    percent_change,
    weeks,
)
from plans import START
from records import an_entry, on, record_of

if TYPE_CHECKING:
    from collections.abc import Iterable

PAIN, ITCH, DLQI = (instruments()[one] for one in ("pain-nrs", "wi-nrs", "dlqi"))
BASELINE_ITCH: Final = (8, 7, 9, 8, 7, 8, 9)
LATER_ITCH: Final = (4, 3, 4, 5, 3, 4, 4)


def scored(
    values: Iterable[int | None], first: int, instrument: str = "pain-nrs", number: int = 0
) -> tuple[Score, ...]:
    """Score one value a day from a day of the course on, which is 0 or less before the start."""
    return tuple(
        an_entry(Score, number, day=on(first + at), instrument=instrument, value=Decimal(value))
        for at, value in enumerate(values)
        if value is not None
    )


def fractions(*numbers: int) -> tuple[Fraction, ...]:
    """Write whole scores as the exact numbers that they become."""
    return tuple(map(Fraction, numbers))


def over(record: Record, first: int, last: int) -> tuple[InstrumentScores, ...]:
    """Give the scores of some days of the course."""
    return by_instrument(record.of_kind(Score), on(first), on(last))


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
    assert "no change: 6 of at least 7 scores before the start" in str(found)
    assert str(found).endswith("before and after, no control group")
    assert before_after(record, PAIN, START, on(7), least=6).baseline == 6


def test_nothing_scored_now_is_no_change() -> None:
    """An empty week is not a good one."""
    found = before_after(record_of(*scored((6,) * 7, -6)), PAIN, START, on(9))

    assert (found.now.n, found.now.missing, found.change) == (0, 7, None)
    assert "now no score (n = 0, 7 missing); no change: no score now" in str(found)


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


def test_an_impression_of_change_is_of_its_day() -> None:
    """It looks back to the start, so it has no baseline."""
    record = record_of(*scored((2,), 15, "pgic"))
    pgic = instruments()["pgic"]

    assert over(record, 15, 15)[0].summary.values == fractions(2)
    assert before_after(record, pgic, START, on(20)).change is None


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

    assert over(record, 1, 1) == ()


def test_a_summary_without_scores_has_no_median() -> None:
    """It is not 0."""
    assert Summary(on(1), on(2), (), 2).median is None
