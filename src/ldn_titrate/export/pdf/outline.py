"""
The outline of a file: its documents and their sections, each line with its place on a page.

This room knows lines and how deep they stand, and not what they lead to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ldn_titrate.export.pdf.objects import text_string

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ldn_titrate.export.pdf.objects import Object


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A line of the outline.

    Attributes:
        title: What it says.
        level: How deep it stands, from 0 on.
        page: The number of the page that it leads to, from 0 on.
        top: The height there, in points from the lower edge.
        item: The object of the file that it is.
        under: The lines that stand under it.
    """

    title: str
    level: int
    page: int
    top: float
    item: Object
    under: list[Entry] = field(default_factory=list)


def write_outline(entries: Iterable[Entry], pages: Sequence[str], whole: Object) -> None:
    """
    Write the outline of a file, all of it open.

    Args:
        entries: Its lines; each stands under the last one before it of a higher level.
        pages: The references of the pages.
        whole: The object that holds them.
    """
    tops: list[Entry] = []
    above: list[Entry] = []
    for entry in entries:
        while above and above[-1].level >= entry.level:
            above.pop()
        (above[-1].under if above else tops).append(entry)
        above.append(entry)
    whole.content = f"<</Type/Outlines{_children(tops, pages, whole)}>>".encode()


def _children(entries: Sequence[Entry], pages: Sequence[str], parent: Object) -> str:
    """Write lines that stand under another, and give what it says of them."""
    if not entries:
        return ""
    items = [one.item.reference for one in entries]
    for number, one in enumerate(entries):
        before = f"/Prev {items[number - 1]}" if number else ""
        after = f"/Next {items[number + 1]}" if one is not entries[-1] else ""
        one.item.content = (
            f"<</Title {text_string(one.title)}/Parent {parent.reference}{before}{after}"
            f"/Dest [{pages[one.page]}/XYZ 0 {one.top:.2f} 0]"
            f"{_children(one.under, pages, one.item)}>>"
        ).encode()
    return f"/First {items[0]}/Last {items[-1]}/Count {_count(entries)}"


def _count(entries: Sequence[Entry]) -> int:
    return sum(1 + _count(one.under) for one in entries)
