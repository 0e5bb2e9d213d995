"""
Cards to cut out: panels of the size of a bank card, side by side or one above the other.

Panels grow taller together where their words need it: no word shrinks, and none is lost. This
room knows how panels make a card, and not what stands on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ldn_titrate.export.pdf.fields import narrow_fields
from ldn_titrate.export.pdf.strips import (
    BLOCK_GAP,
    ITEM_GAP,
    Path,
    Strip,
    heading,
    paragraph,
    piled,
    side_by_side,
)
from ldn_titrate.export.pdf.structure import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.content import Card, Panel
    from ldn_titrate.export.pdf.looks import Look

_MILLIMETRE: Final = 72 / 25.4
PANEL_WIDTH: Final = 85.6 * _MILLIMETRE
PANEL_HEIGHT: Final = 54.0 * _MILLIMETRE

_PAD: Final = 11.0
_LINE: Final = 0.8
_CUT: Final = (6.0, 3.0)  # dashes along which it is cut
_FOLD: Final = (1.0, 2.5)  # dots along which it is folded


def card(block: Card, width: float, parent: Tag, look: Look, level: int) -> Iterator[Strip]:
    """Set a card: its title, what to do with it, its panels."""
    inside = Tag("Sect", parent)
    yield heading(block.title, look.heading, width, Tag(f"H{level}", inside))
    yield paragraph(block.cut, look.body, width, Tag("P", inside))._replace(keep=True)
    panels = [_panel(panel, Tag("Sect", inside), look, level + 1) for panel in block.panels]
    height = max((panel.height for panel in panels), default=0.0)
    if len(panels) * PANEL_WIDTH <= width:
        yield _row(panels, height, upper=_CUT, lower=_CUT)
        return
    last = len(panels) - 1
    for number, panel in enumerate(panels):
        upper, lower = (_FOLD if number else _CUT), (_FOLD if number < last else _CUT)
        row = _row([panel], height, upper=upper, lower=lower)
        yield row._replace(keep=number < last, before=0.0 if number else row.before)


def _panel(block: Panel, inside: Tag, look: Look, level: int) -> Strip:
    width = PANEL_WIDTH - 2 * _PAD
    strips = [heading(block.title, look.strong, width, Tag(f"H{level}", inside))]
    strips += [paragraph(line, look.small, width, Tag("P", inside)) for line in block.lines]
    if block.fields:
        first, *others = narrow_fields(block.fields, width, inside, look)
        strips += [first._replace(before=2 * ITEM_GAP), *others]
    panel = piled(strips, _PAD, _PAD)
    return panel._replace(height=max(PANEL_HEIGHT, panel.height + _PAD))


def _row(
    panels: list[Strip],
    height: float,
    *,
    upper: tuple[float, ...],
    lower: tuple[float, ...],
) -> Strip:
    """Set panels side by side, and the lines around and between them."""
    faces = side_by_side(panels, PANEL_WIDTH)
    right = len(panels) * PANEL_WIDTH
    folds = [number * PANEL_WIDTH for number in range(1, len(panels))]
    lines = (
        Path(((0, 0), (right, 0)), _LINE, dashes=upper),
        Path(((0, height), (right, height)), _LINE, dashes=lower),
        *(Path(((x, 0), (x, height)), _LINE, dashes=_CUT) for x in (0.0, right)),
        *(Path(((x, 0), (x, height)), _LINE, dashes=_FOLD) for x in folds),
    )
    return Strip(height, faces.words, (*faces.shapes, *lines), before=BLOCK_GAP)
