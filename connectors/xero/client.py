"""Xero's accounting API, one method an endpoint; only reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from connectors.http import Endpoint, Params
from domain.errors import Permanent

# Without drafts and what waits for approval: neither is an invoice yet.
STATUSES = "AUTHORISED,PAID,VOIDED,DELETED"
_PAGE = 500


class XeroClient:
    """Call Xero for one organisation; the endpoint carries the token and the `xero-tenant-id` header."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def invoices(self, *, since: datetime | None, page: int, size: int = _PAGE) -> list[dict[str, Any]]:
        """Return a page of sales invoices and bills with their lines, oldest change first.

        https://developer.xero.com/documentation/api/accounting/invoices
        """
        return self._page("/api.xro/2.0/Invoices", "Invoices", since, page, size, {"Statuses": STATUSES})

    def credit_notes(self, *, since: datetime | None, page: int, size: int = _PAGE) -> list[dict[str, Any]]:
        """Return a page of credit notes of both kinds with their lines, oldest change first.

        https://developer.xero.com/documentation/api/accounting/creditnotes
        """
        return self._page("/api.xro/2.0/CreditNotes", "CreditNotes", since, page, size, {})

    def _page(
        self, path: str, name: str, since: datetime | None, page: int, size: int, more: dict[str, str]
    ) -> list[dict[str, Any]]:
        # Four decimals (unitdp): with Xero's usual two, prices that are finer come back rounded.
        params: Params = {"page": page, "pageSize": size, "order": "UpdatedDateUTC ASC", "unitdp": 4, **more}
        headers = {"If-Modified-Since": _header(since)} if since else {}
        rows = self._endpoint.json("GET", path, params=params, headers=headers).get(name)
        if isinstance(rows, list):
            return rows
        raise Permanent(
            f"Xero's answer to {path} is no list",
            why=f"it has no {name}",
            fix="check that AFTERSIGN_XERO__BASE_URL is Xero's own address",
        )


def _header(moment: datetime) -> str:
    """Return a time as Xero takes it; it is read as UTC.

    https://developer.xero.com/documentation/api/accounting/requests-and-responses
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
