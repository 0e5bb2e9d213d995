"""The rules about the log of doses: left out in a row, other amounts, and too little of it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from ldn_titrate.days import WITHOUT_A_DOSE, DayStatus
from ldn_titrate.review.said import propose
from ldn_titrate.review.seen import logged_days
from ldn_titrate.words import listed, long_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.days import DosingDay
    from ldn_titrate.dose import Dose
    from ldn_titrate.proposal import Proposal
    from ldn_titrate.review.seen import Seen

IN_A_ROW: Final = 3  # P-three-missed
_AMOUNTS: Final = {DayStatus.DOUBLED: "doubled", DayStatus.DIFFERENT: "different-amount"}


def in_a_row(seen: Seen) -> Iterator[Proposal]:
    """Point at three or more due days in a row without a dose, as far as that is known or not."""
    for run in _runs(seen, WITHOUT_A_DOSE):
        yield propose("missed-in-a-row", *seen.entries_of(run), **_span(run))
    for run in _runs(seen, WITHOUT_A_DOSE | {DayStatus.NOT_LOGGED}):
        if unknown := len(run) - logged_days(run):
            fields = _span(run) | {"unknown": str(unknown)}
            yield propose("not-logged-in-a-row", *seen.entries_of(run), **fields)


def _runs(seen: Seen, statuses: frozenset[DayStatus]) -> Iterator[list[DosingDay]]:
    """Yield the runs that are long enough and that a visit could not have seen whole."""
    for is_one, group in groupby(seen.due, lambda one: one.status in statuses):
        run = list(group)
        if is_one and len(run) >= IN_A_ROW and seen.is_any_new(run):
            yield run


def _span(run: Sequence[DosingDay]) -> dict[str, str]:
    ends = {"first": long_date(run[0].day), "last": long_date(run[-1].day)}
    return {"count": str(len(run)), **ends}


def amounts(seen: Seen) -> Iterator[Proposal]:
    """Point at doubled doses, and at other amounts than the planned ones."""
    for status, rule in _AMOUNTS.items():
        days = [one for one in seen.days if one.status is status and seen.is_any_new([one])]
        if days:
            yield propose(rule, *seen.entries_of(days), days=listed(list(_told(days))))


def _told(days: Sequence[DosingDay]) -> Iterator[str]:
    """Say what was taken beside what was planned, so that a slip of ten times is seen at once."""
    for _, group in groupby(enumerate(days), lambda one: _alike(*one)):
        run = [day for _, day in group]
        first, last, one = long_date(run[0].day), long_date(run[-1].day), run[0]
        planned = f" instead of {one.planned}" if one.planned else ", none planned"
        span = first if len(run) == 1 else f"each day from {first} to {last}"
        yield f"{span} ({one.taken or 'an amount not told'}{planned})"


def _alike(place: int, day: DosingDay) -> tuple[int, Dose | None, Dose | None]:
    """Give what is the same for days in a row with one amount instead of another."""
    return day.day.toordinal() - place, day.taken, day.planned


def too_little_logged(seen: Seen) -> Iterator[Proposal]:
    """Say so where the log cannot carry a word on how the plan is followed."""
    if seen.is_judged:
        return
    last, n = seen.last_due, logged_days(seen.last_due)
    told = f"Of the last {len(last)} dosing days {n} are logged" if last else "No dose was due yet"
    yield propose("not-enough-logged", told=told)
