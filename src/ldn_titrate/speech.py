"""
The one speech of the documents: texts by id, and every date, dose and unit in words, by language.

English is the library's own and needs nothing else. Another language takes the names of its days
and months and its decimal sign from Babel, and its words from a catalogue of the library. What
must not break at the end of a line is held together here. It must not know plans or documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from ldn_titrate import words
from ldn_titrate.dose import plain
from ldn_titrate.errors import ExportError
from ldn_titrate.library import ENGLISH as _ENGLISH
from ldn_titrate.library import catalogue, languages, texts
from ldn_titrate.product import OralLiquid, Solid
from ldn_titrate.text import NO_BREAK_SPACE, no_break

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, time
    from decimal import Decimal

    from ldn_titrate.dose import Dose
    from ldn_titrate.product import Product, Units

# Day, month in letters and year, each in the order of the language.
_LONG: Final = "yMMMEd"
_SHORT: Final = "MMMd"
_WEEKDAY: Final = "E"

_TOGETHER: Final = re.compile(
    r"(?<=\d) (?=(?:mg|mL|g|points|people|weeks)\b)|(?<=n) (?==)|(?<==) "
    r"|(?<=\b[A-Z][a-z]{2}) (?=\d{1,4}\b)|(?<=\d) (?=[A-Z][a-z]{2}\b)"  # Tue 1 Dec 2026
)


@dataclass(frozen=True, slots=True)
class Speech:
    """
    How a language says what a document needs.

    Attributes:
        language: A BCP 47 tag; see `speech_in`.
    """

    language: str

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody who speaks the language checked its texts."""
        return catalogue(self.language).reviewed

    def say(self, phrase: str, **fields: str) -> str:
        """Return the words of a text by its id, with its fields filled in."""
        return texts(self.language)[phrase].format(**fields).strip()

    def section(self, name: str, **fields: str) -> tuple[str, ...]:
        """Return the texts whose id begins with *name* and a point, in their order."""
        return self.lines(f"{name}.", **fields)

    def lines(self, begin: str, **fields: str) -> tuple[str, ...]:
        """Return the texts whose id begins just so, in their order."""
        ids = (one for one in texts(self.language) if one.startswith(begin))
        return tuple(self.say(one, **fields) for one in ids)

    def english(self, words: str) -> str:
        """Mark words that are English in every language: the empty line before is for its own."""
        return words if self._is_english else f"\n{words}"

    def weekday(self, day: date) -> str:
        """Say the weekday: ``Tue``."""
        return words.weekday(day) if self._is_english else self._date(_WEEKDAY, day)

    def short_date(self, day: date) -> str:
        """Say day and month: ``1 Dec``."""
        return no_break(words.short_date(day) if self._is_english else self._date(_SHORT, day))

    def long_date(self, day: date) -> str:
        """Say the whole date: ``Tue 1 Dec 2026``."""
        return no_break(words.long_date(day) if self._is_english else self._date(_LONG, day))

    def days(self, first: date, last: date | None) -> str:
        """Say from when to when, or only from when on."""
        if last is None:
            return self.say("days.open", first=self.long_date(first))
        return self.say("days.range", first=self.long_date(first), last=self.long_date(last))

    def clock(self, time_of_day: time) -> str:
        """Say a time of day on the 24-hour clock, in every language: ``22:00``."""
        return words.clock(time_of_day)

    def number(self, number: Decimal | int) -> str:
        """Write a number exactly, with the decimal sign of the language."""
        sign = "." if self._is_english else _decimal_sign(self.language)
        return plain(number).replace(".", sign)

    def dose(self, dose: Dose) -> str:
        """Say a dose: ``1.5 mg``."""
        return no_break(f"{self.number(dose.mg)} mg")

    def units(self, units: Sequence[Units]) -> str:
        """Say what makes up a dose: ``1 capsule of 3 mg and 1 capsule of 1.5 mg``."""
        return self.listed([self._amount(one, "unit") for one in units])

    def cell(self, units: Units, *, strengths: int) -> str:
        """Say units in the few letters of a cell, with the strength where it could be mixed up."""
        if isinstance(units.product, Solid) and strengths > 1:
            fields = {"count": self.number(units.amount)}
            strength = self.dose(units.product.strength)
            return no_break(self.say("cell.strength", strength=strength, **fields))
        return self._amount(units, "cell")

    def label(self, product: Product) -> str:
        """Say form and strength, as on the pharmacy's label: ``capsule 1.5 mg``."""
        kind, fields = _strength(self, product)
        whole = kind == "liquid" and fields["volume"] != "1"
        return no_break(self.say(f"product.{kind}{'-in' if whole else ''}", **fields))

    def listed(self, parts: Sequence[str]) -> str:
        """Join parts with commas and a last *and*."""
        if len(parts) < 2:  # noqa: PLR2004  # a list needs two
            return "".join(parts)
        *others, last = parts
        return self.say("list.last", others=", ".join(others), last=last)

    def _amount(self, units: Units, section: str) -> str:
        kind, fields = _strength(self, units.product)
        number = "" if kind == "liquid" else "-one" if units.amount == 1 else "-other"
        count = self.number(units.amount)
        return no_break(self.say(f"{section}.{kind}{number}", count=count, **fields))

    @property
    def _is_english(self) -> bool:
        return self.language == _ENGLISH

    def _date(self, skeleton: str, day: date) -> str:
        said: str = _babel().dates.format_skeleton(skeleton, day, locale=self.language)
        return said


ENGLISH: Final = Speech(_ENGLISH)


def held(text: str) -> str:
    """Hold each number and its unit, and each date, in finished English words on one line."""
    return _TOGETHER.sub(NO_BREAK_SPACE, text)


def speech_in(language: str) -> Speech:
    """
    Return the speech of a language.

    Args:
        language: One of `ldn_titrate.library.languages`, such as ``nl``.

    Raises:
        ExportError: No catalogue has this language, or Babel is needed and not installed.
    """
    if language not in languages():
        raise ExportError(
            f"no document is written in {language[:20]!r}; there is {', '.join(languages())}"
        )
    if language != _ENGLISH:
        _babel()
    return Speech(language)


def _strength(speech: Speech, product: Product) -> tuple[str, dict[str, str]]:
    """Say what kind of product it is, and its strength in words."""
    if isinstance(product, OralLiquid):
        volume = speech.number(product.volume_ml)
        return "liquid", {"strength": speech.dose(product.strength), "volume": volume}
    if isinstance(product, Solid):
        return product.form, {"strength": speech.dose(product.strength)}
    raise ExportError(f"there are no words for a {type(product).__name__}")


@cache
def _decimal_sign(language: str) -> str:
    sign: str = _babel().numbers.get_decimal_symbol(language)
    return sign


def _babel() -> Any:  # noqa: ANN401  # a module
    try:
        import babel.dates  # noqa: PLC0415  # an extra, and slow to import
        import babel.numbers  # noqa: PLC0415
    except ImportError:
        raise ExportError(
            "languages other than English need Babel; install ldn-titrate[i18n]"
        ) from None
    return babel
