"""Which column of a table says what; the headers of somebody's export belong to them, not to us."""

from __future__ import annotations

from dataclasses import dataclass, fields

# Settings of the whole table, which name no column.
_SETTINGS = frozenset({
    "default_currency", "default_seller", "default_buyer", "decimal", "date_format", "delimiter", "encoding", "sheet",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class InvoiceColumns:
    """Hold the header of each column; empty text means that the table has no such column.

    One row is one line; rows with the same number and seller are one invoice. `decimal` is `.` or
    `,`, `date_format` as `strptime` takes it, `delimiter` one character, `encoding` a codec and
    `sheet` the name of an Excel sheet; each is found out where it is empty and can be.
    """

    number: str = "invoice_number"
    issued: str = "invoice_date"
    amount: str = "amount"
    description: str = "description"
    currency: str = ""
    kind: str = ""
    status: str = ""
    seller: str = ""
    seller_tax_id: str = ""
    buyer: str = ""
    buyer_tax_id: str = ""
    due: str = ""
    line: str = ""
    product: str = ""
    quantity: str = ""
    unit: str = ""
    unit_price: str = ""
    discount: str = ""
    tax: str = ""
    tax_rate: str = ""
    period_first: str = ""
    period_last: str = ""
    purchase_order: str = ""
    order_line: str = ""
    contract_number: str = ""
    payment_terms: str = ""
    corrects: str = ""
    total: str = ""
    default_currency: str = ""
    default_seller: str = ""
    default_buyer: str = ""
    decimal: str = ""
    date_format: str = ""
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""

    def mapped(self) -> dict[str, str]:
        """Return what each named column is for, as field to header."""
        pairs = ((item.name, getattr(self, item.name)) for item in fields(self) if item.name not in _SETTINGS)
        return {name: header for name, header in pairs if header}
