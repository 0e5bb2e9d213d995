"""
Documents as plain text, for mails and for screen readers: 72 columns, no layout but lines.

Every word is the document's own, in its order. A line ends at a space and nowhere else, so that
none ends inside a dose or a date: those hold no-break spaces, which stay in the text. It must not
know plans or schedules.
"""

from __future__ import annotations

from textwrap import TextWrapper
from typing import TYPE_CHECKING, Final, assert_never

from ldn_titrate.content import (
    Blank,
    Bullets,
    Callout,
    Card,
    Chart,
    DayStrip,
    Fields,
    Paragraph,
    Table,
    TickCalendar,
    Weight,
)
from ldn_titrate.errors import ExportError
from ldn_titrate.export.markup import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ldn_titrate.content import (
        Block,
        Cell,
        Document,
        Field,
        Legend,
        Mark,
        Panel,
        Section,
        TickDay,
        TickWeek,
    )

_WIDTH: Final = 72
_INDENT: Final = "  "
_GAP: Final = "  "  # between columns
_BLANKS: Final = {Blank.BOX: "[ ]", Blank.LINE: "_" * 20}
_NO_BOX: Final = "   "
_LOUD: Final = "="
_RULE: Final = "-"
_ONLY: Final = "\n"  # before a text in the second language only


def render_text(documents: Sequence[Document]) -> str:
    """
    Write documents as plain text of 72 columns.

    Only what has no space is wider. A chart is its words, a strip of days is its counts.

    Args:
        documents: What to write, in this order.

    Returns:
        The text, its lines ended by line feeds. The same documents give the same text.

    Raises:
        ExportError: There is no document.
    """
    if not documents:
        raise ExportError("at least one document is needed; none was given")
    return "\n\n\n".join("\n\n".join(_paragraphs(document)) for document in documents) + "\n"


def _paragraphs(document: Document) -> Iterator[str]:
    """Yield what stands between empty lines."""
    if document.draft:
        yield _wrapped(document.draft)
    yield _wrapped(document.running)
    yield _headed(document.title, _LOUD)
    yield _wrapped(document.subtitle)
    for block in document.front:
        yield from _block(block)
    for section in document.back:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield _headed(section.title)
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:  # noqa: C901 - a case for each block
    match block:
        case Paragraph():
            yield _wrapped(block.text)
        case Bullets():
            yield _lines(_wrapped(item, "- ", _INDENT) for item in block.items)
        case Callout():
            yield from _callout(block)
        case Table():
            yield _headed(block.title)
            yield from _table(block)
        case TickCalendar():
            yield _headed(block.title)
            yield from (_week(block, week) for week in block.weeks)
        case Fields():
            yield _fields(block.fields)
        case Card():
            yield _headed(block.title)
            yield _wrapped(block.cut)
            yield from (part for panel in block.panels for part in _panel(panel))
        case DayStrip():
            yield _headed(block.title)
            yield _strip(block)
        case Chart():
            yield _headed(block.title)
            yield _wrapped(block.spoken)
        case _:
            assert_never(block)


def _wrapped(text: str, first: str = "", others: str = "") -> str:
    """
    Break a text into lines, and its second language on a line of its own.

    Args:
        text: The text.
        first: What stands before the first line.
        others: What stands before each other line.
    """
    lines = []
    for number, part in enumerate(text.removeprefix(_ONLY).split("\n")):
        wrapper = TextWrapper(
            _WIDTH,
            initial_indent=others if number else first,
            subsequent_indent=others,
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += wrapper.wrap(part)
    return _lines(lines)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _headed(text: str, rule: str = _RULE) -> str:
    """Underline a heading to the length of its longest line."""
    words = _wrapped(text)
    longest = max(map(len, words.split("\n")))
    return _lines((words, rule * min(_WIDTH, longest)))


def _callout(block: Callout) -> Iterator[str]:
    yield _headed(block.title, _RULE if block.weight is Weight.PLAIN else _LOUD)
    for inner in block.blocks:
        yield from _block(inner)


def _labelled(label: str, value: str, indent: str = "") -> str:
    return _wrapped(f"{one_line(label)}: {value}", indent, f"{indent}{_INDENT}")


def _shown(cell: Cell) -> str:
    return _BLANKS[cell] if isinstance(cell, Blank) else cell.removeprefix(_ONLY)


def _table(block: Table) -> Iterator[str]:
    """Yield a table in columns where they have room, else each row as labels and values."""
    rows = [tuple(map(_shown, row)) for row in block.rows]
    columns = list(zip(block.headers, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    room = sum(widths) + len(_GAP) * (len(widths) - 1)
    if room <= _WIDTH and "\n" not in "".join(map("".join, columns)):
        rules = tuple(_RULE * width for width in widths)
        yield _lines(_aligned(row, widths) for row in (block.headers, rules, *rows))
    else:
        yield from (_row(block.headers, row) for row in rows)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return _GAP.join(cells).rstrip(" ")


def _row(headers: Sequence[str], row: Sequence[str]) -> str:
    """Write a row of a table as labels and values, those after its header set in."""
    return _lines(
        _labelled(header, value, _INDENT if number else "")
        for number, (header, value) in enumerate(zip(headers, row, strict=True))
    )


def _week(block: TickCalendar, week: TickWeek) -> str:
    days = zip(block.weekdays, week.days, strict=True)
    lines = (_day(weekday, day) for weekday, day in days if day)
    return _lines((_labelled(block.corner, week.title), *lines))


def _day(weekday: str, day: TickDay) -> str:
    box = _NO_BOX if day.dose is None else _BLANKS[Blank.BOX]
    date = f"{one_line(weekday)}\N{NO-BREAK SPACE}{one_line(day.date)}"
    taken = ", ".join(map(one_line, (*((day.dose,) if day.dose else ()), *day.units)))
    line = f"{date}: {taken}" if taken else date
    return _wrapped(line, f"{box} ", f"{_NO_BOX} ")


def _fields(fields: Iterable[Field]) -> str:
    return _lines(
        _labelled(one.label, _shown(Blank.LINE if one.value is None else one.value))
        for one in fields
    )


def _panel(panel: Panel) -> Iterator[str]:
    yield _headed(panel.title)
    if panel.lines:
        yield _lines(map(_wrapped, panel.lines))
    if panel.fields:
        yield _fields(panel.fields)


def _strip(block: DayStrip) -> str:
    """Count the marks of each row, then give the counts of all."""
    rows = (_labelled(label, _counts(marks, block.legend)) for label, marks in block.rows)
    whole = (_labelled(one.label, str(one.count)) for one in block.legend)
    return _lines((*rows, "", *whole))


def _counts(marks: Sequence[Mark | None], legend: Sequence[Legend]) -> str:
    found = ((one.label, marks.count(one.mark)) for one in legend)
    return ", ".join(f"{one_line(label)} {count}" for label, count in found if count)
