"""Log in at the company's OpenID provider, and out again."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from config.settings import Settings
from domain.people import Person
from store import sessions
from store.links import secret
from store.read_models import Missing
from web import openid
from web.context import WebContext
from web.dependencies import Context, seen
from web.identity import SESSION, Stranger, colleague, is_https, session_cookie
from web.problems import Refused
from web.rendering import page
from web.viewer import Asking

router = APIRouter(include_in_schema=False)
MINUTES = 15  # to type a password and find the second factor


@router.get("/login")
def ask(request: Request, context: Context, next: str = "/") -> Response:  # noqa: A002 - the address says `next`
    """Offer the login; where nobody logs in here, go on."""
    if context.settings.login.mode != "oidc":
        return RedirectResponse(own_path(next), 303)
    return page(request, "login.html", {"next": own_path(next)})


@router.get("/login/start")
def start(context: Context, next: str = "/") -> Response:  # noqa: A002 - the address says `next`
    """Send the browser to the provider."""
    _only_oidc(context)
    settings = context.settings
    address, attempt = openid.begin(settings.login, _callback(settings), own_path(next))
    answer = RedirectResponse(address, 303)
    kept = _signer(settings).dumps(asdict(attempt))
    answer.set_cookie(
        _attempt_cookie(settings), kept, max_age=MINUTES * 60, path="/", secure=is_https(settings), httponly=True,
        samesite="lax",
    )  # fmt: skip
    return answer


@router.get("/login/back")
def back(request: Request, context: Context, code: str = "", state: str = "", error: str = "") -> Response:
    """Take the browser back from the provider and begin a session; a session from before is ended."""
    _only_oidc(context)
    settings, now = context.settings, context.clock()
    try:
        back_to, person, groups = _who(request, context, code, state, error)
    except Refused as problem:
        who = problem.who if isinstance(problem, Stranger) else "unknown"
        seen(context, who, "login.refused", who, why=problem.why)
        raise
    _end(context, request, why="a new login")
    length = timedelta(hours=settings.login.hours)
    with context.database.write() as connection:
        token = sessions.begin(connection, person.email, "oidc", groups, now=now, length=length)
    answer = RedirectResponse(own_path(back_to), 303)
    answer.delete_cookie(_attempt_cookie(settings), path="/", secure=is_https(settings), httponly=True, samesite="lax")
    answer.set_cookie(
        session_cookie(settings), token, max_age=int(length.total_seconds()), path="/", secure=is_https(settings),
        httponly=True, samesite="lax",
    )  # fmt: skip
    return answer


def _who(
    request: Request, context: WebContext, code: str, state: str, error: str
) -> tuple[str, Person, tuple[str, ...]]:
    """Return where to go on, the colleague and their groups. Raises `Refused`."""
    settings = context.settings
    attempt = _attempt(request, settings, state)
    _same_provider(request, settings)
    if error or not code:
        said = error[:100] or "nothing"
        raise Refused("The login did not work", why=f"the provider says: {said}", fix="begin again at /login")
    found = openid.finish(settings.login, _callback(settings), attempt, code, context.clock())
    person = colleague(context.business.people, found.email)
    if person is None:
        raise Stranger(found.email)
    return attempt.back_to, person, found.groups


@router.post("/logout")
def out(request: Request, context: Context, viewer: Asking) -> Response:
    """End this session."""
    settings = context.settings
    digest = request.scope.get(SESSION)
    if digest is not None:
        with context.database.write() as connection:
            sessions.end(connection, digest, who=viewer.email, why="asked for", now=context.clock())
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(session_cookie(settings), path="/", secure=is_https(settings), httponly=True, samesite="lax")
    return answer


def own_path(place: str) -> str:
    """Return a path of our own site, `/` for anything that could lead elsewhere."""
    plain = all(32 < ord(letter) < 127 and letter != "\\" for letter in place)
    own = place.startswith("/") and not place.startswith(("//", "/login", "/logout"))
    return place if plain and own and len(place) <= 2000 else "/"


def _attempt(request: Request, settings: Settings, state: str) -> openid.Attempt:
    refused = Refused(
        "The login did not work", why="it was not begun in this browser, or more than 15 minutes ago",
        fix="begin again at /login",
    )  # fmt: skip
    try:
        kept = _signer(settings).loads(request.cookies.get(_attempt_cookie(settings), ""), max_age=MINUTES * 60)
    except BadSignature as error:
        raise refused from error
    attempt = openid.Attempt(**kept)
    if not hmac.compare_digest(attempt.state.encode(), state.encode("utf-8", "replace")):
        raise refused
    return attempt


def _same_provider(request: Request, settings: Settings) -> None:
    """Refuse an answer that names another provider (RFC 9207)."""
    issuer = request.query_params.get("iss")
    if issuer is not None and issuer.rstrip("/") != settings.login.issuer.rstrip("/"):
        raise Refused("The login did not work", why="another provider answered", fix="begin again at /login")


def _end(context: WebContext, request: Request, why: str) -> None:
    token = request.cookies.get(session_cookie(context.settings), "")
    if not token:
        return
    with context.database.write() as connection:
        sessions.end_token(connection, token, why=why, now=context.clock())


def _only_oidc(context: WebContext) -> None:
    if context.settings.login.mode != "oidc":
        raise Missing("There is no login here", why="AFTERSIGN_LOGIN__MODE is not oidc", fix="start at /")


def _callback(settings: Settings) -> str:
    return f"{settings.public_url}/login/back"


def _attempt_cookie(settings: Settings) -> str:
    return "__Host-aftersign-login" if is_https(settings) else "aftersign_login"


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret(settings), salt="aftersign.login")
