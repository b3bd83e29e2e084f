"""Dropbox Sign's wire shapes, as far as we read them; they never leave this folder."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Happening(_Lenient):
    """Read the part of an event that its hash covers, and the hash."""

    event_time: str
    event_type: str
    event_hash: str


class Subject(_Lenient):
    """Read which request an event is about; nothing of it is proven."""

    signature_request_id: str = ""
    is_complete: bool | None = None


class Event(_Lenient):
    """Read an event."""

    event: Happening
    signature_request: Subject | None = None


class Signature(_Lenient):
    """Read one signature."""

    signer_name: str | None = None
    signer_email_address: str | None = None
    status_code: str | None = None
    signed_at: int | None = None


class Answer(_Lenient):
    """Read one filled-in field; what its value is depends on its type."""

    api_id: str | None = None
    name: str | None = None
    type: str | None = None
    value: Any = None


class SignatureRequest(_Lenient):
    """Read a signature request."""

    signature_request_id: str
    title: str | None = None
    test_mode: bool | None = None
    created_at: int | None = None
    is_complete: bool | None = None
    is_declined: bool | None = None
    has_error: bool | None = None
    metadata: dict[str, Any] | None = None
    details_url: str | None = None
    signatures: list[Signature] | None = None
    response_data: list[Answer] | None = None

    @property
    def completed_at(self) -> int | None:
        """Return when the last signature was given, in Unix seconds."""
        return max((one.signed_at for one in self.signatures or [] if one.signed_at), default=None)
