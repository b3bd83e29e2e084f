"""The only place that knows which vendor plays which role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from config.settings import Settings
from connectors import builders
from domain.errors import Permanent
from domain.ports import Billing, Chat, Crm, Drafts, Esign, Hook, Interactions, Mailer, Outbox, Tickets, Uptime, Work


@dataclass(frozen=True, slots=True)
class Registry:
    """Hold the connector of every role; `None` means that the role is not played."""

    esigns: Mapping[str, Esign]
    crm: Crm | None
    chat: Chat | None
    work: Work | None
    mailer: Mailer
    drafts: Drafts | None = None
    billings: Mapping[str, Billing] = field(default_factory=dict)
    uptimes: Mapping[str, Uptime] = field(default_factory=dict)
    desks: Mapping[str, Tickets] = field(default_factory=dict)
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    acknowledgements: Mapping[str, str] = field(default_factory=dict)
    brief_template: str = ""

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

    def hook(self, source: str) -> Hook:
        """Return what receives a vendor's webhook. Raises `Permanent` for a vendor that is not active."""
        try:
            return self.hooks[source]
        except KeyError as error:
            raise Permanent(
                f"No webhook of {source!r} is taken",
                why="AFTERSIGN_ROLES__* give that vendor no role",
                fix=f"give it one; taken now: {', '.join(self.hooks) or 'none'}",
            ) from error


def build(settings: Settings, outbox: Outbox) -> Registry:
    """Build the connectors that the settings choose. Raises `ConfigurationError`."""
    roles = settings.roles
    esigns = {name: connector("esign", name, settings, outbox) for name in roles.esign}
    hooks = {name: hook for name, make in builders.HOOKS.items() if (hook := make(settings)) is not None}
    return Registry(
        esigns=esigns,
        crm=connector("crm", roles.crm, settings, outbox),
        chat=connector("chat", roles.chat, settings, outbox),
        work=connector("work", roles.work, settings, outbox),
        mailer=connector("mail", roles.mail, settings, outbox),
        drafts=builders.brief_documents(settings),
        billings={name: connector("billing", name, settings, outbox) for name in roles.billing},
        uptimes={name: connector("uptime", name, settings, outbox) for name in roles.uptime},
        desks={name: connector("tickets", name, settings, outbox) for name in roles.tickets},
        hooks={**esigns, **hooks},
        acknowledgements={name: said for name, one in esigns.items() if (said := getattr(one, "acknowledgement", ""))},
        brief_template=settings.pandadoc.brief_template,
    )


def buttons(settings: Settings, interactions: Interactions) -> Any:
    """Build what takes button presses in the chat; `None` where the chat has none."""
    return builders.slack_buttons(settings, interactions)


def connector(role: str, vendor: str, settings: Settings, outbox: Outbox) -> Any:
    """Build one connector; `None` for a role that nobody plays. Raises `ConfigurationError`."""
    if vendor == "none":
        return None
    table: Mapping[str, Callable[[Settings, Outbox], Any]] = builders.ROLES[role]
    return table[vendor](settings, outbox)


def chosen(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield every (role, vendor) that the settings choose."""
    roles = settings.roles
    for role in ("esign", "crm", "chat", "work", "mail", "billing", "uptime", "tickets"):
        vendors = getattr(roles, role)
        for vendor in [vendors] if isinstance(vendors, str) else vendors:
            yield role, vendor


def unsigned(role: str, vendor: str, settings: Settings) -> list[str]:
    """Say what is missing to take a vendor's webhooks; nothing for vendors that send none."""
    keys = {
        ("esign", "pandadoc"): ("pandadoc", "webhook_keys"),
        ("esign", "docusign"): ("docusign", "webhook_keys"),
        ("chat", "slack"): ("slack", "signing_secret"),
    }.get((role, vendor))
    if keys is None:
        return []
    value = getattr(getattr(settings, keys[0]), keys[1])
    given = any(key.get_secret_value() for key in (value if isinstance(value, list) else [value]))
    if given or (vendor == "slack" and settings.slack.app_token.get_secret_value()):
        return []
    return [f"set AFTERSIGN_{keys[0].upper()}__{keys[1].upper()}: without it every delivery is refused"]
