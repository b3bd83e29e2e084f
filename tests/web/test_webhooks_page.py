"""Webhooks are a list: filtered, counted, taken along, and closed to whom their contract is closed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy import insert, update

from domain.access import Act, FieldClass, Rule, Where
from store import tables as t
from store.tables_desk import contract_facts
from tests.web.conftest import BROWSER
from tests.web.seed import DEAD, DONE, FRESH, NOW, URL
from web.app import create_app
from web.context import WebContext
from web.viewer import AS

LEA = "lea.brandt@lumora.example"


def rows(browser: TestClient, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/webhooks.csv{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def seen_as(context: WebContext, rule: Rule, *others: Rule, who: str = LEA) -> TestClient:
    """Return the browser of a colleague for whom only these rules are written."""
    access = replace(context.business.access, rules=(rule, *others))
    made = replace(context, business=replace(context.business, access=access))
    return TestClient(create_app(made), base_url=URL, headers=BROWSER, cookies={AS: who})


def with_event(context: WebContext, identity: str, **values: object) -> None:
    given = {
        "id": identity, "source": "docusign", "event_id": f"evt-{identity}", "kind": "envelope-completed", "body": b"{}",
        "document": f"doc-{identity}", "state": "received", "headers": {}, "received_at": NOW, **values,
    }  # fmt: skip
    with context.database.write() as connection:
        connection.execute(insert(t.inbox).values(**given))


class TestTheList:
    def test_shows_state_deliveries_handoff_and_run(self, browser: TestClient) -> None:
        page = browser.get("/webhooks").text
        assert f'href="/handoffs/{DONE}"' in page
        assert "/runs/flow-run/run-0" in page
        assert 'href="/webhooks/log/inbox-0"' in page

    def test_is_narrowed_by_every_facet(self, browser: TestClient, context: WebContext) -> None:
        with_event(context, "other", received_at=NOW - timedelta(days=40), deliveries=3)
        with_event(context, "swept", event_id="sweep:doc-7:x", kind="sweep.completed")
        numbers = {row["Number"] for row in rows(browser)}
        assert numbers == {"inbox-0", "inbox-1", "inbox-2", "stray", "odd", "other", "swept"}
        for query, found in (
            ("?state=unknown", {"odd"}),
            ("?state=waiting", {"stray", "other", "swept"}),
            ("?source=docusign&state=received", {"other", "swept"}),
            ("?kind=template_exploded", {"odd"}),
            ("?proof=swept", {"swept"}),
            ("?handoff=no&source=pandadoc", {"stray", "odd"}),
            ("?repeated=yes", {"inbox-1", "inbox-2", "other"}),
            ("?month=2026-10", {"other"}),
            ("?day=2026-10-14", {"other"}),
            ("?q=evt-STRAY", {"stray"}),
            ("?document=doc-1", {"inbox-1"}),
            ("?state=nothing", set()),
        ):
            assert {row["Number"] for row in rows(browser, query)} == found, query

    def test_counts_what_each_choice_would_show(self, browser: TestClient, context: WebContext) -> None:
        with_event(context, "other", received_at=NOW - timedelta(days=40))
        page = browser.get("/webhooks").text
        for address, count in re.findall(r'<a class="facet-choice"[^>]*href="([^"]+)".*?text-secondary">(\d+)<', page):
            link = address.replace("&amp;", "&")
            if "proof=refused" not in link:
                assert len(rows(browser, "?" + link.partition("?")[2])) == int(count), link
        assert "month=2026-10" in page

    def test_offers_the_days_of_a_chosen_month(self, browser: TestClient) -> None:
        assert "day=" not in browser.get("/webhooks").text
        assert "month=2026-11&amp;day=2026-11-23" in browser.get("/webhooks?month=2026-11").text

    def test_has_a_link_to_its_rows_on_every_figure(self, browser: TestClient, context: WebContext) -> None:
        with_event(context, "dead", state="dead", reason="the provider has no such document")
        page = browser.get("/webhooks").text
        figures = {
            label: (link.replace("&amp;", "&"), int(value))
            for label, link, value in re.findall(r'<dt>([^<]+)</dt><dd><a href="([^"]+)">(\d+)</a>', page)
        }
        assert {name: value for name, (_, value) in figures.items()} == {
            "Received": 6, "Waiting": 1, "Need a person": 2, "Delivered again": 3, "Refused signatures": 17,
            "Dead letters": 3,
        }  # fmt: skip
        for name in ("Received", "Waiting", "Need a person"):
            link, value = figures[name]
            assert len(rows(browser, "?" + link.partition("?")[2])) == value, name
        assert all(browser.get(link).status_code == 200 for link, _ in figures.values())

    def test_is_sorted_both_ways(self, browser: TestClient) -> None:
        up = [int(row["Deliveries"]) for row in rows(browser, "?sort=deliveries")]
        down = [int(row["Deliveries"]) for row in rows(browser, "?sort=-deliveries")]
        assert up == sorted(up)
        assert down == sorted(up, reverse=True)
        assert next(row["Number"] for row in rows(browser)) == "inbox-0"

    def test_is_paged(self, browser: TestClient, context: WebContext) -> None:
        for number in range(60):
            with_event(context, f"many-{number}")
        page = browser.get("/webhooks").text
        assert "1–50 of 65" in page
        assert "51–65 of 65" in browser.get("/webhooks?offset=50").text

    def test_is_taken_along_without_bodies_and_without_formulas(self, browser: TestClient, context: WebContext) -> None:
        with_event(context, "evil", kind="=cmd|'/c calc'!A0", reason="@SUM(A1)", body=b'{"secret": 1}', state="dead")
        [row] = rows(browser, "?document=doc-evil")
        assert row["Event"].startswith("'=cmd")
        assert row["Reason"].startswith("'@SUM")
        with zipfile.ZipFile(io.BytesIO(browser.get("/webhooks.xlsx?document=doc-evil").content)) as book:
            sheets = [book.read(name).decode() for name in book.namelist() if name.endswith(".xml")]
        assert any("=cmd|" in sheet for sheet in sheets)
        assert not any("<f>" in sheet for sheet in sheets)
        [said] = browser.get("/webhooks.json?document=doc-evil").json()
        assert (said["state"], said["deliveries"]) == ("dead", 1)
        assert "secret" not in browser.get("/webhooks.json").text

    def test_has_headings_and_labels_that_a_reader_hears(self, browser: TestClient) -> None:
        page = browser.get("/webhooks").text
        assert not re.findall(r"<th(?![^>]*scope)[\s>]", page)
        assert page.count("<h1>") == 1
        assert re.search(r'<label[^>]*for="q"', page)


class TestDeliveries:
    def test_that_were_refused_are_counted_and_never_kept(self, browser: TestClient) -> None:
        answer = browser.get("/webhooks?proof=refused")
        assert answer.url.path == "/webhooks/counted"
        assert "17 deliveries under these filters" in answer.text
        [row] = browser.get("/webhooks/counted.json?verdict=forged").json()
        assert (row["source"], row["count"]) == ("pandadoc", 17)

    def test_are_all_there_and_sorted(self, browser: TestClient) -> None:
        assert "21 deliveries under these filters" in browser.get("/webhooks/counted").text
        found = browser.get("/webhooks/counted.json?sort=count").json()
        assert [row["count"] for row in found] == [4, 17]
        assert len(browser.get("/webhooks.json?proof=refused").json()) == 1


class TestRights:
    PAGES = ("/webhooks", "/webhooks.csv", "/webhooks.json", "/webhooks/counted", "/webhooks/counted.csv")

    def test_pages_are_not_there_without_the_right_to_audit(self, browser: TestClient) -> None:
        browser.cookies.set(AS, LEA)
        for path in self.PAGES:
            assert browser.get(path).status_code == 404, path

    def test_somebody_who_may_audit_some_contracts_learns_of_no_other(self, context: WebContext) -> None:
        rule = Rule(
            "audits its own", where=Where(counterparty=("Harbourline Logistics Ltd",)), may=frozenset({Act.AUDIT})
        )
        facts(context)
        client = seen_as(context, rule)
        assert [row["Number"] for row in rows(client)] == ["inbox-0"]
        page = client.get("/webhooks").text
        for secret in (DEAD, FRESH, "doc-1", "doc-2", "doc-9", "template_exploded"):
            assert secret not in page
        assert client.get("/webhooks/log/inbox-0").status_code == 200
        for other in ("inbox-1", "inbox-2", "stray", "odd"):
            assert client.get(f"/webhooks/log/{other}").status_code == 404, other
            assert client.post(f"/webhooks/{other}/replay").status_code == 404, other

    def test_a_ban_closes_the_events_of_a_contract_and_what_may_be_one(self, context: WebContext) -> None:
        facts(context)
        everything = Rule("all", show=frozenset(FieldClass), may=frozenset(Act))
        ban = Rule("not this one", where=Where(counterparty=("Meridian Freight GmbH",)), ban=True)
        client = seen_as(context, everything, ban)
        assert [row["Number"] for row in rows(client)] == ["inbox-0"]
        assert client.get("/webhooks/log/inbox-1").status_code == 404

    def test_a_body_is_hidden_where_prices_are(self, context: WebContext) -> None:
        with context.database.write() as connection:
            connection.execute(update(t.inbox).where(t.inbox.c.id == "inbox-0").values(body=b'{"total": "144000"}'))
        client = seen_as(context, Rule("audits", may=frozenset({Act.AUDIT})))
        page = client.get("/webhooks/log/inbox-0").text
        assert "144000" not in page
        assert "contents are hidden" in page
        assert (
            "144000"
            in seen_as(context, Rule("all", show=frozenset(FieldClass), may=frozenset({Act.AUDIT})))
            .get("/webhooks/log/inbox-0")
            .text
        )

    def test_a_body_is_shown_without_what_proves_its_sender(self, browser: TestClient, context: WebContext) -> None:
        plain = b'{"event": {"event_hash": "5eb1a", "type": "signed"}, "api_key": "k-1"}'
        form = b'--x\r\nContent-Disposition: form-data; name="json"\r\n\r\n{"event":{"event_hash":"5eb1a","type":"signed"}}'
        for number, body in enumerate((plain, form)):
            with_event(context, f"sent-{number}", body=body)
            page = browser.get(f"/webhooks/log/sent-{number}").text
            assert "signed" in page
            assert "(left out)" in page
            assert "5eb1a" not in page
            assert "k-1" not in page

    def test_an_event_is_started_again_only_by_who_may_hand_over(self, context: WebContext) -> None:
        client = seen_as(context, Rule("audits", show=frozenset(FieldClass), may=frozenset({Act.AUDIT})))
        assert "/replay" not in client.get("/webhooks/log/stray").text
        assert client.post("/webhooks/stray/replay").status_code == 404
        assert context.starter.started == []  # type: ignore[attr-defined]


FACTS = {
    "type": "", "region": "", "tier": "", "product": "", "region_key": "", "value": "", "value_currency": "",
    "annual": "", "annual_currency": "", "renewal_type": "", "notice_period": "", "governing_law": "",
    "contract_number": "", "doubts": 0, "missing": [], "standing": "own", "refreshed_at": NOW,
}  # fmt: skip


def facts(context: WebContext) -> None:
    """Note of the seeded contracts with whom they are."""
    with context.database.write() as connection:
        for identity, name in ((DONE, "Harbourline Logistics Ltd"), (DEAD, "Meridian Freight GmbH")):
            row = {**FACTS, "contract_id": f"c-{identity}"[:36], "counterparty_key": name.casefold()}
            connection.execute(insert(contract_facts).values(**row))
