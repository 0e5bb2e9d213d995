"""
The plan sheet of a cream for clinicians: what is put on, who stands for it, and what it rests on.

It is made even where nothing may be made for the patient, and then says so first. It must not know
pages, fonts or files, nor any oral plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ldn_titrate.documents.clinical import (
    asked,
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
from ldn_titrate.documents.common import drafted, framed
from ldn_titrate.screening import Verdict
from ldn_titrate.speech import ENGLISH
from ldn_titrate.topical import check_topical
from ldn_titrate.topical_documents import application_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.content import Block, Document, Fields
    from ldn_titrate.documents.clinical import Row
    from ldn_titrate.speech import Speech
    from ldn_titrate.topical import TopicalPlan

_SOURCES: Final = ("S15", "S16", "S17", "S18", "C14", "C15", "C6", "C7")
_MAY_BE_NONE: Final = ("overrides", "findings")


def topical_sheet(plan: TopicalPlan, *, speech: Speech = ENGLISH) -> Document:
    """
    Say what the plan sheet of a cream says to clinicians.

    Args:
        plan: What is put on.
        speech: The language.
    """
    outcome = plan.outcome
    is_stopped = outcome is not None and outcome.verdict is Verdict.STOP
    subtitle = speech.say("sheet.subtitle", code=plan.code, version="1")
    draft = speech.say("sheet.mark-stop") if is_stopped else drafted(plan, speech)
    front = (
        *((stop(outcome, speech),) if outcome and is_stopped else ()),
        _particulars(plan, speech),
        application_table(plan, speech),
        *_tables(plan, speech),
    )
    return framed(plan, speech, (speech.say("sheet.title"), subtitle), front, draft=draft)


def _particulars(plan: TopicalPlan, speech: Speech) -> Fields:
    told = {
        "screening": asked(plan.screening, plan.signature, speech),
        "nothing-found": nothing_found(plan.outcome),
        "reviews": speech.long_date(plan.review_on),
    }
    return particulars(plan.patient, told, plan.clinic, speech)


def _tables(plan: TopicalPlan, speech: Speech) -> Iterator[Block]:
    told = {
        "signatures": (_signature(plan, speech),),
        "overrides": cleared(plan.screening, speech) if plan.screening else (),
        "screened": screened(plan.outcome, speech),
        "findings": findings(check_topical(plan), speech),
    }
    yield from tables(told, _MAY_BE_NONE, speech)
    yield sources(_SOURCES, plan.outcome, speech)


def _signature(plan: TopicalPlan, speech: Speech) -> Row:
    return (
        plan.code,
        signer(plan.signature, speech),
        moment(plan.written_at, speech),
        asked(plan.screening, plan.signature, speech),
    )
