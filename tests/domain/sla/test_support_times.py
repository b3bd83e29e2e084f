"""Response times are working time of the contract's own hours; holds stop the clock inside those hours alone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import OfficeHours
from domain.sla.response import Kind, Promised, Reply, Ticket, Timing, timing, timings, worked
from domain.sla.stretches import Stretch

BERLIN = OfficeHours("Europe/Berlin", "DE", time(9), time(17))
FOUR_HOURS = Promised("high", Kind.RESPONSE, timedelta(hours=4), BERLIN)
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of June 2026, when Berlin is two hours ahead."""
    return datetime(2026, 6, day, hour - 2, minute, tzinfo=UTC)


def ticket(opened: datetime, answered: datetime | None, **more: object) -> Ticket:
    replies = (Reply(answered),) if answered else ()
    return Ticket("T-1", "high", opened, **{"replies": replies, **more})  # type: ignore[arg-type]


def took(one: Ticket, promised: Promised = FOUR_HOURS) -> timedelta:
    return timing(one, promised, now=NOW).took


class TestWorkingTime:
    def test_leaves_out_nights_and_weekends(self) -> None:
        assert took(ticket(berlin(5, 16), berlin(8, 10))) == timedelta(hours=2)  # Friday to Monday

    def test_leaves_out_holidays_of_the_contracts_calendar(self) -> None:
        whit_monday = datetime(2026, 5, 25, 8, tzinfo=UTC)
        assert took(ticket(whit_monday, datetime(2026, 5, 26, 8, tzinfo=UTC))) == timedelta(hours=1)

    def test_is_real_time_across_a_change_of_clocks_around_the_clock(self) -> None:
        always = Promised("high", Kind.RESPONSE, timedelta(hours=24))
        before, after = datetime(2025, 3, 29, 11, tzinfo=UTC), datetime(2025, 3, 30, 10, tzinfo=UTC)
        assert took(ticket(before, after), always) == timedelta(hours=23)

    def test_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="need a zone"):
            took(ticket(datetime(2026, 6, 1, 9), berlin(2, 10)))


class TestAHold:
    def test_stops_the_clock(self) -> None:
        held = ticket(berlin(2, 9), berlin(2, 15), holds=((berlin(2, 10), berlin(2, 13)),))
        assert took(held) == timedelta(hours=3)

    def test_outside_working_hours_takes_nothing_away(self) -> None:
        night = ticket(berlin(2, 16), berlin(3, 10), holds=((berlin(2, 18), berlin(3, 8)),))
        assert took(night) == timedelta(hours=2)

    def test_counts_once_where_two_overlap_and_may_still_last(self) -> None:
        held = ticket(
            berlin(2, 9), berlin(2, 15), holds=((berlin(2, 10), berlin(2, 13)), (berlin(2, 12), berlin(2, 14)))
        )
        assert took(held) == timedelta(hours=2)
        assert took(ticket(berlin(2, 9), None, holds=((berlin(2, 10), None),))) == timedelta(hours=1)


class TestAJudgement:
    def judged(self, one: Ticket) -> Timing:
        return timing(one, FOUR_HOURS, now=NOW)

    def test_is_in_time_at_the_limit_and_late_a_minute_after(self) -> None:
        assert self.judged(ticket(berlin(2, 9), berlin(2, 13))).met is True
        assert self.judged(ticket(berlin(2, 9), berlin(2, 13, 1))).met is False

    def test_takes_no_automatic_reply_for_an_answer(self) -> None:
        auto = ticket(berlin(2, 9), None, replies=(Reply(berlin(2, 9, 1), automatic=True), Reply(berlin(2, 16))))
        assert self.judged(auto).met is False

    def test_waits_while_an_open_ticket_is_in_time(self) -> None:
        assert timing(ticket(berlin(2, 9), None), FOUR_HOURS, now=berlin(2, 11)).met is None
        assert timing(ticket(berlin(2, 9), None), FOUR_HOURS, now=berlin(2, 14)).met is False

    def test_takes_the_promise_of_the_severity(self) -> None:
        low = Promised("low", Kind.RESPONSE, timedelta(hours=8), BERLIN)
        solved = Promised("high", Kind.RESOLUTION, timedelta(hours=8), BERLIN)
        found = timings([ticket(berlin(2, 9), berlin(2, 10))], [low, FOUR_HOURS, solved], now=NOW)
        assert [(one.promised.kind, one.met) for one in found] == [(Kind.RESPONSE, True), (Kind.RESOLUTION, False)]

    def test_explains_itself(self) -> None:
        assert self.judged(ticket(berlin(2, 9), berlin(2, 10))).why == (
            "T-1 (high), response: 60 min of working time in Europe/Berlin, DE since 2026-06-02 07:00 UTC "
            "until 2026-06-02 08:00 UTC, holds left out; allowed 240 min."
        )


class TestAnyStretch:
    @given(st.integers(0, 20_000), st.integers(1, 20_000), st.integers(1, 20_000))
    def test_cut_in_two_is_worked_the_same(self, start: int, one: int, two: int) -> None:
        begin = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=start)
        middle, end = begin + timedelta(minutes=one), begin + timedelta(minutes=one + two)
        parts = worked([Stretch(begin, middle)], BERLIN) + worked([Stretch(middle, end)], BERLIN)
        assert worked([Stretch(begin, end)], BERLIN) == parts
