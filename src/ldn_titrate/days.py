"""
Day by day: what the record says of each dosing day, beside what was planned for it.

Four things stay apart: taken, skipped, missed, and not logged. A day without an entry is never
counted as either; what an entry says that cannot be is told as a finding, and its result is
defined here. It must not know measures, proposals or outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, assert_never

from ldn_titrate.amendment import Opioid, Pause, Procedure, Stop
from ldn_titrate.bedtime import dosing_day, is_after_midnight
from ldn_titrate.dose import Dose
from ldn_titrate.entry import (
    AdverseEvent,
    Applied,
    Dispensed,
    Measurement,
    Missed,
    OpioidTaken,
    ProcedurePlanned,
    Remark,
    Score,
    Skipped,
    Taken,
    Visit,
)
from ldn_titrate.errors import AmendmentError
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.record import check_record
from ldn_titrate.schedule import as_shown
from ldn_titrate.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from uuid import UUID

    from ldn_titrate.entry import DayEntry
    from ldn_titrate.plan import Plan
    from ldn_titrate.record import Record
    from ldn_titrate.schedule import Schedule

LATE: Final = timedelta(hours=3)  # the project's own: later than this is "taken late" (P-late)
_DAY: Final = timedelta(days=1)
_TWICE: Final = 2
_REACH_BACK: Final = (Stop, Pause, Opioid, Procedure)


class DayStatus(StrEnum):
    """What is known of one dosing day."""

    TAKEN = "taken"
    LATE = "taken late"
    DIFFERENT = "different amount"
    DOUBLED = "doubled"
    SKIPPED = "skipped"
    MISSED = "missed"
    NOT_LOGGED = "not logged"
    PAUSED = "paused"
    NOT_DUE = "not due"


WITH_A_DOSE: Final = frozenset(
    {DayStatus.TAKEN, DayStatus.LATE, DayStatus.DIFFERENT, DayStatus.DOUBLED}
)
WITHOUT_A_DOSE: Final = frozenset({DayStatus.SKIPPED, DayStatus.MISSED})


@dataclass(frozen=True, slots=True)
class DosingDay:
    """
    One dosing day as the record shows it.

    Attributes:
        day: The dosing day.
        status: What is known of it.
        planned: The dose planned for it; None where none is due.
        taken: What was taken in all; None where nothing was, or where the amount is not known.
        times: How many doses were logged.
        at: When the first of them was taken, if that was told.
        late: How long after the planned time that was; negative if before it.
        entries: The ids of the entries that this rests on.
    """

    day: date
    status: DayStatus
    planned: Dose | None
    taken: Dose | None = None
    times: int = 0
    at: datetime | None = None
    late: timedelta | None = None
    entries: tuple[UUID, ...] = ()

    @property
    def is_due(self) -> bool:
        """Whether a dose was planned."""
        return self.planned is not None

    @property
    def has_dose(self) -> bool:
        """Whether a dose was logged, of whatever amount."""
        return self.status in WITH_A_DOSE


@dataclass(frozen=True, slots=True)
class DayByDay:
    """
    A record laid over a schedule.

    Attributes:
        days: Each day from the first dosing day on, in order, each once.
        findings: What in the record does not fit the plan or itself.
    """

    days: tuple[DosingDay, ...]
    findings: tuple[Finding, ...]


def day_by_day(
    schedule: Schedule, record: Record, as_of: date, *, late_after: timedelta = LATE
) -> DayByDay:
    """
    Lay the record over the schedule.

    Args:
        schedule: What is planned, with every amendment so far.
        record: What happened.
        as_of: The day of asking. Its own dosing day counts once something is logged for it.
        late_after: A dose later than this after its time is a late one.

    Returns:
        A status for each dosing day from the start on. Entries after *as_of*, before the start or
        of another plan count for none of them; a finding names each.
    """
    found = _Found(schedule, as_of, late_after)
    logged = {
        day: tuple(entries)
        for day, entries in groupby(filter(found.counts, record.entries), key=lambda one: one.day)
    }
    last = as_of if as_of in logged else as_of - _DAY
    days = [found.status_of(day, logged.get(day, ())) for day in _each(schedule.first, last)]
    problems = [*check_record(record), *(one for e in record.entries for one in found.check(e))]
    problems += [one for day, entries in logged.items() for one in found.check_day(day, entries)]
    return DayByDay(tuple(days), tuple(problems))


def refuse_rewriting(plan: Plan, record: Record, since: int) -> None:
    """
    Refuse a plan whose newer amendments change dosing days that the record tells of already.

    What ends the doses may reach back; it changes what is to come.

    Args:
        plan: The newer plan.
        record: What happened.
        since: The version that was kept before; only later amendments are looked at.

    Raises:
        AmendmentError: One of them is in force from a day that has an entry about a dose, or from
            before such a day.
    """
    told = [one.day for one in record.entries if _is_about_the_dose(one)]
    last = max(told, default=None)
    for number, one in enumerate(plan.amendments, start=2):
        if number > since and last and one.effective <= last and not isinstance(one, _REACH_BACK):
            raise AmendmentError(
                f"the record has doses up to {last}; version {number} would change what was "
                f"planned from {one.effective} on"
            )


def _each(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * _DAY


@dataclass(frozen=True, slots=True)
class _Found:
    """What the reading of one entry or one day needs to know of all the rest."""

    schedule: Schedule
    as_of: date
    late_after: timedelta

    def counts(self, entry: DayEntry) -> bool:
        """Say whether an entry says something of a dosing day of this plan."""
        return _is_about_the_dose(entry) and self._place(entry) is None

    def check(self, entry: DayEntry) -> Iterator[Finding]:
        """Yield what is odd about one entry."""
        if _is_about_the_dose(entry) and (place := self._place(entry)):
            yield _finding(*place, entry)
        elif entry.day > self.as_of:
            yield _finding("future", f"{entry.day} is after {self.as_of}; not counted", entry)
        if entry.day > entry.written_at.date() + _DAY:
            words = f"what happens on {entry.day} was written down before that day"
            yield _finding("written-early", words, entry)
        if isinstance(entry, Taken) and entry.at:
            yield from self._check_time(entry, entry.at)

    def _place(self, entry: DayEntry) -> tuple[str, str] | None:
        """Say why an entry about a dose counts for no day; None where it counts."""
        plan = self.schedule.plan
        if entry.plan and entry.plan.partition("-")[0] != plan.code.partition("-")[0]:
            return "other-plan", f"it is about plan {entry.plan}, not {plan.code}; not counted"
        if entry.day < self.schedule.first:
            return "before-start", f"{entry.day} is before the first dosing day; not counted"
        if entry.day > self.as_of:
            return "future", f"{entry.day} is after {self.as_of}; not counted"
        return None

    def _check_time(self, entry: Taken, at: datetime) -> Iterator[Finding]:
        setting = self.schedule.setting_on(entry.day)
        zone = entry.timezone or setting.timezone
        belongs = dosing_day(at, setting.bedtime, zone)
        if belongs != entry.day:
            words = f"its time belongs to the dosing day {belongs}; counted for {entry.day} as told"
            yield _finding("other-day", words, entry)
        if zone != setting.timezone:
            words = f"taken by the clocks of {zone}; the plan is in {setting.timezone}"
            yield Finding("record.other-zone", Severity.NOTE, words, f"entry {entry.id}")

    def check_day(self, day: date, entries: tuple[DayEntry, ...]) -> Iterator[Finding]:
        """Yield what is odd about the entries of one day, taken together."""
        doses = [one for one in entries if isinstance(one, Taken)]
        if len({one.kind for one in entries}) > 1:
            words = f"{day} is told in two ways; {_which(doses)} counts"
            yield _finding("contradiction", words, *entries)
        if doses and self.schedule.dose_on(day) is None:
            words = f"a dose was taken on {day}, for which none is planned"
            yield _finding("dose-not-planned", words, *doses)

    def status_of(self, day: date, entries: tuple[DayEntry, ...]) -> DosingDay:
        """Say what is known of a day."""
        segment = self.schedule.segment_on(day)
        planned = self.schedule.dose_on(day)
        ids = tuple(one.id for one in entries)
        doses = tuple(one for one in entries if isinstance(one, Taken))
        if doses:
            return self._with_doses(day, planned, doses, ids)
        if segment is None or planned is None:
            return DosingDay(day, self._without_plan(day), None, entries=ids)
        return DosingDay(day, _without_dose(entries), planned, entries=ids)

    def _without_plan(self, day: date) -> DayStatus:
        paused = self.schedule.plan.course.pause_on(day)
        return DayStatus.PAUSED if paused else DayStatus.NOT_DUE

    def _with_doses(
        self, day: date, planned: Dose | None, doses: tuple[Taken, ...], ids: tuple[UUID, ...]
    ) -> DosingDay:
        taken = _total([one.amount or planned for one in doses])
        told = min(((one.at, one) for one in doses if one.at), key=itemgetter(0), default=None)
        at, late = (told[0], self._late(*told)) if told else (None, None)
        status = _amount_status(planned, taken, len(doses))
        if status is DayStatus.TAKEN and late and late > self.late_after:
            status = DayStatus.LATE
        return DosingDay(day, status, planned, taken, len(doses), at, late, ids)

    def _late(self, at: datetime, entry: Taken) -> timedelta:
        """Say how long after its time a dose was taken, by the clocks where it was taken."""
        setting = self.schedule.setting_on(entry.day)
        zone = load_zone(entry.timezone or setting.timezone)
        date_ = entry.day + (_DAY if is_after_midnight(setting.bedtime) else timedelta(0))
        return at - as_shown(datetime.combine(date_, setting.bedtime, zone))


def _is_about_the_dose(entry: DayEntry) -> bool:
    match entry:
        case Taken() | Skipped() | Missed():
            return True
        case (
            AdverseEvent()
            | Score()
            | Measurement()
            | OpioidTaken()
            | ProcedurePlanned()
            | Dispensed()
            | Visit()
            | Remark()
            | Applied()
        ):
            return False
        case _:
            assert_never(entry)


def _without_dose(entries: tuple[DayEntry, ...]) -> DayStatus:
    """Say what is known of a due day without a dose: on purpose outweighs forgotten."""
    if any(isinstance(one, Skipped) for one in entries):
        return DayStatus.SKIPPED
    return DayStatus.MISSED if entries else DayStatus.NOT_LOGGED


def _amount_status(planned: Dose | None, taken: Dose | None, times: int) -> DayStatus:
    if planned is None or taken is None:
        return DayStatus.DIFFERENT
    if taken == planned:
        return DayStatus.TAKEN
    several = times > 1 and taken > planned
    return DayStatus.DOUBLED if several or taken >= planned * _TWICE else DayStatus.DIFFERENT


def _total(amounts: list[Dose | None]) -> Dose | None:
    known = [one.micrograms for one in amounts if one]
    return Dose.of_micrograms(sum(known)) if len(known) == len(amounts) else None


def _which(doses: list[Taken]) -> str:
    return "the dose taken" if doses else "the dose skipped on purpose"


def _finding(code: str, words: str, *entries: DayEntry) -> Finding:
    where = ", ".join(f"entry {one.id}" for one in entries)
    return Finding(f"record.{code}", Severity.WARNING, words, where)
