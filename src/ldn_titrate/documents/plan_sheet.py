"""
The plan sheet for clinicians: the whole plan, who stands for what, and what it rests on.

It is made even where nothing may be made for the patient, and then says so first. Words of the
plan itself (reasons, findings, sources) are printed as they are. It must not know pages, fonts or
files.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from ldn_titrate.amendment import Resume
from ldn_titrate.content import Bullets, Callout, Field, Fields, Table, Weight
from ldn_titrate.course import Break
from ldn_titrate.documents.common import framed, mark
from ldn_titrate.dose import LDN_BOUNDS, Dose
from ldn_titrate.library import evidence, screener
from ldn_titrate.plan import check
from ldn_titrate.product import make_up
from ldn_titrate.schedule import check_times
from ldn_titrate.speech import ENGLISH, held

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ldn_titrate.amendment import Amendment
    from ldn_titrate.content import Block, Document
    from ldn_titrate.course import Segment
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.screening import Clearance, Outcome, Reason, Screening
    from ldn_titrate.speech import Speech

# What every amendment has, and a screening, which has a section of its own.
_COMMON: Final = frozenset({"kind", "effective", "reason", "at", "by", "role", "screening"})
_FOLLOW_UP: Final = "P-follow-up"
_MAY_BE_NONE: Final = ("steps", "changes", "overrides", "findings", "given-out")
_DAY: Final = timedelta(days=1)

_Row: TypeAlias = tuple[str, ...]


def plan_sheet(
    schedule: Schedule,
    *,
    through: date | None = None,
    replaced_by: Plan | None = None,
    speech: Speech = ENGLISH,
) -> Document:
    """
    Say what the plan sheet for clinicians says, of the whole plan from its start.

    Args:
        schedule: The plan, laid out.
        through: The last day up to which reviews are named, inclusive; 12 weeks without one.
        replaced_by: The plan's newest version, where this one was withdrawn.
        speech: The language.

    Raises:
        ScheduleError: *through* is no last day for this plan.
    """
    plan, last = schedule.plan, schedule.horizon(through)
    subtitle = speech.say("sheet.subtitle", code=plan.code, version=str(plan.version))
    stopped = plan.outcome if plan.is_stopped_by_screening else None
    draft = speech.say("sheet.mark-stop") if stopped else mark(plan, replaced_by, speech)
    heads = (speech.say("sheet.title"), subtitle)
    front = (
        *((_stop(stopped, speech),) if stopped else ()),
        _particulars(plan, last, speech),
        _protocol(plan, speech),
        *_tables(schedule, speech),
    )
    return framed(plan, speech, heads, front, draft=draft)


def _tables(schedule: Schedule, speech: Speech) -> Iterator[Block]:
    """Yield what there is to tell, then what there is not, then the sources."""
    plan = schedule.plan
    told = {
        "steps": _steps(schedule, speech),
        "signatures": _signatures(plan, speech),
        "changes": _changes(plan, speech),
        "overrides": _overridden(plan, speech),
        "screened": _screened(plan, speech),
        "findings": _findings(schedule, speech),
        "given-out": _given_out(plan, speech),
    }
    rows = {name: tuple(found) for name, found in told.items()}
    yield from (_table(name, found, speech) for name, found in rows.items() if found)
    if nothing := [speech.say(f"sheet.no-{name}") for name in _MAY_BE_NONE if not rows[name]]:
        yield Callout(speech.say("sheet.none"), (Bullets(tuple(nothing)),), Weight.PLAIN)
    yield _table("sources", tuple(_sources(plan, speech)), speech)


def _stop(outcome: Outcome, speech: Speech) -> Callout:
    lines = (speech.english(outcome.stops), speech.say("sheet.stop-none"))
    return Callout(speech.say("sheet.stop"), (Bullets(lines),), Weight.STOP)


def _protocol(plan: Plan, speech: Speech) -> Callout:
    protocol = plan.protocol
    title, cap = protocol.title.removesuffix("."), speech.dose(protocol.cap)
    named = {"id": protocol.id, "version": str(protocol.version), "title": title, "cap": cap}
    certain = "sheet.verified" if protocol.verified else "sheet.not-verified"
    lines = (
        held(speech.say("sheet.protocol-words", **named)),
        held(speech.say(certain, words=protocol.certainty)),
        speech.say(f"sheet.gate-{plan.gate}"),
    )
    return Callout(speech.say("sheet.protocol"), (Bullets(lines),), Weight.PLAIN)


def _particulars(plan: Plan, last: date, speech: Speech) -> Fields:
    setting = plan.first_setting
    at = {"time": speech.clock(setting.bedtime), "zone": setting.timezone}
    told = {
        "substance": speech.english(plan.protocol.substance),
        "time": speech.say("sheet.time-words", **at),
        "products": speech.listed([speech.label(one) for one in setting.products]),
        "screening": _screening(plan, speech),
        "nothing-found": _nothing_found(plan),
        "reviews": speech.listed([speech.long_date(day) for day in plan.reviews(last + _DAY)]),
    }
    call = (Field(speech.say(f"call.{_name(key)}"), value) for key, value in plan.clinic)
    return Fields(
        (
            Field(speech.say("sheet.patient"), plan.patient),
            *(Field(speech.say(f"sheet.{name}"), text) for name, text in told.items() if text),
            *call,
        )
    )


def _name(field: str) -> str:
    return field.replace("_", "-")


_HEADS: Final = {
    "steps": ("step", "dates", "dose", "units"),
    "signatures": ("version", "who", "when", "screening"),
    "changes": ("version", "from", "change", "why", "who"),
    "overrides": ("what", "who", "when", "why"),
    "screened": ("question", "outcome", "reason", "evidence"),
    "findings": ("severity", "finding", "place"),
    "given-out": ("version", "through", "generation", "clock"),
    "sources": ("id", "claim", "source", "read"),
}


def _table(name: str, rows: tuple[_Row, ...], speech: Speech) -> Table:
    heads = tuple(speech.say(f"sheet.{one}") for one in _HEADS[name])
    return Table(speech.say(f"sheet.{name}"), heads, rows)


def _steps(schedule: Schedule, speech: Speech) -> Iterator[_Row]:
    parts: list[Segment | Break] = [*schedule.segments, *schedule.plan.course.breaks]
    return (_step(one, speech) for one in sorted(parts, key=lambda one: one.first))


def _step(part: Segment | Break, speech: Speech) -> _Row:
    dates = speech.days(part.first, part.last)
    if isinstance(part, Break):
        why = speech.say("kind.opioid" if part.opioid else "steps.nothing")
        return (speech.say("steps.pause"), dates, speech.say("steps.no-dose"), why)
    units = speech.units(make_up(part.dose, part.setting.products))
    step = str(part.step) if part.step else speech.say("steps.other")
    return (step, dates, speech.dose(part.dose), units)


def _moment(at: datetime, speech: Speech) -> str:
    day, clock = speech.long_date(at.date()), speech.clock(at.time())
    return speech.say("sheet.moment", day=day, time=clock)


def _by(by: str | None, role: str | None, speech: Speech) -> str:
    """Say who did something, in which role."""
    if by is None or role is None:
        return speech.say("sheet.not-signed")
    return speech.say("sheet.by-role", by=by, role=role)


def _signatures(plan: Plan, speech: Speech) -> Iterator[_Row]:
    versions = (plan.at_version(number) for number in range(1, plan.version + 1))
    return (_signature(one, speech) for one in versions)


def _signature(plan: Plan, speech: Speech) -> _Row:
    signed = plan.signature
    return (
        plan.code,
        _by(signed.by, signed.role, speech) if signed else speech.say("sheet.not-signed"),
        _moment(plan.written_at, speech),
        _screening(plan, speech),
    )


def _screening(plan: Plan, speech: Speech) -> str:
    """Say where the questions of the screening were asked."""
    if plan.last_screening:
        here, at = speech.say("sheet.screened-here"), _moment(plan.last_screening.at, speech)
        return speech.say("sheet.asked", words=here, at=at)
    signed = plan.signature
    if signed and signed.screened_elsewhere:
        return speech.say("sheet.screened-elsewhere", who=_by(signed.by, signed.role, speech))
    return speech.say("sheet.screened-not")


def _changes(plan: Plan, speech: Speech) -> Iterator[_Row]:
    numbered = enumerate(plan.amendments, start=2)
    return ((str(number), *_change(one, speech)) for number, one in numbered)


def _change(one: Amendment, speech: Speech) -> _Row:
    kind = speech.say(f"kind.{one.kind}")
    who = (_by(one.by, one.role, speech), _moment(one.at, speech))
    return (
        speech.long_date(one.effective),
        ", ".join((kind, *_details(one, speech))),
        one.reason,
        ", ".join(who),
    )


def _details(one: Amendment, speech: Speech) -> Iterator[str]:
    """Say each thing that an amendment fixes, whatever its kind."""
    for name, value in one:
        if name not in _COMMON and value is not None:
            yield speech.say(f"detail.{_name(name)}", value=_value(value, speech))


def _value(value: object, speech: Speech) -> str:
    match value:
        case date():
            return speech.long_date(value)
        case time():
            return speech.clock(value)
        case Dose():
            return speech.dose(value)
        case tuple():
            return speech.listed([speech.label(product) for product in value])
        case _:
            return str(value)


def _screenings(plan: Plan) -> tuple[Screening, ...]:
    later = (one.screening for one in plan.amendments if isinstance(one, Resume))
    return tuple(one for one in (plan.screening, *later) if one)


def _overridden(plan: Plan, speech: Speech) -> Iterator[_Row]:
    untold = speech.say("sheet.not-told")
    if plan.override:
        bounds = {"low": speech.dose(LDN_BOUNDS.low), "high": speech.dose(LDN_BOUNDS.high)}
        what = speech.say("sheet.bounds", **bounds)
        yield (what, plan.override.by, untold, plan.override.reason)
    for screening in _screenings(plan):
        free = screening.opioid_free
        if free.lowered_by:
            days = {"short": str(free.short_acting), "long": str(free.long_acting)}
            what = speech.say("sheet.lowered", **days)
            why = free.lowered_because or untold
            yield (what, free.lowered_by, _moment(screening.at, speech), why)
        yield from (_clearance(one, speech) for one in screening.clearances)


def _clearance(one: Clearance, speech: Speech) -> _Row:
    what = speech.say("sheet.cleared", question=one.question)
    return (what, _by(one.by, one.role, speech), _moment(one.at, speech), one.reason)


def _screened(plan: Plan, speech: Speech) -> Iterator[_Row]:
    reasons = plan.outcome.reasons if plan.outcome else ()
    return (_reason(one, speech) for one in reasons)


def _nothing_found(plan: Plan) -> str:
    """Name the questions of the newest screening whose answers do not weigh."""
    if plan.outcome is None:
        return ""
    weighed = {one.question for one in plan.outcome.reasons}
    return ", ".join(one.id for one in screener().questions if one.id not in weighed)


def _reason(one: Reason, speech: Speech) -> _Row:
    verdict = speech.say(f"sheet.verdict-{one.verdict}")
    if one.cleared_by:
        verdict = speech.say("sheet.outcome-cleared", verdict=verdict)
    return (one.question, verdict, speech.english(one.words), ", ".join(one.sources))


def _findings(schedule: Schedule, speech: Speech) -> Iterator[_Row]:
    found = (*check(schedule.plan), *check_times(schedule))
    return (
        (
            speech.say(f"sheet.severity-{one.severity}"),
            speech.english(one.message),
            f"{one.where}; {one.code}",
        )
        for one in found
    )


def _given_out(plan: Plan, speech: Speech) -> Iterator[_Row]:
    return (
        (
            str(one.version),
            speech.long_date(one.through),
            str(one.generation),
            speech.say(f"sheet.clock-{'device' if one.floating else 'plan'}"),
        )
        for one in plan.given_out
    )


def _sources(plan: Plan, speech: Speech) -> Iterator[_Row]:
    reasons = plan.outcome.reasons if plan.outcome else ()
    ids = [*plan.protocol.sources, *LDN_BOUNDS.sources, _FOLLOW_UP]
    ids += [each for one in reasons for each in one.sources]
    return (_source(one, speech) for one in dict.fromkeys(ids))


def _source(key: str, speech: Speech) -> _Row:
    one, untold = evidence().get(key), speech.say("sheet.not-told")
    if one is None:
        return (key, untold, untold, untold)
    read = speech.say("sheet.is-verified" if one.verified else "sheet.is-not-verified")
    words, source = (speech.english(held(each)) for each in (one.words, one.source))
    return (key, words, source, read)
