"""How a rule says what it found: words filled in, days and events told. It must not know plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldn_titrate.library import review_rules
from ldn_titrate.proposal import Proposal
from ldn_titrate.words import listed, long_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ldn_titrate.entry import AdverseEvent, DayEntry


def propose(rule_id: str, *entries: DayEntry, **fields: str) -> Proposal:
    """Make the proposal of a rule, resting on some entries."""
    rule = review_rules()[rule_id]
    return Proposal(
        rule=rule.id,
        action=rule.action,
        reason=rule.words.format(**fields),
        urgent=rule.urgent,
        entries=tuple(one.id for one in entries),
        sources=rule.sources,
    )


def days_told(entries: Sequence[DayEntry]) -> str:
    """Say the days that entries are about, each once."""
    return listed([long_date(day) for day in sorted({one.day for one in entries})])


def events_told(events: Sequence[AdverseEvent]) -> str:
    """Say adverse events with grade and scale, each kind once."""
    told = (f"{one.term} (grade {one.grade}, {one.scale} {one.scale_version})" for one in events)
    return listed(list(dict.fromkeys(told)))
