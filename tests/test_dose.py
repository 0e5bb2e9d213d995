from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ldn_titrate.dose import LDN_BOUNDS, Bounds, Dose, Place, plain
from ldn_titrate.errors import DoseError, LdnTitrateError
from plans import DOSES, dose

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
TEXTS = st.text(alphabet="0123456789.,-+e mgcuMG\N{NO-BREAK SPACE}\N{MICRO SIGN}", max_size=14)
NEARLY_DOSES = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,4})?[ \xa0]mg", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "mg"),
    [
        ("0.5 mg", "0.5"),
        ("1.5 mg", "1.5"),
        ("3 mg", "3"),
        ("4.5 mg", "4.5"),
        ("10 mg", "10"),
        ("3.125 mg", "3.125"),
        ("0.001 mg", "0.001"),
        ("100000 mg", "100000"),
        (f"1.5{NO_BREAK_SPACE}mg", "1.5"),
    ],
)
def test_a_dose_is_read_exactly(text: str, mg: str) -> None:
    """The number before the unit is the amount, digit for digit."""
    assert Dose.parse(text).mg == Decimal(mg)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,5 mg", "it has a comma; a decimal point is a point"),
        ("1,000 mg", "it has a comma; a decimal point is a point"),
        ("-1.5 mg", "a dose is never negative"),
        ("\N{MINUS SIGN}1.5 mg", "a dose is never negative"),
        ("1 mcg", "micrograms are refused; doses here are in mg"),
        ("1 ug", "micrograms are refused; doses here are in mg"),
        ("1 \N{MICRO SIGN}g", "micrograms are refused; doses here are in mg"),
        ("1 \N{GREEK SMALL LETTER MU}g", "micrograms are refused; doses here are in mg"),
        ("1 microgram", "micrograms are refused; doses here are in mg"),
        (".5 mg", "a number under 1 starts with 0, as in '0.5 mg'"),
        ("0 mg", "a dose is more than nothing"),
        ("0.0 mg", "a dose is more than nothing"),
        ("0.mg", "a dose is more than nothing"),
        ("01.5 mg", "a number does not start with a spare 0"),
        ("1.0 mg", "there is no zero after the last digit: '3 mg'"),
        ("1.50 mg", "there is no zero after the last digit: '3 mg'"),
        ("3. mg", "there is no zero after the last digit: '3 mg'"),
        ("4.5mg", "a space stands between the number and mg"),
        ("1.5", "the unit is missing"),
        ("3 ", "the unit is missing"),
        ("", "write a number, a space and mg"),
        ("mg", "write a number, a space and mg"),
        ("1.5 mg/day", "write a number, a space and mg"),
        ("1.5 MG", "write a number, a space and mg"),
        ("1.5  mg", "write a number, a space and mg"),
        (" 1.5 mg", "write a number, a space and mg"),
        ("1.5 mg\n", "write a number, a space and mg"),
        ("1.5 g", "write a number, a space and mg"),
        ("1.5 mg.", "write a number, a space and mg"),
        ("1e1 mg", "write a number, a space and mg"),
        ("+1.5 mg", "write a number, a space and mg"),
        ("1_5 mg", "write a number, a space and mg"),
        ("NaN mg", "write a number, a space and mg"),
        ("Infinity mg", "write a number, a space and mg"),
        ("\N{ARABIC-INDIC DIGIT THREE} mg", "write a number, a space and mg"),
    ],
)
def test_what_could_be_misread_is_refused_with_its_reason(text: str, reason: str) -> None:
    """No zero after the digits, no bare point, no comma, no microgram, no other unit."""
    with pytest.raises(DoseError) as refused:
        Dose.parse(text)

    assert str(refused.value) == f"cannot read {text!r} as a dose such as '1.5 mg': {reason}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0.0001 mg", "0.0001 mg is not a whole number of micrograms"),
        ("1.0005 mg", "1.0005 mg is not a whole number of micrograms"),
        ("100000.001 mg", "a dose is above 0 mg and at most 100,000 mg"),
        ("999999999999999999999999999999999999 mg", "a dose is above 0 mg and at most 100,000 mg"),
    ],
)
def test_an_amount_that_no_dose_has_is_refused(text: str, told: str) -> None:
    """A dose is a whole number of micrograms, and no more than 100 g."""
    with pytest.raises(DoseError) as refused:
        Dose.parse(text)

    assert str(refused.value) == told


@pytest.mark.parametrize("value", [1.5, 3, True, None, Decimal("1.5"), b"1.5 mg"])
def test_only_text_is_read_as_a_dose(value: Any) -> None:
    """A number without its unit is never taken for a dose."""
    with pytest.raises(DoseError) as refused:
        Dose.parse(value)

    kind = type(value).__name__
    assert str(refused.value) == f"a dose is text such as '1.5 mg', not {kind}"


@pytest.mark.parametrize("value", [1.5, 3, True, None, "1.5"])
def test_only_a_decimal_makes_a_dose(value: Any) -> None:
    """A float, a bool or an int has no place in a dose."""
    with pytest.raises(DoseError) as refused:
        Dose(value)

    assert str(refused.value) == f"the mg of a dose are a Decimal, not {type(value).__name__}"


@pytest.mark.parametrize("mg", ["NaN", "sNaN", "Infinity", "-Infinity", "0", "-0", "-1.5"])
def test_a_dose_is_a_number_above_nothing(mg: str) -> None:
    """NaN, the infinities, zero and negative numbers are no doses."""
    with pytest.raises(DoseError) as refused:
        Dose(Decimal(mg))

    assert str(refused.value) == "a dose is above 0 mg and at most 100,000 mg"


@pytest.mark.parametrize(
    ("mg", "text"),
    [
        ("0.5", "0.5 mg"),
        ("1.50", "1.5 mg"),
        ("3.0", "3 mg"),
        ("1E+1", "10 mg"),
        ("100", "100 mg"),
        ("0.001", "0.001 mg"),
    ],
)
def test_a_dose_is_written_in_one_way(mg: str, text: str) -> None:
    """No exponent, no zero after the last digit, and a zero before the point."""
    assert str(Dose(Decimal(mg))) == text


@given(DOSES)
def test_a_written_dose_is_read_as_the_same_dose(amount: Dose) -> None:
    """Writing and reading lose nothing."""
    assert Dose.parse(str(amount)) == amount


@given(NEARLY_DOSES | TEXTS | st.text())
@example("1.5 mg")
@example(f"0.25{NO_BREAK_SPACE}mg")
def test_a_text_is_refused_or_is_just_how_the_dose_is_written(text: str) -> None:
    """There is one spelling of each dose; only the kind of space may differ."""
    try:
        read = Dose.parse(text)
    except DoseError:
        return

    assert str(read) == text.replace(NO_BREAK_SPACE, " ")


@given(st.floats() | st.integers() | st.booleans() | st.none())
def test_no_bare_number_is_a_dose(value: Any) -> None:
    """Neither the parser nor the constructor takes a number that is no Decimal."""
    with pytest.raises(DoseError):
        Dose.parse(value)
    with pytest.raises(DoseError):
        Dose(value)


@given(st.integers(1, 50_000_000), st.integers(1, 50_000_000))
def test_adding_doses_is_exact(one: int, other: int) -> None:
    """The sum has the micrograms of both."""
    total = Dose.of_micrograms(one) + Dose.of_micrograms(other)

    assert total.micrograms == one + other


@given(st.integers(1, 1_000_000), st.integers(1, 100))
def test_multiplying_a_dose_is_exact(micrograms: int, times: int) -> None:
    """So many doses have so many times the micrograms."""
    assert (Dose.of_micrograms(micrograms) * times).micrograms == micrograms * times


@given(st.integers(1, 10**8), st.integers(1, 10**8))
def test_doses_are_ordered_by_their_amounts(one: int, other: int) -> None:
    """All six comparisons agree with those of the micrograms."""
    left, right = Dose.of_micrograms(one), Dose.of_micrograms(other)

    assert (left < right, left <= right, left == right) == (one < other, one <= other, one == other)
    assert (left > right, left >= right, left != right) == (one > other, one >= other, one != other)


def test_a_dose_adds_up_where_floats_do_not() -> None:
    """0.1 mg and 0.2 mg are 0.3 mg."""
    assert dose("0.1 mg") + dose("0.2 mg") == dose("0.3 mg")


def test_a_share_of_three_tenths_is_just_that() -> None:
    """From 7 to 4.9 is a fall by 30%, which floats miss."""
    assert (Decimal(7) - Decimal("4.9")) / Decimal(7) == Decimal("0.3")


def test_no_dose_comes_of_taking_it_no_times() -> None:
    """A dose times zero is no dose."""
    with pytest.raises(DoseError):
        _ = dose("1.5 mg") * 0


def test_the_zeros_of_a_decimal_make_no_other_dose() -> None:
    """1.50 mg and 1.5 mg are equal and count once in a set."""
    assert len({Dose(Decimal("1.50")), Dose(Decimal("1.5"))}) == 1


@pytest.mark.parametrize(
    ("number", "text"),
    [(Decimal("1.50"), "1.5"), (Decimal("10.00"), "10"), (100, "100"), (Decimal(0), "0")],
)
def test_a_number_is_written_plainly(number: Decimal | int, text: str) -> None:
    """Zeros after the point go, those before it stay."""
    assert plain(number) == text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("0.001 mg", Place.REFUSED_LOW),
        ("0.099 mg", Place.REFUSED_LOW),
        ("0.1 mg", Place.BELOW),
        ("0.499 mg", Place.BELOW),
        ("0.5 mg", Place.WITHIN),
        ("4.5 mg", Place.WITHIN),
        ("4.501 mg", Place.ABOVE),
        ("6 mg", Place.ABOVE),
        ("6.001 mg", Place.REFUSED_HIGH),
        ("50 mg", Place.REFUSED_HIGH),
    ],
)
def test_each_dose_has_its_place_among_the_bounds(text: str, place: Place) -> None:
    """0.5 to 4.5 mg is recommended, 6 mg the most, microgram doses are out; bounds included."""
    assert LDN_BOUNDS.place(dose(text)) is place


@pytest.mark.parametrize("place", Place)
def test_only_the_outermost_places_are_refused(place: Place) -> None:
    """An override can allow a dose beyond the recommended range, never beyond the absolute."""
    assert place.is_refused == (place in {Place.REFUSED_LOW, Place.REFUSED_HIGH})


def test_bounds_are_values() -> None:
    """The same bounds are equal, and nobody can move them."""
    bounds = Bounds(dose("0.1 mg"), dose("0.5 mg"), dose("4.5 mg"), dose("6 mg"), ("S9",))

    assert bounds.place(dose("3 mg")) is Place.WITHIN
    with pytest.raises(AttributeError):
        bounds.highest = dose("50 mg")  # type: ignore[misc]


def test_a_refused_dose_is_an_error_of_the_library() -> None:
    """Whoever catches the library's error, or a ValueError, catches this one."""
    with pytest.raises(LdnTitrateError) as refused:
        dose("1,5 mg")

    assert isinstance(refused.value, ValueError)
