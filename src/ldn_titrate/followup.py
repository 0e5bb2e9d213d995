"""
Follow-up: on which days a plan is looked at again, together with its prescriber.

The usual days are an inference from trials (P-follow-up) and may be changed for each plan; nothing
here says what is decided on them. It must not know plans or doses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from dateutil.relativedelta import relativedelta
from pydantic import Field, model_validator

from ldn_titrate.base import Frozen
from ldn_titrate.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

Weeks = Annotated[int, Field(ge=1, le=520)]


class FollowUp(Frozen):
    """
    When a plan is reviewed, counted from its first dosing day.

    Attributes:
        weeks: After how many weeks, in order.
        then_months: Every how many months after the last of them; None for no further review.
    """

    error: ClassVar = PlanError

    weeks: Annotated[tuple[Weeks, ...], Field(max_length=60)] = (4, 8, 12)
    then_months: Annotated[int, Field(ge=1, le=24)] | None = 3

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if any(before >= after for before, after in zip(self.weeks, self.weeks[1:], strict=False)):
            raise PlanError("the weeks of the follow-up stand in order, each later than the last")
        return self

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
