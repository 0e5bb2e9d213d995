"""
Calendars on the page: a grid of weeks with a box to tick for each dosing day.

Seven columns are too narrow for large print: there a calendar is a list, a line for each day and
a heading for each week. This room knows how days share a page, and not what a dose is.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ldn_titrate.export.pdf.lines import spoken, text_width, widest_word
from ldn_titrate.export.pdf.strips import (
    BLACK,
    ITEM_GAP,
    PALE,
    THIN,
    Fill,
    Outline,
    Stack,
    Strip,
    heading,
    stacked,
)
from ldn_titrate.export.pdf.structure import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ldn_titrate.content import TickCalendar, TickDay, TickWeek
    from ldn_titrate.export.pdf.looks import Look
    from ldn_titrate.export.pdf.strips import Shape

_DAY_INDENT: Final = 4.0
_DAY_PAD: Final = 2.5
_TICK_BOX: Final = 12.5
_BOX_INSET: Final = 4.0
_CHANGE: Final = 2.4  # the line around a day on which the dose changes

# A calendar of so few weeks stays on one sheet of paper, to be put up by itself.
_WEEKS_TOGETHER: Final = 8

_LISTED_BOX: Final = 19.0
_LISTED_PAD: Final = 3.5
_LISTED_GAP: Final = 20.0
_MOST_LISTED: Final = 0.3  # of the width, for a column of a listed day but its last one


def calendar(
    block: TickCalendar, width: float, parent: Tag, look: Look, level: int
) -> Iterator[Strip]:
    """Set a calendar as a grid, or as a list where a grid has no room."""
    if look.is_large:
        return _list(block, width, parent, look, level)
    return _grid(block, width, parent, look)


def _grid(block: TickCalendar, width: float, parent: Tag, look: Look) -> Iterator[Strip]:
    """Set a calendar: its caption, the weekdays, a row for each week."""
    whole = Tag("Table", parent)
    yield heading(block.title, look.heading, width, Tag("Caption", whole))
    edges = _edges(block, width, look)
    header = _weekdays((block.corner, *block.weekdays), edges, Tag("TR", whole), look)
    yield header
    together = len(block.weeks) if len(block.weeks) <= _WEEKS_TOGETHER else 0
    for number, week in enumerate(block.weeks, start=1):
        row = _week(week, edges, Tag("TR", whole), look)
        yield row._replace(header=header, keep=number < together)


def _weekdays(titles: Sequence[str], edges: Sequence[float], row: Tag, look: Look) -> Strip:
    stacks = [
        stacked(
            Tag("TH", row, "Column"),
            [(title, look.small_strong)],
            right - left - 2 * _DAY_INDENT,
            x=left + _DAY_INDENT,
            y=_DAY_PAD,
        )
        for title, (left, right) in zip(titles, pairwise(edges), strict=True)
    ]
    height = max(stack.height for stack in stacks) + 2 * _DAY_PAD
    words = tuple(word for stack in stacks for word in stack.words)
    ground = Fill(0, 0, edges[-1], height, PALE)
    return Strip(height, words, (ground,), before=ITEM_GAP, keep=True)


def _edges(block: TickCalendar, width: float, look: Look) -> tuple[float, ...]:
    """Give the titles of the weeks what they need, and the days the same width each."""
    titles = [block.corner, *(week.title for week in block.weeks)]
    wished = max(widest_word(title, look.small_strong) for title in titles) + 2 * _DAY_INDENT
    first = min(wished, width / 6)
    day = (width - first) / len(block.weekdays)
    return (0.0, *(first + day * number for number in range(len(block.weekdays) + 1)))


def _week(week: TickWeek, edges: Sequence[float], row: Tag, look: Look) -> Strip:
    title = stacked(
        Tag("TH", row, "Row"),
        [(week.title, look.small_strong)],
        edges[1] - 2 * _DAY_INDENT,
        x=_DAY_INDENT,
        y=_DAY_PAD,
    )
    places = list(pairwise(edges[1:]))
    stacks = [
        _day(day, left, right, Tag("TD", row), look)
        for day, (left, right) in zip(week.days, places, strict=True)
    ]
    height = max(stack.height for stack in (title, *stacks)) + 2 * _DAY_PAD
    shapes: list[Shape] = [Outline(0, 0, edges[1], height, THIN)]
    for day, (left, right) in zip(week.days, places, strict=True):
        shapes.extend(_day_shapes(day, left, right, height))
    words = tuple(word for stack in (title, *stacks) for word in stack.words)
    return Strip(height, words, tuple(shapes))


def _day(day: TickDay | None, left: float, right: float, owner: Tag, look: Look) -> Stack:
    x, width = left + _DAY_INDENT, right - left - 2 * _DAY_INDENT
    if day is None:
        return stacked(owner, [("", look.day)], width, x=x, y=_DAY_PAD)
    below = [(day.dose, look.day_dose)] if day.dose else []
    below += [(unit, look.day) for unit in day.units]
    date = f"{day.date} " if below else day.date
    beside_box = width - _TICK_BOX - 2 if day.dose else width
    top = stacked(owner, [(date, look.day)], beside_box, x=x, y=_DAY_PAD)
    height = top.height
    if day.dose and text_width(day.dose, look.day_dose) > beside_box:
        height = max(height, _BOX_INSET + _TICK_BOX - _DAY_PAD)
    rest = stacked(owner, below, width, x=x, y=_DAY_PAD + height)
    return Stack(top.words + rest.words, height + rest.height)


def _day_shapes(day: TickDay | None, left: float, right: float, height: float) -> Iterator[Shape]:
    yield Outline(left, 0, right - left, height, THIN)
    if day is None:
        return
    if day.changes:
        yield Outline(left + 1, 1, right - left - 2, height - 2, _CHANGE)
    if day.dose:
        yield Outline(right - _BOX_INSET - _TICK_BOX, _BOX_INSET, _TICK_BOX, _TICK_BOX, 1)


def _list(
    block: TickCalendar, width: float, parent: Tag, look: Look, level: int
) -> Iterator[Strip]:
    """
    Set a calendar as a list: a heading for each week, a line for each day.

    The weekdays of the first week stand in both languages, as in the header of a grid.
    """
    inside = Tag("Sect", parent)
    yield heading(block.title, look.heading, width, Tag(f"H{level}", inside))
    edges = _columns(block, width, look)
    names = block.weekdays
    for week in block.weeks:
        whole = Tag("L", inside)
        yield heading(_named(block.corner, week.title), look.strong, width, Tag("Caption", whole))
        days = [
            _listed(name, day, edges, Tag("LI", whole), look)
            for name, day in zip(names, week.days, strict=True)
            if day is not None
        ]
        names = tuple(spoken(name, look.strong) for name in block.weekdays)
        for number, day in enumerate(days, start=1):
            gap = 0.0 if number > 1 else ITEM_GAP
            yield day._replace(keep=number < len(days), before=gap)


def _named(corner: str, title: str) -> str:
    """Put the header of the weeks before the title of one, in each language of the header."""
    return "\n".join(f"{one} {title}" for one in corner.split("\n"))


def _columns(block: TickCalendar, width: float, look: Look) -> list[float]:
    """Find the edges of the columns of a list: box, weekday, date, dose, units."""
    days = [day for week in block.weeks for day in week.days if day]
    columns = (
        [(name, look.strong) for name in block.weekdays],
        [(day.date, look.day) for day in days],
        [(day.dose or "", look.day_dose) for day in days],
    )
    edges = [0.0, _LISTED_BOX + _LISTED_GAP]
    for column in columns:
        wished = max((text_width(*cell) for cell in column), default=0.0)
        edges.append(edges[-1] + min(wished, width * _MOST_LISTED) + _LISTED_GAP)
    return [*edges, width + _LISTED_GAP]


def _listed(name: str, day: TickDay, edges: Sequence[float], item: Tag, look: Look) -> Strip:
    """Set a day as a line: its box, and what the reader does on it."""
    body = Tag("LBody", item)
    cells = [
        (Tag("Lbl", item), [(f"{name} ", look.strong)]),
        (Tag("P", body), [(f"{day.date} ", look.day)]),
        *([(Tag("P", body), [(f"{day.dose} ", look.day_dose)])] if day.dose else []),
        *([(Tag("P", body), [(unit, look.day) for unit in day.units])] if day.units else []),
    ]
    stacks = [
        stacked(tag, texts, right - left - _LISTED_GAP, x=left, y=_LISTED_PAD)
        for (tag, texts), (left, right) in zip(cells, pairwise(edges[1:]), strict=False)
    ]
    height = max(_LISTED_BOX, *(stack.height for stack in stacks)) + 2 * _LISTED_PAD
    width = edges[-1] - _LISTED_GAP
    words = tuple(word for stack in stacks for word in stack.words)
    return Strip(height, words, tuple(_listed_shapes(day, width, height)))


def _listed_shapes(day: TickDay, width: float, height: float) -> Iterator[Shape]:
    yield Fill(0, height, width, THIN, BLACK)
    if day.changes:
        yield Outline(-_LISTED_PAD, 1, width + 2 * _LISTED_PAD, height - 2, _CHANGE)
    if day.dose:
        yield Outline(1, _LISTED_PAD, _LISTED_BOX, _LISTED_BOX, 1.4)
