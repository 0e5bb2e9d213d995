"""
How lines from elsewhere come into a patient's record: JSON Lines, or a table of entries.

What a typed row leaves out, its id and when it was written, is told here, since nothing below makes
ids or knows the time.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal
from uuid import uuid5

from cyclopts import Parameter

from ldn_titrate.cli.chosen import (
    DEFAULT_STORE,
    PatientCode,
    PlanChoice,
    StoreUrl,
    choose_any,
    opened,
)
from ldn_titrate.cli.common import note, read_text
from ldn_titrate.cli.keeping import now, tell_urgent
from ldn_titrate.record import load_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

    from ldn_titrate.cli.chosen import AnyChosen
    from ldn_titrate.record import Record
    from ldn_titrate.store.rows import Row

_MOST_BYTES: Final = 50_000_000  # a record of decades, each cell in quotes


def import_(
    patient: PatientCode,
    source: Annotated[
        str,
        Parameter(
            allow_leading_hyphen=True,
            help="A file of entries, as 'record show' or 'store export' writes it.",
        ),
    ],
    /,
    *,
    format: Annotated[  # noqa: A002
        Literal["jsonl", "csv"] | None,
        Parameter(help="JSON Lines or a CSV table; by the file's ending if left out."),
    ] = None,
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Add entries from a file, all of them or none; one that is kept changes nothing."""
    text, told_as = read_text(source, most=_MOST_BYTES), format or _format_of(source)
    with opened(store) as files:
        chosen = choose_any(files, patient, plan)
        told = load_record(text) if told_as == "jsonl" else _in_table(text, chosen)
        added = files.append(chosen.patient, told.lines)
    note(f"{added.added} entries added, {added.known} known already")
    tell_urgent(chosen, [one for one in told.lines if one not in chosen.record.lines])


def _format_of(source: str) -> Literal["jsonl", "csv"]:
    return "csv" if Path(source).suffix.lower() == ".csv" else "jsonl"


def _in_table(text: str, chosen: AnyChosen) -> Record:
    from ldn_titrate.store.rows import read_entries, read_rows  # noqa: PLC0415  # an extra

    at = now().replace(microsecond=0)
    kept = {str(one.id): one.written_at for one in chosen.record.lines}
    named = _named(read_rows(text), chosen.patient.id)
    rows = [_dated(row, kept.get(row.cells["id"].lower(), at)) for row in named]
    told = read_entries(rows, patient=chosen.patient.code, voided=chosen.record.voided)
    if new := sum(one.written_at == at for one in told.lines):
        note(f"rows that do not say when they were written, and count as written now: {new}")
    return told


def _named(rows: Iterable[Row], patient: UUID) -> Iterator[Row]:
    """
    Give each row without an id one that comes from what it says.

    So the same table counts once, however often it is sent and whatever was added below. The second
    of two rows that say the same is another entry.
    """
    from ldn_titrate.store.cells import DERIVED  # noqa: PLC0415  # an extra

    seen: Counter[str] = Counter()
    for row in rows:
        if "id" in row.cells:
            yield row
            continue
        said = json.dumps(sorted(one for one in row.cells.items() if one[0] not in DERIVED))
        seen[said] += 1
        yield _with(row, "id", str(uuid5(patient, f"{said} {seen[said]}")))


def _dated(row: Row, at: datetime) -> Row:
    """Let a row that does not say when it was written be written at a moment."""
    if "written_at" in row.cells:
        return row
    return _with(row, "written_at", f"{at:%Y-%m-%dT%H:%M:%SZ}")


def _with(row: Row, column: str, cell: str) -> Row:
    return row._replace(cells={**row.cells, column: cell})
