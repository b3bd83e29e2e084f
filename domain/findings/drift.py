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
    """Yield a finding for each product whose small differences go one way and add up; those the other way cancel."""
    by_product: defaultdict[str, list[Small]] = defaultdict(list)
    for one in small:
        by_product[one.line.product].append(one)
    for product, own in by_product.items():
        sides = [(one.billed - one.expected).amount > 0 for one in own]
        one_way = abs(2 * sum(sides) - len(sides))
        if one_way >= look.policy.drift_lines and _sum(look, own) >= look.policy.drift_amount:
            yield _finding(look, product, own)


def _sum(look: Look, small: list[Small]) -> Decimal:
    return abs(sum((one.billed - one.expected for one in small), start=look.zero).amount)


def _finding(look: Look, product: str, small: list[Small]) -> Finding:
    expected = sum((one.expected for one in small), start=look.zero)
    billed = sum((one.billed for one in small), start=look.zero)
    days = [one.line.days for one in small if one.line.days]
    span = Span(min(day.start for day in days), max(day.end for day in days)) if days else None
    words = f"{len(small)} differences of at most {_largest(small)} each add up to one side, within the tolerance of {look.tolerance}"
    return found(
        look, Code.DRIFT, words, product=product, days=span, expected=expected, billed=billed,
        tolerance=look.tolerance,
    )  # fmt: skip


def _largest(small: list[Small]) -> Money:
    worst = max(small, key=lambda one: abs((one.billed - one.expected).amount))
    delta = worst.billed - worst.expected
    return Money(abs(delta.amount), delta.currency)
