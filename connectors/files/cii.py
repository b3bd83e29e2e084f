"""UN/CEFACT Cross Industry Invoice (D16B), the XML of Factur-X, ZUGFeRD 2 and XRechnung-CII.

https://github.com/ConnectingEurope/eInvoicing-EN16931/tree/master/cii
"""

from __future__ import annotations

from datetime import date

from connectors.files import codes
from connectors.files.unreadable import Unreadable
from connectors.files.xml import Reader, required, total
from domain.invoices import Charge, Direction, Invoice, InvoiceLine, InvoiceParty
from domain.money import Money

_DATA = "urn:un:unece:uncefact:data:standard:"
_RSM = f"{_DATA}CrossIndustryInvoice:100"
INVOICE = f"{{{_RSM}}}CrossIndustryInvoice"
NAMES = {
    "rsm": _RSM,
    "ram": f"{_DATA}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_DATA}UnqualifiedDataType:100",
    "qdt": f"{_DATA}QualifiedDataType:100",
}
_TRADE = "rsm:SupplyChainTradeTransaction/ram:"
_AGREEMENT = f"{_TRADE}ApplicableHeaderTradeAgreement/ram:"
_SETTLEMENT = f"{_TRADE}ApplicableHeaderTradeSettlement/ram:"
_TOTALS = f"{_SETTLEMENT}SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
_PERIOD = "ram:BillingSpecifiedPeriod/ram:"
# Lines of the EXTENDED profile that only explain others and are no part of the sum.
_EXPLAINING = frozenset({"GROUP", "INFORMATION"})


def invoice(top: Reader, sha256: str, direction: Direction) -> Invoice:
    """Return the invoice that a document is. Raises `Unreadable`."""
    number = required(top.text("rsm:ExchangedDocument/ram:ID"), "ID (BT-1)")
    issued = required(_day(top, "rsm:ExchangedDocument/ram:IssueDateTime"), "IssueDateTime (BT-2)")
    currency = required(top.text(f"{_SETTLEMENT}InvoiceCurrencyCode"), "InvoiceCurrencyCode (BT-5)")
    seller = _party(top, f"{_AGREEMENT}SellerTradeParty/ram:")
    code = top.text("rsm:ExchangedDocument/ram:TypeCode")
    return Invoice(
        source="files",
        id=f"{seller.tax_id or seller.id or seller.name}/{number}",
        number=number,
        kind=codes.kind(code),
        status=codes.status(code),
        direction=direction,
        currency=currency,
        issued=issued,
        seller=seller,
        buyer=_party(top, f"{_AGREEMENT}BuyerTradeParty/ram:"),
        lines=tuple(_line(line, currency) for line in _lines(top)),
        charges=tuple(_charge(item, currency) for item in top.all(f"{_SETTLEMENT}SpecifiedTradeAllowanceCharge")),
        lines_net=top.money(f"{_TOTALS}LineTotalAmount", currency),
        net=top.money(f"{_TOTALS}TaxBasisTotalAmount", currency),
        tax=_tax(top, currency),
        total=top.money(f"{_TOTALS}GrandTotalAmount", currency),
        rounding=top.money(f"{_TOTALS}RoundingAmount", currency),
        paid=top.money(f"{_TOTALS}TotalPrepaidAmount", currency),
        self_billed=codes.self_billed(code),
        due=_day(top, f"{_SETTLEMENT}SpecifiedTradePaymentTerms/ram:DueDateDateTime"),
        period_first=_day(top, f"{_SETTLEMENT}BillingSpecifiedPeriod/ram:StartDateTime"),
        period_last=_day(top, f"{_SETTLEMENT}BillingSpecifiedPeriod/ram:EndDateTime"),
        payment_terms=top.texts(f"{_SETTLEMENT}SpecifiedTradePaymentTerms/ram:Description"),
        purchase_order=top.text(f"{_AGREEMENT}BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        contract_number=top.text(f"{_AGREEMENT}ContractReferencedDocument/ram:IssuerAssignedID"),
        corrects=top.text(f"{_SETTLEMENT}InvoiceReferencedDocument/ram:IssuerAssignedID"),
        sha256=sha256,
    )


def _lines(top: Reader) -> list[Reader]:
    lines = top.all(f"{_TRADE}IncludedSupplyChainTradeLineItem")
    reason = "ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode"
    return [line for line in lines if line.text(reason) not in _EXPLAINING]


def _line(line: Reader, currency: str) -> InvoiceLine:
    agreed, settled = "ram:SpecifiedLineTradeAgreement/ram:", "ram:SpecifiedLineTradeSettlement/"
    number = line.text("ram:AssociatedDocumentLineDocument/ram:LineID")
    amount = line.money(f"{settled}ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", currency)
    quantity, product = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", "ram:SpecifiedTradeProduct/ram:"
    return InvoiceLine(
        id=number,
        description=line.text(f"{product}Name", f"{product}Description"),
        amount=required(amount, f"LineTotalAmount (BT-131) in line {number}"),
        quantity=line.number(quantity),
        unit=line.attribute(quantity, "unitCode"),
        unit_price=line.number(f"{agreed}NetPriceProductTradePrice/ram:ChargeAmount"),
        price_base=line.number(f"{agreed}NetPriceProductTradePrice/ram:BasisQuantity"),
        list_price=line.number(f"{agreed}GrossPriceProductTradePrice/ram:ChargeAmount"),
        product=line.text(f"{product}SellerAssignedID", f"{product}GlobalID"),
        period_first=_day(line, f"{settled}{_PERIOD}StartDateTime"),
        period_last=_day(line, f"{settled}{_PERIOD}EndDateTime"),
        discount=_summed(line, f"{settled}ram:SpecifiedTradeAllowanceCharge", currency, charge=False),
        surcharge=_summed(line, f"{settled}ram:SpecifiedTradeAllowanceCharge", currency, charge=True),
        tax_rate=line.number(f"{settled}ram:ApplicableTradeTax/ram:RateApplicablePercent"),
        order_line=line.text(f"{agreed}BuyerOrderReferencedDocument/ram:LineID"),
    )


def _summed(line: Reader, path: str, currency: str, *, charge: bool) -> Money | None:
    return total([_amount(item, currency) for item in line.all(path) if _is_charge(item) is charge], currency)


def _charge(item: Reader, currency: str) -> Charge:
    amount = _amount(item, currency)
    return Charge(item.text("ram:Reason", "ram:ReasonCode"), amount if _is_charge(item) else amount * -1)


def _is_charge(item: Reader) -> bool:
    return item.text("ram:ChargeIndicator/udt:Indicator") in {"true", "1"}


def _amount(item: Reader, currency: str) -> Money:
    return required(item.money("ram:ActualAmount", currency), "ActualAmount of an allowance or charge")


def _tax(top: Reader, currency: str) -> Money | None:
    """Return the tax in the document's currency; a second total may stand there in another (BT-111)."""
    for item in top.all(f"{_TOTALS}TaxTotalAmount"):
        if item.attribute(".", "currencyID") in {"", currency}:
            return item.money(".", currency)
    return None


def _party(top: Reader, path: str) -> InvoiceParty:
    registered = f"{path}SpecifiedTaxRegistration/ram:ID"
    legal, identity = f"{path}SpecifiedLegalOrganization/ram:ID", f"{path}GlobalID"
    lei = f"[@schemeID='{codes.LEI}']"
    return InvoiceParty(
        name=top.text(f"{path}Name"),
        id=top.text(f"{path}ID", identity, legal),
        tax_id=top.text(f"{registered}[@schemeID='VA']", registered),
        lei=top.text(identity + lei, legal + lei),
        country=top.text(f"{path}PostalTradeAddress/ram:CountryID"),
    )


def _day(node: Reader, path: str) -> date | None:
    """Return a date in format 102 (YYYYMMDD), the only one that EN 16931 allows. Raises `Unreadable`."""
    for element in ("udt:DateTimeString", "udt:DateTime", "qdt:DateTimeString"):
        if text := node.text(f"{path}/{element}"):
            code = node.attribute(f"{path}/{element}", "format")
            if code not in {"", "102"}:
                raise Unreadable(f"a date is in format {code}", "EN 16931 allows 102 only; ask for a corrected one")
            return node.made_day(text[:10] if "-" in text else text, path)
    return None
