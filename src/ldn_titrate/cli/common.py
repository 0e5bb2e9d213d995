"""What commands share: the types of their arguments, reading a plan, writing a result."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from ldn_titrate.errors import LdnTitrateError, PlanError
from ldn_titrate.export.files import write_whole
from ldn_titrate.planfile import load_plan
from ldn_titrate.schedule import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table

    from ldn_titrate.findings import Finding
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule

STANDARD: Final = "-"
_MOST_BYTES: Final = 1_000_000
_ENDLESS: Final = 10_000
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(_type: type[date], tokens: Sequence[Any]) -> date:
    """Read a day of the calendar, in ISO form only, so that day and month cannot be swapped."""
    text = tokens[0].value
    try:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise LdnTitrateError(
        f"{text[:20]!r} is no day of the calendar; write year-month-day, such as 2026-12-01"
    )


Day = Annotated[date, Parameter(converter=read_day)]
Through = Annotated[Day | None, Parameter(help="The last dosing day; 12 weeks if left out.")]
PlanFile = Annotated[
    str, Parameter(allow_leading_hyphen=True, help="The plan file; - reads standard input.")
]
Output = Annotated[
    str,
    Parameter(
        name=("--output", "-o"),
        allow_leading_hyphen=True,
        help="The file to write; - is standard output.",
    ),
]
Force = Annotated[
    bool, Parameter(name="--force", negative="", help="Replace the file if it exists.")
]


def read_text(path: str) -> str:
    """
    Read a small text file, or standard input for ``-``.

    Raises:
        PlanError: It cannot be read, is too large or is no UTF-8.
    """
    try:
        raw = sys.stdin.buffer.read(_MOST_BYTES) if path == STANDARD else Path(path).read_bytes()
    except OSError as error:
        raise PlanError(f"cannot read {Path(path).name}: {error.strerror}") from None
    if len(raw) >= _MOST_BYTES:
        raise PlanError(f"{Path(path).name} is too large to be a plan file")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise PlanError(f"{Path(path).name} is no UTF-8 text") from None


def read_plan(path: str) -> Plan:
    """Read a plan file."""
    return load_plan(read_text(path))


def read_schedule(path: str) -> Schedule:
    """Read a plan file and lay it out."""
    return lay_out(read_plan(path))


def write_result(path: str, content: bytes, *, force: bool) -> None:
    """Write a result whole, to a file or to standard output."""
    if path == STANDARD:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    write_whole(path, content, force=force)
    note(f"wrote {path}")


def note(message: str) -> None:
    """Say something on standard error, where it disturbs no result."""
    sys.stderr.write(f"{message}\n")


def tell(findings: Iterable[Finding]) -> None:
    """Say findings on standard error."""
    for finding in findings:
        note(str(finding))


def print_table(*parts: Table | str) -> None:
    """Print tables and lines for people, as wide as a dose needs to stand on one line."""
    from rich.console import Console  # noqa: PLC0415  # it is slow to import

    console = Console(highlight=False, markup=False, emoji=False)
    endless = console.options.update(width=_ENDLESS)
    for part in parts:
        if not isinstance(part, str):
            _hold_together(part)
            console.width = max(console.width, console.measure(part, options=endless).minimum)
        console.print(part, soft_wrap=isinstance(part, str))


def new_table(title: str, *columns: str, wrapped: str = "") -> Table:
    """Begin a table for people; only the *wrapped* column, the last one, may break its lines."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(
        title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1)
    )
    for column in columns:
        table.add_column(column, no_wrap=True)
    if wrapped:
        table.add_column(wrapped)
    return table


def _hold_together(table: Table) -> None:
    """Give each column that must not break its full width, so that no dose is ever cut short."""
    for column in table.columns:
        if column.no_wrap:
            column.min_width = max(len(str(cell)) for cell in (column.header, *column.cells))
