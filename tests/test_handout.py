"""The handout: what it says, and that what is printed is what the schedule says."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest

import ldn_titrate as ldn
import pdf_judges
from ldn_titrate import documents
from ldn_titrate.content import Bullets, Document, Fields, Paragraph, Table, TickCalendar
from ldn_titrate.errors import ExportError, ScheduleError
from ldn_titrate.export.printed import handout_file, text_findings
from ldn_titrate.library import Audience, sentences
from ldn_titrate.protocol import Interval
from plans import a_plan
from readability import grade

SIGNED_AT = datetime(2026, 11, 23, tzinfo=UTC)
PRODUCTS = {
    "one strength": ("capsule 1.5 mg",),
    "a mix of strengths": ("capsule 3 mg", "capsule 1.5 mg"),
    "tablets": ("tablet 0.5 mg",),
    "a liquid": ("liquid 1 mg/mL, 0.1 mL syringe",),
}
NAMES = {
    "Latin": "Łukasz Žižka-Ørsted",
    "Greek": "Παράδειγμα Παππά",
    "Cyrillic": "Пример Иванович",
    "Vietnamese": "Nguyễn Thị Ánh",
    "Hebrew": "פת דוגמה",
}
UNCLEAR = {
    "a zero after the last digit": r"\d\.\d*0 ?m[gL]",
    "no zero before the point": r"(?<![0-9])\.\d+ ?m[gL]",
    "no space before the unit": r"\d(?:mg|mL|mcg)\b",
    "a period behind the unit inside a sentence": r"mg\.(?! |$|\n)",
    "shorthand": r"\b(?:q\.?d|qhs|HS|hs|QHS|QD|BT|UD|o\.d|prn|nightly|biweekly|bi-weekly|mcg)\b",
    "a sign for a word": r"[<>@&+]|\d ?/ ?\d",
    "micrograms": "[µμ]g",
    "a promise": r"\b(?:safe|proven|no interactions|minimal side effects)\b",
}


def laid_out(**changes: object) -> ldn.Schedule:
    """Lay out an invented plan that starts on Tue 1 Dec 2026."""
    given = dict(changes)
    texts = given.pop("products", ("capsule 1.5 mg",))
    products = tuple(ldn.Product.parse(text) for text in texts)
    return ldn.lay_out(a_plan(**({"start": date(2026, 12, 1), "products": products} | given)))


def spoken(document: Document) -> list[str]:
    """Return every text of a document, in reading order, with plain spaces."""
    texts = [document.title, document.subtitle]
    for block in (*document.front, *(part for section in document.back for part in section.blocks)):
        texts += _texts(block)
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts]


def _texts(block: object) -> list[str]:
    match block:
        case Paragraph():
            return [block.text]
        case Bullets():
            return list(block.items)
        case Table():
            return [block.title, *block.headers, *(cell for row in block.rows for cell in row)]
        case TickCalendar():
            days = [day for week in block.weeks for day in week.days if day]
            return [block.title, *(text for day in days for text in (day.date, *day.units))]
        case Fields():
            return [text for field in block.fields for text in (field.label, field.value or "")]
    return [block.title, *(text for part in block.blocks for text in _texts(part))]


def table_of(document: Document) -> Table:
    """Return the table of steps."""
    return next(block for block in document.front if isinstance(block, Table))


def calendar_of(document: Document) -> TickCalendar:
    """Return the grid of boxes to tick."""
    return next(block for block in document.front if isinstance(block, TickCalendar))


def test_the_table_gives_dates_dose_and_units_of_each_step() -> None:
    """No arithmetic is left to the reader."""
    rows = table_of(documents.handout(laid_out())).rows

    assert [tuple(cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row) for row in rows] == [
        ("1", "Tue 1 Dec 2026 to Mon 14 Dec 2026", "1.5 mg", "1 capsule of 1.5 mg"),
        ("2", "Tue 15 Dec 2026 to Mon 28 Dec 2026", "3 mg", "2 capsules of 1.5 mg"),
        ("3", "from Tue 29 Dec 2026 on", "4.5 mg", "3 capsules of 1.5 mg"),
    ]


@pytest.mark.parametrize("products", PRODUCTS.values(), ids=PRODUCTS)
def test_each_cell_of_the_calendar_is_the_schedule_of_its_day(products: tuple[str, ...]) -> None:
    """Date, dose and units of all 42 boxes equal what the schedule and the products say."""
    schedule = laid_out(products=products)
    cells = [day for week in calendar_of(documents.handout(schedule)).weeks for day in week.days]

    for number, cell in enumerate(cells):
        day = schedule.first + timedelta(days=number)
        dose = schedule.dose_on(day)
        assert cell is not None
        assert cell.date.replace("\N{NO-BREAK SPACE}", " ") == f"{day.day} {day:%b}"
        assert cell.dose == str(dose).replace(" ", "\N{NO-BREAK SPACE}")
        assert len(cell.units) == len(ldn.make_up(dose, schedule.plan.products))
    assert len(cells) == 42


def test_a_mix_of_strengths_names_the_strength_in_each_cell() -> None:
    """Where capsules could be mixed up, a count alone is not enough."""
    schedule = laid_out(products=PRODUCTS["a mix of strengths"])
    cells = [day for week in calendar_of(documents.handout(schedule)).weeks for day in week.days]

    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in cells[-1].units] == [
        "1 of 3 mg",
        "1 of 1.5 mg",
    ]


def test_the_days_on_which_the_dose_changes_stand_out() -> None:
    """A change is marked in the grid as it is in the table."""
    weeks = calendar_of(documents.handout(laid_out())).weeks

    marked = [day.date for week in weeks for day in week.days if day and day.changes]

    assert marked == ["15\N{NO-BREAK SPACE}Dec", "29\N{NO-BREAK SPACE}Dec"]


def test_an_incomplete_last_week_has_empty_days() -> None:
    """The grid keeps its seven columns."""
    document = documents.handout(laid_out(), through=date(2026, 12, 9))

    weeks = calendar_of(document).weeks

    assert [sum(day is not None for day in week.days) for week in weeks] == [7, 2]
    assert {len(week.days) for week in weeks} == {7}


def test_the_horizon_is_said() -> None:
    """Counts run for 12 weeks unless another day is asked for, and the plan goes on after it."""
    usual, longer = (
        " ".join(spoken(documents.handout(laid_out(), through=through)))
        for through in (None, date(2027, 3, 1))
    )

    assert "From Tue 1 Dec 2026 to Mon 22 Feb 2027 you need 210 capsules of 1.5 mg." in usual
    assert "From Tue 1 Dec 2026 to Mon 1 Mar 2027 you need" in longer
    assert "Your plan goes on after that until your prescriber changes it." in usual


def test_a_plan_that_waits_says_so() -> None:
    """Behind the next increase, nothing is planned until it is signed."""
    told = " ".join(spoken(documents.handout(laid_out(gate=ldn.Gate.SIGN))))

    assert "After Mon 14 Dec 2026 your prescriber must sign before you go on." in told


def test_a_plan_that_ends_says_when() -> None:
    """A closed last step is told as an end, and an earlier horizon as a pause in the telling."""
    protocol = ldn.load_protocol("ldn-oral-4.5mg-fixed")
    step = protocol.steps[0].replace(lasts=Interval(days=10))
    schedule = laid_out(protocol=protocol.replace(rule=protocol.rule.replace(steps=(step,))))

    whole = " ".join(spoken(documents.handout(schedule)))
    part = " ".join(spoken(documents.handout(schedule, through=date(2026, 12, 3))))

    assert "Your plan ends on Thu 10 Dec 2026." in whole
    assert "The dose stays the same." in whole
    assert "Your plan goes on after that." in part


def test_a_morning_plan_speaks_of_the_morning() -> None:
    """A morning dose belongs to its own date, and no sentence speaks of bedtime."""
    words = " ".join(spoken(documents.handout(laid_out(bedtime=time(8, 0)))))

    assert "Take one dose in the morning, at 08:00." in words
    assert "Take it if you think of it later that day." in words
    assert not re.search("bedtime|evening|midnight|night", words)


def test_what_is_not_given_is_left_to_be_written_in() -> None:
    """No number to call is assumed for any country."""
    clinic = ldn.Clinic(prescriber="Dr Robin Sample")

    (fields,) = documents.handout(laid_out(clinic=clinic)).back[0].blocks

    assert {field.label: field.value for field in fields.fields} == {
        "Prescriber": "Dr Robin Sample",
        "Clinic": None,
        "Telephone": None,
        "Pharmacy": None,
        "Emergency number": None,
    }


def test_a_draft_is_marked_until_it_is_signed() -> None:
    """Only a signature takes DRAFT away."""
    plan = laid_out().plan
    signed = plan.signed(
        screened_elsewhere=True,
        by="Dr Robin Sample",
        role="prescriber",
        at=datetime(2026, 11, 23, tzinfo=UTC),
    )

    assert documents.handout(ldn.lay_out(plan)).draft == "DRAFT, not for patient use"
    assert documents.handout(ldn.lay_out(signed)).draft is None


def test_nothing_is_printed_from_a_protocol_for_tests_only() -> None:
    """The refusal names the protocol."""
    protocol = ldn.load_protocol().replace(status=ldn.protocol.Status.TESTS_ONLY)

    with pytest.raises(ExportError, match="for tests only"):
        documents.handout(laid_out(protocol=protocol))


def test_a_horizon_before_the_start_is_refused() -> None:
    """No page is made for days that are not in the plan."""
    with pytest.raises(ScheduleError, match="in force from 2026-12-01"):
        documents.handout(laid_out(), through=date(2026, 11, 1))


def test_the_fixed_sentences_are_plain() -> None:
    """Together they need no more than six school years (Flesch-Kincaid)."""
    texts = [one.text for one in sentences().values() if one.audience is Audience.PATIENT]

    assert grade(" ".join(text if text[-1] in ".:" else f"{text}." for text in texts)) <= 6


def test_the_handout_says_when_to_ask_for_a_review() -> None:
    """Weeks 4, 8 and 12, the last one a day behind the count; or in general, where none is due."""
    told = " ".join(spoken(documents.handout(laid_out())))
    without = laid_out(follow_up=ldn.plan.FollowUp(weeks=(), then_months=None))

    assert "Around Tue 29 Dec 2026, Tue 26 Jan 2027 and Tue 23 Feb 2027." in told
    assert "Write down each dose, how you sleep and any side effect." in told
    assert "Ask your prescriber when it is due." in " ".join(spoken(documents.handout(without)))


def test_the_notes_stand_in_their_order() -> None:
    """Whom to call and when at once, then how it is taken, and what is not known."""
    titles = [section.title for section in documents.handout(laid_out()).back]

    assert titles == [
        "Whom to call",
        "Get help at once if you have",
        "How to take it",
        "If you miss a dose",
        "What you may notice",
        "Operations and new medicines",
        "What is known and not known",
        "Ask for a review of your plan",
        "Keeping it",
        "About this plan",
    ]


def test_hard_words_are_graded_as_hard() -> None:
    """The measure itself can fail."""
    assert (
        grade("Pharmacodynamic antagonism necessitates multidisciplinary perioperative care.") > 12
    )


def test_every_sentence_that_a_plan_can_print_was_checked_against_its_sources() -> None:
    """Nothing unreviewed is printed."""
    assert [one.id for one in sentences().values() if not one.reviewed] == []


@pytest.mark.parametrize("size", ["letter", "a4"])
@pytest.mark.parametrize("products", PRODUCTS.values(), ids=PRODUCTS)
@pytest.mark.parametrize("signed", [False, True], ids=["draft", "signed"])
class TestThePages:
    """Handouts on either paper, of each kind of product, as draft and signed."""

    @pytest.fixture
    def schedule(self, products: tuple[str, ...], signed: bool) -> ldn.Schedule:  # noqa: FBT001
        """Lay out the plan."""
        schedule = laid_out(products=products)
        if not signed:
            return schedule
        return ldn.lay_out(
            schedule.plan.signed(
                screened_elsewhere=True, by="Dr Robin Sample", role="prescriber", at=SIGNED_AT
            )
        )

    @pytest.fixture
    def pdf(self, schedule: ldn.Schedule, size: str) -> bytes:
        """Make the handout."""
        return handout_file(schedule, size=size).content

    def test_meet_the_standard_for_accessible_pages(self, pdf: bytes) -> None:
        """PDF/UA-1: no failure by one validator, no error by another, clean syntax."""
        assert pdf_judges.validate_ua1(pdf) == []
        assert pdf_judges.pdfua_errors(pdf) == []
        assert pdf_judges.problems(pdf) == ""

    def test_are_two(self, pdf: bytes) -> None:
        """One page for the fridge, one to read and keep."""
        assert len(pdf_judges.page_sizes(pdf)) == 2

    def test_write_doses_so_that_none_is_misread(self, pdf: bytes) -> None:
        """The dose-text rules, over the text that any reader extracts."""
        text = "\n".join(pdf_judges.page_text(pdf))

        assert [name for name, pattern in UNCLEAR.items() if re.search(pattern, text)] == []

    def test_break_no_dose_and_no_date_over_two_lines(self, pdf: bytes) -> None:
        """A number and its unit, a day and its month, stand on one line."""
        lines = [line.strip() for page in pdf_judges.page_text(pdf) for line in page.splitlines()]

        begun = [
            line for line in lines if re.match(r"(?:mg|mL)\b|(?:Jan|Feb|Mar|Dec)\b(?! \d{4})", line)
        ]
        assert begun == []

    def test_print_only_black_and_grey_of_at_least_ten_points(self, pdf: bytes) -> None:
        """No meaning by colour, nothing too small to read."""
        colour = {"rg", "RG", "k", "K", "sc", "SC", "scn", "SCN", "cs", "CS", "sh"}

        assert {name for name, _ in pdf_judges.operators(pdf)} & colour == set()
        assert min(pdf_judges.font_sizes(pdf)) >= 10

    def test_say_what_the_document_says(self, pdf: bytes, schedule: ldn.Schedule) -> None:
        """Read aloud, each sentence of the document is whole and stands in its order."""
        document = documents.handout(schedule)
        aloud = " ".join(" ".join(pdf_judges.struct_text(pdf)).split())

        place = 0
        for text in (text for text in spoken(document) if len(text.split()) > 3):
            found = aloud.find(text, place)
            assert found >= 0, text
            place = found
        assert ("DRAFT" in aloud) is not schedule.plan.is_signed


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_in_another_script_is_printed(name: str) -> None:
    """Every letter has a glyph, and what is read aloud is the name."""
    made = handout_file(laid_out(patient=name))

    assert made.findings == ()
    aloud = [element.spoken or "" for element in pdf_judges.elements(made.content)]
    aloud += pdf_judges.struct_text(made.content)
    assert any(f"for {name}, written" in text for text in aloud)


def test_a_letter_that_no_font_has_is_told_and_leaves_a_mark() -> None:
    """A gap in a name is never silent."""
    made = handout_file(laid_out(patient="Pat 例", clinic=ldn.Clinic(pharmacy="例えば")))

    assert [(one.code, one.where) for one in made.findings] == [
        ("text.no-glyph", "patient"),
        ("text.no-glyph", "clinic.pharmacy"),
    ]
    assert "U+4F8B" in made.findings[0].message
    assert "Pat \N{REPLACEMENT CHARACTER}" in " ".join(pdf_judges.page_text(made.content))


def test_a_plain_name_gives_no_finding() -> None:
    """Most plans have nothing to say here."""
    assert text_findings(laid_out().plan) == ()


@pytest.mark.parametrize("protocol", ldn.protocol_ids())
def test_every_shipped_protocol_prints(protocol: str) -> None:
    """Nine steps or one, months or days: the pages meet the standard and hold every dose."""
    schedule = laid_out(protocol=ldn.load_protocol(protocol), products=("capsule 0.5 mg",))

    pdf = handout_file(schedule).content

    assert pdf_judges.validate_ua1(pdf) == []
    text = " ".join(pdf_judges.page_text(pdf)[0].split())
    assert [str(one.dose) for one in schedule.segments if str(one.dose) not in text] == []
