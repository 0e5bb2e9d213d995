"""Files are written whole or not at all, and tables carry the schedule's rows."""

from __future__ import annotations

import csv
import os
import stat
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import ldn_titrate as ldn
from ldn_titrate import publish
from ldn_titrate.errors import ExportError
from ldn_titrate.export.files import write_whole
from ldn_titrate.export.tables import COLUMNS, as_csv, rows
from plans import a_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_new_file_is_written(tmp_path: Path) -> None:
    """Its bytes are there, and nothing else is."""
    write_whole(tmp_path / "x", b"whole")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"x": b"whole"}


def test_a_new_file_has_the_usual_rights(tmp_path: Path) -> None:
    """It is as readable as any file that a program makes."""
    (tmp_path / "usual").write_bytes(b"")
    write_whole(tmp_path / "x", b"")

    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}

    assert len(modes) == 1


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    """Nobody's file is lost by a forgotten name."""
    (tmp_path / "x").write_bytes(b"mine")

    with pytest.raises(ExportError) as refused:
        write_whole(tmp_path / "x", b"new")

    assert str(refused.value) == (
        "x exists already; nothing was written; to replace it say --force, or force=True in Python"
    )

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"mine"]


@pytest.mark.parametrize(("place", "name"), [(".", "."), ("papers", "papers")])
def test_a_folder_in_place_of_a_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, name: str
) -> None:
    """No force replaces it, so none is offered."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "papers").mkdir()

    with pytest.raises(ExportError) as refused:
        write_whole(place, b"new")

    assert str(refused.value) == (
        f"{name} exists already; nothing was written; it is a folder, so name a file in it"
    )


def test_force_replaces_a_file_whole(tmp_path: Path) -> None:
    """With force the new bytes take the old one's place."""
    (tmp_path / "x").write_bytes(b"mine, and longer")

    write_whole(tmp_path / "x", b"new", force=True)

    assert (tmp_path / "x").read_bytes() == b"new"


def test_a_failure_on_the_way_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk leaves neither half a file nor a temporary one."""

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(ExportError, match="cannot write x: No space left on device"):
        write_whole(tmp_path / "x", b"much")

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_appears_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two programs that write one name at once do not overwrite each other."""
    write = publish._publish

    def late(temporary: Path, target: Path, *, force: bool) -> None:
        target.write_bytes(b"theirs")
        write(temporary, target, force=force)

    monkeypatch.setattr(publish, "_publish", late)

    with pytest.raises(ExportError, match="exists already"):
        write_whole(tmp_path / "x", b"ours")

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"theirs"]


def test_a_disk_without_links_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems, such as FAT, know no hard links."""

    def unknown(_source: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", unknown)

    write_whole(tmp_path / "x", b"whole")

    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_each_row_is_a_dosing_day_of_the_schedule() -> None:
    """Day, dose, instant and units are the schedule's, every value a text."""
    schedule = ldn.lay_out(a_plan(start=date(2026, 12, 1), timezone="Europe/Amsterdam"))
    last = date(2026, 12, 15)

    written = list(rows(schedule, schedule.first, last))

    assert written[-1] == {
        "day": "2026-12-15",
        "dose_mg": "3",
        "at": "2026-12-15T22:00:00+01:00",
        "units": "2 x capsule 1.5 mg",
        "step": "2",
        "plan": schedule.plan.code,
        "signed": "no",
    }
    assert sum(Decimal(row["dose_mg"]) for row in written) == schedule.total_mg(
        schedule.first, last
    )


def test_a_mix_of_strengths_is_told_in_one_cell() -> None:
    """What makes up the dose stands together."""
    products = tuple(ldn.Product.parse(text) for text in ("capsule 3 mg", "capsule 1.5 mg"))
    schedule = ldn.lay_out(a_plan(products=products))
    day = schedule.first + timedelta(days=28)

    (row,) = rows(schedule, day, day)

    assert row["units"] == "1 x capsule 3 mg + 1 x capsule 1.5 mg"


def test_a_table_is_written_with_its_header(tmp_path: Path) -> None:
    """The CSV has twelve weeks of rows and the documented columns."""
    schedule = ldn.lay_out(a_plan())

    ldn.write_table(schedule, tmp_path / "schedule.csv")

    text = (tmp_path / "schedule.csv").read_bytes().decode("utf-8")
    read = list(csv.DictReader(text.splitlines()))
    assert text == as_csv(schedule, schedule.first, schedule.horizon())
    assert len(read) == 84
    assert tuple(read[0]) == COLUMNS


def test_the_calendar_and_the_handout_are_written_from_python(tmp_path: Path) -> None:
    """The three writers take a schedule and a path."""
    schedule = ldn.lay_out(a_plan(patient="Pat 例"))

    calendar_findings = ldn.write_calendar(schedule, tmp_path / "x.ics")
    handout_findings = ldn.write_handout(schedule, tmp_path / "x.pdf")

    assert calendar_findings == ()
    assert [finding.code for finding in handout_findings] == ["text.no-glyph"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.ics", "x.pdf"]


@pytest.mark.parametrize("size", ["A4", "legal", ""])
def test_a_size_of_paper_that_is_none_is_refused(tmp_path: Path, size: Any) -> None:
    """The two that there are, are named."""
    with pytest.raises(ExportError) as refused:
        ldn.write_handout(ldn.lay_out(a_plan()), tmp_path / "x.pdf", size=size)

    assert str(refused.value) == f"{size!r} is no size of paper here; it is 'letter' or 'a4'"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("write", "name", "holds"),
    [
        (ldn.write_table, "x.xlsx", "csv"),
        (ldn.write_table, "x.JSON", "csv"),
        (ldn.write_handout, "x.html", "pdf"),
        (ldn.write_calendar, "x.csv", "ics"),
    ],
)
def test_a_name_that_tells_another_format_is_refused(
    tmp_path: Path, write: Callable[..., object], name: str, holds: str
) -> None:
    """A file is what its name says."""
    with pytest.raises(ExportError) as refused:
        write(ldn.lay_out(a_plan()), tmp_path / name)

    assert str(refused.value) == f"{name} would hold {holds}; name it otherwise"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x", "x.csv", "x.tsv", "plan.v2"])
def test_a_name_that_tells_no_other_format_is_free(tmp_path: Path, name: str) -> None:
    """Only the endings of known formats are looked at."""
    ldn.write_table(ldn.lay_out(a_plan()), tmp_path / name)

    assert [path.name for path in tmp_path.iterdir()] == [name]
