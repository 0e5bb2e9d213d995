"""
What each document says: texts by id, dates, doses and counts from the schedule, no layout.

A document is a function of a schedule or plan and of a speech. It must not know pages, fonts or
files.
"""

from __future__ import annotations

from ldn_titrate.documents.bilingual import beside, in_language
from ldn_titrate.documents.card import wallet_card
from ldn_titrate.documents.common import refuse_stopped, refuse_unfit
from ldn_titrate.documents.handout import handout
from ldn_titrate.documents.log import dose_log
from ldn_titrate.documents.pharmacy import pharmacy_sheet
from ldn_titrate.documents.plan_sheet import plan_sheet
from ldn_titrate.speech import ENGLISH

__all__ = [
    "DRAFT",
    "beside",
    "dose_log",
    "handout",
    "in_language",
    "pharmacy_sheet",
    "plan_sheet",
    "refuse_stopped",
    "refuse_unfit",
    "say",
    "wallet_card",
]

say = ENGLISH.say
DRAFT = say("mark.draft")
