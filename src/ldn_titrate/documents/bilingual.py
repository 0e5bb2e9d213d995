"""
Documents in another language, and what keeps a translation that nobody checked from being trusted.

It must not know what any document says.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from ldn_titrate.content import Blank, Callout, Document, TickDay, Weight
from ldn_titrate.errors import ExportError
from ldn_titrate.speech import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable

    from ldn_titrate.content import Block
    from ldn_titrate.speech import Speech

# What is no text of the document, or has room for one language only.
_SINGLE = frozenset({"language", "beside", "running", "page", "box", "line"})


def in_language(
    make: Callable[[Speech], Document], speech: Speech, *, reviewed_only: bool = False
) -> Document:
    """
    Make a document in a language; the English lines stand beside a translation nobody checked.

    Args:
        make: What makes the document from a speech.
        speech: The language.
        reviewed_only: Whether a translation that nobody checked is refused.

    Raises:
        ExportError: It is refused.
    """
    if speech.is_reviewed:
        return make(speech)
    if reviewed_only:
        raise ExportError(
            f"the texts in {speech.language!r} are not reviewed, and only reviewed ones were asked"
            " for; without that wish each stands beside its English line"
        )
    return beside(_warned(make(speech), speech), _warned(make(ENGLISH), ENGLISH))


def _warned(document: Document, speech: Speech) -> Document:
    """Say first which language holds; in twice the lines a warning still stands on page 1."""
    warning = Callout(speech.say("language.unreviewed"), (), Weight.PLAIN)
    return replace(document, front=(warning, *sorted(document.front, key=_is_quiet)))


def _is_quiet(block: Block) -> bool:
    return not isinstance(block, Callout) or block.weight is Weight.PLAIN


def beside(translated: Document, english: Document) -> Document:
    """
    Put a document and its English twin together, each English text on the line under the other.

    A text that is the same in both, such as a name, stands once; so does a day to tick, as a row or
    in a calendar: its dose is said in both by the title of its table, or by the table of the steps.

    Raises:
        ExportError: The two are not made alike.
    """
    joined: Document = _joined(translated, english)
    return replace(joined, beside=english.language)


def _joined(one: Any, other: Any) -> Any:  # noqa: ANN401  # any part of a document
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        joined = tuple(map(_joined, one, other))
        return one if any(isinstance(part, Blank) for part in one) else joined
    if type(one) is not type(other):
        raise ExportError("two documents that are not made alike cannot stand beside each other")
    if is_dataclass(one) and not isinstance(one, type):
        parts = [each.name for each in fields(one) if each.name not in _SINGLE]
        told = {name: _joined(getattr(one, name), getattr(other, name)) for name in parts}
        return one if isinstance(one, TickDay) else replace(one, **told)
    if isinstance(one, str) and not isinstance(one, Enum):
        return one if one in {other, f"\n{other}"} else f"{one}\n{other}"
    if one != other:
        raise ExportError("two documents that are not made alike cannot stand beside each other")
    return one
