"""Deadlines against vectors worked out by hand and rules that hold for every contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import is_business_day
from domain.deadlines import Alert, Notice, Renewal, current_deadlines, renewal_of, term_end
from domain.periods import MonthEnd, Period, Unit, add
from domain.terms import ContractTerms, TermField

P = Period.parse
EARLY = date(2026, 3, 1)
YEARLY = Renewal(
    anchor=date(2026, 1, 1), initial=P("P12M"), expires=None, kind="auto", term=P("P12M"), notice=Notice(P("P60D")),
    calendar="US-NY",
)  # fmt: skip
RECEIVED = Notice(P("P60D"), receipt=True, transit_days=5)


class TestATermEnd:
    def test_is_the_last_day_of_the_term(self) -> None:
        assert term_end(YEARLY) == date(2026, 12, 31)

    def test_has_no_renewal_added_before_it_renews(self) -> None:
        # https://github.com/glpi-project/glpi/issues/15893
        renewal = replace(YEARLY, anchor=date(2020, 8, 1), initial=P("P36M"))
        assert [term_end(renewal, k) for k in (0, 1)] == [date(2023, 7, 31), date(2024, 7, 31)]

    def test_is_the_date_the_contract_states_where_it_states_one(self) -> None:
        assert term_end(replace(YEARLY, expires=date(2026, 11, 15))) == date(2026, 11, 15)

    def test_of_term_k_is_counted_from_the_anchor_and_not_from_the_term_before(self) -> None:
        monthly = replace(YEARLY, anchor=date(2026, 1, 31), initial=P("P1M"), term=P("P1M"))
        ends = [term_end(monthly, k) for k in range(4)]
        assert ends == [date(2026, 2, 27), date(2026, 3, 30), date(2026, 4, 29), date(2026, 5, 30)]

    def test_comes_back_to_29_february_in_the_next_leap_year(self) -> None:
        leap = replace(YEARLY, anchor=date(2024, 2, 29))
        assert term_end(leap) == date(2025, 2, 27)
        assert term_end(leap, 3) == date(2028, 2, 28)

    def test_that_nothing_states_is_an_error_and_no_guess(self) -> None:
        with pytest.raises(ValueError, match="has no end"):
            term_end(replace(YEARLY, initial=None))


class TestANoticeDeadline:
    def test_of_60_days_before_31_december_is_friday_30_october(self) -> None:
        # https://github.com/microsoft/BCApps/issues/10353: 1 November is a Sunday and no month end.
        found = current_deadlines(YEARLY, today=EARLY)
        assert (found.term_end, found.notice_deadline) == (date(2026, 12, 31), date(2026, 11, 1))
        assert found.effective_deadline == found.send_by == date(2026, 10, 30)
        assert found.decide_by == date(2026, 10, 16)

    def test_is_sent_days_earlier_where_receipt_counts(self) -> None:
        found = current_deadlines(replace(YEARLY, notice=RECEIVED), today=EARLY)
        assert (found.effective_deadline, found.send_by) == (date(2026, 10, 30), date(2026, 10, 23))

    def test_needs_no_transit_where_dispatch_counts(self) -> None:
        assert current_deadlines(
            replace(YEARLY, notice=Notice(P("P60D"), transit_days=5)), today=EARLY
        ).send_by == date(2026, 10, 30)

    def test_in_months_clamps_like_the_calendar(self) -> None:
        # https://github.com/glpi-project/glpi/issues/6004
        renewal = replace(YEARLY, anchor=date(2018, 9, 27), initial=P("P36M"), notice=Notice(P("P3M")), calendar="FR")
        found = current_deadlines(renewal, today=date(2019, 1, 1))
        assert (found.term_end, found.notice_deadline) == (date(2021, 9, 26), date(2021, 6, 26))

    def test_follows_the_renewed_term_after_a_tacit_renewal(self) -> None:
        # https://github.com/glpi-project/glpi/issues/23084
        renewal = replace(
            YEARLY, anchor=date(2024, 8, 29), expires=date(2025, 8, 28), notice=Notice(P("P2M")), calendar="FR"
        )
        found = current_deadlines(renewal, today=date(2025, 9, 1))
        assert found.notice_deadline == date(2026, 6, 28)
        assert found.effective_deadline == date(2026, 6, 26)

    def test_steps_back_over_a_holiday_at_the_turn_of_the_year(self) -> None:
        # https://github.com/glpi-project/glpi/issues/18954
        renewal = replace(YEARLY, expires=date(2027, 1, 24), notice=Notice(P("P30D")))
        found = current_deadlines(renewal, today=EARLY)
        assert found.notice_deadline == date(2026, 12, 25)
        assert found.effective_deadline == date(2026, 12, 24)

    def test_in_business_days_skips_weekends_and_holidays(self) -> None:
        found = current_deadlines(replace(YEARLY, notice=Notice(P("P10D"), "business_day")), today=EARLY)
        assert found.notice_deadline == date(2026, 12, 16)

    def test_is_absent_where_the_contract_asks_for_no_notice(self) -> None:
        found = current_deadlines(replace(YEARLY, notice=None, kind="none"), today=EARLY)
        assert (found.notice_deadline, found.send_by, found.act_by) == (None, None, date(2026, 12, 31))

    def test_explains_itself_in_sentences_a_lawyer_can_check(self) -> None:
        found = current_deadlines(replace(YEARLY, notice=RECEIVED), today=EARLY)
        assert found.explanation == (
            "The term ends on 2026-12-31: 12 months from 2026-01-01, last day included.",
            "Notice of 60 days before the end must be given by 2026-11-01.",
            "2026-11-01 is no business day in US-NY; the last one is 2026-10-30.",
            "It must be received, so it is sent 5 days earlier: 2026-10-23.",
            "Decide by 2026-10-08: 10 business days before 2026-10-23.",
        )


class TestAClosedWindow:
    def test_moves_on_to_the_renewed_term(self) -> None:
        closes = date(2026, 11, 1)  # the words allow this Sunday, though nobody should wait for it
        assert current_deadlines(YEARLY, today=closes).term_end == date(2026, 12, 31)
        assert current_deadlines(YEARLY, today=closes + timedelta(days=1)).term_end == date(2027, 12, 31)

    def test_stays_closed_where_nothing_renews(self) -> None:
        for kind in ("none", "manual", ""):
            found = current_deadlines(replace(YEARLY, kind=kind), today=date(2028, 1, 1))
            assert found.term_end == date(2026, 12, 31)
            assert found.alerts == ()

    def test_of_a_contract_long_in_renewal_is_found_from_the_anchor(self) -> None:
        found = current_deadlines(YEARLY, today=date(2040, 6, 1))
        assert found.term_end == date(2040, 12, 31)

    def test_with_a_renewal_of_no_length_does_not_turn_for_ever(self) -> None:
        found = current_deadlines(replace(YEARLY, term=P("P0M")), today=date(2028, 1, 1))
        assert found.term_end == date(2026, 12, 31)


class TestAnAlertLadder:
    def test_counts_from_the_day_to_send_notice_and_not_from_the_term_end(self) -> None:
        found = current_deadlines(YEARLY, today=EARLY)
        assert found.alerts == (
            Alert(120, date(2026, 7, 2)),
            Alert(90, date(2026, 7, 31)),  # 1 August is a Saturday
            Alert(60, date(2026, 8, 31)),
            Alert(30, date(2026, 9, 30)),
        )

    def test_counts_from_the_term_end_without_notice(self) -> None:
        found = current_deadlines(replace(YEARLY, notice=None, kind="none"), today=EARLY)
        assert [alert.on for alert in found.alerts] == [
            date(2026, 9, 2),
            date(2026, 10, 2),
            date(2026, 10, 30),  # 1 November is a Sunday
            date(2026, 12, 1),
        ]

    def test_collapses_missed_stages_into_one_catch_up(self) -> None:
        today = date(2026, 9, 20)  # 40 days left: 120, 90 and 60 are past
        found = current_deadlines(YEARLY, today=today)
        assert found.alerts == (Alert(60, today), Alert(30, date(2026, 9, 30)))

    def test_catches_up_on_the_last_day(self) -> None:
        today = date(2026, 10, 30)
        assert current_deadlines(YEARLY, today=today).alerts == (Alert(30, today),)

    def test_catches_up_after_the_safe_day_to_send_while_the_window_is_open(self) -> None:
        today = date(2026, 10, 27)  # after send-by 23 October, before the deadline of 30 October
        found = current_deadlines(replace(YEARLY, notice=RECEIVED), today=today)
        assert found.send_by is not None
        assert found.send_by < today
        assert found.alerts == (Alert(30, today),)

    def test_never_plans_an_alert_in_the_past(self) -> None:
        day = date(2026, 1, 1)
        while day < date(2027, 2, 1):
            assert all(alert.on >= day for alert in current_deadlines(YEARLY, today=day).alerts)
            day += timedelta(days=1)

    def test_takes_its_stages_in_any_order(self) -> None:
        found = current_deadlines(YEARLY, today=EARLY, ladder=(7, 45))
        assert [alert.stage for alert in found.alerts] == [45, 7]


class TestReadingARenewalFromTerms:
    def test_needs_a_start_and_an_end_or_a_length(self) -> None:
        start = {TermField.EFFECTIVE_DATE: "2026-01-01"}
        assert renewal_of(ContractTerms({}), "US") is None
        assert renewal_of(ContractTerms(start), "US") is None
        assert renewal_of(ContractTerms({TermField.INITIAL_TERM: "P12M"}), "US") is None
        assert renewal_of(ContractTerms({**start, TermField.EXPIRATION_DATE: "2026-06-30"}), "US") is not None

    def test_takes_every_input_from_the_paper(self) -> None:
        values = {
            TermField.AGREEMENT_DATE: "2026-01-01", TermField.INITIAL_TERM: "P12M", TermField.RENEWAL_TYPE: "auto",
            TermField.RENEWAL_TERM: "P12M", TermField.NOTICE_PERIOD: "P60D", TermField.NOTICE_RULE: "receipt",
        }  # fmt: skip
        found = renewal_of(ContractTerms(values), "US-NY", transit_days=5)
        assert found == replace(YEARLY, notice=RECEIVED, month_end=None)


periods = st.builds(Period, st.integers(1, 36), st.just(Unit.MONTH))
notices = st.one_of(
    st.builds(Period, st.integers(0, 200), st.just(Unit.DAY)), st.builds(Period, st.integers(0, 6), st.just(Unit.MONTH))
)
renewals = st.builds(
    Renewal,
    anchor=st.dates(date(2015, 1, 1), date(2030, 12, 31)),
    initial=periods,
    expires=st.none(),
    kind=st.sampled_from(["auto", "none", "manual", "evergreen", "month_to_month"]),
    term=st.none() | periods,
    notice=st.builds(
        Notice,
        notices,
        st.sampled_from(["calendar_day", "business_day"]),
        st.sampled_from([True, False, None]),
        st.integers(0, 14),
        st.sampled_from([True, False, None]),
    ),
    calendar=st.sampled_from(["US-NY", "DE", "JP"]),
    end_inclusive=st.booleans(),
    month_end=st.sampled_from([None, *MonthEnd]),
)


class TestEveryDeadline:
    @given(renewals, st.integers(-500, 4000))
    def test_stands_in_order_and_on_business_days(self, renewal: Renewal, offset: int) -> None:
        found = current_deadlines(renewal, today=renewal.anchor + timedelta(days=offset))
        assert found.notice_deadline is not None
        assert found.effective_deadline is not None
        assert found.send_by is not None
        assert found.decide_by <= found.send_by <= found.effective_deadline <= found.notice_deadline <= found.term_end
        assert is_business_day(found.effective_deadline, renewal.calendar)
        assert is_business_day(found.send_by, renewal.calendar)

    @given(renewals, st.integers(1, 60))
    def test_comes_no_later_with_longer_notice(self, renewal: Renewal, more: int) -> None:
        assert renewal.notice is not None
        given = renewal.notice
        longer = replace(renewal, notice=replace(given, period=Period(given.period.count + more, given.period.unit)))
        today = renewal.anchor - timedelta(days=3650)  # before any window, so both look at the same term
        short, long = current_deadlines(renewal, today=today), current_deadlines(longer, today=today)
        assert short.term_end == long.term_end
        assert long.notice_deadline is not None
        assert short.notice_deadline is not None
        assert long.notice_deadline <= short.notice_deadline
        assert long.act_by <= short.act_by
        assert long.decide_by <= short.decide_by

    @given(renewals, st.integers(1, 36), st.sampled_from(["auto", "evergreen", "month_to_month"]), st.integers(0, 4000))
    def test_of_a_renewing_contract_can_still_be_met(self, any_: Renewal, months: int, kind: str, offset: int) -> None:
        renewal = replace(any_, term=Period(months, Unit.MONTH), kind=kind)
        today = renewal.anchor + timedelta(days=offset)
        found = current_deadlines(renewal, today=today)
        assert found.notice_deadline is not None
        assert found.notice_deadline >= today

    @given(renewals, st.integers(1, 36), st.integers(0, 40))
    def test_of_term_k_is_one_addition_to_the_anchor(self, any_: Renewal, months: int, k: int) -> None:
        renewal = replace(any_, term=Period(months, Unit.MONTH), end_inclusive=True, month_end=MonthEnd.CLAMP)
        assert renewal.term is not None
        assert renewal.initial is not None
        months = renewal.initial.count + k * renewal.term.count
        assert term_end(renewal, k) == add(renewal.anchor, Period(months, Unit.MONTH)) - timedelta(days=1)
