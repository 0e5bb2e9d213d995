"""
What takes the place of names, free text, ids and dates when patient files are given away.

Everything comes from one random key, so that what belongs together stays together within one
export; with the key nobody can undo it once it is gone. What is not known here to tell nothing of a
person is replaced. Pseudonymised is not anonymous. It must not know files or databases.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import UUID

from ldn_titrate.base import Frozen
from ldn_titrate.entry import Applied, Taken, read_entry
from ldn_titrate.errors import LdnTitrateError, StoreError
from ldn_titrate.identity import short_code
from ldn_titrate.library import load_protocol, protocol_ids, terms
from ldn_titrate.plan import Clinic, Plan
from ldn_titrate.protocol import Protocol
from ldn_titrate.store.lines import Head, PatientFile, chained, of_entry, of_plan, read_plan
from ldn_titrate.store.patient import Patient, code_of
from ldn_titrate.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ldn_titrate.entry import Entry
    from ldn_titrate.store.lines import AnyPlan, Content

_KEY_BYTES: Final = 32
_LEAST_WEEKS: Final = 53
_WEEKS: Final = 520
# Texts that come from a list or name a published thing; every other text is replaced.
KEPT: Final = frozenset(
    {
        "code",
        "instrument",
        "kind",
        "question",
        "scale",
        "scale_version",
        "substance",
        "timezone",
        "unit",
    }
)


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """
    The pseudonyms of one export; made anew for each.

    Attributes:
        key: The secret that all of them come from. It is never written down.
    """

    key: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> Self:
        """Draw a new key."""
        return cls(secrets.token_bytes(_KEY_BYTES))

    def of(self, file: PatientFile) -> PatientFile:
        """
        Return a patient's file with everything replaced, and with a chain of its own.

        Raises:
            StoreError: The dates of a plan or of an entry cannot be moved.
        """
        patient, lines = file
        moved = _Moved(self, timedelta(weeks=self._weeks(patient.id)), file)
        made = self._patient(patient, moved)
        try:
            contents = moved.contents(line.content for line in lines)
        except LdnTitrateError as error:
            raise StoreError(
                f"the file of patient {patient.code} cannot be moved to other dates: {error}"
            ) from None
        return PatientFile(made, list(chained(made.id, Head(0, made.hash), contents)))

    def text(self, text: str) -> str:
        """Return what stands for a text: the same for the same text."""
        return f"text {code_of(self._digest('text', text.encode()))}"

    def id(self, known: UUID) -> UUID:
        """Return the id that takes the place of another one."""
        return UUID(bytes=self._digest("id", known.bytes)[:16], version=4)

    def _patient(self, patient: Patient, moved: _Moved) -> Patient:
        new_id = self.id(patient.id)
        name = f"Patient {code_of(new_id.bytes)}"
        return Patient(id=new_id, name=name, created_at=moved.value("", patient.created_at))

    def _weeks(self, patient: UUID) -> int:
        drawn = int.from_bytes(self._digest("weeks", patient.bytes), "big")
        return _LEAST_WEEKS + drawn % _WEEKS

    def _digest(self, purpose: str, content: bytes) -> bytes:
        return hmac.digest(self.key, purpose.encode() + b":" + content, "sha256")


class _Moved:
    """The file of one patient on its way to other dates and names."""

    def __init__(self, pseudonyms: Pseudonyms, by: timedelta, file: PatientFile) -> None:
        self._pseudonyms = pseudonyms
        self._by = by
        plans = [one.content for one in file.lines if one.content.plan]
        zones = [read_plan(one.kind, one.data).timezone for one in plans[-1:]]
        self._zone = load_zone(zones[0]) if zones else UTC
        self._codes = {_letters(one.plan): pseudonyms.id(one.plan) for one in plans if one.plan}

    def contents(self, contents: Iterable[Content]) -> list[Content]:
        """Move lines; of a plan that was only signed in between, one line is left."""
        moved = map(self._content, contents)
        return list({content.id: content for content in moved}.values())

    def _content(self, content: Content) -> Content:
        if content.plan:
            return of_plan(self._plan(read_plan(content.kind, content.data)))
        entry = read_entry(content.data)
        moved: Entry = self.value("", entry)
        if isinstance(entry, Taken | Applied) and entry.at:
            moved = moved.replace(at=self._by_the_clock(entry))
        return of_entry(moved)

    def _plan(self, plan: AnyPlan) -> AnyPlan:
        bare = {"patient": None, "clinic": Clinic()}
        if isinstance(plan, Plan):
            unsigned: AnyPlan = plan.replace(signatures=(), given_out=(), **bare)
        else:
            unsigned = plan.replace(signature=None, **bare)
        moved: AnyPlan = self.value("", unsigned)
        return moved

    def value(self, name: str, value: Any) -> Any:  # noqa: ANN401  # of any field of any line
        """Move the value of a field."""
        rules: tuple[tuple[type, Callable[[Any], Any]], ...] = (
            (Protocol, self._protocol),
            (Frozen, self._model),
            (tuple, lambda items: tuple(self.value(name, item) for item in items)),
            (UUID, self._pseudonyms.id),
            (date, lambda day: day + self._by),  # or an instant, which is a date, too
            (Enum, lambda member: member),
            (str, partial(self._text, name)),
        )
        return next((rule(value) for kind, rule in rules if isinstance(value, kind)), value)

    def _model(self, model: Frozen) -> Frozen:
        fields = {name: self.value(name, getattr(model, name)) for name in type(model).model_fields}
        return type(model)(**fields)

    def _protocol(self, protocol: Protocol) -> Protocol:
        """Keep a protocol of the library, which says nothing of anybody."""
        if protocol.id in protocol_ids() and protocol == load_protocol(protocol.id):
            return protocol
        words = dict.fromkeys(("id", "title", "certainty"), "replaced")
        moved = protocol.as_of + self._by
        return protocol.replace(**words, sources=("replaced",), as_of=moved)

    def _by_the_clock(self, entry: Taken | Applied) -> datetime | None:
        """Keep the wall clock of what was taken, which summer time would move by an hour."""
        told = entry.timezone if isinstance(entry, Taken) else None
        zone = load_zone(told) if told else self._zone
        return (entry.at.astimezone(zone) + self._by).astimezone(UTC) if entry.at else None

    def _text(self, name: str, text: str) -> str | None:
        if name == "plan":
            letters, _, version = text.partition("-")
            known = self._codes.get(letters)
            return short_code(known, int(version)) if known else None
        return text if name in KEPT or _is_listed(name, text) else self._pseudonyms.text(text)


def _is_listed(name: str, text: str) -> bool:
    """Whether an adverse event is named by a word of the library, which is nobody's own."""
    return name == "term" and text.casefold() in {one.term for one in terms()}


def _letters(plan: UUID | None) -> str:
    return short_code(plan, 1).partition("-")[0] if plan else ""
