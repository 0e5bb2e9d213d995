"""Two plans by mouth of one patient: a double dose that neither plan shows by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from ldn_titrate.amendment import Pause, Stop
from ldn_titrate.dose import Dose
from ldn_titrate.errors import PlanError
from ldn_titrate.findings import Severity
from ldn_titrate.overlap import check_overlap, refuse_overlap
from plans import REVISED_AT, a_plan, a_signed_plan
from records import on

if TYPE_CHECKING:
    from ldn_titrate.plan import Plan

SIGNED: dict[str, Any] = {
    "by": "Dr Example",
    "role": "physician",
    "reason": "An invented reason",
    "at": REVISED_AT,
}


def stopped(day: int, plan: Plan | None = None) -> Plan:
    """Give a plan that has no dose from a day of the course on."""
    return (plan or a_signed_plan()).amended(Stop(effective=on(day), **SIGNED))


def another(first: int, **fields: Any) -> Plan:
    """Give a second signed plan that starts on a day of the course."""
    return a_signed_plan(id=UUID(int=9), start=on(first), **fields)


def test_two_signed_plans_for_the_same_days_are_an_error() -> None:
    """The first day of the later one is the first that they share."""
    one, other = a_signed_plan(), another(20)

    (found,) = check_overlap([one, other])

    assert (found.code, found.severity) == ("patient.two-plans", Severity.ERROR)
    assert "the first of them 2026-03-20" in found.message
    assert one.code in found.message
    assert other.code in found.message
    assert check_overlap([other, one]) == (found,)


def test_a_draft_beside_a_signed_plan_is_a_warning() -> None:
    draft = a_plan(id=UUID(int=9), start=on(20))
    (found,) = check_overlap([a_signed_plan(), draft])
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(("first", "shared"), [(20, 0), (19, 1), (21, 0)])
def test_a_plan_may_begin_on_the_day_from_which_the_other_is_stopped(
    first: int, shared: int
) -> None:
    """The last dose of the first plan is that of day 19."""
    assert len(check_overlap([stopped(20), another(first)])) == shared


def test_days_of_a_pause_are_not_shared_but_those_after_it_are() -> None:
    resumed = Pause(effective=on(8), until=on(30), resume_at=Dose.parse("1.5 mg"), **SIGNED)
    one = a_signed_plan().amended(resumed)
    assert check_overlap([one, stopped(20, another(10))]) == ()
    (found,) = check_overlap([one, another(10)])
    assert "the first of them 2026-03-30" in found.message


def test_of_three_plans_each_two_are_looked_at() -> None:
    third = a_signed_plan(id=UUID(int=10))
    assert len(check_overlap([a_signed_plan(), another(20), third])) == 3
    assert check_overlap([a_signed_plan()]) == check_overlap([]) == ()


def test_a_signed_plan_is_refused_beside_another() -> None:
    """Both codes are named, and no name."""
    kept, new = a_signed_plan(), another(20)
    with pytest.raises(PlanError) as refused:
        refuse_overlap(new, [kept])
    assert kept.code in str(refused.value)
    assert new.code in str(refused.value)
    assert "Pat" not in str(refused.value)


def test_a_draft_is_not_refused_until_it_is_signed() -> None:
    draft = a_plan(id=UUID(int=9), start=on(20))
    refuse_overlap(draft, [a_signed_plan()])
    with pytest.raises(PlanError, match="same days"):
        refuse_overlap(another(20), [a_signed_plan(), draft])


def test_what_overlapped_before_can_still_be_stopped_later() -> None:
    """A Stop from day 40 on leaves shared days, and is kept all the same."""
    kept = [a_signed_plan(), another(20)]
    refuse_overlap(stopped(40), kept)
    refuse_overlap(stopped(20), kept)


def test_an_older_state_of_a_stopped_plan_is_not_refused() -> None:
    """It changes nothing in the file."""
    refuse_overlap(a_signed_plan(), [stopped(20), another(20)])


def test_the_same_plan_again_is_not_its_own_neighbour() -> None:
    refuse_overlap(a_signed_plan(), [a_signed_plan()])
