"""
Shows desktop calendars the files of a changing plan, and tells what each of them stores.

Not collected by pytest: the programs are large and need a session of their own. ``run.sh`` beside
this file installs them and runs this. Each driver (`evolution.py`, `kde.cpp`, `thunderbird.py`)
reads scenarios as JSON on standard input and answers with what is stored after each step.
"""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import caldav
import icalendar
import recurring_ical_events

sys.path.insert(0, str(Path(__file__).parents[1]))

from clients import server
from clients.versions import Version, a_changing_plan
from ldn_titrate.export.calendar import CalendarKind
from ldn_titrate.planfile import dump_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
DRIVERS: Final = {
    "evolution": ["dbus-run-session", "--", "/usr/bin/python3", str(HERE / "evolution.py")],
    "kde": [str(HERE.parents[1] / ".judges" / "kde")],
    "thunderbird": [sys.executable, str(HERE / "thunderbird.py")],
}
ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "TZ": "Europe/London", "LANG": "C.UTF-8"}
EIGHT_WEEKS: Final = timedelta(weeks=8)
SPAN: Final = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)


Ring: TypeAlias = tuple[datetime, str]


@dataclass(frozen=True)
class Step:
    """
    One thing that a user does.

    Attributes:
        name: What.
        content: The file that is imported; None empties the calendar.
        wanted: When the calendar should ring from then on, and for which dose.
    """

    name: str
    content: bytes | None
    wanted: list[Ring]

    @classmethod
    def imports(cls, one: Version, kind: CalendarKind = CalendarKind.UPDATE) -> Step:
        """Import a file of a version."""
        wanted = [] if kind is CalendarKind.CANCEL else due(one)
        return cls(f"import {kind.value} of version {one.plan.version}", one.file(kind), wanted)

    @classmethod
    def empties(cls) -> Step:
        """Delete all events."""
        return cls("delete all events", None, [])


def due(one: Version) -> list[Ring]:
    """Return when a version's doses are due, and which, up to the last day of its file."""
    doses = one.schedule.doses(one.schedule.first, one.last)
    return [(dose.at.astimezone(UTC), str(dose.dose)) for dose in doses]


def scenarios() -> dict[str, list[Step]]:
    """Tell what is tried, each time from an empty calendar."""
    made, put_off, stepped_back, stopped = a_changing_plan()
    again, longer = (
        Version(made.given()),
        Version(made.given(), made.schedule.horizon() + EIGHT_WEEKS),
    )
    update, fresh, cancel = (Step.imports(put_off, kind) for kind in CalendarKind)
    first = Step.imports(made)
    return {
        "each update over the one before": [
            *(Step.imports(one) for one in (made, put_off, stepped_back, stopped))
        ],
        "a fresh file beside the old events": [first, fresh],
        "a fresh file into the emptied calendar": [first, Step.empties(), fresh],
        "an update into the emptied calendar": [first, Step.empties(), update],
        "a cancel file of the next version, then a fresh one": [first, cancel, fresh],
        "a cancel file of the same version": [first, Step.imports(again, CalendarKind.CANCEL)],
        "the same file again": [first, first],
        "a longer file of the same version": [
            first,
            Step("import update of version 1, 8 weeks longer", longer.file(), due(longer)),
        ],
        "an older file over a newer one": [
            update,
            Step("import update of version 1", first.content, update.wanted),
        ],
    }


def ask(driver: str, question: list[Any], home: Path) -> dict[str, Any]:
    """Let a driver answer in a session of its own, at home in a folder."""
    process = subprocess.run(
        DRIVERS[driver],
        input=json.dumps(question),
        env={**ENVIRONMENT, "HOME": str(home), "XDG_RUNTIME_DIR": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        sys.exit(f"{driver}: {process.stderr[-2000:]}")
    return json.loads(process.stdout.splitlines()[-1])


def _on_disk(tried: dict[str, list[Step]], folder: Path) -> list[list[str | None]]:
    return [
        [_written(step, folder / f"{row}-{column}.ics") for column, step in enumerate(steps)]
        for row, steps in enumerate(tried.values())
    ]


def _written(step: Step, path: Path) -> str | None:
    if step.content is None:
        return None
    path.write_bytes(step.content)
    return str(path)


def report(driver: str, home: Path) -> Iterator[str]:
    """Tell what a program stores after each step of importing files."""
    tried = scenarios()
    answer = ask(driver, _on_disk(tried, home), home)
    yield f"== {answer['program']}"
    for (name, steps), outcomes in zip(tried.items(), answer["outcomes"], strict=True):
        yield from told(name, steps, outcomes)


def report_of_a_server(home: Path) -> Iterator[str]:
    """Tell what Thunderbird holds of a server's calendar that versions are pushed to."""
    steps = [
        Step(f"push version {one.plan.version}", dump_plan(one.plan).encode(), due(one))
        for one in a_changing_plan()
    ]
    with server.running(home) as running:
        url = _new_calendar(running.url)
        login = [url, "Radicale - Password Required", server.USER, server.PASSWORD]
        commands = [_push(step, url, home) for step in steps]
        answer = ask("thunderbird", [{"server": login, "commands": commands}], home)
    yield f"== {answer['program']} on a calendar of Radicale {version('radicale')}"
    yield from told("each version pushed", steps, answer["outcomes"][0])


def _new_calendar(url: str) -> str:
    with caldav.DAVClient(url, username=server.USER, password=server.PASSWORD) as client:
        return str(client.principal().make_calendar(name=server.CALENDAR).url)


def _push(step: Step, url: str, home: Path) -> list[str]:
    plan, secret = home / f"{step.name}.json", home / "secret"
    plan.write_bytes(step.content or b"")
    secret.write_text(server.PASSWORD, encoding="utf-8")
    where = ["--url", url, "--user", server.USER, "--password-from", f"file:{secret}"]
    return [sys.executable, "-m", "ldn_titrate", "push", str(plan), *where]


def told(name: str, steps: list[Step], outcomes: list[dict[str, Any]]) -> Iterator[str]:
    """Tell the outcome of each step, and what is stored after the last one."""
    yield f"\n-- {name}"
    for step, outcome in zip(steps, outcomes, strict=True):
        yield f"{step.name}: {outcome['error'] or 'no error'}"
        yield f"    {verdict(outcome['held'], step.wanted)}"
    yield from (f"    {row}" for row in stored(outcomes[-1]["held"]))


def events(held: list[str]) -> list[icalendar.Event]:
    """Read what is stored."""
    return [one for text in held for one in icalendar.Calendar.from_ical(text).walk("VEVENT")]


def verdict(held: list[str], wanted: list[Ring]) -> str:
    """Compare when the stored events ring, and what for, with when they should."""
    rings = [ring for text in held for ring in _rings(text)]
    missing, stale = len(set(wanted) - set(rings)), len(set(rings) - set(wanted))
    twice = len(rings) - len({when for when, _ in rings})
    silent = [one for one in events(held) if one.get("STATUS") == "CANCELLED"]
    alarms = sum(len(one.walk("VALARM")) for one in silent)
    is_right = not (missing or stale or twice or alarms)
    return (
        f"{'RIGHT' if is_right else 'WRONG'}: {len(rings)} reminders, {len(wanted)} due, "
        f"{missing} missing, {stale} stale, {twice} double; {alarms} alarms on cancelled events"
    )


def _rings(text: str) -> Iterator[Ring]:
    calendar = icalendar.Calendar.from_ical(text)
    for event in recurring_ical_events.of(calendar).between(*SPAN):
        start = event["DTSTART"].dt
        if isinstance(start, datetime) and event.get("STATUS") != "CANCELLED":
            yield start.astimezone(UTC), str(event["DESCRIPTION"]).partition(" of ")[0]


def stored(held: list[str]) -> list[str]:
    """Write one line for each stored event."""
    return sorted(
        f"{str(one['DTSTART'].dt)[:16]:16} x {one['RRULE']['COUNT'][0] if 'RRULE' in one else 1:<3}"
        f" {one.get('STATUS')} sequence {one.get('SEQUENCE')}, {len(one.walk('VALARM'))} alarm,"
        f" uid {one['UID'][:8]}"
        for one in events(held)
    )


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # programs give the zones names of their own
    for asked in sys.argv[1:] or (*DRIVERS, "server"):
        with TemporaryDirectory() as folder:
            at_home = Path(folder)
            rows = report_of_a_server(at_home) if asked == "server" else report(asked, at_home)
            sys.stdout.write("\n".join(rows) + "\n\n")
