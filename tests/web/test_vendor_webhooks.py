"""Every vendor's webhook over HTTP: proven, and then handled, ignored on purpose, or loud and kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from config.settings_measuring import Stripe
from config.settings_roles import Roles
from config.settings_signing import DocuSign, DropboxSign, HubSpot
from connectors import registry
from store import inbox
from tests.web.conftest import Make
from tests.web.seed import NOW
from web.app import create_app
from web.context import WebContext

KEY = "key-1234567890"
SECRET = SecretStr(KEY)
PUBLIC = "https://handoff.example"
STAMP = int(NOW.timestamp())
ACCOUNT = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"


@dataclass(frozen=True)
class Sent:
    """Hold one delivery as its vendor sends it."""

    body: bytes
    headers: dict[str, str]


def hexed(message: bytes) -> str:
    return hmac.new(KEY.encode(), message, hashlib.sha256).hexdigest()


def based(message: bytes) -> str:
    return base64.b64encode(hmac.new(KEY.encode(), message, hashlib.sha256).digest()).decode()


def docusign(event: str) -> Sent:
    data = {"accountId": ACCOUNT, "envelopeId": "93be49ab-0000-0000-0000-000000000001"}
    body = json.dumps({"event": event, "generatedDateTime": "2026-11-23T14:00:00.0000000Z", "data": data}).encode()
    return Sent(body, {"x-docusign-signature-1": based(body)})


def dropboxsign(event: str) -> Sent:
    told = {"event_time": str(STAMP), "event_type": event, "event_hash": hexed(f"{STAMP}{event}".encode())}
    payload = json.dumps(
        {"event": told, "signature_request": {"signature_request_id": "fa5c8a0b0f492d768749333ad6fcc214"}}
    )
    body = f'--x\r\nContent-Disposition: form-data; name="json"\r\n\r\n{payload}\r\n--x--\r\n'.encode()
    return Sent(body, {"content-type": "multipart/form-data; boundary=x"})


def hubspot(kind: str) -> Sent:
    event = {
        "eventId": 1,
        "subscriptionType": kind,
        "objectId": 77,
        "propertyName": "amount",
        "portalId": 5,
        "occurredAt": 1,
    }
    body = json.dumps([event]).encode()
    message = b"POST" + f"{PUBLIC}/webhooks/hubspot".encode() + body + f"{STAMP}000".encode()
    return Sent(body, {"x-hubspot-signature-v3": based(message), "x-hubspot-request-timestamp": f"{STAMP}000"})


def stripe(kind: str) -> Sent:
    body = json.dumps({"id": f"evt_{kind}", "type": kind, "data": {"object": {"id": "in_1"}}}).encode()
    return Sent(body, {"stripe-signature": f"t={STAMP},v1={hexed(f'{STAMP}.'.encode() + body)}"})


VENDORS: dict[str, tuple[Callable[[str], Sent], str, str, str, str]] = {
    "docusign": (docusign, "envelope-completed", "received", "envelope-sent", "envelope-teleported"),
    "dropboxsign": (
        dropboxsign,
        "signature_request_downloadable",
        "received",
        "signature_request_viewed",
        "request_new",
    ),
    "hubspot": (hubspot, "deal.propertyChange", "noted", "contact.creation", "deal.teleported"),
    "stripe": (stripe, "invoice.finalized", "noted", "customer.created", "teleport.created"),
}


@pytest.fixture
def context(make_context: Make) -> WebContext:
    """Return a context in which every one of these vendors plays a role."""
    made = make_context()
    settings = made.settings.model_copy(
        update={
            "roles": Roles(esign=["docusign", "dropboxsign"], crm="hubspot", billing=["stripe"]),
            "web": made.settings.web.model_copy(update={"public_url": PUBLIC}),
            "docusign": DocuSign(
                account_id=ACCOUNT, client_id="c", user_id="u", private_key=SECRET, webhook_keys=[SECRET]
            ),
            "dropboxsign": DropboxSign(api_key=SECRET),
            "hubspot": HubSpot(access_token=SECRET, client_secret=SECRET),
            "stripe": Stripe(api_key=SECRET, webhook_keys=[SECRET]),
            "clock_offset_seconds": 0.0,
        }
    )
    frozen = settings.model_copy()
    object.__setattr__(frozen, "now", lambda: NOW)
    return replace(made, settings=frozen, registry=registry.build(frozen, made.outbox))


@pytest.fixture
def post(context: WebContext) -> Callable[[str, Sent], Any]:
    client = TestClient(create_app(context))
    return lambda vendor, sent: client.post(f"/webhooks/{vendor}", content=sent.body, headers=sent.headers)


def states(context: WebContext, vendor: str) -> list[str]:
    with context.database.read() as connection:
        return [row["state"] for row in inbox.recent(connection) if row["source"] == vendor]


@pytest.mark.parametrize("vendor", VENDORS)
class TestAVendorsWebhook:
    def test_that_we_handle_is_on_disk_once(
        self, vendor: str, post: Callable[[str, Sent], Any], context: WebContext
    ) -> None:
        make, handled, state, _, _ = VENDORS[vendor]
        for _ in range(2):
            answer = post(vendor, make(handled))
            assert answer.status_code == 200
        assert states(context, vendor) == [state]
        if vendor == "dropboxsign":
            assert "Hello API Event Received" in answer.text
        else:
            assert answer.json()["status"] == "duplicate"

    def test_that_we_ignore_on_purpose_is_not_kept(
        self, vendor: str, post: Callable[[str, Sent], Any], context: WebContext
    ) -> None:
        make, _, _, ignored, _ = VENDORS[vendor]
        assert post(vendor, make(ignored)).status_code == 200
        assert states(context, vendor) == []

    def test_that_nobody_knows_is_kept_and_loud(
        self,
        vendor: str,
        post: Callable[[str, Sent], Any],
        context: WebContext,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        make, *_, unknown = VENDORS[vendor]
        assert post(vendor, make(unknown)).status_code == 200
        assert states(context, vendor) == ["unknown"]
        assert unknown in caplog.text

    def test_that_is_forged_is_refused_and_tells_nothing(
        self, vendor: str, post: Callable[[str, Sent], Any], context: WebContext
    ) -> None:
        make, handled, *_ = VENDORS[vendor]
        good = make(handled)
        spoilt = (
            good.body.replace(str(STAMP).encode(), str(STAMP + 1).encode())
            if vendor == "dropboxsign"
            else good.body + b" "
        )
        answer = post(vendor, replace(good, body=spoilt))
        assert (answer.status_code, answer.json()) == (401, {"status": "refused"})
        assert states(context, vendor) == []


class TestAVendorWithoutARole:
    @pytest.mark.parametrize("vendor", ["docusign", "dropboxsign", "hubspot", "stripe", "slack", "nobody"])
    def test_has_no_webhook(self, make_context: Make, vendor: str) -> None:
        answer = TestClient(create_app(make_context())).post(f"/webhooks/{vendor}", content=b"{}")
        assert answer.status_code == 404
        assert answer.json()["fix"]
