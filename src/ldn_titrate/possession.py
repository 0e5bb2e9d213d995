"""
Possession: on how many days there was enough on hand, from what was dispensed.

Two ways to one question. For fills whose days' supply somebody states: the proportion of days
covered (PDC) and the medication possession ratio (MPR), as published (source M-possession). For a
plan: the days' supply is simulated, dose by dose, since a number of capsules lasts fewer days as
the dose goes up. Neither shows that anything was swallowed. It must not know the log of doses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ldn_titrate.bedtime import is_after_midnight
from ldn_titrate.dose import exactly
from ldn_titrate.entry import Dispensed
from ldn_titrate.errors import SupplyError
from ldn_titrate.product import make_up
from ldn_titrate.share import Share
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal
    from uuid import UUID

    from ldn_titrate.record import Record
    from ldn_titrate.schedule import Schedule

_DAY: Final = timedelta(days=1)
_ON_HAND_ONLY: Final = "What was on hand does not show what was swallowed."


@dataclass(frozen=True, slots=True, order=True)
class Fill:
    """
    Something handed out, with a days' supply that somebody states.

    Attributes:
        day: When.
        days: How many days it lasts, from 1.
    """

    day: date
    days: int

    def __post_init__(self) -> None:
        """Refuse what lasts no day."""
        if self.days < 1:
            raise SupplyError(f"a days' supply is 1 day or more, not {self.days}")


def pdc(fills: Sequence[Fill], first: date, last: date, *, carry_forward: bool = True) -> Share:
    """
    Return the proportion of days covered: distinct days with something on hand, never above 1.

    Args:
        fills: In any order; one from before the window covers days in it as far as it lasts.
        first: The first day of the window.
        last: Its last day, inclusive.
        carry_forward: Whether a fill that comes early is begun only when the one before is used up;
            otherwise the overlapping days are lost.

    Raises:
        SupplyError: The window ends before it begins.
    """
    window = _window(first, last)
    covered = {
        day
        for span in _spans(fills, carry_forward=carry_forward)
        for day in range(max(span.start, window.start), min(span.stop, window.stop))
    }
    return Share(len(covered), len(window))


def mpr(fills: Sequence[Fill], first: date, last: date) -> Share:
    """
    Return the medication possession ratio: the days' supply handed out in a window, of its days.

    It may exceed 1; whether it is then capped is a choice (``.capped``).

    Raises:
        SupplyError: The window ends before it begins.
    """
    window = _window(first, last)
    return Share(sum(one.days for one in fills if first <= one.day <= last), len(window))


def mpr_between_fills(fills: Sequence[Fill]) -> Share:
    """
    Return the possession ratio from the first to the last fill, without what the last one gave.

    It may exceed 1, and is not defined where all fills are of one day.
    """
    days = [one.day for one in fills]
    if not days or min(days) == max(days):
        return Share(0, 0)
    return mpr(fills, min(days), max(days) - _DAY)


def _window(first: date, last: date) -> range:
    if last < first:
        raise SupplyError(f"a window from {first} ends on that day or later, not on {last}")
    return range(first.toordinal(), last.toordinal() + 1)


def _spans(fills: Sequence[Fill], *, carry_forward: bool) -> Iterator[range]:
    used_up = 0
    for one in sorted(fills):
        begin = max(one.day.toordinal(), used_up if carry_forward else 0)
        used_up = begin + one.days
        yield range(begin, used_up)


@dataclass(frozen=True, slots=True)
class Gap:
    """
    Due days in a row for which the dose could not be made.

    Attributes:
        first: The first of them.
        last: The last of them.
        days: How many.
    """

    first: date
    last: date
    days: int

    def __str__(self) -> str:
        """Say it in one sentence."""
        span = f"from {long_date(self.first)} to {long_date(self.last)}"
        return f"Not enough on hand {span}; dosing days: {self.days}."


@dataclass(frozen=True, slots=True)
class Possession:
    """
    On which dosing days the planned dose could be made from what was handed out.

    Attributes:
        first: The first dosing day of the plan.
        last: The last day that was looked at.
        covered: Due days for which the dose could be made, of due days.
        gaps: The others, in runs.
        handed_out: How many times something was handed out.
        not_of_the_plan: The ids of those entries whose product no dose of these days is made from.
    """

    first: date
    last: date
    covered: Share
    gaps: tuple[Gap, ...]
    handed_out: int
    not_of_the_plan: tuple[UUID, ...]

    def told(self) -> tuple[str, ...]:
        """Say it in plain words, with what it rests on and what it cannot show."""
        other = len(self.not_of_the_plan)
        handed = f"Times that something is logged as handed out: {self.handed_out}"
        enough = f"Dosing days with enough of it on hand, through {long_date(self.last)}"
        return (
            f"{handed}; of another product than the plan's: {other}.",
            f"{enough}: {self.covered}.",
            *map(str, self.gaps),
            _ON_HAND_ONLY,
        )


def possession(schedule: Schedule, record: Record, last: date) -> Possession:
    """
    Simulate what was handed out against the schedule, dosing day by dosing day.

    Each due dose is made up as the plan makes it up, from what was handed out by then and is not
    past its beyond-use date, the earliest such date first; another strength never stands in for it.
    Where it cannot be made whole, nothing is used. Days without a planned dose use nothing.

    Args:
        schedule: What is planned, with every amendment so far.
        record: What was handed out; its doses are not looked at.
        last: The last dosing day to look at, inclusive.
    """
    shelf = _Shelf(tuple(one for one in record.of_kind(Dispensed) if one.day <= last))
    needed = tuple(_doses(schedule, last))
    could = [(one.day, shelf.give(one)) for one in needed]
    used = {label for one in needed for label in one.units}
    return Possession(
        first=schedule.first,
        last=last,
        covered=Share(sum(made for _, made in could), len(could)),
        gaps=tuple(_gaps(could)),
        handed_out=len(shelf.lots),
        not_of_the_plan=tuple(one.id for one in shelf.lots if one.product.label not in used),
    )


@dataclass(frozen=True, slots=True)
class _Needed:
    """
    What one dosing day takes.

    Attributes:
        day: The dosing day.
        on: The date on which the dose is taken.
        units: The amount of each product, by its label.
    """

    day: date
    on: date
    units: dict[str, Decimal]


def _doses(schedule: Schedule, last: date) -> Iterator[_Needed]:
    for segment in schedule.between(schedule.first, last):
        made = make_up(segment.dose, segment.setting.products)
        units = {one.product.label: one.amount * segment.doses_per_day for one in made}
        late = _DAY if is_after_midnight(segment.setting.bedtime) else timedelta(0)
        for day in segment.days(last):
            yield _Needed(day, day + late, units)


class _Shelf:
    """What is on hand: each entry's rest."""

    def __init__(self, lots: tuple[Dispensed, ...]) -> None:
        self.lots = lots
        self._left = {one.id: one.amount for one in lots}

    def give(self, needed: _Needed) -> bool:
        """Take what a day needs, or nothing; say whether it was there."""
        taken: dict[UUID, Decimal] = {}
        for label, amount in needed.units.items():
            missing = amount
            with exactly():
                for lot in self._usable(label, needed):
                    taken[lot.id] = min(missing, self._left[lot.id])
                    missing -= taken[lot.id]
            if missing:
                return False
        with exactly():
            self._left |= {one: self._left[one] - amount for one, amount in taken.items()}
        return True

    def _usable(self, label: str, needed: _Needed) -> list[Dispensed]:
        usable = (
            one
            for one in self.lots
            if one.product.label == label
            and one.day <= needed.day
            and (one.use_by is None or needed.on <= one.use_by)
        )
        return sorted(usable, key=lambda one: (one.use_by or date.max, one.day, one.id))


def _gaps(could: list[tuple[date, bool]]) -> Iterator[Gap]:
    run: list[date] = []
    for day, made in could:
        if not made:
            run.append(day)
        elif run:
            yield Gap(run[0], run[-1], len(run))
            run = []
    if run:
        yield Gap(run[0], run[-1], len(run))
