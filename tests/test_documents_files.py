"""The printed set as files: every document in every format, the packet, and what is not made."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest

import ldn_titrate as ldn
import pdf_judges
from ldn_titrate import documents
from ldn_titrate.cli import run
from ldn_titrate.errors import ExportError
from ldn_titrate.export.calendar import calendar_file
from ldn_titrate.export.printed import (
    REMINDERS,
    SUFFIXES,
    Look,
    Paper,
    all_files,
    document_file,
    packet_file,
    paper_file,
    papers_of,
    text_findings,
)
from ldn_titrate.library import languages, texts
from ldn_titrate.planfile import dump_plan, load_plan
from ldn_titrate.screening import Answer
from ldn_titrate.speech import speech_in
from ldn_titrate.topical_documents import topical_card, topical_log
from said import texts_of, texts_said_in_both
from test_documents_set import ALL, BY, HOSTILE, answered, changed
from test_handout import PRODUCTS, laid_out
from test_topical import a_cream

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ldn_titrate.content import Document
    from ldn_titrate.speech import Speech

LOOKS: Final = {
    "letter": Look(),
    "a4": Look(size="a4"),
    "letter, large": Look(large_print=True),
    "a4, large": Look(size="a4", large_print=True),
}
KINDS: Final[dict[str, Any]] = {
    "draft": laid_out,
    "signed": changed,
    "paused": lambda: changed(
        ldn.Pause(effective=date(2026, 12, 20), until=date(2026, 12, 27), resume_at="1.5 mg", **BY)
    ),
    "mixed": lambda: laid_out(products=PRODUCTS["a mix of strengths"]),
}


def written(tmp_path: Path, schedule: ldn.Schedule) -> str:
    """Write the plan of a schedule to a file."""
    path = tmp_path / "plan.json"
    path.write_text(dump_plan(schedule.plan), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ALL)
def test_the_pages_of_each_document_meet_the_standard(name: str, kind: str, look: Look) -> None:
    """No validator finds a fault, nothing is small or coloured, and every text is read aloud."""
    document = ALL[name](KINDS[kind]())

    pdf = document_file(document, look=look).content

    _is_accessible(pdf, document, least=18 if look.large_print else 10)


@pytest.mark.parametrize("make", [topical_log, topical_card])
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_pages_for_a_cream_meet_the_standard(make: Any, look: Look) -> None:
    """The log and the card."""
    document = make(a_cream())

    _is_accessible(document_file(document, look=look).content, document, least=10)


def _is_accessible(pdf: bytes, document: Document, *, least: float) -> None:
    assert pdf_judges.validate_ua1(pdf) == []
    assert pdf_judges.pdfua_errors(pdf) == []
    assert pdf_judges.problems(pdf) == ""
    assert {name for name, _ in pdf_judges.operators(pdf)} & pdf_judges.COLOURED == set()
    assert min(pdf_judges.font_sizes(pdf)) >= least
    aloud = " ".join(" ".join(pdf_judges.struct_text(pdf)).split())
    parts = (part for block in (*document.front, *document.back) for part in texts_of(block))
    told = [" ".join(text.replace("\N{NO-BREAK SPACE}", " ").split()) for text in parts]
    assert [text for text in told if len(text.split()) > 3 and text not in aloud] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_user_typed_breaks_no_page(text: str) -> None:
    """Names, reasons and roles, on every document."""
    clinic = ldn.Clinic(**dict.fromkeys(ldn.Clinic.model_fields, text))
    stay = ldn.Stay(effective=date(2026, 12, 29), **(BY | {"reason": text, "role": text}))
    schedule = changed(stay, patient=text, clinic=clinic)

    for make in ALL.values():
        assert pdf_judges.validate_ua1(document_file(make(schedule)).content) == []


@pytest.mark.parametrize("paper", Paper)
def test_each_document_says_the_same_in_every_format(paper: Paper) -> None:
    """Every long text of it stands in the page for a browser and in the plain text."""
    schedule = changed()
    made = {
        format_: paper_file(paper, schedule, look=Look(format=format_)).content.decode()
        for format_ in ("html", "text")
    }
    document = ALL[paper.replace("-", " ")](schedule)

    flat = " ".join(made["text"].split())
    for text in texts_of(document.front):
        assert " ".join(text.split()) in flat
    assert made["html"].startswith("<!DOCTYPE html>")
    assert "<script" not in made["html"]


def test_the_same_plan_gives_the_same_bytes() -> None:
    """Whatever the format."""
    schedule = changed()

    for paper in Paper:
        for format_ in SUFFIXES:
            look = Look(format=format_)
            first, second = (paper_file(paper, schedule, look=look).content for _ in range(2))
            assert first == second


def test_a_letter_that_no_font_has_is_told_wherever_it_stands() -> None:
    """In an amendment, too."""
    stay = ldn.Stay(effective=date(2026, 12, 29), **(BY | {"reason": "例"}))

    plan = changed(stay, clinic=ldn.Clinic(clinic="例")).plan

    assert [one.where for one in text_findings(plan)] == ["clinic.clinic", "amendments[0].reason"]


def test_which_documents_there_are() -> None:
    """Under a stop only the sheet for clinicians, without a dose only two."""
    stopped = changed(ldn.Stop(effective=date(2026, 12, 20), **BY))

    assert papers_of(laid_out()) == tuple(Paper)
    assert papers_of(stopped) == (Paper.HANDOUT, Paper.PLAN_SHEET)
    assert papers_of(laid_out(screening=answered(Q3=Answer.YES))) == (Paper.PLAN_SHEET,)


def test_the_packet_holds_every_document_in_order_and_the_reminders() -> None:
    """One file, numbered through, with the calendar file inside."""
    schedule = changed()
    calendar = calendar_file(schedule).content

    pdf = packet_file(schedule, calendar=calendar).content

    assert pdf_judges.validate_ua1(pdf) == []
    assert pdf_judges.problems(pdf) == ""
    aloud = " ".join(" ".join(pdf_judges.struct_text(pdf)).split())
    places = [aloud.index(make(schedule).title) for make in ALL.values()]
    assert places == sorted(places)
    pages = pdf_judges.page_text(pdf)
    assert all(f"Page {n} of {len(pages)}" in text for n, text in enumerate(pages, start=1))
    assert pdf_judges.attached(pdf) == {REMINDERS: calendar}


def test_the_packet_is_refused_under_a_stop() -> None:
    """It is for a patient."""
    with pytest.raises(ExportError, match="the screening says stop"):
        packet_file(laid_out(screening=answered(Q3=Answer.YES)))


@pytest.mark.parametrize("format_", ["html", "text"])
def test_the_packet_is_one_page_for_a_browser_or_one_text(format_: Any) -> None:
    """All documents, without the reminders."""
    text = packet_file(changed(), look=Look(format=format_)).content.decode()

    assert all(make(changed()).title in text for make in ALL.values())


def test_all_files_are_every_document_in_every_format() -> None:
    """And the packet, and the reminders."""
    schedule = changed()

    files = all_files(schedule, calendar=b"BEGIN:VCALENDAR")

    names = {f"{paper}{suffix}" for paper in Paper for suffix in SUFFIXES.values()}
    assert set(files) == names | {"packet.pdf", REMINDERS}


class TestTheCommands:
    """The command line."""

    @pytest.mark.parametrize("format_", SUFFIXES)
    @pytest.mark.parametrize("paper", Paper)
    def test_write_each_document(self, tmp_path: Path, paper: Paper, format_: Any) -> None:
        """The same bytes as from Python."""
        target = tmp_path / "out"
        plan = written(tmp_path, changed())

        status = run(["export", paper, plan, "-o", str(target), "--format", format_])

        assert status == 0
        assert target.read_bytes() == (
            paper_file(
                paper, changed(), look=Look(format=format_), replaced_by=changed().plan
            ).content
        )

    @pytest.mark.parametrize("paper", Paper)
    def test_mark_a_withdrawn_version(self, tmp_path: Path, paper: Paper) -> None:
        """Printed again, it cannot be taken for the one in force."""
        schedule = changed(ldn.Plateau(effective=date(2026, 12, 29), **BY))
        target = tmp_path / "out"
        asked = ["--version", "1", "--format", "text"]

        run(["export", paper, written(tmp_path, schedule), "-o", str(target), *asked])

        assert target.read_text("utf-8").startswith("WITHDRAWN, do not follow")

    def test_say_when_a_supply_runs_out(self, tmp_path: Path) -> None:
        """14 days at one, 14 at two, then 16 at three."""
        target = tmp_path / "out"
        asked = ["--have", "90 x capsule 1.5 mg", "--format", "text"]

        run(["export", "pharmacy", written(tmp_path, changed()), "-o", str(target), *asked])

        assert "Wed 13 Jan 2027" in target.read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ")

    def test_write_everything_and_keep_what_was_given_out(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A second time only with --force."""
        plan, folder = written(tmp_path, changed()), tmp_path / "papers"

        assert run(["export", "all", plan, str(folder)]) == 0
        assert {one.name for one in folder.iterdir()} == set(all_files(changed(), calendar=b"x"))
        kept = load_plan((tmp_path / "plan.json").read_text("utf-8"))
        assert len(kept.given_out) == 1
        assert run(["export", "all", plan, str(folder)]) == 2
        assert "exists already; nothing was written" in capsys.readouterr().err
        assert run(["export", "all", plan, str(folder), "--force"]) == 0

    def test_write_only_the_sheet_for_clinicians_under_a_stop(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Each other command says why not."""
        plan = written(tmp_path, laid_out(screening=answered(Q3=Answer.YES)))

        assert run(["export", "all", plan, str(tmp_path / "papers")]) == 0
        assert {one.stem for one in (tmp_path / "papers").iterdir()} == {"plan-sheet"}
        for command in ("handout", "log", "card", "pharmacy", "packet"):
            assert run(["export", command, plan, "-o", str(tmp_path / command)]) == 2
            assert "the screening says stop" in capsys.readouterr().err
            assert not (tmp_path / command).exists()

    def test_put_the_reminders_into_the_packet_and_keep_that(self, tmp_path: Path) -> None:
        """So that they can be cancelled."""
        plan, target = written(tmp_path, changed()), tmp_path / "packet.pdf"

        assert run(["export", "packet", plan, "-o", str(target)]) == 0

        assert pdf_judges.attached(target.read_bytes()).keys() == {REMINDERS}
        assert len(load_plan((tmp_path / "plan.json").read_text("utf-8")).given_out) == 1

    def test_refuse_a_language_that_there_is_not(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """And name those that there are."""
        plan = written(tmp_path, changed())

        assert run(["export", "handout", plan, "-o", str(tmp_path / "x"), "--lang", "xx"]) == 2
        assert "no document is written in 'xx'; there is en" in capsys.readouterr().err

    def test_say_that_a_folder_cannot_be_made(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A file stands in its place."""
        plan = written(tmp_path, changed())

        assert run(["export", "all", plan, plan]) == 2
        assert "cannot make the folder plan.json" in capsys.readouterr().err

    def test_write_the_log_and_the_card_for_a_cream(self, tmp_path: Path) -> None:
        """In any format."""
        path = tmp_path / "cream.json"
        path.write_text(dump_plan(a_cream()), encoding="utf-8")

        for command in ("handout", "log", "card"):
            target = tmp_path / command
            asked = ["-o", str(target), "--format", "text"]
            assert run(["cream", command, str(path), *asked]) == 0
            assert "DRAFT, not for patient use" in target.read_text("utf-8")


@pytest.mark.parametrize("language", [one for one in languages() if one != "en"])
class TestInAnotherLanguage:
    """Each document in each language that there is."""

    def test_each_english_text_stands_under_its_translation(self, language: str) -> None:
        """Nothing is left out, and no number is another."""
        schedule, speech = changed(), speech_in(language)
        warning = texts()["language.unreviewed"]

        for make in ALL.values():
            told = documents.in_language(partial(_spoken, make, schedule), speech)
            lines = [text.split("\n") for text in texts_said_in_both(told)]
            english = sorted(texts_said_in_both(make(schedule)))
            assert sorted(one[-1] for one in lines if one[-1] != warning) == english
            for one in lines:
                both = (one[0] or one[-1], one[-1])
                first, last = (sorted(re.findall(r"\d+", part)) for part in both)
                assert first == last, one

    @pytest.mark.parametrize("size", ["letter", "a4"])
    def test_the_pages_meet_the_standard(self, language: str, size: Any) -> None:
        """As the English ones do."""
        for paper in Paper:
            pdf = paper_file(paper, changed(), look=Look(size=size, language=language)).content
            assert pdf_judges.validate_ua1(pdf) == []
            assert min(pdf_judges.font_sizes(pdf)) >= 10
            assert texts(language)["language.unreviewed"] in " ".join(pdf_judges.page_text(pdf)[:1])

    def test_a_translation_nobody_checked_is_refused_on_request(
        self, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """By the command, too."""
        asked = ["-o", str(tmp_path / "x"), "--lang", language, "--reviewed-only"]

        assert run(["export", "card", written(tmp_path, changed()), *asked]) == 2
        assert f"the texts in {language!r} are not reviewed" in capsys.readouterr().err


def _spoken(make: Callable[..., Document], schedule: ldn.Schedule, speech: Speech) -> Document:
    return make(schedule, speech=speech)
