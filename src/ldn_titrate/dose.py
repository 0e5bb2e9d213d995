"""
Doses: exact amounts in milligrams, their one parser and their one formatter, and their bounds.

A dose is an amount of the salt (naltrexone hydrochloride). It must not know products or dates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, localcontext
from enum import Enum
from functools import total_ordering
from typing import TYPE_CHECKING, Final, Self

from ldn_titrate.base import TextValue
from ldn_titrate.errors import DoseError
from ldn_titrate.text import NO_BREAK_SPACE

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_MICROGRAMS_IN_A_MILLIGRAM: Final = 1000
_EXACT: Final = Context(prec=28, traps=[Inexact, InvalidOperation, DivisionByZero])
_HIGHEST = Decimal(100_000)
_GOOD = re.compile(r"(?P<number>0\.[0-9]*[1-9]|[1-9][0-9]*(?:\.[0-9]*[1-9])?) mg")
_MISTAKES: Final = (
    (r".*,", "it has a comma; a decimal point is a point"),
    (r"[-\u2212]", "a dose is never negative"),
    (r".*(?:mcg|ug|\u00b5g|\u03bcg|microgram)", "micrograms are refused; doses here are in mg"),
    (r"\.", "a number under 1 starts with 0, as in '0.5 mg'"),
    (r"0(?:\.0*)? ?mg", "a dose is more than nothing"),
    (r"0[0-9]", "a number does not start with a spare 0"),
    (r"[0-9]+\.[0-9]*0 ?mg|[0-9]+\. ?mg", "there is no zero after the last digit: '3 mg'"),
    (r"[0-9.]+mg", "a space stands between the number and mg"),
    (r"[0-9.]+ ?\Z", "the unit is missing"),
)


@total_ordering
@dataclass(frozen=True, slots=True)
class Dose(TextValue):
    """
    An exact amount in mg, in whole micrograms.

    Attributes:
        mg: The amount, a Decimal above 0.
    """

    mg: Decimal

    def __post_init__(self) -> None:
        """Refuse what is no exact amount."""
        if not isinstance(self.mg, Decimal):
            raise DoseError(f"the mg of a dose are a Decimal, not {type(self.mg).__name__}")
        if not self.mg.is_finite() or not 0 < self.mg <= _HIGHEST:
            raise DoseError("a dose is above 0 mg and at most 100,000 mg")
        if _MICROGRAMS_IN_A_MILLIGRAM % self.mg.as_integer_ratio()[1]:
            raise DoseError(f"{self.mg} mg is not a whole number of micrograms")

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read a dose such as ``1.5 mg``; this is the only way in which a dose is read.

        Raises:
            DoseError: The text is anything else, with the reason and an example.
        """
        if not isinstance(text, str):
            raise DoseError(f"a dose is text such as '1.5 mg', not {type(text).__name__}")
        found = _GOOD.fullmatch(text.replace(NO_BREAK_SPACE, " "))
        if found is None:
            raise DoseError(f"cannot read {text[:40]!r} as a dose such as '1.5 mg': {_why(text)}")
        return cls(Decimal(found["number"]))

    @classmethod
    def of_micrograms(cls, micrograms: int) -> Self:
        """Make a dose from whole micrograms."""
        return cls(milligrams(micrograms))

    @property
    def micrograms(self) -> int:
        """The amount in whole micrograms."""
        numerator, denominator = self.mg.as_integer_ratio()
        return numerator * _MICROGRAMS_IN_A_MILLIGRAM // denominator

    def __str__(self) -> str:
        """Write the dose as every output writes it: ``1.5 mg``, ``3 mg``, ``0.5 mg``."""
        return f"{plain(self.mg)} mg"

    def __add__(self, other: Dose) -> Dose:
        """Add two doses."""
        if not isinstance(other, Dose):
            return NotImplemented
        return Dose.of_micrograms(self.micrograms + other.micrograms)

    def __mul__(self, times: int) -> Dose:
        """Multiply the dose by a whole number."""
        return Dose.of_micrograms(self.micrograms * times)

    def __lt__(self, other: Dose) -> bool:
        """Compare two doses by their amounts."""
        if not isinstance(other, Dose):
            return NotImplemented
        return self.mg < other.mg


def milligrams(micrograms: int) -> Decimal:
    """Turn whole micrograms into milligrams, exactly, whatever the decimal context is."""
    whole, rest = divmod(micrograms, _MICROGRAMS_IN_A_MILLIGRAM)
    return Decimal(f"{whole}.{rest:03d}".rstrip("0").rstrip("."))


def exactly() -> AbstractContextManager[Context]:
    """Calculate with decimals so that a rounding is an error, whatever the ambient context is."""
    return localcontext(_EXACT)


def plain(number: Decimal | int) -> str:
    """Write a number without an exponent and without a zero after the last digit."""
    text = f"{Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _why(text: str) -> str:
    reasons = (reason for mistake, reason in _MISTAKES if re.match(mistake, text.strip()))
    return next(reasons, "write a number, a space and mg")


class Place(Enum):
    """Where a dose stands among its bounds."""

    REFUSED_LOW = "below what is ever planned"
    BELOW = "below the recommended range"
    WITHIN = "within the recommended range"
    ABOVE = "above the recommended range"
    REFUSED_HIGH = "above what is ever planned"

    @property
    def is_refused(self) -> bool:
        """Whether no override can allow it."""
        return self in {Place.REFUSED_LOW, Place.REFUSED_HIGH}


@dataclass(frozen=True, slots=True)
class Bounds:
    """
    The absolute and the recommended bounds of a dose, all inclusive.

    Attributes:
        lowest: Anything below is refused.
        low: Anything below needs a named override.
        high: Anything above needs a named override.
        highest: Anything above is refused.
        sources: Ids of the evidence for them.
    """

    lowest: Dose
    low: Dose
    high: Dose
    highest: Dose
    sources: tuple[str, ...]

    def place(self, dose: Dose) -> Place:
        """Say where a dose stands among the bounds."""
        if dose < self.lowest:
            return Place.REFUSED_LOW
        if dose > self.highest:
            return Place.REFUSED_HIGH
        if dose < self.low:
            return Place.BELOW
        return Place.ABOVE if dose > self.high else Place.WITHIN


LDN_BOUNDS: Final = Bounds(
    lowest=Dose(Decimal("0.1")),
    low=Dose(Decimal("0.5")),
    high=Dose(Decimal("4.5")),
    highest=Dose(Decimal(6)),
    sources=("S9", "S12", "C3", "L3", "L12", "P-lowest"),
)
