"""The registry builds what the settings choose, and names the variable that is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr

from config.settings import Settings
from config.settings_measuring import Datadog, Prometheus, QuickBooks, Statuspage, Stripe, Xero
from config.settings_reaching import Asana, Jira, Slack, Smtp
from config.settings_roles import BILLING, ESIGN, TICKETS, UPTIME, Roles
from config.settings_signing import DocuSign, DropboxSign, HubSpot, PandaDoc, Salesforce
from connectors import builders, registry
from connectors.console.mail import ConsoleMailer
from domain.errors import ConfigurationError, Permanent
from tests.conftest import CONFIG, MakeSettings

NO_OUTBOX: Any = None  # building opens nothing
SECRET = SecretStr("canary-1234567890")
LIVE: dict[str, Any] = {
    "pandadoc": PandaDoc(api_key=SECRET),
    "docusign": DocuSign(account_id="a", client_id="c", user_id="u", private_key=SECRET),
    "dropboxsign": DropboxSign(api_key=SECRET),
    "salesforce": Salesforce(base_url="https://x.my.salesforce.com", client_id="c", client_secret=SECRET),
    "hubspot": HubSpot(access_token=SECRET),
    "slack": Slack(bot_token=SECRET),
    "asana": Asana(access_token=SECRET, workspace="1"),
    "jira": Jira(base_url="https://x.atlassian.net", username="a@lumora.example", api_key=SECRET, project="ONB"),
    "smtp": Smtp(host="localhost"),
    "stripe": Stripe(api_key=SECRET),
    "xero": Xero(client_id="c", client_secret=SECRET, tenant_id="t"),
    "quickbooks": QuickBooks(client_id="c", client_secret=SECRET, refresh_token=SECRET, realm_id="1"),
    "statuspage": Statuspage(base_url="https://status.lumora.example"),
    "prometheus": Prometheus(base_url="https://prometheus.lumora.example"),
    "datadog": Datadog(api_key=SECRET, application_key=SECRET),
}
EVERY = [(role, vendor) for role, vendors in builders.ROLES.items() for vendor in vendors]


@pytest.fixture
def live(settings: MakeSettings) -> Settings:
    """Return settings in which every vendor has what it needs."""
    return settings(config_dir=CONFIG, **LIVE)


class TestTheRegistry:
    def test_needs_no_account_by_default(self, settings: MakeSettings) -> None:
        built = registry.build(settings(), NO_OUTBOX)
        assert list(built.esigns) == ["console"]
        assert isinstance(built.mailer, ConsoleMailer)
        assert None not in (built.crm, built.chat, built.work)
        assert (built.drafts, dict(built.billings), dict(built.uptimes)) == (None, {}, {})

    def test_leaves_out_roles_that_nobody_plays(self, settings: MakeSettings) -> None:
        built = registry.build(settings(roles=Roles(crm="none", chat="none", work="none")), NO_OUTBOX)
        assert (built.crm, built.chat, built.work) == (None, None, None)

    def test_knows_every_vendor_that_the_settings_allow(self) -> None:
        for role, allowed in {"esign": ESIGN, "billing": BILLING, "uptime": UPTIME, "tickets": TICKETS}.items():
            assert set(builders.ROLES[role]) == set(allowed)
        for role in ("crm", "chat", "work", "mail"):
            annotation: Any = Roles.model_fields[role].annotation
            assert set(builders.ROLES[role]) == set(annotation.__args__) - {"none"}

    @pytest.mark.parametrize(("role", "vendor"), EVERY)
    def test_builds_every_vendor(self, live: Settings, role: str, vendor: str) -> None:
        made = registry.connector(role, vendor, live, NO_OUTBOX)
        assert callable(made.check)

    @pytest.mark.parametrize(("role", "vendor"), [pair for pair in EVERY if pair[1] in LIVE])
    def test_names_the_variables_a_vendor_needs(self, settings: MakeSettings, role: str, vendor: str) -> None:
        with pytest.raises(ConfigurationError, match=rf"AFTERSIGN_{vendor.upper()}__\w+.* not set") as caught:
            registry.connector(role, vendor, settings(config_dir=CONFIG, datadog=Datadog(base_url="")), NO_OUTBOX)
        assert f"set AFTERSIGN_{vendor.upper()}__" in caught.value.fix

    @pytest.mark.parametrize(("role", "vendor"), [pair for pair in EVERY if pair[1] in LIVE and pair[1] != "smtp"])
    def test_sends_no_credential_over_plain_http(self, live: Settings, role: str, vendor: str) -> None:
        part = getattr(live, vendor).model_copy(update={"base_url": "http://api.vendor.example"})
        open_door = live.model_copy(update={vendor: part})
        with pytest.raises(ConfigurationError, match=f"AFTERSIGN_{vendor.upper()}__BASE_URL") as caught:
            registry.connector(role, vendor, open_door, NO_OUTBOX)
        assert "canary" not in str(caught.value)

    def test_signs_in_to_salesforce_by_jwt_when_a_key_is_given(self, settings: MakeSettings) -> None:
        key = rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        part = Salesforce(base_url="https://x.my.salesforce.com", client_id="c", private_key=SecretStr(key.decode()))
        with pytest.raises(ConfigurationError, match="AFTERSIGN_SALESFORCE__USERNAME"):
            registry.connector("crm", "salesforce", settings(config_dir=CONFIG, salesforce=part), NO_OUTBOX)

    def test_reads_how_a_team_names_things(self, live: Settings, tmp_path: Path) -> None:
        (tmp_path / "crm.yaml").write_text("salesforce:\n  key_fild: X__c\n")
        wrong = live.model_copy(update={"config_dir": tmp_path})
        with pytest.raises(ConfigurationError, match=r"crm\.yaml:2 salesforce\.key_fild"):
            registry.connector("crm", "salesforce", wrong, NO_OUTBOX)

    def test_names_an_inactive_vendor_with_the_active_ones(self, settings: MakeSettings) -> None:
        built = registry.build(settings(), NO_OUTBOX)
        with pytest.raises(Permanent, match="'pandadoc' is not active.*active now: console"):
            built.esign("pandadoc")
        with pytest.raises(Permanent, match="No webhook of 'stripe' is taken"):
            built.hook("stripe")

    def test_takes_webhooks_of_every_vendor_that_sends_some(self, live: Settings) -> None:
        roles = Roles(esign=["pandadoc", "docusign", "dropboxsign"], crm="hubspot", billing=["stripe"])
        built = registry.build(live.model_copy(update={"roles": roles}), NO_OUTBOX)
        assert set(built.hooks) == {"pandadoc", "docusign", "dropboxsign", "hubspot", "stripe"}
        assert dict(built.acknowledgements) == {"dropboxsign": "Hello API Event Received"}

    def test_makes_the_brief_as_a_document_only_when_a_template_is_named(self, live: Settings) -> None:
        part = live.pandadoc.model_copy(update={"brief_template": "t-1"})
        built = registry.build(live.model_copy(update={"pandadoc": part}), NO_OUTBOX)
        assert built.drafts is not None
        assert built.brief_template == "t-1"
        assert registry.build(live, NO_OUTBOX).drafts is None

    def test_says_which_webhook_key_is_missing(self, live: Settings) -> None:
        assert registry.unsigned("esign", "pandadoc", live) == [
            "set AFTERSIGN_PANDADOC__WEBHOOK_KEYS: without it every delivery is refused"
        ]
        assert registry.unsigned("chat", "slack", live)
        assert registry.unsigned("mail", "smtp", live) == []
