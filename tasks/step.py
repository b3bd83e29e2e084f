"""A step: a plain function with a state in our ledger, wrapped as a Prefect task.

The ledger decides what has been done. Prefect's persisted result only saves a look: its cache
key is derived from the ledger, so a result can never outlive what it stands for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from prefect import Task, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.concurrency.asyncio import concurrency
from prefect.context import TaskRunContext
from prefect.runtime import flow_run

from config.settings import settings
from domain.errors import AftersignError, Permanent, Transient
from domain.handoff import FINISHED, Step, StepState
from store import handoffs
from tasks import context
from tasks.context import Context
from tasks.effect import Effector


@dataclass(frozen=True, slots=True)
class Work:
    """Hold what a step body gets."""

    context: Context
    handoff_id: str
    effects: Effector


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what a step body gives back: done, or skipped with the reason in `detail`."""

    reference: str = ""
    url: str = ""
    detail: str = ""
    skipped: bool = False


Body = Callable[[Work], Outcome]
# A vendor that asks for more than this is tried again by the sweep.
_LONGEST_WISH = 60.0


def perform(which: Step, body: Body, handoff_id: str, *, lease_owner: str = "", run_id: str = "") -> str:
    """Carry out a step unless the ledger says it is finished; return its reference.

    Any failure is recorded with the step before it is raised again; an unexpected one counts as
    `Transient`, because the next release may fix it and nothing is lost by trying.
    """
    ctx = context.current()
    with ctx.database.write() as connection:
        row = handoffs.step_row(connection, handoff_id, which)
        if row is None:
            raise Permanent(f"There is no handoff {handoff_id!r}", fix="see `aftersign handoff list`")
        if row["state"] in FINISHED:
            return str(row["reference"])
        handoffs.begin_step(connection, handoff_id, which, ctx.clock(), run_id)
    try:
        outcome = body(Work(ctx, handoff_id, Effector(ctx, handoff_id, lease_owner)))
    except Exception as error:
        _record_failure(ctx, handoff_id, which, error)
        raise
    with ctx.database.write() as connection:
        state = StepState.SKIPPED if outcome.skipped else StepState.DONE
        handoffs.finish_step(
            connection,
            handoff_id,
            which,
            ctx.clock(),
            state=state,
            reference=outcome.reference,
            url=outcome.url,
            detail=outcome.detail,
        )
    return outcome.reference


def as_task(which: Step, label: str) -> Callable[[Body], Task[..., Any]]:
    """Wrap a step body as a Prefect task named for people, retried only while waiting may help."""

    def wrap(body: Body) -> Task[..., Any]:
        @task(
            name=label,
            task_run_name=f"{label} · {{handoff_id}}",
            description=body.__doc__,
            tags=[f"step:{which}"],
            retries=len(settings().retries.delays),
            retry_delay_seconds=settings().retries.delays,
            retry_jitter_factor=0.3,
            retry_condition_fn=waiting_may_help,
            persist_result=True,
            result_serializer="json",
            cache_key_fn=_cache_key(which),
        )
        async def run(handoff_id: str, lease_owner: str = "") -> str:
            run_id = str(flow_run.id or "")
            try:
                async with _slots(which):
                    return await asyncio.to_thread(
                        perform, which, body, handoff_id, lease_owner=lease_owner, run_id=run_id
                    )
            except Transient as error:
                await asyncio.sleep(min(error.retry_after or 0, _LONGEST_WISH))
                raise

        return run

    return wrap


def waiting_may_help(_task: object, _run: TaskRun, state: State[Any]) -> bool:
    """Retry for `Transient` and unforeseen errors, never for what a person must fix."""
    return not isinstance(state.data, Permanent)


_ROLES = {Step.CRM: "crm", Step.FIRST_TOUCH: "chat", Step.PROJECT: "work", Step.WELCOME: "mail"}


def _slots(which: Step) -> AbstractAsyncContextManager[None]:
    """Hold one of the vendor's slots, so that a burst stays inside its limits over all workers.

    A slot costs as much as the step itself, so it is only taken where a vendor is strict: not for
    the console, which is ourselves, and not for downloads, of which a provider allows hundreds a
    minute.
    """
    roles = settings().roles
    vendors = {"crm": roles.crm, "chat": roles.chat, "work": roles.work, "mail": roles.mail}
    role = _ROLES.get(which, "")
    if vendors.get(role, "console") not in {"console", "none"}:
        return concurrency(f"aftersign-{role}", occupy=1, strict=True)
    return nullcontext()


def _cache_key(which: Step) -> Callable[[TaskRunContext, dict[str, Any]], str | None]:
    def key(_context: TaskRunContext, parameters: dict[str, Any]) -> str | None:
        handoff_id = parameters["handoff_id"]
        with context.current().database.read() as connection:
            row = handoffs.step_row(connection, handoff_id, which)
        if row is None:
            return None
        attempt = row["attempts"] + (0 if row["state"] in FINISHED else 1)
        return f"{handoff_id}/{which}/{attempt}"

    return key


def _record_failure(ctx: Context, handoff_id: str, which: Step, error: Exception) -> None:
    known = (
        error
        if isinstance(error, AftersignError)
        else Transient(
            f"{which} failed unexpectedly",
            why=f"{type(error).__name__}: {error}"[:500],
            fix="press Retry; report it if it stays",
        )
    )
    with ctx.database.write() as connection:
        handoffs.fail_step(connection, handoff_id, which, ctx.clock(), known)
