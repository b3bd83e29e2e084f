"""A window holds the real minutes between midnights of the contract's zone, of the subscribed days alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Permanent
from domain.periods import Period
from domain.sla.window import WindowKind, WindowRule, midnight, windows
from tests.domain.sla.levels import month

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "America/Havana", "Asia/Beirut", "Africa/Cairo", "Asia/Kathmandu",
         "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo")  # fmt: skip
CHANGES = (date(2025, 3, 9), date(2025, 3, 30), date(2025, 10, 26), date(2025, 11, 2), date(2026, 4, 5), date(2018, 11, 4),
           date(2018, 2, 18), date(2025, 4, 25), date(2025, 10, 31))  # fmt: skip


class TestAMonth:
    @pytest.mark.parametrize(
        ("first", "zone", "minutes"),
        [
            (date(2025, 3, 1), "Europe/Berlin", 44_580),
            (date(2025, 3, 1), "UTC", 44_640),
            (date(2025, 10, 1), "Europe/Berlin", 44_700),
            (date(2025, 11, 1), "America/New_York", 43_260),
            (date(2026, 2, 1), "UTC", 40_320),
        ],
    )
    def test_has_its_real_minutes(self, first: date, zone: str, minutes: int) -> None:
        assert month(first, zone).minutes == minutes

    def test_that_the_term_cuts_has_the_subscribed_days_alone(self) -> None:
        first, _, last = windows(
            WindowRule(WindowKind.MONTH, "UTC"), date(2026, 1, 20), date(2026, 3, 10), through=date(2026, 12, 31)
        )
        assert (first.first, first.last, first.partial) == (date(2026, 1, 20), date(2026, 1, 31), True)
        assert first.minutes == 12 * 1440
        assert last.first == date(2026, 3, 1)
        assert last.last == date(2026, 3, 10)
        assert last.minutes == 10 * 1440

    def test_is_not_over_before_its_last_day_is(self) -> None:
        rule = WindowRule(WindowKind.MONTH, "UTC")
        assert windows(rule, date(2026, 1, 1), None, through=date(2026, 1, 30)) == ()
        assert len(windows(rule, date(2026, 1, 1), None, through=date(2026, 1, 31))) == 1

    def test_in_an_unknown_zone_is_refused(self) -> None:
        with pytest.raises(Permanent, match="No time zone"):
            _ = month(zone="Europe/Nowhere").minutes


class TestOtherWindows:
    def test_quarters_are_those_of_the_calendar(self) -> None:
        found = windows(WindowRule(WindowKind.QUARTER, "UTC"), date(2026, 2, 1), None, through=date(2026, 7, 1))
        assert [(one.first, one.last) for one in found] == [
            (date(2026, 2, 1), date(2026, 3, 31)),
            (date(2026, 4, 1), date(2026, 6, 30)),
        ]
        assert (found[0].partial, found[1].partial) == (True, False)

    def test_a_year_may_be_counted_from_the_start_of_the_term(self) -> None:
        rule = WindowRule(WindowKind.YEAR, "UTC", anchor=date(2024, 2, 29))
        found = windows(rule, date(2024, 2, 29), None, through=date(2028, 12, 31))
        assert [one.first for one in found] == [
            date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28)
        ]  # fmt: skip
        assert found[-1].last == date(2028, 2, 28)

    def test_months_counted_from_the_31st_do_not_drift(self) -> None:
        rule = WindowRule(WindowKind.MONTH, "UTC", anchor=date(2026, 1, 31))
        found = windows(rule, date(2026, 1, 31), None, through=date(2026, 4, 29))
        assert [one.first for one in found] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]

    def test_rolling_windows_end_on_each_day(self) -> None:
        rule = WindowRule(WindowKind.ROLLING, "UTC", anchor=date(2026, 1, 1), length=Period.parse("P30D"))
        found = windows(rule, date(2026, 1, 1), None, through=date(2026, 2, 1))
        assert [(one.first, one.last) for one in found] == [
            (date(2026, 1, 1), date(2026, 1, 30)),
            (date(2026, 1, 2), date(2026, 1, 31)),
            (date(2026, 1, 3), date(2026, 2, 1)),
        ]

    def test_a_rolling_window_without_length_is_refused(self) -> None:
        with pytest.raises(ValueError, match="has a length"):
            WindowRule(WindowKind.ROLLING, "UTC")


class TestAnyZone:
    @given(st.sampled_from(ZONES), st.sampled_from(CHANGES), st.integers(-3, 3))
    def test_windows_follow_each_other_without_gap_and_overlap(self, zone: str, around: date, days: int) -> None:
        starts = around + timedelta(days=days)
        found = windows(WindowRule(WindowKind.MONTH, zone), starts, None, through=starts + timedelta(days=120))
        for one, other in zip(found, found[1:], strict=False):
            assert one.time.end == other.time.start
        whole = midnight(found[-1].days.end, zone) - midnight(starts, zone)
        assert sum(one.minutes for one in found) * 60 == int(whole.total_seconds())

    @given(st.sampled_from(ZONES), st.sampled_from(CHANGES), st.integers(-3, 3))
    def test_a_day_begins_with_its_first_real_moment(self, zone: str, around: date, days: int) -> None:
        day = around + timedelta(days=days)
        begins = midnight(day, zone)
        assert begins.tzinfo is UTC
        assert begins.astimezone(ZoneInfo(zone)).date() == day
        assert (begins - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() < day

    def test_a_day_whose_midnight_is_skipped_begins_with_the_change(self) -> None:
        assert midnight(date(2018, 11, 4), "America/Sao_Paulo") == datetime(2018, 11, 4, 3, tzinfo=UTC)
