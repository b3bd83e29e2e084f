"""QuickBooks Online against our description of it: four kinds of documents, lines, changes, deletions, faults."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from connectors import http
from connectors.quickbooks.billing import QuickBooksBilling
from connectors.quickbooks.client import QuickBooksClient
from connectors.quickbooks.reading import KINDS, Reading
from domain.errors import Permanent, Transient
from domain.invoices import Charge, Direction, Invoice, InvoiceKind, InvoicePage, InvoiceParty, InvoiceStatus
from domain.money import Money
from tests.contracts.conftest import Start
from tests.contracts.server import Call, ContractServer, Fault

QUERY, CHANGES = "GET /v3/company/{realm}/query", "GET /v3/company/{realm}/cdc"
START = datetime(2026, 11, 1, tzinfo=UTC)
US = InvoiceParty("Us Inc")
_STATEMENT = re.compile(
    r"select \* from (\w+)(?: where MetaData.LastUpdatedTime >= '(.+?)')? .* startposition (\d+) maxresults (\d+)"
)


def meta(changed: datetime) -> dict[str, Any]:
    pacific = changed.astimezone(UTC) - timedelta(hours=8)
    return {"LastUpdatedTime": pacific.strftime("%Y-%m-%dT%H:%M:%S-08:00")}


def sale(place: int, amount: float, **detail: Any) -> dict[str, Any]:
    return {
        "Id": str(place), "Description": "Seats", "Amount": amount, "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": "7", "name": "Seat"}, "Qty": 4, "UnitPrice": 12.505, **detail},
    }  # fmt: skip


def document(place: int, *, changed: datetime | None = None, **more: Any) -> dict[str, Any]:
    return {
        "Id": str(place), "SyncToken": "0", "domain": "QBO", "sparse": False, "DocNumber": f"10{place}",
        "TxnDate": "2026-11-01", "DueDate": "2026-12-01", "CurrencyRef": {"value": "EUR", "name": "Euro"},
        "CustomerRef": {"value": "58", "name": "Example GmbH"}, "BillAddr": {"Country": "DE"},
        "Line": [sale(1, 50.02)], "TxnTaxDetail": {"TotalTax": 9.5}, "TotalAmt": 59.52, "Balance": 59.52,
        "SalesTermRef": {"value": "3", "name": "Net 30"},
        "CustomField": [{"DefinitionId": "1", "Name": "P.O. Number", "Type": "StringType", "StringValue": "PO-9"}],
        "MetaData": meta(changed or START + timedelta(minutes=place)), **more,
    }  # fmt: skip


def bill(place: int, **more: Any) -> dict[str, Any]:
    made = document(place, VendorRef={"value": "3", "name": "Supplier"}, **more)
    del made["CustomerRef"]
    made["Line"] = [
        {"Id": "1", "Amount": 50.02, "Description": "Rent", "DetailType": "AccountBasedExpenseLineDetail",
         "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "1", "name": "Rent"}}},
    ]  # fmt: skip
    return made


class Company:
    """Behave like one company: queries sorted by change, and changes of 30 days with deletions."""

    def __init__(self, server: ContractServer) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {entity: [] for entity in KINDS}
        self.gone: dict[str, list[dict[str, Any]]] = {entity: [] for entity in KINDS}
        self.now = START + timedelta(days=20)
        self.between: Callable[[], None] = lambda: None
        server.on(QUERY, self.query)
        server.on(CHANGES, self.changes)

    def query(self, call: Call) -> dict[str, Any]:
        found = _STATEMENT.fullmatch(call.query["query"])
        assert found
        rows = self.since(self.rows[found[1]], datetime.fromisoformat(found[2]) if found[2] else None)
        first = int(found[3]) - 1
        page = rows[first : first + int(found[4])]
        self.between()
        return {"QueryResponse": {found[1]: page} if page else {}, "time": self.now.isoformat()}

    def changes(self, call: Call) -> dict[str, Any]:
        since = datetime.fromisoformat(call.query["changedSince"])
        assert self.now - since <= timedelta(days=30)
        parts = []
        for entity in call.query["entities"].split(","):
            if rows := self.since([*self.rows[entity], *self.gone[entity]], since):
                parts.append({entity: rows})
        return {"CDCResponse": [{"QueryResponse": parts}], "time": self.now.isoformat()}

    def since(self, rows: list[dict[str, Any]], since: datetime | None) -> list[dict[str, Any]]:
        found = [row for row in rows if since is None or self.changed(row) >= since]
        return sorted(found, key=lambda row: (self.changed(row), int(row["Id"])))

    def changed(self, row: dict[str, Any]) -> datetime:
        return datetime.fromisoformat(row["MetaData"]["LastUpdatedTime"])

    def delete(self, entity: str, place: int, at: datetime) -> None:
        self.rows[entity] = [row for row in self.rows[entity] if row["Id"] != str(place)]
        self.gone[entity].append({"Id": str(place), "domain": "QBO", "status": "Deleted", "MetaData": meta(at)})


@pytest.fixture
def server(contract: Start) -> ContractServer:
    return contract("quickbooks")


@pytest.fixture
def company(server: ContractServer) -> Company:
    return Company(server)


@pytest.fixture
def billing(server: ContractServer) -> QuickBooksBilling:
    endpoint = http.Endpoint(
        "quickbooks", server.url, {"Authorization": "Bearer t"}, http.client(), sleep=lambda _: None
    )
    return QuickBooksBilling(QuickBooksClient(endpoint, "9130350000"), Reading(US))


def read(billing: QuickBooksBilling, cursor: str = "") -> tuple[list[Invoice], InvoicePage]:
    pages = list(billing.invoices_since(cursor))
    assert not [problem for page in pages for problem in page.problems]
    return [one for page in pages for one in page.invoices], pages[-1]


class TestReading:
    def test_all_four_kinds_come_with_their_direction(self, company: Company, billing: QuickBooksBilling) -> None:
        company.rows = {
            "Invoice": [document(1)],
            "CreditMemo": [document(1)],
            "Bill": [bill(1)],
            "VendorCredit": [bill(2)],
        }
        found, _ = read(billing)
        assert [(one.id, one.kind, one.direction) for one in found] == [
            ("Invoice/1", InvoiceKind.INVOICE, Direction.RECEIVABLE),
            ("CreditMemo/1", InvoiceKind.CREDIT_NOTE, Direction.RECEIVABLE),
            ("Bill/1", InvoiceKind.INVOICE, Direction.PAYABLE),
            ("VendorCredit/2", InvoiceKind.CREDIT_NOTE, Direction.PAYABLE),
        ]
        assert [one.seller.name for one in found] == ["Us Inc", "Us Inc", "Supplier", "Supplier"]
        assert found[2].lines[0].product == "Rent"

    def test_an_invoice_becomes_ours_to_the_cent(self, company: Company, billing: QuickBooksBilling) -> None:
        company.rows["Invoice"] = [document(1, Balance=9.52)]
        (one,), _ = read(billing)
        assert (one.number, one.issued, one.due) == ("101", date(2026, 11, 1), date(2026, 12, 1))
        assert (one.net, one.tax, one.total, one.paid) == tuple(
            Money(Decimal(text), "EUR") for text in ("50.02", "9.5", "59.52", "50.00")
        )
        assert (one.payment_terms, one.purchase_order, one.buyer.country) == ("Net 30", "PO-9", "DE")
        assert (one.lines[0].quantity, one.lines[0].unit_price) == (Decimal(4), Decimal("12.505"))
        assert one.updated == START + timedelta(minutes=1)

    def test_every_kind_of_line_is_understood(self, company: Company, billing: QuickBooksBilling) -> None:
        rows = [
            sale(1, 50.02, ServiceDate="2026-10-01"),
            {"Id": "2", "DetailType": "GroupLineDetail", "Amount": 30.0,
             "GroupLineDetail": {"Quantity": 1, "Line": [sale(3, 10.0), sale(4, 20.0)]}},
            {"Id": "5", "DetailType": "DescriptionOnly", "Description": "Thank you", "DescriptionLineDetail": {}},
            {"Amount": 80.02, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}},
            {"Amount": 8.0, "DetailType": "DiscountLineDetail",
             "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 10}},
            {"Amount": 5.0, "DetailType": "SalesItemLineDetail",
             "SalesItemLineDetail": {"ItemRef": {"value": "SHIPPING_ITEM_ID"}}},
        ]  # fmt: skip
        company.rows["Invoice"] = [document(1, Line=rows, TotalAmt=86.52)]
        (one,), _ = read(billing)
        assert [line.id for line in one.lines] == ["1", "3", "4"]
        assert one.lines[0].period_first == date(2026, 10, 1)
        assert one.charges == (
            Charge("discount", Money(Decimal("-8.0"), "EUR")), Charge("shipping", Money(Decimal("5.0"), "EUR")),
        )  # fmt: skip
        assert one.net
        lines = sum((line.amount.amount for line in one.lines), Decimal(0))
        assert lines + sum(charge.amount.amount for charge in one.charges) == one.net.amount

    def test_a_line_of_an_unknown_type_leaves_the_invoice_out(
        self, company: Company, billing: QuickBooksBilling
    ) -> None:
        strange = {"Id": "9", "DetailType": "QuantumLineDetail", "Amount": 1.0}
        company.rows["Invoice"] = [document(1, Line=[sale(1, 50.02), strange]), document(2)]
        page = next(iter(billing.invoices_since("")))
        assert [one.id for one in page.invoices] == ["Invoice/2"]
        assert page.problems[0].where == "QuickBooks Invoice 1"
        assert "QuantumLineDetail" in page.problems[0].what

    @pytest.mark.parametrize(
        ("more", "status"),
        [
            ({"Balance": 0}, InvoiceStatus.PAID),
            ({"Balance": 59.52}, InvoiceStatus.OPEN),
            ({"Balance": 0, "TotalAmt": 0, "PrivateNote": "Voided", "TxnTaxDetail": {}}, InvoiceStatus.VOID),
        ],
    )
    def test_statuses(
        self, company: Company, billing: QuickBooksBilling, more: dict[str, Any], status: InvoiceStatus
    ) -> None:
        company.rows["Invoice"] = [document(1, **more)]
        assert read(billing)[0][0].status is status


class TestIncremental:
    def test_twice_reads_nothing_twice(self, company: Company, billing: QuickBooksBilling) -> None:
        company.rows["Invoice"] = [document(place) for place in range(1, 2402)]
        company.rows["Bill"] = [bill(place) for place in range(1, 4)]
        found, last = read(billing)
        assert len({one.id for one in found}) == len(found) == 2404
        again, last = read(billing, last.cursor)
        assert (again, last.removed) == ([], ())

    def test_a_change_comes_again_and_only_it(self, company: Company, billing: QuickBooksBilling) -> None:
        company.rows["Invoice"] = [document(1), document(2)]
        _, last = read(billing)
        company.rows["Invoice"][0] = document(1, changed=company.now, Balance=0)
        found, _ = read(billing, last.cursor)
        assert [(one.id, one.status) for one in found] == [("Invoice/1", InvoiceStatus.PAID)]

    def test_an_invoice_that_changes_during_the_read_hides_no_other(
        self, company: Company, billing: QuickBooksBilling
    ) -> None:
        company.rows["Invoice"] = [document(place) for place in range(1, 2003)]

        def change() -> None:
            company.rows["Invoice"][0] = document(1, changed=company.now)

        company.between = change
        found, _ = read(billing)
        assert {one.id for one in found} == {f"Invoice/{place}" for place in range(1, 2003)}

    def test_more_than_a_page_in_one_second_is_read(self, company: Company, billing: QuickBooksBilling) -> None:
        company.rows["Invoice"] = [document(place, changed=START) for place in range(1, 2102)]
        found, _ = read(billing)
        assert len({one.id for one in found}) == len(found) == 2101

    def test_page_two_fails_and_the_cursor_of_page_one_stands(
        self, server: ContractServer, company: Company, billing: QuickBooksBilling
    ) -> None:
        company.rows["Invoice"] = [document(place) for place in range(1, 1101)]
        pages = billing.invoices_since("")
        first = next(pages)
        server.fault(QUERY, Fault.BROKEN)
        with pytest.raises(Transient):
            next(pages)
        rest, _ = read(billing, first.cursor)
        assert len(first.invoices) + len(rest) == len({one.id for one in (*first.invoices, *rest)}) == 1100

    def test_a_broken_cursor_is_refused(self, billing: QuickBooksBilling) -> None:
        for cursor in ("[]", '{"Invoice":{}}', "x"):
            with pytest.raises(Permanent):
                list(billing.invoices_since(cursor))


class TestDeletions:
    def test_a_deleted_document_is_told_once(self, company: Company, billing: QuickBooksBilling) -> None:
        company.rows["Invoice"] = [document(1), document(2)]
        _, last = read(billing)
        company.now += timedelta(days=1)
        company.delete("Invoice", 1, company.now - timedelta(hours=1))
        found, last = read(billing, last.cursor)
        assert (found, last.removed) == ([], ("Invoice/1",))
        _, last = read(billing, last.cursor)
        assert last.removed == ()

    def test_a_deletion_before_the_first_read_is_not_ours(self, company: Company, billing: QuickBooksBilling) -> None:
        company.delete("Bill", 1, START)
        assert read(billing)[1].removed == ()

    def test_too_long_a_pause_is_said(self, company: Company, billing: QuickBooksBilling) -> None:
        _, last = read(billing)
        company.now += timedelta(days=45)
        (page,) = billing.invoices_since(last.cursor)
        assert "are not known" in page.problems[0].what
        assert read(billing, page.cursor)[1].removed == ()

    def test_more_changes_than_are_told_is_said(self, company: Company, billing: QuickBooksBilling) -> None:
        _, last = read(billing)
        company.rows["Bill"] = [bill(place, changed=company.now) for place in range(1, 1001)]
        page = list(billing.invoices_since(last.cursor))[-1]
        assert "more than 1000" in page.problems[0].what


class TestFaults:
    @pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.HTML, Fault.TRUNCATED, Fault.THROTTLED])
    def test_a_vendor_in_trouble_is_waited_for(
        self, server: ContractServer, company: Company, billing: QuickBooksBilling, fault: Fault
    ) -> None:
        server.fault(QUERY, fault, times=3)
        with pytest.raises(Transient):
            read(billing)

    def test_a_refused_token_needs_a_person(
        self, server: ContractServer, company: Company, billing: QuickBooksBilling
    ) -> None:
        server.fault(CHANGES, Fault.UNAUTHORIZED)
        with pytest.raises(Permanent, match="credential"):
            billing.check()

    def test_check_asks_for_every_kind(
        self, server: ContractServer, company: Company, billing: QuickBooksBilling
    ) -> None:
        assert billing.check().detail == "Us Inc"
        assert len(server.calls(QUERY)) == 4

    def test_a_company_id_that_leaves_the_path_is_refused(self, server: ContractServer) -> None:
        endpoint = http.Endpoint("quickbooks", server.url, {}, http.client())
        with pytest.raises(Permanent):
            QuickBooksClient(endpoint, "..")

    def test_an_answer_without_its_list_is_not_an_empty_one(self) -> None:
        client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json={"time": "x"})))
        endpoint = http.Endpoint("quickbooks", "https://quickbooks.api.intuit.com", {}, client)
        with pytest.raises(Permanent, match="QueryResponse"):
            list(QuickBooksBilling(QuickBooksClient(endpoint, "1"), Reading(US)).invoices_since(""))
