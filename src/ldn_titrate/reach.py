"""
The days between the first and the last dose, surely and possibly.

A day that is not logged may have had the first dose, or the last one before a stop, and so decide
which days count at all. It must not know measures.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from ldn_titrate.days import DayStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ldn_titrate.days import DosingDay

_DAY: Final = timedelta(days=1)


class Reach(NamedTuple):
    """
    From where to where doses were taken: surely, and possibly.

    Attributes:
        earliest: The first day that may have had a dose.
        first: The first day that had one.
        last: The last day that had one.
        latest: The last day that may have had one.
        is_stopped: Whether days after the last dose belong to no measure.
    """

    earliest: date | None
    first: date | None
    last: date | None
    latest: date | None
    is_stopped: bool

    def cut(self, days: Sequence[DosingDay]) -> tuple[DosingDay, ...]:
        """Return the days that may lie between the first and the last dose."""
        if self.earliest is None or self.latest is None:
            return ()
        end = self.latest if self.is_stopped else days[-1].day
        return tuple(one for one in days if self.earliest <= one.day <= end)

    def is_sure(self, begin: date, end: date) -> bool:
        """Say whether these days lie between the first and the last dose, whatever is unknown."""
        if self.first is None or begin < self.first:
            return False
        return not (self.is_stopped and self.last and end > self.last)


def reach_of(days: Sequence[DosingDay], stopped: date | None) -> Reach:
    """Find the first and last dose, and those that days not logged may hide."""
    is_stopped = bool(days and stopped and stopped <= days[-1].day + _DAY)
    counted = [one for one in days if not (stopped and one.day >= stopped)]
    sure = [one.day for one in counted if one.has_dose]
    possible = [one.day for one in counted if one.has_dose or is_open(one)]
    return Reach(
        earliest=min(possible, default=None),
        first=min(sure, default=None),
        last=max(sure, default=None),
        latest=max(possible, default=None),
        is_stopped=is_stopped,
    )


def is_open(day: DosingDay) -> bool:
    """Say whether a day may have had a dose or not: it is not logged."""
    return day.status is DayStatus.NOT_LOGGED
