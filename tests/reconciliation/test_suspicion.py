from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.findings.contract import BilledContract, Policy
from domain.findings.tolerance import EXACT, Joined, Tolerance
from domain.invoices import Direction, Invoice, InvoiceKind, InvoiceLine, InvoiceParty, InvoiceStatus
from domain.minor_units import Rounding
from domain.money import Money
from domain.pricing.agreement import Agreement, RoundingPolicy
from domain.pricing.billing_periods import Schedule
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Model, Tariff
from tests.reconciliation.test_screen import Seen
from tests.reconciliation.worlds import MONTH, OURS, START, World

VENDOR = InvoiceParty("Hollowmere Cloud GmbH")


def contract(price: str, rounding: Rounding = Rounding.HALF_UP, tolerance: Tolerance = EXACT) -> BilledContract:
    calls = PriceLine("Calls", Tariff(Model.PER_UNIT, Decimal(price)), "EUR", START, None, None, MONTH)
    terms = Agreement("EUR", START, None, (calls,), Schedule(MONTH), rounding=RoundingPolicy(rounding))
    return BilledContract("c1", "SO-1", Direction.PAYABLE, VENDOR, terms, tolerance=tolerance)


def paper(first: date, last: date, amount: str, units: str = "1") -> Invoice:
    line = InvoiceLine(
        "1",
        "Calls",
        Money(Decimal(amount), "EUR"),
        Decimal(units),
        product="Calls",
        period_first=first,
        period_last=last,
    )
    return Invoice(
        "files", f"r-{first}", f"R-{first}", InvoiceKind.INVOICE, InvoiceStatus.OPEN, Direction.PAYABLE, "EUR", last,
        VENDOR, OURS, (line,), contract_number="SO-1",
    )  # fmt: skip


def month(number: int, amount: str, units: str = "1") -> Invoice:
    last = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(number, 31)
    return paper(date(2025, number, 1), date(2025, number, last), amount, units)


def suspected(terms: BilledContract, *papers: Invoice, drift_lines: int = 6) -> set[str]:
    return {invoice for invoice, _ in Seen(World((terms,), papers, Policy(drift_lines=drift_lines))).lines}


class TestRounding:
    @pytest.mark.parametrize(
        ("rounding", "units", "right"),
        [
            (Rounding.HALF_UP, "1", "0.01"), (Rounding.HALF_EVEN, "1", "0.00"), (Rounding.HALF_EVEN, "3", "0.02"),
            (Rounding.DOWN, "3", "0.01"), (Rounding.HALF_UP, "0.999", "0.00"), (Rounding.DOWN, "1.999", "0.00"),
        ],
    )  # fmt: skip
    def test_makes_one_amount_clean_and_its_neighbours_suspect(
        self, rounding: Rounding, units: str, right: str
    ) -> None:
        terms = contract("0.005", rounding)
        assert suspected(terms, month(3, right, units)) == set()
        for off in (Decimal("-0.01"), Decimal("0.01")):
            assert suspected(terms, month(3, str(Decimal(right) + off), units)) == {"r-2025-03-01"}

    def test_is_exact_where_64_bits_do_not_suffice(self) -> None:
        terms = contract("1.0000000000001")
        assert suspected(terms, month(3, "90000000000.01", "90000000000")) == set()
        assert suspected(terms, month(3, "90000000000.00", "90000000000")) == {"r-2025-03-01"}


class TestATolerance:
    @pytest.mark.parametrize(("joined", "clean"), [(Joined.STRICTER, set[str]()), (Joined.GREATER, {"r-2025-03-01"})])
    def test_lets_pass_what_the_agreed_one_of_both_lets_pass(self, joined: Joined, clean: set[str]) -> None:
        terms = contract("10", tolerance=Tolerance(Decimal("0.02"), Decimal(1), joined))
        assert suspected(terms, month(3, "10.05")) == {"r-2025-03-01"} - clean
        assert suspected(terms, month(3, "10.02")) == set()
        assert suspected(terms, month(3, "9.80")) == {"r-2025-03-01"}

    def test_does_not_hide_many_small_differences_to_one_side(self) -> None:
        terms = contract("10", tolerance=Tolerance(Decimal("0.02"), Decimal(1)))
        papers = [month(number, "10.01") for number in (3, 4, 5)]
        assert suspected(terms, *papers, drift_lines=4) == set()
        assert suspected(terms, *papers, drift_lines=3) == {one.id for one in papers}
        assert suspected(terms, *papers[:2], month(5, "9.99"), drift_lines=3) == set()


class TestNeighbours:
    def test_of_a_line_across_two_periods_are_suspect_and_others_are_not(self) -> None:
        papers = [month(number, "10.00") for number in (2, 3, 4, 5)]
        across = paper(date(2025, 3, 15), date(2025, 4, 14), "10.00")
        found = suspected(contract("10"), *papers, across)
        assert found == {"r-2025-03-01", "r-2025-04-01", "r-2025-03-15"}

    def test_of_a_line_without_days_are_all_lines_of_its_product(self) -> None:
        papers = [month(number, "10.00") for number in (2, 3)]
        bare = month(4, "10.00")
        undated = replace(bare, lines=(replace(bare.lines[0], period_first=None, period_last=None),))
        assert suspected(contract("10"), *papers, undated) == {one.id for one in (*papers, undated)}

    def test_of_a_second_line_for_a_period_are_suspect(self) -> None:
        second = replace(month(3, "10.00"), id="again", number="R-99")
        assert suspected(contract("10"), month(2, "10.00"), month(3, "10.00"), second) == {"r-2025-03-01", "again"}

    def test_are_papers_of_one_number_day_and_total_whatever_they_bill(self) -> None:
        first, other = month(3, "10.00"), month(4, "10.00")
        twin = replace(other, id="twin", number=first.number, issued=first.issued)
        assert suspected(contract("10"), first, twin, month(5, "10.00")) == {first.id, "twin"}


class TestASlot:
    def test_that_nobody_billed_is_missed_where_something_was_due(self) -> None:
        terms = contract("10")
        flat = replace(terms.agreement.prices[0], tariff=Tariff(Model.FLAT, Decimal(10)))
        due = replace(terms, agreement=replace(terms.agreement, prices=(flat,)))
        papers = [month(number, "10.00") for number in range(1, 13) if number != 4]
        assert {day for _, _, day in Seen(World((due,), tuple(papers), Policy())).missed} == {date(2025, 4, 1)}
        assert Seen(World((terms,), tuple(papers), Policy())).missed == set()
