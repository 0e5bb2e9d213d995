"""The commands that show what a record says: adherence, review and the progress report."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ldn_titrate.adherence import adherence as measure
from ldn_titrate.cli.chosen import (
    DEFAULT_STORE,
    AsOf,
    Chosen,
    Format,
    PatientCode,
    PlanChoice,
    StoreUrl,
    choose,
    opened,
)
from ldn_titrate.cli.common import Force, Output, new_table, note, print_table, tell, write_result
from ldn_titrate.cli.keeping import shown_id
from ldn_titrate.days import DayStatus, day_by_day
from ldn_titrate.export.progress import ReportFormat, progress_file
from ldn_titrate.possession import possession
from ldn_titrate.progress import adherence_data, in_counts, progress, review_data
from ldn_titrate.review import review as look_through
from ldn_titrate.steps import by_step
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from rich.table import Table

    from ldn_titrate.days import DosingDay
    from ldn_titrate.proposal import Proposal

_MOST_ENTRIES = 3


def adherence(
    patient: PatientCode,
    /,
    *,
    as_of: AsOf = None,
    format: Format = "table",  # noqa: A002
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Count how the doses were taken, with both bounds for what is not logged."""
    with opened(store) as files:
        chosen = choose(files, patient, plan)
    asked = _asked(chosen, as_of)
    if format == "json":
        data = adherence_data(chosen.schedule, chosen.record, asked)
        sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        return
    days = day_by_day(chosen.schedule, chosen.record, asked)
    told = measure(days, stopped=chosen.plan.course.stopped).told()
    held = possession(chosen.schedule, chosen.record, asked).told()
    print_table(
        f"Plan {chosen.plan.code}, up to {long_date(asked)}",
        _statuses(days.days),
        *told,
        *held,
        "",
        "By dose, in the order of time",
        _steps(chosen, asked),
    )
    tell(days.findings)


def _asked(chosen: Chosen, as_of: date | None) -> date:
    """Return the day of asking, and say so if it is still to come."""
    if as_of and chosen.is_to_come(as_of):
        note(f"{as_of} is still to come: the days until then count as not logged")
    return as_of or chosen.today


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
    as_of: AsOf = None,
    format: Format = "table",  # noqa: A002
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> int:
    """Say what in a record deserves the prescriber's look; status 1 if something is urgent."""
    with opened(store) as files:
        chosen = choose(files, patient, plan)
    asked = _asked(chosen, as_of)
    found = look_through(chosen.plan, chosen.record, asked)
    if format == "json":
        sys.stdout.write(json.dumps(review_data(found), indent=2, ensure_ascii=False) + "\n")
    else:
        title = f"For the prescriber: plan {chosen.plan.code}, {long_date(asked)}"
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
    as_of: AsOf = None,
    format: Annotated[ReportFormat, Parameter(help="What to write.")] = "pdf",  # noqa: A002
    size: Annotated[Literal["letter", "a4"], Parameter(help="The size of the paper.")] = "letter",
    plan: PlanChoice = None,
    force: Force = False,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write the progress report for a visit: two pages, or the same as data."""
    with opened(store) as files:
        chosen = choose(files, patient, plan)
    told = progress(chosen.schedule, chosen.record, _asked(chosen, as_of))
    made = progress_file(told, name=chosen.patient.name, format=format, size=size)
    write_result(output, made.content, force=force)
    tell(made.findings)
