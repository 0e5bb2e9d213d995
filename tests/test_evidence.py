"""The evidence: nothing is missing, nothing wrong is repeated, no figure stands alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import pdf_judges
from ldn_titrate.cli import run
from ldn_titrate.content import Bullets, Callout, Field, Fields, Table
from ldn_titrate.dose import LDN_BOUNDS
from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.evidence_page import as_markdown, evidence_page
from ldn_titrate.export.printed import evidence_file
from ldn_titrate.library import (
    Condition,
    Evidence,
    Identifier,
    Kind,
    Level,
    Route,
    Scheme,
    evidence,
    find_evidence,
    load_protocol,
    protocol_ids,
    screener,
    sentences,
)
from ldn_titrate.screening import OpioidFreeDays
from outputs import claims, outputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.content import Block

FACTS: Final = """
    S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 S11 S12 S13 S14 S15 S16 S17 S18 S19 S20 S21 S22 S23 S24 S25 S26
    S27 S28 S29 S30 S31 S32 S33 S34 S35 S36 S37 S38 S39 S40 S41 S42 S43 S44 S45 S46 S47 S48 S49 S50
    S51 S52 S53 S54 S55 S56 S57 S58 S59 S60 S61
"""
OTHERS: Final = """
    C1 C2 C3 C4 C5 C6 C7 C8 C9 C10 C11 C12 C13 C14 C15 C16 C17
    R1 R2 R3 R4 R5 R6 R7 R8 R9 R10 R11 R12 R13 R14
    E1 E2 E3 E4 E5 E6 E7 E8 E9
    L1 L2 L3 L4 L5 L6 L7 L8 L9 L10 L11 L12
    Q1 Q2 Q3 Q4 Q5 Q6 Q7 Q8 Q9 Q10 Q11 Q12 Q13 Q14
"""
PRACTICE: Final = """
    P-gate P-opioids P-opioid-free P-restart P-overdose P-missed P-three-missed P-dosing-day P-sleep
    P-driving P-urgent P-surgery P-benefit P-storage P-tablet P-strengths P-plan P-lowest
"""
IN_SEED: Final = {
    "A": "1 2 3 9 10 11 12 13 14 19 20 21 22 23 36 37 38 39 40 41 47 48 49 50 53 54 56 59",
    "B": "4 5 6 15 16 17 18 24 25 26 27 28 42 43 46 52 55 57 60",
    "C": "7 8 29 30 31 32 33 34 35 44 45 51 58 61",
}
CORRECTED: Final = {
    "S22": "C10",
    "S23": "C10",
    "S24": "C6 C7",
    "S25": "C8",
    "S35": "C10",
    "S37": "C12",
    "S38": "C1",
    "S40": "C12",
    "S44": "C12",
}
NOT_CHECKED: Final = {
    *("PMID 29377216", "PMID 37021443", "PMID 32943552", "PMID 35179184", "PMID 32074159"),
    *("PMID 34781989", "PMID 23359310"),
}
QUALIFIED: Final = {
    r"(?<![.\d])(?:32|44)%": ("retrospective", "unconfirmed"),
    r"\b70%": ("open", "18"),
    r"\b46 min": ("74", "placebo|without the drug"),
    r"\bn = 59\b|\b59 (?:people|patients)": ("retrospective", "before and after", "no control"),
    r"(?<![\d.])1%": ("10 mg|no oral dose|for skin only|strength",),
}
WRONG: Final = {
    "C1": r"\bno (?:\w+[ -]){0,3}interactions?\b|\bdoes not interact\b",
    "C6": r"randomi[sz]ed[^.|\n]*(?:relief|less itch)[^.|\n]*70%",
    "C7": r"\bonset\b(?=[^.|\n]*46)|46 min[^.|\n]*(?<!not an )(?<!no )\bonset\b",
    "C8": r"randomi[sz]ed[^.|\n]*biops(?:y|ies)(?! were taken)",
    "C10": r"effective(?:ly)? manag|no (?:large RCTs or )?meta-analys|improve(?:s|ment in) Crohn",
    "C12": r"(?:few|fewer|minimal) adverse effects|well tolerated|better tolerated than (?!some)",
}
STUDIES_WITHOUT_AN_EFFECT: Final = {
    "E1": "No clear effect on pain",
    "E3": "Not superior to placebo",
    "E4": "Not effective",
    "E5": "No difference",
    "E6e": "No meaningful difference",
}


def ids(text: str) -> list[str]:
    """Split a list of ids."""
    return text.split()


def flat(text: str) -> str:
    """Put plain spaces for those that do not break."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def tables() -> dict[str, Table]:
    """Return the tables of the evidence page by their titles."""
    page = evidence_page()
    blocks = (*page.front, *(block for section in page.back for block in section.blocks))
    return {block.title: block for block in blocks if isinstance(block, Table)}


def rows() -> dict[str, tuple[str, ...]]:
    """Return each row of the evidence page by the first id in its last cell."""
    found = {}
    for table in tables().values():
        for row in table.rows:
            key = re.search(r"\b[A-Z]\d+[a-z]?\b", row[-1])
            assert key, row
            found[key[0]] = tuple(map(flat, row))
    return found


def units() -> Iterator[tuple[str, str]]:
    """Give what is read together: a row, an item, a paragraph; of a finished page all of it."""
    for name, text in outputs():
        whole = name.endswith((".pdf", ".ics")) and "ldn-titrate " not in name
        parts = r"\n\n|\n(?=[|-] )" if name.endswith(".md") else r"\n(?!  )|\n  \}"
        for part in [text] if whole else re.split(parts, text):
            yield name, flat(part)


@pytest.mark.parametrize("text", [FACTS, OTHERS, PRACTICE], ids=["facts", "others", "practice"])
def test_no_piece_of_evidence_is_missing(text: str) -> None:
    """Every fact, settlement, reference, later study, titration, question and practice is there."""
    assert [one for one in ids(text) if one not in evidence()] == []


@pytest.mark.parametrize("seed", IN_SEED)
def test_each_fact_names_the_document_that_states_it(seed: str) -> None:
    """And no other: a fact has one source, and is unreviewed."""
    facts = [f"S{number}" for number in IN_SEED[seed].split()]

    assert {one.id for one in evidence().values() if one.seed == seed and one.id in facts} == set(
        facts
    )
    assert {evidence()[one].level for one in facts} == {Level.UNREVIEWED}
    assert not any(evidence()[one].verified for one in facts)


def test_everything_that_is_told_names_evidence_that_is_there() -> None:
    """Each sentence, protocol, bound, question and opioid rests on at least one entry."""
    told = {
        "the bounds": LDN_BOUNDS.sources,
        **{one: load_protocol(one).sources for one in protocol_ids()},
        **{one.id: one.sources for one in (*sentences().values(), *screener().questions)},
        **{one.ingredient: one.sources for one in screener().opioids},
    }

    assert [name for name, sources in told.items() if not sources] == []
    assert {one for sources in told.values() for one in sources} - set(evidence()) == set()


def test_nothing_rests_on_what_was_corrected_alone() -> None:
    """Where a sentence names such an entry, it names the settlement beside it."""
    texts = (*sentences().values(), *map(load_protocol, protocol_ids()), *screener().questions)

    for text in texts:
        for source in map(evidence().__getitem__, text.sources):
            assert not source.corrected or set(source.conflicts) & set(text.sources), text.id


def test_each_letter_of_an_id_is_explained() -> None:
    """In the table that opens the page of sources."""
    page = (Path(__file__).parent.parent / "docs" / "sources.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| ([A-Z]) \| ", page, re.MULTILINE)) == {one[0] for one in evidence()}


MARKS: Final = {
    1: "S1 S22 S53",
    2: "S2 S23 S54",
    3: "S3 S10 S11 S12 S13 S36",
    4: "S20",
    5: "S21",
    6: "S39 S40 S50",
}


def test_each_reference_mark_is_the_one_of_the_document() -> None:
    """No mark is invented, none is lost, and each names the settlement on marks."""
    marked = {one.id: one for one in evidence().values() if "reference mark" in one.basis}
    told = {
        number: " ".join(key for key in marked if f"reference mark {number}," in marked[key].basis)
        for number in MARKS
    }

    assert told == MARKS
    assert {key for key, one in marked.items() if "C17" in one.conflicts} == {
        key for keys in MARKS.values() for key in keys.split()
    }
    assert "without a reference mark" in evidence()["S9"].basis


def test_the_opioid_free_days_are_in_the_evidence() -> None:
    """What the labels say, and what this library asks for, each with its number."""
    assert "7 to 10 days" in evidence()["Q2"].claim
    assert "up to 2 weeks" in evidence()["Q2"].claim
    free = OpioidFreeDays()
    asked = evidence()["P-opioid-free"].claim
    assert f"{free.short_acting} days" in asked
    assert f"{free.long_acting} without" in asked


def test_just_these_facts_are_corrected() -> None:
    """Each names the settlement that corrects it."""
    corrected = {one.id: " ".join(one.conflicts) for one in evidence().values() if one.corrected}

    assert {one: settled.removesuffix(" C17") for one, settled in corrected.items()} == CORRECTED


def test_each_settlement_that_is_named_is_one() -> None:
    """Conflicts lead to settlements."""
    named = {key for one in evidence().values() for key in one.conflicts}

    assert {evidence()[key].kind for key in named} == {Kind.SETTLEMENT}


@pytest.mark.parametrize("conflict", WRONG)
def test_what_was_corrected_is_never_printed_as_a_claim(conflict: str) -> None:
    """No output says what the settlement found wrong."""
    wrong = re.compile(WRONG[conflict], re.IGNORECASE)

    assert [(name, found[0]) for name, text in claims() if (found := wrong.search(text))] == []


@pytest.mark.parametrize(
    ("conflict", "claim"),
    [
        ("C1", "There are no significant drug-drug interactions."),
        ("C6", "A randomised trial gave substantial itch relief to more than 70%."),
        ("C7", "The onset averaged around 46 minutes."),
        ("C8", "In the randomised trial biopsies showed more receptors."),
        ("C10", "Effective management of symptoms; there are no meta-analyses."),
        ("C12", "It has minimal adverse effects and is well tolerated."),
    ],
)
def test_a_wrong_claim_would_be_found(conflict: str, claim: str) -> None:
    """Each check is shown the claim that it is there for."""
    assert re.search(WRONG[conflict], claim, re.IGNORECASE)


@pytest.mark.parametrize("figure", QUALIFIED)
def test_a_headline_figure_never_stands_without_its_qualifier(figure: str) -> None:
    """In every row, item and line of every output in which it stands."""
    bare = [
        (name, part[:300])
        for name, part in units()
        if re.search(figure, part)
        and not all(re.search(one, part, re.IGNORECASE) for one in QUALIFIED[figure])
    ]

    assert bare == []


def test_each_headline_figure_is_on_the_page_with_its_qualifier() -> None:
    """Six figures in five rows, each with what belongs to it."""
    table = tables()["Figures that are often quoted, and what belongs to them"]

    assert [flat(row[0]) for row in table.rows] == [
        *("1%", "32% and 44%", "n = 59", "more than 70%", "46 minutes"),
    ]
    for row in table.rows:
        assert flat(row[2]) == evidence()[row[3]].qualifier


@pytest.mark.parametrize("key", ["R4", "R8"])
def test_an_unresolved_reference_shows_no_title(
    key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only its number, marked as not checked; no paper that it might be."""
    assert run(["evidence", key]) == 0

    shown = capsys.readouterr().out
    assert evidence()[key].kind is Kind.UNRESOLVED
    assert re.search(r"PMID \d{8} \(not checked\)", shown)
    assert not re.search(r"Aitcheson|Yang|Bruun|\b(?:19|20)\d\d[, ](?!\d\d-)", shown)


def test_identifiers_that_were_not_checked_say_so() -> None:
    """Just these; every other one was seen beside its source."""
    unchecked = {
        str(one).removesuffix(" (not checked)")
        for piece in evidence().values()
        for one in piece.identifiers
        if not one.verified
    }

    assert unchecked == NOT_CHECKED


@pytest.mark.parametrize(
    ("scheme", "value"), [(Scheme.DOI, "11.1016/x"), (Scheme.PMID, "PMID 123"), (Scheme.PMC, "77")]
)
def test_what_is_no_identifier_is_refused(scheme: Scheme, value: str) -> None:
    """A DOI, a PMID and a PMC number have their own shapes."""
    with pytest.raises(LdnTitrateError, match=f"is no {scheme}"):
        Identifier(scheme=scheme, value=value, verified=True)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"headline": "100%"}, "needs its qualifier"),
        ({"corrected": True}, "names the settlement"),
    ],
)
def test_an_entry_that_could_mislead_is_refused(more: dict[str, object], told: str) -> None:
    """A headline without a qualifier, a correction without its reason."""
    with pytest.raises(LdnTitrateError, match=told):
        Evidence(id="X1", claim="Invented", basis="Invented", verified=False, **more)


def test_a_study_tells_how_it_was_read_and_when() -> None:
    """Each row of the page has a kind, a result and a day."""
    studies = [one for one in evidence().values() if one.study]

    assert [one.id for one in studies if not one.result] == []
    assert {one.as_of for one in studies} == {date(2026, 11, 22)}
    assert not {one.kind for one in studies} & {Kind.SEED, Kind.PRACTICE, Kind.UNRESOLVED}


def test_the_largest_trial_is_told_with_its_number_and_interval() -> None:
    """6 mg, 99 women, 12 weeks: no clear effect, with the interval."""
    studied, told, measured, sure = rows()["E1"]

    assert studied == "Bruun 2024, 6 mg, 12 weeks: RCT, n = 99"
    assert told.startswith("No clear effect on pain: difference -0.34")
    assert "95% CI -0.95 to 0.27; p = 0.27" in told
    assert (measured, sure) == ("none seen", "randomised trial (E1)")


@pytest.mark.parametrize("key", STUDIES_WITHOUT_AN_EFFECT)
def test_a_result_without_an_effect_stands_in_a_row_like_any_other(key: str) -> None:
    """It is said in the first words of its cell."""
    assert rows()[key][1].startswith(STUDIES_WITHOUT_AN_EFFECT[key])


@pytest.mark.parametrize("key", ["R6", "E8", "R9a"])
def test_a_study_without_a_control_group_says_so(key: str) -> None:
    """Before and after is no comparison."""
    assert "before and after, no control group" in rows()[key][3]


def test_each_condition_has_a_table_with_the_strongest_study_first() -> None:
    """No condition is left out, and no row stands above one that bears more."""
    page = evidence_page().back[0].blocks
    levels = list(Level)
    by_table = [
        [levels.index(next(one for one in levels if row[-1].startswith(one))) for row in block.rows]
        for block in page
        if isinstance(block, Table)
    ]

    assert len(by_table) == len(Condition)
    assert [found for found in by_table if not found or found != sorted(found)] == []


def test_endoscopy_is_told_as_measured_and_not_as_told() -> None:
    """One study, two kinds of outcome, in one row."""
    (row,) = tables()["Crohn's disease"].rows

    assert "88% against 40%" in row[1]
    assert "Endoscopic response 78% against 28%" in row[2]
    assert row[3].endswith("(E6a, E6b)")


def test_every_line_of_the_page_leads_to_its_source() -> None:
    """Each item and each row ends with ids that are there."""
    page = evidence_page()
    blocks: list[Block] = [*page.front, *(one for section in page.back for one in section.blocks)]
    inner = [part for one in blocks if isinstance(one, Callout) for part in one.blocks]
    items = [text for one in (*blocks, *inner) if isinstance(one, Bullets) for text in one.items]

    named = [re.search(r"\(([A-Z][\w-]*)\)$", text) for text in items]
    assert [text for text, found in zip(items, named, strict=True) if not found] == []
    assert {found[1] for found in named if found} - set(evidence()) == set()


def test_only_text_and_tables_are_written_as_markdown() -> None:
    """A page with boxes to fill in is for paper."""
    page = replace(evidence_page(), front=(Fields((Field("Prescriber", None),)),))

    with pytest.raises(LdnTitrateError, match="only text and tables"):
        as_markdown(page)


@pytest.mark.parametrize("size", ["letter", "a4"])
class TestThePdf:
    """The evidence page on either paper."""

    @pytest.fixture
    def pdf(self, size: str) -> bytes:
        """Make the page."""
        return evidence_file(size=size).content

    def test_meets_the_standard_for_accessible_pages(self, pdf: bytes) -> None:
        """PDF/UA-1 by two validators, and clean syntax."""
        assert pdf_judges.validate_ua1(pdf) == []
        assert pdf_judges.pdfua_errors(pdf) == []
        assert pdf_judges.problems(pdf) == ""

    def test_is_short_and_legible(self, pdf: bytes) -> None:
        """At most five pages, nothing under ten points."""
        assert len(pdf_judges.page_sizes(pdf)) <= 5
        assert min(pdf_judges.font_sizes(pdf)) >= 10

    def test_says_every_cell_and_item_of_the_page(self, pdf: bytes) -> None:
        """Read aloud, nothing of the tables is lost."""
        aloud = " ".join(" ".join(pdf_judges.struct_text(pdf)).split())

        cells = [cell for one in tables().values() for row in one.rows for cell in row]
        assert [cell for cell in cells if flat(cell) not in aloud] == []

    def test_is_the_same_twice(self, pdf: bytes, size: str) -> None:
        """The same evidence gives the same bytes."""
        assert evidence_file(size=size).content == pdf


def test_evidence_is_found_by_condition_and_route() -> None:
    """A route finds what holds for any route too."""
    itch = find_evidence(Condition.PRURITUS)
    skin = find_evidence(route=Route.TOPICAL)

    assert {"C6", "C7", "C8", "R9", "R9a", "R9b", "R9c"} <= {one.id for one in itch}
    assert {one.condition for one in itch} == {Condition.PRURITUS}
    assert {one.route for one in skin} == {Route.TOPICAL, Route.ANY}
    assert find_evidence(Condition.PRURITUS, Route.ORAL) == ()
    assert find_evidence() == tuple(evidence().values())


def test_evidence_is_listed_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """One row each, with what was read and how many people."""
    assert run(["evidence", "--condition", "crohn"]) == 0

    out = capsys.readouterr().out
    assert re.search(r"E6a +crohn +oral +RCT +40 +yes +A small trial", out)
    assert "E1 " not in out


def test_one_piece_of_evidence_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """With its qualifier, its source and the day; the case of an id does not matter."""
    assert run(["evidence", "s21"]) == 0

    out = capsys.readouterr().out
    assert out.startswith("S21: Pain is said to have fallen by 32%")
    assert "To be said with it: One retrospective practice, source unconfirmed" in out
    assert "Settled by:         C9, C17" in out
    assert "As of:              2026-11-22" in out


def test_evidence_is_told_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Every field that is known, with the identifiers."""
    assert run(["evidence", "E1", "--format", "json"]) == 0
    one = json.loads(capsys.readouterr().out)
    assert run(["evidence", "--route", "topical", "--format", "json"]) == 0
    many = json.loads(capsys.readouterr().out)

    assert one["n"] == 99
    assert one["identifiers"] == [
        {"scheme": "doi", "value": "10.1016/S2665-9913(23)00278-3", "verified": True}
    ]
    assert {each["route"] for each in many} == {"topical", "any"}


def test_where_nothing_is_found_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """An empty table would look like a fault."""
    assert run(["evidence", "--condition", "pruritus", "--route", "oral"]) == 0

    assert capsys.readouterr().err == "there is no such evidence\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("E1b",), "unknown evidence 'E1b'; did you mean E1"),
        (("zzz",), "unknown evidence 'zzz'; there is S1 to S61"),
        (("--condition", "flu"), '"fibromyalgia", "chronic-pain", "crohn"'),
        (("--route", "nose"), '"oral", "topical", "any"'),
        (("E1", "--route", "oral"), "leave --condition and --route out"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The allowed names, or the close ones."""
    assert run(["evidence", *arguments]) == 2

    assert told in capsys.readouterr().err


def test_the_page_is_written_and_replaced_only_by_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Like every other file."""
    monkeypatch.chdir(tmp_path)

    assert run(["export", "evidence", "-o", "evidence.pdf", "--size", "a4"]) == 0
    assert Path("evidence.pdf").read_bytes() == evidence_file(size="a4").content
    assert run(["export", "evidence", "-o", "evidence.pdf"]) == 2
    assert run(["export", "evidence", "-o", "evidence.pdf", "--force"]) == 0
