"""
Opioids: what is known of each, and how they are found in what somebody typed.

What is not recognised is never passed over: of several things told together each must be known.
The list itself is data (`ldn_titrate.library`). It must not know questions, answers or plans.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from ldn_titrate.base import Frozen, Note
from ldn_titrate.match import is_told, parts_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class OpioidClass(StrEnum):
    """How long an opioid's effect lasts, as far as an opioid-free time goes."""

    SHORT = "short-acting"
    LONG = "long-acting"
    ASK = "ask the pharmacist"


class Opioid(Frozen):
    """
    An opioid that the screening knows.

    Attributes:
        ingredient: Its international name.
        opioid_class: How long it keeps an opioid-free time from beginning.
        names: Brands, other names and combinations that hold it.
        sources: Ids of the evidence.
    """

    ingredient: Note
    opioid_class: OpioidClass
    names: tuple[Note, ...] = ()
    sources: Annotated[tuple[str, ...], Field(min_length=1)]


_LONGEST_FIRST: Final = (OpioidClass.LONG, OpioidClass.SHORT, OpioidClass.ASK)


def opioids_in(
    told: str, known: Iterable[Opioid], beside: Iterable[str] = ()
) -> tuple[Opioid, ...]:
    """
    Find the opioids in what was told: any case, accents, brand, combination or slip.

    Args:
        told: One medicine or several, as somebody typed them.
        known: The opioids that are known.
        beside: Other medicines that may be told beside an opioid; they say nothing by themselves.

    Returns:
        The opioids, the longest-acting first; none where one of the medicines is not known.
    """
    found: dict[str, Opioid] = {}
    for words in parts_of(told):
        here = {one.ingredient: one for one in known if _is_in(one, words)}
        if not here and not set(beside) & set(words):
            return ()
        found |= here
    return tuple(sorted(found.values(), key=lambda one: _LONGEST_FIRST.index(one.opioid_class)))


def acts_long(opioid: Opioid, told: str, lasting: Iterable[str]) -> bool:
    """Say whether an opioid acts long: by itself, or since a word of what was told makes it so."""
    words = words_of(told)
    return opioid.opioid_class is OpioidClass.LONG or any(is_told(one, words) for one in lasting)


def _is_in(opioid: Opioid, words: list[str]) -> bool:
    return any(is_told(name, words) for name in (opioid.ingredient, *opioid.names))
