"""
Screening: the questions before a first dose, their answers, and what they block.

An answer is yes, no or unknown, and unknown counts as yes until a named person clears it. The
outcome is never that a start would be without risk: at best nothing was found. The questions and
the opioids are data (`ldn_titrate.library`); this room judges answers. It must not know plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from ldn_titrate.base import Frozen, Name, Note, UtcTime
from ldn_titrate.errors import ScreeningError
from ldn_titrate.match import is_told, words_of


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


class OpioidClass(StrEnum):
    """How long an opioid's effect lasts, as far as an opioid-free time goes."""

    SHORT = "short-acting"
    LONG = "long-acting"
    ASK = "ask the pharmacist"


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


class Opioid(Frozen):
    """
    An opioid that the screening knows.

    Attributes:
        ingredient: Its international name.
        opioid_class: How long it keeps an opioid-free time from beginning.
        names: Brands, other names and combinations that hold it.
        sources: Ids of the evidence.
    """

    ingredient: Note
    opioid_class: OpioidClass
    names: tuple[Note, ...] = ()
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
    day: date | None = None
    form: Note | None = None


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
    How many days free of opioids are asked for before a first dose.

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
        return self


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

    def cleared(self, clearance: Clearance) -> Screening:
        """
        Return the same answers with one more question cleared.

        Raises:
            ScreeningError: The question is cleared already.
        """
        return self.replace(clearances=(*self.clearances, clearance))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a question weighs: its id, its verdict, the words, the evidence, and who cleared it."""

    question: str
    verdict: Verdict
    words: str
    sources: tuple[str, ...]
    cleared_by: Clearance | None = None

    @property
    def told(self) -> str:
        """The words, and who cleared it and why."""
        cleared = self.cleared_by
        by = f" Cleared by {cleared.by}, {cleared.role}: {cleared.reason}" if cleared else ""
        return f"{self.words}{by}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a screening found: every reason, the heaviest first."""

    reasons: tuple[Reason, ...]

    @property
    def verdict(self) -> Verdict:
        """The heaviest verdict that nobody cleared."""
        open_ones = [one.verdict for one in self.reasons if one.cleared_by is None]
        return min(open_ones, key=_weight, default=Verdict.NOTHING_FOUND)

    @property
    def stops(self) -> str:
        """The words of every stop that nobody cleared."""
        return " ".join(
            f"{one.question}: {one.words}"
            for one in self.reasons
            if one.verdict is Verdict.STOP and one.cleared_by is None
        )

    @property
    def overrides(self) -> tuple[Clearance, ...]:
        """What was cleared in spite of a stop."""
        return tuple(
            one.cleared_by for one in self.reasons if one.cleared_by and one.verdict is Verdict.STOP
        )


def _weight(verdict: Verdict) -> int:
    return list(Verdict).index(verdict)


@dataclass(frozen=True, slots=True)
class Screener:
    """The questions and the opioids that answers are judged by."""

    questions: tuple[Question, ...]
    opioids: tuple[Opioid, ...]

    def judge(self, screening: Screening, start: date) -> Outcome:
        """
        Judge the answers for a first dose on a day.

        Raises:
            ScreeningError: An answer or a clearance is to a question that is not asked.
        """
        self._refuse_unknown_ids(screening)
        given = {one.question: one for one in screening.answers}
        cleared = {one.question: one for one in screening.clearances}
        reasons = []
        for question in self.questions:
            answer = given.get(question.id) or Given(question=question.id, answer=Answer.UNKNOWN)
            verdict, words = self._weigh(question, answer, screening.opioid_free, start)
            if verdict is not Verdict.NOTHING_FOUND:
                cleared_by = cleared.get(question.id)
                reasons.append(Reason(question.id, verdict, words, question.sources, cleared_by))
        return Outcome(tuple(sorted(reasons, key=lambda one: _weight(one.verdict))))

    def _refuse_unknown_ids(self, screening: Screening) -> None:
        known = {question.id for question in self.questions}
        told = [one.question for one in screening.answers]
        told += [one.question for one in screening.clearances]
        if foreign := [one for one in told if one not in known]:
            raise ScreeningError(f"{foreign[0]} is no question of this screening")

    def _weigh(
        self, question: Question, given: Given, free: OpioidFreeDays, start: date
    ) -> tuple[Verdict, str]:
        if given.answer is Answer.NO:
            return Verdict.NOTHING_FOUND, ""
        if given.answer is Answer.UNKNOWN:
            return question.verdict, f"{question.reason} The answer is not known."
        if "opioid" in question.wants and "day" in question.wants:
            return self._weigh_last_opioid(question, given, free, start)
        milder = {form.name: form.verdict for form in question.forms}
        return milder.get(given.form or "", question.verdict), question.reason

    def _weigh_last_opioid(
        self, question: Question, given: Given, free: OpioidFreeDays, start: date
    ) -> tuple[Verdict, str]:
        known = self.find_opioid(given.opioid or "")
        if known is None or given.day is None:
            return question.verdict, f"{question.reason} Which opioid, or when, is not known."
        if known.opioid_class is OpioidClass.ASK:
            return Verdict.FLAG, f"Ask the pharmacist about {known.ingredient}."
        is_long = known.opioid_class is OpioidClass.LONG
        needed = free.long_acting if is_long else free.short_acting
        since = (start - given.day) // timedelta(days=1)
        if since < needed:
            return question.verdict, (
                f"{since} days lie between the last {known.ingredient} and the first dose; "
                f"at least {needed} are asked for."
            )
        return Verdict.NOTHING_FOUND, ""

    def find_opioid(self, told: str) -> Opioid | None:
        """
        Find the opioid in a name as it was told: any case, accents, brand, combination or slip.

        Returns:
            The opioid; the longest-acting one where several are told; None where none is known,
            which must be treated as unknown.
        """
        words = words_of(told)
        found = [one for one in self.opioids if any(is_told(name, words) for name in _names(one))]
        order = (OpioidClass.LONG, OpioidClass.SHORT, OpioidClass.ASK)
        return min(found, key=lambda one: order.index(one.opioid_class), default=None)


def _names(opioid: Opioid) -> tuple[str, ...]:
    return (opioid.ingredient, *opioid.names)
