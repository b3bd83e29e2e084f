"""QuickBooks gives a new refresh token with every use; losing it would lock us out."""

from __future__ import annotations

import stat
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from connectors import http
from connectors.oauth import Token
from connectors.quickbooks.token import refresh
from domain.errors import Permanent, Transient


class Intuit:
    """Take the newest refresh token only, and give the next one."""

    def __init__(self, newest: str) -> None:
        self.newest, self.asked, self.away = newest, 0, False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        assert request.headers["authorization"].startswith("Basic ")
        if self.away:
            return httpx.Response(503)
        if parse_qs(request.content.decode())["refresh_token"] != [self.newest]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        self.newest = f"{self.newest}+"
        return httpx.Response(200, json={"access_token": "a", "expires_in": 3600, "refresh_token": self.newest})

    def refresh(self, first: str, kept: Path) -> Token:
        client = httpx.Client(transport=httpx.MockTransport(self))
        login = http.Endpoint("quickbooks", "https://oauth.platform.intuit.com", {}, client, sleep=lambda _: None)
        return refresh(login, "id", "secret", first, kept)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "home" / "quickbooks-refresh-token"


class TestARefreshToken:
    def test_is_kept_for_the_next_time_and_readable_by_us_alone(self, kept: Path) -> None:
        intuit = Intuit("first")
        assert intuit.refresh("first", kept) == Token("a", 3600)
        assert intuit.refresh("first", kept).value == "a"
        assert kept.read_text() == "first++"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    def test_that_was_connected_anew_wins_over_a_kept_one_that_is_refused(self, kept: Path) -> None:
        kept.parent.mkdir()
        kept.write_text("stale")
        assert Intuit("new").refresh("new", kept).value == "a"
        assert kept.read_text() == "new+"

    def test_that_is_refused_names_the_setting_and_keeps_the_file(self, kept: Path) -> None:
        kept.parent.mkdir()
        kept.write_text("stale")
        with pytest.raises(Permanent, match="invalid_grant") as caught:
            Intuit("other").refresh("first", kept)
        assert "AFTERSIGN_QUICKBOOKS__REFRESH_TOKEN" in caught.value.fix
        assert kept.read_text() == "stale"

    def test_survives_an_hour_in_which_intuit_is_away(self, kept: Path) -> None:
        intuit = Intuit("first")
        intuit.away = True
        with pytest.raises(Transient):
            intuit.refresh("first", kept)
        intuit.away = False
        assert intuit.refresh("first", kept).value == "a"
