"""
Amend a signed plan after a bad week, see what changes, and make the calendar follow.

Writes evening-reminder.ics, update.ics and plan.json into the folder it is run in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

import ldn_titrate as ldn

BY = {"by": "Dr Robin Sample", "role": "physician"}

plan = ldn.Plan(
    id=UUID("c2a7c1f0-3b0b-4e0e-9d53-5a2b8f3f7a10"),
    revised_at=datetime(2026, 11, 22, 18, 0, tzinfo=UTC),
    protocol=ldn.load_protocol(),
    start=date(2026, 12, 1),
    bedtime=time(22),
    timezone="Europe/Amsterdam",
    products=(ldn.Product.parse("capsule 1.5 mg"),),
).signed(screened_elsewhere=True, at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC), **BY)

before = ldn.lay_out(plan)
ldn.write_calendar(before, "evening-reminder.ics")
plan = ldn.given_out(before)  # from now on the plan knows which reminders are out there

plan = plan.amended(
    ldn.Stay(
        effective=date(2026, 12, 20),
        days=14,
        reason="Bad sleep since the increase",
        at=datetime(2026, 12, 20, 9, 0, tzinfo=UTC),
        **BY,
    )
)
after = ldn.lay_out(plan)
print(f"version {plan.version}, {'signed' if plan.is_signed else 'a draft'}")
for one in after.differences(before, after.horizon()):
    print(f"{one.first} to {one.last}: {one.after} in place of {one.before}")

ldn.write_calendar(after, "update.ics")
Path("plan.json").write_text(ldn.dump_plan(ldn.given_out(after)), encoding="utf-8")

first = ldn.lay_out(plan.at_version(1))
print(f"version 1 said {first.dose_on(date(2026, 12, 31))} for 31 December")
