"""
The tables of amendments in the reference: each row is what the library plans.

The doses are checked by a walk through the plan, day by day, too. ``python
tests/test_amendment_tables.py`` writes the last column of the tables anew.
"""

from __future__ import annotations

import re
import shlex
import sys
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

import naive
from ldn_titrate import amendment as kinds
from ldn_titrate.dose import Dose
from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.product import Product
from ldn_titrate.schedule import lay_out
from plans import a_plan, products

if TYPE_CHECKING:
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule

PAGE: Final = Path(__file__).parent.parent / "docs" / "reference" / "amendments.md"
ROW: Final = re.compile(r"^\| (?P<asked>`.*`) \| (?P<outcome>[^|]*) \|$", re.MULTILINE)
WRITTEN: Final = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
LAST: Final = date(2027, 6, 30)
DAY: Final = timedelta(days=1)
MODELS: Final[dict[str, Any]] = {
    model.model_fields["kind"].default: model
    for model in (
        kinds.Stay,
        kinds.StepBack,
        kinds.Plateau,
        kinds.Advance,
        kinds.Pause,
        kinds.Resume,
        kinds.Stop,
        kinds.Reschedule,
        kinds.ChangeTime,
        kinds.ChangeProducts,
    )
}
OPTIONS: Final[dict[str, Any]] = {
    "--from": ("effective", date.fromisoformat),
    "--days": ("days", int),
    "--to": ("to", Dose.parse),
    "--retry-on": ("retry_on", date.fromisoformat),
    "--at": ("dose", Dose.parse),
    "--early-because": ("early_because", str),
    "--until": ("until", date.fromisoformat),
    "--resume-at": ("resume_at", Dose.parse),
    "--start": ("start", date.fromisoformat),
    "--bedtime": ("bedtime", time.fromisoformat),
    "--timezone": ("timezone", str),
    "--product": ("products", lambda text: (Product.parse(text),)),
}


class Row(NamedTuple):
    """One row: the amendments of each of its cells, and what the page says follows."""

    cells: tuple[tuple[str, ...], ...]
    outcome: str

    @property
    def asked(self) -> list[str]:
        """Give all its amendments in order."""
        return [one for cell in self.cells for one in cell]

    @property
    def pair(self) -> tuple[str, ...]:
        """Give the kind that each cell is about, which is the last of it."""
        return tuple(cell[-1].partition(" ")[0] for cell in self.cells)


def rows(columns: int) -> list[Row]:
    """Read the rows of the page's table with so many columns of amendments."""
    found = ROW.finditer(PAGE.read_text(encoding="utf-8"))
    read = [Row(_cells(one["asked"]), one["outcome"]) for one in found]
    return [one for one in read if len(one.cells) == columns]


def _cells(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(re.findall(r"`([^`]+)`", cell)) for cell in text.split(" | "))


def plan_of_the_page() -> Plan:
    """Give the plan that the page speaks of."""
    return a_plan(
        start=date(2026, 12, 1),
        revised_at=WRITTEN,
        timezone="Europe/Amsterdam",
        products=products("capsule 0.5 mg", "capsule 1.5 mg"),
    ).signed(screened_elsewhere=True, by="Dr Example", role="physician", at=WRITTEN)


def amendment(text: str, number: int) -> kinds.Amendment:
    """Read an amendment as it is asked for on the command line."""
    kind, *words = shlex.split(text)
    fields: dict[str, Any] = {}
    for option, value in zip(words[::2], words[1::2], strict=True):
        name, read = OPTIONS[option]
        fields[name] = fields.get(name, ()) + read(value) if name == "products" else read(value)
    signed = {"by": "Dr Example", "role": "physician", "reason": "An invented reason"}
    return MODELS[kind](at=WRITTEN + timedelta(hours=number), **signed, **fields)


def outcome(asked: list[str]) -> str:
    """Say what a plan says after amendments: day ranges with doses, or why the last is refused."""
    plan = plan_of_the_page()
    *earlier, last = [amendment(text, number) for number, text in enumerate(asked, start=1)]
    for one in earlier:
        plan = plan.amended(one)
    try:
        plan = plan.amended(last)
    except LdnTitrateError as error:
        return f"Refused: {error}."
    schedule = lay_out(plan)
    days = [plan.start + n * DAY for n in range(-30, (LAST - plan.start).days + 1)]
    doses = {day: dose for day in days if (dose := schedule.dose_on(day))}
    return "; ".join((*told(doses), *_settings(schedule, sorted(doses)))) + "."


def told(doses: dict[date, Dose]) -> list[str]:
    """Say doses as ranges of days, from the first one on."""
    if not doses:
        return ["no dose"]
    ranges: list[tuple[date, date, Dose | None]] = []
    day = min(doses)
    while day <= LAST:
        dose = doses.get(day)
        if ranges and ranges[-1][2] == dose:
            ranges[-1] = (ranges[-1][0], day, dose)
        else:
            ranges.append((day, day, dose))
        day += DAY
    return [f"{_range(first, last)}: {dose or 'no dose'}" for first, last, dose in ranges]


def _range(first: date, last: date) -> str:
    if last == LAST:
        return f"from {_day(first)}"
    if first == last:
        return _day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {_day(last)}"
    return f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b}{'' if day.year == 2026 else f' {day.year}'}"


def _settings(schedule: Schedule, days: list[date]) -> list[str]:
    said = []
    before = schedule.plan.first_setting
    for day in days:
        now = schedule.setting_on(day)
        if (now.bedtime, now.timezone) != (before.bedtime, before.timezone):
            said.append(f"from {_day(day)} at {now.bedtime:%H:%M}")
        if now.products != before.products:
            labels = " and ".join(one.label for one in now.products)
            said.append(f"from {_day(day)} by {labels}")
        before = now
    return said


def named(row: Row) -> str:
    """Name a row in a test's id."""
    return " then ".join(row.pair)


@pytest.mark.parametrize("row", [*rows(1), *rows(2)], ids=named)
def test_each_row_says_what_the_library_plans(row: Row) -> None:
    """Day ranges and doses, or the words of the refusal."""
    assert row.outcome == outcome(row.asked)


@pytest.mark.parametrize("row", [*rows(1), *rows(2)], ids=named)
def test_each_row_says_what_a_walk_day_by_day_finds(row: Row) -> None:
    """The same doses, and a refusal where there must be one."""
    plan = plan_of_the_page()
    *earlier, last = [amendment(text, number) for number, text in enumerate(row.asked, start=1)]
    for one in earlier:
        plan = plan.amended(one)

    if row.outcome.startswith("Refused: "):
        assert naive.objection(plan, last)
    else:
        assert naive.objection(plan, last) is None
        words = told(naive.doses(plan.amended(last), LAST))
        assert row.outcome.removesuffix(".").split("; ")[: len(words)] == words


def test_each_kind_has_a_row() -> None:
    """Once, in the order in which the kinds are explained."""
    assert [row.pair for row in rows(1)] == [(kind,) for kind in MODELS]


def test_each_pair_of_kinds_has_a_row() -> None:
    """Each kind after each kind, once."""
    assert [row.pair for row in rows(2)] == list(product(MODELS, MODELS))


def test_each_kind_is_explained() -> None:
    """In the order of the table."""
    text = PAGE.read_text(encoding="utf-8")

    assert re.findall(r"^`([a-z-]+)`\n:   ", text, re.MULTILINE) == list(MODELS)


def _with_outcomes(text: str) -> str:
    def again(found: re.Match[str]) -> str:
        asked = Row(_cells(found["asked"]), "").asked
        return f"| {found['asked']} | {outcome(asked)} |"

    return ROW.sub(again, text)


if __name__ == "__main__":
    PAGE.write_text(_with_outcomes(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
