"""
Adherence: initiation, implementation and persistence, from the log, day by day.

The three are told apart (source M-abc), and each is told with what is not known. A log shows what
was written down, not what was swallowed. It must not know schedules, supplies or outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ldn_titrate.implementation import USUAL, Conventions, Implementation, implementation
from ldn_titrate.reach import Reach, is_open, reach_of
from ldn_titrate.share import Bounded
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ldn_titrate.days import DayByDay, DosingDay

_DAY: Final = timedelta(days=1)
_LOGGED_ONLY: Final = "A log shows what was written down; it does not show what was swallowed."
_BOTH_BOUNDS: Final = (
    "A day that is not logged is neither taken nor missed: the lower value counts it as not taken, "
    "the higher one as taken as planned."
)


@dataclass(frozen=True, slots=True)
class Initiation:
    """
    When the first dose was taken.

    Attributes:
        planned: The first dosing day of the plan; None while no dosing day counts yet.
        day: The first day for which a dose is logged; None while none is.
        earliest: The first day on which there may have been one: that day, or an earlier one that
            is not logged; None where each day so far is logged as without a dose.
    """

    planned: date | None
    day: date | None
    earliest: date | None

    @property
    def after(self) -> Bounded[int] | None:
        """How many days after the planned first day; None while no dose is logged."""
        if self.planned is None or self.day is None or self.earliest is None:
            return None
        return Bounded((self.earliest - self.planned).days, (self.day - self.planned).days)

    def told(self) -> str:
        """Say it in one sentence."""
        if self.planned is None:
            return "First dose: none is logged; no dosing day is over yet."
        if self.day is None or self.earliest is None:
            return f"First dose: none is logged; it was planned for {long_date(self.planned)}."
        days = (self.day - self.planned).days
        after = f"{days} day{'' if days == 1 else 's'} after the planned first day"
        found = f"First dose logged: {long_date(self.day)}, {after if days else 'as planned'}"
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

    Returns:
        The three phases. While no dosing day counts yet there is no dose, and the shares are of
        nothing.
    """
    reach = reach_of(days.days, stopped)
    planned = days.days[0].day if days.days else None
    return Adherence(
        Initiation(planned, reach.first, reach.earliest),
        implementation(reach.cut(days.days), reach=reach, conventions=conventions),
        _persistence(days.days, reach),
    )


def _persistence(days: Sequence[DosingDay], reach: Reach) -> Persistence:
    if reach.first is None or reach.last is None:
        high = (reach.latest - reach.earliest).days + 1 if reach.latest and reach.earliest else 0
        return Persistence(Persists.NOT_BEGUN, None, reach.earliest, Bounded(0, high))
    after = [one for one in reach.cut(days) if one.is_due and one.day > reach.last]
    since = next((one.day for one in after if is_open(one)), None)
    most = (reach.latest or reach.last) - (reach.earliest or reach.first) + _DAY
    spent = Bounded((reach.last - reach.first).days + 1, most.days)
    return Persistence(_state(reach, after, since), reach.last, since, spent)


def _state(reach: Reach, after: list[DosingDay], since: date | None) -> Persists:
    if reach.is_stopped:
        return Persists.STOPPED
    if since:
        return Persists.NOT_KNOWN
    return Persists.NO_DOSE_SINCE if after else Persists.GOES_ON
