"""DocuSign's eSignature REST API v2.1, one method an endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from connectors.docusign.errors import explain
from connectors.http import Endpoint, segment
from domain.errors import Transient

_PAGE = 100
# `any` leaves drafts out, so every status is named.
_ANY = "created,sent,delivered,signed,completed,declined,voided,timedout,processing"


class DocuSignClient:
    """Call DocuSign for one account; answers come back as parsed JSON or bytes."""

    def __init__(self, endpoint: Endpoint, account_id: str) -> None:
        self._endpoint = replace(endpoint, explain=explain)
        self._account = f"/v2.1/accounts/{segment(account_id, 'DocuSign')}"
        demo = "demo" in (urlsplit(endpoint.base_url).hostname or "")
        self.web = "https://appdemo.docusign.com" if demo else "https://app.docusign.com"

    def account(self) -> dict[str, Any]:
        """Return the account's name and plan.

        https://developers.docusign.com/docs/esign-rest-api/reference/accounts/accounts/get/
        """
        return self._endpoint.json("GET", self._account)

    def envelope(self, envelope: str) -> dict[str, Any]:
        """Return status, times, subject and custom fields.

        https://developers.docusign.com/docs/esign-rest-api/reference/envelopes/envelopes/get/
        """
        return self._endpoint.json("GET", self._path(envelope), params={"include": "custom_fields"})

    def recipients(self, envelope: str) -> dict[str, Any]:
        """Return who signed, copied or certified, and when.

        https://developers.docusign.com/docs/esign-rest-api/reference/envelopes/enveloperecipients/list/
        """
        return self._endpoint.json("GET", self._path(envelope, "recipients"))

    def form_data(self, envelope: str) -> dict[str, Any]:
        """Return what people filled in.

        https://developers.docusign.com/docs/esign-rest-api/reference/envelopes/envelopeformdata/get/
        """
        return self._endpoint.json("GET", self._path(envelope, "form_data"))

    def document(self, envelope: str, which: str) -> bytes:
        """Return a PDF: `combined` is all documents in one, `certificate` the evidence of signature.

        https://developers.docusign.com/docs/esign-rest-api/reference/envelopes/envelopedocuments/get/
        """
        path = self._path(envelope, "documents", which)
        answer = self._endpoint.checked(self._endpoint.get(path, headers={"Accept": "application/pdf"}))
        if answer.headers.get("content-type", "").startswith("text/html"):
            raise Transient(f"DocuSign answered the download of {envelope} with a web page")
        return answer.content

    def completed_since(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Yield envelopes that were completed since then.

        https://developers.docusign.com/docs/esign-rest-api/reference/envelopes/envelopes/liststatuschanges/
        """
        yield from self._listed(
            {
                "from_date": _moment(since),
                "from_to_status": "completed",
                "status": "completed",
                "order_by": "completed",
                "order": "asc",
            }
        )

    def with_custom_field(self, name: str, value: str, since: datetime) -> Iterator[dict[str, Any]]:
        """Yield envelopes of any status, oldest first, whose custom field holds the value.

        https://developers.docusign.com/docs/esign-rest-api/reference/envelopes/envelopes/liststatuschanges/
        """
        yield from self._listed(
            {
                "from_date": _moment(since),
                "status": _ANY,
                "custom_field": f"{name}={value}",
                "include": "custom_fields",
                "order_by": "created",
                "order": "asc",
            }
        )

    def create(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Make an envelope from a template; status `created` is a draft, `sent` goes out.

        https://developers.docusign.com/docs/esign-rest-api/reference/envelopes/envelopes/create/
        """
        return self._endpoint.json("POST", f"{self._account}/envelopes", json=body)

    def _listed(self, params: dict[str, str]) -> Iterator[dict[str, Any]]:
        position = 0
        while True:
            page = {**params, "count": str(_PAGE), "start_position": str(position)}
            rows = self._endpoint.json("GET", f"{self._account}/envelopes", params=page).get("envelopes") or []
            yield from rows
            position += len(rows)
            if len(rows) < _PAGE:
                return

    def _path(self, envelope: str, *rest: str) -> str:
        parts = [segment(part, "DocuSign") for part in (envelope, *rest)]
        return "/".join((self._account, "envelopes", *parts))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
