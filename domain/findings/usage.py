"""What was used: as somebody reports it, else as the invoice itself says, so that at least its price is checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from domain.findings.billed import BilledLine, Role
from domain.findings.contract import BilledContract
from domain.pricing.agreement import Agreement, Usage
from domain.pricing.billing_periods import Span, Timing, billing_periods


def used(contract: BilledContract, lines: Sequence[BilledLine]) -> tuple[Usage, ...]:
    """Return the reported usage, and for products of which none is reported the billed quantities.

    Of several invoices for the same days only the first counts: the second is a duplicate and no usage.
    """
    reported = {one.product for one in contract.usage}
    metered = {line.product for line in contract.agreement.prices if line.by_usage} - reported
    first: dict[tuple[str, Span], str] = {}
    units: dict[tuple[str, Span], Decimal] = {}
    for line in lines:
        if line.role is not Role.PRODUCT or line.product not in metered or line.days is None or line.quantity <= 0:
            continue
        key = (line.product, line.days)
        if first.setdefault(key, line.invoice.id) == line.invoice.id:
            units[key] = units.get(key, Decimal(0)) + line.quantity
    return (*contract.usage, *(Usage(product, days.start, count) for (product, days), count in units.items()))


def dated(contract: BilledContract, lines: Iterable[BilledLine]) -> Iterator[BilledLine]:
    """Yield the lines, metered ones without days with the period that ended last before their invoice.

    What a credit note takes back has the days of the invoice that it corrects.
    """
    metered = {line.product for line in contract.agreement.prices if line.by_usage}
    papers: dict[tuple[str, str], Span] = {}
    for line in lines:
        unknown = line.days is None and line.role is Role.PRODUCT and line.product in metered
        corrected = papers.get((line.invoice.corrects, line.product))
        days = (corrected or _period_before(contract.agreement, line)) if unknown else line.days
        if days is not None:
            papers.setdefault((line.invoice.number, line.product), days)
        yield replace(line, days=days, inferred=True) if unknown and days else line


def _period_before(agreement: Agreement, line: BilledLine) -> Span | None:
    arrears = replace(agreement.schedule, timing=Timing.ARREARS)
    past = billing_periods(arrears, agreement.first, agreement.end, through=line.invoice.issued)
    return past[-1].billed if past else None
