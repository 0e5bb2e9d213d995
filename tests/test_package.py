"""The package as a whole: its public names, and how little it costs to import."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import ldn_titrate

HEAVY = ("icalendar", "reportlab", "pydantic")
SOURCE = Path(ldn_titrate.__file__)


def loaded_by(program: str) -> list[str]:
    """Return which heavy modules a program has loaded, in a process of its own."""
    told = f"{program}\nimport sys; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Neither the renderers nor pydantic are paid for before they are used."""
    assert loaded_by("import ldn_titrate") == []


def test_laying_out_a_plan_loads_no_renderer() -> None:
    """A schedule needs neither icalendar nor reportlab."""
    program = "import ldn_titrate as ldn; ldn.Plan; ldn.lay_out; ldn.write_calendar"

    assert loaded_by(program) == ["pydantic"]


@pytest.mark.parametrize("name", ldn_titrate.__all__)
def test_each_public_name_is_there(name: str) -> None:
    """What is listed can be used, and is what its room holds."""
    room = import_module(f"ldn_titrate.{ldn_titrate._ROOM_OF[name]}")

    assert getattr(ldn_titrate, name) is getattr(room, name)


def test_the_list_of_names_is_sorted_and_whole() -> None:
    """The list, the table of rooms and the imports for type checkers say the same."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    typed = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ldn_titrate.")
        for alias in node.names
    ]

    assert sorted(typed) == sorted(ldn_titrate.__all__) == sorted(ldn_titrate._ROOM_OF)
    assert set(ldn_titrate.__all__) <= set(dir(ldn_titrate))


def test_an_unknown_name_is_an_ordinary_error() -> None:
    """A typing error is told as Python tells it."""
    with pytest.raises(AttributeError, match="has no attribute 'layout'"):
        _ = ldn_titrate.layout


def test_every_module_says_what_it_holds() -> None:
    """Each room opens with a docstring."""
    silent = [
        path.name
        for path in SOURCE.parent.rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert silent == []
