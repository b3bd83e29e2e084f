"""Connections to e-sign vendors and CRMs."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator

from config.settings_part import Part, Secrets, comma_list, either


class Console(Part):
    """Sign the console e-sign webhook; empty refuses every delivery."""

    webhook_keys: Secrets = Field(
        [], description="Keys for the console e-sign, its own header or Standard Webhooks; empty refuses every delivery"
    )

    _split = field_validator("webhook_keys", mode="before")(comma_list)


class PandaDoc(Part):
    """Connect PandaDoc; several webhook keys may be valid while one is being rotated."""

    base_url: str = Field("https://api.pandadoc.com", description="https only, except this machine")
    api_key: SecretStr = Field(SecretStr(""), description="Required when `pandadoc` plays a role")
    webhook_keys: Secrets = Field(
        [], description="Shared keys, several while one is rotated; empty refuses every delivery"
    )
    brief_template: str = Field(
        "", description="Template id: the internal brief is also made as a PandaDoc document from it"
    )

    _split = field_validator("webhook_keys", mode="before")(comma_list)


class DocuSign(Part):
    """Connect DocuSign by JWT grant."""

    base_url: str = Field(
        "https://www.docusign.net/restapi", description="The account's REST address, ending in `/restapi`"
    )
    login_url: str = Field(
        "https://account.docusign.com", description="`https://account-d.docusign.com` for a demo account"
    )
    account_id: str = Field("", description="API account id (a GUID)")
    client_id: str = Field("", description="Integration key")
    user_id: str = Field("", description="API user id (a GUID) that the grant acts as")
    private_key: SecretStr = Field(SecretStr(""), description="RSA private key of the integration key, PEM")
    webhook_keys: Secrets = Field(
        [], description="Connect HMAC keys, several while one is rotated; empty refuses every delivery"
    )

    _split = field_validator("webhook_keys", mode="before")(comma_list)


class DropboxSign(Part):
    """Connect Dropbox Sign; its API key also signs its callbacks."""

    base_url: str = Field("https://api.hellosign.com/v3", description="https only, except this machine")
    api_key: SecretStr = Field(SecretStr(""), description="Signs requests and callbacks")
    webhook_keys: Secrets = Field([], description="Further API keys that still sign callbacks while one is rotated")
    test_mode: bool = Field(False, description="Make documents in test mode: not legally binding, free")

    _split = field_validator("webhook_keys", mode="before")(comma_list)


class Salesforce(Part):
    """Connect Salesforce by client credentials, or by JWT bearer when a private key is given."""

    base_url: str = Field("", description="My Domain address, `https://MYDOMAIN.my.salesforce.com`")
    login_url: str = Field("", description="Where tokens are granted; by default the My Domain address")
    client_id: str = Field("", description="Consumer key of the External Client App")
    client_secret: SecretStr = Field(SecretStr(""), description="Consumer secret, for the client-credentials flow")
    username: str = Field("", description="User the JWT bearer flow acts as")
    private_key: SecretStr = Field(SecretStr(""), description="RSA private key for the JWT bearer flow, PEM")
    audience: str = Field(
        "https://login.salesforce.com", description="`https://test.salesforce.com` for the JWT bearer flow of a sandbox"
    )
    api_version: str = Field("66.0", description="REST API version")


class HubSpot(Part):
    """Connect HubSpot with a service key or a private app's access token."""

    base_url: str = Field("https://api.hubapi.com", description="https only, except this machine")
    access_token: SecretStr = Field(
        SecretStr(""),
        validation_alias=either("access_token", "api_key"),
        description="Service key or private app token; `AFTERSIGN_HUBSPOT__API_KEY` is read too",
    )
    client_secret: SecretStr = Field(SecretStr(""), description="Verifies webhooks (v3); empty refuses every delivery")
    portal_id: str = Field("", description="Account number, for links into HubSpot")
