"""One correct calendar file, and 29 that are broken in one way each, named by what is wrong."""

from __future__ import annotations

CORRECT = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//reminders//plan export 1//EN
CALSCALE:GREGORIAN
NAME:Evening reminder
X-WR-CALNAME:Evening reminder
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:DAYLIGHT
DTSTART:20250309T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZNAME:EDT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20251102T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZNAME:EST
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:9b0f6f0c-52a3-5d0e-8a43-0d4f4f1c7e11
DTSTAMP:20261001T120000Z
LAST-MODIFIED:20261001T120000Z
SEQUENCE:1
DTSTART;TZID=America/New_York:20261019T213000
DTEND;TZID=America/New_York:20261019T214500
RRULE:FREQ=DAILY;COUNT=14
SUMMARY:Evening reminder
DESCRIPTION:Step 1 of 3: see the plan\\, na\u00efvely put.\\nVersion 1.
STATUS:CONFIRMED
TRANSP:TRANSPARENT
CLASS:PRIVATE
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Evening reminder
TRIGGER:PT0S
END:VALARM
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()

_EVENT = CORRECT[CORRECT.index(b"BEGIN:VEVENT") : CORRECT.index(b"END:VCALENDAR")]
_ALARM = CORRECT[CORRECT.index(b"BEGIN:VALARM") : CORRECT.index(b"END:VEVENT")]
_ZONE = CORRECT[CORRECT.index(b"BEGIN:VTIMEZONE") : CORRECT.index(b"BEGIN:VEVENT")]

_REPLACED = {
    # What every file, event and alarm must have.
    "no product id": (b"PRODID:-//reminders//plan export 1//EN\r\n", b""),
    "no uid": (b"UID:9b0f6f0c-52a3-5d0e-8a43-0d4f4f1c7e11\r\n", b""),
    "no time stamp": (b"DTSTAMP:20261001T120000Z\r\n", b""),
    "no time zone": (_ZONE, b""),
    "no trigger": (b"TRIGGER:PT0S\r\n", b""),
    "no text to display": (b"DESCRIPTION:Evening reminder\r\n", b""),
    "no end of the alarm": (b"END:VALARM\r\n", b""),
    "no organizer of a publication": (b"CALSCALE", b"METHOD:PUBLISH\r\nCALSCALE"),
    # What must not stand twice, together or in this order.
    "uid twice": (_EVENT, _EVENT * 2),
    "start twice": (
        b"SUMMARY",
        b"DTSTART;TZID=America/New_York:20261020T213000\r\nSUMMARY",
    ),
    "end and duration": (b"SUMMARY", b"DURATION:PT15M\r\nSUMMARY"),
    "count and until": (b"COUNT=14", b"COUNT=14;UNTIL=20261102T023000Z"),
    "repeat without duration": (b"TRIGGER:PT0S", b"REPEAT:2\r\nTRIGGER:PT0S"),
    "alarm before the properties": (
        b"STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nCLASS:PRIVATE\r\n" + _ALARM,
        _ALARM + b"STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nCLASS:PRIVATE\r\n",
    ),
    # Values that contradict each other.
    "end before start": (b"20261019T214500", b"20261019T204500"),
    "end at start": (b"20261019T214500", b"20261019T213000"),
    "start with a time, end a date": (
        b"DTEND;TZID=America/New_York:20261019T214500",
        b"DTEND;VALUE=DATE:20261020",
    ),
    "until a date": (b"COUNT=14", b"UNTIL=20261101"),
    "until a local time": (b"COUNT=14", b"UNTIL=20261101T213000"),
    # Values that do not exist.
    "unknown status": (b"STATUS:CONFIRMED", b"STATUS:DONE"),
    "unknown frequency": (b"FREQ=DAILY", b"FREQ=DAYLY"),
    "time that no clock shows": (b"20261019T213000", b"20261019T256100"),
    "trigger in words": (b"TRIGGER:PT0S", b"TRIGGER:0 minutes"),
    # Lines and characters.
    "line feeds alone": (b"\r\n", b"\n"),
    "line of 208 octets": (b"SUMMARY:Evening reminder", b"SUMMARY:" + b"x" * 200),
    "line break in a text": (b"SUMMARY:Evening reminder", b"SUMMARY:Evening\r\nreminder no colon"),
    "comma and semicolon not escaped": (
        b"SUMMARY:Evening reminder",
        b"SUMMARY:Evening, reminder; now",
    ),
    "fold within a character": (b"na\xc3\xaf", b"na\xc3\r\n \xaf"),
    "not UTF-8": (b"na\xc3\xaf", b"na\xef"),
}


BROKEN = {name: CORRECT.replace(right, wrong) for name, (right, wrong) in _REPLACED.items()}
"""What is wrong with a file, and the file."""
