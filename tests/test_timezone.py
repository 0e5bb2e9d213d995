from __future__ import annotations

import re
from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr

from judges import icaljs, libical, lines
from judges.panel import ICALJS, LIBICAL
from ldn_titrate.errors import ExportError, PlanError
from ldn_titrate.export import timezone as under_test
from ldn_titrate.export.timezone import TimezoneRules, vtimezone
from ldn_titrate.zones import load_zone, zone_names

FIRST_DAY = date(2026, 6, 1)
DAYS = 730
BEDTIME = time(21, 30)

SAMPLE = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Argentina/Buenos_Aires",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Vancouver",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Dublin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "UTC",
]


def evenings(name: str, bedtime: time = BEDTIME) -> list[datetime]:
    """Two years of doses at one time on the wall."""
    first = datetime.combine(FIRST_DAY, bedtime, load_zone(name))
    return [first + timedelta(days=day) for day in range(DAYS)]


def in_utc(moments: list[datetime]) -> list[datetime]:
    """The instants of these times."""
    return [moment.astimezone(UTC) for moment in moments]


class Reader:
    """A reader of VTIMEZONE that shares nothing with the module: dateutil follows the rules."""

    def __init__(self, rules: TimezoneRules) -> None:
        """Find every change of the clocks from 2020 to 2035."""
        text = "\n".join(rules.lines)
        blocks = re.findall(r"BEGIN:(?:STANDARD|DAYLIGHT)\n(.*?)\nEND", text, re.DOTALL)
        changes = sorted(change for block in blocks for change in self._changes(block))
        self.instants = [instant for instant, _, _ in changes]
        self.walls = [wall for _, wall, _ in changes]
        self.offsets = [offset for _, _, offset in changes]

    @staticmethod
    def _changes(block: str) -> list[tuple[datetime, datetime, timedelta]]:
        values = dict(line.split(":", 1) for line in block.splitlines())
        start = datetime.strptime(values["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007
        rule = rrulestr(values.get("RRULE", "FREQ=DAILY;COUNT=1"), dtstart=start)
        before, after = Reader._offset(values["TZOFFSETFROM"]), Reader._offset(values["TZOFFSETTO"])
        end = datetime(2035, 1, 1)  # noqa: DTZ001
        return [
            # A time on the wall is one of the new offset once it is past the old and the new clock:
            # so a skipped one is read by the offset before, a repeated one is the first.
            ((wall - before).replace(tzinfo=UTC), max(wall, wall - before + after), after)
            for wall in rule.between(start, end, inc=True)
        ]

    @staticmethod
    def _offset(text: str) -> timedelta:
        parts = [int(part) for part in re.findall(r"\d\d", text)] + [0]
        size = timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2])
        return -size if text.startswith("-") else size

    def instant(self, wall: datetime) -> datetime:
        """The instant of a time on the wall."""
        return (wall - self.offsets[bisect_right(self.walls, wall) - 1]).replace(tzinfo=UTC)

    def offset(self, instant: datetime) -> timedelta:
        """The offset at an instant."""
        return self.offsets[bisect_right(self.instants, instant) - 1]


@pytest.fixture(scope="module")
def blocks() -> dict[str, TimezoneRules]:
    """The VTIMEZONE of every zone, for two years of evenings."""
    return {name: vtimezone(name, evenings(name)) for name in zone_names()}


def naming(rules: TimezoneRules, start: str) -> list[str]:
    """The lines that begin so."""
    return [line for line in rules.lines if line.startswith(start)]


class TestEveryZone:
    """What holds for each name that a plan may carry."""

    def test_the_rules_give_the_instants_and_offsets_of_zoneinfo(
        self, blocks: dict[str, TimezoneRules]
    ) -> None:
        """Two years of evenings, read by rules that dateutil follows, are those of zoneinfo."""
        for name, rules in blocks.items():
            reader = Reader(rules)
            wanted = evenings(name)

            read = [reader.instant(moment.replace(tzinfo=None)) for moment in wanted]

            assert in_utc(wanted) == read, name
            assert [moment.utcoffset() for moment in wanted if self._exists(moment)] == [
                reader.offset(moment.astimezone(UTC)) for moment in wanted if self._exists(moment)
            ], name

    @staticmethod
    def _exists(moment: datetime) -> bool:
        """Whether the clocks ever show this time: a skipped one has the offset before the gap."""
        back = moment.astimezone(UTC).astimezone(moment.tzinfo)
        return back.replace(tzinfo=None) == moment.replace(tzinfo=None)

    def test_there_are_no_more_rules_than_outlook_and_icaljs_read(
        self, blocks: dict[str, TimezoneRules]
    ) -> None:
        """One STANDARD, at most one DAYLIGHT, one weekday in each rule."""
        for name, rules in blocks.items():
            if rules.exact:
                assert len(naming(rules, "BEGIN:STANDARD")) == 1, name
                assert len(naming(rules, "BEGIN:DAYLIGHT")) <= 1, name
                assert len(naming(rules, "RRULE:")) == 2 * len(naming(rules, "BEGIN:DAYLIGHT")), (
                    name
                )
            for rule in naming(rules, "RRULE:"):
                assert re.fullmatch(
                    r"RRULE:FREQ=YEARLY;BYMONTH=\d+;(BYMONTHDAY=[\d,]+;BYDAY=|BYDAY=(-1|[1-4]))[A-Z]{2}",
                    rule,
                ), name

    def test_no_list_of_dates_and_no_late_start(self, blocks: dict[str, TimezoneRules]) -> None:
        """RDATE is misread by ical.js; without a rule in force the first dose has no offset."""
        for name, rules in blocks.items():
            starts = [datetime.fromisoformat(line[8:]) for line in naming(rules, "DTSTART:")]

            assert naming(rules, "RDATE") == [], name
            assert min(starts) <= datetime(2026, 5, 31, 23), name  # noqa: DTZ001
            assert f"TZID:{name}" == rules.lines[1]

    def test_the_lines_are_a_correct_block(self, blocks: dict[str, TimezoneRules]) -> None:
        """Our own checker finds nothing, line lengths included."""
        for name in SAMPLE:
            assert lines.faults(calendar(name, blocks[name], evenings(name))) == [], name
        assert max(len(line.encode()) for rules in blocks.values() for line in rules.lines) <= 75


def calendar(name: str, rules: TimezoneRules, doses: list[datetime]) -> bytes:
    """The file of a daily series."""
    content = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//reminders//plan export 1//EN",
        *rules.lines,
        "BEGIN:VEVENT",
        "UID:series",
        "DTSTAMP:20260101T000000Z",
        f"DTSTART;TZID={name}:{doses[0]:%Y%m%dT%H%M%S}",
        f"RRULE:FREQ=DAILY;COUNT={len(doses)}",
        "SUMMARY:Evening reminder",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(content).encode()


class TestOtherReaders:
    """The same instants, whoever reads the rules."""

    def files(self, blocks: dict[str, TimezoneRules]) -> list[bytes]:
        """Two years of evenings in each zone of the sample."""
        return [calendar(name, blocks[name], evenings(name)) for name in SAMPLE]

    def wanted(self) -> list[list[tuple[str, datetime]]]:
        """When zoneinfo has them."""
        return [[("series", moment) for moment in in_utc(evenings(name))] for name in SAMPLE]

    def test_libical(self, blocks: dict[str, TimezoneRules]) -> None:
        """GNOME's and KDE's library finds two years of evenings where zoneinfo does."""
        LIBICAL.need()

        answers = libical.judge(self.files(blocks))

        assert self.wanted() == [answer.occurrences for answer in answers]

    def test_icaljs(self, blocks: dict[str, TimezoneRules]) -> None:
        """Thunderbird's library finds two years of evenings where zoneinfo does."""
        ICALJS.need()

        answers = icaljs.judge(self.files(blocks))

        assert self.wanted() == [answer.occurrences for answer in answers]


class TestYearlyRules:
    """How the footer of a zone's file becomes rules."""

    def test_of_a_zone_with_summer_time(self) -> None:
        """New York's rules, from the year before the first dose."""
        assert vtimezone("America/New_York", evenings("America/New_York")) == TimezoneRules(
            (
                "BEGIN:VTIMEZONE",
                "TZID:America/New_York",
                "BEGIN:DAYLIGHT",
                "DTSTART:20250309T020000",
                "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
                "TZNAME:EDT",
                "TZOFFSETFROM:-0500",
                "TZOFFSETTO:-0400",
                "END:DAYLIGHT",
                "BEGIN:STANDARD",
                "DTSTART:20251102T020000",
                "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
                "TZNAME:EST",
                "TZOFFSETFROM:-0400",
                "TZOFFSETTO:-0500",
                "END:STANDARD",
                "END:VTIMEZONE",
            ),
            exact=True,
        )

    @pytest.mark.parametrize(
        ("name", "tzname", "offset"),
        [
            ("UTC", "UTC", "+0000"),
            ("Etc/GMT+5", "-05", "-0500"),
            ("Asia/Kolkata", "IST", "+0530"),
            ("Asia/Kathmandu", "+0545", "+0545"),
        ],
    )
    def test_of_a_zone_without_summer_time(self, name: str, tzname: str, offset: str) -> None:
        """One STANDARD and no rule."""
        assert vtimezone(name, evenings(name)) == TimezoneRules(
            (
                "BEGIN:VTIMEZONE",
                f"TZID:{name}",
                "BEGIN:STANDARD",
                "DTSTART:20250101T000000",
                f"TZNAME:{tzname}",
                f"TZOFFSETFROM:{offset}",
                f"TZOFFSETTO:{offset}",
                "END:STANDARD",
                "END:VTIMEZONE",
            ),
            exact=True,
        )

    def test_of_an_old_name(self) -> None:
        """US/Eastern keeps its name and has the rules of New York."""
        old = vtimezone("US/Eastern", evenings("US/Eastern"))
        new = vtimezone("America/New_York", evenings("America/New_York"))

        assert old.lines[1] == "TZID:US/Eastern"
        assert old.lines[2:] == new.lines[2:]

    @pytest.mark.parametrize(
        ("name", "rule"),
        [
            # The last Sunday; the first Saturday at 24:00; the last Sunday at -1:00; the fourth
            # Thursday at 26:00 and at 50:00.
            ("Europe/London", "BYMONTH=3;BYDAY=-1SU"),
            ("America/Santiago", "BYMONTH=4;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU"),
            ("America/Nuuk", "BYMONTH=3;BYMONTHDAY=24,25,26,27,28,29,30;BYDAY=SA"),
            ("Asia/Jerusalem", "BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR"),
            ("Asia/Gaza", "BYMONTH=10;BYMONTHDAY=24,25,26,27,28,29,30;BYDAY=SA"),
        ],
    )
    def test_of_a_switch_on_another_day_than_the_rule_counts(self, name: str, rule: str) -> None:
        """Days of the month stand only where the switch crosses midnight."""
        assert f"RRULE:FREQ=YEARLY;{rule}" in vtimezone(name, evenings(name)).lines

    def test_of_dublin_call_the_summer_daylight(self) -> None:
        """Winter is the exception by Irish law; readers expect it to be STANDARD."""
        text = "\n".join(vtimezone("Europe/Dublin", evenings("Europe/Dublin")).lines)

        assert re.search(r"BEGIN:DAYLIGHT\n.*\n.*\nTZNAME:IST\nTZOFFSETFROM:\+0000\n", text)
        assert re.search(r"BEGIN:STANDARD\n.*\n.*\nTZNAME:GMT\nTZOFFSETFROM:\+0100\n", text)

    def test_hold_for_a_plan_that_begins_on_new_years_day(self) -> None:
        """Both halves of the year have begun before the first dose."""
        moment = datetime(2027, 1, 1, 0, 30, tzinfo=load_zone("Pacific/Auckland"))
        rules = vtimezone("Pacific/Auckland", [moment])

        assert rules.exact
        assert moment.astimezone(UTC) == Reader(rules).instant(moment.replace(tzinfo=None))


class TestListedChanges:
    """What is written where no yearly rule says what the clocks do."""

    @pytest.mark.parametrize(
        "name",
        [
            "Africa/Cairo",  # the last Thursday of October at 24:00 may be in November
            "Africa/Casablanca",  # back and forth around each Ramadan, or no more
        ],
    )
    def test_stand_for_zones_whose_changes_no_rule_describes(
        self, name: str, blocks: dict[str, TimezoneRules]
    ) -> None:
        """The caller is told, and no rule is left."""
        assert not blocks[name].exact
        assert naming(blocks[name], "RRULE:") == []

    def test_are_one_for_each_change_and_one_for_what_is_before(self) -> None:
        """Cairo's autumn and spring, after the offset that the first dose needs."""
        zone = load_zone("Africa/Cairo")
        doses = [
            datetime(2026, 10, 1, 21, 30, tzinfo=zone),
            datetime(2027, 6, 1, 21, 30, tzinfo=zone),
        ]

        assert vtimezone("Africa/Cairo", doses).lines == (
            "BEGIN:VTIMEZONE",
            "TZID:Africa/Cairo",
            "BEGIN:STANDARD",
            "DTSTART:20260930T030000",
            "TZNAME:EEST",
            "TZOFFSETFROM:+0300",
            "TZOFFSETTO:+0300",
            "END:STANDARD",
            "BEGIN:STANDARD",
            "DTSTART:20261030T000000",
            "TZNAME:EET",
            "TZOFFSETFROM:+0300",
            "TZOFFSETTO:+0200",
            "END:STANDARD",
            "BEGIN:DAYLIGHT",
            "DTSTART:20270430T000000",
            "TZNAME:EEST",
            "TZOFFSETFROM:+0200",
            "TZOFFSETTO:+0300",
            "END:DAYLIGHT",
            "END:VTIMEZONE",
        )

    def test_stand_only_when_the_rules_change_within_the_plan(self) -> None:
        """Kazakhstan gave up an hour in March 2024: before and after it, one offset for good."""
        zone = load_zone("Asia/Almaty")
        before, after = datetime(2024, 2, 1, tzinfo=zone), datetime(2024, 4, 1, tzinfo=zone)

        assert not vtimezone("Asia/Almaty", [before, after]).exact
        assert vtimezone("Asia/Almaty", [after]).exact

    def test_have_offsets_to_the_second(self) -> None:
        """Monrovia was 43 minutes and 8 seconds behind Greenwich in 1900."""
        moment = datetime(1900, 6, 1, 21, 30, tzinfo=load_zone("Africa/Monrovia"))

        assert "TZOFFSETTO:-004308" in vtimezone("Africa/Monrovia", [moment]).lines

    @pytest.mark.parametrize(
        "footer",
        [
            "",  # the clocks follow no rule
            "XXX3EDT4,0/0,J365/23",  # summer time all the year
            "XXX3YYY,M3.1.0/-1,M10.1.0",  # the first Sunday's eve: in March or in February
            "XXX3YYY,M3.1.0,M10.5.4/24",  # the day after the last Thursday
        ],
    )
    def test_stand_where_the_footer_cannot_be_said(
        self, footer: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A footer that no yearly rule can repeat is not approximated."""
        name = "Europe/Amsterdam"
        data = b"TZif...\n" + footer.encode() + b"\n"
        monkeypatch.setattr(under_test, "zone_data", lambda _name: data)
        doses = [datetime(2031, 10, 20 + day, 21, 30, tzinfo=load_zone(name)) for day in range(10)]

        rules = vtimezone(name, doses)

        assert not rules.exact
        assert len(naming(rules, "BEGIN:")) == 3
        assert in_utc(doses) == [Reader(rules).instant(dose.replace(tzinfo=None)) for dose in doses]


class TestSkippedAndRepeatedTimes:
    """Times on the wall that the clocks leave out, or show twice."""

    @pytest.mark.parametrize(
        ("name", "wall", "instant"),
        [
            # Skipped: read with the offset before the gap.
            ("America/New_York", "2027-03-14T02:30", "2027-03-14T07:30"),
            ("Europe/London", "2027-03-28T01:30", "2027-03-28T01:30"),
            ("America/Nuuk", "2027-03-27T23:30", "2027-03-28T01:30"),
            ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45"),
            ("Africa/Cairo", "2027-04-30T00:30", "2027-04-29T22:30"),
            # Repeated: the first of the two.
            ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),
            ("Europe/Dublin", "2026-10-25T01:30", "2026-10-25T00:30"),
            ("America/Nuuk", "2026-10-24T23:30", "2026-10-25T00:30"),
            ("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-03T14:45"),
            # Once, close by.
            ("America/New_York", "2026-11-01T02:30", "2026-11-01T07:30"),
            ("America/Nuuk", "2027-03-27T22:30", "2027-03-28T00:30"),
            ("Australia/Lord_Howe", "2026-10-04T02:30", "2026-10-03T15:30"),
        ],
    )
    def test_mean_what_zoneinfo_and_the_standard_say(
        self, name: str, wall: str, instant: str
    ) -> None:
        """The rule of RFC 5545, from the block, is the one of zoneinfo."""
        moment = datetime.fromisoformat(wall)
        expected = datetime.fromisoformat(instant).replace(tzinfo=UTC)
        dose = moment.replace(tzinfo=load_zone(name))

        assert expected == dose.astimezone(UTC)
        assert expected == Reader(vtimezone(name, [dose])).instant(moment)

    def test_are_read_otherwise_by_thunderbird(self) -> None:
        """No VTIMEZONE mends it: ical.js takes the offset after a gap, and the second of two."""
        ICALJS.need()
        zone = load_zone("America/New_York")
        skipped = [datetime(2027, 3, 13 + day, 2, 30, tzinfo=zone) for day in range(3)]
        repeated = [datetime(2026, 10, 31, 1, 30, tzinfo=zone) + timedelta(day) for day in range(3)]

        answers = icaljs.judge(
            [calendar(zone.key, vtimezone(zone.key, doses), doses) for doses in (skipped, repeated)]
        )

        late = [
            [moment - dose for (_, moment), dose in zip(answer.occurrences, doses, strict=True)]
            for answer, doses in zip(answers, (in_utc(skipped), in_utc(repeated)), strict=True)
        ]
        hour, none = timedelta(hours=1), timedelta()
        assert [[none, -hour, none], [none, hour, none]] == late


class TestRefusals:
    """What no block is written for."""

    def test_no_instant(self) -> None:
        """A zone that no event needs is not written."""
        with pytest.raises(ExportError, match="at least one instant"):
            vtimezone("Europe/Amsterdam", [])

    def test_a_time_without_a_zone(self) -> None:
        """The machine's own zone is never guessed."""
        with pytest.raises(ExportError, match="no time zone"):
            vtimezone("Europe/Amsterdam", [datetime(2026, 6, 1, 21, 30)])  # noqa: DTZ001

    def test_an_unknown_zone(self) -> None:
        """Close names are suggested."""
        with pytest.raises(PlanError, match="did you mean Europe/Amsterdam"):
            vtimezone("Europe/Amstredam", [datetime(2026, 6, 1, tzinfo=UTC)])


def test_the_order_of_the_instants_does_not_matter() -> None:
    """The same doses give the same block, in whatever zone they are told."""
    doses = evenings("Europe/Amsterdam")

    assert vtimezone("Europe/Amsterdam", doses) == vtimezone(
        "Europe/Amsterdam", reversed(in_utc(doses))
    )
