"""The commands that show the evidence, and print it for clinicians."""

from __future__ import annotations

import json
import sys
from difflib import get_close_matches
from typing import Annotated, Literal

from cyclopts import Parameter

from ldn_titrate.cli.common import Force, Output, new_table, note, print_table, write_result
from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.export.printed import evidence_file
from ldn_titrate.library import Condition, Evidence, Route, find_evidence
from ldn_titrate.library import evidence as all_evidence


def evidence(
    id: Annotated[str | None, Parameter(help="The id of the one to show.")] = None,  # noqa: A002
    /,
    *,
    condition: Annotated[
        Condition | None, Parameter(help="Only what is about this condition.")
    ] = None,
    route: Annotated[
        Route | None, Parameter(help="Only this route, or what holds for any.")
    ] = None,
    format: Annotated[Literal["table", "json"], Parameter(help="How to show it.")] = "table",  # noqa: A002
) -> None:
    """List the evidence, or show one piece of it."""
    if id and (condition or route):
        raise LdnTitrateError(
            "an id names one piece of evidence; leave --condition and --route out"
        )
    shown = (_named(id),) if id else find_evidence(condition, route)
    if format == "json":
        data = [one.model_dump(mode="json", exclude_none=True) for one in shown]
        sys.stdout.write(json.dumps(data[0] if id else data, indent=2) + "\n")
    elif id:
        _show(shown[0])
    else:
        _list(shown)


def page(
    *,
    output: Output,
    size: Annotated[Literal["letter", "a4"], Parameter(help="The size of the paper.")] = "letter",
    force: Force = False,
) -> None:
    """Write the evidence page for clinicians as PDF."""
    write_result(output, evidence_file(size=size).content, force=force)


def _named(wanted: str) -> Evidence:
    ids = {one.casefold(): one for one in all_evidence()}
    if found := ids.get(wanted.casefold()):
        return all_evidence()[found]
    close = get_close_matches(wanted.casefold(), ids, n=3, cutoff=0.5)
    hint = (
        f"did you mean {' or '.join(ids[one] for one in close)}?"
        if close
        else "there is S1 to S61, C1 to C17, R1 to R14, and more: ldn-titrate evidence lists them"
    )
    raise LdnTitrateError(f"unknown evidence {wanted[:20]!r}; {hint}")


def _list(shown: tuple[Evidence, ...]) -> None:
    if not shown:
        note("there is no such evidence")
        return
    table = new_table("", "Id", "About", "Route", "Kind", "n", "Read", wrapped="What it says")
    for one in shown:
        table.add_row(
            one.id, one.condition, one.route, one.kind, _number(one), _read(one), one.words
        )
    print_table(table, "Read: whether the source itself, or its abstract, was read and says so.")


def _number(one: Evidence) -> str:
    return f"{one.n:,}" if one.n else ""


def _read(one: Evidence) -> str:
    return "yes" if one.verified else "no"


def _show(one: Evidence) -> None:
    facts = [f"  {name + ':':<19} {value}" for name, value in _facts(one).items() if value]
    print_table(f"{one.id}: {one.claim}", *facts)


def _facts(one: Evidence) -> dict[str, str]:
    return {
        "Result": one.result or "",
        "Outcome": one.outcome or "",
        "To be said with it": one.qualifier or "",
        "About": f"{one.condition}, {one.route}",
        "Kind": one.kind,
        "n": _number(one),
        "Certainty": one.level,
        "Settled by": ", ".join(one.conflicts),
        "Source": one.source,
        "Read": "yes, the source or its abstract says so" if one.verified else "no",
        "As of": one.as_of.isoformat(),
    }
