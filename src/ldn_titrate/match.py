"""
Finding a known name in what a person typed: any case, accents, words around it, a slip of the pen.

A denial is not understood: who types that something is not there has named it. It must not know
what the names are of.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from typing import Final

_CLOSE: Final = 0.85
_LEAST_LETTERS: Final = 6
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_BETWEEN = re.compile(r"(?<![0-9])[,/]|[,/](?![0-9])|[;+&|]|\b(?:and|or|plus|then)\b")
_UNITS: Final = frozenset({"g", "mcg", "mg", "ml"})


def words_of(text: str) -> list[str]:
    """Split a text into its words, without case and accents."""
    return [word for word in _NOT_LETTERS.split(_plain(text)) if word]


def parts_of(text: str) -> list[list[str]]:
    """
    Split a text in which several things may be told into the words of each.

    A comma or a slash between two digits divides nothing, and an amount alone is no thing.
    """
    parts = (words_of(part) for part in _BETWEEN.split(_plain(text)))
    return [part for part in parts if any(map(_is_no_amount, part))]


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in plain if not unicodedata.combining(one))


def _is_no_amount(word: str) -> bool:
    return word[0].isalpha() and word not in _UNITS


def is_told(name: str, words: list[str]) -> bool:
    """Say whether each word of a name stands among the words told, a slip of the pen allowed."""
    parts = words_of(name)
    return "".join(parts) in words or all(_is_among(part, words) for part in parts)


def _is_among(word: str, words: list[str]) -> bool:
    if word in words:
        return True
    return len(word) >= _LEAST_LETTERS and bool(get_close_matches(word, words, n=1, cutoff=_CLOSE))
