"""One handoff in full, and its papers."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection

from domain.access import Act, FieldClass, Viewer
from domain.handoff import ACTIONS, PREPARATION
from store import access, links, read_models
from store.views.tower_filters import STOPPED
from web.context import WebContext
from web.dependencies import Context, seen
from web.handoff_rows import links_for, may, opened
from web.pages import tower
from web.rendering import page
from web.viewer import Asking

router = APIRouter(include_in_schema=False)
router.include_router(tower.router)
NOTICES = {
    "retry": "A run was asked for. It repeats nothing that is already done.",
    "replay": "The signature was put back into the inbox and a run was asked for. It repeats nothing that is already done.",
    "later": "The signature is back in the inbox. Prefect does not answer; a run starts as soon as it does.",
    "withdrawn": "No link that was made until now opens anything. Make new ones where they are still needed.",
    "skip": "That mail is left out. The others leave as planned.",
    "unskipped": "Nothing changed: that mail was no longer planned, or the sequence was not active.",
    "contacted": "First contact is recorded. Reminders stop.",
    "reassign": "The task belongs to the new colleague now; the brief is on its way to them.",
    "reassign_untold": "The new colleague has the task. Prefect is away; please tell them yourself.",
    "snooze": "Reminders are held back until tomorrow morning. The deadline itself has not moved.",
    "closed": "Nothing changed: the first contact was recorded before, or the task does not exist yet.",
    "stop": "The welcome sequence is stopped. No further mail leaves.",
    "stopped": "Nothing changed: the welcome sequence was not active.",
}


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
            "links": links_for(context, connection, viewer, handoff),
            "withdrawn": links.withdrawn(connection, handoff_id),
            "link_days": links.MAX_AGE_DAYS,
            "pauses": STOPPED,
            "text": _reads(context, connection, viewer, handoff),
        }
    return page(request, "handoff.html", values)


@router.get("/handoffs/{handoff_id}/document")
def signed_document(context: Context, viewer: Asking, handoff_id: str) -> Response:
    """Download the signed paper."""
    return _download(context, viewer, handoff_id, "document_sha256")


@router.get("/handoffs/{handoff_id}/certificate")
def certificate(context: Context, viewer: Asking, handoff_id: str) -> Response:
    """Download the evidence of signature."""
    return _download(context, viewer, handoff_id, "certificate_sha256")


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
