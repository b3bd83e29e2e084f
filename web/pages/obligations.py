"""Obligations: what is due, by whom, with which evidence; and a person's word on each day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection

from domain.access import Act, FieldClass, Subject, Viewer
from domain.requests import Kind
from store import access, read_models
from store.read_models import Missing
from store.views import obligations as view
from web.asking import ask, back
from web.context import WebContext
from web.dependencies import Context, Form, seen
from web.listing import Asked, Choice, Column, Facet, Listing, Look, answer, asked
from web.pages.handoffs import attachment
from web.problems import Unacceptable
from web.rendering import page, words
from web.uploads import sent
from web.viewer import Asking, shown, subject_of

router = APIRouter(include_in_schema=False)
_OF_DUE = {"review": Kind.REVIEW_DUTY}
_OF_DUTY = {"waive": Kind.WAIVE_DUTY, "happened": Kind.DUTY_HAPPENED, "day": Kind.SET_DUTY_DAY}
_LABELS = {"state": "State", "direction": "Who owes", "source": "From", "owner": "Owner"}
_OWES = {"ours": "we owe it", "theirs": "they owe it"}
COLUMNS = (
    Column("text", "Obligation", kind=FieldClass.TEXT, link=lambda row: f"/obligations/{row['id']}", note="owes"),
    Column("customer", "Customer", link=lambda row: f"/contracts/{row['contract_id']}", note="title", sortable=True),
    Column("due_on", "Due", Look.DAY, note="left", sortable=True),
    Column("state", "State", Look.STATE),
    Column("owner_email", "Owner", Look.PERSON, sortable=False),
    Column("consequence", "Otherwise"),
    Column("value_at_risk", "At risk", kind=FieldClass.PRICE),
    Column("source", "From"),
)
_NOT_THERE = "There is no such obligation"


@router.get("/obligations")
@router.get("/obligations.{suffix}")
def listed(request: Request, context: Context, viewer: Asking) -> Response:
    """List what is due, by default what still waits."""
    wanted = asked(request, view.FILTERS, sorts=view.SORTS)
    question = _question(context, viewer, wanted)
    with context.database.read() as connection:
        rows = view.rows(connection, question, wanted.limit, wanted.offset)
        whole = not wanted.suffix
        facets = tuple(_facet(context, connection, question, name) for name in view.FACETS) if whole else ()
        total = view.total(connection, question) if whole else len(rows)
    for row in rows:
        _describe(row, question)
    listing = Listing("obligations", "Obligations", COLUMNS, rows, total, facets, "Nothing waits under these filters.")
    return answer(request, "obligations.html", wanted, listing)


@router.get("/obligations/{obligation_id}")
def one(request: Request, context: Context, viewer: Asking, obligation_id: str) -> HTMLResponse:
    """Show one obligation with all its days and their evidence."""
    with context.database.read() as connection:
        row, about = _known(context, connection, viewer, obligation_id)
        days = view.days(connection, obligation_id)
    allowed = shown(viewer, about)
    if not allowed[FieldClass.TEXT]:
        row.update(text="An obligation whose words are hidden from you", consequence="", trigger="its event")
    values = {
        "duty": row,
        "days": days,
        "today": context.clock().date(),
        "shows": allowed,
        "owes": _OWES[row["direction"]],
    }
    return page(request, "obligation.html", {**values, "can": viewer.may(Act.FULFIL, about)})


@router.post("/obligations/dues/{due_id}/upload")
async def fulfilled(request: Request, context: Context, viewer: Asking, due_id: str) -> RedirectResponse:
    """Take the evidence that something was done."""
    contract, obligation = _place(context, viewer, due_id)
    form = await sent(request, context, viewer, "evidence")
    body = {name: value for name, value in form.answers.items() if name in {"on", "note"}}
    body |= {"due": due_id, **({"evidence": form.sha256} if form.sha256 else {})}
    identity = await ask(context, viewer, Kind.FULFIL_DUTY, contract, body, subject=obligation)
    return back(f"/obligations/{obligation}", identity)


@router.post("/obligations/dues/{due_id}/{what}")
async def judged(context: Context, viewer: Asking, due_id: str, what: str, form: Form) -> RedirectResponse:
    """Take a reviewer's word on evidence."""
    kind = _OF_DUE.get(what)
    if kind is None:
        raise Unacceptable(f"{what[:40]!r} is nothing to do with evidence", fix="reload the page")
    contract, obligation = _place(context, viewer, due_id)
    identity = await ask(context, viewer, kind, contract, {**form, "due": due_id}, subject=obligation)
    return back(f"/obligations/{obligation}", identity)


@router.post("/obligations/{obligation_id}/{what}")
async def settled(context: Context, viewer: Asking, obligation_id: str, what: str, form: Form) -> RedirectResponse:
    """Take somebody's word on an obligation: waived, its event happened, its day."""
    kind = _OF_DUTY.get(what)
    if kind is None:
        raise Unacceptable(f"{what[:40]!r} is nothing to do with an obligation", fix="reload the page")
    with context.database.read() as connection:
        row, _ = _known(context, connection, viewer, obligation_id)
    body = {**form, "obligation": obligation_id}
    identity = await ask(context, viewer, kind, row["contract_id"], body, subject=obligation_id)
    return back(f"/obligations/{obligation_id}", identity)


@router.get("/obligations/dues/{due_id}/evidence")
def evidence(context: Context, viewer: Asking, due_id: str) -> Response:
    """Download the evidence of one day."""
    _, obligation = _place(context, viewer, due_id)
    with context.database.read() as connection:
        sha256 = next(
            (one["evidence_sha256"] for one in view.days(connection, obligation) if one["id"] == due_id), None
        )
        stored = read_models.document(connection, sha256)
    seen(context, viewer.email, "document.downloaded", obligation, sha256=stored["sha256"])
    headers = {"Content-Disposition": attachment(stored["name"])}
    return Response(context.vault.get(stored["sha256"]), media_type="application/octet-stream", headers=headers)


def _place(context: WebContext, viewer: Viewer, due_id: str) -> tuple[str, str]:
    with context.database.read() as connection:
        found = view.contract_of_due(connection, due_id)
        if found is None:
            raise Missing(_NOT_THERE, fix="see /obligations")
        subject_of(context, connection, viewer, found[0])
    return found


def _known(
    context: WebContext, connection: Connection, viewer: Viewer, obligation_id: str
) -> tuple[dict[str, Any], Subject]:
    row = view.one(connection, obligation_id)
    if row is None:
        raise Missing(_NOT_THERE, fix="see /obligations")
    return row, subject_of(context, connection, viewer, row["contract_id"])


def _question(context: WebContext, viewer: Viewer, wanted: Asked) -> view.Wanted:
    people = context.business.people
    visible, priced = access.visible(viewer, people), access.showing(viewer, people, FieldClass.PRICE)
    worded = access.showing(viewer, people, FieldClass.TEXT)
    return view.Wanted(visible, priced, worded, wanted.filters, context.clock().date(), wanted.sort)


def _facet(context: WebContext, connection: Connection, question: view.Wanted, name: str) -> Facet:
    people = context.business.people
    labels: dict[str, Callable[[str], str]] = {
        "direction": lambda one: _OWES.get(one, one),
        "owner": lambda one: people[one].name if one in people else one.capitalize(),
    }
    label = labels.get(name, words)
    found = view.facet(connection, question, name)
    return Facet(name, _LABELS[name], tuple(Choice(value, label(value), count) for value, count in found))


def _describe(row: dict[str, Any], question: view.Wanted) -> None:
    row["owes"] = _OWES[row["direction"]]
    row["source"] = words(row["source"])
    days = (row["due_on"] - question.today).days if row["due_on"] else None
    waits = row["state"] in {view.OPEN, view.OVERDUE}
    row["left"] = "" if days is None or not waits else f"{-days} days late" if days < 0 else f"in {days} days"
