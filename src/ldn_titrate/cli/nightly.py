"""The command that asks the questions of one evening, and keeps each answer as it is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from ldn_titrate.cli.chosen import (
    DEFAULT_STORE,
    PatientCode,
    PlanChoice,
    StoreUrl,
    choose,
    opened,
)
from ldn_titrate.cli.common import Day, note
from ldn_titrate.cli.keeping import UNWATCHED, append, make, now, tell_urgent
from ldn_titrate.dose import plain
from ldn_titrate.entry import (
    AdverseEvent,
    DayEntry,
    Missed,
    Remark,
    Score,
    Skipped,
    Taken,
    read_number,
)
from ldn_titrate.errors import LdnTitrateError, RecordError
from ldn_titrate.library import instruments
from ldn_titrate.words import listed, long_date
from ldn_titrate.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from ldn_titrate.cli.chosen import Chosen
    from ldn_titrate.instrument import Instrument
    from ldn_titrate.store import Store

_MOST_DREAMS: Final = 3
_ONE_DAY: Final = timedelta(days=1)
_NIGHT_IS_OVER: Final = timedelta(hours=6)  # as late as a bedtime may be
_ABOUT_THE_DOSE: Final = (Taken, Skipped, Missed)


def log(
    patient: PatientCode,
    /,
    *,
    day: Annotated[
        Day | None, Parameter(help="The dosing day; the one of now if left out.")
    ] = None,
    score: Annotated[
        list[str] | None, Parameter(negative="", help="Also ask for this score; may repeat.")
    ] = None,
    plan: PlanChoice = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """
    Ask for one evening: the dose, the sleep, what was noticed. An empty answer leaves one out.

    Each answer is kept as soon as it is given, so that stopping half-way loses nothing.
    """
    asked = [_instrument(one) for one in score or []]
    with opened(store) as files:
        chosen = choose(files, patient, plan)
        evening = _Evening(files, chosen, chosen.day_of(day))
        note(f"{long_date(evening.day)}: an empty answer leaves a question out, Ctrl-C stops")
        try:
            for ask in evening.questions(asked):
                _until_understood(ask)
        except (KeyboardInterrupt, EOFError):
            note("\nstopped; what was answered is kept")
        note(UNWATCHED)


def _instrument(told: str) -> Instrument:
    if told not in instruments():
        raise RecordError(f"unknown instrument; there is {listed(list(instruments()))}")
    return instruments()[told]


def _until_understood(ask: Callable[[], None]) -> None:
    while True:
        try:
            return ask()
        except LdnTitrateError as error:
            note(f"  {error}")


@dataclass(frozen=True, slots=True)
class _Evening:
    """The questions about one dosing day of one patient."""

    files: Store
    chosen: Chosen
    day: date

    def questions(self, scores: list[Instrument]) -> Iterator[Callable[[], None]]:
        """Yield what is asked, in order; the dose only if nothing is written down for it."""
        told = [one for one in self.chosen.record.entries if isinstance(one, _ABOUT_THE_DOSE)]
        if all(one.day != self.day for one in told):
            yield self.dose
        yield self.dreams
        for instrument in scores:
            yield partial(self.score, instrument)
        yield self.remark

    def dose(self) -> None:
        planned = self.chosen.schedule.dose_on(self.day)
        if planned is None:
            note(f"No dose is planned for {long_date(self.day)}.")
            return
        answer = input(f"Dose of {planned}: taken, skipped or missed? [t/s/m] ").strip().lower()
        match answer[:1]:
            case "t":
                self._keep(Taken)
            case "s":
                self._skip()
            case "m":
                self._keep(Missed)
            case "":
                return
            case _:
                raise RecordError("answer t, s or m, or nothing")

    def _skip(self) -> None:
        reason = ""
        try:
            reason = input("Why was it skipped? ").strip()
        finally:  # also if somebody stops here: that it was skipped is answered
            self._keep(Skipped, reason=reason or "not told")

    def dreams(self) -> None:
        morning = long_date(self._night + _ONE_DAY)
        answer = input(f"Vivid dreams in the night to {morning}, from 0 (none) to 3 (strong)? ")
        answer = answer.strip()
        if not answer:
            return
        if answer not in {str(n) for n in range(_MOST_DREAMS + 1)}:
            raise RecordError(f"answer a whole number from 0 to {_MOST_DREAMS}, or nothing")
        if answer != "0":
            told = {"term": "vivid dreams", "scale": "local", "scale_version": "1"}
            self._keep(AdverseEvent, day=self._night, grade=int(answer), **told)

    def score(self, instrument: Instrument) -> None:
        low, high = plain(instrument.lowest), plain(instrument.highest)
        if answer := input(f"{instrument.name}, from {low} to {high}? ").strip():
            self._keep(Score, instrument=instrument.id, value=read_number(answer))

    def remark(self) -> None:
        if answer := input("Anything else to write down? ").strip():
            self._keep(Remark, text=answer)

    @property
    def _night(self) -> date:
        """The dosing day that the last night belongs to: an evening's own night is to come."""
        zone = load_zone(self.chosen.schedule.setting_on(self.day).timezone)
        shown = now().astimezone(zone).replace(tzinfo=None)
        return min(self.day, (shown - _NIGHT_IS_OVER).date() - _ONE_DAY)

    def _keep(self, kind: type[DayEntry], **fields: Any) -> None:  # noqa: ANN401
        """Keep one answer at once."""
        made = make(kind, self.chosen, "patient", **{"day": self.day, **fields})
        append(self.files, self.chosen.patient, self.chosen.record, made)
        tell_urgent(self.chosen, [made])
