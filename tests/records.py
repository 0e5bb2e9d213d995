"""Invented entries and records, one by one and by the hundred."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID, uuid5

from hypothesis import strategies as st

from ldn_titrate.dose import Dose
from ldn_titrate.entry import Entry, Missed, Remark, Score, Skipped, Taken, Void
from ldn_titrate.record import Record
from plans import PLAN_ID, START

if TYPE_CHECKING:
    from collections.abc import Iterable

_Kind = TypeVar("_Kind", bound=Entry)
NOON: Final = timedelta(hours=12)
_LATER: Final = datetime(2027, 1, 1, tzinfo=UTC)
_AMOUNTS: Final = st.sampled_from((None, Dose.parse("1.5 mg"), Dose.parse("3 mg")))


def an_entry(kind: type[_Kind], number: int = 0, /, **fields: Any) -> _Kind:
    """
    Make an entry of Pat Example.

    Unchanged, it is about the first dosing day of `plans.a_plan`, or about *day*, and was
    written at noon on the day after.
    """
    day = fields.get("day", START)
    if kind is not Void:
        fields = {"day": day, **fields}
    written = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1) + NOON
    usual = {
        "id": uuid5(PLAN_ID, f"{kind.__name__} {day} {number}"),
        "written_at": written,
        "by": "Pat Example",
    }
    return kind(**{**usual, **fields})


def taken(day: int, amount: str | None = None, number: int = 0, **fields: Any) -> Taken:
    """Make a dose taken on a day of the course, from 1."""
    dose = Dose.parse(amount) if amount else None
    return an_entry(Taken, number, day=on(day), amount=dose, **fields)


def skipped(day: int, **fields: Any) -> Skipped:
    """Make a dose skipped on a day of the course, from 1."""
    return an_entry(Skipped, day=on(day), **{"reason": "An invented reason", **fields})


def missed(day: int, **fields: Any) -> Missed:
    """Make a dose missed on a day of the course, from 1."""
    return an_entry(Missed, day=on(day), **fields)


def on(day: int) -> date:
    """Return a day of the course of `plans.a_plan`, from 1."""
    return START + timedelta(days=day - 1)


def record_of(*entries: Entry) -> Record:
    """Make a record."""
    return Record(entries)


@st.composite
def entries(draw: st.DrawFn, days: int = 60) -> Entry:
    """Give entries about the doses, with a few others, on the days of a course."""
    day = on(draw(st.integers(1, days)))
    kind: Any = draw(st.sampled_from((Taken, Taken, Taken, Skipped, Missed, Remark)))
    fields: dict[object, dict[str, Any]] = {
        Taken: {
            "amount": draw(st.none() | st.sampled_from((Dose.parse("1.5 mg"), Dose.parse("3 mg"))))
        },
        Skipped: {"reason": "An invented reason"},
        Missed: {},
        Remark: {"text": "An invented remark"},
    }
    made: Entry = an_entry(kind, draw(st.integers(0, 3)), day=day, **fields[kind])
    return made


@st.composite
def records(draw: st.DrawFn, days: int = 60) -> Record:
    """Give records, with some of their entries voided."""
    lines: dict[UUID, Entry] = {one.id: one for one in draw(st.lists(entries(days), max_size=40))}
    chosen = draw(st.sets(st.sampled_from(sorted(lines)), max_size=5)) if lines else set()
    voids = [
        an_entry(
            Void, n, of=one, reason="An invented slip", written_at=datetime(2027, 1, 1, tzinfo=UTC)
        )
        for n, one in enumerate(sorted(chosen))
    ]
    return Record((*lines.values(), *voids))


def scored(
    values: Iterable[int | None], first: int, instrument: str = "pain-nrs", number: int = 0
) -> tuple[Score, ...]:
    """Score one value a day from a day of the course on, which is 0 or less before the start."""
    return tuple(
        an_entry(Score, number, day=on(first + at), instrument=instrument, value=Decimal(value))
        for at, value in enumerate(values)
        if value is not None
    )
