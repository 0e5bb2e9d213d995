"""What the plan sheet of a cream tells clinicians: who stands for it, what was asked, and why."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

import pdf_judges
from ldn_titrate.content import Callout, Table, Weight
from ldn_titrate.documents import plan_sheet
from ldn_titrate.errors import ExportError
from ldn_titrate.export.printed import Look, document_file
from ldn_titrate.library import evidence
from ldn_titrate.schedule import lay_out
from ldn_titrate.screening import Answer, Clearance, Given, Screening
from ldn_titrate.topical_documents import topical_handout
from ldn_titrate.topical_sheet import topical_sheet
from plans import a_plan
from said import said
from test_topical import a_cream, a_signed_cream

if TYPE_CHECKING:
    from ldn_titrate.content import Document
    from ldn_titrate.topical import TopicalPlan

ASKED = datetime(2026, 2, 1, 9, tzinfo=UTC)
CLEARED = Clearance(
    question="Q5",
    by="Dr Liver Example",
    role="hepatologist",
    at=datetime(2026, 2, 2, 10, tzinfo=UTC),
    reason="Invented: seen and known for years",
)


def answered(**changed: Answer) -> Screening:
    """Answer every question with no, but for some."""
    given = {f"Q{number}": changed.get(f"Q{number}", Answer.NO) for number in range(1, 15)}
    answers = tuple(Given(question=key, answer=one) for key, one in given.items())
    return Screening(at=ASKED, answers=answers)


def screened(**changed: Answer) -> TopicalPlan:
    """Make a draft for a cream with its answers."""
    return a_cream(screening=answered(**changed))


def tables(document: Document) -> dict[str, Table]:
    """Give the tables of the sheet by their titles."""
    return {one.title: one for one in document.front if isinstance(one, Table)}


def words(plan: TopicalPlan, **options: Any) -> str:
    """Give all that the sheet says."""
    return said(topical_sheet(plan, **options))


def test_tells_what_is_put_on_as_the_handout_does() -> None:
    """One table, in the very same words."""
    plan = a_signed_cream()
    (ours,) = (one for one in topical_sheet(plan).front if one in topical_handout(plan).front)

    assert isinstance(ours, Table)
    assert "1 g" in " ".join(map(str, ours.rows[0])).replace("\N{NO-BREAK SPACE}", " ")


def test_says_who_signed_and_who_states_that_the_questions_were_asked() -> None:
    told = words(a_signed_cream())

    assert "done elsewhere, as stated by Dr Example, physician" in told
    assert "Nothing was overridden or cleared." in told
    assert topical_sheet(a_signed_cream()).draft is None


def test_says_when_nobody_signed_or_asked() -> None:
    sheet = topical_sheet(a_cream())

    assert sheet.draft
    assert "not signed" in words(a_cream()).casefold()


def test_names_each_answer_that_weighs_and_who_cleared_it_why() -> None:
    plan = screened(Q5=Answer.YES, Q6=Answer.YES).cleared(CLEARED)
    told = words(plan)

    for each in ("Dr Liver Example, hepatologist", "Invented: seen and known for years", "Q6"):
        assert each in told
    assert "Q1, Q2, Q3, Q4, Q7" in told  # what was asked and weighs nothing


def test_is_made_where_nothing_is_made_for_the_patient_and_says_so_first() -> None:
    plan = screened(Q1=Answer.YES)
    with pytest.raises(ExportError):
        topical_handout(plan)
    first = topical_sheet(plan).front[0]

    assert isinstance(first, Callout)
    assert first.weight is Weight.STOP
    assert topical_sheet(plan).draft != topical_sheet(a_cream()).draft


@pytest.mark.parametrize(
    "plan", [a_signed_cream(), screened(Q6=Answer.YES)], ids=["signed", "flag"]
)
def test_rests_on_sources_that_are_there(plan: TopicalPlan) -> None:
    """Each id that is listed is one of the evidence, each once, with its words."""
    *_, rests_on = tables(topical_sheet(plan)).values()
    ids = [str(row[0]) for row in rests_on.rows]

    assert len(ids) == len(set(ids)) > 7
    assert set(ids) <= set(evidence())
    assert {"C14", "S17"} <= set(ids)


def test_never_speaks_of_an_oral_dose_or_a_titration() -> None:
    """The amounts are of cream; no step rises."""
    told = words(a_signed_cream())
    assert not re.search(r"\b(?:1\.5|4\.5) mg\b|bedtime|capsule", told)


def test_says_the_screening_in_the_words_of_the_oral_sheet() -> None:
    """Two kinds of plan, one way to say who was asked what."""
    screening = answered(Q6=Answer.YES, Q8=Answer.YES)
    ours = tables(topical_sheet(a_cream(screening=screening)))
    theirs = tables(plan_sheet(lay_out(a_plan(screening=screening))))

    shared = [title for title in ours if title in theirs]
    same = [title for title in shared if ours[title] == theirs[title]]
    assert [one for one in same if any("Q6" in map(str, row) for row in ours[one].rows)]


@pytest.mark.parametrize("size", ["letter", "a4"])
@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("language", ["en", "de"])
def test_its_pages_pass_the_judges(size: Any, *, large_print: bool, language: str) -> None:
    plan = screened(Q5=Answer.YES, Q6=Answer.YES).cleared(CLEARED)
    look = Look(size=size, large_print=large_print, language=language)
    made = look.of(lambda speech: topical_sheet(plan, speech=speech))

    pdf = document_file(made, plan, look=look).content

    assert pdf_judges.validate_ua1(pdf) == []
    assert pdf_judges.pdfua_errors(pdf) == []
    assert pdf_judges.problems(pdf) == ""
    assert pdf_judges.overlaps(pdf) == []
