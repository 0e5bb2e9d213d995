"""
The record: every entry of one patient, in the order in which they were written.

Nothing is ever changed or taken out. Entries may arrive in any order and more than once; the record
of the same entries is always the same value. It must not know plans, nor where it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from ldn_titrate.entry import DayEntry, Void, read_entry
from ldn_titrate.errors import RecordError
from ldn_titrate.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime
    from uuid import UUID

    from ldn_titrate.entry import Entry

_Kind = TypeVar("_Kind", bound=DayEntry)


@dataclass(frozen=True)
class Record:
    """
    All entries of one patient.

    Attributes:
        lines: Every entry and void, by when it was written, then by id; each id once.

    Raises:
        RecordError: Two different lines have one id.
    """

    lines: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        """Put the lines in their one order, each once."""
        by_id: dict[UUID, Entry] = {}
        for line in self.lines:
            if by_id.setdefault(line.id, line) != line:
                raise RecordError(f"two different entries have the id {line.id}")
        ordered = sorted(by_id.values(), key=lambda one: (one.written_at, one.id))
        object.__setattr__(self, "lines", tuple(ordered))

    def with_lines(self, lines: Iterable[Entry]) -> Record:
        """
        Return the record with more lines; one that it has already changes nothing.

        Raises:
            RecordError: A line has the id of another one that says something else.
        """
        return Record((*self.lines, *lines))

    @cached_property
    def voided(self) -> frozenset[UUID]:
        """The ids of the entries that were taken back. A void stands; it is never taken back."""
        return frozenset(one.of for one in self.lines if isinstance(one, Void))

    @cached_property
    def entries(self) -> tuple[DayEntry, ...]:
        """The entries that count: neither voids nor voided, by the dosing day they are about."""
        counting = [one for one in self.lines if not isinstance(one, Void)]
        standing = [one for one in counting if one.id not in self.voided]
        return tuple(sorted(standing, key=lambda one: one.day))

    @property
    def last_day(self) -> date | None:
        """The last dosing day with an entry that counts; None for an empty record."""
        return self.entries[-1].day if self.entries else None

    def of_kind(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        """Return the entries of one kind that count."""
        return tuple(one for one in self.entries if isinstance(one, kind))

    def up_to(self, day: date) -> Record:
        """Return the record without the entries about later days, and what takes them back."""
        later = {one.id for one in self.lines if not isinstance(one, Void) and one.day > day}
        return Record(tuple(one for one in self.lines if _subject(one) not in later))

    def written_by(self, moment: datetime) -> Record:
        """Return the record as it was at a moment."""
        return Record(tuple(one for one in self.lines if one.written_at <= moment))


def _subject(line: Entry) -> UUID:
    """Return the id of the entry that a line tells of: its own, or the one that it takes back."""
    return line.of if isinstance(line, Void) else line.id


def check_record(record: Record) -> tuple[Finding, ...]:
    """Say which voids take nothing back: of a line that is not there, or of another void."""
    kinds = {line.id: line.kind for line in record.lines}
    voids = (line for line in record.lines if isinstance(line, Void))
    return tuple(
        Finding(f"record.{code}", Severity.WARNING, words, f"entry {void.id}")
        for void in voids
        for code, words in _idle(kinds.get(void.of))
    )


def _idle(kind: str | None) -> Iterator[tuple[str, str]]:
    if kind is None:
        yield "void-of-nothing", "this void takes back a line that the record does not have"
    if kind == "void":
        yield "void-of-void", "a void is not taken back; write the entry again instead"


def dump_record(record: Record) -> str:
    """Write a record as JSON Lines: one entry on each line, in the order of writing."""
    return "".join(f"{one.model_dump_json(exclude_none=True)}\n" for one in record.lines)


def load_record(text: str) -> Record:
    """
    Read a record from JSON Lines.

    Raises:
        RecordError: Lines that are no entries, each with its number; or two different ones with
            one id.
    """
    lines: list[Entry] = []
    wrong: list[str] = []
    for number, line in _numbered(text):
        try:
            lines.append(read_entry(line))
        except RecordError as error:
            wrong.append(f"line {number}: {error}")
    if wrong:
        raise RecordError("\n".join(wrong))
    return Record(tuple(lines))


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line
