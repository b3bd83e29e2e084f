"""Dropbox Sign's API v3, one method an endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from connectors.dropboxsign.errors import explain
from connectors.http import Endpoint, segment
from domain.errors import Transient

PAGE = 100


class DropboxSignClient:
    """Call Dropbox Sign; answers come back as parsed JSON or bytes."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = replace(endpoint, explain=explain)

    def account(self) -> dict[str, Any]:
        """Return the account that the API key belongs to, and what is left of its plan.

        https://developers.hellosign.com/api/reference/operation/accountGet/
        """
        return dict(self._endpoint.json("GET", "/account").get("account") or {})

    def request(self, request: str) -> dict[str, Any]:
        """Return a signature request with its signatures, answers and metadata.

        https://developers.hellosign.com/api/reference/operation/signatureRequestGet/
        """
        return dict(self._endpoint.json("GET", self._path(request)).get("signature_request") or {})

    def evidence(self, request: str) -> bytes:
        """Return the same, verbatim.

        https://developers.hellosign.com/api/reference/operation/signatureRequestGet/
        """
        answer = self._endpoint.checked(self._endpoint.get(self._path(request)))
        self._endpoint.parsed(answer)
        return answer.content

    def files(self, request: str) -> bytes:
        """Return the executed PDF, to which Dropbox Sign has appended its audit trail.

        https://developers.hellosign.com/api/reference/operation/signatureRequestFiles/
        """
        path = f"/signature_request/files/{segment(request, 'Dropbox Sign')}"
        answer = self._endpoint.get(path, params={"file_type": "pdf"}, headers={"Accept": "application/pdf"})
        if answer.status_code == 409:
            raise Transient(f"Dropbox Sign has not finished the PDF of {request}", retry_after=5)
        self._endpoint.checked(answer)
        if answer.headers.get("content-type", "").startswith("text/html"):
            raise Transient(f"Dropbox Sign answered the download of {request} with a web page")
        return answer.content

    def pages(self, query: str = "") -> Iterator[list[dict[str, Any]]]:
        """Yield pages of signature requests that the search finds; an empty search finds all.

        https://developers.hellosign.com/api/reference/operation/signatureRequestList/
        https://developers.hellosign.com/api/reference/search/
        """
        searched = {"query": query} if query else {}
        for page in count(1):
            params: dict[str, str | int] = {"page": page, "page_size": PAGE, **searched}
            answer = self._endpoint.json("GET", "/signature_request/list", params=params)
            yield answer.get("signature_requests") or []
            if page >= int((answer.get("list_info") or {}).get("num_pages") or 0):
                return

    def send_with_template(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Make a signature request from templates and send it to its signers.

        https://developers.hellosign.com/api/reference/operation/signatureRequestSendWithTemplate/
        """
        answer = self._endpoint.json("POST", "/signature_request/send_with_template", json=body)
        return dict(answer.get("signature_request") or {})

    def _path(self, request: str) -> str:
        return f"/signature_request/{segment(request, 'Dropbox Sign')}"
