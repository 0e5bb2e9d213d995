from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ldn_titrate.documents import handout
from ldn_titrate.errors import ExportError, PlanError, ProtocolError
from ldn_titrate.export import calendar_file, handout_file
from ldn_titrate.findings import Severity
from ldn_titrate.plan import check
from ldn_titrate.protocol import Protocol, Status
from ldn_titrate.schedule import Schedule, lay_out
from ldn_titrate.supply import lasts
from plans import REVISED_AT, START, a_plan, in_text, products, units

FILES = sorted(Path(__file__).with_name("protocols").glob("*.toml"))


@dataclass(frozen=True)
class Drug:
    """
    What a published titration comes to, worked by hand.

    Attributes:
        product: Something that makes each of its doses.
        rungs: Day of the first dose, single dose in mg, doses a day and every how many days.
        totals: The mg up to the end of a day.
    """

    product: str
    rungs: tuple[tuple[int, str, int, int], ...]
    totals: dict[int, str]


DRUGS = {
    "T01": Drug(
        "liquid 1 mg/mL, 0.05 mL syringe",
        (
            (1, "0.25", 1, 7),
            (29, "0.5", 1, 7),
            (57, "1", 1, 7),
            (85, "1.7", 1, 7),
            (113, "2.4", 1, 7),
        ),
        {1: "0.25", 7: "0.25", 8: "0.5", 28: "1", 56: "3", 84: "7", 112: "13.8", 113: "16.2"},
    ),
    "T02": Drug(
        "liquid 1 mg/mL, 0.05 mL syringe",
        ((1, "0.25", 1, 7), (29, "0.5", 1, 7), (57, "1", 1, 7), (85, "2", 1, 7)),
        {28: "1", 56: "3", 84: "7", 112: "15"},
    ),
    "T03": Drug(
        "tablet 3.125 mg",
        ((1, "3.125", 2, 1), (15, "6.25", 2, 1), (29, "12.5", 2, 1), (43, "25", 2, 1)),
        {1: "6.25", 14: "87.5", 28: "262.5", 42: "612.5", 56: "1312.5"},
    ),
    "T04": Drug(
        "capsule 10 mg",
        ((1, "10", 1, 1), (15, "20", 1, 1), (29, "40", 1, 1), (43, "80", 1, 1)),
        {14: "140", 28: "420", 42: "980", 56: "2100"},
    ),
    "T05": Drug(
        "tablet 25 mg",
        ((1, "25", 1, 1), (15, "50", 1, 1), (29, "100", 1, 1), (36, "200", 1, 1)),
        {14: "350", 28: "1050", 35: "1750", 42: "3150"},
    ),
    "T06": Drug(
        "tablet 25 mg",
        ((1, "25", 1, 2), (15, "25", 1, 1), (29, "50", 1, 1), (36, "100", 1, 1)),
        {1: "25", 2: "25", 3: "50", 14: "175", 28: "525", 35: "875", 42: "1575"},
    ),
    "T07": Drug(
        "tablet 50 mg",
        (
            (1, "50", 1, 1),
            (15, "50", 2, 1),
            (29, "100", 2, 1),
            (36, "150", 2, 1),
            (43, "200", 2, 1),
        ),
        {14: "700", 28: "2100", 35: "3500", 42: "5600", 49: "8400"},
    ),
    "T08": Drug(
        "capsule 300 mg",
        ((1, "300", 1, 1), (2, "300", 2, 1), (3, "300", 3, 1)),
        {1: "300", 2: "900", 3: "1800", 7: "5400"},
    ),
    "T09": Drug(
        "tablet 25 mg",
        tuple((7 * n + 1, str(25 * (n + 1)), 1, 1) for n in range(8)),
        {7: "175", 14: "525", 56: "6300"},
    ),
    "T10": Drug(
        "tablet 2.5 mg",
        ((1, "15", 1, 7), (29, "20", 1, 7), (57, "25", 1, 7)),
        {1: "15", 7: "15", 28: "60", 56: "140", 84: "240", 112: "340"},
    ),
}


def written(drug: str) -> str:
    """Give the text of a drug's file."""
    (file,) = (one for one in FILES if one.name.startswith(f"{drug}_"))
    return file.read_text(encoding="utf-8")


def laid_out(drug: str) -> Schedule:
    """Lay out an invented plan of a drug."""
    return lay_out(
        a_plan(protocol=Protocol.from_toml(written(drug)), products=products(DRUGS[drug].product))
    )


def on(day: int) -> date:
    """Give the date of a day of the plan; day 1 is that of the first dose."""
    return START + timedelta(days=day - 1)


def test_each_drug_has_its_file() -> None:
    """Ten titrations of other drugs try the engine, none of them for a patient."""
    assert [file.name[:3] for file in FILES] == list(DRUGS)


@pytest.mark.parametrize("drug", DRUGS)
def test_another_drug_is_marked_as_not_for_use(drug: str) -> None:
    """Its status, its title and its source say so."""
    protocol = Protocol.from_toml(written(drug))

    assert protocol.status is Status.TESTS_ONLY
    assert not protocol.is_for_patients
    assert protocol.title.endswith("not for clinical use")
    assert protocol.sources == (f"T{int(drug[1:])}",)
    assert protocol.verified == (drug != "T07")


@pytest.mark.parametrize("drug", DRUGS)
def test_another_drug_is_laid_out_as_published(drug: str) -> None:
    """Each rung begins on its day, with its dose and its rhythm; the last one stays open."""
    rungs = [
        ((one.first - START).days + 1, str(one.dose), one.doses_per_day, one.every_days)
        for one in laid_out(drug).segments
    ]

    assert rungs == [
        (day, f"{mg} mg", per_day, every) for day, mg, per_day, every in DRUGS[drug].rungs
    ]
    assert laid_out(drug).last is None


@pytest.mark.parametrize(
    ("drug", "day", "total"),
    [(name, day, total) for name, drug in DRUGS.items() for day, total in drug.totals.items()],
)
def test_another_drug_adds_up(drug: str, day: int, total: str) -> None:
    """The doses up to the end of a day come to so many mg."""
    assert laid_out(drug).total_mg(on(1), on(day)) == Decimal(total)


@pytest.mark.parametrize(
    ("drug", "day", "count"),
    [
        ("T01", 112, "13.8 mL x liquid 1 mg/mL"),
        ("T03", 42, "196 x tablet 3.125 mg"),
        ("T05", 35, "70 x tablet 25 mg"),
        ("T06", 14, "7 x tablet 25 mg"),
        ("T08", 3, "6 x capsule 300 mg"),
        ("T10", 84, "96 x tablet 2.5 mg"),
    ],
)
def test_another_drug_is_counted(drug: str, day: int, count: str) -> None:
    """The units up to the end of a day carry just its mg, and last for just those days."""
    schedule = laid_out(drug)

    assert in_text(schedule.units(on(1), on(day))) == [count]
    assert lasts(schedule, units(schedule, count), on(1)).left == ()


def test_every_other_day_is_days_1_to_13_and_then_every_day() -> None:
    """Seven doses in 14 days; the daily step begins on day 15."""
    schedule = laid_out("T06")
    due = [day for day in range(1, 18) if schedule.dose_on(on(day))]

    assert due == [1, 3, 5, 7, 9, 11, 13, 15, 16, 17]


def test_a_change_of_frequency_is_no_change_of_the_single_dose() -> None:
    """On days 1, 2 and 3 the dose is 300 mg, taken once, twice and three times."""
    schedule = laid_out("T08")

    assert schedule.changes(on(100)) == ()
    assert [one.doses_per_day for one in schedule.segments] == [1, 2, 3]


def test_a_rise_as_needed_waits_for_its_decision() -> None:
    """The last step of 600 mg is listed, and the one before it stays open."""
    steps = Protocol.from_toml(written("T08")).steps

    assert (str(steps[-1].dose), steps[-2].lasts) == ("600 mg", None)


def test_a_weekly_drug_is_refused_daily() -> None:
    """Methotrexate every day would be seven times the dose."""
    daily = written("T10").replace("every_days = 7", "every_days = 1")

    with pytest.raises(ProtocolError) as refused:
        Protocol.from_toml(daily)

    assert str(refused.value) == "methotrexate is taken at most every 7 days; a step is closer"


@pytest.mark.parametrize("every", ["", "every_days = 2", "every_days = 6"])
def test_a_weekly_drug_is_refused_more_often(every: str) -> None:
    """Every other day is too often too, and so is a rhythm left out."""
    closer = written("T10").replace("every_days = 7", every).replace("P4W", "P6W")

    with pytest.raises(ProtocolError, match="methotrexate is taken at most every 7 days"):
        Protocol.from_toml(closer)


@pytest.mark.parametrize("drug", DRUGS)
def test_nothing_is_made_for_a_patient_from_another_drug(drug: str) -> None:
    """No handout, no page, no calendar file."""
    schedule = laid_out(drug)

    for make in (handout, handout_file, calendar_file):
        with pytest.raises(ExportError, match="is for tests only; nothing is made for a patient"):
            make(schedule)


@pytest.mark.parametrize("drug", DRUGS)
def test_a_plan_of_another_drug_is_never_signed(drug: str) -> None:
    """The first finding on it is an error."""
    plan = laid_out(drug).plan

    assert check(plan)[0].severity is Severity.ERROR
    with pytest.raises(PlanError):
        plan.signed(screened_elsewhere=True, by="Dr Example", role="physician", at=REVISED_AT)


@pytest.mark.parametrize("drug", DRUGS)
@pytest.mark.parametrize("status", ["default", "variant"])
def test_another_drug_cannot_be_made_one_for_patients(drug: str, status: str) -> None:
    """With another status the file is refused."""
    forged = written(drug).replace('"tests-only"', f'"{status}"')

    with pytest.raises(ProtocolError, match="is for tests only here"):
        Protocol.from_toml(forged)
