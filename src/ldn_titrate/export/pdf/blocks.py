"""
The blocks of a document, set in type as strips of a page.

This room knows how each block looks, and neither pages nor the order in which strips fill them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, assert_never

from ldn_titrate.content import (
    Bullets,
    Callout,
    Card,
    Chart,
    DayStrip,
    Fields,
    Paragraph,
    Table,
    TickCalendar,
    Weight,
)
from ldn_titrate.export.pdf.canvas import Tag
from ldn_titrate.export.pdf.grids import calendar, table
from ldn_titrate.export.pdf.lines import Style
from ldn_titrate.export.pdf.strips import (
    BLACK,
    BLOCK_GAP,
    BODY,
    HEADING,
    ITEM_GAP,
    PALE,
    SMALL_STRONG,
    THIN,
    WHITE,
    Fill,
    Outline,
    Polygon,
    Stack,
    Strip,
    heading,
    moved,
    paragraph,
    stacked,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.content import Block, Field, Section
    from ldn_titrate.export.pdf.canvas import Words
    from ldn_titrate.export.pdf.strips import Shape

_CALLOUT_TITLES: Final = {
    Weight.MAIN: Style(17, 21, bold=True),
    Weight.STOP: Style(15, 19, bold=True),
    Weight.PLAIN: Style(13, 17, bold=True),
}

_BULLET: Final = "\N{BULLET}"
_BULLET_INDENT: Final = 12.0
_THICK: Final = 3.0
_OCTAGON: Final = 34.0
_FIELD_WIDTH: Final = 150.0  # a column of fields is at least this wide
_FIELD_GUTTER: Final = 18.0
_FIELD_ROOM: Final = 19.0  # to write on by hand


def section_strips(section: Section, width: float, parent: Tag) -> Iterator[Strip]:
    """Set a section: its heading, then its blocks."""
    inside = Tag("Sect", parent)
    yield heading(section.title, HEADING, width, Tag("H2", inside))
    strips = [
        strip for block in section.blocks for strip in block_strips(block, width, inside, level=3)
    ]
    for number, strip in enumerate(strips):
        yield strip if number else replace(strip, before=ITEM_GAP)


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
            yield from table(block, width, parent)
        case TickCalendar():
            yield from calendar(block, width, parent)
        case Fields():
            yield from _fields(block, width, Tag("L", parent))
        case Card() | DayStrip() | Chart():
            raise NotImplementedError(type(block).__name__)
        case _:
            assert_never(block)


def _bullets(block: Bullets, width: float, parent: Tag) -> Iterator[Strip]:
    whole = Tag("L", parent)
    for item in block.items:
        inside = Tag("LI", whole)
        label = stacked(Tag("Lbl", inside), [(_BULLET, BODY)], width)
        body = stacked(
            Tag("LBody", inside), [(item, BODY)], width - _BULLET_INDENT, x=_BULLET_INDENT
        )
        yield Strip(body.height, label.words + body.words, before=ITEM_GAP)


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
        words.extend(moved(strip.words, indent, bottom + strip.before))
        bottom += strip.before + strip.height
    height = bottom + pad
    return Strip(height, tuple(words), shapes(width, height), before=BLOCK_GAP)


def _main_frame(width: float, height: float) -> tuple[Shape, ...]:
    return (Fill(0, 0, width, height, PALE), Fill(0, 0, 6, height, BLACK))


def _plain_frame(_width: float, height: float) -> tuple[Shape, ...]:
    return (Fill(0, 0, 2, height, BLACK),)


def _stop_frame(width: float, height: float) -> tuple[Shape, ...]:
    inset = _THICK / 2
    border = Outline(inset, inset, width - _THICK, height - _THICK, _THICK)
    return (border, *_stop_sign(11.0, 10.0, _OCTAGON))


def _stop_sign(x: float, y: float, size: float) -> tuple[Shape, ...]:
    """Draw a black octagon with a white bar: no entry, in any language."""
    corner, bar = size * 0.293, size * 0.16
    near, far = corner, size - corner
    upper = ((0.0, near), (near, 0.0), (far, 0.0), (size, near))
    ring = upper + tuple((right, size - down) for right, down in reversed(upper))
    return (
        Polygon(tuple((x + right, y + down) for right, down in ring), BLACK),
        Fill(x + size * 0.2, y + (size - bar) / 2, size * 0.6, bar, WHITE),
    )


# The indent of the words, their distance to the other edges, and what is drawn around them.
_CALLOUT_FRAMES: Final = {
    Weight.MAIN: (18.0, 6.5, _main_frame),
    Weight.STOP: (22.0 + _OCTAGON, 6.0, _stop_frame),
    Weight.PLAIN: (12.0, 2.0, _plain_frame),
}


def _fields(block: Fields, width: float, whole: Tag) -> Iterator[Strip]:
    columns = int((width + _FIELD_GUTTER) // (_FIELD_WIDTH + _FIELD_GUTTER))
    column = (width - _FIELD_GUTTER * (columns - 1)) / columns
    for start in range(0, len(block.fields), columns):
        row = block.fields[start : start + columns]
        lefts = [number * (column + _FIELD_GUTTER) for number in range(len(row))]
        parts = [_field(field, left, column, whole) for field, left in zip(row, lefts, strict=True)]
        height = max(part.height for part in parts)
        words = tuple(word for part in parts for word in part.words)
        rules = tuple(
            Fill(left, height, column, THIN, BLACK)
            for field, left in zip(row, lefts, strict=True)
            if field.value is None
        )
        yield Strip(height, words, rules, before=BLOCK_GAP if start else ITEM_GAP)


def _field(field: Field, x: float, width: float, whole: Tag) -> Stack:
    inside = Tag("LI", whole)
    label = stacked(Tag("Lbl", inside), [(field.label, SMALL_STRONG)], width, x=x)
    value = stacked(Tag("LBody", inside), [(field.value or "", BODY)], width, x=x, y=label.height)
    room = 0.0 if field.value else _FIELD_ROOM - value.height
    return Stack(label.words + value.words, label.height + value.height + room)
