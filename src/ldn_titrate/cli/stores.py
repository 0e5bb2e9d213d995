"""The commands on the whole store: make it, check it, copy it, and move it in and out."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ldn_titrate.cli.chosen import DEFAULT_STORE, StoreUrl, opened
from ldn_titrate.cli.common import Force, note, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def init(*, store: StoreUrl = DEFAULT_STORE) -> None:
    """Make the database, or bring an older one up to date."""
    from ldn_titrate.store import init_store  # noqa: PLC0415

    init_store(store)
    note("the store is ready")


def verify(*, store: StoreUrl = DEFAULT_STORE) -> int:
    """Walk every patient's lines; status 1 if one was changed, lost or moved."""
    with opened(store) as files:
        findings, size = files.verify(), files.size()
    tell(findings)
    if not findings:
        note(f"patients: {size.patients}, lines: {size.lines}; every chain is whole")
    return int(bool(findings))


def backup(
    target: Annotated[str, Parameter(help="The file to write.")],
    /,
    *,
    store: StoreUrl = DEFAULT_STORE,
    force: Force = False,
) -> None:
    """Copy the whole store while others go on writing."""
    from ldn_titrate.store import backup as copy  # noqa: PLC0415

    with opened(store) as files:
        copy(files, target, force=force)
    note(f"wrote {target}")


def export(
    target: Annotated[str, Parameter(help="The file, or for CSV the new folder, to write.")],
    /,
    *,
    patient: Annotated[str | None, Parameter(help="Only this patient, by code.")] = None,
    format: Annotated[  # noqa: A002
        Literal["jsonl", "csv"], Parameter(help="JSON Lines to import again, or CSV tables.")
    ] = "jsonl",
    pseudonymised: Annotated[
        bool, Parameter(negative="", help="New ids, shifted dates, no names and no free text.")
    ] = False,
    store: StoreUrl = DEFAULT_STORE,
    force: Annotated[
        bool,
        Parameter(negative="", help="Replace the file if it exists; CSV needs a new folder."),
    ] = False,
) -> None:
    """Write patient files as JSON Lines or as CSV tables."""
    from ldn_titrate.store import Pseudonyms, export_clinic, export_sheets  # noqa: PLC0415

    write = partial(export_clinic, force=force) if format == "jsonl" else export_sheets
    with opened(store) as files, _counting("lines") as told:
        chosen = files.find_patient(patient) if patient else None
        pseudonyms = Pseudonyms.fresh() if pseudonymised else None
        write(files, target, patient=chosen, pseudonyms=pseudonyms, progress=told)
    note(f"wrote {target}")


def import_(
    source: Annotated[str, Parameter(help="A file of JSON Lines, as 'store export' writes it.")],
    /,
    *,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Read patient files back, all of them or none; what is kept already changes nothing."""
    from ldn_titrate.store import import_clinic  # noqa: PLC0415

    with opened(store) as files, _counting("lines") as told:
        added = import_clinic(files, source, progress=told)
    note(f"{added.added} lines added, {added.known} known already")


@contextmanager
def _counting(what: str) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on a terminal, and nothing where there is none."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda count: bar.update(task, completed=count)
