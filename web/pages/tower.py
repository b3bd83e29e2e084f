"""The control tower: every signature with its five actions, and the figures that prove the handoffs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.access import Act, Viewer
from domain.handoff import ACTIONS, Step
from store.views import tower as view
from store.views import tower_figures
from web.context import WebContext
from web.dependencies import Context
from web.handoff_rows import seen_by
from web.listing import Asked, Choice, Column, Facet, Listing, Look, answer, asked
from web.rendering import duration, web_link, when, words
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
_STATES = {"incomplete": "Not complete", "needs_person": "Needs a person"}
TITLES = {
    Step.CRM: "CRM", Step.BRIEF: "Brief", Step.FIRST_TOUCH: "CSM task", Step.PROJECT: "Project", Step.WELCOME: "Welcome",
}  # fmt: skip


def _page(row: Mapping[str, Any]) -> str:
    return f"/handoffs/{row['id']}"


def _object(action: Step) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: str(row[f"{action}_object"])


COLUMNS = (
    Column("customer", "Customer", link=_page, note="about", sortable=True),
    Column("signed", "Signed", Look.DAY, note="signed_at_time", sortable=True),
    *(Column(action, TITLES[action], Look.STATE, link=_object(action), note=f"{action}_note") for action in ACTIONS),
    Column("contact", "First contact", Look.STATE, link=lambda row: f"{_page(row)}#first-touch", note="contact_note"),
    Column("csm_email", "CSM", Look.PERSON, note="owned_by", sortable=True),
    Column("complete_percent", "Brief", Look.PERCENT, link=lambda row: row["brief_page"]),
    Column("run", "Run", link=lambda row: row["run_link"]),
)
SAVED = (
    Column("id", "Handoff"), Column("customer", "Customer"), Column("source", "Provider"), Column("document", "Document"),
    Column("deal_type", "Deal type"), Column("deal_id", "Deal"), Column("region", "Region"), Column("state", "State"),
    Column("owner_email", "Owner"), Column("csm_email", "CSM"), Column("signed_at", "Signed (UTC)", Look.MOMENT),
    Column("accepted_at", "Accepted (UTC)", Look.MOMENT), Column("completed_at", "Completed (UTC)", Look.MOMENT),
    *(
        column
        for action in ACTIONS
        for column in (
            Column(action, TITLES[action]), Column(f"{action}_at", f"{TITLES[action]} at (UTC)", Look.MOMENT),
            Column(f"{action}_tries", f"{TITLES[action]} tries", Look.NUMBER), Column(f"{action}_object", f"{TITLES[action]} object"),
            Column(f"{action}_run", f"{TITLES[action]} run"),
        )
    ),
    Column("due_at", "First contact due (UTC)", Look.MOMENT), Column("contacted_at", "First contact (UTC)", Look.MOMENT),
    Column("contacted_by", "Contact recorded by"), Column("hours", "Hours from signature to contact", Look.NUMBER),
    Column("issued_at", "Brief issued (UTC)", Look.MOMENT), Column("first_percent", "Brief at first, %", Look.NUMBER),
    Column("complete_percent", "Brief now, %", Look.NUMBER), Column("welcome_state", "Welcome sequence"),
    Column("intake_done_at", "Intake done (UTC)", Look.MOMENT), Column("run_id", "Run"), Column("runs", "Runs", Look.NUMBER),
)  # fmt: skip


@router.get("/handoffs")
@router.get("/handoffs.{suffix}")
def overview(request: Request, context: Context, viewer: Asking) -> Response:
    """Show one row a signature with its five actions, and the figures over them."""
    wanted = asked(request, view.FILTERS, sorts=view.SORTS)
    question = _question(context, viewer, wanted)
    with context.database.read() as connection:
        rows = view.rows(connection, question, wanted.limit, wanted.offset)
        whole = not wanted.suffix
        counts = view.counts(connection, question) if whole else None
        extra = _extra(context, connection, viewer, question, wanted) if whole else {}
    for row in rows:
        _describe(context, viewer, row)
    facets = tuple(_facet(context, counts.facets[name], name) for name in view.FACETS) if counts else ()
    total = counts.total if counts else len(rows)
    columns = COLUMNS if whole else SAVED
    return answer(
        request, "handoffs.html", wanted,
        Listing("handoffs", "Handoffs", columns, rows, total, facets, _empty(context, wanted), extra),
    )  # fmt: skip


def _question(context: WebContext, viewer: Viewer, wanted: Asked) -> view.Wanted:
    filters = {**wanted.filters}
    if filters.get("by") not in tower_figures.BY:
        filters.pop("by", None)
    teams = {person.email: person.teams[0] for person in context.business.csms() if any(person.teams)}
    return view.Wanted(seen_by(context, viewer), context.clock(), filters, teams, wanted.sort)


def _extra(
    context: WebContext, connection: Any, viewer: Viewer, question: view.Wanted, wanted: Asked
) -> dict[str, object]:
    by = question.filters.get("by", "month")
    found, groups = tower_figures.figures(connection, question, by)
    for group in groups:
        group["label"] = _label(context, by, str(group["of"]))
        group["value"] = str(group["of"])
    keep = {name: value for name, value in wanted.filters.items() if name in view.DIMENSIONS}
    narrow = view.Wanted(question.seen, question.now, keep, question.teams)
    return {
        "figures": found, "groups": groups, "by": by, "ways": tower_figures.BY, "chart": _chart(by, groups, found, keep),
        "stops": view.stuck(connection, narrow), "keep": keep, "to": lambda **changes: _address(keep, changes),
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
        "kind": "line" if by == "month" else "bar", "unit": "hours", "target": _hours(found["promise"]),
        "labels": [one["label"] for one in groups],
        "series": [
            {"name": name, "values": [_hours(one[key]) for one in groups], "links": links} for name, key in names
        ],
    }  # fmt: skip


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 3600, 2)


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
    return _STATES.get(value) or (value if name in {"region", "team"} and value != view.UNKNOWN else words(value))


def _empty(context: WebContext, wanted: Asked) -> str:
    if wanted.filters:
        return "No handoff fits these filters."
    address = f"{context.settings.public_url}/webhooks/…"
    return f"No handoff yet. The first one appears when a signature provider reports a completed document to {address}"


def _describe(context: WebContext, viewer: Viewer, row: dict[str, Any]) -> None:
    """Add to a row what its cells show; an object at a vendor is linked, a link that acts without login never is."""
    contacted, due = row["contacted_at"], row["due_at"]
    row["customer"] = row["customer"] or row["id"]
    row["about"] = " · ".join(
        (row["deal_type"] or "type unknown", _STATES.get(row["state"], words(row["state"])).lower())
    )
    row["signed"] = row["signed_at"] or row["accepted_at"]
    row["signed_at_time"] = f"{row['signed']:%H:%M} UTC"
    for action in ACTIONS:
        _action(context, viewer, row, action)
    row["contact"], row["contact_note"] = _contact(context, row)
    row["hours"] = _hours((contacted - row["signed_at"]).total_seconds()) if contacted and row["signed_at"] else None
    row["late"] = bool(due and (contacted or context.clock()) > due)
    row["owned_by"] = _owner(context, row["owner_email"])
    row["complete_percent"], row["first_percent"] = _percent(row["completeness"]), _percent(row["first_completeness"])
    row["brief_page"] = f"{_page(row)}/brief" if row["issued_at"] else ""
    row["run"] = "Run" if row["run_id"] else None
    row["run_link"] = f"{context.settings.prefect_api.removesuffix('/api')}/runs/flow-run/{row['run_id']}"


def _action(context: WebContext, viewer: Viewer, row: dict[str, Any], action: Step) -> None:
    step = row["steps"].get(action, {})
    finished = step.get("finished_at")
    row[action] = step.get("state", "pending")
    row[f"{action}_at"], row[f"{action}_run"] = finished, step.get("run_id")
    row[f"{action}_tries"] = step.get("attempts")
    row[f"{action}_object"] = vendors(context, viewer, step.get("url", ""))
    row[f"{action}_note"] = f"{finished:%-d %b %H:%M}" if finished else ""


def vendors(context: WebContext, viewer: Viewer, url: str) -> str:
    """Return the address of an object at a vendor, empty where it is a link that acts without login or not theirs."""
    known, base = web_link(url), context.settings.public_url
    path = urlsplit(known).path if known.startswith((base, "/")) else ""
    closed = path.startswith("/t/") or (path.startswith("/outbox") and not viewer.ever(Act.AUDIT))
    return "" if closed else known


def _contact(context: WebContext, row: Mapping[str, Any]) -> tuple[str | None, str]:
    """Return how far the first contact is, and how long it took or when it is due."""
    contacted, due = row["contacted_at"], row["due_at"]
    if contacted:
        late = "late" if due and contacted > due else "in time"
        took = duration((contacted - row["signed_at"]).total_seconds()) if row["signed_at"] else when(contacted)
        return late, f"after {took}" if row["signed_at"] else took
    if due is None:
        return None, ""
    return ("overdue" if due < context.clock() else "open"), f"due {due:%-d %b %H:%M}"


def _owner(context: WebContext, email: str | None) -> str:
    person = context.business.people.get(email or "")
    return f"owner {person.name if person else email}" if email else "no owner"


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)
