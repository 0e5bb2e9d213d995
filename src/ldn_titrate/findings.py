"""
Findings: what a check has to say about a plan, as values.

A finding never stops anything; the reader decides. It must not know what is being checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: an error must be mended before a document is given out."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One outcome of a check.

    Attributes:
        code: A stable name for the kind of finding, such as ``plan.unsigned``.
        severity: How much it matters.
        message: The finding in words, without a person's name.
        where: The place in the plan it speaks of, such as ``protocol.status``.
    """

    code: str
    severity: Severity
    message: str
    where: str

    def __str__(self) -> str:
        """Say the finding on one line."""
        return f"{self.severity}: {self.message} ({self.where}; {self.code})"
