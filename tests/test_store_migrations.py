"""The schema: made by the migrations alone, and brought up to date with what it holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import databases
from databases import a_patient, raw, taken
from ldn_titrate.errors import StoreError
from ldn_titrate.store import Size, init_store, open_store
from ldn_titrate.store.engine import VERSION_TABLE, migrate
from ldn_titrate.store.tables import METADATA
from plans import PLAN_ID, a_plan, dose

server, url, pg_url = databases.server, databases.url, databases.pg_url

VERSION_1: Final = (Path(__file__).parent / "store_schema_1.sql").read_text(encoding="utf-8")


@pytest.fixture
def old(url: str) -> str:
    """Give a database as schema version 1 kept it, with three patients."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript(VERSION_1)
        return url
    migrate(url, to="0001")
    with raw(url) as connection:
        for line in VERSION_1.splitlines():
            if line.startswith("INSERT INTO ldn_") and VERSION_TABLE not in line:
                connection.execute(sa.text(line.replace(":", r"\:")))
    return url


def schema(connection: sqlite3.Connection) -> dict[str, str]:
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: "".join(sql.split()).replace('"', "") for name, sql in found}


def test_the_first_migration_makes_what_it_always_made(tmp_path: Path) -> None:
    """What was released is not edited: the databases out there would differ from new ones."""
    migrate(f"sqlite:///{tmp_path}/new.db", to="0001")

    with (
        closing(sqlite3.connect(tmp_path / "new.db")) as new,
        closing(sqlite3.connect(":memory:")) as kept,
    ):
        kept.executescript(VERSION_1)
        assert schema(new) == schema(kept)


def test_an_older_schema_is_refused_and_told_how_to_go_on(old: str) -> None:
    """Nothing is changed by opening."""
    with pytest.raises(StoreError, match=r"have schema 1, .* works with 3; .* ldn-titrate store"):
        open_store(old)


def test_an_older_schema_is_brought_up_to_date_with_all_it_holds(old: str) -> None:
    """Every line is there, the ends of the chains are known, and more can be written."""
    init_store(old)

    with open_store(old) as store:
        assert store.size() == Size(3, 7)
        assert store.verify() == ()
        assert [store.version(one) for one in store.patients()] == [6, 1, 0]
        record = store.record(a_patient())
        assert [one.kind for one in record.lines] == ["skipped", "void", "taken", "taken"]
        assert record.entries[1].amount == dose("1.5 mg")  # type: ignore[union-attr]
        assert store.plan(a_patient(), PLAN_ID, 1).is_signed
        assert store.append(a_patient(), [taken(1, amount=dose("1.5 mg"), at=databases.NOW)]).known
        assert store.append(a_patient(), [taken(3)]).version == 7
        assert store.save_plan(a_patient(), a_plan()).added == 0
        assert store.verify() == ()


def test_the_tables_are_those_of_the_migrations(url: str) -> None:
    """Whoever changes a table writes a migration; and the triggers are there."""
    init_store(url)
    with raw(url) as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) == []


def test_a_newer_schema_is_refused_by_name(url: str) -> None:
    """Neither opening nor making touches it."""
    init_store(url)
    with raw(url) as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '0099'")

    for use in (open_store, init_store):
        with pytest.raises(StoreError, match=r"have schema 99; .* knows up to 3. Install a newer"):
            use(url)


def test_a_failed_migration_leaves_the_old_schema(old: str) -> None:
    """Whole or not at all: after the hindrance is gone, it goes on from where it was."""
    with raw(old) as connection:
        connection.exec_driver_sql("CREATE TABLE ldn_head (something INTEGER)")
    with pytest.raises(StoreError, match="the database refused this"):
        init_store(old)
    with raw(old) as connection:
        found = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()
        connection.exec_driver_sql("DROP TABLE ldn_head")
    assert found == "0001"

    init_store(old)
    with open_store(old) as store:
        assert store.verify() == ()


def test_the_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """Not a byte of it is changed, neither by a look nor by an attempt to make the tables."""
    path, empty = tmp_path / "bookmarks.db", tmp_path / "empty.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")
    empty.touch()
    before = path.read_bytes()

    for file in (path, empty):
        with pytest.raises(StoreError, match=f"there are no patient files in sqlite:///{file};"):
            open_store(f"sqlite:///{file}")
    with pytest.raises(StoreError, match="this file is another program's database; take another"):
        init_store(f"sqlite:///{path}")

    assert (path.read_bytes(), empty.read_bytes()) == (before, b"")


def test_a_server_database_may_be_shared(pg_url: str) -> None:
    """The tables have names of their own there."""
    with raw(pg_url) as connection:
        connection.exec_driver_sql("CREATE TABLE something_else (id INTEGER)")

    with open_store(pg_url, create=True) as store:
        assert store.verify() == ()


def test_a_new_file_is_written_ahead_from_the_start(tmp_path: Path) -> None:
    """The first to open it would else have to be alone."""
    init_store(f"sqlite:///{tmp_path}/clinic.db")

    with closing(sqlite3.connect(tmp_path / "clinic.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_empty_database_is_no_store(url: str) -> None:
    """A mistyped name makes no file, and another program's database is left alone."""
    with pytest.raises(StoreError, match="there are no patient files in ") as refused:
        open_store(url)
    assert str(refused.value).endswith("; make them with: ldn-titrate store init")
    assert url.startswith("postgresql") or not Path(url.removeprefix("sqlite:///")).exists()
    with raw(url) as connection:
        connection.exec_driver_sql("CREATE TABLE something_else (id INTEGER)")
    with pytest.raises(StoreError, match="there are no patient files in "):
        open_store(url)


def test_an_empty_store_is_named_without_a_user_or_a_password(pg_url: str) -> None:
    """Its place is enough to tell it from another; what opens it stands in no message."""
    told = sa.make_url(pg_url).set(query={"application_name": "quetzal"})

    with pytest.raises(StoreError) as refused:
        open_store(told.render_as_string(hide_password=False))

    assert f"{told.host}:{told.port}/{told.database};" in str(refused.value)
    for secret in (f"{told.username}@", "***", "quetzal"):
        assert secret not in str(refused.value)
