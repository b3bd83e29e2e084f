"""Papers beside the rightful ones: a line on an invoice of its own, some days later, under another number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from bench.world.deal import Deal, Row
from bench.world.papers import clean, totalled, written
from bench.world.truth import number_of
from domain.invoices import Invoice, InvoiceLine
from domain.money import Money
from domain.pricing.agreement import ExpectedKind


def extra(deal: Deal, like: Row, number: str, first: date, last: date, amount: Money) -> Invoice:
    """Write one line on an invoice of its own, with its days on it."""
    source = next(one for one in written(deal, deal.rows) if one.number == number_of(clean(deal), deal, like))
    line = InvoiceLine(
        "1", like.product, amount, like.quantity, period_first=first, period_last=last,
        tax_rate=deal.contract.tax_rate,
    )  # fmt: skip
    paper = replace(source, id=number, number=number, lines=(line,), charges=(), period_first=None, period_last=None)
    return totalled(deal, paper)


def later(paper: Invoice, days: int, number: str) -> Invoice:
    """Return a paper that was written some days later under another number."""
    more = timedelta(days=days)
    due = paper.due + more if paper.due else None
    return replace(paper, id=number, number=number, issued=paper.issued + more, due=due)


def any_row(chance: Random, deal: Deal, *, fixed: bool = False) -> Row | None:
    """Draw a row of which a fault may be planted, `None` where there is none."""
    rows = [row for row in deal.single if not fixed or is_fixed(row)]
    return chance.choice(rows) if rows else None


def is_fixed(row: Row) -> bool:
    """Tell whether the contract fixes the row's units."""
    return row.expected.kind is ExpectedKind.RECURRING
