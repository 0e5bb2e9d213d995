"""
Version 3: the patients are counted, and SQLite's way of replacing a row is closed.

A patient who was taken out with every line left no trace. In SQLite ``INSERT OR REPLACE`` takes a
row out without asking the triggers that refuse a DELETE.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_REFUSED: Final = "patient files are append-only"
_NOT_BACK: Final = "the number of patient files only grows"
_SAME: Final = {
    "ldn_patient": "id = NEW.id OR code = NEW.code",
    "ldn_plan": "id = NEW.id",
    "ldn_line": "pos = NEW.pos OR id = NEW.id OR (patient = NEW.patient AND version = NEW.version)",
    "ldn_head": "patient = NEW.patient",
    "ldn_roll": "one = NEW.one",
}


def upgrade() -> None:
    """Count the patients that are there, and let the database count each one that comes."""
    op.create_table(
        "ldn_roll",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("patients", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_ldn_roll"),
        sa.CheckConstraint("one = 1", name=op.f("ck_ldn_roll_one")),
    )
    op.execute("INSERT INTO ldn_roll (one, patients) SELECT 1, COUNT(*) FROM ldn_patient")
    if op.get_context().dialect.name == "sqlite":
        _guard_in_sqlite()
    else:
        _guard_in_postgresql()


def _guard_in_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER ldn_patient_counted AFTER INSERT ON ldn_patient "
        "BEGIN UPDATE ldn_roll SET patients = patients + 1; END"
    )
    op.execute(
        "CREATE TRIGGER ldn_roll_only_on BEFORE UPDATE ON ldn_roll "
        "WHEN NEW.patients <= OLD.patients OR NEW.one <> OLD.one "
        f"BEGIN SELECT RAISE(ABORT, '{_NOT_BACK}'); END"
    )
    op.execute(
        "CREATE TRIGGER ldn_roll_no_delete BEFORE DELETE ON ldn_roll "
        f"BEGIN SELECT RAISE(ABORT, '{_NOT_BACK}'); END"
    )
    for table, same in _SAME.items():
        is_there = f"SELECT 1 FROM {table} WHERE {same}"  # noqa: S608  # all of it stands above
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({is_there}) "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        )


def _guard_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION ldn_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_NOT_BACK}'; END $$"
    )
    op.execute(
        "CREATE FUNCTION ldn_count() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN UPDATE ldn_roll SET patients = patients + 1; RETURN NULL; END $$"
    )
    # Only as the transaction ends: a long import would else let every new patient wait.
    op.execute(
        "CREATE CONSTRAINT TRIGGER ldn_patient_counted AFTER INSERT ON ldn_patient "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ldn_count()"
    )
    op.execute(
        "CREATE TRIGGER ldn_roll_only_on BEFORE UPDATE ON ldn_roll FOR EACH ROW "
        "WHEN (NEW.patients <= OLD.patients OR NEW.one <> OLD.one) "
        "EXECUTE FUNCTION ldn_only_grows()"
    )
    op.execute(
        "CREATE TRIGGER ldn_roll_no_delete BEFORE DELETE OR TRUNCATE ON ldn_roll "
        "FOR EACH STATEMENT EXECUTE FUNCTION ldn_only_grows()"
    )
