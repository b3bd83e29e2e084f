"""Log in at a real OpenID provider of another process; whatever is wrong about it opens nothing."""

from __future__ import annotations

import dataclasses
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from pydantic import SecretStr
from sqlalchemy import select

from config.settings_serving import Login
from store.tables import audit
from store.tables_desk import sessions
from tests.web.conftest import Make
from tests.web.entrance import create_app, flat
from web import login as login_pages
from web import openid
from web.context import WebContext
from web.problems import Refused

SITE = "https://aftersign.lumora.example"
LEA = "lea.brandt@lumora.example"
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Start a provider on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                httpx.get(f"{address}/.well-known/openid-configuration").raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(10)


@dataclasses.dataclass
class Desk:
    """Hold a house with a login, the clock of its wall and a browser before it."""

    context: WebContext
    browser: TestClient
    issuer: str
    ahead: timedelta = timedelta()

    def start(self, after: str = "/people/me") -> str:
        """Begin a login and return the provider's address."""
        answer = self.browser.get("/login/start", params={"next": after}, follow_redirects=False)
        assert answer.status_code == 303
        return answer.headers["location"]

    def approve(self, place: str, sub: str, **claims: Any) -> str:
        """Say yes at the provider as somebody and return where it sends the browser."""
        told = {"email": sub, "email_verified": True, **claims}
        httpx.put(f"{self.issuer}/users/{sub}", json=told).raise_for_status()
        return httpx.post(place, data={"sub": sub}).headers["location"]

    def log_in(self, sub: str = LEA, after: str = "/people/me", **claims: Any) -> httpx.Response:
        """Drive a whole login."""
        return self.browser.get(self.approve(self.start(after), sub, **claims), follow_redirects=False)

    def trail(self, action: str) -> list[str]:
        """List who did that."""
        with self.context.database.read() as connection:
            return list(connection.scalars(select(audit.c.actor).where(audit.c.action == action)))


@pytest.fixture
def desk(make_context: Make, issuer: str) -> Desk:
    made = make_context(host="0.0.0.0", public_url=SITE, token="right")
    login = Login(mode="oidc", issuer=issuer, client_id="aftersign", client_secret=SecretStr("s"))
    settings = made.settings.model_copy(update={"login": login})
    found = Desk(dataclasses.replace(made, settings=settings), None, issuer)  # type: ignore[arg-type]
    found.context = dataclasses.replace(found.context, clock=lambda: datetime.now(UTC) + found.ahead)
    found.browser = TestClient(create_app(found.context), base_url=SITE, headers=HTML)
    return found


class TestALogin:
    def test_leads_back_to_the_page_that_was_asked_for(self, desk: Desk) -> None:
        asked = desk.browser.get("/people/me?x=1", follow_redirects=False)
        assert asked.headers["location"] == "/login?next=%2Fpeople%2Fme%3Fx%3D1"
        assert "/login/start?next=/people/me" in desk.browser.get(asked.headers["location"]).text
        answer = desk.log_in(after="/people/me?x=1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/people/me?x=1")
        page = desk.browser.get("/people/me")
        assert "Lea Brandt" in page.text
        assert "Log out" in page.text
        assert desk.trail("login") == [LEA]

    def test_asks_with_pkce_state_and_nonce(self, desk: Desk) -> None:
        asked = parse_qs(urlsplit(desk.start()).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert all(len(asked[name][0]) >= 32 for name in ("state", "nonce", "code_challenge"))
        assert asked["redirect_uri"] == [f"{SITE}/login/back"]

    def test_gives_a_cookie_that_only_this_host_gets_and_no_script_reads(self, desk: Desk) -> None:
        cookie = next(
            one for one in desk.log_in().headers.get_list("set-cookie") if one.startswith("__Host-aftersign=")
        )
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie
        with desk.context.database.read() as connection:
            row = connection.execute(select(sessions)).mappings().one()
        assert cookie.partition("=")[2].partition(";")[0] not in str(dict(row))

    def test_takes_the_providers_groups_for_roles(self, desk: Desk) -> None:
        desk.log_in(groups=["aftersign-admins"])
        assert "admin" in desk.browser.get("/people/me").text
        assert desk.browser.get("/webhooks").status_code == 200

    def test_is_a_new_session_and_ends_the_one_before(self, desk: Desk) -> None:
        desk.browser.cookies.set("__Host-aftersign", "chosen-by-somebody-else", domain="aftersign.lumora.example")
        desk.log_in()
        with desk.context.database.read() as connection:
            assert connection.scalar(select(sessions.c.token_hash)) != login_pages.sessions.digest(
                "chosen-by-somebody-else"
            )
        first = desk.browser.cookies["__Host-aftersign"] if len(desk.browser.cookies) == 1 else None
        desk.log_in()
        with desk.context.database.read() as connection:
            ended = list(connection.scalars(select(sessions.c.ended_at).order_by(sessions.c.created_at)))
        assert first is None or (ended[0] is not None and ended[1] is None)

    def test_ends_with_a_logout_even_for_a_copied_cookie(self, desk: Desk) -> None:
        desk.log_in()
        copied = dict(desk.browser.cookies)
        assert desk.browser.post("/logout", follow_redirects=False).headers["location"] == "/login"
        again = TestClient(create_app(desk.context), base_url=SITE, headers=HTML, cookies=copied)
        assert again.get("/people/me", follow_redirects=False).status_code == 303
        assert desk.trail("logout") == [LEA]

    @pytest.mark.parametrize("later", [timedelta(hours=9), timedelta(days=8)])
    def test_ends_when_it_is_left_alone_or_old(self, desk: Desk, later: timedelta) -> None:
        desk.log_in()
        desk.ahead = later
        assert desk.browser.get("/people/me", follow_redirects=False).headers["location"].startswith("/login")

    def test_that_is_used_daily_still_ends_after_a_week(self, desk: Desk) -> None:
        desk.log_in()
        for hours in range(0, 168, 7):
            desk.ahead = timedelta(hours=hours)
            assert desk.browser.get("/people/me", follow_redirects=False).status_code == 200
        desk.ahead = timedelta(hours=169)
        assert desk.browser.get("/people/me", follow_redirects=False).status_code == 303

    def test_ends_when_the_person_leaves(self, desk: Desk) -> None:
        desk.log_in()
        people = desk.context.business.people
        gone = {**people, LEA: dataclasses.replace(people[LEA], active=False)}
        desk.context = dataclasses.replace(
            desk.context, business=dataclasses.replace(desk.context.business, people=gone)
        )
        later = TestClient(create_app(desk.context), base_url=SITE, headers=HTML, cookies=dict(desk.browser.cookies))
        assert later.get("/people/me", follow_redirects=False).status_code == 303
        with desk.context.database.read() as connection:
            assert connection.scalar(select(sessions.c.ended_at)) is not None


class TestALoginThatIsRefused:
    def refused(self, desk: Desk, answer: httpx.Response) -> None:
        assert answer.status_code == 403
        assert "__Host-aftersign=" not in str(answer.headers.get_list("set-cookie"))
        assert desk.browser.get("/people/me", follow_redirects=False).status_code == 303
        with desk.context.database.read() as connection:
            assert connection.execute(select(sessions)).all() == []
        assert desk.trail("login.refused")

    def test_when_nobody_knows_the_person(self, desk: Desk) -> None:
        answer = desk.log_in("stranger@lumora.example")
        assert "ownership.yaml" in answer.text
        self.refused(desk, answer)
        assert desk.trail("login.refused") == ["stranger@lumora.example"]

    @pytest.mark.parametrize("verified", [False, None, "true"])
    def test_when_nobody_verified_the_address(self, desk: Desk, verified: object) -> None:
        self.refused(desk, desk.log_in(email_verified=verified))

    def test_when_the_state_is_another(self, desk: Desk) -> None:
        back = desk.approve(desk.start(), LEA)
        state = parse_qs(urlsplit(back).query)["state"][0]
        self.refused(desk, desk.browser.get(back.replace(state, "x" * len(state)), follow_redirects=False))

    def test_when_another_browser_began_it(self, desk: Desk) -> None:
        back = desk.approve(desk.start(), LEA)
        desk.browser.cookies.clear()
        self.refused(desk, desk.browser.get(back, follow_redirects=False))

    def test_when_the_nonce_or_the_verifier_is_of_another_login(self, desk: Desk) -> None:
        for name in ("nonce", "code_challenge"):
            place = desk.start()
            value = parse_qs(urlsplit(place).query)[name][0]
            back = desk.approve(place.replace(value, "y" * len(value)), LEA)
            answer = desk.browser.get(back, follow_redirects=False)
            if name == "nonce":
                self.refused(desk, answer)

    def test_when_another_provider_answers_or_it_says_no(self, desk: Desk) -> None:
        back = desk.approve(desk.start(), LEA)
        self.refused(desk, desk.browser.get(f"{back}&iss=https://evil.example", follow_redirects=False))
        state = parse_qs(urlsplit(back).query)["state"][0]
        answer = desk.browser.get(f"/login/back?error=access_denied&state={state}", follow_redirects=False)
        assert "access_denied" in answer.text
        self.refused(desk, answer)


KEY = RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig"})
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
LOGIN = Login(mode="oidc", issuer="https://id.example", client_id="aftersign")
ATTEMPT = openid.Attempt("s", "n", "v", "/")


def told(key: RSAKey = KEY, algorithm: str = "RS256", **changes: Any) -> dict[str, Any]:
    at = int(NOW.timestamp())
    claims = {"iss": "https://id.example", "aud": "aftersign", "exp": at + 300, "iat": at, "nonce": "n", "sub": "1"}
    token = jwt.encode({"alg": algorithm, "kid": "1"}, {**claims, **changes}, key)
    keys = KeySet([KEY]).as_dict(private=False)
    return openid.verified(token, keys, "https://id.example", LOGIN, ATTEMPT, NOW)


class TestAnIdToken:
    def test_that_is_right_is_believed(self) -> None:
        assert told()["sub"] == "1"
        assert told(aud=["aftersign"], azp="aftersign")["sub"] == "1"

    @pytest.mark.parametrize(
        "changes",
        [
            {"iss": "https://evil.example"}, {"aud": "another"}, {"nonce": "of another login"}, {"nonce": None},
            {"exp": int(NOW.timestamp()) - 120}, {"exp": None}, {"azp": "another"},
            {"key": RSAKey.generate_key(2048, parameters={"kid": "1"})},
        ],
    )  # fmt: skip
    def test_that_is_wrong_is_not(self, changes: dict[str, Any]) -> None:
        with pytest.raises(Refused):
            told(**changes)

    def test_without_a_signature_is_not(self) -> None:
        with pytest.raises(Refused):
            openid.verified("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", KeySet([KEY]).as_dict(), "x", LOGIN, ATTEMPT, NOW)


class TestWhereALoginLeads:
    @pytest.mark.parametrize("place", ["/", "/contracts?q=a%20b", "/people/me#feeds"])
    def test_is_a_page_of_ours(self, place: str) -> None:
        assert login_pages.own_path(place) == place

    @pytest.mark.parametrize(
        "place",
        ["", "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)",
         "/\t/evil.example", "/%0a\n/x", "evil", "/login/start", "/logout", "/" + "a" * 3000],
    )  # fmt: skip
    def test_is_never_elsewhere(self, place: str) -> None:
        assert login_pages.own_path(place) == "/"


class TestTheGate:
    def test_answers_programs_401_and_knows_the_token(self, desk: Desk) -> None:
        api = TestClient(create_app(desk.context), base_url=SITE)
        answer = api.get("/api/handoffs")
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert api.get("/api/handoffs", headers={"Authorization": "Bearer right"}).status_code == 200
        assert api.get("/handoffs", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/login"

    def test_closes_every_page_to_nobody(self, desk: Desk) -> None:
        app = create_app(desk.context)
        closed = TestClient(app, base_url=SITE, follow_redirects=False)
        for path, method in routes(app):
            if (
                not path.startswith(("/t/", "/login", "/healthz", "/readyz", "/static"))
                and "webhooks/{source}" not in path
            ):
                if (path, method) == ("/webhooks/slack", "POST"):
                    continue
                assert closed.request(method, path.replace("{", "").replace("}", "")).status_code == 401, path

    def test_takes_no_form_of_another_site_on_any_route(self, desk: Desk) -> None:
        app = create_app(desk.context)
        evil = {"origin": "https://evil.example", "sec-fetch-site": "cross-site", "Authorization": "Bearer right"}
        attacked = TestClient(app, base_url=SITE, headers=evil)
        forms = [path for path, method in routes(app) if method not in {"GET", "HEAD"}]
        assert len(forms) > 15
        for path in forms:
            if path not in {"/webhooks/{source}", "/webhooks/slack"}:
                answer = attacked.post(path.replace("{", "").replace("}", "").replace(":int", ""))
                assert answer.status_code == 403, path
                assert "another site" in answer.text

    def test_slows_down_who_tries_logins_or_links(self, desk: Desk) -> None:
        for path, most in (("/login", 20), ("/t/brief/guess", 300)):
            answers = [desk.browser.get(path) for _ in range(most)]
            assert {one.status_code for one in answers} <= {200, 403}
            refused = next(one for one in iter(lambda: desk.browser.get(path), None) if one.status_code == 429)  # noqa: B023
            assert int(refused.headers["retry-after"]) >= 1


def routes(app: Any) -> list[tuple[str, str]]:
    return [(route.path, method) for route in flat(app.routes) for method in getattr(route, "methods", None) or ()]


class TestATrustedHeader:
    def house(self, make_context: Make, proxies: list[str], peer: str = "10.1.2.3") -> Callable[..., httpx.Response]:
        made = make_context(host="0.0.0.0", public_url=SITE)
        login = Login(mode="header", proxies=proxies)
        context = dataclasses.replace(made, settings=made.settings.model_copy(update={"login": login}))
        self.context = context
        client = TestClient(create_app(context), base_url=SITE, client=(peer, 5000), follow_redirects=False)
        return lambda *headers: client.get("/api/handoffs", headers=list(headers))

    def test_of_the_proxy_names_the_person_and_their_groups(self, make_context: Make) -> None:
        get = self.house(make_context, ["10.1.0.0/16"])
        assert get(("X-Forwarded-Email", LEA.upper())).status_code == 200
        assert get(("X-Forwarded-Email", LEA), ("X-Forwarded-Groups", "x,aftersign-admins")).json()
        with self.context.database.read() as connection:
            assert list(connection.scalars(select(audit.c.actor).where(audit.c.action == "login"))) == [LEA]

    def test_of_anybody_else_counts_for_nothing(self, make_context: Make) -> None:
        get = self.house(make_context, ["10.9.0.1"])
        assert get(("X-Forwarded-Email", LEA)).status_code == 403
        assert get(("X-Forwarded-Email", LEA), ("X-Forwarded-For", "10.9.0.1")).status_code == 403

    def test_that_is_missing_double_or_of_a_stranger_opens_nothing(self, make_context: Make) -> None:
        get = self.house(make_context, ["10.1.2.3"])
        assert get().status_code == 403
        assert get(("X-Forwarded-Email", LEA), ("X-Forwarded-Email", "x@y.example")).status_code == 403
        assert get(("X-Forwarded-Email", "stranger@y.example")).status_code == 403
        with self.context.database.read() as connection:
            refused = select(audit.c.actor).where(audit.c.action == "login.refused")
            assert list(connection.scalars(refused)) == ["stranger@y.example"]
