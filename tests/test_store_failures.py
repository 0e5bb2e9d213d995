"""What goes wrong around a database is told in one sentence, and nothing is written by halves."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

import databases
from databases import a_patient, raw, taken, unguard
from ldn_titrate.entry import Remark
from ldn_titrate.errors import StoreError
from ldn_titrate.store import Store, backup, engine, export_clinic, log, open_store
from ldn_titrate.store.log import add_patient

if TYPE_CHECKING:
    from collections.abc import Iterator

server, url, pg_url, store = databases.server, databases.url, databases.pg_url, databases.store

LONG = "An invented remark of some length, again and again. " * 9


def remarks(first: int, number: int) -> list[Remark]:
    return [
        Remark(id=one.id, written_at=one.written_at, by=one.by, day=databases.DAY, text=LONG[:480])
        for one in (taken(first + count, day=databases.DAY) for count in range(number))
    ]


@contextmanager
def small_disk(size: str, owner: str | None = None) -> Iterator[Path]:
    """Make a disk of its own, which only root may do."""
    folder = Path(tempfile.mkdtemp(prefix="ldn-disk-"))
    mount = ("mount", "-t", "tmpfs", "-o", f"size={size},mode=777", "tmpfs", str(folder))
    try:
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("a disk that is small enough to fill cannot be made here")
        if owner:
            shutil.chown(folder, owner, owner)
        yield folder
    finally:
        subprocess.run(("umount", str(folder)), check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def fill(store: Store) -> int:
    """Write until no more goes in; say how many lines were acknowledged."""
    kept = 0
    words = "^the disk of the database is full; nothing was written$"
    with pytest.raises(StoreError, match=words):  # noqa: PT012  # it is not known which one fails
        while kept < 100_000:
            kept = store.append(a_patient(), remarks(kept, 100)).version
    return kept


def test_a_full_disk_is_told_and_nothing_is_half_written() -> None:
    """All that was acknowledged is there; with more room, writing goes on."""
    with small_disk("2m") as disk:
        with open_store(f"sqlite:///{disk}/clinic.db", create=True) as store:
            store.add_patient(a_patient())
            kept = fill(store)
            assert store.version(a_patient()) == kept > 0
            assert store.verify() == ()
        subprocess.run(("mount", "-o", "remount,size=8m", str(disk)), check=True)
        with open_store(f"sqlite:///{disk}/clinic.db") as store:
            assert store.append(a_patient(), remarks(kept, 100)).version == kept + 100
            assert store.verify() == ()


def test_a_full_disk_of_the_server_is_told(server: str) -> None:
    """The same in PostgreSQL, whose tables lie on a disk that fills."""
    if "LDN_TEST_PG_URL" in os.environ or os.geteuid() != 0:
        pytest.skip("only the server of these tests may be given a disk of its own")
    with small_disk("24m", owner="postgres") as disk:
        databases.order(server, f"CREATE TABLESPACE small LOCATION '{disk}'")
        for url in databases.new_database(server, "TABLESPACE small"):
            with open_store(url, create=True) as store:
                store.add_patient(a_patient())
                kept = fill(store)
                assert store.version(a_patient()) == kept > 0
                subprocess.run(("mount", "-o", "remount,size=80m", str(disk)), check=True)
                assert store.append(a_patient(), remarks(kept, 100)).version == kept + 100
                assert store.verify() == ()
        databases.order(server, "DROP TABLESPACE small")


def test_a_database_at_its_limit_is_told(tmp_path: Path) -> None:
    """SQLite's own limit gives its own error of a full disk, on any machine."""
    with open_store(f"sqlite:///{tmp_path}/clinic.db", create=True) as store:
        store.add_patient(a_patient())
        store.close()
        limit = "PRAGMA max_page_count=60"
        sa.event.listen(store._engine, "connect", lambda one, _: one.execute(limit))

        kept = fill(store)

        assert store.version(a_patient()) == kept
        assert store.verify() == ()


def test_a_backup_that_finds_no_room_leaves_nothing(tmp_path: Path) -> None:
    """Neither a half copy nor a half export."""
    with open_store(f"sqlite:///{tmp_path}/clinic.db", create=True) as store:
        store.add_patient(a_patient())
        store.append(a_patient(), remarks(0, 2000))
        with small_disk("100k") as disk:
            for write in (backup, export_clinic):
                with pytest.raises(StoreError, match=r"full|No space left on device"):
                    write(store, disk / "copy")
                assert list(disk.iterdir()) == []


@contextmanager
def nobody() -> Iterator[None]:
    """Be a user who owns nothing, since root may write what is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def write_one(url: str) -> int:
    with open_store(url) as store:
        return store.append(a_patient(), [taken(1)]).version


def test_a_read_only_file_is_told() -> None:
    """Nothing is written; where the file can be read, it is."""
    folder = Path(tempfile.mkdtemp(prefix="ldn-read-only-"))
    path = folder / "clinic.db"
    try:
        with open_store(f"sqlite:///{path}", create=True) as store:
            store.add_patient(a_patient())
        path.chmod(0o444)
        folder.chmod(0o555)
        with (
            nobody(),
            pytest.raises(StoreError, match=r"is read-only$|cannot be opened or written$"),
        ):
            write_one(f"sqlite:///{path}")
        with (
            nobody(),
            pytest.raises(StoreError, match=r"is read-only$|cannot be opened or written$"),
        ):
            open_store(f"sqlite:///{folder}/new.db", create=True)
        folder.chmod(0o755)
        path.chmod(0o644)
        assert write_one(f"sqlite:///{path}") == 1
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_read_only_server_is_told(pg_url: str) -> None:
    """A copy that only follows another server refuses lines in this way."""
    with open_store(pg_url, create=True) as store:

        def write_where_nothing_is_written(connection: sa.Connection) -> None:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            add_patient(connection, a_patient())

        with pytest.raises(StoreError, match="the database cannot be written"):
            store.write(write_where_nothing_is_written)
        assert store.patients() == ()


def test_a_database_that_stays_locked_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that does not let go is waited for, but not for ever."""
    monkeypatch.setattr(engine, "_PRAGMAS", ("busy_timeout=10", "journal_mode=WAL"))
    monkeypatch.setattr(engine, "_SERVER_OPTIONS", "-c timezone=UTC -c lock_timeout=10ms")
    with open_store(url, create=True) as store, raw(url) as other:
        store.add_patient(a_patient())
        is_file = url.startswith("sqlite")
        lock = "BEGIN IMMEDIATE" if is_file else "LOCK TABLE ldn_head IN EXCLUSIVE MODE"
        other.exec_driver_sql(lock)
        with pytest.raises(StoreError, match="the database is busy with another writer; nothing"):
            store.append(a_patient(), [taken(1)])
        assert store.version(a_patient()) == 0
        other.rollback()
        assert store.append(a_patient(), [taken(1)]).added == 1


def test_a_server_that_goes_away_is_told(pg_url: str) -> None:
    """What was not acknowledged may be sent again, as soon as the server is back."""
    with open_store(pg_url, create=True) as store:
        store.add_patient(a_patient())
        end = sa.text("SELECT pg_terminate_backend(pg_backend_pid())")
        with pytest.raises(StoreError, match="went away; lines that were being sent may be sent"):
            store.write(lambda connection: connection.execute(end))
        assert store.append(a_patient(), [taken(1)]).added == 1


def test_a_connection_that_died_meanwhile_is_made_anew(pg_url: str) -> None:
    """A server that was started again between two lines is nothing to tell."""
    with open_store(pg_url, create=True) as store:
        store.add_patient(a_patient())
        with raw(pg_url) as other:
            other.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert store.append(a_patient(), [taken(1)]).added == 1


def test_a_server_that_is_not_there_is_told() -> None:
    """Neither the password nor the address is repeated."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(StoreError, match="the database server cannot be reached") as refused:
        open_store(f"postgresql://ldn:secret@127.0.0.1:{port}/clinic")
    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_database_that_the_server_lacks_is_told(pg_url: str) -> None:
    """It is made by whoever runs the server."""
    with pytest.raises(StoreError, match=r"cannot be reached|has no database of this name"):
        open_store(re.sub(r"ldn_\w+$", "nowhere", pg_url))


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    """A text file, and a database of which a part was lost."""
    (tmp_path / "text.db").write_text("Not a database. " * 100)
    with pytest.raises(StoreError, match="this file is no database, or it is damaged; restore"):
        open_store(f"sqlite:///{tmp_path}/text.db")

    path = tmp_path / "clinic.db"
    with open_store(f"sqlite:///{path}", create=True) as store:
        store.add_patient(a_patient())
        store.append(a_patient(), remarks(0, 200))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(StoreError, match=r"damaged"), open_store(f"sqlite:///{path}") as store:
        store.append(a_patient(), remarks(200, 10))


def test_a_name_that_is_no_text_is_told(tmp_path: Path) -> None:
    """There is no server to blame where the database is a file."""
    with open_store(f"sqlite:///{tmp_path}/clinic.db", create=True) as store:
        store.add_patient(a_patient())
        with raw(f"sqlite:///{tmp_path}/clinic.db") as connection:
            unguard(connection)
            connection.exec_driver_sql("UPDATE ldn_patient SET code = CAST(X'FF' AS TEXT)")
        with pytest.raises(StoreError, match="this file is no database, or it is damaged"):
            store.verify()
        with raw(f"sqlite:///{tmp_path}/clinic.db") as connection:
            connection.exec_driver_sql("UPDATE ldn_patient SET code = 'X', born = 'Sunday'")
        with pytest.raises(StoreError, match="cannot be read; see: ldn-titrate store verify"):
            store.patients()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("clinic.db", "a store is named as sqlite:///clinic.db or as postgresql://"),
        ("mysql://root:secret@host/clinic", "a store is named as sqlite:///clinic.db or as"),
        (
            "postgresql://ldn:a@b:secret@host/clinic",
            "a store is named as sqlite:///clinic.db or as",
        ),
        ("postgresql://ldn:secret@data..host/clinic", "a store is named as sqlite:///clinic.db or"),
        ("sqlite+pysqlcipher:///clinic.db", "a store is named as sqlite:///clinic.db or as"),
        ("sqlite:///clinic.db?timeout=soon", "patient files are kept in a file"),
        ("sqlite:///file:clinic?mode=memory&uri=true", "patient files are kept in a file"),
        ("sqlite://", "patient files are kept in a file: sqlite:///clinic.db"),
        ("sqlite:///:memory:", "patient files are kept in a file"),
    ],
)
def test_another_url_is_refused(url: str, words: str) -> None:
    """The message says how one is written, and repeats nothing of what it was given."""
    with pytest.raises(StoreError, match=f"^{words}") as refused:
        open_store(url, create=True)
    assert "secret" not in str(refused.value)


def test_without_its_driver_postgresql_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite works without it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"PostgreSQL needs an extra: .*\[postgres\]"):
        open_store("postgresql://host/clinic")


def test_no_failure_tells_a_name(store: Store, url: str) -> None:
    """What the database says holds the values of the statement; none of it is passed on."""
    store.close()
    with raw(url) as connection:
        connection.exec_driver_sql("DROP TABLE ldn_head")
    with pytest.raises(StoreError, match=r"^the database refused this \(\w+\); nothing") as refused:
        store.add_patient(a_patient(2, name="Quetzalcoatl Example"))
    assert "Quetzalcoatl" not in str(refused.value)
    assert "Quetzalcoatl" not in repr(refused.value.__context__)
    assert refused.value.__suppress_context__
    assert len(store.patients()) == 1


def test_a_failure_while_verifying_is_no_finding(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that cannot be asked says nothing about the lines in it."""

    def fail(connection: sa.Connection, *_: object) -> None:
        connection.exec_driver_sql("SELECT 1 FROM nowhere")

    monkeypatch.setattr(log, "lines_of", fail)
    with pytest.raises(StoreError, match="the database refused this"):
        store.verify()
