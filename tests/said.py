"""What a document says: each of its texts, in reading order."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from ldn_titrate.content import Blank, Document, Table, TickDay

if TYPE_CHECKING:
    from collections.abc import Iterator

# No text of the document itself.
_OUTSIDE: Final = frozenset({"language", "beside", "page", "box", "line"})


def texts_of(part: Any) -> Iterator[str]:
    """Give every text of a document or of a part of it, in order."""
    if isinstance(part, str) and not isinstance(part, Enum):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from texts_of(one)
    elif is_dataclass(part) and not isinstance(part, type):
        for each in fields(part):
            if each.name not in _OUTSIDE:
                yield from texts_of(getattr(part, each.name))


def texts_said_in_both(document: Document) -> Iterator[str]:
    """Give the texts that stand in two languages, where there are two: no day to tick, no head."""
    yield from texts_of(_without_days(replace(document, running="")))


def _without_days(part: Any) -> Any:
    if isinstance(part, TickDay):
        return ()
    if isinstance(part, tuple):
        filled_in = any(isinstance(one, Blank) for one in part)
        return () if filled_in else tuple(map(_without_days, part))
    if is_dataclass(part) and not isinstance(part, type):
        told = {each.name: _without_days(getattr(part, each.name)) for each in fields(part)}
        return replace(part, **told)
    return part


def plain(text: str) -> str:
    """Put a plain space for each no-break space."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def said(document: Document) -> str:
    """Give all of a document as one text, with plain spaces."""
    return plain("\n".join(texts_of(document)))


def tables(document: Document) -> list[Table]:
    """Give the tables of a document, in order."""
    back = [block for section in document.back for block in section.blocks]
    return [block for block in (*document.front, *back) if isinstance(block, Table)]


def rows(table: Table) -> list[list[str]]:
    """Give the rows of a table, with plain spaces."""
    return [[plain(cell) for cell in row] for row in table.rows]
