"""
Drives Thunderbird without a window, through Marionette.

A file is imported by the importer behind Thunderbird's own import page, into a new calendar on
this computer. It reads scenarios as JSON, lists of paths with null for emptying, and answers with
what is stored after each step. A scenario with a server is another: the calendar is the server's,
and each step is a command that changes it.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMAND = (
    "thunderbird",
    "--headless",
    "--marionette",
    "--remote-allow-system-access",
    "--no-remote",
    "--profile",
)
_SETTINGS = """
user_pref("app.update.enabled", false);
user_pref("calendar.timezone.local", "Europe/London");
user_pref("calendar.timezone.useSystemTimezone", false);
user_pref("marionette.port", 0);
"""
_SECONDS = 60

_COMMON = """
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const done = arguments[arguments.length - 1];
const everything = calendar =>
  calendar.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
const texts = items =>
  items.map(item => {
    const serializer = Cc["@mozilla.org/calendar/ics-serializer;1"].createInstance(
      Ci.calIIcsSerializer
    );
    serializer.addItems([item]);
    return serializer.serializeToString();
  });
"""

_IMPORTS = """
(async () => {
  const steps = arguments[0];
  const { CalendarFileImporter } = ChromeUtils.importESModule(
    "resource:///modules/CalendarFileImporter.sys.mjs"
  );
  const uri = Services.io.newURI("moz-storage-calendar://");
  const calendar = cal.manager.createCalendar("storage", uri);
  calendar.name = "Evenings";
  cal.manager.registerCalendar(calendar);
  const outcomes = [];
  for (const path of steps) {
    let error = null;
    try {
      if (path === null) {
        for (const item of await everything(calendar)) {
          await calendar.deleteItem(item);
        }
      } else {
        const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
        file.initWithPath(path);
        const importer = new CalendarFileImporter();
        await importer.startImport(await importer.parseIcsFile(file), calendar);
      }
    } catch (caught) {
      error = `${caught.message ?? caught}`;
    }
    outcomes.push({ error, held: texts(await everything(calendar)) });
  }
  cal.manager.removeCalendar(calendar);
  done(outcomes);
})().catch(error => done([{ error: `${error}`, held: [] }]));
"""

_SUBSCRIBES = """
(async () => {
  const [url, realm, user, password] = arguments;
  const uri = Services.io.newURI(url);
  const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
  login.init(uri.prePath, null, realm, user, password, "", "");
  await Services.logins.addLoginAsync(login);
  const calendar = cal.manager.createCalendar("caldav", uri);
  calendar.name = "Evenings";
  calendar.setProperty("username", user);
  cal.manager.registerCalendar(calendar);
  done(calendar.id);
})().catch(error => done(`${error}`));
"""

_REFRESHES = """
(async () => {
  const calendar = cal.manager.getCalendars().find(one => one.id == arguments[0]);
  calendar.refresh();
  await new Promise(resolve => setTimeout(resolve, 5000));
  done({ error: null, held: texts(await everything(calendar)) });
})().catch(error => done({ error: `${error}`, held: [] }));
"""


def main() -> None:
    """Answer the question on standard input."""
    version = subprocess.run(
        ["thunderbird", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    with _running() as marionette:
        outcomes = [_outcomes(marionette, scenario) for scenario in json.load(sys.stdin)]
    sys.stdout.write(json.dumps({"program": version, "outcomes": outcomes}) + "\n")


def _outcomes(marionette: _Marionette, scenario: Any) -> list[dict[str, Any]]:
    if isinstance(scenario, list):
        return marionette.run(_COMMON + _IMPORTS, scenario)
    calendar = marionette.run(_COMMON + _SUBSCRIBES, *scenario["server"])
    found = []
    for command in scenario["commands"]:
        subprocess.run(command, check=True, capture_output=True)
        found.append(marionette.run(_COMMON + _REFRESHES, calendar))
    return found


@contextmanager
def _running() -> Iterator[_Marionette]:
    profile = Path(mkdtemp(dir=Path.home()))
    (profile / "user.js").write_text(_SETTINGS, encoding="utf-8")
    nowhere = subprocess.DEVNULL
    with subprocess.Popen([*_COMMAND, str(profile)], stdout=nowhere, stderr=nowhere) as process:
        try:
            yield _Marionette(_port(profile / "MarionetteActivePort"))
        finally:
            process.terminate()


def _port(file: Path) -> int:
    for _ in range(_SECONDS * 10):
        if file.exists() and file.read_text(encoding="utf-8").strip():
            return int(file.read_text(encoding="utf-8"))
        time.sleep(0.1)
    raise TimeoutError("Thunderbird does not listen")


class _Marionette:
    """The part of the protocol that runs a script: messages of JSON behind their length."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)
        self._stream = self._socket.makefile("rb")
        self._receive()
        self._ask("WebDriver:NewSession", {"capabilities": {}})
        self._ask("Marionette:SetContext", {"value": "chrome"})
        self._ask("WebDriver:SetTimeouts", {"script": _SECONDS * 1000})

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script that calls its last argument with what it returns."""
        asked = {"script": script, "args": list(arguments), "newSandbox": True}
        return self._ask("WebDriver:ExecuteAsyncScript", asked)["value"]

    def _ask(self, command: str, parameters: dict[str, Any]) -> Any:
        message = json.dumps([0, 1, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise RuntimeError(error)
        return result

    def _receive(self) -> Any:
        length = b""
        while (character := self._stream.read(1)) != b":":
            length += character
        return json.loads(self._stream.read(int(length)))


main()
