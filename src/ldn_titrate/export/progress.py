"""The progress report as a file: pages, HTML, plain text, or its numbers as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, TypeAlias

from ldn_titrate.export.files import Export
from ldn_titrate.export.printed import Look, document_file
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.progress import progress_data
from ldn_titrate.progress_document import progress_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.export.printed import PaperSize
    from ldn_titrate.progress import Progress

ReportFormat: TypeAlias = Literal["pdf", "html", "text", "json"]


def progress_file(
    told: Progress,
    *,
    name: str,
    format: ReportFormat = "pdf",  # noqa: A002
    size: PaperSize = "letter",
) -> Export:
    """
    Make the progress report.

    Args:
        told: What the record says.
        name: The patient's name.
        format: Pages, HTML, plain text, or the numbers as JSON.
        size: The paper.

    Returns:
        The file, the same bytes for the same record; for pages with a finding for each text with a
        letter that no font has.
    """
    if format == "json":
        text = json.dumps(progress_data(told), indent=2, ensure_ascii=False)
        return Export(f"{text}\n".encode())
    look = Look(size=size, format=format)
    made = document_file(progress_document(told, name=name), told.schedule.plan, look=look)
    found = _unprintable(told, name) if format == "pdf" else ()
    return Export(made.content, (*made.findings, *found))


def _unprintable(told: Progress, name: str) -> Iterator[Finding]:
    """Find what comes from the record and the file; the plan's own words are looked at before."""
    from ldn_titrate.export.pdf.fonts import missing_characters  # noqa: PLC0415

    texts = {"name": name, **{f"entry {one.id}": one.term for one in told.events}}
    for where, text in texts.items():
        if missing_characters(text):
            words = "the shipped fonts lack a letter of this text; a box stands in its place"
            yield Finding("text.no-glyph", Severity.WARNING, words, where)
