"""
How the Python of the documentation is run.

Each page runs in a folder of its own, from top to bottom. What a page says that its code prints is
compared with what it prints: a remark behind a ``print``, or a block of text under the code.
"""

from __future__ import annotations

import os
import re
from contextlib import redirect_stdout
from io import StringIO
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sybil import Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

if TYPE_CHECKING:
    from sybil import Example

_REMARK = re.compile(r"^print\(.*\)  # (.+)$", re.MULTILINE)


class _Python(PythonEvaluator):
    """Runs a block of Python and compares what it prints with the remarks in it."""

    def __call__(self, example: Example) -> None:
        printed = StringIO()
        with redirect_stdout(printed):
            super().__call__(example)
        remarks = _REMARK.findall(example.parsed)
        if remarks and remarks != printed.getvalue().splitlines():
            raise AssertionError(f"the page says {remarks}, printed is {printed.getvalue()!r}")
        example.namespace["printed"] = None if remarks else printed.getvalue()


def _compare_text(example: Example) -> None:
    """Compare a block of text with what the Python above it printed, if it printed anything."""
    printed = example.namespace.pop("printed", None)
    if printed and printed.rstrip() != example.parsed.rstrip():
        raise AssertionError(f"the page says\n{example.parsed}\nprinted is\n{printed}")


def _enter_a_folder(namespace: dict[str, Any]) -> None:
    namespace["_folder"], namespace["_left"] = TemporaryDirectory(), os.getcwd()  # noqa: PTH109
    os.chdir(namespace["_folder"].name)


def _leave_the_folder(namespace: dict[str, Any]) -> None:
    os.chdir(namespace["_left"])
    namespace["_folder"].cleanup()


pytest_collect_file = Sybil(
    parsers=[CodeBlockParser("python", _Python()), CodeBlockParser("text", _compare_text)],
    patterns=["README.md", "docs/**/*.md", "docs/*.md"],
    setup=_enter_a_folder,
    teardown=_leave_the_folder,
).pytest()
