"""Webhooks at a real server: 200 means on disk, and everything else means try again or go away."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import event, select

from config.settings import Settings
from config.settings_roles import Roles
from config.settings_serving import Prefect
from config.settings_signing import PandaDoc
from samples.fake_pandadoc import FakePandaDoc
from store import audit, inbox
from store.database import Database
from store.tables import inbox as rows
from tests.conftest import MakeSettings
from tests.web.live import Live, Server


def completed(document: str = "doc-1") -> list[dict[str, Any]]:
    data = {"id": document, "name": "Order", "status": "document.completed"}
    return [{"event": "document_state_changed", "data": data}]


def chosen(settings: MakeSettings, url: str) -> Settings:
    return settings(
        database_url=SecretStr(url),
        roles=Roles(esign=["pandadoc", "console"]),
        pandadoc=PandaDoc(api_key=SecretStr("k"), webhook_keys=[SecretStr("rotated"), SecretStr("demo-shared-key")]),
        prefect=Prefect(port=9),  # nobody listens there
    )


@pytest.fixture
def live(settings: MakeSettings, database_url: str) -> Iterator[Live]:
    """Serve on a database of either kind, while Prefect is away."""
    with Server(chosen(settings, database_url), FakePandaDoc()) as running:
        yield running


def stored(database: Database) -> list[dict[str, Any]]:
    with database.read() as connection:
        return [dict(row) for row in connection.execute(select(rows).order_by(rows.c.received_at)).mappings()]


def tally(database: Database) -> dict[tuple[str, str], int]:
    with database.read() as connection:
        return {(row["kind"], row["verdict"]): row["count"] for row in inbox.tallies(connection)}


def eventually(database: Database, key: tuple[str, str], count: int) -> None:
    deadline = time.monotonic() + 5
    while tally(database).get(key) != count:
        assert time.monotonic() < deadline, tally(database)
        time.sleep(0.02)


class TestADelivery:
    def test_is_on_disk_when_it_is_answered(self, live: Live, database: Database) -> None:
        for number in range(10):
            answer = live.post(completed(f"doc-{number}"), event_id=f"e{number}")
            row = stored(database)[number]  # read right after the answer, over another connection
            assert answer.status_code == 200
            assert answer.json() == {"status": "accepted", "events": [{"status": "accepted", "id": row["id"]}]}
            assert (row["event_id"], row["document"], row["state"]) == (f"e{number}", f"doc-{number}", "received")
            assert json.loads(row["body"]) == completed(f"doc-{number}")
        assert audit.verify(database)[2] is None

    def test_is_answered_after_its_commit_and_not_before(self, live: Live) -> None:
        order: list[str] = []
        engine = live.app.state.context.database.engine
        event.listen(engine, "commit", lambda _: order.append("commit"))
        live.post(completed())
        order.append("answer")
        assert order.index("commit") < order.index("answer")

    def test_that_comes_again_is_a_duplicate_of_the_first(self, live: Live, database: Database) -> None:
        first = live.post(completed(), event_id="e1").json()["events"][0]
        for event_id in ("e1", "e2", ""):
            again = live.post(completed(), event_id=event_id)
            assert again.status_code == 200
            assert again.json()["events"] == [{"status": "duplicate", "id": first["id"]}]
        assert [row["deliveries"] for row in stored(database)] == [4]

    def test_with_several_events_answers_for_each(self, live: Live, database: Database) -> None:
        sent = {"event": "document_state_changed", "data": {"id": "doc-2", "status": "document.sent"}}
        answer = live.post([*completed(), sent, {"event": "brand_new", "data": {"id": "x"}}], event_id="e1").json()
        assert answer["status"] == "mixed"
        assert [row["status"] for row in answer["events"]] == ["accepted", "ignored", "unknown"]
        assert {row["state"] for row in stored(database)} == {"received", "unknown"}

    def test_with_no_event_at_all_is_empty(self, live: Live, database: Database) -> None:
        assert live.post([]).json() == {"status": "empty", "events": []}
        assert stored(database) == []

    def test_we_ignore_on_purpose_is_only_counted(self, live: Live, database: Database) -> None:
        assert live.post([{"event": "recipient_completed", "data": {"id": "x"}}]).json()["status"] == "ignored"
        assert stored(database) == []
        assert tally(database) == {("recipient_completed", "ignored"): 1}

    def test_nobody_knows_is_kept_for_a_person(self, live: Live, database: Database) -> None:
        assert live.post([{"event": "brand_new", "data": {"id": "x"}}]).json()["status"] == "unknown"
        assert [(row["kind"], row["state"]) for row in stored(database)] == [("brand_new", "unknown")]

    def test_that_is_forged_is_refused_and_counted(self, live: Live, database: Database) -> None:
        before = live.app.state.context.clock()
        for signature in ("", "0" * 64, "é", "a" * 5000):
            answer = live.post(completed(), signature=signature)
            assert (answer.status_code, answer.json()) == (401, {"status": "refused"})  # no hint why
        assert stored(database) == []
        eventually(database, ("signature", "forged"), 4)
        with database.read() as connection:
            assert inbox.tallies(connection)[0]["last_at"] >= before - timedelta(seconds=1)

    def test_signed_with_the_key_being_rotated_out_is_taken(self, live: Live) -> None:
        other = FakePandaDoc(shared_key="rotated")
        assert live.post(completed(), signature=other.sign(json.dumps(completed()).encode())).status_code == 200

    def test_of_a_vendor_we_do_not_use_is_unknown(self, live: Live, database: Database) -> None:
        answer = live.post(completed(), source="docusign")
        assert answer.status_code == 404
        assert "AFTERSIGN_ROLES__*" in answer.json()["why"]
        assert tally(database) == {}

    def test_of_another_shape_is_refused_and_counted(self, live: Live, database: Database) -> None:
        unstorable = b'[{"event":"document_state_changed","data":{"id":"a\\u0000b","status":"document.completed"}}]'
        for body in (b"", b"{", b"[1]", b"\xff", b"[" * 50_000, unstorable):
            assert live.post(body).status_code == 400
        assert stored(database) == []
        eventually(database, ("body", "malformed"), 6)

    def test_is_only_taken_by_post(self, live: Live) -> None:
        assert live.client.get(f"{live.url}/webhooks/pandadoc").status_code == 405

    def test_keeps_no_credential_and_no_cookie(self, live: Live, database: Database) -> None:
        body = json.dumps(completed()).encode()
        headers = {"authorization": "canary", "cookie": "canary", "x-anything": "canary", "user-agent": "PandaDoc"}
        live.client.post(
            f"{live.url}/webhooks/pandadoc?signature={live.fake.sign(body)}", content=body, headers=headers
        )
        assert "canary" not in json.dumps(stored(database)[0]["headers"])
        assert stored(database)[0]["headers"]["user-agent"] == "PandaDoc"

    def test_is_kept_once_when_many_copies_arrive_together(self, live: Live, database: Database) -> None:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: live.post(completed(f"doc-{n % 10}"), event_id=f"e{n}"), range(100)))
        assert {answer.status_code for answer in answers} == {200}
        assert Counter(answer.json()["status"] for answer in answers) == {"accepted": 10, "duplicate": 90}
        assert [row["deliveries"] for row in stored(database)] == [10] * 10


class TestATroubledDatabase:
    def test_locked_for_too_long_answers_503_and_loses_nothing(
        self, settings: MakeSettings, sqlite_template: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "aftersign.db"
        path.write_bytes(sqlite_template.read_bytes())
        database = Database(f"sqlite:///{path}")
        with Server(chosen(settings, f"sqlite:///{path}"), FakePandaDoc()) as live:
            engine = live.app.state.context.database.engine
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=100"))
            engine.dispose()
            lock = sqlite3.connect(path, isolation_level=None)
            lock.execute("BEGIN IMMEDIATE")
            refused = [live.post(completed(f"doc-{n}"), event_id=f"e{n}") for n in range(3)]
            lock.execute("ROLLBACK")
            lock.close()
            assert [(answer.status_code, answer.headers["retry-after"]) for answer in refused] == [(503, "5")] * 3
            assert stored(database) == []
            again = [live.post(completed(f"doc-{n}"), event_id=f"e{n}").json()["status"] for n in range(3)]
        assert again == ["accepted"] * 3
        assert [row["deliveries"] for row in stored(database)] == [1, 1, 1]
        database.close()

    def test_that_is_gone_answers_503_and_loses_nothing(self, live: Live, database: Database) -> None:
        assert live.post(completed("doc-0"), event_id="e0").status_code == 200
        with database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE inbox RENAME TO elsewhere")
        refused = live.post(completed("doc-1"), event_id="e1")
        assert (refused.status_code, refused.json()["status"]) == (503, "busy")
        assert "elsewhere" not in refused.text  # a sender learns nothing of our insides
        assert "inbox" not in refused.text
        with database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO inbox")
        assert live.post(completed("doc-1"), event_id="e1").json()["status"] == "accepted"
        assert [row["document"] for row in stored(database)] == ["doc-0", "doc-1"]

    def test_recovers_after_its_server_dropped_every_connection(self, live: Live, database: Database) -> None:
        if database.dialect == "sqlite":
            pytest.skip("SQLite has no server")
        live.post(completed("doc-0"))
        with database.read() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert live.post(completed("doc-1")).status_code == 200


class TestAShutdown:
    def test_loses_nothing_that_was_answered(
        self, settings: MakeSettings, database_url: str, database: Database
    ) -> None:
        taken: list[str] = []
        stop = threading.Event()

        def send(live: Live) -> None:
            for number in range(400):
                try:
                    answer = live.post(completed(f"doc-{number}"), event_id=f"e{number}")
                except (httpx.HTTPError, RuntimeError):  # the server, or the client, has closed
                    return
                if answer.status_code == 200:
                    taken.append(f"doc-{number}")
                if number == 20:
                    stop.set()

        with Server(chosen(settings, database_url), FakePandaDoc()) as live:
            sender = threading.Thread(target=send, args=(live,))
            sender.start()
            assert stop.wait(20)
        sender.join()
        assert len(taken) >= 20
        assert set(taken) <= {row["document"] for row in stored(database)}
