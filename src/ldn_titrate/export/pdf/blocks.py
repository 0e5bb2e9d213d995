"""
The blocks of a document, set in type: strips of a page that are as wide as their column.

A strip is the smallest part of a page that stays together: a paragraph, an item of a list, a row
of a table, a whole callout. Its words and shapes have their place from its own upper left corner,
downwards. Sizes are points. This room knows how each block looks, and neither pages nor the order
in which strips fill them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from ldn_titrate.content import (
    Bullets,
    Callout,
    Fields,
    Paragraph,
    Table,
    TickCalendar,
    Weight,
)
from ldn_titrate.export.pdf.canvas import Tag, Words
from ldn_titrate.export.pdf.lines import Line, Style, set_text, text_width, widest_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ldn_titrate.content import Block, Field, Section, TickDay, TickWeek
    from ldn_titrate.export.pdf.canvas import Owner

BODY: Final = Style(12, 15)
STRONG: Final = Style(12, 15, bold=True)
SMALL: Final = Style(10, 12)
SMALL_STRONG: Final = Style(10, 12, bold=True)
HEADING: Final = Style(14, 18, bold=True)
_FIGURE: Final = Style(18, 22, bold=True)
_DAY_DOSE: Final = Style(12, 13.5, bold=True)
_CALLOUT_TITLES: Final = {
    Weight.MAIN: Style(17, 22, bold=True),
    Weight.STOP: Style(15, 20, bold=True),
    Weight.PLAIN: Style(13, 17, bold=True),
}

BLOCK_GAP: Final = 9.0  # above a block, at least

_THIN: Final = 0.6
_THICK: Final = 3.0
_CHANGE: Final = 2.4
_PALE: Final = 0.93
_BLACK: Final = 0.0
_WHITE: Final = 1.0

_ITEM_GAP: Final = 3.0
_HEADING_GAP: Final = 12.0
_BULLET: Final = "\N{BULLET}"
_BULLET_INDENT: Final = 13.0
_CELL_PAD: Final = 6.0
_DAY_INDENT: Final = 4.0
_DAY_PAD: Final = 3.0
_BOX_INSET: Final = 4.5
_TICK_BOX: Final = 12.5
_OCTAGON: Final = 34.0
_TWO_FIELD_COLUMNS: Final = 400.0
_FIELD_GUTTER: Final = 24.0
_FIELD_ROOM: Final = 21.0  # to write on by hand

# The height of a capital letter over the type size, to centre a line between its neighbours.
_CAPITAL: Final = 0.668

# A cell that holds nothing but a number and its unit is a figure to be seen from afar.
_QUANTITY: Final = re.compile("[0-9][0-9.,]*\N{NO-BREAK SPACE}[^\\W\\d]{1,4}")

_EMPTY: Final = Line((), BODY.size, "", literal=True)


class Fill(NamedTuple):
    """A filled rectangle, black (0) to white (1)."""

    x: float
    y: float
    width: float
    height: float
    grey: float


class Outline(NamedTuple):
    """A rectangle drawn with a black line."""

    x: float
    y: float
    width: float
    height: float
    line: float


class Polygon(NamedTuple):
    """A filled polygon."""

    points: tuple[tuple[float, float], ...]
    grey: float


Shape: TypeAlias = Fill | Outline | Polygon


@dataclass(frozen=True, slots=True)
class Strip:
    """
    A part of a page that stays together, as wide as its column.

    Attributes:
        height: How much of the column it takes.
        words: Its lines of text, in reading order.
        shapes: What is drawn under the words; an artifact, all of it.
        before: The free space above it, unless it is the first of its column.
        keep: Whether it must not be the last of its column: a heading goes with what follows.
        header: What stands above it again when it is the first of its column.
    """

    height: float
    words: tuple[Words, ...]
    shapes: tuple[Shape, ...] = ()
    before: float = 0.0
    keep: bool = False
    header: Strip | None = None


class _Stack(NamedTuple):
    """Lines of text on top of each other."""

    words: tuple[Words, ...]
    height: float


def heading(text: str, style: Style, width: float, owner: Tag) -> Strip:
    """Set a heading of any level, or a caption: a line that goes with what follows it."""
    stack = _stack(owner, [(text, style)], width)
    return Strip(stack.height, stack.words, before=_HEADING_GAP, keep=True)


def paragraph(text: str, style: Style, width: float, owner: Owner) -> Strip:
    """Set a paragraph."""
    stack = _stack(owner, [(text, style)], width)
    return Strip(stack.height, stack.words, before=_ITEM_GAP)


def section_strips(section: Section, width: float, parent: Tag) -> Iterator[Strip]:
    """Set a section: its heading, then its blocks."""
    inside = Tag("Sect", parent)
    yield heading(section.title, HEADING, width, Tag("H2", inside))
    strips = [
        strip for block in section.blocks for strip in block_strips(block, width, inside, level=3)
    ]
    for number, strip in enumerate(strips):
        yield strip if number else replace(strip, before=_ITEM_GAP)


def block_strips(block: Block, width: float, parent: Tag, *, level: int) -> Iterator[Strip]:
    """
    Set any block.

    Args:
        block: What to set.
        width: The width of the column.
        parent: The element that the block stands in.
        level: The level of a heading inside the block.

    Yields:
        Its strips from top to bottom.
    """
    match block:
        case Paragraph():
            yield paragraph(block.text, BODY, width, Tag("P", parent))
        case Bullets():
            yield from _bullets(block, width, parent)
        case Callout():
            yield _callout(block, width, parent, level)
        case Table():
            yield from _table(block, width, Tag("Table", parent))
        case TickCalendar():
            yield from _calendar(block, width, Tag("Table", parent))
        case Fields():
            yield from _fields(block, width, Tag("L", parent))


def divided(strip: Strip, room: float) -> tuple[Strip, Strip]:
    """
    Cut a strip that is taller than a page, between two lines of its text.

    Args:
        strip: What to cut.
        room: The height of the first part.
    """
    upper = tuple(words for words in strip.words if words.y <= room)
    lower = tuple(words._replace(y=words.y - room) for words in strip.words if words.y > room)
    upper_shapes = tuple(_cut(shape, 0.0, room) for shape in strip.shapes)
    lower_shapes = tuple(_cut(shape, room, strip.height) for shape in strip.shapes)
    return (
        replace(strip, height=room, words=upper, shapes=_present(upper_shapes), keep=False),
        replace(
            strip,
            height=strip.height - room,
            words=lower,
            shapes=_present(lower_shapes),
            before=0.0,
        ),
    )


def _present(shapes: Iterable[Shape | None]) -> tuple[Shape, ...]:
    return tuple(shape for shape in shapes if shape)


def _cut(shape: Shape, top: float, bottom: float) -> Shape | None:
    """Give the part of a shape between two heights, seen from the upper one."""
    if isinstance(shape, Polygon):
        return shape if top == 0 else None
    upper, lower = max(shape.y, top), min(shape.y + shape.height, bottom)
    return shape._replace(y=upper - top, height=lower - upper) if lower > upper else None


def _stack(
    owner: Owner,
    texts: Sequence[tuple[str, Style]],
    width: float,
    x: float = 0.0,
    y: float = 0.0,
) -> _Stack:
    """Set texts on top of each other as one element, a space between each two."""
    words: list[Words] = []
    last, bottom = len(texts) - 1, y
    for number, (text, style) in enumerate(texts):
        for line in set_text(text if number == last else f"{text} ", style, width) or (_EMPTY,):
            words.append(Words(x, bottom + _baseline(style), line, owner))
            bottom += style.leading
    return _Stack(tuple(words), bottom - y)


def _baseline(style: Style) -> float:
    return (style.leading + _CAPITAL * style.size) / 2


def _moved(words: Iterable[Words], x: float, y: float) -> Iterator[Words]:
    return (Words(x + each.x, y + each.y, each.line, each.owner) for each in words)


def _bullets(block: Bullets, width: float, parent: Tag) -> Iterator[Strip]:
    whole = Tag("L", parent)
    for item in block.items:
        inside = Tag("LI", whole)
        label = _stack(Tag("Lbl", inside), [(_BULLET, BODY)], width)
        body = _stack(
            Tag("LBody", inside), [(item, BODY)], width - _BULLET_INDENT, x=_BULLET_INDENT
        )
        yield Strip(body.height, label.words + body.words, before=_ITEM_GAP)


def _callout(block: Callout, width: float, parent: Tag, level: int) -> Strip:
    inside = Tag("Sect", parent)
    indent, pad, shapes = _CALLOUT_FRAMES[block.weight]
    column = width - indent - pad
    style = _CALLOUT_TITLES[block.weight]
    strips = [heading(block.title, style, column, Tag(f"H{level}", inside))]
    for inner in block.blocks:
        strips.extend(block_strips(inner, column, inside, level=level + 1))
    words: list[Words] = []
    bottom = pad - strips[0].before
    for strip in strips:
        words.extend(_moved(strip.words, indent, bottom + strip.before))
        bottom += strip.before + strip.height
    height = bottom + pad
    return Strip(height, tuple(words), shapes(width, height), before=BLOCK_GAP)


def _main_frame(width: float, height: float) -> tuple[Shape, ...]:
    return (Fill(0, 0, width, height, _PALE), Fill(0, 0, 6, height, _BLACK))


def _plain_frame(_width: float, height: float) -> tuple[Shape, ...]:
    return (Fill(0, 0, 2, height, _BLACK),)


def _stop_frame(width: float, height: float) -> tuple[Shape, ...]:
    inset = _THICK / 2
    border = Outline(inset, inset, width - _THICK, height - _THICK, _THICK)
    return (border, *_stop_sign(11.0, 11.0, _OCTAGON))


def _stop_sign(x: float, y: float, size: float) -> tuple[Shape, ...]:
    """Draw a black octagon with a white bar: no entry, in any language."""
    corner, bar = size * 0.293, size * 0.16
    near, far = corner, size - corner
    upper = ((0.0, near), (near, 0.0), (far, 0.0), (size, near))
    ring = upper + tuple((right, size - down) for right, down in reversed(upper))
    return (
        Polygon(tuple((x + right, y + down) for right, down in ring), _BLACK),
        Fill(x + size * 0.2, y + (size - bar) / 2, size * 0.6, bar, _WHITE),
    )


# The indent of the words, their distance to the other edges, and what is drawn around them.
_CALLOUT_FRAMES: Final = {
    Weight.MAIN: (18.0, 8.0, _main_frame),
    Weight.STOP: (22.0 + _OCTAGON, 8.0, _stop_frame),
    Weight.PLAIN: (12.0, 2.0, _plain_frame),
}


def _table(block: Table, width: float, whole: Tag) -> Iterator[Strip]:
    yield heading(block.title, HEADING, width, Tag("Caption", whole))
    edges = _column_edges(block, width)
    header = replace(
        _row(
            [(text, STRONG) for text in block.headers],
            edges,
            [Tag("TH", row, "Column") for row in [Tag("TR", whole)] for _ in block.headers],
            fill=_PALE,
        ),
        before=_ITEM_GAP,
        keep=True,
    )
    yield header
    for cells in block.rows:
        row = Tag("TR", whole)
        tags = [Tag("TH", row, "Row"), *(Tag("TD", row) for _ in cells[1:])]
        styled = [(text, _cell_style(text, first=not n)) for n, text in enumerate(cells)]
        yield replace(_row(styled, edges, tags), header=header)


def _row(
    cells: Sequence[tuple[str, Style]],
    edges: Sequence[float],
    tags: Sequence[Tag],
    fill: float = _WHITE,
) -> Strip:
    stacks = [
        _stack(tag, [cell], right - left - 2 * _CELL_PAD, x=left + _CELL_PAD)
        for cell, tag, (left, right) in zip(cells, tags, pairwise(edges), strict=True)
    ]
    height = max(stack.height for stack in stacks) + _CELL_PAD
    words = [
        word for stack in stacks for word in _moved(stack.words, 0, (height - stack.height) / 2)
    ]
    shapes: tuple[Shape, ...] = (
        Fill(0, 0, edges[-1], height, fill),
        Fill(0, 0, edges[-1], _THIN, _BLACK),
        Fill(0, height, edges[-1], _THIN, _BLACK),
    )
    return Strip(height, tuple(words), shapes)


def _cell_style(text: str, *, first: bool) -> Style:
    if _QUANTITY.fullmatch(text):
        return _FIGURE
    return STRONG if first else BODY


def _column_edges(block: Table, width: float) -> tuple[float, ...]:
    """Share the width: no column cuts a word if that can be, longer texts get more room."""
    columns = list(zip(block.headers, *block.rows, strict=True))
    styled = [
        [(column[0], STRONG), *((text, _cell_style(text, first=not n)) for text in column[1:])]
        for n, column in enumerate(columns)
    ]
    least = [max(widest_word(*cell) for cell in column) + 2 * _CELL_PAD for column in styled]
    wished = [max(text_width(*cell) for cell in column) + 2 * _CELL_PAD for column in styled]
    return (0.0, *accumulate(_shares(least, wished, width)))


def _shares(least: Sequence[float], wished: Sequence[float], width: float) -> list[float]:
    spare = width - sum(least)
    if spare <= 0:
        return _narrowed(least, width)
    wants = [wish - part for wish, part in zip(wished, least, strict=True)]
    if sum(wants) <= spare:
        rest = (spare - sum(wants)) / len(wants)
        return [wish + rest for wish in wished]
    return [part + spare * want / sum(wants) for part, want in zip(least, wants, strict=True)]


def _narrowed(least: Sequence[float], width: float) -> list[float]:
    """Take from the widest columns what all cannot have: only their words are cut."""
    left, columns = width, len(least)
    shares = list(least)
    for column in sorted(range(columns), key=least.__getitem__):
        shares[column] = min(least[column], left / columns)
        left -= shares[column]
        columns -= 1
    return shares


def _calendar(block: TickCalendar, width: float, whole: Tag) -> Iterator[Strip]:
    yield heading(block.title, HEADING, width, Tag("Caption", whole))
    edges = _calendar_edges(block, width)
    row = Tag("TR", whole)
    titles = (block.corner, *block.weekdays)
    stacks = [
        _stack(
            Tag("TH", row, "Column"),
            [(title, SMALL_STRONG)],
            right - left - 2 * _DAY_INDENT,
            x=left + _DAY_INDENT,
            y=2,
        )
        for title, (left, right) in zip(titles, pairwise(edges), strict=True)
    ]
    height = max(stack.height for stack in stacks) + 3
    words = tuple(word for stack in stacks for word in stack.words)
    ground = Fill(0, 0, width, height, _PALE)
    header = Strip(height, words, (ground,), before=_ITEM_GAP, keep=True)
    yield header
    for week in block.weeks:
        yield replace(_week(week, edges, Tag("TR", whole)), header=header)


def _calendar_edges(block: TickCalendar, width: float) -> tuple[float, ...]:
    """Give the titles of the weeks what they need, and the days the same width each."""
    titles = [block.corner, *(week.title for week in block.weeks)]
    wished = max(widest_word(title, SMALL_STRONG) for title in titles) + 2 * _DAY_INDENT
    first = min(wished, width / 6)
    day = (width - first) / len(block.weekdays)
    return (0.0, *(first + day * number for number in range(len(block.weekdays) + 1)))


def _week(week: TickWeek, edges: Sequence[float], row: Tag) -> Strip:
    title = _stack(
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
    shapes: list[Shape] = [Outline(0, 0, edges[1], height, _THIN)]
    for day, (left, right) in zip(week.days, places, strict=True):
        shapes.extend(_day_shapes(day, left, right, height))
    words = tuple(word for stack in (title, *stacks) for word in stack.words)
    return Strip(height, words, tuple(shapes))


def _day(day: TickDay | None, left: float, right: float, owner: Tag) -> _Stack:
    x, width = left + _DAY_INDENT, right - left - 2 * _DAY_INDENT
    if day is None:
        return _stack(owner, [("", SMALL)], width, x=x, y=_DAY_PAD)
    below = [(day.dose, _DAY_DOSE)] if day.dose else []
    below += [(unit, SMALL) for unit in day.units]
    date = f"{day.date} " if below else day.date
    beside_box = width - _TICK_BOX - 2 if day.dose else width
    top = _stack(owner, [(date, SMALL)], beside_box, x=x, y=_DAY_PAD)
    rest = _stack(owner, below, width, x=x, y=_DAY_PAD + top.height)
    return _Stack(top.words + rest.words, top.height + rest.height)


def _day_shapes(day: TickDay | None, left: float, right: float, height: float) -> Iterator[Shape]:
    yield Outline(left, 0, right - left, height, _THIN)
    if day is None:
        return
    if day.changes:
        yield Outline(left + 1, 1, right - left - 2, height - 2, _CHANGE)
    if day.dose:
        yield Outline(right - _BOX_INSET - _TICK_BOX, _BOX_INSET, _TICK_BOX, _TICK_BOX, 1)


def _fields(block: Fields, width: float, whole: Tag) -> Iterator[Strip]:
    columns = 2 if width > _TWO_FIELD_COLUMNS else 1
    column = (width - _FIELD_GUTTER * (columns - 1)) / columns
    for start in range(0, len(block.fields), columns):
        row = block.fields[start : start + columns]
        lefts = [number * (column + _FIELD_GUTTER) for number in range(len(row))]
        parts = [_field(field, left, column, whole) for field, left in zip(row, lefts, strict=True)]
        height = max(part.height for part in parts)
        words = tuple(word for part in parts for word in part.words)
        rules = tuple(
            Fill(left, height, column, _THIN, _BLACK)
            for field, left in zip(row, lefts, strict=True)
            if field.value is None
        )
        yield Strip(height, words, rules, before=BLOCK_GAP if start else _ITEM_GAP)


def _field(field: Field, x: float, width: float, whole: Tag) -> _Stack:
    inside = Tag("LI", whole)
    label = _stack(Tag("Lbl", inside), [(field.label, SMALL_STRONG)], width, x=x)
    value = _stack(Tag("LBody", inside), [(field.value or "", BODY)], width, x=x, y=label.height)
    room = 0.0 if field.value else _FIELD_ROOM - value.height
    return _Stack(label.words + value.words, label.height + value.height + room)
