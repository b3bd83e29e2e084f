"""The rows of the control tower: their columns on the page and in files, and what their cells show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from domain.access import Act, Viewer
from domain.handoff import ACTIONS, Step
from web.context import WebContext
from web.listing import Column, Look
from web.rendering import duration, web_link, when, words

STATES = {"incomplete": "Not complete", "needs_person": "Needs a person"}
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


def describe(context: WebContext, viewer: Viewer, row: dict[str, Any]) -> None:
    """Add to a row what its cells show; an object at a vendor is linked, a link that acts without login never is."""
    contacted, due = row["contacted_at"], row["due_at"]
    row["customer"] = row["customer"] or row["id"]
    row["about"] = " · ".join(
        (row["deal_type"] or "type unknown", STATES.get(row["state"], words(row["state"])).lower())
    )
    row["signed"] = row["signed_at"] or row["accepted_at"]
    row["signed_at_time"] = f"{row['signed']:%H:%M} UTC"
    for action in ACTIONS:
        _action(context, viewer, row, action)
    row["contact"], row["contact_note"] = _contact(context, row)
    row["hours"] = hours((contacted - row["signed_at"]).total_seconds()) if contacted and row["signed_at"] else None
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
    row[f"{action}_object"] = _vendors(context, viewer, step.get("url", ""))
    row[f"{action}_note"] = f"{finished:%-d %b %H:%M}" if finished else ""


def _vendors(context: WebContext, viewer: Viewer, url: str) -> str:
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


def hours(seconds: float | None) -> float | None:
    """Return seconds as hours."""
    return None if seconds is None else round(seconds / 3600, 2)
