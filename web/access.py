"""Who gets in: nobody, unless a session, a login proxy, the API token or one's own machine says who it is.

Pure ASGI around the whole application, so that a route added later is closed by default.
"""

from __future__ import annotations

import math
import re
import time
from urllib.parse import quote, urlsplit

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from config.settings import Settings
from domain.access import Viewer
from domain.errors import Permanent
from web.context import WebContext
from web.dependencies import seen
from web.identity import Stranger, identify, is_open, peer_of
from web.limits import Buckets
from web.problems import Refused, respond
from web.rendering import NO_LOGIN, VIEWER

# Webhooks prove themselves by signature, token pages by their link.
_SIGNED = re.compile(r"/webhooks/[^/]+")
_TOKEN = re.compile(r"/t/[a-z]+/[^/]+")
_PUBLIC = re.compile(r"/healthz|/readyz|/static/.+")
_LOGIN = re.compile(r"/login(?:/start|/back)?")
_NOBODY = {
    "local": (
        (
            "there is no login: pages open only on the machine itself (AFTERSIGN_WEB__HOST and"
            " AFTERSIGN_WEB__PUBLIC_URL both local) or with the API token"
        ),
        (
            "open http://127.0.0.1 on that machine, or send `Authorization: Bearer <AFTERSIGN_WEB__API_TOKEN>`;"
            " docs/access.md tells how to set up a login"
        ),
    ),
    "header": (
        "the request did not come through the login proxy, or the proxy named nobody",
        "use the address of the proxy; its own address must be in AFTERSIGN_LOGIN__PROXIES",
    ),
    "oidc": (
        "nobody is logged in",
        "log in at /login; programs send `Authorization: Bearer <AFTERSIGN_WEB__API_TOKEN>`",
    ),
}


class Gate:
    """Let a request in as somebody, lead a browser to the login, or refuse with what, why and fix."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._links = Buckets(burst=300, per_second=5)
        self._logins = Buckets(burst=20, per_second=0.2)
        self._strangers = Buckets(burst=1, per_second=1 / 60)
        self._by_header = Buckets(burst=1, per_second=1 / (60 * settings.login.idle_minutes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check who asks and, for everything that changes something, where the request comes from."""
        if scope["type"] == "http":
            request = Request(scope, receive)
            try:
                answer = await self._stopped(request)
            except Permanent as error:
                answer = respond(request, error)
            if answer is not None:
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _stopped(self, request: Request) -> Response | None:
        """Return what to answer instead of the page, `None` to let the request in."""
        path, reading = request.url.path, request.method in {"GET", "HEAD", "OPTIONS"}
        if (not reading and _SIGNED.fullmatch(path)) or (reading and _PUBLIC.fullmatch(path)):
            return None
        local = self._settings.login.mode == "local"
        request.scope[NO_LOGIN] = local and is_open(request, self._settings)
        if _TOKEN.fullmatch(path) or _LOGIN.fullmatch(path):
            buckets = self._links if _TOKEN.fullmatch(path) else self._logins
            if wait := buckets.wait(peer_of(request, self._settings), time.monotonic()):
                return _too_often(request, wait)
        elif answer := await self._unknown(request):
            return answer
        if not reading and not same_origin(request, self._settings):
            raise Refused(
                "This form was not sent from our own page",
                why="its origin is another site",
                fix="open the page and try again",
            )
        return None

    async def _unknown(self, request: Request) -> Response | None:
        """Return what to answer to nobody; note in the request who it is otherwise."""
        context: WebContext = request.scope["app"].state.context
        try:
            viewer = await run_in_threadpool(identify, context, request)
        except Stranger as error:
            await self._note_stranger(context, error)
            raise
        if viewer is None:
            return None if request.scope[NO_LOGIN] else _nobody(request, self._settings)
        request.scope[VIEWER] = viewer
        await self._note_header(context, viewer)
        return None

    async def _note_stranger(self, context: WebContext, error: Stranger) -> None:
        if not self._strangers.wait(error.who, time.monotonic()):
            await run_in_threadpool(seen, context, error.who, "login.refused", error.who, why=error.why)

    async def _note_header(self, context: WebContext, viewer: Viewer) -> None:
        if viewer.how == "header" and not self._by_header.wait(viewer.email, time.monotonic()):
            await run_in_threadpool(seen, context, viewer.email, "login", viewer.email, how="header")


def _nobody(request: Request, settings: Settings) -> Response:
    mode = settings.login.mode
    why, fix = _NOBODY[mode]
    if mode != "oidc":
        return respond(request, Refused("This page is not open to you", why=why, fix=fix))
    place = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if "hx-request" in request.headers:  # a fragment's place is no place for a login
        return Response(status_code=401, headers={"HX-Redirect": "/login"})
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"/login?next={quote(place, safe='')}", 303)
    answer = respond(request, Refused("You are not logged in", why=why, fix=fix), 401)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _too_often(request: Request, wait: float) -> Response:
    seconds = max(1, math.ceil(wait))
    problem = Refused("You ask too often", why="so many requests came from your address", fix="wait a little")
    answer = respond(request, problem, 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def same_origin(request: Request, settings: Settings) -> bool:
    """Tell whether this may come from our own pages; browsers name a form's origin, programs need not."""
    ours = {request.headers.get("host", ""), urlsplit(settings.public_url).netloc} - {""}
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    named = origin if origin is not None else request.headers.get("referer")
    return named is None or urlsplit(named).netloc in ours
