"""Pass on what rep and customer answered: to the deal in the CRM, and to the onboarding project."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from domain.calendars import add_business_days
from domain.handoff import Step
from domain.ports import Reference, WorkItem
from domain.tokens import Purpose
from store import briefs, handoffs
from store.links import link
from tasks.context import Context
from tasks.effect import Effector
from tasks.file import HandoffFile, calendar_of, csm_of, open_file

ITEM = "answers-of-the-customer"
_DAYS = 2  # business days to go through a customer's answers


def pass_on(ctx: Context, handoff_id: str) -> int:
    """Fill the deal's mapped fields that are empty, and give the project one task once the customer answered.

    Returns how many answers there are; a newer answer is passed on with the next brief.
    """
    with ctx.database.read() as connection:
        rows = sorted(briefs.given(connection, handoff_id), key=lambda row: row["at"])
    if rows:
        file, effects = open_file(ctx, handoff_id), Effector(ctx, handoff_id)
        _to_deal(effects, file, {row["key"]: row["value"] for row in rows})
        _to_project(effects, file, {row["key"]: row["value"] for row in rows if row["source"] == "customer"})
    return len(rows)


def _to_deal(effects: Effector, file: HandoffFile, answers: Mapping[str, str]) -> None:
    crm, deal = effects.context.registry.crm, file.deal
    if crm is None or deal is None:
        return
    digest = hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()[:12]
    effects.once(
        "crm",
        "answers",
        digest,
        role="crm",
        find=lambda _key: None,  # what is filled is left alone: repeating it changes nothing
        make=lambda key: crm.write_answers(deal.id, answers, key=key),
        request=answers,
    )


def _to_project(effects: Effector, file: HandoffFile, answers: Mapping[str, str]) -> None:
    ctx = effects.context
    board, project = ctx.registry.work, _project(ctx, effects.handoff)
    if board is None or project is None or not answers:
        return
    item = _item(ctx, file, answers)
    effects.once(
        "project",
        ITEM,
        role="work",
        find=lambda key: board.find_item(project, key),
        make=lambda key: board.create_item(project, item, key=key),
        request=item.name,
        settle=board.settle_seconds,
    )


def _project(ctx: Context, handoff_id: str) -> Reference | None:
    """Return the project as soon as it has been made; what was skipped has none."""
    with ctx.database.read() as connection:
        row = handoffs.step_row(connection, handoff_id, Step.PROJECT)
    return Reference(row["reference"], row["url"]) if row and row["reference"] else None


def _item(ctx: Context, file: HandoffFile, answers: Mapping[str, str]) -> WorkItem:
    _, calendar = calendar_of(ctx, file)
    labels = {line.key: line.label for line in ctx.business.brief}
    notes = [f"{labels.get(key, key)}: {value}" for key, value in answers.items()]
    notes.append(f"The newest brief: {link(ctx.settings, Purpose.BRIEF, file.row['id'])}")
    due = add_business_days(ctx.clock().date(), _DAYS, calendar)
    name = f"Go through the answers of {file.customer}"
    return WorkItem(ITEM, name, due, "csm", csm_of(ctx, file).email, "\n".join(notes))
