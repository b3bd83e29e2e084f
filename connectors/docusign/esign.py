"""DocuSign in the e-signature role."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from connectors import signing
from connectors.docusign.client import DocuSignClient
from connectors.docusign.models import CustomFields, Envelope, FormData, FormItem, Notice, Recipients, Signer
from domain.deals import Contact
from domain.errors import Permanent
from domain.ports import Health
from domain.signatures import SignatureEvent, SignedDocument, Verdict

COMPLETED = "envelope-completed"
# Messages we know and have no use for. Anything else is unknown, and loud.
# https://developers.docusign.com/platform/webhooks/connect/event-triggers
_IGNORED = frozenset({
    "envelope-created", "envelope-sent", "envelope-resent", "envelope-delivered", "envelope-declined",
    "envelope-voided", "envelope-corrected", "envelope-purge", "envelope-deleted", "envelope-discard",
    "envelope-removed", "envelope-reminder-sent", "recipient-sent", "recipient-resent", "recipient-delivered",
    "recipient-completed", "recipient-declined", "recipient-authenticationfailed", "recipient-autoresponded",
    "recipient-delegate", "recipient-reassign", "recipient-finish-later", "template-created",
    "template-modified", "template-deleted",
})  # fmt: skip
_SIGNED = frozenset({"completed", "signed"})
_Model = TypeVar("_Model", bound=BaseModel)


class DocuSignEsign:
    """Verify Connect messages of one account and answer what DocuSign knows about an envelope."""

    def __init__(self, client: DocuSignClient, account_id: str, keys: Sequence[str]) -> None:
        self._client = client
        self._account = account_id
        self._keys = [key for key in keys if key]

    def events(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Sequence[SignatureEvent]:
        """Verify a Connect message on its raw bytes and name its event.

        Raises `Forged`, or `Permanent` for a message about another account.
        """
        del query
        signing.docusign(body, headers, self._keys)
        notice = _notice(body)
        self._require_ours(notice)
        # A repeated message differs in its retryCount, so its bytes do not name it.
        event_id = f"{notice.data.envelope_id}:{notice.event}:{notice.generated_at}"
        account, envelope = notice.data.account_id, notice.data.envelope_id
        return [SignatureEvent(event_id[:200], notice.event, _verdict(notice), account[:200], envelope[:200])]

    def confirm(self, document: str) -> SignedDocument:
        """Ask DocuSign about the envelope."""
        envelope = _read(Envelope, self._client.envelope(document))
        if envelope.status != "completed":
            return SignedDocument(document, envelope.subject or "", completed=False, status=envelope.status)
        people = _read(Recipients, self._client.recipients(document))
        return SignedDocument(
            id=document,
            name=envelope.subject or "",
            completed=True,
            status=envelope.status,
            completed_at=envelope.completed_at,
            signers=tuple(_signers(people)),
            references=(envelope.custom_fields or CustomFields()).values(),
            fields=dict(_fields(_read(FormData, self._client.form_data(document)))),
        )

    def signed_pdf(self, document: str) -> bytes:
        """Download all documents of the envelope as one PDF."""
        return self._client.document(document, "combined")

    def certificate(self, document: str) -> tuple[str, bytes]:
        """Download DocuSign's certificate of completion."""
        return f"{document}-certificate.pdf", self._client.document(document, "certificate")

    def completed_since(self, since: datetime) -> Sequence[str]:
        """List ids of envelopes completed since then."""
        return [str(row["envelopeId"]) for row in self._client.completed_since(since) if row.get("envelopeId")]

    def check(self) -> Health:
        """Say which account the grant reaches."""
        account = self._client.account()
        detail = f"{account.get('accountName') or 'account'} ({account.get('accountIdGuid') or self._account})"
        fix = "HMAC key of Connect: set AFTERSIGN_DOCUSIGN__WEBHOOK_KEYS, until then every message is refused"
        return Health(detail, () if self._keys else (fix,))

    def _require_ours(self, notice: Notice) -> None:
        if notice.data.account_id.casefold() == self._account.casefold():
            return
        raise Permanent(
            f"The message is about the DocuSign account {notice.data.account_id[:64]!r}",
            why=f"AFTERSIGN_DOCUSIGN__ACCOUNT_ID is {self._account}",
            fix="point the Connect configuration of that account elsewhere, or correct the setting",
        )


def _notice(body: bytes) -> Notice:
    try:
        return Notice.model_validate(json.loads(body))
    except (ValueError, RecursionError) as error:
        raise Permanent(
            "The message is not in DocuSign's JSON SIM format",
            why=type(error).__name__,
            fix="choose the data format REST v2.1 and Send Individual Messages (SIM) in the Connect configuration",
        ) from error


def _verdict(notice: Notice) -> Verdict:
    if notice.event == COMPLETED and notice.data.envelope_id:
        return Verdict.COMPLETED
    return Verdict.IGNORED if notice.event in _IGNORED else Verdict.UNKNOWN


def _read(model: type[_Model], body: Mapping[str, Any]) -> _Model:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise Permanent(
            "DocuSign describes the envelope in another shape than documented",
            why="; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3]),
            fix="open the envelope at DocuSign; if it looks right there, report this message to us",
        ) from error


def _signers(people: Recipients) -> Iterator[Contact]:
    for person in [*(people.signers or []), *map(_in_person, people.in_person or [])]:
        if person.email and (person.status or "").lower() in _SIGNED:
            yield Contact(person.name or person.email, person.email, "", ("signer",), "DocuSign")


def _in_person(host: Signer) -> Signer:
    """Return who signed in front of the host."""
    return host.model_copy(update={"name": host.signer_name, "email": host.signer_email})


def _fields(form: FormData) -> Iterator[tuple[str, str]]:
    """Yield what was filled in; the envelope's own list comes last and wins."""
    parts: list[FormItem] = [item for part in form.recipients or [] for item in part.items or []]
    for item in [*parts, *(form.items or [])]:
        if item.name and (value := item.chosen or item.value):
            yield item.name, value
