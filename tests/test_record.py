from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from ldn_titrate.entry import (
    AdverseEvent,
    Dispensed,
    Entry,
    Measurement,
    Score,
    Taken,
    Visit,
    read_entry,
)
from ldn_titrate.errors import RecordError
from ldn_titrate.product import Product
from ldn_titrate.record import Record, dump_record, load_record
from records import an_entry, on, records, taken


def test_one_id_for_two_different_entries_is_refused() -> None:
    with pytest.raises(RecordError, match="two different entries have the id"):
        Record((taken(1), taken(1, "3 mg")))


def test_a_record_as_it_was_at_a_moment_can_be_had_again() -> None:
    early, late = taken(1), taken(5)
    assert Record((late, early)).written_by(early.written_at) == Record((early,))


def test_the_last_day_is_that_of_the_last_entry_that_counts() -> None:
    assert Record().last_day is None
    assert Record((taken(3), taken(9))).last_day == on(9)


@given(records())
def test_what_was_written_is_read_as_the_same_record(record: Record) -> None:
    assert load_record(dump_record(record)) == record


def test_each_line_that_is_no_entry_is_told_with_its_number() -> None:
    text = dump_record(Record((taken(1),))) + '\n{"kind":"taken"}\nnonsense\n'
    with pytest.raises(RecordError) as told:
        load_record(text)
    assert "line 3: this field is missing (at taken.id)" in str(told.value)
    assert "line 4: Invalid JSON" in str(told.value)


def test_an_error_names_no_person() -> None:
    line = taken(1).model_dump_json().replace('"2026-03-01"', '"Pat Example"')
    with pytest.raises(RecordError) as told:
        read_entry(line)
    assert "Example" not in str(told.value)


@pytest.mark.parametrize(
    "value", ["4,2", "1e3", "4.", ".5", "NaN", "Infinity", "0x1", " 4", 4.2, 4]
)
def test_a_number_is_text_with_a_point_and_nothing_else(value: Any) -> None:
    with pytest.raises(RecordError, match=r"(?s)decimal point|as text"):
        an_entry(Score, instrument="pain-nrs", value=value)


def test_a_number_keeps_its_every_digit() -> None:
    made = an_entry(
        Measurement, code="tsh", value=Decimal("0.2500"), unit="m[IU]/L", low=Decimal("0.4")
    )
    again = read_entry(made.model_dump_json())
    assert isinstance(again, Measurement)
    assert again == made
    assert '"value":"0.25"' in made.model_dump_json()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: taken(1, "20000 mg"), "check the unit"),
        (
            lambda: an_entry(
                AdverseEvent,
                term="headache",
                grade=1,
                scale="CTCAE",
                scale_version="5.0",
                day=on(5),
                until=on(4),
            ),
            "ends on its first day or later",
        ),
        (
            lambda: an_entry(
                Measurement,
                code="tsh",
                value=Decimal(1),
                unit="m[IU]/L",
                low=Decimal(4),
                high=Decimal(1),
            ),
            "from the lower to the higher",
        ),
        (lambda: an_entry(Visit, day=on(19), next_on=on(1)), "2026-03-01 is not after 2026-03-19"),
        (lambda: an_entry(Visit, day=on(19), next_on=on(19)), "the next visit is after this one"),
        (lambda: dispensed("capsule 1.5 mg", "1.5"), "whole number"),
        (lambda: dispensed("capsule 1.5 mg", "0"), "more than nothing"),
        (lambda: taken(1, written_at=datetime(2026, 3, 1)), "UTC"),  # noqa: DTZ001
        (lambda: taken(1, plan="secret"), "pattern"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(make: Any, why: str) -> None:
    with pytest.raises(RecordError, match=why):
        make()


def dispensed(product: str, amount: str) -> Dispensed:
    """Make an entry of something dispensed."""
    return an_entry(Dispensed, product=Product.parse(product), amount=Decimal(amount))


def test_what_is_dispensed_is_counted_as_a_supply_counts() -> None:
    made = dispensed("liquid 1 mg/mL, 0.1 mL syringe", "100")
    assert str(made.units) == "100 mL x liquid 1 mg/mL"


def test_an_entry_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(RecordError, match="kind"):
        read_entry('{"kind":"prayer"}')


def test_a_dose_in_json_is_text() -> None:
    made: Entry = taken(1, "1.5 mg", at=datetime(2026, 3, 1, 22, tzinfo=UTC))
    assert '"amount":"1.5 mg"' in made.model_dump_json()
    assert isinstance(read_entry(made.model_dump_json()), Taken)


@pytest.mark.parametrize("value", ["1e12", "0.12345678", "1234567890"])
def test_a_number_that_could_not_be_read_again_is_refused(value: str) -> None:
    """Else a line would be written that no file of it could bring back."""
    with pytest.raises(RecordError, match="decimal point"):
        an_entry(Measurement, code="steps", value=Decimal(value), unit="{count}/d")
