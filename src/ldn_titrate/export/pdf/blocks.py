"""
The blocks of a document, set in type as strips of a page.

This room knows how each block looks, and neither pages nor the order in which strips fill them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

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
from ldn_titrate.export.pdf.calendars import calendar
from ldn_titrate.export.pdf.cards import card
from ldn_titrate.export.pdf.charts import chart
from ldn_titrate.export.pdf.days import day_strip
from ldn_titrate.export.pdf.fields import fields
from ldn_titrate.export.pdf.lines import spoken
from ldn_titrate.export.pdf.strips import (
    BLACK,
    BLOCK_GAP,
    ITEM_GAP,
    PALE,
    WHITE,
    Entry,
    Fill,
    Outline,
    Polygon,
    Strip,
    heading,
    paragraph,
    piled,
    stacked,
)
from ldn_titrate.export.pdf.structure import Tag
from ldn_titrate.export.pdf.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.content import Block, Section
    from ldn_titrate.export.pdf.lines import Style
    from ldn_titrate.export.pdf.looks import Look
    from ldn_titrate.export.pdf.strips import Shape

_Apart: TypeAlias = Table | TickCalendar | Fields | Card | DayStrip | Chart

_BULLET: Final = "\N{BULLET}"
_BULLET_INDENT: Final = 12.0
_THICK: Final = 3.0
_OCTAGON: Final = 34.0


def section_strips(section: Section, width: float, parent: Tag, look: Look) -> Iterator[Strip]:
    """Set a section: its heading, then its blocks."""
    inside = Tag("Sect", parent)
    head = heading(section.title, look.heading, width, Tag("H2", inside))
    yield head._replace(entry=Entry(spoken(section.title, look.heading), 1))
    for number, strip in enumerate(blocks_strips(section.blocks, width, inside, look, level=3)):
        yield strip if number else strip._replace(before=ITEM_GAP)


def blocks_strips(
    blocks: Sequence[Block], width: float, parent: Tag, look: Look, *, level: int
) -> Iterator[Strip]:
    """
    Set blocks, one under the other.

    Args:
        blocks: What to set.
        width: The width of the column.
        parent: The element that the blocks stand in.
        look: The styles of the document.
        level: The level of a heading inside a block.

    Yields:
        Their strips from top to bottom.
    """
    above: Block | None = None
    for block in blocks:
        for number, strip in enumerate(_strips(block, width, parent, look, level)):
            # What comes after a table is not of its last row.
            after_table = isinstance(above, Table) and number == 0
            yield strip._replace(before=max(strip.before, BLOCK_GAP)) if after_table else strip
        above = block


def _strips(block: Block, width: float, parent: Tag, look: Look, level: int) -> Iterator[Strip]:
    """Set any block."""
    match block:
        case Paragraph():
            yield paragraph(block.text, look.body, width, Tag("P", parent))
        case Bullets():
            yield from _bullets(block, width, parent, look)
        case Callout():
            yield _callout(block, width, parent, look, level)
        case _:
            yield from _apart(block, width, parent, look, level)


def _apart(block: _Apart, width: float, parent: Tag, look: Look, level: int) -> Iterator[Strip]:
    """Set a block that is more than text."""
    match block:
        case Table():
            yield from table(block, width, parent, look)
        case TickCalendar():
            yield from calendar(block, width, parent, look, level)
        case Fields():
            yield from fields(block, width, parent, look)
        case Card():
            yield from card(block, width, parent, look, level)
        case DayStrip():
            yield from day_strip(block, width, parent, look, level)
        case Chart():
            yield from chart(block, width, parent, look, level)
        case _:
            assert_never(block)


def _bullets(block: Bullets, width: float, parent: Tag, look: Look) -> Iterator[Strip]:
    whole = Tag("L", parent)
    indent = _BULLET_INDENT * look.scale
    for item in block.items:
        inside = Tag("LI", whole)
        label = stacked(Tag("Lbl", inside), [(_BULLET, look.body)], width)
        body = stacked(Tag("LBody", inside), [(item, look.body)], width - indent, x=indent)
        yield Strip(body.height, label.words + body.words, before=ITEM_GAP)


def _callout(block: Callout, width: float, parent: Tag, look: Look, level: int) -> Strip:
    inside = Tag("Sect", parent)
    indent, pad, shapes = _CALLOUT_FRAMES[block.weight]
    column = width - indent - pad
    style = _callout_title(block.weight, look)
    strips = [
        heading(block.title, style, column, Tag(f"H{level}", inside)),
        *blocks_strips(block.blocks, column, inside, look, level=level + 1),
    ]
    whole = piled(strips, indent, pad)
    height = whole.height + pad
    return Strip(height, whole.words, shapes(width, height), before=BLOCK_GAP)


def _callout_title(weight: Weight, look: Look) -> Style:
    titles = {Weight.MAIN: look.main_title, Weight.STOP: look.stop_title}
    return titles.get(weight, look.plain_title)


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
