"""
Drives Evolution Data Server, which holds the calendars of GNOME, through its own client library.

Run by the system's Python, which has the introspection, within a D-Bus session of its own. A file
is handed over as GNOME's programs do: with ``receive_objects``. It reads scenarios as JSON, lists
of paths with null for emptying, and answers with what is stored after each step.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import gi

gi.require_version("EDataServer", "1.2")
gi.require_version("ECal", "2.0")
gi.require_version("ICalGLib", "3.0")
from gi.repository import ECal, EDataServer, GLib, ICalGLib  # noqa: E402 - after the versions

_SECONDS = 10


def main() -> None:
    """Answer the question on standard input."""
    registry = EDataServer.SourceRegistry.new_sync(None)
    client = ECal.Client.connect_sync(
        registry.ref_builtin_calendar(), ECal.ClientSourceType.EVENTS, _SECONDS, None
    )
    outcomes = []
    for steps in json.load(sys.stdin):
        _empty(client)
        outcomes.append([_outcome(client, path) for path in steps])
    sys.stdout.write(json.dumps({"program": _program(), "outcomes": outcomes}) + "\n")


def _program() -> str:
    version = ["dpkg-query", "-W", "-f", "${Version}", "evolution-data-server"]
    told = subprocess.run(version, capture_output=True, text=True, check=True).stdout
    return f"Evolution Data Server {told}"


def _outcome(client: Any, path: str | None) -> dict[str, Any]:
    error = None
    if path is None:
        _empty(client)
    else:
        file = ICalGLib.Component.new_from_string(Path(path).read_bytes().decode())
        try:
            client.receive_objects_sync(file, ECal.OperationFlags.NONE, None)
        except GLib.Error as caught:
            error = caught.message
    return {"error": error, "held": [one.get_as_string() for one in _held(client)]}


def _held(client: Any) -> list[Any]:
    return client.get_object_list_as_comps_sync("#t", None)[1]


def _empty(client: Any) -> None:
    for one in _held(client):
        client.remove_object_sync(
            one.get_id().get_uid(), None, ECal.ObjModType.ALL, ECal.OperationFlags.NONE, None
        )


main()
