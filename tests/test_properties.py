from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from datetime import UTC, date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ldn_titrate.bedtime import is_after_midnight
from ldn_titrate.errors import LdnTitrateError, PlanError
from ldn_titrate.plan import Clinic
from ldn_titrate.planfile import SCHEMA, dump_plan, load_plan
from ldn_titrate.product import OralLiquid, Solid, Units, make_up
from ldn_titrate.protocol import Protocol
from ldn_titrate.schedule import lay_out
from ldn_titrate.supply import lasts, needs
from plans import (
    DAY_INTERVALS,
    KITS,
    OVERRIDE,
    REVISED_AT,
    START,
    Kit,
    a_plan,
    a_protocol,
    linear_rules,
    plans,
    products,
    protocols,
)

if TYPE_CHECKING:
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule

HORIZONS = st.integers(0, 400)
PRINT_A_PLAN = """
import sys
from datetime import timedelta
from ldn_titrate.library import load_protocol
from ldn_titrate.plan import Clinic
from ldn_titrate.planfile import dump_plan
from ldn_titrate.schedule import lay_out
from plans import START, a_signed_plan, products

plan = a_signed_plan(
    patient="Zo\\u00eb Example",
    timezone="America/New_York",
    bedtime="02:30",
    products=products("capsule 1.5 mg", "capsule 3 mg"),
    clinic=Clinic(prescriber="Dr Example", telephone="555 0100"),
)
schedule = lay_out(plan)
last = schedule.horizon()
instants = [one.at.isoformat() for one in schedule.doses(START, last)]
units = [str(one) for one in schedule.units(START, last)]
said = [dump_plan(plan), plan.content_hash, plan.code, *instants, *units]
sys.stdout.buffer.write("\\n".join(said).encode("utf-8"))
"""


def last_day(schedule: Schedule, days: int) -> date:
    """Give the last of so many days from the start on, or that of the plan."""
    return schedule.horizon(schedule.first + timedelta(days=days))


def mg(units: Units) -> Decimal:
    """Give the mg in an amount of a product."""
    product = units.product
    if isinstance(product, OralLiquid):
        return units.amount * product.strength.mg / product.volume_ml
    assert isinstance(product, Solid)
    return units.amount * product.strength.mg


@given(plans(), HORIZONS)
def test_no_dose_exceeds_the_cap(plan: Plan, days: int) -> None:
    """Not in the steps, not in the segments, not on any day."""
    schedule = lay_out(plan)

    assert max(step.dose for step in plan.protocol.steps) <= plan.protocol.cap
    assert max(segment.dose for segment in schedule.segments) <= plan.protocol.cap
    assert (
        max(one.dose for one in schedule.doses(schedule.first, last_day(schedule, days)))
        <= plan.protocol.cap
    )


@given(plans(), HORIZONS)
def test_schedule_units_and_totals_agree_on_every_day(plan: Plan, days: int) -> None:
    """On each dosing day the units times their strengths are the dose, and the total of the day."""
    schedule = lay_out(plan)

    for one in schedule.doses(schedule.first, last_day(schedule, days)):
        assert schedule.dose_on(one.day) == one.dose
        assert schedule.total_mg(one.day, one.day) == one.dose.mg
        assert sum(mg(units) for units in schedule.units(one.day, one.day)) == one.dose.mg
        assert set(make_up(one.dose, plan.products)) == set(schedule.units(one.day, one.day))


@given(plans(), HORIZONS)
def test_schedule_units_and_totals_agree_over_all_days(plan: Plan, days: int) -> None:
    """Added up over a stretch of days, doses, units and needs carry the same mg."""
    schedule = lay_out(plan)
    first, last = schedule.first, last_day(schedule, days)
    total = schedule.total_mg(first, last)

    assert sum(one.dose.mg for one in schedule.doses(first, last)) == total
    assert sum(mg(units) for units in schedule.units(first, last)) == total
    assert sum(mg(units) for need in needs(schedule, first, last) for units in need.total) == total


@given(plans(), HORIZONS, HORIZONS)
def test_a_stretch_is_the_sum_of_its_parts(plan: Plan, one: int, other: int) -> None:
    """Cut anywhere, the two parts carry the mg of the whole."""
    schedule = lay_out(plan)
    cut, last = (schedule.first + timedelta(days=days) for days in sorted((one, other)))
    after = cut + timedelta(days=1)

    assert schedule.total_mg(schedule.first, last) == (
        schedule.total_mg(schedule.first, cut) + schedule.total_mg(after, last)
    )


@given(plans())
def test_the_segments_follow_each_other_without_a_gap(plan: Plan) -> None:
    """The first begins with the plan; each next one begins the day after the one before."""
    schedule = lay_out(plan)

    assert schedule.segments[0].first == plan.start
    assert all(
        before.last is not None and after.first == before.last + timedelta(days=1)
        for before, after in pairwise(schedule.segments)
    )
    assert all(one.last is None or one.first <= one.last for one in schedule.segments)


@given(plans(), HORIZONS)
def test_each_dosing_day_is_covered_just_once(plan: Plan, days: int) -> None:
    """Every day from the start to the last one has one dose, in order, and one segment."""
    schedule = lay_out(plan)
    last = last_day(schedule, days)
    due = [one.day for one in schedule.doses(schedule.first, last)]

    assert due == [
        schedule.first + timedelta(days=n) for n in range((last - schedule.first).days + 1)
    ]
    for day in due:
        holding = [
            one for one in schedule.segments if one.first <= day and (one.last or day) >= day
        ]
        assert holding == [schedule.segment_on(day)]


@given(plans())
def test_no_day_outside_the_plan_has_a_dose(plan: Plan) -> None:
    """Not the day before it starts, and not the day after it ends."""
    schedule = lay_out(plan)

    assert schedule.dose_on(plan.start - timedelta(days=1)) is None
    if schedule.last:
        assert schedule.dose_on(schedule.last + timedelta(days=1)) is None


@given(st.data(), st.sampled_from(KITS))
def test_no_dose_rises_before_its_interval_is_over(data: st.DataObject, kit: Kit) -> None:
    """A climb rises by its increment or to its cap, no sooner than a whole interval after."""
    rule = data.draw(linear_rules(kit))
    schedule = lay_out(a_plan(protocol=a_protocol(rule), products=kit.products, override=OVERRIDE))

    for before, after in pairwise(schedule.segments):
        assert rule.increment is not None
        assert after.dose == min(before.dose + rule.increment, rule.cap)
        assert after.first == rule.interval.after(before.first)


@given(plans(), HORIZONS)
def test_a_dose_changes_only_where_a_change_is_told(plan: Plan, days: int) -> None:
    """On every other day it is that of the day before."""
    schedule = lay_out(plan)
    last = last_day(schedule, days)
    doses = [(one.day, one.dose) for one in schedule.doses(schedule.first, last)]
    risen = [
        (day, before, after) for (_, before), (day, after) in pairwise(doses) if before != after
    ]

    assert [tuple(change) for change in schedule.changes(last)] == risen


@given(plans(), HORIZONS)
def test_doses_are_about_a_day_apart(plan: Plan, days: int) -> None:
    """No two fall on one instant, and none is more than two hours off its time of yesterday."""
    schedule = lay_out(plan)
    instants = [
        one.at.astimezone(UTC) for one in schedule.doses(schedule.first, last_day(schedule, days))
    ]

    for before, after in pairwise(instants):
        assert timedelta(hours=22) <= after - before <= timedelta(hours=26)


@given(plans(), HORIZONS)
def test_a_dose_is_taken_in_its_own_dosing_day(plan: Plan, days: int) -> None:
    """A bedtime dose lies between noon and noon, a morning dose within its date."""
    schedule = lay_out(plan)

    for one in schedule.doses(schedule.first, last_day(schedule, days)):
        assert (one.at.date() - one.day).days == int(is_after_midnight(plan.bedtime))
        assert one.at.utcoffset() == one.at.astimezone(UTC).astimezone(one.at.tzinfo).utcoffset()


@given(
    plans(DAY_INTERVALS, st.just("UTC")),
    st.integers(-3000, 3000),
    HORIZONS,
    st.integers(0, 500),
)
def test_shifting_all_dates_shifts_all_answers(
    plan: Plan, shift: int, days: int, amount: int
) -> None:
    """Where only days are counted, nothing depends on the date itself."""
    by = timedelta(days=shift)
    before, after = lay_out(plan), lay_out(plan.replace(start=plan.start + by))
    last = before.first + timedelta(days=days)
    have = [Units(Decimal(amount), product) for product in plan.products]

    assert [(one.first - by, one.dose) for one in after.segments] == [
        (one.first, one.dose) for one in before.segments
    ]
    assert [
        (one.day - by, one.dose, one.at - by) for one in after.doses(after.first, last + by)
    ] == [(one.day, one.dose, one.at) for one in before.doses(before.first, last)]
    assert after.units(after.first, last + by) == before.units(before.first, last)
    assert after.horizon() - by == before.horizon()
    moved, kept = lasts(after, have, after.first), lasts(before, have, before.first)
    assert (moved.days, moved.left, moved.to_the_end) == (kept.days, kept.left, kept.to_the_end)
    assert (moved.last - by if moved.last else None) == kept.last


@given(plans())
def test_a_plan_that_was_written_is_read_back(plan: Plan) -> None:
    """The same value, the same text, the same hash, and the same schedule."""
    read = load_plan(dump_plan(plan))

    assert read == plan
    assert dump_plan(read) == dump_plan(plan)
    assert read.content_hash == plan.content_hash
    assert lay_out(read) == lay_out(plan)


@given(plans())
def test_a_signed_plan_that_was_written_is_read_back(plan: Plan) -> None:
    """Its signature still holds."""
    signed = plan.signed(screened_elsewhere=True, by="Dr Example", role="physician", at=REVISED_AT)

    assert load_plan(dump_plan(signed)) == signed


@given(protocols())
def test_a_protocol_that_was_written_is_read_back(protocol: Protocol) -> None:
    """JSON keeps each dose and each interval."""
    read = Protocol.from_json(protocol.model_dump_json())

    assert read == protocol
    assert read.steps == protocol.steps


@given(plans(), st.integers(-5, 5))
def test_just_the_known_schemas_are_read(plan: Plan, schema: int) -> None:
    """A newer one is refused by its number, and there is none below 1."""
    text = json.dumps({**json.loads(dump_plan(plan)), "schema": schema})

    if 1 <= schema <= SCHEMA:
        assert load_plan(text) == plan
    else:
        expected = f"schema {schema}" if schema > SCHEMA else "no schema number"
        with pytest.raises(PlanError, match=expected):
            load_plan(text)


@given(plans(), st.data())
def test_a_file_with_one_digit_changed_is_refused(plan: Plan, data: st.DataObject) -> None:
    """Whichever digit of the content it is."""
    text = dump_plan(plan)
    begin = text.index('"plan": ')
    places = [n for n in range(begin, len(text)) if text[n] in "0123456789"]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(digit != text[place])

    with pytest.raises(PlanError):
        load_plan(text[:place] + digit + text[place + 1 :])


def test_the_same_plan_gives_the_same_bytes_everywhere() -> None:
    """Whatever the hash seed, the process's time zone and its locale."""
    said = {
        _printed(PYTHONHASHSEED=seed, TZ=zone, LC_ALL=locale)
        for seed, zone, locale in [
            ("0", "UTC", "C"),
            ("1", "Asia/Tokyo", "C.UTF-8"),
            ("4294967295", "America/New_York", "tr_TR.UTF-8"),
            ("random", "Pacific/Apia", "de_DE.ISO-8859-1"),
        ]
    }

    assert len(said) == 1
    assert b'"patient": "Zo\xc3\xab Example"' in said.pop()


@given(st.text(max_size=120))
@example("Pat Example")
@example("Zoe\N{COMBINING DIAERESIS}")
@example("\N{DEVANAGARI LETTER QA}" * 80)
@example('"}{\\"\\\\')
@example("\u0000")
@example("\ud800")
def test_any_text_is_a_name_or_is_refused(text: str) -> None:
    """A name is kept in its composed form, through a file and back; else nothing quotes it."""
    try:
        plan = a_plan(patient=text, clinic=Clinic(prescriber=text))
    except LdnTitrateError:
        return

    composed = " ".join(unicodedata.normalize("NFC", text).split())
    assert (plan.patient, plan.clinic.prescriber) == (composed, composed)
    assert load_plan(dump_plan(plan)) == plan
    assert json.dumps(composed, ensure_ascii=False) in dump_plan(plan)


@given(st.text(), st.text())
def test_a_refused_name_is_never_quoted(before: str, after: str) -> None:
    """Neither by the error of the plan nor by that of the clinic."""
    name = f"{before}Quetzalcoatl\n{after}"

    with pytest.raises(LdnTitrateError) as of_the_plan:
        a_plan(patient=name)
    with pytest.raises(LdnTitrateError) as of_the_clinic:
        Clinic(prescriber=name)

    assert "Quetzalcoatl" not in f"{of_the_plan.value}{of_the_clinic.value}"


@given(st.permutations(["capsule 0.5 mg", "capsule 1.5 mg", "capsule 3 mg", "tablet 1 mg"]))
def test_the_order_of_the_products_changes_no_count(order: list[str]) -> None:
    """What makes a dose depends on the strengths, not on which was named first."""
    counted = lay_out(a_plan(products=products(*order))).units(START, START + timedelta(days=83))
    named = lay_out(
        a_plan(products=products("capsule 0.5 mg", "capsule 1.5 mg", "capsule 3 mg", "tablet 1 mg"))
    ).units(START, START + timedelta(days=83))

    assert set(counted) == set(named)


def _printed(**environment: str) -> bytes:
    """Give what a fresh interpreter prints of a plan."""
    ran = subprocess.run(
        [sys.executable, "-c", PRINT_A_PLAN],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parent,
        env={**os.environ, **environment},
    )
    return ran.stdout
