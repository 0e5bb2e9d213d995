"""The cream: its strength, its amount and its plan, and that none of it is an oral dose."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mypy import api

from ldn_titrate import identity
from ldn_titrate.dose import Dose
from ldn_titrate.errors import DoseError, PlanChangedError, PlanError, TopicalError
from ldn_titrate.findings import Severity
from ldn_titrate.plan import Clinic
from ldn_titrate.planfile import dump_plan, load_plan, load_topical_plan
from ldn_titrate.screening import Answer, Given, Screening
from ldn_titrate.signing import Signature
from ldn_titrate.topical import (
    AmountUnit,
    SkinLoad,
    Strength,
    TopicalAmount,
    TopicalPlan,
    check_topical,
)
from plans import PLAN_ID, REVISED_AT, ZONES, a_plan

TYPED = Path(__file__).with_name("typing_topical.py")
HUNDREDTHS = st.integers(1, 10_000).map(lambda n: Decimal(n) / 100)
NO_STRENGTHS = {
    "1": "the unit is missing",
    "1 %": "no space stands before the %",
    "1.0%": "no zero after the last digit",
    "1.%": "no zero after the last digit",
    ".5%": "starts with 0",
    "01%": "a spare 0",
    "0%": "more than nothing",
    "0.00%": "more than nothing",
    "-1%": "never negative",
    "\u22121%": "never negative",
    "1,5%": "a comma",
    "10 mg/g": "mg and mcg are for oral doses",
    "\u0661%": "write a number and its unit",
    "1%\n": "write a number and its unit",
    "1e0%": "write a number and its unit",
    "": "write a number and its unit",
}
NO_AMOUNTS = {
    "0.5": "the unit is missing",
    "0.5g": "a space stands between",
    "1fingertip unit": "a space stands between",
    ".5 g": "starts with 0",
    "0.50 g": "no zero after the last digit",
    "0 g": "more than nothing",
    "0,5 g": "a comma",
    "20 mg": "mg and mcg are for oral doses",
    "500 mcg": "mg and mcg are for oral doses",
    "a little": "write a number and its unit",
    "1 teaspoon": "write a number and its unit",
}
THIRD_ROUTES = (
    "transdermal gel",
    "Trans-Dermal cream",
    "trans dermal gel",
    "TRANSDERMAL",
    "trans\u00addermal gel",
    "\uff34ransdermal gel",
    "gel for systemic dosing",
    "percutaneous cream",
    "patch",
)
CREAM: dict[str, Any] = {
    "id": PLAN_ID,
    "revised_at": REVISED_AT,
    "strength": "1%",
    "vehicle": "cream",
    "site": "both elbow folds",
    "amount": "1 g",
    "times_per_day": 2,
    "times": (time(8), time(20)),
    "start": date(2026, 12, 1),
    "review_on": date(2027, 1, 11),
    "timezone": "Europe/Amsterdam",
    "patient": "Pat Example",
}
NEEDED = set(CREAM) - {"strength", "patient"}


def a_cream(**changes: Any) -> TopicalPlan:
    """Make the cream of Pat Example: 1 g of 1% twice a day for six weeks, with some changes."""
    return TopicalPlan(**{**CREAM, **changes})


def a_signed_cream(**changes: Any) -> TopicalPlan:
    """Make the cream of Pat Example, with some fields changed, and sign it."""
    return a_cream(**changes).signed(
        screened_elsewhere=True, by="Dr Example", role="physician", at=REVISED_AT
    )


class TestAStrength:
    """Per cent by weight, exact."""

    @pytest.mark.parametrize(
        ("text", "mg_per_gram"), [("1%", "10"), ("0.5%", "5"), ("0.01%", "0.1"), ("5%", "50")]
    )
    def test_is_ten_mg_in_a_gram_for_each_per_cent(self, text: str, mg_per_gram: str) -> None:
        """1% by weight is 1 g in 100 g, so 10 mg in 1 g."""
        assert Strength.parse(text).mg_per_gram == Decimal(mg_per_gram)

    def test_is_exact_whatever_the_decimal_context_is(self) -> None:
        """An ambient context that rounds to one digit changes nothing."""
        with localcontext() as context:
            context.prec = 1
            assert Strength.parse("1.25%").mg_per_gram == Decimal("12.5")

    @given(st.integers(1, 500).map(lambda n: Decimal(n) / 100))
    def test_reads_back_what_it_writes(self, percent: Decimal) -> None:
        """Text and value are the same thing."""
        strength = Strength(percent)

        assert Strength.parse(str(strength)) == strength

    @pytest.mark.parametrize(("text", "reason"), NO_STRENGTHS.items())
    def test_is_read_from_nothing_else(self, text: str, reason: str) -> None:
        """Each mistake is told with its reason and an example."""
        with pytest.raises(TopicalError) as refused:
            Strength.parse(text)

        assert reason in str(refused.value)
        assert "such as '1%'" in str(refused.value)

    @pytest.mark.parametrize("text", ["5.01%", "6%", "50%", "100%", "1" * 5000 + "%"])
    def test_is_at_most_five_per_cent(self, text: str) -> None:
        """A stronger cream is taken for a slip."""
        with pytest.raises(TopicalError, match="above 0 and at most 5"):
            Strength.parse(text)

    @pytest.mark.parametrize("number", ["0.001", "1.001", "1E-999999999"])
    def test_has_at_most_two_decimals(self, number: str) -> None:
        """Even a number of a billion decimals is refused at once."""
        with pytest.raises(TopicalError, match="at most two decimals"):
            Strength(Decimal(number))

    @pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-1", "0"])
    def test_is_a_finite_number_above_nothing(self, number: str) -> None:
        """No special value gets through."""
        with pytest.raises(TopicalError, match="above 0"):
            Strength(Decimal(number))

    @pytest.mark.parametrize("number", [1, 1.0, True, "1"])
    def test_is_made_of_a_decimal_only(self, number: Any) -> None:
        """A float would not be exact."""
        with pytest.raises(TopicalError, match="is a Decimal"):
            Strength(number)

    @pytest.mark.parametrize("value", [1, None, b"1%", Decimal(1)])
    def test_is_read_from_text_only(self, value: Any) -> None:
        """A number by itself does not say per cent of what."""
        with pytest.raises(TopicalError, match="is text"):
            Strength.parse(value)


class TestAnAmount:
    """Grams or fingertip units of cream."""

    @pytest.mark.parametrize(
        "text", ["0.5 g", "2 g", "0.25 g", "1 fingertip unit", "2 fingertip units"]
    )
    def test_is_written_as_it_is_read(self, text: str) -> None:
        """One form for each amount."""
        assert str(TopicalAmount.parse(text)) == text

    def test_is_read_with_a_no_break_space(self) -> None:
        """What was copied from a printed page is read, too."""
        assert TopicalAmount.parse("0.5\N{NO-BREAK SPACE}g") == TopicalAmount.parse("0.5 g")

    @given(HUNDREDTHS, st.sampled_from(AmountUnit))
    def test_reads_back_what_it_writes(self, number: Decimal, unit: AmountUnit) -> None:
        """Text and value are the same thing."""
        amount = TopicalAmount(number, unit)

        assert TopicalAmount.parse(str(amount)) == amount

    @pytest.mark.parametrize(("text", "reason"), NO_AMOUNTS.items())
    def test_is_read_from_nothing_else(self, text: str, reason: str) -> None:
        """Each mistake is told with its reason; an oral unit is named as one."""
        with pytest.raises(TopicalError) as refused:
            TopicalAmount.parse(text)

        assert reason in str(refused.value)
        assert "such as '0.5 g' or '1 fingertip unit'" in str(refused.value)

    @pytest.mark.parametrize(
        ("text", "right"),
        [
            ("1 fingertip units", "1 fingertip unit"),
            ("2 fingertip unit", "2 fingertip units"),
            ("2 gs", "2 g"),
        ],
    )
    def test_has_one_spelling(self, text: str, right: str) -> None:
        """A slip in the plural is told with the right form."""
        with pytest.raises(TopicalError, match=f"is written '{right}'"):
            TopicalAmount.parse(text)

    def test_in_grams_is_exact(self) -> None:
        """Grams are what they say."""
        amount = TopicalAmount.parse("0.5 g")

        assert (amount.grams, amount.is_about) == (Decimal("0.5"), False)

    def test_in_fingertip_units_is_about_half_a_gram_each(self) -> None:
        """Three units are about 1.5 g, and say that it is about."""
        amount = TopicalAmount.parse("3 fingertip units")

        assert (amount.grams, amount.is_about) == (Decimal("1.5"), True)

    def test_of_another_unit_is_another_amount(self) -> None:
        """Half a gram and a fingertip unit are only about the same."""
        assert TopicalAmount.parse("0.5 g") != TopicalAmount.parse("1 fingertip unit")


class TestAnAmountOnTheSkinIsNoDose:
    """Adding and ordering are a TypeError; being equal is never true."""

    amount = TopicalAmount.parse("2 g")
    dose = Dose.parse("2 mg")

    def test_says_the_type_checker(self) -> None:
        """Mypy --strict refuses each line that says so, for its reason, and no other line."""
        lines = TYPED.read_text(encoding="utf-8").splitlines()
        wanted = [
            (number, remark[1])
            for number, line in enumerate(lines, start=1)
            if (remark := re.search(r"# refused: ([a-z-]+)$", line))
        ]

        told, trouble, _ = api.run(["--strict", "--no-error-summary", str(TYPED)])

        found = re.findall(
            r"typing_topical\.py:(\d+): error: .* \[([a-z-]+)\]$", told, re.MULTILINE
        )
        assert trouble == ""
        assert [(int(number), code) for number, code in found] == wanted
        assert len(wanted) == 14

    @pytest.mark.parametrize(
        "wrong",
        [
            lambda dose, amount: dose + amount,
            lambda dose, amount: amount + dose,
            lambda dose, amount: dose * amount,
            lambda dose, amount: dose < amount,
            lambda dose, amount: dose >= amount,
            lambda dose, amount: amount < dose,
            max,
            lambda dose, amount: sorted([amount, dose]),
            lambda dose, amount: sum([amount], start=dose),
        ],
    )
    def test_at_run_time(self, wrong: Any) -> None:
        """Each sum and each order of the two is an error."""
        for other in (self.amount, Strength.parse("1%"), SkinLoad(Decimal(2), is_about=False)):
            with pytest.raises(TypeError):
                wrong(self.dose, other)

    def test_for_the_error_names_both_types(self) -> None:
        """The reader of a traceback sees what was mixed up."""
        with pytest.raises(TypeError, match=r"'Dose' and 'TopicalAmount'"):
            self.dose + self.amount

    def test_for_they_are_never_equal(self) -> None:
        """Neither the same number nor the same mg makes them the same."""
        alike = (self.amount, Strength.parse("2%"), SkinLoad(Decimal(2), is_about=False))

        assert [other for other in alike if other == self.dose or self.dose == other] == []
        assert self.dose not in alike

    @pytest.mark.parametrize("text", ["1%", "0.5 g", "1 fingertip unit"])
    def test_for_no_dose_is_read_from_one(self, text: str) -> None:
        """The parser of doses refuses them."""
        with pytest.raises(DoseError):
            Dose.parse(text)

    def test_for_no_dose_is_made_of_one(self) -> None:
        """Nor of the mg that are put on the skin."""
        for value in (self.amount, a_cream().mg_per_day):
            with pytest.raises(DoseError):
                Dose(value)  # type: ignore[arg-type]


class TestAPlan:
    """One cream for one patient, all of it from the prescriber."""

    def test_of_two_grams_a_day_at_one_per_cent_carries_twenty_mg(self) -> None:
        """1 g twice a day is 2 g; at 10 mg in each gram that is 20 mg on the skin."""
        load = a_cream().mg_per_day

        assert load == SkinLoad(Decimal(20), is_about=False)
        assert str(load) == "20 mg on the skin"
        assert not isinstance(load, Dose)

    def test_in_fingertip_units_carries_about_so_much(self) -> None:
        """1 unit is about 0.5 g; twice a day at 1% that is about 10 mg."""
        assert str(a_cream(amount="1 fingertip unit").mg_per_day) == "about 10 mg on the skin"

    def test_counts_its_days_and_its_cream_to_the_review(self) -> None:
        """1 December to 11 January are 42 days; 2 g on each of them make 84 g."""
        plan = a_cream()

        assert (len(plan.days), plan.days[0], plan.days[-1]) == (42, plan.start, plan.review_on)
        assert str(plan.total) == "84 g"

    def test_needs_all_from_the_prescriber_but_the_strength(self) -> None:
        """No amount, no frequency, no site and no review is ever assumed."""
        fields = TopicalPlan.model_fields.items()

        assert {name for name, field in fields if field.is_required()} == NEEDED
        given_less = {name: value for name, value in CREAM.items() if name != "strength"}
        assert str(TopicalPlan(**given_less).strength) == "1%"

    @pytest.mark.parametrize("field", sorted(NEEDED))
    def test_says_which_field_is_missing(self, field: str) -> None:
        """The place is told."""
        fields = {name: value for name, value in CREAM.items() if name != field}

        with pytest.raises(TopicalError, match=rf"missing \(at {field}\)"):
            TopicalPlan(**fields)

    def test_has_no_titration(self) -> None:
        """Nothing in it can rise."""
        names = " ".join(TopicalPlan.model_fields)

        assert not re.search("protocol|step|increment|cap|gate|amendment", names)

    @pytest.mark.parametrize("vehicle", THIRD_ROUTES)
    def test_is_never_for_a_gel_that_goes_through_the_skin(self, vehicle: str) -> None:
        """The third route is refused with its reason and source."""
        with pytest.raises(TopicalError, match=r"a route of its own.*\(C15\)"):
            a_cream(vehicle=vehicle)

    def test_is_never_for_a_site_that_names_the_third_route(self) -> None:
        """The words are looked for in the site, too."""
        with pytest.raises(TopicalError, match="a route of its own"):
            a_cream(site="inner wrist, transdermal")

    @pytest.mark.parametrize(
        "vehicle", ["capsule", "oral gel", "Sublingual drops", "tablets", "troche"]
    )
    def test_is_never_for_what_is_swallowed(self, vehicle: str) -> None:
        """An oral product has an oral plan."""
        with pytest.raises(TopicalError, match="for skin only"):
            a_cream(vehicle=vehicle)

    @pytest.mark.parametrize(
        "vehicle", ["gel 3 mg/mL", "gel 3mg per mL", "5% cream", "10 mg cream"]
    )
    def test_has_no_second_strength_in_its_vehicle(self, vehicle: str) -> None:
        """A gel of 3 mg/mL is one for the whole body (C15), and one strength is enough."""
        with pytest.raises(TopicalError, match="no strength in its name"):
            a_cream(vehicle=vehicle)

    @pytest.mark.parametrize(
        "site", ["the red patch on the left arm", "fingers (systemic disease)"]
    )
    def test_takes_an_ordinary_site(self, site: str) -> None:
        """A patch of skin is no transdermal patch."""
        assert a_cream(site=site).site == site

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"times": (time(8),)}, "2 applications a day need as many times of day, not 1"),
            ({"times": (time(8), time(12), time(20))}, "not 3"),
            ({"times": ()}, "not 0"),
            ({"times": (time(20), time(8))}, "in order"),
            ({"times": (time(8), time(8))}, "each later than the one before"),
            ({"times_per_day": 0, "times": ()}, "greater than or equal to 1"),
            ({"times_per_day": 9}, "less than or equal to 8"),
            ({"times": ("8:00", "20:00")}, "such as '22:00'"),
            ({"times": ("08:00", "24:00")}, "such as '22:00'"),
            ({"amount": "100.01 g"}, "more than the 100 that are ever put on at once"),
            ({"amount": "20 mg"}, "mg and mcg are for oral doses"),
            ({"amount": 1}, "written as text"),
            ({"review_on": date(2026, 12, 1)}, "after the first day"),
            ({"review_on": date(2026, 11, 1)}, "after the first day"),
            ({"review_on": date(2027, 12, 3)}, "by at most 366 days"),
            ({"start": date(1999, 1, 1)}, "between 2000-01-01"),
            ({"timezone": "Amsterdam"}, "did you mean Europe/Amsterdam"),
            ({"site": "arm\nBEGIN:VEVENT"}, "control character or line break"),
            ({"site": "<b>arm</b>"}, "angle bracket"),
            ({"vehicle": ""}, "this text is empty"),
            ({"site": "x" * 81}, "at most 80"),
            ({"protocol": "ldn-oral-1.5mg-14d"}, "not known here"),
        ],
    )
    def test_that_cannot_be_followed_is_refused(self, changes: dict[str, Any], reason: str) -> None:
        """The reason is told."""
        with pytest.raises(TopicalError, match=re.escape(reason)):
            a_cream(**changes)

    @pytest.mark.parametrize("days", [1, 366])
    def test_may_run_from_a_day_to_a_year(self, days: int) -> None:
        """Both ends are allowed."""
        assert len(a_cream(review_on=CREAM["start"] + timedelta(days=days)).days) == days + 1

    def test_has_its_applications_in_order_at_the_clock_times(self) -> None:
        """Twice a day for 42 days, in the plan's zone."""
        uses = list(a_cream().applications())

        assert len(uses) == 84
        assert [use.number for use in uses[:3]] == [1, 2, 1]
        assert uses[1].at.isoformat() == "2026-12-01T20:00:00+01:00"
        assert [use.at for use in uses] == sorted(use.at for use in uses)

    def test_reads_a_skipped_time_later_and_takes_a_repeated_one_once(self) -> None:
        """On 14 March 2027 New York has no 02:30; on 1 November 2026 it has two."""
        night = {"timezone": "America/New_York", "times_per_day": 1, "times": (time(2, 30),)}
        spring = a_cream(**night, start=date(2027, 3, 14), review_on=date(2027, 3, 15))
        autumn = a_cream(
            **night | {"times": (time(1, 30),)},
            start=date(2026, 11, 1),
            review_on=date(2026, 11, 2),
        )

        assert next(spring.applications()).at.isoformat() == "2027-03-14T03:30:00-04:00"
        assert next(autumn.applications()).at.isoformat() == "2026-11-01T01:30:00-04:00"

    @given(st.sampled_from(ZONES), st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 8))
    def test_has_just_its_number_of_applications_each_day(
        self, zone: str, start: date, number: int
    ) -> None:
        """Whatever the zone and the day."""
        times = tuple(time(2 * hour, 30) for hour in range(number))
        review = start + timedelta(days=9)
        plan = a_cream(
            timezone=zone, start=start, review_on=review, times_per_day=number, times=times
        )

        per_day = [sum(use.day == day for use in plan.applications()) for day in plan.days]

        assert per_day == [number] * 10

    def test_moves_as_a_whole_with_its_dates(self) -> None:
        """A plan a year later has the same total and the same mg a day."""
        plan = a_cream()
        year = timedelta(days=365)
        later = a_cream(start=plan.start + year, review_on=plan.review_on + year)

        assert (later.total, later.mg_per_day) == (plan.total, plan.mg_per_day)


class TestItsIdentity:
    """Code, hash and signature are made as those of an oral plan are."""

    def test_has_the_code_that_an_oral_plan_of_its_id_has(self) -> None:
        """One function makes both."""
        assert a_cream().code == a_plan(id=PLAN_ID).code == identity.short_code(PLAN_ID, 1)

    def test_has_a_code_of_letters_that_are_not_misread(self) -> None:
        """Four letters or digits without I, L, O and U, and the version."""
        codes = {identity.short_code(UUID(int=number), 12) for number in range(300)}

        assert len(codes) > 290
        assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-12", code) for code in codes)

    def test_is_a_draft_until_it_is_signed(self) -> None:
        """The signature says who, in which role, when and over what."""
        draft, signed = a_cream(), a_signed_cream()

        assert (draft.is_signed, signed.is_signed) == (False, True)
        assert signed.signature is not None
        assert signed.signature.content_hash == draft.content_hash == signed.content_hash
        assert (draft.written_at, signed.written_at) == (REVISED_AT, signed.signature.at)

    def test_is_signed_once(self) -> None:
        """A second signature is refused."""
        with pytest.raises(TopicalError, match="signed already"):
            a_signed_cream().signed(
                screened_elsewhere=True, by="Dr Other", role="physician", at=REVISED_AT
            )

    def test_cannot_be_changed_under_its_signature(self) -> None:
        """Other content has another hash."""
        with pytest.raises(TopicalError, match="over other content"):
            a_signed_cream().replace(amount=TopicalAmount.parse("2 g"))

    @pytest.mark.parametrize(
        "wrong", [{"version": 2}, {"at": datetime(2026, 1, 1, tzinfo=UTC)}], ids=str
    )
    def test_takes_no_signature_of_another_plan(self, wrong: dict[str, Any]) -> None:
        """Neither one of another version nor one from before it was written."""
        signature = a_signed_cream().signature
        assert isinstance(signature, Signature)

        with pytest.raises(TopicalError, match="does not belong to this plan"):
            a_cream(signature=signature.replace(**wrong))


class TestItsFile:
    """The same envelope as an oral plan's, with a kind of its own."""

    @pytest.mark.parametrize("plan", [a_cream(), a_signed_cream(clinic=Clinic(clinic="例"))])
    def test_reads_back_what_was_written(self, plan: TopicalPlan) -> None:
        """Draft or signed."""
        assert load_topical_plan(dump_plan(plan)) == plan

    def test_says_its_kind_and_holds_text(self) -> None:
        """No strength or amount is a number that could become a float on its way."""
        envelope = json.loads(dump_plan(a_cream()))

        assert list(envelope) == ["kind", "schema", "hash", "plan"]
        assert (envelope["kind"], envelope["schema"]) == ("ldn-titrate cream", 1)
        assert (envelope["plan"]["strength"], envelope["plan"]["amount"]) == ("1%", "1 g")
        assert envelope["plan"]["times"] == ["08:00", "20:00"]

    def test_of_the_other_kind_is_refused_with_the_commands_that_read_it(self) -> None:
        """Both ways round."""
        with pytest.raises(PlanError, match="the commands 'ldn-titrate cream' read it"):
            load_plan(dump_plan(a_cream()))
        with pytest.raises(PlanError, match="the commands 'ldn-titrate plan' read it"):
            load_topical_plan(dump_plan(a_plan()))

    @pytest.mark.parametrize(
        "text", ["[]", "1", '{"kind": "other", "schema": 1}', '{"kind": ["ldn-titrate plan"]}']
    )
    def test_of_no_kind_is_refused(self, text: str) -> None:
        """The kind that is expected is named."""
        with pytest.raises(PlanError, match="of the kind 'ldn-titrate cream' is expected"):
            load_topical_plan(text)

    def test_that_was_changed_by_hand_says_so(self) -> None:
        """1 g made 10 g is found."""
        with pytest.raises(PlanChangedError, match="was changed after it was written"):
            load_topical_plan(dump_plan(a_cream()).replace('"1 g"', '"10 g"'))

    def test_of_a_later_schema_is_refused(self) -> None:
        """The number is named."""
        with pytest.raises(PlanError, match="has schema 2"):
            load_topical_plan(dump_plan(a_cream()).replace('"schema": 1', '"schema": 2'))

    def test_with_an_impossible_plan_tells_its_problem(self) -> None:
        """Even under a right hash, a plan that must not exist does not."""
        content = json.loads(dump_plan(a_cream()))["plan"] | {"vehicle": "transdermal gel"}
        envelope = {"kind": "ldn-titrate cream", "schema": 1, "plan": content}
        envelope["hash"] = identity.hash_of(content)

        with pytest.raises(TopicalError, match=r"a route of its own.*\(at vehicle\)"):
            load_topical_plan(json.dumps(envelope))


class TestWhatACheckFinds:
    """Findings are values, errors first."""

    def test_a_stop_stands_before_everything_else(self) -> None:
        """It comes last in the order of the fields, and first in weight."""
        screening = Screening(at=REVISED_AT, answers=(Given(question="Q1", answer=Answer.YES),))
        found = check_topical(a_cream(screening=screening, strength="2%"))

        severities = [list(Severity).index(one.severity) for one in found]
        assert severities == sorted(severities)
        assert found[0].code == "screening.stop"

    def test_of_a_signed_plan_with_the_studied_strength_only_the_screening(self) -> None:
        """A review within 12 weeks, grams, 1%: who answers for the questions, and why (C14)."""
        found = check_topical(a_signed_cream(review_on=date(2027, 2, 23)))

        assert [(one.code, one.severity) for one in found] == [
            ("screening.elsewhere", Severity.NOTE),
            ("cream.opioids", Severity.NOTE),
        ]

    def test_a_draft(self) -> None:
        """A warning, since every document says so."""
        found, *notes = check_topical(a_cream())

        assert (found.code, found.severity) == ("cream.unsigned", Severity.WARNING)
        assert [one.code for one in notes] == ["screening.none", "cream.opioids"]

    def test_a_strength_that_was_not_studied_and_a_late_review_and_a_rough_amount(self) -> None:
        """Each is a note with its place."""
        plan = a_signed_cream(strength="2%", amount="1 fingertip unit", review_on=date(2027, 2, 24))

        found = check_topical(plan)

        assert {one.severity for one in found} == {Severity.NOTE}
        assert [(one.code, one.where) for one in found] == [
            ("cream.not-studied", "strength"),
            ("screening.elsewhere", "signatures"),
            ("cream.opioids", "site"),
            ("cream.fingertip-unit", "amount"),
            ("cream.late-review", "review_on"),
        ]
        assert "only 1% was studied; 2% was not" in found[0].message
        assert "not verified" in found[3].message
