"""
The handout's words by fpdf2, without tags and without boxes to tick.

It reads the font files anew for each document, since it keeps the subset inside the font.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fpdf import FPDF
from fpdf.enums import TableCellFillMode
from fpdf.fonts import FontFace

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
    from collections.abc import Sequence

_FAMILY = "Atkinson"
_MARGIN, _TOP, _BOTTOM, _HEAD, _INDENT = 54, 46, 30, 30, 13
_TITLE, _HEADING, _CALLOUT, _BODY, _SMALL = 25, 14, 15, 12, 10
_LEADING = 1.1
_BOLD_ROW = FontFace(emphasis="BOLD")


class _Handout(FPDF):
    """A document with the handout's head on each page."""

    def __init__(self, document: Document) -> None:
        super().__init__(unit="pt", format="letter")
        self._document = document
        self.add_font(_FAMILY, "", face(REGULAR))
        self.add_font(_FAMILY, "B", face(BOLD))
        self.set_title(document.title)
        self.set_lang(document.language)
        self.set_margins(_MARGIN, _TOP)
        self.set_auto_page_break(auto=True, margin=_BOTTOM)

    def header(self) -> None:
        """Draw the head of a page."""
        label = f"Page {self.page_no()} of {self.str_alias_nb_pages}"
        self.set_xy(_MARGIN, _HEAD)
        self.set_font(_FAMILY, "", _SMALL)
        self.cell(0, text=self._document.running)
        self.set_x(_MARGIN)
        self.cell(0, text=label, align="R")
        self.set_xy(_MARGIN, _TOP)

    def text_lines(self, text: str, size: float = _BODY, style: str = "", border: int = 0) -> None:
        """Set a text in lines."""
        self.set_font(_FAMILY, style, size)
        height = size * _LEADING
        self.multi_cell(0, height, text, border=border, align="L", new_x="LMARGIN", new_y="NEXT")


def draw(document: Document) -> bytes:
    """Draw a document as a PDF file."""
    pdf = _Handout(document)
    pdf.add_page()
    if document.draft:
        pdf.text_lines(document.draft, style="B")
    pdf.text_lines(document.title, _TITLE, "B")
    pdf.text_lines(document.subtitle)
    for block in document.front:
        _set(pdf, block)
    pdf.add_page()
    for section in document.back:
        pdf.text_lines(section.title, _HEADING, "B")
        for block in section.blocks:
            _set(pdf, block)
    return bytes(pdf.output())


def _set(pdf: _Handout, block: Block) -> None:
    match block:
        case Paragraph():
            pdf.text_lines(block.text)
        case Bullets():
            _set_bullets(pdf, block)
        case Callout():
            _set_callout(pdf, block)
        case Table():
            pdf.text_lines(block.title, _HEADING, "B")
            _set_table(pdf, block.headers, block.rows, _BODY)
        case TickCalendar():
            _set_calendar(pdf, block)
        case Fields():
            for field in block.fields:
                pdf.text_lines(field.label, _SMALL, "B")
                pdf.text_lines(field.value or " ", border=0 if field.value else 1)


def _set_bullets(pdf: _Handout, block: Bullets) -> None:
    for item in block.items:
        pdf.set_font(_FAMILY, "", _BODY)
        pdf.cell(_INDENT, _BODY * _LEADING, "\N{BULLET}")
        pdf.text_lines(item)


def _set_callout(pdf: _Handout, block: Callout) -> None:
    top = pdf.get_y()
    pdf.text_lines(block.title, _CALLOUT, "B")
    for inner in block.blocks:
        _set(pdf, inner)
    pdf.rect(_MARGIN - 4, top, pdf.epw + 8, pdf.get_y() - top)


def _set_calendar(pdf: _Handout, block: TickCalendar) -> None:
    pdf.text_lines(block.title, _HEADING, "B")
    weeks = [
        (week.title, *("\n".join(day_lines(day)) if day else "" for day in week.days))
        for week in block.weeks
    ]
    _set_table(pdf, (block.corner, *block.weekdays), weeks, _SMALL)


def _set_table(
    pdf: _Handout, headers: Sequence[str], rows: Sequence[Sequence[str]], size: float
) -> None:
    pdf.set_font(_FAMILY, "", size)
    widths = (2, *[3] * (len(headers) - 1))
    with pdf.table(
        col_widths=widths,
        line_height=size * _LEADING,
        padding=2,
        text_align="LEFT",
        headings_style=_BOLD_ROW,
        cell_fill_mode=TableCellFillMode.NONE,
    ) as table:
        for row in (headers, *rows):
            table.row(row)
