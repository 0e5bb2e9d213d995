"""
The parts that a document is made of: what is said, in reading order, without any layout.

A renderer turns these values into pages, HTML or plain text. They hold finished sentences, with
no-break spaces already inside every dose and date; a renderer adds and changes no word of them.
They must not know plans or schedules.
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


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row; the first cell of each row is the header of its row."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


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


Block: TypeAlias = Paragraph | Bullets | Callout | Table | TickCalendar | Fields


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
        running: The line that stands at the head of each page: whose plan, which version.
        draft: The words across each page of an unsigned plan; None once it is signed.
        front: What is looked at every evening: the page for the fridge.
        back: What is read once and kept.
    """

    title: str
    subtitle: str
    language: str
    running: str
    draft: str | None
    front: tuple[Block, ...]
    back: tuple[Section, ...]
