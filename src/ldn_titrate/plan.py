"""
The plan: one protocol for one patient, from a start date on, signed or still a draft.

Everything else is derived from it. A plan that could not be followed exactly is refused here, so
that whoever holds one can rely on it. It must not know files or how a schedule is laid out.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, Self
from uuid import UUID  # noqa: TC003  # pydantic reads it

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, model_validator

from ldn_titrate.base import Frozen, Name, Note, UtcTime
from ldn_titrate.dose import LDN_BOUNDS, Dose, Place
from ldn_titrate.errors import LdnTitrateError, PlanError
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.product import OralLiquid, Product, Solid, can_make, unmakeable
from ldn_titrate.protocol import NALTREXONE, Protocol
from ldn_titrate.zones import load_zone

_CODE_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: misread by hand
_CODE_LENGTH: Final = 4
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_MORNING, _NOON, _EVENING = time(6), time(12), time(18)
_FIRST_START, _LAST_START = date(2000, 1, 1), date(2199, 12, 31)


def read_clock(value: object) -> time:
    """
    Read a time of day such as ``22:00``.

    Raises:
        LdnTitrateError: It is no time of day, or it has seconds or a time zone.
    """
    if isinstance(value, str) and (found := _CLOCK.fullmatch(value)):
        return time(int(found[1]), int(found[2]))
    if isinstance(value, time) and value.tzinfo is None and not (value.second or value.microsecond):
        return value
    raise LdnTitrateError("a time of day is hours and minutes from 00:00 to 23:59, such as '22:00'")


def _bedtime_or_morning(clock: time) -> time:
    if _NOON <= clock < _EVENING:
        raise LdnTitrateError(
            f"{clock:%H:%M} is neither a bedtime (18:00 to 05:59) nor a morning (06:00 to 11:59); "
            "between noon and 18:00 it would not be clear which day a dose belongs to"
        )
    return clock


def _known_zone(name: str) -> str:
    load_zone(name)
    return name


def _near_our_time(day: date) -> date:
    if not _FIRST_START <= day <= _LAST_START:
        raise LdnTitrateError(f"a plan starts between {_FIRST_START} and {_LAST_START}")
    return day


Bedtime = Annotated[
    time,
    BeforeValidator(read_clock),
    AfterValidator(_bedtime_or_morning),
    PlainSerializer("{:%H:%M}".format, return_type=str),
]
ZoneName = Annotated[str, AfterValidator(_known_zone)]
StartDay = Annotated[date, AfterValidator(_near_our_time)]


class Clinic(Frozen):
    """Whom a patient can reach; what is not given is left as a line to fill in by hand."""

    prescriber: Name | None = None
    clinic: Name | None = None
    telephone: Name | None = None
    pharmacy: Name | None = None
    emergency_number: Name | None = None


class Override(Frozen):
    """Who allows a dose outside the recommended range, and why."""

    by: Name
    reason: Note


class Signature(Frozen):
    """Who signed a plan, in which role, when, and over which content."""

    by: Name
    role: Name
    at: UtcTime
    content_hash: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


class DosingTime(StrEnum):
    """Which part of the day the doses belong to, and so where a dosing day ends."""

    BEDTIME = "bedtime"  # a dosing day runs from noon to noon
    MORNING = "morning"  # a dosing day runs from midnight to midnight


class Plan(Frozen):
    """
    One protocol for one patient.

    Attributes:
        id: The plan's own id, the same in every version.
        version: 1 for a new plan.
        revised_at: When this version was written, in UTC.
        protocol: The rule, whole, so that later versions of it change nothing here.
        start: The first dosing day.
        bedtime: The wall-clock time of each dose, in the plan's time zone.
        timezone: An IANA name, such as ``Europe/Amsterdam``.
        products: What the doses are made up from.
        patient: The patient's name, if documents are to carry it.
        clinic: Whom the patient can reach.
        override: Needed where a dose is outside the recommended range.
        signature: The prescriber's; None makes the plan a draft.
    """

    error: ClassVar = PlanError

    id: UUID
    version: Annotated[int, Field(ge=1, le=9999)] = 1
    revised_at: UtcTime
    protocol: Protocol
    start: StartDay
    bedtime: Bedtime
    timezone: ZoneName
    products: Annotated[tuple[Product, ...], Field(min_length=1, max_length=6)]
    patient: Name | None = None
    clinic: Clinic = Clinic()
    override: Override | None = None
    signature: Signature | None = None

    @property
    def code(self) -> str:
        """The short code of plan and version that stands on every document: ``7F3K-2``."""
        number = int.from_bytes(hashlib.sha256(self.id.bytes).digest()[:8], "big")
        letters = (_CODE_LETTERS[number >> 5 * n & 31] for n in range(_CODE_LENGTH))
        return f"{''.join(letters)}-{self.version}"

    @property
    def content_hash(self) -> str:
        """The hash of everything but the signature, over its canonical JSON."""
        content = self.model_dump(mode="json", exclude={"signature"}, exclude_none=True)
        return f"sha256:{hashlib.sha256(canonical(content)).hexdigest()}"

    @property
    def is_signed(self) -> bool:
        """Whether a prescriber signed just this content."""
        return self.signature is not None

    @property
    def written_at(self) -> datetime:
        """When this version was last touched: signed, or else revised. In UTC."""
        return self.signature.at if self.signature else self.revised_at

    @property
    def dosing_time(self) -> DosingTime:
        """Whether doses are taken at bedtime or in the morning."""
        return DosingTime.MORNING if _MORNING <= self.bedtime < _NOON else DosingTime.BEDTIME

    @property
    def bedtime_is_after_midnight(self) -> bool:
        """Whether a dose falls on the date after its dosing day."""
        return self.bedtime < _MORNING

    def signed(self, *, by: str, role: str, at: UtcTime) -> Plan:
        """
        Return the plan with a prescriber's signature over its content.

        Raises:
            PlanError: The plan is signed already, or its protocol is for tests only.
        """
        if self.is_signed:
            raise PlanError(f"plan {self.code} is signed already")
        if not self.protocol.is_for_patients:
            raise PlanError("a plan from a protocol for tests only is never signed")
        signature = Signature(by=by, role=role, at=at, content_hash=self.content_hash)
        return self.replace(signature=signature)

    @model_validator(mode="after")
    def _can_be_followed(self) -> Self:
        for problem in (self._product_problem(), self._bounds_problem(), self._sign_problem()):
            if problem:
                raise PlanError(problem)
        return self

    def _product_problem(self) -> str | None:
        if len({product.label for product in self.products}) < len(self.products):
            return "a product is named twice"
        if len(self.products) > 1 and any(isinstance(one, OralLiquid) for one in self.products):
            return "a liquid is not combined with another product"
        for product in self.products:
            if isinstance(product, Solid) and product.strength > self.protocol.cap:
                return f"one {product.label} is more than the protocol's cap of {self.protocol.cap}"
        for dose in self.protocol.doses:
            if not can_make(dose, self.products):
                return unmakeable(dose, self.products, wanted=self.protocol.doses)
        return None

    def _bounds_problem(self) -> str | None:
        outside = self._outside_recommended()
        if outside and self.override is None:
            return (
                f"{outside[0]} is {LDN_BOUNDS.place(outside[0]).value} of {LDN_BOUNDS.low} to "
                f"{LDN_BOUNDS.high}; it needs an override that names a person and a reason"
            )
        return None

    def _sign_problem(self) -> str | None:
        if self.signature and self.signature.content_hash != self.content_hash:
            return "the signature is over other content than this plan's"
        return None

    def _outside_recommended(self) -> tuple[Dose, ...]:
        if self.protocol.substance != NALTREXONE:
            return ()
        return tuple(
            dose for dose in self.protocol.doses if LDN_BOUNDS.place(dose) is not Place.WITHIN
        )


def canonical(content: dict[str, Any]) -> bytes:
    """Write a JSON object in its one canonical form: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def check(plan: Plan) -> tuple[Finding, ...]:
    """
    Say what a careful reader would want to know of a plan before using it.

    Returns:
        Findings, errors first. An error must be mended before a document is given to anyone.
    """
    found = (*_protocol_findings(plan), *_plan_findings(plan))
    return tuple(sorted(found, key=lambda one: list(Severity).index(one.severity)))


def _protocol_findings(plan: Plan) -> list[Finding]:
    protocol, found = plan.protocol, []
    if not protocol.is_for_patients:
        words = "the protocol is for tests only; no document may be given to a patient"
        found.append(Finding("protocol.tests-only", Severity.ERROR, words, "protocol.status"))
    if not protocol.verified:
        words = f"the protocol's source is not verified: {protocol.certainty}"
        found.append(Finding("protocol.unverified", Severity.WARNING, words, "protocol.verified"))
    for number, step in enumerate(protocol.steps, start=1):
        if step.clipped_from:
            words = f"step {number} is {step.dose}, not {step.clipped_from}: the protocol's cap"
            found.append(Finding("protocol.clipped", Severity.NOTE, words, "protocol.rule.cap"))
    return found


def _plan_findings(plan: Plan) -> list[Finding]:
    found = []
    if not plan.is_signed:
        words = "the plan is not signed: every document says DRAFT, not for patient use"
        found.append(Finding("plan.unsigned", Severity.WARNING, words, "signature"))
    if plan.override:
        words = f"a dose outside {LDN_BOUNDS.low} to {LDN_BOUNDS.high} is allowed by an override"
        found.append(Finding("plan.override", Severity.WARNING, words, "override"))
    return found
