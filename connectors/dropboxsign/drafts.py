"""Dropbox Sign in the drafts role."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from connectors.dropboxsign.client import DropboxSignClient
from domain.errors import Permanent
from domain.ports import Draft, Reference

KEY = "aftersign_key"
_TITLE = 255
_MESSAGE = 5000


class DropboxSignDrafts:
    """Make signature requests from templates; our key travels in the request's metadata.

    Dropbox Sign has no idempotency key, so both methods look for the metadata first: in the newest
    hundred requests, and by the search, which lags a little behind.
    """

    def __init__(self, client: DropboxSignClient, *, test_mode: bool = False) -> None:
        self._client = client
        self._test_mode = test_mode

    def find_draft(self, key: str) -> Reference | None:
        """Return the request made under this key, the oldest where there are several."""
        found = [row for row in self._near(key) if (row.get("metadata") or {}).get(KEY) == key]
        oldest = min(found, key=lambda row: row.get("created_at") or 0, default=None)
        return _reference(oldest) if oldest else None

    def create_draft(self, draft: Draft, *, key: str) -> Reference:
        """Make and send the request, unless the key has one already.

        Raises `Permanent` for a draft that must not be sent: Dropbox Sign sends what it makes.
        """
        if not draft.send:
            raise Permanent(
                f"Dropbox Sign cannot keep {draft.name!r} as a draft",
                why="it sends every request at once, and this one must not be sent",
                fix="let PandaDoc or DocuSign make drafts, or leave the draft out",
            )
        return self.find_draft(key) or _reference(self._client.send_with_template(self._body(draft, key)))

    def _near(self, key: str) -> Iterator[dict[str, Any]]:
        for query in ("", f'metadata:"{key}"'):
            for page in islice(self._client.pages(query), 1):
                yield from page

    def _body(self, draft: Draft, key: str) -> dict[str, Any]:
        people = draft.recipients
        return {
            "template_ids": [draft.template],
            "title": draft.name[:_TITLE],
            "subject": draft.name[:_TITLE],
            "message": draft.message[:_MESSAGE],
            "signers": [{"role": one.role, "name": one.name, "email_address": one.email} for one in people],
            "custom_fields": [{"name": name, "value": value} for name, value in draft.tokens.items()],
            "metadata": {KEY: key},
            "test_mode": self._test_mode,
        }


def _reference(request: dict[str, Any]) -> Reference:
    return Reference(str(request["signature_request_id"]), str(request.get("details_url") or ""))
