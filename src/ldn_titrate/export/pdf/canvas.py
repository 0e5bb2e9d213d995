"""
A canvas that tags what it draws, so that the page can be read aloud (PDF/UA-1, ISO 14289-1).

Every mark on a page belongs to an element of the structure tree or is an artifact. The tree grows
as elements are drawn: reading order is drawing order. Nothing depends on a clock, a locale or the
fonts that others register with reportlab: the same calls give the same bytes. This room knows
PDF, and nothing of documents and their layout.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

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

from ldn_titrate.export.pdf.embedding import Embedded, Raw, plain_stream, stream
from ldn_titrate.export.pdf.metadata import (
    PRODUCER,
    checked,
    content_entries,
    file_entry,
    grey_profile,
    xmp,
)
from ldn_titrate.export.pdf.structure import Artifact, Element, Mark, Place, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ldn_titrate.export.pdf.fonts import Face
    from ldn_titrate.export.pdf.lines import Line
    from ldn_titrate.export.pdf.metadata import Attachment
    from ldn_titrate.export.pdf.structure import Owner

_PDF_VERSION = (1, 7)


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
        entries = {"Title": PDFString(self.title), "Producer": PDFString(PRODUCER)}
        content: bytes = PDFDictionary(entries).format(document)
        return content


class _Page(NamedTuple):
    """A finished page and the owner of each of its marks."""

    page: PDFPage
    tags: tuple[Tag, ...]


class TaggedCanvas(Canvas):  # type: ignore[misc] # reportlab is untyped
    """
    A reportlab canvas whose marks all belong to a structure element or to an artifact.

    Args:
        size: Width and height of its pages in points.
        title: The title of the file.
        language: The language of its text, as a BCP 47 tag.
        archival: Whether it also conforms to PDF/A-3a.
        attachments: The files inside it.
    """

    def __init__(
        self,
        size: tuple[float, float],
        *,
        title: str,
        language: str,
        archival: bool = False,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        self._output = BytesIO()
        self._fonts: dict[Face, Embedded] = {}
        self._pages: list[_Page] = []
        self._marked: list[Tag] = []
        self._elements: dict[Tag, Element] = {}
        self._roots: list[Element] = []
        super().__init__(
            self._output, pagesize=size, invariant=1, lang=language, pdfVersion=_PDF_VERSION
        )
        # The identifier of the file comes from its content, not from a clock.
        self._doc.signature = hashlib.blake2b(digest_size=16)
        self._doc.info = _Info(title)
        self._xmp = xmp(title, language, archival=archival)
        self._archival = archival
        self._attachments = checked(attachments)
        self._entries = 0
        self._resources = self._register(Raw())

    @contextmanager
    def marked(self, owner: Owner) -> Iterator[None]:
        """Let everything drawn inside belong to an element or an artifact."""
        self._code.append(self._opened(owner))
        yield
        self._code.append("EMC")

    def _opened(self, owner: Owner) -> str:
        """Begin a mark of an element, or decoration."""
        if isinstance(owner, Artifact):
            return f"/Artifact <</Type/{owner}>> BDC"
        mark = len(self._marked)
        self._marked.append(owner)
        self._element(owner).kids.append(Mark(len(self._pages), mark))
        return f"/{owner.role} <</MCID {mark}>> BDC"

    def operators(self, code: str) -> None:
        """Draw what a string of PDF operators draws."""
        self._code.append(code)

    def place(self, tag: Tag, left: float, low: float, right: float, high: float) -> None:
        """Tell where on this page a drawing is, in points from its lower left corner."""
        self._element(tag).places.append(Place(len(self._pages), left, low, right, high))

    def entry(self, title: str, level: int, top: float) -> None:
        """Let a line of the outline lead to a height of this page."""
        self._entries += 1
        key = f"entry{self._entries}"
        self.bookmarkPage(key, fit="XYZ", left=0, top=top, zoom=0)
        self.addOutlineEntry(title, key, level)

    def write(self, words: Iterable[Words]) -> None:
        """Write lines of text, tagged, in reading order."""
        code = self._code
        code.append("BT")
        for owner, group in groupby(words, attrgetter("owner")):
            lines = list(group)
            code.append(self._opened(owner))
            code.extend(self._written(*one[:3]) for one in lines)
            code.append("EMC")
            if isinstance(owner, Tag):
                self._elements[owner].said.extend(one.line for one in lines)
        code.append("ET")

    def _written(self, x: float, y: float, line: Line) -> str:
        shown = f"1 0 0 1 {x:.2f} {y:.2f} Tm {self._shown(line)}"
        return f"{line.grey:g} g {shown} 0 g" if line.grey else shown

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

    def _element(self, tag: Tag) -> Element:
        element = self._elements.get(tag)
        if element is None:
            element = self._elements[tag] = Element(tag, self._register(Raw()))
            siblings: list[Any] = (
                self._roots if tag.parent is None else self._element(tag.parent).kids
            )
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
        catalog.Metadata = Raw(plain_stream(self._xmp, "/Type/Metadata/Subtype/XML"))
        self.setViewerPreference("DisplayDocTitle", "true")
        if self._archival:
            self._write_intent()
        if self._attachments:
            self._write_attachments()

    def _write_intent(self) -> None:
        """Write down what grey is meant to be."""
        profile = self._register(Raw(stream(grey_profile(), "/N 1")))
        self._add_to_catalog(
            "OutputIntents",
            "[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier (Grey, gamma 2.2)"
            f"/Info (Grey, gamma 2.2)/DestOutputProfile {profile.reference}>>]",
        )

    def _write_attachments(self) -> None:
        files = []
        for one in self._attachments:
            self._doc.updateSignature(one.content)
            content = self._register(Raw(stream(one.content, content_entries(one))))
            entry = file_entry(one, content.reference).encode()
            files.append((one.name, self._register(Raw(entry)).reference))
        names = " ".join(f"({name}) {reference}" for name, reference in files)
        self._doc.Catalog.Names = Raw(f"<</EmbeddedFiles <</Names [{names}]>>>>".encode())
        self._add_to_catalog("AF", f"[{' '.join(reference for _, reference in files)}]")

    def _add_to_catalog(self, key: str, value: str) -> None:
        """Give the catalog an entry that reportlab does not know."""
        catalog = self._doc.Catalog
        catalog.__NoDefault__ = [*catalog.__NoDefault__, key]
        setattr(catalog, key, value)

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
