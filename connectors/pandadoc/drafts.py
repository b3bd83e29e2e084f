"""PandaDoc in the drafts role."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from connectors.pandadoc.client import PandaDocClient
from domain.errors import Permanent, Transient
from domain.ports import Draft, DraftRecipient, Reference

KEY = "aftersign_key"
_SEND = "aftersign_send"
_LOOK = 20
_PATIENCE = (1, 2, 2, 3, 4)  # seconds; a document is usually ready after three to five
_UNSENT = frozenset({"document.uploaded", "document.draft"})


class PandaDocDrafts:
    """Make documents from templates; our key travels in the document's metadata.

    PandaDoc has no idempotency key, so both methods look for the metadata first.
    """

    def __init__(self, client: PandaDocClient, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def find_draft(self, key: str) -> Reference | None:
        """Return the document made under this key; one that still has to be sent does not count."""
        found = self._carrying(key)
        if found is None or (_SEND in found["metadata"] and found["status"] in _UNSENT):
            return None
        return _reference(found["id"])

    def create_draft(self, draft: Draft, *, key: str) -> Reference:
        """Make the document, or take the one made under this key, and send it when the draft says so.

        Without a message it is sent silently: nobody gets a mail, the link works.
        """
        made = self._carrying(key) or self._client.create(_body(draft, key))
        if draft.send and made["status"] in _UNSENT:
            self._ready(made["id"])
            self._client.send(made["id"], _sending(draft))
        return _reference(made["id"])

    def _carrying(self, key: str) -> dict[str, Any] | None:
        """Return the details of the oldest document that carries the key."""
        rows = self._client.with_metadata(KEY, key, _LOOK)
        found = [self._client.details(row["id"]) for row in reversed(rows)]
        for details in found:
            if (details.get("metadata") or {}).get(KEY) == key:
                return details
        if len(rows) < _LOOK:
            return None
        raise Permanent(
            "PandaDoc lists documents that do not carry our key",
            why=f"the metadata filter {KEY} seems to be ignored, so nobody can tell whether the document exists",
            fix="look for the document at PandaDoc by its name and resolve the effect by hand",
        )

    def _ready(self, document: str) -> None:
        """Wait until PandaDoc has turned the upload into a draft."""
        status = ""
        for seconds in (0, *_PATIENCE):
            self._sleep(seconds)
            status = str(self._client.status(document).get("status", ""))
            if status == "document.draft":
                return
            if status == "document.error":
                raise Permanent(
                    f"PandaDoc could not make {document} from the template",
                    why="its status is document.error",
                    fix="open the document at PandaDoc and correct the template",
                )
        raise Transient(f"PandaDoc is still making {document}", why=f"its status is {status}", retry_after=5)


def _body(draft: Draft, key: str) -> dict[str, Any]:
    metadata = {KEY: key, **({_SEND: "yes"} if draft.send else {})}
    return {
        "name": draft.name,
        "template_uuid": draft.template,
        "recipients": [_recipient(person) for person in draft.recipients],
        "tokens": [{"name": name, "value": value} for name, value in draft.tokens.items()],
        "metadata": metadata,
    }


def _recipient(person: DraftRecipient) -> dict[str, Any]:
    first, _, last = person.name.partition(" ")
    return {"email": person.email, "first_name": first, "last_name": last, "role": person.role, "type": "recipient"}


def _sending(draft: Draft) -> dict[str, Any]:
    if not draft.message:
        return {"silent": True}
    return {"subject": draft.name, "message": draft.message, "silent": False}


def _reference(document: str) -> Reference:
    return Reference(document, f"https://app.pandadoc.com/a/#/documents/{document}")
