"""
Where a file or a folder is written whole or not at all, bit by bit, and never over another.

It must not know what is written.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ldn_titrate.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def new_file(path: str | Path, *, force: bool = False) -> Iterator[Path]:
    """
    Give the place of a file that takes the wanted name once it is whole.

    Args:
        path: The wanted name.
        force: Whether a file of that name may be replaced.

    Raises:
        StoreError: The name is taken, or the place cannot be written.
    """
    with _beside(Path(path), force=force) as folder:
        whole = folder / "whole"
        yield whole
        _sync(whole)
        _publish(whole, Path(path), force=force)


@contextmanager
def new_folder(path: str | Path) -> Iterator[Path]:
    """
    Give the place of a folder that takes the wanted name once it is whole.

    Raises:
        StoreError: The name is taken, or the place cannot be written.
    """
    with _beside(Path(path), force=False, needed=": a new folder is needed") as folder:
        whole = folder / "whole"
        whole.mkdir()
        yield whole
        for file in whole.iterdir():
            _sync(file)
        whole.rename(path)


@contextmanager
def _beside(target: Path, *, force: bool, needed: str = "") -> Iterator[Path]:
    taken = StoreError(f"{target.name} exists already; nothing was written{needed}")
    if target.exists() and not force:
        raise taken
    try:
        # Only its owner may look into it, as long as it holds a half of somebody's file.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".ldn-titrate-") as folder:
            yield Path(folder)
    except FileExistsError:
        raise taken from None
    except OSError as error:
        raise StoreError(f"cannot write {target.name}: {error.strerror}") from None


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
