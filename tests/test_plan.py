from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from pydantic import ValidationError

from ldn_titrate.amendment import Stop
from ldn_titrate.bedtime import DosingTime, dosing_time, is_after_midnight, read_clock
from ldn_titrate.errors import LdnTitrateError, PlanError
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.library import load_protocol
from ldn_titrate.plan import Clinic, Override, Plan, check
from ldn_titrate.planfile import dump_plan, load_plan
from ldn_titrate.signing import Signature
from plans import (
    BEDTIMES_AND_MORNINGS,
    OVERRIDE,
    REVISED_AT,
    a_plan,
    a_protocol,
    a_signed_plan,
    another_drug,
    linear,
    listed_steps,
    products,
    step,
)

HIGH = a_protocol(linear("1.5 mg", "1.5 mg", "P7D", "6 mg"))
LOW = a_protocol(linear("0.25 mg", "0.25 mg", "P7D", "1 mg"))
CLIPPED = a_protocol(linear("1 mg", "1 mg", "P7D", "4.5 mg"))


def test_a_plan_is_a_version_1_draft_to_begin_with() -> None:
    """What is not given is left open."""
    plan = a_plan(patient=None)

    assert plan.version == 1
    assert plan.clinic == Clinic()
    assert (plan.patient, plan.override, plan.signature) == (None, None, None)
    assert not plan.is_signed


@pytest.mark.parametrize(
    ("text", "clock"),
    [("00:00", time(0)), ("05:59", time(5, 59)), ("09:05", time(9, 5)), ("23:59", time(23, 59))],
)
def test_a_time_of_day_is_read(text: str, clock: time) -> None:
    """Hours and minutes, each with two digits."""
    assert read_clock(text) == clock


@pytest.mark.parametrize(
    "value",
    [
        "",
        "22",
        "9:00",
        "24:00",
        "22:60",
        "22:00:00",
        "10 pm",
        "22.00",
        "22:00 ",
        "\N{ARABIC-INDIC DIGIT TWO}2:00",
        2200,
        22.0,
        None,
        time(22, 0, 1),
        time(22, 0, 0, 1),
        time(22, tzinfo=UTC),
        datetime(2026, 3, 1, 22, tzinfo=UTC),
    ],
)
def test_an_unclear_time_of_day_is_refused(value: Any) -> None:
    """A time has no seconds and no time zone of its own."""
    with pytest.raises(LdnTitrateError) as refused:
        read_clock(value)

    told = value if isinstance(value, str | time) else type(value).__name__
    assert str(refused.value) == (
        f"{str(told)!r} is no time of day; write hours and minutes from '00:00' to '23:59', "
        "such as '22:00'"
    )


@pytest.mark.parametrize(
    ("clock", "expected", "late"),
    [
        ("18:00", DosingTime.BEDTIME, False),
        ("22:00", DosingTime.BEDTIME, False),
        ("23:59", DosingTime.BEDTIME, False),
        ("00:00", DosingTime.BEDTIME, True),
        ("00:30", DosingTime.BEDTIME, True),
        ("05:59", DosingTime.BEDTIME, True),
        ("06:00", DosingTime.MORNING, False),
        ("11:59", DosingTime.MORNING, False),
    ],
)
def test_a_time_is_a_bedtime_or_a_morning(clock: str, expected: DosingTime, *, late: bool) -> None:
    """A bedtime runs from 18:00 to 05:59, after midnight on the next date; then the morning."""
    plan = a_plan(bedtime=clock)

    assert dosing_time(plan.bedtime) is expected
    assert is_after_midnight(plan.bedtime) is late


@pytest.mark.parametrize("clock", ["12:00", "15:30", "17:59"])
def test_a_time_in_the_afternoon_is_refused_with_its_reason(clock: str) -> None:
    """It would not be clear which day a dose belongs to."""
    with pytest.raises(PlanError) as refused:
        a_plan(bedtime=clock)

    assert str(refused.value) == (
        f"{clock} is neither a bedtime (18:00 to 05:59) nor a morning (06:00 to 11:59); "
        "between noon and 18:00 it would not be clear which day a dose belongs to (at bedtime)"
    )


@given(BEDTIMES_AND_MORNINGS)
def test_every_minute_outside_the_afternoon_is_taken(clock: time) -> None:
    """A time and its text make the same plan."""
    assert a_plan(bedtime=clock) == a_plan(bedtime=f"{clock:%H:%M}")


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2199, 12, 31)])
def test_a_plan_starts_near_our_time(day: date) -> None:
    """The first and the last start are taken, a day more is refused."""
    beyond = day + timedelta(days=1 if day.year > 2000 else -1)

    assert a_plan(start=day).start == day
    with pytest.raises(PlanError) as refused:
        a_plan(start=beyond)
    assert str(refused.value) == "a day of a plan lies between 2000-01-01 and 2199-12-31 (at start)"


@pytest.mark.parametrize(
    "start", ["2026-03-01", "03/04/2026", 20260301, datetime(2026, 3, 1, tzinfo=UTC)]
)
def test_a_start_is_a_date(start: Any) -> None:
    """Text, a number and a point in time are none."""
    with pytest.raises(PlanError, match=r"\(at start\)"):
        a_plan(start=start)


def test_an_unknown_time_zone_is_refused_with_close_ones() -> None:
    """A place is named as in the time zone database."""
    with pytest.raises(PlanError, match=r"did you mean Europe/London\?.* \(at timezone\)$"):
        a_plan(timezone="London")


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 2, 20, 9, 30),  # noqa: DTZ001  # a time without a zone is the point
        datetime(2026, 2, 20, 9, 30, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_a_point_in_time_is_in_utc(moment: datetime) -> None:
    """Without an offset, or with another one, it is refused."""
    with pytest.raises(PlanError) as refused:
        a_plan(revised_at=moment)

    assert str(refused.value) == (
        "a point in time is written in UTC, such as 2026-11-22T18:00:00Z (at revised_at)"
    )


def test_a_point_in_time_of_a_zone_without_offset_becomes_one_in_utc() -> None:
    """In London's winter the offset is 0 too; read back from a file it must be the same."""
    winter = datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London"))

    plan = a_plan(revised_at=winter)

    assert plan.revised_at.tzinfo is UTC
    assert load_plan(dump_plan(plan)) == plan


@pytest.mark.parametrize(
    "number",
    [
        '"1764547200"',
        "1764547200",
        '"46357.9"',
        '"20261201"',
        "0",
        '"2026-02-30"',
        '"2026-02-30T10:00:00Z"',
    ],
)
@pytest.mark.parametrize("field", ["start", "revised_at"])
def test_a_number_in_a_file_is_no_day(number: str, field: str) -> None:
    """It would be counted in seconds from 1970 on; a spreadsheet writes days so."""
    plan = a_plan().model_dump(mode="json")
    assert Plan.model_validate_json(json.dumps(plan)) == a_plan()

    with pytest.raises(ValidationError, match=f"1 validation error for Plan\n{field}"):
        Plan.model_validate_json(json.dumps({**plan, field: json.loads(number)}))


def test_a_point_in_time_is_kept_to_the_second() -> None:
    """Files carry whole seconds, so a plan does too."""
    plan = a_plan(revised_at=REVISED_AT.replace(microsecond=999_999))

    assert plan.revised_at == REVISED_AT


def test_all_problems_of_a_plan_are_told_at_once() -> None:
    """Each on its own line with its place, and no rejected value among them."""
    with pytest.raises(PlanError) as refused:
        a_plan(patient="Pat <Example>", start="soon", products=(), room=7)

    assert str(refused.value).splitlines() == [
        "a day is written as year-month-day, such as 2026-12-01 (at start)",
        "at least one is needed (at products)",
        "character 5 of this text is an angle bracket, which is not allowed (at patient)",
        "this field is not known here (at room)",
    ]


@pytest.mark.parametrize("field", ["prescriber", "clinic", "telephone", "pharmacy"])
def test_the_clinic_is_what_was_typed_in_one_form(field: str) -> None:
    """Spaces are single and accents composed."""
    clinic = Clinic(**{field: " Zoe\N{COMBINING DIAERESIS}  Example "})

    assert getattr(clinic, field) == "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS} Example"


def test_a_product_is_read_from_its_text() -> None:
    """A plan may be made from the words of its products."""
    assert a_plan(products=("capsule 1.5 mg",)) == a_plan()


@pytest.mark.parametrize("value", [1.5, 3, None, ["capsule 1.5 mg"]])
def test_a_product_is_never_a_number(value: Any) -> None:
    """A strength without its form and unit is refused."""
    with pytest.raises(PlanError) as refused:
        a_plan(products=(value,))

    kind = type(value).__name__
    told = str(refused.value).splitlines()[0]
    assert told == f"this is written as text, not as {kind} (at products[0])"


@pytest.mark.parametrize(
    ("protocol", "have", "told"),
    [
        (
            load_protocol(),
            ("capsule 1.5 mg", "capsule 1.5 mg"),
            "a product is named twice",
        ),
        (
            load_protocol(),
            ("liquid 1 mg/mL, 0.1 mL syringe", "liquid 1 mg/mL, 0.5 mL syringe"),
            "a product is named twice",
        ),
        (
            load_protocol(),
            ("liquid 1 mg/mL, 0.1 mL syringe", "capsule 1.5 mg"),
            "a liquid is not combined with another product",
        ),
        (
            load_protocol(),
            ("tablet 50 mg",),
            "one tablet 50 mg is more than the protocol's cap of 4.5 mg",
        ),
        (
            load_protocol(),
            ("capsule 1.5 mg", "capsule 6 mg"),
            "one capsule 6 mg is more than the protocol's cap of 4.5 mg",
        ),
        (
            load_protocol("ldn-oral-1.5mg-monthly-3mg"),
            ("capsule 1.5 mg", "capsule 4.5 mg"),
            "one capsule 4.5 mg is more than the protocol's cap of 3 mg",
        ),
    ],
)
def test_products_that_do_not_fit_are_refused(
    protocol: Any, have: tuple[str, ...], told: str
) -> None:
    """A unit stronger than the cap, a product twice, a liquid beside another one."""
    with pytest.raises(PlanError) as refused:
        a_plan(protocol=protocol, products=products(*have))

    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("protocol_id", "have", "told"),
    [
        ("ldn-oral-1.5mg-14d", "capsule 3 mg", "1.5 mg"),
        ("ldn-oral-1.5mg-14d", "capsule 1 mg", "1.5 mg"),
        ("ldn-oral-1.5mg-14d", "liquid 1 mg/mL, 1 mL syringe", "1.5 mg"),
    ],
)
def test_a_plan_that_cannot_be_made_exactly_is_refused(
    protocol_id: str, have: str, told: str
) -> None:
    """The products named would make each dose of the plan: 1.5, 3 and 4.5 mg."""
    with pytest.raises(PlanError) as refused:
        a_plan(protocol=load_protocol(protocol_id), products=products(have))

    assert str(refused.value) == (
        f"{told} cannot be made exactly from {products(have)[0].label}; these would work: "
        "capsule 0.5 mg, capsule 1.5 mg, liquid 1 mg/mL"
    )


@pytest.mark.parametrize(
    ("protocol", "have", "told"),
    [
        (HIGH, "capsule 1.5 mg", "6 mg is above the recommended range"),
        (LOW, "capsule 0.25 mg", "0.25 mg is below the recommended range"),
    ],
)
def test_a_dose_outside_the_recommended_range_needs_an_override(
    protocol: Any, have: str, told: str
) -> None:
    """With a person and a reason it is allowed, without them it is refused."""
    allowed = a_plan(protocol=protocol, products=products(have), override=OVERRIDE)

    assert allowed.override == OVERRIDE
    with pytest.raises(PlanError) as refused:
        a_plan(protocol=protocol, products=products(have))
    assert str(refused.value) == (
        f"{told} of 0.5 mg to 4.5 mg; it needs an override that names a person and a reason"
    )


def test_an_override_names_a_person_and_a_reason() -> None:
    """Neither may be left empty."""
    with pytest.raises(LdnTitrateError) as refused:
        Override(by=" ", reason="")

    assert str(refused.value).splitlines() == [
        "this text is empty; leave it out instead (at by)",
        "this text is empty; leave it out instead (at reason)",
    ]


def test_the_code_is_the_same_in_every_version_but_for_its_number() -> None:
    """Four letters or digits of the plan, then its version."""
    plan = a_plan()

    assert plan.code == "92DG-1"
    assert (
        plan.amended(Stop(effective=date(2026, 3, 1), reason="Invented", at=REVISED_AT)).code
        == "92DG-2"
    )
    assert plan.replace(patient=None, timezone="UTC").code == "92DG-1"


def test_another_plan_has_another_code() -> None:
    """The code comes from the id alone, and has none of the letters misread by hand."""
    codes = {a_plan(id=UUID(int=number)).code for number in range(200)}

    assert len(codes) == 200
    assert not set("".join(codes)) & set("ILOU")


@pytest.mark.parametrize(
    "change",
    [
        {"patient": "Sam Example"},
        {"patient": None},
        {"start": date(2026, 3, 2)},
        {"bedtime": time(22, 1)},
        {"timezone": "Europe/Dublin"},
        {"revised_at": REVISED_AT + timedelta(seconds=1)},
        {"products": products("tablet 1.5 mg")},
        {"clinic": Clinic(telephone="555 0100")},
        {"override": OVERRIDE},
        {"protocol": load_protocol("ldn-oral-4.5mg-fixed")},
    ],
)
def test_whatever_changes_in_a_plan_changes_its_hash(change: dict[str, Any]) -> None:
    """Every field but the signature is signed."""
    assert a_plan(**change).content_hash != a_plan().content_hash


def test_a_signature_does_not_change_the_hash() -> None:
    """It is over the content that it leaves alone."""
    assert a_signed_plan().content_hash == a_plan().content_hash


def test_a_signature_says_who_signed_what_and_when() -> None:
    """The name, the role, the time and the hash of the content."""
    plan = a_signed_plan()

    assert plan.is_signed
    assert plan.signature == Signature(
        version=1,
        by="Dr Example",
        role="physician",
        at=REVISED_AT,
        content_hash=a_plan().content_hash,
        screened_elsewhere=True,
    )


def test_a_plan_was_written_when_it_was_signed_or_else_revised() -> None:
    """The later of the two is what a document says."""
    signed_at = REVISED_AT + timedelta(hours=3)

    assert a_plan().written_at == REVISED_AT
    assert (
        a_plan()
        .signed(screened_elsewhere=True, by="Dr Example", role="physician", at=signed_at)
        .written_at
        == signed_at
    )


def test_a_signed_plan_is_not_signed_again() -> None:
    """One plan version has one signature."""
    with pytest.raises(PlanError) as refused:
        a_signed_plan().signed(
            screened_elsewhere=True, by="Dr Example", role="physician", at=REVISED_AT
        )

    assert str(refused.value) == "plan 92DG-1 is signed already"


def test_a_plan_for_tests_is_never_signed() -> None:
    """No patient gets a plan of another drug."""
    plan = a_plan(
        protocol=another_drug(listed_steps("25 mg", step("25 mg"))),
        products=products("tablet 25 mg"),
    )

    with pytest.raises(PlanError) as refused:
        plan.signed(screened_elsewhere=True, by="Dr Example", role="physician", at=REVISED_AT)

    assert str(refused.value) == "a plan from a protocol for tests only is never signed"


def test_a_changed_plan_loses_its_signature() -> None:
    """A signed plan cannot keep its signature over other content."""
    with pytest.raises(PlanError) as refused:
        a_signed_plan().replace(start=date(2026, 3, 2))

    assert str(refused.value) == "the signature is over other content than this plan's"


@pytest.mark.parametrize("content_hash", ["", "sha256:00", "md5:" + "0" * 64, "sha256:" + "G" * 64])
def test_a_signature_has_a_whole_hash(content_hash: str) -> None:
    """A shortened or other hash is none."""
    with pytest.raises(LdnTitrateError, match=r"\(at content_hash\)"):
        Signature(by="Dr Example", role="physician", at=REVISED_AT, content_hash=content_hash)


def test_several_contradictions_are_told_by_the_first() -> None:
    """Products are looked at before bounds."""
    with pytest.raises(PlanError) as refused:
        a_plan(protocol=HIGH, products=products("tablet 50 mg"))

    assert str(refused.value) == "one tablet 50 mg is more than the protocol's cap of 6 mg"


def test_a_plan_never_changes() -> None:
    """A field cannot be set; it is told in the library's own words, and what can be done."""
    plan = a_plan()

    with pytest.raises(PlanError) as refused:
        plan.version = 2  # type: ignore[misc]

    assert str(refused.value) == ("a Plan never changes; replace(version=...) makes another one")


def beside_the_screening(plan: Plan) -> tuple[Finding, ...]:
    """Return what is found but for the note that the plan carries no screening, and why not."""
    notes = ("screening.none", "screening.elsewhere")
    return tuple(one for one in check(plan) if one.code not in notes)


def test_a_plan_without_a_screening_says_so() -> None:
    """Of a draft it is told that it has none, of a signed plan who answers for that."""
    (elsewhere,) = check(a_signed_plan())

    assert ("note", "screening.none") in [(one.severity, one.code) for one in check(a_plan())]
    assert (elsewhere.severity, elsewhere.code) == ("note", "screening.elsewhere")
    assert elsewhere.message == (
        "the signer states that the questions of the screening were asked elsewhere"
    )


def test_a_signed_verified_plan_has_no_findings() -> None:
    """The default protocol, signed, leaves nothing to say."""
    assert beside_the_screening(a_signed_plan()) == ()


def test_an_unsigned_plan_is_a_draft() -> None:
    """It is told what that means for its documents."""
    assert beside_the_screening(a_plan()) == (
        Finding(
            "plan.unsigned",
            Severity.WARNING,
            "the plan is not signed: every document says DRAFT, not for patient use",
            "signatures",
        ),
    )


def test_an_unverified_protocol_is_told_with_what_is_known() -> None:
    """The words of the protocol on its sources are passed on."""
    plan = a_signed_plan(protocol=load_protocol("ldn-oral-1.5mg-monthly-3mg"))

    assert beside_the_screening(plan) == (
        Finding(
            "protocol.unverified",
            Severity.WARNING,
            "the protocol's source is not verified: Only an excerpt of a Hailey-Hailey report was "
            "seen; there the step was taken as needed.",
            "protocol.verified",
        ),
    )


def test_a_clipped_step_is_told() -> None:
    """The step, its dose and what the rule gave."""
    plan = a_signed_plan(
        protocol=CLIPPED.replace(verified=True), products=products("capsule 0.5 mg")
    )

    assert beside_the_screening(plan) == (
        Finding(
            "protocol.clipped",
            Severity.NOTE,
            "step 5 is 4.5 mg, not 5 mg: the protocol's cap",
            "protocol.rule.cap",
        ),
    )


def test_an_override_is_told() -> None:
    """Whoever looks at the plan knows that its doses were allowed, though not by whom."""
    plan = a_signed_plan(protocol=HIGH.replace(verified=True), override=OVERRIDE)

    assert beside_the_screening(plan) == (
        Finding(
            "plan.override",
            Severity.WARNING,
            "a dose outside 0.5 mg to 4.5 mg is allowed by an override",
            "override",
        ),
    )


def test_findings_come_with_the_worst_first() -> None:
    """Errors, then warnings, then notes."""
    plan = a_plan(
        protocol=another_drug(linear("10 mg", "10 mg", "P7D", "25 mg")),
        products=products("tablet 5 mg"),
    )

    assert [(one.severity.value, one.code) for one in check(plan)] == [
        ("error", "protocol.tests-only"),
        ("warning", "protocol.unverified"),
        ("warning", "plan.unsigned"),
        ("note", "protocol.clipped"),
        ("note", "screening.none"),
    ]


def test_a_finding_is_said_on_one_line() -> None:
    """How bad it is, what it is, where it is, and its name."""
    finding = Finding("plan.unsigned", Severity.WARNING, "the plan is not signed", "signature")

    assert str(finding) == "warning: the plan is not signed (signature; plan.unsigned)"


def test_no_finding_carries_a_name() -> None:
    """Findings may be logged, so they say nothing of a person."""
    plan = a_plan(
        protocol=HIGH,
        override=OVERRIDE,
        clinic=Clinic(prescriber="Dr Example", clinic="Example Clinic"),
    )

    assert [one for one in check(plan) if "Example" in str(one)] == []


def test_a_strength_is_kept_to_the_last_digit() -> None:
    """Nothing on the way through a plan is a float."""
    plan = a_plan(
        protocol=a_protocol(listed_steps("1.234 mg", step("1.234 mg"))),
        products=products("capsule 1.234 mg"),
    )

    assert plan.protocol.steps[0].dose.mg == Decimal("1.234")
