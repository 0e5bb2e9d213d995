"""
The library's data: protocols, the sentences that people read, and the evidence behind them.

Each TOML file stands beside this loader. What is loaded is checked once and then shared. It must
not know plans or documents.
"""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Annotated, Final, Self, TypeVar

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError, model_validator

from ldn_titrate.base import Frozen, Name, Note
from ldn_titrate.errors import LdnTitrateError, ProtocolError, problems
from ldn_titrate.instrument import Instrument, Measurable, Scale, Term
from ldn_titrate.proposal import RedFlag, Rule
from ldn_titrate.protocol import Protocol
from ldn_titrate.screening import Opioid, Question, Screener
from ldn_titrate.text import NO_BREAK_SPACE, NOTE_LENGTH, fit

_Entry = TypeVar("_Entry")
_HERE = files(__name__)
DEFAULT_PROTOCOL: Final = "ldn-oral-1.5mg-14d"
ENGLISH: Final = "en"
AS_OF: Final = date(2026, 11, 22)
"""The day on which the evidence as a whole was last looked at."""


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


@cache
def protocol_ids() -> tuple[str, ...]:
    """Return the ids of the shipped protocols, the default first."""
    names = (file.name for file in _HERE.joinpath("protocols").iterdir())
    ids = {name.removesuffix(".toml") for name in names if name.endswith(".toml")}
    return (DEFAULT_PROTOCOL, *sorted(ids - {DEFAULT_PROTOCOL}))


@cache
def load_protocol(protocol_id: str = DEFAULT_PROTOCOL) -> Protocol:
    """
    Load a shipped protocol; without an id, the default one.

    Raises:
        ProtocolError: No protocol has this id; close ids are suggested.
    """
    if protocol_id not in protocol_ids():
        close = get_close_matches(protocol_id, protocol_ids(), n=2, cutoff=0.5)
        hint = (
            f"did you mean {' or '.join(close)}?"
            if close
            else f"there is {', '.join(protocol_ids())}"
        )
        raise ProtocolError(f"unknown protocol {protocol_id[:60]!r}; {hint}")
    return Protocol.from_toml(_read(f"protocols/{protocol_id}.toml"))


@cache
def sentences() -> dict[str, Sentence]:
    """Return every sentence by its id, in the order of the file."""
    return {one.id: one for one in _load(TypeAdapter(tuple[Sentence, ...]), "sentences")}


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that documents can be had in, English first."""
    names = (file.name for file in _HERE.joinpath("phrases").iterdir())
    found = {name.removesuffix(".toml") for name in names if name.endswith(".toml")}
    return (ENGLISH, *sorted(found - {ENGLISH}))


@cache
def catalogue(language: str = ENGLISH) -> Catalogue:
    """
    Load what the documents say in a language.

    Raises:
        LdnTitrateError: There is no such language, or its catalogue is not whole: each id that is
            missing, not known or has other fields than in English is named.
    """
    if language not in languages():
        raise LdnTitrateError(
            f"no document is written in {language[:20]!r}; there is {', '.join(languages())}"
        )
    told = Catalogue.from_json(json.dumps(tomllib.loads(_read(f"phrases/{language}.toml"))))
    if language != ENGLISH and (faults := not_whole(told.by_id)):
        raise LdnTitrateError(f"phrases/{language}.toml is not whole: {'; '.join(faults)}")
    return told


@cache
def texts(language: str = ENGLISH) -> dict[str, str]:
    """Return every text that a document says by its id, in the order of the English files."""
    told = catalogue(language).by_id
    if language == ENGLISH:
        return {one.id: one.text for one in sentences().values()} | told
    return {key: told[key] for key in texts()}


def not_whole(told: dict[str, str]) -> list[str]:
    """Say what keeps texts by id from being a translation of the English ones."""
    wanted = texts()
    faults = [f"{key} is missing" for key in wanted if key not in told]
    faults += [f"{key} is not known" for key in told if key not in wanted]
    return faults + [
        f"{key} has not the fields of the English text"
        for key, text in told.items()
        if key in wanted and _fields(text) != _fields(wanted[key])
    ]


def _fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(text)} - {None}


@cache
def evidence() -> dict[str, Evidence]:
    """Return every piece of evidence by its id."""
    return {one.id: one for one in _load(TypeAdapter(tuple[Evidence, ...]), "evidence")}


def find_evidence(
    condition: Condition | None = None, route: Route | None = None
) -> tuple[Evidence, ...]:
    """
    Find evidence, in the order of the file.

    Args:
        condition: Only what is about just this condition.
        route: Only what was found by this route, or holds for any.
    """
    return tuple(
        one
        for one in evidence().values()
        if condition in {None, one.condition} and (route is None or one.route in {route, Route.ANY})
    )


@cache
def screener() -> Screener:
    """Return the questions of the screening, and the opioids that it knows."""
    return Screener(
        questions=_load(TypeAdapter(tuple[Question, ...]), "screening"),
        opioids=_load(TypeAdapter(tuple[Opioid, ...]), "opioids"),
    )


@cache
def instruments() -> dict[str, Instrument]:
    """Return every instrument by its id."""
    return {one.id: one for one in _load(TypeAdapter(tuple[Instrument, ...]), "instruments")}


@cache
def measurables() -> dict[str, Measurable]:
    """Return everything that is measured by its id."""
    return {one.id: one for one in _load(TypeAdapter(tuple[Measurable, ...]), "measurements")}


@cache
def scales() -> dict[str, Scale]:
    """Return every scale of grades by its name."""
    adapter = TypeAdapter(tuple[Scale, ...])
    return {one.name: one for one in _load(adapter, "adverse_events", "scales")}


@cache
def terms() -> tuple[Term, ...]:
    """Return every adverse event that is known by name."""
    return _load(TypeAdapter(tuple[Term, ...]), "adverse_events")


@cache
def review_rules() -> dict[str, Rule]:
    """Return every rule of the review by its id, in the order in which they are told."""
    return {one.id: one for one in _load(TypeAdapter(tuple[Rule, ...]), "review", "rules")}


@cache
def red_flags() -> tuple[RedFlag, ...]:
    """Return the words in a patient's own text that a clinician reads at once."""
    return _load(TypeAdapter(tuple[RedFlag, ...]), "review", "red_flags")


def section(name: str) -> tuple[Sentence, ...]:
    """Return the sentences whose id begins with *name*, in the order of the file."""
    return tuple(one for key, one in sentences().items() if key.startswith(f"{name}."))


def _read(name: str) -> str:
    return _HERE.joinpath(name).read_text(encoding="utf-8")


def _load(
    adapter: TypeAdapter[tuple[_Entry, ...]], name: str, table: str | None = None
) -> tuple[_Entry, ...]:
    try:
        return adapter.validate_json(
            json.dumps(tomllib.loads(_read(f"{name}.toml"))[table or name], default=str)
        )
    except ValidationError as error:
        raise LdnTitrateError(f"{name}.toml: {problems(error)}") from None
