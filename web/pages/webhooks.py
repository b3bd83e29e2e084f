"""Webhooks as a list: what was received, verified and de-duplicated, what was refused, and what became of it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from domain.access import Act, Viewer
from store.views import dead_letters as dead
from store.views import deliveries
from store.views import webhooks as view
from store.views.bound import reach
from web.context import WebContext
from web.dependencies import Context
from web.listing import Asked, Choice, Column, Facet, Listing, Look, answer, asked
from web.pages.inbox import NOTICES
from web.rendering import words
from web.viewer import Asking, needs

router = APIRouter(include_in_schema=False)
_LABELS = {
    "state": "State", "source": "Source", "kind": "Kind", "proof": "Verified", "handoff": "Led to a handoff",
    "repeated": "Delivered more than once", "month": "Month", "day": "Day",
}  # fmt: skip
_PROOFS = {view.SIGNED: "By its signature", view.SWEPT: "Found by the sweep", view.REFUSED: "Refused"}
_STATES = {"dead": "Needs a person", "unknown": "Unknown: needs a person"}
_BASE = (
    Column("kind", "Event", link=lambda row: f"/webhooks/log/{row['id']}", note="what"),
    Column("received_at", "Received", Look.MOMENT, sortable=True),
    Column("state", "State", Look.STATE, note="reason", sortable=True),
    Column("deliveries", "Deliveries", Look.NUMBER, sortable=True),
    Column("handoff_id", "Handoff", link=lambda row: f"/handoffs/{row['handoff_id']}" if row["handoff_id"] else ""),
)
# What only a file tells as well.
_MORE = (
    Column("reason", "Reason"), Column("source", "Source"), Column("document", "Document"),
    Column("event_id", "Event id"), Column("duplicates", "Duplicates", Look.NUMBER), Column("proof", "Verified by"),
    Column("attempt", "Runs asked for", Look.NUMBER), Column("run_id", "Run"), Column("id", "Number"),
)  # fmt: skip
COUNTED = (
    Column("source", "Source", sortable=True),
    Column("kind", "Kind", sortable=True),
    Column("verdict", "Verdict", Look.STATE, sortable=True),
    Column("count", "Deliveries", Look.NUMBER, sortable=True),
    Column("last_at", "Last", Look.MOMENT, sortable=True),
)


@router.get("/webhooks")
@router.get("/webhooks.{suffix}")
def listed(request: Request, context: Context, viewer: Asking, done: str = "") -> Response:
    """List the events that were kept, to those who may audit."""
    needs(viewer, Act.AUDIT)
    wanted = asked(request, view.FILTERS, sorts=view.SORTS)
    if wanted.filters.get("proof") == view.REFUSED:
        return _refused(wanted)
    question = view.Wanted(reach(viewer, context.business.people), wanted.filters, wanted.sort)
    with context.database.read() as connection:
        rows = view.rows(connection, question, wanted.limit, wanted.offset)
        total = len(rows) if wanted.suffix else view.total(connection, question)
        whole = {} if wanted.suffix else _around(context, connection, viewer, question)
    for row in rows:
        row.update(_told(row))
    columns = (*_BASE, *_MORE) if wanted.suffix else (*_BASE, _run(request))
    facets = whole.pop("facets", ())
    extra = {**whole, "done_notice": NOTICES.get(done, "")}
    empty = "No event fits these filters." if wanted.filters else "Nothing was received yet."
    return answer(
        request, "webhooks.html", wanted, Listing("webhooks", "Webhooks", columns, rows, total, facets, empty, extra)
    )


@router.get("/webhooks/counted")
@router.get("/webhooks/counted.{suffix}")
def counted(request: Request, context: Context, viewer: Asking) -> Response:
    """List every delivery as counted, refused ones too; they belong to no contract."""
    needs(viewer, Act.AUDIT)
    wanted = asked(request, deliveries.FILTERS, sorts=deliveries.SORTS)
    with context.database.read() as connection:
        rows = deliveries.rows(connection, wanted.filters, wanted.sort, wanted.limit, wanted.offset)
        total = deliveries.total(connection, wanted.filters)
        count = deliveries.deliveries(connection, wanted.filters)
        facets = tuple(_count_facet(connection, wanted, name) for name in deliveries.FACETS)
    listing = Listing("deliveries", "Deliveries", COUNTED, rows, total, facets, extra={"count": count})
    return answer(request, "webhooks_counted.html", wanted, listing)


def _told(row: dict[str, Any]) -> dict[str, str]:
    what = f"{row['source']}, document {row['document'] or '–'}"
    asked_for = f"{row['attempt']} asked for" if row["attempt"] else ""
    return {"what": what, "run": "Open run" if row["run_id"] else "", "asked_for": asked_for}


def _around(context: WebContext, connection: Connection, viewer: Viewer, question: view.Wanted) -> dict[str, Any]:
    counts = {name: view.facet(connection, question, name) for name in view.FACETS}
    forged = deliveries.deliveries(connection, {"verdict": deliveries.FORGED})
    counts["proof"] += [(view.REFUSED, forged)] if forged else []
    letters = dead.Wanted(question.reach, dead.allowed(viewer, context.business.people), {})
    return {
        "facets": tuple(_facet(name, found) for name, found in counts.items()),
        "sums": view.sums(connection, question),
        "forged": forged,
        "dead": dead.total(connection, letters),
    }


def _facet(name: str, found: list[tuple[str, int]]) -> Facet:
    labels = {"state": _STATES, "proof": _PROOFS, "handoff": {}, "repeated": {}}.get(name)
    choices = tuple(
        Choice(value, value if labels is None else labels.get(value, words(value)), count) for value, count in found
    )
    return Facet(name, _LABELS[name], choices)


def _count_facet(connection: Connection, wanted: Asked, name: str) -> Facet:
    found = deliveries.facet(connection, wanted.filters, name)
    return Facet(name, words(name), tuple(Choice(value, value, count) for value, count in found))


def _refused(wanted: Asked) -> RedirectResponse:
    source = f"&source={wanted.filters['source']}" if wanted.filters.get("source", "").isalnum() else ""
    suffix = f".{wanted.suffix}" if wanted.suffix else ""
    return RedirectResponse(f"/webhooks/counted{suffix}?verdict={deliveries.FORGED}{source}", 303)


def _run(request: Request) -> Column:
    base = request.app.state.context.settings.prefect_api.removesuffix("/api")
    return Column(
        "run",
        "Run",
        link=lambda row: f"{base}/runs/flow-run/{row['run_id']}" if row["run_id"] else "",
        note="asked_for",
    )
