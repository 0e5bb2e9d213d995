"""
A calendar on a CalDAV server, as a store of events.

The library caldav is imported where a server is opened. It must not know plans, and not where a
password comes from; it keeps none, and no error carries one.
"""

from __future__ import annotations

from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from ldn_titrate.errors import ExportError
from ldn_titrate.export.push import Held, PushError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ldn_titrate.export.push import EventStore

_T = TypeVar("_T")

_MOST_SECONDS: Final = 30
_OK, _CREATED, _NO_CONTENT = 200, 201, 204
_NOT_FOUND, _GONE, _CHANGED = 404, 410, 412
_CALENDAR_TEXT: Final = {"Content-Type": 'text/calendar; charset="utf-8"'}


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
        return Held(url, answer.headers.get("ETag"), _content(answer))

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


def _content(answer: Any) -> bytes:  # noqa: ANN401 - caldav is optional
    raw: str | bytes = answer.raw
    return raw.encode() if isinstance(raw, str) else raw
