"""What commands share: the types of their arguments, reading a plan, writing a result."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from cyclopts import Parameter

from ldn_titrate.amendment import ChangeProducts, ChangeTime
from ldn_titrate.errors import ExportError, LdnTitrateError, PlanError, ScreeningError
from ldn_titrate.export.files import refuse_existing, write_whole
from ldn_titrate.planfile import dump_plan, load_any_plan, load_plan
from ldn_titrate.schedule import lay_out
from ldn_titrate.screening import Clearance, Given, Screening
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table

    from ldn_titrate.findings import Finding
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.signing import Signature
    from ldn_titrate.topical import TopicalPlan

STANDARD: Final = "-"
_ENDLESS: Final = 10_000
_LEAST_WRAPPED: Final = 24
_WHOLE_ID = re.compile(r"\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_ANSWERS: Final = "answers are a JSON object from question id to an answer"
_Told = TypeVar("_Told", Given, Clearance)


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
Version = Annotated[int | None, Parameter(help="An earlier version; the newest if left out.")]
By = Annotated[str, Parameter(help="The person who signs or decides, by name.")]
Role = Annotated[str, Parameter(help="In which role, such as physician.")]
ScreenedElsewhere = Annotated[
    bool,
    Parameter(
        negative="",
        help="State that the questions of the screening were asked outside this plan.",
    ),
]
NewFile = Annotated[
    str | None,
    Parameter(
        name=("--output", "-o"),
        allow_leading_hyphen=True,
        help="Write the plan here and leave the file as it is.",
    ),
]
Force = Annotated[
    bool, Parameter(name="--force", negative="", help="Replace the file if it exists.")
]


def read_text(path: str, *, most: int = 1_000_000) -> str:
    """
    Read a text file, or standard input for ``-``.

    Args:
        path: Where it is.
        most: From how many bytes on it is too large.

    Raises:
        PlanError: It cannot be read, is too large or is no UTF-8.
    """
    try:
        raw = sys.stdin.buffer.read(most) if path == STANDARD else Path(path).read_bytes()
    except OSError as error:
        raise PlanError(f"cannot read {Path(path).name or path}: {error.strerror}") from None
    if len(raw) >= most:
        raise PlanError(f"{Path(path).name} is too large to be read; below {most:,} bytes are")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise PlanError(f"{Path(path).name} is no UTF-8 text") from None


def read_plan(path: str) -> Plan:
    """Read a plan file."""
    return load_plan(read_text(path))


def read_schedule(path: str, *, version: int | None = None) -> Schedule:
    """Read a plan file and lay it out, the newest version or an earlier one."""
    plan = read_plan(path)
    return lay_out(plan if version is None else plan.at_version(version))


def read_any_plan(path: str) -> Plan | TopicalPlan:
    """Read a plan file, oral or topical."""
    return load_any_plan(read_text(path))


def save_plan(plan: Plan | TopicalPlan, path: str, output: str | None) -> None:
    """Write a changed plan: to another file, or whole over the one that it was read from."""
    target = output or path
    write_result(target, dump_plan(plan).encode("utf-8"), force=output is None)


def signed_words(signature: Signature | None) -> str:
    """Say who signed, and whether the screening was left to them."""
    if signature is None:
        return "DRAFT, not signed"
    elsewhere = ", who states that the screening was done elsewhere"
    return f"signed by {signature.by}{elsewhere if signature.screened_elsewhere else ''}"


def differences(before: Schedule, after: Schedule, through: date | None) -> list[Table | str]:
    """Tell which dosing days differ between two schedules, from what to what."""
    last = max(before.horizon(through), after.horizon(through))
    table = new_table(
        f"From {before.plan.code} to {after.plan.code}", "From", "To", "Days", "Before", "After"
    )
    for one in after.differences(before, last):
        doses = (str(dose or "no dose") for dose in (one.before, one.after))
        days = str((one.last - one.first).days + 1)
        table.add_row(long_date(one.first), long_date(one.last), days, *doses)
    settings = _settings_between(before.plan, after)
    if not table.rows:
        return [f"No dose changes up to {long_date(last)}.", *settings]
    return [table, f"Compared up to {long_date(last)}.", *settings]


def _settings_between(before: Plan, after: Schedule) -> list[str]:
    """Tell the changes of time and of products between an earlier version and a later one."""
    return [
        f"From {long_date(one.effective)}: at {setting.bedtime:%H:%M}, {setting.timezone}, "
        f"from {', '.join(map(str, setting.products))}"
        for one in after.plan.amendments[before.version - 1 :]
        if isinstance(one, ChangeTime | ChangeProducts)
        and (setting := after.setting_on(one.effective))
    ]


def read_answers(path: str) -> Screening:
    """
    Read the answers of a screening: a JSON object from question id to an answer.

    An answer is ``yes``, ``no`` or ``unknown``, or an object with ``answer``, the details that its
    question wants (``opioid``, ``day``, ``form``), and under ``cleared`` who cleared it: ``by``,
    ``role`` and ``reason``.
    """
    now, told = datetime.now(UTC), _answers_in(read_text(path))
    cleared = {key: one.pop("cleared") for key, one in told.items() if "cleared" in one}
    at = {"at": _moment(now)}
    return Screening(
        at=now,
        answers=tuple(_about(key, one, Given) for key, one in told.items()),
        clearances=tuple(_about(key, _object(one) | at, Clearance) for key, one in cleared.items()),
    )


def _answers_in(text: str) -> dict[str, dict[str, Any]]:
    try:
        told = json.loads(text, object_pairs_hook=_each_once)
    except (json.JSONDecodeError, RecursionError):
        raise ScreeningError(_NO_ANSWERS) from None
    return {
        key: one if isinstance(one, dict) else {"answer": one} for key, one in _object(told).items()
    }


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse what stands twice in an object, of which the last would else win in silence."""
    told = dict(pairs)
    if len(told) < len(pairs):
        raise ScreeningError("something stands twice in the answers, such as a question")
    return told


def _object(told: Any) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(told, dict):
        raise ScreeningError(_NO_ANSWERS)
    return told


def _about(question: str, told: dict[str, Any], kind: type[_Told]) -> _Told:
    """Read what was told about a question; what is wrong with it names the question."""
    try:
        return kind.from_json(json.dumps({"question": question} | told))
    except ScreeningError as error:
        raise ScreeningError(f"{question[:20]}: {error}") from None


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def write_result(path: str, content: bytes, *, force: bool) -> None:
    """Write a result whole, to a file or to standard output."""
    refuse_place(path, force=force)
    if path == STANDARD:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    write_whole(path, content, force=force)
    note(f"wrote {path}")


def refuse_place(path: str, *, force: bool) -> None:
    """
    Refuse a place where no file can be written, before anything else is changed.

    Raises:
        ExportError: It is a folder, its folder is not there, or it is a file that exists already
            and *force* is not set.
    """
    if path == STANDARD:
        return
    place = Path(path)
    if place.is_dir():
        raise ExportError(f"{place.name or path} is a folder; name a file in it")
    if not place.parent.is_dir():
        raise ExportError(f"there is no folder {place.parent.name or path}; make it first")
    refuse_existing(place, force=force)


def note(message: str) -> None:
    """Say something on standard error, where it disturbs no result."""
    sys.stderr.write(f"{message}\n")


def note_past(day: date, meaning: str) -> None:
    """Note a day that is over everywhere, since a wrong year is quickly typed."""
    if day < datetime.now(UTC).date() - timedelta(days=1):
        note(f"note: {day} is in the past; {meaning}")


def tell(findings: Iterable[Finding]) -> None:
    """Say findings on standard error, with the ids of entries as short as the tables have them."""
    for finding in findings:
        note(_WHOLE_ID.sub(r"\1", str(finding)))


def print_table(*parts: Table | str, aside: bool = False) -> None:
    """
    Print tables and lines for people, as wide as a dose needs to stand on one line.

    Args:
        parts: What to print, in order.
        aside: Whether to print on standard error, since a result goes to standard output.
    """
    from rich.console import Console  # noqa: PLC0415  # it is slow to import

    console = Console(stderr=aside, highlight=False, markup=False, emoji=False)
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
        table.add_column(wrapped, min_width=_LEAST_WRAPPED)
    return table


def _hold_together(table: Table) -> None:
    """Give each column that must not break its full width, so that no dose is ever cut short."""
    for column in table.columns:
        if column.no_wrap:
            column.min_width = max(len(str(cell)) for cell in (column.header, *column.cells))
