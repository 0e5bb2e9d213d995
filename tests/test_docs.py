"""
The documentation: its commands run, its links lead somewhere, its lists are the program's own.

Python blocks are run by the conftest.py beside README.md. Lists are written from the
library's data, and what a command prints is written below it: ``python tests/test_docs.py``
writes all of that anew.
"""

from __future__ import annotations

import re
import shlex
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, time
from io import BytesIO, TextIOWrapper
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple, Self
from uuid import UUID

import pytest

import ldn_titrate
from ldn_titrate import errors
from ldn_titrate.cli import app, run
from ldn_titrate.evidence_page import as_markdown, evidence_page
from ldn_titrate.library import (
    Kind,
    Route,
    evidence,
    load_protocol,
    protocol_ids,
    screener,
    sentences,
)
from ldn_titrate.screening import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cyclopts import App

    from ldn_titrate.library import Evidence
    from ldn_titrate.protocol import Protocol

ROOT: Final = Path(__file__).parent.parent
DOCS: Final = ROOT / "docs"
REFERENCE: Final = DOCS / "reference"
PAGES: Final = (
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted(DOCS.rglob("*.md")),
)
CONSOLE: Final = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TITLED: Final = re.compile(
    r'^```(?:json|toml) title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL
)
LINK: Final = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")
AMENDED: Final = re.compile(r"^ldn-titrate plan amend .*--from (\S+)")
LOGGED: Final = re.compile(r"^ldn-titrate record add .*--day (\S+)")
ASKED: Final = re.compile(r"^ldn-titrate .*--as-of (\S+)")
_FLATTENED: Final = "*"  # options that several commands share, which stand under their own names
FIRST_CELL: Final = re.compile(r"^\| `([^`]+)`", re.MULTILINE)
NEVER_WRITTEN: Final = re.compile(
    r"\b(?:bi-?weekly|nightly|safe(?:r|ly|ty)?|compliance|recommend\w*|prescrib(?:e|es|ed|ing)"
    r"|no interactions?|minimal side effects|qhs|q\.?d\.|hs)\b",
    re.IGNORECASE,
)
FAILED: Final = re.compile(r"^(?:error:|STOP:| URGENT:)", re.MULTILINE)
MACHINE_PATH: Final = re.compile(r"(?:^|[\s\"'`(=])(?:~?/\w[\w.-]*/[\w.-]|[A-Z]:\\)", re.MULTILINE)
FOUND: Final = re.compile(r'Finding\(\s*"([a-z.-]+)"')
FOUND_IN_A_RECORD: Final = re.compile(r'(?:_finding\(|return |yield )"([a-z-]+)", ')
HOST: Final = re.compile(r"https?://([^\s/)>\"'`|]+)")
CITED: Final = {"dav.example.org"}  # every other source is cited by its id
PLAN_ID: Final = "2b9eecba-c871-4e42-8001-3c3dd825ed2a"  # its code is 7F3K
READ_THE_CLOCK: Final = (
    *("plans", "making", "amendments", "screenings", "creams", "common"),
    *("patients", "chosen", "keeping"),
)
MADE: Final = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


class Shown(NamedTuple):
    """A command that a page shows, and what the page says it prints."""

    command: str
    output: str


class Ran(NamedTuple):
    """What a command of a page did."""

    shown: Shown
    status: int
    printed: str


class Clock(datetime):
    """
    The clock of the documentation.

    Plans are made and signed on one evening, and each is amended on the morning of the day from
    which it changes. What happened on a day is written down late in its evening, and what is asked
    as of a day on its morning.
    """

    shows: ClassVar[datetime] = MADE

    @classmethod
    def now(cls, tz: object = None) -> Self:
        """Return the moment that the page has come to."""
        assert tz is UTC
        return cls.fromtimestamp(cls.shows.timestamp(), UTC)

    @classmethod
    def turn_for(cls, command: str) -> None:
        """Turn the hands to when a command of a page is given."""
        for told, hour in ((AMENDED, 9), (LOGGED, 23), (ASKED, 9)):
            if found := told.match(command):
                cls.shows = datetime.combine(date.fromisoformat(found[1]), time(hour), UTC)


def fix_what_varies(patch: pytest.MonkeyPatch) -> None:
    """Give new plans one id, entries a number, the clock one time, and tables one width."""
    numbers = count(1)
    for room in ("plans", "patients"):
        patch.setattr(f"ldn_titrate.cli.{room}.uuid4", lambda: UUID(PLAN_ID))
    for room in ("keeping", "records"):
        patch.setattr(f"ldn_titrate.cli.{room}.uuid4", lambda: _numbered(next(numbers)))
    for room in READ_THE_CLOCK:
        patch.setattr(f"ldn_titrate.cli.{room}.datetime", Clock)
    patch.setattr(Clock, "shows", MADE)
    patch.setenv("COLUMNS", "100")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "CLICOLOR_FORCE"):
        patch.delenv(name, raising=False)


def _numbered(number: int) -> UUID:
    return UUID(f"{number:08x}-0000-4000-8000-000000000000")


def shown_commands(page: str) -> Iterator[Shown]:
    """Read the commands of a page, in order; a line that ends in a backslash goes on."""
    for block in CONSOLE.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = re.sub(r"\\\n\s*", "", part).partition("\n")
            yield Shown(command, output)


def called(command: str) -> tuple[int, str]:
    """Run a command of ldn-titrate; return its status and all that a terminal shows."""
    terminal = TextIOWrapper(BytesIO(), encoding="utf-8", newline="", write_through=True)
    with redirect_stdout(terminal), redirect_stderr(terminal):
        status = run(shlex.split(command)[1:])
    return status, terminal.buffer.getvalue().decode("utf-8")


def tidy(text: str) -> str:
    """Leave out the spaces that nobody sees."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()).strip("\n")


def ran(page: Path, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Ran]:
    """Run the commands of a page, in order, in a folder that has the files the page shows."""
    fix_what_varies(patch)
    patch.chdir(folder)
    text = page.read_text(encoding="utf-8")
    for name, content in TITLED.findall(text):
        Path(name).write_text(content, encoding="utf-8")
    for shown in shown_commands(text):
        if shown.command.startswith("ldn-titrate "):
            Clock.turn_for(shown.command)
            yield Ran(shown, *called(shown.command))


PAGES_WITH_COMMANDS: Final = [
    page for page in PAGES if "$ ldn-titrate" in page.read_text(encoding="utf-8")
]


def named(page: Path) -> str:
    """Name a page in a test's id."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=named)
def test_each_command_does_what_its_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands of a page run in order in one folder; shown output is what is printed."""
    for shown, status, printed in ran(page, tmp_path, monkeypatch):
        assert (status == 0) != bool(FAILED.search(shown.output)), (shown.command, printed)
        if tidy(shown.output):
            assert tidy(shown.output) == tidy(printed), shown.command


def commands(tree: App = app, path: tuple[str, ...] = ("ldn-titrate",)) -> Iterator[str]:
    """Give each command of the command line with its options, as ``command option``."""
    for name in tree:
        if name.startswith("-"):
            continue
        below = tree[name]
        command = (*path, name)
        if below.default_command is None:
            yield from commands(below, command)
            continue
        for argument in below.assemble_argument_collection():
            for option in argument.names:
                if option != _FLATTENED:
                    yield f"{' '.join(command)}: {option}"


def test_the_reference_has_each_command_and_option() -> None:
    """The commands and options in the reference are those of the command line."""
    text = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    written = {
        f"{section.partition('`')[0]}: {option}"
        for section in text.split("\n## `")[1:]
        for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
        for option in re.findall(r"`([^`]+)`", row)
    }

    assert written == set(commands())


def test_the_reference_has_each_finding() -> None:
    """The finding codes in the reference are those in the source."""
    source = "\n".join(file.read_text("utf-8") for file in (ROOT / "src").rglob("*.py"))
    text = (REFERENCE / "errors-and-findings.md").read_text(encoding="utf-8")

    written = {code for code in FIRST_CELL.findall(text) if "." in code}

    weighed = {f"screening.{one}" for one in (Verdict.STOP, Verdict.FLAG)}
    readers = [
        (ROOT / "src/ldn_titrate" / one).read_text("utf-8") for one in ("record.py", "reading.py")
    ]
    recorded = {f"record.{one}" for text in readers for one in FOUND_IN_A_RECORD.findall(text)}
    assert written == weighed | recorded | set(FOUND.findall(source))


def test_the_reference_has_each_exception() -> None:
    """The exceptions in the reference are those of the library."""
    text = (REFERENCE / "errors-and-findings.md").read_text(encoding="utf-8")

    written = {name for name in FIRST_CELL.findall(text) if name.endswith(("Error", "Conflict"))}

    assert written == {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.LdnTitrateError)
    }


def test_the_reference_has_each_public_name() -> None:
    """Each public name stands in the API reference."""
    text = (REFERENCE / "api.md").read_text(encoding="utf-8")

    written = re.findall(r"^::: [\w.]+\.(\w+)$", text, re.MULTILINE)

    assert set(ldn_titrate.__all__) <= set(written)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_each_link_leads_somewhere(page: Path) -> None:
    """What a page links to inside the project is there."""
    links = LINK.findall(page.read_text(encoding="utf-8"))

    missing = [link for link in links if not (page.parent / link).exists()]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_page_has_a_word_that_is_never_written(page: Path) -> None:
    """Words that mislead stand nowhere, but for the list that names them."""
    text = page.read_text(encoding="utf-8")
    if page.name == "glossary.md":
        text = text.partition("\n## Words that are never written\n")[0]

    assert NEVER_WRITTEN.findall(text) == []
    assert MACHINE_PATH.findall(text) == []
    assert set(HOST.findall(text)) <= CITED


def test_each_page_is_in_the_navigation() -> None:
    """No page is left out of the site's navigation, and none is listed that is not there."""
    listed = re.findall(r"([\w./-]+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)

    assert sorted(listed) == sorted(
        page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")
    )


def test_the_readme_is_short() -> None:
    """The README has at most 120 lines, and its Python example at most 12 of code."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)

    assert len(text.splitlines()) <= 120
    assert len([line for line in example.splitlines() if line.strip()]) <= 12


def sources() -> str:
    """Write the evidence as a table."""
    rows = [
        f"| {one.id} | {_about(one)} | {one.words} | {one.kind} | {one.source} "
        f"| {'yes' if one.verified else 'no'} |"
        for one in evidence().values()
    ]
    head = "| id | About | What it says | Kind | Where it comes from | Read |"
    return "\n".join((head, "|---|---|---|---|---|---|", *rows))


def _about(one: Evidence) -> str:
    settled = f"; see {', '.join(one.conflicts)}" if one.conflicts else ""
    route = "" if one.route is Route.ANY else f", {one.route}"
    return f"{one.condition}{route}{settled}"


def questions() -> str:
    """Write the questions of the screening as a table."""
    rows = []
    for one in screener().questions:
        milder = "".join(f"; {form.verdict}, if {form.name}" for form in one.forms)
        rows.append(f"| {one.id} | {one.asks} | {one.verdict}{milder} |")
    return "\n".join(("| id | Question | Yes, or unknown |", "|---|---|---|", *rows))


def disagreements() -> str:
    """Write each place where source documents disagree as a table, with what is printed now."""
    rows = [
        f"| {one.id} | {one.basis} | {_those_of(one)} | {one.words} | {_printed_in(one)} |"
        for one in evidence().values()
        if one.kind is Kind.SETTLEMENT
    ]
    head = "| id | What is settled | Entries | What is printed now | What rests on it |"
    return "\n".join((head, "|---|---|---|---|---|", *rows))


def _those_of(settled: Evidence) -> str:
    return ", ".join(one.id for one in evidence().values() if settled.id in one.conflicts) or "-"


def _printed_in(settled: Evidence) -> str:
    """Name what rests on a settlement, or on an entry that it settles."""
    entries = {settled.id, *(one.id for one in evidence().values() if settled.id in one.conflicts)}
    told = {one.id: one.sources for one in sentences().values()}
    told |= {one: load_protocol(one).sources for one in protocol_ids()}
    names = [f"`{one}`" for one, sources in told.items() if entries.intersection(sources)]
    cited = set(re.findall(r"\b[A-Z]\d+[a-z]?\b", evidence_in_markdown()))
    return ", ".join((*names, *(["the evidence page"] if entries & cited else []))) or "-"


def evidence_in_markdown() -> str:
    """Write the evidence page for clinicians as a page of the documentation."""
    return as_markdown(evidence_page())


def protocols() -> str:
    """Write each shipped protocol as a section."""
    return "\n\n".join(_protocol(load_protocol(one)) for one in protocol_ids())


def _protocol(one: Protocol) -> str:
    steps = [
        f"| {number} | {step.dose} | {step.lasts.in_words() if step.lasts else 'open'} |"
        for number, step in enumerate(one.steps, start=1)
    ]
    facts = (
        f"Version {one.version}, {one.status}, cap {one.cap}.",
        f"Source: {'verified' if one.verified else '**not verified**'}, as of {one.as_of}.",
        one.certainty,
        f"Evidence: {', '.join(one.sources)}.",
    )
    table = ("| Step | Dose | Lasts |", "|---|---|---|", *steps)
    return "\n".join((f"### {one.id}", "", f"{one.title}.", "", *table, "", *facts))


WRITTEN_FROM_DATA: Final = {
    DOCS / "sources.md": {"disagreements": disagreements, "evidence": sources},
    REFERENCE / "protocols.md": {"protocols": protocols},
    DOCS / "how-to" / "screen-a-patient.md": {"questions": questions},
    REFERENCE / "evidence.md": {"evidence page": evidence_in_markdown},
}


def _with_data(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    for name, write in WRITTEN_FROM_DATA[page].items():
        before, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"\n<!-- end of {name} -->")
        assert begin, page
        assert end, page
        text = f"{before}{begin}\n{write()}\n{end}{after}"
    return text


@pytest.mark.parametrize("page", WRITTEN_FROM_DATA, ids=named)
def test_each_list_is_the_data(page: Path) -> None:
    """The lists of evidence and of protocols are those of the library."""
    hint = "write the lists anew: python tests/test_docs.py"
    assert page.read_text(encoding="utf-8") == _with_data(page), hint


def test_each_disagreement_is_told_with_what_rests_on_it() -> None:
    """All seventeen stand in the table, and something that is printed rests on each."""
    rows = [row.split(" | ") for row in disagreements().splitlines()[2:]]

    assert [row[0] for row in rows] == [f"| C{number}" for number in range(1, 18)]
    assert [row[0] for row in rows if row[-1] == "- |"] == []


def _with_what_is_printed(page: Path) -> str:
    before, after = "", page.read_text(encoding="utf-8")
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for shown, _, printed in ran(page, Path(folder), patch):
            if tidy(shown.output):
                kept, _, after = after.partition(shown.output)
                before += f"{kept}{tidy(printed)}\n"
    return before + after


def write_anew() -> Iterator[Path]:
    """Write the lists and what the commands print, and tell which pages were changed by it."""
    for pages, write in (
        (WRITTEN_FROM_DATA, _with_data),
        (PAGES_WITH_COMMANDS, _with_what_is_printed),
    ):
        for page in pages:
            text = write(page)
            if text != page.read_text(encoding="utf-8"):
                page.write_text(text, encoding="utf-8")
                yield page


if __name__ == "__main__":
    for changed in write_anew():
        sys.stdout.write(f"wrote {named(changed)}\n")
