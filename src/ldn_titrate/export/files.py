"""
Files that leave the library: what is in one, and how it is written.

It must not know what the bytes mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ldn_titrate import publish
from ldn_titrate.errors import ExportError

if TYPE_CHECKING:
    from pathlib import Path

    from ldn_titrate.findings import Finding


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
