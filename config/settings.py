"""Settings: everything a machine or a secret store decides, from `AFTERSIGN_*` variables."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from domain.errors import ConfigurationError

PREFIX = "AFTERSIGN_"


def _comma_list(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


CommaList = Annotated[list[str], NoDecode]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")  # a misspelt variable is told, never ignored


class Roles(_Part):
    """Choose which vendor plays each role; `console` needs no account, `none` means there is none."""

    esign: CommaList = ["console"]
    crm: Literal["console", "none"] = "console"
    chat: Literal["console", "slack", "none"] = "console"
    work: Literal["console", "none"] = "console"
    mail: Literal["console", "smtp"] = "console"

    _split = field_validator("esign", mode="before")(_comma_list)

    @field_validator("esign")
    @classmethod
    def _known(cls, value: list[str]) -> list[str]:
        unknown = set(value) - {"console", "pandadoc"}
        if unknown:
            message = f"unknown e-sign vendor {sorted(unknown)}; allowed: console, pandadoc"
            raise ValueError(message)
        return value


class Web(_Part):
    """Place the web server; `public_url` is what links in mails and messages start with."""

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    secret: SecretStr = SecretStr("")
    api_token: SecretStr = SecretStr("")


class Retries(_Part):
    """Say how long a step waits between attempts while waiting may help, in seconds."""

    delays: Annotated[list[float], NoDecode] = [2, 10, 60]

    _split = field_validator("delays", mode="before")(_comma_list)


class Prefect(_Part):
    """Place the Prefect server that `aftersign up` starts, or name one that runs elsewhere."""

    host: str = "127.0.0.1"
    port: int = 4200
    api_url: str = ""
    auth: SecretStr = SecretStr("")
    database_url: SecretStr = SecretStr("")
    concurrency: int = Field(default=8, ge=1, le=64)


class PandaDoc(_Part):
    """Connect PandaDoc; several webhook keys may be valid while one is being rotated."""

    base_url: str = "https://api.pandadoc.com"
    api_key: SecretStr = SecretStr("")
    webhook_keys: Annotated[list[SecretStr], NoDecode] = []

    _split = field_validator("webhook_keys", mode="before")(_comma_list)


class Console(_Part):
    """Sign the console e-sign webhook; empty refuses every delivery."""

    webhook_keys: Annotated[list[SecretStr], NoDecode] = []

    _split = field_validator("webhook_keys", mode="before")(_comma_list)


class Slack(_Part):
    """Connect Slack."""

    base_url: str = "https://slack.com/api/"
    bot_token: SecretStr = SecretStr("")
    signing_secret: SecretStr = SecretStr("")


class Smtp(_Part):
    """Connect an SMTP server."""

    host: str = ""
    port: int = 587
    username: str = ""
    password: SecretStr = SecretStr("")
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = "Aftersign <aftersign@localhost>"
    timeout: float = 20.0


class Settings(BaseSettings):
    """Hold every setting. Environment variables nest with a double underscore."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", validate_default=True
    )

    home: Path = Path(".aftersign")
    database_url: SecretStr = SecretStr("")
    config_dir: Path = Path("config")
    clock_offset_seconds: float = 0.0
    roles: Roles = Roles()
    web: Web = Web()
    prefect: Prefect = Prefect()
    retries: Retries = Retries()
    pandadoc: PandaDoc = PandaDoc()
    console: Console = Console()
    slack: Slack = Slack()
    smtp: Smtp = Smtp()

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
