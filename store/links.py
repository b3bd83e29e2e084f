"""Signed links for people without a login: one purpose, one handoff, an end date."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy import Connection, select

from config.settings import Settings
from domain.errors import Permanent
from domain.tokens import Purpose
from store import audit
from store.database import Database
from store.tables_desk import withdrawn_links

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


def open_token(settings: Settings, connection: Connection, purpose: Purpose, token: str) -> str:
    """Return the handoff a token opens. Raises `Permanent` when it is forged, too old or withdrawn."""
    try:
        handoff_id, made = _signer(settings, purpose).loads(token, max_age=MAX_AGE_DAYS * 86400, return_timestamp=True)
    except SignatureExpired as error:
        raise Permanent(
            "This link has expired", why=f"links work for {MAX_AGE_DAYS} days", fix="ask the sender for a new one"
        ) from error
    except BadSignature as error:
        raise Permanent(
            "This link is not valid", why="it is incomplete or was altered", fix="copy the whole link"
        ) from error
    before = withdrawn(connection, str(handoff_id))
    if before is not None and made <= before:
        raise Permanent("This link was withdrawn", why="by those who gave it out", fix="ask the sender for a new one")
    return str(handoff_id)


def withdraw(database: Database, connection: Connection, handoff_id: str, who: str) -> None:
    """Let no link of a handoff open anything that was made up to now, for whatever purpose.

    Signatures carry the real time in whole seconds, and so does this, whatever clock a demo shows.
    """
    now = datetime.now(UTC)
    values = {"before": now, "who": who}
    statement = database.insert(withdrawn_links).values(handoff_id=handoff_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["handoff_id"], set_=values))
    audit.record(connection, now, who, "links.withdrawn", handoff_id)


def withdrawn(connection: Connection, handoff_id: str) -> datetime | None:
    """Return before when links of a handoff open nothing, if any were withdrawn."""
    query = select(withdrawn_links.c.before).where(withdrawn_links.c.handoff_id == handoff_id)
    found: datetime | None = connection.scalar(query)
    return found


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
