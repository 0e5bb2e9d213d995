"""
The tables: patients, the plans that they own, the lines of their files, and where all that ends.

All but the ends and the count are append-only; the triggers that see to it stand in the migrations,
since a table cannot say it. Instants are UTC and doses whole micrograms, so that both databases
keep them exactly. It must not know what the lines say.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from ldn_titrate.errors import StoreError
from ldn_titrate.store.patient import CODE_LENGTH

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_HASH: Final = sa.String(71)  # "sha256:" and 64 digits


class Instant(sa.types.TypeDecorator[datetime]):
    """
    An instant in UTC.

    SQLite would drop an offset and keep the wall clock before it; a naive value has no instant.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What is read from it, which a decorated type does not say by itself."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value; turn any other into UTC."""
        if value is not None and value.tzinfo is None:
            raise StoreError("an instant without a time zone is never stored")
        moment = value.astimezone(UTC) if value else None
        return moment.replace(tzinfo=None) if moment and dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the value back in UTC."""
        naive = dialect.name == "sqlite"
        return value and (value.replace(tzinfo=UTC) if naive else value.astimezone(UTC))


METADATA: Final = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

PATIENTS: Final = sa.Table(
    "ldn_patient",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("code", sa.String(CODE_LENGTH), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("born", sa.Date),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("hash", _HASH, nullable=False),
)

# Whose a plan is: a plan that two patients share would be a wrong dose for one of them.
PLANS: Final = sa.Table(
    "ldn_plan",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("patient", sa.Uuid, sa.ForeignKey("ldn_patient.id"), nullable=False),
    sa.UniqueConstraint("id", "patient"),
)

LINES: Final = sa.Table(
    "ldn_line",
    METADATA,
    sa.Column(
        "pos",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    sa.Column("patient", sa.Uuid, sa.ForeignKey("ldn_patient.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("id", sa.Uuid, nullable=False, unique=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("plan", sa.Uuid),
    sa.Column("day", sa.Date),
    sa.Column("micrograms", sa.BigInteger),
    sa.Column("written_at", Instant, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("prev", _HASH, nullable=False),
    sa.Column("hash", _HASH, nullable=False),
    sa.UniqueConstraint("patient", "version"),
    sa.ForeignKeyConstraint(["plan", "patient"], ["ldn_plan.id", "ldn_plan.patient"]),
    sa.CheckConstraint("version > 0", name="version"),
    sa.CheckConstraint("micrograms > 0", name="micrograms"),
    sqlite_autoincrement=True,
)

# How many files were begun: without it, a patient who was taken out with all lines is not missed.
ROLL: Final = sa.Table(
    "ldn_roll",
    METADATA,
    sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("patients", sa.Integer, nullable=False),
    sa.CheckConstraint("one = 1", name="one"),
)

# Where each chain ends: without it, a last line that was cut off would not be missed.
HEADS: Final = sa.Table(
    "ldn_head",
    METADATA,
    sa.Column("patient", sa.Uuid, sa.ForeignKey("ldn_patient.id"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("hash", _HASH, nullable=False),
)
