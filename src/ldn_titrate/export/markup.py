"""
HTML and SVG as a tree of elements, so that no text can ever become markup.

The serializer of the standard library escapes every text and attribute; nothing else in the
library writes an angle bracket. This room must not know documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias
from xml.etree.ElementTree import Element, tostring

if TYPE_CHECKING:
    from collections.abc import Iterable

Child: TypeAlias = Element | str

_INLINE: Final = frozenset({"b", "br", "span", "text", "wbr"})


def tag(name: str, /, *children: Child, **attributes: str | None) -> Element:
    """
    Make an element.

    Args:
        name: Its name.
        children: Texts and elements, in order.
        attributes: Its attributes; ``class_`` is ``class``, other underscores are hyphens, and None
            is no attribute.
    """
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    element = Element(name, {key: value for key, value in given.items() if value is not None})
    for child in children:
        _add(element, child)
    # A line for each block keeps the file readable; inside a line a break would be a space.
    element.tail = "" if name in _INLINE else "\n"
    return element


def serialized(page: Element) -> bytes:
    """Write a whole page as an HTML file in UTF-8."""
    written: bytes = tostring(page, encoding="utf-8", method="html")
    return b"<!DOCTYPE html>\n" + written


def one_line(text: str) -> str:
    """Put a text in two languages on one line, for where no line can break."""
    return beside_each_other(text.split("\n"))


def beside_each_other(texts: Iterable[str]) -> str:
    """Put texts on one line, a bar between each two."""
    return " | ".join(texts)


def _add(element: Element, child: Child) -> None:
    if not isinstance(child, str):
        element.append(child)
    elif len(element):
        element[-1].tail = f"{element[-1].tail or ''}{child}"
    else:
        element.text = f"{element.text or ''}{child}"
