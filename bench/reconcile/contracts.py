"""Ten thousand made-up contracts with three products each, whose prices change about every third of the way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from domain.findings.contract import BilledContract, Policy
from domain.findings.tolerance import Joined, Tolerance
from domain.invoices import Direction, InvoiceParty
from domain.periods import Period, Unit
from domain.pricing.agreement import Agreement
from domain.pricing.billing_periods import Schedule
from domain.pricing.discounts import Discount
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Band, Model, Tariff

CONTRACTS, PRODUCTS = 10_000, ("Seats", "Storage", "Calls")
START = date(2019, 1, 7)
WEEK = Period(1, Unit.WEEK)
POLICY = Policy(Tolerance(Decimal("0.01"), Decimal("0.1"), Joined.GREATER), drift_lines=6)
GRADUATED, FIXED, DISCOUNTED = 0.25, 0.40, 0.40
_CHANGES = (0, 1, 2, 2, 3, 5)


def contracts(count: int, periods: int, seed: int) -> list[BilledContract]:
    """Draw contracts billed by the week for so many periods."""
    draw = Random(seed)
    return [_contract(number, periods, draw) for number in range(count)]


def _contract(number: int, periods: int, draw: Random) -> BilledContract:
    prices = tuple(line for product in PRODUCTS for line in _prices(product, periods, draw))
    off = tuple(
        Discount(percent=Decimal(draw.randint(10, 350)) / 10, products=(product,))
        for product in PRODUCTS
        if draw.random() < DISCOUNTED
    )
    last = START + timedelta(weeks=periods, days=-1)
    agreement = Agreement("EUR", START, last, prices, Schedule(WEEK), discounts=off)
    vendor = InvoiceParty(f"Vendor {number}", tax_id=f"DE{number:09d}")
    return BilledContract(f"c{number}", f"SO-{number}", Direction.PAYABLE, vendor, agreement)


def _prices(product: str, periods: int, draw: Random) -> list[PriceLine]:
    """Return the versions of a price, each from the first day of a billing period."""
    kind = draw.random()
    changes = sorted(draw.sample(range(1, periods), min(draw.choice(_CHANGES), periods - 1)))
    quantity = Decimal(draw.randint(1, 500)) if kind < FIXED else None
    return [
        PriceLine(product, _tariff(draw, graduated=kind > 1 - GRADUATED), "EUR", START + timedelta(weeks=week), None, quantity, WEEK)
        for week in (0, *changes)
    ]  # fmt: skip


def _tariff(draw: Random, *, graduated: bool) -> Tariff:
    price = Decimal(draw.randint(10_000, 500_000)) / 10_000
    if not graduated:
        return Tariff(Model.PER_UNIT, price)
    ends = (Decimal(draw.randint(10, 100)), Decimal(draw.randint(101, 400)), None)
    return Tariff(Model.GRADUATED, bands=tuple(Band(end, price - Decimal(index) / 4) for index, end in enumerate(ends)))
