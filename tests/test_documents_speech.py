"""The one speech of the documents: each text has an id, and other languages say the same."""

from __future__ import annotations

import builtins
import re
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate import documents, library, words
from ldn_titrate.content import (
    Blank,
    Bullets,
    Callout,
    Document,
    Paragraph,
    Table,
    TickCalendar,
    TickDay,
    TickWeek,
    Weight,
)
from ldn_titrate.dose import Dose
from ldn_titrate.errors import ExportError, LdnTitrateError
from ldn_titrate.library import evidence, languages, not_whole, sentences, texts
from ldn_titrate.product import OralLiquid, Product, Units
from ldn_titrate.schedule import lay_out
from ldn_titrate.speech import ENGLISH, Speech, held, speech_in
from plans import DOSES, a_plan, a_signed_plan
from said import plain, rows, tables, texts_of, texts_said_in_both

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES = [one for one in languages() if one != "en"]
ROOT = Path(library.__file__).parent.parent
NB = "\N{NO-BREAK SPACE}"
SIXTH = date(2026, 12, 6)


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch) -> Speech:
    """Return a language in which each English text stands in brackets, spoken like German."""
    english = texts()
    told = {key: f"[{text}]" for key, text in english.items()}
    german = replace_catalogue(reviewed=False)
    monkeypatch.setattr("ldn_titrate.speech.texts", lambda one: english if one == "en" else told)
    monkeypatch.setattr(
        "ldn_titrate.speech.catalogue",
        lambda one: library.catalogue("en") if one == "en" else german,
    )
    return Speech("de")


def replace_catalogue(*, reviewed: bool) -> library.Catalogue:
    """Return a catalogue that nobody checked, or that somebody did."""
    return library.catalogue("en").replace(language="de", reviewed=reviewed)


class TestEnglish:
    """The language of the library itself."""

    @given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
    def test_says_dates_as_every_output_does(self, day: date) -> None:
        """The same words, held together on one line."""
        assert ENGLISH.long_date(day) == words.long_date(day).replace(" ", NB)
        assert ENGLISH.short_date(day) == words.short_date(day).replace(" ", NB)
        assert ENGLISH.weekday(day) == words.weekday(day)

    @given(DOSES)
    def test_says_a_dose_as_every_output_does(self, dose: Dose) -> None:
        """One formatter, and a space that does not break."""
        assert ENGLISH.dose(dose) == str(dose).replace(" ", NB)

    @given(
        st.sampled_from(
            [
                "capsule 1.5 mg",
                "tablet 3 mg",
                "liquid 1 mg/mL, 0.1 mL syringe",
                "liquid 5 mg/5 mL, 0.25 mL syringe",
            ]
        ),
        st.integers(1, 400),
    )
    def test_says_units_and_products_as_every_output_does(self, text: str, count: int) -> None:
        """One of a thing and several of it."""
        product = Product.parse(text)
        whole = Decimal(count) / (4 if isinstance(product, OralLiquid) else 1)
        units = Units(whole, product)

        assert ENGLISH.units((units,)) == units.in_words().replace(" ", NB)
        assert ENGLISH.label(product) == product.label.replace(" ", NB)

    @given(st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, max_size=5))
    def test_lists_parts_as_every_output_does(self, parts: list[str]) -> None:
        """Commas, and before the last one 'and'."""
        assert ENGLISH.listed(parts) == words.listed(parts)

    def test_says_little_in_a_cell(self) -> None:
        """The strength stands there where capsules could be mixed up."""
        capsule, liquid = (
            Product.parse("capsule 1.5 mg"),
            Product.parse("liquid 1 mg/mL, 1 mL syringe"),
        )

        assert ENGLISH.cell(Units(Decimal(1), capsule), strengths=1) == f"1{NB}capsule"
        assert ENGLISH.cell(Units(Decimal(2), capsule), strengths=1) == f"2{NB}capsules"
        assert ENGLISH.cell(Units(Decimal(2), capsule), strengths=2) == f"2{NB}of{NB}1.5{NB}mg"
        assert ENGLISH.cell(Units(Decimal(3), liquid), strengths=1) == f"3{NB}mL"


def test_a_product_without_words_is_refused() -> None:
    """Nothing is said of it, rather than something wrong."""
    with pytest.raises(ExportError, match="there are no words for a object"):
        ENGLISH.units((Units(Decimal(1), object()),))


class TestTheCatalogues:
    """Texts by id."""

    def test_name_each_text_once(self) -> None:
        """No label has the section of a sentence, whose ids are read by section."""
        labels = library.catalogue("en").texts

        assert set(labels) & {key.partition(".")[0] for key in sentences()} == set()

    def test_hold_no_text_that_no_document_says(self) -> None:
        """Each label is named somewhere in the code."""
        code = "".join(
            path.read_text("utf-8") for path in sorted(ROOT.rglob("*.py")) if path.is_file()
        )
        begun = set(re.findall(r'f"([a-z]+\.[a-z-]*)\{', code)) | {"call.", "unit.", "cell."}
        unsaid = [
            key
            for key in library.catalogue("en").by_id
            if f'"{key}"' not in code and not any(key.startswith(one) for one in begun)
        ]

        assert unsaid == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_of_other_languages_are_whole(self, language: str) -> None:
        """Each id of the English ones, with its fields; they are not taken for reviewed."""
        assert not_whole(library.catalogue(language).by_id) == []
        assert not library.catalogue(language).reviewed

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ({"help.lead": None}, "help.lead is missing"),
            ({"help.more": "?"}, "help.more is not known"),
            ({"main.take": "Nimm {when}"}, "main.take has not the fields of the English text"),
        ],
    )
    def test_that_are_not_whole_say_where(self, change: dict[str, Any], fault: str) -> None:
        """A text that would be missed in print is found when the file is read."""
        told = {key: text for key, text in (texts() | change).items() if text is not None}

        assert not_whole(told) == [fault]

    def test_that_are_not_whole_are_never_loaded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The error names the file and each id."""
        file = 'language = "xx"\nname = "None"\nreviewed = false\n[texts.help]\nlead = "{x}"\n'
        monkeypatch.setattr(library, "_read", lambda _: file)
        monkeypatch.setattr(library, "languages", lambda: ("en", "xx"))

        with pytest.raises(LdnTitrateError, match=r"phrases/xx\.toml is not whole: main\.take"):
            library.catalogue.__wrapped__("xx")

    def test_keep_no_break_spaces_and_no_others_at_the_ends(self) -> None:
        """A language may hold a word and its mark together."""
        fields = {"language": "fr", "name": "français", "reviewed": False}

        kept = library.Catalogue(**fields, texts={"help": {"lead": f"Appelez{NB}:"}})

        assert kept.by_id == {"help.lead": f"Appelez{NB}:"}
        with pytest.raises(LdnTitrateError, match="spaces at its ends"):
            library.Catalogue(**fields, texts={"help": {"lead": "Appelez  ici"}})

    def test_of_no_language_are_not_found(self) -> None:
        """What there is, is named."""
        with pytest.raises(LdnTitrateError, match="'xx'; there is en"):
            library.catalogue("xx")
        with pytest.raises(ExportError, match="'xx'; there is en"):
            speech_in("xx")


class TestAnotherLanguage:
    """What Babel and a catalogue make of a document."""

    def test_has_its_own_days_and_decimal_sign(self) -> None:
        """Weekday and month in letters, and nothing breaks."""
        german = Speech("de")

        assert german.long_date(SIXTH) == f"So.,{NB}6.{NB}Dez.{NB}2026"
        assert german.short_date(SIXTH) == f"6.{NB}Dez."
        assert german.weekday(SIXTH) == "So"
        assert german.number(Decimal("1.50")) == "1,5"
        assert german.dose(Dose.parse("1.5 mg")) == f"1,5{NB}mg"
        assert german.clock(time(22)) == "22:00"

    @given(
        st.dates(date(2000, 1, 1), date(2199, 12, 31)), st.sampled_from(["nl", "de", "fr", "es"])
    )
    def test_never_says_a_month_in_digits(self, day: date, language: str) -> None:
        """So that nobody can swap it with the day."""
        said = Speech(language).long_date(day)

        assert re.findall(r"\d+", said) == [str(day.day), str(day.year)]
        assert " " not in said

    def test_stands_beside_its_english_line_until_somebody_checked_it(
        self, invented: Speech
    ) -> None:
        """Every text that differs has two lines, and the first of the document says so."""
        schedule = lay_out(a_plan())

        made = documents.in_language(
            lambda speech: documents.handout(schedule, speech=speech), invented
        )

        english = documents.handout(schedule)
        assert (made.language, made.beside) == ("de", "en")
        warning = texts()["language.unreviewed"]
        assert made.front[0] == Callout(f"[{warning}]\n{warning}", (), Weight.PLAIN)
        without = replace(made, front=made.front[1:])
        second = [text.split("\n")[-1] for text in texts_said_in_both(without)]
        assert sorted(second) == sorted(texts_said_in_both(english))

    def test_stands_alone_once_it_is_checked(
        self, invented: Speech, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No English line, and no warning."""
        checked = replace_catalogue(reviewed=True)
        monkeypatch.setattr("ldn_titrate.speech.catalogue", lambda _: checked)

        made = documents.in_language(
            lambda speech: documents.handout(lay_out(a_plan()), speech=speech), invented
        )

        assert not [text for text in texts_of(made) if "\n" in text]

    def test_says_of_words_that_are_english_that_they_are(self) -> None:
        """What the library quotes in English is read aloud as English, checked or not."""
        plan = a_signed_plan()
        source = plan.protocol.sources[0]

        for speech in (Speech("de"), ENGLISH):
            sheet = documents.plan_sheet(lay_out(plan), speech=speech)
            (row,) = [row for row in rows(tables(sheet)[-1]) if row[0] == source]
            marked = "\n" if speech is not ENGLISH else ""
            assert row[1] == marked + plain(held(evidence()[source].words))
            assert sheet.beside == (None if speech is ENGLISH else "en")

    def test_is_refused_where_only_checked_texts_are_wanted(self, invented: Speech) -> None:
        """With the reason."""
        with pytest.raises(ExportError, match="'de' are not reviewed"):
            documents.in_language(
                lambda speech: documents.handout(lay_out(a_plan()), speech=speech),
                invented,
                reviewed_only=True,
            )

    def test_needs_babel(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The error names the extra."""
        usual = builtins.__import__

        def without_babel(name: str, *more: Any, **named: Any) -> Any:
            if name.startswith("babel"):
                raise ImportError
            return usual(name, *more, **named)

        monkeypatch.setattr(builtins, "__import__", without_babel)
        with pytest.raises(ExportError, match=r"install ldn-titrate\[i18n\]"):
            Speech("de").long_date(SIXTH)


def a_document(*blocks: Any) -> Document:
    """Make a small document."""
    return Document("Title", "Under it", "de", "Head", None, blocks)


class TestBeside:
    """Two documents of one structure, made one."""

    def test_gives_two_lines_where_texts_differ_and_one_where_not(self) -> None:
        """A name and a box to tick stand once."""
        german = a_document(Table("Tag", ("Wann",), (("Pat Example", Blank.BOX),)))
        english = a_document(Table("Day", ("When",), (("Pat Example", Blank.BOX),)))

        (table,) = documents.beside(german, replace(english, language="en")).front

        assert table == Table("Tag\nDay", ("Wann\nWhen",), (("Pat Example", Blank.BOX),))

    def test_gives_words_that_are_english_once(self) -> None:
        """Marked as English, and in no translation."""
        german, english = (a_document(Paragraph(one)) for one in ("\nA trial.", "A trial."))

        (said,) = documents.beside(german, replace(english, language="en")).front

        assert said == Paragraph("\nA trial.")

    def test_gives_a_day_to_tick_once(self) -> None:
        """A row to fill in, a day of a calendar; what stands above and beside them in both."""
        german = a_document(
            Table("1,5 mg", ("Tag",), (("Di 1. Dez.", "1,5 mg", Blank.BOX),)),
            TickCalendar(
                "Tage",
                "Woche",
                ("Di",),
                (TickWeek("1", (TickDay("1. Dez.", "3 mg", (), changes=True),)),),
            ),
        )
        english = a_document(
            Table("1.5 mg", ("Day",), (("Tue 1 Dec", "1.5 mg", Blank.BOX),)),
            TickCalendar(
                "Days",
                "Week",
                ("Tue",),
                (TickWeek("1", (TickDay("1 Dec", "3 mg", (), changes=True),)),),
            ),
        )

        said = list(texts_of(documents.beside(german, replace(english, language="en")).front))

        assert said[:4] == ["1,5 mg\n1.5 mg", "Tag\nDay", "Di 1. Dez.", "1,5 mg"]
        assert said[4:] == ["Tage\nDays", "Woche\nWeek", "Di\nTue", "1", "1. Dez.", "3 mg"]

    @pytest.mark.parametrize("make", [documents.dose_log, documents.handout])
    def test_leaves_no_dose_of_a_day_to_one_language(self, make: Callable[..., Document]) -> None:
        """Whoever reads English alone finds each dose of the days in what stands in both."""
        speech, planned = speech_in("de"), lay_out(a_signed_plan())

        made = documents.in_language(lambda one: make(planned, speech=one), speech)

        english = [text.split("\n")[-1] for text in texts_said_in_both(made)]
        for dose in ("1.5", "3", "4.5"):
            assert [text for text in english if f"{dose}{NB}mg" in text]

    @pytest.mark.parametrize(
        "other",
        [
            a_document(Bullets(("one", "two"))),
            a_document(Paragraph("one")),
            a_document(Table("T", ("H",), ((Blank.LINE,),))),
        ],
    )
    def test_refuses_documents_that_are_not_alike(self, other: Document) -> None:
        """No sentence ever stands beside another one's translation."""
        for one in (a_document(Bullets(("one",))), a_document(Table("T", ("H",), ((Blank.BOX,),)))):
            with pytest.raises(ExportError, match="not made alike"):
                documents.beside(one, other)
