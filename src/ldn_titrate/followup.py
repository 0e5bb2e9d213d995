"""
Follow-up: on which days a plan is looked at again, together with its prescriber.

The usual days are an inference from trials (P-follow-up) and may be changed for each plan; nothing
here says what is decided on them. It must not know plans or doses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from dateutil.relativedelta import relativedelta
from pydantic import (
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from ldn_titrate.base import Frozen
from ldn_titrate.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


def _none_for_0(months: object) -> object:
    return None if months == 0 else months


Weeks = Annotated[int, Field(ge=1, le=520)]
Months = Annotated[Annotated[int, Field(ge=1, le=24)] | None, BeforeValidator(_none_for_0)]


class FollowUp(Frozen):
    """
    When a plan is reviewed, counted from its first dosing day.

    Attributes:
        weeks: After how many weeks, in order.
        then_months: Every how many months after the last of them; None, in a file 0, for no
            further review.
    """

    error: ClassVar = PlanError

    weeks: Annotated[tuple[Weeks, ...], Field(max_length=60)] = (4, 8, 12)
    then_months: Months = 3

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if any(before >= after for before, after in zip(self.weeks, self.weeks[1:], strict=False)):
            raise PlanError("the weeks of the follow-up stand in order, each later than the last")
        return self

    @model_serializer(mode="wrap")
    def _with_0_for_none(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # A plan's text and its hash leave out what is None; it would be read as the usual months.
        return {**serialize(self), "then_months": self.then_months or 0}

    def reviews(self, start: date, through: date) -> Iterator[date]:
        """
        Yield the days of the reviews up to *through*, inclusive.

        A month is a calendar month: three months after 30 November is the last day of February.
        """
        yield from (day for weeks in self.weeks if (day := _after(start, weeks)) <= through)
        if self.then_months is None:
            return
        last, number = _after(start, max(self.weeks, default=0)), 1
        while (day := last + relativedelta(months=number * self.then_months)) <= through:
            yield day
            number += 1


def _after(start: date, weeks: int) -> date:
    return start + relativedelta(weeks=weeks)
