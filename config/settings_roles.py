"""Which vendor plays each role."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from config.settings_part import CommaList, Part, comma_list

ESIGN = ("console", "pandadoc", "docusign", "dropboxsign")
BILLING = ("files", "stripe", "xero", "quickbooks")
UPTIME = ("files", "statuspage", "prometheus", "datadog")
TICKETS = ("files",)


class Roles(Part):
    """Choose which vendor plays each role; `console` needs no account, `none` means there is none."""

    esign: CommaList = Field(["console"], description="List of `console`, `pandadoc`, `docusign`, `dropboxsign`")
    crm: Literal["console", "salesforce", "hubspot", "none"] = Field("console", description="The CRM")
    chat: Literal["console", "slack", "none"] = Field("console", description="Where colleagues get messages")
    work: Literal["console", "asana", "jira", "none"] = Field("console", description="Where projects are created")
    mail: Literal["console", "smtp"] = Field("console", description="How mail is sent")
    billing: CommaList = Field(
        [], description="List of `files`, `stripe`, `xero`, `quickbooks`; where invoices come from"
    )
    uptime: CommaList = Field([], description="List of `files`, `statuspage`, `prometheus`, `datadog`")

    tickets: CommaList = Field([], description="List of `files`; where support tickets are read for response times")

    _split = field_validator("esign", "billing", "uptime", "tickets", mode="before")(comma_list)

    @field_validator("esign", "billing", "uptime", "tickets")
    @classmethod
    def _known(cls, value: list[str], info: ValidationInfo) -> list[str]:
        allowed = {"esign": ESIGN, "billing": BILLING, "uptime": UPTIME, "tickets": TICKETS}[str(info.field_name)]
        if unknown := sorted(set(value) - set(allowed)):
            message = f"unknown vendor {', '.join(unknown)}; allowed: {', '.join(allowed)}"
            raise ValueError(message)
        return value
