"""
The exceptions of the library, and how a failed validation is told.

An exception means a broken contract or an unreadable input. Facts about a plan are findings
(`ldn_titrate.findings`), never exceptions. No message carries a person's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydantic import ValidationError

_A_DAY: Final = "a day is written as year-month-day, such as 2026-12-01"
_WORDS: Final = {
    "date_type": _A_DAY,
    "date_parsing": _A_DAY,
    "date_from_datetime_parsing": _A_DAY,
    "extra_forbidden": "this field is not known here",
    "missing": "this field is missing",
    "too_short": "at least one is needed",
}


class LdnTitrateError(ValueError):
    """
    Base of every exception that the library raises on purpose.

    It is a ValueError so that pydantic collects it: all problems of a file are told at once.
    """


class DoseError(LdnTitrateError):
    """A dose that cannot be read, or that no dose of this library may be."""


class ProductError(LdnTitrateError):
    """A product that cannot be read, or that cannot make a dose exactly."""


class ProtocolError(LdnTitrateError):
    """A titration rule that contradicts itself or leaves its bounds."""


class PlanError(LdnTitrateError):
    """A plan that cannot be read, or that must not exist."""


class AmendmentError(PlanError):
    """A change of a plan that contradicts what is planned."""


class PlanChangedError(PlanError):
    """A plan file whose content no longer matches the hash it was written with."""


class TopicalError(PlanError):
    """A topical strength, amount or plan that cannot be read, or that must not exist."""


class ScreeningError(LdnTitrateError):
    """Answers that cannot be read, or a question that is not asked."""


class RecordError(LdnTitrateError):
    """An entry or a record that cannot be read, or that contradicts what was written before."""


class StoreError(LdnTitrateError):
    """Patient files that cannot be opened, read or written, or a line that must not be added."""


class StoreConflict(StoreError):  # noqa: N818  # it is the name of what happened
    """Somebody else wrote meanwhile; what was to be written was not."""


class ScheduleError(LdnTitrateError):
    """A question that a schedule cannot answer."""


class SupplyError(LdnTitrateError):
    """A count of units that cannot be made."""


class ExportError(LdnTitrateError):
    """A file that cannot be written as asked."""


def problems(error: ValidationError) -> str:
    """
    Tell every problem of a failed validation, one line each: what it is and where.

    The rejected values are left out, since one of them may be a person's name.
    """
    details = error.errors(include_url=False, include_input=False, include_context=False)
    places = [detail["loc"] for detail in details]
    return "\n".join(
        _WORDS.get(detail["type"], detail["msg"].removeprefix("Value error, ")) + _place(place)
        for detail, place in zip(details, places, strict=True)
        if not any(other != place and other[: len(place)] == place for other in places if place)
    )


def _place(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return f" (at {''.join(steps).lstrip('.')})" if location else ""
