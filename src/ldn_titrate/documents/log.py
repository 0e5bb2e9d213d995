"""
The dose log: a row to tick and to write on for each dose, a table for each two weeks of a step.

It must not know pages, fonts or files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldn_titrate.bedtime import DosingTime, dosing_time
from ldn_titrate.content import Blank, Bullets, Callout, Table, Weight
from ldn_titrate.course import Break
from ldn_titrate.documents.common import (
    WEEK,
    about_plan,
    covered_with_doses,
    framed,
    mark,
)
from ldn_titrate.product import make_up
from ldn_titrate.speech import ENGLISH
from ldn_titrate.text import no_break

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from ldn_titrate.content import Block, Document
    from ldn_titrate.course import Segment
    from ldn_titrate.documents.common import AnyPlan
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.speech import Speech


def dose_log(
    schedule: Schedule,
    *,
    through: date | None = None,
    replaced_by: Plan | None = None,
    speech: Speech = ENGLISH,
) -> Document:
    """
    Say what the patient's dose log says: each dose from the day this version is in force.

    Args:
        schedule: What is taken.
        through: The last dosing day to cover, inclusive; 12 weeks without one.
        replaced_by: The plan's newest version, where this one was withdrawn.
        speech: The language.

    Raises:
        ExportError: The plan's protocol is for tests only, its screening says stop, or no dose is
            to come.
        ScheduleError: *through* is no last day for this plan.
    """
    first, last = covered_with_doses(schedule, through)
    plan, days = schedule.plan, speech.days(first, last)
    heads = (speech.say("logbook.title"), speech.say("logbook.subtitle", days=days))
    how, rows = speech.section("log"), _blocks(schedule, first, last, speech)
    return log_sheet(plan, speech, heads, how, rows, draft=mark(plan, replaced_by, speech))


def log_sheet(
    plan: AnyPlan,
    speech: Speech,
    heads: tuple[str, str],
    how: Iterable[str],
    rows: Iterable[Block],
    *,
    draft: str | None,
) -> Document:
    """
    Say what a log says around its rows.

    Args:
        plan: Whose log it is.
        speech: The language.
        heads: Its title and the line under it.
        how: How its rows are filled in.
        rows: The tables, and what is said between them.
        draft: What stands across each page.
    """
    told = (*how, about_plan(plan, speech), speech.say("about.newer"))
    opening = Callout(speech.say("logbook.how"), (Bullets(told),), Weight.PLAIN)
    return framed(plan, speech, heads, (opening, *rows), draft=draft)


def parts_of(days: Sequence[date], *, rows_a_day: int = 1) -> Iterator[Sequence[date]]:
    """Cut days into the parts that have a table each: two weeks, or one of several rows a day."""
    length = 2 * WEEK if rows_a_day == 1 else WEEK
    for begin in range(0, len(days), length):
        yield days[begin : begin + length]


def row_day(day: date, speech: Speech) -> str:
    """Say the day of a row; the year stands in the title of its table, and leaves room to write."""
    return no_break(f"{speech.weekday(day)} {speech.short_date(day)}")


def _blocks(schedule: Schedule, first: date, last: date, speech: Speech) -> Iterator[Block]:
    parts: list[Segment | Break] = [*schedule.between(first, last)]
    # A pause without an end is never before a dose: only a Resume ends it.
    parts += [one for one in schedule.plan.course.breaks if one.last and one.last >= first]
    for part in sorted(parts, key=lambda one: one.first):
        if isinstance(part, Break):
            yield Callout(_pause(part, speech), (), Weight.PLAIN)
        else:
            yield from _tables(part, last, speech)


def _pause(part: Break, speech: Speech) -> str:
    days = [speech.long_date(day) for day in (part.first, part.last) if day]
    return speech.say("main.paused-days", first=days[0], last=days[-1])


def _tables(segment: Segment, last: date, speech: Speech) -> Iterator[Table]:
    days = tuple(segment.days(last))
    bedtime = dosing_time(segment.setting.bedtime) is DosingTime.BEDTIME
    date_ = "logbook.date-bedtime" if bedtime else "logbook.date"
    heads = (date_, "logbook.take", "logbook.taken", "logbook.missed", "logbook.notes")
    dose, products = speech.dose(segment.dose), segment.setting.products
    made = make_up(segment.dose, products)
    units = speech.listed([speech.cell(one, strengths=len(products)) for one in made])
    take = speech.say("logbook.dose", dose=dose, units=units)
    for part in parts_of(days):
        yield Table(
            _title(segment, part, speech),
            tuple(map(speech.say, heads)),
            tuple((row_day(day, speech), take, Blank.BOX, Blank.BOX, Blank.LINE) for day in part),
        )


def _title(segment: Segment, days: Sequence[date], speech: Speech) -> str:
    """Say step, days, and what is taken on each of them, whole."""
    step = speech.say("logbook.step", step=str(segment.step)) if segment.step else None
    told = {
        "days": speech.days(days[0], days[-1]),
        "dose": speech.dose(segment.dose),
        "units": speech.units(make_up(segment.dose, segment.setting.products)),
    }
    return speech.say("logbook.block", step=step or speech.say("logbook.no-step"), **told)
