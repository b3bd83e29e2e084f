"""Rises up to a cap: any of them is right, a larger one is not, and each is the base of the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.findings.contract import BilledContract
from domain.findings.finding import Action, Code
from domain.invoices import Direction, Invoice
from domain.minor_units import Rounding
from domain.periods import Period
from domain.pricing.agreement import RoundedPer, RoundingPolicy
from domain.pricing.billing_periods import Schedule
from domain.pricing.escalation import Escalation
from domain.pricing.proration import Convention
from domain.pricing.tariffs import Model, Tariff
from tests.domain.findings.desk import START, D, agreement, check, clean, contract, eur, only, seats, with_line

TODAY = date(2028, 3, 15)
OPEN = Escalation(START, cap=D(7))
PLAIN = agreement(last=date(2028, 12, 31))
ALLOWED = contract(terms=replace(PLAIN, escalation=OPEN))


def papers(*rates: str, one: BilledContract = ALLOWED) -> list[Invoice]:
    """Return a contract's invoices at 500.00 a month, from each January on raised by so many percent."""
    bare = replace(one, agreement=replace(one.agreement, escalation=None))
    found = clean(bare, through=TODAY)
    for year, rate in enumerate(rates, start=START.year + 1):
        found = [raised(paper, rate) if paper.issued >= date(year, 1, 1) else paper for paper in found]
    return found


def raised(paper: Invoice, rate: str) -> Invoice:
    amount = paper.lines[0].amount.amount * (1 + D(rate) / 100)
    return with_line(paper, amount=eur(str(amount.quantize(Decimal("0.01")))))


class TestRisesUpToACap:
    @pytest.mark.parametrize("rates", [(), ("0", "0"), ("7", "7"), ("3.25", "0"), ("0", "6.4"), ("2", "7")])
    def test_are_right_whatever_they_are(self, rates: tuple[str, ...]) -> None:
        found = check(ALLOWED, papers(*rates), today=TODAY)
        assert found.findings == ()
        assert not found.problems

    def test_are_found_above_it_with_what_is_too_much(self) -> None:
        found = check(ALLOWED, papers("7.5"), today=TODAY).findings
        assert {(one.code, str(one.expected), str(one.billed)) for one in found} == {
            (Code.UPLIFT_CAP, "535.00 EUR", "537.50 EUR")
        }
        assert {one.first.year for one in found if one.first} == {2027}, "in 2028 the same price is a small rise"
        assert len(found) == 12
        assert found[0].action is Action.DISPUTE
        assert "7 %" in found[0].explanation

    def test_begin_at_the_price_that_was_really_charged_before(self) -> None:
        # 2 % and 12.3 % come to less than twice 7 %, and still the second is too much.
        found = check(ALLOWED, papers("2", "12.3"), today=TODAY)
        assert {(one.code, str(one.expected)) for one in found.findings} == {(Code.UPLIFT_CAP, "545.70 EUR")}
        assert {one.first.year for one in found.findings if one.first} == {2028}

    def test_may_come_later_in_their_year_and_not_before_it(self) -> None:
        late = [raised(paper, "5") if paper.issued >= date(2027, 4, 1) else paper for paper in papers()]
        assert check(ALLOWED, late, today=TODAY).findings == ()
        early = [raised(paper, "5") if paper.issued >= date(2026, 11, 1) else paper for paper in papers()]
        found = check(ALLOWED, early, today=TODAY).findings
        assert [(one.code, one.first) for one in found] == [
            (Code.UPLIFT_EARLY, date(2026, 11, 1)), (Code.UPLIFT_EARLY, date(2026, 12, 1)),
        ]  # fmt: skip

    def test_without_the_notice_that_is_agreed_do_not_count(self) -> None:
        noticed = replace(OPEN, notice=Period.parse("P60D"))
        told = contract(terms=replace(PLAIN, escalation=noticed))
        found = check(told, papers("4")[:13], today=date(2027, 1, 20))
        assert only(found, Code.UPLIFT_NOTICE).delta == eur("20.00")
        in_time = replace(noticed, notices={date(2027, 1, 1): date(2026, 10, 1)})
        told = contract(terms=replace(PLAIN, escalation=in_time))
        assert check(told, papers("4"), today=date(2027, 1, 20)).findings == ()

    def test_of_each_product_are_its_own(self) -> None:
        terms = agreement(seats(), seats(product="Storage", tariff=Tariff(Model.PER_UNIT, D("0.31"))), escalation=OPEN)
        told = contract(terms=terms)
        bills = [raised(paper, "6.9") if paper.issued >= date(2027, 1, 1) else paper for paper in papers(one=told)]
        assert check(told, bills, today=date(2027, 12, 1)).findings == ()
        both = [
            with_line(paper, 1, amount=eur("13.50")) if paper.issued == date(2027, 3, 1) else paper for paper in bills
        ]
        assert only(check(told, both, today=date(2027, 12, 1)), Code.UPLIFT_CAP).expected == eur("12.40")

    def test_within_a_billing_period_raise_its_later_days_alone(self) -> None:
        schedule = Schedule(Period.parse("P3M"), anchor_day=15)
        told = contract(terms=agreement(last=date(2028, 12, 31), schedule=schedule, escalation=OPEN))
        fixed = replace(told, agreement=replace(told.agreement, escalation=Escalation(START, percent=D("4.5"))))
        assert check(told, clean(fixed, through=TODAY), today=TODAY).findings == ()
        most = replace(told, agreement=replace(told.agreement, escalation=Escalation(START, percent=D("8"))))
        found = check(told, clean(most, through=date(2027, 2, 1)), today=date(2027, 1, 20)).findings
        assert {one.code for one in found} == {Code.UPLIFT_CAP}

    def test_of_which_several_fall_into_one_billing_period_are_seen_together(self) -> None:
        often = replace(OPEN, every=Period.parse("P6M"))
        yearly = Schedule(Period.parse("P1Y"))
        told = contract(terms=agreement(last=date(2028, 12, 31), schedule=yearly, escalation=often))
        taken = replace(often, percent=D("4"), cap=None)
        fixed = replace(told, agreement=replace(told.agreement, escalation=taken))
        assert check(told, clean(fixed, through=TODAY), today=TODAY).findings == ()

    def test_are_seen_through_the_rounding_of_a_whole_invoice(self) -> None:
        prices = seats(tariff=Tariff(Model.PER_UNIT, D("0.337"))), seats(product="Storage", quantity=D(7))
        per_invoice = RoundingPolicy(Rounding.HALF_EVEN, RoundedPer.INVOICE)
        told = contract(terms=agreement(*prices, rounding=per_invoice, escalation=OPEN))
        fixed = replace(told, agreement=replace(told.agreement, escalation=Escalation(START, percent=D("7"))))
        assert check(told, clean(fixed, through=date(2027, 11, 1)), today=date(2027, 11, 2)).findings == ()

    def test_that_nobody_took_are_no_loss_of_ours(self) -> None:
        ours = replace(ALLOWED, direction=Direction.RECEIVABLE)
        bills = clean(replace(ours, agreement=replace(ours.agreement, escalation=None)), through=TODAY)
        assert check(ours, bills, today=TODAY).findings == ()

    def test_leave_other_mistakes_what_they_are(self) -> None:
        bills = papers("3")
        bills[-1] = with_line(bills[-1], amount=eur("450.00"))
        assert only(check(ALLOWED, bills, today=TODAY), Code.PRICE_UNDER).expected == eur("515.00")

    def test_need_a_cap(self) -> None:
        with pytest.raises(ValueError, match="at least a cap"):
            Escalation(START, floor=D(1))

    def test_that_passed_within_a_whole_period_are_seen_in_the_next(self) -> None:
        schedule = Schedule(Period.parse("P1Y"))
        yearly = agreement(last=date(2029, 12, 31), schedule=schedule, convention=Convention.WHOLE)
        twice = replace(yearly, escalation=replace(OPEN, every=Period.parse("P6M"), cap=D("4")))
        fixed = replace(yearly, escalation=Escalation(START, percent=D("4"), every=Period.parse("P6M")))
        told = contract(terms=twice)
        day = date(2028, 3, 1)
        assert check(told, clean(replace(told, agreement=fixed), through=day), today=day).findings == ()

    def test_of_a_rounded_price_may_have_been_as_high_as_its_rounding_hides(self) -> None:
        small = agreement(seats(tariff=Tariff(Model.PER_UNIT, D("0.31"))), last=date(2028, 12, 31), escalation=OPEN)
        fixed = replace(small, escalation=Escalation(START, percent=D("7")))
        told = contract(terms=small)
        assert check(told, clean(replace(told, agreement=fixed), through=TODAY), today=TODAY).findings == ()

    def test_stay_as_they_were_billed_after_one_amount_above_the_cap(self) -> None:
        bills = [raised(paper, "8") if paper.issued == date(2027, 5, 1) else paper for paper in papers("3")]
        found = only(check(ALLOWED, bills, today=date(2027, 12, 1)), Code.UPLIFT_CAP)
        assert (found.first, found.expected) == (date(2027, 5, 1), eur("515.00"))
