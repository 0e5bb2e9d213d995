"""
Progress: everything that a record says beside its plan, gathered once for a visit.

Report, command line and data take it from here, so that none of them counts by itself. It must not
know pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ldn_titrate.adherence import adherence
from ldn_titrate.days import DayStatus, day_by_day
from ldn_titrate.entry import AdverseEvent, Measurement, Score
from ldn_titrate.instrument import in_text
from ldn_titrate.laboratory import check_measured, measured, measured_in_words
from ldn_titrate.library import instruments
from ldn_titrate.possession import possession
from ldn_titrate.response import before_after
from ldn_titrate.review import review
from ldn_titrate.scores import check_scores
from ldn_titrate.series import itch_series
from ldn_titrate.steps import by_step

if TYPE_CHECKING:
    from datetime import date

    from ldn_titrate.adherence import Adherence
    from ldn_titrate.days import DosingDay
    from ldn_titrate.findings import Finding
    from ldn_titrate.possession import Possession
    from ldn_titrate.record import Record
    from ldn_titrate.response import BeforeAfter
    from ldn_titrate.review import Review
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.share import Bounded, Share
    from ldn_titrate.steps import StepView

SCHEMA: Final = 1


@dataclass(frozen=True)
class Progress:
    """
    What a record says up to a day, beside its plan.

    Attributes:
        schedule: What was planned, with every amendment so far.
        record: What happened; entries about later days are left out.
        as_of: The day of asking.
        days: Each dosing day with what is known of it.
        adherence: How the doses were taken.
        possession: For which dosing days there was enough on hand.
        steps: Each dose in the order of time.
        scores: Each instrument that was used, before the start and now.
        events: The adverse events, by their first days.
        measurements: What was measured, by what it is.
        review: Findings and proposals.
        findings: What in the record does not fit.
    """

    schedule: Schedule
    record: Record
    as_of: date
    days: tuple[DosingDay, ...]
    adherence: Adherence
    possession: Possession
    steps: tuple[StepView, ...]
    scores: tuple[BeforeAfter, ...]
    events: tuple[AdverseEvent, ...]
    measurements: dict[str, tuple[Measurement, ...]]
    review: Review
    findings: tuple[Finding, ...]

    def count(self, status: DayStatus) -> int:
        """Count the days with a status."""
        return sum(one.status is status for one in self.days)


def progress(schedule: Schedule, record: Record, as_of: date) -> Progress:
    """
    Gather what a record says up to a day.

    Args:
        schedule: What is planned, with every amendment so far.
        record: What happened.
        as_of: The day of asking.
    """
    known = record.up_to(as_of)
    laid = day_by_day(schedule, record, as_of)
    return Progress(
        schedule=schedule,
        record=known,
        as_of=as_of,
        days=laid.days,
        adherence=adherence(laid, stopped=schedule.plan.course.stopped),
        possession=possession(schedule, known, as_of),
        steps=by_step(schedule, known, as_of),
        scores=_scores(schedule, known, as_of),
        events=known.of_kind(AdverseEvent),
        measurements=_measurements(known),
        review=review(schedule.plan, record, as_of),
        findings=(*laid.findings, *check_scores(known), *check_measured(known)),
    )


def _scores(schedule: Schedule, record: Record, as_of: date) -> tuple[BeforeAfter, ...]:
    used = {one.instrument for one in record.of_kind(Score)}
    return tuple(
        before_after(record, one, schedule.first, as_of)
        for one in instruments().values()
        if one.id in used and not one.series
    )


def _measurements(record: Record) -> dict[str, tuple[Measurement, ...]]:
    codes = dict.fromkeys(one.code for one in record.of_kind(Measurement))
    return {
        f"{code} {unit}": values
        for code in codes
        for unit, values in measured(record, code).items()
    }


def in_counts(share: Bounded[Share]) -> str:
    """Say a share with its bounds in the fewest words: ``40 to 45 of 52``."""
    low, high = share.low, share.high
    if low.whole != high.whole:
        return f"{low.part} of {low.whole} to {high.part} of {high.whole}"
    return (
        f"{low.part} of {low.whole}"
        if share.is_known
        else f"{low.part} to {high.part} of {low.whole}"
    )


def progress_data(told: Progress) -> dict[str, Any]:
    """Write it as plain data for JSON: every number that the report prints, exact."""
    plan = told.schedule.plan
    return {
        "kind": "ldn-titrate progress",
        "schema": SCHEMA,
        "plan": plan.code,
        "as_of": told.as_of.isoformat(),
        "note": "Before and after, no control group.",
        "versions": [_version_data(told, number) for number in range(1, plan.version + 1)],
        "days": [_day_data(one) for one in told.days],
        "adherence": _adherence_data(told.adherence),
        "supply": _supply_data(told.possession),
        "steps": [_step_data(one) for one in told.steps],
        "scores": [_score_data(one) for one in told.scores],
        "itch_after_cream": [str(one) for one in itch_series(told.record)],
        "adverse_events": [one.model_dump(mode="json", exclude_none=True) for one in told.events],
        "measurements": {
            name: [measured_in_words(one) for one in values]
            for name, values in told.measurements.items()
        },
        "review": review_data(told.review),
        "findings": [_finding_data(one) for one in told.findings],
    }


def adherence_data(schedule: Schedule, record: Record, as_of: date) -> dict[str, Any]:
    """Write only the adherence as plain data for JSON."""
    told = progress(schedule, record, as_of)
    counts = {status.value: told.count(status) for status in DayStatus if told.count(status)}
    return {
        "plan": schedule.plan.code,
        "as_of": as_of.isoformat(),
        "counts": counts,
        "days": [_day_data(one) for one in told.days],
        **_adherence_data(told.adherence),
        "supply": _supply_data(told.possession),
        "findings": [_finding_data(one) for one in told.findings],
    }


def review_data(found: Review) -> dict[str, Any]:
    """Write a review as plain data for JSON."""
    return {
        "proposals": [
            {
                "rule": one.rule,
                "action": one.action.value,
                "urgent": one.urgent,
                "reason": one.reason,
                "entries": [str(entry) for entry in one.entries],
                "sources": list(one.sources),
            }
            for one in found.proposals
        ],
        "findings": [_finding_data(one) for one in found.findings],
    }


def _version_data(told: Progress, number: int) -> dict[str, Any]:
    plan = told.schedule.plan.at_version(number)
    last = plan.amendments[-1] if plan.amendments else None
    return {
        "code": plan.code,
        "change": last.kind if last else "plan",
        "from": (last.effective if last else plan.start).isoformat(),
        "reason": last.reason if last else None,
        "signed_by": plan.signature.by if plan.signature else None,
    }


def _day_data(day: DosingDay) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "status": day.status.value,
        "planned": day.planned and str(day.planned),
        "taken": day.taken and str(day.taken),
    }


def _adherence_data(told: Adherence) -> dict[str, Any]:
    measures, began, spent = told.implementation, told.initiation, told.persistence
    shares = ("taking", "correct", "with_dose", "on_time", "regular", "micrograms")
    return {
        "initiation": _date(began.day),
        "initiation_earliest": _date(began.earliest),
        "persistence": spent.state.value,
        "persistence_days": [spent.days.low, spent.days.high],
        "last_dose": _date(spent.last),
        "not_known_since": _date(spent.not_known_since),
        "due": measures.due,
        "not_logged": measures.not_logged,
        "no_time": measures.no_time,
        "unplanned": measures.unplanned,
        **{name: _bounds_data(getattr(measures, name)) for name in shares},
        "holidays": [measures.holidays.low, measures.holidays.high],
    }


def _date(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _bounds_data(bounds: Bounded[Share]) -> dict[str, list[int]]:
    return {
        "low": [bounds.low.part, bounds.low.whole],
        "high": [bounds.high.part, bounds.high.whole],
    }


def _supply_data(held: Possession) -> dict[str, Any]:
    return {
        "handed_out": held.handed_out,
        "not_of_the_plan": len(held.not_of_the_plan),
        "covered": [held.covered.part, held.covered.whole],
        "gaps": [{"from": str(one.first), "through": str(one.last)} for one in held.gaps],
    }


def _step_data(one: StepView) -> dict[str, Any]:
    return {
        "dose": one.dose and str(one.dose),
        "from": one.first.isoformat(),
        "through": one.last.isoformat(),
        "due": one.days_due,
        "logged": one.days_logged,
        "taking": _bounds_data(one.implementation.taking),
        "adverse_events": [str(event) for event in one.events],
        "scores": [str(score) for score in one.scores],
    }


def _score_data(one: BeforeAfter) -> dict[str, Any]:
    return {
        "instrument": one.instrument.id,
        "before": None if one.baseline is None else in_text(one.baseline),
        "now": None if one.now.median is None else in_text(one.now.median),
        "n": [one.before.n, one.now.n],
        "told": str(one),
    }


def _finding_data(one: Finding) -> dict[str, str]:
    return {
        "code": one.code,
        "severity": one.severity.value,
        "message": one.message,
        "where": one.where,
    }
