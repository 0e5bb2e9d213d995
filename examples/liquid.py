"""
Plan with a liquid and a syringe, and see what no syringe can measure.

A dose is measured exactly, in whole marks of the syringe, or the plan is refused.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

import ldn_titrate as ldn


def plan_with(product: str) -> ldn.Plan:
    """Plan the default protocol with one product."""
    return ldn.Plan(
        id=UUID("5b1f0a58-6d1c-4c43-9a37-0d1e4a2f9c10"),
        revised_at=datetime(2026, 11, 22, 18, 0, tzinfo=UTC),
        protocol=ldn.load_protocol(),
        start=date(2026, 12, 1),
        bedtime=time(22),
        timezone="Europe/Amsterdam",
        products=(ldn.Product.parse(product),),
    )


plan = plan_with("liquid 5 mg/5 mL, 0.1 mL syringe")
schedule = ldn.lay_out(plan)
for segment in schedule.segments:
    (measured,) = ldn.make_up(segment.dose, plan.products)
    print(f"from {segment.first}: {segment.dose}, {measured.in_words()}")

bottle = ldn.parse_units("100 mL x liquid 5 mg/5 mL", plan.products)
lasting = ldn.lasts(schedule, [bottle], schedule.first)
print(f"100 mL last {lasting.days} dosing days, to {lasting.last}")

try:
    plan_with("liquid 5 mg/5 mL, 1 mL syringe")
except ldn.LdnTitrateError as refusal:
    print(f"refused: {refusal}")
