from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.export.pdf.fonts import (
    NO_BREAK_SPACE,
    REPLACEMENT,
    faces,
    missing_characters,
    normalized,
    set_word,
    shown,
)
from ldn_titrate.export.pdf.lines import Style, set_text, text_width, widest_word

BODY = Style(12, 15)
NAMES = ["Pat Example", "Łukasz Żak", "Nguyễn Thị Ánh", "Αθηνά", "Жанна", "פת דוגמה"]


def drawn(text: str, width: float = 200) -> list[str]:
    """Give the characters drawn on each line."""
    return ["".join(run.text for run in line.runs) for line in set_text(text, BODY, width)]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_the_supported_scripts_lack_nothing(name: str) -> None:
    """Latin, Greek, Cyrillic, Vietnamese and Hebrew are covered."""
    assert missing_characters(name) == ()


def test_missing_characters_come_in_order_and_once_each() -> None:
    """A character that no font has is named at its first place."""
    assert missing_characters("a😀b漢😀ع") == ("😀", "漢", "ع")


def test_a_decomposed_name_is_covered_like_the_composed_one() -> None:
    """Two spellings of the same characters are the same characters."""
    assert missing_characters(unicodedata.normalize("NFD", "Nguyễn Thị Ánh")) == ()


def test_spaces_of_every_kind_are_known() -> None:
    """Tabs, line ends and wide spaces are blanks, not missing characters."""
    assert missing_characters("a\tb\nc\u2003d\u202fe\u00a0f") == ()


def test_both_weights_have_the_same_characters() -> None:
    """A character that is there in regular type is there in bold."""
    for regular, bold in zip(faces(bold=False), faces(bold=True), strict=True):
        assert set(regular.widths) == set(bold.widths)


def test_asking_about_plain_english_imports_no_renderer() -> None:
    """The question may be asked while a plan is read, long before a page is drawn."""
    code = (
        "import sys; from ldn_titrate.export.pdf.fonts import missing_characters;"
        "assert missing_characters('Pat Example') == ();"
        "sys.exit('reportlab' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_fonts_are_registered_nowhere() -> None:
    """Another user of reportlab in the process sees no font of this library."""
    code = (
        "from reportlab.pdfbase import pdfmetrics as m;"
        "before = (dict(m._fonts), dict(m._typefaces));"
        "from ldn_titrate.export.pdf.fonts import faces; faces(bold=True);"
        "assert before == (m._fonts, m._typefaces) and not m._dynFaceNames"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_word_is_set_in_one_design() -> None:
    """A word with one character of the second font is set in it as a whole."""
    runs, _ = set_word("Nguyễn", bold=False)
    assert [run.text for run in runs] == ["Nguyễn"]
    assert runs[0].face is faces(bold=False)[1]


def test_a_word_that_no_font_has_as_a_whole_is_set_in_both() -> None:
    """Each character takes the first font that has it."""
    runs, width = set_word("≤Жa", bold=False)
    main, other = faces(bold=False)
    assert [(run.face, run.text) for run in runs] == [(main, "≤"), (other, "Ж"), (main, "a")]
    assert width == main.widths["≤"] + other.widths["Ж"] + main.widths["a"]


def test_a_forced_cut_keeps_a_number_and_its_parts_whole() -> None:
    """Words held together are cut at their no-break spaces where nothing else helps."""
    text = "3 capsules of 1.5 mg".replace(" ", NO_BREAK_SPACE)
    assert drawn(text, 70) == [
        f"3{NO_BREAK_SPACE}capsules{NO_BREAK_SPACE}",
        f"of{NO_BREAK_SPACE}1.5{NO_BREAK_SPACE}mg",
    ]


def test_a_character_that_no_font_has_is_seen_to_be_missing() -> None:
    """It is drawn as the replacement character, and the line still says what was meant."""
    (line,) = set_text("Pat 😀 Example", BODY, 200)
    assert "".join(run.text for run in line.runs) == f"Pat {REPLACEMENT} Example"
    assert not line.literal
    assert line.text == "Pat 😀 Example"


@given(st.text(max_size=40))
def test_any_text_can_be_set(text: str) -> None:
    """Every string becomes lines of characters that the fonts have."""
    known = frozenset().union(*(face.widths for face in faces(bold=False)))
    assert set("".join(drawn(text, 60))) <= known


@given(st.text(alphabet="ab-/, \N{NO-BREAK SPACE}éễא😀", max_size=60), st.floats(20, 300))
def test_lines_say_the_whole_text(text: str, width: float) -> None:
    """Breaking loses and adds no character but spaces, and merges no two words."""
    said = "".join(line.text for line in set_text(text, BODY, width))
    assert re.findall("[^ ]+", said) == re.findall("[^ ]+", normalized(text))


@given(st.text(alphabet="abcdefg WM.é-/", max_size=80), st.floats(20, 300))
def test_no_line_is_wider_than_its_column(text: str, width: float) -> None:
    """Words wrap, and a word that is wider than the column is cut."""
    for line in drawn(text, width):
        assert text_width(line.strip(" "), BODY) <= width + 0.01


def test_a_broken_line_keeps_the_space_at_its_end() -> None:
    """Whoever listens hears two words across a line end, and no space after the last."""
    assert drawn("Take one dose at bedtime", 70) == ["Take one ", "dose at ", "bedtime"]


def test_a_dose_is_never_broken() -> None:
    """A no-break space keeps a number and its unit on one line at every width that holds them."""
    text = f"Take 4.5{NO_BREAK_SPACE}mg at bedtime, then 12.5{NO_BREAK_SPACE}mg from Monday"
    for width in range(int(widest_word(text, BODY)) + 1, 300):
        lines = drawn(text, width)
        assert any(f"4.5{NO_BREAK_SPACE}mg" in line for line in lines)
        assert any(f"12.5{NO_BREAK_SPACE}mg" in line for line in lines)


def test_a_column_as_wide_as_its_widest_word_cuts_nothing() -> None:
    """The measure of a word and the breaking of lines agree to the last bit."""
    for word in ("4.5\N{NO-BREAK SPACE}mg", "Pneumonoultramicroscopic", "Θεσσαλονίκη"):
        assert drawn(word, widest_word(word, BODY)) == [word]


def test_a_word_wider_than_its_column_is_cut_between_letters() -> None:
    """The pieces follow each other without a space, a mark stays with its letter."""
    pieces = drawn("m\N{COMBINING CIRCUMFLEX ACCENT}" * 40, 60)
    assert len(pieces) > 1
    assert all(piece.startswith("m") for piece in pieces)
    assert "".join(pieces) == "m\N{COMBINING CIRCUMFLEX ACCENT}" * 40


def test_a_column_narrower_than_a_letter_still_takes_one() -> None:
    """A letter goes over the edge with its marks rather than being lost."""
    marked = "m\N{COMBINING CIRCUMFLEX ACCENT}"
    assert drawn(marked * 3, 1) == [marked] * 3


def test_a_hebrew_line_is_drawn_backwards_and_said_forwards() -> None:
    """Each line of a long name takes its part of the name."""
    lines = set_text("פת דוגמה", BODY, 45)
    assert [line.text for line in lines] == ["פת ", "דוגמה"]
    assert drawn("פת דוגמה", 45) == ["תפ ", "המגוד"]


def test_shown_text_keeps_its_length() -> None:
    """Characters are replaced one for one."""
    assert shown("a😀b") == f"a{REPLACEMENT}b"
    assert shown("abc") == "abc"


def test_a_face_is_read_when_a_word_first_needs_it() -> None:
    """A page of English reads the two cuts that it is set in; a Greek name reads another one."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from sample_document import HOSTILE_NAMES, sample_document;"
        "from ldn_titrate.export.pdf import fonts;"
        "from ldn_titrate.export.pdf.render import render;"
        "render(sample_document(), size='letter'); assert fonts._read.cache_info().currsize == 2;"
        "fonts.set_word(HOSTILE_NAMES['greek'], bold=False);"
        "assert fonts._read.cache_info().currsize == 3"
    )
    subprocess.run([sys.executable, "-c", code, str(Path(__file__).parent)], check=True)


def test_a_word_too_wide_for_its_column_is_cut_after_a_slash_or_a_hyphen() -> None:
    """A zone, a long name; never before a digit, where it is a date or a sign."""
    assert drawn("America/Argentina/ComodRivadavia", 130) == [
        "America/Argentina/",
        "ComodRivadavia",
    ]
    assert drawn("Featherstonehaugh-Cholmondeley", 130) == ["Featherstonehaugh-", "Cholmondeley"]
    assert drawn("Featherstonehaugh-2026-12-01", 130)[0] != "Featherstonehaugh-"
