"""What a colleague may do with a handoff: retry, act on the first touch, stop the welcome mails."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from domain.welcome import SequenceState, StopReason
from store import audit, read_models, sequences
from web.context import WebContext
from web.dependencies import LOCAL, Context, Form, only
from web.dispatch import HAND_OFF
from web.pages.first_touch import press

router = APIRouter(include_in_schema=False)


@router.post("/handoffs/{handoff_id}/retry")
async def retry(context: Context, handoff_id: str, form: Form) -> RedirectResponse:
    """Ask for another run; pressing twice within a minute asks for the same one."""
    only(form, set())
    runs = await run_in_threadpool(_runs, context, handoff_id)
    key = f"{handoff_id}:retry-after-run-{runs}:{context.clock():%Y%m%d%H%M}"
    await context.starter.start(HAND_OFF, {"handoff_id": handoff_id}, key)
    await run_in_threadpool(_retried, context, handoff_id)
    return _back(handoff_id, "retry")


@router.post("/handoffs/{handoff_id}/first-touch/{action}")
async def first_touch(context: Context, handoff_id: str, action: str, form: Form) -> RedirectResponse:
    """Record what the CSM did about the first task."""
    return _back(handoff_id, await press(context, handoff_id, action, form, LOCAL))


@router.post("/handoffs/{handoff_id}/welcome/stop")
def stop_welcome(context: Context, handoff_id: str, form: Form) -> RedirectResponse:
    """Stop the customer's welcome sequence."""
    only(form, set())
    with context.database.write() as connection:
        found = sequences.set_state(
            connection, handoff_id, SequenceState.STOPPED, StopReason.BY_HAND, LOCAL, context.clock()
        )
    return _back(handoff_id, "stop" if found else "stopped")


def _runs(context: WebContext, handoff_id: str) -> int:
    with context.database.read() as connection:
        return int(read_models.handoff_detail(connection, handoff_id)["runs"])


def _retried(context: WebContext, handoff_id: str) -> None:
    with context.database.write() as connection:
        audit.record(connection, context.clock(), LOCAL, "handoff.retried", handoff_id)


def _back(handoff_id: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"/handoffs/{handoff_id}?done={done}", 303)
