"""Bring a brief, and the mails that hang on time, up to date."""

from __future__ import annotations

import asyncio

from prefect import task
from prefect.artifacts import acreate_markdown_artifact

from config.settings import settings
from domain.errors import AftersignError, Permanent
from store import briefs, sequences
from tasks import context
from tasks.answers import pass_on
from tasks.brief import deliver, save_version
from tasks.context import Context
from tasks.effect import Effector
from tasks.file import open_file
from tasks.first_touch import refresh
from tasks.step import Work, waiting_may_help
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


@task(
    name="pass on the answers",
    task_run_name="pass on the answers · {handoff_id}",
    retries=len(settings().retries.delays),
    retry_delay_seconds=settings().retries.delays,
    retry_condition_fn=waiting_may_help,
)
async def pass_on_answers(handoff_id: str) -> int:
    """Bring answers to the deal and the project; return how many there are."""
    return await asyncio.to_thread(pass_on, context.current(), handoff_id)


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
