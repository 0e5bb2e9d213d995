"""Documents as HTML: every word of them, in order, in a page that no judge finds fault with."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache, partial, singledispatch
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import tinyhtml5
from hypothesis import given

import ldn_titrate as ldn
from any_document import CHART, CHARTS, DOCUMENTS, LOG, STRIP, every_block, in_two_languages, texts
from judges.pages import AXE, CHROMIUM, NU, printed
from ldn_titrate.content import Blank, Chart, Document, Field, Mark, TickDay
from ldn_titrate.documents import (
    dose_log,
    handout,
    in_language,
    pharmacy_sheet,
    plan_sheet,
    wallet_card,
)
from ldn_titrate.errors import ExportError
from ldn_titrate.evidence_page import evidence_page
from ldn_titrate.export.html import render_html
from ldn_titrate.progress import Progress, progress
from ldn_titrate.progress_document import progress_document
from ldn_titrate.speech import Speech, speech_in
from ldn_titrate.topical_documents import topical_card, topical_handout, topical_log
from plans import REVISED_AT, a_plan
from sample_document import HOSTILE_NAMES, calendar, joined, named, sample_document
from test_topical import a_cream

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from judges.panel import Judge

DRAFT: Final = "DRAFT, not for patient use"
_BY: Final[dict[str, Any]] = {"by": "Dr Example", "role": "physician", "at": REVISED_AT}


def _plan() -> ldn.Plan:
    return a_plan(start=date(2026, 12, 1))


def _signed() -> ldn.Plan:
    return _plan().signed(screened_elsewhere=True, **_BY)


def _amended() -> ldn.Plan:
    stay = ldn.Stay(effective=date(2026, 12, 15), days=14, reason="Invented", **_BY)
    return _signed().amended(stay)


def _hostile(name: str) -> list[Document]:
    return [named(HOSTILE_NAMES[name])]


def _translated(language: str) -> list[Document]:
    schedule = ldn.lay_out(_amended())
    return [in_language(partial(_said, make, schedule), speech_in(language)) for make in _SET]


def _said(make: Callable[..., Document], schedule: ldn.Schedule, speech: Speech) -> Document:
    return make(schedule, speech=speech)


def _progress() -> Progress:
    (folder,) = (Path(__file__).parent / "scenarios").glob("*doing-well*")
    plan, record = (folder.joinpath(one).read_text() for one in ("plan.json", "record.jsonl"))
    loaded = ldn.load_record(record)
    assert loaded.last_day
    return progress(ldn.lay_out(ldn.load_plan(plan)), loaded, loaded.last_day)


_SET: Final = (handout, dose_log, wallet_card, pharmacy_sheet, plan_sheet)
REAL: Final[dict[str, Callable[[], list[Document]]]] = {
    "draft": lambda: [handout(ldn.lay_out(_plan()))],
    "signed": lambda: [handout(ldn.lay_out(_signed()))],
    "amended": lambda: [handout(ldn.lay_out(_amended()))],
    "cream": lambda: [topical_handout(a_cream())],
    "a cream's log and card": lambda: [topical_log(a_cream()), topical_card(a_cream())],
    "the whole set": lambda: [make(ldn.lay_out(_amended())) for make in _SET],
    **{one: partial(_translated, one) for one in ("de", "es", "fr", "nl")},
    "progress": lambda: [progress_document(_progress(), name="Pat Example")],
    "evidence": lambda: [evidence_page()],
    "every block": lambda: [every_block()],
    "two languages": lambda: [in_two_languages()],
    "a packet": lambda: [sample_document(), evidence_page(), in_two_languages()],
    **{one: partial(_hostile, one) for one in ("hebrew", "emoji", "unbroken")},
}


@cache
def page(name: str) -> bytes:
    """Write a real document once."""
    return render_html(REAL[name]())


def parsed(content: bytes) -> Element:
    """Read a page as a browser does."""
    tree: Element = tinyhtml5.parse(content, namespace_html_elements=False)
    return tree


def said(element: Element) -> list[str]:
    """Give the texts of an element as a reader meets them, without drawings."""
    parts = _parts(element)
    return [words for part in "".join(parts).split("\n") if (words := normal(part))]


def _parts(element: Element) -> Iterator[str]:
    """Yield texts, a line break where one element ends or another begins."""
    if element.tag.endswith("svg"):
        return
    edge = "" if element.tag == "wbr" else "\n"
    yield edge + normal(element.text or "")
    for child in element:
        yield from _parts(child)
        yield normal(child.tail or "")
    yield edge


def normal(text: str) -> str:
    """Give a text with plain single spaces."""
    return " ".join(text.split())


def expected(document: Document) -> list[str]:
    """Give what a reader of the HTML of a document meets, in order."""
    by_hand = {Blank.BOX.value: document.box, Blank.LINE.value: document.line}
    return [
        by_hand.get(words, words)
        for text in _expected(document)
        for part in text.split("\n")
        if (words := normal(part))
    ]


@singledispatch
def _expected(part: Any) -> Iterator[str]:
    if not is_dataclass(part):
        yield from texts(part)
        return
    for field in fields(part):
        yield from _expected(getattr(part, field.name))


@_expected.register
def _(part: tuple) -> Iterator[str]:  # type: ignore[type-arg]
    for one in part:
        yield from _expected(one)


@_expected.register
def _(part: Document) -> Iterator[str]:
    yield from texts((part.draft, part.running, part.title, part.subtitle))
    yield from _expected((part.front, part.back))


@_expected.register
def _(part: TickDay) -> Iterator[str]:
    yield from texts((part.date, part.dose, part.units))
    yield from () if part.dose is None else (Blank.BOX.value,)


@_expected.register
def _(part: Field) -> Iterator[str]:
    yield from (part.label, Blank.LINE.value if part.value is None else part.value)


@_expected.register
def _(part: Chart) -> Iterator[str]:
    yield from (part.title, *(one.label for plot in part.plots for one in plot.series))
    yield part.spoken


class TestWords:
    """No word, dose or date is changed, lost, added or moved."""

    @given(DOCUMENTS)
    def test_a_page_says_what_its_document_says_and_nothing_else(self, document: Document) -> None:
        """Whatever is typed stays text, in the order of the document."""
        body = parsed(render_html([document])).find("body")

        assert body is not None
        assert said(body) == expected(document)

    @pytest.mark.parametrize("name", REAL)
    def test_a_real_page_says_what_its_documents_say(self, name: str) -> None:
        """The handouts and the evidence page, too."""
        body = parsed(page(name)).find("body")

        assert body is not None
        assert said(body) == [text for one in REAL[name]() for text in expected(one)]

    def test_no_break_spaces_stay(self) -> None:
        """A dose and a date are held together on a screen as on paper."""
        assert joined("1~capsule of 1.5~mg").encode() in page("every block")
        assert joined("Tue~1~Dec~2026").encode() in page("every block")

    def test_a_long_word_may_be_broken_and_a_dose_may_not(self) -> None:
        """A name of 88 letters does not push the doses off the paper."""
        word, dose = "x" * 22, joined("3~capsules of 1.5~mg")
        content = render_html([replace(sample_document(), title=word, subtitle=dose)]).decode()

        assert f"<h1>{'x' * 20}<wbr>x<wbr>x</h1>" in content
        assert f">{dose}</p>" in content

    def test_the_second_language_stands_on_its_own_line(self) -> None:
        """A screen reader changes its voice for it."""
        heading = parsed(page("two languages")).find(".//h1")

        assert heading is not None
        assert [(one.tag, one.get("lang"), one.text) for one in heading] == [
            ("br", None, None),
            ("span", "de", "Ihr Plan"),
        ]

    def test_each_document_has_its_own_language(self) -> None:
        """The page has the language of the first."""
        german = replace(sample_document(), language="de")
        tree = parsed(render_html([sample_document(), german]))

        assert tree.get("lang") == "en-US"
        assert [one.get("lang") for one in tree.iter("article")] == ["en-US", "de"]

    def test_at_least_one_document_is_needed(self) -> None:
        """An empty page is no document."""
        with pytest.raises(ExportError, match="at least one document is needed"):
            render_html([])


class TestMeaning:
    """Elements say what a part is."""

    def test_a_table_has_a_caption_and_headers(self) -> None:
        """The first row and the first cell of each row are headers."""
        table = next(parsed(page("draft")).iter("table"))

        assert table.findtext("caption") == "Your dose, step by step"
        assert {one.get("scope") for one in table.iterfind("thead/tr/th")} == {"col"}
        assert [[one.tag for one in row] for row in table.iterfind("tbody/tr")] == [
            ["th", "td", "td", "td"]
        ] * 3
        assert {one.get("scope") for one in table.iterfind("tbody/tr/th")} == {"row"}

    @pytest.mark.parametrize("name", REAL)
    def test_headings_skip_no_level(self, name: str) -> None:
        """They begin with the title."""
        levels = [int(one.tag[1]) for one in parsed(page(name)).iter() if one.tag in _HEADINGS]

        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))

    def test_a_day_with_a_dose_has_a_box_and_a_day_without_has_none(self) -> None:
        """A day of a pause has its date alone; a day after the last one has nothing."""
        week = calendar(1).weeks[0]
        rest = TickDay(joined("20~Dec"), None, (), changes=False)
        shown = replace(calendar(1), weeks=(replace(week, days=(*week.days[:5], rest, None)),))
        tree = parsed(render_html([replace(sample_document(), front=(shown,), back=())]))
        days = list(tree.iterfind(".//tbody/tr/td"))

        assert [len(list(day.iterfind(".//*[@class='box']"))) for day in days] == [1] * 5 + [0, 0]
        assert [said(day) for day in days[4:]] == [
            ["5 Dec", "1.5 mg", "1 capsule", "box to tick"],
            ["20 Dec"],
            [],
        ]

    def test_a_day_on_which_the_dose_changes_has_a_frame(self) -> None:
        """The frame is thick; the dose is said on each day in any case."""
        changes = parsed(page("draft")).iterfind(".//td[@class='changes']")

        assert [said(day)[:2] for day in changes] == [["15 Dec", "3 mg"], ["29 Dec", "4.5 mg"]]

    def test_nothing_pretends_to_save_and_nothing_is_loaded_or_run(self) -> None:
        """No form, script, link or image from elsewhere; the page's own policy forbids it."""
        for name in REAL:
            tree = parsed(page(name))

            assert not {one.tag for one in tree.iter()} & {
                *("a", "button", "form", "iframe", "img", "input", "link", "object", "script")
            }
            assert not re.search(rb"url\(|@import|https?:|javascript:| on\w+=", page(name))
            assert b"default-src 'none'; style-src 'unsafe-inline'" in page(name)

    def test_a_draft_says_so_first(self) -> None:
        """A signed plan does not say it at all."""
        body = parsed(page("draft")).find("body")

        assert body is not None
        assert said(body)[0] == DRAFT
        assert DRAFT.encode() not in page("signed")

    def test_the_title_of_the_file_names_each_document(self) -> None:
        """It is what a browser shows in a tab."""
        assert parsed(page("a packet")).findtext("head/title") == (
            "Your bedtime naltrexone plan | Low-dose naltrexone: the evidence | "
            "Your plan | Ihr Plan"
        )


_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4"})


class TestDrawings:
    """What is drawn is drawn from the numbers, and is said in words, too."""

    @given(CHARTS)
    def test_all_labels_of_any_chart_stand_in_its_drawing(self, chart: Any) -> None:
        """It has a name, says its axes, and draws what it has."""
        document = replace(sample_document(), front=(chart,), back=())
        drawing = parsed(render_html([document])).find(".//figure/{*}svg")

        assert drawing is not None
        shown = [normal(one.text or "") for one in drawing.iterfind(".//{*}text")]
        for plot in chart.plots:
            assert {normal(label) for _, label in plot.y.ticks} | {normal(plot.y.label)} <= {*shown}
        assert normal(drawing.findtext("{*}title") or "") == normal(chart.title)
        assert normal(chart.x.label) in normal(drawing.findtext("{*}desc") or "")

    def test_a_value_holds_until_the_next_one(self) -> None:
        """Steps go along, then up: the first dose lasts to day 15, half of the width."""
        drawing = _drawing()

        assert "M72.0 146.0H384.0V96.0H696.0V46.0" in _paths(drawing)

    def test_a_line_goes_from_point_to_point(self) -> None:
        """Each point has a dot, and so has the only point of a series."""
        drawing = _drawing()

        assert "M72.0 332.0L228.0 347.0L384.0 302.0L540.0 287.0L696.0 287.0" in _paths(drawing)
        assert len(list(drawing.iterfind(".//{*}circle"))) == 6

    def test_dashes_tell_a_series_from_another(self) -> None:
        """No colour does."""
        dashed = [one for one in _drawing().iterfind(".//{*}path") if one.get("stroke-dasharray")]

        assert [one.get("d") for one in dashed] == ["M72.0 317.0L696.0 317.0"]

    def test_only_black_white_and_grey_are_used(self) -> None:
        """In drawings and in the style sheet."""
        colours = set(re.findall(r"#[0-9a-f]{3,6}\b", page("every block").decode()))

        assert colours
        assert all(len(set(one[1:])) == 1 or one[1:3] * 3 == one[1:] for one in colours)

    def test_a_strip_says_the_meaning_of_each_mark(self) -> None:
        """A row is read aloud day by day; the counts stand below."""
        document = replace(sample_document(), front=(STRIP,), back=())
        tree = parsed(render_html([document]))
        row = next(tree.iterfind(".//tbody/tr"))

        assert [one.get("aria-label") for one in row.iterfind("td/{*}svg")] == [
            *("taken", "taken", "taken", "taken", "taken", "skipped", "not logged")
        ] * 4
        assert [len(list(one)) for one in tree.iterfind(".//tbody/tr")] == [29, 29]

    def test_no_two_marks_look_alike(self) -> None:
        """Each has a shape of its own."""
        document = replace(sample_document(), front=(STRIP,), back=())
        marks = parsed(render_html([document])).iterfind(".//dt/{*}svg")
        shapes = [tuple(path.get("d") for path in mark) for mark in marks]

        assert len({*shapes}) == len(shapes) == len(Mark)


def _drawing() -> Element:
    document = replace(sample_document(), front=(CHART,), back=())
    drawing = parsed(render_html([document])).find(".//figure/{*}svg")
    assert drawing is not None
    return drawing


def _paths(drawing: Element) -> list[str | None]:
    return [one.get("d") for one in drawing.iterfind(".//{*}path")]


class TestJudges:
    """The checker of the standard and the one for people who cannot see."""

    @pytest.mark.parametrize("judge", [NU, AXE], ids=lambda judge: judge.name)
    def test_a_judge_finds_nothing_wrong_with_any_page(self, judge: Judge) -> None:
        """Drafts, signed and amended plans, the cream, the evidence, hostile names."""
        judge.need()

        assert dict(zip(REAL, judge.faults(list(map(page, REAL))), strict=True)) == {
            name: [] for name in REAL
        }

    @pytest.mark.parametrize(
        ("judge", "right", "wrong", "fault"),
        [
            (NU, ' scope="col"', ' scope="column"', "scope"),
            (NU, '<th scope="col">Step</th>', "", "column"),
            (NU, ' lang="en"', "", "lang"),
            (NU, "</h1>", "", "h1"),
            (AXE, ' lang="en"', "", "html-has-lang"),
            (AXE, "<title>Dose and sleep</title>", "", "svg-img-alt"),
            (AXE, "color: #000;", "color: #aaa;", "color-contrast"),
            (AXE, "<h1>", "<h4>", "heading"),
        ],
        ids=lambda one: one.name if hasattr(one, "name") else None,
    )
    def test_a_judge_catches_a_broken_page(
        self, judge: Judge, right: str, wrong: str, fault: str
    ) -> None:
        """No judge falls silent."""
        judge.need()
        whole = page("every block").decode()
        assert right in whole

        found = judge.faults([whole.replace(right, wrong).encode()])[0]

        assert any(fault in one for one in found)


class TestPaper:
    """What a browser prints."""

    def test_each_sheet_of_a_draft_says_so_and_whose_it_is(self) -> None:
        """A sheet that is found alone is not taken for a signed plan."""
        CHROMIUM.need()

        sheets = [normal(sheet) for sheet in printed(page("draft"))]

        assert len(sheets) > 1
        for number, sheet in enumerate(sheets, start=1):
            assert sheet.startswith(f"Pat Example, plan {_plan().code}, written Fri 20 Feb 2026")
            assert f"{number}|{len(sheets)}" in sheet.replace(" ", "")
            assert sheet.endswith(DRAFT)

    def test_no_sheet_of_a_signed_plan_says_draft(self) -> None:
        """Nor does one that lies behind a draft."""
        CHROMIUM.need()
        documents = [sample_document(), *REAL["signed"]()]

        sheets = printed(render_html(documents))

        drafts = [sheet.rstrip().endswith(DRAFT) for sheet in sheets]
        assert drafts == sorted(drafts, reverse=True)
        assert {True, False} == {*drafts}
        assert all("DRAFT" not in sheet for sheet in sheets[drafts.index(False) :])

    def test_whatever_is_typed_is_printed_in_the_margin_as_it_is(self) -> None:
        """It stays text inside the style sheet."""
        CHROMIUM.need()
        running = 'A"}</style>*{display:none}\\27 1 2 Żółć'

        sheets = printed(render_html([replace(sample_document(), running=running)]))

        assert all(normal(sheet).startswith(running) for sheet in sheets)


def test_the_same_documents_give_the_same_bytes_elsewhere() -> None:
    """Hash seed, locale and zone change nothing."""
    code = "import test_html; print(test_html.page('a packet').hex())"
    command = [sys.executable, "-c", code]
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    environment["PYTHONPATH"] = "tests"

    told = subprocess.run(command, capture_output=True, check=True, text=True, env=environment)

    assert bytes.fromhex(told.stdout.strip()) == page("a packet")


def test_every_kind_of_cell_to_fill_in_is_said() -> None:
    """A box and a line are drawn, and heard."""
    tree = parsed(render_html([replace(sample_document(), front=(LOG,), back=())]))

    assert [said(one) for one in next(tree.iterfind(".//tbody/tr"))] == [
        ["Tue 1 Dec 2026"],
        ["box to tick"],
        ["line to write on"],
        ["line to write on"],
    ]
