"""Asana's wire shapes, as far as we read them; they never leave this folder."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data


class Named(_Lenient):
    """Read an object by gid and name."""

    gid: str
    name: str = ""


class Me(Named):
    """Read the account that the token belongs to."""

    email: str = ""
    workspaces: list[Named] = []


class ProjectRow(Named):
    """Read a project."""

    notes: str = ""
    permalink_url: str = ""


class Template(Named):
    """Read a project template: the variables it asks for."""

    requested_dates: list[Named] = []
    requested_roles: list[Named] = []


class Job(_Lenient):
    """Read a job of Asana's; it names the project before that is finished."""

    gid: str
    status: str = ""
    new_project: Named | None = None


class External(_Lenient):
    """Read what an OAuth app stored beside a task."""

    gid: str = ""


class Task(Named):
    """Read a task."""

    notes: str = ""
    completed: bool = False
    completed_at: datetime | None = None
    assignee: Named | None = None
    external: External | None = None
    permalink_url: str = ""


class Link(Named):
    """Read an attachment."""

    resource_subtype: str = ""
    view_url: str | None = None
