"""
The files for a cream: its reminders for any calendar program, and its handout as a PDF.

A plan for a cream never changes, so its reminders follow from it alone: the file that withdraws
them is made from the plan, too. How an event is written, `ldn_titrate.export.ics` knows. This room
must not know any oral plan.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import TYPE_CHECKING, Final

from ldn_titrate.documents import refuse_stopped, say
from ldn_titrate.export.ics import Entry, Head, write_entries
from ldn_titrate.export.printed import Look, document_file
from ldn_titrate.text import fit
from ldn_titrate.topical_documents import topical_handout
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.export.files import Export
    from ldn_titrate.export.printed import PaperSize
    from ldn_titrate.topical import Application, TopicalPlan

_TITLE: Final = "Daily reminder"
_NOTE_TITLE: Final = "Plan note"
_CANCELLED: Final = 2  # the last revision: after the draft and the signed one


def topical_handout_file(
    plan: TopicalPlan, *, through: date | None = None, size: PaperSize = "letter"
) -> Export:
    """
    Make the patient's handout for a cream as pages in English.

    Args:
        plan: What is put on.
        through: The last day with a box to tick; see `topical_documents.topical_handout`.
        size: The paper.

    Returns:
        The file; see `ldn_titrate.export.printed.document_file`.

    Raises:
        TopicalError: *through* is no day of this plan.
    """
    return document_file(topical_handout(plan, through=through), plan, look=Look(size=size))


def topical_calendar_file(
    plan: TopicalPlan,
    *,
    title: str | None = None,
    with_detail: bool = True,
    with_alarm: bool = True,
    cancel: bool = False,
) -> Export:
    """
    Make the calendar file of a plan for a cream: a reminder for each time of day, to the review.

    Args:
        plan: What is put on.
        title: The visible title of every reminder; None gives a neutral one.
        with_detail: Whether the description tells drug, amount and place.
        with_alarm: Whether each reminder rings.
        cancel: Whether the file withdraws the reminders that were imported before.

    Returns:
        An RFC 5545 file, the same bytes for the same plan and options, and a finding where the
        zone's rules had to be written change by change.

    Raises:
        ExportError: The plan's screening says stop, and the file would not cancel.
        LdnTitrateError: The title does not fit.
    """
    if not cancel:
        refuse_stopped(plan.outcome)
    shown = _TITLE if title is None else fit(title)
    told = _withdrawn(plan) if cancel else _told_of_use(plan, with_detail=with_detail)
    entries = (*_reminders(plan, shown, told, cancel=cancel), _review(plan, cancel=cancel))
    head = Head(
        id=plan.id,
        title=shown,
        written_at=plan.written_at,
        sequence=_CANCELLED if cancel else int(plan.is_signed),
        with_alarm=with_alarm,
    )
    return write_entries(head, entries)


def _reminders(
    plan: TopicalPlan, title: str, told: tuple[str, ...], *, cancel: bool
) -> Iterator[Entry]:
    """
    Yield the reminders, one run for each time of day.

    A day on which the clocks change is a run of its own, since readers disagree about a time that
    is skipped or comes twice: see `ldn_titrate.export.calendar`.
    """
    everything = list(plan.applications())
    for number in range(1, plan.times_per_day + 1):
        uses = [one for one in everything if one.number == number]
        for run, (_, group) in enumerate(groupby(uses, _kind)):
            days = tuple(group)
            night = f"/{days[0].day}" if run else ""
            key = f"use/{number}{night}"
            yield Entry(key, title, told, _begins(days[0]), len(days), is_cancelled=cancel)


def _kind(use: Application) -> tuple[time, bool]:
    return use.at.time(), _comes_twice(use.at)


def _begins(use: Application) -> datetime:
    return use.at.astimezone(UTC) if _comes_twice(use.at) else use.at


def _comes_twice(at: datetime) -> bool:
    return at.utcoffset() != at.replace(fold=1).utcoffset()


def _review(plan: TopicalPlan, *, cancel: bool) -> Entry:
    told = _withdrawn(plan) if cancel else (say("cream.review-note"), _version(plan))
    return Entry("day/review", _NOTE_TITLE, told, plan.review_on, is_cancelled=cancel)


def _withdrawn(plan: TopicalPlan) -> tuple[str, ...]:
    return say("calendar.withdrawn"), _version(plan)


def _told_of_use(plan: TopicalPlan, *, with_detail: bool) -> tuple[str, ...]:
    ends = say("calendar.ends", last=long_date(plan.review_on))
    return _detail(plan, with_detail=with_detail), say("calendar.gate"), ends, _version(plan)


def _detail(plan: TopicalPlan, *, with_detail: bool) -> str:
    if not with_detail:
        return say("calendar.no-dose")
    return say(
        "cream.reminder",
        amount=str(plan.amount),
        strength=str(plan.strength),
        vehicle=plan.vehicle,
        site=plan.site,
    )


def _version(plan: TopicalPlan) -> str:
    words = say("calendar.version", code=plan.code, written=long_date(plan.written_at.date()))
    return words if plan.is_signed else f"{say('calendar.draft')} {words}"
