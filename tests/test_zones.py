from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ldn_titrate.errors import PlanError
from ldn_titrate.zones import load_zone, zone_data, zone_names


def test_the_names_are_those_of_places_and_of_fixed_offsets() -> None:
    """Old names and UTC are known; the name that says no zone was chosen is not."""
    names = zone_names()

    assert {"Europe/Amsterdam", "US/Eastern", "UTC", "Etc/GMT+5", "Asia/Kolkata"} <= names
    assert "Factory" not in names
    assert len(names) > 500


@pytest.mark.parametrize("name", sorted(zone_names()))
def test_every_name_leads_to_a_zone(name: str) -> None:
    """A zone knows its name, its data are a TZif file, and it tells an offset."""
    zone = load_zone(name)

    assert name == zone.key
    assert zone_data(name).startswith(b"TZif")
    assert abs(datetime(2026, 6, 1, tzinfo=zone).utcoffset() or timedelta()) < timedelta(hours=15)


def test_a_zone_gives_the_offsets_of_its_place() -> None:
    """New York is four hours behind in October and five in November."""
    zone = load_zone("America/New_York")

    assert datetime(2026, 10, 20, 1, 30, tzinfo=UTC) == datetime(2026, 10, 19, 21, 30, tzinfo=zone)
    assert datetime(2026, 11, 2, 2, 30, tzinfo=UTC) == datetime(2026, 11, 1, 21, 30, tzinfo=zone)


def test_a_zone_is_loaded_once() -> None:
    """Times of one zone compare by the clock, so there must be one object for it."""
    assert load_zone("Europe/Amsterdam") is load_zone("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("wrong", "suggested"),
    [
        ("europe/amsterdam", "Europe/Amsterdam"),
        ("Europe/Amstredam", "Europe/Amsterdam"),
        ("Amsterdam", "Europe/Amsterdam"),
        ("New York", "America/New_York"),
        ("Kolkatta", "Asia/Kolkata"),
    ],
)
def test_close_names_are_suggested_for_an_unknown_one(wrong: str, suggested: str) -> None:
    """A slip of the pen, a city alone and a blank for an underscore are understood."""
    with pytest.raises(
        PlanError, match=rf"unknown time zone '{wrong}'.* did you mean .*{suggested}"
    ):
        load_zone(wrong)


@pytest.mark.parametrize("wrong", ["", "Factory", "Nowhere/At_All", "../../etc/passwd", "x" * 400])
def test_an_unknown_name_is_refused_without_a_far_guess(wrong: str) -> None:
    """Nothing is suggested that is not close, no path is followed, and long names are cut."""
    with pytest.raises(PlanError, match="unknown time zone") as refusal:
        zone_data(wrong)

    assert "did you mean" not in str(refusal.value)
    assert len(str(refusal.value)) < 150
