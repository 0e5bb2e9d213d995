"""A desk with patient files: a folder with a store, a patient with a plan, and a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple, Self
from uuid import UUID

import pytest

from ldn_titrate.cli import run
from ldn_titrate.planfile import dump_plan
from ldn_titrate.schedule import lay_out
from ldn_titrate.store import open_store
from ldn_titrate.store.patient import code_of
from plans import a_signed_plan

if TYPE_CHECKING:
    from ldn_titrate.plan import Plan
    from ldn_titrate.record import Record
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.store import Store

NAME: Final = "Pat Example"
PATIENT_ID: Final = UUID("12345678-1234-5678-1234-000000000001")
CODE: Final = code_of(PATIENT_ID.bytes)
STORE: Final = "sqlite:///ldn-titrate.db"
EVENING: Final = datetime(2026, 3, 20, 22, 30, tzinfo=UTC)  # on day 20 of the plan, after 22:00


class Clock(datetime):
    """The clock of the desk."""

    shows: ClassVar[datetime] = EVENING

    @classmethod
    def now(cls, tz: object = None) -> Self:
        """Return what the clock shows."""
        assert tz is UTC
        return cls.fromtimestamp(cls.shows.timestamp(), UTC)


class Said(NamedTuple):
    """What a command did: its exit status, what it printed, and what it said beside that."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """A folder with a store, and a patient with a signed plan from 1 March 2026 on."""

    capsys: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch
    plan: Plan

    def __call__(self, *words: str) -> Said:
        """Run a command; a second later the next one can be given."""
        status = run(words)
        printed = self.capsys.readouterr()
        self.at(Clock.shows + timedelta(seconds=1))
        return Said(status, printed.out, printed.err)

    def add(self, kind: str, *words: str) -> Said:
        """Add to the record of the patient."""
        return self("record", "add", kind, CODE, *words)

    @property
    def schedule(self) -> Schedule:
        """What is planned."""
        return lay_out(self.plan)

    @property
    def record(self) -> Record:
        """What is kept, as the library reads it."""
        with _opened() as store:
            return store.record(store.find_patient(CODE))

    def at(self, moment: datetime) -> None:
        """Set the clock."""
        self.patch.setattr(Clock, "shows", moment)


def _opened() -> Store:
    return open_store(STORE)


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """Make the store and the patient, and keep the plan."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LDN_TITRATE_STORE", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    for room in ("chosen", "keeping", "patients"):
        monkeypatch.setattr(f"ldn_titrate.cli.{room}.datetime", Clock)
    monkeypatch.setattr(Clock, "shows", EVENING - timedelta(hours=1))
    plan = a_signed_plan()
    Path("plan.json").write_text(dump_plan(plan), encoding="utf-8")
    made = Desk(capsys, monkeypatch, plan)
    assert made("store", "init").status == 0
    assert made("patient", "add", NAME, "--id", str(PATIENT_ID)).out == f"{CODE}\n"
    assert made("patient", "plan", CODE, "plan.json").status == 0
    made.at(EVENING)
    return made
