"""
A strict judge of calendar files after RFC 5545, with the properties of RFC 7986 and 9074.

Python's standard library is all it uses, and nothing of the library it judges. It is stricter than
the standard where phones are: it refuses C1 controls and the Unicode line separators in texts, and
property names that no standard lists.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def faults(file: bytes) -> list[str]:
    """What is wrong with a calendar file, in the order of the checks."""
    found = [*_octet_faults(file), *_fold_faults(file)]
    properties: list[Property] = []
    for number, folded in _content_lines(file):
        line = _unfolded(folded).decode(errors="replace")
        found += _character_faults(number, line)
        match = _CONTENT_LINE.fullmatch(line)
        if match:
            properties.append(Property.read(number, match))
        else:
            found.append(f"line {number}: not name, parameters, colon, value: {line[:40]!r}")
    root = Component("file", 0)
    found += _nest(properties, root)
    return found + [fault for component in root.walk() for fault in _component_faults(component)]


# --- Octets and lines ----------------------------------------------------------------------------

_LONGEST = 75
_MARK = b"\xef\xbb\xbf"
_CONTROLS = {"Cc", "Zl", "Zp"}


def _octet_faults(file: bytes) -> Iterator[str]:
    if file.startswith(_MARK):
        yield "file: begins with a byte order mark"
    if not file.endswith(b"\r\n"):
        yield "file: does not end with CRLF"
    alone = len(re.findall(rb"\r(?!\n)|(?<!\r)\n", file))
    if alone:
        yield f"file: {alone} line ends are not CRLF"
    try:
        b"".join(_unfolded(line) for _, line in _content_lines(file)).decode()
    except UnicodeDecodeError as error:
        yield f"file: not UTF-8 ({error.reason})"


def _fold_faults(file: bytes) -> Iterator[str]:
    for number, line in enumerate(_with_line_feeds(file).splitlines(), 1):
        if not line:
            yield f"line {number}: empty"
        if len(line) > _LONGEST:
            yield f"line {number}: {len(line)} octets, {_LONGEST} are allowed"
        # The octets 80 to BF only ever continue a character.
        if re.match(rb"[ \t][\x80-\xbf]", line):
            yield f"line {number}: begins within a character"


def _with_line_feeds(file: bytes) -> bytes:
    return re.sub(rb"\r\n?", b"\n", file.removeprefix(_MARK))


def _content_lines(file: bytes) -> Iterator[tuple[int, bytes]]:
    """Every content line, still folded, with its number."""
    number = 1
    for line in re.split(rb"\n(?![ \t])", _with_line_feeds(file)):
        if line:
            yield number, line
        number += 1 + line.count(b"\n")


def _unfolded(line: bytes) -> bytes:
    return re.sub(rb"\n[ \t]", b"", line)


def _character_faults(number: int, line: str) -> Iterator[str]:
    for character in line:
        if category(character) in _CONTROLS and character != "\t":
            yield f"line {number}: control character U+{ord(character):04X}"


# --- Content lines -------------------------------------------------------------------------------

_PARAMETER_NAME = r"[A-Za-z0-9-]+"
_PARAMETER_VALUE = r'(?:"[^"]*"|[^";:,]*)'
_PARAMETER = rf";({_PARAMETER_NAME})=({_PARAMETER_VALUE}(?:,{_PARAMETER_VALUE})*)"
_CONTENT_LINE = re.compile(rf"([A-Za-z0-9-]+)((?:{_PARAMETER})*):(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Property:
    """One content line."""

    number: int
    name: str
    parameters: tuple[tuple[str, str], ...]
    value: str

    @classmethod
    def read(cls, number: int, match: re.Match[str]) -> Property:
        """Take a content line apart."""
        parameters = re.findall(_PARAMETER, match[2])
        upper = tuple((name.upper(), value.strip('"')) for name, value in parameters)
        return cls(number, match[1].upper(), upper, match[match.re.groups])

    def __str__(self) -> str:
        return f"line {self.number}: {self.name}"

    def parameter(self, name: str) -> str | None:
        """The value of a parameter, if it stands."""
        return dict(self.parameters).get(name)

    @property
    def form(self) -> str:
        """What a date or time is: a date, a UTC time, a time of a zone or a floating one."""
        if _DATE.fullmatch(self.value):
            return "date"
        if self.value.endswith("Z"):
            return "UTC time"
        return "zone's time" if self.parameter("TZID") else "floating time"


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END."""

    name: str
    number: int
    properties: list[Property] = field(default_factory=list)
    children: list[Component] = field(default_factory=list)

    def __str__(self) -> str:
        return f"line {self.number}: {self.name}"

    def named(self, name: str) -> list[Property]:
        """The properties of a name."""
        return [one for one in self.properties if one.name == name]

    def first(self, name: str) -> Property | None:
        """The first property of a name, if there is one."""
        return next(iter(self.named(name)), None)

    def walk(self) -> Iterator[Component]:
        """The component and all within it."""
        yield self
        for child in self.children:
            yield from child.walk()


def _nest(properties: list[Property], root: Component) -> Iterator[str]:
    """Grow the tree below the root and tell where BEGIN and END do not pair."""
    open_ones = [root]
    for one in properties:
        if one.name == "BEGIN":
            child = Component(one.value.upper(), one.number)
            open_ones[-1].children.append(child)
            open_ones.append(child)
        elif one.name == "END" and one.value.upper() != open_ones[-1].name:
            yield f"{one}:{one.value} ends no open component but {open_ones[-1].name}"
        elif one.name == "END":
            open_ones.pop()
        else:
            yield from _late(one, open_ones[-1])
            open_ones[-1].properties.append(one)
    yield from (f"{left} has no END" for left in open_ones[1:])


def _late(one: Property, component: Component) -> Iterator[str]:
    if component.children:
        yield f"{one} stands after a component within {component.name}"


# --- What a component holds ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Contents:
    """The names that a component must, may once, and may often hold, and its components."""

    required: frozenset[str]
    once: frozenset[str] = frozenset()
    often: frozenset[str] = frozenset()
    components: frozenset[str] = frozenset()


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OBSERVANCE = _Contents(
    required=_names("DTSTART TZOFFSETFROM TZOFFSETTO"),
    once=_names("RRULE"),
    often=_names("COMMENT RDATE TZNAME"),
)
_CONTENTS = {
    "file": _Contents(frozenset(), components=_names("VCALENDAR")),
    "VCALENDAR": _Contents(
        required=_names("PRODID VERSION"),
        once=_names("CALSCALE COLOR LAST-MODIFIED METHOD REFRESH-INTERVAL SOURCE UID URL"),
        often=_names("CATEGORIES DESCRIPTION IMAGE NAME"),
        components=_names("VTIMEZONE VEVENT"),
    ),
    "VTIMEZONE": _Contents(
        required=_names("TZID"),
        once=_names("LAST-MODIFIED TZURL"),
        components=_names("STANDARD DAYLIGHT"),
    ),
    "STANDARD": _OBSERVANCE,
    "DAYLIGHT": _OBSERVANCE,
    "VEVENT": _Contents(
        required=_names("DTSTAMP DTSTART UID"),
        once=_names(
            "CLASS COLOR CREATED DESCRIPTION DTEND DURATION GEO LAST-MODIFIED LOCATION ORGANIZER "
            "PRIORITY RECURRENCE-ID RRULE SEQUENCE STATUS SUMMARY TRANSP URL"
        ),
        often=_names(
            "ATTACH ATTENDEE CATEGORIES COMMENT CONFERENCE CONTACT EXDATE IMAGE RDATE RELATED-TO "
            "REQUEST-STATUS RESOURCES"
        ),
        components=_names("VALARM"),
    ),
    "VALARM": _Contents(
        required=_names("ACTION TRIGGER"),
        once=_names("ACKNOWLEDGED DESCRIPTION DURATION PROXIMITY REPEAT SUMMARY UID"),
        often=_names("ATTACH ATTENDEE RELATED-TO"),
    ),
}


def _component_faults(component: Component) -> Iterator[str]:
    contents = _CONTENTS.get(component.name)
    if contents is None:
        yield f"{component} is a component that this judge does not know"
        return
    yield from _count_faults(component, contents)
    for child in component.children:
        if child.name not in contents.components:
            yield f"{child} stands within {component.name}"
    for one in component.properties:
        yield from _property_faults(one)
    for check in _CHECKS.get(component.name, ()):
        yield from check(component)


def _count_faults(component: Component, contents: _Contents) -> Iterator[str]:
    counts = Counter(one.name for one in component.properties)
    for name in sorted(contents.required - set(counts)):
        yield f"{component} has no {name}"
    for name, count in counts.items():
        if count > 1 and name in contents.required | contents.once:
            yield f"{component} has {count} {name}"
        known = contents.required | contents.once | contents.often
        if name not in known and not name.startswith("X-"):
            yield f"{component} has a {name}, which no standard puts there"


# --- Values --------------------------------------------------------------------------------------

_DATE = re.compile(r"\d{8}")
_DURATION = re.compile(
    r"[-+]?P(?=[T\d])(?:\d+W|(?:\d+D)?(?:T(?=\d)(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?)"
)
_TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
_TEXTS = re.compile(r"(?:[^\\;,]|\\[\\;,nN]|,)*")
_OFFSET = re.compile(r"(?!-0000(?:00)?$)[-+](?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?")


def _is_date(value: str) -> bool:
    return bool(_DATE.fullmatch(value)) and _exists(value, "%Y%m%d")


def _is_date_time(value: str) -> bool:
    return bool(re.fullmatch(r"\d{8}T\d{6}Z?", value)) and _exists(value[:15], "%Y%m%dT%H%M%S")


def _exists(value: str, pattern: str) -> bool:
    try:
        datetime.strptime(value, pattern).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


def _is_utc(value: str) -> bool:
    return value.endswith("Z") and _is_date_time(value)


def _all(check: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda value: all(check(one) for one in value.split(","))


_VALUE_CHECKS: dict[str, Callable[[str], bool]] = {
    "TEXT": lambda value: bool(_TEXT.fullmatch(value)),
    "TEXTS": lambda value: bool(_TEXTS.fullmatch(value)),
    "DATE": _is_date,
    "DATE-TIME": _is_date_time,
    "UTC": _is_utc,
    "DATES": _all(_is_date),
    "DATE-TIMES": _all(_is_date_time),
    "DURATION": lambda value: bool(_DURATION.fullmatch(value)),
    "COUNT": lambda value: bool(re.fullmatch(r"\d+", value)),
    "UTC-OFFSET": lambda value: bool(_OFFSET.fullmatch(value)),
    "URI": lambda value: bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", value)),
    "ANY": lambda _value: True,
}
"""By the kind of value: whether a value is one."""

_KINDS: dict[str, dict[str, str]] = {
    name: kinds
    for names, kinds in (
        ("DTSTART DTEND RECURRENCE-ID", {"DATE-TIME": "DATE-TIME", "DATE": "DATE"}),
        ("EXDATE RDATE", {"DATE-TIME": "DATE-TIMES", "DATE": "DATES", "PERIOD": "ANY"}),
        ("ACKNOWLEDGED CREATED DTSTAMP LAST-MODIFIED", {"DATE-TIME": "UTC"}),
        ("TRIGGER", {"DURATION": "DURATION", "DATE-TIME": "UTC"}),
        ("DURATION REFRESH-INTERVAL", {"DURATION": "DURATION"}),
        ("TZOFFSETFROM TZOFFSETTO", {"UTC-OFFSET": "UTC-OFFSET"}),
        ("PRIORITY REPEAT SEQUENCE", {"INTEGER": "COUNT"}),
        ("SOURCE TZURL URL", {"URI": "URI"}),
        ("ATTENDEE ORGANIZER", {"CAL-ADDRESS": "URI"}),
        ("CATEGORIES RESOURCES", {"TEXT": "TEXTS"}),
        ("ATTACH CONFERENCE IMAGE", {"URI": "ANY", "BINARY": "ANY"}),
        ("GEO", {"FLOAT": "ANY"}),
        ("REQUEST-STATUS", {"TEXT": "ANY"}),
        ("RRULE", {"RECUR": "ANY"}),
    )
    for name in names.split()
}
"""By property: what VALUE may declare, the default first, and the kind that it stands for."""

_MUST_DECLARE = _names("REFRESH-INTERVAL SOURCE")
_TEXT_ONLY = {"TEXT": "TEXT"}

_WORDS = {
    "VERSION": _names("2.0"),
    "CALSCALE": _names("GREGORIAN"),
    "STATUS": _names("TENTATIVE CONFIRMED CANCELLED"),
    "CLASS": _names("PUBLIC PRIVATE CONFIDENTIAL"),
    "TRANSP": _names("OPAQUE TRANSPARENT"),
    "ACTION": _names("AUDIO DISPLAY EMAIL"),
    "METHOD": _names("PUBLISH REQUEST REPLY ADD CANCEL REFRESH COUNTER DECLINECOUNTER"),
}
"""By property: the only values it may have."""


def _property_faults(one: Property) -> Iterator[str]:
    kinds = _KINDS.get(one.name, _TEXT_ONLY)
    declared = one.parameter("VALUE")
    kind = kinds.get(declared or next(iter(kinds)))
    if kind is None and not one.name.startswith("X-"):
        yield f"{one} may not have VALUE={declared}"
    elif kind is not None and not _VALUE_CHECKS[kind](one.value):
        yield f"{one}: {one.value[:40]!r} is not of the kind {kind}"
    if one.name in _MUST_DECLARE and declared is None:
        yield f"{one} must declare its VALUE"
    if one.name in _WORDS and one.value not in _WORDS[one.name]:
        yield f"{one} may not be {one.value[:40]!r}"
    yield from _parameter_faults(one)


def _parameter_faults(one: Property) -> Iterator[str]:
    counts = Counter(name for name, _ in one.parameters)
    for name, count in counts.items():
        if count > 1:
            yield f"{one} has {count} parameters {name}"
    if "TZID" in counts and one.form != "zone's time":
        yield f"{one} is a {one.form} and has a TZID"


# --- Recurrence rules ----------------------------------------------------------------------------


def _within(least: int, most: int, sign: str = "") -> Callable[[str], bool]:
    return _all(
        lambda one: bool(re.fullmatch(rf"{sign}\d+", one)) and least <= abs(int(one)) <= most
    )


_EITHER_SIGN = "[-+]?"
_FREQUENCIES = _names("SECONDLY MINUTELY HOURLY DAILY WEEKLY MONTHLY YEARLY")
_WEEKDAY = r"(?:SU|MO|TU|WE|TH|FR|SA)"
_PART_CHECKS: dict[str, Callable[[str], bool]] = {
    "FREQ": lambda value: value in _FREQUENCIES,
    "UNTIL": lambda value: _is_date(value) or _is_date_time(value),
    "COUNT": lambda value: bool(re.fullmatch(r"0*[1-9]\d*", value)),
    "INTERVAL": lambda value: bool(re.fullmatch(r"0*[1-9]\d*", value)),
    "BYSECOND": _within(0, 60),
    "BYMINUTE": _within(0, 59),
    "BYHOUR": _within(0, 23),
    "BYDAY": _all(lambda one: bool(re.fullmatch(rf"(?:[-+]?[1-9]\d?)?{_WEEKDAY}", one))),
    "BYMONTHDAY": _within(1, 31, _EITHER_SIGN),
    "BYYEARDAY": _within(1, 366, _EITHER_SIGN),
    "BYWEEKNO": _within(1, 53, _EITHER_SIGN),
    "BYMONTH": _within(1, 12),
    "BYSETPOS": _within(1, 366, _EITHER_SIGN),
    "WKST": lambda value: bool(re.fullmatch(_WEEKDAY, value)),
}


def _rule_faults(component: Component) -> Iterator[str]:
    for rule in component.named("RRULE"):
        parts = [part.partition("=")[::2] for part in rule.value.split(";")]
        names = [name for name, _ in parts]
        yield from (f"{rule} has {name} twice" for name in set(names) if names.count(name) > 1)
        for name, value in parts:
            if name not in _PART_CHECKS or not _PART_CHECKS[name](value):
                yield f"{rule} may not have {name}={value}"
        yield from _end_of_rule_faults(component, rule, dict(parts))


def _end_of_rule_faults(
    component: Component, rule: Property, parts: dict[str, str]
) -> Iterator[str]:
    if "FREQ" not in parts:
        yield f"{rule} has no FREQ"
    if {"COUNT", "UNTIL"} <= set(parts):
        yield f"{rule} has both COUNT and UNTIL"
    start = component.first("DTSTART")
    if "UNTIL" in parts and start:
        until = Property(rule.number, "UNTIL", (), parts["UNTIL"])
        # A rule of a time zone, and of a time in one, ends at a UTC time.
        in_zone = component.name in {"STANDARD", "DAYLIGHT"} or start.form == "zone's time"
        wanted = "UTC time" if in_zone else start.form
        if until.form != wanted:
            yield f"{rule} ends with a {until.form}, a {wanted} is due"


# --- What the properties of a component say together ---------------------------------------------


def _calendar_faults(calendar: Component) -> Iterator[str]:
    if not calendar.children:
        yield f"{calendar} is empty"
    events = [child for child in calendar.children if child.name == "VEVENT"]
    yield from _uid_faults(events)
    yield from _zone_faults(calendar)
    for event in events:
        if calendar.first("METHOD") and not event.first("ORGANIZER"):
            yield f"{event} has no ORGANIZER though the file has a METHOD"


def _uid_faults(events: list[Component]) -> Iterator[str]:
    uids = Counter(uid.value for event in events for uid in event.named("UID"))
    yield from (
        f"file: {count} events have the UID {uid}" for uid, count in uids.items() if count > 1
    )


def _zone_faults(calendar: Component) -> Iterator[str]:
    """Each TZID needs one VTIMEZONE, which stands before the events."""
    defined: set[str] = set()
    for child in calendar.children:
        if child.name == "VTIMEZONE":
            names = {zone.value for zone in child.named("TZID")}
            yield from (f"{child} defines {name} again" for name in sorted(names & defined))
            defined |= names
        for one in child.properties:
            zone = one.parameter("TZID")
            if zone is not None and zone not in defined:
                yield f"{one} is a time of {zone}, which no VTIMEZONE before it defines"


def _timezone_faults(zone: Component) -> Iterator[str]:
    if not zone.children:
        yield f"{zone} has neither STANDARD nor DAYLIGHT"


def _observance_faults(observance: Component) -> Iterator[str]:
    start = observance.first("DTSTART")
    if start and start.form != "floating time":
        yield f"{start} of a {observance.name} is a {start.form}"


def _event_faults(event: Component) -> Iterator[str]:
    start, end = event.first("DTSTART"), event.first("DTEND")
    if end and event.first("DURATION"):
        yield f"{event} has both DTEND and DURATION"
    for one in filter(None, (start, end)):
        is_declared = one.parameter("VALUE") == "DATE"
        if (one.form == "date") != is_declared:
            yield f"{one} is a {one.form}, which is not what its VALUE says"
    if start and end:
        yield from _span_faults(start, end)


def _span_faults(start: Property, end: Property) -> Iterator[str]:
    if start.form != end.form:
        yield f"{end} is a {end.form}, but the event begins with a {start.form}"
    elif start.parameter("TZID") == end.parameter("TZID") and end.value <= start.value:
        yield f"{end} is not after the start"


def _alarm_faults(alarm: Component) -> Iterator[str]:
    action = alarm.first("ACTION")
    kind = action.value if action else ""
    needed = {"DISPLAY": "DESCRIPTION", "EMAIL": "ATTENDEE DESCRIPTION SUMMARY"}.get(kind, "")
    for name in needed.split():
        if not any(one.value for one in alarm.named(name)):
            yield f"{alarm} to {kind} has no {name}"
    if bool(alarm.first("REPEAT")) != bool(alarm.first("DURATION")):
        yield f"{alarm} has one of REPEAT and DURATION without the other"


_CHECKS: dict[str, tuple[Callable[[Component], Iterator[str]], ...]] = {
    "VCALENDAR": (_calendar_faults,),
    "VTIMEZONE": (_timezone_faults,),
    "STANDARD": (_observance_faults, _rule_faults),
    "DAYLIGHT": (_observance_faults, _rule_faults),
    "VEVENT": (_event_faults, _rule_faults),
    "VALARM": (_alarm_faults,),
}
