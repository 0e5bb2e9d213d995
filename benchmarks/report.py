"""The table, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.timing import Group, Row

_HEADERS = ("group", "contender", "ratio", "quartiles", "aim", "", "ms", "bytes")
_TO_THE_LEFT = (0, 1, 5)


def table(groups: Iterable[Group]) -> str:
    """Write the rows of all groups in columns, and their notes below."""
    groups = list(groups)
    rows = [_HEADERS]
    rows += [(group.name, *_cells(row)) for group in groups for row in group.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    notes = [f"{group.name}: {note}" for group in groups for note in group.notes]
    return "\n".join([*lines, "", *notes]).rstrip()


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        _number(row.ratio),
        "" if row.low is None else f"{_number(row.low)} to {_number(row.high)}",
        "" if row.aim is None else f"<= {row.aim:g}",
        _verdict(row),
        f"{row.seconds * 1000:.3g}" if row.seconds < 1 else f"{row.seconds * 1000:.0f}",
        "" if row.size is None else str(row.size),
    )


def _verdict(row: Row) -> str:
    if row.aim is None or row.ratio is None:
        return ""
    return "met" if row.ratio <= row.aim else "missed"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if value < 1 else f"{value:.2f}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    placed = (
        cell.ljust(width) if number in _TO_THE_LEFT else cell.rjust(width)
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(placed).rstrip()
