"""Xero's wire shapes, as far as we read them; they never leave this folder."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(value: object) -> object:
    """Return Xero's `/Date(1518685950940+0000)/` as a time in UTC; the offset changes nothing about it.

    https://developer.xero.com/documentation/api/accounting/requests-and-responses#json-responses-and-date-formats
    """
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if found:
        return _EPOCH + timedelta(milliseconds=int(found[1]))
    if isinstance(value, str) and value:
        read = datetime.fromisoformat(value)
        return read if read.tzinfo else read.replace(tzinfo=UTC)
    return value


Moment = Annotated[datetime, BeforeValidator(moment)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class Contact(_Lenient):
    """Read the other party."""

    id: str = Field("", alias="ContactID")
    name: str = Field("", alias="Name")
    tax_number: str | None = Field(None, alias="TaxNumber")


class LineItem(_Lenient):
    """Read one line; `line_amount` is after its discount, and with tax where the document's amounts are."""

    id: str = Field("", alias="LineItemID")
    description: str | None = Field(None, alias="Description")
    quantity: Decimal | None = Field(None, alias="Quantity")
    unit_amount: Decimal | None = Field(None, alias="UnitAmount")
    item_code: str | None = Field(None, alias="ItemCode")
    tax_amount: Decimal | None = Field(None, alias="TaxAmount")
    line_amount: Decimal | None = Field(None, alias="LineAmount")
    discount_rate: Decimal | None = Field(None, alias="DiscountRate")
    discount_amount: Decimal | None = Field(None, alias="DiscountAmount")


class Allocated(_Lenient):
    """Read the invoice that a credit note was set against."""

    number: str | None = Field(None, alias="InvoiceNumber")
    id: str = Field("", alias="InvoiceID")


class Allocation(_Lenient):
    """Read one allocation of a credit note."""

    invoice: Allocated = Field(Allocated(), alias="Invoice")


class Document(_Lenient):
    """Read an invoice, bill or credit note; the type says which."""

    type: str = Field(alias="Type")
    invoice_id: str = Field("", alias="InvoiceID")
    credit_note_id: str = Field("", alias="CreditNoteID")
    invoice_number: str | None = Field(None, alias="InvoiceNumber")
    credit_note_number: str | None = Field(None, alias="CreditNoteNumber")
    reference: str | None = Field(None, alias="Reference")
    contact: Contact = Field(Contact(), alias="Contact")
    date: Moment = Field(alias="Date")
    due_date: Moment | None = Field(None, alias="DueDate")
    status: str = Field(alias="Status")
    amounts: str = Field("Exclusive", alias="LineAmountTypes")
    lines: list[LineItem] = Field([], alias="LineItems")
    sub_total: Decimal = Field(alias="SubTotal")
    total_tax: Decimal = Field(alias="TotalTax")
    total: Decimal = Field(alias="Total")
    amount_paid: Decimal | None = Field(None, alias="AmountPaid")
    currency: str = Field(alias="CurrencyCode")
    allocations: list[Allocation] = Field([], alias="Allocations")
    url: str | None = Field(None, alias="Url")
    updated: Moment = Field(alias="UpdatedDateUTC")
