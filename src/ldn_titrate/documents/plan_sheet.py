"""
The plan sheet for clinicians: the whole plan, who stands for what, and what it rests on.

It is made even where nothing may be made for the patient, and then says so first. Words of the
plan itself (reasons, findings, sources) are printed as they are. It must not know pages, fonts or
files.
"""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Final

from ldn_titrate.base import Frozen
from ldn_titrate.content import Bullets, Callout, Field, Fields, Paragraph, Section, Table, Weight
from ldn_titrate.course import Break
from ldn_titrate.documents.common import framed, mark
from ldn_titrate.dose import LDN_BOUNDS, Dose
from ldn_titrate.library import evidence, screener
from ldn_titrate.plan import check
from ldn_titrate.product import make_up
from ldn_titrate.schedule import check_times
from ldn_titrate.screening import OpioidFreeDays, Verdict
from ldn_titrate.speech import ENGLISH
from ldn_titrate.text import no_break

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ldn_titrate.amendment import Amendment
    from ldn_titrate.content import Block, Document
    from ldn_titrate.course import Segment
    from ldn_titrate.findings import Finding
    from ldn_titrate.plan import GivenOut, Plan
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.screening import Clearance, Outcome, Reason
    from ldn_titrate.signing import Signature
    from ldn_titrate.speech import Speech

# What every amendment has, and a screening, which has a section of its own.
_COMMON: Final = frozenset({"kind", "effective", "reason", "at", "by", "role", "screening"})
_FOLLOW_UP: Final = "P-follow-up"

Rows = tuple[tuple[str, ...], ...]


def plan_sheet(
    schedule: Schedule,
    *,
    through: date | None = None,
    replaced_by: Plan | None = None,
    speech: Speech = ENGLISH,
) -> Document:
    """
    Say what the plan sheet for clinicians says, of the whole plan from its start.

    Args:
        schedule: The plan, laid out.
        through: The last day up to which reviews are named, inclusive; 12 weeks without one.
        replaced_by: The plan's newest version, where this one was withdrawn.
        speech: The language.

    Raises:
        ScheduleError: *through* is no last day for this plan.
    """
    told = _Sheet(schedule, speech, through)
    plan, sheet = schedule.plan, told.says
    days = speech.days(plan.course_start, schedule.last)
    heads = (
        sheet("title"),
        sheet("subtitle", code=plan.code, version=str(plan.version), days=days),
    )
    draft = mark(plan, replaced_by, speech)
    if plan.is_stopped_by_screening:
        draft = sheet("mark-stop")
    return framed(plan, speech, heads, tuple(told.front()), told.back(), draft=draft)
