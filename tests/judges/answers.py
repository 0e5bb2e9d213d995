"""What the judges answer, and how one in a process of its own is asked about many files at once."""

from __future__ import annotations

import base64
import json
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Occurrence: TypeAlias = tuple[str, date]
"""The UID of an event, and when it falls: a UTC instant, a floating time, or a whole day."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a judge says of one file."""

    faults: list[str]
    occurrences: list[Occurrence]


def ask(
    command: Sequence[str], files: Sequence[bytes], environment: Mapping[str, str]
) -> list[Answer]:
    """
    Let a process judge files.

    It reads a JSON list of files in base64 and writes a JSON list of answers, each with its
    ``faults`` and its ``occurrences``: pairs of a UID and a time in the basic form of RFC 5545.
    """
    question = json.dumps([base64.b64encode(file).decode() for file in files])
    process = subprocess.run(
        command, input=question, capture_output=True, text=True, check=False, env=environment
    )
    assert process.returncode == 0, process.stderr
    return [_answer(one) for one in json.loads(process.stdout)]


def in_order(occurrences: list[Occurrence]) -> list[Occurrence]:
    """Sort by UID and time, so that the answers of two judges can be compared."""
    return sorted(occurrences, key=lambda one: (one[0], one[1].isoformat()))


def _answer(told: dict[str, Any]) -> Answer:
    occurrences = [(uid, _moment(text)) for uid, text in told["occurrences"]]
    return Answer(told["faults"], in_order(occurrences))


def _moment(text: str) -> date:
    if "T" not in text:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text.removesuffix("Z"))
    return moment.replace(tzinfo=UTC) if text.endswith("Z") else moment
