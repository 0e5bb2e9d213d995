"""
What the sheets for clinicians share: who stands for what, what was asked, and what it rests on.

Words of the plan itself (reasons, findings, sources) are printed as they are. It must not know what
is taken or put on, pages, fonts or files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from ldn_titrate.content import Bullets, Callout, Field, Fields, Table, Weight
from ldn_titrate.library import evidence, screener
from ldn_titrate.speech import held

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from ldn_titrate.content import Block
    from ldn_titrate.findings import Finding
    from ldn_titrate.plan import Clinic
    from ldn_titrate.screening import Clearance, Outcome, Reason, Screening
    from ldn_titrate.signing import Signature
    from ldn_titrate.speech import Speech

Row: TypeAlias = tuple[str, ...]

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


def tables(
    told: Mapping[str, Iterable[Row]], may_be_none: Iterable[str], speech: Speech
) -> Iterator[Block]:
    """Yield what there is to tell, then what there is not."""
    rows = {name: tuple(found) for name, found in told.items()}
    yield from (table(name, found, speech) for name, found in rows.items() if found)
    if nothing := [speech.say(f"sheet.no-{name}") for name in may_be_none if not rows[name]]:
        yield Callout(speech.say("sheet.none"), (Bullets(tuple(nothing)),), Weight.PLAIN)


def table(name: str, rows: tuple[Row, ...], speech: Speech) -> Table:
    """Set one of the tables under its heads."""
    heads = tuple(speech.say(f"sheet.{one}") for one in _HEADS[name])
    return Table(speech.say(f"sheet.{name}"), heads, rows)


def stop(outcome: Outcome, speech: Speech) -> Callout:
    """Say first that the screening says stop, and that nothing is made for the patient."""
    lines = (speech.english(outcome.stops), speech.say("sheet.stop-none"))
    return Callout(speech.say("sheet.stop"), (Bullets(lines),), Weight.STOP)


def particulars(
    patient: str | None, told: Mapping[str, str], clinic: Clinic, speech: Speech
) -> Fields:
    """Set whose plan it is, what is told of it, and whom to ring."""
    fields = (Field(speech.say(f"sheet.{name}"), text) for name, text in told.items() if text)
    call = (Field(speech.say(f"call.{key.replace('_', '-')}"), value) for key, value in clinic)
    return Fields((Field(speech.say("sheet.patient"), patient), *fields, *call))


def moment(at: datetime, speech: Speech) -> str:
    """Say a point in time."""
    day, clock = speech.long_date(at.date()), speech.clock(at.time())
    return speech.say("sheet.moment", day=day, time=clock)


def by_whom(by: str | None, role: str | None, speech: Speech) -> str:
    """Say who did something, in which role."""
    if by is None or role is None:
        return speech.say("sheet.not-signed")
    return speech.say("sheet.by-role", by=by, role=role)


def signer(signed: Signature | None, speech: Speech) -> str:
    """Say who signed, or that nobody did."""
    return by_whom(signed.by, signed.role, speech) if signed else speech.say("sheet.not-signed")


def asked(screening: Screening | None, signed: Signature | None, speech: Speech) -> str:
    """Say where the questions of the screening were asked."""
    if screening:
        here, at = speech.say("sheet.screened-here"), moment(screening.at, speech)
        return speech.say("sheet.asked", words=here, at=at)
    if signed and signed.screened_elsewhere:
        return speech.say("sheet.screened-elsewhere", who=signer(signed, speech))
    return speech.say("sheet.screened-not")


def cleared(screening: Screening, speech: Speech) -> Iterator[Row]:
    """Yield what a named person allowed in spite of the answers."""
    free = screening.opioid_free
    if free.lowered_by:
        days = {"short": str(free.short_acting), "long": str(free.long_acting)}
        what = speech.say("sheet.lowered", **days)
        why = free.lowered_because or speech.say("sheet.not-told")
        yield (what, free.lowered_by, moment(screening.at, speech), why)
    yield from (_clearance(one, speech) for one in screening.clearances)


def _clearance(one: Clearance, speech: Speech) -> Row:
    what = speech.say("sheet.cleared", question=one.question)
    return (what, by_whom(one.by, one.role, speech), moment(one.at, speech), one.reason)


def screened(outcome: Outcome | None, speech: Speech) -> Iterator[Row]:
    """Yield each answer that weighs."""
    return (_reason(one, speech) for one in (outcome.reasons if outcome else ()))


def _reason(one: Reason, speech: Speech) -> Row:
    verdict = speech.say(f"sheet.verdict-{one.verdict}")
    if one.cleared_by:
        verdict = speech.say("sheet.outcome-cleared", verdict=verdict)
    return (one.question, verdict, speech.english(one.words), ", ".join(one.sources))


def nothing_found(outcome: Outcome | None) -> str:
    """Name the questions of the newest screening whose answers do not weigh."""
    if outcome is None:
        return ""
    weighed = {one.question for one in outcome.reasons}
    return ", ".join(one.id for one in screener().questions if one.id not in weighed)


def findings(found: Iterable[Finding], speech: Speech) -> Iterator[Row]:
    """Yield what a check of the plan found."""
    return (
        (
            speech.say(f"sheet.severity-{one.severity}"),
            speech.english(one.message),
            f"{one.where}; {one.code}",
        )
        for one in found
    )


def sources(ids: Iterable[str], outcome: Outcome | None, speech: Speech) -> Table:
    """Set what the plan and its screening rest on, each source once."""
    asked_for = (each for one in (outcome.reasons if outcome else ()) for each in one.sources)
    rows = tuple(_source(one, speech) for one in dict.fromkeys((*ids, *asked_for)))
    return table("sources", rows, speech)


def _source(key: str, speech: Speech) -> Row:
    one, untold = evidence().get(key), speech.say("sheet.not-told")
    if one is None:
        return (key, untold, untold, untold)
    read = speech.say("sheet.is-verified" if one.verified else "sheet.is-not-verified")
    words, source = (speech.english(held(each)) for each in (one.words, one.source))
    return (key, words, source, read)
