"""Pages behind a signed link, for people without a login: one purpose, one handoff."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection

from domain.audit import canonical
from domain.errors import AftersignError, Permanent
from domain.tokens import Purpose
from store import briefs, first_touches, read_models, sequences
from store.links import open_token
from store.read_models import Missing
from web.brief_pdf import available
from web.context import WebContext
from web.dependencies import BY_LINK, LINK, Context, Form, only, seen
from web.dispatch import UPDATE_BRIEF
from web.pages.brief import as_pdf, brief_values
from web.pages.first_touch import press
from web.pages.handoffs import NOTICES
from web.problems import Refused
from web.rendering import page

log = logging.getLogger("aftersign.web")
router = APIRouter(include_in_schema=False)

# The only lines of a brief that a customer ever sees or answers, in the customer's words.
INTAKE = {
    "primary_goal": "What is the one result you want to reach first?",
    "success_metric": "Which number will tell you that it worked?",
    "baseline": "Where does that number stand today?",
    "target_date": "By when do you want to get there?",
    "day_to_day": "Who will work with us day to day? (name and e-mail)",
    "technical": "Who is our technical contact? (name and e-mail)",
    "integrations": "Which systems should we connect to?",
    "migration": "Is there data to bring over?",
    "sso": "Do you use single sign-on, and which one?",
}
_ASKED_ANYWAY = ("primary_goal", "success_metric", "day_to_day", "integrations", "technical")


@dataclass(frozen=True, slots=True)
class Ask:
    """Hold one question of a form and what is already known; `confirm` marks a value to check."""

    key: str
    question: str
    value: str = ""
    confirm: bool = False


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
    count = await run_in_threadpool(_keep_rep, context, handoff_id, form)
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
    if await run_in_threadpool(_keep_intake, context, handoff_id, form):
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


def rep_asks(connection: Connection, handoff_id: str) -> list[Ask]:
    """List the missing required lines with what the rep already typed."""
    given = _given(connection, handoff_id, "rep")
    return [Ask(gap["key"], gap["ask"], given.get(gap["key"], "")) for gap in _body(connection, handoff_id)["gaps"]]


def intake_asks(connection: Connection, handoff_id: str) -> list[Ask]:
    """List what the customer is asked: a fixed few lines, and those of ours that are still missing."""
    row, given = briefs.latest(connection, handoff_id), _given(connection, handoff_id, "customer")
    body = dict(row["body"]) if row else {}
    known = _known(body.get("sections", []))
    gaps = {gap["key"] for gap in body.get("gaps", [])}
    return [
        Ask(key, question, given.get(key) or known.get(key, ""), confirm=key in known and key not in given)
        for key, question in INTAKE.items()
        if key in _ASKED_ANYWAY or key in gaps or key in given
    ]


def _known(sections: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for section in sections:
        for answer in section["answers"]:
            if answer["key"] in _ASKED_ANYWAY:
                found.setdefault(answer["key"], []).append(str(answer["value"]))
    return {key: "\n".join(values) for key, values in found.items()}


def _keep_rep(context: WebContext, handoff_id: str, form: dict[str, str]) -> int:
    now = context.clock()
    with context.database.write() as connection:
        only(form, read_models.asked(connection, handoff_id))
        return briefs.answer(context.database, connection, handoff_id, "rep", form, BY_LINK, now)


def _keep_intake(context: WebContext, handoff_id: str, form: dict[str, str]) -> int:
    now = context.clock()
    only(form, set(INTAKE))
    with context.database.write() as connection:
        count = briefs.answer(context.database, connection, handoff_id, "customer", form, BY_LINK, now)
        sequences.intake_done(connection, handoff_id, now)
        return count


def _answers_hash(context: WebContext, handoff_id: str) -> str:
    with context.database.read() as connection:
        rows = sorted((r["key"], r["source"], r["value"], r["at"]) for r in briefs.given(connection, handoff_id))
    return hashlib.sha256(canonical({"answers": rows}).encode()).hexdigest()


def _given(connection: Connection, handoff_id: str, source: str) -> dict[str, str]:
    return {r["key"]: r["value"] for r in briefs.given(connection, handoff_id) if r["source"] == source}


def _body(connection: Connection, handoff_id: str) -> dict[str, Any]:
    row = briefs.latest(connection, handoff_id)
    if row is None:
        raise Missing(
            "This form is not ready yet",
            why="we are still preparing it",
            fix="try the link again in a few minutes",
        )
    return dict(row["body"])


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
