"""Every five minutes: nothing accepted is ever lost."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks import context
from tasks.sweep import (
    bury_dead_letters,
    find_unheard,
    issue_waiting_briefs,
    raise_untouched,
    resume_handoffs,
    sign_audit_trail,
    start_waiting,
    tell_dead_letters,
)


@flow(name="sweep", flow_run_name="sweep")
async def sweep() -> State[None]:
    """Find unheard completions, start and resume what waits, remind people, bury dead letters."""
    sources = context.current().settings.roles.esign
    states: list[State[int]] = []
    for source in sources:
        states.append(await find_unheard(source, return_state=True))  # type: ignore[misc]
    for step in (
        start_waiting,
        resume_handoffs,
        issue_waiting_briefs,
        raise_untouched,
        bury_dead_letters,
        tell_dead_letters,
        sign_audit_trail,
    ):
        states.append(await step(return_state=True))  # type: ignore[misc]
    failed = [state for state in states if not state.is_completed()]
    if failed:
        return Failed(message="; ".join(str(state.message) for state in failed))
    return Completed(message="everything accepted is under way")
