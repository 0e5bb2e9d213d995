"""
Documents as one HTML file that needs nothing else: no script, no font, no address.

It is read on a telephone, by a screen reader, or printed: every word is the document's own, in its
order, in the elements that say what it is. What is looked at hangs on ``html.css`` alone. It must
not know plans or schedules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
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
from ldn_titrate.export import svg
from ldn_titrate.export.markup import beside_each_other, one_line, serialized, tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from xml.etree.ElementTree import Element

    from ldn_titrate.content import (
        Block,
        Cell,
        Document,
        Field,
        Mark,
        Panel,
        Section,
        TickDay,
        TickWeek,
    )
    from ldn_titrate.export.markup import Child

# A file that could load or run anything would be a way out for what it says of a patient.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"

# Where a long word may be broken, lest it push a dose off the paper: not before an accent.
_BREAKS: Final = re.compile(r"(?<=\S{20})(?=\w)")


def render_html(documents: Sequence[Document]) -> bytes:
    """
    Write documents as one HTML file, in UTF-8, to be read on a screen or printed.

    Args:
        documents: What to write, in this order; each begins on a new page of paper.

    Returns:
        The file. The same documents give the same bytes.

    Raises:
        ExportError: There is no document.
    """
    if not documents:
        raise ExportError("at least one document is needed; none was given")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("title", beside_each_other(one_line(one.title) for one in documents)),
        tag("style", _css(), *(_paper(number, one) for number, one in enumerate(documents))),
    )
    main = tag("main", *(_article(number, one) for number, one in enumerate(documents)))
    return serialized(tag("html", head, tag("body", main), lang=documents[0].language))


@cache
def _css() -> str:
    return resources.files(__package__).joinpath("html.css").read_text("utf-8")


def _paper(number: int, document: Document) -> str:
    """Say what stands in the margins of each printed page of a document."""
    draft = f"@bottom-left{{content:{_css_text(document.draft)}}}" if document.draft else ""
    running = f"@top-left{{content:{_css_text(document.running)}}}"
    return f"@page d{number}{{{running}{draft}}}#d{number}{{page:d{number}}}\n"


def _css_text(text: str) -> str:
    """Write a text inside a style sheet: all but letters and digits as code points."""
    # The blank behind a code point ends it and is no part of the text.
    escaped = (
        each if each.isascii() and each.isalnum() else f"\\{ord(each):x} "
        for each in one_line(text)
    )
    return f'"{"".join(escaped)}"'


def _article(number: int, document: Document) -> Element:
    writer = _Writer(document)
    front = [writer.block(block, level=2) for block in document.front]
    back = [tag("div", *map(writer.section, document.back), class_="back")] if document.back else []
    return tag(
        "article",
        writer.header(document),
        *front,
        *back,
        id=f"d{number}",
        lang=document.language,
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """
    Writes the blocks of one document.

    Attributes:
        document: The document.
    """

    document: Document

    def words(self, text: str) -> Iterator[Child]:
        """Yield a text, its second language on a line of its own."""
        first, *others = text.split("\n")
        yield from _breakable(first)
        for other in others:
            yield from (tag("br"),) if first else ()
            yield tag("span", *_breakable(other), lang=self.document.beside)

    def told(self, name: str, text: str, class_: str | None = None) -> Element:
        """Make an element that holds nothing but a text."""
        return tag(name, *self.words(text), class_=class_)

    def header(self, document: Document) -> Element:
        """Make the head of a document: the mark of a draft first."""
        draft = [self.told("p", document.draft, "draft")] if document.draft else []
        return tag(
            "header",
            *draft,
            self.told("p", document.running, "running"),
            self.told("h1", document.title),
            self.told("p", document.subtitle, "subtitle"),
        )

    def section(self, section: Section) -> Element:
        """Make a section, its heading on the second level."""
        blocks = (self.block(block, level=3) for block in section.blocks)
        return tag("section", self.told("h2", section.title), *blocks)

    def block(self, block: Block, *, level: int) -> Element:  # noqa: C901, PLR0911
        """
        Make any block.

        Args:
            block: What to write.
            level: The level of a heading inside the block.
        """
        match block:
            case Paragraph():
                return self.told("p", block.text)
            case Bullets():
                return tag("ul", *(self.told("li", item) for item in block.items))
            case Callout():
                return self.callout(block, level)
            case Table():
                return self.table(block)
            case TickCalendar():
                return self.calendar(block)
            case Fields():
                return self.fields(block.fields)
            case Card():
                return self.card(block, level)
            case DayStrip():
                return self.strip(block)
            case Chart():
                return self.chart(block)
            case _:
                assert_never(block)

    def callout(self, block: Callout, level: int) -> Element:
        """Make a section set off by a frame; what may do harm has a sign, too."""
        sign = [svg.stop_sign()] if block.weight is Weight.STOP else []
        title = self.told(f"h{level}", block.title)
        inner = (self.block(one, level=level + 1) for one in block.blocks)
        return tag("section", *sign, title, *inner, class_=f"callout {block.weight}")

    def table(self, block: Table) -> Element:
        """Make a table; the first cell of each row is the header of its row."""
        heads = [one_line(header) for header in block.headers]
        rows = [
            tag(
                "tr",
                tag("th", *self.cell(first), scope="row", data_head=heads[0]),
                *(
                    tag("td", *self.cell(cell), data_head=head)
                    for head, cell in zip(heads[1:], others, strict=True)
                ),
            )
            for first, *others in block.rows
        ]
        return self._table(block.title, block.headers, rows, None)

    def cell(self, cell: Cell) -> Iterable[Child]:
        """Give what a cell holds: a text, or something to fill in by hand."""
        return [self.blank(cell)] if isinstance(cell, Blank) else self.words(cell)

    def blank(self, blank: Blank) -> Element:
        """Draw a box or a line; its words are for those who do not see it."""
        told = self.document.box if blank is Blank.BOX else self.document.line
        return tag("span", tag("span", told, class_="unseen"), class_=blank.name.lower())

    def calendar(self, block: TickCalendar) -> Element:
        """Make a grid of weeks, with a box for each dosing day that has a dose."""
        heads = [one_line(weekday) for weekday in block.weekdays]
        corner = one_line(block.corner)
        rows = [self._week(week, corner, heads) for week in block.weeks]
        return self._table(block.title, (block.corner, *block.weekdays), rows, "ticks")

    def _week(self, week: TickWeek, corner: str, heads: list[str]) -> Element:
        days = (self._day(day, head) for day, head in zip(week.days, heads, strict=True))
        title = tag("th", *self.words(week.title), scope="row", data_head=corner)
        return tag("tr", title, *days)

    def _day(self, day: TickDay | None, head: str) -> Element:
        if day is None:
            return tag("td")
        parts = [self.told("div", day.date, "date")]
        parts += [self.told("div", day.dose, "dose")] if day.dose is not None else []
        parts += [self.told("div", line, "units") for line in day.units]
        parts += [self.blank(Blank.BOX)] if day.dose is not None else []
        class_ = "changes" if day.changes else None
        return tag("td", tag("div", *parts, class_="day"), data_head=head, class_=class_)

    def _table(
        self, title: str, headers: Iterable[str], rows: Iterable[Element], class_: str | None
    ) -> Element:
        heads = (tag("th", *self.words(header), scope="col") for header in headers)
        return tag(
            "table",
            self.told("caption", title),
            tag("thead", tag("tr", *heads)),
            tag("tbody", *rows),
            class_=class_,
        )

    def fields(self, fields: Iterable[Field]) -> Element:
        """Make a list of labels with their values, or with lines to write on."""
        return tag("dl", *(self._field(one) for one in fields))

    def _field(self, field: Field) -> Element:
        value = [self.blank(Blank.LINE)] if field.value is None else self.words(field.value)
        return tag("div", self.told("dt", field.label), tag("dd", *value))

    def card(self, block: Card, level: int) -> Element:
        """Make a card to cut out: its faces side by side in a dashed frame."""
        panels = (self._panel(panel, level + 1) for panel in block.panels)
        return tag(
            "section",
            self.told(f"h{level}", block.title),
            self.told("p", block.cut, "cut"),
            tag("div", *panels, class_="panels"),
            class_="card",
        )

    def _panel(self, panel: Panel, level: int) -> Element:
        lines = (self.told("p", line) for line in panel.lines)
        fields = [self.fields(panel.fields)] if panel.fields else []
        return tag("div", self.told(f"h{level}", panel.title), *lines, *fields, class_="panel")

    def strip(self, block: DayStrip) -> Element:
        """Make a table of marks, each with its meaning, and the counts under it."""
        meanings = {one.mark: one_line(one.label) for one in block.legend}
        days = max((len(marks) for _, marks in block.rows), default=0)
        rows = (
            tag(
                "tr",
                tag("th", *self.words(label), scope="row"),
                *(_marked(each, meanings) for each in _filled(marks, days)),
            )
            for label, marks in block.rows
        )
        counts = (
            tag(
                "div",
                tag("dt", svg.mark(one.mark), *self.words(one.label)),
                tag("dd", str(one.count)),
            )
            for one in block.legend
        )
        table = tag("table", self.told("caption", block.title), tag("tbody", *rows))
        return tag("div", table, tag("dl", *counts, class_="legend"), class_="strip")

    def chart(self, block: Chart) -> Element:
        """Make a figure: the drawing, what each line means, and all of it in words."""
        series = (one for plot in block.plots for one in plot.series)
        legend = (tag("li", svg.sample(one.drawn), *self.words(one.label)) for one in series)
        return tag(
            "figure",
            self.told("figcaption", block.title),
            svg.chart(block),
            tag("ul", *legend, class_="legend"),
            self.told("p", block.spoken),
        )


def _breakable(text: str) -> Iterator[Child]:
    first, *others = _BREAKS.split(text)
    yield first
    for other in others:
        yield from (tag("wbr"), other)


def _marked(each: Mark | None, meanings: dict[Mark, str]) -> Element:
    return tag("td") if each is None else tag("td", svg.mark(each, meanings[each]))


def _filled(marks: tuple[Mark | None, ...], days: int) -> tuple[Mark | None, ...]:
    """Give each row of a table the same number of cells."""
    return (*marks, *[None] * (days - len(marks)))
