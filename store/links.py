"""Signed links for people without a login: one purpose, one handoff, an end date."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from config.settings import Settings
from domain.errors import Permanent
from domain.tokens import Purpose

MAX_AGE_DAYS = 60


def secret(settings: Settings) -> str:
    """Return the signing secret, made once under `home` when none is configured."""
    given = settings.web.secret.get_secret_value()
    if given:
        return given
    path = settings.home / "web-secret"
    if not path.exists():
        _make(path)
    return path.read_text().strip()


def make_token(settings: Settings, purpose: Purpose, handoff_id: str) -> str:
    """Return a token that opens one page of one handoff."""
    return _signer(settings, purpose).dumps(handoff_id)


def link(settings: Settings, purpose: Purpose, handoff_id: str) -> str:
    """Return the full address to put into a mail or message."""
    return f"{settings.public_url}/t/{purpose}/{make_token(settings, purpose, handoff_id)}"


def open_token(settings: Settings, purpose: Purpose, token: str) -> str:
    """Return the handoff a token opens. Raises `Permanent` when it is forged or too old."""
    try:
        return str(_signer(settings, purpose).loads(token, max_age=MAX_AGE_DAYS * 86400))
    except SignatureExpired as error:
        raise Permanent(
            "This link has expired", why=f"links work for {MAX_AGE_DAYS} days", fix="ask the sender for a new one"
        ) from error
    except BadSignature as error:
        raise Permanent(
            "This link is not valid", why="it is incomplete or was altered", fix="copy the whole link"
        ) from error


def _signer(settings: Settings, purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret(settings), salt=f"aftersign.{purpose}")


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)  # readable by us alone
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32))
        # A link appears whole or not at all: nobody ever signs with an empty secret.
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink()
