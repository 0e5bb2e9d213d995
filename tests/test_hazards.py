"""The hazards: each is told with its control, and each control is shown by a test that exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import ldn_titrate as ldn
from ldn_titrate import documents
from ldn_titrate.content import Bullets, Callout, Weight
from ldn_titrate.documents import say
from ldn_titrate.export.calendar import calendar_file
from plans import a_plan
from test_handout import spoken

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = (ROOT / "docs" / "explanation" / "safety.md").read_text(encoding="utf-8")
HAZARDS: Final = tuple(f"H{number}" for number in range(1, 30))
SECTION: Final = re.compile(r"^### (H\d+) (.+?)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
SHOWN_BY: Final = re.compile(r"^- `(tests/[^`]+)`$", re.MULTILINE)
NOT_YET: Final = re.compile(r"^\*\*Not controlled yet:\*\* .{20,}", re.MULTILINE)
TOLD: Final = {found[1]: found[3] for found in SECTION.finditer(PAGE)}
TESTS: Final = sorted({one for text in TOLD.values() for one in SHOWN_BY.findall(text)})


@cache
def names_in(path: str) -> frozenset[str]:
    """Give the tests of a file, those of a class with its name."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            inner = (one.name for one in node.body if isinstance(one, ast.FunctionDef))
            found |= {f"{node.name}::{name}" for name in inner}
    return frozenset(found)


def test_each_hazard_is_told_once_and_in_order() -> None:
    """None is missing, none stands twice."""
    assert tuple(found[1] for found in SECTION.finditer(PAGE)) == HAZARDS


@pytest.mark.parametrize("hazard", HAZARDS)
def test_each_hazard_has_a_control_with_a_test_or_says_that_it_has_none(hazard: str) -> None:
    """A control that nothing shows is none."""
    text = TOLD[hazard]

    assert ("**Control:**" in text) == bool(SHOWN_BY.findall(text))
    assert SHOWN_BY.findall(text) or NOT_YET.search(text)


@pytest.mark.parametrize("named", TESTS)
def test_each_test_that_a_hazard_names_exists(named: str) -> None:
    """A test that was renamed or deleted takes its control with it."""
    path, _, name = named.partition("::")

    assert name in names_in(path)


def test_a_test_that_is_not_there_would_be_found() -> None:
    """The list of tests has no more than there is."""
    assert "test_that_is_not_there" not in names_in("tests/test_hazards.py")
    assert "TestThePages::test_are_two" in names_in("tests/test_handout.py")


def test_the_page_says_whom_it_is_for_and_from_when_its_rules_are() -> None:
    """Use, users and the note on rules, with its date, marked as no legal advice."""
    assert "## What it is for, and for whom" in PAGE
    assert re.search(r"As of \d+ \w+ 20\d\d, .*not legal advice", PAGE)


def a_handout() -> list[str]:
    """Return every text of a handout."""
    return spoken(documents.handout(ldn.lay_out(a_plan())))


def test_the_first_page_warns_of_opioids() -> None:
    """In a box of its own: not together, call, tell everybody, never more to beat the block."""
    front = documents.handout(ldn.lay_out(a_plan())).front
    (box,) = [one for one in front if isinstance(one, Callout) and one.weight is Weight.STOP]
    (lines,) = [one for one in box.blocks if isinstance(one, Bullets)]

    assert box.title == "Do not take opioid medicines with naltrexone"
    assert {say("opioids.together"), say("opioids.overdose"), say("opioids.tell")} <= set(
        lines.items
    )


def test_the_handout_says_never_to_take_two_doses() -> None:
    """Once a day, and none to catch up."""
    text = " ".join(a_handout())

    assert "Take it once a day and never twice." in text
    assert "Never take two doses to catch up." in text


def test_the_handout_says_never_to_use_a_50_mg_tablet() -> None:
    """No recipe stands anywhere."""
    assert "Never make a dose from a 50 mg tablet." in a_handout()


def test_the_handout_lists_the_urgent_signs_and_says_that_nobody_watches() -> None:
    """The liver, self-harm, and a line for the number to call."""
    text = a_handout()

    assert {say("help.liver"), say("help.mood"), "Emergency number"} <= set(text)
    assert any(one.startswith("No one watches this page or your calendar.") for one in text)


@pytest.mark.parametrize("gate", list(ldn.Gate))
def test_each_reminder_says_when_not_to_follow_it(gate: ldn.Gate) -> None:
    """A reminder repeats a plan; it is no order."""
    text = calendar_file(ldn.lay_out(a_plan(gate=gate))).content.decode().replace("\r\n ", "")
    events = text.split("BEGIN:VEVENT")[1:]
    reminders = [one for one in events if "SUMMARY:Evening reminder" in one]

    assert reminders
    assert [one for one in reminders if say("calendar.gate") not in one] == []
