"""
A canvas that tags what it draws, so that the page can be read aloud (PDF/UA-1, ISO 14289-1).

Every mark on a page belongs to an element of the structure tree or is an artifact. The tree grows
as elements are drawn: reading order is drawing order. Nothing depends on a clock, a locale or the
fonts that others register with reportlab: the same calls give the same bytes. This room knows
PDF, and nothing of documents and their layout.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ldn_titrate.export.pdf.embedding import Embedded, shared
from ldn_titrate.export.pdf.metadata import (
    PRODUCER,
    checked,
    content_entries,
    file_entry,
    grey_profile,
    xmp,
)
from ldn_titrate.export.pdf.objects import Object, Objects, plain_stream, stream, text_string
from ldn_titrate.export.pdf.outline import Entry, write_outline
from ldn_titrate.export.pdf.structure import Artifact, Element, Mark, Place, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ldn_titrate.export.pdf.fonts import Face
    from ldn_titrate.export.pdf.lines import Line
    from ldn_titrate.export.pdf.metadata import Attachment
    from ldn_titrate.export.pdf.structure import Owner


class Words(NamedTuple):
    """One line of text on a page, from the left end of its baseline."""

    x: float
    y: float
    line: Line
    owner: Owner


class _Page(NamedTuple):
    """A finished page, and the elements of its marks by the numbers of these."""

    reference: str
    marks: list[Element]


class TaggedCanvas:
    """Draws one tagged file, from the first page to the last."""

    def __init__(
        self,
        page_size: tuple[float, float],
        *,
        title: str,
        language: str,
        archival: bool = False,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        """
        Begin a file with an empty page.

        Args:
            page_size: Width and height in points.
            title: The title of the file.
            language: The language of its text, as a BCP 47 tag.
            archival: Whether it also conforms to PDF/A-3a.
            attachments: The files inside it; PDF/A asks for that part of the standard.

        Raises:
            ExportError: An attachment has a name or a kind that is not allowed.
        """
        self._attachments = checked(attachments)
        self._title, self._language, self._archival = title, language, archival
        self._objects = Objects()
        self._tree, self._resources, self._root = (self._objects.add() for _ in range(3))
        self._media = " ".join(f"{edge:g}" for edge in page_size)
        self._fonts: dict[Face, Embedded] = {}
        self._elements: dict[Tag, Element] = {}
        self._roots: list[Element] = []
        self._entries: list[Entry] = []
        self._code: list[str] = []
        self._marks: list[Element] = []
        self._pages: list[_Page] = []

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
        element, mark = self._element(owner), len(self._marks)
        self._marks.append(element)
        element.kids.append(Mark(len(self._pages), mark))
        return f"/{owner.role} <</MCID {mark}>> BDC"

    def operators(self, code: str) -> None:
        """Draw what a string of PDF operators draws."""
        self._code.append(code)

    def place(self, tag: Tag, left: float, low: float, right: float, high: float) -> None:
        """Tell where on this page a drawing is, in points from its lower left corner."""
        self._element(tag).places.append(Place(len(self._pages), left, low, right, high))

    def entry(self, title: str, level: int, top: float) -> None:
        """Let a line of the outline lead to a height of this page."""
        self._entries.append(Entry(title, level, len(self._pages), top, self._objects.add()))

    def write(self, words: Iterable[Words]) -> None:
        """Write lines of text, tagged, in reading order."""
        code = self._code
        code.append("BT")
        for owner, group in groupby(words, attrgetter("owner")):
            lines = list(group)
            code.append(self._opened(owner))
            code.extend(self._written(*one[:3]) for one in lines if one.line.runs)
            code.append("EMC")
            if isinstance(owner, Tag):
                self._elements[owner].said.extend(one.line for one in lines)
        code.append("ET")

    def _written(self, x: float, y: float, line: Line) -> str:
        fonts = [self._font(run.face) for run in line.runs]
        text = _shared_text(line) or _text(
            line,
            (
                part
                for font, run in zip(fonts, line.runs, strict=True)
                for part in font.encoded(run.text)
            ),
        )
        return f"1 0 0 1 {x:.2f} {y:.2f} Tm {text}"

    def _font(self, face: Face) -> Embedded:
        if face not in self._fonts:
            self._fonts[face] = Embedded(face)
        return self._fonts[face]

    def _element(self, tag: Tag) -> Element:
        element = self._elements.get(tag)
        if element is None:
            above = self._element(tag.parent) if tag.parent else None
            element = Element(tag, self._objects.add(), above.item if above else self._root)
            self._elements[tag] = element
            siblings: list[Any] = above.kids if above else self._roots
            siblings.append(element)
        return element

    def end_page(self) -> None:
        """Finish a page: its content, its fonts, and where its marks are in the tree."""
        content = self._objects.add(stream("\n".join(self._code).encode("latin-1")))
        page = (
            f"<</Type/Page/Parent {self._tree.reference}/MediaBox [0 0 {self._media}]"
            f"/Contents {content.reference}/Resources {self._resources.reference}"
            f"/StructParents {len(self._pages)}/Tabs/S>>"
        )
        self._pages.append(_Page(self._objects.add(page.encode()).reference, self._marks))
        self._code, self._marks = [], []

    def finish(self) -> bytes:
        """Close the last page and give the whole file; the canvas must not be used after it."""
        if self._code:
            self.end_page()
        pages = [page.reference for page in self._pages]
        kids = f"/Kids [{' '.join(pages)}]/Count {len(pages)}"
        self._tree.content = f"<</Type/Pages{kids}>>".encode()
        self._write_fonts()
        self._write_structure(pages)
        info = f"<</Title {text_string(self._title)}/Producer {text_string(PRODUCER)}>>"
        return self._objects.file(self._catalog(pages), self._objects.add(info.encode()))

    def _write_fonts(self) -> None:
        entries = [
            f"/{name} {font.reference}"
            for embedded in self._fonts.values()
            for name, font in embedded.objects(self._objects.add)
        ]
        self._resources.content = f"<</Font <<{' '.join(entries)}>>>>".encode()

    def _write_structure(self, pages: list[str]) -> None:
        for element in self._elements.values():
            element.item.content = element.dictionary(pages).encode()
        kids = " ".join(element.item.reference for element in self._roots)
        parents = " ".join(
            f"{number} [{' '.join(element.item.reference for element in page.marks)}]"
            for number, page in enumerate(self._pages)
        )
        self._root.content = (
            f"<</Type/StructTreeRoot/K [{kids}]/ParentTree <</Nums [{parents}]>>"
            f"/ParentTreeNextKey {len(self._pages)}>>"
        ).encode()

    def _catalog(self, pages: list[str]) -> Object:
        told = plain_stream(
            xmp(self._title, self._language, archival=self._archival), "/Type/Metadata/Subtype/XML"
        )
        return self._objects.add(
            (
                f"<</Type/Catalog/Pages {self._tree.reference}/Lang {text_string(self._language)}"
                f"/MarkInfo <</Marked true>>/StructTreeRoot {self._root.reference}"
                f"/Metadata {self._objects.add(told).reference}"
                f"/ViewerPreferences <</DisplayDocTitle true>>"
                f"{self._outline(pages)}{self._intent()}{self._files()}>>"
            ).encode()
        )

    def _outline(self, pages: list[str]) -> str:
        if not self._entries:
            return ""
        whole = self._objects.add()
        write_outline(self._entries, pages, whole)
        return f"/Outlines {whole.reference}"

    def _intent(self) -> str:
        """Write down what grey is meant to be, for an archive."""
        if not self._archival:
            return ""
        profile = self._objects.add(stream(grey_profile(), "/N 1"))
        return (
            "/OutputIntents [<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier"
            f" (Grey, gamma 2.2)/Info (Grey, gamma 2.2)/DestOutputProfile {profile.reference}>>]"
        )

    def _files(self) -> str:
        """Write the files inside this one."""
        if not self._attachments:
            return ""
        files = []
        for one in self._attachments:
            content = self._objects.add(stream(one.content, content_entries(one)))
            entry = file_entry(one, content.reference).encode()
            files.append((one.name, self._objects.add(entry).reference))
        names = " ".join(f"({name}) {reference}" for name, reference in files)
        associated = " ".join(reference for _, reference in files)
        return f"/Names <</EmbeddedFiles <</Names [{names}]>>>>/AF [{associated}]"


@lru_cache(maxsize=2048)
def _shared_text(line: Line) -> str | None:
    """Write a line that is the same in every file; None where the file has its own codes for it."""
    found = [shared(*run) for run in line.runs]
    parts = [part for part in found if part]
    return _text(line, parts) if len(parts) == len(found) else None


def _text(line: Line, parts: Iterable[tuple[str, str]]) -> str:
    shown = " ".join(f"/{font} {line.size:g} Tf ({text}) Tj" for font, text in parts)
    return f"{line.grey:g} g {shown} 0 g" if line.grey else shown
