"""
The scenarios: each folder is replayed, and what comes out is what was reasoned by hand.

The folders are written by `stories`. Whoever replays them with something else than the library,
such as the command line, hands an engine of its own to `replay`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest

from ldn_titrate.adherence import adherence
from ldn_titrate.days import day_by_day
from ldn_titrate.instrument import in_text
from ldn_titrate.itch import Halved, NotHalved, time_to_half
from ldn_titrate.library import instruments, review_rules
from ldn_titrate.planfile import load_any_plan
from ldn_titrate.possession import possession
from ldn_titrate.record import dump_record, load_record
from ldn_titrate.response import before_after
from ldn_titrate.review import review
from ldn_titrate.schedule import lay_out
from ldn_titrate.series import itch_series
from ldn_titrate.topical import TopicalPlan
from stories import FOLDER, folders

if TYPE_CHECKING:
    from pathlib import Path

    from ldn_titrate.plan import Plan
    from ldn_titrate.proposal import Proposal
    from ldn_titrate.record import Record
    from ldn_titrate.series import ItchOfDay
    from ldn_titrate.share import Bounded, Share

Answer: TypeAlias = dict[str, Any]
Engine: TypeAlias = Callable[["Path", date], Answer]
SCENARIOS: Final = sorted(one for one in FOLDER.iterdir() if one.is_dir())
LEAST: Final = 28


def by_the_library(folder: Path, as_of: date) -> Answer:
    """Read the plan and the record of a folder and say all that is known on a day."""
    plan = load_any_plan((folder / "plan.json").read_text(encoding="utf-8"))
    record = load_record((folder / "record.jsonl").read_text(encoding="utf-8"))
    if isinstance(plan, TopicalPlan):
        return {"itch": [[one.day.isoformat(), _halved(one)] for one in itch_series(record)]}
    return _of_a_plan(plan, record, as_of)


def replay(folder: Path, engine: Engine = by_the_library) -> Answer:
    """
    Replay a folder.

    Args:
        folder: One with ``plan.json``, ``record.jsonl`` and ``expected.json``.
        engine: What answers, from the folder and the day of asking.

    Returns:
        Its answer, with the keys that ``expected.json`` has beside the story.
    """
    return engine(folder, date.fromisoformat(expected(folder)["as_of"]))


def expected(folder: Path) -> Answer:
    """Read what must come out."""
    told: Answer = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return told


def _of_a_plan(plan: Plan, record: Record, as_of: date) -> Answer:
    schedule = lay_out(plan)
    days, found = day_by_day(schedule, record, as_of), review(plan, record, as_of)
    measured = adherence(days, stopped=plan.course.stopped).implementation
    hand = possession(schedule, record, as_of)
    return {
        "days": _runs([one.status.value for one in days.days]),
        "findings": sorted(one.code for one in found.findings),
        "adherence": {"taking": _shares(measured.taking), "correct": _shares(measured.correct)},
        "proposals": [_told(one) for one in found.proposals],
        "supply": {
            "covered": _share(hand.covered),
            "gaps": [[one.first.isoformat(), one.last.isoformat()] for one in hand.gaps],
        },
        "on_time": _shares(measured.on_time),
        "scores": _scores(record, schedule.first, as_of),
    }


def _runs(statuses: list[str]) -> list[list[int | str]]:
    return [[len(list(run)), status] for status, run in groupby(statuses)]


def _share(share: Share) -> str:
    return f"{share.part}/{share.whole}"


def _shares(bounds: Bounded[Share]) -> list[str]:
    return [_share(bounds.low), _share(bounds.high)]


def _told(one: Proposal) -> Answer:
    return {
        "rule": one.rule,
        "action": one.action.value,
        "urgent": one.urgent,
        "entries": len(one.entries),
    }


def _scores(record: Record, start: date, as_of: date) -> Answer:
    made = [
        before_after(record, one, start, as_of) for one in instruments().values() if not one.series
    ]
    return {
        one.instrument.id: {
            "before": in_text(one.baseline),
            "now": in_text(one.now.median),
            "n": [one.before.n, one.now.n],
        }
        for one in made
        if one.baseline is not None and one.now.median is not None
    }


def _halved(one: ItchOfDay) -> str:
    if one.series is None:
        return one.why
    match time_to_half(one.series):
        case Halved(minutes):
            return f"{minutes} minutes"
        case NotHalved(watched):
            return f"not by {watched} minutes"
        case _:
            return "no itch at the start"


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda one: one.name)
def test_what_comes_out_is_what_was_reasoned_by_hand(folder: Path) -> None:
    """Each key that the story tells; the rest of an answer is not told by each story."""
    told = {key: one for key, one in expected(folder).items() if key not in STORY}
    answer = replay(folder)
    assert {key: answer[key] for key in told} == told


STORY: Final = frozenset({"story", "must", "as_of"})


def test_a_wrong_answer_is_noticed() -> None:
    """An engine that says nothing was missed does not pass."""

    def rosy(folder: Path, as_of: date) -> Answer:
        return by_the_library(folder, as_of) | {"days": [[20, "taken"]]}

    (folder,) = [one for one in SCENARIOS if one.name.endswith("-missed-nights")]
    assert replay(folder, rosy)["days"] != expected(folder)["days"]


@pytest.mark.parametrize("name", folders())
def test_each_folder_is_what_its_story_writes(name: str) -> None:
    """Byte for byte; ``python tests/stories.py`` writes them anew."""
    found = {one.name: one.read_text(encoding="utf-8") for one in (FOLDER / name).iterdir()}
    assert found == folders()[name].files()


def test_there_is_a_folder_for_each_story_and_no_other() -> None:
    assert [one.name for one in SCENARIOS] == sorted(folders())
    assert len(SCENARIOS) >= LEAST


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda one: one.name)
def test_a_record_is_kept_as_the_library_writes_it(folder: Path) -> None:
    text = (folder / "record.jsonl").read_text(encoding="utf-8")
    assert dump_record(load_record(text)) == text


def test_the_stories_show_most_rules_at_work() -> None:
    """Those that none shows are tried one by one in the tests of the review."""
    shown = {one["rule"] for it in SCENARIOS for one in expected(it).get("proposals", [])}
    assert set(review_rules()) - shown == {
        "opioid-ask",
        "event",
        "supply-unknown",
        "not-measured",
        "draft",
    }
