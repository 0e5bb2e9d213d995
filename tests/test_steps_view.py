"""The per-step view: each day, event and score once, in the order of time, in neutral words."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.amendment import ChangeTime, Pause, StepBack, Stop
from ldn_titrate.days import day_by_day
from ldn_titrate.entry import AdverseEvent, Score, Void
from ldn_titrate.record import Record
from ldn_titrate.schedule import lay_out
from ldn_titrate.share import Bounded, Share
from ldn_titrate.steps import StepView, by_step
from plans import REVISED_AT, a_plan, a_signed_plan, another_drug, dose, listed_steps, step
from records import an_entry, missed, on, record_of, records, taken

if TYPE_CHECKING:
    import random

    from ldn_titrate.entry import Entry
    from ldn_titrate.plan import Plan

SIGNED: Final[dict[str, Any]] = {
    "by": "Dr Example",
    "role": "physician",
    "reason": "An invented reason",
}
PAIN: Final = "Pain, numerical rating, average of the last 24 hours"
WEEK: Final = range(1, 8)  # how many days before its own a score of seven days is about
JUDGING: Final = re.compile(
    r"better|worse|work(?:s|ed)|help|effect|improve|respon|best", re.IGNORECASE
)


def event(day: int, grade: int = 1, number: int = 0, **fields: Any) -> AdverseEvent:
    """Make an adverse event that began on a day of the course, from 1."""
    usual = {"term": "headache", "grade": grade, "scale": "CTCAE", "scale_version": "5.0"}
    return an_entry(AdverseEvent, number, day=on(day), **{**usual, **fields})


def score(day: int, value: str, number: int = 0, **fields: Any) -> Score:
    """Make a score on a day of the course, from 1."""
    usual = {"instrument": "pain-nrs", "value": value}
    return an_entry(Score, number, day=on(day), **{**usual, **fields})


def seen(*lines: Entry, through: int = 42, plan: Plan | None = None) -> tuple[StepView, ...]:
    """View a record, asked on the day after a day of the course."""
    return by_step(lay_out(plan or a_plan()), record_of(*lines), on(through + 1))


def spans(views: tuple[StepView, ...]) -> list[tuple[str | None, int, int]]:
    """Give each run's dose, and its first and last day of the course."""
    return [
        (
            str(one.dose) if one.dose else None,
            (one.first - on(1)).days + 1,
            (one.last - on(1)).days + 1,
        )
        for one in views
    ]


def events_of(view: StepView) -> int:
    """Count the adverse events that began in a run."""
    return sum(one.n for one in view.events)


def scores_of(view: StepView) -> dict[str, tuple[int, Fraction | int | None, int | None]]:
    """Give the number, the median and the missing days of each instrument of a run."""
    return {
        one.instrument.id: (one.summary.n, one.summary.median, one.summary.missing)
        for one in view.scores
    }


def test_each_dose_is_a_run_of_its_own() -> None:
    assert spans(seen()) == [("1.5 mg", 1, 14), ("3 mg", 15, 28), ("4.5 mg", 29, 42)]


def test_the_last_run_ends_with_the_last_day_that_counts() -> None:
    assert spans(seen(through=20)) == [("1.5 mg", 1, 14), ("3 mg", 15, 20)]
    assert spans(seen(taken(21), through=20)) == [("1.5 mg", 1, 14), ("3 mg", 15, 21)]


def test_a_plan_that_has_not_begun_has_no_run() -> None:
    assert seen(through=0) == ()


def test_a_pause_is_a_run_without_a_dose() -> None:
    plan = a_signed_plan().amended(
        Pause(effective=on(5), until=on(8), resume_at=dose("1.5 mg"), at=REVISED_AT, **SIGNED)
    )
    views = seen(event(6), plan=plan, through=10)
    assert spans(views) == [("1.5 mg", 1, 4), (None, 5, 7), ("1.5 mg", 8, 10)]
    assert [(one.days_due, len(one.events)) for one in views] == [(4, 0), (0, 1), (3, 0)]
    assert views[1].implementation.taking == Bounded(Share(0, 0), Share(0, 0))


def test_days_after_a_stop_are_a_run_without_a_dose() -> None:
    plan = a_signed_plan().amended(Stop(effective=on(5), at=REVISED_AT, **SIGNED))
    assert spans(seen(plan=plan, through=10)) == [("1.5 mg", 1, 4), (None, 5, 10)]


def test_a_step_back_is_a_run_of_its_own_and_another_time_of_day_is_not() -> None:
    plan = a_signed_plan().amended(
        StepBack(effective=on(20), to=dose("1.5 mg"), at=REVISED_AT, **SIGNED)
    )
    assert spans(seen(plan=plan)) == [("1.5 mg", 1, 14), ("3 mg", 15, 19), ("1.5 mg", 20, 42)]
    later = ChangeTime(effective=on(5), timezone="UTC", at=REVISED_AT, **SIGNED)
    assert spans(seen(plan=a_signed_plan().amended(later), through=14)) == [("1.5 mg", 1, 14)]


def test_every_other_day_is_one_run() -> None:
    rule = listed_steps("3 mg", step("1.5 mg", every_days=2))
    (view,) = seen(plan=a_plan(protocol=another_drug(rule)), through=14)
    assert (view.days_due, (view.last - view.first).days + 1) == (7, 14)


def test_each_run_measures_its_own_days() -> None:
    """In the second run day 15 is missed, and day 16 is not logged."""
    lines = (taken(day) for day in range(1, 29) if day not in {15, 16})
    views = seen(*lines, missed(15), through=28)
    assert [(one.days_due, one.days_logged) for one in views] == [(14, 14), (14, 13)]
    assert str(views[0].implementation.taking) == "14 of 14 (100%)"
    assert str(views[1].implementation.taking) == "between 12 of 14 (85.71%) and 13 of 14 (92.86%)"


def test_events_are_counted_by_their_scale_and_grade_in_the_run_in_which_they_began() -> None:
    lines = (
        event(14, 1),
        event(15, 2),
        event(16, 1),
        event(16, 1, number=1),
        event(16, 1, number=2, scale_version="6.0"),
    )
    first, second, third = seen(*lines)
    assert [str(one) for one in first.events] == ["CTCAE 5.0: 1 of grade 1"]
    assert [str(one) for one in second.events] == [
        "CTCAE 5.0: 2 of grade 1, 1 of grade 2",
        "CTCAE 6.0: 1 of grade 1",
    ]
    assert third.events == ()


def test_an_event_that_went_on_is_told_apart_and_not_counted_again() -> None:
    """It began in the first run and lasted into the third; without an end nothing is known."""
    views = seen(event(14, until=on(30)), event(13), event(29))
    assert [events_of(one) for one in views] == [2, 0, 1]
    assert [one.went_on for one in views] == [0, 1, 1]
    assert "Adverse events that went on from before: 1." in views[1].told()
    assert not any("went on" in line for line in views[0].told())


def test_an_event_from_before_the_start_began_in_no_run_and_may_have_gone_on() -> None:
    views = seen(event(-2, until=on(3)), event(-1))
    assert [events_of(one) for one in views] == [0, 0, 0]
    assert [one.went_on for one in views] == [1, 0, 0]


def test_an_event_goes_on_into_a_pause_and_out_of_it() -> None:
    plan = a_signed_plan().amended(
        Pause(effective=on(5), until=on(8), resume_at=dose("1.5 mg"), at=REVISED_AT, **SIGNED)
    )
    views = seen(event(4, until=on(8)), plan=plan, through=10)
    assert [(events_of(one), one.went_on) for one in views] == [(1, 0), (0, 1), (0, 1)]


def test_scores_have_their_number_their_median_and_their_missing_days() -> None:
    lines = [score(day, value) for day, value in ((1, "7"), (3, "6"), (14, "8"), (15, "5"))]
    lines += [score(20, "4"), score(22, "3")]
    assert [scores_of(one) for one in seen(*lines)] == [
        {"pain-nrs": (3, 7, 11)},
        {"pain-nrs": (3, 4, 11)},
        {"pain-nrs": (0, None, 14)},
    ]


def test_the_median_of_an_even_number_is_exact() -> None:
    values = enumerate(("7.000001", "7.000002"), start=1)
    halves = [score(day, value, instrument="sleep-hours") for day, value in values]
    (view,) = seen(*halves, through=7)
    assert scores_of(view) == {"sleep-hours": (2, Fraction("7.0000015"), 5)}


def test_a_score_of_seven_days_across_a_change_belongs_to_neither_run() -> None:
    """One of day 15 is about days 8 to 14, one of day 18 about days 11 to 17."""
    across = [scores_of(one)["dlqi"][0] for one in seen(score(18, "8", instrument="dlqi"))]
    before = [scores_of(one)["dlqi"][0] for one in seen(score(15, "8", instrument="dlqi"))]
    assert (across, before) == ([0, 0, 0], [1, 0, 0])


def test_a_score_of_seven_days_into_a_pause_belongs_to_no_run() -> None:
    plan = a_signed_plan().amended(
        Pause(effective=on(10), until=on(12), resume_at=dose("1.5 mg"), at=REVISED_AT, **SIGNED)
    )
    lines = [score(day, "8", instrument="dlqi") for day in (10, 13, 19)]
    views = seen(*lines, plan=plan, through=18)
    assert spans(views) == [("1.5 mg", 1, 9), (None, 10, 11), ("1.5 mg", 12, 18)]
    assert [scores_of(one)["dlqi"][0] for one in views] == [1, 0, 1]


def test_a_score_of_the_day_of_asking_that_looks_back_counts() -> None:
    """One of the day after is not known yet, although the days that it is about are over."""
    weekly = [score(day, "8", instrument="dlqi") for day in (21, 22)]
    views = seen(taken(21), *weekly, through=20)
    assert spans(views)[-1] == ("3 mg", 15, 21)
    assert [scores_of(one) for one in views] == [{"dlqi": (0, None, None)}] * 2
    assert scores_of(seen(weekly[1], through=21)[1]) == {"dlqi": (1, 8, None)}


def test_the_last_of_two_scores_of_a_day_counts() -> None:
    later = score(1, "3", 1, written_at=score(1, "9").written_at + timedelta(hours=1))
    (view,) = seen(later, score(1, "9"), through=7)
    assert scores_of(view) == {"pain-nrs": (1, 3, 6)}


def test_instruments_stay_apart_and_an_itch_series_is_no_score_of_a_day() -> None:
    lines = (
        score(1, "5"),
        score(1, "8", number=2, instrument="wi-nrs"),
        score(1, "9", number=1, instrument="itch-now", minutes=30),
    )
    (view,) = seen(*lines, through=7)
    assert scores_of(view) == {"pain-nrs": (1, 5, 6), "wi-nrs": (1, 8, 6)}


def test_what_lies_before_the_start_or_after_the_day_of_asking_is_in_no_run() -> None:
    """That an instrument was used before the start is known; what comes later is not."""
    views = seen(event(0), event(50), score(-3, "5"), score(50, "5", instrument="wi-nrs"))
    assert [one.events for one in views] == [()] * 3
    assert [scores_of(one) for one in views] == [{"pain-nrs": (0, None, 14)}] * 3


def test_what_is_told_counts_and_does_not_compare() -> None:
    views = seen(taken(1), event(2), score(1, "5"), score(2, "6"), through=20)
    assert views[0].told() == (
        "Sun 1 Mar 2026 to Sat 14 Mar 2026, at 1.5 mg: dosing days 14, logged 1.",
        "Doses taken, of doses planned: between 1 of 14 (7.14%) and 14 of 14 (100%).",
        "Adverse events that began: CTCAE 5.0: 1 of grade 1.",
        f"{PAIN}: median 5.5 (n = 2, 12 missing).",
    )
    assert views[1].told()[2:] == (
        "Adverse events that began: none logged.",
        f"{PAIN}: no score (n = 0, 6 missing).",
    )
    assert not any(JUDGING.search(line) for view in views for line in view.told())


def test_a_run_without_a_dose_says_so() -> None:
    plan = a_signed_plan().amended(Pause(effective=on(3), at=REVISED_AT, **SIGNED))
    assert "without a planned dose: dosing days 0" in seen(plan=plan, through=5)[1].told()[0]


def test_a_judging_word_would_be_found() -> None:
    assert JUDGING.search("At 3 mg the pain was better.")


@st.composite
def full_records(draw: st.DrawFn) -> Record:
    """Give records with doses, events and scores."""
    days = st.integers(1, 60)
    events = [event(draw(days), draw(st.integers(1, 3)), n) for n in range(draw(st.integers(0, 6)))]
    scores = [
        score(draw(days), str(draw(st.integers(0, 10))), n) for n in range(draw(st.integers(0, 9)))
    ]
    return draw(records()).with_lines((*events, *scores))


@given(full_records(), st.integers(1, 60))
def test_each_day_event_and_score_is_in_just_one_run(record: Record, last: int) -> None:
    schedule = lay_out(a_plan())
    days = day_by_day(schedule, record, on(last)).days
    views = by_step(schedule, record, on(last))
    assert sum((one.last - one.first).days + 1 for one in views) == len(days)
    assert sum(one.days_due for one in views) == sum(one.is_due for one in days)
    assert [one.first for one in views] == sorted({one.first for one in views})
    dates = {one.day for one in days}
    events = [one for one in record.of_kind(AdverseEvent) if one.day in dates]
    scores = [one for one in record.of_kind(Score) if one.day in dates]
    assert sum(map(events_of, views)) == len(events)
    summaries = [one.summary for view in views for one in view.scores]
    told = Counter(day for day, _ in {(one.day, one.value) for one in scores})
    agreed = [day for day, values in told.items() if values == 1]  # all are of one second
    assert sum(one.n for one in summaries) == len(agreed)
    assert not summaries or sum((one.n + (one.missing or 0)) for one in summaries) == len(days)


@given(st.lists(st.integers(1, 70), unique=True, max_size=9), st.integers(1, 60))
def test_a_score_of_seven_days_is_in_one_run_just_if_its_days_are(
    scored: list[int], last: int
) -> None:
    """Judged day by day: which dose was planned on each of the seven days before it."""
    schedule = lay_out(a_plan())
    record = record_of(*(score(day, "8", instrument="dlqi") for day in scored))
    views = by_step(schedule, record, on(last + 1))
    held = [
        sum(
            day <= last + 1 and all(view.first <= on(day - back) <= view.last for back in WEEK)
            for day in scored
        )
        for view in views
    ]
    known = any(day <= last + 1 for day in scored)
    assert [scores_of(one).get("dlqi", (0,))[0] for one in views] == held
    assert [bool(one.scores) for one in views] == [known] * len(views)


@given(full_records(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_what_was_taken_back_change_nothing(
    record: Record, shuffled: random.Random
) -> None:
    slip = event(1, 3, number=99)
    void = an_entry(Void, 99, of=slip.id, reason="An invented slip")
    lines = [*record.lines, slip, void]
    shuffled.shuffle(lines)
    schedule = lay_out(a_plan())
    assert by_step(schedule, Record(tuple(lines)), on(61)) == by_step(schedule, record, on(61))


@pytest.mark.parametrize("by", [-365, -1, 1, 29])
def test_shifting_every_date_shifts_every_run(by: int) -> None:
    lines = (taken(1), event(5), score(9, "4"), score(15, "8", instrument="dlqi"))
    move = on(1 + by) - on(1)
    moved = record_of(
        event(13 + by, until=on(16 + by)),
        *(one.replace(day=one.day + move, written_at=one.written_at + move) for one in lines),
    )
    plan = a_plan(timezone="UTC", start=on(1) + move)
    before = seen(event(13, until=on(16)), *lines, plan=a_plan(timezone="UTC"))
    after = by_step(lay_out(plan), moved, on(43) + move)
    assert [(one.first + move, one.last + move) for one in before] == [
        (one.first, one.last) for one in after
    ]
    assert [(one.events, one.went_on, scores_of(one), one.implementation) for one in before] == [
        (one.events, one.went_on, scores_of(one), one.implementation) for one in after
    ]
