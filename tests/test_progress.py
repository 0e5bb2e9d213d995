"""The progress report: its numbers are the measures', and each form of it says the same."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import pytest
from hypothesis import given, settings

import pdf_judges
from ldn_titrate.amendment import ChangeTime, Pause, Stay, Stop
from ldn_titrate.content import Bullets, Callout, Chart, DayStrip, Mark, Paragraph, Table, Weight
from ldn_titrate.course import Gate
from ldn_titrate.days import DayStatus, day_by_day
from ldn_titrate.dose import Dose
from ldn_titrate.entry import AdverseEvent, Dispensed, Measurement, OpioidTaken, Score, Visit
from ldn_titrate.export.progress import progress_file
from ldn_titrate.overlap import check_overlap
from ldn_titrate.progress import adherence_data, in_counts, progress, progress_data, review_data
from ldn_titrate.progress_document import progress_document
from ldn_titrate.progress_document.front import MARKS
from ldn_titrate.review import review
from ldn_titrate.schedule import lay_out
from ldn_titrate.share import Bounded, Share
from plans import START, a_plan, a_protocol, a_signed_plan, listed_steps, step
from records import an_entry, missed, on, record_of, records, skipped, taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.content import Block, Document
    from ldn_titrate.entry import Entry
    from ldn_titrate.plan import Plan
    from ldn_titrate.progress import Progress
    from ldn_titrate.record import Record

BY: Final[dict[str, Any]] = {
    "by": "Dr Example",
    "role": "physician",
    "reason": "Invented for a test",
}
AT: Final = datetime(2026, 3, 28, tzinfo=UTC)
NAME: Final = "Pat Example"
HOSTILE: Final = "Zo\u00eb O'Brien & Sons; =1+1, \u5f20"


def a_course(weeks: int = 10) -> Iterator[Entry]:
    """Give a record as patients keep it: doses, some days without, scores, events, values."""
    days = 7 * weeks
    yield from (taken(day) for day in range(1, days) if day not in {5, 9, 10, 11, 17, 18, 33, 40})
    yield from (missed(5), skipped(9), missed(33))
    yield from (taken(3, None, 2), taken(17, "1.5 mg"))
    yield taken(18, at=datetime(2026, 3, 19, 3, tzinfo=UTC))
    yield an_entry(Dispensed, product=a_plan().products[0], amount=Decimal(90))
    yield event("vivid dreams", 1, 16, scale="local", scale_version="1")
    yield event("headache", 2, 24, until=on(25))
    yield an_entry(Visit, day=on(28))
    for day in range(-10, days):
        yield score("pain-nrs", day, 7 if day < 1 else 4 + day % 2)
        if not day % 2:
            yield score("wi-nrs", day, 6 if day < 30 else 3)
    for day, value in ((1, 22), (50, 41)):
        yield an_entry(
            Measurement,
            day=on(day),
            code="alt",
            value=Decimal(value),
            unit="U/L",
            low=Decimal(7),
            high=Decimal(40),
        )


def event(term: str, grade: int, day: int, **more: Any) -> AdverseEvent:
    """Make an adverse event that began on a day of the course."""
    usual = {"scale": "CTCAE", "scale_version": "5.0"}
    return an_entry(AdverseEvent, day=on(day), term=term, grade=grade, **{**usual, **more})


def score(instrument: str, day: int, value: int) -> Score:
    """Make a score of a day of the course."""
    number = sum(map(ord, instrument))
    return an_entry(Score, number, day=on(day), instrument=instrument, value=Decimal(value))


def stayed() -> Plan:
    """Make a signed plan with one amendment."""
    return a_signed_plan().amended(Stay(effective=on(29), days=14, at=AT, **BY))


def told(plan: Plan | None = None, *entries: Entry, day: int = 70) -> Progress:
    """Gather a record."""
    return progress(lay_out(plan or stayed()), record_of(*entries), on(day))


def document(found: Progress, name: str = NAME) -> Document:
    """Say it."""
    return progress_document(found, name=name)


def blocks(document: Document, kind: type) -> list[Any]:
    """Give the blocks of one kind, in reading order."""
    both = (*document.front, *(block for section in document.back for block in section.blocks))
    return [block for block in both if isinstance(block, kind)]


def texts(block: Block) -> Iterator[str]:
    """Give the texts of a block."""
    match block:
        case Paragraph():
            yield block.text
        case Bullets():
            yield from block.items
        case Callout():
            yield block.title
            yield from (text for inner in block.blocks for text in texts(inner))
        case Table():
            yield block.title
            yield from block.headers
            yield from (str(cell) for row in block.rows for cell in row)
        case DayStrip():
            yield block.title
            yield from (one.label for one in block.legend)
        case Chart():
            yield block.spoken


def words(document: Document) -> list[str]:
    """Give each text of a document, with plain spaces."""
    both = (*document.front, *(block for section in document.back for block in section.blocks))
    return [plain(text) for block in both for text in texts(block)]


def plain(text: str) -> str:
    """Write a text with single plain spaces."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


VARIED: Final = {
    "a course of 10 weeks": lambda: told(None, *a_course()),
    "an empty record": lambda: told(None),
    "a plan not begun": lambda: told(None, day=-5),
    "the first day": lambda: told(None, day=1),
    "a draft": lambda: told(a_plan(), *a_course()),
    "stopped": lambda: told(
        a_signed_plan().amended(Stop(effective=on(40), at=AT + timedelta(days=20), **BY)),
        *(taken(day) for day in range(1, 40)),
    ),
    "paused": lambda: told(
        a_signed_plan().amended(Pause(effective=on(60), at=AT + timedelta(days=40), **BY)),
        *(taken(day) for day in range(1, 60)),
    ),
    "another bedtime": lambda: told(
        a_signed_plan().amended(
            ChangeTime(effective=on(60), bedtime=time(21, 30), at=AT + timedelta(days=40), **BY)
        ),
        *(taken(day) for day in range(1, 60)),
    ),
    "waiting": lambda: told(
        a_signed_plan(gate=Gate.SIGN), *(taken(day) for day in range(1, 15)), day=20
    ),
    "ended": lambda: told(
        a_signed_plan(protocol=a_protocol(listed_steps("3 mg", step("1.5 mg", "P21D")))), day=30
    ),
    "52 weeks": lambda: told(None, *a_course(52), day=364),
    "no scores": lambda: told(None, *(one for one in a_course() if not isinstance(one, Score))),
    "four instruments": lambda: told(
        None,
        *a_course(),
        *(score(one, day, 2) for one in ("sleep-quality", "awakenings") for day in range(-9, 70)),
    ),
    "an opioid": lambda: told(
        None, *a_course(), an_entry(OpioidTaken, day=on(69), name="tramadol")
    ),
    "what does not fit": lambda: told(None, taken(1), missed(1), taken(90)),
}


@pytest.fixture(params=VARIED, scope="module")
def found(request: pytest.FixtureRequest) -> Progress:
    """Gather each of several records."""
    made: Progress = VARIED[request.param]()
    return made


def test_the_first_lines_are_the_measures(found: Progress) -> None:
    """What is planned now, the doses, the days not logged, the events and the scores."""
    main = next(block for block in document(found).front if isinstance(block, Callout))
    measures = found.adherence.implementation

    lines = [plain(text) for text in texts(main)][1:]

    assert main.weight is Weight.MAIN
    taking, missing = in_counts(measures.taking), measures.not_logged
    doses = f"Doses taken, of doses planned: {taking}; dosing days not logged: {missing}"
    assert lines[0] == (doses if measures.due else "No dose was due yet")
    assert lines[1].startswith("Adverse events begun: ")
    counted = sum(int(one) for one in re.findall(r"(\d+) of grade", lines[1]))
    assert counted == len(found.events)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("a course of 10 weeks", "Planned now: 4.5 mg, since Sun 12 Apr 2026"),
        ("a plan not begun", "Not begun: the first dosing day is Sun 1 Mar 2026"),
        ("waiting", "Waiting for a signature: no dose from Sun 15 Mar 2026 on"),
        ("ended", "Ended: no dose is planned any more"),
        ("the first day", "Planned now: 1.5 mg, since Sun 1 Mar 2026"),
        ("stopped", "Stopped: no dose from Thu 9 Apr 2026 on"),
        ("paused", "Paused: no dose from Wed 29 Apr 2026 on"),
        ("another bedtime", "Planned now: 4.5 mg, since Sun 29 Mar 2026"),
    ],
)
def test_the_first_line_says_where_the_plan_is(name: str, title: str) -> None:
    """Worked by hand: 1.5 mg for 14 days, 3 mg for 14, a stay of 14 more, then 4.5 mg."""
    main = next(block for block in document(VARIED[name]()).front if isinstance(block, Callout))

    assert plain(main.title) == title


def test_the_strip_counts_each_day_once(found: Progress) -> None:
    """Marks, legend and what is said of days without a mark sum to the days."""
    said = document(found)
    strips = blocks(said, DayStrip)
    if not found.days:
        assert strips == []
        return
    (strip,) = strips
    drawn = Counter(mark for _, marks in strip.rows for mark in marks if mark)
    assert drawn == Counter({one.mark: one.count for one in strip.legend})
    blank = next((one for one in words(said) if one.startswith("Days without a mark: ")), "")
    without = sum(int(one) for one in re.findall(r"\d+", blank))
    assert sum(drawn.values()) + without == len(found.days)
    assert {one.label: one.count for one in strip.legend} == {
        status.value: found.count(status) for status in MARKS if found.count(status)
    }


def test_each_mark_stands_on_its_day() -> None:
    """The first row begins with the first dosing day, and has 28 days."""
    (strip,) = blocks(document(VARIED["a course of 10 weeks"]()), DayStrip)

    label, marks = strip.rows[0]
    assert (plain(label), len(marks)) == ("1 Mar", 28)
    assert [marks[day - 1] for day in (2, 3, 5, 9, 10, 17, 18)] == [
        Mark.FULL,
        Mark.DOUBLE,
        Mark.CROSS,
        Mark.DASH,
        Mark.EMPTY,
        Mark.SLASH,
        Mark.HALF,
    ]


def test_each_mark_is_of_one_status() -> None:
    """No two statuses look the same, and what is not due or paused has no mark."""
    assert len(set(MARKS.values())) == len(MARKS)
    assert set(DayStatus) - set(MARKS) == {DayStatus.PAUSED, DayStatus.NOT_DUE}


def test_the_table_by_dose_is_the_view_by_step(found: Progress) -> None:
    """Dose, dates, doses taken, events and scores of each run of days."""
    tables = [one for one in blocks(document(found), Table) if one.title.startswith("By dose")]
    rows = [[plain(str(cell)) for cell in row] for one in tables for row in one.rows]

    assert len(rows) == len(found.steps)
    for row, one in zip(rows, found.steps, strict=True):
        assert row[0] == (str(one.dose) if one.dose else "no dose")
        assert row[2] == in_counts(one.implementation.taking)
        assert all(f"(n = {score_.summary.n})" in row[4] for score_ in one.scores)


def test_each_proposal_is_told_once_with_its_sources(found: Progress) -> None:
    """What is urgent stands in a box before the others."""
    said = words(document(found))

    for one in found.review.proposals:
        why = plain(f"{one.reason} ({', '.join(one.sources)})")
        assert sum(why in text for text in said) == 1
    urgent = [one for one in found.review.proposals if one.urgent]
    stops = [one for one in blocks(document(found), Callout) if one.weight is Weight.STOP]
    assert [len(one.blocks[0].items) for one in stops] == ([len(urgent)] if urgent else [])


def test_each_event_finding_value_and_version_is_told(found: Progress) -> None:
    """Nothing of the record is left out for want of room."""
    said = "\n".join(words(document(found)))

    assert all(f"{one.grade} ({one.scale} {one.scale_version})" in said for one in found.events)
    assert all(plain(one.message)[1:] in said for one in found.findings)
    assert said.count("U/L,") == sum(len(one) for one in found.measurements.values())
    plan = found.schedule.plan
    assert all(plan.at_version(one).code in said for one in range(1, plan.version + 1))
    assert "Before and after, no control group" in said


def test_the_chart_has_each_score_on_its_day() -> None:
    """Points are days since the first one and the values; the words hold the medians."""
    found = VARIED["a course of 10 weeks"]()
    (chart,) = blocks(document(found), Chart)
    doses, scores = chart.plots

    pain = scores.series[0]
    assert pain.label.endswith("(pain-nrs)")
    assert pain.points == tuple(
        (float((one.day - on(-10)).days), float(one.value))
        for one in found.record.of_kind(Score)
        if one.instrument == "pain-nrs"
    )
    assert doses.series[0].points[:3] == ((0.0, 0.0), (11.0, 1.5), (25.0, 3.0))
    spoken = plain(chart.spoken)
    assert "1.5 mg from Sun 1 Mar 2026, 3 mg from Sun 15 Mar 2026" in spoken
    assert "pain-nrs: before median 7 (n = 11" in spoken


def test_four_instruments_leave_one_out_of_the_chart() -> None:
    """It is told in words instead."""
    said = document(VARIED["four instruments"]())
    (chart,) = blocks(said, Chart)

    drawn = [one.label for plot in chart.plots[1:] for one in plot.series]
    assert len(drawn) == 3
    others = next(one for one in said.back if one.title == "Other scores, before and now")
    assert len(list(texts(others.blocks[0]))) == 1


def test_a_later_entry_is_not_told() -> None:
    """Asked as of a day, the report knows nothing of the days after it."""
    before = told(None, *a_course(), day=40)
    known = [one for one in a_course() if getattr(one, "day", START) <= on(40)]

    assert document(before).front == document(told(None, *known, day=40)).front


# Each form says the same


def test_the_data_are_the_measures(found: Progress) -> None:
    """Exact numbers, and they are read back from the file."""
    data = json.loads(progress_file(found, name=NAME, format="json").content)

    assert data == progress_data(found)
    assert [one["status"] for one in data["days"]] == [one.status.value for one in found.days]
    taking = found.adherence.implementation.taking
    assert data["adherence"]["taking"]["low"] == [taking.low.part, taking.low.whole]
    assert data["review"] == review_data(found.review)
    assert len(data["adverse_events"]) == len(found.events)
    assert [one["n"] for one in data["scores"]] == [
        [one.before.n, one.now.n] for one in found.scores
    ]


def test_the_data_hold_what_the_report_says_of_begin_and_end() -> None:
    """Day 1 is not logged, the last dose is that of day 3, and nothing is known since day 4."""
    record = record_of(taken(2), taken(3), missed(5))
    told = progress_data(progress(lay_out(a_signed_plan()), record, on(7)))["adherence"]

    assert (told["initiation_earliest"], told["initiation"]) == ("2026-03-01", "2026-03-02")
    assert (told["persistence_days"], told["last_dose"]) == ([2, 6], "2026-03-03")
    assert told["not_known_since"] == "2026-03-04"
    assert (told["no_time"], told["unplanned"]) == (2, 0)


def test_an_instrument_that_was_given_up_is_not_left_out() -> None:
    """It was scored in the second week and not since; that there is no score now is told."""
    score = an_entry(Score, day=on(9), instrument="pain-nrs", value=Decimal(5))
    (told,) = progress(lay_out(a_signed_plan()), record_of(score), on(60)).scores

    assert (told.instrument.id, told.before.n, told.now.n) == ("pain-nrs", 0, 0)
    assert "now no score (n = 0, 7 missing)" in str(told)


def test_adherence_and_review_alone_are_those_of_the_report(found: Progress) -> None:
    """The commands and the report cannot differ."""
    plan, record = found.schedule.plan, found.record
    alone = adherence_data(found.schedule, record, found.as_of)
    whole = progress_data(found)

    assert {name: alone[name] for name in whole["adherence"]} == whole["adherence"]
    assert alone["supply"] == whole["supply"]
    assert alone["counts"] == dict(Counter(one["status"] for one in whole["days"]))
    assert (
        review_data(review(plan, record, found.as_of))["proposals"]
        == (whole["review"]["proposals"])
    )


@pytest.mark.parametrize("format_", ["html", "text"])
def test_html_and_text_hold_each_word(found: Progress, format_: Any) -> None:
    """What the pages say stands in the other forms too."""
    made = progress_file(found, name=NAME, format=format_).content.decode("utf-8")
    unmarked = re.sub(r"<[^>]*>", " ", made) if format_ == "html" else made
    squeezed = re.sub(r"\s", "", unmarked).replace("&#x27;", "'").replace("&amp;", "&")

    for text in words(document(found)):
        assert re.sub(r"\s", "", text) in squeezed, text


def test_a_score_says_how_many_it_rests_on_and_which_ones_are_too_few() -> None:
    """Of itch there are 6 scores before the start, where 7 make a baseline."""
    main = next(one for one in document(told(None, *a_course())).front if isinstance(one, Callout))
    lines = [plain(text) for text in texts(main)]
    assert (
        lines[3] == "Pain (pain-nrs): before median 7 (n = 11), now median 4.5 (n = 6, 1 missing)"
    )
    assert lines[4] == "Too few to compare: Worst itch of the last 24 hours (wi-nrs)"


def test_without_anything_handed_out_what_was_on_hand_is_not_known() -> None:
    """It is not told as a gap."""
    none, some = (words(document(told(None, *more))) for more in ((), (dispensed(1),)))
    unknown = "Nothing is logged as handed out, so what was on hand is not known."
    assert unknown in none
    assert unknown not in some
    assert not [one for one in none if one.startswith("Enough on hand")]


@pytest.mark.parametrize(
    ("units", "words_"),
    [
        (1000, "Enough on hand: 15 of 15 dosing days."),
        (14, "Enough on hand: 14 of 15 dosing days; not on Sun 15 Mar 2026."),
        (
            10,
            "Enough on hand: 10 of 15 dosing days; not from Wed 11 Mar 2026 to Sun 15 Mar 2026.",
        ),
    ],
)
def test_the_supply_is_one_line(units: int, words_: str) -> None:
    """One capsule of 1.5 mg for each of 14 days, and two on day 15."""
    assert words_ in words(document(told(None, dispensed(units), day=15)))


def dispensed(units: int) -> Dispensed:
    """Make capsules of 1.5 mg handed out on the first day."""
    return an_entry(Dispensed, product=a_plan().products[0], amount=Decimal(units))


def test_an_error_among_the_findings_is_read_first() -> None:
    """Two plans for the same days are no matter for the second page."""
    found = told(None, *a_course())
    overlap = check_overlap([stayed(), a_signed_plan(id=UUID(int=9))])
    first = [
        plain(text)
        for one in document(replace(found, findings=(*overlap, *found.findings))).front
        if isinstance(one, Callout) and one.weight is Weight.STOP
        for text in texts(one)
    ]
    assert first[0] == "Read first"
    assert "both have doses for the same days" in first[-1]


BREAKABLE: Final = re.compile(
    r"\d (?:mg|mL)\b|\bn = |\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d"
    r"|\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"
)


def test_no_line_ends_inside_a_dose_or_a_date(found: Progress) -> None:
    """Whatever the entry tells is a patient's own; the words around it are held."""
    both = (*document(found).front, *(b for part in document(found).back for b in part.blocks))
    said = [text for block in both for text in texts(block)]
    assert [one for one in said if BREAKABLE.search(one)] == []


def test_a_dose_that_may_break_is_found() -> None:
    assert all(map(BREAKABLE.search, ("1.5 mg", "n = 6", "Sun 1\N{NO-BREAK SPACE}Mar", "1 Mar")))


@pytest.mark.parametrize("size", ["letter", "a4"])
@pytest.mark.parametrize("name", ["a course of 10 weeks", "an empty record", "52 weeks", "paused"])
def test_the_pages_hold_each_word_and_pass_the_judges(name: str, size: Any) -> None:
    """PDF/UA-1 by two validators, no complaint of the reader, and the document's own words."""
    found = VARIED[name]()
    pdf = progress_file(found, name=NAME, size=size).content

    assert pdf_judges.validate_ua1(pdf) == []
    assert pdf_judges.pdfua_errors(pdf) == []
    assert pdf_judges.problems(pdf) == ""
    squeezed = re.sub(r"\s", "", "".join(pdf_judges.struct_text(pdf)))
    for text in words(document(found)):
        assert re.sub(r"\s", "", text) in squeezed, text


@pytest.mark.parametrize("size", ["letter", "a4"])
@pytest.mark.parametrize("weeks", [10, 12])
def test_an_ordinary_record_is_two_pages(weeks: int, size: Any) -> None:
    """What is looked at in the first minute, with something urgent in it, and the course."""
    urgent = an_entry(OpioidTaken, day=on(7 * weeks - 1), name="tramadol")
    found = told(None, *a_course(weeks), urgent, day=7 * weeks)

    assert len(pdf_judges.page_sizes(progress_file(found, name=NAME, size=size).content)) == 2


@pytest.mark.parametrize("format_", ["pdf", "html", "text", "json"])
def test_the_same_record_gives_the_same_bytes(format_: Any) -> None:
    """Whatever the order in which its lines arrived."""
    lines = list(a_course())
    forth, back = told(None, *lines), told(None, *reversed(lines))

    assert (
        progress_file(forth, name=NAME, format=format_).content
        == progress_file(back, name=NAME, format=format_).content
    )


@pytest.mark.parametrize("format_", ["html", "text"])
def test_a_name_is_never_markup(format_: Any) -> None:
    """It is written as it is, and escaped where it must be."""
    made = progress_file(VARIED["an empty record"](), name=HOSTILE, format=format_).content

    written = made.decode("utf-8").replace("&amp;", "&").replace("&#x27;", "'")
    assert HOSTILE in written.replace("\N{NO-BREAK SPACE}", " ")


def test_a_letter_that_no_font_has_is_told() -> None:
    """The pages cannot hold it; the other forms can."""
    found = told(None, event("\u5f20", 1, 3), day=10)

    pages = progress_file(found, name=HOSTILE)
    assert [one.code for one in pages.findings] == ["text.no-glyph", "text.no-glyph"]
    assert progress_file(found, name=HOSTILE, format="html").findings == ()
    assert progress_file(found, name=NAME, format="text").findings == ()


def test_in_counts_says_both_bounds_in_the_fewest_words() -> None:
    """Worked by hand."""
    one, two, other = Share(40, 52), Share(45, 52), Share(3, 4)

    assert in_counts(Bounded(one, one)) == "40 of 52"
    assert in_counts(Bounded(one, two)) == "40 to 45 of 52"
    assert in_counts(Bounded(other, two)) == "3 of 4 to 45 of 52"


@given(record=records(days=60))
@settings(max_examples=30)
def test_any_record_is_told_whole(record: Record) -> None:
    """Whatever was logged, the strip counts each day, and the words name every step."""
    schedule = lay_out(a_signed_plan())
    found = progress(schedule, record, on(61))
    (strip,) = blocks(document(found), DayStrip)

    assert sum(one.count for one in strip.legend) == len(day_by_day(schedule, record, on(61)).days)
    assert len(found.steps) == len(
        next(one for one in blocks(document(found), Table) if one.title.startswith("By dose")).rows
    )


def test_the_report_of_a_draft_says_so_and_that_of_a_signed_plan_does_not() -> None:
    assert document(told(a_plan())).draft == "DRAFT, not for patient use"
    assert document(told(a_signed_plan())).draft is None


def test_a_pause_ends_the_time_for_which_a_dose_is_said_to_be_planned() -> None:
    """The dose before the pause and after it is the same one; it is planned from then on anew."""
    pause = Pause(
        effective=on(20),
        until=on(27),
        resume_at=Dose.parse("3 mg"),
        at=AT,
        **BY,
    )
    shown = document(told(a_signed_plan().amended(pause), day=30)).front[0]
    assert isinstance(shown, Callout)
    assert plain(shown.title) == "Planned now: 3 mg, since Fri 27 Mar 2026"
