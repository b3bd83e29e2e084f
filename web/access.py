"""Who may see what: closed unless this is one machine's own server or the API token is shown.

Pure ASGI around the whole application, so that a route added later is closed by default.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from config.settings import Settings
from domain.errors import Permanent
from web.problems import Refused, respond
from web.rendering import NO_LOGIN

# Webhooks prove themselves by signature, token pages by their link.
_SIGNED = re.compile(r"/webhooks/[^/]+")
_TOKEN = re.compile(r"/t/[a-z]+/[^/]+")
_PUBLIC = re.compile(r"/healthz|/readyz|/static/.+")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Gate:
    """Let a request in, or answer 403 with what, why and fix."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check access and, for everything that changes something, where the request comes from."""
        if scope["type"] == "http":
            request = Request(scope, receive)
            try:
                check(request, self._settings)
            except Permanent as error:
                await respond(request, error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def check(request: Request, settings: Settings) -> None:
    """Raise `Refused` unless this request may reach its page."""
    path = request.url.path
    reading = request.method in {"GET", "HEAD", "OPTIONS"}
    if (not reading and _SIGNED.fullmatch(path)) or (reading and _PUBLIC.fullmatch(path)):
        return
    unlocked = is_open(request, settings)
    request.scope[NO_LOGIN] = unlocked
    if not _TOKEN.fullmatch(path) and not (unlocked or shows_token(request, settings)):
        raise Refused(
            "This page is not open to you",
            why="there is no login: pages open only on the machine itself (AFTERSIGN_WEB__HOST and"
            " AFTERSIGN_WEB__PUBLIC_URL both local) or with the API token",
            fix="open http://127.0.0.1 on that machine, or send `Authorization: Bearer"
            " <AFTERSIGN_WEB__API_TOKEN>` (a login proxy can add it)",
        )
    if not reading and not same_origin(request, settings):
        raise Refused(
            "This form was not sent from our own page",
            why="its origin is another site",
            fix="open the page and try again",
        )


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


def same_origin(request: Request, settings: Settings) -> bool:
    """Tell whether this may come from our own pages; browsers name a form's origin, programs need not."""
    ours = {request.headers.get("host", ""), urlsplit(settings.public_url).netloc} - {""}
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    named = origin if origin is not None else request.headers.get("referer")
    return named is None or urlsplit(named).netloc in ours


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
