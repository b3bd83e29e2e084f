"""What a contract leads to, line by line: exact, explained, and never a float."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.minor_units import Rounding
from domain.money import Money
from domain.periods import Period
from domain.pricing.agreement import Agreement, Expected, ExpectedKind, RoundedPer, RoundingPolicy, Usage
from domain.pricing.billing_periods import Schedule, Span, Timing
from domain.pricing.commitments import Commitment, true_up
from domain.pricing.discounts import Discount
from domain.pricing.escalation import Escalation
from domain.pricing.expected import expected_in, expected_lines, unpriced
from domain.pricing.proration import Convention
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Band, Model, Tariff
from domain.terms import Citation

D = Decimal
MONTH, YEAR, QUARTER = (Period.parse(text) for text in ("P1M", "P1Y", "P3M"))
JANUARY = date(2026, 1, 1)
CLAUSE = Citation("0" * 64, 2, 5, 20, "USD 10 per seat")
LATE = date(2030, 1, 1)


def usd(amount: str) -> Money:
    return Money(D(amount), "USD")


def seats(**changes: Any) -> PriceLine:
    tariff = Tariff(Model.PER_UNIT, D(10))
    return replace(PriceLine("Seats", tariff, "USD", JANUARY, None, D(30), MONTH, citation=CLAUSE), **changes)


def calls(**changes: Any) -> PriceLine:
    bands = (Band(D(100), D(10)), Band(D(500), D(8)), Band(None, D(6)))
    tariff = Tariff(Model.GRADUATED, bands=bands)
    return replace(PriceLine("Calls", tariff, "USD", JANUARY), **changes)


def agreement(*prices: PriceLine, **changes: Any) -> Agreement:
    base = Agreement("USD", JANUARY, date(2026, 12, 31), prices or (seats(),), Schedule(MONTH))
    return replace(base, **changes)


def lines(one: Agreement, usage: tuple[Usage, ...] = (), through: date = date(2026, 12, 31)) -> list[Expected]:
    return list(expected_lines(one, usage, through=through, known_at=LATE))


def amounts(found: list[Expected]) -> list[str]:
    return [str(one.amount) for one in found]


class TestLines:
    def test_come_a_period_each_with_clause_formula_and_numbers(self) -> None:
        found = lines(agreement())
        assert len(found) == 12
        assert set(amounts(found)) == {"300.00 USD"}
        assert (
            found[1].explanation.text()
            == "30 × 10 = 300; half_up per line: 300.00 USD\nquantity: 30\nexact: 300\npage 2: “USD 10 per seat”"
        )

    def test_in_arrears_are_billed_on_the_day_after(self) -> None:
        one = agreement(schedule=Schedule(MONTH, timing=Timing.ARREARS), payment_days=30)
        found = lines(one, through=date(2026, 2, 1))[0]
        assert (found.bill_on, found.due) == (date(2026, 2, 1), date(2026, 3, 3))

    def test_of_a_price_per_year_are_a_twelfth_a_month(self) -> None:
        assert amounts(lines(agreement(seats(per=YEAR, tariff=Tariff(Model.PER_UNIT, D(100))))))[0] == "250.00 USD"

    def test_of_a_price_that_changes_within_a_period_are_two_that_add_up(self) -> None:
        dearer = seats(first=date(2026, 3, 16), tariff=Tariff(Model.PER_UNIT, D(20)))
        march = [
            one for one in lines(agreement(seats(last=date(2026, 3, 15)), dearer)) if one.slot.start == date(2026, 3, 1)
        ]
        assert amounts(march) == ["145.16 USD", "309.68 USD"]
        assert [one.period_last for one in march] == [date(2026, 3, 15), date(2026, 3, 31)]

    def test_of_usage_come_once_its_period_is_over(self) -> None:
        used = (Usage("Calls", date(2026, 1, 10), D(400)), Usage("Calls", date(2026, 1, 20), D(200)))
        (found,) = lines(agreement(calls()), used, through=date(2026, 2, 1))
        assert (found.kind, found.quantity, found.amount) == (ExpectedKind.USAGE, D(600), usd("4800.00"))

    def test_of_a_single_charge_come_once(self) -> None:
        setup = seats(product="Setup", per=None, quantity=D(1), tariff=Tariff(Model.FLAT, D(900)))
        assert [one.kind for one in lines(agreement(setup))] == [ExpectedKind.ONCE]

    def test_of_a_ramp_follow_its_days(self) -> None:
        ramp = (seats(last=date(2026, 6, 30)), seats(first=date(2026, 7, 1), quantity=D(50)))
        assert amounts(lines(agreement(*ramp)))[5:7] == ["300.00 USD", "500.00 USD"]

    def test_rise_from_the_day_of_the_rise(self) -> None:
        one = agreement(escalation=Escalation(JANUARY, percent=D(5), every=QUARTER))
        assert amounts(lines(one))[2:4] == ["300.00 USD", "315.00 USD"]
        assert ("price rise", "2026-04-01: 5 % (5 %)") in lines(one)[3].explanation.numbers

    def test_of_one_slot_are_those_of_all(self) -> None:
        one, used = agreement(seats(), calls()), (Usage("Calls", date(2026, 5, 4), D(101)),)
        every = lines(one, used, through=date(2027, 1, 31))
        may = Span(date(2026, 5, 1), date(2026, 6, 1))
        for product in ("Seats", "Calls"):
            own = [each for each in every if each.product == product and each.slot == may]
            assert list(expected_in(one, product, may, used, known_at=LATE)) == own
        assert expected_in(one, "Seats", Span(date(2026, 5, 2), date(2026, 6, 1)), known_at=LATE) == ()

    def test_never_contain_usage_without_a_price(self) -> None:
        used = (Usage("Calls", date(2027, 1, 4), D(1)), Usage("Faxes", date(2026, 1, 4), D(1)))
        assert unpriced(agreement(calls()), used) == used
        assert lines(agreement(calls()), used) == []


class TestRounding:
    THIRDS = agreement(
        *(seats(product=f"P{n}", quantity=D(1), tariff=Tariff(Model.PER_UNIT, D("0.335"))) for n in range(3))
    )

    def test_per_line_moves_the_sum(self) -> None:
        assert amounts(lines(self.THIRDS))[:3] == ["0.34 USD"] * 3

    def test_per_invoice_shares_the_rounded_sum(self) -> None:
        one = replace(self.THIRDS, rounding=RoundingPolicy(Rounding.HALF_UP, RoundedPer.INVOICE))
        assert amounts(lines(one))[:3] == ["0.34 USD", "0.34 USD", "0.33 USD"]

    def test_per_unit_comes_before_the_quantity(self) -> None:
        line = seats(quantity=D(1000), tariff=Tariff(Model.PER_UNIT, D("0.0135")))
        one = agreement(line, rounding=RoundingPolicy(Rounding.HALF_UP, RoundedPer.UNIT))
        assert amounts(lines(one))[0] == "10.00 USD"
        assert amounts(lines(agreement(line)))[0] == "13.50 USD"

    def test_of_yen_leaves_no_decimals(self) -> None:
        line = seats(currency="JPY", tariff=Tariff(Model.PER_UNIT, D("0.35")), quantity=D(10))
        assert lines(replace(agreement(), currency="JPY", prices=(line,)))[0].amount == Money(D(4), "JPY")


class TestCommitments:
    @pytest.mark.parametrize(("spent", "missing"), [("9000", "3000.00"), ("13000", "0.00")])
    def test_are_filled_up_to_the_minimum(self, spent: str, missing: str) -> None:
        year = Span(JANUARY, date(2027, 1, 1))
        found = true_up(Commitment(usd("12000")), year, [usd(spent)], share=Fraction(1), rounding=Rounding.HALF_UP)
        assert found.shortfall == usd(missing)

    def test_of_a_part_of_a_year_are_a_part_of_the_minimum(self) -> None:
        half = Span(date(2026, 7, 1), date(2027, 1, 1))
        found = true_up(
            Commitment(usd("12000")), half, [usd("4000")], share=Fraction(184, 365), rounding=Rounding.HALF_UP
        )
        assert (found.due, found.shortfall) == (usd("6049.32"), usd("2049.32"))

    def test_come_as_a_line_once_all_that_counts_is_billed(self) -> None:
        one = agreement(calls(), commitments=(Commitment(usd("1000"), QUARTER),), last=date(2026, 3, 31))
        found = lines(one, (Usage("Calls", date(2026, 2, 3), D(50)),))
        assert [(each.kind, str(each.amount), each.bill_on) for each in found][-1] == (
            ExpectedKind.TRUE_UP,
            "500.00 USD",
            date(2026, 4, 1),
        )

    def test_count_only_their_products(self) -> None:
        one = agreement(
            seats(), calls(), commitments=(Commitment(usd("1000"), QUARTER, ("Calls",)),), last=date(2026, 3, 31)
        )
        assert [str(each.amount) for each in lines(one) if each.kind is ExpectedKind.TRUE_UP] == ["1000.00 USD"]


class TestRefusals:
    def test_are_two_currencies_in_one_contract(self) -> None:
        with pytest.raises(ValueError, match="currencies never mix"):
            agreement(seats(), calls(currency="EUR"))

    def test_are_two_prices_from_one_day(self) -> None:
        with pytest.raises(ValueError, match="two prices of Seats"):
            lines(agreement(seats(), seats()))

    def test_are_amounts_beyond_64_bits(self) -> None:
        with pytest.raises(OverflowError):
            lines(agreement(seats(tariff=Tariff(Model.PER_UNIT, D(10) ** 18))))

    def test_are_discounts_whose_order_nobody_stated(self) -> None:
        both = (Discount(percent=D(10)), Discount(amount=usd("5")))
        with pytest.raises(ValueError, match="number them"):
            lines(agreement(discounts=both))


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    change = draw(st.dates(date(2026, 1, 2), date(2026, 12, 30)))
    prices = [Tariff(Model.PER_UNIT, draw(st.decimals(0, 1000, places=3))) for _ in range(2)]
    quantity = D(draw(st.integers(0, 500)))
    ramp = (
        seats(last=date.fromordinal(change.toordinal() - 1), tariff=prices[0], quantity=quantity),
        seats(first=change, tariff=prices[1], quantity=quantity),
    )
    return agreement(
        *ramp, schedule=Schedule(draw(st.sampled_from([MONTH, QUARTER, YEAR])), draw(st.sampled_from([None, 1, 15, 31]))),
        convention=draw(st.sampled_from([Convention.ACTUAL, Convention.ACTUAL_30, Convention.THIRTY_360, Convention.ACTUAL_365, Convention.SECOND])),
        discounts=(Discount(percent=draw(st.decimals(0, 100, places=1))),),
    )  # fmt: skip


class TestProperties:
    @given(agreements())
    def test_no_amount_is_ever_a_float(self, one: Agreement) -> None:
        assert not any(isinstance(part, float) for line in lines(one) for part in walked(line))

    @given(agreements())
    def test_every_day_of_the_term_is_billed_once(self, one: Agreement) -> None:
        days = [
            day
            for line in lines(one, through=date(2027, 12, 31))
            for day in range(line.period_first.toordinal(), line.period_last.toordinal() + 1)
        ]
        assert len(days) == len(set(days))

    @given(
        st.decimals(0, 1000, places=4),
        st.sampled_from([Convention.ACTUAL, Convention.THIRTY_360, Convention.SECOND]),
        st.dates(date(2026, 1, 2), date(2026, 12, 30)),
    )
    def test_the_parts_of_a_period_cost_what_the_period_does(
        self, price: Decimal, convention: Convention, cut: date
    ) -> None:
        tariff = Tariff(Model.PER_UNIT, price)
        parts = (seats(tariff=tariff, last=date.fromordinal(cut.toordinal() - 1)), seats(tariff=tariff, first=cut))
        whole = lines(agreement(seats(tariff=tariff), convention=convention))
        split = lines(agreement(*parts, convention=convention))
        difference = sum(one.amount.amount for one in whole) - sum(one.amount.amount for one in split)
        assert abs(difference) <= D("0.01")


def walked(value: Any) -> list[Any]:
    """Return every part of a result."""
    if is_dataclass(value) and not isinstance(value, type):
        return [part for field in fields(value) for part in walked(getattr(value, field.name))]
    return [part for one in value for part in walked(one)] if isinstance(value, tuple) else [value]
