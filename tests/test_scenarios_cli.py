"""The scenarios through the command line: the same folders give the same answers."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

from ldn_titrate.cli import run
from ldn_titrate.record import load_record
from ldn_titrate.series import itch_series
from test_scenarios import SCENARIOS, STORY, Answer, _halved, expected, replay

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


class CommandLine:
    """Replays a folder through a store of its own, with nothing but commands."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, folder: Path, as_of: date) -> Answer:
        """Keep the plan, import the record, and ask."""
        kind = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["kind"]
        plan, lines = str(folder / "plan.json"), str(folder / "record.jsonl")
        self._said("store", "init")
        code = self._said("patient", "add", "Pat Example").strip()
        self._said("patient", "plan", code, plan)
        self._said("record", "import", code, lines)
        if kind == "ldn-titrate cream":
            record = load_record(self._said("record", "show", code, "--format", "jsonl"))
            return {"itch": [[one.day.isoformat(), _halved(one)] for one in itch_series(record)]}
        return self._asked(code, as_of)

    def _asked(self, code: str, as_of: date) -> Answer:
        how = (code, "--as-of", as_of.isoformat(), "--format", "json")
        counted = json.loads(self._said("adherence", *how))
        found = json.loads(self._said("review", *how))
        report = json.loads(self._said("report", *how, "-o", "-"))
        assert report["review"] == found
        assert report["days"] == counted["days"]
        return {
            "days": _runs([one["status"] for one in counted["days"]]),
            "findings": sorted(one["code"] for one in found["findings"]),
            "adherence": {name: _shares(counted[name]) for name in ("taking", "correct")},
            "proposals": [_proposal(one) for one in found["proposals"]],
            "supply": {
                "covered": _share(counted["supply"]["covered"]),
                "gaps": [[one["from"], one["through"]] for one in counted["supply"]["gaps"]],
            },
            "on_time": _shares(counted["on_time"]),
            "scores": {
                one["instrument"]: {name: one[name] for name in ("before", "now", "n")}
                for one in report["scores"]
                if one["before"] is not None and one["now"] is not None
            },
        }

    def _said(self, *words: str) -> str:
        status = run(words)
        printed = self._capsys.readouterr()
        assert status == 0 or (status == 1 and words[0] == "review"), printed.err
        return printed.out


def _runs(statuses: list[str]) -> list[list[int | str]]:
    return [[len(list(run_)), status] for status, run_ in groupby(statuses)]


def _share(counts: list[int]) -> str:
    return f"{counts[0]}/{counts[1]}"


def _shares(bounds: dict[str, list[int]]) -> list[str]:
    return [_share(bounds["low"]), _share(bounds["high"])]


def _proposal(told: dict[str, Any]) -> Answer:
    return {
        "rule": told["rule"],
        "action": told["action"],
        "urgent": told["urgent"],
        "entries": len(told["entries"]),
    }


@pytest.fixture
def command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """Go to an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LDN_TITRATE_STORE", raising=False)
    return CommandLine(capsys)


@pytest.mark.parametrize("folder", SCENARIOS, ids=[one.name for one in SCENARIOS])
def test_the_command_line_says_what_the_library_says(
    folder: Path, command_line: CommandLine
) -> None:
    """Each key that the folder expects, in the same words and numbers."""
    told = {key: one for key, one in expected(folder).items() if key not in STORY}
    answer = replay(folder, command_line)

    assert {key: answer[key] for key in told} == told


def test_a_wrong_expectation_is_seen(command_line: CommandLine) -> None:
    """One day less, and the comparison fails."""
    folder = SCENARIOS[0]
    wanted = expected(folder)["days"]

    shorter = [[wanted[0][0] - 1, wanted[0][1]], *wanted[1:]]

    assert replay(folder, command_line)["days"] != shorter
