from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from ldn_titrate.export.pdf.canvas import TaggedCanvas, Words
from ldn_titrate.export.pdf.fonts import NO_BREAK_SPACE, faces, normalized
from ldn_titrate.export.pdf.lines import Style, set_text
from ldn_titrate.export.pdf.structure import Artifact, Tag
from pdf_judges import elements, fonts, pdfua_errors, problems, struct_text, validate_ua1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BODY = Style(12, 15)
SIZE = (612.0, 792.0)


def words(text: str, owner: Tag | Artifact, y: float = 700) -> Iterator[Words]:
    """Set a text at the left of a page."""
    for line in set_text(text, BODY, 400):
        yield Words(72, y, line, owner)
        y -= BODY.leading


def canvas() -> TaggedCanvas:
    """Give an empty canvas."""
    return TaggedCanvas(SIZE, title="A title", language="en-US")


def sample() -> bytes:
    """Draw one page that has everything that the mutants below take away."""
    drawn = canvas()
    root = Tag("Document")
    table = Tag("Table", root)
    rows = [Tag("TR", table), Tag("TR", table)]
    cells = [
        *(Tag("TH", rows[0], "Column") for _ in range(2)),
        Tag("TH", rows[1], "Row"),
        Tag("TD", rows[1]),
    ]
    with drawn.marked(Artifact.LAYOUT):
        drawn.operators("0.9 g 72 100 100 20 re f 0 g")
    drawn.write(
        word
        for number, owner in enumerate([Tag("H1", root), Tag("H2", root), *cells])
        for word in words(f"Text {number}", owner, 700 - 20 * number)
    )
    return drawn.finish()


def changed(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Change the finished page."""
    return changed_by(sample(), change)


def changed_by(file: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Change any finished file."""
    with pikepdf.open(BytesIO(file)) as pdf:
        change(pdf)
        output = BytesIO()
        pdf.save(output)
    return output.getvalue()


def found(pdf: pikepdf.Pdf, role: str) -> list[Any]:
    """Find the elements of a role."""
    return [
        each
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == f"/{role}"
    ]


def skip_a_heading_level(pdf: pikepdf.Pdf) -> None:
    """Make H1, H2 into H1, H3."""
    found(pdf, "H2")[0].S = pikepdf.Name.H3


def make_headers_plain_cells(pdf: pikepdf.Pdf) -> None:
    """Make each TH a TD."""
    for cell in found(pdf, "TH"):
        cell.S = pikepdf.Name.TD
        del cell["/A"]


def drop_the_scopes(pdf: pikepdf.Pdf) -> None:
    """Leave open what a header cell is the header of."""
    for cell in found(pdf, "TH"):
        del cell["/A"]


def drop_the_language(pdf: pikepdf.Pdf) -> None:
    """Leave the language open."""
    del pdf.Root["/Lang"]


def add_untagged_text(pdf: pikepdf.Pdf) -> None:
    """Write a word outside every element."""
    name = next(iter(pdf.pages[0].Resources.Font))
    pdf.pages[0].contents_add(f"BT {name} 12 Tf 72 50 Td (Loose) Tj ET".encode())


def use_an_unknown_role(pdf: pikepdf.Pdf) -> None:
    """Use a role that is neither standard nor mapped."""
    found(pdf, "H2")[0].S = pikepdf.Name.Shout


def take_a_cell_away(pdf: pikepdf.Pdf) -> None:
    """Make a row shorter than the others."""
    row = found(pdf, "TR")[1]
    row.K = pikepdf.Array([row.K[0]])


def drop_the_xmp_title(pdf: pikepdf.Pdf) -> None:
    """Leave the file without a title in its metadata."""
    xmp = pdf.Root.Metadata.read_bytes()
    start, end = xmp.index(b"<dc:title>"), xmp.index(b"</dc:title>") + len(b"</dc:title>")
    pdf.Root.Metadata = pdf.make_stream(
        xmp[:start] + xmp[end:], Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
    )


def hide_the_title(pdf: pikepdf.Pdf) -> None:
    """Let a viewer show the name of the file in place of its title."""
    del pdf.Root.ViewerPreferences["/DisplayDocTitle"]


def make_a_figure_without_words(pdf: pikepdf.Pdf) -> None:
    """Make an element a figure that has no alternate text."""
    found(pdf, "H2")[0].S = pikepdf.Name.Figure


def drop_a_map_to_unicode(pdf: pikepdf.Pdf) -> None:
    """Leave a font without a way back to characters."""
    for font in pdf.pages[0].Resources.Font.values():
        del font["/ToUnicode"]


# Which validator sees what; each mutant is seen by at least one.
MUTANTS: dict[Callable[[pikepdf.Pdf], None], set[str]] = {
    skip_a_heading_level: {"page"},
    make_headers_plain_cells: {"pdfua"},
    drop_the_scopes: {"page", "pdfua"},
    drop_the_language: {"page", "pdfua"},
    add_untagged_text: {"page", "pdfua"},
    use_an_unknown_role: {"page"},
    take_a_cell_away: {"page"},
    drop_the_xmp_title: {"page"},
    hide_the_title: {"page", "pdfua"},
    make_a_figure_without_words: {"page", "pdfua"},
    drop_a_map_to_unicode: {"page"},
}


def test_a_tagged_page_conforms_to_pdf_ua() -> None:
    """Neither validator finds anything, and the syntax is sound."""
    assert validate_ua1(sample()) == []
    assert pdfua_errors(sample()) == []
    assert problems(sample()) == ""


@pytest.mark.parametrize("change", MUTANTS, ids=lambda change: change.__name__)
def test_a_broken_page_is_caught(change: Callable[[pikepdf.Pdf], None]) -> None:
    """What the canvas does is needed: a page without it fails, as each validator sees it."""
    mutant = changed(change)
    caught = {"page"} if validate_ua1(mutant) else set()
    caught |= {"pdfua"} if pdfua_errors(mutant) else set()
    assert caught == MUTANTS[change]


def test_reading_order_is_drawing_order() -> None:
    """Text is read aloud as it was written, whatever its place on the page."""
    drawn = canvas()
    root = Tag("Document")
    drawn.write(words("First", Tag("P", root), 100))
    drawn.write(words("Second", Tag("P", root), 700))
    assert struct_text(drawn.finish()) == ["First", "Second"]


def test_an_artifact_is_not_read_aloud() -> None:
    """A running head is on the page and not in the structure."""
    drawn = canvas()
    drawn.write(words("Page 1 of 1", Artifact.PAGINATION))
    drawn.write(words("Text", Tag("P")))
    assert struct_text(drawn.finish()) == ["Text"]


def test_an_element_may_go_on_on_another_page() -> None:
    """One paragraph on two pages is one element."""
    drawn = canvas()
    owner = Tag("P")
    drawn.write(words("One ", owner))
    drawn.end_page()
    drawn.write(words("sentence.", owner))
    pdf = drawn.finish()
    assert [(each.role, sorted(each.pages)) for each in elements(pdf)] == [("P", [0, 1])]
    assert validate_ua1(pdf) == []


def test_every_character_maps_back_to_unicode() -> None:
    """More characters than one font holds, each with its own row in some map."""
    text = "".join(c for c in sorted(faces(bold=False)[1].widths) if normalized(c) == c)
    drawn = canvas()
    owner = Tag("P")
    for row, line in enumerate(set_text(text, BODY, 400)):
        drawn.write([Words(72, 700 - 15 * row, line, owner)])
    pdf = drawn.finish()
    mapped = {c for font in fonts(pdf) for c in font.unicode.values()}
    assert set(text) - {NO_BREAK_SPACE} <= mapped
    assert all(font.embedded for font in fonts(pdf))
    assert validate_ua1(pdf) == []


def test_a_map_to_unicode_has_no_row_for_nothing() -> None:
    """No code stands for U+0000, which a reader could not speak."""
    assert all("\0" not in font.unicode.values() for font in fonts(sample()))


def test_hebrew_is_spoken_in_logical_order() -> None:
    """The element says the name as it is written, though it is drawn backwards."""
    drawn = canvas()
    drawn.write(words("פת דוגמה", Tag("P")))
    pdf = drawn.finish()
    assert [each.spoken for each in elements(pdf)] == ["פת דוגמה"]
    assert validate_ua1(pdf) == []


def test_parentheses_and_backslashes_are_written_as_they_are() -> None:
    """What has a meaning in PDF strings has none in a name."""
    drawn = canvas()
    drawn.write(words(r"a \(b)) Tj ET (", Tag("P")))
    assert struct_text(drawn.finish()) == [r"a \(b)) Tj ET ("]


def test_two_files_with_other_text_have_other_identifiers() -> None:
    """The identifier comes from the content, and only from it."""
    first, again, other = canvas(), canvas(), canvas()
    first.write(words("Text", Tag("P")))
    again.write(words("Text", Tag("P")))
    other.write(words("Another text", Tag("P")))
    files = [each.finish() for each in (first, again, other)]
    assert files[0] == files[1]
    identifiers = [pikepdf.open(BytesIO(file)).trailer.ID[0] for file in files]
    assert identifiers[0] != identifiers[2]


def test_the_file_tells_no_date() -> None:
    """There is no clock, so no date of making is made up."""
    with pikepdf.open(BytesIO(sample())) as pdf:
        assert set(pdf.docinfo) == {"/Title", "/Producer"}


def test_a_font_that_someone_else_registered_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same face under another name, registered first, changes no byte."""
    before = sample()
    name = "AtkinsonHyperlegible-Regular"
    monkeypatch.setattr(pdfmetrics, "_fonts", dict(pdfmetrics._fonts))
    monkeypatch.setattr(pdfmetrics, "_dynFaceNames", {})
    monkeypatch.setattr("reportlab.lib.fonts._tt2ps_map", {})
    monkeypatch.setattr("reportlab.lib.fonts._ps2tt_map", {})
    data = BytesIO(faces(bold=False)[0].source._ttf_data)
    pdfmetrics.registerFont(TTFont(name, data, asciiReadable=False))
    assert sample() == before
