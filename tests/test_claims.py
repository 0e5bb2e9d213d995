"""The claim lint: words that promise or can be read in two ways stand in no output."""

from __future__ import annotations

import re
from typing import Final

import pytest

from ldn_titrate.evidence_page import as_markdown, evidence_page
from ldn_titrate.library import evidence, sentences
from outputs import COMMANDS, NAMED_THERE, claims, leaves, outputs

RULES: Final = {
    "it is harmless": r"\bsafe(?:r|ly)?\b",
    "nothing interacts": r"\bno (?:known |significant |relevant |drug-drug )*interactions?\b",
    "it has few effects": r"\bminimal (?:side|adverse) effects?\b",
    "it is certain": r"\bproven\b",
    "twice a week or every two weeks": r"\bbi-?weekly\b",
    "a word for bedtime that is misread": r"\bnightly\b",
}
BROKEN: Final = {
    "it is harmless": "Low doses are safe.",
    "nothing interacts": "There are no significant drug-drug interactions.",
    "it has few effects": "It has minimal adverse effects.",
    "it is certain": "A proven treatment.",
    "twice a week or every two weeks": "Increase the dose bi-weekly.",
    "a word for bedtime that is misread": "Take one capsule nightly.",
}


def broken_rules(text: str) -> list[str]:
    """Give the rules that a text breaks."""
    return [name for name, rule in RULES.items() if re.search(rule, text, re.IGNORECASE)]


def test_no_output_makes_a_claim() -> None:
    """Whatever is printed or written says what is known, and no more."""
    assert {name: broken for name, text in claims() if (broken := broken_rules(text))} == {}


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_text_is_found(rule: str) -> None:
    """Each rule finds the text that breaks it, and just that one."""
    assert broken_rules(BROKEN[rule]) == [rule]


def test_a_plain_text_breaks_no_rule() -> None:
    """What may be said is left alone."""
    assert broken_rules("Take one dose every two weeks. Opioids are an interaction.") == []


def test_the_glossary_may_name_the_words() -> None:
    """Its list of words that are never written is where they stand, and nowhere before it."""
    _, found, after = dict(outputs())["docs/glossary.md"].partition(NAMED_THERE)

    assert found
    assert broken_rules(after)


def test_the_words_of_the_data_make_no_claim() -> None:
    """Sentences and evidence are read before any output prints them."""
    texts = [one.text for one in sentences().values()]
    texts += [one.words + one.basis for one in evidence().values()]

    assert [text for text in texts if broken_rules(text)] == []


def test_the_evidence_page_makes_no_claim() -> None:
    """The page as a value, before it is drawn."""
    assert broken_rules(as_markdown(evidence_page())) == []


def test_every_command_is_looked_at() -> None:
    """A new command is added to the list, and so comes under the lint."""
    assert [one for one in leaves() if not any(run.startswith(one) for run in COMMANDS)] == []


def test_each_command_does_what_it_is_listed_for() -> None:
    """A refusal says little; the one that there is comes before anything is sent anywhere."""
    refused = [name for name, text in outputs() if re.search(r"^error: ", text, re.MULTILINE)]

    assert [one for one in refused if one.startswith("ldn-titrate ")] == [
        "ldn-titrate push plan.json --url http://example.org --user pat"
    ]


def test_what_the_commands_make_is_looked_at() -> None:
    """Pages, calendars and plan files of several plans are among the outputs."""
    written = {one.name for one in outputs() if " " not in one.name}

    assert {"plan.pdf", "paused.pdf", "stopped.pdf", "withdrawn.pdf", "evidence.pdf"} <= written
    assert {"plan.ics", "quiet.ics", "cancel.ics", "cream.ics", "cream.pdf"} <= written
    assert {"log.txt", "card.txt", "pharmacy.txt", "plan-sheet.txt", "packet.txt"} <= written
    assert {"papers/packet.pdf", "papers/handout.html", "cream-log.pdf"} <= written
    assert {"report.html", "report.json", "report.text", "report.pdf"} <= written
    assert {"packet.de.txt", "packet.es.txt", "packet.fr.txt", "packet.nl.txt"} <= written
    assert {"files.jsonl", "shared.jsonl", "sheets/entries.csv"} <= written
    assert {"plan.json", "README.md", "docs/reference/evidence.md"} <= written
