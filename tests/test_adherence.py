"""Adherence: the worked numbers, both bounds, and an oracle that reads the days another way."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ldn_titrate.adherence import Adherence, Initiation, Persistence, Persists, adherence
from ldn_titrate.amendment import Pause, Resume, Stop
from ldn_titrate.days import DayByDay, day_by_day
from ldn_titrate.dose import Dose
from ldn_titrate.entry import Taken, Void
from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.implementation import Conventions, implementation
from ldn_titrate.record import Record
from ldn_titrate.schedule import lay_out
from ldn_titrate.share import Bounded, Share
from plans import REVISED_AT, a_plan, a_signed_plan, another_drug, listed_steps, step
from records import an_entry, missed, on, record_of, skipped, taken

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from datetime import date

    from ldn_titrate.entry import Entry
    from ldn_titrate.plan import Plan

SIGNED: dict[str, Any] = {"by": "Dr Example", "role": "physician", "reason": "An invented reason"}
HOURS: Final = {"t": 0, "l": 5, "e": -4}  # after the planned time
SHARES: Final = ("taking", "correct", "with_dose", "on_time", "regular", "micrograms")
KNOWN: Final = "tleTDHMS"
ANY: Final = "tleTDHMS?"
AS_PLANNED_OR_LESS: Final = "tleTHMS"  # what a day that is not logged may hide, within the bounds


def logged(pattern: str) -> Iterator[Entry]:
    """
    Log one day for each letter.

    t, l and e are the planned dose in time, late and early; T has no time, D is doubled, H another
    amount; M is missed, S skipped, and ? is not logged.
    """
    for day, letter in enumerate(pattern, start=1):
        if letter in HOURS:
            planned = datetime.combine(on(day), datetime.min.time(), UTC) + timedelta(hours=22)
            yield taken(day, at=planned + timedelta(hours=HOURS[letter]))
        elif letter in "TD":
            yield from (taken(day, number=n) for n in range(2 if letter == "D" else 1))
        elif letter == "H":
            yield taken(day, "0.5 mg")
        elif letter in "MS":
            yield missed(day) if letter == "M" else skipped(day)


def laid(pattern: str, plan: Plan | None = None) -> DayByDay:
    """Lay a pattern over a plan in UTC, asked on the day after it."""
    record = record_of(*logged(pattern))
    found = day_by_day(lay_out(plan or a_plan(timezone="UTC")), record, on(len(pattern) + 1))
    assert len(found.days) == len(pattern)
    return found


def measured(pattern: str, **more: Any) -> Adherence:
    """Measure a pattern."""
    return adherence(laid(pattern), **more)


def known(share: Bounded[Share]) -> str:
    """Say a share that is known."""
    assert share.is_known
    return str(share.low)


def test_fourteen_days_with_four_missed_and_one_double() -> None:
    """None on days 5, 9, 10 and 11, two on day 3: the worked numbers of the definitions."""
    found = measured("ttDtMtttMMMttt").implementation

    assert known(found.taking) == "11 of 14 (78.57%)"
    assert known(found.correct) == "9 of 14 (64.29%)"
    assert known(found.with_dose) == "10 of 14 (71.43%)"
    assert found.holidays == Bounded(1, 1)


def test_amounts_are_weighed_by_the_dose_planned_for_their_day() -> None:
    """Day 5 (1.5 mg) and day 20 (3 mg) of the first 28 are missing: 58.5 of 63 mg."""
    pattern = "".join("M" if day in {5, 20} else "T" for day in range(1, 29))
    found = measured(pattern).implementation.micrograms

    assert known(found) == "58500 of 63000 (92.86%)"
    assert Fraction(585, 630) == found.low.fraction


def test_every_dose_as_planned_is_all_of_it() -> None:
    found = measured("t" * 28).implementation
    assert {known(getattr(found, one)).partition("(")[2] for one in SHARES} == {"100%)"}
    assert found.holidays == Bounded(0, 0)


def test_doses_taken_may_exceed_those_planned() -> None:
    assert known(measured("DDtt").implementation.taking) == "6 of 4 (150%)"


@pytest.mark.parametrize(
    ("amounts", "doses"),
    [
        (["1.5 mg", "1.5 mg"], 1),  # 3 mg are planned on day 15
        (["1.5 mg"], 1),
        (["4.5 mg"], 1),
        (["6 mg"], 2),
        (["3 mg", "1.5 mg"], 2),
        (["1.5 mg"] * 4, 2),
        ([None, None, None], 3),
    ],
)
def test_a_dose_in_several_parts_is_one_and_a_double_is_two(
    amounts: list[str | None], doses: int
) -> None:
    parts = [taken(15, one, n) for n, one in enumerate(amounts)]
    found = day_by_day(lay_out(a_plan()), record_of(*parts), on(16)).days[14:]
    assert implementation(found).taking == Bounded(Share(doses, 1), Share(doses, 1))


def test_the_day_before_a_pause_and_the_pause_are_no_misses() -> None:
    plan = a_signed_plan(timezone="UTC").amended(
        Pause(effective=on(5), until=on(9), resume_at=Dose.parse("1.5 mg"), at=REVISED_AT, **SIGNED)
    )
    found = adherence(laid("tttt????tttt", plan)).implementation
    assert (found.due, found.not_logged) == (8, 0)
    assert known(found.taking) == "8 of 8 (100%)"
    assert known(found.regular) == "6 of 6 (100%)"  # the first day and the first after the pause


def test_a_pause_ends_a_run_without_doses() -> None:
    plan = a_signed_plan(timezone="UTC").amended(
        Pause(effective=on(4), until=on(6), resume_at=Dose.parse("1.5 mg"), at=REVISED_AT, **SIGNED)
    )
    assert adherence(laid("tMM??Mt", plan)).implementation.holidays == Bounded(0, 0)
    assert adherence(laid("tMM??MMMt", plan)).implementation.holidays == Bounded(1, 1)


def test_a_holiday_before_a_pause_counts() -> None:
    plan = a_signed_plan(timezone="UTC").amended(Pause(effective=on(5), at=REVISED_AT, **SIGNED))
    assert adherence(laid("tMMM??", plan)).implementation.holidays == Bounded(1, 1)


def test_days_on_which_nothing_is_due_do_not_end_a_run() -> None:
    """Every other day: days 3, 5 and 7 are missed in a row."""
    rule = listed_steps("3 mg", step("1.5 mg", every_days=2))
    plan = a_plan(protocol=another_drug(rule), timezone="UTC")
    found = adherence(laid("t?M?M?M?t", plan)).implementation
    assert (found.due, found.not_logged, found.holidays) == (5, 0, Bounded(1, 1))
    assert known(found.regular) == "0 of 0 (not defined)"  # it is for one dose a day


def test_a_dose_that_was_not_planned_is_told_and_in_no_measure() -> None:
    plan = a_signed_plan(timezone="UTC").amended(Pause(effective=on(3), at=REVISED_AT, **SIGNED))
    found = adherence(laid("ttTt", plan)).implementation
    assert (found.due, found.unplanned) == (2, 2)
    assert known(found.taking) == "2 of 2 (100%)"


def test_a_dose_in_a_pause_ends_a_run_without_doses() -> None:
    plan = a_signed_plan(timezone="UTC").amended(
        Pause(effective=on(4), until=on(5), resume_at=Dose.parse("1.5 mg"), at=REVISED_AT, **SIGNED)
    )
    assert adherence(laid("tMMTMt", plan)).implementation.holidays == Bounded(0, 0)


def test_both_measures_count_their_own_days() -> None:
    """Five hours late is 29 hours after a dose in time, 20 before one four hours early."""
    found = measured("tlett").implementation
    assert known(found.on_time) == "3 of 5 (60%)"  # late, and early, are not
    assert known(found.regular) == "3 of 4 (75%)"  # late to early: 15 hours


@pytest.mark.parametrize(
    ("minutes", "regular"), [(17 * 60 + 59, 0), (18 * 60, 1), (30 * 60, 1), (30 * 60 + 1, 0)]
)
def test_a_quarter_of_a_day_is_inclusive(minutes: int, regular: int) -> None:
    first = datetime(2026, 3, 1, 22, tzinfo=UTC)
    lines = (taken(1, at=first), taken(2, at=first + timedelta(minutes=minutes)))
    days = day_by_day(lay_out(a_plan(timezone="UTC")), record_of(*lines), on(3))
    assert adherence(days).implementation.regular.low == Share(regular, 1)


@pytest.mark.parametrize(("hours", "timely"), [(1, 2), (4, 3), (5, 4)])
def test_how_near_is_a_parameter(hours: int, timely: int) -> None:
    found = measured("ttle", conventions=Conventions(within=timedelta(hours=hours)))
    assert found.implementation.on_time.low == Share(timely, 4)


def test_a_dose_without_a_time_is_not_known_to_be_in_time() -> None:
    found = measured("tTt").implementation
    assert str(found.on_time) == "between 2 of 3 (66.67%) and 3 of 3 (100%)"
    assert str(found.regular) == "between 0 of 2 (0%) and 2 of 2 (100%)"
    assert found.no_time == 1


def test_after_a_day_without_a_dose_none_is_regular() -> None:
    assert known(measured("tMt").implementation.regular) == "0 of 2 (0%)"


def test_one_day_has_no_interval() -> None:
    assert known(measured("t").implementation.regular) == "0 of 0 (not defined)"


def test_the_clocks_that_change_keep_a_dose_in_time() -> None:
    """In London on 29 March 2026 the dose comes after 23 hours."""
    days = range(27, 31)
    utc = {27: 22, 28: 22, 29: 21, 30: 21}
    lines = (taken(day, at=datetime(2026, 3, day, utc[day], tzinfo=UTC)) for day in days)
    found = day_by_day(lay_out(a_plan()), record_of(*lines), on(31)).days[-4:]
    assert known(implementation(found).on_time) == "4 of 4 (100%)"


@pytest.mark.parametrize(("least", "count"), [(1, 3), (2, 2), (3, 1), (4, 1), (5, 0)])
def test_how_long_is_a_parameter(least: int, count: int) -> None:
    found = measured("tMtMMtMMMMt", conventions=Conventions(holiday=least))
    assert found.implementation.holidays == Bounded(count, count)


def test_one_that_goes_on_counts_once_it_is_long_enough() -> None:
    assert measured("tMM").implementation.holidays == Bounded(0, 0)
    assert measured("tMMM").implementation.holidays == Bounded(1, 1)


def test_a_day_not_logged_may_join_two_or_part_them() -> None:
    """Taken, it parts two holidays; missed, it joins them to one."""
    assert measured("tMMM?MMMt").implementation.holidays == Bounded(1, 2)


def test_days_not_logged_may_hide_some() -> None:
    assert measured("t???????t").implementation.holidays == Bounded(0, 2)


@pytest.mark.parametrize("wrong", [{"holiday": 0}, {"within": timedelta(hours=-1)}])
def test_lines_that_divide_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(LdnTitrateError, match="a holiday is 1 day or more"):
        Conventions(**wrong)


def test_on_the_first_day() -> None:
    found = measured("ttt").initiation
    assert (found.day, found.after) == (on(1), Bounded(0, 0))


def test_days_before_the_first_dose_are_no_misses() -> None:
    found = measured("MMStttt")
    assert (found.initiation.day, found.initiation.after) == (on(4), Bounded(3, 3))
    assert known(found.implementation.taking) == "4 of 4 (100%)"


def test_days_that_are_not_logged_leave_it_open() -> None:
    found = measured("M?Mtt")
    assert found.initiation.after == Bounded(1, 3)
    assert "so it may have been on Mon 2 Mar 2026 already" in found.told()[0]


def test_days_that_are_not_logged_leave_the_upper_bound_open() -> None:
    """Taken on day 1, three of six; not taken, two of two."""
    found = measured("?MMMtt").implementation
    assert found.taking.low == Share(2, 6)
    assert found.taking.high == Share(3, 3)  # no less than either


def test_none_is_not_yet() -> None:
    found = measured("MMM")
    assert (found.initiation.day, found.initiation.after) == (None, None)
    assert found.implementation.taking == Bounded(Share(0, 0), Share(0, 0))
    assert found.persistence.state is Persists.NOT_BEGUN


def test_nothing_logged_is_neither_begun_nor_not() -> None:
    found = measured("???")
    assert found.initiation.earliest == on(1)
    assert str(found.implementation.with_dose) == "between 0 of 3 (0%) and 3 of 3 (100%)"
    assert found.persistence.days == Bounded(0, 3)


@pytest.mark.parametrize("stopped", [None, on(1), on(5)], ids=str)
def test_before_the_first_dosing_day_there_is_no_dose_and_each_share_is_of_nothing(
    stopped: date | None,
) -> None:
    found = adherence(day_by_day(lay_out(a_plan()), record_of(), on(1)), stopped=stopped)
    assert found.initiation == Initiation(None, None, None)
    assert found.initiation.after is None
    assert found.persistence == Persistence(Persists.NOT_BEGUN, None, None, Bounded(0, 0))
    measures = found.implementation
    assert {getattr(measures, name) for name in SHARES} == {Bounded(Share(0, 0), Share(0, 0))}
    assert (measures.due, measures.not_logged, measures.holidays) == (0, 0, Bounded(0, 0))
    first, *_, persists, _ = found.told()
    assert first == "First dose: none is logged; no dosing day is over yet."
    assert persists == "Persistence: none to tell; no dose is logged."


def test_once_a_dosing_day_is_over_its_plan_has_begun() -> None:
    """The first day counts from the day after it on, or as soon as something is logged for it."""
    schedule = lay_out(a_plan())
    over = adherence(day_by_day(schedule, record_of(), on(2)))
    logged_at_once = adherence(day_by_day(schedule, record_of(taken(1)), on(1)))
    assert (over.initiation.planned, over.initiation.earliest) == (on(1), on(1))
    assert logged_at_once.initiation.after == Bounded(0, 0)


@pytest.mark.parametrize(
    ("pattern", "state", "last", "days"),
    [
        ("ttt", Persists.GOES_ON, 3, Bounded(3, 3)),
        ("tttMM", Persists.NO_DOSE_SINCE, 3, Bounded(3, 3)),
        ("ttMt?M?", Persists.NOT_KNOWN, 4, Bounded(4, 7)),
        ("?Mtt", Persists.GOES_ON, 4, Bounded(2, 4)),
    ],
)
def test_a_record_that_ends_claims_nothing(
    pattern: str, state: Persists, last: int, days: Bounded[int]
) -> None:
    found = measured(pattern).persistence
    assert (found.state, found.last, found.days) == (state, on(last), days)


def test_not_known_since_names_the_first_day_that_is_not_logged() -> None:
    found = measured("ttMt?M?").persistence
    assert found.not_known_since == on(5)
    assert found.told() == (
        "Persistence: between 4 and 7 days, last dose logged Wed 4 Mar 2026; "
        "not known since Thu 5 Mar 2026."
    )


def test_a_stop_ends_it_at_the_last_dose_before() -> None:
    plan = a_signed_plan(timezone="UTC").amended(Stop(effective=on(8), at=REVISED_AT, **SIGNED))
    found = adherence(laid("ttttMMM??", plan), stopped=plan.course.stopped)
    assert found.persistence.state is Persists.STOPPED
    assert found.persistence.days == Bounded(4, 4)
    assert known(found.implementation.taking) == "4 of 4 (100%)"
    assert found.implementation.holidays == Bounded(0, 0)


def test_days_not_logged_before_a_stop_leave_its_end_open() -> None:
    found = measured("tttMM?M", stopped=on(8))
    assert found.persistence.days == Bounded(3, 6)
    assert found.implementation.taking == Bounded(Share(3, 6), Share(4, 4))


def test_a_stop_that_is_to_come_changes_nothing() -> None:
    assert measured("tttMM", stopped=on(9)) == measured("tttMM")


def test_a_dose_after_a_stop_is_in_no_measure() -> None:
    found = measured("tttTT", stopped=on(4))
    assert found.persistence.last == on(3)
    assert found.implementation.due == 3


def test_what_is_told_names_how_many_and_what_is_missing_and_what_a_log_cannot_show() -> None:
    lines = measured("tt?MTt").told()
    assert lines == (
        "First dose logged: Sun 1 Mar 2026, as planned.",
        (
            "Days on which a dose was due: 6; not logged: 1; with a dose of unknown time: 1; "
            "with a dose that was not planned: 0."
        ),
        "Doses taken, of doses planned: between 4 of 6 (66.67%) and 5 of 6 (83.33%).",
        "Days with just the planned dose: between 4 of 6 (66.67%) and 5 of 6 (83.33%).",
        "Days with any dose: between 4 of 6 (66.67%) and 5 of 6 (83.33%).",
        "Within 3 hours of the planned time: between 3 of 6 (50%) and 5 of 6 (83.33%).",
        "18 to 30 hours after the dose of the day before: between 1 of 5 (20%) and 3 of 5 (60%).",
        (
            "Amount taken, of the amount planned: "
            "between 6 mg of 9 mg (66.67%) and 7.5 mg of 9 mg (83.33%)."
        ),
        "Drug holidays, 3 due days or more in a row without a dose: 0.",
        "Persistence: 6 days, last dose logged Fri 6 Mar 2026; so far.",
        (
            "A day that is not logged is neither taken nor missed: the lower value counts it as "
            "not taken, the higher one as taken as planned."
        ),
        "A log shows what was written down; it does not show what was swallowed.",
    )


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("MM", "First dose: none is logged; it was planned for Sun 1 Mar 2026."),
        ("MM", "Persistence: none to tell; no dose is logged."),
        ("Mt", "First dose logged: Mon 2 Mar 2026, 1 day after the planned first day."),
        ("ttM", "each due day since then is logged as without a dose."),
        ("tt", "Amount taken, of the amount planned: 3 mg of 3 mg (100%)."),
    ],
)
def test_each_state_has_its_words(pattern: str, words: str) -> None:
    assert any(words in line for line in measured(pattern).told())


def test_a_stop_is_told() -> None:
    assert "then the treatment was stopped" in measured("ttM", stopped=on(4)).told()[-2]


def test_a_part_of_nothing_is_no_share() -> None:
    for part, whole in ((1, 0), (-1, 2), (0, -1)):
        with pytest.raises(LdnTitrateError, match="is no share"):
            Share(part, whole)


@pytest.mark.parametrize(
    ("share", "percent"),
    [(Share(2, 3), "66.67%"), (Share(1, 8), "12.5%"), (Share(1, 20000), "0.01%"),
     (Share(0, 7), "0%"), (Share(10, 10), "100%"), (Share(0, 0), "not defined")],
)  # fmt: skip
def test_a_share_is_rounded_half_up_to_two_decimals(share: Share, percent: str) -> None:
    assert share.percent == percent


def test_a_threshold_is_compared_exactly() -> None:
    """In binary numbers 0.1 times 3 is more than 0.3; 0.7 of 30 is just 21."""
    assert Share(21, 30).is_at_least(70) is True
    assert Share(79, 99).is_at_least(80) is False
    assert Share(0, 0).is_at_least(80) is None


def stripped(pattern: str, *, stopped: bool) -> str:
    """Leave only what lies between the first dose and the last, or the end."""
    begun = pattern.lstrip("MS")
    return begun.rstrip("MS") if stopped else begun


def naive(pattern: str, *, stopped: bool = False) -> dict[str, object]:
    """Measure days that are all logged, by counting letters; each dose is of 1.5 mg."""
    days = stripped(pattern, stopped=stopped)
    doses = {**dict.fromkeys("tleTH", 1), "D": 2}
    amounts = {**dict.fromkeys("tleT", 1500), "H": 500, "D": 3000}
    return {
        "taking": (sum(doses.get(one, 0) for one in days), len(days)),
        "correct": (len(re.findall("[tleT]", days)), len(days)),
        "with_dose": (len(re.findall("[^MS]", days)), len(days)),
        "micrograms": (sum(amounts.get(one, 0) for one in days), 1500 * len(days)),
        "holidays": len(re.findall("[MS]{3,}", days)),
    }


@given(st.text(KNOWN, min_size=1, max_size=14), st.booleans())
def test_an_oracle_that_counts_letters_agrees(pattern: str, stopped: bool) -> None:  # noqa: FBT001
    end = on(len(pattern) + 1) if stopped else None
    found = measured(pattern, stopped=end).implementation
    wanted = naive(pattern, stopped=stopped)
    shares = {name: getattr(found, name) for name in wanted if name != "holidays"}
    assert {name: (one.low.part, one.low.whole) for name, one in shares.items()} | {
        "holidays": found.holidays.low
    } == wanted
    assert all(one.is_known for one in (*shares.values(), found.holidays))


def lies_within(inner: Bounded[Share], outer: Bounded[Share]) -> bool:
    """Say whether bounds lie within wider ones; what is not defined lies anywhere."""
    numbers = [one.fraction for one in (outer.low, inner.low, inner.high, outer.high)]
    if inner.low.fraction is None:
        return True
    return None not in numbers and numbers == sorted(one or Fraction(0) for one in numbers)


@st.composite
def completions(draw: st.DrawFn) -> tuple[str, str]:
    """Give a pattern with days not logged, and the same with some or all of them filled in."""
    pattern = draw(st.text(ANY, min_size=1, max_size=14))
    filled = [draw(st.sampled_from(AS_PLANNED_OR_LESS + "?")) if one == "?" else one
              for one in pattern]  # fmt: skip
    return pattern, "".join(filled)


@given(completions(), st.booleans())
@example(("?MMMtt", "MMMMtt"), False)  # noqa: FBT003
@example(("DMM?", "DMMM"), True)  # noqa: FBT003
@example(("?MM", "tMM"), False)  # noqa: FBT003
def test_the_bounds_hold_whatever_the_days_not_logged_were(
    patterns: tuple[str, str],
    stopped: bool,  # noqa: FBT001
) -> None:
    """Each day more that is known only narrows them."""
    end = on(len(patterns[0]) + 1) if stopped else None
    before, after = (measured(one, stopped=end) for one in patterns)
    for name in SHARES:
        bounds = (getattr(one.implementation, name) for one in (after, before))
        assert lies_within(*bounds), name
    for inner, outer in (
        (after.implementation.holidays, before.implementation.holidays),
        (after.persistence.days, before.persistence.days),
    ):
        assert outer.low <= inner.low <= inner.high <= outer.high
    if after.initiation.after and before.initiation.after:
        assert before.initiation.after.low <= after.initiation.after.low
        assert after.initiation.after.high <= before.initiation.after.high


def test_bounds_that_do_not_hold_would_be_found() -> None:
    assert not lies_within(Bounded(Share(1, 1), Share(1, 1)), Bounded(Share(0, 2), Share(1, 2)))
    assert not lies_within(Bounded(Share(1, 1), Share(1, 1)), Bounded(Share(0, 0), Share(0, 0)))


@given(st.text("tM?", min_size=1, max_size=8), st.booleans())
def test_the_bounds_of_the_holidays_are_reached(pattern: str, stopped: bool) -> None:  # noqa: FBT001
    """Every way in which the days not logged may have gone is counted by hand."""
    ways = product(*("tM" if one == "?" else one for one in pattern))
    counts = [len(re.findall("M{3,}", stripped("".join(one), stopped=stopped))) for one in ways]
    end = on(len(pattern) + 1) if stopped else None
    found = measured(pattern, stopped=end).implementation.holidays
    assert found == Bounded(min(counts), max(counts))


@given(st.text(ANY, min_size=1, max_size=30), st.integers(-400, 400))
def test_shifting_every_date_shifts_every_answer(pattern: str, by: int) -> None:
    move = timedelta(days=by)
    lines = [
        one.replace(day=one.day + move, written_at=one.written_at + move)
        if not isinstance(one, Taken)
        else one.replace(
            day=one.day + move, written_at=one.written_at + move, at=one.at and one.at + move
        )
        for one in logged(pattern)
        if not isinstance(one, Void)
    ]
    plan = a_plan(timezone="UTC", start=on(1) + move)
    moved = adherence(day_by_day(lay_out(plan), record_of(*lines), on(len(pattern) + 1) + move))
    before = measured(pattern)
    assert moved.implementation == before.implementation
    assert moved.initiation.after == before.initiation.after
    assert moved.persistence.days == before.persistence.days
    assert moved.persistence.last == (before.persistence.last and before.persistence.last + move)


@given(st.text(ANY, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_what_was_taken_back_change_nothing(
    pattern: str, shuffled: random.Random
) -> None:
    slip = taken(1, "4.5 mg", number=9)
    void = an_entry(Void, of=slip.id, reason="An invented slip")
    lines = [*logged(pattern), slip, void]
    shuffled.shuffle(lines)
    days = day_by_day(lay_out(a_plan(timezone="UTC")), Record(tuple(lines)), on(len(pattern) + 1))
    assert adherence(days) == measured(pattern)


def test_a_resumed_plan_is_measured_on_both_sides_of_its_pause() -> None:
    plan = a_signed_plan(timezone="UTC").amended(Pause(effective=on(3), at=REVISED_AT, **SIGNED))
    plan = plan.amended(Resume(effective=on(6), dose=Dose.parse("1.5 mg"), at=REVISED_AT, **SIGNED))
    assert known(adherence(laid("tM???tM", plan)).implementation.with_dose) == "2 of 4 (50%)"
