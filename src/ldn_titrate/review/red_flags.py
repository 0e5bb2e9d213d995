"""Red flags: words in a patient's own text to be read at once. It must not know plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldn_titrate import library
from ldn_titrate.entry import AdverseEvent, Remark, Skipped
from ldn_titrate.match import is_told, words_of
from ldn_titrate.review.said import days_told, propose
from ldn_titrate.review.seen import last_visit, was_there_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_titrate.entry import DayEntry
    from ldn_titrate.proposal import Proposal, RedFlag
    from ldn_titrate.record import Record
    from ldn_titrate.review.seen import Seen


def red_flags(seen: Seen) -> Iterator[Proposal]:
    """Point at words that may be about something urgent."""
    yield from red_flags_in(seen.record)


def red_flags_in(record: Record) -> tuple[Proposal, ...]:
    """
    Point at words that may be about something urgent, once for each thing, in any language known.

    It needs no plan, so that it serves a patient who has only a cream, too.

    Args:
        record: What happened; its notes, reasons and adverse events that the last visit could not
            have seen count.

    Returns:
        One urgent proposal for each red flag that is told, resting on the entries that tell it.
    """
    visit = last_visit(record)
    new = [one for one in record.entries if visit is None or not was_there_at(visit, one)]
    texts = [(one, words_of(text)) for one in new if (text := _text_of(one))]
    told = (
        (flag, [one for one, words in texts if _tells(words, flag)]) for flag in library.red_flags()
    )
    return tuple(
        propose("red-flag", *entries, days=days_told(entries), about=flag.about)
        for flag, entries in told
        if entries
    )


def _tells(words: list[str], flag: RedFlag) -> bool:
    return any(is_told(term, words) for term in flag.terms)


def _text_of(entry: DayEntry) -> str:
    match entry:
        case Remark():
            return entry.text
        case Skipped():
            return entry.reason
        case AdverseEvent():
            return entry.term
        case _:
            return ""
