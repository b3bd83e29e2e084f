"""Dead letters tell what, why and how to fix it, and are started again without repeating anything."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from dataclasses import replace

from fastapi.testclient import TestClient
from sqlalchemy import insert, select, update

from domain.access import Act, FieldClass, Rule, Where
from domain.requests import Kind
from store import inbox, requests
from store import tables as t
from tests.web.seed import DEAD, DONE, NOW
from tests.web.test_outbox_page import with_effect
from tests.web.test_webhooks_page import LEA, facts, seen_as, with_event
from web.context import WebContext
from web.dispatch import HAND_OFF, SIGNED, dispatch_once
from web.viewer import AS

DANA = "dana.whitfield@lumora.example"
EVERYTHING = Rule("all", show=frozenset(FieldClass), may=frozenset(Act))
DOUBT = f"{DEAD}:welcome:day-0"


def rows(browser: TestClient, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/dead-letters.csv{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def with_dead_event(context: WebContext, identity: str = "gone") -> None:
    with_event(context, identity, state="dead", reason="The provider has no document doc-gone", attempt=12)


def in_doubt(context: WebContext, key: str = DOUBT) -> None:
    with_effect(context, key, state="unknown", applied_at=None, detail="the answer was lost")


def started(context: WebContext) -> list[tuple[str, dict[str, str], str]]:
    return context.starter.started  # type: ignore[attr-defined, no-any-return]


def state_of(context: WebContext, identity: str) -> str:
    with context.database.read() as connection:
        row = inbox.get(connection, identity)
    assert row is not None
    return str(row["state"])


def confirmed(browser: TestClient, query: str = "") -> dict[str, str]:
    """Return what the confirmation page's form would send."""
    page = browser.get(f"/dead-letters/redrive{query}").text
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


class TestTheList:
    def test_shows_events_steps_and_effects_with_what_why_and_fix(
        self, browser: TestClient, context: WebContext
    ) -> None:
        with_dead_event(context)
        in_doubt(context, f"{DONE}:welcome:day-3")
        found = {row["Kind"]: row for row in rows(browser) if row["Number"] != "odd"}
        assert found["event"]["Why"] == "The provider has no document doc-gone"
        assert (found["event"]["Tries"], found["event"]["What can be done"]) == ("12", "Start it again")
        assert found["step"]["What needs a person"] == "There is no onboarding template 'enterprise-plus'"
        assert found["step"]["How to fix it"].startswith("create that file")
        assert (found["effect"]["Why"], found["effect"]["What can be done"]) == (
            "the answer was lost",
            "Say what happened",
        )
        assert all(row["Since"] for row in found.values())
        page = browser.get("/dead-letters").text
        assert 'href="/webhooks/log/gone"' in page
        assert f'href="/handoffs/{DEAD}"' in page

    def test_an_event_of_unknown_kind_can_only_be_looked_at(self, browser: TestClient) -> None:
        [row] = rows(browser, "?letter=event")
        assert (row["Number"], row["What can be done"]) == ("odd", "Look at it")

    def test_is_narrowed_and_counted(self, browser: TestClient, context: WebContext) -> None:
        with_dead_event(context)
        in_doubt(context, f"{DONE}:welcome:day-3")
        for query, found in (
            ("", 4),
            ("?letter=step", 1),
            ("?can=redrive", 2),
            ("?place=project", 1),
            (f"?handoff={DEAD}", 1),
            ("?month=2026-11", 4),
            ("?month=2026-10", 0),
            ("?q=ENTERPRISE-plus", 1),
            ("?item=event:gone", 1),
        ):
            assert len(rows(browser, query)) == found, query
        page = browser.get("/dead-letters").text
        for address, count in re.findall(r'<a class="facet-choice"[^>]*href="([^"]+)".*?text-secondary">(\d+)<', page):
            assert len(rows(browser, "?" + address.replace("&amp;", "&").partition("?")[2])) == int(count), address

    def test_is_empty_when_nothing_needs_a_person(self, browser: TestClient, context: WebContext) -> None:
        with context.database.write() as connection:
            connection.execute(update(t.steps).where(t.steps.c.state == "dead").values(state="done"))
            connection.execute(update(t.inbox).where(t.inbox.c.state == "unknown").values(state="done"))
        page = browser.get("/dead-letters").text
        assert "Nothing needs a person" in page
        assert "/dead-letters/redrive" not in page

    def test_is_taken_along_without_formulas(self, browser: TestClient, context: WebContext) -> None:
        with_event(context, "evil", kind="=1+1", state="dead", reason="@SUM(A1)")
        [row] = rows(browser, "?item=event:evil")
        assert (row["Why"], row["About"]) == ("'@SUM(A1)", "'=1+1")
        assert browser.get("/dead-letters.xlsx").content.startswith(b"PK")
        assert {one["letter"] for one in browser.get("/dead-letters.json").json()} == {"event", "step"}


class TestStartingAgain:
    def test_is_confirmed_first_and_does_nothing_by_being_looked_at(
        self, browser: TestClient, context: WebContext
    ) -> None:
        with_dead_event(context)
        page = browser.get("/dead-letters/redrive").text
        assert "Start 2 dead letters again" in page
        assert "1 event is opened again" in page
        assert "1 handoff runs again" in page
        assert "1 more stays as it is" in page
        assert started(context) == []
        assert state_of(context, "gone") == "dead"

    def test_opens_events_and_runs_handoffs_through_their_deployments(
        self, browser: TestClient, context: WebContext
    ) -> None:
        with_dead_event(context)
        answer = browser.post("/dead-letters/redrive", data=confirmed(browser))
        assert "1 event is open again, 1 handoff runs again" in answer.text
        assert [(name, given) for name, given, _ in started(context)] == [(HAND_OFF, {"handoff_id": DEAD})]
        assert state_of(context, "gone") == "received"
        asyncio.run(dispatch_once(context))
        assert (SIGNED, {"event_id": "gone"}) in [(name, given) for name, given, _ in started(context)]

    def test_of_one_leaves_the_others(self, browser: TestClient, context: WebContext) -> None:
        with_dead_event(context)
        with_dead_event(context, "gone-too")
        form = confirmed(browser, "?item=event:gone")
        assert form == {"item": "event:gone", "shown": "1"}
        browser.post("/dead-letters/redrive", data=form)
        assert (state_of(context, "gone"), state_of(context, "gone-too")) == ("received", "dead")
        assert started(context) == []

    def test_runs_a_handoff_once_for_all_its_steps(self, browser: TestClient, context: WebContext) -> None:
        with context.database.write() as connection:
            mine = (t.steps.c.handoff_id == DEAD, t.steps.c.step.in_(("crm", "brief")))
            connection.execute(update(t.steps).where(*mine).values(state="dead"))
        browser.post("/dead-letters/redrive", data=confirmed(browser, "?letter=step"))
        assert len(started(context)) == 1

    def test_is_refused_when_other_letters_fit_by_now(self, browser: TestClient, context: WebContext) -> None:
        with_dead_event(context)
        form = confirmed(browser, "?letter=event")
        with_dead_event(context, "gone-too")
        answer = browser.post("/dead-letters/redrive", data=form)
        assert answer.status_code == 422
        assert "Nothing was started" in answer.text
        assert (state_of(context, "gone"), state_of(context, "gone-too")) == ("dead", "dead")
        assert browser.post("/dead-letters/redrive", data={"shown": "0", "item": "event:nobody"}).status_code == 422

    def test_leaves_a_handoff_alone_whose_effect_is_in_doubt(self, browser: TestClient, context: WebContext) -> None:
        in_doubt(context)
        assert {row["What can be done"] for row in rows(browser, "?letter=step")} == {"Settle its effect first"}
        assert "None of these can be started again" in browser.get("/dead-letters/redrive").text
        assert browser.post("/dead-letters/redrive", data={"shown": "1"}).status_code == 422
        assert started(context) == []

    def test_says_what_was_left_while_prefect_is_away(self, browser: TestClient, context: WebContext) -> None:
        with_dead_event(context)
        form = confirmed(browser)
        context.starter.away = True  # type: ignore[attr-defined]
        answer = browser.post("/dead-letters/redrive", data=form)
        assert "1 handoff was left for later" in answer.text
        assert state_of(context, "gone") == "received"
        assert len(rows(browser, "?letter=step")) == 1

    def test_asks_for_the_same_run_when_pressed_twice(self, browser: TestClient, context: WebContext) -> None:
        form = confirmed(browser, "?letter=step")
        for _ in range(2):
            browser.post("/dead-letters/redrive", data=form)
        assert len({key for _, _, key in started(context)}) == 1

    def test_is_on_record(self, browser: TestClient, context: WebContext) -> None:
        with_dead_event(context)
        browser.post("/dead-letters/redrive", data=confirmed(browser))
        with context.database.read() as connection:
            query = select(t.audit.c.action, t.audit.c.subject, t.audit.c.actor).order_by(t.audit.c.seq)
            done = t.audit.c.action.in_(("inbox.replayed", "handoff.retried"))
            found = [tuple(row) for row in connection.execute(query.where(done))]
        assert found == [("inbox.replayed", "gone", DANA), ("handoff.retried", DEAD, DANA)]


class TestAnEffectInDoubt:
    def test_is_shown_with_both_answers(self, browser: TestClient, context: WebContext) -> None:
        in_doubt(context)
        page = browser.get("/dead-letters/in-doubt", params={"key": DOUBT}).text
        assert "the answer was lost" in page
        assert re.findall(r'name="happened" value="(\w+)"', page) == ["yes", "no"]
        assert f'href="/handoffs/{DEAD}"' in page

    def test_is_settled_by_a_run_that_a_person_asks_for(self, browser: TestClient, context: WebContext) -> None:
        in_doubt(context)
        answer = browser.post(
            "/dead-letters/in-doubt", data={"effect": DOUBT, "happened": "yes"}, follow_redirects=False
        )
        assert answer.headers["location"].startswith("/dead-letters?asked=")
        with context.database.read() as connection:
            [row] = requests.waiting(connection)
            effect = connection.execute(select(t.effects.c.state).where(t.effects.c.key == DOUBT)).scalar_one()
        assert (row["kind"], row["who"], row["body"]) == (
            Kind.SETTLE_EFFECT,
            DANA,
            {"effect": DOUBT, "happened": "yes"},
        )
        assert effect == "unknown"

    def test_that_is_none_is_not_there(self, browser: TestClient, context: WebContext) -> None:
        with_effect(context, f"{DONE}:sure")
        for key in (f"{DONE}:sure", "nothing", ""):
            assert browser.get("/dead-letters/in-doubt", params={"key": key}).status_code == 404, key
            sent = {"effect": key, "happened": "yes"}
            assert browser.post("/dead-letters/in-doubt", data=sent).status_code == 404, key


class TestRights:
    def test_are_not_there_without_the_right_to_audit(self, browser: TestClient, context: WebContext) -> None:
        in_doubt(context)
        browser.cookies.set(AS, LEA)
        for path in ("", ".csv", ".json", "/redrive", f"/in-doubt?key={DOUBT}"):
            assert browser.get(f"/dead-letters{path}").status_code == 404, path
        assert browser.post("/dead-letters/redrive", data={"shown": "1"}).status_code == 404
        assert browser.post("/dead-letters/in-doubt", data={"effect": DOUBT, "happened": "no"}).status_code == 404

    def test_who_may_only_audit_sees_no_button_and_starts_nothing(self, context: WebContext) -> None:
        with_dead_event(context)
        in_doubt(context, f"{DONE}:welcome:day-3")
        client = seen_as(context, replace(EVERYTHING, may=frozenset({Act.AUDIT})))
        assert "/dead-letters/redrive" not in client.get("/dead-letters").text
        assert {row["What can be done"] for row in rows(client)} == {"Look at it"}
        assert client.get("/dead-letters/redrive").status_code == 404
        assert client.post("/dead-letters/redrive", data={"shown": "2"}).status_code == 404
        page = client.get("/dead-letters/in-doubt", params={"key": f"{DONE}:welcome:day-3"}).text
        assert "It did arrive" not in page
        assert state_of(context, "gone") == "dead"
        assert started(context) == []

    def test_letters_of_a_closed_contract_are_neither_seen_nor_started(self, context: WebContext) -> None:
        facts(context)
        with_dead_event(context)
        in_doubt(context, f"{DONE}:welcome:day-3")
        client = seen_as(context, replace(EVERYTHING, where=Where(counterparty=("Harbourline Logistics Ltd",))))
        assert [row["Number"] for row in rows(client)] == [f"{DONE}:welcome:day-3"]
        assert DEAD not in client.get("/dead-letters").text
        assert "None of these" in client.get("/dead-letters/redrive?letter=step").text
        assert client.post("/dead-letters/redrive", data={"shown": "1", "letter": "step"}).status_code == 422
        assert started(context) == []
        assert client.get("/dead-letters/in-doubt", params={"key": f"{DEAD}:x"}).status_code == 404

    def test_a_form_of_another_site_starts_nothing(self, browser: TestClient, context: WebContext) -> None:
        evil = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
        answer = browser.post("/dead-letters/redrive", data={"shown": "1"}, headers=evil)
        assert answer.status_code == 403
        assert started(context) == []


def test_long_lists_are_paged(browser: TestClient, context: WebContext) -> None:
    with context.database.write() as connection:
        given = [
            {
                "id": f"many-{number}", "source": "docusign", "event_id": f"e-{number}", "kind": "k", "document": "d",
                "state": "dead", "body": b"", "headers": {}, "received_at": NOW, "reason": "x",
            }
            for number in range(260)
        ]  # fmt: skip
        connection.execute(insert(t.inbox), given)
    assert "1–50 of 262" in browser.get("/dead-letters").text
    form = confirmed(browser, "?letter=event")
    assert form["shown"] == "200"
    page = browser.get("/dead-letters/redrive?letter=event").text
    assert "60 more wait for the next press" in page
    assert "1 more stays as it is" in page
    assert "200 events are open again" in browser.post("/dead-letters/redrive", data=form).text
