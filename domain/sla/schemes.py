"""Schemes of service credits: bands of availability, and steps that grow with the downtime."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.pricing.tariffs import shown
from domain.sla.measured import Measured, amount, percent


@dataclass(frozen=True, slots=True)
class Tier:
    """Hold one band of availability [low, below) in percent and the part of the fee, in percent, due in it.

    `None` is no bound: below, the band reaches down to nothing; above, it includes everything.
    """

    low: Decimal | None
    below: Decimal | None
    due: Decimal

    def holds(self, share: Fraction) -> bool:
        """Tell whether an exact share of 1 lies in the band."""
        value = share * 100
        return (self.low is None or value >= self.low) and (self.below is None or value < self.below)

    @classmethod
    def parse(cls, text: str) -> Tier:
        """Read the canonical `99..99.9: 10`, where either bound may be missing. Raises `ValueError`."""
        band, _, due = text.partition(":")
        low, dots, below = band.strip().partition("..")
        if not dots or not due.strip():
            message = f"not a band of credits: {text!r} (write for example 99..99.9: 10)"
            raise ValueError(message)
        return cls(Decimal(low) if low else None, Decimal(below) if below else None, Decimal(due.strip()))


@dataclass(frozen=True, slots=True)
class Tiers:
    """Hold bands of credits that do not overlap. Raises `ValueError` where they do."""

    bands: tuple[Tier, ...]

    def __post_init__(self) -> None:
        for one in self.bands:
            for other in self.bands:
                if one is not other and _meet(one, other):
                    message = f"two bands of credits overlap: {one.low}..{one.below} and {other.low}..{other.below}"
                    raise ValueError(message)

    def due(self, measured: Measured) -> tuple[Fraction, str]:
        """Return the percent of the fee that is certainly due, and the band."""
        band = next((one for one in self.bands if one.holds(measured.highest)), None)
        if band is None:
            return Fraction(0), f"no band of credits holds {percent(measured.highest)}"
        return Fraction(
            band.due
        ), f"{percent(measured.highest)} lies in [{band.low or 0}, {band.below or 100}): {band.due} %"


@dataclass(frozen=True, slots=True)
class Steps:
    """Hold a credit that grows: `step` percent for each full `interval` (minutes, or tickets) beyond `allowance`, up to `most`.

    Without an `allowance` it is what the target leaves of the promised time.
    """

    step: Decimal
    interval: Fraction
    most: Decimal | None = None
    allowance: Fraction | None = None
    target: Decimal | None = None

    def __post_init__(self) -> None:
        if self.interval <= 0 or self.step < 0:
            raise ValueError("a step of credits takes some minutes and gives something")
        if self.allowance is None and self.target is None:
            raise ValueError("steps count from an allowance or from what a target leaves")

    def due(self, measured: Measured) -> tuple[Fraction, str]:
        """Return min(most, step x floor((down - allowance) / interval)) in percent of the fee, with the formula."""
        allowed = self._allowed(measured)
        count = max(0, (measured.down - allowed) // self.interval)
        rate = Fraction(self.step) * count
        due = rate if self.most is None else min(rate, Fraction(self.most))
        bound = "" if due == rate else f", at most {self.most} %"
        lost, free, interval = (amount(one, measured.counted) for one in (measured.down, allowed, self.interval))
        return (
            due,
            f"{self.step} % x {count} full intervals of {interval} in {lost} - {free} allowed{bound}: {shown(due)} %",
        )

    def _allowed(self, measured: Measured) -> Fraction:
        if self.allowance is not None:
            return self.allowance
        return measured.promised * (1 - Fraction(self.target or 100) / 100)


def _meet(one: Tier, other: Tier) -> bool:
    starts = max(one.low or Decimal(0), other.low or Decimal(0))
    ends = min(one.below or Decimal("Infinity"), other.below or Decimal("Infinity"))
    return starts < ends
