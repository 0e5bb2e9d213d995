"""The commands on patient files: what each one keeps, what it refuses, and what it shows."""

from __future__ import annotations

import json
import shlex
import sqlite3
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import pytest

import desk as desks
from desk import CODE, EVENING, NAME, STORE
from ldn_titrate.adherence import adherence
from ldn_titrate.amendment import Stop
from ldn_titrate.cli import run
from ldn_titrate.cli.keeping import find_entry, keep
from ldn_titrate.cli.shown import Clocks, said
from ldn_titrate.days import day_by_day
from ldn_titrate.dose import Dose
from ldn_titrate.entry import (
    AdverseEvent,
    Applied,
    Dispensed,
    Measurement,
    Missed,
    OpioidTaken,
    ProcedurePlanned,
    Remark,
    Score,
    Skipped,
    Taken,
    Visit,
    Void,
)
from ldn_titrate.planfile import dump_plan
from ldn_titrate.possession import possession
from ldn_titrate.progress import progress, progress_data, review_data
from ldn_titrate.record import load_record
from ldn_titrate.review import review
from ldn_titrate.store import open_store
from plans import a_plan, a_signed_plan
from records import an_entry, on, taken

if TYPE_CHECKING:
    from desk import Desk
    from ldn_titrate.cli.chosen import AnyChosen
    from ldn_titrate.entry import DayEntry, Entry
    from ldn_titrate.record import Record
    from ldn_titrate.store import Store

desk = desks.desk
ID: Final = "22222222-2222-4222-8222-222222222222"
TODAY: Final = EVENING.date()
CREAM: Final = shlex.split(
    "cream new --start 2026-03-01 --review-on 2026-04-12 --timezone Europe/London --vehicle cream"
    " --time 20:00 --times-per-day 1 --site 'both elbow folds' --amount '1 g'"
)


def last(desk: Desk) -> Entry:
    """Return the line that was written last."""
    return desk.record.lines[-1]


# The files


def test_a_patient_is_listed_by_a_code_that_tells_nothing(desk: Desk) -> None:
    """The code is what every other command asks for."""
    added = desk("patient", "add", "Sam Sample", "--born", "1980-02-29")

    code = added.out.strip()
    assert (added.status, len(code)) == (0, 6)
    listed = desk("patient", "list").out
    assert f"{code}   1980-02-29   2026-03-20   Sam Sample" in listed
    assert listed.startswith("Patients\n")
    shown = json.loads(desk("patient", "list", "--format", "json").out)
    assert [one["code"] for one in shown] == [CODE, code]
    assert shown[1]["born"] == "1980-02-29"
    assert shown[1]["created_at"] == "2026-03-20T22:30:00Z"


def test_a_patient_is_shown_with_the_plans(desk: Desk) -> None:
    """Whose file it is, which plans are in it, and up to which day something is written."""
    desk.add("dose", "--day", "2026-03-19")

    shown = desk("patient", "show", CODE.lower()).out

    assert f"{NAME}, {CODE}" in shown
    assert f"{desk.plan.code}   Sun 1 Mar 2026   by mouth, signed by Dr Example" in shown
    assert "lines in the record: 1, the last about Thu 19 Mar 2026" in shown
    data = json.loads(desk("patient", "show", CODE, "--format", "json").out)
    assert data["plans"] == [{"code": desk.plan.code, "start": "2026-03-01", "is_signed": True}]
    assert data["record"] == {"lines": 1, "last_day": "2026-03-19"}


@pytest.mark.parametrize("born", [(), ("--born", "1980-02-29")])
def test_a_second_patient_of_a_name_is_noted(desk: Desk, born: tuple[str, ...]) -> None:
    """It may be another person, so it is added; it may be the same, so the code is named."""
    first = desk("patient", "add", "Sam Sample", *born)

    second = desk("patient", "add", "sam sample", *born)

    other = desk("patient", "add", "Sam Sample", "--born", "1981-03-01")
    assert (first.err, other.err) == ("", "")
    assert second.status == 0
    assert second.out != first.out
    assert f"stand under {first.out.strip()}; see that this is another person" in second.err
    assert "sample" not in second.err.lower()


def test_an_empty_store_says_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No table without rows."""
    monkeypatch.chdir(tmp_path)
    run(["store", "init"])

    assert run(["patient", "list"]) == 0

    assert "begin a file with: ldn-titrate patient add" in capsys.readouterr().err


def test_nobody_is_born_tomorrow(desk: Desk) -> None:
    """A slip of the year is refused."""
    refused = desk("patient", "add", "Sam Sample", "--born", "2027-01-01")

    assert (refused.status, "still to come" in refused.err) == (2, True)
    assert "Sam" not in refused.err
    assert len(json.loads(desk("patient", "list", "--format", "json").out)) == 1


def test_a_plan_is_kept_once(desk: Desk) -> None:
    """The same file again changes nothing, and says so."""
    again = desk("patient", "plan", CODE, "plan.json")

    assert (again.status, again.err) == (0, f"plan {desk.plan.code} is kept already\n")


def test_a_plan_of_another_name_is_refused(desk: Desk) -> None:
    """It names the codes only."""
    other = a_signed_plan(patient="Sam Sample", id=UUID(int=9))
    Path("other.json").write_text(dump_plan(other), encoding="utf-8")

    refused = desk("patient", "plan", CODE, "other.json")

    assert refused.status == 2
    assert "carries another name" in refused.err
    assert "Sam" not in refused.err
    assert "Pat" not in refused.err


def test_a_second_signed_plan_for_the_same_days_is_refused(desk: Desk) -> None:
    """Both codes are named; once the first one is stopped, the second is kept."""
    other = a_signed_plan(id=UUID(int=9), start=date(2026, 4, 1))
    Path("other.json").write_text(dump_plan(other), encoding="utf-8")

    refused = desk("patient", "plan", CODE, "other.json")

    assert refused.status == 2
    assert f"plans {other.code} and {desk.plan.code} both have doses" in refused.err
    signed = {"by": "Dr Example", "role": "physician", "reason": "An invented reason"}
    stopped = desk.plan.amended(Stop(effective=other.start, at=EVENING, **signed))
    Path("stopped.json").write_text(dump_plan(stopped), encoding="utf-8")
    assert desk("patient", "plan", CODE, "stopped.json").status == 0
    assert desk("patient", "plan", CODE, "other.json").status == 0


def test_two_plans_for_the_same_days_are_told_wherever_the_file_is_looked_at(desk: Desk) -> None:
    """A draft is kept beside a signed plan, and a finding names both."""
    other = a_plan(id=UUID(int=9), start=date(2026, 3, 15))
    Path("other.json").write_text(dump_plan(other), encoding="utf-8")
    kept = desk("patient", "plan", CODE, "other.json")
    assert (kept.status, "patient.two-plans" in kept.err) == (0, True)

    asked = ("patient", "show"), ("review",)
    for words in asked:
        told = desk(*words, CODE)
        assert "patient.two-plans" in told.err
        assert desk.plan.code in told.err
        assert other.code in told.err
        data = json.loads(desk(*words, CODE, "--format", "json").out)
        assert "patient.two-plans" in {one["code"] for one in data["findings"]}
    written = desk("report", CODE, "-o", "report.json", "--format", "json")
    assert "patient.two-plans" in written.err
    findings = json.loads(Path("report.json").read_text("utf-8"))["findings"]
    assert "patient.two-plans" in {one["code"] for one in findings}


# What happened, kind by kind


def test_a_dose_is_one_short_command(desk: Desk) -> None:
    """Tonight's dose, as planned."""
    done = desk("record", "add", "dose", CODE)

    assert done.status == 0
    assert done.err.endswith(" for Fri 20 Mar 2026\n")
    (kept,) = desk.record.lines
    assert isinstance(kept, Taken)
    assert (kept.day, kept.amount, kept.at) == (TODAY, None, None)
    assert (kept.by, kept.plan, kept.written_at) == ("patient", desk.plan.code, EVENING)


def test_a_second_dose_of_a_day_is_said_twice(desk: Desk) -> None:
    """A command that is typed twice is no double dose."""
    desk.add("dose")

    refused = desk.add("dose")

    assert (refused.status, "--again" in refused.err) == (2, True)
    assert len(desk.record.lines) == 1
    assert desk.add("dose", "3 mg", "--again").status == 0
    assert {one.amount for one in desk.record.of_kind(Taken)} == {None, Dose.parse("3 mg")}


def test_a_second_dose_with_an_id_of_its_own_is_refused_as_well(desk: Desk) -> None:
    """An id makes sending twice harmless; it does not make a double dose silent."""
    desk.add("dose")

    assert desk.add("dose", "--id", ID).status == 2


def test_an_amount_that_is_not_the_planned_one_is_said(desk: Desk) -> None:
    """It is kept as it was told, and whoever slipped can see it at once."""
    other = desk.add("dose", "4.5 mg")

    assert other.status == 0
    assert "the dose planned for this day is 3 mg" in other.err
    assert "planned" not in desk.add("dose", "3 mg", "--day", "2026-03-19").err


def test_without_a_planned_dose_the_amount_is_asked_for(desk: Desk) -> None:
    """Before the first day nothing is planned, so that "as planned" says nothing."""
    refused = desk.add("dose", "--day", "2026-02-20")

    assert (refused.status, "say how much" in refused.err) == (2, True)
    told = desk.add("dose", "1.5 mg", "--day", "2026-02-20")
    before = "2026-02-20 is before the first dosing day; not counted"
    assert (told.status, before in told.err) == (0, True)


TWICE: Final = "2026-03-20 is told in two ways; "


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (("dose",), ("skip", "--reason", "Felt ill"), f"{TWICE}the dose taken counts"),
        (("dose",), ("miss",), f"{TWICE}the dose taken counts"),
        (("miss",), ("dose",), f"{TWICE}the dose taken counts"),
        (("miss",), ("skip", "--reason", "x"), f"{TWICE}the dose skipped on purpose counts"),
        (("dose", "--at", "22:10"), ("dose", "--at", "22:10", "--again"), "the very same time"),
    ],
)
def test_a_day_that_is_told_in_two_ways_is_said_at_once(
    desk: Desk, first: tuple[str, ...], second: tuple[str, ...], told: str
) -> None:
    """Both are kept, and which of them counts is said as in every other output."""
    assert "warning" not in desk.add(*first).err
    added = desk.add(*second, "--id", ID)

    assert (added.status, len(desk.record.lines)) == (0, 2)
    assert told in added.err
    assert added.err.count("warning: ") == 1
    assert "22222222" in added.err
    assert ID not in added.err
    assert "warning" not in desk.add(*second, "--id", ID).err
    assert "warning" not in desk.add("note", "A word").err


def test_an_amount_far_from_every_plan_is_said_at_once(desk: Desk) -> None:
    """It may be true, so it is kept; the review names it beside the planned one."""
    added = desk.add("dose", "30 mg")

    assert (added.status, len(desk.record.lines)) == (0, 1)
    assert "warning: 30 mg on 2026-03-20 is above what is ever planned, 0.1 mg to 6 mg" in added.err
    assert "the dose planned for this day is 3 mg" in added.err
    assert "30 mg instead of 3 mg" in " ".join(desk("review", CODE, "--format", "json").out.split())


@pytest.mark.parametrize("words", [("dose",), ("note", "A word")])
def test_what_is_added_meanwhile_is_not_overlooked(desk: Desk, words: tuple[str, ...]) -> None:
    """Two programs at once never both write down tonight's dose."""
    other = an_entry(Taken, day=TODAY, plan=desk.plan.code, written_at=EVENING)

    def late(files: Store, chosen: AnyChosen, entry: DayEntry) -> None:
        files.append(chosen.patient, [other])
        keep(files, chosen, entry)

    desk.patch.setattr("ldn_titrate.cli.records.keep", late)

    refused = desk.add(*words)

    assert refused.status == 2
    assert "has 2 lines, not 1: it was written to meanwhile. Nothing was added" in refused.err
    assert desk.record.lines == (other,)


def test_a_plan_is_kept_only_beside_what_was_looked_at(desk: Desk) -> None:
    """A dose that is logged meanwhile might be one that the newer version would plan anew."""
    stopped = desk.plan.amended(
        Stop(effective=TODAY, at=EVENING, by="Dr Example", role="physician", reason="Invented")
    )
    Path("stopped.json").write_text(dump_plan(stopped), encoding="utf-8")
    other = an_entry(Taken, day=TODAY, plan=desk.plan.code, written_at=EVENING)

    def late(*_: object) -> None:
        with open_store(STORE) as files:
            files.append(files.find_patient(CODE), [other])

    desk.patch.setattr("ldn_titrate.cli.patients.refuse_rewriting", late)

    refused = desk("patient", "plan", CODE, "stopped.json")

    assert (refused.status, "it was written to meanwhile" in refused.err) == (2, True)
    assert desk.plan.code in desk("patient", "show", CODE).out


def test_a_void_is_on_top_of_what_was_looked_at(desk: Desk) -> None:
    """What it takes back may have been taken back meanwhile."""
    desk.add("dose")
    other = an_entry(Taken, day=TODAY, plan=desk.plan.code, written_at=EVENING)

    def late(record: Record, told: str) -> Entry:
        with open_store(STORE) as files:
            files.append(files.find_patient(CODE), [other])
        return find_entry(record, told)

    desk.patch.setattr("ldn_titrate.cli.records.find_entry", late)

    refused = desk.add("void", str(last(desk).id), "--reason", "A slip")

    assert (refused.status, "it was written to meanwhile" in refused.err) == (2, True)
    assert {type(one) for one in desk.record.lines} == {Taken}


@pytest.mark.parametrize(
    ("moment", "words", "day", "at"),
    [
        ("2026-03-20T22:30", ("--at", "22:10"), "2026-03-20", "2026-03-20T22:10"),
        ("2026-03-21T00:50", ("--at", "00:40"), "2026-03-20", "2026-03-21T00:40"),
        ("2026-03-21T08:00", (), "2026-03-20", None),
        ("2026-03-21T08:00", ("--at", "22:10"), "2026-03-20", "2026-03-20T22:10"),
        ("2026-03-21T12:00", (), "2026-03-21", None),
        (
            "2026-03-20T22:30",
            ("--day", "2026-03-03", "--at", "00:40"),
            "2026-03-03",
            "2026-03-04T00:40",
        ),
        (
            "2026-03-20T22:30",
            ("--at", "22:10", "--timezone", "Europe/Amsterdam"),
            "2026-03-20",
            "2026-03-20T21:10",
        ),
    ],
)
def test_a_time_after_midnight_belongs_to_the_evening_before(
    desk: Desk, moment: str, words: tuple[str, ...], day: str, at: str | None
) -> None:
    """The dosing day of a bedtime plan runs from noon to noon."""
    desk.at(datetime.fromisoformat(f"{moment}+00:00"))

    assert desk.add("dose", *words).status == 0

    (kept,) = desk.record.of_kind(Taken)
    assert kept.day == date.fromisoformat(day)
    assert kept.at == (at and datetime.fromisoformat(f"{at}+00:00"))


@pytest.mark.parametrize(
    "words",
    [
        ("--at", "22:31"),
        ("--at", "00:10"),
        ("--day", "2026-03-21"),
        ("--day", "2026-03-20", "--at", "02:00"),
    ],
)
def test_what_is_still_to_come_is_refused(desk: Desk, words: tuple[str, ...]) -> None:
    """Nobody knows yet what will be taken."""
    refused = desk.add("dose", *words)

    assert (refused.status, "still to come" in refused.err) == (2, True)
    assert desk.record.lines == ()


def test_the_calendar_day_is_no_day_to_come(desk: Desk) -> None:
    """In the morning the dosing day is that of the evening before; blood is taken today."""
    desk.at(datetime(2026, 3, 21, 9, tzinfo=UTC))

    assert desk.add("measure", "alt", "23", "U/L", "--day", "2026-03-21").status == 0


ADDED: Final[tuple[tuple[tuple[str, ...], type, dict[str, object]], ...]] = (
    (("skip", "--reason", "Felt ill"), Skipped, {"reason": "Felt ill"}),
    (("miss",), Missed, {}),
    (
        ("event", "vivid dreams", "--grade", "1", "--scale", "local", "--scale-version", "1"),
        AdverseEvent,
        {"term": "vivid dreams", "grade": 1, "scale": "local"},
    ),
    (
        ("event", "headache", "--grade", "2", "--until", "2026-03-20", "--serious"),
        AdverseEvent,
        {"scale": "CTCAE", "scale_version": "5.0", "until": TODAY, "serious": True},
    ),
    (("score", "pain-nrs", "6"), Score, {"instrument": "pain-nrs", "value": Decimal(6)}),
    (("score", "itch-now", "7", "--minutes", "0"), Score, {"minutes": 0}),
    (
        ("measure", "alt", "23.5", "U/L", "--low", "7", "--high", "40", "--source", "A laboratory"),
        Measurement,
        {"value": Decimal("23.5"), "unit": "U/L", "low": Decimal(7), "high": Decimal(40)},
    ),
    (("opioid", "tramadol"), OpioidTaken, {"name": "tramadol", "only_prescribed": False}),
    (("opioid", "tramadol", "--not-taken"), OpioidTaken, {"only_prescribed": True}),
    (("procedure", "--on", "2026-04-24"), ProcedurePlanned, {"on": date(2026, 4, 24)}),
    (
        ("dispensed", "90 x capsule 1.5 mg", "--use-by", "2026-09-01"),
        Dispensed,
        {"amount": Decimal(90), "use_by": date(2026, 9, 1)},
    ),
    (("visit", "--next", "2026-04-12"), Visit, {"next_on": date(2026, 4, 12)}),
    (("note", "Slept well"), Remark, {"text": "Slept well"}),
)


@pytest.mark.parametrize(("words", "kind", "fields"), ADDED)
def test_each_kind_of_entry_is_kept(
    desk: Desk, words: tuple[str, ...], kind: type, fields: dict[str, object]
) -> None:
    """It is read back by the library as it was told, about the day that was told."""
    done = desk.add(*words, "--day", "2026-03-18", "--by", "Dr Example", "--id", ID)

    assert done.status == 0
    kept = last(desk)
    assert isinstance(kept, kind)
    assert {name: getattr(kept, name) for name in fields} == fields
    assert (str(kept.id), kept.by, kept.plan) == (ID, "Dr Example", desk.plan.code)
    assert not isinstance(kept, Void)
    assert kept.day == date(2026, 3, 18)
    assert f"kept {kept.kind} 22222222 for Wed 18 Mar 2026" in done.err


@pytest.mark.parametrize(("words", "kind", "fields"), [(("dose",), Taken, {}), *ADDED])
def test_the_same_id_twice_adds_nothing(
    desk: Desk, words: tuple[str, ...], kind: type, fields: dict[str, object]
) -> None:
    """Sent again a minute later it is known; with something else in it, it is refused."""
    again = (*words, "--day", "2026-03-18", "--id", ID)
    desk.add(*again)
    desk.at(EVENING + timedelta(minutes=1))

    known = desk.add(*again)
    other = desk.add("note", "Something else", "--id", ID)

    assert (known.status, known.err) == (0, "this entry is kept already\n")
    assert (other.status, "says something else" in other.err) == (2, True)
    assert len(desk.record.lines) == 1
    assert isinstance(last(desk), kind)
    assert fields.items() <= {name: getattr(last(desk), name) for name in fields}.items()


REFUSED: Final = (
    (("dose", "1.5"), "the unit is missing"),
    (("dose", "1,5 mg"), "cannot read"),
    (("dose", "45000 mg"), "check the unit"),
    (("dose", "--day", "2026-02-30"), "no day of the calendar"),
    (("dose", "--day", "1.3.2026"), "year-month-day"),
    (("dose", "--at", "25:10"), "'25:10' is no time of day"),
    (("dose", "--at", "21:10", "--timezone", "Mars/Olympus"), "Mars/Olympus"),
    (("dose", "--id", "7"), "--id"),
    (("dose", "--plan", "ZZZZ"), "there is "),
    (("skip",), "--reason"),
    (("skip", "--reason", " "), "empty"),
    (("event", "headache"), "--grade"),
    (("event", "headache", "--grade", "9"), "grade"),
    (("event", "headache", "--grade", "1", "--scale", "home"), "there is CTCAE and local"),
    (("event", "headache", "--grade", "1", "--scale-version", "9"), "there is 5.0"),
    (("event", "headache", "--grade", "1", "--until", "2026-03-01"), "or later"),
    (("score", "pain", "6"), "there is pain-nrs"),
    (("score", "pain-nrs", "11"), "from 0 to 10"),
    (("score", "pain-nrs", "six"), "decimal point"),
    (("score", "pain-nrs", "6", "--minutes", "30"), "itch series"),
    (("measure", "alt", "23", "mmol/L"), "U/L"),
    (("measure", "blood", "23", "U/L"), "there is crp"),
    (("measure", "alt", "23", "U/L", "--low", "40", "--high", "7"), "lower to the higher"),
    (("dispensed", "90 x capsule 3 mg"), "'capsule 3 mg' is not in the plan; there is capsule 1.5"),
    (("dispensed", "90"), "90 x capsule 1.5 mg"),
    (
        ("visit", "--day", "2026-03-19", "--next", "2026-03-01"),
        "2026-03-01 is not after 2026-03-19",
    ),
    (("dispensed", "1.5 x capsule 1.5 mg"), "whole number"),
    (("dispensed", "0 x capsule 1.5 mg"), "more than nothing"),
    (("note", ""), "empty"),
    (("cream",), "no plan for a cream"),
    (("void", "2222", "--reason", "x"), "no entry begins"),
)


@pytest.mark.parametrize(("words", "why"), REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    desk: Desk, words: tuple[str, ...], why: str
) -> None:
    """Exit status 2, the reason, and no name of a patient."""
    refused = desk.add(*words)

    assert refused.status == 2
    assert refused.err.startswith("error: ")
    assert why in refused.err
    assert NAME not in refused.err
    assert desk.record.lines == ()


def test_an_entry_is_taken_back_and_stays(desk: Desk) -> None:
    """A void is a line of its own; the day is as if nothing had been written."""
    desk.add("dose", "--id", ID)

    assert desk.add("void", "2222", "--reason", "A slip").status == 0

    assert desk.record.entries == ()
    # Lines of one second stand in the order of their ids, so which is the last is not said.
    assert {type(one) for one in desk.record.lines} == {Taken, Void}
    assert desk.add("dose").status == 0


def test_a_void_is_not_taken_back(desk: Desk) -> None:
    """What was taken back is written again instead."""
    desk.add("dose")
    desk.add("void", str(last(desk).id)[:8], "--reason", "A slip", "--id", ID)

    assert "write the entry again" in desk.add("void", "2222", "--reason", "No slip").err


def test_an_id_that_two_entries_begin_with_is_refused(desk: Desk) -> None:
    """Nothing is taken back by guess."""
    for number in (1, 2):
        desk.add("note", "A word", "--id", f"22222222-2222-4222-8222-22222222222{number}")

    refused = desk.add("void", "2222", "--reason", "A slip")

    assert "2 entries begin with '2222'" in refused.err
    assert len(desk.record.lines) == 2


def test_a_void_sent_twice_adds_nothing(desk: Desk) -> None:
    """Its id counts like any other."""
    desk.add("dose")
    which = str(last(desk).id)

    for _ in range(2):
        assert desk.add("void", which, "--reason", "A slip", "--id", ID).status == 0

    assert len(desk.record.lines) == 2


# What cannot wait


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("opioid", "tramadol"), "Naltrexone blocks opioids"),
        (("note", "I want to kill myself"), "Nobody watches these notes; read them now"),
        (("skip", "--reason", "I want to kill myself"), "harm to oneself"),
    ],
)
def test_what_is_urgent_is_said_at_once(desk: Desk, words: tuple[str, ...], why: str) -> None:
    """It is kept all the same, and the text itself is not repeated."""
    told = desk.add(*words)

    assert told.status == 0
    assert "URGENT: " in told.err
    assert why in told.err
    assert "kill myself" not in told.err
    assert len(desk.record.lines) == 1


def test_what_was_urgent_before_is_not_said_for_the_next_entry(desk: Desk) -> None:
    """Only a proposal that rests on the new entry is told with it."""
    desk.add("opioid", "tramadol", "--day", "2026-03-18")

    assert "URGENT" not in desk.add("dose").err


def test_a_note_says_that_nobody_watches(desk: Desk) -> None:
    """Whoever writes one knows that it is no call for help."""
    assert "Nobody watches these notes. In an emergency call for help." in (
        desk.add("note", "Slept well").err
    )


# A cream


def put_a_cream(desk: Desk) -> str:
    """Add a patient with a plan for a cream only, and return the code."""
    code = desk("patient", "add", NAME).out.strip()
    assert desk(*CREAM, "--patient", NAME, "-o", "cream.json").status == 0
    assert desk("patient", "plan", code, "cream.json").status == 0
    return code


def test_the_cream_and_its_scores_need_no_plan_by_mouth(desk: Desk) -> None:
    """Day and plan are those of the plan for the cream."""
    code = put_a_cream(desk)

    assert desk("record", "add", "cream", code, "0.5 g").status == 0
    assert desk("record", "add", "score", code, "itch-now", "7", "--minutes", "0").status == 0
    assert desk("record", "add", "note", code, "Cooled").status == 0

    with open_store(STORE) as store:
        record = store.record(store.find_patient(code))
    (applied,), (score,) = record.of_kind(Applied), record.of_kind(Score)
    assert (str(applied.amount), applied.day, score.minutes) == ("0.5 g", TODAY, 0)
    assert applied.plan == score.plan


def test_a_dose_by_mouth_needs_a_plan_by_mouth(desk: Desk) -> None:
    """A cream is no capsule, and adherence counts capsules."""
    code = put_a_cream(desk)

    for command in (("record", "add", "dose"), ("adherence",), ("report", "-o", "report.pdf")):
        refused = desk(*command, code)
        assert (refused.status, "no plan by mouth" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("note", "{}", "My skin turned yellow"), "the liver"),
        (("skip", "{}", "--reason", "I want to kill myself"), "harm to oneself"),
    ],
)
def test_with_a_cream_only_a_red_flag_is_said_at_once(
    desk: Desk, words: tuple[str, ...], why: str
) -> None:
    """Such words are read whatever the plan; others are not urgent."""
    code = put_a_cream(desk)

    told = desk("record", "add", *(one.format(code) for one in words))

    assert (told.status, "URGENT: " in told.err, why in told.err) == (0, True, True)
    assert "URGENT" not in desk("record", "add", "note", code, "Cooled").err


def test_with_a_cream_only_a_review_looks_for_red_flags(desk: Desk) -> None:
    """It says that it looks for nothing else, with or without one, in words and as data."""
    code = put_a_cream(desk)

    before = desk("review", code)
    desk("record", "add", "note", code, "My skin turned yellow")
    after, data = desk("review", code), desk("review", code, "--format", "json")
    earlier = desk("review", code, "--as-of", "2026-03-19")

    assert [one.status for one in (before, after, data, earlier)] == [0, 1, 1, 0]
    assert "URGENT: read what was written now" in after.out
    assert all("every other rule needs a plan by mouth" in one.err for one in (before, after))
    told = json.loads(data.out)
    assert [one["rule"] for one in told["proposals"]] == ["red-flag"]
    assert [one["code"] for one in told["findings"]] == ["review.red-flags-only"]


def test_with_a_cream_only_a_day_of_asking_to_come_is_noted(desk: Desk) -> None:
    """As with a plan by mouth."""
    code = put_a_cream(desk)

    assert "2026-03-21 is still to come" in desk("review", code, "--as-of", "2026-03-21").err
    assert "still to come" not in desk("review", code, "--as-of", "2026-03-20").err


def test_a_cream_of_tomorrow_is_refused(desk: Desk) -> None:
    """As with any other entry."""
    code = put_a_cream(desk)

    assert desk("record", "add", "cream", code, "--day", "2026-03-21").status == 2


# What is shown


def test_the_record_is_shown_with_what_was_taken_back(desk: Desk) -> None:
    """Each line with what it says, in the order of writing."""
    desk.add("dose", "1.5 mg", "--at", "22:10")
    desk.add("score", "itch-now", "0", "--minutes", "0", "--id", ID)
    desk.add("void", "2222", "--reason", "A slip")

    shown = desk("record", "show", CODE).out

    assert shown.startswith(f"Record of {NAME}, {CODE}\n")
    assert "1.5 mg, at 2026-03-20 22:10 UTC" in shown
    assert "score, taken back" in shown
    assert "itch-now 0, 0 minutes after the cream" in shown
    assert "takes 22222222 back: A slip" in shown


def test_a_record_without_an_entry_is_no_empty_table(desk: Desk) -> None:
    """A patient for whom nothing is written, and days about which nothing is."""
    assert desk("record", "show", CODE).out == f"Record of {NAME}, {CODE}: no entry\n"

    desk.add("dose")

    later = desk("record", "show", CODE, "--from", "2026-03-21").out
    assert later == f"Record of {NAME}, {CODE}: no entry\n"


def test_the_lines_are_shown_as_they_are_kept(desk: Desk) -> None:
    """JSON Lines are read back by the library; JSON holds the same."""
    desk.add("dose", "--day", "2026-03-18")
    desk.add("note", "Schlief gut \u2014 ohne Traum")

    lines = desk("record", "show", CODE, "--format", "jsonl").out

    assert load_record(lines) == desk.record
    assert [json.loads(one) for one in lines.splitlines()] == json.loads(
        desk("record", "show", CODE, "--format", "json").out
    )


def test_only_some_days_are_shown_with_their_voids(desk: Desk) -> None:
    """Both days named are within."""
    for day in range(10, 16):
        desk.add("dose", "--day", f"2026-03-{day}", "--id", f"{day}{ID[2:]}")
    desk.add("void", "11", "--reason", "A slip")
    desk.add("void", "14", "--reason", "A slip")

    some = ("--from", "2026-03-11", "--through", "2026-03-12", "--format", "json")
    shown = json.loads(desk("record", "show", CODE, *some).out)

    assert [one["kind"] for one in shown] == ["taken", "taken", "void"]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (taken(1), "as planned"),
        (taken(1, "4.5 mg", timezone="Asia/Tokyo"), "4.5 mg, in Asia/Tokyo"),
        (
            an_entry(
                AdverseEvent,
                term="headache",
                grade=2,
                scale="CTCAE",
                scale_version="5.0",
                until=on(3),
                serious=True,
            ),
            "headache, grade 2 (CTCAE 5.0), until Tue 3 Mar 2026, serious",
        ),
        (an_entry(Visit), ""),
        (an_entry(Missed), ""),
    ],
)
def test_an_entry_says_what_it_holds(entry: Entry, words: str) -> None:
    """In the words of the glossary, with nothing left out."""
    assert said(entry).replace("\N{NO-BREAK SPACE}", " ") == words


def keep_a_course(desk: Desk) -> None:
    """Keep two weeks and some days, with what a record has."""
    lines: list[Entry] = [taken(day) for day in range(1, 20) if day not in {5, 9, 10}]
    lines.append(an_entry(Missed, day=on(5)))
    lines.append(an_entry(OpioidTaken, day=on(19), name="tramadol"))
    product = desk.plan.products[0]
    lines.append(an_entry(Dispensed, product=product, amount=Decimal(20)))
    text = "".join(f"{one.model_dump_json(exclude_none=True)}\n" for one in lines)
    Path("record.jsonl").write_text(text, encoding="utf-8")
    assert desk("record", "import", CODE, "record.jsonl").status == 0


AS_OF: Final = ("--as-of", "2026-03-20")


def test_a_finding_names_its_entries_as_the_tables_do(desk: Desk) -> None:
    """Eight characters, by which 'record add void' knows them as well."""
    desk.add("dose", "--id", ID)
    desk.add("miss")

    for view in ("adherence", "review"):
        told = desk(view, CODE).err
        assert f"{TWICE}the dose taken counts (entry 22222222, entry " in told
        assert ID not in told
        assert ID in desk(view, CODE, "--format", "json").out


def test_the_numbers_of_adherence_are_the_librarys(desk: Desk) -> None:
    """The data hold the counts, the bounds and the supply; the table says the same in words."""
    keep_a_course(desk)
    days = day_by_day(desk.schedule, desk.record, TODAY)
    measured = adherence(days)

    data = json.loads(desk("adherence", CODE, *AS_OF, "--format", "json").out)
    table = desk("adherence", CODE, *AS_OF).out.replace("\N{NO-BREAK SPACE}", " ")

    low, high = measured.implementation.taking.low, measured.implementation.taking.high
    assert data["taking"] == {"low": [low.part, low.whole], "high": [high.part, high.whole]}
    assert data["counts"] == {"taken": 16, "missed": 1, "not logged": 2}
    assert [one["status"] for one in data["days"]] == [one.status for one in days.days]
    held = possession(desk.schedule, desk.record, TODAY).covered
    assert data["supply"]["covered"] == [held.part, held.whole]
    for line in (*measured.told(), *possession(desk.schedule, desk.record, TODAY).told()):
        assert line.replace("\N{NO-BREAK SPACE}", " ") in table
    assert table.startswith(f"Plan {desk.plan.code}, up to Fri 20 Mar 2026\n")
    assert "12 of 14   11 to 13 of 14" in table


def test_a_review_with_something_urgent_has_status_1(desk: Desk) -> None:
    """The data are the library's; the table has what is urgent first."""
    keep_a_course(desk)
    found = review(desk.plan, desk.record, TODAY)

    told = desk("review", CODE, *AS_OF, "--format", "json")
    table = desk("review", CODE, *AS_OF)

    assert (told.status, table.status) == (1, 1)
    assert json.loads(told.out) == review_data(found)
    rows = [line for line in table.out.splitlines() if line.startswith((" URGENT: ", " see to"))]
    assert rows[0].startswith(" URGENT: stop and contact")
    assert "Nothing is changed by this. A prescriber decides." in table.out


def test_a_review_without_anything_urgent_has_status_0(desk: Desk) -> None:
    """Nothing was written yet."""
    assert desk("review", CODE, "--as-of", "2026-03-02").status == 0


def test_a_day_of_asking_that_is_still_to_come_is_noted(desk: Desk) -> None:
    """Its days are not logged for sure, so whoever asks is told."""
    assert "2026-03-25 is still to come" in desk("adherence", CODE, "--as-of", "2026-03-25").err
    assert "still to come" not in desk("adherence", CODE, *AS_OF).err


@pytest.mark.parametrize("format_", ["html", "text", "json"])
def test_the_report_is_written_for_a_visit(desk: Desk, format_: str) -> None:
    """To a file or to standard output, the same bytes."""
    keep_a_course(desk)
    how = (CODE, *AS_OF, "--format", format_)

    assert desk("report", *how, "-o", "report").status == 0

    assert "exists" in desk("report", *how, "-o", "report").err
    assert desk("report", *how, "-o", "-").out == Path("report").read_text(encoding="utf-8")
    if format_ == "json":
        told = progress(desk.schedule, desk.record, TODAY)
        assert json.loads(Path("report").read_text(encoding="utf-8")) == progress_data(told)


# Lines from elsewhere


def test_a_record_is_imported_once(desk: Desk) -> None:
    """The same file again adds nothing."""
    keep_a_course(desk)
    before = desk.record

    again = desk("record", "import", CODE, "record.jsonl")

    assert (again.status, again.err) == (0, "0 entries added, 19 known already\n")
    assert desk.record == before


def test_an_import_says_what_is_urgent(desk: Desk) -> None:
    """As if each line had been written down by hand."""
    Path("record.jsonl").write_text(
        an_entry(OpioidTaken, day=on(19), name="tramadol").model_dump_json(exclude_none=True),
        encoding="utf-8",
    )

    assert "URGENT: An opioid is recorded" in desk("record", "import", CODE, "record.jsonl").err


def test_a_broken_line_keeps_the_whole_file_out(desk: Desk) -> None:
    """Its number is told, and what is wrong with it."""
    good = taken(1).model_dump_json(exclude_none=True)
    Path("record.jsonl").write_text(f'{good}\n{{"kind": "dose"}}\nno line\n', encoding="utf-8")

    refused = desk("record", "import", CODE, "record.jsonl")

    assert refused.status == 2
    assert "line 2: " in refused.err
    assert "line 3: " in refused.err
    assert desk.record.lines == ()


def test_a_line_that_contradicts_keeps_the_whole_file_out(desk: Desk) -> None:
    """One id, two different entries."""
    desk.add("note", "A word", "--id", ID)
    other = an_entry(Remark, id=UUID(ID), text="Another word").model_dump_json(exclude_none=True)
    good = taken(1).model_dump_json(exclude_none=True)
    Path("record.jsonl").write_text(f"{good}\n{other}\n", encoding="utf-8")

    refused = desk("record", "import", CODE, "record.jsonl")

    assert (refused.status, "says something else" in refused.err) == (2, True)
    assert "word" not in refused.err
    assert len(desk.record.lines) == 1


# The store


def test_a_store_that_is_not_there_says_how_to_make_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is made by asking."""
    monkeypatch.chdir(tmp_path)
    for words in (["patient", "list"], ["record", "add", "dose", CODE], ["store", "verify"]):
        assert run(words) == 2
        said = capsys.readouterr().err
        assert f"there are no patient files in {STORE}; " in said
        assert "ldn-titrate store init" in said
    assert list(tmp_path.iterdir()) == []


def test_the_store_is_named_by_option_or_environment(desk: Desk) -> None:
    """The option goes before the environment."""
    desk.patch.setenv("LDN_TITRATE_STORE", "sqlite:///other.db")

    assert desk("patient", "list").status == 2
    assert desk("store", "init").status == 0
    assert desk("patient", "list").out == ""
    assert NAME in desk("patient", "list", "--store", STORE).out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("patient", "list", "--store", "clinic.db"), "sqlite:///clinic.db"),
        (("patient", "show", "ZZZZZZ"), "no patient here has the code ZZZZZZ"),
        (("patient", "show", "Pat"), "6 letters and digits"),
        (("patient", "add", ""), "empty"),
        (("patient", "plan", CODE, "nowhere.json"), "cannot read nowhere.json"),
        (("record", "import", CODE, "nowhere.jsonl"), "cannot read nowhere.jsonl"),
        (("store", "import", "nowhere.jsonl"), "cannot read nowhere.jsonl"),
        (("store", "import", "plan.json"), "nothing was taken in"),
        (("adherence", CODE, "--as-of", "today"), "year-month-day"),
        (("adherence", CODE, "--plan", "ZZZZ"), "has no plan 'ZZZZ'"),
        (("review", CODE, "--format", "xml"), "xml"),
        (("report", CODE), "--output"),
    ],
)
def test_a_wrong_question_is_refused(desk: Desk, words: tuple[str, ...], why: str) -> None:
    """Exit status 2 and the reason, never a traceback."""
    refused = desk(*words)

    assert refused.status == 2
    assert why in refused.err
    assert NAME not in refused.err


def test_a_changed_line_breaks_its_chain(desk: Desk) -> None:
    """Status 1, with the patient's code and no name."""
    desk.add("dose")
    whole = desk("store", "verify")
    assert (whole.status, "patients: 1, lines: 2; every chain is whole" in whole.err) == (0, True)

    with sqlite3.connect("ldn-titrate.db") as raw:
        raw.execute("DROP TRIGGER ldn_line_no_update")
        raw.execute("UPDATE ldn_line SET data = replace(data, '03-20', '03-19') WHERE plan IS NULL")
    raw.close()

    broken = desk("store", "verify")
    assert broken.status == 1
    assert CODE in broken.err
    assert NAME not in broken.err


def test_a_backup_is_a_store(desk: Desk) -> None:
    """It opens like any other, and a file that exists is left alone."""
    desk.add("dose")

    assert desk("store", "backup", "copy.db").status == 0

    assert desk("store", "verify", "--store", "sqlite:///copy.db").status == 0
    assert NAME in desk("patient", "list", "--store", "sqlite:///copy.db").out
    assert "copy.db exists already" in desk("store", "backup", "copy.db").err
    assert desk("store", "backup", "copy.db", "--force").status == 0


def test_files_move_to_another_store_and_back(desk: Desk) -> None:
    """What is exported and imported is the same, and importing it again adds nothing."""
    keep_a_course(desk)
    shown = desk("record", "show", CODE, "--format", "jsonl").out
    other = ("--store", "sqlite:///other.db")
    desk("store", "init", *other)

    assert desk("store", "export", "all.jsonl").status == 0
    first, second = (desk("store", "import", "all.jsonl", *other) for _ in range(2))

    assert "0 known already" in first.err
    assert second.err.startswith("0 lines added")
    assert desk("record", "show", CODE, "--format", "jsonl", *other).out == shown
    assert desk("store", "export", "all.jsonl").status == 2
    assert desk("store", "export", "all.jsonl", "--force").status == 0


def test_tables_need_a_new_folder(desk: Desk) -> None:
    """No folder is replaced, by force neither."""
    how = ("store", "export", "sheets", "--format", "csv")
    assert desk(*how).status == 0

    for words in (how, (*how, "--force")):
        refused = desk(*words)
        assert refused.status == 2
        assert "sheets exists already; nothing was written: a new folder is needed" in refused.err


def test_a_pseudonymised_export_has_no_name(desk: Desk) -> None:
    """Neither the name, nor the code, nor the words of a note."""
    keep_a_course(desk)
    desk.add("note", "Slept at the lake")

    assert desk("store", "export", "all.jsonl", "--pseudonymised").status == 0
    assert desk("store", "export", "sheets", "--format", "csv", "--pseudonymised").status == 0

    written = [Path("all.jsonl"), *Path("sheets").iterdir()]
    text = "".join(one.read_text(encoding="utf-8-sig") for one in written)
    assert not any(word in text for word in (NAME, CODE, "lake"))


def test_without_the_extra_the_error_says_what_to_install(desk: Desk) -> None:
    """The rest of the command line needs no database."""
    for name in [one for one in sys.modules if one.startswith("ldn_titrate.store")]:
        desk.patch.delitem(sys.modules, name)
    desk.patch.setitem(sys.modules, "sqlalchemy", None)

    for words in (("patient", "list"), ("store", "init"), ("record", "add", "dose", CODE)):
        refused = desk(*words)
        assert (refused.status, "ldn-titrate[store]" in refused.err) == (2, True)
    assert desk("plan", "check", "plan.json").status == 0


def test_each_refusal_would_be_seen() -> None:
    """The list of refusals has something of every kind of entry."""
    kinds = {words[0] for words, _ in REFUSED} | {words[0] for words, _, _ in ADDED}

    assert kinds >= {"dose", "skip", "miss", "event", "score", "measure", "opioid", "procedure"}
    assert kinds >= {"dispensed", "visit", "note", "cream", "void"}


@pytest.mark.parametrize(
    ("zone", "day", "words", "shown"),
    [
        ("Europe/Amsterdam", 1, {}, "2026-03-01 22:05 UTC+01:00"),
        ("America/New_York", 7, {}, "2026-03-07 16:05 UTC-05:00"),
        ("America/New_York", 8, {}, "2026-03-08 17:05 UTC-04:00"),
        ("Europe/Amsterdam", 1, {"timezone": "Asia/Tokyo"}, "2026-03-02 06:05 UTC+09:00"),
        ("Europe/Amsterdam", 1, {"plan": None}, "2026-03-01 21:05 UTC"),
    ],
)
def test_a_time_is_told_by_the_clocks_of_its_plan(
    zone: str, day: int, words: dict[str, Any], shown: str
) -> None:
    """Or by those where it was taken; without a plan in UTC; how far from UTC is always said."""
    plan = a_plan(timezone=zone)
    at = datetime(2026, 3, day, 21, 5, tzinfo=UTC)
    cream = an_entry(Applied, at=at, plan=words.get("plan", plan.code))

    entry = taken(day, at=at, **{"plan": plan.code, **words})

    place = ", in Asia/Tokyo" if "timezone" in words else ""
    assert said(entry, Clocks.of([plan])) == f"as planned, at {shown}{place}"
    if "plan" in words:
        assert said(cream, Clocks.of([plan])) == f"as planned, at {shown}"


def test_the_clocks_of_a_cream_are_those_of_its_plan(desk: Desk) -> None:
    """A line that a program sent has a time, which is shown like that of a dose."""
    code = desk("patient", "add", "Sam Sample").out.strip()
    assert desk(*CREAM, "-o", "cream.json").status == 0
    assert desk("patient", "plan", code, "cream.json").status == 0
    shown = json.loads(desk("patient", "show", code, "--format", "json").out)
    at = datetime(2026, 3, 20, 20, 5, tzinfo=UTC)
    entry = an_entry(Applied, at=at, plan=shown["plans"][0]["code"])
    Path("r.jsonl").write_text(f"{entry.model_dump_json(exclude_none=True)}\n", encoding="utf-8")
    assert desk("record", "import", code, "r.jsonl").status == 0

    assert "as planned, at 2026-03-20 20:05 UTC" in desk("record", "show", code).out
