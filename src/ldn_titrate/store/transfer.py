"""
Patient files as JSON Lines: out of one store, into another, with their chains.

The first line says what the file is and how much it holds; then comes each patient with the lines
of the file in their order. The hashes go with them, so that whoever reads the file finds out what
was changed, cut or lost on the way. It must not know what the lines say.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ldn_titrate.errors import LdnTitrateError, StoreConflict, StoreError
from ldn_titrate.identity import canonical
from ldn_titrate.publish import new_file
from ldn_titrate.store import log
from ldn_titrate.store.clinic import Size, size
from ldn_titrate.store.lines import (
    Head,
    Line,
    PatientFile,
    chained,
    check_chain,
    is_news,
    of_data,
    read_plan,
)
from ldn_titrate.store.patient import Patient
from ldn_titrate.store.tables import PATIENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias
    from uuid import UUID

    import sqlalchemy as sa

    from ldn_titrate.store.clinic import Store
    from ldn_titrate.store.lines import AnyPlan
    from ldn_titrate.store.pseudonyms import Pseudonyms

    Progress: TypeAlias = Callable[[int], None]

KIND: Final = "ldn-titrate patients"
SCHEMA: Final = 1
PSEUDONYMISED: Final = (
    "pseudonymised, not anonymous: names and free text are replaced, ids are new, and all dates of "
    "a patient are moved by one number of weeks; signatures are left out, since none holds over "
    "moved dates. Who knows a patient's history may still know the patient again."
)


def export_clinic(
    store: Store,
    path: str | Path,
    *,
    patient: Patient | None = None,
    pseudonyms: Pseudonyms | None = None,
    progress: Progress = lambda _: None,
    force: bool = False,
) -> Size:
    """
    Write the files of all patients, or of one, as JSON Lines.

    Args:
        store: Where they are.
        path: The new file.
        patient: Whose; None for all.
        pseudonyms: What takes the place of names, dates and ids; None leaves them as they are.
        progress: Is told after each patient how many lines are written by now.
        force: Whether an existing file may be replaced.

    Returns:
        How much was written.

    Raises:
        StoreError: The file exists or cannot be written, or a chain is broken.
    """
    store.refuse_own(path)
    with (
        store.reading() as connection,
        new_file(path, error=StoreError, force=force) as whole,
    ):
        patients = size(connection).patients if patient is None else 1
        lines = 0
        with whole.open("w", encoding="utf-8", newline="\n") as out:
            out.write(_header(patients, pseudonyms))
            for file in files(connection, patient, pseudonyms):
                out.writelines(_written(file))
                lines += len(file.lines)
                progress(lines)
    return Size(patients, lines)


def import_clinic(
    store: Store, path: str | Path, *, progress: Progress = lambda _: None
) -> log.Appended:
    """
    Take in the files of patients from JSON Lines, all or none of them.

    A patient who is there already gets the lines that are missing, if the file goes on from them.

    Args:
        store: Where they go.
        path: The file.
        progress: Is told after each patient how many lines are read by now.

    Returns:
        How many lines were added, how many were known, and how many were read.

    Raises:
        StoreConflict: A patient's kept file and the one that is read went different ways.
        StoreError: The file cannot be read, or a line of it is wrong; its number is told.
    """
    return store.write(lambda connection: _import(connection, Path(path), progress))


def files(
    connection: sa.Connection, patient: Patient | None, pseudonyms: Pseudonyms | None
) -> Iterator[PatientFile]:
    """
    Yield patients with their lines, each chain checked.

    Raises:
        StoreError: A chain is broken, or there is no such patient.
    """
    if patient is not None:
        log.must_have(connection, patient)
    wanted = () if patient is None else (PATIENTS.c.id == patient.id,)
    for found in log.patients(connection, *wanted):
        file = PatientFile(found, log.lines_of(connection, found))
        if any(check_chain(*file, log.head_of(connection, found))):
            raise StoreError(
                f"the file of patient {found.code} is not whole; nothing was written. "
                "See: ldn-titrate store verify"
            )
        yield pseudonyms.of(file) if pseudonyms else file


def _header(patients: int, pseudonyms: Pseudonyms | None) -> str:
    note = {"pseudonymised": PSEUDONYMISED} if pseudonyms else {}
    return _json({"kind": KIND, "schema": SCHEMA, "patients": patients, **note})


def _written(file: PatientFile) -> Iterator[str]:
    patient, lines = file
    head = lines[-1].hash if lines else patient.hash
    fields = patient.model_dump(mode="json", exclude_none=True)
    yield _json({"patient": fields, "hash": patient.hash, "lines": len(lines), "head": head})
    for line in lines:
        data = json.loads(line.content.data)
        yield _json(
            {"line": line.version, "kind": line.content.kind, "data": data, "hash": line.hash}
        )


def _json(fields: dict[str, Any]) -> str:
    return f"{json.dumps(fields, separators=(',', ':'), ensure_ascii=False)}\n"


class _Reader:
    """Reads a file line by line and tells each problem with the number of its line."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._number = 0

    def fields(self, **kinds: type) -> tuple[Any, ...]:
        """Read a line that is an object with fields of these types."""
        text = next(self._lines, None)
        self._number += 1
        if text is None:
            raise self.wrong("the file ends here, before all that it should hold")
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise self.wrong("this is no JSON") from None
        fields = found if isinstance(found, dict) else {}
        if any(type(fields.get(name)) is not kind for name, kind in kinds.items()):
            raise self.wrong(f"an object with {', '.join(kinds)} is expected")
        return tuple(fields[name] for name in kinds)

    def end(self) -> None:
        """Refuse a file that goes on."""
        self._number += 1
        if next(self._lines, None) is not None:
            raise self.wrong("there are more lines than the first one says")

    def wrong(self, words: object) -> StoreError:
        """Make the error of this line."""
        return StoreError(f"line {self._number}: {words}; nothing was taken in")


def _import(connection: sa.Connection, path: Path, progress: Progress) -> log.Appended:
    try:
        with path.open("rb") as lines:
            reader = _Reader(iter(lines))
            return _read_all(connection, reader, progress)
    except OSError as error:
        raise StoreError(f"cannot read {path.name}: {error.strerror}") from None


def _read_all(connection: sa.Connection, reader: _Reader, progress: Progress) -> log.Appended:
    added = read = 0
    for _ in range(_read_header(reader)):
        file = _read_file(reader)
        try:
            added += _merge(connection, file)
        except StoreConflict as error:
            raise StoreConflict(str(reader.wrong(error))) from None
        except LdnTitrateError as error:
            raise reader.wrong(error) from None
        read += len(file.lines)
        progress(read)
    reader.end()
    return log.Appended(added, read - added, read)


def _read_header(reader: _Reader) -> int:
    kind, schema, patients = reader.fields(kind=str, schema=int, patients=int)
    if kind != KIND:
        raise reader.wrong(f"this is no file of the kind {KIND!r}")
    if not 1 <= schema <= SCHEMA:
        raise reader.wrong(
            f"this file has schema {schema}; this version of ldn-titrate reads up to {SCHEMA}"
        )
    return int(patients)


def _read_file(reader: _Reader) -> PatientFile:
    fields, told, count, end = reader.fields(patient=dict, hash=str, lines=int, head=str)
    try:
        patient = Patient.from_json(json.dumps(fields))
    except LdnTitrateError as error:
        raise reader.wrong(error) from None
    if patient.hash != told:
        raise reader.wrong("the patient's data do not match their hash")
    lines, head = [], Head(0, patient.hash)
    plans: dict[UUID, AnyPlan] = {}
    for _ in range(count):
        line = _read_line(reader, patient, head, plans)
        lines.append(line)
        head = Head(line.version, line.hash)
    if head.hash != end:
        raise reader.wrong("the patient's file does not end as it should")
    return PatientFile(patient, lines)


def _read_line(reader: _Reader, patient: Patient, head: Head, plans: dict[UUID, AnyPlan]) -> Line:
    version, kind, data, told = reader.fields(line=int, kind=str, data=dict, hash=str)
    try:
        content = of_data(kind, canonical(data).decode())
        if content.plan:
            _check_plan(plans, read_plan(kind, content.data))
    except UnicodeEncodeError:
        raise reader.wrong("a text holds half a character") from None
    except LdnTitrateError as error:
        raise reader.wrong(error) from None
    (line,) = chained(patient.id, head, [content])
    if (line.version, line.hash) != (version, told):
        raise reader.wrong("this line does not match its hash, or does not follow the one before")
    return line


def _check_plan(plans: dict[UUID, AnyPlan], plan: AnyPlan) -> None:
    if plan.id in plans and not is_news(plans[plan.id], plan):
        raise StoreError(f"plan {plan.code} is there twice")
    plans[plan.id] = plan


def _merge(connection: sa.Connection, file: PatientFile) -> int:
    """Add to the store what it does not have; say how many lines that were."""
    patient, lines = file
    kept = _kept_of(connection, patient)
    shared = min(len(kept), len(lines))
    if kept[:shared] != lines[:shared]:
        raise StoreConflict(
            f"the file of patient {patient.code} and the one that is kept went different ways"
        )
    fresh = lines[shared:]
    log.known(connection, patient, {line.content.id: line.content for line in fresh})
    for line in fresh:
        if line.content.plan:
            log.claim(connection, patient, line.content.plan)
    log.write_lines(connection, patient, fresh)
    return len(fresh)


def _kept_of(connection: sa.Connection, patient: Patient) -> list[Line]:
    if log.head_of(connection, patient) is None:
        log.add_patient(connection, patient)
    log.lock_head(connection, patient)
    return log.lines_of(connection, patient)
