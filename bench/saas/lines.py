"""The purchased lines that a perfect reader finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bench.saas.deal import Deal, Item
from domain.money import Money
from domain.terms import Tier


@dataclass(frozen=True, slots=True)
class GoldLine:
    """Hold one purchased line as it should be read."""

    product: str
    unit_price: Money | None
    unit: str
    quantity: int | None
    starts: date | None
    ends: date | None
    tiers: tuple[Tier, ...]


def gold_lines(deal: Deal) -> list[GoldLine]:
    """Return the purchased lines as a careful buyer would list them."""
    return [_line(item, deal.currency) for item in deal.items]


def _line(item: Item, currency: str) -> GoldLine:
    price = Money(item.price, currency) if item.price is not None else None
    return GoldLine(item.product, price, item.unit, item.quantity, item.starts, item.ends, item.tiers)
