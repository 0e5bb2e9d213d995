"""Documents as plain text: every word of them, in order, in lines that never end inside a dose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import singledispatch
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

import ldn_titrate as ldn
from any_document import (
    CARD,
    CHART,
    DOCUMENTS,
    LOG,
    STRIP,
    every_block,
    in_two_languages,
    texts,
)
from ldn_titrate.content import (
    Blank,
    Bullets,
    Chart,
    DayStrip,
    Document,
    Field,
    Paragraph,
    Table,
    TickCalendar,
    TickDay,
)
from ldn_titrate.documents import handout
from ldn_titrate.errors import ExportError
from ldn_titrate.evidence_page import evidence_page
from ldn_titrate.export.plain import render_text
from ldn_titrate.topical_documents import topical_handout
from plans import a_plan
from sample_document import calendar, joined, sample_document, steps, variants
from test_topical import a_cream

if TYPE_CHECKING:
    from ldn_titrate.content import Block

REAL = {
    "handout": handout(ldn.lay_out(a_plan(start=date(2026, 12, 1)))),
    "cream": topical_handout(a_cream()),
    "evidence": evidence_page(),
    "every block": every_block(),
    **variants(),
}


def written(*blocks: Block) -> list[str]:
    """Write blocks, and give the lines after the head of the document, with plain spaces."""
    document = replace(sample_document(), draft=None, front=blocks, back=())
    return render_text([document]).replace("\N{NO-BREAK SPACE}", " ").split("\n")[7:-1]


def in_order(text: str, parts: Iterator[str]) -> bool:
    """Whether all parts stand in a text, one after the other, however its lines are broken."""
    whole, place = normal(text), 0
    for part in parts:
        found = whole.find(normal(part), place)
        if found < 0:
            return False
        place = found + len(normal(part))
    return True


def normal(text: str) -> str:
    """Give a text with plain single spaces."""
    return " ".join(text.split())


@singledispatch
def expected(part: Any) -> Iterator[str]:
    """Yield what a reader of the plain text of a document meets, in order."""
    if not is_dataclass(part):
        yield from texts(part)
        return
    for field in fields(part):
        yield from expected(getattr(part, field.name))


@expected.register
def _(part: Blank) -> Iterator[str]:
    yield "[ ]" if part is Blank.BOX else "____"


@expected.register
def _(part: tuple) -> Iterator[str]:  # type: ignore[type-arg]
    for one in part:
        yield from expected(one)


@expected.register
def _(part: Document) -> Iterator[str]:
    yield from texts((part.draft, part.running, part.title, part.subtitle))
    yield from expected((part.front, part.back))


@expected.register
def _(part: Table) -> Iterator[str]:
    yield part.title
    if _is_in_columns(part):
        yield from expected((part.headers, part.rows))
    else:
        for row in part.rows:
            yield from expected(tuple(zip(part.headers, row, strict=True)))


@expected.register
def _(part: TickCalendar) -> Iterator[str]:
    yield part.title
    for week in part.weeks:
        yield from (part.corner, week.title)
        for weekday, day in zip(part.weekdays, week.days, strict=True):
            if day:
                yield from () if day.dose is None else ("[ ]",)
                yield from texts((weekday, day.date, day.dose, day.units))


@expected.register
def _(part: Field) -> Iterator[str]:
    yield from (part.label, "____" if part.value is None else part.value)


@expected.register
def _(part: DayStrip) -> Iterator[str]:
    yield from (part.title, *(label for label, _ in part.rows))
    yield from (words for one in part.legend for words in (one.label, str(one.count)))


@expected.register
def _(part: Chart) -> Iterator[str]:
    yield from (part.title, part.spoken)


def _is_in_columns(table: Table) -> bool:
    """Whether the columns of a table fit: 20 characters for a line to write on, 2 between."""
    shown = [["_" * 20 if one is Blank.LINE else one for one in row] for row in table.rows]
    shown = [["[ ]" if one is Blank.BOX else one for one in row] for row in shown]
    columns = zip(table.headers, *shown, strict=True)
    widths = [max(len(cell) for cell in column) for column in columns]
    return sum(widths) + 2 * len(widths) - 2 <= 72


class TestWords:
    """No word, dose or date is changed, lost or moved."""

    @given(DOCUMENTS)
    def test_a_text_says_what_its_document_says(self, document: Document) -> None:
        """Whatever is typed, in the order of the document."""
        assert in_order(render_text([document]), expected(document))

    @pytest.mark.parametrize("name", REAL)
    def test_a_real_text_says_what_its_document_says(self, name: str) -> None:
        """The handouts, the evidence page, long and hostile texts."""
        assert in_order(render_text([REAL[name]]), expected(REAL[name]))

    def test_a_lost_or_changed_dose_would_be_noticed(self) -> None:
        """The check can fail."""
        text = render_text([REAL["handout"]])

        assert not in_order(text.replace("4.5", "5.4"), expected(REAL["handout"]))
        assert not in_order(text[: len(text) // 2], expected(REAL["handout"]))

    def test_at_least_one_document_is_needed(self) -> None:
        """An empty text is no document."""
        with pytest.raises(ExportError, match="at least one document is needed"):
            render_text([])

    def test_documents_follow_each_other(self) -> None:
        """Each begins with its own mark of a draft."""
        text = render_text([sample_document(), in_two_languages()])

        assert text.startswith("DRAFT, not for patient use\n\nPat Example")
        assert "\n\n\nDRAFT\nENTWURF\n\n" in text


class TestLines:
    """Lines of 72 columns, broken at spaces alone."""

    @given(DOCUMENTS)
    def test_no_line_ends_inside_what_is_held_together(self, document: Document) -> None:
        """A dose, a date and a long word stand on one line, however it is wrapped."""
        lines = render_text([document]).split("\n")

        for text in expected(document):
            for held in text.split(" "):
                assert any(held in line for line in lines)

    @pytest.mark.parametrize("name", REAL)
    def test_no_line_of_a_real_text_ends_inside_a_dose_or_a_date(self, name: str) -> None:
        """No number stands at the end of a line with its unit or its month on the next."""
        assert not re.search(
            r"\d\s*\n\s*(?:mg|mL|g|capsules?|Dec|Jan)\b", render_text([REAL[name]])
        )

    @pytest.mark.parametrize("name", REAL)
    def test_no_line_is_longer_than_72_columns(self, name: str) -> None:
        """But for a word that is longer by itself."""
        lines = render_text([REAL[name]]).split("\n")

        assert [one for one in lines if len(one) > 72 and not re.search(r"\S{60}", one)] == []

    @pytest.mark.parametrize("name", REAL)
    def test_no_line_ends_with_a_space(self, name: str) -> None:
        """A mail program may take it for a line that goes on."""
        assert not re.search(r"[ \N{NO-BREAK SPACE}]$", render_text([REAL[name]]), re.MULTILINE)

    def test_no_break_spaces_stay(self) -> None:
        """The program that shows the text may wrap it anew."""
        assert joined("Tue~1~Dec~2026") in render_text([sample_document()])
        assert joined("1.5~mg") in render_text([sample_document()])


class TestBlocks:
    """What each block looks like."""

    def test_the_head(self) -> None:
        """The mark of a draft comes first, then whose plan it is, then the title underlined."""
        lines = render_text([sample_document()]).replace("\N{NO-BREAK SPACE}", " ").split("\n")

        assert lines[:8] == [
            "DRAFT, not for patient use",
            "",
            "Pat Example   Plan 7F3K-1   Starts Tue 1 Dec 2026",
            "",
            "Your bedtime naltrexone plan",
            "============================",
            "",
            "Low-dose naltrexone, one dose every evening at 22:00",
        ]

    def test_a_list(self) -> None:
        """Lines that go on are set in."""
        assert written(Bullets(("One.", "two " * 18))) == [
            "- One.",
            "- two two two two two two two two two two two two two two two two two",
            "  two",
        ]

    def test_a_table_that_fits_stands_in_columns(self) -> None:
        """Each as wide as its widest cell."""
        assert written(LOG) == [
            "Write down each evening",
            "-----------------------",
            "",
            "Day              Taken  Time                  What I noticed",
            "---------------  -----  --------------------  --------------------",
            "Tue 1 Dec 2026   [ ]    ____________________  ____________________",
            "Tue 8 Dec 2026   [ ]    ____________________  ____________________",
            "Tue 15 Dec 2026  [ ]    ____________________  ____________________",
        ]

    def test_a_wider_table_stands_as_labels_and_values(self) -> None:
        """A row is a paragraph; a screen reader says what each value is."""
        assert written(steps())[2:7] == [
            "",
            "Step: 1",
            "  Dates: Tue 1 Dec 2026 to Mon 14 Dec 2026",
            "  Dose at bedtime: 1.5 mg",
            "  How many capsules: 1 capsule of 1.5 mg",
        ]

    def test_a_calendar_is_a_line_for_each_day(self) -> None:
        """A day without a dose has no box; a day after the last one has no line."""
        (week,) = calendar(1).weeks
        rest = TickDay(joined("5~Dec"), None, (), changes=False)
        shown = replace(
            calendar(1), weeks=(replace(week, days=(*week.days[:4], rest, None, None)),)
        )

        assert written(shown)[3:] == [
            "Week: Week 1",
            "[ ] Tue 1 Dec: 1.5 mg, 1 capsule",
            "[ ] Wed 2 Dec: 1.5 mg, 1 capsule",
            "[ ] Thu 3 Dec: 1.5 mg, 1 capsule",
            "[ ] Fri 4 Dec: 1.5 mg, 1 capsule",
            "    Sat 5 Dec",
        ]

    def test_a_card(self) -> None:
        """Its faces follow each other."""
        assert written(CARD) == [
            "A card for your wallet",
            "----------------------",
            "",
            "Cut along the dashes and fold in the middle.",
            "",
            "I take naltrexone",
            "-----------------",
            "",
            "4.5 mg at bedtime.",
            "Opioid pain medicines may not work.",
            "",
            "In an emergency",
            "---------------",
            "",
            "Name: Pat Example",
            "Telephone: ____________________",
        ]

    def test_a_strip_is_its_counts(self) -> None:
        """Those of each row, then those of all: 20 and 2 taken are 22."""
        assert written(STRIP)[3:9] == [
            "From 1 Dec: taken 20, skipped 4, not logged 4",
            "From 29 Dec: taken 2, another dose 2, two doses 2, skipped 2, missed 2,",
            "  not logged 2, no dose planned 2",
            "",
            "taken: 22",
            "another dose: 2",
        ]

    def test_a_chart_is_its_words(self) -> None:
        """No line of dots imitates a drawing."""
        assert written(CHART)[2:] == ["", *written(Paragraph(CHART.spoken))]

    def test_the_second_language_stands_on_its_own_line(self) -> None:
        """Beside a label, where there is no line, a bar stands between."""
        assert render_text([in_two_languages()]).split("\n")[4:] == [
            "",
            "Your plan",
            "Ihr Plan",
            "=========",
            "",
            "At bedtime",
            "Vor dem Schlafen",
            "",
            "Take it",
            "Nehmen",
            "=======",
            "",
            "- One dose",
            "  Eine Dosis",
            "",
            "Steps",
            "Stufen",
            "------",
            "",
            "Step | Stufe: 1",
            joined("  Dose | Dosis: 1.5~mg"),
            joined("    1,5~mg"),
            "  Taken | Genommen: [ ]",
            "",
            "Clinic | Praxis: ____________________",
            "",
        ]
