"""The three buttons of the CSM's first task, whichever page they are pressed on."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from fastapi.concurrency import run_in_threadpool

from domain import calendars
from domain.errors import AftersignError
from store import first_touches
from web.context import WebContext
from web.dependencies import only
from web.dispatch import UPDATE_BRIEF
from web.problems import Unacceptable

log = logging.getLogger("aftersign.web")
ACTIONS = ("contacted", "reassign", "snooze")


async def press(context: WebContext, handoff_id: str, action: str, form: dict[str, str], who: str) -> str:
    """Record what the CSM did and return the name of the notice to show. Raises `Unacceptable`.

    What others see of it (the posted message, a new CSM's brief) is brought up to date by a run.
    """
    if not await run_in_threadpool(act, context, handoff_id, action, form, who):
        return "closed"
    if action == "snooze":
        return action
    key = f"{handoff_id}:{action}:{form.get('csm', '')}:{context.clock():%Y%m%d%H%M%S}"
    try:
        await context.starter.start(UPDATE_BRIEF, {"handoff_id": handoff_id}, key)
    except AftersignError as error:
        log.warning("nobody is told yet that %s was %s: %s", handoff_id, action, error)
        return "reassign_untold" if action == "reassign" else action
    return action


def act(context: WebContext, handoff_id: str, action: str, form: dict[str, str], who: str) -> bool:
    """Record what the CSM did; `False` when the task was no longer open. Raises `Unacceptable`."""
    now = context.clock()
    only(form, {"csm", "action"} if action == "reassign" else {"action"})
    if action not in ACTIONS:
        raise Unacceptable(f"{action[:40]!r} is not something to do here", fix=f"use one of: {', '.join(ACTIONS)}")
    with context.database.write() as connection:
        if action == "contacted":
            return first_touches.contacted(connection, handoff_id, who, now)
        if action == "reassign":
            return first_touches.reassign(connection, handoff_id, _colleague(context, form), who, now)
        row = first_touches.get(connection, handoff_id)
        until = tomorrow(context, row["csm_email"], now) if row else now
        return first_touches.snooze(connection, handoff_id, until, who, now)


def tomorrow(context: WebContext, email: str, now: datetime) -> datetime:
    """Return tomorrow's opening hour where that colleague lives."""
    person = context.business.people.get(email)
    local = now.astimezone(calendars.zone(person.timezone if person else "UTC"))
    opens = context.business.playbook.first_touch.opens
    return datetime.combine(local.date() + timedelta(days=1), opens, tzinfo=local.tzinfo)


def _colleague(context: WebContext, form: dict[str, str]) -> str:
    email = form.get("csm", "")
    if email not in {person.email for person in context.business.csms() if person.active}:
        raise Unacceptable(
            "Choose a colleague to give the task to",
            why=f"{email[:80]!r} is not an active customer success manager" if email else "no colleague was chosen",
            fix="choose one from the list, or add the person to ownership.yaml",
        )
    return email
