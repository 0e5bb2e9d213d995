"""
Adding lines to the file of a patient, within one transaction, and reading them again.

The end of a file is locked before it is moved on; the database sees to it as well that no two
lines have one number. It must not know how a transaction begins or ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from ldn_titrate.entry import read_entry
from ldn_titrate.errors import StoreConflict, StoreError
from ldn_titrate.store.engine import legible
from ldn_titrate.store.lines import Content, Head, Line, chained, is_news, of_plan, read_plan
from ldn_titrate.store.patient import Patient
from ldn_titrate.store.tables import HEADS, LINES, PATIENTS, PLANS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from ldn_titrate.store.lines import AnyPlan

_AT_ONCE: Final = 500  # SQLite allows only so many values in a statement


class Appended(NamedTuple):
    """
    What became of lines that were to be added.

    Attributes:
        added: How many are new.
        known: How many were there already.
        version: How many lines the patient's file has now.
    """

    added: int
    known: int
    version: int


def add_patient(connection: sa.Connection, patient: Patient) -> None:
    """
    Begin the file of a patient.

    Raises:
        StoreConflict: Another patient has this id or this code.
    """
    same = sa.select(PATIENTS.c.id).where(
        sa.or_(PATIENTS.c.id == patient.id, PATIENTS.c.code == patient.code)
    )
    if connection.scalar(same):
        raise StoreConflict(f"another patient has the code {patient.code}; take another id")
    row = {**dict(patient), "code": patient.code, "hash": patient.hash}
    connection.execute(PATIENTS.insert(), row)
    connection.execute(HEADS.insert(), {"patient": patient.id, "version": 0, "hash": patient.hash})


def patients(
    connection: sa.Connection,
    *where: sa.ColumnElement[bool],
    make: Callable[..., Patient] = Patient,
) -> tuple[Patient, ...]:
    """
    Return patients in the order in which their files were begun.

    Raises:
        StoreError: What is kept of one cannot be read.
    """
    columns = [PATIENTS.c[name] for name in Patient.model_fields]
    found = sa.select(*columns).where(*where).order_by(PATIENTS.c.created_at, PATIENTS.c.id)
    return tuple(make(**row) for row in legible(connection, found))


def append(
    connection: sa.Connection,
    patient: Patient,
    contents: Iterable[Content],
    expected: int | None = None,
) -> Appended:
    """
    Add those lines that the patient's file does not have yet.

    Raises:
        StoreConflict: There are new ones, and the file has not just *expected* lines.
        StoreError: A line says something else than the one with its id, or the patient is unknown.
    """
    head = lock_head(connection, patient)
    given = _each_once(contents)
    kept = known(connection, patient, given)
    fresh = [content for line_id, content in given.items() if line_id not in kept]
    if fresh and expected not in {None, head.version}:
        raise StoreConflict(
            f"the file of patient {patient.code} has {head.version} lines, not {expected}: it was "
            "written to meanwhile. Nothing was added; look at it, and try again"
        )
    write_lines(connection, patient, list(chained(patient.id, head, fresh)))
    return Appended(len(fresh), len(kept), head.version + len(fresh))


def append_plan(
    connection: sa.Connection, patient: Patient, plan: AnyPlan, expected: int | None = None
) -> Appended:
    """
    Add a plan if it says more than the one of its id that is kept.

    Raises:
        StoreConflict: It does, and the file has not just *expected* lines.
        StoreError: It contradicts the one that is kept, or belongs to another patient.
    """
    head = lock_head(connection, patient)
    claim(connection, patient, plan.id)
    kept = newest_plans(connection, patient).get(plan.id)
    if kept and not is_news(kept, plan):
        return Appended(0, 1, head.version)
    done = append(connection, patient, [of_plan(plan)], expected)
    if done.known:
        raise StoreError(f"this draft of plan {plan.code} was written anew since")
    return done


def claim(connection: sa.Connection, patient: Patient, plan: UUID) -> None:
    """
    Write down whose a plan is.

    Raises:
        StoreError: It is another patient's.
    """
    owner = connection.scalar(sa.select(PLANS.c.patient).where(PLANS.c.id == plan))
    if owner is None:
        connection.execute(PLANS.insert(), {"id": plan, "patient": patient.id})
    elif owner != patient.id:
        raise StoreError("this plan belongs to another patient of this clinic")


def lock_head(connection: sa.Connection, patient: Patient) -> Head:
    """
    Keep others from adding to a patient's file until the transaction ends; say where it ends.

    Raises:
        StoreError: There is no such patient.
    """
    return must_have(connection, patient, lock=True)


def must_have(connection: sa.Connection, patient: Patient, *, lock: bool = False) -> Head:
    """
    Say where a patient's file ends.

    Raises:
        StoreError: There is no such patient.
    """
    head = head_of(connection, patient, lock=lock)
    if head is None:
        raise StoreError(f"patient {patient.code} is not among these patient files")
    return head


def head_of(connection: sa.Connection, patient: Patient, *, lock: bool = False) -> Head | None:
    """Say where a patient's file ends by what is kept apart; None if there is no file."""
    found = sa.select(HEADS.c.version, HEADS.c.hash).where(HEADS.c.patient == patient.id)
    rows = legible(connection, found.with_for_update() if lock else found)
    return next((Head(**row) for row in rows), None)


def write_lines(connection: sa.Connection, patient: Patient, lines: Sequence[Line]) -> None:
    """Write lines and move on the end of the file, which must be locked."""
    if not lines:
        return
    connection.execute(LINES.insert(), [_row(line) for line in lines])
    end = {"version": lines[-1].version, "hash": lines[-1].hash}
    connection.execute(HEADS.update().where(HEADS.c.patient == patient.id).values(end))


def lines_of(
    connection: sa.Connection, patient: Patient, *where: sa.ColumnElement[bool]
) -> list[Line]:
    """
    Return lines of a patient's file by their number.

    Raises:
        StoreError: One of them cannot be read.
    """
    found = sa.select(LINES).where(LINES.c.patient == patient.id, *where)
    return [_line(row) for row in legible(connection, found.order_by(LINES.c.version, LINES.c.pos))]


def newest_plans(connection: sa.Connection, patient: Patient) -> dict[UUID, AnyPlan]:
    """Return each plan of a patient as it was last written, by its id, oldest plan first."""
    lines = lines_of(connection, patient, LINES.c.plan.is_not(None))
    newest = {line.content.plan: line.content for line in lines}
    plans = (read_plan(content.kind, content.data) for content in newest.values())
    return {plan.id: plan for plan in plans}


def _row(line: Line) -> dict[str, Any]:
    return {
        "patient": line.patient,
        "version": line.version,
        **line.content._asdict(),
        "prev": line.prev,
        "hash": line.hash,
    }


def _line(row: sa.RowMapping) -> Line:
    content = Content(**{name: row[name] for name in Content._fields})
    return Line(row["patient"], row["version"], content, row["prev"], row["hash"])


def _each_once(contents: Iterable[Content]) -> dict[UUID, Content]:
    given: dict[UUID, Content] = {}
    for content in contents:
        if given.setdefault(content.id, content) != content:
            raise _contradicts(content.id)
    return given


def known(
    connection: sa.Connection, patient: Patient, given: Mapping[UUID, Content]
) -> frozenset[UUID]:
    """
    Return the ids that the patient's file has already.

    Raises:
        StoreError: A line with such an id says something else, or is in another file.
    """
    kept = [row for part in _parts(list(given)) for row in connection.execute(_by_id(part))]
    for line_id, owner, data in kept:
        if owner != patient.id:
            raise StoreError(f"the id {line_id} belongs to a line of another file")
        if data != given[line_id].data and _differs(data, given[line_id]):
            raise _contradicts(line_id)
    return frozenset(line_id for line_id, _, _ in kept)


def _by_id(ids: Sequence[UUID]) -> sa.Select[UUID, UUID, str]:
    return sa.select(LINES.c.id, LINES.c.patient, LINES.c.data).where(LINES.c.id.in_(ids))


def _differs(data: str, content: Content) -> bool:
    """Compare what two entries say: an older version of the library may have spelled it shorter."""
    return content.plan is not None or read_entry(data) != read_entry(content.data)


def _parts(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _contradicts(line_id: UUID) -> StoreError:
    return StoreError(f"the entry {line_id} is kept already and says something else")
