"""
The questions before a first dose, and what one patient answered on one occasion.

An answer is yes, no or unknown; what that means is judged in `ldn_titrate.screening.judging`. It
must not know opioids by name, nor plans.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Self

from pydantic import Field, model_validator

from ldn_titrate.base import Day, Frozen, Name, Note, UtcTime
from ldn_titrate.errors import ScreeningError

if TYPE_CHECKING:
    from datetime import date

_PROCEDURE: Final = "Q4"


class Answer(StrEnum):
    """What is known about a question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What an answer means for a start, the heaviest first."""

    STOP = "stop"  # nothing is signed and nothing is given to a patient
    FLAG = "flag"  # the prescriber looks at it
    NOTHING_FOUND = "nothing found"


class Form(Frozen):
    """One of the forms in which a question can be answered with yes."""

    name: Note
    verdict: Verdict


class Question(Frozen):
    """
    One question of the screening.

    Attributes:
        id: Its id, such as ``Q1``.
        asks: The question in words.
        verdict: What yes, or unknown, means.
        forms: The forms of a yes that mean something milder; a yes without a form is the heaviest.
        wants: Details that a yes is asked for: ``opioid``, ``day`` or ``form``.
        reason: Why it is asked.
        sources: Ids of the evidence.
    """

    id: Annotated[str, Field(pattern=r"^Q[0-9]+$")]
    asks: Note
    verdict: Verdict
    forms: tuple[Form, ...] = ()
    wants: tuple[str, ...] = ()
    reason: Note
    sources: Annotated[tuple[str, ...], Field(min_length=1)]


class Given(Frozen):
    """
    The answer to one question.

    Attributes:
        question: The question's id.
        answer: Yes, no or unknown.
        opioid: The name of the opioid, as it was told.
        day: The day of the last opioid, or of the planned procedure.
        form: Which form of the question was answered with yes.
    """

    error: ClassVar = ScreeningError

    question: Annotated[str, Field(pattern=r"^Q[0-9]+$")]
    answer: Answer
    opioid: Name | None = None
    day: Day | None = None
    form: Note | None = None

    @property
    def has_details(self) -> bool:
        """Whether anything is told beside yes, no or unknown."""
        return (self.opioid, self.day, self.form) != (None, None, None)


class Clearance(Frozen):
    """Who cleared a question in spite of its answer, in which role, when and why."""

    error: ClassVar = ScreeningError

    question: Annotated[str, Field(pattern=r"^Q[0-9]+$")]
    by: Name
    role: Name
    at: UtcTime
    reason: Note


class OpioidFreeDays(Frozen):
    """
    How many days free of opioids are asked for before a first dose (P-opioid-free).

    They may be raised; to lower them names a person and a reason.
    """

    error: ClassVar = ScreeningError

    short_acting: Annotated[int, Field(ge=1, le=365)] = 10
    long_acting: Annotated[int, Field(ge=1, le=365)] = 14
    lowered_by: Name | None = None
    lowered_because: Note | None = None

    @model_validator(mode="after")
    def _is_lowered_by_somebody(self) -> Self:
        fields = type(self).model_fields
        lowered = any(
            getattr(self, name) < fields[name].default for name in ("short_acting", "long_acting")
        )
        if lowered and (self.lowered_by is None or self.lowered_because is None):
            raise ScreeningError("fewer opioid-free days need a person's name and a reason")
        if not lowered and (self.lowered_by or self.lowered_because):
            raise ScreeningError("no opioid-free days are lowered; leave the name and reason out")
        return self

    @property
    def after_long_acting(self) -> int:
        """The days after a long-acting opioid, never fewer than after a short-acting one."""
        return max(self.short_acting, self.long_acting)


class Screening(Frozen):
    """
    The answers of one patient on one occasion.

    Attributes:
        at: When the questions were asked, in UTC.
        answers: The answers; a question that is missing counts as unknown.
        clearances: What a named person cleared.
        opioid_free: The opioid-free days that are asked for.
    """

    error: ClassVar = ScreeningError

    at: UtcTime
    answers: tuple[Given, ...]
    clearances: tuple[Clearance, ...] = ()
    opioid_free: OpioidFreeDays = OpioidFreeDays()

    @model_validator(mode="after")
    def _answers_each_question_once(self) -> Self:
        if len({one.question for one in self.answers}) < len(self.answers):
            raise ScreeningError("a question is answered twice")
        if len({one.question for one in self.clearances}) < len(self.clearances):
            raise ScreeningError("a question is cleared twice")
        return self

    @property
    def procedure(self) -> date | None:
        """The day of the procedure that is planned, where the answers tell of one."""
        told = (one for one in self.answers if one.question == _PROCEDURE)
        return next((one.day for one in told if one.answer is Answer.YES), None)

    def cleared(self, clearance: Clearance) -> Screening:
        """
        Return the same answers with one more question cleared.

        Raises:
            ScreeningError: The question is cleared already.
        """
        return self.replace(clearances=(*self.clearances, clearance))
