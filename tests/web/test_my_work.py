"""The page one lands on shows what waits for whoever looks, and nothing of anybody else's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from config.settings import Settings
from connectors import registry
from store import contracts, ledger
from store.inbox import InboxWriter
from store.outbox import StoredOutbox
from tasks import context as tasks_context
from tests.conftest import CONFIG
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, TIDEWELL, amendment, master
from tests.web.conftest import BROWSER, FakeStarter
from tests.web.seed import DEAD, URL
from web.app import create_app
from web.context import WebContext
from web.viewer import AS

RAFAEL, LEA = "rafael.ortiz@lumora.example", "lea.brandt@lumora.example"


@pytest.fixture
def office(settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Office]:
    made = Office.opened(settings(config_dir=CONFIG), tmp_path)
    with tasks_context.use(made.ctx):
        yield made
    made.database.close()


def looking(office: Office, who: str) -> TestClient:
    ctx, outbox = office.ctx, StoredOutbox(office.database, lambda: office.now)
    built = registry.build(office.settings, outbox)
    web = WebContext(
        office.settings, office.business, office.database, ctx.vault, outbox, built, InboxWriter(office.database),
        FakeStarter(), lambda: office.now,
    )  # fmt: skip
    return TestClient(create_app(web), base_url=URL, headers=BROWSER, cookies={AS: who})


def words(client: TestClient) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def given_to(office: Office, contract: str, owner: str, backup: str) -> None:
    with office.database.write() as connection:
        contracts.change(connection, contract, owner_email=owner, backup_email=backup)


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
