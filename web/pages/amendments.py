"""Amendments: what one would change, and a named person's word on exactly that."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from domain.access import Act, FieldClass, class_of
from domain.requests import Kind
from store import access
from store.read_models import Missing
from store.views import amendments as view
from web.asking import ask, back
from web.dependencies import Context, Form
from web.problems import Unacceptable
from web.rendering import page
from web.viewer import Asking, shown, subject_of

router = APIRouter(include_in_schema=False)
_KINDS = {
    "approve": Kind.APPROVE_AMENDMENT,
    "reject": Kind.REJECT_AMENDMENT,
    "withdraw": Kind.WITHDRAW_AMENDMENT,
}
_LINKS = {"accept": Kind.ACCEPT_LINK, "reject": Kind.REJECT_LINK}
_NOT_THERE = "There is no such amendment"


@router.get("/amendments")
def listed(request: Request, context: Context, viewer: Asking) -> HTMLResponse:
    """List what waits for an approval, proposed links between papers, and what was decided."""
    visible = access.visible(viewer, context.business.people)
    with context.database.read() as connection:
        values = {
            "waiting": view.listed(connection, visible, waiting=True),
            "links": view.links(connection, visible),
            "decided": view.listed(connection, visible, waiting=False),
            "may": viewer.ever(Act.APPROVE),
        }
    return page(request, "amendments.html", values)


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
        kind = class_of(term["field"])
        if kind is not None and not allowed[kind]:
            term.update(old=None, value=None)
    if not allowed[FieldClass.PRICE]:
        found.update(lines=[], moved=[one for one in found["moved"] if not _is_price(one["what"])])
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
    return any(word in what.casefold() for word in ("price", "value", "fee", "discount", "amount"))
