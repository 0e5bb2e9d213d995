"""The rules about adverse events: before the next increase, after the last one, and at night."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ldn_titrate.bedtime import DosingTime, dosing_time
from ldn_titrate.instrument import Domain
from ldn_titrate.review.said import days_told, events_told, propose
from ldn_titrate.review.seen import last_day
from ldn_titrate.tolerability import domains_of, is_looked_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.entry import AdverseEvent
    from ldn_titrate.proposal import Proposal
    from ldn_titrate.review.seen import Seen

_SEVERE: Final = 3
_SLEEP_DAYS: Final = timedelta(days=28)


def adverse_events(seen: Seen) -> Iterator[Proposal]:
    """Hold what is to be looked at against the next increase, and against the last one."""
    severe = [one for one in seen.events if one.grade >= _SEVERE or one.serious]
    if severe:
        yield propose("event-severe", *severe, days=days_told(severe), terms=events_told(severe))
    looked_at = [one for one in seen.events if is_looked_at(one)]
    if not looked_at:
        return
    terms, increase = events_told(looked_at), seen.increase_told
    if increase:
        yield propose("event-before-increase", *looked_at, terms=terms, increase=increase)
    else:
        yield propose("event", *looked_at, terms=terms)
    yield from _step_back(seen, looked_at)


def _step_back(seen: Seen, events: Sequence[AdverseEvent]) -> Iterator[Proposal]:
    changes = seen.changes_so_far
    if seen.current is None or not changes or changes[-1].after < changes[-1].before:
        return
    last = changes[-1]
    since = [one for one in events if one.day >= last.day]
    if since:
        doses = {"dose": str(last.after), "before": str(last.before)}
        yield propose("step-back", *since, terms=events_told(since), **doses)


def sleep(seen: Seen) -> Iterator[Proposal]:
    """Point at sleep trouble of the last days under a plan with a bedtime."""
    if seen.current is None or dosing_time(seen.current.setting.bedtime) is DosingTime.MORNING:
        return
    recent = [one for one in seen.events if last_day(one) > seen.as_of - _SLEEP_DAYS]
    trouble = [one for one in recent if Domain.SLEEP in domains_of(one.term) and one.grade]
    if trouble:
        yield propose("sleep", *trouble, days=days_told(trouble), terms=events_told(trouble))
