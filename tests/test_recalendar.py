"""The calendar files of a plan that changes: each updates, renews or withdraws those before."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import icalendar
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clients.versions import Version, amending, released
from judges import icaljs, libical, pypi
from judges.panel import ICALJS, LIBICAL, PANEL, Judge
from ldn_titrate.amendment import (
    Advance,
    ChangeProducts,
    ChangeTime,
    Pause,
    Plateau,
    Reschedule,
    Resume,
    Stay,
    StepBack,
    Stop,
)
from ldn_titrate.course import Gate
from ldn_titrate.errors import ExportError, PlanError
from ldn_titrate.export.calendar import CalendarKind
from plans import (
    DAY_INTERVALS,
    PLACES,
    REVISED_AT,
    START,
    a_signed_plan,
    dose,
    plans,
    products,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from judges.answers import Answer, Occurrence
    from ldn_titrate.amendment import Amendment
    from ldn_titrate.plan import Plan

History = tuple[Version, ...]

_DAY = timedelta(days=1)
_WHY = "An invented reason for a test"


def on(day: int) -> date:
    """Return the so-and-so-many-th dosing day of an invented plan, from 1."""
    return START + (day - 1) * _DAY


FIXED: Final[dict[str, History]] = {
    "stay, step back, stop": released(
        a_signed_plan(),
        (
            amending(Stay, on(15), 1, days=7),
            amending(StepBack, on(29), 2),
            amending(Stop, on(43), 3),
        ),
    ),
    "step back and try again, then settle": released(
        a_signed_plan(timezone="America/New_York", bedtime=time(2, 30)),
        (amending(StepBack, on(18), 1, retry_on=on(32)), amending(Plateau, on(40), 2)),
    ),
    "pause, resume lower, pause again with an end": released(
        a_signed_plan(),
        (
            amending(Pause, on(20), 1),
            amending(Resume, on(27), 2, dose=dose("1.5 mg")),
            amending(Pause, on(34), 3, until=on(37), resume_at=dose("1.5 mg")),
        ),
    ),
    "each increase signed, one early": released(
        a_signed_plan(gate=Gate.SIGN),
        (amending(Advance, on(15), 1), amending(Advance, on(22), 2, early_because=_WHY)),
    ),
    "another time, another zone, other products": released(
        a_signed_plan(),
        (
            amending(ChangeTime, on(10), 1, bedtime=time(23, 30)),
            amending(ChangeTime, on(20), 2, timezone="America/New_York"),
            amending(ChangeProducts, on(30), 3, products=products("capsule 0.5 mg")),
        ),
    ),
    "later, earlier, given up before the first dose": released(
        a_signed_plan(),
        (
            amending(Reschedule, on(1), 1, start=on(8)),
            amending(Reschedule, on(1), 2, start=on(2)),
            amending(Stop, on(2), 3),
        ),
    ),
}

panel = pytest.mark.parametrize("judge", PANEL, ids=lambda judge: judge.name)


def amendments(plan: Plan, day: date, number: int) -> st.SearchStrategy[Amendment]:
    """Give amendments of a plan from a day on; many of them the plan refuses."""

    def one(kind: type[Any], **fields: Any) -> st.SearchStrategy[Amendment]:
        return st.builds(amending, st.just(kind), st.just(day), st.just(number), **fields)

    doses, later = st.sampled_from(plan.protocol.doses), st.integers(1, 30).map(timedelta)
    days = later.map(lambda length: day + length)
    clocks = st.sampled_from((time(21), time(0, 30), time(2, 30), time(8)))
    return st.one_of(
        one(Stay, days=st.none() | st.integers(1, 40)),
        one(StepBack, to=st.none() | doses, retry_on=st.none() | days),
        one(Plateau, dose=st.none() | doses),
        one(Advance, early_because=st.just(_WHY)),
        one(Pause),
        one(Pause, until=days, resume_at=doses),
        one(Resume, dose=doses),
        one(Stop),
        one(Reschedule, start=days),
        one(ChangeTime, bedtime=clocks),
        one(ChangeTime, timezone=PLACES),
        one(ChangeProducts, products=st.just(plan.products[::-1])),
    )


@st.composite
def generated(draw: st.DrawFn) -> History:
    """Give plans with up to four amendments, each version given out up to a day of its own."""
    plan = draw(plans(DAY_INTERVALS)).signed(
        screened_elsewhere=True, by="Dr Example", role="physician", at=REVISED_AT
    )
    versions, day = [Version(plan)], plan.start
    for number in range(1, draw(st.integers(2, 5))):
        day += timedelta(days=draw(st.integers(0, 25)))
        try:
            plan = versions[-1].given().amended(draw(amendments(plan, day, number)))
        except PlanError:
            continue
        days = draw(st.none() | st.integers(0, 200))
        first = Version(plan).schedule.first
        versions.append(Version(plan, None if days is None else first + days * _DAY))
    return tuple(versions)


def with_histories(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test with every fixed history, and with so many generated ones."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        for history in FIXED.values():
            test = example(history=history)(test)
        # Making a history is most of the work here, which is no fault of the strategy.
        patient = settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow])
        return patient(given(history=generated())(test))

    return decorate


def events(file: bytes) -> dict[str, icalendar.Event]:
    """Return the events of a file by their UIDs."""
    found = icalendar.Calendar.from_ical(file).walk("VEVENT")
    by_uid = {str(event["UID"]): event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


def confirmed(file: bytes) -> dict[str, icalendar.Event]:
    """Return the events that stand, by their UIDs."""
    return {uid: event for uid, event in events(file).items() if event["STATUS"] == "CONFIRMED"}


def begins(event: icalendar.Event) -> datetime | None:
    """Return when a reminder first rings, in UTC; None for a note."""
    return event["DTSTART"].dt.astimezone(UTC) if "RRULE" in event else None


def rung(file: bytes, occurrences: Iterable[Occurrence]) -> list[datetime]:
    """Return the instants of the reminders that stand, among all that a judge expanded."""
    standing = confirmed(file)
    return sorted(
        when for uid, when in occurrences if uid in standing and isinstance(when, datetime)
    )


def kinds(version: Version) -> list[CalendarKind]:
    """Return the kinds of file that a version has: nothing can be begun anew where all is over."""
    return [kind for kind in CalendarKind if kind is not CalendarKind.FRESH or version.instants()]


def effective(version: Version) -> date:
    """Return the first dosing day that a version changed."""
    return version.plan.amendments[-1].effective


@with_histories(30)
def test_sequence_and_time_stamp_rise_with_each_version(history: History) -> None:
    """Every event of a later file is newer, by both signs that programs look at."""
    revisions = [
        {
            (int(one["SEQUENCE"]), one["DTSTAMP"].dt, one["LAST-MODIFIED"].dt)
            for one in events(version.file()).values()
        }
        for version in history
    ]

    assert [len(found) for found in revisions] == [1] * len(revisions)
    for (before,), (after,) in pairwise(revisions):
        assert all(old < new for old, new in zip(before, after, strict=True))


def uids_of_segments(version: Version) -> dict[object, str]:
    """Return the UID of each segment, by its step or dose and how often that came before."""
    standing = confirmed(version.file())
    by_start = {begins(event): uid for uid, event in standing.items() if "RRULE" in event}
    schedule, seen = version.schedule, Counter[object]()
    found: dict[object, str] = {}
    for segment in schedule.between(schedule.first, version.last):
        what = segment.step or segment.dose
        seen[what] += 1
        first = next(schedule.doses(segment.first, segment.first))
        found[what, seen[what]] = by_start[first.at.astimezone(UTC)]
    return found


@with_histories(30)
def test_a_segment_that_survives_keeps_its_uid(history: History) -> None:
    """A step that is moved, longer or shorter is the same event."""
    for before, after in pairwise(map(uids_of_segments, history)):
        assert {key: after[key] for key in before if key in after} == {
            key: uid for key, uid in before.items() if key in after
        }


@with_histories(30)
def test_whatever_was_given_out_is_in_each_later_update(history: History) -> None:
    """No reminder is merely left out, since no program drops what a file leaves out."""
    given_before: set[str] = set()
    for version in history:
        file = version.file()

        assert given_before <= set(events(file))
        given_before |= set(events(file))


@with_histories(30)
def test_a_segment_that_has_begun_keeps_its_start(history: History) -> None:
    """What rang before an amendment rang when it rang, in the zone in which it rang."""
    for before, after in pairwise(history):
        doses = before.schedule.doses(before.schedule.first, effective(after) - _DAY)
        over = {dose.at.astimezone(UTC) for dose in doses}
        begun = {uid: one for uid, one in confirmed(before.file()).items() if begins(one) in over}

        later = confirmed(after.file())

        assert {uid: later[uid]["DTSTART"].to_ical() for uid in begun} == {
            uid: one["DTSTART"].to_ical() for uid, one in begun.items()
        }
        assert {uid: later[uid]["DTSTART"].params for uid in begun} == {
            uid: one["DTSTART"].params for uid, one in begun.items()
        }


@with_histories(15)
def test_what_is_cancelled_does_not_ring_and_all_else_does(history: History) -> None:
    """A cancelled event has no alarm, any other event just one."""
    files = [version.file(kind) for version in history for kind in kinds(version)]
    for file in files:
        rings = {(one["STATUS"], len(one.walk("VALARM"))) for one in events(file).values()}

        assert rings <= {("CONFIRMED", 1), ("CANCELLED", 0)}


@with_histories(20)
def test_a_fresh_file_shares_no_uid_with_anything_before(history: History) -> None:
    """A program that remembers deleted events knows none of a fresh file's."""
    given_before: set[str] = set()
    for version in history:
        if CalendarKind.FRESH in kinds(version):
            fresh = version.file(CalendarKind.FRESH)

            assert given_before.isdisjoint(events(fresh))
            assert confirmed(fresh).keys() == events(fresh).keys()
        given_before |= set(events(version.file()))


def test_an_update_goes_on_from_the_fresh_file_before_it() -> None:
    """After a fresh file, updates speak of its events alone; a cancellation forgets none."""
    first, second, *_ = FIXED["stay, step back, stop"]
    earlier, fresh = events(first.file()).keys(), second.file(CalendarKind.FRESH)

    later = Version(second.given(CalendarKind.FRESH))

    assert events(later.file()).keys() == events(fresh).keys()
    assert events(later.file(CalendarKind.CANCEL)).keys() == events(fresh).keys() | earlier
    assert events(later.file(CalendarKind.FRESH)).keys().isdisjoint(events(fresh).keys() | earlier)


@with_histories(20)
def test_a_cancel_file_cancels_whatever_was_given_out(history: History) -> None:
    """Nothing of any earlier file stands after it, and nothing new comes with it."""
    given_before: set[str] = set()
    for version in history:
        cancel = version.file(CalendarKind.CANCEL)
        given_before |= set(events(version.file()))

        assert events(cancel).keys() == given_before
        assert confirmed(cancel) == {}


@with_histories(15)
def test_giving_a_file_out_again_gives_the_same_file(history: History) -> None:
    """The note of a file changes nothing about the file."""
    for version in history:
        again = Version(version.given(), version.through)

        assert again.file() == version.file()
        assert again.given() == version.given()


@with_histories(20)
def test_recurring_ical_events_finds_the_schedule_after_each_version(history: History) -> None:
    """The reminders that stand in an update ring on the schedule's instants and on no others."""
    for version in history:
        file = version.file()

        assert rung(file, pypi.recurring_occurrences(file)) == version.instants()


def engine_finds_the_schedule(
    judge: Callable[[Sequence[bytes]], list[Answer]], versions: Sequence[Version]
) -> None:
    """Compare what an engine expands in each version's update with that version's schedule."""
    files = [version.file() for version in versions]
    answers = judge(files)

    found = [rung(file, one.occurrences) for file, one in zip(files, answers, strict=True)]

    assert found == [version.instants() for version in versions]


@with_histories(5)
@pytest.mark.parametrize(
    ("engine", "judge"),
    [(LIBICAL, libical.judge), (ICALJS, icaljs.judge)],
    ids=["libical", "ical.js"],
)
def test_other_engines_find_the_schedule_after_each_version(
    engine: Judge, judge: Callable[[Sequence[bytes]], list[Answer]], history: History
) -> None:
    """Engines that trust only the file's own zones find the instants of each version."""
    engine.need()

    engine_finds_the_schedule(judge, history)


@with_histories(20)
def test_a_program_that_replaces_by_uid_holds_the_schedule(history: History) -> None:
    """Updates read one over another ring as the newest plan says, without a stale reminder."""
    held: dict[str, icalendar.Event] = {}
    for version in history:
        held |= events(version.file())
        standing = [one for one in held.values() if one["STATUS"] == "CONFIRMED"]
        calendar = icalendar.Calendar()
        calendar.subcomponents = standing

        ringing = [
            when
            for _, when in pypi.recurring_occurrences(calendar.to_ical())
            if isinstance(when, datetime)
        ]

        assert sorted(ringing) == version.instants()


@panel
def test_each_judge_finds_no_fault_in_any_kind_of_file(judge: Judge) -> None:
    """Updates, fresh files and cancellations of every fixed history pass every judge."""
    judge.need()
    versions = [version for history in FIXED.values() for version in history]
    files = [version.file(kind) for version in versions for kind in kinds(version)]

    assert judge.faults(files) == [[] for _ in files]


def zones(file: bytes) -> list[str]:
    """Return the names of the zones that a file defines, in order."""
    return [str(one["TZID"]) for one in icalendar.Calendar.from_ical(file).walk("VTIMEZONE")]


def test_a_change_of_zone_gives_a_file_with_both_zones() -> None:
    """The evenings before the journey stay where they were; those after it are elsewhere."""
    _, _, moved, later = FIXED["another time, another zone, other products"]

    assert zones(moved.file()) == ["Europe/London", "America/New_York"]
    assert zones(later.file()) == ["Europe/London", "America/New_York"]


def test_a_plan_without_a_dose_left_has_no_fresh_file() -> None:
    """There is nothing to put into an emptied calendar."""
    given_up = FIXED["later, earlier, given up before the first dose"][-1]

    with pytest.raises(ExportError, match="has nothing to remind of"):
        given_up.file(CalendarKind.FRESH)


def test_a_plan_given_up_before_its_first_dose_withdraws_every_reminder() -> None:
    """Nothing is left to ring, and the file says so of each event that was given out."""
    *before, given_up = FIXED["later, earlier, given up before the first dose"]

    file = given_up.file()

    assert confirmed(file) == {}
    assert events(file).keys() == set().union(*(events(one.file()) for one in before))
    assert given_up.instants() == []


@with_histories(15)
def test_no_uid_is_used_for_another_plan(history: History) -> None:
    """The same plan of somebody else shares no event with it, in any kind of file."""
    version = history[0]
    other = Version(version.plan.replace(id=UUID(int=8), signatures=()), version.through)

    ours, theirs = (
        {uid for kind in kinds(one) for uid in events(one.file(kind))} for one in (version, other)
    )

    assert ours.isdisjoint(theirs)
