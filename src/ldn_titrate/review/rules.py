"""The rules of the review, in the order of telling; their words are data (`review.toml`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from ldn_titrate.proposal import Proposal
from ldn_titrate.review.doses import amounts, in_a_row, too_little_logged
from ldn_titrate.review.events import adverse_events, sleep
from ldn_titrate.review.medicines import opioid, procedure
from ldn_titrate.review.red_flags import red_flags
from ldn_titrate.review.scores import benefit, plateau
from ldn_titrate.review.seen import Seen
from ldn_titrate.review.standing import follow_up, standing, supply

Looked: TypeAlias = Callable[[Seen], Iterator[Proposal]]

RULES: Final[tuple[Looked, ...]] = (
    red_flags,
    opioid,
    procedure,
    adverse_events,
    sleep,
    in_a_row,
    amounts,
    plateau,
    benefit,
    follow_up,
    supply,
    too_little_logged,
    standing,
)
