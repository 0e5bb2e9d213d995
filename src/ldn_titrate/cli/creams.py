"""The commands for a cream: one plan, the same each day, its handout and its reminders."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import uuid4

from cyclopts import Parameter

from ldn_titrate.bedtime import read_clock
from ldn_titrate.cli.common import (
    By,
    Day,
    Force,
    NewFile,
    Output,
    PlanFile,
    Role,
    ScreenedElsewhere,
    new_table,
    print_table,
    read_text,
    save_plan,
    signed_words,
    tell,
    write_result,
)
from ldn_titrate.cli.exports import AS_ASKED, Format, Pages
from ldn_titrate.errors import PlanChangedError
from ldn_titrate.export.printed import document_file, text_findings
from ldn_titrate.export.topical import topical_calendar_file
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.plan import Clinic
from ldn_titrate.planfile import dump_plan, load_topical_plan
from ldn_titrate.topical import Strength, TopicalAmount, TopicalPlan, check_topical
from ldn_titrate.topical_documents import topical_card, topical_handout, topical_log
from ldn_titrate.words import clock, listed, long_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from ldn_titrate.content import Document
    from ldn_titrate.export.printed import Look


def new(
    *,
    start: Annotated[Day, Parameter(help="The first day, such as 2026-12-01.")],
    review_on: Annotated[Day, Parameter(help="The day of the review, the last one planned.")],
    timezone: Annotated[str, Parameter(help="An IANA name, such as Europe/Amsterdam.")],
    vehicle: Annotated[str, Parameter(help="What the naltrexone is in, such as cream.")],
    site: Annotated[str, Parameter(help="Where on the body it goes.")],
    amount: Annotated[
        str, Parameter(help="How much each time, such as '0.5 g' or '1 fingertip unit'.")
    ],
    times_per_day: Annotated[int, Parameter(help="How often a day.")],
    time: Annotated[
        list[str], Parameter(help="A time of day; once for each application.", negative="")
    ],
    output: Output,
    strength: Annotated[str, Parameter(help="Per cent by weight.")] = "1%",
    patient: Annotated[str | None, Parameter(help="The name for the documents.")] = None,
    prescriber: Annotated[str | None, Parameter(help="Who prescribes.")] = None,
    clinic: Annotated[str | None, Parameter(help="Where the prescriber works.")] = None,
    telephone: Annotated[str | None, Parameter(help="Whom to ring with a question.")] = None,
    pharmacy: Annotated[str | None, Parameter(help="Who dispenses.")] = None,
    emergency_number: Annotated[str | None, Parameter(help="The number for emergencies.")] = None,
    force: Force = False,
) -> None:
    """Make a plan file for a cream; amount, times and review are the prescriber's."""
    plan = TopicalPlan(
        id=uuid4(),
        revised_at=datetime.now(UTC),
        strength=Strength.parse(strength),
        vehicle=vehicle,
        site=site,
        amount=TopicalAmount.parse(amount),
        times_per_day=times_per_day,
        times=tuple(read_clock(one) for one in time),
        start=start,
        review_on=review_on,
        timezone=timezone,
        patient=patient,
        clinic=Clinic(
            prescriber=prescriber,
            clinic=clinic,
            telephone=telephone,
            pharmacy=pharmacy,
            emergency_number=emergency_number,
        ),
    )
    write_result(output, dump_plan(plan).encode("utf-8"), force=force)


def _read(path: str) -> TopicalPlan:
    return load_topical_plan(read_text(path))


def show(plan: PlanFile, /) -> None:
    """Show what is put on, where and when."""
    shown = _read(plan)
    signed = signed_words(shown.signature)
    who = f"{shown.patient}, " if shown.patient else ""
    table = new_table(f"{who}plan {shown.code} ({signed})", "What", wrapped="Planned")
    for row in _rows(shown):
        table.add_row(*row)
    print_table(table, f"Naltrexone each day: {shown.mg_per_day}. This is no oral dose.")


def _rows(plan: TopicalPlan) -> tuple[tuple[str, str], ...]:
    times = listed([clock(one) for one in plan.times])
    return (
        ("Strength", f"{plan.strength}, {plan.vehicle}"),
        ("Where", plan.site),
        ("Each time", str(plan.amount)),
        ("Times a day", f"{plan.times_per_day}: {times}, {plan.timezone}"),
        ("From", long_date(plan.start)),
        ("Review", long_date(plan.review_on)),
        ("In all", str(plan.total)),
    )


def check(plan: PlanFile, /) -> int:
    """Say what a plan's reader must know; exit status 1 if something must be mended."""
    try:
        checked = _read(plan)
    except PlanChangedError as error:
        tell([Finding("plan.changed", Severity.ERROR, str(error), "hash")])
        return 1
    findings = (*check_topical(checked), *text_findings(checked))
    tell(findings)
    return int(any(finding.severity is Severity.ERROR for finding in findings))


def sign(
    plan: PlanFile,
    /,
    *,
    by: By,
    role: Role,
    screened_elsewhere: ScreenedElsewhere = False,
    output: NewFile = None,
) -> None:
    """Sign a plan for a cream as its prescriber."""
    signed = _read(plan).signed(
        by=by, role=role, at=datetime.now(UTC), screened_elsewhere=screened_elsewhere
    )
    save_plan(signed, plan, output)


def handout(
    plan: PlanFile,
    /,
    *,
    output: Output,
    pages: Pages = AS_ASKED,
    format: Format = "pdf",  # noqa: A002
    through: Annotated[
        Day | None, Parameter(help="Boxes to this day; else six weeks, or to the review.")
    ] = None,
    force: Force = False,
) -> None:
    """Write the handout for a cream."""
    make = partial(topical_handout, through=through)
    _write(_read(plan), make, output, pages.look(format), force=force)


def log(
    plan: PlanFile,
    /,
    *,
    output: Output,
    pages: Pages = AS_ASKED,
    format: Format = "pdf",  # noqa: A002
    through: Annotated[Day | None, Parameter(help="The last day; the review if left out.")] = None,
    force: Force = False,
) -> None:
    """Write the log for a cream, a row for each application."""
    make = partial(topical_log, through=through)
    _write(_read(plan), make, output, pages.look(format), force=force)


def card(
    plan: PlanFile,
    /,
    *,
    output: Output,
    pages: Pages = AS_ASKED,
    format: Format = "pdf",  # noqa: A002
    force: Force = False,
) -> None:
    """Write the wallet card for an emergency."""
    _write(_read(plan), topical_card, output, pages.look(format), force=force)


def _write(
    plan: TopicalPlan, make: Callable[..., Document], output: str, look: Look, *, force: bool
) -> None:
    made = document_file(look.of(lambda speech: make(plan, speech=speech)), plan, look=look)
    write_result(output, made.content, force=force)
    tell(made.findings)


def calendar(
    plan: PlanFile,
    /,
    *,
    output: Output,
    cancel: Annotated[
        bool, Parameter(negative="", help="Withdraw the reminders that were imported before.")
    ] = False,
    title: Annotated[str | None, Parameter(help="The visible title of each reminder.")] = None,
    detail: Annotated[
        Literal["amount", "none"], Parameter(help="Whether the description tells the amount.")
    ] = "amount",
    no_alarm: Annotated[bool, Parameter(negative="", help="Leave the alarms out.")] = False,
    force: Force = False,
) -> None:
    """Write reminders to the day of the review as an .ics file."""
    made = topical_calendar_file(
        _read(plan),
        title=title,
        with_detail=detail == "amount",
        with_alarm=not no_alarm,
        cancel=cancel,
    )
    write_result(output, made.content, force=force)
    tell(made.findings)
