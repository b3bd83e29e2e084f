"""Price rises that a contract allows up to a cap: which one was taken is read off the invoices.

A billed amount between the price without a rise and the price with the largest one is right. The rate it
shows is the base of the next rise, so that a small rise one year leaves no room for two the year after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from domain.findings.billed import BilledLine, Role
from domain.findings.contract import BilledContract
from domain.findings.pairing import Fit, Pair, pairs
from domain.findings.rise_prices import Billed, PricedSlot, Taken, most_for, rate_of
from domain.pricing.agreement import Agreement, ExpectedKind
from domain.pricing.escalation import Escalation, rise_days


@dataclass(frozen=True, slots=True)
class _Shown:
    """Hold what an amount shows: rates on some days, with what was known before."""

    priced: PricedSlot
    before: Taken
    found: Taken
    amount: Fraction

    def most(self) -> Taken:
        """Return its rates as high as its amount lets them be."""
        return self.priced.entries(self.before, most_for(self.priced, self.before, self.amount))


@dataclass(frozen=True, slots=True)
class _Read:
    """Hold what an invoice says of rises; `over` are the rates that an amount above them all is held against."""

    shown: tuple[_Shown, ...] = ()
    over: Taken = field(default_factory=dict)
    above: bool = False

    @property
    def found(self) -> Taken:
        """Return all rates."""
        return {key: rate for one in (self.over, *(part.found for part in self.shown)) for key, rate in one.items()}


def with_rises_taken(contract: BilledContract, billed: Billed) -> BilledContract:
    """Return the contract with the rises that its invoices took, none above the cap; itself where none is at will."""
    escalation = contract.agreement.escalation
    if escalation is None or not escalation.at_will:
        return contract
    # What a rise without notice costs is read too, to say so; it is not granted.
    readable = replace(escalation, notice=None)
    taken: dict[tuple[str, date], Fraction] = {}
    for product in dict.fromkeys(line.product for line in contract.agreement.prices if line.rises and not line.once):
        taken |= _of_product(contract.agreement, readable, billed, product)
    return replace(contract, agreement=replace(contract.agreement, escalation=replace(escalation, taken=taken)))


def _of_product(agreement: Agreement, escalation: Escalation, billed: Billed, product: str) -> Taken:
    taken: dict[tuple[str, date], Fraction] = {}
    unsure: frozenset[tuple[str, date]] = frozenset()
    earlier: list[_Shown] = []
    for pair in _in_order(billed, product):
        priced = PricedSlot(agreement, escalation, pair.slots[0], billed, unsure=unsure)
        read = _taken_by(priced, pair, taken)
        if read.above and (higher := _raised(priced, taken, earlier)):
            again = _taken_by(priced, pair, {**taken, **higher})
            taken, read = (taken, read) if again.above else ({**taken, **higher}, again)
        unsure |= read.over.keys()
        earlier += read.shown
        taken |= read.found
    return taken


def _raised(priced: PricedSlot, taken: Taken, earlier: Sequence[_Shown]) -> Taken:
    """Return the rates of the rise before a slot's first one, as high as the amounts that showed them let them be."""
    days = priced.days(taken)
    first = max(rise_days(priced.escalation, through=days[0]), default=days[0])
    before = [one for one in earlier if one.found and max(one.found)[1] < first]
    return before[-1].most() if before else {}


def _in_order(billed: Billed, product: str) -> Iterator[Pair]:
    slots = [slot for slot in billed.slots if slot.product == product and slot.kind is not ExpectedKind.TRUE_UP]
    lines = [line for line in billed.lines if line.role is Role.PRODUCT and line.product == product]
    whole = [pair for pair in pairs(slots, lines) if pair.lines and pair.fit in {Fit.SAME, Fit.FINER}]
    yield from sorted(whole, key=lambda pair: pair.slots[0].days.start)


def _apart(priced: PricedSlot, pair: Pair, taken: Taken, days: Sequence[date]) -> tuple[_Shown, ...]:
    """Return what the lines of a slot in which prices rise show, one rise after the other.

    Nothing where they do not follow each other as the parts of the slot do.
    """
    lines = tuple(Fraction(line.amount.amount) for line in sorted(pair.lines, key=_first))
    before = frozenset(index for index, (first, _) in enumerate(priced.parts(taken)) if first < days[0])
    own = replace(priced, only=before).amount(taken) if before else Fraction(0)
    for count in range(1, len(lines)) if before else (0,):
        if abs(sum(lines[:count], Fraction(0)) - own) <= priced.slack:
            return _one_by_one(priced, lines[count:], taken, days)
    return ()


def _one_by_one(
    priced: PricedSlot, lines: Sequence[Fraction], taken: Taken, days: Sequence[date]
) -> tuple[_Shown, ...]:
    """Give each rise as many of the lines that are left as its part of the slot can cost."""
    last = len(days) == 1
    after = priced.slot.days.end if last else days[1]
    own = frozenset(index for index, (first, _) in enumerate(priced.parts(taken)) if days[0] <= first < after)
    one = replace(priced, only=own, single=days[0])
    low, high = one.at(taken, Fraction(0)), one.at(taken, priced.cap)
    counts = [len(lines)] if last else range(1, len(lines) - len(days) + 2)
    for count in counts if own else ():
        amount = sum(lines[:count], Fraction(0))
        if low - priced.slack <= amount <= high + priced.slack:
            found = one.entries(taken, rate_of(one, taken, amount, (low, high)))
            rest = () if last else _one_by_one(priced, lines[count:], {**taken, **found}, days[1:])
            if rest or last:
                return (_Shown(one, taken, found, amount), *rest)
    return ()


def _first(line: BilledLine) -> date:
    return line.days.start if line.days else date.min


def _taken_by(priced: PricedSlot, pair: Pair, taken: Taken) -> _Read:
    """Return the rate that a pair shows, nothing where it goes on as before or lies below every rise."""
    each = [Fraction(line.amount.amount) for line in pair.lines]
    options = [sum(each, Fraction(0)), *each]
    days = priced.days(taken)
    if not days:
        return _Read()
    if len(days) > 1 and (apart := _apart(priced, pair, taken, days)):
        return _Read(apart)
    given = next((one for one in options if priced.gives(taken, one)), None)
    if given is not None:
        found = {(priced.slot.product, day): priced.rate(taken, day) for day in days}
        return _Read((_Shown(priced, taken, found, given),))
    low, high = priced.at(taken, Fraction(0)), priced.at(taken, priced.cap)
    shown = next((one for one in options if low - priced.slack <= one <= high + priced.slack), None)
    if shown is not None:
        found = priced.entries(taken, rate_of(priced, taken, shown, (low, high)))
        return _Read((_Shown(priced, taken, found, shown),))
    if options[0] < low:
        return _Read()
    # A rate that was billed before holds on; where none was, the cap is what it may be at most.
    settled = priced.is_seen(taken) and days == [priced.slot.days.start]
    return _Read(over={} if settled else priced.entries(taken, priced.cap), above=True)
