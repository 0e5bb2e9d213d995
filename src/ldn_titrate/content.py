"""
The parts that a document is made of: what is said, in reading order, without any layout.

A renderer turns these values into pages, HTML or plain text. They hold finished sentences, with
no-break spaces already inside every dose and date; a renderer adds and changes no word of them.
They must not know plans or schedules.

In a document with a second language any text may hold one line break: what follows it is the same
words in that language. A text that begins with the break is in that language only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without an order."""

    items: tuple[str, ...]


class Weight(StrEnum):
    """How loudly a callout speaks."""

    MAIN = "main"  # the one main message of a document
    STOP = "stop"  # what may do harm
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Callout:
    """A few lines set off from the rest in a box."""

    title: str
    blocks: tuple[Paragraph | Bullets, ...]
    weight: Weight


class Blank(StrEnum):
    """A cell to fill in by hand; its value is what a screen reader says in English."""

    BOX = "box to tick"
    LINE = "line to write on"


Cell: TypeAlias = str | Blank


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table with a header row; the first cell of each row is the header of its row.

    A table taller than what is left of a page goes on over pages, its header row on each.
    """

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class TickDay:
    """
    One dosing day to tick off.

    Attributes:
        date: Day and month, such as ``1 Dec``.
        dose: The dose in mg, such as ``1.5 mg``; None where no dose is due.
        units: What to take, a line for each product, such as ``1 capsule``.
        changes: Whether the dose differs from the dosing day before.
    """

    date: str
    dose: str | None
    units: tuple[str, ...]
    changes: bool


@dataclass(frozen=True, slots=True)
class TickWeek:
    """Seven dosing days in a row; None stands for a day after the last one."""

    title: str
    days: tuple[TickDay | None, ...]


@dataclass(frozen=True, slots=True)
class TickCalendar:
    """
    A grid of weeks with a box to tick for each dosing day.

    Attributes:
        title: What the grid is.
        corner: The header of the column that names the weeks.
        weekdays: The seven column headers, from the weekday of the first dosing day on.
        weeks: The rows.
    """

    title: str
    corner: str
    weekdays: tuple[str, ...]
    weeks: tuple[TickWeek, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A label and its value; a value of None is a ruled line to fill in by hand."""

    label: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Fields:
    """A block of labels and values."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One face of a card: a heading, lines, and labels with their values."""

    title: str
    lines: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """
    A card of the size of a bank card, to cut out and fold.

    Attributes:
        title: What it is.
        cut: What the reader does with it, said beside it.
        panels: Its faces, side by side, a fold line between each two.
    """

    title: str
    cut: str
    panels: tuple[Panel, ...]


class Mark(StrEnum):
    """A sign for one day, told from the others by shape and never by colour."""

    FULL = "full"
    HALF = "half"
    DOUBLE = "double"
    SLASH = "slash"
    CROSS = "cross"
    EMPTY = "empty"
    DASH = "dash"


@dataclass(frozen=True, slots=True)
class Legend:
    """What a mark means, and on how many days it stands."""

    mark: Mark
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class DayStrip:
    """
    Days in rows, a mark on each; None stands for a day outside.

    Attributes:
        title: What the days are.
        rows: A label and its marks, up to 28 in a row.
        legend: Each mark that occurs, with its count: the strip in numbers.
    """

    title: str
    rows: tuple[tuple[str, tuple[Mark | None, ...]], ...]
    legend: tuple[Legend, ...]


class Drawn(StrEnum):
    """How the points of a series are drawn."""

    STEPS = "steps"  # a value holds until the next one
    LINE = "line"
    DASHED = "dashed"


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one kind, in the units of the axes."""

    label: str
    points: tuple[tuple[float, float], ...]
    drawn: Drawn


@dataclass(frozen=True, slots=True)
class Axis:
    """From where to where values go, and what stands at the ticks."""

    label: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """One field of a chart: its vertical axis and what is drawn in it."""

    y: Axis
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """
    Fields one above the other over the same days.

    Attributes:
        title: What it shows.
        x: The horizontal axis, the same for each field.
        plots: The fields, from the top.
        spoken: The chart in words, with its numbers; it is also printed under the chart.
    """

    title: str
    x: Axis
    plots: tuple[Plot, ...]
    spoken: str


Block: TypeAlias = (
    Paragraph | Bullets | Callout | Table | TickCalendar | Fields | Card | DayStrip | Chart
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """
    A whole document.

    Attributes:
        title: The purpose, as the reader sees it; it is also the title of the file.
        subtitle: One line under the title.
        language: The language of every sentence, as a BCP 47 tag.
        beside: The language of second lines and of texts in it only; None where there are none.
        running: The line that stands at the head of each page: whose plan, which version.
        draft: The words across each page of an unsigned plan; None once it is signed.
        front: What is looked at every evening: the page for the fridge.
        back: What is read once and kept.
        page: What numbers each page, with its two fields.
        box: What a screen reader says of a box to tick.
        line: What it says of a line to write on.
    """

    title: str
    subtitle: str
    language: str
    running: str
    draft: str | None
    front: tuple[Block, ...]
    back: tuple[Section, ...] = ()
    beside: str | None = None
    page: str = "Page {number} of {count}"
    box: str = Blank.BOX.value
    line: str = Blank.LINE.value
