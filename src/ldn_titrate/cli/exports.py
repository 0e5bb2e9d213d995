"""The commands that write files for a patient, and the sheets for a pharmacy and for clinicians."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

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
from ldn_titrate.errors import ExportError
from ldn_titrate.export.calendar import CalendarKind, CalendarOptions, calendar_file, given_out
from ldn_titrate.export.files import refuse_existing, write_whole
from ldn_titrate.export.printed import Look, Paper, all_files, packet_file, paper_file, papers_of
from ldn_titrate.planfile import dump_plan
from ldn_titrate.product import parse_units
from ldn_titrate.schedule import lay_out

if TYPE_CHECKING:
    from datetime import date

    from ldn_titrate.export.files import Export
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule

Flag = Parameter(negative="")
Horizon = Annotated[
    Day | None, Parameter(help="The last dosing day that it covers; 12 weeks if left out.")
]


@Parameter(name="*")
@dataclass(frozen=True)
class Pages:
    """How pages look."""

    size: Annotated[Literal["letter", "a4"], Parameter(help="The size of the paper.")] = "letter"
    large_print: Annotated[bool, Flag, Parameter(help="Set pages in large type.")] = False
    lang: Annotated[str, Parameter(help="The language, such as nl; English if left out.")] = "en"
    reviewed_only: Annotated[
        bool,
        Flag,
        Parameter(help="Refuse texts that nobody checked, in place of English beside them."),
    ] = False

    def look(self, format_: Literal["pdf", "html", "text"] = "pdf") -> Look:
        """Return the look of a document."""
        return Look(format_, self.size, self.large_print, self.lang, self.reviewed_only)


AS_ASKED = Pages()
Format = Annotated[
    Literal["pdf", "html", "text"],
    Parameter(help="Pages, one page for a browser, or plain text."),
]


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
    pages: Pages = AS_ASKED,
    format: Format = "pdf",  # noqa: A002
    through: Annotated[
        Day | None, Parameter(help="Tick boxes and counts to this day; else 6 and 12 weeks.")
    ] = None,
    version: Version = None,
    replaces: Annotated[
        int | None, Parameter(help="The version that the patient holds; else the one before.")
    ] = None,
    force: Force = False,
) -> None:
    """Write the two-page handout."""
    newest, schedule = _read(plan, version)
    look = pages.look(format)
    made = _made(Paper.HANDOUT, newest, schedule, look, through=through, replaces=replaces)
    write_result(output, made.content, force=force)
    tell(made.findings)


def log(
    plan: PlanFile,
    /,
    *,
    output: Output,
    pages: Pages = AS_ASKED,
    format: Format = "pdf",  # noqa: A002
    through: Horizon = None,
    version: Version = None,
    force: Force = False,
) -> None:
    """Write the dose log, a row for each dose."""
    made = _made(Paper.LOG, *_read(plan, version), pages.look(format), through=through)
    write_result(output, made.content, force=force)
    tell(made.findings)


def card(
    plan: PlanFile,
    /,
    *,
    output: Output,
    pages: Pages = AS_ASKED,
    format: Format = "pdf",  # noqa: A002
    through: Horizon = None,
    version: Version = None,
    force: Force = False,
) -> None:
    """Write the wallet card for an emergency."""
    made = _made(Paper.CARD, *_read(plan, version), pages.look(format), through=through)
    write_result(output, made.content, force=force)
    tell(made.findings)


def pharmacy(
    plan: PlanFile,
    /,
    *,
    output: Output,
    pages: Pages = AS_ASKED,
    format: Format = "pdf",  # noqa: A002
    through: Horizon = None,
    have: Annotated[
        list[str] | None,
        Parameter(
            help="A supply whose end is asked for, such as '90 x capsule 1.5 mg'; may repeat.",
            negative="",
        ),
    ] = None,
    version: Version = None,
    force: Force = False,
) -> None:
    """Write the sheet for the pharmacy."""
    newest, schedule = _read(plan, version)
    supply = [parse_units(text, schedule.plan.products) for text in have or ()]
    look = pages.look(format)
    made = _made(Paper.PHARMACY, newest, schedule, look, through=through, have=supply)
    write_result(output, made.content, force=force)
    tell(made.findings)


def plan_sheet(
    plan: PlanFile,
    /,
    *,
    output: Output,
    pages: Pages = AS_ASKED,
    format: Format = "pdf",  # noqa: A002
    through: Horizon = None,
    version: Version = None,
    force: Force = False,
) -> None:
    """Write the sheet for clinicians, also where the screening says stop."""
    made = _made(Paper.PLAN_SHEET, *_read(plan, version), pages.look(format), through=through)
    write_result(output, made.content, force=force)
    tell(made.findings)


def _made(paper: Paper, newest: Plan, schedule: Schedule, look: Look, **more: Any) -> Export:  # noqa: ANN401
    return paper_file(paper, schedule, look=look, replaced_by=newest, **more)


def packet(
    plan: PlanFile,
    /,
    *,
    output: Output,
    pages: Pages = AS_ASKED,
    format: Format = "pdf",  # noqa: A002
    through: Horizon = None,
    force: Force = False,
) -> None:
    """Write all documents as one file; as PDF it carries the reminders, too."""
    schedule = read_schedule(plan)
    reminders = calendar_file(schedule, through=through) if format == "pdf" else None
    made = packet_file(
        schedule,
        look=pages.look(format),
        through=through,
        calendar=reminders.content if reminders else None,
    )
    refuse_existing(output, force=force)
    if reminders:
        _keep_reminders(plan, schedule, through)
    write_result(output, made.content, force=force)
    tell((*made.findings, *(reminders.findings if reminders else ())))


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
        refuse_existing(folder / name, force=force)
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
