"""Stripe's API, one method an endpoint; only reads."""

from __future__ import annotations

from typing import Any

from connectors.http import Endpoint, Params, segment
from domain.errors import Permanent

# The shapes in models.py are of this version; sent with every request, so that an upgrade of the
# account does not change them. https://docs.stripe.com/api/versioning
VERSION = "2022-11-15"
_PAGE = 100
# Everything that changes what an invoice or credit note says. https://docs.stripe.com/api/events/types
CHANGES = (
    "invoice.created", "invoice.updated", "invoice.finalized", "invoice.paid", "invoice.voided",
    "invoice.marked_uncollectible", "invoice.deleted", "credit_note.created", "credit_note.updated",
    "credit_note.voided",
)  # fmt: skip


class StripeClient:
    """Call Stripe; answers come back as parsed JSON, one page at a time."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def invoices(self, *, after: str = "", created_from: int = 0) -> dict[str, Any]:
        """Return a page of invoices, newest first.

        https://docs.stripe.com/api/invoices/list
        """
        return self._get("/v1/invoices", _paged(after, created_from))

    def invoice(self, invoice: str) -> dict[str, Any] | None:
        """Return an invoice as it is now, or `None` when it was deleted.

        https://docs.stripe.com/api/invoices/retrieve
        """
        return self._found(f"/v1/invoices/{segment(invoice, 'Stripe')}")

    def lines(self, invoice: str, *, after: str) -> dict[str, Any]:
        """Return a page of an invoice's lines.

        https://docs.stripe.com/api/invoice-line-item/list
        """
        return self._get(f"/v1/invoices/{segment(invoice, 'Stripe')}/lines", _paged(after))

    def credit_notes(self, *, after: str = "", created_from: int = 0) -> dict[str, Any]:
        """Return a page of credit notes, newest first.

        https://docs.stripe.com/api/credit_notes/list
        """
        return self._get("/v1/credit_notes", _paged(after, created_from))

    def credit_note(self, note: str) -> dict[str, Any] | None:
        """Return a credit note as it is now.

        https://docs.stripe.com/api/credit_notes/retrieve
        """
        return self._found(f"/v1/credit_notes/{segment(note, 'Stripe')}")

    def credit_note_lines(self, note: str, *, after: str) -> dict[str, Any]:
        """Return a page of a credit note's lines.

        https://docs.stripe.com/api/credit_notes/lines
        """
        return self._get(f"/v1/credit_notes/{segment(note, 'Stripe')}/lines", _paged(after))

    def events(self, *, created_from: int, created_before: int, after: str = "") -> dict[str, Any]:
        """Return a page of the changes in a window of seconds, newest first.

        https://docs.stripe.com/api/events/list
        """
        window = {"created[gte]": created_from, "created[lt]": created_before}
        return self._get("/v1/events", {"types[]": CHANGES, **window, **_paged(after)})

    def _get(self, path: str, params: Params) -> dict[str, Any]:
        body = self._endpoint.json("GET", path, params=params)
        if isinstance(body.get("data"), list):
            return body
        raise Permanent(
            f"Stripe's answer to {path} is no list",
            why="it has no `data`",
            fix="check that AFTERSIGN_STRIPE__BASE_URL is Stripe's own address",
        )

    def _found(self, path: str) -> dict[str, Any] | None:
        answer = self._endpoint.get(path)
        if answer.status_code == 404:
            return None
        body = self._endpoint.parsed(self._endpoint.checked(answer))
        return None if body.get("deleted") is True else body


def _paged(after: str, created_from: int = 0) -> dict[str, str | int]:
    window: dict[str, str | int] = {"created[gte]": created_from} if created_from else {}
    return {"limit": _PAGE, **window, **({"starting_after": after} if after else {})}
