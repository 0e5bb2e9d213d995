"""How calendars follow a changed plan in programs that run here: a server, and three readers."""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
import pytest

from clients import server as caldav_server
from clients.server import CALENDAR, PASSWORD, USER, Server
from clients.versions import Version, a_changing_plan, amending, released
from judges import lines
from judges.panel import Judge
from ldn_titrate.amendment import ChangeTime
from ldn_titrate.cli import run
from ldn_titrate.export import server as serving
from ldn_titrate.export.calendar import CalendarKind
from ldn_titrate.export.push import Held, PushError, _version_told, push, separate_objects
from ldn_titrate.export.server import opened
from ldn_titrate.planfile import dump_plan, load_plan
from ldn_titrate.schedule import lay_out
from plans import START, a_plan, a_signed_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    import caldav

    from ldn_titrate.export.push import EventStore

VERSIONS: Final = a_changing_plan()
MADE, PUT_OFF, STEPPED_BACK, STOPPED = VERSIONS
TEXT: Final = {"Content-Type": "text/calendar"}
LONDON: Final = "Europe/London"
LONG_AGO, LONG_AFTER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)


def need(name: str, *, installed: bool) -> None:
    """Skip the test if a program is absent; fail it where all must be present."""
    Judge(name, lambda: installed, lambda _files: []).need()


def need_module(name: str) -> None:
    """Skip the test if a package is absent; fail it where all must be present."""
    need(name, installed=importlib.util.find_spec(name) is not None)


# --- A server ------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Run a CalDAV server of this machine, with one calendar, for one test."""
    need_module("radicale")
    need_module("caldav")
    folder = tmp_path / "server"
    folder.mkdir()
    with caldav_server.running(folder) as running, looking_at(running.url) as client:
        client.principal().make_calendar(name=CALENDAR)
        running.asked.clear()
        yield running


@contextmanager
def looking_at(url: str) -> Iterator[caldav.DAVClient]:
    """Look at a server with another client than the one under test."""
    import caldav  # noqa: PLC0415 - only where it is installed

    client = caldav.DAVClient(url, username=USER, password=PASSWORD)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def the_calendar(server: Server) -> Iterator[EventStore]:
    """Open the server's calendar as the library does."""
    with opened(server.url, user=USER, password=PASSWORD) as store:
        server.asked.clear()
        yield store


def stored(server: Server) -> dict[str, tuple[str, str]]:
    """Return the objects that the server holds, and their ETags, by their addresses."""
    with looking_at(server.url) as client:
        (calendar,) = client.principal().calendars()
        return {
            str(one.url): (answer.headers["ETag"], answer.raw)
            for one in calendar.events()
            for answer in [client.request(str(one.url))]
        }


def events_of(server: Server) -> list[icalendar.Event]:
    """Return the events that the server holds."""
    texts = [text for _, text in stored(server).values()]
    return [one for text in texts for one in icalendar.Calendar.from_ical(text).walk("VEVENT")]


def expanded(server: Server, *, by_server: bool = False) -> list[datetime]:
    """Return when a confirmed reminder rings, as caldav expands it or the server itself."""
    how = {"server_expand": True} if by_server else {"expand": True}
    with looking_at(server.url) as client:
        (calendar,) = client.principal().calendars()
        found = calendar.search(start=LONG_AGO, end=LONG_AFTER, event=True, **how)
        parts = [event for one in found for event in one.icalendar_instance.walk("VEVENT")]
    rung = [one for one in parts if one["STATUS"] == "CONFIRMED"]
    starts = [one["DTSTART"].dt for one in rung]
    return sorted(start.astimezone(UTC) for start in starts if isinstance(start, datetime))


def push_all(server: Server, versions: tuple[Version, ...] = VERSIONS) -> None:
    """Push versions one after another."""
    with the_calendar(server) as store:
        for version in versions:
            push(version.schedule, store)


def test_the_calendar_rings_as_the_newest_version_says(server: Server) -> None:
    """After each version, what the server holds and shows rings by that version's schedule."""
    for version in VERSIONS:
        push_all(server, (version,))

        assert expanded(server) == version.instants()


def test_the_server_s_own_expansion_is_the_schedule_of_each_version(server: Server) -> None:
    """Where no clocks change, Radicale itself finds each instant."""
    for version in a_changing_plan(timezone="Asia/Tokyo"):
        push_all(server, (version,))

        assert expanded(server, by_server=True) == version.instants()


def test_the_server_s_own_expansion_misses_a_change_of_the_clocks(server: Server) -> None:
    """Radicale 3.9 goes on with the offset of a series' start; programs that expand do not."""
    push_all(server, (MADE, PUT_OFF))

    late = {
        found - due
        for found, due in zip(expanded(server, by_server=True), PUT_OFF.instants(), strict=True)
    }

    assert late == {timedelta(0), timedelta(hours=1)}


def test_a_journey_is_followed_by_the_calendar(server: Server) -> None:
    """A plan that changes its zone rings in the old one before and in the new one after."""
    plan = a_signed_plan()
    abroad = amending(ChangeTime, START + timedelta(days=20), timezone="America/New_York")
    versions = released(plan, (abroad,))

    push_all(server, versions)

    assert expanded(server) == versions[-1].instants()


def test_no_event_stands_twice_and_none_withdrawn_rings(server: Server) -> None:
    """One object for each UID, and no alarm on what was withdrawn."""
    push_all(server)

    held = events_of(server)
    uids = Counter(str(event["UID"]) for event in held)
    rings = {(event["STATUS"], len(event.walk("VALARM"))) for event in held}

    assert set(uids.values()) == {1}
    assert rings == {("CONFIRMED", 1), ("CANCELLED", 0)}
    assert [one for one in held if f"Plan {STOPPED.plan.code}," not in one["DESCRIPTION"]] == []


def test_each_object_is_a_calendar_file_of_its_own(server: Server) -> None:
    """Each holds one event and just the zones that it is told in."""
    put = separate_objects(STOPPED.file())
    push_all(server)

    assert [lines.faults(one) for one in put.values()] == [[]] * len(put)
    for _, text in stored(server).values():
        calendar = icalendar.Calendar.from_ical(text)
        (event,) = calendar.walk("VEVENT")
        zones = [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")]
        assert zones == [
            event["DTSTART"].params[key] for key in event["DTSTART"].params if key == "TZID"
        ]


def test_the_server_holds_the_revision_of_the_file(server: Server) -> None:
    """No client counts SEQUENCE up on the way."""
    push_all(server, (MADE, PUT_OFF))

    assert {int(event["SEQUENCE"]) for event in events_of(server)} == {4}


def test_pushing_twice_writes_nothing(server: Server) -> None:
    """The second push reads, finds all as it should be, and leaves every ETag as it was."""
    push_all(server, (MADE,))
    before = stored(server)

    with the_calendar(server) as store:
        done = push(MADE.schedule, store)

    assert (done.written, len(done.unchanged)) == ((), len(before))
    assert "PUT" not in server.asked
    assert stored(server) == before


def test_a_longer_calendar_is_a_new_revision_of_each_event(server: Server) -> None:
    """Some programs ignore an event whose number has not risen, so every number rises."""
    push_all(server, (MADE,))
    longer = Version(MADE.given(), through=START + timedelta(weeks=20))

    with the_calendar(server) as store:
        done = push(longer.schedule, store, through=longer.through)

    assert done.unchanged == ()
    assert expanded(server) == longer.instants()


def test_a_cancellation_leaves_nothing_that_rings(server: Server) -> None:
    """Each event is still there, cancelled and without an alarm."""
    push_all(server, (MADE,))

    with the_calendar(server) as store:
        push(lay_out(MADE.given()), store, kind=CalendarKind.CANCEL)

    assert expanded(server) == []
    assert {(one["STATUS"], len(one.walk("VALARM"))) for one in events_of(server)} == {
        ("CANCELLED", 0)
    }


def test_nothing_is_withdrawn_where_nothing_was(server: Server) -> None:
    """An empty calendar gets the reminders that stand, and no cancelled ones."""
    push_all(server, (STOPPED,))

    assert {str(event["STATUS"]) for event in events_of(server)} == {"CONFIRMED"}
    assert expanded(server) == STOPPED.instants()


def test_fresh_reminders_are_refused_beside_the_old_ones(server: Server) -> None:
    """Two sets of reminders would ring twice each evening; after a cancellation they do not."""
    push_all(server, (MADE,))
    later = lay_out(MADE.given())

    with the_calendar(server) as store:
        with pytest.raises(PushError, match="still holds 8 events of this plan"):
            push(later, store, kind=CalendarKind.FRESH)
        assert "PUT" not in server.asked
        push(later, store, kind=CalendarKind.CANCEL)
        push(later, store, kind=CalendarKind.FRESH)

    assert expanded(server) == MADE.instants()


def test_an_event_that_another_program_put_there_is_the_same_event(server: Server) -> None:
    """A file that was imported under other addresses is updated, not doubled."""
    with looking_at(server.url) as client:
        (calendar,) = client.principal().calendars()
        for number, content in enumerate(separate_objects(MADE.file()).values()):
            client.put(f"{calendar.url}{number}.ics", content.decode(), TEXT)

    push_all(server, (PUT_OFF,))

    assert len(events_of(server)) == len(separate_objects(PUT_OFF.file()))
    assert expanded(server) == PUT_OFF.instants()


def test_an_older_version_is_not_pushed_over_a_newer_one(server: Server) -> None:
    """An old plan file, found again, must not bring back reminders that were changed since."""
    push_all(server, (MADE, PUT_OFF))
    before = stored(server)

    with the_calendar(server) as store:
        for kind in (CalendarKind.UPDATE, CalendarKind.CANCEL):
            with pytest.raises(PushError, match=r"holds version 2 .* this is version 1") as refused:
                push(MADE.schedule, store, kind=kind)
            assert not refused.value.has_written

    assert stored(server) == before


def test_a_version_is_found_where_a_program_folds_its_lines_elsewhere(server: Server) -> None:
    """A line break inside the code of the plan does not hide it."""
    push_all(server, (MADE, PUT_OFF))
    code = PUT_OFF.schedule.plan.code

    with the_calendar(server) as store, pytest.raises(PushError, match="holds version 2"):
        push(MADE.schedule, _Refolded(store, code))


def test_another_plan_in_the_same_calendar_is_no_newer_version() -> None:
    """The version belongs to the letters of the plan before it."""
    plan, other = MADE.schedule.plan, a_plan().replace(id=UUID(int=77)).code.split("-")[0]

    assert _version_told(plan, f"DESCRIPTION:{other}-9 and {plan.code}".encode()) == plan.version


@dataclass(frozen=True)
class _Refolded:
    """A calendar whose server breaks lines inside of a word."""

    store: EventStore
    word: str

    def find(self, uid: str) -> Held | None:
        """Return an event with a line break in the middle of the word."""
        held = self.store.find(uid)
        if held is None:
            return None
        broken = f"{self.word[:2]}\r\n {self.word[2:]}"
        return replace(held, content=held.content.replace(self.word.encode(), broken.encode()))

    def put(self, uid: str, content: bytes, over: Held | None) -> None:
        """Write an event as it is."""
        self.store.put(uid, content, over)


def test_a_change_that_a_person_made_is_mended(server: Server) -> None:
    """A reminder that somebody moved is put back where the plan has it."""
    push_all(server, (MADE,))
    with looking_at(server.url) as client:
        (calendar,) = client.principal().calendars()
        event = next(one for one in calendar.events() if "RRULE" in one.data)
        event.data = event.data.replace("T220000", "T090000")
        event.save()

    push_all(server, (MADE,))

    assert expanded(server) == MADE.instants()


class TestAPushThatFails:
    """What becomes of the calendar, and what is said of it."""

    def test_in_the_middle_tells_what_was_written(self, server: Server) -> None:
        """The UIDs in the error are the ones on the server, and the next push does the rest."""
        server.fails_at = 3
        with the_calendar(server) as store, pytest.raises(PushError) as caught:
            push(MADE.schedule, store)
        server.fails_at = None

        assert {str(event["UID"]) for event in events_of(server)} == set(caught.value.written)
        assert len(caught.value.written) == 2
        assert "2 events were written" in str(caught.value)
        assert caught.value.in_doubt is None
        push_all(server, (MADE,))
        assert expanded(server) == MADE.instants()

    def test_after_the_deed_counts_it_as_done(self, server: Server) -> None:
        """Where only the answer is lost, a look tells that the event was written."""
        server.fails_at, server.does_it_first = 1, True

        with the_calendar(server) as store, pytest.raises(PushError) as caught:
            push(MADE.schedule, store)
        server.fails_at = None

        assert {str(event["UID"]) for event in events_of(server)} == set(caught.value.written)

    def test_for_good_tells_what_nobody_knows(self, server: Server) -> None:
        """Where the server cannot be asked any more, the event in doubt is named."""
        server.fails_at, server.does_it_first, server.stays_down = 2, True, True

        with the_calendar(server) as store, pytest.raises(PushError) as caught:
            push(MADE.schedule, store)
        server.fails_at = None

        (uid,) = caught.value.written
        assert {str(event["UID"]) for event in events_of(server)} == {uid, caught.value.in_doubt}
        assert f"whether {caught.value.in_doubt} was written is not known" in str(caught.value)

    def test_at_once_writes_nothing(self, server: Server) -> None:
        """A server that does not even show what it holds is not written to."""
        with the_calendar(server) as store:
            server.fails_at, server.stays_down = 0, True
            with pytest.raises(PushError, match="does not show an event") as caught:
                push(MADE.schedule, store)

        assert caught.value.written == ()
        assert "PUT" not in server.asked

    def test_withdraws_before_it_adds(self, server: Server) -> None:
        """Broken off in the middle, a calendar rather lacks a reminder than rings a stale one."""
        push_all(server, (MADE, PUT_OFF))
        wanted = separate_objects(STEPPED_BACK.file())
        withdrawn = {uid for uid, one in wanted.items() if b"STATUS:CANCELLED" in one}
        server.fails_at = len(withdrawn) + 1

        with the_calendar(server) as store, pytest.raises(PushError) as caught:
            push(STEPPED_BACK.schedule, store)

        assert set(caught.value.written) == withdrawn
        assert withdrawn

    def test_does_not_overwrite_what_changed_meanwhile(self, server: Server) -> None:
        """Between the look and the writing, another program may have written."""
        push_all(server, (MADE,))
        with the_calendar(server) as store, pytest.raises(PushError, match="changed the calendar"):
            push(PUT_OFF.schedule, _Overtaken(store))

        assert expanded(server) == MADE.instants()

    def test_by_the_password_gives_nothing_away(
        self, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        """No password stands in the error, in what caused it, or in any log."""
        caplog.set_level(logging.DEBUG)

        with (
            pytest.raises(PushError, match="refuses the user name, the password") as caught,
            opened(server.url, user=USER, password="hunter2"),
        ):
            pass

        assert caught.value.__context__ is None
        assert caught.value.__cause__ is None
        assert "hunter2" not in f"{caught.value!r}{caplog.text}"

    def test_where_nobody_listens(self) -> None:
        """A server that is not there is told in one line."""
        need_module("caldav")

        with (
            pytest.raises(PushError, match="cannot be reached"),
            opened("http://127.0.0.1:9/", user=USER, password=PASSWORD),
        ):
            pass


class _Overtaken:
    """A calendar in which another program is always quicker."""

    def __init__(self, store: EventStore) -> None:
        self.store = store

    def find(self, uid: str) -> Held | None:
        """Find what the calendar holds."""
        return self.store.find(uid)

    def put(self, uid: str, content: bytes, over: Held | None) -> None:
        """Write what another program writes, and then what is wished."""
        assert over
        other = over.content.replace(b"TRANSP:TRANSPARENT", b"TRANSP:OPAQUE")
        self.store.put(uid, other, self.store.find(uid))
        self.store.put(uid, content, over)


class _Memory:
    """A calendar in memory, whose ETags are as a test wants them."""

    def __init__(self) -> None:
        self.held: dict[str, Held] = {}

    def find(self, uid: str) -> Held | None:
        """Find what was put."""
        return self.held.get(uid)

    def put(self, uid: str, content: bytes, over: Held | None) -> None:
        """Keep it as some servers do: stamped, in another order, with line feeds."""
        assert (over is None) == (uid not in self.held)
        stamps = b"CREATED:20260101T000000Z\nX-SEEN:1\nDTSTAMP:20260102T000000Z\n"
        kept = re.sub(rb"DTSTAMP:.*\n", b"", content.replace(b"\r\n", b"\n"))
        self.held[uid] = Held(uid, None, kept.replace(b"END:VEVENT", stamps + b"END:VEVENT"))


def test_stamps_of_a_server_are_no_change() -> None:
    """A server that writes its own stamps into an event does not make each push write."""
    memory = _Memory()

    first, second = push(MADE.schedule, memory), push(MADE.schedule, memory)

    assert len(first.written) == len(memory.held)
    assert second.written == ()


def test_what_cannot_be_read_is_written_anew() -> None:
    """An object that is no calendar any more is replaced."""
    memory = _Memory()
    push(MADE.schedule, memory)
    uid = next(iter(memory.held))
    memory.held[uid] = Held(uid, None, b"not a calendar")

    assert push(MADE.schedule, memory).written == (uid,)


@pytest.mark.parametrize(
    ("etag", "condition"), [('"a"', '"a"'), ('W/"a"', "*"), (None, "*")], ids=str
)
def test_an_event_is_written_over_only_what_was_found(etag: str | None, condition: str) -> None:
    """If-Match carries a strong ETag; without one it says at least that the event must exist."""
    assert serving._condition(Held("/a.ics", etag, b"")) == {"If-Match": condition}
    assert serving._condition(None) == {"If-None-Match": "*"}


# --- The address and the calendar ----------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "http://10.0.0.1/",
        "http://localhost.example.org/",
        "http://[2001:db8::1]/",
        "ftp://localhost/",
        "example.org",
        "https://",
        "https://pat:hunter2@example.org/",
        "http://localhost@example.org/",
    ],
)
def test_an_address_that_gives_the_password_away_is_refused(url: str) -> None:
    """Only https, or this machine; and no password in the address, or in what is said of it."""
    with pytest.raises(PushError) as caught, opened(url, user=USER, password=PASSWORD):
        pass

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["https://example.org/dav/", "http://localhost:5232/", "http://[::1]/", "http://127.9.9.9/"],
)
def test_an_address_that_keeps_the_password_is_taken(url: str) -> None:
    """Encrypted, or not leaving the machine."""
    serving.refuse_unencrypted(url)


@pytest.mark.parametrize(
    ("url", "elsewhere"),
    [
        ("https://example.org/", "http://example.org/"),
        ("http://127.0.0.1:5232/", "http://example.org/"),
        ("http://127.0.0.1:523/", "http://127.0.0.1:5232/"),
    ],
)
def test_no_redirection_leads_out_of_the_encryption(url: str, elsewhere: str) -> None:
    """Whatever a server answers, nothing is asked at another unencrypted address."""
    need_module("caldav")
    client = serving._client(url, USER, PASSWORD)

    client.session.get_adapter(url)
    with pytest.raises(OSError, match="No connection adapters"):
        client.session.get_adapter(elsewhere)
    client.close()


def test_no_switch_makes_requests_be_written_to_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment variable of caldav would put the password on the disk."""
    need_module("caldav")
    from caldav.lib import error  # noqa: PLC0415

    monkeypatch.setattr(error, "debug_dump_communication", "1")

    serving._client("https://example.org/", USER, PASSWORD).close()

    assert not error.debug_dump_communication


class TestTheCalendarThatIsMeant:
    """Which of a user's calendars is opened."""

    @pytest.fixture
    def addresses(self, server: Server) -> dict[str, str]:
        """Add two more calendars, and return the addresses of all by their names."""
        with looking_at(server.url) as client:
            for name in ("Work", "Twice", "Twice"):
                client.principal().make_calendar(name=name)
            found = client.principal().calendars()
            return {one.get_display_name(): str(one.url) for one in found}

    @pytest.mark.usefixtures("addresses")
    def test_is_the_one_of_that_name(self, server: Server) -> None:
        """A name chooses among many."""
        with opened(server.url, user=USER, password=PASSWORD, calendar=CALENDAR) as store:
            assert len(push(MADE.schedule, store).written) == 8

    def test_is_the_one_at_the_address(self, addresses: dict[str, str]) -> None:
        """The address of a calendar chooses it."""
        address = addresses["Work"].rstrip("/")

        with opened(address, user=USER, password=PASSWORD) as store:
            push(MADE.schedule, store)
            uid = next(iter(separate_objects(MADE.file())))
            assert store.find(uid).url.startswith(address)

    @pytest.mark.usefixtures("addresses")
    @pytest.mark.parametrize("name", [None, "Play", "Twice"])
    def test_is_asked_for_where_it_is_not_clear(self, server: Server, name: str | None) -> None:
        """Many, none or two of a name: the names that there are stand in the answer."""
        with (
            pytest.raises(PushError, match="'Evenings', 'Twice', 'Twice', 'Work'"),
            opened(server.url, user=USER, password=PASSWORD, calendar=name),
        ):
            pass


# --- The command ---------------------------------------------------------------------------------


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """Write the first version of the plan into a file."""
    path = tmp_path / "plan.json"
    path.write_text(dump_plan(MADE.plan), encoding="utf-8")
    return path


def command(
    plan: Path | str, server: Server, *more: str, source: str = "env:CALENDAR_PASSWORD"
) -> list[str]:
    """Write the command, with a password from the environment or from elsewhere."""
    where = ["--url", server.url, "--user", USER, "--password-from", source]
    return ["push", str(plan), *where, *more]


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the password in the environment."""
    monkeypatch.setenv("CALENDAR_PASSWORD", PASSWORD)


def test_the_command_pushes_and_keeps_what_it_gave_out(
    server: Server, plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The calendar rings as planned, and the plan file knows of it."""
    assert run(command(plan_file, server)) == 0

    assert "8 events written, 0 unchanged" in capsys.readouterr().err
    assert expanded(server) == MADE.instants()
    assert load_plan(plan_file.read_text(encoding="utf-8")) == MADE.given()
    assert PASSWORD not in "".join(
        path.read_text(encoding="utf-8") for path in plan_file.parent.glob("*.*")
    )
    assert run(command(plan_file, server)) == 0
    assert "0 events written, 8 unchanged" in capsys.readouterr().err


def test_the_command_tells_the_server_no_dose_if_it_is_not_to(
    server: Server, plan_file: Path
) -> None:
    """What the server receives names neither drug nor dose."""
    assert run(command(plan_file, server, "--detail", "none", "--title", "Tea")) == 0

    held = "".join(text for _, text in stored(server).values()).lower().replace("\n ", "")
    assert [word for word in ("naltrexone", "mg", "capsule", "pat example") if word in held] == []
    assert "summary:tea" in held


def test_the_command_keeps_what_a_failed_push_gave_out(server: Server, plan_file: Path) -> None:
    """What was written can be withdrawn only by a plan that knows of it."""
    server.fails_at = 2

    assert run(command(plan_file, server)) == 2

    assert load_plan(plan_file.read_text(encoding="utf-8")) == MADE.given()


def test_the_command_keeps_what_an_interrupted_push_gave_out(
    server: Server, plan_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who loses patience in the middle leaves events that the plan must know."""

    def interrupted(*_event: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(serving._CaldavCalendar, "put", interrupted)

    with pytest.raises(SystemExit, match="130"):
        run(command(plan_file, server))

    assert load_plan(plan_file.read_text(encoding="utf-8")) == MADE.given()


def test_the_command_keeps_nothing_where_nothing_was_written(
    server: Server, plan_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused password changes neither the calendar nor the plan file."""
    monkeypatch.setenv("CALENDAR_PASSWORD", "hunter2")
    before = plan_file.read_bytes()

    assert run(command(plan_file, server)) == 2

    assert plan_file.read_bytes() == before
    assert stored(server) == {}


def test_a_plan_from_standard_input_is_pushed_with_a_note(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where there is no file to keep the note in, the user hears of it."""
    monkeypatch.setattr("ldn_titrate.cli.common.read_text", lambda _path: dump_plan(MADE.plan))

    assert run(command("-", server)) == 0

    assert "keep the plan in a file" in capsys.readouterr().err


class TestThePassword:
    """Where the command takes it from."""

    def test_is_asked_for(
        self, server: Server, plan_file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without a source, the terminal is asked, without an echo."""
        monkeypatch.setattr("ldn_titrate.cli.push.getpass", lambda _prompt: PASSWORD)

        assert run(["push", str(plan_file), "--url", server.url, "--user", USER]) == 0

    def test_comes_from_a_file(self, server: Server, plan_file: Path) -> None:
        """Its first line, however it ends."""
        secret = plan_file.with_name("secret")
        secret.write_bytes(PASSWORD.encode() + b"\r\nsomething else\n")

        assert run(command(plan_file, server, source=f"file:{secret}")) == 0

    def test_comes_from_standard_input(
        self, server: Server, plan_file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A program that keeps passwords can hand one over."""
        monkeypatch.setattr("sys.stdin", StringIO(f"{PASSWORD}\n"))

        assert run(command(plan_file, server, source="-")) == 0

    @pytest.mark.parametrize(
        ("source", "words"),
        [
            ("hunter2", "is env:NAME, file:PATH or -"),
            ("hunter2:hunter2", "is env:NAME, file:PATH or -"),
            ("env:NO_SUCH_NAME", "there is no password"),
            ("file:no-such-file", "No such file"),
            ("file:no-text", "is no UTF-8 text"),
        ],
    )
    def test_that_is_not_there_is_told_without_repeating_anything(
        self,
        plan_file: Path,
        source: str,
        words: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """Somebody may have typed the password itself."""
        monkeypatch.chdir(plan_file.parent)
        Path("no-text").write_bytes(b"hunter2\xff")

        assert run(command(plan_file, Server(print, "https://example.org/"), source=source)) == 2

        told = capsys.readouterr().err
        assert words in told
        assert "hunter2" not in told

    def test_cannot_come_from_where_the_plan_comes_from(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Standard input is one thing only."""
        assert run(command("-", Server(print, "https://example.org/"), source="-")) == 2

        assert "cannot both come from standard input" in capsys.readouterr().err

    def test_is_not_even_read_for_an_address_that_gives_it_away(
        self, plan_file: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The address is refused first."""
        assert run(command(plan_file, Server(print, "http://example.org/"), source="hunter2")) == 2

        assert "must begin with https://" in capsys.readouterr().err

    def test_is_no_option(self, plan_file: Path) -> None:
        """What stands on a command line, others on the machine can read."""
        assert run(["push", str(plan_file), "--password", "hunter2"]) == 2


def test_a_missing_extra_says_what_to_install(
    plan_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the library caldav nothing else of this one is hindered."""
    monkeypatch.setitem(sys.modules, "caldav", None)
    monkeypatch.setitem(sys.modules, "caldav.davclient", None)

    assert run(command(plan_file, Server(print, "https://example.org/"))) == 2

    assert "pip install 'ldn-titrate[caldav]'" in capsys.readouterr().err


# --- Readers of files ----------------------------------------------------------------------------


def ran(program: str, *arguments: str, home: Path, **more: str) -> str:
    """Run a program for people, at home in a folder and in London, and return what it prints."""
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "TZ": LONDON,
        "LC_ALL": "C.UTF-8",
        "XDG_RUNTIME_DIR": str(home),
        **more,
    }
    process = subprocess.run(
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


def beside_python(program: str) -> str:
    """Return where a program is that was installed with this Python's packages."""
    return str(Path(sys.executable).with_name(program))


def on_the_wall(version: Version) -> list[str]:
    """Return when a dose is due, as the clocks of London show it."""
    return [f"{at.astimezone(ZoneInfo(LONDON)):%Y-%m-%d %H:%M}" for at in version.instants()]


class Khal:
    """The calendar program khal, with one calendar that is a folder of files."""

    def __init__(self, home: Path) -> None:
        need_module("khal")
        self.home, self.folder = home, home / "calendar"
        self.folder.mkdir()
        self.settings = home / "settings"
        self.settings.write_text(
            f"""
[calendars]
[[evenings]]
path = {self.folder}
[sqlite]
path = {home / "cache.db"}
[locale]
local_timezone = {LONDON}
default_timezone = {LONDON}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
""",
            encoding="utf-8",
        )

    def run(self, *arguments: str) -> str:
        """Run it."""
        return ran(beside_python("khal"), "-c", str(self.settings), *arguments, home=self.home)

    def read(self, content: bytes) -> None:
        """Import a file."""
        path = self.home / "evening-reminder.ics"
        path.write_bytes(content)
        self.run("import", "--batch", "-a", "evenings", str(path))

    def rings(self) -> list[str]:
        """List when something confirmed begins at a time of day."""
        shown = "{start-date} {start-time}|{status}|{repeat-symbol}"
        told = self.run("list", "--day-format", "", "-f", shown, "2026-02-20", "400d")
        rows = [row.split("|") for row in told.splitlines()]
        timed = [row for row in rows if re.fullmatch(r"\S+ \d\d:\d\d", row[0])]
        return sorted(when for when, status, _ in timed if "CANCELLED" not in status)


def test_khal_follows_each_update(tmp_path: Path) -> None:
    """Imported one over another, updates leave the newest version's reminders and no other."""
    khal = Khal(tmp_path)
    for version in VERSIONS:
        khal.read(version.file())

        assert khal.rings() == on_the_wall(version)

    alarms = {
        (str(event["STATUS"]), len(event.walk("VALARM")))
        for path in khal.folder.glob("*.ics")
        for event in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    }
    assert alarms == {("CONFIRMED", 1), ("CANCELLED", 0)}


def test_khal_shows_nothing_after_a_cancel_file(tmp_path: Path) -> None:
    """What was imported is cancelled in place; a fresh file then begins anew."""
    khal = Khal(tmp_path)
    khal.read(MADE.file())
    later = Version(MADE.given())

    khal.read(later.file(CalendarKind.CANCEL))
    assert khal.rings() == []

    khal.read(later.file(CalendarKind.FRESH))
    assert khal.rings() == on_the_wall(later)


def test_khal_rings_twice_where_a_fresh_file_stands_beside_the_old_events(tmp_path: Path) -> None:
    """A fresh file is for an emptied calendar."""
    khal = Khal(tmp_path)
    khal.read(MADE.file())

    khal.read(Version(MADE.given()).file(CalendarKind.FRESH))

    assert khal.rings() == sorted(on_the_wall(MADE) * 2)


def test_khal_lets_an_older_file_replace_a_newer_one(tmp_path: Path) -> None:
    """It does not look at SEQUENCE: a user must not import an old file."""
    khal = Khal(tmp_path)
    khal.read(PUT_OFF.file())

    khal.read(MADE.file())

    assert khal.rings() == on_the_wall(MADE)


def test_vdirsyncer_finds_a_uid_of_its_own_in_each_event() -> None:
    """A calendar-level UID would make all items one."""
    need_module("vdirsyncer")
    from vdirsyncer.vobject import Item, split_collection  # noqa: PLC0415

    for version in VERSIONS:
        items = [Item(text) for text in split_collection(version.file().decode())]

        assert len({item.uid for item in items}) == len(items)
        assert {item.uid for item in items} == set(separate_objects(version.file()))


def test_vdirsyncer_carries_each_update_into_a_folder(tmp_path: Path) -> None:
    """A file and a folder in step: each event is replaced, none is doubled."""
    need_module("vdirsyncer")
    source, folder = tmp_path / "evening-reminder.ics", tmp_path / "folder"
    folder.mkdir()
    settings = tmp_path / "settings"
    settings.write_text(
        f"""
[general]
status_path = "{tmp_path / "status"}"
[pair evenings]
a = "file"
b = "folder"
collections = null
conflict_resolution = "a wins"
[storage file]
type = "singlefile"
path = "{source}"
[storage folder]
type = "filesystem"
path = "{folder}"
fileext = ".ics"
""",
        encoding="utf-8",
    )
    for number, version in enumerate(VERSIONS):
        source.write_bytes(version.file())
        steps = ("discover", "sync") if number == 0 else ("sync",)
        for step in steps:
            ran(beside_python("vdirsyncer"), "-c", str(settings), step, home=tmp_path)

        held = b"".join(path.read_bytes() for path in folder.glob("*.ics"))
        events = [
            event
            for path in folder.glob("*.ics")
            for event in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
        ]
        uids = sorted(str(event["UID"]) for event in events)
        assert uids == sorted(separate_objects(version.file()))
        assert b"METHOD" not in held


def calcurse_rings(home: Path, *files: bytes) -> list[str]:
    """Import files into an empty calcurse, one after another, and list what it shows at a time."""
    need("calcurse", installed=shutil.which("calcurse") is not None)
    data = home / "calcurse"
    data.mkdir()
    for content in files:
        path = home / "evening-reminder.ics"
        path.write_bytes(content)
        ran("calcurse", "-D", str(data), "-i", str(path), home=home)
    span = ("--from", "02/20/2026", "--to", "12/31/2026")
    shown = ("--format-recur-apt", "%(start:%Y-%m-%d %H:%M)\n", "--format-event", "")
    told = ran("calcurse", "-D", str(data), "-Q", *span, *shown, home=home)
    return sorted(re.findall(r"^\d{4}-\d\d-\d\d \d\d:\d\d$", told, re.MULTILINE))


@pytest.mark.parametrize("version", VERSIONS[:3])
def test_calcurse_shows_a_fresh_file_as_it_is(tmp_path: Path, version: Version) -> None:
    """In an emptied calendar, a fresh file is the schedule."""
    assert calcurse_rings(tmp_path, version.file(CalendarKind.FRESH)) == on_the_wall(version)


@pytest.mark.parametrize("kind", CalendarKind)
def test_calcurse_adds_whatever_it_is_given(tmp_path: Path, kind: CalendarKind) -> None:
    """It knows neither UID nor STATUS: the same evening rings again, even where it is cancelled."""
    later = Version(MADE.given())

    assert calcurse_rings(tmp_path, MADE.file(), later.file(kind)) == sorted(on_the_wall(MADE) * 2)


def test_calcurse_rings_what_an_update_withdraws(tmp_path: Path) -> None:
    """An update is no file for an emptied calendar there."""
    assert len(calcurse_rings(tmp_path, STOPPED.file())) > len(on_the_wall(STOPPED))
