from __future__ import annotations

from decimal import Decimal
from itertools import product as crossed
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.errors import DoseError, ProductError
from ldn_titrate.product import (
    Capsule,
    OralLiquid,
    Product,
    Tablet,
    Units,
    can_make,
    make_up,
    parse_units,
    unmakeable,
)
from plans import KITS, Kit, dose, in_text, products

if TYPE_CHECKING:
    from ldn_titrate.dose import Dose


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("capsule 1.5 mg", "capsule 1.5 mg"),
        ("tablet 3 mg", "tablet 3 mg"),
        ("liquid 1 mg/mL, 0.1 mL syringe", "liquid 1 mg/mL"),
        ("liquid 5 mg/5 mL, 0.2 mL syringe", "liquid 5 mg/5 mL"),
        ("liquid 3 mg/2.5 mL, 0.25 mL syringe", "liquid 3 mg/2.5 mL"),
    ],
)
def test_a_product_is_written_as_it_is_read(text: str, label: str) -> None:
    """Its text comes back, and its label leaves out the syringe."""
    product = Product.parse(text)

    assert str(product) == text
    assert product.label == label


def test_each_form_is_its_own_kind_of_product() -> None:
    """A capsule, a tablet and a liquid of the same strength are three products."""
    capsule, tablet, liquid = products(
        "capsule 1 mg", "tablet 1 mg", "liquid 1 mg/mL, 0.1 mL syringe"
    )

    assert capsule == Capsule(dose("1 mg"))
    assert tablet == Tablet(dose("1 mg"))
    assert liquid == OralLiquid(dose("1 mg"), Decimal(1), Decimal("0.1"))
    assert len({capsule, tablet, liquid}) == 3


def test_a_volume_is_written_without_spare_zeros() -> None:
    """1.0 mL is 1 mL."""
    assert str(Product.parse("liquid 1 mg/1.0 mL, 0.10 mL syringe")) == (
        "liquid 1 mg/mL, 0.1 mL syringe"
    )


@pytest.mark.parametrize(
    "text",
    ["", "capsules 1.5 mg", "Capsule 1.5 mg", "1.5 mg", "cream 1%", "powder 1 g", "pill 3 mg"],
)
def test_an_unknown_form_is_refused_with_the_known_ones(text: str) -> None:
    """Capsules, tablets and liquids are dispensed, and nothing else."""
    with pytest.raises(ProductError) as refused:
        Product.parse(text)

    assert str(refused.value) == (
        f"cannot read {text!r} as a product; write one of "
        "'capsule 1.5 mg', 'tablet 3 mg' or 'liquid 1 mg/mL, 0.1 mL syringe'"
    )


@pytest.mark.parametrize(
    "text",
    [
        "capsule 1,5 mg",
        "capsule 1.5mg",
        "capsule 1.50 mg",
        "tablet 3",
        "liquid 1 mcg/mL, 0.1 mL syringe",
    ],
)
def test_a_strength_is_read_as_strictly_as_a_dose(text: str) -> None:
    """What could be misread as another strength is refused."""
    with pytest.raises(DoseError):
        Product.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "liquid",
        "liquid 1 mg",
        "liquid 1 mg/mL",
        "liquid 1 mg/ml, 0.1 ml syringe",
        "liquid 1 mg/mL, syringe",
        "liquid 1 mg/mL, 0,1 mL syringe",
        "liquid 1 mg/g, 0.1 mL syringe",
    ],
)
def test_a_liquid_needs_its_concentration_and_its_syringe(text: str) -> None:
    """Without the step of the syringe nobody knows which volumes can be measured."""
    with pytest.raises(ProductError, match=r"a liquid needs its concentration and the step of its"):
        Product.parse(text)


@pytest.mark.parametrize("volume", ["01", ".5", "1.", "1.2345", "12345", "1.2.3"])
def test_a_volume_that_could_be_misread_is_refused(volume: str) -> None:
    """A volume has no spare 0, a digit on each side of its point, and no finer part than 0.001."""
    with pytest.raises(ProductError) as refused:
        Product.parse(f"liquid 1 mg/{volume} mL, 0.1 mL syringe")

    assert str(refused.value) == f"cannot read {volume!r} as a number of mL such as '0.1'"


@pytest.mark.parametrize(
    "text", ["liquid 1 mg/0 mL, 0.1 mL syringe", "liquid 1 mg/mL, 0 mL syringe"]
)
def test_nothing_is_measured_in_no_volume(text: str) -> None:
    """A liquid and the step of its syringe have a volume."""
    with pytest.raises(ProductError) as refused:
        Product.parse(text)

    assert str(refused.value) == "the volume of a liquid and its syringe's step are above 0 mL"


@pytest.mark.parametrize(
    ("amount", "have", "made"),
    [
        ("1.5 mg", ["capsule 1.5 mg"], ["1 x capsule 1.5 mg"]),
        ("3 mg", ["capsule 1.5 mg"], ["2 x capsule 1.5 mg"]),
        ("4.5 mg", ["capsule 1.5 mg"], ["3 x capsule 1.5 mg"]),
        ("4.5 mg", ["capsule 0.5 mg"], ["9 x capsule 0.5 mg"]),
        ("5 mg", ["capsule 0.5 mg"], ["10 x capsule 0.5 mg"]),
        ("4.5 mg", ["capsule 4.5 mg", "capsule 1.5 mg"], ["1 x capsule 4.5 mg"]),
        ("4.5 mg", ["capsule 1.5 mg", "capsule 3 mg"], ["1 x capsule 3 mg", "1 x capsule 1.5 mg"]),
        ("3 mg", ["capsule 1 mg", "capsule 1.5 mg", "capsule 2 mg"], ["2 x capsule 1.5 mg"]),
        ("3.5 mg", ["capsule 3 mg", "tablet 0.5 mg"], ["1 x capsule 3 mg", "1 x tablet 0.5 mg"]),
        (
            "4.5 mg",
            ["capsule 0.5 mg", "capsule 1 mg", "capsule 3 mg"],
            ["1 x capsule 3 mg", "1 x capsule 1 mg", "1 x capsule 0.5 mg"],
        ),
        ("1.5 mg", ["liquid 1 mg/mL, 0.1 mL syringe"], ["1.5 mL x liquid 1 mg/mL"]),
        ("4.5 mg", ["liquid 1 mg/mL, 0.1 mL syringe"], ["4.5 mL x liquid 1 mg/mL"]),
        ("1 mg", ["liquid 5 mg/5 mL, 0.2 mL syringe"], ["1 mL x liquid 5 mg/5 mL"]),
        ("4.5 mg", ["liquid 5 mg/5 mL, 0.1 mL syringe"], ["4.5 mL x liquid 5 mg/5 mL"]),
        ("4.5 mg", ["liquid 5 mg/mL, 0.1 mL syringe"], ["0.9 mL x liquid 5 mg/mL"]),
        ("0.25 mg", ["liquid 1 mg/mL, 0.25 mL syringe"], ["0.25 mL x liquid 1 mg/mL"]),
    ],
)
def test_a_dose_is_made_of_the_fewest_units(amount: str, have: list[str], made: list[str]) -> None:
    """First the fewest units, then the fewest strengths, the larger ones first."""
    assert in_text(make_up(dose(amount), products(*have))) == made


@pytest.mark.parametrize(
    ("amount", "have", "would_work"),
    [
        ("2 mg", "capsule 1.5 mg", "capsule 0.5 mg, capsule 1 mg, liquid 1 mg/mL"),
        ("1.5 mg", "capsule 3 mg", "capsule 0.5 mg, capsule 1.5 mg, liquid 1 mg/mL"),
        ("5.5 mg", "capsule 0.5 mg", "liquid 1 mg/mL"),
    ],
)
def test_a_dose_that_cannot_be_made_is_refused(amount: str, have: str, would_work: str) -> None:
    """No capsule is split; products that would work are named."""
    with pytest.raises(ProductError) as refused:
        make_up(dose(amount), products(have))

    assert str(refused.value) == (
        f"{amount} cannot be made exactly from {have}; these would work: {would_work}"
    )


def test_a_volume_between_two_marks_is_refused() -> None:
    """1.5 mL are no whole number of steps of 0.2 mL."""
    with pytest.raises(ProductError) as refused:
        make_up(dose("1.5 mg"), products("liquid 5 mg/5 mL, 0.2 mL syringe"))

    assert str(refused.value) == (
        "1.5 mg cannot be made exactly from liquid 5 mg/5 mL; these would work: "
        "capsule 0.5 mg, capsule 1.5 mg, liquid 1 mg/mL"
    )


def test_a_dose_that_no_usual_product_makes_is_refused_without_a_hint() -> None:
    """0.75 mg takes a capsule of its own, and all that was tried is named."""
    with pytest.raises(ProductError) as refused:
        make_up(dose("0.75 mg"), products("capsule 0.5 mg", "tablet 1 mg"))

    assert str(refused.value) == (
        "0.75 mg cannot be made exactly from capsule 0.5 mg, tablet 1 mg; "
        "no usual product would work"
    )


def test_at_most_ten_units_make_a_dose() -> None:
    """Eleven capsules at once are refused."""
    half = products("capsule 0.5 mg")

    assert can_make(dose("5 mg"), half)
    assert not can_make(dose("5.5 mg"), half)


def test_a_liquid_is_never_mixed_with_another_product() -> None:
    """A dose of one capsule and some millilitres is refused, though it would add up."""
    assert not can_make(
        dose("1.5 mg"), products("liquid 1 mg/mL, 0.1 mL syringe", "capsule 1.5 mg")
    )


def test_the_products_named_make_every_dose_asked_for() -> None:
    """For 1, 1.5 and 2 mg, capsules of 1 or 1.5 mg are not named."""
    wanted = [dose("1 mg"), dose("1.5 mg"), dose("2 mg")]

    assert unmakeable(wanted[0], products("capsule 1.5 mg"), wanted=wanted) == (
        "1 mg cannot be made exactly from capsule 1.5 mg; these would work: "
        "capsule 0.5 mg, liquid 1 mg/mL"
    )


@given(st.data(), st.sampled_from(KITS))
def test_what_is_made_up_adds_up(data: st.DataObject, kit: Kit) -> None:
    """Units times strength is the dose, exactly, and each unit is one of the products."""
    amount = kit.of * data.draw(st.integers(1, kit.most))
    made = make_up(amount, kit.products)

    assert sum(_mg(one) for one in made) == amount.mg
    assert {one.product for one in made} <= set(kit.products)
    assert all(one.amount > 0 for one in made)


@given(
    st.integers(1, 24).map(lambda quarters: dose("0.25 mg") * quarters),
    st.lists(st.sampled_from(["0.5 mg", "1 mg", "1.5 mg", "3 mg"]), min_size=1, unique=True),
)
def test_counting_finds_what_trying_everything_finds(amount: Dose, strengths: list[str]) -> None:
    """A dose is refused just where no ten capsules or fewer give it; else the fewest are taken."""
    have = products(*(f"capsule {strength}" for strength in strengths))
    sizes = [dose(strength).mg for strength in strengths]
    counts = [
        sum(tried)
        for tried in crossed(range(11), repeat=len(sizes))
        if sum(tried) <= 10 and sum(map(Decimal.__mul__, map(Decimal, tried), sizes)) == amount.mg
    ]

    assert can_make(amount, have) == bool(counts)
    if counts:
        assert sum(one.amount for one in make_up(amount, have)) == min(counts)


@pytest.mark.parametrize(
    ("amount", "product", "text", "words"),
    [
        ("1", "capsule 1.5 mg", "1 x capsule 1.5 mg", "1 capsule of 1.5 mg"),
        ("2", "capsule 1.5 mg", "2 x capsule 1.5 mg", "2 capsules of 1.5 mg"),
        ("1", "tablet 3 mg", "1 x tablet 3 mg", "1 tablet of 3 mg"),
        ("10", "tablet 0.5 mg", "10 x tablet 0.5 mg", "10 tablets of 0.5 mg"),
        (
            "1.50",
            "liquid 1 mg/mL, 0.1 mL syringe",
            "1.5 mL x liquid 1 mg/mL",
            "1.5 mL (1 mg in 1 mL)",
        ),
        (
            "4.5",
            "liquid 5 mg/5 mL, 0.1 mL syringe",
            "4.5 mL x liquid 5 mg/5 mL",
            "4.5 mL (5 mg in 5 mL)",
        ),
    ],
)
def test_an_amount_is_said_with_its_strength(
    amount: str, product: str, text: str, words: str
) -> None:
    """In a file and in a patient's words alike, the strength stands beside the count."""
    units = Units(Decimal(amount), Product.parse(product))

    assert str(units) == text
    assert units.in_words() == words


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("90 x capsule 1.5 mg", "90"),
        ("0 x capsule 1.5 mg", "0"),
        ("2.0 x capsule 1.5 mg", "2"),
        ("100 mL x liquid 1 mg/mL", "100"),
        ("0.5 mL x liquid 1 mg/mL", "0.5"),
    ],
)
def test_an_amount_is_read_against_the_products(text: str, amount: str) -> None:
    """A count of capsules or a volume of the liquid."""
    have = products("capsule 1.5 mg", "liquid 1 mg/mL, 0.1 mL syringe")

    assert parse_units(text, have).amount == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "90",
        "capsule 1.5 mg",
        "90 capsule 1.5 mg",
        "-1 x capsule 1.5 mg",
        "9,0 x capsule 1.5 mg",
        "1000000 x capsule 1.5 mg",
        "90 mL x capsule 1.5 mg",
        "90 x liquid 1 mg/mL",
    ],
)
def test_an_amount_of_nothing_known_is_refused_with_an_example(text: str) -> None:
    """Each product has its way to be counted, which is shown."""
    have = products("capsule 1.5 mg", "liquid 1 mg/mL, 0.1 mL syringe")

    with pytest.raises(ProductError) as refused:
        parse_units(text, have)

    assert str(refused.value) == (
        f"cannot read {text!r}; write an amount such as "
        "'90 x capsule 1.5 mg' or '90 mL x liquid 1 mg/mL'"
    )


@pytest.mark.parametrize("label", ["capsule 3 mg", "tablet 1.5 mg", "capsule 1.5mg"])
def test_an_amount_of_another_product_is_told_as_such(label: str) -> None:
    """It could be read; it is just not of what the plan takes."""
    have = products("capsule 1.5 mg", "liquid 1 mg/mL, 0.1 mL syringe")

    with pytest.raises(ProductError) as refused:
        parse_units(f"90 x {label}", have)

    assert str(refused.value) == (
        f"'{label}' is not in the plan; there is capsule 1.5 mg and liquid 1 mg/mL"
    )


def test_half_a_capsule_is_refused() -> None:
    """Capsules come whole."""
    with pytest.raises(ProductError) as refused:
        parse_units("1.5 x capsule 1.5 mg", products("capsule 1.5 mg"))

    assert str(refused.value) == "1.5 is not a whole number of capsule 1.5 mg"


def _mg(units: Units) -> Decimal:
    """Give the mg in an amount."""
    product = units.product
    if isinstance(product, OralLiquid):
        return units.amount * product.strength.mg / product.volume_ml
    assert isinstance(product, Capsule | Tablet)
    return units.amount * product.strength.mg


def test_a_strength_is_a_dose() -> None:
    """A text in its place is refused at once, and not when a dose is made."""
    with pytest.raises(ProductError, match="the strength of a capsule is a Dose"):
        Capsule("1.5 mg")  # type: ignore[arg-type]
