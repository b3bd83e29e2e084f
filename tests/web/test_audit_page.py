"""The audit trail can be read, narrowed and taken along by those who may audit; events show what came."""

from __future__ import annotations

import csv
import io

from fastapi.testclient import TestClient
from sqlalchemy import update

from domain.access import Act, Rule, Where
from store import audit
from store.tables import inbox
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, TIDEWELL, master
from tests.web.house import given_rule, handed_over, looking
from tests.web.seed import DONE
from web.context import WebContext
from web.viewer import AS

LEA_ = "lea.brandt@lumora.example"
LEA = {"cookie": f"{AS}=lea.brandt@lumora.example"}


def rows(browser: TestClient, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/audit.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


class TestTheTrail:
    def test_shows_what_happened_with_its_seal(self, browser: TestClient) -> None:
        page = browser.get("/audit").text
        assert "handoff.complete" in page
        assert f'href="/handoffs/{DONE}"' in page

    def test_is_narrowed_by_who_what_about_and_when(self, browser: TestClient) -> None:
        browser.get(f"/handoffs/{DONE}/brief")
        assert {row["What"] for row in rows(browser, "?action=brief.viewed")} == {"brief.viewed"}
        assert {row["About"] for row in rows(browser, f"?subject={DONE}")} == {DONE}
        assert rows(browser, "?until=2020-01-01") == []
        assert rows(browser, "?text=no+such+words+anywhere") == []

    def test_records_that_it_was_taken_along(self, browser: TestClient) -> None:
        rows(browser)
        assert [row["What"] for row in rows(browser, "?action=audit.exported")] == ["audit.exported"]

    def test_is_not_there_for_others(self, browser: TestClient) -> None:
        for address in ("/audit", "/audit.csv", "/webhooks", "/webhooks/log/inbox-0", "/outbox", "/outbox/1"):
            assert browser.get(address, headers=LEA).status_code == 404, address


class TestAnEvent:
    def test_is_shown_as_it_came_without_what_proves_its_sender(self, browser: TestClient, context: WebContext) -> None:
        said = {"x-pandadoc-signature": "abc123", "user-agent": "PandaDoc"}
        with context.database.write() as connection:
            connection.execute(update(inbox).where(inbox.c.id == "inbox-0").values(headers=said, body=b'{"a": 1}'))
        page = browser.get("/webhooks/log/inbox-0").text
        assert "PandaDoc" in page
        assert "abc123" not in page
        assert "&#34;a&#34;: 1" in page

    def test_that_never_came_is_not_there(self, browser: TestClient) -> None:
        assert browser.get("/webhooks/log/inbox-99").status_code == 404


class TestHandoffs:
    def test_of_contracts_one_may_not_see_are_not_there(self, browser: TestClient) -> None:
        other = {"cookie": f"{AS}=kenji.mori@lumora.example"}
        assert DONE not in browser.get("/handoffs", headers=other).text
        for part in ("", "/brief", "/document"):
            assert browser.get(f"/handoffs/{DONE}{part}", headers=other).status_code == 404, part
        assert browser.post(f"/handoffs/{DONE}/retry", headers=other).status_code == 404

    def test_are_shown_to_their_csm(self, browser: TestClient) -> None:
        assert browser.get(f"/handoffs/{DONE}/brief", headers=LEA).status_code == 200


class TestAPartOfTheTrail:
    def test_is_all_that_somebody_sees_who_may_audit_some_contracts(self, office: Office) -> None:
        papers = {}
        for number, customer in enumerate((HARROW, TIDEWELL)):
            papers[customer] = office.paper(f"paper{number}", master(customer, f"MSA-{number}"))
            handed_over(office, f"h-{number}", papers[customer], customer)
            with office.database.write() as connection:
                for subject in (papers[customer], f"h-{number}"):
                    audit.record(connection, office.now, "aftersign", "step.done", subject, customer=customer)
        where = Where(counterparty=(TIDEWELL,))
        given_rule(office, Rule("some", people=(LEA_,), where=where, may=frozenset({Act.AUDIT})))
        lea = looking(office, LEA_)
        text = lea.get("/audit.csv").text
        assert papers[TIDEWELL] in text
        assert "h-1" in text
        assert papers[HARROW] not in text
        assert "h-0" not in text
        assert TIDEWELL not in text  # details may tell prices and people
        assert "1–" not in lea.get(f"/audit?text={TIDEWELL.replace(' ', '+')}").text
        everything = looking(office, "dana.whitfield@lumora.example").get("/audit.csv").text
        assert HARROW in everything
        assert TIDEWELL in everything
