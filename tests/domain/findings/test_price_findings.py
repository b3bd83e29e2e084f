"""A wrong amount is found once, with its cause, its arithmetic and its clause; a right one never."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.findings.finding import Action, Code
from domain.findings.tolerance import Joined, Tolerance
from domain.invoices import Direction, InvoiceKind
from domain.periods import Period
from domain.pricing.agreement import Agreement, Usage
from domain.pricing.billing_periods import Schedule, Timing
from domain.pricing.discounts import Discount
from domain.pricing.escalation import Escalation
from domain.pricing.index_series import IndexRule, IndexSeries, Observation
from domain.pricing.proration import Convention
from domain.pricing.tariffs import Band, Model, Tariff
from tests.domain.findings.desk import (
    CLAUSE,
    MONTH,
    START,
    TODAY,
    D,
    agreement,
    check,
    clean,
    contract,
    eur,
    only,
    seats,
    with_line,
)

STEPS = (Band(D(100), D(10)), Band(D(500), D(8)), Band(None, D(6)))


def graduated(**changes: Any) -> Agreement:
    line = seats(tariff=Tariff(Model.GRADUATED, bands=STEPS), quantity=D(600))
    return agreement(line, **changes)


def rising(**changes: Any) -> Agreement:
    escalation = replace(Escalation(START, percent=D(5), every=Period.parse("P3M")), **changes)
    return agreement(escalation=escalation)


class TestRightInvoices:
    def test_leave_nothing_to_say(self) -> None:
        assert check(contract(), clean(contract())).findings == ()

    def test_may_be_cut_into_two_lines_of_the_same_days(self) -> None:
        first, *rest = clean(contract())
        whole = first.lines[0]
        halves = (
            replace(whole, id="1a", quantity=D(15), amount=eur("187.50")),
            replace(whole, id="1b", quantity=D(25), amount=eur("312.50")),
        )
        assert check(contract(), [replace(first, lines=halves), *rest]).findings == ()

    def test_may_come_in_any_order(self) -> None:
        papers = [with_line(clean(contract())[0], amount=eur("501.00")), *clean(contract())[1:]]
        assert check(contract(), papers).findings == check(contract(), papers[::-1]).findings

    def test_may_say_no_days_where_the_schedule_does(self) -> None:
        papers = [with_line(paper, period_first=None, period_last=None) for paper in clean(contract())]
        assert check(contract(), papers).findings == ()


class TestPrice:
    def test_above_the_agreed_one_is_disputed_with_its_arithmetic(self) -> None:
        papers = clean(contract())
        papers[2] = with_line(papers[2], amount=eur("540.00"), unit_price=D("13.50"))
        found = only(check(contract(), papers), Code.PRICE_OVER)
        assert (found.expected, found.billed, found.delta) == (eur("500.00"), eur("540.00"), eur("40.00"))
        assert found.clauses == (CLAUSE,)
        assert "40 × 12.5" in found.explanation
        assert "40 × 13.50" in found.explanation
        assert found.action is Action.DISPUTE
        assert found.at_stake == eur("40.00")

    def test_below_the_agreed_one_is_worth_watching_for_a_vendors_invoice(self) -> None:
        papers = clean(contract())
        papers[2] = with_line(papers[2], amount=eur("490.00"))
        found = only(check(contract(), papers), Code.PRICE_UNDER)
        assert found.action is Action.WATCH
        assert found.at_stake == eur("0")

    def test_below_the_agreed_one_is_billed_where_it_is_ours(self) -> None:
        ours = contract(direction=Direction.RECEIVABLE)
        papers = clean(ours)
        papers[2] = with_line(papers[2], amount=eur("490.00"))
        found = only(check(ours, papers), Code.AR_UNDER)
        assert found.action is Action.BILL
        assert found.at_stake == eur("10.00")

    def test_of_the_service_day_counts_and_not_that_of_the_invoice(self) -> None:
        dearer = agreement(
            seats(last=date(2026, 3, 31)), seats(first=date(2026, 4, 1), tariff=Tariff(Model.PER_UNIT, D(15)))
        )
        late = [
            replace(paper, issued=date(2026, 7, 1), number=f"L{n}", id=f"L{n}")
            for n, paper in enumerate(clean(contract(terms=dearer)))
        ]
        assert check(contract(terms=dearer), late).findings == ()

    def test_of_another_time_is_named(self) -> None:
        dearer = agreement(
            seats(last=date(2026, 3, 31)), seats(first=date(2026, 4, 1), tariff=Tariff(Model.PER_UNIT, D(15)))
        )
        papers = clean(contract(terms=dearer))
        papers[0] = with_line(papers[0], amount=eur("600.00"))
        assert "from 2026-04-01" in only(check(contract(terms=dearer), papers), Code.PRICE_OVER).explanation

    @pytest.mark.parametrize(
        ("billed", "passes"), [("500.50", True), ("500.51", False), ("499.50", True), ("499.49", False)]
    )
    def test_passes_up_to_the_stricter_tolerance_both_ways(self, billed: str, passes: bool) -> None:
        papers = clean(contract())
        papers[2] = with_line(papers[2], amount=eur(billed))
        loose = Tolerance(absolute=D(3), percent=D("0.1"))
        assert (check(contract(), papers, tolerance=loose).findings == ()) is passes

    def test_passes_nothing_where_no_tolerance_is_stated(self) -> None:
        papers = clean(contract())
        papers[2] = with_line(papers[2], amount=eur("500.01"))
        assert only(check(contract(), papers), Code.PRICE_OVER).delta == eur("0.01")

    def test_takes_the_tolerance_of_the_contract_before_that_of_the_house(self) -> None:
        strict = contract(tolerance=Tolerance())
        papers = clean(strict)
        papers[2] = with_line(papers[2], amount=eur("500.01"))
        assert only(check(strict, papers, tolerance=Tolerance(D(9), D(9), Joined.GREATER)), Code.PRICE_OVER)


class TestUnits:
    def test_above_the_agreed_ones_are_found(self) -> None:
        papers = clean(contract())
        papers[2] = with_line(papers[2], amount=eur("562.50"), quantity=D(45))
        assert "45 units instead of 40" in only(check(contract(), papers), Code.QTY_OVER).explanation

    def test_above_the_used_ones_are_found(self) -> None:
        metered = agreement(seats(product="Calls", quantity=None, per=None, tariff=Tariff(Model.PER_UNIT, D("0.10"))))
        told = contract(terms=metered, usage=(Usage("Calls", date(2026, 2, 3), D(900)),))
        papers = clean(told)
        papers[0] = with_line(papers[0], quantity=D(1000), amount=eur("100.00"))
        assert only(check(told, papers), Code.QTY_OVER).delta == eur("10.00")

    def test_that_nobody_counted_are_taken_from_the_invoice(self) -> None:
        metered = agreement(seats(product="Calls", quantity=None, per=None, tariff=Tariff(Model.PER_UNIT, D("0.10"))))
        told = contract(terms=metered, usage=(Usage("Calls", date(2026, 2, 3), D(900)),))
        assert check(contract(terms=metered), clean(told)).findings == ()

    def test_that_are_paid_for_and_not_used_are_told_without_a_claim(self) -> None:
        idle = contract(usage=(Usage("Seats", date(2026, 2, 3), D(25)),))
        found = only(check(idle, clean(contract())), Code.QTY_UNUSED)
        assert found.action is Action.WATCH
        assert found.delta is None
        assert "25 of 40" in found.explanation


class TestDiscounts:
    TERMS = agreement(
        discounts=(Discount(percent=D(10), citation=CLAUSE), Discount(percent=D(5), order=1, last=date(2026, 3, 31)))
    )

    def test_left_out_are_named(self) -> None:
        papers = clean(contract(terms=self.TERMS))
        papers[4] = with_line(papers[4], amount=eur("500.00"))
        assert only(check(contract(terms=self.TERMS), papers), Code.DISCOUNT_MISSING).delta == eur("50.00")

    def test_of_two_the_one_left_out_is_named(self) -> None:
        papers = clean(contract(terms=self.TERMS))
        papers[0] = with_line(papers[0], amount=eur("450.00"))
        assert (
            "the discount of 5 %" in only(check(contract(terms=self.TERMS), papers), Code.DISCOUNT_MISSING).explanation
        )

    def test_given_after_their_last_day_are_found(self) -> None:
        ours = contract(terms=self.TERMS, direction=Direction.RECEIVABLE)
        papers = clean(ours)
        papers[4] = with_line(papers[4], amount=eur("427.50"))
        assert only(check(ours, papers), Code.PROMO_ENDED).at_stake == eur("22.50")


class TestTiers:
    def test_priced_in_the_other_mode_are_found(self) -> None:
        papers = clean(contract(terms=graduated()))
        papers[1] = with_line(papers[1], amount=eur("3600.00"))
        assert only(check(contract(terms=graduated()), papers), Code.TIER_MODE).expected == eur("4800.00")

    def test_of_another_band_are_found(self) -> None:
        papers = clean(contract(terms=graduated()))
        papers[1] = with_line(papers[1], amount=eur("6000.00"))
        assert (
            "all units were charged at 10"
            in only(check(contract(terms=graduated()), papers), Code.TIER_WRONG).explanation
        )


class TestRises:
    def test_before_their_day_are_found(self) -> None:
        papers = clean(contract(terms=rising()))
        papers[2] = with_line(papers[2], amount=eur("525.00"))
        assert "2026-04-01" in only(check(contract(terms=rising()), papers), Code.UPLIFT_EARLY).explanation

    def test_beyond_their_cap_are_found(self) -> None:
        terms = rising(percent=D(8), cap=D(5))
        papers = clean(contract(terms=terms))
        papers[3] = with_line(papers[3], amount=eur("540.00"))
        assert only(check(contract(terms=terms), papers), Code.UPLIFT_CAP).expected == eur("525.00")

    def test_without_notice_in_time_are_found(self) -> None:
        terms = rising(notice=Period.parse("P60D"), notices={date(2026, 4, 1): date(2026, 3, 15)})
        papers = clean(contract(terms=terms), through=date(2026, 5, 31))
        papers[3] = with_line(papers[3], amount=eur("525.00"))
        assert only(check(contract(terms=terms), papers, today=date(2026, 5, 2)), Code.UPLIFT_NOTICE).delta == eur(
            "25.00"
        )

    def test_that_we_forgot_are_billed(self) -> None:
        ours = contract(terms=rising(), direction=Direction.RECEIVABLE)
        papers = clean(ours)
        papers[3] = with_line(papers[3], amount=eur("500.00"))
        assert "forgotten" in only(check(ours, papers), Code.AR_UNDER).explanation

    def test_with_a_later_value_of_the_index_are_found(self) -> None:
        rows = [
            Observation(date(2025, 10, 1), D(100), date(2025, 11, 15)),
            Observation(date(2026, 1, 1), D("103.4"), date(2026, 2, 15)),
        ]
        rows.append(Observation(date(2026, 1, 1), D("104.0"), date(2026, 4, 15)))
        index = IndexRule(IndexSeries.of("HICP", rows), lag_months=3)
        terms = agreement(escalation=Escalation(START, index=index, every=Period.parse("P3M")))
        papers = clean(contract(terms=terms), through=date(2026, 5, 31))
        assert papers[4].lines[0].amount == eur("517.00")
        papers[4] = with_line(papers[4], amount=eur("520.00"))
        assert only(check(contract(terms=terms), papers, today=date(2026, 5, 20)), Code.INDEX_VINTAGE)


class TestParts:
    TERMS = agreement(first=date(2026, 1, 16), schedule=Schedule(MONTH, anchor_day=1, timing=Timing.ADVANCE))

    def test_of_a_period_charged_in_full_are_found(self) -> None:
        papers = clean(contract(terms=self.TERMS))
        assert papers[0].lines[0].amount == eur("258.06")
        papers[0] = with_line(papers[0], amount=eur("500.00"))
        assert only(check(contract(terms=self.TERMS), papers), Code.PRORATION).delta == eur("241.94")

    def test_of_a_period_by_another_convention_are_found(self) -> None:
        terms = replace(self.TERMS, convention=Convention.THIRTY_360)
        papers = clean(contract(terms=terms))
        papers[0] = with_line(papers[0], amount=eur("258.06"))
        assert only(check(contract(terms=terms), papers), Code.PRORATION)


class TestCredits:
    def test_that_correct_a_price_settle_it(self) -> None:
        papers = clean(contract())
        papers[2] = with_line(papers[2], amount=eur("540.00"))
        back = replace(
            with_line(papers[2], amount=eur("40.00"), quantity=D(1)),
            kind=InvoiceKind.CREDIT_NOTE,
            number="G-1",
            id="G-1",
            corrects=papers[2].number,
            issued=date(2026, 4, 9),
        )
        assert check(contract(), [*papers, back]).findings == ()


class TestSmallDifferences:
    def test_to_one_side_add_up(self) -> None:
        papers = [with_line(paper, amount=eur("500.02")) for paper in clean(contract())]
        found = only(check(contract(), papers, tolerance=Tolerance(D("0.02"), D(1))), Code.DRIFT)
        assert found.delta == eur("0.14")

    def test_to_both_sides_are_nothing(self) -> None:
        papers = [
            with_line(paper, amount=eur(("500.02", "499.98")[n % 2])) for n, paper in enumerate(clean(contract()))
        ]
        assert check(contract(), papers, tolerance=Tolerance(D("0.02"), D(1))).findings == ()


class TestFingerprints:
    def test_stay_from_night_to_night(self) -> None:
        papers = clean(contract())
        papers[2] = with_line(papers[2], amount=eur("540.00"))
        first, second = (check(contract(), papers, today=day) for day in (TODAY, date(2026, 7, 16)))
        assert [one.fingerprint for one in first.findings] == [one.fingerprint for one in second.findings]

    def test_hold_no_amount_so_that_a_changed_price_stays_the_same_finding(self) -> None:
        papers = clean(contract())
        one, other = (
            check(contract(), [*papers[:2], with_line(papers[2], amount=eur(amount)), *papers[3:]])
            for amount in ("540.00", "541.00")
        )
        assert one.findings[0].fingerprint == other.findings[0].fingerprint
        assert isinstance(one.findings[0].confidence, Decimal)
