"""
The time of day of the doses, and which dosing day a time belongs to.

A bedtime lies between 18:00 and 05:59, and its dosing day runs from noon to noon; a morning time
lies between 06:00 and 11:59, and its dosing day is the date. It must not know doses or dates.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.zones import load_zone

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_MORNING, _NOON, _EVENING = time(6), time(12), time(18)


class DosingTime(StrEnum):
    """Which part of the day the doses belong to, and so where a dosing day ends."""

    BEDTIME = "bedtime"  # a dosing day runs from noon to noon
    MORNING = "morning"  # a dosing day runs from midnight to midnight


def dosing_time(clock: time) -> DosingTime:
    """Say whether a time of day is a bedtime or a morning."""
    return DosingTime.MORNING if _MORNING <= clock < _NOON else DosingTime.BEDTIME


def is_after_midnight(clock: time) -> bool:
    """Say whether a dose at this time falls on the date after its dosing day."""
    return clock < _MORNING


def dosing_day(at: datetime, clock: time, timezone: str) -> date:
    """
    Say which dosing day an instant belongs to.

    Args:
        at: The instant, with its offset from UTC.
        clock: The plan's time of day, which tells where a dosing day ends.
        timezone: The time zone whose clocks count.
    """
    shown = at.astimezone(load_zone(timezone)).replace(tzinfo=None)
    late = timedelta(hours=12) if dosing_time(clock) is DosingTime.BEDTIME else timedelta(0)
    return (shown - late).date()


def read_clock(value: object) -> time:
    """
    Read a time of day such as ``22:00``.

    Raises:
        LdnTitrateError: It is no time of day, or it has seconds or a time zone; told with what was
            found.
    """
    if isinstance(value, str) and (found := _CLOCK.fullmatch(value)):
        return time(int(found[1]), int(found[2]))
    if isinstance(value, time) and value.tzinfo is None and not (value.second or value.microsecond):
        return value
    told = str(value)[:20] if isinstance(value, str | time) else type(value).__name__
    raise LdnTitrateError(
        f"{told!r} is no time of day; write hours and minutes from '00:00' to '23:59', "
        "such as '22:00'"
    )


def write_clock(clock: time) -> str:
    """Write a time of day as it is read: ``22:00``."""
    return f"{clock:%H:%M}"


def _bedtime_or_morning(clock: time) -> time:
    if _NOON <= clock < _EVENING:
        raise LdnTitrateError(
            f"{clock:%H:%M} is neither a bedtime (18:00 to 05:59) nor a morning (06:00 to 11:59); "
            "between noon and 18:00 it would not be clear which day a dose belongs to"
        )
    return clock


def _known_zone(name: str) -> str:
    load_zone(name)
    return name


Bedtime = Annotated[
    time,
    BeforeValidator(read_clock),
    AfterValidator(_bedtime_or_morning),
    PlainSerializer(write_clock, return_type=str),
]
ZoneName = Annotated[str, AfterValidator(_known_zone)]
