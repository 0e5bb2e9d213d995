"""
The schedule as a table of dosing days, for spreadsheets and other programs.

Each row names its plan and carries the dose as text, so that no program turns it into a float. It
must not know where the table goes.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Final

from ldn_titrate.dose import plain
from ldn_titrate.product import make_up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ldn_titrate.product import Units
    from ldn_titrate.schedule import Schedule, ScheduledDose

COLUMNS: Final = ("day", "dose_mg", "at", "units", "step", "plan", "signed")


def rows(schedule: Schedule, first: date, last: date) -> Iterator[dict[str, str]]:
    """
    Yield one row for each dosing day between two days, inclusive.

    Every value is text: ``day`` an ISO date, ``dose_mg`` a decimal number such as ``1.5``, ``at``
    an ISO instant with its offset, ``units`` such as ``2 x capsule 1.5 mg``, ``step`` the number of
    the protocol's step (empty for a dose that no step has), ``plan`` the short code of plan and
    version, ``signed`` yes or no.
    """
    plan = schedule.plan
    for one in schedule.doses(first, last):
        yield {
            "day": one.day.isoformat(),
            "dose_mg": plain(one.dose.mg),
            "at": one.at.isoformat(),
            "units": " + ".join(str(units) for units in _made_up(one)),
            "step": str(one.segment.step or ""),
            "plan": plan.code,
            "signed": "yes" if plan.is_signed else "no",
        }


def _made_up(dose: ScheduledDose) -> tuple[Units, ...]:
    return make_up(dose.dose, dose.segment.setting.products)


def as_csv(schedule: Schedule, first: date, last: date) -> str:
    """Write the rows as CSV with a header (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows(schedule, first, last))
    return text.getvalue()


def as_json(schedule: Schedule, first: date, last: date) -> str:
    """Write the rows as a JSON array of objects."""
    return json.dumps(list(rows(schedule, first, last)), indent=2) + "\n"
