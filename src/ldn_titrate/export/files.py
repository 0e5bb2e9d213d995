"""
Files that leave the library: what is in one, and how it is written.

It must not know what the bytes mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ldn_titrate import publish
from ldn_titrate.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldn_titrate.findings import Finding

_FORMAT_OF: Final = {
    ".csv": "csv",
    ".htm": "html",
    ".html": "html",
    ".ics": "ics",
    ".json": "json",
    ".jsonl": "json",
    ".ods": "ods",
    ".pdf": "pdf",
    ".txt": "text",
    ".xls": "xlsx",
    ".xlsx": "xlsx",
}


@dataclass(frozen=True, slots=True)
class Export:
    """
    A finished file and what is to be said about it.

    Attributes:
        content: Its bytes.
        findings: What the reader of the file should know, such as a letter that no font has.
    """

    content: bytes
    findings: tuple[Finding, ...] = ()


def write_whole(path: str | Path, content: bytes, *, force: bool = False) -> None:
    """
    Write a file so that it is there whole or not at all.

    Args:
        path: The file.
        content: Its bytes.
        force: Whether an existing file may be replaced.

    Raises:
        ExportError: The file exists already, or the place cannot be written.
    """
    with publish.new_file(path, error=ExportError, force=force) as whole:
        whole.write_bytes(content)


def refuse_existing(path: str | Path, *, force: bool) -> None:
    """
    Refuse to write over a file.

    Raises:
        ExportError: The file exists already and *force* is not set.
    """
    publish.refuse_existing(path, error=ExportError, force=force)


def refuse_other_format(path: str | Path, format_: str, *, others: Iterable[str] = ()) -> None:
    """
    Refuse a name that tells another format than the file would hold; any other ending is free.

    Args:
        path: The wanted name.
        format_: What the file would hold, such as ``pdf``.
        others: The formats that ``--format`` could ask for instead.

    Raises:
        ExportError: The name ends in that of another format.
    """
    told = _FORMAT_OF.get(Path(path).suffix.lower(), format_)
    if told != format_:
        ask = f"say --format {told}, or " if told in others else ""
        raise ExportError(f"{Path(path).name} would hold {format_}; {ask}name it otherwise")
