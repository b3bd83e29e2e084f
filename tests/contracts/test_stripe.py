"""Stripe against its published description: first read, changes, lines, money, faults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from connectors import http
from connectors.stripe.amounts import money
from connectors.stripe.billing import StripeBilling
from connectors.stripe.client import CHANGES, VERSION, StripeClient
from connectors.stripe.reading import Reading
from domain.errors import Permanent, Transient
from domain.invoices import Direction, Invoice, InvoiceKind, InvoicePage, InvoiceStatus
from domain.money import Money
from tests.conftest import NOW, Clock
from tests.contracts.conftest import Start
from tests.contracts.server import Answer, Call, ContractServer, Fault

INVOICES, EVENTS, NOTES = "GET /v1/invoices", "GET /v1/events", "GET /v1/credit_notes"
LINES = "GET /v1/invoices/{invoice}/lines"
START = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())


def price(**more: Any) -> dict[str, Any]:
    return {
        "active": True, "billing_scheme": "per_unit", "created": START, "currency": "usd", "id": "price_1",
        "livemode": True, "metadata": {}, "object": "price", "product": "prod_1", "type": "recurring",
        "unit_amount_decimal": "1250.5", **more,
    }  # fmt: skip


def line(place: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": f"il_{place}", "object": "line_item", "amount": 10004, "currency": "usd", "description": "Seats",
        "discountable": True, "livemode": True, "metadata": {}, "proration": False, "type": "subscription",
        "quantity": 8, "period": {"start": START, "end": START + 30 * 86400}, "price": price(),
        "discount_amounts": [], "tax_amounts": [], **more,
    }  # fmt: skip


def lines(rows: list[dict[str, Any]], *, more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": rows, "has_more": more, "url": "/v1/invoices/in/lines"}


def invoice(place: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"in_{place}", "object": "invoice", "number": f"A-{place}", "status": "open", "currency": "usd",
        "created": START + place, "customer": "cus_1", "customer_name": "Example Ltd", "account_name": "Us Inc",
        "account_country": "US", "customer_address": {"country": "GB"}, "livemode": True,
        "customer_tax_ids": [{"type": "gb_vat", "value": "GB123"}], "lines": lines([line()]), "amount_due": 10004,
        "amount_paid": 0, "amount_remaining": 10004, "amount_shipping": 0, "attempt_count": 0, "attempted": False,
        "automatic_tax": {"enabled": False}, "collection_method": "send_invoice", "default_tax_rates": [],
        "paid": False, "paid_out_of_band": False, "payment_settings": {}, "period_end": START, "period_start": START,
        "post_payment_credit_notes_amount": 0, "pre_payment_credit_notes_amount": 0, "starting_balance": 0,
        "status_transitions": {"finalized_at": START}, "subtotal": 10004, "total": 10004,
        "total_excluding_tax": 10004, "total_tax_amounts": [], "metadata": {}, "custom_fields": None, **more,
    }  # fmt: skip


def credit_line(place: int) -> dict[str, Any]:
    return {
        "id": f"cnli_{place}", "object": "credit_note_line_item", "amount": 500, "description": "Seats",
        "discount_amount": 0, "discount_amounts": [], "livemode": True, "quantity": 1, "tax_amounts": [],
        "tax_rates": [], "type": "invoice_line_item", "unit_amount": 500, "unit_amount_decimal": "500",
    }  # fmt: skip


def credit_note(place: int, *, more_lines: bool = False) -> dict[str, Any]:
    return {
        "id": f"cn_{place}", "object": "credit_note", "number": f"A-CN-{place}", "status": "issued", "amount": 500,
        "amount_shipping": 0, "created": START + place, "currency": "usd", "customer": "cus_1", "discount_amount": 0,
        "discount_amounts": [], "invoice": "in_1", "lines": lines([credit_line(1)], more=more_lines),
        "livemode": True, "pdf": "https://pay.stripe.com/x", "subtotal": 500, "tax_amounts": [], "total": 500,
        "total_excluding_tax": 500, "type": "pre_payment",
    }  # fmt: skip


class Account:
    """Behave like one Stripe account, as far as lists, filters and events go."""

    def __init__(self, server: ContractServer) -> None:
        self.invoices: dict[str, dict[str, Any]] = {}
        self.notes: dict[str, dict[str, Any]] = {}
        self.lines: dict[str, list[dict[str, Any]]] = {}
        self.events: list[dict[str, Any]] = []
        server.on(INVOICES, lambda call: self.page(call, list(self.invoices.values())))
        server.on(NOTES, lambda call: self.page(call, list(self.notes.values())))
        server.on(EVENTS, lambda call: self.page(call, self.events))
        server.on("GET /v1/invoices/{invoice}", lambda call: self.one(call, self.invoices))
        server.on("GET /v1/credit_notes/{id}", lambda call: self.one(call, self.notes))
        server.on(LINES, lambda call: self.page(call, self.lines[call.path["invoice"]][::-1]))
        server.on("GET /v1/credit_notes/{id}/lines", lambda call: self.page(call, self.lines[call.path["id"]][::-1]))

    def add(self, *made: dict[str, Any]) -> None:
        for one in made:
            (self.notes if one["object"] == "credit_note" else self.invoices)[one["id"]] = one

    def changed(self, kind: str, subject: dict[str, Any], at: datetime) -> None:
        self.events.append({
            "id": f"evt_{len(self.events)}", "object": "event", "created": int(at.timestamp()), "livemode": True,
            "pending_webhooks": 0, "type": kind, "api_version": "2025-10-15", "data": {"object": subject},
        })  # fmt: skip

    def one(self, call: Call, found: dict[str, dict[str, Any]]) -> Any:
        gone = Answer(404, {"error": {"type": "invalid_request_error", "message": "No such object"}})
        return found.get(next(iter(call.path.values())), gone)

    def page(self, call: Call, oldest_first: list[dict[str, Any]]) -> dict[str, Any]:
        query = call.query
        rows = [
            row
            for row in reversed(oldest_first)
            if row.get("created", 0) >= int(query.get("created[gte]", 0))
            and row.get("created", 0) < int(query.get("created[lt]", 10**11))
        ]
        if after := query.get("starting_after"):
            rows = rows[[row["id"] for row in rows].index(after) + 1 :]
        size = int(query["limit"])
        return {"object": "list", "data": rows[:size], "has_more": len(rows) > size, "url": call.sent.path}


@pytest.fixture
def server(contract: Start) -> ContractServer:
    return contract("stripe")


@pytest.fixture
def account(server: ContractServer) -> Account:
    return Account(server)


Make = Callable[..., StripeBilling]


@pytest.fixture
def make(server: ContractServer, clock: Clock) -> Make:
    headers = {"Authorization": "Bearer rk_test_1", "Stripe-Version": VERSION}

    def build(**more: Any) -> StripeBilling:
        endpoint = http.Endpoint("stripe", server.url, headers, http.client(), sleep=lambda _: None)
        return StripeBilling(StripeClient(endpoint), clock, **more)

    return build


def read(billing: StripeBilling, cursor: str = "") -> tuple[list[Invoice], str]:
    pages = list(billing.invoices_since(cursor))
    assert not [problem for page in pages for problem in page.problems]
    return [one for page in pages for one in page.invoices], pages[-1].cursor if pages else cursor


class TestFirstRead:
    def test_every_invoice_and_credit_note_comes_once(
        self, server: ContractServer, account: Account, make: Make
    ) -> None:
        account.add(*[invoice(place) for place in range(1, 251)], *[credit_note(place) for place in range(1, 4)])
        found, _ = read(make())
        assert len({one.id for one in found}) == len(found) == 253
        assert [sent.path for sent in server.calls(INVOICES)] == ["/v1/invoices"] * 3
        assert all(sent.headers["stripe-version"] == VERSION for sent in server.calls(INVOICES))

    def test_fields_are_where_they_belong(self, account: Account, make: Make) -> None:
        account.add(
            invoice(
                1, status="paid", amount_paid=12005, tax=2001, total=12005, due_date=START + 86400,
                metadata={"Contract_Number": "C-7"}, custom_fields=[{"name": "Purchase order", "value": "PO-1"}],
            )
        )  # fmt: skip
        (one,), _ = read(make(reading=Reading(order_field="purchase order")))
        assert (one.number, one.status, one.direction) == ("A-1", InvoiceStatus.PAID, Direction.RECEIVABLE)
        assert (one.seller.name, one.buyer.name, one.buyer.tax_id) == ("Us Inc", "Example Ltd", "GB123")
        assert (one.net, one.tax, one.total, one.paid) == tuple(
            Money(Decimal(text), "USD") for text in ("100.04", "20.01", "120.05", "120.05")
        )
        assert (one.purchase_order, one.contract_number, one.due) == ("PO-1", "C-7", date(2026, 11, 2))
        (seats,) = one.lines
        assert (seats.quantity, seats.unit_price, seats.product) == (Decimal(8), Decimal("12.505"), "prod_1")
        assert (seats.period_first, seats.period_last) == (date(2026, 11, 1), date(2026, 11, 30))

    def test_days_begin_in_the_account_s_zone(self, account: Account, make: Make) -> None:
        account.add(invoice(1, lines=lines([line(period={"start": START - 3600, "end": START - 3600 + 30 * 86400})])))
        (one,), _ = read(make(reading=Reading(zone=ZoneInfo("Europe/Berlin"))))
        assert (one.lines[0].period_first, one.lines[0].period_last) == (date(2026, 11, 1), date(2026, 11, 30))

    def test_all_lines_are_asked_for(self, server: ContractServer, account: Account, make: Make) -> None:
        rows = [line(place) for place in range(1, 251)]
        account.lines["in_1"] = rows
        account.add(invoice(1, lines=lines(rows[:10], more=True)))
        account.lines["cn_1"] = [credit_line(1), credit_line(2)]
        account.add(credit_note(1, more_lines=True))
        (one, note), _ = read(make())
        assert [item.id for item in one.lines] == [row["id"] for row in rows]
        assert len(note.lines) == 2
        assert len(server.calls(LINES)) == 3

    def test_net_is_after_discounts_and_without_inclusive_tax(self, account: Account, make: Make) -> None:
        rate = {"tax_rate": "txr_1"}
        account.add(
            invoice(1, lines=lines([
                line(1, amount=12000, discount_amounts=[{"amount": 1200, "discount": "di_1"}],
                     tax_amounts=[{"amount": 1800, "inclusive": True, **rate}]),
                line(2, amount=5000, tax_amounts=[{"amount": 1000, "inclusive": False, **rate}], proration=True),
            ]))
        )  # fmt: skip
        (one,), _ = read(make())
        assert [item.amount.amount for item in one.lines] == [Decimal("90.00"), Decimal("50.00")]
        assert one.lines[0].discount == Money(Decimal("12.00"), "USD")
        assert [item.tax.amount for item in one.lines if item.tax] == [Decimal("18.00"), Decimal("10.00")]
        assert [item.unit_price for item in one.lines] == [None, None]  # neither multiplies out

    def test_a_credit_note_is_positive_and_names_its_invoice(self, account: Account, make: Make) -> None:
        account.add(credit_note(1))
        (note,), _ = read(make())
        assert (note.kind, note.corrects) == (InvoiceKind.CREDIT_NOTE, "in_1")
        assert note.total == Money(Decimal("5.00"), "USD")
        assert note.lines[0].unit_price == Decimal(5)

    def test_an_invoice_that_cannot_be_read_is_a_problem_of_its_page(self, account: Account, make: Make) -> None:
        account.add(invoice(1), invoice(2, currency="doubloons"))
        first = next(iter(make().invoices_since("")))
        assert [one.id for one in first.invoices] == ["in_1"]
        assert first.problems[0].where == "Stripe invoice in_2"
        assert "DOUBLOONS" in first.problems[0].what


class TestMoney:
    @pytest.mark.parametrize(
        ("minor", "currency", "text"),
        [
            (500, "JPY", "500"), (5124, "KWD", "5.124"), (500, "ISK", "5.00"), (500, "UGX", "5.00"),
            (500, "MGA", "500"), (-199, "USD", "-1.99"), (2343976, "HUF", "23439.76"),
        ],
    )  # fmt: skip
    def test_integers_hold_as_many_places_as_stripe_says(self, minor: int, currency: str, text: str) -> None:
        assert money(minor, currency).amount == Decimal(text)


class TestChanges:
    def test_only_what_changed_is_read_and_nothing_twice(
        self, server: ContractServer, account: Account, make: Make, clock: Clock
    ) -> None:
        account.add(invoice(1), invoice(2))
        _, cursor = read(make())
        account.add(invoice(2, status="void"), invoice(3), credit_note(9))
        for kind, one in (
            ("invoice.voided", account.invoices["in_2"]),
            ("invoice.created", account.invoices["in_3"]),
            ("invoice.updated", account.invoices["in_3"]),
            ("credit_note.created", account.notes["cn_9"]),
        ):
            account.changed(kind, one, NOW)
        clock.advance(timedelta(hours=1))
        found, cursor = read(make(), cursor)
        assert {(one.id, one.status) for one in found} == {
            ("in_2", InvoiceStatus.VOID), ("in_3", InvoiceStatus.OPEN), ("cn_9", InvoiceStatus.OPEN),
        }  # fmt: skip
        assert all(one.updated == NOW for one in found)
        clock.advance(timedelta(hours=1))
        again, _ = read(make(), cursor)
        assert again == []
        assert len(server.calls(INVOICES)) == 1

    def test_events_are_asked_for_by_type_and_at_most_twenty(
        self, server: ContractServer, account: Account, make: Make, clock: Clock
    ) -> None:
        _, cursor = read(make())
        clock.advance(timedelta(hours=1))
        read(make(), cursor)
        (sent,) = server.calls(EVENTS)
        assert [value for name, value in sent.query if name == "types[]"] == list(CHANGES)
        assert len(CHANGES) <= 20

    def test_a_deleted_draft_is_removed(self, account: Account, make: Make, clock: Clock) -> None:
        account.add(invoice(1, status="draft", number=None))
        _, cursor = read(make())
        account.changed("invoice.deleted", account.invoices.pop("in_1"), NOW)
        clock.advance(timedelta(hours=1))
        (page,) = make().invoices_since(cursor)
        assert (page.invoices, page.removed) == ((), ("in_1",))

    def test_an_interrupted_read_goes_on_where_it_stopped(
        self, server: ContractServer, account: Account, make: Make, clock: Clock
    ) -> None:
        _, cursor = read(make())
        for place in range(1, 131):
            account.add(invoice(place))
            account.changed("invoice.created", account.invoices[f"in_{place}"], NOW + timedelta(seconds=place))
        clock.advance(timedelta(hours=1))
        pages = make().invoices_since(cursor)
        stored = next(pages)
        server.fault("GET /v1/invoices/{invoice}", Fault.BROKEN)
        with pytest.raises(Transient):
            next(pages)
        rest, _ = read(make(), stored.cursor)
        ids = [one.id for one in (*stored.invoices, *rest)]
        assert len(set(ids)) == len(ids) == 130

    def test_a_cursor_beyond_the_life_of_events_starts_over(
        self, server: ContractServer, account: Account, make: Make, clock: Clock
    ) -> None:
        account.add(invoice(1))
        _, cursor = read(make())
        clock.advance(timedelta(days=31))
        found, _ = read(make(since=NOW - timedelta(days=90)), cursor)
        assert [one.id for one in found] == ["in_1"]
        assert dict(server.calls(INVOICES)[-1].query)["created[gte]"] == str(
            int((NOW - timedelta(days=90)).timestamp())
        )

    def test_a_quiet_account_does_not_start_over(
        self, server: ContractServer, account: Account, make: Make, clock: Clock
    ) -> None:
        account.add(invoice(1))
        _, cursor = read(make())
        for _ in range(4):
            clock.advance(timedelta(days=20))
            found, cursor = read(make(), cursor)
            assert found == []
        assert len(server.calls(INVOICES)) == 1


class TestFaults:
    def test_page_two_fails_and_the_cursor_of_page_one_stands(
        self, server: ContractServer, account: Account, make: Make
    ) -> None:
        account.add(*[invoice(place) for place in range(1, 151)])
        pages = make().invoices_since("")
        first: InvoicePage = next(pages)
        server.fault(INVOICES, Fault.TRUNCATED, times=3)
        with pytest.raises(Transient):
            next(pages)
        rest, _ = read(make(), first.cursor)
        assert len({one.id for one in (*first.invoices, *rest)}) == 150
        assert len(rest) == 50

    @pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.HTML, Fault.TRUNCATED])
    def test_a_vendor_in_trouble_is_waited_for(
        self, server: ContractServer, account: Account, make: Make, fault: Fault
    ) -> None:
        account.add(invoice(1))
        server.fault(INVOICES, fault, times=3)
        with pytest.raises(Transient):
            read(make())

    def test_a_long_wish_to_wait_is_passed_on(self, server: ContractServer, account: Account, make: Make) -> None:
        server.fault(INVOICES, Fault.THROTTLED_SECONDS, wait=60)
        with pytest.raises(Transient) as caught:
            read(make())
        assert caught.value.retry_after == 60

    def test_a_refused_key_needs_a_person(self, server: ContractServer, account: Account, make: Make) -> None:
        server.fault(INVOICES, Fault.UNAUTHORIZED)
        with pytest.raises(Permanent, match="credential"):
            make().check()

    def test_check_asks_for_everything_that_is_read(self, server: ContractServer, account: Account, make: Make) -> None:
        account.add(invoice(1))
        assert make().check().detail == "Us Inc, live mode"
        assert all(len(server.calls(name)) == 1 for name in (INVOICES, NOTES, EVENTS))

    def test_a_broken_cursor_is_refused(self, make: Make) -> None:
        with pytest.raises(Permanent):
            list(make().invoices_since("[]"))

    def test_an_answer_without_its_list_is_not_an_empty_one(self, clock: Clock) -> None:
        client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json={"ok": True})))
        endpoint = http.Endpoint("stripe", "https://api.stripe.com", {}, client)
        with pytest.raises(Permanent, match="no list"):
            list(StripeBilling(StripeClient(endpoint), clock).invoices_since(""))
