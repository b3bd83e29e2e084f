"""A small Dropbox Sign behind its own contract: signature requests of one account."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from connectors import http
from connectors.dropboxsign.client import DropboxSignClient
from connectors.dropboxsign.drafts import DropboxSignDrafts
from connectors.dropboxsign.esign import DropboxSignEsign
from tests.contracts.esign_client import Hook, prepared
from tests.contracts.server import Answer, Call, ContractServer, Handler

PDF = b"%PDF-1.7 signed at Dropbox Sign"
REQUEST = "/signature_request/{signature_request_id}"
SENT_AT = 1_795_000_000  # November 2026, in Unix seconds
BOUNDARY = "----------------------------5f2d"


@dataclass
class FakeDropboxSign:
    """hold requests as Dropbox Sign does."""

    server: ContractServer
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    account: dict[str, Any] = field(default_factory=lambda: {"callback_url": "https://a.example/webhooks/dropboxsign"})
    key: str = "api-key"
    pending: int = 0
    seconds: float = 30
    hook: Hook | None = None
    read: str = f"GET {REQUEST}"
    make: str = "POST /signature_request/send_with_template"

    @property
    def made(self) -> dict[str, dict[str, Any]]:
        """Return everything that exists."""
        return self.requests

    def __post_init__(self) -> None:
        handlers: dict[str, Handler] = {
            "GET /account": lambda _: {"account": {"email_address": "ops@aftersign.example", **self.account}},
            f"GET {REQUEST}": lambda call: {"signature_request": self.requests[call.path["signature_request_id"]]},
            "GET /signature_request/list": self._list,
            "GET /signature_request/files/{signature_request_id}": self._files,
            "POST /signature_request/send_with_template": self._send,
        }
        for name, handler in handlers.items():
            self.server.on(name, handler)

    def client(self) -> DropboxSignClient:
        """Return our client, pointed at this Dropbox Sign."""
        auth = {"Authorization": "Basic " + base64.b64encode(f"{self.key}:".encode()).decode()}
        client = prepared(http.client(), self.seconds, self.hook)
        return DropboxSignClient(http.Endpoint("dropboxsign", self.server.url, auth, client, sleep=lambda _: None))

    def esign(self) -> DropboxSignEsign:
        """Return our connector."""
        return DropboxSignEsign(self.client(), [self.key])

    def drafts(self) -> DropboxSignDrafts:
        """Return our connector for drafts."""
        return DropboxSignDrafts(self.client(), test_mode=True)

    def add(self, *, done: bool = True, at: int = SENT_AT + 3600, **more: Any) -> str:
        """Add a request that people have signed, or not."""
        name = hashlib.sha1(str(len(self.requests)).encode()).hexdigest()
        status = {"status_code": "signed", "signed_at": at} if done else {"status_code": "awaiting_signature"}
        self.requests[name] = {
            "signature_request_id": name,
            "title": "Order form",
            "test_mode": False,
            "created_at": SENT_AT + len(self.requests),
            "is_complete": done,
            "is_declined": False,
            "has_error": False,
            "metadata": {"deal_id": "D-1001"},
            "details_url": f"https://app.hellosign.com/home/manage?guid={name}",
            "signatures": [{"signer_email_address": "sam@vela.example", "signer_name": "Sam Roe", **status}],
            "response_data": [
                {"name": "PO number", "type": "text", "api_id": "a", "value": "PO-7"},
                {"name": "Signature", "type": "signature", "api_id": "b", "value": "x"},
            ],
            **more,
        }
        return name

    def delivery(
        self, document: str, kind: str = "signature_request_downloadable", time: str = "1795003600"
    ) -> tuple[bytes, dict[str, str], dict[str, str]]:
        """Return body, headers and query of the callback that tells of it."""
        sign = hmac.new(self.key.encode(), (time + kind).encode(), hashlib.sha256).hexdigest()
        happening = {"event_time": time, "event_type": kind, "event_hash": sign, "event_metadata": {}}
        event = {"event": happening, "account_guid": "g", "signature_request": self.requests[document]}
        return *form(json.dumps(event)), {}

    def _list(self, call: Call) -> dict[str, Any]:
        query = call.query.get("query", "")
        rows = [row for row in self.requests.values() if row["is_complete"] or "complete:true" not in query]
        if query.startswith("metadata:"):
            wanted = query.removeprefix("metadata:").strip('"')
            rows = [row for row in rows if wanted in row["metadata"].values()]
        rows.sort(key=lambda row: int(row["created_at"]), reverse=True)
        page, size = int(call.query.get("page", 1)), int(call.query.get("page_size", 20))
        pages = -(-len(rows) // size)
        info = {"page": page, "num_pages": pages, "num_results": len(rows), "page_size": size}
        return {"signature_requests": rows[(page - 1) * size : page * size], "list_info": info}

    def _files(self, call: Call) -> Answer:
        self.pending -= 1
        if self.pending >= 0:
            error = {"error_msg": "The files are not ready yet", "error_name": "conflict"}
            return Answer(409, {"error": error})
        return Answer(content=PDF, media="application/pdf")

    def _send(self, call: Call) -> dict[str, Any]:
        body = call.json
        self.bodies.append(body)
        return {
            "signature_request": self.requests[self.add(done=False, title=body["title"], metadata=body["metadata"])]
        }


def form(event: str) -> tuple[bytes, dict[str, str]]:
    """Return a multipart body with the field json, and its header."""
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="json"\r\n\r\n{event}\r\n--{BOUNDARY}--\r\n'
    return part.encode(), {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
