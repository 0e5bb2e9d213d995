"""The handout's words by weasyprint: HTML, tagged, PDF/UA-1. The style sheet is read only once."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from benchmarks.faces import BOLD, FAMILY, REGULAR, face
from benchmarks.words import day_lines
from ldn_titrate.content import (
    Block,
    Bullets,
    Callout,
    Document,
    Fields,
    Paragraph,
    Section,
    Table,
    TickCalendar,
    TickDay,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_STYLE = """
@font-face { font-family: "%(family)s"; src: url("%(regular)s") }
@font-face { font-family: "%(family)s"; font-weight: bold; src: url("%(bold)s") }
@page {
  size: letter; margin: 54pt 54pt 38pt;
  @top-left { content: element(head); width: 75%% }
  @top-right { content: "Page " counter(page) " of " counter(pages); font: 10pt "%(family)s" }
}
body { font: 12pt/1.25 "%(family)s"; margin: 0 }
header { position: running(head); font-size: 10pt }
h1 { font-size: 25pt; margin: 0 } h2, caption { font: bold 14pt "%(family)s"; margin: 8pt 0 3pt }
h3 { font-size: 15pt; margin: 0 } p { margin: 0 } ul { margin: 0; padding-left: 13pt }
caption { text-align: left }
aside { border: 2pt solid; padding: 4pt; margin: 8pt 0 }
table { width: 100%%; border-collapse: collapse } th, td { border: 0.6pt solid; padding: 3pt }
th, td { text-align: left; vertical-align: top; position: relative } .days { font-size: 10pt }
.box { position: absolute; right: 3pt; bottom: 3pt; width: 12pt; height: 12pt; border: 1pt solid }
.line { border-bottom: 0.6pt solid; height: 15pt } main { columns: 2; break-before: page }
"""


def draw(document: Document) -> bytes:
    """Draw a document as a PDF file."""
    page = HTML(string=_page(document))
    style, fonts = _style()
    return page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")


@cache
def _style() -> tuple[CSS, FontConfiguration]:
    fonts = FontConfiguration()
    names = {
        name: Path(face(file)).as_uri() for name, file in (("regular", REGULAR), ("bold", BOLD))
    }
    return CSS(string=_STYLE % {"family": FAMILY, **names}, font_config=fonts), fonts


def _page(document: Document) -> str:
    draft = _element("p", document.draft) if document.draft else ""
    front = "".join(map(_block, document.front))
    back = "".join(map(_section, document.back))
    return (
        f'<!doctype html><html lang="{document.language}"><head><meta charset="utf-8">'
        f"{_element('title', document.title)}</head><body>{_element('header', document.running)}"
        f"{draft}{_element('h1', document.title)}{_element('p', document.subtitle)}{front}"
        f"<main>{back}</main></body></html>"
    )


def _section(section: Section) -> str:
    return _element("h2", section.title) + "".join(map(_block, section.blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return _element("p", block.text)
        case Bullets():
            return f"<ul>{_elements('li', block.items)}</ul>"
        case Callout():
            inner = "".join(map(_block, block.blocks))
            return f"<aside>{_element('h3', block.title)}{inner}</aside>"
        case Table():
            rows = "".join(f"<tr>{_elements('td', row)}</tr>" for row in block.rows)
            return _table(block.title, block.headers, rows, "")
        case TickCalendar():
            return _calendar(block)
        case Fields():
            return "".join(map(_field_lines, ((one.label, one.value) for one in block.fields)))


def _field_lines(field: tuple[str, str | None]) -> str:
    label, value = field
    below = _element("p", value) if value else '<p class="line"></p>'
    return f"<p><b>{escape(label)}</b></p>{below}"


def _calendar(block: TickCalendar) -> str:
    rows = "".join(
        f"<tr>{_element('th', week.title)}{''.join(map(_day, week.days))}</tr>"
        for week in block.weeks
    )
    return _table(block.title, (block.corner, *block.weekdays), rows, ' class="days"')


def _day(day: TickDay | None) -> str:
    if day is None:
        return "<td></td>"
    box = '<span class="box"></span>' if day.dose else ""
    return f"<td>{box}{'<br>'.join(map(escape, day_lines(day)))}</td>"


def _table(title: str, headers: Iterable[str], rows: str, attributes: str) -> str:
    head = f"<thead><tr>{_elements('th', headers)}</tr></thead>"
    return f"<table{attributes}>{_element('caption', title)}{head}<tbody>{rows}</tbody></table>"


def _elements(name: str, parts: Iterable[str]) -> str:
    return "".join(_element(name, text) for text in parts)


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"
