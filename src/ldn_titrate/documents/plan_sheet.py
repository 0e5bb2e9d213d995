"""
The plan sheet for clinicians: the whole plan, who stands for what, and what it rests on.

It is made even where nothing may be made for the patient, and then says so first. Words of the
plan itself (reasons, findings, sources) are printed as they are. It must not know pages, fonts or
files.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Final

from ldn_titrate.amendment import Resume
from ldn_titrate.content import Bullets, Callout, Fields, Weight
from ldn_titrate.course import Break
from ldn_titrate.documents.clinical import (
    asked,
    by_whom,
    cleared,
    findings,
    moment,
    nothing_found,
    particulars,
    screened,
    signer,
    sources,
    stop,
    tables,
)
from ldn_titrate.documents.common import framed, mark
from ldn_titrate.dose import LDN_BOUNDS, Dose
from ldn_titrate.plan import check
from ldn_titrate.product import make_up
from ldn_titrate.schedule import check_times
from ldn_titrate.speech import ENGLISH, held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.amendment import Amendment
    from ldn_titrate.content import Block, Document
    from ldn_titrate.course import Segment
    from ldn_titrate.documents.clinical import Row
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.screening import Screening
    from ldn_titrate.speech import Speech

# What every amendment has, and a screening, which has a section of its own.
_COMMON: Final = frozenset({"kind", "effective", "reason", "at", "by", "role", "screening"})
_FOLLOW_UP: Final = "P-follow-up"
_MAY_BE_NONE: Final = ("steps", "changes", "overrides", "findings", "given-out")
_DAY: Final = timedelta(days=1)


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
        *((stop(stopped, speech),) if stopped else ()),
        _particulars(plan, last, speech),
        _protocol(plan, speech),
        *_tables(schedule, speech),
    )
    return framed(plan, speech, heads, front, draft=draft)


def _tables(schedule: Schedule, speech: Speech) -> Iterator[Block]:
    plan = schedule.plan
    told = {
        "steps": _steps(schedule, speech),
        "signatures": _signatures(plan, speech),
        "changes": _changes(plan, speech),
        "overrides": _overridden(plan, speech),
        "screened": screened(plan.outcome, speech),
        "findings": findings((*check(plan), *check_times(schedule)), speech),
        "given-out": _given_out(plan, speech),
    }
    yield from tables(told, _MAY_BE_NONE, speech)
    ids = (*plan.protocol.sources, *LDN_BOUNDS.sources, _FOLLOW_UP)
    yield sources(ids, plan.outcome, speech)


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
        "screening": asked(plan.last_screening, plan.signature, speech),
        "nothing-found": nothing_found(plan.outcome),
        "reviews": speech.listed([speech.long_date(day) for day in plan.reviews(last + _DAY)]),
    }
    return particulars(plan.patient, told, plan.clinic, speech)


def _name(field: str) -> str:
    return field.replace("_", "-")


def _steps(schedule: Schedule, speech: Speech) -> Iterator[Row]:
    parts: list[Segment | Break] = [*schedule.segments, *schedule.plan.course.breaks]
    return (_step(one, speech) for one in sorted(parts, key=lambda one: one.first))


def _step(part: Segment | Break, speech: Speech) -> Row:
    dates = speech.days(part.first, part.last)
    if isinstance(part, Break):
        why = speech.say("kind.opioid" if part.opioid else "steps.nothing")
        return (speech.say("steps.pause"), dates, speech.say("steps.no-dose"), why)
    units = speech.units(make_up(part.dose, part.setting.products))
    step = str(part.step) if part.step else speech.say("steps.other")
    return (step, dates, speech.dose(part.dose), units)


def _signatures(plan: Plan, speech: Speech) -> Iterator[Row]:
    versions = (plan.at_version(number) for number in range(1, plan.version + 1))
    return (_signature(one, speech) for one in versions)


def _signature(plan: Plan, speech: Speech) -> Row:
    return (
        plan.code,
        signer(plan.signature, speech),
        moment(plan.written_at, speech),
        asked(plan.last_screening, plan.signature, speech),
    )


def _changes(plan: Plan, speech: Speech) -> Iterator[Row]:
    numbered = enumerate(plan.amendments, start=2)
    return ((str(number), *_change(one, speech)) for number, one in numbered)


def _change(one: Amendment, speech: Speech) -> Row:
    kind = speech.say(f"kind.{one.kind}")
    who = (by_whom(one.by, one.role, speech), moment(one.at, speech))
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


def _overridden(plan: Plan, speech: Speech) -> Iterator[Row]:
    if plan.override:
        bounds = {"low": speech.dose(LDN_BOUNDS.low), "high": speech.dose(LDN_BOUNDS.high)}
        what, untold = speech.say("sheet.bounds", **bounds), speech.say("sheet.not-told")
        yield (what, plan.override.by, untold, plan.override.reason)
    for screening in _screenings(plan):
        yield from cleared(screening, speech)


def _given_out(plan: Plan, speech: Speech) -> Iterator[Row]:
    return (
        (
            str(one.version),
            speech.long_date(one.through),
            str(one.generation),
            speech.say(f"sheet.clock-{'device' if one.floating else 'plan'}"),
        )
        for one in plan.given_out
    )
