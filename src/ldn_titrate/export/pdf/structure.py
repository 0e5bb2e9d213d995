"""
The structure of a file that is read aloud: its elements, and how each is written down.

Every mark on a page belongs to an element (`Tag`) or is an `Artifact`, which a screen reader
passes over. This room knows the structure tree of PDF, and neither pages nor fonts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ldn_titrate.export.pdf.objects import text_string

if TYPE_CHECKING:
    from ldn_titrate.export.pdf.lines import Line
    from ldn_titrate.export.pdf.objects import Object


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
        language: The language of what it holds, where it differs from its parent's.
        alternate: What is said in place of a drawing.
    """

    role: str
    parent: Tag | None = None
    scope: str | None = None
    language: str | None = None
    alternate: str | None = None


Owner: TypeAlias = Tag | Artifact


class Place(NamedTuple):
    """A rectangle on a page, in points from its lower left corner."""

    page: int
    left: float
    low: float
    right: float
    high: float


class Mark(NamedTuple):
    """A mark by the number of its page and its own number there."""

    page: int
    number: int


@dataclass(slots=True, eq=False)
class Element:
    """
    A tag in the making: what it holds so far, in reading order, what it says and where.

    Attributes:
        tag: What it is.
        item: Its object in the file.
        above: The object of the element that it stands in, or of the tree.
        kids: The elements and marks in it.
        said: The lines of text in it.
        places: Where it is drawn, if it is a drawing.
    """

    tag: Tag
    item: Object
    above: Object
    kids: list[Element | Mark] = field(default_factory=list)
    said: list[Line] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def dictionary(self, pages: list[str]) -> str:
        """Write the element, given the references of the pages."""
        first = next((kid.page for kid in self.kids if isinstance(kid, Mark)), None)
        home = "" if first is None else f"/Pg {pages[first]}"
        kids = " ".join(_kid(kid, first, pages) for kid in self.kids)
        return (
            f"<</Type/StructElem/S/{self.tag.role}/P {self.above.reference}{home}"
            f"/K [{kids}]{self._attributes()}{self._words()}>>"
        )

    def _attributes(self) -> str:
        if self.tag.scope:
            return f"/A <</O/Table/Scope/{self.tag.scope}>>"
        if self.tag.role == "L":
            return "/A <</O/List/ListNumbering/Disc>>"
        if self.places and len({place.page for place in self.places}) == 1:
            return f"/A <</O/Layout/BBox [{self._box()}]>>"
        return ""

    def _box(self) -> str:
        _, left, low, right, high = zip(*self.places, strict=True)
        return f"{min(left):.2f} {min(low):.2f} {max(right):.2f} {max(high):.2f}"

    def _words(self) -> str:
        words = f"/Lang {text_string(self.tag.language)}" if self.tag.language else ""
        if self.tag.alternate is not None:
            return f"{words}/Alt {text_string(self.tag.alternate)}"
        if not all(line.literal for line in self.said):
            words += f"/ActualText {text_string(''.join(line.text for line in self.said))}"
        return words


def _kid(kid: Element | Mark, home: int | None, pages: list[str]) -> str:
    """Write what an element holds, given the page of its first mark."""
    if isinstance(kid, Element):
        return kid.item.reference
    if kid.page == home:
        return str(kid.number)
    return f"<</Type/MCR/Pg {pages[kid.page]}/MCID {kid.number}>>"
