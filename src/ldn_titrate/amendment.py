"""
Amendments: the signed changes of a plan, one kind for each thing that happens in real life.

An amendment says what is to change, from which dosing day on, who decided it and why. What it does
to the doses is worked out in `ldn_titrate.course`. It must not know plans or schedules.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from ldn_titrate.base import Frozen, Name, Note, PlanDay, UtcTime
from ldn_titrate.bedtime import Bedtime, ZoneName
from ldn_titrate.dose import Dose
from ldn_titrate.errors import AmendmentError
from ldn_titrate.product import Product
from ldn_titrate.screening import Screening


class _Amendment(Frozen):
    """
    What every amendment says.

    Attributes:
        effective: The first dosing day that it changes.
        reason: Why.
        at: When it was written, in UTC.
        by: Who decided it; None only while the whole plan is a draft.
        role: In which role.
    """

    error: ClassVar = AmendmentError

    effective: PlanDay
    reason: Note
    at: UtcTime
    by: Name | None = None
    role: Name | None = None

    @property
    def is_signed(self) -> bool:
        """Whether somebody stands for it."""
        return self.by is not None

    @model_validator(mode="after")
    def _names_person_and_role(self) -> Self:
        if (self.by is None) != (self.role is None):
            raise AmendmentError("an amendment names both a person and a role, or neither")
        return self


class Stay(_Amendment):
    """Stay at the dose of the evening before, for so many days or until told; later steps move."""

    kind: Literal["stay"] = "stay"
    days: Annotated[int, Field(ge=1, le=366)] | None = None


class StepBack(_Amendment):
    """Go to a lower dose and stay there, unless a day is given to try the higher one again."""

    kind: Literal["step-back"] = "step-back"
    to: Dose | None = None
    retry_on: PlanDay | None = None


class Plateau(_Amendment):
    """Settle at this dose, or at a lower one; later increases are withdrawn."""

    kind: Literal["plateau"] = "plateau"
    dose: Dose | None = None


class Advance(_Amendment):
    """Go up to the next step; before its interval is over only with a reason for that."""

    kind: Literal["advance"] = "advance"
    early_because: Note | None = None


class Pause(_Amendment):
    """Take nothing, until a day with a dose to resume at, or until a Resume."""

    kind: Literal["pause"] = "pause"
    until: PlanDay | None = None
    resume_at: Dose | None = None

    @model_validator(mode="after")
    def _ends_with_a_dose(self) -> Self:
        if (self.until is None) != (self.resume_at is None):
            raise AmendmentError(
                "a pause with an end needs the day and the dose: --until and --resume-at"
            )
        return self


class Opioid(_Amendment):
    """An opioid was taken or prescribed: take nothing until a new screening and a Resume."""

    kind: Literal["opioid"] = "opioid"
    name: Name


class Procedure(_Amendment):
    """An operation or a painful procedure is planned; its team and the prescriber decide."""

    kind: Literal["procedure"] = "procedure"
    on: PlanDay


class Resume(_Amendment):
    """End a pause at a dose that is named; after an opioid only with a new screening."""

    kind: Literal["resume"] = "resume"
    dose: Dose
    screening: Screening | None = None


class Stop(_Amendment):
    """Take nothing any more; the plan is over."""

    kind: Literal["stop"] = "stop"


class Reschedule(_Amendment):
    """Start a plan that has not begun on another day."""

    kind: Literal["reschedule"] = "reschedule"
    start: PlanDay


class ChangeTime(_Amendment):
    """Take the doses at another time of day or in another time zone."""

    kind: Literal["change-time"] = "change-time"
    bedtime: Bedtime | None = None
    timezone: ZoneName | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.bedtime is None and self.timezone is None:
            raise AmendmentError("a change of time needs a bedtime, a time zone or both")
        return self


class ChangeProducts(_Amendment):
    """Make the doses up from other products."""

    kind: Literal["change-products"] = "change-products"
    products: Annotated[tuple[Product, ...], Field(min_length=1, max_length=6)]


Amendment: TypeAlias = Annotated[
    Stay
    | StepBack
    | Plateau
    | Advance
    | Pause
    | Opioid
    | Procedure
    | Resume
    | Stop
    | Reschedule
    | ChangeTime
    | ChangeProducts,
    Field(discriminator="kind"),
]
