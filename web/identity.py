"""Who is asking, by session, by a login proxy's header, by API token, or on one's own machine."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request

from config.settings import Settings
from config.settings_serving import Login
from domain.access import Act, Viewer
from domain.people import Person
from store import sessions
from web.context import WebContext
from web.problems import Refused
from web.viewer import AS

SESSION = "aftersign.session"  # digest of the session that asks
TOKEN = Person("API token", "API token")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Stranger(Refused):
    """Say that somebody proved who they are, and that we do not know them."""

    def __init__(self, who: str) -> None:
        super().__init__(
            f"{who[:200]} has no access here",
            why="config/ownership.yaml lists no active person of that address",
            fix="ask whoever looks after Aftersign to add you, or log in with another account",
        )
        self.who = who[:200]


def identify(context: WebContext, request: Request) -> Viewer | None:
    """Return who asks, `None` for nobody. Raises `Stranger` for somebody who is no colleague."""
    settings = context.settings
    if shows_token(request, settings):
        return context.business.access.administrator(TOKEN, "token")
    if settings.login.mode == "oidc":
        return _by_session(context, request)
    if settings.login.mode == "header":
        return _by_header(context, request)
    return _local(context, request.cookies.get(AS, "")) if is_open(request, settings) else None


def colleague(people: Mapping[str, Person], email: str) -> Person | None:
    """Return the active person of an address, however it is written."""
    wanted = email.strip().casefold()
    return next((one for one in people.values() if one.active and one.email.casefold() == wanted), None)


def idle(login: Login) -> timedelta:
    """Return how long a session may be left alone."""
    return timedelta(minutes=login.idle_minutes)


def session_cookie(settings: Settings) -> str:
    """Return the name of the session's cookie; browsers take `__Host-` ones from this very host over https only."""
    return "__Host-aftersign" if is_https(settings) else "aftersign_session"


def is_https(settings: Settings) -> bool:
    """Tell whether people reach the pages over https."""
    return settings.public_url.startswith("https://")


def peer_of(request: Request, settings: Settings) -> str:
    """Return the address of whoever asks; a trusted proxy is believed about whom it speaks for."""
    host = request.client.host if request.client else ""
    told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return told[:64] if told and is_proxy(host, settings.login) else host


def is_proxy(host: str, login: Login) -> bool:
    """Tell whether a connection comes from one of the configured proxies."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(one, strict=False) for one in login.proxies)


def shows_token(request: Request, settings: Settings) -> bool:
    """Tell whether the request carries the configured API token; an empty token opens nothing."""
    expected = settings.web.api_token.get_secret_value()
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), expected.encode())
    return bool(expected) and kind.lower() == "bearer" and same


def is_open(request: Request, settings: Settings) -> bool:
    """Tell whether only this machine can be asking.

    The server must listen on loopback and be linked to as loopback, and the request must name a
    loopback host (a foreign name means DNS rebinding) and come through no proxy.
    """
    places = (settings.web.host, _host(settings.public_url), _host(f"//{request.headers.get('host', '')}"))
    return all(is_loopback(place) for place in places) and not any(h in request.headers for h in _FORWARDED)


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address means this machine."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _by_session(context: WebContext, request: Request) -> Viewer | None:
    token, now = request.cookies.get(session_cookie(context.settings), ""), context.clock()
    if not token:
        return None
    with context.database.read() as connection:
        row = sessions.current(connection, token, now=now, idle=idle(context.settings.login))
    if row is None:
        return None
    person = colleague(context.business.people, row["email"])
    if person is None:
        with context.database.write() as connection:
            sessions.end(connection, row["token_hash"], who=row["email"], why="no active person any more", now=now)
        return None
    if sessions.is_due(row, now):
        with context.database.write() as connection:
            sessions.touch(connection, row["token_hash"], now)
    request.scope[SESSION] = row["token_hash"]
    return context.business.access.viewer(person, row["how"], row["groups"])


def _by_header(context: WebContext, request: Request) -> Viewer | None:
    login = context.settings.login
    if not is_proxy(request.client.host if request.client else "", login):
        return None
    named = request.headers.getlist(login.header)
    if len(named) != 1 or not named[0].strip():  # two would mean that the proxy lets the sender's own pass
        return None
    person = colleague(context.business.people, named[0])
    if person is None:
        raise Stranger(named[0].strip())
    groups = ",".join(request.headers.getlist(login.groups_header)).split(",")
    return context.business.access.viewer(person, "header", [one.strip() for one in groups if one.strip()])


def _local(context: WebContext, chosen: str) -> Viewer | None:
    """Return as whom one looks on one's own machine: the chosen colleague, else the first administrator."""
    access, people = context.business.access, context.business.people
    if chosen in people and people[chosen].active:
        return access.viewer(people[chosen], "local")
    viewers = [access.viewer(person, "local") for person in people.values() if person.active]
    return max(viewers, key=lambda viewer: viewer.ever(Act.AUDIT), default=None)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
