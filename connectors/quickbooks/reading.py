"""QuickBooks' invoices, credit memos, bills and vendor credits as ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.quickbooks.models import Document, Line
from domain.invoices import Charge, Direction, Invoice, InvoiceKind, InvoiceLine, InvoiceParty, InvoiceStatus
from domain.money import Money

KINDS = {
    "Invoice": (InvoiceKind.INVOICE, Direction.RECEIVABLE),
    "CreditMemo": (InvoiceKind.CREDIT_NOTE, Direction.RECEIVABLE),
    "Bill": (InvoiceKind.INVOICE, Direction.PAYABLE),
    "VendorCredit": (InvoiceKind.CREDIT_NOTE, Direction.PAYABLE),
}
_ITEMS = frozenset({"SalesItemLineDetail", "ItemBasedExpenseLineDetail", "AccountBasedExpenseLineDetail"})
_DISCOUNT, _GROUP = "DiscountLineDetail", "GroupLineDetail"
# Words and sums of the lines above: nothing is billed by them.
_SILENT = frozenset({"SubTotalLineDetail", "DescriptionOnly", "DescriptionLineDetail"})
_SHIPPING = "SHIPPING_ITEM_ID"


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold how a company's documents are to be read.

    `us` is the company itself, `home` the currency of companies that use one only; `order_field`
    and `contract_field` are names of custom fields.
    """

    us: InvoiceParty
    home: str = "USD"
    order_field: str = "P.O. Number"
    contract_field: str = "Contract"

    def invoice(self, entity: str, wire: Document, sha256: str) -> Invoice:
        """Return a document as ours. Raises `ValueError` for a line that is not understood."""
        kind, direction = KINDS[entity]
        currency = wire.currency.value or self.home
        lines = list(_flat(wire.lines))
        custom = {field.name.casefold(): field.value or "" for field in wire.custom}
        them, receivable = _party(wire), direction is Direction.RECEIVABLE
        return Invoice(
            source="quickbooks",
            id=f"{entity}/{wire.id}",
            number=wire.number or f"{entity}/{wire.id}",
            kind=kind,
            status=_status(wire, kind),
            direction=direction,
            currency=currency,
            issued=wire.day,
            seller=self.us if receivable else them,
            buyer=them if receivable else self.us,
            lines=tuple(_line(line, currency) for line in lines if line.type in _ITEMS and not _shipping(line)),
            charges=tuple(_charge(line, currency) for line in lines if line.type == _DISCOUNT or _shipping(line)),
            net=Money(wire.total - wire.tax.total, currency),
            tax=Money(wire.tax.total, currency),
            total=Money(wire.total, currency),
            paid=_paid(wire, kind, currency),
            due=wire.due,
            payment_terms=wire.terms.name,
            purchase_order=custom.get(self.order_field.casefold(), ""),
            contract_number=custom.get(self.contract_field.casefold(), ""),
            updated=wire.meta.updated,
            sha256=sha256,
            url=f"https://app.qbo.intuit.com/app/{entity.lower()}?txnId={wire.id}",
        )


def _flat(lines: list[Line]) -> Iterator[Line]:
    """Yield lines with bundles replaced by what they hold. Raises `ValueError` for an unknown type."""
    for line in lines:
        if line.type == _GROUP:
            yield from _flat(line.group.lines if line.group else [])
        elif line.type in _ITEMS or line.type == _DISCOUNT:
            yield line
        elif line.type not in _SILENT:
            raise ValueError(f"line {line.id}: its type {line.type!r} is unknown")


def _line(line: Line, currency: str) -> InvoiceLine:
    detail = line.detail
    return InvoiceLine(
        id=line.id,
        description=line.description or "",
        amount=_amount(line, currency),
        quantity=detail.quantity,
        unit_price=detail.unit_price,
        product=detail.item.name or detail.account.name,
        period_first=detail.service_date,
    )


def _charge(line: Line, currency: str) -> Charge:
    """Return the discount, which QuickBooks writes as a positive amount, or the shipping."""
    amount = _amount(line, currency)
    return Charge("discount", amount * -1) if line.type == _DISCOUNT else Charge("shipping", amount)


def _amount(line: Line, currency: str) -> Money:
    if line.amount is None:
        raise ValueError(f"line {line.id} has no amount")
    return Money(line.amount, currency)


def _shipping(line: Line) -> bool:
    return line.detail.item.value == _SHIPPING


def _status(wire: Document, kind: InvoiceKind) -> InvoiceStatus:
    """Return where a document stands; a void one is left with zeros and a note.

    https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice#void-an-invoice
    """
    if wire.total == 0 and (wire.note or "").startswith("Voided"):
        return InvoiceStatus.VOID
    settled = kind is InvoiceKind.INVOICE and wire.balance == 0 and wire.total != 0
    return InvoiceStatus.PAID if settled else InvoiceStatus.OPEN


def _paid(wire: Document, kind: InvoiceKind, currency: str) -> Money | None:
    if wire.balance is None or kind is not InvoiceKind.INVOICE:
        return None
    return Money(wire.total - wire.balance, currency)


def _party(wire: Document) -> InvoiceParty:
    other = wire.customer or wire.vendor
    return InvoiceParty(other.name if other else "", other.value if other else "", country=wire.address.country or "")
