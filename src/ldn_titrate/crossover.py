"""
A trial in one person: pairs of period means, with the drug and without it, by a paired t test.

The sums are exact; roots and the t distribution are worked out in decimals of many digits, so that
every machine has the same ones. What the design lacks is told as findings. It must not know plans
or records: whoever lays out the periods gives their means.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Final

from ldn_titrate.errors import RecordError
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.instrument import exact, in_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ldn_titrate.instrument import Exact

_LEAST_PAIRS: Final = 3
_PLACES: Final = 4
_LEAST_P: Final = Decimal("0.0001")  # a smaller p is told as below it, never as 0
_CONTEXT: Final = Context(prec=50)
_OUTSIDE: Final = Decimal("0.05")  # what lies outside a 95% interval
_WIDEST: Final = Decimal(16)  # above the widest multiple, 12.7 for one degree of freedom
_HALVINGS: Final = 130  # until the interval is narrower than any digit that is told
_SMALL: Final = Decimal("0.05")
_LAST_TERM: Final = 45  # 0.05 to the power of 45 is below the last of 50 digits
_NO_SPREAD: Final = Finding(
    "crossover.no-spread",
    Severity.WARNING,
    "one pair, or the same difference in all: there is no t, p or interval",
    "pairs",
)
_NOT_RANDOMISED: Final = Finding(
    "crossover.not-randomised",
    Severity.WARNING,
    "the order of the periods was not left to chance; time alone may explain it",
    "design.randomised",
)
_NOT_BLINDED: Final = Finding(
    "crossover.not-blinded",
    Severity.WARNING,
    "it was known which period was which; expectation may explain it",
    "design.blinded",
)
_CARRY_OVER: Final = Finding(
    "crossover.carry-over",
    Severity.NOTE,
    "an effect of one period on the next cannot be ruled out, nor that neighbouring periods are "
    "alike",
    "pairs",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """
    Two periods that belong together.

    Attributes:
        active: The mean of the period with the drug.
        control: The mean of the period without it.
    """

    active: Exact
    control: Exact


@dataclass(frozen=True, slots=True)
class Design:
    """
    How the periods came about; what is not known counts as not done.

    Attributes:
        randomised: Whether chance decided the order within each pair.
        blinded: Whether the person did not know which period was which.
    """

    randomised: bool = False
    blinded: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """
    What the differences between the pairs allow to say.

    Attributes:
        deviation: Their standard deviation.
        error: The standard error of the mean difference.
        t: The mean difference divided by it.
        p: Its two-sided p.
        low: The lower end of the 95% interval of the mean difference.
        high: The upper end of it.
    """

    deviation: Decimal
    error: Decimal
    t: Decimal
    p: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    The pairs compared.

    Attributes:
        n: How many pairs there are.
        mean: The mean difference, active minus control, exactly.
        spread: None for a single pair, and where all differences are the same.
        findings: What the design lacks.
    """

    n: int
    mean: Fraction
    spread: Spread | None
    findings: tuple[Finding, ...]

    @property
    def df(self) -> int:
        """The degrees of freedom."""
        return self.n - 1

    def __str__(self) -> str:
        """Say the comparison on one line, each number rounded to four places."""
        told = f"{_pairs(self.n)}, mean difference {in_text(self.mean, _PLACES)}"
        if self.spread is None:
            return f"{told}; no spread, so no t, p or interval"
        one = self.spread
        named = (("s", one.deviation), ("SE", one.error), ("t", one.t))
        parts = [f"{name} {in_text(value, _PLACES)}" for name, value in named]
        parts.append(f"p {in_text(one.p, _PLACES)}" if one.p > _LEAST_P else f"p below {_LEAST_P}")
        ends = f"{in_text(one.low, _PLACES)} to {in_text(one.high, _PLACES)}"
        return f"{told}, {', '.join(parts)}, df {self.df}, 95% CI {ends}"


def compare(pairs: Sequence[Pair], design: Design | None = None) -> Comparison:
    """
    Compare pairs of period means.

    Args:
        pairs: The pairs, in their order.
        design: How the periods came about; without it, neither randomised nor blinded.

    Raises:
        RecordError: There is no pair, or a mean is no exact number.
    """
    if not pairs:
        raise RecordError("at least one pair of periods is needed")
    differences = [exact(one.active) - exact(one.control) for one in pairs]
    mean = sum(differences, Fraction(0)) / len(differences)
    spread = _spread(differences, mean)
    findings = _lacks(len(pairs), design or Design(), is_spread=spread is not None)
    return Comparison(len(pairs), mean, spread, findings)


def _pairs(n: int) -> str:
    return f"{n} pair{'' if n == 1 else 's'}"


def _spread(differences: list[Fraction], mean: Fraction) -> Spread | None:
    n = len(differences)
    squares = sum(((one - mean) ** 2 for one in differences), Fraction(0))
    if squares == 0:
        return None
    with localcontext(_CONTEXT):
        deviation = _decimal(squares / (n - 1)).sqrt()
        error = _decimal(squares / (n - 1) / n).sqrt()
        middle = _decimal(mean)
        t, reach = middle / error, error * t_multiple(n - 1)
        return Spread(deviation, error, t, two_sided_p(t, n - 1), middle - reach, middle + reach)


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def two_sided_p(t: Decimal, df: int) -> Decimal:
    """
    Work out how probable a t at least as far from 0 is, by chance alone.

    For whole degrees of freedom the t distribution is a finite sum of powers of a cosine, with an
    angle added where they are odd.

    Args:
        t: The t.
        df: The degrees of freedom, at least 1.
    """
    with localcontext(_CONTEXT):
        squared_cosine = df / (df + t * t)
        sine = abs(t) / (df + t * t).sqrt()
        if df % 2 == 0:
            return 1 - sine * _powers(squared_cosine, range(1, df - 1, 2))
        angle = _arctan(abs(t) / Decimal(df).sqrt())
        if df > 1:
            powers = _powers(squared_cosine, range(2, df - 2, 2))
            angle += sine * squared_cosine.sqrt() * powers
        return 1 - angle / (2 * _arctan(Decimal(1)))


def _powers(base: Decimal, factors: range) -> Decimal:
    """Sum 1 + a/(a+1) base + a(a+2)/(a+1)(a+3) base squared, and so on, over the factors a."""
    term = total = Decimal(1)
    for one in factors:
        term *= base * one / (one + 1)
        total += term
    return total


def _arctan(tangent: Decimal) -> Decimal:
    """Work out an angle by its series, once halving has made it small."""
    doublings = 0
    while tangent > _SMALL:
        tangent /= 1 + (1 + tangent * tangent).sqrt()
        doublings += 1
    term = total = tangent
    for odd in range(3, _LAST_TERM, 2):
        term *= -tangent * tangent
        total += term / odd
    return total * Decimal(2) ** doublings


@cache
def t_multiple(df: int) -> Decimal:
    """Work out how many standard errors a 95% interval reaches to either side, by halving."""
    with localcontext(_CONTEXT):
        low, high = Decimal(0), _WIDEST
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if two_sided_p(middle, df) > _OUTSIDE:
                low = middle
            else:
                high = middle
        return high


def _lacks(n: int, design: Design, *, is_spread: bool) -> tuple[Finding, ...]:
    few = f"{_pairs(n)} of periods; fewer than {_LEAST_PAIRS} tell little"
    told = (
        (n < _LEAST_PAIRS, Finding("crossover.few-pairs", Severity.WARNING, few, "pairs")),
        (not is_spread, _NO_SPREAD),
        (not design.randomised, _NOT_RANDOMISED),
        (not design.blinded, _NOT_BLINDED),
        (True, _CARRY_OVER),
    )
    return tuple(finding for holds, finding in told if holds)
