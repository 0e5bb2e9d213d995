"""
The cells of the tables: what the columns of the entries are, and how a value stands in a cell.

No cell becomes a formula in a spreadsheet, and what is taken out of a cell is what was put in. It
must not know files, nor what an entry means.
"""

from __future__ import annotations

import re
from typing import Final, get_args

from ldn_titrate.entry import Entry

_FIRST: Final = ("patient", "line", "id", "kind", "day", "dose_mg", "voided", "written_at", "by")
_DETAILS: Final = dict.fromkeys(
    name for kind in get_args(Entry) for name in kind.model_fields if name not in _FIRST
)
ENTRY_COLUMNS: Final = (*_FIRST, *_DETAILS)
# What an entry does not say of itself; everything else in its row is a field of it.
DERIVED: Final = frozenset({"patient", "line", "dose_mg", "voided"})
YES, NO = "yes", "no"

_SIGNS: Final = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
# Text that looks guarded gets one more guard, else taking it off would change the text.
_FORMULA: Final = re.compile(rf"'*(?:[\s\ufeff]*{_SIGNS}|[\t\r\n])")
# Where a comma is the decimal mark, a spreadsheet begins a new cell at each semicolon.
_LATER: Final = r";[\s\ufeff\"]*"
_LATER_FORMULA: Final = re.compile(rf"({_LATER})(?='*{_SIGNS})")
_LATER_GUARD: Final = re.compile(rf"({_LATER})'(?='*{_SIGNS})")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def as_cell(value: object) -> str:
    """Write a value so that no spreadsheet calculates with it; a plain number is none to fear."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    text = str(value)
    if _NUMBER.fullmatch(text):
        return text
    guarded = _LATER_FORMULA.sub(r"\1'", text)
    return f"'{guarded}" if _FORMULA.match(guarded) else guarded


def from_cell(cell: str) -> str:
    """Take the guards off again, which leaves the text that `as_cell` was given."""
    text = cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell
    return _LATER_GUARD.sub(r"\1", text)
