"""The outbox: previews of what the console connectors would have sent."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from domain.access import Act
from store import read_models
from store.read_models import Missing
from web.dependencies import Context
from web.pages.first_touch import ACTIONS
from web.rendering import page
from web.viewer import Asking, needs

router = APIRouter(include_in_schema=False)
Number = Annotated[int, Path(ge=0, le=2**31)]
ROLES = ("chat", "mail", "work", "crm")
# A mail is somebody else's HTML: no script, no network, no forms, its own origin.
_MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


@router.get("/outbox")
def overview(request: Request, context: Context, viewer: Asking, role: str = "") -> HTMLResponse:
    """List the outbox, by role if asked, to those who may audit."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        rows = read_models.outbox_rows(connection, role=role)
    rows = [{**row, "body": _lenient(row["body"])} for row in rows]
    return page(request, "outbox.html", {"rows": rows, "role": role, "roles": ROLES})


@router.get("/outbox/{identity:int}")
def item(request: Request, context: Context, viewer: Asking, identity: Number) -> HTMLResponse:
    """Preview one message, mail, project, task or deal."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        row = read_models.outbox_row(connection, identity)
        items = read_models.outbox_items(connection, row["key"]) if row["kind"] == "project" else []
    values = {
        "row": {**row, "body": _lenient(row["body"])},
        "items": [{**item, "body": _lenient(item["body"])} for item in items],
        "csms": [person for person in context.business.csms() if person.active],
        "known_actions": ACTIONS,
    }
    return page(request, "outbox_item.html", values)


@router.get("/outbox/{identity:int}/html")
def mail_html(context: Context, viewer: Asking, identity: Number) -> HTMLResponse:
    """Serve the HTML part of a mail for the preview's sandboxed frame."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        row = read_models.outbox_row(connection, identity)
    if row["role"] != "mail" or not row["body"].get("html"):
        raise Missing("This outbox entry has no HTML part", fix=f"see /outbox/{identity}")
    return HTMLResponse(str(row["body"]["html"]), headers={"Content-Security-Policy": _MAIL_POLICY})


@router.get("/outbox/crm/{deal_id}")
def deal(request: Request, context: Context, viewer: Asking, deal_id: str) -> HTMLResponse:
    """Show a deal of the console CRM with its tasks."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        row = read_models.outbox_deal(connection, deal_id)
    return page(request, "deal.html", {"row": row, "deal": _lenient(row["body"]), "tasks": row["tasks"]})


def _lenient(value: Any) -> Any:
    """Let a template ask for what a vendor's object may not hold."""
    if isinstance(value, dict):
        return defaultdict(str, {key: _lenient(inner) for key, inner in value.items()})
    return value
