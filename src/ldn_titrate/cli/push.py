"""The command that puts reminders into a CalDAV calendar, and where it takes the password from."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter

from ldn_titrate.cli.common import (
    STANDARD,
    PlanFile,
    Through,
    note,
    read_schedule,
    tell,
)
from ldn_titrate.cli.exports import keep
from ldn_titrate.errors import ExportError
from ldn_titrate.export import push as calendars
from ldn_titrate.export import server as servers
from ldn_titrate.export.calendar import CalendarKind, CalendarOptions, given_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from ldn_titrate.plan import Plan

_MOST_CHARACTERS: Final = 1000


@Parameter(name="*")
@dataclass(frozen=True)
class Server:
    """Where the calendar is, and how it is opened."""

    url: Annotated[str, Parameter(help="The address of the server, or of the calendar; https.")]
    user: Annotated[str, Parameter(help="The user's name on the server.")]
    password_from: Annotated[
        str | None,
        Parameter(
            allow_leading_hyphen=True,
            help="env:NAME, file:PATH, or - for standard input; asked for if left out.",
        ),
    ] = None
    calendar: Annotated[str | None, Parameter(help="The calendar's name on the server.")] = None

    def opened(self) -> AbstractContextManager[calendars.EventStore]:
        """Open the calendar, once the password is known."""
        password = _password(self.password_from)
        return servers.opened(self.url, user=self.user, password=password, calendar=self.calendar)


def push(
    plan: PlanFile,
    /,
    *,
    server: Server,
    kind: Annotated[
        CalendarKind, Parameter(help="Change pushed reminders, begin anew, or cancel them.")
    ] = CalendarKind.UPDATE,
    through: Through = None,
    title: Annotated[str | None, Parameter(help="The visible title of each reminder.")] = None,
    detail: Annotated[
        Literal["dose", "none"],
        Parameter(help="Whether the description, which the server gets to read, tells the dose."),
    ] = "dose",
) -> None:
    """
    Put reminders into a CalDAV calendar.

    The server receives every title and description: with --detail none they tell no drug and no
    dose.
    """
    if STANDARD == plan == server.password_from:
        raise ExportError("the plan and the password cannot both come from standard input")
    servers.refuse_unencrypted(server.url)
    options = CalendarOptions(title=title, with_dose=detail == "dose")
    schedule = read_schedule(plan)
    kept = given_out(schedule, kind=kind, through=through, options=options)
    opening = server.opened()
    with _kept_if_given(plan, kept, schedule.plan), opening as store:
        done = calendars.push(schedule, store, kind=kind, through=through, options=options)
    tell(done.findings)
    note(f"{len(done.written)} events written, {len(done.unchanged)} unchanged")


@contextmanager
def _kept_if_given(path: str, kept: Plan, before: Plan) -> Iterator[None]:
    """
    Keep what is given out, unless it is sure that nothing was written.

    What was written, or may have been, can be withdrawn only by a plan that knows of it: also
    where the push is interrupted.
    """
    is_given = True
    try:
        yield
    except ExportError as error:
        is_given = isinstance(error, calendars.PushError) and error.has_written
        raise
    finally:
        if is_given:
            keep(path, kept, before)


def _password(source: str | None) -> str:
    """Read the password from where it is; no message repeats any of it."""
    if source is None:
        return _asked()
    password = _read(source).partition("\n")[0].removesuffix("\r")
    if not password:
        raise ExportError("there is no password where --password-from says")
    return password


def _asked() -> str:
    try:
        return getpass("Password: ")
    except EOFError:
        raise ExportError("no password was given; --password-from says where it is") from None


def _read(source: str) -> str:
    if source == STANDARD:
        return sys.stdin.readline(_MOST_CHARACTERS)
    kind, _, name = source.partition(":")
    if kind == "env":
        return os.environ.get(name, "")
    if kind == "file":
        return _read_file(name)
    raise ExportError("--password-from is env:NAME, file:PATH or -")


def _read_file(path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.readline(_MOST_CHARACTERS)
    except OSError as error:
        raise ExportError(f"cannot read the password: {error.strerror}") from None
    except UnicodeDecodeError:
        pass
    # Outside, since the error that was caught holds what it could not decode.
    raise ExportError("cannot read the password: it is no UTF-8 text")
