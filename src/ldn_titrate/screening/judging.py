"""
Judging answers: what stops a start, what is flagged, and who cleared it.

Unknown counts as yes until a named person clears it, and so does what contradicts itself. It must
not know plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ldn_titrate.errors import ScreeningError
from ldn_titrate.screening.answers import Answer, Given, OpioidFreeDays, Verdict
from ldn_titrate.screening.opioids import Opioid, OpioidClass, acts_long, opioids_in
from ldn_titrate.words import listed, long_date

if TYPE_CHECKING:
    from datetime import date

    from ldn_titrate.screening.answers import Clearance, Question, Screening


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


def _weight(verdict: Verdict) -> int:
    return list(Verdict).index(verdict)


@dataclass(frozen=True, slots=True)
class Screener:
    """
    The questions and the opioids that answers are judged by.

    Attributes:
        questions: What is asked, in order.
        opioids: The opioids that are known.
        beside: Other medicines that stand beside an opioid in one product.
        lasting: Words that make a long-acting form of an opioid that is else short-acting.
    """

    questions: tuple[Question, ...]
    opioids: tuple[Opioid, ...]
    beside: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()

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
            verdict, words = self._weigh(question, answer, screening, start)
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
        self, question: Question, given: Given, screening: Screening, start: date
    ) -> tuple[Verdict, str]:
        if given.answer is Answer.NO and not given.has_details:
            return Verdict.NOTHING_FOUND, ""
        if given.answer is Answer.NO:
            return question.verdict, f"{question.reason} The answer is no, and yet it has details."
        if given.answer is Answer.UNKNOWN:
            return question.verdict, f"{question.reason} The answer is not known."
        if "opioid" in question.wants and "day" in question.wants:
            return self._weigh_last_opioid(question, given, screening, start)
        return _weigh_form(question, given)

    def _weigh_last_opioid(
        self, question: Question, given: Given, screening: Screening, start: date
    ) -> tuple[Verdict, str]:
        told, free = given.opioid or "", screening.opioid_free
        found = self.find_opioids(told)
        if not found or given.day is None:
            return question.verdict, f"{question.reason} Which opioid, or when, is not known."
        since, needed = (start - given.day).days, self._needed_days(found[0], told, free)
        if needed and since < needed:
            return question.verdict, _too_few(found[0], since, needed)
        if needed and since < self._needed_days(found[0], told, OpioidFreeDays()):
            return Verdict.FLAG, _lowered(found[0], since, free)
        if given.day > screening.at.date() + _A_DAY:  # a day more, since *at* is in UTC
            return Verdict.FLAG, _still_to_come(found[0], given.day)
        if asked := [one.ingredient for one in found if one.opioid_class is OpioidClass.ASK]:
            return Verdict.FLAG, f"Ask the pharmacist about {listed(asked)}."
        return Verdict.NOTHING_FOUND, ""

    def _needed_days(self, opioid: Opioid, told: str, free: OpioidFreeDays) -> int:
        if opioid.opioid_class is OpioidClass.ASK:
            return 0
        lasts = acts_long(opioid, told, self.lasting)
        return free.after_long_acting if lasts else free.short_acting

    def find_opioid(self, told: str) -> Opioid | None:
        """
        Find the opioid in what was told; of several the longest-acting one.

        Returns:
            The opioid; None where `find_opioids` finds none, which must be treated as unknown.
        """
        return next(iter(self.find_opioids(told)), None)

    def find_opioids(self, told: str) -> tuple[Opioid, ...]:
        """
        Find the opioids in what was told: any case, accents, brand, combination or slip.

        Returns:
            The opioids, the longest-acting first; none where one of several things that were told
            (``codeine, Longtec``) is not known, which must be treated as unknown.
        """
        return opioids_in(told, self.opioids, self.beside)


_A_DAY: Final = timedelta(days=1)


def _weigh_form(question: Question, given: Given) -> tuple[Verdict, str]:
    verdicts = {form.name: form.verdict for form in question.forms}
    words = question.reason
    if question.forms and given.form is not None and given.form not in verdicts:
        words += f" The form that was told is not known here; known is: {listed([*verdicts])}."
    if given.day is not None:
        words += f" The day that was told: {long_date(given.day)}."
    return verdicts.get(given.form or "", question.verdict), words


def _still_to_come(opioid: Opioid, day: date) -> str:
    return (
        f"The last {opioid.ingredient} is told for {long_date(day)}, after the day of the "
        "questions; ask again when that day is over."
    )


def _lowered(opioid: Opioid, since: int, free: OpioidFreeDays) -> str:
    return (
        f"{_days_lie(since)} between the last {opioid.ingredient} and the first dose, which is "
        f"enough only by the word of {free.lowered_by}: {free.lowered_because}"
    )


def _days_lie(days: int) -> str:
    return "1 day lies" if days == 1 else f"{days} days lie"


def _too_few(opioid: Opioid, since: int, needed: int) -> str:
    if since < 0:
        return f"The last {opioid.ingredient} is told for a day after the first dose."
    return (
        f"{_days_lie(since)} between the last {opioid.ingredient} and the first dose; "
        f"at least {needed} are asked for."
    )
