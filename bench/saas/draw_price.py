"""Draw what is bought, and at which prices."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from bench.saas.catalogue import ADDONS, METERS, ONCE, PRODUCTS
from bench.saas.deal import Item
from domain.money import Money
from domain.periods import Period, Unit, add
from domain.terms import Tier

_CENTS = Decimal("0.01")
_SMALLEST = Decimal("0.0001")


def items(rng: random.Random, effective: date, initial: Period, currency: str) -> tuple[Item, ...]:
    """Return one main line, and now and then an add-on or a fee that is paid once."""
    product = rng.choice(PRODUCTS)
    main = rng.choices((_seats, _flat, _tiers, _ramp), (42, 26, 18, 14))[0]
    bought = [main(rng, product, effective, initial, currency)]
    if rng.random() < 0.45:
        bought.append([_seats, _flat][rng.random() < 0.6](rng, rng.choice(ADDONS), effective, initial, currency))
    if rng.random() < 0.3:
        bought.append([Item("once", rng.choice(ONCE), "", Decimal(rng.randrange(1000, 20000, 250)), 1)])
    return tuple(item for group in bought for item in group)


def billed_total(bought: tuple[Item, ...], initial: Period) -> Decimal | None:
    """Return the fees of the initial term; `None` where they depend on use."""
    if any(item.kind == "tiers" for item in bought):
        return None
    return sum((_share(item, initial) for item in bought), Decimal(0)).quantize(_CENTS)


def _share(item: Item, initial: Period) -> Decimal:
    price = (item.price or Decimal(0)) * (item.quantity or 1)
    if item.kind in {"ramp", "once"}:
        return price
    months = initial.months or 12
    return price * months if item.unit.endswith("month") else price * months / 12


def _seats(rng: random.Random, product: str, _: date, __: Period, ___: str) -> list[Item]:
    unit, per = rng.choices((("user per month", 1), ("user per year", 12)), (70, 30))[0]
    price = Decimal(rng.choice((9, 12, 15, 18, 25, 32, 40, 65, 80, 120))) * per
    price += Decimal(rng.choice(("0", "0", "0.5", "0.75", "0.99")))
    return [Item("seats", product, unit, price, rng.choice((10, 15, 25, 40, 50, 75, 120, 150, 250, 400, 1200)))]


def _flat(rng: random.Random, product: str, _: date, initial: Period, __: str) -> list[Item]:
    unit = "month" if rng.random() < 0.4 or (initial.months or 12) % 12 else "year"
    price = Decimal(rng.randrange(400, 9000, 50)) * (1 if unit == "month" else 10)
    return [Item("flat", product, unit, price + Decimal(rng.choice(("0", "0", "0", "0.5"))), 1)]


def _tiers(rng: random.Random, product: str, _: date, __: Period, currency: str) -> list[Item]:
    meter, base, edges = rng.choice(METERS)
    lasts: list[int | None] = [*edges[: rng.choice((2, 3))], None]
    price, first, tiers = base * rng.choice((1, 2, 3)), 1, []
    for last in lasts:
        tiers.append(Tier(Decimal(first), None if last is None else Decimal(last), Money(price, currency)))
        price, first = (price * Decimal(rng.choice(("0.8", "0.75", "0.9")))).quantize(_grain(base)), (last or 0) + 1
    return [Item("tiers", product, meter, None, tiers=tuple(tiers))]


def _grain(base: Decimal) -> Decimal:
    return _SMALLEST if base < 1 else _CENTS


def _ramp(rng: random.Random, product: str, effective: date, initial: Period, currency: str) -> list[Item]:
    years = (initial.months or 0) // 12
    if years < 2 or (initial.months or 0) % 12:
        return _seats(rng, product, effective, initial, currency)
    price, made = Decimal(rng.randrange(10000, 90000, 500)), []
    for year in range(years):
        starts = add(effective, Period(year, Unit.YEAR))
        ends = add(effective, Period(year + 1, Unit.YEAR)) - timedelta(days=1)
        made.append(Item("ramp", product, "year", price, None, starts, ends))
        price = (price * Decimal(rng.choice(("1.1", "1.2", "1.25", "1.05")))).quantize(Decimal(1))
    return made
