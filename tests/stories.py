"""
The stories: what happens to invented patients, and what must come out, reasoned by hand.

``python tests/stories.py`` writes each one to its folder below ``tests/scenarios``: the plan, the
record, and what is expected. None of what is expected is worked out by the library.

Unless a story says otherwise, Pat Example takes the default protocol from Sunday 1 March 2026 on,
at 22:00 in London, with capsules of 1.5 mg: 1.5 mg to 14 March, 3 mg to 28 March, then 4.5 mg.
Reviews are on 29 March, 26 April and 24 May. A day is told by its number in the course: 1 is the
first dosing day, 15 and 29 are the increases.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from ldn_titrate import amendment as kinds
from ldn_titrate.course import Gate
from ldn_titrate.dose import Dose
from ldn_titrate.entry import (
    AdverseEvent,
    Applied,
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
from ldn_titrate.planfile import dump_plan
from ldn_titrate.product import Product
from ldn_titrate.record import Record, dump_record
from ldn_titrate.screening import Answer, Given, Screening
from ldn_titrate.topical import TopicalPlan
from plans import PLAN_ID, REVISED_AT, START, a_plan, products
from records import an_entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldn_titrate.plan import Plan

FOLDER: Final = Path(__file__).parent / "scenarios"
DAY: Final = timedelta(days=1)
SIGNED: Final = {"by": "Dr Example", "role": "physician"}
CAPSULE: Final = "capsule 1.5 mg"
LIQUID: Final = "liquid 1 mg/mL, 0.1 mL syringe"
NEW_ID: Final = UUID("87654321-4321-4321-8765-876543218765")

# What each rule proposes and whether it is urgent, told here again by hand.
ACTIONS: Final[dict[str, tuple[str, bool]]] = {
    "red-flag": ("read what was written now", True),
    "opioid": ("stop and contact", True),
    "opioid-suspended": ("ask the questions again", False),
    "opioid-dose": ("stop and contact", True),
    "opioid-ask": ("contact the patient", False),
    "procedure": ("contact the patient", False),
    "event-severe": ("contact the patient", True),
    "event-before-increase": ("consider staying at this dose", False),
    "event": ("contact the patient", False),
    "step-back": ("consider a step back", False),
    "sleep": ("consider a morning dose", False),
    "missed-in-a-row": ("contact the patient", False),
    "not-logged-in-a-row": ("contact the patient", False),
    "doubled": ("contact the patient", False),
    "different-amount": ("contact the patient", False),
    "plateau": ("consider staying at this dose", False),
    "no-benefit": ("decide whether to go on", False),
    "follow-up": ("see the patient", False),
    "supply-short": ("see to the supply", False),
    "supply-unknown": ("no proposal", False),
    "not-enough-logged": ("no proposal", False),
    "not-measured": ("no proposal", False),
    "draft": ("no proposal", False),
    "waits": ("decide whether to go on", False),
    "no-dose": ("no proposal", False),
    "continue": ("continue as signed", False),
}


@dataclass(frozen=True)
class Story:
    """
    One story.

    Attributes:
        name: The name of its folder, without the number.
        story: What happens.
        must: What must come out of it, and why.
        plan: The newest version of the plan.
        lines: The record.
        as_of: The day of asking.
        expected: What must come out, as data.
    """

    name: str
    story: str
    must: str
    plan: Plan | TopicalPlan
    lines: tuple[Entry, ...]
    as_of: date
    expected: dict[str, Any] = field(default_factory=dict)

    def files(self) -> dict[str, str]:
        """Give the texts of its files, by their names."""
        told = {"story": self.story, "must": self.must, "as_of": self.as_of.isoformat()}
        return {
            "plan.json": dump_plan(self.plan),
            "record.jsonl": dump_record(Record(self.lines)),
            "expected.json": json.dumps(told | self.expected, indent=2) + "\n",
        }


# --- What a record is made of --------------------------------------------------------------------


def on(day: int, start: date = START) -> date:
    """Return a day of a course, from 1."""
    return start + (day - 1) * DAY


def plan_of(**changes: Any) -> Plan:
    """Make a signed plan."""
    plan = a_plan(**changes)
    return plan.signed(screened_elsewhere=True, at=plan.revised_at, **SIGNED)


def turn(kind: Any, day: int, told: int | None = None, **fields: Any) -> Any:
    """Make an amendment from a day on, written on the morning of that day or of another one."""
    at = datetime.combine(on(told or day), time(9), UTC)
    return kind(effective=on(day), at=at, reason="An invented reason", **SIGNED, **fields)


def takes(*days: int, **fields: Any) -> list[Entry]:
    """Make a dose on each of some days."""
    return [an_entry(Taken, day=on(day), **fields) for day in days]


def each(first: int, last: int, **fields: Any) -> list[Entry]:
    """Make a dose on each day from one to another, inclusive."""
    return takes(*range(first, last + 1), **fields)


def misses(*days: int) -> list[Entry]:
    """Make a missed dose on each of some days."""
    return [an_entry(Missed, day=on(day)) for day in days]


def skips(*days: int, reason: str) -> list[Entry]:
    """Make a skipped dose on each of some days."""
    return [an_entry(Skipped, day=on(day), reason=reason) for day in days]


def visits(*days: int) -> list[Entry]:
    """Make a visit on each of some days."""
    return [an_entry(Visit, day=on(day)) for day in days]


def gets(amount: int, product: str = CAPSULE, day: date = START, **fields: Any) -> Entry:
    """Make something handed out."""
    made = Product.parse(product)
    return an_entry(Dispensed, day=day, product=made, amount=Decimal(amount), **fields)


def has(day: int, term: str, grade: int, scale: str = "CTCAE 5.0", **fields: Any) -> Entry:
    """Make an adverse event."""
    name, version = scale.split()
    graded = {"term": term, "grade": grade, "scale": name, "scale_version": version}
    return an_entry(AdverseEvent, day=on(day), **graded, **fields)


def scores(value: int, days: Iterable[int], instrument: str = "pain-nrs") -> list[Entry]:
    """Make the same score on each of some days."""
    told: dict[str, Any] = {"instrument": instrument, "value": Decimal(value)}
    return [an_entry(Score, day=on(day), **told) for day in days]


def at(day: date, hour: int, minute: int, **fields: Any) -> Entry:
    """Make a dose of a dosing day at an hour of UTC; from 24 on it is of the next date."""
    moment = datetime.combine(day, time(0), UTC) + timedelta(hours=hour, minutes=minute)
    return an_entry(Taken, day=day, at=moment, **fields)


# --- What is expected ----------------------------------------------------------------------------


def expect(
    days: str,
    taking: str,
    correct: str,
    proposals: str,
    covered: str,
    *,
    findings: tuple[str, ...] = (),
    **more: Any,
) -> dict[str, Any]:
    """
    Tell what must come out, shortly.

    Args:
        days: The status of each day in runs: ``14 taken, 1 missed``.
        taking: Doses taken, of doses planned; ``8/9 to 9/9`` where only bounds are known.
        correct: Days with just the planned dose, of due days.
        proposals: The rules in order, each with how many entries it rests on: ``sleep 2``.
        covered: Due days through the day of asking for which there was enough on hand, and the
            gap if there is one: ``24/26, not from 2026-03-25 to 2026-03-26``.
        findings: The codes of the findings, sorted.
        more: Anything else.
    """
    return {
        "days": [[int(run.split(" ", 1)[0]), run.split(" ", 1)[1]] for run in days.split(", ")],
        "findings": list(findings),
        "adherence": {"taking": _bounds(taking), "correct": _bounds(correct)},
        "proposals": [_proposal(one) for one in proposals.split(", ")],
        "supply": _supply(covered),
        **more,
    }


def _bounds(text: str) -> list[str]:
    low, _, high = text.partition(" to ")
    return [low, high or low]


def _supply(text: str) -> dict[str, Any]:
    covered, _, gap = text.partition(", not from ")
    return {"covered": covered, "gaps": [gap.split(" to ")] if gap else []}


def _proposal(text: str) -> dict[str, Any]:
    rule, entries = text.split()
    action, urgent = ACTIONS[rule]
    return {"rule": rule, "action": action, "urgent": urgent, "entries": int(entries)}


# --- The stories ---------------------------------------------------------------------------------

PLENTY: Final = gets(1000)
DREAMS: Final = (has(16, "vivid dreams", 2, "local 1"), has(18, "vivid dreams", 2, "local 1"))
TRAMADOL: Final = an_entry(OpioidTaken, day=on(20), name="tramadol, from the dentist")
SUSPENDED: Final = plan_of().amended(turn(kinds.Opioid, 20, name="tramadol"))
ANSWERED_AGAIN: Final = Screening(
    at=datetime.combine(on(40), time(8), UTC),
    answers=(
        Given(question="Q1", answer=Answer.NO),
        Given(question="Q2", answer=Answer.YES, opioid="tramadol", day=on(22)),
        *(Given(question=f"Q{number}", answer=Answer.NO) for number in range(3, 15)),
    ),
)
IN_LONDON_AFTER_MIDNIGHT: Final = date(2026, 3, 25)
IN_NEW_YORK: Final = date(2026, 10, 28)
NEW_START: Final = on(41)
NEW_PLAN: Final = plan_of(
    id=NEW_ID, start=NEW_START, revised_at=datetime(2026, 4, 5, 9, tzinfo=UTC)
)
WINTER: Final = date(2027, 12, 25)
WINTER_DAYS: Final = [WINTER + n * DAY for n in range(68)]  # through 1 March 2028
SLIP: Final = an_entry(Missed, day=on(5))
CREAM: Final = TopicalPlan(
    id=PLAN_ID,
    revised_at=REVISED_AT,
    vehicle="cream",
    site="both elbow folds",
    amount="1 g",  # type: ignore[arg-type]  # it is read from text
    times_per_day=2,
    times=(time(8), time(20)),
    start=START,
    review_on=date(2026, 4, 11),
    timezone="Europe/London",
    patient="Pat Example",
).signed(screened_elsewhere=True, at=REVISED_AT, **SIGNED)


def itch(day: int, values: tuple[int, ...], number: int = 0) -> list[Entry]:
    """Make the cream put on once, and the itch at 0, 30, 60 and 120 minutes after it."""
    written = datetime.combine(on(day), time(21 if number else 10), UTC)
    applied = an_entry(Applied, number, day=on(day), written_at=written)
    told: list[Entry] = [
        an_entry(
            Score,
            4 * number + n,
            day=on(day),
            instrument="itch-now",
            value=Decimal(value),
            minutes=minutes,
            written_at=written + timedelta(minutes=1 + minutes),
        )
        for n, (minutes, value) in enumerate(zip((0, 30, 60, 120), values, strict=False))
    ]
    return [applied, *told]


STORIES: Final = (
    Story(
        "perfect-course",
        "Every dose of six weeks is taken as planned. There is enough at home, and the first "
        "review was held.",
        "All 42 days are taken, both bounds are one, and nothing is found: continue as signed.",
        plan_of(),
        (*each(1, 42), PLENTY, *visits(29)),
        on(43),
        expect("42 taken", "42/42", "42/42", "continue 0", "43/43"),
    ),
    Story(
        "missed-nights",
        "One dose is forgotten on day 6, and three in a row on days 10 to 12.",
        "Three in a row are pointed at with their three entries; the single one is not.",
        plan_of(),
        (*each(1, 5), *misses(6), *each(7, 9), *misses(10, 11, 12), *each(13, 20), PLENTY),
        on(21),
        expect(
            "5 taken, 1 missed, 3 taken, 3 missed, 8 taken",
            "16/20",
            "16/20",
            "missed-in-a-row 3",
            "21/21",
        ),
    ),
    Story(
        "double-dose",
        "On day 5 the dose is taken twice, as the first one was forgotten about.",
        "The day is doubled: ten doses of nine planned, eight of nine days with just the dose.",
        plan_of(),
        (*each(1, 9), an_entry(Taken, 1, day=on(5)), PLENTY),
        on(10),
        expect("4 taken, 1 doubled, 4 taken", "10/9", "8/9", "doubled 2", "10/10"),
    ),
    Story(
        "vivid-dreams-stay",
        "Vivid dreams, mild, on days 16 and 17. In a call on day 20 the prescriber decides to stay "
        "at 3 mg for two more weeks.",
        "Mild dreams are not looked at before an increase, but they are sleep trouble at a dose "
        "that is taken at bedtime and goes on: a morning dose may be considered.",
        plan_of().amended(turn(kinds.Stay, 29, told=20, days=14)),
        (
            *each(1, 24),
            has(16, "vivid dreams", 1, "local 1"),
            has(17, "vivid dreams", 1, "local 1"),
            *visits(20),
            PLENTY,
        ),
        on(25),
        expect("24 taken", "24/24", "24/24", "sleep 2", "25/25"),
    ),
    Story(
        "vivid-dreams-before-the-visit",
        "Vivid dreams of grade 2 on days 16 and 18, after the increase to 3 mg. It is day 19, and "
        "nobody has seen the patient.",
        "They are to be looked at before the increase of day 29; a step back and a morning dose "
        "are there to consider, each resting on both entries.",
        plan_of(),
        (*each(1, 18), *DREAMS, PLENTY),
        on(19),
        expect(
            "18 taken",
            "18/18",
            "18/18",
            "event-before-increase 2, step-back 2, sleep 2",
            "19/19",
        ),
    ),
    Story(
        "vivid-dreams-step-back",
        "The same dreams. In a call on day 19 the prescriber steps back to 1.5 mg from day 20 on, "
        "and the dreams are gone.",
        "The days from 20 on count against 1.5 mg. What the call has seen, at a dose that is no "
        "longer taken, is not brought up again: continue as signed.",
        plan_of().amended(turn(kinds.StepBack, 20, told=19)),
        (*each(1, 24), *DREAMS, *visits(19), PLENTY),
        on(25),
        expect("24 taken", "24/24", "24/24", "continue 0", "25/25"),
    ),
    Story(
        "opioid-from-the-dentist",
        "On day 20 the dentist gives tramadol. It is written down; nobody has changed the plan.",
        "Urgent: stop and contact. Nothing is stopped by itself.",
        plan_of(),
        (*each(1, 19), TRAMADOL, PLENTY),
        on(20),
        expect("19 taken", "19/19", "19/19", "opioid 1", "20/20"),
    ),
    Story(
        "opioid-plan-suspended",
        "The same, and the prescriber has suspended the plan from day 20 on.",
        "The days from 20 on are paused and count against nobody. The questions are to be asked "
        "again; it is no longer urgent.",
        SUSPENDED,
        (*each(1, 19), TRAMADOL, PLENTY),
        on(25),
        expect("19 taken, 5 paused", "19/19", "19/19", "opioid-suspended 1", "19/19"),
    ),
    Story(
        "opioid-screened-again-and-resumed",
        "Tramadol was taken on days 20 to 22. On day 40 the questions are asked again in a visit, "
        "and the plan is resumed from day 45 on, at 1.5 mg.",
        "25 paused days; the opioid is older than the last screening and is not brought up again.",
        SUSPENDED.amended(
            turn(
                kinds.Resume,
                45,
                told=40,
                dose=a_plan().protocol.doses[0],
                screening=ANSWERED_AGAIN,
            )
        ),
        (
            *each(1, 19),
            TRAMADOL,
            an_entry(OpioidTaken, day=on(21), name="tramadol"),
            an_entry(OpioidTaken, day=on(22), name="tramadol"),
            *visits(40),
            *each(45, 51),
            PLENTY,
        ),
        on(52),
        expect("19 taken, 25 paused, 7 taken", "26/26", "26/26", "continue 0", "27/27"),
    ),
    Story(
        "operation-planned",
        "On day 10 the patient tells of an operation on day 40.",
        "The team must know; no date to stop is worked out.",
        plan_of(),
        (*each(1, 14), an_entry(ProcedurePlanned, day=on(10), on=on(40)), PLENTY),
        on(15),
        expect("14 taken", "14/14", "14/14", "procedure 1", "15/15"),
    ),
    Story(
        "over-the-date-line",
        "The plan is in Auckland. From day 10 to 14 the patient is in Honolulu and takes the dose "
        "at 22:00 by the clocks there. On the way home, over the date line, there is no evening "
        "of day 15.",
        "Each dose keeps its dosing day and is on time by the clocks where it was taken; the zone "
        "is only told. One day is skipped.",
        plan_of(timezone="Pacific/Auckland"),
        (
            *(at(on(day), 9, 0) for day in range(1, 10)),  # 22:00 at UTC+13
            *(at(on(day), 32, 0, timezone="Pacific/Honolulu") for day in range(10, 15)),  # UTC-10
            *skips(15, reason="In the air over the date line"),
            *(at(on(day), 9, 0) for day in (16, 17)),
            PLENTY,
        ),
        on(18),
        expect(
            "14 taken, 1 skipped, 2 taken",
            "16/17",
            "16/17",
            "continue 0",
            "18/18",
            findings=("record.other-zone",) * 5,
            on_time=["16/17", "16/17"],
        ),
    ),
    Story(
        "clocks-go-forward",
        "The dose is taken at 01:30 in London. In the night to 29 March the clocks go from 01:00 "
        "to 02:00, so that there is no 01:30; the reminder rings at what the clock shows as 02:30.",
        "The dose of 28 March is at 01:30 UTC and on time; from the next night on it is at 00:30 "
        "UTC.",
        plan_of(start=IN_LONDON_AFTER_MIDNIGHT, bedtime=time(1, 30)),
        (
            *(at(on(day, IN_LONDON_AFTER_MIDNIGHT), 25, 30) for day in range(1, 5)),
            *(at(on(day, IN_LONDON_AFTER_MIDNIGHT), 24, 30) for day in range(5, 7)),
            gets(1000, day=IN_LONDON_AFTER_MIDNIGHT),
        ),
        date(2026, 3, 31),
        expect("6 taken", "6/6", "6/6", "continue 0", "7/7", on_time=["6/6", "6/6"]),
    ),
    Story(
        "clocks-go-back",
        "The dose is taken at 01:30 in New York. In the night to 1 November there are two 01:30; "
        "the patient takes the dose at the second one.",
        "The planned time is the first one. An hour later is on time, and no dose is doubled.",
        plan_of(start=IN_NEW_YORK, bedtime=time(1, 30), timezone="America/New_York"),
        (
            *(at(on(day, IN_NEW_YORK), 29, 30) for day in range(1, 4)),  # UTC-4
            *(at(on(day, IN_NEW_YORK), 30, 30) for day in range(4, 6)),  # UTC-5
            gets(1000, day=IN_NEW_YORK),
        ),
        date(2026, 11, 2),
        expect("5 taken", "5/5", "5/5", "continue 0", "6/6", on_time=["5/5", "5/5"]),
    ),
    Story(
        "bedtime-after-midnight",
        "The dose is taken at 00:30. On day 3 it is taken at 03:45, on day 5 at 11:00 in the "
        "morning after; of day 7 it is said that it was taken at 12:30 of the next date.",
        "All of them belong to the evening before. More than three hours late is taken late. 12:30 "
        "belongs to dosing day 8: a finding says so, and the day counts as told.",
        plan_of(bedtime=time(0, 30)),
        (
            *(at(on(day), 24, 30) for day in (1, 2, 4, 6, 8)),
            at(on(3), 27, 45),
            at(on(5), 35, 0),
            at(on(7), 36, 30, written_at=datetime.combine(on(8), time(13), UTC)),
            PLENTY,
        ),
        on(9),
        expect(
            "2 taken, 1 taken late, 1 taken, 1 taken late, 1 taken, 1 taken late, 1 taken",
            "8/8",
            "8/8",
            "continue 0",
            "9/9",
            findings=("record.other-day",),
            on_time=["5/8", "5/8"],
        ),
    ),
    Story(
        "late-entries-and-a-void",
        "Days 4 to 6 are written down on day 9 only. Day 5 is first said to be missed; that is "
        "taken back, and taken is written instead.",
        "When something was written changes nothing, and what was taken back is as if it had "
        "never been: nine days taken, no finding.",
        plan_of(),
        (
            *takes(1, 2, 3, 7, 8, 9),
            *takes(4, 5, 6, written_at=datetime.combine(on(9), time(20), UTC)),
            SLIP,
            an_entry(
                Void,
                of=SLIP.id,
                reason="It was taken",
                written_at=datetime.combine(on(9), time(20), UTC),
            ),
            PLENTY,
        ),
        on(10),
        expect("9 taken", "9/9", "9/9", "continue 0", "10/10"),
    ),
    Story(
        "stopped",
        "The prescriber stops the plan from day 21 on. On day 23 the patient takes one more dose.",
        "Adherence ends with the stop. The dose of day 23 was not planned, which is told as a "
        "finding and pointed at. Nothing says to continue.",
        plan_of().amended(turn(kinds.Stop, 21)),
        (*each(1, 20), *takes(23), PLENTY),
        on(25),
        expect(
            "20 taken, 2 not due, 1 different amount, 1 not due",
            "20/20",
            "20/20",
            "different-amount 1, no-dose 0",
            "20/20",
            findings=("record.dose-not-planned",),
        ),
    ),
    Story(
        "stopped-and-restarted",
        "The first plan was stopped on day 18 for a rash of grade 3. A new plan, with a new code, "
        "starts on day 41. The record goes on.",
        "The 17 doses of the first plan count for no day of the new one, and each is told. The "
        "rash is older than the new plan and is not brought up.",
        NEW_PLAN,
        (
            *each(1, 17, plan=plan_of().code),
            has(18, "rash", 3),
            *each(41, 49, plan=NEW_PLAN.code),
            gets(1000, day=NEW_START),
        ),
        on(50),
        expect(
            "9 taken",
            "9/9",
            "9/9",
            "continue 0",
            "10/10",
            findings=("record.other-plan",) * 17,
        ),
    ),
    Story(
        "capsules-to-liquid",
        "From day 15 on the doses are made from a liquid of 1 mg/mL. 14 capsules and 60 mL were "
        "handed out.",
        "Each day takes what it is made up from: 14 capsules, then 3 mL a day. 42 mL last to the "
        "review on day 29.",
        plan_of().amended(turn(kinds.ChangeProducts, 15, told=14, products=products(LIQUID))),
        (*each(1, 19), gets(14), gets(60, LIQUID, on(14))),
        on(20),
        expect("19 taken", "19/19", "19/19", "continue 0", "20/20"),
    ),
    Story(
        "supply-gap",
        "The same change, but only 30 mL were handed out. They are used up with day 24; day 25 is "
        "not logged.",
        "From day 25 on the dose cannot be made: see to the supply before the review. The day not "
        "logged stays open, so there are two bounds.",
        plan_of().amended(turn(kinds.ChangeProducts, 15, told=14, products=products(LIQUID))),
        (*each(1, 24), gets(14), gets(30, LIQUID, on(14))),
        on(26),
        expect(
            "24 taken, 1 not logged",
            "24/25 to 25/25",
            "24/25 to 25/25",
            "supply-short 2",
            "24/26, not from 2026-03-25 to 2026-03-26",
        ),
    ),
    Story(
        "beyond-use-date",
        "100 mL of a liquid of 1 mg/mL, to be used by day 20. The patient goes on with it.",
        "There is liquid left, but from day 21 on none that counts: see to the supply.",
        plan_of(products=products(LIQUID)),
        (*each(1, 21), gets(100, LIQUID, use_by=on(20))),
        on(22),
        expect(
            "21 taken",
            "21/21",
            "21/21",
            "supply-short 1",
            "20/22, not from 2026-03-21 to 2026-03-22",
        ),
    ),
    Story(
        "cream",
        "A cream for the skin. Itch is scored after it was put on: 8, 6, 3, 3 on day 1; 6, 5, 4, 4 "
        "on day 2; 8, 4, 2 and then nothing on day 3; on day 4 twice, 4, 2, 2, 2 and 0, 0, 0, 0.",
        "Down to half after 50 minutes on day 1 (from 6 to 3 between 30 and 60 minutes, so 4 at "
        "50), not at all on day 2, no series on day 3, 30 minutes and no itch at all on day 4.",
        CREAM,
        (
            *itch(1, (8, 6, 3, 3)),
            *itch(2, (6, 5, 4, 4)),
            *itch(3, (8, 4, 2)),
            *itch(4, (4, 2, 2, 2)),
            *itch(4, (0, 0, 0, 0), 1),
        ),
        on(5),
        {
            "itch": [
                ["2026-03-01", "50 minutes"],
                ["2026-03-02", "not by 120 minutes"],
                ["2026-03-03", "no score at 120 minutes"],
                ["2026-03-04", "30 minutes"],
                ["2026-03-04", "no itch at the start"],
            ]
        },
    ),
    Story(
        "nothing-logged",
        "Capsules were handed out two weeks ago. Since then there is not a line.",
        "Fourteen days are not logged, and are neither missed nor taken: from none to all. That is "
        "not enough to judge, and nothing says to continue.",
        plan_of(),
        (PLENTY,),
        on(15),
        expect(
            "14 not logged",
            "0/14 to 14/14",
            "0/14 to 14/14",
            "not-logged-in-a-row 0, not-enough-logged 0",
            "15/15",
        ),
    ),
    Story(
        "missed-unknown-skipped",
        "Day 7 is missed, day 8 is not logged, day 9 is skipped.",
        "Whether three doses in a row were missed is not known, and that is just what is told: a "
        "gap in the log never makes it look better.",
        plan_of(),
        (*each(1, 6), *misses(7), *skips(9, reason="Away from home"), *each(10, 11), PLENTY),
        on(12),
        expect(
            "6 taken, 1 missed, 1 not logged, 1 skipped, 2 taken",
            "8/11 to 9/11",
            "8/11 to 9/11",
            "not-logged-in-a-row 2",
            "12/12",
        ),
    ),
    Story(
        "contradictory",
        "Day 4 is told as taken and as missed, day 6 as skipped and as missed.",
        "What was taken outweighs, and on purpose outweighs forgotten. Both days are told as "
        "findings.",
        plan_of(),
        (
            *each(1, 5),
            *misses(4, 6),
            *skips(6, reason="Out late"),
            *each(7, 9),
            PLENTY,
        ),
        on(10),
        expect(
            "5 taken, 1 skipped, 3 taken",
            "8/9",
            "8/9",
            "continue 0",
            "10/10",
            findings=("record.contradiction",) * 2,
        ),
    ),
    Story(
        "outside-the-plan",
        "Asked on day 10. A dose is logged for two days before the start, doses for days 12 and 13 "
        "and an adverse event of grade 3 for day 14. Day 9 was written down on day 6.",
        "None of them counts for a day of the plan or in the review; each is told.",
        plan_of(),
        (
            *takes(-1),
            *each(1, 8),
            *takes(9, written_at=datetime.combine(on(6), time(12), UTC)),
            *takes(12, 13),
            has(14, "nausea", 3),
            PLENTY,
        ),
        on(10),
        expect(
            "9 taken",
            "9/9",
            "9/9",
            "continue 0",
            "10/10",
            findings=("record.before-start", *("record.future",) * 3, "record.written-early"),
        ),
    ),
    Story(
        "adverse-event-grade-3",
        "Nausea of grade 3 on day 17, two days after the increase; days 17 and 18 are skipped.",
        "Urgent: contact. It is to be looked at before the next increase, and a step back is there "
        "to consider. Two skipped doses are not three.",
        plan_of(),
        (
            *each(1, 16),
            has(17, "nausea", 3),
            *skips(17, 18, reason="Could not keep anything down"),
            PLENTY,
        ),
        on(19),
        expect(
            "16 taken, 2 skipped",
            "16/18",
            "16/18",
            "event-severe 1, event-before-increase 1, step-back 1",
            "19/19",
        ),
    ),
    Story(
        "low-mood",
        "Low mood of grade 1 on day 8.",
        "Any report about mood is looked at before the next increase, whatever its grade.",
        plan_of(),
        (*each(1, 11), has(8, "low mood", 1), PLENTY),
        on(12),
        expect("11 taken", "11/11", "11/11", "event-before-increase 1", "12/12"),
    ),
    Story(
        "red-flag-words",
        "A note on day 8 speaks of dark urine, and one on day 9 of being better off dead.",
        "Two urgent signposts to the notes, one for each thing. The library says to read them now "
        "and does not say what they mean.",
        plan_of(),
        (
            *each(1, 9),
            an_entry(Remark, day=on(8), text="Dark urine since Saturday, tired"),
            an_entry(Remark, day=on(9), text="Some days I think I would be better off dead"),
            PLENTY,
        ),
        on(10),
        expect("9 taken", "9/9", "9/9", "red-flag 1, red-flag 1", "10/10"),
    ),
    Story(
        "doing-well-at-3-mg",
        "Pain is 7 on each of the seven days before the start, and 3 on the last seven days, all "
        "of them at 3 mg. The increase to 4.5 mg is a week away.",
        "57% less and 4 points less, at a dose below the cap: staying there may be considered. It "
        "rests on all 14 scores.",
        plan_of(),
        (*each(1, 21), *scores(7, range(-6, 1)), *scores(3, range(16, 23)), PLENTY),
        on(22),
        expect(
            "21 taken",
            "21/21",
            "21/21",
            "plateau 14",
            "22/22",
            scores={"pain-nrs": {"before": "7", "now": "3", "n": [7, 7]}},
        ),
    ),
    Story(
        "no-benefit-at-week-12",
        "Every dose of twelve weeks is taken. Pain was 7 before the start and is 7 now.",
        "Whether to go on is for the prescriber to decide. It rests on all 14 scores.",
        plan_of(),
        (
            *each(1, 84),
            *scores(7, range(-6, 1)),
            *scores(7, range(79, 86)),
            *visits(29, 57, 85),
            PLENTY,
        ),
        on(85),
        expect(
            "84 taken",
            "84/84",
            "84/84",
            "no-benefit 14",
            "85/85",
            scores={"pain-nrs": {"before": "7", "now": "7", "n": [7, 7]}},
        ),
    ),
    Story(
        "follow-up-overdue",
        "The review of day 29 was not held. It is day 40.",
        "The review is due.",
        plan_of(),
        (*each(1, 39), PLENTY),
        on(40),
        expect("39 taken", "39/39", "39/39", "follow-up 0", "40/40"),
    ),
    Story(
        "gate-waits",
        "Each increase needs a signature. That of day 15 has not been given; it is day 18.",
        "No dose is planned from day 15 on, so none was missed. It waits for the prescriber, and "
        "nothing says to continue.",
        plan_of(gate=Gate.SIGN),
        (*each(1, 14), PLENTY),
        on(18),
        expect("14 taken, 3 not due", "14/14", "14/14", "waits 0", "14/14"),
    ),
    Story(
        "morning-plan",
        "The dose is taken at 08:00. Insomnia of grade 2 on day 5.",
        "It is to be looked at before the increase. A morning dose is not proposed, as it is one.",
        plan_of(bedtime=time(8)),
        (*(at(on(day), 8, 0) for day in range(1, 9)), has(5, "insomnia", 2), PLENTY),
        on(9),
        expect("8 taken", "8/8", "8/8", "event-before-increase 1", "9/9"),
    ),
    Story(
        "one-capsule-instead-of-two",
        "After the increase to 3 mg the patient goes on with one capsule for three evenings.",
        "Three days with another amount. They count as doses taken, not as correct days.",
        plan_of(),
        (
            *each(1, 14),
            *takes(15, 16, 17, amount=a_plan().protocol.doses[0]),
            *each(18, 19),
            PLENTY,
        ),
        on(20),
        expect(
            "14 taken, 3 different amount, 2 taken",
            "19/19",
            "16/19",
            "different-amount 3",
            "20/20",
        ),
    ),
    Story(
        "paused-by-the-prescriber",
        "The prescriber pauses the plan from day 10 to 16 and resumes it at 1.5 mg on day 17.",
        "The seven days are paused and count against nobody.",
        plan_of().amended(
            turn(kinds.Pause, 10, until=on(17), resume_at=a_plan().protocol.doses[0])
        ),
        (*each(1, 9), *each(17, 19), PLENTY),
        on(20),
        expect("9 taken, 7 paused, 3 taken", "12/12", "12/12", "continue 0", "13/13"),
    ),
    Story(
        "leap-day-and-year-end",
        "A course from 25 December 2027 on. The dose of 29 February 2028 is forgotten; the reviews "
        "of 22 January and 19 February were held.",
        "The year's end and the leap day are days like any other: 66 taken, one missed, one taken.",
        plan_of(start=WINTER, revised_at=datetime(2027, 12, 1, 9, tzinfo=UTC)),
        (
            *(an_entry(Taken, day=day) for day in WINTER_DAYS if day != date(2028, 2, 29)),
            an_entry(Missed, day=date(2028, 2, 29)),
            an_entry(Visit, day=date(2028, 1, 22)),
            an_entry(Visit, day=date(2028, 2, 19)),
            gets(1000, day=WINTER),
        ),
        date(2028, 3, 2),
        expect("66 taken, 1 missed, 1 taken", "67/68", "67/68", "continue 0", "69/69"),
    ),
    Story(
        "dose-in-spite-of-an-opioid",
        "The plan is suspended from day 20 on because of tramadol. On day 22 the patient takes "
        "3 mg all the same.",
        "Urgent: stop and contact. The dose is no planned one; it raises no measure.",
        SUSPENDED,
        (*each(1, 19), TRAMADOL, *takes(22, amount=Dose.parse("3 mg")), PLENTY),
        on(25),
        expect(
            "19 taken, 2 paused, 1 different amount, 2 paused",
            "19/19",
            "19/19",
            "opioid-dose 1, opioid-suspended 1, different-amount 1",
            "19/19",
            findings=("record.dose-not-planned",),
        ),
    ),
)


def folders() -> dict[str, Story]:
    """Give the stories by the names of their folders."""
    return {f"{number:02d}-{one.name}": one for number, one in enumerate(STORIES, start=1)}


def write() -> None:
    """Write every story anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, story in folders().items():
        folder = FOLDER / name
        folder.mkdir(parents=True)
        for file, text in story.files().items():
            (folder / file).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
    sys.stdout.write(f"wrote {len(STORIES)} folders\n")
