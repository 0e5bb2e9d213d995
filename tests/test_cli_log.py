"""The questions of one evening: what each answer keeps, and that stopping loses none of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

import desk as desks
from desk import CODE
from ldn_titrate.entry import AdverseEvent, Missed, Remark, Score, Skipped, Taken
from ldn_titrate.words import long_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk import Desk

desk = desks.desk
INTERRUPT: Final = "^C"
END: Final = "^D"


def typed(desk: Desk, *lines: str) -> list[str]:
    """Let somebody type lines, or stop, and return what they were asked."""
    asked: list[str] = []
    waiting: Iterator[str] = iter(lines)

    def read(words: str) -> str:
        asked.append(words)
        line = next(waiting)
        if line in {INTERRUPT, END}:
            raise KeyboardInterrupt if line == INTERRUPT else EOFError
        return line

    desk.patch.setattr("builtins.input", read)
    return asked


def kinds(desk: Desk) -> list[str]:
    """Give the kinds of what is kept."""
    return sorted(one.kind for one in desk.record.lines)


def test_an_evening_is_three_questions(desk: Desk) -> None:
    """The dose with its amount, the dreams, and a word; each answer is an entry."""
    asked = typed(desk, "t", "1", "Slept well")

    done = desk("log", CODE)

    assert done.status == 0
    assert asked[0].startswith("Dose of 3 mg: taken, skipped or missed?")
    assert len(asked) == 3
    assert kinds(desk) == ["event", "note", "taken"]
    (event,) = desk.record.of_kind(AdverseEvent)
    assert (event.term, event.grade, event.scale) == ("vivid dreams", 1, "local")
    assert event.day.isoformat() == "2026-03-19"
    others = [one for one in desk.record.entries if one != event]
    assert {one.day.isoformat() for one in others} == {"2026-03-20"}
    assert done.err.endswith("Nobody watches these notes. In an emergency call for help.\n")


@pytest.mark.parametrize("stop", [INTERRUPT, END])
@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ((), []),
        (("t",), ["taken"]),
        (("s",), ["skipped"]),
        (("s", "Felt ill"), ["skipped"]),
        (("m", "2"), ["event", "missed"]),
        (("t", "2", "6"), ["event", "score", "taken"]),
    ],
)
def test_stopping_keeps_what_was_answered(
    desk: Desk, stop: str, answers: tuple[str, ...], kept: list[str]
) -> None:
    """At any question, by Ctrl-C or by the end of the input."""
    typed(desk, *answers, stop)

    done = desk("log", CODE, "--score", "pain-nrs")

    assert (done.status, "stopped; what was answered is kept" in done.err) == (0, True)
    assert kinds(desk) == kept


def test_an_empty_answer_leaves_a_question_out(desk: Desk) -> None:
    """Nothing is kept, and so nothing is said of the day."""
    typed(desk, "", "", "")

    assert desk("log", CODE).status == 0

    assert desk.record.lines == ()


def test_no_dreams_is_no_adverse_event(desk: Desk) -> None:
    """Grade 0 is an answer, but nothing unwanted."""
    typed(desk, "", "0", "")

    desk("log", CODE)

    assert desk.record.lines == ()


def test_what_is_not_understood_is_asked_again(desk: Desk) -> None:
    """The error says what can be answered."""
    asked = typed(desk, "x", "T", "9", "3", "eleven", "11", "7", "")

    done = desk("log", CODE, "--score", "pain-nrs")

    assert len(asked) == 8
    assert "answer t, s or m, or nothing" in done.err
    assert "from 0 to 3" in done.err
    assert "from 0 to 10" in done.err
    assert kinds(desk) == ["event", "score", "taken"]


def test_a_skipped_dose_wants_a_reason(desk: Desk) -> None:
    """Left empty, it says that none was told."""
    typed(desk, "s", "", "", "")

    desk("log", CODE)

    (skipped,) = desk.record.of_kind(Skipped)
    assert skipped.reason == "not told"


def test_several_scores_are_asked_for(desk: Desk) -> None:
    """Each by its own name and range."""
    asked = typed(desk, "", "", "6", "7.5", "")

    desk("log", CODE, "--score", "pain-nrs", "--score", "sleep-hours")

    assert [one.partition(", from ")[2] for one in asked[2:4]] == ["0 to 10? ", "0 to 24? "]
    assert {one.instrument for one in desk.record.of_kind(Score)} == {"pain-nrs", "sleep-hours"}


def test_an_unknown_score_is_refused_before_the_first_question(desk: Desk) -> None:
    """It would else be asked for without end."""
    asked = typed(desk)

    refused = desk("log", CODE, "--score", "pain")

    assert (refused.status, "there is pain-nrs" in refused.err) == (2, True)
    assert asked == []


@pytest.mark.parametrize("before", [("dose",), ("skip", "--reason", "Felt ill"), ("miss",)])
def test_the_dose_is_not_asked_for_again(desk: Desk, before: tuple[str, ...]) -> None:
    """What is written down for the day is not asked, so no dose is counted twice."""
    desk.add(*before)
    asked = typed(desk, "", "")

    desk("log", CODE)

    assert asked[0].startswith("Vivid dreams")
    assert len(desk.record.of_kind(Taken)) + len(desk.record.of_kind(Missed)) <= 1


def test_the_morning_after_is_the_evening_before(desk: Desk) -> None:
    """Before noon the questions are about the dose of the evening."""
    desk.at(datetime(2026, 3, 21, 8, tzinfo=UTC))
    typed(desk, "t", END)

    assert desk("log", CODE).err.startswith("Fri 20 Mar 2026: ")

    (kept,) = desk.record.of_kind(Taken)
    assert kept.day.isoformat() == "2026-03-20"


@pytest.mark.parametrize(
    ("now", "day", "night"),
    [
        ("2026-03-20T22:30", None, "2026-03-19"),
        ("2026-03-21T00:30", None, "2026-03-19"),
        ("2026-03-21T05:59", None, "2026-03-19"),
        ("2026-03-21T06:00", None, "2026-03-20"),
        ("2026-03-21T22:30", "2026-03-20", "2026-03-20"),
        ("2026-03-21T22:30", "2026-03-12", "2026-03-12"),
    ],
)
def test_dreams_belong_to_the_dose_before_them(
    desk: Desk, now: str, day: str | None, night: str
) -> None:
    """An evening's own night is still to come; else a new dose would get the old one's dreams."""
    desk.at(datetime.fromisoformat(now).replace(tzinfo=UTC))
    asked = typed(desk, "", "2", "")

    desk("log", CODE, *(("--day", day) if day else ()))

    (event,) = desk.record.of_kind(AdverseEvent)
    assert event.day == date.fromisoformat(night)
    morning = long_date(event.day + timedelta(days=1))
    assert asked[1].startswith(f"Vivid dreams in the night to {morning}, from 0 (none)")


def test_a_day_without_a_planned_dose_is_told(desk: Desk) -> None:
    """Before the first day nothing is due, so no dose is asked for."""
    asked = typed(desk, "", "")

    told = desk("log", CODE, "--day", "2026-02-20")

    assert "No dose is planned for Fri 20 Feb 2026." in told.err
    assert asked[0].startswith("Vivid dreams")


def test_a_day_to_come_is_refused(desk: Desk) -> None:
    """As with any other entry."""
    assert desk("log", CODE, "--day", "2026-03-21").status == 2


def test_what_is_urgent_is_said_while_it_is_asked(desk: Desk) -> None:
    """Words that may be about harm are pointed at as soon as they are kept."""
    typed(desk, "t", "", "I want to kill myself")

    told = desk("log", CODE)

    assert "URGENT: " in told.err
    assert "kill myself" not in told.err
    assert len(desk.record.of_kind(Remark)) == 1
