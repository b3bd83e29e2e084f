"""Stripe's integers as money."""

from __future__ import annotations

from decimal import Decimal

from domain.money import Money

# https://docs.stripe.com/currencies#zero-decimal
_WHOLE = frozenset({
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
})  # fmt: skip
# https://docs.stripe.com/currencies#three-decimal
_THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def places(currency: str) -> int:
    """Return how many decimal places Stripe's integers hold.

    This is not ISO 4217: ISK and UGX still come with two places that are always zero, MGA with
    none (https://docs.stripe.com/currencies#special-cases).
    """
    return 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2


def money(minor: int, currency: str) -> Money:
    """Return an amount of minor units as money."""
    return Money(Decimal(minor).scaleb(-places(currency)), currency)


def price(minor: Decimal | None, currency: str) -> Decimal | None:
    """Return a unit price, which may be finer than the minor unit, in major units."""
    return None if minor is None else minor.scaleb(-places(currency))
