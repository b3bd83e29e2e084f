"""What a colleague may do with a handoff: start again what is missing, act on the first touch."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from domain.access import Act, Viewer
from domain.handoff import Step, StepState
from store import handoffs
from store.read_models import Missing
from web.context import WebContext
from web.dependencies import Context, Form, only
from web.handoff_rows import opened
from web.pages import brief, welcome
from web.pages.first_touch import press
from web.problems import Unacceptable
from web.starting import start_event, start_handoff
from web.viewer import Asking

router = APIRouter(include_in_schema=False)
router.include_router(brief.router)
router.include_router(welcome.router)
AGAIN = frozenset({StepState.DEAD, StepState.WAITING})


@router.post("/handoffs/{handoff_id}/retry")
async def retry(context: Context, viewer: Asking, handoff_id: str, form: Form) -> RedirectResponse:
    """Ask for another run; pressing twice within a minute asks for the same one."""
    only(form, set())
    await run_in_threadpool(_allowed, context, viewer, handoff_id)
    await start_handoff(context, viewer, handoff_id)
    return _back(handoff_id, "retry")


@router.post("/handoffs/{handoff_id}/steps/{step}/retry")
async def retry_step(context: Context, viewer: Asking, handoff_id: str, step: str, form: Form) -> RedirectResponse:
    """Ask for a run because of one step; like every run it repeats nothing that is done."""
    only(form, set())
    await run_in_threadpool(_allowed, context, viewer, handoff_id)
    await run_in_threadpool(_stopped, context, handoff_id, step)
    await start_handoff(context, viewer, handoff_id, step)
    return _back(handoff_id, "retry")


@router.post("/handoffs/{handoff_id}/replay")
async def replay(context: Context, viewer: Asking, handoff_id: str, form: Form) -> RedirectResponse:
    """Put the signature back into the inbox: the provider is asked again, then what is missing is done."""
    only(form, set())
    inbox_id = await run_in_threadpool(_event_of, context, viewer, handoff_id)
    return _back(handoff_id, "replay" if await start_event(context, viewer, inbox_id) else "later")


@router.post("/handoffs/events/{inbox_id}/replay")
async def start(context: Context, viewer: Asking, inbox_id: str, form: Form) -> RedirectResponse:
    """Start a completed signature that led to no handoff."""
    only(form, set())
    if not viewer.everywhere(Act.HAND_OVER):
        raise Missing("There is no event to start again", fix="see /handoffs")
    await start_event(context, viewer, inbox_id)
    return RedirectResponse("/handoffs", 303)


@router.post("/handoffs/{handoff_id}/first-touch/{action}")
async def first_touch(context: Context, viewer: Asking, handoff_id: str, action: str, form: Form) -> RedirectResponse:
    """Record what the CSM did about the first task."""
    await run_in_threadpool(_allowed, context, viewer, handoff_id)
    return _back(handoff_id, await press(context, handoff_id, action, form, viewer.email))


def _allowed(context: WebContext, viewer: Viewer, handoff_id: str) -> None:
    """Raise `Missing` for those who may not act on a handoff."""
    with context.database.read() as connection:
        opened(context, connection, viewer, handoff_id, Act.HAND_OVER)


def _event_of(context: WebContext, viewer: Viewer, handoff_id: str) -> str:
    with context.database.read() as connection:
        return str(opened(context, connection, viewer, handoff_id, Act.HAND_OVER)["event"]["id"])


def _stopped(context: WebContext, handoff_id: str, step: str) -> None:
    """Raise `Unacceptable` for a step that does not stand still."""
    with context.database.read() as connection:
        row = handoffs.step_row(connection, handoff_id, Step(step)) if step in set(Step) else None
    if row is None or row["state"] not in AGAIN:
        raise Unacceptable(
            "This step does not wait to be tried again",
            why="it is done, running or none of ours",
            fix="reload the page",
        )


def _back(handoff_id: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"/handoffs/{handoff_id}?done={done}", 303)
