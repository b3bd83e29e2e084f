"""What a contract leads us to see billed: one slot a product and billing period, and which lines fill it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from domain.findings.contract import BilledContract
from domain.money import Money
from domain.pricing.agreement import Agreement, Expected, ExpectedKind, Usage
from domain.pricing.billing_periods import Span
from domain.pricing.expected import expected_lines
from domain.pricing.index_series import IndexMissing
from domain.terms import Citation

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """Hold what is expected of one product for one billing period: several parts where its price changes."""

    product: str
    days: Span
    kind: ExpectedKind
    parts: tuple[Expected, ...]

    @property
    def amount(self) -> Money:
        """Return the expected amount."""
        return sum((one.amount for one in self.parts[1:]), start=self.parts[0].amount)

    @property
    def quantity(self) -> Decimal:
        """Return the units: those of a price that changes count once, those that were used add up."""
        units = [one.quantity for one in self.parts]
        return sum(units, Decimal(0)) if self.kind is ExpectedKind.USAGE else units[-1]

    @property
    def bill_on(self) -> date:
        """Return the day on which it is to be billed."""
        return max(one.bill_on for one in self.parts)

    @property
    def clauses(self) -> tuple[Citation, ...]:
        """Return the words that the amount rests on, each once."""
        return tuple(dict.fromkeys(clause for one in self.parts for clause in one.explanation.clauses))

    @property
    def formula(self) -> str:
        """Return how the amount follows, part by part."""
        return "; ".join(one.explanation.formula for one in self.parts)


def slots_of(
    contract: BilledContract, usage: Iterable[Usage], *, through: date, known_at: date
) -> tuple[tuple[Slot, ...], date]:
    """Return what is to be billed on or before `through`, by product and day, and the last day up to which it is known.

    Days that need an index nobody has published yet are left out with all that follow. Raises like
    `expected_lines`.
    """
    found, until = _foreseen(contract.agreement, tuple(usage), through, known_at)
    slots = groupby(sorted(found, key=_key), key=_slot)
    return tuple(Slot(product, days, kind, tuple(parts)) for (product, _, days, kind), parts in slots), until


def _foreseen(
    agreement: Agreement, usage: Sequence[Usage], through: date, known_at: date
) -> tuple[Sequence[Expected], date]:
    """Return the expected lines up to the last day on which the index of each of them is known, and that day."""
    try:
        return expected_lines(agreement, usage, through=through, known_at=known_at), through
    except IndexMissing:
        low, high = agreement.first - _ONE_DAY, through
    known: Sequence[Expected] = ()
    while (high - low).days > 1:
        middle = low + (high - low) // 2
        try:
            low, known = middle, expected_lines(agreement, usage, through=middle, known_at=known_at)
        except IndexMissing:
            high = middle
    return known, low


def overlapping(slots: Sequence[Slot], days: Span) -> tuple[Slot, ...]:
    """Return the slots that share days with a span."""
    return tuple(slot for slot in slots if slot.days.overlap(days.start, days.end))


def _slot(line: Expected) -> tuple[str, date, Span, ExpectedKind]:
    return (line.product, line.slot.start, line.slot, line.kind)


def _key(line: Expected) -> tuple[str, date, date, ExpectedKind, date]:
    return (line.product, line.slot.start, line.slot.end, line.kind, line.period_first)
