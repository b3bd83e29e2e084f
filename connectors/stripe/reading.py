"""Stripe's invoices and credit notes as ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal

from connectors.stripe.amounts import money, price
from connectors.stripe.models import CreditNote, Document, Invoice, Line
from domain import invoices as ours
from domain.money import Money

_STATUSES = {
    "draft": ours.InvoiceStatus.DRAFT,
    "open": ours.InvoiceStatus.OPEN,
    "paid": ours.InvoiceStatus.PAID,
    "void": ours.InvoiceStatus.VOID,
    "uncollectible": ours.InvoiceStatus.UNCOLLECTIBLE,
    "issued": ours.InvoiceStatus.OPEN,
}
_DASHBOARD = "https://dashboard.stripe.com/"


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold how an account's invoices are to be read.

    `zone` is the account's time zone, in which days begin; `order_field` and `contract_field` are
    names of metadata or custom fields.
    """

    zone: tzinfo = UTC
    order_field: str = "purchase_order"
    contract_field: str = "contract_number"

    def invoice(self, wire: Invoice, lines: Sequence[Line], sha256: str, updated: datetime | None) -> ours.Invoice:
        """Return an invoice with all its lines."""
        currency = wire.currency.upper()
        net = _net(wire, currency)
        total = money(wire.total, currency)
        issued = wire.effective_at or wire.status_transitions.finalized_at or wire.created
        extra = {field.name.casefold(): field.value for field in wire.custom_fields or []}
        extra |= {name.casefold(): value for name, value in (wire.metadata or {}).items()}
        return ours.Invoice(
            source="stripe",
            id=wire.id,
            number=wire.number or wire.id,
            kind=ours.InvoiceKind.INVOICE,
            status=_STATUSES.get(wire.status or "", ours.InvoiceStatus.UNKNOWN),
            direction=ours.Direction.RECEIVABLE,
            currency=currency,
            issued=self._day(issued),
            seller=ours.InvoiceParty(wire.account_name or "", country=wire.account_country or ""),
            buyer=_buyer(wire),
            lines=tuple(self._line(line, currency) for line in lines),
            charges=_shipping(wire, currency),
            net=net,
            tax=total - net if net else None,
            total=total,
            paid=money(wire.amount_paid, currency),
            due=None if wire.due_date is None else self._day(wire.due_date),
            purchase_order=extra.get(self.order_field.casefold(), ""),
            contract_number=extra.get(self.contract_field.casefold(), ""),
            updated=updated,
            sha256=sha256,
            url=wire.hosted_invoice_url or f"{_DASHBOARD}invoices/{wire.id}",
        )

    def credit_note(
        self, wire: CreditNote, lines: Sequence[Line], sha256: str, updated: datetime | None
    ) -> ours.Invoice:
        """Return a credit note with all its lines; `corrects` is the invoice's id at Stripe."""
        currency = wire.currency.upper()
        net, total = _net(wire, currency), money(wire.total, currency)
        return ours.Invoice(
            source="stripe",
            id=wire.id,
            number=wire.number or wire.id,
            kind=ours.InvoiceKind.CREDIT_NOTE,
            status=_STATUSES.get(wire.status or "", ours.InvoiceStatus.UNKNOWN),
            direction=ours.Direction.RECEIVABLE,
            currency=currency,
            issued=self._day(wire.effective_at or wire.created),
            seller=ours.InvoiceParty(""),
            buyer=ours.InvoiceParty("", id=_id(wire.customer)),
            lines=tuple(self._line(line, currency) for line in lines),
            charges=_shipping(wire, currency),
            net=net,
            tax=total - net if net else None,
            total=total,
            corrects=_id(wire.invoice),
            updated=updated,
            sha256=sha256,
            url=wire.pdf or "",
        )

    def _line(self, line: Line, currency: str) -> ours.InvoiceLine:
        """Return a line; its net amount is after discounts and without taxes that it holds."""
        discount = sum(item.amount for item in line.discount_amounts or [])
        taxes = line.tax_amounts if line.tax_amounts is not None else line.taxes or []
        held = sum(tax.amount for tax in taxes if tax.inside)
        first, last = self._period(line)
        return ours.InvoiceLine(
            id=line.id,
            description=line.description or "",
            amount=money(line.amount - discount - held, currency),
            quantity=line.quantity,
            unit_price=None if held else price(_unit_amount(line), currency),
            product=_product(line),
            period_first=first,
            period_last=last,
            discount=money(discount, currency) if discount else None,
            tax=money(sum(tax.amount for tax in taxes), currency),
        )

    def _period(self, line: Line) -> tuple[date | None, date | None]:
        """Return the days of service; Stripe's end is the first second after, and equal for a one-off."""
        if line.period is None:
            return None, None
        start, end = line.period.start, line.period.end
        return self._day(start), self._day(end - 1 if end > start else end)

    def _day(self, seconds: int) -> date:
        return datetime.fromtimestamp(seconds, UTC).astimezone(self.zone).date()


def _unit_amount(line: Line) -> Decimal | None:
    """Return the price of one unit in minor units; tiers and prorations have none that multiplies out."""
    if line.proration or (line.price and line.price.billing_scheme == "tiered"):
        return None
    places = (line, line.price, line.pricing)
    return next(
        (place.unit_amount_decimal for place in places if place and place.unit_amount_decimal is not None), None
    )


def _product(line: Line) -> str:
    """Return the product's id, else the price's."""
    if line.price:
        return _id(line.price.product) or line.price.id
    details = line.pricing.price_details if line.pricing else None
    return (details.product or details.price) if details else ""


def _net(wire: Document, currency: str) -> Money | None:
    return None if wire.total_excluding_tax is None else money(wire.total_excluding_tax, currency)


def _shipping(wire: Document, currency: str) -> tuple[ours.Charge, ...]:
    cost = wire.shipping_cost
    return (ours.Charge("shipping", money(cost.amount_subtotal, currency)),) if cost and cost.amount_subtotal else ()


def _buyer(wire: Invoice) -> ours.InvoiceParty:
    return ours.InvoiceParty(
        name=wire.customer_name or wire.customer_email or "",
        id=_id(wire.customer),
        tax_id=next((item.value for item in wire.customer_tax_ids or [] if item.value), ""),
        country=(wire.customer_address.country if wire.customer_address else "") or "",
    )


def _id(reference: object) -> str:
    """Return the id of an object that Stripe names, or sends whole where it was expanded."""
    return str(reference.get("id", "")) if isinstance(reference, dict) else str(reference or "")
