"""The rules about what naltrexone must not meet: opioids, and procedures that may bring them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ldn_titrate.entry import OpioidTaken, ProcedurePlanned, Taken
from ldn_titrate.library import screener
from ldn_titrate.review.said import days_told, propose
from ldn_titrate.screening import OpioidClass
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ldn_titrate.proposal import Proposal
    from ldn_titrate.review.seen import Seen


def opioid(seen: Seen) -> Iterator[Proposal]:
    """Ask for a stop where the last screening did not know an opioid; an unknown name is one."""
    paused = seen.plan.course.pause_on(seen.as_of)
    known = [(one, screener().find_opioid(one.name)) for one in _not_screened(seen)]
    real = [one for one, found in known if not found or found.opioid_class is not OpioidClass.ASK]
    if paused and paused.opioid:
        yield propose("opioid-suspended", *real, days=long_date(paused.first))
        yield from _taken_all_the_same(seen, paused.first)
    elif real and (not seen.is_stopped or _doses_since(seen, real[0].day)):
        yield propose("opioid", *real, days=days_told(real))
    for one, found in known:
        if found and found.opioid_class is OpioidClass.ASK:
            yield propose("opioid-ask", one, opioid=found.ingredient, days=days_told([one]))


def _taken_all_the_same(seen: Seen, first: date) -> Iterator[Proposal]:
    """Point at doses that were taken while an opioid suspends the plan."""
    if doses := _doses_since(seen, first):
        yield propose("opioid-dose", *doses, days=days_told(doses), first=long_date(first))


def _doses_since(seen: Seen, first: date) -> list[Taken]:
    """Return the doses that count from a day on, whether one was planned or not."""
    taken = seen.entries_of([one for one in seen.days if one.day >= first and one.has_dose])
    return [one for one in taken if isinstance(one, Taken)]


def _not_screened(seen: Seen) -> list[OpioidTaken]:
    """Return the opioids that came with the last screening, after it, or to light after it."""
    at = seen.screened_at
    told = seen.record.of_kind(OpioidTaken)
    return [one for one in told if one.day >= at.date() or one.written_at > at]


def procedure(seen: Seen) -> Iterator[Proposal]:
    """Point at each day with a procedure to come, however often it was told."""
    to_come = [one for one in seen.record.of_kind(ProcedurePlanned) if one.on >= seen.as_of]
    for on, told in groupby(sorted(to_come, key=lambda one: one.on), key=lambda one: one.on):
        yield propose("procedure", *told, on=long_date(on))
