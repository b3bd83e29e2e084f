"""The page of a contract shows what holds, why, and since when; and only to those who may see it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient

from domain.requests import Kind
from store import decisions, ledger, requests
from tasks import amending
from tasks.carrying_out import carry_out_all
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, amendment, master
from tests.web.house import given_to, looking

RAFAEL, LEA, DANA = "rafael.ortiz@lumora.example", "lea.brandt@lumora.example", "dana.whitfield@lumora.example"
FINANCE = {"roles": ("finance",)}


@pytest.fixture
def contract(office: Office) -> str:
    made = office.paper("harrow", master(HARROW, "MSA-2025-01", "1 March 2025"))
    given_to(office, made, RAFAEL, DANA)
    return made


def words(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


class TestTerms:
    def test_stand_there_with_the_words_that_say_so(self, office: Office, contract: str) -> None:
        page = words(looking(office, RAFAEL), f"/contracts/{contract}")
        assert "Notice period 60 days" in page
        assert "notice of non-renewal at least sixty (60) days" in page
        assert "96000.00 USD" in page

    def test_are_those_of_the_day_that_is_asked_for(self, office: Office, contract: str) -> None:
        office.paper("amendment", amendment(HARROW, "the Master Services Agreement dated 1 March 2025"))
        with office.database.read() as connection:
            [waiting] = ledger.listed(connection)
        amending.approve(office.ctx, waiting["id"], waiting["shown_hash"], who=RAFAEL)
        client, address = looking(office, RAFAEL), f"/contracts/{contract}"
        assert re.search(r"Payment days\s+30 ", words(client, f"{address}?as_of=2025-04-01"))
        assert re.search(r"Payment days\s+45 ", words(client, f"{address}?as_of=2025-06-01"))
        assert client.get(f"{address}?as_of=yesterday").status_code == 422

    def test_show_what_amendments_changed_and_who_approved_it(self, office: Office, contract: str) -> None:
        office.paper("amendment", amendment(HARROW, "the Master Services Agreement dated 1 March 2025"))
        with office.database.read() as connection:
            [waiting] = ledger.listed(connection)
        page = words(looking(office, RAFAEL), f"/contracts/{contract}")
        assert "An amendment waits for an approval." in page
        assert re.search(r"5 May 2025 Payment days 30 45 .* proposed", page)
        amending.approve(office.ctx, waiting["id"], waiting["shown_hash"], who=RAFAEL)
        assert re.search(
            r"5 May 2025 Payment days 30 45 .* approved Rafael Ortiz",
            words(looking(office, RAFAEL), f"/contracts/{contract}"),
        )


class TestDays:
    def test_explain_themselves(self, office: Office, contract: str) -> None:
        page = words(looking(office, RAFAEL), f"/contracts/{contract}")
        assert "Term ends 28 Feb 2027" in page
        assert "Why these days" in page

    def test_are_decided_about_by_a_run_that_the_page_asks_for(self, office: Office, contract: str) -> None:
        client = looking(office, RAFAEL)
        answer = client.post(f"/contracts/{contract}/decide", data={"verdict": "renew"}, follow_redirects=False)
        assert answer.status_code == 303
        identity = answer.headers["location"].partition("asked=")[2]
        assert "is being carried out" in client.get(f"/requests/{identity}").text
        carry_out_all(office.ctx)
        assert "Done:" in client.get(f"/requests/{identity}").text
        with office.database.read() as connection:
            assert [one["verdict"] for one in decisions.of_contract(connection, contract)] == ["renew"]
        assert "Decided: Renew" in words(client, f"/contracts/{contract}")


class TestThoseWithoutARight:
    def test_do_not_learn_that_it_exists(self, office: Office, contract: str) -> None:
        client = looking(office, LEA)
        there, nowhere = client.get(f"/contracts/{contract}"), client.get("/contracts/00000000-nothing")
        assert (there.status_code, there.text) == (404, nowhere.text)
        assert client.get(f"/contracts/{contract}/files/original").status_code == 404

    def test_cannot_ask_for_anything(self, office: Office, contract: str) -> None:
        answer = looking(office, LEA).post(f"/contracts/{contract}/decide", data={"verdict": "terminate"})
        assert answer.status_code == 404
        with office.database.read() as connection:
            assert requests.waiting(connection) == []

    def test_see_no_button_for_what_they_may_not_do(self, office: Office, contract: str) -> None:
        given_to(office, contract, DANA, RAFAEL)
        sofia = "sofia.marin@lumora.example"
        assert "Decide about this term" in looking(office, sofia).get(f"/contracts/{contract}").text
        assert str(Kind.DECIDE_RENEWAL) not in looking(office, sofia).get(f"/contracts/{contract}").text


class TestFiles:
    def test_are_downloaded_under_their_name_and_that_is_recorded(self, office: Office, contract: str) -> None:
        client = looking(office, RAFAEL)
        answer = client.get(f"/contracts/{contract}/files/original")
        assert answer.status_code == 200
        assert 'filename="harrow.txt"' in answer.headers["content-disposition"]
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "document.downloaded" in words(client, f"/contracts/{contract}")
        assert client.get(f"/contracts/{contract}/files/certificate").status_code == 404


class TestToday:
    def test_is_the_day_one_sees_first(self, office: Office, contract: str) -> None:
        office.on(date(2026, 12, 20))
        assert "Terms on 20 Dec 2026" in words(looking(office, RAFAEL), f"/contracts/{contract}")
