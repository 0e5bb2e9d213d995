"""A plan laid on the calendar, beside dateutil's recurrence rule for the same instants."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dateutil.rrule import DAILY, rrule

import ldn_titrate as ldn
from benchmarks.plans import batches
from benchmarks.timing import Contender, Group, calls, measure
from ldn_titrate.zones import load_zone

if TYPE_CHECKING:
    from datetime import date

_DAYS = 365
_DAY = timedelta(days=1)
_EACH_ROUND = 10


def run(rounds: int) -> Group:
    """Measure the segments of a plan, and a year of its doses."""
    cases = batches(rounds, _EACH_ROUND)
    contenders = (
        Contender(f"dateutil.rrule, {_DAYS} instants", calls(_by_rule)),
        Contender(f"a plain loop, {_DAYS} instants", calls(_by_loop)),
        Contender("lay_out, the segments", calls(_segments), aim=0.1),
        Contender(f"doses, {_DAYS} instants", calls(_doses), aim=0.5),
    )
    _check(cases[0][0])
    return Group("schedule", measure(contenders, cases))


def _segments(schedule: ldn.Schedule) -> ldn.Schedule:
    return ldn.lay_out(schedule.plan)


def _doses(schedule: ldn.Schedule) -> list[ldn.ScheduledDose]:
    return list(schedule.doses(schedule.first, _last(schedule)))


def _by_rule(schedule: ldn.Schedule) -> list[datetime]:
    return list(rrule(DAILY, count=_DAYS, dtstart=_begins(schedule)))


def _by_loop(schedule: ldn.Schedule) -> list[datetime]:
    begins = _begins(schedule)
    return [begins + number * _DAY for number in range(_DAYS)]


def _begins(schedule: ldn.Schedule) -> datetime:
    plan = schedule.plan
    return datetime.combine(plan.start, plan.bedtime, load_zone(plan.timezone))


def _last(schedule: ldn.Schedule) -> date:
    return schedule.first + (_DAYS - 1) * _DAY


def _check(schedule: ldn.Schedule) -> None:
    """See that all make the same instants."""
    instants = [dose.at for dose in _doses(schedule)]
    if not instants == _by_rule(schedule) == _by_loop(schedule):
        raise ValueError("the contenders of the schedule do not make the same instants")
