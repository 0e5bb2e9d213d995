"""The chart of the progress report: doses, and scores below them. It must not know pages."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ldn_titrate.content import Axis, Chart, Drawn, Plot, Series
from ldn_titrate.entry import Score
from ldn_titrate.instrument import in_text
from ldn_titrate.response import NO_CONTROL
from ldn_titrate.speech import held
from ldn_titrate.words import listed, long_date, short_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ldn_titrate.instrument import Instrument
    from ldn_titrate.progress import Progress
    from ldn_titrate.response import BeforeAfter

_DAY: Final = timedelta(days=1)
_DRAWN: Final = (Drawn.LINE, Drawn.DASHED, Drawn.LINE)
_MOST_TICKS: Final = 6


def chart(told: Progress, charted: list[BeforeAfter]) -> Chart:
    """Draw the doses, and the scores below them, over the same days."""
    wanted = {one.instrument.id for one in charted}
    scores = [one for one in told.record.of_kind(Score) if one.instrument in wanted]
    first = min([told.schedule.first, *(one.day for one in scores)])
    last = max(told.as_of, first + _DAY)
    return Chart(
        "Planned dose and scores",
        Axis("", 0, (last - first).days, _ticks(first, last)),
        (_dose_plot(told, first, last), *_score_plots(charted, scores, first)),
        held(" ".join((_doses_spoken(told, last), *map(_before_and_now, charted)))),
    )


def _before_and_now(one: BeforeAfter) -> str:
    told = str(one).removeprefix(one.instrument.name).removesuffix(f"; {NO_CONTROL}")
    return f"{one.instrument.id}{told}."


def _ticks(first: date, last: date) -> tuple[tuple[float, str], ...]:
    weeks = max(1, -(-((last - first).days // 7) // _MOST_TICKS))
    days = range(0, (last - first).days + 1, 7 * weeks)
    return tuple((day, short_date(first + timedelta(days=day))) for day in days)


def _dose_plot(told: Progress, first: date, last: date) -> Plot:
    doses = sorted({one.dose for one in told.schedule.between(told.schedule.first, last)})
    points: list[tuple[float, float]] = []
    for number in range((last - first).days + 1):
        dose = told.schedule.dose_on(first + timedelta(days=number))
        level = float(dose.mg) if dose else 0.0
        if not points or points[-1][1] != level:
            points.append((number, level))
    points.append(((last - first).days, points[-1][1]))
    ticks = ((0.0, "0"), *((float(one.mg), str(one)) for one in doses))
    top = max(value for value, _ in ticks) or 1.0
    series = (Series("planned dose", tuple(points), Drawn.STEPS),)
    return Plot(Axis("planned dose", 0, top, ticks), series)


def _score_plots(charted: list[BeforeAfter], scores: list[Score], first: date) -> Iterator[Plot]:
    """Draw the instruments of one range in one field, told apart by how they are drawn."""
    ranges = dict.fromkeys((one.instrument.lowest, one.instrument.highest) for one in charted)
    for low, high in ranges:
        ticks = tuple((float(at), in_text(at)) for at in (low, Fraction(low + high) / 2, high))
        series = tuple(
            _series(one.instrument, scores, first, drawn)
            for one, drawn in zip(charted, _DRAWN, strict=False)
            if (one.instrument.lowest, one.instrument.highest) == (low, high)
        )
        yield Plot(Axis("score", float(low), float(high), ticks), series)


def _series(instrument: Instrument, scores: list[Score], first: date, drawn: Drawn) -> Series:
    points = (
        (float((one.day - first).days), float(one.value))
        for one in scores
        if one.instrument == instrument.id
    )
    return Series(f"{instrument.name} ({instrument.id})", tuple(points), drawn)


def _doses_spoken(told: Progress, last: date) -> str:
    parts = [
        f"{one.dose} from {long_date(one.first)}"
        for one in told.schedule.between(told.schedule.first, last)
    ]
    return f"Planned: {listed(parts) or 'no dose'}."
