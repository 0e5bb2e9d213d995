"""The commands that write files for a patient."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from ldn_titrate.cli.common import (
    Force,
    Output,
    PlanFile,
    Through,
    read_schedule,
    tell,
    write_result,
)
from ldn_titrate.export.calendar import CalendarOptions, calendar_file
from ldn_titrate.export.printed import handout_file

Flag = Parameter(negative="")


def calendar(
    plan: PlanFile,
    /,
    *,
    output: Output,
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
    made = calendar_file(read_schedule(plan), through=through, options=options)
    write_result(output, made.content, force=force)
    tell(made.findings)


def handout(
    plan: PlanFile,
    /,
    *,
    output: Output,
    size: Annotated[Literal["letter", "a4"], Parameter(help="The size of the paper.")] = "letter",
    through: Through = None,
    force: Force = False,
) -> None:
    """Write the two-page handout as PDF."""
    made = handout_file(read_schedule(plan), through=through, size=size)
    write_result(output, made.content, force=force)
    tell(made.findings)
