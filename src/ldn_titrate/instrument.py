"""
What is scored, graded and measured: instruments, scales of grades, terms, laboratory values.

Each is data (`ldn_titrate.library`): an id, a range, cut-offs and a source, never the words of a
questionnaire. Numbers here are exact; `in_text` is the one place where a measure is rounded. It
must not know entries or plans.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Self, TypeAlias

from pydantic import Field, model_validator

from ldn_titrate.base import Frozen, Name, Note
from ldn_titrate.dose import plain
from ldn_titrate.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Sequence

Exact: TypeAlias = int | Decimal | Fraction
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]
Sources = Annotated[tuple[str, ...], Field(min_length=1)]
Loinc = Annotated[str, Field(pattern=r"^[0-9]{1,5}-[0-9]$")]

_MOST_PLACES: Final = 6
_TEN: Final = 10
_FUNCTION, _IMPACT, _SYMPTOMS = 9, 2, 10  # how many questions each part of the FIQR has


class Better(StrEnum):
    """Which way a value is better."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class Band(Frozen):
    """A named part of an instrument's range, both ends included."""

    name: Name
    first: int
    last: int


class MeaningfulChange(Frozen):
    """
    A change that a source calls meaningful.

    Attributes:
        points: The least change, in points.
        percent: The least change, in percent.
        words: What the source calls it.
        sources: Ids of the evidence; whether it was verified is told there.
    """

    points: Annotated[Decimal, Field(gt=0)] | None = None
    percent: Annotated[Decimal, Field(gt=0)] | None = None
    words: Note
    sources: Sources


class Instrument(Frozen):
    """
    A score that a person gives or is given.

    Attributes:
        id: Its id, such as ``pain-nrs``.
        name: What it is called.
        lowest: The lower end of its range.
        highest: The upper end of it.
        whole: Whether only whole numbers are values of it.
        better: Which way it is better.
        recall_days: How many days a value looks back on; 0 for the moment itself, None for the time
            since the start.
        percent: Whether a change in percent means anything; it needs a true zero.
        series: Whether it is for the minutes after the cream is put on.
        bands: Names for parts of the range, without a gap; none where no source was read.
        changes: What is called a meaningful change of it.
        loinc: Its code in LOINC.
        licence: Whose it is, and what may be done with it.
        sources: Ids of the evidence.
    """

    error: ClassVar = RecordError

    id: Id
    name: Name
    lowest: int
    highest: int
    whole: bool
    better: Better
    recall_days: Annotated[int, Field(ge=0, le=366)] | None = None
    percent: bool = False
    series: bool = False
    bands: tuple[Band, ...] = ()
    changes: tuple[MeaningfulChange, ...] = ()
    loinc: Loinc | None = None
    licence: Note
    sources: Sources

    @model_validator(mode="after")
    def _has_bands_without_a_gap(self) -> Self:
        ends = [(self.lowest - 1, self.lowest - 1), *((one.first, one.last) for one in self.bands)]
        ends.append((self.highest + 1, self.highest + 1))
        whole = all(one.first <= one.last for one in self.bands)
        joined = all(right[0] == left[1] + 1 for left, right in pairwise(ends))
        if self.bands and not (self.whole and whole and joined):
            raise RecordError("bands cover a range of whole numbers without a gap")
        return self

    @property
    def daily(self) -> bool:
        """Whether one value is about one day."""
        return self.recall_days in {0, 1}

    def refuse_unless_valid(self, value: Exact) -> None:
        """
        Refuse what is no value of the instrument.

        Raises:
            RecordError: The value is outside the range, or not whole where it must be.
        """
        number = exact(value)
        if not self.lowest <= number <= self.highest or (self.whole and number.denominator > 1):
            kind = "a whole number" if self.whole else "a number"
            raise RecordError(
                f"a value of {self.id} is {kind} from {self.lowest} to {self.highest}"
            )

    def band_of(self, value: Exact) -> Band | None:
        """
        Return the band of one score; None where the instrument has no bands.

        A mean of scores has no band: the cut-offs are for single scores.

        Raises:
            RecordError: It is no value of the instrument.
        """
        self.refuse_unless_valid(value)
        return next((one for one in self.bands if one.first <= value <= one.last), None)


class Domain(StrEnum):
    """Which part of life or body a term is about, what is looked at first before the rest."""

    MOOD = "mood"
    HEART = "heart"
    SLEEP = "sleep"
    STOMACH = "stomach"
    HEAD = "head"
    OTHER = "other"


class Scale(Frozen):
    """
    A scale of grades, in its versions. Grades of two versions are never put together.

    Attributes:
        name: Its name, such as ``CTCAE``.
        versions: The versions that are known.
        lowest: The lowest grade.
        highest: The highest one.
        sources: Ids of the evidence.
    """

    name: Name
    versions: Annotated[tuple[Name, ...], Field(min_length=1)]
    lowest: Annotated[int, Field(ge=0)]
    highest: Annotated[int, Field(le=5)]
    sources: Sources


class Term(Frozen):
    """
    An unwanted thing that is known by name.

    Attributes:
        term: Its name.
        domain: What it is about.
        highest: The highest grade that the scales have for it, by the name of the scale.
        scale: The scale whose grades it has, where the usual one has no such term.
        names: What else it is called.
        sources: Ids of the evidence.
    """

    term: Name
    domain: Domain
    scale: Name | None = None
    highest: dict[str, int] = {}  # noqa: RUF012  (a frozen model copies its default)
    names: tuple[Name, ...] = ()
    sources: Sources


class Unit(Frozen):
    """
    A unit in which something is measured.

    Attributes:
        ucum: The unit, in UCUM.
        lowest: A value below it can only be a slip of the pen; it is no limit of health.
        highest: A value above it can only be one, too.
        loinc: The code in LOINC of what is measured, in this kind of unit.
    """

    ucum: Annotated[str, Field(pattern=r"^[!-~]{1,30}$")]
    lowest: Decimal
    highest: Decimal
    loinc: Loinc | None = None


class Measurable(Frozen):
    """
    Something that a laboratory or a device measures.

    Attributes:
        id: Its id, such as ``crp``.
        name: What it is called.
        units: The units in which it is told; values are never converted.
        sources: Ids of the evidence.
    """

    id: Id
    name: Name
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
    sources: Sources

    def unit(self, ucum: str) -> Unit:
        """
        Return a unit by its text in UCUM.

        Raises:
            RecordError: It is not measured in this unit; those that it is measured in are told.
        """
        known = {one.ucum: one for one in self.units}
        if ucum not in known:
            raise RecordError(f"{self.id} is told in {' or '.join(known)}, in no other unit")
        return known[ucum]


def exact(number: Exact) -> Fraction:
    """
    Return a number as a fraction.

    Raises:
        RecordError: It is a float, or no number at all.
    """
    if isinstance(number, bool) or not isinstance(number, int | Decimal | Fraction):
        raise RecordError(f"a value is an exact number, not {type(number).__name__}")
    return Fraction(number)


def in_text(number: Exact, places: int = 2) -> str:
    """
    Write a number, rounded to some decimal places, halves away from zero.

    What is not whole is not written as a whole number: 29.998 never becomes 30, as long as six
    places can tell them apart.
    """
    value = exact(number)
    while (told := _rounded(value, places)) != value and told.denominator == 1:
        if places >= _MOST_PLACES:
            break
        places += 1
    return plain(Decimal(told.numerator) / Decimal(told.denominator))


def _rounded(value: Fraction, places: int) -> Fraction:
    scale = _TEN**places
    nearest = int(abs(value) * scale + Fraction(1, 2))
    return Fraction(nearest if value >= 0 else -nearest, scale)


def fiqr_score(
    function: Sequence[int | None], impact: Sequence[int | None], symptoms: Sequence[int | None]
) -> Fraction | None:
    """
    Work out the score of the FIQR from its answers, exactly.

    A third of the sum of the first part, the sum of the second, half the sum of the third. The sum
    of a part with missing answers is raised in proportion.

    Args:
        function: The nine answers of the first part, each from 0 to 10; None is missing.
        impact: The two of the second part.
        symptoms: The ten of the third part.

    Returns:
        The score, from 0 to 100; None where a part has no answer at all.

    Raises:
        RecordError: A part has another number of answers, or an answer is not from 0 to 10.
    """
    asked = ((function, _FUNCTION), (impact, _IMPACT), (symptoms, _SYMPTOMS))
    first, second, third = (_prorated(answers, count) for answers, count in asked)
    if first is None or second is None or third is None:
        return None
    return first / 3 + second + third / 2


def _prorated(answers: Sequence[int | None], count: int) -> Fraction | None:
    if len(answers) != count:
        raise RecordError(f"this part has {count} answers, not {len(answers)}")
    given = [exact(one) for one in answers if one is not None]
    if any(one.denominator > 1 or not 0 <= one <= _TEN for one in given):
        raise RecordError(f"an answer is a whole number from 0 to {_TEN}")
    return sum(given, Fraction(0)) * count / len(given) if given else None
