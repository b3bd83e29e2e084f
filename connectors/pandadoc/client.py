"""PandaDoc's API, one method an endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from connectors.http import Endpoint
from connectors.pandadoc.errors import explain
from domain.errors import Permanent, Transient

COMPLETED = 2  # the list endpoint takes the status as an integer
_PAGE = 100
_DOCUMENTS = "/public/v1/documents"


class PandaDocClient:
    """Call PandaDoc; answers come back as parsed JSON or bytes."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = replace(endpoint, explain=explain)

    def status(self, document: str) -> dict[str, Any]:
        """Return id, name and status.

        https://developers.pandadoc.com/reference/document-status
        """
        return self._endpoint.json("GET", f"{_DOCUMENTS}/{_safe(document)}")

    def details(self, document: str) -> dict[str, Any]:
        """Return recipients, fields, metadata and totals.

        https://developers.pandadoc.com/reference/document-details
        """
        return self._endpoint.json("GET", f"{_DOCUMENTS}/{_safe(document)}/details")

    def audit_trail(self, document: str) -> bytes:
        """Return the evidence of signature: every action, verbatim as long as one page holds them.

        https://developers.pandadoc.com/reference/list-document-audit-trail
        """
        path = f"/public/v2/documents/{_safe(document)}/audit-trail"
        first = self._endpoint.checked(self._endpoint.get(path, params={"limit": _PAGE}))
        rows = page = self._endpoint.parsed(first).get("results", [])
        while len(page) == _PAGE:
            page = self._endpoint.json("GET", path, params={"limit": _PAGE, "offset": len(rows)}).get("results", [])
            rows = [*rows, *page]
        return json.dumps({"results": rows}, default=str).encode() if len(rows) > _PAGE else first.content

    def download(self, document: str) -> bytes:
        """Return the executed PDF.

        https://developers.pandadoc.com/reference/download-protected-document
        A sandbox key gets 401 on the protected download and falls back to the plain one; 202
        and 409 mean that PandaDoc is still making the file.
        """
        path = f"{_DOCUMENTS}/{_safe(document)}/download"
        answer = self._endpoint.get(f"{path}-protected")
        if answer.status_code == 401:
            answer = self._endpoint.get(path)
        if answer.status_code in {202, 409}:
            raise Transient(f"PandaDoc has not finished the PDF of {document}", retry_after=5)
        self._endpoint.checked(answer)
        if answer.headers.get("content-type", "").startswith("text/html"):
            raise Transient(f"PandaDoc answered the download of {document} with a web page")
        return answer.content

    def completed_since(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Yield documents completed since then.

        https://developers.pandadoc.com/reference/list-documents
        """
        params: dict[str, str | int] = {
            "status": COMPLETED,
            "completed_from": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "order_by": "date_completed",
            "count": _PAGE,
        }
        for page in count(1):
            rows = self._endpoint.json("GET", _DOCUMENTS, params={**params, "page": page}).get("results", [])
            yield from rows
            if len(rows) < _PAGE:
                return

    def with_metadata(self, name: str, value: str, most: int) -> list[dict[str, Any]]:
        """Return the newest documents whose metadata hold the value.

        https://developers.pandadoc.com/docs/how-to-guides (by metadata: `metadata_{key}={value}`)
        """
        params: dict[str, str | int] = {f"metadata_{name}": value, "order_by": "-date_created", "count": most}
        rows: list[dict[str, Any]] = self._endpoint.json("GET", _DOCUMENTS, params=params).get("results", [])
        return rows

    def create(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Make a document from a template; PandaDoc answers before it is ready.

        https://developers.pandadoc.com/reference/create-document
        """
        return self._endpoint.json("POST", _DOCUMENTS, json=body)

    def send(self, document: str, body: Mapping[str, Any]) -> None:
        """Send a draft to its recipients. Raises `Transient` while it is not yet a draft.

        https://developers.pandadoc.com/reference/send-document
        """
        self._endpoint.json("POST", f"{_DOCUMENTS}/{_safe(document)}/send", json=body)

    def member(self) -> dict[str, Any]:
        """Return the user and workspace that the API key belongs to.

        https://developers.pandadoc.com/reference/current-member-details
        """
        return self._endpoint.json("GET", "/public/v1/members/current")

    def subscriptions(self) -> list[dict[str, Any]]:
        """Return the workspace's webhook subscriptions with their shared keys.

        https://developers.pandadoc.com/reference/list-webhook-subscriptions
        """
        rows: list[dict[str, Any]] = self._endpoint.json("GET", "/public/v1/webhook-subscriptions").get("items", [])
        return rows


def _safe(document: str) -> str:
    """Return an id that is one path segment. Raises `Permanent` for anything else."""
    if document and len(document) <= 64 and document.replace("-", "").replace("_", "").isalnum():
        return document
    raise Permanent(
        f"{document[:64]!r} is not a PandaDoc document id",
        why="ids are letters, digits, hyphens and underscores",
        fix="replay the webhook from PandaDoc's own log",
    )
