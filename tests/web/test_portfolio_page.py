"""The portfolio's figures lead to rows that are as many as the figure says, and hold back what may not be seen."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from fastapi.testclient import TestClient

from tests.tasks.office import Office
from tests.tasks.papers import HARROW, TIDEWELL, master
from tests.tasks.test_reconciling import Books, books
from tests.web.house import given_to, looking

__all__ = ["books"]
RAFAEL, LEA, DANA = "rafael.ortiz@lumora.example", "lea.brandt@lumora.example", "dana.whitfield@lumora.example"


@pytest.fixture
def house(office: Office) -> Office:
    first = office.paper("harrow", master(HARROW, "MSA-2025-01", "1 March 2025"))
    second = office.paper("tidewell", master(TIDEWELL, "MSA-2025-02", "1 June 2025"))
    given_to(office, first, RAFAEL, DANA)
    given_to(office, second, "", RAFAEL)
    office.on(date(2026, 12, 1))
    return office


def rows(client: TestClient, address: str) -> int:
    path, _, query = address.replace("&amp;", "&").partition("?")
    answer = client.get(f"{path}.csv?{query}")
    assert answer.status_code == 200, address
    return len(list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))))


class TestFigures:
    def test_are_as_many_as_the_rows_they_lead_to(self, house: Office) -> None:
        client = looking(house, DANA)
        page = client.get("/portfolio").text
        counted = re.findall(r'href="(/(?:contracts|renewals)\?[^"]+)">(\d+)</a>', page)
        assert len(counted) >= 5
        for address, count in counted:
            assert rows(client, address) == int(count), address

    def test_add_up_money_by_currency(self, house: Office) -> None:
        page = looking(house, DANA).get("/portfolio").text
        assert "96,000.00\u202fUSD" in page

    def test_of_invoices_say_what_is_open(self, books: Books) -> None:
        books.night(date(2026, 4, 10))
        page = looking(books.office, DANA).get("/portfolio").text
        assert re.search(r'href="/findings\?currency=EUR">20.00', page)
        assert "20.00" not in looking(books.office, LEA).get("/portfolio").text

    def test_of_what_one_may_not_see_are_not_there(self, house: Office) -> None:
        page = looking(house, LEA).get("/portfolio").text
        assert "96,000.00" not in page
        assert HARROW not in page
