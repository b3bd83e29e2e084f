"""Settings: everything a machine or a secret store decides, from `AFTERSIGN_*` variables."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from config.settings_measuring import Datadog, Files, Prometheus, QuickBooks, Statuspage, Stripe, Xero
from config.settings_reaching import Asana, Jira, LanguageModel, Slack, Smtp
from config.settings_roles import Roles
from config.settings_serving import Audit, Login, Prefect, Retries, Web
from config.settings_signing import Console, DocuSign, DropboxSign, HubSpot, PandaDoc, Salesforce
from domain.errors import ConfigurationError

PREFIX = "AFTERSIGN_"


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
