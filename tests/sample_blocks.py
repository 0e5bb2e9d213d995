"""The blocks that a log, a card and a report are made of, for an invented person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ldn_titrate.content import (
    Axis,
    Blank,
    Block,
    Card,
    Chart,
    DayStrip,
    Document,
    Drawn,
    Field,
    Legend,
    Mark,
    Panel,
    Plot,
    Section,
    Series,
    Table,
)
from sample_document import BACK, FIRST, MAIN, STOP, calendar, day_name, joined, steps


def log(days: int = 14) -> Table:
    """Give a table to fill in by hand."""
    return Table(
        "Write down each dose",
        ("Day", "Take", "Taken", "Missed", "What you noticed"),
        tuple(
            (
                day_name(FIRST + timedelta(day)),
                joined("1~capsule"),
                Blank.BOX,
                Blank.BOX,
                Blank.LINE,
            )
            for day in range(days)
        ),
    )


def card(text: str = "Naltrexone blocks opioid pain medicine.") -> Card:
    """Give a card of two faces."""
    return Card(
        "Your wallet card",
        "Cut along the dashes and fold along the dots.",
        (
            Panel(
                "I take low-dose naltrexone",
                ("DRAFT, not for patient use",),
                (
                    Field("Name", "Pat Example"),
                    Field("Dose", joined("1.5~mg to 4.5~mg at bedtime")),
                    Field("Last dose", None),
                    Field("Plan", "7F3K-1"),
                ),
            ),
            Panel(
                "To the team that treats me",
                (text, "Watch my breathing if you give one."),
                (Field("Prescriber", "Dr Example"), Field("Telephone", None)),
            ),
        ),
    )


MARKS = (
    *(Mark.FULL,) * 9,
    Mark.HALF,
    Mark.FULL,
    Mark.CROSS,
    Mark.SLASH,
    Mark.DOUBLE,
    *(Mark.FULL,) * 6,
    Mark.DASH,
    Mark.EMPTY,
    Mark.EMPTY,
    *(Mark.FULL,) * 5,
)

LABELS = {
    Mark.FULL: "taken",
    Mark.HALF: "taken late",
    Mark.DOUBLE: "taken twice",
    Mark.SLASH: "another dose taken",
    Mark.CROSS: "missed",
    Mark.EMPTY: "not logged",
    Mark.DASH: "skipped",
}


def day_strip(labels: tuple[str, str] = ("From 1~Dec", "From 29~Dec")) -> DayStrip:
    """Give six weeks of marks, every kind among them."""
    rows = (MARKS, (*MARKS[8:22], *(None,) * 14))
    every = [mark for row in rows for mark in row if mark]
    return DayStrip(
        "Each dosing day, four weeks in a row",
        tuple((joined(label), row) for label, row in zip(labels, rows, strict=True)),
        tuple(Legend(mark, label, every.count(mark)) for mark, label in LABELS.items()),
    )


def chart() -> Chart:
    """Give the doses over six weeks, and two scores below them."""
    weeks = tuple((float(7 * n), day_name(FIRST + timedelta(7 * n))[4:-5]) for n in range(7))
    doses = ((0.0, 1.5), (14.0, 3.0), (28.0, 4.5), (42.0, 4.5))
    pain = tuple((float(day), 7 - day / 10 + (day * 5 % 3) / 2) for day in range(0, 43, 2))
    sleep = tuple((float(day), 4 + (day * 7 % 5) / 3) for day in range(0, 43, 3))
    ticks = tuple((dose, joined(f"{dose:g}~mg")) for dose in (0.0, 1.5, 3.0, 4.5))
    scale = Axis("Score, 0 is none", 0, 10, ((0.0, "0"), (5.0, "5"), (10.0, "10")))
    return Chart(
        "The dose and two scores",
        Axis("Dosing day", 0, 42, weeks),
        (
            Plot(
                Axis("Planned dose", 0, 4.5, ticks), (Series("Planned dose", doses, Drawn.STEPS),)
            ),
            Plot(
                scale,
                (Series("Pain", pain, Drawn.LINE), Series("Poor sleep", sleep, Drawn.DASHED)),
            ),
        ),
        joined("Planned: 1.5~mg, then 3~mg, then 4.5~mg. Pain fell from 7 to 4. Sleep stayed."),
    )


def document_of(*blocks: Block, title: str = "A page of an invented person") -> Document:
    """Give a document of these blocks."""
    return Document(
        title=title,
        subtitle="Low-dose naltrexone",
        language="en-US",
        running=joined("Pat Example   Plan 7F3K-1   Starts Tue~1~Dec~2026"),
        draft="DRAFT, not for patient use",
        front=blocks,
    )


def report() -> Document:
    """Give a document with every block in it."""
    return replace(
        document_of(day_strip(), chart(), title="A report"),
        back=(Section("The log", (log(),)), Section("The card", (card(),))),
    )


def packet() -> tuple[Document, ...]:
    """Give a handout, a log, a card and a report."""
    handout = replace(
        document_of(MAIN, steps(), STOP, calendar(), title="Your plan"), back=BACK, draft=None
    )
    return (
        handout,
        document_of(log(42), title="Your log"),
        document_of(card(), title="Your card"),
        report(),
    )


def bilingual() -> Document:
    """Give a document whose every text has its Spanish and its English words."""
    both = "{}\n{}".format
    table = Table(
        both("Los pasos", "The steps"),
        (both("Fechas", "Dates"), both("Dosis", "Dose"), both("Tomada", "Taken")),
        (
            (both("Desde el 1 de diciembre", "From 1 December"), joined("1.5~mg"), Blank.BOX),
            (both("Desde el 15 de diciembre", "From 15 December"), joined("3~mg"), Blank.LINE),
        ),
    )
    faces = (
        Panel(
            both("Tomo naltrexona", "I take naltrexone"),
            (both("Bloquea los opioides.", "It blocks opioids."),),
            (Field(both("Nombre", "Name"), "Pat Example"), Field(both("Fecha", "Date"), None)),
        ),
    )
    return Document(
        title=both("Su plan de naltrexona", "Your naltrexone plan"),
        subtitle=both("Una dosis cada noche", "One dose every evening"),
        language="es",
        running=joined("Pat Example   Plan 7F3K-1"),
        draft=both("BORRADOR", "DRAFT"),
        front=(
            replace(MAIN, title=both("Tome una dosis.", "Take one dose.")),
            table,
            calendar(2, (both("1 cápsula", "1 capsule"),)),
            Card(both("Su tarjeta", "Your card"), both("Corte aquí.", "Cut here."), faces),
        ),
        back=(Section(both("Preguntas", "Questions"), (replace(MAIN, blocks=()),)),),
        beside="en",
        page=both("Página {number} de {count}", "Page {number} of {count}"),
    )
