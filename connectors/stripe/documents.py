"""Whole documents of Stripe: the first page of their lines comes with them, the rest is asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from connectors.stripe.client import StripeClient
from connectors.stripe.models import CreditNote, Invoice, Line, Lines
from connectors.stripe.reading import Reading
from domain.invoices import Invoice as Ours
from domain.invoices import InvoiceProblem

NOTE = "credit_note"
Page = Callable[[str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Read:
    """Hold a document, or why there is none, and the bytes it was read from."""

    found: Ours | InvoiceProblem
    original: bytes = b""


class Documents:
    """Turn Stripe's invoices and credit notes into ours."""

    def __init__(self, client: StripeClient, reading: Reading) -> None:
        self._client = client
        self._reading = reading

    def read(self, kind: str, row: dict[str, Any], updated: datetime | None) -> Read:
        """Return a document with all its lines, or what keeps it from being read, and the bytes it was read from."""
        try:
            if kind == NOTE:
                note = CreditNote.model_validate(row)
                lines, raw = self._lines(note.lines, lambda after: self._client.credit_note_lines(note.id, after=after))
                original = _original(row, raw)
                return Read(self._reading.credit_note(note, lines, _sha256(original), updated), original)
            invoice = Invoice.model_validate(row)
            lines, raw = self._lines(invoice.lines, lambda after: self._client.lines(invoice.id, after=after))
            original = _original(row, raw)
            return Read(self._reading.invoice(invoice, lines, _sha256(original), updated), original)
        except ValidationError as error:
            first = error.errors()[0]
            what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            return Read(InvoiceProblem(f"Stripe {kind} {row.get('id', '')}", what, "look at it in Stripe's dashboard"))
        except ValueError as error:
            return Read(
                InvoiceProblem(f"Stripe {kind} {row.get('id', '')}", str(error), "look at it in Stripe's dashboard")
            )

    def _lines(self, first: Lines, page: Page) -> tuple[list[Line], list[Any]]:
        """Return every line of a document; the document itself holds the first few only."""
        found, more = list(first.data), first.has_more
        raw: list[Any] = []
        while more and found:
            body = page(found[-1].id)
            read = Lines.model_validate(body)
            raw += body["data"]
            found += read.data
            more = read.has_more and bool(read.data)
        return found, raw


def _original(row: dict[str, Any], lines: list[Any]) -> bytes:
    return json.dumps([row, lines], sort_keys=True, default=str).encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
