"""The JSON API: the same read models that the pages and the command line show."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from store import read_models
from web.api_models import Handoff, HandoffRow, Health, OutboxRow, Problem, Readiness, Webhooks
from web.context import WebContext
from web.dependencies import Context

router = APIRouter(tags=["api"])
_MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Problem}}
_Limit = Annotated[int, Query(ge=1, le=1000)]


@router.get("/healthz")
async def healthz() -> Health:
    """Say that the process is alive."""
    return Health(status="ok")


@router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}})
def readyz(context: Context) -> JSONResponse:
    """Say whether database, migrations and vault are usable; 503 with reasons otherwise."""
    reasons = [*_database_problems(context), *_vault_problems(context.settings.home / "vault")]
    body = {"status": "not ready" if reasons else "ready", "reasons": reasons}
    return JSONResponse(body, 503 if reasons else 200)


@router.get("/api/handoffs", response_model=list[HandoffRow])
def list_handoffs(
    context: Context,
    state: Literal["", "running", "complete", "incomplete", "needs_person"] = "",
    since: datetime | None = None,
    limit: _Limit = 200,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[dict[str, Any]]:
    """List handoffs, newest first; `since` is compared with acceptance and is UTC if it names no zone."""
    if since and since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    with context.database.read() as connection:
        return read_models.handoff_list(connection, state=state, since=since, limit=limit, offset=offset)


@router.get("/api/handoffs/{handoff_id}", response_model=Handoff, responses=_MISSING)
def show_handoff(context: Context, handoff_id: str) -> dict[str, Any]:
    """Return one handoff with terms and their citations, alerts, gaps, differences and effects."""
    with context.database.read() as connection:
        return read_models.handoff_detail(connection, handoff_id)


@router.get("/api/outbox", response_model=list[OutboxRow])
def list_outbox(context: Context, role: str = "", limit: _Limit = 200) -> list[dict[str, Any]]:
    """List what the console connectors would have sent, newest first."""
    with context.database.read() as connection:
        return read_models.outbox_rows(connection, role=role, limit=limit)


@router.get("/api/outbox/{identity}", response_model=OutboxRow, responses=_MISSING)
def show_outbox(context: Context, identity: int) -> dict[str, Any]:
    """Return one object of the outbox."""
    with context.database.read() as connection:
        return read_models.outbox_row(connection, identity)


@router.get("/api/webhooks", response_model=Webhooks)
def list_webhooks(context: Context, limit: _Limit = 100) -> dict[str, Any]:
    """List the latest received events and count all deliveries, forged ones included."""
    with context.database.read() as connection:
        return read_models.webhook_log(connection, limit)


def _database_problems(context: WebContext) -> list[str]:
    try:
        with context.database.read() as connection:
            found = inspect(connection).has_table("inbox")
    except SQLAlchemyError as error:
        return [f"the database does not answer ({type(error).__name__}): check AFTERSIGN_DATABASE_URL"]
    return [] if found else ["the database has no tables: run `aftersign init`"]


def _vault_problems(folder: FilePath) -> list[str]:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return []
    except OSError as error:
        return [f"the vault {folder} cannot be written ({error.strerror})"]
