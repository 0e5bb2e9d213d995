"""
The tables about the review: its rules, its red flags, and what it says about each scenario.

``python tests/test_review_table.py`` writes them anew; when a rule applies is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ldn_titrate.library import red_flags, review_rules
from ldn_titrate.planfile import load_any_plan
from ldn_titrate.record import load_record
from ldn_titrate.review import review
from ldn_titrate.topical import TopicalPlan
from test_scenarios import SCENARIOS, expected, replay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.proposal import Proposal, Rule

DOCS: Final = Path(__file__).parent.parent / "docs"
RULES: Final = DOCS / "explanation" / "review.md"
CALIBRATION: Final = DOCS / "reference" / "review-calibration.md"
ROW: Final = re.compile(
    r"^\| `(?P<rule>[a-z-]+)` \| (?P<when>[^|]*) \| [^|]* \| [^|]* \|$", re.MULTILINE
)
FLAGS: Final = re.compile(
    r"(?<=\| May be about \| In \| Terms \| Sources \|\n\|---\|---\|---\|---\|\n)(\|.*\n)*"
)
HEAD: Final = "\n| Scenario | What happens | What comes out | What the review says, and why |\n"
FIELD: Final = re.compile(r"\{[a-z]+\}")


def _with_rules(text: str) -> str:
    """Write what the data says of each rule into the page."""

    def again(found: re.Match[str]) -> str:
        rule = review_rules()[found["rule"]]
        return f"| `{rule.id}` | {found['when']} | {_said(rule)} | {', '.join(rule.sources)} |"

    return FLAGS.sub("".join(_flags()), ROW.sub(again, text))


def _said(rule: Rule) -> str:
    urgent = "**Urgent:** " if rule.urgent else ""
    return f"{urgent}{rule.action}. {FIELD.sub('…', rule.words)}"


def _flags() -> Iterator[str]:
    for flag in red_flags():
        for one in flag.words:
            language = f"{one.language}{'' if one.reviewed else ', not checked'}"
            cells = (flag.about, language, ", ".join(one.terms), ", ".join(flag.sources))
            yield f"| {' | '.join(cells)} |\n"


def _with_stories(text: str) -> str:
    """Write what comes out of each scenario below the page's own words."""
    own, _, _ = text.partition(HEAD)
    rows = (" | ".join(("", f"`{one.name}`", *_cells(one), "")).strip() for one in SCENARIOS)
    return own + HEAD + "|---|---|---|---|\n" + "".join(f"{row}\n" for row in rows)


def _cells(folder: Path) -> tuple[str, str, str]:
    told = expected(folder)
    return (
        f"{told['story']}<br>**Asked on {told['as_of']}.**",
        told["must"],
        "<br>".join(_outcome(folder)),
    )


def _outcome(folder: Path) -> Iterator[str]:
    plan = load_any_plan((folder / "plan.json").read_text(encoding="utf-8"))
    if isinstance(plan, TopicalPlan):
        yield "There is no review of a cream."
        yield from (f"{day}: {words}" for day, words in replay(folder)["itch"])
        return
    record = load_record((folder / "record.jsonl").read_text(encoding="utf-8"))
    found = review(plan, record, date.fromisoformat(expected(folder)["as_of"]))
    yield from map(_proposed, found.proposals)
    if found.findings:
        counted = Counter(one.code for one in found.findings)
        yield "Findings: " + ", ".join(f"{n} of `{code}`" for code, n in sorted(counted.items()))
    low, high = replay(folder)["adherence"]["taking"]
    yield f"Doses: {low}" if low == high else f"Doses: from {low} to {high}"


def _proposed(one: Proposal) -> str:
    urgent = "**Urgent:** " if one.urgent else ""
    entries = f"; entries: {len(one.entries)}" if one.entries else ""
    return f"{urgent}*{one.action}* (`{one.rule}`{entries}). {one.reason}"


def test_the_table_of_rules_says_what_the_data_says() -> None:
    text = RULES.read_text(encoding="utf-8")
    assert text == _with_rules(text)


def test_the_table_has_each_rule_in_order_and_says_when_it_applies() -> None:
    rows = ROW.findall(RULES.read_text(encoding="utf-8"))
    assert [rule for rule, _ in rows] == list(review_rules())
    assert all(when.endswith(".") for _, when in rows)


def test_the_table_has_each_red_flag() -> None:
    text = RULES.read_text(encoding="utf-8")
    assert [one.about for one in red_flags() if f"\n| {one.about} | " not in text] == []


def test_the_calibration_says_what_the_library_says() -> None:
    text = CALIBRATION.read_text(encoding="utf-8")
    assert text == _with_stories(text)


def test_the_calibration_has_a_row_for_each_scenario() -> None:
    rows = re.findall(r"^\| `(\d\d-[a-z0-9-]+)` \|", CALIBRATION.read_text("utf-8"), re.MULTILINE)
    assert rows == [one.name for one in SCENARIOS]


def test_the_page_says_how_many_scenarios_there_are() -> None:
    text = RULES.read_text(encoding="utf-8")
    assert f"on {len(SCENARIOS)} invented patients" in text


def test_a_table_that_was_changed_by_hand_is_noticed() -> None:
    text = CALIBRATION.read_text(encoding="utf-8").replace("*continue as signed*", "*carry on*")
    assert text != _with_stories(text)


if __name__ == "__main__":
    for page, write in ((RULES, _with_rules), (CALIBRATION, _with_stories)):
        page.write_text(write(page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
        sys.stdout.write(f"wrote {page.name}\n")
