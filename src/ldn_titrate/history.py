"""
The history of a plan: what must hold between its amendments, its signatures and their times.

Each rule says what is wrong in words, or None. It must not know what is planned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ldn_titrate.amendment import Opioid, Resume
from ldn_titrate.library import screener
from ldn_titrate.screening import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ldn_titrate.amendment import Amendment
    from ldn_titrate.screening import Screening
    from ldn_titrate.signing import Signature

_LAST_OPIOID: Final = "Q2"
_NOT_TOLD: Final = (
    "the answers after an opioid do not tell of it: Q2 names the opioid that the plan names and a "
    "last day that is not before {day}, or a named person clears Q2"
)


def misnumbered(signatures: Sequence[Signature], version: int) -> str | None:
    """Say where signatures are not one for each of some versions, in order, up to this one."""
    versions = [one.version for one in signatures]
    if versions != sorted(set(versions)) or any(one > version for one in versions):
        return "the signatures do not belong to this plan's versions"
    return None


def misdated(written: Sequence[datetime], signatures: Sequence[Signature]) -> str | None:
    """
    Say what was written before that which it changes or signs.

    Args:
        written: When each version was written, from the first on.
        signatures: Who signed which of them, and when.
    """
    if list(written) != sorted(written):
        return "an amendment is written before the version that it changes"
    for one in signatures:
        if one.at < written[one.version - 1]:
            return "a signature is older than the version that it signs"
        if one.version < len(written) and one.at > written[one.version]:
            return "an amendment is written before the version before it was signed"
    return None


def untold(amendments: Sequence[Amendment]) -> str | None:
    """Say which answers after an opioid are older than it, or do not tell of it."""
    taken: list[Opioid] = []
    for one in amendments:
        if isinstance(one, Opioid):
            taken.append(one)
        if taken and isinstance(one, Resume) and one.screening:
            if one.screening.at < taken[-1].at:
                return "the screening after an opioid is older than the opioid"
            # What was written last may have been taken first.
            last = max(reversed(taken), key=lambda opioid: opioid.effective)
            if not _tells_of(one.screening, last):
                return _NOT_TOLD.format(day=last.effective)
    return None


def _tells_of(screening: Screening, opioid: Opioid) -> bool:
    """Say whether the answer about the last opioid is about this one, or a later one like it."""
    told = next((one for one in screening.answers if one.question == _LAST_OPIOID), None)
    if told is None or told.answer is Answer.UNKNOWN:
        return True  # which stops the plan by itself
    if any(one.question == _LAST_OPIOID for one in screening.clearances):
        return True  # such as one that was prescribed and never taken
    find = screener().find_opioid
    is_it = find(told.opioid or "") == find(opioid.name)
    return (
        told.answer is Answer.YES and is_it and (told.day is None or told.day >= opioid.effective)
    )
