"""What all parts of the settings have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import AliasChoices, BaseModel, ConfigDict, SecretStr
from pydantic_settings import NoDecode

CommaList = Annotated[list[str], NoDecode]
Secrets = Annotated[list[SecretStr], NoDecode]


class Part(BaseModel):
    """Refuse names that nobody reads: a misspelt variable is told, never ignored."""

    model_config = ConfigDict(extra="forbid")


def comma_list(value: object) -> object:
    """Read a text as a list whose members stand between commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def either(one: str, other: str) -> AliasChoices:
    """Return two names under which a credential is known."""
    return AliasChoices(one, other)
