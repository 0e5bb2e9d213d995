from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal

import pytest

from ldn_titrate.content import Bullets, Callout, Document, Paragraph, Section, Weight
from ldn_titrate.errors import ExportError
from ldn_titrate.export.pdf.render import render
from pdf_judges import (
    COLOURED,
    GREY,
    Element,
    boxes,
    elements,
    font_sizes,
    fonts,
    operators,
    page_sizes,
    page_text,
    pdfua_errors,
    problems,
    struct_text,
    validate_ua1,
)
from sample_document import (
    HOSTILE_NAMES,
    MAIN,
    STOP,
    calendar,
    sample_document,
    steps,
    variants,
)

Size = Literal["letter", "a4"]
SIZES: tuple[Size, ...] = ("letter", "a4")
VARIANTS = variants()
each_size = pytest.mark.parametrize("size", SIZES)
each_variant = pytest.mark.parametrize("name", VARIANTS)


@cache
def drawn(name: str, size: Size = "letter") -> bytes:
    """Draw a variant of the sample once."""
    return render(VARIANTS[name], size=size)


def sample_words(document: Document) -> list[str]:
    """Give the sentences of the sections of plain text, in reading order."""
    return [text for section in document.back for text in [section.title, *_sentences(section)]]


def _sentences(section: Section) -> list[str]:
    found = []
    for block in section.blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        if isinstance(block, Bullets):
            found.extend(block.items)
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in found]


@each_variant
@each_size
def test_every_document_conforms_to_pdf_ua(name: str, size: Size) -> None:
    """Neither validator finds anything on any variant, long, empty or hostile."""
    assert validate_ua1(drawn(name, size)) == []
    assert pdfua_errors(drawn(name, size)) == []
    assert problems(drawn(name, size)) == ""


@each_variant
@each_size
def test_nothing_is_drawn_outside_the_margins(name: str, size: Size) -> None:
    """No word comes closer to an edge of the paper than a printer can print."""
    sizes = page_sizes(drawn(name, size))
    for box in boxes(drawn(name, size)):
        width, height = sizes[box.page - 1]
        assert box.left >= 51.9
        assert box.right <= width - 51.9
        assert box.top >= 24
        assert box.bottom <= height - 26


@each_variant
def test_no_words_cover_each_other(name: str) -> None:
    """Every word has its own place, whatever is wrapped or cut."""
    placed = boxes(drawn(name))
    for number, one in enumerate(placed):
        for other in placed[number + 1 :]:
            if one.page == other.page:
                across = min(one.right, other.right) - max(one.left, other.left)
                down = min(one.bottom, other.bottom) - max(one.top, other.top)
                # The boxes of neighbouring lines touch: they are as high as the tallest glyph.
                assert across <= 0.5 or down <= 5, (one, other)


@each_variant
def test_no_text_is_smaller_than_ten_points(name: str) -> None:
    """Nothing shrinks to make it fit; most of the page is twelve points and more."""
    assert min(font_sizes(drawn(name))) >= 10
    assert 12 in font_sizes(drawn(name))


@each_variant
def test_there_is_nothing_but_black_white_and_grey(name: str) -> None:
    """No operator of another colour space is used."""
    used = {operator for operator, _ in operators(drawn(name))}
    assert not used & COLOURED
    assert used & GREY


def test_text_is_black_and_stands_on_light_grounds() -> None:
    """All text is written in black; no grey ground is darker than a contrast of 7 to 1 allows."""
    black, lightest_dark = True, 1.0
    fill = 0.0
    for operator, operands in operators(drawn("sample")):
        if operator == "g":
            fill = float(operands[0])
        elif operator == "BT":
            black = black and fill == 0
        elif operator == "re" and 0 < fill < 1:
            lightest_dark = min(lightest_dark, fill)
    luminance = ((lightest_dark + 0.055) / 1.055) ** 2.4
    assert black
    assert (luminance + 0.05) / 0.05 >= 7


@each_variant
def test_every_font_is_embedded_with_its_characters(name: str) -> None:
    """A copy of each font travels with the file, and a way back to characters."""
    found = fonts(drawn(name))
    assert found
    assert all(font.embedded and font.unicode for font in found)


@each_size
def test_the_sample_is_one_sheet_of_paper(size: Size) -> None:
    """The front is exactly one page, and the back is exactly one."""
    first, second = page_text(drawn("sample", size))
    assert "Week 6" in first
    assert "Who to call" not in first
    assert "Who to call" in second
    assert "ask before you take the next dose." in second


@each_size
def test_the_paper_has_its_size(size: Size) -> None:
    """Letter and A4, upright."""
    expected = {"letter": (612, 792), "a4": (595.28, 841.89)}
    assert page_sizes(drawn("sample", size)) == [pytest.approx(expected[size], abs=0.01)] * 2


def test_the_page_is_read_aloud_in_order_and_in_whole_sentences() -> None:
    """The mark of a draft first, then the title, each sentence with its spaces."""
    heard = struct_text(drawn("sample"))
    assert heard[:5] == [
        "DRAFT, not for patient use",
        "Your bedtime naltrexone plan",
        "Low-dose naltrexone, one dose every evening at 22:00",
        "Take one dose at bedtime, 22:00.",
        "Go up only on the dates below. Check with your prescriber before each increase.",
    ]
    assert "Tue 15 Dec 2026 to Mon 28 Dec 2026" in heard
    assert "15 Dec 3 mg 2 capsules" in heard
    back = [text for text in heard[heard.index("Who to call") :] if text != "•"]
    sentences = sample_words(replace(sample_document(), back=sample_document().back[1:]))
    assert back[-len(sentences) :] == sentences


def test_the_mark_of_a_draft_is_heard_once_and_seen_on_each_page() -> None:
    """On paper it stands at the head of every page."""
    pdf = drawn("sample")
    assert struct_text(pdf).count("DRAFT, not for patient use") == 1
    assert all("DRAFT, not for patient use" in text for text in page_text(pdf))
    assert not any("DRAFT" in text for text in page_text(drawn("signed")))


@each_variant
def test_each_page_tells_whose_it_is_and_its_number(name: str) -> None:
    """A sheet that is torn off can be put back."""
    pages = page_text(drawn(name))
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Plan 7F3K-1" in text


def test_what_is_heard_once_is_not_heard_on_each_page() -> None:
    """The running head is passed over in reading aloud."""
    assert not any("Page " in text or "Plan 7F3K" in text for text in struct_text(drawn("sample")))


def test_the_structure_has_headings_lists_and_tables() -> None:
    """Roles are what a reader navigates by."""
    found = elements(drawn("sample"))
    roles = [each.role for each in found]
    assert roles[:4] == ["Document", "P", "H1", "P"]
    assert roles.count("H1") == 1
    assert roles.count("Table") == 2
    assert roles.count("Caption") == 2
    assert roles.count("TR") == 4 + 7
    assert roles.count("TH") == 4 + 3 + 8 + 6
    assert roles.count("TD") == 9 + 42


def test_a_table_repeats_its_header_on_each_page_and_says_it_once() -> None:
    """Twenty-six weeks: the weekdays stand above each part, and are heard once."""
    pdf = drawn("long calendar")
    pages = [text for text in page_text(pdf) if "Week 2" in text or "Week 20" in text]
    assert len(pages) > 1
    assert all("Tue Wed Thu Fri Sat Sun Mon" in text for text in pages)
    assert struct_text(pdf).count("Wed") == 1


@pytest.mark.parametrize("name", ["long calendar", "long table", "two units", "plain"])
def test_a_row_is_never_divided_between_pages(name: str) -> None:
    """Each row of a table is wholly on one page, and so is each callout."""
    found = elements(drawn(name))
    for number, element in enumerate(found):
        if element.role in {"TR", "LI"}:
            inside = [each.pages for each in _below(found, number) if each.pages]
            assert len(frozenset().union(*inside)) == 1


def _below(found: list[Element], number: int) -> list[Element]:
    rest = found[number + 1 :]
    depth = found[number].depth
    end = next((i for i, each in enumerate(rest) if each.depth <= depth), len(rest))
    return rest[:end]


@pytest.mark.parametrize("count", range(1, 40, 3))
def test_a_heading_is_never_the_last_of_its_page_or_column(count: int) -> None:
    """However much stands before it, something of its section stands below it."""
    filler = Section("Filler", (Bullets(("A short item.",) * count),))
    heads = tuple(Section(f"Head {n}", (Paragraph(f"Text {n}."),)) for n in range(12))
    document = replace(sample_document(), back=(filler, *heads))
    words = boxes(render(document, size="letter"))
    for number in range(12):
        head = next(
            i for i, w in enumerate(words) if w.word == "Head" and words[i + 1].word == str(number)
        )
        text = next(
            w for i, w in enumerate(words) if w.word == "Text" and words[i + 1].word == f"{number}."
        )
        assert text.page == words[head].page
        assert text.left == pytest.approx(words[head].left, abs=1)
        assert text.top > words[head].top


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_in_any_script_is_on_the_page_and_heard(name: str) -> None:
    """The name is said as it is written, where it is drawn in another order or cannot be drawn."""
    text = HOSTILE_NAMES[name]
    pdf = drawn(name)
    heard = {each.spoken for each in elements(pdf)} | set(struct_text(pdf))
    assert text in heard


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\x00", "\ud800", "\u202e1.5 mg", "(", "\\", "<&>"]
)
def test_any_string_can_stand_anywhere(text: str) -> None:
    """Empty and hostile strings in every place of a document break nothing."""
    document = Document(
        title=text or "Title",
        subtitle=text,
        language="en-US",
        running=text,
        draft=text,
        front=(Callout(text, (Paragraph(text),), Weight.STOP), calendar(1, (text,))),
        back=(Section(text, (Bullets((text,)), Bullets(()))),),
    )
    pdf = render(document, size="a4")
    assert len(page_sizes(pdf)) == 2
    assert problems(pdf) == ""


@each_size
def test_a_calendar_of_a_few_weeks_stays_on_one_sheet(size: Size) -> None:
    """It is put up by itself where it finds no room below the rest of the front."""
    table = steps()
    crowded = replace(table, rows=table.rows * 3)
    pdf = render(replace(sample_document(), front=(MAIN, crowded, STOP, calendar())), size=size)
    first, second, *_ = page_text(pdf)
    assert "Week 1" not in first
    assert "Week 1" in second
    assert "Week 6" in second


@pytest.mark.parametrize("lines", range(25, 60, 5))
def test_nothing_is_lost_where_a_strip_is_taller_than_a_page(lines: int) -> None:
    """Endless titles, sentences, items and cells go on on the next page."""
    text = "A long sentence goes on. " * (2 * lines)
    document = replace(
        sample_document(),
        front=(replace(MAIN, title=text), replace(steps(), rows=(("1", text, "3", "4"),))),
        back=(Section(text, (Paragraph(text), Bullets((text,)))),),
    )
    pdf = render(document, size="letter")
    assert validate_ua1(pdf) == []
    assert " ".join(page_text(pdf)).count("sentence") == 2 * lines * 5
    height = page_sizes(pdf)[0][1]
    assert max(box.bottom for box in boxes(pdf)) < height - 26


def test_a_head_that_leaves_no_room_is_refused() -> None:
    """A document is not drawn on pages that are all head."""
    document = replace(sample_document(), running="Pat Example " * 2000)
    with pytest.raises(ExportError, match="head"):
        render(document, size="letter")


SCRIPT = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from sample_document import variants
from ldn_titrate.errors import ExportError
from ldn_titrate.export.pdf.render import render
for name in ("sample", "hebrew", "emoji"):
    print(hashlib.sha256(render(variants()[name], size="letter")).hexdigest())
"""


def test_the_same_document_gives_the_same_bytes_in_every_process() -> None:
    """Neither the hash seed, nor the clock, nor the zone, nor the date of a build matters."""
    here = [hashlib.sha256(drawn(name)).hexdigest() for name in ("sample", "hebrew", "emoji")]
    for seed, zone, epoch in (("1", "UTC", "0"), ("2", "Asia/Tokyo", "1700000000")):
        environment = {"PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": epoch}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(Path(__file__).parent)],
            env={**os.environ, **environment},
            capture_output=True,
            check=True,
            text=True,
        )
        assert done.stdout.split() == here


def test_the_same_document_gives_the_same_bytes_in_every_thread() -> None:
    """Four threads draw at once, each with its own mixture of characters."""
    names = ["sample", "hebrew", "greek", "vietnamese", "emoji", "long calendar"] * 6
    with ThreadPoolExecutor(4) as pool:
        files = list(pool.map(lambda name: render(VARIANTS[name], size="letter"), names))
    assert files == [drawn(name) for name in names]
