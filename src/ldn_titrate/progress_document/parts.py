"""The parts that both sides of the progress report are made of. It must not know records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldn_titrate.content import Bullets, Table
from ldn_titrate.speech import held

if TYPE_CHECKING:
    from collections.abc import Iterable


def bullets(lines: Iterable[str]) -> Bullets:
    """Make a list of lines."""
    return Bullets(tuple(map(held, lines)))


def table(title: str, headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    """Make a table of lines."""
    return Table(held(title), headers, tuple(tuple(map(held, row)) for row in rows))


def capital(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]
