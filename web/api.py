"""The JSON API: the same read models that the pages and the command line show."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from domain.access import Act
from store import read_models
from store.read_models import Missing
from store.views import handoffs as view
from store.views.bound import of_event, reach
from store.views.outbox import of_outbox
from store.views.outbox import opened as outbox_opened
from web.api_models import Handoff, HandoffRow, Health, OutboxRow, Problem, Readiness, Webhooks
from web.context import WebContext
from web.dependencies import Context
from web.handoff_rows import seen_by, shown_to
from web.viewer import Asking, needs

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
    viewer: Asking,
    state: Literal["", "running", "complete", "incomplete", "needs_person"] = "",
    since: datetime | None = None,
    limit: _Limit = 200,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[dict[str, Any]]:
    """List handoffs, newest first; `since` is compared with acceptance and is UTC if it names no zone."""
    if since and since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    with context.database.read() as connection:
        seen = seen_by(context, viewer)
        rows = view.listed(connection, seen, state=state, since=since, limit=limit, offset=offset)
        return [shown_to(context, connection, viewer, row) for row in rows]


@router.get("/api/handoffs/{handoff_id}", response_model=Handoff, responses=_MISSING)
def show_handoff(context: Context, viewer: Asking, handoff_id: str) -> dict[str, Any]:
    """Return one handoff with terms and their citations, alerts, gaps, differences and effects.

    What the rules hide is left out: prices, people of the counterparty, words of the paper.
    """
    with context.database.read() as connection:
        there, _ = view.contract_of(connection, handoff_id, seen_by(context, viewer))
        if not there:
            raise Missing(f"There is no handoff {handoff_id!r}", fix="see /handoffs for those that exist")
        return shown_to(context, connection, viewer, read_models.handoff_detail(connection, handoff_id))


@router.get("/api/outbox", response_model=list[OutboxRow])
def list_outbox(context: Context, viewer: Asking, role: str = "", limit: _Limit = 200) -> list[dict[str, Any]]:
    """List what the console connectors would have sent, newest first."""
    needs(viewer, Act.AUDIT)
    opened = reach(viewer, context.business.people).opened(of_outbox())
    with context.database.read() as connection:
        return read_models.outbox_rows(connection, role=role, limit=limit, within=opened)


@router.get("/api/outbox/{identity}", response_model=OutboxRow, responses=_MISSING)
def show_outbox(context: Context, viewer: Asking, identity: Annotated[int, Path(ge=0, le=2**31)]) -> dict[str, Any]:
    """Return one object of the outbox."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        found = outbox_opened(connection, reach(viewer, context.business.people), identity)
        if found is None or not found[1]:
            raise Missing(f"There is no outbox entry {identity}", fix="see /outbox for those that exist")
        return read_models.outbox_row(connection, identity)


@router.get("/api/webhooks", response_model=Webhooks)
def list_webhooks(context: Context, viewer: Asking, limit: _Limit = 100) -> dict[str, Any]:
    """List the latest received events and count all deliveries, forged ones included."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        theirs = reach(viewer, context.business.people).within(of_event())
        return read_models.webhook_log(connection, limit, theirs)


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
