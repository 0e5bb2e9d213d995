"""The command that counts what a plan needs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from ldn_titrate.cli.common import Day, PlanFile, Through, new_table, print_table, read_schedule
from ldn_titrate.product import Units, parse_units
from ldn_titrate.supply import Lasting, SegmentNeed, lasts, needs
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ldn_titrate.schedule import Schedule


def supply(
    plan: PlanFile,
    /,
    *,
    first: Annotated[
        Day | None, Parameter(name="--from", help="Count from this dosing day.")
    ] = None,
    through: Through = None,
    have: Annotated[
        list[str] | None,
        Parameter(help="What is on hand, such as '90 x capsule 1.5 mg'; may repeat.", negative=""),
    ] = None,
    format: Annotated[Literal["table", "json"], Parameter(help="How to show it.")] = "table",  # noqa: A002
) -> None:
    """Count what a plan needs, and how long what is on hand lasts."""
    schedule = read_schedule(plan)
    begin, last = max(first or schedule.first, schedule.first), schedule.horizon(through)
    on_hand = [parse_units(text, schedule.plan.products) for text in have or ()]
    lasting = lasts(schedule, on_hand, begin) if on_hand else None
    if format == "json":
        told = _as_data(schedule, (begin, last), lasting)
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        return
    table = new_table(f"Plan {schedule.plan.code}", "Step", "From", "To", "Each day", "In all")
    for need in needs(schedule, begin, last):
        table.add_row(*_cells(need))
    total = _text(schedule.units(begin, last))
    print_table(
        table,
        f"From {long_date(begin)} to {long_date(last)}: {total}",
        *([_say(lasting)] if lasting else []),
    )


def _text(units: Iterable[Units]) -> str:
    return " + ".join(str(one) for one in units) or "nothing"


def _cells(need: SegmentNeed) -> tuple[str, ...]:
    days = (long_date(need.first), long_date(need.last))
    return (str(need.step or ""), *days, _text(need.each), _text(need.total))


def _say(lasting: Lasting) -> str:
    if lasting.last is None:
        return "What is on hand does not make the first dose."
    end = " (the last dose that is planned)" if lasting.to_the_end else ""
    days = f"{lasting.days} dosing day{'' if lasting.days == 1 else 's'}"
    return (
        f"What is on hand lasts {days}, to {long_date(lasting.last)}{end}; "
        f"left over: {_text(lasting.left)}."
    )


def _as_data(
    schedule: Schedule, days: tuple[date, date], lasting: Lasting | None
) -> dict[str, Any]:
    return {
        "plan": schedule.plan.code,
        "from": days[0].isoformat(),
        "through": days[1].isoformat(),
        "steps": [
            {
                "step": need.step,
                "from": need.first.isoformat(),
                "through": need.last.isoformat(),
                "each": [str(one) for one in need.each],
                "total": [str(one) for one in need.total],
            }
            for need in needs(schedule, *days)
        ],
        "total": [str(one) for one in schedule.units(*days)],
        "on_hand": lasting
        and {
            "days": lasting.days,
            "last": lasting.last and lasting.last.isoformat(),
            "left": [str(one) for one in lasting.left],
            "to_the_end": lasting.to_the_end,
        },
    }
