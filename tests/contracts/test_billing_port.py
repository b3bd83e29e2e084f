"""Every billing source keeps the same promises: exact money, nothing twice, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors import http
from connectors.files.billing import FileBilling
from connectors.files.columns import InvoiceColumns
from connectors.quickbooks.billing import QuickBooksBilling
from connectors.quickbooks.client import QuickBooksClient
from connectors.quickbooks.reading import Reading
from connectors.stripe.billing import StripeBilling
from connectors.stripe.client import VERSION, StripeClient
from connectors.xero.billing import XeroBilling
from connectors.xero.client import XeroClient
from domain.errors import Permanent, Transient
from domain.invoices import Direction, Invoice, InvoiceParty
from domain.ports import Billing
from tests.conftest import Clock
from tests.contracts import test_quickbooks as quickbooks_
from tests.contracts import test_stripe as stripe_
from tests.contracts import test_xero as xero_
from tests.contracts.conftest import Start
from tests.contracts.server import ContractServer, Fault

US = InvoiceParty("Us Inc")


@dataclass
class Source:
    """Hold a connector, and how a first invoice, a later one, and trouble come to its vendor."""

    billing: Billing
    first: Callable[[], None]
    later: Callable[[], None]
    direction: Direction
    total: str
    server: ContractServer | None = None
    operation: str = ""


@pytest.fixture
def files(tmp_path: Path) -> Source:
    columns = InvoiceColumns(default_currency="EUR", seller="seller", total="total")

    def write(name: str) -> None:
        head = "invoice_number,invoice_date,amount,description,seller,total\n"
        (tmp_path / f"{name}.csv").write_text(f"{head}{name},2026-11-01,100.04,Seats,Supplier Ltd,100.04\n")

    # A disk stamps files by its own clock, so this clock is the real one, far enough on for them to be at rest.
    billing = FileBilling(tmp_path, columns, lambda: datetime.now(UTC) + timedelta(minutes=1))
    return Source(billing, lambda: write("A-1"), lambda: write("A-2"), Direction.PAYABLE, "100.04 EUR")


@pytest.fixture
def stripe(contract: Start, clock: Clock) -> Source:
    server = contract("stripe")
    account = stripe_.Account(server)
    headers = {"Authorization": "Bearer rk_test_1", "Stripe-Version": VERSION}
    endpoint = http.Endpoint("stripe", server.url, headers, http.client(), sleep=lambda _: None)

    def later() -> None:
        account.add(stripe_.invoice(2))
        account.changed("invoice.finalized", stripe_.invoice(2), clock() + timedelta(minutes=1))
        clock.advance(timedelta(minutes=2))

    return Source(
        StripeBilling(StripeClient(endpoint), clock),
        lambda: account.add(stripe_.invoice(1)),
        later,
        Direction.RECEIVABLE,
        "100.04 USD",
        server,
        stripe_.INVOICES,
    )


@pytest.fixture
def xero(contract: Start) -> Source:
    server = contract("xero")
    books = xero_.Organisation(server)
    headers = {"Authorization": "Bearer t", "xero-tenant-id": "a3a4dbaf-0f29-4f0b-a9e0-5b27a1f2b3a5"}
    endpoint = http.Endpoint("xero", server.url, headers, http.client(), sleep=lambda _: None)
    return Source(
        XeroBilling(XeroClient(endpoint), US),
        lambda: books.invoices.append(xero_.invoice(1)),
        lambda: books.invoices.append(xero_.invoice(2, changed=xero_.START + timedelta(days=1))),
        Direction.RECEIVABLE,
        "120.00 GBP",
        server,
        xero_.INVOICES,
    )


@pytest.fixture
def quickbooks(contract: Start) -> Source:
    server = contract("quickbooks")
    company = quickbooks_.Company(server)
    endpoint = http.Endpoint(
        "quickbooks", server.url, {"Authorization": "Bearer t"}, http.client(), sleep=lambda _: None
    )
    changed = quickbooks_.START + timedelta(days=1)
    return Source(
        QuickBooksBilling(QuickBooksClient(endpoint, "9130350000"), Reading(US)),
        lambda: company.rows["Invoice"].append(quickbooks_.document(1)),
        lambda: company.rows["Invoice"].append(quickbooks_.document(2, changed=changed)),
        Direction.RECEIVABLE,
        "59.52 EUR",
        server,
        quickbooks_.QUERY,
    )


@pytest.fixture(params=["files", "stripe", "xero", "quickbooks"])
def source(request: pytest.FixtureRequest) -> Source:
    made: Source = request.getfixturevalue(request.param)
    return made


@pytest.fixture(params=["stripe", "xero", "quickbooks"])
def vendor(request: pytest.FixtureRequest) -> Source:
    made: Source = request.getfixturevalue(request.param)
    return made


def read(billing: Billing, cursor: str = "") -> tuple[list[Invoice], str]:
    found: list[Invoice] = []
    for page in billing.invoices_since(cursor):
        assert page.problems == ()
        found += page.invoices
        cursor = page.cursor
    return found, cursor


def values(value: Any) -> list[Any]:
    """Return every value inside dataclasses and tuples."""
    if is_dataclass(value):
        return [inner for field in fields(value) for inner in values(getattr(value, field.name))]
    return [inner for one in value for inner in values(one)] if isinstance(value, tuple) else [value]


class TestEveryBillingSource:
    def test_reads_an_invoice_exactly(self, source: Source) -> None:
        source.first()
        (one,), cursor = read(source.billing)
        assert cursor
        assert (str(one.total), one.direction) == (source.total, source.direction)
        assert one.lines
        assert one.seller.name
        assert not [value for value in values(one) if isinstance(value, float)]
        assert all(isinstance(line.amount.amount, Decimal) for line in one.lines)

    def test_reads_nothing_twice_and_then_only_what_is_new(self, source: Source) -> None:
        source.first()
        first, cursor = read(source.billing)
        again, cursor = read(source.billing, cursor)
        assert again == []
        source.later()
        new, cursor = read(source.billing, cursor)
        assert len(new) == 1
        assert new[0].id != first[0].id
        assert read(source.billing, cursor)[0] == []

    def test_that_is_empty_gives_a_cursor_to_go_on_from(self, source: Source) -> None:
        found, cursor = read(source.billing)
        assert found == []
        source.later()
        assert len(read(source.billing, cursor)[0]) == 1

    def test_refuses_a_cursor_that_is_not_its_own(self, source: Source) -> None:
        with pytest.raises(Permanent):
            read(source.billing, "somebody else's")

    def test_tells_the_doctor_what_it_reads(self, source: Source) -> None:
        source.first()
        assert source.billing.check().detail  # type: ignore[attr-defined]


class TestEveryVendorInTrouble:
    @pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.UNAVAILABLE, Fault.TRUNCATED, Fault.HTML, Fault.DROPPED])
    def test_is_asked_again_later_from_where_it_was(self, vendor: Source, fault: Fault) -> None:
        vendor.first()
        _, cursor = read(vendor.billing)
        vendor.later()
        assert vendor.server is not None
        name = stripe_.EVENTS if vendor.operation == stripe_.INVOICES else vendor.operation
        attempts = 1 if fault in {Fault.BROKEN, Fault.HTML} else 3  # a read is repeated only while that may help
        vendor.server.fault(name, fault, times=attempts)
        with pytest.raises(Transient):
            read(vendor.billing, cursor)
        assert len(read(vendor.billing, cursor)[0]) == 1

    def test_that_refuses_the_credential_is_a_persons_business(self, vendor: Source) -> None:
        vendor.first()
        assert vendor.server is not None
        vendor.server.fault(vendor.operation, Fault.UNAUTHORIZED)
        with pytest.raises(Permanent):
            read(vendor.billing)
