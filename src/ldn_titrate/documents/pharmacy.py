"""
The pharmacy sheet: what is dispensed, how much for which days, and when the next supply is due.

Every quantity is counted along the schedule, dose by dose. It must not know pages, fonts or files.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ldn_titrate.bedtime import dosing_time
from ldn_titrate.content import Bullets, Field, Fields, Section, Table
from ldn_titrate.documents.common import (
    TIMES,
    capital,
    covered_with_doses,
    framed,
    mark,
)
from ldn_titrate.speech import ENGLISH
from ldn_titrate.supply import lasts, needs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.content import Document
    from ldn_titrate.plan import Plan
    from ldn_titrate.product import Units
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.speech import Speech
    from ldn_titrate.supply import SegmentNeed

SUPPLY_DAYS: Final = 30
_DAY: Final = timedelta(days=1)


def pharmacy_sheet(
    schedule: Schedule,
    *,
    through: date | None = None,
    have: Sequence[Units] = (),
    replaced_by: Plan | None = None,
    speech: Speech = ENGLISH,
) -> Document:
    """
    Say what the pharmacy sheet says.

    Args:
        schedule: What is taken.
        through: The last dosing day to count, inclusive; 12 weeks without one.
        have: A supply whose end is asked for; without one, supplies of 30 days are laid out.
        replaced_by: The plan's newest version, where this one was withdrawn.
        speech: The language.

    Raises:
        ExportError: The plan's protocol is for tests only, its screening says stop, or no dose is
            to come.
        ScheduleError: *through* is no last day for this plan.
        SupplyError: *have* would outlast ten years.
    """
    first, last = covered_with_doses(schedule, through)
    plan, substance = schedule.plan, schedule.plan.protocol.substance
    days = speech.days(first, last)
    subtitle = speech.say("dispense.subtitle", substance=capital(substance), days=days)
    supplies = _given(schedule, have, first, speech) if have else _fills(schedule, speech, last)
    front = (
        _who(plan, speech),
        _products(schedule, first, last, speech),
        _steps(schedule, first, last, speech),
        supplies,
        _signatures(plan, speech),
    )
    heads = (speech.say("dispense.title"), subtitle)
    draft = mark(plan, replaced_by, speech)
    return framed(plan, speech, heads, front, _back(speech), draft=draft)


def _who(plan: Plan, speech: Speech) -> Fields:
    call = ("prescriber", "clinic", "telephone", "pharmacy")
    return Fields(
        (
            Field(speech.say("dispense.patient"), plan.patient),
            Field(speech.say("dispense.birth"), None),
            Field(speech.say("dispense.plan"), plan.code),
            *(Field(speech.say(f"call.{one}"), getattr(plan.clinic, one)) for one in call),
        )
    )


def _products(schedule: Schedule, first: date, last: date, speech: Speech) -> Table:
    salt = speech.english(schedule.plan.protocol.substance)
    return _table(
        speech.say("dispense.products"),
        ("product", "salt", "in-all"),
        tuple(
            (speech.label(one.product), salt, speech.units((one,)))
            for one in schedule.units(first, last)
        ),
        speech,
    )


def _table(
    title: str, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...], speech: Speech
) -> Table:
    return Table(title, tuple(speech.say(f"dispense.{one}") for one in heads), rows)


def _steps(schedule: Schedule, first: date, last: date, speech: Speech) -> Table:
    return _table(
        speech.say("dispense.steps"),
        ("step", "dates", "dose", "directions", "quantity"),
        tuple(_step(schedule, one, speech) for one in needs(schedule, first, last)),
        speech,
    )


def _step(schedule: Schedule, need: SegmentNeed, speech: Speech) -> tuple[str, ...]:
    bedtime = schedule.setting_on(need.first).bedtime
    when = speech.say(f"when.{TIMES[dosing_time(bedtime)]}")
    units, time = speech.units(need.each), speech.clock(bedtime)
    dose = schedule.dose_on(need.first)
    return (
        str(need.step) if need.step else speech.say("steps.other"),
        speech.days(need.first, need.last),
        speech.dose(dose) if dose else speech.say("steps.no-dose"),
        speech.say("sig.take", units=units, when=when, time=time),
        speech.units(need.total),
    )


def _given(schedule: Schedule, have: Sequence[Units], first: date, speech: Speech) -> Table:
    """Say how long a supply lasts, and when the next one is due."""
    lasting = lasts(schedule, have, first)
    ends = speech.long_date(lasting.last) if lasting.last else speech.say("dispense.too-little")
    due = next_dose(schedule, lasting.last or first - _DAY)
    left = speech.units(lasting.left) if lasting.left else speech.say("dispense.none")
    return _table(
        speech.say("dispense.given"),
        ("supply", "lasts", "next", "left"),
        ((speech.units(have), ends, _due(schedule, due, speech), left),),
        speech,
    )


def _fills(schedule: Schedule, speech: Speech, last: date) -> Table:
    """Say what each supply of so many days is, and when the next one is due."""
    return _table(
        speech.say("dispense.supplies", count=str(SUPPLY_DAYS)),
        ("supply", "quantity", "lasts", "next"),
        tuple(
            (
                str(number),
                speech.units(schedule.units(begin, end)),
                speech.long_date(_last_dose(schedule, begin, end)),
                _due(schedule, next_dose(schedule, end), speech),
            )
            for number, (begin, end) in enumerate(fills(schedule, last), start=1)
        ),
        speech,
    )


def fills(schedule: Schedule, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each supply, from this version's first dose on."""
    begin = next_dose(schedule, schedule.in_force_from - _DAY)
    while begin and begin <= last:
        end = min(begin + timedelta(days=SUPPLY_DAYS) - _DAY, last)
        yield begin, end
        begin = next_dose(schedule, end)


def next_dose(schedule: Schedule, day: date) -> date | None:
    """Return the first dosing day after a day; None where none is planned."""
    later = schedule.between(day + _DAY, date.max)
    return later[0].first if later else None


def _last_dose(schedule: Schedule, first: date, last: date) -> date:
    return schedule.between(first, last)[-1].last or last


def _due(schedule: Schedule, due: date | None, speech: Speech) -> str:
    if due:
        return speech.long_date(due)
    waits = schedule.plan.course.waits_from
    return speech.say("dispense.not-planned" if waits else "dispense.not-needed")


def _signatures(plan: Plan, speech: Speech) -> Fields:
    lines = [Field(speech.say(f"dispense.{one}"), None) for one in ("prescriber", "pharmacist")]
    signed = plan.signature
    if signed:
        day = speech.long_date(signed.at.date())
        words = speech.say("dispense.signed-by", by=signed.by, role=signed.role, day=day)
        lines.append(Field(speech.say("dispense.signed"), words))
    return Fields(tuple(lines))


def _back(speech: Speech) -> tuple[Section, ...]:
    return (
        Section(speech.say("dispense.making"), (Bullets(speech.section("pharmacy")),)),
        Section(speech.say("dispense.counting"), (Bullets(speech.section("counted")),)),
    )
