"""
The plan: one protocol for one patient, from a start date on, with its amendments and signatures.

Everything else is derived from it. A plan that could not be followed exactly is refused here, so
that whoever holds one can rely on it. Version 1 is the plan as it was made; each amendment makes
the next version, and every earlier one can be had again as it was. It must not know files.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple, Self
from uuid import UUID

from pydantic import Field, model_validator

from ldn_titrate.amendment import Amendment, Procedure, Reschedule, Resume
from ldn_titrate.base import Day, Frozen, Name, Note, PlanDay, UtcTime
from ldn_titrate.bedtime import Bedtime, ZoneName
from ldn_titrate.course import Course, Gate, Rules, Setting
from ldn_titrate.dose import LDN_BOUNDS, Dose, Place
from ldn_titrate.errors import AmendmentError, PlanError
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.followup import FollowUp
from ldn_titrate.history import misdated, misnumbered, untold
from ldn_titrate.identity import hash_of, short_code
from ldn_titrate.library import screener
from ldn_titrate.product import Product, can_make, unfit, unmakeable
from ldn_titrate.protocol import NALTREXONE, Protocol
from ldn_titrate.screening import Clearance, Outcome, Screening, Verdict
from ldn_titrate.signing import Signature, misstated, not_to_sign, screening_findings
from ldn_titrate.turn import follow

if TYPE_CHECKING:
    from datetime import date, datetime


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


class GivenOut(Frozen):
    """
    A calendar file that was given out, so that each of its events can be found again.

    Attributes:
        version: The plan's version that it shows.
        generation: Which set of UIDs it uses; a fresh file begins the next one.
        through: Its last dosing day.
        floating: Whether it follows the device's clock.
    """

    version: Annotated[int, Field(ge=1)]
    generation: Annotated[int, Field(ge=1)]
    through: Day
    floating: bool = False


class PlannedProcedure(NamedTuple):
    """
    A procedure that the plan knows of.

    Attributes:
        name: What tells it from the others, the same in every version.
        on: Its day.
        known: The day from which on the plan tells of it.
    """

    name: str
    on: date
    known: date


class Plan(Frozen):
    """
    One protocol for one patient.

    Attributes:
        id: The plan's own id, the same in every version.
        revised_at: When its first version was written, in UTC.
        protocol: The rule, whole, so that later versions of it change nothing here.
        start: The first dosing day.
        bedtime: The wall-clock time of each dose, in the plan's time zone.
        timezone: An IANA name, such as ``Europe/Amsterdam``.
        products: What the doses are made up from.
        gate: How an increase comes into force.
        patient: The patient's name, if documents are to carry it.
        clinic: Whom the patient can reach.
        override: Needed where a dose is outside the recommended range.
        screening: The answers before the first dose; None if they were not recorded here.
        follow_up: When the plan is reviewed.
        amendments: What was changed since, in order; each makes the next version.
        signatures: The prescriber's, at most one for each version.
        given_out: The calendar files that were given out.
    """

    error: ClassVar = PlanError

    id: UUID
    revised_at: UtcTime
    protocol: Protocol
    start: PlanDay
    bedtime: Bedtime
    timezone: ZoneName
    products: Annotated[tuple[Product, ...], Field(min_length=1, max_length=6)]
    gate: Gate = Gate.CHECK
    patient: Name | None = None
    clinic: Clinic = Clinic()
    override: Override | None = None
    screening: Screening | None = None
    follow_up: FollowUp = FollowUp()
    amendments: Annotated[tuple[Amendment, ...], Field(max_length=199)] = ()
    signatures: tuple[Signature, ...] = ()
    given_out: tuple[GivenOut, ...] = ()

    @property
    def version(self) -> int:
        """1 for a plan as it was made, and one more for each amendment."""
        return 1 + len(self.amendments)

    @property
    def code(self) -> str:
        """The short code of plan and version that stands on every document: ``7F3K-2``."""
        return short_code(self.id, self.version)

    @property
    def content_hash(self) -> str:
        """The hash of everything but signatures and given-out files, over its canonical JSON."""
        outside = {"signatures", "given_out"}
        return hash_of(self.model_dump(mode="json", exclude=outside, exclude_none=True))

    @property
    def signature(self) -> Signature | None:
        """The signature over this version; None while it is a draft."""
        return next((one for one in self.signatures if one.version == self.version), None)

    @property
    def is_signed(self) -> bool:
        """Whether a prescriber signed just this version."""
        return self.signature is not None

    @property
    def written_at(self) -> datetime:
        """When this version was last touched: signed, amended or made. In UTC."""
        if self.signature:
            return self.signature.at
        return self.amendments[-1].at if self.amendments else self.revised_at

    @cached_property
    def course(self) -> Course:
        """Where the plan leads, in dated segments."""
        rules = Rules(self.protocol, self.gate)
        return follow(rules, self.start, self.first_setting, self.amendments)

    @property
    def first_setting(self) -> Setting:
        """When and from what the plan was first taken."""
        return Setting(self.bedtime, self.timezone, self.products)

    @property
    def last_screening(self) -> Screening | None:
        """The newest screening: of the start, or of a Resume after an opioid."""
        later = [one.screening for one in self.amendments if isinstance(one, Resume)]
        return next((one for one in reversed(later) if one), self.screening)

    @cached_property
    def outcome(self) -> Outcome | None:
        """What the newest screening found; None if there is none."""
        resumed = [one for one in self.amendments if isinstance(one, Resume) and one.screening]
        day = resumed[-1].effective if resumed else self.course_start
        return screener().judge(self.last_screening, day) if self.last_screening else None

    @property
    def course_start(self) -> date:
        """The first dosing day, moved or not, whatever came after it."""
        moved = [one.start for one in self.amendments if isinstance(one, Reschedule)]
        return moved[-1] if moved else self.start

    @property
    def is_stopped_by_screening(self) -> bool:
        """Whether an answer that nobody cleared forbids a start."""
        return self.outcome is not None and self.outcome.verdict is Verdict.STOP

    @property
    def procedures(self) -> tuple[PlannedProcedure, ...]:
        """The procedures that amendments tell of, and one that only the screening tells of."""
        amended = [one for one in self.amendments if isinstance(one, Procedure)]
        told = [
            PlannedProcedure(str(number), one.on, one.effective)
            for number, one in enumerate(amended, start=1)
        ]
        asked = self.last_screening
        if asked and asked.procedure and all(one.on != asked.procedure for one in told):
            told.append(PlannedProcedure("asked", asked.procedure, asked.at.date()))
        return tuple(told)

    def reviews(self, through: date) -> tuple[date, ...]:
        """Return the days up to *through*, inclusive, on which the plan is reviewed."""
        stopped = self.course.stopped
        last = min(through, stopped) if stopped else through
        return tuple(self.follow_up.reviews(self.course_start, last))

    def at_version(self, version: int) -> Plan:
        """
        Return the plan just as an earlier version said it.

        Raises:
            PlanError: There is no such version.
        """
        if not 1 <= version <= self.version:
            raise PlanError(f"plan {self.code} has versions 1 to {self.version}, not {version}")
        return self.replace(
            amendments=self.amendments[: version - 1],
            signatures=tuple(one for one in self.signatures if one.version <= version),
            given_out=tuple(one for one in self.given_out if one.version <= version),
        )

    def signed(self, *, by: str, role: str, at: datetime, screened_elsewhere: bool = False) -> Plan:
        """
        Return the plan with a prescriber's signature over this version's content.

        Args:
            by: Who signs.
            role: In which role.
            at: When, in UTC.
            screened_elsewhere: The signer's statement that the questions of the screening were
                asked outside this plan; needed where the plan carries no answers.

        Raises:
            PlanError: This version is signed already, its protocol is for tests only, its screening
                says stop, or it carries none and nobody states that there was one.
        """
        if self.is_signed:
            raise PlanError(f"plan {self.code} is signed already")
        if not self.protocol.is_for_patients:
            raise PlanError("a plan from a protocol for tests only is never signed")
        if problem := not_to_sign(self.outcome, screened_elsewhere=screened_elsewhere):
            raise PlanError(problem)
        signature = Signature(
            version=self.version,
            by=by,
            role=role,
            at=at,
            content_hash=self.content_hash,
            screened_elsewhere=screened_elsewhere,
        )
        return self.replace(signatures=(*self.signatures, signature))

    def cleared(self, clearance: Clearance) -> Plan:
        """
        Return the draft with a question of its screening cleared by a named person.

        Raises:
            PlanError: This version is signed, carries no screening, or one of a Resume, whose
                answers are cleared where they are written.
            ScreeningError: The question is not asked, or has been cleared already.
        """
        if self.is_signed or self.screening is None or self.screening is not self.last_screening:
            raise PlanError(
                "only the answers of a draft that carries its own screening are cleared"
            )
        cleared = self.screening.cleared(clearance)
        screener().judge(cleared, self.course_start)
        return self.replace(screening=cleared)

    def amended(self, amendment: Amendment, *, last_entry: date | None = None) -> Plan:
        """
        Return the plan's next version.

        On a signed plan the amendment's signature signs the new version, too; a draft stays one.

        Args:
            amendment: What changes.
            last_entry: The last dosing day with an entry in the patient's record, if there is one.

        Raises:
            PlanError: The amendment must not be, with the reason.
        """
        if last_entry is not None and amendment.effective <= last_entry:
            raise AmendmentError(
                f"the record has entries up to {last_entry}; an amendment from "
                f"{amendment.effective} would change what was"
            )
        changed = self.replace(amendments=(*self.amendments, amendment))
        if self.signature is None:
            return changed
        if amendment.by is None or amendment.role is None:
            raise AmendmentError(
                "an amendment of a signed plan must be signed: by whom, in what role"
            )
        # Who signs a change takes over the statement under the version before it.
        elsewhere = self.signature.screened_elsewhere and changed.outcome is None
        return changed.signed(
            by=amendment.by, role=amendment.role, at=amendment.at, screened_elsewhere=elsewhere
        )

    @model_validator(mode="after")
    def _can_be_followed(self) -> Self:
        for problem in (self._product_problem(), self._history_problem(), self._bounds_problem()):
            if problem:
                raise PlanError(problem)
        return self

    def _product_problem(self) -> str | None:
        if problem := unfit(self.products, self.protocol.cap):
            return problem
        for dose in self.protocol.doses:
            if not can_make(dose, self.products):
                return unmakeable(dose, self.products, wanted=self.protocol.doses)
        return None

    def _history_problem(self) -> str | None:
        problem = untold(self.amendments) or misnumbered(self.signatures, self.version)
        if problem:
            return problem
        if self.signature and self.signature.content_hash != self.content_hash:
            return "the signature is over other content than this plan's"
        written = (self.revised_at, *(one.at for one in self.amendments))
        return misstated(self.outcome, self.signature) or misdated(written, self.signatures)

    def _bounds_problem(self) -> str | None:
        outside = self._outside_recommended()
        if refused := [one for one in outside if LDN_BOUNDS.place(one).is_refused]:
            return f"{refused[0]} is {LDN_BOUNDS.place(refused[0]).value}"
        if outside and self.override is None:
            return (
                f"{outside[0]} is {LDN_BOUNDS.place(outside[0]).value} of {LDN_BOUNDS.low} to "
                f"{LDN_BOUNDS.high}; it needs an override that names a person and a reason"
            )
        return None

    def _outside_recommended(self) -> tuple[Dose, ...]:
        doses = (*self.protocol.doses, *(one.dose for one in self.course.segments))
        if self.protocol.substance != NALTREXONE:
            return ()
        return tuple(dose for dose in doses if LDN_BOUNDS.place(dose) is not Place.WITHIN)


def check(plan: Plan) -> tuple[Finding, ...]:
    """
    Say what a careful reader would want to know of a plan before using it.

    Returns:
        Findings, errors first. An error must be mended before a document is given to anyone.
    """
    screened = screening_findings(plan.outcome, plan.signature)
    found = (*_protocol_findings(plan), *_plan_findings(plan), *screened)
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
        found.append(Finding("plan.unsigned", Severity.WARNING, words, "signatures"))
    if plan.course.waits_from:
        words = f"no dose is planned from {plan.course.waits_from} on until an advance is signed"
        found.append(Finding("plan.waits", Severity.WARNING, words, "gate"))
    if plan.override:
        words = f"a dose outside {LDN_BOUNDS.low} to {LDN_BOUNDS.high} is allowed by an override"
        found.append(Finding("plan.override", Severity.WARNING, words, "override"))
    return found
