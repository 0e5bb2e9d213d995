"""The commands on patients: begin a file, list them, show one, keep a plan in it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

from cyclopts import Parameter

from ldn_titrate.cli.chosen import DEFAULT_STORE, Format, PatientCode, StoreUrl, by_mouth, opened
from ldn_titrate.cli.common import (
    Day,
    PlanFile,
    new_table,
    note,
    print_table,
    read_any_plan,
    signed_words,
    tell,
)
from ldn_titrate.days import refuse_rewriting
from ldn_titrate.errors import RecordError
from ldn_titrate.overlap import check_overlap, refuse_overlap
from ldn_titrate.plan import Plan
from ldn_titrate.words import listed, long_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from ldn_titrate.cli.chosen import AnyPlan
    from ldn_titrate.store import Patient


def add(
    name: Annotated[str, Parameter(help="The patient's name.")],
    /,
    *,
    born: Annotated[
        Day | None, Parameter(help="The birthday, to tell two of a name apart.")
    ] = None,
    patient_id: Annotated[
        UUID | None, Parameter(name="--id", help="The patient's own id; a new one if left out.")
    ] = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Begin a patient's file, and print its code."""
    from ldn_titrate.store import Patient  # noqa: PLC0415

    now = datetime.now(UTC)
    if born and born > now.date():
        raise RecordError(f"{born} is still to come; nobody is born then yet")
    patient = Patient(id=patient_id or uuid4(), name=name, born=born, created_at=now)
    with opened(store) as files:
        alike = [one.code for one in files.patients() if _is_alike(one, patient)]
        files.add_patient(patient)
    sys.stdout.write(f"{patient.code}\n")
    if alike:
        same = "name and birthday" if born else "name, and no birthday,"
        note(f"note: the same {same} stand under {listed(alike)}; see that this is another person")


def _is_alike(one: Patient, other: Patient) -> bool:
    return (one.name.casefold(), one.born) == (other.name.casefold(), other.born)


def list_(
    *,
    format: Format = "table",  # noqa: A002
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """List all patients, with their codes."""
    with opened(store) as files:
        patients = files.patients()
    if format == "json":
        _write_json([_as_data(one) for one in patients])
        return
    if not patients:
        note("no patient yet; begin a file with: ldn-titrate patient add NAME")
        return
    table = new_table("", "Code", "Born", "Since", wrapped="Name")
    for one in patients:
        born = one.born.isoformat() if one.born else ""
        table.add_row(one.code, born, one.created_at.date().isoformat(), one.name)
    print_table("Patients", table)


def show(
    patient: PatientCode,
    /,
    *,
    format: Format = "table",  # noqa: A002
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Show a patient, the plans and how many entries there are."""
    with opened(store) as files:
        found = files.find_patient(patient)
        plans, record = files.plans(found), files.record(found)
    overlaps = check_overlap(by_mouth(plans))
    if format == "json":
        entries = {"lines": len(record.lines), "last_day": record.last_day}
        told = [{"code": one.code, "start": one.start, "is_signed": one.is_signed} for one in plans]
        findings = [asdict(one) for one in overlaps]
        _write_json({**_as_data(found), "plans": told, "record": entries, "findings": findings})
        return
    born = f", born {long_date(found.born)}" if found.born else ""
    last = f", the last about {long_date(record.last_day)}" if record.last_day else ""
    print_table(
        f"{found.name}{born}, {found.code}",
        _plans(plans) if plans else "no plan yet",
        f"lines in the record: {len(record.lines)}{last}",
    )
    tell(overlaps)


def _plans(plans: Sequence[AnyPlan]) -> Table:
    table = new_table("", "Plan", "From", wrapped="State")
    for one in plans:
        table.add_row(one.code, long_date(one.start), _state(one))
    return table


def _state(plan: AnyPlan) -> str:
    kind = "by mouth" if isinstance(plan, Plan) else "on the skin"
    return f"{kind}, {signed_words(plan.signature)}"


def plan(
    patient: PatientCode,
    plan: PlanFile,
    /,
    *,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Keep a plan, or its newer version, in a patient's file."""
    read = read_any_plan(plan)
    with opened(store) as files:
        found = files.find_patient(patient)
        version = files.version(found)
        if isinstance(read, Plan):
            kept = by_mouth(files.plans(found))
            refuse_rewriting(read, files.record(found), _kept_version(kept, read))
            if found.may_have(read):  # one of another name is refused for that, by the store
                refuse_overlap(read, kept)
        added = files.save_plan(found, read, expected=version)
        overlaps = check_overlap(by_mouth(files.plans(found)))
    note(f"kept plan {read.code}" if added.added else f"plan {read.code} is kept already")
    tell(overlaps)


def _kept_version(kept: Sequence[Plan], plan: Plan) -> int:
    return next((one.version for one in kept if one.id == plan.id), 1)


def _as_data(patient: Patient) -> dict[str, Any]:
    return {"code": patient.code, **patient.model_dump(mode="json")}


def _write_json(told: object) -> None:
    sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False, default=str) + "\n")
