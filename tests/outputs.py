"""
Every output of the library, as text: what each command prints and writes, and the documentation.

What is said to people is checked over all of it (test_claims.py, test_evidence.py).
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import cache
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple
from unittest.mock import patch
from uuid import UUID

import pdf_judges
from ldn_titrate.cli import app, run
from ldn_titrate.library import evidence, languages, protocol_ids
from ldn_titrate.store.patient import code_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from cyclopts import App

ROOT: Final = Path(__file__).parent.parent
PAGES: Final = (
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
GLOSSARY: Final = "docs/glossary.md"
NAMED_THERE: Final = "\n## Words that are never written\n"
FLAGGED: Final = frozenset({6, 7, 8, 10, 11, 12, 13, 14})
ANSWERS: Final = {f"Q{one}": "yes" if one in FLAGGED else "no" for one in range(1, 15)}
SENT: Final = {
    "id": "00000000-0000-4000-8000-0000000000bb",
    "written_at": "2024-03-12T22:10:00Z",
    "by": "patient",
    "day": "2024-03-12",
    "kind": "taken",
}
TYPED: Final = "kind,day,by,amount\ntaken,2024-03-14,patient,1.5 mg\n"
_NEW: Final = "plan new --start 2026-12-01 --timezone Europe/London --patient 'Pat Example'"
_WHO: Final = "--by 'Dr Example' --role physician"
_AMEND: Final = f"plan amend plan.json {{}} {_WHO} --reason Invented"
_LIQUID: Final = "liquid 1 mg/mL, 0.1 mL syringe"
_CREAM: Final = (
    "cream new --start 2026-12-01 --review-on 2027-01-11 --timezone Europe/London --vehicle cream"
    " --site 'both elbow folds' --amount '1 g' --times-per-day 1 --time 20:00"
)
_PAT: Final = "00000000-0000-4000-8000-000000000001"
_CODE: Final = code_of(UUID(_PAT).bytes)
_TAKEN: Final = "00000000-0000-4000-8000-0000000000aa"
_THEN: Final = f"{_CODE} --as-of 2024-03-21"
_RECORDED: Final = (
    "dose {} --day 2024-03-01 --at 22:10",
    f"dose {{}} --day 2024-03-02 --id {_TAKEN}",
    "dose {} '3 mg' --day 2024-03-03",
    "skip {} --day 2024-03-04 --reason Invented",
    "miss {} --day 2024-03-05",
    "event {} 'vivid dreams' --grade 1 --day 2024-03-06",
    "event {} nausea --grade 3 --day 2024-03-07",
    "score {} pain-nrs 6 --day 2024-03-06",
    "measure {} alt 23 U/L --low 7 --high 40 --day 2024-03-06",
    "opioid {} tramadol --day 2024-03-08",
    "procedure {} --on 2024-04-20 --day 2024-03-08",
    "dispensed {} '30 x capsule 1.5 mg' --day 2024-03-01",
    "visit {} --next 2024-04-01 --day 2024-03-09",
    "note {} 'Dark urine' --day 2024-03-10",
    "cream {} '0.5 g' --day 2024-03-10",
    "score {} itch-now 7 --minutes 0 --day 2024-03-10",
)
_BEGUN_CREAM: Final = _CREAM.replace("2026-12-01", "2024-03-01").replace("2027-01-11", "2024-04-11")
_ON_FILE: Final = (
    "store init",
    f"patient add 'Pat Example' --id {_PAT}",
    f"{_NEW.replace('2026-12-01', '2024-03-01')} --bedtime 22:00 -o begun.json",
    f"plan sign begun.json --screened-elsewhere {_WHO}",
    f"{_BEGUN_CREAM} --patient 'Pat Example' -o begun-cream.json",
    f"patient plan {_CODE} begun.json",
    f"patient plan {_CODE} begun-cream.json",
    *(f"record add {one.format(_CODE)}" for one in _RECORDED),
    f"record add void {_CODE} {_TAKEN} --reason Invented",
    f"log {_CODE} --day 2024-03-11 --score pain-nrs",
    f"record show {_CODE}",
    f"record show {_CODE} --format jsonl",
    f"record import {_CODE} record.jsonl",
    "patient list",
    f"patient show {_CODE}",
    f"adherence {_THEN}",
    f"adherence {_THEN} --format json",
    f"review {_THEN}",
    f"review {_THEN} --format json",
    f"report {_THEN} --size a4 -o report.pdf",
    *(f"report {_THEN} --format {one} -o report.{one}" for one in ("html", "text", "json")),
    "store verify",
    "store export files.jsonl",
    "store export shared.jsonl --pseudonymised",
    "store export sheets --format csv",
    "store import files.jsonl",
    f"record import {_CODE} sheets/entries.csv",
    f"record import {_CODE} typed.csv",
    "store backup copy.db",
)
_LANGUAGES: Final = tuple(one for one in languages() if one != "en")
COMMANDS: Final = (
    f"{_NEW} --bedtime 22:00 --product 'capsule 1.5 mg' -o plan.json",
    f"{_NEW} --bedtime 07:30 --product '{_LIQUID}' --gate sign -o morning.json",
    *(
        f"{_NEW} --bedtime 22:00 --protocol {one} --product 'capsule 0.5 mg' -o {one}.json"
        for one in protocol_ids()
    ),
    *(f"export handout {one}.json -o {one}.pdf" for one in ("plan", "morning", *protocol_ids())),
    "screen plan.json --answers answers.json",
    "plan check plan.json",
    "plan check morning.json",
    f"clear plan.json Q6 {_WHO} --reason Invented",
    f"plan sign plan.json {_WHO}",
    f"plan sign morning.json --screened-elsewhere {_WHO} -o stated.json",
    "plan check stated.json",
    "export handout plan.json --size a4 -o signed.pdf",
    "export calendar plan.json -o plan.ics",
    "export calendar plan.json --detail none -o quiet.ics",
    *(
        f"export {one} plan.json --format text -o {one}.txt"
        for one in ("log", "card", "pharmacy", "plan-sheet", "packet")
    ),
    "export plan-sheet plan.json --size a4 -o plan-sheet.pdf",
    f"export pharmacy morning.json --have '100 mL x {_LIQUID.partition(',')[0]}' -o pharmacy.pdf",
    "export all plan.json papers",
    *(
        f"export packet plan.json --lang {one} --format text -o packet.{one}.txt"
        for one in _LANGUAGES
    ),
    _AMEND.format("step-back --from 2026-12-20"),
    _AMEND.format("pause --from 2026-12-22"),
    "export handout plan.json -o paused.pdf",
    "export handout plan.json --version 1 -o withdrawn.pdf",
    _AMEND.format("stop --from 2027-01-05"),
    "export handout plan.json -o stopped.pdf",
    "export calendar plan.json --kind cancel -o cancel.ics",
    "plan show plan.json",
    "plan show morning.json --format csv",
    "plan show morning.json --format json",
    "plan history plan.json",
    "plan diff plan.json 1 3",
    "supply morning.json --have '100 mL x liquid 1 mg/mL'",
    "supply morning.json --format json",
    "push plan.json --url http://example.org --user pat",
    f"{_CREAM} -o cream.json",
    "cream show cream.json",
    "cream check cream.json",
    f"cream sign cream.json --screened-elsewhere {_WHO}",
    "cream handout cream.json -o cream.pdf",
    "cream log cream.json -o cream-log.pdf",
    "cream card cream.json -o cream-card.pdf",
    "cream sheet cream.json -o cream-sheet.pdf",
    "cream calendar cream.json -o cream.ics",
    *_ON_FILE,
    "protocols",
    "protocols --format json",
    *(f"protocols {one}" for one in protocol_ids()),
    "evidence",
    "evidence --format json",
    *(f"evidence {one}" for one in evidence()),
    "export evidence -o evidence.pdf",
    "export evidence --size a4 -o evidence-a4.pdf",
)


class Output(NamedTuple):
    """One output: where it is from, and its text."""

    name: str
    text: str


@cache
def outputs() -> tuple[Output, ...]:
    """Run every command once in a folder of its own, and read all that came of it."""
    with TemporaryDirectory() as folder, chdir(folder), _wide_terminal():
        Path("answers.json").write_text(json.dumps(ANSWERS), encoding="utf-8")
        Path("record.jsonl").write_text(json.dumps(SENT), encoding="utf-8")
        Path("typed.csv").write_text(TYPED, encoding="utf-8")
        printed = [Output(f"ldn-titrate {one}", _called(one)) for one in COMMANDS]
        helped = [Output(f"{one} --help", _called(f"{one} --help")) for one in leaves()]
        files = [path for path in sorted(Path().rglob("*")) if path.is_file()]
        written = [Output(path.as_posix(), _read(path)) for path in files]
    pages = [Output(one.relative_to(ROOT).as_posix(), one.read_text("utf-8")) for one in PAGES]
    return tuple(one for one in (*printed, *helped, *written, *pages) if one.text)


def claims() -> Iterator[Output]:
    """Give every output without the list of the glossary that names what is never written."""
    for one in outputs():
        text = one.text.partition(NAMED_THERE)[0] if one.name == GLOSSARY else one.text
        yield Output(one.name, text)


def leaves(tree: App = app, path: str = "") -> Iterator[str]:
    """Give every command that does something."""
    for name in tree:
        if not name.startswith("-"):
            below, command = tree[name], f"{path} {name}".strip()
            yield from leaves(below, command) if below.default_command is None else (command,)


def _wide_terminal() -> AbstractContextManager[object]:
    """Let each row of a table stand on one line."""
    return patch.dict(os.environ, {"COLUMNS": "2000", "NO_COLOR": "1"})


def _called(command: str) -> str:
    terminal = TextIOWrapper(BytesIO(), encoding="utf-8", newline="", write_through=True)
    answers = patch("builtins.input", side_effect=("t", "2", "6", "Invented"))
    with redirect_stdout(terminal), redirect_stderr(terminal), answers:
        run(shlex.split(command))
    return terminal.buffer.getvalue().decode("utf-8")


def _read(path: Path) -> str:
    if path.suffix in {".db", ".db-wal", ".db-shm"}:
        return ""
    if path.suffix != ".pdf":
        return path.read_text(encoding="utf-8").replace("\n ", "")
    return "\n".join(pdf_judges.struct_text(path.read_bytes())) if shutil.which("pdfinfo") else ""
