"""
Screening: the questions before a first dose, their answers, and what they block.

The outcome is never that a start would be without risk: at best nothing was found. The questions
and the opioids are data (`ldn_titrate.library`). It must not know plans.
"""

from __future__ import annotations

from ldn_titrate.screening.answers import (
    Answer,
    Clearance,
    Form,
    Given,
    OpioidFreeDays,
    Question,
    Screening,
    Verdict,
)
from ldn_titrate.screening.judging import Outcome, Reason, Screener
from ldn_titrate.screening.opioids import Opioid, OpioidClass

__all__ = [
    "Answer",
    "Clearance",
    "Form",
    "Given",
    "Opioid",
    "OpioidClass",
    "OpioidFreeDays",
    "Outcome",
    "Question",
    "Reason",
    "Screener",
    "Screening",
    "Verdict",
]
