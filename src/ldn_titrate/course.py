"""
The course: where a protocol, a start and a list of amendments lead, day by day, in dated segments.

A course is folded from left to right: the protocol climbs from the start, and each amendment cuts
what was planned from its effective day on and lays something else in its place. Days before that
day never change. What must not be is refused with its reason. It must not know plans or outputs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from ldn_titrate.amendment import (
    Advance,
    Amendment,
    ChangeProducts,
    ChangeTime,
    Opioid,
    Pause,
    Plateau,
    Procedure,
    Reschedule,
    Resume,
    Stay,
    StepBack,
    Stop,
)
from ldn_titrate.errors import AmendmentError
from ldn_titrate.product import Product, can_make, unfit, unmakeable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ldn_titrate.dose import Dose
    from ldn_titrate.protocol import Protocol, Step

_DAY: Final = timedelta(days=1)


class Gate(StrEnum):
    """How an increase comes into force."""

    CHECK = "check"  # it is on the calendar; the patient checks with the prescriber first
    SIGN = "sign"  # the schedule ends before it until the prescriber signs an Advance


@dataclass(frozen=True, slots=True)
class Setting:
    """When and from what the doses of a segment are taken."""

    bedtime: time
    timezone: str
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """
    A run of dosing days with the same dose, taken in the same way.

    Attributes:
        step: The number of the protocol's step, from 1; None for a dose that no step has.
        dose: The amount of each single dose.
        first: Its first dosing day.
        last: Its last dosing day, inclusive; None while it is open.
        setting: When and from what it is taken.
        every_days: 1 where each day is a dosing day.
        doses_per_day: Single doses on a dosing day.
    """

    step: int | None
    dose: Dose
    first: date
    last: date | None
    setting: Setting
    every_days: int = 1
    doses_per_day: int = 1

    def since(self, first: date) -> Segment | None:
        """Return the part of the segment from a day on; None if there is none."""
        skipped = max(0, -(-(first - self.first).days // self.every_days))
        begin = self.first + timedelta(days=skipped * self.every_days)
        return replace(self, first=begin) if self.last is None or begin <= self.last else None

    def within(self, first: date, last: date) -> Segment | None:
        """Return the part of the segment between two days, inclusive; None if there is none."""
        part = self.since(first)
        if part is None or part.first > last:
            return None
        return replace(part, last=last if part.last is None else min(last, part.last))

    def days(self, through: date) -> Iterator[date]:
        """Yield its dosing days up to *through*, inclusive."""
        for number in range(self.count(through)):
            yield self.first + timedelta(days=number * self.every_days)

    def count(self, through: date) -> int:
        """Count its dosing days up to *through*, inclusive."""
        end = through if self.last is None else min(through, self.last)
        return max(0, (end - self.first).days // self.every_days + 1)

    def goes_on_in(self, other: Segment) -> bool:
        """Say whether another segment is this one, continued."""
        return self.last is not None and other == replace(
            self, first=self.last + _DAY, last=other.last
        )


@dataclass(frozen=True, slots=True)
class Break:
    """
    Days without a dose that the prescriber ordered.

    Attributes:
        first: The first of them.
        last: The last of them; None until a Resume.
        opioid: The opioid that was the reason; it asks for a new screening.
    """

    first: date
    last: date | None
    opioid: str | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """
    Where a plan leads.

    Attributes:
        segments: In order, each dosing day exactly once.
        breaks: The pauses, in order.
        stopped: The first day after a Stop; None while the plan goes on.
        settled: Whether a Plateau has withdrawn the later increases.
        waits_from: The first day without a dose where the next increase waits for a signature.
    """

    segments: tuple[Segment, ...]
    breaks: tuple[Break, ...] = ()
    stopped: date | None = None
    settled: bool = False
    waits_from: date | None = None

    def pause_on(self, day: date) -> Break | None:
        """Return the pause that a day lies in."""
        return next(
            (one for one in self.breaks if one.first <= day and not (one.last and one.last < day)),
            None,
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """What stays the same for the whole course: the protocol and the gate of each increase."""

    protocol: Protocol
    gate: Gate

    def climb(self, step: int, first: date, setting: Setting) -> Iterator[Segment]:
        """Yield the segments from a step (from 1) on, until one is open or a gate is shut."""
        steps = self.protocol.steps
        for number in range(step, len(steps) + 1):
            segment = _on_step(steps[number - 1], number, first, setting)
            yield segment
            if segment.last is None or self._is_shut(steps[number - 1 : number + 1]):
                return
            first = segment.last + _DAY

    def _is_shut(self, neighbours: tuple[Step, ...]) -> bool:
        doses = [step.dose for step in neighbours]
        return self.gate is Gate.SIGN and max(doses) > doses[0]

    def step_of(self, dose: Dose) -> int | None:
        """Return the first step with just this dose."""
        doses = [step.dose for step in self.protocol.steps]
        return doses.index(dose) + 1 if dose in doses else None

    def step_above(self, dose: Dose) -> int | None:
        """Return the first step with a higher dose."""
        numbered = enumerate(self.protocol.steps, start=1)
        return next((number for number, step in numbered if step.dose > dose), None)

    def dose_below(self, dose: Dose) -> Dose:
        """Return the protocol's next lower dose."""
        lower = [one for one in self.protocol.doses if one < dose]
        if not lower:
            raise AmendmentError(f"no step of the protocol is below {dose}; name a dose (--to)")
        return lower[-1]


def _on_step(step: Step, number: int, first: date, setting: Setting) -> Segment:
    last = step.lasts.after(first) - _DAY if step.lasts else None
    return Segment(number, step.dose, first, last, setting, step.every_days, step.doses_per_day)


def follow(
    rules: Rules, start: date, setting: Setting, amendments: Iterable[Amendment] = ()
) -> Course:
    """
    Follow a protocol from a start through its amendments.

    Raises:
        AmendmentError: An amendment contradicts what is planned, or an earlier one.
    """
    course, since = Course(tuple(rules.climb(1, start, setting))), start
    amended = False
    for amendment in amendments:
        if amended and amendment.effective < since:
            raise AmendmentError(
                f"the amendment from {amendment.effective} reaches back behind the one from {since}"
            )
        course = _Turn(rules, course, setting, amendment.effective).take(amendment)
        setting, since, amended = _setting_after(setting, amendment), amendment.effective, True
    return replace(course, waits_from=_waits_from(rules, course))


def _waits_from(rules: Rules, course: Course) -> date | None:
    last = course.segments[-1] if course.segments else None
    if rules.gate is not Gate.SIGN or course.stopped or course.settled or not last or not last.last:
        return None
    day = last.last + _DAY
    is_shut = rules.step_above(last.dose) is not None and course.pause_on(day) is None
    return day if is_shut else None


def _setting_after(setting: Setting, amendment: Amendment) -> Setting:
    if isinstance(amendment, ChangeTime):
        return replace(
            setting,
            bedtime=amendment.bedtime or setting.bedtime,
            timezone=amendment.timezone or setting.timezone,
        )
    if isinstance(amendment, ChangeProducts):
        return replace(setting, products=amendment.products)
    return setting


@dataclass(frozen=True, slots=True)
class _Turn:
    """One amendment about to change a course from a day on."""

    rules: Rules
    course: Course
    setting: Setting
    day: date

    def take(self, amendment: Amendment) -> Course:
        """Return the course after the amendment."""
        if self.course.stopped:
            raise AmendmentError(f"the plan was stopped on {self.course.stopped}; make a new plan")
        if any(segment.every_days > 1 for segment in self.course.segments):
            raise AmendmentError("only a plan with a dose on every day can be amended")
        course = self._turned(amendment)
        _check(course, self.rules, self.day)
        return replace(course, segments=_joined(course.segments))

    def _turned(self, amendment: Amendment) -> Course:  # noqa: C901, PLR0911  # one line per kind
        match amendment:
            case Stay():
                return self._stay(amendment)
            case StepBack():
                return self._step_back(amendment)
            case Plateau():
                return self._plateau(amendment)
            case Advance():
                return self._advance(amendment)
            case Pause():
                return self._pause(amendment)
            case Opioid():
                return self._suspend(amendment)
            case Procedure():
                return self._prepare(amendment)
            case Resume():
                return self._resume(amendment)
            case Stop():
                return replace(self._then(()), stopped=self.day)
            case Reschedule():
                return self._reschedule(amendment)
            case ChangeTime() | ChangeProducts():
                return self._change(_setting_after(self.setting, amendment))
            case _:
                assert_never(amendment)

    def _then(self, tail: Iterable[Segment]) -> Course:
        """Keep the days before, and lay a tail from the day on."""
        eve = self.day - _DAY
        kept = (one.within(one.first, eve) for one in self.course.segments if one.first <= eve)
        return replace(
            self.course,
            segments=(*(one for one in kept if one), *tail),
            breaks=tuple(_cut(one, eve) for one in self.course.breaks if one.first <= eve),
        )

    def _current(self) -> Segment:
        """Return the segment of the dose that is taken up to the day."""
        if self.course.pause_on(self.day - _DAY):
            raise AmendmentError(f"the plan is paused on {self.day}; resume it first")
        begun = [one for one in self.course.segments if one.first < self.day]
        if begun:
            return self._not_over(begun[-1])
        first = self.course.segments[0]
        if first.first > self.day:
            raise AmendmentError(f"the plan has not begun on {self.day}; reschedule it instead")
        return first

    def _not_over(self, last: Segment) -> Segment:
        over = last.last is not None and last.last < self.day - _DAY
        if over and self.rules.gate is not Gate.SIGN:
            raise AmendmentError(f"the plan ended on {last.last}; make a new plan")
        return last

    def _at(self, dose: Dose, first: date, last: date | None = None) -> Segment:
        return Segment(self.rules.step_of(dose), dose, first, last, self.setting)

    def _climb_from(self, step: int | None, first: date) -> Iterator[Segment]:
        return self.rules.climb(step, first, self.setting) if step else iter(())

    def _stay(self, stay: Stay) -> Course:
        current = self._current()
        following = None if self.course.settled else self.rules.step_above(current.dose)
        if following is None:
            raise AmendmentError(
                f"there is no later step to put off: {self._no_step_above(current)}"
            )
        if stay.days is None:
            return self._then((self._at(current.dose, self.day),))
        last = self.day + timedelta(days=stay.days - 1)
        if current.last and last < current.last:
            raise AmendmentError(f"the dose stays to {current.last} anyway; {last} is earlier")
        stays = self._at(current.dose, self.day, last)
        return self._then((stays, *self._unless_gated(following, last + _DAY)))

    def _no_step_above(self, current: Segment) -> str:
        if self.course.settled:
            return "a plateau withdrew the later increases"
        return f"{current.dose} is the protocol's highest"

    def _unless_gated(self, step: int, first: date) -> Iterator[Segment]:
        return iter(()) if self.rules.gate is Gate.SIGN else self._climb_from(step, first)

    def _step_back(self, back: StepBack) -> Course:
        current = self._current()
        dose = back.to or self.rules.dose_below(current.dose)
        if dose >= current.dose:
            raise AmendmentError(f"{dose} is no step back from {current.dose}")
        if back.retry_on is None:
            return self._then((self._at(dose, self.day),))
        if back.retry_on <= self.day:
            raise AmendmentError(f"{back.retry_on} is no later day to try {current.dose} again")
        lower = self._at(dose, self.day, back.retry_on - _DAY)
        return self._then((lower, *self._onward(current.dose, back.retry_on)))

    def _onward(self, dose: Dose, first: date) -> Iterator[Segment]:
        """Take a dose for its whole interval and climb on; without an interval, stay there."""
        step = None if self.course.settled else self.rules.step_of(dose)
        return self._climb_from(step, first) if step else iter((self._at(dose, first),))

    def _plateau(self, plateau: Plateau) -> Course:
        current = self._current()
        dose = plateau.dose or current.dose
        if dose > current.dose:
            raise AmendmentError(f"{dose} is above the {current.dose} that is taken; advance first")
        return replace(self._then((self._at(dose, self.day),)), settled=True)

    def _advance(self, advance: Advance) -> Course:
        current = self._current()
        step = None if self.course.settled else self.rules.step_above(current.dose)
        if step is None:
            raise AmendmentError(f"there is nothing to advance to: {self._no_step_above(current)}")
        over = self._interval_is_over(current)
        if self.day < over and advance.early_because is None:
            raise AmendmentError(
                f"{current.dose} has been taken for its whole interval only on {over}; an earlier "
                "increase needs a named override: early_because (--early-because)"
            )
        return self._then(self._climb_from(step, self.day))

    def _interval_is_over(self, current: Segment) -> date:
        step = self.rules.protocol.steps[current.step - 1] if current.step else None
        if step is None or step.lasts is None:
            return self.day
        return step.lasts.after(self._taken_since(current))

    def _taken_since(self, current: Segment) -> date:
        since = current.first
        for segment in reversed(self.course.segments):
            if segment.dose == current.dose and segment.last == since - _DAY:
                since = segment.first
        return since

    def _pause(self, pause: Pause) -> Course:
        current = self._current()
        if pause.until is None or pause.resume_at is None:
            return self._paused_from(None, ())
        if pause.until <= self.day:
            raise AmendmentError(f"a pause from {self.day} cannot end on {pause.until}")
        _not_above(pause.resume_at, current.dose)
        return self._paused_from(pause.until - _DAY, self._onward(pause.resume_at, pause.until))

    def _paused_from(self, last: date | None, tail: Iterable[Segment]) -> Course:
        course = self._then(tail)
        return replace(course, breaks=(*course.breaks, Break(self.day, last)))

    def _suspend(self, opioid: Opioid) -> Course:
        course = self._then(())
        return replace(course, breaks=(*course.breaks, Break(self.day, None, opioid.name)))

    def _prepare(self, procedure: Procedure) -> Course:
        if procedure.on < self.day:
            raise AmendmentError(f"a procedure on {procedure.on} is before {self.day}")
        return self.course

    def _resume(self, resume: Resume) -> Course:
        pause = self.course.pause_on(self.day - _DAY) or self.course.pause_on(self.day)
        if pause is None:
            raise AmendmentError(f"the plan is not paused on {self.day}")
        if pause.opioid and resume.screening is None:
            raise AmendmentError("after an opioid a plan is resumed only with a new screening")
        before = [one for one in self.course.segments if one.first < pause.first]
        _not_above(resume.dose, before[-1].dose if before else self.rules.protocol.steps[0].dose)
        return self._then(self._onward(resume.dose, self.day))

    def _reschedule(self, reschedule: Reschedule) -> Course:
        first = self.course.segments[0].first
        if first < self.day or self.course.breaks:
            raise AmendmentError(f"the plan has begun on {first}; only a plan not begun is moved")
        if reschedule.start < self.day:
            raise AmendmentError(f"{reschedule.start} is before {self.day}, from which it is moved")
        return self._then(self._climb_from(1, reschedule.start))

    def _change(self, setting: Setting) -> Course:
        course = self._then(())
        later = (
            replace(one, first=max(one.first, self.day), setting=setting)
            for one in self.course.segments
            if one.last is None or one.last >= self.day
        )
        return replace(course, segments=(*course.segments, *later), breaks=self.course.breaks)


def _cut(pause: Break, last: date) -> Break:
    return pause if pause.last and pause.last <= last else replace(pause, last=last)


def _not_above(dose: Dose, taken: Dose) -> None:
    if dose > taken:
        raise AmendmentError(f"{dose} is above the {taken} that was taken before the pause")


def _joined(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    joined: list[Segment] = []
    for segment in segments:
        if joined and joined[-1].goes_on_in(segment):
            segment = replace(segment, first=joined.pop().first)  # noqa: PLW2901
        joined.append(segment)
    return tuple(joined)


def _check(course: Course, rules: Rules, day: date) -> None:
    """Refuse a dose above the cap, or one that its products do not make."""
    later = [one for one in course.segments if one.last is None or one.last >= day]
    doses = tuple({one.dose: None for one in later})
    for segment in later:
        products = segment.setting.products
        if problem := unfit(products, rules.protocol.cap):
            raise AmendmentError(problem)
        if segment.dose > rules.protocol.cap:
            raise AmendmentError(f"{segment.dose} is above the cap of {rules.protocol.cap}")
        if not can_make(segment.dose, products):
            raise AmendmentError(unmakeable(segment.dose, products, wanted=doses))
