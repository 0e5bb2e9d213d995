"""
Keep a record beside a plan, and ask it how things went: day by day, counted, and for a visit.

Writes report.pdf into the folder it is run in. Pat and Dr Sample are invented.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import ldn_titrate as ldn
from ldn_titrate.adherence import adherence
from ldn_titrate.entry import AdverseEvent, Dispensed, Missed, Score, Skipped, Taken
from ldn_titrate.export.progress import progress_file
from ldn_titrate.progress import progress
from ldn_titrate.review import review

PLAN_ID = UUID("7d0c3e55-92a4-4a0e-8f0c-3a6c1b0e5d21")
AS_OF = date(2026, 12, 13)

plan = ldn.Plan(
    id=PLAN_ID,
    revised_at=datetime(2026, 11, 22, 18, 0, tzinfo=UTC),
    protocol=ldn.load_protocol(),
    start=date(2026, 12, 1),
    bedtime=time(22),
    timezone="Europe/Amsterdam",
    products=(ldn.Product.parse("capsule 1.5 mg"),),
    patient="Pat Example",
).signed(
    by="Dr Robin Sample",
    role="physician",
    screened_elsewhere=True,
    at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
)
schedule = ldn.lay_out(plan)


def on(day: int, number: int = 0) -> dict[str, Any]:
    """Say what each entry says: who wrote it, when, and which day of December it is about."""
    return {
        "id": uuid5(PLAN_ID, f"{day}.{number}"),  # an id counts once, so it differs within a day
        "written_at": datetime(2026, 12, day, 22, 30, tzinfo=UTC),
        "by": "patient",
        "plan": plan.code,
        "day": date(2026, 12, day),
    }


record = ldn.Record(
    (
        Dispensed(**on(1, 1), product=plan.products[0], amount=Decimal(90)),
        *(Taken(**on(day)) for day in (1, 2, 3, 4, 5, 8, 10, 11, 12)),
        Skipped(**on(6), reason="Felt ill"),
        Missed(**on(7)),  # and nothing at all is written for the 9th
        AdverseEvent(**on(4, 1), term="vivid dreams", grade=1, scale="local", scale_version="1"),
        Score(**on(12, 1), instrument="pain-nrs", value=Decimal(5)),
    )
)

laid = ldn.day_by_day(schedule, record, AS_OF)
for one in laid.days[5:10]:
    print(f"{one.day}: {one.status}")

for line in adherence(laid).told():
    print(line)

for proposal in review(plan, record, AS_OF).proposals:
    print(f"to consider: {proposal}")

report = progress_file(progress(schedule, record, AS_OF), name="Pat Example", size="a4")
Path("report.pdf").write_bytes(report.content)
