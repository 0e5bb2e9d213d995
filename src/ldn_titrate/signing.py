"""
Signatures: who stands for which version of a plan, and what must be known before.

No plan, oral or topical, is signed without the answers of a screening, or the signer's statement
that the questions were asked elsewhere. It must not know what is planned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from ldn_titrate.base import Frozen, Name, UtcTime
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.screening import Verdict

if TYPE_CHECKING:
    from ldn_titrate.screening import Outcome


class Signature(Frozen):
    """
    Who signed which version of a plan, and over which content.

    Attributes:
        version: The plan's version.
        by: The person.
        role: In which role.
        at: When, in UTC.
        content_hash: The hash of what was signed.
        screened_elsewhere: Whether the signer states that the questions of the screening were asked
            outside this plan, which then carries no answers.
    """

    version: Annotated[int, Field(ge=1)]
    by: Name
    role: Name
    at: UtcTime
    content_hash: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
    screened_elsewhere: bool = False


def not_to_sign(outcome: Outcome | None, *, screened_elsewhere: bool) -> str | None:
    """
    Say why a plan with this screening must not be signed; None where it may be.

    Args:
        outcome: What the plan's screening found; None if it carries none.
        screened_elsewhere: Whether the signer states that the questions were asked elsewhere.
    """
    if outcome is None:
        return None if screened_elsewhere else _UNSCREENED
    if screened_elsewhere:
        return _TOO
    if outcome.verdict is Verdict.STOP:
        return f"the screening says stop: {outcome.stops}"
    return None


_TOO: Final = "the plan carries the answers of a screening; it cannot be screened elsewhere, too"
_NOBODY_STATES: Final = (
    "the plan is signed without a screening, and nobody states that there was one"
)
_UNSCREENED: Final = (
    "the plan carries no screening: answer its questions (ldn-titrate screen, or screening=... in "
    "Python), or let the signer state that they were asked elsewhere (--screened-elsewhere, or "
    "screened_elsewhere=True in Python)"
)


def misstated(outcome: Outcome | None, signature: Signature | None) -> str | None:
    """Say where a signature and the plan's screening do not belong together; None where they do."""
    if signature is None or signature.screened_elsewhere == (outcome is None):
        return None
    return _TOO if signature.screened_elsewhere else _NOBODY_STATES


def screening_findings(outcome: Outcome | None, signature: Signature | None) -> list[Finding]:
    """Say what a plan's screening found, or that it carries none."""
    if outcome is None:
        return [_unscreened(signature)]
    severities = {Verdict.STOP: Severity.ERROR, Verdict.FLAG: Severity.WARNING}
    return [
        Finding(
            f"screening.{one.verdict}",
            Severity.WARNING if one.cleared_by else severities[one.verdict],
            f"{one.question}: {one.told}",
            f"screening.{one.question}",
        )
        for one in outcome.reasons
    ]


def _unscreened(signature: Signature | None) -> Finding:
    if signature is None:
        words = "the plan carries no screening; it can be signed only with a statement about that"
        return Finding("screening.none", Severity.NOTE, words, "screening")
    words = "the signer states that the questions of the screening were asked elsewhere"
    return Finding("screening.elsewhere", Severity.NOTE, words, "signatures")
