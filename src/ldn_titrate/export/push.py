"""
A plan's reminders in a CalDAV calendar: each event is put there once and kept up to date.

The events are those of the calendar file, one object each. All of them are compared before the
first is written; what is there already is left alone, and what somebody changed meanwhile is not
overwritten. The library caldav is imported where a server is opened. It must not know plan files,
and not where a password comes from; it keeps none, and no error carries one.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar
from urllib.parse import urlsplit

from ldn_titrate.errors import ExportError
from ldn_titrate.export.calendar import CalendarKind, calendar_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from icalendar import Component

    from ldn_titrate.export.calendar import CalendarOptions
    from ldn_titrate.findings import Finding
    from ldn_titrate.schedule import Schedule

_T = TypeVar("_T")

_MOST_SECONDS: Final = 30
_OK, _CREATED, _NO_CONTENT = 200, 201, 204
_NOT_FOUND, _GONE, _CHANGED = 404, 410, 412
_CALENDAR_TEXT: Final = {"Content-Type": 'text/calendar; charset="utf-8"'}
_CANCELLED: Final = b"\nSTATUS:CANCELLED"
_UID = re.compile(rb"^UID:(.+)\r$", re.MULTILINE)
_ZONE_NAME = re.compile(rb"^TZID:(.+)\r$", re.MULTILINE)
_PART = re.compile(rb"^BEGIN:(VTIMEZONE|VEVENT)\r\n.*?^END:\1\r\n", re.MULTILINE | re.DOTALL)
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
        store: The calendar, such as `opened` gives.
        kind: What becomes of the reminders that were pushed before; fresh ones need them gone.
        through: The last dosing day with a reminder, inclusive; by default 12 weeks.
        options: What the reminders show; the server gets to read all of it.

    Raises:
        PushError: It did not come through, with what was written until then.
        ExportError: There is nothing to push, as for `calendar_file`.
        ScheduleError: *through* is no last day for this plan.
    """
    made = calendar_file(schedule, kind=kind, through=through, options=options)
    wanted = separate_objects(made.content)
    if kind is CalendarKind.FRESH and schedule.plan.given_out:
        _refuse_beside_earlier(schedule, store)
    held = {uid: store.find(uid) for uid in wanted}
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


# --- A calendar on a server ----------------------------------------------------------------------


@contextmanager
def opened(
    url: str, *, user: str, password: str, calendar: str | None = None
) -> Iterator[EventStore]:
    """
    Open a calendar on a CalDAV server.

    Args:
        url: The address of the server or of the calendar; https, but for the machine itself.
        user: The user's name there.
        password: The password; it is sent to the server and goes nowhere else.
        calendar: The calendar's name; not needed where *url* is its address, or it is the only one.

    Raises:
        PushError: The address is refused, the server refuses, or there is no such calendar.
        ExportError: The extra ``caldav`` is not installed.
    """
    refuse_unencrypted(url)
    client = _client(url, user, password)
    try:
        found = _asked(lambda: _calendars(client))
        yield _CaldavCalendar(_chosen(found, url, calendar), client)
    finally:
        client.close()


def refuse_unencrypted(url: str) -> None:
    """
    Refuse an address over which others could read along, or that holds a password itself.

    Raises:
        PushError: It is refused; the address is not repeated.
    """
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise PushError("an address holds no user name or password; give them apart")
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and _is_loopback(parts.hostname or ""):
        return
    raise PushError("the address must begin with https://; http:// is for this machine alone")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _client(url: str, user: str, password: str) -> Any:  # noqa: ANN401 - caldav is optional
    try:
        from caldav.davclient import DAVClient  # noqa: PLC0415
        from caldav.lib import error  # noqa: PLC0415
    except ImportError:
        raise ExportError(
            "a push needs the extra caldav: pip install 'ldn-titrate[caldav]'"
        ) from None
    # An environment variable makes caldav write each request to a file, with the password.
    error.debug_dump_communication = False
    client = DAVClient(url, username=user, password=password, timeout=_MOST_SECONDS)
    _stay_encrypted(client.session, url)
    return client


def _stay_encrypted(session: Any, url: str) -> None:  # noqa: ANN401 - caldav chooses its library
    """Follow no redirection to where others could read along, and no proxy to this machine."""
    unencrypted = session.adapters.pop("http://")
    parts = urlsplit(url)
    if parts.scheme == "http":
        session.trust_env = False
        session.mount(f"http://{parts.netloc.lower()}/", unencrypted)


def _calendars(client: Any) -> dict[str, tuple[str, Any]]:  # noqa: ANN401
    """Return the user's calendars and their names by their addresses."""
    return {
        str(one.url): (str(one.get_display_name() or ""), one)
        for one in client.principal().calendars()
    }


def _chosen(found: Mapping[str, tuple[str, Any]], url: str, name: str | None) -> Any:  # noqa: ANN401
    here = [one for address, one in found.items() if address.rstrip("/") == url.rstrip("/")]
    candidates = here or list(found.values())
    if name is not None:
        candidates = [one for one in candidates if one[0] == name]
    if len(candidates) == 1:
        return candidates[0][1]
    names = ", ".join(sorted(repr(one[0]) for one in found.values())) or "none"
    wanted = f"one calendar {name!r}" if name else "just one calendar"
    raise PushError(f"the server has not {wanted} for this user; its calendars are: {names}")


class _CaldavCalendar:
    """A calendar of the library caldav, as a store of events."""

    def __init__(self, calendar: Any, client: Any) -> None:  # noqa: ANN401
        self._calendar = calendar
        self._client = client

    def find(self, uid: str) -> Held | None:
        """Return the event with this UID, wherever in the calendar another program put it."""
        return _asked(lambda: self._at(self._url(uid)) or self._elsewhere(uid))

    def put(self, uid: str, content: bytes, over: Held | None) -> None:
        """Write an event, unless the server holds other content than was found."""
        url = over.url if over else self._url(uid)
        headers = {**_CALENDAR_TEXT, **_condition(over)}
        # Not by caldav's own save, which counts SEQUENCE up each time.
        answer = _asked(lambda: self._client.put(url, content.decode(), headers))
        if answer.status == _CHANGED:
            raise PushError("somebody changed the calendar meanwhile")
        if answer.status not in {_OK, _CREATED, _NO_CONTENT}:
            raise PushError(f"the server refuses an event ({answer.status})")

    def _url(self, uid: str) -> str:
        return f"{str(self._calendar.url).rstrip('/')}/{uid}.ics"

    def _at(self, url: str) -> Held | None:
        answer = self._client.request(url)
        if answer.status in {_NOT_FOUND, _GONE}:
            return None
        if answer.status != _OK:
            raise PushError(f"the server does not show an event ({answer.status})")
        return Held(url, answer.headers.get("ETag"), _as_bytes(answer.raw))

    def _elsewhere(self, uid: str) -> Held | None:
        from caldav.lib.error import NotFoundError  # noqa: PLC0415

        try:
            return self._at(str(self._calendar.object_by_uid(uid).url))
        except NotFoundError:
            return None


def _condition(over: Held | None) -> dict[str, str]:
    """Say to the server over which content an event may be written."""
    if over is None:
        return {"If-None-Match": "*"}
    is_strong = over.etag is not None and not over.etag.startswith("W/")
    return {"If-Match": over.etag if over.etag and is_strong else "*"}


def _as_bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _asked(call: Callable[[], _T]) -> _T:
    """
    Ask a server, and say in words of our own what went wrong.

    The errors of the libraries below hold the request with its password. Ours is therefore raised
    where none of them is being handled: it must not carry one along as its context.
    """
    from caldav.lib.error import DAVError  # noqa: PLC0415

    try:
        return call()
    except (DAVError, OSError, SyntaxError) as error:
        words = _in_words(error)
    raise PushError(words)


def _in_words(error: Exception) -> str:
    from caldav.lib.error import AuthorizationError  # noqa: PLC0415

    if isinstance(error, AuthorizationError):
        return "the server refuses the user name, the password or the access"
    status = getattr(error, "status", None)
    answer = f" ({status})" if isinstance(status, int) else ""
    return f"the server cannot be reached or does not answer as it should{answer}"
