"""
Protocols: the titration rule for anybody, without dates, as data with its sources.

A rule is a linear climb (start, increment, interval, cap) or a list of steps; both unfold to the
same steps. It must not know patients, products or the calendar beyond its own intervals.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from ldn_titrate.base import Day, Frozen, Note, TextValue, text_of
from ldn_titrate.dose import LDN_BOUNDS, Dose
from ldn_titrate.errors import ProtocolError

NALTREXONE: Final = "naltrexone hydrochloride"
MOST_STEPS: Final = 60
_INTERVAL = re.compile(r"P(?P<number>[1-9][0-9]{0,2})(?P<unit>[DWM])")
_DAYS = {"D": 1, "W": 7}


@dataclass(frozen=True, slots=True)
class Interval(TextValue):
    """
    A length of time in days or in calendar months, written as ISO 8601: ``P14D``, ``P2W``, ``P1M``.

    A month runs to the same day of the next month, or to its last day where there is none: one
    month from 31 January ends on the last day of February.
    """

    days: int = 0
    months: int = 0

    def __post_init__(self) -> None:
        """Refuse what is neither days nor months."""
        if min(self.days, self.months) or max(self.days, self.months) < 1:
            raise ProtocolError("an interval is a number of days or a number of months")

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read an interval.

        Raises:
            ProtocolError: The text is no such interval.
        """
        found = _INTERVAL.fullmatch(text_of(text))
        if found is None:
            raise ProtocolError(
                f"cannot read {text[:20]!r} as an interval; write P14D (days), P2W (weeks) or P1M"
            )
        number = int(found["number"])
        if found["unit"] == "M":
            return cls(months=number)
        return cls(days=number * _DAYS[found["unit"]])

    def after(self, day: date) -> date:
        """Return the first day after an interval that begins on *day*."""
        if not self.months:
            return day + timedelta(self.days)
        from dateutil.relativedelta import relativedelta  # noqa: PLC0415  # few rules count months

        return day + relativedelta(months=self.months)

    def holds_rounds_of(self, days: int) -> bool:
        """Say whether a whole number of rounds of so many days fills the interval."""
        return days == 1 or (not self.months and self.days % days == 0)

    def __str__(self) -> str:
        """Write the interval as it is read."""
        return f"P{self.months}M" if self.months else f"P{self.days}D"

    def in_words(self) -> str:
        """Say the interval: ``14 days``, ``1 month``."""
        number, unit = (self.months, "month") if self.months else (self.days, "day")
        return f"{number} {unit}{'' if number == 1 else 's'}"


class Step(Frozen):
    """
    One rung: a dose and how long to stay.

    Attributes:
        dose: The amount of each single dose.
        lasts: How long the step lasts; None leaves it open until a prescriber changes the plan.
        doses_per_day: Single doses on each dosing day.
        every_days: 1 for every day, 2 for every other day, 7 for once a week.
        clipped_from: What the rule would have given above the cap; None where it was not clipped.
    """

    error: ClassVar = ProtocolError

    dose: Dose
    lasts: Interval | None = None
    doses_per_day: Annotated[int, Field(ge=1, le=6)] = 1
    every_days: Annotated[int, Field(ge=1, le=31)] = 1
    clipped_from: Dose | None = None

    @model_validator(mode="after")
    def _holds_whole_rounds(self) -> Self:
        if self.lasts and not self.lasts.holds_rounds_of(self.every_days):
            raise ProtocolError(
                f"{self.lasts.in_words()} is no whole number of rounds of {self.every_days} days"
            )
        return self


class LinearRule(Frozen):
    """Start at a dose and climb each interval by an increment or a factor, up to the cap."""

    kind: Literal["linear"]
    start: Dose
    increment: Dose | None = None
    factor: Annotated[int, Field(ge=2, le=4)] | None = None
    interval: Interval
    cap: Dose
    doses_per_day: int = 1
    every_days: int = 1

    @model_validator(mode="after")
    def _climbs_one_way(self) -> Self:
        if (self.increment is None) == (self.factor is None):
            raise ProtocolError("a linear rule has either an increment or a factor")
        if self.cap < self.start:
            raise ProtocolError(f"the cap of {self.cap} is under the start of {self.start}")
        return self

    def unfold(self) -> tuple[Step, ...]:
        """Return the steps from the start to the cap; the last one is open."""
        steps = [self._step(self.start)]
        while steps[-1].dose < self.cap and len(steps) <= MOST_STEPS:
            steps.append(self._step(self._next(steps[-1].dose)))
        return (*steps[:-1], steps[-1].replace(lasts=None))

    def _next(self, dose: Dose) -> Dose:
        return dose * self.factor if self.factor else dose + (self.increment or dose)

    def _step(self, wanted: Dose) -> Step:
        return Step(
            dose=min(wanted, self.cap),
            lasts=self.interval,
            doses_per_day=self.doses_per_day,
            every_days=self.every_days,
            clipped_from=wanted if wanted > self.cap else None,
        )


class StepsRule(Frozen):
    """A list of steps, none above the cap."""

    kind: Literal["steps"]
    cap: Dose
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _stays_under_the_cap(self) -> Self:
        over = [str(step.dose) for step in self.steps if step.dose > self.cap]
        if over:
            raise ProtocolError(f"a step of {', '.join(over)} is above the cap of {self.cap}")
        return self

    def unfold(self) -> tuple[Step, ...]:
        """Return the steps as they are listed."""
        return self.steps


class Status(StrEnum):
    """What a protocol is for."""

    DEFAULT = "default"
    VARIANT = "variant"
    TESTS_ONLY = "tests-only"


class Protocol(Frozen):
    """
    A titration rule with its identity and its sources.

    Attributes:
        id: A stable name, such as ``ldn-oral-1.5mg-14d``.
        version: Rises with every change of the rule.
        title: The rule in a few words.
        status: The default, a variant, or a rule for tests only.
        substance: The salt that doses are amounts of.
        rule: The climb or the steps.
        verified: Whether the sources were read and say just this.
        certainty: What is known of the sources, in words.
        sources: Ids of the evidence.
        as_of: The day on which the sources were last looked at.
        least_days_between: Days that must lie between two dosing days of this substance.
    """

    error: ClassVar = ProtocolError

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,59}$")]
    version: Annotated[int, Field(ge=1)]
    title: Note
    status: Status
    substance: Note = NALTREXONE
    rule: Annotated[LinearRule | StepsRule, Field(discriminator="kind")]
    verified: bool
    certainty: Note
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    as_of: Day
    least_days_between: Annotated[int, Field(ge=1, le=31)] = 1

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """
        Read a protocol from TOML text.

        Raises:
            ProtocolError: The text is no protocol; every problem is told, with its place.
        """
        import tomllib  # noqa: PLC0415  # few programs read a protocol of their own

        try:
            fields = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise ProtocolError(f"this is no TOML: {str(error)[:100]}") from None
        return cls.from_json(json.dumps(fields, default=str))

    @property
    def cap(self) -> Dose:
        """The dose that nothing derived from this protocol exceeds."""
        return self.rule.cap

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that the rule unfolds to, in order."""
        return self.rule.unfold()

    @property
    def doses(self) -> tuple[Dose, ...]:
        """The different doses of the steps, smallest first."""
        return tuple(sorted({step.dose for step in self.steps}))

    @property
    def is_for_patients(self) -> bool:
        """Whether documents may be made from it."""
        return self.status is not Status.TESTS_ONLY

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if problem := self._problem():
            raise ProtocolError(problem)
        return self

    def _problem(self) -> str | None:
        if len(self.steps) > MOST_STEPS:
            return f"the rule unfolds to more than {MOST_STEPS} steps"
        apart = self.least_days_between
        if any(one.every_days < apart or one.doses_per_day > apart > 1 for one in self.steps):
            return f"{self.substance} is taken at most every {apart} days; a step is closer"
        if self.substance != NALTREXONE:
            return f"{self.substance} is for tests only here" if self.is_for_patients else None
        return self._out_of_profile() or self._unfit_default()

    def _out_of_profile(self) -> str | None:
        if any((step.doses_per_day, step.every_days) != (1, 1) for step in self.steps):
            return "low-dose naltrexone is one dose on every dosing day"
        refused = [dose for dose in (*self.doses, self.cap) if LDN_BOUNDS.place(dose).is_refused]
        if refused:
            return (
                f"{refused[0]} is outside {LDN_BOUNDS.lowest} to {LDN_BOUNDS.highest}, "
                "the bounds of low-dose naltrexone"
            )
        return None

    def _unfit_default(self) -> str | None:
        if self.status is Status.DEFAULT and not self.verified:
            return "an unverified protocol is never the default"
        return None
