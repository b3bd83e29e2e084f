"""What is priced in bulk without words is exactly what is priced with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.minor_units import Rounding, rounded
from domain.money import Money
from domain.periods import Period
from domain.pricing.agreement import Agreement, ExpectedKind, RoundedPer, RoundingPolicy
from domain.pricing.billing_periods import Schedule, billing_periods
from domain.pricing.discounts import Basis, Discount
from domain.pricing.escalation import Escalation
from domain.pricing.line_amounts import Metered, fixed, fixed_amount, metered, usage_curve
from domain.pricing.parts import parts
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Band, Model, Tariff, charge, shown

START, MONTH = date(2025, 1, 1), Period.parse("P1M")
DAY = date(2027, 1, 1)
PRICES = st.decimals(0, 1000, places=4)
COUNTS = st.decimals(0, 900, places=3)
MODES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN, Rounding.DOWN: ROUND_DOWN}
STEPS = (Decimal(10), Decimal("99.5"), None)

TARIFFS = st.one_of(
    PRICES.map(lambda price: Tariff(Model.PER_UNIT, price)),
    PRICES.map(lambda price: Tariff(Model.FLAT, price)),
    PRICES.map(lambda price: Tariff(Model.PACKAGE, price, package=Decimal(25))),
    st.builds(
        lambda model, prices: Tariff(
            model, bands=tuple(Band(upto, one, flat) for upto, (one, flat) in zip(STEPS, prices, strict=True))
        ),
        st.sampled_from([Model.GRADUATED, Model.VOLUME]),
        st.lists(st.tuples(PRICES, PRICES), min_size=3, max_size=3),
    ),
)
DISCOUNTS = st.sampled_from(
    [
        (),
        (Discount(percent=Decimal("12.5"), basis=Basis.LIST),),
        (Discount(percent=Decimal(8)), Discount(amount=Money(Decimal("3.33"), "EUR"), order=2)),
    ]
)
RISES = st.sampled_from([None, Escalation(START, percent=Decimal("2.7"))])


def agreement(
    tariff: Tariff, quantity: Decimal | None, off: tuple[Discount, ...], rise: Escalation | None
) -> Agreement:
    line = PriceLine("Seats", tariff, "EUR", START, None, quantity, MONTH if quantity is not None else None)
    return Agreement("EUR", START, None, (line,), Schedule(MONTH, anchor_day=15), discounts=off, escalation=rise)


class TestAmountsWithoutWords:
    @given(TARIFFS, COUNTS, DISCOUNTS, RISES, st.booleans())
    def test_are_those_with_words(
        self, tariff: Tariff, units: Decimal, off: tuple[Discount, ...], rise: Escalation | None, per_unit: bool
    ) -> None:
        agreed = agreement(tariff, units, off, rise)
        if per_unit:
            agreed = replace(agreed, rounding=RoundingPolicy(per=RoundedPer.UNIT))
        for period in billing_periods(agreed.schedule, START, None, through=date(2026, 2, 1)):
            for part in parts(agreed, "Seats", period):
                told = fixed(agreed, ExpectedKind.RECURRING, part, known_at=DAY).exact
                assert fixed_amount(agreed, part, known_at=DAY) == told

    @given(TARIFFS, st.lists(COUNTS, min_size=1, max_size=4), DISCOUNTS, RISES)
    def test_of_any_usage_are_those_with_words(
        self, tariff: Tariff, units: list[Decimal], off: tuple[Discount, ...], rise: Escalation | None
    ) -> None:
        agreed = agreement(tariff, None, off, rise)
        [period, *_] = billing_periods(agreed.schedule, START, None, through=date(2026, 2, 1))
        for part in parts(agreed, "Seats", period):
            curve = usage_curve(agreed, part, known_at=DAY)
            for count in units:
                used = Metered(count, Decimal(0), count)
                assert curve(count) == metered(agreed, part, used, known_at=DAY).exact


class TestSteps:
    @given(PRICES, PRICES, PRICES, st.integers(0, 300), st.integers(0, 300))
    def test_charge_the_same_at_once_and_in_two_parts(
        self, one: Decimal, other: Decimal, flat: Decimal, first: int, second: int
    ) -> None:
        tariff = Tariff(Model.GRADUATED, bands=(Band(Decimal(100), one), Band(None, other, flat)))
        before = charge(tariff, Decimal(first)).amount
        after = charge(tariff, Decimal(second), before=Decimal(first)).amount
        assert before + after == charge(tariff, Decimal(first + second)).amount
        total = first + second
        by_hand = Fraction(one) * min(total, 100) + Fraction(other) * max(total - 100, 0)
        assert before + after == by_hand + (Fraction(flat) if total > 100 else 0)


class TestWrittenNumbers:
    @given(st.decimals(-(10**12), 10**12, places=5), st.sampled_from(Rounding), st.integers(0, 4))
    def test_round_like_decimals_do(self, value: Decimal, mode: Rounding, digits: int) -> None:
        found = rounded(Fraction(value), digits, mode)
        assert found == value.quantize(Decimal(1).scaleb(-digits), MODES[mode], Context(prec=60))
        assert found.as_tuple().exponent == -digits

    @given(st.decimals(0, 10**9, places=6))
    def test_show_every_digit_of_a_decimal_and_no_more(self, value: Decimal) -> None:
        text = shown(value)
        assert Decimal(text) == value
        assert "." not in text or not text.endswith("0")

    def test_end_in_dots_where_no_decimal_is_exact(self) -> None:
        assert shown(Fraction(2, 3)) == "0.666666…"
