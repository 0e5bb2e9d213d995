"""
What tells one plan or patient from another: a short code, and the hash of what it says.

Every kind of plan and each patient file takes both from here, so that they are made in one way. It
must not know what is planned, nor for whom.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from uuid import UUID

_CODE_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: misread by hand
_CODE_LENGTH: Final = 4


def short_code(plan_id: UUID, version: int) -> str:
    """Say the short code of a plan and its version, as every document carries it: ``7F3K-2``."""
    return f"{code_letters(plan_id.bytes, _CODE_LENGTH)}-{version}"


def code_letters(content: bytes, length: int) -> str:
    """Turn bytes into so many letters and digits that tell nothing of them; at most twelve."""
    number = int.from_bytes(hashlib.sha256(content).digest()[:8], "big")
    return "".join(_CODE_LETTERS[number >> 5 * n & 31] for n in range(length))


def canonical(content: dict[str, Any]) -> bytes:
    """Write a JSON object in its one canonical form: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def hash_of(content: dict[str, Any]) -> str:
    """
    Return the hash of a JSON object, over its canonical form.

    Raises:
        UnicodeEncodeError: A text in it holds half a character.
    """
    return f"sha256:{hashlib.sha256(canonical(content)).hexdigest()}"
