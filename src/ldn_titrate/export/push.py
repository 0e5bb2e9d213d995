"""
A plan's reminders in a calendar of events: each is put there once and kept up to date.

The events are those of the calendar file, one object each. All of them are compared before the
first is written; what is there already is left alone, what somebody changed meanwhile is not
overwritten, and neither is what a newer version of the plan wrote. It must not know plan files,
and not where the calendar is: `ldn_titrate.export.server` opens one over the network.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from ldn_titrate.errors import ExportError
from ldn_titrate.export.calendar import CalendarKind, calendar_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from icalendar import Component

    from ldn_titrate.export.calendar import CalendarOptions
    from ldn_titrate.findings import Finding
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule

_CANCELLED: Final = b"\nSTATUS:CANCELLED"
_UID = re.compile(rb"^UID:(.+)\r$", re.MULTILINE)
_ZONE_NAME = re.compile(rb"^TZID:(.+)\r$", re.MULTILINE)
_PART = re.compile(rb"^BEGIN:(VTIMEZONE|VEVENT)\r\n.*?^END:\1\r\n", re.MULTILINE | re.DOTALL)
_FOLD = re.compile(rb"\r?\n[ \t]")
# What servers and programs stamp on an event without changing what it says or when it rings.
_STAMPS: Final = {"ACKNOWLEDGED", "CREATED", "DTSTAMP", "LAST-MODIFIED"}


class PushError(ExportError):
    """
    A push that did not come through.

    Attributes:
        written: The UIDs of the events that were written before it failed; mostly none.
        in_doubt: The UID of the event of which nobody can say whether it was written.
    """

    def __init__(
        self, message: str, *, written: tuple[str, ...] = (), in_doubt: str | None = None
    ) -> None:
        super().__init__(message)
        self.written = written
        self.in_doubt = in_doubt

    @property
    def has_written(self) -> bool:
        """Whether the calendar may hold something that it did not hold before."""
        return bool(self.written or self.in_doubt)


@dataclass(frozen=True, slots=True)
class Held:
    """
    An event that a calendar holds.

    Attributes:
        url: Where.
        etag: The server's mark of this very content; None if it gives none.
        content: The whole object.
    """

    url: str
    etag: str | None
    content: bytes


class EventStore(Protocol):
    """A calendar that holds one object for each event; its methods raise `PushError`."""

    def find(self, uid: str) -> Held | None:
        """Return the event with this UID, if the calendar holds one."""

    def put(self, uid: str, content: bytes, over: Held | None) -> None:
        """Write an event: a new one, or over just the content that was found."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """
    What a push did.

    Attributes:
        written: The UIDs of the events that were written, in order.
        unchanged: The UIDs of those that were there as they should be.
        findings: What the reader of the calendar should know.
    """

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Change:
    """An event that is to be written, over what is held or as a new one."""

    uid: str
    content: bytes
    over: Held | None

    @property
    def turn(self) -> int:
        """Withdrawals come first: where a push breaks off, no stale reminder shall ring on."""
        if _is_cancelled(self.content):
            return 0
        return 1 if self.over else 2


def push(
    schedule: Schedule,
    store: EventStore,
    *,
    kind: CalendarKind = CalendarKind.UPDATE,
    through: date | None = None,
    options: CalendarOptions | None = None,
) -> Pushed:
    """
    Put the reminders of a schedule into a calendar, or bring those that are there up to date.

    Pushing twice writes nothing the second time. Keep the plan that `given_out` returns for the
    same arguments, also after a push that failed with something written: whatever was given out
    can be withdrawn only by a plan that knows of it.

    Args:
        schedule: What is taken.
        store: The calendar, such as `ldn_titrate.export.server.opened` gives.
        kind: What becomes of the reminders that were pushed before; fresh ones need them gone.
        through: The last dosing day with a reminder, inclusive; by default 12 weeks.
        options: What the reminders show; the server gets to read all of it.

    Raises:
        PushError: It did not come through, with what was written until then; or the calendar
            holds a newer version of this plan.
        ExportError: There is nothing to push, as for `calendar_file`.
        ScheduleError: *through* is no last day for this plan.
    """
    made = calendar_file(schedule, kind=kind, through=through, options=options)
    wanted = separate_objects(made.content)
    if kind is CalendarKind.FRESH and schedule.plan.given_out:
        _refuse_beside_earlier(schedule, store)
    held = {uid: store.find(uid) for uid in wanted}
    _refuse_over_newer(schedule.plan, held.values())
    changes = sorted(_changes(wanted, held), key=lambda change: change.turn)
    _write(changes, store)
    written = tuple(change.uid for change in changes)
    return Pushed(written, tuple(uid for uid in wanted if uid not in written), made.findings)


def separate_objects(file: bytes) -> dict[str, bytes]:
    """
    Take a calendar file of this library apart: by UID, a file for each event with its time zones.

    It is cut, not read and written anew, so that each line is the one that was tested.
    """
    head = file[: file.index(b"NAME:")]
    zones = {_ZONE_NAME.findall(zone)[0]: zone for zone in _parts(file, b"VTIMEZONE")}
    return {
        _UID.findall(event)[0].decode(): b"".join(
            (head, *_zones_of(event, zones), event, b"END:VCALENDAR\r\n")
        )
        for event in _parts(file, b"VEVENT")
    }


def _parts(file: bytes, kind: bytes) -> list[bytes]:
    return [match[0] for match in _PART.finditer(file) if match[1] == kind]


def _zones_of(event: bytes, zones: Mapping[bytes, bytes]) -> Iterator[bytes]:
    for name, zone in zones.items():
        if b";TZID=" + name + b":" in event:
            yield zone


def _refuse_beside_earlier(schedule: Schedule, store: EventStore) -> None:
    """Refuse fresh reminders beside those of before, which would go on ringing."""
    earlier = separate_objects(calendar_file(schedule, kind=CalendarKind.CANCEL).content)
    held = [store.find(uid) for uid in earlier]
    standing = [one for one in held if one and not _is_cancelled(one.content)]
    if standing:
        raise PushError(
            f"the calendar still holds {len(standing)} events of this plan, which would ring "
            "beside the fresh ones; cancel them first, or push an update"
        )


def _refuse_over_newer(plan: Plan, held: Iterable[Held | None]) -> None:
    """Refuse to put back what a newer version of the plan has changed."""
    newest = max((_version_told(plan, one.content) for one in held if one), default=0)
    if newest > plan.version:
        raise PushError(
            f"the calendar holds version {newest} of this plan, and this is version "
            f"{plan.version}; nothing was written: push the newest version"
        )


def _version_told(plan: Plan, content: bytes) -> int:
    """Find the version by the code that each event tells, whatever a program made of the rest."""
    letters = plan.code.rpartition("-")[0].encode()
    unfolded = _FOLD.sub(b"", content)
    told = re.findall(rb"\b" + letters + rb"-(\d+)\b", unfolded)
    return max(map(int, told), default=0)


def _is_cancelled(content: bytes) -> bool:
    return _CANCELLED in content


def _changes(wanted: Mapping[str, bytes], held: Mapping[str, Held | None]) -> Iterator[_Change]:
    for uid, content in wanted.items():
        over = held[uid]
        if over is None and _is_cancelled(content):
            continue  # there is nothing to withdraw
        if over is None or _essence(over.content) != _essence(content):
            yield _Change(uid, content, over)


def _essence(content: bytes) -> object:
    """Return what an object says, however a server orders, folds or stamps it."""
    from icalendar import Calendar  # noqa: PLC0415

    try:
        return _said(Calendar.from_ical(content))[2]
    except (ValueError, IndexError):
        return content  # what cannot be read is never what we wrote


def _said(component: Component) -> tuple[str, list[tuple[str, str, bytes]], list[Any]]:
    items: Iterable[tuple[str, Any]] = component.property_items(recursive=False)
    properties = sorted(
        (name, str(value.params.get("TZID", "")), _as_bytes(value.to_ical()))
        for name, value in items
        if name not in {"BEGIN", "END", *_STAMPS} and not name.startswith("X-")
    )
    return component.name or "", properties, sorted(map(_said, component.subcomponents))


def _write(changes: Iterable[_Change], store: EventStore) -> None:
    written: list[str] = []
    for change in changes:
        try:
            store.put(change.uid, change.content, change.over)
        except PushError as error:
            raise _broken_off(error, change, store, tuple(written)) from None
        written.append(change.uid)


def _broken_off(
    error: PushError, change: _Change, store: EventStore, written: tuple[str, ...]
) -> PushError:
    """Say what a push that failed has written; an answer may be lost after the deed."""
    is_there = _is_there(change, store)
    if is_there:
        written = (*written, change.uid)
    count = f"{len(written)} events were written" if written else "nothing was written"
    doubt = f"; whether {change.uid} was written is not known" if is_there is None else ""
    listed = f": {', '.join(written)}" if written else ""
    return PushError(
        f"{error}; {count}{listed}{doubt}",
        written=written,
        in_doubt=change.uid if is_there is None else None,
    )


def _is_there(change: _Change, store: EventStore) -> bool | None:
    try:
        held = store.find(change.uid)
    except PushError:
        return None
    return held is not None and _essence(held.content) == _essence(change.content)


def _as_bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
