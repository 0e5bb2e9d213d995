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
    PatientCode,
    PlanChoice,
    StoreUrl,
    choose,
    opened,
)
from ldn_titrate.cli.common import Force, Output, new_table, print_table, tell, write_result
from ldn_titrate.days import DayStatus, day_by_day
from ldn_titrate.export.progress import ReportFormat, progress_file
from ldn_titrate.possession import possession
from ldn_titrate.progress import adherence_data, progress, review_data
from ldn_titrate.review import review as look_through
from ldn_titrate.steps import by_step
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from datetime import date

    from rich.table import Table

Format = Annotated[Literal["table", "json"], Parameter(help="How to show it.")]


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
    asked = chosen.day_of(as_of)
    if format == "json":
        data = adherence_data(chosen.schedule, chosen.record, asked)
        sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        return
    days = day_by_day(chosen.schedule, chosen.record, asked)
    told = measure(days, stopped=chosen.plan.course.stopped).told()
    held = possession(chosen.schedule, chosen.record, asked).told()
    print_table(_statuses(chosen, asked), *told, *held, _steps(chosen, asked))
    tell(days.findings)


def _statuses(chosen: Chosen, as_of: date) -> Table:
    days = day_by_day(chosen.schedule, chosen.record, as_of).days
    table = new_table(
        f"Plan {chosen.plan.code}, up to {long_date(as_of)}", "Days", wrapped="Status"
    )
    for status in DayStatus:
        count = sum(one.status is status for one in days)
        if count:
            table.add_row(str(count), status)
    return table


def _steps(chosen: Chosen, as_of: date) -> Table:
    table = new_table("By dose, in the order of time", "Dose", "From", "To", wrapped="Logged")
    for one in by_step(chosen.schedule, chosen.record, as_of):
        dose = str(one.dose) if one.dose else "none"
        _, *told = one.told()
        logged = f"{one.days_logged} of {one.days_due} dosing days. {' '.join(told)}"
        table.add_row(dose, long_date(one.first), long_date(one.last), logged)
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
    asked = chosen.day_of(as_of)
    found = look_through(chosen.plan, chosen.record, asked)
    if format == "json":
        sys.stdout.write(json.dumps(review_data(found), indent=2, ensure_ascii=False) + "\n")
    else:
        title = f"For the prescriber: plan {chosen.plan.code}, {long_date(asked)}"
        table = new_table(title, "", "Consider", "Entries", wrapped="Why")
        for one in found.proposals:
            why = f"{one.reason} ({', '.join(one.sources)})"
            table.add_row("URGENT" if one.urgent else "", one.action, str(len(one.entries)), why)
        print_table(table, "Nothing is changed by this. A prescriber decides.")
        tell(found.findings)
    return int(any(one.urgent for one in found.proposals))


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
    told = progress(chosen.schedule, chosen.record, chosen.day_of(as_of))
    made = progress_file(told, name=chosen.patient.name, format=format, size=size)
    write_result(output, made.content, force=force)
    tell(made.findings)
