"""PandaDoc in the e-signature role."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from connectors import signing
from connectors.pandadoc.client import PandaDocClient
from connectors.pandadoc.health import report
from connectors.pandadoc.models import Details, Event, Field, Recipient
from domain.deals import Contact
from domain.errors import Permanent
from domain.money import Money
from domain.ports import Health
from domain.signatures import SignatureEvent, SignedDocument, Verdict

_EVENT_ID = "x-pandadoc-webhook-event-id"
# A document that also asks for payment goes on to `paid` after everybody has signed.
_DONE = frozenset({"document.completed", "document.paid"})
# Deliveries we know and have no use for. Anything else is unknown, and loud.
_IGNORED = frozenset({
    "recipient_completed", "document_updated", "document_deleted", "document_creation_failed",
    "document_section_added", "quote_updated", "template_created", "template_updated", "template_deleted",
    "content_library_item_created", "content_library_item_creation_failed",
})  # fmt: skip
_EVENTS = TypeAdapter(list[Event])


class PandaDocEsign:
    """Verify PandaDoc's webhooks and answer what it knows about a document."""

    def __init__(self, client: PandaDocClient, keys: Sequence[str]) -> None:
        self._client = client
        self._keys = [key for key in keys if key]

    def events(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Sequence[SignatureEvent]:
        """Verify a webhook on its raw bytes and name its events. Raises `Forged`."""
        signing.pandadoc(body, query.get("signature", ""), self._keys)
        delivery = headers.get(_EVENT_ID, "") or hashlib.sha256(body).hexdigest()
        found = _parse(body)
        return [
            _event(event, delivery if len(found) == 1 else f"{delivery}#{number}") for number, event in enumerate(found)
        ]

    def confirm(self, document: str) -> SignedDocument:
        """Ask PandaDoc about the document."""
        status = str(self._client.status(document).get("status", ""))
        if status not in _DONE:
            return SignedDocument(document, "", completed=False, status=status)
        return _signed(_details(self._client.details(document)))

    def signed_pdf(self, document: str) -> bytes:
        """Download the executed PDF."""
        return self._client.download(document)

    def certificate(self, document: str) -> tuple[str, bytes]:
        """Download PandaDoc's audit trail as evidence of signature."""
        return f"{document}-audit-trail.json", self._client.audit_trail(document)

    def completed_since(self, since: datetime) -> Sequence[str]:
        """List ids of documents completed since then."""
        return [str(row["id"]) for row in self._client.completed_since(since) if row.get("id")]

    def check(self) -> Health:
        """Say who the API key is, and whether the webhook subscriptions reach us."""
        return report(self._client, self._keys)


def _parse(body: bytes) -> list[Event]:
    try:
        data = json.loads(body)
        return _EVENTS.validate_python(data if isinstance(data, list) else [data])
    except (ValueError, ValidationError, RecursionError) as error:
        raise Permanent(
            "The webhook's body is not a list of PandaDoc events",
            why=type(error).__name__,
            fix="look at the delivery in PandaDoc's webhook log",
        ) from error


def _event(event: Event, event_id: str) -> SignatureEvent:
    return SignatureEvent(event_id[:200], event.event, _verdict(event), "", event.data.id[:200])


def _verdict(event: Event) -> Verdict:
    if event.event == "document_completed_pdf_ready" and event.data.id:
        return Verdict.COMPLETED
    if event.event == "document_state_changed":
        return Verdict.COMPLETED if event.data.status in _DONE and event.data.id else Verdict.IGNORED
    return Verdict.IGNORED if event.event in _IGNORED else Verdict.UNKNOWN


def _details(body: Mapping[str, Any]) -> Details:
    try:
        return Details.model_validate(body)
    except ValidationError as error:
        raise Permanent(
            "PandaDoc describes the document in another shape than documented",
            why="; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3]),
            fix="open the document at PandaDoc; if it looks right there, report this message to us",
        ) from error


def _signed(details: Details) -> SignedDocument:
    return SignedDocument(
        id=details.id,
        name=details.name,
        completed=details.status in _DONE,
        status=details.status,
        completed_at=details.date_completed,
        signers=tuple(_contact(person) for person in details.recipients if _has_signed(person)),
        total=_total(details),
        references=_references(details),
        fields=_fields(details.fields or []),
    )


def _has_signed(person: Recipient) -> bool:
    return bool(person.email) and bool(person.has_completed) and (person.recipient_type or "").upper() != "CC"


def _contact(person: Recipient) -> Contact:
    name = " ".join(part for part in (person.first_name, person.last_name) if part) or person.email or ""
    return Contact(name, person.email or "", person.job_title or "", ("signer",), "PandaDoc")


def _total(details: Details) -> Money | None:
    total = details.grand_total
    if total is None or total.amount is None or not total.currency:
        return None
    return Money(total.amount, total.currency)


def _references(details: Details) -> dict[str, str]:
    found = {str(name): str(value) for name, value in (details.metadata or {}).items() if value is not None}
    for linked in details.linked_objects or []:
        if linked.entity_type.casefold() in {"deal", "opportunity"} and linked.entity_id:
            found["deal_id"] = linked.entity_id
    return found


def _fields(fields: Sequence[Field]) -> dict[str, str]:
    """Return what people filled in; two fields of one name are told apart by their ids."""
    found: dict[str, str] = {}
    for field in fields:
        name, value = field.merge_field or field.name or field.title or field.field_id or "", _text(field.value)
        if name and value:
            found[field.field_id or name if name in found else name] = value
    return found


def _text(value: object) -> str:
    """Return a filled-in value as text; a signature has none, an upload has its file's name."""
    if isinstance(value, dict):
        return str(value.get("name") or "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
