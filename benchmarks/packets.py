"""
The packet of a plan beside its handout, and the memory that many packets take.

Run it by itself: ``python -m benchmarks.packets``. A packet here holds the handout, the log, the
card, the pharmacy sheet and the plan sheet, with the reminders attached. Memory is what the
process held at most, after the first packets and after the last one.
"""

from __future__ import annotations

import resource

import ldn_titrate as ldn
from benchmarks.plans import batches, plan
from benchmarks.report import table
from benchmarks.timing import Contender, Group, calls, measure
from ldn_titrate import documents
from ldn_titrate.export.pdf.metadata import Attachment
from ldn_titrate.export.pdf.render import render, render_packet

_EACH_ROUND = 2
_ROUNDS = 11
_PACKETS = 1_000
_WARM = 50
_AIM = 3.0
_REMINDERS = Attachment(
    name="reminders.ics",
    media_type="text/calendar",
    content=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" * 200,
    description="Reminders for a calendar",
)


def handout(schedule: ldn.Schedule) -> bytes:
    """Draw the handout alone."""
    return render(documents.handout(schedule), size="letter")


def packet(schedule: ldn.Schedule) -> bytes:
    """Draw every document of a plan as one file."""
    made = (
        documents.handout(schedule),
        documents.dose_log(schedule),
        documents.wallet_card(schedule),
        documents.pharmacy_sheet(schedule),
        documents.plan_sheet(schedule),
    )
    return render_packet(
        made, size="letter", title="A plan", language="en-US", attachments=[_REMINDERS]
    )


def run(rounds: int) -> Group:
    """Measure the packet against the handout."""
    cases = batches(rounds, _EACH_ROUND)
    contenders = [
        Contender("handout", calls(handout), size=len(handout(cases[0][0]))),
        Contender("packet", calls(packet), _AIM, len(packet(cases[0][0]))),
    ]
    return Group("packet", measure(contenders, cases))


def memory(count: int) -> str:
    """Say what the process held at most, early and late in a run of packets."""
    early = 0
    for number in range(count):
        packet(ldn.lay_out(plan(number)))
        early = _most() if number == _WARM else early
    return (
        f"{count} packets: at most {early / 1024:.0f} MiB after {_WARM}, {_most() / 1024:.0f} MiB"
    )


def _most() -> int:
    """Give the most that this process has held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    print(table([run(_ROUNDS)]))
    print(memory(_PACKETS))
