"""Connections to chat, work management, mail, and a language model."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from config.settings_part import CommaList, Part, comma_list, either


class Slack(Part):
    """Connect Slack."""

    base_url: str = Field("https://slack.com/api/", description="Slack's API")
    bot_token: SecretStr = Field(SecretStr(""), description="Required when `slack` plays chat")
    signing_secret: SecretStr = Field(SecretStr(""), description="Verifies button presses; empty refuses them")
    app_token: SecretStr = Field(SecretStr(""), description="Takes button presses by Socket Mode instead of HTTP")
    upload_hosts: CommaList = Field(["files.slack.com"], description="Hosts that file uploads may go to")

    _split = field_validator("upload_hosts", mode="before")(comma_list)


class Asana(Part):
    """Connect Asana with a personal or service-account token."""

    base_url: str = Field("https://app.asana.com/api/1.0", description="https only, except this machine")
    access_token: SecretStr = Field(
        SecretStr(""),
        validation_alias=either("access_token", "api_key"),
        description="Personal or service-account token; `AFTERSIGN_ASANA__API_KEY` is read too",
    )
    workspace: str = Field("", description="Workspace gid")
    team: str = Field("", description="Team gid; required where the workspace is an organization")


class Jira(Part):
    """Connect Jira Cloud with an API token."""

    base_url: str = Field("", description="`https://SITE.atlassian.net`")
    username: str = Field("", description="E-mail address of the account that the token belongs to")
    api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias=either("api_key", "api_token"),
        description="API token; `AFTERSIGN_JIRA__API_TOKEN` is read too",
    )
    project: str = Field("", description="Key of the Jira project that onboarding epics go to, such as `ONB`")


class Smtp(Part):
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


class LanguageModel(Part):
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
