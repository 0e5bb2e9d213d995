"""The commands that write files for a patient, and the sheets for a pharmacy and for clinicians."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from ldn_titrate.cli.common import (
    STANDARD,
    Day,
    Force,
    PlanFile,
    Through,
    Version,
    note,
    read_plan,
    read_schedule,
    refuse_place,
    tell,
    write_result,
)
from ldn_titrate.cli.pages import AS_ASKED, File, Flag, Pages, Reminders
from ldn_titrate.errors import ExportError
from ldn_titrate.export.calendar import CalendarKind, CalendarOptions, calendar_file, given_out
from ldn_titrate.export.files import write_whole
from ldn_titrate.export.printed import Paper, all_files, packet_file, paper_file, papers_of
from ldn_titrate.planfile import dump_plan
from ldn_titrate.product import parse_units
from ldn_titrate.schedule import lay_out

if TYPE_CHECKING:
    from datetime import date

    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule

Horizon = Annotated[
    Day | None, Parameter(help="The last dosing day that it covers; 12 weeks if left out.")
]


def calendar(
    plan: PlanFile,
    /,
    *,
    file: Reminders,
    kind: Annotated[
        CalendarKind, Parameter(help="Change imported reminders, begin anew, or cancel them.")
    ] = CalendarKind.UPDATE,
    through: Through = None,
    floating: Annotated[bool, Flag, Parameter(help="Follow the device's clock.")] = False,
    detail: Annotated[
        Literal["dose", "none"], Parameter(help="Whether the description tells the dose.")
    ] = "dose",
) -> None:
    """Write reminders as an .ics file."""
    options = CalendarOptions(
        title=file.title,
        with_dose=detail == "dose",
        with_alarm=not file.no_alarm,
        floating=floating,
    )
    schedule = read_schedule(plan)
    made = calendar_file(schedule, kind=kind, through=through, options=options)
    refuse_place(file.output, force=file.force)
    # First the plan: a file that was given out and is not known could never be cancelled.
    keep(plan, given_out(schedule, kind=kind, through=through, options=options), schedule.plan)
    write_result(file.output, made.content, force=file.force)
    tell(made.findings)


def keep(path: str, kept: Plan, before: Plan) -> None:
    """Keep in the plan's own file what it gave out."""
    if kept == before:
        return
    if path == STANDARD:
        note("note: keep the plan in a file, so that these reminders can be changed later")
        return
    write_whole(path, dump_plan(kept).encode("utf-8"), force=True)
    note(f"noted in {path} which reminders are given out")


def handout(
    plan: PlanFile,
    /,
    *,
    file: File,
    through: Annotated[
        Day | None, Parameter(help="Tick boxes and counts to this day; else 6 and 12 weeks.")
    ] = None,
    version: Version = None,
    replaces: Annotated[
        int | None, Parameter(help="The version that the patient holds; else the one before.")
    ] = None,
) -> None:
    """Write the handout."""
    _write(Paper.HANDOUT, file, *_read(plan, version), through=through, replaces=replaces)


def log(plan: PlanFile, /, *, file: File, through: Horizon = None, version: Version = None) -> None:
    """Write the dose log, a row for each dose."""
    _write(Paper.LOG, file, *_read(plan, version), through=through)


def card(
    plan: PlanFile, /, *, file: File, through: Horizon = None, version: Version = None
) -> None:
    """Write the wallet card for an emergency."""
    _write(Paper.CARD, file, *_read(plan, version), through=through)


def pharmacy(
    plan: PlanFile,
    /,
    *,
    file: File,
    through: Horizon = None,
    have: Annotated[
        list[str] | None,
        Parameter(
            help="A supply whose end is asked for, such as '90 x capsule 1.5 mg'; may repeat.",
            negative="",
        ),
    ] = None,
    version: Version = None,
) -> None:
    """Write the sheet for the pharmacy."""
    newest, schedule = _read(plan, version)
    supply = [parse_units(text, schedule.plan.products) for text in have or ()]
    _write(Paper.PHARMACY, file, newest, schedule, through=through, have=supply)


def plan_sheet(
    plan: PlanFile, /, *, file: File, through: Horizon = None, version: Version = None
) -> None:
    """Write the sheet for clinicians, also where the screening says stop."""
    _write(Paper.PLAN_SHEET, file, *_read(plan, version), through=through)


def _write(paper: Paper, file: File, newest: Plan, schedule: Schedule, **more: Any) -> None:  # noqa: ANN401
    file.write(paper_file(paper, schedule, look=file.look, replaced_by=newest, **more))


def packet(plan: PlanFile, /, *, file: File, through: Horizon = None) -> None:
    """Write all documents as one file; as PDF it carries the reminders, too."""
    schedule = read_schedule(plan)
    reminders = calendar_file(schedule, through=through) if file.format == "pdf" else None
    made = packet_file(
        schedule,
        look=file.look,
        through=through,
        calendar=reminders.content if reminders else None,
    )
    refuse_place(file.output, force=file.force)
    if reminders:
        _keep_reminders(plan, schedule, through)
    file.write(made)
    tell(reminders.findings if reminders else ())


def _keep_reminders(path: str, schedule: Schedule, through: date | None) -> None:
    """Keep which reminders are given out, before they are: else they could not be cancelled."""
    kept = given_out(schedule, kind=CalendarKind.UPDATE, through=through, options=None)
    keep(path, kept, schedule.plan)


def everything(
    plan: PlanFile,
    directory: Annotated[str, Parameter(help="The folder to write into; it is made if missing.")],
    /,
    *,
    pages: Pages = AS_ASKED,
    through: Horizon = None,
    force: Force = False,
) -> None:
    """Write every document in every format, the packet and the reminders into a folder."""
    schedule = read_schedule(plan)
    # Under a stop only the sheet for clinicians is made.
    with_reminders = Paper.HANDOUT in papers_of(schedule, through)
    reminders = calendar_file(schedule, through=through) if with_reminders else None
    files = all_files(
        schedule,
        look=pages.look(),
        through=through,
        calendar=reminders.content if reminders else None,
    )
    folder = _made_folder(directory)
    for name in files:
        refuse_place(str(folder / name), force=force)
    if reminders:
        _keep_reminders(plan, schedule, through)
    for name, made in files.items():
        write_result(str(folder / name), made.content, force=force)
    tell(dict.fromkeys(one for made in files.values() for one in made.findings))


def _made_folder(directory: str) -> Path:
    folder = Path(directory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"cannot make the folder {folder.name}: {error.strerror}") from None
    return folder


def _read(path: str, version: int | None) -> tuple[Plan, Schedule]:
    """Read a plan file, and lay out the newest version or an earlier one."""
    newest = read_plan(path)
    return newest, lay_out(newest if version is None else newest.at_version(version))
