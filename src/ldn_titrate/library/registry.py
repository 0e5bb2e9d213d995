"""
Evidence: what one piece of it says, where it comes from, and how much it can bear.

The pieces themselves are data (`ldn_titrate.library.evidence`). It must not know who rests on them.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from ldn_titrate.base import Frozen, Name, Note
from ldn_titrate.errors import LdnTitrateError

AS_OF: Final = date(2026, 11, 22)
"""The day on which the evidence as a whole was last looked at."""


class Condition(StrEnum):
    """What a piece of evidence is about; general where it is about no one condition."""

    FIBROMYALGIA = "fibromyalgia"
    CHRONIC_PAIN = "chronic-pain"
    CROHN = "crohn"
    MULTIPLE_SCLEROSIS = "multiple-sclerosis"
    LONG_COVID = "long-covid"
    COVID_CLOTTING = "covid-clotting"
    INSULIN_RESISTANCE = "insulin-resistance"
    PRURITUS = "pruritus"
    PSORIASIS = "psoriasis"
    DERMATOLOGY = "dermatology"
    GENERAL = "general"


class Route(StrEnum):
    """How the naltrexone was given."""

    ORAL = "oral"
    TOPICAL = "topical"
    ANY = "any"


class Kind(StrEnum):
    """What sort of thing a piece of evidence is."""

    META_ANALYSIS = "meta-analysis"
    RCT = "RCT"
    CROSSOVER = "crossover RCT"
    DOSE_FINDING = "dose-finding study"
    REGISTER = "register study"
    RETROSPECTIVE = "retrospective"
    BEFORE_AFTER = "before and after"
    PILOT = "open pilot"
    CASES = "case series"
    EX_VIVO = "ex vivo"
    IN_VITRO = "in vitro"
    ANIMALS = "cells and mice"
    SYSTEMATIC_REVIEW = "systematic review"
    REVIEW = "review"
    COMMENTARY = "commentary"
    UNRESOLVED = "unresolved reference"
    REFERENCES = "reference list"
    SEED = "seed statement"
    SETTLEMENT = "settled conflict"
    TITRATION = "titration"
    LABEL = "label"
    PRACTICE = "practice"
    DEFINITION = "definition"


class Level(StrEnum):
    """How much a piece of evidence can bear, by how it came about; the strongest first."""

    POOLED = "pooled randomised trials"
    RANDOMISED = "randomised trial"
    COMPARED = "comparison, not randomised"
    BEFORE_AFTER = "before and after, no control group"
    CASES = "single cases, no control group"
    LABORATORY = "cells or animals, not people"
    OPINION = "review or opinion"
    LABEL = "label"
    PRACTICE = "practice"
    OWN = "this project's own"
    UNREVIEWED = "unreviewed document"
    UNKNOWN = "not known"


class Outcome(StrEnum):
    """Whether people told the outcome, or somebody measured it."""

    SUBJECTIVE = "subjective"
    OBJECTIVE = "objective"


class Seed(StrEnum):
    """One of the three documents with which the project began; none is a reviewed paper."""

    A = "A"
    B = "B"
    C = "C"


class Scheme(StrEnum):
    """Who gave out an identifier."""

    DOI = "doi"
    PMID = "pmid"
    PMC = "pmc"


_IDENTIFIERS: Final = {
    Scheme.DOI: re.compile(r"10\.[0-9]{4,9}/\S+"),
    Scheme.PMID: re.compile("[1-9][0-9]{3,8}"),
    Scheme.PMC: re.compile("PMC[1-9][0-9]{3,8}"),
}


class Identifier(Frozen):
    """
    Where a source can be looked up.

    Attributes:
        scheme: Who gave it out.
        value: The identifier, without its scheme.
        verified: Whether it was seen beside the source itself.
    """

    scheme: Scheme
    value: Name
    verified: bool

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not _IDENTIFIERS[self.scheme].fullmatch(self.value):
            raise LdnTitrateError(f"{self.value!r} is no {self.scheme}")
        return self

    def __str__(self) -> str:
        """Write the identifier as a reference has it."""
        names = {Scheme.DOI: f"doi {self.value}", Scheme.PMID: f"PMID {self.value}"}
        return names.get(self.scheme, self.value) + ("" if self.verified else " (not checked)")


class Evidence(Frozen):
    """
    One piece of evidence that a number or sentence rests on.

    Attributes:
        id: The id that sentences, protocols and bounds name.
        claim: What it says, in this project's words; what was wrong is never repeated.
        basis: Where it comes from and how it was read.
        verified: Whether the source itself was read and says so.
        condition: What it is about.
        route: How the naltrexone was given.
        kind: What sort of thing it is.
        level: How much it can bear.
        study: The study it tells a result of; results of one study have the same name here.
        n: How many people, or how many of them it speaks of.
        result: The number that was found, with its interval where that is known.
        outcome: Whether the result was told or measured.
        headline: The figure that is often quoted from it; it then has a qualifier.
        qualifier: What must be said wherever it is told.
        conflicts: Ids of the settlements that apply to it.
        corrected: Whether a settlement found its source wrong; nothing may rest on it.
        seed: The seed document that states it.
        identifiers: Where its source can be looked up.
        as_of: When it was last looked at.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9-]*$")]
    claim: Note
    basis: Note
    verified: bool
    condition: Condition = Condition.GENERAL
    route: Route = Route.ANY
    kind: Kind = Kind.PRACTICE
    level: Level = Level.PRACTICE
    study: Name | None = None
    n: Annotated[int, Field(gt=0)] | None = None
    result: Note | None = None
    outcome: Outcome | None = None
    headline: Name | None = None
    qualifier: Note | None = None
    conflicts: tuple[str, ...] = ()
    corrected: bool = False
    seed: Seed | None = None
    identifiers: tuple[Identifier, ...] = ()
    as_of: date = AS_OF

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.headline and not self.qualifier:
            raise LdnTitrateError("a figure that is often quoted needs its qualifier")
        if self.corrected and not self.conflicts:
            raise LdnTitrateError("what was corrected names the settlement that corrects it")
        return self

    @property
    def words(self) -> str:
        """What it says, whole: the claim never stands without its result and its qualifier."""
        return " ".join(filter(None, (self.claim, self.result, self.qualifier)))

    @property
    def source(self) -> str:
        """Where it comes from, with every identifier; what was not checked says so."""
        return "; ".join((self.basis.removesuffix("."), *map(str, self.identifiers))) + "."
