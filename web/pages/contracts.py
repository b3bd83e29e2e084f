"""The repository: every contract one may see, by its effective terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, false, true

from domain.access import FieldClass, Viewer
from domain.people import Person
from domain.searching import Term, parse
from store import access
from store.search import Condition, Sight, alike, search
from store.views import contracts as view
from store.views import hits
from web.context import WebContext
from web.dependencies import Context
from web.listing import Asked, Choice, Column, Facet, Listing, Look, Row, answer, asked
from web.pages.saved_views import saved_views
from web.rendering import words
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
_SHORT = {"nda", "dpa", "sla"}
_LABELS = {
    "state": "State", "type": "Type", "region": "Region", "owner": "Owner", "renewal": "Renewal",
    "currency": "Currency", "year": "Ends in", "doubts": "To review",
}  # fmt: skip


@router.get("/contracts")
@router.get("/contracts.{suffix}")
def listed(request: Request, context: Context, viewer: Asking) -> Response:
    """List the contracts that fit the filters and words, as a page or as a file."""
    wanted = asked(request, ("q", *view.FILTERS), sorts=view.SORTS)
    with context.database.read() as connection:
        return answer(request, "contracts.html", wanted, _listing(context, connection, viewer, wanted))


def _listing(context: WebContext, connection: Connection, viewer: Viewer, wanted: Asked) -> Listing:
    sight = sight_of(context, viewer)
    terms = parse(wanted.filters.get("q", ""))
    exact = search(connection, terms, sight) if terms else 0
    near = bool(terms) and not exact and bool(alike(connection, wanted.filters["q"], sight))
    question = view.Wanted(
        sight.visible, sight.prices, wanted.filters, context.clock().date(), wanted.sort, searched=bool(terms)
    )
    rows = view.rows(connection, question, wanted.limit, wanted.offset)
    found = {} if wanted.suffix or not terms else _hits(context, connection, sight, terms, rows)
    for row in rows:
        row["left"] = _left(row["days_left"])
        row["type"] = _type(row["type"] or "")
        row["renewal_type"] = words(row["renewal_type"]) if row["renewal_type"] else ""
    if wanted.suffix:
        return Listing("contracts", "Contracts", COLUMNS, rows, len(rows))
    counts = view.counts(connection, question)
    facets = tuple(_facet(context, name, counts.facets[name]) for name in view.FACETS)
    extra = {
        "hidden": 0 if terms else counts.of("papers", view.AMENDS),
        "hits": found,
        "near": near,
        "terms": terms,
        "views": saved_views(connection, viewer, "contracts", wanted),
    }
    return Listing("contracts", "Contracts", COLUMNS, rows, counts.total, facets, extra=extra)


def sight_of(context: WebContext, viewer: Viewer) -> Sight:
    """Return what somebody sees, for a search."""
    people = context.business.people
    texts, prices = (_shown(viewer, people, kind) for kind in (FieldClass.TEXT, FieldClass.PRICE))
    return Sight(access.visible(viewer, people), texts, prices)


def _shown(viewer: Viewer, people: Mapping[str, Person], kind: FieldClass) -> Condition:
    """Return for which contracts values of a kind are shown; where all rules agree nothing is asked of a row."""
    shows = {kind in rule.show for rule in viewer.rules if not rule.ban}
    return access.showing(viewer, people, kind) if len(shows) == 2 else true() if True in shows else false()


def _hits(
    context: WebContext, connection: Connection, sight: Sight, terms: tuple[Term, ...], rows: Sequence[Row]
) -> dict[str, dict[str, Any]]:
    shown = [str(row["id"]) for row in rows]
    found = hits.hits(connection, shown, terms, sight)
    kin = hits.standing(connection, rows, sight.visible, context.clock().date())
    return {contract: {"hit": hit, "kin": kin[contract]} for contract, hit in found.items()}


def _facet(context: WebContext, name: str, found: Sequence[tuple[str, int]]) -> Facet:
    labels: dict[str, Callable[[str], str]] = {
        "owner": lambda one: _person(context, one),
        "currency": str,
        "region": str,
        "type": _type,
        "year": str,
        "doubts": lambda _: "Terms in doubt",
    }
    label = labels.get(name, words)
    return Facet(name, _LABELS[name], tuple(Choice(value, label(value), count) for value, count in found))


def _type(value: str) -> str:
    return value.upper() if value in _SHORT else words(value) if value else ""


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
