"""Version 2: the end of each chain is kept, so that a last line that was cut off is missed."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_REFUSED: Final = "the end of a patient file only moves on"


def upgrade() -> None:
    """Make the table of the ends and fill it from the lines that are there."""
    op.create_table(
        "ldn_head",
        sa.Column("patient", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(71), nullable=False),
        sa.PrimaryKeyConstraint("patient", name="pk_ldn_head"),
        sa.ForeignKeyConstraint(["patient"], ["ldn_patient.id"], name="fk_ldn_head_patient"),
    )
    op.execute(
        "INSERT INTO ldn_head (patient, version, hash) "
        "SELECT p.id, COALESCE(l.version, 0), COALESCE(l.hash, p.hash) "
        "FROM ldn_patient p LEFT JOIN ldn_line l ON l.patient = p.id AND l.version = "
        "(SELECT MAX(version) FROM ldn_line WHERE patient = p.id)"
    )
    if op.get_context().dialect.name == "sqlite":
        _guard_in_sqlite()
    else:
        _guard_in_postgresql()


def _guard_in_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER ldn_head_only_on BEFORE UPDATE ON ldn_head "
        "WHEN NEW.version <= OLD.version OR NEW.patient <> OLD.patient "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    )
    op.execute(
        "CREATE TRIGGER ldn_head_no_delete BEFORE DELETE ON ldn_head "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    )


def _guard_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION ldn_only_on() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER ldn_head_only_on BEFORE UPDATE ON ldn_head FOR EACH ROW "
        "WHEN (NEW.version <= OLD.version OR NEW.patient <> OLD.patient) "
        "EXECUTE FUNCTION ldn_only_on()"
    )
    op.execute(
        "CREATE TRIGGER ldn_head_no_delete BEFORE DELETE OR TRUNCATE ON ldn_head "
        "FOR EACH STATEMENT EXECUTE FUNCTION ldn_only_on()"
    )
