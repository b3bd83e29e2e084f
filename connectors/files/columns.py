"""Which column of a table says what; the headers of somebody's export belong to them, not to us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches

# Settings of the whole table, which name no column.
_SETTINGS = frozenset({
    "default_currency", "default_seller", "default_buyer", "decimal", "date_format", "delimiter", "encoding", "sheet",
    "usual",
})  # fmt: skip
_NEEDED = ("number", "issued", "amount", "currency")
# Headers that exports give a column, besides the name of its field.
_USUAL = {
    "number": ("invoice_number", "invoice_no", "invoice"),
    "issued": ("invoice_date", "issued_on", "issue_date", "date"),
    "currency": ("currency",),
    "amount": ("amount", "net_amount", "line_amount"),
    "seller": ("supplier", "vendor"),
    "buyer": ("customer",),
    "due": ("due_date",),
    "line": ("line_number", "line_id"),
    "period_first": ("service_from", "period_start"),
    "period_last": ("service_to", "period_end"),
    "purchase_order": ("po", "po_number"),
    "contract_number": ("contract",),
    "corrects": ("corrects_invoice",),
}


@dataclass(frozen=True, slots=True)
class InvoiceColumns:
    """Hold the header of each column; empty text means that the table has no such column.

    One row is one line; rows with the same number and seller are one invoice. `decimal` is `.` or
    `,`, `date_format` as `strptime` takes it, `delimiter` one character, `encoding` a codec and
    `sheet` the name of an Excel sheet; each is found out where it is empty and can be. With `usual` a
    column goes by any of its usual headers, and what has none is left out.
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
    usual: bool = False

    def mapped(self) -> dict[str, str]:
        """Return what each named column is for, as field to header."""
        pairs = ((item.name, getattr(self, item.name)) for item in fields(self) if item.name not in _SETTINGS)
        return {name: header for name, header in pairs if header}

    def headers(self) -> frozenset[str]:
        """Return every header that a table may have, case-folded."""
        found = self.mapped()
        usual = {text for name in _names() for text in _headers(name)} if self.usual else set()
        return frozenset(text.casefold() for text in {*found.values(), *usual})

    def fitted(self, header: Sequence[str]) -> InvoiceColumns:
        """Return the columns as a header has them; only `usual` ones are looked for."""
        if not self.usual:
            return self
        folded = {text.casefold(): text for text in header}
        found = {name: next((folded[text] for text in _headers(name) if text in folded), "") for name in _names()}
        needed = {
            name: found[name] or _USUAL[name][0] for name in _NEEDED if name != "currency" or not self.default_currency
        }
        return replace(self, **{**found, **needed})  # type: ignore[arg-type]  # headers alone, no setting

    def misspelt(self, header: Sequence[str]) -> dict[str, str]:
        """Return headers that are read as nothing and look like one that would be, with that one."""
        known = sorted(self.headers())
        strange = [text for text in header if self.usual and text and text.casefold() not in known]
        close = {text: get_close_matches(text.casefold(), known, n=1, cutoff=0.85) for text in strange}
        return {text: found[0] for text, found in close.items() if found}


def _names() -> list[str]:
    return [item.name for item in fields(InvoiceColumns) if item.name not in _SETTINGS]


def _headers(name: str) -> tuple[str, ...]:
    return (name, *_USUAL.get(name, ()))
