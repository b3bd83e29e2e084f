"""A signed document as its e-signature provider confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.deals import Contact
from domain.money import Money


class Verdict(StrEnum):
    """Say what a received webhook event means to us.

    `NOTED` is not a completion: something that we know of has changed at the vendor, such as the
    deal of a handoff or an invoice.
    """

    COMPLETED = "completed"
    NOTED = "noted"
    IGNORED = "ignored"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SignatureEvent:
    """Hold one event out of a verified webhook body; it is a hint, never a proof."""

    event_id: str
    kind: str
    verdict: Verdict
    account: str = ""
    document: str = ""

    def business_key(self, source: str) -> str | None:
        """Return what makes two deliveries the same completion, whatever their event ids.

        The account is not part of it: a provider's document ids are unique across its accounts,
        and a sweep knows no account.
        """
        if self.verdict is not Verdict.COMPLETED:
            return None
        return f"{source}::{self.document}:completed"


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """Hold the provider's own answer about a document.

    `completed` is the provider's word, asked over its API; `references` are the CRM objects and
    metadata linked to the document, such as `{"deal_id": "D-1001"}`; `fields` are what people
    filled in while signing, by field name.
    """

    id: str
    name: str
    completed: bool
    status: str
    completed_at: datetime | None = None
    signers: tuple[Contact, ...] = ()
    total: Money | None = None
    references: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
