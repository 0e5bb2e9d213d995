from __future__ import annotations

import json
from typing import Any

import pytest

from ldn_titrate import errors
from ldn_titrate.errors import LdnTitrateError, PlanChangedError, PlanError
from ldn_titrate.plan import Clinic
from ldn_titrate.screening import Given
from plans import a_plan, a_protocol, linear, step

CHILDREN = sorted(
    {
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, LdnTitrateError)
    },
    key=lambda one: one.__name__,
)


@pytest.mark.parametrize("child", CHILDREN)
def test_every_error_is_an_error_of_the_library(child: type[LdnTitrateError]) -> None:
    """One base catches them all, and each is a ValueError with its words."""
    assert issubclass(child, ValueError)
    assert str(child("what was found")) == "what was found"


def test_the_errors_are_just_these() -> None:
    """A new kind of error is a decision."""
    assert [one.__name__ for one in CHILDREN] == [
        "AmendmentError",
        "DoseError",
        "ExportError",
        "LdnTitrateError",
        "PlanChangedError",
        "PlanError",
        "ProductError",
        "ProtocolError",
        "RecordError",
        "ScheduleError",
        "ScreeningError",
        "StoreConflict",
        "StoreError",
        "SupplyError",
        "TopicalError",
    ]


def test_a_changed_plan_is_a_plan_error() -> None:
    """Whoever catches the errors of a plan file catches this one too."""
    assert issubclass(PlanChangedError, PlanError)


def test_a_problem_within_a_list_is_told_with_its_number() -> None:
    """The second product is number 1, counted from 0 as in the file."""
    with pytest.raises(PlanError) as refused:
        a_plan(products=("capsule 1.5 mg", "pill 3 mg"))

    assert str(refused.value).endswith("(at products[1])")


def test_a_problem_within_a_part_is_told_with_its_path() -> None:
    """The path leads through the parts of the plan."""
    with pytest.raises(PlanError) as refused:
        a_plan(clinic={"telephone": ""})

    assert str(refused.value) == ("this text is empty; leave it out instead (at clinic.telephone)")


def test_a_problem_of_the_whole_has_no_place() -> None:
    """A contradiction between fields stands for itself."""
    with pytest.raises(LdnTitrateError) as refused:
        linear("3 mg", "1 mg", "P7D", "1 mg")

    assert str(refused.value) == "the cap of 1 mg is under the start of 3 mg"


def test_each_kind_of_value_raises_its_own_error() -> None:
    """A step and a protocol tell of the protocol, a plan of the plan, all with their place."""
    with pytest.raises(errors.ProtocolError, match=r"\(at doses_per_day\)$"):
        step("1.5 mg", doses_per_day=0)
    with pytest.raises(errors.ProtocolError, match=r"\(at version\)$"):
        a_protocol(linear("1.5 mg", "1.5 mg", "P14D", "4.5 mg"), version=0)
    with pytest.raises(PlanError, match=r"\(at version\)$"):
        a_plan(version=0)


@pytest.mark.parametrize(
    "day", ["1.12.2026", "2026-02-30", "12/01/2026", "", "2026-12-01T10:00:00", 20261201, True]
)
def test_a_day_that_is_none_is_told_in_our_words(day: Any) -> None:
    """Whatever is wrong with it, the message says how a day is written."""
    with pytest.raises(errors.ScreeningError) as refused:
        Given.from_json(json.dumps({"question": "Q4", "answer": "yes", "day": day}))

    assert str(refused.value) == ("a day is written as year-month-day, such as 2026-12-01 (at day)")


@pytest.mark.parametrize("name", ["Quetzalcoatl\n", "Quetzalcoatl" * 7, "<Quetzalcoatl>", 7.5])
def test_no_error_carries_a_name(name: Any) -> None:
    """A refused name is told by its field only, also within its cause."""
    for make in (lambda: a_plan(patient=name), lambda: Clinic(prescriber=name)):
        with pytest.raises(LdnTitrateError) as refused:
            make()

        assert "Quetzalcoatl" not in str(refused.value)
        assert "7.5" not in str(refused.value)
        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__
