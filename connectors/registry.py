"""The only place that knows which vendor plays which role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from config.settings import Settings
from connectors import http
from connectors.console.chat import ConsoleChat
from connectors.console.crm import ConsoleCrm
from connectors.console.esign import ConsoleEsign
from connectors.console.mail import ConsoleMailer
from connectors.console.work import ConsoleWork
from connectors.pandadoc.client import PandaDocClient
from connectors.pandadoc.esign import PandaDocEsign
from connectors.smtp.mail import SmtpMailer, SmtpServer
from domain.errors import ConfigurationError, Permanent
from domain.ports import Chat, Crm, Esign, Mailer, Outbox, Work


@dataclass(frozen=True, slots=True)
class Registry:
    """Hold the connector of every role; `None` means that the role is not played."""

    esigns: Mapping[str, Esign]
    crm: Crm | None
    chat: Chat | None
    work: Work | None
    mailer: Mailer

    def esign(self, source: str) -> Esign:
        """Return the e-sign connector that a webhook or contract names."""
        try:
            return self.esigns[source]
        except KeyError as error:
            raise Permanent(
                f"The e-sign vendor {source!r} is not active",
                why="AFTERSIGN_ROLES__ESIGN does not list it",
                fix=f"add it there; active now: {', '.join(self.esigns) or 'none'}",
            ) from error


def build(settings: Settings, outbox: Outbox) -> Registry:
    """Build the connectors that the settings choose. Raises `ConfigurationError`."""
    url = settings.public_url
    chats: dict[str, Callable[[], Chat | None]] = {
        "console": lambda: ConsoleChat(outbox, url),
        "slack": lambda: _slack(settings),
        "none": lambda: None,
    }
    return Registry(
        esigns={name: _esign(name, settings) for name in settings.roles.esign},
        crm=ConsoleCrm(outbox, url) if settings.roles.crm == "console" else None,
        chat=chats[settings.roles.chat](),
        work=ConsoleWork(outbox, url) if settings.roles.work == "console" else None,
        mailer=ConsoleMailer(outbox, url) if settings.roles.mail == "console" else _smtp(settings),
    )


def _esign(name: str, settings: Settings) -> Esign:
    if name == "console":
        keys = [key.get_secret_value() for key in settings.console.webhook_keys]
        return ConsoleEsign(settings.home / "signed", keys)
    api_key = settings.pandadoc.api_key.get_secret_value()
    if not api_key:
        raise _missing("AFTERSIGN_PANDADOC__API_KEY", "PandaDoc")
    endpoint = http.Endpoint(
        "pandadoc", settings.pandadoc.base_url, {"Authorization": f"API-Key {api_key}"}, http.client()
    )
    keys = [key.get_secret_value() for key in settings.pandadoc.webhook_keys]
    return PandaDocEsign(PandaDocClient(endpoint), keys)


def _slack(settings: Settings) -> Chat:
    from connectors.slack.chat import SlackChat  # noqa: PLC0415 - the SDK is only loaded where it is used

    token = settings.slack.bot_token.get_secret_value()
    if not token:
        raise _missing("AFTERSIGN_SLACK__BOT_TOKEN", "Slack")
    return SlackChat(token, settings.slack.base_url)


def _smtp(settings: Settings) -> Mailer:
    smtp = settings.smtp
    if not smtp.host:
        raise _missing("AFTERSIGN_SMTP__HOST", "SMTP")
    return SmtpMailer(
        SmtpServer(
            smtp.host,
            smtp.port,
            smtp.username,
            smtp.password.get_secret_value(),
            smtp.security,
            smtp.sender,
            smtp.timeout,
        )
    )


def _missing(variable: str, vendor: str) -> ConfigurationError:
    return ConfigurationError(
        f"{variable} is not set", why=f"{vendor} is chosen for a role, but has no credential", fix=f"set {variable}"
    )
