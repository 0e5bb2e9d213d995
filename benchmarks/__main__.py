"""Run the benchmarks: ``python -m benchmarks [group ...] [--rounds N]``."""

from __future__ import annotations

import argparse
import os
import platform
import sys

from benchmarks import calendars, handouts, scheduling, startup
from benchmarks.report import table
from benchmarks.timing import LEAST_ROUNDS

_GROUPS = {
    "schedule": scheduling.run,
    "calendar": calendars.run,
    "handout": handouts.run,
    "first handout": startup.run_first_handouts,
    "import": startup.run_imports,
    "first model": startup.run_first_models,
    "command": startup.run_commands,
}


def main() -> None:
    """Measure the groups that are asked for, and print one table."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="group", help=", ".join(_GROUPS))
    parser.add_argument("--rounds", type=int, default=11)
    asked = parser.parse_args()
    if unknown := set(asked.groups) - set(_GROUPS):
        parser.error(f"unknown group {', '.join(sorted(unknown))}")
    if asked.rounds < LEAST_ROUNDS:
        parser.error(f"at least {LEAST_ROUNDS} rounds are needed")
    _stay_on_one_processor()
    print(f"Python {platform.python_version()}, {asked.rounds} rounds and a warm-up", flush=True)
    groups = []
    for name in asked.groups or _GROUPS:
        print(f"measuring {name} ...", file=sys.stderr)
        groups.append(_GROUPS[name](asked.rounds))
    print(table(groups))


def _stay_on_one_processor() -> None:
    """Keep the rounds, and the processes that they start, from wandering between two speeds."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


if __name__ == "__main__":
    main()
