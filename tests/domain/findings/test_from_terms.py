"""What papers say about money becomes a contract to check, or a list of what they leave open; never a guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.findings.audit import audit
from domain.findings.contract import BilledContract
from domain.findings.from_terms import FromPapers, Papers, from_papers
from domain.invoices import Direction, Invoice, InvoiceKind, InvoiceLine, InvoiceParty, InvoiceStatus
from domain.money import Money
from domain.periods import Period
from domain.pricing.escalation import rise_days
from domain.pricing.expected import expected_lines
from domain.pricing.tariffs import Model
from domain.terms import Citation, Line, Reading, Term, TermField, Tier

D = Decimal
HERE = Citation("0" * 64, 1, 0, 5, "words")
START = date(2026, 1, 1)
SAID = {
    TermField.CONTRACT_NUMBER: "SO-77",
    TermField.EFFECTIVE_DATE: "2026-01-01",
    TermField.INITIAL_TERM: "P24M",
    TermField.BILLING_FREQUENCY: "quarterly",
    TermField.PAYMENT_DAYS: "30",
    TermField.ANNUAL_VALUE: "48000.00 EUR",
}


def eur(amount: str) -> Money:
    return Money(D(amount), "EUR")


def line(product: str = "Platform", quantity: str = "80", price: str = "525.00", **changes: object) -> Line:
    total = D(quantity) * D(price)
    return replace(Line(product, D(quantity), eur(price), Money(total, "EUR"), HERE), **changes)  # type: ignore[arg-type]


LINES = (line(), line("Support", "1", "6000.00"))


def reading(said: dict[TermField, str] | None = None, lines: tuple[Line, ...] = LINES) -> Reading:
    return Reading(tuple(Term(name, value, HERE, "test") for name, value in (said or SAID).items()), lines=lines)


def read(*stretches: tuple[date, Reading], direction: Direction = Direction.RECEIVABLE) -> FromPapers:
    given = stretches or ((START, reading()),)
    return from_papers(Papers("c1", direction, InvoiceParty("Harrow Mills Ltd"), given, None))


def amounts(found: FromPapers, through: date) -> list[tuple[str, str]]:
    assert found.contract is not None, found.missing
    lines = expected_lines(found.contract.agreement, through=through, known_at=through)
    return [(one.product, str(one.amount)) for one in lines]


def billed(contract: BilledContract, percent: str) -> list[tuple[str, str, str]]:
    """Return what is found when the platform costs so many percent more in the first quarter of the second year."""
    day = date(2027, 1, 1)
    due = expected_lines(replace(contract.agreement, escalation=None), through=day, known_at=day)
    factor = {("Platform", day): 1 + D(percent) / 100}
    papers = [
        Invoice(
            "files", str(number), str(number), InvoiceKind.INVOICE, InvoiceStatus.OPEN, contract.direction, "EUR",
            one.bill_on, contract.other, InvoiceParty("Lumora Analytics GmbH"), contract_number=contract.number,
            lines=(
                InvoiceLine(
                    "1", one.product, one.amount * factor.get((one.product, one.period_first), D(1)),
                    period_first=one.period_first, period_last=one.period_last,
                ),
            ),
        )
        for number, one in enumerate(due)
    ]  # fmt: skip
    found = audit([contract], papers, today=day)
    assert not found.problems
    return [(str(one.code), str(one.expected), str(one.billed)) for one in found.findings]


class TestAContract:
    def test_is_billed_as_its_papers_say(self) -> None:
        found = read()
        assert amounts(found, START) == [("Platform", "10500.00 EUR"), ("Support", "1500.00 EUR")]
        assert found.contract is not None
        assert (found.contract.number, found.contract.agreement.payment_days) == ("SO-77", 30)
        assert "each period is billed on its first day" in found.assumptions

    def test_takes_the_time_of_a_price_from_the_sum_that_it_makes(self) -> None:
        whole = {**SAID, TermField.TOTAL_VALUE: "48000.00 EUR"}
        del whole[TermField.ANNUAL_VALUE]
        assert amounts(read((START, reading(whole))), START)[0] == ("Platform", "5250.00 EUR")

    def test_takes_work_that_is_done_once_out_of_that_sum(self) -> None:
        lines = (*LINES, line("Onboarding Services", "2", "1500.00"))
        found = amounts(read((START, reading(lines=lines))), date(2026, 4, 1))
        assert found.count(("Onboarding Services", "3000.00 EUR")) == 1

    def test_believes_the_total_of_a_line_before_its_units(self) -> None:
        lines = (line(total=eur("36000.00")), line("Support", "1", "12000.00"))
        assert amounts(read((START, reading(lines=lines))), START)[0] == ("Platform", "9000.00 EUR")

    def test_billed_all_at_once_has_one_period(self) -> None:
        found = read((START, reading({**SAID, TermField.BILLING_FREQUENCY: "upfront"})))
        assert amounts(found, START)[0] == ("Platform", "84000.00 EUR")

    def test_rises_where_its_papers_say_by_how_much(self) -> None:
        found = read((START, reading({**SAID, TermField.ESCALATION_PERCENT: "5", TermField.ESCALATION_NOTICE: "P60D"})))
        assert dict(amounts(found, date(2027, 1, 1))[-2:])["Platform"] == "11025.00 EUR"
        assert "notice of each price rise was given" in found.assumptions

    def test_of_a_vendor_does_not_rise_without_a_notice_that_somebody_noted(self) -> None:
        said = reading({**SAID, TermField.ESCALATION_PERCENT: "5", TermField.ESCALATION_NOTICE: "P60D"})
        found = read((START, said), direction=Direction.PAYABLE)
        assert dict(amounts(found, date(2027, 1, 1))[-2:])["Platform"] == "10500.00 EUR"

    def test_takes_a_rise_up_to_its_cap_as_it_is_billed(self) -> None:
        found = read((START, reading({**SAID, TermField.ESCALATION_CAP: "7"})), direction=Direction.PAYABLE)
        assert "a rise of up to 7 % is taken as it is billed" in found.assumptions
        assert found.contract is not None
        assert found.contract.agreement.escalation is not None
        assert found.contract.agreement.escalation.citation == HERE
        assert billed(found.contract, "4.5") == []
        assert billed(found.contract, "0") == []
        assert billed(found.contract, "7") == []
        assert billed(found.contract, "7.2") == [("UPLIFT-CAP", "11235.00 EUR", "11256.00 EUR")]

    @pytest.mark.parametrize(
        ("quote", "days"),
        [
            ("Price changes on extension are limited to 5.5% of the yearly amount.", [date(2028, 1, 1)]),
            ("Fees may rise by up to 5.5% on each anniversary or renewal.", [date(2027, 1, 1), date(2028, 1, 1)]),
        ],
    )
    def test_takes_a_rise_on_renewal_when_the_term_turns(self, quote: str, days: list[date]) -> None:
        cited = replace(HERE, quote=quote)
        said = reading({**SAID, TermField.ESCALATION_CAP: "5.5"})
        terms = [replace(one, citation=cited) if one.field is TermField.ESCALATION_CAP else one for one in said.terms]
        found = read((START, replace(said, terms=tuple(terms))))
        assert found.contract is not None
        assert found.contract.agreement.escalation is not None
        assert list(rise_days(found.contract.agreement.escalation, through=date(2028, 6, 1))) == days

    def test_takes_a_rise_by_an_index_without_values_up_to_its_cap_too(self) -> None:
        said = {**SAID, TermField.ESCALATION_CAP: "7", TermField.ESCALATION_INDEX: "CPI-U"}
        found = read((START, reading(said)), direction=Direction.PAYABLE)
        assert any("the values of CPI-U are in no contract file" in one for one in found.assumptions)
        assert found.contract is not None
        assert [code for code, _, _ in billed(found.contract, "9")] == ["UPLIFT-CAP"]
        assert billed(found.contract, "3") == []
        without = read((START, reading({**SAID, TermField.ESCALATION_INDEX: "CPI-U"})))
        assert without.contract is not None
        assert without.contract.agreement.escalation is None

    def test_has_the_price_of_an_amendment_from_its_day_on(self) -> None:
        cheaper = reading({**SAID, TermField.ANNUAL_VALUE: "46000.00 EUR"}, (line(price="500.00"), LINES[1]))
        found = read((START, reading()), (date(2026, 7, 1), cheaper))
        platform = [amount for product, amount in amounts(found, date(2026, 7, 1)) if product == "Platform"]
        assert platform == ["10500.00 EUR", "10500.00 EUR", "10000.00 EUR"]

    def test_that_changes_something_else_keeps_its_price(self) -> None:
        found = read((START, reading()), (date(2026, 7, 1), reading({**SAID, TermField.PAYMENT_DAYS: "45"})))
        assert found.contract is not None
        assert [(one.product, one.first, one.last) for one in found.contract.agreement.prices] == [
            ("Platform", START, None), ("Support", START, None),
        ]  # fmt: skip

    def test_with_a_minimum_expects_to_see_it_filled(self) -> None:
        said = {**SAID, TermField.MINIMUM_COMMITMENT: "60000.00 EUR", TermField.MINIMUM_PERIOD: "annually"}
        found = read((START, reading(said)))
        assert found.contract is not None
        (one,) = found.contract.agreement.commitments
        assert (one.minimum, one.every) == (eur("60000.00"), Period.parse("P1Y"))

    def test_with_tiers_prices_all_units_by_the_band_they_reach(self) -> None:
        tiers = (Tier(D(1), D(100), eur("10.00")), Tier(D(101), None, eur("8.00")))
        calls = Line("Calls", None, None, None, HERE, tiers=tiers)
        found = read((START, reading(lines=(*LINES, calls))))
        assert found.contract is not None
        assert found.contract.agreement.prices[-1].tariff.model is Model.VOLUME


class TestWhatIsMissing:
    @pytest.mark.parametrize(
        ("name", "why"),
        [
            (TermField.BILLING_FREQUENCY, "no billing frequency"),
            (TermField.EFFECTIVE_DATE, "no day on which the contract begins"),
            (TermField.ANNUAL_VALUE, "nothing says for what time its price is"),
        ],
    )
    def test_is_named_and_nothing_is_checked(self, name: TermField, why: str) -> None:
        found = read((START, reading({key: value for key, value in SAID.items() if key is not name})))
        assert found.contract is None
        assert found.number == "SO-77"
        assert any(why in one for one in found.missing)

    def test_may_be_the_prices_themselves(self) -> None:
        assert "no prices" in read((START, reading(lines=()))).missing

    def test_may_be_a_currency_of_its_own(self) -> None:
        odd = (LINES[0], replace(LINES[1], unit_price=Money(D(6000), "USD"), total=Money(D(6000), "USD"), unit="year"))
        assert read(
            (START, reading(lines=(replace(odd[0], unit="per year"), replace(odd[1], unit="per year"))))
        ).missing
