"""Papers that are as if they had never been sent: invoices of which credit notes left nothing, and these notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from domain.findings.matching import plain
from domain.invoices import Invoice, InvoiceKind
from domain.money import Money

Sums = dict[tuple[str, str], Money]


def withdrawn(invoices: Sequence[Invoice]) -> frozenset[int]:
    """Return the papers of one contract that came to nothing, as their `id()`; a part that is left makes all count."""
    papers: defaultdict[str, list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        papers[plain(invoice.corrects or invoice.number)].append(invoice)
    return frozenset(id(one) for own in papers.values() if _came_to_nothing(own) for one in own)


def _came_to_nothing(papers: Sequence[Invoice]) -> bool:
    notes = [one for one in papers if one.corrects and one.kind is InvoiceKind.CREDIT_NOTE]
    return 0 < len(notes) < len(papers) and not any(left.amount for left in _left(papers).values())


def _left(papers: Sequence[Invoice]) -> Sums:
    """Return what is left of each product, and of the charges on the documents."""
    left: Sums = {}
    for paper in papers:
        sign = -1 if paper.kind is InvoiceKind.CREDIT_NOTE else 1
        for words, amount in _amounts(paper):
            key = (words, amount.currency)
            left[key] = left[key] + amount * sign if key in left else amount * sign
    return left


def _amounts(paper: Invoice) -> Iterator[tuple[str, Money]]:
    for line in paper.lines:
        yield " ".join(f"{line.product} {line.description}".casefold().split()), line.amount
    for charge in paper.charges:
        yield "", charge.amount
