"""Take what somebody asks for on a page: checked against their rights, kept, and handed to a run."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import Connection, RowMapping

from domain.access import Act, Viewer
from domain.errors import AftersignError, Permanent
from domain.requests import SPECS, Kind, checked
from store import requests
from store.read_models import Missing
from web.context import WebContext
from web.dependencies import Context
from web.dispatch import CARRY_OUT
from web.problems import Refused, Unacceptable
from web.rendering import page
from web.viewer import Asking, subject_of

log = logging.getLogger("aftersign.web")
router = APIRouter(include_in_schema=False)


async def ask(
    context: WebContext, viewer: Viewer, kind: Kind, contract_id: str, answers: Mapping[str, str], *, subject: str = ""
) -> str:
    """Keep what somebody asks for about a contract and have it carried out; return the request's id.

    `subject` is what the audit trail calls it, by default the contract; what belongs to no contract is
    for those who may do that everywhere. Raises `Missing` for a contract that is not theirs, `Refused`
    without the right, `Unacceptable` for wrong answers.
    """
    identity = await run_in_threadpool(_keep, context, viewer, kind, contract_id, answers, subject or contract_id)
    try:
        await context.starter.start(CARRY_OUT, {"request_id": identity}, f"request:{identity}")
    except AftersignError as error:  # the dispatcher asks again
        log.warning("request %s is carried out later: %s", identity, error)
    return identity


def back(address: str, identity: str) -> RedirectResponse:
    """Lead back to a page of ours, which shows what becomes of the request."""
    path, _, query = address.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("asked=")]
    return RedirectResponse(f"{path}?{'&'.join([*kept, f'asked={identity}'])}", 303)


def _keep(
    context: WebContext, viewer: Viewer, kind: Kind, contract_id: str, answers: Mapping[str, str], subject: str
) -> str:
    try:
        body = checked(kind, answers)
    except Permanent as error:
        raise Unacceptable(error.what, why=error.why, fix=error.fix) from error
    with context.database.write() as connection:
        if not _may(context, connection, viewer, SPECS[kind].act, contract_id):
            raise Refused(
                "You may not do this", why="no rule in access.yaml allows it to you for this contract",
                fix="ask its owner, or whoever looks after access.yaml",
            )  # fmt: skip
        return requests.ask(connection, kind, subject, body, who=viewer.email, now=context.clock())


def _may(context: WebContext, connection: Connection, viewer: Viewer, act: Act, contract_id: str) -> bool:
    if not contract_id:
        return viewer.everywhere(act)
    return viewer.may(act, subject_of(context, connection, viewer, contract_id))


@router.get("/requests/{identity}")
def became(request: Request, context: Context, viewer: Asking, identity: str) -> HTMLResponse:
    """Show what became of a request: to whoever asked, as a fragment that asks again while it is open."""
    with context.database.read() as connection:
        row: RowMapping | None = requests.get(connection, identity)
    if row is None or row["who"] != viewer.email:
        raise Missing("There is no such request", fix="reload the page")
    return page(request, "_request.html", {"asked_for": row})
