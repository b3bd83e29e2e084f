"""Tell each person once of all that is due at once: after an import, or when silence goes up."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from itertools import groupby

from prefect import task
from sqlalchemy import RowMapping

from domain.errors import AftersignError, Permanent
from domain.ports import Button, ChatMessage
from store import portfolio
from tasks import context
from tasks.context import Context
from tasks.effect import Effector
from tasks.tell import plain, reach

_SHOWN = 20  # a section; chats limit its length


@task(name="send digests of imports", task_run_name="send digests of imports")
async def send_digests(*, dry_run: bool) -> list[str]:
    """Send one digest a person of what was due when it was imported; return the alerts' ids."""
    return await asyncio.to_thread(send_digests_now, context.current(), dry_run=dry_run)


def send_digests_now(ctx: Context, *, dry_run: bool) -> list[str]:
    """Send every digest that waits; one person's trouble never holds up another. Raises `Permanent`."""
    with ctx.database.read() as connection:
        waiting = portfolio.collapsed(connection, ctx.clock())
    problems = []
    for recipient, rows in groupby(waiting, key=lambda row: str(row["recipient"])):
        try:
            if not dry_run:
                _send(ctx, recipient, list(rows))
        except AftersignError as error:
            problems.append(f"{recipient}: {error}")
    if problems:
        fix = "see the runbook, row 'digest'"
        raise Permanent(f"{len(problems)} digests were not sent", why="; ".join(problems[:5]), fix=fix)
    return [row["id"] for row in waiting]


def _send(ctx: Context, recipient: str, rows: Sequence[RowMapping]) -> None:
    today, ids = ctx.clock().date(), [str(row["id"]) for row in rows]
    need = "1 contract needs" if len(rows) == 1 else f"{len(rows)} contracts need"
    head = f"{need} a decision; the first by {rows[0]['act_by']}"
    lines = [
        plain(f"{(row['act_by'] - today).days} days: {row['customer']}, {row['title']}, by {row['act_by']}")
        for row in rows
    ]
    url = ctx.settings.public_url
    message = ChatMessage(
        to=recipient,
        title=head[:150],
        text=head,
        sections=tuple("\n".join(lines[start : start + _SHOWN]) for start in range(0, len(lines), _SHOWN)),
        buttons=(Button("open", "Open the contracts", url=url, primary=True),),
    )
    stamp = hashlib.sha256("".join(sorted(ids)).encode()).hexdigest()[:16]
    reach(Effector(ctx, f"import-digest-{stamp}"), message, url, "digest")
    with ctx.database.write() as connection:
        portfolio.told(connection, ids, recipient, ctx.clock())
