"""Bring a brief, and the alerts and mails that hang on time, up to date."""

from __future__ import annotations

import asyncio

from prefect import task
from prefect.artifacts import acreate_markdown_artifact
from sqlalchemy import RowMapping

from config.settings import settings
from domain.errors import AftersignError, Permanent
from domain.ports import Button, ChatMessage
from store import briefs, contracts, handoffs, sequences
from tasks import context
from tasks.brief import deliver, save_version
from tasks.context import Context
from tasks.effect import Effector
from tasks.file import open_file
from tasks.first_touch import refresh
from tasks.step import Work, waiting_may_help
from tasks.tell import as_mail, mail_once, post_once
from tasks.welcome import continue_sequence


@task(
    name="reissue the brief",
    task_run_name="reissue the brief · {handoff_id}",
    retries=len(settings().retries.delays),
    retry_delay_seconds=settings().retries.delays,
    retry_condition_fn=waiting_may_help,
)
async def reissue_brief(handoff_id: str) -> int:
    """Write and deliver a new version of the brief if answers changed it; return its version."""
    version, markdown = await asyncio.to_thread(_reissue, context.current(), handoff_id)
    await acreate_markdown_artifact(markdown=markdown, key=f"brief-{handoff_id.lower()}", description="Context brief")
    return version


def _reissue(ctx: Context, handoff_id: str) -> tuple[int, str]:
    file = open_file(ctx, handoff_id)
    body = save_version(ctx, file)
    deliver(Work(ctx, handoff_id, Effector(ctx, handoff_id)), file, body)
    with ctx.database.write() as connection:
        briefs.answers_read(connection, handoff_id, ctx.clock())
        stored = briefs.latest(connection, handoff_id)
    return int(body["version"]), stored["markdown"] if stored else ""


@task(name="bring the first-touch message up to date", task_run_name="first touch · {handoff_id}")
async def refresh_first_touch(handoff_id: str) -> str:
    """Update the posted message after a button was pressed, and tell a new CSM."""
    return await asyncio.to_thread(refresh, context.current(), handoff_id)


@task(name="continue welcome sequences", task_run_name="continue welcome sequences")
async def continue_sequences() -> int:
    """Send the welcome mails that are due; one customer's trouble never holds up another."""
    return await asyncio.to_thread(continue_all, context.current())


def continue_all(ctx: Context) -> int:
    """Continue every sequence with a due mail and return how many were looked at."""
    with ctx.database.read() as connection:
        due = sequences.due(connection, ctx.clock())
    problems = []
    for handoff_id in due:
        try:
            continue_sequence(ctx, handoff_id, Effector(ctx, handoff_id))
        except AftersignError as error:
            problems.append(f"{handoff_id}: {error}")
    if problems:
        raise Permanent(
            f"{len(problems)} welcome mails wait for a person",
            why="; ".join(problems[:5]),
            fix="see the runbook, row 'welcome mail'",
        )
    return len(due)


@task(name="send due alerts", task_run_name="send due alerts")
async def send_due_alerts(*, dry_run: bool, limit: int) -> list[str]:
    """Send renewal alerts that are due and not sent; return their ids."""
    return await asyncio.to_thread(send_alerts_now, context.current(), dry_run=dry_run, limit=limit)


def send_alerts_now(ctx: Context, *, dry_run: bool, limit: int) -> list[str]:
    """Send every due alert to its recipient by chat and mail.

    Raises `Permanent` before sending anything when more than `limit` alerts are due at once:
    that many usually follow an import, and a flood teaches people to ignore alerts.
    """
    with ctx.database.read() as connection:
        due = contracts.due_alerts(connection, ctx.clock().date(), limit=limit + 1)
    if len(due) > limit:
        raise Permanent(
            f"More than {limit} alerts are due at once",
            why="that looks like an import, not a normal day",
            fix="look at them with dry_run, then run again with a higher limit",
        )
    if dry_run:
        return [row["id"] for row in due]
    problems = []
    for row in due:
        try:
            _alert(ctx, row)
        except AftersignError as error:
            problems.append(f"{row['customer']}: {error}")
    if problems:
        raise Permanent(
            f"{len(problems)} alerts were not sent", why="; ".join(problems[:5]), fix="see the runbook, row 'alert'"
        )
    return [row["id"] for row in due]


def _alert(ctx: Context, row: RowMapping) -> None:
    left = (row["act_by"] - ctx.clock().date()).days
    head = f"{row['customer']}: {left} days left to act (by {row['act_by']})"
    with ctx.database.read() as connection:
        found = handoffs.by_contract(connection, row["contract_id"])
    url = f"{ctx.settings.public_url}/handoffs/{found['id']}" if found else ctx.settings.public_url
    effects, chat = Effector(ctx, f"alert-{row['id']}"), ctx.registry.chat
    message = ChatMessage(
        to=row["recipient"],
        title=head[:150],
        text=head,
        sections=tuple(row["explanation"]),
        buttons=(Button("open", "Open the contract", url=url, primary=True),),
    )
    person = ctx.business.people.get(row["recipient"])
    if chat is not None and (person is None or person.chat):
        post_once(effects, chat, message, "chat")
    mail_once(effects, ctx.registry.mailer, as_mail(message, url), "mail")
    with ctx.database.write() as connection:
        contracts.alert_sent(connection, row["id"], ctx.clock())
