"""
Time zones by their IANA names, from the time zone database that pip installs.

The database of the `tzdata` package (which icalendar brings) is read rather than the machine's
own: the same plan then gives the same instants on every machine, and the calendar file's
time-zone rules come from the very file that the instants come from (docs/decisions/0006).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from ldn_titrate.errors import PlanError

_NOT_A_PLACE = frozenset({"Factory"})


@cache
def zone_names() -> frozenset[str]:
    """Every time-zone name that a plan may carry."""
    listed = files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
    return frozenset(listed) - _NOT_A_PLACE


@cache
def zone_data(name: str) -> bytes:
    """
    Read the TZif file of a zone.

    Raises:
        PlanError: No zone has this name; close names are suggested.
    """
    if name not in zone_names():
        raise PlanError(_unknown(name))
    return files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()


@cache
def load_zone(name: str) -> ZoneInfo:
    """
    Load a zone by its IANA name, such as ``Europe/Amsterdam``.

    Raises:
        PlanError: No zone has this name; close names are suggested.
    """
    return ZoneInfo.from_file(BytesIO(zone_data(name)), key=name)


def _unknown(name: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  # only a typing error needs it

    wanted = name.strip().replace(" ", "_").lower()
    by_lower = {known.lower(): known for known in zone_names()}
    by_city = {known.rpartition("/")[2].lower(): known for known in sorted(zone_names())}
    close = [by_lower[match] for match in get_close_matches(wanted, by_lower, n=3, cutoff=0.75)]
    city = [by_city[match] for match in get_close_matches(wanted, by_city, n=3, cutoff=0.8)]
    names = list(dict.fromkeys(close + city))[:3]
    hint = f"; did you mean {' or '.join(names)}?" if names else ""
    return f"unknown time zone {name[:40]!r}; use an IANA name such as 'Europe/Amsterdam'{hint}"
