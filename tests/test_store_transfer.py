"""Patient files leave a store and come into another: whole or not at all, or without the person."""

from __future__ import annotations

import csv
import json
import os
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel

import databases
from databases import DAY, NOW, a_patient, raw, taken, unguard
from ldn_titrate.entry import (
    AdverseEvent,
    Applied,
    Entry,
    Measurement,
    OpioidTaken,
    Remark,
    Score,
    Taken,
    Visit,
    Void,
)
from ldn_titrate.errors import StoreConflict, StoreError
from ldn_titrate.plan import Clinic, Plan
from ldn_titrate.schedule import lay_out
from ldn_titrate.store import (
    Appended,
    Patient,
    Pseudonyms,
    Size,
    Store,
    backup,
    export_clinic,
    export_sheets,
    import_clinic,
    open_store,
    transfer,
)
from ldn_titrate.store import pseudonyms as rules
from ldn_titrate.store.cells import as_cell
from ldn_titrate.store.lines import Head, PatientFile, chained, of_plan
from ldn_titrate.topical import TopicalAmount, TopicalPlan
from plans import PLAN_ID, a_plan, a_protocol, a_signed_plan, dose, linear

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

server, url, other_url, store = (
    databases.server,
    databases.url,
    databases.other_url,
    databases.store,
)

PAT, SAM = a_patient(), a_patient(2, name="Sam Sample", born=date(1970, 1, 2))
EVENT = AdverseEvent(
    id=UUID(int=31),
    written_at=NOW,
    by="Pat Example",
    day=DAY,
    term="Dreams of Aunt Wilhelmina",
    grade=2,
    scale="CTCAE",
    scale_version="5.0",
)


def a_line(kind: type[Any], number: int, **fields: Any) -> Any:
    written = NOW + timedelta(minutes=number)
    basics = {"id": UUID(int=9000 + number), "written_at": written, "by": "Pat Example"}
    return kind(**{**basics, "day": DAY, **fields})


@pytest.fixture
def clinic(store: Store) -> Store:
    """Give a store with two patients, plans and many kinds of entries."""
    store.add_patient(SAM)
    store.save_plan(PAT, a_plan(clinic=Clinic(prescriber="Dr Example", telephone="555 0100")))
    store.append(PAT, [taken(1, amount=dose("1.5 mg"), at=NOW + timedelta(days=1)), EVENT])
    store.save_plan(PAT, a_signed_plan(id=uuid4()))
    store.append(
        PAT,
        [
            a_line(Measurement, 1, code="alt", value=Decimal("30.50"), unit="U/L", source="Lab Q"),
            a_line(Score, 2, instrument="itch-now", value=Decimal(7), plan="0000-1"),
            a_line(OpioidTaken, 3, name="Codeine from Dr Example"),
            a_line(Remark, 4, text="=cmd|' /C calc'!A0"),
            a_line(Visit, 5, next_on=date(2026, 4, 1), plan=a_plan().code),
            a_line(Applied, 6, amount=TopicalAmount.parse("0.5 g"), at=NOW),
            Void(id=uuid4(), written_at=NOW, by="Pat Example", of=EVENT.id, reason="A slip"),
        ],
    )
    store.append(SAM, [taken(50, by="Zoë 例")])
    return store


@pytest.fixture
def other(other_url: str) -> Iterator[Store]:
    """Give an empty store in the other engine."""
    with open_store(other_url, create=True) as opened:
        yield opened


def test_a_clinic_moves_to_the_other_database(clinic: Store, other: Store, tmp_path: Path) -> None:
    """Out, in and out again: the same bytes, whole chains, the same values."""
    told: list[int] = []
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"

    assert export_clinic(clinic, first, progress=told.append) == Size(2, 12)
    assert told == [11, 12]
    assert import_clinic(other, first, progress=told.append) == Appended(12, 0, 12)
    assert told == [11, 12, 11, 12]
    export_clinic(other, second)

    assert first.read_bytes() == second.read_bytes()
    assert other.verify() == ()
    assert other.patients() == clinic.patients() == (PAT, SAM)
    for patient in (PAT, SAM):
        assert other.record(patient) == clinic.record(patient)
        assert other.plans(patient) == clinic.plans(patient)


def test_one_patient_is_taken_out_alone(clinic: Store, other: Store, tmp_path: Path) -> None:
    """Nothing of the others is in the file."""
    assert export_clinic(clinic, tmp_path / "sam", patient=SAM) == Size(1, 1)

    import_clinic(other, tmp_path / "sam")

    assert other.patients() == (SAM,)
    assert "Pat" not in (tmp_path / "sam").read_text()
    with pytest.raises(StoreError, match="is not among these patient files"):
        export_clinic(clinic, tmp_path / "nobody", patient=a_patient(9))
    assert not (tmp_path / "nobody").exists()


def test_what_is_there_already_is_gone_on_with(clinic: Store, other: Store, tmp_path: Path) -> None:
    """A second import adds only what was written in between; an older file adds nothing."""
    export_clinic(clinic, tmp_path / "old")
    import_clinic(other, tmp_path / "old")
    clinic.append(SAM, [taken(51), taken(52)])
    export_clinic(clinic, tmp_path / "new")

    assert import_clinic(other, tmp_path / "new") == Appended(2, 12, 14)
    assert import_clinic(other, tmp_path / "old") == Appended(0, 12, 12)
    assert other.record(SAM) == clinic.record(SAM)
    assert other.verify() == ()


def test_files_that_went_different_ways_are_refused(
    clinic: Store, other: Store, tmp_path: Path
) -> None:
    """Two clinics that both wrote to one file have to talk."""
    export_clinic(clinic, tmp_path / "file")
    import_clinic(other, tmp_path / "file")
    clinic.append(SAM, [taken(51)])
    other.append(SAM, [taken(52)])
    export_clinic(clinic, tmp_path / "again")

    with pytest.raises(StoreConflict, match=rf"patient {SAM.code} .* went different ways"):
        import_clinic(other, tmp_path / "again")
    assert other.version(SAM) == 2


def test_lines_and_plans_of_others_are_not_taken_over(
    clinic: Store, other: Store, tmp_path: Path
) -> None:
    """An id of a line or of a plan is one patient's in the other store, too."""
    export_clinic(clinic, tmp_path / "file")
    third = a_patient(3)
    other.add_patient(third)
    other.append(third, [taken(50)])

    with pytest.raises(StoreError, match=r"^line 15: the id .* belongs to a line of another file"):
        import_clinic(other, tmp_path / "file")
    assert other.patients() == (third,)
    assert other.size() == Size(1, 1)


def broken(lines: list[str], number: int, old: str, new: str) -> list[str]:
    assert old in lines[number - 1], lines[number - 1]
    changed = lines[number - 1].replace(old, new, 1)
    return [*lines[: number - 1], changed, *lines[number:]]


@pytest.fixture
def good(clinic: Store, tmp_path: Path) -> list[str]:
    """Give the lines of an export that nothing is wrong with."""
    export_clinic(clinic, tmp_path / "good")
    return (tmp_path / "good").read_text(encoding="utf-8").splitlines(keepends=True)


@pytest.mark.parametrize(
    ("number", "piece", "words"),
    [
        (
            1,
            ('"patients":', '"persons":'),
            "line 1: an object with kind, schema, patients is expected",
        ),
        (1, ("ldn-titrate patients", "other"), "line 1: this is no file of the kind"),
        (
            1,
            ('"schema":1', '"schema":2'),
            "line 1: this file has schema 2; this version .* up to 1",
        ),
        (1, ('"schema":1', '"schema":0'), "line 1: this file has schema 0"),
        (1, ('"patients":2', '"patients":3'), "line 16: the file ends here, before all"),
        (1, ('"patients":2', '"patients":1'), "line 14: there are more lines"),
        (2, ("Pat Example", "Pat Exemple"), "line 2: the patient's data do not match their hash"),
        (2, ("Pat Example", "Pat <b>"), "line 2: character 5 of this text is an angle bracket"),
        (2, ('"lines":11', '"lines":10'), "line 12: the patient's file does not end as it should"),
        (2, ('"lines":11', '"lines":true'), "line 2: an object with patient, hash, lines, head"),
        (4, ("1.5 mg", "4.5 mg"), "line 4: this line does not match its hash"),
        (4, ("taken", "missed"), "line 4: .*"),
        (4, ("{", ""), "line 4: this is no JSON"),
        (4, ("Pat Example", r"Pat \ud800"), "line 4: a text holds half a character"),
        (4, ('"line":2', '"line":3'), "line 4: this line does not match its hash"),
        (3, ("22:00", "23:00"), "line 3: this plan file was changed after it was written"),
    ],
)
def test_a_broken_line_is_told_and_nothing_is_taken_in(
    good: list[str], other: Store, tmp_path: Path, number: int, piece: tuple[str, str], words: str
) -> None:
    """The number is that of the line in the file, and no patient's words are told."""
    text = "".join(broken(good, number, *piece))
    (tmp_path / "bad").write_text(text, encoding="utf-8")

    with pytest.raises(StoreError, match=f"^{words}") as refused:
        import_clinic(other, tmp_path / "bad")
    assert "Pat" not in str(refused.value)
    assert "nothing was taken in" in str(refused.value)
    assert other.size() == Size(0, 0)


def test_lost_and_swapped_lines_are_told(good: list[str], other: Store, tmp_path: Path) -> None:
    """A line that was taken out or moved does not follow the one before it."""
    without = [*good[:4], *good[5:]]
    swapped = [*good[:4], good[5], good[4], *good[6:]]
    for wrong in (without, swapped):
        (tmp_path / "bad").write_text("".join(wrong), encoding="utf-8")
        with pytest.raises(StoreError, match=r"^line 5: this line does not match its hash"):
            import_clinic(other, tmp_path / "bad")
    assert other.size() == Size(0, 0)


def test_a_plan_that_goes_back_is_told(other: Store, tmp_path: Path) -> None:
    """A chain of right hashes is not enough: a signed plan is not unsigned by the next line."""
    contents = [of_plan(a_signed_plan()), of_plan(a_plan())]
    lines = list(chained(PAT.id, Head(0, PAT.hash), contents))
    text = "".join(transfer._written(PatientFile(PAT, lines)))
    (tmp_path / "bad").write_text(transfer._header(1, None) + text, encoding="utf-8")

    with pytest.raises(
        StoreError, match=r"^line 4: plan \w{4}-1 is there twice; nothing was taken"
    ):
        import_clinic(other, tmp_path / "bad")


def test_a_file_that_is_none_is_told(other: Store, tmp_path: Path) -> None:
    """Neither a missing file nor letters of another kind."""
    (tmp_path / "bad").write_bytes(b"\xff\xfe\x00\n")
    with pytest.raises(StoreError, match="line 1: this is no JSON"):
        import_clinic(other, tmp_path / "bad")
    with pytest.raises(StoreError, match="cannot read none: No such file"):
        import_clinic(other, tmp_path / "none")


def test_a_broken_chain_is_not_given_away(clinic: Store, url: str, tmp_path: Path) -> None:
    """An export would make what was changed look whole."""
    clinic.close()
    with raw(url) as connection:
        unguard(connection)
        connection.exec_driver_sql("DELETE FROM ldn_line WHERE version = 3")

    for export in (export_clinic, export_sheets):
        with pytest.raises(StoreError, match=f"the file of patient {PAT.code} is not whole"):
            export(clinic, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "out"))] == []


def test_nothing_is_written_over(clinic: Store, tmp_path: Path) -> None:
    """A file, a folder and a backup that are there stay as they are."""
    (tmp_path / "mine").write_text("mine")
    for write in (export_clinic, export_sheets, backup):
        with pytest.raises(StoreError, match="mine exists already; nothing was written"):
            write(clinic, tmp_path / "mine")
        with pytest.raises(StoreError, match="cannot write new: No such file or directory"):
            write(clinic, tmp_path / "nowhere" / "new")
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_file_is_replaced_only_by_force(store: Store, tmp_path: Path) -> None:
    """The new one takes its place whole; a folder in its place stays."""
    (tmp_path / "old").write_text("old")
    for write in (export_clinic, backup):
        write(store, tmp_path / "old", force=True)
        assert (tmp_path / "old").stat().st_size > 100
        (tmp_path / "folder").mkdir(exist_ok=True)
        with pytest.raises(StoreError, match="cannot write folder: Is a directory"):
            write(store, tmp_path / "folder", force=True)


def test_the_patient_files_are_not_replaced_by_a_copy_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever forces the store's own name, however it is written, would lose everything."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.db").symlink_to("clinic.db")
    with open_store("sqlite:///clinic.db", create=True) as store:
        store.add_patient(PAT)
        for name in ("clinic.db", "./clinic.db", "link.db", str(tmp_path / "clinic.db-wal")):
            for write in (export_clinic, backup):
                with pytest.raises(StoreError, match="holds these patient files themselves"):
                    write(store, name, force=True)
        assert store.patients() == (PAT,)


def test_a_backup_is_not_laid_beside_the_log_of_another_database(tmp_path: Path) -> None:
    """SQLite would write what that log still holds into the backup."""
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("clinic", "old")]
    with open_store(urls[0], create=True) as store, open_store(urls[1], create=True) as old:
        old.add_patient(PAT)
        with pytest.raises(StoreError, match=r"old\.db-wal belongs to a database that is open or"):
            backup(store, tmp_path / "old.db", force=True)
        assert old.verify() == ()
        old.close()
        backup(store, tmp_path / "old.db", force=True)
        assert store.is_file


def test_a_name_that_is_taken_meanwhile_is_told(
    clinic: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was first keeps the name; where no link can be made, the file is moved."""

    def taken_meanwhile(_: int) -> None:
        (tmp_path / "name").write_text("first")

    with pytest.raises(StoreError, match="name exists already; nothing was written"):
        export_clinic(clinic, tmp_path / "name", progress=taken_meanwhile)
    assert (tmp_path / "name").read_text() == "first"

    def no_link(*_: object) -> None:
        raise OSError(1, "no links on this disk")

    monkeypatch.setattr(os, "link", no_link)
    assert export_clinic(clinic, tmp_path / "other").patients == 2
    assert (tmp_path / "other").exists()


def test_a_folder_that_is_taken_meanwhile_is_told(clinic: Store, tmp_path: Path) -> None:
    """The tables of whoever was first stay."""

    def taken_meanwhile(_: int) -> None:
        (tmp_path / "name").mkdir(exist_ok=True)
        (tmp_path / "name" / "mine.csv").write_text("mine")

    with pytest.raises(StoreError, match="cannot write name: Directory not empty"):
        export_sheets(clinic, tmp_path / "name", progress=taken_meanwhile)
    assert [path.name for path in (tmp_path / "name").iterdir()] == ["mine.csv"]


def test_a_backup_is_a_store_again(clinic: Store, tmp_path: Path) -> None:
    """Of SQLite it is opened; of PostgreSQL it is taken into an empty store."""
    backup(clinic, tmp_path / "copy")
    clinic.append(SAM, [taken(51)])

    url = f"sqlite:///{tmp_path}/{'copy' if clinic.is_file else 'new.db'}"
    with open_store(url, create=not clinic.is_file) as restored:
        if not clinic.is_file:
            import_clinic(restored, tmp_path / "copy")
        assert restored.verify() == ()
        assert restored.size() == Size(2, 12)
        assert restored.record(PAT) == clinic.record(PAT)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_sheets_open_right_in_a_spreadsheet(clinic: Store, tmp_path: Path) -> None:
    """Letters are UTF-8 with its mark, numbers exact, and no text is a formula."""
    assert export_sheets(clinic, tmp_path / "sheets") == Size(2, 12)

    names = {path.name for path in (tmp_path / "sheets").iterdir()}
    assert names == {"patients.csv", "plans.csv", "entries.csv"}
    content = (tmp_path / "sheets" / "entries.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfpatient,line,id,kind,day,dose_mg,")
    assert content.count(b"\r\n") == content.count(b"\n")
    entries = {row["kind"]: row for row in table(tmp_path / "sheets" / "entries.csv")}
    assert entries["taken"]["by"] == "Zoë 例"
    assert entries["note"]["text"] == "'=cmd|' /C calc'!A0"
    assert entries["measurement"]["value"] == "30.5"
    assert entries["event"]["voided"] == "yes"
    assert entries["score"]["voided"] == "no"
    assert entries["applied"]["dose_mg"] == ""
    doses = [row["dose_mg"] for row in table(tmp_path / "sheets" / "entries.csv")]
    assert doses.count("1.5") == 1


def test_sheets_hold_each_patient_and_plan(clinic: Store, tmp_path: Path) -> None:
    """One row for each."""
    export_sheets(clinic, tmp_path / "sheets", patient=PAT)

    (patient,) = table(tmp_path / "sheets" / "patients.csv")
    assert (patient["patient"], patient["name"], patient["lines"]) == (
        PAT.code,
        "Pat Example",
        "11",
    )
    plans = table(tmp_path / "sheets" / "plans.csv")
    assert [row["signed"] for row in plans] == ["no", "yes"]
    assert plans[0]["start"] == "2026-03-01"


@pytest.mark.parametrize("start", [*"=+-@\t\r\n", " =", "\N{FULLWIDTH EQUALS SIGN}"])
def test_no_cell_becomes_a_formula(start: str) -> None:
    """Each beginning that a spreadsheet reads as one is made text."""
    assert as_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("ill;=1+1", "ill;'=1+1"),
        ('ill; "@SUM(A1)"', 'ill; "\'@SUM(A1)"'),
        ("\ufeff=1+1", "'\ufeff=1+1"),
        ("ill; better", "ill; better"),
    ],
)
def test_no_part_of_a_cell_becomes_a_formula(text: str, cell: str) -> None:
    """Where a comma is the decimal mark, a semicolon begins a new cell, quoted or not."""
    assert as_cell(text) == cell


def test_each_cell_is_quoted(store: Store, tmp_path: Path) -> None:
    """A spreadsheet that also parts at semicolons would else shift the columns after it."""
    store.append(PAT, [a_line(Remark, 1, text="ill; better")])
    export_sheets(store, tmp_path / "sheets")

    assert ',"ill; better","' in (tmp_path / "sheets" / "entries.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("value", "cell"), [("-1.5", "-1.5"), ("1.50", "1.50"), (None, ""), ("a=b", "a=b"), (3, "3")]
)
def test_other_cells_are_left_as_they_are(value: object, cell: str) -> None:
    """A negative number is no formula."""
    assert as_cell(value) == cell


KEY = Pseudonyms(b"an invented key for a test")


@pytest.fixture
def moved(clinic: Store, other: Store, tmp_path: Path) -> Store:
    """Give a store that holds the same clinic under pseudonyms."""
    export_clinic(clinic, tmp_path / "away", pseudonyms=KEY)
    import_clinic(other, tmp_path / "away")
    return other


def the_same(moved: Store) -> Patient:
    """Find Pat Example again, as only the key can."""
    return next(one for one in moved.patients() if one.id == KEY.id(PAT.id))


def test_no_word_of_a_person_goes_away(moved: Store, tmp_path: Path) -> None:
    """Names, notes, terms, ids, codes and dates are all others; the file says what it is."""
    text = (tmp_path / "away").read_text(encoding="utf-8")
    header = json.loads(text.splitlines()[0])

    assert header["pseudonymised"].startswith("pseudonymised, not anonymous: ")
    told = [
        "Pat Ex",
        "Sam S",
        "Example",
        "Zoë",
        "Wilhelmina",
        "Codeine",
        "555 0100",
        "calc",
        "slip",
        "Lab Q",
    ]
    told += [PAT.code, SAM.code, a_plan().code, "1970", "2026-03", str(PAT.id), str(EVENT.id)]
    told += [str(PLAN_ID), str(PLAN_ID)[:8]]
    assert [word for word in told if word in text] == []
    assert moved.verify() == ()
    assert all(one.born is None for one in moved.patients())
    assert not any(plan.is_signed for one in moved.patients() for plan in moved.plans(one))


def test_what_can_be_counted_stays(clinic: Store, moved: Store) -> None:
    """Doses, grades, scores, weekdays, gaps and links are the same, under other names."""
    patient = the_same(moved)
    before, after = clinic.record(PAT), moved.record(patient)

    assert sorted(one.kind for one in after.lines) == sorted(one.kind for one in before.lines)
    (weeks,) = {new.day - old.day for old, new in zip(before.entries, after.entries, strict=True)}
    assert weeks.days % 7 == 0
    assert 53 <= weeks.days // 7 < 573
    (event,) = [one for one in after.lines if isinstance(one, AdverseEvent)]
    assert event.term == KEY.text(EVENT.term)
    assert (event.grade, event.scale, event.scale_version) == (2, "CTCAE", "5.0")
    assert after.voided == {event.id}
    (visit,) = after.of_kind(Visit)
    assert visit.plan == moved.plans(patient)[0].code
    (score,) = after.of_kind(Score)
    assert score.plan is None
    assert (score.instrument, score.value) == ("itch-now", Decimal(7))


def test_the_dose_is_conserved_under_a_pseudonym(clinic: Store, moved: Store) -> None:
    """Each dosing day of the plan has the same dose, so many weeks later, by the same clock."""
    old, new = (
        lay_out(plan)
        for plan in (clinic.plans(PAT)[0], moved.plans(the_same(moved))[0])
        if isinstance(plan, Plan)
    )
    weeks = new.plan.start - old.plan.start

    for before, after in zip(
        old.doses(old.first, old.first + timedelta(days=80)),
        new.doses(new.first, new.first + timedelta(days=80)),
        strict=True,
    ):
        assert (after.day - weeks, after.dose) == (before.day, before.dose)
        assert after.at.replace(tzinfo=None) - weeks == before.at.replace(tzinfo=None)


def test_a_dose_keeps_its_wall_clock(moved: Store, clinic: Store) -> None:
    """Taken at 22:10 in London is 22:10 in London on the other day, in summer time or not."""
    from ldn_titrate.zones import load_zone  # noqa: PLC0415

    clocks = [
        one.at.astimezone(load_zone("Europe/London")).time()
        for record in (clinic.record(PAT), moved.record(the_same(moved)))
        for one in record.of_kind(Taken)
        if one.at
    ]

    assert clocks == [NOW.time(), NOW.time()]


def test_two_patients_are_moved_by_their_own_weeks() -> None:
    """Knowing one patient's dates tells nothing of another's."""
    weeks = {KEY._weeks(UUID(int=number)) for number in range(200)}

    assert len(weeks) > 100
    assert Pseudonyms.fresh() != Pseudonyms.fresh()
    assert KEY.id(PAT.id) != Pseudonyms(b"another").id(PAT.id)
    assert "invented" not in repr(KEY)


def test_a_day_that_cannot_be_moved_is_refused(clinic: Store, tmp_path: Path) -> None:
    """A slip such as the year 2199 would leave the calendar of this library."""
    clinic.append(PAT, [taken(99, day=date(2199, 12, 31))])

    with pytest.raises(StoreError, match=f"patient {PAT.code} cannot be moved to other dates"):
        export_clinic(clinic, tmp_path / "away", pseudonyms=KEY)
    assert not (tmp_path / "away").exists()


def test_an_own_protocol_loses_its_words(store: Store, other: Store, tmp_path: Path) -> None:
    """Its doses stay; what somebody wrote about it does not."""
    protocol = a_protocol(linear("1.5 mg", "1.5 mg", "P14D", "4.5 mg"))
    store.save_plan(PAT, a_plan(protocol=protocol))
    export_clinic(store, tmp_path / "away", pseudonyms=KEY)
    import_clinic(other, tmp_path / "away")

    (plan,) = other.plans(other.patients()[0])
    assert isinstance(plan, Plan)
    assert plan.protocol.title == "replaced"
    assert plan.protocol.sources == ("replaced",)
    assert plan.protocol.as_of - protocol.as_of == plan.start - a_plan().start
    assert plan.protocol.doses == protocol.doses


def test_a_cream_loses_its_words(store: Store, other: Store, tmp_path: Path) -> None:
    """Where it goes is somebody's own words; how much of it is not."""
    cream = TopicalPlan(
        id=uuid4(),
        revised_at=NOW,
        vehicle="cream",
        site="the scar above the left elbow",
        amount=TopicalAmount.parse("0.5 g"),
        times_per_day=1,
        times=(time(20),),
        start=DAY,
        review_on=date(2026, 4, 1),
        timezone="Europe/London",
    )
    store.save_plan(PAT, cream)
    export_clinic(store, tmp_path / "away", pseudonyms=KEY)
    import_clinic(other, tmp_path / "away")

    (plan,) = other.plans(the_same(other))
    assert isinstance(plan, TopicalPlan)
    assert "elbow" not in plan.site
    assert (plan.amount, plan.times, len(plan.days)) == (cream.amount, cream.times, len(cream.days))


def test_pseudonymised_sheets_say_so(clinic: Store, tmp_path: Path) -> None:
    """A spreadsheet has no first line for it, so that it lies beside."""
    export_sheets(clinic, tmp_path / "sheets", pseudonyms=KEY)

    assert "not anonymous" in (tmp_path / "sheets" / "READ-THIS.txt").read_text()
    assert b"Pat" not in (tmp_path / "sheets" / "entries.csv").read_bytes()


def texts(kind: Any, seen: set[type]) -> Iterator[str]:
    """Yield the name of each field of a model, at any depth, that holds text."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind in seen:
            return
        seen.add(kind)
        for name, field in kind.model_fields.items():
            if str in (field.annotation, *get_args(field.annotation)):
                yield name
            yield from texts(field.annotation, seen)
    for part in get_args(kind):
        yield from texts(part, seen)


def test_every_kept_text_is_one_that_exists() -> None:
    """What stays readable is a short list, and no field is on it that nobody has."""
    found = {"kind", *texts(Entry, set()), *texts(Plan, set()), *texts(TopicalPlan, set())}

    assert found >= rules.KEPT
    assert not rules.KEPT & {"by", "name", "patient", "reason", "role", "term", "text", "source"}


def test_a_term_of_the_library_stays_readable() -> None:
    """It is nobody's own word, and without it no adverse event could be counted."""
    event = EVENT.replace(term="Anxiety")
    moved = rules._Moved(KEY, timedelta(weeks=60), PatientFile(PAT, ()))

    assert moved.value("", event).term == "Anxiety"
