"""
The versions of a plan, one after another, each with the calendar files that it gives out.

What a client is shown is made here and nowhere else, so that every test of how calendars follow a
changed plan speaks of the same plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ldn_titrate.amendment import Stay, StepBack, Stop
from ldn_titrate.export.calendar import CalendarKind, calendar_file, given_out
from ldn_titrate.schedule import Schedule, lay_out
from plans import REVISED_AT, a_signed_plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldn_titrate.amendment import Amendment
    from ldn_titrate.plan import Plan

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Version:
    """
    A version of a plan whose calendar file is about to be given out.

    Attributes:
        plan: The plan, which knows what was given out before.
        through: The last dosing day that is asked for; None for the usual one.
    """

    plan: Plan
    through: date | None = None

    @cached_property
    def schedule(self) -> Schedule:
        """The plan on the calendar."""
        return lay_out(self.plan)

    def file(self, kind: CalendarKind = CalendarKind.UPDATE) -> bytes:
        """Make the calendar file."""
        return calendar_file(self.schedule, kind=kind, through=self.through).content

    def given(self, kind: CalendarKind = CalendarKind.UPDATE) -> Plan:
        """Return the plan as it is kept once the file is given out."""
        return given_out(self.schedule, kind=kind, through=self.through)

    @property
    def last(self) -> date:
        """The last dosing day of its update file, which covers no less than those before it."""
        earlier = [one.through for one in self.plan.given_out]
        longest = max(self.schedule.horizon(self.through), *earlier, date.min)
        return longest if self.schedule.last is None else min(longest, self.schedule.last)

    def instants(self) -> list[datetime]:
        """Return when a dose is due, in UTC, up to the last day of the update file."""
        doses = self.schedule.doses(self.schedule.first, self.last)
        return [dose.at.astimezone(UTC) for dose in doses]


def released(plan: Plan, amendments: Iterable[Amendment]) -> tuple[Version, ...]:
    """Give out the update file of a plan and of each of its amendments, in order."""
    versions = [Version(plan)]
    for amendment in amendments:
        versions.append(Version(versions[-1].given().amended(amendment)))
    return tuple(versions)


def amending(kind: type[Any], effective: date, number: int = 1, **fields: Any) -> Any:
    """Make the *number*-th amendment of a plan, written so many days after the plan."""
    return kind(
        effective=effective,
        reason="An invented reason for a test",
        at=REVISED_AT + number * _DAY,
        by="Dr Example",
        role="physician",
        **fields,
    )


def a_changing_plan(**changes: Any) -> tuple[Version, ...]:
    """
    Return the plan that every client is shown: it is made, put off, stepped back from, stopped.

    It starts on Sunday 1 March 2026 at 22:00 in London, four weeks before the clocks change.
    """
    return released(
        a_signed_plan(**changes),
        (
            amending(Stay, date(2026, 3, 15), 1, days=7),
            amending(StepBack, date(2026, 3, 29), 2),
            amending(Stop, date(2026, 4, 12), 3),
        ),
    )
