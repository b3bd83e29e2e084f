"""What drawn worlds of invoices taught: each case once, as small as it gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.findings.contract import CreditKind, DueCredit
from domain.findings.finding import Code
from domain.findings.tolerance import Tolerance
from domain.invoices import Charge, Direction, Invoice, InvoiceKind, InvoiceLine
from domain.minor_units import Rounding
from domain.money import Money
from domain.periods import Period
from domain.pricing.agreement import RoundedPer, RoundingPolicy, Usage
from domain.pricing.billing_periods import Lead, Schedule, Timing
from domain.pricing.commitments import Commitment
from domain.pricing.discounts import Discount
from domain.pricing.escalation import Escalation
from domain.pricing.index_series import IndexRule, IndexSeries, Observation
from domain.pricing.proration import Convention
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Band, Model, Tariff
from tests.domain.findings.desk import (
    START,
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
CALLS = seats(product="Calls", quantity=None, per=None, tariff=Tariff(Model.PER_UNIT, D("0.10")))
FEE = seats(product="Platform", quantity=None, tariff=Tariff(Model.FLAT, D("333.33")))


def bare(papers: list[Invoice]) -> list[Invoice]:
    """Return the papers without any days of service."""
    return [
        replace(one, lines=tuple(replace(line, period_first=None, period_last=None) for line in one.lines))
        for one in papers
    ]


def again(paper: Invoice, days: int = 2) -> Invoice:
    return replace(paper, id=f"{paper.id}-X", number=f"{paper.number}-X", issued=paper.issued + timedelta(days=days))


def note(paper: Invoice, days: int = 4) -> Invoice:
    """Return the credit note that takes all of a paper back."""
    issued = paper.issued + timedelta(days=days)
    number = f"G-{paper.number}"
    return replace(paper, id=number, number=number, kind=InvoiceKind.CREDIT_NOTE, corrects=paper.number, issued=issued)


def halved(paper: Invoice) -> Invoice:
    """Return the paper with its first line cut into 15 of 40 units and the rest."""
    line, *rest = paper.lines
    part = Money(line.amount.amount * 15 / 40, line.amount.currency)
    one = replace(line, id="1a", quantity=D(15), amount=part)
    other = replace(line, id="1b", quantity=D(25), amount=line.amount - part)
    return replace(paper, lines=(one, other, *rest))


class TestWithdrawnPapers:
    def test_use_no_period_up_where_no_days_are_printed(self) -> None:
        papers = bare(clean(contract()))
        twice = again(papers[2])
        assert check(contract(), [*papers, twice, note(twice)]).findings == ()

    def test_owe_neither_the_credit_nor_the_true_up_that_stood_on_them(self) -> None:
        due = DueCredit(CreditKind.SERVICE, eur("25.00"), date(2026, 4, 5), "99.4 % in March")
        one = contract(credits=(due,))
        papers = clean(one)
        papers[4] = replace(papers[4], lines=(*papers[4].lines, InvoiceLine("9", "Service credit", eur("-25.00"))))
        twice = again(papers[4])
        assert check(one, [*papers, twice, note(twice)]).findings == ()

    def test_that_nobody_replaced_leave_a_period_to_bill(self) -> None:
        ours = contract(direction=Direction.RECEIVABLE)
        papers = clean(ours)
        assert only(check(ours, [*papers, note(papers[2])]), Code.AR_MISSING).first == date(2026, 3, 1)

    def test_stay_among_the_lines_so_that_their_credit_is_seen(self) -> None:
        papers = clean(contract())
        twice = again(papers[2])
        numbers = {line.invoice.number for line in check(contract(), [*papers, twice, note(twice)]).lines}
        assert {twice.number, note(twice).number} <= numbers

    def test_of_which_a_part_is_left_count(self) -> None:
        papers = clean(contract())
        twice = again(papers[2])
        part = with_line(note(twice), amount=eur("300.00"))
        assert check(contract(), [*papers, twice, part]).findings != ()


class TestPapersWithoutDays:
    def test_sent_again_under_another_number_are_found_and_not_the_next_ones(self) -> None:
        papers = bare(clean(contract()))
        found = only(check(contract(), [*papers, again(papers[2], days=9)]), Code.DUPLICATE)
        assert found.place is not None
        assert found.place.number == f"{papers[2].number}-X"

    @pytest.mark.parametrize("days", [-20, -3, 4])
    def test_may_always_come_some_days_early_or_late(self, days: int) -> None:
        papers = [
            replace(one, issued=one.issued + timedelta(days=days)) for one in bare(clean(contract(), date(2026, 7, 1)))
        ]
        assert check(contract(), papers, today=date(2026, 7, 8)).findings == ()

    def test_fill_the_period_that_was_left_out(self) -> None:
        papers = bare(clean(contract()))
        late = replace(papers[2], issued=date(2026, 6, 20), number="R-late", id="R-late")
        assert check(contract(), [*papers[:2], *papers[3:], late]).findings == ()

    def test_do_not_take_a_period_whose_parts_are_billed(self) -> None:
        dearer = agreement(
            seats(last=date(2026, 3, 9)), seats(first=date(2026, 3, 10), tariff=Tariff(Model.PER_UNIT, D(15)))
        )
        papers = clean(contract(terms=dearer))
        mixed = [papers[0], papers[1], papers[2], *bare(papers[3:])]
        assert check(contract(terms=dearer), mixed).findings == ()


class TestSplitLines:
    def test_that_are_too_dear_together_are_one_finding(self) -> None:
        papers = clean(contract())
        papers[2] = halved(with_line(papers[2], amount=eur("1000.00")))
        assert only(check(contract(), papers), Code.PRICE_OVER).delta == eur("500.00")

    def test_nearly_billed_again_on_one_line_are_a_likely_duplicate(self) -> None:
        papers = clean(contract())
        twice = with_line(again(papers[2]), amount=eur("495.00"))
        papers[2] = halved(papers[2])
        assert only(check(contract(), [*papers, twice]), Code.DUPLICATE).confidence < 1

    def test_billed_again_are_one_finding_of_their_sum(self) -> None:
        papers = clean(contract())
        papers[2] = halved(papers[2])
        assert only(check(contract(), [*papers, again(papers[2])]), Code.DUPLICATE).billed == eur("500.00")

    def test_of_which_one_does_not_multiply_out_are_one_finding(self) -> None:
        papers = clean(contract())
        papers[2] = halved(with_line(papers[2], unit_price=D("12.50")))
        papers[2] = with_line(papers[2], amount=eur("1875.00"))
        assert only(check(contract(), papers), Code.ARITHMETIC).billed == eur("1875.00")


class TestRoundedPrices:
    def test_of_whole_yen_multiply_out_within_both_roundings(self) -> None:
        line = InvoiceLine("1", "Seats", Money(D(644989), "JPY"), D(96), unit_price=D("6718.63"))
        price = PriceLine("Seats", Tariff(Model.FLAT, D(644989)), "JPY", START)
        one = contract(terms=replace(agreement(), currency="JPY", prices=(price,)))
        paper = replace(invoice(START, line), currency="JPY")
        assert check(one, [paper]).findings == ()
        wrong = with_line(paper, amount=Money(D(644991), "JPY"))
        assert Code.ARITHMETIC in {each.code for each in check(one, [wrong]).findings}


class TestAmountsFinerThanCents:
    def test_are_a_finding_and_hide_no_contract(self) -> None:
        papers = clean(contract())
        papers[2] = with_line(papers[2], amount=eur("540.005"))
        assert only(check(contract(), papers), Code.PRICE_OVER).delta == eur("40.005")


class TestSharedDiscounts:
    TERMS = agreement(seats(), FEE, discounts=(Discount(percent=D(7)),))

    def paper(self, off: str) -> Invoice:
        lines = (InvoiceLine("1", "Seats", eur(500), D(40)), InvoiceLine("2", "Platform", eur("333.33"), D(1)))
        return invoice(START, *lines, charges=(Charge("Discount as agreed", eur(off)),))

    def test_may_fall_by_a_cent_on_one_product_or_another(self) -> None:
        told = contract(terms=self.TERMS)
        for off in ("-58.32", "-58.33", "-58.34"):
            assert check(told, [self.paper(off)], today=date(2026, 1, 5)).findings == ()

    def test_may_not_be_too_small(self) -> None:
        told = contract(terms=self.TERMS)
        assert check(told, [self.paper("-57.00")], today=date(2026, 1, 5)).findings != ()


class TestIndexes:
    def test_not_yet_published_for_days_to_come_hide_no_finding_of_today(self) -> None:
        rows = [Observation(date(2025, 10, 1), D(100), date(2025, 11, 15))]
        index = IndexRule(IndexSeries.of("HICP", rows), lag_months=3)
        terms = agreement(escalation=Escalation(START, index=index, every=Period.parse("P3M")))
        papers = clean(contract(), through=date(2026, 3, 31))
        papers[1] = with_line(papers[1], amount=eur("540.00"))
        found = check(contract(terms=terms), papers, today=date(2026, 3, 25))
        assert only(found, Code.PRICE_OVER).delta == eur("40.00")

    def test_not_yet_published_for_days_already_billed_leave_the_days_before_checked(self) -> None:
        rows = [Observation(date(2025, 10, 1), D(100), date(2025, 11, 15))]
        index = IndexRule(IndexSeries.of("HICP", rows), lag_months=3)
        terms = agreement(escalation=Escalation(START, index=index, every=Period.parse("P3M")))
        papers = clean(contract(), through=date(2026, 5, 31))
        papers[1] = with_line(papers[1], amount=eur("540.00"))
        found = check(contract(terms=terms), papers, today=date(2026, 5, 25))
        [finding], [problem] = found.findings, found.problems
        assert (finding.code, finding.delta) == (Code.PRICE_OVER, eur("40.00"))
        assert "its prices after 2026-03-31 cannot be computed" in problem.what


class TestRises:
    def test_beyond_one_of_two_caps_are_found(self) -> None:
        rule = Escalation(START, percent=D(8), cap=D(5), total_cap=D(3), every=QUARTER)
        terms = agreement(escalation=rule)
        papers = clean(contract(terms=terms), through=date(2026, 5, 31))
        papers[3] = with_line(papers[3], amount=eur("525.00"))
        assert only(check(contract(terms=terms), papers, today=date(2026, 5, 2)), Code.UPLIFT_CAP).delta == eur("10.00")

    def test_before_their_day_are_found_after_one_that_nobody_announced(self) -> None:
        rule = Escalation(
            START,
            percent=D(5),
            every=QUARTER,
            notice=Period.parse("P60D"),
            notices={date(2026, 7, 1): date(2026, 4, 1)},
        )
        terms = agreement(escalation=rule)
        papers = clean(contract(terms=terms), through=date(2026, 5, 31))
        papers[4] = with_line(papers[4], amount=eur("525.00"))
        found = only(check(contract(terms=terms), papers, today=date(2026, 5, 2)), Code.UPLIFT_NOTICE)
        assert Code.UPLIFT_EARLY in found.also


class TestParts:
    def test_by_another_convention_are_found_where_a_minimum_divides_the_period(self) -> None:
        commitment = Commitment(eur(100), QUARTER, products=("Seats",))
        terms = agreement(
            seats(tariff=Tariff(Model.PER_UNIT, D("12.511"))), first=date(2026, 1, 16), convention=Convention.NONE,
            schedule=Schedule(QUARTER, anchor_day=1, timing=Timing.ARREARS), commitments=(commitment,),
            discounts=(Discount(percent=D(12), first=date(2026, 4, 5)),),
        )  # fmt: skip
        other = replace(terms, convention=Convention.ACTUAL)
        papers = clean(contract(terms=terms), through=date(2026, 7, 10))
        billed = sum(
            (one.amount for paper in clean(contract(terms=other), through=date(2026, 7, 10)) for one in paper.lines
             if one.period_first and one.period_first >= date(2026, 4, 1)), eur(0),
        )  # fmt: skip
        index = next(number for number, one in enumerate(papers) if one.issued == date(2026, 7, 1))
        papers[index] = with_line(papers[index], amount=billed)
        assert only(check(contract(terms=terms), papers, today=date(2026, 7, 10)), Code.PRORATION)


class TestUnits:
    def test_fewer_than_agreed_in_a_dearer_band_are_charged_too_high(self) -> None:
        steps = Tariff(Model.VOLUME, bands=(Band(D(500), D(9)), Band(None, D(6))))
        terms = agreement(seats(tariff=steps, quantity=D(502)))
        papers = clean(contract(terms=terms))
        papers[2] = with_line(papers[2], quantity=D(499), amount=eur("4491.00"))
        assert "499 units instead of 502" in only(check(contract(terms=terms), papers), Code.PRICE_OVER).explanation


class TestSmallDifferences:
    def test_that_cancel_are_no_drift_however_many_they_are(self) -> None:
        weekly = agreement(seats(per=Period.parse("P1W")), schedule=Schedule(Period.parse("P1W")))
        loose = {"tolerance": Tolerance(D("0.02"), D(1))}
        papers = clean(contract(terms=weekly))
        even = [with_line(one, amount=eur(("500.02", "499.98")[n % 2])) for n, one in enumerate(papers)]
        assert check(contract(terms=weekly), even, **loose).findings == ()
        odd = [with_line(one, amount=eur("500.02")) for one in papers]
        assert only(check(contract(terms=weekly), odd, **loose), Code.DRIFT)


class TestTaxes:
    def test_wrong_on_every_line_are_one_finding_of_the_invoice(self) -> None:
        terms = agreement(seats(), FEE)
        papers = [
            replace(one, lines=tuple(replace(line, tax_rate=D(21 if n == 1 else 19)) for line in one.lines))
            for n, one in enumerate(clean(contract(terms=terms)))
        ]
        found = only(check(contract(terms=terms, tax_rate=D(19)), papers), Code.TAX)
        assert found.delta == eur("16.67")
        assert found.place is not None
        assert found.place.line == ""


class TestMinimums:
    def test_lead_to_their_contract_by_the_tax_id_of_their_sender(self) -> None:
        terms = agreement(CALLS, commitments=(Commitment(eur(300), QUARTER),), last=date(2026, 6, 30))
        told = contract(terms=terms, usage=(Usage("Calls", date(2026, 1, 9), D(900)),))
        paper = invoice(
            date(2026, 4, 1), InvoiceLine("1", "True-up of the minimum commitment", eur("210.00")), contract_number=""
        )
        assert [one.by for one in check(told, [paper], today=date(2026, 4, 2)).matches] == ["tax id"]
        assert check(contract(), [paper], today=date(2026, 4, 2)).matches == ()


class TestCredits:
    def test_on_an_invoice_in_another_currency_wait_for_its_correction(self) -> None:
        one = contract(credits=(DueCredit(CreditKind.SERVICE, eur("25.00"), date(2026, 4, 5), "99.4 % in March"),))
        papers = clean(one)
        shown = (*papers[4].lines, InvoiceLine("9", "Service credit", eur("-25.00")))
        lines = tuple(replace(line, amount=Money(line.amount.amount, "USD")) for line in shown)
        papers[4] = replace(papers[4], currency="USD", lines=lines)
        assert only(check(one, papers), Code.CURRENCY)


class TestUsage:
    def test_that_a_credit_note_lowers_is_about_the_days_of_its_invoice(self) -> None:
        weekly = agreement(CALLS, schedule=Schedule(Period.parse("P1W")), last=date(2026, 2, 25))
        told = contract(
            terms=weekly, usage=tuple(Usage("Calls", START + timedelta(days=7 * n), D(900)) for n in range(8))
        )
        papers = bare(clean(told, through=TODAY))
        papers[2] = with_line(papers[2], amount=eur("95.00"))
        back = with_line(note(papers[2], days=8), amount=eur("5.00"), quantity=D(50))
        assert check(told, [*papers, back], today=date(2026, 3, 1)).findings == ()


class TestShortFirstPeriods:
    def test_billed_late_are_not_taken_for_the_period_after_them(self) -> None:
        schedule = Schedule(Period.parse("P1M"), anchor_day=6, timing=Timing.ADVANCE, lead=Lead.FORWARD)
        one = contract(terms=agreement(schedule=schedule))
        late = [replace(paper, issued=paper.issued + timedelta(days=3)) for paper in bare(clean(one))]
        assert late[0].issued + timedelta(days=2) == late[1].issued - timedelta(days=3)
        assert check(one, late).findings == ()


class TestPapersInAnotherCurrency:
    def test_still_tell_what_was_used_so_that_the_rounding_of_the_whole_day_stays_right(self) -> None:
        rounding = RoundingPolicy(Rounding.HALF_EVEN, RoundedPer.INVOICE)
        calls = replace(CALLS, tariff=Tariff(Model.PER_UNIT, D("1.004")))
        seat = seats(tariff=Tariff(Model.PER_UNIT, D("1.004")), quantity=D(1))
        schedule = Schedule(Period.parse("P1M"), timing=Timing.ARREARS)
        told = contract(terms=agreement(calls, seat, schedule=schedule, rounding=rounding))
        whole = clean(replace(told, usage=tuple(Usage("Calls", date(2026, month, 2), D(1)) for month in range(1, 7))))
        # Each product on a paper of its own: 1.004 and 1.004 are 2.01 on one day, so that one of them is 1.01.
        papers = [
            replace(paper, id=f"{paper.id}-{line.id}", number=f"{paper.number}-{line.id}", lines=(line,))
            for paper in whole
            for line in paper.lines
        ]
        assert {line.amount for paper in papers for line in paper.lines} == {eur("1.01"), eur("1.00")}
        assert check(told, papers).findings == ()
        at = next(index for index, paper in enumerate(papers) if paper.lines[0].description == "Calls")
        [line] = papers[at].lines
        dollars = replace(line, amount=Money(line.amount.amount, "USD"))
        papers[at] = replace(papers[at], currency="USD", lines=(dollars,))
        assert only(check(told, papers), Code.CURRENCY)
