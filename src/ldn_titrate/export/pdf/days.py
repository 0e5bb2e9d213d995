"""
Days in rows, a mark on each, and what the marks mean.

Marks are told apart by shape alone. The rows are one drawing, which is read aloud as its counts.
This room knows marks and rows, and not what was done on a day.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from ldn_titrate.content import Mark
from ldn_titrate.errors import ExportError
from ldn_titrate.export.pdf.lines import spoken, text_width
from ldn_titrate.export.pdf.strips import (
    BLACK,
    BLOCK_GAP,
    ITEM_GAP,
    Fill,
    Outline,
    Path,
    Polygon,
    Strip,
    heading,
    shifted,
    side_by_side,
    stacked,
)
from ldn_titrate.export.pdf.structure import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.content import DayStrip, Legend
    from ldn_titrate.export.pdf.looks import Look
    from ldn_titrate.export.pdf.strips import Shape

_WEEK: Final = 7
_MARK: Final = 10.0
_STEP: Final = 14.5  # from mark to mark
_WEEK_GAP: Final = 5.0
_ROW_PAD: Final = 3.5
_GUTTER: Final = 10.0
_MOST_LABEL: Final = 0.3  # of the width
_LINE: Final = 1.2
_HEAVY: Final = 1.8
_BAR: Final = 0.38  # of the width of a mark


def day_strip(
    block: DayStrip, width: float, parent: Tag, look: Look, level: int
) -> Iterator[Strip]:
    """
    Set rows of marks: their title, the rows, the legend.

    Raises:
        ExportError: The legend counts other marks than there are.
    """
    _check(block)
    inside = Tag("Sect", parent)
    yield heading(block.title, look.heading, width, Tag(f"H{level}", inside))
    figure = Tag("Figure", inside, alternate=_told(block, look))
    labels = max((text_width(label, look.small) for label, _ in block.rows), default=0.0)
    left = min(labels, width * _MOST_LABEL) + _GUTTER
    for label, marks in block.rows:
        yield from _rows(label, marks, left, width, figure, look)
    yield from _legend(block.legend, width, Tag("L", inside), look)


def _check(block: DayStrip) -> None:
    drawn = Counter(mark for _, marks in block.rows for mark in marks if mark)
    counted = Counter({one.mark: one.count for one in block.legend if one.count})
    if drawn != counted:
        raise ExportError(f"the legend counts {_counts(counted)}; the days show {_counts(drawn)}")


def _counts(counted: Counter[Mark]) -> str:
    return ", ".join(f"{mark} {counted[mark]}" for mark in Mark if counted[mark]) or "nothing"


def _told(block: DayStrip, look: Look) -> str:
    """Tell the rows in numbers."""
    labels = {one.mark: spoken(one.label, look.small) for one in block.legend}
    whole = [f"{spoken(one.label, look.small)} {one.count}" for one in block.legend]
    rows = [
        f"{spoken(label, look.small)}: {_row_told(marks, labels)}" for label, marks in block.rows
    ]
    return ". ".join([f"{spoken(block.title, look.small)}: {', '.join(whole)}", *rows])


def _row_told(marks: Sequence[Mark | None], labels: dict[Mark, str]) -> str:
    counted = Counter(mark for mark in marks if mark)
    return ", ".join(f"{label} {counted[mark]}" for mark, label in labels.items() if counted[mark])


def _rows(
    label: str,
    marks: Sequence[Mark | None],
    left: float,
    width: float,
    figure: Tag,
    look: Look,
) -> Iterator[Strip]:
    """Set a row of marks, in parts of whole weeks where it is too long for the page."""
    part = _marks_in(width - left, look)
    for start in range(0, max(len(marks), 1), part):
        shapes = tuple(_marks(marks[start : start + part], left, look))
        named = stacked(figure, [("" if start else label, look.small)], left - _GUTTER, y=_ROW_PAD)
        height = max(named.height, _MARK * look.scale) + 2 * _ROW_PAD
        yield Strip(height, named.words, shapes, before=0.0, keep=True, figure=figure)


def _marks_in(width: float, look: Look) -> int:
    """Count the marks that a row has room for, in whole weeks."""
    week = (_WEEK * _STEP + _WEEK_GAP) * look.scale
    return _WEEK * max(1, int((width + _WEEK_GAP * look.scale) // week))


def _marks(marks: Sequence[Mark | None], left: float, look: Look) -> Iterator[Shape]:
    top = _ROW_PAD + (look.small.leading - _MARK * look.scale) / 2
    for number, mark in enumerate(marks):
        x = left + (number * _STEP + number // _WEEK * _WEEK_GAP) * look.scale
        if mark:
            yield from shifted(_drawn(mark, _MARK * look.scale), x, top)


def _drawn(mark: Mark, size: float) -> tuple[Shape, ...]:
    """Draw a mark in a square of this size."""
    low, high = _LINE / 2, size - _LINE / 2
    square = Outline(low, low, high - low, high - low, _LINE)
    rising = Path(((low, high), (high, low)), _HEAVY)
    falling = Path(((low, low), (high, high)), _HEAVY)
    bar = size * _BAR
    shapes: dict[Mark, tuple[Shape, ...]] = {
        Mark.FULL: (Fill(0, 0, size, size, BLACK),),
        Mark.HALF: (square, Polygon(((low, low), (low, high), (high, high)), BLACK)),
        Mark.DOUBLE: (Fill(0, 0, bar, size, BLACK), Fill(size - bar, 0, bar, size, BLACK)),
        Mark.SLASH: (square, rising),
        Mark.CROSS: (rising, falling),
        Mark.EMPTY: (square,),
        Mark.DASH: (Path(((low, size / 2), (high, size / 2)), _HEAVY),),
    }
    return shapes[mark]


def _legend(block: Sequence[Legend], width: float, whole: Tag, look: Look) -> Iterator[Strip]:
    """Set what the marks mean, as many side by side as have room."""
    indent = _MARK * look.scale + _GUTTER
    texts = [text_width(one.label, look.body) for one in block]
    numbers = [text_width(f" {one.count}", look.strong) for one in block]
    wished = indent + max(texts, default=0.0) + _GUTTER + max(numbers, default=0.0) + 2 * _GUTTER
    columns = max(1, int(width // wished))
    column = width / columns
    number_room = max(numbers, default=0.0) + _GUTTER
    label_room = min(max(texts, default=0.0) + _GUTTER, column - indent - number_room)
    for start in range(0, len(block), columns):
        items = [
            _meaning(one, (indent, label_room, number_room), Tag("LI", whole), look)
            for one in block[start : start + columns]
        ]
        gap = ITEM_GAP if start else BLOCK_GAP
        yield side_by_side(items, column)._replace(before=gap, keep=start + columns < len(block))


def _meaning(one: Legend, rooms: tuple[float, float, float], item: Tag, look: Look) -> Strip:
    """Set what one mark means: the mark, the words, on how many days it stands."""
    indent, label_room, number_room = rooms
    label = stacked(Tag("Lbl", item), [(f"{one.label} ", look.body)], label_room, x=indent)
    number = [(str(one.count), look.strong)]
    count = stacked(Tag("LBody", item), number, number_room, x=indent + label_room)
    size = _MARK * look.scale
    shapes = shifted(_drawn(one.mark, size), 0, (look.body.leading - size) / 2)
    height = max(label.height, count.height)
    return Strip(height, label.words + count.words, tuple(shapes))
