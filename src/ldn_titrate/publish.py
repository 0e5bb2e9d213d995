"""
Files and folders that are there whole or not at all, and never over another by accident.

What is written stands in a folder of its own beside the wanted name, is brought to the disk, and
only then takes that name. It must not know what is written, nor for whom.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.errors import LdnTitrateError

_TO_REPLACE: Final = "; to replace it say --force, or force=True in Python"
_INTO: Final = "; it is a folder, so name a file in it"


@contextmanager
def new_file(
    path: str | Path, *, error: type[LdnTitrateError], force: bool = False
) -> Iterator[Path]:
    """
    Give the place of a file that takes the wanted name once it is whole.

    Args:
        path: The wanted name.
        error: What a failure is told as.
        force: Whether a file of that name may be replaced.

    Raises:
        LdnTitrateError: The name is taken, or the place cannot be written; it is an *error*.
    """
    with _beside(Path(path), error, force=force) as folder:
        whole = folder / "whole"
        yield whole
        _sync(whole)
        _publish(whole, Path(path), force=force)


@contextmanager
def new_folder(path: str | Path, *, error: type[LdnTitrateError]) -> Iterator[Path]:
    """
    Give the place of a folder that takes the wanted name once it is whole.

    Args:
        path: The wanted name.
        error: What a failure is told as.

    Raises:
        LdnTitrateError: The name is taken, or the place cannot be written; it is an *error*.
    """
    with _beside(Path(path), error, needed=": a new folder is needed") as folder:
        whole = folder / "whole"
        whole.mkdir()
        yield whole
        for file in whole.iterdir():
            _sync(file)
        whole.rename(path)


def refuse_existing(
    path: str | Path, *, error: type[LdnTitrateError], force: bool = False, needed: str = ""
) -> None:
    """
    Refuse to write over a file or a folder.

    Args:
        path: The wanted name.
        error: What the refusal is told as.
        force: Whether what is there may be replaced.
        needed: What the message adds; how it is replaced, if left out.

    Raises:
        LdnTitrateError: The name is taken and *force* is not set; it is an *error*.
    """
    if Path(path).exists() and not force:
        raise _taken(Path(path), error, needed)


@contextmanager
def _beside(
    target: Path, error: type[LdnTitrateError], *, force: bool = False, needed: str = ""
) -> Iterator[Path]:
    refuse_existing(target, error=error, force=force, needed=needed)
    try:
        # Only its owner may look into it, as long as it holds a half of somebody's file.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".ldn-titrate-") as folder:
            yield Path(folder)
    except FileExistsError:
        raise _taken(target, error, needed) from None
    except OSError as failure:
        raise error(f"cannot write {_name(target)}: {failure.strerror}") from None


def _taken(target: Path, error: type[LdnTitrateError], needed: str) -> LdnTitrateError:
    how = needed or (_INTO if target.is_dir() else _TO_REPLACE)
    return error(f"{_name(target)} exists already; nothing was written{how}")


def _name(target: Path) -> str:
    """Name a place without its folders; ``.`` has no other name than itself."""
    return target.name or str(target)


def _publish(whole: Path, target: Path, *, force: bool) -> None:
    if force:
        whole.replace(target)
        return
    # A link fails where a name was taken meanwhile; a rename would silently replace it.
    try:
        os.link(whole, target)
    except FileExistsError:
        raise
    except OSError:
        whole.replace(target)


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
