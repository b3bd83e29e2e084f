"""What a colleague may do with a handoff: retry, act on the first touch, stop the welcome mails."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from domain.access import Act, Viewer
from domain.welcome import SequenceState, StopReason
from store import audit, sequences
from web.context import WebContext
from web.dependencies import Context, Form, only
from web.dispatch import HAND_OFF
from web.handoff_rows import opened
from web.pages.first_touch import press
from web.viewer import Asking

router = APIRouter(include_in_schema=False)


@router.post("/handoffs/{handoff_id}/retry")
async def retry(context: Context, viewer: Asking, handoff_id: str, form: Form) -> RedirectResponse:
    """Ask for another run; pressing twice within a minute asks for the same one."""
    only(form, set())
    runs = await run_in_threadpool(_allowed, context, viewer, handoff_id)
    key = f"{handoff_id}:retry-after-run-{runs}:{context.clock():%Y%m%d%H%M}"
    await context.starter.start(HAND_OFF, {"handoff_id": handoff_id}, key)
    await run_in_threadpool(_retried, context, viewer, handoff_id)
    return _back(handoff_id, "retry")


@router.post("/handoffs/{handoff_id}/first-touch/{action}")
async def first_touch(context: Context, viewer: Asking, handoff_id: str, action: str, form: Form) -> RedirectResponse:
    """Record what the CSM did about the first task."""
    await run_in_threadpool(_allowed, context, viewer, handoff_id)
    return _back(handoff_id, await press(context, handoff_id, action, form, viewer.email))


@router.post("/handoffs/{handoff_id}/welcome/stop")
def stop_welcome(context: Context, viewer: Asking, handoff_id: str, form: Form) -> RedirectResponse:
    """Stop the customer's welcome sequence."""
    only(form, set())
    _allowed(context, viewer, handoff_id)
    with context.database.write() as connection:
        found = sequences.set_state(
            connection, handoff_id, SequenceState.STOPPED, StopReason.BY_HAND, viewer.email, context.clock()
        )
    return _back(handoff_id, "stop" if found else "stopped")


def _allowed(context: WebContext, viewer: Viewer, handoff_id: str) -> int:
    """Return how many runs a handoff had. Raises `Missing` for those who may not act on it."""
    with context.database.read() as connection:
        return int(opened(context, connection, viewer, handoff_id, Act.HAND_OVER)["runs"])


def _retried(context: WebContext, viewer: Viewer, handoff_id: str) -> None:
    with context.database.write() as connection:
        audit.record(connection, context.clock(), viewer.email, "handoff.retried", handoff_id)


def _back(handoff_id: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"/handoffs/{handoff_id}?done={done}", 303)
