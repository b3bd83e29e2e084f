"""PandaDoc: what proves a webhook, and what its API may answer."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from connectors import http, signing
from connectors.pandadoc.client import PandaDocClient
from connectors.pandadoc.esign import PandaDocEsign
from domain.errors import AftersignError, Forged, Permanent, Transient
from domain.money import Money
from domain.signatures import Verdict
from samples.fake_pandadoc import FakePandaDoc, with_samples

KEYS = ["new key", "old key"]
SINCE = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def sign(body: bytes, key: str = KEYS[0]) -> str:
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def answering(handler: Callable[[httpx.Request], httpx.Response]) -> PandaDocEsign:
    """Return PandaDoc whose transport answers as told."""
    client = httpx.Client(transport=httpx.MockTransport(handler), follow_redirects=False)
    endpoint = http.Endpoint(
        "pandadoc", "https://api.pandadoc.com", {"Authorization": "API-Key k"}, client, sleep=lambda _: None
    )
    return PandaDocEsign(PandaDocClient(endpoint), KEYS)


def never(request: httpx.Request) -> httpx.Response:
    pytest.fail(f"nothing may be asked, but {request.url} was")


def received(body: Any, *, event_id: str = "") -> list[tuple[str, Verdict, str]]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"x-pandadoc-webhook-event-id": event_id} if event_id else {}
    events = answering(never).events(raw, headers, {"signature": sign(raw)})
    return [(event.event_id, event.verdict, event.document) for event in events]


def event(name: str, status: str = "document.completed", document: str = "abc") -> dict[str, Any]:
    return {"event": name, "data": {"id": document, "name": "Order", "status": status}}


class TestAWebhook:
    @pytest.mark.parametrize("key", KEYS)
    def test_is_proven_by_any_current_key(self, key: str) -> None:
        signing.pandadoc(b"[]", sign(b"[]", key), KEYS)

    @pytest.mark.parametrize(
        "signature",
        ["", "0" * 64, sign(b"[]", "another key"), sign(b"[ ]"), sign(b"[]").upper(), sign(b"[]") + " ", "\ud800", "ü"],
    )
    def test_is_refused_with_any_other_signature(self, signature: str) -> None:
        with pytest.raises(Forged, match="none of the configured keys"):
            signing.pandadoc(b"[]", signature, KEYS)

    @pytest.mark.parametrize("keys", [[], [""]])
    def test_is_refused_where_no_key_is_configured(self, keys: list[str]) -> None:
        esign = PandaDocEsign(answering(never)._client, keys)
        for signature in ("", sign(b"[]", "")):
            with pytest.raises(Forged, match="no webhook key"):
                esign.events(b"[]", {}, {"signature": signature})

    def test_is_read_as_a_list_of_events(self) -> None:
        body = [event("document_state_changed", document="one"), event("document_state_changed", document="two")]
        assert received(body, event_id="e") == [("e#0", Verdict.COMPLETED, "one"), ("e#1", Verdict.COMPLETED, "two")]

    def test_is_read_as_one_bare_event(self) -> None:
        assert received(event("document_state_changed"), event_id="e") == [("e", Verdict.COMPLETED, "abc")]

    def test_without_an_event_id_is_known_by_its_bytes(self) -> None:
        raw = json.dumps(event("document_state_changed")).encode()
        assert received(raw)[0][0] == hashlib.sha256(raw).hexdigest()

    def test_of_an_empty_list_holds_no_event(self) -> None:
        assert received([]) == []

    @pytest.mark.parametrize(
        ("name", "status", "verdict"),
        [
            ("document_state_changed", "document.completed", Verdict.COMPLETED),
            ("document_completed_pdf_ready", "document.completed", Verdict.COMPLETED),
            ("document_state_changed", "document.sent", Verdict.IGNORED),
            ("document_state_changed", "document.voided", Verdict.IGNORED),
            ("recipient_completed", "document.completed", Verdict.IGNORED),
            ("document_updated", "document.completed", Verdict.IGNORED),
            ("document_deleted", "", Verdict.IGNORED),
            ("document_paid_in_kind", "document.completed", Verdict.UNKNOWN),
            ("", "", Verdict.UNKNOWN),
        ],
    )
    def test_tells_completed_from_ignored_from_unknown(self, name: str, status: str, verdict: Verdict) -> None:
        assert received([event(name, status)])[0][1] is verdict

    def test_that_completes_no_document_completes_nothing(self) -> None:
        found = received(
            [event("document_state_changed", document=""), event("document_completed_pdf_ready", document="")]
        )
        assert Verdict.COMPLETED not in {verdict for _, verdict, _ in found}

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"42",
            b'"text"',
            b"[1]",
            b"[{}]",
            b'[{"event": 1}]',
            b'{"event":"x","data":null}',
            b"\xff\xfe",
            b"[" * 100_000,
        ],
    )
    def test_of_another_shape_is_a_persons_job_and_no_crash(self, body: bytes) -> None:
        with pytest.raises(Permanent, match="not a list of PandaDoc events"):
            received(body)


STATUS = {"id": "abc", "name": "Order", "status": "document.completed"}
DETAILS = {
    **STATUS,
    "date_completed": "2026-11-20T15:00:00.000000Z",
    "recipients": [
        {"email": "sam@vela.example", "first_name": "Sam", "last_name": "Roe", "recipient_type": "SIGNER", "has_completed": True},
        {"email": "cc@vela.example", "recipient_type": "CC", "has_completed": True},
        {"email": "late@vela.example", "recipient_type": "SIGNER", "has_completed": False},
        {"email": "", "recipient_type": "SIGNER", "has_completed": True},
    ],
    "grand_total": {"amount": "48000.00", "currency": "USD"},
    "metadata": {"deal_id": "D-1", "empty": None, "n": 5},
    "linked_objects": [{"provider": "hubspot", "entity_type": "Deal", "entity_id": "D-2"}, {"entity_type": "contact", "entity_id": "9"}],
    "something_new": {"nobody": "knows"},
}  # fmt: skip


class TestAConfirmation:
    def test_is_pandadocs_own_word(self) -> None:
        esign = answering(lambda r: httpx.Response(200, json=DETAILS if r.url.path.endswith("details") else STATUS))
        signed = esign.confirm("abc")
        assert (signed.completed, signed.completed_at) == (True, datetime(2026, 11, 20, 15, tzinfo=UTC))
        assert [(c.name, c.email, c.roles) for c in signed.signers] == [("Sam Roe", "sam@vela.example", ("signer",))]
        assert signed.total == Money.parse("48000.00 USD")
        assert signed.references == {"deal_id": "D-2", "n": "5"}

    @pytest.mark.parametrize("status", ["document.sent", "document.voided", "document.draft", ""])
    def test_of_anything_else_is_no_completion_and_asks_no_more(self, status: str) -> None:
        asked: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request.url.path)
            return httpx.Response(200, json={**STATUS, "status": status})

        signed = answering(answer).confirm("abc")
        assert (signed.completed, signed.status) == (False, status)
        assert asked == ["/public/v1/documents/abc"]

    @pytest.mark.parametrize(
        ("answer", "error", "said"),
        [
            (httpx.Response(429, headers={"retry-after": "17"}), Transient, "429"),
            (httpx.Response(500, text="oops"), Transient, "500.*oops"),
            (httpx.Response(502, html="<h1>Bad gateway</h1>"), Transient, "an HTML page"),
            (httpx.Response(200, text='{"id": "abc", "sta'), Transient, "not JSON"),
            (httpx.Response(200, html="<h1>Sign in</h1>"), Transient, "not JSON"),
            (httpx.Response(200, json=[]), Permanent, "another shape"),
            (
                httpx.Response(401, json={"detail": "Invalid API key"}),
                Permanent,
                "Invalid API key.*set a valid AFTERSIGN_PANDADOC__API_KEY",
            ),
            (httpx.Response(403), Permanent, "role in the workspace"),
            (httpx.Response(404), Permanent, "still exists"),
            (httpx.Response(409), Transient, "still working"),
            (httpx.Response(423, json={"type": "document_locked"}), Transient, "locked"),
            (httpx.Response(302, headers={"location": "https://evil.example/"}), Permanent, "never followed"),
        ],
    )
    def test_that_fails_says_who_must_act(self, answer: httpx.Response, error: type[AftersignError], said: str) -> None:
        with pytest.raises(error, match=f"(?s){said}"):
            answering(lambda _: answer).confirm("abc")

    def test_that_never_arrives_is_tried_again(self) -> None:
        def broken(request: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout("slow", request=request)

        with pytest.raises(Transient, match="ReadTimeout"):
            answering(broken).confirm("abc")

    def test_packed_wrongly_is_tried_again(self) -> None:
        def broken(_: httpx.Request) -> httpx.Response:
            return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"not gzip"))

        with pytest.raises(Transient, match="DecodingError"):
            answering(broken).confirm("abc")

    @pytest.mark.parametrize(
        ("headers", "wait"),
        [
            ({"retry-after": "17"}, 17.0),
            ({"retry-after": "Sat, 21 Nov 2026 10:00:30 GMT", "date": "Sat, 21 Nov 2026 10:00:00 GMT"}, 30.0),
            ({"retry-after": "Sat, 21 Nov 2026 09:00:00 GMT", "date": "Sat, 21 Nov 2026 10:00:00 GMT"}, 0.0),
            ({"retry-after": "Sat, 21 Nov 2026 10:00:30 -0000", "date": "Sat, 21 Nov 2026 10:00:00 GMT"}, 30.0),
            ({"retry-after": "Sat, 21 Nov 2026 10:00:30 GMT", "date": "today"}, None),
            ({"retry-after": "soon"}, None),
            ({"retry-after": "²"}, None),
            ({}, None),
        ],
    )
    def test_that_must_wait_waits_as_long_as_the_vendor_asks(self, headers: dict[str, str], wait: float | None) -> None:
        raw = {name: value.encode() for name, value in headers.items()}
        with pytest.raises(Transient) as caught:
            answering(lambda _: httpx.Response(429, headers=raw)).confirm("abc")  # type: ignore[arg-type]
        assert caught.value.retry_after == wait

    def test_that_is_throttled_reads_the_wait_out_of_pandadocs_sentence(self) -> None:
        said = {"type": "request_error", "detail": "Request was throttled. Expected available in 13 seconds."}
        with pytest.raises(Transient) as caught:
            answering(lambda _: httpx.Response(429, json=said)).confirm("abc")
        assert caught.value.retry_after == 13

    def test_of_another_shape_names_the_field(self) -> None:
        odd = {**DETAILS, "recipients": {"email": "no list"}}
        esign = answering(lambda r: httpx.Response(200, json=odd if r.url.path.endswith("details") else STATUS))
        with pytest.raises(Permanent, match="another shape.*recipients"):
            esign.confirm("abc")

    def test_holds_what_people_filled_in(self) -> None:
        fields = [
            {"name": "PO number", "field_id": "po", "type": "text", "value": "PO-7"},
            {"name": "PO number", "field_id": "po2", "type": "text", "value": "PO-8"},
            {"name": "Wants training", "type": "checkbox", "value": True},
            {"name": "Seats", "type": "text", "value": 40.5},
            {"name": "Licence", "type": "collect_file", "value": {"name": "licence.pdf", "url": "https://x"}},
            {"name": "Signature", "type": "signature", "value": {}},
            {"name": "Empty", "type": "text", "value": ""},
            {"name": "Unanswered", "type": "date", "value": None},
            {"name": "Text", "merge_field": "billing_contact", "type": "text", "value": "Ada"},
        ]
        full = {**DETAILS, "fields": fields}
        esign = answering(lambda r: httpx.Response(200, json=full if r.url.path.endswith("details") else STATUS))
        assert esign.confirm("abc").fields == {
            "PO number": "PO-7",
            "po2": "PO-8",
            "Wants training": "yes",
            "Seats": "40.5",
            "Licence": "licence.pdf",
            "billing_contact": "Ada",
        }

    @pytest.mark.parametrize(
        "document",
        ["", "..", "../x", "a/b", "a?b", "a#b", "a%2Fb", "a b", "http://evil.example", "a" * 65, "a\n", "ａ/"],
    )
    def test_of_a_name_that_is_no_id_asks_nothing(self, document: str) -> None:
        esign = answering(never)
        for ask in (esign.confirm, esign.signed_pdf, esign.certificate):
            with pytest.raises(Permanent, match="is not a PandaDoc document id"):
                ask(document)


class TestTheSignedPdf:
    def test_falls_back_to_the_plain_download_with_a_sandbox_key(self) -> None:
        asked: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request.url.path.rpartition("/")[2])
            return (
                httpx.Response(401) if asked[-1] == "download-protected" else httpx.Response(200, content=b"%PDF-1.7")
            )

        assert answering(answer).signed_pdf("abc") == b"%PDF-1.7"
        assert asked == ["download-protected", "download"]

    @pytest.mark.parametrize("status", [202, 409])
    def test_that_is_still_being_made_is_worth_waiting_for(self, status: int) -> None:
        with pytest.raises(Transient) as caught:
            answering(lambda _: httpx.Response(status)).signed_pdf("abc")
        assert caught.value.retry_after == 5

    def test_is_never_a_web_page(self) -> None:
        with pytest.raises(Transient, match="web page"):
            answering(lambda _: httpx.Response(200, html="<h1>maintenance</h1>")).signed_pdf("abc")

    def test_refused_with_both_keys_is_a_persons_job(self) -> None:
        with pytest.raises(Permanent, match="401"):
            answering(lambda _: httpx.Response(401)).signed_pdf("abc")

    def test_is_not_fetched_from_elsewhere(self) -> None:
        elsewhere = httpx.Response(302, headers={"location": "http://169.254.169.254/latest/meta-data"})
        with pytest.raises(Permanent, match="redirects are never followed"):
            answering(lambda _: elsewhere).signed_pdf("abc")

    def test_of_more_than_60_mib_is_not_read_to_its_end(self) -> None:
        sent = 0

        def chunks() -> Iterator[bytes]:
            nonlocal sent
            for _ in range(200):
                sent += 1
                yield b"x" * 2**20

        class Stream(httpx.SyncByteStream):
            def __iter__(self) -> Iterator[bytes]:
                return chunks()

        with pytest.raises(Permanent, match="more than 60 MiB"):
            answering(lambda _: httpx.Response(200, stream=Stream())).signed_pdf("abc")
        assert sent <= 62


class TestTheEvidence:
    def test_is_kept_verbatim_as_long_as_one_page_holds_it(self) -> None:
        raw = b'{ "results": [{"action": 7}] }'
        name, content = answering(lambda _: httpx.Response(200, content=raw)).certificate("abc")
        assert (name, content) == ("abc-audit-trail.json", raw)

    def test_holds_every_action_of_a_long_history(self) -> None:
        history = [{"id": str(number), "action": 1} for number in range(230)]

        def answer(request: httpx.Request) -> httpx.Response:
            start = int(request.url.params.get("offset", 0))
            return httpx.Response(200, json={"results": history[start : start + int(request.url.params["limit"])]})

        assert json.loads(answering(answer).certificate("abc")[1])["results"] == history


class TestCompletedSince:
    def test_reads_every_page(self) -> None:
        asked: list[dict[str, str]] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(dict(request.url.params))
            page = int(request.url.params["page"])
            rows = [{"id": f"d{page}-{n}"} for n in range(100 if page < 3 else 7)]
            return httpx.Response(200, json={"results": rows})

        found = answering(answer).completed_since(SINCE)
        assert len(found) == len(set(found)) == 207
        assert [query["page"] for query in asked] == ["1", "2", "3"]
        assert {(query["status"], query["completed_from"]) for query in asked} == {("2", "2026-11-01T12:00:00.000000Z")}

    def test_ends_with_an_empty_page(self) -> None:
        pages = iter([[{"id": str(n)} for n in range(100)], []])
        assert (
            len(answering(lambda _: httpx.Response(200, json={"results": next(pages)})).completed_since(SINCE)) == 100
        )

    def test_leaves_out_rows_without_an_id(self) -> None:
        answer = httpx.Response(200, json={"results": [{"id": ""}, {}, {"id": "x"}]})
        assert answering(lambda _: answer).completed_since(SINCE) == ["x"]


class TestTheDemosPandaDoc:
    """The fake that `aftersign demo` runs answers what the connector asks."""

    @pytest.fixture
    def fake(self) -> Iterator[tuple[FakePandaDoc, str]]:
        fake = with_samples()
        url = fake.start()
        yield fake, url
        fake.stop()

    def test_serves_a_whole_handoff(self, fake: tuple[FakePandaDoc, str]) -> None:
        endpoint = http.Endpoint("pandadoc", fake[1], {"Authorization": "API-Key demo-api-key"}, http.client())
        esign = PandaDocEsign(PandaDocClient(endpoint), KEYS)
        document = esign.completed_since(datetime(2020, 1, 1, tzinfo=UTC))[0]
        assert esign.confirm(document).completed
        assert esign.signed_pdf(document).startswith(b"%PDF")
        assert json.loads(esign.certificate(document)[1])["results"]

    def test_a_wrong_key_is_a_persons_job(self, fake: tuple[FakePandaDoc, str]) -> None:
        endpoint = http.Endpoint("pandadoc", fake[1], {"Authorization": "API-Key wrong"}, http.client())
        with pytest.raises(Permanent, match="Invalid API key"):
            PandaDocEsign(PandaDocClient(endpoint), KEYS).completed_since(SINCE)

    def test_a_vendor_that_is_down_is_worth_waiting_for(self, fake: tuple[FakePandaDoc, str]) -> None:
        fake[0].down = True
        endpoint = http.Endpoint(
            "pandadoc", fake[1], {"Authorization": "API-Key demo-api-key"}, http.client(), sleep=lambda _: None
        )
        with pytest.raises(Transient, match="503"):
            PandaDocEsign(PandaDocClient(endpoint), KEYS).completed_since(SINCE)
