"""
The plan as text: a JSON envelope with its kind, its schema's number and the hash of its content.

Oral and topical plans are written and read by the same code; only their kind tells them apart. A
file that was cut, edited by hand or written by a later version says so when it is read. This room
must not know where the text is kept.
"""

from __future__ import annotations

import json
from typing import Any, Final, TypeVar

from ldn_titrate.errors import PlanChangedError, PlanError
from ldn_titrate.identity import hash_of
from ldn_titrate.plan import Plan
from ldn_titrate.topical import TopicalPlan

# Each kind is also the name of the commands that read it.
KIND: Final = "ldn-titrate plan"
TOPICAL_KIND: Final = "ldn-titrate cream"
SCHEMA: Final = 1
_KINDS: Final = {Plan: KIND, TopicalPlan: TOPICAL_KIND}
_AnyPlan = TypeVar("_AnyPlan", Plan, TopicalPlan)


def dump_plan(plan: Plan | TopicalPlan) -> str:
    """Write a plan, oral or topical, as the text of a plan file."""
    content = plan.model_dump(mode="json", exclude_none=True)
    kind = _KINDS[type(plan)]
    envelope = {"kind": kind, "schema": SCHEMA, "hash": _hash(content), "plan": content}
    return json.dumps(envelope, indent=2, ensure_ascii=False) + "\n"


def load_plan(text: str) -> Plan:
    """
    Read an oral plan from the text of a plan file.

    Raises:
        PlanChangedError: The content no longer matches the hash that it was written with.
        PlanError: The text is empty, cut, no plan file, one of another kind, or of a newer schema;
            or the plan in it must not exist, with every problem and its place.
    """
    return _load(text, Plan)


def load_topical_plan(text: str) -> TopicalPlan:
    """
    Read a topical plan from the text of a plan file.

    Raises:
        PlanChangedError: The content no longer matches the hash that it was written with.
        PlanError: The text is empty, cut, no plan file, one of another kind, or of a newer schema;
            or the plan in it must not exist, with every problem and its place.
    """
    return _load(text, TopicalPlan)


def load_any_plan(text: str) -> Plan | TopicalPlan:
    """
    Read a plan, oral or topical, from the text of a plan file.

    Raises:
        PlanChangedError: The content no longer matches the hash that it was written with.
        PlanError: See `load_plan`.
    """
    told = _decoded(text)
    is_topical = isinstance(told, dict) and told.get("kind") == TOPICAL_KIND
    return _load(text, TopicalPlan) if is_topical else _load(text, Plan)


def _load(text: str, model: type[_AnyPlan]) -> _AnyPlan:
    envelope = _envelope(text, _KINDS[model])
    content = envelope.get("plan")
    if not isinstance(content, dict):
        raise PlanError("this plan file holds no plan")
    if envelope.get("hash") != _hash(content):
        raise PlanChangedError(
            "this plan file was changed after it was written: its content no longer matches its "
            "hash. Make a new plan, or go back to the file as it was written"
        )
    return model.from_json(json.dumps(content))


def _envelope(text: str, wanted: str) -> dict[str, Any]:
    found = _decoded(text)
    envelope = found if isinstance(found, dict) else {}
    kind = envelope.get("kind")
    if kind != wanted:
        raise PlanError(_other_kind(kind, wanted))
    _check_schema(envelope.get("schema"))
    return envelope


def _decoded(text: str) -> object:
    if not text.strip():
        raise PlanError("this plan file is empty")
    try:
        return json.loads(text, object_pairs_hook=_without_doubles)
    except PlanError:
        raise
    except (ValueError, RecursionError):
        raise PlanError("this plan file is cut or damaged: it is no JSON") from None


def _other_kind(kind: object, wanted: str) -> str:
    if isinstance(kind, str) and kind in _KINDS.values():
        return f"this file is of the kind {kind!r}, not {wanted!r}; the commands '{kind}' read it"
    return f"this is no plan file: a JSON object of the kind {wanted!r} is expected"


def _check_schema(schema: object) -> None:
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise PlanError("this plan file has no schema number")
    if schema > SCHEMA:
        raise PlanError(
            f"this plan file has schema {schema}; this version of ldn-titrate reads up to {SCHEMA}."
            " Install a newer version to open it"
        )


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise PlanError("this plan file names a field twice")
    return fields


def _hash(content: dict[str, Any]) -> str:
    """Hash a plan's content; half a character in it is a damage that no writer makes."""
    try:
        return hash_of(content)
    except UnicodeEncodeError:
        raise PlanError("this plan file is damaged: it holds half a character") from None
