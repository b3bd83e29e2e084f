"""Ports: what the product needs from the outside world, one Protocol a role.

A method that writes takes our idempotency `key`; its `find_*` twin answers whether an earlier
attempt under that key reached the vendor. Methods raise `Transient` or `Permanent`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from domain.deals import Deal
from domain.invoices import InvoicePage
from domain.money import Money
from domain.outages import Outage
from domain.signatures import SignatureEvent, SignedDocument
from domain.sla.response import Ticket


@dataclass(frozen=True, slots=True)
class Reference:
    """Hold the vendor's name of an object we caused, and where a person can look at it."""

    id: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """Hold what a connector found out about its own account, for `aftersign doctor`.

    `detail` names the account it acts as; `missing` lists scopes or objects that it needs and
    lacks, each with what to do; `warnings` list what works today and will not tomorrow.
    """

    detail: str
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftRecipient:
    """Hold a person of a document to be made, in the role that the template names."""

    email: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold a document to be made from a vendor's template; `tokens` replace its variables."""

    template: str
    name: str
    recipients: tuple[DraftRecipient, ...]
    tokens: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    send: bool = False


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
class RenewalDates:
    """Hold what the CRM should show about the end of a contract; `None` leaves a field alone."""

    deal_id: str
    contract_id: str
    starts_on: date | None = None
    ends_on: date | None = None
    notice_deadline: date | None = None
    decide_by: date | None = None
    auto_renews: bool | None = None
    value: Money | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """Hold a file to be attached or uploaded."""

    name: str
    content_type: str
    content: bytes
    title: str = ""


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

    `to` is an e-mail address (direct message) or a `#channel`; `thread` is the reference id of
    the message that this one answers.
    """

    to: str
    text: str
    title: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    sections: tuple[str, ...] = ()
    context: str = ""
    buttons: tuple[Button, ...] = ()
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """Hold one mail; `attachments` are (file name, content type, bytes).

    `unsubscribe` is an https address; with it the mail carries List-Unsubscribe (RFC 8058).
    """

    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    sender: str = ""
    reply_to: str = ""
    cc: tuple[str, ...] = ()
    attachments: tuple[tuple[str, str, bytes], ...] = ()
    unsubscribe: str = ""


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


@dataclass(frozen=True, slots=True)
class ItemState:
    """Hold how far one task of a project is, under the key it was created with."""

    key: str
    name: str
    done: bool
    done_on: date | None = None
    assignee: str = ""
    url: str = ""


class Checked(Protocol):
    """Be asked by the doctor."""

    def check(self) -> Health:
        """Call the vendor with the least harmful request that proves address, credential and scopes."""


class Hook(Protocol):
    """Receive a vendor's webhook."""

    def events(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Sequence[SignatureEvent]:
        """Verify a webhook on its raw bytes and name its events; raise `Forged` otherwise."""


class Esign(Hook, Protocol):
    """Read signed documents from an e-signature provider."""

    def confirm(self, document: str) -> SignedDocument:
        """Ask the provider what it knows about the document."""

    def signed_pdf(self, document: str) -> bytes:
        """Download the executed PDF; `Transient` while the provider is still making it."""

    def certificate(self, document: str) -> tuple[str, bytes]:
        """Download the evidence of signature as (file name, bytes)."""

    def completed_since(self, since: datetime) -> Sequence[str]:
        """List the ids of documents completed since then, for the sweep."""


class Drafts(Protocol):
    """Make documents from an e-signature provider's templates."""

    def find_draft(self, key: str) -> Reference | None:
        """Return the document made under this key."""

    def create_draft(self, draft: Draft, *, key: str) -> Reference:
        """Make the document carrying the key, and send it only when the draft says so."""


class Deals(Protocol):
    """Read deals and write the few facts the handoff owes them."""

    def find_deal(self, query: DealQuery) -> Deal | None:
        """Return the deal that the clues name, or `None`."""

    def close_won(self, facts: ClosedWon, *, key: str) -> Reference:
        """Set the deal to won, absolutely and only forward; equal is a no-op."""

    def write_renewal(self, dates: RenewalDates, *, key: str) -> Reference:
        """Set the renewal fields that the mapping names, absolutely; equal is a no-op."""

    def write_answers(self, deal_id: str, answers: Mapping[str, str], *, key: str) -> Reference:
        """Put answers, by line of the brief, into the fields that the mapping names and that are empty."""


class CrmTasks(Protocol):
    """Create tasks for colleagues inside the CRM."""

    def find_task(self, key: str) -> Reference | None:
        """Return the task created under this key."""

    def create_task(self, task: CrmTask, *, key: str) -> Reference:
        """Create the task carrying the key."""


class CrmFiles(Protocol):
    """Attach files to deals."""

    def find_file(self, deal_id: str, key: str) -> Reference | None:
        """Return the file attached to the deal under this key."""

    def attach_file(self, deal_id: str, file: Attachment, *, key: str) -> Reference:
        """Attach the file to the deal, carrying the key."""


class Crm(Deals, CrmTasks, CrmFiles, Protocol):
    """Play the whole CRM role."""


class Messages(Protocol):
    """Send messages to colleagues."""

    def find_message(self, key: str, to: str) -> Reference | None:
        """Return the message posted under this key."""

    def post(self, message: ChatMessage, *, key: str) -> Reference:
        """Post the message carrying the key."""

    def update(self, reference: Reference, message: ChatMessage) -> None:
        """Replace a posted message."""

    def schedule(self, message: ChatMessage, at: datetime, *, key: str) -> Reference:
        """Let the vendor post the message later."""


class ChatFiles(Protocol):
    """Upload files into a conversation."""

    def find_upload(self, key: str, to: str) -> Reference | None:
        """Return the file uploaded under this key."""

    def upload(self, file: Attachment, message: ChatMessage, *, key: str) -> Reference:
        """Upload the file with the message's text beside it, to the message's address or thread."""


class Chat(Messages, ChatFiles, Protocol):
    """Play the whole chat role."""


class Interactions(Protocol):
    """Carry out what somebody pressed below a message.

    `who` is the person's address as the chat knows it. The methods return what to tell them, also
    when somebody else was quicker, and raise `Permanent` for somebody who may not act and for a
    choice that is not possible.
    """

    def version(self, handoff_id: str, *, who: str) -> int:
        """Return the version of the open task that a dialogue is about to be opened for."""

    def contacted(self, handoff_id: str, *, who: str, at: datetime) -> str:
        """Record that the customer was contacted."""

    def snooze(self, handoff_id: str, *, who: str, at: datetime, days: int, version: int) -> str:
        """Hold back reminders until the morning in so many days, unless the task has changed."""

    def reassign(self, handoff_id: str, *, who: str, at: datetime, to: str, version: int) -> str:
        """Give the task to the colleague with that address, unless it has changed."""

    def acknowledge(self, contract_id: str, *, who: str, at: datetime) -> str:
        """Record that somebody takes care of a contract's deadline."""

    def approve(self, shown: str, *, who: str) -> str:
        """Approve an amendment as a message showed it; `shown` is its id and the hash, with a colon between."""


class Projects(Protocol):
    """Create projects in a work-management tool.

    `settle_seconds` is how long after a doubtful attempt an object may exist and not be found;
    within it nothing may be created again.
    """

    @property
    def settle_seconds(self) -> float:
        """Return by how much the tool's lists may lag behind."""

    def find_project(self, key: str) -> Reference | None:
        """Return the project created under this key."""

    def create_project(self, project: Project, *, key: str) -> Reference:
        """Create the project carrying the key, without its items."""

    def find_item(self, project: Reference, key: str) -> Reference | None:
        """Return the task created under this key."""

    def create_item(self, project: Reference, item: WorkItem, *, key: str) -> Reference:
        """Create one task carrying the key."""


class Progress(Protocol):
    """Connect a project with what lies elsewhere and read back how far it is."""

    def add_link(self, project: Reference, title: str, url: str, *, key: str) -> Reference:
        """Attach a link to the project; the same key twice leaves one link."""

    def items(self, project: Reference) -> Sequence[ItemState]:
        """List the tasks that were created under our keys, with their state."""


class Work(Projects, Progress, Protocol):
    """Play the whole work-management role."""


class Billing(Protocol):
    """Read invoices, changed ones first seen first."""

    def invoices_since(self, cursor: str) -> Iterator[InvoicePage]:
        """Yield pages of invoices changed since the cursor; an empty cursor reads everything.

        A page's cursor is valid once its invoices are stored; a row that cannot be read becomes
        a problem of its page and never hides the others.
        """


class Uptime(Protocol):
    """Read when services were not there."""

    def outages(self, service: str, start: datetime, end: datetime) -> Sequence[Outage]:
        """List outages that touch the window [start, end), clipped to nothing and oldest first."""


class Tickets(Protocol):
    """Read requests for support."""

    def tickets(self, service: str, start: datetime, end: datetime) -> Sequence[Ticket]:
        """List tickets of a service that were opened in [start, end), oldest first."""


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
