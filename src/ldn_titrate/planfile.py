"""
The plan as text: a JSON envelope with its schema's number and the hash of what it holds.

A file that was cut, edited by hand or written by a later version says so when it is read. It must
not know where the text is kept.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from ldn_titrate.errors import PlanChangedError, PlanError
from ldn_titrate.plan import Plan, canonical

KIND: Final = "ldn-titrate plan"
SCHEMA: Final = 1


def dump_plan(plan: Plan) -> str:
    """Write a plan as the text of a plan file."""
    content = plan.model_dump(mode="json", exclude_none=True)
    envelope = {"kind": KIND, "schema": SCHEMA, "hash": _hash(content), "plan": content}
    return json.dumps(envelope, indent=2, ensure_ascii=False) + "\n"


def load_plan(text: str) -> Plan:
    """
    Read a plan from the text of a plan file.

    Raises:
        PlanChangedError: The content no longer matches the hash that it was written with.
        PlanError: The text is empty, cut, no plan file, or of a newer schema; or the plan in it
            must not exist, with every problem and its place.
    """
    envelope = _envelope(text)
    content = envelope.get("plan")
    if not isinstance(content, dict):
        raise PlanError("this plan file holds no plan")
    if envelope.get("hash") != _hash(content):
        raise PlanChangedError(
            "this plan file was changed after it was written: its content no longer matches its "
            "hash. Make a new plan, or go back to the file as it was written"
        )
    return Plan.from_json(json.dumps(content))


def _envelope(text: str) -> dict[str, Any]:
    if not text.strip():
        raise PlanError("this plan file is empty")
    try:
        envelope = json.loads(text, object_pairs_hook=_without_doubles)
    except PlanError:
        raise
    except (ValueError, RecursionError):
        raise PlanError("this plan file is cut or damaged: it is no JSON") from None
    if not isinstance(envelope, dict) or envelope.get("kind") != KIND:
        raise PlanError(f"this is no plan file: a JSON object of the kind {KIND!r} is expected")
    _check_schema(envelope.get("schema"))
    return envelope


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
        raw = canonical(content)
    except UnicodeEncodeError:
        raise PlanError("this plan file is damaged: it holds half a character") from None
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"
