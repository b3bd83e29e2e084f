"""The one way out over HTTP."""

from __future__ import annotations

import httpx
import pytest

from connectors import http
from domain.errors import ConfigurationError, Permanent, Transient


def endpoint(url: str, client: httpx.Client | None = None) -> http.Endpoint:
    return http.Endpoint("pandadoc", url, {}, client or http.client())


class TestAnEndpoint:
    @pytest.mark.parametrize(
        "url",
        [
            "https://api.pandadoc.com",
            "http://localhost:8080",
            "http://127.0.0.1:1",
            "http://127.9.9.9",
            "http://[::1]:80",
        ],
    )
    def test_speaks_https_or_stays_on_this_machine(self, url: str) -> None:
        assert endpoint(url).base_url == url

    @pytest.mark.parametrize(
        "url",
        [
            "http://api.pandadoc.com", "http://10.0.0.1", "http://169.254.169.254", "ftp://localhost", "file:///etc/passwd",
            "localhost:80", "", "http://localhost.evil.example", "http://127.0.0.1@evil.example", "http://2130706433",
        ],
    )  # fmt: skip
    def test_sends_no_credential_over_plain_http_to_anybody_else(self, url: str) -> None:
        with pytest.raises(ConfigurationError, match="AFTERSIGN_PANDADOC__BASE_URL"):
            endpoint(url)

    @pytest.mark.parametrize(("base", "path"), [("https://h.example/api", "x"), ("https://h.example/api/", "/x")])
    def test_joins_address_and_path_with_one_slash(self, base: str, path: str) -> None:
        client = httpx.Client(transport=httpx.MockTransport(lambda r: httpx.Response(200, text=str(r.url))))
        assert endpoint(base, client).get(path).text == "https://h.example/api/x"

    @pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520, 524])
    def test_waits_where_waiting_helps(self, status: int) -> None:
        with pytest.raises(Transient):
            self._checked(status)

    @pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 405, 409, 410, 422, 451, 501])
    def test_asks_for_a_person_where_it_does_not(self, status: int) -> None:
        with pytest.raises(Permanent) as caught:
            self._checked(status)
        assert caught.value.fix

    @pytest.mark.parametrize("status", [200, 201, 202, 204])
    def test_returns_every_success(self, status: int) -> None:
        assert self._checked(status).status_code == status

    def test_repeats_only_the_beginning_of_what_a_vendor_says(self) -> None:
        with pytest.raises(Permanent) as caught:
            self._checked(400, "x" * 10_000)
        assert len(caught.value.why) == 300

    def test_takes_up_to_60_mib_and_no_byte_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(http, "MAX_BYTES", 1000)
        for size, error in ((1000, None), (1001, Permanent)):
            client = httpx.Client(
                transport=httpx.MockTransport(lambda _, size=size: httpx.Response(200, content=b"x" * size))
            )
            if error is None:
                assert len(endpoint("https://h.example", client).get("x").content) == size
            else:
                with pytest.raises(error):
                    endpoint("https://h.example", client).get("x")

    def test_follows_no_redirect_and_no_proxy_variable(self) -> None:
        client = http.client()
        assert not client.follow_redirects
        assert not client.trust_env
        assert client.timeout.connect == 5

    @staticmethod
    def _checked(status: int, text: str = "") -> httpx.Response:
        client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(status, text=text)))
        way_out = endpoint("https://h.example", client)
        return way_out.checked(way_out.get("x"))
