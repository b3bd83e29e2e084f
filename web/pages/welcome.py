"""Welcome sequences: which mail goes to which customer next, and stopping or leaving out."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.access import Act, FieldClass, Viewer
from domain.welcome import MailState, SequenceState, StopReason
from store import access, audit, sequences
from store.views import handoffs as handoff_view
from store.views import welcome as view
from web.context import WebContext
from web.dependencies import Context, Form, only
from web.handoff_rows import opened, seen_by
from web.listing import Choice, Column, Facet, Listing, Look, answer, asked
from web.rendering import words
from web.viewer import Asking

router = APIRouter(include_in_schema=False)
_LABELS = {"state": "State", "csm": "CSM", "intake": "Intake form"}
_INTAKE = {"done": "Filled in", "waiting": "Not filled in"}
COLUMNS = (
    Column("customer", "Customer", link=lambda row: f"/handoffs/{row['id']}#welcome", note="template", sortable=True),
    Column("state", "State", Look.STATE, note="reason"),
    Column("next", "Next mail"),
    Column("next_at", "On", Look.MOMENT, sortable=True),
    Column("progress", "Sent"),
    Column("intake_done_at", "Intake form filled in", Look.MOMENT),
    Column("csm_email", "CSM", Look.PERSON),
    Column("recipient", "To", kind=FieldClass.PERSONAL),
)


@router.get("/welcome")
@router.get("/welcome.{suffix}")
def listed(request: Request, context: Context, viewer: Asking) -> Response:
    """List the welcome sequences, the next mail on top."""
    wanted = asked(request, view.FILTERS, sorts=view.SORTS)
    named = access.showing(viewer, context.business.people, FieldClass.PERSONAL)
    question = view.Wanted(
        seen_by(context, viewer), handoff_view.within(named, unread=False), wanted.filters, wanted.sort
    )
    with context.database.read() as connection:
        rows = view.rows(connection, question, wanted.limit, wanted.offset)
        whole = not wanted.suffix
        counts = view.counts(connection, question) if whole else None
    total = counts.total if counts else len(rows)
    facets = tuple(_facet(context, name, counts.facets[name]) for name in view.FACETS) if counts else ()
    for row in rows:
        row["progress"] = f"{row['sent']} of {row['mails']}"
    listing = Listing(
        "welcome", "Welcome sequences", COLUMNS, rows, total, facets, "No welcome sequence fits these filters."
    )
    return answer(request, "welcome.html", wanted, listing)


@router.post("/handoffs/{handoff_id}/welcome/stop")
def stop(context: Context, viewer: Asking, handoff_id: str, form: Form) -> RedirectResponse:
    """Stop the customer's welcome sequence."""
    only(form, set())
    _allowed(context, viewer, handoff_id)
    with context.database.write() as connection:
        found = sequences.set_state(
            connection, handoff_id, SequenceState.STOPPED, StopReason.BY_HAND, viewer.email, context.clock()
        )
    return _back(handoff_id, "stop" if found else "stopped")


@router.post("/handoffs/{handoff_id}/welcome/{key}/skip")
def skip(context: Context, viewer: Asking, handoff_id: str, key: str, form: Form) -> RedirectResponse:
    """Leave one mail out; the others leave as planned."""
    only(form, set())
    _allowed(context, viewer, handoff_id)
    now = context.clock()
    with context.database.write() as connection:
        found = view.leaves_out(connection, handoff_id, key)
        if found:
            audit.record(connection, now, viewer.email, "welcome.left_out", handoff_id, mail=key)
            sequences.mark(connection, handoff_id, key, MailState.SKIPPED, now, f"left out by {viewer.name}")
    return _back(handoff_id, "skip" if found else "unskipped")


def _allowed(context: WebContext, viewer: Viewer, handoff_id: str) -> None:
    with context.database.read() as connection:
        opened(context, connection, viewer, handoff_id, Act.HAND_OVER)


def _facet(context: WebContext, name: str, found: Sequence[tuple[str, int]]) -> Facet:
    people = context.business.people

    def label(value: str) -> str:
        return people[value].name if value in people else _INTAKE.get(value, words(value))

    return Facet(name, _LABELS[name], tuple(Choice(value, label(value), count) for value, count in found))


def _back(handoff_id: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"/handoffs/{handoff_id}?done={done}#welcome", 303)
