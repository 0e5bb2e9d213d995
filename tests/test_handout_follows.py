"""The handout of a changed plan: what it replaces, what changes, and what is withdrawn."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

import ldn_titrate as ldn
import pdf_judges
from ldn_titrate import documents
from ldn_titrate.content import Bullets, Callout, Table, TickCalendar, Weight
from ldn_titrate.export.printed import handout_file
from plans import a_plan
from said import said

AT = datetime(2026, 11, 23, tzinfo=UTC)
SIGNED = {"reason": "Invented for a test", "at": AT, "by": "Dr Example", "role": "physician"}


def signed_plan(**changes: object) -> ldn.Plan:
    """Return a signed plan that starts on Tue 1 Dec 2026, with a capsule of 1.5 mg."""
    usual = {"start": date(2026, 12, 1), "timezone": "Europe/Amsterdam"}
    return a_plan(**(usual | changes)).signed(
        screened_elsewhere=True, by="Dr Example", role="physician", at=AT
    )


def amended(*amendments: ldn.Stay, **changes: object) -> ldn.Schedule:
    """Lay out a signed plan with some amendments."""
    plan = signed_plan(**changes)
    for amendment in amendments:
        plan = plan.amended(amendment)
    return ldn.lay_out(plan)


def callouts(schedule: ldn.Schedule) -> dict[Weight, tuple[str, tuple[str, ...]]]:
    """Return the title and the lines of each callout, with plain spaces."""
    found = {}
    for block in documents.handout(schedule).front:
        if isinstance(block, Callout):
            lines = [
                line
                for part in block.blocks
                for line in (part.items if isinstance(part, Bullets) else (part.text,))
            ]
            found[block.weight] = (block.title, tuple(map(plain, lines)))
    return {weight: (plain(title), lines) for weight, (title, lines) in found.items()}


def plain(text: str) -> str:
    """Return a text with plain spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_first_version_replaces_nothing() -> None:
    """Only a changed plan speaks of a change."""
    assert Weight.PLAIN not in callouts(amended())


def test_a_changed_plan_says_what_it_replaces_and_which_doses_change() -> None:
    """The version before with its date, and the days with both doses."""
    schedule = amended(ldn.Stay(effective=date(2026, 12, 29), days=14, **SIGNED))

    assert callouts(schedule)[Weight.PLAIN] == (
        f"This replaces plan {schedule.plan.at_version(1).code} of Mon 23 Nov 2026",
        ("From Tue 29 Dec 2026 to Mon 11 Jan 2027: 3 mg in place of 4.5 mg.",),
    )


def test_a_change_without_an_end_is_said_as_one() -> None:
    """Settling at a dose goes on."""
    schedule = amended(ldn.Plateau(effective=date(2026, 12, 29), **SIGNED))

    assert callouts(schedule)[Weight.PLAIN][1] == (
        "From Tue 29 Dec 2026 on: 3 mg in place of 4.5 mg.",
    )
    assert callouts(schedule)[Weight.MAIN][1] == (
        "The dose stays the same. Only your prescriber changes it.",
    )


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            ldn.ChangeTime(effective=date(2026, 12, 10), bedtime="21:00", **SIGNED),
            "From Thu 10 Dec 2026 on you take it at 21:00 (Amsterdam time).",
        ),
        (
            ldn.ChangeProducts(
                effective=date(2026, 12, 10), products=("capsule 0.5 mg",), **SIGNED
            ),
            "From Thu 10 Dec 2026 on you take it as capsule 0.5 mg.",
        ),
        (ldn.Stay(effective=date(2026, 12, 1), days=14, **SIGNED), "The doses stay the same."),
    ],
)
def test_a_change_that_leaves_the_doses_says_what_it_is(change: ldn.Stay, line: str) -> None:
    """Another time, other products, or nothing at all."""
    assert callouts(amended(change))[Weight.PLAIN][1] == (line,)


def test_the_pages_begin_where_the_version_begins() -> None:
    """What is past is not ticked again."""
    front = documents.handout(amended(ldn.StepBack(effective=date(2026, 12, 20), **SIGNED))).front

    (grid,) = [block for block in front if isinstance(block, TickCalendar)]
    (table,) = [block for block in front if isinstance(block, Table)]
    assert grid.weekdays[0] == "Sun"
    assert plain(grid.weeks[0].days[0].date) == "20 Dec"
    assert [[plain(cell) for cell in row] for row in table.rows] == [
        ["1", "from Sun 20 Dec 2026 on", "1.5 mg", "1 capsule of 1.5 mg"]
    ]


def test_a_pause_stands_among_the_steps() -> None:
    """Its days have no dose, in the table and in the grid."""
    pause = ldn.Pause(
        effective=date(2026, 12, 20), until=date(2026, 12, 27), resume_at="1.5 mg", **SIGNED
    )
    front = documents.handout(amended(pause)).front

    (grid,) = [block for block in front if isinstance(block, TickCalendar)]
    (table,) = [block for block in front if isinstance(block, Table)]
    assert [plain(cell) for cell in table.rows[0]] == [
        "pause",
        "Sun 20 Dec 2026 to Sat 26 Dec 2026",
        "no dose",
        "nothing",
    ]
    assert [day.dose for day in grid.weeks[0].days] == [None] * 7
    assert plain(grid.weeks[1].days[0].dose or "") == "1.5 mg"


@pytest.mark.parametrize(
    ("end", "title"),
    [
        (
            ldn.Stop(effective=date(2027, 1, 25), **SIGNED),
            "Take no more naltrexone from Mon 25 Jan 2027 on.",
        ),
        (
            ldn.Pause(effective=date(2027, 1, 25), **SIGNED),
            "Take no naltrexone from Mon 25 Jan 2027 on.",
        ),
        (
            ldn.Stop(effective=date(2026, 11, 30), **SIGNED),
            "Take no more naltrexone from Mon 30 Nov 2026 on.",
        ),
    ],
    ids=["stop", "open pause", "stop before the first dose"],
)
def test_where_nothing_is_taken_nothing_says_how_to_take_it(end: ldn.Stop, title: str) -> None:
    """The page says so first, and has no box to tick; the opioid box stays."""
    schedule = amended(end)
    document = documents.handout(schedule)

    assert callouts(schedule)[Weight.MAIN][0] == title
    assert callouts(schedule)[Weight.PLAIN][1][0].endswith("no dose in place of 1.5 mg.") or (
        callouts(schedule)[Weight.PLAIN][1][-1].endswith("on: no dose in place of 4.5 mg.")
    )
    assert Weight.STOP in callouts(schedule)
    assert not [one for one in document.front if isinstance(one, Table | TickCalendar)]
    assert "How to take it" not in [section.title for section in document.back]
    told = said(document)
    for dosing in ("each increase", "each dose", "Use it"):
        assert dosing not in told
    assert document.subtitle.startswith("Low-dose naltrexone: follow this plan from")


def test_a_withdrawn_version_says_so() -> None:
    """Printed again, an earlier version cannot be taken for the one in force."""
    newest = amended(ldn.Plateau(effective=date(2026, 12, 29), **SIGNED)).plan

    old = documents.handout(ldn.lay_out(newest.at_version(1)), replaced_by=newest)
    new = documents.handout(ldn.lay_out(newest), replaced_by=newest)

    assert old.draft == f"WITHDRAWN, do not follow: plan {newest.code} is in force"
    assert new.draft is None


@pytest.mark.parametrize(
    "change",
    [
        ldn.Stay(effective=date(2026, 12, 29), days=14, **SIGNED),
        ldn.Stop(effective=date(2026, 12, 29), **SIGNED),
        ldn.Pause(effective=date(2026, 12, 29), **SIGNED),
        ldn.StepBack(effective=date(2026, 12, 29), retry_on=date(2027, 1, 12), **SIGNED),
    ],
    ids=lambda change: change.kind,
)
def test_the_pages_of_a_changed_plan_meet_the_standard(change: ldn.Stay) -> None:
    """PDF/UA-1, and what changed stands on page 1."""
    pdf = handout_file(amended(change)).content

    assert pdf_judges.validate_ua1(pdf) == []
    assert pdf_judges.pdfua_errors(pdf) == []
    assert "This replaces plan" in pdf_judges.page_text(pdf)[0]
