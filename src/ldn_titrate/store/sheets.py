"""
Patient files as tables for a spreadsheet: patients, plans and entries, one CSV file each.

They open with their letters right, numbers are exact text, and no cell becomes a formula. They are
for reading and counting. `ldn_titrate.store.rows` reads the entries again; whole files with their
chains go by `ldn_titrate.store.transfer`.
"""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, Final

from ldn_titrate.dose import milligrams, plain
from ldn_titrate.entry import read_entry
from ldn_titrate.errors import StoreError
from ldn_titrate.publish import new_folder
from ldn_titrate.record import Record
from ldn_titrate.store.cells import ENTRY_COLUMNS, as_cell
from ldn_titrate.store.clinic import Size
from ldn_titrate.store.lines import read_plan
from ldn_titrate.store.transfer import PSEUDONYMISED, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TypeAlias

    from ldn_titrate.store.clinic import Store
    from ldn_titrate.store.lines import Line, PatientFile
    from ldn_titrate.store.patient import Patient
    from ldn_titrate.store.pseudonyms import Pseudonyms

    Row: TypeAlias = dict[str, Any]

COLUMNS: Final = {
    "patients": ("patient", "id", "name", "born", "created_at", "lines"),
    "plans": ("patient", "line", "plan", "kind", "start", "timezone", "signed", "written_at"),
    "entries": ENTRY_COLUMNS,
}


def export_sheets(
    store: Store,
    folder: str | Path,
    *,
    patient: Patient | None = None,
    pseudonyms: Pseudonyms | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Size:
    """
    Write the files of all patients, or of one, as CSV tables into a new folder.

    Args:
        store: Where they are.
        folder: The new folder.
        patient: Whose; None for all.
        pseudonyms: What takes the place of names, dates and ids; None leaves them as they are.
        progress: Is told after each patient how many lines are written by now.

    Returns:
        How much was written.

    Raises:
        StoreError: The folder exists or cannot be written, or a chain is broken.
    """
    written = Size(0, 0)
    with store.reading() as connection, new_folder(folder, error=StoreError) as whole:
        if pseudonyms:
            (whole / "READ-THIS.txt").write_text(f"{PSEUDONYMISED}\n", encoding="utf-8")
        sheets = {name: _Sheet(whole / f"{name}.csv", name) for name in COLUMNS}
        try:
            for file in files(connection, patient, pseudonyms):
                for name, row in _rows(file):
                    sheets[name].write(row)
                written = Size(written.patients + 1, written.lines + len(file.lines))
                progress(written.lines)
        finally:
            for sheet in sheets.values():
                sheet.close()
    return written


class _Sheet:
    """One CSV file; the mark at its start tells a spreadsheet that it is UTF-8."""

    def __init__(self, path: Path, name: str) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._file.write(f"{','.join(COLUMNS[name])}\r\n")  # a quote right after the mark confuses
        # Each cell in quotes, or a spreadsheet that also parts at semicolons shifts the columns.
        self._writer = csv.DictWriter(self._file, COLUMNS[name], restval="", quoting=csv.QUOTE_ALL)

    def write(self, row: Row) -> None:
        self._writer.writerow({name: as_cell(value) for name, value in row.items()})

    def close(self) -> None:
        self._file.close()


def _rows(file: PatientFile) -> Iterator[tuple[str, Row]]:
    patient, lines = file
    fields = patient.model_dump(mode="json")
    yield "patients", {**fields, "patient": patient.code, "lines": len(lines)}
    record = Record(tuple(read_entry(line.content.data) for line in lines if not line.content.plan))
    for line in lines:
        place = {"patient": patient.code, "line": line.version}
        if line.content.plan:
            yield "plans", {**place, **_plan_row(line)}
        else:
            voided = line.content.id in record.voided
            yield "entries", {**place, **_entry_row(line), "voided": voided}


def _plan_row(line: Line) -> Row:
    plan = read_plan(line.content.kind, line.content.data)
    return {
        "plan": plan.code,
        "kind": line.content.kind,
        "start": plan.start,
        "timezone": plan.timezone,
        "signed": plan.is_signed,
        "written_at": line.content.written_at.isoformat(),
    }


def _entry_row(line: Line) -> Row:
    """Lay an entry out flat; its own text says its numbers exactly."""
    micrograms = line.content.micrograms
    dose = plain(milligrams(micrograms)) if micrograms else None
    return {**json.loads(line.content.data), "dose_mg": dose}
