"""A small DocuSign behind its own contract: envelopes of one account, and the login server."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors import http
from connectors.docusign.client import DocuSignClient
from connectors.docusign.drafts import DocuSignDrafts
from connectors.docusign.esign import DocuSignEsign
from connectors.docusign.token import jwt_grant
from connectors.oauth import TokenAuth
from tests.contracts.esign_client import Hook, prepared
from tests.contracts.server import Answer, Call, ContractServer, Handler

ACCOUNT = "6fa1c0de-0000-4000-8000-00000000acc0"
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ENVELOPES = "/v2.1/accounts/{accountId}/envelopes"
PDF = b"%PDF-1.7 signed at DocuSign"
TOKEN = "POST /oauth/token"


@lru_cache
def key_pair() -> tuple[str, Any]:
    """Return a private key as PEM and its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode(), key.public_key()


@dataclass
class FakeDocuSign:
    """Hold envelopes as DocuSign does, and grant tokens once the user has consented."""

    server: ContractServer
    envelopes: dict[str, dict[str, Any]] = field(default_factory=dict)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    tokens: int = 0
    consented: bool = True
    key: str = "connect-key"
    seconds: float = 30
    hook: Hook | None = None
    read: str = f"GET {ENVELOPES}/{{envelopeId}}"
    make: str = f"POST {ENVELOPES}"

    @property
    def made(self) -> dict[str, dict[str, Any]]:
        """Return everything that exists."""
        return self.envelopes

    def __post_init__(self) -> None:
        one = f"{ENVELOPES}/{{envelopeId}}"
        handlers: dict[str, Handler] = {
            TOKEN: self._token,
            "GET /v2.1/accounts/{accountId}": lambda _: {"accountName": "Vela Sales", "accountIdGuid": ACCOUNT},
            f"GET {ENVELOPES}": self._list,
            f"POST {ENVELOPES}": self._create,
            f"GET {one}": lambda call: self.envelopes[call.path["envelopeId"]],
            f"GET {one}/recipients": self._recipients,
            f"GET {one}/form_data": self._form,
            f"GET {one}/documents/{{documentId}}": self._document,
        }
        for name, handler in handlers.items():
            self.server.on(name, handler)

    def grant(self) -> Any:
        """Ask the login server for a token, as the registry does."""
        login = http.Endpoint("docusign", self.server.root, {}, http.client(), sleep=lambda _: None)
        return jwt_grant(login, "integration-key", "user-guid", key_pair()[0], NOW)

    def client(self) -> DocuSignClient:
        """Return our client, pointed at this DocuSign."""
        client = prepared(http.client(TokenAuth(self.grant)), self.seconds, self.hook)
        return DocuSignClient(http.Endpoint("docusign", self.server.url, {}, client, sleep=lambda _: None), ACCOUNT)

    def esign(self) -> DocuSignEsign:
        """Return our connector."""
        return DocuSignEsign(self.client(), ACCOUNT, [self.key])

    def drafts(self) -> DocuSignDrafts:
        """Return our connector for drafts."""
        return DocuSignDrafts(self.client(), lambda: NOW)

    def add(self, *, done: bool = True, at: str = "2026-11-20T15:00:00.0000000Z", **more: Any) -> str:
        """Add an envelope that people have signed, or not."""
        name = f"{len(self.envelopes) + 1:08}-0000-4000-8000-000000000000"
        self.envelopes[name] = {
            "envelopeId": name,
            "status": "completed" if done else "sent",
            "emailSubject": "Order form",
            "createdDateTime": f"2026-11-{len(self.envelopes) + 1:02}T09:00:00Z",
            **({"completedDateTime": at} if done else {}),
            "customFields": {"textCustomFields": [{"name": "deal_id", "value": "D-1001", "show": "true"}]},
            **more,
        }
        return name

    def delivery(self, document: str, *, retry: int = 0, account: str = ACCOUNT) -> tuple[bytes, dict[str, str], Any]:
        """Return body, headers and query of the Connect message that tells of it."""
        body = json.dumps(
            {
                "event": "envelope-completed",
                "apiVersion": "v2.1",
                "uri": f"/restapi/v2.1/accounts/{account}/envelopes/{document}",
                "retryCount": retry,
                "configurationId": 12345,
                "generatedDateTime": "2026-11-20T15:00:01.0000000Z",
                "data": {"accountId": account, "userId": "u", "envelopeId": document},
            }
        ).encode()
        return body, {"x-docusign-signature-1": self.sign(body)}, {}

    def sign(self, body: bytes) -> str:
        """Sign as Connect does."""
        return base64.b64encode(hmac.new(self.key.encode(), body, hashlib.sha256).digest()).decode()

    def _token(self, call: Call) -> Answer:
        claims = jwt.decode(call.form["assertion"], key_pair()[1], ["RS256"], audience="127.0.0.1", options=_NO_CLOCK)
        assert (claims["iss"], claims["sub"], claims["scope"]) == (
            "integration-key", "user-guid", "signature impersonation",
        )  # fmt: skip
        if not self.consented:
            return Answer(400, {"error": "consent_required"})
        self.tokens += 1
        return Answer(json={"access_token": f"t{self.tokens}", "token_type": "Bearer", "expires_in": 3600})

    def _list(self, call: Call) -> dict[str, Any]:
        query, rows = call.query, list(self.envelopes.values())
        rows = [row for row in rows if row["status"] in query["status"].split(",")]
        if query.get("from_to_status") == "completed":
            rows = [row for row in rows if row["completedDateTime"] >= query["from_date"]]
        if "custom_field" in query:
            name, _, value = query["custom_field"].partition("=")
            rows = [row for row in rows if value == _custom(row).get(name)]
        start, count = int(query["start_position"]), int(query["count"])
        part = rows[start : start + count]
        sizes = {"resultSetSize": str(len(part)), "totalSetSize": str(len(rows)), "startPosition": str(start)}
        return {"envelopes": part, **sizes} if part else sizes

    def _create(self, call: Call) -> Answer:
        body = call.json
        self.bodies.append(body)
        more = {"status": body["status"], "customFields": body["customFields"], "emailSubject": body["emailSubject"]}
        name = self.add(done=False, **more)
        return Answer(201, {"envelopeId": name, "status": body["status"], "uri": f"/envelopes/{name}"})

    def _recipients(self, call: Call) -> dict[str, Any]:
        done = self.envelopes[call.path["envelopeId"]]["status"] == "completed"
        signer = {"name": "Sam Roe", "email": "sam@vela.example", "recipientId": "1", "routingOrder": "1"}
        waiting = {"name": "Late", "email": "late@vela.example", "recipientId": "3", "status": "sent"}
        copied = {"name": "Cc", "email": "cc@vela.example", "recipientId": "2", "status": "completed"}
        return {
            "signers": [{**signer, "status": "completed" if done else "sent"}, waiting],
            "carbonCopies": [copied],
            "recipientCount": "3",
        }

    def _form(self, call: Call) -> dict[str, Any]:
        items = [{"name": "PO number", "value": "PO-7"}, {"name": "Empty", "value": ""}]
        return {"envelopeId": call.path["envelopeId"], "status": "completed", "formData": items}

    def _document(self, call: Call) -> Answer:
        which = call.path["documentId"].encode()
        return Answer(content=PDF if which == b"combined" else b"%PDF-1.7 " + which, media="application/pdf")


_NO_CLOCK: Any = {"verify_exp": False, "verify_iat": False}


def _custom(row: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in row["customFields"]["textCustomFields"]}
