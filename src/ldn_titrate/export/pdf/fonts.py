"""
The typefaces of the printed page: which characters they have, and how wide those are.

Text is set in Atkinson Hyperlegible. A word with a character that it lacks is set in a subset of
DejaVu Sans, so that no word mixes two designs; a character that neither has becomes U+FFFD, the
replacement character, so that a reader sees that something is missing. A face is read when a word
first needs it, once for each process, and registered nowhere, so that no other user of reportlab
sees it or can change it. reportlab is imported when the first face is read, not before: asking
for the `missing_characters` of plain English costs nothing. This room knows no lines and no pages.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

_REGULAR = ("AtkinsonHyperlegible-Regular.ttf", "DejaVuSans-subset.ttf")
_BOLD = ("AtkinsonHyperlegible-Bold.ttf", "DejaVuSans-Bold-subset.ttf")

# The other spaces that do not break become the one that the fonts have.
_TRANSLATED = {0xAD: None, 0x2007: NO_BREAK_SPACE, 0x202F: NO_BREAK_SPACE}
_BREAKING_SPACE = re.compile(rf"[^\S{NO_BREAK_SPACE}]")

# A face is read under a lock: two threads that each made their own would embed it twice.
_READING = Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """
    One cut of one typeface.

    Attributes:
        name: What it is called on a page.
        widths: The advance of each character that it has, in thousandths of the type size.
        source: reportlab's reader of the font file, from which subsets are cut.
    """

    name: str
    widths: Mapping[str, float]
    source: Any


class Run(NamedTuple):
    """Characters that stand side by side in one face."""

    face: Face
    text: str


def faces(*, bold: bool) -> tuple[Face, ...]:
    """Give the faces of a weight, in the order in which a word tries them."""
    return tuple(_face(name) for name in (_BOLD if bold else _REGULAR))


def main_face(*, bold: bool) -> Face:
    """Give the face that all text is set in but what it has no characters for."""
    return _face((_BOLD if bold else _REGULAR)[0])


def faces_of(word: str, *, bold: bool) -> tuple[Face, ...]:
    """Give the faces that a word may be set in: no other is read before a word needs it."""
    main = main_face(bold=bold)
    return (main,) if all(c in main.widths for c in word) else faces(bold=bold)


def missing_characters(text: str) -> tuple[str, ...]:
    """
    Find the characters that no shipped font has, in order, once each.

    Args:
        text: Any text; spaces of every kind and line ends count as known.
    """
    if text.isascii() and text.isprintable():
        return ()
    # Both weights have the same characters.
    main = main_face(bold=False).widths
    absent = dict.fromkeys(c for c in normalized(text) if c not in main)
    others = faces(bold=False)[1:] if absent else ()
    return tuple(c for c in absent if not any(c in face.widths for face in others))


def normalized(text: str) -> str:
    """
    Compose the characters of a text, and make every breaking space and line end a plain space.

    A soft hyphen is dropped: it is a permission to hyphenate, and the page hyphenates nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text).translate(_TRANSLATED)
    return _BREAKING_SPACE.sub(" ", composed)


def shown(text: str) -> str:
    """Replace each character that no shipped font has, one for one."""
    absent = missing_characters(text)
    return text.translate(dict.fromkeys(map(ord, absent), REPLACEMENT)) if absent else text


@lru_cache(maxsize=8192)
def set_word(word: str, *, bold: bool) -> tuple[tuple[Run, ...], float]:
    """
    Choose the faces of a word, and measure it.

    Args:
        word: Characters that the shipped fonts have, without a breaking space.
        bold: Whether it is set in bold.

    Returns:
        The runs of the word, and its width in thousandths of the type size.
    """
    choice = faces_of(word, bold=bold)
    for face in choice:
        if all(c in face.widths for c in word):
            return (Run(face, word),), _width(face, word)
    chosen = groupby(word, lambda c: next(face for face in choice if c in face.widths))
    runs = tuple(Run(face, "".join(text)) for face, text in chosen)
    return runs, sum(_width(*run) for run in runs)


def space_width(*, bold: bool) -> float:
    """Give the width of the space between two words, in thousandths of the type size."""
    return main_face(bold=bold).widths[" "]


def _width(face: Face, text: str) -> float:
    return sum(map(face.widths.__getitem__, text))


def _face(name: str) -> Face:
    with _READING:
        return _read(name)


@cache
def _read(name: str) -> Face:
    from reportlab.pdfbase.ttfonts import TTFontFace  # noqa: PLC0415 - late on purpose, see above

    data = (files(__package__) / "faces" / name).read_bytes()
    source = TTFontFace(BytesIO(data))
    # The control characters that some fonts list have no picture.
    known = (code for code in source.charToGlyph if chr(code).isprintable())
    widths = {chr(code): float(source.getCharWidth(code)) for code in known}
    number = (*_REGULAR, *_BOLD).index(name)
    return Face(f"F{number}", {**widths, NO_BREAK_SPACE: widths[" "]}, source)
