"""
Make a real plan for an invented patient and everything that is derived from it.

Writes the plan, the reminders, every paper for the patient and the pharmacy, a packet of them all
and a table into a folder, prints the plan and names the files.
Run it as: python examples/demo.py FOLDER
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


PAPERS = ("handout", "log", "card", "pharmacy", "packet")
WRITTEN = (
    *("plan.json", "evening-reminder.ics"),
    *(f"{paper}.pdf" for paper in PAPERS),
    "schedule.csv",
)


def main(folder: Path) -> int:
    """Make the plan and its files; return the worst exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = str(folder / "plan.json")
    commands = [
        ("plan", "new", *PLAN, "-o", plan, "--force"),
        ("plan", "show", plan),
        ("supply", plan, "--have", "90 x capsule 1.5 mg"),
        ("export", "calendar", plan, "-o", str(folder / "evening-reminder.ics"), "--force"),
    ]
    for paper in PAPERS:
        written = ("-o", str(folder / f"{paper}.pdf"), "--size", "a4", "--force")
        commands.append(("export", paper, plan, *written))
    status = max(run(command) for command in commands)
    schedule = ldn.lay_out(ldn.load_plan(Path(plan).read_text(encoding="utf-8")))
    ldn.write_table(schedule, folder / "schedule.csv", force=True)
    print(f"In {folder}: {', '.join(WRITTEN)}")
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo")))
