"""The screening: what answers block, and what nobody but a named person can clear."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import ldn_titrate as ldn
from ldn_titrate import documents
from ldn_titrate.errors import ExportError, PlanError, ScreeningError
from ldn_titrate.export.calendar import calendar_file
from ldn_titrate.library import evidence, screener
from ldn_titrate.planfile import dump_plan, load_plan
from ldn_titrate.screening import (
    Answer,
    Clearance,
    Given,
    OpioidClass,
    OpioidFreeDays,
    Screening,
    Verdict,
)
from ldn_titrate.text import NAME_LENGTH
from plans import a_plan

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 11, 22, tzinfo=UTC)
START = date(2026, 12, 1)
IDS = tuple(f"Q{number}" for number in range(1, 15))
SIGNED = {
    "reason": "Invented",
    "at": AT + timedelta(days=1),
    "by": "Dr Example",
    "role": "physician",
}


def answers(**changed: Given | Answer) -> Screening:
    """Answer every question with no, but for some."""
    given = {
        key: changed.get(key, Answer.NO)
        if isinstance(changed.get(key, Answer.NO), Given)
        else Given(question=key, answer=changed.get(key, Answer.NO))
        for key in IDS
    }
    return Screening(at=AT, answers=tuple(given.values()))


def verdicts(screening: Screening) -> dict[str, Verdict]:
    """Return what weighs, by question."""
    return {one.question: one.verdict for one in screener().judge(screening, START).reasons}


def last_opioid(name: str | None, days_ago: int | None) -> Screening:
    """Answer Q2 with an opioid and a day so many days before the start."""
    day = None if days_ago is None else START - timedelta(days=days_ago)
    return answers(Q2=Given(question="Q2", answer=Answer.YES, opioid=name, day=day))


def test_the_questions_are_these_with_their_sources() -> None:
    """Fourteen, each resting on evidence."""
    questions = screener().questions

    assert tuple(question.id for question in questions) == IDS
    assert [key for one in questions for key in one.sources if key not in evidence()] == []


def test_each_opioid_rests_on_evidence() -> None:
    """And no name stands for two opioids."""
    opioids = screener().opioids
    names = [name for one in opioids for name in (one.ingredient, *one.names)]

    assert [key for one in opioids for key in one.sources if key not in evidence()] == []
    assert len(names) == len(set(names))


def test_only_no_to_everything_finds_nothing() -> None:
    """And even that is never called more than nothing found."""
    outcome = screener().judge(answers(), START)

    assert (outcome.verdict, outcome.reasons) == (Verdict.NOTHING_FOUND, ())


@pytest.mark.parametrize("key", IDS)
@pytest.mark.parametrize("answer", [Answer.YES, Answer.UNKNOWN])
def test_unknown_weighs_like_yes(key: str, answer: Answer) -> None:
    """Neither is ever taken for a no."""
    stops = {"Q1", "Q2", "Q3", "Q5", "Q9"}

    assert verdicts(answers(**{key: answer})) == {
        key: Verdict.STOP if key in stops else Verdict.FLAG
    }


def test_a_question_that_is_missing_is_unknown() -> None:
    """An empty screening stops."""
    outcome = screener().judge(Screening(at=AT, answers=()), START)

    assert outcome.verdict is Verdict.STOP
    assert len(outcome.reasons) == 14


def test_what_stops_is_told_without_flags_and_without_what_was_cleared() -> None:
    """So a refusal to sign names just what is left to do."""
    cleared = Clearance(question="Q5", by="Dr Example", role="physician", at=AT, reason="Invented")
    asked = answers(Q1=Answer.YES, Q5=Answer.YES, Q6=Answer.YES).cleared(cleared)

    told = screener().judge(asked, START).stops

    assert re.findall(r"Q[0-9]+(?=:)", told) == ["Q1"]


def test_a_milder_form_is_a_flag() -> None:
    """A known liver disease needs a look; acute hepatitis stops."""
    known = Given(question="Q5", answer=Answer.YES, form="known liver disease")

    assert verdicts(answers(Q5=known)) == {"Q5": Verdict.FLAG}


@pytest.mark.parametrize(
    ("name", "days", "verdict"),
    [
        ("Percocet", 9, Verdict.STOP),
        ("Percocet", 10, None),
        ("tramadol", 9, Verdict.STOP),
        ("tramadol", 10, None),
        ("Suboxone", 13, Verdict.STOP),
        ("Suboxone", 14, None),
        ("methadone", 13, Verdict.STOP),
        ("OxyContin", 13, Verdict.STOP),
        ("codeine and methadone", 13, Verdict.STOP),
        ("Imodium", 1, Verdict.FLAG),
        ("morphine ER", 13, Verdict.STOP),
        ("morphine ER", 14, None),
        ("Zydol XL", 13, Verdict.STOP),
        ("tramadol retard", 13, Verdict.STOP),
        ("codeine slow-release", 13, Verdict.STOP),
        ("codeine and Imodium", 9, Verdict.STOP),
        ("codeine and Imodium", 10, Verdict.FLAG),
        ("Imodium, Zomorph", 300, Verdict.STOP),
        ("codeine and something blue", 300, Verdict.STOP),
        ("codeine", 0, Verdict.STOP),
        ("codeine", -1, Verdict.STOP),
        ("Imodium", -1, Verdict.FLAG),
        ("something blue", 300, Verdict.STOP),
        (None, 300, Verdict.STOP),
        ("codeine", None, Verdict.STOP),
    ],
)
def test_the_time_since_the_last_opioid_is_long_enough_or_stops(
    name: str | None, days: int | None, verdict: Verdict | None
) -> None:
    """10 days after a short-acting opioid, 14 after a long-acting one; unknown stops."""
    assert verdicts(last_opioid(name, days)).get("Q2") is verdict


def test_more_opioid_free_days_may_be_asked_for() -> None:
    """A clinic may be stricter."""
    strict = last_opioid("codeine", 12).replace(opioid_free=OpioidFreeDays(short_acting=28))

    assert verdicts(strict) == {"Q2": Verdict.STOP}


def test_a_long_acting_opioid_never_needs_fewer_days_than_a_short_acting_one() -> None:
    """Who raises the one raises the other."""
    free = OpioidFreeDays(short_acting=28)

    assert verdicts(last_opioid("methadone", 27).replace(opioid_free=free)) == {"Q2": Verdict.STOP}
    assert verdicts(last_opioid("methadone", 28).replace(opioid_free=free)) == {}


def test_nobody_is_said_to_have_lowered_what_is_not_lower() -> None:
    """The sheet for clinicians would tell of an override that is none."""
    with pytest.raises(ScreeningError, match="no opioid-free days are lowered"):
        OpioidFreeDays(short_acting=12, lowered_by="Dr Example")


def test_fewer_opioid_free_days_need_a_name_and_a_reason() -> None:
    """Nobody lowers them in silence."""
    with pytest.raises(ScreeningError, match="need a person's name and a reason"):
        OpioidFreeDays(long_acting=7)

    lowered = OpioidFreeDays(short_acting=7, lowered_by="Dr Example", lowered_because="Invented")
    assert verdicts(last_opioid("codeine", 6).replace(opioid_free=lowered)) == {"Q2": Verdict.STOP}
    assert verdicts(last_opioid("codeine", 8).replace(opioid_free=lowered)) == {"Q2": Verdict.FLAG}
    assert verdicts(last_opioid("codeine", 10).replace(opioid_free=lowered)) == {}
    assert told(last_opioid("codeine", 8).replace(opioid_free=lowered)) == (
        "8 days lie between the last codeine and the first dose, which is enough only by the word "
        "of Dr Example: Invented"
    )


@pytest.mark.parametrize(
    ("told", "ingredient"),
    [
        ("codeine", "codeine"),
        ("CODEINE phosphate 30 mg", "codeine"),
        ("Codéine", "codeine"),
        ("codiene", "codeine"),
        ("co-codamol", "codeine"),
        ("cocodamol", "codeine"),
        ("Tylenol 3", "codeine"),
        ("Tylenol #3", "codeine"),
        ("co-codamol 30/500", "codeine"),
        ("CODEÏNE 7,5 mg", "codeine"),
        ("Kodein", "codeine"),
        ("\uff43\uff4f\uff44\uff45\uff49\uff4e\uff45", "codeine"),
        ("codeine/paracetamol", "codeine"),
        ("hydrocodone and acetaminophen", "hydrocodone"),
        ("Percocet 5 mg/325 mg", "oxycodone"),
        ("metadona", "methadone"),
        ("diphenoxylate-atropine", "diphenoxylate"),
        ("stopped tramadol", "tramadol"),
        ("codeine, Zomorph", None),
        ("codeine\N{FULLWIDTH COMMA}Zomorph", None),
        ("Zomorph and codeine", None),
        ("Imodium + Zomorph", None),
        ("no opioids", None),
        ("naloxone", None),
        ("naltrexone", None),
        ("ramipril", None),
        ("tramazoline", None),
        ("apomorphine", None),
        ("codex", None),
        ("\u0442\u0440\u0430\u043c\u0430\u0434\u043e\u043b", None),
        ("\N{PILL}", None),
        ("x" * 10_000, None),
        ("Percocet 5/325", "oxycodone"),
        ("percoset", "oxycodone"),
        ("oxycodone", "oxycodone"),
        ("OxyContin", "long-acting oxycodone"),
        ("hydrocodon", "hydrocodone"),
        ("fentanyl patch", "fentanyl"),
        ("Suboxone film", "buprenorphine"),
        ("Imodium", "loperamide"),
        ("poppy tea", None),
        ("Tylenol", None),
        ("ibuprofen", None),
        ("", None),
    ],
)
def test_an_opioid_is_found_however_it_is_told(told: str, ingredient: str | None) -> None:
    """Case, accents, brands, combinations and slips of the pen; what is not known is unknown."""
    found = screener().find_opioid(told)

    assert (found.ingredient if found else None) == ingredient


NAMES = tuple(name for one in screener().opioids for name in (one.ingredient, *one.names))
WEIGHTS = {Verdict.STOP: 2, Verdict.FLAG: 1, None: 0}


@given(st.text(max_size=200))
def test_whatever_is_typed_is_found_or_unknown(told: str) -> None:
    """No text is too odd, and what is found is known."""
    assert set(screener().find_opioids(told)) <= set(screener().opioids)


@given(st.sampled_from(NAMES), st.sampled_from((str.upper, str.lower, str.title)))
def test_each_name_is_found_in_any_case_and_with_its_strength(
    name: str, case: Callable[[str], str]
) -> None:
    """Alone, with an amount, and in a sentence."""
    for told in (case(name), f"{case(name)} 10 mg", f"stopped {case(name)} on Monday"):
        assert screener().find_opioid(told) is not None, told


@given(
    st.lists(st.sampled_from((*NAMES, "Zomorph", "something blue")), min_size=1, max_size=3),
    st.sampled_from((*NAMES, "Zomorph", "something blue")),
    st.sampled_from((", ", " and ", "/", " + ", "; ")),
    st.integers(min_value=-1, max_value=20),
)
def test_telling_of_one_more_medicine_never_makes_it_milder(
    some: list[str], more: str, between: str, days: int
) -> None:
    """A stop stays a stop, and a flag at least a flag."""
    longer = between.join([*some, more])
    assume(len(longer) <= NAME_LENGTH)
    before = verdicts(last_opioid(between.join(some), days)).get("Q2")
    after = verdicts(last_opioid(longer, days)).get("Q2")

    assert WEIGHTS[after] >= WEIGHTS[before]


def test_of_several_opioids_the_longest_acting_counts() -> None:
    """The stricter time is asked for."""
    found = screener().find_opioid("morphine, then methadone")

    assert found is not None
    assert found.opioid_class is OpioidClass.LONG


def told(screening: Screening) -> str:
    """Return the words of the one reason that a screening gives."""
    (reason,) = screener().judge(screening, START).reasons
    return reason.words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "The last codeine is told for a day after the first dose."),
        (0, "0 days lie between the last codeine and the first dose; at least 10 are asked for."),
        (1, "1 day lies between the last codeine and the first dose; at least 10 are asked for."),
    ],
)
def test_too_short_a_time_is_told_in_plain_words(days: int, words: str) -> None:
    """A day after the first dose is no number of days."""
    assert told(last_opioid("codeine", days)) == words


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(date(2026, 11, 22), None), (date(2026, 11, 23), None), (date(2026, 11, 24), Verdict.FLAG)],
)
def test_a_last_opioid_that_is_still_to_come_is_asked_for_again(
    day: date, verdict: Verdict | None
) -> None:
    """Nobody knows it on the day of the questions, which is in UTC and so has a day of grace."""
    answered = answers(Q2=Given(question="Q2", answer=Answer.YES, opioid="codeine", day=day))
    reasons = screener().judge(answered, date(2027, 1, 1)).reasons

    assert [one.verdict for one in reasons] == [verdict] * (verdict is not None)
    if verdict:
        assert reasons[0].words == (
            "The last codeine is told for Tue 24 Nov 2026, after the day of the questions; "
            "ask again when that day is over."
        )


@pytest.mark.parametrize(
    ("key", "details", "verdict"),
    [
        ("Q2", {"opioid": "codeine"}, Verdict.STOP),
        ("Q2", {"day": date(2026, 11, 1)}, Verdict.STOP),
        ("Q4", {"day": date(2026, 12, 10)}, Verdict.FLAG),
        ("Q5", {"form": "known liver disease"}, Verdict.STOP),
    ],
)
def test_a_no_with_details_is_no_answer(
    key: str, details: dict[str, object], verdict: Verdict
) -> None:
    """One of the two is a slip, and the heavier one counts."""
    screening = answers(**{key: Given(question=key, answer=Answer.NO, **details)})

    assert verdicts(screening) == {key: verdict}
    assert told(screening).endswith("The answer is no, and yet it has details.")


def test_a_form_that_is_not_known_says_which_are() -> None:
    """A slip of the pen weighs like the heaviest, and is told."""
    screening = answers(Q5=Given(question="Q5", answer=Answer.YES, form="known liver disaese"))

    assert verdicts(screening) == {"Q5": Verdict.STOP}
    assert told(screening).endswith("is not known here; known is: known liver disease.")


def test_the_day_of_a_planned_procedure_is_told() -> None:
    """Who reads the outcome sees when it is."""
    planned = Given(question="Q4", answer=Answer.YES, day=date(2026, 12, 10))

    assert told(answers(Q4=planned)).endswith("The day that was told: Thu 10 Dec 2026.")


def test_an_answer_to_no_question_is_refused() -> None:
    """A typing error in an id must not leave a question unanswered."""
    foreign = Screening(at=AT, answers=(Given(question="Q99", answer=Answer.NO),))

    with pytest.raises(ScreeningError, match="Q99 is no question"):
        screener().judge(foreign, START)


def test_a_question_is_answered_once() -> None:
    """Two answers contradict each other."""
    twice = (Given(question="Q1", answer=Answer.NO), Given(question="Q1", answer=Answer.YES))

    with pytest.raises(ScreeningError, match="answered twice"):
        Screening(at=AT, answers=twice)


def cleared(question: str) -> Clearance:
    """Clear a question, by an invented person."""
    return Clearance(
        question=question, by="Dr Example", role="physician", at=AT, reason="Invented for a test"
    )


def test_a_named_person_clears_a_question_and_stays_named() -> None:
    """The reason stays in the outcome, with who cleared it."""
    screening = answers(Q1=Answer.UNKNOWN).replace(clearances=(cleared("Q1"),))

    outcome = screener().judge(screening, START)

    assert outcome.verdict is Verdict.NOTHING_FOUND
    assert [one.cleared_by.by for one in outcome.reasons if one.cleared_by] == ["Dr Example"]


def screened(screening: Screening) -> ldn.Plan:
    """Make a plan that starts on Tue 1 Dec 2026 with a screening."""
    return a_plan(start=START, revised_at=AT, screening=screening)


def test_a_stop_blocks_the_signature_and_every_document() -> None:
    """Nothing is given to a patient until it is resolved."""
    plan = screened(answers(Q3=Answer.YES))

    with pytest.raises(PlanError, match="the screening says stop: Q3"):
        plan.signed(by="Dr Example", role="physician", at=AT)
    for make in (
        documents.handout,
        documents.dose_log,
        documents.wallet_card,
        documents.pharmacy_sheet,
        calendar_file,
    ):
        with pytest.raises(ExportError, match="the screening says stop"):
            make(ldn.lay_out(plan))
    assert "screening.stop" in [one.code for one in ldn.check(plan)]
    assert ldn.check(plan)[0].severity is ldn.Severity.ERROR


def test_reminders_can_be_taken_back_whatever_the_screening_says() -> None:
    """What was given out before is cancelled, not left to ring."""
    plan = screened(answers())
    given = ldn.given_out(ldn.lay_out(plan)).replace(screening=answers(Q1=Answer.YES))

    text = calendar_file(ldn.lay_out(given), kind=ldn.CalendarKind.CANCEL).content

    assert b"STATUS:CONFIRMED" not in text
    assert text.count(b"STATUS:CANCELLED") == 8


def test_a_cleared_stop_is_signed_and_stays_visible() -> None:
    """Check tells who cleared it, and why."""
    screening = answers(Q3=Answer.YES).replace(clearances=(cleared("Q3"),))
    plan = screened(screening).signed(by="Dr Example", role="physician", at=AT)

    (finding,) = ldn.check(plan)

    assert finding.severity is ldn.Severity.WARNING
    assert finding.message.endswith("Cleared by Dr Example, physician: Invented for a test")


def test_a_screening_is_kept_in_the_plan_file_and_signed_over() -> None:
    """Another answer is another content."""
    plan = screened(answers(Q6=Answer.YES))

    assert load_plan(dump_plan(plan)) == plan
    assert plan.content_hash != screened(answers()).content_hash


def opioid_taken(plan: ldn.Plan) -> ldn.Plan:
    """Suspend a plan from 20 December on, since codeine was taken."""
    return plan.amended(ldn.Opioid(effective=date(2026, 12, 20), name="codeine", **SIGNED))


def test_an_opioid_suspends_the_plan_and_cancels_what_was_to_come() -> None:
    """From that dosing day on there is no dose, and the page says why."""
    signed = screened(answers()).signed(by="Dr Example", role="physician", at=AT)
    given = ldn.given_out(ldn.lay_out(signed))
    schedule = ldn.lay_out(opioid_taken(given))
    message, *_ = documents.handout(schedule).front
    told = calendar_file(schedule).content.decode().split("BEGIN:VEVENT")[1:]
    kept = [one for one in told if "STATUS:CONFIRMED" in one]
    gone = [one for one in told if "STATUS:CANCELLED" in one]

    assert schedule.last == date(2026, 12, 19)
    assert "You took an opioid" in message.blocks[0].text
    counts = [int(found) for one in kept for found in re.findall(r"COUNT=(\d+)", one)]
    assert sum(counts) == 19  # 1 to 19 December, 14 at the first dose and 5 at the second
    assert any("20261229T" in one and "Evening reminder" in one for one in gone)
    assert [one for one in gone if "VALARM" in one] == []


def told_of_codeine(**changed: Given | Answer) -> Screening:
    """Answer, after the opioid, that codeine was taken on its day and not since."""
    codeine = Given(question="Q2", answer=Answer.YES, opioid="codeine", day=date(2026, 12, 20))
    return answers(Q2=codeine, **changed).replace(at=SIGNED["at"])


def test_only_a_new_screening_resumes_after_an_opioid() -> None:
    """Not without one, not with an older one, and not with one that says stop."""
    plan = opioid_taken(screened(answers()).signed(by="Dr Example", role="physician", at=AT))
    resume = {"effective": date(2027, 1, 10), "dose": "1.5 mg", **SIGNED}

    with pytest.raises(PlanError, match="only with a new screening"):
        plan.amended(ldn.Resume(**resume))
    with pytest.raises(PlanError, match="older than the opioid"):
        plan.amended(ldn.Resume(**resume, screening=answers()))
    with pytest.raises(PlanError, match="the screening says stop"):
        plan.amended(ldn.Resume(**resume, screening=told_of_codeine(Q1=Answer.YES)))
    resumed = ldn.lay_out(plan.amended(ldn.Resume(**resume, screening=told_of_codeine())))
    assert str(resumed.dose_on(date(2027, 1, 10))) == "1.5 mg"


def resumed(q2: Given | Answer, *opioids: tuple[str, date], clearances: int = 0) -> ldn.Plan:
    """Resume on 10 January, with an answer to Q2, after codeine on 20 December or others."""
    plan = screened(answers()).signed(by="Dr Example", role="physician", at=AT)
    for name, day in opioids or (("codeine", date(2026, 12, 20)),):
        plan = plan.amended(ldn.Opioid(effective=day, name=name, **SIGNED))
    told = answers(Q2=q2).replace(at=SIGNED["at"], clearances=(cleared("Q2"),) * clearances)
    return plan.amended(
        ldn.Resume(effective=date(2027, 1, 10), dose="1.5 mg", screening=told, **SIGNED)
    )


def took(opioid: str | None, day: date | None) -> Given:
    """Answer Q2 with yes."""
    return Given(question="Q2", answer=Answer.YES, opioid=opioid, day=day)


NOT_TOLD = (
    "the answers after an opioid do not tell of it: Q2 names the opioid that the plan names and a "
    "last day that is not before 2026-12-20, or a named person clears Q2"
)


@pytest.mark.parametrize(
    "told",
    [
        took("codeine", date(2026, 12, 20)),
        took("codeine", date(2026, 12, 31)),
        took("Tylenol with codeine", date(2026, 12, 20)),
        took("CODÉINE 30 mg", date(2026, 12, 20)),
    ],
)
def test_answers_that_tell_of_the_opioid_resume(told: Given) -> None:
    """By any of its names, on its day or on a later one, ten days before the dose or more."""
    assert str(ldn.lay_out(resumed(told)).dose_on(date(2027, 1, 10))) == "1.5 mg"


@pytest.mark.parametrize(
    "told",
    [
        Answer.NO,
        took("codeine", date(2026, 12, 20)).replace(answer=Answer.NO),
        took("tramadol", date(2026, 12, 20)),
        took("codeine", date(2026, 12, 19)),
        took("an invented opioid", date(2026, 12, 20)),
        took(None, date(2026, 12, 20)),
    ],
)
def test_answers_that_do_not_tell_of_the_opioid_are_refused(told: Given | Answer) -> None:
    """No opioid, another one, an earlier day, a name that nobody knows, no name."""
    with pytest.raises(PlanError) as refused:
        resumed(told)

    assert str(refused.value) == NOT_TOLD


@pytest.mark.parametrize(
    "told",
    [
        Answer.UNKNOWN,
        took("codeine", None),
        took("codeine", date(2027, 1, 1)),
    ],
)
def test_answers_that_leave_the_opioid_open_or_too_near_stop(told: Given | Answer) -> None:
    """Unknown is as heavy as yes; nine days are too few; nothing is signed."""
    with pytest.raises(PlanError, match=r"^the screening says stop: Q2: "):
        resumed(told)


def test_an_unanswered_question_stops_after_an_opioid_too() -> None:
    """Who left Q2 out has not told that there was no opioid."""
    plan = opioid_taken(screened(answers()).signed(by="Dr Example", role="physician", at=AT))
    told = Screening(at=SIGNED["at"], answers=answers().answers[:1])

    with pytest.raises(PlanError, match=r"^the screening says stop: .*Q2: "):
        plan.amended(
            ldn.Resume(effective=date(2027, 1, 10), dose="1.5 mg", screening=told, **SIGNED)
        )


@pytest.mark.parametrize("told", [Answer.NO, Answer.UNKNOWN, took("tramadol", date(2026, 12, 1))])
def test_a_named_person_clears_the_question_of_the_opioid(told: Given | Answer) -> None:
    """Such as where it was ordered and never taken; the clearance stays in the plan."""
    plan = resumed(told, clearances=1)

    assert plan.is_signed
    assert load_plan(dump_plan(plan)).last_screening.clearances == (cleared("Q2"),)


def test_the_latest_of_several_opioids_is_the_one_to_tell_of() -> None:
    """Whatever was written first: tramadol on 27 December is later than codeine on the 20th."""
    codeine, tramadol = ("codeine", date(2026, 12, 20)), ("tramadol", date(2026, 12, 27))
    late = took("tramadol", date(2026, 12, 27))

    for order in ((codeine, tramadol), (tramadol, codeine)):
        assert resumed(late, *order).is_signed
        with pytest.raises(PlanError, match="not before 2026-12-27"):
            resumed(took("codeine", date(2026, 12, 20)), *order)


def test_a_file_whose_answers_do_not_tell_of_the_opioid_is_refused() -> None:
    """A plan cannot be read that could not have been made, draft or not."""
    plan = opioid_taken(screened(answers()))
    resume = ldn.Resume(
        effective=date(2027, 1, 10),
        dose="1.5 mg",
        screening=answers().replace(at=SIGNED["at"]),
        **SIGNED,
    )
    content = plan.model_dump(mode="json", exclude_none=True)
    content["amendments"].append(resume.model_dump(mode="json", exclude_none=True))

    with pytest.raises(PlanError, match="do not tell of it"):
        ldn.Plan.from_json(json.dumps(content))


def test_a_planned_procedure_is_told_14_and_7_days_before() -> None:
    """Tell the team, in the calendar and on paper; no day to stop is ever computed."""
    change = ldn.Procedure(effective=date(2026, 12, 10), on=date(2027, 1, 20), **SIGNED)
    schedule = ldn.lay_out(screened(answers()).amended(change))
    text = calendar_file(schedule).content.decode().replace("\r\n ", "")
    titles = [getattr(block, "title", "") for block in documents.handout(schedule).front]

    assert "DTSTART;VALUE=DATE:20270106" in text
    assert "DTSTART;VALUE=DATE:20270113" in text
    assert text.count("Tell the team that you take naltrexone.") == 2
    assert any("is planned for" in title for title in titles)
    assert schedule.segments == ldn.lay_out(screened(answers())).segments


def planned(day: date | None, answer: Answer = Answer.YES) -> Screening:
    """Answer the question for a planned procedure."""
    return answers(Q4=Given(question="Q4", answer=answer, day=day))


def told_days(plan: ldn.Plan) -> list[str]:
    """Give the days on which the calendar reminds of telling a procedure's team."""
    text = calendar_file(ldn.lay_out(plan)).content.decode().replace("\r\n ", "")
    events = re.findall(r"BEGIN:VEVENT.*?END:VEVENT", text, re.DOTALL)
    found = [one for one in events if "Tell the team" in one and "STATUS:CONFIRMED" in one]
    return sorted(re.findall(r"DTSTART;VALUE=DATE:([0-9]+)", " ".join(found)))


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 12, 20), ["20261206", "20261213"]),
        (date(2026, 12, 6), ["20261122", "20261129"]),
        (date(2026, 12, 5), ["20261128"]),
        (date(2026, 11, 28), []),
        (None, []),
    ],
)
def test_a_procedure_that_only_the_answers_tell_of_is_told_too(
    day: date | None, told: list[str]
) -> None:
    """14 and 7 days before it, as far as these come after the day of asking, 22 November."""
    plan = screened(planned(day))
    titles = [getattr(one, "title", "") for one in documents.handout(ldn.lay_out(plan)).front]

    assert told_days(plan) == told
    is_to_come = day is not None and day >= START
    assert any("is planned for" in title for title in titles) is is_to_come


def test_a_procedure_that_is_not_planned_is_not_told() -> None:
    """A day beside a no is no procedure."""
    assert told_days(screened(planned(date(2026, 12, 20), Answer.NO))) == []


def test_a_procedure_that_is_told_twice_is_reminded_of_once() -> None:
    """By the answers, and by an amendment for the same day; another day is another procedure."""
    plan = screened(planned(date(2026, 12, 20)))
    for day, told in (
        (date(2026, 12, 20), ["20261206", "20261213"]),
        (date(2026, 12, 21), ["20261206", "20261207", "20261213", "20261214"]),
    ):
        twice = plan.amended(ldn.Procedure(effective=date(2026, 12, 1), on=day, **SIGNED))
        assert told_days(twice) == told


def test_a_procedure_in_the_past_is_refused() -> None:
    """A reminder can only look ahead."""
    change = ldn.Procedure(effective=date(2026, 12, 10), on=date(2026, 12, 9), **SIGNED)

    with pytest.raises(PlanError, match="is before"):
        screened(answers()).amended(change)


def test_a_procedure_soon_is_told_only_on_days_to_come() -> None:
    """With ten days to go, only the reminder a week before is left."""
    change = ldn.Procedure(effective=date(2026, 12, 10), on=date(2026, 12, 20), **SIGNED)
    schedule = ldn.lay_out(screened(answers()).amended(change))

    text = calendar_file(schedule).content.decode().replace("\r\n ", "")

    assert text.count("Tell the team that you take naltrexone.") == 1
    assert "DTSTART;VALUE=DATE:20261213" in text


def test_a_plan_that_was_moved_can_be_stopped_before_it_begins() -> None:
    """The time since the last opioid is judged for the day on which the plan was to begin."""
    plan = screened(last_opioid("tramadol", 6)).amended(
        ldn.Reschedule(effective=date(2026, 11, 26), start=date(2026, 12, 8), **SIGNED)
    )
    signed = plan.signed(by="Dr Example", role="physician", at=SIGNED["at"])

    stopped = signed.amended(ldn.Stop(effective=date(2026, 11, 27), **SIGNED))

    assert stopped.is_signed
    assert ldn.lay_out(stopped).segments == ()
