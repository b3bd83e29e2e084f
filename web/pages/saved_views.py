"""Views of lists under a name: kept, shared, renamed and deleted; each page that has them shows `_saved_views.html`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection, RowMapping

from domain.access import Viewer
from store.read_models import Missing
from store.views import saved
from web.context import WebContext
from web.dependencies import Context, Form, only
from web.listing import Asked
from web.problems import Unacceptable
from web.viewer import Asking

router = APIRouter(include_in_schema=False)
PAGES: Mapping[str, str] = {
    "contracts": "/contracts", "renewals": "/renewals", "obligations": "/obligations", "findings": "/findings",
    "slas": "/slas", "review": "/review", "handoffs": "/handoffs", "audit": "/audit",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """Hold a view as a page shows it."""

    id: str
    name: str
    address: str
    shared: bool
    owner: str
    own: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Views:
    """Hold the views of one page and what would be kept now."""

    page: str
    query: str
    views: tuple[View, ...]


def saved_views(connection: Connection, viewer: Viewer, page: str, asked: Asked) -> Views:
    """Return the views of a page that somebody may use, for `_saved_views.html`."""
    query = asked.address(offset="").partition("?")[2]
    rows = saved.listed(connection, page, viewer.email)
    return Views(page, query, tuple(_view(row, viewer, query) for row in rows))


def _view(row: RowMapping, viewer: Viewer, query: str) -> View:
    address = f"{PAGES[row['page']]}?{row['query']}" if row["query"] else PAGES[row["page"]]
    own = row["owner"] == viewer.email
    return View(row["id"], row["name"], address, bool(row["shared"]), row["owner"], own, row["query"] == query)


@router.post("/views")
def keep(context: Context, viewer: Asking, form: Form) -> RedirectResponse:
    """Keep the filters of a page under a name."""
    only(form, {"page", "query", "name", "shared"})
    page, name = form.get("page", ""), _name(form)
    if page not in PAGES:
        raise Unacceptable("This page keeps no views", fix="use the page's own form")
    query = urlencode([pair for pair in parse_qsl(form.get("query", "")[:2000]) if pair[0] not in {"offset", "asked"}])
    with context.database.write() as connection:
        shared = bool(form.get("shared"))
        saved.keep(connection, page, name, query, owner=viewer.email, shared=shared, now=context.clock())
    return RedirectResponse(f"{PAGES[page]}?{query}" if query else PAGES[page], 303)


@router.post("/views/{identity}")
def change(context: Context, viewer: Asking, identity: str, form: Form) -> RedirectResponse:
    """Rename a view of one's own, or share it."""
    only(form, {"name", "shared"})
    row, name = _own(context, viewer, identity), _name(form)
    with context.database.write() as connection:
        shared = bool(form.get("shared"))
        saved.change(connection, identity, name=name, shared=shared, who=viewer.email, now=context.clock())
    return RedirectResponse(_view(row, viewer, "").address, 303)


@router.post("/views/{identity}/delete")
def delete(context: Context, viewer: Asking, identity: str, form: Form) -> RedirectResponse:
    """Delete a view of one's own."""
    only(form, {"name", "shared"})
    row = _own(context, viewer, identity)
    with context.database.write() as connection:
        saved.forget(connection, identity, who=viewer.email, now=context.clock())
    return RedirectResponse(PAGES[row["page"]], 303)


def _own(context: WebContext, viewer: Viewer, identity: str) -> RowMapping:
    with context.database.read() as connection:
        row = saved.own(connection, identity, viewer.email)
    if row is None:
        raise Missing("There is no such view of yours", fix="reload the page")
    return row


def _name(form: Mapping[str, str]) -> str:
    name = " ".join(form.get("name", "").split())
    if not name or len(name) > 120:
        raise Unacceptable("The view needs a name", why="one of at most 120 characters", fix="give it one")
    return name
