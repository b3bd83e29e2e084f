"""Dropbox Sign, as its own description has it."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from connectors.dropboxsign.esign import DropboxSignEsign
from domain.errors import Forged, Permanent, Transient
from domain.ports import Draft, DraftRecipient
from domain.signatures import Verdict
from tests.conftest import shared
from tests.contracts.conftest import Start
from tests.contracts.fake_dropboxsign import PDF, REQUEST, SENT_AT, FakeDropboxSign, form
from tests.contracts.server import Answer

LIST = "GET /signature_request/list"
SEND = "POST /signature_request/send_with_template"
ORDER = Draft(
    "template-1",
    "Order form",
    (DraftRecipient("sam@vela.example", "Sam Roe", "Client"),),
    {"customer": "Vela"},
    "Please sign",
    send=True,
)


@pytest.fixture
def desk(contract: Start) -> FakeDropboxSign:
    return FakeDropboxSign(contract("dropboxsign"))


def verdict(desk: FakeDropboxSign, kind: str, *, done: bool = True) -> Verdict:
    (event,) = desk.esign().events(*desk.delivery(desk.add(done=done), kind))
    return event.verdict


class TestAnEvent:
    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("signature_request_downloadable", Verdict.COMPLETED),
            ("signature_request_all_signed", Verdict.IGNORED),
            ("signature_request_signed", Verdict.IGNORED),
            ("signature_request_declined", Verdict.IGNORED),
            ("signature_request_canceled", Verdict.IGNORED),
            ("signature_request_expired", Verdict.IGNORED),
            ("callback_test", Verdict.IGNORED),
            ("signature_request_notarized", Verdict.UNKNOWN),
        ],
    )
    def test_tells_completed_from_ignored_from_unknown(
        self, desk: FakeDropboxSign, kind: str, expected: Verdict
    ) -> None:
        assert verdict(desk, kind) is expected

    def test_for_the_pdf_of_a_half_signed_request_completes_nothing(self, desk: FakeDropboxSign) -> None:
        assert verdict(desk, "signature_request_downloadable", done=False) is Verdict.IGNORED

    def test_within_one_second_of_another_is_told_apart(self, desk: FakeDropboxSign) -> None:
        one, other = (desk.esign().events(*desk.delivery(desk.add()))[0] for _ in range(2))
        assert one.event_id != other.event_id

    def test_about_another_request_than_was_signed_for_is_only_a_hint(self, desk: FakeDropboxSign) -> None:
        done, still_open = desk.add(), desk.add(done=False)
        body, headers, query = desk.delivery(done)
        forged = body.replace(done.encode(), still_open.encode())
        (event,) = desk.esign().events(forged, headers, query)
        assert event.document == still_open
        assert not desk.esign().confirm(still_open).completed

    def test_cannot_choose_the_account_that_tells_completions_apart(self, desk: FakeDropboxSign) -> None:
        body, headers, query = desk.delivery(desk.add())
        keys = {
            desk.esign().events(body.replace(b'"g"', account), headers, query)[0].business_key("dropboxsign")
            for account in (b'"g"', b'"other"', b"7", b"null")
        }
        assert len(keys) == 1

    def test_is_read_from_a_url_encoded_form_too(self, desk: FakeDropboxSign) -> None:
        body, _, _ = desk.delivery(desk.add())
        event = body.split(b"\r\n\r\n")[1].rpartition(b"\r\n--")[0]
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        (found,) = desk.esign().events(urlencode({"json": event}).encode(), headers, {})
        assert found.verdict is Verdict.COMPLETED

    def test_of_the_vendors_own_fixtures_is_proven_and_completes_nothing(self, desk: FakeDropboxSign) -> None:
        key = "324e3b0840f065eb51f3fd63231d0d33daa35d4ed10d27718839e81737065782"
        esign, seen = DropboxSignEsign(desk.client(), [key]), 0
        for kind in ("Account", "App"):
            path = shared(f"data/webhooks/dropboxsign/EventCallbackHelper_{kind}Callbacks.json")
            for fixture in json.loads(path.read_text(encoding="utf-8")).values():
                body, headers = form(json.dumps(fixture))
                (event,) = esign.events(body, headers, {})
                assert event.verdict is Verdict.IGNORED
                seen += 1
        assert seen == 12

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"", ""),
            (b"json={}", "application/x-www-form-urlencoded"),
            (b"json=1&json=2", "application/x-www-form-urlencoded"),
            (b"&".join([b"a=1"] * 500), "application/x-www-form-urlencoded"),
            (b'{"event": {}}', "application/json"),
            (b"no parts", "multipart/form-data; boundary=x"),
            (b"--x\r\n\r\n", "multipart/form-data"),
            (b'--x\r\nContent-Disposition: form-data; name="json"\r\n\r\n' + b"[" * 100_000 + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"),
            (b'--x\r\nContent-Disposition: form-data; name="json"\r\n\r\n\xff\xfe\r\n--x--\r\n', "multipart/form-data; boundary=x"),
            (b'--x\r\nContent-Disposition: form-data; name="j"\r\n\r\n1\r\n' * 300 + b"--x--\r\n", "multipart/form-data; boundary=x"),
            (b"--x", "multipart/form-data; boundary=" + "x" * 5000),
            (b"--x", "multipart/form-data; boundary=\ud800"),
            (b"--x", "\udcff\x00;=;;"),
        ],
    )  # fmt: skip
    def test_in_a_broken_form_is_refused(self, desk: FakeDropboxSign, body: bytes, kind: str) -> None:
        with pytest.raises(Forged, match="no event of Dropbox Sign"):
            desk.esign().events(body, {"content-type": kind}, {})

    def test_broken_in_any_of_3000_ways_is_refused_or_means_the_same(self, desk: FakeDropboxSign) -> None:
        body, headers, query = desk.delivery(desk.add())
        chance, esign = random.Random(4), desk.esign()
        good = esign.events(body, headers, query)[0]
        for _ in range(3000):
            raw = bytearray(body)
            for _ in range(chance.randrange(1, 4)):
                raw[chance.randrange(len(raw))] = chance.randrange(256)
            try:
                (event,) = esign.events(
                    bytes(raw[: chance.choice([len(raw), chance.randrange(len(raw))])]), headers, {}
                )
            except Forged:
                continue
            assert event.kind == good.kind  # what the hash covers has not changed

    def test_answers_what_dropbox_sign_waits_for(self) -> None:
        assert DropboxSignEsign.acknowledgement == "Hello API Event Received"


class TestASignatureRequest:
    def test_in_test_mode_says_so(self, desk: FakeDropboxSign) -> None:
        assert desk.esign().confirm(desk.add(test_mode=True)).references["test_mode"] == "true"

    @pytest.mark.parametrize(("flag", "status"), [("is_declined", "declined"), ("has_error", "error")])
    def test_that_failed_says_how(self, desk: FakeDropboxSign, flag: str, status: str) -> None:
        assert desk.esign().confirm(desk.add(done=False, **{flag: True})).status == status

    def test_whose_pdf_is_not_ready_is_worth_waiting_for(self, desk: FakeDropboxSign) -> None:
        document, desk.pending = desk.add(), 1
        with pytest.raises(Transient, match="not finished"):
            desk.esign().signed_pdf(document)
        assert desk.esign().signed_pdf(document) == PDF

    def test_keeps_times_of_every_signature_as_evidence(self, desk: FakeDropboxSign) -> None:
        _, content = desk.esign().certificate(desk.add())
        (signature,) = json.loads(content)["signature_request"]["signatures"]
        assert signature["signed_at"] == SENT_AT + 3600

    @pytest.mark.parametrize(
        ("name", "status", "said"),
        [("not_found", 404, "still exists"), ("unauthorized", 401, "API_KEY"), ("payment_required", 402, "TEST_MODE"), ("deleted", 410, "deleted")],
    )  # fmt: skip
    def test_that_cannot_be_read_says_who_must_do_what(
        self, desk: FakeDropboxSign, name: str, status: int, said: str
    ) -> None:
        error = {"error": {"error_name": name, "error_msg": "No."}}
        desk.server.on(f"GET {REQUEST}", lambda _: Answer(status, error))
        with pytest.raises(Permanent, match=f"{name}.*Fix: .*{said}"):
            desk.esign().confirm("0" * 40)


class TestASweep:
    def test_asks_only_for_completed_requests_of_ours(self, desk: FakeDropboxSign) -> None:
        desk.esign().completed_since(datetime(2026, 11, 1, tzinfo=UTC))
        assert dict(desk.server.calls(LIST)[0].query)["query"] == "complete:true AND from:me"

    def test_finds_a_request_that_was_signed_long_after_it_was_made(self, desk: FakeDropboxSign) -> None:
        late = desk.add(created_at=SENT_AT - 60 * 86400)
        for _ in range(120):
            desk.add(at=SENT_AT - 86400)
        since = datetime.fromtimestamp(SENT_AT, UTC)
        assert list(desk.esign().completed_since(since)) == [late]

    def test_stops_where_everything_is_too_old(self, desk: FakeDropboxSign) -> None:
        for number in range(450):
            desk.add(created_at=SENT_AT - number * 86400, at=SENT_AT)
        found = desk.esign().completed_since(datetime.fromtimestamp(SENT_AT, UTC))
        assert len(desk.server.calls(LIST)) == 2
        assert len(found) == 200


class TestADraft:
    def test_is_sent_as_the_description_wants_it(self, desk: FakeDropboxSign) -> None:
        desk.drafts().create_draft(ORDER, key="h:1")
        assert desk.bodies == [{
            "template_ids": ["template-1"],
            "title": "Order form",
            "subject": "Order form",
            "message": "Please sign",
            "signers": [{"role": "Client", "name": "Sam Roe", "email_address": "sam@vela.example"}],
            "custom_fields": [{"name": "customer", "value": "Vela"}],
            "metadata": {"aftersign_key": "h:1"},
            "test_mode": True,
        }]  # fmt: skip

    def test_that_must_not_be_sent_is_refused_before_anything_leaves(self, desk: FakeDropboxSign) -> None:
        with pytest.raises(Permanent, match="it sends every request at once"):
            desk.drafts().create_draft(replace(ORDER, send=False), key="h:1")
        assert desk.server.valid == []

    def test_is_found_before_the_search_knows_it(self, desk: FakeDropboxSign) -> None:
        made = desk.drafts().create_draft(ORDER, key="h:1")
        listed = desk._list
        desk.server.on(LIST, lambda call: listed(call) if "query" not in call.query else _nothing())
        assert desk.drafts().find_draft("h:1") == made

    def test_is_found_by_the_search_when_a_hundred_newer_ones_hide_it(self, desk: FakeDropboxSign) -> None:
        made = desk.drafts().create_draft(ORDER, key="h:1")
        for _ in range(150):
            desk.add()
        assert desk.drafts().find_draft("h:1") == made


class TestTheDoctor:
    def test_hears_whose_key_it_is(self, desk: FakeDropboxSign) -> None:
        health = desk.esign().check()
        assert (health.detail, health.warnings) == ("ops@aftersign.example", ())

    def test_hears_of_a_missing_callback_and_an_empty_plan(self, desk: FakeDropboxSign) -> None:
        desk.account = {"callback_url": None, "quotas": {"api_signature_requests_left": 0}}
        assert len(desk.esign().check().warnings) == 2


def _nothing() -> dict[str, object]:
    info = {"page": 1, "num_pages": 0, "num_results": 0, "page_size": 100}
    return {"signature_requests": [], "list_info": info}
