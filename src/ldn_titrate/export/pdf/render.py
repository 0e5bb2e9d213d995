"""
A document as printed pages: Letter or A4, tagged, in black and white.

The strips of the blocks are first given their places, page by page, then drawn in that order.
The front flows at full width; of the back, the sections of plain text stand in two columns. A
strip is never divided unless it is taller than a whole page. This module imports reportlab, which
takes a tenth of a second: import it when a page is wanted, not before.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from ldn_titrate.content import Bullets, Callout, Paragraph
from ldn_titrate.errors import ExportError
from ldn_titrate.export.pdf.blocks import block_strips, section_strips
from ldn_titrate.export.pdf.canvas import Artifact, Tag, TaggedCanvas, Words
from ldn_titrate.export.pdf.fonts import normalized, shown
from ldn_titrate.export.pdf.lines import Style, set_text, text_width
from ldn_titrate.export.pdf.strips import (
    BLACK,
    BLOCK_GAP,
    SMALL,
    STRONG,
    THIN,
    Fill,
    Outline,
    Polygon,
    Strip,
    divided,
    heading,
    paragraph,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.content import Document, Section
    from ldn_titrate.export.pdf.canvas import Owner
    from ldn_titrate.export.pdf.strips import Shape

_SIZES: Final = {"letter": (612.0, 792.0), "a4": (595.28, 841.89)}
_MARGIN: Final = 52.0
_TOP: Final = 28.0
_BOTTOM: Final = 30.0
_GUTTER: Final = 20.0
_HEAD_GAP: Final = 6.0
_MOST_AIR: Final = 10.0
_LEAST_AIR: Final = -5.0
_COLUMN_AIRS: Final = (6.0, 3.0, 0.0)
_HEAD_PAD: Final = 3.0
_DRAFT_PAD: Final = 3.0
_DRAFT_INDENT: Final = 8.0
_DRAFT_GREY: Final = 0.85
_DRAFT_RULE: Final = 1.5

# The words of the head stay clear of the widest label that may stand beside them.
_WIDEST_LABEL: Final = "   Page 88 of 88"

_TITLE: Final = Style(25, 29, bold=True)
_SUBTITLE: Final = Style(13.5, 17)

# A column that is exactly full is full, whatever the sums were rounded to.
_ROUNDING: Final = 0.01

# What is too tall for a page is not divided for less than a few lines.
_LEAST_PART: Final = 60.0

# A column that ends inside a section is as bad as one that is this much longer.
_DIVIDED_SECTION: Final = 30.0


class _Placed(NamedTuple):
    """A strip and its place: the left edge, and the upper edge from the top of the page."""

    strip: Strip
    x: float
    y: float


@dataclass(slots=True)
class _Pages:
    """Pages that fill from top to bottom."""

    top: float
    bottom: float
    y: float
    pages: list[list[_Placed]] = field(default_factory=lambda: [[]])

    @property
    def room(self) -> float:
        """What is left of the page."""
        return self.bottom - self.y

    @property
    def fresh(self) -> bool:
        """Whether nothing stands on the page yet."""
        return self.y == self.top

    def turn(self) -> None:
        """Go on on a new page."""
        self.pages.append([])
        self.y = self.top

    def place(self, column: Sequence[_Placed], x: float) -> float:
        """Place a filled column here, and give the height of its lower end."""
        self.pages[-1].extend(_Placed(each.strip, x, self.y + each.y) for each in column)
        return max((self.y + each.y + each.strip.height for each in column), default=self.y)


def render(document: Document, *, size: Literal["letter", "a4"]) -> bytes:
    """
    Draw a document as a PDF file that conforms to PDF/UA-1.

    Args:
        document: What to draw.
        size: The size of the paper.

    Returns:
        The file. The same document and size give the same bytes.

    Raises:
        ExportError: The running head and the mark of a draft leave no room on the page.
    """
    width, height = _SIZES[size]
    column = width - 2 * _MARGIN
    root = Tag("Document")
    top = _TOP + _head(document, column, "", root).height + _HEAD_GAP
    if top > height / 2:
        raise ExportError("the words at the head of each page take more than half of it")
    pages = _Pages(top, height - _BOTTOM, top)
    _flow(pages, _fitted(list(_front(document, column, root)), pages.room))
    _flow_back(pages, document.back, column, root)
    title = shown(normalized(document.title))
    canvas = TaggedCanvas((width, height), title=title, language=document.language)
    for number, placed in enumerate(pages.pages, start=1):
        owner = root if number == 1 else None
        head = _head(document, column, f"Page {number} of {len(pages.pages)}", owner)
        _draw(canvas, [_Placed(head, _MARGIN, _TOP), *placed], height)
        canvas.showPage()
    return canvas.finish()


def _head(document: Document, width: float, label: str, root: Tag | None) -> Strip:
    """
    Set what stands at the head of a page: whose plan it is, the page, the mark of a draft.

    It is repeated on each page and so passed over in reading aloud, but for the mark of a draft:
    that is heard once, as the first sentence of the document.
    """
    room = width - text_width(_WIDEST_LABEL, SMALL)
    lines = set_text(document.running, SMALL, room)
    words = [
        Words(0, SMALL.size + SMALL.leading * row, line, Artifact.PAGINATION)
        for row, line in enumerate(lines)
    ]
    words += [
        Words(width - text_width(label, SMALL), SMALL.size, line, Artifact.PAGINATION)
        for line in set_text(label, SMALL, width)
    ]
    bottom = SMALL.leading * max(len(lines), 1) + _HEAD_PAD
    rule = Fill(0, bottom, width, THIN, BLACK)
    head = Strip(bottom, tuple(words), (rule,))
    return _with_draft(head, document.draft, width, root) if document.draft else head


def _with_draft(head: Strip, draft: str, width: float, root: Tag | None) -> Strip:
    owner: Owner = Artifact.PAGINATION if root is None else Tag("P", root)
    mark = paragraph(draft, STRONG, width - 2 * _DRAFT_INDENT, owner)
    top = head.height + _DRAFT_PAD
    band = Fill(0, head.height, width, mark.height + 2 * _DRAFT_PAD, _DRAFT_GREY)
    rule = Fill(0, head.height + band.height, width, _DRAFT_RULE, BLACK)
    words = (Words(_DRAFT_INDENT, top + each.y, each.line, owner) for each in mark.words)
    return Strip(head.height + band.height, (*head.words, *words), (band, rule, *head.shapes))


def _front(document: Document, width: float, root: Tag) -> Iterator[Strip]:
    yield heading(document.title, _TITLE, width, Tag("H1", root))
    yield replace(paragraph(document.subtitle, _SUBTITLE, width, Tag("P", root)), before=0.0)
    for block in document.front:
        yield from block_strips(block, width, root, level=2)


def _fitted(strips: list[Strip], room: float) -> list[Strip]:
    """Share what is left of a single page, or a little that it lacks, among its wide gaps."""
    gaps = sum(strip.before >= BLOCK_GAP for strip in strips[1:])
    more = min((room - _extent(strips)) / max(gaps, 1), _MOST_AIR)
    return _aired(strips, more) if more >= _LEAST_AIR else strips


def _aired(strips: Sequence[Strip], more: float) -> list[Strip]:
    """Widen the gaps between blocks."""
    return [
        replace(strip, before=strip.before + more) if strip.before >= BLOCK_GAP else strip
        for strip in strips
    ]


def _flow_back(pages: _Pages, sections: Sequence[Section], width: float, root: Tag) -> None:
    """Set the sections from a new page on, those of plain text in two columns."""
    if sections:
        pages.turn()
    narrow = (width - _GUTTER) / 2
    for plain, group in groupby(sections, _is_plain):
        column = narrow if plain else width
        strips = [strip for section in group for strip in section_strips(section, column, root)]
        if plain:
            _flow_columns(pages, strips, narrow + _GUTTER)
        else:
            _flow(pages, strips)


def _is_plain(section: Section) -> bool:
    return all(isinstance(block, Paragraph | Bullets | Callout) for block in section.blocks)


def _flow(pages: _Pages, strips: Sequence[Strip]) -> None:
    """Place strips in one column, page after page."""
    while strips:
        column, strips = _filled(strips, pages.room, fresh=pages.fresh)
        pages.y = pages.place(column, _MARGIN)
        if strips:
            pages.turn()


def _flow_columns(pages: _Pages, strips: Sequence[Strip], step: float) -> None:
    """Place strips in two columns of the same height, page after page."""
    while strips:
        if not pages.fresh:
            pages.y += strips[0].before
        strips, cut = _roomiest(strips, pages.room)
        left, rest = _filled(strips[:cut], pages.room, fresh=True)
        rest = [*rest, *strips[cut:]] if cut else rest
        right, strips = _filled(rest, pages.room, fresh=True) if rest else ([], [])
        pages.y = max(pages.place(left, _MARGIN), pages.place(right, _MARGIN + step))
        if strips:
            pages.turn()


def _filled(
    strips: Sequence[Strip], room: float, *, fresh: bool
) -> tuple[list[_Placed], Sequence[Strip]]:
    """
    Fill a column from its top.

    Args:
        strips: What is to be placed.
        room: The height of the column.
        fresh: Whether nothing stands above the column; it then takes something in any case.

    Returns:
        The strips with their places in the column, and the strips that are left over.
    """
    placed, y = _repeated_header(strips[0], room)
    taken = 0
    while taken < len(strips):
        chain = strips[taken : _chain_end(strips, taken)]
        gap = 0.0 if fresh and taken == 0 else chain[0].before
        if y + gap + _extent(chain) > room + _ROUNDING:
            break
        placed.extend(_piled(chain, y + gap))
        y += gap + _extent(chain)
        taken += len(chain)
    if taken:
        return placed, strips[taken:]
    return _forced(placed, y, strips, room) if fresh else ([], strips)


def _piled(chain: Sequence[Strip], y: float) -> Iterator[_Placed]:
    """Place strips on top of each other."""
    for number, strip in enumerate(chain):
        y += strip.before if number else 0.0
        yield _Placed(strip, 0.0, y)
        y += strip.height


def _forced(
    header: list[_Placed], y: float, strips: Sequence[Strip], room: float
) -> tuple[list[_Placed], Sequence[Strip]]:
    """Place what is too tall to stay together; a strip taller than the column is divided."""
    placed = list(header)
    piled = _piled(strips, y)
    each = next(piled)
    while each.y + each.strip.height <= room:
        placed.append(each)
        each = next(piled)
    rest = strips[len(placed) - len(header) + 1 :]
    left = room - each.y
    if each.strip.height <= room - y or left < _LEAST_PART:
        return placed, [each.strip, *rest]
    upper, lower = divided(each.strip, left)
    return [*placed, each._replace(strip=upper)], [lower, *rest]


def _repeated_header(strip: Strip, room: float) -> tuple[list[_Placed], float]:
    """Repeat the header of a table that goes on; it has been read aloud where it first stood."""
    header = strip.header
    if header is None or header.height > room / 2:
        return [], 0.0
    words = tuple(each._replace(owner=Artifact.PAGINATION) for each in header.words)
    return [_Placed(replace(header, words=words), 0.0, 0.0)], header.height


def _chain_end(strips: Sequence[Strip], start: int) -> int:
    """Find the end of the strips that stay together from here on."""
    end = start
    while end < len(strips) - 1 and strips[end].keep:
        end += 1
    return end + 1


def _extent(strips: Sequence[Strip]) -> float:
    """Measure strips on top of each other."""
    return sum(strip.before + strip.height for strip in strips) - strips[0].before


def _roomiest(strips: Sequence[Strip], room: float) -> tuple[Sequence[Strip], int | None]:
    """Balance two columns with the widest gaps that they have room for."""
    for more in _COLUMN_AIRS:
        aired = _aired(strips, more)
        cut = _balanced(aired, room)
        if cut is not None:
            return aired, cut
    return strips, None


def _balanced(strips: Sequence[Strip], room: float) -> int | None:
    """Choose where the second of two columns starts; None where two columns are too few."""
    choices = [
        (max(left, right) + (0.0 if strips[cut].keep else _DIVIDED_SECTION), cut)
        for cut in range(1, len(strips))
        if not strips[cut - 1].keep
        and max(left := _extent(strips[:cut]), right := _extent(strips[cut:])) <= room
    ]
    return min(choices)[1] if choices else None


def _draw(canvas: TaggedCanvas, placed: Sequence[_Placed], height: float) -> None:
    """Draw the shapes of a page, then its words over them."""
    with canvas.marked(Artifact.LAYOUT):
        for strip, x, y in placed:
            for shape in strip.shapes:
                canvas.operators(_operators(shape, x, height - y))
        canvas.operators("0 g")
    canvas.write(
        Words(x + words.x, height - y - words.y, words.line, words.owner)
        for strip, x, y in placed
        for words in strip.words
    )


def _operators(shape: Shape, x: float, top: float) -> str:
    """Write a shape as PDF operators, given the upper left corner of its strip."""
    if isinstance(shape, Polygon):
        start, *others = [f"{x + right:.2f} {top - down:.2f}" for right, down in shape.points]
        return f"{shape.grey:g} g {start} m {' '.join(f'{point} l' for point in others)} f"
    left, low = x + shape.x, top - shape.y - shape.height
    rectangle = f"{left:.2f} {low:.2f} {shape.width:.2f} {shape.height:.2f} re"
    if isinstance(shape, Outline):
        return f"{shape.line:g} w {rectangle} S"
    return f"{shape.grey:g} g {rectangle} f"
