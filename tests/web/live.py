"""A real web process in a thread: uvicorn with our protocol and limits, on a free port."""

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from config.settings import Settings
from samples.fake_pandadoc import FakePandaDoc
from web.limits import ImpatientProtocol
from web.server import build_app

WEBHOOKS = "/webhooks/pandadoc"


@dataclass
class Live:
    """Hold a running server and what a provider needs to talk to it."""

    port: int
    app: FastAPI
    fake: FakePandaDoc
    client: httpx.Client

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def post(
        self, events: Any, *, event_id: str = "", signature: str | None = None, source: str = "pandadoc"
    ) -> httpx.Response:
        body = events if isinstance(events, bytes) else json.dumps(events).encode()
        headers = {"x-pandadoc-webhook-event-id": event_id} if event_id else {}
        query = {"signature": self.fake.sign(body) if signature is None else signature}
        return self.client.post(f"{self.url}/webhooks/{source}", content=body, params=query, headers=headers)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)


class Server:
    """Run the application of these settings until stopped."""

    def __init__(self, settings: Settings, fake: FakePandaDoc, *, dispatch: bool = False) -> None:
        app = build_app(settings, dispatch=dispatch)
        listener = socket.create_server(("127.0.0.1", 0))
        client = httpx.Client(timeout=20, trust_env=False, verify=False)
        self.live = Live(listener.getsockname()[1], app, fake, client)
        config = uvicorn.Config(app, http=ImpatientProtocol, log_level="error", access_log=False, lifespan="on")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)

    def __enter__(self) -> Live:
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.01)
        return self.live

    def __exit__(self, *_: object) -> None:
        self.live.client.close()
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive(), "the server did not stop"
