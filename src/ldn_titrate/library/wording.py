"""
Wording: a reviewed sentence with its sources, and all that is said in one language.

The words themselves are data (`ldn_titrate.library.sentences`, `catalogue`). It must not know who
prints them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from ldn_titrate.base import Frozen, Name, Note
from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.text import NO_BREAK_SPACE, NOTE_LENGTH, fit


class Audience(StrEnum):
    """Who reads a sentence."""

    PATIENT = "patient"
    CLINICIAN = "clinician"


class Sentence(Frozen):
    """
    One reviewed text that a document prints.

    Attributes:
        id: A stable name, ``section.name``.
        text: The words, with ``{fields}`` for what a plan gives.
        audience: Who reads it.
        sources: Ids of the evidence it rests on.
        reviewed: Whether it was checked, word for word, against those sources.
    """

    id: Annotated[str, Field(pattern=r"^[a-z]+\.[a-z-]+$")]
    text: Note
    audience: Audience = Audience.PATIENT
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    reviewed: bool


def _fit_keeping_no_breaks(text: str) -> str:
    """Check a text as any other, but keep its no-break spaces: a language may need them."""
    if fit(text, limit=NOTE_LENGTH) != text.replace(NO_BREAK_SPACE, " "):
        raise LdnTitrateError("this text has spaces at its ends, or several in a row")
    return text


class Catalogue(Frozen):
    """
    What the documents say in one language.

    Attributes:
        language: A BCP 47 tag, such as ``nl``.
        name: What the language calls itself.
        reviewed: Whether somebody who speaks it checked each text against the English one.
        texts: The texts by section and name, with ``{fields}`` for what a plan gives. English ones
            are labels and headings only; its sentences stand with their sources.
    """

    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
    name: Name
    reviewed: bool
    texts: dict[
        Annotated[str, Field(pattern=r"^[a-z]+$")],
        dict[
            Annotated[str, Field(pattern=r"^[a-z-]+$")],
            Annotated[str, AfterValidator(_fit_keeping_no_breaks)],
        ],
    ]

    @property
    def by_id(self) -> dict[str, str]:
        """Each text under its id, ``section.name``."""
        return {
            f"{section}.{name}": text
            for section, texts in self.texts.items()
            for name, text in texts.items()
        }
