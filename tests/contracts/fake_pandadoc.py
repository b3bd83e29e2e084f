"""A small PandaDoc behind its own contract: documents, templates, subscriptions."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from connectors import http
from connectors.pandadoc.client import PandaDocClient
from connectors.pandadoc.drafts import PandaDocDrafts
from connectors.pandadoc.esign import PandaDocEsign
from tests.contracts.esign_client import Hook, prepared
from tests.contracts.server import Answer, Call, ContractServer, Handler

DOCUMENTS = "/public/v1/documents"
PDF = b"%PDF-1.7 signed at PandaDoc"
_NAMES = ("id", "name", "status", "date_created", "date_completed", "version")


@dataclass
class FakePandaDoc:
    """Hold documents as PandaDoc does; a new one is a draft from the second look on."""

    server: ContractServer
    sandbox: bool = False
    pending: int = 0
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    subscriptions: list[dict[str, Any]] = field(default_factory=list)
    key: str = "shared-key"
    seconds: float = 30
    hook: Hook | None = None
    read: str = f"GET {DOCUMENTS}/{{id}}"
    make: str = f"POST {DOCUMENTS}"

    @property
    def made(self) -> dict[str, dict[str, Any]]:
        """Return everything that exists."""
        return self.documents

    def __post_init__(self) -> None:
        document = f"{DOCUMENTS}/{{id}}"
        handlers: dict[str, Handler] = {
            f"GET {DOCUMENTS}": self._list,
            f"POST {DOCUMENTS}": self._create,
            f"GET {document}": lambda call: self._plain(self._of(call)),
            f"GET {document}/details": self._of,
            f"POST {document}/send": self._send,
            f"GET {document}/download": lambda _: self._file(),
            f"GET {document}/download-protected": lambda _: Answer(401, {}) if self.sandbox else self._file(),
            "GET /public/v2/documents/{id}/audit-trail": self._trail,
            "GET /public/v1/members/current": lambda _: {"email": "ops@aftersign.example", "workspace_name": "Sales"},
            "GET /public/v1/webhook-subscriptions": lambda _: {"items": self.subscriptions},
        }
        for name, handler in handlers.items():
            self.server.on(name, handler)

    def client(self) -> PandaDocClient:
        """Return our client, pointed at this PandaDoc."""
        auth = {"Authorization": "API-Key k"}
        client = prepared(http.client(), self.seconds, self.hook)
        return PandaDocClient(http.Endpoint("pandadoc", self.server.url, auth, client, sleep=lambda _: None))

    def esign(self) -> PandaDocEsign:
        """Return our connector."""
        return PandaDocEsign(self.client(), [self.key])

    def drafts(self) -> PandaDocDrafts:
        """Return our connector for drafts, which does not sleep."""
        return PandaDocDrafts(self.client(), sleep=lambda _: None)

    def add(self, *, done: bool = True, at: str = "2026-11-20T15:00:00.000000Z", **more: Any) -> str:
        """Add a document that people have signed, or not."""
        name = f"pd{len(self.documents) + 1:04}"
        person = {"email": "sam@vela.example", "first_name": "Sam", "last_name": "Roe", "type": "recipient"}
        self.documents[name] = {
            "id": name,
            "name": "Order form",
            "status": "document.completed" if done else "document.sent",
            "date_created": f"2026-11-{len(self.documents) + 1:02}T09:00:00.000000Z",
            "date_completed": at if done else None,
            "recipients": [{**person, "has_completed": done}],
            "fields": [
                {"name": "PO number", "field_id": "po", "type": "text", "value": "PO-7"},
                {"name": "Signature", "field_id": "s1", "type": "signature", "value": {}},
            ],
            "metadata": {"deal_id": "D-1001"},
            "grand_total": {"amount": "48000.00", "currency": "USD"},
            **more,
        }
        return name

    def delivery(self, document: str) -> tuple[bytes, dict[str, str], dict[str, str]]:
        """Return body, headers and query of the webhook that tells of it."""
        data = self._plain(self.documents[document])
        body = json.dumps([{"event": "document_state_changed", "data": data}]).encode()
        signature = hmac.new(self.key.encode(), body, hashlib.sha256).hexdigest()
        return body, {"x-pandadoc-webhook-event-id": "e-1"}, {"signature": signature}

    def subscribe(self, status: str = "ACTIVE", key: str = "shared-key") -> None:
        """Add a webhook subscription."""
        self.subscriptions.append(
            {
                "name": "Aftersign",
                "url": "https://a.example/webhooks/pandadoc",
                "status": status,
                "active": status == "ACTIVE",
                "triggers": ["document_state_changed"],
                "shared_key": key,
            }
        )

    def _of(self, call: Call) -> dict[str, Any]:
        found = self.documents[call.path["id"]]
        if found["status"] == "document.uploaded":
            found["status"] = "document.draft"
            return {**found, "status": "document.uploaded"}
        return found

    def _plain(self, document: dict[str, Any]) -> dict[str, Any]:
        return {name: document[name] for name in _NAMES if name in document}

    def _list(self, call: Call) -> dict[str, Any]:
        query, rows = call.query, list(self.documents.values())
        if query.get("status") == "2":
            rows = [row for row in rows if (row["date_completed"] or "") >= query["completed_from"]]
            rows = [row for row in rows if row["status"] == "document.completed"]
        for name, value in query.items():
            if name.startswith("metadata_"):
                rows = [row for row in rows if row["metadata"].get(name.removeprefix("metadata_")) == value]
        rows.sort(key=lambda row: str(row["date_created"]), reverse=query.get("order_by", "").startswith("-"))
        count, page = int(query.get("count", 50)), int(query.get("page", 1))
        return {"results": [self._plain(row) for row in rows[(page - 1) * count : page * count]]}

    def _create(self, call: Call) -> Answer:
        body = call.json
        name = self.add(done=False, name=body["name"], metadata=body["metadata"], status="document.uploaded")
        made = self._plain(self.documents[name])
        return Answer(201, {key: value for key, value in made.items() if key != "date_completed"})

    def _send(self, call: Call) -> Answer:
        document = self.documents[call.path["id"]]
        if document["status"] != "document.draft":
            return Answer(409, {"id": document["id"], "status": document["status"]})
        document["status"] = "document.sent"
        self.sent.append({"id": document["id"], **call.json})
        return Answer(200, {"id": document["id"], "status": "document.sent"})

    def _file(self) -> Answer:
        self.pending -= 1
        return Answer(202, {}) if self.pending >= 0 else Answer(content=PDF, media="application/pdf")

    def _trail(self, call: Call) -> dict[str, Any]:
        row = {"id": "1", "action": 7, "date_created": "2026-11-20T15:00:00Z", "ip_address": "192.0.2.1"}
        return {"count": 1, "results": [{**row, "user": {"id": call.path["document_id"], "email": "sam@vela.example"}}]}
