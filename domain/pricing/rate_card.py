"""The rate card: which price of a product holds on a day of service, and the words that say so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain.periods import Period, Unit
from domain.pricing.tariffs import Model, Tariff, bands_of
from domain.terms import Citation, Line

_ONE_DAY = timedelta(days=1)
_PER = re.compile(r"\b(?:per|a|each|/)\s*(week|month|quarter|year|annum)\b|/\s*(week|month|quarter|year|annum)\b")
_PERIODS = {
    "week": Period(1, Unit.WEEK), "month": Period(1, Unit.MONTH), "quarter": Period(3, Unit.MONTH),
    "year": Period(1, Unit.YEAR), "annum": Period(1, Unit.YEAR),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PriceLine:
    """Hold one price of one product for days of service from `first` to `last`, both included.

    `quantity` is what the contract fixes, `None` means that usage decides. `per` is the time that the
    price is for: `None` is once, for a fixed quantity, and each billing period anew for usage. Without
    `rises` no escalation touches it.
    """

    product: str
    tariff: Tariff
    currency: str
    first: date
    last: date | None = None
    quantity: Decimal | None = None
    per: Period | None = None
    rises: bool = True
    citation: Citation | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            message = f"the price of {self.product} ends on {self.last}, before it begins on {self.first}"
            raise ValueError(message)
        if self.quantity is not None and self.quantity < 0:
            message = f"{self.product}: a quantity is at least zero, got {self.quantity}"
            raise ValueError(message)

    @property
    def end(self) -> date | None:
        """Return the first day on which the price no longer holds."""
        return None if self.last is None else self.last + _ONE_DAY

    @property
    def by_usage(self) -> bool:
        """Tell whether the quantity comes from what was used."""
        return self.quantity is None and self.tariff.model is not Model.FLAT

    @property
    def once(self) -> bool:
        """Tell whether it is charged a single time."""
        return self.per is None and not self.by_usage

    def holds(self, day: date) -> bool:
        """Tell whether this price holds on a day of service."""
        return self.first <= day and (self.last is None or day <= self.last)


def in_force(lines: Iterable[PriceLine], product: str, day: date) -> PriceLine | None:
    """Return the price of a product on the day of service, never that of the invoice.

    Of two that hold, the one that began later has replaced the other. Raises `ValueError` for two that
    began on the same day.
    """
    held = sorted((line for line in lines if line.product == product and line.holds(day)), key=lambda one: one.first)
    if len(held) > 1 and held[-1].first == held[-2].first:
        message = f"two prices of {product} begin on {held[-1].first}"
        raise ValueError(message)
    return held[-1] if held else None


def changes(lines: Iterable[PriceLine], product: str) -> frozenset[date]:
    """Return the days on which a product's price may become another."""
    own = [line for line in lines if line.product == product]
    return frozenset(line.first for line in own) | frozenset(line.end for line in own if line.end is not None)


def price_line(line: Line, *, first: date, last: date | None, model: Model | None = None) -> PriceLine:
    """Return a line of the paper as a price, for the days of the term where it states none itself.

    Volume steps are read as `VOLUME` unless the contract says `GRADUATED`. Raises `ValueError` for a line
    without a price.
    """
    days = (line.starts or first, line.ends or last)
    if line.tiers:
        tariff, currency = Tariff(model or Model.VOLUME, bands=bands_of(line.tiers)), line.tiers[0].unit_price.currency
    elif line.unit_price is not None:
        tariff, currency = Tariff(model or Model.PER_UNIT, line.unit_price.amount), line.unit_price.currency
    elif line.total is not None:
        tariff, currency = Tariff(Model.FLAT, line.total.amount), line.total.currency
    else:
        message = f"{line.product} has neither a unit price nor a total"
        raise ValueError(message)
    return PriceLine(
        line.product, tariff, currency, *days, line.quantity, price_period(line.unit), citation=line.citation
    )


def price_period(unit: str) -> Period | None:
    """Return the time that a price is for, such as a month for `user per month`; `None` where none is named."""
    found = _PER.search(unit.casefold())
    return _PERIODS[found[1] or found[2]] if found else None
