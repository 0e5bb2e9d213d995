"""
Shares: so many of so many, exact, and the one way in which they are said; and bounds of a value.

A share of nothing is a value that says so, never a zero and never an error. It must not know what
is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from ldn_titrate.errors import LdnTitrateError

_Value = TypeVar("_Value")
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Share:
    """
    A part of a whole, in whole numbers.

    Attributes:
        part: How many; more than the whole where more was taken than planned.
        whole: Of how many; 0 where there was nothing to count.
    """

    part: int
    whole: int

    def __post_init__(self) -> None:
        """Refuse what counts nothing: a number below 0, or a part of nothing."""
        if self.part < 0 or self.whole < 0 or (self.part and not self.whole):
            raise LdnTitrateError(f"{self.part} of {self.whole} is no share")

    @property
    def fraction(self) -> Fraction | None:
        """The exact value; None where the whole is 0."""
        return Fraction(self.part, self.whole) if self.whole else None

    @property
    def percent(self) -> str:
        """The value in percent, rounded to two decimals, halves up: ``78.57%``."""
        if not self.whole:
            return "not defined"
        hundredths = (2 * self.part * _HUNDRED**2 + self.whole) // (2 * self.whole)
        whole, rest = divmod(hundredths, _HUNDRED)
        return f"{whole}{f'.{rest:02d}'.rstrip('0').rstrip('.')}%"

    @property
    def capped(self) -> Share:
        """The same share, at most the whole."""
        return Share(min(self.part, self.whole), self.whole)

    def is_at_least(self, percent: int) -> bool | None:
        """Compare with a threshold in percent, exactly; None where the whole is 0."""
        return self.part * _HUNDRED >= percent * self.whole if self.whole else None

    def __str__(self) -> str:
        """Say the share with its numbers: ``11 of 14 (78.57%)``."""
        return f"{self.part} of {self.whole} ({self.percent})"


@dataclass(frozen=True, slots=True)
class Bounded(Generic[_Value]):
    """
    A value that is known, or of which only two bounds are known.

    Attributes:
        low: The lower bound.
        high: The upper bound; the same where the value is known.
    """

    low: _Value
    high: _Value

    @property
    def is_known(self) -> bool:
        """Whether both bounds are one value."""
        return self.low == self.high

    def __str__(self) -> str:
        """Say the value, or both bounds."""
        return str(self.low) if self.is_known else f"between {self.low} and {self.high}"
