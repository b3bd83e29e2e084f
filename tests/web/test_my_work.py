"""The page one lands on shows what waits for whoever looks, and nothing of anybody else's."""

from __future__ import annotations

import re
from datetime import date

from fastapi.testclient import TestClient

from store import ledger
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, TIDEWELL, amendment, master
from tests.web.house import given_to, looking
from tests.web.seed import DEAD
from web.viewer import AS

RAFAEL, LEA = "rafael.ortiz@lumora.example", "lea.brandt@lumora.example"


def words(client: TestClient) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


class TestMyWork:
    def test_says_when_nothing_waits(self, office: Office) -> None:
        assert "Nothing waits for Rafael Ortiz today." in words(looking(office, RAFAEL))

    def test_shows_renewals_by_the_day_one_must_act(self, office: Office) -> None:
        contract = office.paper("msa", master(HARROW, "MSA-2025-01", "1 March 2025"))
        given_to(office, contract, RAFAEL, "owen.hughes@lumora.example")
        office.on(date(2026, 12, 1))
        page = words(looking(office, RAFAEL))
        assert "Harrow Mills Ltd" in page
        assert re.search(r"act by \d+ Dec 2026; the term ends on 28 Feb 2027", page)
        assert re.search(r"\b\d+ days left", page)

    def test_shows_nothing_of_a_contract_that_is_another_persons(self, office: Office) -> None:
        contract = office.paper("msa", master(TIDEWELL, "MSA-2025-02", "1 March 2025"))
        given_to(office, contract, RAFAEL, "owen.hughes@lumora.example")
        office.on(date(2026, 12, 1))
        assert TIDEWELL not in words(looking(office, LEA))

    def test_shows_amendments_to_those_who_may_approve_them(self, office: Office) -> None:
        office.paper("msa", master(HARROW, "MSA-2025-01", "1 March 2025"))
        office.paper("amendment", amendment(HARROW, "the Master Services Agreement dated 1 March 2025"))
        with office.database.read() as connection:
            [waiting] = ledger.listed(connection)
        assert f"/amendments/{waiting['id']}" in looking(office, RAFAEL).get("/").text
        assert "/amendments/" not in looking(office, LEA).get("/").text

    def test_shows_terms_that_wait_for_a_review_to_their_owner(self, office: Office) -> None:
        contract = office.paper("msa", master(HARROW, "MSA-2025-01", "1 March 2025"))
        given_to(office, contract, RAFAEL, "owen.hughes@lumora.example")
        page = looking(office, RAFAEL).get("/").text
        assert f"/review?contract={contract}" in page

    def test_shows_first_touches_to_their_csm_alone(self, browser: TestClient) -> None:
        assert f"/handoffs/{DEAD}" in browser.get("/", headers={"cookie": f"{AS}={LEA}"}).text
        assert f"/handoffs/{DEAD}" not in browser.get("/", headers={"cookie": f"{AS}={RAFAEL}"}).text
