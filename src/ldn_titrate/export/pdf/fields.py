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
    stacked,
)
from ldn_titrate.export.pdf.structure import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.content import Field, Fields
    from ldn_titrate.export.pdf.looks import Look
    from ldn_titrate.export.pdf.strips import Shape

_WIDTH: Final = 150.0  # a column of fields is at least this wide
_GUTTER: Final = 18.0
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
        lefts = [number * (column + _GUTTER) for number in range(len(row))]
        parts = [
            _above(field, left, column, whole, look)
            for field, left in zip(row, lefts, strict=True)
        ]
        height = max(part.height for part in parts)
        words = tuple(word for part in parts for word in part.words)
        rules = tuple(
            Fill(left, height, column, THIN, BLACK)
            for field, left in zip(row, lefts, strict=True)
            if field.value is None
        )
        yield Strip(height, words, rules, before=BLOCK_GAP if start else ITEM_GAP)


def _above(field: Field, x: float, width: float, whole: Tag, look: Look) -> Stack:
    inside = Tag("LI", whole)
    label = stacked(Tag("Lbl", inside), [(field.label, look.small_strong)], width, x=x)
    told = [(field.value or "", look.body)]
    value = stacked(Tag("LBody", inside), told, width, x=x, y=label.height)
    room = 0.0 if field.value else _ROOM * look.scale - value.height
    return Stack(label.words + value.words, label.height + value.height + room)


def narrow_fields(
    block: Sequence[Field], width: float, parent: Tag, look: Look
) -> Iterator[Strip]:
    """Set labels beside their values in a narrow column; in large print, above them."""
    whole = Tag("L", parent)
    if look.is_large:
        yield from (_ruled(one, _above(one, 0, width, whole, look), 0, width) for one in block)
        return
    widest = max((text_width(one.label, look.small_strong) for one in block), default=0.0)
    left = min(widest, _MOST_LABEL * width) + _LABEL_GAP
    for one in block:
        yield _ruled(one, _beside(one, left, width, whole, look), left, width)


def _beside(field: Field, left: float, width: float, whole: Tag, look: Look) -> Stack:
    inside = Tag("LI", whole)
    label = stacked(
        Tag("Lbl", inside), [(field.label, look.small_strong)], left - _LABEL_GAP, y=1.5
    )
    told = [(field.value or "", look.body)]
    value = stacked(Tag("LBody", inside), told, width - left, x=left)
    least = 0.0 if field.value else _ROOM
    return Stack(label.words + value.words, max(label.height + 1.5, value.height, least))


def _ruled(field: Field, stack: Stack, left: float, width: float) -> Strip:
    rule: tuple[Shape, ...] = (Fill(left, stack.height, width - left, THIN, BLACK),)
    shapes = () if field.value is not None else rule
    return Strip(stack.height, stack.words, shapes, before=ITEM_GAP)
