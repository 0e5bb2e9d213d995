"""The commands that write files for a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ldn_titrate.cli.common import (
    STANDARD,
    Day,
    Force,
    Output,
    PlanFile,
    Through,
    Version,
    note,
    read_plan,
    read_schedule,
    tell,
    write_result,
)
from ldn_titrate.export.calendar import CalendarKind, CalendarOptions, calendar_file, given_out
from ldn_titrate.export.files import refuse_existing, write_whole
from ldn_titrate.export.printed import handout_file
from ldn_titrate.planfile import dump_plan
from ldn_titrate.schedule import lay_out

if TYPE_CHECKING:
    from ldn_titrate.plan import Plan

Flag = Parameter(negative="")


def calendar(
    plan: PlanFile,
    /,
    *,
    output: Output,
    kind: Annotated[
        CalendarKind, Parameter(help="Change imported reminders, begin anew, or cancel them.")
    ] = CalendarKind.UPDATE,
    through: Through = None,
    floating: Annotated[bool, Flag, Parameter(help="Follow the device's clock.")] = False,
    title: Annotated[str | None, Parameter(help="The visible title of each reminder.")] = None,
    detail: Annotated[
        Literal["dose", "none"], Parameter(help="Whether the description tells the dose.")
    ] = "dose",
    no_alarm: Annotated[bool, Flag, Parameter(help="Leave the alarms out.")] = False,
    force: Force = False,
) -> None:
    """Write reminders as an .ics file."""
    options = CalendarOptions(
        title=title, with_dose=detail == "dose", with_alarm=not no_alarm, floating=floating
    )
    schedule = read_schedule(plan)
    made = calendar_file(schedule, kind=kind, through=through, options=options)
    refuse_existing(output, force=force)
    # First the plan: a file that was given out and is not known could never be cancelled.
    keep(plan, given_out(schedule, kind=kind, through=through, options=options), schedule.plan)
    write_result(output, made.content, force=force)
    tell(made.findings)


def keep(path: str, kept: Plan, before: Plan) -> None:
    """Keep in the plan's own file what it gave out."""
    if kept == before:
        return
    if path == STANDARD:
        note("note: keep the plan in a file, so that these reminders can be changed later")
        return
    write_whole(path, dump_plan(kept).encode("utf-8"), force=True)
    note(f"kept in {path} what is given out")


def handout(
    plan: PlanFile,
    /,
    *,
    output: Output,
    size: Annotated[Literal["letter", "a4"], Parameter(help="The size of the paper.")] = "letter",
    through: Annotated[
        Day | None, Parameter(help="Tick boxes and counts to this day; else 6 and 12 weeks.")
    ] = None,
    version: Version = None,
    replaces: Annotated[
        int | None, Parameter(help="The version that the patient holds; else the one before.")
    ] = None,
    force: Force = False,
) -> None:
    """Write the two-page handout as PDF."""
    newest = read_plan(plan)
    shown = newest if version is None else newest.at_version(version)
    made = handout_file(
        lay_out(shown), through=through, size=size, replaces=replaces, replaced_by=newest
    )
    write_result(output, made.content, force=force)
    tell(made.findings)
