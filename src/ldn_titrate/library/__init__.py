"""
The library's data: protocols, the sentences that people read, and the evidence behind them.

Each TOML file stands beside this loader. What is loaded is checked once and then shared. It must
not know plans or documents.
"""

from __future__ import annotations

import json
import tomllib
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Final, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from ldn_titrate.base import Frozen, Note
from ldn_titrate.errors import LdnTitrateError, ProtocolError, problems
from ldn_titrate.protocol import Protocol

_Entry = TypeVar("_Entry")
_HERE = files(__name__)
DEFAULT_PROTOCOL: Final = "ldn-oral-1.5mg-14d"


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


class Evidence(Frozen):
    """
    One piece of evidence that a number or sentence rests on.

    Attributes:
        id: The id that sentences, protocols and bounds name.
        claim: What it says, in this project's words.
        basis: Where it comes from and how it was read.
        verified: Whether the source itself was read and says so.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9-]*$")]
    claim: Note
    basis: Note
    verified: bool


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
def evidence() -> dict[str, Evidence]:
    """Return every piece of evidence by its id."""
    return {one.id: one for one in _load(TypeAdapter(tuple[Evidence, ...]), "evidence")}


def section(name: str) -> tuple[Sentence, ...]:
    """Return the sentences whose id begins with *name*, in the order of the file."""
    return tuple(one for key, one in sentences().items() if key.startswith(f"{name}."))


def _read(name: str) -> str:
    return _HERE.joinpath(name).read_text(encoding="utf-8")


def _load(adapter: TypeAdapter[tuple[_Entry, ...]], name: str) -> tuple[_Entry, ...]:
    try:
        return adapter.validate_json(json.dumps(tomllib.loads(_read(f"{name}.toml"))[name]))
    except ValidationError as error:
        raise LdnTitrateError(f"{name}.toml: {problems(error)}") from None
