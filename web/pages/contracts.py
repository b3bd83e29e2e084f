"""The repository: every contract one may see, by its effective terms."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from domain.access import FieldClass, Viewer
from store import access
from store.views import contracts as view
from web.context import WebContext
from web.dependencies import Context
from web.listing import Asked, Choice, Column, Facet, Listing, Look, answer, asked
from web.rendering import day, words
from web.viewer import Asking

router = APIRouter(include_in_schema=False)
COLUMNS = (
    Column("customer", "Customer", link=lambda row: f"/contracts/{row['id']}", note="title", sortable=True),
    Column("state", "State", Look.STATE),
    Column("type", "Type"),
    Column("value", "Value", Look.MONEY, kind=FieldClass.PRICE, sortable=True),
    Column("starts", "Starts", Look.DAY, sortable=True),
    Column("ends", "Ends", Look.DAY, sortable=True),
    Column("act_by", "Act by", Look.DAY, note="left", sortable=True),
    Column("renewal_type", "Renews"),
    Column("owner_email", "Owner", Look.PERSON),
    Column("region", "Region"),
    Column(
        "doubts", "To review", Look.NUMBER, link=lambda row: f"/review?contract={row['id']}" if row["doubts"] else ""
    ),
)
_LABELS = {
    "state": "State", "type": "Type", "region": "Region", "owner": "Owner", "renewal": "Renewal",
    "currency": "Currency", "year": "Ends in",
}  # fmt: skip


@router.get("/contracts")
@router.get("/contracts.{suffix}")
def listed(request: Request, context: Context, viewer: Asking) -> Response:
    """List the contracts that fit the filters, as a page or as a file."""
    wanted = asked(request, ("q", *view.FILTERS), sorts=view.SORTS)
    with context.database.read() as connection:
        return answer(request, "contracts.html", wanted, _listing(context, connection, viewer, wanted))


def _listing(context: WebContext, connection: Connection, viewer: Viewer, wanted: Asked) -> Listing:
    people = context.business.people
    question = view.Wanted(
        access.visible(viewer, people),
        access.showing(viewer, people, FieldClass.PRICE),
        wanted.filters,
        context.clock().date(),
        wanted.sort,
    )
    rows = view.rows(connection, question, wanted.limit, wanted.offset)
    for row in rows:
        row["left"] = _left(row["days_left"])
        row["type"] = words(row["type"]) if row["type"] else ""
        row["renewal_type"] = words(row["renewal_type"]) if row["renewal_type"] else ""
    facets = () if wanted.suffix else tuple(_facet(context, connection, question, name) for name in view.FACETS)
    total = len(rows) if wanted.suffix else view.total(connection, question)
    hidden = 0 if wanted.suffix else view.amending(connection, question)
    extra = {"hidden": hidden, "today": day(context.clock().date())}
    return Listing("contracts", "Contracts", COLUMNS, rows, total, facets, extra=extra)


def _facet(context: WebContext, connection: Connection, question: view.Wanted, name: str) -> Facet:
    labels: dict[str, Callable[[str], str]] = {"owner": lambda one: _person(context, one), "currency": str, "year": str}
    label = labels.get(name, words)
    found = view.facet(connection, question, name)
    return Facet(name, _LABELS[name], tuple(Choice(value, label(value), count) for value, count in found))


def _person(context: WebContext, email: str) -> str:
    known = context.business.people.get(email)
    return known.name if known else "Nobody" if email == view.UNOWNED else email


def _left(days: int | None) -> str:
    if days is None:
        return ""
    return f"{-days} days late" if days < 0 else "today" if days == 0 else f"{days} days left"


def address(**filters: str) -> str:
    """Return the address of the list under some filters."""
    return "/contracts?" + "&".join(f"{name}={quote(value)}" for name, value in filters.items() if value)
