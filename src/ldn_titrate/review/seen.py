"""What the rules of the review look at: a plan and its record on a day. It must not know rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ldn_titrate.days import DayStatus, day_by_day
from ldn_titrate.entry import AdverseEvent, Visit
from ldn_titrate.schedule import lay_out
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from ldn_titrate.course import Segment
    from ldn_titrate.days import DosingDay
    from ldn_titrate.entry import DayEntry
    from ldn_titrate.plan import Plan
    from ldn_titrate.record import Record
    from ldn_titrate.schedule import Change, Schedule

AHEAD: Final = timedelta(days=366)
DAY: Final = timedelta(days=1)
_LAST_DAYS: Final = 14
_WEEK: Final = timedelta(days=7)


def last_visit(record: Record) -> Visit | None:
    """Return the visit of the latest day."""
    visits = record.of_kind(Visit)
    return visits[-1] if visits else None


def was_there_at(visit: Visit, entry: DayEntry) -> bool:
    """Say whether an entry is of a day before a visit, and was written down by then."""
    written = entry.written_at
    in_time = written <= visit.written_at and written.date() <= visit.day
    return entry.day < visit.day and in_time


def last_day(event: AdverseEvent) -> date:
    """Return the last day on which an adverse event is known to have been there."""
    return event.until or event.day


def logged_days(days: Sequence[DosingDay]) -> int:
    """Count the days of which anything is known."""
    return sum(one.status is not DayStatus.NOT_LOGGED for one in days)


@dataclass(frozen=True)
class Seen:
    """
    What the rules look at.

    Attributes:
        plan: The newest version of the plan.
        record: The entries up to the day of asking.
        as_of: The day of asking.
    """

    plan: Plan
    record: Record
    as_of: date

    @cached_property
    def schedule(self) -> Schedule:
        """The plan, laid out."""
        return lay_out(self.plan)

    @cached_property
    def days(self) -> tuple[DosingDay, ...]:
        """Each dosing day so far; that of the day of asking once something is logged for it."""
        return day_by_day(self.schedule, self.record, self.as_of).days

    @cached_property
    def due(self) -> tuple[DosingDay, ...]:
        """Those of them with a planned dose."""
        return tuple(one for one in self.days if one.is_due)

    @property
    def last(self) -> date:
        """The last day whose dose is no longer to come."""
        return self.days[-1].day if self.days else self.as_of - DAY

    @property
    def last_due(self) -> tuple[DosingDay, ...]:
        """The last due days, by which it is judged whether enough is logged."""
        return self.due[-_LAST_DAYS:]

    @property
    def is_judged(self) -> bool:
        """Whether there were due days and half of the last ones are logged."""
        return bool(self.last_due) and 2 * logged_days(self.last_due) >= len(self.last_due)

    @property
    def is_taken(self) -> bool:
        """Whether there was a dose on half of the days of the last week."""
        week = [one for one in self.days if one.day > self.last - _WEEK]
        return 2 * sum(one.has_dose for one in week) >= len(week)

    @property
    def current(self) -> Segment | None:
        """The segment of the day of asking."""
        return self.schedule.segment_on(self.as_of)

    @property
    def present(self) -> Segment | None:
        """The segment of the last dose that is no longer to come."""
        return self.schedule.segment_on(self.last)

    @property
    def dose_since(self) -> date | None:
        """Since when the present dose has been planned; None where there is none to take."""
        if self.current is None and self.present is None:
            return None
        begun = [one.day for one in self.changes_so_far]
        return begun[-1] if begun else self.schedule.first

    @property
    def changes_so_far(self) -> tuple[Change, ...]:
        """The changes of the dose that have come."""
        return self.schedule.changes(self.last)

    @property
    def next_increase(self) -> Change | None:
        """The next day on which the dose is planned to rise; today's counts until it is logged."""
        changes = self.schedule.changes(self.as_of + AHEAD)
        return next(
            (one for one in changes if one.day > self.last and one.after > one.before), None
        )

    @property
    def increase_told(self) -> str | None:
        """The next increase in words, planned or waiting; None where there is none."""
        if one := self.next_increase:
            return f"The next increase, to {one.after}, is planned for {long_date(one.day)}"
        if waits_from := self.plan.course.waits_from:
            return (
                f"The next increase, from {long_date(waits_from)} on, waits for the prescriber's "
                "signature"
            )
        return None

    @cached_property
    def last_visit(self) -> Visit | None:
        """The visit of the latest day."""
        return last_visit(self.record)

    @property
    def since_visit(self) -> date:
        """The day of the last visit, or the one on which the plan was written."""
        written = min(self.plan.revised_at.date(), self.schedule.first)
        return self.last_visit.day if self.last_visit else written

    def is_new(self, entry: DayEntry) -> bool:
        """Say whether no visit could have seen an entry; what came before the plan is not new."""
        if self.last_visit:
            return not was_there_at(self.last_visit, entry)
        return entry.day >= self.since_visit

    def is_any_new(self, days: Sequence[DosingDay]) -> bool:
        """Say whether a visit could not have seen all that is known now of some days."""
        reach = days[-1].day >= self.since_visit
        return reach or any(map(self.is_new, self.entries_of(days)))

    def entries_of(self, days: Iterable[DosingDay]) -> list[DayEntry]:
        """Return the entries that days rest on, in the order of the record."""
        ids = {entry for one in days for entry in one.entries}
        return [one for one in self.record.entries if one.id in ids]

    @property
    def screened_at(self) -> datetime:
        """When the questions were last asked; without answers, when the plan was written."""
        screening = self.plan.last_screening
        return screening.at if screening else self.plan.revised_at

    @property
    def is_stopped(self) -> bool:
        """Whether a Stop has ended the plan for good."""
        stopped = self.plan.course.stopped
        return stopped is not None and stopped <= self.as_of

    @cached_property
    def events(self) -> tuple[AdverseEvent, ...]:
        """The adverse events of the present dose, and those that no visit could have seen."""
        since = self.dose_since
        return tuple(
            one
            for one in self.record.of_kind(AdverseEvent)
            if self.is_new(one) or (since is not None and last_day(one) >= since)
        )

    @property
    def weeks(self) -> int:
        """How many whole weeks lie between the first dosing day and the day of asking."""
        return (self.as_of - self.schedule.first).days // 7
