"""Price rises that a contract allows up to a cap: which one was taken is read off the invoices.

A billed amount between the price without a rise and the price with the largest one is right. The rate it
shows is the base of the next rise, so that a small rise one year leaves no room for two the year after.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from domain.findings.billed import BilledLine, Role
from domain.findings.contract import BilledContract
from domain.findings.looks import last_day
from domain.findings.pairing import Fit, Pair, pairs
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


def with_rises_taken(contract: BilledContract, billed: Billed) -> BilledContract:
    """Return the contract with the rises that its invoices took, none above the cap; itself where none is at will."""
    escalation = contract.agreement.escalation
    if escalation is None or not escalation.at_will:
        return contract
    # What a rise without notice costs is read too, to say so; it is not granted.
    readable = replace(escalation, notice=None)
    taken: dict[tuple[str, date], Fraction] = {}
    for product in dict.fromkeys(line.product for line in contract.agreement.prices if line.rises and not line.once):
        for pair in _in_order(billed, product):
            taken |= _taken_by(_Priced(contract.agreement, readable, pair.slots[0], billed), pair, taken)
    return replace(contract, agreement=replace(contract.agreement, escalation=replace(escalation, taken=taken)))


def _in_order(billed: Billed, product: str) -> Iterator[Pair]:
    slots = [slot for slot in billed.slots if slot.product == product]
    lines = [line for line in billed.lines if line.role is Role.PRODUCT and line.product == product]
    whole = [pair for pair in pairs(slots, lines) if pair.lines and pair.fit in {Fit.SAME, Fit.FINER}]
    yield from sorted(whole, key=lambda pair: pair.slots[0].days.start)


@dataclass(frozen=True, slots=True)
class _Priced:
    """Price one slot with the rises that were taken so far and another rate from its latest rise on."""

    agreement: Agreement
    escalation: Escalation
    slot: Slot
    billed: Billed

    @property
    def cap(self) -> Fraction:
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
        start = self.slot.days.start
        found = rise_days(self.escalation, through=last_day(self.slot.days))
        begun = [day for day in found if day <= start]
        within = [day for day in found if day > start]
        seen = any(name == self.slot.product and begun and begun[-1] <= day <= start for name, day in taken)
        return [*([start] if begun and not (seen and within) else []), *within]

    def entries(self, taken: Taken, rate: Fraction) -> dict[tuple[str, date], Fraction]:
        return {(self.slot.product, day): rate for day in self.days(taken)}

    def rate(self, taken: Taken, day: date) -> Fraction:
        """Return the rate of the latest rise on a day, nothing where none was seen."""
        last = max(one for one in rise_days(self.escalation, through=day) if one <= day)
        own = [key for key in taken if key[0] == self.slot.product and last <= key[1] <= day]
        return taken[max(own)] if own else Fraction(0)

    def amount(self, taken: Taken) -> Fraction:
        agreement = replace(self.agreement, escalation=replace(self.escalation, taken=taken))
        lines = expected_in(
            agreement, self.slot.product, self.slot.days, self.billed.usage,
            known_at=self.billed.known_at,
        )  # fmt: skip
        return sum((Fraction(one.amount.amount) for one in lines if one.kind is self.slot.kind), Fraction(0))

    def at(self, taken: Taken, rate: Fraction) -> Fraction:
        return self.amount({**taken, **self.entries(taken, rate)})


def _taken_by(priced: _Priced, pair: Pair, taken: Taken) -> Taken:
    """Return the rate that a pair shows, nothing where it goes on as before or lies below every rise."""
    each = [Fraction(line.amount.amount) for line in pair.lines]
    options = [sum(each, Fraction(0)), *each]
    days = priced.days(taken)
    if not days:
        return {}
    if any(priced.gives(taken, one) for one in options):
        return {(priced.slot.product, days[0]): priced.rate(taken, days[0])}
    low, high = priced.at(taken, Fraction(0)), priced.at(taken, priced.cap)
    shown = next((one for one in options if low - priced.slack <= one <= high + priced.slack), None)
    if shown is not None:
        return priced.entries(taken, _rate(priced, taken, shown, (low, high)))
    return priced.entries(taken, priced.cap) if options[0] > high else {}


def _rate(priced: _Priced, taken: Taken, shown: Fraction, bounds: tuple[Fraction, Fraction]) -> Fraction:
    """Return the roundest percentage that gives an amount, as a fraction; else the smallest that reaches it."""
    low, high = bounds
    near = priced.cap * min(max(shown - low, Fraction(0)) / (high - low), Fraction(1)) if high > low else Fraction(0)
    for digits in range(_FINEST + 1):
        rate = min(Fraction(rounded(near * 100, digits, Rounding.HALF_UP)) / 100, priced.cap)
        if priced.gives({**taken, **priced.entries(taken, rate)}, shown):
            return rate
    return near if priced.at(taken, near) == shown else _least(priced, taken, shown)


def _least(priced: _Priced, taken: Taken, shown: Fraction) -> Fraction:
    """Return the smallest rate that reaches an amount, where rounded prices or caps bend the line."""
    below, above = Fraction(0), priced.cap
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        below, above = (below, middle) if priced.at(taken, middle) >= shown else (middle, above)
    return above
