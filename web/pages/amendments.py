"""Amendments: what one would change, and a named person's word on exactly that."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.access import Act, FieldClass
from domain.requests import Kind
from store import access
from store.read_models import Missing
from store.views import amendments as view
from store.views.contract import kind_of
from web.asking import ask, back
from web.dependencies import Context, Form, seen
from web.listing import Choice, Column, Facet, Listing, Look, answer, asked
from web.problems import Unacceptable
from web.rendering import page, words
from web.viewer import Asking, shown, subject_of

router = APIRouter(include_in_schema=False)
_KINDS = {
    "approve": Kind.APPROVE_AMENDMENT,
    "reject": Kind.REJECT_AMENDMENT,
    "withdraw": Kind.WITHDRAW_AMENDMENT,
}
_LINKS = {"accept": Kind.ACCEPT_LINK, "reject": Kind.REJECT_LINK}
_NOT_THERE = "There is no such amendment"


COLUMNS = (
    Column("customer", "Changes", link=lambda row: f"/amendments/{row['id']}", note="title"),
    Column("paper", "By the paper"),
    Column("valid_from", "From", Look.DAY),
    Column("state", "State", Look.STATE, note="because"),
    Column("proposed_at", "Proposed", Look.MOMENT),
    Column("decided_by", "Decided by", Look.PERSON),
    Column("owner_email", "Owner", Look.PERSON),
)


@router.get("/amendments")
@router.get("/amendments.{suffix}")
def listed(request: Request, context: Context, viewer: Asking) -> Response:
    """List amendments, those that wait first, and proposed links between papers."""
    people, wanted = context.business.people, asked(request, view.FILTERS)
    visible = access.visible(viewer, people)
    which = view.Wanted(visible, wanted.filters)
    with context.database.read() as connection:
        rows = view.listed(connection, which, wanted.limit, wanted.offset)
        total = view.total(connection, which)
        states = tuple(
            Choice(one["value"], words(one["value"]), one["count"]) for one in view.counts(connection, which)
        )
        links = [] if wanted.suffix else view.links(connection, visible, access.allowed(viewer, people, Act.APPROVE))
    facets = (Facet("state", "State", states),)
    listing = Listing(
        "amendments", "Amendments", COLUMNS, rows, total, facets, "There is no amendment.", {"links": links}
    )
    return answer(request, "amendments.html", wanted, listing)


@router.get("/amendments/{amendment_id}")
def one(request: Request, context: Context, viewer: Asking, amendment_id: str) -> HTMLResponse:
    """Show what an amendment changes and what that moves."""
    with context.database.read() as connection:
        target = view.target_of(connection, amendment_id)
        if target is None:
            raise Missing(_NOT_THERE, fix="see /amendments")
        about = subject_of(context, connection, viewer, target)
        found, allowed = view.one(connection, amendment_id), shown(viewer, about)
    for term in found["terms"]:
        kind = kind_of(term["field"])
        if kind is not None and not allowed[kind]:
            term.update(old=None, value=None)
    if not allowed[FieldClass.TEXT]:
        moved = [one for one in found["moved"] if kind_of(one["what"].replace(" ", "_")) is not FieldClass.TEXT]
        found.update(unread=(), moved=moved)
    if not allowed[FieldClass.PRICE]:
        found.update(lines=[], moved=[one for one in found["moved"] if not _is_price(one["what"])])
    seen(context, viewer.email, "amendment.viewed", target, amendment=amendment_id)
    values = {"amendment": found, "shows": allowed, "can": viewer.may(Act.APPROVE, about)}
    return page(request, "amendment.html", values)


@router.post("/amendments/{amendment_id}/{verdict}")
async def decided(context: Context, viewer: Asking, amendment_id: str, verdict: str, form: Form) -> RedirectResponse:
    """Take somebody's word on an amendment; an approval is bound to what was shown."""
    kind = _KINDS.get(verdict)
    if kind is None:
        raise Unacceptable(f"{verdict[:40]!r} is nothing to do with an amendment", fix="approve, reject or withdraw it")
    with context.database.read() as connection:
        target = view.target_of(connection, amendment_id)
    identity = await ask(context, viewer, kind, target or "-", {**form, "amendment": amendment_id})
    return back(f"/amendments/{amendment_id}", identity)


@router.post("/links/{number}/{verdict}")
async def linked(context: Context, viewer: Asking, number: int, verdict: str, form: Form) -> RedirectResponse:
    """Take somebody's word on a proposed link between two papers."""
    kind = _LINKS.get(verdict)
    if kind is None:
        raise Unacceptable(f"{verdict[:40]!r} is nothing to do with a link", fix="accept or reject it")
    with context.database.read() as connection:
        child = view.child_of(connection, number)
    identity = await ask(context, viewer, kind, child or "-", {**form, "number": str(number)})
    return back("/amendments", identity)


def _is_price(what: str) -> bool:
    """Tell whether what moves is a price: that of a line, or a term that says what something costs."""
    return what.startswith("price of ") or kind_of(what.replace(" ", "_")) is FieldClass.PRICE
