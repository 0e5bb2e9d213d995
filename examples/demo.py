"""
Make a real plan for an invented patient and everything that is derived from it.

Writes plan.json, evening-reminder.ics, handout.pdf and schedule.csv into a folder, and prints the
plan. Run it as: python examples/demo.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import ldn_titrate as ldn
from ldn_titrate.cli import run

PLAN = (
    *("--start", "2026-12-01", "--timezone", "Europe/Amsterdam", "--bedtime", "22:00"),
    *("--product", "capsule 1.5 mg", "--patient", "Pat Example"),
    *("--prescriber", "Dr Robin Sample", "--clinic", "Sample Clinic"),
    *("--pharmacy", "Sample Pharmacy"),
)


def main(folder: Path) -> int:
    """Make the plan and its files; return the worst exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = str(folder / "plan.json")
    commands = (
        ("plan", "new", *PLAN, "-o", plan, "--force"),
        ("plan", "show", plan),
        ("supply", plan, "--have", "90 x capsule 1.5 mg"),
        ("export", "calendar", plan, "-o", str(folder / "evening-reminder.ics"), "--force"),
        ("export", "handout", plan, "-o", str(folder / "handout.pdf"), "--size", "a4", "--force"),
    )
    status = max(run(command) for command in commands)
    schedule = ldn.lay_out(ldn.load_plan(Path(plan).read_text(encoding="utf-8")))
    ldn.write_table(schedule, folder / "schedule.csv", force=True)
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo")))
