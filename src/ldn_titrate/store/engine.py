"""
The way to the database: opening it, its schema, its transactions, and its failures in words.

What differs between SQLite and PostgreSQL stands here and in the migrations, and nowhere else. It
must not know patients or plans.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ldn_titrate.errors import StoreConflict, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VERSION_TABLE: Final = "ldn_titrate_schema"
_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_SECONDS_TO_WAIT: Final = 30  # for another writer
_ONE_AT_A_TIME: Final = 0x6C646E  # the number of the lock under which a schema is made
_PRAGMAS: Final = (
    f"busy_timeout={1000 * _SECONDS_TO_WAIT}",
    "foreign_keys=ON",
    "synchronous=FULL",  # what was acknowledged is on the disk
)
_SERVER_OPTIONS: Final = f"-c timezone=UTC -c lock_timeout={_SECONDS_TO_WAIT}s"
_DRIVERS: Final = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")
_NO_URL: Final = "a store is named as sqlite:///clinic.db or as postgresql://user@host/database"
_READ_ONLY: Final = "the database cannot be written: it, its folder or its disk is read-only"
_FULL: Final = "the disk of the database is full; nothing was written"
_BUSY: Final = "the database is busy with another writer; nothing was written, try again"
_ILLEGIBLE: Final = "what is kept cannot be read; see: ldn-titrate store verify"
_DAMAGED: Final = "this file is no database, or it is damaged; restore a backup"
_GONE: Final = (
    "the database server cannot be reached, or it went away; lines that were being sent "
    "may be sent again, none is kept twice"
)
_IN_SQLITE: Final = (
    ("SQLITE_FULL", _FULL),
    ("SQLITE_READONLY", _READ_ONLY),
    ("SQLITE_BUSY", _BUSY),
    ("SQLITE_LOCKED", _BUSY),
    ("SQLITE_CORRUPT", _DAMAGED),
    ("SQLITE_NOTADB", _DAMAGED),
    (
        "SQLITE_CANTOPEN",
        "the database file, or the folder it stands in, cannot be opened or written",
    ),
    ("SQLITE_IOERR", "the disk of the database failed, or took no more; nothing was written"),
    ("SQLITE_PERM", "the database file must not be opened by this user"),
)
_IN_POSTGRESQL: Final = (
    ("53100", _FULL),
    ("25006", _READ_ONLY),
    ("55P03", _BUSY),
    ("40", _BUSY),
    ("08", _GONE),
    ("57P", _GONE),
    ("3D", "the database server has no database of this name"),
    ("28", "the database server refused the user or the password"),
    ("42501", "this user has no right to do that in the database"),
)
_LOST_RACES: Final = ("40001", "40P01")


def connect(url: str) -> sa.Engine:
    """
    Prepare the way to a database that is there.

    Raises:
        StoreError: The URL is none, a driver is missing, or the SQLite file is not there.
    """
    parsed = _parse(url)
    if parsed.drivername == "sqlite" and not Path(str(parsed.database)).is_file():
        raise _absent(parsed)
    return _engine(parsed)


def migrate(url: str, *, to: str = "head") -> None:
    """
    Make the tables, or bring older ones up to date, whole or not at all.

    Raises:
        StoreError: The database cannot be reached or written, or its schema is a newer one.
    """
    engine = _engine(_parse(url))
    try:
        with telling(), engine.begin() as connection:
            _wait_for_others(connection)
            _refuse_foreign(connection)
            refuse_newer(_schema(connection))
            command.upgrade(_config(connection), to)
        engine.dispose()
        with telling():
            engine.connect().close()  # the first one that finds the tables, and sets the mode
    finally:
        engine.dispose()


def check_schema(engine: sa.Engine) -> None:
    """
    Refuse a database whose schema is not that of this version of the library.

    Raises:
        StoreError: It has none, an older or a newer one; or it cannot be read.
    """
    with reading(engine) as connection:
        found = _schema(connection)
    if found is None:
        raise _absent(engine.url)
    refuse_newer(found)
    if found != _newest():
        raise StoreError(
            f"these patient files have schema {int(found)}, this version of ldn-titrate works "
            f"with {int(_newest())}; bring them up to date with: ldn-titrate store init"
        )


def _absent(url: sa.URL) -> StoreError:
    """Name the store that was asked for, without the user, a password and what else is in a URL."""
    scheme = url.get_backend_name()
    place = sa.URL.create(scheme, host=url.host, port=url.port, database=url.database)
    return StoreError(
        f"there are no patient files in {place}; make them with: ldn-titrate store init"
    )


def refuse_newer(found: str | None) -> None:
    """
    Refuse a schema of a later version of the library.

    Raises:
        StoreError: The schema is newer than all that are known here.
    """
    if found is not None and found > _newest():
        raise StoreError(
            f"these patient files have schema {int(found)}; this version of ldn-titrate knows up "
            f"to {int(_newest())}. Install a newer version to open them"
        )


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Read in one snapshot, which waits for no writer and lets none wait."""
    with telling(), engine.connect() as connection, _snapshot(connection).begin():
        yield connection


@contextmanager
def telling() -> Iterator[None]:
    """Turn each failure of a database into one sentence, without what was to be written."""
    try:
        yield
    except sa.exc.IntegrityError:
        raise StoreConflict(
            "another writer wrote the same meanwhile; nothing was written"
        ) from None
    except sa.exc.DBAPIError as error:
        raise StoreError(_words(error.orig)) from None
    except sqlite3.Error as error:  # of a backup, which no statement makes
        raise StoreError(_words(error)) from None


def is_lost_race(error: sa.exc.DBAPIError) -> bool:
    """Whether another writer came first, so that the same may go well if done again."""
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(error, sa.exc.IntegrityError) or state in _LOST_RACES


def legible(connection: sa.Connection, found: sa.Select[Any]) -> Iterator[sa.RowMapping]:
    """
    Yield rows whose values are what their columns are for; SQLite keeps any value in any column.

    Raises:
        StoreError: A value is something else, so that not this library wrote it.
    """
    kinds = [{column.type.python_type, NoneType} for column in found.selected_columns]
    try:
        for row in connection.execute(found):
            _refuse_other_kinds(row, kinds)
            yield row._mapping  # noqa: SLF001  # it is public, and named so for the column names
    except (TypeError, ValueError):  # what SQLAlchemy says of a day that is none
        raise StoreError(_ILLEGIBLE) from None
    except sa.exc.DBAPIError as error:
        if not _is_no_text(error.orig):
            raise
        raise StoreError(_ILLEGIBLE) from None


def _refuse_other_kinds(row: Iterable[object], kinds: Iterable[set[type]]) -> None:
    if any(type(value) not in kind for value, kind in zip(row, kinds, strict=True)):
        raise TypeError


def _is_no_text(error: BaseException | None) -> bool:
    """Whether SQLite's driver could not make text of a value; it gives this failure no code."""
    is_driver = isinstance(error, sqlite3.OperationalError)
    return is_driver and not hasattr(error, "sqlite_errorname")


def _words(error: BaseException | None) -> str:
    in_sqlite = getattr(error, "sqlite_errorname", None)
    code = in_sqlite or getattr(error, "sqlstate", None)
    if code is None:
        return _DAMAGED if isinstance(error, sqlite3.Error) else _GONE
    known = _IN_SQLITE if in_sqlite else _IN_POSTGRESQL
    unknown = f"the database refused this ({code}); nothing was written"
    return next((words for start, words in known if code.startswith(start)), unknown)


def _parse(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
        (parsed.host or "").encode("idna")  # the driver would fail at it without a word
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError(_NO_URL) from None
    # Another driver is not put in place of the one that is asked for: it may be one that encrypts.
    if parsed.drivername not in _DRIVERS:
        raise StoreError(_NO_URL)
    is_file = parsed.get_backend_name() == "sqlite"
    if is_file and (parsed.database in {None, "", ":memory:"} or parsed.query):
        raise StoreError("patient files are kept in a file: sqlite:///clinic.db")
    return parsed.set(drivername="sqlite" if is_file else "postgresql+psycopg")


def _engine(url: sa.URL) -> sa.Engine:
    # What SQLAlchemy says of a failure holds the values of the statement: names.
    if url.drivername == "sqlite":
        engine = sa.create_engine(url, hide_parameters=True)
        sa.event.listen(engine, "connect", _set_pragmas)
        sa.event.listen(engine, "begin", _begin)
        return engine
    options = f"{_SERVER_OPTIONS} {url.query.get('options', '')}"
    arguments = {"connect_timeout": 10, "options": options}
    try:
        return sa.create_engine(
            url, hide_parameters=True, pool_pre_ping=True, connect_args=arguments
        )
    except ModuleNotFoundError:
        raise StoreError("PostgreSQL needs an extra: pip install 'ldn-titrate[postgres]'") from None


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401  # any driver's
    connection.isolation_level = None  # else the driver begins transactions by itself
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    # It stays with the file, so that it is not set in what is not ours.
    ours = "SELECT 1 FROM sqlite_master WHERE name = ?"
    if connection.execute(ours, (VERSION_TABLE,)).fetchone():
        connection.execute("PRAGMA journal_mode=WAL")


def _begin(connection: sa.Connection) -> None:
    """Take the write lock at once: two that read first and write later lock each other out."""
    is_reading = connection.get_execution_options().get("ldn_reading", False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _snapshot(connection: sa.Connection) -> sa.Connection:
    if connection.dialect.name == "sqlite":
        return connection.execution_options(ldn_reading=True)
    return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _refuse_foreign(connection: sa.Connection) -> None:
    """Leave another program's file alone; a server's database may be shared, a file is not."""
    tables = sa.inspect(connection).get_table_names()
    if connection.dialect.name == "sqlite" and tables and VERSION_TABLE not in tables:
        raise StoreError("this file is another program's database; take another name")


def _wait_for_others(connection: sa.Connection) -> None:
    """Let one program at a time change the schema; in SQLite it has the write lock by now."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))


def _schema(connection: sa.Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def _newest() -> str:
    return ScriptDirectory(_MIGRATIONS).get_heads()[0]


def _config(connection: sa.Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
