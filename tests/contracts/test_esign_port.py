"""Every e-signature connector keeps the same promises: port tests over all adapters."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from connectors.console.esign import ConsoleEsign
from domain.errors import AftersignError, Forged, Permanent, Transient
from domain.ports import Checked, Draft, DraftRecipient, Drafts, Esign, Reference
from domain.signatures import Verdict
from tests.contracts.conftest import Start
from tests.contracts.fake_docusign import FakeDocuSign
from tests.contracts.fake_dropboxsign import FakeDropboxSign
from tests.contracts.fake_pandadoc import FakePandaDoc
from tests.contracts.server import Fault

SINCE = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
DRAFT = Draft(
    "template-1",
    "Brief: Vela",
    (DraftRecipient("cara@aftersign.example", "Cara Sol", "csm"),),
    {"customer": "Vela"},
    "Please read",
    send=True,
)


class Desk(Protocol):
    """Be an e-signature vendor as far as these tests need one."""

    def esign(self) -> Esign: ...

    def add(self, *, done: bool = True) -> str: ...

    def delivery(self, document: str) -> tuple[bytes, Mapping[str, str], Mapping[str, str]]: ...


class ConsoleDesk:
    """Put PDFs into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._added = 0

    def esign(self) -> ConsoleEsign:
        return ConsoleEsign(self._folder, ["key"])

    def add(self, *, done: bool = True) -> str:
        self._added += 1
        name, moment = f"order-{self._added}", datetime(2026, 11, 20, 15, tzinfo=UTC).timestamp()
        signer = {"name": "Sam Roe", "email": "sam@vela.example"}
        facts = {"name": "Order form", "completed": done, "signers": [signer], "fields": {"PO number": "PO-7"}}
        (self._folder / f"{name}.json").write_text(json.dumps({**facts, "references": {"deal_id": "D-1001"}}))
        if done:
            (self._folder / f"{name}.pdf").write_bytes(b"%PDF-1.7")
            os.utime(self._folder / f"{name}.pdf", (moment, moment))
        return name

    def delivery(self, document: str) -> tuple[bytes, Mapping[str, str], Mapping[str, str]]:
        body = json.dumps({"document": document}).encode()
        return body, {"x-aftersign-signature": hmac.new(b"key", body, hashlib.sha256).hexdigest()}, {}


VENDORS: dict[str, Any] = {"pandadoc": FakePandaDoc, "docusign": FakeDocuSign, "dropboxsign": FakeDropboxSign}


@pytest.fixture(params=[*VENDORS, "console"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, contract: Start) -> Desk:
    name = request.param
    made: Desk = ConsoleDesk(tmp_path) if name == "console" else VENDORS[name](contract(name))
    return made


@pytest.fixture(params=list(VENDORS))
def maker(request: pytest.FixtureRequest, contract: Start) -> Any:
    return VENDORS[request.param](contract(request.param))


class TestEveryEsignConnector:
    def test_names_the_document_of_a_verified_completion(self, desk: Desk) -> None:
        document = desk.add()
        (event,) = desk.esign().events(*desk.delivery(document))
        assert (event.verdict, event.document) == (Verdict.COMPLETED, document)
        assert event.event_id
        assert len(event.event_id) <= 200

    def test_names_the_same_delivery_the_same_and_another_document_otherwise(self, desk: Desk) -> None:
        one, other = desk.add(), desk.add()
        esign = desk.esign()
        first, again = (esign.events(*desk.delivery(one))[0] for _ in range(2))
        assert first == again
        assert first.business_key("v") != esign.events(*desk.delivery(other))[0].business_key("v")

    def test_refuses_a_delivery_without_its_signature(self, desk: Desk) -> None:
        body, headers, _ = desk.delivery(desk.add())
        bare = {name: value for name, value in headers.items() if name == "content-type"}
        with pytest.raises(Forged, match="Fix: "):
            desk.esign().events(body.replace(b"event_hash", b"event_hush"), bare, {})

    def test_confirms_what_was_signed_with_people_fields_and_references(self, desk: Desk) -> None:
        signed = desk.esign().confirm(desk.add())
        assert (signed.completed, signed.name) == (True, "Order form")
        assert signed.completed_at is not None
        assert signed.completed_at.utcoffset() is not None
        assert [(person.name, person.email, person.roles) for person in signed.signers] == [
            ("Sam Roe", "sam@vela.example", ("signer",))
        ]
        assert signed.references["deal_id"] == "D-1001"
        assert signed.fields == {"PO number": "PO-7"}

    def test_denies_what_is_still_open(self, desk: Desk) -> None:
        signed = desk.esign().confirm(desk.add(done=False))
        assert (signed.completed, signed.signers) == (False, ())
        assert signed.status not in {"", "completed", "complete"}

    def test_downloads_a_pdf_and_evidence_with_a_file_name(self, desk: Desk) -> None:
        document = desk.add()
        assert desk.esign().signed_pdf(document).startswith(b"%PDF-")
        name, content = desk.esign().certificate(document)
        assert name.startswith(document)
        assert name.endswith((".pdf", ".json"))
        assert content

    def test_lists_what_was_completed_since_then_and_nothing_else(self, desk: Desk) -> None:
        done, also = desk.add(), desk.add()
        desk.add(done=False)
        esign = desk.esign()
        assert set(esign.completed_since(SINCE)) == {done, also}
        assert list(esign.completed_since(datetime(2027, 6, 1, tzinfo=UTC))) == []

    @pytest.mark.parametrize("document", ["", "..", "\n"])
    def test_asks_nothing_about_what_is_no_id(self, desk: Desk, document: str) -> None:
        for ask in (desk.esign().confirm, desk.esign().signed_pdf, desk.esign().certificate):
            with pytest.raises(Permanent, match="id"):
                ask(document)


class TestEveryDraftsConnector:
    def test_leaves_one_document_under_one_key(self, maker: Any) -> None:
        drafts: Drafts = maker.drafts()
        first = drafts.create_draft(DRAFT, key="h-1:brief:1")
        assert drafts.create_draft(DRAFT, key="h-1:brief:1") == first
        assert drafts.find_draft("h-1:brief:1") == first
        assert first.url.startswith("https://")

    def test_keeps_keys_apart(self, maker: Any) -> None:
        drafts: Drafts = maker.drafts()
        one, other = (drafts.create_draft(DRAFT, key=key) for key in ("h-1:brief:1", "h-1:brief:2"))
        assert one.id != other.id
        assert drafts.find_draft("h-1:brief:2") == other

    def test_finds_nothing_under_a_key_it_never_saw(self, maker: Any) -> None:
        assert maker.drafts().find_draft("h-1:brief:1") is None


class TestEveryVendor:
    def test_tells_the_doctor_whose_account_it_is(self, maker: Any) -> None:
        connector: Checked = maker.esign()
        health = connector.check()
        assert health.detail
        assert health.missing == ()


KEY = "harbourline-order-form-3f9c21d07a:brief:1:document"


def once(drafts: Drafts, *, earlier: bool) -> Reference:
    """Make the draft as the effect ledger does: after an earlier attempt it looks first."""
    found = drafts.find_draft(KEY) if earlier else None
    return found or drafts.create_draft(DRAFT, key=KEY)


class TestEveryVendorInTrouble:
    @pytest.mark.parametrize("fault", [Fault.THROTTLED_SECONDS, Fault.THROTTLED_DATE])
    def test_is_left_alone_as_long_as_it_asks(self, maker: Any, fault: Fault) -> None:
        document = maker.add()
        maker.server.fault(maker.read, fault, wait=40)
        with pytest.raises(Transient) as caught:
            maker.esign().confirm(document)
        assert caught.value.retry_after is not None
        assert 38 <= caught.value.retry_after <= 40
        assert maker.esign().confirm(document).completed

    @pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.DROPPED, Fault.HTML_ERROR])
    def test_that_is_away_for_a_moment_is_asked_again_at_once(self, maker: Any, fault: Fault) -> None:
        document = maker.add()
        maker.server.fault(maker.read, fault, times=2)
        assert maker.esign().confirm(document).completed
        assert len(maker.server.calls(maker.read)) == 3

    @pytest.mark.parametrize(
        "fault",
        [Fault.THROTTLED, Fault.UNAVAILABLE, Fault.BROKEN, Fault.BROKEN_AFTER, Fault.DROPPED, Fault.DROPPED_AFTER,
         Fault.TRUNCATED, Fault.HTML, Fault.HTML_ERROR, Fault.SLOW],
    )  # fmt: skip
    def test_is_asked_again_later_and_nothing_is_believed(self, maker: Any, fault: Fault) -> None:
        document, maker.seconds = maker.add(), 0.3 if fault is Fault.SLOW else 30
        maker.server.fault(maker.read, fault, times=3, wait=0.5)
        with pytest.raises(Transient):
            maker.esign().confirm(document)

    def test_that_refuses_the_credential_for_good_names_the_setting(self, maker: Any) -> None:
        document = maker.add()
        maker.server.fault(maker.read, Fault.UNAUTHORIZED, times=3)
        with pytest.raises(Permanent, match="Fix: .*AFTERSIGN_[A-Z]+__"):
            maker.esign().confirm(document)

    @pytest.mark.parametrize("fault", [Fault.BROKEN_AFTER, Fault.DROPPED_AFTER, Fault.SLOW_AFTER, Fault.TRUNCATED])
    def test_that_made_it_and_lost_the_answer_ends_with_one(self, maker: Any, fault: Fault) -> None:
        maker.seconds = 0.3 if fault is Fault.SLOW_AFTER else 30
        maker.server.fault(maker.make, fault, wait=0.5)
        with pytest.raises(Transient):
            once(maker.drafts(), earlier=False)
        assert len(maker.made) == 1
        maker.seconds = 30
        made = once(maker.drafts(), earlier=True)
        assert list(maker.made) == [made.id]
        assert once(maker.drafts(), earlier=True) == made
        assert len(maker.server.calls(maker.make)) == 1

    @pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.BROKEN, Fault.DROPPED, Fault.HTML_ERROR])
    def test_that_made_nothing_is_asked_for_it_once_more(self, maker: Any, fault: Fault) -> None:
        maker.server.fault(maker.make, fault)
        with pytest.raises(Transient):
            once(maker.drafts(), earlier=False)
        assert not maker.made
        made = once(maker.drafts(), earlier=True)
        assert list(maker.made) == [made.id]

    def test_a_request_to_make_something_is_never_repeated_blindly(self, maker: Any) -> None:
        maker.server.fault(maker.make, Fault.DROPPED_AFTER, times=3)
        with pytest.raises(AftersignError):
            once(maker.drafts(), earlier=False)
        assert len(maker.server.calls(maker.make)) == 1

    def test_two_who_look_before_either_makes_leave_two_and_agree_on_the_oldest(self, maker: Any) -> None:
        """No vendor has an idempotency key: it is the effect ledger's lease that keeps the second one out."""
        meet = threading.Barrier(2)
        maker.hook = lambda answer: answer.request.method == "GET" and meet.wait(5)
        with ThreadPoolExecutor(2) as pool:
            made = list(pool.map(lambda _: once(maker.drafts(), earlier=False), range(2)))
        maker.hook = None
        assert len({one.id for one in made}) == len(maker.made) == 2
        oldest = next(iter(maker.made))
        assert {maker.drafts().find_draft(KEY).id for _ in range(3)} == {oldest}
        assert once(maker.drafts(), earlier=True).id == oldest


class TestTheConsole:
    SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    def received(self, folder: Path, body: bytes, *, at: datetime = SINCE, keys: tuple[str, ...] = ()) -> Any:
        message = f"msg_1.{int(SINCE.timestamp())}.".encode() + body
        key = base64.b64decode(self.SECRET.removeprefix("whsec_"))
        signature = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
        headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(SINCE.timestamp()))}
        esign = ConsoleEsign(folder, keys or ("another", self.SECRET), lambda: at)
        (event,) = esign.events(body, {**headers, "webhook-signature": f"v1,{signature}"}, {})
        return event

    @pytest.mark.parametrize(
        "body",
        [b'{"document": "order-1"}', b'{"type": "document.completed", "data": {"document": "order-1"}}'],
    )
    def test_takes_a_standard_webhook_beside_its_own_header(self, tmp_path: Path, body: bytes) -> None:
        event = self.received(tmp_path, body)
        assert (event.event_id, event.verdict, event.document) == ("msg_1", Verdict.COMPLETED, "order-1")

    def test_takes_no_standard_webhook_of_another_time_or_key(self, tmp_path: Path) -> None:
        body = b'{"document": "order-1"}'
        with pytest.raises(Forged, match="within 5 minutes"):
            self.received(tmp_path, body, at=SINCE + timedelta(minutes=6))
        with pytest.raises(Forged, match="AFTERSIGN_CONSOLE__WEBHOOK_KEYS"):
            self.received(tmp_path, body, keys=("another",))

    def test_is_loud_about_another_type_of_event(self, tmp_path: Path) -> None:
        event = self.received(tmp_path, b'{"type": "invoice.paid", "data": {"document": "order-1"}}')
        assert (event.kind, event.verdict) == ("invoice.paid", Verdict.UNKNOWN)

    @pytest.mark.parametrize("body", [b"", b"[]", b'{"data": 1}', b'{"type": "x", "data": {}}', b"[" * 100_000])
    def test_tells_a_person_about_a_body_without_a_document(self, tmp_path: Path, body: bytes) -> None:
        with pytest.raises(Permanent, match="names no document"):
            self.received(tmp_path, body)
