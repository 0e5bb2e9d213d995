"""
The handout, beside a plain canvas and beside other makers of PDF files that draw the same words.

Every contender gets a new patient's document in each case. Only `handout_file` also finds the
words; the others are handed them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

from benchmarks import plain_canvas, words
from benchmarks.plans import batches, forget
from benchmarks.timing import Contender, Group, calls, measure
from ldn_titrate import documents
from ldn_titrate.export import handout_file
from ldn_titrate.export.pdf.render import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ldn_titrate.content import Document
    from ldn_titrate.schedule import Schedule

_EACH_ROUND = 4
_PEERS = ("typst", "fpdf2", "weasyprint")


@dataclass(frozen=True, slots=True)
class _Case:
    """A schedule and the document that its handout draws."""

    schedule: Schedule
    document: Document


@dataclass(frozen=True, slots=True)
class _Maker:
    """A way to make the file."""

    name: str
    make: Callable[[_Case], bytes]
    aim: float | None = None


def run(rounds: int) -> Group:
    """Measure the handout."""
    cases = [[_case(schedule) for schedule in batch] for batch in batches(rounds, _EACH_ROUND)]
    found = [_peer(name) for name in _PEERS]
    makers = [*_own_makers(), *(peer for peer in found if isinstance(peer, _Maker))]
    skipped = [reason for reason in found if isinstance(reason, str)]
    made = {maker.name: maker.make(cases[0][0]) for maker in makers}
    notes = (*_checked(made, cases[0][0].document), *skipped)
    contenders = [
        Contender(maker.name, calls(maker.make), maker.aim, len(made[maker.name]))
        for maker in makers
    ]
    forget()
    return Group("handout", measure(contenders, cases), notes)


def _own_makers() -> tuple[_Maker, ...]:
    """Give the base, and the library from a schedule and from the words."""
    return (
        _Maker("plain canvas, untagged", lambda case: plain_canvas.draw(case.document)),
        _Maker("handout_file, tagged", lambda case: handout_file(case.schedule).content, aim=1.5),
        _Maker("render alone, tagged", lambda case: render(case.document, size="letter")),
    )


def _case(schedule: Schedule) -> _Case:
    return _Case(schedule, documents.handout(schedule))


def _peer(name: str) -> _Maker | str:
    """Load a peer, or say why it is left out; it may lack a library that pip cannot install."""
    try:
        draw = import_module(f"benchmarks.by_{name}").draw
    except (ImportError, OSError) as error:
        return f"{name} is left out: {error}"
    return _Maker(f"{name} {version(name)}", lambda case: draw(case.document))


def _checked(made: dict[str, bytes], document: Document) -> Iterator[str]:
    """See that nobody draws less than the others, and tell on how many pages each does."""
    readings = {name: words.read(pdf) for name, pdf in made.items()}
    if not all(readings.values()):
        yield "pdftotext is not installed: the words of the files were not compared"
        return
    for name, reading in readings.items():
        words.check(name, reading, document)
    pages = ", ".join(f"{name} {reading.pages}" for name, reading in readings.items())
    yield f"all files say the same words; pages: {pages}"
