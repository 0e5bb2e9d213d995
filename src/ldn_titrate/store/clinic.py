"""
The patient files of a clinic: what a program asks of the store.

Each method is one transaction: it is done whole, or it raises and nothing was written. Times and
ids come from the caller. It must not know what an entry or a plan means for a patient.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self, TypeVar, cast

import sqlalchemy as sa

from ldn_titrate.entry import read_entry
from ldn_titrate.errors import StoreError, TopicalError
from ldn_titrate.plan import Plan
from ldn_titrate.record import Record
from ldn_titrate.store import log
from ldn_titrate.store.checks import walk
from ldn_titrate.store.engine import (
    check_schema,
    connect,
    is_lost_race,
    migrate,
    reading,
    telling,
)
from ldn_titrate.store.lines import of_entry
from ldn_titrate.store.patient import CODE_LENGTH
from ldn_titrate.store.tables import LINES, PATIENTS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from uuid import UUID

    from ldn_titrate.entry import Entry
    from ldn_titrate.findings import Finding
    from ldn_titrate.store.lines import AnyPlan
    from ldn_titrate.store.log import Appended
    from ldn_titrate.store.patient import Patient

_TRIES: Final = 20  # a writer that came first is gone after the first of them; more is patience
_CODE: Final = re.compile(rf"[0-9A-HJKMNP-TV-Z]{{{CODE_LENGTH}}}")
_BESIDE: Final = ("", "-wal", "-shm", "-journal")
_Outcome = TypeVar("_Outcome")


class Size(NamedTuple):
    """How many patients and lines there are."""

    patients: int
    lines: int


def init_store(url: str) -> None:
    """
    Make the tables of the patient files, or bring older ones up to date; nothing is lost.

    Args:
        url: Such as ``sqlite:///clinic.db`` or ``postgresql://user@host/database``.

    Raises:
        StoreError: The database cannot be reached or written, or it is of a newer version.
    """
    migrate(url)


def open_store(url: str, *, create: bool = False) -> Store:
    """
    Open the patient files of a clinic.

    Args:
        url: Such as ``sqlite:///clinic.db`` or ``postgresql://user@host/database``.
        create: Whether they are made, or brought up to date, first.

    Raises:
        StoreError: They are not there, of an older or newer version, or cannot be read.
    """
    if create:
        init_store(url)
    engine = connect(url)
    try:
        check_schema(engine)
    except StoreError:
        engine.dispose()
        raise
    return Store(engine)


class Store:
    """The patient files of a clinic in one database; `open_store` gives it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        """Give the store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close every connection to the database."""
        self._engine.dispose()

    @property
    def is_file(self) -> bool:
        """Whether the database is one SQLite file, and so is its backup."""
        return self._engine.dialect.name == "sqlite"

    def refuse_own(self, path: str | Path) -> None:
        """
        Keep the SQLite database, and what stands beside it, from being written over by a copy.

        Raises:
            StoreError: The path leads to one of them.
        """
        own = Path(self._engine.url.database or "").resolve()
        beside = {own.with_name(f"{own.name}{end}") for end in _BESIDE}
        if self.is_file and Path(path).resolve() in beside:
            name = Path(path).name
            raise StoreError(f"{name} holds these patient files themselves; nothing was written")

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """Read in one snapshot; for the modules of this package."""
        return reading(self._engine)

    @contextmanager
    def driver(self) -> Iterator[sqlite3.Connection]:
        """Give the driver's own connection to the SQLite file; for this package."""
        raw = self._engine.raw_connection()
        try:
            yield cast("sqlite3.Connection", raw.driver_connection)
        finally:
            raw.close()

    def write(self, work: Callable[[sa.Connection], _Outcome]) -> _Outcome:
        """Do some work in one transaction, again if another writer came first; for this package."""
        with telling():
            for _ in range(_TRIES):
                try:
                    with self._engine.begin() as connection:
                        return work(connection)
                except sa.exc.DBAPIError as error:
                    if not is_lost_race(error):
                        raise
                    lost = error
            raise lost

    def add_patient(self, patient: Patient) -> None:
        """
        Begin the file of a patient. It is never changed or taken out.

        Raises:
            StoreConflict: Another patient has this id or this code.
        """
        self.write(lambda connection: log.add_patient(connection, patient))

    def patients(self) -> tuple[Patient, ...]:
        """Return all patients in the order in which their files were begun."""
        with self.reading() as connection:
            return log.patients(connection)

    def find_patient(self, code: str) -> Patient:
        """
        Return the patient with a code, in capital letters or small ones.

        Raises:
            StoreError: There is none.
        """
        wanted = code.upper()
        if not _CODE.fullmatch(wanted):
            raise StoreError(
                f"a patient's code is {CODE_LENGTH} letters and digits, such as 7F3K9Q; "
                "the letters I, L, O and U are not used"
            )
        with self.reading() as connection:
            found = log.patients(connection, PATIENTS.c.code == wanted)
        if not found:
            raise StoreError(f"no patient here has the code {wanted}")
        return found[0]

    def append(
        self, patient: Patient, entries: Iterable[Entry], *, expected: int | None = None
    ) -> Appended:
        """
        Add entries to a patient's file; those that it has already change nothing.

        Args:
            patient: Whose.
            entries: In the order in which they are kept.
            expected: How many lines the file had when it was read; None if that is all the same.

        Raises:
            StoreConflict: The file has more lines than expected; read it again.
            StoreError: An entry says something else than the kept one with its id.
        """
        contents = [of_entry(entry) for entry in entries]
        return self.write(lambda connection: log.append(connection, patient, contents, expected))

    def version(self, patient: Patient) -> int:
        """
        Return how many lines a patient's file has.

        Raises:
            StoreError: There is no such patient.
        """
        with self.reading() as connection:
            return log.must_have(connection, patient).version

    def record(self, patient: Patient) -> Record:
        """
        Return all entries of a patient.

        Raises:
            RecordError: A line cannot be read; `verify` says more.
        """
        with self.reading() as connection:
            lines = log.lines_of(connection, patient, LINES.c.plan.is_(None))
        return Record(tuple(read_entry(line.content.data) for line in lines))

    def save_plan(
        self, patient: Patient, plan: AnyPlan, *, expected: int | None = None
    ) -> Appended:
        """
        Add a plan, or a later state of one that is kept, to a patient's file.

        A later state has more versions, signatures or given-out calendars than the kept one; a
        state that is kept already, or an older one, changes nothing.

        Args:
            patient: Whose.
            plan: The plan.
            expected: How many lines the file had when it was read; None if that is all the same.

        Raises:
            StoreConflict: The plan is news, and the file has more lines than expected.
            StoreError: It contradicts what is kept, is another patient's, or carries another
                patient's name.
        """
        if not patient.may_have(plan):
            raise StoreError(f"plan {plan.code} carries another name than patient {patient.code}")
        return self.write(lambda connection: log.append_plan(connection, patient, plan, expected))

    def plans(self, patient: Patient) -> tuple[AnyPlan, ...]:
        """
        Return each plan of a patient in its newest state, in the order of their first lines.

        Raises:
            PlanError: A line cannot be read; `verify` says more.
        """
        with self.reading() as connection:
            return tuple(log.newest_plans(connection, patient).values())

    def plan(self, patient: Patient, plan_id: UUID, version: int | None = None) -> AnyPlan:
        """
        Return a plan of a patient as one of its versions said it, or in its newest state.

        Raises:
            StoreError: The patient has no such plan.
            PlanError: It has no such version.
        """
        found = next((one for one in self.plans(patient) if one.id == plan_id), None)
        if found is None:
            raise StoreError(f"patient {patient.code} has no plan with this id")
        return found if version is None else _at_version(found, version)

    def size(self) -> Size:
        """Count patients and lines."""
        with self.reading() as connection:
            return size(connection)

    def verify(self) -> tuple[Finding, ...]:
        """
        Walk every chain and say what was changed, lost, doubled or moved since it was written.

        Returns:
            Findings, all of them errors; none for files that are whole.
        """
        with self.reading() as connection:
            return tuple(walk(connection))


def size(connection: sa.Connection) -> Size:
    """Count patients and lines within a transaction."""
    counts = (sa.select(sa.func.count()).select_from(one) for one in (PATIENTS, LINES))
    return Size(*(connection.scalar(count) or 0 for count in counts))


def _at_version(plan: AnyPlan, version: int) -> AnyPlan:
    if isinstance(plan, Plan):
        return plan.at_version(version)
    if version != 1:
        raise TopicalError(f"plan {plan.code} has version 1 only, not {version}")
    return plan
