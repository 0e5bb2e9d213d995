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

from cyclopts import App, CycloptsError, MissingArgumentError, UnusedCliTokensError

from ldn_titrate.errors import LdnTitrateError

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_INPUT: Final = 2
_MOST_LINES: Final = 3

app = App(
    name="ldn-titrate",
    help="One low-dose naltrexone plan; dated doses, reminders, handout and supply follow from it."
    "\n\nThe usual order is plan new, screen, plan sign, export. COMMAND --help says more.",
    help_epilogue="Not a medical device. A prescriber decides; this only derives and counts.",
    version=lambda: version("ldn-titrate"),
    help_format="plaintext",
)
plan = App(name="plan", help="Make, show, check, sign and change a plan.")
export = App(name="export", help="Write the calendar file and the printed documents.")
cream = App(
    name="cream", help="Make, show, check and sign a plan for a cream, and write its files."
)
patient = App(name="patient", help="Begin, list and show the files of patients.")
record = App(name="record", help="Add to a patient's record, and show it.")
add = App(name="add", help="Write down something that happened.")
store = App(name="store", help="Make, check, copy and move the store of patient files.")
for group in (plan, export, cream, patient, record, store):
    app.command(group)
record.command(add)
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
cream.command(
    "ldn_titrate.cli.creams:calendar", name="calendar", help="Write reminders as an .ics file."
)
export.command(
    "ldn_titrate.cli.evidence:page", name="evidence", help="Write the evidence page as PDF."
)
app.command("ldn_titrate.cli.evidence:evidence", name="evidence", help="List or show evidence.")
app.command("ldn_titrate.cli.library:protocols", name="protocols", help="List or show protocols.")

_EXPORT = {
    "handout": ("handout", "Write the handout."),
    "log": ("log", "Write the dose log."),
    "card": ("card", "Write the wallet card."),
    "pharmacy": ("pharmacy", "Write the sheet for the pharmacy."),
    "plan-sheet": ("plan_sheet", "Write the sheet for clinicians."),
    "packet": ("packet", "Write all documents as one file, with the reminders in it."),
    "all": ("everything", "Write every document in every format."),
}
_CREAM = {
    "handout": ("handout", "Write the handout for a cream."),
    "log": ("log", "Write the log for a cream."),
    "card": ("card", "Write the wallet card for a cream."),
    "sheet": ("sheet", "Write the plan sheet of a cream for clinicians."),
}
_PATIENT = {
    "add": ("add", "Begin a patient's file."),
    "list": ("list_", "List all patients."),
    "show": ("show", "Show a patient and the plans."),
    "plan": ("plan", "Keep a plan in a patient's file."),
}
_ADD = {
    "dose": ("dose", "A dose taken."),
    "skip": ("skip", "A dose left out on purpose."),
    "miss": ("miss", "A dose forgotten."),
    "event": ("event", "An adverse event."),
    "score": ("score", "A score, such as pain or itch."),
    "measure": ("measure", "A value from a laboratory or a device."),
    "opioid": ("opioid", "An opioid taken or prescribed."),
    "procedure": ("procedure", "An operation or dental work planned."),
    "dispensed": ("dispensed", "What a pharmacy handed out."),
    "visit": ("visit", "A visit or a call held."),
    "note": ("remark", "Something in the patient's own words."),
    "cream": ("cream", "The cream put on."),
    "void": ("void", "Take an entry back."),
}
_STORE = {
    "init": ("init", "Make the database, or bring it up to date."),
    "verify": ("verify", "Check every line of every file."),
    "backup": ("backup", "Copy the store while others write."),
    "export": ("export", "Write patient files."),
    "import": ("import_", "Read patient files back."),
}
_ROOMS = (
    (export, "exports", _EXPORT),
    (cream, "creams", _CREAM),
    (patient, "patients", _PATIENT),
    (add, "records", _ADD),
    (store, "stores", _STORE),
)
for group, room, commands in _ROOMS:
    for name, (function, told) in commands.items():
        group.command(f"ldn_titrate.cli.{room}:{function}", name=name, help=told)
record.command("ldn_titrate.cli.shown:show", name="show", help="Show a patient's record.")
record.command("ldn_titrate.cli.importing:import_", name="import", help="Add entries from a file.")
app.command("ldn_titrate.cli.nightly:log", name="log", help="Ask the questions of one evening.")
app.command("ldn_titrate.cli.views:adherence", name="adherence", help="Count how doses were taken.")
app.command("ldn_titrate.cli.views:review", name="review", help="Say what deserves a look.")
app.command("ldn_titrate.cli.views:report", name="report", help="Write the progress report.")


def run(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status."""
    try:
        status = app(
            arguments, exit_on_error=False, print_error=False, result_action="return_value"
        )
    except (CycloptsError, LdnTitrateError) as error:
        sys.stderr.write(f"error: {_short(_in_words(error))}\n")
        return BAD_INPUT
    return status if isinstance(status, int) else 0


def _in_words(error: Exception) -> str:
    """Say what is lacking, or what is too much, where the parser's own words do not."""
    match error:
        case MissingArgumentError(argument=wanted, command_chain=words) if wanted and words:
            command = " ".join(words)
            close = str(error).partition(" Did you mean ")[2]
            more = (
                f". Did you mean {close}" if close else f"; ldn-titrate {command} --help says more"
            )
            return f"{command} needs {wanted.name}{more}"
        case UnusedCliTokensError(unused_tokens=left) if left:
            return f"{left[0]!r} is too much here; a text with a space stands in quotes: '1.5 mg'"
    return str(error)


def _short(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], f"and {len(lines) - _MOST_LINES + 1} more problems"]
    return "\n".join(lines)
