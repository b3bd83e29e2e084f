"""A local PandaDoc for the demo and the tests: serves the sample documents, signs its webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import urllib.request
import uuid
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

HERE = Path(__file__).parent


@dataclass
class FakePandaDoc:
    """Hold documents and answer PandaDoc's API for them; `down` makes every call fail with 503.

    without `evidence` the audit trail is refused; `pending` says how often the download of a document still answers 202.
    """

    api_key: str = "demo-api-key"
    shared_key: str = "demo-shared-key"
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    pending: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    down: bool = False
    evidence: bool = True
    _server: ThreadingHTTPServer | None = None

    def add(self, document: str, pdf: bytes, details: dict[str, Any]) -> None:
        """Add a document; its `status` decides whether it counts as completed."""
        self.files[document] = pdf
        self.details[document] = details

    def start(self, port: int = 0) -> str:
        """Serve on a loopback port and return the base URL."""
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Stop serving."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def webhook(self, document: str, event: str = "document_state_changed") -> tuple[bytes, str]:
        """Return the body PandaDoc would send for a document, and its signature."""
        data = {key: self.details[document].get(key) for key in ("id", "name", "status", "date_completed")}
        body = json.dumps([{"event": event, "data": data}]).encode()
        return body, self.sign(body)

    def sign(self, body: bytes) -> str:
        """Sign as PandaDoc does."""
        return hmac.new(self.shared_key.encode(), body, hashlib.sha256).hexdigest()

    def deliver(
        self, url: str, document: str, event: str = "document_state_changed", event_id: str = ""
    ) -> dict[str, Any]:
        """Send the signed webhook to a receiver and return its answer."""
        body, signature = self.webhook(document, event)
        headers = {"Content-Type": "application/json", "X-PandaDoc-Webhook-Event-Id": event_id or str(uuid.uuid4())}
        request = urllib.request.Request(f"{url}?signature={signature}", body, headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=20) as answer:
            return dict(json.load(answer))


def with_samples(**options: Any) -> FakePandaDoc:
    """Return a fake that knows every sample contract."""
    import yaml

    fake = FakePandaDoc(**options)
    listed = yaml.safe_load((HERE / "contracts.yaml").read_text(encoding="utf-8"))
    for row in listed["contracts"] if isinstance(listed, dict) else listed:
        document = row["document_id"]
        details = json.loads((HERE / "pandadoc" / f"{document}.json").read_text(encoding="utf-8"))
        fake.add(document, (HERE / "contracts" / row["file"]).read_bytes(), details)
    return fake


class _Handler(BaseHTTPRequestHandler):
    fake: FakePandaDoc
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.fake.calls[parts.path] += 1
        if self.fake.down:
            self._json(503, {"type": "server_error", "detail": "down for maintenance"})
        elif self.headers.get("Authorization") != f"API-Key {self.fake.api_key}":
            self._json(401, {"type": "authentication_error", "detail": "Invalid API key"})
        else:
            self._route(parts.path.strip("/").split("/"), parse_qs(parts.query))

    def _route(self, path: list[str], query: dict[str, list[str]]) -> None:
        match path:
            case ["public", "v1", "documents"]:
                self._list(query)
            case ["public", _, "documents", document, *rest] if document in self.fake.details:
                self._document(document, rest[0] if rest else "")
            case _:
                self._json(404, {"type": "request_error", "detail": "Not found"})

    def _document(self, document: str, what: str) -> None:
        details = self.fake.details[document]
        if what == "details":
            self._json(200, details)
        elif what == "audit-trail" and not self.fake.evidence:
            self._json(403, {"type": "permissions_error", "detail": "Your plan has no audit trail"})
        elif what == "audit-trail":
            self._json(
                200,
                {
                    "count": 1,
                    "results": [{"id": f"{document}-1", "action": 7, "date_created": details.get("date_completed")}],
                },
            )
        elif what.startswith("download"):
            self._download(document)
        else:
            names = ("id", "name", "status", "date_created", "date_modified", "date_completed")
            self._json(200, {name: details.get(name) for name in names})

    def _download(self, document: str) -> None:
        if self.fake.pending[document] > 0:
            self.fake.pending[document] -= 1
            self._send(202, "application/json", b"{}")
            return
        self._send(200, "application/pdf", self.fake.files[document])

    def _list(self, query: dict[str, list[str]]) -> None:
        page, count = int(query.get("page", ["1"])[0]), int(query.get("count", ["50"])[0])
        since = query.get("completed_from", [""])[0]
        done = [
            d
            for d in self.fake.details.values()
            if d.get("status") == "document.completed" and (d.get("date_completed") or "") >= since
        ]
        names = ("id", "name", "status", "date_created", "date_modified", "date_completed")
        rows = [{name: d.get(name) for name in names} for d in done[(page - 1) * count : page * count]]
        self._json(200, {"results": rows})

    def _json(self, status: int, body: object) -> None:
        self._send(status, "application/json", json.dumps(body).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Keep quiet."""
