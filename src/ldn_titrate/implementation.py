"""
Implementation: how what was taken agrees with what was planned, over some days.

A day that is not logged is neither taken nor missed, so each measure has two bounds. The
denominator is the dose planned for that day; days of a pause and days on which nothing was due are
left out. It must not know schedules, supplies or outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from ldn_titrate.days import LATE, DayStatus
from ldn_titrate.dose import milligrams, plain
from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.holidays import holidays
from ldn_titrate.reach import Reach, is_open
from ldn_titrate.share import Bounded, Share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ldn_titrate.days import DosingDay

HOLIDAY: Final = 3  # due days in a row (M-holiday)
_DAY: Final = timedelta(days=1)
_CLOSEST, _FARTHEST = timedelta(hours=18), timedelta(hours=30)  # M-interval
_CORRECT: Final = frozenset({DayStatus.TAKEN, DayStatus.LATE})
_NO, _YES, _OPEN = (0, 0), (1, 1), (0, 1)


@dataclass(frozen=True, slots=True)
class Conventions:
    """
    Where two of the measures draw their line.

    Attributes:
        within: How far from its planned time a dose is still on time, either way (P-late).
        holiday: How many due days in a row without a dose are a drug holiday (M-holiday).
    """

    within: timedelta = LATE
    holiday: int = HOLIDAY

    def __post_init__(self) -> None:
        """Refuse lines that divide nothing."""
        if self.within < timedelta(0) or self.holiday < 1:
            raise LdnTitrateError(
                "the time around a dose is not negative, a holiday is 1 day or more"
            )


USUAL: Final = Conventions()


@dataclass(frozen=True, slots=True)
class Implementation:
    """
    How what was taken agrees with what was planned, over some days.

    Attributes:
        due: Days on which a dose was planned.
        not_logged: How many of them are not logged.
        no_time: How many of them have a dose without a time.
        unplanned: Days with a dose for which none was planned; they are in no measure.
        taking: Doses taken, of doses planned. It may exceed 100%.
        correct: Days with just the planned amount, of due days.
        with_dose: Days with a dose of whatever amount, of due days.
        on_time: Due days with a dose near its planned time, of due days.
        regular: Due days with a dose 18 to 30 hours after the dose of the day before, of due days
            after a due day.
        micrograms: What was taken, of what was planned, in micrograms. It may exceed 100%.
        holidays: Runs of due days without a dose that are long enough.
        conventions: Where the lines were drawn.
    """

    due: int
    not_logged: int
    no_time: int
    unplanned: int
    taking: Bounded[Share]
    correct: Bounded[Share]
    with_dose: Bounded[Share]
    on_time: Bounded[Share]
    regular: Bounded[Share]
    micrograms: Bounded[Share]
    holidays: Bounded[int]
    conventions: Conventions

    def told(self) -> tuple[str, ...]:
        """Say on how many days it rests, then each measure in one sentence."""
        hours = self.conventions.within / timedelta(hours=1)
        least = self.conventions.holiday
        run = f"{least} due day{'' if least == 1 else 's'}"
        return (
            self._told_days(),
            f"Doses taken, of doses planned: {self.taking}.",
            f"Days with just the planned dose: {self.correct}.",
            f"Days with any dose: {self.with_dose}.",
            f"Within {hours:g} hours of the planned time: {self.on_time}.",
            f"18 to 30 hours after the dose of the day before: {self.regular}.",
            f"Amount taken, of the amount planned: {_in_mg(self.micrograms)}.",
            f"Drug holidays, {run} or more in a row without a dose: {self.holidays}.",
        )

    def _told_days(self) -> str:
        return (
            f"Days on which a dose was due: {self.due}; not logged: {self.not_logged}; "
            f"with a dose of unknown time: {self.no_time}; "
            f"with a dose that was not planned: {self.unplanned}."
        )


def implementation(
    days: Sequence[DosingDay], *, reach: Reach | None = None, conventions: Conventions = USUAL
) -> Implementation:
    """
    Measure how what was taken agrees with what was planned, over some days.

    Args:
        days: The days; those of a pause, and those on which nothing was due, are in no measure.
        reach: From where to where doses were taken; None where all of the days count, whether or
            not they hold the first or the last dose.
        conventions: Where the measures draw their lines.
    """
    if reach is None:
        whole = days[0].day if days else None
        reach = Reach(whole, whole, None, None, is_stopped=False)
    return _measured(days, reach, conventions)


class _Part(NamedTuple):
    """
    What one day adds to a share.

    Attributes:
        low: To its part, at least.
        high: To its part, at most.
        whole: To its whole.
        is_sure: Whether it counts whatever the days not logged hide.
    """

    low: int
    high: int
    whole: int
    is_sure: bool


def _measured(days: Sequence[DosingDay], reach: Reach, conventions: Conventions) -> Implementation:
    due = [one for one in days if one.is_due]

    def of_due(count: Callable[[DosingDay], tuple[int, int]]) -> Bounded[Share]:
        return _share(_Part(*count(one), 1, reach.is_sure(one.day, one.day)) for one in due)

    return Implementation(
        due=len(due),
        not_logged=sum(map(is_open, due)),
        no_time=sum(one.has_dose and one.at is None for one in due),
        unplanned=sum(one.has_dose and not one.is_due for one in days),
        taking=of_due(_doses),
        correct=of_due(_is_correct),
        with_dose=of_due(_has_dose),
        on_time=of_due(lambda one: _is_on_time(one, conventions.within)),
        regular=_share(_regular(due, reach)),
        micrograms=_share(_amounts(due, reach)),
        holidays=holidays(days, conventions.holiday, reach),
        conventions=conventions,
    )


def _share(parts: Iterable[_Part]) -> Bounded[Share]:
    """
    Bound a share.

    Where days not logged leave open which days count at all, the upper bound leaves out of those
    each day without a dose; a share above 100% is highest without any of them.
    """
    all_ = list(parts)
    sure = [one for one in all_ if one.is_sure]
    low = Share(sum(one.low for one in all_), sum(one.whole for one in all_))
    with_all = _highest([one for one in all_ if one.is_sure or one.high])
    high = max(with_all, _highest(sure), key=lambda one: one.fraction or 0)
    return Bounded(low, high if high.whole else low)


def _highest(parts: list[_Part]) -> Share:
    return Share(sum(one.high for one in parts), sum(one.whole for one in parts))


def _doses(day: DosingDay) -> tuple[int, int]:
    """Count the doses: one in several parts is one, twice the planned amount is two."""
    if day.status is DayStatus.DOUBLED and day.taken and day.planned:
        doses = max(2, day.taken.micrograms // day.planned.micrograms)
        return doses, doses
    return _has_dose(day)


def _has_dose(day: DosingDay) -> tuple[int, int]:
    return _OPEN if is_open(day) else _answer(day.has_dose)


def _is_correct(day: DosingDay) -> tuple[int, int]:
    is_unknown = is_open(day) or _has_unknown_amount(day)
    return _OPEN if is_unknown else _answer(day.status in _CORRECT)


def _has_unknown_amount(day: DosingDay) -> bool:
    return day.has_dose and day.taken is None


def _is_on_time(day: DosingDay, within: timedelta) -> tuple[int, int]:
    if day.late is None:
        return _OPEN if is_open(day) or day.has_dose else _NO
    return _answer(abs(day.late) <= within)


def _answer(yes: bool) -> tuple[int, int]:  # noqa: FBT001 - it is the question's answer
    return _YES if yes else _NO


def _regular(due: list[DosingDay], reach: Reach) -> Iterator[_Part]:
    for before, day in pairwise(due):
        if day.day - before.day == _DAY:
            yield _Part(*_is_regular(before, day), 1, reach.is_sure(before.day, day.day))


def _is_regular(before: DosingDay, day: DosingDay) -> tuple[int, int]:
    if not all(one.has_dose or is_open(one) for one in (before, day)):
        return _NO
    if before.at is None or day.at is None:
        return _OPEN
    return _answer(_CLOSEST <= day.at - before.at <= _FARTHEST)


def _amounts(due: list[DosingDay], reach: Reach) -> Iterator[_Part]:
    for one in due:
        planned = one.planned.micrograms if one.planned else 0
        taken = one.taken.micrograms if one.taken else 0
        most = planned if is_open(one) or _has_unknown_amount(one) else taken
        yield _Part(taken, most, planned, reach.is_sure(one.day, one.day))


def _in_mg(amounts: Bounded[Share]) -> str:
    def say(one: Share) -> str:
        taken, planned = (plain(milligrams(number)) for number in (one.part, one.whole))
        return f"{taken} mg of {planned} mg ({one.percent})"

    low, high = say(amounts.low), say(amounts.high)
    return low if amounts.is_known else f"between {low} and {high}"
