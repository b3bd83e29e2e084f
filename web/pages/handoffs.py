"""The handoffs: overview, one handoff in full, its brief and its papers."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection

from domain.access import Act, FieldClass, Viewer
from domain.handoff import ACTIONS, PREPARATION
from store import access, briefs, handoffs, read_models
from store.read_models import Missing
from store.views import handoffs as view
from web.brief_pdf import available, brief_pdf
from web.context import WebContext
from web.dependencies import Context, seen
from web.handoff_rows import brief_for, may, opened, seen_by
from web.rendering import page, when
from web.viewer import Asking

router = APIRouter(include_in_schema=False)
PAGE = 50
NOTICES = {
    "retry": "A run was asked for. It repeats nothing that is already done.",
    "contacted": "First contact is recorded. Reminders stop.",
    "reassign": "The task belongs to the new colleague now; the brief is on its way to them.",
    "reassign_untold": "The new colleague has the task. Prefect is away; please tell them yourself.",
    "snooze": "Reminders are held back until tomorrow morning. The deadline itself has not moved.",
    "closed": "Nothing changed: the first contact was recorded before, or the task does not exist yet.",
    "stop": "The welcome sequence is stopped. No further mail leaves.",
    "stopped": "Nothing changed: the welcome sequence was not active.",
}


@router.get("/handoffs")
def overview(
    request: Request, context: Context, viewer: Asking, state: str = "", offset: Annotated[int, Query(le=1_000_000)] = 0
) -> HTMLResponse:
    """Show one row per signature with its five actions."""
    state, offset = state if state in read_models.STATES else "", max(offset, 0)
    within = seen_by(context, viewer)
    with context.database.read() as connection:
        rows = view.listed(connection, within, state=state, since=None, limit=PAGE + 1, offset=offset)
        values = {
            "rows": rows[:PAGE],
            "kpis": read_models.kpis(connection, within),
            "stray": handoffs.without_handoff(connection) if viewer.everywhere(Act.AUDIT) else [],
            "state": state,
            "states": read_models.STATES,
            "actions": ACTIONS,
            "newer": max(offset - PAGE, 0) if offset else None,
            "older": offset + PAGE if len(rows) > PAGE else None,
        }
    return page(request, "handoffs.html", values)


@router.get("/handoffs/{handoff_id}")
def detail(request: Request, context: Context, viewer: Asking, handoff_id: str, done: str = "") -> HTMLResponse:
    """Show everything known about one handoff, as far as it may be seen."""
    with context.database.read() as connection:
        handoff = opened(context, connection, viewer, handoff_id)
        contract = handoff["contract"] or {"id": "-"}
        subjects = [handoff_id, handoff["event"]["id"], contract["id"]]
        values = {
            "handoff": handoff,
            "trail": read_models.trail(connection, subjects),
            "actions": ACTIONS,
            "preparation": PREPARATION,
            "csms": [person for person in context.business.csms() if person.active],
            "done_notice": NOTICES.get(done, ""),
            "can": may(context, connection, viewer, Act.HAND_OVER, handoff),
            "text": _reads(context, connection, viewer, handoff),
        }
    return page(request, "handoff.html", values)


@router.get("/handoffs/{handoff_id}/brief")
def brief(
    request: Request, context: Context, viewer: Asking, handoff_id: str, version: int | None = None
) -> HTMLResponse:
    """Show a version of the brief, by default the newest, without what the rules hide."""
    with context.database.read() as connection:
        contract = opened(context, connection, viewer, handoff_id)["contract"] or {}
        values = brief_values(connection, handoff_id, version)
        values["brief"] = brief_for(context, connection, viewer, str(contract.get("id", "")), values["brief"])
    seen(context, viewer.email, "brief.viewed", handoff_id, version=values["version"])
    return page(request, "brief.html", {**values, "linked": False, "as_pdf": available()})


@router.get("/handoffs/{handoff_id}/brief.pdf")
def brief_file(context: Context, viewer: Asking, handoff_id: str) -> Response:
    """Download the newest brief as a PDF, without what the rules hide."""
    with context.database.read() as connection:
        contract = opened(context, connection, viewer, handoff_id)["contract"] or {}
        values = brief_values(connection, handoff_id)
        shown = brief_for(context, connection, viewer, str(contract.get("id", "")), values["brief"])
    data = brief_pdf(shown, version=values["version"], made=when(values["created_at"]))
    seen(context, viewer.email, "brief.viewed", handoff_id, version=values["version"], as_pdf=True)
    headers = {"Content-Disposition": attachment(f"Brief {shown['customer']}.pdf")}
    return Response(data, media_type="application/pdf", headers=headers)


@router.get("/handoffs/{handoff_id}/document")
def signed_document(context: Context, viewer: Asking, handoff_id: str) -> Response:
    """Download the signed paper."""
    return _download(context, viewer, handoff_id, "document_sha256")


@router.get("/handoffs/{handoff_id}/certificate")
def certificate(context: Context, viewer: Asking, handoff_id: str) -> Response:
    """Download the evidence of signature."""
    return _download(context, viewer, handoff_id, "certificate_sha256")


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


def _reads(context: WebContext, connection: Connection, viewer: Viewer, handoff: dict[str, Any]) -> bool:
    """Tell whether somebody may read the paper itself."""
    contract = (handoff["contract"] or {}).get("id")
    about = access.subject(connection, contract, context.business.people) if contract else None
    return about is not None and viewer.shows(FieldClass.TEXT, about)


def _download(context: WebContext, viewer: Viewer, handoff_id: str, column: str) -> Response:
    with context.database.read() as connection:
        handoff = opened(context, connection, viewer, handoff_id)
        contract = (handoff["contract"] or {}) if _reads(context, connection, viewer, handoff) else {}
        stored = read_models.document(connection, contract.get(column))
    data = context.vault.get(stored["sha256"])
    seen(context, viewer.email, "document.downloaded", handoff_id, sha256=stored["sha256"])
    media_type = "application/pdf" if stored["media_type"] == "application/pdf" else "application/octet-stream"
    return Response(data, media_type=media_type, headers={"Content-Disposition": attachment(stored["name"])})


def attachment(name: str) -> str:
    """Return a Content-Disposition that saves under this name (RFC 6266, with a plain-ASCII fallback)."""
    name = "".join(" " if ord(letter) < 32 or letter in "/\\" else letter for letter in name).strip() or "document"
    plain = "".join(letter if letter.isascii() and letter not in '"%;' else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
