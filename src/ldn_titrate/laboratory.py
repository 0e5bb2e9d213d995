"""
What a laboratory or a device measured, as it was told, beside the laboratory's own range.

Units are never converted, and no other limit is known here. It must not know plans.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ldn_titrate.entry import Measurement
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.instrument import in_text
from ldn_titrate.library import measurables
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from decimal import Decimal

    from ldn_titrate.record import Record


class LaboratoryRange(StrEnum):
    """Where a value is, beside its own laboratory's range. No other limit is known here."""

    OUTSIDE = "outside the laboratory's own range"
    INSIDE = "inside the laboratory's own range"
    UNTOLD = "no range was told"


def laboratory_range(value: Measurement) -> LaboratoryRange:
    """Say where a value is, beside the range that was told with it; an end belongs to the range."""
    if value.low is None and value.high is None:
        return LaboratoryRange.UNTOLD
    below = value.low is not None and value.value < value.low
    above = value.high is not None and value.value > value.high
    return LaboratoryRange.OUTSIDE if below or above else LaboratoryRange.INSIDE


def measured(record: Record, code: str) -> dict[str, tuple[Measurement, ...]]:
    """Give the values of one code in order of date, by unit: units are never converted."""
    found = [one for one in record.of_kind(Measurement) if one.code == code]
    units = dict.fromkeys(one.unit for one in found)
    return {unit: tuple(one for one in found if one.unit == unit) for unit in units}


def measured_in_words(value: Measurement) -> str:
    """Say a value with its day, its unit and where it is in the laboratory's own range."""
    told = f"{_exactly(value.value)} {value.unit}, {laboratory_range(value)}{_range(value)}"
    return f"{long_date(value.day)}: {told}"


def _range(value: Measurement) -> str:
    """Give the ends that were told, each with every digit."""
    low, high = (None if one is None else _exactly(one) for one in (value.low, value.high))
    if low is None:
        return f" (up to {high})" if high else ""
    return f" ({low} to {high})" if high else f" (from {low})"


def _exactly(value: Decimal) -> str:
    return in_text(value, places=6)


def check_measured(record: Record) -> tuple[Finding, ...]:
    """Say which values can only be slips of the pen, and which codes are told in two units."""
    values = record.of_kind(Measurement)
    slips = (one for one in values if not _is_plausible(one))
    codes = dict.fromkeys(one.code for one in values)
    mixed = (code for code in codes if len(measured(record, code)) > 1)
    return (
        *(
            Finding(
                "laboratory.implausible",
                Severity.WARNING,
                f"{measurables()[one.code].name} is hardly a value in this unit; look at it again",
                f"measurement {one.code} on {one.day}",
            )
            for one in slips
        ),
        *(
            Finding(
                "laboratory.two-units",
                Severity.NOTE,
                f"{measurables()[code].name} is told in several units; they stay apart",
                f"measurement {code}",
            )
            for code in mixed
        ),
    )


def _is_plausible(value: Measurement) -> bool:
    unit = measurables()[value.code].unit(value.unit)
    return unit.lowest <= value.value <= unit.highest
