"""What is wrong with an invoice as a paper, its periods and its charges beside the running price."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.findings.audit import audit
from domain.findings.contract import BilledContract, CreditKind, DueCredit
from domain.findings.finding import Action, Code
from domain.findings.matching import memory_key
from domain.invoices import Direction, Invoice, InvoiceKind, InvoiceLine, InvoiceParty, InvoiceStatus
from domain.periods import Period
from domain.pricing.agreement import Usage
from domain.pricing.billing_periods import Schedule, Timing
from domain.pricing.commitments import Commitment
from domain.pricing.tariffs import Model, Tariff
from tests.domain.findings.desk import (
    CLAUSE,
    TODAY,
    D,
    agreement,
    check,
    clean,
    contract,
    eur,
    invoice,
    only,
    seats,
    with_line,
)

QUARTER = Period.parse("P3M")
SETUP = seats(product="Setup", quantity=D(1), per=None, tariff=Tariff(Model.FLAT, D(900)))


def again(paper: Invoice, **changes: Any) -> Invoice:
    return replace(paper, **{"id": f"{paper.id}-again", **changes})


class TestDuplicates:
    def test_of_a_whole_paper_are_found_once_however_the_number_is_written(self) -> None:
        papers = clean(contract())
        twice = again(papers[2], number="r 20260301", source="mail")
        found = only(check(contract(), [*papers, twice]), Code.DUPLICATE)
        assert found.billed == eur("500.00")
        assert found.place is not None
        assert found.place.source == "mail"

    def test_under_another_number_are_found_by_product_days_and_amount(self) -> None:
        papers = clean(contract())
        twice = again(papers[2], number="R-999", issued=date(2026, 4, 20))
        found = only(check(contract(), [*papers, twice]), Code.DUPLICATE)
        assert found.place is not None
        assert found.place.number == "R-999"
        assert papers[2].number in found.explanation

    def test_with_nearly_the_amount_are_likely(self) -> None:
        papers = clean(contract())
        twice = with_line(again(papers[2], number="R-999", issued=date(2026, 4, 20)), amount=eur("495.00"))
        assert only(check(contract(), [*papers, twice]), Code.DUPLICATE).confidence < 1

    def test_that_a_credit_note_takes_back_are_settled(self) -> None:
        papers = clean(contract())
        twice = again(papers[2], number="R-999", issued=date(2026, 4, 20))
        back = again(papers[2], number="G-1", kind=InvoiceKind.CREDIT_NOTE, corrects="R-999", issued=date(2026, 5, 2))
        assert check(contract(), [*papers, twice, back]).findings == ()

    def test_are_not_the_same_line_in_another_period(self) -> None:
        assert check(contract(), clean(contract())).findings == ()

    def test_of_void_papers_do_not_count(self) -> None:
        papers = clean(contract())
        void = again(papers[2], number="R-999", status=InvoiceStatus.VOID)
        assert check(contract(), [*papers, void]).findings == ()


class TestCurrencies:
    def test_never_mix(self) -> None:
        papers = clean(contract())
        line = replace(papers[2].lines[0], amount=replace(papers[2].lines[0].amount, currency="USD"))
        papers[2] = replace(papers[2], currency="USD", lines=(line,))
        found = only(check(contract(), papers), Code.CURRENCY)
        assert found.delta is None
        assert found.action is Action.CORRECT


class TestPeriods:
    def test_after_the_term_are_found(self) -> None:
        terms = agreement(last=date(2026, 4, 30))
        papers = clean(contract(terms=terms))
        late = with_line(
            again(papers[3], number="R-9", issued=date(2026, 6, 1)),
            period_first=date(2026, 6, 1),
            period_last=date(2026, 6, 30),
        )
        assert "2026-04-30" in only(check(contract(terms=terms), [*papers, late]), Code.EXPIRED).explanation

    def test_billed_already_within_longer_ones_are_found(self) -> None:
        papers = clean(contract())
        half = with_line(
            again(papers[2], number="R-9"),
            period_first=date(2026, 3, 10),
            period_last=date(2026, 4, 9),
            amount=eur("250.00"),
        )
        assert only(check(contract(), [*papers, half]), Code.PERIOD_OVERLAP).delta == eur("250.00")

    def test_longer_than_agreed_are_found_without_a_difference_in_money(self) -> None:
        papers = clean(contract())
        three = with_line(papers[0], period_last=date(2026, 3, 31), amount=eur("1500.00"))
        assert only(check(contract(), [three, *papers[3:]]), Code.FREQUENCY).delta == eur(0)

    def test_shorter_than_agreed_are_found_once(self) -> None:
        quarterly = agreement(schedule=Schedule(QUARTER, timing=Timing.ADVANCE), last=date(2026, 3, 31))
        months = clean(contract(terms=agreement(last=date(2026, 3, 31))))
        assert only(check(contract(terms=quarterly), months), Code.FREQUENCY).delta == eur(0)

    def test_that_a_vendor_forgot_are_watched(self) -> None:
        papers = clean(contract())
        found = only(check(contract(), [*papers[:3], *papers[4:]]), Code.PERIOD_GAP)
        assert (found.first, found.action) == (date(2026, 4, 1), Action.WATCH)

    def test_that_we_forgot_are_billed(self) -> None:
        ours = contract(direction=Direction.RECEIVABLE)
        papers = clean(ours)
        assert only(check(ours, [*papers[:3], *papers[4:]]), Code.AR_MISSING).at_stake == eur("500.00")

    def test_may_come_late_within_the_grace(self) -> None:
        assert check(contract(), clean(contract())[:-1], today=date(2026, 7, 11)).findings == ()
        assert only(check(contract(), clean(contract())[:-1], today=date(2026, 7, 12)), Code.PERIOD_GAP)

    def test_before_the_first_paper_we_have_are_not_missed(self) -> None:
        assert check(contract(), clean(contract())[3:]).findings == ()


class TestOneTimeFees:
    def test_are_due_once(self) -> None:
        one = contract(seats(), SETUP)
        papers = clean(one)
        extra = InvoiceLine("9", "Setup fee", eur("900.00"), D(1), product="Setup")
        papers[3] = replace(papers[3], lines=(*papers[3].lines, extra))
        found = only(check(one, papers), Code.SETUP_REPEAT)
        assert found.delta == eur("900.00")
        assert papers[0].number in found.explanation

    def test_credited_once_may_be_billed_again(self) -> None:
        one = contract(seats(), SETUP)
        papers = clean(one)
        fee = next(line for line in papers[0].lines if line.description == "Setup")
        back = invoice(date(2026, 2, 3), fee, number="G-1", kind=InvoiceKind.CREDIT_NOTE)
        anew = invoice(date(2026, 2, 4), fee, number="R-10")
        assert check(one, [*papers, back, anew]).findings == ()


class TestRateCards:
    def test_have_no_other_products(self) -> None:
        papers = clean(contract())
        extra = InvoiceLine("9", "Priority onboarding", eur("75.00"), D(1))
        papers[3] = replace(papers[3], lines=(*papers[3].lines, extra))
        assert only(check(contract(), papers), Code.SCOPE).delta == eur("75.00")

    def test_know_the_words_that_were_agreed_for_a_product(self) -> None:
        papers = [with_line(paper, description="User licences (monthly)") for paper in clean(contract())]
        named = contract(products=(("user licences (monthly)", "Seats"),))
        assert check(named, papers).findings == ()
        assert {one.code for one in check(contract(), papers).findings} >= {Code.SCOPE}

    def test_have_no_late_fee_that_nobody_agreed(self) -> None:
        papers = clean(contract())
        fee = InvoiceLine("9", "Late payment fee", eur("40.00"), D(1))
        papers[3] = replace(papers[3], lines=(*papers[3].lines, fee))
        assert only(check(contract(), papers), Code.LATEFEE_UNAGREED)
        assert check(contract(late_interest=True), papers).findings == ()


class TestMinimums:
    CALLS = seats(product="Calls", quantity=None, per=None, tariff=Tariff(Model.PER_UNIT, D("0.10")))
    TERMS = agreement(CALLS, commitments=(Commitment(eur(300), QUARTER, citation=CLAUSE),), last=date(2026, 6, 30))
    USED = (Usage("Calls", date(2026, 1, 9), D(900)), Usage("Calls", date(2026, 4, 9), D(4000)))

    def told(self) -> BilledContract:
        return contract(terms=self.TERMS, usage=self.USED)

    def paper(self, issued: date, amount: str, **changes: Any) -> Invoice:
        return invoice(
            issued,
            InvoiceLine("1", "True-up of the minimum commitment", eur(amount), D(1), **changes),
            number=f"T-{issued}",
        )

    def clean(self) -> list[Invoice]:
        return [paper for paper in clean(self.told()) if paper.lines[0].description == "Calls"]

    def test_are_filled_up_at_the_end_of_their_period(self) -> None:
        assert check(self.told(), [*self.clean(), self.paper(date(2026, 4, 1), "210.00")]).findings == ()

    def test_of_two_periods_may_come_on_one_paper_without_days(self) -> None:
        used = (Usage("Calls", date(2026, 1, 9), D(900)), Usage("Calls", date(2026, 4, 9), D(2000)))
        told = contract(terms=self.TERMS, usage=used)
        calls = [paper for paper in clean(told) if paper.lines[0].description == "Calls"]
        words = "True-up of the minimum commitment"
        both = (InvoiceLine("1", words, eur("210.00"), D(1)), InvoiceLine("2", words, eur("100.00"), D(1)))
        assert (
            check(told, [*calls, invoice(date(2026, 7, 1), *both, number="T")], today=date(2026, 7, 5)).findings == ()
        )

    def test_filled_up_in_full_beside_the_spending_are_found(self) -> None:
        found = only(check(self.told(), [*self.clean(), self.paper(date(2026, 4, 1), "300.00")]), Code.COMMIT_DOUBLE)
        assert found.delta == eur("90.00")

    def test_filled_up_twice_are_found(self) -> None:
        twice = [self.paper(date(2026, 4, 1), "210.00"), self.paper(date(2026, 4, 20), "210.00")]
        assert only(check(self.told(), [*self.clean(), *twice]), Code.COMMIT_DOUBLE).delta == eur("210.00")

    def test_filled_up_before_the_end_are_found(self) -> None:
        early = self.paper(date(2026, 3, 1), "210.00", period_first=date(2026, 1, 1), period_last=date(2026, 3, 31))
        assert only(
            check(self.told(), [*self.clean(), early], today=date(2026, 3, 20)), Code.TRUEUP_EARLY
        ).delta == eur("210.00")


class TestCredits:
    DUE = DueCredit(CreditKind.SERVICE, eur("25.00"), date(2026, 4, 5), "99.4 % in March", citation=CLAUSE)

    def test_that_no_invoice_shows_are_claimed(self) -> None:
        found = only(check(contract(credits=(self.DUE,)), clean(contract())), Code.CREDIT_MISSING)
        assert (found.delta, found.action) == (eur("25.00"), Action.CLAIM)
        assert found.place is not None
        assert found.place.issued == date(2026, 5, 1)

    def test_that_the_next_invoice_shows_are_settled(self) -> None:
        papers = clean(contract())
        credit = InvoiceLine("9", "Service credit March", eur("-25.00"))
        papers[4] = replace(papers[4], lines=(*papers[4].lines, credit))
        assert check(contract(credits=(self.DUE,)), papers).findings == ()

    def test_given_too_small_are_claimed_for_the_rest(self) -> None:
        papers = clean(contract())
        credit = InvoiceLine("9", "Service credit March", eur("-10.00"))
        papers[4] = replace(papers[4], lines=(*papers[4].lines, credit))
        assert only(check(contract(credits=(self.DUE,)), papers), Code.CREDIT_MISSING).delta == eur("15.00")

    def test_wait_for_the_next_invoice(self) -> None:
        due = replace(self.DUE, on=date(2026, 7, 10))
        assert check(contract(credits=(due,)), clean(contract())).findings == ()

    @pytest.mark.parametrize(
        ("claim_by", "codes"), [(date(2026, 7, 31), [Code.REBATE_UNCLAIMED]), (date(2026, 7, 1), [])]
    )
    def test_for_volume_are_claimed_as_long_as_they_may_be(self, claim_by: date, codes: list[Code]) -> None:
        rebate = replace(self.DUE, kind=CreditKind.REBATE, claimed=False, claim_by=claim_by)
        assert [one.code for one in check(contract(credits=(rebate,)), clean(contract())).findings] == codes


class TestHeaders:
    def test_due_sooner_than_agreed_are_found(self) -> None:
        terms = agreement(payment_days=30)
        papers = [
            replace(paper, due=date.fromordinal(paper.issued.toordinal() + 30))
            for paper in clean(contract(terms=terms))
        ]
        assert check(contract(terms=terms), papers).findings == ()
        papers[1] = replace(papers[1], due=date(2026, 2, 15))
        assert "16 days earlier" in only(check(contract(terms=terms), papers), Code.TERM_NET).explanation

    def test_with_another_tax_are_found(self) -> None:
        papers = [with_line(paper, tax_rate=D(19)) for paper in clean(contract())]
        papers[1] = with_line(papers[1], tax_rate=D(21))
        assert only(check(contract(tax_rate=D(19)), papers), Code.TAX).delta == eur("10.00")

    def test_of_another_company_are_found(self) -> None:
        papers = clean(contract())
        papers[1] = replace(papers[1], seller=InvoiceParty("Hollowmere Holding SE", tax_id="DE822222222"))
        assert only(check(contract(), papers), Code.ENTITY).confidence == 1


class TestMatching:
    def test_without_a_contract_stops_the_payment(self) -> None:
        stranger = invoice(
            date(2026, 3, 1),
            InvoiceLine("1", "Consulting", eur("700.00")),
            contract_number="X-1",
            seller=InvoiceParty("Nobody Ltd"),
        )
        found = only(check(contract(), [*clean(contract()), stranger]), Code.NO_CONTRACT)
        assert (found.action, found.contract, found.billed) == (Action.MATCH, "", eur("700.00"))

    @pytest.mark.parametrize(
        ("changes", "by"),
        [
            ({}, "contract number"),
            ({"contract_number": "so 77"}, "contract number"),
            ({"contract_number": "", "purchase_order": "PO 4711"}, "purchase order"),
            ({"contract_number": ""}, "tax id"),
            ({"contract_number": "", "seller": InvoiceParty("HOLLOWMERE CLOUD")}, "name and amount"),
        ],
    )
    def test_goes_by_the_strongest_key(self, changes: dict[str, Any], by: str) -> None:
        one = contract(purchase_orders=("PO-4711",))
        (match,) = check(one, [replace(clean(one)[0], **changes)], today=date(2026, 1, 3)).matches
        assert match.by == by

    def test_never_goes_by_a_likeness(self) -> None:
        alike = replace(clean(contract())[0], contract_number="", seller=InvoiceParty("Hollowmere Clouds GmbH"))
        found = check(contract(), [alike], today=date(2026, 1, 3))
        assert found.matches == ()
        assert [one.contract for one in found.proposals] == ["c1"]
        assert found.proposals[0].score > found.proposals[0].second

    def test_remembers_what_a_person_said(self) -> None:
        alike = replace(clean(contract())[0], contract_number="", seller=InvoiceParty("HM Services"))
        found = audit([contract()], [alike], today=date(2026, 1, 3), remembered={memory_key(alike): "c1"})
        assert found.matches[0].by == "a person's match"

    def test_of_two_contracts_with_one_number_is_a_problem_and_no_guess(self) -> None:
        twin = replace(contract(), id="c2")
        found = audit([contract(), twin], clean(contract()), today=date(2026, 1, 3))
        assert found.problems
        assert found.matches == ()

    def test_of_contracts_that_follow_each_other_goes_by_the_days_of_service(self) -> None:
        old = contract(terms=agreement(last=date(2026, 3, 31)))
        new = replace(contract(terms=agreement(seats(first=date(2026, 4, 1)), first=date(2026, 4, 1))), id="c2")
        papers = [replace(paper, contract_number="") for paper in clean(contract())]
        found = audit([old, new], papers, today=date(2026, 7, 9))
        assert found.findings == ()
        assert {match.contract for match in found.matches} == {"c1", "c2"}


class TestContracts:
    def test_that_cannot_be_priced_are_a_problem_and_hide_no_other(self) -> None:
        broken = replace(contract(seats(), seats()), id="c0", number="SO-1")
        papers = clean(contract())
        papers[2] = with_line(papers[2], amount=eur("540.00"))
        found = audit([broken, contract()], papers, today=TODAY)
        assert [one.code for one in found.findings] == [Code.PRICE_OVER]
        assert "two prices of Seats" in found.problems[0].what


class TestArithmetic:
    def test_of_a_line_goes_before_its_price(self) -> None:
        papers = clean(contract())
        papers[2] = with_line(papers[2], amount=eur("540.00"), unit_price=D("12.50"))
        assert only(check(contract(), papers), Code.ARITHMETIC).action is Action.QUERY

    def test_of_the_sums_is_exact(self) -> None:
        papers = clean(contract())
        papers[2] = replace(papers[2], net=eur("500.00"), tax=eur("95.00"), total=eur("595.01"))
        assert only(check(contract(), papers), Code.TOTALS).delta == eur("0.01")
