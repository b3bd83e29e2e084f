"""QuickBooks Online in the billing role."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from connectors.quickbooks.client import PAGE, QuickBooksClient
from connectors.quickbooks.cursor import DELETED, Cursor
from connectors.quickbooks.models import Changed, Document
from connectors.quickbooks.reading import KINDS, Reading
from domain.errors import Permanent
from domain.invoices import Invoice, InvoicePage, InvoiceProblem, Mark, State
from domain.ports import Health

_ENTITIES = tuple(KINDS)
# QuickBooks tells of deletions for 30 days, and of at most so many changes at once.
_KEPT = timedelta(days=29)
_MOST = 1000
_FIX = "look at the document in QuickBooks"


class QuickBooksBilling:
    """Read invoices, credit memos, bills and vendor credits in the order of their changes."""

    def __init__(self, client: QuickBooksClient, reading: Reading) -> None:
        self._client = client
        self._reading = reading

    def check(self) -> Health:
        """Ask for one document of each kind, and for changes. Raises `Transient` or `Permanent`."""
        for entity in _ENTITIES:
            now = _time(self._client.query(entity, since=None, size=1))
        self._client.changes(_ENTITIES, since=now)
        return Health(self._reading.us.name or "a company")

    def invoices_since(self, cursor: str) -> Iterator[InvoicePage]:
        """Yield what is new, changed or deleted. Raises `Transient` or `Permanent`."""
        found = Cursor.parse(cursor)
        for entity in _ENTITIES:
            for rows, mark, now in self._changes(entity, found.marks.get(entity, Mark())):
                # Deletions count from the first read on; what was gone before was never ours.
                found = found.with_mark(entity, mark).with_mark(DELETED, found.marks.get(DELETED, Mark(now)))
                if rows:
                    yield self._page(entity, rows, found)
        yield self._deletions(found, now)

    def _changes(self, entity: str, mark: Mark) -> Iterator[tuple[list[dict[str, Any]], Mark, datetime]]:
        """Yield pages of what is new, each with the mark that stands once it is stored.

        Every request begins at the newest change read and not at the next page: a document that
        changes meanwhile moves to the end, and would make the next page skip one.
        """
        start, full = 1, True
        while full:
            body = self._client.query(entity, since=mark.since, start=start)
            rows = list((body.get("QueryResponse") or {}).get(entity) or [])
            states = [(row, _state(entity, row)) for row in rows]
            new = [(row, state) for row, state in states if not mark.knows(state)]
            full = len(rows) >= PAGE
            # A page of known states only is one second's bulk change: the rest of it follows.
            start = 1 if new else start + PAGE
            mark = mark.after([state for _, state in new])
            yield [row for row, _ in new], mark, _time(body)

    def _deletions(self, cursor: Cursor, now: datetime) -> InvoicePage:
        """Return what was deleted since, and a problem where QuickBooks no longer knows."""
        mark = cursor.marks[DELETED]
        since, problems = mark.since or now, []
        if since < now - _KEPT:
            problems.append(_unseen(f"deletions between {since:%Y-%m-%d} and {now - _KEPT:%Y-%m-%d} are not known"))
            since = now - _KEPT
        body = self._client.changes(_ENTITIES, since=since)
        rows = list(_listed(body))
        if len(rows) >= _MOST:
            problems.append(_unseen(f"more than {_MOST} documents changed since {since:%Y-%m-%d %H:%M}"))
        gone = [_state(entity, row) for entity, row in rows if row.get("status") == "Deleted"]
        new = [state for state in gone if not mark.knows(state)]
        stands = cursor.with_mark(DELETED, mark.after([*gone, State("", _time(body))]))
        return InvoicePage((), str(stands), tuple(problems), tuple(state.id for state in new))

    def _page(self, entity: str, rows: list[dict[str, Any]], cursor: Cursor) -> InvoicePage:
        found = [self._read(entity, row) for row in rows]
        invoices = tuple(item for item in found if isinstance(item, Invoice))
        problems = tuple(item for item in found if isinstance(item, InvoiceProblem))
        return InvoicePage(invoices, str(cursor), problems, originals=tuple(map(_original, rows)))

    def _read(self, entity: str, row: dict[str, Any]) -> Invoice | InvoiceProblem:
        try:
            return self._reading.invoice(
                entity, Document.model_validate(row), hashlib.sha256(_original(row)).hexdigest()
            )
        except ValidationError as error:
            first = error.errors()[0]
            what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            return InvoiceProblem(f"QuickBooks {entity} {row.get('Id', '')}", what, _FIX)
        except ValueError as error:
            return InvoiceProblem(f"QuickBooks {entity} {row.get('Id', '')}", str(error), _FIX)


def _unseen(what: str) -> InvoiceProblem:
    fix = "compare the list of documents in QuickBooks with the one here, and read at least once a month"
    return InvoiceProblem("QuickBooks deletions", what, fix)


def _listed(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what an answer about changes lists, as (entity, object)."""
    for answer in body.get("CDCResponse") or []:
        for part in answer.get("QueryResponse") or []:
            for entity in _ENTITIES:
                for row in part.get(entity) or []:
                    yield entity, row


def _state(entity: str, row: dict[str, Any]) -> State:
    changed = _changed(row)
    return State(f"{entity}/{changed.id}", changed.meta.updated)


def _changed(row: dict[str, Any]) -> Changed:
    try:
        return Changed.model_validate(row)
    except ValidationError as error:
        raise Permanent(
            f"QuickBooks' document {row.get('Id', '')} does not say when it changed",
            why=str(error.errors()[0]["msg"]),
            fix=_FIX,
        ) from error


def _time(body: dict[str, Any]) -> datetime:
    """Return the vendor's own time of an answer. Raises `Permanent`."""
    try:
        return datetime.fromisoformat(str(body.get("time")))
    except ValueError as error:
        raise Permanent("QuickBooks' answer does not say its time", why=str(error), fix="try again later") from error


def _original(row: dict[str, Any]) -> bytes:
    return json.dumps(row, sort_keys=True, default=str).encode()
