"""The Flesch-Kincaid grade of a text: the school year that is needed to read it (Kincaid, 1975)."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[.!?:]+(?=\s|$)")
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """Count the syllables of an English word, by its groups of vowels."""
    lower = word.lower()
    count = len(_VOWELS.findall(lower))
    silent = re.search(r"[^laeiouy]es?$", lower) and not re.search(r"(?:[sxzcg]|ch|sh)es$", lower)
    if silent or re.search(r"[^aeiouydt]ed$", lower):
        count -= 1
    count += len(re.findall(r"i(?:a|o(?!n|us)|u(?!s))", lower))
    return max(1, count)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text of whole sentences."""
    words = _WORD.findall(text)
    sentences = max(1, len([part for part in _SENTENCE.split(text) if part.strip()]))
    per_word = sum(syllables(word) for word in words) / len(words)
    return 0.39 * len(words) / sentences + 11.8 * per_word - 15.59
