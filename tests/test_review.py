"""The review: each rule fires where it must, and not in the nearest case where it must not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.amendment import Advance, Opioid, Pause, StepBack, Stop
from ldn_titrate.course import Gate
from ldn_titrate.dose import Dose
from ldn_titrate.entry import (
    AdverseEvent,
    Dispensed,
    Entry,
    Missed,
    OpioidTaken,
    ProcedurePlanned,
    Remark,
    Score,
    Skipped,
    Taken,
    Visit,
    Void,
)
from ldn_titrate.followup import FollowUp
from ldn_titrate.library import catalogue, evidence, languages, red_flags, review_rules
from ldn_titrate.planfile import dump_plan
from ldn_titrate.product import Product
from ldn_titrate.record import Record, dump_record
from ldn_titrate.review import Review, red_flags_in, review
from ldn_titrate.screening import Answer, Given, Screening
from plans import REVISED_AT, a_plan, a_protocol, a_signed_plan, listed_steps, step
from records import an_entry, missed, on, record_of, skipped, taken

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from ldn_titrate.plan import Plan
    from ldn_titrate.proposal import Proposal

SIGNED: Final[dict[str, Any]] = {
    "by": "Dr Example",
    "role": "physician",
    "reason": "An invented reason",
    "at": REVISED_AT,
}
CAPSULE: Final = Product.parse("capsule 1.5 mg")
REVIEWS: Final = (29, 57, 85)  # after 4, 8 and 12 weeks
PROMISES: Final = re.compile(
    r"\b(?:safe\w*|works?|proven|cure\w*|recommend\w*|should)\b", re.IGNORECASE
)


def event(day: int, term: str = "headache", grade: int = 2, **fields: Any) -> AdverseEvent:
    """Make an adverse event on a day of the course, from 1."""
    usual = {"scale": "CTCAE", "scale_version": "5.0"}
    return an_entry(AdverseEvent, day=on(day), term=term, grade=grade, **(usual | fields))


def opioid(day: int, name: str = "tramadol", **fields: Any) -> OpioidTaken:
    """Make an opioid on a day of the course, from 1."""
    return an_entry(OpioidTaken, day=on(day), name=name, **fields)


def note(day: int, text: str, **fields: Any) -> Remark:
    """Make a note on a day of the course, from 1."""
    return an_entry(Remark, day=on(day), text=text, **fields)


def visit(day: int, promised: int | None = None, **fields: Any) -> Visit:
    """Make a visit on a day of the course, from 1."""
    return an_entry(Visit, day=on(day), next_on=on(promised) if promised else None, **fields)


def noon(day: int) -> datetime:
    """Give noon of a day of the course, from 1, at which something was written down."""
    return datetime.combine(on(day), time(12), UTC)


def procedure(day: int, planned: int) -> ProcedurePlanned:
    """Make a procedure that was told of on one day of the course and is planned for another."""
    return an_entry(ProcedurePlanned, day=on(day), on=on(planned))


def dispensed(amount: int, day: int = 1, **fields: Any) -> Dispensed:
    """Make capsules of 1.5 mg handed out."""
    return an_entry(Dispensed, day=on(day), product=CAPSULE, amount=Decimal(amount), **fields)


def score(day: int, value: int, instrument: str = "pain-nrs") -> Score:
    """Make a score on a day of the course, from 1."""
    return an_entry(Score, day=on(day), instrument=instrument, value=Decimal(value))


def scores(now: Sequence[int], day: int, before: Sequence[int] = (7,) * 7) -> tuple[Score, ...]:
    """Make pain scores of the days before the start, and of the days up to one of the course."""
    first = (score(1 - len(before) + n, one) for n, one in enumerate(before))
    last = (score(day - len(now) + 1 + n, one) for n, one in enumerate(now))
    return (*first, *last)


@dataclass(frozen=True)
class Case:
    """
    One record beside one rule.

    Unless told, each day so far has its dose, there are capsules for months, and each review was
    held: a record in which no rule finds anything.

    Attributes:
        words: What is special about it.
        day: The day of asking, as a day of the course.
        lines: What is special in the record.
        rests_on: The places in *lines* of the entries that the rule names; all of them if not told.
        plan: The plan.
        unlogged: Days of the course without any entry about a dose.
        visits: Whether the reviews were held.
        supply: Whether there are capsules for months.
    """

    words: str
    day: int
    lines: tuple[Entry, ...] = ()
    rests_on: tuple[int, ...] | None = None
    plan: Plan = field(default_factory=a_signed_plan)
    unlogged: frozenset[int] = frozenset()
    visits: bool = True
    supply: bool = True

    @property
    def record(self) -> Record:
        """Give the record."""
        told = {one.day for one in self.lines if isinstance(one, Taken | Skipped | Missed)}
        days = [n for n in range(1, self.day) if on(n) not in told and n not in self.unlogged]
        held = [visit(n) for n in REVIEWS if self.visits and n <= self.day]
        supply = [dispensed(1000)] if self.supply else []
        return Record((*self.lines, *map(taken, days), *held, *supply))

    @property
    def found(self) -> Review:
        """Give the review."""
        return review(self.plan, self.record, on(self.day))

    def proposals(self, rule: str) -> list[Proposal]:
        """Give what one rule says."""
        return [one for one in self.found.proposals if one.rule == rule]


def case(words: str, day: int, *lines: Entry, **fields: Any) -> Case:
    """Make a case."""
    return Case(words, day, lines, **fields)


def amended(*amendments: Any, **fields: Any) -> Plan:
    """Make a signed plan with amendments."""
    plan = a_signed_plan(**fields)
    for one in amendments:
        plan = plan.amended(one)
    return plan


SUSPENDED: Final = amended(Opioid(effective=on(8), name="tramadol", **SIGNED))
PAUSED: Final = amended(Pause(effective=on(8), **SIGNED))
STOPPED: Final = amended(Stop(effective=on(8), **SIGNED))
WAITING: Final = a_signed_plan(gate=Gate.SIGN)  # its increase is due on day 15
THREE: Final = Dose.parse("3 mg")
MORNING: Final = a_signed_plan(bedtime=time(8))
SCREENED: Final = a_plan(
    screening=Screening(
        at=datetime(2026, 2, 22, 9, tzinfo=UTC),
        answers=tuple(Given(question=f"Q{n}", answer=Answer.NO) for n in range(1, 15)),
    )
).signed(by="Dr Example", role="physician", at=datetime(2026, 2, 23, tzinfo=UTC))
NO_REVIEWS: Final = a_signed_plan(follow_up=FollowUp(weeks=(), then_months=None))
STEPPED_BACK: Final = amended(StepBack(effective=on(20), **SIGNED))
BEGUN_LATE: Final = amended(
    Pause(effective=on(1), until=on(40), resume_at=Dose.parse("1.5 mg"), **SIGNED)
)
WRITTEN_LATER: Final = a_plan(revised_at=datetime(2026, 3, 20, tzinfo=UTC)).signed(
    screened_elsewhere=True, by="Dr Example", role="physician", at=datetime(2026, 3, 20, tzinfo=UTC)
)
NO_MORE_REVIEWS: Final = a_signed_plan(follow_up=FollowUp(weeks=(1,), then_months=None))
DLQI: Final = (score(0, 12, "dlqi"), score(22, 8, "dlqi"))

FIRES: Final[dict[str, tuple[Case, ...]]] = {
    "red-flag": (
        case("a note", 10, note(3, "I want to die")),
        case("a slip of the pen", 10, note(3, "my skin is yellow, jaundise?")),
        case("the reason for a skipped dose", 10, skipped(3, reason="chest pain all evening")),
        case("the name of an adverse event", 10, event(3, "trouble breathing", 1)),
        case("a note before the first dose, and no visit yet", 10, note(-40, "suicidal at times")),
        case("a note on the day of the last visit", 10, note(5, "hives"), visit(5), rests_on=(0,)),
        case("no apostrophe", 10, note(3, "cant breathe")),
        case("a denial, which is not understood", 10, note(3, "no chest pain today")),
        case("another form of the words", 10, note(3, "thinking of ending my life")),
        case("several pains", 10, note(3, "chest pains since noon")),
        case("its words far apart, by chance", 10, note(3, "cut the bread myself")),
        case("in Dutch", 10, note(3, "Ik wil dood.")),
        case("in German, with an umlaut", 10, note(3, "Ich möchte sterben")),
        case("in French, without its accents", 10, note(3, "yeux jaunes depuis hier")),
        case("in Spanish, in capitals", 10, note(3, "DOLOR EN EL PECHO")),
        case(
            "of the day before the visit, but written down after it was held",
            10,
            note(4, "hives", written_at=noon(7)),
            visit(5),
            rests_on=(0,),
        ),
        case(
            "written down after a visit that was itself written down late",
            10,
            note(4, "hives", written_at=noon(6)),
            visit(5, written_at=noon(9)),
            rests_on=(0,),
        ),
    ),
    "opioid": (
        case("taken", 10, opioid(5)),
        case("a brand within words", 10, opioid(5, "two Percocet from my sister")),
        case("a name that nobody knows", 10, opioid(5, "Examplodol")),
        case("only prescribed", 10, opioid(5, only_prescribed=True)),
        case("on the day the plan was written", 10, opioid(-8)),
        case("on the day of the screening", 10, opioid(-6), plan=SCREENED),
        case("before the first dose", 0, opioid(-2)),
        case("while the plan is paused for another reason", 10, opioid(9), plan=PAUSED),
        case("while the plan waits for a signature", 20, opioid(19), plan=WAITING),
        case("a dose is taken all the same after a stop", 10, opioid(9), plan=STOPPED),
        case("loperamide and codeine at once", 10, opioid(5, "loperamide with codeine")),
        case(
            "of the day before the screening, but written down after it",
            10,
            opioid(-7, written_at=noon(2)),
            plan=SCREENED,
        ),
    ),
    "opioid-suspended": (
        case("an opioid amended the plan", 10, opioid(8), plan=SUSPENDED),
        case("without an entry of it", 10, plan=SUSPENDED),
    ),
    "opioid-dose": (
        case("all the same", 9, opioid(8), taken(8), plan=SUSPENDED, rests_on=(1,)),
        case("of another amount", 9, opioid(8), taken(8, "3 mg"), plan=SUSPENDED, rests_on=(1,)),
    ),
    "opioid-ask": (case("loperamide", 10, opioid(5, "Imodium")),),
    "procedure": (
        case("to come", 10, procedure(3, 30)),
        case("on the day of asking", 10, procedure(3, 10)),
        case("told twice", 10, procedure(3, 30), procedure(4, 30)),
    ),
    "event-severe": (
        case("grade 3", 10, event(5, grade=3)),
        case("called serious, grade 1", 10, event(5, grade=1, serious=True)),
        case("between the plan's day and its start", 10, event(-3, grade=3)),
    ),
    "event-before-increase": (
        case("grade 2", 10, event(5)),
        case("a fast heartbeat of grade 1", 10, event(5, "racing heart", 1)),
        case("low mood of grade 1", 10, event(5, "felt sad", 1)),
        case("on the last day of the dose before, seen by no visit", 16, event(14)),
        case("on the day of the last visit", 16, event(10), visit(10), rests_on=(0,)),
        case(
            "seen by a visit, but it lasts into the present dose",
            16,
            event(8, until=on(15)),
            visit(10),
            rests_on=(0,),
        ),
        case(
            "seen by no visit, as it was written down later",
            16,
            event(8, written_at=noon(12)),
            visit(10),
            rests_on=(0,),
        ),
        case(
            "on the day of the increase, its dose to come", 15, event(8), visit(10), rests_on=(0,)
        ),
        case("before the increase waits for a signature", 10, event(5), plan=WAITING),
        case("while the next increase waits for a signature", 20, event(14), plan=WAITING),
    ),
    "event": (case("at the highest dose", 40, event(35)),),
    "step-back": (
        case("after an increase", 20, event(16)),
        case("on the day of the increase", 20, event(15)),
    ),
    "sleep": (
        case("beside a low mood", 10, event(5, "insomnia and low mood", 1)),
        case("vivid dreams of grade 1", 10, event(5, "vivid dreams", 1)),
        case("27 days ago", 40, event(13, "insomnia", 1), visits=False),
        case("it lasted into these days", 40, event(2, "insomnia", 1, until=on(13)), visits=False),
    ),
    "missed-in-a-row": (
        case("three missed", 10, missed(3), missed(4), missed(5)),
        case("missed and skipped", 10, missed(3), skipped(4), missed(5)),
        case("before the plan was written down", 25, *map(missed, (3, 4, 5)), plan=WRITTEN_LATER),
        case(
            "ended on the day of the visit",
            10,
            *map(missed, (3, 4, 5)),
            visit(5),
            rests_on=(0, 1, 2),
        ),
        case("goes on after a visit", 10, *map(missed, (3, 4, 5)), visit(4), rests_on=(0, 1, 2)),
        case(
            "one of them written down after the visit",
            10,
            *map(missed, (3, 4)),
            missed(5, written_at=noon(9)),
            visit(6),
            rests_on=(0, 1, 2),
        ),
    ),
    "not-logged-in-a-row": (
        case("three not logged", 10, unlogged=frozenset({3, 4, 5})),
        case("one of three missed", 10, missed(4), unlogged=frozenset({3, 5})),
        case("one of three not logged", 10, missed(3), skipped(5), unlogged=frozenset({4})),
    ),
    "doubled": (
        case("twice the dose", 10, taken(5, "3 mg")),
        case("two doses", 10, taken(5), taken(5, number=1)),
        case("on the day of the visit", 10, taken(5, "3 mg"), visit(5), rests_on=(0,)),
        case(
            "written down after the visit",
            10,
            taken(4, "3 mg", written_at=noon(9)),
            visit(5),
            rests_on=(0,),
        ),
    ),
    "different-amount": (
        case("the dose of the step before", 20, taken(16, "1.5 mg")),
        case("a dose in a pause", 10, taken(9), plan=PAUSED, unlogged=frozenset({8})),
    ),
    "plateau": (
        case("pain 7 to 3 at 3 mg", 22, *scores([3] * 7, 22)),
        case("just 30% and less than 2 points", 22, *scores([3, 3, 3, 4, 4, 4], 22, [5] * 7)),
        case("2 points and less than 30%", 22, *scores([7] * 7, 22, [9] * 7)),
        case("a score of a week, all of it at this dose", 22, *DLQI),
        case("four scores of these seven days", 22, *scores([3] * 4, 22)),
        case("on the day of the increase, its dose to come", 29, *scores([3] * 7, 28)),
        case(
            "before an increase that waits for a signature",
            15,
            *scores([3] * 7, 14),
            plan=WAITING,
        ),
        case(
            "three doses of the last week missed",
            22,
            *scores([3] * 7, 22),
            *map(missed, (15, 17, 19)),
            rests_on=tuple(range(14)),
        ),
    ),
    "no-benefit": (
        case("pain unchanged", 85, *scores([7] * 7, 85)),
        case("pain worse", 85, *scores([9] * 7, 85)),
        case("28.57% less", 85, *scores([2, 2, 2, 3, 3, 3], 85, [3, 3, 3, 3, 4, 4, 4, 4])),
    ),
    "follow-up": (
        case("on the day of the review", 29, visits=False),
        case("the visit was 8 days before", 29, visit(21), visits=False, rests_on=()),
        case("a promised visit", 10, visit(1, 9), rests_on=()),
        case("a visit promised for the same week", 10, visit(4, 9), rests_on=()),
        case("promised for the day of a review", 29, visit(24, 29), visits=False, rests_on=()),
    ),
    "supply-short": (
        case("one capsule short of the review", 10, dispensed(41), supply=False),
        case("on the day of a review, for the next one", 29, dispensed(42), supply=False),
        case(
            "one day short of a promised visit",
            10,
            visit(2, 14),
            dispensed(12),
            supply=False,
            rests_on=(1,),
        ),
        case("the date on the label passes", 10, dispensed(1000, use_by=on(27)), supply=False),
        case(
            "no next visit, none for tonight",
            10,
            visit(8),
            dispensed(9),
            plan=NO_MORE_REVIEWS,
            supply=False,
            rests_on=(1,),
        ),
    ),
    "supply-unknown": (case("nothing dispensed", 10, supply=False),),
    "not-enough-logged": (
        case("6 of 14", 15, unlogged=frozenset({1, 2, 4, 5, 7, 8, 10, 11})),
        case("no dosing day yet", 1),
    ),
    "not-measured": (
        case("no score", 85),
        case("a plan without reviews", 85, plan=NO_REVIEWS),
        case("6 scores before the start", 85, *scores([3] * 7, 85, [7] * 6), rests_on=()),
        case("no score of these days", 85, *scores([3], 78), rests_on=()),
        case("three scores of these seven days", 85, *scores([3] * 3, 85), rests_on=()),
        case(
            "a score without a known meaningful change",
            85,
            score(0, 80, "fiqr"),
            score(84, 20, "fiqr"),
            rests_on=(),
        ),
    ),
    "draft": (case("nobody signed", 10, plan=a_plan()),),
    "waits": (
        case("on the day of the increase", 15, plan=WAITING),
        case("the increase waits", 20, plan=WAITING, unlogged=frozenset(range(15, 20))),
    ),
    "no-dose": (
        case("before the start", -1),
        case("paused", 10, plan=PAUSED, unlogged=frozenset({8, 9})),
        case("stopped", 10, plan=STOPPED, unlogged=frozenset({8, 9})),
    ),
    "continue": (
        case("nothing found", 10),
        case("two of nine not logged", 10, unlogged=frozenset({4, 5})),
    ),
}
DOES_NOT: Final[dict[str, tuple[Case, ...]]] = {
    "red-flag": (
        case("everyday words", 10, note(3, "slept well and cut the bread later")),
        case("a note on the day before the last visit", 10, note(4, "hives"), visit(5)),
        case(
            "a note written at the visit, before that was written down",
            10,
            note(4, "hives", written_at=noon(5)),
            visit(5, written_at=noon(5) + timedelta(minutes=1)),
        ),
        case("everyday words in Dutch", 10, note(3, "Goed geslapen, geen last van de maag")),
        case("everyday words in German", 10, note(3, "Gut geschlafen, etwas müde am Morgen")),
        case("everyday words in French", 10, note(3, "Bien dormi, il en manque une gélule")),
        case("everyday words in Spanish", 10, note(3, "He dormido bien, sin dolor de cabeza")),
    ),
    "opioid": (
        case("one to ask the pharmacist about", 10, opioid(5, "loperamide")),
        case("on the day before the plan was written", 10, opioid(-9, written_at=noon(-9))),
        case(
            "on the day before the screening",
            10,
            opioid(-7, written_at=noon(-7)),
            plan=SCREENED,
        ),
        case("the plan is suspended already", 10, opioid(8), plan=SUSPENDED),
        case("the plan is stopped", 10, opioid(9), plan=STOPPED, unlogged=frozenset({8, 9})),
        case(
            "a dose after the stop, before it", 10, opioid(9), plan=STOPPED, unlogged=frozenset({9})
        ),
    ),
    "opioid-suspended": (case("paused for another reason", 10, opioid(9), plan=PAUSED),),
    "opioid-dose": (
        case("none since then", 10, opioid(8), plan=SUSPENDED, unlogged=frozenset({8, 9})),
        case("paused for another reason", 10, opioid(9), plan=PAUSED),
        case("left out", 10, opioid(8), missed(8), skipped(9), plan=SUSPENDED),
    ),
    "opioid-ask": (case("a real one", 10, opioid(5)),),
    "procedure": (case("on the day before asking", 10, procedure(3, 9)),),
    "event-severe": (case("grade 2", 10, event(5)),),
    "event-before-increase": (
        case("grade 1", 10, event(5, grade=1)),
        case("before the plan was written", 10, event(-10)),
        case("seen by a visit, at the dose before", 16, event(9), visit(10)),
        case("ended with the dose before", 16, event(8, until=on(14)), visit(10)),
        case("no increase is planned", 40, event(35)),
    ),
    "event": (case("an increase is planned", 10, event(5)),),
    "step-back": (
        case("no increase yet", 10, event(5)),
        case("on the day before the increase", 20, event(14)),
        case("on the day of the increase, its dose to come", 15, event(15)),
        case("grade 1", 20, event(16, grade=1)),
        case("the dose went down already", 25, event(22), plan=STEPPED_BACK),
    ),
    "sleep": (
        case("a morning dose", 10, event(5, "vivid dreams", 1), plan=MORNING),
        case("28 days ago", 40, event(12, "insomnia", 1), visits=False),
        case("another trouble", 10, event(5, "headache", 1)),
        case("grade 0", 10, event(5, "vivid dreams", 0, scale="local", scale_version="1")),
    ),
    "missed-in-a-row": (
        case("two missed", 10, missed(3), missed(4)),
        case("two and one, with a dose between", 10, missed(3), missed(4), missed(6)),
        case("ended on the day before the visit", 10, *map(missed, (3, 4, 5)), visit(6)),
        case("one of three not logged", 10, missed(3), missed(5), unlogged=frozenset({4})),
    ),
    "not-logged-in-a-row": (
        case("two not logged", 10, unlogged=frozenset({3, 4})),
        case("three missed", 10, *map(missed, (3, 4, 5))),
    ),
    "doubled": (
        case("the planned dose in two parts", 20, taken(16, "1.5 mg"), taken(16, "1.5 mg", 1)),
        case("on the day before the visit", 10, taken(4, "3 mg"), visit(5)),
    ),
    "different-amount": (case("the planned amount, told", 20, taken(16, "3 mg")),),
    "plateau": (
        case("28.57% and 1 point", 22, *scores([2, 2, 2, 3, 3, 3], 22, [3, 3, 3, 3, 4, 4, 4, 4])),
        case(
            "a score of which neither way is better",
            22,
            *(score(n, 5, "sleep-hours") for n in range(-6, 1)),
            *(score(n, 9, "sleep-hours") for n in range(16, 23)),
        ),
        case("six days at the dose", 20, *scores([3] * 7, 20)),
        case("three scores of these seven days", 22, *scores([3] * 3, 22)),
        case("after the increase has waited", 20, *scores([3] * 7, 20), plan=WAITING),
        case("at the highest dose", 40, *scores([3] * 7, 40)),
        case("six scores before the start", 22, *scores([3] * 7, 22, [7] * 6)),
        case(
            "most of the last week was missed",
            22,
            *map(missed, (15, 17, 19, 21)),
            *scores([3] * 7, 22),
        ),
        case(
            "most of the last week was a pause",
            26,
            *scores([3] * 7, 26),
            plan=amended(Pause(effective=on(17), until=on(24), resume_at=THREE, **SIGNED)),
            unlogged=frozenset(range(17, 24)),
        ),
        case("an adverse event of grade 2", 22, event(17), *scores([3] * 7, 22)),
        case(
            "half of it is not logged", 22, *scores([3] * 7, 22), unlogged=frozenset(range(9, 17))
        ),
        case("a score of a week that holds another dose", 22, DLQI[0], score(21, 8, "dlqi")),
        case("one point below the least change", 22, DLQI[0], score(22, 9, "dlqi")),
    ),
    "no-benefit": (
        case("11 weeks", 84, *scores([7] * 7, 84)),
        case("30% less", 85, *scores([3, 3, 3, 4, 4, 4], 85, [5] * 7)),
        case("2 points less", 85, *scores([5] * 7, 85)),
        case("no known meaningful change", 85, score(0, 80, "fiqr"), score(84, 80, "fiqr")),
    ),
    "follow-up": (
        case("on the day before the review", 28, visits=False),
        case("the visit was 7 days before", 29, visit(22), visits=False),
        case("a promise of the same week, kept", 10, visit(4, 9), visit(5)),
        case("before a promised visit", 8, visit(1, 9)),
        case("no dose was planned yet", 30, plan=BEGUN_LATE, visits=False),
    ),
    "supply-short": (
        case("just enough up to the review", 10, dispensed(42), supply=False),
        case("just enough up to a promised visit", 10, visit(2, 14), dispensed(13), supply=False),
        case(
            "the date on the label is the last day before the review",
            10,
            dispensed(1000, use_by=on(28)),
            supply=False,
        ),
    ),
    "supply-unknown": (case("some was dispensed", 10, dispensed(1), supply=False),),
    "not-enough-logged": (case("7 of 14", 15, unlogged=frozenset({2, 4, 5, 7, 8, 10, 11})),),
    "not-measured": (case("11 weeks", 84), case("a score", 85, *scores([3] * 7, 85))),
    "draft": (case("signed", 10),),
    "waits": (
        case("on the day before the increase", 14, plan=WAITING),
        case(
            "the increase is signed",
            20,
            plan=amended(Advance(effective=on(15), **SIGNED), gate=Gate.SIGN),
        ),
    ),
    "no-dose": (
        case("on the first day", 1),
        case("the increase waits", 20, plan=WAITING, unlogged=frozenset(range(15, 20))),
        case("suspended because of an opioid", 10, plan=SUSPENDED),
    ),
    "continue": (
        case("three not logged", 10, unlogged=frozenset({3, 4, 5})),
        case("a draft", 10, plan=a_plan()),
        case("before the start", -1),
        case("on the first day", 1),
        case("stopped", 10, plan=STOPPED, unlogged=frozenset({8, 9})),
        case("paused", 10, plan=PAUSED, unlogged=frozenset({8, 9})),
        case("waiting", 20, plan=WAITING, unlogged=frozenset(range(15, 20))),
    ),
}
FIRING: Final = [(rule, one) for rule, cases in FIRES.items() for one in cases]
NOT_FIRING: Final = [(rule, one) for rule, cases in DOES_NOT.items() for one in cases]


def named(value: object) -> str:
    """Name a case in a test's id."""
    return value.words if isinstance(value, Case) else str(value)


@pytest.mark.parametrize(("rule", "one"), FIRING, ids=named)
def test_a_rule_fires_and_names_what_it_rests_on(rule: str, one: Case) -> None:
    found = one.proposals(rule)
    assert found
    if rule not in {"opioid-suspended", "event", "continue"} or one.lines:
        expected = [
            line.id for n, line in enumerate(one.lines) if one.rests_on is None or n in one.rests_on
        ]
        assert sorted({entry for proposal in found for entry in proposal.entries}) == sorted(
            expected
        )


@pytest.mark.parametrize(("rule", "one"), NOT_FIRING, ids=named)
def test_a_rule_does_not_fire_in_the_nearest_other_case(rule: str, one: Case) -> None:
    assert one.proposals(rule) == []


def test_every_rule_has_a_case_that_fires_and_one_that_does_not() -> None:
    assert list(FIRES) == list(DOES_NOT) == list(review_rules())


def test_a_rule_says_what_its_data_says() -> None:
    """Action, urgency and sources are those of the data, and no field is left open."""
    for rule, one in FIRING:
        for found in one.proposals(rule):
            data = review_rules()[rule]
            assert (found.action, found.urgent) == (data.action, data.urgent)
            assert found.sources == data.sources
            assert not re.search(r"[{}]", found.reason)


def test_every_source_of_a_rule_is_in_the_evidence() -> None:
    wanted = {source for one in (*review_rules().values(), *red_flags()) for source in one.sources}
    assert wanted <= set(evidence())


def test_red_flags_have_words_in_each_language_of_the_documents() -> None:
    """Those that nobody checked say so, as the phrases of the language do."""
    for flag in red_flags():
        assert {one.language: one.reviewed for one in flag.words} == {
            one: catalogue(one).reviewed for one in languages()
        }


@pytest.mark.parametrize(
    ("about", "text"), [(flag.about, term) for flag in red_flags() for term in flag.terms]
)
def test_every_term_of_a_red_flag_is_found(about: str, text: str) -> None:
    told = red_flags_in(record_of(note(3, f"Pfff, {text.upper()}!")))
    assert any(about in one.reason for one in told)


def test_a_word_of_the_heart_is_found_in_either_spelling() -> None:
    for text in ("mon cœur s'emballe", "mon coeur s\N{RIGHT SINGLE QUOTATION MARK}emballe"):
        assert len(red_flags_in(record_of(note(3, text)))) == 1


def test_red_flags_are_the_same_without_a_plan() -> None:
    """Those since the last visit, as the review of a plan by mouth tells them."""
    record = record_of(note(3, "hives"), visit(5), note(6, "my skin is yellow"), note(7, "Cooled"))

    (told,) = red_flags_in(record)

    assert told.entries == (record.lines[2].id,)
    assert told in review(a_signed_plan(), record, on(10)).proposals
    assert len(red_flags_in(record_of(note(3, "hives"), note(6, "my skin is yellow")))) == 2
    assert red_flags_in(record_of(note(3, "Cooled"))) == ()


def test_one_procedure_told_twice_is_one_proposal() -> None:
    found = case("", 10, procedure(3, 30), procedure(4, 30), procedure(5, 31)).proposals(
        "procedure"
    )
    assert [len(one.entries) for one in found] == [2, 1]


def test_another_amount_is_told_beside_the_planned_one() -> None:
    """A tenfold dose is seen at once; what was taken without a plan says so."""
    (tenfold,) = case("", 10, taken(5, "15 mg")).proposals("doubled")
    (unplanned,) = case("", 10, taken(9, "1.5 mg"), plan=PAUSED, unlogged=frozenset({8})).proposals(
        "different-amount"
    )
    (unknown,) = case("", 10, taken(9), plan=PAUSED, unlogged=frozenset({8})).proposals(
        "different-amount"
    )
    assert "Thu 5 Mar 2026 (15 mg instead of 1.5 mg)" in tenfold.reason
    assert "Mon 9 Mar 2026 (1.5 mg, none planned)" in unplanned.reason
    assert "Mon 9 Mar 2026 (an amount not told, none planned)" in unknown.reason


def test_days_in_a_row_with_one_amount_are_told_together() -> None:
    lines = (*(taken(day, "1.5 mg") for day in (16, 17, 18, 20)), taken(21, "2 mg"))
    (found,) = case("", 25, *lines).proposals("different-amount")
    assert (
        "on each day from Mon 16 Mar 2026 to Wed 18 Mar 2026 (1.5 mg instead of 3 mg), Fri 20 Mar "
        "2026 (1.5 mg instead of 3 mg) and Sat 21 Mar 2026 (2 mg instead of 3 mg)."
    ) in found.reason


def test_an_increase_that_waits_is_told_as_waiting() -> None:
    (found,) = case("", 10, event(5), plan=WAITING).proposals("event-before-increase")
    assert "The next increase, from Sun 15 Mar 2026 on, waits for the prescriber" in found.reason


def test_the_increase_of_today_is_to_come_until_its_dose_is_logged() -> None:
    """On day 15 the dose goes up to 3 mg, on day 29 to 4.5 mg."""
    lines = (event(8), visit(10))
    (before,) = case("", 15, *lines).proposals("event-before-increase")
    assert "to 3 mg, is planned for Sun 15 Mar 2026" in before.reason
    assert case("", 15, *lines, taken(15)).proposals("event-before-increase") == []


def test_a_plateau_says_how_many_scores_it_rests_on() -> None:
    (found,) = case("", 22, *scores([3] * 4, 22)).proposals("plateau")
    assert "before the start median 7 (n = 7, 0 missing)" in found.reason
    assert "now median 3 (n = 4, 3 missing) at 3 mg" in found.reason


def test_before_the_first_dose_nothing_was_due() -> None:
    (found,) = case("", 1).proposals("not-enough-logged")
    assert found.reason.startswith("No dose was due yet. That is not enough ")


def test_what_is_urgent_stands_first() -> None:
    found = case("both", 10, opioid(5), event(6), note(7, "hives"), *map(missed, (1, 2, 3))).found
    urgent = [one.urgent for one in found.proposals]
    assert urgent == sorted(urgent, reverse=True)
    assert urgent[:3] == [True, True, False]


def test_no_proposal_promises_anything_or_names_a_person() -> None:
    told = [str(one) for _, it in (*FIRING, *NOT_FIRING) for one in it.found.proposals]
    assert [one for one in told if PROMISES.search(one) or "Example" in one] == []


def test_the_search_for_promises_finds_one() -> None:
    assert PROMISES.search("It works and is safe to go on.")


def test_a_morning_plan_has_no_morning_to_consider() -> None:
    found = case("", 10, event(5, "insomnia", 3), plan=MORNING).found
    assert "consider a morning dose" not in {one.action.value for one in found.proposals}


def test_a_proposal_says_dates_and_doses() -> None:
    (found,) = case("", 10, event(5)).proposals("event-before-increase")
    assert found.reason == (
        "Recorded at this dose or since the last visit: headache (grade 2, CTCAE 5.0). The next "
        "increase, to 3 mg, is planned for Sun 15 Mar 2026; it is to be looked at before."
    )
    assert str(found) == f"consider staying at this dose: {found.reason}"


def test_an_urgent_proposal_says_so_first() -> None:
    (found,) = case("", 10, opioid(5)).proposals("opioid")
    assert str(found).startswith("URGENT stop and contact: An opioid is recorded for ")


@pytest.mark.parametrize(
    ("day", "plan", "why"),
    [
        (-1, a_signed_plan(), "its first dosing day is Sun 1 Mar 2026"),
        (10, PAUSED, "it is paused since Sun 8 Mar 2026"),
        (10, STOPPED, "it was stopped from Sun 8 Mar 2026 on"),
    ],
)
def test_why_there_is_no_dose_is_told(day: int, plan: Plan, why: str) -> None:
    (found,) = case("", day, plan=plan, unlogged=frozenset({8, 9})).proposals("no-dose")
    assert found.reason.endswith(f": {why}.")


def test_a_plan_that_came_to_its_end_says_so() -> None:
    """Three weeks in all, of one dose."""
    rule = listed_steps("3 mg", step("1.5 mg", "P21D"))
    plan = a_signed_plan(protocol=a_protocol(rule))
    (found,) = case("", 30, plan=plan).proposals("no-dose")
    assert found.reason == "The plan has no dose for Mon 30 Mar 2026: it has ended."


def test_a_gap_that_has_begun_already_is_told_from_the_day_of_asking_on() -> None:
    """12 capsules last to day 12."""
    (found,) = case("", 20, dispensed(12), supply=False).proposals("supply-short")
    assert found.reason == (
        "What was dispensed and recorded does not make the dose of Fri 20 Mar 2026; the next visit "
        "is on Sun 29 Mar 2026."
    )


def test_what_is_only_partly_known_is_told_apart() -> None:
    (found,) = case("", 10, missed(4), unlogged=frozenset({3, 5})).proposals("not-logged-in-a-row")
    assert found.reason == (
        "No dose is logged for 3 dosing days in a row, from Tue 3 Mar 2026 to Thu 5 Mar 2026; for "
        "2 of them nothing is logged at all. Whether doses were taken is not known."
    )


# --- Whatever the record -------------------------------------------------------------------------

QUIET: Final = st.sampled_from(
    (
        lambda day, n: event(day, ("headache", "felt sad", "insomnia")[n], n + 1),
        lambda day, n: opioid(day, ("tramadol", "loperamide", "Examplodol")[n]),
        lambda day, n: note(day, ("An invented note", "hives", "cannot sleep")[n]),
        lambda day, n: visit(day, day + 20 * n if n else None),
        lambda day, n: procedure(day, day + 10 * n),
        lambda day, n: dispensed(20 * (n + 1), day, use_by=on(day + 30) if n else None),
        lambda day, n: score(day, 3 * n),
    )
)


@st.composite
def others(draw: st.DrawFn, most: int = 8) -> list[Entry]:
    """Give entries that are not about doses, from before the start on."""
    made = st.builds(
        lambda make, day, n: make(day, n), QUIET, st.integers(-20, 60), st.integers(0, 2)
    )
    return list({one.id: one for one in draw(st.lists(made, max_size=most))}.values())


@st.composite
def doses(draw: st.DrawFn, amounts: tuple[str | None, ...] = (None,)) -> list[Entry]:
    """Give at most one entry about a dose for each day."""
    kinds = draw(st.lists(st.sampled_from(("taken",) * 6 + ("missed", "skipped", "")), max_size=60))
    made: dict[str, Any] = {"missed": missed, "skipped": skipped}
    return [
        made[kind](day) if kind in made else taken(day, draw(st.sampled_from(amounts)))
        for day, kind in enumerate(kinds, start=1)
        if kind
    ]


ALL_DOSES: Final = doses((None, None, None, "1.5 mg", "3 mg"))
LINES: Final = st.builds(lambda one, two: [*one, *two], ALL_DOSES, others())
ASKED: Final = st.integers(-2, 60)
PLENTY: Final = an_entry(Dispensed, 1, day=on(1), product=CAPSULE, amount=Decimal(1000))
SIX_DAYS: Final = st.lists(st.booleans(), min_size=6, max_size=6)
PLANS: Final = st.sampled_from((a_signed_plan(), SUSPENDED, PAUSED, STOPPED, WAITING, MORNING))


def told(found: Review) -> list[tuple[Any, ...]]:
    """Give what a review says but for the words, which name dates."""
    return [(one.rule, one.action, one.urgent, one.entries, one.sources) for one in found.proposals]


@given(PLANS, LINES, ASKED)
def test_a_review_twice_is_the_same_and_changes_nothing(
    plan: Plan, lines: list[Entry], day: int
) -> None:
    record = record_of(*lines)
    before = dump_plan(plan), dump_record(record)

    assert review(plan, record, on(day)) == review(plan, record, on(day))
    assert (dump_plan(plan), dump_record(record)) == before


@given(LINES, ASKED, st.randoms(use_true_random=False))
def test_order_and_doubles_change_nothing(
    lines: list[Entry], day: int, shuffled: random.Random
) -> None:
    again = [*lines, *lines[:5]]
    shuffled.shuffle(again)
    assert review(a_signed_plan(), record_of(*again), on(day)) == review(
        a_signed_plan(), record_of(*lines), on(day)
    )


@given(LINES, ASKED, st.data())
def test_a_voided_entry_is_as_if_it_had_never_been(
    lines: list[Entry], day: int, data: st.DataObject
) -> None:
    gone = data.draw(st.sets(st.sampled_from(range(len(lines))))) if lines else set()
    voids = [an_entry(Void, n, of=lines[n].id, reason="An invented slip") for n in gone]
    standing = [one for n, one in enumerate(lines) if n not in gone]
    assert review(a_signed_plan(), record_of(*lines, *voids), on(day)) == review(
        a_signed_plan(), record_of(*standing), on(day)
    )


@given(LINES, ASKED)
def test_entries_after_the_day_of_asking_change_no_proposal(lines: list[Entry], day: int) -> None:
    """They are only named, each once, as being of the future."""
    known = [one for one in lines if not isinstance(one, Void) and one.day <= on(day)]
    found, before = (review(a_signed_plan(), record_of(*some), on(day)) for some in (lines, known))
    later = [one.code for one in found.findings if one not in before.findings]
    assert found.proposals == before.proposals
    assert set(later) <= {"record.future"}
    assert len(later) == len(lines) - len(known)


@given(LINES, ASKED, st.integers(-400, 400))
def test_shifting_every_date_shifts_the_answer(lines: list[Entry], day: int, by: int) -> None:
    """The plan is in UTC, so that no clock change comes between."""
    move = timedelta(days=by)
    moved = [_moved(one, move) for one in lines]
    plan, later = (
        a_signed_plan_from(REVISED_AT + way, on(1) + way) for way in (timedelta(0), move)
    )
    before = review(plan, record_of(*lines), on(day))
    after = review(later, record_of(*moved), on(day) + move)
    assert told(before) == told(after)
    assert [one.code for one in before.findings] == [one.code for one in after.findings]


def a_signed_plan_from(written: datetime, start: date) -> Plan:
    """Make a plan in UTC that was written and signed at a moment."""
    plan = a_plan(timezone="UTC", revised_at=written, start=start)
    return plan.signed(screened_elsewhere=True, by="Dr Example", role="physician", at=written)


def _moved(entry: Entry, by: timedelta) -> Entry:
    """Move each date of an entry."""
    told = {name: getattr(entry, name) for name in type(entry).model_fields}
    dates = {name: value + by for name, value in told.items() if isinstance(value, date)}
    return entry.replace(**dates)


@given(doses(), others(), st.integers(1, 60), st.data())
def test_fewer_entries_of_doses_never_make_it_better(
    dosed: list[Entry], rest: list[Entry], day: int, data: st.DataObject
) -> None:
    """Each is the planned dose or none; that of the day of asking may still be to come."""
    past = [one for one in dosed if not isinstance(one, Void) and one.day < on(day)]
    gone = data.draw(st.sets(st.sampled_from(past))) if past else set()
    kept = [one for one in dosed if one not in gone]
    if _goes_on([*kept, *rest, PLENTY], day):
        assert _goes_on([*dosed, *rest, PLENTY], day)


@given(st.integers(1, 22), SIX_DAYS, SIX_DAYS)
def test_fewer_entries_about_a_few_missed_doses_never_make_it_better(
    first: int, forgotten: list[bool], gone: list[bool]
) -> None:
    """All else is as planned, so that these six days decide."""
    lost, out = ({first + n for n, is_one in enumerate(of) if is_one} for of in (forgotten, gone))
    dosed = [missed(n) if n in lost else taken(n) for n in range(1, 28)]
    kept = [one for n, one in enumerate(dosed, start=1) if n not in out]
    if _goes_on([*kept, PLENTY], 28):
        assert _goes_on([*dosed, PLENTY], 28)


def _goes_on(lines: Sequence[Entry], day: int) -> bool:
    found = review(a_signed_plan(), record_of(*lines), on(day)).proposals
    return "continue" in {one.rule for one in found}


@given(PLANS, LINES, ASKED)
def test_every_entry_named_is_in_the_record_and_no_one_is_promised_anything(
    plan: Plan, lines: list[Entry], day: int
) -> None:
    found = review(plan, record_of(*lines), on(day)).proposals
    assert {entry for one in found for entry in one.entries} <= {one.id for one in lines}
    assert not any(PROMISES.search(str(one)) or "Example" in one.reason for one in found)
    assert found
