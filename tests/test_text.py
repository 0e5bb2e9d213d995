from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.text import NAME_LENGTH, NOTE_LENGTH, fit, no_break

E_WITH_DOTS = "\N{LATIN SMALL LETTER E WITH DIAERESIS}"
QA = "\N{DEVANAGARI LETTER QA}"  # one character that is two in its composed form


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Pat Example", "Pat Example"),
        ("  Pat   Example ", "Pat Example"),
        ("Pat\N{NO-BREAK SPACE}Example", "Pat Example"),
        ("Pat\N{IDEOGRAPHIC SPACE}Example", "Pat Example"),
        ("Zoe\N{COMBINING DIAERESIS} Example", f"Zo{E_WITH_DOTS} Example"),
        (
            "Anne-Marie O'Example, Jr. (2nd) & Co; 5% #1",
            "Anne-Marie O'Example, Jr. (2nd) & Co; 5% #1",
        ),
        ("\N{HEBREW LETTER PE}\N{HEBREW LETTER TAV}", "\N{HEBREW LETTER PE}\N{HEBREW LETTER TAV}"),
        ("Pat \N{GRINNING FACE}", "Pat \N{GRINNING FACE}"),
    ],
)
def test_a_text_is_stored_in_one_form(typed: str, stored: str) -> None:
    """Composed, with single spaces and none at the ends; nothing else changes."""
    assert fit(typed) == stored


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Pat\nExample", "a control character or line break (U+000A)"),
        ("Pat\rExample", "a control character or line break (U+000D)"),
        ("Pat\tExample", "a control character or line break (U+0009)"),
        ("Pat\x00Example", "a control character or line break (U+0000)"),
        ("Pat\x7fExample", "a control character or line break (U+007F)"),
        ("Pat\x85Example", "a control character or line break (U+0085)"),
        ("Pat\N{LINE SEPARATOR}Example", "a control character or line break (U+2028)"),
        ("Pat\N{PARAGRAPH SEPARATOR}Example", "a control character or line break (U+2029)"),
        ("Pat\ud800Example", "a control character or line break (U+D800)"),
        ("Pat\ue000Example", "a control character or line break (U+E000)"),
        ("Pat\uffffExample", "a control character or line break (U+FFFF)"),
        ("Pat\N{RIGHT-TO-LEFT OVERRIDE}Example", "a text-direction control (U+202E)"),
        ("Pat\N{LEFT-TO-RIGHT MARK}Example", "a text-direction control (U+200E)"),
        ("Pat\N{RIGHT-TO-LEFT ISOLATE}Example", "a text-direction control (U+2067)"),
        ("Pat\N{ARABIC LETTER MARK}Example", "a text-direction control (U+061C)"),
        ("Pat<Example", "an angle bracket"),
        ("Pat>Example", "an angle bracket"),
    ],
)
def test_a_character_that_could_do_harm_is_refused_by_its_place(text: str, kind: str) -> None:
    """Its place and its number are told, the text itself is not."""
    with pytest.raises(LdnTitrateError) as refused:
        fit(text)

    assert str(refused.value) == f"character 4 of this text is {kind}, which is not allowed"


@pytest.mark.parametrize("text", ["", " ", "\N{ZERO WIDTH SPACE}", "\N{NO-BREAK SPACE}"])
def test_an_empty_text_is_refused(text: str) -> None:
    """What is not known is left out."""
    with pytest.raises(LdnTitrateError) as refused:
        fit(text)

    assert str(refused.value) == "this text is empty; leave it out instead"


@pytest.mark.parametrize("limit", [NAME_LENGTH, NOTE_LENGTH])
def test_a_text_has_a_most_length(limit: int) -> None:
    """Just so many characters are allowed, one more is refused."""
    assert fit("x" * limit, limit=limit) == "x" * limit
    with pytest.raises(LdnTitrateError) as refused:
        fit("x" * (limit + 1), limit=limit)
    assert str(refused.value) == (
        f"this text has {limit + 1} characters; at most {limit} are allowed"
    )


def test_a_name_is_80_characters_and_a_note_500() -> None:
    """Without a limit given, that of a name holds."""
    assert (NAME_LENGTH, NOTE_LENGTH) == (80, 500)
    with pytest.raises(LdnTitrateError):
        fit("x" * 81)


@given(st.text(max_size=100))
@example("Pat Example")
@example(QA * 80)
@example("\N{NO-BREAK SPACE}e\N{COMBINING DIAERESIS}")
def test_a_stored_text_is_stored_as_it_is(text: str) -> None:
    """Storing what was stored is neither refused nor changed."""
    try:
        stored = fit(text)
    except LdnTitrateError:
        return

    assert fit(stored) == stored
    assert len(stored) <= NAME_LENGTH
    assert unicodedata.is_normalized("NFC", stored)


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S"], exclude_characters="<>")))
def test_letters_marks_numbers_and_signs_are_all_kept(text: str) -> None:
    """What a text says is not lost; only its form is composed."""
    composed = unicodedata.normalize("NFC", text)
    if text and len(composed) <= NAME_LENGTH:
        assert fit(text, limit=10_000) == composed


@given(st.text(), st.text())
def test_a_refusal_never_quotes_the_text(before: str, after: str) -> None:
    """A name may be in it, and an error may be logged."""
    with pytest.raises(LdnTitrateError) as refused:
        fit(f"{before}Quetzalcoatl{after}\n")

    assert "Quetzalcoatl" not in str(refused.value)


def test_a_no_break_space_holds_words_together() -> None:
    """Each space becomes one."""
    joined = no_break("Tue 1 Dec")

    assert joined == "Tue\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}Dec"
    assert no_break("1.5") == "1.5"
