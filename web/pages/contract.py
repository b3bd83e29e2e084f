"""One contract: what holds and which words say so, its family, its days, its duties and its money."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from domain.access import Act, FieldClass, Subject, Viewer
from domain.requests import Kind
from domain.sla.record import twelve_months
from store import access, read_models
from store.views import contract as view
from web.asking import ask, back
from web.context import WebContext
from web.day_slider import day_slider
from web.dependencies import Context, Form, seen
from web.pages.handoffs import attachment
from web.problems import Refused, Unacceptable
from web.rendering import page
from web.uploads import sent
from web.viewer import Asking, shown, subject_of

router = APIRouter(include_in_schema=False)
# What may be asked for on this page, and the last part of its address.
_ASKED = {
    "decide": Kind.DECIDE_RENEWAL,
    "execute": Kind.EXECUTE_RENEWAL,
    "acknowledge": Kind.ACKNOWLEDGE_RENEWAL,
}
_Text = Annotated[str, Query(max_length=40)]


@router.get("/contracts/{contract_id}")
def whole(
    request: Request, context: Context, viewer: Asking, contract_id: str, as_of: _Text = "", known_at: _Text = ""
) -> Response:
    """Show a contract as it stands on a day, as far as it was known at a moment."""
    today = context.clock().date()
    day = view.Day(_day(as_of) or today, _moment(known_at))
    with context.database.read() as connection:
        about = subject_of(context, connection, viewer, contract_id)
        values = _values(context, connection, viewer, contract_id, about, day)
    seen(context, viewer.email, "contract.viewed", contract_id)
    slider = day_slider(values["contract"], values["changes"], today, day.as_of)
    return page(
        request,
        "contract.html",
        {**values, "today": today, "day": day, "slider": slider, "can": _rights(viewer, about)},
    )


def _values(
    context: WebContext, connection: Connection, viewer: Viewer, contract_id: str, about: Subject, day: view.Day
) -> dict[str, Any]:
    allowed = shown(viewer, about)
    reading, conflicts = view.reading(connection, contract_id, day)
    visible = access.visible(viewer, context.business.people)
    return {
        "contract": view.head(connection, contract_id, context.clock().date()),
        "terms": view.terms(connection, contract_id, reading, allowed),
        "reading": reading,
        "gaps": view.doubts([{"field": gap.field, "why": gap.why} for gap in reading.gaps], allowed),
        "conflicts": view.doubts(conflicts, allowed),
        "clauses": view.clauses(connection, reading) if allowed[FieldClass.TEXT] else [],
        "shows": {kind.value: allowed[kind] for kind in FieldClass},
        "family": view.family(connection, contract_id, visible),
        "changes": view.changes(connection, contract_id, allowed),
        "proposals": view.proposals(connection, contract_id),
        "history": view.days(connection, contract_id),
        "alerts": view.warnings(connection, contract_id),
        "duties": view.duties(connection, contract_id),
        "service": twelve_months(view.service(connection, contract_id), today=context.clock().date()),
        "findings": view.discrepancies(connection, contract_id),
        "trail": read_models.trail(connection, [contract_id], 40),
    }


def _rights(viewer: Viewer, about: Subject) -> dict[str, bool]:
    return {act.value: viewer.may(act, about) for act in Act}


@router.post("/contracts/{contract_id}/{what}")
async def asked_for(context: Context, viewer: Asking, contract_id: str, what: str, form: Form) -> RedirectResponse:
    """Take what somebody decided about the contract's renewal."""
    kind = _ASKED.get(what)
    if kind is None:
        raise Unacceptable(f"{what[:40]!r} is not something to do here", fix="reload the page")
    identity = await ask(context, viewer, kind, contract_id, {**form, "contract": contract_id})
    return back(f"/contracts/{contract_id}", identity)


@router.post("/contracts/{contract_id}/execute/upload")
async def carried_out(request: Request, context: Context, viewer: Asking, contract_id: str) -> RedirectResponse:
    """Take the day and the proof of a notice's service; nothing is kept for who may not decide."""
    if not await run_in_threadpool(_may_decide, context, viewer, contract_id):
        raise Refused(
            "You may not do this",
            why="no rule in access.yaml allows it to you for this contract",
            fix="ask its owner, or whoever looks after access.yaml",
        )
    form = await sent(request, context, viewer, "proof")
    body = {**form.answers, "contract": contract_id, "proof": form.sha256}
    identity = await ask(context, viewer, Kind.EXECUTE_RENEWAL, contract_id, body)
    return back(f"/contracts/{contract_id}", identity)


def _may_decide(context: WebContext, viewer: Viewer, contract_id: str) -> bool:
    with context.database.read() as connection:
        return viewer.may(Act.DECIDE, subject_of(context, connection, viewer, contract_id))


@router.get("/contracts/{contract_id}/files/{which}")
def download(context: Context, viewer: Asking, contract_id: str, which: str) -> Response:
    """Download the signed paper or the evidence of its signature."""
    with context.database.read() as connection:
        about = subject_of(context, connection, viewer, contract_id)
        if not viewer.shows(FieldClass.TEXT, about):
            raise Refused(
                "The paper itself is not open to you",
                why="your rules show this contract's terms only",
                fix="ask its owner for what you need",
            )
        row = view.head(connection, contract_id, context.clock().date())
        sha256 = row["certificate_sha256"] if which == "certificate" else row["document_sha256"]
        stored = read_models.document(connection, sha256)
    data = context.vault.get(stored["sha256"])
    seen(context, viewer.email, "document.downloaded", contract_id, sha256=stored["sha256"])
    media = "application/pdf" if stored["media_type"] == "application/pdf" else "application/octet-stream"
    return Response(data, media_type=media, headers={"Content-Disposition": attachment(stored["name"])})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Unacceptable(f"{text!r} is no day", fix="write for example 2026-10-05") from error


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise Unacceptable(f"{text!r} is no moment", fix="write for example 2026-10-05T09:00") from error
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
