"""
The review: what in a patient's record deserves the prescriber's look, rule by rule.

Each rule is one small function that yields proposals; its words and sources are data. Nothing here
changes a plan, and what is not known never counts as good: where the record cannot carry an answer,
the proposal says just that. It must not know outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

from ldn_titrate.bedtime import DosingTime, dosing_time
from ldn_titrate.days import WITHOUT_A_DOSE, DayStatus, day_by_day
from ldn_titrate.entry import (
    AdverseEvent,
    Dispensed,
    OpioidTaken,
    ProcedurePlanned,
    Remark,
    Score,
    Skipped,
    Visit,
)
from ldn_titrate.instrument import Better, Domain, exact, in_text
from ldn_titrate.library import instruments, red_flags, review_rules, screener
from ldn_titrate.match import is_told, words_of
from ldn_titrate.possession import possession
from ldn_titrate.proposal import Proposal
from ldn_titrate.response import BeforeAfter, NoPercent, before_after
from ldn_titrate.schedule import lay_out
from ldn_titrate.screening import OpioidClass
from ldn_titrate.tolerability import domain_of, is_looked_at
from ldn_titrate.words import listed, long_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from fractions import Fraction

    from ldn_titrate.course import Segment
    from ldn_titrate.days import DosingDay
    from ldn_titrate.entry import DayEntry
    from ldn_titrate.findings import Finding
    from ldn_titrate.plan import Plan
    from ldn_titrate.record import Record
    from ldn_titrate.schedule import Change, Schedule

IN_A_ROW: Final = 3  # P-three-missed
_SEVERE: Final = 3
_LAST_DAYS: Final = 14
_SLEEP_DAYS: Final = timedelta(days=28)
_AROUND_A_VISIT: Final = timedelta(days=7)
_SETTLED: Final = timedelta(days=7)
_AHEAD: Final = timedelta(days=366)
_USUAL_WEEKS: Final = 12
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Review:
    """
    What a review found.

    Attributes:
        findings: What in the record does not fit the plan or itself.
        proposals: What the prescriber may want to consider, the urgent first.
    """

    findings: tuple[Finding, ...]
    proposals: tuple[Proposal, ...]


def review(plan: Plan, record: Record, as_of: date) -> Review:
    """
    Look through a record, rule by rule.

    Args:
        plan: The newest version of the plan.
        record: What happened; entries about days after *as_of* are not looked at.
        as_of: The day of asking.

    Returns:
        Findings and proposals; the same ones for the same plan, record and day.
    """
    seen = _Seen(plan, record.up_to(as_of), as_of)
    found = [proposal for rule in _RULES for proposal in rule(seen)]
    if not found:
        found = list(_continue(seen))
    ordered = sorted(found, key=lambda one: not one.urgent)
    return Review(day_by_day(seen.schedule, record, as_of).findings, tuple(ordered))


def red_flags_in(record: Record) -> tuple[Proposal, ...]:
    """
    Point at words that may be about something urgent, once for each thing.

    It needs no plan, so that it serves a patient who has only a cream, too.

    Args:
        record: What happened; its notes, reasons and adverse events since the last visit count.

    Returns:
        One urgent proposal for each red flag that is told, resting on the entries that tell it.
    """
    visit = _last_visit(record)
    recent = [one for one in record.entries if visit is None or one.day >= visit]
    texts = [(one, words_of(text)) for one in recent if (text := _text_of(one))]
    told = (
        (flag, [one for one, words in texts if any(is_told(term, words) for term in flag.terms)])
        for flag in red_flags()
    )
    return tuple(
        _propose("red-flag", *entries, days=_days(entries), about=flag.about)
        for flag, entries in told
        if entries
    )


def _last_visit(record: Record) -> date | None:
    visits = record.of_kind(Visit)
    return visits[-1].day if visits else None


@dataclass(frozen=True)
class _Seen:
    """What the rules look at."""

    plan: Plan
    record: Record
    as_of: date

    @cached_property
    def schedule(self) -> Schedule:
        return lay_out(self.plan)

    @cached_property
    def days(self) -> tuple[DosingDay, ...]:
        return day_by_day(self.schedule, self.record, self.as_of).days

    @cached_property
    def due(self) -> tuple[DosingDay, ...]:
        return tuple(one for one in self.days if one.is_due)

    @property
    def last_visit(self) -> date | None:
        """The day of the last visit."""
        return _last_visit(self.record)

    @property
    def since_visit(self) -> date:
        """The day of the last visit, or the one on which the plan was written."""
        written = min(self.plan.revised_at.date(), self.schedule.first)
        return self.last_visit or written

    @property
    def next_visit(self) -> date | None:
        """The next day on which a review is planned or a visit was promised."""
        promised = (one.next_on for one in self.record.of_kind(Visit) if one.next_on)
        days = (*self.plan.reviews(self.as_of + _AHEAD), *promised)
        return min((day for day in days if day > self.as_of), default=None)

    @property
    def is_stopped(self) -> bool:
        """Whether a Stop has ended the plan for good."""
        stopped = self.plan.course.stopped
        return stopped is not None and stopped <= self.as_of

    @property
    def screened_on(self) -> date:
        """The day on which the questions were last asked."""
        if self.plan.last_screening:
            return self.plan.last_screening.at.date()
        return self.plan.revised_at.date()

    @property
    def current(self) -> Segment | None:
        """The segment of the day of asking."""
        return self.schedule.segment_on(self.as_of)

    @property
    def next_increase(self) -> Change | None:
        """The next day on which the dose is planned to rise."""
        changes = self.schedule.changes(self.as_of + _AHEAD)
        return next(
            (one for one in changes if one.day > self.as_of and one.after > one.before), None
        )

    @property
    def dose_since(self) -> date | None:
        """Since when the present dose has been taken."""
        if self.current is None:
            return None
        begun = [one.day for one in self.schedule.changes(self.as_of)]
        return begun[-1] if begun else self.schedule.first

    @cached_property
    def events(self) -> tuple[AdverseEvent, ...]:
        """The adverse events of the present dose, and those that no visit has seen yet."""
        since = self.dose_since or self.since_visit
        events = self.record.of_kind(AdverseEvent)
        return tuple(
            one for one in events if one.day >= self.since_visit or _last_day(one) >= since
        )

    @property
    def is_judged(self) -> bool:
        """Whether there were dosing days and half of the last ones are logged."""
        last = self.due[-_LAST_DAYS:]
        return bool(last) and 2 * _logged_days(last) >= len(last)

    @property
    def is_taken(self) -> bool:
        """Whether there was a dose on half of the days of the last week."""
        week = [one for one in self.days if one.day >= self.as_of - _SETTLED]
        return 2 * sum(one.has_dose for one in week) >= len(week)

    @property
    def weeks(self) -> int:
        """How many whole weeks lie between the first dosing day and the day of asking."""
        return (self.as_of - self.schedule.first).days // 7

    @cached_property
    def changes(self) -> tuple[BeforeAfter, ...]:
        """The scores now beside those before the start, where there are both."""
        made = (
            before_after(self.record, one, self.schedule.first, self.as_of)
            for one in instruments().values()
            if not one.series
        )
        return tuple(one for one in made if one.change is not None)


_Rule: TypeAlias = Callable[[_Seen], Iterator[Proposal]]


def _propose(rule_id: str, *entries: DayEntry, **fields: str) -> Proposal:
    rule = review_rules()[rule_id]
    return Proposal(
        rule=rule.id,
        action=rule.action,
        reason=rule.words.format(**fields),
        urgent=rule.urgent,
        entries=tuple(one.id for one in entries),
        sources=rule.sources,
    )


def _last_day(event: AdverseEvent) -> date:
    """Return the last day on which an adverse event is known to have been there."""
    return event.until or event.day


def _logged_days(days: Sequence[DosingDay]) -> int:
    return sum(one.status is not DayStatus.NOT_LOGGED for one in days)


def _days(entries: Sequence[DayEntry]) -> str:
    return listed([long_date(day) for day in sorted({one.day for one in entries})])


def _terms(events: Sequence[AdverseEvent]) -> str:
    told = (f"{one.term} (grade {one.grade}, {one.scale} {one.scale_version})" for one in events)
    return listed(list(dict.fromkeys(told)))


def _red_flags(seen: _Seen) -> Iterator[Proposal]:
    yield from red_flags_in(seen.record)


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


def _opioid(seen: _Seen) -> Iterator[Proposal]:
    """Ask for a stop where an opioid came after the last screening; an unknown name is one."""
    paused = seen.plan.course.pause_on(seen.as_of)
    later = [one for one in seen.record.of_kind(OpioidTaken) if one.day >= seen.screened_on]
    known = [(one, screener().find_opioid(one.name)) for one in later]
    real = [one for one, found in known if not found or found.opioid_class is not OpioidClass.ASK]
    if paused and paused.opioid:
        yield _propose("opioid-suspended", *real, days=long_date(paused.first))
    elif real and not seen.is_stopped:
        yield _propose("opioid", *real, days=_days(real))
    for one, found in known:
        if found and found.opioid_class is OpioidClass.ASK:
            yield _propose("opioid-ask", one, opioid=found.ingredient, days=_days([one]))


def _procedure(seen: _Seen) -> Iterator[Proposal]:
    for one in seen.record.of_kind(ProcedurePlanned):
        if one.on >= seen.as_of:
            yield _propose("procedure", one, on=long_date(one.on))


def _adverse_events(seen: _Seen) -> Iterator[Proposal]:
    """Hold what is to be looked at against the next increase, and against the last one."""
    severe = [one for one in seen.events if one.grade >= _SEVERE or one.serious]
    if severe:
        yield _propose("event-severe", *severe, days=_days(severe), terms=_terms(severe))
    looked_at = [one for one in seen.events if is_looked_at(one)]
    if not looked_at:
        return
    fields, increase = {"terms": _terms(looked_at)}, seen.next_increase
    if increase:
        fields |= {"dose": str(increase.after), "on": long_date(increase.day)}
    yield _propose("event-before-increase" if increase else "event", *looked_at, **fields)
    yield from _step_back(seen, looked_at)


def _step_back(seen: _Seen, events: Sequence[AdverseEvent]) -> Iterator[Proposal]:
    changes = seen.schedule.changes(seen.as_of)
    if seen.current is None or not changes or changes[-1].after < changes[-1].before:
        return
    last = changes[-1]
    since = [one for one in events if one.day >= last.day]
    if since:
        doses = {"dose": str(last.after), "before": str(last.before)}
        yield _propose("step-back", *since, terms=_terms(since), **doses)


def _sleep(seen: _Seen) -> Iterator[Proposal]:
    if seen.current is None or dosing_time(seen.current.setting.bedtime) is DosingTime.MORNING:
        return
    recent = [one for one in seen.events if _last_day(one) > seen.as_of - _SLEEP_DAYS]
    trouble = [one for one in recent if domain_of(one.term) is Domain.SLEEP and one.grade]
    if trouble:
        yield _propose("sleep", *trouble, days=_days(trouble), terms=_terms(trouble))


def _in_a_row(seen: _Seen) -> Iterator[Proposal]:
    """Point at three or more due days in a row without a dose, as far as that is known or not."""
    for run in _runs(seen, WITHOUT_A_DOSE):
        yield _propose("missed-in-a-row", *_entries_of(seen, run), **_span(run))
    for run in _runs(seen, WITHOUT_A_DOSE | {DayStatus.NOT_LOGGED}):
        if unknown := len(run) - _logged_days(run):
            fields = _span(run) | {"unknown": str(unknown)}
            yield _propose("not-logged-in-a-row", *_entries_of(seen, run), **fields)


def _runs(seen: _Seen, statuses: frozenset[DayStatus]) -> Iterator[list[DosingDay]]:
    """Yield the runs that are long enough and were not over before the last visit."""
    for is_one, group in groupby(seen.due, lambda one: one.status in statuses):
        run = list(group)
        if is_one and len(run) >= IN_A_ROW and run[-1].day >= seen.since_visit:
            yield run


def _span(run: Sequence[DosingDay]) -> dict[str, str]:
    ends = {"first": long_date(run[0].day), "last": long_date(run[-1].day)}
    return {"count": str(len(run)), **ends}


def _entries_of(seen: _Seen, days: Sequence[DosingDay]) -> list[DayEntry]:
    ids = {entry for one in days for entry in one.entries}
    return [one for one in seen.record.entries if one.id in ids]


def _amounts(seen: _Seen) -> Iterator[Proposal]:
    """Point at doubled doses, and at other amounts than the planned ones."""
    rules = {DayStatus.DOUBLED: "doubled", DayStatus.DIFFERENT: "different-amount"}
    for status, rule in rules.items():
        days = [one for one in seen.days if one.status is status and one.day >= seen.since_visit]
        if entries := _entries_of(seen, days):
            yield _propose(rule, *entries, days=_days(entries))


def _plateau(seen: _Seen) -> Iterator[Proposal]:
    """Show a dose below the cap at which a score became better, before it is raised."""
    increase, since = seen.next_increase, seen.dose_since
    if not (increase and since and seen.current and seen.is_judged and seen.is_taken):
        return
    if seen.as_of - since < _SETTLED or any(is_looked_at(one) for one in seen.events):
        return
    for one in seen.changes:
        before, now = one.baseline, one.now.median
        shown = _is_better(one) and _is_of(one, seen, since)
        if shown and before is not None and now is not None:
            medians = {"before": in_text(before), "now": in_text(now)}
            fields = {"dose": str(seen.current.dose), "on": long_date(increase.day)}
            fields |= {"instrument": one.instrument.name, "cap": str(seen.plan.protocol.cap)}
            yield _propose("plateau", *_scores(seen, [one]), **medians, **fields)


def _is_of(one: BeforeAfter, seen: _Seen, since: date) -> bool:
    """Say whether the last score looks back on days of one dose only."""
    recall = timedelta(days=one.instrument.recall_days or 0)
    return _scores(seen, [one])[-1].day - recall >= since


def _scores(seen: _Seen, changes: Sequence[BeforeAfter]) -> list[Score]:
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


def _benefit(seen: _Seen) -> Iterator[Proposal]:
    """From the last of the early reviews on, ask whether anything became better."""
    last = max(seen.plan.follow_up.weeks, default=_USUAL_WEEKS)
    if seen.weeks < last or seen.current is None:
        return
    told = [one for one in seen.changes if one.instrument.changes]
    if not told:
        yield _propose("not-measured", weeks=str(seen.weeks))
    elif not any(map(_is_better, told)):
        scores = "; ".join(
            f"{one.instrument.name} {one.before} before, {one.now} now" for one in told
        )
        yield _propose("no-benefit", *_scores(seen, told), weeks=str(seen.weeks), scores=scores)


def _follow_up(seen: _Seen) -> Iterator[Proposal]:
    """Point at the last review that no visit belongs to."""
    reviews = [day for day in seen.plan.reviews(seen.as_of) if day >= seen.schedule.first]
    visits = [one.day for one in seen.record.of_kind(Visit)]
    promised = [one.next_on for one in seen.record.of_kind(Visit) if one.next_on]
    due = sorted(day for day in {*reviews, *promised} if day <= seen.as_of)
    if due and not any(day >= due[-1] - _AROUND_A_VISIT for day in visits):
        yield _propose("follow-up", on=long_date(due[-1]))


def _supply(seen: _Seen) -> Iterator[Proposal]:
    """Hold what was dispensed against the day of the next visit."""
    if seen.current is None:
        return
    dispensed = seen.record.of_kind(Dispensed)
    if not dispensed:
        yield _propose("supply-unknown")
        return
    visit = seen.next_visit
    told = f"the next visit is on {long_date(visit)}" if visit else "no next visit is known"
    gaps = possession(seen.schedule, seen.record, visit - _DAY if visit else seen.as_of).gaps
    if short := next((one for one in gaps if one.last >= seen.as_of), None):
        first = max(short.first, seen.as_of)
        yield _propose("supply-short", *dispensed, first=long_date(first), visit=told)


def _logged(seen: _Seen) -> Iterator[Proposal]:
    if not seen.is_judged:
        last = seen.due[-_LAST_DAYS:]
        yield _propose("not-enough-logged", n=str(_logged_days(last)), of=str(len(last)))


def _standing(seen: _Seen) -> Iterator[Proposal]:
    """Say where there is nothing to go on with: a draft, or no dose that is planned."""
    if not seen.plan.is_signed:
        yield _propose("draft")
    course, on = seen.plan.course, seen.as_of
    paused = course.pause_on(on)
    if seen.current or (paused and paused.opioid):
        return
    if course.waits_from and course.waits_from <= on:
        yield _propose("waits", on=long_date(course.waits_from))
    else:
        why = f"it is paused since {long_date(paused.first)}" if paused else _why_none(seen)
        yield _propose("no-dose", on=long_date(on), why=why)


def _why_none(seen: _Seen) -> str:
    stopped = seen.plan.course.stopped
    if seen.is_stopped and stopped:
        return f"it was stopped from {long_date(stopped)} on"
    if seen.as_of < seen.schedule.first:
        return f"its first dosing day is {long_date(seen.schedule.first)}"
    return "it has ended"


def _continue(seen: _Seen) -> Iterator[Proposal]:
    yield _propose("continue", n=str(_logged_days(seen.due)), of=str(len(seen.due)))


_RULES: Final[tuple[_Rule, ...]] = (
    _red_flags,
    _opioid,
    _procedure,
    _adverse_events,
    _sleep,
    _in_a_row,
    _amounts,
    _plateau,
    _benefit,
    _follow_up,
    _supply,
    _logged,
    _standing,
)
