"""
The calendar file: one repeating reminder for each run of doses, for any calendar program.

What programs really do with such files shaped it: a COUNT and never an UNTIL, one alarm at the
very time, own time-zone rules, neutral titles, nothing from the clock; and, since no program drops
a reminder that a file merely leaves out, each reminder that was withdrawn is in the file, marked
CANCELLED and without an alarm. icalendar is imported where it is used, so that a schedule costs
nothing of it. It must not know pages or files.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Final
from uuid import uuid5

from ldn_titrate.base import Frozen, Name
from ldn_titrate.bedtime import DosingTime, dosing_time, is_after_midnight
from ldn_titrate.documents import refuse_for_tests_only, say
from ldn_titrate.errors import ExportError
from ldn_titrate.export.files import Export
from ldn_titrate.export.timezone import TimezoneRules, vtimezone
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.plan import GivenOut, Plan
from ldn_titrate.product import make_up
from ldn_titrate.schedule import lay_out, timed
from ldn_titrate.words import listed, long_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import time

    from icalendar import Alarm, Calendar, Component, Event

    from ldn_titrate.course import Segment
    from ldn_titrate.schedule import Schedule, ScheduledDose

PRODUCT_ID: Final = "-//reminders//plan export 1//EN"
_LENGTH = timedelta(minutes=15)  # some programs refuse an event without a length
_DAY = timedelta(days=1)
_NO_TIME = timedelta(0)
_NOON_BEFORE = "-PT12H"
_AT_ONCE = "PT0S"
_TITLES = {DosingTime.BEDTIME: "Evening reminder", DosingTime.MORNING: "Morning reminder"}
_NOTE_TITLE = "Plan note"


class CalendarKind(StrEnum):
    """What a calendar file does to the one that was imported before."""

    UPDATE = "update"  # the same UIDs: a program that updates events changes them in place
    FRESH = "fresh"  # new UIDs: for an emptied calendar in a program that does not update
    CANCEL = "cancel"  # every reminder that was given out is cancelled


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
class _Entry:
    """
    One event: a run of reminders, or a note for a day.

    Attributes:
        key: What its UID is made of: the same in each file in which it is the same event.
        title: What a lock screen shows.
        told: The lines of its description.
        begins: When it begins, as it is written: an instant, a floating time or a whole day.
        count: How often it repeats, day by day; None for a note.
        is_cancelled: Whether it was given out once and is withdrawn now.
    """

    key: str
    title: str
    told: tuple[str, ...]
    begins: date
    count: int | None = None
    is_cancelled: bool = False

    @property
    def ends(self) -> date:
        """When its first occurrence ends."""
        return self.begins + (_DAY if self.count is None else _LENGTH)


def given_out(
    schedule: Schedule,
    *,
    kind: CalendarKind = CalendarKind.UPDATE,
    through: date | None = None,
    options: CalendarOptions | None = None,
) -> Plan:
    """
    Return the plan with a note of the calendar file that these arguments make.

    A plan that keeps what it gave out can find each of its reminders again, to change or cancel
    it: keep the plan that is returned here in place of the one before.
    """
    plan = schedule.plan
    note = GivenOut(
        version=plan.version,
        generation=_generation(plan, kind),
        through=schedule.horizon(through),
        floating=bool(options and options.floating),
    )
    if kind is CalendarKind.CANCEL or note in plan.given_out:
        return plan
    return plan.replace(given_out=(*plan.given_out, note))


def calendar_file(
    schedule: Schedule,
    *,
    kind: CalendarKind = CalendarKind.UPDATE,
    through: date | None = None,
    options: CalendarOptions | None = None,
) -> Export:
    """
    Make the calendar file of a schedule.

    Args:
        schedule: What is taken.
        kind: What the file does to the one that was imported before.
        through: The last dosing day with a reminder, inclusive; by default 12 weeks.
        options: What the file shows.

    Returns:
        An RFC 5545 file, the same bytes for the same plan and options, and a finding where the
        zone's rules had to be written change by change.

    Raises:
        ExportError: The plan's protocol is for tests only, or there is nothing to remind of.
        ScheduleError: *through* is no last day for this plan.
    """
    refuse_for_tests_only(schedule.plan)
    chosen = options or CalendarOptions()
    entries = tuple(_entries_of(schedule, kind, schedule.horizon(through), chosen))
    if not entries:
        raise ExportError(f"plan {schedule.plan.code} has nothing to remind of")
    rules = _zones(entries)
    writer = _Writer(schedule.plan, chosen, _generation(schedule.plan, kind))
    calendar = writer.calendar(rules)
    for entry in entries:
        calendar.add_component(writer.event(entry))
    return Export(calendar.to_ical(sorted=False), _findings(rules))


def _generation(plan: Plan, kind: CalendarKind) -> int:
    latest = max((one.generation for one in plan.given_out), default=0)
    return latest + 1 if kind is CalendarKind.FRESH else max(latest, 1)


def _entries_of(
    schedule: Schedule, kind: CalendarKind, last: date, options: CalendarOptions
) -> Iterator[_Entry]:
    current = _told(schedule, options, last)
    if kind is CalendarKind.FRESH:
        yield from current.values()
        return
    earlier = _given_out_before(schedule.plan, options)
    if kind is CalendarKind.CANCEL:
        yield from (_withdrawn(entry, schedule.plan) for entry in (earlier | current).values())
        return
    yield from current.values()
    yield from (
        _withdrawn(entry, schedule.plan) for key, entry in earlier.items() if key not in current
    )


def _given_out_before(plan: Plan, options: CalendarOptions) -> dict[str, _Entry]:
    """Return each entry of the files of this generation, as it was given out last."""
    generation = _generation(plan, CalendarKind.UPDATE)
    entries: dict[str, _Entry] = {}
    for note in plan.given_out:
        if note.generation == generation:
            then = lay_out(plan.at_version(note.version))
            shown = options.replace(floating=note.floating)
            entries |= _told(then, shown, note.through)
    return entries


def _withdrawn(entry: _Entry, plan: Plan) -> _Entry:
    told = (say("calendar.withdrawn"), _version(plan))
    return replace(entry, told=told, is_cancelled=True)


def _zones(entries: Iterable[_Entry]) -> tuple[TimezoneRules, ...]:
    instants: dict[str, list[datetime]] = {}
    for entry in entries:
        begins = entry.begins
        if isinstance(begins, datetime) and begins.tzinfo not in {None, UTC}:
            repeats = timedelta(days=entry.count or 0)
            instants.setdefault(str(begins.tzinfo), []).extend((begins, begins + repeats))
    return tuple(vtimezone(name, known) for name, known in instants.items())


def _findings(rules: Iterable[TimezoneRules]) -> tuple[Finding, ...]:
    if all(one.exact for one in rules):
        return ()
    words = (
        "this zone changes its clocks in a way that no yearly rule tells; the file lists each "
        "change up to its last reminder"
    )
    return (Finding("calendar.zone-listed", Severity.NOTE, words, "timezone"),)


def _told(schedule: Schedule, options: CalendarOptions, last: date) -> dict[str, _Entry]:
    """Return what stands on the calendar up to a day, by its key."""
    teller = _Teller(schedule, options, last, _version(schedule.plan))
    return {entry.key: entry for entry in teller.entries()}


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says what stands on the calendar up to a day: reminders and notes."""

    schedule: Schedule
    options: CalendarOptions
    last: date
    version: str
    seen: dict[object, int] = field(default_factory=dict)

    def entries(self) -> Iterator[_Entry]:
        """Yield the reminders in order, then the notes."""
        for segment in self.schedule.between(self.schedule.first, self.last):
            yield from self._reminders(segment)
        yield from self._notes()

    def _reminders(self, segment: Segment) -> Iterator[_Entry]:
        """
        Yield a segment's reminders as runs that every reader repeats alike.

        On the night when the clocks change, readers disagree about a time that is skipped or comes
        twice (RFC 5545 drops the one and takes the first of the other; ical.js and libical do
        neither). Such a night is a run of its own: a skipped time at what the clocks show instead,
        a repeated one in UTC.
        """
        key, told = self._key(segment), self._told(segment)
        title = self.options.title or _TITLES[dosing_time(segment.setting.bedtime)]
        doses = timed(segment, self.last)
        kind = _floating_kind if self.options.floating else _zoned_kind
        for number, (_, group) in enumerate(groupby(doses, kind)):
            run = tuple(group)
            night = f"/{run[0].day}" if number else ""
            yield _Entry(key + night, title, told, self._begins(run[0]), len(run))

    def _key(self, segment: Segment) -> str:
        """Name a segment by its step and how often that step came, which its dates never change."""
        what = segment.step or segment.dose
        self.seen[what] = self.seen.get(what, 0) + 1
        again = f"/{self.seen[what]}" if self.seen[what] > 1 else ""
        return f"dose/{what}{again}"

    def _begins(self, dose: ScheduledDose) -> datetime:
        if not self.options.floating:
            return dose.at.astimezone(UTC) if _comes_twice(dose.at) else dose.at
        clock = dose.segment.setting.bedtime
        return datetime.combine(dose.day + (_DAY if is_after_midnight(clock) else _NO_TIME), clock)

    def _notes(self) -> Iterator[_Entry]:
        """Yield the changes of dose, and the end of the file."""
        for number, change in enumerate(self.schedule.changes(self.last), start=1):
            words = say("calendar.change", before=str(change.before), after=str(change.after))
            told = words if self.options.with_dose else say("calendar.change-no-dose")
            yield _Entry(f"day/{number}", _NOTE_TITLE, (told, self.version), change.day)
        if self.schedule.last is None or self.last < self.schedule.last:
            told = f"{self._ends()} {say('after.open')}"
            yield _Entry("day/end", _NOTE_TITLE, (told, self.version), self.last)

    def _told(self, segment: Segment) -> tuple[str, ...]:
        first = self._dose(segment) if self.options.with_dose else say("calendar.no-dose")
        return first, say("calendar.gate"), self._ends(), self.version

    def _dose(self, segment: Segment) -> str:
        units = listed([one.in_words() for one in make_up(segment.dose, segment.setting.products)])
        return say("calendar.dose", dose=str(segment.dose), units=units)

    def _ends(self) -> str:
        return say("calendar.ends", last=long_date(self.last))


def _floating_kind(dose: ScheduledDose) -> date:
    return dose.segment.first


def _zoned_kind(dose: ScheduledDose) -> tuple[time, bool]:
    return dose.at.time(), _comes_twice(dose.at)


def _comes_twice(at: datetime) -> bool:
    return at.utcoffset() != at.replace(fold=1).utcoffset()


def _version(plan: Plan) -> str:
    words = say("calendar.version", code=plan.code, written=long_date(plan.written_at.date()))
    return words if plan.is_signed else f"{say('calendar.draft')} {words}"


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the components of one file."""

    plan: Plan
    options: CalendarOptions
    generation: int

    def calendar(self, rules: Iterable[TimezoneRules]) -> Calendar:
        """Begin the file: its head and its time zones."""
        from icalendar import Calendar, vText  # noqa: PLC0415

        title = self.options.title or _TITLES[dosing_time(self.plan.bedtime)]
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", PRODUCT_ID)
        calendar.add("calscale", "GREGORIAN")
        for name in ("name", "x-wr-calname"):
            calendar.add(name, vText(title))  # without its type icalendar would not escape it
        for zone in rules:
            calendar.add_component(_timezone(zone.lines))
        return calendar

    def event(self, entry: _Entry) -> Event:
        """Write one entry."""
        from icalendar import Event  # noqa: PLC0415

        event, written = Event(), self.plan.written_at
        event.add("uid", self._uid(entry.key))
        event.add("dtstamp", written)
        event.add("last-modified", written)
        event.add("sequence", _sequence(self.plan))
        event.add("summary", entry.title)
        event.add("description", "\n".join(entry.told))
        event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        event.add("dtstart", entry.begins)
        event.add("dtend", entry.ends)
        if entry.count:
            event.add("rrule", {"freq": "daily", "count": entry.count})
        # A cancelled reminder must not ring, and some programs keep the alarm of one that has one.
        if self.options.with_alarm and not entry.is_cancelled:
            event.add_component(_alarm(entry))
        return event

    def _uid(self, key: str) -> str:
        generation = f"g{self.generation}/" if self.generation > 1 else ""
        return str(uuid5(self.plan.id, generation + key))


def _sequence(plan: Plan) -> int:
    """Number the file's revision: it rises with each version, and once more when it is signed."""
    return 2 * (plan.version - 1) + plan.is_signed


@cache
def _timezone(lines: tuple[str, ...]) -> Component:
    from icalendar import Component  # noqa: PLC0415

    return Component.from_ical("\r\n".join((*lines, "")))


def _alarm(entry: _Entry) -> Alarm:
    from icalendar import Alarm, vText  # noqa: PLC0415

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    # As text, since icalendar writes no time at all as P0D, which some readers misread.
    alarm.add("trigger", vText(_AT_ONCE if entry.count else _NOON_BEFORE), encode=False)
    return alarm
