"""
Charts and marks as SVG: black, white and grey, told apart by shape and dash, never by colour.

What a picture says stands in words beside it; this room only draws.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from ldn_titrate.content import Drawn, Mark
from ldn_titrate.export.markup import beside_each_other, one_line, tag

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from ldn_titrate.content import Axis, Chart, Plot, Series

# All lengths are in the units of the chart's view box, which is scaled to the width of the text.
_WIDTH: Final = 720.0
_LEFT: Final = 72.0
_RIGHT: Final = 24.0
_HEIGHT: Final = 150.0  # of a field
_ABOVE: Final = 46.0  # a field: room for the label of its axis
_FOOT: Final = 52.0  # below the last field: the ticks and the label of the days
_LINE: Final = 5.0  # from the middle of small letters to their foot
_DOT: Final = 4.0

_STROKES: Final = {
    Drawn.STEPS: {"stroke_width": "3.5"},
    Drawn.LINE: {"stroke_width": "2"},
    Drawn.DASHED: {"stroke_width": "2.5", "stroke_dasharray": "9 6"},
}

_SQUARE: Final = "M1.5 1.5h9v9h-9z"
# What is drawn as a line, and what is filled.
_MARKS: Final = {
    Mark.FULL: (_SQUARE, _SQUARE),
    Mark.HALF: (_SQUARE, "M1.5 1.5v9h9z"),
    Mark.DOUBLE: ("M1.5 .5h9v4h-9zM1.5 7.5h9v4h-9z", "M1.5 .5h9v4h-9zM1.5 7.5h9v4h-9z"),
    Mark.SLASH: (f"{_SQUARE}M1.5 10.5l9-9", ""),
    Mark.CROSS: ("M1.5 1.5l9 9M10.5 1.5l-9 9", ""),
    Mark.EMPTY: (_SQUARE, ""),
    Mark.DASH: ("M2.5 6h7", ""),
}


def mark(sign: Mark, label: str | None = None) -> Element:
    """Draw a mark; without a label it is passed over in reading aloud."""
    outline, filled = _MARKS[sign]
    named = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    paths = [tag("path", d=outline, fill="none", stroke="#000", stroke_width="1.4")]
    paths += [tag("path", d=filled)] if filled else []
    return tag("svg", *paths, class_="mark", viewBox="0 0 12 12", **named)


def stop_sign() -> Element:
    """Draw a black octagon with a white bar: no entry, in any language."""
    octagon = tag("path", d="M0 10 10 0h14l10 10v14L24 34H10L0 24z")
    bar = tag("path", d="M7 14.5h20v5H7z", fill="#fff")
    return tag("svg", octagon, bar, class_="sign", viewBox="0 0 34 34", aria_hidden="true")


def sample(drawn: Drawn) -> Element:
    """Draw a piece of a line, to stand beside what it means."""
    line = tag("path", d="M0 6h44", fill="none", stroke="#000", **_STROKES[drawn])
    dots = [_dot(22, 6)] if drawn is Drawn.LINE else []
    return tag("svg", line, *dots, class_="sample", viewBox="0 0 44 12", aria_hidden="true")


def chart(block: Chart) -> Element:
    """Draw the fields of a chart, one above the other over the same days."""
    fields = [_Field(number, block.x, plot) for number, plot in enumerate(block.plots)]
    labels = [block.x.label, *(plot.y.label for plot in block.plots)]
    return tag(
        "svg",
        tag("title", one_line(block.title)),
        tag("desc", beside_each_other(map(one_line, labels))),
        *(part for field in fields for part in field.drawn()),
        *_days(block.x, fields),
        class_="chart",
        role="img",
        viewBox=f"0 0 {_WIDTH:g} {len(fields) * (_HEIGHT + _ABOVE) + _FOOT:g}",
    )


class _Field(NamedTuple):
    """One field of a chart and its place, counted from the top."""

    number: int
    x: Axis
    plot: Plot

    @property
    def top(self) -> float:
        return self.number * (_HEIGHT + _ABOVE) + _ABOVE

    @property
    def bottom(self) -> float:
        return self.top + _HEIGHT

    def across(self, value: float) -> float:
        return _LEFT + _share(self.x, value) * (_WIDTH - _LEFT - _RIGHT)

    def down(self, value: float) -> float:
        return self.bottom - _share(self.plot.y, value) * _HEIGHT

    def drawn(self) -> Iterator[Element]:
        """Yield the label and the ticks of the vertical axis, then the series over them."""
        yield _words(0, self.top - 22, self.plot.y.label, weight="bold")
        for value, label in self.plot.y.ticks:
            yield _rule(_LEFT, self.down(value), _WIDTH - _RIGHT, self.down(value), "#ccc")
            yield _words(_LEFT - 8, self.down(value) + _LINE, label, anchor="end")
        yield _rule(_LEFT, self.top, _LEFT, self.bottom, "#000")
        yield _rule(_LEFT, self.bottom, _WIDTH - _RIGHT, self.bottom, "#000")
        for one in self.plot.series:
            yield from self._series(one)

    def _series(self, one: Series) -> Iterator[Element]:
        places = [(self.across(x), self.down(y)) for x, y in one.points]
        if len(places) > 1:
            path = _steps(places) if one.drawn is Drawn.STEPS else _straight(places)
            yield tag("path", d=path, fill="none", stroke="#000", **_STROKES[one.drawn])
        if one.drawn is Drawn.LINE or len(places) == 1:
            yield from (_dot(x, y) for x, y in places)


def _share(axis: Axis, value: float) -> float:
    """Say how far along its axis a value is; an axis without length has it at the start."""
    return (value - axis.low) / ((axis.high - axis.low) or 1.0)


def _days(x: Axis, fields: list[_Field]) -> Iterator[Element]:
    """Draw the horizontal axis below the last field."""
    if fields:
        last = fields[-1]
        for value, label in x.ticks:
            across = last.across(value)
            yield _rule(across, last.bottom, across, last.bottom + 6, "#000")
            yield _words(across, last.bottom + 22, label, anchor="middle")
        middle = (_LEFT + _WIDTH - _RIGHT) / 2
        yield _words(middle, last.bottom + 44, x.label, anchor="middle", weight="bold")


def _straight(places: list[tuple[float, float]]) -> str:
    start, *others = [f"{x:.1f} {y:.1f}" for x, y in places]
    return f"M{start}L{'L'.join(others)}"


def _steps(places: list[tuple[float, float]]) -> str:
    (x, y), *_ = places
    return f"M{x:.1f} {y:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for _, (x, y) in pairwise(places))


def _rule(x1: float, y1: float, x2: float, y2: float, stroke: str) -> Element:
    return tag("path", d=f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}", stroke=stroke)


def _dot(x: float, y: float) -> Element:
    return tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{_DOT:g}")


def _words(
    x: float, y: float, text: str, *, anchor: str | None = None, weight: str | None = None
) -> Element:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}"}
    return tag("text", one_line(text), **place, text_anchor=anchor, font_weight=weight)
