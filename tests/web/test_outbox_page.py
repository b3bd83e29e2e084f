"""The outbox is a list with previews; what is hidden of a contract is hidden in it as well."""

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
from tests.web.seed import DEAD, DONE, NOW
from tests.web.test_webhooks_page import LEA, facts, seen_as
from web.context import WebContext
from web.viewer import AS

MESSAGE, MAIL, DEAL, TASK, PROJECT = "1", "2", "3", "4", "5"
HARBOURLINE = f"c-{DONE}"[:36]


def rows(browser: TestClient, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/outbox.csv{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def numbers(browser: TestClient, query: str = "") -> set[str]:
    return {row["Number"] for row in rows(browser, query) if row["Number"]}


def with_effect(context: WebContext, key: str, **values: object) -> None:
    given = {
        "key": key, "handoff_id": key.partition(":")[0], "role": "mail", "state": "applied", "request_hash": "h",
        "attempts": 1, "intended_at": NOW, "applied_at": NOW, "url": "", **values,
    }  # fmt: skip
    with context.database.write() as connection:
        connection.execute(insert(t.effects).values(**given))


class TestTheList:
    def test_shows_what_to_whom_and_for_which_handoff(self, browser: TestClient) -> None:
        page = browser.get("/outbox").text
        assert "Welcome to Lumora, Harbourline" in page
        assert f'href="/outbox/{MAIL}"' in page
        assert 'href="/outbox/crm/D-1000"' in page
        assert f'href="/handoffs/{DONE}"' in page
        assert "<script>alert" not in page
        assert "/t/intake/…" in page
        assert "/t/intake/token" not in page + browser.get("/outbox.json").text

    def test_is_narrowed_by_every_facet_and_by_whose_it_is(self, browser: TestClient, context: WebContext) -> None:
        with context.database.write() as connection:
            earlier = update(t.outbox).where(t.outbox.c.id == int(MAIL)).values(updated_at=NOW - timedelta(days=40))
            connection.execute(earlier)
        every = {MESSAGE, MAIL, DEAL, TASK, PROJECT}
        assert numbers(browser) == every
        for query, found in (
            ("?role=crm", {DEAL, TASK}),
            ("?role=crm&kind=task", {TASK}),
            ("?month=2026-10", {MAIL}),
            ("?connector=console", every),
            (f"?about={DONE}", {MESSAGE, MAIL, TASK, PROJECT}),
            (f"?about={HARBOURLINE}", {MESSAGE, MAIL, TASK, PROJECT}),
            (f"?about={DEAD}", set()),
            ("?q=WELCOME", {MAIL}),
            ("?state=unknown", set()),
        ):
            assert numbers(browser, query) == found, query

    def test_counts_what_each_choice_would_show(self, browser: TestClient) -> None:
        page = browser.get("/outbox").text
        choices = re.findall(r'<a class="facet-choice"[^>]*href="([^"]+)".*?text-secondary">(\d+)<', page)
        assert len(choices) > 8
        for address, count in choices:
            assert len(rows(browser, "?" + address.replace("&amp;", "&").partition("?")[2])) == int(count), address

    def test_tells_of_what_a_vendor_has_and_of_what_is_in_doubt(self, browser: TestClient, context: WebContext) -> None:
        with_effect(context, f"{DONE}:project-elsewhere", role="work", url="https://vendor.example/p/1")
        with_effect(context, f"{DONE}:welcome:day-3", state="unknown", applied_at=None, detail="broke off")
        found = {row["Key"]: row for row in rows(browser)}
        assert found[f"{DONE}:project-elsewhere"]["Connector"] == "former vendor"
        assert found[f"{DONE}:welcome:day-3"]["State"] == "unknown"
        page = browser.get("/outbox").text
        assert 'href="https://vendor.example/p/1"' in page
        assert f"/dead-letters/in-doubt?key={DONE}%3Awelcome%3Aday-3" in page
        assert {row["Key"] for row in rows(browser, "?state=dead")} == {f"{DONE}:welcome:day-3"}

    def test_counts_an_effect_and_its_preview_once(self, browser: TestClient, context: WebContext) -> None:
        with_effect(context, f"{DONE}:welcome:day-0")
        [row] = [row for row in rows(browser) if row["Key"] == f"{DONE}:welcome:day-0"]
        assert (row["State"], row["Number"]) == ("applied", MAIL)

    def test_leads_nowhere_that_a_link_must_not(self, browser: TestClient, context: WebContext) -> None:
        with_effect(context, f"{DONE}:evil", url="javascript:alert(1)")
        assert "javascript:" not in browser.get("/outbox").text

    def test_is_sorted_both_ways(self, browser: TestClient) -> None:
        up = [row["Role"] for row in rows(browser, "?sort=role")]
        assert up == sorted(up)
        assert [row["Role"] for row in rows(browser, "?sort=-role")] == sorted(up, reverse=True)

    def test_is_paged(self, browser: TestClient, context: WebContext) -> None:
        for number in range(60):
            with_effect(context, f"{DONE}:more:{number}")
        total = len(rows(browser))
        assert f"1–50 of {total}" in browser.get("/outbox").text
        assert f"51–{total} of {total}" in browser.get("/outbox?offset=50").text

    def test_is_taken_along_without_formulas(self, browser: TestClient, context: WebContext) -> None:
        body = {"to": ["=1+1"], "subject": "=cmd|'/c calc'!A0", "text": "x"}
        with context.database.write() as connection:
            connection.execute(update(t.outbox).where(t.outbox.c.id == int(MAIL)).values(body=body))
        [row] = rows(browser, "?role=mail&kind=mail")
        assert row["What"].startswith("'=cmd")
        assert row["To"] == "'=1+1"
        with zipfile.ZipFile(io.BytesIO(browser.get("/outbox.xlsx").content)) as book:
            assert not any(b"<f>" in book.read(name) for name in book.namelist())
        assert {one["role"] for one in browser.get("/outbox.json?role=chat").json()} == {"chat"}

    def test_has_headings_and_labels_that_a_reader_hears(self, browser: TestClient) -> None:
        page = browser.get("/outbox").text
        assert not re.findall(r"<th(?![^>]*scope)[\s>]", page)
        assert re.search(r'<label[^>]*for="about"', page)
        assert page.count("<h1>") == 1


class TestRights:
    def test_it_is_not_there_without_the_right_to_audit(self, browser: TestClient) -> None:
        browser.cookies.set(AS, LEA)
        for path in ("/outbox", "/outbox.csv", "/outbox.xlsx", "/outbox.json", "/outbox/2/html", "/outbox/crm/D-1000"):
            assert browser.get(path).status_code == 404, path

    def test_nothing_of_a_contract_leaks_that_a_rule_closes(self, context: WebContext) -> None:
        facts(context)
        own = Where(counterparty=("Meridian Freight GmbH",))
        client = seen_as(context, Rule("audits one", where=own, show=frozenset(FieldClass), may=frozenset({Act.AUDIT})))
        text = client.get("/outbox").text + client.get("/outbox.json").text
        for secret in ("Harbourline", DONE, "144,000.00", "ada@harbourline.example", "D-1000"):
            assert secret not in text, secret
        for number in (MESSAGE, MAIL, TASK, PROJECT, DEAL):
            assert client.get(f"/outbox/{number}").status_code == 404, number
        assert client.get("/outbox/2/html").status_code == 404
        assert client.get("/outbox/crm/D-1000").status_code == 404
        assert client.get(f"/outbox.json?about={DONE}").json() == []

    def test_contents_are_hidden_where_prices_or_people_are(self, context: WebContext) -> None:
        facts(context)
        own = Where(counterparty=("Harbourline Logistics Ltd",))
        client = seen_as(context, Rule("audits one", where=own, may=frozenset({Act.AUDIT})))
        text = client.get("/outbox").text + client.get("/outbox.json").text
        assert numbers(client) == {MESSAGE, MAIL, TASK, PROJECT}
        for path in ("", f"/{MESSAGE}", f"/{MAIL}"):
            text += client.get(f"/outbox{path}").text
        for secret in ("144,000.00", "ada@harbourline.example", "Hello Ada", "Call Ada Finch", "Welcome to Lumora"):
            assert secret not in text, secret
        assert "contents are hidden" in client.get(f"/outbox/{MAIL}").text
        assert client.get(f"/outbox/{MAIL}/html").status_code == 404

    def test_a_deal_belongs_to_the_contract_that_won_it(self, context: WebContext) -> None:
        facts(context)
        with context.database.write() as connection:
            won = {"id": "D-1000", "name": "Harbourline platform", "contract_id": HARBOURLINE, "account": {}}
            connection.execute(update(t.outbox).where(t.outbox.c.id == int(DEAL)).values(body=won))
        theirs = Rule(
            "one",
            where=Where(counterparty=("Harbourline Logistics Ltd",)),
            show=frozenset(FieldClass),
            may=frozenset({Act.AUDIT}),
        )
        assert DEAL in numbers(seen_as(context, theirs))
        other = replace(theirs, where=Where(counterparty=("Meridian Freight GmbH",)))
        assert numbers(seen_as(context, other)) == set()

    def test_the_programs_are_told_no_more_than_the_pages(self, context: WebContext) -> None:
        facts(context)
        own = Where(counterparty=("Meridian Freight GmbH",))
        client = seen_as(context, Rule("audits one", where=own, show=frozenset(FieldClass), may=frozenset({Act.AUDIT})))
        assert client.get("/api/outbox").json() == []
        assert client.get(f"/api/outbox/{MAIL}").status_code == 404
        assert {one["id"] for one in client.get("/api/webhooks").json()["entries"]} == {"inbox-1"}
