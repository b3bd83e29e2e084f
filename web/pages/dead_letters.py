"""Dead letters: what needs a person, why, and how to start it again without repeating what is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection

from domain.access import Act, Viewer
from domain.requests import Kind
from store import doubts
from store.read_models import Missing
from store.views import dead_letters as view
from store.views.bound import reach
from web.asking import ask, back
from web.context import WebContext
from web.dependencies import Context, Form, only
from web.listing import Choice, Facet, Listing, answer, asked
from web.pages.dead_letter_words import COLUMNS, LABELS, MORE, label, notice, said
from web.problems import Unacceptable
from web.redriving import batch, redrive
from web.rendering import page
from web.viewer import Asking, needs

router = APIRouter(include_in_schema=False)


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
        rows = [said(row) for row in view.rows(connection, question, wanted.limit, wanted.offset)]
        counts = None if wanted.suffix else view.counts(connection, question)
    total = counts.total if counts else len(rows)
    facets = tuple(_facet(name, counts.facets[name]) for name in view.FACETS) if counts else ()
    columns = (*COLUMNS, *MORE) if wanted.suffix else COLUMNS
    extra = {
        "query": urlencode(wanted.filters), "notice": notice(events, runs, later), "may": viewer.ever(Act.HAND_OVER)
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
    values = {"batch": chosen, "filters": filters, "back": back_to, "labels": LABELS}
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
    return said(found[0]), effect


def _question(context: WebContext, viewer: Viewer, filters: dict[str, str], sort: str = "") -> view.Wanted:
    people = context.business.people
    return view.Wanted(reach(viewer, people), view.allowed(viewer, people), filters, sort)


def _facet(name: str, found: Sequence[tuple[str, int]]) -> Facet:
    return Facet(name, LABELS[name], tuple(Choice(value, label(name, value), count) for value, count in found))
