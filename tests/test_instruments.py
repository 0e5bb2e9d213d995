"""Instruments, scales and units: what is a value of them, and what the library ships of them."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.entry import AdverseEvent, Measurement, Score
from ldn_titrate.errors import RecordError
from ldn_titrate.instrument import (
    Band,
    Better,
    Instrument,
    MeaningfulChange,
    Measurable,
    exact,
    fiqr_score,
    in_text,
)
from ldn_titrate.library import evidence, instruments, measurables, scales, terms
from records import an_entry

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "measures-response.md"
RANGES = {
    "pain-nrs": (0, 10),
    "pain-nrs-week": (0, 10),
    "wi-nrs": (0, 10),
    "itch-now": (0, 10),
    "itchyquant": (0, 10),
    "dlqi": (0, 30),
    "poem": (0, 28),
    "fiqr": (0, 100),
    "promis-fatigue": (0, 100),
    "pgic": (1, 7),
    "sleep-quality": (0, 10),
    "sleep-hours": (0, 24),
    "awakenings": (0, 50),
    "vivid-dreams": (0, 1),
}
BANDS = {
    "wi-nrs": ((0, 3), (4, 6), (7, 10)),
    "itchyquant": ((0, 0), (1, 3), (4, 7), (8, 10)),
    "dlqi": ((0, 1), (2, 5), (6, 10), (11, 20), (21, 30)),
    "poem": ((0, 2), (3, 7), (8, 16), (17, 24), (25, 28)),
    "pgic": ((1, 2), (3, 3), (4, 4), (5, 5), (6, 7)),
}
CHANGES = {
    ("pain-nrs", "2", None, False),
    ("pain-nrs", None, "30", False),
    ("pain-nrs-week", "2", None, False),
    ("pain-nrs-week", None, "30", False),
    ("wi-nrs", "4", None, True),
    ("wi-nrs", "2", None, False),
    ("dlqi", "4", None, True),
    ("poem", "3", None, True),
    ("poem", "3.4", None, False),
}
READ_CODES = {"38445-3", "8867-4"}


def a_score(instrument: str, value: str, **fields: Any) -> Score:
    """Make a score."""
    return an_entry(Score, instrument=instrument, value=Decimal(value), **fields)


def an_event(**fields: Any) -> AdverseEvent:
    """Make an adverse event."""
    usual = {"term": "headache", "grade": 1, "scale": "CTCAE", "scale_version": "5.0"}
    return an_entry(AdverseEvent, **{**usual, **fields})


def a_value(code: str, value: str, unit: str) -> Measurement:
    """Make a measurement."""
    return an_entry(Measurement, code=code, value=Decimal(value), unit=unit)


def test_the_instruments_and_their_ranges_are_these() -> None:
    """None is shipped whose terms forbid it, and none is missing."""
    assert {key: (one.lowest, one.highest) for key, one in instruments().items()} == RANGES


def test_the_bands_are_those_of_their_sources() -> None:
    """ItchyQuant and the worst-itch rating have other cut-offs."""
    found = {
        key: tuple((band.first, band.last) for band in one.bands)
        for key, one in instruments().items()
        if one.bands
    }

    assert found == BANDS


def test_meaningful_changes_tell_whether_their_source_was_read() -> None:
    """What is from memory is marked so in the evidence."""
    found = {
        (key, _text(change.points), _text(change.percent), _is_verified(change))
        for key, one in instruments().items()
        for change in one.changes
    }

    assert found == CHANGES


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _is_verified(change: MeaningfulChange) -> bool:
    return all(evidence()[one].verified for one in change.sources)


def test_everything_names_evidence_that_is_there() -> None:
    """Instruments, thresholds, scales, terms and what is measured."""
    assert sources() - set(evidence()) == set()


def sources() -> set[str]:
    """Return every id that the data names."""
    told = (
        *(one.sources for one in instruments().values()),
        *(change.sources for one in instruments().values() for change in one.changes),
        *(one.sources for one in scales().values()),
        *(one.sources for one in measurables().values()),
        *(one.sources for one in terms()),
    )
    return {source for each in told for source in each}


def test_the_reference_names_evidence_that_is_there() -> None:
    """And each source of the data stands on the page."""
    named = set(re.findall(r"\b(M-[a-z0-9-]+)", PAGE.read_text("utf-8")))

    assert named - set(evidence()) == set()
    assert sources() - named == set()


def test_the_reference_has_the_instruments_as_they_are() -> None:
    """Each row of its tables is written from the data."""
    page = PAGE.read_text("utf-8").splitlines()
    rows = [*map(instrument_row, instruments().values()), *map(unit_row, measurables().values())]

    assert [one for one in rows if one not in page] == []
    assert sum(one.startswith("| `") for one in page) == len(rows) + len(scales())


def instrument_row(one: Instrument) -> str:
    """Write an instrument as a row of the reference."""
    looks_back = {0: "now", 1: "a day", 7: "7 days", None: "since the start"}[one.recall_days]
    cells = (
        f"`{one.id}`",
        f"{one.lowest} to {one.highest}{'' if one.whole else ', not only whole'}",
        one.better,
        looks_back,
        ", ".join(f"{_ends(band)} {band.name}" for band in one.bands) or "none",
        "; ".join(f"{_least(change)} ({change.sources[0]})" for change in one.changes) or "none",
        f"({', '.join(one.sources)})",
    )
    return f"| {' | '.join(cells)} |"


def _ends(band: Band) -> str:
    return str(band.first) if band.first == band.last else f"{band.first}-{band.last}"


def _least(change: MeaningfulChange) -> str:
    return f"{change.points} points" if change.points else f"{change.percent}%"


def unit_row(one: Measurable) -> str:
    """Write something that is measured as a row of the reference."""
    units = ", ".join(f"`{unit.ucum}`" for unit in one.units)
    codes = ", ".join(unit.loinc for unit in one.units if unit.loinc) or "none"
    return f"| `{one.id}` | {one.name} | {units} | {codes} |"


def test_an_instrument_that_was_not_read_is_not_named_as_read() -> None:
    """A LOINC code that was not read rests on the entry that says so."""
    for one in measurables().values():
        codes = {unit.loinc for unit in one.units if unit.loinc}
        wanted = {"M-loinc-read"} if codes & READ_CODES else {"M-loinc"} if codes else set()
        assert set(one.sources) & {"M-loinc", "M-loinc-read"} == wanted, one.id

    assert evidence()["M-loinc-read"].verified
    assert not evidence()["M-loinc"].verified


def test_a_code_of_a_mass_is_not_given_to_an_amount_of_substance() -> None:
    """LOINC tells mg/dL and umol/L apart."""
    codes = {one.ucum: one.loinc for one in measurables()["creatinine"].units}

    assert codes == {"umol/L": None, "mg/dL": "2160-0"}


@pytest.mark.parametrize(
    ("instrument", "value", "band"),
    [
        ("wi-nrs", 3, "mild"),
        ("wi-nrs", 4, "moderate"),
        ("wi-nrs", 7, "severe"),
        ("itchyquant", 7, "moderate"),
        ("itchyquant", 0, "none"),
        ("dlqi", 10, "moderate effect"),
        ("dlqi", 21, "extremely large effect"),
        ("poem", 24, "severe"),
        ("pgic", 2, "much or very much improved"),
        ("pain-nrs", 5, None),
    ],
)
def test_a_score_has_the_band_of_its_instrument(
    instrument: str, value: int, band: str | None
) -> None:
    """At the cut-offs; pain has no bands, as no source for them was read."""
    found = instruments()[instrument].band_of(value)

    assert (found and found.name) == band


def test_a_mean_has_no_band() -> None:
    """3.857 lies between two bands of single scores."""
    with pytest.raises(RecordError, match="whole number from 0 to 10"):
        instruments()["wi-nrs"].band_of(Fraction(27, 7))


@pytest.mark.parametrize(
    "bands",
    [
        ((0, 3), (5, 10)),
        ((0, 3), (3, 10)),
        ((0, 3), (4, 9)),
        ((1, 10),),
        ((0, 4), (5, 3), (4, 10)),
    ],
    ids=repr,
)
def test_bands_with_a_gap_are_refused(bands: tuple[tuple[int, int], ...]) -> None:
    """Nor with an overlap, nor short of an end."""
    with pytest.raises(RecordError, match="without a gap"):
        Instrument(
            id="invented",
            name="Invented",
            lowest=0,
            highest=10,
            whole=True,
            better=Better.LOWER,
            bands=tuple(Band(name="Invented", first=one, last=two) for one, two in bands),
            licence="Invented",
            sources=("X",),
        )


@pytest.mark.parametrize(
    ("instrument", "value"),
    [("pain-nrs", "11"), ("pain-nrs", "-1"), ("pain-nrs", "4.5"), ("dlqi", "31"), ("pgic", "0")],
)
def test_a_score_outside_its_instrument_is_refused(instrument: str, value: str) -> None:
    """The allowed values are told; the value, which is a patient's, is not."""
    with pytest.raises(RecordError) as told:
        a_score(instrument, value)

    assert f"a value of {instrument} is a whole number from" in str(told.value)
    assert value not in str(told.value)


@pytest.mark.parametrize(
    ("instrument", "value"),
    [("pain-nrs", "0"), ("pain-nrs", "10.0"), ("fiqr", "57.333333"), ("sleep-hours", "7.25")],
)
def test_a_score_inside_its_instrument_is_kept(instrument: str, value: str) -> None:
    """Both ends, and fractions where the instrument has them."""
    assert a_score(instrument, value).value == Decimal(value)


def test_an_unknown_instrument_is_told_with_the_known_ones() -> None:
    """What is not shipped cannot be scored."""
    with pytest.raises(
        RecordError, match=r"unknown instrument; there is pain-nrs, .* vivid-dreams"
    ):
        a_score("psqi", "5")


def test_minutes_belong_to_the_itch_of_the_moment() -> None:
    """The worst itch of a day has no minutes."""
    assert a_score("itch-now", "5", minutes=30).minutes == 30
    with pytest.raises(RecordError, match="itch series, not to wi-nrs"):
        a_score("wi-nrs", "5", minutes=30)


def test_a_unit_is_known_for_its_code() -> None:
    """No value is converted; the units that are known are told."""
    assert a_value("creatinine", "0.9", "mg/dL").unit == "mg/dL"
    with pytest.raises(RecordError, match="told in umol/L or mg/dL, in no other unit"):
        a_value("creatinine", "90", "mg/L")
    with pytest.raises(RecordError, match="unknown code; there is crp"):
        a_value("magnesium", "1", "mg/dL")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"grade": 4}, "CTCAE go from 1 to 3 for this term"),
        ({"term": "Headache", "grade": 5}, "from 1 to 3"),
        ({"term": "trouble sleeping", "grade": 4}, "from 1 to 3"),
        ({"grade": 0}, "from 1 to 3"),
        ({"term": "an invented thing", "grade": 0}, "from 1 to 5"),
        ({"term": "vivid dreams", "grade": 4, "scale": "local", "scale_version": "1"}, "0 to 3"),
        ({"scale_version": "7.0"}, r"there is 5\.0 and 6\.0"),
        ({"scale": "mine"}, "unknown scale; there is CTCAE and local"),
    ],
)
def test_a_grade_that_its_scale_does_not_have_is_refused(
    fields: dict[str, object], told: str
) -> None:
    """Headache ends at 3 in CTCAE; the local scale of vivid dreams goes from 0 to 3."""
    with pytest.raises(RecordError, match=told):
        an_event(**fields)


def test_a_grade_of_a_scale_is_kept() -> None:
    """Tachycardia has no highest grade of its own, as its row was not read."""
    assert an_event(term="tachycardia", grade=4).grade == 4
    assert an_event(grade=3, scale_version="6.0").grade == 3
    assert an_event(term="vivid dreams", grade=0, scale="local", scale_version="1").grade == 0


def test_the_score_of_the_fiqr_is_the_worked_one() -> None:
    """45/3 + 12 + 60/2 = 57; the most is 100; the least is 0."""
    assert fiqr_score([5] * 9, [6] * 2, [6] * 10) == 57
    assert fiqr_score([10] * 9, [10] * 2, [10] * 10) == 100
    assert fiqr_score([0] * 9, [0] * 2, [0] * 10) == 0


def test_missing_answers_of_the_fiqr_are_prorated() -> None:
    """8 of 9 with a sum of 40 are 45, a third of which is 15; nothing is rounded."""
    assert fiqr_score([*[5] * 8, None], [0] * 2, [0] * 10) == 15
    assert fiqr_score([0] * 9, [7, None], [0] * 10) == 14
    assert fiqr_score([0] * 9, [0] * 2, [10, 5, 5, *[None] * 7]) == Fraction(100, 3)


def test_a_part_without_an_answer_has_no_score() -> None:
    """It is not 0."""
    assert fiqr_score([5] * 9, [None, None], [5] * 10) is None


@pytest.mark.parametrize(
    ("answers", "told"),
    [([5] * 8, "9 answers, not 8"), ([11] * 9, "from 0 to 10"), ([-1] * 9, "from 0 to 10")],
)
def test_answers_that_cannot_be_are_refused(answers: list[int | None], told: str) -> None:
    """A wrong count is no missing answer."""
    with pytest.raises(RecordError, match=told):
        fiqr_score(answers, [0] * 2, [0] * 10)


@pytest.mark.parametrize("number", [4.5, True, "4", None], ids=repr)
def test_only_an_exact_number_is_a_value(number: Any) -> None:
    """No float gets in."""
    with pytest.raises(RecordError, match="exact number"):
        exact(number)


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        (Fraction(27, 7), 3, "3.857"),
        (Fraction(200, 7), 2, "28.57"),
        (Decimal("8.00"), 2, "8"),
        (Fraction(1, 200), 2, "0.01"),
        (Fraction(3, 200), 2, "0.02"),
        (Fraction(-3, 200), 2, "-0.02"),
        (Fraction(29998, 1000), 2, "29.998"),
        (Decimal("29.9999999"), 2, "30"),
        (0, 2, "0"),
        (1_000_000_000, 2, "1000000000"),
    ],
)
def test_a_number_is_rounded_when_it_is_told(
    number: int | Decimal | Fraction, places: int, text: str
) -> None:
    """Halves away from zero, and never onto a whole number while six places can tell."""
    assert in_text(number, places) == text


@given(st.fractions(-1000, 1000, max_denominator=9999), st.integers(0, 6))
def test_what_is_told_is_never_far_from_what_is_so(value: Fraction, places: int) -> None:
    """At most half of the last place."""
    assert abs(Fraction(in_text(value, places)) - value) <= Fraction(1, 2 * 10**places)
