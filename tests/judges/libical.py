"""
The judge libical: the C library behind GNOME and KDE, through its introspection.

Debian has it (``gir1.2-ical-3.0``, ``python3-gi``) for the system's own Python only, so a process
of that Python does the reading, of many files at once.
"""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from judges.answers import ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judges.answers import Answer

_PYTHON = Path("/usr/bin/python3")
_READER = Path(__file__).with_name("libical_reader.py")
_ENVIRONMENT = {"TZ": "Asia/Tokyo"}  # not a plan's zone: no answer may depend on the machine's


@cache
def is_installed() -> bool:
    """Whether the system's Python finds libical."""
    if not _PYTHON.exists():
        return False
    look = [str(_PYTHON), "-c", "import gi; gi.require_version('ICalGLib', '3.0')"]
    return subprocess.run(look, check=False, capture_output=True).returncode == 0


def judge(files: Sequence[bytes]) -> list[Answer]:
    """What libical says of each file, under the file's own VTIMEZONE."""
    return ask([str(_PYTHON), str(_READER)], files, _ENVIRONMENT)
