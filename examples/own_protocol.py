"""
Read a protocol from TOML and lay it out over a change of clocks.

The protocol is invented. On 28 March 2027 the clocks in Amsterdam go from 02:00 to 03:00.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

import ldn_titrate as ldn

PROTOCOL = """
id = "example-1mg-weekly-3mg"
version = 1
title = "Start at 1 mg, 1 mg more every week, at most 3 mg"
status = "variant"
verified = false
certainty = "Invented for this example."
sources = ["S9"]
as_of = 2026-11-22

[rule]
kind = "linear"
start = "1 mg"
increment = "1 mg"
interval = "P7D"
cap = "3 mg"
"""

plan = ldn.Plan(
    id=UUID("0f4f1a3e-7f8e-4f0b-8d53-2f6c7f6b1a02"),
    revised_at=datetime(2026, 11, 22, 18, 0, tzinfo=UTC),
    protocol=ldn.Protocol.from_toml(PROTOCOL),
    start=date(2027, 3, 20),
    bedtime=time(2, 30),
    timezone="Europe/Amsterdam",
    products=(ldn.Product.parse("capsule 1 mg"),),
)
schedule = ldn.lay_out(plan)
for one in schedule.doses(date(2027, 3, 25), date(2027, 3, 29)):
    print(f"dosing day {one.day}: {one.dose} at {one.at.isoformat(sep=' ')}")
