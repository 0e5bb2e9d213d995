"""The command line of the screening: asked, answered from a file, kept, and what it blocks."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ldn_titrate.cli import run
from ldn_titrate.planfile import load_plan
from ldn_titrate.screening import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

BY = ("--by", "Dr Robin Sample", "--role", "physician")
ALL_NO = {f"Q{number}": "no" for number in range(1, 15)}


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> str:
    """Make a plan file in an empty folder, and go there."""
    monkeypatch.chdir(tmp_path)
    new = ("--start", "2026-12-01", "--timezone", "Europe/Amsterdam", "--bedtime", "22:00")
    assert run(["plan", "new", *new, "--product", "capsule 1.5 mg", "-o", "plan.json"]) == 0
    capsys.readouterr()
    return "plan.json"


def answers(**changed: object) -> str:
    """Write a file of answers, no to everything but some."""
    Path("answers.json").write_text(json.dumps(ALL_NO | changed), encoding="utf-8")
    return "answers.json"


def typed(monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> list[str]:
    """Let somebody type lines, and return what they were asked."""
    asked: list[str] = []
    waiting: Iterator[str] = iter(lines)

    def read(words: str) -> str:
        asked.append(words)
        return next(waiting)

    monkeypatch.setattr("builtins.input", read)
    return asked


def test_no_to_everything_finds_nothing_and_says_no_more(
    plan: str, capsys: pytest.CaptureFixture
) -> None:
    """The answers are kept in the plan, which can be signed then."""
    assert run(["screen", plan, "--answers", answers()]) == 0

    assert "Nothing was found. No screening can show that there is no risk." in (
        capsys.readouterr().out
    )
    assert run(["plan", "sign", plan, *BY]) == 0
    assert len(load_plan(Path(plan).read_text(encoding="utf-8")).screening.answers) == 14


def test_a_stop_is_told_kept_and_blocks(plan: str, capsys: pytest.CaptureFixture) -> None:
    """Exit status 1, and then neither a signature nor a file for the patient."""
    told = answers(Q2={"answer": "yes", "opioid": "Percocet", "day": "2026-11-25"})

    assert run(["screen", plan, "--answers", told]) == 1

    assert "6 days lie between the last oxycodone" in " ".join(capsys.readouterr().out.split())
    assert run(["plan", "sign", plan, *BY]) == 2
    assert run(["export", "handout", plan, "-o", "x.pdf"]) == 2
    assert run(["export", "calendar", plan, "-o", "x.ics"]) == 2
    assert run(["plan", "check", plan]) == 1
    assert not list(Path().glob("x.*"))


def test_a_question_to_clear_is_found_in_small_letters(plan: str) -> None:
    """As an id of the evidence is."""
    run(["screen", plan, "--answers", answers(Q3="yes")])

    assert run(["clear", plan, "q3", *BY, "--reason", "Invented for a test"]) == 0


def test_the_answers_can_go_to_another_file(plan: str) -> None:
    """The plan that was read stays as it was."""
    before = Path(plan).read_bytes()

    assert run(["screen", plan, "--answers", answers(Q6="yes"), "-o", "screened.json"]) == 0

    assert Path(plan).read_bytes() == before
    assert load_plan(Path("screened.json").read_text(encoding="utf-8")).screening is not None


def test_the_questions_are_asked_in_the_terminal(
    plan: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """A yes is asked for its details; a slip is asked again."""
    lines = ["maybe", "no", "yes", "codeine", "2026-10-01", "no", "no", "yes"]
    lines += ["known liver disease", *["unknown"], *["no"] * 8]
    asked = typed(monkeypatch, lines)

    assert run(["screen", plan]) == 0

    assert asked[0] == asked[1]
    assert asked[3].strip() == "Which opioid?"
    assert "known liver disease" in asked[8]
    kept = load_plan(Path(plan).read_text(encoding="utf-8")).screening
    assert [one.answer for one in kept.answers][:6] == [
        Answer.NO,
        Answer.YES,
        Answer.NO,
        Answer.NO,
        Answer.YES,
        Answer.UNKNOWN,
    ]
    assert (kept.answers[1].opioid, kept.answers[1].day) == ("codeine", date(2026, 10, 1))
    assert "The prescriber looks at what is flagged." in capsys.readouterr().out


def test_a_detail_that_cannot_be_read_is_asked_again(
    plan: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """A slip in a day or a form costs none of the answers before it; empty is not known."""
    lines = ["no", "yes", "codeine", "25/11/2026", "2026-10-01", "no", "yes", ""]
    lines += ["yes", "liver", "known liver disease", *["no"] * 9]
    asked = typed(monkeypatch, lines)

    assert run(["screen", plan]) == 0

    kept = load_plan(Path(plan).read_text(encoding="utf-8")).screening
    assert kept.answers[1].day == date(2026, 10, 1)
    assert (kept.answers[3].answer, kept.answers[3].day) == (Answer.YES, None)
    assert kept.answers[4].form == "known liver disease"
    assert asked[3] == asked[4]
    assert "(at day)" in capsys.readouterr().err


def test_questions_that_are_broken_off_keep_nothing(
    plan: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """Half a screening is none."""
    before = Path(plan).read_bytes()

    def ends(_words: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", ends)

    assert run(["screen", plan]) == 2
    assert capsys.readouterr().err == "error: not every question was asked; no answer is kept\n"
    assert Path(plan).read_bytes() == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", "a JSON object from question id to an answer"),
        ("{", "a JSON object from question id to an answer"),
        ("[" * 100_000, "a JSON object from question id to an answer"),
        ('{"Q1": {"answer": "yes", "cleared": "me"}}', "a JSON object from question id"),
        ('{"Q1": "perhaps"}', "Q1: Input should be 'yes', 'no' or 'unknown' (at answer)"),
        ('{"Q1": "yes", "Q1": "no"}', "something stands twice in the answers"),
        ('{"Q2": {"answer": "yes", "day": "05/11/2026"}}', "Q2: "),
        ('{"Q2": {"answer": "yes", "opoid": "codeine"}}', "Q2: this field is not known here"),
        ('{"Q99": "no"}', "Q99 is no question"),
        (None, "cannot read answers.json"),
    ],
)
def test_answers_that_cannot_be_read_change_nothing(
    plan: str, capsys: pytest.CaptureFixture, content: str | None, told: str
) -> None:
    """The error names what is wrong, and the plan stays."""
    before = Path(plan).read_bytes()
    if content is not None:
        Path("answers.json").write_text(content, encoding="utf-8")

    assert run(["screen", plan, "--answers", "answers.json"]) == 2

    assert told in capsys.readouterr().err
    assert Path(plan).read_bytes() == before


def test_after_an_opioid_only_new_answers_resume(plan: str, capsys: pytest.CaptureFixture) -> None:
    """The plan is suspended from that day on, and says so."""
    run(["screen", plan, "--answers", answers()])
    run(["plan", "sign", plan, *BY])
    amend = ("plan", "amend", plan)
    why = (*BY, "--reason", "Dentist")

    assert run([*amend, "opioid", "--name", "codeine", "--from", "2026-12-20", *why]) == 0
    run(["plan", "show", plan])
    assert "Paused: no dose from Sun 20 Dec 2026 on" in capsys.readouterr().out
    late = ("--from", "2027-01-10", *why)
    assert run([*amend, "resume", "--at", "1.5 mg", *late]) == 2
    assert run([*amend, "pause", "--until", "2027-01-10", "--resume-at", "1.5 mg", *late]) == 2
    assert "only with a new screening" in capsys.readouterr().err
    resume = (*amend, "resume", "--at", "1.5 mg", *late, "--answers")
    assert run([*resume, answers()]) == 2
    assert "the answers after an opioid do not tell of it" in capsys.readouterr().err
    told = {"answer": "yes", "opioid": "Tylenol with codeine", "day": "2026-12-20"}
    assert run([*resume, answers(Q2=told)]) == 0


def test_a_gate_that_is_shut_is_told(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    """Whoever shows or checks the plan hears that a signature is awaited."""
    file = str(tmp_path / "gated.json")
    new = ("--start", "2026-12-01", "--timezone", "UTC", "--bedtime", "22:00", "--gate", "sign")
    run(["plan", "new", *new, "-o", file])

    run(["plan", "show", file])
    run(["plan", "check", file])

    captured = capsys.readouterr()
    assert "Waits: no dose from Tue 15 Dec 2026 on until an advance is signed" in captured.out
    assert "plan.waits" in captured.err


def test_a_change_of_past_days_is_noted(plan: str, capsys: pytest.CaptureFixture) -> None:
    """The command line knows today, and says when a change begins before it."""
    past = (datetime.now(UTC).date() - timedelta(days=30)).isoformat()
    new = ("--start", past, "--timezone", "UTC", "--bedtime", "22:00", "--force", "-o", plan)
    run(["plan", "new", *new])

    run(["plan", "amend", plan, "stop", "--from", past, *BY, "--reason", "x", "--dry-run"])

    assert f"{past} is in the past" in capsys.readouterr().err


def test_a_file_that_is_too_large_is_refused(plan: str, capsys: pytest.CaptureFixture) -> None:
    """No plan has a million characters."""
    Path("large.json").write_bytes(b" " * 1_000_001)

    assert run(["plan", "show", "large.json"]) == 2
    assert plan
    assert "too large" in capsys.readouterr().err
