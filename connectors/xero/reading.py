"""Xero's invoices, bills and credit notes as ours."""

from __future__ import annotations

from decimal import Decimal

from connectors.xero.models import Document, LineItem
from domain.invoices import Direction, Invoice, InvoiceKind, InvoiceLine, InvoiceParty, InvoiceStatus
from domain.money import Money

# https://developer.xero.com/documentation/api/accounting/types#invoices
_TYPES = {
    "ACCREC": (InvoiceKind.INVOICE, Direction.RECEIVABLE),
    "ACCPAY": (InvoiceKind.INVOICE, Direction.PAYABLE),
    "ACCRECCREDIT": (InvoiceKind.CREDIT_NOTE, Direction.RECEIVABLE),
    "ACCPAYCREDIT": (InvoiceKind.CREDIT_NOTE, Direction.PAYABLE),
}
_STATUSES = {
    "DRAFT": InvoiceStatus.DRAFT,
    "SUBMITTED": InvoiceStatus.DRAFT,
    "AUTHORISED": InvoiceStatus.OPEN,
    "PAID": InvoiceStatus.PAID,
    "VOIDED": InvoiceStatus.VOID,
    "DELETED": InvoiceStatus.VOID,
}
_VIEWS = {
    "ACCREC": "AccountsReceivable/View.aspx?InvoiceID=",
    "ACCPAY": "AccountsPayable/View.aspx?InvoiceID=",
    "ACCRECCREDIT": "AccountsReceivable/ViewCreditNote.aspx?creditNoteID=",
    "ACCPAYCREDIT": "AccountsPayable/ViewCreditNote.aspx?creditNoteID=",
}


def invoice(wire: Document, us: InvoiceParty, sha256: str) -> Invoice:
    """Return a document as ours. Raises `ValueError` for a type that is not documented."""
    if wire.type not in _TYPES:
        raise ValueError(f"its type {wire.type!r} is unknown")
    kind, direction = _TYPES[wire.type]
    them = InvoiceParty(wire.contact.name, wire.contact.id, wire.contact.tax_number or "")
    id_ = wire.invoice_id or wire.credit_note_id
    receivable = direction is Direction.RECEIVABLE
    return Invoice(
        source="xero",
        id=id_,
        number=wire.invoice_number or wire.credit_note_number or wire.reference or id_,
        kind=kind,
        status=_STATUSES.get(wire.status, InvoiceStatus.UNKNOWN),
        direction=direction,
        currency=wire.currency,
        issued=wire.date.date(),
        seller=us if receivable else them,
        buyer=them if receivable else us,
        lines=tuple(_line(line, wire) for line in wire.lines if line.line_amount is not None),
        net=Money(wire.sub_total, wire.currency),
        tax=Money(wire.total_tax, wire.currency),
        total=Money(wire.total, wire.currency),
        paid=None if wire.amount_paid is None else Money(wire.amount_paid, wire.currency),
        due=wire.due_date.date() if wire.due_date else None,
        purchase_order=wire.reference or "",
        corrects=next((one.invoice.number or one.invoice.id for one in wire.allocations), ""),
        updated=wire.updated,
        sha256=sha256,
        url=f"https://go.xero.com/{_VIEWS[wire.type]}{id_}",
    )


def _line(line: LineItem, wire: Document) -> InvoiceLine:
    """Return a line without its tax; a price that holds tax is left out, as it multiplies out to something else."""
    inclusive, tax = wire.amounts == "Inclusive", line.tax_amount or Decimal(0)
    amount = (line.line_amount or Decimal(0)) - (tax if inclusive else 0)
    discount = _discount(line)
    return InvoiceLine(
        id=line.id,
        description=line.description or "",
        amount=Money(amount, wire.currency),
        quantity=line.quantity,
        unit_price=None if inclusive else line.unit_amount,
        product=line.item_code or "",
        discount=None if inclusive or discount is None else Money(discount, wire.currency),
        tax=Money(tax, wire.currency),
    )


def _discount(line: LineItem) -> Decimal | None:
    """Return what a line's discount takes off; where Xero tells a rate only, by its effect."""
    if line.discount_amount:
        return line.discount_amount
    if not line.discount_rate or line.quantity is None or line.unit_amount is None or line.line_amount is None:
        return None
    return line.quantity * line.unit_amount - line.line_amount
