"""A CalDAV server on this machine, for a test: Radicale, with a switch that makes it fail."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from wsgiref.simple_server import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

USER: Final = "pat"
PASSWORD: Final = "correct horse battery"
CALENDAR: Final = "Evenings"


@dataclass
class Server:
    """
    A server that runs.

    Attributes:
        application: What answers.
        url: Where it is.
        asked: The methods of the requests that it got, in order.
        fails_at: The number of the PUT that fails, from 1; None for none.
        does_it_first: Whether it does what it is asked for before it fails to say so.
        stays_down: Whether it answers nothing any more from then on.
    """

    application: Callable[..., Any]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    fails_at: int | None = None
    does_it_first: bool = False
    stays_down: bool = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer a request, or fail."""
        self.asked.append(environ["REQUEST_METHOD"])
        if not self._fails(environ["REQUEST_METHOD"]):
            return self.application(environ, start_response)
        if self.does_it_first:
            list(self.application(environ, lambda *_answer: None))
        start_response("500 Internal Server Error", [("Content-Length", "0")])
        return []

    def _fails(self, method: str) -> bool:
        if self.fails_at is None:
            return False
        puts, is_put = self.asked.count("PUT"), method == "PUT"
        return (is_put and puts == self.fails_at) or (self.stays_down and puts >= self.fails_at)


class _Quiet(WSGIRequestHandler):
    """Says nothing on standard error."""

    def log_message(self, *_message: Any) -> None:
        """Leave the log out."""


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Run a server on a free port of the loopback interface, with one user, until it is left."""
    server = Server(_radicale(folder))
    with make_server("127.0.0.1", 0, server, handler_class=_Quiet) as listening:
        server.url = f"http://127.0.0.1:{listening.server_port}/"
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


def _radicale(folder: Path) -> Callable[..., Any]:
    from radicale import config  # noqa: PLC0415 - only where it is installed
    from radicale.app import Application  # noqa: PLC0415

    users = folder / "users"
    users.write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    settings = config.load()
    settings.update(
        {
            "auth": {
                "type": "htpasswd",
                "htpasswd_filename": str(users),
                "htpasswd_encryption": "plain",
                "delay": "0",
            },
            "storage": {"filesystem_folder": str(folder / "collections")},
            "logging": {"level": "critical"},
        },
        "test",
        privileged=True,
    )
    return Application(settings)
