"""Discounts: on the list price or on what is left of it, in the order that the contract states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from domain.money import Money
from domain.pricing.tariffs import shown
from domain.terms import Citation


class Basis(StrEnum):
    """Name what a percentage is taken of: the list price, or the price after earlier discounts."""

    LIST = "list"
    NET = "net"


@dataclass(frozen=True, slots=True)
class Discount:
    """Hold one discount, either percent or an amount off a whole billing period.

    `order` says which comes first; those of one number may come in any order, and are refused where
    that would matter. A promotion has its `first` and `last` day; `products` empty means all.
    """

    percent: Decimal | None = None
    amount: Money | None = None
    basis: Basis = Basis.NET
    order: int = 0
    first: date | None = None
    last: date | None = None
    products: tuple[str, ...] = ()
    citation: Citation | None = None

    def __post_init__(self) -> None:
        if (self.percent is None) == (self.amount is None):
            raise ValueError("a discount is either a percentage or an amount")
        if self.percent is not None and not 0 <= self.percent <= 100:
            message = f"a discount is 0 to 100 percent, got {self.percent}"
            raise ValueError(message)
        if self.amount is not None and self.amount.amount < 0:
            message = f"a discount is no surcharge, got {self.amount}"
            raise ValueError(message)

    @classmethod
    def parse(cls, text: str, citation: Citation | None = None) -> Discount:
        """Read a term such as `10 %` or `500.00 USD`. Raises `ValueError`."""
        number, _, unit = text.strip().partition(" ")
        if unit != "%":
            return cls(amount=Money.parse(text.strip()), citation=citation)
        try:
            return cls(percent=Decimal(number), citation=citation)
        except InvalidOperation as error:
            message = f"not a discount: {text!r}"
            raise ValueError(message) from error

    def covers(self, product: str, day: date) -> bool:
        """Tell whether it holds for a product on a day of service."""
        begun = self.first is None or self.first <= day
        running = self.last is None or day <= self.last
        return begun and running and (not self.products or product in self.products)

    @property
    def subtracts(self) -> bool:
        """Tell whether it takes off the same whatever was taken off before."""
        return self.amount is not None or self.basis is Basis.LIST


@dataclass(frozen=True, slots=True)
class Discounted:
    """Hold what is left, never less than nothing, and each step that led there."""

    amount: Fraction
    steps: tuple[str, ...] = ()


def discounted(
    price: Fraction, discounts: Iterable[Discount], currency: str, *, portion: Fraction = Fraction(1)
) -> Discounted:
    """Take the discounts off an exact price; amounts count for `portion` of their period.

    Raises `ValueError` for another currency, and where an order matters that nobody stated.
    """
    left, steps = price, list[str]()
    for discount in stacked(discounts):
        off = _off(price, left, discount, currency, portion)
        left, steps = left - off if left > off else Fraction(0), [*steps, _step(discount, portion)]
    return Discounted(left, tuple(steps))


def stacked(discounts: Iterable[Discount]) -> tuple[Discount, ...]:
    """Return the discounts in their order. Raises `ValueError` where an order matters that nobody stated."""
    ordered = sorted(discounts, key=lambda one: one.order)
    if len(ordered) < 2:
        return tuple(ordered)
    for order, group in groupby(ordered, key=lambda one: one.order):
        same = list(group)
        if len({one.subtracts for one in same}) > 1:
            message = f"{len(same)} discounts of order {order} give different results in different order; number them"
            raise ValueError(message)
    return tuple(ordered)


def per_unit(discounts: Sequence[Discount]) -> tuple[tuple[Discount, ...], tuple[Discount, ...]]:
    """Separate the percentages, which change a unit's price, from the amounts off the line after them.

    Raises `ValueError` where a percentage comes after an amount: then a unit has no price of its own.
    """
    ordered = stacked(discounts)
    count = next((index for index, one in enumerate(ordered) if one.amount is not None), len(ordered))
    if any(one.percent is not None for one in ordered[count:]):
        raise ValueError("a percentage after an amount has no price per unit that could be rounded")
    return ordered[:count], ordered[count:]


def _off(price: Fraction, left: Fraction, discount: Discount, currency: str, portion: Fraction) -> Fraction:
    if discount.amount is None:
        base = price if discount.basis is Basis.LIST else left
        percent, one = (discount.percent or Decimal(0)).as_integer_ratio()
        return Fraction(base.numerator * percent, base.denominator * one * 100)
    if discount.amount.currency != currency:
        message = f"currencies never mix: a discount in {discount.amount.currency} on a price in {currency}"
        raise ValueError(message)
    return Fraction(discount.amount.amount) * portion


def _step(discount: Discount, portion: Fraction) -> str:
    if discount.amount is None:
        return f"− {discount.percent} % of {discount.basis}"
    return f"− {shown(discount.amount.amount)}" + ("" if portion == 1 else f" × {portion}")
