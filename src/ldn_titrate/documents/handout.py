"""
The handout: what the patient reads, the days of one version of a plan and what goes with them.

Every dose, date and unit comes from the schedule through one speech; no document words a dose by
itself. It must not know pages, fonts or files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ldn_titrate.bedtime import dosing_time
from ldn_titrate.content import (
    Bullets,
    Callout,
    Paragraph,
    Section,
    Table,
    TickDay,
    Weight,
)
from ldn_titrate.course import Break
from ldn_titrate.documents.common import (
    TICK_WEEKS,
    TIMES,
    about_plan,
    bullets,
    clinic_fields,
    covered,
    framed,
    mark,
    opioids,
    refuse_unfit,
    tick_calendar,
    urgent,
)
from ldn_titrate.product import make_up
from ldn_titrate.schedule import DEFAULT_WEEKS, lay_out
from ldn_titrate.speech import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ldn_titrate.content import Block, Document, TickCalendar
    from ldn_titrate.course import Segment, Setting
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Difference, Schedule
    from ldn_titrate.speech import Speech

_DAY: Final = timedelta(days=1)


def handout(
    schedule: Schedule,
    *,
    through: date | None = None,
    replaces: int | None = None,
    replaced_by: Plan | None = None,
    speech: Speech = ENGLISH,
) -> Document:
    """
    Say what the patient's two-page handout says.

    It covers the days from which its version of the plan is in force.

    Args:
        schedule: What is taken.
        through: The last dosing day to cover, inclusive; without one the counts cover 12 weeks and
            the calendar to tick the first six of them.
        replaces: The version that the patient holds; by default the one before.
        replaced_by: The plan's newest version, where this one was withdrawn.
        speech: The language.

    Raises:
        ExportError: The plan's protocol is for tests only, or its screening says stop.
        PlanError: *replaces* is no earlier version.
        ScheduleError: *through* is no last day for this plan.
    """
    refuse_unfit(schedule.plan)
    _, last = covered(schedule, through)
    told = _Handout(
        schedule,
        speech,
        last,
        all_ticked=through is not None,
        replaces=replaces or schedule.plan.version - 1,
    )
    title = speech.say(f"handout.title-{told.time}")
    subtitle = speech.say("handout.subtitle", day=speech.long_date(told.first))
    draft = mark(schedule.plan, replaced_by, speech)
    return framed(
        schedule.plan, speech, (title, subtitle), tuple(told.front()), _back(told), draft=draft
    )


@dataclass(frozen=True, slots=True)
class _Handout:
    """What the parts of a handout need to know of its schedule."""

    schedule: Schedule
    speech: Speech
    last: date
    all_ticked: bool
    replaces: int

    @property
    def plan(self) -> Plan:
        return self.schedule.plan

    @property
    def first(self) -> date:
        return self.schedule.in_force_from

    @property
    def setting(self) -> Setting:
        return self.schedule.setting_on(self.first)

    @property
    def time(self) -> str:
        return TIMES[dosing_time(self.setting.bedtime)]

    @property
    def at(self) -> dict[str, str]:
        """When a dose is taken, in words."""
        when = self.speech.say(f"when.{self.time}")
        return {"when": when, "time": self.speech.clock(self.setting.bedtime)}

    @property
    def segments(self) -> tuple[Segment, ...]:
        parts = (segment.since(self.first) for segment in self.schedule.segments)
        return tuple(part for part in parts if part)

    def front(self) -> Iterator[Block]:
        """Yield what is looked at every evening."""
        yield self._main_message()
        if self.plan.version > 1:
            yield _changes(self)
        yield from self._procedures()
        if self.segments:
            yield self._steps_table()
        yield opioids(self.speech)
        if self.segments and self.first <= self.last:
            yield _tick_calendar(self)

    def _procedures(self) -> Iterator[Callout]:
        """Yield a reminder of each procedure to come: tell the team, and nothing more."""
        for one in self.plan.procedures:
            if one.on >= self.first:
                title = self.speech.say("procedure.title", day=self.speech.long_date(one.on))
                text = Paragraph(self.speech.say("surgery.team"))
                yield Callout(title, (text,), Weight.PLAIN)

    def _main_message(self) -> Callout:
        course = self.plan.course
        if course.stopped:
            return self._no_dose("main.stopped", "main.stopped-by", course.stopped)
        pause = course.pause_on(self.first)
        if pause and not pause.last:
            why = "main.paused-opioid" if pause.opioid else "main.paused-by"
            return self._no_dose("main.paused", why, pause.first)
        if pause and pause.last:
            return self._pause_with_an_end(pause.first, pause.last)
        climbs = any(after.dose > before.dose for before, after in pairwise(self.segments))
        take = self.speech.say("main.take", **self.at)
        steady = "main.gated" if course.waits_from else "main.steady"
        text = Paragraph(self.speech.say("main.increase" if climbs else steady))
        return Callout(take, (text,), Weight.MAIN)

    def _pause_with_an_end(self, first: date, last: date) -> Callout:
        days = {"first": self.speech.long_date(first), "last": self.speech.long_date(last)}
        title = self.speech.say("main.paused-days", **days)
        then = self.speech.say("main.then", **self.at)
        return Callout(title, (Paragraph(then),), Weight.MAIN)

    def _no_dose(self, title: str, text: str, day: date) -> Callout:
        said = self.speech.say(title, day=self.speech.long_date(day))
        return Callout(said, (Paragraph(self.speech.say(text)),), Weight.MAIN)

    def _steps_table(self) -> Table:
        breaks = [one for one in self.plan.course.breaks if not one.last or one.last >= self.first]
        parts: list[Segment | Break] = [*self.segments, *breaks]
        rows = sorted(parts, key=lambda one: one.first)
        heads = ("steps.step", "steps.dates", f"steps.dose-{self.time}", "steps.take")
        return Table(
            self.speech.say("steps.title"),
            tuple(map(self.speech.say, heads)),
            tuple(_step_row(one, self.speech) for one in rows),
        )


def _step_row(part: Segment | Break, speech: Speech) -> tuple[str, ...]:
    dates = speech.days(part.first, part.last)
    if isinstance(part, Break):
        nothing = (speech.say("steps.no-dose"), speech.say("steps.nothing"))
        return (speech.say("steps.pause"), dates, *nothing)
    units = make_up(part.dose, part.setting.products)
    step = str(part.step) if part.step else speech.say("steps.other")
    return (step, dates, speech.dose(part.dose), speech.units(units))


def _changes(told: _Handout) -> Callout:
    """Say what this version changes, in days and doses."""
    speech, before = told.speech, lay_out(told.plan.at_version(told.replaces))
    title = speech.say(
        "changed.title",
        code=before.plan.code,
        written=speech.long_date(before.plan.written_at.date()),
    )
    last = max(told.last, told.first + timedelta(weeks=DEFAULT_WEEKS) - _DAY)
    differences = told.schedule.differences(before, last)
    lines = [_difference_words(one, speech, goes_on=one.last == last) for one in differences]
    lines += _setting_words(before.setting_on(told.first), told)
    changes = tuple(lines) or (speech.say("changed.nothing"),)
    return Callout(title, (Bullets(changes),), Weight.PLAIN)


def _difference_words(one: Difference, speech: Speech, *, goes_on: bool) -> str:
    after, before = (
        speech.dose(dose) if dose else speech.say("steps.no-dose")
        for dose in (one.after, one.before)
    )
    days = {"first": speech.long_date(one.first), "last": speech.long_date(one.last)}
    said = "changed.on" if goes_on else "changed.days"
    return speech.say(said, after=after, before=before, **days)


def _setting_words(before: Setting, told: _Handout) -> list[str]:
    speech, after, lines = told.speech, told.setting, []
    day = speech.long_date(told.first)
    if (before.bedtime, before.timezone) != (after.bedtime, after.timezone):
        place = after.timezone.rpartition("/")[2].replace("_", " ")
        time = speech.clock(after.bedtime)
        lines.append(speech.say("changed.time", day=day, time=time, place=place))
    if before.products != after.products:
        labels = speech.listed([speech.label(product) for product in after.products])
        lines.append(speech.say("changed.products", day=day, products=labels))
    return lines


def _tick_calendar(told: _Handout) -> TickCalendar:
    first, last, speech = told.first, _last_ticked(told), told.speech
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    changed = {change.day for change in told.schedule.changes(last)}
    ticks = [_tick_day(told, day, changes=day in changed) for day in days]
    dates = {"first": speech.long_date(first), "last": speech.long_date(last)}
    return tick_calendar(speech.say("tick.title", **dates), first, ticks, speech)


def _last_ticked(told: _Handout) -> date:
    six_weeks = told.first + timedelta(weeks=TICK_WEEKS) - _DAY
    return told.last if told.all_ticked else min(told.last, six_weeks)


def _tick_day(told: _Handout, day: date, *, changes: bool) -> TickDay:
    segment, speech = told.schedule.segment_on(day), told.speech
    if segment is None:
        return TickDay(speech.short_date(day), None, (), changes)
    products = segment.setting.products
    units = make_up(segment.dose, products)
    lines = tuple(speech.cell(one, strengths=len(products)) for one in units)
    return TickDay(speech.short_date(day), speech.dose(segment.dose), lines, changes)


def _back(told: _Handout) -> tuple[Section, ...]:
    speech = told.speech
    taking = (("how", _how(told)), ("missed", _missed(told)))
    notes = (
        *(taking if told.segments else ()),
        ("notice", _notice(told)),
    )
    after = (
        ("surgery", speech.section("surgery")),
        ("known", speech.section("known")),
        ("reviews", _reviews(told)),
        ("keeping", speech.section("keeping")),
        ("about", _about(told)),
    )
    return (
        Section(speech.say("heading.call"), (clinic_fields(told.plan.clinic, speech),)),
        urgent(speech),
        *(bullets(name, lines, speech) for name, lines in (*notes, *after)),
    )


def _notice(told: _Handout) -> tuple[str, ...]:
    *signs, before_an_increase = told.speech.section("notice")
    return (*signs, before_an_increase) if told.segments else tuple(signs)


def _how(told: _Handout) -> tuple[str, ...]:
    midnight = told.speech.say("midnight.counts") if told.time == "bedtime" else ""
    cap = told.speech.dose(told.plan.protocol.cap)
    return told.speech.section("how", after_midnight=midnight, cap=cap)


def _missed(told: _Handout) -> tuple[str, ...]:
    same_night, *others = told.speech.section("missed")
    first = same_night if told.time == "bedtime" else told.speech.say("morning.same-day")
    return (first, *others)


def _reviews(told: _Handout) -> tuple[str, ...]:
    """Say when the plan is reviewed, one day past the last dose included, and what to note."""
    days = [day for day in told.plan.reviews(told.last + _DAY) if day >= told.first]
    dates = [told.speech.long_date(day) for day in days]
    when = told.speech.say("review.days", days=told.speech.listed(dates)) if days else None
    note = (told.speech.say("review.note"),) if told.segments else ()
    return (when or told.speech.say("review.ask"), *note)


def _about(told: _Handout) -> tuple[str, ...]:
    speech, units = told.speech, told.schedule.units(told.first, told.last)
    days = {"first": speech.long_date(told.first), "last": speech.long_date(told.last)}
    needed = {"units": speech.units(units) if units else "", "after": _after(told)}
    return (
        about_plan(told.plan, speech),
        *((speech.say("about.horizon", **days, **needed),) if units else ()),
        speech.say("about.newer"),
        speech.say("about.watch"),
    )


def _after(told: _Handout) -> str:
    speech, end = told.speech, told.schedule.last
    last = speech.long_date(told.last)
    if told.plan.course.waits_from and told.last == end:
        return speech.say("after.gated", last=last)
    if end is None:
        return speech.say("after.open")
    return speech.say("after.ends", last=last) if told.last == end else speech.say("after.more")
