"""The progress report as a file: pages, HTML, plain text, or its numbers as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, TypeAlias

from ldn_titrate.export.files import Export
from ldn_titrate.progress import progress_data
from ldn_titrate.progress_document import progress_document

if TYPE_CHECKING:
    from ldn_titrate.content import Document
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
        The file, the same bytes for the same record.
    """
    if format == "json":
        text = json.dumps(progress_data(told), indent=2, ensure_ascii=False)
        return Export(f"{text}\n".encode())
    return Export(_rendered(progress_document(told, name=name), format, size))


def _rendered(document: Document, format_: ReportFormat, size: PaperSize) -> bytes:
    if format_ == "html":
        from ldn_titrate.export.html import render_html  # noqa: PLC0415

        return render_html([document])
    if format_ == "text":
        from ldn_titrate.export.plain import render_text  # noqa: PLC0415

        return render_text([document]).encode()
    from ldn_titrate.export.pdf.render import render  # noqa: PLC0415

    return render(document, size=size)
