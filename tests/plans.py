"""Invented plans and protocols, one by one and by the hundred, for every test."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from hypothesis import strategies as st

from ldn_titrate.dose import Dose
from ldn_titrate.followup import FollowUp
from ldn_titrate.library import load_protocol
from ldn_titrate.plan import Override, Plan
from ldn_titrate.product import Product, Units, parse_units
from ldn_titrate.protocol import Interval, LinearRule, Protocol, Step, StepsRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ldn_titrate.schedule import Schedule

PLAN_ID: Final = UUID("12345678-1234-5678-1234-567812345678")
REVISED_AT: Final = datetime(2026, 2, 20, 9, 30, tzinfo=UTC)
START: Final = date(2026, 3, 1)
OVERRIDE: Final = Override(by="Dr Example", reason="An invented reason for a test")


def a_plan(**changes: Any) -> Plan:
    """
    Make the plan of Pat Example, with some fields changed.

    Unchanged, it is the default protocol from Sunday 1 March 2026 on, at 22:00 in London, with
    capsules of 1.5 mg.
    """
    fields = {
        "id": PLAN_ID,
        "revised_at": REVISED_AT,
        "protocol": load_protocol(),
        "start": START,
        "bedtime": time(22),
        "timezone": "Europe/London",
        "products": products("capsule 1.5 mg"),
        "patient": "Pat Example",
    }
    return Plan(**{**fields, **changes})


def a_signed_plan(**changes: Any) -> Plan:
    """Make the plan of Pat Example, with some fields changed, and sign it."""
    return a_plan(**changes).signed(
        screened_elsewhere=True, by="Dr Example", role="physician", at=REVISED_AT
    )


def a_protocol(rule: LinearRule | StepsRule, **changes: Any) -> Protocol:
    """Make an invented variant of low-dose naltrexone from a rule."""
    fields = {
        "id": "invented",
        "version": 1,
        "title": "Invented for a test",
        "status": "variant",
        "verified": False,
        "certainty": "Invented for a test",
        "sources": ["S9"],
        "as_of": "2026-11-22",
        "rule": rule.model_dump(mode="json"),
    }
    return Protocol.from_json(json.dumps({**fields, **changes}))


def another_drug(rule: LinearRule | StepsRule, **changes: Any) -> Protocol:
    """Make an invented protocol of another drug from a rule, for tests only."""
    return a_protocol(rule, **{"status": "tests-only", "substance": "exampline", **changes})


def linear(start: str, increment: str, interval: str, cap: str, **more: Any) -> LinearRule:
    """Make a climb by an increment."""
    return LinearRule(
        kind="linear",
        start=dose(start),
        increment=dose(increment),
        interval=Interval.parse(interval),
        cap=dose(cap),
        **more,
    )


def listed_steps(cap: str, *steps: Step) -> StepsRule:
    """Make a rule of listed steps."""
    return StepsRule(kind="steps", cap=dose(cap), steps=steps)


def step(amount: str, lasts: str | None = None, **more: Any) -> Step:
    """Make one step."""
    return Step(dose=dose(amount), lasts=Interval.parse(lasts) if lasts else None, **more)


def dose(text: str) -> Dose:
    """Read a dose."""
    return Dose.parse(text)


def products(*texts: str) -> tuple[Product, ...]:
    """Read products."""
    return tuple(Product.parse(text) for text in texts)


def units(schedule: Schedule, *texts: str) -> tuple[Units, ...]:
    """Read amounts of a schedule's products."""
    return tuple(parse_units(text, schedule.plan.products) for text in texts)


def in_text(amounts: Sequence[object]) -> list[str]:
    """Write each of some values as its text."""
    return [str(amount) for amount in amounts]


@dataclass(frozen=True)
class Kit:
    """
    Products that make each multiple of an amount, up to a number of times.

    Attributes:
        products: What is dispensed.
        of: The amount.
        least: The least number of times that a cap may have: the strongest product is within it.
        most: The largest number of times that the products make, within the bounds.
    """

    products: tuple[Product, ...]
    of: Dose
    least: int
    most: int


KITS: Final = (
    Kit(products("capsule 1.5 mg"), dose("1.5 mg"), 1, 4),
    Kit(products("capsule 0.5 mg"), dose("0.5 mg"), 1, 10),
    Kit(products("tablet 0.75 mg"), dose("0.75 mg"), 1, 8),
    Kit(products("capsule 1.5 mg", "capsule 3 mg"), dose("1.5 mg"), 2, 4),
    Kit(products("capsule 4.5 mg", "tablet 1.5 mg"), dose("1.5 mg"), 3, 4),
    Kit(products("capsule 0.5 mg", "capsule 1 mg", "capsule 3 mg"), dose("0.5 mg"), 6, 12),
    Kit(products("liquid 1 mg/mL, 0.1 mL syringe"), dose("0.1 mg"), 1, 60),
    Kit(products("liquid 5 mg/5 mL, 0.25 mL syringe"), dose("0.25 mg"), 1, 24),
    Kit(products("liquid 3 mg/2 mL, 0.2 mL syringe"), dose("0.3 mg"), 1, 20),
)
ZONES: Final = (
    "UTC",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Amsterdam",
    "Europe/London",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
)


DOSES: Final = st.integers(1, 100_000_000).map(Dose.of_micrograms)
DAY_INTERVALS: Final = st.integers(1, 60).map(lambda days: Interval(days=days))
INTERVALS: Final = DAY_INTERVALS | st.integers(1, 6).map(lambda months: Interval(months=months))
PLACES: Final = st.sampled_from(ZONES)
FOLLOW_UPS: Final = st.sampled_from(
    (FollowUp(), FollowUp(weeks=(1, 3, 10), then_months=1), FollowUp(weeks=(), then_months=None))
)
STARTS: Final = st.dates(date(2020, 1, 1), date(2060, 12, 31))
BEDTIMES_AND_MORNINGS: Final = st.integers(18 * 60, 36 * 60 - 1).map(  # 18:00 to 11:59
    lambda minute: time(minute // 60 % 24, minute % 60)
)


@st.composite
def linear_rules(
    draw: st.DrawFn, kit: Kit, lengths: st.SearchStrategy[Interval] = INTERVALS
) -> LinearRule:
    """Give climbs whose every dose the products of a kit make."""
    cap = draw(st.integers(kit.least, kit.most))
    return LinearRule(
        kind="linear",
        start=kit.of * draw(st.integers(1, cap)),
        increment=kit.of * draw(st.integers(1, kit.most)),
        interval=draw(lengths),
        cap=kit.of * cap,
    )


@st.composite
def step_rules(
    draw: st.DrawFn, kit: Kit, lengths: st.SearchStrategy[Interval] = INTERVALS
) -> StepsRule:
    """Give lists of steps, up and down and open or not, whose every dose a kit makes."""
    amounts = draw(st.lists(st.integers(1, kit.most), min_size=1, max_size=8))
    cap = draw(st.integers(max(kit.least, *amounts), kit.most))
    steps = [Step(dose=kit.of * amount, lasts=draw(lengths)) for amount in amounts]
    if draw(st.booleans()):
        steps[-1] = steps[-1].replace(lasts=None)
    return StepsRule(kind="steps", cap=kit.of * cap, steps=tuple(steps))


@st.composite
def protocols(
    draw: st.DrawFn, kit: Kit | None = None, lengths: st.SearchStrategy[Interval] = INTERVALS
) -> Protocol:
    """Give protocols within the bounds of low-dose naltrexone."""
    kit = kit or draw(st.sampled_from(KITS))
    rule = draw(linear_rules(kit, lengths) | step_rules(kit, lengths))
    return a_protocol(rule, version=draw(st.integers(1, 99)), verified=draw(st.booleans()))


@st.composite
def plans(
    draw: st.DrawFn,
    lengths: st.SearchStrategy[Interval] = INTERVALS,
    places: st.SearchStrategy[str] = PLACES,
) -> Plan:
    """Give plans whose products make every dose, with an override for doses that need one."""
    kit = draw(st.sampled_from(KITS))
    return a_plan(
        protocol=draw(protocols(kit, lengths)),
        start=draw(STARTS),
        bedtime=draw(BEDTIMES_AND_MORNINGS),
        timezone=draw(places),
        products=tuple(draw(st.permutations(kit.products))),
        override=OVERRIDE,
        follow_up=draw(FOLLOW_UPS),
    )
