"""
What the evidence page for clinicians says: what was studied, what was found, what is not known.

Each line is the words of a piece of evidence, with its id; this room chooses and orders them and
adds no claim of its own. It must not know plans, pages or files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ldn_titrate.content import Bullets, Callout, Document, Paragraph, Section, Table, Weight
from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.library import AS_OF, Condition, Level, Outcome, Route, evidence
from ldn_titrate.speech import ENGLISH, held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.content import Block
    from ldn_titrate.library import Evidence

_SUMMARY: Final = ("C10", "C11", "S45", "S51")
_OPIOIDS: Final = ("S41", "Q2", "Q3", "P-overdose")
_UNKNOWN: Final = ("S53", "S54", "S8", "S17", "S46", "C14", "C12", "C9", "R4", "R8")
_REVIEWS: Final = ("R1", "R2", "R3", "R11", "R14")
_NAMES: Final = {
    Condition.FIBROMYALGIA: "Fibromyalgia",
    Condition.CHRONIC_PAIN: "Chronic pain",
    Condition.CROHN: "Crohn's disease",
    Condition.MULTIPLE_SCLEROSIS: "Multiple sclerosis",
    Condition.LONG_COVID: "Long COVID",
    Condition.COVID_CLOTTING: "Blood clotting in COVID-19",
    Condition.INSULIN_RESISTANCE: "Insulin resistance",
    Condition.PRURITUS: "Itch",
    Condition.PSORIASIS: "Psoriasis",
    Condition.DERMATOLOGY: "Other skin disease",
    Condition.GENERAL: "Harms, and what is not about one condition",
}
_HEADERS: Final = (
    "What was studied",
    "Subjective outcome",
    "Objective outcome",
    "Certainty, id",
)
_NONE: Final = "none seen"
_HOW_TO_READ: Final = (
    "One row for each study, the strongest kind first. Intervals are 95% intervals.",
    "None seen: the text that was read, mostly an abstract, has no such outcome.",
    "Not read: neither the source nor its abstract was read.",
)
_LEVELS: Final = tuple(Level)


def evidence_page() -> Document:
    """Say what the evidence page for clinicians says."""
    day = ENGLISH.long_date(AS_OF)
    return Document(
        title="Low-dose naltrexone: the evidence",
        subtitle=f"For clinicians, as of {day}. Each line ends with the id of its source.",
        language="en",
        running=f"The evidence of ldn_titrate, as of {day}",
        draft=None,
        front=tuple(_front()),
        back=(
            Section("Condition by condition", tuple(_conditions())),
            Section("What is not known", (_lines(_UNKNOWN),)),
            Section("Reviews from which no result is entered", (_lines(_REVIEWS),)),
        ),
    )


def as_markdown(document: Document) -> str:
    """
    Write a document of text and tables as Markdown, in the same words.

    Raises:
        LdnTitrateError: It has something else, such as boxes to tick.
    """
    parts = [document.subtitle, *_markdown_blocks(document.front, "##")]
    for section in document.back:
        parts += [f"## {section.title}", *_markdown_blocks(section.blocks, "###")]
    return "\n\n".join(parts).replace("\N{NO-BREAK SPACE}", " ")


def _front() -> Iterator[Block]:
    yield Callout("Small studies that do not agree", (_lines(_SUMMARY),), Weight.MAIN)
    yield Callout("Opioids rule it out", (_lines(_OPIOIDS),), Weight.STOP)
    yield Table(
        "Figures that are often quoted, and what belongs to them",
        ("Figure", "What it is", "To be said with it", "Id"),
        tuple(_headline(one) for one in evidence().values() if one.headline),
    )


def _lines(ids: tuple[str, ...]) -> Bullets:
    return Bullets(tuple(held(f"{evidence()[one].words} ({one})") for one in ids))


def _headline(one: Evidence) -> tuple[str, ...]:
    return tuple(map(held, (one.headline or "", one.claim, one.qualifier or "", one.id)))


def _conditions() -> Iterator[Block]:
    yield from map(Paragraph, _HOW_TO_READ)
    for condition, name in _NAMES.items():
        rows = tuple(map(_row, _studies(condition)))
        if condition is Condition.GENERAL:
            studied, _, _, certainty = _HEADERS
            rows = tuple((study, result, sure) for study, result, _, sure in rows)
            yield Table(name, (studied, "Result", certainty), rows)
        else:
            yield Table(name, _HEADERS, rows)


def _studies(condition: Condition) -> list[list[Evidence]]:
    """Group the results of a condition by study, what bears most first."""
    found = [one for one in evidence().values() if one.study and one.condition is condition]
    studies: dict[str | None, list[Evidence]] = {}
    for one in sorted(found, key=lambda one: (_LEVELS.index(one.level), -(one.n or 0))):
        studies.setdefault(one.study, []).append(one)
    return list(studies.values())


def _row(study: list[Evidence]) -> tuple[str, ...]:
    told = [one for one in study if one.outcome is not Outcome.OBJECTIVE]
    measured = [one for one in study if one.outcome is Outcome.OBJECTIVE]
    return (_studied(study[0]), _results(told), _results(measured), _certainty(study))


def _studied(one: Evidence) -> str:
    count = f", n = {one.n:,}" if one.n else ""
    route = ", on the skin" if one.route is Route.TOPICAL else ""
    return held(f"{one.study}: {one.kind}{count}{route}")


def _results(results: list[Evidence]) -> str:
    return held(" ".join(one.result for one in results if one.result)) or _NONE


def _certainty(study: list[Evidence]) -> str:
    read = "" if all(one.verified for one in study) else ", not read"
    return f"{study[0].level}{read} ({', '.join(one.id for one in study)})"


def _markdown_blocks(blocks: tuple[Block, ...], heading: str) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph():
                yield block.text
            case Bullets():
                yield "\n".join(f"- {item}" for item in block.items)
            case Table():
                yield f"{heading} {block.title}\n\n{_markdown_table(block)}"
            case Callout():
                yield f"{heading} {block.title}"
                yield from _markdown_blocks(block.blocks, heading)
            case _:
                raise LdnTitrateError("only text and tables are written as Markdown")


def _markdown_table(table: Table) -> str:
    lines = [table.headers, tuple("---" for _ in table.headers), *table.rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
