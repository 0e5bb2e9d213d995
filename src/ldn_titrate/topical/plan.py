"""
One patient's plan for a cream: the same amount at the same times each day, up to a review.

A plan is not amended: a change is another plan. It must not know protocols, oral products or
documents.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, NamedTuple, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from ldn_titrate.base import Frozen, Name, PlanDay, UtcTime
from ldn_titrate.bedtime import ZoneName, read_clock, write_clock
from ldn_titrate.dose import exactly
from ldn_titrate.errors import TopicalError
from ldn_titrate.identity import hash_of, short_code
from ldn_titrate.library import screener
from ldn_titrate.plan import Clinic
from ldn_titrate.schedule import as_shown
from ldn_titrate.screening import Clearance, Outcome, Screening
from ldn_titrate.signing import Signature, misstated, not_to_sign
from ldn_titrate.topical.amount import SkinLoad, Strength, TopicalAmount
from ldn_titrate.topical.route import Site, Vehicle
from ldn_titrate.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION: Final = 1
_MOST_AT_ONCE: Final = Decimal(100)  # this and the next two are this project's, against slips
_MOST_TIMES: Final = 8
_LONGEST: Final = timedelta(days=366)

Clock = Annotated[
    time,
    BeforeValidator(read_clock),
    PlainSerializer(write_clock, return_type=str),
]


class Application(NamedTuple):
    """
    One time that the cream is put on.

    Attributes:
        day: The date of the plan that it belongs to.
        number: Which one of that day it is, from 1.
        at: The instant, in the plan's time zone.
    """

    day: date
    number: int
    at: datetime


class TopicalPlan(Frozen):
    """
    One cream for one patient, the same each day up to a review.

    Attributes:
        id: The plan's own id.
        revised_at: When it was written, in UTC.
        strength: Of naltrexone in the cream; 1% is the one that was studied.
        vehicle: What the naltrexone is in, such as ``cream``.
        site: Where on the body it goes.
        amount: How much is put on each time, on all places together.
        times_per_day: How often a day it is put on.
        times: The wall-clock times of one day, in order, one for each application.
        start: The first day.
        review_on: The day of the review, which is the last one that the plan covers.
        timezone: An IANA name, such as ``Europe/Amsterdam``.
        patient: The patient's name, if documents are to carry it.
        clinic: Whom the patient can reach.
        screening: The answers before the first application; None if they were not recorded here.
        signature: The prescriber's; None while it is a draft.
    """

    error: ClassVar = TopicalError

    id: UUID
    revised_at: UtcTime
    strength: Strength = Strength(Decimal(1))
    vehicle: Vehicle
    site: Site
    amount: TopicalAmount
    times_per_day: Annotated[int, Field(ge=1, le=_MOST_TIMES)]
    times: tuple[Clock, ...]
    start: PlanDay
    review_on: PlanDay
    timezone: ZoneName
    patient: Name | None = None
    clinic: Clinic = Clinic()
    screening: Screening | None = None
    signature: Signature | None = None

    @property
    def code(self) -> str:
        """The short code that stands on every document: ``7F3K-1``."""
        return short_code(self.id, _VERSION)

    @property
    def content_hash(self) -> str:
        """The hash of everything but the signature, over its canonical JSON."""
        return hash_of(self.model_dump(mode="json", exclude={"signature"}, exclude_none=True))

    @property
    def is_signed(self) -> bool:
        """Whether a prescriber signed it."""
        return self.signature is not None

    @property
    def written_at(self) -> datetime:
        """When it was last touched: signed or made. In UTC."""
        return self.signature.at if self.signature else self.revised_at

    @property
    def days(self) -> tuple[date, ...]:
        """Each day from the start to the review, both included."""
        return tuple(
            self.start + timedelta(days=n) for n in range((self.review_on - self.start).days + 1)
        )

    @property
    def total(self) -> TopicalAmount:
        """How much cream is put on from the start to the review."""
        return self.amount.times(self.times_per_day * len(self.days))

    @property
    def mg_per_day(self) -> SkinLoad:
        """The naltrexone that is put on the skin each day. It is no dose and never becomes one."""
        daily = self.amount.times(self.times_per_day)
        with exactly():
            return SkinLoad(daily.grams * self.strength.mg_per_gram, daily.is_about)

    def applications(self) -> Iterator[Application]:
        """Yield each application from the start to the review, with its instant."""
        zone = load_zone(self.timezone)
        for day in self.days:
            for number, clock in enumerate(self.times, start=1):
                yield Application(day, number, as_shown(datetime.combine(day, clock, zone)))

    @property
    def outcome(self) -> Outcome | None:
        """What the screening found; None if there is none. The opioid questions stay (C14)."""
        return screener().judge(self.screening, self.start) if self.screening else None

    def signed(
        self, *, by: str, role: str, at: datetime, screened_elsewhere: bool = False
    ) -> TopicalPlan:
        """
        Return the plan with a prescriber's signature over its content.

        Raises:
            TopicalError: It is signed already, its screening says stop, or it carries none and
                nobody states that there was one; see `Plan.signed`.
        """
        if self.is_signed:
            raise TopicalError(f"plan {self.code} is signed already")
        if problem := not_to_sign(self.outcome, screened_elsewhere=screened_elsewhere):
            raise TopicalError(problem)
        signature = Signature(
            version=_VERSION,
            by=by,
            role=role,
            at=at,
            content_hash=self.content_hash,
            screened_elsewhere=screened_elsewhere,
        )
        return self.replace(signature=signature)

    def cleared(self, clearance: Clearance) -> TopicalPlan:
        """
        Return the draft with a question of its screening cleared by a named person.

        Raises:
            TopicalError: The plan is signed, or carries no screening.
            ScreeningError: The question is not asked, or has been cleared already.
        """
        if self.is_signed or self.screening is None:
            raise TopicalError("only the answers of a draft that carries a screening are cleared")
        cleared = self.screening.cleared(clearance)
        screener().judge(cleared, self.start)
        return self.replace(screening=cleared)

    @model_validator(mode="after")
    def _can_be_followed(self) -> Self:
        for problem in (self._times_problem(), self._amount_problem(), self._days_problem()):
            if problem:
                raise TopicalError(problem)
        if problem := self._signature_problem():
            raise TopicalError(problem)
        return self

    def _times_problem(self) -> str | None:
        if len(self.times) != self.times_per_day:
            return (
                f"{self.times_per_day} applications a day need as many times of day, "
                f"not {len(self.times)}"
            )
        if any(earlier >= later for earlier, later in pairwise(self.times)):
            return "the times of day stand in order, each later than the one before"
        return None

    def _amount_problem(self) -> str | None:
        if self.amount.number > _MOST_AT_ONCE:
            return f"{self.amount} is more than the {_MOST_AT_ONCE} that are ever put on at once"
        return None

    def _days_problem(self) -> str | None:
        if not timedelta(0) < self.review_on - self.start <= _LONGEST:
            return f"the review is after the first day, by at most {_LONGEST.days} days"
        return None

    def _signature_problem(self) -> str | None:
        if self.signature is None:
            return None
        if self.signature.version != _VERSION or self.signature.at < self.revised_at:
            return "the signature does not belong to this plan"
        if self.signature.content_hash != self.content_hash:
            return "the signature is over other content than this plan's"
        return misstated(self.outcome, self.signature)
