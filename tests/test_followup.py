"""The follow-up: on which days a plan is looked at again, in it, its calendar and its file."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.versions import Version, amending, released
from judges import icaljs, libical, pypi
from judges.panel import ICALJS, LIBICAL, PANEL
from ldn_titrate.amendment import (
    Opioid,
    Pause,
    Reschedule,
    Resume,
    Stay,
    Stop,
)
from ldn_titrate.cli import run
from ldn_titrate.errors import PlanError
from ldn_titrate.export.calendar import CalendarKind, CalendarOptions, calendar_file
from ldn_titrate.followup import FollowUp
from ldn_titrate.library import evidence, sentences
from ldn_titrate.planfile import dump_plan, load_plan
from ldn_titrate.schedule import lay_out
from plans import FOLLOW_UPS, START, STARTS, a_plan, a_signed_plan, dose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from judges.answers import Answer
    from judges.panel import Judge

FAR: Final = date(2027, 3, 31)
NONE: Final = FollowUp(weeks=(), then_months=None)
WEEKS: Final = st.lists(st.integers(1, 520), max_size=8, unique=True).map(sorted).map(tuple)


def days(follow_up: FollowUp, start: date, through: date) -> list[str]:
    """Write the days of the reviews."""
    return [day.isoformat() for day in follow_up.reviews(start, through)]


# --- The rule -------------------------------------------------------------------------------------


def test_the_usual_reviews_are_after_4_8_and_12_weeks_and_then_every_three_months() -> None:
    """From Sunday 1 March 2026: three Sundays, then the 24th of every third month."""
    assert days(FollowUp(), START, FAR) == [
        "2026-03-29",
        "2026-04-26",
        "2026-05-24",
        "2026-08-24",
        "2026-11-24",
        "2027-02-24",
    ]


def test_the_usual_reviews_rest_on_a_practice_that_is_not_verified() -> None:
    """The sentence in the calendar names it, and it says that it is a default."""
    practice = evidence()["P-follow-up"]

    assert "4, 8 and 12 weeks, then every 3 months" in practice.claim
    assert (practice.verified, practice.kind) == (False, "practice")
    assert "P-follow-up" in sentences()["calendar.review"].sources


@pytest.mark.parametrize(
    ("start", "reviews"),
    [
        (date(2026, 11, 30), ["2027-02-28", "2027-05-30", "2027-08-30", "2027-11-30"]),
        (date(2027, 11, 30), ["2028-02-29", "2028-05-30", "2028-08-30", "2028-11-30"]),
        (date(2026, 8, 31), ["2026-11-30", "2027-02-28", "2027-05-31", "2027-08-31"]),
    ],
)
def test_a_month_is_a_month_of_the_calendar(start: date, reviews: list[str]) -> None:
    """Where the day is missing it is the month's last one; a short month shortens no later one."""
    assert days(FollowUp(weeks=()), start, start + timedelta(days=366)) == reviews


def test_the_months_count_from_the_last_of_the_weeks() -> None:
    """Four weeks after 2 November is the 30th; three months later is the end of February."""
    assert days(FollowUp(weeks=(4,)), date(2026, 11, 2), date(2027, 5, 30)) == [
        "2026-11-30",
        "2027-02-28",
        "2027-05-30",
    ]


def test_there_may_be_no_reviews_or_no_later_ones() -> None:
    """A plan says so itself; nothing is put in its place."""
    assert days(NONE, START, date(2199, 12, 31)) == []
    assert days(FollowUp(then_months=None), START, date(2199, 12, 31)) == [
        "2026-03-29",
        "2026-04-26",
        "2026-05-24",
    ]


@pytest.mark.parametrize(("through", "number"), [("2026-03-28", 0), ("2026-03-29", 1)])
def test_the_last_day_that_is_asked_for_counts(through: str, number: int) -> None:
    """The day itself is within."""
    assert len(days(FollowUp(), START, date.fromisoformat(through))) == number


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"weeks": (8, 4)}, "stand in order, each later than the last"),
        ({"weeks": (4, 4)}, "stand in order, each later than the last"),
        ({"weeks": (0,)}, r"weeks\[0\]"),
        ({"weeks": (521,)}, r"weeks\[0\]"),
        ({"weeks": tuple(range(1, 62))}, "weeks"),
        ({"weeks": (1.5,)}, r"weeks\[0\]"),
        ({"then_months": -1}, "then_months"),
        ({"then_months": 25}, "then_months"),
    ],
)
def test_weeks_and_months_are_in_order_and_within_reason(fields: dict[str, Any], told: str) -> None:
    """Each refusal is an error of the plan, with its place."""
    with pytest.raises(PlanError, match=told):
        FollowUp(**fields)


@given(STARTS, WEEKS, st.integers(-100, 100))
def test_a_start_that_moves_by_weeks_moves_each_review_by_as_many(
    start: date, weeks: tuple[int, ...], shift: int
) -> None:
    """A review after so many weeks stays on its weekday."""
    follow_up, moved = FollowUp(weeks=weeks, then_months=None), timedelta(weeks=shift)
    through = start + timedelta(weeks=260)

    shifted = follow_up.reviews(start + moved, through + moved)

    assert list(shifted) == [day + moved for day in follow_up.reviews(start, through)]


@given(STARTS, WEEKS, st.none() | st.integers(1, 24), st.integers(0, 3000), st.integers(0, 3000))
def test_reviews_are_in_order_and_a_longer_look_only_adds(
    start: date, weeks: tuple[int, ...], months: int | None, shorter: int, more: int
) -> None:
    """None is before or on the first day, none twice, and none moves when one looks further."""
    follow_up, near = FollowUp(weeks=weeks, then_months=months), start + timedelta(days=shorter)
    found = list(follow_up.reviews(start, near + timedelta(days=more)))

    assert all(one < other for one, other in pairwise([start, *found]))
    assert [day for day in found if day <= near] == list(follow_up.reviews(start, near))


# --- The plan -------------------------------------------------------------------------------------


def in_text(plan: Any, through: date = FAR) -> list[str]:
    """Write the days on which a plan is reviewed."""
    return [day.isoformat() for day in plan.reviews(through)]


def on(day: int) -> date:
    """Return the so-and-so-many-th dosing day, from 1."""
    return START + timedelta(days=day - 1)


USUAL: Final = ["2026-03-29", "2026-04-26", "2026-05-24", "2026-08-24", "2026-11-24", "2027-02-24"]


@pytest.mark.parametrize(
    ("stopped", "left"),
    [("2026-03-28", 0), ("2026-03-29", 1), ("2026-04-25", 1), ("2026-04-26", 2)],
)
def test_a_stop_ends_the_reviews(stopped: str, left: int) -> None:
    """One on the very day of the stop is left: it may be where it was decided."""
    plan = a_signed_plan().amended(amending(Stop, date.fromisoformat(stopped)))

    assert in_text(plan) == USUAL[:left]
    assert in_text(plan.at_version(1)) == USUAL


def test_a_start_that_is_moved_moves_the_reviews() -> None:
    """A week later, each review by weeks is a week later; the months follow from the last."""
    plan = a_signed_plan().amended(amending(Reschedule, on(1), start=on(8)))

    assert in_text(plan, date(2026, 9, 1)) == [
        "2026-04-05",
        "2026-05-03",
        "2026-05-31",
        "2026-08-31",
    ]


def test_a_plan_that_was_given_up_before_it_began_has_no_reviews() -> None:
    """Moved to a later day, and then stopped before it."""
    plan = a_signed_plan().amended(amending(Reschedule, on(1), start=on(8)))

    assert in_text(plan.amended(amending(Stop, on(2), 2))) == []


def test_what_does_not_end_a_plan_leaves_its_reviews_where_they_are() -> None:
    """A pause or an opioid is a reason to look at a plan, not one to leave it alone."""
    for change in (
        amending(Stay, on(15), days=7),
        amending(Pause, on(20)),
        amending(Opioid, on(20), name="codeine"),
    ):
        assert in_text(a_signed_plan().amended(change)) == USUAL
    paused = a_signed_plan().amended(amending(Pause, on(20)))
    assert in_text(paused.amended(amending(Resume, on(40), 2, dose=dose("1.5 mg")))) == USUAL


def test_the_follow_up_is_kept_in_the_plan_file_and_signed_over() -> None:
    """Other reviews are another content, and a plan that says nothing has the usual ones."""
    plan = a_signed_plan(follow_up=FollowUp(weeks=(4, 10), then_months=6))

    assert load_plan(dump_plan(plan)) == plan
    assert plan.content_hash != a_plan().content_hash
    assert a_plan().follow_up == FollowUp()


@pytest.mark.parametrize("follow_up", [NONE, FollowUp(then_months=None), FollowUp(weeks=())])
def test_that_there_are_no_reviews_is_written_too(follow_up: FollowUp) -> None:
    """What a file left out would be read as the usual reviews, and signed over as the same."""
    plan = a_signed_plan(follow_up=follow_up)

    assert load_plan(dump_plan(plan)) == plan
    assert plan.content_hash != a_plan().content_hash
    assert FollowUp(then_months=0) == FollowUp(then_months=None)


# --- The calendar ---------------------------------------------------------------------------------


def reviews_in(content: bytes) -> list[icalendar.Event]:
    """Return the events of a file that stand for reviews."""
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return [event for event in events if event["SUMMARY"] == "Follow-up"]


def a_year(**changes: Any) -> bytes:
    """Make a calendar file of a plan up to the end of March 2027."""
    return calendar_file(lay_out(a_signed_plan(**changes)), through=FAR).content


def test_each_review_is_a_whole_day_in_the_calendar() -> None:
    """Without a time or a rule, and with words that decide nothing; it rings as a note does."""
    found = reviews_in(a_year())

    assert [event["DTSTART"].dt.isoformat() for event in found] == USUAL
    assert {type(event["DTSTART"].dt) for event in found} == {date}
    assert all("RRULE" not in event for event in found)
    assert all(len(event.walk("VALARM")) == 1 for event in found)
    assert all(
        event["DESCRIPTION"].startswith(
            "A review of your plan is due around this day. Ask your prescriber for a time."
        )
        for event in found
    )
    assert len({event["UID"] for event in found}) == len(USUAL)


def test_only_the_reviews_up_to_the_end_of_a_file_are_in_it() -> None:
    """The usual file of 84 days ends on the eve of the review after 12 weeks."""
    found = reviews_in(calendar_file(lay_out(a_signed_plan())).content)

    assert [event["DTSTART"].dt.isoformat() for event in found] == USUAL[:2]


def test_without_reviews_there_is_no_event() -> None:
    """The rest of the file is what it was."""
    assert reviews_in(a_year(follow_up=NONE)) == []
    assert a_year().count(b"BEGIN:VEVENT") - a_year(follow_up=NONE).count(b"BEGIN:VEVENT") == 6


def test_a_review_gives_nothing_away() -> None:
    """Without detail, no word of it tells of a drug or a dose."""
    options = CalendarOptions(with_dose=False)
    content = calendar_file(lay_out(a_signed_plan()), options=options).content

    text = " ".join(f"{one['SUMMARY']} {one['DESCRIPTION']}" for one in reviews_in(content))
    assert text
    assert [word for word in ("naltrexone", "mg", "capsule", "Pat") if word in text] == []


@pytest.mark.parametrize("judge", PANEL, ids=lambda judge: judge.name)
def test_each_judge_finds_no_fault_in_a_file_with_reviews(judge: Judge) -> None:
    """Zoned, floating, of a plan that moved and of one that was stopped, and cancelled."""
    judge.need()
    moved = released(a_signed_plan(), [amending(Reschedule, on(1), start=on(8))])[-1]
    stopped = released(a_signed_plan(), [amending(Stop, on(30))])[-1]
    files = [
        a_year(),
        a_year(bedtime=time(0, 30), timezone="Pacific/Kiritimati"),
        calendar_file(
            lay_out(a_signed_plan()), through=FAR, options=CalendarOptions(floating=True)
        ).content,
        moved.file(),
        stopped.file(),
        stopped.file(CalendarKind.CANCEL),
    ]

    assert judge.faults(files) == [[] for _ in files]


def test_recurring_ical_events_finds_the_reviews_on_their_days() -> None:
    """Whole days are the same days in any zone."""
    for zone in ("Pacific/Kiritimati", "America/St_Johns", "UTC"):
        content = a_year(timezone=zone)
        uids = {str(event["UID"]) for event in reviews_in(content)}
        found = [when for uid, when in pypi.recurring_occurrences(content) if uid in uids]

        assert [day.isoformat() for day in sorted(found)] == USUAL


@pytest.mark.parametrize(
    ("engine", "judge"),
    [(LIBICAL, libical.judge), (ICALJS, icaljs.judge)],
    ids=["libical", "icaljs"],
)
def test_other_engines_find_the_reviews_on_their_days(
    engine: Judge, judge: Callable[[Sequence[bytes]], list[Answer]]
) -> None:
    """Engines that we did not write."""
    engine.need()
    content = a_year(timezone="Pacific/Kiritimati")
    uids = {str(event["UID"]) for event in reviews_in(content)}

    (answer,) = judge([content])

    found = sorted(when for uid, when in answer.occurrences if uid in uids)
    assert [day.isoformat() for day in found] == USUAL


# --- A plan that changes --------------------------------------------------------------------------


def standing(content: bytes) -> dict[str, date]:
    """Return the reviews of a file that are not cancelled: day by UID."""
    found = [event for event in reviews_in(content) if event["STATUS"] == "CONFIRMED"]
    return {str(event["UID"]): event["DTSTART"].dt for event in found}


def withdrawn(content: bytes) -> set[str]:
    """Return the UIDs of the reviews that a file cancels."""
    return {str(event["UID"]) for event in reviews_in(content) if event["STATUS"] == "CANCELLED"}


def test_a_plan_that_is_moved_moves_its_reviews_in_the_calendar() -> None:
    """The same events on other days, with a higher number; none is doubled."""
    before, after = released(a_signed_plan(), [amending(Reschedule, on(1), start=on(8))])
    old, new = standing(before.file()), standing(after.file())

    assert list(new) == list(old)
    assert [day - old[uid] for uid, day in new.items()] == [timedelta(weeks=1)] * 2
    assert withdrawn(after.file()) == set()
    assert min(event["SEQUENCE"] for event in reviews_in(after.file())) > max(
        event["SEQUENCE"] for event in reviews_in(before.file())
    )


def test_a_review_that_is_moved_beyond_the_file_is_withdrawn() -> None:
    """Up to 5 April there was one; from a start two weeks later there is none."""
    before = Version(a_signed_plan(), through=date(2026, 4, 5))
    moved = before.given().amended(amending(Reschedule, on(1), start=on(15)))
    after = Version(moved, through=date(2026, 4, 5)).file()

    assert list(standing(before.file()).values()) == [date(2026, 3, 29)]
    assert standing(after) == {}
    assert withdrawn(after) == set(standing(before.file()))


def test_a_plan_that_is_stopped_withdraws_the_reviews_that_are_left() -> None:
    """The one before the stop stays, the one after it is cancelled by its name."""
    before, after = released(a_signed_plan(), [amending(Stop, on(43))])
    (first, second) = standing(before.file())

    assert standing(after.file()) == {first: date(2026, 3, 29)}
    assert withdrawn(after.file()) == {second}


def test_a_cancel_file_withdraws_every_review() -> None:
    """Whichever file it was given out in."""
    before, after = released(a_signed_plan(), [amending(Stop, on(43))])

    assert withdrawn(after.file(CalendarKind.CANCEL)) == set(standing(before.file()))
    assert standing(after.file(CalendarKind.CANCEL)) == {}


@given(FOLLOW_UPS, st.integers(1, 200), st.integers(1, 400))
def test_after_an_update_just_the_reviews_of_the_plan_stand(
    follow_up: FollowUp, stop: int, through: int
) -> None:
    """Whatever was given out up to any day, and whenever the plan is stopped."""
    before = Version(a_signed_plan(follow_up=follow_up), through=on(through))
    stopped = before.given().amended(amending(Stop, on(stop)))
    after = Version(stopped).file()

    left = {uid for uid in standing(before.file()) if uid not in withdrawn(after)}
    assert left <= set(standing(after))
    assert set(standing(after).values()) <= set(stopped.reviews(on(stop)))


# --- The command line -----------------------------------------------------------------------------

NEW: Final = (
    *("plan", "new", "--start", "2026-12-01", "--timezone", "Europe/Amsterdam"),
    *("--bedtime", "22:00", "--product", "capsule 1.5 mg", "-o", "plan.json"),
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def made(*options: str) -> FollowUp:
    """Make a plan file, and return its follow-up."""
    assert run([*NEW, "--force", *options]) == 0
    return load_plan(Path("plan.json").read_text(encoding="utf-8")).follow_up


def test_the_command_makes_a_plan_with_reviews_of_its_own() -> None:
    """Weeks and months are given each for itself; what is left out is as usual."""
    assert made() == FollowUp()
    assert made("--review-week", "4", "--review-week", "10", "--review-months", "6") == FollowUp(
        weeks=(4, 10), then_months=6
    )
    assert made("--review-months", "0") == FollowUp(then_months=None)
    assert made("--review-week", "6") == FollowUp(weeks=(6,))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--review-week", "8", "--review-week", "4"), "stand in order"),
        (("--review-week", "0"), "weeks[0]"),
        (("--review-months", "-1"), "then_months"),
        (("--review-months", "25"), "then_months"),
        (("--review-week", "four"), "four"),
    ],
)
def test_the_command_refuses_what_a_follow_up_cannot_be(
    options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file is written."""
    assert run([*NEW, *options]) == 2

    assert told in capsys.readouterr().err
    assert not Path("plan.json").exists()


def test_show_lists_the_reviews(capsys: pytest.CaptureFixture[str]) -> None:
    """Up to the day that is shown; a plan without any has no such line."""
    made()
    run(["plan", "show", "plan.json", "--through", "2027-03-31"])
    assert (
        "Reviews up to Wed 31 Mar 2027: Tue 29 Dec 2026, Tue 26 Jan 2027, Tue 23 Feb 2027"
        in " ".join(capsys.readouterr().out.split())
    )

    Path("plan.json").write_text(dump_plan(a_plan(follow_up=NONE)), encoding="utf-8")
    run(["plan", "show", "plan.json"])
    assert "Reviews" not in capsys.readouterr().out
