"""
Charts: values over days, one field above the other over the same days.

Series are told apart by their dashes and by the markers on them, in greys; the chart is one
drawing, which is read aloud in the words that also stand below it. This room knows axes and
points, and not what is measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ldn_titrate.content import Drawn
from ldn_titrate.errors import ExportError
from ldn_titrate.export.pdf.lines import spoken, text_width
from ldn_titrate.export.pdf.strips import (
    BLOCK_GAP,
    ITEM_GAP,
    WHITE,
    Path,
    Polygon,
    Stack,
    Strip,
    heading,
    moved,
    paragraph,
    shifted,
    stacked,
)
from ldn_titrate.export.pdf.structure import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.content import Axis, Chart, Plot, Series
    from ldn_titrate.export.pdf.canvas import Words
    from ldn_titrate.export.pdf.looks import Look
    from ldn_titrate.export.pdf.strips import Shape

_HEIGHT: Final = 105.0  # of a field
_LEAST_SHARE: Final = 0.025  # of an axis between two ticks, for their labels to stand apart
_MOST_LABEL: Final = 0.22  # of the width, for the ticks of the vertical axis
_GAP: Final = 5.0
_TICK: Final = 4.0
_HEAD: Final = 10.0  # between the names of the series and their field
_FOOT: Final = 12.0  # between two fields
_SAMPLE: Final = 26.0  # the length of a line beside its name
_SAMPLE_GAP: Final = 6.0
_ENTRY_GAP: Final = 18.0

_AXIS_LINE: Final = 0.9
_GRID_LINE: Final = 0.5
_GRID_GREY: Final = 0.75
_LINE: Final = 1.6
_GREYS: Final = (0.0, 0.4, 0.25, 0.5)
_DASHES: Final = (4.0, 3.0)
_MARKER: Final = 3.0  # half its width
_CROWDED: Final = 4.0  # markers closer than so many times their half width are left out

_Points = tuple[tuple[float, float], ...]

# The corners of the markers in a square from -1 to 1, and whether they are filled.
_MARKERS: Final[tuple[tuple[_Points, bool], ...]] = (
    (
        ((-0.4, -1), (0.4, -1), (1, -0.4), (1, 0.4), (0.4, 1), (-0.4, 1), (-1, 0.4), (-1, -0.4)),
        True,
    ),
    (((-1, -1), (1, -1), (1, 1), (-1, 1)), False),
    (((0, -1.2), (1.1, 1), (-1.1, 1)), True),
    (((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)), False),
)


@dataclass(frozen=True, slots=True)
class _Field:
    """Where the points of a plot lie: its edges on the page, and the axes that they stand for."""

    left: float
    right: float
    top: float
    bottom: float
    x: Axis
    y: Axis

    def across(self, value: float) -> float:
        """Find the place of a value of the horizontal axis."""
        return self.left + (self.right - self.left) * _share(value, self.x)

    def down(self, value: float) -> float:
        """Find the place of a value of the vertical axis."""
        return self.bottom - (self.bottom - self.top) * _share(value, self.y)


def _share(value: float, axis: Axis) -> float:
    """
    Find where on an axis a value lies, from 0 to 1.

    Raises:
        ExportError: It lies outside, or the axis has no length.
    """
    if not axis.low < axis.high or not axis.low <= value <= axis.high:
        raise ExportError(
            f"a chart has a value of {value:g} on an axis from {axis.low:g} to {axis.high:g}"
        )
    return (value - axis.low) / (axis.high - axis.low)


def chart(block: Chart, width: float, parent: Tag, look: Look, level: int) -> Iterator[Strip]:
    """
    Set a chart: its title, its fields, the days below them, and the same in words.

    Raises:
        ExportError: A value lies outside its axis, or the chart is not told in words.
    """
    if not block.spoken.strip():
        raise ExportError("a chart is not told in words, and a screen reader needs them")
    inside = Tag("Sect", parent)
    yield heading(block.title, look.heading, width, Tag(f"H{level}", inside))
    figure = Tag("Figure", inside, alternate=spoken(block.spoken, look.body))
    labels = [label for plot in block.plots for _, label in plot.y.ticks]
    widest = max((text_width(label, look.small) for label in labels), default=0.0)
    left = min(widest, width * _MOST_LABEL) + _GAP + _TICK
    for plot in block.plots:
        yield _plot(plot, block.x, left, width, figure, look)
    yield _days(block.x, left, width, figure, look)
    told = paragraph(block.spoken, look.body, width, Tag("P", inside))
    yield told._replace(before=BLOCK_GAP)


def _plot(plot: Plot, x: Axis, left: float, width: float, figure: Tag, look: Look) -> Strip:
    """Set one field: the names of what is drawn in it, its axes, its series."""
    head = _names(plot, width, figure, look)
    labels = [_tick_label(label, left, figure, look) for _, label in plot.y.ticks]
    tallest = max((label.height for label in labels), default=0.0)
    top = head.height + max(_HEAD, tallest / 2 + _GAP)
    bottom = top + max(_HEIGHT * look.scale, tallest / _closest(plot.y))
    field = _Field(left, width - 2 * _MARKER, top, bottom, x, plot.y)
    words = list(head.words)
    for label, (value, _) in zip(labels, plot.y.ticks, strict=True):
        words.extend(moved(label.words, 0, field.down(value) - label.height / 2))
    shapes = [*head.shapes, *_axes(field)]
    for number, series in enumerate(plot.series):
        shapes.extend(_series(field, series, number, look))
    height = bottom + max(_FOOT, tallest / 2 + _GAP)
    return Strip(height, tuple(words), tuple(shapes), before=ITEM_GAP, keep=True, figure=figure)


def _closest(y: Axis) -> float:
    """Find the part of an axis between the two ticks that stand closest together."""
    places = sorted(_share(value, y) for value, _ in y.ticks)
    return max(_LEAST_SHARE, min((far - near for near, far in pairwise(places)), default=1.0))


def _tick_label(label: str, left: float, figure: Tag, look: Look) -> Stack:
    """Set a label of the vertical axis, up to its tick."""
    room = left - _GAP - _TICK
    indent = max(0.0, room - text_width(label, look.small))
    return stacked(figure, [(f"{label} ", look.small)], room, x=indent)


def _axes(field: _Field) -> Iterator[Shape]:
    """Draw the grid, then the two axes with their ticks over it."""
    for value, _ in field.x.ticks:
        x = field.across(value)
        yield Path(((x, field.top), (x, field.bottom)), _GRID_LINE, _GRID_GREY)
        yield Path(((x, field.bottom), (x, field.bottom + _TICK)), _AXIS_LINE)
    for value, _ in field.y.ticks:
        y = field.down(value)
        yield Path(((field.left, y), (field.right, y)), _GRID_LINE, _GRID_GREY)
        yield Path(((field.left - _TICK, y), (field.left, y)), _AXIS_LINE)
    corner = (field.left, field.bottom)
    yield Path(((field.left, field.top), corner, (field.right, field.bottom)), _AXIS_LINE)


def _series(field: _Field, series: Series, number: int, look: Look) -> Iterator[Shape]:
    """Draw the line of a series, then its markers over it."""
    points = tuple((field.across(x), field.down(y)) for x, y in series.points)
    grey = _GREYS[number % len(_GREYS)]
    line = _stepped(points) if series.drawn is Drawn.STEPS else points
    if len(line) > 1:
        yield Path(line, _LINE * look.scale, grey, _dashes(series))
    for x, y in _spaced(points, _CROWDED * _MARKER * look.scale):
        yield from shifted(_marker(number, grey, look), x, y)


def _dashes(series: Series) -> tuple[float, ...]:
    return _DASHES if series.drawn is Drawn.DASHED else ()


def _stepped(points: _Points) -> _Points:
    """Hold each value until the next one."""
    corners = ((far[0], near[1]) for near, far in pairwise(points))
    return points[:1] + tuple(
        point
        for corner, far in zip(corners, points[1:], strict=True)
        for point in dict.fromkeys((corner, far))
    )


def _spaced(points: _Points, least: float) -> Iterator[tuple[float, float]]:
    """Leave out what would cover the marker before it."""
    last: tuple[float, float] | None = None
    for point in points:
        if last is None or max(abs(point[0] - last[0]), abs(point[1] - last[1])) >= least:
            last = point
            yield point


def _marker(number: int, grey: float, look: Look) -> tuple[Shape, ...]:
    corners, filled = _MARKERS[number % len(_MARKERS)]
    size = _MARKER * look.scale
    points = tuple((right * size, down * size) for right, down in corners)
    if filled:
        return (Polygon(points, grey),)
    return (Polygon(points, WHITE), Path((*points, *points[:2]), _LINE * 0.8 * look.scale, grey))


def _names(plot: Plot, width: float, figure: Tag, look: Look) -> Strip:
    """Name the vertical axis and the series, each series beside a sample of its line."""
    named = [(plot.y.label, None)] if _says_more(plot) else []
    entries = [*named, *((one.label, number) for number, one in enumerate(plot.series))]
    words: list[Words] = []
    shapes: list[Shape] = []
    x, y, low = 0.0, 0.0, 0.0
    for label, number in entries:
        style = look.small if named and number is not None else look.small_strong
        indent = 0.0 if number is None else (_SAMPLE + _SAMPLE_GAP) * look.scale
        if x and x + indent + text_width(label, style) > width:
            x, y = 0.0, low
        stack = stacked(figure, [(f"{label} ", style)], width - indent)
        words.extend(moved(stack.words, x + indent, y))
        if number is not None:
            shapes.extend(shifted(_sample(plot.series[number], number, look), x, y))
        x += indent + text_width(label, style) + _ENTRY_GAP
        low = max(low, y + stack.height)
    return Strip(low, tuple(words), tuple(shapes))


def _says_more(plot: Plot) -> bool:
    """Tell whether the name of the axis is another than that of its only series."""
    return [one.label for one in plot.series] != [plot.y.label] and bool(plot.y.label.strip())


def _sample(series: Series, number: int, look: Look) -> Iterator[Shape]:
    grey = _GREYS[number % len(_GREYS)]
    length, middle = _SAMPLE * look.scale, look.small.leading / 2
    yield Path(((0, middle), (length, middle)), _LINE * look.scale, grey, _dashes(series))
    yield from shifted(_marker(number, grey, look), length / 2, middle)


def _days(x: Axis, left: float, width: float, figure: Tag, look: Look) -> Strip:
    """Set the labels of the horizontal axis, in as many tiers as keep them apart, and its name."""
    words: list[Words] = []
    ends: list[float] = []
    tier_height = 0.0
    placed = []
    for value, label in x.ticks:
        middle = left + (width - 2 * _MARKER - left) * _share(value, x)
        long = min(text_width(label, look.small), width * _MOST_LABEL)
        start = min(max(0.0, middle - long / 2), width - long)
        tier = next((n for n, end in enumerate(ends) if start >= end), len(ends))
        ends[tier : tier + 1] = [start + long + look.small.size]
        stack = stacked(figure, [(f"{label} ", look.small)], long)
        placed.append((stack, start, tier))
        tier_height = max(tier_height, stack.height)
    for stack, start, tier in placed:
        words.extend(moved(stack.words, start, tier * tier_height))
    name = _axis_name(x, left, width, figure, look, len(ends) * tier_height)
    return Strip(
        len(ends) * tier_height + name.height, (*words, *name.words), keep=True, figure=figure
    )


def _axis_name(x: Axis, left: float, width: float, figure: Tag, look: Look, y: float) -> Stack:
    if not x.label.strip():
        return Stack((), 0.0)
    return stacked(figure, [(x.label, look.small_strong)], width - left, x=left, y=y)
