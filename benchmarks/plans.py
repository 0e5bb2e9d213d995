"""The plans that are measured: one protocol, and in each case another patient and another start."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import ldn_titrate as ldn

_FIRST_START = date(2026, 11, 2)
_WRITTEN = datetime(2026, 10, 26, 9, 30, tzinfo=UTC)


def plan(number: int) -> ldn.Plan:
    """Make the signed plan of one invented patient."""
    draft = ldn.Plan(
        id=UUID(int=number + 1),
        revised_at=_WRITTEN,
        protocol=ldn.load_protocol(),
        start=_FIRST_START + timedelta(days=number),
        bedtime="22:00",
        timezone="Europe/Amsterdam",
        products=(ldn.Product.parse("capsule 1.5 mg"),),
        patient=f"Pat Example {number}",
        clinic=ldn.Clinic(prescriber="Dr. Ada Sample", clinic="Example Street Clinic"),
    )
    return draft.signed(
        screened_elsewhere=True, by="Dr. Ada Sample", role="prescriber", at=_WRITTEN
    )


def batches(rounds: int, each: int) -> list[list[ldn.Schedule]]:
    """Lay out a batch of new plans for each round, and one more to warm up on."""
    return [
        [ldn.lay_out(plan(number)) for number in range(first, first + each)]
        for first in range(0, (rounds + 1) * each, each)
    ]


def forget() -> None:
    """Empty the library's caches, so that what was made to prepare a case is not remembered."""
    for name, module in sys.modules.items():
        if name.partition(".")[0] == ldn.__name__:
            for value in vars(module).values():
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()
