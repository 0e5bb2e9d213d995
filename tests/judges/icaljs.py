"""
The judge ical.js: the library behind Thunderbird and Nextcloud, in its strict mode.

It knows no zone but those that the file defines: of all judges the one to ask about a VTIMEZONE.
``npm install --prefix .judges ical.js@2.2.1`` puts it where it is looked for.
"""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from judges.answers import ask
from judges.modules import module_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judges.answers import Answer

_READER = Path(__file__).with_suffix(".mjs")


@cache
def is_installed() -> bool:
    """Whether there is a node, and an ical.js for it."""
    return shutil.which("node") is not None and _module().is_file()


def judge(files: Sequence[bytes]) -> list[Answer]:
    """What ical.js says of each file, under the file's own VTIMEZONE."""
    # Tokyo is not a plan's zone: no answer may depend on the machine's.
    environment = {"TZ": "Asia/Tokyo", "PATH": os.environ["PATH"]}
    return ask(["node", str(_READER), _module().as_uri()], files, environment)


def _module() -> Path:
    return module_file("ical.js", "dist", "ical.js")
