"""The commands that add to a patient's record, one for each kind of entry, and that show it."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar
from uuid import UUID, uuid4

from cyclopts import Parameter

from ldn_titrate.cli.chosen import (
    DEFAULT_STORE,
    Chosen,
    PatientCode,
    PlanChoice,
    StoreUrl,
    choose,
    find_entry,
    opened,
)
from ldn_titrate.cli.common import Day, new_table, note, print_table
from ldn_titrate.dose import Dose
from ldn_titrate.entry import (
    AdverseEvent,
    Applied,
    DayEntry,
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
    read_number,
)
from ldn_titrate.errors import RecordError, StoreError
from ldn_titrate.product import parse_units
from ldn_titrate.record import Record, dump_record
from ldn_titrate.review import review
from ldn_titrate.topical import TopicalAmount, TopicalPlan
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from decimal import Decimal

    from ldn_titrate.entry import Entry
    from ldn_titrate.store import Patient, Store

_Kind = TypeVar("_Kind", bound=DayEntry)
_THE_PATIENT = "patient"
_SHOWN_ID = 8

ByWhom = Annotated[str, Parameter(help="Who writes it down.")]
About = Annotated[
    Day | None, Parameter(help="The dosing day that it is about; the one of now if left out.")
]
At = Annotated[str | None, Parameter(help="The time of day, such as 22:10.")]
Zone = Annotated[
    str | None, Parameter(help="Where it was taken, if it was not in the plan's time zone.")
]
Id = Annotated[
    UUID | None, Parameter(name="--id", help="The entry's own id; sent twice it counts once.")
]


def dose(
    patient: PatientCode,
    amount: Annotated[str | None, Parameter(help="Such as '1.5 mg'; the planned one.")] = None,
    /,
    *,
    day: About = None,
    at: At = None,
    timezone: Zone = None,
    again: Annotated[
        bool, Parameter(negative="", help="A further dose of a day that has one already.")
    ] = False,
    by: ByWhom = _THE_PATIENT,
    id: Id = None,  # noqa: A002
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write down a dose taken: that of now, as planned, unless more is said."""
    with opened(store) as files:
        chosen = choose(files, patient, plan)
        about = chosen.day_of(day)
        if not again and id is None:
            _refuse_a_second(chosen.record, about)
        made = _make(
            Taken,
            chosen,
            by,
            id,
            day=about,
            amount=Dose.parse(amount) if amount else None,
            at=chosen.instant(about, at, timezone),
            timezone=timezone,
        )
        _keep(files, chosen, made)


def _refuse_a_second(record: Record, day: date) -> None:
    """Keep a command that is typed twice from becoming a double dose."""
    if any(one.day == day for one in record.of_kind(Taken)):
        raise RecordError(
            f"a dose is written down for {long_date(day)} already; if another one was taken, "
            "say so with --again"
        )


def skip(
    patient: PatientCode,
    /,
    *,
    reason: Annotated[str, Parameter(help="Why it was left out.")],
    day: About = None,
    by: ByWhom = _THE_PATIENT,
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write down a dose left out on purpose."""
    _add(Skipped, store, patient, plan, by, day=day, reason=reason)


def miss(
    patient: PatientCode,
    /,
    *,
    day: About = None,
    by: ByWhom = _THE_PATIENT,
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write down a dose forgotten."""
    _add(Missed, store, patient, plan, by, day=day)


def event(
    patient: PatientCode,
    term: Annotated[str, Parameter(help="What was noticed, such as 'vivid dreams'.")],
    /,
    *,
    grade: Annotated[int, Parameter(help="From 0 to 5, on the scale.")],
    scale: Annotated[str, Parameter(help="Whose grades they are.")] = "CTCAE",
    scale_version: Annotated[str, Parameter(help="Which version of them.")] = "5.0",
    day: About = None,
    until: Annotated[Day | None, Parameter(help="Its last day, if it is over.")] = None,
    serious: Annotated[bool, Parameter(negative="", help="A clinician calls it serious.")] = False,
    by: ByWhom = _THE_PATIENT,
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write down an adverse event: something unwanted, whatever its cause."""
    fields = {"term": term, "grade": grade, "scale": scale, "scale_version": scale_version}
    more = {"until": until, "serious": serious}
    _add(AdverseEvent, store, patient, plan, by, day=day, **fields, **more)


def score(
    patient: PatientCode,
    instrument: Annotated[str, Parameter(help="Such as pain-nrs or wi-nrs.")],
    value: Annotated[str, Parameter(help="The value, such as 6.")],
    /,
    *,
    day: About = None,
    minutes: Annotated[
        int | None, Parameter(help="Minutes after the cream: 0, 30, 60 or 120.")
    ] = None,
    by: ByWhom = _THE_PATIENT,
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write down a score, such as pain or itch from 0 to 10."""
    fields = {"instrument": instrument, "value": read_number(value), "minutes": minutes}
    _add(Score, store, patient, plan, by, day=day, **fields)


def measure(
    patient: PatientCode,
    code: Annotated[str, Parameter(help="What was measured, such as alt or crp.")],
    value: Annotated[str, Parameter(help="The value, such as 23.")],
    unit: Annotated[str, Parameter(help="The unit, such as U/L.")],
    /,
    *,
    low: Annotated[str | None, Parameter(help="The laboratory's own lower limit.")] = None,
    high: Annotated[str | None, Parameter(help="The laboratory's own upper limit.")] = None,
    source: Annotated[str | None, Parameter(help="Whose value it is.")] = None,
    day: About = None,
    by: ByWhom = _THE_PATIENT,
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write down a value from a laboratory or a device, with the laboratory's own range."""
    limits = {name: _limit(told) for name, told in (("low", low), ("high", high))}
    fields = {"code": code, "value": read_number(value), "unit": unit, "source": source}
    _add(Measurement, store, patient, plan, by, day=day, **fields, **limits)


def _limit(told: str | None) -> Decimal | None:
    return None if told is None else read_number(told)


def opioid(
    patient: PatientCode,
    name: Annotated[str, Parameter(help="Which one, as it was told.")],
    /,
    *,
    only_prescribed: Annotated[
        bool, Parameter(negative="", help="It is known that none was taken yet.")
    ] = False,
    day: About = None,
    by: ByWhom = _THE_PATIENT,
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write down an opioid that was taken or prescribed."""
    fields = {"name": name, "only_prescribed": only_prescribed}
    _add(OpioidTaken, store, patient, plan, by, day=day, **fields)


def procedure(
    patient: PatientCode,
    /,
    *,
    on: Annotated[Day, Parameter(help="The day of the procedure.")],
    day: About = None,
    by: ByWhom = _THE_PATIENT,
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write down an operation or dental work that is planned."""
    _add(ProcedurePlanned, store, patient, plan, by, day=day, on=on)


def dispensed(
    patient: PatientCode,
    what: Annotated[str, Parameter(help="Such as '90 x capsule 1.5 mg'.")],
    /,
    *,
    use_by: Annotated[Day | None, Parameter(help="The beyond-use date on the label.")] = None,
    day: About = None,
    by: ByWhom = _THE_PATIENT,
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write down what a pharmacy handed out."""
    with opened(store) as files:
        chosen = choose(files, patient, plan)
        settings = {one.setting for one in chosen.schedule.segments}
        products = [product for one in settings for product in one.products]
        units = parse_units(what, list(dict.fromkeys(products)) or chosen.plan.products)
        fields = {"product": units.product, "amount": units.amount, "use_by": use_by}
        about = chosen.day_of(day)
        _keep(files, chosen, _make(Dispensed, chosen, by, None, day=about, **fields))


def visit(
    patient: PatientCode,
    /,
    *,
    next: Annotated[Day | None, Parameter(help="When the next one is due.")] = None,  # noqa: A002
    day: About = None,
    by: ByWhom = _THE_PATIENT,
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write down a visit or a call that was held."""
    _add(Visit, store, patient, plan, by, day=day, next_on=next)


def remark(
    patient: PatientCode,
    text: Annotated[str, Parameter(help="What the patient says.")],
    /,
    *,
    day: About = None,
    by: ByWhom = _THE_PATIENT,
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write down something in the patient's own words. Nobody watches these notes."""
    _add(Remark, store, patient, plan, by, day=day, text=text)


def cream(
    patient: PatientCode,
    amount: Annotated[str | None, Parameter(help="Such as '0.5 g'; the planned one.")] = None,
    /,
    *,
    day: Annotated[Day | None, Parameter(help="The day; today if left out.")] = None,
    by: ByWhom = _THE_PATIENT,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write down that the cream was put on."""
    with opened(store) as files:
        found = files.find_patient(patient)
        creams = [one for one in files.plans(found) if isinstance(one, TopicalPlan)]
        if not creams:
            raise StoreError(f"patient {found.code} has no plan for a cream")
        now = datetime.now(UTC)
        made = Applied(
            id=uuid4(),
            written_at=now,
            by=by,
            plan=creams[-1].code,
            day=day or now.date(),
            amount=TopicalAmount.parse(amount) if amount else None,
        )
        files.append(found, [made])
        _say_kept(made)


def void(
    patient: PatientCode,
    entry: Annotated[str, Parameter(help="The entry's id, or how it begins.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Why it is taken back.")],
    by: ByWhom = _THE_PATIENT,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Take an entry back. It stays in the record and counts no more."""
    with opened(store) as files:
        found = files.find_patient(patient)
        of = find_entry(files.record(found), entry)
        made = Void(id=uuid4(), written_at=datetime.now(UTC), by=by, of=of, reason=reason)
        files.append(found, [made])
        _say_kept(made)


def _add(
    kind: type[_Kind],
    store: str,
    patient: str,
    plan: str | None,
    by: str,
    *,
    day: date | None,
    **fields: Any,  # noqa: ANN401  # what one kind of entry has and another has not
) -> None:
    with opened(store) as files:
        chosen = choose(files, patient, plan)
        _keep(files, chosen, _make(kind, chosen, by, None, day=chosen.day_of(day), **fields))


def _make(
    kind: type[_Kind],
    chosen: Chosen,
    by: str,
    entry_id: UUID | None,
    **fields: Any,  # noqa: ANN401  # what one kind of entry has and another has not
) -> _Kind:
    made: _Kind = kind(
        id=entry_id or uuid4(),
        written_at=datetime.now(UTC),
        by=by,
        plan=chosen.plan.code,
        **fields,
    )
    return made


def _keep(files: Store, chosen: Chosen, entry: DayEntry) -> None:
    """Add an entry, and say at once what in it cannot wait."""
    added = files.append(chosen.patient, [entry])
    if not added.added:
        note("this entry is kept already")
        return
    _say_kept(entry)
    later = max(chosen.today, entry.day)
    for one in review(chosen.plan, chosen.record.with_lines([entry]), later).proposals:
        if one.urgent and entry.id in one.entries:
            note(f"URGENT: {one.reason}")


def _say_kept(entry: Entry) -> None:
    note(f"kept {entry.kind} {str(entry.id)[:_SHOWN_ID]}{_about(entry)}")


def _about(entry: Entry) -> str:
    return "" if isinstance(entry, Void) else f" for {long_date(entry.day)}"


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
        record = _between(files.record(found), first, through)
    if format == "jsonl":
        sys.stdout.write(dump_record(record))
    elif format == "json":
        lines = [one.model_dump(mode="json", exclude_none=True) for one in record.lines]
        sys.stdout.write(json.dumps(lines, indent=2, ensure_ascii=False) + "\n")
    else:
        _print(found, record)


def _between(record: Record, first: date | None, through: date | None) -> Record:
    return Record(
        tuple(
            one
            for one in record.lines
            if isinstance(one, Void)
            or ((first is None or first <= one.day) and (through is None or one.day <= through))
        )
    )


def _print(patient: Patient, record: Record) -> None:
    title = f"Record of {patient.name}, {patient.code}"
    table = new_table(title, "Id", "About", "What", "By", "Written", wrapped="Said")
    for one in record.lines:
        day = "" if isinstance(one, Void) else one.day.isoformat()
        void = " (void)" if one.id in record.voided else ""
        written = f"{one.written_at:%Y-%m-%d %H:%M}"
        table.add_row(str(one.id)[:_SHOWN_ID], day, one.kind + void, one.by, written, said(one))
    print_table(table)


def said(entry: Entry) -> str:
    """Say what an entry holds beside its kind, its day and who wrote it."""
    shown = entry.model_dump(mode="json", exclude_none=True, exclude=_SHOWN_ELSEWHERE)
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in shown.items() if value)


_SHOWN_ELSEWHERE = {"id", "written_at", "by", "plan", "day", "kind"}
