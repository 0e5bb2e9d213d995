"""
Text that people typed: the one function that makes it fit to store and to print.

It holds no words of the library's own, and must not know where the text will appear.
"""

from __future__ import annotations

import re
import unicodedata

from ldn_titrate.errors import LdnTitrateError

NAME_LENGTH = 80
NOTE_LENGTH = 500
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

_SEPARATORS = frozenset({"Cc", "Cs", "Zl", "Zp", "Co", "Cn"})
_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_VISIBLE = frozenset("LNPS")
_SPACES = re.compile(r"\s+")


def fit(text: str, *, limit: int = NAME_LENGTH) -> str:
    """
    Return the text in Unicode's composed form (NFC), with single spaces and none at the ends.

    Raises:
        LdnTitrateError: The text is empty or longer than *limit*, or it holds a control character,
            a line break, a text-direction control or an angle bracket. It is never quoted.
    """
    if refused := _forbidden_in(text):
        raise LdnTitrateError(refused)
    fitted = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if not any(unicodedata.category(character)[0] in _VISIBLE for character in fitted):
        raise LdnTitrateError("this text is empty; leave it out instead")
    if len(fitted) > limit:
        raise LdnTitrateError(
            f"this text has {len(fitted)} characters; at most {limit} are allowed"
        )
    return fitted


def _forbidden_in(text: str) -> str | None:
    for place, character in enumerate(text, start=1):
        if kind := _forbidden(character):
            return f"character {place} of this text is {kind}, which is not allowed"
    return None


def _forbidden(character: str) -> str | None:
    if character in _BIDI_CONTROLS:
        return f"a text-direction control (U+{ord(character):04X})"
    if unicodedata.category(character) in _SEPARATORS:
        return f"a control character or line break (U+{ord(character):04X})"
    return "an angle bracket" if character in "<>" else None


def no_break(text: str) -> str:
    """Put a no-break space for each space, so that no line ends inside a dose or a date."""
    return text.replace(" ", NO_BREAK_SPACE)
