"""Who wrote a line, where the command line is not told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import desk as desks

if TYPE_CHECKING:
    from desk import Desk

desk = desks.desk
TOLD = (
    ("patient", ("dose",)),
    ("patient", ("skip", "--reason", "An invented reason")),
    ("patient", ("event", "headache", "--grade", "1")),
    ("patient", ("note", "Slept well")),
    ("not said", ("measure", "alt", "23", "U/L")),
    ("not said", ("dispensed", "90 x capsule 1.5 mg")),
    ("not said", ("visit",)),
)


@pytest.mark.parametrize(("by", "words"), TOLD, ids=[one[1][0] for one in TOLD])
def test_what_a_patient_notes_is_by_the_patient_and_of_the_rest_it_is_not_said(
    desk: Desk, by: str, words: tuple[str, ...]
) -> None:
    """A visit or a dispensing is never put into a patient's mouth."""
    assert desk.add(*words).status == 0

    (line,) = desk.record.lines
    assert line.by == by


def test_who_takes_a_line_back_is_not_said_unless_it_is_told(desk: Desk) -> None:
    desk.add("dose")
    (dose,) = desk.record.lines

    desk.add("void", str(dose.id), "--reason", "An invented slip")
    desk.add("void", str(dose.id), "--reason", "An invented slip", "--by", "Dr Example")

    assert [one.by for one in desk.record.lines] == ["patient", "not said", "Dr Example"]
