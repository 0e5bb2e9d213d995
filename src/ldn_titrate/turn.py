"""
Turns: what each kind of amendment does to a course, and what must not be.

A course is folded from left to right: the protocol climbs from the start, and each amendment cuts
what was planned from its effective day on and lays something else in its place. Days before that
day never change. The current dose is the one taken on the dosing day before; on the first day, the
protocol's first. It must not know plans or outputs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
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
from ldn_titrate.course import Break, Course, Gate, Rules, Segment, Setting
from ldn_titrate.errors import AmendmentError
from ldn_titrate.product import can_make, unfit, unmakeable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ldn_titrate.dose import Dose

_DAY: Final = timedelta(days=1)
_LEAVES_DOSES: Final = (Reschedule, ChangeTime, ChangeProducts, Procedure)


def follow(
    rules: Rules, start: date, setting: Setting, amendments: Iterable[Amendment] = ()
) -> Course:
    """
    Follow a protocol from a start through its amendments.

    Raises:
        AmendmentError: An amendment contradicts what is planned, or an earlier one.
    """
    standing: tuple[Amendment, ...] = ()
    course = _folded(rules, start, setting, standing)
    for amendment in amendments:
        standing = (*_left_standing(standing, amendment), amendment)
        course = _folded(rules, start, setting, standing)
    return replace(course, waits_from=_waits_from(rules, course))


def _folded(rules: Rules, start: date, setting: Setting, amendments: Iterable[Amendment]) -> Course:
    course = Course(tuple(rules.climb(1, start, setting)))
    for amendment in amendments:
        course = _Turn(rules, course, setting, amendment.effective).take(amendment)
        setting = _setting_after(setting, amendment)
    return course


def _left_standing(earlier: tuple[Amendment, ...], amendment: Amendment) -> tuple[Amendment, ...]:
    """Return the amendments that a new one leaves standing."""
    if not earlier or amendment.effective >= earlier[-1].effective:
        return earlier
    if not _may_reach_back(amendment):
        raise AmendmentError(
            f"the amendment from {amendment.effective} reaches back behind the one from "
            f"{earlier[-1].effective}"
        )
    return tuple(one for one in earlier if one.effective <= amendment.effective)


def _may_reach_back(amendment: Amendment) -> bool:
    """
    Say whether an amendment may come before planned ones and withdraw them.

    What ends the doses at once must never be refused because a later change is signed already.
    """
    open_pause = isinstance(amendment, Pause) and amendment.until is None
    return open_pause or isinstance(amendment, Stop | Opioid)


def _waits_from(rules: Rules, course: Course) -> date | None:
    last = course.segments[-1] if course.segments else None
    if rules.gate is not Gate.SIGN or course.stopped or course.settled or not last or not last.last:
        return None
    day = last.last + _DAY
    return day if rules.step_after(last) and course.pause_on(day) is None else None


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

    @property
    def eve(self) -> date:
        return self.day - _DAY

    def take(self, amendment: Amendment) -> Course:
        """Return the course after the amendment."""
        if self.course.stopped:
            raise AmendmentError(f"the plan was stopped on {self.course.stopped}; make a new plan")
        if any((one.every_days, one.doses_per_day) != (1, 1) for one in self.rules.protocol.steps):
            raise AmendmentError("only a plan with one dose on every day can be amended")
        course = self._turned(amendment)
        _check(course, self.day)
        touched = course.is_touched or not isinstance(amendment, _LEAVES_DOSES)
        return replace(course, segments=_joined(course.segments), is_touched=touched)

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
                return self._break(None, (), opioid=amendment.name)
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

    # --- What is taken up to the day ---------------------------------------------------------

    def _current(self) -> Segment:
        """Return the segment of the dose that is taken up to the day."""
        if pause := self.course.pause_on(self.day):
            raise AmendmentError(f"the plan is paused from {pause.first} on; resume it first")
        if self.course.pause_on(self.eve):
            raise AmendmentError(
                f"a pause ends on {self.eve}; amend from a day after the next dose"
            )
        return self._taken() or self._first_step()

    def _taken(self) -> Segment | None:
        begun = [one for one in self.course.segments if one.first < self.day]
        if not begun:
            return None
        last = begun[-1]
        waits = self.rules.gate is Gate.SIGN and self.rules.step_after(last)
        if last.last and last.last < self.eve and not waits:
            raise AmendmentError(f"the plan ended on {last.last}; make a new plan")
        return last

    def _first_step(self) -> Segment:
        if self.course.segments[0].first > self.day:
            raise AmendmentError(f"the plan has not begun on {self.day}; reschedule it instead")
        return next(self.rules.climb(1, self.day, self.setting))

    def _next_step(self, current: Segment) -> int:
        """Return the step that the climb goes on to."""
        if self.course.settled:
            raise AmendmentError("a plateau withdrew the later increases; there is no next step")
        step = self.rules.step_after(current)
        if step is None:
            raise AmendmentError(f"{current.dose} is the protocol's highest; there is no next step")
        return step

    def _interval_is_over(self, current: Segment) -> date:
        """Return the first day on which the dose was taken, without a break, for its interval."""
        step, since = current.step, current.first
        lasts = self.rules.protocol.steps[step - 1].lasts if step else None
        for segment in reversed(self.course.segments):
            if segment.dose == current.dose and segment.last == since - _DAY:
                since = segment.first
        return lasts.after(since) if lasts else since

    def _stays_anyway(self, current: Segment) -> date | None:
        """Return up to when the dose stays without a Stay; None where it waits for a signature."""
        if current.last and current.last < self.eve:
            return None
        over = self._interval_is_over(current) - _DAY
        return max(over, self._planned_end(current) or over)

    def _planned_end(self, current: Segment) -> date | None:
        """Return the last day up to which the current dose is planned anyway."""
        end = current.last
        for segment in self.course.segments:
            follows = segment.first <= self.day if end is None else segment.first == end + _DAY
            if follows and segment.dose == current.dose:
                end = segment.last
        return end

    # --- What is laid in place of what was planned -------------------------------------------

    def _then(self, tail: Iterable[Segment]) -> Course:
        """Keep the days before, and lay a tail from the day on."""
        kept = (one.within(one.first, self.eve) for one in self.course.segments)
        return replace(
            self.course,
            segments=(*(one for one in kept if one), *tail),
            breaks=tuple(_cut(one, self.eve) for one in self.course.breaks if one.first < self.day),
        )

    def _at(self, dose: Dose, first: date, last: date | None = None) -> Segment:
        return Segment(self.rules.step_of(dose), dose, first, last, self.setting)

    def _onward(self, dose: Dose, step: int | None, first: date) -> Iterator[Segment]:
        """Take a dose for its whole interval and climb on; without a step, stay there."""
        if step is None or self.course.settled:
            return iter((self._at(dose, first),))
        return self.rules.climb(step, first, self.setting)

    def _stay(self, stay: Stay) -> Course:
        current = self._current()
        following = self._next_step(current)
        stays = replace(current, first=self.day, last=None, setting=self.setting)
        if stay.days is None:
            return self._then((stays,))
        last = self.day + timedelta(days=stay.days - 1)
        anyway = self._stays_anyway(current)
        if anyway and last < anyway:
            raise AmendmentError(f"the dose stays to {anyway} anyway; {last} is earlier")
        climb = self.rules.climb(following, last + _DAY, self.setting)
        gated = self.rules.gate is Gate.SIGN
        return self._then((replace(stays, last=last), *(() if gated else climb)))

    def _step_back(self, back: StepBack) -> Course:
        current = self._current()
        dose = back.to or self._dose_below(current.dose)
        if dose >= current.dose:
            raise AmendmentError(f"{dose} is no step back from {current.dose}")
        if back.retry_on is None:
            return self._then((self._at(dose, self.day),))
        if back.retry_on <= self.day:
            raise AmendmentError(f"{back.retry_on} is no later day to try {current.dose} again")
        lower = self._at(dose, self.day, back.retry_on - _DAY)
        return self._then((lower, *self._onward(current.dose, current.step, back.retry_on)))

    def _dose_below(self, dose: Dose) -> Dose:
        lower = [one for one in self.rules.protocol.doses if one < dose]
        if not lower:
            raise AmendmentError(f"no step of the protocol is below {dose}; name a dose (--to)")
        return lower[-1]

    def _plateau(self, plateau: Plateau) -> Course:
        current = self._current()
        dose = plateau.dose or current.dose
        if dose > current.dose:
            raise AmendmentError(f"{dose} is above the {current.dose} that is taken; advance first")
        step = current.step if dose == current.dose else self.rules.step_of(dose)
        stays = replace(self._at(dose, self.day), step=step)
        return replace(self._then((stays,)), settled=True)

    def _advance(self, advance: Advance) -> Course:
        current = self._current()
        step = self._next_step(current)
        over = self._interval_is_over(current)
        taken_to = min(current.last or self.eve, self.eve)
        if over > taken_to + _DAY and advance.early_because is None:
            raise AmendmentError(
                f"{current.dose} is taken for its whole interval only on {over}; an earlier "
                "increase needs a named override: early_because (--early-because)"
            )
        return self._then(self.rules.climb(step, self.day, self.setting))

    def _pause(self, pause: Pause) -> Course:
        before = self._pause_now()
        if before and before.opioid and pause.until:
            raise AmendmentError("after an opioid a plan is resumed only with a new screening")
        taken = self._dose_before(before.first) if before else self._current().dose
        if pause.until is None or pause.resume_at is None:
            return self._break(None, ())
        if pause.until <= self.day:
            raise AmendmentError(f"a pause from {self.day} cannot end on {pause.until}")
        _refuse_above(pause.resume_at, taken)
        step = self.rules.step_of(pause.resume_at)
        return self._break(pause.until - _DAY, self._onward(pause.resume_at, step, pause.until))

    def _pause_now(self) -> Break | None:
        """Return the pause that the day lies in, or follows at once."""
        return self.course.pause_on(self.eve) or self.course.pause_on(self.day)

    def _dose_before(self, pause: date) -> Dose:
        taken = [one for one in self.course.segments if one.first < pause]
        return taken[-1].dose if taken else self.rules.protocol.steps[0].dose

    def _break(
        self, last: date | None, tail: Iterable[Segment], *, opioid: str | None = None
    ) -> Course:
        """Take nothing from the day on, as one with a pause that goes on to the day before."""
        course = self._then(tail)
        *earlier, before = course.breaks or (None,)
        if before and before.last == self.eve:
            joined = Break(before.first, last, opioid or before.opioid)
            return replace(course, breaks=(*earlier, joined))
        return replace(course, breaks=(*course.breaks, Break(self.day, last, opioid)))

    def _prepare(self, procedure: Procedure) -> Course:
        if procedure.on < self.day:
            raise AmendmentError(f"a procedure on {procedure.on} is before {self.day}")
        return self.course

    def _resume(self, resume: Resume) -> Course:
        pause = self._pause_now()
        if pause is None:
            raise AmendmentError(f"the plan is not paused on {self.day}")
        if pause.opioid and resume.screening is None:
            raise AmendmentError("after an opioid a plan is resumed only with a new screening")
        _refuse_above(resume.dose, self._dose_before(pause.first))
        return self._then(self._onward(resume.dose, self.rules.step_of(resume.dose), self.day))

    def _reschedule(self, reschedule: Reschedule) -> Course:
        segments = self.course.segments
        if segments and segments[0].first < self.day:
            begun = segments[0].first
            raise AmendmentError(f"the plan has begun on {begun}; only a plan not begun is moved")
        if self.course.is_touched:
            raise AmendmentError("the doses of this plan are amended already; make a new plan")
        if reschedule.start < self.day:
            raise AmendmentError(f"{reschedule.start} is before {self.day}, from which it is moved")
        return self._then(self.rules.climb(1, reschedule.start, self.setting))

    def _change(self, setting: Setting) -> Course:
        if problem := unfit(setting.products, self.rules.protocol.cap):
            raise AmendmentError(problem)
        later = (segment.since(self.day) for segment in self.course.segments)
        changed = [replace(one, setting=setting) for one in later if one]
        return replace(self._then(changed), breaks=self.course.breaks)


def _cut(pause: Break, last: date) -> Break:
    return pause if pause.last and pause.last <= last else replace(pause, last=last)


def _refuse_above(dose: Dose, taken: Dose) -> None:
    if dose > taken:
        raise AmendmentError(f"{dose} is above the {taken} that was taken before the pause")


def _joined(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    joined: list[Segment] = []
    for segment in segments:
        if joined and joined[-1].goes_on_in(segment):
            joined[-1] = replace(joined[-1], last=segment.last)
        else:
            joined.append(segment)
    return tuple(joined)


def _check(course: Course, day: date) -> None:
    """Refuse a dose to come that its products do not make."""
    later = [one for one in course.segments if one.since(day)]
    wanted = tuple({one.dose: None for one in later})
    for segment in later:
        if not can_make(segment.dose, segment.setting.products):
            raise AmendmentError(unmakeable(segment.dose, segment.setting.products, wanted=wanted))
