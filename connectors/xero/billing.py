"""Xero in the billing role."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from connectors.xero import reading
from connectors.xero.client import XeroClient
from connectors.xero.models import Document, moment
from domain.errors import Permanent
from domain.invoices import Invoice, InvoicePage, InvoiceParty, InvoiceProblem, Mark, State
from domain.ports import Health

_PAGE = 500
_KINDS = ("invoices", "credit_notes")
Rows = Callable[..., list[dict[str, Any]]]


class XeroBilling:
    """Read invoices, bills and credit notes in the order of their changes; `us` is the organisation itself."""

    def __init__(self, client: XeroClient, us: InvoiceParty) -> None:
        self._client = client
        self._us = us

    def check(self) -> Health:
        """Ask for one invoice and one credit note. Raises `Transient` or `Permanent`."""
        self._client.invoices(since=None, page=1, size=1)
        self._client.credit_notes(since=None, page=1, size=1)
        return Health(self._us.name or "an organisation")

    def invoices_since(self, cursor: str) -> Iterator[InvoicePage]:
        """Yield what is new or changed. Raises `Transient` or `Permanent`."""
        marks = _parse(cursor)
        for kind, rows in zip(_KINDS, (self._client.invoices, self._client.credit_notes), strict=True):
            for found, mark in self._changes(rows, marks[kind]):
                marks = {**marks, kind: mark}
                yield self._page(found, marks)

    def _changes(self, rows: Rows, mark: Mark) -> Iterator[tuple[list[dict[str, Any]], Mark]]:
        """Yield pages of what is new, each with the mark that stands once it is stored.

        Every request begins at the newest change read and not at the next page: an invoice that
        changes meanwhile moves to the end, and would make the next page skip one.
        """
        page, full = 1, True
        while full:
            body = rows(since=mark.since, page=page)
            states = [(row, _state(row)) for row in body]
            new = [(row, state) for row, state in states if not mark.knows(state)]
            full = len(body) >= _PAGE
            # A page of known states only is one second's bulk change: the rest of it follows.
            page = 1 if new else page + 1
            if new:
                mark = mark.after([state for _, state in new])
                yield [row for row, _ in new], mark

    def _page(self, rows: list[dict[str, Any]], marks: Mapping[str, Mark]) -> InvoicePage:
        found = [self._read(row) for row in rows]
        invoices = tuple(item for item in found if isinstance(item, Invoice))
        problems = tuple(item for item in found if isinstance(item, InvoiceProblem))
        cursor = json.dumps({kind: mark.dump() for kind, mark in marks.items()}, separators=(",", ":"))
        return InvoicePage(invoices, cursor, problems, originals=tuple(map(_original, rows)))

    def _read(self, row: dict[str, Any]) -> Invoice | InvoiceProblem:
        try:
            return reading.invoice(Document.model_validate(row), self._us, hashlib.sha256(_original(row)).hexdigest())
        except ValueError as error:
            return InvoiceProblem(f"Xero {_id(row)}", _said(error), "look at the document in Xero")


def _parse(cursor: str) -> dict[str, Mark]:
    if not cursor:
        return dict.fromkeys(_KINDS, Mark())
    try:
        found = json.loads(cursor)
        return {kind: Mark.load(found[kind]) for kind in _KINDS}
    except (ValueError, KeyError, TypeError) as error:
        raise Permanent("The cursor of Xero cannot be read", why=str(error), fix="read Xero from its start") from error


def _state(row: dict[str, Any]) -> State:
    try:
        changed = moment(row.get("UpdatedDateUTC"))
    except ValueError:
        changed = None
    if not isinstance(changed, datetime):
        raise Permanent(
            f"Xero's document {_id(row)} does not say when it changed",
            why=f"UpdatedDateUTC is {row.get('UpdatedDateUTC')!r}",
            fix="look at the document in Xero",
        )
    return State(_id(row), changed)


def _id(row: dict[str, Any]) -> str:
    return str(row.get("InvoiceID") or row.get("CreditNoteID") or "")


def _said(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)


def _original(row: dict[str, Any]) -> bytes:
    return json.dumps(row, sort_keys=True, default=str).encode()
