from __future__ import annotations

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.export.pdf.bidi import display, has_right_to_left, levels, visual_order

ALPHABET = (
    "abZéλЖ"  # L
    "אבתש"  # R
    "0129"  # EN
    "+-"  # ES
    ",.:/\N{NO-BREAK SPACE}"  # CS
    "%$#€"  # ET
    " "  # WS
    "!&*;'\N{REPLACEMENT CHARACTER}"  # ON
    "()[]{}"  # ON, in pairs
    "\N{HEBREW POINT QAMATS}\N{COMBINING ACUTE ACCENT}"  # NSM
)


def drawn(text: str) -> str:
    """Put a whole line in the order of drawing."""
    return display(text, levels(text))


@given(st.text(alphabet=ALPHABET, max_size=24))
def test_visual_order_is_that_of_an_independent_implementation(text: str) -> None:
    """For every line of the characters that the fonts have, python-bidi agrees."""
    assert visual_order(text, levels(text)) == (get_display(text, base_dir="L") if text else "")


@given(st.text(alphabet=ALPHABET, max_size=24))
def test_drawing_changes_the_order_of_characters_only(text: str) -> None:
    """No character is lost or made up; brackets may be mirrored."""
    pairs = str.maketrans(")]}", "([{")
    assert sorted(drawn(text).translate(pairs)) == sorted(text.translate(pairs))


@given(st.text(alphabet="abc 123()+", max_size=24))
def test_text_from_left_to_right_stays_as_it_is(text: str) -> None:
    """Without a right-to-left letter there is nothing to reorder."""
    assert not has_right_to_left(text)
    assert drawn(text) == text


@pytest.mark.parametrize(
    ("logical", "visual"),
    [
        ("פת דוגמה", "המגוד תפ"),
        ("Pat פת Example", "Pat תפ Example"),
        ("פת 12 דוגמה", "המגוד 12 תפ"),
        ("פת (דוגמה)", "(המגוד) תפ"),
        ("Plan (פת) 7F3K", "Plan (תפ) 7F3K"),
        ("פת, Plan 7F3K-1", "תפ, Plan 7F3K-1"),
    ],
)
def test_a_name_in_hebrew_is_drawn_from_right_to_left(logical: str, visual: str) -> None:
    """Worked examples: names, numbers inside them, brackets that turn round."""
    assert drawn(logical) == visual


def test_a_hebrew_point_is_drawn_after_its_letter() -> None:
    """The fonts set a mark over the character before it, also in a reversed line."""
    assert drawn("אָב") == "באָ"


def test_a_line_takes_the_levels_of_its_paragraph() -> None:
    """A line that begins with a number continues the Hebrew of the line before."""
    text = "פת 12 34"
    resolved = levels(text)
    assert resolved[3:] == (2, 2, 1, 2, 2)
    assert display(text[3:], resolved[3:]) == "34 12"
