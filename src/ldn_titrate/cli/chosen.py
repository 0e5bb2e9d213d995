"""What the commands on patient files share: the store, the patient, the plan and the day."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from ldn_titrate.bedtime import DosingTime, dosing_day, dosing_time, read_clock
from ldn_titrate.cli.common import Day
from ldn_titrate.errors import RecordError, StoreError
from ldn_titrate.plan import Plan
from ldn_titrate.schedule import as_shown, lay_out
from ldn_titrate.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from ldn_titrate.record import Record
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.store import Patient, Store

DEFAULT_STORE: Final = "sqlite:///ldn-titrate.db"
_NOON: Final = time(12)
_DAY: Final = timedelta(days=1)

StoreUrl = Annotated[
    str,
    Parameter(
        name="--store",
        env_var="LDN_TITRATE_STORE",
        help="The database with the patient files: a file of SQLite, or a server of PostgreSQL.",
    ),
]
PatientCode = Annotated[str, Parameter(help="The patient's code, as 'patient list' shows it.")]
PlanChoice = Annotated[
    str | None, Parameter(name="--plan", help="The plan's code; the newest one if left out.")
]
AsOf = Annotated[Day | None, Parameter(help="The day of asking; today if left out.")]


@contextmanager
def opened(url: str) -> Iterator[Store]:
    """Open the store, and close it again."""
    from ldn_titrate.store import open_store  # noqa: PLC0415  # an extra, and slow to import

    with open_store(url) as store:
        yield store


@dataclass(frozen=True)
class Chosen:
    """One patient's file, as a command reads it."""

    patient: Patient
    schedule: Schedule
    record: Record

    @property
    def plan(self) -> Plan:
        """The newest state of the plan."""
        return self.schedule.plan

    def day_of(self, told: date | None) -> date:
        """Return a day that was told, or the dosing day of now."""
        return told or self.today

    @property
    def today(self) -> date:
        """The dosing day of now, by the clocks of the plan."""
        now = datetime.now(UTC)
        near = self.schedule.setting_on(now.date())
        return dosing_day(now, near.bedtime, near.timezone)

    def instant(self, day: date, clock: str | None, zone: str | None) -> datetime | None:
        """
        Return the instant of a time of day that belongs to a dosing day, in UTC.

        Raises:
            RecordError: The time is before the dosing day or after it.
        """
        if clock is None:
            return None
        setting, told = self.schedule.setting_on(day), read_clock(clock)
        is_late = dosing_time(setting.bedtime) is DosingTime.BEDTIME and told < _NOON
        wall = datetime.combine(
            day + (_DAY if is_late else timedelta(0)), told, load_zone(zone or setting.timezone)
        )
        at = as_shown(wall).astimezone(UTC)
        if at > datetime.now(UTC):
            raise RecordError(f"{clock} of the dosing day {day} is still to come")
        return at


def choose(store: Store, code: str, plan: str | None = None) -> Chosen:
    """
    Read a patient's file, with one oral plan.

    Args:
        store: The store.
        code: The patient's code.
        plan: A plan's short code, with or without its version; the newest oral plan if left out.

    Raises:
        StoreError: There is no such patient, or the patient has no such plan.
    """
    patient = store.find_patient(code)
    return Chosen(patient, lay_out(_plan(store, patient, plan)), store.record(patient))


def _plan(store: Store, patient: Patient, wanted: str | None) -> Plan:
    oral = [one for one in store.plans(patient) if isinstance(one, Plan)]
    if not oral:
        raise StoreError(
            f"patient {patient.code} has no plan; keep one with: "
            f"ldn-titrate patient plan {patient.code} plan.json"
        )
    if wanted is None:
        return max(oral, key=lambda one: (one.course_start, one.revised_at))
    letters = wanted.upper().partition("-")[0]
    found = next((one for one in oral if one.code.partition("-")[0] == letters), None)
    if found is None:
        codes = ", ".join(one.code for one in oral)
        raise StoreError(f"patient {patient.code} has no plan {wanted}; there is {codes}")
    return found


def find_entry(record: Record, told: str) -> UUID:
    """
    Return the id of the line that begins with what was typed.

    Raises:
        RecordError: No line, or more than one, begins so.
    """
    found = [one.id for one in record.lines if str(one.id).startswith(told.lower())]
    if len(found) != 1:
        how_many = "no entry begins" if not found else f"{len(found)} entries begin"
        raise RecordError(f"{how_many} with {told[:40]!r}; 'record show' lists them")
    return found[0]
