"""How a schedule looks outside the library: calendar files, tables, printed pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldn_titrate.export.calendar import CalendarKind, CalendarOptions, calendar_file, given_out
from ldn_titrate.export.files import Export, refuse_other_format, write_whole
from ldn_titrate.export.printed import (
    Look,
    Paper,
    PaperSize,
    all_files,
    document_file,
    handout_file,
    packet_file,
    paper_file,
)
from ldn_titrate.export.tables import as_csv

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ldn_titrate.findings import Finding
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule

__all__ = [
    "CalendarKind",
    "CalendarOptions",
    "Export",
    "Look",
    "Paper",
    "all_files",
    "calendar_file",
    "document_file",
    "given_out",
    "handout_file",
    "packet_file",
    "paper_file",
    "write_calendar",
    "write_handout",
    "write_table",
]


def write_calendar(
    schedule: Schedule,
    path: str | Path,
    *,
    kind: CalendarKind = CalendarKind.UPDATE,
    through: date | None = None,
    options: CalendarOptions | None = None,
    force: bool = False,
) -> tuple[Finding, ...]:
    """
    Write the calendar file of a schedule, whole or not at all.

    Returns:
        What the reader of the file should know.

    Raises:
        ExportError: The file exists and *force* is not set, its name tells another format, or it
            cannot be written or made.
    """
    refuse_other_format(path, "ics")
    made = calendar_file(schedule, kind=kind, through=through, options=options)
    write_whole(path, made.content, force=force)
    return made.findings


def write_handout(
    schedule: Schedule,
    path: str | Path,
    *,
    through: date | None = None,
    size: PaperSize = "letter",
    replaced_by: Plan | None = None,
    force: bool = False,
) -> tuple[Finding, ...]:
    """
    Write the patient's handout as a PDF, whole or not at all.

    Returns:
        What the reader of the file should know.

    Raises:
        ExportError: The file exists and *force* is not set, its name tells another format, or it
            cannot be written or made.
    """
    refuse_other_format(path, "pdf")
    made = handout_file(schedule, through=through, size=size, replaced_by=replaced_by)
    write_whole(path, made.content, force=force)
    return made.findings


def write_table(
    schedule: Schedule, path: str | Path, *, through: date | None = None, force: bool = False
) -> None:
    """
    Write the dosing days as CSV, one row each, whole or not at all.

    Raises:
        ExportError: The file exists and *force* is not set, its name tells another format, or it
            cannot be written.
    """
    refuse_other_format(path, "csv")
    text = as_csv(schedule, schedule.first, schedule.horizon(through))
    write_whole(path, text.encode("utf-8"), force=force)
