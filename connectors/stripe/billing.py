"""Stripe in the billing role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from connectors.stripe.client import StripeClient
from connectors.stripe.cursor import Cursor, Phase
from connectors.stripe.documents import NOTE, Documents, Read
from connectors.stripe.models import Event
from connectors.stripe.reading import Reading
from domain.errors import Permanent
from domain.invoices import Invoice, InvoicePage, InvoiceProblem
from domain.ports import Health

# Stripe keeps events for 30 days; one is left to whoever reads slowly.
_KEPT = timedelta(days=29)
# An event of the last seconds may still be joined by one that sorts before it.
_SETTLED = timedelta(seconds=30)
_CHUNK = 50


@dataclass(frozen=True, slots=True)
class Change:
    """Hold which object changed, and its last change in seconds since 1970."""

    kind: str
    id: str
    at: int


class StripeBilling:
    """Read invoices and credit notes: all of them first, later those that changed.

    `since` leaves out what was created before it; `clock` tells what is recent.
    """

    def __init__(
        self,
        client: StripeClient,
        clock: Callable[[], datetime],
        reading: Reading | None = None,
        since: datetime | None = None,
    ) -> None:
        self._client = client
        self._clock = clock
        self._documents = Documents(client, reading or Reading())
        self._since = int(since.timestamp()) if since else 0

    def check(self) -> Health:
        """Ask for one page of everything that is read. Raises `Transient` or `Permanent`."""
        newest = self._client.invoices()["data"]
        self._client.credit_notes()
        self._client.events(created_from=self._recent(), created_before=self._recent() + 1)
        if not newest:
            return Health("an account without invoices")
        mode = "live" if newest[0].get("livemode") else "test"
        return Health(f"{newest[0].get('account_name') or 'an account'}, {mode} mode")

    def invoices_since(self, cursor: str) -> Iterator[InvoicePage]:
        """Yield what is new or changed. Raises `Transient` or `Permanent`.

        A cursor older than the 30 days for which Stripe keeps its events starts over.
        """
        found = Cursor.parse(cursor) if cursor else Cursor()
        if found.at < self._recent() - _KEPT.total_seconds():
            found = Cursor(at=self._recent())
        if found.phase is Phase.INVOICES:
            yield from self._listed(found, "invoice", self._client.invoices, Phase.CREDIT_NOTES)
            found = Cursor(Phase.CREDIT_NOTES, at=found.at)
        if found.phase is Phase.CREDIT_NOTES:
            yield from self._listed(found, NOTE, self._client.credit_notes, Phase.CHANGES)
            found = Cursor(Phase.CHANGES, at=found.at)
        yield from self._changed(found)

    def _listed(
        self, cursor: Cursor, kind: str, page: Callable[..., dict[str, Any]], then: Phase
    ) -> Iterator[InvoicePage]:
        """Yield the first read of all objects of a kind, newest first."""
        more = True
        while more:
            body = page(after=cursor.after, created_from=self._since)
            rows, more = body["data"], bool(body.get("has_more"))
            more = more and bool(rows)
            cursor = replace(cursor, after=rows[-1]["id"]) if more else Cursor(then, at=cursor.at)
            yield _page([self._documents.read(kind, row, None) for row in rows], cursor)

    def _changed(self, cursor: Cursor) -> Iterator[InvoicePage]:
        """Yield what changed since, by the time of its last change, so that every page can be resumed after."""
        until = self._recent()
        if until <= cursor.at:
            return
        changes = self._changes(cursor.at, until)
        for start in range(0, len(changes), _CHUNK):
            chunk, rest = changes[start : start + _CHUNK], changes[start + _CHUNK :]
            bodies = [(change, self._current(change)) for change in chunk]
            found = [
                self._documents.read(change.kind, body, datetime.fromtimestamp(change.at, UTC))
                for change, body in bodies
                if body
            ]
            removed = tuple(change.id for change, body in bodies if not body)
            yield _page(found, replace(cursor, at=rest[0].at if rest else until), removed)
        if not changes:
            yield InvoicePage((), str(replace(cursor, at=until)))

    def _changes(self, created_from: int, created_before: int) -> list[Change]:
        """List what changed in a window of seconds, oldest last change first."""
        found: dict[str, Change] = {}
        after, more = "", True
        while more:
            body = self._client.events(created_from=created_from, created_before=created_before, after=after)
            events = _events(body)
            for event in events:
                subject = event.data.object
                found.setdefault(subject.id, Change(subject.object, subject.id, event.created))
            more = bool(body.get("has_more")) and bool(events)
            after = events[-1].id if events else ""
        return sorted(found.values(), key=lambda change: (change.at, change.id))

    def _current(self, change: Change) -> dict[str, Any] | None:
        client = self._client
        return client.credit_note(change.id) if change.kind == NOTE else client.invoice(change.id)

    def _recent(self) -> int:
        return int((self._clock() - _SETTLED).timestamp())


def _page(read: list[Read], cursor: Cursor, removed: tuple[str, ...] = ()) -> InvoicePage:
    invoices = tuple(one.found for one in read if isinstance(one.found, Invoice))
    problems = tuple(one.found for one in read if isinstance(one.found, InvoiceProblem))
    originals = tuple(one.original for one in read if one.original)
    return InvoicePage(invoices, str(cursor), problems, removed, originals)


def _events(body: dict[str, Any]) -> list[Event]:
    try:
        return [Event.model_validate(row) for row in body["data"]]
    except ValidationError as error:
        raise Permanent(
            "Stripe's list of events has another shape than documented",
            why=str(error.errors()[0]["msg"]),
            fix="report it with Stripe's version of this connector",
        ) from error
