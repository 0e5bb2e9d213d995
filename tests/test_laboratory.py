"""Measured values: as they were told, beside their own range, and never converted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ldn_titrate.entry import Measurement
from ldn_titrate.laboratory import (
    LaboratoryRange,
    check_measured,
    laboratory_range,
    measured,
    measured_in_words,
)
from records import an_entry, on, record_of


def a_value(value: str, day: int = 1, **fields: Any) -> Measurement:
    """Make a measurement of C-reactive protein."""
    fields = {"code": "crp", "unit": "mg/L", **fields}
    return an_entry(Measurement, day=on(day), value=Decimal(value), **fields)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({}, LaboratoryRange.UNTOLD),
        ({"low": Decimal(0), "high": Decimal(5)}, LaboratoryRange.INSIDE),
        ({"high": Decimal("4.9")}, LaboratoryRange.OUTSIDE),
        ({"high": Decimal(6)}, LaboratoryRange.INSIDE),
        ({"low": Decimal("5.1")}, LaboratoryRange.OUTSIDE),
        ({"low": Decimal(5), "high": Decimal(9)}, LaboratoryRange.INSIDE),
    ],
    ids=repr,
)
def test_a_value_stands_beside_its_own_range(
    fields: dict[str, Any], where: LaboratoryRange
) -> None:
    """Its ends belong to it; without one nothing is said."""
    assert laboratory_range(a_value("5", **fields)) is where


def test_values_are_told_in_order_of_date_by_unit() -> None:
    """Nothing is converted."""
    values = (a_value("3", 20), a_value("9", 1), a_value("5.25", 8, high=Decimal(5)))
    other = a_value("1", 2, code="bilirubin", unit="mg/dL")

    found = measured(record_of(*values, other), "crp")

    assert {unit: [str(one.value) for one in of] for unit, of in found.items()} == {
        "mg/L": ["9", "5.25", "3"]
    }
    assert measured(record_of(), "crp") == {}


def test_a_value_is_told_as_it_was_measured() -> None:
    """With its day, its unit and the laboratory's range."""
    value = a_value("5.257", 8, low=Decimal(0), high=Decimal(5))

    assert measured_in_words(value) == (
        "Sun 8 Mar 2026: 5.257 mg/L, outside the laboratory's own range (0 to 5)"
    )
    assert measured_in_words(a_value("5")) == "Sun 1 Mar 2026: 5 mg/L, no range was told"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"high": Decimal(6)}, "inside the laboratory's own range (up to 6)"),
        ({"low": Decimal(6)}, "outside the laboratory's own range (from 6)"),
        ({"low": Decimal(0), "high": Decimal("4.875")}, "range (0 to 4.875)"),
    ],
    ids=repr,
)
def test_a_range_is_told_as_it_was_told(fields: dict[str, Any], words: str) -> None:
    """With one end, and with every digit."""
    assert measured_in_words(a_value("5", **fields)).endswith(words)


def test_a_slip_of_the_pen_is_found() -> None:
    """And a high value is none."""
    record = record_of(a_value("400", 1), a_value("5000", 2), a_value("-1", 3))

    found = check_measured(record)

    assert [(one.code, one.where) for one in found] == [
        ("laboratory.implausible", "measurement crp on 2026-03-02"),
        ("laboratory.implausible", "measurement crp on 2026-03-03"),
    ]


@pytest.mark.parametrize("value", ["0", "1000"])
def test_the_ends_of_what_is_plausible_are_plausible(value: str) -> None:
    assert check_measured(record_of(a_value(value))) == ()


def test_two_units_of_one_code_are_told() -> None:
    """They stay apart."""
    one = a_value("12", 1, code="bilirubin", unit="umol/L")
    two = a_value("0.7", 9, code="bilirubin", unit="mg/dL")

    assert [each.code for each in check_measured(record_of(one, two))] == ["laboratory.two-units"]
    assert list(measured(record_of(one, two), "bilirubin")) == ["umol/L", "mg/dL"]
    assert check_measured(record_of(one)) == ()
