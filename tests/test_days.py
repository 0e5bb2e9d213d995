from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.amendment import Pause, Reschedule, Stay, Stop
from ldn_titrate.days import DayByDay, DayStatus, day_by_day, refuse_rewriting
from ldn_titrate.dose import Dose
from ldn_titrate.entry import AdverseEvent, Entry, Remark, Taken, Void
from ldn_titrate.errors import AmendmentError, LdnTitrateError
from ldn_titrate.implementation import implementation
from ldn_titrate.record import Record
from ldn_titrate.schedule import lay_out
from plans import REVISED_AT, a_plan, a_signed_plan
from records import an_entry, missed, on, record_of, records, skipped, taken

if TYPE_CHECKING:
    import random

    from ldn_titrate.plan import Plan

SIGNED: dict[str, Any] = {"by": "Dr Example", "role": "physician", "reason": "An invented reason"}


def read(*lines: Entry, through: int = 42, plan: Plan | None = None) -> DayByDay:
    """Lay lines over a plan, asked on the day after a day of the course."""
    return day_by_day(lay_out(plan or a_plan()), record_of(*lines), on(through + 1))


def statuses(found: DayByDay) -> list[str]:
    """Give the status of each day."""
    return [one.status.value for one in found.days]


def codes(found: DayByDay) -> list[str]:
    """Give the code of each finding."""
    return [one.code for one in found.findings]


def test_a_day_without_an_entry_is_not_logged_and_nothing_else() -> None:
    assert statuses(read(through=3)) == ["not logged"] * 3


def test_taken_skipped_missed_and_not_logged_stay_apart() -> None:
    found = read(taken(1), skipped(2), missed(3), through=4)
    assert statuses(found) == ["taken", "skipped", "missed", "not logged"]
    assert found.findings == ()


@pytest.mark.parametrize(
    ("day", "amounts", "status"),
    [
        (1, ["1.5 mg"], DayStatus.TAKEN),
        (15, ["3 mg"], DayStatus.TAKEN),
        (15, ["1.5 mg", "1.5 mg"], DayStatus.TAKEN),  # in two parts, the planned dose in all
        (15, ["1.5 mg"], DayStatus.DIFFERENT),
        (15, ["4.5 mg"], DayStatus.DIFFERENT),
        (1, ["3 mg"], DayStatus.DOUBLED),
        (1, [None, None], DayStatus.DOUBLED),
        (15, ["3 mg", "1.5 mg"], DayStatus.DOUBLED),
        (15, ["1.5 mg", "0.5 mg"], DayStatus.DIFFERENT),
    ],
)
def test_the_denominator_is_the_dose_planned_for_that_day(
    day: int, amounts: list[str | None], status: DayStatus
) -> None:
    found = read(*(taken(day, one, n) for n, one in enumerate(amounts)), through=day)
    assert found.days[-1].status is status


def test_a_dose_without_an_amount_is_the_planned_one() -> None:
    (*_, last) = read(taken(29), through=29).days
    assert (str(last.planned), str(last.taken)) == ("4.5 mg", "4.5 mg")


@pytest.mark.parametrize(
    ("hour", "minute", "status"), [(22, 0, "taken"), (0, 59, "taken"), (1, 1, "taken late")]
)
def test_a_dose_later_than_three_hours_is_late_and_keeps_its_dosing_day(
    hour: int, minute: int, status: str
) -> None:
    """On 1 March London is at UTC; the plan's time is 22:00."""
    date_ = 1 if hour == 22 else 2
    at = datetime(2026, 3, date_, hour, minute, tzinfo=UTC)
    found = read(taken(1, at=at), through=1)
    assert statuses(found) == [status]
    assert found.findings == ()


def test_a_time_of_another_dosing_day_is_told_and_the_day_as_told_counts() -> None:
    found = read(taken(1, at=datetime(2026, 3, 2, 12, 0, tzinfo=UTC)), through=2)
    assert statuses(found) == ["taken late", "not logged"]
    assert codes(found) == ["record.other-day"]


def test_a_dose_by_the_clocks_of_another_zone_is_timed_by_them() -> None:
    """22:00 in Auckland is 09:00 in London, 13 hours before the plan's own time."""
    at = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
    found = read(taken(5, at=at, timezone="Pacific/Auckland"), through=5)
    assert found.days[-1].status is DayStatus.TAKEN
    assert found.days[-1].late == timedelta(0)
    assert codes(found) == ["record.other-zone"]


def test_what_was_taken_outweighs_what_was_said_to_be_missed_and_both_are_named() -> None:
    found = read(taken(1), missed(1), through=1)
    assert statuses(found) == ["taken"]
    assert codes(found) == ["record.contradiction"]


def test_skipped_on_purpose_outweighs_missed() -> None:
    found = read(skipped(1), missed(1), through=1)
    assert statuses(found) == ["skipped"]
    assert codes(found) == ["record.contradiction"]


def test_entries_before_the_start_count_for_no_day_and_are_told() -> None:
    found = read(an_entry(Taken, day=date(2026, 2, 27)), through=2)
    assert statuses(found) == ["not logged"] * 2
    assert codes(found) == ["record.before-start"]


def test_entries_after_the_day_of_asking_count_for_no_day_and_are_told() -> None:
    found = read(taken(10), through=5)
    assert statuses(found) == ["not logged"] * 5
    assert codes(found) == ["record.future"]


def test_the_day_of_asking_counts_once_something_is_logged_for_it() -> None:
    schedule = lay_out(a_plan())
    assert len(day_by_day(schedule, record_of(), on(5)).days) == 4
    assert len(day_by_day(schedule, record_of(taken(5)), on(5)).days) == 5


def test_what_is_written_down_before_its_day_is_told() -> None:
    early = taken(5, written_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert codes(read(early, through=5)) == ["record.written-early"]


def test_a_dose_of_another_plan_counts_for_no_day() -> None:
    found = read(taken(1, plan="0000-1"), through=1)
    assert statuses(found) == ["not logged"]
    assert codes(found) == ["record.other-plan"]


def test_a_dose_of_an_earlier_version_of_the_plan_counts() -> None:
    plan = a_plan()
    assert statuses(read(taken(1, plan=plan.code), through=1)) == ["taken"]


def test_days_of_a_pause_are_paused_and_a_dose_in_them_is_told() -> None:
    pause = Pause(effective=on(3), at=REVISED_AT, **SIGNED)
    plan = a_signed_plan().amended(pause)
    found = read(taken(4, "1.5 mg"), plan=plan, through=5)
    assert statuses(found)[2:] == ["paused", "different amount", "paused"]
    assert codes(found) == ["record.dose-not-planned"]


def test_after_a_stop_no_dose_is_due_and_one_taken_is_told() -> None:
    plan = a_signed_plan().amended(Stop(effective=on(3), at=REVISED_AT, **SIGNED))
    found = read(taken(1), taken(4), plan=plan, through=4)
    assert statuses(found) == ["taken", "not logged", "not due", "different amount"]
    assert codes(found) == ["record.dose-not-planned"]
    assert found.days[-1].taken is None  # no amount was told, and none was planned


def test_a_plan_that_was_moved_is_read_from_its_new_start() -> None:
    moved = Reschedule(effective=on(1), start=on(8), at=REVISED_AT, **SIGNED)
    plan = a_signed_plan().amended(moved)
    assert len(read(plan=plan, through=10).days) == 3


def test_other_entries_say_nothing_of_the_doses() -> None:
    event = an_entry(AdverseEvent, term="headache", grade=1, scale="CTCAE", scale_version="5.0")
    found = read(event, an_entry(Remark, text="An invented remark"), through=1)
    assert statuses(found) == ["not logged"]


def test_a_void_makes_an_entry_as_if_it_had_never_been() -> None:
    slip = taken(1)
    void = an_entry(Void, of=slip.id, reason="An invented slip")
    assert statuses(read(slip, void, through=1)) == ["not logged"]


def test_a_void_of_nothing_or_of_a_void_is_told() -> None:
    void = an_entry(Void, of=UUID(int=5), reason="An invented slip")
    second = an_entry(Void, 2, of=void.id, reason="An invented slip")
    assert sorted(codes(read(void, second, through=1))) == [
        "record.void-of-nothing",
        "record.void-of-void",
    ]


@given(records(), st.integers(1, 60))
def test_every_day_from_the_start_is_there_exactly_once(record: Record, last: int) -> None:
    days = [one.day for one in day_by_day(lay_out(a_plan()), record, on(last)).days]
    assert days == [on(n) for n in range(1, len(days) + 1)]
    assert last - 1 <= len(days) <= last


@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing_and_twice_counts_once(
    record: Record, shuffled: random.Random
) -> None:
    lines = [*record.lines, *record.lines[:5]]
    shuffled.shuffle(lines)
    assert Record(tuple(lines)) == record
    assert day_by_day(lay_out(a_plan()), Record(tuple(lines)), on(60)) == day_by_day(
        lay_out(a_plan()), record, on(60)
    )


def naive_status(record: Record, number: int) -> str:
    """Read one day of the course by itself, with the doses of the default protocol by heart."""
    planned = 1500 if number <= 14 else 3000 if number <= 28 else 4500
    taken_back = [one.of for one in record.lines if isinstance(one, Void)]
    told = [one for one in record.lines if not isinstance(one, Void) and one.id not in taken_back]
    kinds = [one.kind for one in told if one.day == on(number)]
    doses = [one for one in told if isinstance(one, Taken) and one.day == on(number)]
    total = sum(one.amount.micrograms if one.amount else planned for one in doses)
    if not doses:
        return next((one for one in ("skipped", "missed") if one in kinds), "not logged")
    if total == planned:
        return "taken"
    is_more = total > planned and len(doses) > 1
    return "doubled" if is_more or total >= 2 * planned else "different amount"


@given(records(), st.integers(2, 61))
def test_an_oracle_that_reads_each_day_by_itself_agrees(record: Record, as_of: int) -> None:
    found = day_by_day(lay_out(a_plan()), record, on(as_of))
    wanted = [naive_status(record, number) for number in range(1, as_of + 1)]
    assert statuses(found) == wanted[: len(found.days)]
    assert len(found.days) == as_of - (wanted[-1] == "not logged")
    assert sum(statuses(found).count(one) for one in DayStatus) == len(found.days)


@given(records(), st.integers(1, 60), st.sampled_from((None, "1.5 mg", "3 mg")))
def test_one_more_dose_lowers_no_share_of_doses_taken(
    record: Record, day: int, amount: str | None
) -> None:
    """Whatever else is told of its day, and with the same due days."""
    schedule, more = lay_out(a_plan()), record.with_lines([taken(day, amount, number=9)])
    before, after = (
        implementation(day_by_day(schedule, one, on(61)).days[:60]) for one in (record, more)
    )
    for name in ("taking", "with_dose"):
        low, high = getattr(before, name), getattr(after, name)
        assert low.low.part <= high.low.part
        assert low.high.part <= high.high.part
    assert before.micrograms.low.part <= after.micrograms.low.part


@given(records(), st.integers(1, 40), st.integers(0, 20))
def test_asking_later_changes_no_day_that_was_over(record: Record, first: int, more: int) -> None:
    """And asking of an earlier day tells nothing of a later one."""
    schedule = lay_out(a_plan())
    early, late = (day_by_day(schedule, record, on(one)).days for one in (first, first + more))
    assert late[: len(early)] == early
    alone = day_by_day(schedule, record.up_to(on(first)), on(first))
    assert alone.days == early


@given(records())
def test_a_record_without_its_voided_entries_reads_the_same(record: Record) -> None:
    bare = Record(tuple(record.entries))
    schedule = lay_out(a_plan())
    assert day_by_day(schedule, record, on(61)).days == day_by_day(schedule, bare, on(61)).days


@given(records(), st.integers(-400, 400))
def test_shifting_every_date_shifts_every_answer(record: Record, by: int) -> None:
    """The plan is in UTC, so that no clock change comes between."""
    move = timedelta(days=by)
    moved = Record(
        tuple(
            one.replace(written_at=one.written_at + move)
            if isinstance(one, Void)
            else one.replace(written_at=one.written_at + move, day=one.day + move)
            for one in record.lines
        )
    )
    before = day_by_day(lay_out(a_plan(timezone="UTC")), record, on(61))
    plan = a_plan(timezone="UTC", start=on(1) + move)
    after = day_by_day(lay_out(plan), moved, on(61) + move)
    assert [one.day + move for one in before.days] == [one.day for one in after.days]
    assert statuses(before) == statuses(after)


def test_a_newer_plan_that_changes_days_the_record_tells_of_is_refused() -> None:
    """Only what was kept before, or what ends the doses, may reach back to such a day."""
    stay = Stay(effective=on(8), days=14, at=REVISED_AT, **SIGNED)
    stayed = a_signed_plan().amended(stay)
    told = record_of(taken(8))
    with pytest.raises(AmendmentError, match="doses up to 2026-03-08; version 2"):
        refuse_rewriting(stayed, told, since=1)
    refuse_rewriting(stayed, told, since=2)
    refuse_rewriting(stayed, record_of(taken(7)), since=1)
    refuse_rewriting(stayed, record_of(an_entry(Remark, day=on(9), text="An example")), since=1)
    stopped = a_signed_plan().amended(Stop(effective=on(8), at=REVISED_AT, **SIGNED))
    refuse_rewriting(stopped, told, since=1)


def test_a_pause_that_resumes_before_the_last_day_told_of_is_refused() -> None:
    """It would plan 1.5 mg for day 21, on which 3 mg were planned and taken."""

    def paused(until: int) -> Plan:
        resume_at = Dose.parse("1.5 mg")
        pause = Pause(
            effective=on(18), until=on(until), resume_at=resume_at, at=REVISED_AT, **SIGNED
        )
        return a_signed_plan().amended(pause)

    told = record_of(taken(21, "3 mg"))
    with pytest.raises(AmendmentError, match="doses up to 2026-03-21; version 2"):
        refuse_rewriting(paused(until=21), told, since=1)
    refuse_rewriting(paused(until=22), told, since=1)


@pytest.mark.parametrize("as_of", [date.min, date(1999, 12, 31), date(2200, 1, 1), date.max])
def test_a_day_of_asking_that_no_plan_reaches_is_refused(as_of: date) -> None:
    """It is a slip of the pen, and must not count a hundred years as not logged."""
    with pytest.raises(LdnTitrateError, match="lies between 2000-01-01 and 2199-12-31"):
        day_by_day(lay_out(a_signed_plan()), record_of(), as_of)


@pytest.mark.parametrize(
    ("hours", "status"), [(0, DayStatus.TAKEN), (3, DayStatus.TAKEN), (4, DayStatus.LATE)]
)
def test_a_dose_after_midnight_is_timed_on_the_date_after_its_dosing_day(
    hours: int, status: DayStatus
) -> None:
    """Bedtime is half past midnight: the dose of day 3 is due on the date of day 4."""
    plan = a_signed_plan(bedtime=time(0, 30), timezone="UTC")
    due = datetime.combine(on(4), time(0, 30), UTC)

    at = due + timedelta(hours=hours)
    found = day_by_day(lay_out(plan), record_of(taken(3, at=at, written_at=at)), on(5)).days[2]

    assert (found.day, found.status, found.late) == (on(3), status, timedelta(hours=hours))
