"""Many small differences to one side: each is within its tolerance, together they are money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from domain.findings.finding import Code, Finding
from domain.findings.looks import Look, found
from domain.findings.prices import Small
from domain.money import Money
from domain.pricing.billing_periods import Span


def drift(look: Look, small: Iterable[Small]) -> Iterator[Finding]:
    """Yield a finding for each product whose small differences go one way and add up."""
    by_product: defaultdict[str, list[Small]] = defaultdict(list)
    for one in small:
        by_product[one.line.product].append(one)
    for product, own in by_product.items():
        for side in (1, -1):
            same = [one for one in own if (one.billed - one.expected).amount * side > 0]
            if len(same) >= look.policy.drift_lines and _sum(look, same) >= look.policy.drift_amount:
                yield _finding(look, product, same)


def _sum(look: Look, small: list[Small]) -> Decimal:
    return abs(sum((one.billed - one.expected for one in small), start=look.zero).amount)


def _finding(look: Look, product: str, small: list[Small]) -> Finding:
    expected = sum((one.expected for one in small), start=look.zero)
    billed = sum((one.billed for one in small), start=look.zero)
    days = [one.line.days for one in small if one.line.days]
    span = Span(min(day.start for day in days), max(day.end for day in days)) if days else None
    words = f"{len(small)} differences of at most {_largest(small)} each went the same way, within the tolerance of {look.tolerance}"
    return found(
        look, Code.DRIFT, words, product=product, days=span, expected=expected, billed=billed,
        tolerance=look.tolerance,
    )  # fmt: skip


def _largest(small: list[Small]) -> Money:
    worst = max(small, key=lambda one: abs((one.billed - one.expected).amount))
    delta = worst.billed - worst.expected
    return Money(abs(delta.amount), delta.currency)
