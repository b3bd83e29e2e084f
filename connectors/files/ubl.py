"""UBL 2.1 invoices and credit notes as EN 16931 and Peppol BIS Billing 3 use them.

https://docs.peppol.eu/poacc/billing/3.0/syntax/ubl-invoice/tree/
"""

from __future__ import annotations

from connectors.files import codes
from connectors.files.xml import Reader, required, total
from domain.invoices import Charge, Direction, Invoice, InvoiceLine, InvoiceParty
from domain.money import Money

_SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE = f"{{{_SCHEMA}Invoice-2}}Invoice"
CREDIT_NOTE = f"{{{_SCHEMA}CreditNote-2}}CreditNote"
NAMES = {"cac": f"{_SCHEMA}CommonAggregateComponents-2", "cbc": f"{_SCHEMA}CommonBasicComponents-2"}
_TOTALS = "cac:LegalMonetaryTotal/cbc:"


def invoice(top: Reader, sha256: str, direction: Direction) -> Invoice:
    """Return the invoice that a document is. Raises `Unreadable`."""
    credit = top.node.tag == CREDIT_NOTE
    word = "CreditNote" if credit else "Invoice"
    number = required(top.text("cbc:ID"), "ID (BT-1)")
    currency = required(top.text("cbc:DocumentCurrencyCode"), "DocumentCurrencyCode (BT-5)")
    seller = _party(top, "cac:AccountingSupplierParty/cac:Party/")
    code = top.text(f"cbc:{word}TypeCode")
    return Invoice(
        source="files",
        id=f"{seller.tax_id or seller.id or seller.name}/{number}",
        number=number,
        kind=codes.kind(code, credit_note=credit),
        status=codes.status(code),
        direction=direction,
        currency=currency,
        issued=required(top.day("cbc:IssueDate"), "IssueDate (BT-2)"),
        seller=seller,
        buyer=_party(top, "cac:AccountingCustomerParty/cac:Party/"),
        lines=tuple(_line(line, currency, credit=credit) for line in top.all(f"cac:{word}Line")),
        charges=tuple(_charge(item, currency) for item in top.all("cac:AllowanceCharge")),
        lines_net=top.money(f"{_TOTALS}LineExtensionAmount", currency),
        net=top.money(f"{_TOTALS}TaxExclusiveAmount", currency),
        tax=_tax(top, currency),
        total=top.money(f"{_TOTALS}TaxInclusiveAmount", currency),
        rounding=top.money(f"{_TOTALS}PayableRoundingAmount", currency),
        paid=top.money(f"{_TOTALS}PrepaidAmount", currency),
        self_billed=codes.self_billed(code),
        due=top.day("cbc:DueDate") or top.day("cac:PaymentMeans/cbc:PaymentDueDate"),
        period_first=top.day("cac:InvoicePeriod/cbc:StartDate"),
        period_last=top.day("cac:InvoicePeriod/cbc:EndDate"),
        payment_terms=top.texts("cac:PaymentTerms/cbc:Note"),
        purchase_order=top.text("cac:OrderReference/cbc:ID"),
        contract_number=top.text("cac:ContractDocumentReference/cbc:ID"),
        corrects=top.text("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        sha256=sha256,
    )


def _line(line: Reader, currency: str, *, credit: bool) -> InvoiceLine:
    number, amount = line.text("cbc:ID"), line.money("cbc:LineExtensionAmount", currency)
    quantity = f"cbc:{'Credited' if credit else 'Invoiced'}Quantity"
    return InvoiceLine(
        id=number,
        description=line.text("cac:Item/cbc:Name", "cac:Item/cbc:Description"),
        amount=required(amount, f"LineExtensionAmount (BT-131) in line {number}"),
        quantity=line.number(quantity),
        unit=line.attribute(quantity, "unitCode"),
        unit_price=line.number("cac:Price/cbc:PriceAmount"),
        price_base=line.number("cac:Price/cbc:BaseQuantity"),
        list_price=line.number("cac:Price/cac:AllowanceCharge/cbc:BaseAmount"),
        product=line.text(
            "cac:Item/cac:SellersItemIdentification/cbc:ID", "cac:Item/cac:StandardItemIdentification/cbc:ID"
        ),
        period_first=line.day("cac:InvoicePeriod/cbc:StartDate"),
        period_last=line.day("cac:InvoicePeriod/cbc:EndDate"),
        discount=_summed(line, currency, charge=False),
        surcharge=_summed(line, currency, charge=True),
        tax=line.money("cac:TaxTotal/cbc:TaxAmount", currency),
        tax_rate=line.number("cac:Item/cac:ClassifiedTaxCategory/cbc:Percent"),
        order_line=line.text("cac:OrderLineReference/cbc:LineID"),
    )


def _summed(line: Reader, currency: str, *, charge: bool) -> Money | None:
    items = [item for item in line.all("cac:AllowanceCharge") if _is_charge(item) is charge]
    return total([_amount(item, currency) for item in items], currency)


def _charge(item: Reader, currency: str) -> Charge:
    amount = _amount(item, currency)
    reason = item.text("cbc:AllowanceChargeReason", "cbc:AllowanceChargeReasonCode")
    return Charge(reason, amount if _is_charge(item) else amount * -1)


def _is_charge(item: Reader) -> bool:
    return item.text("cbc:ChargeIndicator") in {"true", "1"}


def _amount(item: Reader, currency: str) -> Money:
    return required(item.money("cbc:Amount", currency), "Amount of an allowance or charge")


def _tax(top: Reader, currency: str) -> Money | None:
    """Return the tax in the document's currency; a second total may stand there in another (BT-111)."""
    for item in top.all("cac:TaxTotal"):
        if item.attribute("cbc:TaxAmount", "currencyID") in {"", currency}:
            return item.money("cbc:TaxAmount", currency)
    return None


def _party(top: Reader, path: str) -> InvoiceParty:
    legal, identity = f"{path}cac:PartyLegalEntity/cbc:CompanyID", f"{path}cac:PartyIdentification/cbc:ID"
    schemes = top.all(f"{path}cac:PartyTaxScheme")
    vat = [item for item in schemes if item.text("cac:TaxScheme/cbc:ID") == "VAT"]
    lei = f"[@schemeID='{codes.LEI}']"
    return InvoiceParty(
        name=top.text(f"{path}cac:PartyLegalEntity/cbc:RegistrationName", f"{path}cac:PartyName/cbc:Name"),
        id=top.text(identity, legal),
        tax_id=next((item.text("cbc:CompanyID") for item in [*vat, *schemes]), ""),
        lei=top.text(identity + lei, legal + lei),
        country=top.text(f"{path}cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
    )
