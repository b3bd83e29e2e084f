"""Pages behind a signed link, for people without a login: one purpose, one handoff."""

from __future__ import annotations

import hashlib
import logging

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection

from domain.audit import canonical
from domain.errors import AftersignError, Permanent
from domain.tokens import Purpose
from store import briefs, first_touches, read_models
from store.links import open_token
from store.read_models import Missing
from web.brief_pdf import available
from web.context import WebContext
from web.dependencies import BY_LINK, LINK, Context, Form, seen
from web.dispatch import UPDATE_BRIEF
from web.forms import intake_asks, keep_intake, keep_rep, rep_asks
from web.pages.brief import as_pdf, brief_values
from web.pages.first_touch import press
from web.pages.handoffs import NOTICES
from web.problems import Refused
from web.rendering import page

log = logging.getLogger("aftersign.web")
router = APIRouter(include_in_schema=False)


@router.get("/t/brief/{token}")
def brief(request: Request, context: Context, token: str) -> HTMLResponse:
    """Show the newest brief."""
    handoff_id = opened(context, Purpose.BRIEF, token)
    with context.database.read() as connection:
        values = brief_values(connection, handoff_id)
    seen(context, LINK, "brief.viewed", handoff_id, version=values["version"])
    return page(request, "brief.html", {**values, "linked": token, "as_pdf": available()})


@router.get("/t/pdf/{token}")
def brief_file(context: Context, token: str) -> Response:
    """Download the newest brief as a PDF."""
    handoff_id = opened(context, Purpose.BRIEF, token)
    with context.database.read() as connection:
        values = brief_values(connection, handoff_id)
    answer = as_pdf(values)
    seen(context, LINK, "brief.viewed", handoff_id, version=values["version"], as_pdf=True)
    return answer


@router.get("/t/rep/{token}")
def rep_form(request: Request, context: Context, token: str) -> HTMLResponse:
    """Ask the rep for what the brief is missing."""
    handoff_id = opened(context, Purpose.REP_FORM, token)
    with context.database.read() as connection:
        values = {"customer": _customer(connection, handoff_id), "asks": rep_asks(connection, handoff_id)}
    seen(context, LINK, "rep_form.viewed", handoff_id)
    return page(request, "rep_form.html", values)


@router.post("/t/rep/{token}")
async def rep_answers(request: Request, context: Context, token: str, form: Form) -> HTMLResponse:
    """Keep the rep's answers and have the brief updated."""
    handoff_id = opened(context, Purpose.REP_FORM, token)
    count = await run_in_threadpool(keep_rep, context, handoff_id, form)
    started = await update_brief(context, handoff_id) if count else True
    return page(request, "rep_thanks.html", {"count": count, "started": started})


@router.get("/t/intake/{token}")
def intake_form(request: Request, context: Context, token: str) -> HTMLResponse:
    """Ask the customer to confirm or correct what we know about their goals."""
    handoff_id = opened(context, Purpose.INTAKE, token)
    with context.database.read() as connection:
        values = {"customer": _customer(connection, handoff_id), "asks": intake_asks(connection, handoff_id)}
    seen(context, LINK, "intake_form.viewed", handoff_id)
    return page(request, "intake_form.html", values)


@router.post("/t/intake/{token}")
async def intake_answers(request: Request, context: Context, token: str, form: Form) -> HTMLResponse:
    """Keep the customer's answers and have the brief updated."""
    handoff_id = opened(context, Purpose.INTAKE, token)
    if await run_in_threadpool(keep_intake, context, handoff_id, form):
        await update_brief(context, handoff_id)
    return page(request, "intake_thanks.html", {})


@router.get("/t/touch/{token}")
def touch(request: Request, context: Context, token: str) -> HTMLResponse:
    """Show the CSM's first task with its buttons."""
    handoff_id = opened(context, Purpose.FIRST_TOUCH, token)
    seen(context, LINK, "first_touch.viewed", handoff_id)
    return _touch_page(request, context, handoff_id, "")


@router.post("/t/touch/{token}")
async def touched(request: Request, context: Context, token: str, form: Form) -> HTMLResponse:
    """Record what the CSM did about the first task."""
    handoff_id = opened(context, Purpose.FIRST_TOUCH, token)
    who = await run_in_threadpool(_csm_by_link, context, handoff_id)
    notice = await press(context, handoff_id, form.get("action", ""), form, who)
    return await run_in_threadpool(_touch_page, request, context, handoff_id, notice)


def opened(context: WebContext, purpose: Purpose, token: str) -> str:
    """Return the handoff a link opens. Raises `Refused` when it is forged, altered, too old or withdrawn."""
    try:
        with context.database.read() as connection:
            return open_token(context.settings, connection, purpose, token)
    except Permanent as error:
        raise Refused(error.what, why=error.why, fix=error.fix) from error


async def update_brief(context: WebContext, handoff_id: str) -> bool:
    """Ask for an updated brief; `False` when the sweep has to do it later; the answers are safe."""
    with_answers = await run_in_threadpool(_answers_hash, context, handoff_id)
    try:
        await context.starter.start(UPDATE_BRIEF, {"handoff_id": handoff_id}, f"{handoff_id}:answers:{with_answers}")
    except AftersignError as error:
        log.warning("the brief of %s is updated later: %s", handoff_id, error)
        return False
    return True


def _answers_hash(context: WebContext, handoff_id: str) -> str:
    with context.database.read() as connection:
        rows = sorted((r["key"], r["source"], r["value"], r["at"]) for r in briefs.given(connection, handoff_id))
    return hashlib.sha256(canonical({"answers": rows}).encode()).hexdigest()


def _customer(connection: Connection, handoff_id: str) -> str:
    return str(read_models.handoff_detail(connection, handoff_id)["customer"])


def _csm_by_link(context: WebContext, handoff_id: str) -> str:
    with context.database.read() as connection:
        row = first_touches.get(connection, handoff_id)
    return f"{row['csm_email']} ({BY_LINK})" if row else BY_LINK


def _touch_page(request: Request, context: WebContext, handoff_id: str, done: str) -> HTMLResponse:
    with context.database.read() as connection:
        row = first_touches.get(connection, handoff_id)
        if row is None:
            raise Missing("There is no first task yet", fix="look at the handoff's steps")
        values = {"touch": row, "customer": _customer(connection, handoff_id)}
    csms = [person for person in context.business.csms() if person.active]
    return page(request, "touch.html", {**values, "csms": csms, "done_notice": NOTICES.get(done, "")})
