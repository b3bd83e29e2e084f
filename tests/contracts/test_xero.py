"""Xero against our description of it: both sides of the books, paging by change, dates, taxes, faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import http
from connectors.xero import models
from connectors.xero.billing import XeroBilling
from connectors.xero.client import XeroClient
from domain.errors import Permanent, Transient
from domain.invoices import Direction, Invoice, InvoiceKind, InvoiceParty, InvoiceStatus, Mark, State
from domain.money import Money
from tests.contracts.conftest import Start
from tests.contracts.server import Call, ContractServer, Fault

INVOICES, NOTES = "GET /api.xro/2.0/Invoices", "GET /api.xro/2.0/CreditNotes"
START = datetime(2026, 11, 1, tzinfo=UTC)
US = InvoiceParty("Us Ltd")


def when(moment: datetime) -> str:
    return f"/Date({int(moment.timestamp() * 1000)}+0000)/"


def line(**more: Any) -> dict[str, Any]:
    return {"LineItemID": "l1", "Description": "Seats", "Quantity": 3, "UnitAmount": 33.3333, "ItemCode": "SEAT",
            "TaxAmount": 20.0, "LineAmount": 100.0, **more}  # fmt: skip


def invoice(place: int, *, changed: datetime | None = None, **more: Any) -> dict[str, Any]:
    return {
        "Type": "ACCREC", "InvoiceID": f"00000000-0000-4000-8000-{place:012}", "InvoiceNumber": f"INV-{place}",
        "Reference": "PO-7", "Contact": {"ContactID": "c1", "Name": "Example", "TaxNumber": "GB1"},
        "Date": when(START), "DueDate": when(START + timedelta(days=30)), "Status": "AUTHORISED",
        "LineAmountTypes": "Exclusive", "LineItems": [line()], "SubTotal": 100.0, "TotalTax": 20.0, "Total": 120.0,
        "AmountPaid": 0, "CurrencyCode": "GBP", "UpdatedDateUTC": when(changed or START + timedelta(minutes=place)),
        **more,
    }  # fmt: skip


def credit_note(place: int, **more: Any) -> dict[str, Any]:
    made = invoice(place, Type="ACCPAYCREDIT", **more)
    del made["InvoiceID"], made["InvoiceNumber"], made["DueDate"], made["AmountPaid"]
    made |= {"CreditNoteID": f"c-{place}", "CreditNoteNumber": f"CN-{place}"}
    return {**made, "Allocations": [{"Amount": 10.0, "Invoice": {"InvoiceID": "i", "InvoiceNumber": "INV-1"}}]}


class Organisation:
    """Behave like one Xero organisation: sorted by change, pages, If-Modified-Since to the second."""

    def __init__(self, server: ContractServer) -> None:
        self.invoices: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.between: Callable[[], None] = lambda: None
        server.on(INVOICES, lambda call: {"Invoices": self.page(call, self.invoices)})
        server.on(NOTES, lambda call: {"CreditNotes": self.page(call, self.notes)})

    def page(self, call: Call, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        assert call.query["order"] == "UpdatedDateUTC ASC"
        since = call.sent.headers.get("if-modified-since")
        begin = datetime.fromisoformat(since).replace(tzinfo=UTC) if since else START - timedelta(days=999)
        found = [row for row in rows if self.changed(row) >= begin]
        size = int(call.query["pageSize"])
        first = (int(call.query["page"]) - 1) * size
        made = sorted(found, key=lambda row: (self.changed(row), row.get("InvoiceID", "")))[first : first + size]
        self.between()
        return made

    def changed(self, row: dict[str, Any]) -> datetime:
        moment = models.moment(row["UpdatedDateUTC"])
        assert isinstance(moment, datetime)
        return moment


@pytest.fixture
def server(contract: Start) -> ContractServer:
    return contract("xero")


@pytest.fixture
def books(server: ContractServer) -> Organisation:
    return Organisation(server)


@pytest.fixture
def billing(server: ContractServer) -> XeroBilling:
    headers = {"Authorization": "Bearer t", "xero-tenant-id": "a3a4dbaf-0f29-4f0b-a9e0-5b27a1f2b3a5"}
    endpoint = http.Endpoint("xero", server.url, headers, http.client(), sleep=lambda _: None)
    return XeroBilling(XeroClient(endpoint), US)


def read(billing: XeroBilling, cursor: str = "") -> tuple[list[Invoice], str]:
    pages = list(billing.invoices_since(cursor))
    assert not [problem for page in pages for problem in page.problems]
    return [one for page in pages for one in page.invoices], pages[-1].cursor if pages else cursor


class TestReading:
    def test_a_sales_invoice_becomes_ours(self, books: Organisation, billing: XeroBilling) -> None:
        books.invoices = [invoice(1)]
        (one,), _ = read(billing)
        assert (one.number, one.direction, one.status) == ("INV-1", Direction.RECEIVABLE, InvoiceStatus.OPEN)
        assert (one.seller, one.buyer.name, one.buyer.tax_id) == (US, "Example", "GB1")
        assert (one.issued, one.due, one.purchase_order) == (date(2026, 11, 1), date(2026, 12, 1), "PO-7")
        assert (one.net, one.tax, one.total) == tuple(Money(Decimal(t), "GBP") for t in ("100.0", "20.0", "120.0"))
        assert one.lines[0].unit_price == Decimal("33.3333")
        assert one.updated == START + timedelta(minutes=1)

    def test_a_bill_is_payable_and_the_contact_is_its_seller(self, books: Organisation, billing: XeroBilling) -> None:
        books.invoices = [invoice(1, Type="ACCPAY", InvoiceNumber="")]
        (one,), _ = read(billing)
        assert (one.direction, one.seller.name, one.buyer, one.number) == (
            Direction.PAYABLE, "Example", US, "PO-7",
        )  # fmt: skip

    def test_credit_notes_name_the_invoice_they_were_set_against(
        self, books: Organisation, billing: XeroBilling
    ) -> None:
        books.notes = [credit_note(5)]
        (one,), _ = read(billing)
        assert (one.kind, one.direction, one.corrects) == (InvoiceKind.CREDIT_NOTE, Direction.PAYABLE, "INV-1")
        assert (one.id, one.number) == ("c-5", "CN-5")

    @pytest.mark.parametrize(
        ("status", "ours"),
        [("PAID", InvoiceStatus.PAID), ("VOIDED", InvoiceStatus.VOID), ("DELETED", InvoiceStatus.VOID)],
    )
    def test_statuses(self, books: Organisation, billing: XeroBilling, status: str, ours: InvoiceStatus) -> None:
        books.invoices = [invoice(1, Status=status)]
        assert read(billing)[0][0].status is ours

    def test_inclusive_lines_lose_their_tax_and_their_price(self, books: Organisation, billing: XeroBilling) -> None:
        books.invoices = [invoice(1, LineAmountTypes="Inclusive", LineItems=[line(LineAmount=120.0)])]
        item = read(billing)[0][0].lines[0]
        assert (item.amount.amount, item.unit_price) == (Decimal("100.0"), None)

    def test_a_discount_rate_is_told_by_its_effect(self, books: Organisation, billing: XeroBilling) -> None:
        rows = [line(Quantity=10, UnitAmount=12.5, LineAmount=100.0, DiscountRate=20), line(DiscountAmount=5.5)]
        books.invoices = [invoice(1, LineItems=[*rows, {"Description": "Thank you"}])]
        lines = read(billing)[0][0].lines
        assert [item.discount.amount for item in lines if item.discount] == [Decimal("25.00"), Decimal("5.5")]
        assert len(lines) == 2  # a line of words only has no amount

    def test_a_document_that_cannot_be_read_is_a_problem(self, books: Organisation, billing: XeroBilling) -> None:
        books.invoices = [invoice(1, CurrencyCode="gb"), invoice(2)]
        (page,) = billing.invoices_since("")
        assert [one.number for one in page.invoices] == ["INV-2"]
        assert page.problems[0].where.startswith("Xero 00000000")


class TestIncremental:
    def test_twice_reads_nothing_twice(self, server: ContractServer, books: Organisation, billing: XeroBilling) -> None:
        books.invoices = [invoice(place) for place in range(1, 1201)]
        books.notes = [credit_note(place) for place in range(3)]
        found, cursor = read(billing)
        assert len({one.id for one in found}) == len(found) == 1203
        again, _ = read(billing, cursor)
        assert again == []
        assert "if-modified-since" in server.calls(INVOICES)[-1].headers

    def test_a_change_comes_again_and_only_it(self, books: Organisation, billing: XeroBilling) -> None:
        books.invoices = [invoice(1), invoice(2)]
        _, cursor = read(billing)
        books.invoices[0] = invoice(1, changed=START + timedelta(hours=9), Status="PAID")
        found, _ = read(billing, cursor)
        assert [(one.number, one.status) for one in found] == [("INV-1", InvoiceStatus.PAID)]

    def test_an_invoice_that_changes_during_the_read_hides_no_other(
        self, books: Organisation, billing: XeroBilling
    ) -> None:
        books.invoices = [invoice(place) for place in range(1, 1002)]

        def change() -> None:
            books.invoices[0] = invoice(1, changed=START + timedelta(days=9))

        books.between = change
        found, _ = read(billing)
        assert {one.number for one in found} == {f"INV-{place}" for place in range(1, 1002)}

    def test_more_than_a_page_in_one_second_is_read(self, books: Organisation, billing: XeroBilling) -> None:
        books.invoices = [invoice(place, changed=START) for place in range(1, 1202)]
        found, cursor = read(billing)
        assert len({one.id for one in found}) == len(found) == 1201
        assert read(billing, cursor)[0] == []

    def test_page_two_fails_and_the_cursor_of_page_one_stands(
        self, server: ContractServer, books: Organisation, billing: XeroBilling
    ) -> None:
        books.invoices = [invoice(place) for place in range(1, 701)]
        pages = billing.invoices_since("")
        first = next(pages)
        server.fault(INVOICES, Fault.BROKEN)
        with pytest.raises(Transient):
            next(pages)
        rest, _ = read(billing, first.cursor)
        assert len(rest) == 200
        assert len({one.id for one in (*first.invoices, *rest)}) == 700

    def test_a_broken_cursor_is_refused(self, billing: XeroBilling) -> None:
        with pytest.raises(Permanent):
            list(billing.invoices_since(json.dumps({"invoices": {}})))


class TestMark:
    @given(st.lists(st.integers(0, 400), max_size=60), st.integers(1, 20))
    def test_states_are_known_once_read_and_old_ones_are_let_go(self, ticks: list[int], size: int) -> None:
        states = [State(str(place), START + timedelta(milliseconds=tick * 100)) for place, tick in enumerate(ticks)]
        states.sort(key=lambda state: state.changed)
        mark = Mark()
        for start in range(0, len(states), size):
            mark = mark.after(states[start : start + size])
        recent = [state for state in states if mark.since and state.changed >= mark.since]
        assert all(mark.knows(state) for state in recent)
        assert len(mark.seen) == len(recent)
        assert Mark.load(json.loads(json.dumps(mark.dump()))) == mark


class TestDates:
    @given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
    def test_every_millisecond_is_read_back(self, moment: datetime) -> None:
        milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
        expected = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
        assert models.moment(f"/Date({milliseconds})/") == models.moment(f"/Date({milliseconds}+1300)/") == expected


class TestFaults:
    @pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.HTML, Fault.TRUNCATED, Fault.THROTTLED])
    def test_a_vendor_in_trouble_is_waited_for(
        self, server: ContractServer, books: Organisation, billing: XeroBilling, fault: Fault
    ) -> None:
        books.invoices = [invoice(1)]
        server.fault(INVOICES, fault, times=3)
        with pytest.raises(Transient):
            read(billing)

    def test_a_refused_token_needs_a_person(
        self, server: ContractServer, books: Organisation, billing: XeroBilling
    ) -> None:
        server.fault(NOTES, Fault.UNAUTHORIZED)
        with pytest.raises(Permanent, match="credential"):
            billing.check()

    def test_check_names_the_organisation(self, books: Organisation, billing: XeroBilling) -> None:
        assert billing.check().detail == "Us Ltd"

    def test_an_answer_without_its_list_is_not_an_empty_one(self) -> None:
        client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json={"Status": "OK"})))
        endpoint = http.Endpoint("xero", "https://api.xero.com", {}, client)
        with pytest.raises(Permanent, match="no list"):
            list(XeroBilling(XeroClient(endpoint), US).invoices_since(""))
