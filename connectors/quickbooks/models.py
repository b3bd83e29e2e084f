"""QuickBooks Online's wire shapes, as far as we read them; they never leave this folder."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class Ref(_Lenient):
    """Read a reference to another object."""

    value: str = ""
    name: str = ""


class ItemDetail(_Lenient):
    """Read what was sold or bought on a line."""

    item: Ref = Field(Ref(), alias="ItemRef")
    account: Ref = Field(Ref(), alias="AccountRef")
    quantity: Decimal | None = Field(None, alias="Qty")
    unit_price: Decimal | None = Field(None, alias="UnitPrice")
    service_date: date | None = Field(None, alias="ServiceDate")


class Group(_Lenient):
    """Read the lines that a bundle stands for."""

    lines: list[Line] = Field([], alias="Line")


class Line(_Lenient):
    """Read one line; its detail type says what it is."""

    id: str = Field("", alias="Id")
    description: str | None = Field(None, alias="Description")
    amount: Decimal | None = Field(None, alias="Amount")
    type: str = Field(alias="DetailType")
    sale: ItemDetail | None = Field(None, alias="SalesItemLineDetail")
    purchase: ItemDetail | None = Field(None, alias="ItemBasedExpenseLineDetail")
    expense: ItemDetail | None = Field(None, alias="AccountBasedExpenseLineDetail")
    group: Group | None = Field(None, alias="GroupLineDetail")

    @property
    def detail(self) -> ItemDetail:
        """Return the detail, whichever it is."""
        return self.sale or self.purchase or self.expense or ItemDetail()


class TaxDetail(_Lenient):
    """Read the tax of a document."""

    total: Decimal = Field(Decimal(0), alias="TotalTax")


class Meta(_Lenient):
    """Read when the object changed last."""

    updated: datetime = Field(alias="LastUpdatedTime")


class Custom(_Lenient):
    """Read a field that the company prints on its sales forms."""

    name: str = Field("", alias="Name")
    value: str | None = Field(None, alias="StringValue")


class Address(_Lenient):
    """Read a postal address."""

    country: str | None = Field(None, alias="Country")


class Document(_Lenient):
    """Read an invoice, credit memo, bill or vendor credit."""

    id: str = Field(alias="Id")
    number: str | None = Field(None, alias="DocNumber")
    day: date = Field(alias="TxnDate")
    due: date | None = Field(None, alias="DueDate")
    currency: Ref = Field(Ref(), alias="CurrencyRef")
    customer: Ref | None = Field(None, alias="CustomerRef")
    vendor: Ref | None = Field(None, alias="VendorRef")
    lines: list[Line] = Field([], alias="Line")
    tax: TaxDetail = Field(TaxDetail(), alias="TxnTaxDetail")
    total: Decimal = Field(alias="TotalAmt")
    balance: Decimal | None = Field(None, alias="Balance")
    terms: Ref = Field(Ref(), alias="SalesTermRef")
    note: str | None = Field(None, alias="PrivateNote")
    custom: list[Custom] = Field([], alias="CustomField")
    address: Address = Field(Address(), alias="BillAddr")
    meta: Meta = Field(alias="MetaData")


class Changed(_Lenient):
    """Read which object changed, and whether it is gone."""

    id: str = Field(alias="Id")
    status: str = ""
    meta: Meta = Field(alias="MetaData")
