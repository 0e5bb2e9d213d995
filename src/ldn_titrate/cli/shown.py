"""The command that shows a record: as a table for people, or as the lines themselves."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING, Annotated, Final, Literal, assert_never

from cyclopts import Parameter

from ldn_titrate.cli.chosen import DEFAULT_STORE, PatientCode, StoreUrl, opened
from ldn_titrate.cli.common import Day, new_table, print_table
from ldn_titrate.cli.keeping import shown_id
from ldn_titrate.dose import plain
from ldn_titrate.entry import (
    AdverseEvent,
    Applied,
    Dispensed,
    Measurement,
    Missed,
    OpioidTaken,
    ProcedurePlanned,
    Remark,
    Score,
    Skipped,
    Taken,
    Visit,
    Void,
)
from ldn_titrate.laboratory import measured_in_words
from ldn_titrate.plan import Plan
from ldn_titrate.record import Record, dump_record
from ldn_titrate.schedule import Schedule, lay_out
from ldn_titrate.words import long_date
from ldn_titrate.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ldn_titrate.cli.chosen import AnyPlan
    from ldn_titrate.entry import Entry
    from ldn_titrate.store import Patient
    from ldn_titrate.topical import TopicalPlan


def show(
    patient: PatientCode,
    /,
    *,
    first: Annotated[Day | None, Parameter(name="--from", help="From this day on.")] = None,
    through: Annotated[Day | None, Parameter(help="Up to this day.")] = None,
    format: Annotated[  # noqa: A002
        Literal["table", "json", "jsonl"], Parameter(help="How to show it.")
    ] = "table",
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Show a patient's record, with what was taken back."""
    with opened(store) as files:
        found = files.find_patient(patient)
        plans, record = files.plans(found), files.record(found)
    chosen = _between(record, first, through)
    if format == "jsonl":
        sys.stdout.write(dump_record(chosen))
    elif format == "json":
        lines = [one.model_dump(mode="json", exclude_none=True) for one in chosen.lines]
        sys.stdout.write(json.dumps(lines, indent=2, ensure_ascii=False) + "\n")
    else:
        _print(found, chosen, Clocks.of(plans))


def _between(record: Record, first: date | None, through: date | None) -> Record:
    """Give the lines about some days, with the voids of just these."""
    within = {
        one.id
        for one in record.lines
        if not isinstance(one, Void)
        and (first is None or first <= one.day)
        and (through is None or one.day <= through)
    }
    if first is None and through is None:
        return record
    return Record(
        tuple(
            one for one in record.lines if (one.of if isinstance(one, Void) else one.id) in within
        )
    )


@dataclass(frozen=True, slots=True)
class Clocks:
    """By which clocks times are told: where a dose was taken, or where its plan is."""

    plans: dict[str, Schedule | TopicalPlan]

    @classmethod
    def of(cls, plans: Iterable[AnyPlan]) -> Clocks:
        """Prepare the plans of a patient, by the letters of their codes."""
        return cls(
            {_letters(one.code): lay_out(one) if isinstance(one, Plan) else one for one in plans}
        )

    def zone(self, entry: Taken | Applied) -> str | None:
        """Return the time zone for an entry; None where no plan of the patient tells one."""
        plan = self.plans.get(_letters(entry.plan or ""))
        told = entry.timezone if isinstance(entry, Taken) else None
        if told or plan is None:
            return told
        return plan.setting_on(entry.day).timezone if isinstance(plan, Schedule) else plan.timezone


_UTC_ONLY: Final = Clocks({})


def _letters(code: str) -> str:
    return code.partition("-")[0]


def _print(patient: Patient, record: Record, clocks: Clocks) -> None:
    if not record.lines:
        print_table(f"Record of {patient.name}, {patient.code}: no entry")
        return
    table = new_table("", "Id", "About", "What", "By", "Written (UTC)", wrapped="Said")
    for one in record.lines:
        day = "" if isinstance(one, Void) else one.day.isoformat()
        void = ", taken back" if one.id in record.voided else ""
        written = f"{one.written_at:%Y-%m-%d %H:%M}"
        table.add_row(shown_id(one.id), day, one.kind + void, one.by, written, said(one, clocks))
    print_table(f"Record of {patient.name}, {patient.code}", table)


def said(entry: Entry, clocks: Clocks = _UTC_ONLY) -> str:
    """Say what an entry holds beside its kind, its day and who wrote it."""
    return ", ".join(part for part in _parts(entry, clocks) if part)


def _parts(entry: Entry, clocks: Clocks) -> tuple[str | None, ...]:  # noqa: C901, PLR0911, PLR0912  # one case for each kind
    match entry:
        case Taken():
            zone = entry.timezone and f"in {entry.timezone}"
            return (_amount(entry), _at(entry, clocks), zone)
        case Applied():
            return (_amount(entry), _at(entry, clocks))
        case Skipped():
            return (entry.reason,)
        case Missed():
            return ()
        case AdverseEvent():
            graded = f"{entry.term}, grade {entry.grade} ({entry.scale} {entry.scale_version})"
            return (graded, _on("until", entry.until), "serious" if entry.serious else None)
        case Score():
            after = None if entry.minutes is None else f"{entry.minutes} minutes after the cream"
            return (f"{entry.instrument} {plain(entry.value)}", after)
        case Measurement():
            return (f"{entry.code} {measured_in_words(entry)}", entry.source)
        case OpioidTaken():
            return (entry.name, "not taken yet" if entry.only_prescribed else None)
        case ProcedurePlanned():
            return (_on("on", entry.on),)
        case Dispensed():
            return (str(entry.units), _on("to use by", entry.use_by))
        case Visit():
            return (_on("the next one on", entry.next_on),)
        case Remark():
            return (entry.text,)
        case Void():
            return (f"takes {shown_id(entry.of)} back: {entry.reason}",)
        case _:
            assert_never(entry)


def _amount(entry: Taken | Applied) -> str:
    return str(entry.amount or "as planned")


def _at(entry: Taken | Applied, clocks: Clocks) -> str | None:
    """Say when, and how far the clocks are from UTC; a short name is that of several zones."""
    if entry.at is None:
        return None
    zone = clocks.zone(entry)
    offset = entry.at.astimezone(load_zone(zone) if zone else UTC).utcoffset()
    return f"at {entry.at.astimezone(timezone(offset or timedelta(0))):%Y-%m-%d %H:%M %Z}"


def _on(words: str, day: date | None) -> str | None:
    return f"{words} {long_date(day)}" if day else None
