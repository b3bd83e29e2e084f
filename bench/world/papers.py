"""Invoices as people write them: the same amounts, in many guises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from bench.world.contracts import OURS
from bench.world.deal import Days, Deal, Named, Off, Row
from bench.world.written import lines_of, shown_apart
from domain.findings.contract import DueCredit
from domain.invoices import Charge, Invoice, InvoiceKind, InvoiceLine, InvoiceParty, InvoiceStatus
from domain.minor_units import Rounding, payable
from domain.money import Money


def clean(deal: Deal) -> list[Invoice]:
    """Return the invoices of a contract on which nothing is wrong."""
    return written(deal, deal.rows)


def written(deal: Deal, rows: Sequence[Row]) -> list[Invoice]:
    """Write rows as invoices, with the credits that are due and, in some styles, a corrected mistake."""
    papers = [_paper(deal, list(group)) for _, group in groupby(sorted(rows, key=_place(deal)), key=_place(deal))]
    for due in deal.contract.credits:
        papers = credited(deal, papers, due)
    return [*papers, *_corrected(deal, papers)]


def credited(deal: Deal, papers: Sequence[Invoice], due: DueCredit) -> list[Invoice]:
    """Show a credit on the first invoice from its day on, where it is claimed."""
    first = min((one for one in papers if one.issued >= due.on), key=lambda one: (one.issued, one.number), default=None)
    if first is None or not due.claimed:
        return list(papers)
    words = "Service credit" if "service" in due.kind else "Rebate"
    line = InvoiceLine("C", words, due.amount * -1, tax_rate=deal.contract.tax_rate)
    return [totalled(deal, replace(one, lines=(*one.lines, line))) if one is first else one for one in papers]


def totalled(deal: Deal, paper: Invoice) -> Invoice:
    """Print the sums of an invoice, in the styles that do."""
    if not deal.style.totals:
        return paper
    currency = paper.currency
    nothing = Money(Decimal(0), currency)
    lines = sum((line.amount for line in paper.lines), nothing)
    net = sum((one.amount for one in paper.charges), lines)
    rate = next((line.tax_rate for line in paper.lines if line.tax_rate is not None), None)
    tax = payable(Fraction(net.amount) * Fraction(rate or 0) / 100, currency, Rounding.HALF_UP)
    return replace(paper, lines_net=lines, net=net, tax=tax, total=net + tax)


def headed(deal: Deal, paper: Invoice) -> Invoice:
    """Say whose invoice it is, as this contract's invoices do."""
    contract, named = deal.contract, deal.style.named
    other = contract.other if named is not Named.NAME else InvoiceParty(contract.other.name.upper())
    number = {
        Named.EXACT: contract.number, Named.SPACED: contract.number.replace("-", " "),
        Named.LOWER: contract.number.lower().replace("-", "/"),
    }.get(named, "")  # fmt: skip
    order = contract.purchase_orders[0].lower() if named is Named.ORDER else ""
    seller, buyer = (other, OURS) if deal.payable else (OURS, other)
    return replace(paper, seller=seller, buyer=buyer, contract_number=number, purchase_order=order)


def _place(deal: Deal) -> Callable[[Row], tuple[date, str]]:
    """Return which invoice a row is on: one a day, or one a day and product."""
    return lambda row: (row.issued, "" if deal.style.together else row.product)


def _paper(deal: Deal, rows: Sequence[Row]) -> Invoice:
    issued, contract = rows[0].issued, deal.contract
    product = "" if deal.style.together else "-" + "".join(word[0] for word in rows[0].product.split())
    number = f"R{contract.id[1:]}-{issued:%y%m%d}{product}"
    due = None if deal.terms.payment_days is None else issued + timedelta(days=deal.terms.payment_days)
    document = deal.style.off is Off.DOCUMENT and _alike(deal, rows)
    base = Invoice(
        "files", number, number, InvoiceKind.INVOICE, InvoiceStatus.OPEN, contract.direction, deal.terms.currency,
        issued, contract.other, OURS, tuple(lines_of(deal, rows, document=document)), due=due,
        charges=tuple(_allowance(deal, rows)) if document else (),
    )  # fmt: skip
    return totalled(deal, headed(deal, _with_days(deal, base, rows)))


def _alike(deal: Deal, rows: Sequence[Row]) -> bool:
    """Tell whether one allowance on the document says the same as the discount of each line."""
    gross = [Fraction(row.gross.amount) for row in rows if row.gross and shown_apart(deal, row)]
    net = [Fraction(row.amount.amount) for row in rows]
    if len(gross) < len(rows):
        return False
    left = sum(net) / sum(gross)
    slack = Fraction(deal.minor(1).amount)
    return all(abs(one * left - other) <= slack for one, other in zip(gross, net, strict=True))


def _allowance(deal: Deal, rows: Iterable[Row]) -> Iterator[Charge]:
    off = sum((row.amount - row.gross for row in rows if row.gross), Money(Decimal(0), deal.terms.currency))
    if off.amount:
        yield Charge("Discount as agreed", off)


def _with_days(deal: Deal, paper: Invoice, rows: Sequence[Row]) -> Invoice:
    """Print the days of service once for the whole invoice, where all of its lines have the same."""
    days = {(row.expected.period_first, row.expected.period_last) for row in rows}
    if deal.style.days is not Days.PAPER or len(days) > 1:
        return paper
    first, last = days.pop()
    bare = tuple(replace(line, period_first=None, period_last=None) for line in paper.lines)
    return replace(paper, lines=bare, period_first=first, period_last=last)


def _corrected(deal: Deal, papers: Sequence[Invoice]) -> Iterator[Invoice]:
    """Yield an invoice sent once more by mistake, and the credit note that takes all of it back."""
    first, day = next((one for one in papers if one.issued == deal.mistaken), None), timedelta(days=1)
    if first is None:
        return
    again = replace(
        first, id=f"{first.id}-X", number=f"{first.number}-X", issued=first.issued + day,
        due=first.due + day if first.due else None,
    )  # fmt: skip
    back = replace(
        again, id=f"G-{again.id}", number=f"G-{again.number}", kind=InvoiceKind.CREDIT_NOTE, corrects=again.number,
        issued=again.issued + timedelta(days=4),
    )  # fmt: skip
    if back.issued <= deal.today:
        yield from (again, back)
