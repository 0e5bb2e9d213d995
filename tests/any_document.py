"""Any document at all, one with every block, and all that a document says, in order."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from ldn_titrate.content import (
    Axis,
    Blank,
    Bullets,
    Callout,
    Card,
    Chart,
    DayStrip,
    Document,
    Drawn,
    Field,
    Fields,
    Legend,
    Mark,
    Panel,
    Paragraph,
    Plot,
    Section,
    Series,
    Table,
    TickCalendar,
    TickDay,
    TickWeek,
    Weight,
)
from sample_document import MAIN, PEOPLE, STOP, calendar, joined, steps

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG = Table(
    "Write down each evening",
    ("Day", "Taken", "Time", "What I noticed"),
    tuple((joined(f"Tue~{day}~Dec~2026"), Blank.BOX, Blank.LINE, Blank.LINE) for day in (1, 8, 15)),
)
CARD = Card(
    "A card for your wallet",
    "Cut along the dashes and fold in the middle.",
    (
        Panel(
            "I take naltrexone",
            (joined("4.5~mg at bedtime."), "Opioid pain medicines may not work."),
        ),
        Panel("In an emergency", (), (Field("Name", "Pat Example"), Field("Telephone", None))),
    ),
)
_WEEK = (Mark.FULL,) * 5 + (Mark.SLASH, Mark.EMPTY)
STRIP = DayStrip(
    "Day by day",
    (
        (joined("From 1~Dec"), _WEEK * 4),
        (joined("From 29~Dec"), (*Mark, *Mark, None, None)),
    ),
    tuple(
        Legend(mark, label, count)
        for mark, label, count in (
            (Mark.FULL, "taken", 22),
            (Mark.HALF, "another dose", 2),
            (Mark.DOUBLE, "two doses", 2),
            (Mark.SLASH, "skipped", 6),
            (Mark.CROSS, "missed", 2),
            (Mark.EMPTY, "not logged", 6),
            (Mark.DASH, "no dose planned", 2),
        )
    ),
)
CHART = Chart(
    "Dose and sleep",
    Axis("Day of the plan", 1, 29, ((1, "1"), (8, "8"), (15, "15"), (22, "22"), (29, "29"))),
    (
        Plot(
            Axis(joined("Dose in~mg"), 0, 4.5, ((0, "0"), (1.5, "1.5"), (3, "3"), (4.5, "4.5"))),
            (Series("Planned", ((1, 1.5), (15, 3), (29, 4.5)), Drawn.STEPS),),
        ),
        Plot(
            Axis("Sleep, 0 to 10", 0, 10, ((0, "0"), (5, "5"), (10, "10"))),
            (
                Series("Each week", ((1, 4), (8, 3), (15, 6), (22, 7), (29, 7)), Drawn.LINE),
                Series("Before", ((1, 5), (29, 5)), Drawn.DASHED),
                Series("One day", ((12, 2),), Drawn.STEPS),
            ),
        ),
    ),
    joined("The dose rose from 1.5~mg to 4.5~mg. Sleep went from 4 to 7 of 10. No control group."),
)
BLOCKS = (
    Paragraph("Running text."),
    Bullets(("One.", "Two.")),
    STOP,
    steps(),
    LOG,
    calendar(2),
    *PEOPLE.blocks,
    CARD,
    STRIP,
    CHART,
)


def every_block() -> Document:
    """Give a draft in which every block stands in front and under a heading."""
    return Document(
        title="A document with every block",
        subtitle="Pat Example is invented",
        language="en",
        running=joined("Pat Example, plan 7F3K-1, written Mon~30~Nov~2026"),
        draft="DRAFT, not for patient use",
        front=(MAIN, *BLOCKS),
        back=(Section("Once more", BLOCKS), Section("A callout", (MAIN, STOP))),
    )


def in_two_languages() -> Document:
    """Give a document in which German stands beside English."""
    headers = ("Step\nStufe", "Dose\nDosis", "Taken\nGenommen")
    row = ("1", joined("1.5~mg\n1,5~mg"), Blank.BOX)
    return Document(
        title="Your plan\nIhr Plan",
        subtitle="At bedtime\nVor dem Schlafen",
        language="en",
        beside="de",
        running="Pat Example",
        draft="DRAFT\nENTWURF",
        front=(
            Callout("Take it\nNehmen", (Bullets(("One dose\nEine Dosis",)),), Weight.MAIN),
            Table("Steps\nStufen", headers, (row,)),
            Fields((Field("Clinic\nPraxis", None),)),
        ),
    )


def texts(part: Any) -> Iterator[str]:
    """Yield all texts of a document or of a part of it, in the order of its fields."""
    match part:
        case Mark() | Weight() | Drawn() | bool() | float() | None:
            return
        case str() | int():
            yield str(part)
        case tuple():
            for one in part:
                yield from texts(one)
        case Document():
            yield from texts((part.draft, part.running, part.title, part.subtitle))
            yield from texts((part.front, part.back))
        case _:
            for field in fields(part):
                yield from texts(getattr(part, field.name))


# Whatever a person may type, and what has a meaning in HTML, in a style sheet or in a mail.
_WORDS = st.text(
    st.one_of(
        st.sampled_from("<>&\"'\\;{}/*|`-.\N{NO-BREAK SPACE}"),
        st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Cn", "Co")),
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() != "")
TEXT = st.one_of(
    st.sampled_from(
        [joined("1.5~mg"), joined("Tue~1~Dec~2026"), "</style>", "<b>bold</b>", "&lt;"]
    ),
    st.lists(_WORDS, min_size=1, max_size=12).map(" ".join),
)
_PARAGRAPHS = st.builds(Paragraph, TEXT)
_BULLETS = st.builds(Bullets, st.lists(TEXT, min_size=1, max_size=3).map(tuple))
_CALLOUTS = st.builds(
    Callout, TEXT, st.lists(_PARAGRAPHS | _BULLETS, max_size=2).map(tuple), st.sampled_from(Weight)
)
_FIELD = st.builds(Field, TEXT, st.none() | TEXT)
_FIELDS = st.builds(Fields, st.lists(_FIELD, min_size=1, max_size=3).map(tuple))
_PANELS = st.builds(
    Panel, TEXT, st.lists(TEXT, max_size=2).map(tuple), st.lists(_FIELD, max_size=2).map(tuple)
)
_CARDS = st.builds(Card, TEXT, TEXT, st.lists(_PANELS, min_size=1, max_size=2).map(tuple))
_TICKS = st.builds(
    TickDay, TEXT, st.none() | TEXT, st.lists(TEXT, max_size=2).map(tuple), st.booleans()
)


def _several(of: Any, count: int) -> Any:
    return st.lists(of, min_size=count, max_size=count).map(tuple)


@st.composite
def _tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 5))
    cells = TEXT | st.sampled_from(Blank)
    rows = draw(st.lists(_several(cells, width), max_size=3).map(tuple))
    return Table(draw(TEXT), draw(_several(TEXT, width)), rows)


_WEEKS = st.builds(TickWeek, TEXT, _several(st.none() | _TICKS, 7))
_CALENDARS = st.builds(
    TickCalendar, TEXT, TEXT, _several(TEXT, 7), st.lists(_WEEKS, max_size=2).map(tuple)
)


@st.composite
def _strips(draw: st.DrawFn) -> DayStrip:
    marks = st.lists(st.none() | st.sampled_from(Mark), min_size=1, max_size=28).map(tuple)
    rows = draw(st.lists(st.tuples(TEXT, marks), max_size=2).map(tuple))
    found = [each for _, marks in rows for each in marks]
    legend = tuple(Legend(each, draw(TEXT), found.count(each)) for each in Mark if each in found)
    return DayStrip(draw(TEXT), rows, legend)


_NUMBERS = st.floats(-1000, 1000)
_AXES = st.builds(
    Axis, TEXT, _NUMBERS, _NUMBERS, st.lists(st.tuples(_NUMBERS, TEXT), max_size=3).map(tuple)
)
_SERIES = st.builds(
    Series,
    TEXT,
    st.lists(st.tuples(_NUMBERS, _NUMBERS), max_size=4).map(tuple),
    st.sampled_from(Drawn),
)
_PLOTS = st.builds(Plot, _AXES, st.lists(_SERIES, max_size=2).map(tuple))
CHARTS = st.builds(Chart, TEXT, _AXES, st.lists(_PLOTS, max_size=2).map(tuple), TEXT)
ANY_BLOCK = st.one_of(
    _PARAGRAPHS, _BULLETS, _CALLOUTS, _FIELDS, _CARDS, _tables(), _CALENDARS, _strips(), CHARTS
)
_SOME_BLOCKS = st.lists(ANY_BLOCK, max_size=3).map(tuple)
DOCUMENTS = st.builds(
    Document,
    title=TEXT,
    subtitle=TEXT,
    language=st.sampled_from(["en", "de"]),
    running=TEXT,
    draft=st.none() | TEXT,
    front=_SOME_BLOCKS,
    back=st.lists(st.builds(Section, TEXT, _SOME_BLOCKS), max_size=2).map(tuple),
    beside=st.none(),
)
