"""The outbox: what leaves the house, with previews of what the console connectors would have sent."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection

from domain.access import Act, Viewer
from store import read_models
from store.read_models import Missing
from store.views import outbox as view
from store.views.bound import reach
from store.views.outbox_counts import counts
from web.context import WebContext
from web.dependencies import Context
from web.listing import Choice, Facet, Listing, answer, asked
from web.pages.first_touch import ACTIONS
from web.pages.outbox_columns import COLUMNS, MORE, labels, shown
from web.rendering import page
from web.viewer import Asking, needs

router = APIRouter(include_in_schema=False)
Number = Annotated[int, Path(ge=0, le=2**31)]
# A mail is somebody else's HTML: no script, no network, no forms, its own origin.
_MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


@router.get("/outbox")
@router.get("/outbox.{suffix}")
def overview(request: Request, context: Context, viewer: Asking) -> Response:
    """List what was written to the outside world or is about to be, to those who may audit."""
    needs(viewer, Act.AUDIT)
    wanted = asked(request, view.FILTERS, sorts=view.SORTS)
    roles = context.settings.roles
    connectors = {name: str(getattr(roles, name)) for name in ("crm", "chat", "work", "mail")}
    question = view.Wanted(reach(viewer, context.business.people), wanted.filters, wanted.sort, connectors)
    with context.database.read() as connection:
        rows = [shown(row) for row in view.rows(connection, question, wanted.limit, wanted.offset)]
        total, found = (len(rows), {}) if wanted.suffix else counts(connection, question)
    facets = tuple(_facet(name, values) for name, values in found.items())
    columns = (*COLUMNS, *MORE) if wanted.suffix else COLUMNS
    empty = "Nothing fits these filters." if wanted.filters else "Nothing here yet."
    return answer(request, "outbox.html", wanted, Listing("outbox", "Outbox", columns, rows, total, facets, empty))


def _facet(name: str, found: list[tuple[str, int]]) -> Facet:
    title, label = labels(name)
    return Facet(name, title, tuple(Choice(value, label(value), count) for value, count in found))


@router.get("/outbox/{identity:int}")
def item(request: Request, context: Context, viewer: Asking, identity: Number) -> HTMLResponse:
    """Preview one message, mail, project, task or deal."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        contract_id, opened = _theirs(context, connection, viewer, identity)
        row = read_models.outbox_row(connection, identity)
        items = read_models.outbox_items(connection, row["key"]) if opened and row["kind"] == "project" else []
    values = {
        "row": {**row, "body": _lenient(row["body"] if opened else {})},
        "items": [{**item, "body": _lenient(item["body"])} for item in items],
        "csms": [person for person in context.business.csms() if person.active],
        "known_actions": ACTIONS,
        "opened": opened,
        "contract_id": contract_id,
    }
    return page(request, "outbox_item.html", values)


@router.get("/outbox/{identity:int}/html")
def mail_html(context: Context, viewer: Asking, identity: Number) -> HTMLResponse:
    """Serve the HTML part of a mail for the preview's sandboxed frame."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        _, opened = _theirs(context, connection, viewer, identity)
        row = read_models.outbox_row(connection, identity)
    if not opened or row["role"] != "mail" or not row["body"].get("html"):
        raise Missing("This outbox entry has no HTML part", fix=f"see /outbox/{identity}")
    return HTMLResponse(str(row["body"]["html"]), headers={"Content-Security-Policy": _MAIL_POLICY})


@router.get("/outbox/crm/{deal_id}")
def deal(request: Request, context: Context, viewer: Asking, deal_id: str) -> HTMLResponse:
    """Show a deal of the console CRM with its tasks."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        row = read_models.outbox_deal(connection, deal_id)
        _, opened = _theirs(context, connection, viewer, row["id"])
    if not opened:
        raise Missing(f"There is no deal {deal_id!r} in the console CRM", fix="see /outbox?role=crm")
    return page(request, "deal.html", {"row": row, "deal": _lenient(row["body"]), "tasks": row["tasks"]})


def _theirs(context: WebContext, connection: Connection, viewer: Viewer, identity: int) -> tuple[str | None, bool]:
    """Return an entry's contract and whether its contents may be read. Raises `Missing`, absent or forbidden alike."""
    found = view.opened(connection, reach(viewer, context.business.people), identity)
    if found is None:
        raise Missing(f"There is no outbox entry {identity}", fix="see /outbox for those that exist")
    return found


def _lenient(value: Any) -> Any:
    """Let a template ask for what a vendor's object may not hold."""
    if isinstance(value, dict):
        return defaultdict(str, {key: _lenient(inner) for key, inner in value.items()})
    return value
