"""
Supply: what a schedule needs, how long a quantity lasts, and what is left.

Always simulated against the schedule, dosing day by dosing day; never units divided by doses per
day. It must not know any output.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from ldn_titrate.dose import exactly
from ldn_titrate.errors import SupplyError
from ldn_titrate.product import Units, make_up
from ldn_titrate.schedule import MOST_YEARS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.product import Product
    from ldn_titrate.schedule import Schedule


@dataclass(frozen=True, slots=True)
class SegmentNeed:
    """
    What one segment needs.

    Attributes:
        step: The number of the protocol's step, from 1; None for a dose that no step has.
        first: Its first dosing day within the days asked for.
        last: Its last one.
        each: What one dosing day takes.
        total: What they all take.
    """

    step: int | None
    first: date
    last: date
    each: tuple[Units, ...]
    total: tuple[Units, ...]


@dataclass(frozen=True, slots=True)
class Lasting:
    """
    How long a quantity lasts.

    Attributes:
        days: Full dosing days that it covers.
        last: The last of them; None if it does not cover the first.
        left: What is left after it.
        to_the_end: Whether the plan ends before the quantity does.
    """

    days: int
    last: date | None
    left: tuple[Units, ...]
    to_the_end: bool


def needs(schedule: Schedule, first: date, last: date) -> tuple[SegmentNeed, ...]:
    """Return what each segment between two dosing days, inclusive, needs."""
    return tuple(
        SegmentNeed(
            step=segment.step,
            first=segment.first,
            last=segment.first + timedelta(days=(segment.count(last) - 1) * segment.every_days),
            each=make_up(segment.dose, segment.setting.products),
            total=schedule.units(segment.first, min(last, segment.last or last)),
        )
        for segment in schedule.between(first, last)
    )


def lasts(schedule: Schedule, have: Sequence[Units], first: date) -> Lasting:
    """
    Follow the schedule from a dosing day on until a dose can no longer be made.

    Each dose is made up as the plan makes it up; another strength never stands in for it.

    Args:
        schedule: What is taken.
        have: What is on hand.
        first: The first dosing day that takes from it.

    Raises:
        SupplyError: The quantity would outlast ten years, which points to a typing error.
    """
    left: dict[Product, Decimal] = {}
    for one in have:
        left[one.product] = left.get(one.product, Decimal(0)) + one.amount
    days, last = 0, None
    for day, needed in _daily(schedule, first):
        if any(left.get(one.product, Decimal(0)) < one.amount for one in needed):
            return Lasting(days, last, _rest(left), to_the_end=False)
        with exactly():
            left |= {one.product: left[one.product] - one.amount for one in needed}
        days, last = days + 1, day
    if schedule.last is None or schedule.last > _far(schedule, first):
        raise SupplyError(f"this quantity would outlast {MOST_YEARS} years; check the number")
    return Lasting(days, last, _rest(left), to_the_end=True)


def _daily(schedule: Schedule, first: date) -> Iterator[tuple[date, tuple[Units, ...]]]:
    far = _far(schedule, first)
    for segment in schedule.between(first, far):
        single = make_up(segment.dose, segment.setting.products)
        needed = tuple(Units(one.amount * segment.doses_per_day, one.product) for one in single)
        for day in segment.days(far):
            yield day, needed


def _far(schedule: Schedule, first: date) -> date:
    begins = max(first, schedule.first)
    return begins + min(timedelta(days=366 * MOST_YEARS), date.max - begins)


def _rest(left: dict[Product, Decimal]) -> tuple[Units, ...]:
    return tuple(Units(amount, product) for product, amount in left.items() if amount)
