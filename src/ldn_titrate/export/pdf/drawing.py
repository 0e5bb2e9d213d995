"""
Placed strips as marks on a page: shapes as drawing operators, words as tagged text.

What stands around the words is decoration and drawn first; a drawing that is told in words is
drawn in its turn, so that the reading order is kept. This room knows places and operators only.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ldn_titrate.export.pdf.canvas import TaggedCanvas, Words
from ldn_titrate.export.pdf.fonts import shown
from ldn_titrate.export.pdf.strips import Fill, Outline, Path, Polygon
from ldn_titrate.export.pdf.structure import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ldn_titrate.export.pdf.flow import Placed
    from ldn_titrate.export.pdf.strips import Shape
    from ldn_titrate.export.pdf.structure import Tag


def draw(canvas: TaggedCanvas, placed: Sequence[Placed], width: float, height: float) -> None:
    """
    Draw the strips of a page.

    Args:
        canvas: The canvas, on that page.
        placed: The strips and their places, in reading order.
        width: The width of their columns, for what is drawn in them.
        height: The height of the page.
    """
    with canvas.marked(Artifact.LAYOUT):
        for one in placed:
            if one.strip.figure is None:
                _draw_shapes(canvas, one, height)
        canvas.operators("0 g")
    for figure, group in groupby(placed, lambda one: one.strip.figure):
        strips = list(group)
        if figure:
            _draw_figure(canvas, figure, strips, width, height)
        canvas.write(_words(strips, height))
    for one in placed:
        if one.strip.entry:
            title, level = one.strip.entry
            canvas.entry(shown(title), level, height - one.y)


def _draw_figure(
    canvas: TaggedCanvas, figure: Tag, strips: Sequence[Placed], width: float, height: float
) -> None:
    """Draw what is told in words, and tell where it is."""
    with canvas.marked(figure):
        for one in strips:
            _draw_shapes(canvas, one, height)
        canvas.operators("0 g")
    left = min(one.x for one in strips)
    low = height - max(one.y + one.strip.height for one in strips)
    canvas.place(figure, left, low, left + width, height - min(one.y for one in strips))


def _draw_shapes(canvas: TaggedCanvas, placed: Placed, height: float) -> None:
    for shape in placed.strip.shapes:
        canvas.operators(_operators(shape, placed.x, height - placed.y))


def _words(placed: Iterable[Placed], height: float) -> Iterator[Words]:
    for strip, x, y in placed:
        for words in strip.words:
            yield Words(x + words.x, height - y - words.y, words.line, words.owner)


def _operators(shape: Shape, x: float, top: float) -> str:
    """Write a shape as PDF operators, given the upper left corner of its strip."""
    match shape:
        case Polygon():
            return f"{shape.grey:g} g {_points(shape.points, x, top)} f"
        case Path():
            dashes = " ".join(f"{length:g}" for length in shape.dashes)
            before = f"{shape.line:g} w {shape.grey:g} G [{dashes}] 0 d"
            return f"{before} {_points(shape.points, x, top)} S 0 G [] 0 d"
        case Outline():
            return f"{shape.line:g} w {_rectangle(shape, x, top)} S"
        case Fill():
            return f"{shape.grey:g} g {_rectangle(shape, x, top)} f"


def _points(points: Sequence[tuple[float, float]], x: float, top: float) -> str:
    start, *others = [f"{x + right:.2f} {top - down:.2f}" for right, down in points]
    return f"{start} m {' '.join(f'{point} l' for point in others)}"


def _rectangle(shape: Outline | Fill, x: float, top: float) -> str:
    low = top - shape.y - shape.height
    return f"{x + shape.x:.2f} {low:.2f} {shape.width:.2f} {shape.height:.2f} re"
