"""The printed set: log, card, pharmacy sheet and plan sheet say what the schedule says."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings

import ldn_titrate as ldn
from ldn_titrate import documents, topical_documents
from ldn_titrate.content import Blank, Callout, Card, Table, Weight
from ldn_titrate.dose import plain as number
from ldn_titrate.errors import ExportError, ScheduleError
from ldn_titrate.export.html import render_html
from ldn_titrate.export.plain import render_text
from ldn_titrate.library import Audience, sentences
from ldn_titrate.plan import GivenOut
from ldn_titrate.product import Units, make_up
from ldn_titrate.screening import Answer, Clearance, Given, OpioidFreeDays, Screening
from ldn_titrate.words import clock, long_date
from plans import OVERRIDE, a_plan, plans
from readability import grade
from said import plain, rows, said, tables
from test_amendment_properties import History, histories
from test_handout import PRODUCTS, UNCLEAR, laid_out
from test_topical import a_cream, a_signed_cream

if TYPE_CHECKING:
    from collections.abc import Callable

    from ldn_titrate.content import Document

AT: Final = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)
BY: Final[dict[str, Any]] = {
    "reason": "Invented for a test",
    "at": AT,
    "by": "Dr Example",
    "role": "physician",
}
DAY: Final = timedelta(days=1)
SELDOM: Final = settings(max_examples=40)
FOR_PATIENTS: Final[dict[str, Callable[..., Document]]] = {
    "handout": documents.handout,
    "log": documents.dose_log,
    "card": documents.wallet_card,
    "pharmacy": documents.pharmacy_sheet,
}
ALL: Final = {**FOR_PATIENTS, "plan sheet": documents.plan_sheet}
HOSTILE: Final = ("{units}", "{0}", "%s %(x)d", "\\n ; \"a\", 'b' & c", "Ω≈ç√ פת", "x" * 80)


def changed(*amendments: Any, **changes: Any) -> ldn.Schedule:
    """Lay out a signed plan that starts on Tue 1 Dec 2026, with some amendments."""
    plan = a_plan(start=date(2026, 12, 1), **changes).signed(
        screened_elsewhere=True, by="Dr Example", role="physician", at=AT
    )
    for amendment in amendments:
        plan = plan.amended(amendment)
    return ldn.lay_out(plan)


def days_of(schedule: ldn.Schedule) -> list[date]:
    """Give each day that a document covers unless it is told otherwise."""
    first, last = schedule.in_force_from, schedule.horizon()
    return [first + n * DAY for n in range((last - first).days + 1)]


def taken_on(schedule: ldn.Schedule, day: date) -> tuple[Units, ...]:
    """Give what makes up the dose of a day; nothing where there is none."""
    dose, segment = schedule.dose_on(day), schedule.segment_on(day)
    return make_up(dose, segment.setting.products) if dose and segment else ()


def counted(schedule: ldn.Schedule, days: list[date]) -> dict[str, Decimal]:
    """Count what some days take, product by product, day by day."""
    total: dict[str, Decimal] = defaultdict(Decimal)
    for day in days:
        for one in taken_on(schedule, day):
            total[one.product.label] += one.amount
    return dict(total)


def told(schedule: ldn.Schedule, amounts: dict[str, Decimal]) -> str:
    """Say amounts in words, from the plan's own products."""
    segments = schedule.between(schedule.in_force_from, schedule.horizon())
    products = {one.label: one for part in segments for one in part.setting.products}
    parts = [Units(amount, products[label]).in_words() for label, amount in amounts.items()]
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def in_a_cell(units: tuple[Units, ...], segment: Any) -> str:
    """Say units in few letters, with the strength where there are several."""
    parts = []
    for one in units:
        form, _, strength = one.product.label.partition(" ")
        several = f"of {strength}" if len(segment.setting.products) > 1 else ""
        many = f"{form}{'' if one.amount == 1 else 's'}"
        unit = "mL" if form == "liquid" else several or many
        parts.append(f"{number(one.amount)} {unit}")
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def has_doses(schedule: ldn.Schedule) -> bool:
    """Say whether a document has a dose to tell of."""
    return any(schedule.dose_on(day) for day in days_of(schedule))


def row_day(day: date) -> str:
    """Write the day of a row: the year stands in the title of its table."""
    return long_date(day).removesuffix(f" {day.year}")


class TestTheLog:
    """A row for each dose."""

    @SELDOM
    @given(histories())
    def test_has_a_row_for_each_dose_of_the_schedule_and_no_other(self, history: History) -> None:
        """Date, dose and units of every day, in order, after whatever happened to the plan."""
        schedule = ldn.lay_out(history.plan)
        if not has_doses(schedule):
            return

        log = documents.dose_log(schedule)

        found = [row[:2] for table in tables(log) for row in rows(table)]
        assert found == [
            [
                row_day(day),
                f"{schedule.dose_on(day)}: {in_a_cell(units, schedule.segment_on(day))}",
            ]
            for day in days_of(schedule)
            if (units := taken_on(schedule, day))
        ]

    def test_has_a_table_for_each_two_weeks_of_a_step(self) -> None:
        """With boxes for taken and missed, and a line."""
        log = documents.dose_log(laid_out())

        assert [plain(one.title) for one in tables(log)] == [
            "Step 1, Tue 1 Dec 2026 to Mon 14 Dec 2026: 1.5 mg (1 capsule of 1.5 mg)",
            "Step 2, Tue 15 Dec 2026 to Mon 28 Dec 2026: 3 mg (2 capsules of 1.5 mg)",
            "Step 3, Tue 29 Dec 2026 to Mon 11 Jan 2027: 4.5 mg (3 capsules of 1.5 mg)",
            "Step 3, Tue 12 Jan 2027 to Mon 25 Jan 2027: 4.5 mg (3 capsules of 1.5 mg)",
            "Step 3, Tue 26 Jan 2027 to Mon 8 Feb 2027: 4.5 mg (3 capsules of 1.5 mg)",
            "Step 3, Tue 9 Feb 2027 to Mon 22 Feb 2027: 4.5 mg (3 capsules of 1.5 mg)",
        ]
        assert tables(log)[0].headers == (
            "Evening of",
            "Dose and what to take",
            "Taken",
            "Missed",
            "Sleep, side effects, notes",
        )
        assert tables(log)[0].rows[0][2:] == (Blank.BOX, Blank.BOX, Blank.LINE)

    def test_of_a_morning_plan_names_the_date(self) -> None:
        """Nothing speaks of an evening."""
        text = said(documents.dose_log(laid_out(bedtime="08:00")))

        assert not re.search("(?i)evening|bedtime|night", text)

    def test_shows_a_pause_between_its_tables(self) -> None:
        """In its place, with its days."""
        pause = ldn.Pause(
            effective=date(2026, 12, 20), until=date(2026, 12, 27), resume_at="1.5 mg", **BY
        )

        _, first, *others = documents.dose_log(changed(pause)).front

        assert isinstance(first, Callout)
        assert plain(first.title) == "Take no naltrexone from Sun 20 Dec 2026 to Sat 26 Dec 2026."
        assert isinstance(others[0], Table)
        assert plain(others[0].title).startswith("Step 1, Sun 27 Dec 2026")

    def test_goes_to_the_day_that_is_asked_for(self) -> None:
        """And to no day before the version begins."""
        log = documents.dose_log(laid_out(), through=date(2027, 11, 30))

        assert sum(len(one.rows) for one in tables(log)) == 365
        with pytest.raises(ScheduleError, match="in force from 2026-12-01"):
            documents.dose_log(laid_out(), through=date(2026, 11, 30))


class TestTheCard:
    """What an emergency needs."""

    @SELDOM
    @given(histories())
    def test_names_the_lowest_and_the_highest_dose_to_come(self, history: History) -> None:
        """Of the days that it covers, whatever happened to the plan."""
        schedule = ldn.lay_out(history.plan)
        if not has_doses(schedule):
            return
        doses = [dose for day in days_of(schedule) if (dose := schedule.dose_on(day))]

        text = said(documents.wallet_card(schedule))

        low, high = min(doses), max(doses)
        found = re.search(r"\n(\d\S* mg)(?: to (\d\S* mg)| at bedtime| in the morning)?\n", text)
        assert found
        assert (found[1], found[2] or found[1]) == (str(low), str(high))

    def test_names_when_a_dose_that_stays_is_taken(self) -> None:
        """At bedtime, or in the morning."""
        fixed = ldn.load_protocol("ldn-oral-4.5mg-fixed")
        change = ldn.ChangeTime(effective=date(2026, 12, 10), bedtime="08:00", **BY)

        usual = documents.wallet_card(changed(protocol=fixed))
        later = documents.wallet_card(changed(change, protocol=fixed))

        assert "4.5 mg at bedtime" in said(usual)
        assert "4.5 mg in the morning" in said(later)

    def test_says_what_it_is_for_and_leaves_a_line_for_the_last_dose(self) -> None:
        """Two faces."""
        clinic = ldn.Clinic(prescriber="Dr Robin Sample", pharmacy="Sample Pharmacy")

        card = documents.wallet_card(changed(clinic=clinic)).front[0]

        assert isinstance(card, Card)
        patient, team = card.panels
        assert patient.title == "Takes naltrexone (opioid blocker)"
        assert {one.label: plain(one.value or "?") for one in patient.fields} == {
            "Name": "Pat Example",
            "Dose": "1.5 mg to 4.5 mg",
            "Last dose": "?",
            "Plan": changed().plan.code,
        }
        assert team.lines == (
            "Use non-opioid or regional pain relief where possible.",
            "If opioids are used, monitor breathing.",
        )
        assert {one.label: one.value for one in team.fields} == {
            "Prescriber": "Dr Robin Sample",
            "Telephone": None,
            "Pharmacy": "Sample Pharmacy",
        }

    def test_of_a_draft_says_so_on_each_face(self) -> None:
        """Once it is cut out, the head of the page is gone."""
        card = documents.wallet_card(laid_out()).front[0]

        assert isinstance(card, Card)
        assert all(one.lines[0] == "DRAFT, not for patient use" for one in card.panels)


class TestThePharmacySheet:
    """What is dispensed."""

    @SELDOM
    @given(histories())
    def test_counts_each_step_and_each_supply_as_the_days_do(self, history: History) -> None:
        """Day by day, both tables add up to the same."""
        schedule = ldn.lay_out(history.plan)
        if not has_doses(schedule):
            return
        products, steps, supplies = tables(documents.pharmacy_sheet(schedule))
        days = days_of(schedule)
        total = counted(schedule, days)

        assert {row[0]: row[2] for row in rows(products)} == {
            label: told(schedule, {label: amount}) for label, amount in total.items()
        }
        for table, columns in ((steps, _step_days), (supplies, _supply_days)):
            spans = columns(table)
            spanned = [day for begin, end in spans for day in days if begin <= day <= end]
            assert [day for day in spanned if schedule.dose_on(day)] == [
                day for day in days if schedule.dose_on(day)
            ]
            for (first, last), row in zip(spans, rows(table), strict=True):
                inside = [day for day in days if first <= day <= last]
                quantity = row[4] if table is steps else row[1]
                assert quantity == told(schedule, counted(schedule, inside))

    def test_lays_out_supplies_of_30_days(self) -> None:
        """14 and 16 days at one and two capsules, then three: 48, and 90, and the rest."""
        supplies = tables(documents.pharmacy_sheet(laid_out()))[-1]

        assert rows(supplies) == [
            ["1", "48 capsules of 1.5 mg", "Wed 30 Dec 2026", "Thu 31 Dec 2026"],
            ["2", "90 capsules of 1.5 mg", "Fri 29 Jan 2027", "Sat 30 Jan 2027"],
            ["3", "72 capsules of 1.5 mg", "Mon 22 Feb 2027", "Tue 23 Feb 2027"],
        ]

    @SELDOM
    @given(plans())
    def test_says_when_a_supply_runs_out_as_taking_from_it_does(self, plan: ldn.Plan) -> None:
        """A bottle of a hundred of each, emptied night by night."""
        schedule = ldn.lay_out(plan)
        have = [Units(Decimal(100), one) for one in plan.products]
        left = dict.fromkeys([one.label for one in plan.products], Decimal(100))
        day, last = schedule.first, None
        while (units := taken_on(schedule, day)) and all(
            left[one.product.label] >= one.amount for one in units
        ):
            for one in units:
                left[one.product.label] -= one.amount
            day, last = day + DAY, day
        if last is None or (day - schedule.first).days > 3000:
            return

        (row,) = rows(tables(documents.pharmacy_sheet(schedule, have=have))[-1])

        due = "none, the plan ends" if not units else long_date(day)
        assert row[1:3] == [long_date(last), due]
        rest = {label: amount for label, amount in left.items() if amount}
        assert row[3] == (told(schedule, rest) or "none")

    def test_says_that_a_supply_is_too_little(self) -> None:
        """It does not make the first dose."""
        schedule = laid_out(products=("capsule 0.5 mg",))
        have = [Units(Decimal(2), schedule.plan.products[0])]

        (row,) = rows(tables(documents.pharmacy_sheet(schedule, have=have))[-1])

        assert row == [
            "2 capsules of 0.5 mg",
            "too little for the first dose",
            "Tue 1 Dec 2026",
            "2 capsules of 0.5 mg",
        ]

    def test_says_that_the_next_supply_waits_for_a_signature(self) -> None:
        """Behind a gate no dose is planned yet."""
        supplies = tables(documents.pharmacy_sheet(laid_out(gate=ldn.Gate.SIGN)))[-1]

        assert rows(supplies) == [
            ["1", "14 capsules of 1.5 mg", "Mon 14 Dec 2026", "after the prescriber signs"]
        ]

    @pytest.mark.parametrize(
        ("products", "directions"),
        [
            ("one strength", "Take 3 capsules of 1.5 mg at bedtime, at 22:00."),
            (
                "a mix of strengths",
                "Take 1 capsule of 3 mg and 1 capsule of 1.5 mg at bedtime, at 22:00.",
            ),
            ("tablets", "Take 9 tablets of 0.5 mg at bedtime, at 22:00."),
            ("a liquid", "Take 4.5 mL (1 mg in 1 mL) at bedtime, at 22:00."),
        ],
    )
    def test_writes_directions_from_the_plan(self, products: str, directions: str) -> None:
        """Whole words, no abbreviation."""
        steps = tables(documents.pharmacy_sheet(laid_out(products=PRODUCTS[products])))[1]

        assert rows(steps)[-1][2:4] == ["4.5 mg", directions]

    def test_names_salt_release_fillers_and_the_date_that_wins(self) -> None:
        """With how much is known of each."""
        text = said(documents.pharmacy_sheet(laid_out()))

        for line in (
            "naltrexone hydrochloride",
            "Immediate release only. This is a consensus of experts and compounders; no trial",
            "Avoid calcium carbonate as a filler. This is a consensus, too, without a trial.",
            "The beyond-use date on the label wins over every later day on this page.",
        ):
            assert line in text

    def test_leaves_lines_to_sign_on(self) -> None:
        """A signed plan says by whom, too."""
        draft, signed = (
            documents.pharmacy_sheet(one).front[-1].fields for one in (laid_out(), changed())
        )

        assert [one.value for one in draft] == [None, None]
        assert [plain(one.value or "?") for one in signed] == [
            "?",
            "?",
            "Dr Example, physician, Mon 23 Nov 2026",
        ]


def _as_day(text: str) -> date:
    return datetime.strptime(text, "%a %d %b %Y").date()  # noqa: DTZ007


def _step_days(table: Table) -> list[tuple[date, date]]:
    return [tuple(map(_as_day, row[1].split(" to "))) for row in rows(table)]  # type: ignore[misc]


def _supply_days(table: Table) -> list[tuple[date, date]]:
    """Give the days of each supply: from the last one's next dose to its own last."""
    found: list[tuple[date, date]] = []
    begin = date.min
    for row in rows(table):
        found.append((begin, _as_day(row[2])))
        begin = found[-1][1] + DAY
    return found


def answered(**answers: Answer) -> Screening:
    """Answer every question with no, but for some."""
    told_ = {f"Q{one}": Answer.NO for one in range(1, 15)} | answers
    return Screening(
        at=AT, answers=tuple(Given(question=key, answer=one) for key, one in told_.items())
    )


class TestThePlanSheet:
    """What a clinician needs."""

    @SELDOM
    @given(histories())
    def test_shows_each_segment_each_version_and_each_change(self, history: History) -> None:
        """Nothing of the history is left out."""
        schedule = ldn.lay_out(history.plan)
        plan = history.plan
        found = {one.title: rows(one) for one in tables(documents.plan_sheet(schedule))}

        parts = found.get("Steps", [])
        steps = [row for row in parts if row[0] != "pause"]
        assert [row[2] for row in steps] == [str(one.dose) for one in schedule.segments]
        assert [re.search(r"\w{3} \d+ \w{3} \d{4}", row[1])[0] for row in steps] == [
            long_date(one.first) for one in schedule.segments
        ]
        assert len(parts) - len(steps) == len(plan.course.breaks)
        signed = found["Who signed which version"]
        assert [row[0] for row in signed] == [
            plan.at_version(n).code for n in range(1, plan.version + 1)
        ]
        assert [row[1] == "not signed" for row in signed] == [
            not plan.at_version(n).is_signed for n in range(1, plan.version + 1)
        ]
        changes = found.get("What was changed, and why", [])
        assert [(row[1], row[3]) for row in changes] == [
            (long_date(one.effective), one.reason) for one in plan.amendments
        ]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (
                ldn.Stay(effective=date(2026, 12, 29), days=14, **BY),
                "stay at the dose, for 14 days",
            ),
            (ldn.Plateau(effective=date(2026, 12, 29), **BY), "settle at this dose"),
            (
                ldn.StepBack(
                    effective=date(2026, 12, 20), to="1.5 mg", retry_on=date(2027, 1, 5), **BY
                ),
                "step back, to 1.5 mg, higher again on Tue 5 Jan 2027",
            ),
            (
                ldn.Pause(
                    effective=date(2026, 12, 20), until=date(2026, 12, 27), resume_at="1.5 mg", **BY
                ),
                "pause, until Sun 27 Dec 2026, then 1.5 mg",
            ),
            (
                ldn.ChangeTime(effective=date(2026, 12, 10), bedtime="21:00", **BY),
                "another time, at 21:00",
            ),
            (
                ldn.ChangeProducts(
                    effective=date(2026, 12, 10), products=("capsule 0.5 mg",), **BY
                ),
                "other products, from capsule 0.5 mg",
            ),
            (
                ldn.Opioid(effective=date(2026, 12, 10), name="codeine", **BY),
                "an opioid was taken or prescribed, codeine",
            ),
        ],
    )
    def test_says_each_change_whole(self, change: Any, words: str) -> None:
        """Its kind, and everything that it fixes."""
        found = {one.title: rows(one) for one in tables(documents.plan_sheet(changed(change)))}

        assert found["What was changed, and why"] == [
            [
                "2",
                long_date(change.effective),
                words,
                "Invented for a test",
                "Dr Example, physician, Mon 23 Nov 2026, 08:15 UTC",
            ]
        ]

    def test_names_no_opioid_among_what_doses_are_made_up_from(self) -> None:
        """Its column says that nothing is taken, and why."""
        opioid = ldn.Opioid(effective=date(2026, 12, 10), name="codeine", **BY)
        found = {one.title: rows(one) for one in tables(documents.plan_sheet(changed(opioid)))}

        assert found["Steps"][-1][2:] == ["no dose", "an opioid was taken or prescribed"]

    def test_says_stop_first_where_the_screening_says_stop(self) -> None:
        """It is made, for it is no patient's; nothing else is."""
        schedule = laid_out(screening=answered(Q3=Answer.YES))

        sheet = documents.plan_sheet(schedule)

        assert sheet.draft == "STOP, not for patient use"
        first = sheet.front[0]
        assert isinstance(first, Callout)
        assert (first.title, first.weight) == ("STOP: the screening says stop", Weight.STOP)
        assert "Q3:" in said(sheet)
        for make in FOR_PATIENTS.values():
            with pytest.raises(ExportError, match="the screening says stop"):
                make(schedule)

    def test_tells_each_answer_that_weighs_and_who_cleared_it(self) -> None:
        """With the evidence, and the questions that found nothing."""
        cleared = Clearance(
            question="Q3", by="Dr Sample", role="physician", at=AT, reason="Invented reason"
        )
        free = OpioidFreeDays(short_acting=7, lowered_by="Dr Low", lowered_because="Invented low")
        screening = answered(Q3=Answer.YES, Q6=Answer.UNKNOWN).replace(
            clearances=(cleared,), opioid_free=free
        )
        sheet = documents.plan_sheet(laid_out(screening=screening, override=OVERRIDE))
        found = {one.title: rows(one) for one in tables(sheet)}

        screened = found["What the screening found"]
        assert [row[:2] for row in screened] == [["Q3", "stop, cleared"], ["Q6", "flag"]]
        assert "The answer is not known." in screened[1][2]
        assert found["Overrides and clearances"] == [
            ["a dose outside 0.5 mg to 4.5 mg", OVERRIDE.by, "not recorded", OVERRIDE.reason],
            [
                "fewer opioid-free days: 7 short-acting, 14 long-acting",
                "Dr Low",
                "Mon 23 Nov 2026, 08:15 UTC",
                "Invented low",
            ],
            [
                "Q3, cleared",
                "Dr Sample, physician",
                "Mon 23 Nov 2026, 08:15 UTC",
                "Invented reason",
            ],
        ]
        assert "Q1, Q2, Q4, Q5, Q7, Q8" in said(sheet)

    def test_says_who_states_that_the_screening_was_done_elsewhere(self) -> None:
        """In the signer's name."""
        text = said(documents.plan_sheet(changed()))

        assert "done elsewhere, as stated by Dr Example, physician" in text
        assert "no screening is recorded" in said(documents.plan_sheet(laid_out()))

    def test_says_that_nobody_signed_a_change_of_a_draft(self) -> None:
        """A draft is changed without a signature, and the sheet does not pass over that."""
        stay = ldn.Stay(effective=date(2026, 12, 15), days=14, at=AT, reason="Invented")
        sheet = documents.plan_sheet(ldn.lay_out(laid_out().plan.amended(stay)))

        (change,) = next(rows(one) for one in tables(sheet) if "Invented" in str(rows(one)))

        assert change[-1].startswith("not signed, ")

    def test_names_protocol_reviews_findings_sources_and_files(self) -> None:
        """Each id with what it says and where it is from."""
        given_out = GivenOut(version=1, generation=2, through=date(2027, 2, 22), floating=True)
        schedule = ldn.lay_out(laid_out().plan.replace(given_out=(given_out,)))

        sheet = documents.plan_sheet(schedule)
        found = {one.title: rows(one) for one in tables(sheet)}

        text = said(sheet)
        assert "ldn-oral-1.5mg-14d, version 1" in text
        assert "Tue 29 Dec 2026, Tue 26 Jan 2027 and Tue 23 Feb 2027" in text
        assert "plan.unsigned" in text
        assert found["Calendar files that were given out"] == [
            ["1", "Mon 22 Feb 2027", "2", "the device's own"]
        ]
        ids = [row[0] for row in found["What the protocol, its bounds and the screening rest on"]]
        assert {*schedule.plan.protocol.sources, "P-follow-up"} <= set(ids)
        assert len(ids) == len(set(ids))

    def test_says_what_is_not_in_the_plan_only_where_something_is_not(self) -> None:
        """With a change, an override, a finding and a file, there is nothing to say."""
        given_out = GivenOut(version=1, generation=1, through=date(2027, 2, 22))
        stay = ldn.Stay(effective=date(2026, 12, 29), days=14, **BY)
        whole = changed(stay, override=OVERRIDE, given_out=(given_out,))

        assert "Not in this plan" not in said(documents.plan_sheet(whole))
        assert "Nothing was changed" in said(documents.plan_sheet(laid_out()))

    def test_names_a_source_that_this_library_does_not_know(self) -> None:
        """A plan of another version of the library is not refused for that."""
        protocol = ldn.load_protocol().replace(sources=("X-1",))

        *_, sources = tables(documents.plan_sheet(laid_out(protocol=protocol)))

        assert rows(sources)[0] == ["X-1", "not recorded", "not recorded", "not recorded"]

    def test_is_made_for_a_protocol_that_is_for_tests_only(self) -> None:
        """And says so; no patient gets anything."""
        protocol = ldn.load_protocol().replace(status=ldn.protocol.Status.TESTS_ONLY)

        text = said(documents.plan_sheet(laid_out(protocol=protocol)))

        assert "the protocol is for tests only" in text


@pytest.mark.parametrize("name", ["log", "card", "pharmacy"])
@pytest.mark.parametrize("day", [date(2026, 12, 1), date(2027, 1, 25)])
def test_without_a_dose_to_come_there_is_no_log_card_or_pharmacy_sheet(
    name: str, day: date
) -> None:
    """The refusal says from when on."""
    stopped = changed(ldn.Stop(effective=day, **BY))

    with pytest.raises(ExportError, match=f"has no dose from {day} on"):
        ALL[name](stopped)
    assert documents.handout(stopped)
    assert documents.plan_sheet(stopped)


@pytest.mark.parametrize("name", FOR_PATIENTS)
def test_nothing_is_made_for_a_patient_from_a_protocol_for_tests_only(name: str) -> None:
    """Whichever document."""
    protocol = ldn.load_protocol().replace(status=ldn.protocol.Status.TESTS_ONLY)

    with pytest.raises(ExportError, match="for tests only"):
        FOR_PATIENTS[name](laid_out(protocol=protocol))


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
class TestEachDocument:
    """What holds for every one of them."""

    def test_is_marked_as_a_draft_or_as_withdrawn(self, make: Callable[..., Document]) -> None:
        """On each page."""
        newest = changed(ldn.Plateau(effective=date(2026, 12, 29), **BY)).plan
        old = ldn.lay_out(newest.at_version(1))

        assert make(laid_out()).draft == "DRAFT, not for patient use"
        assert make(changed()).draft is None
        withdrawn = make(old, replaced_by=newest).draft
        assert withdrawn == f"WITHDRAWN, do not follow: plan {newest.code} is in force"

    def test_says_whose_plan_it_is_and_which(self, make: Callable[..., Document]) -> None:
        """In the line at the head of each page."""
        schedule = changed()

        assert plain(make(schedule).running) == (
            f"Pat Example, plan {schedule.plan.code}, written Mon 23 Nov 2026"
        )

    @pytest.mark.parametrize("products", PRODUCTS.values(), ids=PRODUCTS)
    def test_writes_doses_so_that_none_is_misread(
        self, make: Callable[..., Document], products: tuple[str, ...]
    ) -> None:
        """The dose-text rules, in what is not an id or a source."""
        document = make(laid_out(products=products))
        text = re.sub(r"ldn-oral-\S+|Where it comes.*", "", said(document), flags=re.DOTALL)
        signs = {"a sign for a word"} if make is documents.plan_sheet else set()

        found = {name for name, pattern in UNCLEAR.items() if re.search(pattern, text)}
        assert found - signs == set()

    @pytest.mark.parametrize("text", HOSTILE)
    def test_keeps_what_a_user_typed(self, make: Callable[..., Document], text: str) -> None:
        """No field is filled in, nothing is lost, and nothing becomes markup."""
        clinic = ldn.Clinic(**dict.fromkeys(ldn.Clinic.model_fields, text))
        stay = ldn.Stay(effective=date(2026, 12, 29), **(BY | {"reason": text, "by": text}))
        schedule = changed(stay, patient=text, clinic=clinic, override=OVERRIDE)
        document = make(schedule)

        assert text in said(document)
        assert text in plain(render_text([document])).replace("\n  ", " ") or len(text) > 70
        html = render_html([document]).decode()
        assert "<b" not in text
        assert html.count("<article") == 1


def test_a_reason_an_opioid_and_a_name_stay_text_on_the_plan_sheet() -> None:
    """Every field that a clinician types, at once."""
    for text in HOSTILE:
        changes = (
            ldn.Opioid(effective=date(2026, 12, 10), name=text, **(BY | {"reason": text})),
            ldn.Stop(effective=date(2026, 12, 12), **(BY | {"role": text})),
        )
        sheet = documents.plan_sheet(
            changed(*changes, override=ldn.Override(by=text, reason=text), patient=text)
        )

        assert said(sheet).count(text) >= 6


class TestTheCream:
    """Its log and its card."""

    def test_has_a_row_for_each_application(self) -> None:
        """Each time of each day, to the review."""
        plan = a_cream()

        log = topical_documents.topical_log(plan)

        found = [tuple(row[:2]) for table in tables(log) for row in rows(table)]
        assert found == [
            (row_day(one.day), f"{plan.amount} at {clock(plan.times[one.number - 1])}")
            for one in plan.applications()
        ]

    def test_has_a_table_for_each_week_of_two_rows_a_day(self) -> None:
        """So no table fills a page."""
        log = topical_documents.topical_log(a_cream())

        assert {len(rows(table)) for table in tables(log)} == {14}

    def test_has_a_card_that_says_that_it_blocks_opioids(self) -> None:
        """It may get through the skin (C14)."""
        text = said(topical_documents.topical_card(a_signed_cream()))

        assert "Uses naltrexone (opioid blocker) on the skin" in text
        assert "DRAFT" not in text

    def test_is_refused_under_a_stop(self) -> None:
        """The opioid questions are asked for a cream, too."""
        plan = a_cream(screening=answered(Q1=Answer.YES))

        for make in (topical_documents.topical_log, topical_documents.topical_card):
            with pytest.raises(ExportError, match="the screening says stop"):
                make(plan)


@pytest.mark.parametrize("sections", [("log", "about"), ("card", "about"), ("diary", "cream")])
def test_what_a_patient_reads_on_each_sheet_is_plain(sections: tuple[str, ...]) -> None:
    """Six school years or fewer (Flesch-Kincaid)."""
    texts = [
        one.text
        for key, one in sentences().items()
        if key.partition(".")[0] in sections and one.audience is Audience.PATIENT
    ]

    assert grade(" ".join(text if text[-1] in ".:" else f"{text}." for text in texts)) <= 6
