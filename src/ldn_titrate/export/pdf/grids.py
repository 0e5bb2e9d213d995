"""
The two kinds of grid on the page: a table, and a calendar with boxes to tick.

This room knows how rows and columns share a width, and neither pages nor what a dose is: a cell
that holds nothing but a number and its unit is a figure to be seen from afar.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from ldn_titrate.export.pdf.canvas import Tag
from ldn_titrate.export.pdf.lines import Style, set_text, text_width, widest_word
from ldn_titrate.export.pdf.strips import (
    BLACK,
    BODY,
    HEADING,
    ITEM_GAP,
    PALE,
    SMALL,
    SMALL_STRONG,
    STRONG,
    THIN,
    WHITE,
    Fill,
    Outline,
    Stack,
    Strip,
    heading,
    moved,
    stacked,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.content import Table, TickCalendar, TickDay, TickWeek
    from ldn_titrate.export.pdf.strips import Shape

_FIGURE: Final = Style(18, 20, bold=True)
_DAY: Final = Style(10, 11.5)
_DAY_DOSE: Final = Style(12, 13, bold=True)

_CELL_PAD: Final = 5.0
_ROW_PAD: Final = 5.0
_DAY_INDENT: Final = 4.0
_DAY_PAD: Final = 2.5
_TICK_BOX: Final = 12.5
_BOX_INSET: Final = 4.0
_CHANGE: Final = 2.4  # the line around a day on which the dose changes

# A calendar of so few weeks stays on one sheet of paper, to be put up by itself.
_WEEKS_TOGETHER: Final = 8

_QUANTITY: Final = re.compile("[0-9][0-9.,]*\N{NO-BREAK SPACE}[^\\W\\d]{1,4}")

_Cell: TypeAlias = tuple[str, Style]


def table(block: Table, width: float, parent: Tag) -> Iterator[Strip]:
    """Set a table: its caption, its header row, its rows."""
    whole = Tag("Table", parent)
    yield heading(block.title, HEADING, width, Tag("Caption", whole))
    headers = [(text, STRONG) for text in block.headers]
    rows = [_cells(row) for row in block.rows]
    edges = (0.0, *accumulate(_widths([headers, *rows], width)))
    top = Tag("TR", whole)
    header = _row(headers, edges, [Tag("TH", top, "Column") for _ in headers], fill=PALE)
    header = replace(header, before=ITEM_GAP, keep=True)
    yield header
    for row in rows:
        inside = Tag("TR", whole)
        tags = [Tag("TH", inside, "Row"), *(Tag("TD", inside) for _ in row[1:])]
        yield replace(_row(row, edges, tags), header=header)


def _cells(row: Sequence[str]) -> list[_Cell]:
    """Choose how the cells of a row are set; the first one is its header."""
    return [
        (text, _FIGURE if _QUANTITY.fullmatch(text) else BODY if number else STRONG)
        for number, text in enumerate(row)
    ]


def _row(
    cells: Sequence[tuple[str, Style]],
    edges: Sequence[float],
    tags: Sequence[Tag],
    fill: float = WHITE,
) -> Strip:
    stacks = [
        stacked(tag, [cell], right - left - 2 * _CELL_PAD, x=left + _CELL_PAD)
        for cell, tag, (left, right) in zip(cells, tags, pairwise(edges), strict=True)
    ]
    height = max(stack.height for stack in stacks) + _ROW_PAD
    words = [
        word for stack in stacks for word in moved(stack.words, 0, (height - stack.height) / 2)
    ]
    shapes: tuple[Shape, ...] = (
        Fill(0, 0, edges[-1], height, fill),
        Fill(0, 0, edges[-1], THIN, BLACK),
        Fill(0, height, edges[-1], THIN, BLACK),
    )
    return Strip(height, tuple(words), shapes)


def _widths(rows: Sequence[Sequence[_Cell]], width: float) -> Sequence[float]:
    """Share the width of a table: no column cuts a word if that can be, and few lines break."""
    columns = list(zip(*rows, strict=True))
    least = [max(widest_word(*cell) for cell in column) + 2 * _CELL_PAD for column in columns]
    wished = [max(text_width(*cell) for cell in column) + 2 * _CELL_PAD for column in columns]
    spare = width - sum(least)
    if spare <= 0:
        return _narrowed(least, width)
    wants = [wish - part for wish, part in zip(wished, least, strict=True)]
    if sum(wants) <= spare:
        return [wish + (spare - sum(wants)) / len(wants) for wish in wished]
    choices = [
        [part + extra for part, extra in zip(least, extras, strict=True)]
        for extras in (_in_proportion(wants, spare), _in_turn(wants, spare))
    ]
    return min(choices, key=lambda choice: _lines(rows, choice))


def _in_proportion(wants: Sequence[float], spare: float) -> list[float]:
    return [spare * want / sum(wants) for want in wants]


def _in_turn(wants: Sequence[float], spare: float) -> list[float]:
    """Give the columns that want least all that they want."""
    given = [0.0] * len(wants)
    for column in sorted(range(len(wants)), key=wants.__getitem__):
        given[column] = min(wants[column], spare)
        spare -= given[column]
    return given


def _lines(rows: Sequence[Sequence[_Cell]], widths: Sequence[float]) -> int:
    """Count the lines of a table, each row by its tallest cell."""
    return sum(
        max(
            len(set_text(*cell, width - 2 * _CELL_PAD))
            for cell, width in zip(row, widths, strict=True)
        )
        for row in rows
    )


def _narrowed(least: Sequence[float], width: float) -> list[float]:
    """Take from the widest columns what all cannot have: only their words are cut."""
    left, columns = width, len(least)
    shares = list(least)
    for column in sorted(range(columns), key=least.__getitem__):
        shares[column] = min(least[column], left / columns)
        left -= shares[column]
        columns -= 1
    return shares


def calendar(block: TickCalendar, width: float, parent: Tag) -> Iterator[Strip]:
    """Set a calendar: its caption, the weekdays, a row for each week."""
    whole = Tag("Table", parent)
    yield heading(block.title, HEADING, width, Tag("Caption", whole))
    edges = _calendar_edges(block, width)
    header = _weekdays((block.corner, *block.weekdays), edges, Tag("TR", whole))
    yield header
    together = len(block.weeks) if len(block.weeks) <= _WEEKS_TOGETHER else 0
    for number, week in enumerate(block.weeks, start=1):
        row = _week(week, edges, Tag("TR", whole))
        yield replace(row, header=header, keep=number < together)


def _weekdays(titles: Sequence[str], edges: Sequence[float], row: Tag) -> Strip:
    stacks = [
        stacked(
            Tag("TH", row, "Column"),
            [(title, SMALL_STRONG)],
            right - left - 2 * _DAY_INDENT,
            x=left + _DAY_INDENT,
            y=_DAY_PAD,
        )
        for title, (left, right) in zip(titles, pairwise(edges), strict=True)
    ]
    height = max(stack.height for stack in stacks) + 2 * _DAY_PAD
    words = tuple(word for stack in stacks for word in stack.words)
    ground = Fill(0, 0, edges[-1], height, PALE)
    return Strip(height, words, (ground,), before=ITEM_GAP, keep=True)


def _calendar_edges(block: TickCalendar, width: float) -> tuple[float, ...]:
    """Give the titles of the weeks what they need, and the days the same width each."""
    titles = [block.corner, *(week.title for week in block.weeks)]
    wished = max(widest_word(title, SMALL_STRONG) for title in titles) + 2 * _DAY_INDENT
    first = min(wished, width / 6)
    day = (width - first) / len(block.weekdays)
    return (0.0, *(first + day * number for number in range(len(block.weekdays) + 1)))


def _week(week: TickWeek, edges: Sequence[float], row: Tag) -> Strip:
    title = stacked(
        Tag("TH", row, "Row"),
        [(week.title, SMALL_STRONG)],
        edges[1] - 2 * _DAY_INDENT,
        x=_DAY_INDENT,
        y=_DAY_PAD,
    )
    places = list(pairwise(edges[1:]))
    stacks = [
        _day(day, left, right, Tag("TD", row))
        for day, (left, right) in zip(week.days, places, strict=True)
    ]
    height = max(stack.height for stack in (title, *stacks)) + 2 * _DAY_PAD
    shapes: list[Shape] = [Outline(0, 0, edges[1], height, THIN)]
    for day, (left, right) in zip(week.days, places, strict=True):
        shapes.extend(_day_shapes(day, left, right, height))
    words = tuple(word for stack in (title, *stacks) for word in stack.words)
    return Strip(height, words, tuple(shapes))


def _day(day: TickDay | None, left: float, right: float, owner: Tag) -> Stack:
    x, width = left + _DAY_INDENT, right - left - 2 * _DAY_INDENT
    if day is None:
        return stacked(owner, [("", SMALL)], width, x=x, y=_DAY_PAD)
    below = [(day.dose, _DAY_DOSE)] if day.dose else []
    below += [(unit, _DAY) for unit in day.units]
    date = f"{day.date} " if below else day.date
    beside_box = width - _TICK_BOX - 2 if day.dose else width
    top = stacked(owner, [(date, _DAY)], beside_box, x=x, y=_DAY_PAD)
    rest = stacked(owner, below, width, x=x, y=_DAY_PAD + top.height)
    return Stack(top.words + rest.words, top.height + rest.height)


def _day_shapes(day: TickDay | None, left: float, right: float, height: float) -> Iterator[Shape]:
    yield Outline(left, 0, right - left, height, THIN)
    if day is None:
        return
    if day.changes:
        yield Outline(left + 1, 1, right - left - 2, height - 2, _CHANGE)
    if day.dose:
        yield Outline(right - _BOX_INSET - _TICK_BOX, _BOX_INSET, _TICK_BOX, _TICK_BOX, 1)
