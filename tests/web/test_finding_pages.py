"""Discrepancies are a work list: with their arithmetic and clause, moved on by those who look after claims."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

from fastapi.testclient import TestClient

from domain.findings.status import Status
from store import requests
from tasks.carrying_out import carry_out_all
from tests.tasks.test_reconciling import Books, books, row
from tests.web.house import looking

__all__ = ["books"]
DAY = date(2026, 4, 10)
DANA, LEA, RAFAEL = "dana.whitfield@lumora.example", "lea.brandt@lumora.example", "rafael.ortiz@lumora.example"


def rows(client: TestClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/findings.csv{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


class TestTheList:
    def test_shows_what_differs_with_both_amounts(self, books: Books) -> None:
        books.night(DAY)
        [found] = rows(looking(books.office, DANA))
        assert (found["Discrepancy"], found["At stake"], found["At stake currency"]) == ("AR-UNDER", "20.00", "EUR")
        page = looking(books.office, DANA).get("/findings").text
        assert "we bill less than agreed" in page
        assert re.search(r"Open</dt><dd><a[^>]*>20.00", page)

    def test_is_narrowed_and_leaves_out_what_is_closed(self, books: Books) -> None:
        books.night(DAY)
        client = looking(books.office, DANA)
        assert rows(client, "?code=TAX") == []
        assert rows(client, "?status=recovered") == []
        assert len(rows(client, "?status=all&code=AR-UNDER")) == 1

    def test_of_contract_files_is_for_those_who_look_after_all_invoices(self, books: Books) -> None:
        books.night(DAY)
        [fingerprint] = [row["Fingerprint"] for row in rows(looking(books.office, DANA))]
        for who in (LEA, RAFAEL):
            client = looking(books.office, who)
            assert rows(client) == []
            assert client.get(f"/findings/{fingerprint}").status_code == 404
            assert client.post(f"/findings/{fingerprint}/move", data={"status": "confirmed"}).status_code == 404
        assert carry_out_all(books.office.ctx) == []


class TestADiscrepancy:
    def test_explains_itself_and_offers_the_steps_that_are_allowed(self, books: Books) -> None:
        books.night(DAY)
        client = looking(books.office, DANA)
        [found] = rows(client)
        page = client.get(f"/findings/{found['Fingerprint']}").text
        assert "12.50" in page
        offered = re.findall(r'<option value="([a-z_]+)">', page)
        assert offered[:4] == ["triaged", "confirmed", "rejected", "written_off"]
        assert "recovered" not in offered

    def test_is_moved_with_who_and_why(self, books: Books) -> None:
        books.night(DAY)
        client = looking(books.office, DANA)
        [found] = rows(client)
        address = f"/findings/{found['Fingerprint']}"
        client.post(f"{address}/move", data={"status": "confirmed", "because": "checked"})
        [row_] = carry_out_all(books.office.ctx)
        assert row_["state"] == requests.DONE
        assert [one["Status"] for one in rows(client)] == [Status.CONFIRMED]
        assert "checked" in client.get(address).text

    def test_is_not_rejected_without_a_reason(self, books: Books) -> None:
        books.night(DAY)
        client = looking(books.office, DANA)
        [found] = rows(client)
        client.post(f"/findings/{found['Fingerprint']}/move", data={"status": "rejected"})
        [row_] = carry_out_all(books.office.ctx)
        assert row_["state"] == requests.REFUSED
        assert "needs a reason" in row_["why"]


class TestInvoicesWithoutAContract:
    def test_are_matched_by_a_person(self, books: Books) -> None:
        books.invoices("stranger.csv", row(4, number="S-1", contract="").replace("Hollowmere Cloud", "HM Services"))
        books.night(DAY)
        client = looking(books.office, DANA)
        assert "S-1" in client.get("/findings").text
        client.post("/findings/match", data={"invoice": "S-1", "contract": "SO-77"})
        [row_] = carry_out_all(books.office.ctx)
        assert (row_["state"], row_["why"]) == (requests.DONE, "")
        books.night(date(2026, 4, 11))
        assert "NO-CONTRACT" not in {one["Discrepancy"] for one in rows(client)}

    def test_are_not_shown_to_others(self, books: Books) -> None:
        books.invoices("stranger.csv", row(4, number="S-1", contract="").replace("Hollowmere Cloud", "HM Services"))
        books.night(DAY)
        assert "S-1" not in looking(books.office, RAFAEL).get("/findings").text
