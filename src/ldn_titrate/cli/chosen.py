"""What the commands on patient files share: the store, the patient, the plan and the day."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

from cyclopts import Parameter

from ldn_titrate.bedtime import DosingTime, dosing_day, dosing_time, read_clock
from ldn_titrate.errors import RecordError, StoreError
from ldn_titrate.overlap import check_overlap
from ldn_titrate.plan import Plan
from ldn_titrate.schedule import as_shown, lay_out
from ldn_titrate.topical import TopicalPlan
from ldn_titrate.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ldn_titrate.findings import Finding
    from ldn_titrate.record import Record
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.store import Patient, Store

    AnyPlan: TypeAlias = Plan | TopicalPlan

DEFAULT_STORE: Final = "sqlite:///ldn-titrate.db"
_NOON: Final = time(12)
_DAY: Final = timedelta(days=1)

StoreUrl = Annotated[
    str,
    Parameter(
        name="--store",
        env_var="LDN_TITRATE_STORE",
        help="The patient files, such as sqlite:///clinic.db or postgresql://user@host/database.",
    ),
]
PatientCode = Annotated[str, Parameter(help="The patient's code, as 'patient list' shows it.")]
PlanChoice = Annotated[
    str | None, Parameter(name="--plan", help="The plan's code; the newest one if left out.")
]
Format = Annotated[Literal["table", "json"], Parameter(help="How to show it.")]


@contextmanager
def opened(url: str) -> Iterator[Store]:
    """Open the store, and close it again."""
    from ldn_titrate.store import open_store  # noqa: PLC0415  # an extra, and slow to import

    with open_store(url) as store:
        yield store


@dataclass(frozen=True)
class Chosen:
    """One patient's file with one plan by mouth, as a command reads it."""

    patient: Patient
    schedule: Schedule
    version: int  # of the file, read before the record: what is added meanwhile is noticed
    record: Record
    overlaps: tuple[Finding, ...]

    @property
    def plan(self) -> Plan:
        """The newest state of the plan."""
        return self.schedule.plan

    @property
    def today(self) -> date:
        """The dosing day of now, by the clocks of the plan."""
        now = datetime.now(UTC)
        near = self.schedule.setting_on(now.date())
        return dosing_day(now, near.bedtime, near.timezone)

    def day_of(self, told: date | None) -> date:
        """
        Return a day that was told, or the dosing day of now.

        Raises:
            RecordError: It is still to come.
        """
        zone = self.schedule.setting_on(told or self.today).timezone
        return self.today if told is None else _not_to_come(told, zone)

    def is_to_come(self, day: date) -> bool:
        """Whether a day is after the one that the calendar shows, where the plan is."""
        return day > _shown_in(self.schedule.setting_on(day).timezone)

    def instant(self, day: date, clock: str | None, zone: str | None) -> datetime | None:
        """
        Return the instant of a time of day that belongs to a dosing day, in UTC.

        Raises:
            RecordError: It is still to come, or it is no time of day.
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


@dataclass(frozen=True)
class OnSkin:
    """One patient's file with a plan for a cream, as a command reads it."""

    patient: Patient
    plan: TopicalPlan
    version: int  # of the file, as above
    record: Record

    @property
    def today(self) -> date:
        """The day of now, by the clocks of the plan."""
        return _shown_in(self.plan.timezone)

    def day_of(self, told: date | None) -> date:
        """
        Return a day that was told, or today.

        Raises:
            RecordError: It is still to come.
        """
        return self.today if told is None else _not_to_come(told, self.plan.timezone)

    def is_to_come(self, day: date) -> bool:
        """Whether a day is after the one that the calendar shows, where the plan is."""
        return day > self.today


AnyChosen: TypeAlias = Chosen | OnSkin


def _not_to_come(day: date, zone: str) -> date:
    """Refuse a day after the one that the calendar shows, since what happens then is not known."""
    shown = _shown_in(zone)
    if day > shown:
        raise RecordError(f"{day} is still to come; it is {shown} in {zone}")
    return day


def _shown_in(zone: str) -> date:
    return datetime.now(UTC).astimezone(load_zone(zone)).date()


def choose(store: Store, code: str, plan: str | None = None) -> Chosen:
    """
    Read a patient's file, with one plan by mouth.

    Args:
        store: The store.
        code: The patient's code.
        plan: A plan's short code, with or without its version; the newest one if left out.

    Raises:
        StoreError: There is no such patient, or the patient has no such plan.
    """
    patient = store.find_patient(code)
    version = store.version(patient)
    oral = by_mouth(store.plans(patient))
    if not oral:
        raise _has_no_plan(patient)
    schedule = lay_out(_wanted(patient, oral, plan))
    return Chosen(patient, schedule, version, store.record(patient), check_overlap(oral))


def by_mouth(plans: Iterable[AnyPlan]) -> list[Plan]:
    """Return the plans by mouth among a patient's plans."""
    return [one for one in plans if isinstance(one, Plan)]


def choose_on_skin(store: Store, code: str) -> OnSkin:
    """
    Read a patient's file, with the newest plan for a cream.

    Raises:
        StoreError: There is no such patient, or the patient has no such plan.
    """
    patient = store.find_patient(code)
    version = store.version(patient)
    creams = [one for one in store.plans(patient) if isinstance(one, TopicalPlan)]
    if not creams:
        raise StoreError(f"patient {patient.code} has no plan for a cream")
    newest = max(creams, key=lambda one: (one.start, one.revised_at))
    return OnSkin(patient, newest, version, store.record(patient))


def choose_any(store: Store, code: str, plan: str | None = None) -> AnyChosen:
    """
    Read a patient's file with a plan by mouth, or, where there is none, with that for a cream.

    Args:
        store: The store.
        code: The patient's code.
        plan: As for `choose`.

    Raises:
        StoreError: There is no such patient, or the patient has no such plan.
    """
    patient = store.find_patient(code)
    kept = store.plans(patient)
    if not kept:
        raise _has_no_plan(patient)
    if any(isinstance(one, Plan) for one in kept):
        return choose(store, code, plan)
    return choose_on_skin(store, code)


def _has_no_plan(patient: Patient) -> StoreError:
    return StoreError(
        f"patient {patient.code} has no plan by mouth; keep one with: "
        f"ldn-titrate patient plan {patient.code} plan.json"
    )


def _wanted(patient: Patient, oral: list[Plan], wanted: str | None) -> Plan:
    if wanted is None:
        return max(oral, key=lambda one: (one.course_start, one.revised_at))
    letters = wanted.upper().partition("-")[0]
    found = next((one for one in oral if one.code.partition("-")[0] == letters), None)
    if found is None:
        codes = ", ".join(one.code for one in oral)
        raise StoreError(f"patient {patient.code} has no plan {wanted[:20]!r}; there is {codes}")
    return found
