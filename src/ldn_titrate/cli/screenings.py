"""The command that asks the questions of the screening and keeps the answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from cyclopts import Parameter

from ldn_titrate.cli.common import (
    NewFile,
    PlanFile,
    new_table,
    print_table,
    read_answers,
    read_plan,
    save_plan,
)
from ldn_titrate.library import screener
from ldn_titrate.screening import Answer, Given, Outcome, Question, Screening, Verdict

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
    read = read_plan(plan)
    screening = read_answers(answers) if answers else _ask()
    screened = read.replace(screening=screening)
    outcome = screener().judge(screening, screened.course_start)
    print_table(*_told(outcome))
    save_plan(screened, plan, output)
    return int(outcome.verdict is Verdict.STOP)


def _ask() -> Screening:
    given = tuple(_answer(question) for question in screener().questions)
    return Screening(at=datetime.now(UTC), answers=given)


def _answer(question: Question) -> Given:
    answer = _choice(f"{question.id}. {question.asks} [yes/no/unknown] ")
    wanted = question.wants if answer is Answer.YES else ()
    details = {want: told for want in wanted if (told := _detail(question, want))}
    return Given.from_json(json.dumps({"question": question.id, "answer": answer, **details}))


def _choice(words: str) -> Answer:
    while True:
        told = input(words).strip().lower()
        if told in set(Answer):
            return Answer(told)


def _detail(question: Question, want: str) -> str:
    forms = ", ".join(form.name for form in question.forms)
    return input(f"    {_DETAILS[want].format(forms=forms)} ").strip()


def _told(outcome: Outcome) -> list[Any]:
    table = new_table("Screening", "Question", "Outcome", wrapped="Why")
    for reason in outcome.reasons:
        table.add_row(reason.question, reason.verdict, reason.words)
    words = {
        Verdict.STOP: "STOP: nothing is signed or given to the patient until this is resolved.",
        Verdict.FLAG: "The prescriber looks at what is flagged.",
        Verdict.NOTHING_FOUND: "Nothing was found. No screening can show that there is no risk.",
    }
    return [table, words[outcome.verdict]] if outcome.reasons else [words[outcome.verdict]]
