"""
The order in which a line with Hebrew in it is drawn.

The Unicode Bidirectional Algorithm (UAX #9, its rules named below) for one paragraph that runs
from left to right, as far as the shipped fonts go: Latin, Greek, Cyrillic and Hebrew letters,
European digits, their separators, brackets, other neutral characters and combining marks. Arabic
letters, Arabic digits and explicit directional marks never come here: no shipped font has them.
This room knows characters only, no fonts and no pages.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# One letter for each bidirectional class, so that a rule is a substitution in a string of classes.
_CLASSES = {"L": "L", "R": "R", "EN": "1", "ES": "+", "CS": ",", "ET": "$", "NSM": "m"}
_NEUTRAL = "o"
_LEVELS = {"L": 0, "R": 1, "1": 2}

_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_MIRRORED = str.maketrans("()[]{}<>«»≤≥", ")(][}{><»«≥≤")


def has_right_to_left(text: str) -> bool:
    """Tell whether any character of the text runs from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(c) == "R" for c in text)


def levels(text: str) -> tuple[int, ...]:
    """
    Resolve the embedding level of each character in a paragraph that runs from left to right.

    Args:
        text: A whole paragraph in logical order; its lines take slices of the result.

    Returns:
        0 for left to right, 1 for right to left, 2 for a number inside right to left.
    """
    original = "".join(_CLASSES.get(unicodedata.bidirectional(c), _NEUTRAL) for c in text)
    classes = _neutrals(_brackets(text, original, _weak(original)))
    return tuple(_LEVELS[c] for c in classes)


def visual_order(text: str, resolved: Sequence[int]) -> str:
    """
    Put the characters of one line in the order in which they stand on paper (L1, L2).

    Args:
        text: The line in logical order.
        resolved: The levels of its characters.
    """
    return "".join(unit for unit, _ in _reordered(list(zip(text, resolved, strict=True))))


def display(text: str, resolved: Sequence[int]) -> str:
    """
    Put one line in visual order for a font that draws a mark after its base (L1 to L4).

    Args:
        text: The line in logical order.
        resolved: The levels of its characters.
    """
    clusters: list[tuple[str, int]] = []
    for character, level in zip(text, resolved, strict=True):
        if clusters and unicodedata.combining(character):
            base, base_level = clusters[-1]
            clusters[-1] = (base + character, base_level)
        else:
            clusters.append((character, level))
    return "".join(
        cluster.translate(_MIRRORED) if level % 2 else cluster
        for cluster, level in _reordered(clusters)
    )


def _weak(classes: str) -> str:
    """Apply W1 and W4 to W7; the paragraph begins as if after a left-to-right letter."""
    classes = re.sub(r"(.)m+", lambda m: m[1] * len(m[0]), "L" + classes)
    classes = re.sub(r"(?<=1)[+,](?=1)", "1", classes)
    classes = re.sub(r"\$+(?=1)|(?<=1)\$+", lambda m: "1" * len(m[0]), classes)
    classes = re.sub(r"[+,$]", _NEUTRAL, classes)
    classes = re.sub(r"L[^R]*", lambda m: m[0].replace("1", "L"), classes)
    return classes[1:]


def _brackets(text: str, original: str, classes: str) -> str:
    """Apply N0: a pair of brackets takes one direction, and so do the marks after each."""
    resolved = list(classes)
    for opening, closing in _bracket_pairs(text, classes):
        direction = _direction(resolved, opening, closing)
        if direction is None:
            continue
        for position in (opening, closing):
            marks = re.compile("m*").match(original, position + 1)
            end = marks.end() if marks else position + 1
            resolved[position:end] = direction * (end - position)
    return "".join(resolved)


def _bracket_pairs(text: str, classes: str) -> list[tuple[int, int]]:
    """Find the pairs of brackets (BD16), by the place of the opening one."""
    pairs: list[tuple[int, int]] = []
    open_brackets: list[tuple[str, int]] = []
    for position, character in enumerate(text):
        if classes[position] != _NEUTRAL:
            continue
        if character in _BRACKETS:
            open_brackets.append((_BRACKETS[character], position))
            continue
        for depth in range(len(open_brackets) - 1, -1, -1):
            expected, opening = open_brackets[depth]
            if character == expected:
                pairs.append((opening, position))
                del open_brackets[depth:]
                break
    return sorted(pairs)


def _direction(classes: list[str], opening: int, closing: int) -> str | None:
    """Tell which direction a pair of brackets takes (N0 b to d); None leaves it neutral."""
    inside = "".join(classes[opening + 1 : closing])
    if "L" in inside:
        return "L"
    if not re.search("[R1]", inside):
        return None
    before = "L" + "".join(classes[:opening]).replace(_NEUTRAL, "")
    return "L" if before[-1] == "L" else "R"


def _neutrals(classes: str) -> str:
    """Apply N1 and N2: neutrals between two right-to-left runs join them, others do not."""
    joined = re.sub(r"(?<=[R1])o+(?=[R1])", lambda m: "R" * len(m[0]), classes)
    return joined.replace(_NEUTRAL, "L")


def _reordered(units: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Reverse each run of a level and above, from the highest level down (L1, L2)."""
    text = len(units)
    while text and units[text - 1][0].isspace():
        text -= 1
    ordered = [*units[:text], *((unit, 0) for unit, _ in units[text:])]
    for level in (2, 1):
        start = 0
        while start < len(ordered):
            end = start
            while end < len(ordered) and ordered[end][1] >= level:
                end += 1
            ordered[start:end] = reversed(ordered[start:end])
            start = end + 1
    return ordered
