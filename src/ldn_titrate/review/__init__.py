"""
The review: what in a patient's record deserves the prescriber's look, rule by rule.

Each rule is one small function that yields proposals, in a room with the others of its family;
its words and sources are data. Nothing here changes a plan, and what is not known never counts as
good: where the record cannot carry an answer, the proposal says just that. It must not know
outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ldn_titrate.days import day_by_day
from ldn_titrate.review.red_flags import red_flags_in
from ldn_titrate.review.rules import RULES
from ldn_titrate.review.seen import Seen
from ldn_titrate.review.standing import go_on

if TYPE_CHECKING:
    from datetime import date

    from ldn_titrate.findings import Finding
    from ldn_titrate.plan import Plan
    from ldn_titrate.proposal import Proposal
    from ldn_titrate.record import Record

__all__ = ["Review", "red_flags_in", "review"]


@dataclass(frozen=True, slots=True)
class Review:
    """
    What a review found.

    Attributes:
        findings: What in the record does not fit the plan or itself.
        proposals: What the prescriber may want to consider, the urgent first.
    """

    findings: tuple[Finding, ...]
    proposals: tuple[Proposal, ...]


def review(plan: Plan, record: Record, as_of: date) -> Review:
    """
    Look through a record, rule by rule.

    Args:
        plan: The newest version of the plan.
        record: What happened; entries about days after *as_of* are not looked at.
        as_of: The day of asking.

    Returns:
        Findings and proposals; the same ones for the same plan, record and day.
    """
    seen = Seen(plan, record.up_to(as_of), as_of)
    found = [proposal for rule in RULES for proposal in rule(seen)] or list(go_on(seen))
    ordered = sorted(found, key=lambda one: not one.urgent)
    return Review(day_by_day(seen.schedule, record, as_of).findings, tuple(ordered))
