from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from ldn_titrate.words import clock, listed, long_date, short_date, weekday


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 1), "Tue 1 Dec 2026"),
        (date(2026, 3, 4), "Wed 4 Mar 2026"),
        (date(2026, 4, 3), "Fri 3 Apr 2026"),
        (date(2024, 2, 29), "Thu 29 Feb 2024"),
        (date(2000, 1, 1), "Sat 1 Jan 2000"),
    ],
)
def test_a_date_has_its_weekday_and_its_month_in_letters(day: date, words: str) -> None:
    """Nobody can swap day and month."""
    assert long_date(day) == words


def test_a_short_date_is_day_and_month() -> None:
    """The month is in letters here too."""
    assert short_date(date(2026, 12, 1)) == "1 Dec"


def test_a_week_has_seven_names() -> None:
    """From Monday to Sunday."""
    monday = date(2026, 3, 2)

    assert [weekday(monday + timedelta(days=n)) for n in range(7)] == [
        "Mon",
        "Tue",
        "Wed",
        "Thu",
        "Fri",
        "Sat",
        "Sun",
    ]


def test_a_year_has_twelve_months() -> None:
    """From January to December."""
    months = " ".join(short_date(date(2026, n, 1)).split()[1] for n in range(1, 13))

    assert months == "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"


@pytest.mark.parametrize(
    ("moment", "words"),
    [(time(22), "22:00"), (time(0, 30), "00:30"), (time(7, 5), "07:05"), (time(23, 59), "23:59")],
)
def test_a_time_is_told_on_the_24_hour_clock(moment: time, words: str) -> None:
    """Two digits each, so that morning and evening cannot be mixed up."""
    assert clock(moment) == words


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (["1 capsule"], "1 capsule"),
        (["1 capsule", "2 tablets"], "1 capsule and 2 tablets"),
        (["one", "two", "three"], "one, two and three"),
    ],
)
def test_parts_are_listed_with_a_last_and(parts: list[str], words: str) -> None:
    """Commas between, and before the last one 'and'."""
    assert listed(parts) == words
