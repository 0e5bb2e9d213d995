"""
Checking a plan for a cream: what its reader must know before anything is given out.

It must not know documents or files.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from ldn_titrate.findings import Finding, Severity
from ldn_titrate.signing import screening_findings
from ldn_titrate.topical.amount import Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.topical.plan import TopicalPlan

_USUAL_REVIEW: Final = timedelta(weeks=12)


def check_topical(plan: TopicalPlan) -> tuple[Finding, ...]:
    """
    Say what a careful reader would want to know of a plan for a cream before using it.

    Returns:
        Findings, errors first. An error must be mended before a document is given to anyone.
    """
    return tuple(sorted(_findings(plan), key=lambda one: list(Severity).index(one.severity)))


def _findings(plan: TopicalPlan) -> Iterator[Finding]:
    if not plan.is_signed:
        words = "the plan is not signed: every document says DRAFT, not for patient use"
        yield Finding("cream.unsigned", Severity.WARNING, words, "signature")
    if plan.strength != Strength(Decimal(1)):
        words = f"only 1% was studied; {plan.strength} was not (R9)"
        yield Finding("cream.not-studied", Severity.NOTE, words, "strength")
    yield from screening_findings(plan.outcome, plan.signature)
    words = "the opioid questions are asked for a cream, too: it may get through the skin (C14)"
    yield Finding("cream.opioids", Severity.NOTE, words, "site")
    if plan.amount.is_about:
        words = "a fingertip unit is taken as about 0.5 g, which is not verified (P-fingertip)"
        yield Finding("cream.fingertip-unit", Severity.NOTE, words, "amount")
    if plan.review_on - plan.start > _USUAL_REVIEW:
        words = f"the review is more than {_USUAL_REVIEW.days // 7} weeks after the first day"
        yield Finding("cream.late-review", Severity.NOTE, words, "review_on")
