"""
The cream: naltrexone for the skin, its strength, its amount, and one patient's plan for it.

Each gram of a 1% cream holds 10 mg (C13), more than any oral dose of this library, so an amount on
the skin is never an oral dose. A type checker refuses to add or compare the two; at run time adding
and ordering them is a TypeError, and they are never equal. No source gives an amount, a frequency
or a titration (S17), so a prescriber states all of it and nothing here rises. It must not know
protocols, oral products or documents.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, NamedTuple, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, model_validator

from ldn_titrate.base import Frozen, Name, PlanDay, TextValue, UtcTime
from ldn_titrate.bedtime import ZoneName, read_clock, write_clock
from ldn_titrate.dose import exactly, plain
from ldn_titrate.errors import TopicalError
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.identity import hash_of, short_code
from ldn_titrate.library import screener
from ldn_titrate.plan import Clinic
from ldn_titrate.schedule import as_shown
from ldn_titrate.screening import Clearance, Outcome, Screening
from ldn_titrate.signing import Signature, misstated, not_to_sign, screening_findings
from ldn_titrate.text import NO_BREAK_SPACE
from ldn_titrate.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION: Final = 1  # a topical plan is not amended; a change is another plan
_LEAST, _PARTS_OF_ONE = Decimal("0.01"), 100
_MOST_PERCENT: Final = Decimal(5)  # this and the next three are this project's, against slips
_MOST_AMOUNT: Final = Decimal(100_000)
_MOST_AT_ONCE: Final = Decimal(100)
_MOST_TIMES: Final = 8
_LONGEST: Final = timedelta(days=366)
_USUAL_REVIEW: Final = timedelta(weeks=12)
_GRAMS_IN_A_FINGERTIP_UNIT: Final = Decimal("0.5")  # about; not verified (P-fingertip)
_MG_PER_GRAM_IN_A_PERCENT: Final = 10  # 1% w/w is 10 mg in each gram (C13)

_NUMBER = r"(?P<number>0\.[0-9]*[1-9]|[1-9][0-9]*(?:\.[0-9]*[1-9])?)"
_PERCENT = re.compile(rf"{_NUMBER}%")
_AMOUNT = re.compile(rf"{_NUMBER} (?P<unit>g|fingertip unit)s?")
_MISTAKES: Final = (
    (r".*,", "it has a comma; a decimal point is a point"),
    (r"[-\u2212]", "it is never negative"),
    (r"\.", "a number under 1 starts with 0, as in '0.5'"),
    (r"0(?:\.0*)?(?![0-9.])", "it is more than nothing"),
    (r"0[0-9]", "a number does not start with a spare 0"),
    (r"[0-9]+\.(?:[0-9]*0)?(?![0-9])", "there is no zero after the last digit"),
    (r".*m[cg]g?\b", "mg and mcg are for oral doses; an amount on the skin is never told in them"),
    (r"[0-9.]+ +%", "no space stands before the %"),
    (r"[0-9.]+(?:g|fingertip)", "a space stands between the number and the unit"),
    (r"[0-9.]+ ?\Z", "the unit is missing"),
)
_THROUGH_THE_SKIN = r"trans[^a-z]*dermal|percutaneous"
_NO_SITE = re.compile(_THROUGH_THE_SKIN)
_NO_VEHICLE = re.compile(rf"{_THROUGH_THE_SKIN}|systemic|\bpatch")
_BY_MOUTH = re.compile(r"\b(?:oral|capsule|tablet|sublingual|swallow)")


@dataclass(frozen=True, slots=True)
class Strength(TextValue):
    """
    How much naltrexone hydrochloride a cream holds, in per cent by weight (w/w).

    Attributes:
        percent: Grams in 100 g; above 0 and at most 5, in whole hundredths.
    """

    percent: Decimal

    def __post_init__(self) -> None:
        """Refuse what is no strength."""
        _check_number(self.percent, "the per cent of a strength", most=_MOST_PERCENT)

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read a strength such as ``1%``; this is the only way in which one is read.

        Raises:
            TopicalError: The text is anything else, with the reason and an example.
        """
        return cls(Decimal(_match(_PERCENT, text, "a strength such as '1%'")["number"]))

    @property
    def mg_per_gram(self) -> Decimal:
        """The mg of naltrexone hydrochloride in each gram of cream."""
        with exactly():
            return self.percent * _MG_PER_GRAM_IN_A_PERCENT

    def __str__(self) -> str:
        """Write the strength as every output writes it: ``1%``."""
        return f"{plain(self.percent)}%"


class AmountUnit(StrEnum):
    """What an amount of cream is counted in."""

    GRAM = "g"
    FINGERTIP = "fingertip unit"


@dataclass(frozen=True, slots=True)
class TopicalAmount(TextValue):
    """
    An amount of cream. It is no dose: see the docstring of this module.

    Attributes:
        number: How many, a Decimal above 0 in whole hundredths.
        unit: Grams or fingertip units.
    """

    number: Decimal
    unit: AmountUnit

    def __post_init__(self) -> None:
        """Refuse what is no amount."""
        _check_number(self.number, "the number of a topical amount", most=_MOST_AMOUNT)

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read an amount such as ``0.5 g`` or ``2 fingertip units``.

        Raises:
            TopicalError: The text is anything else, with the reason and an example.
        """
        wanted = "an amount on the skin such as '0.5 g' or '1 fingertip unit'"
        found = _match(_AMOUNT, text, wanted)
        made = cls(Decimal(found["number"]), AmountUnit(found["unit"]))
        if str(made) != found[0]:
            raise TopicalError(f"this amount is written {str(made)!r}")
        return made

    @property
    def is_about(self) -> bool:
        """Whether its grams are only about right: a fingertip unit has no exact weight."""
        return self.unit is AmountUnit.FINGERTIP

    @property
    def grams(self) -> Decimal:
        """The amount in grams; of fingertip units, about so many."""
        if not self.is_about:
            return self.number
        with exactly():
            return self.number * _GRAMS_IN_A_FINGERTIP_UNIT

    def times(self, number: int) -> TopicalAmount:
        """Return so many times the amount."""
        with exactly():
            return TopicalAmount(self.number * number, self.unit)

    def __str__(self) -> str:
        """Write the amount as every output writes it: ``0.5 g``, ``2 fingertip units``."""
        several = self.is_about and self.number != 1
        return f"{plain(self.number)} {self.unit}{'s' if several else ''}"


@dataclass(frozen=True, slots=True)
class SkinLoad:
    """
    Naltrexone hydrochloride put on the skin. It is no dose: how much gets further is not known.

    Attributes:
        mg: How much, in mg.
        is_about: Whether the number is only about right.
    """

    mg: Decimal
    is_about: bool

    def __str__(self) -> str:
        """Say how much it is, and where: ``20 mg on the skin``."""
        return f"{'about ' if self.is_about else ''}{plain(self.mg)} mg on the skin"


def _check_number(number: Decimal, what: str, *, most: Decimal) -> None:
    if not isinstance(number, Decimal):
        raise TopicalError(f"{what} is a Decimal, not {type(number).__name__}")
    if not number.is_finite() or not 0 < number <= most:
        raise TopicalError(f"{what} is above 0 and at most {most:,}")
    # The first half keeps a number of a billion decimals from ever being spelled out.
    if number < _LEAST or _PARTS_OF_ONE % number.as_integer_ratio()[1]:
        raise TopicalError(f"{what} has at most two decimals")


def _match(pattern: re.Pattern[str], text: str, wanted: str) -> re.Match[str]:
    if not isinstance(text, str):
        raise TopicalError(f"{wanted} is text, not {type(text).__name__}")
    found = pattern.fullmatch(text.replace(NO_BREAK_SPACE, " "))
    if found is None:
        raise TopicalError(f"cannot read {text[:40]!r} as {wanted}: {_why(text)}")
    return found


def _why(text: str) -> str:
    reasons = (reason for mistake, reason in _MISTAKES if re.match(mistake, text.strip()))
    return next(reasons, "write a number and its unit")


def _stays_on_the_skin(vehicle: str) -> str:
    _refuse_through_the_skin(_NO_VEHICLE, vehicle)
    if _BY_MOUTH.search(vehicle.casefold()):
        raise TopicalError("a topical plan is for skin only; what is swallowed has an oral plan")
    return vehicle


def _is_skin(site: str) -> str:
    _refuse_through_the_skin(_NO_SITE, site)
    return site


def _refuse_through_the_skin(refused: re.Pattern[str], text: str) -> None:
    """Refuse the third route (C15), whose doses are neither oral ones nor amounts on the skin."""
    if refused.search(unicodedata.normalize("NFKD", text).casefold()):
        raise TopicalError(
            "what carries naltrexone through the skin into the body (transdermal, systemic) is a "
            "route of its own: its doses are neither oral ones nor amounts for the skin, and no "
            "plan of this library is for it (C15)"
        )


Vehicle = Annotated[Name, AfterValidator(_stays_on_the_skin)]
Site = Annotated[Name, AfterValidator(_is_skin)]
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


def check_topical(plan: TopicalPlan) -> tuple[Finding, ...]:
    """Say what a careful reader would want to know of a plan before using it, warnings first."""
    return tuple(_findings(plan))


def _findings(plan: TopicalPlan) -> Iterator[Finding]:
    if not plan.is_signed:
        words = "the plan is not signed: every document says DRAFT, not for patient use"
        yield Finding("cream.unsigned", Severity.WARNING, words, "signature")
    if plan.strength != Strength(Decimal(1)):
        words = f"only 1% was studied; {plan.strength} was not (R9)"
        yield Finding("cream.not-studied", Severity.NOTE, words, "strength")
    yield from screening_findings(plan.outcome, plan.signature)
    words = "the opioid questions are asked for a cream, too: it may get through the skin (C14)"
    yield Finding("cream.opioids", Severity.NOTE, words, "site")
    if plan.amount.is_about:
        words = "a fingertip unit is taken as about 0.5 g, which is not verified (P-fingertip)"
        yield Finding("cream.fingertip-unit", Severity.NOTE, words, "amount")
    if plan.review_on - plan.start > _USUAL_REVIEW:
        words = f"the review is more than {_USUAL_REVIEW.days // 7} weeks after the first day"
        yield Finding("cream.late-review", Severity.NOTE, words, "review_on")
