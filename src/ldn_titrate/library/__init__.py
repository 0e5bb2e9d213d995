"""
The library's data: protocols, the sentences that people read, and the evidence behind them.

Each TOML file stands beside this loader. What is loaded is checked once and then shared. It must
not know plans or documents.
"""

from __future__ import annotations

import json
import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from ldn_titrate.errors import LdnTitrateError, ProtocolError, problems
from ldn_titrate.instrument import Instrument, Measurable, Scale, Term
from ldn_titrate.library.registry import (
    AS_OF,
    Condition,
    Evidence,
    Identifier,
    Kind,
    Level,
    Outcome,
    Route,
    Scheme,
    Seed,
)
from ldn_titrate.library.wording import Audience, Catalogue, Sentence
from ldn_titrate.proposal import RedFlag, Rule
from ldn_titrate.protocol import Protocol
from ldn_titrate.screening import Opioid, Question, Screener

__all__ = [
    "AS_OF",
    "DEFAULT_PROTOCOL",
    "ENGLISH",
    "Audience",
    "Catalogue",
    "Condition",
    "Evidence",
    "Identifier",
    "Kind",
    "Level",
    "Outcome",
    "Route",
    "Scheme",
    "Seed",
    "Sentence",
    "catalogue",
    "evidence",
    "find_evidence",
    "instruments",
    "languages",
    "load_protocol",
    "measurables",
    "not_whole",
    "protocol_ids",
    "red_flags",
    "review_rules",
    "scales",
    "screener",
    "section",
    "sentences",
    "terms",
    "texts",
]

_Entry = TypeVar("_Entry")
_HERE = files(__name__)
DEFAULT_PROTOCOL: Final = "ldn-oral-1.5mg-14d"
ENGLISH: Final = "en"


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
        beside=_load(TypeAdapter(tuple[str, ...]), "opioids", "beside"),
        lasting=_load(TypeAdapter(tuple[str, ...]), "opioids", "lasting"),
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
