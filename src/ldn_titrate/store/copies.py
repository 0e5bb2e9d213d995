"""
The backup: a copy of all patient files at one moment.

It must not know what they hold.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ldn_titrate.errors import StoreError
from ldn_titrate.publish import new_file
from ldn_titrate.store.engine import telling
from ldn_titrate.store.transfer import export_clinic

if TYPE_CHECKING:
    from ldn_titrate.store.clinic import Store


def backup(store: Store, path: str | Path, *, force: bool = False) -> None:
    """
    Copy all patient files to a new file, while others go on writing.

    Of SQLite it is a database that can be opened; of PostgreSQL it is JSON Lines of one snapshot,
    for `import_clinic`.

    Args:
        store: Where they are.
        path: The new file.
        force: Whether an existing file may be replaced.

    Raises:
        StoreError: The file exists or cannot be written, or a chain is broken.
    """
    if not store.is_file:
        export_clinic(store, path, force=force)
        return
    store.refuse_own(path)
    _refuse_in_use(Path(path))
    with (
        telling(),
        new_file(path, error=StoreError, force=force) as whole,
        closing(sqlite3.connect(whole)) as copy,
        store.driver() as source,
    ):
        source.backup(copy)


def _refuse_in_use(path: Path) -> None:
    """SQLite would write what an old log still holds into a new database of its name."""
    if Path(f"{path}-wal").exists():
        raise StoreError(
            f"{path.name}-wal belongs to a database that is open or was not closed; nothing was "
            "written. Take another name"
        )
