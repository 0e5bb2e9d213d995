"""Possession: the worked numbers, two published packages as judges, and a shelf kept by hand."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdcscore import pdcCalc
from propdayscov.propdayscov import calc_pdc

from ldn_titrate.amendment import ChangeProducts, Pause, Stop
from ldn_titrate.entry import Dispensed, Void
from ldn_titrate.errors import SupplyError
from ldn_titrate.possession import Fill, Gap, Possession, mpr, mpr_between_fills, pdc, possession
from ldn_titrate.product import Product, make_up
from ldn_titrate.schedule import lay_out
from ldn_titrate.share import Share
from ldn_titrate.supply import lasts
from plans import REVISED_AT, START, a_plan, a_signed_plan, dose, products, units
from records import an_entry, missed, on, record_of, taken

if TYPE_CHECKING:
    import random

    from ldn_titrate.plan import Plan

SIGNED: Final[dict[str, Any]] = {
    "by": "Dr Example",
    "role": "physician",
    "reason": "An invented reason",
}
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
FILLS: Final = (
    Fill(date(2026, 1, 1), 30),
    Fill(date(2026, 1, 28), 30),
    Fill(date(2026, 3, 10), 30),
)


def test_days_covered_with_overlaps_carried_forward() -> None:
    found = pdc(FILLS, FIRST, LAST)
    assert (found, found.percent) == (Share(82, 90), "91.11%")


def test_days_covered_without_carrying_forward() -> None:
    found = pdc(FILLS, FIRST, LAST, carry_forward=False)
    assert (found, found.percent) == (Share(79, 90), "87.78%")


def test_the_possession_ratio_of_a_window_and_between_fills() -> None:
    assert mpr(FILLS, FIRST, LAST) == Share(90, 90)
    found = mpr_between_fills(FILLS)
    assert (found, found.percent) == (Share(60, 68), "88.24%")


def test_fills_of_the_first_and_the_last_day_of_a_window_count() -> None:
    some = [Fill(FIRST - timedelta(days=1), 1), Fill(FIRST, 2), Fill(LAST, 4)]
    assert mpr([*some, Fill(LAST + timedelta(days=1), 8)], FIRST, LAST) == Share(6, 90)


def test_the_possession_ratio_may_exceed_all_and_can_be_capped() -> None:
    found = mpr(FILLS, FIRST, date(2026, 2, 28))
    assert found == Share(60, 59)
    assert found.capped == Share(59, 59)


@pytest.mark.parametrize("fills", [(), FILLS[:1], (FILLS[0], FILLS[0])])
def test_a_ratio_between_fills_of_one_day_is_not_defined(fills: tuple[Fill, ...]) -> None:
    assert mpr_between_fills(fills).fraction is None


def test_what_was_handed_out_before_a_window_covers_days_in_it() -> None:
    """Thirty days from 1 January reach 30 January; carried forward, the next ends on 1 March."""
    assert pdc(FILLS[:2], date(2026, 1, 29), LAST) == Share(32, 62)
    assert mpr(FILLS[:2], date(2026, 1, 29), LAST) == Share(0, 62)


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    for measure in (pdc, mpr):
        with pytest.raises(SupplyError, match="a window from 2026-03-31"):
            measure(FILLS, LAST, FIRST)


def test_a_fill_that_lasts_no_day_is_refused() -> None:
    with pytest.raises(SupplyError, match="1 day or more, not 0"):
        Fill(FIRST, 0)


@st.composite
def fills(draw: st.DrawFn) -> tuple[Fill, ...]:
    """Give fills on different days, the first on the first day of the window."""
    later = draw(st.sets(st.integers(1, 89), max_size=6))
    lengths = st.sampled_from((7, 14, 28, 30, 60, 90))
    return tuple(Fill(FIRST + timedelta(days=n), draw(lengths)) for n in (0, *sorted(later)))


def as_table(some: tuple[Fill, ...]) -> pd.DataFrame:
    """Write fills as both packages read them."""
    return pd.DataFrame(
        {
            "P_ID": "example",
            "DRUGNAME": "exampline",
            "FILLDATE": pd.to_datetime([one.day for one in some]),
            "DAYSSUPPLY": [one.days for one in some],
            "MBRELIGSTART": pd.Timestamp(FIRST),
            "MBRELIGEND": pd.Timestamp(LAST),
        }
    )


def by_propdayscov(some: tuple[Fill, ...], patch: pytest.MonkeyPatch) -> int:
    """Count the days covered as propdayscov does; it calls NumPy by a name that pandas dropped."""
    patch.setattr(pd, "np", np, raising=False)
    return int(calc_pdc(as_table(some))["COV_DAYS"].iloc[0])


def by_pdcscore(some: tuple[Fill, ...]) -> tuple[int, int]:
    """Count the distinct days covered, and the days, as pdcscore does without its adjustment."""
    columns = ("P_ID", "DRUGNAME", "FILLDATE", "DAYSSUPPLY", "MBRELIGSTART", "MBRELIGEND")
    (row,) = pdcCalc(as_table(some), *columns, False).calculate_pdc_scores().itertuples()  # noqa: FBT003
    return row.dayscovered, row.totaldays


@given(fills())
def test_propdayscov_counts_the_same_days_carried_forward(some: tuple[Fill, ...]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        assert by_propdayscov(some, patch) == pdc(some, FIRST, LAST).part


@given(fills())
def test_pdcscore_counts_the_same_days_without_carrying_forward(some: tuple[Fill, ...]) -> None:
    found = pdc(some, FIRST, LAST, carry_forward=False)
    assert by_pdcscore(some) == (found.part, found.whole)


def test_the_packages_give_the_worked_numbers_and_could_disagree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert by_propdayscov(FILLS, monkeypatch) == 82
    assert by_pdcscore(FILLS) == (79, 90)
    assert by_propdayscov(FILLS, monkeypatch) != pdc(FILLS, FIRST, LAST, carry_forward=False).part


def test_propdayscov_ends_its_denominator_with_the_last_day_covered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The documented difference: thirty days of ninety are all of its thirty."""
    monkeypatch.setattr(pd, "np", np, raising=False)
    (row,) = calc_pdc(as_table(FILLS[:1])).itertuples()
    assert (row.COV_DAYS, row.TOT_DAYS) == (30, 30)
    assert pdc(FILLS[:1], FIRST, LAST) == Share(30, 90)


def test_pdcscore_adjusts_by_adding_up_without_moving_a_fill() -> None:
    """The documented difference: what overlaps in the middle fills a gap before it."""
    some = (Fill(FIRST, 30), Fill(date(2026, 3, 1), 30), Fill(date(2026, 3, 1), 30))
    columns = ("P_ID", "DRUGNAME", "FILLDATE", "DAYSSUPPLY", "MBRELIGSTART", "MBRELIGEND")
    (row,) = pdcCalc(as_table(some), *columns, True).calculate_pdc_scores().itertuples()  # noqa: FBT003
    assert row.dayscovered == 90
    assert pdc(some, FIRST, LAST) == Share(61, 90)


@given(fills(), st.randoms(use_true_random=False), st.integers(-400, 400))
def test_order_changes_nothing_and_shifting_shifts(
    some: tuple[Fill, ...], shuffled: random.Random, by: int
) -> None:
    move = timedelta(days=by)
    moved = [Fill(one.day + move, one.days) for one in some]
    shuffled.shuffle(moved)
    assert pdc(moved, FIRST + move, LAST + move) == pdc(some, FIRST, LAST)
    assert mpr(moved, FIRST + move, LAST + move) == mpr(some, FIRST, LAST)
    assert mpr_between_fills(moved) == mpr_between_fills(some)


def handed(day: int, amount: str, what: str = "capsule 1.5 mg", **fields: Any) -> Dispensed:
    """Hand something out on a day of the course, from 1."""
    return an_entry(
        Dispensed,
        fields.pop("number", 0),
        day=on(day),
        product=Product.parse(what),
        amount=amount,
        **fields,
    )


def possessed(*lines: Dispensed, last: int = 90, plan: Plan | None = None) -> Possession:
    """Simulate what was handed out, through a day of the course."""
    return possession(lay_out(plan or a_plan()), record_of(*lines), on(last))


def test_ninety_capsules_last_forty_four_days() -> None:
    """Not 90, as one a day would; nor 30, as three a day would."""
    found = possessed(handed(1, "90"))
    assert found.covered == Share(44, 90)
    assert found.gaps == (Gap(on(45), on(90), 46),)
    schedule = lay_out(a_plan())
    assert lasts(schedule, units(schedule, "90 x capsule 1.5 mg"), START).days == 44


@pytest.mark.parametrize(("amount", "days"), [("42", 28), ("48", 30), ("60", 34), ("228", 90)])
def test_capsules_last_as_long_as_the_plan_says(amount: str, days: int) -> None:
    assert possessed(handed(1, amount)).covered == Share(days, 90)


def test_a_liquid_lasts_to_its_last_full_dose() -> None:
    """100 mL at 1 mg/mL: full doses through day 36, and 1 mL is left over."""
    plan = a_plan(products=products("liquid 1 mg/mL, 0.1 mL syringe"))
    bottle = handed(1, "100", "liquid 1 mg/mL, 0.1 mL syringe")
    assert possessed(bottle, plan=plan).covered == Share(36, 90)


def test_another_syringe_measures_the_same_liquid() -> None:
    plan = a_plan(products=products("liquid 1 mg/mL, 0.1 mL syringe"))
    bottle = handed(1, "100", "liquid 1 mg/mL, 0.5 mL syringe")
    assert possessed(bottle, plan=plan).covered == Share(36, 90)


def test_two_bottles_may_give_one_dose_together() -> None:
    plan = a_plan(products=products("liquid 1 mg/mL, 0.1 mL syringe"))
    bottles = [handed(1, "2", "liquid 1 mg/mL, 0.1 mL syringe", number=n) for n in range(3)]
    assert possessed(*bottles, plan=plan, last=10).covered == Share(4, 10)


def test_several_strengths_are_used_as_the_plan_makes_the_dose_up() -> None:
    """4.5 mg is one of 3 mg and one of 1.5 mg; 14 and 20 of 1.5 mg leave days 29 on with six."""
    plan = a_plan(products=products("capsule 1.5 mg", "capsule 3 mg"))
    found = possessed(handed(1, "20"), handed(1, "60", "capsule 3 mg", number=1), plan=plan)
    assert found.covered == Share(34, 90)
    assert found.gaps == (Gap(on(35), on(90), 56),)


def test_another_strength_never_stands_in() -> None:
    """Two of 1.5 mg would be 3 mg, but the plan takes one capsule of 3 mg."""
    plan = a_plan(products=products("capsule 1.5 mg", "capsule 3 mg"))
    assert possessed(handed(1, "200"), plan=plan, last=28).covered == Share(14, 28)


def test_a_dose_that_cannot_be_made_whole_uses_nothing() -> None:
    """On day 29 two are left of three; a pause until a dose of two leaves them for that."""
    plan = a_signed_plan().amended(
        Pause(effective=on(30), until=on(31), resume_at=dose("3 mg"), at=REVISED_AT, **SIGNED)
    )
    found = possessed(handed(1, "44"), plan=plan, last=32)
    assert found.gaps == (Gap(on(29), on(29), 1), Gap(on(32), on(32), 1))


def test_the_beyond_use_date_ends_the_cover_on_that_day() -> None:
    found = possessed(handed(1, "90", use_by=on(10)), last=20)
    assert found.gaps == (Gap(on(11), on(20), 10),)


def test_a_dose_after_midnight_is_taken_on_the_date_after_its_dosing_day() -> None:
    plan = a_plan(bedtime=time(0, 30))
    assert possessed(handed(1, "90", use_by=on(10)), plan=plan, last=20).covered == Share(9, 20)


@pytest.mark.parametrize("dates", [(60, 10), (10, 60)])
def test_what_expires_first_is_used_first(dates: tuple[int, int]) -> None:
    """The other way round, ten would be past their date on day 11."""
    lines = [handed(1, "10", use_by=on(day), number=n) for n, day in enumerate(dates)]
    assert possessed(*lines, last=20).covered == Share(17, 20)  # days 15 to 17 take two each


def test_a_pause_uses_nothing() -> None:
    plan = a_signed_plan().amended(
        Pause(effective=on(5), until=on(11), resume_at=dose("1.5 mg"), at=REVISED_AT, **SIGNED)
    )
    found = possessed(handed(1, "14"), plan=plan, last=20)
    assert found.covered == Share(14, 14)


def test_after_a_stop_nothing_is_due() -> None:
    plan = a_signed_plan().amended(Stop(effective=on(5), at=REVISED_AT, **SIGNED))
    assert possessed(handed(1, "4"), plan=plan).covered == Share(4, 4)


def test_a_late_fill_leaves_a_gap_and_an_early_one_is_carried_forward() -> None:
    found = possessed(handed(1, "7"), handed(10, "7", number=1), last=14)
    assert found.gaps == (Gap(on(8), on(9), 2),)
    assert possessed(handed(1, "7"), handed(3, "7", number=1), last=14).covered == Share(14, 14)


def test_what_is_of_another_product_or_still_to_come_counts_for_nothing_and_is_told() -> None:
    other = handed(1, "30", "tablet 1.5 mg")
    found = possessed(other, handed(1, "5", number=1), handed(11, "30", number=2), last=10)
    assert found.covered == Share(5, 10)
    assert (found.handed_out, found.not_of_the_plan) == (2, (other.id,))


def test_other_products_after_a_change_are_of_the_plan() -> None:
    plan = a_signed_plan().amended(
        ChangeProducts(effective=on(8), products=products("tablet 1.5 mg"), at=REVISED_AT, **SIGNED)
    )
    lines = (handed(1, "7"), handed(8, "7", "tablet 1.5 mg"))
    found = possessed(*lines, plan=plan, last=14)
    assert (found.covered, found.not_of_the_plan) == (Share(14, 14), ())


def test_the_log_of_doses_changes_nothing() -> None:
    record = record_of(handed(1, "90"), taken(1), missed(2))
    assert possession(lay_out(a_plan()), record, on(90)) == possessed(handed(1, "90"))


def test_an_entry_taken_back_was_never_handed_out() -> None:
    slip = handed(1, "90")
    void = an_entry(Void, of=slip.id, reason="An invented slip")
    found = possession(lay_out(a_plan()), record_of(slip, void), on(10))
    assert (found.handed_out, found.covered) == (0, Share(0, 10))


def test_before_the_start_nothing_is_due() -> None:
    assert possessed(handed(1, "90"), last=0).covered == Share(0, 0)


def test_what_is_told_names_how_many_and_what_it_cannot_show() -> None:
    assert possessed(handed(1, "90")).told() == (
        "Times that something is logged as handed out: 1; of another product than the plan's: 0.",
        "Dosing days with enough of it on hand, through Fri 29 May 2026: 44 of 90 (48.89%).",
        "Not enough on hand from Tue 14 Apr 2026 to Fri 29 May 2026; dosing days: 46.",
        "What was on hand does not show what was swallowed.",
    )


@st.composite
def hand_outs(draw: st.DrawFn) -> tuple[Dispensed, ...]:
    """Give hand-outs of capsules, some with a beyond-use date."""
    count = draw(st.integers(0, 6))
    return tuple(
        handed(
            day := draw(st.integers(1, 60)),
            str(draw(st.integers(1, 60))),
            use_by=draw(st.none() | st.integers(day, 90).map(on)),
            number=n,
        )
        for n in range(count)
    )


@given(hand_outs(), st.integers(0, 90))
def test_a_shelf_of_single_capsules_agrees(lines: tuple[Dispensed, ...], last: int) -> None:
    """Each capsule is one item in a list, with its day and its date."""
    schedule = lay_out(a_plan())
    shelf = [(one.use_by or date.max, one.day) for one in lines for _ in range(int(one.amount))]
    covered = 0
    for number in range(1, last + 1):
        (needed,) = make_up(schedule.dose_on(on(number)) or dose("1 mg"), a_plan().products)
        fit = sorted(one for one in shelf if one[1] <= on(number) <= one[0])[: int(needed.amount)]
        if len(fit) == needed.amount:
            covered += 1
            for one in fit:
                shelf.remove(one)
    assert possessed(*lines, last=last).covered == Share(covered, last)


def test_amounts_are_exact() -> None:
    """0.1 mL three times is 0.3 mL, which a float would miss."""
    plan = a_plan(products=products("liquid 1 mg/mL, 0.1 mL syringe"))
    lines = [handed(1, "0.1", "liquid 1 mg/mL, 0.1 mL syringe", number=n) for n in range(15)]
    assert lines[0].amount == Decimal("0.1")
    assert possessed(*lines, plan=plan, last=1).covered == Share(1, 1)
