"""
A second opinion on amendments: a walk through a plan, one dosing day at a time.

It knows what each kind of amendment means and nothing of how the library works it out: there are
no segments here, only today's dose, what comes after it and what was taken so far. It reads rules
that climb with every step, one dose a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ldn_titrate.amendment import (
    Advance,
    Amendment,
    ChangeProducts,
    ChangeTime,
    Opioid,
    Pause,
    Plateau,
    Reschedule,
    Resume,
    Stay,
    StepBack,
    Stop,
)
from ldn_titrate.course import Gate
from ldn_titrate.dose import LDN_BOUNDS, Place
from ldn_titrate.product import can_make, unfit
from ldn_titrate.protocol import Interval

if TYPE_CHECKING:
    from ldn_titrate.dose import Dose
    from ldn_titrate.plan import Plan
    from ldn_titrate.protocol import Step

DAY: Final = timedelta(days=1)


class Refused(Exception):  # noqa: N818 - it is an answer, not a mistake
    """An amendment that must not be, and why."""


class Kind(Enum):
    """What a day is."""

    BEFORE = "before the start"
    DOSE = "a dose is taken"
    PAUSED = "paused"
    SHUT = "the gate is shut"
    OVER = "the protocol is over"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Spell:
    """Days of one kind: for an interval from the day it begins, up to a day, or open."""

    kind: Kind
    dose: Dose | None = None
    lasts: Interval | date | None = None

    def ends(self, begins: date) -> date | None:
        """Give the first day after it."""
        return self.lasts.after(begins) if isinstance(self.lasts, Interval) else self.lasts


def doses(plan: Plan, last: date) -> dict[date, Dose]:
    """Give the dose of each day up to *last* on which one is taken."""
    walk = Walk(plan)
    walk.go(last, standing(plan.amendments))
    return {day: dose for day, dose in walk.taken.items() if day <= last}


ENDS_DOSES: Final = (Stop, Opioid)


def reaches_back_by_right(amendment: Amendment) -> bool:
    """Say whether an amendment ends the doses at once, and so may come before planned ones."""
    return isinstance(amendment, ENDS_DOSES) or (
        isinstance(amendment, Pause) and amendment.until is None
    )


def standing(amendments: tuple[Amendment, ...]) -> tuple[Amendment, ...]:
    """Leave out the amendments that a later one, effective before them, has withdrawn."""
    left: list[Amendment] = []
    for amendment in amendments:
        left = [one for one in left if one.effective <= amendment.effective]
        left.append(amendment)
    return tuple(left)


def objection(plan: Plan, amendment: Amendment) -> str | None:
    """Say why an amendment of a plan must be refused; None if it must not."""
    stands = standing(plan.amendments)
    back = bool(stands) and amendment.effective < stands[-1].effective
    if back and not reaches_back_by_right(amendment):
        return "it reaches back behind the one before"
    if amendment.at < plan.written_at:
        return "it is written before the version that it changes"
    if plan.is_signed and not amendment.is_signed:
        return "it is not signed"
    walk = Walk(plan)
    try:
        walk.go(amendment.effective, standing((*plan.amendments, amendment)))
    except Refused as refused:
        return str(refused)
    return None


def climbs(steps: tuple[Step, ...]) -> bool:
    """Say whether each step is above the one before."""
    return all(before.dose < after.dose for before, after in pairwise(steps))


class Walk:
    """A plan on its way, day by day."""

    def __init__(self, plan: Plan) -> None:
        """Stand before the first day."""
        assert climbs(plan.protocol.steps)
        self.plan = plan
        self.steps = plan.protocol.steps
        self.products = plan.products
        self.settled = False
        self.stopped = False
        self.touched = False
        self.kinds: dict[date, Kind] = {}
        self.taken: dict[date, Dose] = {}
        self.today = min([plan.start, *(one.effective for one in plan.amendments)]) - DAY
        self.to_come: list[Spell] = []
        self.now, self.ends = Spell(Kind.BEFORE), None
        self.turn([Spell(Kind.BEFORE, None, plan.start), *self.climb(0)])

    def go(self, last: date, amendments: tuple[Amendment, ...]) -> None:
        """Walk up to a day, and up to the last amendment."""
        waiting = list(amendments)
        self.today = min([self.today, *(one.effective - DAY for one in waiting)])
        while self.today < last or waiting:
            self.today += DAY
            self.leave_what_is_over()
            while waiting and waiting[0].effective == self.today:
                self.amend(waiting.pop(0))
            self.kinds[self.today] = self.now.kind
            if self.now.dose:
                self.taken[self.today] = self.now.dose

    def turn(self, spells: list[Spell]) -> None:
        """From today on, let these spells come instead."""
        self.now, *self.to_come = spells
        self.ends = self.now.ends(self.today)
        self.leave_what_is_over()

    def leave_what_is_over(self) -> None:
        """Go on to the spell that today lies in."""
        while self.ends is not None and self.ends <= self.today:
            self.now, *self.to_come = self.to_come
            self.ends = self.now.ends(self.today)

    def climb(self, number: int) -> list[Spell]:
        """Give the steps from one on, until one is open or a gate is shut."""
        spells = []
        for place, step in enumerate(self.steps[number:], start=number + 1):
            spells.append(Spell(Kind.DOSE, step.dose, step.lasts))
            if step.lasts is None:
                return spells
            if self.plan.gate is Gate.SIGN and place < len(self.steps):
                return [*spells, Spell(Kind.SHUT)]
        return [*spells, Spell(Kind.OVER)]

    def onward(self, dose: Dose) -> list[Spell]:
        """Give a dose for its step's interval and the climb after it, or open without one."""
        number = next((n for n, step in enumerate(self.steps) if step.dose == dose), None)
        if self.settled or number is None:
            return [Spell(Kind.DOSE, dose)]
        return self.climb(number)

    def higher(self, dose: Dose) -> int | None:
        """Give the next higher step, if there is one to go to."""
        above = (n for n, step in enumerate(self.steps) if step.dose > dose)
        return None if self.settled else next(above, None)

    def eve(self) -> Kind:
        """Say what yesterday was."""
        return self.kinds.get(self.today - DAY, Kind.BEFORE)

    def current(self) -> Dose:
        """Give the dose that was taken last, where the plan runs."""
        if Kind.PAUSED in {self.eve(), self.now.kind}:
            raise Refused("the plan is paused")
        if not self.taken:
            if self.now.kind is not Kind.DOSE:
                raise Refused("the plan has not begun")
            return self.steps[0].dose
        if self.eve() is Kind.OVER:
            raise Refused("the plan has ended")
        return self.taken[max(self.taken)]

    def amend(self, amendment: Amendment) -> None:
        """Let an amendment change what comes."""
        if self.stopped:
            raise Refused("the plan is stopped")
        if isinstance(amendment, ChangeProducts):
            self.products = amendment.products
            if unfit(self.products, self.plan.protocol.cap):
                raise Refused("the products do not fit the plan")
        elif not isinstance(amendment, ChangeTime):
            self.turn(self.spells(amendment))
            self.touched = self.touched or not isinstance(amendment, Reschedule)
        for spell in (self.now, *self.to_come):
            if spell.dose:
                self.allow(spell.dose)

    def allow(self, dose: Dose) -> None:
        """Refuse a dose that may not be taken or cannot be made."""
        place = LDN_BOUNDS.place(dose)
        if dose > self.plan.protocol.cap or place.is_refused:
            raise Refused(f"{dose} is never planned")
        if place is not Place.WITHIN and self.plan.override is None:
            raise Refused(f"{dose} needs an override")
        if not can_make(dose, self.products):
            raise Refused(f"{dose} cannot be made")

    def spells(self, amendment: Amendment) -> list[Spell]:
        """Give what comes from today on by an amendment."""
        return {
            Stay: self.stay,
            StepBack: self.step_back,
            Plateau: self.plateau,
            Advance: self.advance,
            Pause: self.pause,
            Resume: self.resume,
            Stop: self.stop,
            Reschedule: self.reschedule,
        }[type(amendment)](amendment)

    def stay(self, stay: Stay) -> list[Spell]:
        """Stay for so many days and climb then, or stay until told."""
        dose = self.current()
        higher = self.higher(dose)
        if higher is None:
            raise Refused("there is no later step")
        if stay.days is None:
            return [Spell(Kind.DOSE, dose)]
        end = self.today + stay.days * DAY
        self.refuse_earlier(dose, end)
        later = [Spell(Kind.SHUT)] if self.plan.gate is Gate.SIGN else self.climb(higher)
        return [Spell(Kind.DOSE, dose, end), *later]

    def refuse_earlier(self, dose: Dose, end: date) -> None:
        """Refuse a stay that ends before the dose would end without it, or before it may rise."""
        if self.now.dose == dose and self.ends and end < self.ends:
            raise Refused("the dose stays for longer anyway")
        if not self.taken or self.taken.get(self.today - DAY) == dose:
            since = self.since(dose) if self.taken else self.today
            step = next((one for one in self.steps if one.dose == dose), None)
            if step and step.lasts and step.lasts.after(since) > end:
                raise Refused("the dose would rise before its interval is over")

    def since(self, dose: Dose) -> date:
        """Give the first of the last days on which a dose was taken without a break."""
        day = max(self.taken)
        while self.taken.get(day - DAY) == dose:
            day -= DAY
        return day

    def step_back(self, back: StepBack) -> list[Spell]:
        """Go down, for good or until a retry."""
        dose = self.current()
        lower = [step.dose for step in self.steps if step.dose < dose]
        to = back.to or (lower[-1] if lower else None)
        if to is None or to >= dose:
            raise Refused("there is no such lower dose")
        if back.retry_on is None:
            return [Spell(Kind.DOSE, to)]
        if back.retry_on <= self.today:
            raise Refused("the retry is no later day")
        return [Spell(Kind.DOSE, to, back.retry_on), *self.onward(dose)]

    def plateau(self, plateau: Plateau) -> list[Spell]:
        """Settle, here or lower."""
        dose = self.current()
        if plateau.dose and plateau.dose > dose:
            raise Refused("that is higher than what is taken")
        self.settled = True
        return [Spell(Kind.DOSE, plateau.dose or dose)]

    def advance(self, advance: Advance) -> list[Spell]:
        """Go up."""
        dose = self.current()
        higher = self.higher(dose)
        if higher is None:
            raise Refused("there is no higher step")
        if not advance.early_because and not self.whole(dose):
            raise Refused("the interval is not over")
        return self.climb(higher)

    def whole(self, dose: Dose) -> bool:
        """Say whether a dose has been taken for its interval without a break."""
        step = next((one for one in self.steps if one.dose == dose), None)
        if step is None or step.lasts is None:
            return True
        return bool(self.taken) and step.lasts.after(self.since(dose)) <= max(self.taken) + DAY

    def pause(self, pause: Pause) -> list[Spell]:
        """Take nothing, until told or up to a day; a pause may be changed by another."""
        dose = self.before() if self.is_paused() else self.current()
        if pause.until is None or pause.resume_at is None:
            return [Spell(Kind.PAUSED)]
        if pause.until <= self.today:
            raise Refused("the pause ends before it begins")
        if pause.resume_at > dose:
            raise Refused("that is higher than before the pause")
        return [Spell(Kind.PAUSED, None, pause.until), *self.onward(pause.resume_at)]

    def is_paused(self) -> bool:
        """Say whether today lies in a pause, or follows one at once."""
        return Kind.PAUSED in {self.eve(), self.now.kind}

    def before(self) -> Dose:
        """Give the dose before a pause."""
        return self.taken[max(self.taken)] if self.taken else self.steps[0].dose

    def resume(self, resume: Resume) -> list[Spell]:
        """End a pause."""
        if not self.is_paused():
            raise Refused("the plan is not paused")
        if resume.dose > self.before():
            raise Refused("that is higher than before the pause")
        return self.onward(resume.dose)

    def stop(self, _: Stop) -> list[Spell]:
        """Take nothing any more."""
        self.stopped = True
        return [Spell(Kind.STOPPED)]

    def reschedule(self, reschedule: Reschedule) -> list[Spell]:
        """Begin on another day."""
        if self.taken or Kind.PAUSED in {self.eve(), self.now.kind, *self.kinds.values()}:
            raise Refused("the plan has begun")
        if self.touched:
            raise Refused("the doses are amended already")
        if reschedule.start < self.today:
            raise Refused("the new start is past")
        return [Spell(Kind.BEFORE, None, reschedule.start), *self.climb(0)]
