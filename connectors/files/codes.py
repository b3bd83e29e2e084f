"""What the code lists of EN 16931 mean to us."""

from __future__ import annotations

from domain.invoices import InvoiceKind, InvoiceStatus

LEI = "0199"  # ISO 6523 code of the Legal Entity Identifier
# UNTDID 1001 as EN 16931 allows it (BT-3), https://docs.peppol.eu/poacc/billing/3.0/codelist/UNCL1001-inv/
_CREDIT_NOTES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
_SELF_BILLED = frozenset({"261", "389", "527"})
_PROFORMA = "325"


def kind(code: str, *, credit_note: bool = False) -> InvoiceKind:
    """Return what the paper is; `credit_note` says that the document's own form is one."""
    if credit_note or code in _CREDIT_NOTES:
        return InvoiceKind.CREDIT_NOTE
    return InvoiceKind.CORRECTION if code == "384" else InvoiceKind.INVOICE


def self_billed(code: str) -> bool:
    """Tell whether the buyer wrote the paper."""
    return code in _SELF_BILLED


def status(code: str) -> InvoiceStatus:
    """Return what a file can say about its status: only that a pro forma demands no money."""
    return InvoiceStatus.DRAFT if code == _PROFORMA else InvoiceStatus.UNKNOWN
