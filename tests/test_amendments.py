"""Amendments, kind by kind, on one plan with worked dates: what is planned, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from ldn_titrate.amendment import (
    Advance,
    Amendment,
    ChangeProducts,
    ChangeTime,
    Opioid,
    Pause,
    Plateau,
    Reschedule,
    Resume,
    Stay,
    StepBack,
    Stop,
)
from ldn_titrate.course import Gate
from ldn_titrate.errors import AmendmentError, LdnTitrateError, PlanChangedError, PlanError
from ldn_titrate.findings import Severity
from ldn_titrate.planfile import dump_plan, load_plan
from ldn_titrate.schedule import check_times, lay_out
from plans import (
    OVERRIDE,
    a_plan,
    a_protocol,
    another_drug,
    dose,
    linear,
    listed_steps,
    products,
    step,
)

if TYPE_CHECKING:
    from ldn_titrate.plan import Plan

WRITTEN: Final = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
DAY: Final = timedelta(days=1)
START: Final = date(2026, 12, 1)
AS_PLANNED: Final = ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 28 Dec 3 mg", "29 Dec on 4.5 mg"]


def december(day: int) -> date:
    """Give a day of December 2026; the 32nd is 1 January 2027."""
    return START + (day - 1) * DAY


def the_plan(**changes: Any) -> Plan:
    """Make the default plan from Tue 1 Dec 2026, with capsules of 0.5 and 1.5 mg."""
    fields = {
        "start": START,
        "revised_at": WRITTEN,
        "products": products("capsule 0.5 mg", "capsule 1.5 mg"),
    }
    return a_plan(**{**fields, **changes})


def gated_plan(**changes: Any) -> Plan:
    """Make the same plan with the gate that a signature opens."""
    return the_plan(gate=Gate.SIGN, **changes)


def signed_plan() -> Plan:
    """Make the same plan, signed."""
    return the_plan().signed(screened_elsewhere=True, by="Dr Example", role="physician", at=WRITTEN)


def ask(kind: type[Any], day: int, **options: Any) -> Amendment:
    """Ask for an amendment from a day of December 2026 on."""
    fields = {
        "effective": december(day),
        "reason": "An invented reason",
        "at": WRITTEN + timedelta(hours=1),
        "by": "Dr Example",
        "role": "physician",
    }
    return kind(**{**fields, **options})


def amended(plan: Plan, *amendments: Amendment) -> Plan:
    """Amend a plan, one amendment after the other."""
    for one in amendments:
        plan = plan.amended(one)
    return plan


def told(plan: Plan) -> list[str]:
    """Say what a plan's schedule says: days and doses, run by run."""
    runs: list[tuple[date, date | None, str]] = []
    for one in lay_out(plan).segments:
        if runs and runs[-1][1] == one.first - DAY and runs[-1][2] == str(one.dose):
            runs[-1] = (runs[-1][0], one.last, runs[-1][2])
        else:
            runs.append((one.first, one.last, str(one.dose)))
    return [
        f"{_said(first)} {f'to {_said(last)}' if last else 'on'} {amount}"
        for first, last, amount in runs
    ]


def _said(day: date) -> str:
    return f"{day.day} {day:%b}"


WORKED: Final[dict[str, tuple[list[Amendment], list[str]]]] = {
    "stay for 14 days from the day of an increase": (
        [ask(Stay, 29, days=14)],
        ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 11 Jan 3 mg", "12 Jan on 4.5 mg"],
    ),
    "stay from within a step": (
        [ask(Stay, 10, days=10)],
        ["1 Dec to 19 Dec 1.5 mg", "20 Dec to 2 Jan 3 mg", "3 Jan on 4.5 mg"],
    ),
    "stay just as long as the step": ([ask(Stay, 10, days=5)], AS_PLANNED),
    "stay from the start day": (
        [ask(Stay, 1, days=20)],
        ["1 Dec to 20 Dec 1.5 mg", "21 Dec to 3 Jan 3 mg", "4 Jan on 4.5 mg"],
    ),
    "stay until told": ([ask(Stay, 10)], ["1 Dec on 1.5 mg"]),
    "stay until told, then advance": (
        [ask(Stay, 10), ask(Advance, 25)],
        ["1 Dec to 24 Dec 1.5 mg", "25 Dec to 7 Jan 3 mg", "8 Jan on 4.5 mg"],
    ),
    "step back to the next lower dose": (
        [ask(StepBack, 20)],
        ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg", "20 Dec on 1.5 mg"],
    ),
    "step back to a dose that no step has": (
        [ask(StepBack, 20, to=dose("2 mg"))],
        ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg", "20 Dec on 2 mg"],
    ),
    "step back and try again": (
        [ask(StepBack, 20, retry_on=december(30))],
        [
            "1 Dec to 14 Dec 1.5 mg",
            "15 Dec to 19 Dec 3 mg",
            "20 Dec to 29 Dec 1.5 mg",
            "30 Dec to 12 Jan 3 mg",
            "13 Jan on 4.5 mg",
        ],
    ),
    "step back on the day of an increase": (
        [ask(StepBack, 29)],
        ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 28 Dec 3 mg", "29 Dec on 1.5 mg"],
    ),
    "step back from the last dose": (
        [ask(StepBack, 40)],
        [*AS_PLANNED[:2], "29 Dec to 8 Jan 4.5 mg", "9 Jan on 3 mg"],
    ),
    "plateau": ([ask(Plateau, 20)], ["1 Dec to 14 Dec 1.5 mg", "15 Dec on 3 mg"]),
    "plateau at a lower dose": (
        [ask(Plateau, 20, dose=dose("2.5 mg"))],
        ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg", "20 Dec on 2.5 mg"],
    ),
    "plateau, then a pause": (
        [ask(Plateau, 20), ask(Pause, 25), ask(Resume, 30, dose=dose("1.5 mg"))],
        ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 24 Dec 3 mg", "30 Dec on 1.5 mg"],
    ),
    "plateau, then a step back with a retry": (
        [ask(Plateau, 20), ask(StepBack, 25, retry_on=december(30))],
        [
            "1 Dec to 14 Dec 1.5 mg",
            "15 Dec to 24 Dec 3 mg",
            "25 Dec to 29 Dec 1.5 mg",
            "30 Dec on 3 mg",
        ],
    ),
    "advance early, with a reason": (
        [ask(Advance, 8, early_because="Well, and in a hurry")],
        ["1 Dec to 7 Dec 1.5 mg", "8 Dec to 21 Dec 3 mg", "22 Dec on 4.5 mg"],
    ),
    "advance from a dose that no step has": (
        [ask(StepBack, 20, to=dose("1 mg")), ask(Advance, 22)],
        [
            *("1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg", "20 Dec to 21 Dec 1 mg"),
            *("22 Dec to 4 Jan 1.5 mg", "5 Jan to 18 Jan 3 mg", "19 Jan on 4.5 mg"),
        ],
    ),
    "advance when the interval is just over": (
        [ask(StepBack, 20), ask(Advance, 34)],
        [
            *("1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg", "20 Dec to 2 Jan 1.5 mg"),
            *("3 Jan to 16 Jan 3 mg", "17 Jan on 4.5 mg"),
        ],
    ),
    "pause until told": (
        [ask(Pause, 20)],
        ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg"],
    ),
    "pause until a day": (
        [ask(Pause, 20, until=december(27), resume_at=dose("1.5 mg"))],
        [
            *("1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg"),
            *("27 Dec to 9 Jan 1.5 mg", "10 Jan to 23 Jan 3 mg", "24 Jan on 4.5 mg"),
        ],
    ),
    "pause and resume at a dose that no step has": (
        [ask(Pause, 20, until=december(27), resume_at=dose("2 mg"))],
        ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg", "27 Dec on 2 mg"],
    ),
    "pause from the start day": (
        [ask(Pause, 1), ask(Resume, 5, dose=dose("1.5 mg"))],
        ["5 Dec to 18 Dec 1.5 mg", "19 Dec to 1 Jan 3 mg", "2 Jan on 4.5 mg"],
    ),
    "resume at the dose before": (
        [ask(Pause, 20), ask(Resume, 27, dose=dose("3 mg"))],
        [
            *("1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg"),
            *("27 Dec to 9 Jan 3 mg", "10 Jan on 4.5 mg"),
        ],
    ),
    "resume before the day that was set": (
        [
            ask(Pause, 20, until=december(31), resume_at=dose("1.5 mg")),
            ask(Resume, 25, dose=dose("0.5 mg")),
        ],
        ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg", "25 Dec on 0.5 mg"],
    ),
    "stop": ([ask(Stop, 20)], ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg"]),
    "stop before the start": ([ask(Stop, -5)], []),
    "reschedule": (
        [ask(Reschedule, -5, start=december(8))],
        ["8 Dec to 21 Dec 1.5 mg", "22 Dec to 4 Jan 3 mg", "5 Jan on 4.5 mg"],
    ),
    "reschedule to an earlier day": (
        [ask(Reschedule, -5, start=december(-5))],
        ["25 Nov to 8 Dec 1.5 mg", "9 Dec to 22 Dec 3 mg", "23 Dec on 4.5 mg"],
    ),
    "change the time": ([ask(ChangeTime, 20, bedtime=time(21))], AS_PLANNED),
    "change the products": (
        [ask(ChangeProducts, 20, products=products("capsule 1.5 mg", "capsule 3 mg"))],
        AS_PLANNED,
    ),
}


@pytest.mark.parametrize(("amendments", "expected"), WORKED.values(), ids=WORKED)
def test_what_is_planned_after_an_amendment(
    amendments: list[Amendment], expected: list[str]
) -> None:
    """Day ranges and doses, worked by hand."""
    assert told(amended(the_plan(), *amendments)) == expected


WORKED_WITH_A_GATE: Final[dict[str, tuple[list[Amendment], list[str]]]] = {
    "without an amendment": ([], ["1 Dec to 14 Dec 1.5 mg"]),
    "advance in time": (
        [ask(Advance, 15)],
        ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 28 Dec 3 mg"],
    ),
    "advance later": (
        [ask(Advance, 20)],
        ["1 Dec to 14 Dec 1.5 mg", "20 Dec to 2 Jan 3 mg"],
    ),
    "advance to the last step": (
        [ask(Advance, 15), ask(Advance, 29)],
        AS_PLANNED,
    ),
    "stay": ([ask(Stay, 15, days=7)], ["1 Dec to 21 Dec 1.5 mg"]),
    "stay after the gate was shut": (
        [ask(Stay, 20, days=7)],
        ["1 Dec to 14 Dec 1.5 mg", "20 Dec to 26 Dec 1.5 mg"],
    ),
    "stay until told": ([ask(Stay, 15)], ["1 Dec on 1.5 mg"]),
    "plateau after the gate was shut": (
        [ask(Plateau, 17)],
        ["1 Dec to 14 Dec 1.5 mg", "17 Dec on 1.5 mg"],
    ),
    "step back with a retry": (
        [ask(Advance, 15), ask(StepBack, 20, retry_on=december(25))],
        [
            *("1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg"),
            *("20 Dec to 24 Dec 1.5 mg", "25 Dec to 7 Jan 3 mg"),
        ],
    ),
    "pause with an end": (
        [ask(Pause, 10, until=december(17), resume_at=dose("1.5 mg"))],
        ["1 Dec to 9 Dec 1.5 mg", "17 Dec to 30 Dec 1.5 mg"],
    ),
}


@pytest.mark.parametrize(
    ("amendments", "expected"), WORKED_WITH_A_GATE.values(), ids=WORKED_WITH_A_GATE
)
def test_what_is_planned_where_an_increase_is_signed(
    amendments: list[Amendment], expected: list[str]
) -> None:
    """No increase comes by itself, and an amendment opens no further gate."""
    assert told(amended(gated_plan(), *amendments)) == expected


REFUSED: Final[dict[str, tuple[list[Amendment], str]]] = {
    "a stay shorter than the step": ([ask(Stay, 10, days=3)], "stays to 2026-12-14 anyway"),
    "a stay at the last dose": ([ask(Stay, 40, days=7)], "no next step"),
    "an open stay at the last dose": ([ask(Stay, 40)], "no next step"),
    "a stay before the start": ([ask(Stay, -5, days=7)], "has not begun"),
    "a stay after a plateau": ([ask(Plateau, 20), ask(Stay, 25, days=7)], "no next step"),
    "a step back upwards": ([ask(StepBack, 20, to=dose("4.5 mg"))], "no step back"),
    "a step back to the same dose": ([ask(StepBack, 20, to=dose("3 mg"))], "no step back"),
    "a step back from the lowest dose": ([ask(StepBack, 10)], "name a dose"),
    "a step back that cannot be made": (
        [ask(StepBack, 20, to=dose("0.75 mg"))],
        "cannot be made exactly",
    ),
    "a retry on the same day": ([ask(StepBack, 20, retry_on=december(20))], "no later day"),
    "a dose below the recommended range": (
        [
            ask(ChangeProducts, 10, products=products("liquid 1 mg/mL, 0.1 mL syringe")),
            ask(StepBack, 20, to=dose("0.4 mg")),
        ],
        "needs an override",
    ),
    "a plateau above": ([ask(Plateau, 20, dose=dose("4.5 mg"))], "above the 3 mg"),
    "an early advance": ([ask(Advance, 8)], "whole interval only on 2026-12-15"),
    "an early advance after a step back": (
        [ask(StepBack, 20), ask(Advance, 33)],
        "whole interval only on 2027-01-03",
    ),
    "an advance above the last step": ([ask(Advance, 50)], "4.5 mg"),
    "an advance after a plateau": (
        [ask(Plateau, 20), ask(Advance, 50, early_because="Well")],
        "no next step",
    ),
    "a pause that ends before it begins": (
        [ask(Pause, 20, until=december(20), resume_at=dose("1.5 mg"))],
        "cannot end on",
    ),
    "a pause before the start": ([ask(Pause, -5)], "has not begun"),
    "a pause that resumes above": (
        [ask(Pause, 20, until=december(27), resume_at=dose("4.5 mg"))],
        "above the 3 mg",
    ),
    "a resume without a pause": ([ask(Resume, 20, dose=dose("1.5 mg"))], "not paused"),
    "a resume above": (
        [ask(Pause, 20), ask(Resume, 27, dose=dose("4.5 mg"))],
        "above the 3 mg",
    ),
    "a resume above the first step": (
        [ask(Pause, 1), ask(Resume, 5, dose=dose("3 mg"))],
        "above the 1.5 mg",
    ),
    "a resume after the pause": (
        [
            ask(Pause, 20, until=december(27), resume_at=dose("1.5 mg")),
            ask(Resume, 29, dose=dose("1.5 mg")),
        ],
        "not paused",
    ),
    "a move of a plan that has begun": ([ask(Reschedule, 2, start=december(8))], "has begun"),
    "a move into the past": ([ask(Reschedule, -2, start=december(-5))], "is before"),
    "products that do not make a dose to come": (
        [ask(ChangeProducts, 20, products=products("capsule 1 mg"))],
        "4.5 mg cannot be made exactly",
    ),
    "a product stronger than the cap": (
        [ask(ChangeProducts, 20, products=products("tablet 50 mg"))],
        "more than the protocol's cap",
    ),
    "an earlier day than the amendment before": (
        [ask(ChangeTime, 20, bedtime=time(21)), ask(StepBack, 19)],
        "reaches back",
    ),
    "an amendment that was written too early": (
        [ask(Stop, 20, at=WRITTEN - timedelta(seconds=1))],
        "written before",
    ),
    "an amendment written before the one before": (
        [ask(Stay, 10), ask(Stop, 20, at=WRITTEN)],
        "written before",
    ),
    **{
        f"{one.kind} during a pause": ([ask(Pause, 20), one], "is paused")
        for one in (
            ask(Stay, 25, days=30),
            ask(StepBack, 25),
            ask(Plateau, 25),
            ask(Advance, 25, early_because="Well"),
        )
    },
    **{
        f"{one.kind} after a stop": ([ask(Stop, 20), one], "was stopped")
        for one in (
            ask(Stay, 25, days=30),
            ask(StepBack, 25),
            ask(Plateau, 25),
            ask(Advance, 25),
            ask(Pause, 25),
            ask(Resume, 25, dose=dose("1.5 mg")),
            ask(Stop, 25),
            ask(Reschedule, 25, start=december(30)),
            ask(ChangeTime, 25, bedtime=time(21)),
            ask(ChangeProducts, 25, products=products("capsule 0.5 mg")),
        )
    },
}


@pytest.mark.parametrize(("amendments", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(amendments: list[Amendment], words: str) -> None:
    """The last amendment is refused, and the refusal says why."""
    *earlier, last = amendments
    plan = amended(the_plan(), *earlier)

    with pytest.raises(PlanError, match=words):
        plan.amended(last)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (Pause, {"until": december(27)}),
        (Pause, {"resume_at": dose("1.5 mg")}),
        (ChangeTime, {}),
        (Stay, {"days": 0}),
        (ChangeProducts, {"products": ()}),
        (Stop, {"role": None}),
        (Stop, {"by": None}),
        (Stop, {"dose": dose("1.5 mg")}),
        (ChangeTime, {"bedtime": time(15)}),
    ],
)
def test_an_amendment_that_contradicts_itself_is_refused(
    kind: type[Any], options: dict[str, Any]
) -> None:
    """Before it ever reaches a plan."""
    with pytest.raises(AmendmentError):
        ask(kind, 20, **options)


def test_a_dose_outside_the_range_needs_the_plans_override() -> None:
    """With a person and a reason it is planned."""
    liquid = products("liquid 1 mg/mL, 0.1 mL syringe")
    back = ask(StepBack, 20, to=dose("0.4 mg"))

    assert (
        told(the_plan(products=liquid, override=OVERRIDE).amended(back))[-1] == "20 Dec on 0.4 mg"
    )


def test_an_amendment_never_changes_what_the_record_tells() -> None:
    """It begins after the last entry."""
    plan = the_plan()

    with pytest.raises(AmendmentError, match="entries up to 2026-12-20"):
        plan.amended(ask(Stop, 20), last_entry=december(20))
    assert plan.amended(ask(Stop, 21), last_entry=december(20)).course.stopped == december(21)


def test_a_change_of_time_is_for_the_doses_to_come() -> None:
    """Time and zone of each earlier dose stay as they were."""
    change = ask(ChangeTime, 20, bedtime=time(7, 30), timezone="America/New_York")
    plan = the_plan().amended(change)
    doses = list(lay_out(plan).doses(december(19), december(20)))

    assert [one.at.isoformat() for one in doses] == [
        "2026-12-19T22:00:00+00:00",
        "2026-12-20T07:30:00-05:00",
    ]


def test_a_change_of_products_is_for_the_doses_to_come() -> None:
    """What an earlier dose is made up from stays as it was."""
    change = ask(ChangeProducts, 20, products=products("capsule 1.5 mg", "capsule 3 mg"))
    schedule = lay_out(the_plan().amended(change))

    assert [str(one) for one in schedule.units(december(19), december(19))] == [
        "2 x capsule 1.5 mg"
    ]
    assert [str(one) for one in schedule.units(december(20), december(20))] == ["1 x capsule 3 mg"]


def test_products_need_not_make_doses_that_are_over() -> None:
    """Capsules of 3 mg serve a plateau of 3 mg, whatever was taken before."""
    plan = amended(
        the_plan(),
        ask(Plateau, 20),
        ask(ChangeProducts, 21, products=products("capsule 3 mg")),
    )

    assert told(plan) == ["1 Dec to 14 Dec 1.5 mg", "15 Dec on 3 mg"]


def test_a_new_time_outlasts_later_amendments() -> None:
    """A pause, a step back or a stay does not bring the old one back."""
    plan = amended(
        the_plan(),
        ask(ChangeTime, 16, bedtime=time(21)),
        ask(Pause, 18),
        ask(Resume, 20, dose=dose("3 mg")),
        ask(StepBack, 24, retry_on=december(28)),
        ask(Stay, 28),
    )

    later = [one for one in lay_out(plan).segments if one.first >= december(16)]
    assert {one.setting.bedtime for one in later} == {time(21)}


def test_a_signed_amendment_signs_the_new_version() -> None:
    """In the name of whom it names, over the new content."""
    before = signed_plan()
    after = before.amended(ask(Stay, 10, by="Dr Other", role="nurse"))

    assert (before.version, after.version) == (1, 2)
    assert after.signature is not None
    assert (after.signature.by, after.signature.role) == ("Dr Other", "nurse")
    assert after.signature.content_hash == after.content_hash != before.content_hash
    assert after.code == f"{before.code.partition('-')[0]}-2"
    assert [one.version for one in after.signatures] == [1, 2]


def test_an_unsigned_amendment_of_a_signed_plan_is_refused() -> None:
    """A signed plan never becomes a draft."""
    with pytest.raises(AmendmentError, match="must be signed"):
        signed_plan().amended(ask(Stay, 10, by=None, role=None))


def test_a_draft_stays_a_draft() -> None:
    """An amendment signs nothing that nobody signed; the plan can be signed later, whole."""
    draft = the_plan().amended(ask(Stay, 10))

    assert not draft.is_signed
    assert draft.signed(
        screened_elsewhere=True, by="Dr Example", role="physician", at=draft.written_at
    ).is_signed


def test_each_version_can_be_had_again() -> None:
    """With its hash, its signature and its schedule; no other version is there."""
    first = signed_plan()
    second = first.amended(ask(Stay, 10, days=10))
    third = second.amended(ask(Stop, 25))

    assert [third.at_version(number) for number in (1, 2, 3)] == [first, second, third]
    assert told(third.at_version(1)) == AS_PLANNED
    for number in (0, 4):
        with pytest.raises(PlanError, match="has versions 1 to 3"):
            third.at_version(number)


def test_a_signature_is_not_over_other_content() -> None:
    """A signed amended plan with one amendment changed is refused."""
    plan = signed_plan().amended(ask(Stay, 10, days=10))

    with pytest.raises(PlanError, match="over other content"):
        plan.replace(amendments=(ask(Stay, 10, days=11),))
    with pytest.raises(PlanChangedError):
        load_plan(dump_plan(plan).replace('"days": 10', '"days": 11'))


def test_an_amended_plan_is_read_back() -> None:
    """Every kind of amendment, with every option, through a file and back."""
    plan = amended(
        signed_plan(),
        ask(Reschedule, -5, start=december(2)),
        ask(ChangeTime, 3, bedtime=time(0, 30), timezone="Asia/Tokyo"),
        ask(ChangeProducts, 4, products=products("capsule 0.5 mg")),
        ask(Advance, 5, early_because="Well"),
        ask(StepBack, 7, to=dose("0.5 mg"), retry_on=december(9)),
        ask(Stay, 10, days=20),
        ask(Pause, 40, until=december(45), resume_at=dose("2 mg")),
        ask(Pause, 50),
        ask(Resume, 55, dose=dose("1 mg")),
        ask(Plateau, 57, dose=dose("0.5 mg")),
        ask(Stop, 60),
    )

    assert load_plan(dump_plan(plan)) == plan
    assert lay_out(load_plan(dump_plan(plan))) == lay_out(plan)


def test_a_pause_from_the_start_day_can_be_followed_by_any_amendment() -> None:
    """It is refused with words, not with an accident."""
    plan = the_plan().amended(ask(Pause, 1))

    for one in (ask(Stay, 1), ask(StepBack, 1), ask(Plateau, 1), ask(Advance, 1)):
        with pytest.raises(LdnTitrateError):
            plan.amended(one)
    with pytest.raises(LdnTitrateError):
        plan.amended(ask(Reschedule, 1, start=december(8)))


@pytest.mark.parametrize(
    "amendment",
    [
        ask(Stay, 20, days=20),
        ask(StepBack, 20),
        ask(Plateau, 20),
        ask(Advance, 20, early_because="Well"),
    ],
    ids=lambda one: one.kind,
)
def test_the_first_day_of_a_pause_lies_in_it(amendment: Amendment) -> None:
    """No amendment but a Resume or another Pause changes it, on none of its days."""
    plan = the_plan().amended(ask(Pause, 20))

    with pytest.raises(PlanError, match="paused"):
        plan.amended(amendment)


def test_on_the_start_day_the_current_dose_is_the_first_steps() -> None:
    """Whatever another amendment has put in its place since: nothing was taken yet."""
    plan = the_plan().amended(ask(Advance, 1, early_because="Well"))

    assert told(plan.amended(ask(Stay, 1))) == ["1 Dec on 1.5 mg"]


@pytest.mark.parametrize(
    "earlier",
    [
        ask(ChangeTime, 5, bedtime=time(21)),
        ask(ChangeProducts, 5, products=products("capsule 0.5 mg")),
        ask(Stay, 5),
    ],
    ids=lambda one: one.kind,
)
def test_a_stay_never_makes_a_dose_rise_early(earlier: Amendment) -> None:
    """Of 14 days of 1.5 mg, five would be left out."""
    plan = the_plan().amended(earlier)

    with pytest.raises(PlanError):
        plan.amended(ask(Stay, 5, days=5))


def test_a_stay_after_a_step_back_never_makes_a_dose_rise_early() -> None:
    """Neither a day later nor on the day itself; once its interval is over, it may."""
    plan = the_plan().amended(ask(StepBack, 20))

    assert told(plan.amended(ask(Stay, 30, days=4)))[2] == "20 Dec to 2 Jan 1.5 mg"
    for day, days in ((21, 1), (20, 1)):
        with pytest.raises(PlanError):
            plan.amended(ask(Stay, day, days=days))


def test_a_stay_is_at_least_as_long_as_two_steps_of_one_dose() -> None:
    """Where the rule names a dose twice in a row, it does not rise in between."""
    rule = listed_steps("3 mg", step("1.5 mg", "P7D"), step("1.5 mg", "P7D"), step("3 mg"))
    plan = the_plan(protocol=a_protocol(rule))

    with pytest.raises(PlanError):
        plan.amended(ask(Stay, 6, days=3))


def test_an_advance_after_a_shut_gate_counts_the_doses_that_were_taken() -> None:
    """One day of 1.5 mg and a month without a dose are no interval of 14 days."""
    plan = gated_plan().amended(ask(Stay, 20, days=1))

    assert told(plan) == ["1 Dec to 14 Dec 1.5 mg", "20 Dec to 20 Dec 1.5 mg"]
    with pytest.raises(PlanError, match="whole interval"):
        plan.amended(ask(Advance, 60))


@pytest.mark.parametrize("gate", Gate)
def test_a_plan_that_ended_is_not_stepped_back(gate: Gate) -> None:
    """Whichever gate its increases had, its end is no shut gate."""
    rule = listed_steps("3 mg", step("1.5 mg", "P7D"), step("3 mg", "P7D"))
    plan = the_plan(protocol=a_protocol(rule), gate=gate)
    if gate is Gate.SIGN:
        plan = plan.amended(ask(Advance, 8))

    with pytest.raises(PlanError, match="ended"):
        plan.amended(ask(StepBack, 30))


def test_a_move_does_not_bring_back_withdrawn_increases() -> None:
    """After a plateau no next step comes, on whichever day the plan begins."""
    plan = the_plan().amended(ask(Plateau, 1))

    try:
        moved = plan.amended(ask(Reschedule, 1, start=december(8)))
    except PlanError:
        return
    assert told(moved) == ["8 Dec on 1.5 mg"]


@pytest.mark.parametrize("product", ["tablet 50 mg", "capsule 1.5 mg"])
def test_unfit_products_are_refused_during_a_pause(product: str) -> None:
    """One stronger than the cap, or one named twice, serves no dose to come."""
    plan = the_plan().amended(ask(Pause, 20))

    with pytest.raises(PlanError):
        plan.amended(ask(ChangeProducts, 21, products=products(product) * 2))
    if product != "capsule 1.5 mg":
        with pytest.raises(PlanError, match="cap"):
            plan.amended(ask(ChangeProducts, 21, products=products(product)))


def test_a_dose_that_is_never_planned_is_refused_with_an_override_too() -> None:
    """Below 0.1 mg no override helps."""
    plan = the_plan(products=products("liquid 1 mg/mL, 0.01 mL syringe"), override=OVERRIDE)

    with pytest.raises(PlanError):
        plan.amended(ask(StepBack, 20, to=dose("0.05 mg")))


def test_an_amendment_is_not_written_before_the_signature_of_what_it_changes() -> None:
    """Otherwise a later version would carry an earlier time than the one it replaces."""
    plan = the_plan().signed(
        screened_elsewhere=True, by="Dr Example", role="physician", at=WRITTEN + 9 * DAY
    )

    with pytest.raises(PlanError):
        plan.amended(ask(Stay, 20, days=20, at=WRITTEN + 2 * DAY))


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        (Stop, {"effective": date.min}),
        (ChangeTime, {"effective": date.min, "bedtime": time(21)}),
        (StepBack, {"retry_on": date.max}),
        (Pause, {"until": date.max, "resume_at": dose("1.5 mg")}),
        (Reschedule, {"start": date.max}),
        (Stay, {"effective": date.max}),
    ],
)
def test_a_day_at_the_end_of_all_calendars_is_refused_with_words(
    kind: type[Amendment], days: dict[str, Any]
) -> None:
    """No arithmetic with dates fails behind the library's back."""
    with pytest.raises(LdnTitrateError, match="lies between 2000-01-01 and 2199-12-31"):
        ask(kind, 20, **days)


def test_a_climb_by_months_goes_on_by_months() -> None:
    """A resumed dose is taken for a calendar month from its own first day."""
    plan = the_plan(protocol=a_protocol(linear("1.5 mg", "1.5 mg", "P1M", "3 mg")))
    pause = ask(Pause, 10, until=date(2027, 1, 31), resume_at=dose("1.5 mg"))

    assert told(plan.amended(pause)) == [
        "1 Dec to 9 Dec 1.5 mg",
        "31 Jan to 27 Feb 1.5 mg",
        "28 Feb on 3 mg",
    ]


def test_a_plan_with_days_between_its_doses_is_not_amended() -> None:
    """What a day of a weekly dose would be cut to is not said, so it is refused."""
    weekly = another_drug(linear("1.5 mg", "1.5 mg", "P28D", "3 mg", every_days=7))

    with pytest.raises(PlanError, match="dose on every day"):
        the_plan(protocol=weekly).amended(ask(Stay, 8))


@pytest.mark.parametrize(
    "amendment",
    [
        ask(Stay, 20, days=20),
        ask(StepBack, 20),
        ask(Plateau, 20),
        ask(Pause, 20, until=december(27), resume_at=dose("1 mg")),
    ],
    ids=lambda one: one.kind,
)
def test_doses_taken_twice_a_day_stay_twice_a_day(amendment: Amendment) -> None:
    """No amendment but one that says so halves what is taken in a day; else it is refused."""
    twice = another_drug(linear("1.5 mg", "1.5 mg", "P14D", "4.5 mg", doses_per_day=2))
    plan = the_plan(protocol=twice)

    try:
        changed = plan.amended(amendment)
    except PlanError:
        return
    assert {one.doses_per_day for one in lay_out(changed).segments} == {2}


def test_a_pause_can_be_changed_by_another() -> None:
    """It is lengthened from within, or on the day on which it would have ended."""
    plan = the_plan().amended(ask(Pause, 20, until=december(27), resume_at=dose("1.5 mg")))
    longer = {"until": date(2027, 1, 3), "resume_at": dose("1.5 mg")}

    for day in (20, 25, 27):
        changed = plan.amended(ask(Pause, day, **longer))
        assert told(changed)[2] == "3 Jan to 16 Jan 1.5 mg"
        assert [(one.first, one.last) for one in changed.course.breaks] == [
            (december(20), date(2027, 1, 2))
        ]


@pytest.mark.parametrize(
    "emergency", [ask(Stop, 20), ask(Pause, 20), ask(Opioid, 20, name="codeine")]
)
def test_what_ends_the_doses_at_once_withdraws_a_later_change(emergency: Amendment) -> None:
    """A signed change to come never stands in the way of a stop today."""
    plan = the_plan().amended(ask(Plateau, 29)).amended(emergency)

    assert told(plan) == ["1 Dec to 14 Dec 1.5 mg", "15 Dec to 19 Dec 3 mg"]
    assert not plan.course.settled
    assert told(plan.at_version(2)) == told(the_plan().amended(ask(Plateau, 29)))


def test_a_pause_with_an_end_does_not_reach_back() -> None:
    """It plans doses to come, and so comes in order."""
    plan = the_plan().amended(ask(Plateau, 29))

    with pytest.raises(PlanError, match="reaches back"):
        plan.amended(ask(Pause, 20, until=december(25), resume_at=dose("1.5 mg")))


def test_doses_that_would_change_places_are_an_error() -> None:
    """Across the date line two doses can fall on one instant, or in the wrong order."""
    plan = the_plan(timezone="Pacific/Honolulu").amended(
        ask(ChangeTime, 20, timezone="Pacific/Kiritimati")
    )

    (finding,) = check_times(lay_out(plan))

    assert finding.severity is Severity.ERROR
    assert "would come before or with that of 2026-12-19" in finding.message


def test_signatures_belong_to_versions() -> None:
    """One for each version at most, in order, and none for a version to come."""
    plan = the_plan().signed(screened_elsewhere=True, by="Dr Example", role="physician", at=WRITTEN)

    with pytest.raises(PlanError, match="do not belong to this plan's versions"):
        plan.replace(signatures=plan.signatures * 2)


def test_a_signature_is_not_older_than_what_it_signs() -> None:
    """Nobody signs what is not written yet."""
    with pytest.raises(PlanError, match="older than the version that it signs"):
        the_plan().signed(
            screened_elsewhere=True,
            by="Dr Example",
            role="physician",
            at=WRITTEN - timedelta(days=1),
        )


def test_a_stay_of_a_plan_that_waits_may_be_short() -> None:
    """Nothing is planned any more for the stay to cut short, and nothing rises after it."""
    monthly = a_protocol(linear("1.5 mg", "1.5 mg", "P1M", "3 mg"))
    plan = a_plan(protocol=monthly, gate=Gate.SIGN, timezone="UTC")
    first, second = (
        Stay(effective=day, days=1, reason="An invented reason", at=plan.revised_at)
        for day in (date(2026, 4, 2), date(2026, 4, 4))
    )
    stayed = plan.amended(first).amended(second)
    doses = [(str(one.dose), one.first, one.last) for one in lay_out(stayed).segments[1:]]
    assert doses == [
        ("1.5 mg", date(2026, 4, 2), date(2026, 4, 2)),
        ("1.5 mg", date(2026, 4, 4), date(2026, 4, 4)),
    ]
    assert stayed.course.waits_from == date(2026, 4, 5)


@pytest.mark.parametrize(("day", "waits_from"), [(14, None), (15, None), (16, december(15))])
def test_a_plan_that_is_paused_where_its_increase_waits_does_not_wait(
    day: int, waits_from: date | None
) -> None:
    """What keeps the dose away from that day on is the pause; it is told, and not the gate."""
    plan = amended(gated_plan(), ask(Pause, day))

    assert plan.course.waits_from == waits_from
