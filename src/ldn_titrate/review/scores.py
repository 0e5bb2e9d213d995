"""The rules about scores: doing well below the cap, and no benefit by the last early review."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ldn_titrate.entry import Score
from ldn_titrate.instrument import Better, exact
from ldn_titrate.library import instruments
from ldn_titrate.response import BeforeAfter, NoPercent, before_after
from ldn_titrate.review.said import propose
from ldn_titrate.tolerability import is_looked_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from fractions import Fraction

    from ldn_titrate.proposal import Proposal
    from ldn_titrate.review.seen import Seen

_SETTLED: Final = timedelta(days=7)
_USUAL_WEEKS: Final = 12


def plateau(seen: Seen) -> Iterator[Proposal]:
    """Show a dose below the cap at which a score became better, before it is raised."""
    increase, since = seen.increase_told, seen.dose_since
    if not (increase and since and seen.present and seen.is_judged and seen.is_taken):
        return
    if seen.as_of - since < _SETTLED or any(is_looked_at(one) for one in seen.events):
        return
    fields = {"dose": str(seen.present.dose), "increase": increase}
    fields |= {"cap": str(seen.plan.protocol.cap)}
    for one in _changes(seen):
        if _is_better(one) and _is_of_one_dose(one, seen, since):
            fields |= {"instrument": one.instrument.name}
            fields |= {"before": str(one.before), "now": str(one.now)}
            yield propose("plateau", *_scores(seen, [one]), **fields)


def _changes(seen: Seen) -> list[BeforeAfter]:
    """Give the scores that have a baseline, and a value now for half of the days or more."""
    made = (
        before_after(seen.record, one, seen.schedule.first, seen.as_of)
        for one in instruments().values()
        if not one.series
    )
    return [one for one in made if one.change is not None and one.now.n >= (one.now.missing or 0)]


def _is_of_one_dose(one: BeforeAfter, seen: Seen, since: date) -> bool:
    """Say whether the last score looks back on days of one dose only."""
    recall = timedelta(days=one.instrument.recall_days or 0)
    return _scores(seen, [one])[-1].day - recall >= since


def _scores(seen: Seen, changes: Sequence[BeforeAfter]) -> list[Score]:
    wanted = {one.instrument.id for one in changes}
    return [one for one in seen.record.of_kind(Score) if one.instrument in wanted]


def _is_better(one: BeforeAfter) -> bool:
    """Say whether a change is for the better and reaches what a source calls meaningful."""
    change, percent = one.change, one.percent
    if change is None or one.instrument.better is Better.NEITHER:
        return False
    gained = -change if one.instrument.better is Better.LOWER else change
    return any(
        (least.points is not None and gained >= exact(least.points))
        or (least.percent is not None and _reaches(percent, exact(least.percent)))
        for least in one.instrument.changes
    )


def _reaches(percent: Fraction | NoPercent | None, least: Fraction) -> bool:
    return not (percent is None or isinstance(percent, NoPercent)) and percent >= least


def benefit(seen: Seen) -> Iterator[Proposal]:
    """From the last of the early reviews on, ask whether anything became better."""
    last = max(seen.plan.follow_up.weeks, default=_USUAL_WEEKS)
    if seen.weeks < last or seen.current is None:
        return
    told = [one for one in _changes(seen) if one.instrument.changes]
    if not told:
        yield propose("not-measured", weeks=str(seen.weeks))
    elif not any(map(_is_better, told)):
        scores = "; ".join(
            f"{one.instrument.name} {one.before} before, {one.now} now" for one in told
        )
        yield propose("no-benefit", *_scores(seen, told), weeks=str(seen.weeks), scores=scores)
