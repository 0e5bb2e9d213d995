"""What a command that adds to a record is told of every line: who writes it, and of which day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import UUID

from cyclopts import Parameter

from ldn_titrate.cli.chosen import DEFAULT_STORE, PlanChoice, StoreUrl
from ldn_titrate.cli.common import Day
from ldn_titrate.cli.keeping import make
from ldn_titrate.entry import Dispensed, Measurement, Visit, Void

if TYPE_CHECKING:
    from ldn_titrate.cli.chosen import AnyChosen
    from ldn_titrate.cli.keeping import Kind

By = Annotated[
    str | None,
    Parameter(
        help="Who writes it down. If left out, 'patient' for what a patient notes, and 'not said' "
        "for a measured value, something dispensed, a visit and a void."
    ),
]
OwnId = Annotated[
    UUID | None, Parameter(name="--id", help="The entry's own id; sent twice it counts once.")
]
About = Annotated[
    Day | None, Parameter(help="The dosing day that it is about; the one of now if left out.")
]


@Parameter(name="*")
@dataclass(frozen=True)
class Line:
    """What is told of every line: who writes it, its id, and where it is kept."""

    by: By = None
    entry_id: OwnId = None
    store: StoreUrl = DEFAULT_STORE


@Parameter(name="*")
@dataclass(frozen=True)
class Told:
    """What is told of every entry, whatever its kind."""

    day: About = None
    plan: PlanChoice = None
    line: Line = Line()


OF_ANYONE = Line()
OF_NOW = Told()
_PATIENT: Final = "patient"
_NOT_SAID: Final = "not said"
_BY_OTHERS: Final = (Dispensed, Measurement, Visit, Void)


def entry_of(
    kind: type[Kind],
    chosen: AnyChosen,
    line: Line,
    **fields: Any,  # noqa: ANN401  # what one kind of entry has and another has not
) -> Kind:
    """Make an entry that is written now, by whoever writes it."""
    return make(kind, chosen, by_whom(line, kind), line.entry_id, **fields)


def by_whom(line: Line, kind: type[object]) -> str:
    """Say who writes a line: a visit or a dispensing is seldom written down by the patient."""
    if line.by is not None:
        return line.by
    return _NOT_SAID if issubclass(kind, _BY_OTHERS) else _PATIENT
