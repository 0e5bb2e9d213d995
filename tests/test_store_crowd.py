"""Many write at once, and some are killed while they write: no line is lost, doubled or half."""

from __future__ import annotations

import multiprocessing
import random
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import databases
from databases import a_patient, taken
from ldn_titrate.errors import StoreConflict
from ldn_titrate.store import Store, backup, import_clinic, open_store
from ldn_titrate.store import clinic as clinic_module
from ldn_titrate.store.tables import HEADS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.synchronize import Barrier

    import sqlalchemy as sa

server, url, store = databases.server, databases.url, databases.store

WRITERS: Final = 8
EACH: Final = 25
KILLED_WRITER: Final = """
import sys
sys.path.insert(0, sys.argv[2])
from databases import a_patient, taken
from ldn_titrate.store import open_store

store = open_store(sys.argv[1])
for number in range(200):
    store.append(a_patient(), [taken(number)])
    print(number, flush=True)
"""


_all_here: Barrier | None = None  # of a process of the crowd


def join(barrier: Barrier) -> None:
    global _all_here  # noqa: PLW0603  # a pool hands nothing else to its processes
    _all_here = barrier


def together(work: Callable[[str, int], int], url: str, writer: int) -> int:
    """Wait until all are here, so that each process does one piece of the work; then do it."""
    assert _all_here is not None
    _all_here.wait()
    return work(url, writer)


class Crowd:
    """Eight processes that work at once."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def do(self, work: Callable[[str, int], int], url: str) -> list[int]:
        """Let each of the eight do its piece of some work."""
        return list(self._pool.map(partial(together, work), [url] * WRITERS, range(WRITERS)))


@pytest.fixture(scope="module")
def crowd() -> Iterator[Crowd]:
    """Give eight processes that have loaded the library."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["databases"])
    barrier = context.Barrier(WRITERS)
    with ProcessPoolExecutor(WRITERS, context, initializer=join, initargs=(barrier,)) as pool:
        yield Crowd(pool)


def write_to_one(url: str, writer: int) -> int:
    with open_store(url) as store:
        for number in range(EACH):
            store.append(a_patient(), [taken(1000 * writer + number, day=databases.DAY)])
    return EACH


def write_to_several(url: str, writer: int) -> int:
    """Write by turns to three patients, in an order of one's own."""
    with open_store(url) as store:
        for number in range(EACH):
            patient = a_patient(1 + (writer + number) % 3)
            store.append(patient, [taken(1000 * writer + number, day=databases.DAY)])
    return EACH


def write_what_all_write(url: str, writer: int) -> int:
    """Write the same lines as everybody else; say how many were new."""
    del writer
    with open_store(url) as store:
        return sum(store.append(a_patient(), [taken(number)]).added for number in range(EACH))


def write_with_care(url: str, writer: int) -> int:
    """Write only on top of what was read; say how often somebody was faster."""
    lost = 0
    with open_store(url) as store:
        for number in range(EACH):
            entry = taken(1000 * writer + number, day=databases.DAY)
            while True:
                try:
                    store.append(a_patient(), [entry], expected=store.version(a_patient()))
                    break
                except StoreConflict:
                    lost += 1
    return lost


def test_eight_write_to_one_patient(crowd: Crowd, store: Store, url: str) -> None:
    """Each line is there once, in one chain without a gap."""
    assert crowd.do(write_to_one, url) == [EACH] * WRITERS

    assert len(store.record(a_patient()).lines) == store.version(a_patient()) == WRITERS * EACH
    assert store.verify() == ()


def test_eight_write_to_several_patients(crowd: Crowd, store: Store, url: str) -> None:
    """Nobody waits for ever, and no line goes to another patient."""
    for number in (2, 3):
        store.add_patient(a_patient(number))
    crowd.do(write_to_several, url)

    found = [len(store.record(a_patient(number)).lines) for number in (1, 2, 3)]
    assert sum(found) == WRITERS * EACH
    assert max(found) - min(found) <= WRITERS
    assert store.verify() == ()


def test_what_eight_send_is_kept_once(crowd: Crowd, store: Store, url: str) -> None:
    """The same line from everybody is new for one of them."""
    assert sum(crowd.do(write_what_all_write, url)) == EACH

    assert store.version(a_patient()) == EACH
    assert store.verify() == ()


def test_eight_who_read_first_lose_nothing(crowd: Crowd, store: Store, url: str) -> None:
    """Who was overtaken is told, reads again and writes; nobody writes on a stale reading."""
    crowd.do(write_with_care, url)

    assert store.version(a_patient()) == WRITERS * EACH
    assert store.verify() == ()


def killed_after(url: str, acknowledged: int) -> int:
    """Kill a writer some time after so many answers; say how many it had got."""
    command = [sys.executable, "-c", KILLED_WRITER, url, str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(acknowledged):
            assert child.stdout.readline()
        child.kill()
        return acknowledged + len(child.stdout.read().split())


def test_a_writer_that_is_killed_loses_nothing(store: Store, url: str) -> None:
    """What was acknowledged is there whole, at most one more is, and the rest can be sent again."""
    kept = 0
    for acknowledged in sorted(random.sample(range(1, 200), 4)):
        told = killed_after(url, acknowledged)
        before, kept = kept, store.version(a_patient())
        assert kept == len(store.record(a_patient()).lines)
        assert max(before, told) <= kept <= max(before, told + 1)
        assert store.verify() == ()

    store.append(a_patient(), [taken(number) for number in range(200)])
    assert store.version(a_patient()) == 200
    assert store.verify() == ()


def test_a_backup_is_made_while_another_writes(store: Store, url: str, tmp_path: Path) -> None:
    """Each copy is a whole store of one moment, and the writer goes on."""
    command = [sys.executable, "-c", KILLED_WRITER, url, str(Path(__file__).parent)]
    sizes = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for number in range(3):
            for _ in range(20):
                assert child.stdout.readline()
            copy = tmp_path / f"copy-{number}"
            backup(store, copy)
            sizes.append((restored(store, copy), 20 * number + 20))
        child.stdout.read()

    assert child.returncode == 0
    assert all(found >= least for found, least in sizes)
    assert store.version(a_patient()) == 200


def restored(store: Store, copy: Path) -> int:
    """Open a backup as a store, look whether it is whole, and count its lines."""
    url = f"sqlite:///{copy}{'' if store.is_file else '.db'}"
    with open_store(url, create=not store.is_file) as again:
        if not store.is_file:
            import_clinic(again, copy)
        assert again.verify() == ()
        return again.version(a_patient())


def test_who_always_loses_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some tries the store gives up in words."""
    tries = []
    monkeypatch.setattr(clinic_module, "_TRIES", 3)

    def lose(connection: sa.Connection) -> None:
        tries.append(connection)
        row = {"patient": a_patient().id, "version": 0, "hash": "x"}
        connection.execute(HEADS.insert(), row)

    with pytest.raises(StoreConflict, match="another writer wrote the same meanwhile"):
        store.write(lose)
    assert len(tries) == 3
