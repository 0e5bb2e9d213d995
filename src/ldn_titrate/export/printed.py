"""
The printed documents as finished files, and what cannot be printed as it was typed.

The renderer is imported where it is used, so that a schedule costs nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ldn_titrate import documents
from ldn_titrate.export.files import Export
from ldn_titrate.findings import Finding, Severity

if TYPE_CHECKING:
    from datetime import date

    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule

PaperSize: TypeAlias = Literal["letter", "a4"]


def handout_file(
    schedule: Schedule,
    *,
    through: date | None = None,
    size: PaperSize = "letter",
    replaces: int | None = None,
    replaced_by: Plan | None = None,
) -> Export:
    """
    Make the patient's handout as a tagged PDF (PDF/UA-1) with embedded fonts.

    Args:
        schedule: What is taken.
        through: The last dosing day to cover, inclusive; see `documents.handout`.
        size: The paper.
        replaces: The version that the patient holds; by default the one before.
        replaced_by: The plan's newest version, where this one was withdrawn.

    Returns:
        The file, the same bytes for the same plan, and a finding for each text with a letter that
        no shipped font has.

    Raises:
        ExportError: The plan's protocol is for tests only.
        ScheduleError: *through* is no last day for this plan.
    """
    from ldn_titrate.export.pdf.render import render  # noqa: PLC0415

    document = documents.handout(
        schedule, through=through, replaces=replaces, replaced_by=replaced_by
    )
    return Export(render(document, size=size), text_findings(schedule.plan))


def evidence_file(*, size: PaperSize = "letter") -> Export:
    """
    Make the evidence page for clinicians as a tagged PDF (PDF/UA-1) with embedded fonts.

    Args:
        size: The paper.

    Returns:
        The file, the same bytes for the same evidence.
    """
    from ldn_titrate.evidence_page import evidence_page  # noqa: PLC0415
    from ldn_titrate.export.pdf.render import render  # noqa: PLC0415

    return Export(render(evidence_page(), size=size))


def text_findings(plan: Plan) -> tuple[Finding, ...]:
    """Say which of a plan's names hold characters that no shipped font has."""
    from ldn_titrate.export.pdf.fonts import missing_characters  # noqa: PLC0415

    names = {"patient": plan.patient, **{f"clinic.{k}": v for k, v in plan.clinic}}
    return tuple(
        Finding("text.no-glyph", Severity.WARNING, _told(missing), where)
        for where, name in names.items()
        if name and (missing := missing_characters(name))
    )


def _told(missing: tuple[str, ...]) -> str:
    points = ", ".join(f"U+{ord(character):04X}" for character in missing)
    return f"no shipped font has {points}; a mark stands in its place, so write it in by hand"
