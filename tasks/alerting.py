"""Send what is due, until it is delivered, answered, decided and carried out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from prefect import task
from sqlalchemy import Connection, RowMapping

from domain import calendars
from domain.alerting import Chain, Staff, escalated, newest, recipients
from domain.errors import AftersignError, Permanent
from domain.ports import ChatMessage, Reference
from store import alerts, clock, decisions, duties, handoffs, ledger
from tasks import alert_message, context
from tasks.context import Context
from tasks.effect import Effector
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
            return [row["id"] for row in _due(ctx, connection, limit)]
    with ctx.database.write() as connection:
        _escalate(ctx, connection)
        _redirect(ctx, connection, limit)
        rows = _collapsed(ctx, connection, _due(ctx, connection, limit))
        if len(rows) > limit:
            why = f"more than {limit} alerts were due at once; they come as a digest"
            alerts.set_aside(connection, [row["id"] for row in rows], alerts.COLLAPSED, why)
            return []
    problems = [problem for row in rows if (problem := _sent(ctx, row))]
    if problems:
        raise Permanent(
            f"{len(problems)} alerts were not delivered",
            why="; ".join(problems[:5]),
            fix="see the runbook, row 'alert'",
        )
    return [row["id"] for row in rows]


def staff_of(ctx: Context) -> Staff:
    """Return who can be told of deadlines."""
    return Staff(ctx.business.people, (ctx.business.playbook.revops, ctx.business.escalation.executive))


def _due(ctx: Context, connection: Connection, limit: int) -> list[RowMapping]:
    """List what is due where its recipient lives: the day of an alert begins there, not at Greenwich."""
    now = ctx.clock()
    rows = alerts.due(connection, now.date() + _ONE_DAY, limit=limit * 4 + 1)
    return [row for row in rows if row["due_on"] <= _today_of(ctx, row["recipient"])]


def _today_of(ctx: Context, email: str) -> date:
    person = ctx.business.people.get(email)
    return calendars.today_in(person.timezone if person else "UTC", ctx.clock())


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


def _redirect(ctx: Context, connection: Connection, limit: int) -> None:
    """Give what is due for somebody who cannot be reached to somebody who can."""
    staff = staff_of(ctx)
    for row in _due(ctx, connection, limit):
        gone = not staff.reachable(row["recipient"])
        tired = row["attempts"] >= ctx.business.escalation.give_up_after
        if not gone and not tired and not staff.away(row["recipient"], ctx.clock().date()):
            continue
        for one in recipients(row["owner_email"] or "", row["backup_email"] or "", staff, ctx.clock().date()):
            if one.email != row["recipient"]:
                _also(ctx, connection, row, one.email, one.reason or f"{row['recipient']} does not get it in time")
        if tired:
            up = staff.above(row["recipient"])
            _also(ctx, connection, row, up, f"messages to {row['recipient']} fail: {row['problem'][:200]}")
        if gone:
            alerts.set_aside(connection, [row["id"]], alerts.SUPPRESSED, f"{row['recipient']} cannot be reached")


def _also(ctx: Context, connection: Connection, row: RowMapping, email: str, why: str) -> None:
    copied = ("contract_id", "deadline_version", "stage", "due_on", "act_by", "explanation")
    values = {name: row[name] for name in copied}
    alerts.add(ctx.database, connection, {**values, "recipient": email, "reason": why})


def _escalate(ctx: Context, connection: Connection) -> None:
    """Plan what goes up today because nobody answered."""
    staff, today, rules = staff_of(ctx), ctx.clock().date(), ctx.business.escalation
    settled, current = decisions.taken(connection), {row["contract_id"]: row for row in clock.every(connection)}
    for told in alerts.told(connection):
        row = current.get(told["contract_id"])
        if (
            row is None
            or row["version"] != told["deadline_version"]
            or (told["contract_id"], row["term_end"]) in settled
        ):
            continue
        chain = Chain(
            told["owner_email"] or "",
            told["backup_email"] or "",
            row["decide_by"],
            told["first_sent"].date(),
            told["answered"] is not None,
            decided=False,
        )
        for stage, one in escalated(chain, staff, rules, row["calendar"], today):
            values = {
                "contract_id": told["contract_id"], "deadline_version": told["deadline_version"], "stage": stage,
                "recipient": one.email, "due_on": today, "act_by": told["act_by"], "explanation": row["explanation"],
                "reason": one.reason,
            }  # fmt: skip
            alerts.add(ctx.database, connection, values)


def _sent(ctx: Context, row: RowMapping) -> str:
    """Deliver one alert by every way there is; return the problem where no way worked."""
    said, url = _message(ctx, row)
    effects, problems = Effector(ctx, f"alert-{row['id']}"), []
    ways = list(_ways(ctx, effects, said, url))
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


def _message(ctx: Context, row: RowMapping) -> tuple[ChatMessage, str]:
    today = ctx.clock().date()
    with ctx.database.read() as connection:
        handoff = handoffs.by_contract(connection, row["contract_id"])
        reading = ledger.standing(connection, row["contract_id"], today)
        current = clock.current(connection, row["contract_id"])
        owed = duties.open_count(connection, row["contract_id"])
    url = f"{ctx.settings.public_url}/handoffs/{handoff['id']}" if handoff else ctx.settings.public_url
    return alert_message.message(row, current, reading, today=today, url=url, duties=owed), url
