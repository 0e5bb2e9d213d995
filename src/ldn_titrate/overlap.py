"""
Overlap: two plans by mouth of one patient with doses for the same days.

Taken together they are a double dose, which neither plan shows by itself. Where a patient's plans
are kept it must not know.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

from ldn_titrate.errors import PlanError
from ldn_titrate.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ldn_titrate.course import Segment
    from ldn_titrate.plan import Plan


def check_overlap(plans: Iterable[Plan]) -> tuple[Finding, ...]:
    """
    Say which plans by mouth of one patient have doses for the same days.

    Args:
        plans: The newest state of each.

    Returns:
        One finding for each two plans: an error where both are signed, and a warning where one is a
        draft.
    """
    ordered = sorted(plans, key=lambda one: one.code)
    return tuple(
        Finding(
            "patient.two-plans",
            Severity.ERROR if one.is_signed and other.is_signed else Severity.WARNING,
            f"plans {one.code} and {other.code} both have doses for the same days, the first of "
            f"them {day}; stop one of them",
            "plans",
        )
        for one, other in combinations(ordered, 2)
        if (day := _first_shared(one, other))
    )


def refuse_overlap(plan: Plan, kept: Iterable[Plan]) -> None:
    """
    Refuse a signed plan with doses for the same days as another signed one.

    What was so before is let through, or an amendment that ends it later could not be kept.

    Args:
        plan: The plan, or a newer state of it.
        kept: The patient's plans by mouth, each in its newest state.

    Raises:
        PlanError: It overlaps with one of them, which is named.
    """
    by_id = {one.id: one for one in kept}
    before = by_id.pop(plan.id, None)
    if before and before.version > plan.version:
        return  # an older state, which changes nothing
    for other in by_id.values():
        if (day := _clash(plan, other)) and not (before and _clash(before, other)):
            raise PlanError(
                f"plans {plan.code} and {other.code} both have doses for the same days, the first "
                f"of them {day}; keep a version of one of them first that stops before"
            )


def _clash(one: Plan, other: Plan) -> date | None:
    return _first_shared(one, other) if one.is_signed and other.is_signed else None


def _first_shared(one: Plan, other: Plan) -> date | None:
    """Return the first day in a segment of either plan."""
    pairs = product(one.course.segments, other.course.segments)
    return min(
        (max(mine.first, yours.first) for mine, yours in pairs if _meet(mine, yours)), default=None
    )


def _meet(one: Segment, other: Segment) -> bool:
    begin = max(one.first, other.first)
    return all(segment.last is None or begin <= segment.last for segment in (one, other))
