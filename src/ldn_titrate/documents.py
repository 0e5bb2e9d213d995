"""
What each document says: sentences by id, dates, doses and counts from the schedule, no layout.

Every dose, date and unit comes from the schedule through one formatter; no document words a dose
by itself. It must not know pages, fonts or files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ldn_titrate import words
from ldn_titrate.amendment import Procedure
from ldn_titrate.bedtime import DosingTime, dosing_time
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
from ldn_titrate.course import Break
from ldn_titrate.dose import Dose, plain
from ldn_titrate.errors import ExportError, ScheduleError
from ldn_titrate.library import section, sentences
from ldn_titrate.product import OralLiquid, Solid, Units, make_up
from ldn_titrate.schedule import DEFAULT_WEEKS, lay_out
from ldn_titrate.screening import Verdict
from ldn_titrate.text import no_break
from ldn_titrate.words import clock, listed, short_date, weekday

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ldn_titrate.content import Block
    from ldn_titrate.course import Segment, Setting
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Difference, Schedule
    from ldn_titrate.screening import Outcome

DRAFT: Final = "DRAFT, not for patient use"
WITHDRAWN: Final = "WITHDRAWN, do not follow"
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


def handout(
    schedule: Schedule,
    *,
    through: date | None = None,
    replaces: int | None = None,
    replaced_by: Plan | None = None,
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

    Raises:
        ExportError: The plan's protocol is for tests only, or its screening says stop.
        PlanError: *replaces* is no earlier version.
        ScheduleError: *through* is no last day for this plan.
    """
    refuse_unfit(schedule.plan)
    if through and through < schedule.in_force_from:
        raise ScheduleError(
            f"this version is in force from {schedule.in_force_from}, not {through}"
        )
    told = _Handout(
        schedule,
        schedule.horizon(through),
        all_ticked=through is not None,
        replaces=replaces or schedule.plan.version - 1,
    )
    return Document(
        title=f"Your {told.time.value} plan for naltrexone",
        subtitle=f"Low-dose naltrexone, from {long_date(told.first)}",
        language="en",
        running=_running(schedule.plan),
        draft=_mark(schedule.plan, replaced_by),
        front=tuple(told.front()),
        back=_back(told),
    )


def _mark(plan: Plan, replaced_by: Plan | None) -> str | None:
    if replaced_by and replaced_by.version > plan.version:
        state = "is in force" if replaced_by.is_signed else "is its next draft"
        return f"{WITHDRAWN}: plan {replaced_by.code} {state}"
    return None if plan.is_signed else DRAFT


def _running(plan: Plan) -> str:
    who = (plan.patient,) if plan.patient else ()
    return ", ".join((*who, f"plan {plan.code}", f"written {long_date(plan.written_at.date())}"))


@dataclass(frozen=True, slots=True)
class _Handout:
    """What the parts of a handout need to know of its schedule."""

    schedule: Schedule
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
    def time(self) -> DosingTime:
        return dosing_time(self.setting.bedtime)

    @property
    def when(self) -> str:
        return _WHEN[self.time]

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
        yield _opioids()
        if self.segments and self.first <= self.last:
            yield _tick_calendar(self)

    def _procedures(self) -> Iterator[Callout]:
        """Yield a reminder of each procedure to come: tell the team, and nothing more."""
        for one in self.plan.amendments:
            if isinstance(one, Procedure) and one.on >= self.first:
                title = say("procedure.title", day=long_date(one.on))
                yield Callout(title, (Paragraph(say("surgery.team")),), Weight.PLAIN)

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
        take = say("main.take", when=self.when, time=clock(self.setting.bedtime))
        steady = "main.gated" if course.waits_from else "main.steady"
        return Callout(take, (Paragraph(say("main.increase" if climbs else steady)),), Weight.MAIN)

    def _pause_with_an_end(self, first: date, last: date) -> Callout:
        title = say("main.paused-days", first=long_date(first), last=long_date(last))
        then = say("main.then", when=self.when, time=clock(self.setting.bedtime))
        return Callout(title, (Paragraph(then),), Weight.MAIN)

    def _no_dose(self, title: str, text: str, day: date) -> Callout:
        return Callout(say(title, day=long_date(day)), (Paragraph(say(text)),), Weight.MAIN)

    def _steps_table(self) -> Table:
        breaks = [one for one in self.plan.course.breaks if not one.last or one.last >= self.first]
        parts: list[Segment | Break] = [*self.segments, *breaks]
        rows = sorted(parts, key=lambda one: one.first)
        return Table(
            "Your dose, step by step",
            ("Step", "Dates", f"Dose {self.when}", "What to take"),
            tuple(_step_row(one) for one in rows),
        )


def _step_row(part: Segment | Break) -> tuple[str, ...]:
    dates = (
        f"{long_date(part.first)} to {long_date(part.last)}"
        if part.last
        else f"from {long_date(part.first)} on"
    )
    if isinstance(part, Break):
        return ("pause", dates, "no dose", "nothing")
    units = make_up(part.dose, part.setting.products)
    return (str(part.step or "other"), dates, dose_words(part.dose), units_words(units))


def _changes(told: _Handout) -> Callout:
    """Say what this version changes, in days and doses."""
    before = lay_out(told.plan.at_version(told.replaces))
    title = say(
        "changed.title",
        code=before.plan.code,
        written=long_date(before.plan.written_at.date()),
    )
    last = max(told.last, told.first + timedelta(weeks=DEFAULT_WEEKS, days=-1))
    differences = told.schedule.differences(before, last)
    lines = [_difference_words(one, goes_on=one.last == last) for one in differences]
    lines += _setting_words(before.setting_on(told.first), told.setting, told.first)
    return Callout(title, (Bullets(tuple(lines) or (say("changed.nothing"),)),), Weight.PLAIN)


def _difference_words(one: Difference, *, goes_on: bool) -> str:
    after, before = (dose_words(dose) if dose else "no dose" for dose in (one.after, one.before))
    fields = {"first": long_date(one.first), "last": long_date(one.last)}
    return say("changed.on" if goes_on else "changed.days", after=after, before=before, **fields)


def _setting_words(before: Setting, after: Setting, day: date) -> list[str]:
    lines = []
    if (before.bedtime, before.timezone) != (after.bedtime, after.timezone):
        place = after.timezone.rpartition("/")[2].replace("_", " ")
        words = {"time": clock(after.bedtime), "place": place}
        lines.append(say("changed.time", day=long_date(day), **words))
    if before.products != after.products:
        labels = listed([no_break(product.label) for product in after.products])
        lines.append(say("changed.products", day=long_date(day), products=labels))
    return lines


def _opioids() -> Callout:
    title, *notes = section("opioids")
    return Callout(title.text, (Bullets(tuple(note.text for note in notes)),), Weight.STOP)


def _tick_calendar(told: _Handout) -> TickCalendar:
    first, last = told.first, _last_ticked(told)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    changed = {change.day for change in told.schedule.changes(last)}
    ticks = [_tick_day(told.schedule, day, changes=day in changed) for day in days]
    weeks = [ticks[begin : begin + _WEEK] for begin in range(0, len(ticks), _WEEK)]
    return TickCalendar(
        title=f"Tick a box for each dose: {long_date(first)} to {long_date(last)}",
        corner="Week",
        weekdays=tuple(weekday(first + timedelta(days=n)) for n in range(_WEEK)),
        weeks=tuple(
            TickWeek(str(number), (*week, *[None] * (_WEEK - len(week))))
            for number, week in enumerate(weeks, start=1)
        ),
    )


def _last_ticked(told: _Handout) -> date:
    six_weeks = told.first + timedelta(weeks=TICK_WEEKS, days=-1)
    return told.last if told.all_ticked else min(told.last, six_weeks)


def _tick_day(schedule: Schedule, day: date, *, changes: bool) -> TickDay:
    segment, date_words = schedule.segment_on(day), no_break(short_date(day))
    if segment is None:
        return TickDay(date_words, None, (), changes)
    products = segment.setting.products
    lines = tuple(_units_line(one, len(products)) for one in make_up(segment.dose, products))
    return TickDay(date_words, dose_words(segment.dose), lines, changes)


def _units_line(units: Units, strengths: int) -> str:
    """Say units in the few letters of a cell, with the strength where it could be mixed up."""
    product, amount = units.product, plain(units.amount)
    if isinstance(product, OralLiquid):
        return no_break(f"{amount} mL")
    if isinstance(product, Solid) and strengths == 1:
        return no_break(f"{amount} {product.form}{'' if units.amount == 1 else 's'}")
    return no_break(f"{amount} of {product.label.partition(' ')[2]}")


def _back(told: _Handout) -> tuple[Section, ...]:
    taking = (
        Section("How to take it", (Bullets(_how(told)),)),
        Section("If you miss a dose", (Bullets(_missed(told)),)),
    )
    return (
        Section("Whom to call", (_clinic_fields(told.plan),)),
        Section("When to get help", _help()),
        *(taking if told.segments else ()),
        Section("What you may notice", (_bullets("notice"),)),
        Section("Operations, dental work, new medicines", (_bullets("surgery"),)),
        Section("What is known and not known", (_bullets("known"),)),
        Section("Keeping it", (_bullets("keeping"),)),
        Section("About this plan", (Bullets(_about(told)),)),
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


def _how(told: _Handout) -> tuple[str, ...]:
    midnight = say("midnight.counts") if told.time is DosingTime.BEDTIME else ""
    fields = {"after_midnight": midnight, "cap": dose_words(told.plan.protocol.cap)}
    return tuple(say(note.id, **fields) for note in section("how"))


def _missed(told: _Handout) -> tuple[str, ...]:
    same_night, *others = section("missed")
    first = same_night.text if told.time is DosingTime.BEDTIME else say("morning.same-day")
    return (first, *(note.text for note in others))


def _about(told: _Handout) -> tuple[str, ...]:
    plan, units = told.plan, told.schedule.units(told.first, told.last)
    fields = {
        "code": plan.code,
        "who": f" for {plan.patient}" if plan.patient else "",
        "written": long_date(plan.written_at.date()),
        "first": long_date(told.first),
        "last": long_date(told.last),
        "units": units_words(units) if units else "",
        "after": _after(told),
    }
    ids = [note.id for note in section("about") if units or note.id != "about.horizon"]
    return tuple(say(one, **fields) for one in ids)


def _after(told: _Handout) -> str:
    end = told.schedule.last
    if told.plan.course.waits_from and told.last == end:
        return say("after.gated", last=long_date(told.last))
    if end is None:
        return say("after.open")
    return say("after.ends", last=long_date(end)) if told.last == end else say("after.more")
