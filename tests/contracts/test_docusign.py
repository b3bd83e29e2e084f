"""DocuSign, as its own description has it; what that leaves out stands in our supplement."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors import http
from connectors.docusign.token import jwt_grant
from domain.errors import ConfigurationError, Permanent, Transient
from domain.ports import Draft, DraftRecipient
from domain.signatures import Verdict
from tests.conftest import shared
from tests.contracts.conftest import Start
from tests.contracts.fake_docusign import ACCOUNT, ENVELOPES, NOW, PDF, TOKEN, FakeDocuSign, key_pair
from tests.contracts.server import Answer, Fault

DOCUMENT = f"GET {ENVELOPES}/{{envelopeId}}/documents/{{documentId}}"
BRIEF = Draft(
    "template-1", "Brief: Vela", (DraftRecipient("cara@aftersign.example", "Cara Sol", "csm"),), {"customer": "Vela"}
)


@pytest.fixture
def desk(contract: Start) -> FakeDocuSign:
    return FakeDocuSign(contract("docusign"))


class TestAConnectMessage:
    def test_repeated_with_another_count_is_the_same(self, desk: FakeDocuSign) -> None:
        document, esign = desk.add(), desk.esign()
        first, again = (esign.events(*desk.delivery(document, retry=count))[0] for count in (0, 3))
        assert first == again
        assert first.event_id == f"{document}:envelope-completed:2026-11-20T15:00:01.0000000Z"
        assert first.business_key("docusign") == f"docusign::{document}:completed"

    def test_about_another_account_is_a_persons_job(self, desk: FakeDocuSign) -> None:
        with pytest.raises(Permanent, match="AFTERSIGN_DOCUSIGN__ACCOUNT_ID is"):
            desk.esign().events(*desk.delivery(desk.add(), account="another"))

    @pytest.mark.parametrize(
        ("event", "verdict"),
        [
            ("envelope-completed", Verdict.COMPLETED),
            ("envelope-voided", Verdict.IGNORED),
            ("envelope-declined", Verdict.IGNORED),
            ("recipient-completed", Verdict.IGNORED),
            ("envelope-signed-on-the-moon", Verdict.UNKNOWN),
            ("", Verdict.UNKNOWN),
        ],
    )
    def test_tells_completed_from_ignored_from_unknown(self, desk: FakeDocuSign, event: str, verdict: Verdict) -> None:
        body = desk.delivery(desk.add())[0].replace(b"envelope-completed", event.encode())
        (found,) = desk.esign().events(body, {"x-docusign-signature-2": desk.sign(body)}, {})
        assert (found.kind, found.verdict) == (event, verdict)

    @pytest.mark.parametrize(
        "body", [b"", b"<DocuSignEnvelopeInformation/>", b"[]", b'{"status": "completed"}', b"[" * 100_000]
    )
    def test_in_an_older_format_is_a_persons_job(self, desk: FakeDocuSign, body: bytes) -> None:
        with pytest.raises(Permanent, match=r"Send Individual Messages \(SIM\)"):
            desk.esign().events(body, {"x-docusign-signature-1": desk.sign(body)}, {})

    def test_is_read_in_the_vendors_own_blank_form(self, desk: FakeDocuSign) -> None:
        path = shared("data/webhooks/docusign/connect.schema-v2.json")
        message = json.loads(path.read_text(encoding="utf-8"))
        message |= {"event": "envelope-completed", "data": {**message["data"], "accountId": ACCOUNT}}
        body = json.dumps(message).encode()
        (found,) = desk.esign().events(body, {"x-docusign-signature-1": desk.sign(body)}, {})
        assert (found.verdict, found.document) == (Verdict.COMPLETED, "sample string")


class TestTheGrant:
    def test_is_asked_for_once_and_serves_many_calls(self, desk: FakeDocuSign) -> None:
        esign, document = desk.esign(), desk.add()
        esign.confirm(document)
        assert esign.signed_pdf(document) == PDF
        assert desk.tokens == 1
        sent = desk.server.calls(DOCUMENT)[0]
        assert sent.headers["authorization"] == "Bearer t1"

    def test_is_renewed_once_after_a_401(self, desk: FakeDocuSign) -> None:
        desk.server.fault(DOCUMENT, Fault.UNAUTHORIZED)
        assert desk.esign().signed_pdf(desk.add()) == PDF
        assert [sent.headers["authorization"] for sent in desk.server.calls(DOCUMENT)] == ["Bearer t1", "Bearer t2"]

    def test_without_consent_names_the_address_to_open(self, desk: FakeDocuSign) -> None:
        desk.consented = False
        with pytest.raises(Permanent, match="consented") as caught:
            desk.esign().confirm(desk.add())
        assert (
            "/oauth/auth?response_type=code&scope=signature+impersonation&client_id=integration-key" in caught.value.fix
        )

    @pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.DROPPED, Fault.TRUNCATED, Fault.HTML])
    def test_that_fails_for_a_while_is_worth_waiting_for(self, desk: FakeDocuSign, fault: Fault) -> None:
        desk.server.fault(TOKEN, fault, times=3)
        with pytest.raises(Transient):
            desk.esign().confirm(desk.add())

    def test_refused_for_another_reason_names_the_settings(self, desk: FakeDocuSign) -> None:
        desk.server.on(TOKEN, lambda _: Answer(400, {"error": "invalid_grant", "error_description": "no_valid_keys"}))
        with pytest.raises(Permanent, match="no_valid_keys.*AFTERSIGN_DOCUSIGN__CLIENT_ID"):
            desk.esign().confirm(desk.add())

    @pytest.mark.parametrize(
        "key", ["", "not a key", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"]
    )
    def test_with_an_unusable_key_names_the_setting(self, desk: FakeDocuSign, key: str) -> None:
        login = http.Endpoint("docusign", desk.server.root, {}, http.client())
        with pytest.raises(ConfigurationError, match="AFTERSIGN_DOCUSIGN__PRIVATE_KEY"):
            jwt_grant(login, "integration-key", "user-guid", key, NOW)

    def test_takes_a_key_whose_line_breaks_are_written_out(self, desk: FakeDocuSign) -> None:
        login = http.Endpoint("docusign", desk.server.root, {}, http.client())
        key = key_pair()[0].replace("\n", "\\n")
        assert jwt_grant(login, "integration-key", "user-guid", key, NOW).seconds == 3600


class TestAnEnvelope:
    def test_that_is_open_is_asked_about_no_further(self, desk: FakeDocuSign) -> None:
        assert desk.esign().confirm(desk.add(done=False)).status == "sent"
        assert desk.server.calls(f"GET {ENVELOPES}/{{envelopeId}}/form_data") == []

    @pytest.mark.parametrize("code", ["HOURLY_APIINVOCATION_LIMIT_EXCEEDED", "Hourly_Envelope_Polling_Limit_Exceeded"])
    def test_asked_about_too_often_is_worth_waiting_for(self, desk: FakeDocuSign, code: str) -> None:
        said = Answer(400, {"errorCode": code, "message": "The maximum has been exceeded."})
        desk.server.on(f"GET {ENVELOPES}/{{envelopeId}}", lambda _: said)
        with pytest.raises(Transient, match=code) as caught:
            desk.esign().confirm("e")
        assert caught.value.retry_after == 900

    @pytest.mark.parametrize(
        ("code", "setting"),
        [("USER_LACKS_PERMISSIONS", "USER_ID"), ("ENVELOPE_DOES_NOT_EXIST", "ACCOUNT_ID"), ("INVALID_USERID", "BASE_URL")],
    )  # fmt: skip
    def test_that_may_not_be_seen_names_what_to_change(self, desk: FakeDocuSign, code: str, setting: str) -> None:
        said = Answer(400, {"errorCode": code, "message": "No."})
        desk.server.on(f"GET {ENVELOPES}/{{envelopeId}}", lambda _: said)
        with pytest.raises(Permanent, match=f"{code}.*AFTERSIGN_DOCUSIGN__{setting}"):
            desk.esign().confirm("e")

    def test_has_a_certificate_of_its_own(self, desk: FakeDocuSign) -> None:
        document = desk.add()
        assert desk.esign().certificate(document) == (f"{document}-certificate.pdf", b"%PDF-1.7 certificate")

    def test_never_leaves_its_place_in_the_address(self, desk: FakeDocuSign) -> None:
        with pytest.raises(Permanent, match="is not an id of DocuSign"):
            desk.esign().signed_pdf("..")
        assert desk.server.valid == []

    def test_is_swept_page_after_page(self, desk: FakeDocuSign) -> None:
        added = [desk.add() for _ in range(205)]
        assert list(desk.esign().completed_since(datetime(2026, 11, 1, tzinfo=UTC))) == added
        asked = [dict(sent.query) for sent in desk.server.calls(f"GET {ENVELOPES}")]
        assert [query["start_position"] for query in asked] == ["0", "100", "200"]
        assert {query["from_to_status"] for query in asked} == {"completed"}


class TestADraft:
    def test_carries_the_key_where_nobody_sees_it_and_is_not_sent(self, desk: FakeDocuSign) -> None:
        made = desk.drafts().create_draft(BRIEF, key="h:brief:1")
        assert desk.bodies == [{
            "templateId": "template-1",
            "emailSubject": "Brief: Vela",
            "emailBlurb": "",
            "templateRoles": [{"roleName": "csm", "name": "Cara Sol", "email": "cara@aftersign.example", "tabs": {"textTabs": [{"tabLabel": "customer", "value": "Vela"}]}}],
            "customFields": {"textCustomFields": [{"name": "aftersign_key", "value": "h:brief:1", "show": "false"}]},
            "status": "created",
        }]  # fmt: skip
        assert made.url == f"https://app.docusign.com/documents/details/{made.id}"

    def test_is_sent_in_the_same_request_when_it_is_to_be(self, desk: FakeDocuSign) -> None:
        desk.drafts().create_draft(replace(BRIEF, send=True), key="k")
        assert desk.bodies[0]["status"] == "sent"

    def test_is_looked_for_among_drafts_too_and_only_lately(self, desk: FakeDocuSign) -> None:
        desk.drafts().create_draft(BRIEF, key="k")
        asked = dict(desk.server.calls(f"GET {ENVELOPES}")[0].query)
        assert "created" in asked["status"].split(",")
        assert (asked["custom_field"], asked["from_date"]) == ("aftersign_key=k", "2026-10-24T14:00:00.000000Z")

    def test_under_a_long_key_carries_its_digest(self, desk: FakeDocuSign) -> None:
        made = desk.drafts().create_draft(BRIEF, key="k" * 300)
        assert desk.drafts().find_draft("k" * 300) == made
        assert len(desk.bodies[0]["customFields"]["textCustomFields"][0]["value"]) == 64


class TestTheDoctor:
    def test_hears_which_account_it_is(self, desk: FakeDocuSign) -> None:
        assert desk.esign().check().detail == f"Vela Sales ({ACCOUNT})"

    def test_hears_that_no_key_is_set(self, desk: FakeDocuSign) -> None:
        desk.key = ""
        assert "AFTERSIGN_DOCUSIGN__WEBHOOK_KEYS" in desk.esign().check().missing[0]
