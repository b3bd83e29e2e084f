"""The JSON API, the health checks and the gate before everything."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from sqlalchemy import true

from cli.proof import write_proof
from store import read_models
from store.views import tower_figures, tower_filters
from tests.web.conftest import BROWSER, Make
from tests.web.seed import DEAD, DONE, FRESH, NOW, URL
from web.app import create_app
from web.context import WebContext

ACTIONS = ["crm", "brief", "first_touch", "project", "welcome"]


@pytest.fixture
def api(context: WebContext) -> TestClient:
    return TestClient(create_app(context), base_url=URL)


class TestHandoffs:
    def test_are_listed_newest_first_with_the_state_of_all_five_actions(self, api: TestClient) -> None:
        rows = api.get("/api/handoffs").json()
        assert [row["id"] for row in rows] == [DONE, DEAD, FRESH]
        assert list(rows[0]["actions"]) == ACTIONS
        assert {step["state"] for step in rows[0]["actions"].values()} == {"done"}
        assert rows[1]["actions"]["project"]["error"]["fix"].startswith("create that file")

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            ("state=complete", [DONE]),
            ("state=needs_person", [DEAD]),
            ("limit=1&offset=1", [DEAD]),
            ("since=2026-11-23T13:30:00Z", [DONE]),
            ("since=2026-11-23T13:30:00", [DONE]),
        ],
    )
    def test_can_be_narrowed(self, api: TestClient, query: str, ids: list[str]) -> None:
        assert [row["id"] for row in api.get(f"/api/handoffs?{query}").json()] == ids

    @pytest.mark.parametrize("query", ["limit=0", "limit=1001", "state=nonsense", "offset=-1", "since=yesterday"])
    def test_say_which_parameter_is_wrong(self, api: TestClient, query: str) -> None:
        answer = api.get(f"/api/handoffs?{query}")
        assert answer.status_code == 422
        assert query.partition("=")[0] in answer.json()["what"]

    def test_carry_each_term_with_the_words_that_prove_it(self, api: TestClient) -> None:
        body = api.get(f"/api/handoffs/{DONE}").json()
        term = next(term for term in body["terms"] if term["field"] == "notice_period")
        assert term["value"] == "P90D"
        assert term["citation"]["page"] == 2
        assert term["citation"]["end"] - term["citation"]["start"] == len(term["citation"]["quote"])
        assert [alert["stage"] for alert in body["alerts"]] == [120, 90, 60, 30]
        assert body["differences"] == [{"field": "amount", "paper": "EUR 144,000.00", "deal": "EUR 140,000.00"}]
        assert {gap["source"] for gap in body["gaps"]} == {"contract", "brief"}

    def test_take_the_newest_brief_and_the_time_to_the_first_task(self, api: TestClient) -> None:
        body = api.get(f"/api/handoffs/{DONE}").json()
        assert body["brief"]["version"] == 2
        assert body["times"]["seconds_signature_to_first_touch"] == pytest.approx(66)

    def test_are_the_same_for_command_line_and_api(self, api: TestClient, context: WebContext) -> None:
        with context.database.read() as connection:
            assert api.get(f"/api/handoffs/{DONE}").json() == read_models.handoff_detail(connection, DONE)
            assert api.get("/api/handoffs").json() == read_models.handoff_list(connection)

    def test_that_do_not_exist_are_a_404_that_explains_itself(self, api: TestClient) -> None:
        answer = api.get("/api/handoffs/nobody")
        assert answer.status_code == 404
        assert set(answer.json()) == {"what", "why", "fix"}


class TestProof:
    def test_has_a_row_for_every_signature_even_without_a_handoff(self, context: WebContext) -> None:
        with context.database.read() as connection:
            rows = {row["document"]: row for row in read_models.proof_rows(connection, None)}
        assert set(rows) == {"doc-0", "doc-1", "doc-2", "doc-9"}
        assert [rows["doc-0"][action] for action in ACTIONS] == ["done"] * 5
        assert rows["doc-1"]["project"] == "dead"
        assert rows["doc-9"]["state"] == "no handoff"
        assert {rows["doc-9"][action] for action in ACTIONS} == {"missing"}

    def test_can_start_at_a_time(self, context: WebContext) -> None:
        with context.database.read() as connection:
            assert [row["document"] for row in read_models.proof_rows(connection, NOW)] == ["doc-0"]

    def test_counts_what_the_control_tower_counts(self, context: WebContext) -> None:
        with context.database.read() as connection:
            for since in (None, NOW):
                rows = read_models.proof_rows(connection, since)
                found, _ = tower_figures.figures(connection, tower_filters.Wanted(true(), NOW, since=since))
                assert found["n"] == sum(row["state"] != "no handoff" for row in rows)
                assert found["complete"] == sum(row["state"] == "complete" for row in rows)
            stray = tower_figures.without_handoff(connection)
            assert len(stray) == sum(row["state"] == "no handoff" for row in read_models.proof_rows(connection, None))

    def test_is_a_file_with_a_summary_and_real_dates(self, context: WebContext, tmp_path: Path) -> None:
        with context.database.read() as connection:
            rows = read_models.proof_rows(connection, None)
        write_proof(tmp_path / "proof.xlsx", rows, None)
        book = CalamineWorkbook.from_path(tmp_path / "proof.xlsx")
        counts = {row[0]: row[1] for row in book.get_sheet_by_name("Summary").to_python()}
        assert (counts["Signatures"], counts["With a complete handoff"], counts["project: dead"]) == (4, 1, 1)
        head, *body = book.get_sheet_by_name("Proof").to_python()
        found = {row[head.index("document")]: dict(zip(head, row, strict=True)) for row in body}
        assert found["doc-0"]["handoff id"] == DONE
        assert found["doc-0"]["crm at"] == datetime(2026, 11, 23, 14, 9, 34)
        assert found["doc-9"]["crm at"] == ""


class TestOutboxAndWebhooks:
    def test_the_outbox_is_listed_by_role_and_one_by_one(self, api: TestClient) -> None:
        rows = api.get("/api/outbox?role=mail").json()
        assert [row["kind"] for row in rows] == ["mail"]
        assert api.get(f"/api/outbox/{rows[0]['id']}").json() == rows[0]
        assert api.get("/api/outbox/999").status_code == 404

    def test_the_log_counts_forged_deliveries_and_never_shows_bodies(self, api: TestClient) -> None:
        log = api.get("/api/webhooks").json()
        assert log["forged"] == 17
        assert {row["state"] for row in log["entries"]} == {"done", "received", "unknown"}
        assert not {"body", "headers"} & set(log["entries"][0])


class TestHealth:
    def test_alive_and_ready(self, api: TestClient) -> None:
        assert api.get("/healthz").json() == {"status": "ok"}
        assert api.get("/readyz").json() == {"status": "ready", "reasons": []}

    def test_not_ready_without_migrations_or_vault(self, make_context: Make) -> None:
        context = make_context(rows=False)
        shutil.rmtree(context.settings.home / "vault")
        answer = TestClient(create_app(context), base_url=URL).get("/readyz")
        assert answer.status_code == 503
        assert "aftersign init" in answer.json()["reasons"][0]
        assert "vault" in answer.json()["reasons"][1]

    def test_the_contract_is_published_and_the_cdn_pages_are_not(self, api: TestClient) -> None:
        schema = api.get("/openapi.json").json()
        assert {"/api/handoffs", "/api/handoffs/{handoff_id}", "/webhooks/{source}"} <= set(schema["paths"])
        assert not [path for path in schema["paths"] if path.startswith(("/t/", "/outbox"))]
        assert "certificate_sha256" in schema["components"]["schemas"]["Contract"]["properties"]
        assert api.get("/docs").status_code == api.get("/redoc").status_code == 404


class TestAccess:
    CLOSED = ("/", "/handoffs", "/api/handoffs", "/webhooks", "/outbox", "/openapi.json", "/nothing-here")

    def refused(self, context: WebContext, host: str = "aftersign.example", **headers: str) -> None:
        client = TestClient(create_app(context), base_url=f"http://{host}", headers=headers)
        for path in self.CLOSED:
            assert client.get(path).status_code == 403, path

    def test_everything_is_closed_beyond_this_machine(self, make_context: Make) -> None:
        self.refused(make_context(host="0.0.0.0"))

    def test_closed_when_linked_to_from_elsewhere_even_on_loopback(self, make_context: Make) -> None:
        self.refused(make_context(public_url="https://aftersign.example"), "127.0.0.1:8080")

    def test_closed_to_a_foreign_name_and_to_proxies(self, context: WebContext) -> None:
        self.refused(context, "rebound.example:8080")
        self.refused(context, "127.0.0.1:8080", **{"X-Forwarded-For": "203.0.113.9"})

    def test_the_token_opens_and_a_wrong_or_empty_one_does_not(self, make_context: Make) -> None:
        app = create_app(make_context(host="0.0.0.0", token="right"))
        client = TestClient(app, base_url="http://aftersign.example")
        assert client.get("/api/handoffs", headers={"Authorization": "Bearer right"}).status_code == 200
        for wrong in ("Bearer wrong", "Bearer ", "Bearer", "Basic right", "right", ""):
            assert client.get("/api/handoffs", headers={"Authorization": wrong}).status_code == 403

    def test_an_unset_token_opens_nothing(self, make_context: Make) -> None:
        self.refused(make_context(host="0.0.0.0"), Authorization="Bearer ")

    def test_the_refusal_explains_itself_to_programs_and_people(self, make_context: Make) -> None:
        client = TestClient(create_app(make_context(host="0.0.0.0")), base_url="http://aftersign.example")
        assert "AFTERSIGN_WEB__API_TOKEN" in client.get("/api/handoffs").json()["fix"]
        page = client.get("/handoffs", headers={"accept": "text/html"})
        assert page.headers["content-type"].startswith("text/html")
        assert "Harbourline" not in page.text

    def test_health_checks_and_static_files_stay_reachable(self, make_context: Make) -> None:
        client = TestClient(create_app(make_context(host="0.0.0.0")), base_url="http://aftersign.example")
        for path in ("/healthz", "/readyz", "/static/app.css"):
            assert client.get(path).status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site", "origin": URL},
            {"referer": "https://evil.example/x"},
        ],
    )
    def test_a_form_from_elsewhere_changes_nothing(self, context: WebContext, headers: dict[str, str]) -> None:
        client = TestClient(create_app(context), base_url=URL, headers=headers)
        assert client.post(f"/handoffs/{DONE}/retry").status_code == 403
        assert context.starter.started == []  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        "headers", [{}, {"origin": URL}, {"sec-fetch-site": "same-origin"}, {"referer": f"{URL}/handoffs"}]
    )
    def test_a_form_of_our_own_page_or_a_program_is_taken(self, context: WebContext, headers: dict[str, str]) -> None:
        client = TestClient(create_app(context), base_url=URL, headers=headers, follow_redirects=False)
        assert client.post(f"/handoffs/{DONE}/retry").status_code == 303

    def test_every_answer_carries_the_security_headers(self, context: WebContext) -> None:
        client = TestClient(create_app(context), base_url=URL, headers=BROWSER)
        for path in ("/handoffs", "/api/handoffs", "/nothing-here", "/static/app.css"):
            headers = client.get(path).headers
            assert "default-src 'self'" in headers["content-security-policy"]
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
