"""The commands that show what a record says: adherence, review and the progress report."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ldn_titrate.adherence import adherence as measure
from ldn_titrate.cli.chosen import (
    DEFAULT_STORE,
    Chosen,
    Format,
    PatientCode,
    PlanChoice,
    StoreUrl,
    choose,
    choose_any,
    opened,
)
from ldn_titrate.cli.common import (
    Day,
    Force,
    Output,
    new_table,
    note,
    print_table,
    tell,
    write_result,
)
from ldn_titrate.cli.keeping import look_through, shown_id
from ldn_titrate.cli.pages import Size  # noqa: TC001  # cyclopts reads it
from ldn_titrate.days import DayStatus, day_by_day
from ldn_titrate.export.progress import ReportFormat, progress_file
from ldn_titrate.possession import possession
from ldn_titrate.progress import adherence_data, in_counts, progress, review_data
from ldn_titrate.steps import by_step
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from rich.table import Table

    from ldn_titrate.cli.chosen import AnyChosen
    from ldn_titrate.days import DosingDay
    from ldn_titrate.proposal import Proposal

_MOST_ENTRIES = 3


@Parameter(name="*")
@dataclass(frozen=True)
class Asked:
    """What is asked about, whatever the question."""

    as_of: Annotated[Day | None, Parameter(help="The day of asking; today if left out.")] = None
    plan: PlanChoice = None
    store: StoreUrl = DEFAULT_STORE

    def day(self, chosen: AnyChosen) -> date:
        """Return the day of asking, and say so if it is still to come."""
        if self.as_of and chosen.is_to_come(self.as_of):
            note(f"{self.as_of} is still to come: the days until then count as not logged")
        return self.as_of or chosen.today


OF_TODAY = Asked()


def adherence(
    patient: PatientCode,
    /,
    *,
    asked: Asked = OF_TODAY,
    format: Format = "table",  # noqa: A002
) -> None:
    """Count how the doses were taken, with both bounds for what is not logged."""
    chosen = _choose(patient, asked)
    day = asked.day(chosen)
    if format == "json":
        data = adherence_data(chosen.schedule, chosen.record, day)
        sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        return
    days = day_by_day(chosen.schedule, chosen.record, day)
    told = measure(days, stopped=chosen.plan.course.stopped).told()
    held = possession(chosen.schedule, chosen.record, day).told()
    print_table(
        f"Plan {chosen.plan.code}, up to {long_date(day)}",
        _statuses(days.days),
        *told,
        *held,
        "",
        "By dose, in the order of time",
        _steps(chosen, day),
    )
    tell(days.findings)


def _choose(patient: str, asked: Asked) -> Chosen:
    with opened(asked.store) as files:
        return choose(files, patient, asked.plan)


def _statuses(days: Sequence[DosingDay]) -> Table:
    table = new_table("", "Days", wrapped="Status")
    for status in DayStatus:
        if count := sum(one.status is status for one in days):
            table.add_row(str(count), status)
    return table


def _steps(chosen: Chosen, as_of: date) -> Table:
    headers = ("Dose", "From", "To", "Logged", "Taken")
    table = new_table("", *headers, wrapped="Adverse events begun, scores")
    for one in by_step(chosen.schedule, chosen.record, as_of):
        table.add_row(
            str(one.dose or "none"),
            long_date(one.first),
            long_date(one.last),
            f"{one.days_logged} of {one.days_due}",
            in_counts(one.implementation.taking),
            "\n".join(
                (
                    *map(str, one.events),
                    *(f"{score.instrument.id}: {score.summary}" for score in one.scores),
                )
            ),
        )
    return table


def review(
    patient: PatientCode,
    /,
    *,
    asked: Asked = OF_TODAY,
    format: Format = "table",  # noqa: A002
) -> int:
    """Say what in a record deserves the prescriber's look; status 1 if something is urgent."""
    with opened(asked.store) as files:
        chosen = choose_any(files, patient, asked.plan)
    day = asked.day(chosen)
    found = look_through(chosen, chosen.record, day)
    if isinstance(chosen, Chosen):
        found = replace(found, findings=(*chosen.overlaps, *found.findings))
    if format == "json":
        sys.stdout.write(json.dumps(review_data(found), indent=2, ensure_ascii=False) + "\n")
    else:
        title = f"For the prescriber: plan {chosen.plan.code}, {long_date(day)}"
        print_table(
            title, _proposals(found.proposals), "Nothing is changed by this. A prescriber decides."
        )
        tell(found.findings)
    return int(any(one.urgent for one in found.proposals))


def _proposals(proposals: Sequence[Proposal]) -> Table:
    table = new_table("", "Consider", wrapped="Why")
    for one in proposals:
        urgent = "URGENT: " if one.urgent else ""
        told = (one.reason, f"({', '.join(one.sources)})", _entries(one.entries))
        table.add_row(f"{urgent}{one.action}", " ".join(told).strip(), end_section=True)
    return table


def _entries(ids: Sequence[UUID]) -> str:
    """Name the first of the entries that a proposal rests on, and how many more there are."""
    if not ids:
        return ""
    shown = ", ".join(shown_id(one) for one in ids[:_MOST_ENTRIES])
    more = len(ids) - _MOST_ENTRIES
    return f"Entries: {shown}{f' and {more} more' if more > 0 else ''}."


def report(
    patient: PatientCode,
    /,
    *,
    output: Output,
    asked: Asked = OF_TODAY,
    format: Annotated[ReportFormat, Parameter(help="What to write.")] = "pdf",  # noqa: A002
    size: Size = "letter",
    force: Force = False,
) -> None:
    """Write the progress report for a visit: two pages, or the same as data."""
    chosen = _choose(patient, asked)
    told = progress(chosen.schedule, chosen.record, asked.day(chosen))
    told = replace(told, findings=(*chosen.overlaps, *told.findings))
    made = progress_file(told, name=chosen.patient.name, format=format, size=size)
    write_result(output, made.content, force=force)
    tell((*chosen.overlaps, *made.findings))
