"""Send what is due, until it is delivered, answered, decided and carried out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby

from prefect import task
from sqlalchemy import Connection, RowMapping

from domain.alerting import newest
from domain.errors import AftersignError, Permanent
from domain.ports import ChatMessage, Reference
from domain.terms import Reading
from store import alerts, clock, duties, handoffs, ledger
from tasks import alert_message, context
from tasks.context import Context
from tasks.contract_record import last_year
from tasks.effect import Effector
from tasks.escalating import due, escalate, redirect
from tasks.tell import as_mail, mail_once, post_once

_ONE_DAY = timedelta(days=1)


@task(name="send due alerts", task_run_name="send due alerts")
async def send_due_alerts(*, dry_run: bool, limit: int) -> list[str]:
    """Send renewal alerts that are due and not sent; return their ids."""
    return await asyncio.to_thread(send_alerts_now, context.current(), dry_run=dry_run, limit=limit)


def send_alerts_now(ctx: Context, *, dry_run: bool, limit: int) -> list[str]:
    """Send every due alert to somebody who can be reached, and take silence up.

    More than `limit` alerts at once usually follow an import; they become one digest a person
    instead of a flood. Raises `Permanent` naming what could not be delivered; it stays due.
    """
    if dry_run:
        with ctx.database.read() as connection:
            return [row["id"] for row in due(ctx, connection, limit)]
    with ctx.database.write() as connection:
        escalate(ctx, connection)
        redirect(ctx, connection, limit)
        rows = _collapsed(ctx, connection, due(ctx, connection, limit))
        if len(rows) > limit:
            why = f"more than {limit} alerts were due at once; they come as a digest"
            alerts.set_aside(connection, [row["id"] for row in rows], alerts.COLLAPSED, why)
            return []
    known: dict[str, _About] = {}
    problems = [problem for row in rows if (problem := _sent(ctx, row, known))]
    if problems:
        raise Permanent(
            f"{len(problems)} alerts were not delivered",
            why="; ".join(problems[:5]),
            fix="see the runbook, row 'alert'",
        )
    return [row["id"] for row in rows]


def _collapsed(ctx: Context, connection: Connection, due: Sequence[RowMapping]) -> list[RowMapping]:
    """Keep one alert a person and deadline; earlier stages that were never sent are set aside."""
    chosen, today = [], _told_today(ctx, connection)
    for key, group in groupby(due, key=lambda row: (row["contract_id"], row["deadline_version"], row["recipient"])):
        rows = list(group)
        if (key[0], key[2]) in today:
            alerts.set_aside(connection, [row["id"] for row in rows], alerts.SUPERSEDED, "told of it today already")
            continue
        stage = newest([row["stage"] for row in rows])
        chosen += [row for row in rows if row["stage"] == stage]
        older = [row["id"] for row in rows if row["stage"] != stage]
        alerts.set_aside(connection, older, alerts.SUPERSEDED, f"several were due at once; stage {stage} was sent")
    return chosen


def _told_today(ctx: Context, connection: Connection) -> set[tuple[str, str]]:
    """Return (contract, recipient) of every alert that went out today."""
    return alerts.sent_since(connection, datetime.combine(ctx.clock().date(), time(), tzinfo=UTC))


def _sent(ctx: Context, row: RowMapping, known: dict[str, _About]) -> str:
    """Deliver one alert by every way there is; return the problem where no way worked."""
    about = known.get(row["contract_id"]) or known.setdefault(row["contract_id"], _about(ctx, row["contract_id"]))
    today = ctx.clock().date()
    said = alert_message.message(
        row, about.clock, about.reading, today=today, url=about.url, duties=about.duties, record=about.record
    )
    effects, problems = Effector(ctx, f"alert-{row['id']}"), []
    ways = list(_ways(ctx, effects, said, about.url))
    for way in ways:
        try:
            way()
        except AftersignError as error:
            problems.append(str(error))
    with ctx.database.write() as connection:
        if len(problems) < len(ways):
            alerts.sent(connection, row["id"], ctx.clock())
            return ""
        alerts.failed(connection, row["id"], "; ".join(problems))
    return f"{row['customer']} to {row['recipient']}: {problems[0]}"


def _ways(ctx: Context, effects: Effector, said: ChatMessage, url: str) -> Iterator[Callable[[], Reference]]:
    person, chat = ctx.business.people.get(said.to), ctx.registry.chat
    if chat is not None and (person is None or person.chat):
        yield lambda: post_once(effects, chat, said, "chat")
    yield lambda: mail_once(effects, ctx.registry.mailer, as_mail(said, url), "mail")


@dataclass(frozen=True, slots=True)
class _About:
    """Hold what every alert of one contract says."""

    reading: Reading
    clock: RowMapping | None
    duties: int
    url: str
    record: tuple[str, ...]


def _about(ctx: Context, contract_id: str) -> _About:
    with ctx.database.read() as connection:
        handoff = handoffs.by_contract(connection, contract_id)
        url = f"{ctx.settings.public_url}/handoffs/{handoff['id']}" if handoff else ctx.settings.public_url
        return _About(
            ledger.standing(connection, contract_id, ctx.clock().date()),
            clock.current(connection, contract_id),
            duties.open_count(connection, contract_id),
            url,
            last_year(connection, contract_id, ctx.clock().date()),
        )
