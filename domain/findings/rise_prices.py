"""What one slot costs with other rates of rise, and which rate an amount shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from domain.findings.billed import BilledLine
from domain.findings.looks import last_day
from domain.findings.slots import Slot
from domain.minor_units import Rounding, from_minor, rounded
from domain.pricing.agreement import Agreement, RoundedPer, Usage
from domain.pricing.escalation import Escalation, rise_days
from domain.pricing.expected import expected_in

Taken = Mapping[tuple[str, date], Fraction]
_FINEST = 6  # decimals of a percentage
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Billed:
    """Hold what was billed of a contract: its slots as if nothing rose, the lines for them, and what was used."""

    slots: Sequence[Slot]
    lines: Sequence[BilledLine]
    usage: tuple[Usage, ...]
    known_at: date


@dataclass(frozen=True, slots=True)
class PricedSlot:
    """Price one slot with the rises that were taken so far and another rate from its latest rise on.

    `only` counts some of its parts, `single` changes the rate of one day alone. `unsure` are rates that
    nobody billed, put in where an amount is above every rate.
    """

    agreement: Agreement
    escalation: Escalation
    slot: Slot
    billed: Billed
    only: frozenset[int] | None = None
    single: date | None = None
    unsure: frozenset[tuple[str, date]] = frozenset()

    @property
    def cap(self) -> Fraction:
        """Return the largest rate, as a fraction."""
        return Fraction(self.escalation.cap or 0) / 100

    @property
    def slack(self) -> Fraction:
        """Return how far one line may be off its own rounding: a unit where all lines of a day are rounded together."""
        shared = self.agreement.rounding.per is RoundedPer.INVOICE
        return Fraction(from_minor(int(shared), self.agreement.currency).amount)

    def gives(self, taken: Taken, amount: Fraction) -> bool:
        """Tell whether the slot costs an amount."""
        return abs(self.amount(taken) - amount) <= self.slack

    def days(self, taken: Taken) -> list[date]:
        """Return the days from which a rate of this slot holds: its first for a rise not seen yet, and those within."""
        if self.single is not None:
            return [self.single]
        start = self.slot.days.start
        found = rise_days(self.escalation, through=last_day(self.slot.days))
        begun = [day for day in found if day <= start]
        within = [day for day in found if day > start and self._matters(taken, day)]
        first = [start] if begun and not (self.is_seen(taken) and within) else []
        return [*(self._passed_over(taken, begun[:-1]) if first else []), *first, *within]

    def _passed_over(self, taken: Taken, begun: Sequence[date]) -> list[date]:
        """Return the rises that came and went since the last one that was billed; the next amount shows them."""
        known = max((day for name, day in taken if name == self.slot.product), default=date.min)
        return [day for day in begun if day > known and self._matters(taken, day)]

    def is_seen(self, taken: Taken) -> bool:
        """Tell whether the rate on its first day was billed before."""
        start = self.slot.days.start
        last = max(rise_days(self.escalation, through=start), default=None)
        known = (day for name, day in taken.keys() - self.unsure if name == self.slot.product)
        return last is not None and any(last <= day <= start for day in known)

    def _matters(self, taken: Taken, day: date) -> bool:
        """Tell whether a rise within the slot changes what it costs; some conventions price it by its first day."""
        key = (self.slot.product, day)
        return self.amount({**taken, key: Fraction(0)}) != self.amount({**taken, key: self.cap})

    def entries(self, taken: Taken, rate: Fraction) -> dict[tuple[str, date], Fraction]:
        """Return what there is to know where a rate holds on all of its days."""
        return {(self.slot.product, day): rate for day in self.days(taken)}

    def rate(self, taken: Taken, day: date) -> Fraction:
        """Return the rate of the latest rise on a day, nothing where none was seen."""
        last = max(one for one in rise_days(self.escalation, through=day) if one <= day)
        own = [key for key in taken if key[0] == self.slot.product and last <= key[1] <= day]
        return taken[max(own)] if own else Fraction(0)

    def amount(self, taken: Taken) -> Fraction:
        """Return what the slot costs, or those of its parts that count."""
        parts = enumerate(self.parts(taken))
        return sum((amount for index, (_, amount) in parts if self.only is None or index in self.only), Fraction(0))

    def parts(self, taken: Taken) -> list[tuple[date, Fraction]]:
        """Return the first day and the amount of each part of the slot that has a price of its own."""
        agreement = replace(self.agreement, escalation=replace(self.escalation, taken=taken))
        lines = expected_in(
            agreement, self.slot.product, self.slot.days, self.billed.usage,
            known_at=self.billed.known_at,
        )  # fmt: skip
        own = (one for one in lines if one.kind is self.slot.kind)
        return sorted((one.period_first, Fraction(one.amount.amount)) for one in own)

    def at(self, taken: Taken, rate: Fraction) -> Fraction:
        """Return what it costs with a rate on all of its days."""
        return self.amount({**taken, **self.entries(taken, rate)})


def rate_of(priced: PricedSlot, taken: Taken, shown: Fraction, bounds: tuple[Fraction, Fraction]) -> Fraction:
    """Return the roundest percentage that gives an amount, as a fraction; else the one that comes nearest to it."""
    low, high = bounds
    near = priced.cap * min(max(shown - low, Fraction(0)) / (high - low), Fraction(1)) if high > low else Fraction(0)
    for digits in range(_FINEST + 1):
        rate = min(Fraction(rounded(near * 100, digits, Rounding.HALF_UP)) / 100, priced.cap)
        if priced.gives({**taken, **priced.entries(taken, rate)}, shown):
            return rate
    return near if priced.at(taken, near) == shown else _nearest(priced, taken, shown)


def _nearest(priced: PricedSlot, taken: Taken, shown: Fraction) -> Fraction:
    """Return the rate that comes nearest to an amount, where rounded prices or caps bend the line."""
    below, above = Fraction(0), priced.cap
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        below, above = (below, middle) if priced.at(taken, middle) >= shown else (middle, above)
    return min(above, below, key=lambda rate: abs(priced.at(taken, rate) - shown))


def most_for(priced: PricedSlot, taken: Taken, shown: Fraction) -> Fraction:
    """Return the largest rate that still gives an amount: a rounded price hides how much it rose."""
    below, above = Fraction(0), priced.cap
    if priced.at(taken, above) <= shown + priced.slack:
        return above
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        below, above = (middle, above) if priced.at(taken, middle) <= shown + priced.slack else (below, middle)
    return below
