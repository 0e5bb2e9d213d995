"""The front of the progress report: what is read in the first minute. It must not know pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ldn_titrate.content import Callout, DayStrip, Legend, Mark, Paragraph, Weight
from ldn_titrate.days import DayStatus
from ldn_titrate.findings import Severity
from ldn_titrate.instrument import in_text
from ldn_titrate.library import sentences
from ldn_titrate.progress import in_counts
from ldn_titrate.progress_document.parts import bullets, capital, table
from ldn_titrate.speech import held
from ldn_titrate.tolerability import by_grade
from ldn_titrate.words import long_date, short_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from fractions import Fraction

    from ldn_titrate.content import Block, Table
    from ldn_titrate.course import Segment
    from ldn_titrate.days import DosingDay
    from ldn_titrate.progress import Progress
    from ldn_titrate.proposal import Proposal
    from ldn_titrate.response import BeforeAfter
    from ldn_titrate.steps import StepView

MARKS: Final = {
    DayStatus.TAKEN: Mark.FULL,
    DayStatus.LATE: Mark.HALF,
    DayStatus.DIFFERENT: Mark.SLASH,
    DayStatus.DOUBLED: Mark.DOUBLE,
    DayStatus.SKIPPED: Mark.DASH,
    DayStatus.MISSED: Mark.CROSS,
    DayStatus.NOT_LOGGED: Mark.EMPTY,
}
_ROW: Final = timedelta(days=28)
_DAY: Final = timedelta(days=1)
_MOST_TOLD: Final = 3


def front(told: Progress) -> Iterator[Block]:
    """Say what is urgent, what is proposed, and how the doses were taken."""
    yield _main(told)
    if urgent := tuple(_urgent(told)):
        yield Callout("Read first", (bullets(urgent),), Weight.STOP)
    yield _proposals(told)
    if told.days:
        yield _strip(told)
        yield from _without_a_mark(told)
        yield _by_dose(told)
    yield Paragraph(sentences()["report.limits"].text)


def _urgent(told: Progress) -> Iterator[str]:
    """Say what cannot wait, and each finding that is an error."""
    for one in told.review.proposals:
        if one.urgent:
            yield f"{capital(one.action)}. {_why(one)}"
    for found in told.findings:
        if found.severity is Severity.ERROR:
            yield f"{capital(found.message)}."


def _why(one: Proposal) -> str:
    return f"{one.reason} ({', '.join(one.sources)})"


def _main(told: Progress) -> Callout:
    begun = "; ".join(map(str, by_grade(told.events))) or "none logged"
    lines = (_doses(told), f"Adverse events begun: {begun}", *_change_lines(told))
    return Callout(held(_state(told)), (bullets(lines),), Weight.MAIN)


def _doses(told: Progress) -> str:
    measures = told.adherence.implementation
    if not measures.due:
        return "No dose was due yet"
    taken = f"Doses taken, of doses planned: {in_counts(measures.taking)}"
    return f"{taken}; dosing days not logged: {measures.not_logged}"


def _change_lines(told: Progress) -> Iterator[str]:
    """Say the scores before and now with nothing concluded, and which have too few for that."""
    both = [one for one in told.scores if one.change is not None]
    for one in both[:_MOST_TOLD]:
        before = f"median {_middle(one.baseline)} (n = {one.before.n})"
        yield f"{_short(one)}: before {before}, now {one.now}"
    if others := [_short(one) for one in told.scores if one.change is None]:
        yield f"Too few to compare: {'; '.join(others)}"


def _short(one: BeforeAfter) -> str:
    """Name an instrument in the few letters of a first line; the chart has its whole name."""
    return f"{one.instrument.name.partition(',')[0]} ({one.instrument.id})"


def _state(told: Progress) -> str:
    """Say in one line what is planned for the day of asking."""
    course, segment = told.schedule.plan.course, told.schedule.segment_on(told.as_of)
    if segment:
        return f"Planned now: {segment.dose}, since {long_date(_since(told, segment))}"
    if course.stopped and course.stopped <= told.as_of:
        return f"Stopped: no dose from {long_date(course.stopped)} on"
    if pause := course.pause_on(told.as_of):
        return f"Paused: no dose from {long_date(pause.first)} on"
    if course.waits_from and course.waits_from <= told.as_of:
        return f"Waiting for a signature: no dose from {long_date(course.waits_from)} on"
    if told.as_of < told.schedule.first:
        return f"Not begun: the first dosing day is {long_date(told.schedule.first)}"
    return "Ended: no dose is planned any more"


def _since(told: Progress, segment: Segment) -> date:
    """Return from when on the dose of a segment is planned without a break."""
    since = segment.first
    for one in reversed(told.schedule.segments):
        if one.dose == segment.dose and one.last == since - _DAY:
            since = one.first
    return since


def _proposals(told: Progress) -> Table:
    rows = tuple(
        (capital(one.action), _why(one)) for one in told.review.proposals if not one.urgent
    )
    nothing = ("Nothing further", "No other rule of the review found anything.")
    return table(
        "For the prescriber to consider", ("Consider", "Why, and its sources"), rows or (nothing,)
    )


def _strip(told: Progress) -> DayStrip:
    """Show each dosing day as a mark, four weeks in a row."""
    first, last = told.days[0].day, told.days[-1].day
    by_day = {one.day: one for one in told.days}
    starts = [first + number * _ROW for number in range((last - first) // _ROW + 1)]
    return DayStrip(
        held(f"Dosing days, {long_date(first)} to {long_date(last)}"),
        tuple((short_date(start), tuple(_marks(by_day, start))) for start in starts),
        tuple(
            Legend(mark, status.value, told.count(status))
            for status, mark in MARKS.items()
            if told.count(status)
        ),
    )


def _without_a_mark(told: Progress) -> Iterator[Paragraph]:
    """Count the days that are blank in the strip, so that all counts sum to the days."""
    counts = [(status, told.count(status)) for status in DayStatus if status not in MARKS]
    if blank := [f"{status} {count}" for status, count in counts if count]:
        yield Paragraph(f"Days without a mark: {', '.join(blank)}.")


def _marks(by_day: dict[date, DosingDay], start: date) -> Iterator[Mark | None]:
    for number in range(_ROW.days):
        day = by_day.get(start + timedelta(days=number))
        yield MARKS.get(day.status) if day else None


def _by_dose(told: Progress) -> Table:
    rows = tuple(
        (
            str(one.dose) if one.dose else "no dose",
            _span(one.first, one.last),
            in_counts(one.implementation.taking),
            "; ".join(map(str, one.events)) or "none logged",
            _scores(one) or "none logged",
        )
        for one in told.steps
    )
    headers = (
        "Dose",
        "Dates",
        "Doses taken",
        "Adverse events begun",
        "Median score",
    )
    return table("By dose, in the order of time", headers, rows)


def _span(first: date, last: date) -> str:
    """Say some days in little room: ``1 Mar to 14 Mar 2026``."""
    year = f" {first.year}" if first.year != last.year else ""
    return f"{short_date(first)}{year} to {short_date(last)} {last.year}"


def _scores(step: StepView) -> str:
    """Say the median of each instrument, with how many scores it rests on."""
    return "; ".join(
        f"{one.instrument.id} {_middle(one.summary.median)} (n = {one.summary.n})"
        for one in step.scores
    )


def _middle(median: Fraction | None) -> str:
    return "none" if median is None else in_text(median)
