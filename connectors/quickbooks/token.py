"""QuickBooks' tokens: the refresh token changes with every use, so the newest one is kept in a file."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import httpx

from connectors.http import Endpoint
from connectors.oauth import Token, refusal
from domain.errors import Permanent

_PATH = "/oauth2/v1/tokens/bearer"
_SETTING = "AFTERSIGN_QUICKBOOKS__REFRESH_TOKEN"


def refresh(login: Endpoint, client_id: str, client_secret: str, first: str, kept: Path) -> Token:
    """Trade the newest refresh token for an access token, and keep the one that comes with it.

    `first` is the configured token, used until `kept` exists, and again when Intuit refuses the
    kept one: somebody has connected anew. Raises `Transient` or `Permanent`.
    https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0
    """
    newest = kept.read_text(encoding="ascii").strip() if kept.exists() else ""
    answer = _ask(login, client_id, client_secret, newest or first)
    if answer.status_code in {400, 401} and newest and newest != first:
        answer = _ask(login, client_id, client_secret, first)
    if answer.status_code in {400, 401, 403}:
        raise refusal("quickbooks", answer, _SETTING)
    body = login.parsed(login.checked(answer))
    if not body.get("access_token"):
        raise Permanent("QuickBooks granted no access token", fix=f"connect the app anew and set {_SETTING}")
    if body.get("refresh_token"):
        _keep(kept, str(body["refresh_token"]))
    return Token(str(body["access_token"]), float(body.get("expires_in") or 3600))


def _ask(login: Endpoint, client_id: str, client_secret: str, token: str) -> httpx.Response:
    basic = httpx.BasicAuth(client_id, client_secret)
    headers = {"Authorization": next(basic.auth_flow(httpx.Request("POST", login.base_url))).headers["Authorization"]}
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return login.send("POST", _PATH, data=form, headers={**headers, "Accept": "application/json"})


def _keep(path: Path, token: str) -> None:
    """Write the token so that a crash leaves the old or the new one, readable by us alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".new")
    with suppress(FileNotFoundError):
        beside.unlink()
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
