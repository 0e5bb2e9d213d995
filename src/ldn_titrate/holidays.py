"""
Drug holidays: runs of due days without a dose, counted over every way the open days may have gone.

A day that is not logged joins two runs if it was missed and parts them if it was not, so the count
has two bounds. It must not know the other measures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ldn_titrate.days import DayStatus
from ldn_titrate.reach import is_open
from ldn_titrate.share import Bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.days import DosingDay
    from ldn_titrate.reach import Reach


class _Run(NamedTuple):
    """
    Days without a dose, up to some day.

    Attributes:
        begun: Whether the first dose was taken.
        length: How many due days in a row, as far as a holiday needs.
        waiting: Holidays since the last dose; they count once a dose follows, or at the end.
    """

    begun: bool
    length: int = 0
    waiting: int = 0

    def without_dose(self, least: int) -> _Run:
        """Go on by a due day without a dose."""
        if not self.begun:
            return self
        is_holiday = self.length + 1 == least
        return self._replace(
            length=min(self.length + 1, least), waiting=self.waiting + int(is_holiday)
        )


def holidays(days: Sequence[DosingDay], least: int, reach: Reach) -> Bounded[int]:
    """
    Count the holidays, fewest and most, over each way in which days not logged may have gone.

    Args:
        days: The days that are looked at.
        least: How many due days in a row without a dose are a holiday.
        reach: From where to where doses were taken.
    """
    found = {_Run(begun=reach.first == reach.earliest): (0, 0)}
    for day in days:
        after: dict[_Run, tuple[int, int]] = {}
        for run, (low, high) in found.items():
            for goes_on, more in _ways(run, day, least):
                lowest, highest = after.get(goes_on, (low + more, high + more))
                after[goes_on] = (min(lowest, low + more), max(highest, high + more))
        found = after
    ends = [(bounds, 0 if reach.is_stopped else run.waiting) for run, bounds in found.items()]
    return Bounded(min(b[0] + more for b, more in ends), max(b[1] + more for b, more in ends))


def _ways(run: _Run, day: DosingDay, least: int) -> Iterator[tuple[_Run, int]]:
    """Yield how a run may go on over a day, each with the holidays that are then settled."""
    if day.has_dose or is_open(day):
        yield _Run(begun=True), run.waiting
    if day.status is DayStatus.PAUSED:
        yield run._replace(length=0), 0
    elif day.status is DayStatus.NOT_DUE:
        yield run, 0
    elif not day.has_dose:
        yield run.without_dose(least), 0
