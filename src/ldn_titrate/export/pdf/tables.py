"""
Tables on the page: columns that share a width, and rows with boxes to tick and lines to write on.

A table in large print whose columns have no room side by side is set as a list, a row after the
other, each cell beside its header. This room knows rows and columns, and neither pages nor what a
dose is: a cell that holds nothing but a number and its unit, in one language or in two, is a
figure to be seen from afar.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from ldn_titrate.content import Blank
from ldn_titrate.export.pdf.canvas import Words
from ldn_titrate.export.pdf.lines import Line, parts, set_text, text_width, widest_word
from ldn_titrate.export.pdf.strips import (
    BLACK,
    ITEM_GAP,
    PALE,
    THIN,
    WHITE,
    Fill,
    Outline,
    Stack,
    Strip,
    heading,
    moved,
    shifted,
    stacked,
)
from ldn_titrate.export.pdf.structure import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate import content
    from ldn_titrate.export.pdf.lines import Style
    from ldn_titrate.export.pdf.looks import Look
    from ldn_titrate.export.pdf.strips import Shape

_PAD: Final = 5.0
_FEW_ROWS: Final = 3
_ROW_PAD: Final = 5.0
_BOX: Final = 15.0
_BOX_ROOM: Final = 2.5  # above and below a box
_LINE: Final = 70.0  # a line to write on is at least this long
_LINE_ROOM: Final = 20.0  # what a pen needs
_LINE_RISE: Final = 4.0  # of a line above the lower end of its row
_MOST_LABEL: Final = 0.45  # of the width, for the headers beside the cells of a list
_FAINT: Final = 0.7  # the rules between lines to write on, which they must not be taken for

# A number and its unit, and the same in a second language where that writes it differently.
_QUANTITY: Final = "[0-9][0-9.,]*\N{NO-BREAK SPACE}[^\\W\\d]{1,4}"
_FIGURE: Final = re.compile(f"{_QUANTITY}(?:\n{_QUANTITY})?")


class _Cell(NamedTuple):
    """What stands in a cell, and how it is set."""

    content: content.Cell
    style: Style


def table(block: content.Table, width: float, parent: Tag, look: Look) -> Iterator[Strip]:
    """Set a table: its caption, its header row, its rows."""
    headers = [_Cell(text, look.strong) for text in block.headers]
    rows = [_cells(row, look) for row in block.rows]
    widths = _widths([headers, *rows], width, look)
    if look.is_large and any(
        _least(cell, look) > room + 2 * _PAD
        for row in (headers, *rows)
        for cell, room in zip(row, widths, strict=True)
    ):
        yield from _listed(block, width, parent, look)
        return
    whole = Tag("Table", parent)
    yield heading(block.title, look.heading, width, Tag("Caption", whole))
    edges = (0.0, *accumulate(widths))
    top = Tag("TR", whole)
    header = _row(headers, edges, [Tag("TH", top, "Column") for _ in headers], look, fill=PALE)
    by_hand = any(map(_is_filled_in, rows))
    header = header._replace(before=ITEM_GAP, keep=True, whole=by_hand)
    yield header
    for number, row in enumerate(rows, start=1):
        inside = Tag("TR", whole)
        tags = [Tag("TH", inside, "Row"), *(Tag("TD", inside) for _ in row[1:])]
        # No row stands alone above or below the end of a page.
        keep = len(rows) > _FEW_ROWS and number in {1, len(rows) - 1}
        yield _row(row, edges, tags, look)._replace(header=header, keep=keep)


def _cells(row: Sequence[content.Cell], look: Look) -> list[_Cell]:
    """Choose how the cells of a row are set; the first one is its header."""
    return [
        _Cell(one, look.figure if _FIGURE.fullmatch(one) else look.body if number else look.strong)
        for number, one in enumerate(row)
    ]


def _row(
    cells: Sequence[_Cell],
    edges: Sequence[float],
    tags: Sequence[Tag],
    look: Look,
    fill: float = WHITE,
) -> Strip:
    """Set a row between two rules."""
    row = _line(cells, edges, tags, look)
    grey = _FAINT if _is_filled_in(cells) else BLACK
    ground = () if fill == WHITE else (Fill(0, 0, edges[-1], row.height, fill),)
    ruled = (
        *ground,
        Fill(0, 0, edges[-1], THIN, grey),
        Fill(0, row.height, edges[-1], THIN, grey),
    )
    return row._replace(shapes=(*ruled, *row.shapes))


def _line(
    cells: Sequence[_Cell],
    edges: Sequence[float],
    tags: Sequence[Tag],
    look: Look,
    sink: float = 0.5,
) -> Strip:
    """
    Set cells side by side.

    Args:
        cells: The cells.
        edges: The left edge of each, and the right edge of the last one.
        tags: The elements that they are.
        look: The styles of the document.
        sink: What part of the room that a low cell leaves is above it.
    """
    places = [
        (cell, tag, left + _PAD, right - left - 2 * _PAD)
        for cell, tag, (left, right) in zip(cells, tags, pairwise(edges), strict=True)
    ]
    stacks = [_set(cell, tag, x, width, look) for cell, tag, x, width in places]
    height = max(stack.height for stack in stacks) + _ROW_PAD
    words = [
        word
        for stack in stacks
        for word in moved(stack.words, 0, (height - _ROW_PAD - stack.height) * sink + _ROW_PAD / 2)
    ]
    shapes = [
        shape for cell, _, x, width in places for shape in _blank(cell, x, width, height, look)
    ]
    return Strip(height, tuple(words), tuple(shapes))


def _set(cell: _Cell, tag: Tag, x: float, width: float, look: Look) -> Stack:
    """Set a cell; one to fill in is empty, and says what it is for."""
    if not isinstance(cell.content, Blank):
        return stacked(tag, [cell], width, x=x)
    room = _BOX + 2 * _BOX_ROOM - _ROW_PAD if cell.content is Blank.BOX else _LINE_ROOM - _ROW_PAD
    told = look.box if cell.content is Blank.BOX else look.line
    return Stack((Words(x, cell.style.size, _heard(told), tag),), room * look.scale)


@lru_cache(maxsize=64)
def _heard(text: str) -> Line:
    """Give a line that is heard and not seen."""
    return Line((), 0.0, text, literal=False)


def _blank(cell: _Cell, left: float, width: float, height: float, look: Look) -> Iterator[Shape]:
    if cell.content is Blank.BOX:
        size = _BOX * look.scale
        yield Outline(left, (height - size) / 2, size, size, 1)
    elif cell.content is Blank.LINE:
        yield Fill(left, height - _LINE_RISE, width, THIN, BLACK)


def _is_filled_in(cells: Sequence[_Cell]) -> bool:
    """Tell whether a row or a column has a line to write on."""
    return any(cell.content is Blank.LINE for cell in cells)


def _least(cell: _Cell, look: Look) -> float:
    """Measure the narrowest column that a cell has room in."""
    if cell.content is Blank.BOX:
        return _BOX * look.scale + 2 * _PAD
    if cell.content is Blank.LINE:
        return _LINE + 2 * _PAD
    return widest_word(*cell) + 2 * _PAD


def _wish(column: Sequence[_Cell], least: float) -> float:
    """Measure the column in which no line breaks; a header over lines to write on may."""
    if _is_filled_in(column):
        return least
    texts = (text_width(*cell) for cell in column if not isinstance(cell.content, Blank))
    return max(least, max(texts, default=0.0) + 2 * _PAD)


def _widths(rows: Sequence[Sequence[_Cell]], width: float, look: Look) -> Sequence[float]:
    """Share the width of a table: no column cuts a word if that can be, and few lines break."""
    columns = list(zip(*rows, strict=True))
    least = [max(_least(cell, look) for cell in column) for column in columns]
    # In large print a header rather breaks than it takes the room to write by hand.
    first = 1 if look.is_large and any(map(_is_filled_in, columns)) else 0
    wished = [_wish(column[first:], part) for column, part in zip(columns, least, strict=True)]
    spare = width - sum(least)
    if spare <= 0:
        return _narrowed(least, width)
    wants = [wish - part for wish, part in zip(wished, least, strict=True)]
    if sum(wants) <= spare:
        return _widened(columns, wished, spare - sum(wants))
    choices = [
        [part + extra for part, extra in zip(least, extras, strict=True)]
        for extras in (_in_proportion(wants, spare), _in_turn(wants, spare))
    ]
    return _handed_on(columns, min(choices, key=lambda choice: _lines(rows, choice)))


def _handed_on(columns: Sequence[Sequence[_Cell]], widths: Sequence[float]) -> list[float]:
    """Give what no line needs to the column with the most lines; no other line breaks anew."""
    pairs = list(zip(columns, widths, strict=True))
    needed = [max(_needed(cell, width) for cell in column) for column, width in pairs]
    lines = [sum(len(set_text(*cell, width - 2 * _PAD)) for cell in one) for one, width in pairs]
    needed[lines.index(max(lines))] += sum(widths) - sum(needed)
    return needed


def _needed(cell: _Cell, width: float) -> float:
    """Measure the widest line of a cell in a column of this width."""
    if isinstance(cell.content, Blank):
        return width
    lines = (
        text_width(line.text.rstrip(" "), part.style)
        for part in parts(*cell)
        for line in set_text(part.text, part.style, width - 2 * _PAD)
    )
    return min(max(lines, default=0.0) + 2 * _PAD, width)


def _widened(
    columns: Sequence[Sequence[_Cell]], wished: Sequence[float], more: float
) -> list[float]:
    """Give what is left to the columns that are written in by hand, or else to all."""
    by_hand = [_is_filled_in(column) for column in columns]
    growing = by_hand if any(by_hand) else [True] * len(columns)
    share = more / sum(growing)
    return [wish + share if grows else wish for wish, grows in zip(wished, growing, strict=True)]


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
        max(len(set_text(*cell, width - 2 * _PAD)) for cell, width in zip(row, widths, strict=True))
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


def _listed(block: content.Table, width: float, parent: Tag, look: Look) -> Iterator[Strip]:
    """Set a table as a list: each cell beside its header, the rows one after the other."""
    whole = Tag("L", parent)
    yield heading(block.title, look.heading, width, Tag("Caption", whole))
    label = max(text_width(text, look.strong) for text in block.headers) + 4 * _PAD
    edges = (0.0, min(label, width * _MOST_LABEL), width)
    for row in block.rows:
        yield _item(block.headers, _cells(row, look), edges, Tag("LI", whole), look)


def _item(
    headers: Sequence[str], cells: Sequence[_Cell], edges: Sequence[float], item: Tag, look: Look
) -> Strip:
    """Set a row of a table as an item: a line for each cell."""
    body = Tag("LBody", item)
    tags = [Tag("Lbl", item), *(Tag("P", body) for _ in cells[1:])]
    words: list[Words] = []
    shapes: list[Shape] = []
    bottom = 0.0
    for header, cell, tag in zip(headers, cells, tags, strict=True):
        pair = (_Cell(f"{header} ", look.strong), cell)
        line = _line(pair, edges, (Tag("Span", tag), Tag("Span", tag)), look, sink=0.0)
        words.extend(moved(line.words, 0, bottom))
        shapes.extend(shifted(line.shapes, 0, bottom))
        bottom += line.height
    rule = Fill(0, 0, edges[-1], 2 * THIN, BLACK)
    return Strip(bottom + _ROW_PAD, tuple(words), (rule, *shapes), before=ITEM_GAP)
