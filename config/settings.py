"""Settings: everything a machine or a secret store decides, from `AFTERSIGN_*` variables."""

from __future__ import annotations

import ipaddress
import os
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from domain.errors import ConfigurationError

PREFIX = "AFTERSIGN_"


def _comma_list(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


CommaList = Annotated[list[str], NoDecode]


Secrets = Annotated[list[SecretStr], NoDecode]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")  # a misspelt variable is told, never ignored


def _either(one: str, other: str) -> AliasChoices:
    """Return two names under which a credential is known."""
    return AliasChoices(one, other)


ESIGN = ("console", "pandadoc", "docusign", "dropboxsign")
BILLING = ("files", "stripe", "xero", "quickbooks")
LOOPBACK = ("http://127.0.0.1:", "http://localhost:")
UPTIME = ("files", "statuspage", "prometheus", "datadog")
TICKETS = ("files",)


class Roles(_Part):
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

    _split = field_validator("esign", "billing", "uptime", "tickets", mode="before")(_comma_list)

    @field_validator("esign", "billing", "uptime", "tickets")
    @classmethod
    def _known(cls, value: list[str], info: ValidationInfo) -> list[str]:
        allowed = {"esign": ESIGN, "billing": BILLING, "uptime": UPTIME, "tickets": TICKETS}[str(info.field_name)]
        if unknown := sorted(set(value) - set(allowed)):
            message = f"unknown vendor {', '.join(unknown)}; allowed: {', '.join(allowed)}"
            raise ValueError(message)
        return value


class Web(_Part):
    """Place the web server; `public_url` is what links in mails and messages start with."""

    host: str = Field("127.0.0.1", description="Address the web process listens on")
    port: int = Field(8080, description="Its port")
    public_url: str = Field(
        "",
        description="What links start with, by default `http://<host>:<port>`. "
        "When it or the host is not loopback, pages need the API token",
    )
    secret: SecretStr = Field(
        SecretStr(""),
        description="Signs the links for people without a login; made once in `<home>/web-secret`. "
        "A new one ends all old links",
    )
    api_token: SecretStr = Field(
        SecretStr(""), description="Sent as `Authorization: Bearer …`; empty opens nothing beyond this machine"
    )


class Login(_Part):
    """Say how people prove who they are; everybody must also be an active person of `ownership.yaml`."""

    mode: Literal["local", "oidc", "header"] = Field(
        "local",
        description="`local`: only this machine, without a login; `oidc`: OpenID Connect; "
        "`header`: a login proxy in front names the person",
    )
    issuer: str = Field("", description="Address of the OpenID provider; https only, except this machine")
    client_id: str = Field("", description="Client id there; its redirect address is `<public_url>/login/back`")
    client_secret: SecretStr = Field(SecretStr(""), description="Its secret; empty for a public client")
    scopes: str = Field("openid email profile", description="What is asked of the provider")
    email_claim: str = Field("email", description="Claim that holds the person's address")
    verified_claim: str = Field(
        "email_verified",
        description="Claim that must be true; empty only where every address of the provider is verified",
    )
    groups_claim: str = Field("groups", description="Claim that lists groups for `access.yaml`")
    header: str = Field("X-Forwarded-Email", description="Header in which a login proxy names the person")
    groups_header: str = Field("X-Forwarded-Groups", description="Header with their groups, separated by commas")
    proxies: CommaList = Field(
        [], description="List of the proxies' addresses or networks; nobody else's headers are believed"
    )
    idle_minutes: int = Field(480, gt=0, description="A session ends when it was not used for so long")
    hours: int = Field(168, gt=0, description="A session ends so long after the login, used or not")

    _split = field_validator("proxies", mode="before")(_comma_list)

    @field_validator("proxies")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for one in value:
            ipaddress.ip_network(one, strict=False)
        return value

    @model_validator(mode="after")
    def _complete(self) -> Login:
        if self.mode == "oidc" and not (self.issuer and self.client_id):
            message = "AFTERSIGN_LOGIN__MODE=oidc needs AFTERSIGN_LOGIN__ISSUER and AFTERSIGN_LOGIN__CLIENT_ID"
            raise ValueError(message)
        if self.mode == "oidc" and not self.issuer.startswith(("https://", *LOOPBACK)):
            message = "AFTERSIGN_LOGIN__ISSUER must begin with https://"
            raise ValueError(message)
        if self.mode == "header" and not self.proxies:
            message = "AFTERSIGN_LOGIN__MODE=header needs AFTERSIGN_LOGIN__PROXIES, the addresses whose headers count"
            raise ValueError(message)
        return self


class Retries(_Part):
    """Say how long a step waits between attempts while waiting may help, in seconds."""

    delays: Annotated[list[float], NoDecode] = Field(
        [2, 10, 60],
        description="Seconds a task waits between attempts while waiting may help; also how many retries there are",
    )

    _split = field_validator("delays", mode="before")(_comma_list)


class Prefect(_Part):
    """Place the Prefect server that `aftersign up` starts, or name one that runs elsewhere."""

    host: str = Field("127.0.0.1", description="Address of the Prefect server that `up` starts")
    port: int = Field(4200, description="Its port")
    api_url: str = Field(
        "",
        description="A Prefect server that runs elsewhere, such as `http://127.0.0.1:4200/api`; then `up` starts none",
    )
    auth: SecretStr = Field(
        SecretStr(""),
        description="`user:password` of the Prefect server, made once in `<home>/prefect-auth`; "
        "set it when that server runs elsewhere",
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="Database of the server that `up` starts, `postgresql+asyncpg://…`; by default SQLite under home",
    )
    concurrency: int = Field(8, ge=1, le=64, description="Runs at once in one worker, 1 to 64")


class Console(_Part):
    """Sign the console e-sign webhook; empty refuses every delivery."""

    webhook_keys: Secrets = Field(
        [], description="Keys for the console e-sign, its own header or Standard Webhooks; empty refuses every delivery"
    )

    _split = field_validator("webhook_keys", mode="before")(_comma_list)


class PandaDoc(_Part):
    """Connect PandaDoc; several webhook keys may be valid while one is being rotated."""

    base_url: str = Field("https://api.pandadoc.com", description="https only, except this machine")
    api_key: SecretStr = Field(SecretStr(""), description="Required when `pandadoc` plays a role")
    webhook_keys: Secrets = Field(
        [], description="Shared keys, several while one is rotated; empty refuses every delivery"
    )
    brief_template: str = Field(
        "", description="Template id: the internal brief is also made as a PandaDoc document from it"
    )

    _split = field_validator("webhook_keys", mode="before")(_comma_list)


class DocuSign(_Part):
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

    _split = field_validator("webhook_keys", mode="before")(_comma_list)


class DropboxSign(_Part):
    """Connect Dropbox Sign; its API key also signs its callbacks."""

    base_url: str = Field("https://api.hellosign.com/v3", description="https only, except this machine")
    api_key: SecretStr = Field(SecretStr(""), description="Signs requests and callbacks")
    webhook_keys: Secrets = Field([], description="Further API keys that still sign callbacks while one is rotated")
    test_mode: bool = Field(False, description="Make documents in test mode: not legally binding, free")

    _split = field_validator("webhook_keys", mode="before")(_comma_list)


class Salesforce(_Part):
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


class HubSpot(_Part):
    """Connect HubSpot with a service key or a private app's access token."""

    base_url: str = Field("https://api.hubapi.com", description="https only, except this machine")
    access_token: SecretStr = Field(
        SecretStr(""),
        validation_alias=_either("access_token", "api_key"),
        description="Service key or private app token; `AFTERSIGN_HUBSPOT__API_KEY` is read too",
    )
    client_secret: SecretStr = Field(SecretStr(""), description="Verifies webhooks (v3); empty refuses every delivery")
    portal_id: str = Field("", description="Account number, for links into HubSpot")


class Slack(_Part):
    """Connect Slack."""

    base_url: str = Field("https://slack.com/api/", description="Slack's API")
    bot_token: SecretStr = Field(SecretStr(""), description="Required when `slack` plays chat")
    signing_secret: SecretStr = Field(SecretStr(""), description="Verifies button presses; empty refuses them")
    app_token: SecretStr = Field(SecretStr(""), description="Takes button presses by Socket Mode instead of HTTP")
    upload_hosts: CommaList = Field(["files.slack.com"], description="Hosts that file uploads may go to")

    _split = field_validator("upload_hosts", mode="before")(_comma_list)


class Asana(_Part):
    """Connect Asana with a personal or service-account token."""

    base_url: str = Field("https://app.asana.com/api/1.0", description="https only, except this machine")
    access_token: SecretStr = Field(
        SecretStr(""),
        validation_alias=_either("access_token", "api_key"),
        description="Personal or service-account token; `AFTERSIGN_ASANA__API_KEY` is read too",
    )
    workspace: str = Field("", description="Workspace gid")
    team: str = Field("", description="Team gid; required where the workspace is an organization")


class Jira(_Part):
    """Connect Jira Cloud with an API token."""

    base_url: str = Field("", description="`https://SITE.atlassian.net`")
    username: str = Field("", description="E-mail address of the account that the token belongs to")
    api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias=_either("api_key", "api_token"),
        description="API token; `AFTERSIGN_JIRA__API_TOKEN` is read too",
    )
    project: str = Field("", description="Key of the Jira project that onboarding epics go to, such as `ONB`")


class Smtp(_Part):
    """Connect an SMTP server."""

    host: str = Field("", description="Required when `smtp` plays mail")
    port: int = Field(587, description="465 for `tls`")
    username: str = Field("", description="Empty: nobody logs in")
    password: SecretStr = Field(SecretStr(""), description="Never sent over an unencrypted connection")
    security: Literal["starttls", "tls", "none"] = Field("starttls", description="`starttls`, `tls` or `none`")
    sender: str = Field(
        "Aftersign <aftersign@localhost>", description="Sender of mail to colleagues; its domain ends every Message-ID"
    )
    timeout: float = Field(20.0, description="Seconds")


class Audit(_Part):
    """Place the signed checkpoints of the audit trail."""

    checkpoints: Path | None = Field(
        None,
        description="Folder of the signed checkpoints, best on a disk that the database is not on; "
        "by default `<home>/checkpoints`",
    )


class Files(_Part):
    """Read invoices, outages and tickets from folders."""

    invoices: Path = Field(Path("invoices"), description="Folder of CSV, Excel, UBL, CII and Factur-X files")
    contracts: Path = Field(
        Path("contracts"), description="Folder of contract files with money terms that no paper tells (docs/formats.md)"
    )
    uptime: Path = Field(Path("uptime"), description="Folder of CSV and JSON files")
    tickets: Path = Field(Path("tickets"), description="Folder of CSV and JSON exports of a help desk")


class Stripe(_Part):
    """Connect Stripe with a restricted key."""

    base_url: str = Field("https://api.stripe.com", description="https only, except this machine")
    api_key: SecretStr = Field(
        SecretStr(""), description="Restricted key that may read invoices, credit notes and events"
    )
    webhook_keys: Secrets = Field([], description="Endpoint secrets `whsec_…`; empty refuses every delivery")

    _split = field_validator("webhook_keys", mode="before")(_comma_list)


class Xero(_Part):
    """Connect Xero by a custom connection (client credentials)."""

    base_url: str = Field("https://api.xero.com", description="https only, except this machine")
    login_url: str = Field("https://identity.xero.com", description="Where tokens are granted")
    client_id: str = Field("", description="Client id of the custom connection")
    client_secret: SecretStr = Field(SecretStr(""), description="Its secret")
    tenant_id: str = Field("", description="Organisation; sent as `xero-tenant-id`")


class QuickBooks(_Part):
    """Connect QuickBooks Online; its refresh token changes and is kept under home."""

    base_url: str = Field("https://quickbooks.api.intuit.com", description="https only, except this machine")
    login_url: str = Field("https://oauth.platform.intuit.com", description="Where tokens are granted")
    client_id: str = Field("", description="Client id of the app")
    client_secret: SecretStr = Field(SecretStr(""), description="Its secret")
    refresh_token: SecretStr = Field(
        SecretStr(""), description="The first refresh token; later ones are kept in `<home>/quickbooks-refresh-token`"
    )
    realm_id: str = Field("", description="Company id")


class Statuspage(_Part):
    """Read a public status page."""

    base_url: str = Field("", description="Address of the page, such as `https://status.example.com`")


class Prometheus(_Part):
    """Query a Prometheus server."""

    base_url: str = Field("", description="Address of the server; https only, except this machine")
    access_token: SecretStr = Field(SecretStr(""), description="Bearer token, where one is needed")


class Datadog(_Part):
    """Query Datadog's metrics."""

    base_url: str = Field("https://api.datadoghq.com", description="Your site's API address")
    api_key: SecretStr = Field(SecretStr(""), description="API key")
    application_key: SecretStr = Field(SecretStr(""), description="Application key with `timeseries_query`")


class LanguageModel(_Part):
    """Let a language model read contracts as a third reader; while it is off, nothing leaves this machine."""

    provider: Literal["off", "openai", "anthropic"] = Field(
        "off", description="Whose protocol the endpoint speaks; `openai` for any compatible or local one"
    )
    model: str = Field("", description="Name of the model, as the endpoint knows it")
    api_key: SecretStr = Field(SecretStr(""), description="Key of the endpoint; a local one may need none")
    base_url: str = Field("", description="Address of another endpoint; empty means the provider's own")
    seconds: float = Field(120.0, gt=0, description="Longest wait for one answer")

    @model_validator(mode="after")
    def _complete(self) -> LanguageModel:
        if self.provider != "off" and not self.model:
            message = "AFTERSIGN_LLM__MODEL is empty; name the model that AFTERSIGN_LLM__PROVIDER offers"
            raise ValueError(message)
        return self


class Settings(BaseSettings):
    """Hold every setting. Environment variables nest with a double underscore."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", validate_default=True
    )

    home: Path = Field(
        Path(".aftersign"),
        description="Folder of database, vault, logs, Prefect's data and secrets made by us; created with mode 0700",
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="SQLAlchemy address, by default `sqlite:///<home>/aftersign.db`; "
        "`postgresql://user:password@host/name` for a team",
    )
    config_dir: Path = Field(Path("config"), description="Folder of the YAML files")
    clock_offset_seconds: float = Field(0.0, description="Shifts our clock; for the demo and tests only")
    roles: Roles = Roles()
    web: Web = Web()
    login: Login = Login()
    prefect: Prefect = Prefect()
    retries: Retries = Retries()
    console: Console = Console()
    pandadoc: PandaDoc = PandaDoc()
    docusign: DocuSign = DocuSign()
    dropboxsign: DropboxSign = DropboxSign()
    salesforce: Salesforce = Salesforce()
    hubspot: HubSpot = HubSpot()
    slack: Slack = Slack()
    asana: Asana = Asana()
    jira: Jira = Jira()
    smtp: Smtp = Smtp()
    audit: Audit = Audit()
    files: Files = Files()
    stripe: Stripe = Stripe()
    xero: Xero = Xero()
    quickbooks: QuickBooks = QuickBooks()
    statuspage: Statuspage = Statuspage()
    prometheus: Prometheus = Prometheus()
    datadog: Datadog = Datadog()
    llm: LanguageModel = LanguageModel()

    @property
    def database(self) -> str:
        """Return the SQLAlchemy address, by default SQLite under `home`."""
        given = self.database_url.get_secret_value()
        return given or f"sqlite:///{self.home.resolve() / 'aftersign.db'}"

    @property
    def public_url(self) -> str:
        """Return the address people reach the web pages under, without a trailing slash."""
        return (self.web.public_url or f"http://{self.web.host}:{self.web.port}").rstrip("/")

    @property
    def prefect_api(self) -> str:
        """Return the address of the Prefect API."""
        return self.prefect.api_url or f"http://{self.prefect.host}:{self.prefect.port}/api"

    def now(self) -> datetime:
        """Return the current instant; demo and tests may shift it by a constant."""
        return datetime.now(UTC) + timedelta(seconds=self.clock_offset_seconds)


def load_settings() -> Settings:
    """Read the settings, taking any `AFTERSIGN_X_FILE` as the path of a file holding X.

    Raises `ConfigurationError` naming the variable.
    """
    _read_secret_files()
    _refuse_unknown_parts()
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "__".join(part for part in first["loc"] if isinstance(part, str)).upper()
        raise ConfigurationError(
            f"The setting {name} is not usable",
            why=str(first["msg"]),
            fix=f"set {name} to an allowed value or unset it",
        ) from error
    except SettingsError as error:
        raise ConfigurationError(
            "The settings cannot be read", why=str(error), fix=f"name the part, such as {PREFIX}ROLES__ESIGN"
        ) from error


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the process-wide settings."""
    return load_settings()


def _refuse_unknown_parts() -> None:
    """Refuse `AFTERSIGN_WEBB__PORT`, which pydantic would pass over in silence."""
    for name in os.environ:
        part, nested, _ = name.removeprefix(PREFIX).partition("__")
        if not name.startswith(PREFIX) or not nested or part.lower() in Settings.model_fields:
            continue
        near = get_close_matches(part.lower(), Settings.model_fields, n=1)
        raise ConfigurationError(
            f"The setting {name} does not exist",
            why=f"there is no part {part}",
            fix=f"did you mean {PREFIX}{near[0].upper()}__…?" if near else "see docs/configuration.md for all settings",
        )


def _read_secret_files() -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX) and name.endswith("_FILE")]:
        path = Path(os.environ[name])
        try:
            os.environ.setdefault(name.removesuffix("_FILE"), path.read_text().strip())
        except OSError as error:
            raise ConfigurationError(
                f"The secret file of {name} cannot be read",
                why=f"{path}: {error.strerror}",
                fix="mount the file or unset the variable",
            ) from error
        del os.environ[name]
