"""
One plan, everything derived, the dose conserved: low-dose naltrexone titration.

A prescriber writes one plan; this library lays it on the calendar and derives the dated doses, the
calendar file, the printed handout and the count of capsules from it, in exact decimals, or refuses
and says why. It is not a medical device and gives no advice.
"""

from ldn_titrate.dose import LDN_BOUNDS, Bounds, Dose
from ldn_titrate.errors import LdnTitrateError, PlanChangedError
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.library import load_protocol, protocol_ids
from ldn_titrate.plan import Clinic, Override, Plan, Signature, check
from ldn_titrate.planfile import dump_plan, load_plan
from ldn_titrate.product import Capsule, OralLiquid, Product, Tablet, Units, make_up
from ldn_titrate.protocol import Interval, Protocol, Step
from ldn_titrate.schedule import Schedule, ScheduledDose, Segment, lay_out

__all__ = [
    "LDN_BOUNDS",
    "Bounds",
    "Capsule",
    "Clinic",
    "Dose",
    "Finding",
    "Interval",
    "LdnTitrateError",
    "OralLiquid",
    "Override",
    "Plan",
    "PlanChangedError",
    "Product",
    "Protocol",
    "Schedule",
    "ScheduledDose",
    "Segment",
    "Severity",
    "Signature",
    "Step",
    "Tablet",
    "Units",
    "check",
    "dump_plan",
    "lay_out",
    "load_plan",
    "load_protocol",
    "make_up",
    "protocol_ids",
]
