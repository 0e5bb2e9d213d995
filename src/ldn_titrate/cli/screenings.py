"""The commands that ask the questions of the screening, keep the answers and clear one of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ldn_titrate.cli.common import (
    By,
    NewFile,
    PlanFile,
    Role,
    new_table,
    note,
    print_table,
    read_answers,
    read_any_plan,
    save_plan,
)
from ldn_titrate.errors import ScreeningError
from ldn_titrate.library import screener
from ldn_titrate.screening import Answer, Clearance, Given, Outcome, Question, Screening, Verdict

if TYPE_CHECKING:
    from ldn_titrate.plan import Plan
    from ldn_titrate.topical import TopicalPlan

_DETAILS = {
    "opioid": "Which opioid?",
    "day": "On which day (year-month-day)?",
    "form": "Which form? (empty if none of these: {forms})",
}


def screen(
    plan: PlanFile,
    /,
    *,
    answers: Annotated[
        str | None,
        Parameter(help="A JSON file of answers by question; without it, they are asked."),
    ] = None,
    output: NewFile = None,
) -> int:
    """Ask the questions before a first dose, and keep the answers; status 1 on a stop."""
    read = read_any_plan(plan)
    if read.is_signed:
        raise ScreeningError(
            "this version is signed and takes no more answers; after an opioid new ones come with "
            "a resume (ldn-titrate plan amend PLAN resume --answers FILE)"
        )
    screening = read_answers(answers) if answers else _ask()
    screened = read.replace(screening=screening)
    status = _tell(screened)
    save_plan(screened, plan, output)
    return status


def clear(
    plan: PlanFile,
    question: Annotated[str, Parameter(help="The question's id, such as Q5.")],
    /,
    *,
    by: By,
    role: Role,
    reason: Annotated[str, Parameter(help="Why it may go on in spite of the answer.")],
    output: NewFile = None,
) -> int:
    """Clear one answer of a draft's screening, as a named clinician; status 1 on a stop."""
    clearance = Clearance(
        question=question.upper(), by=by, role=role, at=datetime.now(UTC), reason=reason
    )
    cleared = read_any_plan(plan).cleared(clearance)
    status = _tell(cleared)
    save_plan(cleared, plan, output)
    return status


def _tell(plan: Plan | TopicalPlan) -> int:
    assert plan.outcome is not None  # noqa: S101 - it has just been screened
    print_table(*_told(plan.outcome))
    return int(plan.outcome.verdict is Verdict.STOP)


def _ask() -> Screening:
    try:
        given = tuple(_answer(question) for question in screener().questions)
    except (KeyboardInterrupt, EOFError):
        raise ScreeningError("not every question was asked; no answer is kept") from None
    return Screening(at=datetime.now(UTC), answers=given)


def _answer(question: Question) -> Given:
    given = Given(
        question=question.id, answer=_choice(f"{question.id}. {question.asks} [yes/no/unknown] ")
    )
    for want in question.wants if given.answer is Answer.YES else ():
        given = _with_detail(given, question, want)
    return given


def _with_detail(given: Given, question: Question, want: str) -> Given:
    """Ask for one detail until it can be read; what is left empty is not known."""
    while told := _detail(question, want):
        try:
            return Given.from_json(json.dumps(given.model_dump(mode="json") | {want: told}))
        except ScreeningError as error:
            note(str(error))
    return given


def _choice(words: str) -> Answer:
    while True:
        told = input(words).strip().lower()
        if told in set(Answer):
            return Answer(told)


def _detail(question: Question, want: str) -> str:
    """Ask for a detail, and once more where it is none of the forms of the question."""
    forms = [form.name for form in question.forms]
    while True:
        told = input(f"    {_DETAILS[want].format(forms=', '.join(forms))} ").strip()
        if want != "form" or told in {"", *forms}:
            return told


def _told(outcome: Outcome) -> list[Any]:
    table = new_table("Screening", "Question", "Outcome", wrapped="Why")
    for reason in outcome.reasons:
        table.add_row(reason.question, reason.verdict, reason.told)
    found = "All that was found is cleared" if outcome.reasons else "Nothing was found"
    words = {
        Verdict.STOP: "STOP: nothing is signed or given to the patient until this is resolved.",
        Verdict.FLAG: "The prescriber looks at what is flagged.",
        Verdict.NOTHING_FOUND: f"{found}. No screening can show that there is no risk.",
    }
    return [table, words[outcome.verdict]] if outcome.reasons else [words[outcome.verdict]]
