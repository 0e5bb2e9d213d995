"""
The entries: one line each for something that happened, or that was seen or measured.

An entry never changes. It says which dosing day it is about, when it was written down and by whom;
a mistake is taken back by a `Void`, which leaves the line where it is. An entry holds what was
told, however it disagrees with a plan; what that means is told by `ldn_titrate.days`. It must not
know schedules.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal, Self, TypeAlias, TypeVar
from uuid import UUID

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from ldn_titrate.base import Frozen, Name, Note, PlanDay, UtcTime, text_of
from ldn_titrate.bedtime import ZoneName
from ldn_titrate.dose import Dose, plain
from ldn_titrate.errors import RecordError, problems
from ldn_titrate.library import instruments, measurables, scales, terms
from ldn_titrate.product import Product, Units, parse_units
from ldn_titrate.topical import TopicalAmount
from ldn_titrate.words import listed

_Data = TypeVar("_Data")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?")


def read_number(value: object) -> Decimal:
    """
    Read a number such as ``4.2``, exactly.

    Raises:
        RecordError: It is no text, or no number with a decimal point, at most nine digits before
            it and at most six after it.
    """
    if isinstance(value, Decimal) and value.is_finite():
        value = plain(value)
    if _NUMBER.fullmatch(text := text_of(value)):
        return Decimal(text)
    raise RecordError("a number is written as text with a decimal point, such as '4.2'")


# A value as it was told: exact, never a float, and text in JSON.
Number = Annotated[
    Decimal,
    BeforeValidator(read_number),
    PlainSerializer(plain, return_type=str),
]
PlanCode = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{4}-[1-9][0-9]*$")]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]
EntryId: TypeAlias = UUID
MOST_TAKEN: Final = Dose(Decimal(10_000))  # the project's own, against a slip of the unit


def _known(all_of_them: dict[str, _Data], name: str, what: str) -> _Data:
    if name not in all_of_them:
        raise RecordError(f"unknown {what}; there is {listed(list(all_of_them))}")
    return all_of_them[name]


class _Line(Frozen):
    """
    What every line of a record carries.

    Attributes:
        id: Its own id; a line that arrives twice with one id counts once.
        written_at: When it was written down, in UTC.
        by: Who wrote it.
        plan: The short code of the plan's version in force, such as ``7F3K-2``.
    """

    error: ClassVar = RecordError

    id: EntryId
    written_at: UtcTime
    by: Name
    plan: PlanCode | None = None


class _Entry(_Line):
    """
    A line about one dosing day.

    Attributes:
        day: The dosing day that it is about.
    """

    day: PlanDay


class Taken(_Entry):
    """
    A dose was taken.

    Attributes:
        amount: How much; None stands for the planned dose of that day.
        at: The instant, in UTC, if it was told.
        timezone: Where it was taken, if it was not in the plan's time zone.
    """

    kind: Literal["taken"] = "taken"
    amount: Dose | None = None
    at: UtcTime | None = None
    timezone: ZoneName | None = None

    @model_validator(mode="after")
    def _is_an_amount_that_one_person_could_take(self) -> Self:
        if self.amount and self.amount > MOST_TAKEN:
            raise RecordError(f"more than {MOST_TAKEN} at once is a slip; check the unit")
        return self


class Skipped(_Entry):
    """A dose was left out on purpose."""

    kind: Literal["skipped"] = "skipped"
    reason: Note


class Missed(_Entry):
    """A dose was forgotten."""

    kind: Literal["missed"] = "missed"


class AdverseEvent(_Entry):
    """
    Something unwanted was noticed; *day* is its first day. Whether the medicine did it is not said.

    Attributes:
        term: What it was.
        grade: From 0 to 5, on the scale.
        scale: Whose grades they are, such as ``CTCAE``.
        scale_version: Which version of them, such as ``5.0``.
        until: Its last day; None while it goes on or was not told.
        serious: Whether a clinician called it serious.
    """

    kind: Literal["event"] = "event"
    term: Name
    grade: Annotated[int, Field(ge=0, le=5)]
    scale: Name
    scale_version: Name
    until: PlanDay | None = None
    serious: bool = False

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Self:
        if self.until and self.until < self.day:
            raise RecordError("an adverse event ends on its first day or later")
        return self

    @model_validator(mode="after")
    def _has_a_grade_of_its_scale(self) -> Self:
        scale = _known(scales(), self.scale, "scale")
        if self.scale_version not in scale.versions:
            allowed = listed(list(scale.versions))
            raise RecordError(f"this is no known version of {scale.name}; there is {allowed}")
        limits = {
            name: one.highest.get(scale.name, scale.highest)
            for one in terms()
            for name in (one.term, *one.names)
        }
        highest = limits.get(self.term.casefold(), scale.highest)
        if not scale.lowest <= self.grade <= highest:
            raise RecordError(
                f"the grades of {scale.name} go from {scale.lowest} to {highest} for this term"
            )
        return self


class Score(_Entry):
    """
    The value of an instrument, such as an itch scale.

    Attributes:
        instrument: The instrument's id.
        value: The value, on the instrument's range.
        minutes: How long after the cream was put on; for an itch series only.
    """

    kind: Literal["score"] = "score"
    instrument: Code
    value: Number
    minutes: Annotated[int, Field(ge=0, le=240)] | None = None

    @model_validator(mode="after")
    def _is_a_value_of_its_instrument(self) -> Self:
        instrument = _known(instruments(), self.instrument, "instrument")
        instrument.refuse_unless_valid(self.value)
        if self.minutes is not None and not instrument.series:
            raise RecordError(f"minutes belong to an itch series, not to {instrument.id}")
        return self


class Measurement(_Entry):
    """
    A value from a laboratory or a device, with the laboratory's own range.

    Attributes:
        code: What was measured, by its id.
        value: The value.
        unit: Its unit, in UCUM.
        low: The lower end of the laboratory's range.
        high: The upper end of it.
        source: Whose value it is, and by which method.
    """

    kind: Literal["measurement"] = "measurement"
    code: Code
    value: Number
    unit: Annotated[str, Field(pattern=r"^[!-~]{1,30}$")]
    low: Number | None = None
    high: Number | None = None
    source: Name | None = None

    @model_validator(mode="after")
    def _has_a_range_that_is_one(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise RecordError("a laboratory's range goes from the lower to the higher value")
        return self

    @model_validator(mode="after")
    def _is_in_a_unit_of_its_code(self) -> Self:
        _known(measurables(), self.code, "code").unit(self.unit)
        return self


class OpioidTaken(_Entry):
    """
    An opioid was taken or prescribed.

    Attributes:
        name: Which one, as it was told.
        only_prescribed: Whether it is known that none was taken yet.
    """

    kind: Literal["opioid"] = "opioid"
    name: Name
    only_prescribed: bool = False


class ProcedurePlanned(_Entry):
    """An operation, dental work or a painful procedure is planned; *day* is when it was told."""

    kind: Literal["procedure"] = "procedure"
    on: PlanDay


class Dispensed(_Entry):
    """
    A pharmacy handed something out.

    Attributes:
        product: What.
        amount: How many capsules or tablets, or how many mL.
        use_by: The beyond-use date on its label.
    """

    kind: Literal["dispensed"] = "dispensed"
    product: Product
    amount: Number
    use_by: PlanDay | None = None

    @property
    def units(self) -> Units:
        """What was handed out, as a supply counts it."""
        return Units(self.amount, self.product)

    @model_validator(mode="after")
    def _is_an_amount_of_the_product(self) -> Self:
        parse_units(str(self.units), (self.product,))
        if self.amount <= 0:
            raise RecordError("what is dispensed is more than nothing")
        return self


class Visit(_Entry):
    """A visit or a call was held; *next_on* is when the next one is due, if that was settled."""

    kind: Literal["visit"] = "visit"
    next_on: PlanDay | None = None

    @model_validator(mode="after")
    def _comes_before_the_next_one(self) -> Self:
        if self.next_on and self.next_on <= self.day:
            raise RecordError(
                f"the next visit is after this one; {self.next_on} is not after {self.day}"
            )
        return self


class Remark(_Entry):
    """Something in the patient's own words."""

    kind: Literal["note"] = "note"
    text: Note


class Applied(_Entry):
    """
    The cream was put on.

    Attributes:
        amount: How much; None stands for the planned amount.
        at: The instant, in UTC, if it was told.
    """

    kind: Literal["applied"] = "applied"
    amount: TopicalAmount | None = None
    at: UtcTime | None = None


class Void(_Line):
    """
    Another line is taken back, as if it had never been.

    Attributes:
        of: The id of that line.
        reason: Why.
    """

    kind: Literal["void"] = "void"
    of: EntryId
    reason: Note


DayEntry: TypeAlias = (
    Taken
    | Skipped
    | Missed
    | AdverseEvent
    | Score
    | Measurement
    | OpioidTaken
    | ProcedurePlanned
    | Dispensed
    | Visit
    | Remark
    | Applied
)
Entry: TypeAlias = DayEntry | Void
_ENTRIES: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])


def read_entry(text: str | bytes) -> Entry:
    """
    Read one entry from JSON text.

    Raises:
        RecordError: The text is no entry; every problem is told, with its place.
    """
    try:
        return _ENTRIES.validate_json(text)
    except ValidationError as error:
        raise RecordError(problems(error)) from None
