"""
Draw every document of many plans, and put the small pages on sheets to look at.

Run it from the root of the repository, as ``make pages`` does: ``python tests/contact_sheet.py``.
The sheets are PNG files in ``demo/pages/``, one for each plan and way of printing it, with a row
for each document; poppler's pdftoppm draws the pages.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

import ldn_titrate as ldn
from ldn_titrate.amendment import Pause, Stay, StepBack
from ldn_titrate.dose import Dose
from ldn_titrate.export.printed import Look, Paper, document_file, paper_file, papers_of
from ldn_titrate.progress_document import progress_document
from ldn_titrate.topical_documents import topical_card, topical_handout, topical_log
from plans import a_plan, a_protocol, a_signed_plan, listed_steps, products, step
from test_progress import a_course, told
from test_topical import a_signed_cream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ldn_titrate.plan import Plan

FOLDER: Final = Path("demo", "pages")
DOTS: Final = 60  # to the inch
GAP: Final = 10
WIDE: Final = 6  # pages in a row
START: Final = date(2026, 12, 1)
AT: Final = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
BY: Final[dict[str, Any]] = {
    "reason": "Invented: the evenings were restless",
    "at": AT,
    "by": "Dr Example",
    "role": "physician",
}
CLINIC: Final = ldn.Clinic(
    prescriber="Dr Example", clinic="Example Clinic", telephone="+31 20 000 0000"
)
LONG: Final = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh Example"
STEPS: Final = ("0.5 mg", "1 mg", "1.5 mg", "2 mg", "2.5 mg", "3 mg", "3.5 mg", "4 mg")

LOOKS: Final = {
    f"{size}{'-large' if large else ''}-{language}": Look(
        size=size, large_print=large, language=language
    )
    for size in ("letter", "a4")
    for large in (False, True)
    for language in ("en", "de")
}
SOME: Final = ("letter-en", "a4-de", "letter-large-en", "a4-large-de")


def plans() -> dict[str, Plan]:
    """Give the plans by name."""
    usual = a_signed_plan(start=START, clinic=CLINIC)
    climb = [step(amount, "P7D") for amount in (*STEPS, *reversed(STEPS[4:]))]
    pause = {"until": START + timedelta(35), "resume_at": Dose.parse("3 mg")}
    back = StepBack(effective=START + timedelta(40), to=Dose.parse("1.5 mg"), **BY)
    return {
        "usual": usual,
        "long-names": a_signed_plan(
            start=START,
            patient=LONG,
            clinic=ldn.Clinic(prescriber=f"Dr {LONG}", clinic=LONG, pharmacy=LONG),
            timezone="America/Argentina/ComodRivadavia",
            products=products("capsule 3 mg", "capsule 1.5 mg"),
        ),
        "twelve-steps": a_signed_plan(
            start=START,
            protocol=a_protocol(listed_steps("4 mg", *climb)),
            products=products("capsule 0.5 mg", "capsule 3 mg"),
        ),
        "changed": usual.amended(Stay(effective=START + timedelta(14), days=7, **BY))
        .amended(Pause(effective=START + timedelta(30), **pause, **BY))
        .amended(back),
        "draft": a_plan(start=START),
    }


def rows_of(plan: Plan, look: Look, through: date | None = None) -> Iterator[bytes]:
    """Draw each document of a plan."""
    schedule = ldn.lay_out(plan)
    for paper in papers_of(schedule):
        yield paper_file(paper, schedule, look=look, through=through).content


def others(look: Look) -> dict[str, Iterable[bytes]]:
    """Draw what is not each document of one plan: a year, a withdrawn version, cream, report."""
    shown = plans()
    changed, report = shown["changed"], told(None, *a_course())
    cream = a_signed_cream(start=START)
    makers = (topical_handout, topical_log, topical_card)
    withdrawn = ldn.lay_out(changed.at_version(2))
    return {
        "year": rows_of(shown["usual"], look, START + timedelta(weeks=52, days=-1)),
        "withdrawn": (
            paper_file(one, withdrawn, look=look, replaced_by=changed).content
            for one in (Paper.HANDOUT, Paper.CARD)
        ),
        "cream": (
            document_file(
                look.of(lambda speech, make=make: make(cream, speech=speech)), look=look
            ).content
            for make in makers
        ),
        "report": [document_file(progress_document(report, name="Pat Example"), look=look).content],
    }


def drawn(pdf: bytes) -> list[Image.Image]:
    """Draw the pages of a file in grey."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", str(DOTS), "-gray", "-png", "-", f"{folder}/page"]
        subprocess.run(command, input=pdf, check=True)
        return [Image.open(path).copy() for path in sorted(Path(folder).iterdir())]


def sheet(files: Iterable[bytes]) -> Image.Image:
    """Put the pages of each file in a row, the rows one under the other."""
    pages = [drawn(file) for file in files]
    rows = [row[n : n + WIDE] for row in pages for n in range(0, len(row), WIDE)]
    wide = max(sum(page.width + GAP for page in row) for row in rows) + GAP
    high = sum(row[0].height + GAP for row in rows) + GAP
    whole, top = Image.new("L", (wide, high), 128), GAP
    for row in rows:
        left = GAP
        for page in row:
            whole.paste(page, (left, top))
            left += page.width + GAP
        top += row[0].height + GAP
    return whole


def sheets() -> Iterator[tuple[str, Iterable[bytes]]]:
    """Give each sheet its name and its files."""
    for name, look in LOOKS.items():
        yield f"usual-{name}", rows_of(plans()["usual"], look)
    for name in SOME:
        for kind, plan in plans().items():
            if kind != "usual":
                yield f"{kind}-{name}", rows_of(plan, LOOKS[name])
        for kind, files in others(LOOKS[name]).items():
            yield f"{kind}-{name}", files


def main(*wanted: str) -> None:
    """Draw the sheets whose names begin so; without any, all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, files in sheets():
        if not wanted or name.startswith(wanted):
            path = FOLDER / f"{name}.png"
            sheet(files).save(path)
            sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
