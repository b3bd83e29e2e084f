"""Quantities are priced by the model that the contract names, and its bands include their upper bound."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Money
from domain.pricing.tariffs import Band, Model, Tariff, bands_of, charge, repriced, shown
from domain.terms import Tier
from tests.conftest import shared

D = Decimal
STEPS = (Band(D(100), D(10)), Band(D(500), D(8)), Band(None, D(6)))
GRADUATED, VOLUME = Tariff(Model.GRADUATED, bands=STEPS), Tariff(Model.VOLUME, bands=STEPS)
quantities = st.decimals(0, 10_000, places=2)
prices = st.decimals(0, 1000, places=4)


@st.composite
def bands(draw: st.DrawFn) -> tuple[Band, ...]:
    ends = sorted(draw(st.sets(st.integers(1, 9_000), max_size=5)))
    flats = st.decimals(0, 100, places=2)
    return tuple(Band(end, draw(prices), draw(flats)) for end in [*map(D, ends), None])


def facts() -> Any:
    return json.loads(shared("data/vectors/pricing_facts.json").read_text())


def lago(rows: list[list[Any]]) -> tuple[Band, ...]:
    return tuple(Band(None if upto is None else D(upto), D(price), D(flat)) for _, upto, price, flat in rows)


def documented(rows: list[list[Any]]) -> tuple[Band, ...]:
    return tuple(Band(None if upto is None else D(upto), *(D(one) for one in rest)) for upto, *rest in rows)


class TestPublishedPrices:
    @pytest.mark.parametrize(("name", "model"), [("lago_graduated", Model.GRADUATED), ("lago_volume", Model.VOLUME)])
    def test_of_lago_come_out(self, name: str, model: Model) -> None:
        vectors = facts()[name]
        tariff = Tariff(model, bands=lago(vectors["tiers"]))
        for quantity, amount in vectors["vectors"]:
            assert charge(tariff, D(quantity)).amount == Fraction(amount)

    def test_of_vendors_documents_come_out(self) -> None:
        for vector in facts()["volume_docs"]:
            found = charge(Tariff(Model.VOLUME, bands=documented(vector["tiers"])), D(vector["qty"]))
            assert found.amount == Fraction(vector["expected"])
        for vector in facts()["graduated_docs"]:
            tiers, quantity = documented(vector["tiers"]), D(vector["qty"])
            graduated = vector.get("graduated", vector.get("expected"))
            assert charge(Tariff(Model.GRADUATED, bands=tiers), quantity).amount == Fraction(graduated)
            if "volume" in vector:
                assert charge(Tariff(Model.VOLUME, bands=tiers), quantity).amount == Fraction(vector["volume"])


class TestTiers:
    @pytest.mark.parametrize(
        ("quantity", "graduated", "volume"),
        [(0, 0, 0), (100, 1000, 1000), (101, 1008, 808), (500, 4200, 4000), (501, 4206, 3006), (600, 4800, 3600)],
    )
    def test_cost_by_each_unit_or_by_the_total(self, quantity: int, graduated: int, volume: int) -> None:
        assert charge(GRADUATED, D(quantity)).amount == graduated
        assert charge(VOLUME, D(quantity)).amount == volume

    def test_of_volume_may_cost_less_for_more(self) -> None:
        assert charge(VOLUME, D(101)).amount < charge(VOLUME, D(100)).amount

    def test_show_their_arithmetic(self) -> None:
        assert charge(GRADUATED, D(600)).formula == "100 × 10 + 400 × 8 + 100 × 6"
        assert charge(VOLUME, D(600)).formula == "600 × 6 (volume price at 600)"

    @given(bands(), quantities, quantities)
    def test_graduated_never_cost_less_for_more(self, steps: tuple[Band, ...], one: Decimal, two: Decimal) -> None:
        tariff = Tariff(Model.GRADUATED, bands=steps)
        low, high = sorted((one, two))
        assert charge(tariff, low).amount <= charge(tariff, high).amount

    @given(bands(), st.lists(st.decimals(D("0.01"), 2000, places=2), min_size=1, max_size=5))
    def test_charged_in_parts_cost_what_the_whole_costs(self, steps: tuple[Band, ...], parts: list[Decimal]) -> None:
        total, before = sum(parts, D(0)), D(0)
        for model in (Model.GRADUATED, Model.VOLUME):
            tariff, amount, before = Tariff(model, bands=steps), Fraction(0), D(0)
            for part in parts:
                amount += charge(tariff, part, before=before, total=total).amount
                before += part
            assert amount == charge(tariff, total).amount

    @given(bands(), quantities)
    def test_repriced_by_one_stay_as_they_are(self, steps: tuple[Band, ...], quantity: Decimal) -> None:
        tariff = Tariff(Model.GRADUATED, bands=steps)
        assert charge(repriced(tariff, lambda price: price), quantity) == charge(tariff, quantity)

    def test_that_end_have_no_price_above(self) -> None:
        for model in (Model.GRADUATED, Model.VOLUME):
            tariff = Tariff(model, bands=STEPS[:2])
            assert charge(tariff, D(500)).amount
            with pytest.raises(ValueError, match="no price for 501"):
                charge(tariff, D(501))

    @pytest.mark.parametrize("steps", [(STEPS[1], STEPS[0]), (STEPS[2], STEPS[0]), (STEPS[0], STEPS[0]), ()])
    def test_out_of_order_or_missing_are_refused(self, steps: tuple[Band, ...]) -> None:
        with pytest.raises(ValueError, match="bands"):
            Tariff(Model.GRADUATED, bands=steps)

    def test_of_the_paper_join_up(self) -> None:
        one, two = Tier(D(1), D(100), Money(D(10), "USD")), Tier(D(101), None, Money(D(8), "USD"))
        assert bands_of([one, two]) == (Band(D(100), D(10)), Band(None, D(8)))
        with pytest.raises(ValueError, match="join up"):
            bands_of([one, Tier(D(111), None, Money(D(8), "USD"))])
        with pytest.raises(ValueError, match="currency"):
            bands_of([one, Tier(D(101), None, Money(D(8), "EUR"))])


class TestOtherModels:
    def test_charge_each_package_begun(self) -> None:
        tariff = Tariff(Model.PACKAGE, D(5), package=D(100))
        amounts = [charge(tariff, D(text)).amount for text in ("0", "1", "100", "100.5", "201")]
        assert amounts == [0, 5, 5, 10, 15]
        assert charge(tariff, D(60), before=D(60)).amount == 5

    def test_charge_a_percentage_of_money(self) -> None:
        assert charge(Tariff(Model.PERCENTAGE, D("2.9")), D("1234.56")).amount == Fraction("35.80224")

    def test_charge_a_flat_amount_once_a_period_whatever_the_quantity(self) -> None:
        tariff = Tariff(Model.FLAT, D(50))
        assert charge(tariff, D(7)).amount == 50
        assert charge(tariff, D(7), before=D(1)).amount == 0

    @pytest.mark.parametrize("model", list(Model))
    def test_refuse_less_than_nothing(self, model: Model) -> None:
        tariff = Tariff(model, bands=STEPS if model in {Model.GRADUATED, Model.VOLUME} else ())
        with pytest.raises(ValueError, match="at least zero"):
            charge(tariff, D(-1))

    def test_refuse_packages_of_no_size_and_bands_where_none_belong(self) -> None:
        with pytest.raises(ValueError, match="more than nothing"):
            Tariff(Model.PACKAGE, D(1), package=D(0))
        with pytest.raises(ValueError, match="no bands"):
            Tariff(Model.FLAT, D(1), bands=STEPS)

    def test_write_prices_as_decimals_where_they_are_some(self) -> None:
        assert [shown(one) for one in (D("10.50"), Fraction(1, 8), Fraction(1, 3))] == ["10.5", "0.125", "0.333333…"]

    def test_of_rising_quantities_rise_per_unit_and_by_package(self) -> None:
        for tariff in (Tariff(Model.PER_UNIT, D(3)), Tariff(Model.PACKAGE, D(3), package=D(10))):
            amounts = [charge(tariff, D(count)).amount for count in range(50)]
            assert all(low <= high for low, high in pairwise(amounts))
