"""The command that amends a plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from cyclopts import Parameter

from ldn_titrate import amendment as kinds
from ldn_titrate.bedtime import read_clock
from ldn_titrate.cli.common import (
    STANDARD,
    By,
    Day,
    NewFile,
    PlanFile,
    Role,
    differences,
    note,
    note_past,
    print_table,
    read_answers,
    read_plan,
    save_plan,
    tell,
)
from ldn_titrate.dose import Dose
from ldn_titrate.errors import AmendmentError
from ldn_titrate.product import Product
from ldn_titrate.schedule import check_times, lay_out

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal[
    "stay",
    "step-back",
    "plateau",
    "advance",
    "pause",
    "opioid",
    "procedure",
    "resume",
    "stop",
    "reschedule",
    "change-time",
    "change-products",
]


_KINDS: Final = (
    "What changes. stay: the dose stays. step-back: a lower dose. plateau: settle at a dose. "
    "advance: the next step. pause: no dose for a time. opioid: one was taken or ordered, so no "
    "dose. procedure: an operation is planned. resume: doses again. stop: no dose any more. "
    "reschedule: another first day. change-time: another time of day or zone. change-products: "
    "other products."
)


@dataclass(frozen=True)
class _Form:
    """Which options a kind of amendment takes, and the field that each of them fills."""

    model: Any
    fields: dict[str, str]

    def needs(self, field: str, given: dict[str, Any]) -> bool:
        """Say whether a field must be given and is not."""
        return self.model.model_fields[field].is_required() and field not in given


_FORMS: Final[dict[str, _Form]] = {
    "stay": _Form(kinds.Stay, {"days": "days"}),
    "step-back": _Form(kinds.StepBack, {"to": "to", "retry_on": "retry_on"}),
    "plateau": _Form(kinds.Plateau, {"at": "dose"}),
    "advance": _Form(kinds.Advance, {"early_because": "early_because"}),
    "pause": _Form(kinds.Pause, {"until": "until", "resume_at": "resume_at"}),
    "opioid": _Form(kinds.Opioid, {"name": "name"}),
    "procedure": _Form(kinds.Procedure, {"on": "on"}),
    "resume": _Form(kinds.Resume, {"at": "dose", "answers": "screening"}),
    "stop": _Form(kinds.Stop, {}),
    "reschedule": _Form(kinds.Reschedule, {"start": "start"}),
    "change-time": _Form(kinds.ChangeTime, {"bedtime": "bedtime", "timezone": "timezone"}),
    "change-products": _Form(kinds.ChangeProducts, {"product": "products"}),
}


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "to": Dose.parse,
    "at": Dose.parse,
    "resume_at": Dose.parse,
    "answers": read_answers,
    "bedtime": read_clock,
    "product": lambda told: tuple(Product.parse(one) for one in told),
}


@Parameter(name="*")
@dataclass(frozen=True)
class Signed:
    """What every amendment says, whatever its kind."""

    effective: Annotated[Day, Parameter(name="--from", help="The first dosing day that changes.")]
    by: By
    role: Role
    reason: Annotated[str, Parameter(help="Why.")]


@Parameter(name="*")
@dataclass(frozen=True)
class Options:
    """What one kind of amendment takes and another does not."""

    days: Annotated[int | None, Parameter(help="stay: for so many days; else until told.")] = None
    to: Annotated[str | None, Parameter(help="step-back: the lower dose.")] = None
    retry_on: Annotated[Day | None, Parameter(help="step-back: try again on this day.")] = None
    at: Annotated[str | None, Parameter(help="plateau, resume: the dose.")] = None
    early_because: Annotated[
        str | None, Parameter(help="advance: why before the interval is over.")
    ] = None
    until: Annotated[Day | None, Parameter(help="pause: the day on which doses resume.")] = None
    resume_at: Annotated[str | None, Parameter(help="pause: the dose to resume at.")] = None
    name: Annotated[str | None, Parameter(help="opioid: which one was taken or ordered.")] = None
    on: Annotated[Day | None, Parameter(help="procedure: its day.")] = None
    answers: Annotated[
        str | None, Parameter(help="resume after an opioid: a file of new answers.")
    ] = None
    start: Annotated[Day | None, Parameter(help="reschedule: the new first dosing day.")] = None
    bedtime: Annotated[str | None, Parameter(help="change-time: the new time.")] = None
    timezone: Annotated[str | None, Parameter(help="change-time: the new IANA zone.")] = None
    product: Annotated[
        list[str] | None,
        Parameter(help="change-products: what is dispensed now; may repeat.", negative=""),
    ] = None

    def given(self) -> dict[str, Any]:
        """Read those that were given."""
        told = {name: value for name, value in vars(self).items() if value is not None}
        return {name: _READ[name](told[name]) if name in _READ else told[name] for name in told}


NOTHING_MORE = Options()


def amend(
    plan: PlanFile,
    kind: Annotated[Kind, Parameter(help=_KINDS)],
    /,
    *,
    signed: Signed,
    options: Options = NOTHING_MORE,
    dry_run: Annotated[bool, Parameter(negative="", help="Only show what would change.")] = False,
    output: NewFile = None,
) -> None:
    """Amend a plan: make its next version, and show what changes."""
    before = read_plan(plan)
    after = before.amended(_amendment(kind, signed, options.given()))
    aside = STANDARD in {plan, output}
    print_table(*differences(lay_out(before), lay_out(after), None), aside=aside)
    tell(check_times(lay_out(after)))
    note_past(signed.effective, "the days since then change, too")
    if dry_run:
        note("note: nothing was written")
        return
    save_plan(after, plan, output)


def _amendment(kind: Kind, signed: Signed, given: dict[str, Any]) -> kinds.Amendment:
    form = _FORMS[kind]
    if foreign := [name for name in given if name not in form.fields]:
        takes = ", ".join(map(_option, form.fields)) or "no option of its own"
        raise AmendmentError(f"{kind} takes {takes}, not {_option(foreign[0])}")
    fields = {form.fields[name]: value for name, value in given.items()}
    if lacking := [name for name, field in form.fields.items() if form.needs(field, fields)]:
        raise AmendmentError(f"{kind} needs {_option(lacking[0])}")
    made: kinds.Amendment = form.model(**vars(signed), at=datetime.now(UTC), **fields)
    return made


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
