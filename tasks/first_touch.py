"""Give the customer success manager the first-touch task, with a deadline they can keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.calendars import zone
from domain.handoff import DealType, Step, effect_key
from domain.people import Person
from domain.playbook import first_touch_instruction
from domain.ports import Button, ChatMessage, CrmTask
from domain.tokens import Purpose
from store import first_touches, handoffs
from store.links import link
from tasks.brief import first_due
from tasks.context import Context
from tasks.effect import Effector
from tasks.file import HandoffFile, csm_of, goal_of, open_file
from tasks.step import Outcome, Work, as_task
from tasks.tell import reach


def ask_first_touch(work: Work) -> Outcome:
    """Open the first-touch task: a direct message with buttons, and a task in the CRM."""
    ctx, file = work.context, open_file(work.context, work.handoff_id)
    if file.deal_type == DealType.AMENDMENT:
        return Outcome(skipped=True, detail="an amendment asks for no first contact")
    csm = csm_of(ctx, file)
    instruction = first_touch_instruction(file.customer, goal_of(file))
    with ctx.database.write() as connection:
        first_touches.open_touch(
            ctx.database,
            connection,
            work.handoff_id,
            csm=csm.email,
            instruction=instruction,
            due=first_due(ctx, file),
            now=ctx.clock(),
        )
        due = first_touches.get(connection, work.handoff_id)["due_at"]  # type: ignore[index]
    url = link(ctx.settings, Purpose.FIRST_TOUCH, work.handoff_id)
    message = message_for(ctx, file, csm, instruction, due)
    reference = reach(work.effects, message, url, "first-touch").id
    _crm_task(work, file, csm, instruction, due)
    return Outcome(
        reference,
        url,
        f"due {_local(due, csm)}, {csm.name}: {file.row['csm_reason']}",
    )


def message_for(ctx: Context, file: HandoffFile, csm: Person, instruction: str, due: datetime) -> ChatMessage:
    """Build the direct message to the CSM."""
    identity = file.row["id"]
    touch = link(ctx.settings, Purpose.FIRST_TOUCH, identity)
    value = file.traits.value
    return ChatMessage(
        to=csm.email,
        title=f"New customer: {file.customer}"[:150],
        text=f"First contact with {file.customer} is due {_local(due, csm)}",
        fields=(
            ("Do first", instruction),
            ("Due", _local(due, csm)),
            ("Value", value.display() if value else "–"),
            ("Type", file.deal_type),
        ),
        buttons=(
            Button("contacted", "Mark first contact done", value=identity, primary=True),
            Button("open", "Open brief", url=link(ctx.settings, Purpose.BRIEF, identity)),
            Button("reassign", "Reassign", value=identity),
            Button("snooze", "Snooze", value=identity),
        ),
        context=f"Buttons not working? {touch}",
    )


def refresh(ctx: Context, handoff_id: str) -> str:
    """Bring the posted message in line with what people did since, and tell a new CSM.

    Returns what was done, for the run page.
    """
    file = open_file(ctx, handoff_id)
    with ctx.database.read() as connection:
        touch = first_touches.get(connection, handoff_id)
        posted = handoffs.applied_effect(connection, effect_key(handoff_id, "first-touch", "dm"))
    if touch is None:
        return "there is no first touch yet"
    csm = csm_of(ctx, file)
    message = message_for(ctx, file, csm, touch["instruction"], touch["due_at"])
    said = ""
    if touch["state"] == "contacted":
        said = f"First contact made by {touch['contacted_by']}, {_local(touch['contacted_at'], csm)}"
    elif posted and csm.email != touch["told_email"]:
        said = f"Given to {csm.name}"
        effects = Effector(ctx, handoff_id)
        reach(effects, message, link(ctx.settings, Purpose.FIRST_TOUCH, handoff_id), "first-touch", csm.email)
    if said and posted and ctx.registry.chat is not None:
        ctx.registry.chat.update(posted, replace(message, to="", text=said, sections=(said,), buttons=(), context=""))
    return said or "nothing changed"


def _crm_task(work: Work, file: HandoffFile, csm: Person, instruction: str, due: datetime) -> None:
    crm, deal = work.context.registry.crm, file.deal
    if crm is None or deal is None:
        return
    body = f"{instruction}\n\nBrief: {link(work.context.settings, Purpose.BRIEF, work.handoff_id)}"
    local = due.astimezone(zone(csm.timezone))  # a CRM shows a day, and it is the CSM's
    task = CrmTask(deal.id, csm.email, f"First contact: {file.customer}"[:250], body, local)
    work.effects.once(
        "first-touch",
        "crm-task",
        role="crm",
        find=crm.find_task,
        make=lambda key: crm.create_task(task, key=key),
        request=instruction,
    )


def _local(due: datetime, csm: Person) -> str:
    return f"{due.astimezone(zone(csm.timezone)):%A %d %B, %H:%M} ({csm.timezone})"


first_touch_task = as_task(Step.FIRST_TOUCH, "ask for the first touch")(ask_first_touch)
