"""One handout of an invented person, and its hostile variants."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ldn_titrate.content import (
    Bullets,
    Callout,
    Document,
    Field,
    Fields,
    Paragraph,
    Section,
    Table,
    TickCalendar,
    TickDay,
    TickWeek,
    Weight,
)

FIRST = date(2026, 12, 1)

HOSTILE_NAMES = {
    "greek": "Αλεξάνδρα Παπαδοπούλου Κωνσταντινίδη του Θεοδώρου και της Ελευθερίας, Θεσσαλονίκη",
    "cyrillic": "Александра Константиновна Преображенская-Голенищева, Петропавловск-Камчатский",
    "vietnamese": "Nguyễn Thị Ánh",
    "hebrew": "פת דוגמה",
    "emoji": "Pat 😀 Example",
    "unbroken": "Pneumonoultramicroscopicsilicovolcanoconiosis" * 2,
}


def joined(text: str) -> str:
    """Put a no-break space for each tilde."""
    return text.replace("~", "\N{NO-BREAK SPACE}")


def day_name(day: date) -> str:
    """Write a date as a reader says it, without a break inside."""
    return joined(f"{day:%a}~{day.day}~{day:%b}~{day.year}")


def steps() -> Table:
    """Give the three steps of the plan."""
    second, third = FIRST + timedelta(14), FIRST + timedelta(28)
    return Table(
        "The steps of your plan",
        ("Step", "Dates", "Dose at bedtime", "How many capsules"),
        (
            (
                "1",
                f"{day_name(FIRST)} to {day_name(second - timedelta(1))}",
                joined("1.5~mg"),
                joined("1~capsule of 1.5~mg"),
            ),
            (
                "2",
                f"{day_name(second)} to {day_name(third - timedelta(1))}",
                joined("3~mg"),
                joined("2~capsules of 1.5~mg"),
            ),
            ("3", f"From {day_name(third)}", joined("4.5~mg"), joined("3~capsules of 1.5~mg")),
        ),
    )


def calendar(weeks: int = 6, units: tuple[str, ...] | None = None) -> TickCalendar:
    """Give a calendar of some weeks from the first dosing day on."""
    return TickCalendar(
        "Tick a box after each dose",
        "Week",
        ("Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon"),
        tuple(
            TickWeek(
                joined(f"Week~{week + 1}"),
                tuple(_tick_day(7 * week + day, units) for day in range(7)),
            )
            for week in range(weeks)
        ),
    )


def _tick_day(number: int, units: tuple[str, ...] | None) -> TickDay:
    day = FIRST + timedelta(number)
    step = min(number // 14, 2)
    dose = joined(("1.5~mg", "3~mg", "4.5~mg")[step])
    count = joined(("1~capsule", "2~capsules", "3~capsules")[step])
    return TickDay(
        joined(f"{day.day}~{day:%b}"),
        dose,
        units or (count,),
        changes=number in (14, 28),
    )


STOP = Callout(
    "Do not take opioid medicines with naltrexone",
    (
        Bullets(
            (
                (
                    "Opioids are strong pain medicines, such as codeine, tramadol, morphine and "
                    "oxycodone."
                ),
                "Taken together, the opioid may not work, or you may get sudden withdrawal.",
                "Some cough and diarrhea medicines hold an opioid. Ask your pharmacist first.",
            )
        ),
    ),
    Weight.STOP,
)

MAIN = Callout(
    joined("Take one dose at bedtime, 22:00."),
    (Paragraph("Go up only on the dates below. Check with your prescriber before each increase."),),
    Weight.MAIN,
)

PEOPLE = Section(
    "Who to call",
    (
        Fields(
            (
                Field("Prescriber", "Dr. Ada Sample"),
                Field("Clinic", "Example Street Clinic, 12 Example Street"),
                Field("Telephone", None),
                Field("Pharmacy", None),
                Field("Emergency number", joined("911")),
            )
        ),
    ),
)


def _bullets(title: str, *items: str) -> Section:
    return Section(title, (Bullets(tuple(joined(item) for item in items)),))


BACK = (
    PEOPLE,
    _bullets(
        "How to take it",
        "Take one dose every evening at 22:00, with or without food.",
        "Swallow the capsules whole with a glass of water.",
        "Tick the box in the calendar after each dose.",
        "Go up to the next step only on its date, and only if you feel well.",
    ),
    _bullets(
        "If you miss a dose",
        "Skip it. Take the next dose at the usual time.",
        "Never take two doses on one day.",
        "If you miss more than 7~days, call your prescriber before you start again.",
    ),
    _bullets(
        "What you may notice",
        "Vivid dreams or light sleep are common in the first week of a step.",
        "You may have a headache, an upset stomach or a dry mouth.",
        "These often get better in a few days.",
        "If they do not, stay at your dose and call your prescriber.",
    ),
    _bullets(
        "When to get help",
        "Call the emergency number for trouble breathing, a swollen face or a bad rash.",
        "Call your prescriber the same day if your skin or eyes turn yellow, your urine is "
        "dark, or you feel very sad.",
    ),
    _bullets(
        "Surgery, dental work and new medicines",
        "Tell every doctor, dentist and pharmacist that you take naltrexone.",
        "Before surgery, ask when to stop and when to start again.",
        "In an emergency, show this page: opioid pain medicine may not work as usual.",
    ),
    _bullets(
        "What is known and not known",
        "Naltrexone is approved at 50~mg for other uses.",
        "Low-dose naltrexone is not approved. A pharmacy makes it for you.",
        "Small studies found that it helps some people. Large studies are missing.",
    ),
    _bullets(
        "Keeping it",
        "Keep it at room temperature, dry and away from light.",
        "Keep it out of the reach of children and pets.",
        "Never share it.",
    ),
    Section(
        "About this plan",
        (
            Paragraph(
                "Your prescriber made this plan for you. It does not replace advice. If this page "
                "and your prescriber do not agree, ask before you take the next dose."
            ),
        ),
    ),
)


def sample_document() -> Document:
    """Give a plan of three steps in six weeks, not signed yet."""
    return Document(
        title="Your bedtime naltrexone plan",
        subtitle="Low-dose naltrexone, one dose every evening at 22:00",
        language="en-US",
        running=joined("Pat Example   Plan 7F3K-1   Starts Tue~1~Dec~2026"),
        draft="DRAFT, not for patient use",
        front=(MAIN, steps(), STOP, calendar()),
        back=BACK,
    )


def named(name: str) -> Document:
    """Give the sample for another name, which also stands in a field and in a table."""
    sample = sample_document()
    table = steps()
    rows = (*table.rows, (name, name, joined("4.5~mg"), name))
    people = Section(name, (Fields((Field(name, name), Field("Clinic", None))), Paragraph(name)))
    return replace(
        sample,
        running=f"{name}   Plan 7F3K-1",
        front=(replace(MAIN, title=name), replace(table, rows=rows), STOP, calendar()),
        back=(people, *BACK[1:]),
    )


def variants() -> dict[str, Document]:
    """Give the sample, and whatever may break a page."""
    sample = sample_document()
    table = steps()
    units = (joined("1 of 3~mg"), joined("1 of 1.5~mg"))
    long = "A sentence that goes on and on, and then some more. " * 120
    return {
        "sample": sample,
        "signed": replace(sample, draft=None),
        "no back": replace(sample, back=()),
        "long table": replace(sample, front=(MAIN, replace(table, rows=table.rows * 4), STOP)),
        "long calendar": replace(sample, front=(MAIN, table, STOP, calendar(26))),
        "two units": replace(sample, front=(MAIN, table, STOP, calendar(6, units))),
        "end of calendar": replace(sample, front=(_ended(calendar(3)),)),
        "long callout": replace(sample, front=(replace(STOP, blocks=(Paragraph(long),)),)),
        "long cell": replace(sample, front=(replace(table, rows=(("1", long, "3", "4"),)),)),
        "plain": replace(sample, back=(*BACK, _plain_section(), *BACK[1:])),
        **{name: named(text) for name, text in HOSTILE_NAMES.items()},
    }


def _ended(block: TickCalendar) -> TickCalendar:
    """Leave the last days of a calendar empty, and give one day without a dose."""
    *weeks, last = block.weeks
    rest = TickDay(joined("20~Dec"), None, (), changes=False)
    return replace(block, weeks=(*weeks, replace(last, days=(*last.days[:4], rest, None, None))))


def _plain_section() -> Section:
    return Section(
        "A note",
        (Paragraph("First."), replace(MAIN, weight=Weight.PLAIN, title="A plain callout"), steps()),
    )
