"""Adverse events: what a term is about, what is counted together, and what never is."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.entry import AdverseEvent
from ldn_titrate.instrument import Domain
from ldn_titrate.library import terms
from ldn_titrate.tolerability import by_grade, domains_of, is_looked_at, usual_scale, went_on
from records import an_entry, on

LOCAL: Final[dict[str, Any]] = {"scale": "local", "scale_version": "1"}


def an_event(term: str = "headache", grade: int = 1, day: int = 1, **fields: Any) -> AdverseEvent:
    """Make an adverse event on a day of the course."""
    usual = {"scale": "CTCAE", "scale_version": "5.0", "day": on(day)}
    return an_entry(AdverseEvent, **{"term": term, "grade": grade, **usual, **fields})


@pytest.mark.parametrize(
    ("told", "domain"),
    [
        ("Insomnia", Domain.SLEEP),
        ("nightmares", Domain.SLEEP),
        ("Vivid dreams", Domain.SLEEP),
        ("vivid dreams again, all night", Domain.SLEEP),
        ("racing heart", Domain.HEART),
        ("My heart was racing", Domain.HEART),
        ("Tachycardia", Domain.HEART),
        ("tachicardia", Domain.HEART),
        ("palpitatons", Domain.HEART),
        ("depressed", Domain.MOOD),
        ("I felt very DEPRESSED", Domain.MOOD),
        ("suicidal", Domain.MOOD),
        ("thoughts of self harm", Domain.MOOD),
        ("low mood and nightmares", Domain.MOOD),
        ("nightmares with palpitations", Domain.HEART),
        ("not depressed", Domain.MOOD),
        ("Nausea", Domain.STOMACH),
        ("diarrh\N{LATIN SMALL LETTER O WITH DIAERESIS}a", Domain.STOMACH),
        ("headache", Domain.HEAD),
        ("light-headed", Domain.HEAD),
        ("dizziness", Domain.HEAD),
        ("fatigue", Domain.OTHER),
        ("an invented thing", Domain.OTHER),
        ("", Domain.OTHER),
        ("heartburn", Domain.STOMACH),
        ("saddle sore", Domain.OTHER),
    ],
)
def test_a_term_is_about_its_domain(told: str, domain: Domain) -> None:
    """In any case, among other words, with a slip; mood first, then the heart."""
    assert domains_of(told)[0] is domain


def test_every_known_name_leads_to_its_own_domain() -> None:
    """No name of one domain is read as another that weighs more."""
    found = {(name, one.domain, domains_of(name)[0]) for one in terms() for name in _names(one)}

    assert [each for each in found if each[1] is not each[2]] == []


def _names(term: Any) -> tuple[str, ...]:
    return (term.term, *term.names)


def test_a_term_about_two_things_is_about_both() -> None:
    """Mood is looked at first, and the sleep is not forgotten for it."""
    assert domains_of("insomnia and low mood") == (Domain.MOOD, Domain.SLEEP)
    assert domains_of("an example") == (Domain.OTHER,)


def test_no_name_is_told_twice() -> None:
    """It would have two domains."""
    names = [name for one in terms() for name in _names(one)]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("event", "looked_at"),
    [
        (an_event("headache", 1), False),
        (an_event("headache", 2), True),
        (an_event("headache", 1, serious=True), True),
        (an_event("racing heart", 1), True),
        (an_event("low mood", 1), True),
        (an_event("low mood", 0, **LOCAL), False),
        (an_event("vivid dreams", 1, **LOCAL), False),
        (an_event("vivid dreams", 2, **LOCAL), True),
        (an_event("an invented thing", 1), False),
    ],
)
def test_what_weighs_is_looked_at(event: AdverseEvent, looked_at: bool) -> None:  # noqa: FBT001
    """A grade of 2 or more, a serious one, and any of heart or mood."""
    assert is_looked_at(event) is looked_at


def test_scales_and_versions_are_never_mixed() -> None:
    """Three kinds of grade 1 are three counts."""
    events = (
        an_event(day=1),
        an_event(day=2, grade=3),
        an_event(day=3),
        an_event(day=4, scale_version="6.0"),
        an_event("vivid dreams", day=5, **LOCAL),
    )

    found = by_grade(events)

    assert [str(one) for one in found] == [
        "CTCAE 5.0: 2 of grade 1, 1 of grade 3",
        "CTCAE 6.0: 1 of grade 1",
        "local 1: 1 of grade 1",
    ]
    assert [(one.n, one.highest) for one in found] == [(3, 3), (1, 1), (1, 1)]


def test_what_began_before_and_lasted_into_a_day_went_on() -> None:
    """Up to its last day; on its first one it began."""
    event = an_event(day=14, until=on(20))

    lasted = [day for day in range(10, 25) if went_on([event], on(day))]

    assert lasted == [15, 16, 17, 18, 19, 20]


def test_an_open_end_is_not_taken_for_going_on() -> None:
    """It may only not have been told."""
    assert went_on([an_event(day=14)], on(15)) == ()


def test_no_events_have_no_grades() -> None:
    """Not a count of 0."""
    assert by_grade([]) == ()


@given(st.lists(st.integers(1, 3), max_size=20), st.lists(st.integers(1, 3), max_size=20))
def test_each_event_is_counted_once(older: list[int], newer: list[int]) -> None:
    """Whatever the version of its scale."""
    events = [an_event(day=day, grade=one) for day, one in enumerate(older)]
    events += [an_event(day=d, grade=one, scale_version="6.0") for d, one in enumerate(newer)]

    found = by_grade(events)

    assert [one.n for one in found] == [len(one) for one in (older, newer) if one]
    assert [one.highest for one in found] == [max(one) for one in (older, newer) if one]


@pytest.mark.parametrize(
    ("told", "scale"),
    [
        ("headache", "CTCAE 5.0"),
        ("Vivid dreams", "local 1"),
        ("a nightmare at 3", "local 1"),
        ("something else", "CTCAE 5.0"),
    ],
)
def test_a_term_that_the_usual_scale_has_not_is_graded_on_its_own(told: str, scale: str) -> None:
    assert str(usual_scale(told)) == scale


def test_the_version_of_a_scale_that_is_named_is_its_newest() -> None:
    """Of CTCAE it is the usual one; an unknown scale is refused by whoever keeps the entry."""
    assert str(usual_scale("headache", "local")) == "local 1"
    assert str(usual_scale("vivid dreams", "CTCAE")) == "CTCAE 5.0"
    assert str(usual_scale("headache", "home")) == "home 5.0"
