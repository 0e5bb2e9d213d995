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


def words_of(text: str) -> list[str]:
    """Split a text into its words, without case and accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return [word for word in _NOT_LETTERS.split(letters) if word]


def is_told(name: str, words: list[str]) -> bool:
    """Say whether each word of a name stands among the words told, a slip of the pen allowed."""
    parts = words_of(name)
    return "".join(parts) in words or all(_is_among(part, words) for part in parts)


def _is_among(word: str, words: list[str]) -> bool:
    if word in words:
        return True
    return len(word) >= _LEAST_LETTERS and bool(get_close_matches(word, words, n=1, cutoff=_CLOSE))
