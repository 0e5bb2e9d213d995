"""
The base of the handout: the same words on a plain reportlab canvas, without tags.

It does what a person writes first: break lines by the width of each word, put them under each
other, draw each with drawString and a frame around each cell. Sizes and faces are the handout's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.faces import BOLD, REGULAR, face
from benchmarks.words import day_lines
from ldn_titrate.content import (
    Block,
    Bullets,
    Callout,
    Document,
    Fields,
    Paragraph,
    Table,
    TickCalendar,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_WIDTH, _HEIGHT = LETTER
_MARGIN, _HEAD, _TOP, _BOTTOM, _GUTTER = 54.0, 42.0, 54.0, 38.0, 24.0
_TITLE, _HEADING, _CALLOUT, _FIGURE, _BODY, _SMALL = 25, 14, 15, 18, 12, 10
_LEADING, _GAP, _PAD, _INDENT, _BOX = 1.22, 6.0, 3.0, 13.0, 12.5
_FIRST_COLUMN = 36.0


class _Styled(NamedTuple):
    """A text, and the size and font that it is set in."""

    text: str
    size: float = _BODY
    font: str = REGULAR


class _Words(NamedTuple):
    """A line of text on a page, from the left end of its baseline."""

    x: float
    y: float
    line: _Styled


class _Frame(NamedTuple):
    """A rectangle on a page, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class _Sheet:
    """What stands on each page so far, and where the next line goes, from the top of the page."""

    columns: int = 1
    column: int = 0
    y: float = _TOP
    pages: list[list[_Words | _Frame]] = field(default_factory=lambda: [[]])

    @property
    def width(self) -> float:
        """The width of a column."""
        return (_WIDTH - 2 * _MARGIN - _GUTTER * (self.columns - 1)) / self.columns

    @property
    def left(self) -> float:
        """The left edge of the column."""
        return _MARGIN + self.column * (self.width + _GUTTER)

    def new_page(self, columns: int) -> None:
        """Go on on a new page, with so many columns."""
        self.pages.append([])
        self.columns, self.column, self.y = columns, 0, _TOP

    def reserve(self, height: float) -> None:
        """Go on in the next column where this one has no such room left."""
        if self.y + height <= _HEIGHT - _BOTTOM:
            return
        if self.column == self.columns - 1:
            self.new_page(self.columns)
        else:
            self.column, self.y = self.column + 1, _TOP

    def text(self, styled: _Styled, indent: float = 0.0) -> None:
        """Set a text in lines."""
        for line in _lines(styled, self.width - indent):
            self.reserve(line.size * _LEADING)
            self.y += line.size * _LEADING
            self.pages[-1].append(_Words(self.left + indent, self.y, line))

    def row(self, cells: Sequence[Sequence[_Styled]], widths: Sequence[float]) -> None:
        """Set cells beside each other, each in a frame."""
        broken = [
            [line for styled in cell for line in _lines(styled, width - 2 * _PAD)]
            for cell, width in zip(cells, widths, strict=True)
        ]
        height = max(sum(line.size for line in cell) for cell in broken) * _LEADING + 2 * _PAD
        self.reserve(height)
        x = self.left
        for cell, width in zip(broken, widths, strict=True):
            self._cell(cell, _Frame(x, self.y, width, height))
            x += width
        self.y += height

    def _cell(self, lines: Iterable[_Styled], frame: _Frame) -> None:
        y = frame.y + _PAD
        self.pages[-1].append(frame)
        for line in lines:
            y += line.size * _LEADING
            self.pages[-1].append(_Words(frame.x + _PAD, y - _PAD, line))


def draw(document: Document) -> bytes:
    """Draw a document as a PDF file."""
    sheet = _Sheet()
    sheet.text(_Styled(document.title, _TITLE, BOLD))
    sheet.text(_Styled(document.subtitle))
    for block in document.front:
        _set(sheet, block)
    sheet.new_page(columns=2)
    for section in document.back:
        sheet.y += _GAP
        sheet.text(_Styled(section.title, _HEADING, BOLD))
        for block in section.blocks:
            _set(sheet, block)
    return _drawn(document, sheet.pages)


def _drawn(document: Document, pages: Sequence[Iterable[_Words | _Frame]]) -> bytes:
    _register_faces()
    output = BytesIO()
    canvas = Canvas(output, pagesize=LETTER, lang=document.language)
    canvas.setTitle(document.title)
    for number, page in enumerate(pages, start=1):
        head = _head(document, f"Page {number} of {len(pages)}")
        for part in chain(head, page):
            _put(canvas, part)
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def _head(document: Document, label: str) -> Iterator[_Words]:
    yield _Words(_MARGIN, _HEAD, _Styled(document.running, _SMALL))
    right = _WIDTH - _MARGIN - stringWidth(label, REGULAR, _SMALL)
    yield _Words(right, _HEAD, _Styled(label, _SMALL))
    if document.draft:
        yield _Words(_MARGIN, _TOP, _Styled(document.draft, _BODY, BOLD))


def _put(canvas: Canvas, part: _Words | _Frame) -> None:
    if isinstance(part, _Frame):
        canvas.rect(part.x, _HEIGHT - part.y - part.height, part.width, part.height)
        return
    canvas.setFont(part.line.font, part.line.size)
    canvas.drawString(part.x, _HEIGHT - part.y, part.line.text)


def _lines(styled: _Styled, width: float) -> Iterator[_Styled]:
    """Break a text at its plain spaces, greedily."""
    text, size, font = styled
    _register_faces()
    space, used, line = stringWidth(" ", font, size), 0.0, []
    for word in text.split(" "):
        length = stringWidth(word, font, size)
        if line and used + space + length > width:
            yield _Styled(" ".join(line), size, font)
            used, line = 0.0, []
        used += length + (space if line else 0.0)
        line.append(word)
    yield _Styled(" ".join(line), size, font)


def _set(sheet: _Sheet, block: Block) -> None:
    match block:
        case Paragraph():
            sheet.text(_Styled(block.text))
        case Bullets():
            _set_bullets(sheet, block)
        case Callout():
            _set_callout(sheet, block)
        case Table():
            _set_table(sheet, block)
        case TickCalendar():
            _set_calendar(sheet, block)
        case Fields():
            _set_fields(sheet, block)


def _set_bullets(sheet: _Sheet, block: Bullets) -> None:
    for item in block.items:
        sheet.reserve(_BODY * _LEADING)
        bullet = _Styled("\N{BULLET}")
        sheet.pages[-1].append(_Words(sheet.left, sheet.y + _BODY * _LEADING, bullet))
        sheet.text(_Styled(item), indent=_INDENT)


def _set_callout(sheet: _Sheet, block: Callout) -> None:
    sheet.y += _GAP
    top = sheet.y
    sheet.text(_Styled(block.title, _CALLOUT, BOLD))
    for inner in block.blocks:
        _set(sheet, inner)
    height = sheet.y - top + _PAD
    sheet.pages[-1].append(_Frame(sheet.left - _PAD, top, sheet.width + 2 * _PAD, height))
    sheet.y += _GAP


def _set_table(sheet: _Sheet, block: Table) -> None:
    sheet.y += _GAP
    sheet.text(_Styled(block.title, _HEADING, BOLD))
    rest = (sheet.width - _FIRST_COLUMN) / (len(block.headers) - 1)
    widths = (_FIRST_COLUMN, *[rest] * (len(block.headers) - 1))
    sheet.row([[_Styled(text, _BODY, BOLD)] for text in block.headers], widths)
    for row in block.rows:
        sheet.row([[_Styled(text)] for text in row], widths)


def _set_calendar(sheet: _Sheet, block: TickCalendar) -> None:
    sheet.y += _GAP
    sheet.text(_Styled(block.title, _HEADING, BOLD))
    width = (sheet.width - _FIRST_COLUMN) / len(block.weekdays)
    widths = (_FIRST_COLUMN, *[width] * len(block.weekdays))
    titles = (block.corner, *block.weekdays)
    sheet.row([[_Styled(title, _SMALL, BOLD)] for title in titles], widths)
    for week in block.weeks:
        days = [
            [_Styled(line, _SMALL) for line in day_lines(day)] if day else [] for day in week.days
        ]
        sheet.row([[_Styled(week.title, _SMALL, BOLD)], *days], widths)
        _set_boxes(sheet, len(block.weekdays), width)


def _set_boxes(sheet: _Sheet, days: int, width: float) -> None:
    """Set the boxes to tick in the row that was set last."""
    right = sheet.left + _FIRST_COLUMN - _BOX - _PAD
    y = sheet.y - _BOX - _PAD
    sheet.pages[-1] += [_Frame(right + width * day, y, _BOX, _BOX) for day in range(1, days + 1)]


def _set_fields(sheet: _Sheet, block: Fields) -> None:
    for each in block.fields:
        sheet.text(_Styled(each.label, _SMALL, BOLD))
        sheet.text(_Styled(each.value or ""))
        if each.value is None:
            sheet.pages[-1].append(_Frame(sheet.left, sheet.y, sheet.width, 0.0))


@cache
def _register_faces() -> None:
    for name in (REGULAR, BOLD):
        registerFont(TTFont(name, face(name)))
