"""Where pages are served, who gets in, and how work is run and recorded."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from config.settings_part import CommaList, Part, comma_list

LOOPBACK = ("http://127.0.0.1:", "http://localhost:")


class Web(Part):
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


class Login(Part):
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

    _split = field_validator("proxies", mode="before")(comma_list)

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


class Retries(Part):
    """Say how long a step waits between attempts while waiting may help, in seconds."""

    delays: Annotated[list[float], NoDecode] = Field(
        [2, 10, 60],
        description="Seconds a task waits between attempts while waiting may help; also how many retries there are",
    )

    _split = field_validator("delays", mode="before")(comma_list)


class Prefect(Part):
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


class Audit(Part):
    """Place the signed checkpoints of the audit trail."""

    checkpoints: Path | None = Field(
        None,
        description="Folder of the signed checkpoints, best on a disk that the database is not on; "
        "by default `<home>/checkpoints`",
    )
