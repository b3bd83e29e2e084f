"""Dates that courts, regulations and other people's bug reports have settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest

from domain.ambiguity import careful_deadlines
from domain.calendars import roll_back, roll_forward, today_in
from domain.deadlines import current_deadlines, harmless, impossible
from domain.notice import window
from domain.periods import MonthEnd, Period, add, subtract
from domain.renewal import CutOff, Notice, Renewal, term_end

P = Period.parse
YEARLY = Renewal(
    anchor=date(2026, 1, 1), initial=P("P12M"), expires=None, kind="auto", term=P("P12M"),
    notice=Notice(P("P60D")), calendar="US-NY",
)  # fmt: skip
EARLY = date(2026, 3, 1)


class TestCountingForward:
    def test_of_months_lands_on_the_corresponding_date(self) -> None:
        # Dodds v Walker [1981] 1 WLR 1027: four months after 30 September is 30 January, not the 31st.
        assert add(date(1978, 9, 30), P("P4M")) == date(1979, 1, 30)

    def test_of_months_lands_on_the_last_day_where_the_date_is_missing(self) -> None:
        # Regulation (EEC, Euratom) 1182/71, article 3(2)(c).
        assert add(date(2025, 1, 31), P("P1M")) == date(2025, 2, 28)
        assert add(date(2024, 1, 31), P("P1M")) == date(2024, 2, 29)

    def test_of_notice_to_an_employee_leaves_out_the_day_it_was_given(self) -> None:
        assert add(date(2018, 7, 6), P("P3M")) == date(2018, 10, 6)
        assert add(date(2018, 10, 1), P("P1W")) == date(2018, 10, 8)

    def test_rolls_forward_after_an_event(self) -> None:
        # Federal Rules of Civil Procedure 6(a)(5), committee note: Labor Day 2007 is 3 September.
        assert roll_forward(date(2007, 9, 1), "US") == date(2007, 9, 4)


class TestCountingBackward:
    def test_rolls_backward_before_an_event(self) -> None:
        assert roll_back(date(2007, 9, 1), "US") == date(2007, 8, 31)

    def test_of_60_days_is_no_count_of_two_months(self) -> None:
        end = date(2025, 12, 31)
        assert (subtract(end, P("P60D")), subtract(end, P("P2M"))) == (date(2025, 11, 1), date(2025, 10, 31))

    def test_in_clear_days_leaves_out_both_ends(self) -> None:
        given = Notice(P("P60D"))
        assert window(YEARLY, given, date(2025, 12, 31)).closes == date(2025, 11, 1)
        assert window(YEARLY, replace(given, clear_days=True), date(2025, 12, 31)).closes == date(2025, 10, 31)

    def test_of_weeks_is_a_count_of_seven_days(self) -> None:
        assert window(YEARLY, Notice(P("P8W")), date(2026, 12, 31)).closes == date(2026, 11, 5)

    def test_of_business_weeks_is_a_count_of_five_open_days(self) -> None:
        weeks, days = Notice(P("P2W"), "business_day"), Notice(P("P10D"), "business_day")
        assert window(YEARLY, weeks, date(2026, 12, 31)) == window(YEARLY, days, date(2026, 12, 31))
        assert "10 business days" in window(YEARLY, weeks, date(2026, 12, 31)).explanation[0]


class TestATermFrom29February:
    leap = replace(YEARLY, anchor=date(2024, 2, 29), month_end=None)

    def test_ends_on_one_of_two_days_and_the_earlier_counts(self) -> None:
        found, open_ = careful_deadlines(self.leap, today=date(2024, 3, 1))
        assert found.term_end == date(2025, 2, 27)
        assert [one.input for one in open_] == ["month_end"]
        assert {end for _, end, _ in open_[0].readings} == {date(2025, 2, 27), date(2025, 2, 28)}

    def test_ends_where_its_policy_says(self) -> None:
        assert term_end(replace(self.leap, month_end=MonthEnd.CLAMP)) == date(2025, 2, 27)
        assert term_end(replace(self.leap, month_end=MonthEnd.OVERFLOW)) == date(2025, 2, 28)

    def test_leaves_nothing_open_where_no_day_is_missing(self) -> None:
        assert careful_deadlines(replace(self.leap, anchor=date(2024, 2, 28)), today=EARLY)[1] == ()


class TestOtherPeoplesBugs:
    def test_a_notice_of_21_days_before_the_notice_of_three_months(self) -> None:
        # https://github.com/glpi-project/glpi/issues/6004
        renewal = replace(
            YEARLY, anchor=date(2018, 9, 27), initial=P("P36M"), notice=Notice(P("P3M")), calendar="FR", kind="none"
        )
        inclusive = current_deadlines(renewal, today=date(2019, 1, 1))
        exclusive = current_deadlines(replace(renewal, end_inclusive=False), today=date(2019, 1, 1))
        assert (inclusive.term_end, inclusive.notice_deadline) == (date(2021, 9, 26), date(2021, 6, 26))
        assert (exclusive.term_end, exclusive.notice_deadline) == (date(2021, 9, 27), date(2021, 6, 27))
        days = [one.notice_deadline - timedelta(days=21) for one in (inclusive, exclusive) if one.notice_deadline]
        assert days == [date(2021, 6, 5), date(2021, 6, 6)]

    def test_a_notice_in_days_is_not_rounded_to_the_end_of_a_month(self) -> None:
        # https://github.com/microsoft/BCApps/issues/10353
        found = current_deadlines(replace(YEARLY, notice=Notice(P("P60D"), receipt=True, transit_days=5)), today=EARLY)
        assert (found.notice_deadline, found.effective_deadline) == (date(2026, 11, 1), date(2026, 10, 30))
        assert found.send_by == date(2026, 10, 23)

    def test_the_day_is_that_of_the_contracts_zone_and_not_of_utc(self) -> None:
        # https://github.com/django-plans/django-plans/issues/241
        night = datetime(2026, 3, 2, 2, tzinfo=UTC)
        assert today_in("America/New_York", night) == date(2026, 3, 1)
        assert today_in("Europe/Berlin", night) == date(2026, 3, 2)

    def test_a_ladder_from_the_end_of_the_term_comes_after_the_deadline(self) -> None:
        found = current_deadlines(YEARLY, today=EARLY)
        assert found.send_by == date(2026, 10, 30)
        assert date(2026, 12, 31) - timedelta(days=60) == date(2026, 11, 1) > found.send_by
        assert [alert.on for alert in found.alerts] == [
            date(2026, 7, 2), date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30),
        ]  # fmt: skip

    def test_three_skipped_nights_give_one_catch_up(self) -> None:
        late = date(2026, 7, 5)
        assert [one.on for one in current_deadlines(YEARLY, today=late).alerts].count(late) == 1

    def test_a_paper_imported_40_days_before_still_alerts(self) -> None:
        today = date(2026, 10, 30) - timedelta(days=40)
        assert current_deadlines(YEARLY, today=today).alerts[0].on == today

    def test_the_decision_is_due_long_before_the_deadline(self) -> None:
        found = current_deadlines(YEARLY, today=EARLY)
        assert found.decide_by == date(2026, 10, 16)

    def test_a_statutory_reminder_has_a_window_with_two_ends(self) -> None:
        # New York General Obligations Law 5-903: 15 to 30 days before the customer's notice date.
        found = window(YEARLY, Notice(P("P15D"), not_before=P("P30D")), date(2026, 10, 30))
        assert (found.opens, found.closes) == (date(2026, 9, 30), date(2026, 10, 15))


class TestTheLimitOfRenewals:
    limited = replace(YEARLY, limit=2)

    def test_ends_without_notice_once_no_renewal_is_left(self) -> None:
        found = current_deadlines(self.limited, today=date(2028, 2, 1))
        assert (found.term_end, found.renewals, found.notice_deadline) == (date(2028, 12, 31), 2, None)
        assert "No renewal is left after 2; it ends without notice." in found.explanation

    def test_asks_for_notice_while_one_is_left(self) -> None:
        assert current_deadlines(self.limited, today=date(2027, 2, 1)).notice_deadline == date(2027, 11, 1)

    def test_is_never_passed(self) -> None:
        assert current_deadlines(self.limited, today=date(2040, 1, 1)).term_end == date(2028, 12, 31)
        assert current_deadlines(replace(YEARLY, limit=0), today=date(2040, 1, 1)).term_end == date(2026, 12, 31)


class TestAContractThatRunsOn:
    def test_is_looked_at_every_year_where_it_has_no_length(self) -> None:
        found = current_deadlines(replace(YEARLY, kind="evergreen", term=None), today=date(2028, 3, 1))
        assert (found.term_end, found.renewals) == (date(2028, 12, 31), 2)
        assert any("looked at every 12 months" in line for line in found.explanation)

    def test_from_month_to_month_has_a_deadline_each_month(self) -> None:
        monthly = replace(YEARLY, kind="month_to_month", term=None, notice=Notice(P("P10D")))
        found = current_deadlines(monthly, today=date(2027, 3, 10))
        assert (found.term_end, found.notice_deadline) == (date(2027, 3, 31), date(2027, 3, 21))

    def test_never_drifts_from_the_day_it_began(self) -> None:
        monthly = replace(YEARLY, anchor=date(2026, 1, 31), initial=P("P1M"), term=P("P1M"), notice=None)
        ends = [current_deadlines(monthly, today=date(2026, month, 15)).term_end for month in (2, 3, 4, 5)]
        assert ends == [date(2026, 2, 27), date(2026, 3, 30), date(2026, 4, 29), date(2026, 5, 30)]


class TestAChangeThatStopsRenewals:
    def test_ends_with_the_term_in_force_and_not_with_one_long_past(self) -> None:
        stopped = replace(YEARLY, kind="none", begun=2)
        found = current_deadlines(stopped, today=date(2028, 3, 1))
        assert (found.term_end, found.renewals) == (date(2028, 12, 31), 2)

    def test_counts_no_renewal_before_the_initial_term_is_over(self) -> None:
        assert current_deadlines(replace(YEARLY, kind="none", begun=2), today=EARLY).renewals == 0


class TestACutOff:
    def test_in_the_far_east_takes_a_day_from_new_york(self) -> None:
        notice = Notice(P("P60D"), cut_off=CutOff(datetime(2026, 1, 1, 17).time(), "Asia/Tokyo"))
        renewal = replace(YEARLY, notice=notice, timezone="America/New_York", calendar="US-NY")
        found = current_deadlines(renewal, today=EARLY)
        assert found.effective_deadline == date(2026, 10, 30)
        assert found.send_by == date(2026, 10, 29)  # 17:00 in Tokyo is 04:00 in New York
        assert any("17:00 in Asia/Tokyo" in line for line in found.explanation)

    def test_in_the_west_gives_no_day_to_berlin(self) -> None:
        notice = Notice(P("P60D"), cut_off=CutOff(datetime(2026, 1, 1, 17).time(), "America/Los_Angeles"))
        renewal = replace(YEARLY, notice=notice, timezone="Europe/Berlin", calendar="DE-BE")
        assert current_deadlines(renewal, today=EARLY).send_by == date(2026, 10, 30)

    def test_on_the_recipients_holiday_counts_the_day_before(self) -> None:
        notice = Notice(P("P60D"), receipt=True, recipient_calendar="DE-BY")
        found = current_deadlines(replace(YEARLY, expires=date(2027, 3, 7), notice=notice), today=EARLY)
        # Epiphany is a holiday in Bavaria and a working day in New York.
        assert (found.notice_deadline, found.effective_deadline) == (date(2027, 1, 6), date(2027, 1, 5))


class TestAnImpossibleTerm:
    @pytest.mark.parametrize(
        ("renewal", "says"),
        [
            (replace(YEARLY, expires=date(2025, 12, 1)), "before it starts on 2026-01-01"),
            (replace(YEARLY, initial=P("P1M")), "longer than the term"),
            (replace(YEARLY, initial=P("P0M")), "the initial term has no length"),
            (replace(YEARLY, term=P("P0M")), "the renewal term has no length"),
            (replace(YEARLY, notice=Notice(P("P60D"), not_before=P("P30D"))), "the window opens on 2026-12-01"),
            (replace(YEARLY, limit=-1), "negative"),
        ],
    )
    def test_is_named(self, renewal: Renewal, says: str) -> None:
        assert any(says in fault.why for fault in impossible(renewal))

    def test_is_not_seen_where_there_is_none(self) -> None:
        assert impossible(YEARLY) == []
        assert harmless(YEARLY) == []

    def test_is_not_that_of_a_notice_with_no_renewal_to_stop_yet_somebody_must_look_at_it(self) -> None:
        once = replace(YEARLY, initial=P("P1M"), limit=0)
        assert impossible(once) == []
        [fault] = harmless(once)
        assert "longer than the term" in fault.why
        assert harmless(replace(once, limit=1)) == []


class TestEveryZone:
    def test_has_one_day_at_a_time_on_the_days_clocks_change(self) -> None:
        changes = [datetime(year, month, day, tzinfo=UTC) for year in range(2024, 2033) for month, day in _CHANGES]
        for zone in sorted(available_timezones()):
            for noon in changes:
                days = [today_in(zone, noon + timedelta(hours=hour)) for hour in range(0, 49, 6)]
                assert days == sorted(days), zone
                steps = {after - before for before, after in pairwise(days)}
                assert steps <= {timedelta(0), timedelta(days=1)}, zone


_CHANGES = ((3, 8), (3, 14), (3, 25), (3, 31), (4, 5), (9, 28), (10, 4), (10, 25), (10, 31), (11, 1), (11, 7))
