"""PandaDoc, as its own description has it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.errors import Permanent, Transient
from domain.ports import Draft, DraftRecipient
from tests.contracts.conftest import Start
from tests.contracts.fake_pandadoc import DOCUMENTS, PDF, FakePandaDoc
from tests.contracts.server import Answer, Fault

SEND = f"POST {DOCUMENTS}/{{id}}/send"
BRIEF = Draft(
    "template-1", "Brief: Vela", (DraftRecipient("cara@aftersign.example", "Cara Sol", "csm"),), {"customer": "Vela"}
)


@pytest.fixture
def desk(contract: Start) -> FakePandaDoc:
    return FakePandaDoc(contract("pandadoc"))


class TestTheSignedPdf:
    def test_comes_from_the_plain_download_with_a_sandbox_key(self, desk: FakePandaDoc) -> None:
        desk.sandbox = True
        assert desk.esign().signed_pdf(desk.add()) == PDF
        assert len(desk.server.calls(f"GET {DOCUMENTS}/{{id}}/download-protected")) == 1
        assert len(desk.server.calls(f"GET {DOCUMENTS}/{{id}}/download")) == 1

    def test_that_is_not_ready_is_worth_waiting_for(self, desk: FakePandaDoc) -> None:
        document, desk.pending = desk.add(), 1
        with pytest.raises(Transient, match="not finished"):
            desk.esign().signed_pdf(document)
        assert desk.esign().signed_pdf(document) == PDF

    def test_comes_with_evidence_kept_verbatim(self, desk: FakePandaDoc) -> None:
        _, content = desk.esign().certificate(desk.add())
        assert json.loads(content)["results"][0]["ip_address"] == "192.0.2.1"


class TestASweep:
    def test_reads_page_after_page(self, desk: FakePandaDoc) -> None:
        added = {desk.add(date_created="2026-11-01T00:00:00Z") for _ in range(205)}
        assert set(desk.esign().completed_since(datetime(2026, 11, 1, tzinfo=UTC))) == added
        assert len(desk.server.calls(f"GET {DOCUMENTS}")) == 3


class TestADraft:
    def test_that_is_not_to_be_sent_is_only_made(self, desk: FakePandaDoc) -> None:
        desk.drafts().create_draft(BRIEF, key="k")
        (made,) = desk.server.calls(f"POST {DOCUMENTS}")
        assert made.json() == {
            "name": "Brief: Vela",
            "template_uuid": "template-1",
            "recipients": [{"email": "cara@aftersign.example", "first_name": "Cara", "last_name": "Sol", "role": "csm", "type": "recipient"}],
            "tokens": [{"name": "customer", "value": "Vela"}],
            "metadata": {"aftersign_key": "k"},
        }  # fmt: skip
        assert desk.server.calls(SEND) == []

    def test_is_sent_once_it_is_ready_and_silently_without_a_message(self, desk: FakePandaDoc) -> None:
        made = desk.drafts().create_draft(replace(BRIEF, send=True), key="k")
        assert desk.sent == [{"id": made.id, "silent": True}]

    def test_is_sent_by_mail_with_a_message(self, desk: FakePandaDoc) -> None:
        made = desk.drafts().create_draft(replace(BRIEF, send=True, message="Please read"), key="k")
        assert desk.sent == [{"id": made.id, "subject": "Brief: Vela", "message": "Please read", "silent": False}]

    def test_that_was_made_but_not_sent_is_not_found_and_then_only_sent(self, desk: FakePandaDoc) -> None:
        desk.server.fault(SEND, Fault.UNAVAILABLE)
        with pytest.raises(Transient):
            desk.drafts().create_draft(replace(BRIEF, send=True), key="k")
        assert desk.drafts().find_draft("k") is None
        made = desk.drafts().create_draft(replace(BRIEF, send=True), key="k")
        assert (list(desk.documents), [one["id"] for one in desk.sent]) == ([made.id], [made.id])
        assert desk.drafts().find_draft("k") == made

    def test_that_never_gets_ready_is_worth_waiting_for(self, desk: FakePandaDoc) -> None:
        slow = Answer(json={"id": "pd0001", "name": "x", "status": "document.uploaded"})
        desk.server.on(f"GET {DOCUMENTS}/{{id}}", lambda _: slow)
        with pytest.raises(Transient, match="still making"):
            desk.drafts().create_draft(replace(BRIEF, send=True), key="k")

    def test_that_pandadoc_could_not_make_is_a_persons_job(self, desk: FakePandaDoc) -> None:
        failed = Answer(json={"id": "pd0001", "name": "x", "status": "document.error"})
        desk.server.on(f"GET {DOCUMENTS}/{{id}}", lambda _: failed)
        with pytest.raises(Permanent, match="correct the template"):
            desk.drafts().create_draft(replace(BRIEF, send=True), key="k")

    def test_is_not_taken_for_another_where_the_filter_is_ignored(self, desk: FakePandaDoc) -> None:
        for _ in range(19):
            desk.add()
        rows = [{"id": name} for name in desk.documents]
        desk.server.on(f"GET {DOCUMENTS}", lambda _: {"results": rows})
        assert desk.drafts().find_draft("k") is None
        rows.append({"id": desk.add(date_created="2026-11-20T00:00:00Z")})
        with pytest.raises(Permanent, match="filter aftersign_key seems to be ignored"):
            desk.drafts().find_draft("k")

    def test_with_a_mistake_is_a_persons_job_in_pandadocs_words(self, desk: FakePandaDoc) -> None:
        said = {"type": "validation_error", "detail": {"recipients": "Role 'csm' is not in the template"}}
        desk.server.on(f"POST {DOCUMENTS}", lambda _: Answer(400, said))
        with pytest.raises(Permanent, match="Role 'csm' is not in the template"):
            desk.drafts().create_draft(BRIEF, key="k")


class TestTheDoctor:
    def test_is_content_with_an_active_subscription_under_our_key(self, desk: FakePandaDoc) -> None:
        desk.subscribe()
        health = desk.esign().check()
        assert (health.detail, health.missing, health.warnings) == ("ops@aftersign.example in workspace Sales", (), ())

    def test_hears_of_a_deactivated_subscription(self, desk: FakePandaDoc) -> None:
        desk.subscribe("DEACTIVATED")
        deactivated, silent = desk.esign().check().warnings
        assert "has deactivated the webhook subscription 'Aftersign'" in deactivated
        assert "only the sweep" in silent

    def test_hears_of_a_key_that_was_changed_at_pandadoc(self, desk: FakePandaDoc) -> None:
        desk.subscribe(key="changed there")
        assert "is not in AFTERSIGN_PANDADOC__WEBHOOK_KEYS" in desk.esign().check().warnings[0]

    def test_hears_that_subscriptions_may_not_be_seen(self, desk: FakePandaDoc) -> None:
        desk.server.on("GET /public/v1/webhook-subscriptions", lambda _: Answer(403, {"type": "x", "detail": "no"}))
        assert "cannot be watched" in desk.esign().check().warnings[0]
