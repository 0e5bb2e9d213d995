"""
Text broken into lines: greedy, left aligned, never hyphenated, never smaller to make it fit.

A line breaks at spaces only, never at a no-break space. A word that is wider than its column is
cut where the column ends: after a no-break space if it has one there, or else after a hyphen or a
slash. A broken line keeps the space at its end, so that whoever listens to the page hears two
words and not one. This room knows type and widths, no blocks and no pages.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from ldn_titrate.export.pdf import bidi
from ldn_titrate.export.pdf.fonts import (
    NO_BREAK_SPACE,
    Run,
    faces_of,
    main_face,
    normalized,
    set_word,
    shown,
    space_width,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile("[^ ]+")
_JOINTS: Final = "-/"

# A column that is exactly as wide as a word holds it, whatever the sums were rounded to.
_ROUNDING = 0.5  # thousandths of the type size


# Dark enough on every ground of the page: a contrast of 7 to 1 on the darkest, of 10 to 1 on white.
_SECOND_GREY: Final = 0.25
_SECOND_SIZE: Final = 0.85
_SECOND_LEADING: Final = 1.2


class Style(NamedTuple):
    """
    How a text is set.

    Attributes:
        size: The type size in points.
        leading: The distance of its lines in points.
        bold: Its weight.
        grey: From black (0) to white (1).
        beside: The language of what follows a line break; None where a line break is a space.
        least: The type size in points below which nothing is set.
    """

    size: float
    leading: float
    bold: bool = False
    grey: float = 0.0
    beside: str | None = None
    least: float = 10.0


class Part(NamedTuple):
    """A text in one language; None is the language of what it stands in."""

    text: str
    style: Style
    language: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """
    One line of text, ready to be drawn from left to right.

    The same text set again gives the same object, so that what is made of it is made once.

    Attributes:
        runs: The characters in visual order, by face.
        size: The type size in points.
        text: What the line says, in logical order.
        literal: Whether the characters drawn, read from left to right, say the same.
        grey: From black (0) to white (1).
    """

    runs: tuple[Run, ...]
    size: float
    text: str
    literal: bool
    grey: float = 0.0


class _Atom(NamedTuple):
    """A stretch of text that stays on one line, and its width in thousandths of the size."""

    start: int
    end: int
    width: float


def parts(text: str, style: Style) -> tuple[Part, ...]:
    """Part a text from the same words in the second language, which are set a little smaller."""
    first, line_break, second = text.partition("\n") if style.beside else (text, "", "")
    if not line_break:
        return (Part(text, style, None),)
    if not first:
        return (Part(second, style._replace(beside=None), style.beside),)
    size = max(style.least, style.size * _SECOND_SIZE)
    other = Style(size, size * _SECOND_LEADING, style.bold, _SECOND_GREY, least=style.least)
    return (Part(f"{first} ", style._replace(beside=None), None), Part(second, other, style.beside))


def spoken(text: str, style: Style) -> str:
    """Give what is said of a text where there is room for one language only."""
    return normalized(parts(text, style)[0].text).strip()


@lru_cache(maxsize=2048)
def set_text(text: str, style: Style, width: float) -> tuple[Line, ...]:
    """
    Break a text into lines.

    Args:
        text: Any text; a space at its end stays, for where another text follows.
        style: How it is set.
        width: The width of the column in points.

    Returns:
        The lines; none for an empty text.
    """
    logical = normalized(text)
    drawn = shown(logical)
    resolved = bidi.levels(drawn) if bidi.has_right_to_left(drawn) else None
    lines = []
    for start, end, _ in _fill(drawn, style, width * 1000 / style.size + _ROUNDING):
        visual = (
            bidi.display(drawn[start:end], resolved[start:end]) if resolved else drawn[start:end]
        )
        tail = " " if drawn[end : end + 1] == " " else ""
        literal = visual == logical[start:end]
        lines.append(
            Line(
                _runs(visual + tail, style),
                style.size,
                logical[start:end] + tail,
                literal,
                style.grey,
            )
        )
    return tuple(lines)


def text_width(text: str, style: Style) -> float:
    """Measure a text with each language on one line, in points."""
    return max(_line_width(part.text, part.style) for part in parts(text, style))


def widest_word(text: str, style: Style) -> float:
    """Measure the widest word of a text, in points: a column this wide cuts no word."""
    return max(_word_width(part.text, part.style) for part in parts(text, style))


@lru_cache(maxsize=2048)
def _line_width(text: str, style: Style) -> float:
    atoms = _fill(shown(normalized(text)), style, float("inf"))
    return sum(atom.width for atom in atoms) * style.size / 1000


@lru_cache(maxsize=2048)
def _word_width(text: str, style: Style) -> float:
    words = _WORD.findall(shown(normalized(text)))
    widest = max((set_word(word, bold=style.bold)[1] for word in words), default=0.0)
    return widest * style.size / 1000


def _runs(visual: str, style: Style) -> tuple[Run, ...]:
    main = main_face(bold=style.bold)
    runs: list[Run] = []
    for part in re.findall(" +|[^ ]+", visual):
        runs.extend((Run(main, part),) if part[0] == " " else set_word(part, bold=style.bold)[0])
    return tuple(
        Run(face, "".join(run.text for run in group))
        for face, group in groupby(runs, lambda run: run.face)
    )


def _fill(text: str, style: Style, room: float) -> Iterator[_Atom]:
    """Gather words into lines of at most this width, in thousandths of the size."""
    space = space_width(bold=style.bold)
    line: _Atom | None = None
    for atom in _atoms(text, style, room):
        if line is None:
            line = atom
            continue
        width = line.width + space * (atom.start - line.end) + atom.width
        # Two pieces of one word that was cut never stand side by side again.
        if width <= room and atom.start > line.end:
            line = _Atom(line.start, atom.end, width)
        else:
            yield line
            line = atom
    if line is not None:
        yield line


def _atoms(text: str, style: Style, room: float) -> Iterator[_Atom]:
    """Find the words of a text, those that are too wide in pieces."""
    for match in _WORD.finditer(text):
        width = set_word(match[0], bold=style.bold)[1]
        if width <= room:
            yield _Atom(match.start(), match.end(), width)
        else:
            yield from _pieces(match, style, room)


def _pieces(match: re.Match[str], style: Style, room: float) -> Iterator[_Atom]:
    """Cut a word that is wider than its column; a mark stays with its base."""
    word, offset = match[0], match.start()
    # A piece may be set in another face than the whole word: the widest face is sure to fit.
    choice = faces_of(word, bold=style.bold)
    widths = [max(face.widths.get(c, 0.0) for face in choice) for c in word]
    start = 0
    while start < len(word):
        end = _piece_end(word, widths, start, room)
        yield _Atom(offset + start, offset + end, sum(widths[start:end]))
        start = end


def _piece_end(word: str, widths: list[float], start: int, room: float) -> int:
    end, used = start, 0.0
    while end < len(word) and used + widths[end] <= room:
        used += widths[end]
        end += 1
    if end == len(word):
        return end
    no_break_space = word.rfind(NO_BREAK_SPACE, start, end)
    if no_break_space > start:
        return no_break_space + 1
    joint = max(word.rfind(each, start, end) for each in _JOINTS)
    # Before a digit it may be a sign or a date, and near the left a line would be all but empty.
    if joint > (start + end) / 2 and word[joint + 1].isalpha():
        return joint + 1
    # Marks have no width. They are over only where their letter is too wide for the column.
    end = max(end, start + 1)
    while end < len(word) and unicodedata.combining(word[end]):
        end += 1
    return end
