"""
Adherence: initiation, implementation and persistence, from the log, day by day.

The three are told apart (source M-abc), and each measure is told with what is not known: a day that
is not logged is neither taken nor missed, so it gives two bounds. The denominator is the dose
planned for that day; days of a pause and days on which nothing was due are left out. A log shows
what was written down, not what was swallowed. It must not know schedules, supplies or outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from ldn_titrate.days import LATE, DayStatus
from ldn_titrate.dose import milligrams, plain
from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.share import Bounded, Share
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from ldn_titrate.days import DayByDay, DosingDay

HOLIDAY: Final = 3  # due days in a row (M-holiday)
_DAY: Final = timedelta(days=1)
_CLOSEST, _FARTHEST = timedelta(hours=18), timedelta(hours=30)  # M-interval
_CORRECT: Final = frozenset({DayStatus.TAKEN, DayStatus.LATE})
_NO, _YES, _OPEN = (0, 0), (1, 1), (0, 1)
_LOGGED_ONLY: Final = "A log shows what was written down; it does not show what was swallowed."
_BOTH_BOUNDS: Final = (
    "A day that is not logged is neither taken nor missed: the lower value counts it as not taken, "
    "the higher one as taken as planned."
)


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
class Initiation:
    """
    When the first dose was taken.

    Attributes:
        planned: The first dosing day of the plan.
        day: The first day for which a dose is logged; None while none is.
        earliest: The first day on which there may have been one: that day, or an earlier one that
            is not logged; None where each day so far is logged as without a dose.
    """

    planned: date
    day: date | None
    earliest: date | None

    @property
    def after(self) -> Bounded[int] | None:
        """How many days after the planned first day; None while no dose is logged."""
        if self.day is None or self.earliest is None:
            return None
        return Bounded((self.earliest - self.planned).days, (self.day - self.planned).days)

    def told(self) -> str:
        """Say it in one sentence."""
        if self.day is None or self.earliest is None:
            return f"First dose: none is logged; it was planned for {long_date(self.planned)}."
        after = (self.day - self.planned).days
        late = f"{_number(after, 'day')} after the planned first day" if after else "as planned"
        found = f"First dose logged: {long_date(self.day)}, {late}"
        if self.earliest == self.day:
            return f"{found}."
        earliest = long_date(self.earliest)
        return f"{found}; earlier days are not logged, so it may have been on {earliest} already."


class Persists(StrEnum):
    """How far the taking is known to have gone on. That somebody gave up is never concluded."""

    NOT_BEGUN = "no dose is logged"
    GOES_ON = "a dose is logged for the last day on which one was due"
    NO_DOSE_SINCE = "each due day since the last dose is logged, without a dose"
    NOT_KNOWN = "not logged to the end"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Persistence:
    """
    From the first dose to the last one before the end of the treatment.

    Attributes:
        state: How far it is known.
        last: The last day for which a dose is logged, before a stop.
        not_known_since: The first due day after it that is not logged.
        days: The days from the first to the last dose, both counted.
    """

    state: Persists
    last: date | None
    not_known_since: date | None
    days: Bounded[int]

    def told(self) -> str:
        """Say it in one sentence."""
        if self.last is None:
            return "Persistence: none to tell; no dose is logged."
        since = self.not_known_since
        if self.state is Persists.STOPPED:
            end = "then the treatment was stopped"
        elif since:
            end = f"not known since {long_date(since)}"
        elif self.state is Persists.NO_DOSE_SINCE:
            end = "each due day since then is logged as without a dose"
        else:
            end = "so far"
        return f"Persistence: {self.days} days, last dose logged {long_date(self.last)}; {end}."


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
        run = _number(self.conventions.holiday, "due day")
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


@dataclass(frozen=True, slots=True)
class Adherence:
    """
    The three phases, each for itself.

    Attributes:
        initiation: When the first dose was taken.
        implementation: The measures from the first dose on, to the last one before a stop.
        persistence: How long doses were taken.
    """

    initiation: Initiation
    implementation: Implementation
    persistence: Persistence

    def told(self) -> tuple[str, ...]:
        """Say all of it in plain words, with what is missing and what a log cannot show."""
        return (
            self.initiation.told(),
            *self.implementation.told(),
            self.persistence.told(),
            *((_BOTH_BOUNDS,) if self.implementation.not_logged else ()),
            _LOGGED_ONLY,
        )


def adherence(
    days: DayByDay, *, stopped: date | None = None, conventions: Conventions = USUAL
) -> Adherence:
    """
    Measure adherence from the first dose on.

    Args:
        days: The record laid over the schedule.
        stopped: The first day after a prescriber's stop (``schedule.plan.course.stopped``), or
            after an end that somebody established; None while neither is known.
        conventions: Where the measures draw their lines.

    Raises:
        LdnTitrateError: There is no day yet: the plan has not begun.
    """
    if not days.days:
        raise LdnTitrateError("the plan has not begun, so there is no day to measure")
    reach = _reach(days.days, stopped)
    return Adherence(
        Initiation(days.days[0].day, reach.first, reach.earliest),
        _implementation(reach.cut(days.days), reach, conventions),
        _persistence(days.days, reach),
    )


def implementation(
    days: Sequence[DosingDay], *, conventions: Conventions = USUAL
) -> Implementation:
    """Measure just these days, all of them, whether or not they hold the first or last dose."""
    whole = days[0].day if days else None
    return _implementation(days, _Reach(whole, whole, None, None, is_stopped=False), conventions)


class _Reach(NamedTuple):
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


def _reach(days: Sequence[DosingDay], stopped: date | None) -> _Reach:
    """Find the first and last dose, and those that days not logged may hide."""
    is_stopped = stopped is not None and stopped <= days[-1].day + _DAY
    counted = [one for one in days if not (stopped and one.day >= stopped)]
    sure = [one.day for one in counted if one.has_dose]
    possible = [one.day for one in counted if one.has_dose or _is_open(one)]
    return _Reach(*_first(possible), *_first(sure), *_last(sure), *_last(possible), is_stopped)


def _first(days: list[date]) -> tuple[date | None]:
    return (days[0] if days else None,)


def _last(days: list[date]) -> tuple[date | None]:
    return (days[-1] if days else None,)


def _is_open(day: DosingDay) -> bool:
    return day.status is DayStatus.NOT_LOGGED


def _persistence(days: Sequence[DosingDay], reach: _Reach) -> Persistence:
    if reach.first is None or reach.last is None:
        high = (reach.latest - reach.earliest).days + 1 if reach.latest and reach.earliest else 0
        return Persistence(Persists.NOT_BEGUN, None, reach.earliest, Bounded(0, high))
    after = [one for one in reach.cut(days) if one.is_due and one.day > reach.last]
    since = next((one.day for one in after if _is_open(one)), None)
    most = (reach.latest or reach.last) - (reach.earliest or reach.first) + _DAY
    spent = Bounded((reach.last - reach.first).days + 1, most.days)
    return Persistence(_state(reach, after, since), reach.last, since, spent)


def _state(reach: _Reach, after: list[DosingDay], since: date | None) -> Persists:
    if reach.is_stopped:
        return Persists.STOPPED
    if since:
        return Persists.NOT_KNOWN
    return Persists.NO_DOSE_SINCE if after else Persists.GOES_ON


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


def _implementation(
    days: Sequence[DosingDay], reach: _Reach, conventions: Conventions
) -> Implementation:
    due = [one for one in days if one.is_due]

    def of_due(count: Callable[[DosingDay], tuple[int, int]]) -> Bounded[Share]:
        return _share(_Part(*count(one), 1, reach.is_sure(one.day, one.day)) for one in due)

    return Implementation(
        due=len(due),
        not_logged=sum(map(_is_open, due)),
        no_time=sum(one.has_dose and one.at is None for one in due),
        unplanned=sum(one.has_dose and not one.is_due for one in days),
        taking=of_due(_doses),
        correct=of_due(_is_correct),
        with_dose=of_due(_has_dose),
        on_time=of_due(lambda one: _is_on_time(one, conventions.within)),
        regular=_share(_regular(due, reach)),
        micrograms=_share(_amounts(due, reach)),
        holidays=_holidays(
            days, conventions.holiday, _Run(begun=reach.first == reach.earliest), reach
        ),
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
    return _OPEN if _is_open(day) else _answer(day.has_dose)


def _is_correct(day: DosingDay) -> tuple[int, int]:
    return _OPEN if _is_open(day) else _answer(day.status in _CORRECT)


def _is_on_time(day: DosingDay, within: timedelta) -> tuple[int, int]:
    if day.late is None:
        return _OPEN if _is_open(day) or day.has_dose else _NO
    return _answer(abs(day.late) <= within)


def _answer(yes: bool) -> tuple[int, int]:  # noqa: FBT001 - it is the question's answer
    return _YES if yes else _NO


def _regular(due: list[DosingDay], reach: _Reach) -> Iterator[_Part]:
    for before, day in pairwise(due):
        if day.day - before.day == _DAY:
            yield _Part(*_is_regular(before, day), 1, reach.is_sure(before.day, day.day))


def _is_regular(before: DosingDay, day: DosingDay) -> tuple[int, int]:
    if not all(one.has_dose or _is_open(one) for one in (before, day)):
        return _NO
    if before.at is None or day.at is None:
        return _OPEN
    return _answer(_CLOSEST <= day.at - before.at <= _FARTHEST)


def _amounts(due: list[DosingDay], reach: _Reach) -> Iterator[_Part]:
    for one in due:
        planned = one.planned.micrograms if one.planned else 0
        taken = one.taken.micrograms if one.taken else 0
        most = planned if _is_open(one) else taken
        yield _Part(taken, most, planned, reach.is_sure(one.day, one.day))


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


def _holidays(days: Sequence[DosingDay], least: int, begin: _Run, reach: _Reach) -> Bounded[int]:
    """Count the holidays, fewest and most, over each way in which days not logged may have gone."""
    found = {begin: (0, 0)}
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
    if day.has_dose or _is_open(day):
        yield _Run(begun=True), run.waiting
    if day.status is DayStatus.PAUSED:
        yield run._replace(length=0), 0
    elif day.status is DayStatus.NOT_DUE:
        yield run, 0
    elif not day.has_dose:
        yield run.without_dose(least), 0


def _in_mg(amounts: Bounded[Share]) -> str:
    def say(one: Share) -> str:
        taken, planned = (plain(milligrams(number)) for number in (one.part, one.whole))
        return f"{taken} mg of {planned} mg ({one.percent})"

    low, high = say(amounts.low), say(amounts.high)
    return low if amounts.is_known else f"between {low} and {high}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
