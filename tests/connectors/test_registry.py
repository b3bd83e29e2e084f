"""The registry builds what the settings choose, and names the variable that is missing."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from config.settings import PandaDoc, Roles, Slack, Smtp
from connectors import registry
from connectors.console.mail import ConsoleMailer
from connectors.pandadoc.esign import PandaDocEsign
from connectors.slack.chat import SlackChat
from connectors.smtp.mail import SmtpMailer
from domain.errors import ConfigurationError, Permanent
from tests.conftest import MakeSettings

NO_OUTBOX: Any = None  # building opens nothing


class TestTheRegistry:
    def test_needs_no_account_by_default(self, settings: MakeSettings) -> None:
        built = registry.build(settings(), NO_OUTBOX)
        assert list(built.esigns) == ["console"]
        assert isinstance(built.mailer, ConsoleMailer)
        assert None not in (built.crm, built.chat, built.work)

    def test_leaves_out_roles_that_nobody_plays(self, settings: MakeSettings) -> None:
        built = registry.build(settings(roles=Roles(crm="none", chat="none", work="none")), NO_OUTBOX)
        assert (built.crm, built.chat, built.work) == (None, None, None)

    def test_builds_the_vendors_that_are_chosen(self, settings: MakeSettings) -> None:
        chosen = settings(
            roles=Roles(esign=["pandadoc", "console"], chat="slack", mail="smtp"),
            pandadoc=PandaDoc(api_key=SecretStr("k")),
            slack=Slack(bot_token=SecretStr("xoxb")),
            smtp=Smtp(host="localhost"),
        )
        built = registry.build(chosen, NO_OUTBOX)
        assert isinstance(built.esign("pandadoc"), PandaDocEsign)
        assert isinstance(built.chat, SlackChat)
        assert isinstance(built.mailer, SmtpMailer)

    @pytest.mark.parametrize(
        ("roles", "variable"),
        [
            (Roles(esign=["pandadoc"]), "AFTERSIGN_PANDADOC__API_KEY"),
            (Roles(chat="slack"), "AFTERSIGN_SLACK__BOT_TOKEN"),
            (Roles(mail="smtp"), "AFTERSIGN_SMTP__HOST"),
        ],
    )
    def test_names_the_variable_a_vendor_needs(self, settings: MakeSettings, roles: Roles, variable: str) -> None:
        with pytest.raises(ConfigurationError, match=f"{variable} is not set.*set {variable}"):
            registry.build(settings(roles=roles), NO_OUTBOX)

    def test_sends_no_key_over_plain_http(self, settings: MakeSettings) -> None:
        chosen = settings(
            roles=Roles(esign=["pandadoc"]),
            pandadoc=PandaDoc(api_key=SecretStr("canary"), base_url="http://api.example"),
        )
        with pytest.raises(ConfigurationError, match="AFTERSIGN_PANDADOC__BASE_URL") as caught:
            registry.build(chosen, NO_OUTBOX)
        assert "canary" not in str(caught.value)

    def test_names_an_inactive_vendor_with_the_active_ones(self, settings: MakeSettings) -> None:
        with pytest.raises(Permanent, match="'pandadoc' is not active.*active now: console"):
            registry.build(settings(), NO_OUTBOX).esign("pandadoc")
