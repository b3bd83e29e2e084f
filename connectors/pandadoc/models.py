"""PandaDoc's wire shapes, as far as we read them; they never leave this folder."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class EventData(_Lenient):
    """Read the document inside a webhook event."""

    id: str = ""
    status: str = ""


class Event(_Lenient):
    """Read one event of a webhook body."""

    event: str
    data: EventData = EventData()


class Recipient(_Lenient):
    """Read one recipient."""

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    recipient_type: str | None = None
    has_completed: bool | None = None
    role: str | None = None
    job_title: str | None = None


class Field(_Lenient):
    """Read one form field; what its value is depends on its type."""

    name: str | None = None
    title: str | None = None
    merge_field: str | None = None
    field_id: str | None = None
    type: str | None = None
    value: Any = None


class Total(_Lenient):
    """Read an amount."""

    amount: Decimal | None = None
    currency: str | None = None


class Linked(_Lenient):
    """Read a CRM object linked to the document."""

    provider: str = ""
    entity_type: str = ""
    entity_id: str = ""


class Details(_Lenient):
    """Read a document's details."""

    id: str
    name: str = ""
    status: str
    date_completed: datetime | None = None
    recipients: list[Recipient] = []
    fields: list[Field] | None = None
    grand_total: Total | None = None
    metadata: dict[str, Any] | None = None
    linked_objects: list[Linked] | None = None


class Subscription(_Lenient):
    """Read one webhook subscription."""

    name: str = ""
    url: str = ""
    status: str = ""
    triggers: list[str] | None = None
    shared_key: str = ""
