"""The commands that make, show and check a plan."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import uuid4

from cyclopts import Parameter

from ldn_titrate.cli.common import (
    Day,
    Force,
    Output,
    PlanFile,
    Through,
    new_table,
    note,
    print_table,
    read_plan,
    read_schedule,
    read_text,
    tell,
    write_result,
)
from ldn_titrate.errors import PlanChangedError, ScheduleError
from ldn_titrate.export.printed import text_findings
from ldn_titrate.export.tables import as_csv, as_json
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.library import DEFAULT_PROTOCOL, load_protocol
from ldn_titrate.plan import Clinic, Override, Plan, read_clock
from ldn_titrate.plan import check as check_plan
from ldn_titrate.planfile import dump_plan
from ldn_titrate.product import Product, make_up
from ldn_titrate.protocol import Protocol
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from datetime import date

    from rich.table import Table

    from ldn_titrate.schedule import Schedule

_DEFAULT_PRODUCT = "capsule 1.5 mg"


def new(
    *,
    start: Annotated[Day, Parameter(help="The first dosing day, such as 2026-12-01.")],
    timezone: Annotated[str, Parameter(help="An IANA name, such as Europe/Amsterdam.")],
    bedtime: Annotated[str, Parameter(help="The time of each dose, such as 22:00.")],
    output: Output,
    protocol: Annotated[
        str, Parameter(help="A protocol's id, or a .toml file of your own.")
    ] = DEFAULT_PROTOCOL,
    product: Annotated[
        list[str] | None,
        Parameter(
            help="What is dispensed, such as 'capsule 1.5 mg'; may be repeated.", negative=""
        ),
    ] = None,
    patient: Annotated[str | None, Parameter(help="The name for the documents.")] = None,
    prescriber: str | None = None,
    clinic: str | None = None,
    telephone: str | None = None,
    pharmacy: str | None = None,
    emergency_number: str | None = None,
    override_by: Annotated[
        str | None, Parameter(help="Who allows a dose outside 0.5 to 4.5 mg.")
    ] = None,
    override_reason: Annotated[str | None, Parameter(help="Why it is allowed.")] = None,
    force: Force = False,
) -> None:
    """Make a plan file."""
    if not product:
        note(f"note: no --product was given; counting in {_DEFAULT_PRODUCT}")
    override = None
    if override_by is not None or override_reason is not None:
        override = Override(by=override_by or "", reason=override_reason or "")
    plan = Plan(
        id=uuid4(),
        revised_at=datetime.now(UTC),
        protocol=_protocol(protocol),
        start=start,
        bedtime=read_clock(bedtime),
        timezone=timezone,
        products=tuple(Product.parse(one) for one in product or [_DEFAULT_PRODUCT]),
        patient=patient,
        clinic=Clinic(
            prescriber=prescriber,
            clinic=clinic,
            telephone=telephone,
            pharmacy=pharmacy,
            emergency_number=emergency_number,
        ),
        override=override,
    )
    write_result(output, dump_plan(plan).encode("utf-8"), force=force)


def _protocol(wanted: str) -> Protocol:
    if wanted.endswith(".toml"):
        return Protocol.from_toml(read_text(wanted))
    return load_protocol(wanted)


def show(
    plan: PlanFile,
    /,
    *,
    first: Annotated[Day | None, Parameter(name="--from", help="The first dosing day.")] = None,
    through: Through = None,
    format: Annotated[Literal["table", "json", "csv"], Parameter(help="How to show it.")] = "table",  # noqa: A002
) -> None:
    """Show a plan's steps, or its doses day by day."""
    schedule = read_schedule(plan)
    last = schedule.horizon(through)
    begin = max(first or schedule.first, schedule.first)
    if begin > last:
        raise ScheduleError(f"--from {begin} is after the last day shown, {last}")
    if format == "csv":
        sys.stdout.write(as_csv(schedule, begin, last).replace("\r\n", "\n"))
    elif format == "json":
        sys.stdout.write(as_json(schedule, begin, last))
    else:
        print_table(*_summary(schedule, begin, last))


def _summary(schedule: Schedule, first: date, last: date) -> list[Table | str]:
    table = new_table("", "Step", "First dose", "Last dose", "Days", "Dose", "What to take")
    for segment in schedule.between(first, last):
        table.add_row(
            str(segment.step),
            long_date(segment.first),
            long_date(segment.last) if segment.last else "goes on",
            str(segment.count(last)),
            str(segment.dose),
            " and ".join(one.in_words() for one in make_up(segment.dose, schedule.plan.products)),
        )
    needed = ", ".join(str(one) for one in schedule.units(first, last))
    shown = f"From {long_date(first)} to {long_date(last)}: {needed}"
    return [_heading(schedule.plan), table, shown]


def _heading(plan: Plan) -> str:
    signed = f"signed by {plan.signature.by}" if plan.signature else "DRAFT, not signed"
    who = f"{plan.patient}, " if plan.patient else ""
    return (
        f"{who}plan {plan.code} ({signed})\n{plan.protocol.title}\n"
        f"{plan.dosing_time} at {plan.bedtime:%H:%M}, {plan.timezone}"
    )


def check(plan: PlanFile, /) -> int:
    """Say what a plan's reader must know; exit status 1 if something must be mended."""
    try:
        checked = read_plan(plan)
    except PlanChangedError as error:
        tell([Finding("plan.changed", Severity.ERROR, str(error), "hash")])
        return 1
    findings = (*check_plan(checked), *text_findings(checked))
    tell(findings)
    return int(any(finding.severity is Severity.ERROR for finding in findings))
