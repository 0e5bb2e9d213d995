"""
How one entry is read beside a plan: whether it counts, what it stands for, and what is odd of it.

Whatever an entry says has a defined reading; what does not fit the plan or the rest of the record
is told as a finding. It must not know the status of a day, nor measures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, assert_never

from ldn_titrate.bedtime import dosing_day
from ldn_titrate.dose import LDN_BOUNDS, Place
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
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.protocol import NALTREXONE
from ldn_titrate.schedule import Schedule, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from ldn_titrate.dose import Dose
    from ldn_titrate.entry import DayEntry
    from ldn_titrate.record import Record

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What the reading of one entry needs to know of all the rest.

    Attributes:
        schedule: What is planned, with every amendment so far.
        as_of: The day of asking.
        earlier: The schedules of the earlier versions that entries name, by their numbers.
    """

    schedule: Schedule
    as_of: date
    earlier: dict[int, Schedule]

    def counts(self, entry: DayEntry) -> bool:
        """Say whether an entry says something of a dosing day of this plan."""
        return is_about_the_dose(entry) and self._place(entry) is None

    def meant(self, entry: Taken) -> Dose | None:
        """
        Return the amount of a dose.

        One that is not told is what was planned for that day by the version that the entry names,
        whatever was amended since; by the newest version where it names none.

        Returns:
            The amount; None where none was planned then, or where the version is newer than the
            plan.
        """
        if entry.amount:
            return entry.amount
        version = _version(entry) or self.schedule.plan.version
        if version > self.schedule.plan.version:
            return None
        return self.earlier.get(version, self.schedule).dose_on(entry.day)

    def check(self, entry: DayEntry) -> Iterator[Finding]:
        """Yield what is odd about one entry."""
        if is_about_the_dose(entry) and (place := self._place(entry)):
            yield _finding(*place, entry)
        elif entry.day > self.as_of:
            yield _finding("future", f"{entry.day} is after {self.as_of}; not counted", entry)
        if _is_written_early(entry):
            words = f"what happens on {entry.day} was written down before it happened"
            yield _finding("written-early", words, entry)
        if isinstance(entry, Taken) and self.counts(entry):
            yield from self._check_version(entry)
        if isinstance(entry, Taken) and entry.at:
            yield from self._check_time(entry, entry.at)
        if isinstance(entry, Taken) and entry.amount:
            yield from self._check_amount(entry, entry.amount)

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

    def _check_version(self, entry: Taken) -> Iterator[Finding]:
        newest = self.schedule.plan.version
        if (_version(entry) or 0) > newest:
            words = f"it is about version {_version(entry)} of the plan, and this is {newest}"
            unknown = "" if entry.amount else "; its amount is not known"
            yield _finding("newer-version", words + unknown, entry)
        elif not entry.amount and self.meant(entry) != self.schedule.dose_on(entry.day):
            meant = self.meant(entry) or "no dose"
            words = (
                f"by version {_version(entry)}, which it names, {meant} was planned for that day"
            )
            yield _finding("older-version", words, entry)

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

    def _check_amount(self, entry: Taken, amount: Dose) -> Iterator[Finding]:
        """Tell an amount that is far from any that is planned: a slip, or worth knowing at once."""
        planned, place = self.schedule.dose_on(entry.day), LDN_BOUNDS.place(amount)
        is_naltrexone = self.schedule.plan.protocol.substance == NALTREXONE
        if is_naltrexone and amount != planned and place is not Place.WITHIN:
            usual, ever = (LDN_BOUNDS.low, LDN_BOUNDS.high), (LDN_BOUNDS.lowest, LDN_BOUNDS.highest)
            low, high = ever if place.is_refused else usual
            words = (
                f"{amount} on {entry.day} is {place.value}, {low} to {high}; it counts as told, "
                "so take it back if it is a slip"
            )
            yield _finding("amount-out-of-bounds", words, entry)

    def check_day(self, day: date, entries: tuple[DayEntry, ...]) -> Iterator[Finding]:
        """Yield what is odd about the entries of one day, taken together."""
        doses = [one for one in entries if isinstance(one, Taken)]
        if len({one.kind for one in entries}) > 1:
            words = f"{day} is told in two ways; {_which(doses)} counts"
            yield _finding("contradiction", words, *entries)
        if len({one.at for one in doses if one.at}) < sum(one.at is not None for one in doses):
            words = f"{day} has doses with the very same time; each of them counts, as told"
            yield _finding("same-time", words, *doses)
        if self.schedule.dose_on(day) is None:
            yield _unplanned(day, doses, entries)


def reading(schedule: Schedule, record: Record, as_of: date) -> Reading:
    """Prepare to read the entries of a record beside a schedule."""
    plan = schedule.plan
    named = {_version(one) for one in record.of_kind(Taken) if not one.amount}
    earlier = {one: lay_out(plan.at_version(one)) for one in named if one and one < plan.version}
    return Reading(schedule, as_of, earlier)


def is_about_the_dose(entry: DayEntry) -> bool:
    """Say whether an entry tells of a dose by mouth: taken, skipped or missed."""
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


def _version(entry: DayEntry) -> int | None:
    return int(entry.plan.rpartition("-")[2]) if entry.plan else None


def _is_written_early(entry: DayEntry) -> bool:
    """Say so of a time after the writing, and of a day that has begun nowhere on earth."""
    if isinstance(entry, Taken | Applied) and entry.at and entry.at > entry.written_at:
        return True
    return entry.day > entry.written_at.date() + _DAY


def _unplanned(day: date, doses: list[Taken], entries: tuple[DayEntry, ...]) -> Finding:
    if doses:
        words = f"a dose was taken on {day}, for which none is planned"
        return _finding("dose-not-planned", words, *doses)
    words = f"{day} is told as without a dose, and none is planned for it"
    where = ", ".join(f"entry {one.id}" for one in entries)
    return Finding("record.nothing-due", Severity.NOTE, words, where)


def _which(doses: list[Taken]) -> str:
    return "the dose taken" if doses else "the dose skipped on purpose"


def _finding(code: str, words: str, *entries: DayEntry) -> Finding:
    where = ", ".join(f"entry {one.id}" for one in entries)
    return Finding(f"record.{code}", Severity.WARNING, words, where)
