from __future__ import annotations

import pytest

from ldn_titrate.match import is_told, parts_of, words_of


@pytest.mark.parametrize(
    ("told", "is_it"),
    [
        ("tramadol", True),
        ("TRAMADOL 50", True),
        ("tramadól", True),
        ("tramdol", True),
        ("tram", False),
        ("tramazoline", False),
    ],
)
def test_a_name_is_found_through_case_accents_and_a_slip_of_the_pen(
    told: str, *, is_it: bool
) -> None:
    assert is_told("tramadol", words_of(told)) is is_it


@pytest.mark.parametrize(
    ("name", "slip", "is_it"), [("heroin", "herroin", True), ("opium", "oppium", False)]
)
def test_a_slip_is_forgiven_from_six_letters_on(name: str, slip: str, *, is_it: bool) -> None:
    """Shorter names are too like too many words."""
    assert is_told(name, [slip]) is is_it


def test_each_word_of_a_name_must_be_told() -> None:
    assert is_told("co codamol", words_of("Co-codamol 30/500"))
    assert not is_told("co codamol", words_of("codamol"))


@pytest.mark.parametrize(
    ("told", "parts"),
    [
        ("Imodium, Zomorph", [["imodium"], ["zomorph"]]),
        ("codeine and tramadol", [["codeine"], ["tramadol"]]),
        ("co-codamol 30/500 mg", [["co", "codamol", "30", "500", "mg"]]),
        ("codeine; 30 mg", [["codeine"]]),
        ("", []),
    ],
)
def test_several_things_told_at_once_are_taken_apart(told: str, parts: list[list[str]]) -> None:
    """An amount alone is no thing."""
    assert parts_of(told) == parts
