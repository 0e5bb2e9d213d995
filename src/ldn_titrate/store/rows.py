"""
The rows of a table of entries, read: what `ldn_titrate.store.sheets` wrote, or what somebody typed.

A spreadsheet may have saved it: with semicolons, with its columns in another order. What it may
have changed on the way (a day, a number) is refused and never guessed. It must not know files,
clocks or databases, and makes no ids.
"""

from __future__ import annotations

import csv
import json
import re
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar, get_args

from ldn_titrate.entry import Entry, Taken
from ldn_titrate.errors import LdnTitrateError, RecordError
from ldn_titrate.record import Record
from ldn_titrate.store.cells import DERIVED, ENTRY_COLUMNS, NO, YES, from_cell
from ldn_titrate.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from uuid import UUID

_A_DAY: Final = "a day is written as year-month-day, such as 2026-12-01"
_LONGEST_NAME: Final = 20
_MG: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_Item = TypeVar("_Item")
_Read = TypeVar("_Read")
_KINDS: Final[dict[str, type[Entry]]] = {
    kind.model_fields["kind"].default: kind for kind in get_args(Entry)
}


class Row(NamedTuple):
    """
    A row of the table.

    Attributes:
        number: Its number as a spreadsheet counts; row 1 has the names of the columns.
        cells: What stands in it, by the names of the columns; empty cells are left out.
    """

    number: int
    cells: dict[str, str]


class _Form(NamedTuple):
    """How a type of value must look in a cell, how it is read, and what to say of another look."""

    looks: str
    read: Callable[[str], object]
    words: str


# Each is narrower than what JSON text may be: "46357.9", a spreadsheet's own count of days, would
# else be read as an instant of 1970.
_FORMS: Final[dict[type, _Form]] = {
    date: _Form(
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        str,
        f"{_A_DAY}; of another form nobody can know which number is the month",
    ),
    datetime: _Form(
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
        str,
        "a point in time is written in UTC, such as 2026-12-01T22:05:00Z",
    ),
    int: _Form("[0-9]{1,9}", int, "a whole number is expected"),
    bool: _Form(f"{YES}|{NO}", YES.__eq__, f"{YES} or {NO} is expected"),
}


def read_rows(text: str) -> tuple[Row, ...]:
    """
    Read the rows of a CSV table of entries, with commas or, as its first row has them, semicolons.

    Args:
        text: The table. The mark of UTF-8 at its start is left out, and so are empty rows.

    Raises:
        RecordError: It is no such table, or has columns that no entry has.
    """
    table = StringIO(text.removeprefix("\ufeff"), newline="")
    mark = ";" if ";" in table.readline() else ","
    table.seek(0)
    lines = csv.reader(table, delimiter=mark, strict=True)
    try:
        names, *rest = [[cell.strip() for cell in line] for line in lines] or [[]]
    except csv.Error as error:
        raise RecordError(f"line {lines.line_num}: this is no CSV table: {error}") from None
    _refuse_names(names)
    numbered = enumerate(rest, start=2)
    rows = _each(numbered, lambda one: _row(one[0], names, one[1]))
    return tuple(row for row in rows if row.cells)


def _refuse_names(names: Sequence[str]) -> None:
    told = [name for name in names if name]
    if unknown := [name for name in told if name not in ENTRY_COLUMNS]:
        found = listed([repr(name[:_LONGEST_NAME]) for name in unknown])
        allowed = listed(list(ENTRY_COLUMNS))
        raise RecordError(f"row 1: no entry has a column {found}; there is {allowed}")
    if twice := {name for name in told if told.count(name) > 1}:
        raise RecordError(f"row 1: these columns are there twice: {listed(sorted(twice))}")
    if "kind" not in told:
        raise RecordError("row 1: the names of the columns are expected here, kind among them")


def _row(number: int, names: Sequence[str], cells: Sequence[str]) -> Row:
    both = list(zip_longest(names, cells, fillvalue=""))
    if nameless := [place for place, (name, cell) in enumerate(both, 1) if cell and not name]:
        raise RecordError(f"row {number}: what stands in cell {nameless[0]} has no column's name")
    return Row(number, {name: from_cell(cell) for name, cell in both if cell})


def read_entries(rows: Iterable[Row], *, patient: str, voided: Collection[UUID] = ()) -> Record:
    """
    Read the entries of rows that say everything, their ids and when they were written, too.

    Args:
        rows: The rows.
        patient: The code of the patient whom all of them must be about.
        voided: The ids of entries that are taken back elsewhere, by lines that were kept before.

    Raises:
        RecordError: Rows that are no entries or contradict themselves, each with its number, and
            with the column where it is one.
    """
    told = tuple(rows)
    entries = _each(told, lambda row: _numbered(row, patient))
    _refuse(_contradicted_ids(told, entries))
    record = Record(tuple(entries))
    taken_back = record.voided.union(voided)
    _refuse(
        f"row {row.number}: no line takes this entry back, in the table or before (at voided)"
        for row, entry in zip(told, entries, strict=True)
        if row.cells.get("voided") == YES and entry.id not in taken_back
    )
    return record


def _contradicted_ids(rows: Sequence[Row], entries: Sequence[Entry]) -> Iterator[str]:
    first: dict[UUID, tuple[Row, Entry]] = {}
    for row, entry in zip(rows, entries, strict=True):
        before, other = first.setdefault(entry.id, (row, entry))
        if other != entry:
            same = f"row {before.number} has the same id and says something else"
            yield f"row {row.number}: {same} (at id)"


def _numbered(row: Row, patient: str) -> Entry:
    try:
        return _entry(row.cells, patient)
    except LdnTitrateError as error:
        told = str(error).splitlines()
        raise RecordError("\n".join(f"row {row.number}: {one}" for one in told)) from None


def _entry(cells: dict[str, str], patient: str) -> Entry:
    kind = _KINDS.get(cells.get("kind", ""))
    if kind is None:
        raise RecordError(f"a kind is expected, one of {listed(list(_KINDS))} (at kind)")
    told = {column: cell for column, cell in cells.items() if column not in DERIVED}
    values = _each(told, lambda column: _value(kind, column, told[column]))
    entry = kind.from_json(json.dumps(dict(zip(told, values, strict=True))))
    _refuse(_contradictions(cells, entry, patient))
    return entry


def _value(kind: type[Entry], column: str, cell: str) -> object:
    if column not in kind.model_fields:
        name = kind.model_fields["kind"].default
        raise RecordError(f"the kind {name} has no {column}; leave the cell empty (at {column})")
    form = _form_of(kind.model_fields[column].annotation)
    if form is None:
        return cell
    if not re.fullmatch(form.looks, cell):
        raise RecordError(f"{form.words} (at {column})")
    return form.read(cell)


def _form_of(annotation: object) -> _Form | None:
    """Find the form of a field's type, or of what it is an alternative of."""
    if isinstance(annotation, type):
        return _FORMS.get(annotation)
    return next(filter(None, map(_form_of, get_args(annotation))), None)


def _contradictions(cells: dict[str, str], entry: Entry, patient: str) -> Iterator[str]:
    """Compare an entry with what its row says beside it, but for the number of its line."""
    if cells.get("patient", patient).upper() != patient:
        yield f"this row is of another patient than {patient} (at patient)"
    if "dose_mg" in cells and not _is_dose_of(entry, cells["dose_mg"]):
        yield "this is not the dose under amount, as a number with a decimal point (at dose_mg)"
    if cells.get("voided", NO) not in {YES, NO}:
        yield f"{_FORMS[bool].words} (at voided)"


def _is_dose_of(entry: Entry, told: str) -> bool:
    amount = entry.amount if isinstance(entry, Taken) else None
    return amount is not None and bool(_MG.fullmatch(told)) and Decimal(told) == amount.mg


def _each(items: Iterable[_Item], read: Callable[[_Item], _Read]) -> list[_Read]:
    """Read each of them, or tell of all that are wrong."""
    found, wrong = [], []
    for one in items:
        try:
            found.append(read(one))
        except LdnTitrateError as error:
            wrong.append(str(error))
    _refuse(wrong)
    return found


def _refuse(wrong: Iterable[str]) -> None:
    if told := "\n".join(wrong):
        raise RecordError(told)
