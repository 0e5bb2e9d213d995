"""The commands for a cream: one plan, the same each day, its handout and its reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import uuid4

from cyclopts import Parameter

from ldn_titrate.bedtime import read_clock
from ldn_titrate.cli.common import (
    Day,
    Force,
    Output,
    PlanFile,
    new_table,
    print_table,
    read_text,
    signed_words,
    tell,
    write_result,
)
from ldn_titrate.cli.making import NOT_TOLD, Contacts, PatientName, Signing, tell_checked
from ldn_titrate.cli.pages import File, Flag, Reminders
from ldn_titrate.export.printed import document_file
from ldn_titrate.export.topical import topical_calendar_file
from ldn_titrate.planfile import dump_plan, load_topical_plan
from ldn_titrate.topical import Strength, TopicalAmount, TopicalPlan, check_topical
from ldn_titrate.topical_documents import topical_card, topical_handout, topical_log
from ldn_titrate.topical_sheet import topical_sheet
from ldn_titrate.words import clock, listed, long_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from ldn_titrate.content import Document


@Parameter(name="*")
@dataclass(frozen=True)
class Draft:
    """What a plan for a cream is made of; amount, times and review are the prescriber's."""

    start: Annotated[Day, Parameter(help="The first day, such as 2026-12-01.")]
    review_on: Annotated[Day, Parameter(help="The day of the review, the last one planned.")]
    timezone: Annotated[str, Parameter(help="An IANA name, such as Europe/Amsterdam.")]
    vehicle: Annotated[str, Parameter(help="What the naltrexone is in, such as cream.")]
    site: Annotated[str, Parameter(help="Where on the body it goes.")]
    amount: Annotated[
        str, Parameter(help="How much each time, such as '0.5 g' or '1 fingertip unit'.")
    ]
    times_per_day: Annotated[int, Parameter(help="How often a day.")]
    time: Annotated[
        list[str], Parameter(help="A time of day; once for each application.", negative="")
    ]
    output: Output
    strength: Annotated[str, Parameter(help="Per cent by weight.")] = "1%"
    patient: PatientName = None
    contacts: Contacts = NOT_TOLD
    force: Force = False

    def plan(self) -> TopicalPlan:
        """Return the plan, made now."""
        return TopicalPlan(
            id=uuid4(),
            revised_at=datetime.now(UTC),
            strength=Strength.parse(self.strength),
            vehicle=self.vehicle,
            site=self.site,
            amount=TopicalAmount.parse(self.amount),
            times_per_day=self.times_per_day,
            times=tuple(read_clock(one) for one in self.time),
            start=self.start,
            review_on=self.review_on,
            timezone=self.timezone,
            patient=self.patient,
            clinic=self.contacts.kept(),
        )


def new(*, draft: Draft) -> None:
    """Make a plan file for a cream; amount, times and review are the prescriber's."""
    write_result(draft.output, dump_plan(draft.plan()).encode("utf-8"), force=draft.force)


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
    return tell_checked(plan, _read, check_topical)


def sign(plan: PlanFile, /, *, signing: Signing) -> None:
    """Sign a plan for a cream as its prescriber."""
    signing.sign(_read(plan), plan)


def handout(
    plan: PlanFile,
    /,
    *,
    file: File,
    through: Annotated[
        Day | None, Parameter(help="Boxes to this day; else six weeks, or to the review.")
    ] = None,
) -> None:
    """Write the handout for a cream."""
    _write(_read(plan), file, partial(topical_handout, through=through))


def log(
    plan: PlanFile,
    /,
    *,
    file: File,
    through: Annotated[Day | None, Parameter(help="The last day; the review if left out.")] = None,
) -> None:
    """Write the log for a cream, a row for each application."""
    _write(_read(plan), file, partial(topical_log, through=through))


def card(plan: PlanFile, /, *, file: File) -> None:
    """Write the wallet card for an emergency."""
    _write(_read(plan), file, topical_card)


def sheet(plan: PlanFile, /, *, file: File) -> None:
    """Write the plan sheet of a cream for clinicians."""
    _write(_read(plan), file, topical_sheet)


def _write(plan: TopicalPlan, file: File, make: Callable[..., Document]) -> None:
    made = file.look.of(lambda speech: make(plan, speech=speech))
    file.write(document_file(made, plan, look=file.look))


def calendar(
    plan: PlanFile,
    /,
    *,
    file: Reminders,
    cancel: Annotated[
        bool, Flag, Parameter(help="Withdraw the reminders that were imported before.")
    ] = False,
    detail: Annotated[
        Literal["amount", "none"], Parameter(help="Whether the description tells the amount.")
    ] = "amount",
) -> None:
    """Write reminders to the day of the review as an .ics file."""
    made = topical_calendar_file(
        _read(plan),
        title=file.title,
        with_detail=detail == "amount",
        with_alarm=not file.no_alarm,
        cancel=cancel,
    )
    write_result(file.output, made.content, force=file.force)
    tell(made.findings)
