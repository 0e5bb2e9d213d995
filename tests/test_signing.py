"""Signatures: only over answers or over a statement, kept for good; and who clears an answer."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import pytest

from clients.versions import amending
from ldn_titrate.amendment import (
    Advance,
    Amendment,
    ChangeProducts,
    ChangeTime,
    Opioid,
    Pause,
    Plateau,
    Procedure,
    Reschedule,
    Resume,
    Stay,
    StepBack,
    Stop,
)
from ldn_titrate.cli import run
from ldn_titrate.errors import ExportError, PlanError, ScreeningError, TopicalError
from ldn_titrate.export.topical import topical_calendar_file, topical_handout_file
from ldn_titrate.findings import Severity
from ldn_titrate.plan import Plan, check
from ldn_titrate.planfile import dump_plan, load_any_plan, load_plan, load_topical_plan
from ldn_titrate.screening import Answer, Clearance, Given, Screening, Verdict
from ldn_titrate.signing import misstated, not_to_sign
from ldn_titrate.topical import TopicalPlan, check_topical
from ldn_titrate.topical_documents import topical_handout
from plans import REVISED_AT, START, a_plan, a_signed_plan, dose, products
from test_cli_screen import ALL_NO, answers
from test_topical import a_cream, a_signed_cream

if TYPE_CHECKING:
    from collections.abc import Callable

BOTH: Final = pytest.mark.parametrize("make", [a_plan, a_cream], ids=["oral", "cream"])
ERRORS: Final = (PlanError, TopicalError)
WHO: Final = {"by": "Dr Example", "role": "physician", "at": REVISED_AT}
BY: Final = ("--by", "Dr Example", "--role", "physician")
UNSCREENED: Final = (
    "the plan carries no screening: answer its questions (ldn-titrate screen, or screening=... in "
    "Python), or let the signer state that they were asked elsewhere (--screened-elsewhere, or "
    "screened_elsewhere=True in Python)"
)
TOO: Final = "the plan carries the answers of a screening; it cannot be screened elsewhere, too"
NOBODY: Final = "the plan is signed without a screening, and nobody states that there was one"
NOT_OURS: Final = "only the answers of a draft"


def all_no(**changed: Answer) -> Screening:
    """Answer every question with no, but for some."""
    given = (Given(question=one, answer=changed.get(one, Answer.NO)) for one in ALL_NO)
    return Screening(at=REVISED_AT, answers=tuple(given))


def clearing(question: str) -> Clearance:
    """Clear a question, as an invented person."""
    return Clearance(question=question, reason="Invented for a test", **WHO)


def on(day: int) -> date:
    """Return the so-and-so-many-th dosing day, from 1."""
    return START + timedelta(days=day - 1)


# --- Answers, or a statement ----------------------------------------------------------------------


@BOTH
def test_a_plan_without_a_screening_is_signed_only_with_a_statement(
    make: Callable[..., Any],
) -> None:
    """Who signs says that the questions were asked elsewhere; else it is refused."""
    with pytest.raises(ERRORS) as refused:
        make().signed(**WHO)

    assert str(refused.value) == UNSCREENED
    assert make().signed(**WHO, screened_elsewhere=True).signature.screened_elsewhere


@BOTH
def test_a_plan_with_a_screening_is_signed_only_without_a_statement(
    make: Callable[..., Any],
) -> None:
    """Both at once would leave it open which of the two holds."""
    plan = make(screening=all_no())

    with pytest.raises(ERRORS) as refused:
        plan.signed(**WHO, screened_elsewhere=True)

    assert str(refused.value) == TOO
    assert not plan.signed(**WHO).signature.screened_elsewhere


@BOTH
def test_a_stop_is_never_signed_whatever_is_stated(make: Callable[..., Any]) -> None:
    """Neither with nor without the statement."""
    plan = make(screening=all_no(Q3=Answer.YES))

    with pytest.raises(ERRORS, match=r"^the screening says stop: Q3: "):
        plan.signed(**WHO)
    with pytest.raises(ERRORS, match="cannot be screened elsewhere"):
        plan.signed(**WHO, screened_elsewhere=True)


@pytest.mark.parametrize(
    ("screening", "elsewhere", "refused"),
    [
        (None, True, None),
        (None, False, UNSCREENED),
        (all_no(), True, TOO),
        (all_no(), False, None),
        (all_no(Q6=Answer.YES), False, None),
    ],
)
def test_just_one_of_the_two_is_needed(
    *, screening: Screening | None, elsewhere: bool, refused: str | None
) -> None:
    """A flag does not keep anybody from signing."""
    outcome = a_plan(screening=screening).outcome

    assert not_to_sign(outcome, screened_elsewhere=elsewhere) == refused


def test_a_draft_misstates_nothing() -> None:
    """There is no signature to be wrong."""
    assert misstated(None, None) is None
    assert misstated(a_plan(screening=all_no()).outcome, None) is None


# --- A plan that is read --------------------------------------------------------------------------


def rewritten(plan: Plan | TopicalPlan, edit: Callable[[dict[str, Any]], None]) -> str:
    """Write a plan file as a program would that changed its content and its hash."""
    envelope = json.loads(dump_plan(plan))
    edit(envelope["plan"])
    text = json.dumps(envelope["plan"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return json.dumps(envelope | {"hash": f"sha256:{sha256(text.encode()).hexdigest()}"})


def stating(*, states: bool) -> Callable[[dict[str, Any]], None]:
    """Change what the newest signature states."""

    def edit(content: dict[str, Any]) -> None:
        signature = content.get("signature") or content["signatures"][-1]
        signature["screened_elsewhere"] = states

    return edit


@pytest.mark.parametrize("plan", [a_signed_plan(), a_signed_cream()], ids=["oral", "cream"])
def test_a_file_signed_without_answers_or_statement_is_refused(plan: Plan | TopicalPlan) -> None:
    """Also where somebody wrote the file's hash anew; with the statement it is read."""
    with pytest.raises(ERRORS) as refused:
        load_any_plan(rewritten(plan, stating(states=False)))

    assert str(refused.value) == NOBODY
    assert load_any_plan(rewritten(plan, stating(states=True))) == plan


@pytest.mark.parametrize("make", [a_plan, a_cream], ids=["oral", "cream"])
def test_a_file_with_answers_and_a_statement_is_refused(make: Callable[..., Any]) -> None:
    """What cannot be signed cannot be read as signed either."""
    with pytest.raises(ERRORS) as refused:
        load_any_plan(rewritten(make(screening=all_no()).signed(**WHO), stating(states=True)))

    assert str(refused.value) == TOO


@pytest.mark.parametrize("plan", [a_signed_plan(), a_signed_cream()], ids=["oral", "cream"])
def test_the_statement_is_kept_in_the_plan_file(plan: Plan | TopicalPlan) -> None:
    """What was signed is read again as it was."""
    assert load_any_plan(dump_plan(plan)) == plan
    assert '"screened_elsewhere": true' in dump_plan(plan)


# --- Changes --------------------------------------------------------------------------------------

CHANGES: Final[tuple[Any, ...]] = (
    amending(Stay, on(15), days=7),
    amending(StepBack, on(20)),
    amending(Plateau, on(20)),
    amending(Advance, on(10), early_because="An invented reason"),
    amending(Pause, on(20)),
    amending(Opioid, on(20), name="codeine"),
    amending(Procedure, on(20), on=on(60)),
    amending(Resume, on(25), 2, dose=dose("1.5 mg")),
    amending(Stop, on(20)),
    amending(Reschedule, on(1), start=on(8)),
    amending(ChangeTime, on(20), bedtime=time(23)),
    amending(ChangeProducts, on(20), products=products("capsule 0.5 mg")),
)


def test_every_kind_of_change_is_tried() -> None:
    """A new kind of amendment is added to the list."""
    assert {type(one) for one in CHANGES} == set(get_args(get_args(Amendment)[0]))


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.kind)
def test_the_statement_survives_a_change(change: Any) -> None:
    """Who signs a change takes it over, and it is in the file that is written."""
    plan = a_signed_plan()
    if isinstance(change, Resume):
        plan = plan.amended(amending(Pause, on(20)))

    changed = load_plan(dump_plan(plan.amended(change)))

    assert [one.screened_elsewhere for one in changed.signatures] == [True] * changed.version
    assert "screening.elsewhere" in [one.code for one in check(changed)]
    assert changed.at_version(1) == a_signed_plan()


@pytest.mark.parametrize(
    "change", [one for one in CHANGES if not isinstance(one, Resume)], ids=lambda one: one.kind
)
def test_a_plan_with_answers_states_nothing_after_a_change(change: Any) -> None:
    """Its answers are carried over instead."""
    changed = a_plan(screening=all_no()).signed(**WHO).amended(change)

    assert [one.screened_elsewhere for one in changed.signatures] == [False, False]


def test_answers_after_an_opioid_take_the_place_of_the_statement() -> None:
    """The version that carries answers states nothing; those before it keep what they said."""
    told = Given(question="Q2", answer=Answer.YES, opioid="codeine", day=on(20))
    asked = (*(one for one in all_no().answers if one.question != "Q2"), told)
    screening = Screening(at=REVISED_AT + timedelta(days=2), answers=asked)
    plan = (
        a_signed_plan()
        .amended(amending(Opioid, on(20), name="codeine"))
        .amended(amending(Resume, on(40), 2, dose=dose("1.5 mg"), screening=screening))
        .amended(amending(Stay, on(50), 3))
    )

    assert [one.screened_elsewhere for one in plan.signatures] == [True, True, False, False]
    assert load_plan(dump_plan(plan)) == plan
    assert plan.at_version(2).signature.screened_elsewhere


# --- A cream --------------------------------------------------------------------------------------


def test_a_stop_lets_nothing_be_made_of_a_cream() -> None:
    """Neither a page nor reminders, for any patient, and check says why."""
    cream = a_cream(screening=all_no(Q1=Answer.YES))

    for make in (topical_handout, topical_handout_file, topical_calendar_file):
        with pytest.raises(ExportError, match=r"^the screening says stop, nothing is made: Q1: "):
            make(cream)
    (found,) = (one for one in check_topical(cream) if one.code == "screening.stop")
    assert found.severity is Severity.ERROR


def test_a_cream_that_was_cleared_is_made() -> None:
    """The same cream, once a named person cleared the stop."""
    cream = a_cream(screening=all_no(Q1=Answer.YES)).cleared(clearing("Q1"))

    assert topical_handout_file(cream.signed(**WHO))
    assert topical_calendar_file(cream.signed(**WHO)).content
    (found,) = (one for one in check_topical(cream) if one.code == "screening.stop")
    assert found.severity is Severity.WARNING
    assert found.message.endswith("Cleared by Dr Example, physician: Invented for a test")


def test_reminders_of_a_cream_can_be_taken_back_under_a_stop() -> None:
    """What was imported before is withdrawn."""
    content = topical_calendar_file(a_cream(screening=all_no(Q1=Answer.YES)), cancel=True).content

    assert content.count(b"STATUS:CANCELLED") == content.count(b"BEGIN:VEVENT") > 0


def test_the_questions_are_judged_for_the_first_day_of_a_cream() -> None:
    """Codeine ten days before it is long enough, nine days are not."""
    start = a_cream().start

    def verdict(days: int) -> Verdict:
        last = start - timedelta(days=days)
        told = Given(question="Q2", answer=Answer.YES, opioid="codeine", day=last)
        asked = (*(one for one in all_no().answers if one.question != "Q2"), told)
        at = datetime.combine(last, time(), UTC)
        return a_cream(screening=Screening(at=at, answers=asked)).outcome.verdict

    assert (verdict(10), verdict(9)) == (Verdict.NOTHING_FOUND, Verdict.STOP)


# --- Who clears an answer -------------------------------------------------------------------------


@BOTH
def test_a_draft_is_cleared_by_a_named_person(make: Callable[..., Any]) -> None:
    """Then it can be signed, and who cleared it is kept."""
    draft = make(screening=all_no(Q5=Answer.YES)).cleared(clearing("Q5"))

    assert draft.outcome.verdict is Verdict.NOTHING_FOUND
    assert [one.cleared_by.by for one in draft.outcome.reasons if one.cleared_by] == ["Dr Example"]
    assert load_any_plan(dump_plan(draft.signed(**WHO))).screening.clearances == (clearing("Q5"),)


@BOTH
def test_a_signed_plan_is_not_cleared_any_more(make: Callable[..., Any]) -> None:
    """The signature is over the answers and over what was cleared."""
    with pytest.raises(ERRORS, match=NOT_OURS):
        make(screening=all_no(Q6=Answer.YES)).signed(**WHO).cleared(clearing("Q6"))


@BOTH
def test_nothing_is_cleared_where_nothing_was_asked(make: Callable[..., Any]) -> None:
    """No screening, or a question that none has."""
    with pytest.raises(ERRORS, match=NOT_OURS):
        make().cleared(clearing("Q5"))
    with pytest.raises(ScreeningError, match=r"^Q99 is no question of this screening$"):
        make(screening=all_no()).cleared(clearing("Q99"))


@BOTH
def test_a_question_is_cleared_once(make: Callable[..., Any]) -> None:
    """Two persons would have two reasons."""
    draft = make(screening=all_no(Q5=Answer.YES)).cleared(clearing("Q5"))

    with pytest.raises(ScreeningError, match=r"^a question is cleared twice"):
        draft.cleared(clearing("Q5"))


def test_the_answers_of_a_resume_are_not_cleared_afterwards() -> None:
    """To clear the older answers would look as if the newer ones were cleared."""
    told = Screening(at=REVISED_AT + timedelta(days=2), answers=())
    draft = (
        a_plan(screening=all_no())
        .amended(amending(Opioid, on(20), name="codeine"))
        .amended(amending(Resume, on(40), 2, dose=dose("1.5 mg"), screening=told))
    )

    assert draft.outcome.verdict is Verdict.STOP
    with pytest.raises(PlanError, match=NOT_OURS):
        draft.cleared(clearing("Q2"))


def test_what_is_no_question_is_an_error_of_the_screening() -> None:
    """An id is Q and a number."""
    with pytest.raises(ScreeningError, match="question"):
        clearing("liver")


# --- The command line -----------------------------------------------------------------------------

NEW: Final = {
    "oral": (
        *("plan", "new", "--start", "2026-12-01", "--timezone", "Europe/Amsterdam"),
        *("--bedtime", "22:00", "--product", "capsule 1.5 mg", "-o", "plan.json"),
    ),
    "cream": (
        *("cream", "new", "--start", "2026-12-01", "--review-on", "2027-01-11"),
        *("--timezone", "Europe/Amsterdam", "--vehicle", "cream", "--site", "both elbow folds"),
        *("--amount", "1 g", "--times-per-day", "1", "--time", "20:00", "-o", "plan.json"),
    ),
}
SIGN: Final = {"oral": ("plan", "sign"), "cream": ("cream", "sign")}


@pytest.fixture(params=["oral", "cream"])
def kind(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make plan.json, of either kind, in an empty folder, and go there."""
    monkeypatch.chdir(tmp_path)
    assert run(NEW[request.param]) == 0
    return str(request.param)


def kept() -> Plan | TopicalPlan:
    """Read the plan file that the commands changed."""
    return load_any_plan(Path("plan.json").read_text(encoding="utf-8"))


def words(capsys: pytest.CaptureFixture[str]) -> str:
    """Return all that was said, without the breaks of its lines."""
    captured = capsys.readouterr()
    return " ".join((captured.out + captured.err).split())


def test_the_command_signs_with_answers_or_a_statement(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without either it names both ways; the statement is shown with the signer."""
    assert run([*SIGN[kind], "plan.json", *BY]) == 2
    assert UNSCREENED in words(capsys)

    assert run([*SIGN[kind], "plan.json", "--screened-elsewhere", *BY]) == 0
    assert kept().signature.screened_elsewhere
    run([SIGN[kind][0], "show", "plan.json"])
    shown = "(signed by Dr Example, who states that the screening was done elsewhere)"
    assert shown in words(capsys)


def test_the_commands_ask_and_clear_and_sign(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A stop has status 1, once cleared 0; then the plan is signed without a statement."""
    clear = ("clear", "plan.json", "Q5", *BY, "--reason", "Seen by a hepatologist")

    assert run(["screen", "plan.json", "--answers", answers(Q5="yes")]) == 1
    assert run([*SIGN[kind], "plan.json", *BY]) == 2
    assert run([SIGN[kind][0], "check", "plan.json"]) == 1
    assert run(clear) == 0
    told = words(capsys)
    assert "Cleared by Dr Example, physician: Seen by a hepatologist" in told
    assert "All that was found is cleared. No screening can show that there is no risk." in told
    assert "Nothing was found" not in told
    assert run([SIGN[kind][0], "check", "plan.json"]) == 0
    assert run([*SIGN[kind], "plan.json", *BY]) == 0
    run([SIGN[kind][0], "show", "plan.json"])
    assert "(signed by Dr Example)" in words(capsys)


def test_one_of_two_stops_that_is_cleared_leaves_a_stop(kind: str) -> None:
    """Each answer is cleared for itself; the first clearance is kept all the same."""
    run(["screen", "plan.json", "--answers", answers(Q1="yes", Q5="yes")])

    assert run(["clear", "plan.json", "Q5", *BY, "--reason", "Invented"]) == 1
    assert [one.question for one in kept().screening.clearances] == ["Q5"]
    assert run([*SIGN[kind], "plan.json", *BY]) == 2
    assert run(["clear", "plan.json", "Q1", *BY, "--reason", "Invented"]) == 0


@pytest.mark.usefixtures("kind")
def test_the_cleared_plan_can_go_to_another_file() -> None:
    """The plan that was read stays as it was."""
    run(["screen", "plan.json", "--answers", answers(Q5="yes")])
    before = Path("plan.json").read_bytes()

    assert run(["clear", "plan.json", "Q5", *BY, "--reason", "Invented", "-o", "c.json"]) == 0

    assert Path("plan.json").read_bytes() == before
    assert load_any_plan(Path("c.json").read_text(encoding="utf-8")).screening.clearances


@pytest.mark.parametrize(
    ("question", "told"),
    [("Q99", "Q99 is no question"), ("liver", "question"), ("Q6", "a question is cleared twice")],
)
@pytest.mark.usefixtures("kind")
def test_a_clearance_that_is_refused_changes_nothing(
    question: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a question that is not asked, of no question, and of one that is cleared already."""
    run(["screen", "plan.json", "--answers", answers(Q6="yes")])
    run(["clear", "plan.json", "Q6", *BY, "--reason", "Invented"])
    before = Path("plan.json").read_bytes()

    assert run(["clear", "plan.json", question, *BY, "--reason", "Again"]) == 2

    assert told in words(capsys)
    assert Path("plan.json").read_bytes() == before


def test_a_signed_plan_is_neither_asked_nor_cleared(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its file stays as it was signed."""
    run([*SIGN[kind], "plan.json", "--screened-elsewhere", *BY])
    before = Path("plan.json").read_bytes()

    assert run(["clear", "plan.json", "Q5", *BY, "--reason", "Invented"]) == 2
    assert NOT_OURS in words(capsys)
    assert run(["screen", "plan.json", "--answers", answers()]) == 2
    assert words(capsys).startswith("error: this version is signed and takes no more answers")
    assert Path("plan.json").read_bytes() == before


CLEARED: Final = {"by": "Dr Example", "role": "physician", "reason": "Seen by a hepatologist"}


def test_an_answers_file_says_who_cleared_an_answer(kind: str) -> None:
    """It is kept with the moment at which the file was read."""
    given = answers(Q5={"answer": "yes", "cleared": CLEARED})

    assert run(["screen", "plan.json", "--answers", given]) == 0

    screening = kept().screening
    (clearance,) = screening.clearances
    assert (clearance.question, clearance.by, clearance.role) == ("Q5", "Dr Example", "physician")
    assert clearance.reason == "Seen by a hepatologist"
    assert clearance.at == screening.at
    assert datetime.now(UTC) - clearance.at < timedelta(days=1)
    assert run([*SIGN[kind], "plan.json", *BY]) == 0


@pytest.mark.parametrize(
    ("cleared", "told"),
    [
        ({"by": "Dr Example", "role": "physician"}, "reason"),
        (CLEARED | {"by": ""}, "by"),
        (CLEARED | {"licence": "1"}, "licence"),
        ("Dr Example", "a JSON object from question id to an answer"),
        (True, "a JSON object from question id to an answer"),
    ],
)
@pytest.mark.usefixtures("kind")
def test_an_answers_file_that_does_not_say_who_is_refused(
    cleared: object, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name, a role and a reason, no less and no more."""
    before = Path("plan.json").read_bytes()
    given = answers(Q5={"answer": "yes", "cleared": cleared})

    assert run(["screen", "plan.json", "--answers", given]) == 2

    assert told in words(capsys)
    assert Path("plan.json").read_bytes() == before


def test_each_kind_of_plan_is_read_as_its_own() -> None:
    """A cream is never read as a plan to swallow, nor the other way round."""
    assert isinstance(load_any_plan(dump_plan(a_plan())), Plan)
    assert isinstance(load_any_plan(dump_plan(a_cream())), TopicalPlan)
    with pytest.raises(PlanError, match="of the kind"):
        load_topical_plan(dump_plan(a_plan()))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"kind": "recipe"}', '{"kind": ["cream"]}'])
def test_what_is_no_plan_file_is_told_as_such(text: str) -> None:
    """Just as where one kind is expected."""
    with pytest.raises(PlanError) as either:
        load_any_plan(text)
    with pytest.raises(PlanError) as oral:
        load_plan(text)

    assert str(either.value) == str(oral.value)
