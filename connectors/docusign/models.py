"""DocuSign's wire shapes, as far as we read them; they never leave this folder."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class NoticeData(_Lenient):
    """Read what a Connect message is about."""

    account_id: str = Field("", alias="accountId")
    envelope_id: str = Field("", alias="envelopeId")


class Notice(_Lenient):
    """Read a Connect message in the JSON SIM format."""

    event: str
    generated_at: str = Field("", alias="generatedDateTime")
    data: NoticeData = NoticeData()


class CustomField(_Lenient):
    """Read one custom field of an envelope."""

    name: str | None = None
    value: str | None = None


class CustomFields(_Lenient):
    """Read the custom fields of an envelope."""

    text: list[CustomField] | None = Field(None, alias="textCustomFields")
    choice: list[CustomField] | None = Field(None, alias="listCustomFields")

    def values(self) -> dict[str, str]:
        """Return the filled-in ones by name."""
        both = [*(self.text or []), *(self.choice or [])]
        return {one.name: one.value for one in both if one.name and one.value}


class Envelope(_Lenient):
    """Read an envelope."""

    id: str = Field(alias="envelopeId")
    status: str
    subject: str | None = Field(None, alias="emailSubject")
    completed_at: datetime | None = Field(None, alias="completedDateTime")
    custom_fields: CustomFields | None = Field(None, alias="customFields")


class Signer(_Lenient):
    """Read a recipient who signs."""

    name: str | None = None
    email: str | None = None
    signer_name: str | None = Field(None, alias="signerName")
    signer_email: str | None = Field(None, alias="signerEmail")
    status: str | None = None


class Recipients(_Lenient):
    """Read those recipients who sign; copies and certified deliveries do not."""

    signers: list[Signer] | None = None
    in_person: list[Signer] | None = Field(None, alias="inPersonSigners")


class FormItem(_Lenient):
    """Read one filled-in field."""

    name: str | None = None
    value: str | None = None
    chosen: str | None = Field(None, alias="listSelectedValue")


class FormPart(_Lenient):
    """Read the fields of one recipient."""

    email: str | None = None
    items: list[FormItem] | None = Field(None, alias="formData")


class FormData(_Lenient):
    """Read everything that was filled in."""

    items: list[FormItem] | None = Field(None, alias="formData")
    recipients: list[FormPart] | None = Field(None, alias="recipientFormData")
