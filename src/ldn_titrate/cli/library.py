"""The command that lists and shows protocols."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ldn_titrate.cli.common import new_table, print_table
from ldn_titrate.library import evidence, load_protocol, protocol_ids

if TYPE_CHECKING:
    from ldn_titrate.protocol import Protocol


def protocols(
    protocol: Annotated[str | None, Parameter(help="The id of the one to show.")] = None,
    /,
    *,
    format: Annotated[Literal["table", "json"], Parameter(help="How to show it.")] = "table",  # noqa: A002
) -> None:
    """List the protocols, or show one."""
    shown = [load_protocol(one) for one in ([protocol] if protocol else protocol_ids())]
    if format == "json":
        data = [one.model_dump(mode="json", exclude_none=True) for one in shown]
        sys.stdout.write(json.dumps(data[0] if protocol else data, indent=2) + "\n")
    elif protocol:
        _show(shown[0])
    else:
        _list(shown)


def _list(shown: list[Protocol]) -> None:
    table = new_table("", "Protocol", "Status", "Source", wrapped="The rule")
    for one in shown:
        table.add_row(one.id, one.status, _verified(one), one.title)
    print_table(table)


def _show(one: Protocol) -> None:
    table = new_table("", "Step", "Dose", "Lasts")
    for number, step in enumerate(one.steps, start=1):
        lasts = step.lasts.in_words() if step.lasts else "until the prescriber changes it"
        table.add_row(str(number), str(step.dose), lasts)
    sources = [
        f"  {key}: {evidence()[key].words} ({evidence()[key].source})" for key in one.sources
    ]
    print_table(
        f"{one.id}, version {one.version}, {one.status}, {_verified(one)}, as of {one.as_of}\n"
        f"{one.title}; never above {one.cap}",
        table,
        f"{one.certainty}\nSources:",
        *sources,
    )


def _verified(one: Protocol) -> str:
    return "verified" if one.verified else "not verified"
