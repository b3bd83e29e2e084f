"""Dead letters: what needs a person, why, and how to start it again without repeating what is done."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection

from domain.access import Act, Viewer
from domain.handoff import Step
from domain.requests import Kind
from store import doubts
from store.read_models import Missing
from store.views import dead_letters as view
from store.views.bound import reach
from web.asking import ask, back
from web.context import WebContext
from web.dependencies import Context, Form, only
from web.listing import Choice, Column, Facet, Listing, Look, answer, asked
from web.problems import Unacceptable
from web.redriving import batch, redrive
from web.rendering import page, words
from web.viewer import Asking, needs

router = APIRouter(include_in_schema=False)
_PLACES = {view.EVENT: "/webhooks/log/", view.STEP: "/handoffs/"}
_LABELS = {"letter": "What", "can": "What can be done", "place": "Where", "month": "Waiting since"}
CAN = {
    view.REDRIVE: "Start it again", view.SETTLE: "Say what happened", view.AFTER: "Settle its effect first",
    view.LOOK: "Look at it",
}  # fmt: skip
_KINDS = {view.EVENT: "Events", view.STEP: "Steps", view.EFFECT: "Effects in doubt"}


def _address(row: Any) -> str:
    place = _PLACES.get(row["letter"])
    return f"{place}{row['id']}" if place else f"/dead-letters/in-doubt?{urlencode({'key': row['id']})}"


def _does(row: Any) -> str:
    if row["can"] == view.REDRIVE:
        return f"/dead-letters/redrive?{urlencode({'item': row['item']})}"
    if row["can"] == view.AFTER:
        return f"/dead-letters?{urlencode({'letter': view.EFFECT, 'handoff': row['handoff_id']})}"
    return _address(row)


COLUMNS = (
    Column("title", "What needs a person", link=_address, note="subject"),
    Column("why", "Why", note="fix"),
    Column("place", "Where", sortable=True),
    Column("tries", "Tries", Look.NUMBER, sortable=True),
    Column("since", "Since", Look.MOMENT, sortable=True),
    Column("todo", "What can be done", link=_does),
)
_MORE = (
    Column("fix", "How to fix it"), Column("letter", "Kind"), Column("id", "Number"), Column("about", "About"),
    Column("handoff_id", "Handoff"), Column("run_id", "Run"),
)  # fmt: skip


@router.get("/dead-letters")
@router.get("/dead-letters.{suffix}")
def listed(
    request: Request, context: Context, viewer: Asking, events: str = "", runs: str = "", later: str = ""
) -> Response:
    """List what needs a person, the longest waiting on top, to those who may audit."""
    needs(viewer, Act.AUDIT)
    wanted = asked(request, view.FILTERS, sorts=view.SORTS)
    question = _question(context, viewer, dict(wanted.filters), wanted.sort)
    with context.database.read() as connection:
        rows = [_said(row) for row in view.rows(connection, question, wanted.limit, wanted.offset)]
        total = len(rows) if wanted.suffix else view.total(connection, question)
        facets = () if wanted.suffix else tuple(_facet(connection, question, name) for name in view.FACETS)
    columns = (*COLUMNS, *_MORE) if wanted.suffix else COLUMNS
    extra = {
        "query": urlencode(wanted.filters), "notice": _notice(events, runs, later), "may": viewer.ever(Act.HAND_OVER)
    }  # fmt: skip
    empty = "Nothing needs a person." if not wanted.filters else "Nothing fits these filters."
    listing = Listing("dead-letters", "Dead letters", columns, rows, total, facets, empty, extra)
    return answer(request, "dead_letters.html", wanted, listing)


@router.get("/dead-letters/redrive")
def confirm(request: Request, context: Context, viewer: Asking) -> HTMLResponse:
    """Say how many letters would be started again and what that does, before anything happens."""
    _may(viewer)
    filters = asked(request, view.FILTERS).filters
    chosen = batch(context, _question(context, viewer, dict(filters)))
    back_to = f"/dead-letters?{urlencode(filters)}" if filters else "/dead-letters"
    values = {"batch": chosen, "filters": filters, "back": back_to, "labels": _LABELS}
    return page(request, "dead_letters_redrive.html", values)


@router.post("/dead-letters/redrive")
async def started(request: Request, context: Context, viewer: Asking, form: Form) -> RedirectResponse:
    """Start again what was confirmed. Raises `Unacceptable` when other letters fit by now."""
    _may(viewer)
    only(form, {*view.FILTERS, "shown"})
    filters = {name: form[name] for name in view.FILTERS if form.get(name)}
    question = _question(context, viewer, filters)
    chosen = await run_in_threadpool(batch, context, question)
    if form.get("shown") != str(chosen.letters) or not chosen.letters:
        raise Unacceptable(
            "Nothing was started", why=f"{chosen.letters} letters fit by now, another number than you were shown",
            fix="go back to the list and look again",
        )  # fmt: skip
    events, runs, later = await redrive(context, viewer, chosen)
    request.app.state.wake.set()
    return RedirectResponse(f"/dead-letters?events={events}&runs={runs}&later={later}", 303)


@router.get("/dead-letters/in-doubt")
def doubt(request: Request, context: Context, viewer: Asking, key: str = "") -> HTMLResponse:
    """Show an effect of which nobody knows whether it happened, with the two answers a person can give."""
    needs(viewer, Act.AUDIT)
    with context.database.read() as connection:
        letter, effect = _effect(context, connection, viewer, key)
    values = {"letter": letter, "effect": effect, "may": letter["can"] == view.SETTLE}
    return page(request, "dead_letter_doubt.html", values)


@router.post("/dead-letters/in-doubt")
async def settled(context: Context, viewer: Asking, form: Form) -> RedirectResponse:
    """Take a person's word on whether an effect happened; a run writes it into the ledger."""
    only(form, {"effect", "happened"})
    _may(viewer)
    contract = await run_in_threadpool(_contract, context, viewer, form.get("effect", ""))
    identity = await ask(context, viewer, Kind.SETTLE_EFFECT, contract, form, subject=form.get("effect", "-"))
    return back("/dead-letters", identity)


def _may(viewer: Viewer) -> None:
    needs(viewer, Act.AUDIT)
    needs(viewer, Act.HAND_OVER)


def _contract(context: WebContext, viewer: Viewer, key: str) -> str:
    with context.database.read() as connection:
        letter, _ = _effect(context, connection, viewer, key)
    return letter["contract_id"] or ""


def _effect(context: WebContext, connection: Connection, viewer: Viewer, key: str) -> tuple[dict[str, Any], Any]:
    found = view.rows(connection, _question(context, viewer, {"item": f"effect:{key}"}), 1)
    effect = doubts.one(connection, key)
    if not found or effect is None:
        raise Missing("No such effect is in doubt", fix="see /dead-letters for those that are")
    return _said(found[0]), effect


def _question(context: WebContext, viewer: Viewer, filters: dict[str, str], sort: str = "") -> view.Wanted:
    people = context.business.people
    return view.Wanted(reach(viewer, people), view.allowed(viewer, people), filters, sort)


def _said(row: dict[str, Any]) -> dict[str, Any]:
    """Say in words what a letter is, why it lies here and what helps."""
    return {**row, **_WORDS[row["letter"]](row), "todo": CAN[row["can"]], "place": row["place"].replace("_", " ")}


def _event(row: dict[str, Any]) -> dict[str, str]:
    if row["state"] == "unknown":
        return {
            "title": f"{row['place']} sent an event that Aftersign does not know", "subject": row["about"],
            "why": "its kind is unknown, so nothing was done with it",
            "fix": "switch it off at the vendor, or update Aftersign",
        }  # fmt: skip
    return {
        "title": f"A signature from {row['place']} led to no handoff", "subject": row["about"],
        "fix": "put right what is named, then start it again",
    }  # fmt: skip


def _step(row: dict[str, Any]) -> dict[str, str]:
    title = row["what"] or f"{words(row['place'])} could not be done"
    return {"title": title, "subject": row["about"] or row["handoff_id"]}


def _doubtful(row: dict[str, Any]) -> dict[str, str]:
    return {
        "title": f"Nobody knows whether this reached {row['place']}", "subject": row["id"],
        "why": row["why"] or "an earlier attempt broke off between request and answer",
        "fix": "look for it at the vendor, then say whether it arrived",
    }  # fmt: skip


_WORDS = {view.EVENT: _event, view.STEP: _step, view.EFFECT: _doubtful}


def _facet(connection: Connection, question: view.Wanted, name: str) -> Facet:
    labels = {"letter": _KINDS, "can": CAN, "place": {step.value: step.replace("_", " ") for step in Step}}.get(
        name, {}
    )
    found = view.facet(connection, question, name)
    return Facet(name, _LABELS[name], tuple(Choice(value, labels.get(value, value), count) for value, count in found))


def _notice(events: str, runs: str, later: str) -> str:
    if not all(one.isdecimal() and len(one) < 6 for one in (events, runs, later)):
        return ""
    opened = f"{events} {'event is' if events == '1' else 'events are'} open again"
    asked_for = f"{runs} {'handoff runs' if runs == '1' else 'handoffs run'} again"
    said = f"{opened}, {asked_for}. Nothing that is done is repeated."
    left = f"{later} {'handoff was' if later == '1' else 'handoffs were'} left for later"
    return f"{said} Prefect does not answer: {left}." if later != "0" else said
