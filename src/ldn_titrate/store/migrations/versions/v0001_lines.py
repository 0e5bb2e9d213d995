"""Version 1: patients, the plans that they own, and the lines of their files, all append-only."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TABLES: Final = ("ldn_patient", "ldn_plan", "ldn_line")
_REFUSED: Final = "patient files are append-only"


def upgrade() -> None:
    """Make the tables and what keeps them append-only."""
    _make_patients()
    _make_plans()
    _make_lines()
    if op.get_context().dialect.name == "sqlite":
        _guard_in_sqlite()
    else:
        _guard_in_postgresql()


def _make_patients() -> None:
    op.create_table(
        "ldn_patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("born", sa.Date()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(71), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ldn_patient"),
        sa.UniqueConstraint("code", name="uq_ldn_patient_code"),
    )


def _make_plans() -> None:
    op.create_table(
        "ldn_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ldn_plan"),
        sa.UniqueConstraint("id", "patient", name="uq_ldn_plan_id_patient"),
        sa.ForeignKeyConstraint(["patient"], ["ldn_patient.id"], name="fk_ldn_plan_patient"),
    )


def _make_lines() -> None:
    op.create_table(
        "ldn_line",
        sa.Column(
            "pos",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("patient", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("plan", sa.Uuid()),
        sa.Column("day", sa.Date()),
        sa.Column("micrograms", sa.BigInteger()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(71), nullable=False),
        sa.Column("hash", sa.String(71), nullable=False),
        sa.PrimaryKeyConstraint("pos", name="pk_ldn_line"),
        sa.UniqueConstraint("id", name="uq_ldn_line_id"),
        sa.UniqueConstraint("patient", "version", name="uq_ldn_line_patient_version"),
        sa.ForeignKeyConstraint(["patient"], ["ldn_patient.id"], name="fk_ldn_line_patient"),
        sa.ForeignKeyConstraint(
            ["plan", "patient"],
            ["ldn_plan.id", "ldn_plan.patient"],
            name="fk_ldn_line_plan_patient",
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_ldn_line_version")),
        sa.CheckConstraint("micrograms > 0", name=op.f("ck_ldn_line_micrograms")),
        sqlite_autoincrement=True,
    )


def _guard_in_sqlite() -> None:
    for table in _TABLES:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            )


def _guard_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION ldn_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    )
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ldn_append_only()"
        )
