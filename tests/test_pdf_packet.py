from __future__ import annotations

import gc
import hashlib
import os
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pikepdf
import pytest
from PIL import ImageCms

from ldn_titrate.errors import ExportError
from ldn_titrate.export.pdf.metadata import Attachment, grey_profile
from ldn_titrate.export.pdf.render import render, render_packet
from pdf_judges import (
    COLOURED,
    detached,
    elements,
    font_sizes,
    operators,
    outline,
    page_text,
    pdfua_errors,
    problems,
    struct_text,
    validate_a3,
    validate_ua1,
)
from sample_blocks import bilingual, packet
from test_pdf_blocks import DOCUMENTS
from test_pdf_canvas import changed_by

if TYPE_CHECKING:
    from collections.abc import Callable

Size = Literal["letter", "a4"]

EVERY_BYTE = bytes(range(256)) * 8
CALENDAR = Attachment(
    name="reminders.ics",
    media_type="text/calendar",
    content=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    description="Reminders for a calendar",
)
PLAN = Attachment(
    name="plan.json",
    media_type="application/json",
    content=EVERY_BYTE,
    description="The plan (as written) \\ פת",
    relationship="Source",
)


@cache
def drawn(size: Size = "letter", *, large: bool = False) -> bytes:
    """Draw the packet once."""
    return render_packet(
        packet(),
        size=size,
        large_print=large,
        title="Naltrexone plan of Pat Example",
        language="en-US",
        attachments=(CALENDAR, PLAN),
    )


@pytest.mark.parametrize("size", ["letter", "a4"])
@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
def test_a_packet_conforms_to_pdf_ua_and_to_pdf_a(size: Size, *, large: bool) -> None:
    """Both standards at once, by every judge."""
    pdf = drawn(size, large=large)
    assert validate_ua1(pdf) == []
    assert validate_a3(pdf) == []
    assert pdfua_errors(pdf) == []
    assert problems(pdf) == ""
    assert min(font_sizes(pdf)) >= (18 if large else 10)
    assert not {operator for operator, _ in operators(pdf)} & COLOURED


def test_hostile_texts_conform_in_a_packet_too() -> None:
    """Scripts of every kind, empty texts and endless ones, in every place and in the title."""
    pdf = render_packet(
        tuple(DOCUMENTS.values()), size="a4", title="פת 😀 <&> \x00", language="he-IL"
    )
    assert validate_ua1(pdf) == []
    assert validate_a3(pdf) == []
    assert problems(pdf) == ""


def test_what_was_put_in_comes_out() -> None:
    """Another program takes the files out, byte for byte."""
    assert detached(drawn()) == {"plan.json": EVERY_BYTE, "reminders.ics": CALENDAR.content}


def test_an_attached_file_has_its_kind_and_its_words() -> None:
    """A viewer shows what it is and what it is for."""
    with pikepdf.open(BytesIO(drawn())) as pdf:
        first, second = pdf.Root.AF
        assert str(first.Desc) == PLAN.description
        assert (str(first.AFRelationship), str(second.AFRelationship)) == ("/Source", "/Data")
        assert str(second.EF.F.Subtype) == "/text/calendar"
        assert int(second.EF.F.Params.Size) == len(CALENDAR.content)


def test_a_packet_without_attachments_has_none() -> None:
    """No empty list of files is left behind."""
    pdf = render_packet(packet()[:1], size="letter", title="A title", language="en")
    assert detached(pdf) == {}
    assert validate_a3(pdf) == []


@pytest.mark.parametrize(
    ("attachments", "told"),
    [
        ([replace(CALENDAR, name="../x.ics")], "is named '../x.ics'"),
        ([replace(CALENDAR, name="")], "is named ''"),
        ([replace(CALENDAR, name="a(b.ics")], "is named"),
        ([replace(CALENDAR, media_type="calendar")], "of the kind 'calendar'"),
        ([replace(CALENDAR, media_type="text/cal>>")], "of the kind"),
        ([CALENDAR, CALENDAR], "the same name"),
    ],
)
def test_an_attachment_that_no_reader_could_store_is_refused(
    attachments: list[Attachment], told: str
) -> None:
    """Names that lead elsewhere, and kinds that are none."""
    with pytest.raises(ExportError, match=told):
        render_packet(
            packet()[:1], size="letter", title="A title", language="en", attachments=attachments
        )


def test_an_empty_packet_is_refused() -> None:
    """A file has at least one page."""
    with pytest.raises(ExportError, match="at least one document"):
        render_packet((), size="letter", title="A title", language="en")


def test_the_pages_are_numbered_through() -> None:
    """Each document begins on a new page, under its own title."""
    texts = page_text(drawn())
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(texts)}" in text
    titles = ["Your plan", "Your log", "Your card", "A report"]
    starts = [next(n for n, text in enumerate(texts) if title in text[:200]) for title in titles]
    assert starts == sorted(set(starts))


def test_each_document_keeps_its_own_head() -> None:
    """The running line and the mark of a draft are those of the document."""
    signed, draft = packet()[0], replace(packet()[1], running="Another head")
    pdf = render_packet((signed, draft), size="letter", title="A title", language="en")
    texts = page_text(pdf)
    assert all("Plan 7F3K-1" in text and "DRAFT" not in text for text in texts[:2])
    assert all("Another head" in text and "DRAFT" in text for text in texts[2:])
    assert struct_text(pdf).count("DRAFT, not for patient use") == 1


def test_the_outline_has_an_entry_for_each_document_and_section() -> None:
    """A reader finds the log without leafing."""
    lines = outline(drawn())
    assert [title for depth, title, _ in lines if depth == 0] == [one.title for one in packet()]
    assert [title for _, title, _ in lines[-3:]] == ["A report", "The log", "The card"]
    texts = page_text(drawn())
    assert all(title in texts[page - 1] for _, title, page in lines)


def test_each_document_is_a_part_in_its_own_language() -> None:
    """A Spanish handout in an English packet is read in Spanish."""
    pdf = render_packet(
        (packet()[2], bilingual()), size="letter", title="A title", language="en-US"
    )
    parts = [each for each in elements(pdf) if each.role == "Part"]
    assert [each.language for each in parts] == ["en-US", "es"]
    assert validate_ua1(pdf) == []


def test_a_document_in_a_packet_says_what_it_says_alone() -> None:
    """Nothing is added, changed or left out."""
    alone = [text for one in packet() for text in struct_text(render(one, size="letter"))]
    assert struct_text(drawn()) == alone


def test_the_profile_of_grey_can_be_read() -> None:
    """Another program opens it and turns grey into colours with it."""
    profile = ImageCms.ImageCmsProfile(BytesIO(grey_profile()))
    assert profile.profile.xcolor_space.strip() == "GRAY"
    assert profile.profile.profile_description == "Grey, gamma 2.2"
    assert profile.profile.version == pytest.approx(2.1)
    ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), "L", "RGB")


def drop_the_meaning_of_grey(pdf: pikepdf.Pdf) -> None:
    """Leave open which grey is meant."""
    del pdf.Root["/OutputIntents"]


def drop_the_relationships(pdf: pikepdf.Pdf) -> None:
    """Leave open what the attached files are."""
    for one in pdf.Root.AF:
        del one["/AFRelationship"]


def drop_the_association(pdf: pikepdf.Pdf) -> None:
    """Attach files to nothing."""
    del pdf.Root["/AF"]


def drop_the_conformance(pdf: pikepdf.Pdf) -> None:
    """Do not say that the file is fit for an archive."""
    xmp = pdf.Root.Metadata.read_bytes().replace(b"<pdfaid:part>3</pdfaid:part>", b"")
    pdf.Root.Metadata = pdf.make_stream(xmp, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)


def drop_the_kinds(pdf: pikepdf.Pdf) -> None:
    """Leave open what is inside the attached files."""
    for one in pdf.Root.AF:
        del one.EF.F["/Subtype"]


@pytest.mark.parametrize(
    "change",
    [
        drop_the_meaning_of_grey,
        drop_the_relationships,
        drop_the_association,
        drop_the_conformance,
        drop_the_kinds,
    ],
    ids=lambda change: change.__name__,
)
def test_a_broken_packet_is_caught(change: Callable[[pikepdf.Pdf], None]) -> None:
    """What makes it fit for an archive is needed."""
    assert validate_a3(changed_by(drawn(), change)) != []


SCRIPT = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from test_pdf_packet import drawn
print(hashlib.sha256(drawn("letter")).hexdigest(), hashlib.sha256(drawn("a4")).hexdigest())
"""


def test_the_same_packet_gives_the_same_bytes_in_every_process() -> None:
    """Neither the hash seed nor the clock nor the zone matters, not for the profile either."""
    here = [hashlib.sha256(drawn(size)).hexdigest() for size in ("letter", "a4")]
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(Path(__file__).parent)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
            text=True,
        )
        assert done.stdout.split() == here


def test_four_threads_give_the_same_bytes_as_one() -> None:
    """Packets of every look and paper, drawn at once."""
    looks: list[tuple[Size, bool]] = [
        ("letter", False),
        ("a4", True),
        ("letter", True),
        ("a4", False),
    ]

    def make(kind: tuple[Size, bool]) -> bytes:
        return drawn.__wrapped__(kind[0], large=kind[1])

    with ThreadPoolExecutor(4) as pool:
        files = list(pool.map(make, looks * 4))
    assert files == [drawn(size, large=large) for size, large in looks] * 4


def test_other_attachments_give_another_identifier() -> None:
    """Two files that differ in what is inside them are not taken for the same one."""

    def identifier(content: bytes) -> Any:
        one = replace(CALENDAR, content=content)
        file = render_packet(
            packet()[2:3], size="letter", title="A title", language="en", attachments=[one]
        )
        return pikepdf.open(BytesIO(file)).trailer.ID[0]

    assert identifier(b"one") != identifier(b"two")


def test_memory_stays_flat_over_many_packets() -> None:
    """What a packet needs is given back: fifty more of new people hold nothing."""

    def make(number: int) -> None:
        people = [replace(one, running=f"Person {number}") for one in packet()[2:]]
        render_packet(people, size="letter", title="A title", language="en")

    def held() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    for number in range(5):
        make(number)
    tracemalloc.start()
    try:
        before = held()
        for number in range(5, 55):
            make(number)
        assert held() - before < 400_000  # a few lines of each person, until newer ones come
    finally:
        tracemalloc.stop()
