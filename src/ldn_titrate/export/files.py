"""
Files that leave the library: written whole or not at all, and never over another by accident.

It must not know what the bytes mean.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ldn_titrate.errors import ExportError

if TYPE_CHECKING:
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
    Write a file through a temporary one beside it, so that it is there whole or not at all.

    Args:
        path: The file.
        content: Its bytes.
        force: Whether an existing file may be replaced.

    Raises:
        ExportError: The file exists already, or the place cannot be written.
    """
    target = Path(path)
    refuse_existing(target, force=force)
    try:
        _replace(target, content, force=force)
    except FileExistsError:
        raise ExportError(f"{target.name} exists already; nothing was written") from None
    except OSError as error:
        raise ExportError(f"cannot write {target.name}: {error.strerror}") from None


def refuse_existing(path: str | Path, *, force: bool) -> None:
    """
    Refuse to write over a file.

    Raises:
        ExportError: The file exists already and *force* is not set.
    """
    if Path(path).exists() and not force:
        raise ExportError(f"{Path(path).name} exists already; nothing was written")


def _replace(target: Path, content: bytes, *, force: bool) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".ldn-titrate-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _publish(temporary, target, force=force)
    finally:
        temporary.unlink(missing_ok=True)


def _publish(temporary: Path, target: Path, *, force: bool) -> None:
    umask = os.umask(0)
    os.umask(umask)
    temporary.chmod(0o666 & ~umask)
    if force:
        temporary.replace(target)
        return
    # A link fails where a name was taken meanwhile; a rename would silently replace it.
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        temporary.replace(target)
