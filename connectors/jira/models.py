"""Jira's wire shapes, as far as we read them; they never leave this folder."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

PROPERTY = "aftersign"


def _day(value: Any) -> Any:
    """Read Jira's `2026-11-23T14:00:00.000+0000`, whose zone lacks its colon, as a day."""
    return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%f%z").date() if isinstance(value, str) else value


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data


class User(_Lenient):
    """Read an account; Jira hides the address of most people."""

    id: str = Field("", alias="accountId")
    kind: str = Field("", alias="accountType")
    active: bool = True
    name: str = Field("", alias="displayName")
    email: str = Field("", alias="emailAddress")


class Category(_Lenient):
    """Read one of the three kinds of status that every workflow has."""

    key: str = ""


class Status(_Lenient):
    """Read a status."""

    category: Category = Field(Category(), alias="statusCategory")


class Fields(_Lenient):
    """Read the fields of an issue that we ask for."""

    summary: str = ""
    status: Status = Status()
    assignee: User | None = None
    resolved: Annotated[date | None, BeforeValidator(_day)] = Field(None, alias="resolutiondate")
    moved: Annotated[date | None, BeforeValidator(_day)] = Field(None, alias="statuscategorychangedate")


class Issue(_Lenient):
    """Read an issue; `number` is Jira's own id, which survives a move to another project."""

    number: str = Field("", alias="id")
    key: str = ""
    fields: Fields = Fields()
    properties: dict[str, Any] = {}

    @property
    def mark(self) -> str:
        """Return the key that the issue was created under; empty for an issue of somebody else's."""
        ours = self.properties.get(PROPERTY)
        return str(ours.get("key", "")) if isinstance(ours, dict) else ""


class IssueType(_Lenient):
    """Read an issue type of a project."""

    id: str = ""
    name: str = ""


class CreateField(_Lenient):
    """Read a field of the create screen."""

    id: str = Field("", alias="fieldId")
    name: str = ""
    required: bool = False
    filled: bool = Field(default=False, alias="hasDefaultValue")
