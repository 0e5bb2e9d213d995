"""The commands for a cream: what they print, write and refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ldn_titrate.cli import run

NEW = (
    *("cream", "new", "--start", "2026-12-01", "--review-on", "2027-01-11"),
    *("--timezone", "Europe/Amsterdam", "--vehicle", "cream", "--site", "both elbow folds"),
    *("--amount", "1 g", "--times-per-day", "2", "--time", "08:00", "--time", "20:00"),
)
REQUIRED = (
    *("--start", "--review-on", "--timezone", "--vehicle", "--site", "--amount"),
    *("--times-per-day", "--time"),
)


@pytest.fixture
def cream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> str:
    """Make a plan file in an empty folder, and go there."""
    monkeypatch.chdir(tmp_path)
    assert run([*NEW, "--patient", "Pat Example", "-o", "cream.json"]) == 0
    capsys.readouterr()
    return "cream.json"


def told(capsys: pytest.CaptureFixture) -> tuple[str, str]:
    """Return what was printed and what was said on standard error."""
    captured = capsys.readouterr()
    return captured.out, captured.err


def without(option: str) -> list[str]:
    """Leave an option and its value out of the command that makes a plan."""
    pairs = zip(NEW[2::2], NEW[3::2], strict=True)
    return ["cream", "new", *(word for pair in pairs if pair[0] != option for word in pair)]


def test_a_cream_is_made_with_one_per_cent_and_shown(
    cream: str, capsys: pytest.CaptureFixture
) -> None:
    """Only the strength has a default; the mg on the skin are told as no oral dose."""
    assert run(["cream", "show", cream]) == 0

    out, _ = told(capsys)
    assert re.search(r"Pat Example, plan \w{4}-1 \(DRAFT, not signed\)", out)
    assert re.search(r"Strength +1%, cream", out)
    assert re.search(r"Each time +1 g", out)
    assert re.search(r"Times a day +2: 08:00 and 20:00, Europe/Amsterdam", out)
    assert re.search(r"Review +Mon 11 Jan 2027", out)
    assert re.search(r"In all +84 g", out)
    assert "Naltrexone each day: 20 mg on the skin. This is no oral dose." in out


@pytest.mark.parametrize("option", REQUIRED)
@pytest.mark.usefixtures("cream")
def test_nothing_that_a_prescriber_decides_has_a_default(
    option: str, capsys: pytest.CaptureFixture
) -> None:
    """Each is asked for, and nothing is written without it."""
    assert run([*without(option), "-o", "other.json"]) == 2

    assert option in told(capsys)[1]
    assert not Path("other.json").exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--vehicle", "transdermal gel"), "a route of its own"),
        (("--strength", "10%"), "at most 5"),
        (("--strength", "1,0%"), "a comma"),
        (("--amount", "20 mg"), "mg and mcg are for oral doses"),
        (("--times-per-day", "3"), "3 applications a day need as many times of day, not 2"),
        (("--review-on", "2026-12-01"), "after the first day"),
        (("--review-on", "01/12/2026"), "write year-month-day"),
        (("--time", "25:00"), "'25:00' is no time of day"),
    ],
)
@pytest.mark.usefixtures("cream")
def test_what_must_not_be_is_refused(
    options: tuple[str, str], reason: str, capsys: pytest.CaptureFixture
) -> None:
    """Exit status 2, the reason, and no file."""
    assert run([*without(options[0]), *options, *_more(options[0]), "-o", "other.json"]) == 2

    assert reason in told(capsys)[1]
    assert not Path("other.json").exists()


def _more(option: str) -> tuple[str, ...]:
    return ("--time", "20:00") if option == "--time" else ()


def test_the_commands_for_an_oral_plan_name_those_for_a_cream(
    cream: str, capsys: pytest.CaptureFixture
) -> None:
    """Each kind of file names the commands that read it."""
    for command in (["plan", "show", cream], ["export", "handout", cream, "-o", "x.pdf"]):
        assert run(command) == 2
        assert "the commands 'ldn-titrate cream' read it" in told(capsys)[1]

    oral = ("--start", "2026-12-01", "--timezone", "UTC", "--bedtime", "22:00")
    run(["plan", "new", *oral, "--product", "capsule 1.5 mg", "-o", "plan.json"])
    assert run(["cream", "show", "plan.json"]) == 2
    assert "the commands 'ldn-titrate plan' read it" in told(capsys)[1]


def test_check_tells_findings(cream: str, capsys: pytest.CaptureFixture) -> None:
    """A draft is a warning, no error."""
    assert run(["cream", "check", cream]) == 0

    assert "cream.unsigned" in told(capsys)[1]


def test_check_fails_for_a_file_changed_by_hand(cream: str, capsys: pytest.CaptureFixture) -> None:
    """A changed file is a finding of check, and unreadable to every other command."""
    text = Path(cream).read_text(encoding="utf-8")
    Path(cream).write_text(text.replace('"1 g"', '"2 g"'), encoding="utf-8")

    assert run(["cream", "check", cream]) == 1
    assert "plan.changed" in told(capsys)[1]
    assert run(["cream", "show", cream]) == 2


def test_a_cream_is_signed_in_its_file_or_in_another(
    cream: str, capsys: pytest.CaptureFixture
) -> None:
    """Who signed it is shown, and it is signed once."""
    who = ("--by", "Dr Example", "--role", "physician")

    assert run(["cream", "sign", cream, "--screened-elsewhere", *who, "-o", "signed.json"]) == 0
    assert "signature" not in json.loads(Path(cream).read_text(encoding="utf-8"))["plan"]
    assert run(["cream", "sign", cream, "--screened-elsewhere", *who]) == 0
    assert run(["cream", "sign", cream, "--screened-elsewhere", *who]) == 2

    assert "is signed already" in told(capsys)[1]
    run(["cream", "show", cream])
    shown = " ".join(told(capsys)[0].split())
    assert "(signed by Dr Example, who states that the screening was done elsewhere)" in shown
    run(["cream", "check", cream])
    assert "cream.unsigned" not in told(capsys)[1]


@pytest.mark.parametrize("size", ["letter", "a4"])
def test_a_handout_is_written(cream: str, size: str, capsys: pytest.CaptureFixture) -> None:
    """On either paper, to a day that is asked for; a file that exists is kept."""
    command = ["cream", "handout", cream, "-o", "h.pdf", "--size", size, "--through", "2026-12-10"]

    assert run(command) == 0
    assert Path("h.pdf").read_bytes().startswith(b"%PDF-1")
    assert run(command) == 2
    assert run([*command, "--force"]) == 0
    assert "h.pdf exists already" in told(capsys)[1]


def test_a_calendar_is_written_and_withdrawn(cream: str) -> None:
    """Every option reaches the file."""
    options = ("--title", "Roses", "--detail", "none", "--no-alarm")

    assert run(["cream", "calendar", cream, "-o", "roses.ics", *options]) == 0
    assert run(["cream", "calendar", cream, "-o", "none.ics", "--cancel"]) == 0

    content = Path("roses.ics").read_text(encoding="utf-8")
    assert "SUMMARY:Roses" in content
    assert not [word for word in ("VALARM", "naltrexone", "cream") if word in content]
    assert Path("none.ics").read_text(encoding="utf-8").count("STATUS:CANCELLED") == 3


def test_a_letter_that_no_font_has_is_said(capsys: pytest.CaptureFixture, tmp_path: Path) -> None:
    """By check and by the handout."""
    plan = str(tmp_path / "cream.json")
    run([*without("--site"), "--site", "例", "-o", plan])
    run(["cream", "check", plan])
    run(["cream", "handout", plan, "-o", str(tmp_path / "h.pdf")])

    assert told(capsys)[1].count("(site; text.no-glyph)") == 2
