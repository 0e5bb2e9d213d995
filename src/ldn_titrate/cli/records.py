"""The commands that add to a patient's record, one for each kind of entry, and that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

from cyclopts import Parameter

from ldn_titrate.cli.chosen import (
    PatientCode,
    choose,
    choose_any,
    choose_on_skin,
    opened,
)
from ldn_titrate.cli.common import Day, note
from ldn_titrate.cli.keeping import append, find_entry, keep, now
from ldn_titrate.cli.told import OF_ANYONE, OF_NOW, Line, Told, by_whom, entry_of
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
from ldn_titrate.errors import RecordError
from ldn_titrate.product import parse_units
from ldn_titrate.tolerability import usual_scale
from ldn_titrate.topical import TopicalAmount
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from ldn_titrate.cli.chosen import Chosen
    from ldn_titrate.product import Product
    from ldn_titrate.record import Record

At = Annotated[str | None, Parameter(help="The time of day, such as 22:10.")]
Zone = Annotated[
    str | None, Parameter(help="Where it was taken, if it was not in the plan's time zone.")
]
Again = Annotated[
    bool, Parameter(negative="", help="A further dose of a day that has one already.")
]


def dose(
    patient: PatientCode,
    amount: Annotated[str | None, Parameter(help="Such as '1.5 mg'; the planned one.")] = None,
    /,
    *,
    at: At = None,
    timezone: Zone = None,
    again: Again = False,
    told: Told = OF_NOW,
) -> None:
    """Write down a dose taken: that of now, as planned, unless more is said."""
    with opened(told.line.store) as files:
        chosen = choose(files, patient, told.plan)
        about = chosen.day_of(told.day)
        if not again:
            _refuse_a_second(chosen.record, about, told.line.entry_id)
        taken = _amount(amount, chosen, about)
        fields = {"at": chosen.instant(about, at, timezone), "timezone": timezone}
        made = entry_of(Taken, chosen, told.line, day=about, amount=taken, **fields)
        keep(files, chosen, made)
        _say_if_not_planned(made, chosen)


def _amount(told: str | None, chosen: Chosen, day: date) -> Dose | None:
    """Read an amount; where none is told, one is planned."""
    if told is None and chosen.schedule.dose_on(day) is None:
        raise RecordError(f"no dose is planned for {long_date(day)}; say how much was taken")
    return None if told is None else Dose.parse(told)


def _say_if_not_planned(made: Taken, chosen: Chosen) -> None:
    planned = chosen.schedule.dose_on(made.day)
    if planned and made.amount and made.amount != planned:
        note(f"the dose planned for this day is {planned}")


def _refuse_a_second(record: Record, day: date, entry_id: UUID | None) -> None:
    """Keep a command that is typed twice from becoming a double dose."""
    if any(one.day == day and one.id != entry_id for one in record.of_kind(Taken)):
        raise RecordError(
            f"a dose is written down for {long_date(day)} already; if another one was taken, "
            "say so with --again"
        )


def skip(
    patient: PatientCode,
    /,
    *,
    reason: Annotated[str, Parameter(help="Why it was left out.")],
    told: Told = OF_NOW,
) -> None:
    """Write down a dose left out on purpose."""
    _add(Skipped, patient, told, reason=reason)


def miss(
    patient: PatientCode,
    /,
    *,
    told: Told = OF_NOW,
) -> None:
    """Write down a dose forgotten."""
    _add(Missed, patient, told)


def event(
    patient: PatientCode,
    term: Annotated[str, Parameter(help="What was noticed, such as 'vivid dreams'.")],
    /,
    *,
    grade: Annotated[int, Parameter(help="From 0 to 5, on the scale.")],
    scale: Annotated[
        str | None, Parameter(help="Whose grades they are: CTCAE, or local for vivid dreams.")
    ] = None,
    scale_version: Annotated[
        str | None, Parameter(help="Which version of them: 5.0 of CTCAE, 1 of local.")
    ] = None,
    until: Annotated[Day | None, Parameter(help="Its last day, if it is over.")] = None,
    serious: Annotated[bool, Parameter(negative="", help="A clinician calls it serious.")] = False,
    told: Told = OF_NOW,
) -> None:
    """Write down an adverse event: something unwanted, whatever its cause."""
    usual = usual_scale(term, scale)
    fields = {"term": term, "grade": grade, "scale": usual.scale}
    more = {"scale_version": scale_version or usual.version, "until": until, "serious": serious}
    _add(AdverseEvent, patient, told, **fields, **more)


def score(
    patient: PatientCode,
    instrument: Annotated[str, Parameter(help="Such as pain-nrs or wi-nrs.")],
    value: Annotated[str, Parameter(help="The value, such as 6.")],
    /,
    *,
    minutes: Annotated[
        int | None, Parameter(help="Minutes after the cream: 0, 30, 60 or 120.")
    ] = None,
    told: Told = OF_NOW,
) -> None:
    """Write down a score, such as pain or itch from 0 to 10."""
    fields = {"instrument": instrument, "value": read_number(value), "minutes": minutes}
    _add(Score, patient, told, **fields)


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
    told: Told = OF_NOW,
) -> None:
    """Write down a value from a laboratory or a device, with the laboratory's own range."""
    limits = {name: _limit(told) for name, told in (("low", low), ("high", high))}
    fields = {"code": code, "value": read_number(value), "unit": unit, "source": source}
    _add(Measurement, patient, told, **fields, **limits)


def _limit(told: str | None) -> Decimal | None:
    return None if told is None else read_number(told)


def opioid(
    patient: PatientCode,
    name: Annotated[str, Parameter(help="Which one, as it was told.")],
    /,
    *,
    not_taken: Annotated[
        bool, Parameter(negative="", help="It is known that none was taken yet.")
    ] = False,
    told: Told = OF_NOW,
) -> None:
    """Write down an opioid that was taken or prescribed."""
    fields = {"name": name, "only_prescribed": not_taken}
    _add(OpioidTaken, patient, told, **fields)


def procedure(
    patient: PatientCode,
    /,
    *,
    on: Annotated[Day, Parameter(help="The day of the procedure.")],
    told: Told = OF_NOW,
) -> None:
    """Write down an operation or dental work that is planned."""
    _add(ProcedurePlanned, patient, told, on=on)


def dispensed(
    patient: PatientCode,
    what: Annotated[str, Parameter(help="Such as '90 x capsule 1.5 mg'.")],
    /,
    *,
    use_by: Annotated[Day | None, Parameter(help="The beyond-use date on the label.")] = None,
    told: Told = OF_NOW,
) -> None:
    """Write down what a pharmacy handed out."""
    with opened(told.line.store) as files:
        chosen = choose(files, patient, told.plan)
        units = parse_units(what, _products(chosen))
        fields = {"product": units.product, "amount": units.amount, "use_by": use_by}
        about = chosen.day_of(told.day)
        keep(files, chosen, entry_of(Dispensed, chosen, told.line, day=about, **fields))


def _products(chosen: Chosen) -> tuple[Product, ...]:
    """Give each product that the plan takes or took, those of its newest version at least."""
    settings = (one.setting for one in chosen.schedule.segments)
    products = [product for one in settings for product in one.products]
    return tuple(dict.fromkeys((*products, *chosen.plan.products)))


def visit(
    patient: PatientCode,
    /,
    *,
    next: Annotated[Day | None, Parameter(help="When the next one is due.")] = None,  # noqa: A002
    told: Told = OF_NOW,
) -> None:
    """Write down a visit or a call that was held."""
    _add(Visit, patient, told, next_on=next)


def remark(
    patient: PatientCode,
    text: Annotated[str, Parameter(help="What the patient says.")],
    /,
    *,
    told: Told = OF_NOW,
) -> None:
    """Write down something in the patient's own words. Nobody watches these notes."""
    _add(Remark, patient, told, text=text)


def cream(
    patient: PatientCode,
    amount: Annotated[str | None, Parameter(help="Such as '0.5 g'; the planned one.")] = None,
    /,
    *,
    day: Annotated[Day | None, Parameter(help="The day; today if left out.")] = None,
    line: Line = OF_ANYONE,
) -> None:
    """Write down that the cream was put on."""
    with opened(line.store) as files:
        chosen = choose_on_skin(files, patient)
        applied = TopicalAmount.parse(amount) if amount else None
        about = chosen.day_of(day)
        keep(files, chosen, entry_of(Applied, chosen, line, day=about, amount=applied))


def void(
    patient: PatientCode,
    entry: Annotated[str, Parameter(help="The entry's id, or how it begins.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Why it is taken back.")],
    line: Line = OF_ANYONE,
) -> None:
    """Take an entry back. It stays in the record and counts no more."""
    with opened(line.store) as files:
        found = files.find_patient(patient)
        version, record = files.version(found), files.record(found)
        of = find_entry(record, entry)
        if isinstance(of, Void):
            raise RecordError("a void is not taken back; write the entry again instead")
        new = line.entry_id or uuid4()
        made = Void(id=new, written_at=now(), by=by_whom(line, Void), of=of.id, reason=reason)
        append(files, found, record, made, expected=version)


def _add(
    kind: type[DayEntry],
    patient: str,
    told: Told,
    **fields: Any,  # noqa: ANN401  # what one kind of entry has and another has not
) -> None:
    with opened(told.line.store) as files:
        chosen = choose_any(files, patient, told.plan)
        day = chosen.day_of(told.day)
        keep(files, chosen, entry_of(kind, chosen, told.line, day=day, **fields))
