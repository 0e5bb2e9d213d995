"""The calendar file, read back by readers that we did not write."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from uuid import UUID

import icalendar
import pytest

import ldn_titrate as ldn
from judges import icaljs, libical, pypi
from judges.panel import ICALJS, LIBICAL, PANEL
from ldn_titrate.export.calendar import CalendarOptions, calendar_file
from ldn_titrate.protocol import Interval
from plans import a_plan

TWO_YEARS = timedelta(days=729)
ZONES = (
    "America/New_York",
    "Europe/London",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Argentina/Buenos_Aires",
    "America/Santiago",
    "Asia/Jerusalem",
    "Africa/Casablanca",
    "Africa/Cairo",
    "America/Vancouver",
    "Australia/Sydney",
    "Europe/Amsterdam",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "Asia/Gaza",
    "America/Nuuk",
    "US/Eastern",
    "UTC",
)
BEDTIMES = (time(21, 30), time(0, 30), time(2, 30))
CASES = [(zone, bedtime) for zone in ZONES for bedtime in BEDTIMES]


def a_winter_plan(**changes: object) -> ldn.Plan:
    """Return an invented plan that starts on Tue 1 Dec 2026."""
    usual = {
        "start": date(2026, 12, 1),
        "timezone": "Europe/Amsterdam",
        "revised_at": datetime(2026, 11, 22, tzinfo=UTC),
    }
    return a_plan(**(usual | changes))


def laid_out(**changes: object) -> ldn.Schedule:
    """Lay out an invented plan that starts on Tue 1 Dec 2026."""
    return ldn.lay_out(a_winter_plan(**changes))


def made(schedule: ldn.Schedule | None = None, *, through: date | None = None, **options: object):  # noqa: ANN201
    """Make a calendar file and return its bytes."""
    chosen = CalendarOptions(**options)
    return calendar_file(schedule or laid_out(), through=through, options=chosen).content


def events(content: bytes) -> list[icalendar.Event]:
    """Return the events of a file."""
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


def reminders(content: bytes) -> list[icalendar.Event]:
    """Return the events of a file that stand for doses."""
    return [event for event in events(content) if "RRULE" in event]


def outside_descriptions(content: bytes) -> str:
    """Return the unfolded lines of a file but the descriptions of events."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    return "\n".join(line for line in lines if not line.startswith("DESCRIPTION:")).lower()


@cache
def two_years(zone: str, bedtime: time) -> tuple[ldn.Schedule, bytes]:
    """Make two years of reminders from a start shortly before the clocks change."""
    schedule = laid_out(start=date(2026, 9, 20), timezone=zone, bedtime=bedtime)
    return schedule, made(schedule, through=schedule.first + TWO_YEARS)


def expected(schedule: ldn.Schedule) -> list[datetime]:
    """Return every instant of two years, in UTC."""
    doses = schedule.doses(schedule.first, schedule.first + TWO_YEARS)
    return [dose.at.astimezone(UTC) for dose in doses]


def instants(occurrences: list[tuple[str, date]]) -> list[datetime]:
    """Return the instants among what a judge expanded, in order; whole days are notes."""
    return sorted(when for _, when in occurrences if isinstance(when, datetime))


@pytest.mark.parametrize(("zone", "bedtime"), CASES)
def test_recurring_ical_events_finds_each_scheduled_instant(zone: str, bedtime: time) -> None:
    """Two years of reminders, expanded by another library, fall on the schedule's instants."""
    schedule, content = two_years(zone, bedtime)

    assert instants(pypi.recurring_occurrences(content)) == expected(schedule)


@pytest.mark.parametrize(
    ("panelist", "judge"),
    [(LIBICAL, libical.judge), (ICALJS, icaljs.judge)],
    ids=["libical", "ical.js"],
)
def test_other_engines_find_each_scheduled_instant(panelist, judge) -> None:  # noqa: ANN001
    """Engines that trust only the file's own time-zone rules find the schedule's instants."""
    panelist.need()
    made_of = [two_years(*case) for case in CASES]

    answers = judge([content for _, content in made_of])

    wrong = [
        case
        for case, (schedule, _), answer in zip(CASES, made_of, answers, strict=True)
        if instants(answer.occurrences) != expected(schedule)
    ]
    assert wrong == []


@pytest.mark.parametrize("panelist", PANEL, ids=lambda judge: judge.name)
def test_each_judge_finds_no_fault(panelist) -> None:  # noqa: ANN001
    """Files of every kind that the exporter makes pass every judge."""
    panelist.need()
    files = [
        made(),
        made(floating=True),
        made(with_dose=False),
        made(with_alarm=False),
        made(title='Water the plants; "roses", 例えば 💊'),
        made(laid_out(bedtime=time(2, 30), timezone="America/New_York", start=date(2027, 3, 1))),
        made(laid_out(timezone="Africa/Cairo", start=date(2027, 3, 1))),
        made(laid_out(bedtime=time(8, 0))),
    ]

    assert panelist.faults(files) == [[] for _ in files]


def test_reminders_cover_each_dosing_day_once() -> None:
    """COUNT alone ends a series; together the counts are the days of the horizon."""
    content = made()

    counts = [event["RRULE"]["COUNT"][0] for event in reminders(content)]

    assert counts == [14, 14, 56]
    assert b"UNTIL" not in content


def test_a_skipped_time_is_an_event_of_its_own() -> None:
    """Where the clocks skip the bedtime, the reminder stands at the time they show instead."""
    schedule = laid_out(start=date(2027, 3, 10), bedtime=time(2, 30), timezone="America/New_York")

    begins = [event["DTSTART"].dt.strftime("%d %H:%M") for event in reminders(made(schedule))][:3]

    assert begins == ["11 02:30", "14 03:30", "15 02:30"]


def test_each_timed_event_has_one_alarm_at_its_very_start() -> None:
    """A reminder rings once, when it begins; a note rings at noon the day before."""
    parts = made().decode().split("BEGIN:VEVENT\r\n")[1:]

    triggers = {("RRULE" in part, tuple(re.findall(r"TRIGGER.*", part))) for part in parts}

    assert triggers == {(True, ("TRIGGER:PT0S\r",)), (False, ("TRIGGER:-PT12H\r",))}


def test_no_alarm_is_written_when_none_is_wanted() -> None:
    """A file without alarms holds no alarm at all."""
    assert b"VALARM" not in made(with_alarm=False)


def test_the_alarm_stands_after_the_properties_of_its_event() -> None:
    """Some programs lose what stands behind an alarm."""
    lines = made().decode().split("\r\n")

    behind = {lines[place + 1] for place, line in enumerate(lines) if line == "END:VALARM"}

    assert behind == {"END:VEVENT"}


def test_a_zoned_file_carries_its_zone_before_its_events() -> None:
    """A reader without a time zone database finds the rules in the file, ahead of their use."""
    content = made()

    assert content.index(b"BEGIN:VTIMEZONE") < content.index(b"BEGIN:VEVENT")
    assert b"DTSTART;TZID=Europe/Amsterdam:20261201T220000" in content


def test_a_floating_file_names_no_zone() -> None:
    """A floating reminder follows the device's clock."""
    content = made(floating=True)

    assert b"TZID" not in content
    assert b"\r\nDTSTART:20261201T220000\r\n" in content


def test_a_floating_bedtime_after_midnight_falls_on_the_next_date() -> None:
    """A dose at 00:30 belongs to the evening before."""
    content = made(laid_out(bedtime=time(0, 30)), floating=True)

    assert b"\r\nDTSTART:20261202T003000\r\n" in content


def test_nothing_outside_the_description_gives_drug_dose_or_name_away() -> None:
    """What a phone shows on its lock screen is neutral."""
    shown = outside_descriptions(made())

    assert [
        word for word in ("naltrexone", "mg", "capsule", "pat example", "ldn") if word in shown
    ] == []


def test_without_detail_nothing_gives_the_dose_away_anywhere() -> None:
    """The description can be kept neutral, too."""
    whole = made(with_dose=False).decode().replace("\r\n ", "").lower()

    assert [word for word in ("naltrexone", "mg", "capsule", "pat example") if word in whole] == []


def test_each_description_names_the_plan_and_when_it_was_written() -> None:
    """A stale import says itself that it may be stale."""
    schedule = laid_out()
    words = f"Plan {schedule.plan.code}, written Sun 22 Nov 2026. If you have a newer plan"

    assert [event for event in events(made(schedule)) if words not in event["DESCRIPTION"]] == []


def test_a_draft_says_so_in_each_event_until_it_is_signed() -> None:
    """Reminders of an unsigned plan are marked; those of a signed one are not."""
    plan = a_winter_plan()
    signed = plan.signed(
        screened_elsewhere=True,
        by="Dr Robin Sample",
        role="prescriber",
        at=datetime(2026, 11, 23, tzinfo=UTC),
    )

    drafts = [event["DESCRIPTION"].count("DRAFT") for event in events(made(ldn.lay_out(plan)))]
    finals = [event["DESCRIPTION"].count("DRAFT") for event in events(made(ldn.lay_out(signed)))]

    assert set(drafts) == {1}
    assert set(finals) == {0}


def test_a_signature_makes_a_later_revision_of_the_same_events() -> None:
    """A calendar program takes the signed file for an update of the draft."""
    plan = a_winter_plan()
    signed = plan.signed(
        screened_elsewhere=True,
        by="Dr Robin Sample",
        role="prescriber",
        at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    draft_events, signed_events = (events(made(ldn.lay_out(one))) for one in (plan, signed))

    assert [e["UID"] for e in draft_events] == [e["UID"] for e in signed_events]
    assert {e["SEQUENCE"] for e in draft_events} == {0}
    assert {e["SEQUENCE"] for e in signed_events} == {1}
    assert draft_events[0]["DTSTAMP"].dt < signed_events[0]["DTSTAMP"].dt


def test_uids_differ_between_events_and_between_plans() -> None:
    """No event of one plan replaces an event of another."""
    one = [event["UID"] for event in events(made())]
    other = [event["UID"] for event in events(made(laid_out(id=UUID(int=8))))]

    assert len({*one, *other}) == len(one) + len(other)


def test_the_file_is_no_invitation() -> None:
    """No METHOD, no ORGANIZER, no UID of the calendar itself."""
    calendar = icalendar.Calendar.from_ical(made())

    assert [name for name in ("METHOD", "UID", "ORGANIZER") if name in calendar] == []
    assert b"ORGANIZER" not in made()


def test_the_days_on_which_the_dose_changes_carry_a_note() -> None:
    """The gate of each increase is on the calendar, told the day before."""
    notes = [event for event in events(made()) if event["SUMMARY"] == "Plan note"]

    assert [event["DTSTART"].dt for event in notes] == [
        date(2026, 12, 15),
        date(2026, 12, 29),
        date(2027, 2, 22),
    ]
    assert "from 1.5 mg to 3 mg. Check with your prescriber first." in notes[0]["DESCRIPTION"]
    assert "end on Mon 22 Feb 2027. Your plan goes on" in notes[2]["DESCRIPTION"]


def test_a_title_of_ones_own_stands_everywhere_and_injects_nothing() -> None:
    """Commas, quotes and other scripts come through; a line break is refused."""
    title = 'Roses, "red"; 例えば \\n BEGIN:VALARM'

    content = made(title=title)

    assert {event["SUMMARY"] for event in reminders(content)} == {title}
    with pytest.raises(ldn.LdnTitrateError, match="control character or line break"):
        made(title="x\r\nBEGIN:VALARM")


def test_lines_are_short_and_end_as_they_must() -> None:
    """No line is longer than 75 octets, each ends with CRLF, and all are UTF-8."""
    lines = made(title="例えば" * 20).split(b"\r\n")

    assert max(len(line) for line in lines) <= 75
    assert lines[-1] == b""
    assert all(line.decode("utf-8").isprintable() for line in lines)


def test_a_zone_that_no_yearly_rule_tells_is_listed_and_said() -> None:
    """The reader of the file hears that its zone is written change by change."""
    found = calendar_file(laid_out(timezone="Africa/Cairo")).findings

    assert [finding.code for finding in found] == ["calendar.zone-listed"]


@pytest.mark.parametrize(
    "environment", [{"PYTHONHASHSEED": "1"}, {"TZ": "Asia/Tokyo", "LC_ALL": "C"}]
)
def test_the_same_plan_gives_the_same_bytes_elsewhere(environment: dict[str, str]) -> None:
    """Another process, hash seed, zone or locale changes no byte."""
    program = (
        "import sys; sys.path.insert(0, 'tests'); from test_calendar import made;"
        "sys.stdout.buffer.write(made())"
    )

    other = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True
    )

    assert other.stdout == made()


def test_a_plan_that_ends_has_no_note_of_an_end_of_the_file() -> None:
    """A horizon after the plan's own end is the plan's end."""
    protocol = ldn.load_protocol("ldn-oral-4.5mg-fixed")
    short = protocol.replace(
        rule=protocol.rule.replace(steps=(protocol.steps[0].replace(lasts=Interval(days=10)),))
    )

    found = events(made(laid_out(protocol=short)))

    assert [event.get("RRULE", {}).get("COUNT") for event in found] == [[10]]


def test_a_file_that_ends_before_its_plan_says_that_the_plan_goes_on() -> None:
    """Nothing is said of a prescriber's change where the plan has an end of its own."""
    protocol = ldn.load_protocol("ldn-oral-4.5mg-fixed")
    short = protocol.replace(
        rule=protocol.rule.replace(steps=(protocol.steps[0].replace(lasts=Interval(days=10)),))
    )

    *_, note = events(made(laid_out(protocol=short), through=date(2026, 12, 5)))

    assert "end on Sat 5 Dec 2026. Your plan goes on after that.\n" in note["DESCRIPTION"]
