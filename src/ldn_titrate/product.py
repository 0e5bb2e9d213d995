"""
Products: what a pharmacy dispenses, and how a dose is made up from it, exactly or not at all.

A strength is always declared, never inferred from a dose. It must not know protocols or dates.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, ClassVar, Final, Self

from ldn_titrate.base import TextValue, text_of
from ldn_titrate.dose import Dose, exactly, plain
from ldn_titrate.errors import ProductError

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_UNITS: Final = 10
_ONE_ML = Decimal(1)


class Product(TextValue):
    """What is dispensed, of a declared strength."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Product:
        """
        Read a product: ``capsule 1.5 mg``, ``tablet 3 mg`` or ``liquid 1 mg/mL, 0.1 mL syringe``.

        Raises:
            ProductError: The text is anything else.
            DoseError: Its strength is no dose.
        """
        form, _, rest = text_of(text).strip().partition(" ")
        if form not in _FORMS:
            raise ProductError(
                f"cannot read {text[:60]!r} as a product; write one of "
                "'capsule 1.5 mg', 'tablet 3 mg' or 'liquid 1 mg/mL, 0.1 mL syringe'"
            )
        return _FORMS[form].of(rest)

    @classmethod
    @abstractmethod
    def of(cls, strength: str) -> Self:
        """Read the product from the words after its form."""

    @property
    @abstractmethod
    def label(self) -> str:
        """The form and strength, as on the pharmacy's label."""

    @abstractmethod
    def in_words(self, amount: Decimal) -> str:
        """Say an amount of the product in a patient's words."""


@dataclass(frozen=True, slots=True)
class Solid(Product):
    """A capsule or tablet, taken whole."""

    strength: Dose
    form: ClassVar[str]

    def __post_init__(self) -> None:
        """Refuse a strength that is no dose."""
        if not isinstance(self.strength, Dose):
            raise ProductError(f"the strength of a {self.form} is a Dose")

    @classmethod
    def of(cls, strength: str) -> Self:
        """Read the product from its strength, such as ``1.5 mg``."""
        return cls(Dose.parse(strength))

    @property
    def label(self) -> str:
        """The form and strength: ``capsule 1.5 mg``."""
        return f"{self.form} {self.strength}"

    def in_words(self, amount: Decimal) -> str:
        """Say an amount: ``2 capsules of 1.5 mg``."""
        return f"{plain(amount)} {self.form}{'' if amount == 1 else 's'} of {self.strength}"

    def __str__(self) -> str:
        """Write the product as it is read."""
        return self.label


@dataclass(frozen=True, slots=True)
class Capsule(Solid):
    """A capsule of a declared strength."""

    form = "capsule"


@dataclass(frozen=True, slots=True)
class Tablet(Solid):
    """A tablet of a declared strength; it is never split."""

    form = "tablet"


@dataclass(frozen=True, slots=True)
class OralLiquid(Product):
    """
    A liquid of a labelled concentration, measured with a graduated oral syringe.

    Attributes:
        strength: The amount in *volume_ml*, as labelled.
        volume_ml: The volume that holds *strength*.
        graduation_ml: The smallest step of the syringe.
    """

    strength: Dose
    volume_ml: Decimal
    graduation_ml: Decimal

    def __post_init__(self) -> None:
        """Refuse volumes that no syringe has."""
        volumes = (self.volume_ml, self.graduation_ml)
        if not all(isinstance(one, Decimal) and one.is_finite() and one > 0 for one in volumes):
            raise ProductError("the volume of a liquid and its syringe's step are above 0 mL")

    @classmethod
    def of(cls, strength: str) -> Self:
        """Read the product from ``1 mg/mL, 0.1 mL syringe`` or ``5 mg/5 mL, 0.1 mL syringe``."""
        found = re.fullmatch(
            r"(?P<dose>[^/]+)/(?:(?P<volume>[0-9.]+) )?mL, (?P<step>[0-9.]+) mL syringe", strength
        )
        if found is None:
            raise ProductError(
                f"cannot read {strength[:60]!r}; a liquid needs its concentration and the step of "
                "its syringe, as in 'liquid 1 mg/mL, 0.1 mL syringe'"
            )
        volume = _ONE_ML if found["volume"] is None else _millilitres(found["volume"])
        return cls(Dose.parse(found["dose"]), volume, _millilitres(found["step"]))

    @property
    def label(self) -> str:
        """The form and concentration: ``liquid 1 mg/mL``."""
        volume = "" if self.volume_ml == _ONE_ML else f"{plain(self.volume_ml)} "
        return f"liquid {self.strength}/{volume}mL"

    def in_words(self, amount: Decimal) -> str:
        """Say an amount with its concentration: ``1.5 mL (1 mg in 1 mL)``."""
        return f"{plain(amount)} mL ({self.strength} in {plain(self.volume_ml)} mL)"

    def __str__(self) -> str:
        """Write the product as it is read."""
        return f"{self.label}, {plain(self.graduation_ml)} mL syringe"


_FORMS: Final[dict[str, type[Product]]] = {
    "capsule": Capsule,
    "tablet": Tablet,
    "liquid": OralLiquid,
}


def _millilitres(text: str) -> Decimal:
    if not re.fullmatch(r"(0|[1-9][0-9]{0,3})(\.[0-9]{1,3})?", text):
        raise ProductError(f"cannot read {text[:20]!r} as a number of mL such as '0.1'")
    return Decimal(text)


@dataclass(frozen=True, slots=True)
class Units:
    """
    An amount of one product.

    Attributes:
        amount: Capsules or tablets (a whole number), or mL of a liquid.
        product: What is counted.
    """

    amount: Decimal
    product: Product

    def __str__(self) -> str:
        """Write the amount: ``2 x capsule 1.5 mg``, ``1.5 mL x liquid 1 mg/mL``."""
        unit = " mL" if isinstance(self.product, OralLiquid) else ""
        return f"{plain(self.amount)}{unit} x {self.product.label}"

    def in_words(self) -> str:
        """Say the amount in a patient's words: ``2 capsules of 1.5 mg``."""
        return self.product.in_words(self.amount)


def parse_units(text: str, products: Sequence[Product]) -> Units:
    """
    Read an amount of one of the products, such as ``90 x capsule 1.5 mg``.

    Raises:
        ProductError: The text is no amount, or of a product that is not among the given ones.
    """
    by_label = {product.label: product for product in products}
    found = re.fullmatch(
        r"(?P<amount>[0-9]{1,6}(?:\.[0-9]{1,3})?)(?P<ml> mL)? x (?P<label>.+)", text
    )
    if found is None:
        raise _no_amount(text, products)
    label = found["label"].strip()
    if label not in by_label:
        raise ProductError(f"{label[:60]!r} is not in the plan; there is {' and '.join(by_label)}")
    product = by_label[label]
    if (found["ml"] is None) == isinstance(product, OralLiquid):
        raise _no_amount(text, products)
    amount = Decimal(found["amount"])
    if isinstance(product, Solid) and amount % 1:
        raise ProductError(f"{plain(amount)} is not a whole number of {product.label}")
    return Units(amount, product)


def _no_amount(text: str, products: Sequence[Product]) -> ProductError:
    examples = " or ".join(repr(str(Units(Decimal(90), one))) for one in products)
    return ProductError(f"cannot read {text[:60]!r}; write an amount such as {examples}")


def make_up(dose: Dose, products: Sequence[Product]) -> tuple[Units, ...]:
    """
    Make a dose exactly from the products: fewest units, then fewest strengths, larger first.

    Raises:
        ProductError: The products cannot make it exactly; products that would are named.
    """
    made = _make_up(dose, tuple(products))
    if made is None:
        raise ProductError(unmakeable(dose, products, wanted=(dose,)))
    return made


def can_make(dose: Dose, products: Sequence[Product]) -> bool:
    """Say whether the products make the dose exactly."""
    return _make_up(dose, tuple(products)) is not None


def unfit(products: Sequence[Product], cap: Dose) -> str | None:
    """Say why products cannot serve a plan with this cap; None if they can."""
    if len({product.label for product in products}) < len(products):
        return "a product is named twice"
    if len(products) > 1 and any(isinstance(one, OralLiquid) for one in products):
        return "a liquid is not combined with another product"
    for product in products:
        if isinstance(product, Solid) and product.strength > cap:
            return f"one {product.label} is more than the protocol's cap of {cap}"
    return None


def unmakeable(dose: Dose, products: Sequence[Product], *, wanted: Sequence[Dose]) -> str:
    """Say that a dose cannot be made, and name the usual products that make every *wanted* dose."""
    have = ", ".join(product.label for product in products)
    labels = [
        product.label for product in _SEEN if all(can_make(one, (product,)) for one in wanted)
    ]
    hint = f"these would work: {', '.join(labels)}" if labels else "no usual product would work"
    return f"{dose} cannot be made exactly from {have}; {hint}"


@lru_cache(maxsize=1024)
def _make_up(dose: Dose, products: tuple[Product, ...]) -> tuple[Units, ...] | None:
    liquids = [product for product in products if isinstance(product, OralLiquid)]
    if liquids:
        return _measure(dose, liquids[0]) if len(products) == 1 else None
    return _count(dose, [product for product in products if isinstance(product, Solid)])


def _measure(dose: Dose, liquid: OralLiquid) -> tuple[Units, ...] | None:
    with exactly():
        steps, rest = divmod(dose.mg * liquid.volume_ml, liquid.strength.mg * liquid.graduation_ml)
        return None if rest else (Units(steps * liquid.graduation_ml, liquid),)


def _count(dose: Dose, solids: list[Solid]) -> tuple[Units, ...] | None:
    larger_first = sorted(solids, key=lambda solid: solid.strength, reverse=True)
    for count in range(1, MOST_UNITS + 1):
        mixes = [
            mix
            for mix in combinations_with_replacement(larger_first, count)
            if sum(solid.strength.micrograms for solid in mix) == dose.micrograms
        ]
        if mixes:
            fewest_strengths = Counter(min(mixes, key=lambda mix: len(set(mix))))
            return tuple(Units(Decimal(n), solid) for solid, n in fewest_strengths.items())
    return None


# Strengths seen on compounded products (source P-strengths); they are named, never assumed.
_SEEN: Final = tuple(
    Product.parse(text)
    for text in (
        "capsule 0.5 mg",
        "capsule 1 mg",
        "capsule 1.5 mg",
        "capsule 3 mg",
        "capsule 4.5 mg",
        "liquid 1 mg/mL, 0.1 mL syringe",
    )
)
