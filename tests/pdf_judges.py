"""
What independent readers say about a PDF file: two validators, poppler and pikepdf.

``page`` checks 104 rules of PDF/UA-1 and 156 of PDF/A-3a, ``pdfua`` checks 16 of the first, one of
which ``page`` does not.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import unicodedata
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import page
import pikepdf
import pytest
from pdfua.model import Severity
from pdfua.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Iterator

GREY = frozenset({"g", "G"})
# Points by which neighbours may seem to overlap, since poppler rounds.
_TOUCH = 0.3
# Of the height of a word as poppler gives it: from its upper end to the top of its capitals, and
# from its line to its lower end.
_ABOVE, _BELOW = 0.25, 0.25

COLOURED = frozenset({"rg", "RG", "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN", "sh", "Do"})


class Element(NamedTuple):
    """One element of the structure tree."""

    role: str
    depth: int
    spoken: str | None
    pages: frozenset[int]
    alternate: str | None = None
    language: str | None = None


class Font(NamedTuple):
    """One font of a file."""

    name: str
    embedded: bool
    unicode: dict[int, str]


class Box(NamedTuple):
    """One word on a page, in points from its upper left corner."""

    page: int
    word: str
    left: float
    top: float
    right: float
    bottom: float


def validate_ua1(pdf: bytes) -> list[str]:
    """Give what breaks PDF/UA-1 according to `page`."""
    return _failures(pdf, "ua1")


def validate_a3(pdf: bytes) -> list[str]:
    """Give what breaks PDF/A-3a according to `page`."""
    return _failures(pdf, "3a")


def _failures(pdf: bytes, profile: str) -> list[str]:
    report = page.validate_pdf_bytes(pdf, profile=profile)
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


def pdfua_errors(pdf: bytes) -> list[str]:
    """Give what breaks PDF/UA-1 according to `pdfua`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "document.pdf")
        path.write_bytes(pdf)
        findings = Validator().validate(str(path)).findings
    return [f"{each.rule_id}: {each.message}" for each in findings if each.severity > Severity.INFO]


def struct_text(pdf: bytes) -> list[str]:
    """Give the text of each element in the order in which it is read aloud, by poppler."""
    lines = _poppler("pdfinfo", "-struct-text", pdf=pdf).splitlines()
    return [line.strip()[1:-1] for line in lines if line.strip().startswith('"')]


def page_text(pdf: bytes) -> list[str]:
    """Give the text of each page in the order of its content, with plain spaces, by poppler."""
    text = unicodedata.normalize("NFKC", _poppler("pdftotext", "-raw", pdf=pdf))
    return [" ".join(part.split()) for part in text.split("\f")[:-1]]


def boxes(pdf: bytes) -> list[Box]:
    """Give the place of each word, by poppler."""
    found, number = [], 0
    for line in _poppler("pdftotext", "-bbox", pdf=pdf).splitlines():
        number += line.strip().startswith("<page ")
        if line.strip().startswith("<word "):
            parts = line.split('"')
            left, top, right, bottom = (float(value) for value in parts[1:9:2])
            found.append(
                Box(number, parts[8].split(">")[1].split("<")[0], left, top, right, bottom)
            )
    return found


def squares(pdf: bytes) -> list[Box]:
    """Give the place of each box to tick: an outlined square."""
    found = []
    with pikepdf.open(BytesIO(pdf)) as document:
        for number, each in enumerate(document.pages, start=1):
            high, last = float(each.mediabox[3]), (0.0,) * 4
            for instruction in pikepdf.parse_content_stream(each):
                operator = str(instruction.operator)
                if operator == "re":
                    last = tuple(map(float, instruction.operands))
                elif operator == "S" and last[2] == last[3] > 0:
                    x, low, wide, _ = last
                    found.append(Box(number, "", x, high - low - wide, x + wide, high - low))
    return found


def overlaps(pdf: bytes) -> list[tuple[Box, Box]]:
    """Give each two words, or a word and a box to tick, that lie on each other."""
    words, ticks = [_inked(one) for one in boxes(pdf) if one.word], squares(pdf)
    return [
        (one, other)
        for number, one in enumerate(words)
        for other in (*words[number + 1 :], *ticks)
        if one.page == other.page
        and min(one.right, other.right) - max(one.left, other.left) > _TOUCH
        and min(one.bottom, other.bottom) - max(one.top, other.top) > _TOUCH
    ]


def _inked(word: Box) -> Box:
    """Take from a word the room above its capitals and below its line, which it does not ink."""
    high = word.bottom - word.top
    return word._replace(top=word.top + high * _ABOVE, bottom=word.bottom - high * _BELOW)


def problems(pdf: bytes) -> str:
    """Give what qpdf finds wrong with the syntax of a file; empty where nothing is."""
    program = _found("qpdf")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        done = subprocess.run([program, "--check", file.name], capture_output=True, check=False)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).decode()


def detached(pdf: bytes) -> dict[str, bytes]:
    """Give the files inside a file, as poppler takes them out."""
    program = _found("pdfdetach")
    with tempfile.TemporaryDirectory() as folder:
        path, inside = Path(folder, "document.pdf"), Path(folder, "inside")
        path.write_bytes(pdf)
        inside.mkdir()
        subprocess.run([program, "-saveall", "-o", inside, path], capture_output=True, check=True)
        return {one.name: one.read_bytes() for one in inside.iterdir()}


def outline(pdf: bytes) -> list[tuple[int, str, int]]:
    """Give each line of the outline: how deep it stands, its title, the number of its page."""
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = {each.objgen: number for number, each in enumerate(document.pages, start=1)}
        with document.open_outline() as whole:
            return list(_outlined(whole.root, 0, pages))


def _outlined(items: Any, depth: int, pages: dict[Any, int]) -> Iterator[tuple[int, str, int]]:
    for one in items:
        yield depth, one.title, pages[one.destination[0].objgen]
        yield from _outlined(one.children, depth + 1, pages)


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Give the width and height of each page in points."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return [(float(p.mediabox[2]), float(p.mediabox[3])) for p in document.pages]


def attached(pdf: bytes) -> dict[str, bytes]:
    """Give the files inside a file, by name."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return {name: one.get_file().read_bytes() for name, one in document.attachments.items()}


def operators(pdf: bytes) -> Iterator[tuple[str, list[Any]]]:
    """Give every drawing operator of every page with its operands."""
    with pikepdf.open(BytesIO(pdf)) as document:
        for each in document.pages:
            for instruction in pikepdf.parse_content_stream(each):
                yield str(instruction.operator), list(instruction.operands)


def font_sizes(pdf: bytes) -> set[float]:
    """Give every type size in use."""
    return {float(operands[1]) for operator, operands in operators(pdf) if operator == "Tf"}


def fonts(pdf: bytes) -> list[Font]:
    """Give every font of a file, whether it is embedded, and its map back to Unicode."""
    with pikepdf.open(BytesIO(pdf)) as document:
        found = {}
        for each in document.pages:
            for font in each.Resources.Font.values():
                embedded = "/FontFile2" in font.FontDescriptor
                found[str(font.BaseFont)] = Font(
                    str(font.BaseFont), embedded, _unicode_map(font.ToUnicode.read_bytes())
                )
        return list(found.values())


def elements(pdf: bytes) -> list[Element]:
    """Give the structure tree in reading order."""
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = {each.objgen: number for number, each in enumerate(document.pages)}
        roots = document.Root.StructTreeRoot.K
        return [element for root in roots for element in _walk(root, 0, pages)]


def _walk(node: Any, depth: int, pages: dict[Any, int]) -> Iterator[Element]:
    kids = list(node.get("/K", []))
    on = {pages[kid.Pg.objgen] for kid in kids if _is_mark_elsewhere(kid)}
    if "/Pg" in node:
        on.add(pages[node.Pg.objgen])
    spoken = str(node.ActualText) if "/ActualText" in node else None
    alternate = str(node.Alt) if "/Alt" in node else None
    language = str(node.Lang) if "/Lang" in node else None
    yield Element(str(node.S)[1:], depth, spoken, frozenset(on), alternate, language)
    for kid in kids:
        if isinstance(kid, pikepdf.Dictionary) and not _is_mark_elsewhere(kid):
            yield from _walk(kid, depth + 1, pages)


def _is_mark_elsewhere(kid: Any) -> bool:
    return isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/MCR"


def _unicode_map(cmap: bytes) -> dict[int, str]:
    rows = {}
    inside = False
    for line in cmap.decode().splitlines():
        inside = line.endswith("beginbfchar") or (inside and line != "endbfchar")
        if inside and line.startswith("<"):
            code, character = line.replace("<", "").replace(">", "").split()
            rows[int(code, 16)] = bytes.fromhex(character).decode("utf-16-be")
    return rows


def _poppler(program: str, option: str, *, pdf: bytes) -> str:
    output = [] if program == "pdfinfo" else ["-"]
    done = subprocess.run(
        [_found(program), option, "-", *output], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path
