"""The webhook log: what providers told us, what became of it, and how to start it again."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import Connection

from domain.access import Act, Viewer
from store import access, inbox
from store.read_models import Missing
from store.views import webhooks as view
from store.views.bound import reach
from web.context import WebContext
from web.dependencies import Context, Form, only, seen
from web.rendering import page
from web.starting import start_event
from web.viewer import Asking, needs

router = APIRouter(include_in_schema=False)
_SECRET = re.compile(r"signature|authorization|token|secret|cookie|hash|key", re.IGNORECASE)
# What proves a sender may stand in the body as well; it must not be seen by whoever reads along.
_PROOF = re.compile(
    r'("(?:signature|[^"]*(?:_hash|token|secret|authorization|password|api_?key))"\s*:\s*)"[^"]*"', re.IGNORECASE
)
NOTICES = {
    "replay": "A run was asked for. It repeats nothing that is already done.",
    "later": "The event is open again. Prefect does not answer; a run starts as soon as it does.",
}


@router.get("/webhooks/log/{inbox_id}")
def event(request: Request, context: Context, viewer: Asking, inbox_id: str) -> HTMLResponse:
    """Show one event as it came: its body, and its headers without what proves a sender."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        contract_id, opened = _theirs(context, connection, viewer, inbox_id)
        row = inbox.get(connection, inbox_id)
        may = row is not None and row["state"] != "unknown" and _may(context, connection, viewer, contract_id)
    if row is None:
        raise _missing()
    seen(context, viewer.email, "webhook.viewed", inbox_id)
    headers = {name: "(left out)" if _SECRET.search(name) else value for name, value in row["headers"].items()}
    body = _readable(row["body"]) if opened else None
    size, digest = len(row["body"]), hashlib.sha256(row["body"]).hexdigest()
    values = {"event": row, "headers": headers, "body": body, "may": may, "contract_id": contract_id}
    return page(request, "webhook.html", {**values, "size": size, "digest": digest})


@router.post("/webhooks/{inbox_id}/replay")
async def replay(context: Context, viewer: Asking, inbox_id: str, form: Form) -> RedirectResponse:
    """Open an event again and ask for a run."""
    only(form, set())
    needs(viewer, Act.AUDIT)
    await run_in_threadpool(_check, context, viewer, inbox_id)
    done = "replay" if await start_event(context, viewer, inbox_id) else "later"
    return RedirectResponse(f"/webhooks?done={done}", 303)


def _check(context: WebContext, viewer: Viewer, inbox_id: str) -> None:
    with context.database.read() as connection:
        contract_id, _ = _theirs(context, connection, viewer, inbox_id)
        if not _may(context, connection, viewer, contract_id):
            raise _missing()


def _theirs(context: WebContext, connection: Connection, viewer: Viewer, inbox_id: str) -> tuple[str | None, bool]:
    """Return an event's contract and whether its body may be read. Raises `Missing` alike for absent and forbidden."""
    wanted = view.Wanted(reach(viewer, context.business.people), {})
    found = view.contract_of(connection, wanted, inbox_id)
    if found is None:
        raise _missing()
    return found


def _may(context: WebContext, connection: Connection, viewer: Viewer, contract_id: str | None) -> bool:
    about = access.subject(connection, contract_id, context.business.people) if contract_id else None
    return viewer.everywhere(Act.HAND_OVER) if about is None else viewer.may(Act.HAND_OVER, about)


def _missing() -> Missing:
    return Missing("There is no such event", fix="see /webhooks for those that came")


def _readable(body: bytes) -> str:
    """Show a body as indented JSON where it is JSON, else as text; without what proves its sender."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return _PROOF.sub(r'\1"(left out)"', text)
