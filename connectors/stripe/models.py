"""Stripe's wire shapes, as far as we read them; they never leave this folder.

Lines are read in the pinned version's shape and in that of 2025-03-31 and later, whose events and
accounts a key may meet: https://docs.stripe.com/changelog/basil
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Period(_Lenient):
    """Read the service period of a line in seconds since 1970; the end is the first moment after it."""

    start: int
    end: int


class Tax(_Lenient):
    """Read one tax of a line or document, in minor units."""

    amount: int
    inclusive: bool | None = None
    tax_behavior: str | None = None

    @property
    def inside(self) -> bool:
        """Tell whether the line's amount holds the tax already."""
        return self.inclusive if self.inclusive is not None else self.tax_behavior == "inclusive"


class Discount(_Lenient):
    """Read one discount, in minor units."""

    amount: int


class Price(_Lenient):
    """Read the price of a line."""

    id: str = ""
    product: Any = None
    unit_amount_decimal: Decimal | None = None
    billing_scheme: str = "per_unit"


class PriceDetails(_Lenient):
    """Read where a newer line names its price."""

    price: str = ""
    product: str = ""


class Pricing(_Lenient):
    """Read the price of a newer line."""

    price_details: PriceDetails | None = None
    unit_amount_decimal: Decimal | None = None


class Line(_Lenient):
    """Read one line of an invoice or credit note; `amount` is before discounts."""

    id: str
    amount: int
    description: str | None = None
    quantity: Decimal | None = None
    period: Period | None = None
    price: Price | None = None
    pricing: Pricing | None = None
    proration: bool = False
    unit_amount_decimal: Decimal | None = None
    discount_amounts: list[Discount] | None = None
    tax_amounts: list[Tax] | None = None
    taxes: list[Tax] | None = None
    invoice_line_item: str | None = None


class Lines(_Lenient):
    """Read a page of lines."""

    data: list[Line] = []
    has_more: bool = False


class Address(_Lenient):
    """Read a postal address."""

    country: str | None = None


class TaxId(_Lenient):
    """Read a tax id."""

    value: str | None = None


class CustomField(_Lenient):
    """Read a field that the account's owner prints on invoices."""

    name: str
    value: str


class Transitions(_Lenient):
    """Read when the invoice changed its status."""

    finalized_at: int | None = None


class Shipping(_Lenient):
    """Read the shipping cost in minor units."""

    amount_subtotal: int
    amount_tax: int = 0
    amount_total: int = 0


class Document(_Lenient):
    """Read what invoices and credit notes have in common."""

    id: str
    created: int
    currency: str
    customer: Any = None
    livemode: bool = False
    effective_at: int | None = None
    lines: Lines = Lines()
    number: str | None = None
    status: str | None = None
    total: int
    total_excluding_tax: int | None = None
    shipping_cost: Shipping | None = None
    metadata: dict[str, str] | None = None


class Invoice(Document):
    """Read an invoice."""

    account_country: str | None = None
    account_name: str | None = None
    amount_paid: int = 0
    custom_fields: list[CustomField] | None = None
    customer_address: Address | None = None
    customer_email: str | None = None
    customer_name: str | None = None
    customer_tax_ids: list[TaxId] | None = None
    due_date: int | None = None
    hosted_invoice_url: str | None = None
    status_transitions: Transitions = Transitions()
    tax: int | None = None
    total_tax_amounts: list[Tax] | None = None
    total_taxes: list[Tax] | None = None


class CreditNote(Document):
    """Read a credit note; its amounts are positive."""

    invoice: Any = None
    pdf: str | None = None


class EventObject(_Lenient):
    """Read which object an event is about."""

    id: str
    object: str


class EventData(_Lenient):
    """Read the object inside an event."""

    object: EventObject


class Event(_Lenient):
    """Read one event."""

    id: str
    created: int
    data: EventData
