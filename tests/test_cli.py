"""The command line: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from ldn_titrate import __main__ as entry
from ldn_titrate.cli import run
from ldn_titrate.cli.amendments import Kind

NEW = ("plan", "new", "--start", "2026-12-01", "--timezone", "Europe/Amsterdam")
USUAL = (*NEW, "--bedtime", "22:00", "--product", "capsule 1.5 mg", "--patient", "Pat Example")


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> str:
    """Make a plan file in an empty folder, and go there."""
    monkeypatch.chdir(tmp_path)
    assert run([*USUAL, "-o", "plan.json"]) == 0
    capsys.readouterr()
    return "plan.json"


def told(capsys: pytest.CaptureFixture) -> tuple[str, str]:
    """Return what was printed and what was said on standard error."""
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_a_plan_is_shown_step_by_step(plan: str, capsys: pytest.CaptureFixture) -> None:
    """The table gives dates with weekdays, doses and what to take."""
    assert run(["plan", "show", plan]) == 0

    out, _ = told(capsys)
    assert "Pat Example" in out
    assert "DRAFT, not signed" in out
    assert re.search(
        r"2 +Tue 15 Dec 2026 +Mon 28 Dec 2026 +14 +3 mg +22:00 +2 capsules of 1.5 mg", out
    )
    assert "210 x capsule 1.5 mg" in out


def test_no_table_cuts_a_dose_short(
    plan: str, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a narrow terminal the table grows wider rather than lose a digit or a unit."""
    monkeypatch.setenv("COLUMNS", "30")

    run(["plan", "show", plan])

    out, _ = told(capsys)
    assert "…" not in out
    assert "3 capsules of 1.5 mg" in out


def test_a_plan_is_shown_day_by_day_as_json(plan: str, capsys: pytest.CaptureFixture) -> None:
    """Each dosing day is one object, its dose a text."""
    assert run(["plan", "show", plan, "--format", "json", "--through", "2026-12-15"]) == 0

    rows = json.loads(told(capsys)[0])
    assert len(rows) == 15
    assert (
        rows[-1].items()
        >= {
            "day": "2026-12-15",
            "dose_mg": "3",
            "at": "2026-12-15T22:00:00+01:00",
            "units": "2 x capsule 1.5 mg",
        }.items()
    )


def test_a_plan_is_shown_day_by_day_as_csv(plan: str, capsys: pytest.CaptureFixture) -> None:
    """The CSV holds the same rows as the JSON."""
    run(["plan", "show", plan, "--format", "csv", "--from", "2026-12-14"])
    rows = list(csv.DictReader(told(capsys)[0].splitlines()))
    run(["plan", "show", plan, "--format", "json", "--from", "2026-12-14"])

    assert rows == json.loads(told(capsys)[0])
    assert rows[0]["day"] == "2026-12-14"
    assert len(rows) == 71


def test_standard_input_and_output_are_a_dash(plan: str) -> None:
    """A plan can be piped in, and a file out."""
    command = [sys.executable, "-m", "ldn_titrate", "export", "calendar", "-", "-o", "-"]

    done = subprocess.run(command, input=Path(plan).read_bytes(), capture_output=True, check=True)

    assert done.stdout.startswith(b"BEGIN:VCALENDAR\r\n")
    assert done.stderr.startswith(b"note: keep the plan in a file")


def test_a_calendar_is_written(plan: str, capsys: pytest.CaptureFixture) -> None:
    """Every option reaches the file."""
    options = ("--floating", "--title", "Roses", "--detail", "none", "--no-alarm")

    assert run(["export", "calendar", plan, "-o", "roses.ics", *options]) == 0

    content = Path("roses.ics").read_text(encoding="utf-8")
    assert "SUMMARY:Roses" in content
    assert not [word for word in ("TZID", "VALARM", "naltrexone") if word in content]
    assert told(capsys)[1].endswith("wrote roses.ics\n")


@pytest.mark.parametrize("size", ["letter", "a4"])
def test_a_handout_is_written(plan: str, size: str) -> None:
    """The handout comes on either paper."""
    assert run(["export", "handout", plan, "-o", "handout.pdf", "--size", size]) == 0

    assert Path("handout.pdf").read_bytes().startswith(b"%PDF-1")


def test_supply_counts_what_is_needed_and_what_lasts(
    plan: str, capsys: pytest.CaptureFixture
) -> None:
    """90 capsules of 1.5 mg last exactly 44 dosing days."""
    assert run(["supply", plan, "--have", "90 x capsule 1.5 mg"]) == 0

    out, _ = told(capsys)
    assert "From Tue 1 Dec 2026 to Mon 22 Feb 2027: 210 x capsule 1.5 mg" in out
    assert "lasts 44 dosing days, to Wed 13 Jan 2027; left over: nothing." in out


def test_supply_is_told_as_json(plan: str, capsys: pytest.CaptureFixture) -> None:
    """Programs read the same counts."""
    run(["supply", plan, "--have", "60 x capsule 1.5 mg", "--format", "json"])

    data = json.loads(told(capsys)[0])
    assert data["total"] == ["210 x capsule 1.5 mg"]
    assert [step["total"] for step in data["steps"]] == [
        ["14 x capsule 1.5 mg"],
        ["28 x capsule 1.5 mg"],
        ["168 x capsule 1.5 mg"],
    ]
    assert data["on_hand"] == {"days": 34, "last": "2027-01-03", "left": [], "to_the_end": False}


def test_supply_without_stock_tells_only_needs(plan: str, capsys: pytest.CaptureFixture) -> None:
    """What is on hand may be left out."""
    run(["supply", plan, "--format", "json"])

    assert json.loads(told(capsys)[0])["on_hand"] is None


def test_too_little_for_the_first_dose_is_said(plan: str, capsys: pytest.CaptureFixture) -> None:
    """An empty bottle lasts no day at all."""
    run(["supply", plan, "--have", "0 x capsule 1.5 mg"])

    assert "does not make the first dose" in told(capsys)[0]


def test_protocols_are_listed_with_their_certainty(capsys: pytest.CaptureFixture) -> None:
    """What is not verified says so."""
    assert run(["protocols"]) == 0

    out, _ = told(capsys)
    assert re.search(r"ldn-oral-1\.5mg-14d +default +verified", out)
    assert re.search(r"ldn-oral-0\.5mg-by-0\.5mg-14d +variant +not verified", out)


def test_a_protocol_is_shown_with_its_sources(capsys: pytest.CaptureFixture) -> None:
    """Each step, and the evidence by id."""
    assert run(["protocols", "ldn-oral-1.5mg-14d"]) == 0

    out, _ = told(capsys)
    assert "never above 4.5 mg" in out
    assert re.search(r"3 +4\.5 mg +until the prescriber changes it", out)
    assert "S10: The start is 1.5 mg at bedtime." in out


def test_protocols_are_told_as_json(capsys: pytest.CaptureFixture) -> None:
    """One protocol is an object, all of them are an array."""
    run(["protocols", "--format", "json"])
    everyone = json.loads(told(capsys)[0])
    run(["protocols", "ldn-oral-4.5mg-fixed", "--format", "json"])

    one = json.loads(told(capsys)[0])
    assert one["id"] == "ldn-oral-4.5mg-fixed"
    assert one in everyone


def test_check_tells_findings_and_succeeds_without_errors(
    plan: str, capsys: pytest.CaptureFixture
) -> None:
    """A draft is a warning, no error."""
    assert run(["plan", "check", plan]) == 0

    assert "plan.unsigned" in told(capsys)[1]


def test_check_fails_for_a_file_changed_by_hand(plan: str, capsys: pytest.CaptureFixture) -> None:
    """A changed file is a finding of check, and unreadable to every other command."""
    text = Path(plan).read_text(encoding="utf-8")
    Path(plan).write_text(text.replace("22:00", "21:00"), encoding="utf-8")

    assert run(["plan", "check", plan]) == 1
    assert "plan.changed" in told(capsys)[1]
    assert run(["plan", "show", plan]) == 2


@pytest.mark.usefixtures("plan")
def test_check_fails_for_a_protocol_for_tests_only(capsys: pytest.CaptureFixture) -> None:
    """Nothing may be given to a patient from it, and no file is written."""
    protocol = Path("own.toml")
    source = (
        Path(__file__).parent.parent / "src/ldn_titrate/library/protocols/ldn-oral-1.5mg-14d.toml"
    )
    text = source.read_text(encoding="utf-8").replace('"default"', '"tests-only"')
    protocol.write_text(text, encoding="utf-8")
    run([*USUAL, "--protocol", "own.toml", "-o", "tests.json"])

    assert run(["plan", "check", "tests.json"]) == 1
    assert run(["export", "handout", "tests.json", "-o", "x.pdf"]) == 2
    assert run(["export", "calendar", "tests.json", "-o", "x.ics"]) == 2
    assert not list(Path().glob("x.*"))
    assert "for tests only" in told(capsys)[1]


def test_without_a_product_the_default_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Nothing is assumed in silence."""
    assert run([*NEW, "--bedtime", "22:00", "-o", str(tmp_path / "plan.json")]) == 0

    assert "no --product was given; counting in capsule 1.5 mg" in told(capsys)[1]


def test_a_plan_that_begins_in_the_past_is_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """In January last year is quickly typed; a patient would then begin at the highest dose."""
    usual = ("--timezone", "Europe/Amsterdam", "--bedtime", "22:00", "--product", "capsule 1.5 mg")

    for start, is_noted in (("2020-01-05", True), ("2199-01-05", False)):
        made = run(["plan", "new", "--start", start, *usual, "-o", str(tmp_path / start)])

        assert made == 0
        assert (f"note: {start} is in the past" in told(capsys)[1]) is is_noted


def test_an_override_lets_a_dose_above_the_range_through(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """6 mg needs a name and a reason; with both it is planned, and check says so."""
    source = (
        Path(__file__).parent.parent / "src/ldn_titrate/library/protocols/ldn-oral-1.5mg-14d.toml"
    )
    own = tmp_path / "own.toml"
    text = source.read_text(encoding="utf-8").replace('"default"', '"variant"')
    own.write_text(text.replace('cap = "4.5 mg"', 'cap = "6 mg"'), encoding="utf-8")
    new = [*USUAL, "--protocol", str(own), "-o", str(tmp_path / "plan.json")]

    assert run(new) == 2
    assert "needs an override that names a person and a reason" in told(capsys)[1]
    assert run([*new, "--override-by", "Dr Robin Sample"]) == 2
    assert (
        run([*new, "--override-by", "Dr Robin Sample", "--override-reason", "as in a trial"]) == 0
    )
    assert run(["plan", "check", str(tmp_path / "plan.json")]) == 0
    assert "plan.override" in told(capsys)[1]


BAD = {
    "a comma in a dose": (("--product", "capsule 1,5 mg"), "has a comma"),
    "no leading zero": (("--product", "capsule .5 mg"), "starts with 0"),
    "a bare number": (("--product", "1.5"), "as a product"),
    "micrograms": (("--product", "capsule 500 mcg"), "micrograms are refused"),
    "a tablet of 50 mg": (("--product", "tablet 50 mg"), "more than the protocol's cap"),
    "a product that cannot make the dose": (
        ("--product", "capsule 1 mg"),
        "would work: capsule 0.5",
    ),
    "a liquid without a syringe": (("--product", "liquid 1 mg/mL"), "step of its syringe"),
    "31 February": (("--start", "2026-02-31"), "no day of the calendar"),
    "day before month": (("--start", "31-12-2026"), "year-month-day"),
    "a week date": (("--start", "2026-W49-2"), "no day of the calendar"),
    "an unknown zone": (("--timezone", "Europe/Amsterdm"), "did you mean Europe/Amsterdam?"),
    "a city": (("--timezone", "new york"), "did you mean America/New_York?"),
    "25 o'clock": (("--bedtime", "25:00"), "from '00:00' to '23:59'"),
    "an afternoon": (("--bedtime", "14:00"), "neither a bedtime"),
    "markup": (("--patient", "<b>Pat</b>"), "angle bracket"),
    "a control character": (("--patient", "Pat\x07"), "control character"),
    "10,000 characters": (("--patient", "P" * 10_000), "at most 80"),
    "an injected alarm": (("--patient", "Pat\r\nBEGIN:VALARM"), "line break"),
    "an empty name": (("--patient", " "), "empty"),
    "an unknown protocol": (("--protocol", "ldn"), "there is ldn-oral-1.5mg-14d"),
    "a missing protocol file": (("--protocol", "none.toml"), "cannot read none.toml"),
    "an unknown option": (("--dose", "3 mg"), "--dose"),
    "an option twice": (("--start", "2026-12-01", "--start", "2026-12-02"), "multiple times"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_and_nothing_is_written(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """The error is one to three lines, names what is wrong, and quotes no person's name."""
    options, words = BAD[case]
    given = dict(zip(USUAL[2::2], USUAL[3::2], strict=True))
    given.pop(options[0], None)
    file = tmp_path / "plan.json"

    status = run(
        ["plan", "new", *(x for pair in given.items() for x in pair), *options, "-o", str(file)]
    )

    out, err = told(capsys)
    assert (status, out, list(tmp_path.iterdir())) == (2, "", [])
    assert words in err
    assert err.startswith("error: ")
    assert err.count("\n") <= 3
    assert "Pat" not in err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ('{"kind": "ldn-titrate plan", "sch', "cut or damaged"),
        ("[]", "no plan file"),
        ('{"kind": "ldn-titrate plan", "schema": 99}', "schema 99"),
        ('{"kind": "ldn-titrate plan"}', "no schema number"),
        ('{"kind": "ldn-titrate plan", "schema": 1, "hash": ""}', "holds no plan"),
        ('{"kind": "x", "kind": "y"}', "twice"),
        ("\udcff", "no UTF-8"),
    ],
)
def test_a_broken_plan_file_is_refused_by_each_command(
    text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Empty, cut, foreign and newer files are told apart."""
    file = tmp_path / "plan.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))

    assert run(["plan", "show", str(file)]) == 2
    assert words in told(capsys)[1]


def test_a_missing_plan_file_is_refused(capsys: pytest.CaptureFixture) -> None:
    """The name and the reason are told."""
    assert run(["supply", "nowhere.json"]) == 2

    assert told(capsys)[1] == "error: cannot read nowhere.json: No such file or directory\n"


def test_an_existing_file_is_replaced_only_by_force(
    plan: str, capsys: pytest.CaptureFixture
) -> None:
    """Without --force nothing happens to it."""
    Path("x.ics").write_text("mine", encoding="utf-8")

    assert run(["export", "calendar", plan, "-o", "x.ics"]) == 2
    assert Path("x.ics").read_text(encoding="utf-8") == "mine"
    assert "exists already" in told(capsys)[1]
    assert run(["export", "calendar", plan, "-o", "x.ics", "--force"]) == 0
    assert Path("x.ics").read_text(encoding="utf-8").startswith("BEGIN:VCALENDAR")
    assert sorted(path.name for path in Path().iterdir()) == ["plan.json", "x.ics"]


def test_a_place_that_cannot_be_written_is_said(plan: str, capsys: pytest.CaptureFixture) -> None:
    """A folder that is not there is an error in words, and so is one in place of a file."""
    before = Path(plan).read_text(encoding="utf-8")
    Path("papers").mkdir()
    for place, why in (
        ("nowhere/x", "there is no folder nowhere; make it first"),
        ("papers", "papers is a folder; name a file in it"),
        (".", ". is a folder; name a file in it"),
    ):
        for document in ("calendar", "packet", "card"):
            assert run(["export", document, plan, "-o", place, "--force"]) == 2
            assert told(capsys)[1] == f"error: {why}\n"

    assert Path(plan).read_text(encoding="utf-8") == before


def test_a_folder_in_place_of_a_plan_is_named(plan: str, capsys: pytest.CaptureFixture) -> None:
    """The folder of a plan is no plan file, whatever it is called."""
    assert Path(plan).exists()
    assert run(["plan", "show", "."]) == 2

    assert told(capsys)[1] == "error: cannot read .: Is a directory\n"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("plan", "new"), "plan new needs --start; ldn-titrate plan new --help says more"),
        (("plan", "show"), "plan show needs PLAN; ldn-titrate plan show --help says more"),
        (
            ("plan", "new", "--strat", "2026-12-01"),
            "plan new needs --start. Did you mean --start instead of --strat?",
        ),
        (
            ("record", "add", "dose", "7F3KYQ", "1.5", "mg"),
            "'mg' is too much here; a text with a space stands in quotes: '1.5 mg'",
        ),
    ],
)
def test_what_is_lacking_or_too_much_is_named(
    command: tuple[str, ...], why: str, capsys: pytest.CaptureFixture
) -> None:
    """An error of usage says what to write."""
    assert run([*command]) == 2

    assert told(capsys)[1] == f"error: {why}\n"


@pytest.mark.parametrize(
    ("name", "asked", "why"),
    [
        ("handout.html", (), "handout.html would hold pdf; say --format html"),
        ("handout.txt", ("--format", "html"), "handout.txt would hold html; say --format text"),
        ("handout.PDF", ("--format", "text"), "handout.PDF would hold text; say --format pdf"),
    ],
)
def test_a_name_that_tells_another_format_is_refused(
    plan: str, name: str, asked: tuple[str, ...], why: str, capsys: pytest.CaptureFixture
) -> None:
    """A page under a wrong name does not open where it is looked at."""
    before = Path(plan).read_text(encoding="utf-8")
    for document in ("handout", "packet"):
        assert run(["export", document, plan, "-o", name, *asked]) == 2
        assert why in told(capsys)[1]

    assert not Path(name).exists()
    assert Path(plan).read_text(encoding="utf-8") == before


def test_a_password_that_is_not_given_is_said(
    plan: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """Where nobody can answer, the error says where else the password may come from."""

    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("ldn_titrate.cli.push.getpass", nobody)
    assert run(["push", plan, "--url", "https://dav.example.org/", "--user", "pat"]) == 2

    assert "no password was given; --password-from says where it is" in told(capsys)[1]


def test_help_says_what_each_kind_of_amendment_is(capsys: pytest.CaptureFixture) -> None:
    """Somebody who has only the help knows what to choose, and what no product means."""
    run(["plan", "amend", "--help"])
    asked = " ".join(told(capsys)[0].replace("\u2502", " ").split())
    for kind in get_args(Kind):
        assert f" {kind}: " in asked

    run(["plan", "new", "--help"])
    asked = " ".join(told(capsys)[0].replace("\u2502", " ").split())
    assert "capsule 1.5 mg if left out" in asked


def test_help_says_in_which_order_the_commands_come(capsys: pytest.CaptureFixture) -> None:
    """The first page of the help says where to begin."""
    run(["--help"])

    asked = " ".join(told(capsys)[0].split())
    assert "The usual order is plan new, screen, plan sign, export." in asked


def test_a_day_outside_the_plan_is_refused(plan: str, capsys: pytest.CaptureFixture) -> None:
    """A horizon before the start, or far after it, is a typing error."""
    assert run(["supply", plan, "--through", "2020-01-01"]) == 2
    assert run(["supply", plan, "--through", "2100-01-01"]) == 2
    assert run(["plan", "show", plan, "--from", "2027-06-01"]) == 2

    assert "give a later day with --through" in told(capsys)[1]


@pytest.mark.usefixtures("plan")
def test_many_problems_are_cut_to_three_lines(capsys: pytest.CaptureFixture) -> None:
    """A file with everything wrong does not fill the screen."""
    content: dict[str, object] = {"id": 1, "start": 2, "bedtime": 3, "timezone": 4, "products": 5}
    raw = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    envelope = {
        "kind": "ldn-titrate plan",
        "schema": 1,
        "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
        "plan": content,
    }
    Path("wrong.json").write_text(json.dumps(envelope), encoding="utf-8")

    assert run(["plan", "show", "wrong.json"]) == 2
    err = told(capsys)[1]
    assert err.count("\n") == 3
    assert err.endswith("more problems\n")


@pytest.mark.parametrize(
    "command",
    [[], ["plan"], ["export"], ["plan", "new"], ["export", "handout"], ["supply"], ["protocols"]],
)
def test_each_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture) -> None:
    """Help is there for every command, on standard output."""
    assert run([*command, "--help"]) == 0

    out, err = told(capsys)
    assert out.startswith("Usage: ldn-titrate")
    assert err == ""


def test_the_module_runs_as_the_script_does() -> None:
    """`python -m ldn_titrate` is the same program."""
    done = subprocess.run(
        [sys.executable, "-m", "ldn_titrate", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "0.1.0\n"


def test_the_entry_point_passes_the_exit_status_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """A shell sees success and failure."""
    monkeypatch.setattr(sys, "argv", ["ldn-titrate", "supply", "nowhere.json"])

    with pytest.raises(SystemExit) as stopped:
        entry.main()

    assert stopped.value.code == 2
    assert told(capsys)[1].startswith("error: ")


@pytest.mark.parametrize(("missing", "told_what"), [("cyclopts", True), ("zoneinfo", False)])
def test_a_missing_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
    told_what: bool,  # noqa: FBT001
) -> None:
    """Without cyclopts the extra is named; any other missing module is an error of its own."""
    for name in [name for name in sys.modules if name.startswith("ldn_titrate.cli")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing if told_what else "ldn_titrate.cli", None)

    with pytest.raises(SystemExit if told_what else ModuleNotFoundError) as stopped:
        entry.main()

    assert ("ldn-titrate[cli]" in str(stopped.value)) is told_what


def test_help_does_not_wait_for_the_library() -> None:
    """Asking for help imports neither pydantic nor the renderers."""
    program = (
        "import sys; from ldn_titrate.cli import run; run(['--help']);"
        "print(sorted({'pydantic', 'icalendar', 'reportlab'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "80"},
    )

    assert done.stdout.splitlines()[-1] == "[]"
