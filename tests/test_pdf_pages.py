"""The pages as they are looked at: nothing lies on anything, and what belongs together stays so."""

from __future__ import annotations

import zlib
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

import ldn_titrate as ldn
from ldn_titrate.content import Blank, Field, Fields, Paragraph, Table
from ldn_titrate.export.pdf.blocks import blocks_strips
from ldn_titrate.export.pdf.canvas import TaggedCanvas
from ldn_titrate.export.pdf.flow import Pages, flow_columns
from ldn_titrate.export.pdf.looks import look
from ldn_titrate.export.pdf.objects import Objects, plain_stream
from ldn_titrate.export.pdf.outline import Entry, write_outline
from ldn_titrate.export.pdf.strips import Strip
from ldn_titrate.export.pdf.structure import Tag
from ldn_titrate.export.printed import Look, Paper, document_file, paper_file
from ldn_titrate.library import languages
from ldn_titrate.topical_documents import topical_card, topical_handout, topical_log
from pdf_judges import (
    Box,
    boxes,
    elements,
    overlaps,
    page_text,
    pdfua_errors,
    problems,
    squares,
    validate_ua1,
)
from plans import a_signed_plan, products
from test_pdf_blocks import rectangles
from test_pdf_canvas import SIZE, words
from test_topical import a_signed_cream

if TYPE_CHECKING:
    from collections.abc import Callable

    from ldn_titrate.content import Document

START = date(2026, 12, 1)
CREAM: dict[str, Callable[..., Document]] = {
    "cream handout": topical_handout,
    "cream log": topical_log,
    "cream card": topical_card,
}
NAMES = (*Paper, *CREAM)
each_language = pytest.mark.parametrize("language", languages())


@cache
def drawn(name: str, language: str = "en", *, mixed: bool = False, large: bool = False) -> bytes:
    """Draw a document of an invented patient: of capsules of one strength or two, or of a cream."""
    shown = Look(language=language, large_print=large)
    if name in CREAM:
        cream = a_signed_cream(start=START)
        made = shown.of(lambda speech: CREAM[name](cream, speech=speech))
        return document_file(made, look=shown).content
    texts = ("capsule 3 mg", "capsule 1.5 mg") if mixed else ("capsule 1.5 mg",)
    plan = a_signed_plan(start=START, products=products(*texts))
    return paper_file(Paper(name), ldn.lay_out(plan), look=shown).content


@each_language
@pytest.mark.parametrize("name", NAMES)
def test_no_word_lies_on_another_or_on_a_box(name: str, language: str) -> None:
    """Every document, in every language, beside its English where nobody checked it."""
    assert overlaps(drawn(name, language)) == []
    assert validate_ua1(drawn(name, language)) == []
    assert pdfua_errors(drawn(name, language)) == []


@each_language
@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
def test_a_day_of_two_strengths_has_room(language: str, *, large: bool) -> None:
    """Two lines of units, or four in two languages."""
    assert overlaps(drawn("handout", language, mixed=True, large=large)) == []


def test_a_word_on_a_word_or_a_box_is_caught() -> None:
    """A line half a line below another one, and a square through a word."""
    canvas = TaggedCanvas(SIZE, title="A title", language="en")
    canvas.write(words("Above", Tag("P"), 700))
    canvas.write(words("Below", Tag("P"), 695))
    canvas.write(words("Ticked", Tag("P"), 600))
    canvas.operators("80 600 15 15 re S")
    found = overlaps(canvas.finish())
    assert [(one.word, other.word) for one, other in found] == [("Above", "Below"), ("Ticked", "")]


def test_a_log_of_twelve_weeks_has_a_block_of_two_weeks_whole_on_its_page() -> None:
    """One under the words of how to use it, then two to a page."""
    texts = page_text(drawn("log"))
    assert [text.count("Taken Missed") for text in texts] == [1, 2, 2, 1]
    found = elements(drawn("log"))
    starts = [n for n, each in enumerate(found) if each.role == "Table"]
    for start, end in zip(starts, [*starts[1:], len(found)], strict=True):
        assert len(frozenset().union(*(each.pages for each in found[start:end]))) == 1


@pytest.mark.parametrize("name", ["log", "cream log"])
def test_in_large_print_each_block_of_the_log_has_a_page_and_room_to_write(name: str) -> None:
    """None is divided; the lines to write on are at least 90 points long."""
    pdf = drawn(name, large=True)
    found = elements(pdf)
    starts = [n for n, each in enumerate(found) if each.role == "Table"]
    for start, end in zip(starts, [*starts[1:], len(found)], strict=True):
        assert len(frozenset().union(*(each.pages for each in found[start:end]))) == 1
    lines = [wide for wide, high in rectangles(pdf, "f") if high < 1 and wide < 400]
    assert min(lines) >= 90


def test_a_row_of_the_log_has_room_for_a_pen() -> None:
    """From box to box in a column, 20 points."""
    column = [one for one in squares(drawn("log")) if one.page == 2][::2][:14]
    steps = {round(low.top - high.top, 1) for high, low in pairwise(column)}
    assert steps == {20.0}


def heights(pdf: bytes, *texts: str) -> list[float]:
    """Give the height of the largest print of each word."""
    return [max(high(one) for one in boxes(pdf) if one.word == text) for text in texts]


def high(word: Box) -> float:
    """Give the height of a word."""
    return round(word.bottom - word.top, 1)


@each_language
def test_the_doses_of_all_steps_look_alike(language: str) -> None:
    """With a point or a comma, and with the other one in English under it."""
    doses = ("1.5", "3", "4.5") if language == "en" else ("1,5", "3", "4,5")
    one, *others = heights(drawn("handout", language), *doses)
    assert others == [one, one]
    assert one > 20


def flowed(*heights: float, room: float) -> list[list[tuple[float, float]]]:
    """Place sections, each a heading of 20 and so many lines of 20, in two columns."""
    title, line = (Strip(20.0, (), before=10.0, keep=keep) for keep in (True, False))
    strips = [strip for lines in heights for strip in (title, *[line] * lines)]
    pages = Pages(0.0, 0.0, room, 0.0)
    flow_columns(pages, strips, 300.0)
    return [[(placed.x, placed.y) for placed in page if placed.strip.keep] for page in pages.pages]


def test_a_short_section_begins_in_the_column_that_holds_it() -> None:
    """Where not all has room, neither column ends inside one."""
    first, second = flowed(7, 3, 3, 7, room=300.0)
    assert [x for x, _ in (*first, *second)] == [0.0, 300.0, 300.0, 0.0]
    assert {y for _, y in (first[0], first[1], second[0])} == {0.0}


def test_a_single_short_section_stands_in_one_column() -> None:
    """A few lines at the end are not dealt out over two."""
    title, line = (Strip(20.0, (), before=10.0, keep=keep) for keep in (True, False))
    pages = Pages(0.0, 0.0, 700.0, 0.0)
    flow_columns(pages, [title, *[line] * 4], 300.0)
    assert {placed.x for placed in pages.pages[0]} == {0.0}


def test_the_notes_of_a_pharmacy_sheet_fill_the_page_that_its_tables_end_on() -> None:
    """Those of a year: they do not begin a third page."""
    year = ldn.lay_out(a_signed_plan(start=START))
    last = START + timedelta(weeks=52, days=-1)
    pages = page_text(paper_file(Paper.PHARMACY, year, through=last).content)
    assert len(pages) == 2
    assert "Making and keeping it" in pages[1]


def test_directions_take_the_room_that_dates_leave() -> None:
    """No line holds nothing but their first word."""
    pdf = drawn("pharmacy")
    take = [one for one in boxes(pdf) if one.word == "Take"]
    assert len(take) == 3
    for word in take:
        beside = [one for one in boxes(pdf) if one.page == 1 and abs(one.top - word.top) < 1]
        assert any(one.word in {"capsule", "capsules"} for one in beside)


def test_no_section_of_the_handout_is_divided() -> None:
    """The right column of its second page begins with a heading, as large as that of the left."""
    second = [one for one in boxes(drawn("handout")) if one.page == 2]
    right = [one for one in second if one.left > SIZE[0] / 2 and one.top > 130]
    heading = next(one for one in second if one.word == "How")
    assert high(min(right, key=lambda one: one.top)) == high(heading)


def test_what_comes_after_a_table_keeps_its_distance() -> None:
    """A paragraph, and lines for signatures even more."""
    table = Table("A table", ("One", "Two"), (("1", Blank.BOX),))
    for block, least in ((Paragraph("After"), 9.0), (Fields((Field("Signature", None),)), 16.0)):
        *_, last = blocks_strips((table, block), 400, Tag("Document"), look(), level=2)
        assert last.before >= least


@each_language
def test_what_is_filled_in_by_hand_is_told_in_the_language(language: str) -> None:
    """A screen reader is not told to read English in a Dutch table, nor the same thing twice."""
    spoken = {each.spoken for each in elements(drawn("log", language)) if each.role == "TD"}
    told = {
        "en": {"box to tick", "line to write on"},
        "nl": {"vakje om aan te kruisen", "regel om op te schrijven"},
        "de": {"Kästchen zum Ankreuzen", "Zeile zum Ausfüllen"},
        "fr": {"case à cocher", "ligne à remplir"},
        "es": {"casilla para marcar", "línea para escribir"},
    }
    assert spoken - {None} == told[language]


def test_a_stream_may_end_with_any_byte() -> None:
    """One that ends with half of a line end is not taken to be shorter than it is."""
    content = next(
        text for n in range(100_000) if (text := zlib.compress(b"%d" % n)).endswith(b"\r")
    )
    assert plain_stream(content, "").endswith(content + b"\r\nendstream")


def test_an_outline_nests_its_lines_under_the_last_higher_one() -> None:
    """With the counts and the neighbours of each."""
    objects = Objects()
    whole, *items = (objects.add() for _ in range(5))
    levels = (0, 1, 1, 0)
    entries = [Entry("E", level, 0, 700.0, item) for level, item in zip(levels, items, strict=True)]
    write_outline(entries, ["9 0 R"], whole)
    one, two, three, four = (item.reference for item in items)
    assert whole.content == f"<</Type/Outlines/First {one}/Last {four}/Count 4>>".encode()
    assert f"/Next {four}".encode() in items[0].content
    assert f"/First {two}/Last {three}/Count 2".encode() in items[0].content
    dest = "/Dest [9 0 R/XYZ 0 700.00 0]"
    assert f"/Parent {one}/Prev {two}{dest}".encode() in items[2].content


def test_a_file_is_sound_on_every_look() -> None:
    """Its table of places leads to its objects."""
    assert problems(drawn("log")) == ""
    assert problems(drawn("handout", "de", large=True)) == ""
