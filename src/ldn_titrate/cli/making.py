"""What the commands that make, check and sign a plan share, by mouth or on the skin."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import Parameter

from ldn_titrate.cli.common import By, NewFile, Role, ScreenedElsewhere, save_plan, tell
from ldn_titrate.errors import PlanChangedError
from ldn_titrate.export.printed import text_findings
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.plan import Clinic, Plan
from ldn_titrate.topical import TopicalPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PatientName = Annotated[str | None, Parameter(help="The name for the documents.")]
_AnyPlan = TypeVar("_AnyPlan", bound=Plan | TopicalPlan)


@Parameter(name="*")
@dataclass(frozen=True)
class Contacts:
    """Who prescribes, who dispenses, and whom to call."""

    prescriber: Annotated[str | None, Parameter(help="Who prescribes.")] = None
    clinic: Annotated[str | None, Parameter(help="Where the prescriber works.")] = None
    telephone: Annotated[str | None, Parameter(help="Whom to ring with a question.")] = None
    pharmacy: Annotated[str | None, Parameter(help="Who dispenses.")] = None
    emergency_number: Annotated[str | None, Parameter(help="The number for emergencies.")] = None

    def kept(self) -> Clinic:
        """Return them as a plan keeps them."""
        return Clinic(**asdict(self))


NOT_TOLD = Contacts()


@Parameter(name="*")
@dataclass(frozen=True)
class Signing:
    """Who signs, and where the signed plan goes."""

    by: By
    role: Role
    screened_elsewhere: ScreenedElsewhere = False
    output: NewFile = None

    def sign(self, plan: Plan | TopicalPlan, path: str) -> None:
        """Sign a plan now, and write it."""
        signed = plan.signed(
            by=self.by,
            role=self.role,
            at=datetime.now(UTC),
            screened_elsewhere=self.screened_elsewhere,
        )
        save_plan(signed, path, self.output)


def tell_checked(
    path: str,
    read: Callable[[str], _AnyPlan],
    check: Callable[[_AnyPlan], Iterable[Finding]],
) -> int:
    """Say what a plan's reader must know; return 1 if something must be mended."""
    try:
        plan = read(path)
    except PlanChangedError as error:
        tell([Finding("plan.changed", Severity.ERROR, str(error), "hash")])
        return 1
    findings = (*check(plan), *text_findings(plan))
    tell(findings)
    return int(any(finding.severity is Severity.ERROR for finding in findings))
