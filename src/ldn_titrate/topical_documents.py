"""
What the handout for a cream says: sentences by id, the plan's own words and days, no layout.

The warning on opioids is the one of the oral handout, whole. It must not know pages, fonts or
files, nor any oral plan.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

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
from ldn_titrate.documents import DRAFT, TICK_WEEKS, long_date, refuse_stopped, say
from ldn_titrate.errors import TopicalError
from ldn_titrate.library import section
from ldn_titrate.text import no_break
from ldn_titrate.words import clock, listed, short_date, weekday

if TYPE_CHECKING:
    from ldn_titrate.topical import TopicalPlan

_WEEK: Final = 7
_OFTEN: Final = {1: "once", 2: "twice"}


def topical_handout(plan: TopicalPlan, *, through: date | None = None) -> Document:
    """
    Say what the patient's handout for a cream says.

    Args:
        plan: What is put on.
        through: The last day with a box to tick, at most the day of the review; without one, the
            first six weeks have boxes.

    Raises:
        ExportError: The plan's screening says stop.
        TopicalError: *through* is no day of this plan.
    """
    refuse_stopped(plan.outcome)
    last = _last_ticked(plan, through)
    return Document(
        title="Your plan for naltrexone on the skin",
        subtitle=f"{_capital(_what(plan))}, from {long_date(plan.start)}",
        language="en",
        running=_running(plan),
        draft=None if plan.is_signed else DRAFT,
        front=(_main_message(plan), _table(plan), _opioids(), _tick_calendar(plan, last)),
        back=_back(plan),
    )


def _what(plan: TopicalPlan) -> str:
    return say("cream.what", strength=str(plan.strength), vehicle=plan.vehicle)


def _last_ticked(plan: TopicalPlan, through: date | None) -> date:
    six_weeks = plan.start + timedelta(weeks=TICK_WEEKS, days=-1)
    if through is None:
        return min(six_weeks, plan.review_on)
    if not plan.start <= through <= plan.review_on:
        raise TopicalError(f"the last day to tick is between {plan.start} and {plan.review_on}")
    return through


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _running(plan: TopicalPlan) -> str:
    who = (plan.patient,) if plan.patient else ()
    return ", ".join((*who, f"plan {plan.code}", f"written {long_date(plan.written_at.date())}"))


def _often(plan: TopicalPlan) -> str:
    return _OFTEN.get(plan.times_per_day) or no_break(f"{plan.times_per_day} times")


def _times(plan: TopicalPlan) -> str:
    return listed([clock(one) for one in plan.times])


def _main_message(plan: TopicalPlan) -> Callout:
    title = say(
        "cream.use",
        amount=no_break(str(plan.amount)),
        vehicle=plan.vehicle,
        often=_often(plan),
        times=_times(plan),
    )
    lines = [Paragraph(say("cream.where", site=plan.site))]
    if plan.amount.is_about:
        lines.append(Paragraph(say("cream.fingertip")))
    return Callout(title, tuple(lines), Weight.MAIN)


def _table(plan: TopicalPlan) -> Table:
    row = (
        _capital(_what(plan)),
        plan.site,
        no_break(str(plan.amount)),
        f"{_often(plan)} a day: {_times(plan)}",
        long_date(plan.review_on),
    )
    headers = ("What", "Where", "How much each time, in all places together", "When", "Review")
    return Table("What to put on", headers, (row,))


def _opioids() -> Callout:
    title, *notes = section("opioids")
    lines = (*(note.text for note in notes), say("cream.through-skin"))
    return Callout(title.text, (Bullets(lines),), Weight.STOP)


def _tick_calendar(plan: TopicalPlan, last: date) -> TickCalendar:
    ticks = [_tick_day(plan, day) for day in plan.days if day <= last]
    weeks = [ticks[begin : begin + _WEEK] for begin in range(0, len(ticks), _WEEK)]
    return TickCalendar(
        title=f"Tick a box for each day: {long_date(plan.start)} to {long_date(last)}",
        corner="Week",
        weekdays=tuple(weekday(plan.start + timedelta(days=n)) for n in range(_WEEK)),
        weeks=tuple(
            TickWeek(str(number), (*week, *[None] * (_WEEK - len(week))))
            for number, week in enumerate(weeks, start=1)
        ),
    )


def _tick_day(plan: TopicalPlan, day: date) -> TickDay:
    """Say how often the cream is put on that day; a box is there for the whole day."""
    review = ("review",) if day == plan.review_on else ()
    return TickDay(no_break(short_date(day)), _often(plan), review, changes=False)


def _back(plan: TopicalPlan) -> tuple[Section, ...]:
    lead, *signs = section("help")
    urgent = (Paragraph(lead.text), Bullets(tuple(sign.text for sign in signs)))
    until_review = (*_lines("cream.note-"), say("cream.review", day=long_date(plan.review_on)))
    return (
        Section("Whom to call", (_clinic_fields(plan),)),
        Section("When to get help", urgent),
        Section("How to use it", (Bullets(_lines("cream.how-")),)),
        Section("Until your review", (Bullets(until_review),)),
        Section("Operations, dental work, new medicines", (Bullets(_lines("surgery.")),)),
        Section("What is known and not known", (Bullets(_lines("cream.known-")),)),
        Section("Keeping it", (Bullets((say("keeping.date"), say("keeping.children"))),)),
        Section("About this plan", (Bullets(_about(plan)),)),
    )


def _lines(begin: str) -> tuple[str, ...]:
    """Give the sentences whose id begins so, in the order of the file."""
    notes = section(begin.partition(".")[0])
    return tuple(note.text for note in notes if note.id.startswith(begin))


def _clinic_fields(plan: TopicalPlan) -> Fields:
    return Fields(
        tuple(Field(_capital(name.replace("_", " ")), value) for name, value in plan.clinic)
    )


def _about(plan: TopicalPlan) -> tuple[str, ...]:
    fields = {
        "code": plan.code,
        "who": f" for {plan.patient}" if plan.patient else "",
        "written": long_date(plan.written_at.date()),
        "first": long_date(plan.start),
        "last": long_date(plan.review_on),
        "total": no_break(str(plan.total)),
    }
    ids = ("about.plan", "cream.need", "about.newer", "about.watch")
    return tuple(say(one, **fields) for one in ids)
