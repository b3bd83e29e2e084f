"""Connections to invoices, outages and tickets."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from config.settings_part import Part, Secrets, comma_list


class Files(Part):
    """Read invoices, outages and tickets from folders."""

    invoices: Path = Field(Path("invoices"), description="Folder of CSV, Excel, UBL, CII and Factur-X files")
    contracts: Path = Field(
        Path("contracts"), description="Folder of contract files with money terms that no paper tells (docs/formats.md)"
    )
    uptime: Path = Field(Path("uptime"), description="Folder of CSV and JSON files")
    tickets: Path = Field(Path("tickets"), description="Folder of CSV and JSON exports of a help desk")


class Stripe(Part):
    """Connect Stripe with a restricted key."""

    base_url: str = Field("https://api.stripe.com", description="https only, except this machine")
    api_key: SecretStr = Field(
        SecretStr(""), description="Restricted key that may read invoices, credit notes and events"
    )
    webhook_keys: Secrets = Field([], description="Endpoint secrets `whsec_…`; empty refuses every delivery")

    _split = field_validator("webhook_keys", mode="before")(comma_list)


class Xero(Part):
    """Connect Xero by a custom connection (client credentials)."""

    base_url: str = Field("https://api.xero.com", description="https only, except this machine")
    login_url: str = Field("https://identity.xero.com", description="Where tokens are granted")
    client_id: str = Field("", description="Client id of the custom connection")
    client_secret: SecretStr = Field(SecretStr(""), description="Its secret")
    tenant_id: str = Field("", description="Organisation; sent as `xero-tenant-id`")


class QuickBooks(Part):
    """Connect QuickBooks Online; its refresh token changes and is kept under home."""

    base_url: str = Field("https://quickbooks.api.intuit.com", description="https only, except this machine")
    login_url: str = Field("https://oauth.platform.intuit.com", description="Where tokens are granted")
    client_id: str = Field("", description="Client id of the app")
    client_secret: SecretStr = Field(SecretStr(""), description="Its secret")
    refresh_token: SecretStr = Field(
        SecretStr(""), description="The first refresh token; later ones are kept in `<home>/quickbooks-refresh-token`"
    )
    realm_id: str = Field("", description="Company id")


class Statuspage(Part):
    """Read a public status page."""

    base_url: str = Field("", description="Address of the page, such as `https://status.example.com`")


class Prometheus(Part):
    """Query a Prometheus server."""

    base_url: str = Field("", description="Address of the server; https only, except this machine")
    access_token: SecretStr = Field(SecretStr(""), description="Bearer token, where one is needed")


class Datadog(Part):
    """Query Datadog's metrics."""

    base_url: str = Field("https://api.datadoghq.com", description="Your site's API address")
    api_key: SecretStr = Field(SecretStr(""), description="API key")
    application_key: SecretStr = Field(SecretStr(""), description="Application key with `timeseries_query`")
