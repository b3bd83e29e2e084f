"""Rate cards as companies sign them: seats, fees, steps, packages, percentages, ramps and amendments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from domain.currencies import digits_of
from domain.minor_units import Rounding, rounded
from domain.periods import Period, Unit
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Band, Model, Tariff
from domain.terms import Citation

CURRENCIES: dict[str, Fraction] = {
    "EUR": Fraction(1), "USD": Fraction(1), "JPY": Fraction(150), "KWD": Fraction(1, 3), "HUF": Fraction(400),
}  # fmt: skip
_RUNNING = ("Platform fee", "User seats", "Storage steps", "Device licences")
_METERED = ("API calls", "Messages", "Transactions", "Batches")
SETUP = "Setup"
_DAY = timedelta(days=1)


def clause(page: int, quote: str) -> Citation:
    """Return a citation of the drawn paper."""
    return Citation("0" * 64, page, 0, len(quote), quote)


def cost(chance: Random, currency: str, low: int, high: int, *, finer: int = 0) -> Decimal:
    """Draw a price between two numbers of euros, in the currency's decimals and `finer` ones more."""
    digits = digits_of(currency) + finer
    euros = Fraction(chance.randint(low * 10_000, high * 10_000), 10_000)
    return max(rounded(euros * CURRENCIES[currency], digits, Rounding.HALF_UP), Decimal(1).scaleb(-digits))


def rate_card(chance: Random, currency: str, every: Period, first: date, last: date) -> tuple[PriceLine, ...]:
    """Draw two to four products, some of them with a price that changes within the term."""
    lines: list[PriceLine] = []
    for product in chance.sample(_RUNNING, chance.randint(1, 2)):
        lines += _changing(chance, _running(chance, product, currency, every, first), last)
    for product in chance.sample(_METERED, chance.choice((0, 1, 1))):
        lines += _changing(chance, _metered(chance, product, currency, first), last)
    if chance.random() < 0.5:
        fee = Tariff(Model.FLAT, cost(chance, currency, 300, 3000))
        lines.append(PriceLine(SETUP, fee, currency, first, rises=False, citation=clause(4, "a one-time fee")))
    return tuple(lines)


def _running(chance: Random, product: str, currency: str, every: Period, first: date) -> PriceLine:
    per = every if every.months is None or chance.random() < 0.5 else Period(1, Unit.MONTH)
    base = PriceLine(product, Tariff(Model.FLAT), currency, first, per=per, citation=clause(3, f"fees for {product}"))
    match product:
        case "Platform fee":
            return replace(base, tariff=Tariff(Model.FLAT, cost(chance, currency, 200, 5000)))
        case "Storage steps":
            return replace(base, tariff=_steps(chance, currency, 12), quantity=Decimal(chance.randint(60, 900)))
        case _:
            price = cost(chance, currency, 8, 60, finer=chance.choice((0, 0, 1)))
            return replace(base, tariff=Tariff(Model.PER_UNIT, price), quantity=Decimal(chance.randint(7, 180)))


def _metered(chance: Random, product: str, currency: str, first: date) -> PriceLine:
    base = PriceLine(product, Tariff(Model.FLAT), currency, first, citation=clause(5, f"usage of {product}"))
    match product:
        case "API calls":
            return replace(base, tariff=Tariff(Model.PER_UNIT, cost(chance, currency, 1, 3, finer=2)))
        case "Messages":
            return replace(base, tariff=_steps(chance, currency, 6))
        case "Transactions":
            return replace(base, tariff=Tariff(Model.PERCENTAGE, Decimal(chance.randint(4, 29)) / 10))
        case _:
            size = Decimal(chance.choice((10, 25)))
            return replace(base, tariff=Tariff(Model.PACKAGE, cost(chance, currency, 20, 90), package=size))


def _steps(chance: Random, currency: str, top: int) -> Tariff:
    model = chance.choice((Model.GRADUATED, Model.VOLUME))
    price = cost(chance, currency, top // 2, top, finer=1)
    digits = digits_of(currency) + 1
    prices = [rounded(Fraction(price) * share / 100, digits, Rounding.HALF_UP) for share in (100, 83, 61)]
    bands = (Band(Decimal(100), prices[0]), Band(Decimal(500), prices[1]), Band(None, prices[2]))
    return Tariff(model, bands=bands)


def _changing(chance: Random, line: PriceLine, last: date) -> list[PriceLine]:
    """Return the line, or the line and what an amendment or a ramp made of it later in the term."""
    kind = chance.choice(("same", "same", "amendment", "ramp"))
    day = line.first + (last - line.first) * chance.randint(25, 60) // 100
    if chance.random() < 0.6:
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    if kind == "amendment" and line.tariff.model in {Model.FLAT, Model.PER_UNIT}:
        digits = digits_of(line.currency) + 2
        price = rounded(Fraction(line.tariff.price) * chance.randint(108, 131) / 100, digits, Rounding.HALF_UP)
        return [replace(line, last=day - _DAY), replace(line, first=day, tariff=replace(line.tariff, price=price))]
    if kind == "ramp" and line.quantity is not None:
        return [line, replace(line, first=day, quantity=line.quantity + chance.randint(5, 60))]
    return [line]
