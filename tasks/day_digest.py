"""One message a person and working day with what waits for them; never an empty one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, time, timedelta

from prefect import task
from sqlalchemy import Connection

from domain import calendars
from domain.access import FieldClass
from domain.errors import AftersignError, Permanent
from domain.people import Person
from domain.ports import ChatMessage
from store import access, feeds, ledger
from store.access import Condition
from tasks import context
from tasks.context import Context
from tasks.effect import Effector
from tasks.tell import plain, reach

_OPENS = time(8)
_SOON = timedelta(days=30)
_ROWS = 10


@task(name="send the day's digests", task_run_name="send the day's digests")
async def send_day_digests(*, dry_run: bool) -> list[str]:
    """Send the digests of those whose working day has begun; return who got one."""
    return await asyncio.to_thread(send_day_digests_now, context.current(), dry_run=dry_run)


def send_day_digests_now(ctx: Context, *, dry_run: bool = False) -> list[str]:
    """Tell everybody at work what waits for them, once a day in their own zone. Raises `Permanent`."""
    told, problems = [], []
    for person in ctx.business.people.values():
        day = _working_day(ctx, person)
        if day is None:
            continue
        with ctx.database.read() as connection:
            viewer, people = ctx.business.access.viewer(person, "mail"), ctx.business.people
            seen = access.visible(viewer, people), access.showing(viewer, people, FieldClass.TEXT)
            sections = [block for block in _sections(connection, person.email, day, seen) if block]
        if not sections:
            continue
        told.append(person.email)
        try:
            if not dry_run:
                _send(ctx, person.email, day, sections)
        except AftersignError as error:
            problems.append(f"{person.email}: {error}")
    if problems:
        fix = "see the runbook, row 'digest'"
        raise Permanent(f"{len(problems)} digests were not sent", why="; ".join(problems[:5]), fix=fix)
    return told


def _working_day(ctx: Context, person: Person) -> date | None:
    """Return the day it is for somebody who is at work by now."""
    local = ctx.clock().astimezone(calendars.zone(person.timezone))
    at_work = person.available(local.date()) and calendars.is_business_day(local.date(), person.calendar)
    return local.date() if at_work and local.time() >= _OPENS else None


def _sections(connection: Connection, email: str, today: date, seen: tuple[Condition, Condition]) -> Iterator[str]:
    within, worded = seen
    yield _listed("To decide", list(_deadlines(connection, email, today, within)))
    yield _listed("Obligations", list(_duties(connection, email, today, within, worded)))
    yield _listed("Amendments to approve", list(_amendments(connection, email)))


def _deadlines(connection: Connection, email: str, today: date, within: Condition) -> Iterator[str]:
    for row in feeds.deadlines_for(connection, email, "mine", within):
        act_by = row["send_by"] or row["term_end"]
        if today <= act_by <= today + _SOON:
            yield f"{row['customer']}: act by {act_by}, {(act_by - today).days} days left"


def _duties(connection: Connection, email: str, today: date, within: Condition, worded: Condition) -> Iterator[str]:
    for row in feeds.duties_for(connection, email, "mine", within, worded):
        if row["state"] in {"open", "missed"}:
            whose = "we owe" if row["direction"] == "ours" else "they owe"
            late = " (missed)" if row["due_on"] < today else ""
            yield f"{row['customer']}: {whose} by {row['due_on']}{late}: {row['text'][:120]}"


def _amendments(connection: Connection, email: str) -> Iterator[str]:
    for row in ledger.listed(connection):
        if row["owner_email"] == email:
            yield f"{row['customer']}: {row['paper']} changes {row['target']} from {row['valid_from']}"


def _listed(title: str, lines: list[str]) -> str:
    if not lines:
        return ""
    more = [f"and {len(lines) - _ROWS} more"] if len(lines) > _ROWS else []
    return "\n".join([title, *map(plain, [*lines[:_ROWS], *more])])


def _send(ctx: Context, email: str, day: date, sections: list[str]) -> None:
    head = f"What waits for you on {day:%A %d %B}"
    message = ChatMessage(to=email, title=head, text=head, sections=tuple(sections))
    reach(Effector(ctx, f"digest-{email}-{day}"), message, ctx.settings.public_url, "day")
