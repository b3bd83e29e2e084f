"""Statuspage's wire shapes, as far as we read them; they never leave this folder."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Component(_Lenient):
    """Read one component."""

    id: str
    name: str
    group: bool = False
    group_id: str | None = None
    components: list[str] = []


class Affected(_Lenient):
    """Read what an update says about one component."""

    code: str = ""
    name: str = ""
    new_status: str = ""


class Update(_Lenient):
    """Read one update of an incident; `display_at` is when it was so, `created_at` when it was written."""

    created_at: datetime
    display_at: datetime | None = None
    affected_components: list[Affected] | None = None

    @property
    def at(self) -> datetime:
        """Return when it was so."""
        return self.display_at or self.created_at


class Incident(_Lenient):
    """Read one incident or maintenance."""

    id: str
    name: str = ""
    status: str = ""
    impact: str = ""
    created_at: datetime
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    shortlink: str | None = None
    components: list[Component] = []
    incident_updates: list[Update] = []
