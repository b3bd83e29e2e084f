"""The webhook log: what providers told us, what became of it, and how to start it again."""

from __future__ import annotations

import json
import re

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from domain.access import Act, Viewer
from domain.errors import Transient
from store import inbox, read_models
from store.read_models import Missing
from web.context import WebContext
from web.dependencies import Context, Form, only, seen
from web.dispatch import SIGNED
from web.rendering import page
from web.viewer import Asking, needs

router = APIRouter(include_in_schema=False)
_SECRET = re.compile(r"signature|authorization|token|secret|cookie|hash|key", re.IGNORECASE)
NOTICES = {
    "replay": "A run was asked for. It repeats nothing that is already done.",
    "later": "The event is open again. Prefect does not answer; a run starts as soon as it does.",
}


@router.get("/webhooks")
def log(request: Request, context: Context, viewer: Asking, done: str = "") -> HTMLResponse:
    """Show the latest events and all counters, to those who may audit."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        values = read_models.webhook_log(connection)
    return page(request, "webhooks.html", {**values, "done_notice": NOTICES.get(done, "")})


@router.get("/webhooks/log/{inbox_id}")
def event(request: Request, context: Context, viewer: Asking, inbox_id: str) -> HTMLResponse:
    """Show one event as it came: its body, and its headers without what proves a sender."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        row = inbox.get(connection, inbox_id)
    if row is None:
        raise Missing("There is no such event", fix="see /webhooks for those that came")
    seen(context, viewer.email, "webhook.viewed", inbox_id)
    headers = {name: "(left out)" if _SECRET.search(name) else value for name, value in row["headers"].items()}
    return page(request, "webhook.html", {"event": row, "headers": headers, "body": _readable(row["body"])})


@router.post("/webhooks/{inbox_id}/replay")
async def replay(context: Context, viewer: Asking, inbox_id: str, form: Form) -> RedirectResponse:
    """Open an event again and ask for a run."""
    only(form, set())
    needs(viewer, Act.AUDIT)
    attempt = await run_in_threadpool(_reopen, context, viewer, inbox_id)
    try:
        run_id = await context.starter.start(SIGNED, {"event_id": inbox_id}, f"{inbox_id}:{attempt}")
    except Transient:
        return RedirectResponse("/webhooks?done=later", 303)
    await run_in_threadpool(_started, context, inbox_id, run_id)
    return RedirectResponse("/webhooks?done=replay", 303)


def _reopen(context: WebContext, viewer: Viewer, inbox_id: str) -> int:
    with context.database.write() as connection:
        reopened = inbox.reopen(connection, inbox_id, context.clock(), viewer.email)
        row = inbox.get(connection, inbox_id)
        if row is None or not reopened:
            raise Missing("There is no event to start again", why="it does not exist or its kind is unknown to us")
        return int(row["attempt"])


def _started(context: WebContext, inbox_id: str, run_id: str) -> None:
    with context.database.write() as connection:
        inbox.started(connection, inbox_id, run_id, context.clock())


def _readable(body: bytes) -> str:
    """Show a body as indented JSON where it is JSON, else as text."""
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
