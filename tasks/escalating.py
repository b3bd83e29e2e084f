"""Give alerts to people who can be reached, and take silence up."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection, RowMapping

from domain import calendars
from domain.alerting import MANAGER_STAGE, Chain, Staff, escalated, recipients
from store import alerts, clock, decisions
from tasks.context import Context

_ONE_DAY = timedelta(days=1)


def staff_of(ctx: Context) -> Staff:
    """Return who can be told of deadlines."""
    return Staff(ctx.business.people, (ctx.business.playbook.revops, ctx.business.escalation.executive))


def due(ctx: Context, connection: Connection, limit: int) -> list[RowMapping]:
    """List what is due where its recipient lives: the day of an alert begins there, not at Greenwich."""
    now = ctx.clock()
    rows = alerts.due(connection, now.date() + _ONE_DAY, limit=limit * 4 + 1)
    return [row for row in rows if row["due_on"] <= _today_of(ctx, row["recipient"])]


def _today_of(ctx: Context, email: str) -> date:
    person = ctx.business.people.get(email)
    return calendars.today_in(person.timezone if person else "UTC", ctx.clock())


def redirect(ctx: Context, connection: Connection, limit: int) -> None:
    """Give what is due for somebody who cannot be reached to somebody who can."""
    staff = staff_of(ctx)
    for row in due(ctx, connection, limit):
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


def escalate(ctx: Context, connection: Connection) -> None:
    """Plan what goes up today because nobody answered; an executive hears of all of it in one digest."""
    staff, today, rules = staff_of(ctx), ctx.clock().date(), ctx.business.escalation
    settled, current = decisions.taken(connection), {row["contract_id"]: row for row in clock.every(connection)}
    for told in alerts.told(connection):
        row = current.get(told["contract_id"])
        if (
            row is None
            or row["version"] != told["deadline_version"]
            or decisions.is_taken(settled, told["contract_id"], row["term_end"])
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
                "reason": one.reason, "state": alerts.PLANNED if stage == MANAGER_STAGE else alerts.COLLAPSED,
            }  # fmt: skip
            alerts.add(ctx.database, connection, values)
