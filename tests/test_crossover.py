"""A trial in one person: the worked example, and an independent judge of the numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from ldn_titrate.crossover import Design, Pair, compare, t_multiple, two_sided_p
from ldn_titrate.errors import RecordError
from ldn_titrate.findings import Severity

MEANS = st.decimals(0, 10, places=2)
WORKED = tuple(
    Pair(Decimal(active), Decimal(control))
    for active, control in (("5.2", "6.0"), ("4.8", "6.1"), ("5.5", "5.9"))
)
FULL = Design(randomised=True, blinded=True)


def test_the_worked_example_has_its_numbers() -> None:
    """Each to the four places in which it is given."""
    found = compare(WORKED, FULL)

    assert found.mean == Fraction(-5, 6)
    assert str(found) == (
        "3 pairs, mean difference -0.8333, s 0.4509, SE 0.2603, t -3.2009, p 0.0853, df 2, "
        "95% CI -1.9535 to 0.2868"
    )


def test_the_worked_example_is_told_with_what_it_cannot_rule_out() -> None:
    """A full design still has carry-over."""
    (found,) = compare(WORKED, FULL).findings

    assert (found.code, found.severity) == ("crossover.carry-over", Severity.NOTE)
    assert "neighbouring periods are alike" in found.message


def test_what_the_design_lacks_is_told() -> None:
    """Without a word on the design, neither chance nor blinding is taken for granted."""
    found = compare(WORKED[:2])

    assert [one.code for one in found.findings] == [
        "crossover.few-pairs",
        "crossover.not-randomised",
        "crossover.not-blinded",
        "crossover.carry-over",
    ]


def test_one_pair_has_a_difference_and_no_more() -> None:
    """There is nothing to spread."""
    found = compare(WORKED[:1], FULL)

    assert (found.mean, found.spread) == (Fraction(-4, 5), None)
    assert str(found) == "1 pair, mean difference -0.8; no spread, so no t, p or interval"
    assert "crossover.no-spread" in {one.code for one in found.findings}


def test_the_same_difference_in_all_pairs_has_no_p() -> None:
    """A p of 0 would be wrong."""
    found = compare([Pair(Decimal("4.9"), Decimal(7)), Pair(Decimal("0.9"), 3)] * 2, FULL)

    assert (found.mean, found.spread) == (Fraction(-21, 10), None)


def test_no_pair_is_refused() -> None:
    """And so is a float."""
    with pytest.raises(RecordError, match="at least one pair"):
        compare([])
    inexact: Any = 5.2
    with pytest.raises(RecordError, match="exact number, not float"):
        compare([Pair(inexact, 1)])


def test_a_very_small_p_is_never_told_as_nothing() -> None:
    """It is below what is told."""
    pairs = [Pair(Fraction(one, 1000), 9) for one in range(8)]

    assert "p below 0.0001, df 7" in str(compare(pairs, FULL))


@pytest.mark.parametrize("df", [*range(1, 31), 60, 99, 100])
@pytest.mark.parametrize("t", ["0", "0.01", "0.5", "1", "2.5", "3.2009", "12.706", "40"])
def test_p_is_that_of_an_independent_library(t: str, df: int) -> None:
    """For odd and even degrees of freedom, near 0 and far out."""
    judged = 2 * stats.t.sf(float(t), df)

    assert float(two_sided_p(Decimal(t), df)) == pytest.approx(judged, rel=1e-9, abs=1e-30)
    assert two_sided_p(-Decimal(t), df) == two_sided_p(Decimal(t), df)


@pytest.mark.parametrize("df", [1, 2, 3, 4, 5, 10, 29, 30, 100])
def test_the_interval_is_that_of_an_independent_library(df: int) -> None:
    """12.706 standard errors for one degree of freedom, 4.303 for two."""
    assert float(t_multiple(df)) == pytest.approx(stats.t.ppf(0.975, df), rel=1e-12)


@given(st.lists(st.tuples(MEANS, MEANS), min_size=2, max_size=8))
def test_any_pairs_are_compared_as_by_an_independent_library(
    means: list[tuple[Decimal, Decimal]],
) -> None:
    """t, p and both ends of the interval."""
    found = compare([Pair(*one) for one in means], FULL)
    assume(found.spread)

    judged = stats.ttest_rel(*zip(*[map(float, one) for one in means], strict=True))
    ends = judged.confidence_interval(0.95)
    assert found.spread
    assert float(found.spread.t) == pytest.approx(judged.statistic, rel=1e-6, abs=1e-6)
    assert float(found.spread.p) == pytest.approx(judged.pvalue, rel=1e-6, abs=1e-6)
    assert float(found.spread.low) == pytest.approx(ends.low, rel=1e-6, abs=1e-6)
    assert float(found.spread.high) == pytest.approx(ends.high, rel=1e-6, abs=1e-6)


@given(st.lists(st.tuples(MEANS, MEANS), min_size=2, max_size=6))
def test_the_other_way_round_is_the_same_with_the_other_sign(
    means: list[tuple[Decimal, Decimal]],
) -> None:
    """And the order of the pairs changes nothing."""
    one = compare([Pair(a, b) for a, b in means], FULL)
    other = compare([Pair(b, a) for a, b in reversed(means)], FULL)

    assert one.mean == -other.mean
    if one.spread and other.spread:
        assert (one.spread.p, one.spread.low) == (other.spread.p, other.spread.high.copy_negate())
