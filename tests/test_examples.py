"""The examples run, and print what they are there to show."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "examples"


def printed_by(name: str, folder: Path, *arguments: str) -> str:
    """Run an example in a folder and return what it prints."""
    command = [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_example_is_tried() -> None:
    """No example stands there untested."""
    tried = {"demo.py", "python_only.py", "liquid.py", "own_protocol.py", "bad_week.py"}
    tried.add("track_a_patient.py")

    assert {file.name for file in EXAMPLES.glob("*.py")} == tried


def test_the_demo_writes_the_plan_and_its_files(tmp_path: Path) -> None:
    """The demo leaves a plan, a calendar file, each paper and a table, and names them."""
    printed = printed_by("demo.py", tmp_path, "out")

    assert "210 x capsule 1.5 mg" in printed
    papers = {f"{one}.pdf" for one in ("handout", "log", "card", "pharmacy", "packet")}
    written = {"plan.json", "evening-reminder.ics", "schedule.csv"} | papers
    assert {file.name for file in (tmp_path / "out").iterdir()} == written
    assert set(printed.splitlines()[-1].replace(",", "").split()) >= written


def test_a_few_lines_of_python_make_the_files(tmp_path: Path) -> None:
    """The short example answers a day's dose, tells its finding and writes two files."""
    printed = printed_by("python_only.py", tmp_path)

    assert "On 20 December: 3 mg" in printed
    assert "plan.unsigned" in printed
    assert {file.name for file in tmp_path.iterdir()} == {"evening-reminder.ics", "handout.pdf"}


def test_a_liquid_is_measured_or_refused(tmp_path: Path) -> None:
    """The liquid's example gives whole marks of the syringe and shows a refusal."""
    printed = printed_by("liquid.py", tmp_path).splitlines()

    assert "1.5 mg, 1.5 mL" in printed[0]
    assert "4.5 mg, 4.5 mL" in printed[2]
    assert printed[3] == "100 mL last 36 dosing days, to 2027-01-05"
    assert printed[4].startswith("refused: 1.5 mg cannot be ")


def test_a_protocol_of_ones_own_keeps_the_time_on_the_wall(tmp_path: Path) -> None:
    """Over the change of clocks the time on the wall stays, but where the clocks skip it."""
    assert printed_by("own_protocol.py", tmp_path).splitlines() == [
        "dosing day 2027-03-25: 1 mg at 2027-03-26 02:30:00+01:00",
        "dosing day 2027-03-26: 1 mg at 2027-03-27 02:30:00+01:00",
        "dosing day 2027-03-27: 2 mg at 2027-03-28 03:30:00+02:00",
        "dosing day 2027-03-28: 2 mg at 2027-03-29 02:30:00+02:00",
        "dosing day 2027-03-29: 2 mg at 2027-03-30 02:30:00+02:00",
    ]


def test_a_bad_week_moves_the_later_step_and_the_calendar(tmp_path: Path) -> None:
    """The example of an amendment tells what changes and leaves the files and the plan."""
    assert printed_by("bad_week.py", tmp_path).splitlines() == [
        "version 2, signed",
        "2026-12-29 to 2027-01-02: 3 mg in place of 4.5 mg",
        "version 1 said 4.5 mg for 31 December",
    ]
    written = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
    before, after = written["evening-reminder.ics"], written["update.ics"]
    assert sorted(written) == ["evening-reminder.ics", "plan.json", "update.ics"]
    assert len(_uids(after) - _uids(before)) == 1, "the longer file reaches one more review"
    assert _uids(before) < _uids(after)
    assert ("SEQUENCE:1" in before, "SEQUENCE:4" in after) == (True, True)
    assert written["plan.json"].count('"generation": 1') == 2


def test_a_record_is_read_counted_and_reported(tmp_path: Path) -> None:
    """The example of a record keeps apart what was left out, forgotten and not written down."""
    printed = printed_by("track_a_patient.py", tmp_path).splitlines()

    assert printed[:5] == [
        "2026-12-06: skipped",
        "2026-12-07: missed",
        "2026-12-08: taken",
        "2026-12-09: not logged",
        "2026-12-10: taken",
    ]
    counted = "Doses taken, of doses planned: between 9 of 12 (75%) and 10 of 12 (83.33%)."
    assert counted in printed
    (proposal,) = [one for one in printed if one.startswith("to consider: ")]
    assert proposal.startswith("to consider: consider a morning dose: ")
    assert [file.name for file in tmp_path.iterdir()] == ["report.pdf"]
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


def _uids(calendar: str) -> set[str]:
    return {line for line in calendar.splitlines() if line.startswith("UID:")}
