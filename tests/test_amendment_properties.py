"""What holds after any sequence of amendments, of any plan whose rule climbs."""

from __future__ import annotations

import csv
import io
import os
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import icalendar
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import naive
import pdf_judges
from judges.pypi import recurring_occurrences
from ldn_titrate import documents
from ldn_titrate.amendment import (
    Advance,
    Amendment,
    ChangeProducts,
    ChangeTime,
    Pause,
    Plateau,
    Reschedule,
    Resume,
    Stay,
    StepBack,
    Stop,
)
from ldn_titrate.content import TickCalendar
from ldn_titrate.course import Gate
from ldn_titrate.errors import LdnTitrateError, PlanError
from ldn_titrate.export.calendar import CalendarKind, calendar_file, given_out
from ldn_titrate.export.printed import handout_file
from ldn_titrate.export.tables import as_csv
from ldn_titrate.planfile import dump_plan, load_plan
from ldn_titrate.product import OralLiquid, Solid
from ldn_titrate.protocol import Step, StepsRule
from ldn_titrate.schedule import lay_out
from ldn_titrate.supply import needs
from plans import (
    BEDTIMES_AND_MORNINGS,
    DAY_INTERVALS,
    INTERVALS,
    KITS,
    OVERRIDE,
    PLACES,
    REVISED_AT,
    STARTS,
    Kit,
    a_plan,
    a_protocol,
    linear_rules,
)

if TYPE_CHECKING:
    from ldn_titrate.dose import Dose
    from ldn_titrate.plan import Plan
    from ldn_titrate.product import Units
    from ldn_titrate.protocol import Interval
    from ldn_titrate.schedule import Schedule

DAY: Final = timedelta(days=1)
FOLLOWED: Final = 400
PRINTED: Final = 70
MOST_AMENDMENTS: Final = 12
MANY: Final = 2000 if os.environ.get("CI") else 200
BY: Final = {"by": "Dr Example", "role": "physician", "reason": "An invented reason"}
KINDS: Final = (
    *(Stay, StepBack, Plateau, Advance, Pause),
    *(Resume, Stop, Reschedule, ChangeTime, ChangeProducts),
)
LENGTHS: Final = (*range(MOST_AMENDMENTS + 1), *range(6, MOST_AMENDMENTS + 1))
NEAR: Final = (0, 0, 0, 0, -1, 1, 2, 6)
BOX: Final = re.compile(r"^(\d+ [A-Z][a-z]{2}) (\d[\d.]* mg) \d", re.MULTILINE)
OFTEN = settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
PARTLY = settings(max_examples=MANY // 5, suppress_health_check=list(HealthCheck))
SOMETIMES = settings(max_examples=MANY // 16, suppress_health_check=list(HealthCheck))
RARELY = settings(max_examples=MANY // 25, suppress_health_check=list(HealthCheck))


@dataclass(repr=False)
class History:
    """
    A plan, its versions, and what was asked of it.

    Attributes:
        versions: The plan as it was made, and after each amendment that was accepted.
        refused: The version, the amendment that it refused, and the words of the refusal.
        broken: As *refused*, but with an exception that is not the library's own.
    """

    versions: list[Plan]
    refused: list[tuple[Plan, Amendment, str]] = field(default_factory=list)
    broken: list[tuple[Plan, Amendment, Exception]] = field(default_factory=list)

    def __repr__(self) -> str:
        """Say what matters of it: rule, start, gate, and each amendment."""
        plan = self.plan
        steps = ", ".join(f"{one.dose} {one.lasts or 'open'}" for one in plan.protocol.steps)
        asked = [*plan.amendments, *(("refused", one, words) for _, one, words in self.refused)]
        return "\n".join(
            (f"{plan.gate} from {plan.start}: {steps}", *(_in_short(one) for one in asked))
        )

    @property
    def plan(self) -> Plan:
        """The newest version."""
        return self.versions[-1]

    @property
    def last(self) -> date:
        """The last day that is looked at."""
        return self.plan.start + timedelta(days=FOLLOWED)

    def days(self) -> list[date]:
        """Give each day that is looked at."""
        first = min([self.plan.start, *(one.effective for one in self.plan.amendments)]) - DAY
        return [first + timedelta(days=n) for n in range((self.last - first).days + 1)]

    def ask(self, amendment: Amendment) -> None:
        """Amend the newest version, if it lets itself be amended."""
        try:
            self.versions.append(self.plan.amended(amendment))
        except LdnTitrateError as error:
            self.refused.append((self.plan, amendment, str(error)))
        except Exception as error:  # noqa: BLE001 - kept, and told by a test of its own
            self.broken.append((self.plan, amendment, error))


def _in_short(one: object) -> str:
    if isinstance(one, tuple):
        return " ".join(map(_in_short, one))
    return one if isinstance(one, str) else one.model_dump_json(exclude={"at", "reason", *BY})


@st.composite
def climbing_steps(draw: st.DrawFn, kit: Kit, lengths: st.SearchStrategy[Interval]) -> StepsRule:
    """Give lists of steps, each above the one before."""
    least = min(3, kit.most)
    amounts = sorted(draw(st.sets(st.integers(1, kit.most), min_size=least, max_size=6)))
    cap = draw(st.integers(max(kit.least, *amounts), kit.most))
    steps = [Step(dose=kit.of * amount, lasts=draw(lengths)) for amount in amounts]
    if draw(st.booleans()):
        steps[-1] = steps[-1].replace(lasts=None)
    return StepsRule(kind="steps", cap=kit.of * cap, steps=tuple(steps))


@st.composite
def first_versions(
    draw: st.DrawFn, kit: Kit, lengths: st.SearchStrategy[Interval], zones: st.SearchStrategy[str]
) -> Plan:
    """Give plans without amendments, half of them signed, with an override where one is needed."""
    climbing = climbing_steps(kit, lengths)
    rules = linear_rules(kit, lengths) | climbing | climbing
    fields = {
        "protocol": a_protocol(draw(rules)),
        "start": draw(STARTS),
        "bedtime": draw(BEDTIMES_AND_MORNINGS),
        "timezone": draw(zones),
        "products": kit.products,
        "gate": draw(st.sampled_from(Gate)),
        "patient": None,
    }
    try:
        plan = a_plan(**fields)
    except PlanError:
        plan = a_plan(**fields, override=OVERRIDE)
    if draw(st.booleans()):
        return plan.signed(
            screened_elsewhere=True, by="Dr Example", role="physician", at=REVISED_AT
        )
    return plan


@st.composite
def histories(
    draw: st.DrawFn,
    lengths: st.SearchStrategy[Interval] = INTERVALS,
    zones: st.SearchStrategy[str] = PLACES,
) -> History:
    """Give plans with up to 12 amendments, made to suit what is planned, or nearly."""
    kit = draw(st.sampled_from(KITS))
    history = History([draw(first_versions(kit, lengths, zones))])
    for number in range(draw(st.sampled_from(LENGTHS))):
        history.ask(_amendment(draw, history.plan, kit, zones, number))
    event(f"accepted: {len(history.versions) - 1}")
    event(f"refused: {len(history.refused)}")
    for one in history.plan.amendments:
        event(f"kind: {one.kind}")
    return history


def _amendment(
    draw: st.DrawFn, plan: Plan, kit: Kit, zones: st.SearchStrategy[str], number: int
) -> Amendment:
    day = draw(st.sampled_from(_days(plan))) + timedelta(days=draw(st.sampled_from(NEAR)))
    amounts = [*plan.protocol.doses, kit.of * draw(st.integers(1, kit.most))]
    current = _current(plan, day)
    suited = draw(st.integers(0, 5)) > 0
    pool = _suited(plan, day, current, number) if suited else KINDS
    below = [one for one in amounts if one < current] if suited else amounts
    not_above = [one for one in amounts if one <= current] if suited else amounts
    options = {
        Stay: lambda: {"days": draw(st.none() | st.integers(1, 40))},
        StepBack: lambda: {
            "to": draw(st.sampled_from([None, *below])),
            "retry_on": draw(st.none() | st.integers(0, 40).map(lambda n: day + n * DAY)),
        },
        Plateau: lambda: {"dose": draw(st.sampled_from([None, *not_above]))},
        Advance: lambda: {"early_because": draw(st.sampled_from([None, "Invented", "Invented"]))},
        Pause: lambda: _pause(draw, day, not_above or amounts),
        Resume: lambda: {"dose": draw(st.sampled_from(not_above or amounts))},
        Stop: dict,
        Reschedule: lambda: {"start": day + draw(st.integers(-1, 30)) * DAY},
        ChangeTime: lambda: {"bedtime": draw(BEDTIMES_AND_MORNINGS), "timezone": draw(zones)},
        ChangeProducts: lambda: {"products": draw(st.sampled_from([kit, *KITS])).products},
    }
    kind = draw(st.sampled_from(pool))
    return kind(effective=day, at=REVISED_AT + timedelta(hours=number), **BY, **options[kind]())


def _current(plan: Plan, day: date) -> Dose:
    """Give the last dose before a day, or the first step's."""
    before = [one for one in plan.course.segments if one.first < day]
    return before[-1].dose if before else plan.protocol.steps[0].dose


def _suited(plan: Plan, day: date, current: Dose, number: int) -> tuple[type, ...]:
    """Give the kinds that may be asked for on a day, the more often the more they do."""
    course = plan.course
    if course.pause_on(day - DAY) or course.pause_on(day):
        return (Resume, Resume, Resume, ChangeTime, ChangeProducts)
    begins = course.segments[0].first if course.segments else plan.start
    if day < begins:
        return (Reschedule, Reschedule, ChangeTime, ChangeProducts)
    kinds = [ChangeTime, ChangeProducts, Pause, Pause, Pause]
    if not course.settled and current < max(plan.protocol.doses):
        kinds += [Stay] * 3 + [Advance] * 3
    if current > min(plan.protocol.doses):
        kinds += [StepBack] * 4
    if day == begins:
        kinds += [Reschedule] * 2
    if number > MOST_AMENDMENTS // 3:
        kinds += [Plateau, Plateau, Stop]
    return tuple(kinds)


def _pause(draw: st.DrawFn, day: date, amounts: list[Dose]) -> dict[str, Any]:
    if draw(st.booleans()):
        return {}
    return {
        "until": day + timedelta(days=draw(st.integers(0, 30))),
        "resume_at": draw(st.sampled_from(amounts)),
    }


def _days(plan: Plan) -> list[date]:
    """Give the days near which an amendment is of interest: what begins and ends after the last."""
    since = plan.amendments[-1].effective if plan.amendments else plan.start - timedelta(days=9)
    course = plan.course
    runs = [(one.first, one.last) for one in (*course.segments, *course.breaks)]
    turns = [day for first, last in runs for day in (first, last and last + DAY) if day]
    last = plan.start + timedelta(days=FOLLOWED - 40)
    return [since, *(day for day in sorted(set(turns)) if since < day < last)]


@OFTEN
@given(histories())
def test_the_doses_are_those_of_a_walk_day_by_day(history: History) -> None:
    """For up to 400 days, of the newest version that may be."""
    plan, walked = _walked(history)
    schedule = lay_out(plan)

    assert {day: dose for day in history.days() if (dose := schedule.dose_on(day))} == walked


def _walked(history: History) -> tuple[Plan, dict[date, Dose]]:
    """Give the newest version that the walk does not refuse, which is for another test to tell."""
    for plan in reversed(history.versions):
        try:
            return plan, naive.doses(plan, history.last)
        except naive.Refused:
            event("the walk refuses what was accepted")
    raise AssertionError


@PARTLY
@given(histories())
def test_what_is_refused_is_what_must_be(history: History) -> None:
    """Each amendment that was accepted may be, and each that was refused must not be."""
    accepted = [(before, after.amendments[-1]) for before, after in pairwise(history.versions)]

    assert [(one, why) for plan, one in accepted if (why := naive.objection(plan, one))] == []
    assert [
        (one, words) for plan, one, words in history.refused if naive.objection(plan, one) is None
    ] == []


@SOMETIMES
@given(histories())
def test_a_refusal_is_an_error_of_the_library(history: History) -> None:
    """Whatever is asked, no other exception escapes, and each refusal says why."""
    assert history.broken == []
    assert all(words.strip() for _, _, words in history.refused)


@SOMETIMES
@given(histories())
def test_no_dose_is_above_the_cap_or_outside_the_bounds(history: History) -> None:
    """Not on any day of any version, whatever was asked."""
    for plan in history.versions:
        given_doses = {one.dose for one in lay_out(plan).segments}
        assert all(one <= plan.protocol.cap for one in given_doses)
        if plan.override is None:
            assert all(Decimal("0.5") <= one.mg <= Decimal("4.5") for one in given_doses)


@SOMETIMES
@given(histories())
def test_the_segments_cover_each_dosing_day_once(history: History) -> None:
    """In order, without an overlap, and never on a day of a pause or after a stop."""
    for plan in history.versions:
        course = plan.course
        assert all(one.last is None or one.first <= one.last for one in course.segments)
        assert all(
            before.last is not None and before.last < after.first
            for before, after in pairwise(course.segments)
        )
        for pause in course.breaks:
            assert pause.last is None or pause.first <= pause.last
            assert not any(
                (pause.last is None or one.first <= pause.last)
                and (one.last is None or pause.first <= one.last)
                for one in course.segments
            )
        if course.stopped:
            assert all(one.last and one.last < course.stopped for one in course.segments)


@PARTLY
@given(histories())
def test_a_dose_rises_only_where_somebody_signed_it(history: History) -> None:
    """After the step's whole interval, or by an Advance, a retry or a resumed pause."""
    plan = history.plan
    risen = _raised_by_amendment(plan)
    runs = _runs(lay_out(plan), history.days())

    for before, after in pairwise(runs):
        if after.dose <= before.dose or after.first in risen:
            continue
        step = next((one for one in plan.protocol.steps if one.dose == before.dose), None)
        assert before.last == after.first - DAY, (before, after)
        if step and step.lasts:
            assert step.lasts.after(before.first) <= after.first, (before, after)


@dataclass
class Run:
    """Days in a row with one dose."""

    first: date
    last: date
    dose: Dose


def _runs(schedule: Schedule, days: list[date]) -> list[Run]:
    runs: list[Run] = []
    for day in days:
        dose = schedule.dose_on(day)
        if dose and runs and (runs[-1].last, runs[-1].dose) == (day - DAY, dose):
            runs[-1].last = day
        elif dose:
            runs.append(Run(day, day, dose))
    return runs


def _raised_by_amendment(plan: Plan) -> set[date | None]:
    days: set[date | None] = set()
    for one in plan.amendments:
        match one:
            case Advance() | Resume():
                days.add(one.effective)
            case StepBack():
                days.add(one.retry_on)
            case Pause():
                days.add(one.until)
            case Reschedule():
                days.add(one.start)
    return days


@SOMETIMES
@given(histories())
def test_nothing_changes_before_the_effective_day(history: History) -> None:
    """Dose, time and products of each earlier day are those of the version before."""
    for before, after in pairwise(history.versions):
        effective = after.amendments[-1].effective
        earlier = [day for day in history.days() if day < effective]
        assert _taken(lay_out(after), earlier) == _taken(lay_out(before), earlier)


def _taken(schedule: Schedule, days: list[date]) -> list[object]:
    if not days:
        return []
    return [
        (one.day, one.dose, one.at, one.segment.setting)
        for one in schedule.doses(days[0], days[-1])
    ]


@SOMETIMES
@given(histories())
def test_each_version_is_laid_out_as_it_was(history: History) -> None:
    """The same hash, the same segments and the same signature."""
    for number, then in enumerate(history.versions, start=1):
        again = history.plan.at_version(number)
        assert again.content_hash == then.content_hash
        assert (again.signature, again.code) == (then.signature, then.code)
        assert (again.is_signed, again.version) == (history.versions[0].is_signed, number)
        assert lay_out(again).segments == lay_out(then).segments
        assert again.course == then.course


@SOMETIMES
@given(histories(DAY_INTERVALS, st.just("UTC")), st.integers(-3000, 3000))
def test_shifting_every_date_shifts_every_answer(history: History, shift: int) -> None:
    """Where only days are counted, nothing depends on the date itself."""
    by = timedelta(days=shift)
    moved = _shifted_plan(history.versions[0], by)
    again = History([moved])
    for one in history.plan.amendments:
        again.ask(_shifted(one, by))

    assert again.refused == []
    assert [(one.first - by, one.last and one.last - by) for one in again.plan.course.segments] == [
        (one.first, one.last) for one in history.plan.course.segments
    ]
    assert [one.dose for one in again.plan.course.segments] == [
        one.dose for one in history.plan.course.segments
    ]
    assert [(one.first - by, one.last and one.last - by) for one in again.plan.course.breaks] == [
        (one.first, one.last) for one in history.plan.course.breaks
    ]
    for plan, one, _ in history.refused:
        asked = History([plan.at_version(1)])
        asked.versions = [_shifted_plan(plan.at_version(1), by)]
        for earlier in plan.amendments:
            asked.ask(_shifted(earlier, by))
        asked.ask(_shifted(one, by))
        assert len(asked.refused) == 1


def _shifted_plan(plan: Plan, by: timedelta) -> Plan:
    moved = plan.replace(start=plan.start + by, signatures=())
    return (
        moved.signed(screened_elsewhere=True, by="Dr Example", role="physician", at=REVISED_AT)
        if plan.is_signed
        else moved
    )


def _shifted(amendment: Amendment, by: timedelta) -> Amendment:
    days = {
        name: value + by
        for name in type(amendment).model_fields
        if isinstance(value := getattr(amendment, name), date) and not isinstance(value, datetime)
    }
    return amendment.replace(**days)


@SOMETIMES
@given(histories())
def test_an_amended_plan_that_was_written_is_read_back(history: History) -> None:
    """The same value, the same text, the same hash, the same schedule, whole and signed."""
    read = load_plan(dump_plan(history.plan))

    assert read == history.plan
    assert dump_plan(read) == dump_plan(history.plan)
    assert read.content_hash == history.plan.content_hash
    assert lay_out(read).segments == lay_out(history.plan).segments
    assert read.is_signed == history.versions[0].is_signed


@RARELY
@given(histories())
def test_every_output_carries_the_dose_of_every_day(history: History) -> None:
    """Calendar, table, supply and the handout's boxes say what the schedule says."""
    schedule = lay_out(_with_calendars(history))
    if not schedule.segments:
        return
    asked = max(schedule.first, schedule.in_force_from) + timedelta(days=PRINTED)
    last = schedule.horizon(asked)
    due = list(schedule.doses(schedule.first, last))
    planned = {one.day: one.dose for one in due}

    assert _in_the_table(schedule, last) == planned
    assert _in_the_calendar(schedule, last) == _reminders(schedule, last)
    assert _supplied(schedule, last) == sum((one.dose.mg for one in due), Decimal(0))
    assert _counted(schedule.units(schedule.first, last)) == _supplied(schedule, last)
    boxes = _boxes(schedule, asked)
    assert boxes == {
        _short(day): str(dose) for day, dose in planned.items() if day >= schedule.in_force_from
    }
    assert _printed_boxes(schedule, asked) == boxes


def _reminders(schedule: Schedule, last: date) -> list[tuple[datetime, Dose]]:
    """Give what a calendar tells: up to a day, and no shorter than a file that was given out."""
    through = max(last, *(one.through for one in schedule.plan.given_out))
    return sorted(
        (one.at.astimezone(UTC), one.dose) for one in schedule.doses(schedule.first, through)
    )


def _with_calendars(history: History) -> Plan:
    """Give the plan with a note of a calendar file that was given out from its first version."""
    first = history.versions[0]
    handed = given_out(lay_out(first), through=lay_out(first).horizon()).given_out
    return history.plan.replace(given_out=handed)


def _in_the_table(schedule: Schedule, last: date) -> dict[date, object]:
    rows = csv.DictReader(io.StringIO(as_csv(schedule, schedule.first, last), newline=""))
    return {
        date.fromisoformat(row["day"]): type(schedule.segments[0].dose)(Decimal(row["dose_mg"]))
        for row in rows
    }


def _in_the_calendar(schedule: Schedule, last: date) -> list[tuple[datetime, object]]:
    file = calendar_file(schedule, kind=CalendarKind.UPDATE, through=last).content
    calendar = icalendar.Calendar.from_ical(file)
    calendar.subcomponents = [
        one for one in calendar.subcomponents if one.get("STATUS") != "CANCELLED"
    ]
    told = {
        str(one["UID"]): str(one["DESCRIPTION"]).partition(" of naltrexone")[0]
        for one in calendar.events
        if "RRULE" in one
    }
    parse = type(schedule.segments[0].dose).parse
    return sorted(
        (moment, parse(told[uid]))
        for uid, moment in recurring_occurrences(calendar.to_ical())
        if isinstance(moment, datetime)
    )


def _supplied(schedule: Schedule, last: date) -> Decimal:
    needed = needs(schedule, schedule.first, last)
    return sum((_counted(one.total) for one in needed), Decimal(0))


def _counted(units: tuple[Units, ...]) -> Decimal:
    total = Decimal(0)
    for one in units:
        product = one.product
        if isinstance(product, OralLiquid):
            total += one.amount * product.strength.mg / product.volume_ml
        else:
            assert isinstance(product, Solid)
            total += one.amount * product.strength.mg
    return total


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _boxes(schedule: Schedule, last: date) -> dict[str, str]:
    front = documents.handout(schedule, through=last).front
    days = [
        day
        for block in front
        if isinstance(block, TickCalendar)
        for week in block.weeks
        for day in week.days
        if day and day.dose
    ]
    plain = [
        tuple(text.replace("\N{NO-BREAK SPACE}", " ") for text in (one.date, one.dose))
        for one in days
    ]
    assert len(dict(plain)) == len(plain)
    return dict(plain)


def _printed_boxes(schedule: Schedule, last: date) -> dict[str, str]:
    pdf = handout_file(schedule, through=last).content
    return dict(BOX.findall("\n".join(pdf_judges.struct_text(pdf))))
