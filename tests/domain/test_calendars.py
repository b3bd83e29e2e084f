"""Business days and business hours."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import calendars
from domain.calendars import OfficeHours, add_business_days, is_business_day, roll_back, roll_forward, zone
from domain.errors import Permanent

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))
codes = st.sampled_from(["US", "US-NY", "DE", "DE-BY", "JP", "GB-ENG", "CH"])
BERLIN = OfficeHours("Europe/Berlin", "DE")
NEW_YORK = OfficeHours("America/New_York", "US-NY")


def berlin(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=zone("Europe/Berlin"))


class TestBusinessDays:
    @pytest.mark.parametrize(
        ("day", "calendar", "open_"),
        [
            (date(2026, 10, 30), "US-NY", True),
            (date(2026, 10, 31), "US-NY", False),
            (date(2026, 11, 26), "US-NY", False),
            (date(2026, 11, 26), "DE", True),
            (date(2026, 12, 25), "US", False),
            (date(2027, 1, 6), "DE-BY", False),
            (date(2027, 1, 6), "DE-BE", True),
            (date(2026, 10, 3), "DE", False),
        ],
    )
    def test_depend_on_country_and_subdivision(self, day: date, calendar: str, *, open_: bool) -> None:
        assert is_business_day(day, calendar) is open_

    def test_know_a_holiday_observed_before_new_year(self) -> None:
        # 1 January 2028 is a Saturday; its observance closes offices in the year before.
        assert not is_business_day(date(2027, 12, 31), "US")

    @pytest.mark.parametrize("code", ["XX", "US-XX", "", "nonsense"])
    def test_of_an_unknown_place_tell_what_to_write(self, code: str) -> None:
        with pytest.raises(Permanent, match="ISO 3166"):
            is_business_day(date(2026, 1, 5), code)

    def test_are_the_same_for_threads_that_ask_at_the_same_moment(self) -> None:
        holiday, answers = date(2031, 12, 25), []
        for _ in range(20):
            calendars._holidays.cache_clear()
            barrier = threading.Barrier(6)

            def ask(barrier: threading.Barrier = barrier) -> None:
                barrier.wait()
                answers.append(is_business_day(holiday, "US-NY"))

            threads = [threading.Thread(target=ask) for _ in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert answers == [False] * 120

    @given(days, codes)
    def test_are_where_rolling_ends(self, day: date, code: str) -> None:
        back, forward = roll_back(day, code), roll_forward(day, code)
        assert back <= day <= forward
        assert is_business_day(back, code)
        assert is_business_day(forward, code)
        assert (back == day) is is_business_day(day, code)

    @given(days, codes, st.integers(0, 40))
    def test_are_counted_back_as_they_were_counted_forward(self, day: date, code: str, count: int) -> None:
        start = roll_forward(day, code)
        assert add_business_days(add_business_days(start, count, code), -count, code) == start

    def test_are_not_counted_on_the_day_itself(self) -> None:
        assert add_business_days(date(2026, 12, 31), -10, "US-NY") == date(2026, 12, 16)
        assert add_business_days(date(2026, 11, 25), 1, "US-NY") == date(2026, 11, 27)


class TestOfficeHours:
    @pytest.mark.parametrize(
        ("start", "due"),
        [
            (berlin(11, 20, 15), berlin(11, 23, 15)),  # Friday 15:00 -> Monday 15:00
            (berlin(11, 23, 10), berlin(11, 24, 10)),
            (berlin(11, 21, 11), berlin(11, 24, 9)),  # Saturday counts as Monday's opening
            (berlin(11, 20, 18), berlin(11, 24, 9)),  # after closing on Friday
            (berlin(11, 23, 7), berlin(11, 24, 9)),
            (berlin(11, 23, 17, 30), berlin(11, 25, 9)),  # closing time is closed
            (berlin(12, 24, 16), berlin(12, 28, 16)),  # over Christmas and the weekend
            (berlin(10, 23, 15), berlin(10, 26, 15)),  # clocks go back on Sunday
            (berlin(3, 27, 15), berlin(3, 30, 15)),  # clocks go forward on Sunday
        ],
    )
    def test_give_until_the_same_time_of_the_next_business_day(self, start: datetime, due: datetime) -> None:
        found = BERLIN.next_business_day(start)
        assert found == due
        assert (found.hour, found.minute) == (due.hour, due.minute)

    def test_are_those_of_the_office_whoever_asks(self) -> None:
        # 23:00 UTC on Friday is 18:00 in New York, after closing; in Berlin it is Saturday.
        asked = datetime(2026, 11, 20, 23, tzinfo=UTC)
        assert NEW_YORK.next_business_day(asked) == datetime(2026, 11, 24, 9, tzinfo=zone("America/New_York"))
        assert BERLIN.next_business_day(asked) == berlin(11, 24, 9)

    @pytest.mark.parametrize(
        ("start", "hours", "due"),
        [
            (berlin(11, 23, 10), 2, berlin(11, 23, 12)),
            (berlin(11, 20, 16, 30), 2, berlin(11, 23, 10)),
            (berlin(11, 21, 12), 1, berlin(11, 23, 10)),
            (berlin(11, 23, 9), 8.5, berlin(11, 23, 17, 30)),
            (berlin(10, 23, 16, 30), 2, berlin(10, 26, 10)),  # over the end of summer time
            (berlin(12, 23, 17), 1, berlin(12, 24, 9, 30)),
            (berlin(12, 24, 17), 1, berlin(12, 28, 9, 30)),
        ],
    )
    def test_count_only_while_the_office_is_open(self, start: datetime, hours: float, due: datetime) -> None:
        assert BERLIN.add(start, hours) == due

    @given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)), st.sampled_from([BERLIN, NEW_YORK]))
    def test_always_end_later_and_inside_opening_hours(self, naive: datetime, office: OfficeHours) -> None:
        start = naive.replace(tzinfo=UTC)
        due = office.next_business_day(start)
        assert due > start
        assert is_business_day(due.date(), office.calendar)
        assert time(9) <= due.time() < time(17, 30)
        assert due - start < timedelta(days=8)


class TestZones:
    @pytest.mark.parametrize("name", ["", "Nowhere/City", "../etc/passwd", "Europe", "\0"])
    def test_that_do_not_exist_are_named_with_the_fix(self, name: str) -> None:
        with pytest.raises(Permanent, match="Europe/Berlin"):
            zone(name)
