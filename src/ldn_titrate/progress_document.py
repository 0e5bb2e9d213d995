"""
The progress report: what a clinician reads in the first minute of a visit, and then the rest.

It says what the record says, with what is missing, and draws no conclusion. It is for clinicians
and in English only. It must not know pages.
"""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ldn_titrate.content import (
    Axis,
    Bullets,
    Callout,
    Chart,
    DayStrip,
    Document,
    Drawn,
    Legend,
    Mark,
    Paragraph,
    Plot,
    Section,
    Series,
    Table,
    Weight,
)
from ldn_titrate.days import DayStatus
from ldn_titrate.documents.common import drafted
from ldn_titrate.entry import Score
from ldn_titrate.instrument import in_text
from ldn_titrate.laboratory import measured_in_words
from ldn_titrate.library import sentences
from ldn_titrate.progress import in_counts
from ldn_titrate.response import NO_CONTROL
from ldn_titrate.speech import ENGLISH
from ldn_titrate.text import fit, no_break
from ldn_titrate.tolerability import by_grade, domain_of
from ldn_titrate.words import listed, long_date, short_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ldn_titrate.content import Block
    from ldn_titrate.course import Segment
    from ldn_titrate.days import DosingDay
    from ldn_titrate.instrument import Instrument
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
_MOST_CHARTED: Final = 3
_DRAWN: Final = (Drawn.LINE, Drawn.DASHED, Drawn.LINE)
_MOST_TICKS: Final = 6
_TOGETHER: Final = re.compile(
    r"[\d.]+ (?:mg|mL)\b|\bn = \d+|(?:\b[A-Z][a-z]{2} )?\b\d{1,2} [A-Z][a-z]{2}\b(?: \d{4})?"
)


def progress_document(told: Progress, *, name: str) -> Document:
    """
    Say what the progress report says.

    Args:
        told: What the record says.
        name: The patient's name.
    """
    plan = told.schedule.plan
    signed = f"signed by {plan.signature.by}" if plan.signature else "not signed"
    return Document(
        title="Progress report",
        subtitle=f"{fit(name)}: low-dose naltrexone, up to {long_date(told.as_of)}",
        language="en",
        running=f"{fit(name)}, plan {plan.code}, {signed}",
        draft=drafted(plan, ENGLISH),
        front=tuple(_front(told)),
        back=tuple(_back(told)),
    )


def _front(told: Progress) -> Iterator[Block]:
    yield _main(told)
    urgent = [one for one in told.review.proposals if one.urgent]
    if urgent:
        lines = tuple(f"{_capital(one.action)}. {_why(one)}" for one in urgent)
        yield Callout("Read first", (_bullets(lines),), Weight.STOP)
    yield _proposals(told)
    if told.days:
        yield _strip(told)
        yield from _without_a_mark(told)
        yield _by_dose(told)
    yield Paragraph(sentences()["report.limits"].text)


def _held(text: str) -> str:
    """Hold a dose, a number of scores and a date together on one line."""
    return _TOGETHER.sub(lambda found: no_break(found[0]), text)


def _bullets(lines: Iterable[str]) -> Bullets:
    return Bullets(tuple(map(_held, lines)))


def _table(title: str, headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    return Table(_held(title), headers, tuple(tuple(map(_held, row)) for row in rows))


def _why(one: Proposal) -> str:
    return f"{one.reason} ({', '.join(one.sources)})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _main(told: Progress) -> Callout:
    measures = told.adherence.implementation
    begun = "; ".join(map(str, by_grade(told.events))) or "none logged"
    taken = f"Doses taken, of doses planned: {in_counts(measures.taking)}"
    lines = (
        f"{taken}; dosing days not logged: {measures.not_logged}",
        f"Adverse events begun: {begun}",
        *_change_lines(told),
    )
    return Callout(_held(_state(told)), (_bullets(lines),), Weight.MAIN)


def _change_lines(told: Progress) -> Iterator[str]:
    """Say the scores that have both, a number before and one now, with nothing concluded."""
    for one in told.scores[:_MOST_CHARTED]:
        if one.baseline is not None and one.now.median is not None:
            before, now = in_text(one.baseline), in_text(one.now.median)
            yield f"{one.instrument.name}: median {before} before, {now} now"


def _state(told: Progress) -> str:
    """Say in one line what is planned for the day of asking."""
    course, segment = told.schedule.plan.course, told.schedule.segment_on(told.as_of)
    if segment:
        return f"Planned now: {segment.dose}, since {long_date(_since(told, segment))}"
    if course.stopped and course.stopped <= told.as_of:
        return f"Stopped: no dose from {long_date(course.stopped)} on"
    if pause := course.pause_on(told.as_of):
        return f"Paused: no dose from {long_date(pause.first)} on"
    return "No dose is planned for this day"


def _since(told: Progress, segment: Segment) -> date:
    """Return from when on the dose of a segment is planned without a break."""
    since = segment.first
    for one in reversed(told.schedule.segments):
        if one.dose == segment.dose and one.last == since - _DAY:
            since = one.first
    return since


def _proposals(told: Progress) -> Table:
    rows = tuple(
        (_capital(one.action), _why(one)) for one in told.review.proposals if not one.urgent
    )
    nothing = ("Nothing further", "No other rule of the review found anything.")
    return _table("For the prescriber to consider", ("Consider", "Why"), rows or (nothing,))


def _strip(told: Progress) -> DayStrip:
    """Show each dosing day as a mark, four weeks in a row."""
    first, last = told.days[0].day, told.days[-1].day
    by_day = {one.day: one for one in told.days}
    starts = [first + number * _ROW for number in range((last - first) // _ROW + 1)]
    return DayStrip(
        _held(f"Dosing days from {long_date(first)} to {long_date(last)}, four weeks in a row"),
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
    return _table("By dose, in the order of time", headers, rows)


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


def _back(told: Progress) -> Iterator[Section]:
    charted = [one for one in told.scores if one.instrument.daily][:_MOST_CHARTED]
    yield Section("The course so far", tuple(_course(told, charted)))
    if others := [str(one) for one in told.scores if one not in charted]:
        yield Section("Other scores, before and now", (_bullets(others),))
    if told.findings:
        found = (_capital(one.message) for one in told.findings)
        yield Section("What does not fit", (_bullets(found),))


def _course(told: Progress, charted: list[BeforeAfter]) -> Iterator[Block]:
    if charted:
        yield _chart(told, charted)
    if told.events:
        yield _events(told)
    yield _versions(told)
    yield Paragraph(_held(" ".join(_rest(told))))


def _rest(told: Progress) -> Iterator[str]:
    """Say what the first page does not say; the data hold each measure."""
    measures = told.adherence.implementation
    yield told.adherence.initiation.told()
    yield told.adherence.persistence.told()
    yield f"Just the planned dose: {in_counts(measures.correct)} days."
    yield (
        f"Near the planned time: {in_counts(measures.on_time)} days; "
        f"with a dose of unknown time: {measures.no_time}."
    )
    yield from told.possession.told()[1:-1]
    for name, values in told.measurements.items():
        yield from (f"{name.partition(' ')[0]}, {measured_in_words(one)}." for one in values)


def _chart(told: Progress, charted: list[BeforeAfter]) -> Chart:
    """Draw the doses, and the scores below them, over the same days."""
    wanted = {one.instrument.id for one in charted}
    scores = [one for one in told.record.of_kind(Score) if one.instrument in wanted]
    first = min([told.schedule.first, *(one.day for one in scores)])
    last = max(told.as_of, first + _DAY)
    return Chart(
        "Planned dose and scores",
        Axis("", 0, (last - first).days, _ticks(first, last)),
        (_dose_plot(told, first, last), *_score_plots(charted, scores, first)),
        _held(" ".join((_doses_spoken(told, last), *map(_before_and_now, charted)))),
    )


def _before_and_now(one: BeforeAfter) -> str:
    told = str(one).removeprefix(one.instrument.name).removesuffix(f"; {NO_CONTROL}")
    return f"{one.instrument.id}{told}."


def _ticks(first: date, last: date) -> tuple[tuple[float, str], ...]:
    weeks = max(1, -(-((last - first).days // 7) // _MOST_TICKS))
    days = range(0, (last - first).days + 1, 7 * weeks)
    return tuple((day, short_date(first + timedelta(days=day))) for day in days)


def _dose_plot(told: Progress, first: date, last: date) -> Plot:
    doses = sorted({one.dose for one in told.schedule.between(told.schedule.first, last)})
    points: list[tuple[float, float]] = []
    for number in range((last - first).days + 1):
        dose = told.schedule.dose_on(first + timedelta(days=number))
        level = float(dose.mg) if dose else 0.0
        if not points or points[-1][1] != level:
            points.append((number, level))
    points.append(((last - first).days, points[-1][1]))
    ticks = ((0.0, "0"), *((float(one.mg), str(one)) for one in doses))
    top = max(value for value, _ in ticks) or 1.0
    series = (Series("planned dose", tuple(points), Drawn.STEPS),)
    return Plot(Axis("planned dose", 0, top, ticks), series)


def _score_plots(charted: list[BeforeAfter], scores: list[Score], first: date) -> Iterator[Plot]:
    """Draw the instruments of one range in one field, told apart by how they are drawn."""
    ranges = dict.fromkeys((one.instrument.lowest, one.instrument.highest) for one in charted)
    for low, high in ranges:
        ticks = tuple((float(at), in_text(at)) for at in (low, Fraction(low + high) / 2, high))
        series = tuple(
            _series(one.instrument, scores, first, drawn)
            for one, drawn in zip(charted, _DRAWN, strict=False)
            if (one.instrument.lowest, one.instrument.highest) == (low, high)
        )
        yield Plot(Axis("score", float(low), float(high), ticks), series)


def _series(instrument: Instrument, scores: list[Score], first: date, drawn: Drawn) -> Series:
    points = (
        (float((one.day - first).days), float(one.value))
        for one in scores
        if one.instrument == instrument.id
    )
    return Series(f"{instrument.name} ({instrument.id})", tuple(points), drawn)


def _doses_spoken(told: Progress, last: date) -> str:
    parts = [
        f"{one.dose} from {long_date(one.first)}"
        for one in told.schedule.between(told.schedule.first, last)
    ]
    return f"Planned: {listed(parts) or 'no dose'}."


def _events(told: Progress) -> Table:
    rows = tuple(
        (
            one.term,
            str(domain_of(one.term)),
            f"{one.grade} ({one.scale} {one.scale_version})",
            long_date(one.day),
            long_date(one.until) if one.until else "not told",
            f"at {told.schedule.dose_on(one.day) or 'no dose'}",
        )
        for one in told.events
    )
    headers = ("What", "About", "Grade", "From", "To", "Planned dose")
    return _table("Adverse events, in the order of their first days", headers, rows)


def _versions(told: Progress) -> Table:
    plan = told.schedule.plan
    rows = []
    for number in range(1, plan.version + 1):
        one = plan.at_version(number)
        last = one.amendments[-1] if one.amendments else None
        what = f"{last.kind}: {last.reason}" if last else f"protocol {one.protocol.id}"
        by = one.signature.by if one.signature else "not signed"
        rows.append((one.code, long_date(last.effective if last else one.start), what, by))
    return _table("The versions of the plan", ("Version", "From", "What", "By"), rows)
