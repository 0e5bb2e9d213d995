from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.dose import Dose
from ldn_titrate.errors import LdnTitrateError, ProtocolError
from ldn_titrate.protocol import Interval, LinearRule, Protocol, Status, StepsRule
from plans import (
    DAY_INTERVALS,
    INTERVALS,
    a_protocol,
    another_drug,
    dose,
    in_text,
    linear,
    listed_steps,
    step,
)

if TYPE_CHECKING:
    from ldn_titrate.base import TextValue

WRITTEN = """
id = "invented"
version = 2
title = "Invented for a test"
status = "variant"
verified = false
certainty = "Invented for a test"
sources = ["S9"]
as_of = 2026-11-22

[rule]
kind = "linear"
start = "1 mg"
increment = "1 mg"
interval = "P2W"
cap = "4.5 mg"
"""


@pytest.mark.parametrize(
    ("text", "written", "words"),
    [
        ("P1D", "P1D", "1 day"),
        ("P14D", "P14D", "14 days"),
        ("P2W", "P14D", "14 days"),
        ("P999D", "P999D", "999 days"),
        ("P1M", "P1M", "1 month"),
        ("P3M", "P3M", "3 months"),
    ],
)
def test_an_interval_is_days_or_months(text: str, written: str, words: str) -> None:
    """Weeks are seven days each; months stay months."""
    interval = Interval.parse(text)

    assert str(interval) == written
    assert interval.in_words() == words


@pytest.mark.parametrize(
    "text",
    ["", "14", "14D", "P14", "P0D", "P014D", "P1000D", "P-1D", "P1.5D", "P1Y", "P1M1D", "PT24H"],
)
def test_an_unclear_interval_is_refused(text: str) -> None:
    """An interval is a whole number of days, weeks or months, and one of them only."""
    with pytest.raises(ProtocolError) as refused:
        Interval.parse(text)

    assert str(refused.value) == (
        f"cannot read {text!r} as an interval; write P14D (days), P2W (weeks) or P1M"
    )


@pytest.mark.parametrize("word", ["biweekly", "bi-weekly", "fortnightly", "every two weeks"])
def test_an_interval_in_words_is_refused(word: str) -> None:
    """A word that can be read in two ways never becomes an interval."""
    with pytest.raises(ProtocolError):
        Interval.parse(word)


@given(INTERVALS)
def test_a_written_interval_is_read_as_the_same_interval(interval: Interval) -> None:
    """Writing and reading lose nothing."""
    assert Interval.parse(str(interval)) == interval


@pytest.mark.parametrize(
    ("text", "begin", "after"),
    [
        ("P14D", date(2026, 3, 1), date(2026, 3, 15)),
        ("P14D", date(2024, 2, 20), date(2024, 3, 5)),
        ("P14D", date(2025, 12, 25), date(2026, 1, 8)),
        ("P14D", date(2026, 1, 31), date(2026, 2, 14)),
        ("P1M", date(2026, 1, 15), date(2026, 2, 15)),
        ("P1M", date(2026, 1, 31), date(2026, 2, 28)),
        ("P1M", date(2024, 1, 31), date(2024, 2, 29)),
        ("P1M", date(2026, 12, 31), date(2027, 1, 31)),
        ("P3M", date(2026, 11, 30), date(2027, 2, 28)),
    ],
)
def test_an_interval_ends_where_the_calendar_says(text: str, begin: date, after: date) -> None:
    """Days are counted; a month runs to the same day, or to the last one of a shorter month."""
    assert Interval.parse(text).after(begin) == after


@given(DAY_INTERVALS, st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_an_interval_of_days_has_just_so_many(interval: Interval, begin: date) -> None:
    """The first day after it is so many days on."""
    assert (interval.after(begin) - begin).days == interval.days


@pytest.mark.parametrize(
    ("text", "every", "holds"),
    [
        ("P14D", 1, True),
        ("P14D", 2, True),
        ("P14D", 7, True),
        ("P14D", 3, False),
        ("P1M", 1, True),
        ("P1M", 2, False),
        ("P1M", 7, False),
    ],
)
def test_a_step_holds_whole_rounds(text: str, every: int, *, holds: bool) -> None:
    """Every other day fits into 14 days, every third day does not; a month has no fixed days."""
    assert Interval.parse(text).holds_rounds_of(every) is holds


def test_a_step_of_broken_rounds_is_refused() -> None:
    """Else two dosing days of a weekly drug could lie closer than a week."""
    with pytest.raises(ProtocolError) as refused:
        step("15 mg", "P10D", every_days=7)

    assert str(refused.value) == "10 days is no whole number of rounds of 7 days"


@pytest.mark.parametrize(
    ("field", "value"),
    [("doses_per_day", 0), ("doses_per_day", 7), ("every_days", 0), ("every_days", 32)],
)
def test_a_step_has_a_possible_rhythm(field: str, value: int) -> None:
    """One to six doses a day, on every day or up to once in 31 days."""
    with pytest.raises(ProtocolError, match=rf"\(at {field}\)"):
        step("1.5 mg", None, **{field: value})


@pytest.mark.parametrize(
    ("rule", "doses"),
    [
        (("1.5 mg", "1.5 mg", "P14D", "4.5 mg"), "1.5 3 4.5"),
        (("1 mg", "1 mg", "P7D", "4.5 mg"), "1 2 3 4 4.5"),
        (("1.5 mg", "1.5 mg", "P7D", "6 mg"), "1.5 3 4.5 6"),
        (("1.5 mg", "0.5 mg", "P14D", "4.5 mg"), "1.5 2 2.5 3 3.5 4 4.5"),
        (("0.5 mg", "0.5 mg", "P7D", "4.5 mg"), "0.5 1 1.5 2 2.5 3 3.5 4 4.5"),
        (("4.5 mg", "1.5 mg", "P14D", "4.5 mg"), "4.5"),
    ],
)
def test_a_climb_unfolds_to_its_steps(rule: tuple[str, str, str, str], doses: str) -> None:
    """Each step is the last one and the increment, the last one just the cap."""
    steps = linear(*rule).unfold()

    assert in_text([one.dose for one in steps]) == [f"{mg} mg" for mg in doses.split()]


def test_only_the_last_step_of_a_climb_is_open() -> None:
    """The others last an interval; the last one stays until a prescriber changes the plan."""
    steps = linear("1.5 mg", "1.5 mg", "P14D", "4.5 mg").unfold()

    assert [one.lasts for one in steps] == [Interval(days=14), Interval(days=14), None]


def test_a_step_at_the_cap_tells_what_the_rule_gave() -> None:
    """From 4 mg by 1 mg would be 5 mg; under a cap of 4.5 mg that is told, not rounded away."""
    steps = linear("1 mg", "1 mg", "P7D", "4.5 mg").unfold()

    assert [one.clipped_from for one in steps] == [None, None, None, None, dose("5 mg")]


def test_a_step_that_lands_on_the_cap_is_not_clipped() -> None:
    """1.5, 3 and 4.5 mg are just what the rule gives."""
    steps = linear("1.5 mg", "1.5 mg", "P14D", "4.5 mg").unfold()

    assert {one.clipped_from for one in steps} == {None}


def test_a_climb_by_a_factor_multiplies() -> None:
    """Doubled from 3.125 mg to 25 mg there are four steps."""
    rule = LinearRule(
        kind="linear",
        start=dose("3.125 mg"),
        factor=2,
        interval=Interval(days=14),
        cap=dose("25 mg"),
    )

    assert in_text([one.dose for one in rule.unfold()]) == [
        "3.125 mg",
        "6.25 mg",
        "12.5 mg",
        "25 mg",
    ]


@pytest.mark.parametrize("more", [{}, {"increment": "1 mg", "factor": 2}])
def test_a_climb_has_either_an_increment_or_a_factor(more: dict[str, Any]) -> None:
    """Neither and both are refused."""
    with pytest.raises(LdnTitrateError) as refused:
        LinearRule(
            kind="linear",
            start=dose("1 mg"),
            interval=Interval(days=7),
            cap=dose("4 mg"),
            **more,
        )

    assert str(refused.value) == "a linear rule has either an increment or a factor"


def test_a_climb_that_starts_above_its_cap_is_refused() -> None:
    """The start itself must be allowed."""
    with pytest.raises(LdnTitrateError) as refused:
        linear("3 mg", "1.5 mg", "P14D", "1.5 mg")

    assert str(refused.value) == "the cap of 1.5 mg is under the start of 3 mg"


def test_listed_steps_above_the_cap_are_refused() -> None:
    """All of them are named."""
    with pytest.raises(LdnTitrateError) as refused:
        listed_steps("3 mg", step("1.5 mg", "P14D"), step("4.5 mg", "P14D"), step("6 mg"))

    assert str(refused.value) == "a step of 4.5 mg, 6 mg is above the cap of 3 mg"


def test_a_list_of_no_steps_is_refused() -> None:
    """A rule gives at least one dose."""
    with pytest.raises(LdnTitrateError, match=r"at least one is needed \(at steps\)"):
        StepsRule(kind="steps", cap=dose("3 mg"), steps=())


def test_a_protocol_is_read_from_its_file() -> None:
    """Each field is what the file says."""
    protocol = Protocol.from_toml(WRITTEN)

    assert protocol.id == "invented"
    assert protocol.version == 2
    assert protocol.status is Status.VARIANT
    assert protocol.substance == "naltrexone hydrochloride"
    assert protocol.rule == linear("1 mg", "1 mg", "P14D", "4.5 mg")
    assert protocol.sources == ("S9",)
    assert protocol.as_of == date(2026, 11, 22)
    assert protocol.least_days_between == 1
    assert protocol.cap == dose("4.5 mg")
    assert protocol.is_for_patients


def test_the_doses_of_a_protocol_are_each_told_once() -> None:
    """Up and down again, each dose counts once, the smallest first."""
    up_and_down = listed_steps(
        "4.5 mg", step("3 mg", "P7D"), step("4.5 mg", "P7D"), step("3 mg", "P7D"), step("1.5 mg")
    )

    assert in_text(a_protocol(up_and_down).doses) == ["1.5 mg", "3 mg", "4.5 mg"]


def test_a_file_that_is_no_toml_is_refused_with_the_place() -> None:
    """The line of the mistake is told."""
    with pytest.raises(ProtocolError, match=r"^this is no TOML: .*line 1"):
        Protocol.from_toml("id = ?")


def test_all_problems_of_a_file_are_told_at_once() -> None:
    """Each on its own line, with its place."""
    broken = (
        WRITTEN.replace('"1 mg"', '"1,5 mg"', 1)
        .replace("version = 2", "version = 0")
        .replace('"P2W"', '"biweekly"')
        .replace('title = "Invented for a test"\n', "")
    )

    with pytest.raises(ProtocolError) as refused:
        Protocol.from_toml(broken)

    assert str(refused.value).splitlines() == [
        "Input should be greater than or equal to 1 (at version)",
        "this field is missing (at title)",
        f"{_refusal(Dose, '1,5 mg')} (at rule.linear.start)",
        f"{_refusal(Interval, 'biweekly')} (at rule.linear.interval)",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('start = "1 mg"', "start = 1.5"),
        ('start = "1 mg"', "start = 1"),
        ('start = "1 mg"', "start = true"),
        ('start = "1 mg"', "start = nan"),
        ('start = "1 mg"', "start = inf"),
        ('cap = "4.5 mg"', "cap = 4.5"),
        ('interval = "P2W"', "interval = 14"),
    ],
)
def test_a_bare_number_is_no_dose_and_no_interval(old: str, new: str) -> None:
    """A file states its units."""
    assert old in WRITTEN
    with pytest.raises(ProtocolError):
        Protocol.from_toml(WRITTEN.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "invented"', 'id = "In vented"'),
        ('id = "invented"', 'id = ""'),
        ('status = "variant"', 'status = "recommended"'),
        ('kind = "linear"', 'kind = "exponential"'),
        ('sources = ["S9"]', "sources = []"),
        ("as_of = 2026-11-22", 'as_of = "22-11-2026"'),
        ("verified = false", 'verified = "no"'),
        ("verified = false", "verified = false\nmaximum = 3"),
        ("as_of = 2026-11-22", "as_of = 2026-11-22\nleast_days_between = 0"),
    ],
)
def test_an_unfit_field_is_refused(old: str, new: str) -> None:
    """A field is of its kind, and an unknown one is never dropped silently."""
    assert old in WRITTEN
    with pytest.raises(ProtocolError):
        Protocol.from_toml(WRITTEN.replace(old, new))


@pytest.mark.parametrize("value", ["[" * 100_000, "1" * 5_000], ids=["nested", "long"])
def test_a_file_that_no_reader_can_read_is_refused(value: str) -> None:
    """Endless nesting or an endless number is an error of the file, told as one."""
    with pytest.raises(ProtocolError):
        Protocol.from_toml(f"x = {value}")


def test_sixty_steps_are_the_most() -> None:
    """From 0.1 mg by 0.1 mg to 6 mg is just possible; one step more is refused."""
    ladder = linear("0.1 mg", "0.1 mg", "P7D", "6 mg")
    longer = listed_steps("1 mg", *[step("1 mg", "P7D")] * 61)

    assert len(a_protocol(ladder).steps) == 60
    with pytest.raises(ProtocolError) as refused:
        a_protocol(longer)
    assert str(refused.value) == "the rule unfolds to more than 60 steps"


def test_an_endless_climb_is_refused() -> None:
    """From 1 mg by 0.001 mg to 4.5 mg there would be 3501 steps."""
    with pytest.raises(ProtocolError) as refused:
        a_protocol(linear("1 mg", "0.001 mg", "P7D", "4.5 mg"))

    assert str(refused.value) == "the rule unfolds to more than 60 steps"


@pytest.mark.parametrize(
    ("rule", "outside"),
    [
        (linear("1.5 mg", "1.5 mg", "P14D", "6.5 mg"), "6.5 mg"),
        (listed_steps("50 mg", step("4.5 mg")), "50 mg"),
        (listed_steps("4.5 mg", step("0.099 mg")), "0.099 mg"),
        (listed_steps("1 mg", step("0.001 mg")), "0.001 mg"),
    ],
)
def test_a_protocol_outside_the_bounds_is_refused(
    rule: LinearRule | StepsRule, outside: str
) -> None:
    """More than 6 mg and microgram doses are refused, also where only the cap is too high."""
    with pytest.raises(ProtocolError) as refused:
        a_protocol(rule)

    assert str(refused.value) == (
        f"{outside} is outside 0.1 mg to 6 mg, the bounds of low-dose naltrexone"
    )


@pytest.mark.parametrize("more", [{"doses_per_day": 2}, {"every_days": 2}, {"every_days": 7}])
def test_low_dose_naltrexone_is_taken_once_on_every_day(more: dict[str, int]) -> None:
    """Another rhythm is refused, for tests too."""
    with pytest.raises(ProtocolError) as refused:
        a_protocol(listed_steps("4.5 mg", step("1.5 mg", None, **more)), status="tests-only")

    assert str(refused.value) == "low-dose naltrexone is one dose on every dosing day"


def test_an_unverified_protocol_is_never_the_default() -> None:
    """A default rests on sources that were read."""
    rule = linear("1.5 mg", "1.5 mg", "P14D", "4.5 mg")

    assert a_protocol(rule, status="default", verified=True).status is Status.DEFAULT
    with pytest.raises(ProtocolError) as refused:
        a_protocol(rule, status="default", verified=False)
    assert str(refused.value) == "an unverified protocol is never the default"


@pytest.mark.parametrize("status", ["default", "variant"])
def test_another_substance_is_for_tests_only(status: str) -> None:
    """Nothing but low-dose naltrexone reaches a patient."""
    with pytest.raises(ProtocolError) as refused:
        another_drug(listed_steps("25 mg", step("25 mg")), status=status)

    assert str(refused.value) == "exampline is for tests only here"


def test_a_protocol_for_tests_has_no_bounds_of_naltrexone() -> None:
    """Another substance may be taken at other doses and in other rhythms, by tests."""
    protocol = another_drug(listed_steps("300 mg", step("300 mg", doses_per_day=3)))

    assert not protocol.is_for_patients
    assert protocol.cap == dose("300 mg")


@pytest.mark.parametrize(("every", "days"), [(1, 7), (2, 7), (6, 7), (1, 2)])
def test_a_step_closer_than_the_substance_allows_is_refused(every: int, days: int) -> None:
    """A weekly drug is never planned daily."""
    rule = listed_steps("15 mg", step("15 mg", every_days=every))

    with pytest.raises(ProtocolError) as refused:
        another_drug(rule, least_days_between=days)

    assert str(refused.value) == (f"exampline is taken at most every {days} days; a step is closer")


def test_a_climb_in_an_impossible_rhythm_is_refused() -> None:
    """The rhythm of a climb is checked like that of a step."""
    with pytest.raises(ProtocolError):
        another_drug(linear("15 mg", "5 mg", "P4W", "25 mg", every_days=0))
    with pytest.raises(ProtocolError):
        another_drug(linear("15 mg", "5 mg", "P10D", "25 mg", every_days=7))


def test_a_protocol_never_changes() -> None:
    """A field cannot be set, and replacing one checks the whole."""
    protocol = a_protocol(linear("1.5 mg", "1.5 mg", "P14D", "4.5 mg"))

    with pytest.raises(LdnTitrateError):
        protocol.replace(version=0)
    assert protocol.replace(version=3).version == 3
    assert json.loads(protocol.model_dump_json())["version"] == 1


def _refusal(kind: type[TextValue], text: str) -> str:
    """Give the words with which a text is refused."""
    with pytest.raises(LdnTitrateError) as refused:
        kind.parse(text)
    return str(refused.value)


@pytest.mark.parametrize("lengths", [{}, {"days": 3, "months": 1}, {"days": -1}])
def test_an_interval_that_is_neither_or_both_is_refused(lengths: dict[str, int]) -> None:
    """Neither both nor none of them."""
    with pytest.raises(ProtocolError, match="days or a number of months"):
        Interval(**lengths)
