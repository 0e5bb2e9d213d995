"""
The calendar file: one repeating reminder for each run of doses, for any calendar program.

No program drops a reminder that a file merely leaves out, so each one that was withdrawn is in the
file, marked CANCELLED and without an alarm. How an event is written, `ldn_titrate.export.ics`
knows. This room must not know pages or files.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Final

from ldn_titrate.base import Frozen, Name
from ldn_titrate.bedtime import DosingTime, dosing_time, is_after_midnight
from ldn_titrate.documents import refuse_unfit, say
from ldn_titrate.errors import ExportError
from ldn_titrate.export.ics import Entry, Head, write_entries
from ldn_titrate.plan import GivenOut, Plan
from ldn_titrate.product import make_up
from ldn_titrate.schedule import lay_out, timed
from ldn_titrate.words import listed, long_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import time

    from ldn_titrate.course import Segment
    from ldn_titrate.export.files import Export
    from ldn_titrate.schedule import Schedule, ScheduledDose

_DAY = timedelta(days=1)
_NO_TIME = timedelta(0)
_TITLES = {DosingTime.BEDTIME: "Evening reminder", DosingTime.MORNING: "Morning reminder"}
_NOTE_TITLE = "Plan note"
_REVIEW_TITLE: Final = "Follow-up"
_DAYS_BEFORE_PROCEDURE = (14, 7)  # sources Q4, P-surgery; never a day to stop


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
    plan, note = schedule.plan, _note(schedule, kind, through, options or CalendarOptions())
    if kind is CalendarKind.CANCEL or note in plan.given_out:
        return plan
    return plan.replace(given_out=(*plan.given_out, note))


def _note(
    schedule: Schedule, kind: CalendarKind, through: date | None, options: CalendarOptions
) -> GivenOut:
    return GivenOut(
        version=schedule.plan.version,
        generation=_generation(schedule.plan, kind),
        through=_last_day(schedule, kind, through),
        floating=options.floating,
    )


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
    if kind is not CalendarKind.CANCEL:  # what was given out can always be taken back
        refuse_unfit(schedule.plan)
    chosen = options or CalendarOptions()
    entries = tuple(_entries_of(schedule, kind, _last_day(schedule, kind, through), chosen))
    if not entries:
        raise ExportError(f"plan {schedule.plan.code} has nothing to remind of")
    return write_entries(_head(schedule, kind, through, chosen), entries)


def _last_day(schedule: Schedule, kind: CalendarKind, through: date | None) -> date:
    """Settle the last day; a file that updates another one never covers less than that one did."""
    last = schedule.horizon(through)
    if kind is CalendarKind.FRESH:
        return last
    earlier = (one.through for one in _of_this_generation(schedule.plan))
    longest = max((last, *earlier))
    return longest if schedule.last is None else min(longest, schedule.last)


def _head(
    schedule: Schedule, kind: CalendarKind, through: date | None, options: CalendarOptions
) -> Head:
    plan, setting = schedule.plan, schedule.setting_on(schedule.in_force_from)
    return Head(
        id=plan.id,
        title=options.title or _TITLES[dosing_time(setting.bedtime)],
        written_at=plan.written_at,
        sequence=_sequence(schedule, kind, through, options),
        with_alarm=options.with_alarm,
    )


def _generation(plan: Plan, kind: CalendarKind) -> int:
    latest = max((one.generation for one in plan.given_out), default=0)
    return latest + 1 if kind is CalendarKind.FRESH else max(latest, 1)


def _entries_of(
    schedule: Schedule, kind: CalendarKind, last: date, options: CalendarOptions
) -> Iterator[Entry]:
    plan = schedule.plan
    current = _told(schedule, options, last, _generation(plan, kind))
    if kind is CalendarKind.FRESH:
        yield from current.values()
        return
    if kind is CalendarKind.CANCEL:
        every = _given_out_before(plan, options, plan.given_out) | current
        yield from (_withdrawn(entry, plan) for entry in every.values())
        return
    earlier = _given_out_before(plan, options, _of_this_generation(plan))
    yield from current.values()
    yield from (_withdrawn(entry, plan) for key, entry in earlier.items() if key not in current)


def _of_this_generation(plan: Plan) -> tuple[GivenOut, ...]:
    generation = _generation(plan, CalendarKind.UPDATE)
    return tuple(one for one in plan.given_out if one.generation == generation)


def _given_out_before(
    plan: Plan, options: CalendarOptions, notes: Iterable[GivenOut]
) -> dict[str, Entry]:
    """Return each entry of the files that were given out, as it was given out last."""
    entries: dict[str, Entry] = {}
    for note in notes:
        then = lay_out(plan.at_version(note.version))
        shown = options.replace(floating=note.floating)
        entries |= _told(then, shown, note.through, note.generation)
    return entries


def _withdrawn(entry: Entry, plan: Plan) -> Entry:
    told = (say("calendar.withdrawn"), _version(plan))
    return replace(entry, told=told, is_cancelled=True)


def _told(
    schedule: Schedule, options: CalendarOptions, last: date, generation: int
) -> dict[str, Entry]:
    """Return what stands on the calendar up to a day, by its key."""
    teller = _Teller(schedule, options, last, _version(schedule.plan))
    prefix = f"g{generation}/" if generation > 1 else ""
    entries = (replace(entry, key=prefix + entry.key) for entry in teller.entries())
    return {entry.key: entry for entry in entries}


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says what stands on the calendar up to a day: reminders and notes."""

    schedule: Schedule
    options: CalendarOptions
    last: date
    version: str
    seen: dict[object, int] = field(default_factory=dict)

    def entries(self) -> Iterator[Entry]:
        """Yield the reminders in order, then the notes."""
        for segment in self.schedule.between(self.schedule.first, self.last):
            yield from self._reminders(segment)
        yield from self._notes()

    def _reminders(self, segment: Segment) -> Iterator[Entry]:
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
            yield Entry(key + night, title, told, self._begins(run[0]), len(run))

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

    def _notes(self) -> Iterator[Entry]:
        """Yield the changes of dose, and the end of the file."""
        for number, change in enumerate(self.schedule.changes(self.last), start=1):
            words = say("calendar.change", before=str(change.before), after=str(change.after))
            told = words if self.options.with_dose else say("calendar.change-no-dose")
            yield Entry(f"day/{number}", _NOTE_TITLE, (told, self.version), change.day)
        yield from self._breaks()
        yield from self._procedures()
        yield from self._reviews()
        waits = self.schedule.plan.course.waits_from
        if waits and waits <= self.last + _DAY:
            yield Entry("day/gate", _NOTE_TITLE, (say("calendar.gated"), self.version), waits)
        if self.schedule.last is None or self.last < self.schedule.last:
            after = "after.open" if self.schedule.last is None else "after.more"
            told = f"{self._ends()} {say(after)}"
            yield Entry("day/end", _NOTE_TITLE, (told, self.version), self.last)

    def _breaks(self) -> Iterator[Entry]:
        """Yield where a pause begins and where it ends."""
        for number, pause in enumerate(self.schedule.plan.course.breaks, start=1):
            yield self._pause_note(f"pause/{number}", "calendar.pause", pause.first)
            if pause.last:
                yield self._pause_note(
                    f"pause/{number}/end", "calendar.pause-ends", pause.last + _DAY
                )

    def _pause_note(self, key: str, words: str, day: date) -> Entry:
        told = words if self.options.with_dose else "calendar.pause-neutral"
        return Entry(key, _NOTE_TITLE, (say(told, first=long_date(day)), self.version), day)

    def _procedures(self) -> Iterator[Entry]:
        """Yield the reminders to tell a procedure's team, 14 and 7 days before it."""
        for procedure in self.schedule.plan.procedures:
            for days in _DAYS_BEFORE_PROCEDURE:
                day = procedure.on - timedelta(days=days)
                words = "calendar.procedure" if self.options.with_dose else "calendar.no-dose"
                told = (say(words, day=long_date(procedure.on)), self.version)
                if day >= procedure.known:
                    yield Entry(f"procedure/{procedure.name}/{days}", _NOTE_TITLE, told, day)

    def _reviews(self) -> Iterator[Entry]:
        """Yield the days on which the plan is looked at again."""
        told = (say("calendar.review"), self.version)
        for number, day in enumerate(self.schedule.plan.reviews(self.last), start=1):
            yield Entry(f"review/{number}", _REVIEW_TITLE, told, day)

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


def _sequence(
    schedule: Schedule, kind: CalendarKind, through: date | None, options: CalendarOptions
) -> int:
    """
    Number the file's revision.

    It rises with each version, once more when it is signed, and with each file that was given out:
    some programs ignore a file that has the number of the one they hold.
    """
    plan = schedule.plan
    base = 2 * (plan.version - 1) + plan.is_signed
    if kind is CalendarKind.CANCEL:
        return base + len(plan.given_out) + 1
    note = _note(schedule, kind, through, options)
    return base + (*plan.given_out, note).index(note)
