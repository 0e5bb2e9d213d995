"""
One plan, everything derived, the dose conserved: low-dose naltrexone titration.

A prescriber writes one plan; this library lays it on the calendar and derives the dated doses, the
calendar file, the printed handout and the count of capsules from it, in exact decimals, or refuses
and says why. It is not a medical device and gives no advice.

Each public name is loaded when it is first used, so that importing the package costs next to
nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ldn_titrate.amendment import (
        Advance,
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
    from ldn_titrate.course import Gate, Segment
    from ldn_titrate.days import day_by_day
    from ldn_titrate.dose import LDN_BOUNDS, Bounds, Dose
    from ldn_titrate.errors import LdnTitrateError, PlanChangedError
    from ldn_titrate.export import (
        CalendarKind,
        CalendarOptions,
        given_out,
        write_calendar,
        write_handout,
        write_table,
    )
    from ldn_titrate.export.topical import topical_calendar_file, topical_handout_file
    from ldn_titrate.findings import Finding, Severity
    from ldn_titrate.followup import FollowUp
    from ldn_titrate.itch import ItchSeries, time_to_half
    from ldn_titrate.library import load_protocol, protocol_ids
    from ldn_titrate.plan import Clinic, Override, Plan, check
    from ldn_titrate.planfile import dump_plan, load_plan, load_topical_plan
    from ldn_titrate.product import Product, Units, make_up, parse_units
    from ldn_titrate.protocol import Protocol
    from ldn_titrate.record import Record, dump_record, load_record
    from ldn_titrate.schedule import Schedule, ScheduledDose, check_times, lay_out
    from ldn_titrate.screening import Screening
    from ldn_titrate.signing import Signature
    from ldn_titrate.supply import lasts, needs
    from ldn_titrate.topical import Strength, TopicalAmount, TopicalPlan, check_topical

_ROOMS = {
    "amendment": (
        "Advance",
        "ChangeProducts",
        "ChangeTime",
        "Opioid",
        "Pause",
        "Plateau",
        "Procedure",
        "Reschedule",
        "Resume",
        "Stay",
        "StepBack",
        "Stop",
    ),
    "course": ("Gate", "Segment"),
    "days": ("day_by_day",),
    "dose": ("LDN_BOUNDS", "Bounds", "Dose"),
    "errors": ("LdnTitrateError", "PlanChangedError"),
    "export": (
        "CalendarKind",
        "CalendarOptions",
        "given_out",
        "write_calendar",
        "write_handout",
        "write_table",
    ),
    "export.topical": ("topical_calendar_file", "topical_handout_file"),
    "findings": ("Finding", "Severity"),
    "followup": ("FollowUp",),
    "itch": ("ItchSeries", "time_to_half"),
    "library": ("load_protocol", "protocol_ids"),
    "plan": ("Clinic", "Override", "Plan", "check"),
    "planfile": ("dump_plan", "load_plan", "load_topical_plan"),
    "product": ("Product", "Units", "make_up", "parse_units"),
    "protocol": ("Protocol",),
    "record": ("Record", "dump_record", "load_record"),
    "schedule": ("Schedule", "ScheduledDose", "check_times", "lay_out"),
    "screening": ("Screening",),
    "signing": ("Signature",),
    "supply": ("lasts", "needs"),
    "topical": ("Strength", "TopicalAmount", "TopicalPlan", "check_topical"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "LDN_BOUNDS",
    "Advance",
    "Bounds",
    "CalendarKind",
    "CalendarOptions",
    "ChangeProducts",
    "ChangeTime",
    "Clinic",
    "Dose",
    "Finding",
    "FollowUp",
    "Gate",
    "ItchSeries",
    "LdnTitrateError",
    "Opioid",
    "Override",
    "Pause",
    "Plan",
    "PlanChangedError",
    "Plateau",
    "Procedure",
    "Product",
    "Protocol",
    "Record",
    "Reschedule",
    "Resume",
    "Schedule",
    "ScheduledDose",
    "Screening",
    "Segment",
    "Severity",
    "Signature",
    "Stay",
    "StepBack",
    "Stop",
    "Strength",
    "TopicalAmount",
    "TopicalPlan",
    "Units",
    "check",
    "check_times",
    "check_topical",
    "day_by_day",
    "dump_plan",
    "dump_record",
    "given_out",
    "lasts",
    "lay_out",
    "load_plan",
    "load_protocol",
    "load_record",
    "load_topical_plan",
    "make_up",
    "needs",
    "parse_units",
    "protocol_ids",
    "time_to_half",
    "topical_calendar_file",
    "topical_handout_file",
    "write_calendar",
    "write_handout",
    "write_table",
]


def __getattr__(name: str) -> object:
    """Load a public name from its room."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted({*globals(), *__all__})
