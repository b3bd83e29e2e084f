"""Dispatch: inbox entries become runs once, against a small fake of Prefect's REST API."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import threading
import time
from collections import Counter
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import pytest
from pydantic import SecretStr

from config.settings_serving import Prefect
from domain.errors import Permanent, Transient
from domain.signatures import SignatureEvent, Verdict
from samples.fake_pandadoc import FakePandaDoc
from store import handoffs, inbox
from store.effects import this_executor
from store.inbox import Delivery, write_group
from tests.conftest import MakeSettings
from tests.store.test_effect_ledger import dead_executor
from tests.web.conftest import Make
from tests.web.live import Server
from tests.web.seed import NOW
from tests.web.test_webhooks import chosen, completed
from web import dispatch
from web.context import WebContext
from web.dispatch import (
    HAND_OFF,
    SIGNED,
    UPDATE_BRIEF,
    PrefectStarter,
    dispatch_once,
    refresh_once,
    resume_once,
    run_dispatcher,
)

T = TypeVar("T")


class FakePrefect:
    """Know two deployments, and give one run per idempotency key, as Prefect does."""

    def __init__(self) -> None:
        self.deployments = {SIGNED: "dep-signed", HAND_OFF: "dep-hand-off"}
        self.runs: dict[str, dict[str, Any]] = {}
        self.states: dict[str, str] = {}
        self.calls: Counter[str] = Counter()
        self.headers: list[str] = []
        self.busy = 0
        self.broken = 0
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/api"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.calls[f"{method} {path}"] += 1
        if self.busy:
            self.busy -= 1
            return 503, {"exception_message": "Service Unavailable"}
        if self.broken:
            return self.broken, {"detail": "no"}
        match path.strip("/").split("/")[1:]:
            case ["health"]:
                return 200, True
            case ["deployments", "name", flow, name] if f"{flow}/{name}" in self.deployments:
                return 200, {"id": self.deployments[f"{flow}/{name}"]}
            case ["deployments", identity, "create_flow_run"] if identity in self.deployments.values():
                key = body["idempotency_key"]
                run = self.runs.setdefault(key, {"id": f"run-{len(self.runs)}", "deployment": identity, **body})
                return 201, run
            case ["flow_runs", "filter"] if "id" in body["flow_runs"]:
                states, ids = body["flow_runs"]["state"]["type"]["any_"], body["flow_runs"]["id"]["any_"]
                return 200, [{"id": one} for one in ids if self.states.get(one) in states]
            case ["flow_runs", "filter"]:
                return 200, [{"id": "r1", "name": "x", "state": {"name": "Crashed", "message": None}, "end_time": None}]
            case ["flow_runs", _, "set_state"]:
                return 201, {"status": "ACCEPT"}
        return 404, {"detail": "Not found"}


class _Handler(BaseHTTPRequestHandler):
    fake: FakePrefect
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def _do(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.fake.headers.append(self.headers.get("authorization", ""))
        status, answer = self.fake.answer(self.command, self.path, json.loads(raw or b"null"))
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePrefect]:
    monkeypatch.setattr(dispatch, "_PAUSES", (0.0, 0.0, 0.0))
    prefect = FakePrefect()
    yield prefect
    prefect.stop()


@pytest.fixture
def ask(fake: FakePrefect, settings: MakeSettings) -> Any:
    """Return a function that runs one question to Prefect on a fresh starter."""

    def run(question: Any, **values: Any) -> Any:
        async def once() -> Any:
            starter = PrefectStarter(settings(prefect=Prefect(api_url=fake.url, **values)))
            try:
                return await question(starter)
            finally:
                await starter.close()

        return asyncio.run(once())

    return run


class TestAStarter:
    def test_sends_the_key_so_that_a_repetition_is_the_same_run(self, ask: Any, fake: FakePrefect) -> None:
        async def twice(starter: PrefectStarter) -> list[str]:
            return [await starter.start(SIGNED, {"event_id": "e1"}, "e1:0") for _ in range(2)]

        assert ask(twice) == ["run-0", "run-0"]
        assert fake.runs["e1:0"]["parameters"] == {"event_id": "e1"}
        assert fake.runs["e1:0"]["state"] == {"type": "SCHEDULED"}
        assert fake.calls["GET /api/deployments/name/contract-signed/aftersign"] == 1  # asked once, then remembered

    def test_shows_its_credentials(self, ask: Any, fake: FakePrefect) -> None:
        ask(lambda s: s.start(SIGNED, {}, "k"), auth=SecretStr("admin:pass:word"))
        assert set(fake.headers) == {"Basic " + base64.b64encode(b"admin:pass:word").decode()}

    def test_tries_a_busy_server_again(self, ask: Any, fake: FakePrefect) -> None:
        fake.busy = 3
        assert ask(lambda s: s.start(SIGNED, {}, "k")) == "run-0"

    def test_leaves_a_server_that_stays_busy_for_later(self, ask: Any, fake: FakePrefect) -> None:
        fake.busy = 10**6
        with pytest.raises(Transient, match="503"):
            ask(lambda s: s.start(SIGNED, {}, "k"))

    @pytest.mark.parametrize("status", [408, 429, 500, 502])
    def test_leaves_a_server_in_trouble_for_later(self, ask: Any, fake: FakePrefect, status: int) -> None:
        fake.broken = status
        with pytest.raises(Transient, match=str(status)):
            ask(lambda s: s.start(SIGNED, {}, "k"))

    @pytest.mark.parametrize("status", [401, 403, 422])
    def test_calls_a_person_when_it_is_refused(self, ask: Any, fake: FakePrefect, status: int) -> None:
        fake.broken = status
        with pytest.raises(Permanent, match="AFTERSIGN_PREFECT__"):
            ask(lambda s: s.start(SIGNED, {}, "k"))

    def test_names_the_fix_for_a_missing_deployment(self, ask: Any) -> None:
        with pytest.raises(Permanent, match=r"deployment is missing.*prefect deploy"):
            ask(lambda s: s.start("nothing/aftersign", {}, "k"))

    def test_finds_a_deployment_again_that_was_made_anew(self, ask: Any, fake: FakePrefect) -> None:
        async def across_a_reset(starter: PrefectStarter) -> str:
            await starter.start(SIGNED, {}, "k1")
            fake.deployments[SIGNED] = "dep-new"
            with pytest.raises(Permanent):
                await starter.start(SIGNED, {}, "k2")
            return await starter.start(SIGNED, {}, "k2")

        assert ask(across_a_reset) == "run-1"
        assert fake.runs["k2"]["deployment"] == "dep-new"

    def test_knows_which_runs_still_wait_and_asks_once_for_many(self, ask: Any, fake: FakePrefect) -> None:
        fake.states = {"a": "SCHEDULED", "b": "RUNNING", "c": "PENDING"}
        # One that a worker took and never began has lost its worker: it does not wait any more.
        assert ask(lambda s: s.waiting(["a", "b", "c", "nothing"])) == {"a"}
        fake.states = {f"r{number}": "SCHEDULED" for number in range(450)}
        fake.calls.clear()
        assert len(ask(lambda s: s.waiting(list(fake.states)))) == 450
        assert fake.calls["POST /api/flow_runs/filter"] == 3

    def test_tells_health_and_lists_failures(self, ask: Any) -> None:
        assert ask(lambda s: s.healthy())
        assert ask(lambda s: s.failed()) == [{"id": "r1", "name": "x", "state": "Crashed", "message": "", "ended": ""}]

    def test_is_not_healthy_when_nobody_answers(self, settings: MakeSettings) -> None:
        async def once() -> bool:
            starter = PrefectStarter(settings(prefect=Prefect(port=9)))
            with pytest.raises(Transient, match="does not answer"):
                await starter.start(SIGNED, {}, "k")
            return await starter.healthy()

        assert not asyncio.run(once())


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@pytest.fixture
def context(make_context: Make) -> WebContext:
    """Return a context on an empty database with the fake starter of tests/web."""
    from store.database import metadata

    made = make_context(rows=False)
    metadata.create_all(made.database.engine)
    return made


def enter(context: WebContext, *events: str) -> list[str]:
    deliveries = [
        Delivery("pandadoc", SignatureEvent(e, "done", Verdict.COMPLETED, "", f"doc-{e}"), b"", {}, NOW) for e in events
    ]
    return [receipt.inbox_id for receipt in write_group(context.database, deliveries, Counter())]


def state(context: WebContext, identity: str) -> tuple[str, int]:
    with context.database.read() as connection:
        row = inbox.get(connection, identity)
    assert row is not None
    return row["state"], row["attempt"]


class TestTheDispatcher:
    def test_starts_every_entry_once(self, context: WebContext) -> None:
        ids = enter(context, "e1", "e2", "e3")
        run(dispatch_once(context))
        run(dispatch_once(context))
        asked = {key: (deployment, parameters) for deployment, parameters, key in context.starter.started}  # type: ignore[attr-defined]
        assert asked == {f"{identity}:0": (SIGNED, {"event_id": identity}) for identity in ids}
        assert len(context.starter.started) == 3  # type: ignore[attr-defined]
        assert {state(context, identity) for identity in ids} == {("started", 1)}

    def test_leaves_entries_alone_that_wait_for_a_person(self, context: WebContext) -> None:
        unknown = Delivery("pandadoc", SignatureEvent("u", "new", Verdict.UNKNOWN, "", "d"), b"", {}, NOW)
        write_group(context.database, [unknown], Counter())
        assert run(dispatch_once(context)) == 0

    def test_loses_nothing_while_prefect_is_away(self, context: WebContext) -> None:
        identity = enter(context, "e1")[0]
        context.starter.away = True  # type: ignore[attr-defined]
        with pytest.raises(Transient):
            run(dispatch_once(context))
        assert state(context, identity) == ("received", 0)
        context.starter.away = False  # type: ignore[attr-defined]
        run(dispatch_once(context))
        assert state(context, identity) == ("started", 1)

    def test_asks_again_under_the_same_key_when_the_answer_was_lost(self, context: WebContext) -> None:
        identity = enter(context, "e1")[0]
        run(context.starter.start(SIGNED, {"event_id": identity}, f"{identity}:0"))  # and then the process died
        run(dispatch_once(context))
        assert len({key for _, _, key in context.starter.started}) == 1  # type: ignore[attr-defined]

    def test_resumes_a_handoff_whose_executor_died(self, context: WebContext) -> None:
        inbox_ids = enter(context, "e1", "e2", "e3")
        with context.database.write() as connection:
            for number, inbox_id in enumerate(inbox_ids):
                values = {
                    "id": f"h{number}",
                    "inbox_id": inbox_id,
                    "source": "pandadoc",
                    "document": f"d{number}",
                    "signed": {},
                }
                handoffs.open_handoff(context.database, connection, values, NOW)
        for number, (owner, at) in enumerate(
            [(dead_executor(), NOW), (f"{this_executor()}:x", NOW), ("elsewhere:1", NOW - timedelta(minutes=10))]
        ):
            handoffs.take_lease(context.database, f"h{number}", owner, at, "run")
        assert run(resume_once(context)) == 2
        assert [parameters for _, parameters, _ in context.starter.started] == [  # type: ignore[attr-defined]
            {"handoff_id": "h0"},
            {"handoff_id": "h2"},
        ]
        run(resume_once(context))
        assert len({key for _, _, key in context.starter.started}) == 2  # type: ignore[attr-defined]

    def test_asks_for_one_new_brief_when_a_deal_changed_many_times(self, context: WebContext) -> None:
        changes = [SignatureEvent(f"c{n}", "deal.propertyChange", Verdict.NOTED, "", "D-1") for n in range(3)]
        changes.append(SignatureEvent("c9", "deal.propertyChange", Verdict.NOTED, "", "D-9"))
        source = context.settings.roles.crm
        receipts = write_group(context.database, [Delivery(source, e, b"", {}, NOW) for e in changes], Counter())
        assert [receipt.status for receipt in receipts] == ["accepted"] * 4
        entry = enter(context, "e1")[0]
        opened = {"id": "h1", "inbox_id": entry, "source": "pandadoc", "document": "d", "signed": {}, "deal_id": "D-1"}
        with context.database.write() as connection:
            handoffs.open_handoff(context.database, connection, opened, NOW)
        assert run(refresh_once(context)) == 1
        assert run(refresh_once(context)) == 0
        asked = [(deployment, parameters) for deployment, parameters, _ in context.starter.started]  # type: ignore[attr-defined]
        assert asked == [(UPDATE_BRIEF, {"handoff_id": "h1"})]
        with context.database.read() as connection:
            rows = [inbox.get(connection, receipt.inbox_id) for receipt in receipts]
        assert [(row["state"], row["handoff_id"]) for row in rows if row] == [("done", "h1")] * 3 + [("done", None)]

    def test_wakes_at_once_and_goes_on_after_any_failure(self, context: WebContext) -> None:
        async def story() -> None:
            wake = asyncio.Event()
            task = asyncio.create_task(run_dispatcher(context, wake))
            await asyncio.sleep(0.1)
            context.starter.away = True  # type: ignore[attr-defined]
            await asyncio.to_thread(enter, context, "e1")
            wake.set()
            await asyncio.sleep(0.2)
            context.starter.away = False  # type: ignore[attr-defined]
            for _ in range(100):
                if context.starter.started:  # type: ignore[attr-defined]
                    break
                await asyncio.sleep(0.05)
            task.cancel()

        run(story())
        assert len(context.starter.started) == 1  # type: ignore[attr-defined]


class TestAWebhookWithPrefect:
    def test_becomes_a_run_without_waiting_for_the_next_look(
        self, settings: MakeSettings, sqlite_template: Path, tmp_path: Path, fake: FakePrefect
    ) -> None:
        shutil.copy(sqlite_template, tmp_path / "aftersign.db")
        local = chosen(settings, f"sqlite:///{tmp_path / 'aftersign.db'}").model_copy(
            update={"prefect": Prefect(api_url=fake.url)}
        )
        with Server(local, FakePandaDoc(), dispatch=True) as live:
            time.sleep(0.2)
            identity = live.post(completed()).json()["events"][0]["id"]
            live.post(completed())
            deadline = time.monotonic() + 5
            while not fake.runs:
                assert time.monotonic() < deadline
                time.sleep(0.02)
        assert list(fake.runs) == [f"{identity}:0"]
