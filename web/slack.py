"""Slack's button presses in: verify, acknowledge, move the first touch once, tell the person."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Connection, RowMapping, select

from domain import calendars
from domain.errors import AftersignError, Forged, Permanent
from domain.people import Person
from store import alerts, first_touches
from store.tables import first_touches as rows
from web.context import WebContext
from web.dispatch import AMEND_CONTRACT, UPDATE_BRIEF

log = logging.getLogger("aftersign.webhooks")
router = APIRouter(tags=["webhooks"])
_SOURCE = "slack"
_START_SECONDS = 10


class Buttons(Protocol):
    """Take Slack's requests."""

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Raise `Forged` unless Slack signed these bytes just now."""

    def handle(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], str, str, str]:
        """Verify one request; return status, headers, body, what it was, and what we made of it.

        The last is `handled`, `ignored`, `duplicate` or `unknown`. Raises `Forged` or `Permanent`.
        """


@router.post("/webhooks/slack", summary="Receive Slack's button presses")
async def receive(request: Request) -> Response:
    """Answer Slack within three seconds; what a press leads to is told to the person in Slack.

    200 for a verified request, whether it is handled, ignored, a duplicate or unknown; 401 for a
    signature that proves nothing, or without a signing secret; 400 for a verified body that is
    not Slack's; 404 while Slack is not active.
    """
    context: WebContext = request.app.state.context
    buttons: Buttons | None = getattr(request.app.state, "slack", None)
    if buttons is None:
        return JSONResponse({"status": "refused", "fix": "set AFTERSIGN_ROLES__CHAT to slack"}, 404)
    body = await request.body()
    try:
        buttons.verify(body, request.headers)  # before a thread is taken: a flood of forgeries costs none
        status, headers, answer, kind, verdict = await run_in_threadpool(buttons.handle, body, request.headers)
    except Forged:
        context.writer.count(_SOURCE, "signature", "forged", at=context.clock())
        return JSONResponse({"status": "refused"}, 401)
    except Permanent as error:
        context.writer.count(_SOURCE, "body", "malformed", at=context.clock())
        return JSONResponse({"status": "refused", "what": error.what, "why": error.why, "fix": error.fix}, 400)
    context.writer.count(_SOURCE, kind, verdict, at=context.clock())
    return Response(answer, status, dict(headers))


@dataclass(frozen=True, slots=True)
class Presses:
    """Carry out button presses; `loop` is the web process's own."""

    context: WebContext
    loop: asyncio.AbstractEventLoop

    def version(self, handoff_id: str, *, who: str) -> int:
        """Return the version of the open task. Raises `Permanent` when it is done, or for a stranger."""
        self._colleague(who)
        with self.context.database.read() as connection:
            row = _row(connection, handoff_id)
        if row["state"] != "open":
            raise Permanent(self._done(row))
        return int(row["version"])

    def contacted(self, handoff_id: str, *, who: str, at: datetime) -> str:
        """Record that the customer was contacted; once, whoever presses."""
        person = self._colleague(who)
        with self.context.database.write() as connection:
            first = first_touches.contacted(connection, handoff_id, person.email, at)
            row = _row(connection, handoff_id)
        if not first:
            return self._done(row)
        return "Recorded: first contact made. " + self._told(handoff_id, "contacted", row)

    def snooze(self, handoff_id: str, *, who: str, at: datetime, days: int, version: int) -> str:
        """Hold back reminders until the CSM's working day begins, so many days ahead."""
        person = self._colleague(who)
        with self.context.database.write() as connection:
            row = _row(connection, handoff_id)
            self._unchanged(row, version)
            until = self._morning(row["csm_email"], at, days)
            first_touches.snooze(connection, handoff_id, until, person.email, at)
        return f"Reminders are held back until {until:%A %d %B, %H:%M}. The deadline stays as it is."

    def reassign(self, handoff_id: str, *, who: str, at: datetime, to: str, version: int) -> str:
        """Give the task to another customer success manager."""
        person, receiver = self._colleague(who), self._csm(to)
        with self.context.database.write() as connection:
            row = _row(connection, handoff_id)
            self._unchanged(row, version)
            first_touches.reassign(connection, handoff_id, receiver.email, person.email, at)
            row = _row(connection, handoff_id)
        return f"Given to {receiver.name}. " + self._told(handoff_id, "reassign", row)

    def acknowledge(self, contract_id: str, *, who: str, at: datetime) -> str:
        """Record that somebody takes care of a deadline; the reminders go on, silence no longer goes up."""
        person = self._colleague(who)
        with self.context.database.write() as connection:
            count = alerts.acknowledge(connection, contract_id, person.email, at)
        return "Recorded: you take care of it." if count else "Somebody takes care of it already."

    def approve(self, shown: str, *, who: str) -> str:
        """Ask for the run that approves what the message showed."""
        person, (amendment, _, fingerprint) = self._colleague(who), shown.partition(":")
        parameters = {"amendment_id": amendment, "verdict": "approve", "shown": fingerprint, "who": person.email}
        asked = self.context.starter.start(AMEND_CONTRACT, parameters, f"{shown}:approve")
        try:
            asyncio.run_coroutine_threadsafe(asked, self.loop).result(_START_SECONDS)
        except (AftersignError, TimeoutError) as error:
            log.warning("the approval of %s was not taken: %s", amendment, error)
            return "Not approved: the scheduler does not answer. Press again in a moment."
        return "Taken. The deadlines and alerts follow in a moment; you are told if something has changed meanwhile."

    def _told(self, handoff_id: str, action: str, row: RowMapping) -> str:
        """Ask for the run that brings the posted message up to date, and say whether it was taken."""
        key = f"{handoff_id}:{action}:v{row['version']}"
        asked = self.context.starter.start(UPDATE_BRIEF, {"handoff_id": handoff_id}, key)
        try:
            asyncio.run_coroutine_threadsafe(asked, self.loop).result(_START_SECONDS)
        except (AftersignError, TimeoutError) as error:
            log.warning("nobody is told yet about %s of %s: %s", action, handoff_id, error)
            return "The message above does not show it yet, and nobody else is told: the scheduler does not answer."
        return "The message above shows it in a moment."

    def _colleague(self, email: str) -> Person:
        """Return the active person with that address. Raises `Permanent` for everybody else."""
        known = {person.email.casefold(): person for person in self.context.business.people.values()}
        person = known.get(email.casefold())
        if person is None or not person.active:
            raise Permanent(
                "You may not do this",
                why="your address is not that of an active person in ownership.yaml",
                fix="ask whoever runs Aftersign to add you",
            )
        return person

    def _csm(self, email: str) -> Person:
        """Return the customer success manager with that address. Raises `Permanent`."""
        for person in self.context.business.csms():
            if person.active and person.email.casefold() == email.casefold():
                return person
        raise Permanent(
            "Choose a customer success manager",
            why="the person is not an active one in ownership.yaml",
            fix="choose another colleague, or add the person there",
        )

    def _unchanged(self, row: RowMapping, version: int) -> None:
        """Raise `Permanent` when somebody was quicker since the dialogue was opened."""
        if row["state"] != "open":
            raise Permanent(self._done(row))
        if row["version"] != version:
            raise Permanent(
                f"The task has changed since you opened this: it is with {self._name(row['csm_email'])}",
                fix="close this and press the button again if it should change",
            )

    def _done(self, row: RowMapping) -> str:
        when = row["contacted_at"].astimezone(calendars.zone(self._zone(row["csm_email"])))
        return f"First contact was already made by {self._name(row['contacted_by'])}, {when:%A %d %B, %H:%M}"

    def _morning(self, email: str, at: datetime, days: int) -> datetime:
        local = at.astimezone(calendars.zone(self._zone(email)))
        opens = self.context.business.playbook.first_touch.opens
        return datetime.combine(local.date() + timedelta(days=days), opens, tzinfo=local.tzinfo)

    def _zone(self, email: str) -> str:
        person = self.context.business.people.get(email)
        return person.timezone if person else "UTC"

    def _name(self, email: str) -> str:
        person = self.context.business.people.get(email)
        return person.name if person else email


def _row(connection: Connection, handoff_id: str) -> RowMapping:
    """Return the first touch, held until the transaction ends. Raises `Permanent`."""
    query = select(rows).where(rows.c.handoff_id == handoff_id).with_for_update()
    found = connection.execute(query).mappings().first()
    if found is None:
        raise Permanent("There is no such first contact any more", fix="open the link below the buttons")
    return found
