"""
The calendar file: one repeating reminder for each run of doses, for any calendar program.

What programs really do with such files shaped it: a COUNT and never an UNTIL, one alarm at the
very time, own time-zone rules, neutral titles, nothing from the clock. icalendar is imported where
it is used, so that a schedule costs nothing of it. It must not know pages or files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Final
from uuid import uuid5

from ldn_titrate.base import Frozen, Name
from ldn_titrate.documents import refuse_for_tests_only, say
from ldn_titrate.export.files import Export
from ldn_titrate.export.timezone import TimezoneRules, vtimezone
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.plan import DosingTime
from ldn_titrate.product import make_up
from ldn_titrate.words import listed, long_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import time

    from icalendar import Alarm, Calendar, Component, Event

    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule, ScheduledDose

PRODUCT_ID: Final = "-//reminders//plan export 1//EN"
_LENGTH = timedelta(minutes=15)  # some programs refuse an event without a length
_NOON_BEFORE = "-PT12H"
_AT_ONCE = "PT0S"
_DAY = timedelta(days=1)
_TITLES = {DosingTime.BEDTIME: "Evening reminder", DosingTime.MORNING: "Morning reminder"}
_NOTE_TITLE = "Plan note"


class CalendarOptions(Frozen):
    """
    What a calendar file shows, and how.

    Attributes:
        title: The visible title of every reminder; None gives a neutral one.
        with_dose: Whether the description tells drug and dose.
        with_alarm: Whether each reminder rings.
        floating: Whether the time follows the device's clock instead of the plan's time zone.
    """

    title: Name | None = None
    with_dose: bool = True
    with_alarm: bool = True
    floating: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """
    Doses of one step on days in a row that one repeating event tells.

    Attributes:
        key: What makes its UID, the same in every file of the plan.
        doses: The doses.
        begins: When the first reminder begins, as it is written.
    """

    key: str
    doses: tuple[ScheduledDose, ...]
    begins: datetime


def calendar_file(
    schedule: Schedule, *, through: date | None = None, options: CalendarOptions | None = None
) -> Export:
    """
    Make the calendar file of a schedule.

    Args:
        schedule: What is taken.
        through: The last dosing day with a reminder, inclusive; by default 12 weeks.
        options: What the file shows.

    Returns:
        An RFC 5545 file, the same bytes for the same plan and options, and a finding where the
        zone's rules had to be written change by change.

    Raises:
        ExportError: The plan's protocol is for tests only.
        ScheduleError: *through* is no last day for this plan.
    """
    refuse_for_tests_only(schedule.plan)
    chosen = options or CalendarOptions()
    last = schedule.horizon(through)
    doses = tuple(schedule.doses(schedule.first, last))
    writer = _Writer(schedule, chosen, last)
    rules = None
    if not chosen.floating:
        rules = vtimezone(schedule.plan.timezone, (dose.at for dose in doses))
    calendar = writer.calendar(rules)
    for run in _runs(schedule.plan, doses, floating=chosen.floating):
        calendar.add_component(writer.reminder(run))
    for note in writer.notes():
        calendar.add_component(writer.day_note(*note))
    return Export(calendar.to_ical(sorted=False), _findings(rules))


def _runs(plan: Plan, doses: tuple[ScheduledDose, ...], *, floating: bool) -> Iterator[_Run]:
    """
    Cut the doses into runs that every reader repeats alike.

    On the night when the clocks change, readers disagree about a time that is skipped or comes
    twice (RFC 5545 drops the one and takes the first of the other; ical.js and libical do
    neither). Such a night is a run of its own: a skipped time at what the clocks show instead, a
    repeated one in UTC.
    """
    seen: set[int] = set()
    for _, group in groupby(doses, _floating_kind if floating else _zoned_kind):
        members = tuple(group)
        step = members[0].step
        key = f"dose/{step}" + (f"/{members[0].day}" if step in seen else "")
        seen.add(step)
        yield _Run(key, members, _begins(plan, members[0], floating=floating))


def _floating_kind(dose: ScheduledDose) -> int:
    return dose.step


def _zoned_kind(dose: ScheduledDose) -> tuple[int, time, bool]:
    return dose.step, dose.at.time(), _comes_twice(dose.at)


def _comes_twice(at: datetime) -> bool:
    return at.utcoffset() != at.replace(fold=1).utcoffset()


def _begins(plan: Plan, dose: ScheduledDose, *, floating: bool) -> datetime:
    if not floating:
        return dose.at.astimezone(UTC) if _comes_twice(dose.at) else dose.at
    late = _DAY if plan.bedtime_is_after_midnight else timedelta(0)
    return datetime.combine(dose.day + late, plan.bedtime)


def _findings(rules: TimezoneRules | None) -> tuple[Finding, ...]:
    if rules is None or rules.exact:
        return ()
    words = (
        "this zone changes its clocks in a way that no yearly rule tells; the file lists each "
        "change up to its last reminder"
    )
    return (Finding("calendar.zone-listed", Severity.NOTE, words, "timezone"),)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the components of one file."""

    schedule: Schedule
    options: CalendarOptions
    last: date

    @property
    def plan(self) -> Plan:
        return self.schedule.plan

    @property
    def title(self) -> str:
        return self.options.title or _TITLES[self.plan.dosing_time]

    def calendar(self, rules: TimezoneRules | None) -> Calendar:
        """Begin the file: its head and its time zone."""
        from icalendar import Calendar, vText  # noqa: PLC0415

        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", PRODUCT_ID)
        calendar.add("calscale", "GREGORIAN")
        for name in ("name", "x-wr-calname"):
            calendar.add(name, vText(self.title))  # without its type icalendar would not escape it
        if rules:
            calendar.add_component(_timezone(rules.lines))
        return calendar

    def reminder(self, run: _Run) -> Event:
        """Write one run of doses as a repeating event."""
        event = self._event(run.key, self.title, self._told(run))
        event.add("dtstart", run.begins)
        event.add("dtend", run.begins + _LENGTH)
        event.add("rrule", {"freq": "daily", "count": len(run.doses)})
        return self._with_alarm(event, self.title, _AT_ONCE)

    def notes(self) -> Iterator[tuple[str, date, str]]:
        """Yield the key, day and words of each note: the changes of dose, and the file's end."""
        for number, change in enumerate(self.schedule.changes(self.last), start=1):
            words = say("calendar.change", before=str(change.before), after=str(change.after))
            told = words if self.options.with_dose else say("calendar.change-no-dose")
            yield f"day/{number}", change.day, told
        if self.last != self.schedule.last:
            yield "day/end", self.last, f"{self._ends()} {say('after.open')}"

    def day_note(self, key: str, day: date, words: str) -> Event:
        """Write an all-day note, told at noon the day before."""
        event = self._event(key, _NOTE_TITLE, f"{words}\n{self._version()}")
        event.add("dtstart", day)
        event.add("dtend", day + _DAY)
        return self._with_alarm(event, _NOTE_TITLE, _NOON_BEFORE)

    def _event(self, key: str, summary: str, description: str) -> Event:
        from icalendar import Event  # noqa: PLC0415

        event, written = Event(), self.plan.written_at
        event.add("uid", str(uuid5(self.plan.id, key)))
        event.add("dtstamp", written)
        event.add("last-modified", written)
        event.add("sequence", _sequence(self.plan))
        event.add("summary", summary)
        event.add("description", description)
        event.add("status", "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        return event

    def _with_alarm(self, event: Event, words: str, trigger: str) -> Event:
        if self.options.with_alarm:
            event.add_component(_alarm(words, trigger))
        return event

    def _told(self, run: _Run) -> str:
        lines = [self._dose(run.doses[0]) if self.options.with_dose else say("calendar.no-dose")]
        lines += [say("calendar.gate"), self._ends(), self._version()]
        return "\n".join(lines)

    def _dose(self, dose: ScheduledDose) -> str:
        units = listed([one.in_words() for one in make_up(dose.dose, self.plan.products)])
        steps = str(len(self.plan.protocol.steps))
        return say(
            "calendar.dose", dose=str(dose.dose), units=units, step=str(dose.step), steps=steps
        )

    def _ends(self) -> str:
        return say("calendar.ends", last=long_date(self.last))

    def _version(self) -> str:
        words = say(
            "calendar.version", code=self.plan.code, written=long_date(self.plan.written_at.date())
        )
        return words if self.plan.is_signed else f"{say('calendar.draft')} {words}"


def _sequence(plan: Plan) -> int:
    """Number the file's revision: it rises with each version, and once more when it is signed."""
    return 2 * (plan.version - 1) + plan.is_signed


@cache
def _timezone(lines: tuple[str, ...]) -> Component:
    from icalendar import Component  # noqa: PLC0415

    return Component.from_ical("\r\n".join((*lines, "")))


def _alarm(words: str, trigger: str) -> Alarm:
    from icalendar import Alarm, vText  # noqa: PLC0415

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    # As text, since icalendar writes no time at all as P0D, which some readers misread.
    alarm.add("trigger", vText(trigger), encode=False)
    return alarm
