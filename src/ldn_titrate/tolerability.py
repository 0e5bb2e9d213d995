"""
What was unwanted: adverse events by grade and by the scale of their grades.

Grades of two scales, or of two versions of one, are never put together. Whether the medicine caused
anything is not said, and no report is not the same as nothing noticed. It must not know plans.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from ldn_titrate.instrument import Domain
from ldn_titrate.library import scales, terms
from ldn_titrate.match import is_told, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ldn_titrate.entry import AdverseEvent
    from ldn_titrate.instrument import Term

_LOOKED_AT: Final = 2


def domains_of(told: str) -> tuple[Domain, ...]:
    """
    Say what a term is about: any case, any words around it, a slip of the pen allowed.

    A denial is not understood: it counts as what it denies.

    Returns:
        Each domain once, mood first, then the heart, as these are looked at whatever their grade;
        other alone where no known term is found.
    """
    words = words_of(told)
    found = {one.domain for one in terms() if any(is_told(name, words) for name in _names(one))}
    return tuple(one for one in Domain if one in found) or (Domain.OTHER,)


def usual_scale(told: str, scale: str | None = None) -> ScaleVersion:
    """
    Say on which scale a term is graded if nobody says more: CTCAE 5.0, or one that has the term.

    Vivid dreams have no term in CTCAE; they have a scale of their own (M-dreams).

    Args:
        told: The term.
        scale: The scale, where only its version was left out.
    """
    words = words_of(told)
    own = (one.scale for one in terms() if any(is_told(name, words) for name in _names(one)))
    wanted = scale or next(filter(None, own), _USUAL.scale)
    known = None if wanted == _USUAL.scale else scales().get(wanted)
    return ScaleVersion(wanted, known.versions[-1] if known else _USUAL.version)


def is_looked_at(event: AdverseEvent) -> bool:
    """
    Say whether an adverse event is one to look at before the next increase (M-look).

    It is of grade 2 or more, was called serious, or is about mood or the heart and of any grade but
    0, which is none. It changes no dose.
    """
    weighs = event.grade >= _LOOKED_AT or event.serious
    return weighs or (event.grade > 0 and domains_of(event.term)[0] in {Domain.MOOD, Domain.HEART})


def _names(term: Term) -> tuple[str, ...]:
    return (term.term, *term.names)


class ScaleVersion(NamedTuple):
    """A scale of grades in one version."""

    scale: str
    version: str

    def __str__(self) -> str:
        """Say both."""
        return f"{self.scale} {self.version}"


_USUAL: Final = ScaleVersion("CTCAE", "5.0")


@dataclass(frozen=True, slots=True)
class Grades:
    """
    Adverse events that were graded alike.

    Attributes:
        scale: The scale and its version.
        counts: How many there are of each grade that occurs, the lowest grade first.
    """

    scale: ScaleVersion
    counts: tuple[tuple[int, int], ...]

    @property
    def n(self) -> int:
        """How many there are."""
        return sum(count for _, count in self.counts)

    @property
    def highest(self) -> int:
        """The highest grade."""
        return self.counts[-1][0]

    def __str__(self) -> str:
        """Say how many there are of each grade."""
        told = ", ".join(f"{count} of grade {grade}" for grade, count in self.counts)
        return f"{self.scale}: {told}"


def by_grade(events: Sequence[AdverseEvent]) -> tuple[Grades, ...]:
    """Count adverse events by grade, each scale and version of its own."""
    by_scale: dict[ScaleVersion, Counter[int]] = {}
    for one in events:
        scale = ScaleVersion(one.scale, one.scale_version)
        by_scale.setdefault(scale, Counter())[one.grade] += 1
    return tuple(
        Grades(scale, tuple(sorted(by_scale[scale].items()))) for scale in sorted(by_scale)
    )


def went_on(events: Sequence[AdverseEvent], day: date) -> tuple[AdverseEvent, ...]:
    """
    Return those that had begun before a day and are known to have lasted into it.

    One without an end is not among them: it may only not have been told.
    """
    return tuple(one for one in events if one.day < day <= (one.until or one.day))
