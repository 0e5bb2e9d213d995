"""
Labels and their values on the page, and ruled lines where a value is written in by hand.

This room knows how one label and its value share a width, and how many of them stand side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ldn_titrate.export.pdf.lines import text_width
from ldn_titrate.export.pdf.strips import (
    BLACK,
    BLOCK_GAP,
    ITEM_GAP,
    THIN,
    Fill,
    Stack,
    Strip,
    side_by_side,
    stacked,
)
from ldn_titrate.export.pdf.structure import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.content import Field, Fields
    from ldn_titrate.export.pdf.looks import Look

_WIDTH: Final = 150.0  # a column of fields is at least this wide
_GUTTER: Final = 18.0
_GAP: Final = 16.0  # above the first of them
_ROOM: Final = 19.0  # to write on by hand
_LABEL_GAP: Final = 6.0
_MOST_LABEL: Final = 0.45  # of the width, for labels beside their values


def fields(block: Fields, width: float, parent: Tag, look: Look) -> Iterator[Strip]:
    """Set labels above their values, as many side by side as have room."""
    whole = Tag("L", parent)
    least = _WIDTH * look.scale
    columns = int((width + _GUTTER) // (least + _GUTTER))
    column = (width - _GUTTER * (columns - 1)) / columns
    for start in range(0, len(block.fields), columns):
        row = block.fields[start : start + columns]
        parts = [_above(field, column, whole, look) for field in row]
        height = max(part.height for part in parts)
        strips = [_ruled(*pair, 0, column, height) for pair in zip(row, parts, strict=True)]
        gap = BLOCK_GAP if start else _GAP
        yield side_by_side(strips, column + _GUTTER)._replace(before=gap)


def narrow_fields(block: Sequence[Field], width: float, parent: Tag, look: Look) -> Iterator[Strip]:
    """Set labels beside their values in a narrow column; in large print, above them."""
    whole = Tag("L", parent)
    widest = max((text_width(one.label, look.small_strong) for one in block), default=0.0)
    left = 0.0 if look.is_large else min(widest, _MOST_LABEL * width) + _LABEL_GAP
    for one in block:
        stack = _beside(one, left, width, whole, look) if left else _above(one, width, whole, look)
        yield _ruled(one, stack, left, width, stack.height)


def _above(field: Field, width: float, whole: Tag, look: Look) -> Stack:
    """Set a label above its value."""
    inside = Tag("LI", whole)
    label = stacked(Tag("Lbl", inside), [(field.label, look.small_strong)], width)
    told = [(field.value or "", look.body)]
    value = stacked(Tag("LBody", inside), told, width, y=label.height)
    room = 0.0 if field.value else _ROOM * look.scale - value.height
    return Stack(label.words + value.words, label.height + value.height + room)


def _beside(field: Field, left: float, width: float, whole: Tag, look: Look) -> Stack:
    """Set a label to the left of its value, on the same baseline."""
    inside = Tag("LI", whole)
    least = 0.0 if field.value else _ROOM - look.body.leading
    drop = least + (look.body.leading - look.small_strong.leading) / 2
    name = [(field.label, look.small_strong)]
    label = stacked(Tag("Lbl", inside), name, left - _LABEL_GAP, y=drop)
    told = [(field.value or "", look.body)]
    value = stacked(Tag("LBody", inside), told, width - left, x=left, y=least)
    return Stack(label.words + value.words, max(drop + label.height, least + value.height))


def _ruled(field: Field, stack: Stack, left: float, width: float, height: float) -> Strip:
    """Rule a line where a value is written in by hand."""
    rule = Fill(left, height, width - left, THIN, BLACK)
    shapes = (rule,) if field.value is None else ()
    return Strip(height, stack.words, shapes, before=ITEM_GAP)
