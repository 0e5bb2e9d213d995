"""
What is put on the skin: the strength of a cream, an amount of it, and the naltrexone in it.

A type checker refuses to add or compare any of these with an oral dose; at run time adding and
ordering them is a TypeError, and they are never equal. It must not know plans.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self

from ldn_titrate.base import TextValue
from ldn_titrate.dose import exactly, plain
from ldn_titrate.errors import TopicalError
from ldn_titrate.text import NO_BREAK_SPACE

_LEAST, _PARTS_OF_ONE = Decimal("0.01"), 100
_MOST_PERCENT: Final = Decimal(5)  # this and the next are this project's, against slips
_MOST_AMOUNT: Final = Decimal(100_000)
_GRAMS_IN_A_FINGERTIP_UNIT: Final = Decimal("0.5")  # about; not verified (P-fingertip)
_MG_PER_GRAM_IN_A_PERCENT: Final = 10  # 1% w/w is 10 mg in each gram (C13)

_NUMBER = r"(?P<number>0\.[0-9]*[1-9]|[1-9][0-9]*(?:\.[0-9]*[1-9])?)"
_PERCENT = re.compile(rf"{_NUMBER}%")
_AMOUNT = re.compile(rf"{_NUMBER} (?P<unit>g|fingertip unit)s?")
_MISTAKES: Final = (
    (r".*,", "it has a comma; a decimal point is a point"),
    (r"[-\u2212]", "it is never negative"),
    (r"\.", "a number under 1 starts with 0, as in '0.5'"),
    (r"0(?:\.0*)?(?![0-9.])", "it is more than nothing"),
    (r"0[0-9]", "a number does not start with a spare 0"),
    (r"[0-9]+\.(?:[0-9]*0)?(?![0-9])", "there is no zero after the last digit"),
    (r".*m[cg]g?\b", "mg and mcg are for oral doses; an amount on the skin is never told in them"),
    (r"[0-9.]+ +%", "no space stands before the %"),
    (r"[0-9.]+(?:g|fingertip)", "a space stands between the number and the unit"),
    (r"[0-9.]+ ?\Z", "the unit is missing"),
)


@dataclass(frozen=True, slots=True)
class Strength(TextValue):
    """
    How much naltrexone hydrochloride a cream holds, in per cent by weight (w/w).

    Attributes:
        percent: Grams in 100 g; above 0 and at most 5, in whole hundredths.
    """

    percent: Decimal

    def __post_init__(self) -> None:
        """Refuse what is no strength."""
        _check_number(self.percent, "the per cent of a strength", most=_MOST_PERCENT)

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read a strength such as ``1%``; this is the only way in which one is read.

        Raises:
            TopicalError: The text is anything else, with the reason and an example.
        """
        return cls(Decimal(_match(_PERCENT, text, "a strength such as '1%'")["number"]))

    @property
    def mg_per_gram(self) -> Decimal:
        """The mg of naltrexone hydrochloride in each gram of cream."""
        with exactly():
            return self.percent * _MG_PER_GRAM_IN_A_PERCENT

    def __str__(self) -> str:
        """Write the strength as every output writes it: ``1%``."""
        return f"{plain(self.percent)}%"


class AmountUnit(StrEnum):
    """What an amount of cream is counted in."""

    GRAM = "g"
    FINGERTIP = "fingertip unit"


@dataclass(frozen=True, slots=True)
class TopicalAmount(TextValue):
    """
    An amount of cream. It is no dose: see the docstring of this module.

    Attributes:
        number: How many, a Decimal above 0 in whole hundredths.
        unit: Grams or fingertip units.
    """

    number: Decimal
    unit: AmountUnit

    def __post_init__(self) -> None:
        """Refuse what is no amount."""
        _check_number(self.number, "the number of a topical amount", most=_MOST_AMOUNT)

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read an amount such as ``0.5 g`` or ``2 fingertip units``.

        Raises:
            TopicalError: The text is anything else, with the reason and an example.
        """
        wanted = "an amount on the skin such as '0.5 g' or '1 fingertip unit'"
        found = _match(_AMOUNT, text, wanted)
        made = cls(Decimal(found["number"]), AmountUnit(found["unit"]))
        if str(made) != found[0]:
            raise TopicalError(f"this amount is written {str(made)!r}")
        return made

    @property
    def is_about(self) -> bool:
        """Whether its grams are only about right: a fingertip unit has no exact weight."""
        return self.unit is AmountUnit.FINGERTIP

    @property
    def grams(self) -> Decimal:
        """The amount in grams; of fingertip units, about so many."""
        if not self.is_about:
            return self.number
        with exactly():
            return self.number * _GRAMS_IN_A_FINGERTIP_UNIT

    def times(self, number: int) -> TopicalAmount:
        """Return so many times the amount."""
        with exactly():
            return TopicalAmount(self.number * number, self.unit)

    def __str__(self) -> str:
        """Write the amount as every output writes it: ``0.5 g``, ``2 fingertip units``."""
        several = self.is_about and self.number != 1
        return f"{plain(self.number)} {self.unit}{'s' if several else ''}"


@dataclass(frozen=True, slots=True)
class SkinLoad:
    """
    Naltrexone hydrochloride put on the skin. It is no dose: how much gets further is not known.

    Attributes:
        mg: How much, in mg.
        is_about: Whether the number is only about right.
    """

    mg: Decimal
    is_about: bool

    def __str__(self) -> str:
        """Say how much it is, and where: ``20 mg on the skin``."""
        return f"{'about ' if self.is_about else ''}{plain(self.mg)} mg on the skin"


def _check_number(number: Decimal, what: str, *, most: Decimal) -> None:
    if not isinstance(number, Decimal):
        raise TopicalError(f"{what} is a Decimal, not {type(number).__name__}")
    if not number.is_finite() or not 0 < number <= most:
        raise TopicalError(f"{what} is above 0 and at most {most:,}")
    # The first half keeps a number of a billion decimals from ever being spelled out.
    if number < _LEAST or _PARTS_OF_ONE % number.as_integer_ratio()[1]:
        raise TopicalError(f"{what} has at most two decimals")


def _match(pattern: re.Pattern[str], text: str, wanted: str) -> re.Match[str]:
    if not isinstance(text, str):
        raise TopicalError(f"{wanted} is text, not {type(text).__name__}")
    found = pattern.fullmatch(text.replace(NO_BREAK_SPACE, " "))
    if found is None:
        raise TopicalError(f"cannot read {text[:40]!r} as {wanted}: {_why(text)}")
    return found


def _why(text: str) -> str:
    reasons = (reason for mistake, reason in _MISTAKES if re.match(mistake, text.strip()))
    return next(reasons, "write a number and its unit")
