"""
The wallet card: what somebody who treats the patient in an emergency has to know.

It is cut out, so it carries by itself which plan it is from and whether that is a draft. It must
not know pages, fonts or files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldn_titrate.bedtime import dosing_time
from ldn_titrate.content import Bullets, Callout, Card, Field, Panel, Weight
from ldn_titrate.documents.common import (
    TIMES,
    about_plan,
    covered_with_doses,
    framed,
    mark,
)
from ldn_titrate.speech import ENGLISH

if TYPE_CHECKING:
    from datetime import date

    from ldn_titrate.content import Document
    from ldn_titrate.documents.common import AnyPlan
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.speech import Speech


def wallet_card(
    schedule: Schedule,
    *,
    through: date | None = None,
    replaced_by: Plan | None = None,
    speech: Speech = ENGLISH,
) -> Document:
    """
    Say what the patient's wallet card says.

    Args:
        schedule: What is taken.
        through: The last dosing day whose dose it names, inclusive; 12 weeks without one.
        replaced_by: The plan's newest version, where this one was withdrawn.
        speech: The language.

    Raises:
        ExportError: The plan's protocol is for tests only, its screening says stop, or no dose is
            to come.
        ScheduleError: *through* is no last day for this plan.
    """
    first, last = covered_with_doses(schedule, through)
    draft = mark(schedule.plan, replaced_by, speech)
    dose = Field(speech.say("wallet.dose"), _dose(schedule, first, last, speech))
    taken = Field(speech.say("wallet.last"), None)
    return card_sheet(schedule.plan, speech, "card.takes", (dose, taken), draft=draft)


def _dose(schedule: Schedule, first: date, last: date, speech: Speech) -> str:
    """Say the dose, or the lowest and the highest of those that are planned."""
    parts = schedule.between(first, last)
    doses = sorted({one.dose for one in parts})
    if len(doses) > 1:
        low, high = speech.dose(doses[0]), speech.dose(doses[-1])
        return speech.say("wallet.doses", low=low, high=high)
    when = speech.say(f"when.{TIMES[dosing_time(parts[0].setting.bedtime)]}")
    return speech.say("wallet.one", dose=speech.dose(doses[0]), when=when)


def card_sheet(
    plan: AnyPlan,
    speech: Speech,
    takes: str,
    doses: tuple[Field, ...],
    *notes: str,
    draft: str | None,
) -> Document:
    """
    Say what a card says around the amount and the time that it names.

    Args:
        plan: Whose card it is.
        speech: The language.
        takes: The id of its first line.
        doses: The amount, and the time of the last one.
        notes: What is said beside the card.
        draft: What stands across each page, and on each face of the card.
    """
    marks = (draft,) if draft else ()
    who = Field(speech.say("wallet.name"), plan.patient)
    code = Field(speech.say("wallet.plan"), plan.code)
    call = tuple(
        Field(speech.say(f"call.{name}"), getattr(plan.clinic, name))
        for name in ("prescriber", "telephone", "pharmacy")
    )
    team = (speech.say("card.pain"), speech.say("card.breathing"))
    card = Card(
        speech.say("wallet.card"),
        speech.say("card.cut"),
        (
            Panel(speech.say(takes), marks, (who, *doses, code)),
            Panel(speech.say("wallet.team"), (*marks, *team), call),
        ),
    )
    told = (*notes, speech.say("card.pencil"), about_plan(plan, speech), speech.say("about.newer"))
    how = Callout(speech.say("wallet.card-use"), (Bullets(told),), Weight.PLAIN)
    heads = (speech.say("wallet.title"), speech.say("wallet.subtitle"))
    return framed(plan, speech, heads, (card, how), draft=draft)
