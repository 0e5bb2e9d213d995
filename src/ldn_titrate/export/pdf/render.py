"""
Documents as printed pages: Letter or A4, in usual or large print, tagged, in black and white.

The strips of the blocks are first given their places, page by page, then drawn in that order.
The front flows at full width; of the back, the sections of plain text stand in two columns,
except in large print. This module imports reportlab, which takes a tenth of a second: import it
when a page is wanted, not before.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from ldn_titrate.content import Bullets, Callout, Paragraph
from ldn_titrate.errors import ExportError
from ldn_titrate.export.pdf.blocks import blocks_strips, section_strips
from ldn_titrate.export.pdf.canvas import TaggedCanvas
from ldn_titrate.export.pdf.drawing import draw
from ldn_titrate.export.pdf.flow import Pages, Placed, fitted, flow, flow_columns
from ldn_titrate.export.pdf.fonts import normalized, shown
from ldn_titrate.export.pdf.lines import spoken, text_width
from ldn_titrate.export.pdf.looks import look_of
from ldn_titrate.export.pdf.strips import (
    BLACK,
    THIN,
    Entry,
    Fill,
    Strip,
    heading,
    moved,
    paragraph,
    stacked,
)
from ldn_titrate.export.pdf.structure import Artifact, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.content import Document, Section
    from ldn_titrate.export.pdf.looks import Look
    from ldn_titrate.export.pdf.metadata import Attachment
    from ldn_titrate.export.pdf.structure import Owner

Size: TypeAlias = Literal["letter", "a4"]

_SIZES: Final = {"letter": (612.0, 792.0), "a4": (595.28, 841.89)}
_MARGIN: Final = 52.0
_LARGE_MARGIN: Final = 40.0  # lines of large print are short enough
_TOP: Final = 28.0
_BOTTOM: Final = 30.0
_GUTTER: Final = 20.0
_HEAD_GAP: Final = 9.0
_HEAD_PAD: Final = 3.0
_LABEL_GAP: Final = 10.0
_DRAFT_PAD: Final = 3.0
_DRAFT_INDENT: Final = 8.0
_DRAFT_GREY: Final = 0.85
_DRAFT_RULE: Final = 1.5

# The words of the head stay clear of the widest label that may stand beside them.
_MOST_PAGES: Final = 888


class _Paper(NamedTuple):
    """A size of paper, and the width of what stands on it."""

    width: float
    height: float
    margin: float

    @property
    def column(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin


class _Laid(NamedTuple):
    """A document whose strips have their places."""

    document: Document
    look: Look
    root: Tag
    pages: list[list[Placed]]


def render(document: Document, *, size: Size, large_print: bool = False) -> bytes:
    """
    Draw a document as a PDF file that conforms to PDF/UA-1.

    Args:
        document: What to draw.
        size: The size of the paper.
        large_print: Whether nothing may be smaller than 18 points.

    Returns:
        The file. The same document, size and print give the same bytes.

    Raises:
        ExportError: The running head and the mark of a draft leave no room on the page, or a
            chart or a strip of days contradicts itself.
    """
    paper = _paper(size, large_print=large_print)
    laid = _laid(document, paper, Tag("Document"), large_print=large_print)
    title = _written(spoken(document.title, laid.look.title))
    canvas = TaggedCanvas((paper.width, paper.height), title=title, language=document.language)
    return _drawn(canvas, [laid], paper)


def render_packet(
    documents: Sequence[Document],
    *,
    size: Size,
    large_print: bool = False,
    title: str,
    language: str,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """
    Draw documents as one PDF file that conforms to PDF/UA-1 and PDF/A-3a.

    Each document begins on a new page; the pages are numbered through.

    Args:
        documents: What to draw, in this order.
        size: The size of the paper.
        large_print: Whether nothing may be smaller than 18 points.
        title: The title of the file.
        language: The language of its title, as a BCP 47 tag.
        attachments: The files inside it.

    Returns:
        The file. The same arguments give the same bytes.

    Raises:
        ExportError: There is no document; an attachment has a name or a kind that is not allowed;
            or for the reasons of `render`.
    """
    if not documents:
        raise ExportError("a packet holds at least one document, and none was given")
    paper = _paper(size, large_print=large_print)
    whole = Tag("Document")
    laid = [
        _laid(one, paper, Tag("Part", whole, language=one.language), large_print=large_print)
        for one in documents
    ]
    canvas = TaggedCanvas(
        (paper.width, paper.height),
        title=_written(title),
        language=language,
        archival=True,
        attachments=attachments,
    )
    return _drawn(canvas, laid, paper)


def _paper(size: Size, *, large_print: bool) -> _Paper:
    return _Paper(*_SIZES[size], _LARGE_MARGIN if large_print else _MARGIN)


def _written(text: str) -> str:
    return shown(normalized(text))


def _laid(document: Document, paper: _Paper, root: Tag, *, large_print: bool) -> _Laid:
    """Give the strips of a document their places."""
    styles = look_of(document, large_print=large_print)
    label = _label(document, _MOST_PAGES, _MOST_PAGES)
    top = _TOP + _head(document, paper.column, label, root, styles).height + _HEAD_GAP
    if top > paper.height / 2:
        raise ExportError("the words at the head of each page take more than half of it")
    pages = Pages(paper.margin, top, paper.height - _BOTTOM, top)
    flow(pages, fitted(list(_front(document, paper.column, root, styles)), pages.room))
    _flow_back(pages, document.back, paper.column, root, styles)
    return _Laid(document, styles, root, pages.pages)


def _drawn(canvas: TaggedCanvas, documents: Sequence[_Laid], paper: _Paper) -> bytes:
    """Draw documents one after the other, now that the number of pages is known."""
    count = sum(len(laid.pages) for laid in documents)
    number = 0
    for document, styles, root, pages in documents:
        for first, placed in zip([root, *[None] * len(pages)], pages, strict=False):
            number += 1
            label = _label(document, number, count)
            head = _head(document, paper.column, label, first, styles)
            draw(canvas, [Placed(head, paper.margin, _TOP), *placed], paper.column, paper.height)
            canvas.end_page()
    return canvas.finish()


def _label(document: Document, number: int, count: int) -> str:
    return document.page.format(number=number, count=count)


def _head(document: Document, width: float, label: str, root: Tag | None, styles: Look) -> Strip:
    """
    Set what stands at the head of a page: whose plan it is, the page, the mark of a draft.

    It is repeated on each page and so passed over in reading aloud, but for the mark of a draft:
    that is heard once, as the first sentence of the document.
    """
    widest = text_width(_label(document, _MOST_PAGES, _MOST_PAGES), styles.small)
    room = max(width - widest - _LABEL_GAP, width / 2)
    running = stacked(Artifact.PAGINATION, [(document.running, styles.small)], room)
    pages = stacked(Artifact.PAGINATION, [(label, styles.small)], width / 2)
    indent = max(width - text_width(label, styles.small), width / 2)
    bottom = max(running.height, pages.height) + _HEAD_PAD
    rule = Fill(0, bottom, width, THIN, BLACK)
    head = Strip(bottom, (*running.words, *moved(pages.words, indent, 0)), (rule,))
    return _with_draft(head, document.draft, width, root, styles) if document.draft else head


def _with_draft(head: Strip, draft: str, width: float, root: Tag | None, styles: Look) -> Strip:
    owner: Owner = Artifact.PAGINATION if root is None else Tag("P", root)
    mark = paragraph(draft, styles.strong, width - 2 * _DRAFT_INDENT, owner)
    top = head.height + _DRAFT_PAD
    band = Fill(0, head.height, width, mark.height + 2 * _DRAFT_PAD, _DRAFT_GREY)
    rule = Fill(0, head.height + band.height, width, _DRAFT_RULE, BLACK)
    words = moved(mark.words, _DRAFT_INDENT, top)
    return Strip(head.height + band.height, (*head.words, *words), (band, rule, *head.shapes))


def _front(document: Document, width: float, root: Tag, styles: Look) -> Iterator[Strip]:
    title = heading(document.title, styles.title, width, Tag("H1", root))
    yield title._replace(entry=Entry(spoken(document.title, styles.title), 0))
    subtitle = paragraph(document.subtitle, styles.subtitle, width, Tag("P", root))
    yield subtitle._replace(before=0.0)
    yield from blocks_strips(document.front, width, root, styles, level=2)


def _flow_back(
    pages: Pages, sections: Sequence[Section], width: float, root: Tag, styles: Look
) -> None:
    """Set the sections from a new page on, those of plain text in two columns."""
    if sections and not pages.is_nearly_empty:
        pages.turn()
    narrow = (width - _GUTTER) / 2
    for plain, group in groupby(sections, lambda one: _is_plain(one) and not styles.is_large):
        column = narrow if plain else width
        strips = [
            strip for section in group for strip in section_strips(section, column, root, styles)
        ]
        if plain:
            flow_columns(pages, strips, narrow + _GUTTER)
        else:
            flow(pages, strips)


def _is_plain(section: Section) -> bool:
    return all(isinstance(block, Paragraph | Bullets | Callout) for block in section.blocks)
