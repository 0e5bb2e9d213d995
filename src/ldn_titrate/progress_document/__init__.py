"""
The progress report: what a clinician reads in the first minute of a visit, and then the rest.

It says what the record says, with what is missing, and draws no conclusion. It is for clinicians
and in English only. It must not know pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldn_titrate.content import Document
from ldn_titrate.documents.common import drafted
from ldn_titrate.progress_document.course import course
from ldn_titrate.progress_document.front import front
from ldn_titrate.speech import ENGLISH
from ldn_titrate.text import fit

if TYPE_CHECKING:
    from ldn_titrate.progress import Progress

__all__ = ["progress_document"]


def progress_document(told: Progress, *, name: str) -> Document:
    """
    Say what the progress report says.

    Args:
        told: What the record says.
        name: The patient's name.
    """
    plan = told.schedule.plan
    signed = f"signed by {plan.signature.by}" if plan.signature else "not signed"
    return Document(
        title="Progress report",
        subtitle=f"{fit(name)}: low-dose naltrexone, up to {ENGLISH.long_date(told.as_of)}",
        language="en",
        running=f"{fit(name)}, plan {plan.code}, {signed}",
        draft=drafted(plan, ENGLISH),
        front=tuple(front(told)),
        back=tuple(course(told)),
    )
