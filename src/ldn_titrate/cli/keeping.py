"""How the commands make an entry and keep it, and say at once what in it cannot wait."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID, uuid4

from ldn_titrate.cli.chosen import Chosen
from ldn_titrate.cli.common import note, tell
from ldn_titrate.entry import DayEntry, Remark, Void
from ldn_titrate.errors import RecordError
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.reading import reading
from ldn_titrate.review import Review, red_flags_in, review
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ldn_titrate.cli.chosen import AnyChosen
    from ldn_titrate.entry import Entry
    from ldn_titrate.record import Record
    from ldn_titrate.store import Patient, Store

UNWATCHED: Final = "Nobody watches these notes. In an emergency call for help."
RED_FLAGS_ONLY: Final = Finding(
    "review.red-flags-only",
    Severity.NOTE,
    "only red flags were looked for; every other rule needs a plan by mouth",
    "plan",
)
_SHOWN_ID: Final = 8
Kind = TypeVar("Kind", bound=DayEntry)


def now() -> datetime:
    """Return the moment at which an entry is written."""
    return datetime.now(UTC)


def make(
    kind: type[Kind],
    chosen: AnyChosen,
    by: str,
    entry_id: UUID | None = None,
    **fields: Any,  # noqa: ANN401  # what one kind of entry has and another has not
) -> Kind:
    """Make an entry that is written now, under the patient's plan."""
    made: Kind = kind(
        id=entry_id or uuid4(),
        written_at=now(),
        by=by,
        plan=chosen.plan.code,
        **fields,
    )
    return made


def keep(files: Store, chosen: AnyChosen, entry: DayEntry) -> None:
    """
    Add an entry, and say at once what in it cannot wait.

    Raises:
        StoreConflict: Somebody else added to the file since it was read.
        StoreError: An entry with this id is kept already and says something else.
    """
    if not append(files, chosen.patient, chosen.record, entry, expected=chosen.version):
        return
    tell_urgent(chosen, [entry])
    tell(_odd_about(chosen, entry))
    if isinstance(entry, Remark):
        note(UNWATCHED)


def _odd_about(chosen: AnyChosen, entry: DayEntry) -> Iterator[Finding]:
    """Yield what is odd about a new entry, beside the plan and beside the rest of its day."""
    if not isinstance(chosen, Chosen):
        return
    record = chosen.record.with_lines([entry])
    read = reading(chosen.schedule, record, max(chosen.today, entry.day))
    yield from read.check(entry)
    same_day = tuple(one for one in record.entries if one.day == entry.day and read.counts(one))
    if entry in same_day:
        yield from read.check_day(entry.day, same_day)


def append(
    files: Store, patient: Patient, record: Record, entry: Entry, *, expected: int | None = None
) -> bool:
    """Add an entry, and say so; False for one that is kept already, whenever it was sent first."""
    if _is_kept(record, entry):
        note("this entry is kept already")
        return False
    files.append(patient, [entry], expected=expected)
    about = "" if isinstance(entry, Void) else f" for {long_date(entry.day)}"
    note(f"kept {entry.kind} {shown_id(entry.id)}{about}")
    return True


def _is_kept(record: Record, entry: Entry) -> bool:
    """Whether it was sent before: the same but for when it was written, and under which version."""
    kept = next((one for one in record.lines if one.id == entry.id), None)
    return kept is not None and kept == entry.replace(written_at=kept.written_at, plan=kept.plan)


def tell_urgent(chosen: AnyChosen, entries: Sequence[Entry]) -> None:
    """Say each urgent proposal of the review that rests on one of these entries."""
    days = [one.day for one in entries if not isinstance(one, Void)]
    if not days:
        return
    new = {one.id for one in entries}
    found = look_through(chosen, chosen.record.with_lines(entries), max(chosen.today, *days))
    for one in found.proposals:
        if one.urgent and new.intersection(one.entries):
            note(f"URGENT: {one.reason}")


def look_through(chosen: AnyChosen, record: Record, as_of: date) -> Review:
    """Review a record; where there is no plan by mouth, look for red flags only, and say so."""
    if isinstance(chosen, Chosen):
        return review(chosen.plan, record, as_of)
    return Review((RED_FLAGS_ONLY,), red_flags_in(record.up_to(as_of)))


def shown_id(entry_id: UUID) -> str:
    """Return as much of an entry's id as tells it from the others of a patient."""
    return str(entry_id)[:_SHOWN_ID]


def find_entry(record: Record, told: str) -> Entry:
    """
    Return the one line whose id begins with what was typed.

    Raises:
        RecordError: No line, or more than one, begins so.
    """
    found = [one for one in record.lines if told and str(one.id).startswith(told.lower())]
    if len(found) != 1:
        how_many = "no entry begins" if not found else f"{len(found)} entries begin"
        raise RecordError(f"{how_many} with {told[:40]!r}; 'record show' lists them")
    return found[0]
