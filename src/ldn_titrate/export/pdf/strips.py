"""
Strips of a page: text and shapes that stay together, as wide as their column.

A strip is the smallest part of a page that keeps together: a paragraph, an item of a list, a row
of a table, a whole callout. Its words and shapes have their place from its own upper left corner,
downwards. Sizes are points. This room knows what a strip is made of, and neither the blocks of a
document nor the order in which strips fill a page.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from ldn_titrate.export.pdf.canvas import Words
from ldn_titrate.export.pdf.lines import Line, parts, set_text
from ldn_titrate.export.pdf.structure import Artifact, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ldn_titrate.export.pdf.lines import Style
    from ldn_titrate.export.pdf.structure import Owner

ITEM_GAP: Final = 2.0  # above an item or a paragraph
BLOCK_GAP: Final = 9.0  # above a block, at least
_HEADING_GAP: Final = 10.0

BLACK: Final = 0.0
PALE: Final = 0.93
WHITE: Final = 1.0
THIN: Final = 0.6

# The height of a capital letter over the type size, to centre a line between its neighbours.
_CAPITAL: Final = 0.668

_EMPTY: Final = Line((), 12.0, "", literal=True)


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


class Path(NamedTuple):
    """Straight lines from point to point, with the lengths of their dashes and gaps."""

    points: tuple[tuple[float, float], ...]
    line: float
    grey: float = BLACK
    dashes: tuple[float, ...] = ()


Shape: TypeAlias = Fill | Outline | Polygon | Path


class Entry(NamedTuple):
    """A line of the outline, and how deep it stands."""

    title: str
    level: int


class Strip(NamedTuple):
    """
    A part of a page that stays together, as wide as its column.

    Attributes:
        height: How much of the column it takes.
        words: Its lines of text, in reading order.
        shapes: What is drawn under the words; an artifact, where they are no figure.
        before: The free space above it, unless it is the first of its column.
        keep: Whether it must not be the last of its column: a heading goes with what follows.
        header: What stands above it again when it is the first of its column.
        figure: What the shapes are, where they are a drawing that is told in words.
        entry: The line of the outline that leads to it.
        whole: Of a header, whether its table is kept whole, however empty the page before it is.
    """

    height: float
    words: tuple[Words, ...]
    shapes: tuple[Shape, ...] = ()
    before: float = 0.0
    keep: bool = False
    header: Strip | None = None
    figure: Tag | None = None
    entry: Entry | None = None
    whole: bool = False


class Stack(NamedTuple):
    """Lines of text on top of each other."""

    words: tuple[Words, ...]
    height: float


def stacked(
    owner: Owner,
    texts: Sequence[tuple[str, Style]],
    width: float,
    x: float = 0.0,
    y: float = 0.0,
) -> Stack:
    """Set texts on top of each other as one element, a space between each two."""
    column = _column(tuple(texts), width)
    words: list[Words] = []
    for lines in column.lines:
        voice = _voice(owner, lines[0].language) if column.several else owner
        words.extend(Words(x, y + one.down, one.line, voice) for one in lines)
    return Stack(tuple(words), column.height)


class _Set(NamedTuple):
    """A line in its place under the upper end of its column."""

    down: float
    line: Line
    language: str | None


class _Column(NamedTuple):
    """Lines on top of each other, those of each text in each language apart."""

    lines: tuple[tuple[_Set, ...], ...]
    height: float
    several: bool


@lru_cache(maxsize=2048)
def _column(texts: tuple[tuple[str, Style], ...], width: float) -> _Column:
    """Break texts into lines; the same texts come again and again, such as the cells of a log."""
    several = any(style.beside and "\n" in text for text, style in texts)
    lines: list[tuple[_Set, ...]] = []
    last, bottom = len(texts) - 1, 0.0
    for number, (text, style) in enumerate(texts):
        for part in parts(text if number == last else f"{text} ", style):
            found = set_text(part.text, part.style, width) or (_EMPTY,)
            top, leading = bottom + _baseline(part.style), part.style.leading
            lines.append(
                tuple(_Set(top + n * leading, line, part.language) for n, line in enumerate(found))
            )
            bottom += leading * len(found)
    return _Column(tuple(lines), bottom, several)


def _voice(owner: Owner, language: str | None) -> Owner:
    """Give each language of an element an element of its own."""
    return owner if isinstance(owner, Artifact) else Tag("Span", owner, language=language)


def _baseline(style: Style) -> float:
    return (style.leading + _CAPITAL * style.size) / 2


def moved(words: Iterable[Words], x: float, y: float) -> Iterator[Words]:
    """Move words to the right and down."""
    return (Words(x + each.x, y + each.y, each.line, each.owner) for each in words)


def shifted(shapes: Iterable[Shape], x: float, y: float) -> Iterator[Shape]:
    """Move shapes to the right and down."""
    for shape in shapes:
        if isinstance(shape, Polygon | Path):
            points = tuple((right + x, down + y) for right, down in shape.points)
            yield shape._replace(points=points)
        else:
            yield shape._replace(x=shape.x + x, y=shape.y + y)


def heading(text: str, style: Style, width: float, owner: Owner) -> Strip:
    """Set a heading of any level, or a caption: a line that goes with what follows it."""
    stack = stacked(owner, [(text, style)], width)
    return Strip(stack.height, stack.words, before=_HEADING_GAP, keep=True)


def paragraph(text: str, style: Style, width: float, owner: Owner) -> Strip:
    """Set a paragraph."""
    stack = stacked(owner, [(text, style)], width)
    return Strip(stack.height, stack.words, before=ITEM_GAP)


def piled(strips: Sequence[Strip], x: float, y: float) -> Strip:
    """Set strips on top of each other as one, from a place inside it on."""
    words: list[Words] = []
    shapes: list[Shape] = []
    bottom = y - strips[0].before
    for strip in strips:
        words.extend(moved(strip.words, x, bottom + strip.before))
        shapes.extend(shifted(strip.shapes, x, bottom + strip.before))
        bottom += strip.before + strip.height
    return Strip(bottom, tuple(words), tuple(shapes))


def side_by_side(strips: Sequence[Strip], step: float) -> Strip:
    """Set strips side by side as one, each a step to the right of the one before."""
    words: list[Words] = []
    shapes: list[Shape] = []
    for number, strip in enumerate(strips):
        words.extend(moved(strip.words, number * step, 0))
        shapes.extend(shifted(strip.shapes, number * step, 0))
    height = max((strip.height for strip in strips), default=0.0)
    return Strip(height, tuple(words), tuple(shapes))


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
        strip._replace(height=room, words=upper, shapes=_present(upper_shapes), keep=False),
        strip._replace(
            height=strip.height - room,
            words=lower,
            shapes=_present(lower_shapes),
            before=0.0,
            entry=None,
        ),
    )


def _present(shapes: Iterable[Shape | None]) -> tuple[Shape, ...]:
    return tuple(shape for shape in shapes if shape)


def _cut(shape: Shape, top: float, bottom: float) -> Shape | None:
    """Give the part of a shape between two heights, seen from the upper one."""
    if isinstance(shape, Polygon):
        return shape if top == 0 else None
    if isinstance(shape, Path):
        inside = tuple((x, min(max(y, top), bottom) - top) for x, y in shape.points)
        return shape._replace(points=inside) if len(set(inside)) > 1 else None
    upper, lower = max(shape.y, top), min(shape.y + shape.height, bottom)
    return shape._replace(y=upper - top, height=lower - upper) if lower > upper else None
