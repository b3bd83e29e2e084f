"""Ports: what the product needs from the outside world, one Protocol a role.

A method that writes takes our idempotency `key`; its `find_*` twin answers whether an earlier
attempt under that key reached the vendor. Methods raise `Transient` or `Permanent`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from domain.deals import Deal
from domain.signatures import SignatureEvent, SignedDocument


@dataclass(frozen=True, slots=True)
class Reference:
    """Hold the vendor's name of an object we caused, and where a person can look at it."""

    id: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class DealQuery:
    """Hold every clue about which deal a signed document belongs to, strongest first."""

    deal_id: str = ""
    document: str = ""
    customer: str = ""


@dataclass(frozen=True, slots=True)
class ClosedWon:
    """Hold what is written onto the deal when the paper is signed."""

    deal_id: str
    contract_id: str
    document_sha256: str
    document_url: str
    closed_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class CrmTask:
    """Hold a task for a colleague inside the CRM."""

    deal_id: str
    owner_email: str
    subject: str
    body: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Button:
    """Hold one button of a chat message: a link when `url` is set, else an action with a value."""

    action: str
    label: str
    value: str = ""
    url: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """Hold a chat message in neutral form; each chat vendor renders it in its own blocks.

    `to` is an e-mail address (direct message) or a `#channel`.
    """

    to: str
    text: str
    title: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    sections: tuple[str, ...] = ()
    context: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """Hold one mail; `attachments` are (file name, content type, bytes)."""

    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    sender: str = ""
    reply_to: str = ""
    cc: tuple[str, ...] = ()
    attachments: tuple[tuple[str, str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Hold one task of a project; `key` is stable so that a half-made project can be resumed."""

    key: str
    name: str
    due: date
    role: str
    assignee: str = ""
    notes: str = ""
    milestone: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """Hold an onboarding project ready to be created."""

    name: str
    template: str
    owner: str
    start: date
    items: tuple[WorkItem, ...]
    links: Mapping[str, str] = field(default_factory=dict)


class Esign(Protocol):
    """Read signed documents from an e-signature provider."""

    def events(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Sequence[SignatureEvent]:
        """Verify a webhook on its raw bytes and name its events; raise `Forged` otherwise."""

    def confirm(self, document: str) -> SignedDocument:
        """Ask the provider what it knows about the document."""

    def signed_pdf(self, document: str) -> bytes:
        """Download the executed PDF; `Transient` while the provider is still making it."""

    def certificate(self, document: str) -> tuple[str, bytes]:
        """Download the evidence of signature as (file name, bytes)."""

    def completed_since(self, since: datetime) -> Sequence[str]:
        """List the ids of documents completed since then, for the sweep."""


class Crm(Protocol):
    """Read a deal and write the few things the handoff owes the CRM."""

    def find_deal(self, query: DealQuery) -> Deal | None:
        """Return the deal that the clues name, or `None`."""

    def close_won(self, facts: ClosedWon, *, key: str) -> Reference:
        """Set the deal to won, absolutely and only forward; equal is a no-op."""

    def find_task(self, key: str) -> Reference | None:
        """Return the task created under this key."""

    def create_task(self, task: CrmTask, *, key: str) -> Reference:
        """Create the task carrying the key."""


class Chat(Protocol):
    """Send messages to colleagues."""

    def find_message(self, key: str, to: str) -> Reference | None:
        """Return the message posted under this key."""

    def post(self, message: ChatMessage, *, key: str) -> Reference:
        """Post the message carrying the key."""

    def update(self, reference: Reference, message: ChatMessage) -> None:
        """Replace a posted message."""


class Work(Protocol):
    """Create projects in a work-management tool."""

    def find_project(self, key: str) -> Reference | None:
        """Return the project created under this key."""

    def create_project(self, project: Project, *, key: str) -> Reference:
        """Create the empty project carrying the key."""

    def find_item(self, project: Reference, key: str) -> Reference | None:
        """Return the task created under this key."""

    def create_item(self, project: Reference, item: WorkItem, *, key: str) -> Reference:
        """Create one task carrying the key."""


class Mailer(Protocol):
    """Send mail."""

    def find_mail(self, key: str) -> Reference | None:
        """Return the sent mail with this key where the transport can tell, else `None`."""

    def send(self, mail: Mail, *, key: str) -> Reference:
        """Send the mail with a Message-ID derived from the key."""


class Outbox(Protocol):
    """Keep what the console connectors would have sent; the embedded stand-in for a vendor."""

    def get(self, role: str, kind: str, key: str) -> Mapping[str, object] | None:
        """Return the stored object."""

    def put(self, role: str, kind: str, key: str, body: Mapping[str, object]) -> str:
        """Store or replace the object under its key and return its id."""

    def find(self, role: str, kind: str) -> Sequence[tuple[str, Mapping[str, object]]]:
        """List (key, object) of one kind in order of creation."""
