"""What a quantity costs: flat, per unit, graduated, volume, package, percentage. Exact, and rounded elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from domain.minor_units import Rounding, rounded
from domain.terms import Tier

Price = Decimal | Fraction
_POWERS = tuple(10**places for places in range(13))
_SHOWN = 6


class Model(StrEnum):
    """Name how a quantity becomes an amount.

    `GRADUATED` prices each unit in its own band, `VOLUME` all units in the band that the total
    reaches, `PACKAGE` each package begun, `PERCENTAGE` a percentage of the quantity, itself money.
    """

    FLAT = "flat"
    PER_UNIT = "per_unit"
    GRADUATED = "graduated"
    VOLUME = "volume"
    PACKAGE = "package"
    PERCENTAGE = "percentage"


@dataclass(frozen=True, slots=True)
class Band:
    """Hold the price up to and including `upto` units, `None` for no end; `flat` is due once where the band is reached."""

    upto: Decimal | None
    price: Price
    flat: Price = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tariff:
    """Hold one price; `price` is per unit, per package, in percent, or the flat amount itself.

    Raises `ValueError` for bands out of order or missing, and packages of no size.
    """

    model: Model
    price: Price = Decimal(0)
    bands: tuple[Band, ...] = ()
    package: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        if (self.model in _BANDED) != bool(self.bands):
            message = f"{self.model} prices {'need' if self.model in _BANDED else 'have no'} bands"
            raise ValueError(message)
        if not self.package > 0:
            message = f"a package holds more than nothing, got {self.package}"
            raise ValueError(message)
        for low, high in pairwise(self.bands):
            if low.upto is None or (high.upto is not None and high.upto <= low.upto):
                message = f"bands rise, and only the last is open: {low.upto} before {high.upto}"
                raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Charge:
    """Hold an exact amount and how it follows: `words` between the prices that are written out when somebody asks."""

    amount: Fraction
    words: tuple[str | Price, ...]

    @property
    def formula(self) -> str:
        """Return how the amount follows."""
        return "".join(one if isinstance(one, str) else shown(one) for one in self.words)


_BANDED = frozenset({Model.GRADUATED, Model.VOLUME})


def bands_of(tiers: Sequence[Tier]) -> tuple[Band, ...]:
    """Return the bands of a paper's volume steps. Raises `ValueError` for a gap, an overlap or two currencies."""
    if len({tier.unit_price.currency for tier in tiers}) > 1:
        raise ValueError("tiers in more than one currency")
    for low, high in pairwise(tiers):
        if low.last is None or not low.last <= high.first <= low.last + 1:
            message = f"tiers join up: one ends with {low.last}, the next begins with {high.first}"
            raise ValueError(message)
    return tuple(Band(tier.last, tier.unit_price.amount) for tier in tiers)


def charge(tariff: Tariff, quantity: Decimal, *, before: Decimal = Decimal(0), total: Decimal | None = None) -> Charge:
    """Price a quantity of which `before` units of the same period were charged already.

    `total` is the quantity of the whole period, which chooses the band of a volume price; without it
    the quantity so far does. Raises `ValueError` for less than nothing and above the last band.
    """
    if quantity < 0 or before < 0:
        message = f"quantities are at least zero, got {quantity} after {before}"
        raise ValueError(message)
    match tariff.model:
        case Model.FLAT:
            return Charge(Fraction(0 if before else tariff.price), (tariff.price, " flat"))
        case Model.PER_UNIT:
            return Charge(_times(quantity, tariff.price), (f"{quantity} × ", tariff.price))
        case Model.PERCENTAGE:
            return Charge(_times(quantity, tariff.price) / 100, (f"{quantity} × ", tariff.price, " %"))
        case Model.PACKAGE:
            return _packages(tariff, Fraction(quantity), Fraction(before))
        case Model.VOLUME:
            return _volume(tariff, quantity, before, before + quantity if total is None else total)
        case Model.GRADUATED:
            return _graduated(tariff, quantity, before)


def repriced(tariff: Tariff, change: Callable[[Fraction], Fraction]) -> Tariff:
    """Return the tariff with every price changed; flat amounts are prices too, quantities are not."""
    bands = (Band(one.upto, change(Fraction(one.price)), change(Fraction(one.flat))) for one in tariff.bands)
    return replace(tariff, price=change(Fraction(tariff.price)), bands=tuple(bands))


def _packages(tariff: Tariff, quantity: Fraction, before: Fraction) -> Charge:
    size = Fraction(tariff.package)
    begun = -((before + quantity) // -size) + (before // -size)
    return Charge(begun * Fraction(tariff.price), (f"{begun} packages of {tariff.package} × ", tariff.price))


def _volume(tariff: Tariff, quantity: Decimal, before: Decimal, total: Decimal) -> Charge:
    band = next((one for one in tariff.bands if one.upto is None or total <= one.upto), None)
    if band is None:
        raise ValueError(_above(tariff, total))
    flat: Price = Decimal(0) if before else band.flat
    amount = _times(quantity, band.price) + Fraction(flat)
    return Charge(amount, (f"{quantity} × ", band.price, *_plus(flat), f" (volume price at {total})"))


def _graduated(tariff: Tariff, quantity: Decimal, before: Decimal) -> Charge:
    end, last = before + quantity, tariff.bands[-1].upto
    if last is not None and end > last:
        raise ValueError(_above(tariff, end))
    amount, steps, low = Fraction(0), list[str | Price](), Decimal(0)
    for band in tariff.bands:
        high = end if band.upto is None or end < band.upto else band.upto
        units, flat = high - max(low, before), _entry(band, low, before, end)
        if units > 0 or flat:
            units = max(units, Decimal(0))
            amount += _times(units, band.price) if not flat else _times(units, band.price) + Fraction(flat)
            steps += [f"{' + ' if steps else ''}{units} × ", band.price, *_plus(flat)]
        if band.upto is None or end <= band.upto:
            break
        low = band.upto
    return Charge(amount, tuple(steps) or ("0 units",))


def _times(units: Decimal, price: Price) -> Fraction:
    """Multiply exactly, as one fraction: three of them take most of the time of a check."""
    count, one = units.as_integer_ratio()
    numerator, denominator = price.as_integer_ratio()
    return Fraction(count * numerator, one * denominator)


def _entry(band: Band, low: Decimal, before: Decimal, end: Decimal) -> Price:
    """Return the flat amount where a band is reached now; the lowest is reached by nothing at all."""
    reached = end > low or not low
    already = before > low
    return band.flat if reached and not already else Decimal(0)


def shown(price: Price) -> str:
    """Write a price for people: a decimal where it is one, else its beginning with dots."""
    exact = Fraction(price)
    places = next((digits for digits, power in enumerate(_POWERS) if power % exact.denominator == 0), None)
    if places is None:
        return f"{rounded(exact, _SHOWN, Rounding.DOWN):f}…"
    return f"{rounded(exact, places, Rounding.DOWN):f}"


def _plus(flat: Price) -> tuple[str | Price, ...]:
    return (" + ", flat) if flat else ()


def _above(tariff: Tariff, quantity: Decimal) -> str:
    return f"no price for {quantity} units: the last band ends with {tariff.bands[-1].upto}"
