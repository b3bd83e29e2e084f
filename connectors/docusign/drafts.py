"""DocuSign in the drafts role."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from connectors.docusign.client import DocuSignClient
from connectors.docusign.models import CustomFields
from domain.ports import Draft, DraftRecipient, Reference

KEY = "aftersign_key"
_LOOKBACK = timedelta(days=30)
_LONGEST = 100  # characters of a custom field's value and of a subject


class DocuSignDrafts:
    """Make envelopes from templates; our key travels in an envelope custom field nobody sees.

    DocuSign has no idempotency key, so both methods look for the custom field first, in envelopes
    of the last 30 days.
    """

    def __init__(self, client: DocuSignClient, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._clock = clock

    def find_draft(self, key: str) -> Reference | None:
        """Return the envelope made under this key, the oldest where there are several."""
        carried = _carried(key)
        for row in self._client.with_custom_field(KEY, carried, self._clock() - _LOOKBACK):
            if CustomFields.model_validate(row.get("customFields") or {}).values().get(KEY) == carried:
                return self._reference(str(row["envelopeId"]))
        return None

    def create_draft(self, draft: Draft, *, key: str) -> Reference:
        """Make the envelope in one request, as a draft or sent, unless the key has one already."""
        found = self.find_draft(key)
        return found or self._reference(str(self._client.create(_body(draft, key))["envelopeId"]))

    def _reference(self, envelope: str) -> Reference:
        return Reference(envelope, f"{self._client.web}/documents/details/{envelope}")


def _body(draft: Draft, key: str) -> dict[str, Any]:
    field = {"name": KEY, "value": _carried(key), "show": "false"}
    return {
        "templateId": draft.template,
        "emailSubject": draft.name[:_LONGEST],
        "emailBlurb": draft.message,
        "templateRoles": [_role(person, draft) for person in draft.recipients],
        "customFields": {"textCustomFields": [field]},
        "status": "sent" if draft.send else "created",
    }


def _role(person: DraftRecipient, draft: Draft) -> dict[str, Any]:
    """Return one role; DocuSign fills a variable in wherever a text field of the role has its name."""
    tabs = [{"tabLabel": name, "value": value} for name, value in draft.tokens.items()]
    return {"roleName": person.role, "name": person.name, "email": person.email, "tabs": {"textTabs": tabs}}


def _carried(key: str) -> str:
    return key if len(key) <= _LONGEST else hashlib.sha256(key.encode()).hexdigest()
