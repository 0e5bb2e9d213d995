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
from typing import TYPE_CHECKING, Final

from ldn_titrate.amendment import Opioid, Pause, Procedure, Stop
from ldn_titrate.base import near_our_time
from ldn_titrate.bedtime import is_after_midnight
from ldn_titrate.dose import Dose
from ldn_titrate.entry import Skipped, Taken
from ldn_titrate.errors import AmendmentError, ScheduleError
from ldn_titrate.reading import Reading, is_about_the_dose, reading
from ldn_titrate.record import check_record
from ldn_titrate.schedule import as_shown
from ldn_titrate.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from uuid import UUID

    from ldn_titrate.amendment import Amendment
    from ldn_titrate.entry import DayEntry
    from ldn_titrate.findings import Finding
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
        at: When the first of them was taken; None where the time of one of them was not told.
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

    Raises:
        ScheduleError: Doses are taken more than once a day; a record is read as one dose a day.
        LdnTitrateError: *as_of* is before 2000 or after 2199.
    """
    near_our_time(as_of)
    _refuse_several_a_day(schedule)
    read = reading(schedule, record, as_of)
    laid = _Laid(schedule, read, late_after)
    logged = {
        day: tuple(entries)
        for day, entries in groupby(filter(read.counts, record.entries), key=lambda one: one.day)
    }
    last = as_of if as_of in logged else as_of - _DAY
    days = [laid.status_of(day, logged.get(day, ())) for day in _each(schedule.first, last)]
    problems = [*check_record(record), *(one for e in record.entries for one in read.check(e))]
    problems += [one for day, entries in logged.items() for one in read.check_day(day, entries)]
    return DayByDay(tuple(days), tuple(problems))


def _refuse_several_a_day(schedule: Schedule) -> None:
    several = [one for one in schedule.segments if one.doses_per_day > 1]
    if several:
        raise ScheduleError(
            f"from {several[0].first} on, {several[0].doses_per_day} doses a day are planned; "
            "a record is read only beside a plan of one dose a day"
        )


def refuse_rewriting(plan: Plan, record: Record, since: int) -> None:
    """
    Refuse a plan whose newer amendments change dosing days that the record tells of already.

    What ends the doses may reach back; it changes what is to come. A pause with an end may, too, if
    doses resume after the last day that is told of.

    Args:
        plan: The newer plan.
        record: What happened.
        since: The version that was kept before; only later amendments are looked at.

    Raises:
        AmendmentError: One of them is in force from a day that has an entry about a dose, or from
            before such a day.
    """
    told = [one.day for one in record.entries if is_about_the_dose(one)]
    last = max(told, default=None)
    for number, one in enumerate(plan.amendments, start=2):
        if number > since and last and _rewrites(one, last):
            raise AmendmentError(
                f"the record has doses up to {last}; version {number} would change what was "
                f"planned from {one.effective} on"
            )


def _rewrites(amendment: Amendment, last: date) -> bool:
    """Say whether an amendment plans other doses for days up to the last one that is told of."""
    if isinstance(amendment, Pause) and amendment.until:
        return amendment.until <= last
    return amendment.effective <= last and not isinstance(amendment, _REACH_BACK)


def _each(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * _DAY


@dataclass(frozen=True, slots=True)
class _Laid:
    """What the status of one day needs to know of all the rest."""

    schedule: Schedule
    reading: Reading
    late_after: timedelta

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
        taken = _total([self.reading.meant(one) for one in doses])
        times = [(one.at, one) for one in doses if one.at]
        told = min(times, key=lambda one: one[0]) if len(times) == len(doses) else None
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
