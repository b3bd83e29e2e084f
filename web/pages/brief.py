"""The brief of a handoff: its versions, as a page and as a PDF, and links for people without a login."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection

from domain.access import Act, Viewer
from domain.tokens import Purpose
from store import briefs, links
from store.read_models import Missing
from store.views import briefs as view
from web.brief_pdf import available, brief_pdf
from web.context import WebContext
from web.dependencies import Context, Form, only, seen
from web.handoff_rows import brief_for, links_for, opened
from web.pages.handoffs import attachment
from web.rendering import page, when
from web.viewer import Asking

router = APIRouter(include_in_schema=False)


@router.get("/handoffs/{handoff_id}/brief")
def brief(
    request: Request, context: Context, viewer: Asking, handoff_id: str, version: int | None = None
) -> HTMLResponse:
    """Show a version of the brief, by default the newest, without what the rules hide."""
    with context.database.read() as connection:
        handoff = opened(context, connection, viewer, handoff_id)
        values = _shown(context, connection, viewer, handoff, version)
        values |= {
            "versions": view.versions(connection, handoff_id),
            "links": links_for(context, connection, viewer, handoff),
        }
    seen(context, viewer.email, "brief.viewed", handoff_id, version=values["version"])
    return page(request, "brief.html", {**values, "linked": "", "as_pdf": available()})


@router.get("/handoffs/{handoff_id}/brief.pdf")
def brief_file(context: Context, viewer: Asking, handoff_id: str, version: int | None = None) -> Response:
    """Download a version of the brief as a PDF, without what the rules hide."""
    with context.database.read() as connection:
        handoff = opened(context, connection, viewer, handoff_id)
        values = _shown(context, connection, viewer, handoff, version)
    answer = as_pdf(values)
    seen(context, viewer.email, "brief.viewed", handoff_id, version=values["version"], as_pdf=True)
    return answer


@router.post("/handoffs/{handoff_id}/links/withdraw")
def withdraw_links(context: Context, viewer: Asking, handoff_id: str, form: Form) -> RedirectResponse:
    """Let no link of this handoff made up to now open anything."""
    only(form, set())
    with context.database.write() as connection:
        opened(context, connection, viewer, handoff_id, Act.HAND_OVER)
        links.withdraw(context.database, connection, handoff_id, viewer.email)
    return RedirectResponse(f"/handoffs/{handoff_id}?done=withdrawn#links", 303)


@router.post("/handoffs/{handoff_id}/links/{purpose}")
def make_link(
    request: Request, context: Context, viewer: Asking, handoff_id: str, purpose: str, form: Form
) -> HTMLResponse:
    """Make a link that opens one page of this handoff for people without a login; it is shown once."""
    only(form, set())
    with context.database.read() as connection:
        handoff = opened(context, connection, viewer, handoff_id, Act.HAND_OVER)
        allowed = links_for(context, connection, viewer, handoff)
    if purpose not in allowed:
        raise Missing("There is no such link to make", fix="see the buttons on the handoff's page")
    address = links.link(context.settings, Purpose(purpose), handoff_id)
    # Signatures carry the real time, whatever clock a demo shows.
    until = datetime.now(UTC) + timedelta(days=links.MAX_AGE_DAYS)
    seen(context, viewer.email, "link.made", handoff_id, purpose=purpose, until=until)
    values = {"handoff": handoff, "purpose": purpose, "address": address, "until": until, "days": links.MAX_AGE_DAYS}
    return page(request, "link.html", values)


def as_pdf(values: dict[str, Any]) -> Response:
    """Return what a brief's page shows as a download."""
    shown = values["brief"]
    data = brief_pdf(shown, version=values["version"], made=when(values["created_at"]))
    headers = {"Content-Disposition": attachment(f"Brief {shown['customer']}.pdf")}
    return Response(data, media_type="application/pdf", headers=headers)


def brief_values(connection: Connection, handoff_id: str, version: int | None = None) -> dict[str, Any]:
    """Return what the brief's page shows. Raises `Missing` when that version does not exist."""
    newest = briefs.latest(connection, handoff_id)
    row = newest if version is None else briefs.version(connection, handoff_id, version)
    if row is None or newest is None:
        raise Missing(
            "There is no such brief",
            why="it is not written yet, or that version never existed",
            fix="look at the handoff's steps",
        )
    return {
        "handoff_id": handoff_id,
        "brief": row["body"],
        "version": row["version"],
        "newest": newest["version"],
        "completeness": row["completeness"],
        "created_at": row["created_at"],
    }


def _shown(
    context: WebContext, connection: Connection, viewer: Viewer, handoff: dict[str, Any], version: int | None
) -> dict[str, Any]:
    contract = handoff["contract"] or {}
    values = brief_values(connection, handoff["id"], version)
    return {**values, "brief": brief_for(context, connection, viewer, str(contract.get("id", "")), values["brief"])}
