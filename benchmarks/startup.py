"""
What is paid once: imports and a first handout, each in a fresh process, and a whole command.

Imports and handouts are timed inside their process, so that the start of Python itself is not
counted; a command is timed from outside, as a person waits for it.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.timing import Contender, Group, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_TIMED = "{before}; from time import perf_counter as t; s = t(); {work}; print(t() - s)"
_ONE_MODEL = "from pydantic import create_model; create_model('One', x=int)"
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
_HELP = ("-m", "ldn_titrate", "--help")
_HERE = Path(__file__).parent.parent
_A_PLAN = (
    "from benchmarks.plans import batches; from ldn_titrate.documents import handout;"
    "schedule = batches(0, 1)[0][0]; document = handout(schedule)"
)


def run_imports(rounds: int) -> Group:
    """Measure what an import costs."""
    contenders = (
        _import("import pydantic"),
        _import("import ldn_titrate", aim=1.25),
        _import("from ldn_titrate import Plan", aim=1.25),
    )
    return Group("import", measure(contenders, [[None]] * (rounds + 1)))


def run_first_models(rounds: int) -> Group:
    """Measure the import of a plan beside that of the smallest model; pydantic loads lazily."""
    contenders = (
        Contender("pydantic, one model of one field", _inside(_ONE_MODEL)),
        _import("from ldn_titrate import Plan"),
    )
    return Group("first model", measure(contenders, [[None]] * (rounds + 1)))


def run_first_handouts(rounds: int) -> Group:
    """Measure the first handout of a process, with all that is imported and read for it."""
    plain = "from benchmarks.plain_canvas import draw; draw(document)"
    ours = "from ldn_titrate.export import handout_file; handout_file(schedule)"
    contenders = (
        Contender("plain canvas, untagged", _inside(plain, before=_A_PLAN)),
        Contender("handout_file, tagged", _inside(ours, before=_A_PLAN)),
    )
    return Group("first handout", measure(contenders, [[None]] * (rounds + 1)))


def run_commands(rounds: int) -> Group:
    """Measure what a command costs."""
    contenders = (
        Contender("python -c pass", _command("-c", "pass")),
        Contender("ldn-titrate --help", _command(*_HELP)),
    )
    rows = measure(contenders, [[None]] * (rounds + 1), has_base=False)
    return Group("command", rows)


def _import(work: str, aim: float | None = None) -> Contender:
    return Contender(work, _inside(work), aim=aim)


def _inside(work: str, *, before: str = "pass") -> Callable[[Sequence[None]], float]:
    def seconds(_cases: Sequence[None]) -> float:
        return float(_output("-c", _TIMED.format(before=before, work=work)))

    return seconds


def _command(*arguments: str) -> Callable[[Sequence[None]], float]:
    def seconds(_cases: Sequence[None]) -> float:
        start = perf_counter()
        _output(*arguments)
        return perf_counter() - start

    return seconds


def _output(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        check=True,
        capture_output=True,
        text=True,
        cwd=_HERE,
        env=_environment(),
    )
    return done.stdout


@cache
def _environment() -> dict[str, str]:
    """
    Let each process find its modules compiled, as they are once installed.

    The warm-up compiles them into a folder of this run, so that sources that changed meanwhile and
    an environment that writes no bytecode make no difference.
    """
    folder = mkdtemp(prefix="ldn-titrate-benchmarks-")
    atexit.register(rmtree, folder)
    kept = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    return {**kept, "PYTHONPYCACHEPREFIX": folder}
