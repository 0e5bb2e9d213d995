"""
The calendar file, beside bare icalendar that is handed every value and only writes the components.

The values are read back from the file itself, before anything is timed, so that both write the
same ones; that the bytes are the same too is checked, and told if they are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from icalendar import Alarm, Calendar, Component, Event, vText

from benchmarks.plans import batches, forget
from benchmarks.timing import Contender, Group, calls, measure
from ldn_titrate.export import calendar_file

if TYPE_CHECKING:
    from datetime import date, datetime

    from ldn_titrate.schedule import Schedule

_EACH_ROUND = 8
_TEXTS = ("summary", "description", "status", "transp", "class")
_HEAD = ("version", "prodid", "calscale", "name", "x-wr-calname")


@dataclass(frozen=True, slots=True)
class _Reminder:
    """The values of one event and of its alarm, the time of which is text."""

    uid: str
    written: datetime
    changed: datetime
    sequence: int
    texts: dict[str, str]
    begins: date
    ends: date
    count: int | None
    alarm: str
    trigger: str


@dataclass(frozen=True, slots=True)
class _Case:
    """A schedule and the values of its calendar file."""

    schedule: Schedule
    head: dict[str, str]
    timezone: Component
    reminders: tuple[_Reminder, ...]


def run(rounds: int) -> Group:
    """Measure the calendar file."""
    cases = [[_case(schedule) for schedule in batch] for batch in batches(rounds, _EACH_ROUND)]
    one = cases[0][0]
    bare, ours = _bare(one), _ours(one)
    contenders = (
        Contender("icalendar by hand", calls(_bare), size=len(bare)),
        Contender("calendar_file", calls(_ours), aim=1.15, size=len(ours)),
    )
    forget()
    return Group("calendar", measure(contenders, cases), (_compared(bare, ours),))


def _ours(case: _Case) -> bytes:
    return calendar_file(case.schedule).content


def _bare(case: _Case) -> bytes:
    calendar = Calendar()
    for name, text in case.head.items():
        calendar.add(name, text)
    calendar.add_component(case.timezone)
    for reminder in case.reminders:
        calendar.add_component(_event(reminder))
    return calendar.to_ical(sorted=False)


def _event(reminder: _Reminder) -> Event:
    event = Event()
    event.add("uid", reminder.uid)
    event.add("dtstamp", reminder.written)
    event.add("last-modified", reminder.changed)
    event.add("sequence", reminder.sequence)
    for name, text in reminder.texts.items():
        event.add(name, text)
    event.add("dtstart", reminder.begins)
    event.add("dtend", reminder.ends)
    if reminder.count:
        event.add("rrule", {"freq": "daily", "count": reminder.count})
    event.add_component(_alarm(reminder))
    return event


def _alarm(reminder: _Reminder) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", reminder.alarm)
    alarm.add("trigger", vText(reminder.trigger), encode=False)
    return alarm


def _case(schedule: Schedule) -> _Case:
    calendar = Calendar.from_ical(calendar_file(schedule).content)
    head = {name: str(calendar[name]) for name in _HEAD}
    reminders = tuple(_values(event) for event in calendar.walk("VEVENT"))
    return _Case(schedule, head, calendar.walk("VTIMEZONE")[0], reminders)


def _values(event: Any) -> _Reminder:
    alarm = event.walk("VALARM")[0]
    return _Reminder(
        uid=str(event["uid"]),
        written=event["dtstamp"].dt,
        changed=event["last-modified"].dt,
        sequence=int(event["sequence"]),
        texts={name: str(event[name]) for name in _TEXTS},
        begins=event["dtstart"].dt,
        ends=event["dtend"].dt,
        count=event["rrule"]["count"][0] if "rrule" in event else None,
        alarm=str(alarm["description"]),
        # icalendar reads no time at all, PT0S, and would write it as P0D.
        trigger=alarm["trigger"].to_ical().decode() if alarm["trigger"].dt else "PT0S",
    )


def _compared(bare: bytes, ours: bytes) -> str:
    if bare == ours:
        return "both calendar files have the same bytes"
    lines = zip(bare.splitlines(), ours.splitlines(), strict=False)
    first = next((pair for pair in lines if pair[0] != pair[1]), ("the end", "the end"))
    return f"the calendar files differ, first in {first[0]!r} against {first[1]!r}"
