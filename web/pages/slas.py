"""Service levels: measured beside promised, and every miss with its credit and the last day to claim it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection

from domain.access import Act, FieldClass, Viewer
from domain.money import Money
from domain.requests import Kind
from domain.sla.claims import ClaimState, may_become
from store import access, read_models
from store.read_models import Missing
from store.views import slas as view
from web.asking import ask, back
from web.context import WebContext
from web.dependencies import Context, Form, seen
from web.listing import Asked, Choice, Column, Facet, Listing, Look, answer, asked
from web.pages.handoffs import attachment
from web.problems import Unacceptable
from web.rendering import page, words
from web.viewer import Asking, shown, subject_of

router = APIRouter(include_in_schema=False)
_KINDS = {"claimed": Kind.SLA_CLAIMED, "answered": Kind.SLA_ANSWERED, "credited": Kind.SLA_CREDITED}
_LABELS = {"claim": "Claim", "direction": "Side", "state": "State"}
_SIDES = {"theirs": "owed to us", "ours": "we owe it"}
_NOT_THERE = "There is no such miss"
COLUMNS = (
    Column("service", "Service", link=lambda row: f"/slas/{row['id']}", note="window"),
    Column("customer", "Contract", link=lambda row: f"/contracts/{row['contract_id']}", note="title", sortable=True),
    Column("side", "Side"),
    Column("credit", "Credit", Look.MONEY, kind=FieldClass.PRICE),
    Column("state", "Claim", Look.STATE),
    Column("claim_by", "Last day to claim", Look.DAY, note="left", sortable=True),
    Column("send_by", "Send by", Look.DAY),
    Column("owner_email", "Owner", Look.PERSON),
)


@router.get("/slas")
@router.get("/slas.{suffix}")
def listed(request: Request, context: Context, viewer: Asking) -> Response:
    """List misses and, on the page, what was measured of every service."""
    wanted = asked(request, view.FILTERS, sorts=view.SORTS)
    question = _question(context, viewer, wanted)
    with context.database.read() as connection:
        rows = view.rows(connection, question, wanted.limit, wanted.offset)
        whole = not wanted.suffix
        facets = tuple(_facet(connection, question, name) for name in view.FACETS) if whole else ()
        services = view.services(connection, question) if whole else []
        total = view.total(connection, question) if whole else len(rows)
    for row in rows:
        _describe(row, question)
    extra = {"services": services, "charts": [_chart(one) for one in services]}
    empty = "No service level was missed under these filters."
    return answer(
        request, "slas.html", wanted, Listing("slas", "Service levels", COLUMNS, rows, total, facets, empty, extra)
    )


@router.get("/slas/{breach_id}")
def one(request: Request, context: Context, viewer: Asking, breach_id: str) -> HTMLResponse:
    """Show one miss with its evidence and its claim."""
    with context.database.read() as connection:
        row = _known(context, connection, viewer, breach_id)
        about = subject_of(context, connection, viewer, row["contract_id"])
        windows = view.windows(connection, row["contract_id"], row["service"], row["window_first"])
    own = next((one for one in windows if one["first"] == row["window_first"]), None)
    may = viewer.may(Act.CLAIM, about)
    steps = [one for one in ClaimState if may and may_become(ClaimState(row["state"]), one)]
    allowed = shown(viewer, about)
    values = {
        "row": row,
        "own": own,
        "steps": steps,
        "shows": allowed,
        "side": _SIDES[row["direction"]],
        "today": context.clock().date(),
    }
    return page(request, "sla.html", values)


@router.get("/slas/{breach_id}/letter")
def letter(context: Context, viewer: Asking, breach_id: str) -> Response:
    """Download the letter that claims a credit."""
    with context.database.read() as connection:
        row = _known(context, connection, viewer, breach_id)
        if not viewer.shows(FieldClass.PRICE, subject_of(context, connection, viewer, row["contract_id"])):
            raise Missing("There is no such letter", fix=f"see /slas/{breach_id}")
        stored = read_models.document(connection, row["letter_sha256"])
    seen(context, viewer.email, "document.downloaded", row["contract_id"], sha256=stored["sha256"])
    headers = {"Content-Disposition": attachment(stored["name"])}
    return Response(context.vault.get(stored["sha256"]), media_type="application/octet-stream", headers=headers)


@router.post("/slas/{breach_id}/{what}")
async def settled(context: Context, viewer: Asking, breach_id: str, what: str, form: Form) -> RedirectResponse:
    """Take somebody's word on a claim: sent, answered, credited."""
    kind = _KINDS.get(what)
    if kind is None:
        raise Unacceptable(f"{what[:40]!r} is nothing to do with a claim", fix="reload the page")
    with context.database.read() as connection:
        row = _known(context, connection, viewer, breach_id)
    identity = await ask(context, viewer, kind, row["contract_id"], {**form, "breach": breach_id}, subject=breach_id)
    return back(f"/slas/{breach_id}", identity)


def _known(context: WebContext, connection: Connection, viewer: Viewer, breach_id: str) -> dict[str, Any]:
    row = view.one(connection, breach_id, _question(context, viewer, Asked("", "", {}, "", 0)))
    if row is None:
        raise Missing(_NOT_THERE, fix="see /slas")
    return row


def _question(context: WebContext, viewer: Viewer, wanted: Asked) -> view.Wanted:
    people = context.business.people
    visible, priced = access.visible(viewer, people), access.showing(viewer, people, FieldClass.PRICE)
    return view.Wanted(visible, priced, wanted.filters, context.clock().date(), wanted.sort)


def _facet(connection: Connection, question: view.Wanted, name: str) -> Facet:
    found = view.facet(connection, question, name)
    label = _SIDES.get if name == "direction" else words
    return Facet(name, _LABELS[name], tuple(Choice(value, str(label(value) or value), count) for value, count in found))


def _describe(row: dict[str, Any], question: view.Wanted) -> None:
    row["credit"] = Money.parse(row["credit"]) if row["credit"] else None
    row["side"] = _SIDES[row["direction"]]
    row["window"] = f"{row['window_first']} to {row['window_last']}"
    days = (row["claim_by"] - question.today).days if row["claim_by"] and row["claim"] == view.DUE else None
    row["left"] = "" if days is None else f"{-days} days late" if days < 0 else f"{days} days left"


def _chart(service: dict[str, Any]) -> dict[str, Any]:
    """Return what was measured beside what was promised, as a chart draws it."""
    windows = service["windows"]
    measured = [_number(one["measured"]) for one in windows]
    promised = [_number(str(one["target"])) for one in windows]
    series = [{"name": "measured", "values": measured}, {"name": "promised", "values": promised}]
    return {"kind": "line", "labels": [f"{one['first']:%b %Y}" for one in windows], "series": series, "unit": "%"}


def _number(text: str) -> float:
    return float(text.removesuffix("%").strip())
