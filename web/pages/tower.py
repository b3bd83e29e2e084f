"""The control tower: every signature with its five actions, and the figures that prove the handoffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.access import Act, Viewer
from domain.handoff import Step
from store.views import tower as view
from store.views import tower_figures
from store.views import tower_filters as filters
from store.views.counting import Counted
from web.context import WebContext
from web.dependencies import Context
from web.handoff_rows import seen_by
from web.listing import Asked, Choice, Facet, Listing, answer, asked
from web.pages.tower_rows import COLUMNS, SAVED, STATES, TITLES, describe, hours
from web.rendering import words
from web.viewer import Asking

router = APIRouter(include_in_schema=False)
_LABELS = {
    "state": "State",
    "stuck": "Stops at",
    "csm": "CSM",
    "region": "Region",
    "month": "Signed in",
    "type": "Deal",
}


@router.get("/handoffs")
@router.get("/handoffs.{suffix}")
def overview(request: Request, context: Context, viewer: Asking) -> Response:
    """Show one row a signature with its five actions, and the figures over them."""
    wanted = asked(request, filters.FILTERS, sorts=view.SORTS)
    question = _question(context, viewer, wanted)
    with context.database.read() as connection:
        rows = view.rows(connection, question, wanted.limit, wanted.offset)
        whole = not wanted.suffix
        counts = view.counts(connection, question) if whole else None
        extra = _extra(context, connection, viewer, question, wanted, counts) if counts else {}
    for row in rows:
        describe(context, viewer, row)
    facets = tuple(_facet(context, counts.facets[name], name) for name in filters.FACETS) if counts else ()
    total = counts.total if counts else len(rows)
    columns = COLUMNS if whole else SAVED
    return answer(
        request, "handoffs.html", wanted,
        Listing("handoffs", "Handoffs", columns, rows, total, facets, _empty(context, wanted), extra),
    )  # fmt: skip


def _question(context: WebContext, viewer: Viewer, wanted: Asked) -> filters.Wanted:
    said = {**wanted.filters}
    if said.get("by") not in tower_figures.BY:
        said.pop("by", None)
    teams = {person.email: person.teams[0] for person in context.business.csms() if any(person.teams)}
    return filters.Wanted(seen_by(context, viewer), context.clock(), said, teams, wanted.sort)


def _extra(
    context: WebContext, connection: Any, viewer: Viewer, question: filters.Wanted, wanted: Asked, counts: Counted
) -> dict[str, object]:
    by = question.filters.get("by", "month")
    found, groups = tower_figures.figures(connection, question, by)
    for group in groups:
        group["label"] = _label(context, by, str(group["of"]))
        group["value"] = str(group["of"])
    keep = {name: value for name, value in wanted.filters.items() if name in filters.DIMENSIONS}
    narrow = filters.Wanted(question.seen, question.now, keep, question.teams)
    same = keep.items() >= {name: one for name, one in question.filters.items() if name not in {"by", "stuck"}}.items()
    return {
        "figures": found, "groups": groups, "by": by, "ways": tower_figures.BY, "chart": _chart(by, groups, found, keep),
        "stops": counts.facets["stuck"] if same else view.stuck(connection, narrow), "keep": keep, "to": lambda **changes: _address(keep, changes),
        "stray": tower_figures.without_handoff(connection) if viewer.everywhere(Act.HAND_OVER) else [],
        "looks": viewer.ever(Act.AUDIT),
    }  # fmt: skip


def _address(keep: Mapping[str, str], changes: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in {**keep, **changes}.items() if value})
    return f"/handoffs{'?' + query if query else ''}"


def _chart(
    by: str, groups: Sequence[Mapping[str, Any]], found: Mapping[str, Any], keep: Mapping[str, str]
) -> dict[str, object]:
    links = [_address(keep, {by: str(one["of"]), "contact": "made"}) for one in groups]
    names = (("Median", "median"), ("90th percentile", "p90"))
    return {
        "kind": "line" if by == "month" else "bar", "unit": "hours", "target": hours(found["promise"]),
        "labels": [one["label"] for one in groups],
        "series": [
            {"name": name, "values": [hours(one[key]) for one in groups], "links": links} for name, key in names
        ],
    }  # fmt: skip


def _facet(context: WebContext, found: Sequence[tuple[str, int]], name: str) -> Facet:
    choices = tuple(Choice(value, _label(context, name, value), count) for value, count in found)
    return Facet(name, _LABELS[name], choices)


def _label(context: WebContext, name: str, value: str) -> str:
    people = context.business.people
    if name == "month" and len(value) == 6:
        return f"{date(int(value[:4]), int(value[4:]), 1):%b %Y}"
    if name == "csm":
        return people[value].name if value in people else value.capitalize()
    if name == "stuck":
        return TITLES.get(Step(value), words(value)) if value in set(Step) else words(value)
    return STATES.get(value) or (value if name in {"region", "team"} and value != filters.UNKNOWN else words(value))


def _empty(context: WebContext, wanted: Asked) -> str:
    if wanted.filters:
        return "No handoff fits these filters."
    address = f"{context.settings.public_url}/webhooks/…"
    return f"No handoff yet. The first one appears when a signature provider reports a completed document to {address}"
