"""The back of the progress report: the course so far, event by event. It must not know pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ldn_titrate.content import Section
from ldn_titrate.laboratory import measured_in_words
from ldn_titrate.progress import in_counts
from ldn_titrate.progress_document.chart import chart
from ldn_titrate.progress_document.parts import bullets, capital, table
from ldn_titrate.tolerability import domains_of
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.content import Block, Table
    from ldn_titrate.progress import Progress
    from ldn_titrate.response import BeforeAfter

_MOST_CHARTED: Final = 3


def course(told: Progress) -> Iterator[Section]:
    """Say the course, the scores that are not drawn, and what does not fit."""
    charted = [one for one in told.scores if one.instrument.daily][:_MOST_CHARTED]
    yield Section("The course so far", tuple(_course(told, charted)))
    if others := [str(one) for one in told.scores if one not in charted]:
        yield Section("Other scores, before and now", (bullets(others),))
    if told.findings:
        found = (capital(one.message) for one in told.findings)
        yield Section("What does not fit", (bullets(found),))


def _course(told: Progress, charted: list[BeforeAfter]) -> Iterator[Block]:
    if charted:
        yield chart(told, charted)
    if told.measurements:
        yield bullets(_measured(told))
    if told.events:
        yield _events(told)
    yield _versions(told)
    yield bullets((*_doses(told), *_supply(told)))


def _doses(told: Progress) -> Iterator[str]:
    """Say what the first page does not say of the doses; the data hold each measure."""
    measures = told.adherence.implementation
    yield f"{told.adherence.initiation.told()} {told.adherence.persistence.told()}"
    if measures.due:
        correct, on_time = in_counts(measures.correct), in_counts(measures.on_time)
        yield (
            f"Planned amount: {correct} days; near its time: {on_time}; "
            f"time not told: {measures.no_time}."
        )


def _supply(told: Progress) -> Iterator[str]:
    """Say when there was enough on hand; where nothing handed out is logged, it is not known."""
    held = told.possession
    if not held.handed_out:
        yield "Nothing is logged as handed out, so what was on hand is not known."
        return
    gaps = (
        f"; not from {long_date(one.first)} to {long_date(one.last)}"
        if one.first < one.last
        else f"; not on {long_date(one.first)}"
        for one in held.gaps
    )
    yield f"Enough on hand: {held.covered.part} of {held.covered.whole} dosing days{''.join(gaps)}."


def _measured(told: Progress) -> Iterator[str]:
    """Say each value on its line: what was measured stands beside what was told in scores."""
    for values in told.measurements.values():
        yield from (f"Measured, {one.code}: {measured_in_words(one)}" for one in values)


def _events(told: Progress) -> Table:
    rows = tuple(
        (
            one.term,
            ", ".join(domains_of(one.term)),
            f"{one.grade} ({one.scale} {one.scale_version})",
            long_date(one.day),
            long_date(one.until) if one.until else "not told",
            f"at {told.schedule.dose_on(one.day) or 'no dose'}",
        )
        for one in told.events
    )
    headers = ("What", "About", "Grade", "From", "To", "Planned dose")
    return table("Adverse events, in the order of their first days", headers, rows)


def _versions(told: Progress) -> Table:
    plan = told.schedule.plan
    rows = []
    for number in range(1, plan.version + 1):
        one = plan.at_version(number)
        last = one.amendments[-1] if one.amendments else None
        what = f"{last.kind}: {last.reason}" if last else f"protocol {one.protocol.id}"
        by = one.signature.by if one.signature else "not signed"
        rows.append((one.code, long_date(last.effective if last else one.start), what, by))
    return table("The versions of the plan", ("Version", "From", "What", "By"), rows)
