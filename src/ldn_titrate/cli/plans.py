"""The commands that make, show and check a plan."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import uuid4

from cyclopts import Parameter

from ldn_titrate.bedtime import dosing_time, read_clock
from ldn_titrate.cli.common import (
    Day,
    Force,
    Output,
    PlanFile,
    Through,
    Version,
    differences,
    new_table,
    note,
    note_past,
    print_table,
    read_plan,
    read_schedule,
    read_text,
    signed_words,
    write_result,
)
from ldn_titrate.cli.making import NOT_TOLD, Contacts, PatientName, Signing, tell_checked
from ldn_titrate.course import Break, Gate
from ldn_titrate.errors import PlanError, ScheduleError
from ldn_titrate.export.tables import as_csv, as_json
from ldn_titrate.followup import FollowUp
from ldn_titrate.library import DEFAULT_PROTOCOL, load_protocol
from ldn_titrate.plan import Override, Plan
from ldn_titrate.plan import check as check_plan
from ldn_titrate.planfile import dump_plan
from ldn_titrate.product import Product, make_up
from ldn_titrate.protocol import Protocol
from ldn_titrate.schedule import check_times, lay_out
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from datetime import date

    from rich.table import Table

    from ldn_titrate.course import Segment
    from ldn_titrate.findings import Finding
    from ldn_titrate.schedule import Schedule

_DEFAULT_PRODUCT = "capsule 1.5 mg"
_LIQUID = "liquid 1 mg/mL, 0.1 mL syringe"


@Parameter(name="*")
@dataclass(frozen=True)
class Draft:
    """What a plan is made of."""

    start: Annotated[Day, Parameter(help="The first dosing day, such as 2026-12-01.")]
    timezone: Annotated[str, Parameter(help="An IANA name, such as Europe/Amsterdam.")]
    bedtime: Annotated[str, Parameter(help="The time of each dose, such as 22:00.")]
    output: Output
    protocol: Annotated[str, Parameter(help="A protocol's id, or a .toml file of your own.")] = (
        DEFAULT_PROTOCOL
    )
    product: Annotated[
        list[str] | None,
        Parameter(
            help=f"What is dispensed, such as 'tablet 3 mg' or '{_LIQUID}'; may be repeated; "
            f"{_DEFAULT_PRODUCT} if left out.",
            negative="",
        ),
    ] = None
    patient: PatientName = None
    contacts: Contacts = NOT_TOLD
    gate: Annotated[Gate, Parameter(help="Whether an increase waits for a signature.")] = Gate.CHECK
    override_by: Annotated[
        str | None, Parameter(help="Who allows a dose outside 0.5 to 4.5 mg.")
    ] = None
    override_reason: Annotated[str | None, Parameter(help="Why it is allowed.")] = None
    review_week: Annotated[
        list[int] | None,
        Parameter(
            help="A review so many weeks after the start; may be repeated; 4, 8, 12 if left out.",
            negative="",
        ),
    ] = None
    review_months: Annotated[
        int | None, Parameter(help="Months between later reviews: 3; 0 for none.")
    ] = None
    force: Force = False

    def plan(self) -> Plan:
        """Return the plan, made now."""
        return Plan(
            id=uuid4(),
            revised_at=datetime.now(UTC),
            protocol=_protocol(self.protocol),
            start=self.start,
            bedtime=read_clock(self.bedtime),
            timezone=self.timezone,
            gate=self.gate,
            products=tuple(Product.parse(one) for one in self.product or [_DEFAULT_PRODUCT]),
            patient=self.patient,
            clinic=self.contacts.kept(),
            override=_override(self.override_by, self.override_reason),
            follow_up=_follow_up(self.review_week, self.review_months),
        )


def new(*, draft: Draft) -> None:
    """Make a plan file."""
    write_result(draft.output, dump_plan(draft.plan()).encode("utf-8"), force=draft.force)
    if not draft.product:
        note(f"note: no --product was given; counting in {_DEFAULT_PRODUCT}")
    note_past(draft.start, "the doses since then are laid out as if the plan had begun")


def _follow_up(weeks: list[int] | None, months: int | None) -> FollowUp:
    usual = FollowUp()
    return FollowUp(
        weeks=usual.weeks if weeks is None else tuple(weeks),
        then_months=usual.then_months if months is None else months,
    )


def _override(by: str | None, reason: str | None) -> Override | None:
    if (by is None) != (reason is None):
        raise PlanError("--override-by and --override-reason go together: a person and a reason")
    return Override(by=by, reason=reason) if by is not None and reason is not None else None


def _protocol(wanted: str) -> Protocol:
    if wanted.lower().endswith(".toml"):
        return Protocol.from_toml(read_text(wanted))
    return load_protocol(wanted)


def show(
    plan: PlanFile,
    /,
    *,
    first: Annotated[Day | None, Parameter(name="--from", help="The first dosing day.")] = None,
    through: Through = None,
    version: Version = None,
    format: Annotated[Literal["table", "json", "csv"], Parameter(help="How to show it.")] = "table",  # noqa: A002
) -> None:
    """Show a plan's steps, or its doses day by day."""
    schedule = read_schedule(plan, version=version)
    begin = max(first or schedule.first, schedule.first)
    last = schedule.horizon(through)
    if begin > last and (first or through):
        raise ScheduleError(
            f"no dosing day lies between {begin} and {last}; give a later day with --through"
        )
    if format == "csv":
        sys.stdout.write(as_csv(schedule, begin, last).replace("\r\n", "\n"))
    elif format == "json":
        sys.stdout.write(as_json(schedule, begin, last))
    else:
        print_table(*_summary(schedule, begin, last))


def _summary(schedule: Schedule, first: date, last: date) -> list[Table | str]:
    table = new_table("", "Step", "First dose", "Last dose", "Days", "Dose", "Time", "What to take")
    parts: list[Segment | Break] = [*schedule.between(first, last)]
    parts += [one for one in schedule.plan.course.breaks if first <= one.first <= last]
    for part in sorted(parts, key=lambda one: one.first):
        table.add_row(*_row(part, last))
    needed = ", ".join(str(one) for one in schedule.units(first, last)) or "nothing"
    shown = [f"From {long_date(first)} to {long_date(last)}: {needed}"] if first <= last else []
    return [_heading(schedule), table, *shown, *_end(schedule.plan), *_reviews(schedule.plan, last)]


def _reviews(plan: Plan, last: date) -> list[str]:
    days = [long_date(day) for day in plan.reviews(last)]
    return [f"Reviews up to {long_date(last)}: {', '.join(days)}"] if days else []


def _row(part: Segment | Break, last: date) -> tuple[str, ...]:
    dates = long_date(part.first), long_date(part.last) if part.last else "open"
    if isinstance(part, Break):
        days = min(part.last or last, last) - part.first
        return ("", *dates, str(days.days + 1), "pause", "", "nothing")
    units = " and ".join(one.in_words() for one in make_up(part.dose, part.setting.products))
    time = f"{part.setting.bedtime:%H:%M}"
    return (str(part.step or ""), *dates, str(part.count(last)), str(part.dose), time, units)


def _heading(schedule: Schedule) -> str:
    plan, setting = schedule.plan, schedule.setting_on(schedule.in_force_from)
    signed = signed_words(plan.signature)
    who = f"{plan.patient}, " if plan.patient else ""
    time = f"{dosing_time(setting.bedtime)} at {setting.bedtime:%H:%M}, {setting.timezone}"
    return f"{who}plan {plan.code} ({signed})\n{plan.protocol.title}\n{time}"


def _end(plan: Plan) -> list[str]:
    course = plan.course
    told = []
    if course.stopped:
        told.append(f"Stopped: no dose from {long_date(course.stopped)} on")
    if course.waits_from:
        told.append(
            f"Waits: no dose from {long_date(course.waits_from)} on until an advance is signed"
        )
    if course.breaks and course.breaks[-1].last is None:
        told.append(
            f"Paused: no dose from {long_date(course.breaks[-1].first)} on until it is resumed"
        )
    return told


def check(plan: PlanFile, /) -> int:
    """Say what a plan's reader must know; exit status 1 if something must be mended."""
    return tell_checked(plan, read_plan, _findings)


def _findings(plan: Plan) -> tuple[Finding, ...]:
    return (*check_plan(plan), *check_times(lay_out(plan)))


def sign(plan: PlanFile, /, *, signing: Signing) -> None:
    """Sign a plan's version as its prescriber."""
    signing.sign(read_plan(plan), plan)


def history(plan: PlanFile, /) -> None:
    """Show who changed what, when and why."""
    newest = read_plan(plan)
    table = new_table(
        f"Plan {newest.code}", "Version", "Written", "Change", "From", "By", wrapped="Why"
    )
    for number in range(1, newest.version + 1):
        table.add_row(*_history_row(newest.at_version(number)))
    print_table(table)


def _history_row(plan: Plan) -> tuple[str, ...]:
    signature = plan.signature
    written = plan.written_at.strftime("%Y-%m-%d %H:%M UTC")
    if not plan.amendments:
        by = f"{signature.by}, {signature.role}" if signature else "not signed"
        return ("1", written, "plan", str(plan.start), by, "the plan as it was made")
    last = plan.amendments[-1]
    draft = "" if plan.is_signed else " (draft)"
    by = f"{last.by}, {last.role}{draft}" if last.by else "not signed"
    return (str(plan.version), written, last.kind, str(last.effective), by, last.reason)


def diff(
    plan: PlanFile,
    before: Annotated[int, Parameter(help="The version to compare from.")],
    after: Annotated[int, Parameter(help="The version to compare with it.")],
    /,
    *,
    through: Through = None,
) -> None:
    """Show which dosing days change between two versions, from what to what."""
    newest = read_plan(plan)
    old, new = (lay_out(newest.at_version(version)) for version in (before, after))
    print_table(*differences(old, new, through))
