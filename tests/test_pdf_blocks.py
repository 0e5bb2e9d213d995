from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import pikepdf
import pytest

from ldn_titrate.content import (
    Axis,
    Blank,
    Callout,
    Card,
    Chart,
    DayStrip,
    Document,
    Drawn,
    Field,
    Fields,
    Legend,
    Mark,
    Panel,
    Paragraph,
    Plot,
    Section,
    Series,
    Table,
    Weight,
)
from ldn_titrate.errors import ExportError
from ldn_titrate.export.pdf.cards import PANEL_HEIGHT, PANEL_WIDTH
from ldn_titrate.export.pdf.days import day_strip as day_strip_strips
from ldn_titrate.export.pdf.looks import look
from ldn_titrate.export.pdf.render import render
from ldn_titrate.export.pdf.structure import Tag
from pdf_judges import (
    COLOURED,
    boxes,
    elements,
    font_sizes,
    operators,
    outline,
    page_sizes,
    page_text,
    pdfua_errors,
    problems,
    struct_text,
    validate_ua1,
)
from sample_blocks import (
    LABELS,
    bilingual,
    card,
    chart,
    day_strip,
    document_of,
    log,
    report,
)
from sample_document import HOSTILE_NAMES, joined, sample_document, steps, variants
from test_pdf_canvas import changed_by

if TYPE_CHECKING:
    from collections.abc import Callable

Size = Literal["letter", "a4"]

WIDE = Table(
    "A table for a pharmacy",
    ("Product", "Strength", "Manufacturer", "Beyond-use date", "Prepared", "Remarks"),
    (
        (
            "Capsules",
            joined("1.5~mg"),
            joined("Example~Pharmacy"),
            joined("1~May~2027"),
            Blank.BOX,
            Blank.LINE,
        ),
    )
    * 3,
)


def everywhere(text: str) -> Document:
    """Put a text in every place of every block where text can stand."""
    field = (Field(text, text), Field(text, None))
    axis = Axis(text, 0, 2, ((0, text), (1, text)))
    series = tuple(Series(text, ((0.0, 0.0), (2.0, 1.0)), drawn) for drawn in Drawn)
    return document_of(
        Table(text, (text, text, text), ((text, text, Blank.BOX), (text, Blank.LINE, text))),
        Card(text, text, (Panel(text, (text,), field), Panel(text))),
        DayStrip(text, ((text, (Mark.FULL, None, Mark.DASH)),), day_legend(text)),
        Chart(text, axis, (Plot(axis, series), Plot(axis, ())), text or "Nothing"),
    )


def day_legend(text: str) -> tuple[Legend, ...]:
    """Count a full mark and a dash."""
    return (Legend(Mark.FULL, text, 1), Legend(Mark.DASH, text, 1))


DOCUMENTS = {
    "report": report(),
    "bilingual": bilingual(),
    "long log": document_of(log(80)),
    "wide": document_of(WIDE),
    "three panels": document_of(replace(card(), panels=(*card().panels, Panel("Third")))),
    "empty": everywhere(""),
    **{f"{name} everywhere": everywhere(text) for name, text in HOSTILE_NAMES.items()},
    "200 letters": everywhere("x" * 200),
}
each_document = pytest.mark.parametrize("name", DOCUMENTS)
each_size = pytest.mark.parametrize("size", ["letter", "a4"])
each_print = pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])


@cache
def drawn(name: str, size: Size = "letter", *, large: bool = False) -> bytes:
    """Draw a document once."""
    return render({**variants(), **DOCUMENTS}[name], size=size, large_print=large)


def heard(name: str, *, large: bool = False) -> list[str]:
    """Give what is read aloud, without the spaces at the ends."""
    return [text.strip() for text in struct_text(drawn(name, large=large)) if text.strip()]


@each_document
@each_size
@each_print
def test_every_new_block_conforms_to_pdf_ua(name: str, size: Size, *, large: bool) -> None:
    """Neither validator finds anything, on both papers, in usual and in large print."""
    pdf = drawn(name, size, large=large)
    assert validate_ua1(pdf) == []
    assert pdfua_errors(pdf) == []
    assert problems(pdf) == ""


@pytest.mark.parametrize("name", variants())
@each_size
def test_every_variant_of_the_handout_conforms_in_large_print(name: str, size: Size) -> None:
    """Long, hostile or empty: large print is read aloud as well as usual print."""
    pdf = drawn(name, size, large=True)
    assert validate_ua1(pdf) == []
    assert pdfua_errors(pdf) == []


@pytest.mark.parametrize("name", [*DOCUMENTS, *variants()])
@each_print
def test_words_keep_inside_the_margins_and_apart(name: str, *, large: bool) -> None:
    """No word is clipped by the paper, and none lies on another one."""
    pdf = drawn(name, large=large)
    sizes = page_sizes(pdf)
    placed = boxes(pdf)
    margin = 39.9 if large else 51.9
    for box in placed:
        width, height = sizes[box.page - 1]
        assert box.left >= margin
        assert box.right <= width - margin
        assert box.top >= 22
        assert box.bottom <= height - 24
    for number, one in enumerate(placed):
        for other in placed[number + 1 :]:
            if one.page == other.page:
                across = min(one.right, other.right) - max(one.left, other.left)
                down = min(one.bottom, other.bottom) - max(one.top, other.top)
                # The boxes of neighbouring lines touch: they are as high as the tallest glyph.
                assert across <= 0.5 or down <= (9 if large else 5), (one, other)


@pytest.mark.parametrize("name", [*DOCUMENTS, *variants()])
def test_no_text_is_smaller_than_it_may_be(name: str) -> None:
    """Ten points in usual print; eighteen in large print, the page number among them."""
    assert min(font_sizes(drawn(name))) >= 10
    assert min(font_sizes(drawn(name, large=True))) >= 18


@each_document
def test_the_new_blocks_are_black_white_and_grey(name: str) -> None:
    """No operator of another colour space is used."""
    assert not {operator for operator, _ in operators(drawn(name))} & COLOURED


@pytest.mark.parametrize("text", ["פת דוגמה", "Pat 😀 Example", "x" * 200, "( \\ )"])
@each_print
def test_a_hostile_text_is_heard_in_every_place(text: str, *, large: bool) -> None:
    """Each place says it: as an element, or inside the words of a drawing."""
    pdf = render(everywhere(text), size="letter", large_print=large)
    said = Counter(text for text in struct_text(pdf) if text)
    said.update(each.spoken.strip() for each in elements(pdf) if each.spoken)
    assert said[text] + said[f"{text} "] >= 12 - 2 * large
    alternates = [each.alternate or "" for each in elements(pdf) if each.role == "Figure"]
    assert alternates[0].count(text) == 6
    assert alternates[1] == text


def test_a_cell_to_fill_in_says_what_it_is_for() -> None:
    """A screen reader says it in the words of the document."""
    cells = [each for each in elements(drawn("long log")) if each.role == "TD"]
    spoken = Counter(each.spoken for each in cells)
    assert spoken == {None: 80, "box to tick": 160, "line to write on": 80}
    dutch = replace(document_of(log(5)), language="nl", box="vakje", line="regel")
    told = Counter(each.spoken for each in elements(render(dutch, size="letter")))
    assert told["vakje"] == 10
    assert told["regel"] == 5


def rectangles(pdf: bytes, operator: str) -> list[tuple[float, float]]:
    """Give the sizes of the rectangles that are filled (f) or outlined (S)."""
    found, last = [], (0.0, 0.0)
    for name, operands in operators(pdf):
        if name == "re":
            last = (float(operands[2]), float(operands[3]))
        elif name == operator and last != (0.0, 0.0):
            found.append(last)
            last = (0.0, 0.0)
    return found


@each_print
def test_boxes_are_big_enough_for_a_pen_and_lines_take_what_is_left(*, large: bool) -> None:
    """Two boxes in each row, of 5 mm and more; a line wider than the boxes together."""
    pdf = render(document_of(log(5)), size="a4", large_print=large)
    ticks = [size for size in rectangles(pdf, "S") if size[0] == size[1]]
    assert len(ticks) == 10
    assert min(ticks)[0] >= 15
    lines = [wide for wide, high in rectangles(pdf, "f") if high < 1 and wide < 400]
    assert len(lines) == 5
    assert min(lines) >= (100 if large else 150)


@each_print
def test_a_long_log_goes_on_over_pages_and_cuts_no_row(*, large: bool) -> None:
    """The header row stands on each page and is heard once; each day is there once."""
    pages = page_text(drawn("long log", large=large))
    assert len(pages) > 2
    assert all("Taken Missed" in text for text in pages)
    assert heard("long log", large=large).count("Missed") == 1
    found = elements(drawn("long log", large=large))
    rows = [n for n, each in enumerate(found) if each.role == "TR"]
    assert len(rows) == 81
    for number in rows:
        on = [each.pages for each in found[number + 1 : number + 6] if each.role != "TR"]
        assert len(frozenset().union(*on)) == 1


def test_a_table_too_wide_for_large_print_becomes_a_list() -> None:
    """Each cell stands beside its header, and no word is cut."""
    said = heard("wide", large=True)
    start = said.index("Product")
    cells = [*WIDE.rows[0][:4]]
    pairs = [part for pair in zip(WIDE.headers, cells, strict=False) for part in pair]
    assert said[start : start + 8] == [text.replace("\N{NO-BREAK SPACE}", " ") for text in pairs]
    assert said.count("Beyond-use date") == 3
    spoken = Counter(each.spoken for each in elements(drawn("wide", large=True)))
    assert spoken["box to tick"] == spoken["line to write on"] == 3


def test_in_large_print_a_calendar_has_a_line_for_each_day() -> None:
    """Every day of the handout is there once with its weekday, its dose and its capsules."""
    said = heard("sample", large=True)
    first = said.index("Week Week 1")  # the header of the weeks, and the title of this one
    assert said[first + 1 : first + 9] == [
        *("Tue", "1 Dec", "1.5 mg", "1 capsule"),
        *("Wed", "2 Dec", "1.5 mg", "1 capsule"),
    ]
    weeks = [said.index(f"Week Week {number}") for number in range(1, 7)]
    assert weeks == sorted(weeks)
    days = [text for text in said[weeks[0] :] if text.endswith((" Dec", " Jan"))]
    assert len(days) == len(set(days)) == 42


def test_in_large_print_nothing_of_the_handout_is_lost() -> None:
    """Every word that is printed in usual print is printed in large print."""
    usual, large = (
        Counter(" ".join(page_text(drawn("sample", large=one))).split()) for one in (False, True)
    )
    furniture = {"Page", "of", "DRAFT,", "not", "for", "patient", "use", "Pat", "Example", "Plan"}
    assert set(usual) - furniture <= set(large)


def _strokes(pdf: bytes) -> list[tuple[tuple[float, ...], list[tuple[float, float]]]]:
    """Give the dashes and the points of each line."""
    found = []
    dashes: tuple[float, ...] = ()
    points: list[tuple[float, float]] = []
    for name, operands in operators(pdf):
        if name == "d":
            dashes = tuple(float(each) for each in operands[0])
        elif name in {"m", "l"}:
            start = [] if name == "m" else points
            points = [*start, (float(operands[0]), float(operands[1]))]
        elif name == "S" and points:
            found.append((dashes, points))
            points = []
    return found


@each_size
def test_a_card_has_the_size_of_a_bank_card(size: Size) -> None:
    """Two faces of 85.6 by 54 mm, dashes around them and dots between them."""
    strokes = _strokes(render(document_of(card()), size=size))
    cut = [points for dashes, points in strokes if dashes == (6, 3)]
    fold = [points for dashes, points in strokes if dashes == (1, 2.5)]
    across = {x for line in cut for x, _ in line}
    down = {y for line in cut for _, y in line}
    assert max(across) - min(across) == pytest.approx(2 * PANEL_WIDTH, abs=0.02)
    assert max(down) - min(down) == pytest.approx(PANEL_HEIGHT, abs=0.02)
    assert [x - min(across) for x, _ in fold[0]] == pytest.approx([PANEL_WIDTH] * 2, abs=0.02)
    assert pytest.approx((242.65, 153.07), abs=0.01) == (PANEL_WIDTH, PANEL_HEIGHT)


def test_the_faces_of_a_card_grow_together_and_lose_nothing() -> None:
    """A long text makes both faces taller; the width and the type stay."""
    text = "In an emergency, other medicines for pain may be needed. " * 12
    pdf = render(document_of(card(text)), size="letter")
    cut = [points for dashes, points in _strokes(pdf) if dashes == (6, 3)]
    down = {y for line in cut for _, y in line}
    assert max(down) - min(down) > PANEL_HEIGHT
    assert max(y for line in cut for _, y in line) == pytest.approx(max(down))
    assert " ".join(page_text(pdf)).count("emergency") == 12
    assert min(font_sizes(pdf)) >= 10


def test_faces_that_have_no_room_side_by_side_stand_one_above_the_other() -> None:
    """Three faces: folds between them, one width."""
    strokes = _strokes(drawn("three panels"))
    fold = [points for dashes, points in strokes if dashes == (1, 2.5)]
    assert len({points[0][1] for points in fold}) == 2
    assert all(abs(a[0] - b[0]) == pytest.approx(PANEL_WIDTH, abs=0.02) for a, b in fold)


def test_a_strip_of_days_is_told_in_numbers() -> None:
    """The title, the whole count, then each row."""
    figure = next(each for each in elements(drawn("report")) if each.role == "Figure")
    assert figure.alternate == (
        "Each dosing day, four weeks in a row: taken 29, taken late 2, taken twice 2,"
        " another dose taken 2, missed 2, not logged 3, skipped 2."
        " From\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}Dec: taken 21, taken late 1, taken twice 1,"
        " another dose taken 1, missed 1, not logged 2, skipped 1."
        " From\N{NO-BREAK SPACE}29\N{NO-BREAK SPACE}Dec: taken 8, taken late 1, taken twice 1,"
        " another dose taken 1, missed 1, not logged 1, skipped 1"
    ).replace("From\N{NO-BREAK SPACE}", "From ")


def test_the_legend_is_heard_with_its_counts() -> None:
    """Each label is followed by its number."""
    said = heard("report")
    start = said.index("taken")
    assert said[start : start + 14 : 2] == list(LABELS.values())
    assert said[start + 1 : start + 14 : 2] == ["29", "2", "2", "2", "2", "3", "2"]


@each_print
def test_every_mark_is_drawn_and_told_apart_by_its_shape(*, large: bool) -> None:
    """Seven marks, seven drawings, all of one size; and one drawing for each day."""
    styles = look(large_print=large)
    shapes = set()
    for mark in Mark:
        one = DayStrip("", (("", (mark,)),), (Legend(mark, "", 1),))
        strips = list(day_strip_strips(one, 500, Tag("Document"), styles, 2))
        shapes.add(next(strip.shapes for strip in strips if strip.figure))
    assert len(shapes) == len(Mark)
    full = day_strip()
    squares = replace(
        full,
        rows=tuple((label, (Mark.FULL,) * len(row)) for label, row in full.rows),
        legend=(Legend(Mark.FULL, "taken", 56),),
    )
    strips = list(day_strip_strips(squares, 500, Tag("Document"), styles, 2))
    assert sum(len(strip.shapes) for strip in strips if strip.figure) == 56


@pytest.mark.parametrize(
    "legend",
    [
        (),
        (Legend(Mark.FULL, "taken", 2),),
        (Legend(Mark.FULL, "taken", 1), Legend(Mark.DASH, "skipped", 1)),
    ],
)
def test_a_legend_that_counts_otherwise_is_refused(legend: tuple[Legend, ...]) -> None:
    """The numbers and the marks of one strip never contradict each other."""
    strip = DayStrip("Days", (("From 1 Dec", (Mark.FULL, None)),), legend)
    with pytest.raises(ExportError, match="the days show full 1"):
        render(document_of(strip), size="letter")


def test_a_chart_is_told_and_printed_in_the_same_words() -> None:
    """What a screen reader says of the drawing stands below it for everybody."""
    figure = [each for each in elements(drawn("report")) if each.role == "Figure"][1]
    words = chart().spoken.replace("\N{NO-BREAK SPACE}", " ")
    assert (figure.alternate or "").replace("\N{NO-BREAK SPACE}", " ") == words
    assert words in heard("report")


def test_a_step_holds_its_value_until_the_next_one() -> None:
    """The line of the doses goes level, then straight up: never slanting between two days."""
    one = chart()
    pdf = render(document_of(replace(one, plots=one.plots[:1])), size="letter")
    line = max((points for _, points in _strokes(pdf)), key=len)
    assert len(line) == 6
    for (x, y), (to_x, to_y) in pairwise(line):
        assert (x == to_x) != (y == to_y)
    levels = [y - line[0][1] for _, y in line]
    assert levels == pytest.approx([0, 0, 35, 35, 70, 70], abs=0.02)
    span = line[-1][0] - line[0][0]
    days = [round(42 * (x - line[0][0]) / span, 1) for x, _ in line]
    assert days == [0, 14, 14, 28, 28, 42]


def test_series_of_one_field_differ_in_dashes_and_grey() -> None:
    """A copy without colours still tells them apart."""
    found: set[tuple[tuple[float, ...], str]] = set()
    grey = "0"
    dashes: tuple[float, ...] = ()
    for name, operands in operators(drawn("report")):
        if name == "G":
            grey = str(operands[0])
        elif name == "d":
            dashes = tuple(float(each) for each in operands[0])
        elif name == "S":
            found.add((dashes, grey))
    assert ((4.0, 3.0), "0.4") in found
    assert ((), "0") in found


@pytest.mark.parametrize(
    ("low", "high", "value"), [(0, 4, 4.5), (0, 4, -0.1), (4, 4, 4), (0, 4, float("nan"))]
)
def test_a_value_outside_its_axis_is_refused(low: float, high: float, value: float) -> None:
    """It is neither drawn beside the field nor left out."""
    plot = Plot(Axis("mg", low, high, ()), (Series("dose", ((1.0, value),), Drawn.STEPS),))
    with pytest.raises(ExportError, match="on an axis from"):
        render(document_of(replace(chart(), plots=(plot,))), size="letter")


def test_a_chart_without_words_is_refused() -> None:
    """Nothing could be read aloud in place of the drawing."""
    with pytest.raises(ExportError, match="not told in words"):
        render(document_of(replace(chart(), spoken=" ")), size="letter")


def test_no_label_of_a_crowded_axis_is_lost() -> None:
    """Labels that have no room side by side stand in tiers."""
    ticks = tuple((float(day), f"Day{day}") for day in range(43))
    pdf = render(document_of(replace(chart(), x=Axis("", 0, 42, ticks))), size="letter")
    words = {box.word for box in boxes(pdf)}
    assert {label for _, label in ticks} <= words


def test_a_drawing_says_where_it_is() -> None:
    """A figure on one page has its box, inside the paper."""

    def check(pdf: pikepdf.Pdf) -> None:
        figures = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        ]
        assert len(figures) == 2
        for each in figures:
            left, low, right, high = (float(edge) for edge in each.A.BBox)
            assert (left, right) == pytest.approx((52, 560), abs=0.1)
            assert 0 < low < high < 792

    changed_by(drawn("report"), check)


def drop_the_alternate_texts(pdf: pikepdf.Pdf) -> None:
    """Leave a drawing without words."""
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure":
            del each["/Alt"]


def break_a_language(pdf: pikepdf.Pdf) -> None:
    """Give the second lines a language that is none."""
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Span" and "/Lang" in each:
            each.Lang = "not a language"


@pytest.mark.parametrize(
    ("name", "change"),
    [("report", drop_the_alternate_texts), ("bilingual", break_a_language)],
)
def test_a_broken_block_is_caught(name: str, change: Callable[[pikepdf.Pdf], None]) -> None:
    """The judges bite: what the blocks write is needed."""
    assert validate_ua1(changed_by(drawn(name), change)) != []


def test_each_language_is_tagged_as_its_own() -> None:
    """Every text of two lines is two elements, the second of which names its language."""
    found = elements(drawn("bilingual"))
    spans = [each for each in found if each.role == "Span"]
    assert {each.language for each in spans} == {None, "en"}
    said = heard("bilingual")
    for first, second in [
        ("BORRADOR", "DRAFT"),
        ("Su plan de naltrexona", "Your naltrexone plan"),
        ("Una dosis cada noche", "One dose every evening"),
        ("Tome una dosis.", "Take one dose."),
        ("Los pasos", "The steps"),
        ("Fechas", "Dates"),
        ("Desde el 1 de diciembre", "From 1 December"),
        ("1 cápsula", "1 capsule"),
        ("Tomo naltrexona", "I take naltrexone"),
        ("Nombre", "Name"),
        ("Preguntas", "Questions"),
    ]:
        assert said[said.index(first) + 1] == second


def test_the_second_language_is_grey_with_a_contrast_above_seven_to_one() -> None:
    """On white and on the darkest ground that text stands on, the band of a draft."""
    fills, grounds, high = [0.0], [1.0], 0.0
    for name, operands in operators(drawn("bilingual")):
        if name == "g":
            fills.append(float(operands[0]))
        elif name == "re":
            high = float(operands[3])
        elif name == "f" and high > 5 and fills[-1] > 0:
            grounds.append(fills[-1])
    assert min(grounds) == 0.85
    assert 0.25 in fills
    dark, light = (((fill + 0.055) / 1.055) ** 2.4 for fill in (0.25, min(grounds)))
    assert (light + 0.05) / (dark + 0.05) > 7


def test_the_second_language_is_smaller_but_never_small() -> None:
    """The title shrinks by a sixth; what is ten points stays so, and eighteen in large print."""
    assert {25.0, 21.25} <= font_sizes(drawn("bilingual"))
    assert min(font_sizes(drawn("bilingual"))) == 10
    assert min(font_sizes(drawn("bilingual", large=True))) == 18


def test_the_page_number_is_in_both_languages() -> None:
    """It comes from the document, which says it in its languages."""
    assert all(
        "Página 1 de" in text or "Página 2 de" in text for text in page_text(drawn("bilingual"))
    )
    assert "Page 2 of 2" in page_text(drawn("bilingual"))[1]


def test_hebrew_beside_english_is_heard_in_both() -> None:
    """What is drawn backwards does not swallow the line under it."""
    document = replace(document_of(Paragraph("פת דוגמה\nPat Example")), beside="en", language="he")
    pdf = render(document, size="letter")
    spoken = [each.spoken for each in elements(pdf) if each.role == "Span"]
    assert spoken == ["פת דוגמה ", None]
    assert "Pat Example" in struct_text(pdf)
    assert validate_ua1(pdf) == []


@pytest.mark.parametrize("name", ["sample", "report", "bilingual"])
def test_the_outline_leads_to_the_sections(name: str) -> None:
    """The title of the document, and its sections under it, each with its page."""
    document = {**variants(), **DOCUMENTS}[name]
    lines = outline(drawn(name))
    titles = [document.title, *(section.title for section in document.back)]
    assert [title for _, title, _ in lines] == [title.split("\n")[0] for title in titles]
    assert [depth for depth, _, _ in lines] == [0, *[1] * len(document.back)]
    texts = page_text(drawn(name))
    assert all(title in texts[page - 1] for _, title, page in lines)


def test_a_document_without_a_second_language_keeps_its_lines_together() -> None:
    """There, a line end is a space."""
    pdf = render(document_of(Paragraph("One\nsentence.")), size="letter")
    assert "One sentence." in struct_text(pdf)


def test_every_block_can_stand_in_a_section_after_plain_text() -> None:
    """The two columns end where a drawing needs the whole width."""
    plain = Section("Plain", (Paragraph("Text."), Callout("Note", (), Weight.PLAIN)))
    drawings = Section("Drawn", (day_strip(), chart(), card(), log(3), Fields(()), steps()))
    pdf = render(replace(sample_document(), back=(plain, drawings, plain)), size="letter")
    assert validate_ua1(pdf) == []
    assert pdfua_errors(pdf) == []
