"""
The command line: its tree of commands, and how an error is told.

Each command is imported only when it is called, so that help is quick. This is the one place that
reads the clock and makes ids. Exit status: 0 for success, 1 for findings that are errors, 2 for
bad usage or an unreadable input.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from cyclopts import App, CycloptsError

from ldn_titrate.errors import LdnTitrateError

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_INPUT: Final = 2
_MOST_LINES: Final = 3

app = App(
    name="ldn-titrate",
    help="One low-dose naltrexone plan; dated doses, reminders, handout and supply follow from it.",
    help_epilogue="Not a medical device. A prescriber decides; this only derives and counts.",
    version=lambda: version("ldn-titrate"),
    help_format="plaintext",
)
plan = App(name="plan", help="Make, show, check, sign and change a plan.")
export = App(name="export", help="Write the calendar file and the printed documents.")
cream = App(
    name="cream", help="Make, show, check and sign a plan for a cream, and write its files."
)
app.command(plan)
app.command(export)
app.command(cream)
plan.command("ldn_titrate.cli.plans:new", name="new", help="Make a plan file.")
plan.command("ldn_titrate.cli.plans:show", name="show", help="Show a plan's steps and doses.")
plan.command("ldn_titrate.cli.plans:check", name="check", help="Say what a reader must know.")
plan.command("ldn_titrate.cli.plans:sign", name="sign", help="Sign a plan's version.")
plan.command("ldn_titrate.cli.amendments:amend", name="amend", help="Make a plan's next version.")
plan.command(
    "ldn_titrate.cli.plans:history", name="history", help="Show who changed what, and why."
)
plan.command("ldn_titrate.cli.plans:diff", name="diff", help="Compare two versions of a plan.")
export.command(
    "ldn_titrate.cli.exports:calendar", name="calendar", help="Write reminders as an .ics file."
)
export.command("ldn_titrate.cli.exports:handout", name="handout", help="Write the handout as PDF.")
app.command(
    "ldn_titrate.cli.screenings:screen",
    name="screen",
    help="Ask the questions before a first dose.",
)
app.command(
    "ldn_titrate.cli.screenings:clear",
    name="clear",
    help="Clear one answer of a screening.",
)
app.command("ldn_titrate.cli.push:push", name="push", help="Put reminders into a CalDAV calendar.")
app.command(
    "ldn_titrate.cli.supplies:supply", name="supply", help="Count what a plan needs and what lasts."
)
cream.command("ldn_titrate.cli.creams:new", name="new", help="Make a plan file for a cream.")
cream.command("ldn_titrate.cli.creams:show", name="show", help="Show what is put on, and when.")
cream.command("ldn_titrate.cli.creams:check", name="check", help="Say what a reader must know.")
cream.command("ldn_titrate.cli.creams:sign", name="sign", help="Sign a plan for a cream.")
cream.command("ldn_titrate.cli.creams:handout", name="handout", help="Write the handout as PDF.")
cream.command(
    "ldn_titrate.cli.creams:calendar", name="calendar", help="Write reminders as an .ics file."
)
export.command(
    "ldn_titrate.cli.evidence:page", name="evidence", help="Write the evidence page as PDF."
)
app.command("ldn_titrate.cli.evidence:evidence", name="evidence", help="List or show evidence.")
app.command("ldn_titrate.cli.library:protocols", name="protocols", help="List or show protocols.")


def run(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status."""
    try:
        status = app(
            arguments, exit_on_error=False, print_error=False, result_action="return_value"
        )
    except (CycloptsError, LdnTitrateError) as error:
        sys.stderr.write(f"error: {_short(str(error))}\n")
        return BAD_INPUT
    return status if isinstance(status, int) else 0


def _short(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], f"and {len(lines) - _MOST_LINES + 1} more problems"]
    return "\n".join(lines)
