"""Dropbox Sign in the e-signature role."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from connectors import signing
from connectors.dropboxsign.client import DropboxSignClient
from connectors.dropboxsign.form import json_field
from connectors.dropboxsign.models import Answer, Event, Signature, SignatureRequest
from domain.deals import Contact
from domain.errors import Forged, Permanent
from domain.ports import Health
from domain.signatures import SignatureEvent, SignedDocument, Verdict

# The PDF can be fetched from this event on; `signature_request_all_signed` comes before it.
COMPLETED = "signature_request_downloadable"
# Events we know and have no use for. Anything else is unknown, and loud.
# https://developers.hellosign.com/docs/events/overview/
_IGNORED = frozenset({
    "callback_test", "account_confirmed", "unknown_error", "file_error", "sign_url_invalid",
    "signature_request_viewed", "signature_request_signed", "signature_request_sent",
    "signature_request_all_signed", "signature_request_email_bounce", "signature_request_remind",
    "signature_request_incomplete_qes", "signature_request_destroyed", "signature_request_canceled",
    "signature_request_declined", "signature_request_reassigned", "signature_request_invalid",
    "signature_request_prepared", "signature_request_expired", "signature_request_signer_removed",
    "template_created", "template_error",
})  # fmt: skip
_OURS = "complete:true AND from:me"
_LONGEST_OPEN = timedelta(days=90)
_NO_TEXT = frozenset({"signature", "initials"})


class DropboxSignEsign:
    """Verify Dropbox Sign's events and answer what it knows about a signature request.

    The first key is the API key itself, which also signs events; further ones are former keys.
    `acknowledgement` is what an answer to an event must say, or Dropbox Sign repeats it.
    """

    acknowledgement = "Hello API Event Received"

    def __init__(self, client: DropboxSignClient, keys: Sequence[str]) -> None:
        self._client = client
        self._keys = [key for key in keys if key]

    def events(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Sequence[SignatureEvent]:
        """Verify an event and name it. Raises `Forged`.

        The hash covers time and type alone, so of the rest only the request's id is taken, as
        something to ask about.
        """
        del query
        event = _event(json_field(body, headers.get("content-type", "")))
        happening = event.event
        signing.dropboxsign(happening.event_time, happening.event_type, happening.event_hash, self._keys)
        request = event.signature_request.signature_request_id if event.signature_request else ""
        # Two requests completed within one second share the hash.
        event_id = f"{happening.event_hash}:{request}"
        return [SignatureEvent(event_id[:200], happening.event_type, _verdict(event), "", request[:200])]

    def confirm(self, document: str) -> SignedDocument:
        """Ask Dropbox Sign about the request."""
        request = _read(self._client.request(document))
        if not request.is_complete:
            return SignedDocument(document, request.title or "", completed=False, status=_status(request))
        return SignedDocument(
            id=document,
            name=request.title or "",
            completed=True,
            status="complete",
            completed_at=_moment(request.completed_at),
            signers=tuple(_contact(one) for one in request.signatures or [] if _has_signed(one)),
            references=_references(request),
            fields=dict(_fields(request.response_data or [])),
        )

    def signed_pdf(self, document: str) -> bytes:
        """Download the executed PDF with the appended audit trail."""
        return self._client.files(document)

    def certificate(self, document: str) -> tuple[str, bytes]:
        """Keep what the API says about each signature; the audit trail itself is in the PDF."""
        return f"{document}-signatures.json", self._client.evidence(document)

    def completed_since(self, since: datetime) -> Sequence[str]:
        """List ids of our requests that were completed since then.

        The search knows no time of completion, so everything made up to 90 days earlier is read.
        """
        found = []
        for page in self._client.pages(_OURS):
            rows = [_read(row) for row in page]
            found += [one.signature_request_id for one in rows if (one.completed_at or 0) >= since.timestamp()]
            if _too_old([one.created_at or 0 for one in rows], since - _LONGEST_OPEN):
                break
        return found

    def check(self) -> Health:
        """Say whose API key it is and what is left of the plan."""
        account = self._client.account()
        left = (account.get("quotas") or {}).get("api_signature_requests_left")
        warnings = ["no signature requests are left in the plan this month"] if left == 0 else []
        if not account.get("callback_url"):
            warnings.append("the account has no callback address; completions are found by the sweep alone")
        return Health(str(account.get("email_address") or account.get("account_id") or ""), (), tuple(warnings))


def _event(content: bytes | None) -> Event:
    try:
        return Event.model_validate(json.loads(content or b""))
    except (ValueError, RecursionError) as error:
        raise Forged(
            "The delivery holds no event of Dropbox Sign",
            why="there is no form field json with an event that carries a hash",
            fix="point only Dropbox Sign's callback at this address",
        ) from error


def _verdict(event: Event) -> Verdict:
    about, kind = event.signature_request, event.event.event_type
    if kind != COMPLETED:
        return Verdict.IGNORED if kind in _IGNORED else Verdict.UNKNOWN
    if about is None or not about.signature_request_id:
        return Verdict.UNKNOWN
    # It also comes for the PDF of a request that some have still to sign.
    return Verdict.IGNORED if about.is_complete is False else Verdict.COMPLETED


def _read(body: Mapping[str, Any]) -> SignatureRequest:
    try:
        return SignatureRequest.model_validate(body)
    except ValidationError as error:
        raise Permanent(
            "Dropbox Sign describes the request in another shape than documented",
            why="; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3]),
            fix="open the request at Dropbox Sign; if it looks right there, report this message to us",
        ) from error


def _status(request: SignatureRequest) -> str:
    if request.is_declined:
        return "declined"
    return "error" if request.has_error else "open"


def _has_signed(one: Signature) -> bool:
    return bool(one.signer_email_address) and one.status_code == "signed"


def _contact(one: Signature) -> Contact:
    email = one.signer_email_address or ""
    return Contact(one.signer_name or email, email, "", ("signer",), "Dropbox Sign")


def _references(request: SignatureRequest) -> dict[str, str]:
    found = {str(name): str(value) for name, value in (request.metadata or {}).items() if value is not None}
    return {**found, "test_mode": "true"} if request.test_mode else found


def _fields(answers: Sequence[Answer]) -> Iterator[tuple[str, str]]:
    for one in answers:
        name = one.name or one.api_id
        if name and one.type not in _NO_TEXT and one.value not in (None, ""):
            yield name, ("yes" if one.value else "no") if isinstance(one.value, bool) else str(one.value)


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _too_old(created: Sequence[int], horizon: datetime) -> bool:
    """Tell whether no later page matters; only newest-first pages, the order it lists in, can say so."""
    return bool(created) and created[0] < horizon.timestamp() and list(created) == sorted(created, reverse=True)
