"""
The lines of a patient's file: entries and plans as canonical text, chained by their hashes.

A chain begins from the hash of the patient, and each line's hash covers the one before it, so that
whatever is changed, lost, doubled or moved later no longer fits. It must not know databases.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias
from uuid import UUID, uuid5

from ldn_titrate.entry import Taken, Void, read_entry
from ldn_titrate.errors import LdnTitrateError, StoreError
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.identity import canonical, hash_of
from ldn_titrate.plan import GivenOut, Plan
from ldn_titrate.planfile import dump_plan, load_plan, load_topical_plan
from ldn_titrate.topical import TopicalPlan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ldn_titrate.entry import Entry
    from ldn_titrate.signing import Signature
    from ldn_titrate.store.patient import Patient

AnyPlan: TypeAlias = Plan | TopicalPlan
PLAN, CREAM = "plan", "cream"
_PLAN_KINDS: Final = (PLAN, CREAM)


class Content(NamedTuple):
    """
    What a line says, apart from its place in the chain.

    Attributes:
        id: The id of the line.
        kind: The kind of the entry, or of the plan.
        plan: The id of the plan, if it is one.
        day: The dosing day of an entry.
        micrograms: The dose taken, if it was told.
        written_at: When it was written, in UTC.
        data: The entry or the plan file, as canonical JSON text.
    """

    id: UUID
    kind: str
    plan: UUID | None
    day: date | None
    micrograms: int | None
    written_at: datetime
    data: str


class Line(NamedTuple):
    """
    A line in its place.

    Attributes:
        patient: Whose it is.
        version: Its number in the patient's file, from 1.
        content: What it says.
        prev: The hash of the line before it, or of the patient.
        hash: The hash over all of that.
    """

    patient: UUID
    version: int
    content: Content
    prev: str
    hash: str


class Head(NamedTuple):
    """Where a chain ends: how many lines it has, and the hash of the last one."""

    version: int
    hash: str


class PatientFile(NamedTuple):
    """A patient and all lines of the patient's file."""

    patient: Patient
    lines: Sequence[Line]


def of_entry(entry: Entry) -> Content:
    """Write an entry as a line."""
    data = canonical(entry.model_dump(mode="json", exclude_none=True)).decode()
    return Content(
        id=entry.id,
        kind=entry.kind,
        plan=None,
        day=None if isinstance(entry, Void) else entry.day,
        micrograms=_micrograms(entry),
        written_at=entry.written_at,
        data=data,
    )


def of_plan(plan: AnyPlan) -> Content:
    """Write a plan as a line, whose id comes from what the plan says."""
    data = canonical(json.loads(dump_plan(plan))).decode()
    return Content(
        id=uuid5(plan.id, data),
        kind=PLAN if isinstance(plan, Plan) else CREAM,
        plan=plan.id,
        day=None,
        micrograms=None,
        written_at=plan.written_at,
        data=data,
    )


def of_data(kind: str, data: str) -> Content:
    """
    Take up a line as it was written before, by this version of the library or an older one.

    Raises:
        LdnTitrateError: It is no entry or plan of this kind.
    """
    made = of_plan(read_plan(kind, data)) if kind in _PLAN_KINDS else of_entry(read_entry(data))
    if made.kind != kind:
        raise LdnTitrateError(f"this line is of the kind {made.kind!r}, not {kind!r}")
    line_id = uuid5(made.plan, data) if made.plan else made.id
    return made._replace(id=line_id, data=data)


def read_plan(kind: str, data: str) -> AnyPlan:
    """
    Read the plan of a line.

    Raises:
        PlanError: It cannot be read.
    """
    return load_plan(data) if kind == PLAN else load_topical_plan(data)


def _micrograms(entry: Entry) -> int | None:
    return entry.amount.micrograms if isinstance(entry, Taken) and entry.amount else None


def chained(patient: UUID, head: Head, contents: Iterable[Content]) -> Iterator[Line]:
    """Put contents behind the end of a chain."""
    for version, content in enumerate(contents, start=head.version + 1):
        line = Line(patient, version, content, head.hash, hash_at(patient, version, content, head))
        head = Head(version, line.hash)
        yield line


def hash_at(patient: UUID, version: int, content: Content, before: Head) -> str:
    """Return the hash of a line in its place."""
    return hash_of(
        {
            "patient": str(patient),
            "version": version,
            "prev": before.hash,
            "id": str(content.id),
            "kind": content.kind,
            "plan": str(content.plan),
            "day": str(content.day),
            "micrograms": content.micrograms,
            "written_at": content.written_at.astimezone(UTC).isoformat(),
            "data": content.data,
        }
    )


def check_chain(patient: Patient, lines: Sequence[Line], head: Head | None) -> Iterator[Finding]:
    """
    Walk one patient's chain.

    Args:
        patient: Whose it is.
        lines: All lines of the patient, by their number.
        head: Where the chain ends by what was kept apart; None if that is lost.
    """
    ranks = _ranks(patient.hash, lines)
    siblings = Counter(line.prev for line in lines)
    before = Head(0, patient.hash)
    for line in lines:
        where = f"patient {patient.code}, line {line.version}"
        yield from _check_place(line, before, where)
        yield from _check_line(line, ranks.get(line.hash, line.version), where)
        if siblings[line.prev] > 1:
            words = "two lines follow the same one"
            yield Finding("store.forked", Severity.ERROR, words, where)
        before = Head(line.version, line.hash)
    yield from _check_end(before, head, f"patient {patient.code}")


def _ranks(start: str, lines: Sequence[Line]) -> dict[str, int]:
    """Give each line the place to which the hashes lead, whatever its number says."""
    followers = {line.prev: line for line in reversed(lines)}
    ranks: dict[str, int] = {}
    while (line := followers.get(start)) and line.hash not in ranks:
        ranks[line.hash] = len(ranks) + 1
        start = line.hash
    return ranks


def _check_place(line: Line, before: Head, where: str) -> Iterator[Finding]:
    gap = line.version - before.version - 1
    if gap:
        words = f"lines that are missing before this one: {gap}"
        yield Finding("store.missing", Severity.ERROR, words, where)
    elif line.prev != before.hash and _is_written_at(line, line.version):
        words = "the line that this one follows is not there as it was"
        yield Finding("store.missing", Severity.ERROR, words, where)


def _check_line(line: Line, rank: int, where: str) -> Iterator[Finding]:
    if _is_written_at(line, line.version):
        return
    if _is_written_at(line, rank):
        words = "this line was written in another place"
        yield Finding("store.reordered", Severity.ERROR, words, where)
    else:
        words = "this line was changed after it was written"
        yield Finding("store.changed", Severity.ERROR, words, where)


def _check_end(found: Head, kept: Head | None, where: str) -> Iterator[Finding]:
    if found != kept:
        should = f"it should end with line {kept.version}" if kept else "its kept end is lost"
        words = f"the file ends with line {found.version}; {should}, as that was written"
        yield Finding("store.cut", Severity.ERROR, words, where)


def _is_written_at(line: Line, version: int) -> bool:
    return line.hash == hash_at(line.patient, version, line.content, Head(0, line.prev))


def is_news(kept: AnyPlan, plan: AnyPlan) -> bool:
    """
    Say whether a plan adds a version, a signature or a given-out calendar to the one that is kept.

    A newest version that nobody signed and nothing was given out of may also be written anew.

    Raises:
        StoreError: It says something else than the one that is kept, or it lacks what that has.
    """
    is_same = _agree(kept, plan, min(_version(kept), _version(plan)))
    if is_same and _version(plan) <= _version(kept) and _marks(plan) <= _marks(kept):
        return False
    if not is_same and not _may_be_rewritten(kept, plan):
        raise StoreError(f"plan {plan.code} says something else than the one that is kept")
    if _version(plan) >= _version(kept) and _marks(plan) >= _marks(kept):
        return True
    raise StoreError(
        f"this copy of plan {plan.code} is older than the one that is kept, {kept.code}: it lacks "
        "a version, a signature or a calendar that was given out"
    )


def _may_be_rewritten(kept: AnyPlan, plan: AnyPlan) -> bool:
    newest = _version(kept)
    is_draft = all(mark.version != newest for mark in _marks(kept))
    before = newest == 1 or (newest <= _version(plan) and _agree(kept, plan, newest - 1))
    return is_draft and before and type(kept) is type(plan)


def _agree(kept: AnyPlan, plan: AnyPlan, version: int) -> bool:
    return type(kept) is type(plan) and _content(kept, version) == _content(plan, version)


def _version(plan: AnyPlan) -> int:
    return plan.version if isinstance(plan, Plan) else 1


def _content(plan: AnyPlan, version: int) -> str:
    return (plan.at_version(version) if isinstance(plan, Plan) else plan).content_hash


def _marks(plan: AnyPlan) -> frozenset[Signature | GivenOut]:
    if isinstance(plan, Plan):
        return frozenset((*plan.signatures, *plan.given_out))
    return frozenset(filter(None, [plan.signature]))
