"""The table of entries is read back: as exported, as a spreadsheet saved it, as it was typed."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import desk as desks
from databases import a_patient
from desk import CODE, PATIENT_ID
from ldn_titrate.cli import run
from ldn_titrate.entry import Entry, OpioidTaken, Remark, Taken, Void
from ldn_titrate.errors import RecordError
from ldn_titrate.record import Record, dump_record, load_record
from ldn_titrate.store import Patient, Store, export_sheets, init_store, open_store
from ldn_titrate.store.cells import ENTRY_COLUMNS, as_cell, from_cell
from ldn_titrate.store.rows import _form_of, read_entries, read_rows
from records import an_entry, on, records, taken
from test_scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from desk import Desk

desk = desks.desk
PAT, SAM = a_patient(), a_patient(2, name="Sam Sample")
DIALECTS: Final[dict[str, dict[str, Any]]] = {
    "commas": {"delimiter": ",", "quoting": csv.QUOTE_MINIMAL},
    "semicolons": {"delimiter": ";", "quoting": csv.QUOTE_MINIMAL},
    "quotes": {"delimiter": ";", "quoting": csv.QUOTE_ALL, "lineterminator": "\n"},
}
HOSTILE: Final = (
    "=cmd|' /C calc'!A0",
    "'=1+1",
    "''=1+1",
    "' @SUM(A1)",
    "'twas a long night",
    "ill;=1+1",
    "ill;'=1+1",
    'ill; "@SUM(A1)"; \'-5',
    "-5",
    "'-5",
    "\ufeff=1+1",
    "yes",
    "2026-12-01",
    "1,5; 2,5",
    '"quoted", and more',
    "Zoë 例",
)


def parted(text: str) -> list[list[str]]:
    """Read a table as Python does."""
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))


def saved(rows: Iterable[Sequence[str]], dialect: str, mark: str = "") -> str:
    """Write a table as a spreadsheet saves it."""
    out = StringIO(newline="")
    csv.writer(out, **DIALECTS[dialect]).writerows(rows)
    return mark + out.getvalue()


def of_rows(*rows: Mapping[str, str]) -> str:
    """Write the table that somebody typed, with the columns that its rows name."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return saved([names, *([row.get(name, "") for name in names] for row in rows)], "commas")


def read(text: str, patient: Patient = PAT, voided: Iterable[UUID] = ()) -> Record:
    """Read a table of one patient."""
    return read_entries(read_rows(text), patient=patient.code, voided=frozenset(voided))


def exported(store: Store, folder: Path, patient: Patient | None = None) -> str:
    """Export the tables, and give that of the entries."""
    export_sheets(store, folder, patient=patient)
    return (folder / "entries.csv").read_bytes().decode("utf-8")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give an empty store."""
    with open_store(f"sqlite:///{tmp_path}/one.db", create=True) as opened:
        yield opened


GOOD: Final = {
    "id": "00000000-0000-4000-8000-0000000000bb",
    "written_at": "2026-03-02T12:00:00Z",
    "by": "Pat Example",
    "kind": "taken",
    "day": "2026-03-01",
}
EVENT: Final = {
    **GOOD,
    "kind": "event",
    "term": "nausea",
    "grade": "2",
    "scale": "CTCAE",
    "scale_version": "5.0",
}
SCORE: Final = {**GOOD, "kind": "score", "instrument": "pain-nrs"}
DISPENSED: Final = {**GOOD, "kind": "dispensed", "product": "capsule 1.5 mg", "amount": "30"}


# There and back


@pytest.mark.parametrize("folder", SCENARIOS, ids=[one.name for one in SCENARIOS])
def test_each_story_comes_back_from_its_table(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By commands alone, into an empty store, byte for byte; the second time nothing is added."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LDN_TITRATE_STORE", raising=False)

    def said(*words: str) -> str:
        status, printed = run(words), capsys.readouterr()
        assert status == 0, printed.err
        return printed.out + (printed.err if words[1] == "import" else "")

    for place in ("sqlite:///one.db", "sqlite:///two.db"):
        said("store", "init", "--store", place)
        said("patient", "add", "Pat Example", "--id", str(PATIENT_ID), "--store", place)
        said("patient", "plan", CODE, str(folder / "plan.json"), "--store", place)
    said("record", "import", CODE, str(folder / "record.jsonl"), "--store", "sqlite:///one.db")
    said("store", "export", "sheets", "--format", "csv", "--store", "sqlite:///one.db")
    two = ("--store", "sqlite:///two.db")
    said("record", "import", CODE, "sheets/entries.csv", *two)

    lines = said("record", "show", CODE, "--format", "jsonl", *two)
    assert lines == dump_record(load_record((folder / "record.jsonl").read_text("utf-8")))
    again = said("record", "import", CODE, "sheets/entries.csv", *two)
    assert again.startswith(f"0 entries added, {lines.count(chr(10))} known already")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store, Path]]:
    """Give two stores for many patients, and a folder."""
    folder = tmp_path_factory.mktemp("stores")
    urls = [f"sqlite:///{folder}/{name}.db" for name in ("one", "two")]
    for url in urls:
        init_store(url)
    with open_store(urls[0]) as one, open_store(urls[1]) as two:
        yield one, two, folder


def of_its_own(record: Record, texts: Sequence[str], patient: Patient) -> Record:
    """Put remarks into a record, and give its lines ids that no other patient's lines have."""
    more = [an_entry(Remark, 100 + n, day=on(n + 1), text=text) for n, text in enumerate(texts)]
    return Record(tuple(renamed(one, patient) for one in record.with_lines(more).lines))


def renamed(line: Entry, patient: Patient) -> Entry:
    """Give a line another id, and the line that it takes back."""
    of = {"of": uuid5(patient.id, str(line.of))} if isinstance(line, Void) else {}
    return line.replace(id=uuid5(patient.id, str(line.id)), **of)


HOSTILE_TEXTS: Final = st.text("=+-@;'\"\ufeff\uff1d ,a1\u00e9", min_size=1, max_size=12).filter(
    lambda text: any(character not in " \ufeff" for character in text)
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records(), st.lists(HOSTILE_TEXTS | st.sampled_from(HOSTILE), max_size=6), st.data())
def test_each_record_comes_back_from_its_table(
    stores: tuple[Store, Store, Path], record: Record, texts: list[str], data: st.DataObject
) -> None:
    """From one store into another, whatever a spreadsheet made of separators and columns."""
    one, two, folder = stores
    patient = a_patient(one.size().patients + 10)
    ours = of_its_own(record, texts, patient)
    for files in (one, two):
        files.add_patient(patient)
    one.append(patient, ours.lines)
    rows = parted(exported(one, folder / patient.code, patient))
    order = data.draw(st.permutations(range(len(ENTRY_COLUMNS))))
    dialect = data.draw(st.sampled_from(sorted(DIALECTS)))
    text = saved([[row[at] for at in order] for row in rows], dialect)

    two.append(patient, read(text, patient).lines)

    assert dump_record(two.record(patient)) == dump_record(ours)


def test_a_whole_clinic_comes_back_from_one_table(store: Store, tmp_path: Path) -> None:
    """Each patient's rows, told apart by the code; those of another are refused."""
    kept = {
        PAT: Record((taken(1, "1.5 mg"), an_entry(Remark, text="=1+1; =2"))),
        SAM: Record((an_entry(Remark, 7, day=on(2), text="'=1+1"), taken(3))),
    }
    for patient, record in kept.items():
        store.add_patient(patient)
        store.append(patient, record.lines)
    text = exported(store, tmp_path / "sheets")
    names, *rows = parted(text)

    for patient, record in kept.items():
        ours = [row for row in rows if row[names.index("patient")] == patient.code]
        assert len(ours) == 2
        assert read(saved([names, *ours], "semicolons"), patient) == record
    with pytest.raises(RecordError) as refused:
        read(text, PAT)
    words = f"this row is of another patient than {PAT.code} (at patient)"
    assert str(refused.value) == f"row 4: {words}\nrow 5: {words}"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_guard_is_taken_off_again(text: str) -> None:
    """Text that looked guarded before gets one more."""
    assert from_cell(as_cell(text)) == text


@given(st.text("=+-@;'\"\t\r\n\ufeff\uff1d ,a1", max_size=14) | st.text())
def test_any_text_comes_back_from_its_cell(text: str) -> None:
    """And is none of what a spreadsheet calculates, but for a plain number."""
    assert from_cell(as_cell(text)) == text


# What a spreadsheet or a person may do to it


def test_columns_stand_in_any_order_and_may_be_left_out() -> None:
    """Only those are needed that say something; a row without anything is none."""
    row = dict(reversed(GOOD.items()))

    told = read(of_rows({"amount": "1.5 mg", **row}, {}, {**row, "id": str(UUID(int=7))}))

    assert [one.kind for one in told.lines] == ["taken", "taken"]
    assert isinstance(told.lines[1], Taken)
    assert str(told.lines[1].amount) == "1.5 mg"


def test_empty_columns_at_the_end_are_nothing() -> None:
    """A spreadsheet writes them, or leaves out those of a row."""
    text = ",".join(GOOD) + ",amount,,\n" + ",".join(GOOD.values()) + ",,,\n,,\n"
    short = ",".join(GOOD) + ",amount,,\n" + ",".join(GOOD.values()) + "\n"

    assert read(text) == read(short) == read(of_rows(GOOD))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "row 1: the names of the columns are expected here, kind among them"),
        ("day,by\n", "row 1: the names of the columns are expected here, kind among them"),
        (
            "kind,dose,zzz\n",
            "row 1: no entry has a column 'dose' and 'zzz'; there is patient, line",
        ),
        ("kind\tday\n", r"row 1: no entry has a column 'kind\\tday'; there is patient, line, id"),
        ("kind,day,day,by,by\n", "row 1: these columns are there twice: by and day"),
        ('kind,day\n"taken"x,2026-03-01\n', "line 2: this is no CSV table: "),
        ('kind,day\ntaken,"2026-03-01\n', "line 2: this is no CSV table: "),
        (
            "kind,day\ntaken,2026-03-01,1\n\n,,2",
            "row 2: what stands in cell 3 has no column's name",
        ),
        (f"kind,{'z' * 50}\n", "row 1: no entry has a column 'zzzzzzzzzzzzzzzzzzzz'; there"),
    ],
)
def test_what_is_no_table_of_entries_is_refused(text: str, words: str) -> None:
    """With the place, and with what is allowed."""
    with pytest.raises(RecordError, match=f"^{words}"):
        read_rows(text)


A_DAY: Final = "a day is written as year-month-day, such as 2026-12-01; of another form nobody"
AN_INSTANT: Final = "a point in time is written in UTC, such as 2026-12-01T22:05:00Z"


@pytest.mark.parametrize(
    ("row", "words", "column"),
    [
        ({**GOOD, "day": "01/03/2026"}, A_DAY, "day"),
        ({**GOOD, "day": "3/1/2026"}, A_DAY, "day"),
        ({**GOOD, "day": "01.03.2026"}, A_DAY, "day"),
        ({**GOOD, "day": "46082"}, A_DAY, "day"),
        ({**GOOD, "day": "1772323200"}, A_DAY, "day"),
        ({**GOOD, "day": "2026-02-30"}, "a day is written as year-month-day", "day"),
        ({**GOOD, "day": "1926-03-01"}, "a day of a plan lies between", "day"),
        ({**EVENT, "until": "05/03/2026"}, A_DAY, "until"),
        ({**DISPENSED, "use_by": "05-03-26"}, A_DAY, "use_by"),
        ({**GOOD, "at": "46082.917"}, AN_INSTANT, "at"),
        ({**GOOD, "at": "2026-03-01 22:00"}, AN_INSTANT, "at"),
        ({**GOOD, "at": "2026-03-01T22:00:00"}, AN_INSTANT, "at"),
        ({**GOOD, "written_at": "02/03/2026 12:00"}, AN_INSTANT, "written_at"),
        ({**GOOD, "amount": "1,5 mg"}, "cannot read .* it has a comma; a decimal point", "amount"),
        ({**GOOD, "amount": "1.5"}, "cannot read '1.5' as a dose", "amount"),
        ({**GOOD, "amount": "01.05.2026"}, "cannot read '01.05.2026' as a dose", "amount"),
        ({**SCORE, "value": "4,5"}, "a number is written as text with a decimal point", "value"),
        ({**SCORE, "value": "4. Mai"}, "a number is written as text with a decimal", "value"),
        ({**DISPENSED, "amount": "30,0"}, "a number is written as text with a decimal", "amount"),
        ({**DISPENSED, "product": "capsule 1,5 mg"}, ".* it has a comma; a decimal", "product"),
        ({**EVENT, "grade": "2,0"}, "a whole number is expected", "grade"),
        ({**EVENT, "grade": "9"}, "Input should be less than or equal to 5", "grade"),
        ({**EVENT, "serious": "TRUE"}, "yes or no is expected", "serious"),
        ({**GOOD, "voided": "1"}, "yes or no is expected", "voided"),
        (
            {**GOOD, "kind": "dose"},
            "a kind is expected, one of taken, skipped, .* and void",
            "kind",
        ),
        ({**GOOD, "kind": ""}, "a kind is expected, one of taken", "kind"),
        ({**GOOD, "reason": "x"}, "the kind taken has no reason; leave the cell empty", "reason"),
        ({**GOOD, "by": ""}, "this field is missing", "by"),
        ({**GOOD, "plan": "Jan-26"}, "String should match pattern", "plan"),
        (
            {**GOOD, "patient": "0AAAAA"},
            f"this row is of another patient than {PAT.code}",
            "patient",
        ),
        ({**GOOD, "amount": "1.5 mg", "dose_mg": "3"}, "this is not the dose under", "dose_mg"),
        ({**GOOD, "amount": "1.5 mg", "dose_mg": "1,5"}, "this is not the dose under", "dose_mg"),
        ({**GOOD, "dose_mg": "1.5"}, "this is not the dose under amount, as a number", "dose_mg"),
        ({**SCORE, "value": "4", "dose_mg": "4"}, "this is not the dose under amount", "dose_mg"),
        ({**GOOD, "voided": "yes"}, "no line takes this entry back, in the table", "voided"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(
    row: dict[str, str], words: str, column: str
) -> None:
    """The right rows around it do not help."""
    before = {**GOOD, "id": str(UUID(int=7))}

    with pytest.raises(RecordError, match=rf"^row 3: {words}.* \(at {column}\)$"):
        read(of_rows(before, row))


def test_a_grade_needs_the_version_of_its_scale_as_it_is_called() -> None:
    """A spreadsheet makes 5 of 5.0; which version is meant is not guessed."""
    assert len(read(of_rows(EVENT)).lines) == 1
    with pytest.raises(RecordError, match=r"^row 2: this is no known version of CTCAE; there is"):
        read(of_rows({**EVENT, "scale_version": "5"}))


def test_every_wrong_cell_is_told_at_once() -> None:
    """Of one row and of several."""
    wrong = {**GOOD, "day": "1/3/26", "at": "22:00"}

    with pytest.raises(RecordError) as refused:
        read(of_rows(wrong, {**GOOD, "id": "x", "plan": "?", "by": ""}))

    places = [line.rpartition(" (at ") for line in str(refused.value).splitlines()]
    assert [(line[:6], column) for line, _, column in places] == [
        ("row 2:", "day)"),
        ("row 2:", "at)"),
        ("row 3:", "id)"),
        ("row 3:", "by)"),
        ("row 3:", "plan)"),
    ]
    assert "1/3" not in str(refused.value)


def test_two_rows_of_one_id_are_told() -> None:
    """The same row twice is one entry."""
    assert len(read(of_rows(GOOD, GOOD)).lines) == 1
    with pytest.raises(RecordError, match=r"^row 4: row 2 has the same id and says something else"):
        read(of_rows(GOOD, GOOD, {**GOOD, "day": "2026-03-02"}))


def test_what_is_derived_is_read_past_when_it_agrees() -> None:
    """The spreadsheet may have put a zero to the dose, or have lost that of a line's number."""
    row = {**GOOD, "amount": "1.5 mg", "patient": PAT.code.lower(), "dose_mg": "1.50", "line": "?"}

    assert read(of_rows({**row, "voided": "no"})) == read(of_rows({**GOOD, "amount": "1.5 mg"}))


def test_an_entry_that_is_taken_back_needs_the_line_that_does() -> None:
    """In the table, or kept before; without it a dose that was none would count."""
    gone = {**GOOD, "voided": "yes"}
    void = {
        **{name: GOOD[name] for name in ("written_at", "by")},
        "id": str(UUID(int=7)),
        "kind": "void",
        "of": GOOD["id"],
        "reason": "A slip",
    }

    assert read(of_rows(gone, void)).entries == ()
    assert len(read(of_rows(gone), voided=[UUID(GOOD["id"])]).lines) == 1


def test_each_field_of_a_day_or_an_instant_has_its_form() -> None:
    """A new field of an entry is held to it as well."""
    days = {"day", "until", "on", "use_by", "next_on"}
    forms = {
        name: form.words[:6]
        for kind in get_args(Entry)
        for name, field in kind.model_fields.items()
        if (form := _form_of(field.annotation))
    }

    assert {name for name, words in forms.items() if words == A_DAY[:6]} == days
    assert {name for name, words in forms.items() if words == AN_INSTANT[:6]} == {
        "written_at",
        "at",
    }
    assert set(forms) - days == {
        "written_at",
        "at",
        "grade",
        "minutes",
        "serious",
        "only_prescribed",
    }


# By command


TYPED: Final = {"kind": "taken", "day": "2026-03-01", "by": "patient", "amount": "1.5 mg"}


def put(text: str, name: str = "typed.csv", mark: str = "\ufeff") -> None:
    """Save a table in the folder of the desk."""
    Path(name).write_bytes((mark + text).encode("utf-8"))


def test_typed_rows_get_an_id_and_the_time_of_the_import(desk: Desk) -> None:
    """Which is said. The same table later adds only what was typed below since."""
    put(of_rows(TYPED, TYPED))

    first = desk("record", "import", CODE, "typed.csv")
    kept = desk.record
    put(of_rows(TYPED, TYPED, {**TYPED, "day": "2026-03-02"}))
    second = desk("record", "import", CODE, "typed.csv")

    count = "rows that do not say when they were written, and count as written now:"
    assert first.err.startswith(f"{count} 2\n2 entries added, 0 known already\n")
    assert second.err.startswith(f"{count} 1\n1 entries added, 2 known already\n")
    assert {one.written_at for one in kept.lines} == {desks.EVENING}
    assert len({one.id for one in kept.lines}) == 2
    assert set(kept.lines) < set(desk.record.lines)


def test_a_typed_row_that_was_taken_back_stays_so(desk: Desk) -> None:
    """Whoever sends the table again does not bring it back."""
    put(of_rows(TYPED))
    desk("record", "import", CODE, "typed.csv")
    desk.add("void", str(desk.record.lines[0].id), "--reason", "A slip")

    again = desk("record", "import", CODE, "typed.csv")

    assert again.err == "0 entries added, 1 known already\n"
    assert desk.record.entries == ()


def test_a_row_with_an_id_is_known_by_it(desk: Desk) -> None:
    """Whatever the letters of the id look like; with other words it is refused."""
    row = {**TYPED, "id": "0b0e7a52-58d0-4c3f-9a64-1f6f0b2d9e01"}
    put(of_rows(row))
    desk("record", "import", CODE, "typed.csv")

    put(of_rows({**row, "id": row["id"].upper()}))
    assert desk("record", "import", CODE, "typed.csv").err == "0 entries added, 1 known already\n"
    put(of_rows({**row, "amount": "3 mg"}))
    assert desk("record", "import", CODE, "typed.csv").status == 2
    assert len(desk.record.lines) == 1


def test_one_wrong_row_keeps_the_whole_table_out(desk: Desk) -> None:
    """Its place is told, and nothing of what stands there."""
    put(of_rows(TYPED, {**TYPED, "day": "02/03/2026"}))

    refused = desk("record", "import", CODE, "typed.csv")

    assert refused.status == 2
    assert refused.err.startswith("error: row 3: a day is written as year-month-day")
    assert "02/03" not in refused.err
    assert desk.record.lines == ()


def test_the_format_is_said_or_told_by_the_ending(desk: Desk) -> None:
    """What is said goes before; other endings are JSON Lines."""
    put(of_rows(TYPED), "typed.TXT")
    put(taken(1).model_dump_json(exclude_none=True), "lines.csv", mark="")

    assert desk("record", "import", CODE, "typed.TXT").err.startswith("error: line 1: ")
    assert desk("record", "import", CODE, "lines.csv").err.startswith(
        "error: line 1: this is no CSV"
    )
    assert desk("record", "import", CODE, "typed.TXT", "--format", "csv").status == 0
    assert desk("record", "import", CODE, "lines.csv", "--format", "jsonl").status == 0
    put(of_rows({**TYPED, "day": "2026-03-03"}), "typed.CSV")
    assert desk("record", "import", CODE, "typed.CSV").status == 0
    assert len(desk.record.lines) == 3


def test_a_table_says_what_is_urgent(desk: Desk) -> None:
    """As if each row had been written down by hand."""
    put(of_rows({"kind": "opioid", "name": "tramadol", "day": "2026-03-19", "by": "patient"}))

    assert "URGENT: An opioid is recorded" in desk("record", "import", CODE, "typed.csv").err
    assert desk.record.of_kind(OpioidTaken)


def test_a_table_of_many_years_is_read(desk: Desk) -> None:
    """Each cell in quotes, a record of some thousand rows is larger than any plan file."""
    rows = (
        {"kind": "note", "text": f"{number:04}" + "x" * 480, "by": "patient"}
        for number in range(2500)
    )
    put(of_rows(*({**one, "day": "2026-03-02"} for one in rows)))
    assert Path("typed.csv").stat().st_size > 1_000_000

    assert desk("record", "import", CODE, "typed.csv").status == 0

    assert len(desk.record.of_kind(Remark)) == 2500
