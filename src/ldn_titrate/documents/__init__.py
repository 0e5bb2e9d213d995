"""
What each document says: texts by id, dates, doses and counts from the schedule, no layout.

A document is a function of a schedule or plan and of a speech. It must not know pages, fonts or
files.
"""

from __future__ import annotations

from ldn_titrate.documents.bilingual import beside, in_language
from ldn_titrate.documents.common import refuse_stopped, refuse_unfit
from ldn_titrate.documents.handout import handout
from ldn_titrate.speech import ENGLISH

__all__ = ["DRAFT", "beside", "handout", "in_language", "refuse_stopped", "refuse_unfit", "say"]

say = ENGLISH.say
DRAFT = say("mark.draft")
