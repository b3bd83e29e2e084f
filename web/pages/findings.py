"""Discrepancies: the work list of what invoices and terms say differently, and a person's word on each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection

from domain.access import Act, FieldClass, Viewer
from domain.findings.finding import Code
from domain.findings.status import Status, next_steps
from domain.invoices import Direction
from domain.requests import Kind
from store import access
from store import findings as store
from store.read_models import Missing
from store.views import findings as view
from web.asking import ask, back
from web.context import WebContext
from web.dependencies import Context, Form
from web.listing import Asked, Choice, Column, Facet, Listing, Look, answer, asked
from web.rendering import page, words
from web.uploads import sent
from web.viewer import Asking

router = APIRouter(include_in_schema=False)
_LABELS = {"status": "Status", "code": "What is wrong", "direction": "Side", "currency": "Currency", "owner": "Owner"}
_SIDES = {Direction.PAYABLE: "we are billed", Direction.RECEIVABLE: "we bill"}
COLUMNS = (
    Column("code", "Discrepancy", link=lambda row: f"/findings/{row['fingerprint']}", note="words", sortable=True),
    Column(
        "customer",
        "Contract",
        link=lambda row: f"/contracts/{row['contract_id']}" if row["contract_id"] else "",
        note="title",
    ),
    Column("invoice", "Invoice", note="product"),
    Column("expected", "Expected", Look.MONEY, kind=FieldClass.PRICE),
    Column("billed", "Billed", Look.MONEY, kind=FieldClass.PRICE),
    Column("at_stake", "At stake", Look.MONEY, kind=FieldClass.PRICE),
    Column("status", "Status", Look.STATE),
    Column("dispute_by", "Dispute by", Look.DAY, sortable=True),
    Column("detected_at", "Found", Look.MOMENT, sortable=True),
)
# What only a file tells as well.
_MORE = (
    Column("issued", "Issued", Look.DAY),
    Column("line", "Line"),
    Column("delta", "Difference", Look.MONEY, kind=FieldClass.PRICE),
    Column("clause", "Clause", kind=FieldClass.TEXT),
    Column("owner_email", "Owner", Look.PERSON),
    Column("fingerprint", "Fingerprint"),
)


@router.get("/findings")
@router.get("/findings.{suffix}")
def listed(request: Request, context: Context, viewer: Asking) -> Response:
    """List discrepancies, by default those that are open."""
    wanted = asked(request, view.FILTERS, sorts=view.SORTS)
    question = _question(context, viewer, wanted)
    with context.database.read() as connection:
        rows = view.rows(connection, question, wanted.limit, wanted.offset)
        whole = not wanted.suffix
        facets = tuple(_facet(context, connection, question, name) for name in view.FACETS) if whole else ()
        extra = _around(connection, question, viewer) if whole else {}
        total = view.total(connection, question) if whole else len(rows)
    columns = (*COLUMNS, *_MORE) if wanted.suffix else COLUMNS
    empty = "No invoice differs from its terms under these filters."
    return answer(
        request,
        "findings.html",
        wanted,
        Listing("discrepancies", "Discrepancies", columns, rows, total, facets, empty, extra),
    )


def _around(connection: Connection, question: view.Wanted, viewer: Viewer) -> dict[str, Any]:
    everything = question.unbound
    return {
        "sums": view.sums(connection, question),
        "unmatched": view.unmatched(connection) if everything else [],
        "unread": view.unread(connection) if everything else [],
        "may": viewer.everywhere(Act.CLAIM),
    }


@router.get("/findings/{fingerprint}")
def one(request: Request, context: Context, viewer: Asking, fingerprint: str) -> HTMLResponse:
    """Show one discrepancy with its arithmetic, its clause and its steps."""
    with context.database.read() as connection:
        row = _known(context, connection, viewer, fingerprint)
        steps = [dict(step) for step in store.events(connection, fingerprint)]
        may = _may(context, connection, viewer, row)
        text = _shows_text(context, connection, viewer, row)
    moves = next_steps(Status(row["status"]), Direction(row["direction"])) if may else []
    values = {"row": row, "steps": steps, "moves": moves, "text": text, "side": _SIDES[Direction(row["direction"])]}
    return page(request, "finding.html", values)


@router.post("/findings/worklist/upload")
async def applied(request: Request, context: Context, viewer: Asking) -> RedirectResponse:
    """Take an edited work list back: its changed statuses, all of them or none."""
    form = await sent(request, context, viewer, "worklist")
    identity = await ask(context, viewer, Kind.APPLY_WORKLIST, "", {"worklist": form.sha256}, subject="worklist")
    return back("/findings", identity)


@router.post("/findings/match")
async def matched(context: Context, viewer: Asking, form: Form) -> RedirectResponse:
    """Take somebody's word on whose an invoice is."""
    return back(
        "/findings", await ask(context, viewer, Kind.MATCH_INVOICE, "", form, subject=form.get("invoice", "-")[:200])
    )


@router.post("/findings/{fingerprint}/move")
async def moved(context: Context, viewer: Asking, fingerprint: str, form: Form) -> RedirectResponse:
    """Take somebody's word on what becomes of a discrepancy."""
    with context.database.read() as connection:
        row = _known(context, connection, viewer, fingerprint)
    body = {**form, "finding": fingerprint}
    identity = await ask(context, viewer, Kind.MOVE_FINDING, row["contract_id"] or "", body, subject=fingerprint)
    return back(f"/findings/{fingerprint}", identity)


def _known(context: WebContext, connection: Connection, viewer: Viewer, fingerprint: str) -> dict[str, Any]:
    row = view.one(connection, fingerprint, _question(context, viewer, Asked("", "", {}, "", 0)))
    if row is None:
        raise Missing("There is no such discrepancy", fix="see /findings for those that you may see")
    return row


def _may(context: WebContext, connection: Connection, viewer: Viewer, row: dict[str, Any]) -> bool:
    if not row["contract_id"]:
        return viewer.everywhere(Act.CLAIM)
    about = access.subject(connection, row["contract_id"], context.business.people)
    return about is not None and viewer.may(Act.CLAIM, about)


def _shows_text(context: WebContext, connection: Connection, viewer: Viewer, row: dict[str, Any]) -> bool:
    if not row["contract_id"]:
        return viewer.everywhere(Act.CLAIM)
    about = access.subject(connection, row["contract_id"], context.business.people)
    return about is not None and viewer.shows(FieldClass.TEXT, about)


def _question(context: WebContext, viewer: Viewer, wanted: Asked) -> view.Wanted:
    people = context.business.people
    visible, priced = access.visible(viewer, people), access.showing(viewer, people, FieldClass.PRICE)
    unbound = viewer.everywhere(Act.CLAIM)
    return view.Wanted(visible, priced, wanted.filters, context.clock().date(), unbound, wanted.sort)


def _facet(context: WebContext, connection: Connection, question: view.Wanted, name: str) -> Facet:
    people = context.business.people
    labels: dict[str, Callable[[str], str]] = {
        "code": lambda one: f"{one}: {view.WORDS[Code(one)]}",
        "direction": lambda one: _SIDES[Direction(one)],
        "owner": lambda one: people[one].name if one in people else one.capitalize(),
        "currency": str,
    }
    label = labels.get(name, words)
    found = view.facet(connection, question, name)
    return Facet(name, _LABELS[name], tuple(Choice(value, label(value), count) for value, count in found))
