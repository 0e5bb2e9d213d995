"""The patient files in both databases: what goes in comes out, once and in order, for good."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

import databases
from databases import DAY, NOW, a_patient, raw, taken, unguard
from ldn_titrate.amendment import Stay
from ldn_titrate.entry import Applied, Missed, Skipped, Void
from ldn_titrate.errors import LdnTitrateError, PlanError, StoreConflict, StoreError, TopicalError
from ldn_titrate.plan import GivenOut, Plan
from ldn_titrate.record import Record
from ldn_titrate.store import Appended, Patient, Size, Store, init_store, open_store
from ldn_titrate.store.tables import HEADS, LINES, PATIENTS, Instant
from ldn_titrate.topical import TopicalAmount, TopicalPlan
from plans import PLAN_ID, REVISED_AT, a_plan, a_signed_plan, dose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

server, url, store = databases.server, databases.url, databases.store

PAT = a_patient()


def a_cream(**changes: Any) -> TopicalPlan:
    fields: dict[str, Any] = {
        "id": UUID(int=77),
        "revised_at": REVISED_AT,
        "vehicle": "cream",
        "site": "forearms",
        "amount": TopicalAmount.parse("0.5 g"),
        "times_per_day": 1,
        "times": (time(20),),
        "start": DAY,
        "review_on": date(2026, 4, 1),
        "timezone": "Europe/London",
    }
    return TopicalPlan(**{**fields, **changes})


def a_signed_cream() -> TopicalPlan:
    return a_cream().signed(by="Dr Example", role="physician", at=NOW, screened_elsewhere=True)


def a_stay(days: int) -> Stay:
    return Stay(
        effective=date(2026, 3, 10),
        reason="An invented reason",
        at=NOW,
        by="Dr Example",
        role="physician",
        days=days,
    )


def amended(days: int = 14) -> Plan:
    """Make version 2 of the plan of Pat Example."""
    return a_signed_plan().amended(a_stay(days))


def test_what_was_written_is_read_again(store: Store) -> None:
    """Each kind of line comes back as the value that went in."""
    lines = (
        taken(1, amount=dose("1.5 mg"), at=NOW),
        Skipped(id=uuid4(), written_at=NOW, by="Pat Example", day=DAY, reason="Slept badly"),
        Missed(id=uuid4(), written_at=NOW, by="Zoë 例", day=DAY),
        Void(id=uuid4(), written_at=NOW, by="Pat Example", of=UUID(int=5), reason="A slip"),
        Applied(id=uuid4(), written_at=NOW, by="P", day=DAY, amount=TopicalAmount.parse("0.5 g")),
    )

    assert store.append(PAT, lines) == Appended(added=5, known=0, version=5)
    assert store.record(PAT) == Record(lines)
    assert store.verify() == ()
    assert store.size() == Size(patients=1, lines=5)


def test_the_same_batch_twice_adds_nothing(store: Store) -> None:
    """Who got no answer sends again."""
    lines = [taken(1), taken(2)]
    store.append(PAT, lines)

    assert store.append(PAT, lines) == Appended(added=0, known=2, version=2)
    assert store.append(PAT, [*lines, taken(3), taken(3)]) == Appended(1, 2, 3)
    assert store.version(PAT) == 3


def test_a_batch_may_be_long(store: Store) -> None:
    """More ids than one statement may hold are asked for in parts."""
    lines = [taken(number % 900, id=UUID(int=5000 + number)) for number in range(1201)]

    assert store.append(PAT, lines).added == 1201
    assert store.append(PAT, lines) == Appended(0, 1201, 1201)


def test_an_id_that_says_something_else_is_refused(store: Store) -> None:
    """Neither a kept line nor one of the same batch is contradicted, and nothing is added."""
    other = taken(1, amount=dose("3 mg"))
    with pytest.raises(StoreError, match="is kept already and says something else"):
        store.append(PAT, [taken(1), other])
    store.append(PAT, [taken(1)])
    with pytest.raises(StoreError, match="is kept already and says something else"):
        store.append(PAT, [taken(2), other])

    assert store.record(PAT).lines == (taken(1),)


def test_an_id_of_another_file_is_refused(store: Store) -> None:
    """One line stands in one file, and whose that is is not told."""
    store.add_patient(a_patient(2, name="Sam Sample"))
    store.append(PAT, [taken(1)])

    with pytest.raises(StoreError, match=r"belongs to a line of another file$"):
        store.append(a_patient(2, name="Sam Sample"), [taken(1)])


def test_a_stale_reader_is_told(store: Store) -> None:
    """Who read two lines and finds three reads again; what is known already is no conflict."""
    store.append(PAT, [taken(1), taken(2)])
    assert store.append(PAT, [taken(3)], expected=2).version == 3

    with pytest.raises(StoreConflict, match="has 3 lines, not 2"):
        store.append(PAT, [taken(4)], expected=2)

    assert store.append(PAT, [taken(3)], expected=2) == Appended(0, 1, 3)
    assert store.version(PAT) == 3


def test_an_unknown_patient_has_no_file(store: Store) -> None:
    """Nothing is written for somebody who is not there."""
    stranger = a_patient(9)
    for ask in (
        lambda: store.append(stranger, [taken(1)]),
        lambda: store.save_plan(stranger, a_plan()),
        lambda: store.version(stranger),
    ):
        with pytest.raises(StoreError, match=f"patient {stranger.code} is not among these"):
            ask()
    assert store.size() == Size(1, 0)


def test_patients_are_found_by_their_code(store: Store) -> None:
    """In small letters, too; a code tells nothing of the name."""
    later = a_patient(2, name="Sam Sample", born=date(1980, 2, 29), created_at=NOW.replace(hour=23))
    store.add_patient(later)

    assert store.patients() == (PAT, later)
    assert store.find_patient(later.code.lower()) == later
    assert later.code == later.replace(name="Someone Else").code != PAT.code
    with pytest.raises(StoreError, match="no patient here has the code 000000"):
        store.find_patient("000000")
    for no_code in ("Pat Example", "NOPE22"):
        with pytest.raises(StoreError) as refused:
            store.find_patient(no_code)
        assert str(refused.value) == (
            "a patient's code is 6 letters and digits, such as 7F3K9Q; the letters I, L, O and U "
            "are not used"
        )


def test_a_code_is_one_patients(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two who share an id or a code are refused, by the database as well."""
    with pytest.raises(StoreConflict, match=f"another patient has the code {PAT.code}"):
        store.add_patient(a_patient(1, name="Sam Sample"))
    monkeypatch.setattr(Patient, "code", PAT.code)
    with pytest.raises(StoreConflict, match="take another id"):
        store.add_patient(a_patient(2))
    row = {**dict(a_patient(2)), "code": PAT.code, "hash": "x"}
    with pytest.raises(StoreConflict):
        store.write(lambda connection: connection.execute(PATIENTS.insert(), row))
    assert store.patients() == (PAT,)


@pytest.mark.parametrize("born", [date(1879, 12, 31), date(2200, 1, 1)])
def test_a_birthday_is_one_of_a_patient(born: date) -> None:
    """A slip of the century is refused."""
    with pytest.raises(LdnTitrateError, match="a birthday lies between 1880-01-01 and 2199-12-31"):
        a_patient(born=born)


def test_each_state_of_a_plan_is_kept(store: Store) -> None:
    """Made, signed, amended, calendar given out: four lines, and the newest is the plan."""
    given = amended().replace(given_out=(GivenOut(version=2, generation=1, through=DAY),))
    for plan in (a_plan(), a_signed_plan(), amended(), given):
        assert store.save_plan(PAT, plan).added == 1

    assert store.plans(PAT) == (given,)
    assert store.plan(PAT, PLAN_ID) == given
    assert store.plan(PAT, PLAN_ID, 1) == a_signed_plan()
    assert store.version(PAT) == 4
    assert store.verify() == ()
    assert store.record(PAT) == Record()


def test_a_state_that_is_kept_or_older_adds_nothing(store: Store) -> None:
    """An old copy of a plan that says nothing new is known."""
    store.save_plan(PAT, amended())

    for plan in (amended(), a_signed_plan(), a_plan()):
        assert store.save_plan(PAT, plan) == Appended(0, 1, 1)


@pytest.mark.parametrize(
    "other",
    [
        lambda: a_plan(start=date(2026, 3, 2)),
        lambda: amended(days=7),
        lambda: a_cream(id=PLAN_ID),
    ],
)
def test_a_plan_that_contradicts_is_refused(
    store: Store, other: Callable[[], Plan | TopicalPlan]
) -> None:
    """Another start, another amendment, another kind of plan: all under the same id."""
    store.save_plan(PAT, amended())

    with pytest.raises(StoreError, match="says something else than the one that is kept"):
        store.save_plan(PAT, other())

    assert store.plans(PAT) == (amended(),)


def test_a_plan_on_top_of_a_stale_look_is_refused(store: Store) -> None:
    """What was decided by an older file is decided again; what is known already does no harm."""
    store.save_plan(PAT, a_plan(), expected=0)

    with pytest.raises(StoreConflict, match="has 1 lines, not 0: it was written to meanwhile"):
        store.save_plan(PAT, amended(), expected=0)

    assert store.save_plan(PAT, a_plan(), expected=0) == Appended(0, 1, 1)
    assert store.version(PAT) == 1


def test_a_draft_may_be_written_anew(store: Store) -> None:
    """Until it is signed; what it was stays in the file, and is never taken for the newest."""
    later = a_plan(start=date(2026, 3, 2))
    store.save_plan(PAT, a_plan())

    assert store.save_plan(PAT, later).added == 1
    assert store.plans(PAT) == (later,)
    with pytest.raises(StoreError, match=r"this draft of plan .* was written anew since"):
        store.save_plan(PAT, a_plan())
    assert store.plans(PAT) == (later,)
    assert store.version(PAT) == 2


def test_a_draft_of_a_later_version_may_be_written_anew(store: Store) -> None:
    """The versions before it stay as they are."""
    plan = a_plan()
    stays = [plan.amended(a_stay(days)) for days in (7, 14)]
    for one in stays:
        store.save_plan(PAT, one)

    assert store.plans(PAT) == (stays[1],)
    with pytest.raises(StoreError, match="says something else than the one that is kept"):
        store.save_plan(PAT, a_plan(start=date(2026, 3, 2)).amended(a_stay(14)))


def test_an_old_copy_that_was_worked_on_is_refused(store: Store) -> None:
    """A calendar was given out from version 1 while version 2 was there already."""
    store.save_plan(PAT, amended())
    stale = a_signed_plan().replace(given_out=(GivenOut(version=1, generation=1, through=DAY),))

    with pytest.raises(StoreError, match=r"older than the one that is kept, \w{4}-2: it lacks"):
        store.save_plan(PAT, stale)


def test_a_plan_belongs_to_one_patient(store: Store) -> None:
    """Neither another patient nor another name takes it over."""
    sam = a_patient(2, name="Sam Sample")
    store.add_patient(sam)
    store.save_plan(PAT, a_plan())

    with pytest.raises(StoreError, match="this plan belongs to another patient"):
        store.save_plan(sam, a_plan(patient=None))
    with pytest.raises(StoreError, match="carries another name than patient") as refused:
        store.save_plan(sam, a_plan(id=uuid4()))
    assert "Sam" not in str(refused.value)
    assert "Pat" not in str(refused.value)
    assert store.plans(sam) == ()


def test_a_cream_is_kept_like_a_plan(store: Store) -> None:
    """It is signed once, and has one version."""
    signed = a_signed_cream()
    store.save_plan(PAT, a_cream())
    store.save_plan(PAT, signed)
    store.save_plan(PAT, a_plan())

    assert store.plans(PAT) == (signed, a_plan())
    assert store.plan(PAT, signed.id, 1) == signed
    with pytest.raises(TopicalError, match="has version 1 only, not 2"):
        store.plan(PAT, signed.id, 2)
    with pytest.raises(PlanError, match="has versions 1 to 1, not 0"):
        store.plan(PAT, PLAN_ID, 0)
    with pytest.raises(StoreError, match="has no plan with this id"):
        store.plan(PAT, uuid4())


def test_doses_are_whole_micrograms_in_the_database(store: Store) -> None:
    """0.1 mg ten times is 1 mg, and a cream has no column for its mg."""
    tenths = [taken(number, amount=dose("0.1 mg")) for number in range(10)]
    cream = Applied(id=uuid4(), written_at=NOW, by="P", day=DAY, amount=TopicalAmount.parse("2 g"))
    store.append(PAT, [*tenths, cream, taken(99)])

    with store.reading() as connection:
        total, known = connection.execute(
            sa.select(sa.func.sum(LINES.c.micrograms), sa.func.count(LINES.c.micrograms))
        ).one()

    assert (int(total), known) == (1000, 10)


def test_an_instant_keeps_its_moment(store: Store) -> None:
    """08:00 in a zone two hours ahead is 06:00 in UTC, and stays that."""
    ahead = datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=2)))
    sam = a_patient(2)
    row = {**dict(sam), "code": sam.code, "hash": "x", "created_at": ahead}
    store.write(lambda connection: connection.execute(PATIENTS.insert(), row))

    with store.reading() as connection:
        asked = sa.select(PATIENTS.c.created_at).where(PATIENTS.c.id == sam.id)
        found = connection.scalar(asked)

    assert found == ahead
    assert found.tzinfo is UTC


def test_a_naive_instant_is_refused(store: Store) -> None:
    """It would be read as the wrong moment some day."""
    row = {**dict(a_patient(2)), "code": "ABCDEF", "hash": "x", "created_at": datetime(2026, 3, 1)}  # noqa: DTZ001
    with pytest.raises(
        sa.exc.StatementError, match="an instant without a time zone is never stored"
    ):
        store.write(lambda connection: connection.execute(PATIENTS.insert(), row))
    assert Instant().process_bind_param(None, sa.create_engine("sqlite://").dialect) is None


def test_data_is_kept_to_the_letter(store: Store, url: str) -> None:
    """A type for JSON would order the keys anew, and no hash would fit."""
    store.append(PAT, [taken(1, by="Zoë 例")])

    with raw(url) as connection:
        data = connection.exec_driver_sql("SELECT data FROM ldn_line").scalar_one()

    assert list(json.loads(data)) == sorted(json.loads(data))
    assert data.startswith('{"by":"Zoë 例","day":"2026-03-02",')


@pytest.mark.parametrize("table", ["ldn_patient", "ldn_plan", "ldn_line"])
def test_the_database_itself_refuses_changes(store: Store, url: str, table: str) -> None:
    """Whoever goes past this library can add, but not change or take out."""
    store.append(PAT, [taken(1)])
    store.save_plan(PAT, a_plan())

    statements = [f"UPDATE {table} SET id = id", f"DELETE FROM {table}"]
    if url.startswith("postgresql"):
        statements.append(f"TRUNCATE {table} CASCADE")
    for statement in statements:
        with raw(url) as connection, pytest.raises(sa.exc.DBAPIError, match="append-only"):
            connection.exec_driver_sql(statement)
    assert store.verify() == ()


def test_the_end_of_a_file_only_moves_on(store: Store, url: str) -> None:
    """It is neither set back nor taken out."""
    store.append(PAT, [taken(1)])

    for statement in ("UPDATE ldn_head SET version = 0", "DELETE FROM ldn_head"):
        with raw(url) as connection, pytest.raises(sa.exc.DBAPIError, match="only moves on"):
            connection.exec_driver_sql(statement)


def test_the_number_of_files_only_grows(store: Store, url: str) -> None:
    """It is neither set back nor taken out, and the database itself counts."""
    store.add_patient(a_patient(2))

    for statement in ("UPDATE ldn_roll SET patients = 1", "DELETE FROM ldn_roll"):
        with raw(url) as connection, pytest.raises(sa.exc.DBAPIError, match="only grows"):
            connection.exec_driver_sql(statement)
    with raw(url) as connection:
        assert connection.exec_driver_sql("SELECT patients FROM ldn_roll").scalar() == 2


@pytest.mark.parametrize(
    ("table", "changed"),
    [
        ("ldn_patient", "id, code, 'Sam Sample', born, created_at, hash"),
        ("ldn_plan", "id, patient"),
        ("ldn_line", "pos, patient, version, id, kind, plan, day, 9, written_at, data, prev, hash"),
        ("ldn_head", "patient, 0, hash"),
        ("ldn_roll", "one, 0"),
    ],
)
def test_sqlite_replaces_no_row(tmp_path: Path, table: str, changed: str) -> None:
    """Its INSERT OR REPLACE takes a row out without asking whether it may be deleted."""
    url = f"sqlite:///{tmp_path}/clinic.db"
    with open_store(url, create=True) as store:
        store.add_patient(PAT)
        store.append(PAT, [taken(1)])
        store.save_plan(PAT, a_plan())

        replace = f"INSERT OR REPLACE INTO {table} SELECT {changed} FROM {table}"
        with raw(url) as connection, pytest.raises(sa.exc.DBAPIError, match="append-only"):
            connection.exec_driver_sql(replace)
        assert store.verify() == ()


def found_after(store: Store, url: str, *statements: str) -> list[str]:
    """Say what verify finds after somebody went in by the back door."""
    store.append(PAT, [taken(1, amount=dose("1.5 mg")), taken(2), taken(3), taken(4)])
    assert store.verify() == ()
    store.close()
    with raw(url) as connection:
        unguard(connection)
        for statement in statements:
            connection.exec_driver_sql(statement)
    found = store.verify()
    assert all("Pat" not in str(one) for one in found)
    places = [one.where.removeprefix(f"patient {PAT.code}").lstrip(", ") for one in found]
    return [f"{one.code} {place}" for one, place in zip(found, places, strict=True)]


@pytest.mark.parametrize(
    "change",
    [
        "data = REPLACE(data, '1.5 mg', '4.5 mg')",
        "micrograms = 4500",
        "day = '2026-03-09'",
        "kind = 'missed'",
        "written_at = '2026-03-01 22:00:00.000000'",
        "hash = REPLACE(hash, 'a', 'b')",
    ],
)
def test_a_changed_line_is_named(store: Store, url: str, change: str) -> None:
    """One byte is enough, in whichever column it is."""
    found = found_after(store, url, f"UPDATE ldn_line SET {change} WHERE version = 1")

    assert found[0] == "store.changed line 1"
    assert set(found[1:]) <= {"store.missing line 2"}


def test_a_line_that_is_gone_is_missed(store: Store, url: str) -> None:
    """The line after it says that one is missing."""
    found = found_after(store, url, "DELETE FROM ldn_line WHERE version = 2")

    assert found == ["store.missing line 3"]


def test_a_gap_that_was_closed_is_seen(store: Store, url: str) -> None:
    """Giving the later lines new numbers does not hide it."""
    found = found_after(
        store,
        url,
        "DELETE FROM ldn_line WHERE version = 2",
        "UPDATE ldn_line SET version = 2 WHERE version = 3",
    )

    assert found == ["store.changed line 2", "store.missing line 4"]


def test_an_end_that_was_cut_off_is_missed(store: Store, url: str) -> None:
    """No later line tells of it, but the end that is kept apart does."""
    assert found_after(store, url, "DELETE FROM ldn_line WHERE version = 4") == ["store.cut "]


def test_a_lost_end_is_missed(store: Store, url: str) -> None:
    """Taking the kept end away with the lines does not hide it."""
    statements = ("DELETE FROM ldn_line WHERE version = 4", "DELETE FROM ldn_head")

    assert found_after(store, url, *statements) == ["store.cut "]


def test_swapped_lines_are_named(store: Store, url: str) -> None:
    """Both lines are whole, but in each other's place."""
    found = found_after(
        store,
        url,
        "UPDATE ldn_line SET version = 9 WHERE version = 2",
        "UPDATE ldn_line SET version = 2 WHERE version = 3",
        "UPDATE ldn_line SET version = 3 WHERE version = 9",
    )

    assert found == ["store.reordered line 2", "store.reordered line 3", "store.missing line 4"]


def test_a_fork_is_named(store: Store, url: str) -> None:
    """Two lines that follow the same one are both named."""
    found = found_after(
        store,
        url,
        "UPDATE ldn_line SET prev = (SELECT prev FROM ldn_line WHERE version = 2) "
        "WHERE version = 3",
    )

    assert found[0] == "store.forked line 2"
    assert "store.forked line 3" in found


def test_a_changed_patient_is_named(store: Store, url: str) -> None:
    """Another name would put one patient's doses under another's; lines begin from the patient."""
    found = found_after(store, url, "UPDATE ldn_patient SET name = 'Sam <Sample>'")

    assert found == ["store.patient ", "store.missing line 1"]


def test_lines_of_nobody_are_named(store: Store, url: str) -> None:
    """A patient who was taken out leaves lines behind."""
    statements = ["DELETE FROM ldn_patient"]
    if url.startswith("postgresql"):
        statements.insert(0, "ALTER TABLE ldn_line DROP CONSTRAINT fk_ldn_line_patient")
        statements.insert(0, "ALTER TABLE ldn_head DROP CONSTRAINT fk_ldn_head_patient")
        statements.insert(0, "ALTER TABLE ldn_plan DROP CONSTRAINT fk_ldn_plan_patient")

    assert found_after(store, url, *statements) == [
        "store.lost ldn_patient",
        "store.nobody ldn_line",
        "store.nobody ldn_head",
    ]


def test_a_patient_who_was_taken_out_with_everything_is_missed(store: Store, url: str) -> None:
    """No chain tells of it, but the database counts the files that were begun."""
    tables = ("ldn_line", "ldn_head", "ldn_patient")

    found = found_after(store, url, *(f"DELETE FROM {table}" for table in tables))

    assert found == ["store.lost ldn_patient"]


def test_a_plan_that_was_made_another_patients_is_named(store: Store, url: str) -> None:
    """That patient could go on writing it, and would get another one's dose."""
    store.add_patient(a_patient(2))
    store.save_plan(PAT, a_plan())
    statements = [
        "UPDATE ldn_plan SET patient = (SELECT id FROM ldn_patient WHERE id <> ldn_plan.patient)"
    ]
    if url.startswith("postgresql"):
        statements.insert(0, "ALTER TABLE ldn_line DROP CONSTRAINT fk_ldn_line_plan_patient")

    assert found_after(store, url, *statements) == ["store.plan ldn_plan"]


@pytest.mark.parametrize("value", ["name = X'50'", "born = 'Sunday'", "id = 7"])
def test_a_patient_who_cannot_be_read_is_named(tmp_path: Path, value: str) -> None:
    """By the code that is kept; the check goes on with the others."""
    url = f"sqlite:///{tmp_path}/clinic.db"
    with open_store(url, create=True) as store:
        store.add_patient(PAT)
        store.add_patient(a_patient(2))
        found = found_after(store, url, f"UPDATE ldn_patient SET {value} WHERE code = '{PAT.code}'")
        assert found[0] == "store.unreadable "
        assert {one.split()[0] for one in found[1:]} <= {"store.nobody"}


@pytest.mark.parametrize(
    "value",
    [
        "day = 'Sunday'",
        "day = 5",
        "data = CAST(X'FF' AS TEXT)",
        "data = X'7B7D'",
        "id = 'x'",
        "version = 'x'",
        "micrograms = 0.5",
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, value: str) -> None:
    """SQLite lets anything stand in a column; the check goes on with the next patient."""
    url = f"sqlite:///{tmp_path}/clinic.db"
    with open_store(url, create=True) as store:
        store.add_patient(PAT)
        store.add_patient(a_patient(2))
        found = found_after(store, url, f"UPDATE ldn_line SET {value} WHERE version = 2")
        assert found == ["store.unreadable "]


def test_a_line_of_no_patient_is_refused_by_the_database(store: Store) -> None:
    """Foreign keys are on."""
    end = {"patient": UUID(int=99), "version": 0, "hash": "x"}
    with pytest.raises(StoreConflict):
        store.write(lambda connection: connection.execute(HEADS.insert(), end))


def test_a_store_may_be_opened_again_and_again(store: Store, url: str) -> None:
    """Making what is there already changes nothing."""
    store.append(PAT, [taken(1)])
    init_store(url)

    with open_store(url, create=True) as again:
        assert again.record(PAT).lines == (taken(1),)


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    """Each connection writes ahead, waits for the disk and for others, and minds its keys."""
    with open_store(f"sqlite:///{tmp_path}/clinic.db", create=True) as store, store.reading() as on:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [on.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]

    assert found == ["wal", 2, 1, 30_000]


def test_without_its_extra_the_store_says_so() -> None:
    """The rest of the library works; this room names what to install."""
    program = "import sys; sys.modules['sqlalchemy'] = None; import ldn_titrate.store"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert done.stderr.strip().endswith(
        "StoreError: patient files in a database need an extra: pip install 'ldn-titrate[store]'"
    )
