from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.errors import SupplyError
from ldn_titrate.library import load_protocol
from ldn_titrate.product import Units
from ldn_titrate.schedule import Schedule, lay_out
from ldn_titrate.supply import Lasting, lasts, needs
from plans import (
    START,
    a_plan,
    a_protocol,
    another_drug,
    in_text,
    listed_steps,
    plans,
    products,
    step,
    units,
)

if TYPE_CHECKING:
    from ldn_titrate.plan import Plan
    from ldn_titrate.product import Product
    from ldn_titrate.protocol import Protocol

TWO_WEEKS = a_protocol(listed_steps("1.5 mg", step("1.5 mg", "P14D")))
TWENTY_YEARS = a_protocol(listed_steps("1.5 mg", step("1.5 mg", "P240M")))


def on(day: int) -> date:
    """Give the date of a day of the plan; day 1 is that of the first dose."""
    return START + timedelta(days=day - 1)


@pytest.fixture
def schedule() -> Schedule:
    """Give the default plan from 1 March 2026 on, laid out, with capsules of 1.5 mg."""
    return lay_out(a_plan())


@pytest.mark.parametrize(
    ("days", "capsules"), [(1, 1), (14, 14), (15, 16), (28, 42), (30, 48), (84, 210), (90, 228)]
)
def test_so_many_days_need_so_many_capsules(schedule: Schedule, days: int, capsules: int) -> None:
    """One, then two, then three capsules a day."""
    assert in_text(schedule.units(on(1), on(days))) == [f"{capsules} x capsule 1.5 mg"]


@pytest.mark.parametrize(
    ("capsules", "days", "left"),
    [
        (0, 0, []),
        (1, 1, []),
        (14, 14, []),
        (15, 14, ["1 x capsule 1.5 mg"]),
        (42, 28, []),
        (44, 28, ["2 x capsule 1.5 mg"]),
        (60, 34, []),
        (84, 42, []),
        (90, 44, []),
        (91, 44, ["1 x capsule 1.5 mg"]),
        (210, 84, []),
    ],
)
def test_so_many_capsules_last_so_many_days(
    schedule: Schedule, capsules: int, days: int, left: list[str]
) -> None:
    """90 capsules last exactly 44 days, neither 90 nor 30."""
    lasting = lasts(schedule, units(schedule, f"{capsules} x capsule 1.5 mg"), on(1))

    assert lasting.days == days
    assert lasting.last == (on(days) if days else None)
    assert in_text(lasting.left) == left
    assert not lasting.to_the_end


@pytest.mark.parametrize(
    ("product", "have", "left"),
    [
        ("liquid 1 mg/mL, 0.1 mL syringe", "100 mL x liquid 1 mg/mL", "1 mL x liquid 1 mg/mL"),
        ("liquid 1 mg/mL, 0.5 mL syringe", "100 mL x liquid 1 mg/mL", "1 mL x liquid 1 mg/mL"),
        (
            "liquid 5 mg/5 mL, 0.1 mL syringe",
            "100 mL x liquid 5 mg/5 mL",
            "1 mL x liquid 5 mg/5 mL",
        ),
        ("liquid 5 mg/mL, 0.1 mL syringe", "20 mL x liquid 5 mg/mL", "0.2 mL x liquid 5 mg/mL"),
    ],
)
def test_a_hundred_mg_of_a_liquid_last_36_days(product: str, have: str, left: str) -> None:
    """In each concentration 99 mg are taken by day 36, and the next dose of 4.5 mg is not there."""
    schedule = lay_out(a_plan(products=products(product)))
    lasting = lasts(schedule, units(schedule, have), on(1))

    assert (lasting.days, lasting.last) == (36, on(36))
    assert in_text(lasting.left) == [left]


def test_a_liquid_is_measured_dose_by_dose() -> None:
    """1.5, 3 and 4.5 mL of a liquid with 1 mg in 1 mL."""
    schedule = lay_out(a_plan(products=products("liquid 1 mg/mL, 0.1 mL syringe")))

    assert [in_text(need.each) for need in needs(schedule, on(1), on(84))] == [
        ["1.5 mL x liquid 1 mg/mL"],
        ["3 mL x liquid 1 mg/mL"],
        ["4.5 mL x liquid 1 mg/mL"],
    ]
    assert in_text(schedule.units(on(1), on(84))) == ["315 mL x liquid 1 mg/mL"]


def test_each_segment_tells_what_it_needs(schedule: Schedule) -> None:
    """For 42 days: 14, 28 and 42 capsules, each for 14 days."""
    told = [
        (need.step, need.first, need.last, in_text(need.each), in_text(need.total))
        for need in needs(schedule, on(1), on(42))
    ]

    assert told == [
        (1, on(1), on(14), ["1 x capsule 1.5 mg"], ["14 x capsule 1.5 mg"]),
        (2, on(15), on(28), ["2 x capsule 1.5 mg"], ["28 x capsule 1.5 mg"]),
        (3, on(29), on(42), ["3 x capsule 1.5 mg"], ["42 x capsule 1.5 mg"]),
    ]


def test_the_need_of_a_part_is_that_of_its_days(schedule: Schedule) -> None:
    """Days 10 to 20 need 5 capsules of step 1 and 12 of step 2."""
    told = [
        (need.first, need.last, in_text(need.total)) for need in needs(schedule, on(10), on(20))
    ]

    assert told == [
        (on(10), on(14), ["5 x capsule 1.5 mg"]),
        (on(15), on(20), ["12 x capsule 1.5 mg"]),
    ]


def test_nothing_is_needed_before_the_start(schedule: Schedule) -> None:
    """The first dose is that of day 1."""
    assert needs(schedule, on(-10), on(0)) == ()


def test_a_mix_of_strengths_is_followed_as_the_plan_makes_it() -> None:
    """14 and 28 small ones, and 20 large ones: on day 35 a large one is missing."""
    schedule = lay_out(a_plan(products=products("capsule 1.5 mg", "capsule 3 mg")))
    have = units(schedule, "42 x capsule 1.5 mg", "20 x capsule 3 mg")
    lasting = lasts(schedule, have, on(1))

    assert (lasting.days, lasting.last) == (34, on(34))
    assert in_text(lasting.left) == ["22 x capsule 1.5 mg"]


def test_another_strength_never_stands_in() -> None:
    """With capsules of 1.5 mg only, a plan that takes one of 3 mg stops on day 15."""
    schedule = lay_out(a_plan(products=products("capsule 1.5 mg", "capsule 3 mg")))
    lasting = lasts(schedule, units(schedule, "90 x capsule 1.5 mg"), on(1))

    assert (lasting.days, lasting.last) == (14, on(14))
    assert in_text(lasting.left) == ["76 x capsule 1.5 mg"]


def test_two_boxes_of_a_product_count_together(schedule: Schedule) -> None:
    """30 and 60 capsules last as long as 90."""
    have = units(schedule, "30 x capsule 1.5 mg", "60 x capsule 1.5 mg")

    assert lasts(schedule, have, on(1)).days == 44


def test_a_box_from_a_later_day_on_lasts_its_own_time(schedule: Schedule) -> None:
    """From day 29 on 90 capsules are 30 days."""
    lasting = lasts(schedule, units(schedule, "90 x capsule 1.5 mg"), on(29))

    assert (lasting.days, lasting.last, lasting.left) == (30, on(58), ())


def test_a_box_that_outlasts_the_plan_tells_what_is_left() -> None:
    """A plan of 14 days leaves 16 of 30 capsules."""
    schedule = lay_out(a_plan(protocol=TWO_WEEKS))
    have = units(schedule, "30 x capsule 1.5 mg")

    assert lasts(schedule, have, on(1)) == Lasting(
        14, on(14), units(schedule, "16 x capsule 1.5 mg"), to_the_end=True
    )


def test_a_box_that_is_just_enough_lasts_to_the_end() -> None:
    """14 capsules for 14 days leave nothing."""
    schedule = lay_out(a_plan(protocol=TWO_WEEKS))

    assert lasts(schedule, units(schedule, "14 x capsule 1.5 mg"), on(1)) == Lasting(
        14, on(14), (), to_the_end=True
    )


def test_a_weekly_dose_takes_from_the_box_once_a_week() -> None:
    """Six tablets of 5 mg are two doses of 15 mg, on days 1 and 8; their need ends on day 8."""
    rule = listed_steps("15 mg", step("15 mg", "P4W", every_days=7))
    schedule = lay_out(a_plan(protocol=another_drug(rule), products=products("tablet 5 mg")))
    lasting = lasts(schedule, units(schedule, "7 x tablet 5 mg"), on(1))
    (need,) = needs(schedule, on(1), on(10))

    assert (lasting.days, lasting.last) == (2, on(8))
    assert in_text(lasting.left) == ["1 x tablet 5 mg"]
    assert (need.last, in_text(need.total)) == (on(8), ["6 x tablet 5 mg"])


def test_several_doses_a_day_take_from_the_box_together() -> None:
    """Three tablets a day: 10 tablets are three full days."""
    rule = listed_steps("300 mg", step("300 mg", doses_per_day=3))
    schedule = lay_out(a_plan(protocol=another_drug(rule), products=products("tablet 300 mg")))
    lasting = lasts(schedule, units(schedule, "10 x tablet 300 mg"), on(1))

    assert (lasting.days, in_text(lasting.left)) == (3, ["1 x tablet 300 mg"])


@pytest.mark.parametrize("protocol", [load_protocol(), TWENTY_YEARS], ids=["open", "20 years"])
def test_a_quantity_for_more_than_ten_years_is_refused(protocol: Protocol) -> None:
    """It points to a typing error, whether the plan is open or ends much later."""
    schedule = lay_out(a_plan(protocol=protocol))
    have = units(schedule, "999999 x capsule 1.5 mg")

    with pytest.raises(SupplyError) as refused:
        lasts(schedule, have, on(1))

    assert str(refused.value) == "this quantity would outlast 10 years; check the number"


@pytest.mark.parametrize("first", [date(2010, 1, 1), date(1, 1, 1)])
def test_a_first_day_long_before_the_plan_changes_nothing(schedule: Schedule, first: date) -> None:
    """The plan takes from the box from its own start on."""
    assert lasts(schedule, units(schedule, "90 x capsule 1.5 mg"), first).days == 44


@given(plans(), st.integers(0, 300))
def test_what_a_quantity_lasts_for_is_what_those_days_need(plan: Plan, days: int) -> None:
    """Given just what some days need, it lasts for those days and leaves nothing."""
    schedule = lay_out(plan)
    last = schedule.first + timedelta(days=days)
    have = schedule.units(schedule.first, last)
    lasting = lasts(schedule, have, schedule.first)

    assert lasting.left == ()
    assert lasting.last == schedule.horizon(last)


@given(plans(), st.integers(0, 300))
def test_the_needs_of_the_segments_add_up(plan: Plan, days: int) -> None:
    """The totals of the segments are the units of all the days."""
    schedule = lay_out(plan)
    last = schedule.first + timedelta(days=days)
    added: dict[Product, Decimal] = {}
    for need in needs(schedule, schedule.first, last):
        for one in need.total:
            added[one.product] = added.get(one.product, Decimal(0)) + one.amount

    assert {Units(amount, product) for product, amount in added.items()} == set(
        schedule.units(schedule.first, last)
    )
