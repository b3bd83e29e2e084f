"""Colleagues, oneself, absences, feeds: what one may see and do, and what one may not."""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from icalendar import Calendar
from sqlalchemy import select, update

from domain.access import FieldClass
from domain.deadlines import Deadlines
from store import clock, leaves
from store.tables import audit, contracts
from store.tables_desk import saved_views
from tests.web.conftest import BROWSER, Make
from tests.web.entrance import create_app
from tests.web.seed import DONE, LEA, NOW, URL
from web.context import WebContext
from web.handoff_rows import without
from web.pages.me import in_words
from web.viewer import AS

AMARA = "amara.okafor@lumora.example"  # sales: sees in outline
HOST = {"host": "127.0.0.1:8080"}
SOFIA = "sofia.marin@lumora.example"
FOUND = Deadlines(
    term_end=date(2026, 12, 31), notice_deadline=date(2026, 11, 1), effective_deadline=date(2026, 10, 30),
    send_by=date(2026, 10, 23), decide_by=date(2026, 10, 8), alerts=(), explanation=("It ends.",),
)  # fmt: skip


def looking(context: WebContext, who: str = "") -> TestClient:
    cookies = {AS: who} if who else {}
    return TestClient(create_app(context), base_url=URL, headers=BROWSER, cookies=cookies, follow_redirects=False)


def trail(context: WebContext, action: str) -> list[tuple[str, str]]:
    with context.database.read() as connection:
        rows = connection.execute(select(audit.c.actor, audit.c.subject).where(audit.c.action == action))
        return [(row.actor, row.subject) for row in rows]


class TestPeople:
    def test_are_listed_with_what_they_look_after(self, context: WebContext) -> None:
        text = looking(context).get("/people").text
        assert "Lea Brandt" in text
        assert f'<a href="/contracts?owner={SOFIA.replace("@", "%40")}">2</a>' in text
        assert looking(context).get("/people.csv").text.count("\n") == len(context.business.people) + 1

    def test_are_counted_only_by_what_one_may_see(self, context: WebContext) -> None:
        assert "contracts?owner" not in looking(context, AMARA).get("/people").text

    def test_have_a_page_each_and_strangers_have_none(self, context: WebContext) -> None:
        assert "Lea Brandt" in looking(context).get(f"/people/{LEA}").text
        assert looking(context).get("/people/stranger@x.example").status_code == 404


class TestAnAbsence:
    FORM: ClassVar = {"first": "2026-12-01", "last": "2026-12-11"}

    def test_is_entered_by_oneself_and_by_who_assigns(self, context: WebContext) -> None:
        assert looking(context, LEA).post(f"/people/{LEA}/leave", data=self.FORM).status_code == 303
        assert looking(context).post(f"/people/{AMARA}/leave", data=self.FORM).status_code == 303
        assert "1 Dec 2026" in looking(context).get("/people").text
        assert trail(context, "leave.entered")[0] == (LEA, LEA)

    def test_is_not_entered_or_withdrawn_by_anybody_else(self, context: WebContext) -> None:
        looking(context, LEA).post(f"/people/{LEA}/leave", data=self.FORM)
        other = looking(context, AMARA)
        assert other.post(f"/people/{LEA}/leave", data=self.FORM).status_code == 403
        assert other.post("/people/leaves/1/withdraw").status_code == 403
        assert "Enter absence" not in other.get(f"/people/{LEA}").text
        with context.database.read() as connection:
            assert len(leaves.coming(connection, NOW.date())) == 1

    def test_is_withdrawn_once(self, context: WebContext) -> None:
        lea = looking(context, LEA)
        lea.post(f"/people/{LEA}/leave", data=self.FORM)
        assert [lea.post("/people/leaves/1/withdraw").status_code for _ in range(2)] == [303, 404]
        assert trail(context, "leave.withdrawn") == [(LEA, LEA)]

    @pytest.mark.parametrize("days", [{"first": "2026-12-11", "last": "2026-12-01"}, {"first": "x", "last": ""},
                                      {"first": "2026-12-01", "last": "2036-12-01"}])  # fmt: skip
    def test_of_impossible_days_is_refused(self, context: WebContext, days: dict[str, str]) -> None:
        assert looking(context, LEA).post(f"/people/{LEA}/leave", data=days).status_code == 422


class TestHandingOver:
    def test_is_asked_for_by_who_may_assign_everything(self, context: WebContext) -> None:
        answer = looking(context).post(f"/people/{SOFIA}/hand-over", data={"to": LEA})
        assert "asked=" in answer.headers["location"]

    def test_is_nothing_for_others(self, context: WebContext) -> None:
        assert looking(context, AMARA).post(f"/people/{SOFIA}/hand-over", data={"to": LEA}).status_code == 403
        assert "Hand over" not in looking(context, AMARA).get(f"/people/{SOFIA}").text


class TestMyself:
    def test_read_my_rules_in_words(self, context: WebContext) -> None:
        text = looking(context, LEA).get("/people/me").text
        assert "You see contracts in your regions, with people of the other side and the papers themselves" in text
        assert "prices" in in_words(context.business.access.rules[0])

    def test_look_as_somebody_else_on_this_machine_only(self, context: WebContext, make_context: Make) -> None:
        here = looking(context)
        assert here.post("/people/me/as", data={"email": AMARA}).status_code == 303
        assert "Amara Okafor" in here.get("/people/me").text
        assert here.post("/people/me/as", data={"email": "x@y.example"}).status_code == 422

    def test_make_a_feed_that_is_shown_once_and_closed_by_me_alone(self, context: WebContext) -> None:
        made = looking(context, SOFIA).post("/people/me/feeds", data={"view": "all"}).text
        address = re.search(r"/t/calendar/[\w-]+\.ics", made)
        assert address
        assert looking(context).get(address[0]).status_code == 200
        assert address[0] not in looking(context, SOFIA).get("/people/me").text
        digest = re.search(r"/feeds/([0-9a-f]{64})/revoke", made)
        assert digest
        assert looking(context, LEA).post(f"/people/me/feeds/{digest[1]}/revoke").status_code == 404
        assert looking(context, SOFIA).post(f"/people/me/feeds/{digest[1]}/revoke").status_code == 303
        assert looking(context).get(address[0]).status_code == 403


class TestAFeed:
    def events(self, context: WebContext, who: str, view: str) -> int:
        made = looking(context, who).post("/people/me/feeds", data={"view": view}).text
        address = re.search(r"/t/calendar/[\w-]+\.ics", made)
        assert address
        return len(Calendar.from_ical(looking(context).get(address[0]).content).walk("VEVENT"))

    def test_tells_of_nothing_that_its_person_may_not_see(self, context: WebContext) -> None:
        with context.database.write() as connection:
            contract = str(connection.scalar(select(contracts.c.id).limit(1)))
            connection.execute(update(contracts).where(contracts.c.id == contract).values(owner_email=SOFIA))
            clock.record(
                context.database, connection, contract, "v1", FOUND, inputs={}, calendar="US", calendar_version="1",
                provisional=False, now=NOW,
            )  # fmt: skip
            view = {"page": "contracts", "owner": SOFIA, "shared": 1, "created_at": NOW}
            for identity, query in (("v1", f"owner={SOFIA}"), ("v2", f"owner={LEA}")):
                connection.execute(saved_views.insert().values(id=identity, name=identity, query=query, **view))
        assert self.events(context, SOFIA, "all") == self.events(context, SOFIA, "v1") == 3
        assert self.events(context, SOFIA, "v2") == 0
        assert self.events(context, AMARA, "all") == self.events(context, AMARA, "v1") == 0


class TestTheApi:
    def test_lists_only_what_one_may_see(self, context: WebContext) -> None:
        assert [row["id"] for row in looking(context, AMARA).get("/api/handoffs").json()] == []
        assert looking(context, AMARA).get(f"/api/handoffs/{DONE}").status_code == 404
        assert {row["id"] for row in looking(context, SOFIA).get("/api/handoffs").json()} >= {DONE}

    @pytest.mark.parametrize("path", ["/api/outbox", "/api/outbox/1", "/api/webhooks"])
    def test_hides_the_machinery_from_who_may_not_audit(self, context: WebContext, path: str) -> None:
        assert looking(context, SOFIA).get(path).status_code == 404
        assert looking(context).get(path).status_code == 200

    def test_leaves_out_prices_where_they_are_hidden(self, context: WebContext) -> None:
        whole = looking(context).get(f"/api/handoffs/{DONE}").json()
        assert {"total_value"} <= {term["field"] for term in whole["terms"]}
        assert whole["lines"][0]["unit_price"]
        bare = without(whole, {FieldClass.PRICE, FieldClass.PERSONAL})
        assert "total_value" not in {term["field"] for term in bare["terms"]}
        assert {line["unit_price"] for line in bare["lines"]} == {None}
        assert bare["contract"]["signers"] == bare["differences"] == bare["answers"] == []
        assert "144,000" not in str(bare)

    def test_breaks_on_nothing_that_its_contract_allows(self, context: WebContext) -> None:
        app = create_app(context)
        schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=HOST)
        broken: list[str] = []
        asked = 0
        for found in schema.get_all_operations():
            operation = found.ok()
            asked += drive(operation, broken)
        assert asked > 100
        assert broken == []


def drive(operation: object, broken: list[str]) -> int:
    count = 0

    @settings(
        max_examples=25, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(operation.as_strategy())  # type: ignore[attr-defined]
    def ask(case: schemathesis.Case) -> None:
        nonlocal count
        count += 1
        answer = case.call(headers=HOST)
        if answer.status_code >= 500:
            broken.append(f"{case.method} {case.path} {case.query}: {answer.status_code}")

    ask()
    return count
