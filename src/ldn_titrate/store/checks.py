"""
What `verify` asks of the database: that all is there, whole and in its place.

How one chain is walked is told by `ldn_titrate.store.lines`. It must not know what a line means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ldn_titrate.errors import StoreError
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.store import log
from ldn_titrate.store.lines import check_chain
from ldn_titrate.store.patient import Patient
from ldn_titrate.store.tables import HEADS, LINES, PATIENTS, PLANS, ROLL

if TYPE_CHECKING:
    from collections.abc import Iterator


def walk(connection: sa.Connection) -> Iterator[Finding]:
    """Yield what is not as it was written, patient by patient, and then what is nobody's."""
    codes = sa.select(PATIENTS.c.code, PATIENTS.c.hash).order_by(PATIENTS.c.created_at)
    for code, kept in connection.execute(codes).all():
        try:
            yield from _check_patient(connection, code, kept)
        except StoreError:
            words = "what is kept of this patient cannot even be read"
            yield Finding("store.unreadable", Severity.ERROR, words, f"patient {code}")
    yield from _check_count(connection)
    for table in (PLANS, LINES, HEADS):
        yield from _check_owners(connection, table)
    yield from _check_plans(connection)


def _check_patient(connection: sa.Connection, code: str, kept: str) -> Iterator[Finding]:
    # What was changed may be no name any more, so that it is taken unchecked.
    where = PATIENTS.c.code == code
    (patient,) = log.patients(connection, where, make=Patient.model_construct)
    if (kept, code) != (patient.hash, patient.code):
        words = "the patient's own data were changed after they were written"
        yield Finding("store.patient", Severity.ERROR, words, f"patient {patient.code}")
    lines = log.lines_of(connection, patient)
    yield from check_chain(patient, lines, log.head_of(connection, patient))


def _check_count(connection: sa.Connection) -> Iterator[Finding]:
    """Look for a patient who was taken out with everything, which no chain would tell."""
    begun = connection.scalar(sa.select(ROLL.c.patients))
    found = connection.scalar(sa.select(sa.func.count()).select_from(PATIENTS))
    if begun != found:
        words = f"patients whose files were begun: {begun}; patients that are here: {found}"
        yield Finding("store.lost", Severity.ERROR, words, PATIENTS.name)


def _check_owners(connection: sa.Connection, table: sa.Table) -> Iterator[Finding]:
    """Look for what belongs to nobody, such as the lines of a patient who was taken out."""
    owners = sa.select(PATIENTS.c.id)
    lost = sa.select(sa.func.count()).select_from(table).where(table.c.patient.not_in(owners))
    if count := connection.scalar(lost):
        words = f"rows that belong to a patient who is not there: {count}"
        yield Finding("store.nobody", Severity.ERROR, words, table.name)


def _check_plans(connection: sa.Connection) -> Iterator[Finding]:
    """Look for plans that were made another patient's: SQLite's own shell minds no foreign key."""
    is_own = sa.exists().where(PLANS.c.id == LINES.c.plan, PLANS.c.patient == LINES.c.patient)
    plans = sa.select(sa.func.count()).select_from(LINES).where(LINES.c.plan.is_not(None))
    if count := connection.scalar(plans.where(~is_own)):
        words = f"lines with a plan that is not written down as that patient's: {count}"
        yield Finding("store.plan", Severity.ERROR, words, PLANS.name)
