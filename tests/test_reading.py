"""How one entry is read: what it stands for, whether it counts, and what is odd of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.amendment import Pause, Resume, StepBack, Stop
from ldn_titrate.days import DayByDay, DayStatus, day_by_day
from ldn_titrate.dose import Dose
from ldn_titrate.entry import Applied, Remark, Taken, Void
from ldn_titrate.errors import ScheduleError
from ldn_titrate.findings import Severity
from ldn_titrate.implementation import implementation
from ldn_titrate.schedule import lay_out
from ldn_titrate.share import Bounded, Share
from plans import (
    REVISED_AT,
    a_plan,
    a_protocol,
    a_signed_plan,
    another_drug,
    linear,
    listed_steps,
    products,
    step,
)
from records import an_entry, missed, on, record_of, skipped, taken

if TYPE_CHECKING:
    from ldn_titrate.entry import Entry
    from ldn_titrate.plan import Plan

SIGNED: dict[str, Any] = {"by": "Dr Example", "role": "physician", "reason": "An invented reason"}
FIRST = a_signed_plan()
BACK = FIRST.amended(StepBack(effective=on(20), at=REVISED_AT, **SIGNED))  # from 3 to 1.5 mg


def read(plan: Plan, *lines: Entry, through: int) -> DayByDay:
    """Lay lines over a plan, asked on the day after a day of the course."""
    return day_by_day(lay_out(plan), record_of(*lines), on(through + 1))


def codes(found: DayByDay) -> list[str]:
    """Give the code of each finding."""
    return [one.code for one in found.findings]


def test_a_dose_as_planned_is_that_of_the_version_that_it_names() -> None:
    """Who logs by the old version took the old dose; the newer one plans less for that day."""
    found = read(BACK, taken(20, plan=FIRST.code), through=20)

    assert (str(found.days[-1].planned), str(found.days[-1].taken)) == ("1.5 mg", "3 mg")
    assert found.days[-1].status is DayStatus.DOUBLED
    (told,) = found.findings
    assert (told.code, told.severity) == ("record.older-version", Severity.WARNING)
    assert told.message == "by version 1, which it names, 3 mg was planned for that day"


@pytest.mark.parametrize("plan", [None, BACK.code])
def test_a_dose_without_an_older_version_is_that_of_the_newest(plan: str | None) -> None:
    found = read(BACK, taken(20, plan=plan), through=20)
    assert (found.days[-1].status, found.findings) == (DayStatus.TAKEN, ())


def test_an_amount_that_was_told_is_that_amount_whatever_the_version() -> None:
    found = read(BACK, taken(20, "1.5 mg", plan=FIRST.code), through=20)
    assert (found.days[-1].status, found.findings) == (DayStatus.TAKEN, ())


@pytest.mark.parametrize("kind", [Pause, Stop])
def test_what_ends_the_doses_afterwards_leaves_the_amount_that_was_taken(kind: Any) -> None:
    """They end from day 20 on; the dose of day 21 was planned and taken before that was known."""
    ended = FIRST.amended(kind(effective=on(20), at=REVISED_AT, **SIGNED))

    found = read(ended, taken(21, plan=FIRST.code), through=21)

    assert (found.days[-1].planned, str(found.days[-1].taken)) == (None, "3 mg")
    assert found.days[-1].status is DayStatus.DIFFERENT
    assert codes(found) == ["record.older-version", "record.dose-not-planned"]


def test_a_dose_of_a_newer_version_than_the_plan_has_no_known_amount() -> None:
    """Nothing is guessed: the amount and whether it was right stay open, and it was a dose."""
    found = read(FIRST, taken(1, plan=BACK.code), through=1)

    assert found.days[-1].taken is None
    assert codes(found) == ["record.newer-version"]
    assert "its amount is not known" in found.findings[0].message
    measures = implementation(found.days)
    assert measures.micrograms == Bounded(Share(0, 1500), Share(1500, 1500))
    assert measures.correct == Bounded(Share(0, 1), Share(1, 1))
    assert measures.with_dose == Bounded(Share(1, 1), Share(1, 1))


def test_a_told_amount_of_a_newer_version_counts() -> None:
    found = read(FIRST, taken(1, "1.5 mg", plan=BACK.code), through=1)
    assert (found.days[-1].status, codes(found)) == (DayStatus.TAKEN, ["record.newer-version"])


def test_a_dose_of_a_version_that_planned_none_has_no_known_amount() -> None:
    """By version 2 the plan pauses; by version 3, signed later, it goes on from day 10."""
    paused = FIRST.amended(Pause(effective=on(5), at=REVISED_AT, **SIGNED))
    resume = Resume(effective=on(10), dose=Dose.parse("1.5 mg"), at=REVISED_AT, **SIGNED)

    found = read(paused.amended(resume), taken(10, plan=paused.code), through=10)

    assert (str(found.days[-1].planned), found.days[-1].taken) == ("1.5 mg", None)
    (told,) = found.findings
    assert told.message == "by version 2, which it names, no dose was planned for that day"


@pytest.mark.parametrize("lines", [(skipped(4),), (missed(4),)])
def test_a_day_without_a_dose_that_was_not_due_is_told(lines: tuple[Entry, ...]) -> None:
    stopped = FIRST.amended(Stop(effective=on(3), at=REVISED_AT, **SIGNED))

    found = read(stopped, *lines, through=4)

    assert found.days[-1].status is DayStatus.NOT_DUE
    (told,) = found.findings
    assert (told.code, told.severity) == ("record.nothing-due", Severity.NOTE)
    assert told.where == f"entry {lines[0].id}"


def test_doses_with_the_very_same_time_are_told_and_each_counts() -> None:
    """Two people may have written down one dose; that is for a person to find out."""
    at = datetime(2026, 3, 1, 22, tzinfo=UTC)

    found = read(FIRST, taken(1, at=at), taken(1, number=1, at=at), through=1)

    assert (found.days[-1].status, found.days[-1].times) == (DayStatus.DOUBLED, 2)
    assert codes(found) == ["record.same-time"]
    later = at + timedelta(seconds=1)
    assert codes(read(FIRST, taken(1, at=at), taken(1, number=1, at=later), through=1)) == []


@pytest.mark.parametrize(("seconds", "told"), [(0, []), (1, ["record.written-early"])])
def test_a_time_after_the_writing_is_told(seconds: int, told: list[str]) -> None:
    written = datetime(2026, 3, 1, 22, tzinfo=UTC)
    at = written + timedelta(seconds=seconds)
    assert codes(read(FIRST, taken(1, at=at, written_at=written), through=1)) == told
    cream = an_entry(Applied, at=at, written_at=written)
    assert codes(read(FIRST, cream, through=1)) == told


@pytest.mark.parametrize(("days", "told"), [(1, []), (2, ["record.written-early"])])
def test_a_day_may_have_begun_elsewhere_when_it_is_written_down(days: int, told: list[str]) -> None:
    """Where it is tomorrow already; no place on earth is two days ahead."""
    written = datetime.combine(on(2) - timedelta(days=days), time(22), UTC)
    seen = an_entry(Remark, day=on(2), text="An example", written_at=written)

    assert codes(read(FIRST, seen, through=3)) == told


@pytest.mark.parametrize(("day", "told"), [(3, []), (4, ["record.future"])])
def test_what_is_of_the_day_of_asking_is_not_yet_to_come(day: int, told: list[str]) -> None:
    found = day_by_day(
        lay_out(FIRST), record_of(an_entry(Remark, day=on(day), text="An example")), on(3)
    )
    assert codes(found) == told


def test_a_first_dose_whose_time_is_not_told_leaves_open_when_it_was() -> None:
    """Half is logged without a time, half five hours late: the first of them may be in time."""
    late = datetime(2026, 3, 16, 3, tzinfo=UTC)
    halves = (taken(15, "1.5 mg"), taken(15, "1.5 mg", number=1, at=late))

    found = read(FIRST, *halves, through=15).days[-1]

    assert (found.at, found.late, found.status) == (None, None, DayStatus.TAKEN)
    assert implementation((found,)).on_time == Bounded(Share(0, 1), Share(1, 1))
    assert implementation((found,)).no_time == 1


def test_a_plan_of_several_doses_a_day_is_refused() -> None:
    """Two doses of such a day are no double dose, and one of them is not all of it."""
    rule = listed_steps("6 mg", step("1.5 mg", "P7D"), step("3 mg", doses_per_day=2))
    plan = a_plan(protocol=another_drug(rule))

    with pytest.raises(ScheduleError, match="from 2026-03-08 on, 2 doses a day are planned"):
        read(plan, taken(1), through=1)


def test_a_void_of_a_later_entry_goes_with_it() -> None:
    """As of day 3 nothing is known of day 5, nor that it was taken back."""
    slip = taken(5)
    void = an_entry(Void, of=slip.id, reason="An invented slip")
    nothing = an_entry(Void, 1, of=void.id, reason="An invented slip")

    assert record_of(taken(1), slip, void).up_to(on(3)) == record_of(taken(1))
    assert record_of(taken(1), slip, void).up_to(on(5)) == record_of(taken(1), slip, void)
    assert record_of(nothing).up_to(on(3)) == record_of(nothing)


ZONES = ("UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca")
TIMES = (time(18), time(22), time(23, 59), time(0), time(1, 30), time(2, 30), time(5, 59), time(8))


@given(
    st.sampled_from(ZONES),
    st.sampled_from(TIMES),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
)
def test_a_dose_at_its_planned_instant_is_in_time_on_its_own_day(
    zone: str, bedtime: time, start: date
) -> None:
    """The schedule's instants judge, through nights of 23 and 25 hours and on leap days."""
    schedule = lay_out(a_plan(timezone=zone, bedtime=bedtime, start=start))
    doses = tuple(schedule.doses(start, start + timedelta(days=40)))
    lines = [an_entry(Taken, day=one.day, at=one.at.astimezone(UTC)) for one in doses]

    found = day_by_day(schedule, record_of(*lines), doses[-1].day)

    assert [(one.day, one.late) for one in found.days] == [(d.day, timedelta(0)) for d in doses]
    assert {one.status for one in found.days} == {DayStatus.TAKEN}
    assert "record.other-day" not in codes(found)


def test_the_products_of_a_plan_change_no_reading() -> None:
    """A dose told in mg is that dose, whatever it was made up from."""
    liquid = a_plan(products=products("liquid 1 mg/mL, 0.1 mL syringe"))
    assert read(liquid, taken(1, "1.5 mg"), through=1).days[-1].status is DayStatus.TAKEN


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("15 mg", "15 mg on 2026-03-02 is above what is ever planned, 0.1 mg to 6 mg"),
        ("6.001 mg", "6.001 mg on 2026-03-02 is above what is ever planned, 0.1 mg to 6 mg"),
        ("6 mg", "6 mg on 2026-03-02 is above the recommended range, 0.5 mg to 4.5 mg"),
        ("4.501 mg", "4.501 mg on 2026-03-02 is above the recommended range, 0.5 mg to 4.5 mg"),
        ("0.499 mg", "0.499 mg on 2026-03-02 is below the recommended range, 0.5 mg to 4.5 mg"),
        ("0.09 mg", "0.09 mg on 2026-03-02 is below what is ever planned, 0.1 mg to 6 mg"),
        ("4.5 mg", None),
        ("0.5 mg", None),
        (None, None),
    ],
)
def test_an_amount_outside_the_bounds_is_told_and_counts(
    amount: str | None, told: str | None
) -> None:
    """Ten times the planned 1.5 mg is a slip, or worth knowing at once; which one is not judged."""
    found = read(FIRST, taken(2, amount), through=2)

    assert [one.message for one in found.findings] == (
        [f"{told}; it counts as told, so take it back if it is a slip"] if told else []
    )
    assert codes(found) == ["record.amount-out-of-bounds"] * len(found.findings)
    assert found.days[1].taken == Dose.parse(amount or "1.5 mg")


def test_an_amount_outside_the_bounds_that_is_planned_is_not_told() -> None:
    """Neither a dose that a named person allowed, nor one of a medicine that has other bounds."""
    above = a_plan(
        protocol=a_protocol(linear("6 mg", "1 mg", "P14D", "6 mg")),
        override={"by": "Dr Example", "reason": "An invented reason"},
    )
    rule = listed_steps("20 mg", step("10 mg", "P2W"), step("20 mg", "P2W"))
    other = a_plan(protocol=another_drug(rule), products=products("tablet 5 mg"))

    assert read(above, taken(1, "6 mg", plan=None), through=1).findings == ()
    assert read(other, taken(1, "15 mg", plan=None), through=1).findings == ()
