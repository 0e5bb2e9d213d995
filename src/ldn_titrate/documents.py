"""
What each document says: sentences by id, dates, doses and counts from the schedule, no layout.

Every dose, date and unit comes from the schedule through one formatter; no document words a dose
by itself. It must not know pages, fonts or files.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ldn_titrate import words
from ldn_titrate.content import (
    Bullets,
    Callout,
    Document,
    Field,
    Fields,
    Paragraph,
    Section,
    Table,
    TickCalendar,
    TickDay,
    TickWeek,
    Weight,
)
from ldn_titrate.dose import Dose, plain
from ldn_titrate.errors import ExportError
from ldn_titrate.library import section, sentences
from ldn_titrate.plan import DosingTime, Plan
from ldn_titrate.product import OralLiquid, Solid, Units, make_up
from ldn_titrate.text import no_break
from ldn_titrate.words import clock, listed, short_date, weekday

if TYPE_CHECKING:
    from datetime import date

    from ldn_titrate.schedule import Schedule, Segment

DRAFT: Final = "DRAFT, not for patient use"
TICK_WEEKS: Final = 6
_WEEK = 7
_WHEN = {DosingTime.BEDTIME: "at bedtime", DosingTime.MORNING: "in the morning"}


def say(sentence: str, **fields: str) -> str:
    """Return the words of a sentence by its id, with its fields filled in."""
    return sentences()[sentence].text.format(**fields).strip()


def long_date(day: date) -> str:
    """Say a date for print, held together on one line."""
    return no_break(words.long_date(day))


def dose_words(dose: Dose) -> str:
    """Say a dose for print, its number and unit held together."""
    return no_break(str(dose))


def units_words(units: tuple[Units, ...]) -> str:
    """Say what makes up a dose for print: ``1 capsule of 3 mg and 1 capsule of 1.5 mg``."""
    return listed([no_break(one.in_words()) for one in units])


def refuse_for_tests_only(plan: Plan) -> None:
    """
    Refuse to make anything for a patient from a protocol for tests only.

    Raises:
        ExportError: The plan's protocol is for tests only.
    """
    if not plan.protocol.is_for_patients:
        raise ExportError(
            f"protocol {plan.protocol.id} is for tests only; nothing is made for a patient from it"
        )


def handout(schedule: Schedule, *, through: date | None = None) -> Document:
    """
    Say what the patient's two-page handout says.

    Args:
        schedule: What is taken.
        through: The last dosing day to cover, inclusive; without one the counts cover 12 weeks and
            the calendar to tick the first six of them.

    Raises:
        ExportError: The plan's protocol is for tests only.
        ScheduleError: *through* is no last day for this plan.
    """
    plan = schedule.plan
    refuse_for_tests_only(plan)
    last = schedule.horizon(through)
    ticked = last if through else min(last, _last_of_weeks(schedule, TICK_WEEKS))
    when = _WHEN[plan.dosing_time]
    return Document(
        title=f"Your {plan.dosing_time} plan for naltrexone",
        subtitle=f"Low-dose naltrexone, one dose {when}, from {long_date(schedule.first)}",
        language="en",
        running=_running(plan),
        draft=None if plan.is_signed else DRAFT,
        front=(
            _main_message(schedule, when),
            _steps_table(schedule, when),
            _opioids(),
            _tick_calendar(schedule, ticked),
        ),
        back=_back(schedule, last),
    )


def _last_of_weeks(schedule: Schedule, weeks: int) -> date:
    return schedule.first + timedelta(weeks=weeks, days=-1)


def _running(plan: Plan) -> str:
    who = (plan.patient,) if plan.patient else ()
    return ", ".join((*who, f"plan {plan.code}", f"starts {long_date(plan.start)}"))


def _main_message(schedule: Schedule, when: str) -> Callout:
    climbs = len(schedule.segments) > 1
    return Callout(
        say("main.take", when=when, time=clock(schedule.plan.bedtime)),
        (Paragraph(say("main.increase" if climbs else "main.steady")),),
        Weight.MAIN,
    )


def _steps_table(schedule: Schedule, when: str) -> Table:
    return Table(
        "Your dose, step by step",
        ("Step", "Dates", f"Dose {when}", "What to take"),
        tuple(_step_row(segment, schedule.plan) for segment in schedule.segments),
    )


def _step_row(segment: Segment, plan: Plan) -> tuple[str, ...]:
    dates = (
        f"{long_date(segment.first)} to {long_date(segment.last)}"
        if segment.last
        else f"from {long_date(segment.first)} on"
    )
    units = make_up(segment.dose, plan.products)
    return (str(segment.step), dates, dose_words(segment.dose), units_words(units))


def _opioids() -> Callout:
    title, *notes = section("opioids")
    return Callout(title.text, (Bullets(tuple(note.text for note in notes)),), Weight.STOP)


def _tick_calendar(schedule: Schedule, last: date) -> TickCalendar:
    days = [schedule.first + timedelta(days=n) for n in range((last - schedule.first).days + 1)]
    changed = {change.day for change in schedule.changes(last)}
    ticks = [_tick_day(schedule, day, changes=day in changed) for day in days]
    weeks = [ticks[begin : begin + _WEEK] for begin in range(0, len(ticks), _WEEK)]
    return TickCalendar(
        title=f"Tick a box for each dose: {long_date(schedule.first)} to {long_date(last)}",
        corner="Week",
        weekdays=tuple(weekday(schedule.first + timedelta(days=n)) for n in range(_WEEK)),
        weeks=tuple(
            TickWeek(str(number), (*week, *[None] * (_WEEK - len(week))))
            for number, week in enumerate(weeks, start=1)
        ),
    )


def _tick_day(schedule: Schedule, day: date, *, changes: bool) -> TickDay:
    dose = schedule.dose_on(day)
    if dose is None:
        return TickDay(no_break(short_date(day)), None, (), changes)
    lines = tuple(_units_line(one, schedule.plan) for one in make_up(dose, schedule.plan.products))
    return TickDay(no_break(short_date(day)), dose_words(dose), lines, changes)


def _units_line(units: Units, plan: Plan) -> str:
    """Say units in the few letters of a cell, with the strength where it could be mixed up."""
    product, amount = units.product, plain(units.amount)
    if isinstance(product, OralLiquid):
        return no_break(f"{amount} mL")
    if isinstance(product, Solid) and len(plan.products) == 1:
        return no_break(f"{amount} {product.form}{'' if units.amount == 1 else 's'}")
    return no_break(f"{amount} of {product.label.partition(' ')[2]}")


def _back(schedule: Schedule, last: date) -> tuple[Section, ...]:
    plan = schedule.plan
    return (
        Section("Whom to call", (_clinic_fields(plan),)),
        Section("When to get help", _help()),
        Section("How to take it", (Bullets(_how(plan)),)),
        Section("If you miss a dose", (Bullets(_missed(plan)),)),
        Section("What you may notice", (_bullets("notice"),)),
        Section("Operations, dental work, new medicines", (_bullets("surgery"),)),
        Section("What is known and not known", (_bullets("known"),)),
        Section("Keeping it", (_bullets("keeping"),)),
        Section("About this plan", (Bullets(_about(schedule, last)),)),
    )


def _bullets(name: str) -> Bullets:
    return Bullets(tuple(note.text for note in section(name)))


def _clinic_fields(plan: Plan) -> Fields:
    clinic = plan.clinic
    return Fields(
        (
            Field("Prescriber", clinic.prescriber),
            Field("Clinic", clinic.clinic),
            Field("Telephone", clinic.telephone),
            Field("Pharmacy", clinic.pharmacy),
            Field("Emergency number", clinic.emergency_number),
        )
    )


def _help() -> tuple[Paragraph | Bullets, ...]:
    lead, *signs = section("help")
    return Paragraph(lead.text), Bullets(tuple(sign.text for sign in signs))


def _how(plan: Plan) -> tuple[str, ...]:
    midnight = say("midnight.counts") if plan.dosing_time is DosingTime.BEDTIME else ""
    fields = {"after_midnight": midnight, "cap": dose_words(plan.protocol.cap)}
    return tuple(say(note.id, **fields) for note in section("how"))


def _missed(plan: Plan) -> tuple[str, ...]:
    same_night, *others = section("missed")
    first = same_night.text if plan.dosing_time is DosingTime.BEDTIME else say("morning.same-day")
    return (first, *(note.text for note in others))


def _about(schedule: Schedule, last: date) -> tuple[str, ...]:
    plan = schedule.plan
    fields = {
        "code": plan.code,
        "who": f" for {plan.patient}" if plan.patient else "",
        "written": long_date(plan.written_at.date()),
        "first": long_date(schedule.first),
        "last": long_date(last),
        "units": units_words(schedule.units(schedule.first, last)),
        "after": _after(schedule, last),
    }
    return tuple(say(note.id, **fields) for note in section("about"))


def _after(schedule: Schedule, last: date) -> str:
    if schedule.last is None:
        return say("after.open")
    return say("after.ends", last=long_date(last)) if last == schedule.last else say("after.more")
