"""
Proposals: what the library puts in front of a prescriber, with the entries and sources behind it.

A proposal is a value and does nothing. Where the record cannot carry one, that is told as a
proposal, too. The rules' words and sources are data (`ldn_titrate.library`). It must not know
records or plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from ldn_titrate.base import Frozen, Note

if TYPE_CHECKING:
    from uuid import UUID


class Action(StrEnum):
    """What a prescriber may want to consider."""

    READ = "read what was written now"
    STOP_AND_CONTACT = "stop and contact"
    RESCREEN = "ask the questions again"
    CONTACT = "contact the patient"
    STEP_BACK = "consider a step back"
    STAY = "consider staying at this dose"
    MORNING = "consider a morning dose"
    DECIDE = "decide whether to go on"
    VISIT = "see the patient"
    REFILL = "see to the supply"
    NO_PROPOSAL = "no proposal"
    CONTINUE = "continue as signed"


class Rule(Frozen):
    """
    One rule of the review, as data.

    Attributes:
        id: Its id.
        action: What it proposes.
        words: Why, with fields to fill in.
        urgent: Whether it is read before everything else.
        sources: Ids of the evidence.
    """

    id: Annotated[str, Field(pattern=r"^[a-z]+(?:-[a-z]+)*$")]
    action: Action
    words: Note
    urgent: bool = False
    sources: Annotated[tuple[str, ...], Field(min_length=1)]


class FlagWords(Frozen):
    """
    The words of a red flag in one language.

    Attributes:
        language: A BCP 47 tag, such as ``nl``.
        reviewed: Whether somebody who speaks it checked them.
        terms: The words; each word of a term must be there, slips of the pen allowed.
    """

    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
    reviewed: bool
    terms: Annotated[tuple[Note, ...], Field(min_length=1)]


class RedFlag(Frozen):
    """
    Words in a patient's own text that a clinician reads at once.

    Attributes:
        about: What they may be about.
        words: The words by language; all are looked for, whatever language a document has.
        sources: Ids of the evidence.
    """

    about: Note
    words: Annotated[tuple[FlagWords, ...], Field(min_length=1)]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of all languages."""
        return tuple(term for one in self.words for term in one.terms)


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    What one rule has to say about one patient.

    Attributes:
        rule: The rule's id.
        action: What the prescriber may want to consider.
        reason: Why, in words.
        urgent: Whether it is read before everything else.
        entries: The entries that it rests on.
        sources: Ids of the evidence.
    """

    rule: str
    action: Action
    reason: str
    urgent: bool
    entries: tuple[UUID, ...]
    sources: tuple[str, ...]

    def __str__(self) -> str:
        """Say it on one line."""
        return f"{'URGENT ' if self.urgent else ''}{self.action}: {self.reason}"
