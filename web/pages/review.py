"""The review queue: one term after the other beside the page that says it."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.access import Act, FieldClass, Viewer, class_of
from domain.requests import Kind
from domain.terms import TermField
from store import access
from store.read_models import Missing
from store.views import pages
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
        row["term"] = words(row["field"])
    fields = [(name.value, words(name.value)) for name in TermField]
    extra = {"at_once": _AT_ONCE, "fields": sorted(fields, key=lambda pair: pair[1])}
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
        number = found.terms[0].citation.page if found.terms else 1
        paper = pages.paper_page(connection, contract_id, number, field=name.value, words="")
        before, after = view.neighbours(connection, _queue(context, viewer, asked(request, ())), contract_id, name)
    seen(context, viewer.email, "document.viewed", contract_id, field=name.value, page=number)
    values = {
        "found": found,
        "before": before,
        "after": after,
        "page_number": number,
        "drawn": paper is not None and paper.media_type == "application/pdf",
        "pieces": pages.marked(paper) if paper else [],
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
    people = context.business.people
    mine = access.allowed(viewer, people, Act.REVIEW)
    shows = {kind: access.showing(viewer, people, kind) for kind in FieldClass}
    return view.Queue(mine, wanted.filters, context.clock().date(), shows)


def _hidden(name: TermField, allowed: Mapping[FieldClass, bool]) -> bool:
    kind = class_of(name)
    return kind is not None and not allowed[kind]


def _field(text: str) -> TermField:
    try:
        return TermField(text)
    except ValueError as error:
        raise Missing(f"There is no term {text[:40]!r}", fix="see /review for those that wait") from error
