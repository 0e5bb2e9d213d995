"""The catalogues of other languages: whole, translated, and each with the doses of the schedule."""

from __future__ import annotations

import re
from datetime import date
from string import Formatter
from typing import TYPE_CHECKING, Final

import pytest

from ldn_titrate import documents
from ldn_titrate.content import Document, Paragraph, Table, TickCalendar
from ldn_titrate.export.html import render_html
from ldn_titrate.export.pdf.render import render
from ldn_titrate.export.plain import render_text
from ldn_titrate.library import catalogue, languages, texts
from ldn_titrate.schedule import lay_out
from ldn_titrate.speech import ENGLISH, Speech, speech_in
from ldn_titrate.text import NO_BREAK_SPACE
from ldn_titrate.topical_documents import topical_card, topical_handout, topical_log
from pdf_judges import elements, page_text, pdfua_errors, validate_ua1
from plans import a_signed_plan, products
from said import plain, rows, tables, texts_of
from test_topical import a_signed_cream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ldn_titrate.export.pdf.render import Size
    from ldn_titrate.schedule import Schedule

LANGUAGES: Final = [one for one in languages() if one != "en"]
each_language = pytest.mark.parametrize("language", LANGUAGES)
each_size = pytest.mark.parametrize("size", ["letter", "a4"])

# What is the same in English and in the language; texts that are only fields need no line here.
SAME: Final = {
    "nl": {
        *("cell.capsule-one", "cell.capsule-other", "cell.tablet-one", "cell.liquid"),
        *("product.capsule", "product.tablet", "unit.liquid", "tick.week", "wallet.plan"),
        *("dispense.plan", "dispense.product", "sheet.protocol", "sheet.screening"),
        *("sheet.verdict-stop",),
    },
    "de": {"unit.liquid", "wallet.name", "wallet.plan", "dispense.patient", "dispense.plan"}
    | {"sheet.patient", "sheet.version", "sheet.screening", "cell.liquid"},
    "fr": {
        *("cell.liquid", "steps.dates", "steps.pause", "logbook.date", "wallet.plan"),
        *("wallet.dose", "dispense.patient", "dispense.plan", "dispense.dates", "dispense.dose"),
        *("sheet.patient", "sheet.dates", "sheet.dose", "sheet.version", "sheet.question"),
        *("sheet.id", "kind.pause"),
    },
    "es": {"cell.liquid", "wallet.plan", "dispense.plan", "sheet.id"}
    | {"sheet.severity-error", "sheet.is-not-verified"},
}

# What no document says in any words: a promise, a shorthand, a period that can mean two things.
FORBIDDEN: Final = {
    "nl": r"veilig|bewezen|aanbevolen|aanbevel|geen interacties|geen bijwerkingen|tweewekelijks"
    r"|onschadelijk|therapietrouw|\bdd\b|\ba\.?n\.?\b",
    "de": r"\bsicher|unbedenklich|bewiesen|erwiesen|empfehl|empfohlen|keine Wechselwirkung"
    r"|keine Nebenwirkung|zweiwöchentlich|Compliance|\bz\. ?N\.|\btgl\b",
    "fr": r"sans danger|sans risque|\bsûre?s?\b|prouvé|recommand|aucune interaction"
    r"|sans interaction|sans effets? indésirables?|bimensuel|bihebdomadaire|observance"
    r"|inoffensi|\b(?:gél|cp|cps|comp)\.|/j\b",
    "es": r"segur[oa]s?\b|probad[oa]s?\b|demostrad[oa]s?\b|recomend|sin interacciones"
    r"|sin efectos secundarios|bisemanal|quincenal|cumplimiento"
    r"|inofensiv|comprobad[oa]s?\b|\b(?:cáps|comp)\.|\bc/",
}
PROMISES: Final = {
    "nl": "Dit is veilig.",
    "de": "Das ist sicher.",
    "fr": "Ce traitement est sûr.",
    "es": "Es un tratamiento seguro.",
}

# A word that says no, and the texts that say it in another way than the English ones: "keep it off"
# for "not on", "only" for "not but", "stop" for "no more".
NO: Final = {
    "en": r"\b(?:not|never|no|nobody|nothing|none|without|non|neither)\b|-free",
    "nl": r"\b(?:niet|nooit|geen|niemand|niets|zonder|nee|noch)\b|vrije",
    "de": r"\b(?:nicht\w*|nie|kein\w*|niemand|nichts|ohne|nein|weder)\b|freie",
    "fr": r"\b(?:ne|non|aucune?|jamais|rien|sans|ni|personne|pas|inconnus?|ignore|n)\b",
    "es": r"\b(?:no|nunca|ningun[oa]s?|ningún|nadie|nada|sin|ni)\b",
}
OTHERWISE: Final = {
    "nl": {"cream.how-not-on"},
    "de": {"cream.how-not-on"},
    "fr": {"cream.how-not-on", "main.increase", "wallet.subtitle"},
    "es": {
        *("cream.how-not-on", "help.heart", "main.stopped", "dispense.too-little"),
        *("sheet.stop", "sheet.verdict-stop"),
    },
}

# What can be read in two ways, one of them dangerous: "never more" for "never again", "take no
# more" for "not a larger dose", "share" for "break in two".
TWO_WAYS: Final = {
    "nl": (r"\bdeel het niet\.", "Deel het niet."),
    "de": (r"\bnie mehr\b|\bteilen sie es\b", "Nehmen Sie nie mehr Opioid."),
    "fr": (r"\bjamais plus\b|\bpartagez\b", "Ne le partagez pas."),
    "es": (r"\bno tome más naltrexona\b", "No tome más naltrexona."),
}

# The first days of the three steps: weekday, day, month in letters and year, as Babel has them.
FIRST_DAYS: Final = {
    "nl": ("di 1 dec 2026", "di 15 dec 2026", "di 29 dec 2026"),
    "de": ("Di., 1. Dez. 2026", "Di., 15. Dez. 2026", "Di., 29. Dez. 2026"),
    "fr": ("mar. 1 déc. 2026", "mar. 15 déc. 2026", "mar. 29 déc. 2026"),
    "es": ("mar, 1 dic 2026", "mar, 15 dic 2026", "mar, 29 dic 2026"),
}


def numbers(text: str) -> list[str]:
    """Give the numbers of a text, with a decimal point, in order of size."""
    return sorted(one.replace(",", ".") for one in re.findall(r"\d+(?:[.,]\d+)?", text))


def without_fields(text: str) -> str:
    """Give what a text says of its own."""
    return "".join(literal for literal, *_ in Formatter().parse(text))


def left_in_english(told: dict[str, str], same: Iterable[str]) -> list[str]:
    """Name the texts that are the English ones, although they hold words."""
    english = texts()
    return [
        key
        for key, text in told.items()
        if text == english[key]
        and re.search(r"[^\W\d_]{2,}", without_fields(text).replace("UTC", ""))
        and key not in same
    ]


def other_numbers(told: dict[str, str]) -> list[str]:
    """Name the texts whose numbers are not those of the English ones."""
    english = texts()
    return [key for key, text in told.items() if numbers(text) != numbers(english[key])]


def turned_round(told: dict[str, str], language: str) -> list[str]:
    """Name the texts that say no where the English ones do not, or the other way round."""
    english = texts()
    no, not_ = (re.compile(NO[one], re.IGNORECASE) for one in (language, "en"))
    return sorted(
        key
        for key, text in told.items()
        if bool(no.search(text)) != bool(not_.search(english[key]))
    )


def untidy(told: dict[str, str]) -> list[str]:
    """Name the texts with spaces that nobody wants, line breaks or a single full stop too many."""
    wrong = re.compile(rf"[ {NO_BREAK_SPACE}]{{2}}|\s$|^\s|[\n\r\t]|\.\.|<|>| [.,](?!\d)")
    return [key for key, text in told.items() if wrong.search(text)]


def schedule() -> Schedule:
    """Lay out the plan of Pat Example from Tue 1 Dec 2026 on, with two strengths."""
    given = products("capsule 3 mg", "capsule 1.5 mg")
    return lay_out(a_signed_plan(start=date(2026, 12, 1), products=given))


DOCUMENTS: Final[dict[str, Callable[[Speech], Document]]] = {
    "handout": lambda speech: documents.handout(schedule(), speech=speech),
    "log": lambda speech: documents.dose_log(schedule(), speech=speech),
    "card": lambda speech: documents.wallet_card(schedule(), speech=speech),
    "pharmacy": lambda speech: documents.pharmacy_sheet(schedule(), speech=speech),
    "plan sheet": lambda speech: documents.plan_sheet(schedule(), speech=speech),
    "skin handout": lambda speech: topical_handout(a_signed_cream(), speech=speech),
    "skin log": lambda speech: topical_log(a_signed_cream(), speech=speech),
    "skin card": lambda speech: topical_card(a_signed_cream(), speech=speech),
}
each_document = pytest.mark.parametrize("name", DOCUMENTS)


class TestTheTexts:
    """Each one by itself."""

    @each_language
    def test_are_whole(self, language: str) -> None:
        """The catalogue loads, which it does only with every id and field of the English one."""
        assert set(catalogue(language).by_id) == set(texts())

    @each_language
    def test_are_not_left_in_english(self, language: str) -> None:
        """Words that are the same in both languages are named one by one."""
        assert left_in_english(texts(language), SAME.get(language, set())) == []

    @each_language
    def test_name_no_word_as_the_same_that_is_not(self, language: str) -> None:
        """The list of the same words holds no line that is needed no more."""
        assert [key for key in SAME[language] if texts(language)[key] != texts()[key]] == []

    def test_that_are_left_in_english_are_found(self) -> None:
        """One text that was forgotten; a frame of fields alone is no text."""
        forgotten = {key: texts()[key] for key in ("help.lead", "sheet.by-role", "tick.week")}

        assert left_in_english(forgotten, {"tick.week"}) == ["help.lead"]

    @each_language
    def test_hold_every_number_of_the_english_ones(self, language: str) -> None:
        """No more numbers and no fewer; a decimal comma is a decimal point."""
        assert other_numbers(texts(language)) == []

    @pytest.mark.parametrize(
        "text", ["Nooit van een tablet van 5 mg.", "Nooit van een tablet.", "50 mg of 50 mg"]
    )
    def test_with_another_number_are_found(self, text: str) -> None:
        """A digit, a number that is missing, and one too many."""
        assert other_numbers({"keeping.tablet": text}) == ["keeping.tablet"]

    @each_language
    def test_have_single_spaces_and_no_line_breaks(self, language: str) -> None:
        """They are set in lines by the document."""
        assert untidy(texts(language)) == []

    @pytest.mark.parametrize("text", ["a  b", f"a{NO_BREAK_SPACE} b", "a\nb", " a", "a.. b", "a ."])
    def test_that_are_untidy_are_found(self, text: str) -> None:
        """Each kind of fault."""
        assert untidy({"help.lead": text}) == ["help.lead"]

    @each_language
    def test_hold_no_promise_and_no_shorthand(self, language: str) -> None:
        """The words of each language that nobody may read there; one broken text proves each."""
        wrong = re.compile(FORBIDDEN[language], re.IGNORECASE)

        assert [key for key, text in texts(language).items() if wrong.search(text)] == []
        assert wrong.search(PROMISES[language])

    @each_language
    def test_say_no_where_the_english_ones_do(self, language: str) -> None:
        """A "not" that was lost, or one too many, turns a warning round."""
        assert turned_round(texts(language), language) == sorted(OTHERWISE[language])

    @pytest.mark.parametrize(
        ("key", "text"),
        [("how.self", "Ändern Sie Dosis oder Uhrzeit selbst."), ("notice.tell", "Nie.")],
    )
    def test_that_were_turned_round_are_found(self, key: str, text: str) -> None:
        """One lost, and one too many."""
        assert turned_round({key: text}, "de") == [key]

    @each_language
    def test_are_not_to_be_read_in_two_ways(self, language: str) -> None:
        """The ways that were found; one broken text proves each."""
        wrong, example = TWO_WAYS[language]
        found = re.compile(wrong, re.IGNORECASE)

        assert [key for key, text in texts(language).items() if found.search(text)] == []
        assert found.search(example)

    @each_language
    def test_say_of_a_pause_that_its_end_is_the_day_of_the_next_dose(self, language: str) -> None:
        """In these languages "until" a day is read as with that day."""
        day_before = {"nl": "dag vóór", "de": "Tag vor", "fr": "veille", "es": "día anterior"}

        assert day_before[language] in texts(language)["detail.until"]

    def test_in_french_hold_their_high_signs(self) -> None:
        """A colon, a semicolon and a question mark never begin a line."""
        loose = re.compile(rf"[^{NO_BREAK_SPACE}][:;?!]")

        assert [key for key, text in texts("fr").items() if loose.search(text)] == []
        assert loose.search("Dose : 3 mg")

    @each_language
    def test_end_as_the_english_ones_end(self, language: str) -> None:
        """A sentence keeps its full stop and a label stays a label."""
        english = texts()
        ends = {key: text.endswith(".") for key, text in texts(language).items()}

        assert [key for key, full in ends.items() if full != english[key].endswith(".")] == []

    @each_language
    def test_say_opioid_where_the_english_ones_do(self, language: str) -> None:
        """Nothing of the gravest warning is put in a milder word."""
        told = texts(language)
        word = re.compile("opi[oó][iï]d", re.IGNORECASE)

        assert [key for key, text in texts().items() if word.search(text)] == [
            key for key in texts() if word.search(told[key])
        ]


def grid_of(document: Document) -> TickCalendar:
    """Give the boxes to tick."""
    return next(block for block in document.front if isinstance(block, TickCalendar))


class TestTheHandout:
    """What the patient reads, against the schedule and against English."""

    @each_language
    def test_says_the_doses_and_first_days_of_the_schedule(self, language: str) -> None:
        """Decimal comma, weekday and month in letters."""
        (steps,) = tables(DOCUMENTS["handout"](speech_in(language)))

        assert [row[2] for row in rows(steps)] == ["1,5 mg", "3 mg", "4,5 mg"]
        for row, first in zip(rows(steps), FIRST_DAYS[language], strict=True):
            assert first in row[1]

    @each_language
    def test_says_in_each_cell_what_the_schedule_says_of_its_day(self, language: str) -> None:
        """All 42 boxes: the dose of the day, and as many kinds of capsules as make it up."""
        planned = schedule()
        grid = grid_of(DOCUMENTS["handout"](speech_in(language)))
        cells = [day for week in grid.weeks for day in week.days if day]
        doses = [planned.dose_on(day) for day in planned_days(planned, len(cells))]

        assert len(cells) == 42
        assert [cell.dose for cell in cells] == [
            f"{str(dose).removesuffix(' mg').replace('.', ',')}{NO_BREAK_SPACE}mg" for dose in doses
        ]

    @each_language
    @each_document
    def test_and_each_other_document_has_the_numbers_of_the_english_one(
        self, name: str, language: str
    ) -> None:
        """Text for text: nothing is said of another dose, count or time."""
        english, told = (
            [numbers(text) for text in texts_of(DOCUMENTS[name](speech))]
            for speech in (ENGLISH, speech_in(language))
        )

        assert told == english


def planned_days(planned: Schedule, count: int) -> list[date]:
    """Give the first days of a schedule."""
    return [date.fromordinal(planned.first.toordinal() + number) for number in range(count)]


class TestThePaper:
    """What is printed, alone and beside its English lines."""

    @each_language
    @each_document
    def test_conforms_to_pdf_ua(self, name: str, language: str) -> None:
        """Two validators, on the pages that a patient gets while nobody has checked the words."""
        made = documents.in_language(DOCUMENTS[name], speech_in(language))

        pdf = render(made, size="a4")

        assert validate_ua1(pdf) == []
        assert pdfua_errors(pdf) == []

    @each_language
    def test_has_on_one_page_what_is_looked_at_every_evening(self, language: str) -> None:
        """The table, the warning and all six weeks to tick stand on the first page."""
        speech = speech_in(language)
        one_strength = lay_out(a_signed_plan(start=date(2026, 12, 1)))
        document = documents.handout(one_strength, speech=speech)

        first, *others = page_text(render(document, size="a4"))

        assert plain(speech.say("opioids.tell")) in first
        assert plain(grid_of(document).title) in first
        assert len(others) <= 2

    @each_language
    @each_size
    @pytest.mark.parametrize("strengths", [("capsule 1.5 mg",), ("capsule 3 mg", "capsule 1.5 mg")])
    def test_beside_its_english_has_four_pages_and_the_warning_on_the_first(
        self, language: str, size: Size, strengths: tuple[str, ...]
    ) -> None:
        """Whatever paper and capsules; the steps and the days to tick share the second one."""
        speech = speech_in(language)
        plan = a_signed_plan(start=date(2026, 12, 1), products=products(*strengths))

        made = documents.in_language(
            lambda one: documents.handout(lay_out(plan), speech=one), speech
        )
        first, second, *others = page_text(render(made, size=size))

        assert plain(speech.say("opioids.overdose")) in first
        assert plain(texts()["opioids.overdose"]) in first
        assert plain(grid_of(made).title.split("\n")[0]) in second
        assert len(others) <= 2

    @each_language
    @each_size
    def test_is_no_thicker_than_two_english_logs(self, language: str, size: Size) -> None:
        """Twelve weeks in large print: nobody prints more."""
        make = DOCUMENTS["log"]
        both, english = (
            len(page_text(render(one, size=size, large_print=True)))
            for one in (documents.in_language(make, speech_in(language)), make(ENGLISH))
        )

        assert both <= 2 * english

    @each_language
    def test_names_each_weekday_in_english_once_in_large_print(self, language: str) -> None:
        """In the first of the six weeks, so that two weeks have room on a page."""
        made = documents.in_language(DOCUMENTS["handout"], speech_in(language))

        pages = page_text(render(made, size="a4", large_print=True))

        assert " ".join(pages).split().count("Wed") == 1
        assert len(pages) <= 12

    def test_marks_what_is_english_only(self) -> None:
        """In the tags of the pages and in HTML; plain text has neither a mark nor an empty line."""
        quoted = (Paragraph("\nA trial."), Table("T", ("H", "W"), (("1", "\nA trial."),)))
        document = Document("Titel", "Darunter", "de", "Kopf", None, quoted, beside="en")

        pages, html = render(document, size="a4"), render_html([document]).decode()

        assert [one.language for one in elements(pages) if one.language] == ["en", "en"]
        assert html.count('<span lang="en">A trial.</span>') == 2
        assert "<br" not in html
        assert "\n\nA trial.\n\n" in render_text([document])
        assert "\n1  A trial.\n" in render_text([document])
        assert validate_ua1(pages) == []

    @each_language
    def test_has_the_wallet_card_on_one_page(self, language: str) -> None:
        """It is cut out of it."""
        card = documents.in_language(DOCUMENTS["card"], speech_in(language))

        assert len(page_text(render(card, size="a4"))) == 1
