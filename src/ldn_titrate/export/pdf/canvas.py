"""
A canvas that tags what it draws, so that the page can be read aloud (PDF/UA-1, ISO 14289-1).

Every mark on a page belongs to an element of the structure tree (`Tag`) or is an `Artifact`, which
a screen reader passes over. The tree grows as elements are drawn: reading order is drawing order.
Nothing depends on a clock, a locale or the fonts that others register with reportlab: the same
calls give the same bytes. This room knows PDF, and nothing of documents and their layout.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import (
    PDFDictionary,
    PDFDocument,
    PDFInfo,
    PDFName,
    PDFObject,
    PDFPage,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas

from ldn_titrate.export.pdf.embedding import Embedded, Raw, stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ldn_titrate.export.pdf.fonts import Face
    from ldn_titrate.export.pdf.lines import Line

_PRODUCER = "ldn-titrate, with ReportLab"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

_PDF_VERSION = (1, 7)


class Artifact(StrEnum):
    """What a screen reader passes over, by the reason why it is on the page."""

    PAGINATION = "Pagination"
    LAYOUT = "Layout"


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """
    An element of the structure tree; the same object stays the same element on every page.

    Attributes:
        role: A standard structure type, such as ``P`` or ``TD``.
        parent: The element that it stands in; None at the top of the tree.
        scope: For a header cell, ``Row`` or ``Column``.
    """

    role: str
    parent: Tag | None = None
    scope: str | None = None


Owner: TypeAlias = Tag | Artifact


class Words(NamedTuple):
    """One line of text on a page, from the left end of its baseline."""

    x: float
    y: float
    line: Line
    owner: Owner


class _Info(PDFInfo):  # type: ignore[misc] # reportlab is untyped
    """The title of the file, without the dates that reportlab would make up."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title

    def format(self, document: PDFDocument) -> bytes:
        """Give the bytes, as reportlab asks for them."""
        entries = {"Title": PDFString(self.title), "Producer": PDFString(_PRODUCER)}
        content: bytes = PDFDictionary(entries).format(document)
        return content


class _Page(NamedTuple):
    """A finished page and the owner of each of its marks."""

    page: PDFPage
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class _Element:
    """A tag in the making: what it holds so far, elements or marks as (page, number), and says."""

    tag: Tag
    raw: Raw
    kids: list[_Element]
    marks: list[tuple[int, int]]
    said: list[Line]

    def dictionary(self, above: str, pages: list[str]) -> str:
        """Write the element, given the references of its parent and of the pages."""
        kids = [kid.raw.reference for kid in self.kids]
        home = ""
        if self.marks:
            first = self.marks[0][0]
            home = f"/Pg {pages[first]}"
            kids += [
                str(mark) if page == first else f"<</Type/MCR/Pg {pages[page]}/MCID {mark}>>"
                for page, mark in self.marks
            ]
        return (
            f"<</Type/StructElem/S/{self.tag.role}/P {above}{home}"
            f"/K [{' '.join(kids)}]{self._attributes()}>>"
        )

    def _attributes(self) -> str:
        attributes = ""
        if self.tag.scope:
            attributes = f"/A <</O/Table/Scope/{self.tag.scope}>>"
        elif self.tag.role == "L":
            attributes = "/A <</O/List/ListNumbering/Disc>>"
        if not all(line.literal for line in self.said):
            text = "".join(line.text for line in self.said)
            attributes += f"/ActualText <feff{text.encode('utf-16-be', 'replace').hex()}>"
        return attributes


class TaggedCanvas(Canvas):  # type: ignore[misc] # reportlab is untyped
    """
    A reportlab canvas whose marks all belong to a structure element or to an artifact.

    Args:
        size: Width and height of its pages in points.
        title: The title of the file.
        language: The language of its text, as a BCP 47 tag.
    """

    def __init__(self, size: tuple[float, float], *, title: str, language: str) -> None:
        self._output = BytesIO()
        self._fonts: dict[Face, Embedded] = {}
        self._pages: list[_Page] = []
        self._marked: list[Tag] = []
        self._elements: dict[Tag, _Element] = {}
        self._roots: list[_Element] = []
        super().__init__(
            self._output, pagesize=size, invariant=1, lang=language, pdfVersion=_PDF_VERSION
        )
        # The identifier of the file comes from its content, not from a clock.
        self._doc.signature = hashlib.blake2b(digest_size=16)
        self._doc.info = _Info(title)
        self._xmp = _XMP.format(title=escape(title), language=escape(language), producer=_PRODUCER)
        self._resources = self._register(Raw())

    @contextmanager
    def marked(self, owner: Owner) -> Iterator[None]:
        """Let everything drawn inside belong to an element or an artifact."""
        if isinstance(owner, Artifact):
            self._code.append(f"/Artifact <</Type/{owner}>> BDC")
        else:
            mark = len(self._marked)
            self._marked.append(owner)
            self._element(owner).marks.append((len(self._pages), mark))
            self._code.append(f"/{owner.role} <</MCID {mark}>> BDC")
        yield
        self._code.append("EMC")

    def operators(self, code: str) -> None:
        """Draw what a string of PDF operators draws."""
        self._code.append(code)

    def write(self, words: Iterable[Words]) -> None:
        """Write lines of text, tagged, in reading order."""
        self._code.append("BT")
        for owner, lines in groupby(words, attrgetter("owner")):
            with self.marked(owner):
                for x, y, line, _ in lines:
                    self._code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm {self._shown(line)}")
                    if isinstance(owner, Tag):
                        self._elements[owner].said.append(line)
        self._code.append("ET")

    def finish(self) -> bytes:
        """Close the last page and give the whole file; the canvas must not be used after it."""
        if self._code:
            self.showPage()
        self._write_fonts()
        self._write_catalog()
        self._write_structure()
        self.save()
        return self._output.getvalue()

    def _shown(self, line: Line) -> str:
        return " ".join(
            f"/{font} {line.size:g} Tf ({text}) Tj"
            for run in line.runs
            for font, text in self._font(run.face).encoded(run.text)
        )

    def _font(self, face: Face) -> Embedded:
        if face not in self._fonts:
            self._fonts[face] = Embedded(face, f"F{len(self._fonts)}")
        return self._fonts[face]

    def _element(self, tag: Tag) -> _Element:
        element = self._elements.get(tag)
        if element is None:
            element = self._elements[tag] = _Element(tag, self._register(Raw()), [], [], [])
            siblings = self._roots if tag.parent is None else self._element(tag.parent).kids
            siblings.append(element)
        return element

    def _register(self, raw: Raw) -> Raw:
        """Give an object its number in the file."""
        raw.reference = self._reference(raw)
        return raw

    def _reference(self, thing: PDFObject) -> str:
        reference: bytes = self._doc.Reference(thing).format(self._doc)
        return reference.decode()

    def _make_preamble(self) -> None:
        """Leave out reportlab's opening operators, which would call for an unembedded font."""
        self._preamble = ""

    def _setAnnotations(self, page: PDFPage) -> None:  # noqa: N802 - reportlab's hook for a new page
        """Finish a page: its content, its fonts, and where its marks are in the tree."""
        content = "\n".join(self._code).encode("latin-1")
        self._doc.updateSignature(content)
        page.Contents = Raw(stream(content))
        page.Resources = self._resources
        page.StructParents, page.Tabs = len(self._pages), PDFName("S")
        page.__NoDefault__ = [*type(page).__NoDefault__, "StructParents", "Tabs"]
        self._pages.append(_Page(page, tuple(self._marked)))
        self._marked = []

    def _write_fonts(self) -> None:
        entries = [
            f"/{name} {self._register(font).reference}"
            for embedded in self._fonts.values()
            for name, font in embedded.objects(self._register)
        ]
        self._resources.content = f"<</Font <<{' '.join(entries)}>>>>".encode()

    def _write_catalog(self) -> None:
        catalog = self._doc.Catalog
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        catalog.Metadata = Raw(stream(self._xmp.encode(), "/Type/Metadata/Subtype/XML"))
        self.setViewerPreference("DisplayDocTitle", "true")

    def _write_structure(self) -> None:
        root = self._register(Raw())
        pages = [self._reference(page.page) for page in self._pages]
        for element in self._elements.values():
            parent = element.tag.parent
            above = self._elements[parent].raw if parent else root
            element.raw.content = element.dictionary(above.reference, pages).encode()
        kids = " ".join(element.raw.reference for element in self._roots)
        parents = " ".join(
            f"{number} [{' '.join(self._elements[tag].raw.reference for tag in page.tags)}]"
            for number, page in enumerate(self._pages)
        )
        root.content = (
            f"<</Type/StructTreeRoot/K [{kids}]/ParentTree <</Nums [{parents}]>>"
            f"/ParentTreeNextKey {len(self._pages)}>>"
        ).encode()
        self._doc.Catalog.StructTreeRoot = root
