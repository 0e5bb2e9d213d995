from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ldn_titrate.course import Segment
from ldn_titrate.errors import ScheduleError
from ldn_titrate.library import load_protocol
from ldn_titrate.plan import Plan
from ldn_titrate.protocol import Interval, LinearRule
from ldn_titrate.schedule import Change, Schedule, as_shown, lay_out
from plans import (
    START,
    a_plan,
    a_protocol,
    another_drug,
    dose,
    in_text,
    linear,
    listed_steps,
    products,
    step,
)

HALF = products("capsule 0.5 mg")
FIXED = load_protocol("ldn-oral-4.5mg-fixed")


def on(day: int) -> date:
    """Give the date of a day of the plan; day 1 is that of the first dose."""
    return START + timedelta(days=day - 1)


def in_days(schedule: Schedule) -> list[tuple[int, int | None, str]]:
    """Say each segment by its first and last day and its dose; day 1 is that of the first dose."""
    return [
        (
            (one.first - schedule.first).days + 1,
            (one.last - schedule.first).days + 1 if one.last else None,
            str(one.dose),
        )
        for one in schedule.segments
    ]


@pytest.fixture
def schedule() -> Schedule:
    """Give the default plan from 1 March 2026 on, laid out."""
    return lay_out(a_plan())


@pytest.mark.parametrize("day", ["2026-03-05", datetime(2026, 3, 5, tzinfo=UTC), None])
def test_a_dose_is_asked_for_by_a_date(schedule: Schedule, day: Any) -> None:
    """A text or a moment is told as such, not by what failed inside."""
    with pytest.raises(ScheduleError) as refused:
        schedule.dose_on(day)

    kind = type(day).__name__
    assert str(refused.value) == f"a dosing day is a datetime.date, not of type {kind}"


@pytest.fixture
def weekly() -> Schedule:
    """Give a plan of another drug, taken once a week for four weeks, laid out."""
    rule = listed_steps(
        "20 mg", step("15 mg", "P2W", every_days=7), step("20 mg", "P2W", every_days=7)
    )
    return lay_out(a_plan(protocol=another_drug(rule), products=products("tablet 5 mg")))


def test_the_default_climbs_on_day_15_and_day_29(schedule: Schedule) -> None:
    """Days 1 to 14 are 1.5 mg, 15 to 28 are 3 mg, and from day 29 on it is 4.5 mg."""
    assert in_days(schedule) == [(1, 14, "1.5 mg"), (15, 28, "3 mg"), (29, None, "4.5 mg")]


@pytest.mark.parametrize(
    ("days", "total"),
    [(14, 21), (28, 63), (30, 72), (42, 126), (56, 189), (84, 315), (90, 342)],
)
def test_the_default_adds_up(schedule: Schedule, days: int, total: int) -> None:
    """The doses of so many days come to so many mg."""
    assert schedule.total_mg(on(1), on(days)) == Decimal(total)
    assert sum(one.dose.mg for one in schedule.doses(on(1), on(days))) == Decimal(total)


@pytest.mark.parametrize(
    ("start", "second", "third"),
    [
        (date(2026, 3, 1), date(2026, 3, 15), date(2026, 3, 29)),
        (date(2024, 2, 20), date(2024, 3, 5), date(2024, 3, 19)),
        (date(2025, 12, 25), date(2026, 1, 8), date(2026, 1, 22)),
        (date(2026, 1, 31), date(2026, 2, 14), date(2026, 2, 28)),
    ],
)
def test_the_default_climbs_on_these_dates(start: date, second: date, third: date) -> None:
    """Across the end of February, a leap day and the new year it is 14 days each time."""
    changes = lay_out(a_plan(start=start)).changes(third)

    assert changes == (
        Change(second, dose("1.5 mg"), dose("3 mg")),
        Change(third, dose("3 mg"), dose("4.5 mg")),
    )


@pytest.mark.parametrize(
    ("rule", "levels", "day_of_the_cap"),
    [
        (("0.5 mg", "0.5 mg", "P7D", "4.5 mg"), 9, 57),
        (("0.5 mg", "0.5 mg", "P14D", "4.5 mg"), 9, 113),
        (("1.5 mg", "0.5 mg", "P14D", "4.5 mg"), 7, 85),
        (("1 mg", "1 mg", "P7D", "4.5 mg"), 5, 29),
    ],
)
def test_a_ladder_reaches_its_cap_on_its_day(
    rule: tuple[str, str, str, str], levels: int, day_of_the_cap: int
) -> None:
    """So many levels, the last one of them from that day on."""
    laid_out = in_days(lay_out(a_plan(protocol=a_protocol(linear(*rule)), products=HALF)))

    assert len(laid_out) == levels
    assert laid_out[-1] == (day_of_the_cap, None, "4.5 mg")


@pytest.mark.parametrize(
    ("zone", "evening", "instants", "hours"),
    [
        ("Europe/London", date(2026, 3, 28), ("03-28T22:00", "03-29T21:00"), 23),
        ("America/New_York", date(2026, 3, 7), ("03-08T03:00", "03-09T02:00"), 23),
        ("Australia/Sydney", date(2026, 4, 4), ("04-04T11:00", "04-05T12:00"), 25),
        ("Europe/London", date(2026, 10, 24), ("10-24T21:00", "10-25T22:00"), 25),
        ("America/New_York", date(2026, 10, 31), ("11-01T02:00", "11-02T03:00"), 25),
        ("Asia/Kolkata", date(2026, 3, 28), ("03-28T16:30", "03-29T16:30"), 24),
    ],
)
def test_the_wall_clock_is_kept_when_the_clocks_change(
    zone: str, evening: date, instants: tuple[str, str], hours: int
) -> None:
    """At 22:00 on both evenings, 23 or 25 hours apart where the clocks changed between them."""
    laid_out = lay_out(a_plan(timezone=zone, start=evening))
    before, after = laid_out.doses(evening, evening + timedelta(days=1))

    assert (f"{before.at:%H:%M}", f"{after.at:%H:%M}") == ("22:00", "22:00")
    assert (in_utc(before.at), in_utc(after.at)) == instants
    assert after.at.astimezone(UTC) - before.at.astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("bedtime", "day", "shown", "utc"),
    [
        # 8 March 2026: at 02:00 the clocks go on to 03:00.
        ("00:30", date(2026, 3, 7), "2026-03-08T00:30:00-05:00", "03-08T05:30"),
        ("00:30", date(2026, 3, 8), "2026-03-09T00:30:00-04:00", "03-09T04:30"),
        ("01:59", date(2026, 3, 7), "2026-03-08T01:59:00-05:00", "03-08T06:59"),
        ("02:00", date(2026, 3, 7), "2026-03-08T03:00:00-04:00", "03-08T07:00"),
        ("02:30", date(2026, 3, 6), "2026-03-07T02:30:00-05:00", "03-07T07:30"),
        ("02:30", date(2026, 3, 7), "2026-03-08T03:30:00-04:00", "03-08T07:30"),
        ("02:30", date(2026, 3, 8), "2026-03-09T02:30:00-04:00", "03-09T06:30"),
        ("03:00", date(2026, 3, 7), "2026-03-08T03:00:00-04:00", "03-08T07:00"),
        # 1 November 2026: at 02:00 the clocks go back to 01:00.
        ("00:30", date(2026, 10, 31), "2026-11-01T00:30:00-04:00", "11-01T04:30"),
        ("01:30", date(2026, 10, 31), "2026-11-01T01:30:00-04:00", "11-01T05:30"),
        ("01:30", date(2026, 11, 1), "2026-11-02T01:30:00-05:00", "11-02T06:30"),
        ("02:30", date(2026, 10, 31), "2026-11-01T02:30:00-05:00", "11-01T07:30"),
    ],
)
def test_a_skipped_or_repeated_hour_in_new_york(
    bedtime: str, day: date, shown: str, utc: str
) -> None:
    """A skipped time is read with the offset before the gap; a repeated one is its first."""
    laid_out = lay_out(a_plan(timezone="America/New_York", bedtime=bedtime, start=day))
    (one,) = laid_out.doses(day, day)

    assert one.day == day
    assert one.at.isoformat() == shown
    assert in_utc(one.at) == utc


@pytest.mark.parametrize(
    ("zone", "day", "shown"),
    [
        ("Africa/Cairo", date(2026, 4, 23), "2026-04-24T01:30:00+03:00"),
        ("America/Havana", date(2026, 3, 7), "2026-03-08T01:30:00-04:00"),
        ("Australia/Lord_Howe", date(2026, 10, 3), "2026-10-04T00:30:00+10:30"),
    ],
)
def test_a_midnight_that_is_skipped_moves_the_dose_within_the_night(
    zone: str, day: date, shown: str
) -> None:
    """Where the hour after midnight is skipped, 00:30 shows an hour later on that night only."""
    laid_out = lay_out(a_plan(timezone=zone, bedtime="00:30", start=day))
    first, second = laid_out.doses(day, day + timedelta(days=1))

    assert first.at.isoformat() == shown
    assert f"{second.at:%H:%M}" == "00:30"


def test_a_skipped_time_within_a_run_moves_that_night_only() -> None:
    """At 02:30 in New York the dose of 7 March 2026 shows 03:30, those around it 02:30."""
    laid_out = lay_out(a_plan(timezone="America/New_York", bedtime="02:30"))

    shown = {one.day: f"{one.at:%H:%M}" for one in laid_out.doses(on(1), on(84))}

    assert {day: clock for day, clock in shown.items() if clock != "02:30"} == {
        date(2026, 3, 7): "03:30"
    }


def test_a_dose_after_midnight_belongs_to_the_evening_before() -> None:
    """At 00:30 the dose of the dosing day 1 March is taken on 2 March."""
    laid_out = lay_out(a_plan(bedtime="00:30"))
    (first,) = laid_out.doses(START, START)

    assert (first.day, first.at.date()) == (date(2026, 3, 1), date(2026, 3, 2))


def test_a_morning_dose_belongs_to_its_own_date() -> None:
    """At 07:15 the dose of 1 March is taken on 1 March, also in summer time."""
    laid_out = lay_out(a_plan(bedtime="07:15"))

    assert [one.at.isoformat() for one in laid_out.doses(date(2026, 3, 28), date(2026, 3, 29))] == [
        "2026-03-28T07:15:00+00:00",
        "2026-03-29T07:15:00+01:00",
    ]


def test_a_dose_knows_its_day_its_amount_and_its_step(schedule: Schedule) -> None:
    """The dose of day 15 is the first one of step 2."""
    (one,) = schedule.doses(on(15), on(15))

    assert (one.day, str(one.dose), one.segment.step) == (date(2026, 3, 15), "3 mg", 2)


def test_months_are_chained_from_step_to_step() -> None:
    """From 31 January a month ends on 28 February, and the next begins there: no 31st returns."""
    rule = linear("1 mg", "1 mg", "P1M", "4 mg")
    laid_out = lay_out(a_plan(protocol=a_protocol(rule), products=HALF, start=date(2026, 1, 31)))

    assert [one.first for one in laid_out.segments] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 28),
        date(2026, 4, 28),
    ]
    assert laid_out.segments[0].last == date(2026, 2, 27)


def test_an_open_step_in_the_middle_holds_until_the_prescriber_decides() -> None:
    """3 mg stays; the 4.5 mg listed after it are not on the calendar."""
    laid_out = lay_out(a_plan(protocol=load_protocol("ldn-oral-3mg-then-4.5mg")))

    assert in_days(laid_out) == [(1, None, "3 mg")]
    assert laid_out.last is None
    assert laid_out.changes(on(3650)) == ()


def test_a_plan_that_ends_has_a_last_day() -> None:
    """After it no dose is due."""
    rule = listed_steps("3 mg", step("3 mg", "P7D"), step("1.5 mg", "P7D"))
    laid_out = lay_out(a_plan(protocol=a_protocol(rule)))

    assert in_days(laid_out) == [(1, 7, "3 mg"), (8, 14, "1.5 mg")]
    assert laid_out.last == on(14)
    assert laid_out.dose_on(on(14)) == dose("1.5 mg")
    assert laid_out.dose_on(on(15)) is None
    assert laid_out.segment_on(on(15)) is None
    assert len(list(laid_out.doses(on(1), on(100)))) == 14


def test_a_dose_may_fall_and_a_step_may_repeat_it() -> None:
    """A change is told where the dose differs, not where only a step ends."""
    rule = listed_steps("3 mg", step("3 mg", "P7D"), step("3 mg", "P7D"), step("1.5 mg"))
    laid_out = lay_out(a_plan(protocol=a_protocol(rule)))

    assert laid_out.changes(on(100)) == (Change(on(15), dose("3 mg"), dose("1.5 mg")),)


def test_a_change_is_told_from_its_day_on(schedule: Schedule) -> None:
    """Up to day 14 there is none, up to day 15 there is one."""
    assert schedule.changes(on(14)) == ()
    assert [one.day for one in schedule.changes(on(15))] == [on(15)]


@pytest.mark.parametrize(
    ("day", "planned"),
    [(0, None), (1, "1.5 mg"), (14, "1.5 mg"), (15, "3 mg"), (28, "3 mg"), (29, "4.5 mg")],
)
def test_each_day_has_its_dose(schedule: Schedule, day: int, planned: str | None) -> None:
    """None before the start, then that of its segment."""
    assert schedule.dose_on(on(day)) == (dose(planned) if planned else None)


def test_there_is_no_segment_before_the_start(schedule: Schedule) -> None:
    """The plan begins with its first dosing day."""
    assert schedule.segment_on(on(0)) is None
    assert schedule.segment_on(on(1)) == schedule.segments[0]
    assert schedule.first == START


def test_days_outside_the_plan_have_no_doses(schedule: Schedule) -> None:
    """Asked for earlier days too, the doses begin with the plan; turned around, there are none."""
    assert [one.day for one in schedule.doses(on(-10), on(2))] == [on(1), on(2)]
    assert list(schedule.doses(on(-10), on(0))) == []
    assert list(schedule.doses(on(5), on(4))) == []
    assert schedule.total_mg(on(-10), on(0)) == Decimal(0)
    assert schedule.units(on(-10), on(0)) == ()


def test_a_cut_through_the_segments_keeps_their_steps(schedule: Schedule) -> None:
    """Days 10 to 20 are the end of step 1 and the beginning of step 2."""
    assert schedule.between(on(10), on(20)) == (
        Segment(1, dose("1.5 mg"), on(10), on(14), schedule.plan.first_setting),
        Segment(2, dose("3 mg"), on(15), on(20), schedule.plan.first_setting),
    )


def test_a_weekly_dose_is_due_on_its_days_only(weekly: Schedule) -> None:
    """On days 1, 8, 15 and 22, and on no day between."""
    due = [day for day in range(1, 30) if weekly.dose_on(on(day))]

    assert due == [1, 8, 15, 22]
    assert [one.day for one in weekly.doses(on(1), on(30))] == [on(day) for day in due]
    assert weekly.total_mg(on(1), on(30)) == Decimal(70)
    assert in_text(weekly.units(on(1), on(30))) == ["14 x tablet 5 mg"]


def test_a_cut_between_two_weekly_doses_keeps_their_days(weekly: Schedule) -> None:
    """From day 2 on the next dose is that of day 8; days 2 to 7 have none."""
    assert [one.day for one in weekly.doses(on(2), on(16))] == [on(8), on(15)]
    assert list(weekly.doses(on(2), on(7))) == []
    assert weekly.between(on(2), on(7)) == ()


def test_a_segment_counts_the_days_that_it_yields(weekly: Schedule) -> None:
    """Up to a day before it, on it, within it and after it."""
    segment = weekly.segments[0]

    for day in range(-20, 30):
        assert segment.count(on(day)) == len(list(segment.days(on(day))))
    assert segment.count(on(100)) == 2


def test_several_doses_a_day_have_no_one_time() -> None:
    """A plan has one time of day, so their instants are refused; their amounts are not."""
    protocol = another_drug(listed_steps("300 mg", step("300 mg", "P7D", doses_per_day=3)))
    laid_out = lay_out(a_plan(protocol=protocol, products=products("tablet 300 mg")))

    assert laid_out.total_mg(on(1), on(7)) == Decimal(6300)
    assert in_text(laid_out.units(on(1), on(7))) == ["21 x tablet 300 mg"]
    with pytest.raises(ScheduleError) as refused:
        list(laid_out.doses(on(1), on(7)))
    assert str(refused.value) == "one time of day cannot time 3 doses"


def test_a_climb_by_a_factor_is_laid_out() -> None:
    """Doubled every two weeks from 10 mg to 80 mg."""
    rule = LinearRule(
        kind="linear",
        start=dose("10 mg"),
        factor=2,
        interval=Interval(days=14),
        cap=dose("80 mg"),
    )
    laid_out = lay_out(a_plan(protocol=another_drug(rule), products=products("tablet 10 mg")))

    assert in_days(laid_out) == [
        (1, 14, "10 mg"),
        (15, 28, "20 mg"),
        (29, 42, "40 mg"),
        (43, None, "80 mg"),
    ]


@pytest.mark.parametrize(
    ("start", "through", "last"),
    [
        (date(2026, 3, 1), None, date(2026, 5, 23)),
        (date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 1)),
        (date(2026, 3, 15), date(2036, 3, 1), date(2036, 3, 1)),
        (date(2026, 3, 15), date(2036, 3, 14), date(2036, 3, 14)),
        (date(2024, 2, 29), date(2034, 1, 31), date(2034, 1, 31)),
    ],
)
def test_a_document_covers_12_weeks_or_what_was_asked(
    start: date, through: date | None, last: date
) -> None:
    """Without a day 84 days are covered; with one any day within ten years."""
    assert lay_out(a_plan(start=start)).horizon(through) == last


@pytest.mark.parametrize("through", [date(2026, 2, 28), date(2036, 4, 1), date(2126, 3, 1)])
def test_a_last_day_before_the_start_or_far_after_it_is_refused(
    schedule: Schedule, through: date
) -> None:
    """It points to a typing error."""
    with pytest.raises(ScheduleError) as refused:
        schedule.horizon(through)

    assert str(refused.value) == (
        f"{through} is no last day for a plan that starts on 2026-03-01; "
        "give a day from then on, within 10 years"
    )


@pytest.mark.parametrize("through", [None, date(2027, 1, 1)])
def test_a_document_ends_with_the_plan(through: date | None) -> None:
    """A plan of two weeks is covered by two weeks."""
    rule = listed_steps("1.5 mg", step("1.5 mg", "P14D"))

    assert lay_out(a_plan(protocol=a_protocol(rule))).horizon(through) == on(14)


def test_the_schedule_keeps_its_plan(schedule: Schedule) -> None:
    """Everything derived can say which plan it came from."""
    assert isinstance(schedule.plan, Plan)
    assert schedule.plan == a_plan()
    assert schedule == lay_out(a_plan())


def test_units_are_counted_as_each_dose_is_made() -> None:
    """4.5 mg are a capsule of 3 mg and one of 1.5 mg; 3 mg are one capsule."""
    have = products("capsule 1.5 mg", "capsule 3 mg")
    laid_out = lay_out(a_plan(products=have))

    assert in_text(laid_out.units(on(1), on(42))) == ["28 x capsule 1.5 mg", "28 x capsule 3 mg"]


def test_a_product_that_is_not_needed_is_not_counted() -> None:
    """Up to day 14 there is no capsule of 3 mg."""
    laid_out = lay_out(a_plan(products=products("capsule 3 mg", "capsule 1.5 mg")))

    assert in_text(laid_out.units(on(1), on(14))) == ["14 x capsule 1.5 mg"]


def test_a_wall_time_that_every_clock_shows_stays() -> None:
    """Only a skipped or repeated time is read in another way."""
    (one,) = lay_out(a_plan(protocol=FIXED)).doses(START, START)

    assert as_shown(one.at) == one.at
    assert as_shown(one.at).isoformat() == one.at.isoformat()


def in_utc(moment: datetime) -> str:
    """Say an instant in UTC, without its year."""
    return f"{moment.astimezone(UTC):%m-%dT%H:%M}"
