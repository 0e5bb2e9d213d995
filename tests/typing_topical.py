"""
What a type checker must refuse: a topical amount in the place of an oral dose, or beside one.

Nothing here is run. `test_topical.py` has mypy --strict read it and compares each error that mypy
finds with the remark at the end of its line; a line without a remark must have no error.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ldn_titrate.dose import LDN_BOUNDS, Dose, Place
from ldn_titrate.product import Capsule, make_up

if TYPE_CHECKING:
    from ldn_titrate.product import Product, Units
    from ldn_titrate.topical import SkinLoad, Strength, TopicalAmount, TopicalPlan


def add_to_a_dose(dose: Dose, amount: TopicalAmount) -> object:
    """An amount is never added to a dose."""
    return dose + amount  # refused: operator


def add_a_dose(dose: Dose, amount: TopicalAmount) -> object:
    """Nor a dose to an amount."""
    return amount + dose  # refused: operator


def multiply(dose: Dose, amount: TopicalAmount) -> object:
    """Nor is one multiplied by the other."""
    return dose * amount  # refused: operator


def less(dose: Dose, amount: TopicalAmount) -> object:
    """A dose has no place before or behind an amount."""
    return dose < amount  # refused: operator


def at_least(dose: Dose, amount: TopicalAmount) -> object:
    """An amount has none before or behind a dose."""
    return amount >= dose  # refused: operator


def same_as_amount(dose: Dose, amount: TopicalAmount) -> bool:
    """Whether they are equal is no question."""
    return dose == amount  # refused: comparison-overlap


def same_as_strength(dose: Dose, strength: Strength) -> bool:
    """Nor is it for a strength."""
    return strength == dose  # refused: comparison-overlap


def same_as_load(dose: Dose, load: SkinLoad) -> bool:
    """Nor for the mg that are put on the skin."""
    return dose == load  # refused: comparison-overlap


def among(doses: tuple[Dose, ...], amount: TopicalAmount) -> bool:
    """An amount is not looked for among doses."""
    return amount in doses  # refused: comparison-overlap


def load_as_dose(plan: TopicalPlan) -> Dose:
    """The mg on the skin make no dose."""
    return Dose(plan.mg_per_day)  # refused: arg-type


def amount_as_dose(amount: TopicalAmount) -> Dose:
    """An amount is no dose."""
    return amount  # refused: return-value


def within_bounds(amount: TopicalAmount) -> Place:
    """The bounds of oral doses say nothing of an amount."""
    return LDN_BOUNDS.place(amount)  # refused: arg-type


def made_up(amount: TopicalAmount, products: tuple[Product, ...]) -> tuple[Units, ...]:
    """No capsule makes up an amount."""
    return make_up(amount, products)  # refused: arg-type


def product_of(strength: Strength) -> Product:
    """A cream's strength is no capsule's."""
    return Capsule(strength)  # refused: arg-type


def what_may_be(dose: Dose, amount: TopicalAmount) -> tuple[Dose, TopicalAmount, Decimal]:
    """Doses among themselves, and amounts by their own rules, are used freely."""
    return dose + dose * 2, amount.times(2), amount.grams + Decimal(1)
