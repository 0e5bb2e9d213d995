"""
Fonts as objects of a PDF file: subsets, widths and the maps back to Unicode.

This room knows how the bytes of a font are laid out in a file, and nothing of pages and tags.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from threading import Lock
from typing import TYPE_CHECKING

from ldn_titrate.export.pdf.fonts import NO_BREAK_SPACE, Face
from ldn_titrate.export.pdf.objects import stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ldn_titrate.export.pdf.objects import Object

_TO_UNICODE = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange
{rows}endcmap
CMapName currentdict /CMap defineresource pop
end
end"""

_ASCII = range(0x21, 0x7F)
_FIRST_OTHER = 0x80
_SPACE = 0x20
_CODES = 256
_SYMBOLIC = 4
_NONSYMBOLIC = 32
_MAP_ROWS = 100  # a CMap holds at most 100 rows in a block

# What has a meaning inside a PDF string.
_ESCAPED = str.maketrans({character: f"\\{character}" for character in "()\\"})

# Cutting a subset moves a read position inside the face, which all threads share.
_CUTTING = Lock()


class Embedded:
    """
    The characters of one face that a document uses, as PDF fonts with one byte a character.

    The first font holds all of ASCII, each character at its own code, so that most documents ask
    for the same subset and share the work of cutting it. Other characters follow as they come.
    """

    def __init__(self, face: Face) -> None:
        self._face = face
        self._fonts = [{code: chr(code) for code in (_SPACE, *_ASCII)}]
        self._next = _FIRST_OTHER
        self._codes = {chr(code): (0, _literal(code)) for code in (_SPACE, *_ASCII)}
        # On paper a no-break space is a space, and it is read and copied as one.
        self._codes[NO_BREAK_SPACE] = self._codes[" "]

    def encoded(self, text: str) -> Iterator[tuple[str, str]]:
        """Give the names of the fonts to set a text in, and its parts as string literals."""
        codes = [self._codes.get(c) or self._assigned(c) for c in text]
        for number, part in groupby(codes, itemgetter(0)):
            yield f"{self._face.name}.{number}", "".join(literal for _, literal in part)

    def objects(self, add: Callable[[bytes], Object]) -> Iterator[tuple[str, Object]]:
        """Write the fonts, each with its name on the page."""
        for number, characters in enumerate(self._fonts):
            name = f"{_subset_tag(number)}+{self._face.source.name.decode()}"
            program = add(_program(self._face, tuple(characters.items())))
            descriptor = add(self._descriptor(name, program).encode())
            to_unicode = add(_to_unicode(tuple(characters.items())))
            last = max(characters)
            widths = " ".join(
                f"{self._face.widths[characters[code]]:g}" if code in characters else "0"
                for code in range(_SPACE, last + 1)
            )
            font = (
                f"<</Type/Font/Subtype/TrueType/BaseFont/{name}/FirstChar {_SPACE}/LastChar {last}"
                f"/Widths [{widths}]/FontDescriptor {descriptor.reference}"
                f"/ToUnicode {to_unicode.reference}>>"
            )
            yield f"{self._face.name}.{number}", add(font.encode())

    def _assigned(self, character: str) -> tuple[int, str]:
        """Give a character the next free code, in a new font where the last one is full."""
        if self._next == _CODES:
            self._fonts.append({_SPACE: " "})
            self._next = _SPACE + 1
        self._fonts[-1][self._next] = character
        code = self._codes[character] = (len(self._fonts) - 1, _literal(self._next))
        self._next += 1
        return code

    def _descriptor(self, name: str, program: Object) -> str:
        source = self._face.source
        flags = source.flags & ~_NONSYMBOLIC | _SYMBOLIC
        box = " ".join(f"{edge:g}" for edge in source.bbox)
        return (
            f"<</Type/FontDescriptor/FontName/{name}/Flags {flags}/FontBBox [{box}]"
            f"/ItalicAngle {source.italicAngle:g}/Ascent {source.ascent:g}"
            f"/Descent {source.descent:g}/CapHeight {source.capHeight:g}/StemV {source.stemV:g}"
            f"/MissingWidth {source.defaultWidth:g}/FontFile2 {program.reference}>>"
        )


def shared(face: Face, text: str) -> tuple[str, str] | None:
    """Give font and string literal of a text that is the same in every file: one of ASCII only."""
    spaced = text.replace(NO_BREAK_SPACE, " ")
    return (f"{face.name}.0", spaced.translate(_ESCAPED)) if spaced.isascii() else None


def _literal(code: int) -> str:
    """Write a byte inside a PDF string."""
    return chr(code).translate(_ESCAPED)


def _subset_tag(number: int) -> str:
    """Give the six letters that mark a subset of a font."""
    return "AAAA" + chr(ord("A") + number // 26) + chr(ord("A") + number % 26)


@lru_cache(maxsize=64)
def _program(face: Face, characters: tuple[tuple[int, str], ...]) -> bytes:
    """Cut a font file down to some characters, by code."""
    subset = [0] * (characters[-1][0] + 1)
    for code, character in characters:
        subset[code] = ord(character)
    with _CUTTING:
        program = face.source.makeSubset(subset)
    return stream(program, f"/Length1 {len(program)}")


@lru_cache(maxsize=64)
def _to_unicode(characters: tuple[tuple[int, str], ...]) -> bytes:
    """Write the map from codes back to characters; a code that is not used has no row."""
    rows = [
        f"<{code:02X}> <{character.encode('utf-16-be').hex().upper()}>"
        for code, character in characters
    ]
    blocks = (rows[start : start + _MAP_ROWS] for start in range(0, len(rows), _MAP_ROWS))
    whole = "".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks
    )
    return stream(_TO_UNICODE.format(rows=whole).encode())
