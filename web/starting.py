"""Start again what stands still: an event from its beginning, or what a handoff is missing; nothing done is repeated."""

from __future__ import annotations

from fastapi.concurrency import run_in_threadpool

from domain.access import Viewer
from domain.errors import Transient
from store import audit, handoffs, inbox
from store.read_models import Missing
from web.context import WebContext
from web.dispatch import HAND_OFF, SIGNED


async def start_event(context: WebContext, viewer: Viewer, inbox_id: str) -> bool:
    """Open an event and ask for a run; `False` when Prefect is away and the dispatcher has to. Raises `Missing`."""
    attempt = await run_in_threadpool(_reopen, context, viewer, inbox_id)
    try:
        run_id = await context.starter.start(SIGNED, {"event_id": inbox_id}, f"{inbox_id}:{attempt}")
    except Transient:
        return False
    await run_in_threadpool(_started, context, inbox_id, run_id)
    return True


async def start_handoff(context: WebContext, viewer: Viewer, handoff_id: str, step: str = "") -> None:
    """Ask for another run of a handoff; pressing twice within a minute asks for the same one. Raises `Transient`."""
    runs = await run_in_threadpool(_runs, context, handoff_id)
    key = f"{handoff_id}:retry-after-run-{runs}:{context.clock():%Y%m%d%H%M}"
    await context.starter.start(HAND_OFF, {"handoff_id": handoff_id}, key)
    await run_in_threadpool(_retried, context, viewer, handoff_id, step)


def _reopen(context: WebContext, viewer: Viewer, inbox_id: str) -> int:
    with context.database.write() as connection:
        reopened = inbox.reopen(connection, inbox_id, context.clock(), viewer.email)
        row = inbox.get(connection, inbox_id)
        if row is None or not reopened:
            raise Missing("There is no event to start again", why="it does not exist or its kind is unknown to us")
        return int(row["attempt"])


def _started(context: WebContext, inbox_id: str, run_id: str) -> None:
    with context.database.write() as connection:
        inbox.started(connection, inbox_id, run_id, context.clock())


def _runs(context: WebContext, handoff_id: str) -> int:
    with context.database.read() as connection:
        return int(handoffs.get(connection, handoff_id)["runs"])


def _retried(context: WebContext, viewer: Viewer, handoff_id: str, step: str) -> None:
    detail = {"step": step} if step else {}
    with context.database.write() as connection:
        audit.record(connection, context.clock(), viewer.email, "handoff.retried", handoff_id, **detail)
