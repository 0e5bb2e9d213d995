"""The command line of a changing plan: sign, amend, history, diff, earlier versions."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ldn_titrate.cli import run
from ldn_titrate.planfile import load_plan

BY = ("--by", "Dr Robin Sample", "--role", "physician", "--reason", "Invented for a test")


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> str:
    """Make a signed plan file in an empty folder, and go there."""
    monkeypatch.chdir(tmp_path)
    new = ("--start", "2026-12-01", "--timezone", "Europe/Amsterdam", "--bedtime", "22:00")
    assert run(["plan", "new", *new, "--product", "capsule 1.5 mg", "-o", "plan.json"]) == 0
    assert (
        run(
            [
                "plan",
                "sign",
                "plan.json",
                "--screened-elsewhere",
                "--by",
                "Dr Robin Sample",
                "--role",
                "physician",
            ]
        )
        == 0
    )
    capsys.readouterr()
    return "plan.json"


def amend(plan: str, kind: str, day: str, *options: str) -> int:
    """Amend a plan from a day on."""
    return run(["plan", "amend", plan, kind, "--from", day, *BY, *options])


def read(path: str):  # noqa: ANN201
    """Read a plan file."""
    return load_plan(Path(path).read_text(encoding="utf-8"))


def test_a_signature_is_kept_and_takes_the_draft_away(
    plan: str, capsys: pytest.CaptureFixture
) -> None:
    """Every later command sees that the plan is signed."""
    run(["plan", "show", plan])

    shown = capsys.readouterr().out
    assert "(signed by Dr Robin Sample, who states that the screening was done elsewhere)" in shown
    assert run(["plan", "check", plan]) == 0
    assert "plan.unsigned" not in capsys.readouterr().err


def test_a_plan_is_signed_once(plan: str, capsys: pytest.CaptureFixture) -> None:
    """A second signature over the same version is refused."""
    assert (
        run(
            [
                "plan",
                "sign",
                plan,
                "--screened-elsewhere",
                "--by",
                "Dr Other",
                "--role",
                "physician",
            ]
        )
        == 2
    )

    assert "is signed already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "day", "options", "told"),
    [
        ("stay", "2026-12-29", ("--days", "14"), "4.5 mg 3 mg"),
        ("stay", "2026-12-29", (), "4.5 mg 3 mg"),
        ("step-back", "2026-12-20", (), "3 mg 1.5 mg"),
        ("step-back", "2026-12-20", ("--to", "1.5 mg", "--retry-on", "2027-01-01"), "1.5 mg"),
        ("plateau", "2026-12-20", ("--at", "3 mg"), "4.5 mg 3 mg"),
        ("advance", "2026-12-10", ("--early-because", "Invented"), "1.5 mg 3 mg"),
        ("pause", "2026-12-20", (), "3 mg no dose"),
        ("pause", "2026-12-20", ("--until", "2026-12-27", "--resume-at", "1.5 mg"), "no dose"),
        ("stop", "2026-12-20", (), "4.5 mg no dose"),
        ("reschedule", "2026-11-30", ("--start", "2026-12-08"), "1.5 mg no dose"),
        ("change-time", "2026-12-20", ("--bedtime", "21:00"), "at 21:00, Europe/Amsterdam"),
        ("change-time", "2026-12-20", ("--timezone", "Asia/Tokyo"), "at 22:00, Asia/Tokyo"),
        ("change-products", "2026-12-20", ("--product", "capsule 0.5 mg"), "capsule 0.5 mg"),
    ],
)
def test_each_kind_of_amendment_makes_the_next_version_and_tells_what_changes(
    plan: str,
    capsys: pytest.CaptureFixture,
    kind: str,
    day: str,
    options: tuple[str, ...],
    told: str,
) -> None:
    """Day ranges and doses, before and after; the new version is signed by its amendment."""
    assert amend(plan, kind, day, *options) == 0

    assert told in " ".join(capsys.readouterr().out.split())
    assert (read(plan).version, read(plan).is_signed) == (2, True)
    assert read(plan).amendments[0].kind == kind


def test_a_pause_is_resumed_with_a_dose(plan: str, capsys: pytest.CaptureFixture) -> None:
    """Without one the command says what it needs."""
    amend(plan, "pause", "2026-12-20")

    assert amend(plan, "resume", "2026-12-27") == 2
    assert "resume needs --at" in capsys.readouterr().err
    assert amend(plan, "resume", "2026-12-27", "--at", "1.5 mg") == 0
    run(["plan", "show", plan])
    assert "pause" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kind", "day", "options", "told"),
    [
        ("stay", "2026-12-29", ("--to", "1.5 mg"), "stay takes --days, not --to"),
        ("stop", "2026-12-29", ("--days", "3"), "stop takes no option of its own, not --days"),
        ("reschedule", "2026-11-20", (), "reschedule needs --start"),
        ("advance", "2026-12-10", (), "needs a named override"),
        ("plateau", "2026-12-10", ("--at", "3 mg"), "advance first"),
        ("step-back", "2026-12-10", (), "no step of the protocol is below 1.5 mg"),
        ("pause", "2026-12-10", ("--until", "2026-12-20"), "--until and --resume-at"),
        ("change-products", "2026-12-10", ("--product", "capsule 1 mg"), "cannot be made exactly"),
        ("change-time", "2026-12-10", (), "needs a bedtime, a time zone or both"),
        ("leap", "2026-12-10", (), "KIND"),
    ],
)
def test_a_refused_amendment_leaves_the_file_as_it_was(
    plan: str,
    capsys: pytest.CaptureFixture,
    kind: str,
    day: str,
    options: tuple[str, ...],
    told: str,
) -> None:
    """The reason is told and nothing is written."""
    before = Path(plan).read_bytes()

    assert amend(plan, kind, day, *options) == 2

    assert told in capsys.readouterr().err
    assert Path(plan).read_bytes() == before


def test_a_dry_run_only_tells(plan: str, capsys: pytest.CaptureFixture) -> None:
    """What would change is shown, and no file is touched."""
    before = Path(plan).read_bytes()

    assert amend(plan, "stop", "2026-12-20", "--dry-run") == 0

    assert "no dose" in capsys.readouterr().out
    assert Path(plan).read_bytes() == before


def test_an_amended_plan_can_go_to_another_file(plan: str) -> None:
    """The file that it was read from stays; an existing other file is not replaced."""
    assert amend(plan, "stop", "2026-12-20", "-o", "next.json") == 0

    assert (read(plan).version, read("next.json").version) == (1, 2)
    assert amend(plan, "stop", "2026-12-20", "-o", "next.json") == 2


def test_history_tells_who_changed_what_and_why(plan: str, capsys: pytest.CaptureFixture) -> None:
    """One line for each version."""
    amend(plan, "stay", "2026-12-29", "--days", "14")
    capsys.readouterr()

    assert run(["plan", "history", plan]) == 0

    out = capsys.readouterr().out
    assert "1         " in out
    assert "stay" in out
    assert "Dr Robin Sample, physician" in out
    assert "Invented" in out


def test_an_earlier_version_is_shown_as_it_was(plan: str, capsys: pytest.CaptureFixture) -> None:
    """The same doses as before it was amended."""
    run(["plan", "show", plan, "--format", "csv"])
    before = capsys.readouterr().out
    amend(plan, "stop", "2026-12-20")
    capsys.readouterr()

    run(["plan", "show", plan, "--version", "1", "--format", "csv"])

    assert capsys.readouterr().out == before
    assert run(["plan", "show", plan, "--version", "3"]) == 2
    assert "versions 1 to 2, not 3" in capsys.readouterr().err


def test_two_versions_are_compared(plan: str, capsys: pytest.CaptureFixture) -> None:
    """Which dosing days change, from what to what; a change of time stands beside."""
    amend(plan, "stay", "2026-12-29", "--days", "14")
    amend(plan, "change-time", "2027-01-02", "--bedtime", "21:00")
    capsys.readouterr()

    assert run(["plan", "diff", plan, "1", "3"]) == 0

    out = capsys.readouterr().out
    assert re.search(r"Tue 29 Dec 2026 +Mon 11 Jan 2027 +14 +4.5 mg +3 mg", out)
    assert "From Sat 2 Jan 2027: at 21:00, Europe/Amsterdam, from capsule 1.5 mg" in out


def test_a_stopped_plan_says_so(plan: str, capsys: pytest.CaptureFixture) -> None:
    """The day of the end is shown, also where no dose was ever taken."""
    amend(plan, "stop", "2026-11-25")
    capsys.readouterr()

    assert run(["plan", "show", plan]) == 0
    assert "Stopped: no dose from Wed 25 Nov 2026 on" in capsys.readouterr().out
    assert run(["supply", plan, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == []


def test_calendars_follow_and_the_plan_keeps_what_it_gave_out(
    plan: str, capsys: pytest.CaptureFixture
) -> None:
    """Withdrawn reminders are cancelled in the next file, and a fresh one begins anew."""
    run(["export", "calendar", plan, "-o", "1.ics"])
    amend(plan, "plateau", "2026-12-20", "--at", "3 mg")
    capsys.readouterr()

    assert run(["export", "calendar", plan, "-o", "2.ics"]) == 0
    assert run(["export", "calendar", plan, "--kind", "fresh", "-o", "3.ics"]) == 0
    assert run(["export", "calendar", plan, "--kind", "cancel", "-o", "4.ics"]) == 0

    counts = [
        (text.count("STATUS:CONFIRMED"), text.count("STATUS:CANCELLED"))
        for text in (Path(f"{n}.ics").read_text(encoding="utf-8") for n in range(1, 5))
    ]
    # Two reviews stand in the first file; the later ones reach the third, too.
    assert counts == [(6 + 2, 0), (4 + 3, 2), (4 + 3, 0), (0, 6 + 3 + 4 + 3)]
    assert [(one.version, one.generation) for one in read(plan).given_out] == [
        (1, 1),
        (2, 1),
        (2, 2),
    ]
    assert run(["plan", "check", plan]) == 0


def test_a_withdrawn_version_prints_as_withdrawn(plan: str) -> None:
    """Its handout can still be made, and says that it is not in force."""
    amend(plan, "stop", "2026-12-20")

    assert run(["export", "handout", plan, "--version", "1", "-o", "old.pdf"]) == 0
    assert run(["export", "handout", plan, "-o", "new.pdf"]) == 0
    assert Path("old.pdf").read_bytes() != Path("new.pdf").read_bytes()


def test_a_gate_that_waits_for_a_signature_ends_the_schedule(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """No increase is on the calendar before an advance is signed."""
    file = str(tmp_path / "gated.json")
    new = ("--start", "2026-12-01", "--timezone", "UTC", "--bedtime", "22:00", "--gate", "sign")
    run(["plan", "new", *new, "-o", file])

    run(["plan", "show", file, "--format", "json"])

    rows = json.loads(capsys.readouterr().out)
    assert rows[-1]["day"] == "2026-12-14"
    assert amend(file, "advance", "2026-12-15") == 0
    run(["plan", "show", file, "--format", "csv"])
    assert "2026-12-28,3," in capsys.readouterr().out


def test_a_change_to_the_morning_warns_of_two_close_doses(
    plan: str, capsys: pytest.CaptureFixture
) -> None:
    """At 22:00 and again at 08:00: the prescriber hears of it, and nothing is moved."""
    amend(plan, "change-time", "2026-12-20", "--bedtime", "08:00")
    capsys.readouterr()

    assert run(["plan", "check", plan]) == 0

    assert "only 10 hours lie between the doses of 2026-12-19 and 2026-12-20" in (
        capsys.readouterr().err
    )
