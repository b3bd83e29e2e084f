"""What is wrong with an invoice as a whole: sent twice, in another currency, from somebody else, due too soon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from domain.comparison import normal_name
from domain.findings.arithmetic import place_of
from domain.findings.finding import Code, Finding
from domain.findings.looks import Look, found
from domain.findings.matching import party_of, plain
from domain.invoices import Invoice, InvoiceKind, InvoiceLine, InvoiceParty
from domain.minor_units import Rounding, payable
from domain.money import Money

_LIKELY = Decimal("0.8")


def duplicates(invoices: Sequence[Invoice]) -> dict[int, Invoice]:
    """Return the invoices that were sent before, as `id()` of the later one to the first.

    The same sender, number without signs, kind, currency, total and day. What a credit note has taken
    back may be billed anew.
    """
    first: dict[tuple[object, ...], Invoice] = {}
    later: dict[int, Invoice] = {}
    credited = {plain(one.corrects) for one in invoices if one.kind is InvoiceKind.CREDIT_NOTE and one.corrects}
    for invoice in invoices:
        key = _paper(invoice)
        if key in first and plain(invoice.number) not in credited:
            later[id(invoice)] = first[key]
        first.setdefault(key, invoice)
    return later


def net_of(invoice: Invoice) -> Money:
    """Return the net amount as printed, else the sum of the lines; a credit note's is positive too."""
    if invoice.net is not None:
        return invoice.net
    zero = Money(Decimal(0), invoice.currency)
    return sum((line.amount for line in invoice.lines if line.amount.currency == invoice.currency), start=zero)


def duplicate(look: Look, invoice: Invoice, first: Invoice) -> Finding:
    """Return the finding for an invoice that was sent before."""
    words = f"the same number, amount and day came before as {first.id} from {first.source}"
    return found(
        look, Code.DUPLICATE, words, place=place_of(invoice), expected=Money(Decimal(0), invoice.currency),
        billed=net_of(invoice),
    )  # fmt: skip


def foreign(look: Look, invoice: Invoice) -> Finding | None:
    """Return the finding for an invoice in another currency, which nobody converts."""
    agreed = look.contract.agreement.currency
    others = sorted({line.amount.currency for line in invoice.lines} | {invoice.currency})
    if others == [agreed]:
        return None
    words = f"agreed is {agreed}, billed is {', '.join(others)}; amounts of two currencies are never compared"
    return found(
        look, Code.CURRENCY, words, place=place_of(invoice), billed=Money(net_of(invoice).amount, invoice.currency)
    )


def paper_findings(look: Look, invoice: Invoice) -> Iterator[Finding]:
    """Yield what is wrong with the parties, the day of payment and the taxes of an invoice."""
    for finding in (_entity(look, invoice), _due(look, invoice), *_taxes(look, invoice)):
        if finding is not None:
            yield finding


def _paper(invoice: Invoice) -> tuple[object, ...]:
    seller = plain(invoice.seller.tax_id) or normal_name(invoice.seller.name)
    buyer = plain(invoice.buyer.tax_id) or normal_name(invoice.buyer.name)
    amount = invoice.total or net_of(invoice)
    return (seller, buyer, plain(invoice.number), invoice.kind, amount.currency, amount.amount, invoice.issued)


def _entity(look: Look, invoice: Invoice) -> Finding | None:
    agreed, named = look.contract.other, party_of(invoice)
    if _same_party(look, agreed, named):
        return None
    words = f"the contract is with {_party(agreed)}, the invoice names {_party(named)}"
    sure = bool(agreed.tax_id and named.tax_id) or bool(agreed.lei and named.lei)
    return found(
        look, Code.ENTITY, words, place=place_of(invoice), confidence=Decimal(1) if sure else _LIKELY,
        billed=net_of(invoice),
    )  # fmt: skip


def _same_party(look: Look, agreed: InvoiceParty, named: InvoiceParty) -> bool:
    for one, other in ((agreed.lei, named.lei), (agreed.tax_id, named.tax_id)):
        if one and other:
            return plain(one) == plain(other)
    names = {normal_name(name) for name in (agreed.name, *look.contract.names)} - {""}
    own = normal_name(named.name)
    return not names or not own or any(set(own.split()) & set(name.split()) for name in names)


def _party(party: InvoiceParty) -> str:
    return " ".join(part for part in (party.name, party.tax_id and f"({party.tax_id})") if part)


def _due(look: Look, invoice: Invoice) -> Finding | None:
    days = look.contract.agreement.payment_days
    if days is None or invoice.due is None or invoice.kind is InvoiceKind.CREDIT_NOTE:
        return None
    agreed = invoice.issued + timedelta(days=days)
    if invoice.due == agreed:
        return None
    off = (invoice.due - agreed).days
    words = f"agreed is {days} days, so {agreed}; the invoice says {invoice.due}, {abs(off)} days {'later' if off > 0 else 'earlier'}"
    clauses = (look.contract.payment_citation,) if look.contract.payment_citation else ()
    return found(look, Code.TERM_NET, words, place=place_of(invoice), clauses=clauses)


def _taxes(look: Look, invoice: Invoice) -> Iterator[Finding]:
    """Yield one finding for each wrong rate, whatever the number of lines that have it."""
    agreed, lines = look.contract.tax_rate, [line for line in invoice.lines if line.tax_rate is not None]
    for rate in dict.fromkeys(line.tax_rate for line in lines):
        if agreed is not None and rate is not None and rate != agreed:
            yield _taxed(look, invoice, [line for line in lines if line.tax_rate == rate], agreed, rate)


def _taxed(look: Look, invoice: Invoice, lines: Sequence[InvoiceLine], agreed: Decimal, rate: Decimal) -> Finding:
    zero = Money(Decimal(0), lines[0].amount.currency)
    expected = sum((_tax(line.amount, agreed) for line in lines), zero)
    billed = sum((line.tax if line.tax is not None else _tax(line.amount, rate) for line in lines), zero)
    single = lines[0] if len(lines) == 1 else None
    who = "the line has" if single else f"{len(lines)} lines have"
    return found(
        look, Code.TAX, f"agreed is a tax of {agreed} %, {who} {rate} %", expected=expected, billed=billed,
        place=place_of(invoice, single.id if single else ""), product=single.product if single else "",
    )  # fmt: skip


def _tax(amount: Money, rate: Decimal) -> Money:
    return payable(Fraction(amount.amount) * Fraction(rate) / 100, amount.currency, Rounding.HALF_UP)
