"""What a renewal should know of a year of invoices: what was spent, what was wrong, what came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.findings.finding import Code
from domain.findings.papers import net_of
from domain.findings.status import Status
from domain.invoices import Direction, Invoice, InvoiceKind, InvoiceStatus
from domain.money import Money

_GONE = frozenset({Status.REJECTED, Status.SUPERSEDED, Status.RESOLVED})
_VOID = frozenset({InvoiceStatus.VOID, InvoiceStatus.DRAFT})
_MOST = 5


@dataclass(frozen=True, slots=True)
class Past:
    """Hold one finding of the past year: what was at stake and what came back."""

    code: Code
    status: Status
    at_stake: Money | None
    recovered: Decimal = Decimal(0)


def told(invoices: Sequence[Invoice], past: Sequence[Past], *, since: date) -> tuple[str, ...]:
    """Say in a few lines what was spent since a day and what was found; nothing where no invoice came."""
    recent = [one for one in invoices if one.issued >= since and one.status not in _VOID]
    return tuple(_lines(recent, past, since)) if recent else ()


def spent(invoices: Iterable[Invoice]) -> tuple[Money, ...]:
    """Add up net amounts less credit notes, each currency for itself."""
    sums: dict[str, Money] = {}
    for one in invoices:
        amount = net_of(one) * (-1 if one.kind is InvoiceKind.CREDIT_NOTE else 1)
        before = sums.get(amount.currency)
        sums[amount.currency] = amount if before is None else before + amount
    return tuple(sums[currency] for currency in sorted(sums))


def _lines(recent: Sequence[Invoice], past: Sequence[Past], since: date) -> Iterator[str]:
    verb = "billed to us" if recent[0].direction is Direction.PAYABLE else "billed by us"
    yield f"Net of tax, {verb} since {since}: {_joined(spent(recent))} on {len(recent)} papers."
    real = [one for one in past if one.status not in _GONE]
    if real:
        counts = Counter(one.code for one in real).most_common(_MOST)
        yield "Wrong on them: " + ", ".join(f"{code} {count}" for code, count in counts) + "."
    stake = _sum(one.at_stake for one in real)
    back = _sum(Money(one.recovered, one.at_stake.currency) for one in real if one.at_stake)
    if stake:
        yield f"At stake {_joined(stake)}, of which {_joined(back) or 'nothing'} came back."


def _sum(amounts: Iterable[Money | None]) -> tuple[Money, ...]:
    sums: dict[str, Money] = {}
    for one in amounts:
        if one is not None and one.amount:
            sums[one.currency] = sums[one.currency] + one if one.currency in sums else one
    return tuple(sums[currency] for currency in sorted(sums))


def _joined(amounts: Sequence[Money]) -> str:
    return ", ".join(one.display() for one in amounts)
