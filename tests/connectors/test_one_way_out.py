"""One session for every vendor: pace, breaker, retries, tokens, redaction and the SDK bridge."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from decimal import Decimal

import httpx
import pytest
from simple_salesforce.api import Salesforce

from connectors import http
from connectors.bridge import session
from connectors.oauth import Token, TokenAuth, grant
from connectors.pace import Breaker, Pace
from connectors.redact import redact
from domain.errors import Permanent, Transient

Handler = Callable[[httpx.Request], httpx.Response]


def to(handler: Handler, *, auth: httpx.Auth | None = None, **given: object) -> tuple[http.Endpoint, list[float]]:
    """Return an endpoint whose transport answers as told, and the pauses it made."""
    pauses: list[float] = []
    client = httpx.Client(transport=httpx.MockTransport(handler), auth=auth)
    return http.Endpoint("acme", "https://api.acme.example/v1", {}, client, sleep=pauses.append, **given), pauses  # type: ignore[arg-type]


def each(answers: Iterable[httpx.Response | type[Exception]]) -> Handler:
    """Answer with one after the other."""
    waiting = iter(answers)

    def handler(request: httpx.Request) -> httpx.Response:
        answer = next(waiting)
        if isinstance(answer, httpx.Response):
            return answer
        raise answer("no")

    return handler


class TestARead:
    @pytest.mark.parametrize("first", [502, 503, 504])
    def test_is_tried_again_while_the_vendor_is_briefly_away(self, first: int) -> None:
        endpoint, pauses = to(each([httpx.Response(first), httpx.Response(200, json={"a": 1})]))
        assert endpoint.json("GET", "/x") == {"a": 1}
        assert pauses == [0.3]

    def test_is_tried_again_when_the_connection_breaks(self) -> None:
        endpoint, _ = to(each([httpx.ConnectError, httpx.ReadError, httpx.Response(200, json={})]))
        assert endpoint.get("/x").status_code == 200

    def test_gives_up_after_three(self) -> None:
        endpoint, _ = to(each([httpx.ConnectError] * 3))
        with pytest.raises(Transient, match="did not answer GET"):
            endpoint.get("/x")

    def test_is_not_repeated_after_a_time_out(self) -> None:
        endpoint, _ = to(each([httpx.ReadTimeout, httpx.Response(200)]))
        with pytest.raises(Transient):
            endpoint.get("/x")

    def test_keeps_money_exact(self) -> None:
        endpoint, _ = to(lambda _: httpx.Response(200, content=b'{"total": 0.1000000000000000055}'))
        assert endpoint.json("GET", "/x")["total"] == Decimal("0.1000000000000000055")

    @pytest.mark.parametrize("body", [b"{", b"<html>busy</html>", b"[" * 200_000])
    def test_that_is_cut_off_is_tried_later(self, body: bytes) -> None:
        endpoint, _ = to(lambda _: httpx.Response(200, content=body))
        with pytest.raises(Transient, match="not JSON"):
            endpoint.json("GET", "/x")

    def test_of_another_shape_needs_a_person(self) -> None:
        endpoint, _ = to(lambda _: httpx.Response(200, content=b"[]"))
        with pytest.raises(Permanent, match="another shape"):
            endpoint.json("GET", "/x")


class TestAWrite:
    @pytest.mark.parametrize("first", [httpx.Response(503), httpx.ConnectError])
    def test_is_never_repeated_by_itself(self, first: httpx.Response | type[Exception]) -> None:
        endpoint, pauses = to(each([first, httpx.Response(200, json={})]))
        with pytest.raises(Transient):
            endpoint.json("POST", "/x", json={})
        assert pauses == []

    def test_that_is_keyed_may_be(self) -> None:
        endpoint, _ = to(each([httpx.Response(503), httpx.Response(200, json={"ok": True})]))
        assert endpoint.json("PATCH", "/x", json={}, repeatable=True) == {"ok": True}

    def test_that_was_throttled_was_not_carried_out_and_is_sent_again(self) -> None:
        endpoint, pauses = to(each([httpx.Response(429, headers={"Retry-After": "2"}), httpx.Response(201, json={})]))
        endpoint.json("POST", "/x", json={})
        assert pauses == [2.0]

    def test_waits_for_a_date_as_well_as_for_seconds(self) -> None:
        headers = {"Date": "Sun, 22 Nov 2026 10:00:00 GMT", "Retry-After": "Sun, 22 Nov 2026 10:00:03 GMT"}
        endpoint, pauses = to(each([httpx.Response(429, headers=headers), httpx.Response(200, json={})]))
        endpoint.json("POST", "/x", json={})
        assert pauses == [3.0]

    def test_leaves_a_long_wait_to_the_scheduler(self) -> None:
        endpoint, pauses = to(each([httpx.Response(429, headers={"Retry-After": "60"})]))
        with pytest.raises(Transient) as caught:
            endpoint.json("POST", "/x", json={})
        assert (caught.value.retry_after, pauses) == (60.0, [])


class TestAnAddressInAnAnswer:
    @pytest.mark.parametrize(
        "url", ["https://evil.example/x", "http://api.acme.example.evil/x", "https://acme.example/x"]
    )
    def test_is_not_asked_at_another_host(self, url: str) -> None:
        endpoint, _ = to(lambda _: pytest.fail("asked"))
        with pytest.raises(Permanent, match="not asked"):
            endpoint.get(url)

    def test_is_asked_at_our_own_and_at_a_configured_one(self) -> None:
        endpoint, _ = to(lambda r: httpx.Response(200, text=str(r.url)), hosts=frozenset({"files.acme.example"}))
        assert endpoint.get("https://api.acme.example/v2/x").text == "https://api.acme.example/v2/x"
        assert endpoint.get("https://files.acme.example/x").text == "https://files.acme.example/x"

    @pytest.mark.parametrize("value", ["", ".", "..", "a\nb", "x" * 301])
    def test_cannot_be_left_by_an_id(self, value: str) -> None:
        with pytest.raises(Permanent):
            http.segment(value)

    def test_keeps_an_odd_id_in_one_segment(self) -> None:
        assert http.segment("a/../b?c#d") == "a%2F..%2Fb%3Fc%23d"


class TestTheBreaker:
    def test_rests_a_vendor_that_keeps_failing_and_tries_once_after(self) -> None:
        now = [0.0]
        breaker = Breaker(limit=3, rest=15, clock=lambda: now[0])
        asked: list[int] = []

        def down(request: httpx.Request) -> httpx.Response:
            asked.append(1)
            return httpx.Response(500)

        endpoint, _ = to(down, breaker=breaker)
        for _ in range(3):
            endpoint.send("POST", "/x")
        with pytest.raises(Transient, match="failed 3 times in a row") as caught:
            endpoint.send("POST", "/x")
        assert (len(asked), caught.value.retry_after) == (3, 15)
        now[0] = 16
        endpoint.send("POST", "/x")
        with pytest.raises(Transient):
            endpoint.send("POST", "/x")
        assert len(asked) == 4

    def test_closes_with_the_first_success(self) -> None:
        breaker = Breaker(limit=2)
        for failed in (True, False, True, False, True):
            breaker.tell(failed=failed)
        breaker.enter("acme")


class TestThePace:
    def test_spreads_calls_out(self) -> None:
        pauses: list[float] = []
        pace = Pace(per_second=2, burst=2, clock=lambda: 100.0, sleep=pauses.append)
        for _ in range(4):
            pace.wait("acme")
        assert pauses == [0.5, 1.0]

    def test_sends_a_worker_away_rather_than_let_it_sleep_long(self) -> None:
        pace = Pace(per_second=0.05, clock=lambda: 100.0, sleep=lambda _: None)
        pace.wait("acme")
        with pytest.raises(Transient) as caught:
            pace.wait("acme")
        assert caught.value.retry_after == pytest.approx(20)


class TestAToken:
    @staticmethod
    def auth(now: list[float]) -> tuple[TokenAuth, list[str]]:
        made: list[str] = []

        def fetch() -> Token:
            made.append(f"t{len(made)}")
            return Token(made[-1], 600)

        return TokenAuth(fetch, lambda: now[0]), made

    def test_is_fetched_once_and_renewed_before_its_end(self) -> None:
        now = [0.0]
        auth, made = self.auth(now)
        endpoint, _ = to(lambda r: httpx.Response(200, text=r.headers["authorization"]), auth=auth)
        assert [endpoint.get("/").text, endpoint.get("/").text] == ["Bearer t0"] * 2
        now[0] = 541
        assert endpoint.get("/").text == "Bearer t1"
        assert made == ["t0", "t1"]

    def test_is_renewed_once_after_a_401(self) -> None:
        auth, made = self.auth([0.0])
        endpoint, _ = to(lambda r: httpx.Response(401 if r.headers["authorization"] == "Bearer t0" else 200), auth=auth)
        assert endpoint.send("POST", "/", content=b"body").status_code == 200
        refused, _ = to(lambda _: httpx.Response(401), auth=auth)
        assert refused.get("/").status_code == 401
        assert len(made) == 3

    def test_that_is_refused_names_the_setting(self) -> None:
        endpoint, _ = to(lambda _: httpx.Response(400, json={"error": "invalid_grant", "error_description": "expired"}))
        with pytest.raises(Permanent, match="invalid_grant - expired") as caught:
            grant(endpoint, "/token", {}, setting="AFTERSIGN_ACME__CLIENT_SECRET")
        assert "AFTERSIGN_ACME__CLIENT_SECRET" in caught.value.fix


class TestWhatIsWritten:
    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("Bearer abcdefgh12345", "Bearer <secret>"),
            ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic <secret>"),
            ("token xoxb-123456789-abc", "token <secret>"),
            ('{"access_token": "abc"}', '{"access_token": "<secret>"}'),
            ("client_secret=s3cret&x=1", "client_secret=<secret>&x=1"),
            ("sk_live_123456789", "<secret>"),
            ("mail sam@vela.example now", "mail <e-mail> now"),
            ("/users/sam%40vela.example", "/users/<e-mail>"),
            ("a deal without secrets", "a deal without secrets"),
        ],
    )
    def test_holds_neither_secret_nor_address(self, text: str, left: str) -> None:
        assert redact(text) == left

    def test_names_the_call_and_never_its_query(self, caplog: pytest.LogCaptureFixture) -> None:
        endpoint, _ = to(lambda _: httpx.Response(200, json={}))
        with caplog.at_level(logging.DEBUG):
            endpoint.get("/users/sam@vela.example", params={"email": "sam@vela.example", "signature": "s3cret"})
        assert "acme: GET /v1/users/<e-mail> -> 200" in caplog.text
        assert "sam@" not in caplog.text
        assert "s3cret" not in caplog.text


class TestAnSdk:
    def test_speaks_through_our_session(self) -> None:
        seen: list[httpx.Request] = []

        def handler(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return httpx.Response(200, json={"totalSize": 0, "done": True, "records": []})

        endpoint, _ = to(handler)
        sales = Salesforce(
            session_id="s", instance_url="https://api.acme.example", version="66.0", session=session(endpoint)
        )
        assert sales.query("SELECT Id FROM Task")["records"] == []
        assert seen[0].url.path == "/services/data/v66.0/query/"

    def test_reaches_no_other_host(self) -> None:
        endpoint, _ = to(lambda _: pytest.fail("asked"))
        with pytest.raises(Permanent, match="not asked"):
            session(endpoint).get("https://login.salesforce.com/services/Soap")

    def test_follows_no_redirect(self) -> None:
        endpoint, _ = to(lambda _: httpx.Response(302, headers={"Location": "https://evil.example"}))
        assert session(endpoint).get("https://api.acme.example/x").status_code == 302
