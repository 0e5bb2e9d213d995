"""
Databases for tests: a new one each time, in SQLite and in PostgreSQL, and what is put into them.

PostgreSQL is the server of ``LDN_TEST_PG_URL`` if that is set, whose user may make databases;
else one that is started from what the machine has installed. A test module names the fixtures that
it wants: ``server, url, store = databases.server, databases.url, databases.store``.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from ldn_titrate.entry import Taken
from ldn_titrate.store import Patient, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.store import Store

NOW: Final = datetime(2026, 3, 1, 22, 10, tzinfo=UTC)
DAY: Final = date(2026, 3, 1)
TRIGGERS: Final = {
    "ldn_patient": ("no_update", "no_delete", "no_replace", "counted"),
    "ldn_plan": ("no_update", "no_delete", "no_replace"),
    "ldn_line": ("no_update", "no_delete", "no_replace"),
    "ldn_head": ("only_on", "no_delete", "no_replace"),
    "ldn_roll": ("only_on", "no_delete", "no_replace"),
}


def a_patient(number: int = 1, **changes: Any) -> Patient:
    """Make an invented patient, one for each number."""
    fields = {"id": UUID(int=number), "name": "Pat Example", "created_at": NOW}
    return Patient(**{**fields, **changes})


def taken(number: int, **changes: Any) -> Taken:
    """Make the entry of an evening, one for each number."""
    fields = {
        "id": UUID(int=1000 + number),
        "written_at": NOW + timedelta(minutes=number),
        "by": "Pat Example",
        "day": DAY + timedelta(days=number),
    }
    return Taken(**{**fields, **changes})


@contextmanager
def raw(url: str) -> Iterator[sa.Connection]:
    """Go into a database by the back door, without what the store checks."""
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def unguard(connection: sa.Connection) -> None:
    """Take away what refuses changes, as one who means harm would."""
    for table, names in TRIGGERS.items():
        if connection.dialect.name == "sqlite":
            for name in names:
                connection.exec_driver_sql(f"DROP TRIGGER {table}_{name}")
        else:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Give the URL of a PostgreSQL server."""
    if given := os.environ.get("LDN_TEST_PG_URL"):
        yield given
        return
    programs = _programs()
    if programs is None:
        _give_up("PostgreSQL is not installed; in Debian it is the package postgresql")
        return
    folder = Path(tempfile.mkdtemp(prefix="ldn-pg-"))
    try:
        yield _start(programs, folder)
    finally:
        _run(folder, programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty database, once in each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/clinic.db"
        return
    yield from new_database(request.getfixturevalue("server"))


@pytest.fixture
def other_url(url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty database in the other engine."""
    if url.startswith("sqlite"):
        yield from new_database(request.getfixturevalue("server"))
    else:
        yield f"sqlite:///{tmp_path}/other.db"


@pytest.fixture
def pg_url(server: str) -> Iterator[str]:
    """Give the URL of an empty database in PostgreSQL."""
    yield from new_database(server)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give a store with Pat Example in it, once in each engine."""
    with open_store(url, create=True) as opened:
        opened.add_patient(a_patient())
        yield opened


def new_database(server: str, more: str = "") -> Iterator[str]:
    """Make a database in a server, and take it away again."""
    name = f"ldn_{uuid4().hex}"
    order(server, f"CREATE DATABASE {name} {more}")
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        order(server, f"DROP DATABASE {name} WITH (FORCE)")


def order(server: str, statement: str) -> None:
    """Give a server an order that stands outside transactions."""
    engine = sa.create_engine(server.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _give_up(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _programs() -> Path | None:
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    newest = max(installed, key=lambda path: int(path.parent.name), default=None)
    found = shutil.which("pg_ctl")
    return newest or (Path(found).parent if found else None)


def _start(programs: Path, folder: Path) -> str:
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    options = ("-U", "ldn", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
    _run(folder, programs / "initdb", "-D", data, *options)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
    _run(
        folder, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", settings, "start"
    )
    return f"postgresql://ldn@127.0.0.1:{port}/postgres"


def _run(folder: Path, *command: object) -> None:
    """Run a program of the server, which refuses to be run by root."""
    as_user = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    words = [*as_user, *map(str, command)]
    subprocess.run(words, check=True, cwd=folder, stdout=subprocess.DEVNULL)
