"""
What several documents share: what is refused, whose plan it is, and the blocks that look alike.

It must not know any one document.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from ldn_titrate.bedtime import DosingTime
from ldn_titrate.content import (
    Bullets,
    Callout,
    Document,
    Field,
    Fields,
    Section,
    TickCalendar,
    TickWeek,
    Weight,
)
from ldn_titrate.errors import ExportError, ScheduleError
from ldn_titrate.screening import Verdict
from ldn_titrate.speech import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ldn_titrate.content import Block, TickDay
    from ldn_titrate.plan import Clinic, Plan
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.screening import Outcome
    from ldn_titrate.speech import Speech
    from ldn_titrate.topical import TopicalPlan

    AnyPlan: TypeAlias = Plan | TopicalPlan

TICK_WEEKS: Final = 6
TIMES: Final = {DosingTime.BEDTIME: "bedtime", DosingTime.MORNING: "morning"}
WEEK: Final = 7


def refuse_stopped(outcome: Outcome | None) -> None:
    """
    Refuse to make anything for a patient whose screening says stop.

    Raises:
        ExportError: It does, and nobody cleared it.
    """
    if outcome and outcome.verdict is Verdict.STOP:
        raise ExportError(f"the screening says stop, nothing is made: {outcome.stops}")


def refuse_unfit(plan: Plan) -> None:
    """
    Refuse to make anything for a patient from a plan that no patient may follow.

    Raises:
        ExportError: The plan's protocol is for tests only, or its screening says stop.
    """
    refuse_stopped(plan.outcome)
    if not plan.protocol.is_for_patients:
        raise ExportError(
            f"protocol {plan.protocol.id} is for tests only; nothing is made for a patient from it"
        )


def covered(schedule: Schedule, through: date | None) -> tuple[date, date]:
    """
    Settle the days that a document covers: from when this version is in force, to the horizon.

    Raises:
        ScheduleError: *through* is no last day for this version.
    """
    first = schedule.in_force_from
    if through and through < first:
        raise ScheduleError(f"this version is in force from {first}, not {through}")
    return first, schedule.horizon(through)


def covered_with_doses(schedule: Schedule, through: date | None) -> tuple[date, date]:
    """
    Settle the days of a document that makes no sense without a dose to come.

    Raises:
        ExportError: The plan's protocol is for tests only, its screening says stop, or no dose is
            planned in these days.
        ScheduleError: *through* is no last day for this version.
    """
    refuse_unfit(schedule.plan)
    first, last = covered(schedule, through)
    if not schedule.between(first, last):
        raise ExportError(
            f"plan {schedule.plan.code} has no dose from {first} on up to {last}; nothing is made"
        )
    return first, last


def drafted(plan: AnyPlan, speech: Speech) -> str | None:
    """Say what stands across each page of a draft."""
    return None if plan.is_signed else speech.say("mark.draft")


def mark(plan: Plan, replaced_by: Plan | None, speech: Speech) -> str | None:
    """Say what stands across each page of a draft, or of a version that was withdrawn."""
    if replaced_by and replaced_by.version > plan.version:
        state = "mark.withdrawn" if replaced_by.is_signed else "mark.withdrawn-draft"
        return speech.say(state, code=replaced_by.code)
    return drafted(plan, speech)


def framed(
    plan: AnyPlan,
    speech: Speech,
    heads: tuple[str, str],
    front: Sequence[Block],
    back: Sequence[Section] = (),
    *,
    draft: str | None,
) -> Document:
    """
    Put what every document carries around what one says.

    Args:
        plan: Whose document it is.
        speech: The language.
        heads: Its title and the line under it.
        front: What is looked at often.
        back: What is read once and kept.
        draft: What stands across each page; see `mark`.
    """
    title, subtitle = heads
    return Document(
        title=title,
        subtitle=subtitle,
        language=speech.language,
        beside=None if speech.language == ENGLISH.language else ENGLISH.language,
        running=running(plan, speech),
        draft=draft,
        front=tuple(front),
        back=tuple(back),
        page=speech.say("page.number", number="{number}", count="{count}"),
        box=speech.say("blank.box"),
        line=speech.say("blank.line"),
    )


def running(plan: AnyPlan, speech: Speech) -> str:
    """Say whose plan it is, which one and of when, for the head of each page."""
    fields = {"code": plan.code, "day": speech.long_date(plan.written_at.date())}
    if plan.patient is None:
        return speech.say("page.running", **fields)
    return speech.say("page.running-of", name=plan.patient, **fields)


def about_plan(plan: AnyPlan, speech: Speech) -> str:
    """Say in a sentence which plan it is, whose and of when."""
    who = " " + speech.say("page.of", name=plan.patient) if plan.patient else ""
    return speech.say(
        "about.plan",
        code=plan.code,
        who=who,
        written=speech.long_date(plan.written_at.date()),
    )


def opioids(speech: Speech, *more: str) -> Callout:
    """Say the warning on opioids, whole, and what belongs to it."""
    title, *notes = speech.section("opioids")
    return Callout(title, (Bullets((*notes, *more)),), Weight.STOP)


def urgent(speech: Speech) -> Section:
    """Say when to get help at once."""
    lead, *signs = speech.section("help")
    return Section(lead, (Bullets(tuple(signs)),))


def bullets(heading: str, lines: Sequence[str], speech: Speech) -> Section:
    """Put lines under a heading, which is named."""
    return Section(speech.say(f"heading.{heading}"), (Bullets(tuple(lines)),))


def clinic_fields(clinic: Clinic, speech: Speech) -> Fields:
    """Say whom to call; what is not given is a line to write on."""
    return Fields(
        tuple(Field(speech.say(f"call.{name.replace('_', '-')}"), value) for name, value in clinic)
    )


def tick_calendar(
    title: str, first: date, ticks: Sequence[TickDay], speech: Speech
) -> TickCalendar:
    """Lay days to tick in weeks that begin on the weekday of the first."""
    weeks = [ticks[begin : begin + WEEK] for begin in range(0, len(ticks), WEEK)]
    return TickCalendar(
        title=title,
        corner=speech.say("tick.week"),
        weekdays=tuple(speech.weekday(first + timedelta(days=n)) for n in range(WEEK)),
        weeks=tuple(
            TickWeek(str(number), (*week, *[None] * (WEEK - len(week))))
            for number, week in enumerate(weeks, start=1)
        ),
    )


def capital(text: str) -> str:
    """Begin a text with a capital letter."""
    return text[:1].upper() + text[1:]
