"""PandaDoc's API, one method an endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx

from connectors.http import Endpoint
from domain.errors import Permanent, Transient

COMPLETED = 2  # the list endpoint takes the status as an integer
_PAGE = 100


class PandaDocClient:
    """Call PandaDoc; answers come back as parsed JSON or bytes."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def status(self, document: str) -> dict[str, Any]:
        """Return id, name and status.

        https://developers.pandadoc.com/reference/document-status
        """
        return self._json(f"/public/v1/documents/{_safe(document)}")

    def details(self, document: str) -> dict[str, Any]:
        """Return recipients, metadata and totals.

        https://developers.pandadoc.com/reference/document-details
        """
        return self._json(f"/public/v1/documents/{_safe(document)}/details")

    def audit_trail(self, document: str) -> bytes:
        """Return the evidence of signature: every action, verbatim as long as one page holds them.

        https://developers.pandadoc.com/reference/list-document-audit-trail
        """
        path = f"/public/v2/documents/{_safe(document)}/audit-trail"
        first = self._endpoint.checked(self._endpoint.get(path, params={"limit": _PAGE}))
        rows = page = _object(first, path).get("results", [])
        while len(page) == _PAGE:
            page = self._json(path, {"limit": _PAGE, "offset": len(rows)}).get("results", [])
            rows = [*rows, *page]
        return json.dumps({"results": rows}).encode() if len(rows) > _PAGE else first.content

    def download(self, document: str) -> bytes:
        """Return the executed PDF.

        https://developers.pandadoc.com/reference/download-protected-document
        A sandbox key gets 401 on the protected download and falls back to the plain one; 202
        and 409 mean that PandaDoc is still making the file.
        """
        path = f"/public/v1/documents/{_safe(document)}/download"
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
        page = 1
        while True:
            params: dict[str, str | int] = {
                "status": COMPLETED,
                "completed_from": since.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "order_by": "date_completed",
                "count": _PAGE,
                "page": page,
            }
            rows = self._json("/public/v1/documents", params).get("results", [])
            yield from rows
            if len(rows) < _PAGE:
                return
            page += 1

    def _json(self, path: str, params: dict[str, str | int] | None = None) -> dict[str, Any]:
        return _object(self._endpoint.checked(self._endpoint.get(path, params=params)), path)


def _object(answer: httpx.Response, path: str) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError as error:
        raise Transient(f"PandaDoc's answer to {path} was cut off", why="it is not JSON") from error
    if not isinstance(body, dict):
        raise Permanent(f"PandaDoc's answer to {path} has another shape than documented")
    return body


def _safe(document: str) -> str:
    """Return an id that is one path segment. Raises `Permanent` for anything else."""
    if document and len(document) <= 64 and document.replace("-", "").replace("_", "").isalnum():
        return document
    raise Permanent(
        f"{document[:64]!r} is not a PandaDoc document id",
        why="ids are letters, digits, hyphens and underscores",
        fix="replay the webhook from PandaDoc's own log",
    )
