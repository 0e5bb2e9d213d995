"""
Make a plan and its files in a few lines of Python.

Writes evening-reminder.ics and handout.pdf into the folder it is run in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import uuid4

import ldn_titrate as ldn

plan = ldn.Plan(
    id=uuid4(),
    revised_at=datetime.now(UTC),
    protocol=ldn.load_protocol(),
    start=date(2026, 12, 1),
    bedtime=time(22),
    timezone="Europe/Amsterdam",
    products=(ldn.Product.parse("capsule 1.5 mg"),),
    patient="Pat Example",
)
schedule = ldn.lay_out(plan)
print(f"On 20 December: {schedule.dose_on(date(2026, 12, 20))}")

for finding in ldn.check(plan):
    print(finding)
ldn.write_calendar(schedule, "evening-reminder.ics")
ldn.write_handout(schedule, "handout.pdf", size="a4")
