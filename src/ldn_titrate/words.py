"""
Dates and times in words, the same in every output and under every locale.

A date always carries its weekday and a written month, so that no reader can swap day and month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date, time

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def weekday(day: date) -> str:
    """Say the weekday: ``Tue``."""
    return _WEEKDAYS[day.weekday()]


def short_date(day: date) -> str:
    """Say day and month: ``1 Dec``."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def long_date(day: date) -> str:
    """Say the whole date: ``Tue 1 Dec 2026``."""
    return f"{weekday(day)} {short_date(day)} {day.year}"


def clock(time_of_day: time) -> str:
    """Say a time of day on the 24-hour clock: ``22:00``."""
    return f"{time_of_day:%H:%M}"


def listed(parts: list[str]) -> str:
    """Join parts with commas and a last *and*."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
