"""The judges, to be asked one by one about any calendar file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from judges import icaljs, libical, lines, pypi

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from judges.answers import Answer


@dataclass(frozen=True, slots=True)
class Judge:
    """
    Somebody who finds faults in calendar files.

    Attributes:
        name: The name a skipped test is reported by.
        is_installed: Whether it can be asked here.
        faults: What it finds wrong with each of some files.
    """

    name: str
    is_installed: Callable[[], bool]
    faults: Callable[[Sequence[bytes]], list[list[str]]]

    def need(self) -> None:
        """Skip the test if the judge is absent; fail it where judges must be present."""
        if self.is_installed():
            return
        if os.environ.get("LDN_REQUIRE_JUDGES"):
            pytest.fail(f"{self.name} is not installed, and LDN_REQUIRE_JUDGES is set")
        pytest.skip(f"{self.name} is not installed")


def _one_by_one(
    faults: Callable[[bytes], list[str]],
) -> Callable[[Sequence[bytes]], list[list[str]]]:
    return lambda files: [faults(file) for file in files]


def _at_once(
    judge: Callable[[Sequence[bytes]], list[Answer]],
) -> Callable[[Sequence[bytes]], list[list[str]]]:
    return lambda files: [answer.faults for answer in judge(files)]


LINES = Judge("our own checker", lambda: True, _one_by_one(lines.faults))
ICAL = Judge("ical", lambda: True, _one_by_one(pypi.ical_faults))
VOBJECT = Judge("vobject", lambda: True, _one_by_one(pypi.vobject_faults))
LIBICAL = Judge("libical", libical.is_installed, _at_once(libical.judge))
ICALJS = Judge("ical.js", icaljs.is_installed, _at_once(icaljs.judge))
PANEL = (LINES, ICAL, VOBJECT, LIBICAL, ICALJS)
