"""
The words of a document, and whether a PDF file says all of them and no others.

Nobody is measured drawing less: each file is read back, and each word must stand in it at least
as often as in the document. More often is fine, since heads are repeated on every page.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ldn_titrate.content import (
    Block,
    Bullets,
    Callout,
    Document,
    Fields,
    Paragraph,
    Table,
    TickCalendar,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ldn_titrate.content import TickDay

_NO_WORD = frozenset("\N{BULLET}")
_LABEL = {"Page", "of"}  # and the numbers of the pages


class Reading(NamedTuple):
    """What a finished file turned out to hold."""

    pages: int
    words: Counter[str]


def texts(document: Document) -> Iterator[str]:
    """Yield every text of a document."""
    yield from (document.title, document.subtitle, document.running)
    if document.draft:
        yield document.draft
    yield from _all(document.front)
    for section in document.back:
        yield section.title
        yield from _all(section.blocks)


def day_lines(day: TickDay) -> tuple[str, ...]:
    """Give the lines in the cell of a day."""
    return (day.date, *((day.dose,) if day.dose else ()), *day.units)


def read(pdf: bytes) -> Reading | None:
    """Read a PDF file with pdftotext; None where that is not installed."""
    reader = shutil.which("pdftotext")
    if reader is None:
        return None
    done = subprocess.run([reader, "-layout", "-", "-"], input=pdf, check=True, capture_output=True)
    text = done.stdout.decode()
    return Reading(text.count("\f"), _counted([text]))


def check(name: str, reading: Reading, document: Document) -> None:
    """Refuse a file that lacks words of the document, or that says words of its own."""
    wanted = _counted(texts(document))
    if lacking := wanted - reading.words:
        raise ValueError(f"{name} lacks {dict(lacking)}")
    labels = _LABEL | {str(page + 1) for page in range(reading.pages)}
    if more := reading.words.keys() - wanted.keys() - labels:
        raise ValueError(f"{name} says also {sorted(more)}")


def _counted(parts: Iterable[str]) -> Counter[str]:
    """Count words; a hyphen parts two, since some break a line there and some do not."""
    words = re.findall(r"[^\s-]+", " ".join(parts))
    return Counter(word for word in words if word not in _NO_WORD)


def _all(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield from _of(block)


def _of(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield block.text
        case Bullets():
            yield from block.items
        case Callout():
            yield block.title
            yield from _all(block.blocks)
        case Table():
            yield from (block.title, *block.headers, *chain.from_iterable(block.rows))
        case TickCalendar():
            yield from _of_calendar(block)
        case Fields():
            yield from (f"{each.label} {each.value or ''}" for each in block.fields)


def _of_calendar(block: TickCalendar) -> Iterator[str]:
    yield from (block.title, block.corner, *block.weekdays)
    for week in block.weeks:
        yield week.title
        for day in filter(None, week.days):
            yield from day_lines(day)
