"""The rules about what lies ahead: visits, supply, and whether there is a dose to go on with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ldn_titrate.entry import Dispensed, Visit
from ldn_titrate.possession import possession
from ldn_titrate.review.said import propose
from ldn_titrate.review.seen import AHEAD, DAY, logged_days
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.proposal import Proposal
    from ldn_titrate.review.seen import Seen

_AROUND_A_VISIT: Final = timedelta(days=7)


def follow_up(seen: Seen) -> Iterator[Proposal]:
    """Point at the last review or promised visit that was not held."""
    visits = seen.record.of_kind(Visit)
    reviews = [day for day in seen.plan.reviews(seen.as_of) if day >= seen.schedule.first]
    # A visit keeps no promise of its own, be it for the day after.
    promised = [(one.next_on, one.day) for one in visits if one.next_on]
    due = [*((day, date.min) for day in reviews), *promised]
    last = max((one for one in due if one[0] <= seen.as_of), default=None)
    if last and not any(_keeps(one, *last) for one in visits):
        yield propose("follow-up", on=long_date(last[0]))


def _keeps(visit: Visit, due: date, after: date) -> bool:
    """Say whether a visit is the one that was due on a day, after another day."""
    return visit.day > after and visit.day >= due - _AROUND_A_VISIT


def supply(seen: Seen) -> Iterator[Proposal]:
    """Hold what was dispensed against the day of the next visit."""
    if seen.current is None:
        return
    dispensed = seen.record.of_kind(Dispensed)
    if not dispensed:
        yield propose("supply-unknown")
        return
    visit = _next_visit(seen)
    told = f"the next visit is on {long_date(visit)}" if visit else "no next visit is known"
    gaps = possession(seen.schedule, seen.record, visit - DAY if visit else seen.as_of).gaps
    if short := next((one for one in gaps if one.last >= seen.as_of), None):
        first = max(short.first, seen.as_of)
        yield propose("supply-short", *dispensed, first=long_date(first), visit=told)


def _next_visit(seen: Seen) -> date | None:
    """Return the next day on which a review is planned or a visit was promised."""
    promised = (one.next_on for one in seen.record.of_kind(Visit) if one.next_on)
    days = (*seen.plan.reviews(seen.as_of + AHEAD), *promised)
    return min((day for day in days if day > seen.as_of), default=None)


def standing(seen: Seen) -> Iterator[Proposal]:
    """Say where there is nothing to go on with: a draft, or no dose that is planned."""
    if not seen.plan.is_signed:
        yield propose("draft")
    course, on = seen.plan.course, seen.as_of
    paused = course.pause_on(on)
    if seen.current or (paused and paused.opioid):
        return
    if course.waits_from and course.waits_from <= on:
        yield propose("waits", on=long_date(course.waits_from))
    else:
        why = f"it is paused since {long_date(paused.first)}" if paused else _why_none(seen)
        yield propose("no-dose", on=long_date(on), why=why)


def _why_none(seen: Seen) -> str:
    stopped = seen.plan.course.stopped
    if seen.is_stopped and stopped:
        return f"it was stopped from {long_date(stopped)} on"
    if seen.as_of < seen.schedule.first:
        return f"its first dosing day is {long_date(seen.schedule.first)}"
    return "it has ended"


def go_on(seen: Seen) -> Iterator[Proposal]:
    """Say that no rule found anything, and in how much."""
    yield propose("continue", n=str(logged_days(seen.due)), of=str(len(seen.due)))
