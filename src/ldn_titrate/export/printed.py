"""
The documents as finished files: as pages, as HTML or as plain text, one by one or all of a plan.

The renderers are imported where they are used, so that a schedule costs nothing of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from ldn_titrate import documents
from ldn_titrate.errors import ExportError
from ldn_titrate.export.files import Export
from ldn_titrate.findings import Finding, Severity
from ldn_titrate.speech import speech_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from ldn_titrate.content import Document
    from ldn_titrate.plan import Plan
    from ldn_titrate.schedule import Schedule
    from ldn_titrate.speech import Speech
    from ldn_titrate.topical import TopicalPlan

PaperSize: TypeAlias = Literal["letter", "a4"]
Format: TypeAlias = Literal["pdf", "html", "text"]
REMINDERS: Final = "reminders.ics"
SUFFIXES: Final[dict[Format, str]] = {"pdf": ".pdf", "html": ".html", "text": ".txt"}


class Paper(StrEnum):
    """The documents of a plan, in the order in which a packet holds them."""

    HANDOUT = "handout"
    LOG = "log"
    CARD = "card"
    PHARMACY = "pharmacy"
    PLAN_SHEET = "plan-sheet"


_MAKERS: Final[dict[Paper, Callable[..., Document]]] = {
    Paper.HANDOUT: documents.handout,
    Paper.LOG: documents.dose_log,
    Paper.CARD: documents.wallet_card,
    Paper.PHARMACY: documents.pharmacy_sheet,
    Paper.PLAN_SHEET: documents.plan_sheet,
}
_WITHOUT_A_DOSE: Final = (Paper.HANDOUT, Paper.PLAN_SHEET)


@dataclass(frozen=True, slots=True)
class Look:
    """
    How a document looks.

    Raises:
        ExportError: There is no such size of paper.

    Attributes:
        format: Pages, a page for a browser, or plain text.
        size: The paper; only pages have one.
        large_print: Whether pages are set in type of 18 points, laid out anew.
        language: The language; see `ldn_titrate.library.languages`.
        reviewed_only: Whether texts that nobody checked are refused; else each stands beside its
            English line.
    """

    format: Format = "pdf"
    size: PaperSize = "letter"
    large_print: bool = False
    language: str = "en"
    reviewed_only: bool = False

    def __post_init__(self) -> None:
        """Refuse a size of paper that is none of the two."""
        if self.size not in get_args(PaperSize):
            sizes = " or ".join(map(repr, get_args(PaperSize)))
            raise ExportError(f"{self.size!r} is no size of paper here; it is {sizes}")

    def of(self, make: Callable[[Speech], Document]) -> Document:
        """
        Make a document in the language.

        Raises:
            ExportError: There are no texts in it, or none that were checked.
        """
        speech = speech_in(self.language)
        return documents.in_language(make, speech, reviewed_only=self.reviewed_only)


LETTER: Final = Look()


def document_file(
    document: Document, plan: Plan | TopicalPlan | None = None, *, look: Look = LETTER
) -> Export:
    """
    Make a document a file; its language is its own.

    Args:
        document: What it says.
        plan: Whose words it holds, to say which of them no shipped font can print.
        look: How it looks.

    Returns:
        The file, the same bytes for the same document. Pages are a tagged PDF (PDF/UA-1) with
        embedded fonts, with a finding for each text of the plan with a letter that no font has.
    """
    if look.format != "pdf":
        return Export(_marked_up((document,), look.format))
    from ldn_titrate.export.pdf.render import render  # noqa: PLC0415

    pages = render(document, size=look.size, large_print=look.large_print)
    return Export(pages, text_findings(plan) if plan else ())


def _marked_up(made: Sequence[Document], format_: Format) -> bytes:
    """Write documents as one page for a browser, or as plain text."""
    if format_ == "html":
        from ldn_titrate.export.html import render_html  # noqa: PLC0415

        return render_html(made)
    from ldn_titrate.export.plain import render_text  # noqa: PLC0415

    return render_text(made).encode("utf-8")


def paper_file(
    paper: Paper,
    schedule: Schedule,
    *,
    look: Look = LETTER,
    through: date | None = None,
    **more: Any,  # noqa: ANN401  # what just this document takes
) -> Export:
    """
    Make one of a plan's documents a file.

    Args:
        paper: Which one.
        schedule: What is taken.
        look: How it looks, and in which language.
        through: The last dosing day to cover, inclusive; each document has its usual one.
        more: What just this document takes; see its function in `ldn_titrate.documents`.

    Raises:
        ExportError: The document is not made for this plan, or not in this language.
        ScheduleError: *through* is no last day for this plan.
    """
    document = look.of(_maker(paper, schedule, through=through, **more))
    return document_file(document, schedule.plan, look=look)


def handout_file(
    schedule: Schedule,
    *,
    through: date | None = None,
    size: PaperSize = "letter",
    replaces: int | None = None,
    replaced_by: Plan | None = None,
) -> Export:
    """
    Make the patient's handout as pages in English; see `paper_file` for every other way.

    Args:
        schedule: What is taken.
        through: The last dosing day to cover, inclusive; see `documents.handout`.
        size: The paper.
        replaces: The version that the patient holds; by default the one before.
        replaced_by: The plan's newest version, where this one was withdrawn.

    Returns:
        The file; see `document_file`.

    Raises:
        ExportError: The plan's protocol is for tests only, or its screening says stop.
        ScheduleError: *through* is no last day for this plan.
    """
    return paper_file(
        Paper.HANDOUT,
        schedule,
        look=Look(size=size),
        through=through,
        replaces=replaces,
        replaced_by=replaced_by,
    )


def papers_of(schedule: Schedule, through: date | None = None) -> tuple[Paper, ...]:
    """Say which documents a plan has: under a stop one, without a dose to come two, else all."""
    plan, first = schedule.plan, schedule.in_force_from
    if plan.is_stopped_by_screening or not plan.protocol.is_for_patients:
        return (Paper.PLAN_SHEET,)
    has_doses = bool(schedule.between(first, schedule.horizon(through)))
    return tuple(Paper) if has_doses else _WITHOUT_A_DOSE


def packet_file(
    schedule: Schedule,
    *,
    look: Look = LETTER,
    through: date | None = None,
    calendar: bytes | None = None,
) -> Export:
    """
    Make all documents of a plan one file, with its reminders inside it.

    Args:
        schedule: What is taken.
        look: How it looks, and in which language.
        through: The last dosing day to cover, inclusive; each document has its usual one.
        calendar: The calendar file; pages carry it as an attachment, other formats cannot.

    Raises:
        ExportError: The plan's protocol is for tests only, its screening says stop, or the texts
            are not to be had in this language.
        ScheduleError: *through* is no last day for this plan.
    """
    documents.refuse_unfit(schedule.plan)
    papers = papers_of(schedule, through)
    made = [look.of(_maker(one, schedule, through=through)) for one in papers]
    if look.format != "pdf":
        return Export(_marked_up(made, look.format))
    return Export(_packet_pages(made, look, calendar), text_findings(schedule.plan))


def _packet_pages(made: Sequence[Document], look: Look, calendar: bytes | None) -> bytes:
    from ldn_titrate.export.pdf.metadata import Attachment  # noqa: PLC0415
    from ldn_titrate.export.pdf.render import render_packet  # noqa: PLC0415

    speech = speech_in(look.language)
    reminders = Attachment(
        name=REMINDERS,
        media_type="text/calendar",
        content=calendar or b"",
        description=speech.say("packet.reminders"),
    )
    return render_packet(
        made,
        size=look.size,
        large_print=look.large_print,
        title=speech.say("packet.title"),
        language=speech.language,
        attachments=(reminders,) if calendar else (),
    )


def all_files(
    schedule: Schedule,
    *,
    look: Look = LETTER,
    through: date | None = None,
    calendar: bytes | None = None,
) -> dict[str, Export]:
    """
    Make every document of a plan in every format, and the packet, under the names of their files.

    Args:
        schedule: What is taken.
        look: How it looks, and in which language; its format is not looked at.
        through: The last dosing day to cover, inclusive; each document has its usual one.
        calendar: The calendar file, which stands beside the others and inside the packet.

    Raises:
        ExportError: The texts are not to be had in this language.
        ScheduleError: *through* is no last day for this plan.
    """
    papers = papers_of(schedule, through)
    made = {paper: look.of(_maker(paper, schedule, through=through)) for paper in papers}
    files = {
        f"{paper}{suffix}": document_file(
            document, schedule.plan, look=replace(look, format=format_)
        )
        for paper, document in made.items()
        for format_, suffix in SUFFIXES.items()
    }
    if Paper.HANDOUT not in papers:
        return files
    pages = replace(look, format="pdf")
    packet = packet_file(schedule, look=pages, through=through, calendar=calendar)
    reminders = {REMINDERS: Export(calendar)} if calendar else {}
    return files | {"packet.pdf": packet} | reminders


def _maker(paper: Paper, schedule: Schedule, **more: Any) -> Callable[[Speech], Document]:  # noqa: ANN401
    make = _MAKERS[paper]
    return lambda speech: make(schedule, speech=speech, **more)


def evidence_file(*, size: PaperSize = "letter") -> Export:
    """
    Make the evidence page for clinicians as a tagged PDF (PDF/UA-1) with embedded fonts.

    Args:
        size: The paper.

    Returns:
        The file, the same bytes for the same evidence.
    """
    from ldn_titrate.evidence_page import evidence_page  # noqa: PLC0415

    return document_file(evidence_page(), look=Look(size=size))


def text_findings(plan: Plan | TopicalPlan) -> tuple[Finding, ...]:
    """Say which of a plan's texts hold characters that no shipped font has."""
    from ldn_titrate.export.pdf.fonts import missing_characters  # noqa: PLC0415

    return tuple(
        Finding("text.no-glyph", Severity.WARNING, _told(missing), where)
        for where, text in _texts(plan.model_dump(mode="json"), "")
        if (missing := missing_characters(text))
    )


def _texts(part: object, where: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a plan with its place, such as ``amendments[0].reason``."""
    if isinstance(part, str):
        yield where, part
    elif isinstance(part, dict):
        for name, inner in part.items():
            yield from _texts(inner, f"{where}.{name}".lstrip("."))
    elif isinstance(part, list):
        for number, inner in enumerate(part):
            yield from _texts(inner, f"{where}[{number}]")


def _told(missing: tuple[str, ...]) -> str:
    points = ", ".join(f"U+{ord(character):04X}" for character in missing)
    return f"no shipped font has {points}; a mark stands in its place, so write it in by hand"
