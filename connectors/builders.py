"""How each vendor's connector is made from the settings; vendors' modules are loaded when chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from config.mappings import read_mapping
from config.settings import Settings
from connectors import http
from connectors.oauth import Token, TokenAuth, grant
from connectors.pace import Pace
from domain.calendars import zone
from domain.errors import ConfigurationError
from domain.invoices import InvoiceParty
from domain.mappings import BillingMapping, CrmMapping, UptimeMapping, WorkMapping
from domain.ports import Drafts, Hook, Interactions, Outbox

# Calls a second and at once, below what each vendor's reference allows one account.
_PACES = {
    "pandadoc": (4.0, 20), "docusign": (5.0, 40), "dropboxsign": (1.5, 20), "salesforce": (20.0, 40),
    "hubspot": (8.0, 15), "asana": (15.0, 30), "jira": (8.0, 20), "stripe": (20.0, 20), "xero": (1.0, 20),
    "quickbooks": (6.0, 10), "statuspage": (1.0, 5), "prometheus": (10.0, 20), "datadog": (1.0, 10),
}  # fmt: skip


def _endpoint(
    vendor: str, url: str, headers: Mapping[str, str] | None = None, auth: httpx.Auth | None = None
) -> http.Endpoint:
    per_second, burst = _PACES[vendor]
    return http.Endpoint(vendor, url, headers or {}, http.client(auth), Pace(per_second, burst))


def _need(vendor: str, settings: Settings, *names: str) -> list[str]:
    """Return the values of a vendor's settings. Raises `ConfigurationError` naming all that are empty."""
    part = getattr(settings, vendor)
    values = [_plain(getattr(part, name)) for name in names]
    missing = [f"AFTERSIGN_{vendor.upper()}__{n.upper()}" for n, value in zip(names, values, strict=True) if not value]
    if missing:
        raise ConfigurationError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set",
            why=f"{vendor} is chosen for a role, but lacks {'it' if len(missing) == 1 else 'them'}",
            fix=f"set {', '.join(missing)}, or choose another vendor in AFTERSIGN_ROLES__*",
        )
    return values


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _secrets(values: list[SecretStr]) -> list[str]:
    return [value.get_secret_value() for value in values]


def _console(settings: Settings, outbox: Outbox) -> Any:
    from connectors.console.esign import ConsoleEsign

    del outbox
    return ConsoleEsign(settings.home / "signed", _secrets(settings.console.webhook_keys), settings.now)


def _pandadoc_client(settings: Settings) -> Any:
    from connectors.pandadoc.client import PandaDocClient

    (key,) = _need("pandadoc", settings, "api_key")
    return PandaDocClient(_endpoint("pandadoc", settings.pandadoc.base_url, {"Authorization": f"API-Key {key}"}))


def _pandadoc(settings: Settings, outbox: Outbox) -> Any:
    from connectors.pandadoc.esign import PandaDocEsign

    del outbox
    return PandaDocEsign(_pandadoc_client(settings), _secrets(settings.pandadoc.webhook_keys))


def _docusign_client(settings: Settings) -> Any:
    from connectors.docusign.client import DocuSignClient
    from connectors.docusign.token import jwt_grant

    account, client_id, user, key = _need("docusign", settings, "account_id", "client_id", "user_id", "private_key")
    login = _endpoint("docusign", settings.docusign.login_url)
    auth = TokenAuth(lambda: jwt_grant(login, client_id, user, key, settings.now()))
    return DocuSignClient(_endpoint("docusign", settings.docusign.base_url, auth=auth), account)


def _docusign(settings: Settings, outbox: Outbox) -> Any:
    from connectors.docusign.esign import DocuSignEsign

    del outbox
    client = _docusign_client(settings)
    return DocuSignEsign(client, settings.docusign.account_id, _secrets(settings.docusign.webhook_keys))


def _dropboxsign(settings: Settings, outbox: Outbox) -> Any:
    from connectors.dropboxsign.client import DropboxSignClient
    from connectors.dropboxsign.esign import DropboxSignEsign

    del outbox
    (key,) = _need("dropboxsign", settings, "api_key")
    endpoint = _endpoint("dropboxsign", settings.dropboxsign.base_url, auth=httpx.BasicAuth(key, ""))
    return DropboxSignEsign(DropboxSignClient(endpoint), [key, *_secrets(settings.dropboxsign.webhook_keys)])


def _salesforce(settings: Settings, outbox: Outbox) -> Any:
    from connectors.salesforce.auth import client_credentials, jwt_bearer
    from connectors.salesforce.client import SalesforceClient
    from connectors.salesforce.crm import SalesforceCrm

    del outbox
    part = settings.salesforce
    base, client_id = _need("salesforce", settings, "base_url", "client_id")
    login = _endpoint("salesforce", part.login_url or base)
    if part.private_key.get_secret_value():
        username, key = _need("salesforce", settings, "username", "private_key")

        def fetch() -> Token:
            return jwt_bearer(
                login,
                client_id=client_id,
                username=username,
                private_key=key,
                audience=part.audience,
                now=settings.now(),
            )
    else:
        (secret,) = _need("salesforce", settings, "client_secret")

        def fetch() -> Token:
            return client_credentials(login, client_id, secret)

    mapping = read_mapping(settings.config_dir / "crm.yaml", "salesforce", CrmMapping, CrmMapping("Aftersign_Key__c"))
    endpoint = _endpoint("salesforce", base, auth=TokenAuth(fetch))
    return SalesforceCrm(SalesforceClient(endpoint, part.api_version), mapping)


def _hubspot(settings: Settings, outbox: Outbox) -> Any:
    from connectors.hubspot.client import HubSpotClient
    from connectors.hubspot.crm import HubSpotCrm

    del outbox
    (token,) = _need("hubspot", settings, "access_token")
    mapping = read_mapping(settings.config_dir / "crm.yaml", "hubspot", CrmMapping, CrmMapping("aftersign_key"))
    endpoint = _endpoint("hubspot", settings.hubspot.base_url, {"Authorization": f"Bearer {token}"})
    return HubSpotCrm(HubSpotClient(endpoint), mapping, portal_id=settings.hubspot.portal_id)


def _asana(settings: Settings, outbox: Outbox) -> Any:
    from connectors.asana.client import AsanaClient
    from connectors.asana.work import AsanaWork

    del outbox
    token, workspace = _need("asana", settings, "access_token", "workspace")
    mapping = read_mapping(settings.config_dir / "work.yaml", "asana", WorkMapping, WorkMapping())
    endpoint = _endpoint("asana", settings.asana.base_url, {"Authorization": f"Bearer {token}"})
    return AsanaWork(AsanaClient(endpoint), workspace=workspace, team=settings.asana.team, mapping=mapping)


def _jira(settings: Settings, outbox: Outbox) -> Any:
    from connectors.jira.client import JiraClient
    from connectors.jira.work import JiraWork

    del outbox
    base, username, key, project = _need("jira", settings, "base_url", "username", "api_key", "project")
    mapping = read_mapping(settings.config_dir / "work.yaml", "jira", WorkMapping, WorkMapping())
    endpoint = _endpoint("jira", base, auth=httpx.BasicAuth(username, key))
    return JiraWork(JiraClient(endpoint), project=project, mapping=mapping)


def brief_documents(settings: Settings) -> Drafts | None:
    """Return where the internal brief is made as a document; `None` unless a template is named."""
    if not settings.pandadoc.brief_template:
        return None
    from connectors.pandadoc.drafts import PandaDocDrafts

    made: Drafts = PandaDocDrafts(_pandadoc_client(settings))
    return made


def _console_role(role: str) -> Callable[[Settings, Outbox], Any]:
    def make(settings: Settings, outbox: Outbox) -> Any:
        from connectors.console.chat import ConsoleChat
        from connectors.console.crm import ConsoleCrm
        from connectors.console.mail import ConsoleMailer
        from connectors.console.work import ConsoleWork

        kinds: dict[str, Any] = {"chat": ConsoleChat, "crm": ConsoleCrm, "mail": ConsoleMailer, "work": ConsoleWork}
        return kinds[role](outbox, settings.public_url)

    return make


def _slack(settings: Settings, outbox: Outbox) -> Any:
    from connectors.slack.chat import SlackChat
    from connectors.slack.client import connect

    del outbox
    (token,) = _need("slack", settings, "bot_token")
    return SlackChat(connect(token, settings.slack.base_url, upload_hosts=settings.slack.upload_hosts), settings.now)


def slack_buttons(settings: Settings, interactions: Interactions) -> Any:
    """Return what takes Slack's button presses; `None` while Slack plays no role."""
    if settings.roles.chat != "slack":
        return None
    from connectors.slack.interactivity import build

    (token,) = _need("slack", settings, "bot_token")
    secret = settings.slack.signing_secret.get_secret_value()
    return build(token, settings.slack.base_url, interactions, signing_secret=secret, now=settings.now)


def _smtp(settings: Settings, outbox: Outbox) -> Any:
    from connectors.smtp.mail import SmtpMailer, SmtpServer

    del outbox
    _need("smtp", settings, "host")
    smtp = settings.smtp
    password = smtp.password.get_secret_value()
    server = SmtpServer(smtp.host, smtp.port, smtp.username, password, smtp.security, smtp.sender, smtp.timeout)
    return SmtpMailer(server)


def _hubspot_hook(settings: Settings) -> Hook | None:
    if settings.roles.crm != "hubspot":
        return None
    from connectors.hubspot.hook import HubSpotHook

    address = f"{settings.public_url}/webhooks/hubspot"
    return HubSpotHook(settings.hubspot.client_secret.get_secret_value(), address, settings.now)


def _stripe_hook(settings: Settings) -> Hook | None:
    if "stripe" not in settings.roles.billing:
        return None
    from connectors.stripe.hook import StripeHook

    return StripeHook(_secrets(settings.stripe.webhook_keys), settings.now)


def _billing(settings: Settings, vendor: str) -> BillingMapping:
    return read_mapping(settings.config_dir / "billing.yaml", vendor, BillingMapping, BillingMapping())


def _company(settings: Settings) -> InvoiceParty:
    return read_mapping(settings.config_dir / "billing.yaml", "company", InvoiceParty, InvoiceParty(""))


def _uptime(settings: Settings, vendor: str) -> UptimeMapping:
    return read_mapping(settings.config_dir / "uptime.yaml", vendor, UptimeMapping, UptimeMapping())


def _file_billing(settings: Settings, outbox: Outbox) -> Any:
    from connectors.files.billing import FileBilling
    from connectors.files.columns import InvoiceColumns

    del outbox
    columns = read_mapping(settings.config_dir / "billing.yaml", "columns", InvoiceColumns, InvoiceColumns())
    mapping = _billing(settings, "files")
    folder = settings.files.invoices

    def clock() -> datetime:
        # Files have the machine's own time, whatever a demo makes of the day.
        return max(settings.now(), datetime.now(UTC))

    return FileBilling(folder, columns, clock, direction=mapping.direction, ours=mapping.ours)


def _stripe(settings: Settings, outbox: Outbox) -> Any:
    from connectors.stripe.billing import StripeBilling
    from connectors.stripe.client import VERSION, StripeClient
    from connectors.stripe.reading import Reading

    del outbox
    (key,) = _need("stripe", settings, "api_key")
    headers = {"Authorization": f"Bearer {key}", "Stripe-Version": VERSION}
    mapping = _billing(settings, "stripe")
    since = datetime.combine(mapping.since, time(), UTC) if mapping.since else None
    fields = {"order_field": mapping.order_field, "contract_field": mapping.contract_field}
    reading = Reading(zone(mapping.zone), **{name: value for name, value in fields.items() if value})
    return StripeBilling(
        StripeClient(_endpoint("stripe", settings.stripe.base_url, headers)), settings.now, reading, since
    )


def _xero(settings: Settings, outbox: Outbox) -> Any:
    from connectors.xero.billing import XeroBilling
    from connectors.xero.client import XeroClient

    del outbox
    client_id, secret, tenant = _need("xero", settings, "client_id", "client_secret", "tenant_id")
    login = _endpoint("xero", settings.xero.login_url, auth=httpx.BasicAuth(client_id, secret))
    form = {"grant_type": "client_credentials", "scope": "accounting.transactions.read accounting.contacts.read"}
    setting = "AFTERSIGN_XERO__CLIENT_ID and AFTERSIGN_XERO__CLIENT_SECRET"
    auth = TokenAuth(lambda: grant(login, "/connect/token", form, setting=setting, live=1800))
    endpoint = _endpoint("xero", settings.xero.base_url, {"xero-tenant-id": tenant}, auth)
    return XeroBilling(XeroClient(endpoint), _company(settings))


def _quickbooks(settings: Settings, outbox: Outbox) -> Any:
    from connectors.quickbooks.billing import QuickBooksBilling
    from connectors.quickbooks.client import QuickBooksClient
    from connectors.quickbooks.reading import Reading
    from connectors.quickbooks.token import refresh

    del outbox
    names = ("client_id", "client_secret", "refresh_token", "realm_id")
    client_id, secret, first, realm = _need("quickbooks", settings, *names)
    login, kept = _endpoint("quickbooks", settings.quickbooks.login_url), settings.home / "quickbooks-refresh-token"
    auth = TokenAuth(lambda: refresh(login, client_id, secret, first, kept))
    mapping = _billing(settings, "quickbooks")
    fields = {"order_field": mapping.order_field, "contract_field": mapping.contract_field}
    reading = Reading(_company(settings), mapping.currency, **{name: value for name, value in fields.items() if value})
    return QuickBooksBilling(
        QuickBooksClient(_endpoint("quickbooks", settings.quickbooks.base_url, auth=auth), realm), reading
    )


def _file_uptime(settings: Settings, outbox: Outbox) -> Any:
    from connectors.files.uptime import FileUptime

    del outbox
    mapping = _uptime(settings, "files")
    gap = timedelta(minutes=mapping.max_gap_minutes) if mapping.max_gap_minutes else None
    return FileUptime(settings.files.uptime, zone(mapping.zone), gap)


def _file_tickets(settings: Settings, outbox: Outbox) -> Any:
    from connectors.files.tickets import FileTickets

    del outbox
    return FileTickets(settings.files.tickets, zone(_uptime(settings, "files").zone))


def _statuspage(settings: Settings, outbox: Outbox) -> Any:
    from connectors.statuspage.client import StatuspageClient
    from connectors.statuspage.uptime import StatuspageUptime

    del outbox
    (base,) = _need("statuspage", settings, "base_url")
    mapping = _uptime(settings, "statuspage")
    return StatuspageUptime(StatuspageClient(_endpoint("statuspage", base)), mapping.services, settings.now)


def _prometheus(settings: Settings, outbox: Outbox) -> Any:
    from connectors.prometheus.client import PrometheusClient
    from connectors.prometheus.uptime import PrometheusUptime

    del outbox
    (base,) = _need("prometheus", settings, "base_url")
    token, mapping = settings.prometheus.access_token.get_secret_value(), _uptime(settings, "prometheus")
    client = PrometheusClient(_endpoint("prometheus", base, {"Authorization": f"Bearer {token}"} if token else {}))
    step = timedelta(seconds=mapping.step_seconds)
    return PrometheusUptime(client, mapping.queries, settings.now, step=step, threshold=mapping.threshold)


def _datadog(settings: Settings, outbox: Outbox) -> Any:
    from connectors.datadog.client import DatadogClient
    from connectors.datadog.uptime import DatadogUptime

    del outbox
    key, application = _need("datadog", settings, "api_key", "application_key")
    headers = {"DD-API-KEY": key, "DD-APPLICATION-KEY": application}
    mapping = _uptime(settings, "datadog")
    client, step = DatadogClient(_endpoint("datadog", settings.datadog.base_url, headers)), mapping.step_seconds
    return DatadogUptime(
        client, mapping.queries, settings.now, step=timedelta(seconds=step), threshold=mapping.threshold
    )


HOOKS: Mapping[str, Callable[[Settings], Hook | None]] = {"hubspot": _hubspot_hook, "stripe": _stripe_hook}
ROLES: Mapping[str, Mapping[str, Callable[[Settings, Outbox], Any]]] = {
    "esign": {"console": _console, "pandadoc": _pandadoc, "docusign": _docusign, "dropboxsign": _dropboxsign},
    "crm": {"console": _console_role("crm"), "salesforce": _salesforce, "hubspot": _hubspot},
    "chat": {"console": _console_role("chat"), "slack": _slack},
    "work": {"console": _console_role("work"), "asana": _asana, "jira": _jira},
    "mail": {"console": _console_role("mail"), "smtp": _smtp},
    "billing": {"files": _file_billing, "stripe": _stripe, "xero": _xero, "quickbooks": _quickbooks},
    "uptime": {
        "files": _file_uptime,
        "statuspage": _statuspage,
        "prometheus": _prometheus,
        "datadog": _datadog,
    },
    "tickets": {"files": _file_tickets},
}
