"""What a cream's handout and reminders say, and that they are what the plan says."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import icalendar
import pytest

import pdf_judges
from judges import icaljs, libical, pypi
from judges.panel import ICALJS, LIBICAL, PANEL
from ldn_titrate.content import Bullets, Callout, Document, Fields, Table, TickCalendar, Weight
from ldn_titrate.errors import LdnTitrateError, TopicalError
from ldn_titrate.export.printed import text_findings
from ldn_titrate.export.topical import (
    topical_calendar_file,
    topical_handout_file,
)
from ldn_titrate.library import evidence, section
from ldn_titrate.plan import Clinic
from ldn_titrate.topical_documents import topical_handout
from readability import grade
from test_handout import UNCLEAR, spoken
from test_topical import a_cream, a_signed_cream

if TYPE_CHECKING:
    from ldn_titrate.topical import TopicalPlan

WRITTEN = datetime(2026, 11, 22, tzinfo=UTC)
PLANS = {
    "grams": {},
    "fingertip units": {"amount": "1 fingertip unit", "strength": "2%"},
    "eight times a day": {
        "times_per_day": 8,
        "times": tuple(time(hour) for hour in range(7, 23, 2)),
        "amount": "0.25 g",
    },
    "a week": {"review_on": date(2026, 12, 7), "vehicle": "ointment", "patient": None},
}
ZONES = (
    "America/New_York",
    "Europe/London",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "America/Nuuk",
    "America/Santiago",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "UTC",
)
PROMISES = r"\b(?:safe\w*|proven|recommend\w*|minimal side effects|no interactions|onset)\b"


def a_winter_cream(**changes: Any) -> TopicalPlan:
    """Make a cream that was written on 22 November 2026, with some fields changed."""
    return a_cream(**{"revised_at": WRITTEN} | changes)


def plain(text: str) -> str:
    """Put plain spaces for those that hold a line together."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def words_of(plan: TopicalPlan, **options: Any) -> str:
    """Return all that a handout says."""
    return " ".join(spoken(topical_handout(plan, **options)))


def part(document: Document, kind: type) -> Any:
    """Return the one block of a kind on the front page."""
    (found,) = (block for block in document.front if isinstance(block, kind))
    return found


def sections_of(document: Document) -> dict[str, list[str]]:
    """Return the bullets of each section of the back by its title."""
    return {
        one.title: [
            item for block in one.blocks if isinstance(block, Bullets) for item in block.items
        ]
        for one in document.back
    }


class TestTheFront:
    """What is looked at each day."""

    def test_has_one_main_message_with_amount_times_and_place(self) -> None:
        """How much of what, how often, when, where, and on what only."""
        main = topical_handout(a_cream()).front[0]

        assert isinstance(main, Callout)
        assert main.weight is Weight.MAIN
        assert [plain(text) for text in (main.title, *(block.text for block in main.blocks))] == [
            "Put 1 g of the cream on the skin twice a day, at 08:00 and 20:00.",
            "Where: both elbow folds. It is for skin only.",
        ]

    @pytest.mark.parametrize(
        ("times", "words"),
        [
            ((time(8),), "once a day, at 08:00."),
            ((time(8), time(14), time(20)), "3 times a day, at 08:00, 14:00 and 20:00."),
        ],
    )
    def test_counts_the_applications_in_words(self, times: tuple[time, ...], words: str) -> None:
        """Once, twice, 3 times."""
        plan = a_cream(times=times, times_per_day=len(times))

        assert f"Put 1 g of the cream on the skin {words}" in words_of(plan)

    def test_never_says_an_amount_of_naltrexone_where_an_amount_of_cream_is_meant(self) -> None:
        """1 g of the cream is 10 mg of naltrexone; 1 g of naltrexone is a hundred times that."""
        everything = words_of(a_cream()) + topical_calendar_file(a_cream()).content.decode()

        assert not re.search(r" g of (?!the cream)", plain(everything))
        assert not re.search(r"\d ?mg\b", plain(everything))

    def test_tells_what_a_fingertip_unit_is_and_that_it_was_not_verified(self) -> None:
        """Only where the amount is in fingertip units."""
        sentence = "A fingertip unit is taken as about 0.5 g. This was not verified."

        assert sentence in words_of(a_cream(amount="2 fingertip units"))
        assert sentence not in words_of(a_cream())

    def test_has_a_table_with_the_plan_in_one_row(self) -> None:
        """What, where, how much, when, and the review with weekday and written month."""
        (row,) = part(topical_handout(a_cream()), Table).rows

        assert [plain(cell) for cell in row] == [
            "Cream with naltrexone 1%",
            "both elbow folds",
            "1 g",
            "twice a day: 08:00 and 20:00",
            "Mon 11 Jan 2027",
        ]

    def test_keeps_the_whole_warning_on_opioids(self) -> None:
        """Every sentence of the oral handout's box, and why it holds for a cream (C14)."""
        stop = topical_handout(a_cream()).front[2]

        assert isinstance(stop, Callout)
        assert stop.weight is Weight.STOP
        (bullets,) = stop.blocks
        assert isinstance(bullets, Bullets)
        title, *notes = (one.text for one in section("opioids"))
        assert (stop.title, list(bullets.items[:-1])) == (title, notes)
        assert "went through skin" in bullets.items[-1]

    def test_has_a_box_for_each_day_with_the_number_of_applications(self) -> None:
        """42 days to the review, which is marked."""
        weeks = part(topical_handout(a_cream()), TickCalendar).weeks
        days = [day for week in weeks for day in week.days]

        assert [plain(day.date) for day in days[:2]] == ["1 Dec", "2 Dec"]
        assert {day.dose for day in days} == {"twice"}
        assert [plain(day.date) for day in days if day.units] == ["11 Jan"]
        assert days[-1].units == ("review",)
        assert len(days) == 42

    def test_ticks_six_weeks_unless_asked_for_more(self) -> None:
        """A review in March does not fill the page by itself."""
        plan = a_cream(review_on=date(2027, 3, 1))

        usual, longer = (
            sum(day is not None for week in part(document, TickCalendar).weeks for day in week.days)
            for document in (
                topical_handout(plan),
                topical_handout(plan, through=date(2027, 3, 1)),
            )
        )

        assert (usual, longer) == (42, 91)

    def test_leaves_the_days_after_the_last_one_empty(self) -> None:
        """The grid keeps its seven columns."""
        document = topical_handout(a_cream(), through=date(2026, 12, 9))

        weeks = part(document, TickCalendar).weeks

        assert [sum(day is not None for day in week.days) for week in weeks] == [7, 2]
        assert {len(week.days) for week in weeks} == {7}

    @pytest.mark.parametrize("through", [date(2026, 11, 30), date(2027, 1, 12)])
    def test_ticks_no_day_outside_the_plan(self, through: date) -> None:
        """Neither before the start nor after the review."""
        with pytest.raises(TopicalError, match="between 2026-12-01 and 2027-01-11"):
            topical_handout(a_cream(), through=through)


class TestTheBack:
    """What is read once and kept."""

    def test_says_how_to_use_it(self) -> None:
        """Skin only, where not, hands, and who must not touch it."""
        how = " ".join(sections_of(topical_handout(a_cream()))["How to use it"])

        assert [
            word
            for word in ("skin only", "broken or infected", "eyes and mouth", "Wash your hands")
            if word not in how
        ] == []
        assert "children, pets and people who take opioids" in how

    def test_tells_the_trial_and_the_pilot_study_apart(self) -> None:
        """40 people and 29.4% are the trial's; 18 people and 70% are the pilot study's (C6)."""
        known = sections_of(topical_handout(a_cream()))["What is known and not known"]

        (trial,) = (line for line in known if "29.4%" in line)
        (pilot,) = (line for line in known if "70%" in line)
        assert "40 people with eczema (atopic dermatitis)" in trial
        assert "open pilot study of 18 people" in pilot
        assert "2 weeks, without a control group" in pilot

    def test_never_tells_46_minutes_without_74(self) -> None:
        """Both numbers of C7 stand in one sentence after the other."""
        known = sections_of(topical_handout(a_cream()))["What is known and not known"]

        (speed,) = (line for line in known if "46 minutes" in line)
        assert "74 minutes" in speed
        assert "median" in speed

    def test_says_what_is_not_known(self) -> None:
        """The best strength and frequency (S17), and the long term (S46)."""
        known = " ".join(sections_of(topical_handout(a_cream()))["What is known and not known"])

        assert "The best strength, and how often to use it, are not known." in known
        assert "Long-term effects are not known." in known

    def test_names_the_review_and_the_end_of_the_plan(self) -> None:
        """With its weekday."""
        until = plain(sections_of(topical_handout(a_cream()))["Until your review"][-1])

        assert until.startswith("Your review is on Mon 11 Jan 2027.")
        assert until.endswith("This plan ends on that day.")

    def test_counts_the_cream_to_the_review(self) -> None:
        """The plan's own total."""
        assert "From Tue 1 Dec 2026 to Mon 11 Jan 2027 you use 84 g in all." in words_of(a_cream())

    def test_leaves_what_is_not_given_to_be_written_in(self) -> None:
        """No number to call is assumed for any country."""
        document = topical_handout(a_cream(clinic=Clinic(prescriber="Dr Robin Sample")))

        (fields,) = document.back[0].blocks
        assert isinstance(fields, Fields)
        assert {field.label: field.value for field in fields.fields} == {
            "Prescriber": "Dr Robin Sample",
            "Clinic": None,
            "Telephone": None,
            "Pharmacy": None,
            "Emergency number": None,
        }

    def test_names_no_tablet_and_no_bedtime(self) -> None:
        """What holds for an oral dose only is left out."""
        assert not re.search("tablet|capsule|bedtime|evening|increase", words_of(a_cream()))


class TestTheWords:
    """The fixed sentences."""

    def test_are_plain(self) -> None:
        """No more than six school years (Flesch-Kincaid)."""
        texts = [one.text for one in section("cream")]

        assert grade(" ".join(text if text[-1] in ".:" else f"{text}." for text in texts)) <= 6

    def test_promise_nothing(self) -> None:
        """Neither they nor their evidence."""
        texts = [one.text for one in section("cream")]

        assert [text for text in texts if re.search(PROMISES, text, re.IGNORECASE)] == []

    def test_lead_to_evidence_that_says_whether_it_was_read(self) -> None:
        """The abstract of R9 was read; of R13 only the title was seen, and C14 rests on it."""
        known = evidence()

        assert {name: known[name].verified for name in ("R9", "R13", "C6", "C7", "C14")} == {
            "R9": True,
            "R13": False,
            "C6": True,
            "C7": True,
            "C14": False,
        }
        assert not known["P-fingertip"].verified
        assert all("R13" in one.sources for one in section("cream") if "lab study" in one.text)

    def test_with_a_number_name_a_source_for_it(self) -> None:
        """Each clinical figure leads to more than the plan itself."""
        numbered = [one for one in section("cream") if re.search(r"\d", one.text)]

        assert len(numbered) >= 4
        assert [one.id for one in numbered if set(one.sources) <= {"P-plan"}] == []


@pytest.mark.parametrize("size", ["letter", "a4"])
@pytest.mark.parametrize("changes", PLANS.values(), ids=PLANS)
@pytest.mark.parametrize("signed", [False, True], ids=["draft", "signed"])
class TestThePages:
    """Handouts on either paper, of each kind of plan, as draft and signed."""

    @pytest.fixture
    def plan(self, changes: dict[str, Any], signed: bool) -> TopicalPlan:  # noqa: FBT001
        """Make the plan."""
        return a_signed_cream(**changes) if signed else a_cream(**changes)

    @pytest.fixture
    def pdf(self, plan: TopicalPlan, size: Any) -> bytes:
        """Make the handout."""
        return topical_handout_file(plan, size=size).content

    def test_meet_the_standard_for_accessible_pages(self, pdf: bytes) -> None:
        """PDF/UA-1: no failure by one validator, no error by another, clean syntax."""
        assert pdf_judges.validate_ua1(pdf) == []
        assert pdf_judges.pdfua_errors(pdf) == []
        assert pdf_judges.problems(pdf) == ""

    def test_are_two(self, pdf: bytes) -> None:
        """One page for the fridge, one to read and keep."""
        assert len(pdf_judges.page_sizes(pdf)) == 2

    def test_write_amounts_so_that_none_is_misread(self, pdf: bytes) -> None:
        """The dose-text rules, over the text that any reader extracts."""
        text = "\n".join(pdf_judges.page_text(pdf))

        assert [name for name, pattern in UNCLEAR.items() if re.search(pattern, text)] == []
        assert not re.search(r"\d\.\d*0 ?g\b|(?<![0-9])\.\d+ ?g\b|\dg\b|\d %", text)

    def test_print_only_black_and_grey_of_at_least_ten_points(self, pdf: bytes) -> None:
        """No meaning by colour, nothing too small to read."""
        names = {name for name, _ in pdf_judges.operators(pdf)}

        assert names & pdf_judges.COLOURED == set()
        assert min(pdf_judges.font_sizes(pdf)) >= 10

    def test_say_what_the_document_says(self, pdf: bytes, plan: TopicalPlan) -> None:
        """Read aloud, each sentence of the document is whole and stands in its order."""
        aloud = " ".join(" ".join(pdf_judges.struct_text(pdf)).split())

        place = 0
        for text in (text for text in spoken(topical_handout(plan)) if len(text.split()) > 3):
            found = aloud.find(text, place)
            assert found >= 0, text
            place = found
        assert ("DRAFT" in aloud) is not plan.is_signed


def test_a_letter_that_no_font_has_is_told_wherever_it_stands() -> None:
    """A gap in a name, a site or a vehicle is never silent."""
    plan = a_cream(
        patient="Pat 例", site="例", vehicle="例", clinic=Clinic(pharmacy="例えば", clinic="Sample")
    )

    made = topical_handout_file(plan)

    assert [(one.code, one.where) for one in made.findings] == [
        ("text.no-glyph", "vehicle"),
        ("text.no-glyph", "site"),
        ("text.no-glyph", "patient"),
        ("text.no-glyph", "clinic.pharmacy"),
    ]
    assert "U+4F8B" in made.findings[0].message
    assert text_findings(a_cream()) == ()


@pytest.mark.parametrize(
    "text", ["{amount}", "{0}", "%s %(x)d", "\\n DTEND:x; \"a\", 'b'", "Ω≈ç√", "a" * 80]
)
def test_what_a_user_types_stays_text(text: str) -> None:
    """No field is filled in, no line is injected, no page breaks."""
    plan = a_cream(site=text, patient=text)
    document = topical_handout(plan)

    assert f"Where: {text}. It is for skin only." in " ".join(spoken(document))
    assert pdf_judges.validate_ua1(topical_handout_file(plan).content) == []
    reminder, *_ = events(topical_calendar_file(plan).content)
    assert f"Where: {text}." in reminder["DESCRIPTION"]


def events(content: bytes) -> list[icalendar.Event]:
    """Return the events of a file."""
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


def reminders(content: bytes) -> list[icalendar.Event]:
    """Return the events of a file that stand for applications."""
    return [event for event in events(content) if "RRULE" in event]


def instants(occurrences: list[tuple[str, date]]) -> list[datetime]:
    """Return the instants among what a judge expanded, in order; whole days are notes."""
    return sorted(when for _, when in occurrences if isinstance(when, datetime))


def expected(plan: TopicalPlan) -> list[datetime]:
    """Return every instant of a plan, in UTC."""
    return sorted(use.at.astimezone(UTC) for use in plan.applications())


@cache
def a_year(zone: str) -> tuple[TopicalPlan, bytes]:
    """Make a year of reminders at hours that clock changes skip or repeat."""
    plan = a_winter_cream(
        timezone=zone,
        start=date(2026, 9, 20),
        review_on=date(2027, 9, 20),
        times_per_day=4,
        times=(time(0, 30), time(2, 30), time(14), time(23, 30)),
    )
    return plan, topical_calendar_file(plan).content


class TestTheCalendar:
    """The .ics file, read back by readers that were not written here."""

    @pytest.mark.parametrize("zone", ZONES)
    def test_falls_on_each_instant_of_the_plan(self, zone: str) -> None:
        """A year of reminders, expanded by another library."""
        plan, content = a_year(zone)

        assert instants(pypi.recurring_occurrences(content)) == expected(plan)

    @pytest.mark.parametrize(
        ("panelist", "judge"),
        [(LIBICAL, libical.judge), (ICALJS, icaljs.judge)],
        ids=["libical", "ical.js"],
    )
    def test_falls_on_each_instant_in_other_engines(self, panelist: Any, judge: Any) -> None:
        """Engines that trust only the file's own time-zone rules."""
        panelist.need()

        answers = judge([a_year(zone)[1] for zone in ZONES])

        wrong = [
            zone
            for zone, answer in zip(ZONES, answers, strict=True)
            if instants(answer.occurrences) != expected(a_year(zone)[0])
        ]
        assert wrong == []

    @pytest.mark.parametrize("panelist", PANEL, ids=lambda judge: judge.name)
    def test_gives_no_judge_a_fault(self, panelist: Any) -> None:
        """Files of every kind that can be made."""
        panelist.need()
        plan = a_winter_cream()
        files = [
            topical_calendar_file(plan).content,
            topical_calendar_file(plan, cancel=True).content,
            topical_calendar_file(plan, with_detail=False, with_alarm=False).content,
            topical_calendar_file(plan, title='Water the plants; "roses", 例えば 💊').content,
            topical_calendar_file(a_signed_cream()).content,
            *(a_year(zone)[1] for zone in ZONES),
        ]

        assert panelist.faults(files) == [[] for _ in files]

    def test_has_one_repeating_entry_for_each_time_of_day_and_a_note_for_the_review(self) -> None:
        """Two times of 42 days, by COUNT alone."""
        content = topical_calendar_file(a_winter_cream()).content

        assert [event["RRULE"]["COUNT"] for event in reminders(content)] == [[42], [42]]
        assert b"UNTIL" not in content
        (note,) = (event for event in events(content) if "RRULE" not in event)
        assert (note["SUMMARY"], note["DTSTART"].dt) == ("Plan note", date(2027, 1, 11))
        assert note["DESCRIPTION"].startswith("Your plan has its review today.")

    def test_has_an_entry_of_its_own_where_the_clocks_change(self) -> None:
        """A skipped time stands at what the clocks show, each under its own UID."""
        plan, content = a_year("America/Nuuk")
        uids = [event["UID"] for event in events(content)]

        assert len(uids) == len(set(uids))
        assert sum(event["RRULE"]["COUNT"][0] for event in reminders(content)) == 4 * len(plan.days)

    def test_shows_neutral_titles_only(self) -> None:
        """Drug, amount, site and name stand in no place that a lock screen shows."""
        lines = topical_calendar_file(a_winter_cream()).content.decode().replace("\r\n ", "")
        shown = [line for line in lines.split("\r\n") if not line.startswith("DESCRIPTION:")]

        words = "naltrexone|cream|skin|itch|elbow|Pat Example|ldn"
        assert [line for line in shown if re.search(words, line, re.IGNORECASE)] == []
        assert {event["SUMMARY"] for event in reminders(lines.encode())} == {"Daily reminder"}

    def test_tells_amount_and_place_in_the_description(self) -> None:
        """The words of the plan, the gate, the end, and which plan it is."""
        plan = a_winter_cream()

        told = reminders(topical_calendar_file(plan).content)[0]["DESCRIPTION"].split("\n")

        use, gate, end, version = told
        assert use == (
            "Put 1 g of the cream (naltrexone 1%) on the skin. Where: both elbow folds. "
            "It is for skin only."
        )
        assert gate == "Follow this only if your prescriber has not paused or changed your plan."
        assert end == "The reminders in this file end on Mon 11 Jan 2027."
        assert version == (
            f"DRAFT, not for patient use. Plan {plan.code}, written Sun 22 Nov 2026. "
            "If you have a newer plan, follow that one."
        )

    def test_can_leave_the_amount_out(self) -> None:
        """Then nothing says what it is about."""
        whole = topical_calendar_file(a_winter_cream(), with_detail=False).content.decode()

        assert not re.search("naltrexone|cream|elbow", whole.replace("\r\n ", ""), re.IGNORECASE)

    def test_rings_once_at_the_very_time(self) -> None:
        """And at noon on the day before the review."""
        parts = topical_calendar_file(a_winter_cream()).content.decode().split("BEGIN:VEVENT\r\n")

        assert {("RRULE" in one, tuple(re.findall(r"TRIGGER.*", one))) for one in parts[1:]} == {
            (True, ("TRIGGER:PT0S\r",)),
            (False, ("TRIGGER:-PT12H\r",)),
        }
        assert b"VALARM" not in topical_calendar_file(a_winter_cream(), with_alarm=False).content

    def test_of_a_signed_plan_is_a_later_revision_of_the_same_entries(self) -> None:
        """A program takes it for an update of the draft, and the withdrawal for a later one."""
        draft = a_winter_cream()
        signed = draft.signed(
            screened_elsewhere=True,
            by="Dr Example",
            role="physician",
            at=WRITTEN + timedelta(hours=1),
        )
        files = [
            events(topical_calendar_file(draft).content),
            events(topical_calendar_file(signed).content),
            events(topical_calendar_file(signed, cancel=True).content),
        ]

        assert {tuple(event["UID"] for event in file) for file in files} == {
            tuple(event["UID"] for event in files[0])
        }
        assert [{event["SEQUENCE"] for event in file} for file in files] == [{0}, {1}, {2}]

    def test_withdraws_each_entry_that_it_gave_out(self) -> None:
        """Every one is cancelled, silent, and says so."""
        content = topical_calendar_file(a_winter_cream(), cancel=True).content
        withdrawn = events(content)

        assert {event["STATUS"] for event in withdrawn} == {"CANCELLED"}
        assert all(
            event["DESCRIPTION"].startswith("This reminder is withdrawn") for event in withdrawn
        )
        assert b"VALARM" not in content
        assert b"naltrexone" not in content

    def test_takes_a_title_of_ones_own_and_injects_nothing(self) -> None:
        """Other scripts come through; a line break is refused."""
        content = topical_calendar_file(a_winter_cream(), title='Roses, "red"; 例').content

        assert {event["SUMMARY"] for event in reminders(content)} == {'Roses, "red"; 例'}
        with pytest.raises(LdnTitrateError, match="control character or line break"):
            topical_calendar_file(a_winter_cream(), title="x\r\nBEGIN:VALARM")


def test_the_same_plan_gives_the_same_bytes_elsewhere() -> None:
    """Another process, hash seed, zone or locale changes no byte of either file."""
    program = (
        "import sys; sys.path.insert(0, 'tests'); from test_topical_documents import *;"
        "plan = a_winter_cream();"
        "sys.stdout.buffer.write(topical_calendar_file(plan).content"
        " + topical_handout_file(plan).content)"
    )
    environment = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}

    other = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True
    )

    plan = a_winter_cream()
    assert other.stdout == (
        topical_calendar_file(plan).content + topical_handout_file(plan).content
    )
