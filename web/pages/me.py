"""Oneself: roles and rules in words, feeds, sessions, and on one's own machine as whom one looks."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from domain.access import Rule, Viewer, Where
from store import feeds, sessions
from store.read_models import Missing
from web.context import WebContext
from web.dependencies import Context, Form, only, seen
from web.identity import SESSION, colleague, idle, is_https, session_cookie
from web.problems import Unacceptable
from web.rendering import page
from web.viewer import AS, Asking

router = APIRouter(include_in_schema=False)
HOW = {
    "oidc": "your company account", "header": "the login proxy", "token": "the API token",
    "local": "this machine, without a login",
}  # fmt: skip
_ACTS = {
    "review": "review terms", "approve": "approve amendments", "decide": "decide about renewals",
    "fulfil": "settle obligations", "claim": "work on discrepancies and claims", "hand_over": "run handoffs",
    "assign": "assign owners and absences", "audit": "read the audit trail, webhooks and outbox",
}  # fmt: skip
_SHOWN = {"price": "prices", "personal": "people of the other side", "text": "the papers themselves"}


@router.get("/people/me")
def myself(request: Request, context: Context, viewer: Asking) -> Response:
    """Show who one is here, what one may see and do, and what is open in one's name."""
    return _page(request, context, viewer)


@router.post("/people/me/feeds")
def make_feed(request: Request, context: Context, viewer: Asking, form: Form) -> Response:
    """Make a calendar feed; its address is shown this once."""
    only(form, {"view"})
    with context.database.write() as connection:
        views = dict(_views(connection, viewer))
        if form.get("view", "") not in views or colleague(context.business.people, viewer.email) is None:
            raise Unacceptable("This feed cannot be made", why="there is no such view of yours", fix="choose another")
        token = feeds.create(connection, viewer.email, form["view"], context.clock())
    return _page(request, context, viewer, made=f"{context.settings.public_url}/t/calendar/{token}.ics")


@router.post("/people/me/feeds/{digest}/revoke")
def revoke_feed(context: Context, viewer: Asking, digest: str) -> RedirectResponse:
    """Close a feed of one's own."""
    with context.database.write() as connection:
        if not feeds.revoke_one(connection, viewer.email, _digest(digest), context.clock()):
            raise Missing("There is no such feed of yours", fix="reload the page")
    return RedirectResponse("/people/me", 303)


@router.post("/people/me/sessions/{digest}/end")
def end_session(context: Context, viewer: Asking, digest: str) -> RedirectResponse:
    """End a session of one's own, such as one on another machine."""
    with context.database.write() as connection:
        if not sessions.end(connection, _digest(digest), who=viewer.email, why="ended by hand", now=context.clock()):
            raise Missing("There is no such session of yours", fix="reload the page")
    return RedirectResponse("/people/me", 303)


@router.post("/people/me/as")
def look_as(context: Context, viewer: Asking, form: Form) -> RedirectResponse:
    """Look as somebody else; on one's own machine only, where there is no login."""
    only(form, {"email"})
    if viewer.how != "local":
        raise Missing("There is no such page", fix="start at /")
    person = colleague(context.business.people, form.get("email", ""))
    if person is None:
        raise Unacceptable("There is no such colleague", fix="choose one of the list")
    seen(context, viewer.email, "viewer.changed", person.email, how="local")
    answer = RedirectResponse("/people/me", 303)
    answer.set_cookie(AS, person.email, path="/", httponly=True, samesite="lax", secure=is_https(context.settings))
    return answer


def _page(request: Request, context: WebContext, viewer: Viewer, made: str = "") -> Response:
    now, settings = context.clock(), context.settings
    people = context.business.people
    with context.database.read() as connection:
        views = _views(connection, viewer)
        names = {"mine": "Contracts that are mine", "all": "Every contract I may see"} | dict(views)
        values = {
            "me": colleague(people, viewer.email),
            "how": HOW.get(viewer.how, viewer.how),
            "rules": [(rule.name, in_words(rule), rule.ban) for rule in viewer.rules],
            "feeds": [(row, names.get(row["view"], "a saved view that is gone")) for row in _feeds(connection, viewer)],
            "views": views,
            "sessions": sessions.of(connection, viewer.email, now=now, idle=idle(settings.login)),
            "this_session": request.scope.get(SESSION),
            "made": made,
            "logged_in": session_cookie(settings) in request.cookies and viewer.how == "oidc",
            "local": viewer.how == "local",
            "others": sorted((one for one in people.values() if one.active), key=lambda one: one.name),
        }
    return page(request, "me.html", values)


def _feeds(connection: Connection, viewer: Viewer) -> Any:
    return feeds.of(connection, viewer.email)


def _views(connection: Connection, viewer: Viewer) -> list[tuple[str, str]]:
    """List what can become a feed, with its name."""
    own = [("mine", "Contracts that are mine"), ("all", "Every contract I may see")]
    return own + [
        (row["id"], f"{row['name']} ({row['page']})") for row in feeds.saved_views_for(connection, viewer.email)
    ]


def in_words(rule: Rule) -> str:
    """Say what a rule means for whom it is for."""
    which = conditions(rule.where)
    if rule.ban:
        return f"You see nothing of {which}, whatever else opens it."
    shown = _joined([_SHOWN[kind] for kind in _SHOWN if kind in rule.show])
    acts = _joined([_ACTS[act] for act in _ACTS if act in rule.may])
    return f"You see {which}, {f'with {shown}' if shown else 'in outline'}" + (f"; you may {acts}." if acts else ".")


def conditions(where: Where) -> str:
    """Name the contracts for which a rule's conditions hold."""
    said = [
        f"of type {_either(where.type)}" if where.type else "",
        f"in {_either(where.region)}" if where.region else "",
        "in your regions" if where.own_region else "",
        f"with {_either(where.counterparty)}" if where.counterparty else "",
        f"worth less than {where.below}" if where.below else "",
        f"worth {where.at_least} or more" if where.at_least else "",
        f"kept by {_either(where.team)}" if where.team else "",
        "kept by your teams" if where.own_team else "",
        "that you own, back up or look after" if where.mine else "",
    ]
    return " ".join(["contracts", *(one for one in said if one)]) if any(said) else "every contract"


def _either(values: tuple[str, ...]) -> str:
    return " or ".join(values)


def _joined(values: list[str]) -> str:
    return " and ".join([", ".join(values[:-1]), values[-1]]) if len(values) > 1 else "".join(values)


def _digest(given: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", given):
        raise Missing("There is nothing under that name", fix="reload the page")
    return given
