"""
What the documents for a cream say: texts by id, the plan's own words and days, no layout.

The warning on opioids is the one of the oral handout, whole. It must not know pages, fonts or
files, nor any oral plan.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ldn_titrate.content import (
    Blank,
    Callout,
    Field,
    Paragraph,
    Section,
    Table,
    TickDay,
    Weight,
)
from ldn_titrate.documents.card import card_sheet
from ldn_titrate.documents.common import (
    TICK_WEEKS,
    about_plan,
    bullets,
    capital,
    clinic_fields,
    drafted,
    framed,
    opioids,
    refuse_stopped,
    tick_calendar,
    urgent,
)
from ldn_titrate.documents.log import log_sheet, parts_of, row_day
from ldn_titrate.errors import TopicalError
from ldn_titrate.speech import ENGLISH
from ldn_titrate.text import no_break

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.content import Cell, Document, TickCalendar
    from ldn_titrate.speech import Speech
    from ldn_titrate.topical import TopicalAmount, TopicalPlan

_OFTEN: Final = {1: "skin.once", 2: "skin.twice"}


def topical_handout(
    plan: TopicalPlan, *, through: date | None = None, speech: Speech = ENGLISH
) -> Document:
    """
    Say what the patient's handout for a cream says.

    Args:
        plan: What is put on.
        through: The last day with a box to tick, at most the day of the review; without one, the
            first six weeks have boxes.
        speech: The language.

    Raises:
        ExportError: The plan's screening says stop.
        TopicalError: *through* is no day of this plan.
    """
    refuse_stopped(plan.outcome)
    ticks = _tick_calendar(plan, _last_ticked(plan, through), speech)
    more = opioids(speech, speech.say("cream.through-skin"))
    return framed(
        plan,
        speech,
        (speech.say("skin.title"), _subtitle(plan, speech)),
        (_main_message(plan, speech), application_table(plan, speech), more, ticks),
        _back(plan, speech),
        draft=drafted(plan, speech),
    )


def topical_log(
    plan: TopicalPlan, *, through: date | None = None, speech: Speech = ENGLISH
) -> Document:
    """
    Say what the log for a cream says: each application from the start to the review.

    Args:
        plan: What is put on.
        through: The last day to cover, at most the day of the review, which it is without one.
        speech: The language.

    Raises:
        ExportError: The plan's screening says stop.
        TopicalError: *through* is no day of this plan.
    """
    refuse_stopped(plan.outcome)
    last = _last_ticked(plan, through or plan.review_on)
    heads = (speech.say("logbook.title-skin"), _subtitle(plan, speech))
    use = (_use(plan, speech), speech.say("cream.where", site=plan.site))
    how = (*use, *speech.section("diary"))
    rows = _log_tables(plan, last, speech)
    return log_sheet(plan, speech, heads, how, rows, draft=drafted(plan, speech))


def _subtitle(plan: TopicalPlan, speech: Speech) -> str:
    what = capital(_what(plan, speech))
    return speech.say("skin.subtitle", what=what, day=speech.long_date(plan.start))


def _log_tables(plan: TopicalPlan, last: date, speech: Speech) -> Iterator[Table]:
    days = [day for day in plan.days if day <= last]
    heads = ("date", "put-on", "done", "missed", "notes-skin")
    for part in parts_of(days, rows_a_day=plan.times_per_day):
        yield Table(
            capital(speech.days(part[0], part[-1])),
            tuple(speech.say(f"logbook.{one}") for one in heads),
            tuple(row for day in part for row in _log_rows(plan, day, speech)),
        )


def _log_rows(plan: TopicalPlan, day: date, speech: Speech) -> Iterator[tuple[Cell, ...]]:
    amount = _amount(plan.amount, speech)
    for one in plan.times:
        use = speech.say("logbook.time", time=speech.clock(one), amount=amount)
        yield (row_day(day, speech), use, Blank.BOX, Blank.BOX, Blank.LINE)


def topical_card(plan: TopicalPlan, *, speech: Speech = ENGLISH) -> Document:
    """
    Say what the wallet card for a cream says: it holds an opioid blocker, too.

    Args:
        plan: What is put on.
        speech: The language.

    Raises:
        ExportError: The plan's screening says stop.
    """
    refuse_stopped(plan.outcome)
    amount = speech.say(
        "wallet.skin", amount=_amount(plan.amount, speech), often=_often(plan, speech)
    )
    doses = (
        Field(capital(_what(plan, speech)), amount),
        Field(speech.say("wallet.last-skin"), None),
    )
    where = speech.say("cream.where", site=plan.site)
    return card_sheet(plan, speech, "card.skin", doses, where, draft=drafted(plan, speech))


def _what(plan: TopicalPlan, speech: Speech) -> str:
    strength = f"{speech.number(plan.strength.percent)}%"
    return speech.say("cream.what", strength=strength, vehicle=plan.vehicle)


def _amount(amount: TopicalAmount, speech: Speech) -> str:
    count = speech.number(amount.number)
    if not amount.is_about:
        return no_break(speech.say("skin.gram", count=count))
    said = "skin.fingertip-one" if amount.number == 1 else "skin.fingertip-other"
    return no_break(speech.say(said, count=count))


def _last_ticked(plan: TopicalPlan, through: date | None) -> date:
    six_weeks = plan.start + timedelta(weeks=TICK_WEEKS, days=-1)
    if through is None:
        return min(six_weeks, plan.review_on)
    if not plan.start <= through <= plan.review_on:
        raise TopicalError(f"the last day to tick is between {plan.start} and {plan.review_on}")
    return through


def _often(plan: TopicalPlan, speech: Speech) -> str:
    if plan.times_per_day in _OFTEN:
        return speech.say(_OFTEN[plan.times_per_day])
    return no_break(speech.say("skin.times", count=str(plan.times_per_day)))


def _times(plan: TopicalPlan, speech: Speech) -> str:
    return speech.listed([speech.clock(one) for one in plan.times])


def _main_message(plan: TopicalPlan, speech: Speech) -> Callout:
    lines = [Paragraph(speech.say("cream.where", site=plan.site))]
    if plan.amount.is_about:
        lines.append(Paragraph(speech.say("cream.fingertip")))
    return Callout(_use(plan, speech), tuple(lines), Weight.MAIN)


def _use(plan: TopicalPlan, speech: Speech) -> str:
    return speech.say(
        "cream.use",
        amount=_amount(plan.amount, speech),
        vehicle=plan.vehicle,
        often=_often(plan, speech),
        times=_times(plan, speech),
    )


def application_table(plan: TopicalPlan, speech: Speech) -> Table:
    """Say in a table what is put on where, how much, when, and the day of the review."""
    often, times = _often(plan, speech), _times(plan, speech)
    row = (
        capital(_what(plan, speech)),
        plan.site,
        _amount(plan.amount, speech),
        speech.say("skin.a-day", often=often, times=times),
        speech.long_date(plan.review_on),
    )
    heads = ("skin.what", "skin.where", "skin.amount", "skin.when", "skin.review")
    return Table(speech.say("skin.table"), tuple(map(speech.say, heads)), (row,))


def _tick_calendar(plan: TopicalPlan, last: date, speech: Speech) -> TickCalendar:
    ticks = [_tick_day(plan, day, speech) for day in plan.days if day <= last]
    dates = {"first": speech.long_date(plan.start), "last": speech.long_date(last)}
    return tick_calendar(speech.say("tick.title-days", **dates), plan.start, ticks, speech)


def _tick_day(plan: TopicalPlan, day: date, speech: Speech) -> TickDay:
    """Say how often the cream is put on that day; a box is there for the whole day."""
    review = (speech.say("skin.review-cell"),) if day == plan.review_on else ()
    return TickDay(speech.short_date(day), _often(plan, speech), review, changes=False)


def _back(plan: TopicalPlan, speech: Speech) -> tuple[Section, ...]:
    review = speech.say("cream.review", day=speech.long_date(plan.review_on))
    keeping = (speech.say("keeping.date"), speech.say("keeping.children"))
    after = (
        ("surgery", speech.section("surgery")),
        ("known", speech.lines("cream.known-")),
        ("review", (*speech.lines("cream.note-"), review)),
        ("keeping", keeping),
        ("about", _about(plan, speech)),
    )
    return (
        Section(speech.say("heading.call"), (clinic_fields(plan.clinic, speech),)),
        urgent(speech),
        bullets("use", speech.lines("cream.how-"), speech),
        *(bullets(name, lines, speech) for name, lines in after),
    )


def _about(plan: TopicalPlan, speech: Speech) -> tuple[str, ...]:
    days = {"first": speech.long_date(plan.start), "last": speech.long_date(plan.review_on)}
    return (
        about_plan(plan, speech),
        speech.say("cream.need", total=_amount(plan.total, speech), **days),
        speech.say("about.newer"),
        speech.say("about.watch"),
    )
