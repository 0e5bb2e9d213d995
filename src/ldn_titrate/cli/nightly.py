"""The command that asks the questions of one evening, and keeps each answer as it is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import uuid4

from cyclopts import Parameter

from ldn_titrate.cli.chosen import DEFAULT_STORE, PatientCode, StoreUrl, choose, opened
from ldn_titrate.cli.common import Day, note
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
from ldn_titrate.errors import LdnTitrateError
from ldn_titrate.library import instruments
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from ldn_titrate.cli.chosen import Chosen
    from ldn_titrate.store import Store

_MOST_DREAMS: Final = 3


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
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """
    Ask for one evening: the dose, the sleep, what was noticed. An empty answer leaves one out.

    Each answer is kept as soon as it is given, so that stopping half-way loses nothing.
    """
    with opened(store) as files:
        chosen = choose(files, patient)
        evening = _Evening(files, chosen, chosen.day_of(day))
        note(f"{long_date(evening.day)}: an empty answer leaves a question out, Ctrl-C stops")
        try:
            for ask in evening.questions(score or []):
                _until_understood(ask)
        except (KeyboardInterrupt, EOFError):
            note("\nstopped; what was answered is kept")
        note("Nobody watches these notes. In an emergency call for help.")


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

    def questions(self, scores: list[str]) -> Iterator[Callable[[], None]]:
        """Yield what is asked, in order; the dose only if nothing is written down for it."""
        told = self.chosen.record.of_kind(Taken)
        if all(one.day != self.day for one in told):
            yield self.dose
        yield self.dreams
        for instrument in scores:
            yield lambda wanted=instrument: self.score(wanted)  # type: ignore[misc]
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
                self._keep(Skipped, reason=input("Why was it skipped? ").strip() or "not told")
            case "m":
                self._keep(Missed)
            case "":
                return
            case _:
                raise LdnTitrateError("answer t, s or m, or nothing")

    def dreams(self) -> None:
        answer = input("Vivid dreams last night, from 0 (none) to 3 (strong)? ").strip()
        if not answer:
            return
        if answer not in {str(n) for n in range(_MOST_DREAMS + 1)}:
            raise LdnTitrateError(f"answer a whole number from 0 to {_MOST_DREAMS}, or nothing")
        if answer != "0":
            told = {"term": "vivid dreams", "scale": "local", "scale_version": "1"}
            self._keep(AdverseEvent, grade=int(answer), **told)

    def score(self, instrument: str) -> None:
        known = instruments().get(instrument)
        if known is None:
            raise LdnTitrateError(
                f"{instrument} is no instrument; there is {', '.join(instruments())}"
            )
        answer = input(f"{known.name}, from {known.lowest} to {known.highest}? ").strip()
        if answer:
            self._keep(Score, instrument=instrument, value=read_number(answer))

    def remark(self) -> None:
        if answer := input("Anything else to write down? ").strip():
            self._keep(Remark, text=answer)

    def _keep(self, kind: type[DayEntry], **fields: Any) -> None:  # noqa: ANN401
        """Keep one answer at once."""
        made = kind(
            id=uuid4(),
            written_at=datetime.now(UTC),
            by="patient",
            plan=self.chosen.plan.code,
            day=self.day,
            **fields,
        )
        self.files.append(self.chosen.patient, [made])
