"""Start dead letters again: events by the dispatcher, handoffs by their deployment; the ledger repeats nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi.concurrency import run_in_threadpool

from domain.access import Viewer
from domain.errors import Transient
from store import inbox
from store.views import dead_letters as view
from web.context import WebContext
from web.starting import start_handoff

MOST = 200  # started by one press


@dataclass(frozen=True, slots=True)
class Batch:
    """Hold what one press would start, out of how many letters.

    `next` are those that another press would start, `left` those that cannot be started again at all.
    """

    letters: int
    next: int
    left: int
    events: tuple[str, ...]
    handoffs: tuple[str, ...]


def batch(context: WebContext, wanted: view.Wanted) -> Batch:
    """Return which of the letters that fit can be started again, at most 200 of them, the longest waiting first."""
    able = replace(wanted, filters={**wanted.filters, "can": view.REDRIVE}, sort="")
    with context.database.read() as connection:
        rows = view.rows(connection, able, MOST)
        every = view.total(connection, replace(wanted, filters={**wanted.filters, "can": ""}))
        fitting = view.total(connection, able)
    runs = dict.fromkeys(_ids(rows, view.STEP, "handoff_id"))
    return Batch(len(rows), fitting - len(rows), every - fitting, _ids(rows, view.EVENT, "id"), tuple(runs))


def _ids(rows: list[dict[str, Any]], letter: str, name: str) -> tuple[str, ...]:
    return tuple(str(row[name]) for row in rows if row["letter"] == letter)


async def redrive(context: WebContext, viewer: Viewer, chosen: Batch) -> tuple[int, int, int]:
    """Start them; return how many events and handoffs were started, and how many handoffs were left for later.

    An event is opened again only while it is dead; the dispatcher starts it even when Prefect is away now.
    """
    events = await run_in_threadpool(_revive, context, viewer, chosen.events)
    for number, handoff_id in enumerate(chosen.handoffs):
        try:
            await start_handoff(context, viewer, handoff_id)
        except Transient:
            return events, number, len(chosen.handoffs) - number
    return events, len(chosen.handoffs), 0


def _revive(context: WebContext, viewer: Viewer, ids: tuple[str, ...]) -> int:
    with context.database.write() as connection:
        return len(inbox.revive(connection, ids, context.clock(), viewer.email))
