from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from judges import icaljs, libical, lines, pypi
from judges.broken import BROKEN, CORRECT
from judges.panel import ICAL, ICALJS, LIBICAL, LINES, PANEL, VOBJECT, Judge

NOT_TEXT = {"fold within a character", "not UTF-8"}
CAUGHT = {
    LINES.name: set(BROKEN),
    ICAL.name: NOT_TEXT
    | {
        "no trigger",
        "no text to display",
        "no end of the alarm",
        "start twice",
        "end and duration",
        "repeat without duration",
        "start with a time, end a date",
        "until a date",
        "unknown status",
        "unknown frequency",
        "time that no clock shows",
        "trigger in words",
        "line break in a text",
    },
    VOBJECT.name: NOT_TEXT
    | {
        "no product id",
        "no uid",
        "no time stamp",
        "no end of the alarm",
        "start twice",
        "end and duration",
        "trigger in words",
        "line break in a text",
    },
    LIBICAL.name: {
        "no product id",
        "no uid",
        "no time stamp",
        "no end of the alarm",
        "no organizer of a publication",
        "start twice",
        "end and duration",
        "count and until",
        "unknown status",
        "unknown frequency",
        "time that no clock shows",
        "trigger in words",
        "line break in a text",
    },
    ICALJS.name: {
        "no end of the alarm",
        "unknown frequency",
        "trigger in words",
        "line break in a text",
    },
}

CANCELLED = CORRECT.replace(b"STATUS:CONFIRMED", b"STATUS:CANCELLED")
WHOLE_DAY = (
    CORRECT.replace(
        b"DTSTART;TZID=America/New_York:20261019T213000", b"DTSTART;VALUE=DATE:20261019"
    )
    .replace(b"DTEND;TZID=America/New_York:20261019T214500", b"DTEND;VALUE=DATE:20261020")
    .replace(b"RRULE:FREQ=DAILY;COUNT=14\r\n", b"")
)
FLOATING = CORRECT.replace(b"DTSTART;TZID=America/New_York", b"DTSTART").replace(
    b"DTEND;TZID=America/New_York", b"DTEND"
)
ZONE = CORRECT[CORRECT.index(b"BEGIN:VTIMEZONE") : CORRECT.index(b"BEGIN:VEVENT")]
OBSERVANCES = ZONE[ZONE.index(b"BEGIN:DAYLIGHT") : ZONE.index(b"END:VTIMEZONE")]
UID = "9b0f6f0c-52a3-5d0e-8a43-0d4f4f1c7e11"

judges = pytest.mark.parametrize("judge", PANEL, ids=lambda judge: judge.name)


@judges
def test_a_judge_catches_the_broken_files_that_it_is_known_to_catch(judge: Judge) -> None:
    """No judge falls silent, and one that grows stricter is noticed."""
    judge.need()

    found = dict(zip(BROKEN, judge.faults(list(BROKEN.values())), strict=True))

    assert CAUGHT[judge.name] == {name for name, faults in found.items() if faults}


@judges
@pytest.mark.parametrize("file", [CORRECT, CANCELLED, WHOLE_DAY, FLOATING])
def test_a_judge_finds_nothing_wrong_with_a_correct_file(judge: Judge, file: bytes) -> None:
    """A fault that a judge finds is a fault."""
    judge.need()

    assert judge.faults([file]) == [[]]


def test_no_broken_file_is_the_correct_one() -> None:
    """Each replacement finds what it replaces."""
    assert len(BROKEN) == 29
    assert CORRECT not in BROKEN.values()


EXPANDED = [
    pytest.param(file, expected, id=name)
    for name, file, expected in (
        # Fourteen evenings across the end of summer time in New York.
        (
            "series",
            CORRECT,
            [datetime(2026, 10, 20 + day, 1, 30, tzinfo=UTC) for day in range(12)]
            + [datetime(2026, 11, 1, 1, 30, tzinfo=UTC), datetime(2026, 11, 2, 2, 30, tzinfo=UTC)],
        ),
        ("whole day", WHOLE_DAY, [date(2026, 10, 19)]),
        (
            "floating",
            FLOATING,
            [datetime(2026, 10, 19, 21, 30) + timedelta(days=day) for day in range(14)],  # noqa: DTZ001
        ),
    )
]


@pytest.mark.parametrize(("file", "expected"), EXPANDED)
class TestExpansion:
    """The same occurrences, whoever is asked."""

    def test_by_recurring_ical_events(self, file: bytes, expected: list[date]) -> None:
        """It tells when each occurrence begins."""
        assert pypi.recurring_occurrences(file) == [(UID, moment) for moment in expected]

    def test_by_libical(self, file: bytes, expected: list[date]) -> None:
        """It tells when each occurrence begins under the file's VTIMEZONE."""
        LIBICAL.need()

        assert libical.judge([file])[0].occurrences == [(UID, moment) for moment in expected]

    def test_by_icaljs(self, file: bytes, expected: list[date]) -> None:
        """It tells when each occurrence begins under the file's VTIMEZONE."""
        ICALJS.need()

        assert icaljs.judge([file])[0].occurrences == [(UID, moment) for moment in expected]


class TestAbsentJudges:
    """What becomes of a test whose judge is not installed."""

    absent = Judge("somebody", lambda: False, lambda _files: [])

    def test_are_skipped_by_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A machine without a judge runs the other tests and says what it left out."""
        monkeypatch.delenv("LDN_REQUIRE_JUDGES", raising=False)

        with pytest.raises(pytest.skip.Exception, match="somebody is not installed"):
            self.absent.need()

    def test_are_a_failure_where_they_are_required(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """No green run in which a judge was silently missing."""
        monkeypatch.setenv("LDN_REQUIRE_JUDGES", "1")

        with pytest.raises(pytest.fail.Exception, match="somebody is not installed"):
            self.absent.need()


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR", "byte order mark"),
        (b"END:VCALENDAR\r\n", b"END:VCALENDAR", "does not end with CRLF"),
        (b"CALSCALE", b"\r\nCALSCALE", "empty"),
        (b"SUMMARY:", b"SUMMARY:\x07", "control character U+0007"),
        (b"SUMMARY:", "SUMMARY:\u2028".encode(), "control character U+2028"),
        (b"SUMMARY:", b"SUMMARY:\\x", "not of the kind TEXT"),
        (b"SUMMARY:", b'SUMMARY;ALTREP="a"b:', "not name, parameters, colon, value"),
        (b"SUMMARY:", b"SUMMARY;LANGUAGE=en;LANGUAGE=en:", "2 parameters LANGUAGE"),
        (b"SUMMARY:", b"SUMARY:", "no standard puts there"),
        (b"SUMMARY:", b"SUMMARY;VALUE=DATE:", "may not have VALUE=DATE"),
        (b"VERSION:2.0", b"VERSION:1.0", "may not be '1.0'"),
        (b"CALSCALE", b"REFRESH-INTERVAL:P1D\r\nCALSCALE", "must declare its VALUE"),
        (b"SEQUENCE:1", b"SEQUENCE:-1", "not of the kind COUNT"),
        (b"DTSTAMP:20261001T120000Z", b"DTSTAMP:20261001T120000", "not of the kind UTC"),
        (b"TRIGGER:PT0S", b"TRIGGER:P", "not of the kind DURATION"),
        (b"TRIGGER:PT0S", b"TRIGGER:PT", "not of the kind DURATION"),
        (b"TZOFFSETTO:-0500", b"TZOFFSETTO:-5", "not of the kind UTC-OFFSET"),
        (b"TZOFFSETTO:-0500", b"TZOFFSETTO:-0000", "not of the kind UTC-OFFSET"),
        (b"DTSTART:20251102T020000", b"DTSTART:20251102T020000Z", "of a STANDARD is a UTC time"),
        (b"T213000", b"T213000Z", "is a UTC time and has a TZID"),
        (b"T214500", b"T214500Z", "begins with a zone's time"),
        (b"DTSTART;TZID=America/New_York", b"DTSTART;VALUE=DATE", "not what its VALUE says"),
        (b"COUNT=14", b"COUNT=0", "may not have COUNT=0"),
        (b"COUNT=14", b"COUNT=14;COUNT=14", "has COUNT twice"),
        (b"COUNT=14", b"COUNT=14;BYMONTH=13", "may not have BYMONTH=13"),
        (b"COUNT=14", b"COUNT=14;BYDAY=XX", "may not have BYDAY=XX"),
        (b"COUNT=14", b"COUNT=14;EASTER=1", "may not have EASTER=1"),
        (b"RRULE:FREQ=DAILY;", b"RRULE:", "has no FREQ"),
        (b"TZID:America/New_York\r\n", b"", "VTIMEZONE has no TZID"),
        (ZONE, ZONE * 2, "defines America/New_York again"),
        (OBSERVANCES, b"", "neither STANDARD nor DAYLIGHT"),
        (CORRECT, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "is empty"),
        (b"BEGIN:VALARM", b"BEGIN:VTODO", "VTODO is a component that this judge does not know"),
        (b"BEGIN:VALARM", b"BEGIN:VEVENT", "VEVENT stands within VEVENT"),
        (b"DESCRIPTION:Evening reminder", b"DESCRIPTION:", "has no DESCRIPTION"),
    ],
)
def test_our_own_checker_tells_what_is_wrong(right: bytes, wrong: bytes, fault: str) -> None:
    """Faults that no other judge is asked about are found and named."""
    faults = lines.faults(CORRECT.replace(right, wrong))

    assert any(fault in found for found in faults), faults


def test_our_own_checker_wants_the_zone_before_its_events() -> None:
    """A VTIMEZONE at the end of the file comes too late for readers that read once."""
    late = CORRECT.replace(ZONE, b"").replace(b"END:VCALENDAR", ZONE + b"END:VCALENDAR")

    assert any("which no VTIMEZONE before it defines" in fault for fault in lines.faults(late))
