"""The review queue: one term after the other beside the page that says it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection

from domain.access import Act, FieldClass, Viewer, class_of
from domain.requests import Kind
from domain.terms import TermField
from store import access
from store.read_models import Missing
from store.views import review as view
from web.asking import ask, back
from web.context import WebContext
from web.dependencies import Context, Form, seen
from web.listing import MOST, Asked, Column, Listing, Look, answer, asked
from web.problems import Unacceptable
from web.rendering import page, words
from web.viewer import Asking, needs, shown, subject_of

router = APIRouter(include_in_schema=False)
_AT_ONCE = 20  # contracts on a page
_KINDS = {"accept": Kind.ACCEPT_TERM, "correct": Kind.CORRECT_TERM, "reject": Kind.REJECT_TERM}
COLUMNS = (
    Column("customer", "Customer", link=lambda row: f"/contracts/{row['contract_id']}", note="title"),
    Column("term", "Term", link=lambda row: f"/review/{row['contract_id']}/{row['field']}"),
    Column("why", "What is in doubt", kind=FieldClass.TEXT),
    Column("act_by", "Act by", Look.DAY),
    Column("owner_email", "Owner", Look.PERSON),
)


@router.get("/review")
@router.get("/review.{suffix}")
def queue(request: Request, context: Context, viewer: Asking) -> Response:
    """List the terms that wait for somebody who may review them."""
    needs(viewer, Act.REVIEW)
    wanted = asked(request, view.FILTERS)
    asking = _queue(context, viewer, wanted)
    with context.database.read() as connection:
        rows = view.page(connection, asking, MOST if wanted.suffix else _AT_ONCE, wanted.offset)
        total = view.total(connection, asking)
        for row in rows:
            _guard(context, connection, viewer, row)
    extra = {"at_once": _AT_ONCE, "rows": len(rows)}
    empty = "No term waits for a review."
    listing = Listing("review", "Terms to review", COLUMNS, rows, total, empty=empty, extra=extra)
    return answer(request, "review.html", wanted, listing)


@router.get("/review/{contract_id}/{field}")
def one(request: Request, context: Context, viewer: Asking, contract_id: str, field: str) -> HTMLResponse:
    """Show one term with what each reader says, beside the page it stands on."""
    name = _field(field)
    with context.database.read() as connection:
        about = subject_of(context, connection, viewer, contract_id)
        allowed = shown(viewer, about)
        if not viewer.may(Act.REVIEW, about) or not allowed[FieldClass.TEXT] or _hidden(name, allowed):
            raise Missing("There is no such term to review", fix="see /review for those that are yours")
        found = view.doubtful(connection, contract_id, name)
        before, after = view.neighbours(connection, _queue(context, viewer, asked(request, ())), contract_id, name)
    first = found.terms[0].citation if found.terms else None
    seen(context, viewer.email, "document.viewed", contract_id, field=name.value, page=first.page if first else 1)
    values = {
        "found": found,
        "before": before,
        "after": after,
        "page_number": first.page if first else 1,
        "today": context.clock().date(),
    }
    return page(request, "review_one.html", values)


@router.post("/review/{contract_id}/{field}/{verdict}")
async def judged(
    context: Context, viewer: Asking, contract_id: str, field: str, verdict: str, form: Form
) -> RedirectResponse:
    """Take what somebody says of a term, and go on to the next."""
    kind = _KINDS.get(verdict)
    if kind is None:
        raise Unacceptable(f"{verdict[:40]!r} is not something to say of a term", fix="accept, correct or reject it")
    after = form.pop("after", "")
    body = {**form, "contract": contract_id, "field": _field(field).value}
    identity = await ask(context, viewer, kind, contract_id, body)
    ours = after.startswith("/review") and not after.startswith("//")
    return back(after if ours else "/review", identity)


def _queue(context: WebContext, viewer: Viewer, wanted: Asked) -> view.Queue:
    mine = access.allowed(viewer, context.business.people, Act.REVIEW)
    return view.Queue(mine, wanted.filters, context.clock().date())


def _guard(context: WebContext, connection: Connection, viewer: Viewer, row: dict[str, object]) -> None:
    """Take from a row what its reader may not see: quotes are text, and some values are prices."""
    allowed = shown(viewer, subject_of(context, connection, viewer, str(row["contract_id"])))
    name = TermField(str(row["field"]))
    row["term"] = words(name.value)
    if not allowed[FieldClass.TEXT] or _hidden(name, allowed):
        row["why"] = None


def _hidden(name: TermField, allowed: object) -> bool:
    kind = class_of(name)
    return kind is not None and not allowed[kind]  # type: ignore[index]


def _field(text: str) -> TermField:
    try:
        return TermField(text)
    except ValueError as error:
        raise Missing(f"There is no term {text[:40]!r}", fix="see /review for those that wait") from error
